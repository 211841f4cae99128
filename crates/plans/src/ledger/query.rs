//! What the address of a ledger page says: which plan, which rows, in which order.

use gongkai_basis::Date;
use gongkai_basis::id::{OrganId, PlanId};
use gongkai_platform::columns::{self, ListColumn};
use serde::{Deserialize, Serialize};

use super::COUNT_MAX;
use crate::assignment::Duty;
use crate::assignment::light::Light;

/// Rows on one page.
pub const PAGE_ROWS: i64 = 50;
/// Stands for the organ in the address of tasks that no organ has.
pub const NOBODY: &str = "none";
/// The longest search text, in characters.
const TEXT_CHARS_MAX: usize = 100;

/// One line for each task, or one for each organ's part in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    Tasks,
    Assignments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// As in the plan.
    Plan,
    Due,
    /// The worst first.
    Light,
    /// By organ; in the list of assignments only.
    Organ,
}

impl Sort {
    pub const ALL: [Self; 4] = [Self::Plan, Self::Due, Self::Light, Self::Organ];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Due => "due",
            Self::Light => "light",
            Self::Organ => "organ",
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plan => "方案顺序",
            Self::Due => "期限先后",
            Self::Light => "紧急在前",
            Self::Organ => "按单位",
        }
    }
}

/// What the rows are narrowed to; empty fields do not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    pub organ: Option<OrganId>,
    pub duty: Option<Duty>,
    pub due_from: Option<Date>,
    pub due_to: Option<Date>,
    pub light: Option<Light>,
    pub text: String,
    pub section: Option<String>,
    /// Lead and responsible organs that never reported.
    pub unreported: bool,
    /// Tasks that no organ has; in the list of tasks only.
    pub nobody: bool,
}

/// A column of the ledger that a person may hide or show; the task's own always stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    Section,
    Units,
    Due,
    Light,
    Progress,
    Evidence,
}

impl ListColumn for Column {
    const OFFERED: &'static [Self] = &[
        Self::Section,
        Self::Units,
        Self::Due,
        Self::Light,
        Self::Progress,
        Self::Evidence,
    ];
    /// Sections stand as heads between the rows.
    const AT_FIRST: &'static [Self] = &[
        Self::Units,
        Self::Due,
        Self::Light,
        Self::Progress,
        Self::Evidence,
    ];

    fn key(self) -> &'static str {
        match self {
            Self::Section => "section",
            Self::Units => "units",
            Self::Due => "due",
            Self::Light => "light",
            Self::Progress => "progress",
            Self::Evidence => "evidence",
        }
    }

    fn title(self) -> &'static str {
        self.name()
    }
}

impl Column {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Section => "部分",
            Self::Units => "单位",
            Self::Due => "期限",
            Self::Light => "状态",
            Self::Progress => "进展",
            Self::Evidence => "佐证",
        }
    }

    /// The order that a click on the column's head brings.
    #[must_use]
    pub const fn sort(self) -> Option<Sort> {
        match self {
            Self::Units => Some(Sort::Organ),
            Self::Due => Some(Sort::Due),
            Self::Light => Some(Sort::Light),
            Self::Section | Self::Progress | Self::Evidence => None,
        }
    }
}

impl Narrow {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The state of a ledger page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    pub plan: Option<PlanId>,
    pub view: View,
    pub narrow: Narrow,
    pub sort: Sort,
    /// In the table's order, without doubles.
    pub columns: Vec<Column>,
    /// From 1; the last is where counting ends.
    pub page: i64,
}

/// The address as text. What cannot be read does not narrow: an old link still opens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Raw {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub plan: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub view: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub organ: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub duty: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub due_from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub due_to: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub light: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub section: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unreported: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sort: String,
    /// The codes of the shown columns; none for the usual ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub col: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub page: String,
    /// `csv` or `xlsx`: the same rows as a file.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub format: String,
}

