//! `gongkai init`: configuration, data folder, first accounts by one-time links. No default password anywhere.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use gongkai_basis::Role;
use gongkai_platform::account::Purpose;
use gongkai_platform::account::link::INVITE_VALID;
use gongkai_platform::organ::{Kind, Level};

use super::open;
use crate::cli::Outcome;
use crate::config::Config;
use crate::people::{self, Newcomer};
use crate::private;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// 单位名称，如 安澜市
    #[arg(long, value_name = "名称")]
    name: String,
    /// 公众访问的网址
    #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "网址")]
    url: String,
    /// 监听地址，可写多次
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "地址:端口")]
    listen: Vec<std::net::SocketAddr>,
    /// 数据目录
    #[arg(long, default_value = "data", value_name = "目录")]
    data: std::path::PathBuf,
    /// 只写配置文件、建数据目录，不建机构和账号：接着用 gongkai restore 恢复备份
    #[arg(long)]
    empty: bool,
    /// 数据库；不写则用数据目录中的 SQLite
    #[arg(long, default_value = "", value_name = "地址")]
    database: String,
}

/// The three powers, and the office that begins the work.
const FIRST: [(&str, &str, Role); 4] = [
    ("sysadmin", "系统管理员", Role::SystemAdmin),
    ("secadmin", "安全管理员", Role::SecurityAdmin),
    ("auditadmin", "审计管理员", Role::AuditAdmin),
    ("office", "政务公开办", Role::OfficeClerk),
];

pub(crate) async fn run(file: &Path, arguments: Arguments) -> Result<Outcome> {
    ensure!(
        !file.exists(),
        "配置文件“{}”已存在，没有改动任何内容。如要重新开始，请先移走它，或用 --config 指明另一个文件名。",
        file.display()
    );
    let config = Config {
        secure_cookies: arguments.url.starts_with("https://"),
        name: arguments.name,
        url: arguments.url,
        listen: arguments.listen,
        data: arguments.data,
        database: arguments.database,
        ..Config::default()
    };
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // It may come to hold passwords of the database and of the mail server.
    private::file(file)
        .and_then(|mut written| written.write_all(config.commented().as_bytes()))
        .with_context(|| format!("不能写入配置文件“{}”", file.display()))?;
    // Read back, so that relative paths mean what the file will mean to `serve`.
    let config = Config::load(file)?;
    let db = open(&config).await?;
    ensure!(
        db.is_empty().await?,
        "数据库中已有数据，没有改动。请换一个数据目录或空数据库，并移走刚写的配置文件。"
    );
    println!(
        "已写好配置文件 {}，数据目录 {}。",
        file.display(),
        config.data.display()
    );
    if arguments.empty {
        println!(
            "\n没有建立机构和账号。下一步：gongkai --config {} restore 备份文件",
            file.display()
        );
        return Ok(Outcome::Done);
    }
    db.migrate().await?;
    let (government, office) = (
        format!("{}人民政府", config.name),
        format!("{}人民政府办公室", config.name),
    );
    let root = people::organ(&db, None, &government, Level::City, Kind::Government).await?;
    let office = people::organ(&db, Some(root), &office, Level::City, Kind::Office).await?;
    println!("\n首批账号的一次性链接（72 小时内有效，只显示这一次，请分别交给本人设置密码）：");
    for (login, name, role) in FIRST {
        let newcomer = Newcomer {
            login,
            name,
            roles: &[(role, office)],
        };
        let token = people::invite(&db, &newcomer, Purpose::Invite, INVITE_VALID).await?;
        println!(
            "  {name}（登录名 {login}）  {}{}",
            config.url,
            Purpose::Invite.path(&token)
        );
    }
    println!("\n下一步：gongkai --config {} serve", file.display());
    Ok(Outcome::Done)
}
