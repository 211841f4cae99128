//! A report made elsewhere, from neutral blocks: tolerant of the order and wording of what offices publish. Pure.

mod bars;
mod empty;
mod grid;
mod head;
mod label;
mod lines;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};
use std::mem::{Discriminant, discriminant};

use gongkai_office::{Block, Document, Paragraph};

use crate::form::{Cell, SECTIONS};
use crate::model::{Report, Schema, Section};

pub use empty::why_empty;
pub use label::plain;

/// Reads what can be read; what is missing is simply not there, and the checks say so.
#[must_use]
pub fn read(document: &Document) -> Report {
    let blocks = lines::with_tables(&document.blocks);
    if let Some((first, _)) = second(&blocks).and_then(|at| blocks.split_at_checked(at)) {
        let mut report = of_blocks(first);
        // Of a table of contents, the parts stand before any table.
        if !report.cells.is_empty() {
            let year = report
                .year
                .map_or_else(String::new, |year| format!("{year}年的"));
            report.others.push(format!(
                "文件里不止一份年度报告，只核对了前面{year}这一份；请把每份报告另存为单独的文件，再分别核对。"
            ));
            return report;
        }
    }
    of_blocks(&blocks)
}

/// Where a second report begins: its 总体情况 comes after the last parts of the first.
fn second(blocks: &[Block]) -> Option<usize> {
    let mut late = false;
    blocks.iter().position(|block| {
        let parts = prose(block).into_iter().flat_map(str::lines);
        let mut begins = false;
        for (part, ..) in parts.filter_map(|line| heading_of(line.trim())) {
            begins |= late && part == 0;
            late |= part >= 4;
        }
        begins
    })
}

fn of_blocks(blocks: &[Block]) -> Report {
    let mut report = Report::default();
    head::read(blocks, &mut report);
    sections(blocks, &mut report);
    let mut found = tables(blocks, &mut report);
    let texts: Vec<&str> = blocks.iter().filter_map(paragraph).collect();
    lines::fill(&texts, &mut found);
    report.schema = if found.trial || (found.cells.is_empty() && report.year == Some(2020)) {
        Schema::Trial2019
    } else {
        Schema::Form2021
    };
    report.cells = found.cells;
    report.short = found.short;
    report
        .short
        .retain(|row, _| !report.cells.contains_key(&Cell::Three(*row, 0)));
    if report.schema == Schema::Trial2019 {
        // Its table 二 counted other things under the same names.
        report.cells.retain(|cell, _| !matches!(cell, Cell::Two(_)));
    }
    report
}

/// The tables of the report's own year; one that is there for an earlier year alone has a wrong caption.
fn tables(blocks: &[Block], report: &mut Report) -> rows::Found {
    let mut found = rows::Found::default();
    let mut left = rows::Found::default();
    let (mut earlier, mut passed_over) = (None, None);
    for block in blocks {
        match (block, earlier) {
            (Block::Paragraph(paragraph), _) => earlier = captioned(paragraph, report, earlier),
            (Block::Table(table), None) => rows::table(&grid::expand(table), &mut found),
            (Block::Table(table), Some(year)) => {
                passed_over = Some(year);
                rows::table(&grid::expand(table), &mut left);
            }
        }
    }
    let own: HashSet<Discriminant<Cell>> = found.cells.keys().map(discriminant).collect();
    let (twice, lone): (BTreeMap<_, _>, BTreeMap<_, _>) = left
        .cells
        .into_iter()
        .partition(|(cell, _)| own.contains(&discriminant(cell)));
    found.cells.extend(lone);
    if let (Some(year), false) = (passed_over, twice.is_empty()) {
        report.others.push(format!(
            "文件里还有{year}年的表格，没有核对，只核对了本年的。"
        ));
    }
    found
}

/// The longest caption of a table, in characters.
const CAPTION_CHARS_MAX: usize = 40;

/// The earlier year whose tables follow: 2023年申请办理情况表 in a report of 2024. A heading, or a caption of the report's own
/// year, ends that.
fn captioned(line: &Paragraph, report: &Report, before: Option<i16>) -> Option<i16> {
    let text = line.text.trim();
    let caption = text.chars().count() <= CAPTION_CHARS_MAX
        && ["情况", "表", "数据"]
            .iter()
            .any(|word| text.contains(word))
        && !text.ends_with('。');
    match head::year_of(text).filter(|_| caption) {
        Some(year) => report.year.filter(|own| year < *own).map(|_| year),
        None if heading_of(text).is_some() => None,
        None => before,
    }
}

