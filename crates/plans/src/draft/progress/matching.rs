//! Which assignment a row of an existing ledger reports on. Pure; whatever is not certain waits for a person.

use std::collections::BTreeMap;

use gongkai_basis::id::OrganId;
use gongkai_platform::organ::{Certainty, Directory, Target};

use super::LedgerRow;
use crate::assignment::{Assignment, AssignmentState};
use crate::draft::compare::{Known, bare, likeness};
use crate::report::TEXT_CHARS_MAX;

/// From here on a text names the task without doubt; of 1.
const SURE_MIN: f64 = 0.85;
/// Below this it names another task.
const LIKE_MIN: f64 = 0.5;

/// How sure the match of a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Matched,
    /// A person should look before it is taken.
    Doubtful,
    Unmatched,
}

impl Standing {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Matched => "已对应",
            Self::Doubtful => "需确认",
            Self::Unmatched => "未对应",
        }
    }
}

/// What a row was matched to. Positions in the known tasks.
#[derive(Debug, Clone, PartialEq)]
pub struct RowMatch {
    pub standing: Standing,
    pub task: Option<usize>,
    pub assignments: Vec<Assignment>,
    /// Why it is doubtful or unmatched, in words.
    pub notes: Vec<String>,
}

/// Matches every row.
#[must_use]
pub fn match_rows(rows: &[LedgerRow], known: &[Known], directory: &Directory) -> Vec<RowMatch> {
    let mut exact: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (nth, known) in known.iter().enumerate() {
        exact.entry(bare(&known.task.text)).or_default().push(nth);
    }
    let mut named: BTreeMap<&str, Units> = BTreeMap::new();
    rows.iter()
        .map(|row| {
            let units = named
                .entry(row.units.as_str())
                .or_insert_with(|| units(&row.units, directory));
            match_row(row, units, known, &exact)
        })
        .collect()
}

/// The organs of a unit cell.
#[derive(Debug, Default)]
struct Units {
    organs: Vec<OrganId>,
    notes: Vec<String>,
}

fn units(text: &str, directory: &Directory) -> Units {
    let mut units = Units::default();
    for name in split_names(text) {
        let Some(best) = directory.find(&name).into_iter().next() else {
            units.notes.push(format!("名录中没有“{name}”"));
            continue;
        };
        if best.certainty != Certainty::Certain {
            units.notes.push(format!("“{name}”的对应不确定"));
        }
        match best.target {
            Target::Organ(id) => units.organs.push(id),
            Target::Collective(key) => {
                units
                    .notes
                    .push(format!("“{name}”是统称，同一进展会记到每个成员"));
                units.organs.extend(directory.expand(&key, &[]));
            }
        }
    }
    units
}

/// Names of a cell, parted outside brackets.
fn split_names(text: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && matches!(c, '、' | '，' | ',' | '；' | ';' | '\n') {
            names.push(String::new());
        } else if let Some(last) = names.last_mut() {
            last.push(c);
        }
    }
    names
        .into_iter()
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

fn match_row(
    row: &LedgerRow,
    units: &Units,
    known: &[Known],
    exact: &BTreeMap<String, Vec<usize>>,
) -> RowMatch {
    let unmatched = |task, note: String| RowMatch {
        standing: Standing::Unmatched,
        task,
        assignments: Vec::new(),
        notes: vec![note],
    };
    if let Some(why) = says_nothing(row) {
        return unmatched(None, why.to_owned());
    }
    let given = |nth: usize| -> Vec<Assignment> {
        known.get(nth).map_or_else(Vec::new, |known| {
            known
                .assignments
                .iter()
                .filter(|assignment| {
                    assignment.state == AssignmentState::Open
                        && units.organs.contains(&assignment.organ)
                })
                .cloned()
                .collect()
        })
    };
    // Of tasks that fit alike, the one that these units have.
    let best = match exact.get(&bare(&row.text)) {
        Some(same) => same
            .iter()
            .max_by_key(|nth| given(**nth).len())
            .map(|nth| (1.0, *nth)),
        None => known
            .iter()
            .enumerate()
            .map(|(nth, known)| (likeness(&row.text, &known.task.text), nth))
            .filter(|(like, _)| *like >= LIKE_MIN)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))),
    };
    let Some((like, task)) = best else {
        return unmatched(None, "方案中没有内容相近的任务".to_owned());
    };
    let assignments = given(task);
    if assignments.is_empty() {
        let note = match units.notes.first() {
            Some(note) => note.clone(),
            None => format!("“{}”没有承担这条任务", row.units),
        };
        return unmatched(Some(task), note);
    }
    let notes = notes(row, units, like, &assignments);
    RowMatch {
        standing: if notes.is_empty() {
            Standing::Matched
        } else {
            Standing::Doubtful
        },
        task: Some(task),
        assignments,
        notes,
    }
}

/// Why a row cannot be matched to anything.
fn says_nothing(row: &LedgerRow) -> Option<&'static str> {
    if row.done.is_empty() && row.pending.is_empty() {
        Some("这一行没有填写进展")
    } else if row.text.is_empty() {
        Some("“事项”一栏是空的，不知道是哪项任务")
    } else {
        None
    }
}

/// What a person should look at before a row is taken.
fn notes(row: &LedgerRow, units: &Units, like: f64, assignments: &[Assignment]) -> Vec<String> {
    let mut notes = units.notes.clone();
    if row.above {
        notes.push("“事项”一栏是空的，按上一行的事项对应".to_owned());
    }
    if like < SURE_MIN {
        notes.push("任务内容与方案不完全一致".to_owned());
    }
    for (name, text) in [("已落实", &row.done), ("待完成", &row.pending)] {
        let chars = text.chars().count();
        if chars > TEXT_CHARS_MAX {
            notes.push(format!(
                "“{name}”有{chars}字，最多{TEXT_CHARS_MAX}字，改短以后才能导入"
            ));
        }
    }
    if assignments
        .iter()
        .any(|assignment| assignment.report.is_some())
    {
        notes.push("已有填报，采用后作为新的一版".to_owned());
    }
    notes
}
