//! What is printed: the notice before the table, the table's records, what stands after it.

use super::gold::{GoldPlan, GoldTask};

/// What a column of the table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 序号; without this column numbers stand before the text.
    Number,
    Section,
    Group,
    Text,
    Units,
    /// 完成时限
    Due,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub kind: Kind,
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Body,
    Center,
    Right,
}

/// A paragraph outside the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    pub align: Align,
}

/// One row of the table before anything merges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub number: String,
    pub section: String,
    pub group: String,
    /// Items with their numbers, a line each.
    pub text: String,
    /// `None`: the cell above reaches down over this row.
    pub units: Option<String>,
    pub due: String,
}

/// One document.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub notice: Vec<Line>,
    /// The plan's title, in as many lines as printed.
    pub title: Vec<String>,
    pub columns: Vec<Column>,
    pub records: Vec<Record>,
    pub closing: Vec<Line>,
    /// The empty reply form follows the plan.
    pub form: bool,
}

impl Sheet {
    /// Lays out a labelled plan. `source` is the document as text; it says what stands around the table and which items
    /// share a cell. Sections without a column of their own run across the table.
    pub fn new(gold: &GoldPlan, source: &str, columns: &[Column]) -> Self {
        let lines: Vec<&str> = source.lines().collect();
        let head = columns.first().map_or("", |column| column.name.as_str());
        let table = lines
            .iter()
            .position(|line| line.trim().split('\t').next() == Some(head))
            .unwrap_or_default();
        let (mut notice, title) = above(lines.get(..table).unwrap_or_default(), gold);
        align(&mut notice, gold);
        let (records, last) = records(gold, &lines);
        let closing = closing(lines.get(last + 1..).unwrap_or_default(), gold);
        let form = closing.iter().any(|line| line.text.contains("填报单位"));
        Self {
            notice,
            title,
            columns: columns.to_vec(),
            records,
            closing,
            form,
        }
    }

    /// Sections run across the table.
    pub fn wide_sections(&self) -> bool {
        !self
            .columns
            .iter()
            .any(|column| column.kind == Kind::Section)
            && self.records.iter().any(|record| !record.section.is_empty())
    }
}

/// Text without white space and paragraph tags.
fn squeezed(text: &str) -> String {
    let text = text.replace("<p>", "").replace("</p>", "");
    text.split_whitespace().collect()
}

fn line(text: &str) -> Line {
    Line {
        text: text.trim().to_owned(),
        align: Align::Body,
    }
}

/// The lines before the table, parted into the notice and the plan's title.
fn above(lines: &[&str], gold: &GoldPlan) -> (Vec<Line>, Vec<String>) {
    const TITLE_LINES_MAX: usize = 3;
    let printed: Vec<Line> = lines
        .iter()
        .filter(|text| !text.trim().is_empty())
        .map(|text| line(text))
        .collect();
    let wanted = squeezed(gold.title.as_deref().unwrap_or_default());
    for count in 1..=TITLE_LINES_MAX.min(printed.len()) {
        let (notice, title) = printed.split_at(printed.len() - count);
        let title: Vec<String> = title.iter().map(|line| line.text.clone()).collect();
        if squeezed(&title.concat()) == wanted {
            return (notice.to_vec(), title);
        }
    }
    (printed, Vec::new())
}

/// Everything up to the notice's title stands in the middle, the signature and the date on the right.
fn align(notice: &mut [Line], gold: &GoldPlan) {
    const SIGNED_CHARS_MAX: usize = 24;
    let Some(wanted) = gold.notice_title.as_deref().map(squeezed) else {
        return;
    };
    let mut printed = String::new();
    for line in notice.iter_mut() {
        printed.push_str(&squeezed(&line.text));
        line.align = Align::Center;
        if printed.ends_with(&wanted) {
            break;
        }
    }
    let body = |line: &&mut Line| line.align == Align::Body;
    let short = |line: &&mut Line| line.text.chars().count() <= SIGNED_CHARS_MAX;
    for line in notice.iter_mut().rev().take_while(body).take_while(short) {
        line.align = Align::Right;
    }
}

/// One record for each cell of items; and the line of the source in which the last item stands.
fn records(gold: &GoldPlan, lines: &[&str]) -> (Vec<Record>, usize) {
    let lines: Vec<String> = lines.iter().map(|line| squeezed(line)).collect();
    let mut records: Vec<Record> = Vec::new();
    let (mut line_above, mut last) = (None, 0);
    let mut shared_above = false;
    for task in &gold.tasks {
        let text = squeezed(&task.text);
        let line = lines.iter().position(|line| line.contains(&text));
        last = line.unwrap_or(last);
        match records.last_mut() {
            Some(record) if line.is_some() && line == line_above => append(record, task),
            _ => records.push(record(task, shared_above)),
        }
        line_above = line;
        shared_above = task.organs_shared;
    }
    (records, last)
}

fn record(task: &GoldTask, shared_above: bool) -> Record {
    let units = if task.organs_inherited_across_group {
        Some(String::new())
    } else if task.organs_inherited || shared_above {
        None
    } else {
        Some(task.organ_text.clone())
    };
    Record {
        number: String::new(),
        section: task.section.clone().unwrap_or_default(),
        group: task.group.clone().unwrap_or_default(),
        text: numbered(task),
        units,
        due: String::new(),
    }
}

/// A further item of the same cell; a unit text that is new is a further paragraph of the unit cell.
fn append(record: &mut Record, task: &GoldTask) {
    record.text.push('\n');
    record.text.push_str(&numbered(task));
    if let Some(units) = &mut record.units
        && units.lines().last() != Some(&task.organ_text)
    {
        units.push('\n');
        units.push_str(&task.organ_text);
    }
}

fn numbered(task: &GoldTask) -> String {
    task.no
        .map_or_else(|| task.text.clone(), |no| format!("{no}.{}", task.text))
}

/// What stands after the table's last row; the cells of a form are not repeated.
fn closing(lines: &[&str], gold: &GoldPlan) -> Vec<Line> {
    let units = gold.tasks.last().map(|task| squeezed(&task.organ_text));
    lines
        .iter()
        .filter(|text| !text.starts_with('\t') && !text.trim().is_empty())
        .filter(|text| Some(squeezed(text)) != units)
        .map(|text| line(text))
        .collect()
}
