//! 办公室看板: how a plan stands, by section, by unit, by week. Every number is counted when somebody looks; none is kept.

pub mod store;
#[cfg(test)]
mod tests;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;

use crate::assignment::light::Light;

/// Weeks that the trend shows at most, the newest ones: a year and a bit.
pub const WEEKS_MAX: usize = 53;

/// How many stand under each light.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub done: i64,
    pub normal: i64,
    pub soon: i64,
    /// Reported as done, and the proof changed or is gone.
    pub decayed: i64,
    pub overdue: i64,
}

impl Tally {
    #[must_use]
    pub const fn all(&self) -> i64 {
        self.done + self.normal + self.soon + self.decayed + self.overdue
    }

    #[must_use]
    pub const fn of(&self, light: Light) -> i64 {
        match light {
            Light::Done => self.done,
            Light::Normal => self.normal,
            Light::Soon => self.soon,
            Light::Decayed => self.decayed,
            Light::Overdue => self.overdue,
        }
    }

    /// What the report in force calls done, its proof still there or not: where [`store::trend`] ends.
    #[must_use]
    pub const fn reported_done(&self) -> i64 {
        self.done + self.decayed
    }

    /// 完成率 in tenths of a percent, rounded half up as in other reports, but what is not whole never reads as 100%.
    /// Nothing of nothing is 0.
    #[must_use]
    pub const fn done_per_mille(&self) -> i64 {
        let all = self.all();
        if all == 0 {
            return 0;
        }
        let rounded = (self.done * 2_000 + all) / (2 * all);
        if self.done < all && rounded == 1_000 {
            999
        } else {
            rounded
        }
    }

    /// `66.7%`
    #[must_use]
    pub fn done_text(&self) -> String {
        let share = self.done_per_mille();
        format!("{}.{}%", share / 10, share % 10)
    }

    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            done: self.done + other.done,
            normal: self.normal + other.normal,
            soon: self.soon + other.soon,
            decayed: self.decayed + other.decayed,
            overdue: self.overdue + other.overdue,
        }
    }
}

/// The tasks of one section of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BySection {
    /// `None`: tasks that stand under no heading.
    pub section: Option<String>,
    pub tasks: Tally,
}

/// The parts that one unit leads or answers for; those where it only cooperates do not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByUnit {
    pub organ: OrganId,
    pub name: String,
    pub parts: Tally,
    /// Never reported.
    pub silent: i64,
}

/// What reports changed in one week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeekChange {
    /// Whole weeks since Monday, 5 January 1970, in Beijing.
    pub week: i64,
    /// Parts that were reported done and had not been, less those that had been and no longer are.
    pub net: i64,
    pub reports: i64,
}

/// How parts stood when a week ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    /// Its Sunday.
    pub ends_on: Date,
    pub done: i64,
    pub reports: i64,
}

/// The first Monday that weeks are counted from.
const FIRST_MONDAY: Date = Date::constant(1970, 1, 5);

/// The number of the week in which a day lies.
#[must_use]
pub fn week_of(day: Date) -> i64 {
    i64::from((day - FIRST_MONDAY).get_days()).div_euclid(7)
}

/// Every week from the first report on to today's, without gaps; at most [`WEEKS_MAX`], the newest.
#[must_use]
pub fn weeks(turns: &[WeekChange], today: Date) -> Vec<Week> {
    let (Some(first), last) = (turns.first().map(|turn| turn.week), week_of(today)) else {
        return Vec::new();
    };
    let mut done = 0;
    let mut weeks = Vec::new();
    let mut turns = turns.iter().peekable();
    for week in first..=last.max(first) {
        let turn = turns.next_if(|turn| turn.week == week);
        done += turn.map_or(0, |turn| turn.net);
        let sunday = jiff::Span::new().try_days(week * 7 + 6).ok();
        let Some(ends_on) = sunday.and_then(|days| FIRST_MONDAY.checked_add(days).ok()) else {
            continue;
        };
        weeks.push(Week {
            ends_on,
            done,
            reports: turn.map_or(0, |turn| turn.reports),
        });
    }
    weeks.split_off(weeks.len().saturating_sub(WEEKS_MAX))
}

/// Everything that the dashboard of one plan shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dashboard {
    pub tasks: Tally,
    pub parts: Tally,
    pub sections: Vec<BySection>,
    /// Most overdue first, then in the order of the directory.
    pub units: Vec<ByUnit>,
}

impl Dashboard {
    #[must_use]
    pub fn late_units(&self) -> usize {
        self.units
            .iter()
            .filter(|unit| unit.parts.overdue > 0)
            .count()
    }

    #[must_use]
    pub fn silent_units(&self) -> usize {
        let silent = |unit: &&ByUnit| unit.silent > 0 && unit.silent == unit.parts.all();
        self.units.iter().filter(silent).count()
    }
}
