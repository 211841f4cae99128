//! Which assignment a row of an existing ledger reports on. Pure; whatever is not certain waits for a person.

use std::collections::BTreeMap;

use gongkai_basis::id::OrganId;
use gongkai_platform::files;
use gongkai_platform::organ::{Certainty, Directory, Target};

use super::{Given, LedgerRow};
use crate::assignment::{Assignment, AssignmentState};
use crate::draft::compare::{Bags, Known, bare};
use crate::report::TEXT_CHARS_MAX;

/// From here on a text names the task without doubt; of 1.
const SURE_MIN: f64 = 0.85;
/// Below this it names another task.
const LIKE_MIN: f64 = 0.5;
/// Characters of the hash that says what a row would come to.
const SEEN_CHARS: usize = 16;

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

/// What a row was matched to.
#[derive(Debug, Clone, PartialEq)]
pub struct RowMatch {
    pub standing: Standing,
    /// The place of the task among the known ones.
    pub task: Option<usize>,
    /// The places of the parts among the task's assignments.
    pub parts: Vec<usize>,
    /// A person chose the task.
    pub by_hand: bool,
    /// Why it is doubtful or unmatched, in words.
    pub notes: Vec<String>,
}

impl RowMatch {
    fn unmatched(task: Option<usize>, note: impl Into<String>) -> Self {
        Self {
            standing: Standing::Unmatched,
            task,
            parts: Vec::new(),
            by_hand: false,
            notes: vec![note.into()],
        }
    }

    /// The parts on which the row reports.
    pub fn assignments<'k>(&'k self, known: &'k [Known]) -> impl Iterator<Item = &'k Assignment> {
        let task = self.task.and_then(|task| known.get(task));
        let all = task.map_or(&[][..], |known| known.assignments.as_slice());
        self.parts.iter().filter_map(move |nth| all.get(*nth))
    }

    /// What the row would come to now: its parts, each with the version in force. Changes when somebody reports or the row is
    /// matched to others.
    #[must_use]
    pub fn seen(&self, known: &[Known]) -> String {
        let parts: Vec<String> = self
            .assignments(known)
            .map(|part| {
                let report = part.report.map_or_else(String::new, |id| id.to_string());
                format!("{}:{report}", part.id)
            })
            .collect();
        let hash = files::hash_of(parts.join(",").as_bytes());
        hash.chars().take(SEEN_CHARS).collect()
    }
}

/// The tasks of a plan, ready to be found by their words.
struct Tasks {
    exact: BTreeMap<String, Vec<usize>>,
    bags: Bags,
}

/// What the text of a row names.
enum Meant {
    /// Tasks with these very words.
    Same(Vec<usize>),
    /// The task that is most like it, and how much.
    Like(usize, f64),
    Nothing,
}

impl Tasks {
    fn of(known: &[Known]) -> Self {
        let mut exact: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (nth, known) in known.iter().enumerate() {
            exact.entry(bare(&known.task.text)).or_default().push(nth);
        }
        let texts = known.iter().map(|known| known.task.text.as_str());
        Self {
            exact,
            bags: Bags::of(texts),
        }
    }

    fn meant(&self, text: &str) -> Meant {
        if let Some(same) = self.exact.get(&bare(text)) {
            return Meant::Same(same.clone());
        }
        let like = self.bags.like(text).into_iter();
        let like = like.filter(|(_, like)| *like >= LIKE_MIN);
        match like.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))) {
            Some((nth, like)) => Meant::Like(nth, like),
            None => Meant::Nothing,
        }
    }
}

/// Matches every row, those first for which a person chose a task. Unit cells and texts come again and again in a ledger; each
/// is looked at once.
#[must_use]
pub fn match_rows(
    rows: &[LedgerRow],
    (known, given): (&[Known], &BTreeMap<usize, Given>),
    directory: &Directory,
) -> Vec<RowMatch> {
    let tasks = Tasks::of(known);
    let mut named: BTreeMap<&str, Units> = BTreeMap::new();
    let mut meant: BTreeMap<&str, Meant> = BTreeMap::new();
    rows.iter()
        .enumerate()
        .map(|(nth, row)| {
            let units = named
                .entry(row.units.as_str())
                .or_insert_with(|| units(&row.units, directory));
            if let Some(given) = given.get(&nth) {
                return given_row(row, units, (known, given));
            }
            let meant = meant
                .entry(row.text.as_str())
                .or_insert_with(|| tasks.meant(&row.text));
            match_row(row, units, (known, &*meant))
        })
        .collect()
}

/// What a row comes to when a person chooses its task.
#[must_use]
pub(super) fn match_by_hand(
    row: &LedgerRow,
    (known, given): (&[Known], &Given),
    directory: &Directory,
) -> RowMatch {
    given_row(row, &units(&row.units, directory), (known, given))
}

