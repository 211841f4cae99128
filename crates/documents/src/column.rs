//! 重点领域专栏: who keeps a column, what it must hold, how often it is renewed. Documents stand in it by reference; what
//! is stale, blank or missing is computed from what is public and never stored.

pub mod check;
pub mod directory;
pub mod handle;
pub mod store;

use std::collections::BTreeSet;

use gongkai_basis::id::OrganId;
use gongkai_basis::{Date, coded};
use gongkai_platform::fault::{Reason, Wanted, text_fault};
use jiff::ToSpan as _;

use crate::id::ColumnId;

pub const NAME_CHARS_MAX: usize = 40;
pub const ABOUT_CHARS_MAX: usize = 300;
pub const SLUG_CHARS_MAX: usize = 40;
pub const ELEMENTS_MAX: usize = 20;
pub const ELEMENT_CHARS_MAX: usize = 30;
/// The longest interval that a column may set for itself, in days.
pub const DAYS_MAX: i64 = 730;
/// So many days before its day a column is told to be due soon.
const SOON_DAYS: i32 = 7;

coded! {
    /// How often a column must be renewed: 政府网站与政务新媒体检查指标 (国办秘函〔2019〕19号), 单项否决“栏目不更新”.
    pub enum Rhythm {
        /// Two weeks.
        News = "news", "动态、要闻类：2周内更新";
        /// Six months.
        Policy = "policy", "通知公告、政策文件类：6个月内更新";
        /// One year: usage for plans and personnel.
        Yearly = "yearly", "规划计划、人事类：1年内更新";
        /// So many days as the column itself says.
        Days = "days", "自定天数";
    }
}

/// What the office says of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    pub organ: OrganId,
    pub slug: String,
    pub name: String,
    pub about: String,
    pub elements: Vec<String>,
    pub rhythm: Rhythm,
    pub days: Option<i64>,
}

impl Spec {
    /// All that keeps it from being saved.
    #[must_use]
    pub fn why_not(&self) -> Vec<Reason> {
        let mut reasons: Vec<Reason> = [
            text_fault(("name", "名称"), &self.name, NAME_CHARS_MAX, Wanted::Yes),
            text_fault(("about", "说明"), &self.about, ABOUT_CHARS_MAX, Wanted::Yes),
        ]
        .into_iter()
        .flatten()
        .collect();
        if !is_slug(&self.slug) {
            reasons.push((
                "slug",
                format!(
                    "网址名只用小写字母、数字和短横，最多{SLUG_CHARS_MAX}个。例：yiwu-jiaoyu。"
                ),
            ));
        }
        if self.elements.len() > ELEMENTS_MAX {
            reasons.push(("elements", format!("必备要素最多{ELEMENTS_MAX}项。")));
        }
        if self
            .elements
            .iter()
            .any(|one| one.chars().count() > ELEMENT_CHARS_MAX)
        {
            reasons.push((
                "elements",
                format!("每项要素最多{ELEMENT_CHARS_MAX}字，请每行写一项。"),
            ));
        }
        let mut seen = BTreeSet::new();
        if let Some(twice) = self.elements.iter().find(|one| !seen.insert(*one)) {
            reasons.push(("elements", format!("要素“{twice}”写了两次。")));
        }
        if self.rhythm == Rhythm::Days
            && self.days.is_none_or(|days| !(1..=DAYS_MAX).contains(&days))
        {
            reasons.push(("days", format!("请填写1到{DAYS_MAX}之间的天数。")));
        }
        reasons
    }

    /// The last day for the next renewal after this one.
    #[must_use]
    pub fn due_after(&self, last: Date) -> Date {
        let span = match self.rhythm {
            Rhythm::News => 14.days(),
            Rhythm::Policy => 6.months(),
            Rhythm::Yearly => 1.year(),
            Rhythm::Days => self.days.unwrap_or(DAYS_MAX).clamp(1, DAYS_MAX).days(),
        };
        last.checked_add(span).unwrap_or(last)
    }

