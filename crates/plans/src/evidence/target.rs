//! 次数要求: how much evidence a plan itself asks for (每年至少1次, 不少于3次, 1—2个试点, 每季度), and how much of it is there.
//!
//! Pure: it follows from the plan's words and the evidence's dates, and not from today; the day that is next due is kept
//! beside the task and settled anew with each change of these. Evidence counts in the year of the plan, when it has a date,
//! was not withdrawn and did not decay. Who was given the task to cooperate counts nothing.

mod phrase;
pub mod store;

use gongkai_basis::Date;

use self::phrase::{asks, count_in, follows, is_count, is_held, once_each, period_before};
use super::{Amount, OccasionKind};
use crate::plan::{Deadline, DeadlineKind, Quantity};

/// Units of things that happen: several proofs of one day prove one of them, unless several events are stated.
const HAPPENINGS: &[&str] = &["次", "场", "期", "批", "轮"];
/// Units of things that are made: each proof is one of them.
const THINGS: &[&str] = &[
    "个", "件", "条", "项", "份", "部", "篇", "家", "处", "种", "名", "类",
];
/// Units of people: counted by who attended events.
const PEOPLE: &[&str] = &["人次", "人"];

/// How often the count begins anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    Year,
    Half,
    Quarter,
    Month,
}

/// A day within each period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayWithin {
    FirstMonth(i8),
    LastMonth(i8),
}

/// What the plan asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// As printed.
    pub text: String,
    pub least: i64,
    /// The upper end of 1—2个.
    pub most: Option<i64>,
    pub unit: String,
    pub every: Every,
    /// 每月25日前, 每季度末月25日前: due before the period ends.
    pub by: Option<DayWithin>,
    /// 会议, 听取汇报, 培训: a page that nobody checked does not prove that one was held.
    pub held: bool,
    /// What is to be held, where its clause names one kind alone.
    pub asks: Option<Asks>,
}

/// What a count of things held asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// 会议, 座谈
    Meeting,
    /// 听取汇报
    Briefing,
    /// 培训
    Training,
}

/// What was held, as far as the evidence tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occurred {
    /// An event that its unit calls a meeting: whoever was briefed at it is not told apart.
    Meeting,
    /// A meeting in the register, where briefings stand apart.
    RegisteredMeeting,
    Briefing,
    Training,
    /// 开放日, 新闻发布会
    Else,
    /// 其他活动
    Untold,
}

impl From<OccasionKind> for Occurred {
    fn from(kind: OccasionKind) -> Self {
        match kind {
            OccasionKind::Meeting | OccasionKind::Symposium => Self::Meeting,
            OccasionKind::Training => Self::Training,
            OccasionKind::Other => Self::Untold,
            OccasionKind::Hearing
            | OccasionKind::Attendance
            | OccasionKind::OpenDay
            | OccasionKind::Press
            | OccasionKind::Interview
            | OccasionKind::Drill => Self::Else,
        }
    }
}

impl Asks {
    const fn is_met_by(self, occurred: Occurred) -> bool {
        match (self, occurred) {
            (_, Occurred::Untold)
            | (Self::Meeting, Occurred::Meeting | Occurred::RegisteredMeeting)
            | (Self::Briefing, Occurred::Briefing | Occurred::Meeting)
            | (Self::Training, Occurred::Training) => true,
            (Self::Meeting | Self::Briefing | Self::Training, _) => false,
        }
    }
}

/// All that a task's plan asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub targets: Vec<Target>,
    pub year: i16,
    /// What was over before the plan was issued is not asked for.
    pub issued_on: Option<Date>,
}

/// Dated evidence that still proves something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub on: Date,
    pub what: What,
    /// The address, file or record: entered twice, it proves once. Events and figures stand for themselves.
    pub of: Option<String>,
    /// An event, a record of this system, or something that a check found to hold, and none since found changed or gone.
    pub verified: bool,
    /// Of events, and of records of what was held.
    pub occurred: Option<Occurred>,
}

impl Counted {
    fn serves(&self, target: &Target) -> bool {
        match (target.asks, self.occurred) {
            (Some(asks), Some(occurred)) => asks.is_met_by(occurred),
            _ => true,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Event { attendance: i64 },
    Figure { value: Amount, unit: String },
    Other,
}

/// How one target stands. Displayed as `2/3次`, `1/1—2个`, `1/2个季度`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    pub text: String,
    pub have: i64,
    pub need: i64,
    most: Option<i64>,
    unit: String,
    /// Proofs that do not count before a check finds that they hold.
    unverified: usize,
    /// Periods without enough, where the count begins anew within the year.
    short: Vec<&'static str>,
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.have, self.need)?;
        if let Some(most) = self.most {
            write!(f, "—{most}")?;
        }
        f.write_str(&self.unit)?;
        match self.unverified {
            0 => Ok(()),
            n => write!(f, "（另有{n}份未核验）"),
        }
    }
}

