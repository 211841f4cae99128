//! The command line: for operators and for scripts.
//!
//! Exit status: 0 done; 1 done, with problems or findings to look at; 2 could not be done.

mod words;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};

use crate::command;
use crate::failure;
use crate::sandbox;

#[derive(Debug, Parser)]
#[command(
    name = "gongkai",
    version,
    about = "公开：政务公开工作系统",
    disable_help_subcommand = true
)]
struct Cli {
    /// 配置文件
    #[arg(long, global = true, env = "GONGKAI_CONFIG", default_value = crate::config::DEFAULT_FILE, value_name = "文件")]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 打开演示系统：虚构的安澜市，只在本机可用，关闭后自动清除
    Demo(command::demo::Arguments),
    /// 初始化：写配置文件、建数据目录、发放首批一次性登录链接
    Init(command::init::Arguments),
    /// 启动服务
    Serve(command::serve::Arguments),
    /// 工作要点分工方案
    Plan {
        #[command(subcommand)]
        command: PlanCommand,
    },
    /// 发布前检查：个人信息、密级标志、隐藏内容、文字差错
    Check {
        #[command(subcommand)]
        command: CheckCommand,
    },
    /// 工作日历与期限
    Calendar {
        #[command(subcommand)]
        command: CalendarCommand,
    },
    /// 信息处理费：按件或按量，逐档列出
    Fee(command::fee::Arguments),
    /// 政府信息公开申请回执
    Receipt {
        #[command(subcommand)]
        command: ReceiptCommand,
    },
    /// 政府信息公开工作年度报告
    Report {
        #[command(subcommand)]
        command: ReportCommand,
    },
    /// 文件
    Documents {
        #[command(subcommand)]
        command: DocumentsCommand,
    },
    /// 检索公众能看到的内容
    Search(command::search::Arguments),
    /// 导出
    Export {
        #[command(subcommand)]
        command: ExportCommand,
    },
    /// 账号
    Account {
        #[command(subcommand)]
        command: AccountCommand,
    },
    /// 备份：可在服务运行时进行
    Backup(command::store::BackupArguments),
    /// 恢复到空的数据目录或空数据库，逐一核对校验值
    Restore(command::store::RestoreArguments),
    /// 核对审计链和文件校验值
    Verify(command::verify::Arguments),
    /// 检查配置、数据和运行环境
    Doctor(command::doctor::Arguments),
}

#[derive(Debug, Subcommand)]
enum PlanCommand {
    /// 读取方案文件，列出任务、单位、期限
    Read {
        #[arg(value_name = "文件")]
        file: PathBuf,
        #[arg(long, value_enum, default_value_t = Format::Table, value_name = "格式")]
        format: Format,
    },
}

#[derive(Debug, Subcommand)]
enum CheckCommand {
    /// 检查标准输入的文字
    Text(command::check::TextArguments),
    /// 检查文件：文字和隐藏内容
    File(command::check::FileArguments),
}

#[derive(Debug, Subcommand)]
enum DocumentsCommand {
    /// 从旧网站的文件目录和清单迁入已公开的文件
    Import(command::documents::Arguments),
}

#[derive(Debug, Subcommand)]
enum ExportCommand {
    /// 整个公开门户导出为静态网页，普通网页服务器可以直接发布
    Site(command::export::Arguments),
}

#[derive(Debug, Subcommand)]
enum AccountCommand {
    /// 为忘记密码、没有别人能重置的账号（如唯一的安全管理员）生成一次性链接
    Link(command::account::Arguments),
}

#[derive(Debug, Subcommand)]
enum CalendarCommand {
    /// 计算期限：起算日不计入
    Due(command::calendar::Arguments),
}

#[derive(Debug, Subcommand)]
enum ReceiptCommand {
    /// 用公钥核验回执的签名，不需要联网
    Verify(command::receipt::Arguments),
}

