//! 台账: a plan's tasks and assignments as one dense list. What a person narrows it to stands in the address, whole.

pub mod due;
pub mod query;
pub mod store;

use gongkai_basis::Date;
use gongkai_basis::id::{AccountId, AssignmentId, OrganId, PlanId, TaskId};

use crate::assignment::Duty;
use crate::assignment::light::Light;
use crate::evidence::target::{Tally, Wanted};
use crate::plan::{Deadline, DeadlineKind};
use crate::report::Outcome;
use crate::when;

pub use due::Due;
pub use query::{Column, Narrow, Query, Sort, View};

/// Up to here hits are counted one by one; beyond, the page says 超过, so that its cost does not grow with the plan.
pub const COUNT_MAX: i64 = 10_000;
/// Rows that one file takes.
pub const EXPORT_ROWS_MAX: i64 = 100_000;

/// How many there are, as far as it was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub n: i64,
    /// There are more than `n`.
    pub more: bool,
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.n.fmt(f)?;
        if self.more { f.write_str("+") } else { Ok(()) }
    }
}

/// The organs of a task that the plan names in one breath: one organ, or a collective.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub duty: Duty,
    /// As printed: 市司法局, 各县（市、区）政府.
    pub named_as: String,
    pub organs: i64,
    pub reported: i64,
    pub finished: i64,
    pub evidence: i64,
    /// Of the evidence, what a check found changed or gone.
    pub decayed: i64,
}

/// One line of the list of tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    pub id: TaskId,
    pub number: Option<i64>,
    pub section: Option<String>,
    pub group: Option<String>,
    pub text: String,
    pub due_on: Option<Date>,
    pub deadlines: Vec<Deadline>,
    /// The earliest date among those who decide the light and are not done.
    pub next_due_on: Option<Date>,
    pub light: Light,
    /// The evidence that the plan counts.
    pub wanted: Wanted,
    /// How much of it is there, in words.
    pub counted: Vec<String>,
    pub units: Vec<Unit>,
    /// The newest report, where few organs decide.
    pub latest: Option<Latest>,
}

impl TaskRow {
    #[must_use]
    pub fn due(&self) -> Due {
        let next = self.next_due_on.filter(|_| self.light != Light::Done);
        Due::of(&self.deadlines, self.due_on, next)
    }

    /// Of its evidence, what a check found changed or gone.
    #[must_use]
    pub fn decayed(&self) -> i64 {
        self.units.iter().map(|unit| unit.decayed).sum()
    }

    /// Organs, and of them those that reported, those done; evidence.
    #[must_use]
    pub fn sums(&self) -> (i64, i64, i64, i64) {
        self.units.iter().fold((0, 0, 0, 0), |sum, unit| {
            (
                sum.0 + unit.organs,
                sum.1 + unit.reported,
                sum.2 + unit.finished,
                sum.3 + unit.evidence,
            )
        })
    }
}

/// A report as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Latest {
    pub organ: String,
    pub author: Option<AccountId>,
    pub author_name: String,
    pub outcome: Outcome,
    pub done_text: String,
    pub pending_text: String,
    pub planned_on: Option<Date>,
    /// Milliseconds since 1970.
    pub at: i64,
}

/// One line of the list of assignments, also of a unit's own tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentRow {
    pub id: AssignmentId,
    pub task: TaskId,
    pub organ: OrganId,
    pub organ_name: String,
    pub duty: Duty,
    pub named_as: String,
    pub number: Option<i64>,
    pub section: Option<String>,
    pub text: String,
    pub due_on: Option<Date>,
    /// The day that decides the light.
    pub next_due_on: Option<Date>,
    pub deadlines: Vec<Deadline>,
    pub light: Light,
    pub evidence: i64,
    /// Of the evidence, what a check found changed or gone.
    pub decayed: i64,
    /// The evidence that the plan counts, and how much of it is there.
    pub wanted: Wanted,
    pub tallies: Vec<Tally>,
    pub latest: Option<Latest>,
    pub plan: PlanId,
    pub plan_title: String,
    pub plan_year: i64,
}

impl AssignmentRow {
    #[must_use]
    pub fn due(&self) -> Due {
        let next = self.next_due_on.filter(|_| self.light != Light::Done);
        Due::of(&self.deadlines, self.due_on, next)
    }
}

/// 期限 as printed, else as a date, else nothing; with the date where the words do not tell it (印发后30日内, 2月30日前). What
/// people are to keep is [`Due`].
#[must_use]
pub fn due_text(deadlines: &[Deadline], due_on: Option<Date>) -> String {
    if deadlines.is_empty() {
        return due_on.map_or_else(String::new, |date| {
            format!("{}年{}月{}日", date.year(), date.month(), date.day())
        });
    }
    deadlines.iter().map(words).collect::<Vec<_>>().join("；")
}

fn words(deadline: &Deadline) -> String {
    let told = deadline.date.filter(|date| {
        let read = crate::read::typed(&deadline.text, Some(date.year()), None);
        deadline.kind == DeadlineKind::By && read.and_then(|read| read.date) != Some(*date)
    });
    match told {
        Some(date) => format!("{}（{}）", deadline.text, when::date(date)),
        None => deadline.text.clone(),
    }
}
