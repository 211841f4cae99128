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
        "{}（文件“{}”）没有改动任何数据。",
        read::why_empty(&document),
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
    let mut findings = check::check(&report, beside);
    if let Some(last) = &last {
        findings.extend(check::copied(&report, &[("上年报告", last)]));
    }
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
