//! 要点分工方案: a government's measures of one year, as confirmed.

pub mod store;

use gongkai_basis::Date;
use gongkai_basis::id::{DraftId, FileId, OrganId, PlanId};

use crate::when;

/// Where a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanState {
    /// Confirmed; units work in its ledger.
    Active,
    /// 上级来文: the plan of a government above, kept by an office to compare its own plan with. It gives nobody a part and is
    /// in no ledger, count or public page: whatever asks for plans in force does not see it.
    Upper,
    /// Its import was undone while nobody had worked on it.
    Undone,
}

impl PlanState {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Upper => "upper",
            Self::Undone => "undone",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "active" => Some(Self::Active),
            "upper" => Some(Self::Upper),
            "undone" => Some(Self::Undone),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub id: PlanId,
    /// The office that owns it: 市政府办公室.
    pub organ: OrganId,
    /// The government whose measures these are: 安澜市人民政府. Of an upper plan whose government is not in the directory, the
    /// one that keeps it; [`Plan::issuer`] names the other.
    pub government: OrganId,
    pub title: String,
    pub notice_title: Option<String>,
    /// 发文字号, as printed.
    pub document_number: Option<String>,
    pub issuer: Option<String>,
    pub issued_on: Option<Date>,
    pub published_on: Option<Date>,
    pub year: i64,
    pub state: PlanState,
    pub source_file: Option<FileId>,
    pub draft: Option<DraftId>,
    pub version: i64,
}

impl Plan {
    /// How a list of several years names it: `2025年 政务公开要点`, and the title alone where that says the year.
    #[must_use]
    pub fn label(&self) -> String {
        if self.title.contains(&self.year.to_string()) {
            self.title.clone()
        } else {
            format!("{}年 {}", self.year, self.title)
        }
    }
}

/// What kind of date a phrase sets; labels of plans name them so, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum DeadlineKind {
    /// An end date.
    #[serde(rename = "by")]
    By,
    /// A period without a count: 每季度.
    #[serde(rename = "recurring")]
    Recurring,
    /// A count to reach within a year: 每年至少1次; dated 31 December.
    #[serde(rename = "minimum-count")]
    MinimumCount,
}

impl DeadlineKind {
    /// What forms offer: code and name.
    pub const OPTIONS: [(&'static str, &'static str); 3] = [
        (Self::By.code(), Self::By.name()),
        (Self::Recurring.code(), Self::Recurring.name()),
        (Self::MinimumCount.code(), Self::MinimumCount.name()),
    ];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::By => "by",
            Self::Recurring => "recurring",
            Self::MinimumCount => "minimum-count",
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::By => "截止",
            Self::Recurring => "定期",
            Self::MinimumCount => "年内次数",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::By, Self::Recurring, Self::MinimumCount]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// A date as the plan prints it, and the civil date that it means (`None`: impossible, or the year is unknown).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Deadline {
    pub text: String,
    pub date: Option<Date>,
    pub kind: DeadlineKind,
}

impl Deadline {
    /// `2026年6月30日`, where the words name a day.
    #[must_use]
    pub fn on(&self) -> Option<String> {
        self.date.map(when::date)
    }
}

/// A target figure: 不少于3次, 1—2个.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Quantity {
    pub text: String,
    pub value: i64,
    pub max: Option<i64>,
    pub unit: String,
}
