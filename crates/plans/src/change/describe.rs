//! A change in words: for each task, what was and what will be, as fields.

use gongkai_platform::diff::{self, Piece};
use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, OrganId, TaskId};
use gongkai_platform::db::{StoreError, Tx};

use super::effects::{PartBefore, Previous, TaskBefore};
use super::{NewPart, Operation, Wording, store};
use crate::assignment::Duty;
use crate::ledger::due_text;
use crate::plan::{Deadline, DeadlineKind};
use crate::task;
use crate::when;

/// Units that a cancellation names one by one.
const UNITS_NAMED_MAX: usize = 6;

/// What changes on one task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    pub task: TaskId,
    pub text: String,
    /// The task is new and has no page before the change takes effect.
    pub new: bool,
    pub fields: Vec<Field>,
}

/// One field, before and after; empty where there was or will be nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub old: String,
    pub new: String,
    /// Prose is compared as text, everything else as a whole.
    pub prose: bool,
}

impl Field {
    fn new(name: impl Into<String>, old: impl Into<String>, new: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            old: old.into(),
            new: new.into(),
            prose: false,
        }
    }

    /// The text's pieces with their fates.
    #[must_use]
    pub fn pieces(&self) -> Vec<Piece> {
        diff::chars(&self.old, &self.new)
    }
}

struct Words<'p> {
    names: BTreeMap<OrganId, String>,
    tasks: BTreeMap<TaskId, &'p TaskBefore>,
    parts: BTreeMap<AssignmentId, &'p PartBefore>,
}

/// Puts operations into words, with what was there before.
///
/// # Errors
/// When the store cannot be read.
pub async fn describe(
    tx: &mut Tx,
    operations: &[Operation],
    previous: &Previous,
) -> Result<Vec<Described>, StoreError> {
    let wanted = operations.iter().flat_map(new_organs);
    let known = previous.parts.iter().map(|part| part.organ);
    let words = Words {
        names: store::organ_names(tx, wanted.chain(known)).await?,
        tasks: previous.tasks.iter().map(|task| (task.id, task)).collect(),
        parts: previous.parts.iter().map(|part| (part.id, part)).collect(),
    };
    let mut described: Vec<Described> = Vec::new();
    let mut seen: BTreeMap<TaskId, usize> = BTreeMap::new();
    for operation in operations {
        let Some((task, fields)) = words.fields(operation) else {
            continue;
        };
        let index = match seen.get(&task) {
            Some(index) => *index,
            None => {
                let (text, new) = match words.tasks.get(&task) {
                    Some(before) => (before.wording.text.clone(), before.new),
                    None => (
                        task::store::load(tx, task)
                            .await?
                            .map_or_else(String::new, |task| task.text),
                        false,
                    ),
                };
                described.push(Described {
                    task,
                    text,
                    new,
                    fields: Vec::new(),
                });
                seen.insert(task, described.len() - 1);
                described.len() - 1
            }
        };
        if let Some(lines) = described.get_mut(index) {
            lines.fields.extend(fields);
        }
    }
    Ok(described)
}

fn new_organs(operation: &Operation) -> Vec<OrganId> {
    match operation {
        Operation::AddTask { parts, .. } => parts.iter().map(|part| part.organ).collect(),
        Operation::AddPart { part, .. } => vec![part.organ],
        Operation::Transfer { to, .. } => vec![to.organ],
        Operation::AmendTask { .. }
        | Operation::TaskDue { .. }
        | Operation::PartDue { .. }
        | Operation::RemovePart { .. }
        | Operation::SetDuty { .. }
        | Operation::CancelTask { .. } => Vec::new(),
    }
}