impl Query {
    #[must_use]
    pub fn read(raw: &Raw) -> Self {
        let nobody = raw.organ == NOBODY;
        let view = if raw.view == "assignments" && !nobody {
            View::Assignments
        } else {
            View::Tasks
        };
        let sort = Sort::ALL
            .into_iter()
            .find(|sort| sort.code() == raw.sort)
            .filter(|sort| view == View::Assignments || *sort != Sort::Organ)
            .unwrap_or(Sort::Plan);
        let section = raw.section.trim();
        Self {
            plan: raw.plan.parse().ok(),
            view,
            narrow: Narrow {
                organ: raw.organ.parse().ok(),
                duty: Duty::from_code(&raw.duty),
                due_from: raw.due_from.parse().ok(),
                due_to: raw.due_to.parse().ok(),
                light: Light::from_code(&raw.light),
                text: raw.text.trim().chars().take(TEXT_CHARS_MAX).collect(),
                section: (!section.is_empty()).then(|| section.to_owned()),
                unreported: raw.unreported == "1",
                nobody,
            },
            sort,
            columns: columns::chosen(&raw.col),
            page: raw
                .page
                .parse()
                .unwrap_or(1)
                .clamp(1, COUNT_MAX / PAGE_ROWS),
        }
    }

    #[must_use]
    pub fn offset(&self) -> i64 {
        (self.page - 1) * PAGE_ROWS
    }

    /// The shortest address that says the same, without `?`.
    #[must_use]
    pub fn address(&self) -> String {
        let text = |value: Option<String>| value.unwrap_or_default();
        let narrow = &self.narrow;
        let raw = Raw {
            plan: text(self.plan.map(|plan| plan.to_string())),
            view: if self.view == View::Assignments {
                "assignments".to_owned()
            } else {
                String::new()
            },
            organ: if narrow.nobody {
                NOBODY.to_owned()
            } else {
                text(narrow.organ.map(|organ| organ.to_string()))
            },
            duty: text(narrow.duty.map(|duty| duty.code().to_owned())),
            due_from: text(narrow.due_from.map(|date| date.to_string())),
            due_to: text(narrow.due_to.map(|date| date.to_string())),
            light: text(narrow.light.map(|light| light.code().to_owned())),
            text: narrow.text.clone(),
            section: text(narrow.section.clone()),
            unreported: if narrow.unreported {
                "1".to_owned()
            } else {
                String::new()
            },
            sort: if self.sort == Sort::Plan {
                String::new()
            } else {
                self.sort.code().to_owned()
            },
            col: columns::keys(&self.columns),
            page: if self.page == 1 {
                String::new()
            } else {
                self.page.to_string()
            },
            format: String::new(),
        };
        encode(&raw)
    }

    /// The same list with something changed, from its first page.
    #[must_use]
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut other = Self {
            page: 1,
            ..self.clone()
        };
        change(&mut other);
        other
    }

    /// One chip for each narrowing: its words, and the address without it.
    #[must_use]
    pub fn chips(&self, organ_name: Option<&str>) -> Vec<(String, String)> {
        let narrow = &self.narrow;
        let mut chips = Vec::new();
        let mut chip = |words: String, without: fn(&mut Narrow)| {
            chips.push((
                words,
                self.with(|query| without(&mut query.narrow)).address(),
            ));
        };
        if narrow.organ.is_some() {
            chip(
                format!("单位：{}", organ_name.unwrap_or("（已不在名录）")),
                |n| n.organ = None,
            );
        }
        if narrow.nobody {
            chip("单位：未落实".to_owned(), |n| n.nobody = false);
        }
        if let Some(duty) = narrow.duty {
            chip(format!("分工：{}", duty.name()), |n| n.duty = None);
        }
        if let Some(light) = narrow.light {
            chip(
                format!("状态：{} {}", light.shape(), light.name()),
                |n| n.light = None,
            );
        }
        if let Some(date) = narrow.due_from {
            chip(format!("期限不早于{date}"), |n| n.due_from = None);
        }
        if let Some(date) = narrow.due_to {
            chip(format!("期限不晚于{date}"), |n| n.due_to = None);
        }
        if let Some(section) = &narrow.section {
            chip(format!("部分：{section}"), |n| n.section = None);
        }
        if narrow.unreported {
            chip("从未填报".to_owned(), |n| n.unreported = false);
        }
        if !narrow.text.is_empty() {
            chip(format!("含“{}”", narrow.text), |n| {
                n.text = String::new()
            });
        }
        chips
    }
}

