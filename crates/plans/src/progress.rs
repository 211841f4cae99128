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
    /// The code of [`Stands`]: `done`, `normal`, `soon`, `overdue`, `working`.
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

/// How the public reads that a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    Light(Light),
    /// ● 进行中: its date has passed, it was reported as done, and what proves it is looked at again: neither 正常 nor 已逾期.
    Working,
}

impl Stands {
    /// Of a task with its own date. What a check found is the office's business until it is mended; the public reads that
    /// work goes on.
    #[must_use]
    pub fn of(light: Light, due_on: Option<Date>, today: Date) -> Self {
        match light {
            Light::Decayed => match Light::of(due_on, false, today) {
                Light::Overdue => Self::Working,
                before @ (Light::Done | Light::Normal | Light::Soon | Light::Decayed) => {
                    Self::Light(before)
                }
            },
            Light::Done | Light::Normal | Light::Soon | Light::Overdue => Self::Light(light),
        }
    }

    /// Best first.
    pub const ALL: [Self; 6] = [
        Self::Light(Light::Done),
        Self::Light(Light::Normal),
        Self::Light(Light::Soon),
        Self::Working,
        Self::Light(Light::Decayed),
        Self::Light(Light::Overdue),
    ];

    /// A code that this version does not know counts as normal.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        let known = Self::ALL.into_iter().find(|stands| stands.code() == code);
        known.unwrap_or(Self::Light(Light::Normal))
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Light(light) => light.code(),
            Self::Working => "working",
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Light(light) => light.name(),
            Self::Working => "进行中",
        }
    }

    #[must_use]
    pub const fn shape(self) -> &'static str {
        self.look().shape()
    }

    /// The light whose colour and shape it has.
    #[must_use]
    pub const fn look(self) -> Light {
        match self {
            Self::Light(light) => light,
            Self::Working => Light::Normal,
        }
    }
}

impl SnapshotTask {
    #[must_use]
    pub fn stands(&self) -> Stands {
        Stands::from_code(&self.state)
    }
}

impl Snapshot {
    /// How many tasks stand how, done first.
    #[must_use]
    pub fn counts(&self) -> Vec<(Stands, usize)> {
        let count = |stands: Stands| {
            let alike = self.tasks.iter().filter(|task| task.stands() == stands);
            (stands, alike.count())
        };
        Stands::ALL
            .into_iter()
            .map(count)
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
