//! Edits of a draft, purely: each one leaves the step that undoes it.

mod split;
#[cfg(test)]
mod tests;

use gongkai_office::Place;
use serde::{Deserialize, Serialize};

use super::content::{
    Column, Content, Coverage, Decision, Doubt, DraftTask, Meta, NamedOrgan, Problem,
};
use super::convert::quantities_in;
use crate::plan::{Deadline, DeadlineKind};
use crate::read::typed;

pub use split::position_before;

/// Steps that can be undone; older ones are forgotten.
pub const UNDO_STEPS_MAX: usize = 200;
/// Characters of one task.
pub const TEXT_CHARS_MAX: usize = 5_000;
/// Characters of a section, a group or a printed name.
pub const NAME_CHARS_MAX: usize = 200;
/// Tasks of one draft.
pub const TASKS_MAX: usize = 5_000;
/// Organs named by one task.
pub const ORGANS_MAX: usize = 200;

/// What a person may change on one task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    pub number: Option<i64>,
    pub section: Option<String>,
    pub group: Option<String>,
    pub text: String,
    pub organs: Vec<NamedOrgan>,
    pub deadlines: Vec<Deadline>,
}

/// One edit. Keys name tasks.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    Save {
        key: u32,
        card: Card,
    },
    /// `at`: characters before the second part.
    Split {
        key: u32,
        at: usize,
    },
    /// With the task before it.
    Merge {
        key: u32,
    },
    Up {
        key: u32,
    },
    Down {
        key: u32,
    },
    Delete {
        key: u32,
    },
    /// A new, empty task after this one, or at the end.
    Add {
        after: Option<u32>,
    },
    /// The person looked: all doubts of the task are settled.
    SettleDoubts {
        key: u32,
    },
    Meta(Box<Meta>),
    /// `None` takes a decision back.
    Decide {
        name: String,
        decision: Option<Decision>,
    },
    /// The columns of the source mean something else: it is read again, and edits stay.
    Reread(Box<Reading>),
    Undo,
}

/// What stands in a draft because of how its source was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    pub columns: Vec<Column>,
    pub tasks: Vec<DraftTask>,
    pub problems: Vec<Problem>,
    pub coverage: Coverage,
    pub is_plan: bool,
}

impl Reading {
    fn swap(&mut self, content: &mut Content) {
        std::mem::swap(&mut self.columns, &mut content.columns);
        std::mem::swap(&mut self.tasks, &mut content.tasks);
        std::mem::swap(&mut self.problems, &mut content.problems);
        std::mem::swap(&mut self.coverage, &mut content.coverage);
        std::mem::swap(&mut self.is_plan, &mut content.is_plan);
    }
}

/// What undoes an edit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Put `removed` back in the place of the `inserted` tasks at `at`.
    Tasks {
        at: usize,
        removed: Vec<DraftTask>,
        inserted: usize,
    },
    Meta(Box<Meta>),
    Decide {
        name: String,
        before: Option<Decision>,
    },
    Reread(Box<Reading>),
}

/// Which tasks an edit touched, for a page that shows only those anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    pub removed: Vec<u32>,
    /// Where the inserted tasks stand now.
    pub at: usize,
    pub inserted: usize,
}

/// Why an edit cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("这一条任务已不在草稿中，可能刚被合并或删除。草稿没有改动。请刷新页面后再改。")]
    NoTask,
    #[error("上面没有可以合并的任务。草稿没有改动。")]
    NothingAbove,
    #[error("已经在最前或最后，不能再移动。草稿没有改动。")]
    AtEnd,
    #[error(
        "拆分处两边都要有文字。草稿没有改动。请把光标放在第二条开头的位置，或写出第二条开头的几个字。"
    )]
    SplitPoint,
    #[error("没有可以撤销的改动。")]
    NothingToUndo,
    #[error("{0}")]
    Limit(String),
}

