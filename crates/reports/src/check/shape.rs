//! The six parts, the three tables, what each part must say.

use super::Finding;
use crate::amount::{Value, half_width};
use crate::form::{Cell, ROWS, SECTIONS};
use crate::model::{Report, Schema};
use crate::read::plain;

const TABLES: [(u8, &str, &str); 3] = [
    (2, "表二", "主动公开政府信息情况"),
    (3, "表三", "收到和处理政府信息公开申请情况"),
    (4, "表四", "政府信息公开行政复议、行政诉讼情况"),
];

/// Blank cells that are named.
const BLANK_MAX: usize = 5;

/// The five topics of part 一, and words that show each.
const TOPICS: [(&str, &[&str]); 5] = [
    ("主动公开", &["主动公开", "公开政府信息", "发布"]),
    ("依申请公开", &["申请"]),
    (
        "政府信息管理",
        &["信息管理", "规范性文件", "审查", "动态调整", "清理"],
    ),
    (
        "政府信息公开平台建设",
        &["平台", "网站", "专栏", "新媒体", "公众号"],
    ),
    ("监督保障", &["监督", "培训", "考核", "保障"]),
];

/// What the reports of governments say besides (条例 art. 50).
const GOVERNMENT_TOPICS: [&str; 3] = ["考核", "评议", "责任追究"];

pub(super) fn check(report: &Report) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (table, name, what) in TABLES {
        let trial_two = table == 2 && report.schema == Schema::Trial2019;
        let short = table == 3 && report.short.len() > SHORT_MAX;
        if !report.has_table(table) && !trial_two && !short {
            findings.push(
                Finding::new(
                    "table-missing",
                    format!("没有读到{name}（{what}）的数据。如果文件里有这张表，请看它是不是图片：是图片的，换成文字表格后再核对。"),
                )
                .place(name)
                .values("有", "没有"),
            );
        }
    }
    findings.extend(rows(report));
    findings.extend(parts(report));
    match (report.year, report.schema) {
        (Some(year), Schema::Trial2019) if year > 2020 => findings.push(
            Finding::new(
                "form-outdated",
                format!(
                    "{year}年的报告用了2019年的试行格式，应使用国办公开办函〔2021〕30号的格式。"
                ),
            )
            .values("国办公开办函〔2021〕30号", "国办公开办函〔2019〕60号"),
        ),
        (None, _) => findings.push(
            Finding::new(
                "title-year",
                "没有读到报告的年度，标题应为“{机关名称}{年份}年政府信息公开工作年度报告”。"
                    .to_owned(),
            )
            .doubtful()
            .place("标题"),
        ),
        (Some(_), _) => {}
    }
    findings
}

/// Rows that are not there although the table is.
fn rows(report: &Report) -> Vec<Finding> {
    let mut findings = Vec::new();
    // Where blank cells were lost, rows of blank cells alone were lost with them.
    let lost = report.short.len() > SHORT_MAX;
    if report.has_table(3) && !lost {
        for (at, row) in ROWS.iter().enumerate() {
            let trial = report.schema == Schema::Trial2019 && (at == 20 || at == 21);
            let there = report.cells.contains_key(&Cell::Three(at, 0));
            if !trial && !there && !report.short.contains_key(&at) {
                findings.push(
                    Finding::new(
                        "row-missing",
                        format!("表三没有读到“{}{}”一行。", row.block, row.label),
                    )
                    .place(format!("三.{}", row.short))
                    .values("有", "没有"),
                );
            }
        }
    }
    if report.has_table(2) && report.schema == Schema::Form2021 {
        let missing = (0..crate::form::DISCLOSED.len())
            .map(Cell::Two)
            .filter(|cell| !report.cells.contains_key(cell));
        findings.extend(missing.map(|cell| {
            Finding::new("row-missing", format!("表二没有读到“{cell}”。"))
                .cells([cell])
                .values("有", "没有")
        }));
    }
    findings.extend(short(report));
    findings.extend(
        report
            .others
            .iter()
            .map(|other| Finding::new("not-checked", other.clone()).doubtful()),
    );
    findings
}

/// Rows without all of their numbers that are named one by one.
const SHORT_MAX: usize = 3;

/// Rows that are there without all of their numbers: each, or all at once where they are many.
fn short(report: &Report) -> Vec<Finding> {
    let each: Vec<String> = report
        .short
        .iter()
        .filter_map(|(row, numbers)| {
            let label = ROWS.get(*row)?.label;
            Some(format!("“{label}”一行读到{numbers}个数，应有7个"))
        })
        .collect();
    let said = match each.as_slice() {
        [first, ..] if each.len() > SHORT_MAX => vec![format!(
            "表三有{}行没有读全（如{first}），空白的格子可能在复制时丢了，这些行未作核对。请改用原来的 Word、Excel 或网页文件核对。",
            each.len()
        )],
        few => few
            .iter()
            .map(|one| format!("表三{one}，未作核对。"))
            .collect(),
    };
    said.into_iter()
        .map(|said| Finding::new("row-unread", said).doubtful())
        .collect()
}