#[derive(Debug, Subcommand)]
enum ReportCommand {
    /// 核对年度报告的勾稽关系、文字与表格的数字、上年结转
    Check {
        #[arg(value_name = "文件")]
        file: PathBuf,
        /// 上年的报告，用于核对上年结转和雷同
        #[arg(long, value_name = "文件")]
        last: Option<PathBuf>,
        #[arg(long, value_enum, default_value_t = Answer::Table, value_name = "格式")]
        format: Answer,
    },
}

/// How data leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Table,
    Json,
    Csv,
}

/// How an answer is shown that is no table of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Answer {
    Table,
    Json,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Done, with problems or findings to look at.
    LookAt,
}

/// A reader that goes away early, as `| head` does, ends the program without a word.
fn end_with_the_reader() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let said = info.payload().downcast_ref::<String>();
        let gone = said.is_some_and(|said| {
            said.contains("failed printing to stdout") && said.contains("os error 32")
        });
        if gone {
            std::process::exit(0);
        }
        usual(info);
    }));
}

/// Runs what the arguments ask for.
#[must_use]
pub fn run() -> ExitCode {
    // Before all else: a reading waits for its child, and the child needs nothing of what follows.
    if let Some((work, file)) = sandbox::asked(std::env::args_os()) {
        return ExitCode::from(sandbox::child(&file, work));
    }
    end_with_the_reader();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let said = words::answer(&error);
            // Help and version are no failures. A closed pipe is nobody who reads.
            if error.use_stderr() {
                let _ = std::io::stderr().write_all(said.as_bytes());
                return ExitCode::from(2);
            }
            let _ = std::io::stdout().write_all(said.as_bytes());
            return ExitCode::SUCCESS;
        }
    };
    match dispatch(cli) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::LookAt) => ExitCode::from(1),
        Err(error) => {
            eprintln!("{}", failure::told(&error));
            ExitCode::from(2)
        }
    }
}

fn dispatch(cli: Cli) -> Result<Outcome> {
    match cli.command {
        Command::Plan {
            command: PlanCommand::Read { file, format },
        } => command::plan::read(&file, format),
        Command::Check {
            command: CheckCommand::Text(arguments),
        } => block_on(command::check::text(&cli.config, &arguments)),
        Command::Check {
            command: CheckCommand::File(arguments),
        } => block_on(command::check::file(&cli.config, &arguments)),
        Command::Calendar {
            command: CalendarCommand::Due(arguments),
        } => block_on(command::calendar::due(&cli.config, &arguments)),
        Command::Fee(arguments) => command::fee::quote(&arguments),
        Command::Receipt {
            command: ReceiptCommand::Verify(arguments),
        } => command::receipt::verify(&arguments),
        Command::Report {
            command: ReportCommand::Check { file, last, format },
        } => command::report::check(&file, last.as_deref(), format),
        Command::Demo(arguments) => command::demo::run(&arguments),
        Command::Init(arguments) => block_on(command::init::run(&cli.config, arguments)),
        Command::Serve(arguments) => block_on(command::serve::run(&cli.config, arguments)),
        Command::Documents {
            command: DocumentsCommand::Import(arguments),
        } => block_on(command::documents::import(&cli.config, arguments)),
        Command::Search(arguments) => block_on(command::search::run(&cli.config, arguments)),
        Command::Export {
            command: ExportCommand::Site(arguments),
        } => block_on(command::export::run(&cli.config, arguments)),
        Command::Account {
            command: AccountCommand::Link(arguments),
        } => block_on(command::account::link(&cli.config, &arguments)),
        Command::Backup(arguments) => block_on(command::store::backup(&cli.config, &arguments)),
        Command::Restore(arguments) => block_on(command::store::restore(&cli.config, &arguments)),
        Command::Verify(arguments) => block_on(command::verify::verify(&cli.config, &arguments)),
        Command::Doctor(arguments) => block_on(command::doctor::run(&cli.config, &arguments)),
    }
}

/// Does asynchronous work to its end; what it left running is over when this returns.
pub(crate) fn block_on(work: impl Future<Output = Result<Outcome>>) -> Result<Outcome> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(work)
}
