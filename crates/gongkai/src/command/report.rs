//! `gongkai report check`: the arithmetic of an annual report made elsewhere.

use std::path::Path;

use anyhow::{Result, anyhow};
use gongkai_reports::check::{self, Beside};
use gongkai_reports::model::Report;
use gongkai_reports::{answer, read};

use crate::cli::{Format, Outcome};
use crate::sandbox;

fn open(file: &Path) -> Result<Report> {
    let document = sandbox::read(file).map_err(|refused| anyhow!("{refused}"))?;
    let report = read::read(&document);
    anyhow::ensure!(
        !report.cells.is_empty(),
        "文件“{}”里没有读到年度报告的表格。没有改动任何数据。请确认它是政府信息公开工作年度报告，表格是文字而不是图片；扫描件请先做文字识别。",
        file.display()
    );
    Ok(report)
}

pub(crate) fn check(file: &Path, last: Option<&Path>, format: Format) -> Result<Outcome> {
    let report = open(file)?;
    let last = last.map(open).transpose()?;
    let beside = Beside {
        last: last.as_ref(),
        rules: None,
    };
    let findings = check::check(&report, beside);
    let remarks = check::remarks(&report);
    match format {
        Format::Json => println!("{}", answer::json(&report, &findings, &remarks)),
        Format::Table => print!("{}", answer::text(&report, &findings, &remarks)),
        Format::Csv => anyhow::bail!("年度报告核对结果只有 table 和 json 两种格式。"),
    }
    Ok(if findings.is_empty() {
        Outcome::Done
    } else {
        Outcome::LookAt
    })
}