impl Tally {
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.have >= self.need
    }

    /// What is missing, in a clause: `方案要求“不少于3次”，有日期且有效的佐证证明了2次，还差1次`.
    #[must_use]
    pub fn missing(&self) -> String {
        let (text, have, unit) = (&self.text, self.have, &self.unit);
        if self.short.is_empty() {
            let more = self.need - have;
            format!("方案要求“{text}”，有日期且有效的佐证证明了{have}{unit}，还差{more}{unit}")
        } else {
            let short = self.short.join("、");
            format!("方案要求“{text}”，还缺{short}的佐证")
        }
    }
}

impl Wanted {
    /// Reads what a task's words ask for.
    #[must_use]
    pub fn of(
        text: &str,
        deadlines: &[Deadline],
        quantities: &[Quantity],
        (year, issued_on): (i64, Option<Date>),
    ) -> Self {
        let mut targets: Vec<Target> = Vec::new();
        let mut add = |target: Target| {
            // 至少召开1次会议、至少听取1次汇报 are two.
            let same_words = |other: &Target| {
                other.text.contains(&target.text) || target.text.contains(&other.text)
            };
            let known = |other: &Target| {
                (other.least, &other.unit, other.every)
                    == (target.least, &target.unit, target.every)
                    && (same_words(other) || other.asks == target.asks)
            };
            if !targets.iter().any(known) {
                targets.push(target);
            }
        };
        let counts: Vec<&Quantity> = quantities.iter().filter(|one| is_count(one)).collect();
        for quantity in &counts {
            add(Target {
                text: quantity.text.clone(),
                least: quantity.value,
                most: quantity.max,
                unit: quantity.unit.clone(),
                every: period_before(text, deadlines, quantity).unwrap_or(Every::Year),
                by: None,
                held: is_held(text, &quantity.text),
                asks: asks(text, &quantity.text),
            });
        }
        for deadline in deadlines {
            match deadline.kind {
                DeadlineKind::By => {}
                // 每年至少1次 is a quantity of its own already, where the reader found one in it.
                DeadlineKind::MinimumCount => {
                    if let Some((least, unit)) = count_in(&deadline.text)
                        && !counts.iter().any(|one| deadline.text.contains(&one.text))
                    {
                        add(Target {
                            text: deadline.text.clone(),
                            least,
                            most: None,
                            unit,
                            every: Every::Year,
                            by: None,
                            held: is_held(text, &deadline.text),
                            asks: asks(text, &deadline.text),
                        });
                    }
                }
                DeadlineKind::Recurring => {
                    let counted = counts
                        .iter()
                        .any(|one| follows(text, &deadline.text, &one.text));
                    if let Some(target) = once_each(text, &deadline.text).filter(|_| !counted) {
                        add(target);
                    }
                }
            }
        }
        Self {
            targets,
            year: i16::try_from(year).unwrap_or(i16::MAX),
            issued_on,
        }
    }

    /// The first and the last day on which evidence counts.
    #[must_use]
    pub fn days(&self) -> Option<(Date, Date)> {
        let first = Date::new(self.year, 1, 1).ok()?;
        Some((first, Date::new(self.year, 12, 31).ok()?))
    }

    /// How each target stands.
    #[must_use]
    pub fn tally(&self, counted: &[Counted]) -> Vec<Tally> {
        let tally = |target: &Target| self.one(target, counted);
        self.targets.iter().map(tally).collect()
    }

    /// The day on which something is next due: the stated day, else the last of the plan's year, and no later than the
    /// end of the first period within the year that lacks what the plan asks for in it.
    #[must_use]
    pub fn next_due(&self, stated: Option<Date>, counted: &[Counted]) -> Option<Date> {
        let within_year = self.targets.iter().filter(|one| one.every != Every::Year);
        let short = within_year.filter_map(|target| {
            let lacks = |period: &Period| period.have < target.least;
            let first = self.periods(target, counted).into_iter().find(lacks);
            first.map(|period| period.due)
        });
        let whole = stated.or_else(|| Some(self.days()?.1));
        short.chain(whole).min()
    }

    /// The periods that the plan asks for.
    fn periods(&self, target: &Target, counted: &[Counted]) -> Vec<Period> {
        let counted = once(counted);
        periods(target.every)
            .iter()
            .filter_map(|(name, from, to)| {
                let first = Date::new(self.year, *from, 1).ok()?;
                let last = Date::new(self.year, *to, 1).ok()?.last_of_month();
                // A plan of May does not ask for what should have been done in the first quarter.
                if self.issued_on.is_some_and(|issued| last < issued) {
                    return None;
                }
                let (within, unverified): (Vec<&Counted>, Vec<&Counted>) = counted
                    .iter()
                    .filter(|one| first <= one.on && one.on <= last && one.serves(target))
                    .partition(|one| one.verified || !target.held);
                Some(Period {
                    name,
                    due: target.by.map_or(last, |by| by.between(first, last)),
                    have: amount(&target.unit, &within),
                    unverified: unverified.len(),
                })
            })
            .collect()
    }