/// Makes an edit.
///
/// # Errors
/// See [`EditError`]; the content is unchanged then.
pub fn apply(content: &mut Content, edit: Edit) -> Result<Touched, EditError> {
    let step = match edit {
        Edit::Undo => {
            let step = content.undo.pop().ok_or(EditError::NothingToUndo)?;
            return Ok(revert(content, step));
        }
        Edit::Meta(mut meta) => {
            date_typed(&mut meta);
            Step::Meta(Box::new(std::mem::replace(&mut content.meta, *meta)))
        }
        Edit::Reread(mut reading) => {
            reading.swap(content);
            Step::Reread(reading)
        }
        Edit::Decide { name, decision } => {
            let before = match decision {
                Some(decision) => content.decisions.insert(name.clone(), decision),
                None => content.decisions.remove(&name),
            };
            Step::Decide { name, before }
        }
        edit => splice(content, edit)?,
    };
    let touched = touched(content, &step);
    if !changes(content, &step) {
        return Ok(touched);
    }
    content.undo.push(step);
    let over = content.undo.len().saturating_sub(UNDO_STEPS_MAX);
    content.undo.drain(..over);
    Ok(touched)
}

/// Saving what is there already is no step.
fn changes(content: &Content, step: &Step) -> bool {
    match step {
        Step::Tasks {
            at,
            removed,
            inserted,
        } => content.tasks.get(*at..at + inserted) != Some(removed.as_slice()),
        Step::Meta(before) => **before != content.meta,
        Step::Reread(before) => before.columns != content.columns || before.tasks != content.tasks,
        Step::Decide { name, before } => content.decisions.get(name) != before.as_ref(),
    }
}

fn touched(content: &Content, step: &Step) -> Touched {
    match step {
        Step::Tasks {
            at,
            removed,
            inserted,
        } => Touched {
            removed: removed.iter().map(|task| task.key).collect(),
            at: *at,
            inserted: *inserted,
        },
        Step::Meta(_) | Step::Decide { .. } | Step::Reread(_) => Touched {
            at: content.tasks.len(),
            ..Touched::default()
        },
    }
}

fn revert(content: &mut Content, step: Step) -> Touched {
    match step {
        Step::Tasks {
            at,
            removed,
            inserted,
        } => {
            let at = at.min(content.tasks.len());
            let end = (at + inserted).min(content.tasks.len());
            let count = removed.len();
            let gone = content.tasks.splice(at..end, removed).map(|task| task.key);
            Touched {
                removed: gone.collect(),
                at,
                inserted: count,
            }
        }
        Step::Meta(meta) => {
            content.meta = *meta;
            Touched::default()
        }
        Step::Reread(mut reading) => {
            reading.swap(content);
            Touched::default()
        }
        Step::Decide { name, before } => {
            match before {
                Some(before) => content.decisions.insert(name, before),
                None => content.decisions.remove(&name),
            };
            Touched::default()
        }
    }
}

/// An edit of tasks: which run of them becomes which others.
fn splice(content: &mut Content, edit: Edit) -> Result<Step, EditError> {
    let find = |key: u32| {
        content
            .tasks
            .iter()
            .position(|task| task.key == key)
            .ok_or(EditError::NoTask)
    };
    let task = |at: usize| content.tasks.get(at).cloned().ok_or(EditError::NoTask);
    let (at, count, new) = match edit {
        Edit::Save { key, card } => {
            let at = find(key)?;
            (at, 1, vec![saved(task(at)?, card, &content.meta)?])
        }
        Edit::Split { key, at: point } => {
            let at = find(key)?;
            room(content, 1)?;
            let (first, mut second) = split::split(&task(at)?, point)?;
            second.key = content.next_key;
            content.next_key += 1;
            (at, 1, vec![first, second])
        }
        Edit::Merge { key } => {
            let at = find(key)?;
            let above = at.checked_sub(1).ok_or(EditError::NothingAbove)?;
            let merged = split::merge(task(above)?, task(at)?);
            if merged.text.chars().count() > TEXT_CHARS_MAX {
                return Err(too_long());
            }
            (above, 2, vec![merged])
        }
        Edit::Up { key } => {
            let at = find(key)?;
            let above = at.checked_sub(1).ok_or(EditError::AtEnd)?;
            (above, 2, vec![task(at)?, task(above)?])
        }
        Edit::Down { key } => {
            let at = find(key)?;
            let below = task(at + 1).map_err(|_| EditError::AtEnd)?;
            (at, 2, vec![below, task(at)?])
        }
        Edit::Delete { key } => (find(key)?, 1, Vec::new()),
        Edit::Add { after } => {
            let at = match after {
                Some(key) => find(key)? + 1,
                None => content.tasks.len(),
            };
            (at, 0, vec![added(content, at)?])
        }
        Edit::SettleDoubts { key } => {
            let at = find(key)?;
            let mut settled = task(at)?;
            for doubt in &mut settled.doubts {
                doubt.settled = true;
            }
            (at, 1, vec![settled])
        }
        Edit::Meta(_) | Edit::Decide { .. } | Edit::Reread(_) | Edit::Undo => {
            return Err(EditError::NoTask);
        }
    };
    let inserted = new.len();
    let removed = content.tasks.splice(at..at + count, new).collect();
    Ok(Step::Tasks {
        at,
        removed,
        inserted,
    })
}

