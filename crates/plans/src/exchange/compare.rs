//! Three versions of each cell: when the sheet was made, now, and in the file. Pure.

use std::collections::BTreeMap;

use gongkai_basis::id::{AssignmentId, ReportId};

use super::Field;
use super::code::RowCode;
use super::sheet::{FilledRow, day};
use crate::report::{Content, Outcome, Report};

/// Characters of a strange cell that a note quotes.
const KEY_CHARS: usize = 30;

/// An open assignment of the unit, with all that was reported on it.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) assignment: AssignmentId,
    pub(super) item: String,
    pub(super) due_text: String,
    /// Oldest first.
    pub(super) reports: Vec<Report>,
    /// The version in force; none when nothing was reported, or the only version was taken back.
    pub(super) in_force: Option<ReportId>,
}

impl Known {
    pub(super) fn current(&self) -> Option<&Report> {
        let in_force = self.in_force?;
        self.reports.iter().find(|report| report.id == in_force)
    }
}

/// How a cell of the file stands to the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellState {
    Same,
    Changed,
    /// Changed here and there, differently; or the row may be another's.
    Conflict,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) field: Field,
    pub(super) base: String,
    pub(super) now: String,
    pub(super) file: String,
    pub(super) state: CellState,
}

impl Cell {
    pub(super) fn is_cleared(&self) -> bool {
        self.file.is_empty() && !self.now.is_empty()
    }
}

/// How a row of the file stands to the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RowState {
    Conflict,
    /// The code stands beside the words of another row.
    Mismatched,
    Changed,
    /// The same code stands in several rows that differ.
    Repeated,
    /// No code, a wrong one, or a cell that nobody understands.
    Unknown,
    Foreign,
    /// Nothing differs but what nobody fills in.
    KeyOnly,
    Same,
}