    /// 2周, 6个月, 1年, 30天
    #[must_use]
    pub fn interval(&self) -> String {
        match self.rhythm {
            Rhythm::News => "2周".to_owned(),
            Rhythm::Policy => "6个月".to_owned(),
            Rhythm::Yearly => "1年".to_owned(),
            Rhythm::Days => format!("{}天", self.days.unwrap_or(DAYS_MAX)),
        }
    }
}

fn is_slug(text: &str) -> bool {
    (1..=SLUG_CHARS_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// What becomes of the documents in an element whose name changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renamed {
    /// It is the same element: they follow.
    Follow,
    /// It is another one: they stay in the column without it.
    Apart,
}

/// Which elements have another name now, in the order of the lines; none where lines were added or taken away as well, for
/// then nothing tells which became which.
#[must_use]
pub fn renamed<'n>(before: &'n [String], now: &'n [String]) -> Vec<(&'n str, &'n str)> {
    let alone = |these: &'n [String], those: &[String]| -> Vec<&'n str> {
        let these = these.iter().filter(|one| !those.contains(*one));
        these.map(String::as_str).collect()
    };
    let (gone, came) = (alone(before, now), alone(now, before));
    if gone.len() != came.len() {
        return Vec::new();
    }
    gone.into_iter().zip(came).collect()
}

/// 专栏
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub id: ColumnId,
    pub spec: Spec,
    pub organ_name: String,
    pub opened_on: Date,
    pub closed_why: Option<String>,
    pub version: i64,
}

/// What the public finds in a column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// Public documents.
    pub n: i64,
    /// When the newest of them was published.
    pub last: Option<Date>,
    /// The elements that public documents fill.
    pub filled: BTreeSet<String>,
}

/// Where a column stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Until this day.
    Fresh(Date),
    /// Renewal falls due within a week.
    Soon(Date),
    /// So many days late.
    Stale(i32),
    /// Nothing public in it.
    Blank,
}

impl Standing {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fresh(_) => "正常",
            Self::Soon(_) => "将到期",
            Self::Stale(_) => "更新超期",
            Self::Blank => "空白栏目",
        }
    }

    /// A shape beside the word, so that nothing is told by colour alone.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Fresh(_) => "●",
            Self::Soon(_) => "▲",
            Self::Stale(_) => "■",
            Self::Blank => "□",
        }
    }

    #[must_use]
    pub const fn light(self) -> &'static str {
        match self {
            Self::Fresh(_) => "light-normal",
            Self::Soon(_) => "light-soon",
            Self::Stale(_) | Self::Blank => "light-overdue",
        }
    }

    #[must_use]
    pub const fn is_wanting(self) -> bool {
        matches!(self, Self::Stale(_) | Self::Blank)
    }
}

impl Column {
    /// The day by which it must be renewed; a blank one counts from the day on which it was opened.
    #[must_use]
    pub fn due_on(&self, content: &Content) -> Date {
        self.spec.due_after(content.last.unwrap_or(self.opened_on))
    }

    /// 空白栏目 is told from the first day; what is renewed on its last day is in time.
    #[must_use]
    pub fn standing(&self, content: &Content, today: Date) -> Standing {
        if content.n == 0 {
            return Standing::Blank;
        }
        let due = self.due_on(content);
        let left = days_between(today, due);
        if left < 0 {
            Standing::Stale(-left)
        } else if left <= SOON_DAYS {
            Standing::Soon(due)
        } else {
            Standing::Fresh(due)
        }
    }