/// A new, empty task at this place, under the headings of the one above.
fn added(content: &mut Content, at: usize) -> Result<DraftTask, EditError> {
    room(content, 1)?;
    let neighbour = at.checked_sub(1).and_then(|above| content.tasks.get(above));
    let key = content.next_key;
    let task = blank(key, neighbour.cloned());
    content.next_key += 1;
    Ok(task)
}

fn room(content: &Content, more: usize) -> Result<(), EditError> {
    if content.tasks.len() + more > TASKS_MAX {
        return Err(EditError::Limit(format!(
            "一份方案最多 {TASKS_MAX} 条任务。草稿没有改动。请拆成几份方案导入。"
        )));
    }
    Ok(())
}

fn too_long() -> EditError {
    EditError::Limit(format!(
        "一条任务最多 {TEXT_CHARS_MAX} 字。草稿没有改动。请拆成几条。"
    ))
}

fn saved(mut task: DraftTask, mut card: Card, meta: &Meta) -> Result<DraftTask, EditError> {
    if card.text.chars().count() > TEXT_CHARS_MAX {
        return Err(too_long());
    }
    let names = card.organs.iter().map(|organ| organ.name.as_str());
    let long = names
        .chain(card.section.as_deref())
        .chain(card.group.as_deref())
        .any(|name| name.chars().count() > NAME_CHARS_MAX);
    if long || card.organs.len() > ORGANS_MAX {
        return Err(EditError::Limit(format!(
            "单位名称和标题最多 {NAME_CHARS_MAX} 字，一条任务最多 {ORGANS_MAX} 个单位。这一条没有改动。请改短后再保存。"
        )));
    }
    for deadline in undated(&mut card.deadlines, &task.deadlines) {
        let Some(read) = typed(&deadline.text, year(meta), meta.issued_on) else {
            continue;
        };
        deadline.date = read.date;
        task.doubts.extend(read.doubt.map(|message| Doubt {
            message,
            settled: false,
        }));
    }
    task.number = card.number;
    task.section = card.section;
    task.group = card.group;
    if task.text != card.text {
        task.quantities = quantities_in(&card.text);
    }
    task.text = card.text;
    task.organs = card.organs;
    task.deadlines = card.deadlines;
    Ok(task)
}

/// The rows that a person just typed with words alone: what stood there before keeps its missing date.
fn undated<'d>(
    deadlines: &'d mut [Deadline],
    before: &'d [Deadline],
) -> impl Iterator<Item = &'d mut Deadline> {
    deadlines.iter_mut().filter(|deadline| {
        deadline.date.is_none()
            && deadline.kind == DeadlineKind::By
            && before.iter().all(|old| old.text != deadline.text)
    })
}

/// Dates for everybody have no task to doubt: words that are not sure stay without a date.
fn date_typed(meta: &mut Meta) {
    let (year, issued) = (year(meta), meta.issued_on);
    for deadline in undated(&mut meta.deadlines, &[]) {
        if let Some(read) = typed(&deadline.text, year, issued)
            && read.doubt.is_none()
        {
            deadline.date = read.date;
        }
    }
}

fn year(meta: &Meta) -> Option<i16> {
    meta.year.and_then(|year| i16::try_from(year).ok())
}

fn blank(key: u32, neighbour: Option<DraftTask>) -> DraftTask {
    DraftTask {
        key,
        number: None,
        section: neighbour.as_ref().and_then(|task| task.section.clone()),
        group: neighbour.as_ref().and_then(|task| task.group.clone()),
        text: String::new(),
        organ_text: String::new(),
        organs: Vec::new(),
        deadlines: Vec::new(),
        quantities: Vec::new(),
        place: neighbour.map_or_else(Place::default, |task| task.place),
        doubts: Vec::new(),
    }
}