impl RowState {
    pub(super) const ALL: [Self; 8] = [
        Self::Conflict,
        Self::Mismatched,
        Self::Changed,
        Self::Repeated,
        Self::Unknown,
        Self::Foreign,
        Self::KeyOnly,
        Self::Same,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Conflict => "冲突",
            Self::Mismatched => "行码与事项不一致",
            Self::Changed => "修改",
            Self::Repeated => "重复",
            Self::Unknown => "无法识别",
            Self::Foreign => "不属于本单位",
            Self::KeyOnly => "只改了锁定的格",
            Self::Same => "未变",
        }
    }

    /// What a person must look at before it is taken over.
    pub(super) const fn is_doubtful(self) -> bool {
        matches!(self, Self::Conflict | Self::Mismatched)
    }

    /// A person may take such a row over.
    pub(super) const fn is_applicable(self) -> bool {
        match self {
            Self::Conflict | Self::Mismatched | Self::Changed | Self::Repeated => true,
            Self::Unknown | Self::Foreign | Self::KeyOnly | Self::Same => false,
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Row {
    /// From 0, as the form sends it.
    pub(super) nth: usize,
    pub(super) filled: FilledRow,
    pub(super) assignment: Option<AssignmentId>,
    pub(super) based_on: Option<ReportId>,
    pub(super) item: String,
    pub(super) state: RowState,
    /// Why it is not understood or not simply taken.
    pub(super) note: String,
    pub(super) cells: Vec<Cell>,
    now: Option<Content>,
}

/// Compares every row of a file with what the unit has.
pub(super) fn compare(filled: &[FilledRow], known: &[Known]) -> Vec<Row> {
    let mut marks: BTreeMap<String, Vec<&Known>> = BTreeMap::new();
    for known in known {
        let mark = RowCode::of(known.assignment, 0).mark().to_owned();
        marks.entry(mark).or_default().push(known);
    }
    let mut rows: Vec<Row> = filled
        .iter()
        .enumerate()
        .map(|(nth, filled)| row(nth, filled, &marks))
        .collect();
    repeat(&mut rows);
    rows
}

fn row(nth: usize, filled: &FilledRow, marks: &BTreeMap<String, Vec<&Known>>) -> Row {
    let stopped = |state, note: &str| Row {
        nth,
        filled: filled.clone(),
        assignment: None,
        based_on: None,
        item: String::new(),
        state,
        note: note.to_owned(),
        cells: Vec::new(),
        now: None,
    };
    if filled.code.is_empty() {
        return stopped(RowState::Unknown, "这一行没有行码");
    }
    let Ok(code) = filled.code.parse::<RowCode>() else {
        return stopped(RowState::Unknown, "行码有误，可能被改动过");
    };
    let Some([known]) = marks.get(code.mark()).map(Vec::as_slice) else {
        return stopped(
            RowState::Foreign,
            "本单位现在没有这项任务：可能属于其他单位，或已取消、转交",
        );
    };
    let base = known
        .reports
        .iter()
        .find(|report| report.sequence == code.version);
    if base.is_none() && code.version != 0 {
        return stopped(RowState::Unknown, "行码中的版本在系统里不存在");
    }
    let now = known.current();
    let mut problems = Vec::new();
    let mut cells: Vec<Cell> = filled
        .fields
        .iter()
        .map(|(field, text)| {
            let of = |report: Option<&Report>| {
                report.map_or_else(String::new, |report| value(&report.content, *field))
            };
            let file = read(*field, text).unwrap_or_else(|why| {
                problems.push(why);
                text.clone()
            });
            cell(*field, of(base), of(now), file)
        })
        .collect();
    let strange = strange(filled, known);
    // Perhaps another row's words: each cell waits for a person.
    for cell in cells.iter_mut().filter(|_| strange.is_some()) {
        if cell.state == CellState::Changed {
            cell.state = CellState::Conflict;
        }
    }
    let state = state(&cells, &mut problems, strange);
    Row {
        assignment: Some(known.assignment),
        based_on: now.map(|report| report.id),
        item: known.item.clone(),
        cells,
        now: now.map(|report| report.content.clone()),
        ..stopped(state, &problems.join("；"))
    }
}

/// Where a row stands, by its cells; what is strange about it joins its problems.
fn state(cells: &[Cell], problems: &mut Vec<String>, strange: Option<String>) -> RowState {
    let has = |state| cells.iter().any(|cell| cell.state == state);
    if !problems.is_empty() {
        RowState::Unknown
    } else if let Some(note) = strange {
        let (state, then) = if has(CellState::Conflict) {
            (RowState::Mismatched, "请核对其余各格再决定")
        } else {
            (RowState::KeyOnly, "其余各格没有改动，这一行不用处理")
        };
        problems.push(format!("{note}锁定的格不会采用，{then}"));
        state
    } else if has(CellState::Conflict) {
        RowState::Conflict
    } else if has(CellState::Changed) {
        RowState::Changed
    } else {
        RowState::Same
    }
}

/// What the words that nobody fills in say against the row's code.
fn strange(filled: &FilledRow, known: &Known) -> Option<String> {
    // The rows of several units and plans are told apart by 〔2026年，单位〕 before the words; whether it stands there depends on
    // the other rows.
    let bare = |text: &str| {
        let after = text.trim_start().strip_prefix('〔');
        let rest = after.and_then(|rest| rest.split_once('〕'));
        rest.map_or(text, |(_, rest)| rest).to_owned()
    };
    let wrong = |file: &Option<String>, now: &str| {
        let differs = |file: &&String| !same(&bare(file), &bare(now));
        file.as_ref().filter(differs).cloned()
    };
    let item = wrong(&filled.item, &known.item).map(|file| ("具体工作事项", file));
    let due = wrong(&filled.due, &known.due_text).map(|file| ("完成时限", file));
    let (column, file) = item.or(due)?;
    let quote = crate::quote::beginning(&file, KEY_CHARS);
    Some(format!(
        "行码与事项不一致：表格里“{column}”是“{quote}”，系统里这个行码的不是；可能整列错了行，或这一格被改过、方案有了变更。"
    ))
}

fn cell(field: Field, base: String, now: String, file: String) -> Cell {
    let state = if same(&file, &base) || same(&file, &now) {
        CellState::Same
    } else if same(&base, &now) {
        CellState::Changed
    } else {
        CellState::Conflict
    };
    Cell {
        field,
        base,
        now,
        file,
        state,
    }
}

/// Programs rewrap and trim; that is no change.
fn same(one: &str, other: &str) -> bool {
    let kept = |c: &char| !c.is_whitespace() && !c.is_control();
    one.chars().filter(kept).eq(other.chars().filter(kept))
}

/// The same row twice is one; different ones wait for a person.
fn repeat(rows: &mut [Row]) {
    let mut seen: BTreeMap<AssignmentId, Vec<usize>> = BTreeMap::new();
    for row in rows.iter() {
        if let Some(assignment) = row.assignment {
            seen.entry(assignment).or_default().push(row.nth);
        }
    }
    for many in seen.values().filter(|many| many.len() > 1) {
        let files = |nth: usize| -> Option<Vec<(Field, String)>> {
            let cells = &rows.get(nth)?.cells;
            Some(
                cells
                    .iter()
                    .map(|cell| (cell.field, cell.file.clone()))
                    .collect(),
            )
        };
        let first = many.first().and_then(|nth| files(*nth));
        let alike = many.iter().all(|nth| files(*nth) == first);
        for nth in many.iter().skip(usize::from(alike)) {
            let Some(row) = rows.get_mut(*nth) else {
                continue;
            };
            if alike {
                row.state = RowState::Same;
                row.note = "与上面同一行码的行内容相同".to_owned();
            } else if !matches!(row.state, RowState::Unknown | RowState::Mismatched) {
                row.state = RowState::Repeated;
                row.note = "同一行码有几行，内容不同，只能采用一行".to_owned();
            }
        }
    }
}

fn value(content: &Content, field: Field) -> String {
    match field {
        Field::Done => content.done_text.clone(),
        Field::Pending => content.pending_text.clone(),
        Field::Outcome => content.outcome.name().to_owned(),
        Field::PlannedOn => content
            .planned_on
            .map_or_else(String::new, |date| date.to_string()),
        Field::NoEvidenceWhy => content.no_evidence_why.clone(),
    }
}

fn read(field: Field, text: &str) -> Result<String, String> {
    let text = text.trim();
    match field {
        Field::Done | Field::Pending | Field::NoEvidenceWhy => Ok(text.to_owned()),
        Field::Outcome if text.is_empty() => Ok(String::new()),
        Field::Outcome => Outcome::ALL
            .iter()
            .find(|outcome| outcome.name() == text || outcome.name() == format!("已{text}"))
            .map(|outcome| outcome.name().to_owned())
            .ok_or_else(|| format!("完成情况“{text}”不是“进行中”或“已完成”")),
        Field::PlannedOn if text.is_empty() => Ok(String::new()),
        Field::PlannedOn => day(text)
            .map(|date| date.to_string())
            .ok_or_else(|| format!("计划完成时间“{text}”不是一个日期，例：2026-09-30")),
    }
}

impl Row {
    /// What the row makes of the report: changed cells as in the file; conflicts as `from_file` says.
    pub(super) fn content(&self, from_file: impl Fn(Field) -> bool) -> Content {
        let mut content = self.now.clone().unwrap_or(Content {
            outcome: Outcome::InProgress,
            done_text: String::new(),
            pending_text: String::new(),
            planned_on: None,
            no_evidence_why: String::new(),
        });
        for cell in &self.cells {
            let take = match cell.state {
                CellState::Same => false,
                CellState::Changed => true,
                CellState::Conflict => from_file(cell.field),
            };
            if !take {
                continue;
            }
            let text = cell.file.clone();
            match cell.field {
                Field::Done => content.done_text = text,
                Field::Pending => content.pending_text = text,
                Field::Outcome => {
                    content.outcome = Outcome::ALL
                        .iter()
                        .copied()
                        .find(|outcome| outcome.name() == text)
                        .unwrap_or(Outcome::InProgress);
                }
                Field::PlannedOn => content.planned_on = text.parse().ok(),
                Field::NoEvidenceWhy => content.no_evidence_why = text,
            }
        }
        content
    }

    /// A cell that had words in it came back empty: perhaps meant, perhaps a slip.
    pub(super) fn clears(&self) -> bool {
        self.cells
            .iter()
            .any(|cell| cell.state != CellState::Same && cell.is_cleared())
    }
}
