//! 进展公布: what the portal shows of a plan, as it was when the head of the office published it. Nothing else leaves.

pub mod publish;
pub mod store;
#[cfg(test)]
mod tests;

use gongkai_basis::Date;
use gongkai_basis::id::PlanId;
use serde::{Deserialize, Serialize};

use crate::assignment::Duty;
use crate::assignment::light::Light;

/// A plan and its state on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    pub title: String,
    pub document_number: Option<String>,
    pub issuer: Option<String>,
    pub issued_on: Option<Date>,
    pub year: i64,
    /// The day whose lights these are.
    pub as_of: Date,
    pub tasks: Vec<SnapshotTask>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotTask {
    pub number: Option<i64>,
    pub section: Option<String>,
    pub group: Option<String>,
    /// What.
    pub text: String,
    /// Who.
    pub organs: Vec<SnapshotOrgan>,
    /// Who, as the plan prints it, where the directory has none of those named: 各村（社区）.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub organ_text: String,
    /// By when, as printed.
    pub due_text: String,
    pub due_on: Option<Date>,
    /// The light's code: `done`, `normal`, `soon`, `overdue`.
    pub state: String,
    /// Of so many organs, so many are done.
    pub organs_total: i64,
    pub organs_done: i64,
    /// The last update and, where the head chose so, its words.
    pub updated_on: Option<Date>,
    pub progress: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotOrgan {
    pub name: String,
    pub duty: Duty,
    /// More than one where a collective stands.
    pub organs: i64,
}

impl SnapshotTask {
    /// A state that this version does not know counts as normal.
    #[must_use]
    pub fn light(&self) -> Light {
        Light::from_code(&self.state).unwrap_or(Light::Normal)
    }
}

impl Snapshot {
    /// How many tasks stand under each light, done first.
    #[must_use]
    pub fn counts(&self) -> Vec<(Light, usize)> {
        Light::ALL
            .into_iter()
            .map(|light| {
                (
                    light,
                    self.tasks
                        .iter()
                        .filter(|task| task.light() == light)
                        .count(),
                )
            })
            .filter(|(_, count)| *count > 0)
            .collect()
    }
}

/// A published snapshot in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub plan: PlanId,
    pub title: String,
    pub document_number: Option<String>,
    pub year: i64,
    /// Milliseconds since 1970.
    pub at: i64,
    pub publisher: String,
}
