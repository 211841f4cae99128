//! What a draft holds while a person works on it: plain data, stored as JSON.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_office::Place;
use gongkai_platform::organ::CollectiveKey;
use serde::{Deserialize, Serialize};

use super::edit::Step;
use crate::assignment::Duty;
use crate::plan::{Deadline, Quantity};

/// The head of the document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    pub title: String,
    pub notice_title: Option<String>,
    /// 发文字号, as printed.
    pub document_number: Option<String>,
    pub issuer: Option<String>,
    pub issued_on: Option<Date>,
    pub published_on: Option<Date>,
    pub year: Option<i64>,
    /// Dates that the covering notice sets for everybody.
    pub deadlines: Vec<Deadline>,
}

/// Why a person should look at a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    pub message: String,
    pub settled: bool,
}

/// A printed name with what it does for the task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedOrgan {
    pub name: String,
    pub duty: Duty,
}

/// One task of the draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DraftTask {
    /// Names the task within its draft; never used twice.
    pub key: u32,
    /// The printed number.
    pub number: Option<i64>,
    pub section: Option<String>,
    pub group: Option<String>,
    pub text: String,
    /// The unit cell as printed.
    pub organ_text: String,
    pub organs: Vec<NamedOrgan>,
    pub deadlines: Vec<Deadline>,
    pub quantities: Vec<Quantity>,
    pub place: Place,
    pub doubts: Vec<Doubt>,
}

impl DraftTask {
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        self.doubts.iter().any(|doubt| !doubt.settled)
    }
}

/// Something the readers repaired, guessed or left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub code: String,
    pub message: String,
    pub place: Place,
}

/// Characters of the source, white space not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    pub source_chars: u64,
    pub in_fields: u64,
    pub in_problems: u64,
    pub dropped: u64,
}

/// What a person decided about a printed name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Organ(OrganId),
    Collective(CollectiveKey),
    /// These organs, picked for this plan: 有关单位.
    Organs(Vec<OrganId>),
    /// No assignment is made for it; the reason is kept.
    KeptOut(String),
}

/// What a column of the source holds, as the person says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnRole {
    Number,
    Heading,
    Text,
    Lead,
    Cooperate,
    Units,
    Deadline,
    Other,
}

impl ColumnRole {
    pub const ALL: [Self; 8] = [
        Self::Number,
        Self::Heading,
        Self::Text,
        Self::Units,
        Self::Lead,
        Self::Cooperate,
        Self::Deadline,
        Self::Other,
    ];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Heading => "heading",
            Self::Text => "text",
            Self::Lead => "lead",
            Self::Cooperate => "cooperate",
            Self::Units => "units",
            Self::Deadline => "deadline",
            Self::Other => "other",
        }
    }

    /// The head under which plans print such a column, and what screens call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "序号",
            Self::Heading => "工作任务",
            Self::Text => "具体措施",
            Self::Lead => "牵头单位",
            Self::Cooperate => "配合单位",
            Self::Units => "责任单位",
            Self::Deadline => "完成时限",
            Self::Other => "备注",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// A column of the source's plan table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Zero-based column of the grid.
    pub index: u32,
    /// Its head as printed.
    pub head: String,
    pub role: ColumnRole,
}

/// A draft's content.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// The readers found tasks in it.
    pub is_plan: bool,
    /// A person goes on although it is no plan.
    #[serde(default)]
    pub by_hand: bool,
    pub meta: Meta,
    pub columns: Vec<Column>,
    pub tasks: Vec<DraftTask>,
    pub problems: Vec<Problem>,
    pub coverage: Coverage,
    /// By the printed name.
    pub decisions: BTreeMap<String, Decision>,
    /// The next task's key.
    pub next_key: u32,
    /// What would undo each edit, oldest first.
    pub undo: Vec<Step>,
}

impl Content {
    #[must_use]
    pub fn task(&self, key: u32) -> Option<&DraftTask> {
        self.tasks.iter().find(|task| task.key == key)
    }

    /// Tasks with something unsettled.
    #[must_use]
    pub fn doubtful(&self) -> usize {
        self.tasks.iter().filter(|task| task.is_doubtful()).count()
    }

    /// Each distinct printed name with the number of tasks that name it, in reading order.
    #[must_use]
    pub fn names(&self) -> Vec<(&str, usize)> {
        let mut order: Vec<(&str, usize)> = Vec::new();
        let mut seen: BTreeMap<&str, (usize, u32)> = BTreeMap::new();
        for task in &self.tasks {
            for organ in &task.organs {
                match seen.get_mut(organ.name.as_str()) {
                    Some((_, last)) if *last == task.key => {}
                    Some((nth, last)) => {
                        *last = task.key;
                        if let Some(entry) = order.get_mut(*nth) {
                            entry.1 += 1;
                        }
                    }
                    None => {
                        seen.insert(&organ.name, (order.len(), task.key));
                        order.push((&organ.name, 1));
                    }
                }
            }
        }
        order
    }
}
