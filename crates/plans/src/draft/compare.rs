//! 比对: a corrected document beside the plan that is in the ledger. Pure.

mod similarity;
#[cfg(test)]
mod tests;

use gongkai_platform::diff::{self, Piece};
use std::collections::{BTreeMap, VecDeque};

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;

use super::content::{Content, DraftTask, Meta};
use super::effects::{Effects, Planned};
use crate::assignment::{Assignment, AssignmentState, Duty};
use crate::plan::{Deadline, Plan, Quantity};
use crate::task::Task;
use crate::when;

pub use similarity::{Bags, bare, likeness};

/// From here on two texts are the same task, worded anew; of 1.
pub const LIKE_MIN: f64 = 0.6;
/// Two tasks with the same printed number count as this much more alike.
const SAME_NUMBER: f64 = 0.05;

/// A task of the ledger with its assignments in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    pub task: Task,
    pub assignments: Vec<Assignment>,
}

/// What differs between a known task and its corrected form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// The wording, when it changed.
    pub text: Option<Vec<Piece>>,
    /// Section and group, before and after, when they changed.
    pub heading: Option<(String, String)>,
    /// The printed number, when it changed.
    pub number: Option<(String, String)>,
    /// Printed dates before and after, when they changed.
    pub dates: Option<(String, String)>,
    /// Target figures before and after, when they changed.
    pub quantities: Option<(String, String)>,
    pub added: Vec<Planned>,
    pub removed: Vec<(OrganId, Duty)>,
    /// Organ, duty before, duty after.
    pub duties: Vec<(OrganId, Duty, Duty)>,
}

impl Difference {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What became of one task. Numbers are positions in the draft's tasks and in the known ones.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    New {
        draft: usize,
    },
    Changed {
        draft: usize,
        known: usize,
        difference: Box<Difference>,
    },
    Same {
        draft: usize,
        known: usize,
    },
    Gone {
        known: usize,
    },
}

impl Change {
    /// Names the change on its page, whatever else the page shows: `new-3`, `changed-…`, `gone-…` by stable keys.
    #[must_use]
    pub fn code(&self, content: &Content, known: &[Known]) -> String {
        let key = |draft: &usize| content.tasks.get(*draft).map_or(0, |task| task.key);
        let id = |nth: &usize| {
            known
                .get(*nth)
                .map_or_else(String::new, |known| known.task.id.to_string())
        };
        match self {
            Self::New { draft } => format!("new-{}", key(draft)),
            Self::Changed { known, .. } => format!("changed-{}", id(known)),
            Self::Same { known, .. } => format!("same-{}", id(known)),
            Self::Gone { known } => format!("gone-{}", id(known)),
        }
    }
}

/// Compares a draft with the ledger: in the draft's order, then what is gone.
#[must_use]
pub fn compare(content: &Content, effects: &Effects, known: &[Known]) -> Vec<Change> {
    let pairs = pair(&content.tasks, known);
    let mut taken = vec![false; known.len()];
    let mut changes = Vec::with_capacity(pairs.len());
    for (draft, pair) in pairs.into_iter().enumerate() {
        let partner = pair.and_then(|nth| known.get(nth).map(|partner| (nth, partner)));
        let (Some((nth, partner)), Some(task)) = (partner, content.tasks.get(draft)) else {
            changes.push(Change::New { draft });
            continue;
        };
        if let Some(taken) = taken.get_mut(nth) {
            *taken = true;
        }
        let planned = effects.tasks.get(draft).map_or(&[][..], Vec::as_slice);
        let difference = difference(task, planned, partner);
        changes.push(if difference.is_empty() {
            Change::Same { draft, known: nth }
        } else {
            Change::Changed {
                draft,
                known: nth,
                difference: Box::new(difference),
            }
        });
    }
    let gone = taken.iter().enumerate().filter(|(_, taken)| !**taken);
    changes.extend(gone.map(|(known, _)| Change::Gone { known }));
    changes
}