/// The six parts, all there and in their order; a file of tables alone has none.
fn parts(report: &Report) -> Vec<Finding> {
    let mut findings = Vec::new();
    if report.sections.is_empty() {
        return findings;
    }
    for (part, heading) in SECTIONS.iter().enumerate() {
        if report.section(part).is_none() {
            findings.push(
                Finding::new("section-missing", format!("缺少“{heading}”部分。"))
                    .place(*heading)
                    .values("有", "没有"),
            );
        }
    }
    let mut order: Vec<usize> = report.sections.iter().map(|section| section.part).collect();
    order.dedup();
    if !order.is_sorted() {
        let names: Vec<&str> = order
            .iter()
            .filter_map(|part| SECTIONS.get(*part)?.split('、').next())
            .collect();
        findings.push(
            Finding::new(
                "section-order",
                "六个部分的顺序与规定格式不一致。".to_owned(),
            )
            .doubtful()
            .values("一、二、三、四、五、六", names.join("、")),
        );
    }
    findings
}

pub(super) fn remarks(report: &Report) -> Vec<String> {
    let mut remarks = headings(report);
    remarks.extend(blanks(report));
    if !report.sections.is_empty() {
        remarks.extend(untold(report));
    }
    remarks
}

/// Title and headings that are not worded as the form words them.
fn headings(report: &Report) -> Vec<String> {
    let mut remarks = Vec::new();
    for section in &report.sections {
        let Some(wanted) = SECTIONS.get(section.part) else {
            continue;
        };
        if plain(&section.heading) != plain(wanted) {
            remarks.push(format!(
                "标题“{}”与规定格式“{wanted}”不一致。",
                section.heading
            ));
        }
    }
    if let (Some(title), Some(organ), Some(year)) = (&report.title, &report.organ, report.year) {
        let wanted = Report::title_of(organ, year);
        if plain(title) != plain(&wanted) {
            remarks.push(format!(
                "标题“{}”与规定格式“{wanted}”不一致。",
                half_width(title)
            ));
        }
    }
    remarks
}

/// Cells without a figure.
fn blanks(report: &Report) -> Option<String> {
    let blank: Vec<String> = report
        .cells
        .iter()
        .filter(|(_, value)| matches!(value, Value::Blank))
        .map(|(cell, _)| cell.to_string())
        .collect();
    (!blank.is_empty()).then(|| {
        let some = blank.get(..BLANK_MAX).unwrap_or(&blank).join("、");
        let more = if blank.len() > BLANK_MAX { "等" } else { "" };
        format!(
            "表中有{}格空白（{some}{more}），已按0核对；没有的应填“0”。",
            blank.len()
        )
    })
}

/// What a report should tell and does not.
fn untold(report: &Report) -> Vec<String> {
    let mut remarks = Vec::new();
    let text = |part: usize| {
        let sections = report.sections.iter().filter(move |it| it.part == part);
        sections
            .flat_map(|it| it.paragraphs.clone())
            .collect::<String>()
    };
    let general = text(0);
    for (topic, words) in TOPICS {
        if !words.iter().any(|word| general.contains(word)) {
            remarks.push(format!("总体情况没有写到“{topic}”。"));
        }
    }
    let government = report.organ.as_deref().is_some_and(|organ| {
        organ.ends_with("政府") || organ.ends_with(['省', '市', '县', '区', '州', '旗'])
    });
    if government {
        for topic in GOVERNMENT_TOPICS {
            if !general.contains(topic) {
                remarks.push(format!(
                    "政府的报告应写工作考核、社会评议和责任追究结果（条例第五十条），没有写到“{topic}”。"
                ));
            }
        }
    }
    let whole: String = (0..SECTIONS.len()).map(text).collect();
    if !whole.contains("处理费") {
        remarks.push("其他需要报告的事项没有写信息处理费收取情况。".to_owned());
    }
    if !whole.contains("要点") {
        remarks.push("没有写到本年度政务公开工作要点落实情况。".to_owned());
    }
    for part in [4, 5] {
        if report.section(part).is_some() && text(part).trim().is_empty() {
            let heading = SECTIONS.get(part).copied().unwrap_or("");
            remarks.push(format!("“{heading}”部分没有文字。"));
        }
    }
    remarks
}