fn words(block: &Block) -> Vec<&str> {
    match block {
        Block::Paragraph(paragraph) => vec![&paragraph.text],
        Block::Table(table) => {
            let cells = table.rows.iter().flat_map(|row| &row.cells);
            cells.map(|cell| cell.text.as_str()).collect()
        }
    }
}

fn paragraph(block: &Block) -> Option<&str> {
    match block {
        Block::Paragraph(paragraph) => Some(&paragraph.text),
        Block::Table(_) => None,
    }
}

/// A paragraph, or the lines of a table that have one cell only: on a sheet, prose stands in such cells.
fn prose(block: &Block) -> Vec<&str> {
    match block {
        Block::Paragraph(paragraph) => vec![&paragraph.text],
        Block::Table(table) => {
            let lone = table.rows.iter().filter_map(|row| {
                let mut filled = row.cells.iter().filter(|cell| !cell.text.trim().is_empty());
                let one = filled.next()?;
                (filled.next().is_none() && one.column == 0).then_some(one.text.as_str())
            });
            lone.filter(|text| !text.trim_start().starts_with("第二十条"))
                .collect()
        }
    }
}

/// Parts by their headings; prose between them.
fn sections(blocks: &[Block], report: &mut Report) {
    for text in blocks.iter().flat_map(prose) {
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if let Some((part, heading, rest)) = heading_of(line) {
                report.sections.push(Section {
                    part,
                    heading,
                    paragraphs: rest.into_iter().collect(),
                });
            } else if let Some(section) = report.sections.last_mut() {
                section.paragraphs.push(line.to_owned());
            } else {
                report.preface.push(line.to_owned());
            }
        }
    }
}

/// The longest heading, in characters.
const HEADING_CHARS_MAX: usize = 40;

/// Which part a line opens, its heading, and prose that follows on the same line.
fn heading_of(line: &str) -> Option<(usize, String, Option<String>)> {
    let (heading, rest) = SECTIONS
        .iter()
        .find_map(|whole| line.strip_prefix(whole).map(|rest| (*whole, rest)))
        .unwrap_or((line, ""));
    if heading.chars().count() > HEADING_CHARS_MAX {
        return None;
    }
    let text = plain(heading);
    let (numeral, words) = match text.chars().next() {
        Some(first) if "一二三四五六七".contains(first) => {
            (Some(first), text.get(first.len_utf8()..).unwrap_or(""))
        }
        _ => (None, text.as_str()),
    };
    let part = part_of(words)?;
    // A line without its numeral must be the heading itself, and so must one of a lower level: （二）依申请公开办理情况.
    let whole = SECTIONS.get(part).map(|it| plain(it))?;
    let lower = heading.starts_with(['（', '(']);
    let alone = (numeral.is_none() || lower) && !whole.ends_with(words);
    let sentence = heading.ends_with(['。', '；', '：', ':', '，', '、']);
    if alone || sentence || is_row(words) {
        return None;
    }
    let rest = rest.trim_start_matches(['。', '：', ':', ' ']).trim();
    Some((
        part,
        heading.to_owned(),
        (!rest.is_empty()).then(|| rest.to_owned()),
    ))
}

/// Rows of table 三 begin with the same numerals.
fn is_row(words: &str) -> bool {
    ["新收", "上年结转", "本年度办理结果", "结转下年"]
        .iter()
        .any(|row| words.contains(row))
}

fn part_of(words: &str) -> Option<usize> {
    let has = |word: &str| words.contains(word);
    let part = if has("总体情况") || has("基本情况") || words == "概述" {
        0
    } else if has("复议") && has("诉讼") {
        3
    } else if has("收到和处理") || (has("申请") && (has("收到") || has("处理") || has("办理")))
    {
        2
    } else if has("主动公开") && words.chars().count() <= 14 {
        1
    } else if has("问题") && (has("存在") || has("改进")) {
        4
    } else if has("其他") && (has("报告") || has("说明")) && has("事项") {
        5
    } else {
        return None;
    };
    Some(part)
}