    /// Required elements that no public document fills.
    #[must_use]
    pub fn missing(&self, content: &Content) -> Vec<&str> {
        self.spec
            .elements
            .iter()
            .filter(|one| !content.filled.contains(*one))
            .map(String::as_str)
            .collect()
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::{Column, Content, Rhythm, Spec, Standing, renamed};
    use crate::id::ColumnId;
    use gongkai_basis::Date;
    use gongkai_basis::id::OrganId;

    fn column(rhythm: Rhythm, days: Option<i64>) -> Column {
        Column {
            id: ColumnId::new(gongkai_platform::testing::uuid()),
            spec: Spec {
                organ: OrganId::new(gongkai_platform::testing::uuid()),
                slug: "yiwu-jiaoyu".to_owned(),
                name: "义务教育".to_owned(),
                about: "招生、学校、经费。".to_owned(),
                elements: vec!["招生政策".to_owned(), "学校名录".to_owned()],
                rhythm,
                days,
            },
            organ_name: "安澜市教育局".to_owned(),
            opened_on: day("2026-01-05"),
            closed_why: None,
            version: 1,
        }
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn content(last: &str) -> Content {
        Content {
            n: 1,
            last: Some(day(last)),
            filled: ["招生政策".to_owned()].into(),
        }
    }

    #[test]
    fn the_national_rule_counts_to_the_day() {
        let news = column(Rhythm::News, None);
        let of = |today: &str| news.standing(&content("2026-03-02"), day(today));
        assert_eq!(of("2026-03-08"), Standing::Fresh(day("2026-03-16")));
        assert_eq!(of("2026-03-09"), Standing::Soon(day("2026-03-16")));
        assert_eq!(of("2026-03-16"), Standing::Soon(day("2026-03-16")));
        assert_eq!(of("2026-03-17"), Standing::Stale(1));
        let policy = column(Rhythm::Policy, None);
        let of = |today: &str| policy.standing(&content("2026-08-31"), day(today));
        // Six months after the last day of August is the last day of February.
        assert_eq!(of("2027-02-28"), Standing::Soon(day("2027-02-28")));
        assert_eq!(of("2027-03-01"), Standing::Stale(1));
        let own = column(Rhythm::Days, Some(30));
        assert_eq!(
            own.standing(&content("2026-03-01"), day("2026-04-01")),
            Standing::Stale(1)
        );
        let yearly = column(Rhythm::Yearly, None);
        assert_eq!(yearly.due_on(&content("2026-03-01")), day("2027-03-01"));
    }

    #[test]
    fn blank_and_missing_are_told_apart() {
        let news = column(Rhythm::News, None);
        let nothing = Content::default();
        assert_eq!(news.standing(&nothing, day("2026-01-05")), Standing::Blank);
        assert_eq!(news.due_on(&nothing), day("2026-01-19"));
        assert_eq!(news.missing(&nothing), ["招生政策", "学校名录"]);
        assert_eq!(news.missing(&content("2026-03-02")), ["学校名录"]);
    }

    #[test]
    fn a_new_name_on_the_same_line_is_the_same_element() {
        let names = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        for (before, now, pairs) in [
            ("甲 乙", "甲 丙", vec![("乙", "丙")]),
            ("甲 乙", "丙 丁", vec![("甲", "丙"), ("乙", "丁")]),
            ("甲 乙", "乙 甲", vec![]),
            ("甲 乙", "甲", vec![]),
            ("甲 乙", "甲 丙 丁", vec![]),
        ] {
            assert_eq!(
                renamed(&names(before), &names(now)),
                pairs,
                "{before} → {now}"
            );
        }
    }

    #[test]
    fn what_is_wrong_with_a_column_is_said_at_once() {
        let fine = column(Rhythm::News, None).spec;
        assert!(fine.why_not().is_empty());
        let wrong = Spec {
            slug: "义务".to_owned(),
            name: String::new(),
            elements: vec!["甲".to_owned(), "甲".to_owned()],
            rhythm: Rhythm::Days,
            days: Some(0),
            ..fine
        };
        let fields: Vec<&str> = wrong.why_not().iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["name", "slug", "elements", "days"]);
    }
}
