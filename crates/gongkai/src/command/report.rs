//! `gongkai report check`: the arithmetic of an annual report made elsewhere.

use std::path::Path;

use anyhow::{Result, anyhow};
use gongkai_reports::check::{self, Beside};
use gongkai_reports::model::Report;
use gongkai_reports::{answer, export, read};

use crate::cli::{self, Outcome};
use crate::failure;
use crate::sandbox;

/// Bytes of a report as this program writes it as JSON: six texts and 200 numbers.
const JSON_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// A report that left as JSON.
fn of_json(file: &Path) -> Result<Report> {
    let name = file.display();
    let length = std::fs::metadata(file)
        .map_err(|error| {
            let why = failure::why(&error);
            anyhow!("打不开文件“{name}”：{why}。没有改动任何数据。请检查路径和读取权限。")
        })?
        .len();
    anyhow::ensure!(
        length <= JSON_BYTES_MAX,
        "文件“{name}”超过4MB，不是年度报告的JSON。没有改动任何数据。请核对文件。"
    );
    let bytes = std::fs::read(file)?;
    serde_json::from_slice(&bytes)
        .ok()
        .and_then(|json| export::of_json(&json))
        .ok_or_else(|| {
            anyhow!("文件“{name}”不是本系统导出的年度报告JSON。没有改动任何数据。请改用Word、Excel、PDF或网页文件核对。")
        })
}

fn open(file: &Path) -> Result<Report> {
    let is_json = |end: &std::ffi::OsStr| end.eq_ignore_ascii_case("json");
    if file.is_file() && file.extension().is_some_and(is_json) {
        return of_json(file);
    }
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

pub(crate) fn check(file: &Path, last: Option<&Path>, format: cli::Answer) -> Result<Outcome> {
    let report = open(file)?;
    let last = last.map(open).transpose()?;
    let beside = Beside {
        last: last.as_ref(),
        rules: None,
    };
    let mut findings = check::check(&report, beside);
    findings.extend(check::marks(&report));
    if let Some(last) = &last {
        findings.extend(check::copied(&report, &[("上年报告", last)]));
    }
    let remarks = check::remarks(&report);
    match format {
        cli::Answer::Json => println!("{}", answer::json(&report, &findings, &remarks)),
        cli::Answer::Table => print!("{}", answer::text(&report, &findings, &remarks)),
    }
    Ok(if findings.is_empty() {
        Outcome::Done
    } else {
        Outcome::LookAt
    })
}