    fn one(&self, target: &Target, counted: &[Counted]) -> Tally {
        let periods = self.periods(target, counted);
        let unverified = periods.iter().map(|period| period.unverified).sum();
        if target.every == Every::Year {
            return Tally {
                text: target.text.clone(),
                have: periods.first().map_or(0, |period| period.have),
                need: target.least,
                most: target.most,
                unit: target.unit.clone(),
                unverified,
                short: Vec::new(),
            };
        }
        let short: Vec<&'static str> = periods
            .iter()
            .filter(|period| period.have < target.least)
            .map(|period| period.name)
            .collect();
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        Tally {
            text: target.text.clone(),
            have: count(periods.len() - short.len()),
            need: count(periods.len()),
            most: None,
            unit: period_unit(target.every).to_owned(),
            unverified,
            short,
        }
    }
}

/// One period of the plan's year, and how much there is in it.
struct Period {
    name: &'static str,
    due: Date,
    have: i64,
    /// Proofs that do not count before a check finds that they hold.
    unverified: usize,
}

impl DayWithin {
    /// In a period of whole months; in a shorter month its last day.
    fn between(self, first: Date, last: Date) -> Date {
        let (month, day) = match self {
            Self::FirstMonth(day) => (first, day),
            Self::LastMonth(day) => (last, day),
        };
        let end = month.last_of_month();
        Date::new(month.year(), month.month(), day).map_or(end, |on| on.min(end))
    }
}

/// Each address, file and record once, on its first day.
fn once(counted: &[Counted]) -> Vec<&Counted> {
    let mut sorted: Vec<&Counted> = counted.iter().collect();
    sorted.sort_by_key(|one| one.on);
    let mut seen = std::collections::BTreeSet::new();
    sorted.retain(|one| one.of.as_ref().is_none_or(|of| seen.insert(of)));
    sorted
}

/// How much this evidence proves, in this unit. A stated figure of the unit counts by its value, the largest where there
/// are several: figures of one year mostly go on from one another.
fn amount(unit: &str, within: &[&Counted]) -> i64 {
    let figures = within.iter().filter_map(|one| match &one.what {
        What::Figure { value, unit: of } if of == unit => Some(value.whole()),
        What::Figure { .. } | What::Event { .. } | What::Other => None,
    });
    let stated = figures.max().unwrap_or(0);
    let proofs: Vec<&&Counted> = within
        .iter()
        .filter(|one| !matches!(one.what, What::Figure { .. }))
        .collect();
    let seen = if PEOPLE.contains(&unit) {
        proofs
            .iter()
            .map(|one| match one.what {
                What::Event { attendance } => attendance,
                What::Figure { .. } | What::Other => 0,
            })
            .sum()
    } else if HAPPENINGS.contains(&unit) {
        let mut days: std::collections::BTreeMap<Date, i64> = std::collections::BTreeMap::new();
        for proof in proofs {
            let events = days.entry(proof.on).or_default();
            if matches!(proof.what, What::Event { .. }) {
                *events += 1;
            }
        }
        days.values().map(|events| (*events).max(1)).sum()
    } else {
        i64::try_from(proofs.len()).unwrap_or(i64::MAX)
    };
    stated.max(seen)
}

const fn period_unit(every: Every) -> &'static str {
    match every {
        Every::Year => "年",
        Every::Half => "个半年",
        Every::Quarter => "个季度",
        Every::Month => "个月",
    }
}

/// Name, first month, last month.
const fn periods(every: Every) -> &'static [(&'static str, i8, i8)] {
    match every {
        Every::Year => &[("全年", 1, 12)],
        Every::Half => &[("上半年", 1, 6), ("下半年", 7, 12)],
        Every::Quarter => &[
            ("第一季度", 1, 3),
            ("第二季度", 4, 6),
            ("第三季度", 7, 9),
            ("第四季度", 10, 12),
        ],
        Every::Month => &[
            ("1月", 1, 1),
            ("2月", 2, 2),
            ("3月", 3, 3),
            ("4月", 4, 4),
            ("5月", 5, 5),
            ("6月", 6, 6),
            ("7月", 7, 7),
            ("8月", 8, 8),
            ("9月", 9, 9),
            ("10月", 10, 10),
            ("11月", 11, 11),
            ("12月", 12, 12),
        ],
    }
}

#[cfg(test)]
mod tests;