impl Words<'_> {
    fn name(&self, organ: OrganId) -> &str {
        self.names
            .get(&organ)
            .map_or("（已不在名录）", String::as_str)
    }

    fn part(&self, organ: OrganId, duty: Duty) -> String {
        format!("{}（{}）", self.name(organ), duty.name())
    }

    fn cancelled(&self, task: TaskId) -> Vec<Field> {
        let mut fields = vec![Field::new("状态", "办理中", "取消")];
        fields.extend(self.released(task));
        fields
    }

    /// The units that a cancelled task no longer binds, the first by name.
    fn released(&self, task: TaskId) -> Option<Field> {
        let open = |part: &&&PartBefore| part.task == task && !part.new;
        let parts = self.parts.values().filter(open);
        let mut units: Vec<String> = parts.map(|part| self.part(part.organ, part.duty)).collect();
        let all = units.len();
        units.truncate(UNITS_NAMED_MAX);
        let more = if all > units.len() {
            format!("等{all}个单位")
        } else {
            String::new()
        };
        (all > 0).then(|| Field::new("单位", units.join("、") + &more, ""))
    }

    fn new_part(&self, part: &NewPart) -> String {
        self.part(part.organ, part.duty)
    }

    fn fields(&self, operation: &Operation) -> Option<(TaskId, Vec<Field>)> {
        let part = |id: &AssignmentId| self.parts.get(id).copied();
        Some(match operation {
            Operation::AddTask {
                task,
                wording,
                parts,
            } => {
                let organs: Vec<String> = parts.iter().map(|part| self.new_part(part)).collect();
                let mut fields = wording_fields(None, wording);
                fields.push(Field::new("单位", "", organs.join("、")));
                (*task, fields)
            }
            Operation::AmendTask { task, wording, .. } => (
                *task,
                wording_fields(self.tasks.get(task).map(|before| &before.wording), wording),
            ),
            Operation::TaskDue { task, due_on, .. } => {
                let old = self.tasks.get(task).map(|old| &old.wording.deadlines);
                let old = old.map_or(&[][..], Vec::as_slice);
                let new = deadlines(&super::with_due(old, *due_on));
                (*task, vec![Field::new("期限", deadlines(old), new)])
            }
            Operation::CancelTask { task, .. } => (*task, self.cancelled(*task)),
            Operation::PartDue { assignment, due_on } => {
                let before = part(assignment)?;
                let name = format!("{}的期限", self.name(before.organ));
                (
                    before.task,
                    vec![Field::new(
                        name,
                        date_text(before.due_on),
                        date_text(Some(*due_on)),
                    )],
                )
            }
            Operation::SetDuty { assignment, duty } => {
                let before = part(assignment)?;
                let name = format!("{}的分工", self.name(before.organ));
                (
                    before.task,
                    vec![Field::new(name, before.duty.name(), duty.name())],
                )
            }
            Operation::RemovePart { assignment } => {
                let before = part(assignment)?;
                (
                    before.task,
                    vec![Field::new("单位", self.part(before.organ, before.duty), "")],
                )
            }
            Operation::AddPart { task, part } => {
                (*task, vec![Field::new("单位", "", self.new_part(part))])
            }
            Operation::Transfer { assignment, to } => {
                let before = part(assignment)?;
                (
                    before.task,
                    vec![Field::new(
                        "单位",
                        self.part(before.organ, before.duty),
                        self.new_part(to),
                    )],
                )
            }
        })
    }
}

/// Words of a plan, with the day and the kind that they stand for: these count, and may change under the same words.
fn deadlines(all: &[Deadline]) -> String {
    let one = |deadline: &Deadline| {
        let words = deadline.text.as_str();
        let day = deadline.date.map(when::date);
        let day = day.filter(|day| !words.contains(day.as_str()));
        let kind = match deadline.kind {
            DeadlineKind::By => None,
            DeadlineKind::Recurring | DeadlineKind::MinimumCount => {
                Some(deadline.kind.name().to_owned())
            }
        };
        let more: Vec<String> = day.into_iter().chain(kind).collect();
        if more.is_empty() {
            words.to_owned()
        } else {
            format!("{words}（{}）", more.join("，"))
        }
    };
    all.iter().map(one).collect::<Vec<_>>().join("；")
}

fn date_text(date: Option<Date>) -> String {
    due_text(&[], date)
}

fn wording_fields(old: Option<&Wording>, new: &Wording) -> Vec<Field> {
    let text = |value: Option<&Option<String>>| value.cloned().flatten().unwrap_or_default();
    let all = [
        Field {
            prose: true,
            ..Field::new(
                "任务内容",
                old.map_or("", |old| old.text.as_str()),
                new.text.as_str(),
            )
        },
        Field::new(
            "部分",
            text(old.map(|old| &old.section)),
            text(Some(&new.section)),
        ),
        Field::new(
            "小标题",
            text(old.map(|old| &old.group)),
            text(Some(&new.group)),
        ),
        Field::new(
            "期限",
            old.map_or_else(String::new, |old| deadlines(&old.deadlines)),
            deadlines(&new.deadlines),
        ),
    ];
    all.into_iter()
        .filter(|field| field.old != field.new)
        .collect()
}
