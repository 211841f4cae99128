//! `gongkai plan read`: a plan document as data.

use std::path::Path;

use anyhow::{Result, anyhow};
use gongkai_plans::read::{self, Confidence, Plan, Task};

use crate::cli::{Format, Outcome};
use crate::sandbox;

pub(crate) fn read(file: &Path, format: Format) -> Result<Outcome> {
    let document = sandbox::read(file).map_err(|refused| anyhow!("{refused}"))?;
    let plan = read::read(&document);
    match format {
        Format::Json => println!("{}", read::to_json(&plan)),
        Format::Csv => print!("{}", read::to_csv(&plan)?),
        Format::Table => print!("{}", table(&plan)),
    }
    let clean = plan.is_plan && plan.problems.is_empty();
    Ok(if clean {
        Outcome::Done
    } else {
        Outcome::LookAt
    })
}

/// For people: the head, each task with its units and dates, then what to look at.
fn table(plan: &Plan) -> String {
    let mut out = String::new();
    let head = [
        ("标题", plan.title.clone()),
        ("通知", plan.notice_title.clone()),
        ("文号", plan.document_number.clone()),
        ("印发机关", plan.issuer.clone()),
        ("印发日期", plan.issued_on.map(|date| date.to_string())),
        ("年度", plan.year.map(|year| year.to_string())),
    ];
    for (name, value) in head {
        if let Some(value) = value {
            line(&mut out, &format!("{name}：{value}"));
        }
    }
    if !plan.is_plan {
        line(&mut out, "这份文件不是工作要点分工方案，没有读出任务。");
    }
    let (mut section, mut group) = (None, None);
    for task in &plan.tasks {
        if task.section != section {
            section.clone_from(&task.section);
            group = None;
            line(&mut out, "");
            line(&mut out, section.as_deref().unwrap_or("（未分节）"));
        }
        if task.group != group {
            group.clone_from(&task.group);
            let name = group.as_deref().unwrap_or("（未分组）");
            line(&mut out, &format!("  {name}"));
        }
        one(task, &mut out);
    }
    line(
        &mut out,
        &format!(
            "\n共 {} 项任务，{} 处需要核对：",
            plan.tasks.len(),
            plan.problems.len()
        ),
    );
    for problem in &plan.problems {
        line(&mut out, &format!("  · {}", problem.message));
    }
    let coverage = &plan.coverage;
    line(
        &mut out,
        &format!(
            "原文 {} 字，其中 {} 字读入任务和要素，{} 字见上列说明，{} 字没有去处。",
            coverage.source_chars, coverage.in_fields, coverage.in_problems, coverage.dropped
        ),
    );
    out
}

/// A task with its units and dates.
fn one(task: &Task, out: &mut String) {
    let mark = if task.confidence == Confidence::Check {
        "？"
    } else {
        "　"
    };
    let number = task.no.map_or_else(
        || format!("({})", task.order),
        |number| format!("{number}."),
    );
    line(out, &format!("{mark}{number} {}", task.text));
    let units = if task.organ_text.is_empty() {
        "（未写明）"
    } else {
        &task.organ_text
    };
    line(out, &format!("      单位：{units}"));
    for deadline in &task.deadlines {
        let date = deadline
            .date
            .map_or_else(|| "日期待定".to_owned(), |date| date.to_string());
        line(out, &format!("      期限：{}（{date}）", deadline.text));
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}