/// A query string: `name=value&…`, percent-encoded; empty fields are left out.
fn encode(raw: &Raw) -> String {
    let mut fields: Vec<(&str, &str)> = vec![
        ("plan", &raw.plan),
        ("view", &raw.view),
        ("organ", &raw.organ),
        ("duty", &raw.duty),
        ("due_from", &raw.due_from),
        ("due_to", &raw.due_to),
        ("light", &raw.light),
        ("text", &raw.text),
        ("section", &raw.section),
        ("unreported", &raw.unreported),
        ("sort", &raw.sort),
    ];
    fields.extend(raw.col.iter().map(|code| ("col", code.as_str())));
    fields.push(("page", &raw.page));
    fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| {
            format!(
                "{name}={}",
                percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC)
            )
        })
        .collect::<Vec<_>>()
        .join("&")
}

#[cfg(test)]
mod tests {
    use super::{Column, ListColumn as _, Query, Raw, Sort, View};

    fn raw() -> Raw {
        Raw {
            plan: "0198f5d2-0000-7000-8000-000000000001".to_owned(),
            view: "assignments".to_owned(),
            light: "overdue".to_owned(),
            text: "规章 & 公开".to_owned(),
            due_to: "2026-09-30".to_owned(),
            unreported: "1".to_owned(),
            sort: "organ".to_owned(),
            page: "3".to_owned(),
            ..Raw::default()
        }
    }

    #[test]
    fn the_address_says_all_that_the_page_shows() {
        let query = Query::read(&raw());
        assert_eq!(query.view, View::Assignments);
        let address = query.address();
        assert_eq!(
            address,
            "plan=0198f5d2%2D0000%2D7000%2D8000%2D000000000001&view=assignments&due_to=2026%2D09%2D30&light=overdue\
             &text=%E8%A7%84%E7%AB%A0%20%26%20%E5%85%AC%E5%BC%80&unreported=1&sort=organ&page=3"
        );
    }

    #[test]
    fn a_chip_takes_off_its_own_filter_and_turns_back_to_the_first_page() {
        let query = Query::read(&raw());
        let chips = query.chips(None);
        let words: Vec<&str> = chips.iter().map(|(words, _)| words.as_str()).collect();
        assert_eq!(
            words,
            [
                "状态：■ 已逾期",
                "期限不晚于2026-09-30",
                "从未填报",
                "含“规章 & 公开”"
            ]
        );
        let (_, without) = &chips[0];
        assert!(
            !without.contains("light=")
                && !without.contains("page=")
                && without.contains("unreported=1"),
            "{without}"
        );
    }

    #[test]
    fn columns_stand_in_the_address_only_when_they_are_not_the_usual_ones() {
        let usual = Query::read(&raw());
        assert_eq!(usual.columns, Column::AT_FIRST);
        let chosen = Query::read(&Raw {
            col: ["light", "units", "light", "boss"]
                .map(str::to_owned)
                .to_vec(),
            ..Raw::default()
        });
        assert_eq!(chosen.columns, [Column::Units, Column::Light]);
        assert_eq!(chosen.address(), "col=units&col=light");
    }

    #[test]
    fn tasks_that_no_organ_has_are_a_list_of_tasks() {
        let query = Query::read(&Raw {
            view: "assignments".to_owned(),
            organ: "none".to_owned(),
            ..Raw::default()
        });
        assert!(query.view == View::Tasks && query.narrow.nobody);
        assert_eq!(query.address(), "organ=none");
        assert_eq!(
            query.chips(None),
            [("单位：未落实".to_owned(), String::new())]
        );
    }

    #[test]
    fn what_cannot_be_read_does_not_narrow() {
        let query = Query::read(&Raw {
            plan: "x".to_owned(),
            duty: "boss".to_owned(),
            due_from: "昨天".to_owned(),
            sort: "organ".to_owned(),
            page: "-4".to_owned(),
            ..Raw::default()
        });
        assert!(query.narrow.is_empty() && query.plan.is_none());
        // Tasks cannot be ordered by organ.
        assert_eq!((query.sort, query.page), (Sort::Plan, 1));
    }
}