/// The known task of each draft task: those with the same words first, in order; then the most alike.
fn pair(tasks: &[DraftTask], known: &[Known]) -> Vec<Option<usize>> {
    let mut waiting: BTreeMap<String, VecDeque<usize>> = BTreeMap::new();
    for (nth, known) in known.iter().enumerate() {
        waiting
            .entry(bare(&known.task.text))
            .or_default()
            .push_back(nth);
    }
    let mut pairs: Vec<Option<usize>> = tasks
        .iter()
        .map(|task| {
            waiting
                .get_mut(&bare(&task.text))
                .and_then(VecDeque::pop_front)
        })
        .collect();
    let left: Vec<usize> = waiting.into_values().flatten().collect();
    let mut candidates: Vec<(f64, usize, usize)> = Vec::new();
    for (draft, task) in tasks.iter().enumerate() {
        if pairs.get(draft).is_some_and(Option::is_some) {
            continue;
        }
        for nth in &left {
            let Some(known) = known.get(*nth) else {
                continue;
            };
            let same_number = task.number.is_some() && task.number == known.task.number;
            let like = likeness(&task.text, &known.task.text)
                + if same_number { SAME_NUMBER } else { 0.0 };
            if like >= LIKE_MIN {
                candidates.push((like, draft, *nth));
            }
        }
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut used = vec![false; known.len()];
    for (_, draft, nth) in candidates {
        let (Some(pair), Some(used)) = (pairs.get_mut(draft), used.get_mut(nth)) else {
            continue;
        };
        if pair.is_none() && !*used {
            *pair = Some(nth);
            *used = true;
        }
    }
    pairs
}

fn difference(draft: &DraftTask, planned: &[Planned], known: &Known) -> Difference {
    let mut difference = Difference::default();
    let text = draft.text.trim();
    if text != known.task.text {
        difference.text = Some(diff::chars(&known.task.text, text));
    }
    let heading = |section: &Option<String>, group: &Option<String>| {
        [section, group]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" › ")
    };
    let (before, after) = (
        heading(&known.task.section, &known.task.group),
        heading(&draft.section, &draft.group),
    );
    if before != after {
        difference.heading = Some((before, after));
    }
    if draft.number != known.task.number {
        let shown = |number: Option<i64>| number.map_or_else(none, |number| number.to_string());
        difference.number = Some((shown(known.task.number), shown(draft.number)));
    }
    if draft.quantities != known.task.quantities {
        difference.quantities = Some((
            quantities(&known.task.quantities),
            quantities(&draft.quantities),
        ));
    }
    if draft.deadlines != known.task.deadlines {
        difference.dates = Some((dates(&known.task.deadlines), dates(&draft.deadlines)));
    }
    let open: Vec<&Assignment> = known
        .assignments
        .iter()
        .filter(|assignment| assignment.state == AssignmentState::Open)
        .collect();
    for plan in planned {
        match open
            .iter()
            .find(|assignment| assignment.organ == plan.organ)
        {
            None => difference.added.push(plan.clone()),
            Some(assignment) if assignment.duty != plan.duty => {
                difference
                    .duties
                    .push((plan.organ, assignment.duty, plan.duty));
            }
            Some(_) => {}
        }
    }
    for assignment in open {
        if !planned.iter().any(|plan| plan.organ == assignment.organ) {
            difference.removed.push((assignment.organ, assignment.duty));
        }
    }
    difference
}

/// One fact of the plan's head that a correction changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadChange {
    /// The field as screens call it: 发文字号.
    pub name: &'static str,
    pub before: String,
    pub after: String,
}

/// What a correction changes in the plan's head and in the dates of its covering notice.
#[must_use]
pub fn head(meta: &Meta, plan: &Plan, deadlines: &[Deadline]) -> Vec<HeadChange> {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(none);
    let date = |date: Option<Date>| date.map_or_else(none, when::date);
    let year = |year: Option<i64>| year.map_or_else(none, |year| year.to_string());
    let facts = [
        ("标题", plan.title.clone(), meta.title.trim().to_owned()),
        (
            "通知标题",
            text(&plan.notice_title),
            text(&meta.notice_title),
        ),
        (
            "发文字号",
            text(&plan.document_number),
            text(&meta.document_number),
        ),
        ("印发机关", text(&plan.issuer), text(&meta.issuer)),
        ("印发日期", date(plan.issued_on), date(meta.issued_on)),
        ("发布日期", date(plan.published_on), date(meta.published_on)),
        ("年度", year(Some(plan.year)), year(meta.year)),
        ("通知规定的时限", dates(deadlines), dates(&meta.deadlines)),
    ];
    facts
        .into_iter()
        .filter(|(_, before, after)| before != after)
        .map(|(name, before, after)| HeadChange {
            name,
            before,
            after,
        })
        .collect()
}

fn none() -> String {
    "（无）".to_owned()
}

fn quantities(quantities: &[Quantity]) -> String {
    if quantities.is_empty() {
        return none();
    }
    let texts: Vec<&str> = quantities.iter().map(|q| q.text.as_str()).collect();
    texts.join("；")
}

fn dates(deadlines: &[Deadline]) -> String {
    if deadlines.is_empty() {
        return none();
    }
    deadlines
        .iter()
        .map(|deadline| match deadline.on() {
            Some(date) => format!("{}（{date}）", deadline.text),
            None => deadline.text.clone(),
        })
        .collect::<Vec<_>>()
        .join("；")
}