/// The tasks that a person may mean by a row, by their places: those with such words in them or of that number, or all;
/// first those of the row's own units, then what is most like it. With each, whether it is one of the row's own units.
#[must_use]
pub fn candidates(
    row: &LedgerRow,
    known: &[Known],
    directory: &Directory,
    words: &str,
) -> Vec<(usize, bool)> {
    let named = units(&row.units, directory);
    let bags = Bags::of(known.iter().map(|known| known.task.text.as_str()));
    let mut likeness = vec![0.0; known.len()];
    for (nth, like) in bags.like(&row.text) {
        if let Some(slot) = likeness.get_mut(nth) {
            *slot = like;
        }
    }
    let number: Option<i64> = words.parse().ok();
    let wanted = |known: &Known| {
        words.is_empty()
            || known.task.text.contains(words)
            || (number.is_some() && known.task.number == number)
    };
    let all = known.iter().zip(likeness).enumerate();
    let found = all.filter(|(_, (known, _))| wanted(known));
    let mut found: Vec<(usize, bool, f64)> = found
        .map(|(nth, (task, like))| (nth, !open_parts(task, &named.organs).is_empty(), like))
        .collect();
    found.sort_by(|a, b| {
        let own = b.1.cmp(&a.1);
        own.then(b.2.total_cmp(&a.2)).then(a.0.cmp(&b.0))
    });
    found.into_iter().map(|(nth, own, _)| (nth, own)).collect()
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

/// The open parts that these organs have in a task, by their places.
fn open_parts(task: &Known, organs: &[OrganId]) -> Vec<usize> {
    let parts = task.assignments.iter().enumerate();
    parts
        .filter(|(_, part)| part.state == AssignmentState::Open && organs.contains(&part.organ))
        .map(|(nth, _)| nth)
        .collect()
}

fn match_row(row: &LedgerRow, units: &Units, (known, meant): (&[Known], &Meant)) -> RowMatch {
    if let Some(why) = says_nothing(row) {
        return RowMatch::unmatched(None, why);
    }
    let parts = |nth: usize| -> Vec<usize> {
        let task = known.get(nth);
        task.map_or_else(Vec::new, |task| open_parts(task, &units.organs))
    };
    // Of tasks that fit alike, the one that these units have.
    let best = match meant {
        Meant::Same(same) => same
            .iter()
            .max_by_key(|nth| parts(**nth).len())
            .map(|nth| (*nth, 1.0)),
        Meant::Like(nth, like) => Some((*nth, *like)),
        Meant::Nothing => None,
    };
    let Some((task, like)) = best else {
        return RowMatch::unmatched(None, "方案中没有内容相近的任务");
    };
    let mut found = RowMatch {
        standing: Standing::Doubtful,
        task: Some(task),
        parts: parts(task),
        by_hand: false,
        notes: Vec::new(),
    };
    if found.parts.is_empty() {
        return RowMatch::unmatched(Some(task), no_part(row, units));
    }
    found.notes.clone_from(&units.notes);
    if row.above {
        let note = "“事项”一栏是空的，按上一行的事项对应";
        found.notes.push(note.to_owned());
    }
    if like < SURE_MIN {
        found.notes.push("任务内容与方案不完全一致".to_owned());
    }
    looked_at(found, row, known)
}

/// A row with the task that a person chose: the parts of the units that the person chose or that the row names.
fn given_row(row: &LedgerRow, units: &Units, (known, given): (&[Known], &Given)) -> RowMatch {
    if !row.has_progress() {
        return RowMatch::unmatched(None, NO_PROGRESS);
    }
    let mut all = known.iter().enumerate();
    let Some((nth, task)) = all.find(|(_, known)| known.task.id == given.task) else {
        return RowMatch::unmatched(None, "手工选定的任务已取消，请重新选择");
    };
    let (organs, notes) = if given.organs.is_empty() {
        (units.organs.as_slice(), units.notes.clone())
    } else {
        (given.organs.as_slice(), Vec::new())
    };
    let parts = open_parts(task, organs);
    if parts.is_empty() && given.organs.is_empty() {
        return RowMatch::unmatched(Some(nth), no_part(row, units));
    }
    if parts.is_empty() {
        return RowMatch::unmatched(Some(nth), "选定的单位没有承担这条任务，请重新选择");
    }
    let found = RowMatch {
        standing: Standing::Doubtful,
        task: Some(nth),
        parts,
        by_hand: true,
        notes,
    };
    looked_at(found, row, known)
}

/// Why the units of a row have no part in a task.
fn no_part(row: &LedgerRow, units: &Units) -> String {
    match units.notes.first() {
        Some(note) => note.clone(),
        None => format!("“{}”没有承担这条任务", row.units),
    }
}

/// What a row says that says nothing.
const NO_PROGRESS: &str = "这一行没有填写进展";

/// Why a row cannot be matched to anything.
fn says_nothing(row: &LedgerRow) -> Option<&'static str> {
    if !row.has_progress() {
        Some(NO_PROGRESS)
    } else if row.text.is_empty() {
        Some("“事项”一栏是空的，不知道是哪项任务")
    } else {
        None
    }
}

/// The match with what else a person should look at before it is taken; without doubt where there is nothing.
fn looked_at(mut found: RowMatch, row: &LedgerRow, known: &[Known]) -> RowMatch {
    for (name, text) in [("已落实", &row.done), ("待完成", &row.pending)] {
        let chars = text.chars().count();
        if chars > TEXT_CHARS_MAX {
            found.notes.push(format!(
                "“{name}”有{chars}字，最多{TEXT_CHARS_MAX}字，改短以后才能导入"
            ));
        }
    }
    if found.assignments(known).any(|part| part.report.is_some()) {
        let note = "已有填报，采用后作为新的一版";
        found.notes.push(note.to_owned());
    }
    if found.notes.is_empty() {
        found.standing = Standing::Matched;
    }
    found
}
