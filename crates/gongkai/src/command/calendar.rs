//! `gongkai calendar due`: working days with make-up days, pauses, and the working.

use std::io::{BufRead as _, Write as _};
use std::path::Path;

use anyhow::Result;
use clap::Args;
use gongkai_basis::calendar::{WorkCalendar, due};

use crate::cli::{Format, Outcome};
use crate::config::Config;
use crate::failure;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// 起算日（不计入），如 2022-09-26
    #[arg(
        long,
        required_unless_present = "batch",
        value_name = "日期",
        allow_hyphen_values = true
    )]
    from: Option<String>,
    /// 工作日数
    #[arg(
        long,
        required_unless_present = "batch",
        value_name = "天数",
        allow_hyphen_values = true
    )]
    working_days: Option<String>,
    /// 暂停期：发出日..结束日，可写多次
    #[arg(long, value_name = "发出日..结束日")]
    pause: Vec<String>,
    /// 从标准输入逐行读取 JSON，逐行输出
    #[arg(long, conflicts_with_all = ["from", "working_days", "pause"])]
    batch: bool,
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "格式")]
    format: Format,
}

/// The notices that come with the program; where a store is configured, those imported there too. A store that cannot
/// be opened is told and does not stop the reckoning: a year that only it knows is an error as ever.
async fn calendar(file: &Path) -> WorkCalendar {
    if !file.is_file() {
        return WorkCalendar::builtin();
    }
    let imported = async {
        let db = super::open_current(&Config::load(file)?).await?;
        anyhow::Ok(gongkai_platform::calendar::load(&db).await?)
    };
    imported.await.unwrap_or_else(|error| {
        eprintln!(
            "没有用上系统里导入的放假安排，只按程序自带的计算：{}",
            failure::told(&error)
        );
        WorkCalendar::builtin()
    })
}

pub(crate) async fn due(config: &Path, arguments: &Arguments) -> Result<Outcome> {
    let calendar = calendar(config).await;
    if arguments.batch {
        return batch(&calendar);
    }
    let (from, days) = (
        arguments.from.as_deref().unwrap_or(""),
        arguments.working_days.as_deref().unwrap_or(""),
    );
    let answer = due::DueRequest::from_arguments(from, days, &arguments.pause)
        .and_then(|request| request.answer(&calendar).map_err(due::DueError::from))
        .map_err(|error| anyhow::anyhow!("{}", error.sentence()))?;
    match arguments.format {
        Format::Json => println!("{}", serde_json::to_string(&answer)?),
        Format::Csv => {
            println!("日期,是否计入,说明");
            for line in days_in_order(&answer) {
                println!(
                    "{},{},{}",
                    line.0,
                    if line.1 { "计入" } else { "不计" },
                    line.2
                );
            }
        }
        Format::Table => {
            println!("期限：{}", answer.due);
            for (date, counted, why) in days_in_order(&answer) {
                println!("  {date}  {}  {why}", if counted { "计入" } else { "不计" });
            }
            for note in &answer.notes {
                println!("说明：{note}");
            }
        }
    }
    Ok(Outcome::Done)
}

/// Every day of the working in order: the date, whether it counts, and why.
fn days_in_order(answer: &due::DueAnswer) -> Vec<(gongkai_basis::Date, bool, String)> {
    let counted = (1..)
        .zip(&answer.counted)
        .map(|(number, date)| (*date, true, format!("第 {number} 个工作日")));
    let skipped = answer
        .skipped
        .iter()
        .map(|day| (day.date, false, day.why.clone()));
    let mut days: Vec<_> = counted.chain(skipped).collect();
    days.sort();
    days
}

fn batch(calendar: &WorkCalendar) -> Result<Outcome> {
    let mut input = std::io::stdin().lock();
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    let (mut line, mut all_due) = (Vec::new(), true);
    loop {
        line.clear();
        // One byte more than a line may have, so that an endless one cannot fill the memory.
        let read = std::io::Read::take(&mut input, due::LINE_BYTES_MAX as u64 + 1)
            .read_until(b'\n', &mut line)?;
        if read == 0 {
            break;
        }
        if line.len() > due::LINE_BYTES_MAX && !line.ends_with(b"\n") {
            skip_rest_of_line(&mut input)?;
        }
        let text = String::from_utf8_lossy(&line);
        let (answer, is_due) = due::batch_line(calendar, &text);
        all_due &= is_due;
        writeln!(output, "{answer}")?;
    }
    output.flush()?;
    Ok(if all_due {
        Outcome::Done
    } else {
        Outcome::LookAt
    })
}

fn skip_rest_of_line(input: &mut impl std::io::BufRead) -> Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        let (used, ended) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(end) => (end + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        input.consume(used);
        if ended {
            return Ok(());
        }
    }
}
