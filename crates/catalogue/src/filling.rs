//! 公开情况: what a period's obligation was met with, and where each period stands. What is due is computed.

pub mod handle;
pub mod page;
pub mod store;
pub mod verify;

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;

use crate::course::Course;
use crate::filling::page::Page;
use crate::id::{EntryId, FillingId};
use crate::period::{Period, PeriodKind, day_of, year_of_code};

/// What proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    /// A published record of this system, with its seal on the day it was linked.
    Record { of: Ref, seal: String },
    /// A page elsewhere.
    Address(String),
    /// 本期无: nothing arose in the period; the statement of the person who says so.
    Nothing(String),
}

impl Means {
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Record { .. } => "record",
            Self::Address(_) => "address",
            Self::Nothing(_) => "nothing",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filling {
    pub id: FillingId,
    pub entry: EntryId,
    pub organ: OrganId,
    pub period: String,
    pub title: String,
    pub means: Means,
    pub confirmed_by: String,
    pub confirmed_on: Date,
    pub version: i64,
}

/// Where one period of one entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Filled,
    /// Filled with a page elsewhere that is gone or says something else: somebody has to look.
    Doubtful,
    Nothing,
    Overdue,
    Open,
}

impl Standing {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Filled => "已公开",
            Self::Doubtful => "待核",
            Self::Nothing => "本期无",
            Self::Overdue => "超期",
            Self::Open => "未到期",
        }
    }

    /// The design system's badge for it.
    #[must_use]
    pub const fn badge(self) -> &'static str {
        match self {
            Self::Filled => "badge badge-good",
            Self::Doubtful => "badge badge-warn",
            Self::Overdue => "badge badge-bad",
            Self::Nothing | Self::Open => "badge",
        }
    }

    #[must_use]
    pub fn of(filling: Option<&Filling>, period: &Period, today: Date) -> Self {
        match filling.map(|filling| &filling.means) {
            Some(Means::Nothing(_)) => Self::Nothing,
            Some(Means::Record { .. } | Means::Address(_)) => Self::Filled,
            None if period.due_on.is_some_and(|due| due < today) => Self::Overdue,
            None => Self::Open,
        }
    }
}

/// A period of an entry with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub period: Period,
    pub filling: Option<Filling>,
    /// Why what it was filled with is public no longer, where somebody asked.
    pub gone: Option<String>,
    /// What is known of the page elsewhere that it was filled with, where somebody asked.
    pub page: Option<Page>,
    pub standing: Standing,
}

impl Cell {
    /// The statement of its year is asked for, and nothing was said yet.
    #[must_use]
    pub fn asks_for_year(&self) -> bool {
        self.period.kind == PeriodKind::Year && self.filling.is_none()
    }

    /// A material by its day that is public: there may be any number of them.
    #[must_use]
    pub fn is_material(&self) -> bool {
        day_of(&self.period.code).is_some() && self.standing == Standing::Filled
    }
}

/// The year of one entry in one organ, by what cuts it there: its periods, and what was registered beside them. `fillings` may
/// hold those of other entries and years too.
///
/// A year of materials that have days of their own asks for a statement only where there is none. What was registered for a
/// period that is cut otherwise now stays in sight.
#[must_use]
pub fn year_of(
    (entry, course): (EntryId, &Course),
    year: i16,
    fillings: &[Filling],
    calendar: &WorkCalendar,
    today: Date,
) -> Vec<Cell> {
    let is_own = |one: &&Filling| one.entry == entry && year_of_code(&one.period) == Some(year);
    let own: Vec<&Filling> = fillings.iter().filter(is_own).collect();
    let cell = |period: Period, filling: Option<&Filling>| Cell {
        standing: Standing::of(filling, &period, today),
        filling: filling.cloned(),
        gone: None,
        page: None,
        period,
    };
    let mut cells = Vec::new();
    let mut left = own.clone();
    for period in course.periods(year, calendar) {
        let filling = own.iter().copied().find(|one| one.period == period.code);
        left.retain(|one| one.period != period.code);
        let within = |one: &&Filling| {
            let day = day_of(&one.period).map(|(day, _)| day);
            day.is_some_and(|day| period.first <= day && day <= period.last)
        };
        let is_answered =
            filling.is_none() && period.kind == PeriodKind::Year && own.iter().any(within);
        if !is_answered {
            cells.push(cell(period, filling));
        }
    }
    for filling in left {
        let limit = day_of(&filling.period).and_then(|(day, _)| course.on(day));
        if let Some(period) = Period::kept(&filling.period, limit, calendar) {
            cells.push(cell(period, Some(filling)));
        }
    }
    cells.sort_by(|one, next| {
        let key = |cell: &Cell| (cell.period.last, cell.period.first);
        key(one)
            .cmp(&key(next))
            .then_with(|| one.period.code.cmp(&next.period.code))
    });
    cells
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::entry::tests::entry;
    use crate::period::Rhythm;

    fn filling(period: &str, means: Means) -> Filling {
        Filling {
            id: FillingId::new(Uuid::from_u128(1)),
            entry: entry(1).id,
            organ: OrganId::new(Uuid::from_u128(1)),
            period: period.to_owned(),
            title: "材料".to_owned(),
            means,
            confirmed_by: "联络员".to_owned(),
            confirmed_on: "2026-10-12".parse().unwrap(),
            version: 1,
        }
    }

    fn material(period: &str) -> Filling {
        let address = "https://www.example.gov.cn/1.html".to_owned();
        filling(period, Means::Address(address))
    }

    /// The year 2025 of an entry of that year.
    fn told(rhythm: Rhythm, fillings: &[Filling], today: &str) -> Vec<(String, Standing)> {
        let mut entry = entry(1);
        entry.rhythm = rhythm;
        (entry.formed_on, entry.in_force_on) = (day("2025-01-06"), day("2025-01-06"));
        let course = Course::of(&entry, &[]);
        let calendar = WorkCalendar::builtin();
        let of = (entry.id, &course);
        let cells = year_of(of, 2025, fillings, &calendar, day(today));
        let one = |cell: Cell| (cell.period.code, cell.standing);
        cells.into_iter().map(one).collect()
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn cell(code: &str, standing: Standing) -> (String, Standing) {
        (code.to_owned(), standing)
    }

    #[test]
    fn materials_have_days_of_their_own_and_a_year_without_one_asks() {
        let within = Rhythm::Within(20);
        let asked = [cell("2025-Y", Standing::Open)];
        assert_eq!(told(within, &[], "2026-01-05"), asked);
        // Twenty working days after the end of the year.
        let late = [cell("2025-Y", Standing::Overdue)];
        assert_eq!(told(within, &[], "2026-03-31"), late);
        let two = [material("2025-03-03-2"), material("2025-03-03")];
        let both = [
            cell("2025-03-03", Standing::Filled),
            cell("2025-03-03-2", Standing::Filled),
        ];
        assert_eq!(told(within, &two, "2026-03-31"), both);
        let nothing = [filling("2025-Y", Means::Nothing("没有。".to_owned()))];
        let said = [cell("2025-Y", Standing::Nothing)];
        assert_eq!(told(within, &nothing, "2026-03-31"), said);
        // What the one period of former days was filled with is a material of its day.
        let former = [material("2025-01-06")];
        let kept = [cell("2025-01-06", Standing::Filled)];
        assert_eq!(told(within, &former, "2026-03-31"), kept);
        // A material of another year answers nothing.
        let other = [material("2024-12-31")];
        assert_eq!(told(within, &other, "2026-03-31"), late);
    }

    #[test]
    fn what_was_registered_for_another_cut_stays_in_sight() {
        let monthly = told(Rhythm::Monthly, &[material("2025-Q1")], "2026-03-31");
        assert_eq!(monthly.len(), 13);
        assert!(monthly.contains(&cell("2025-Q1", Standing::Filled)));
        let nobody = Course::default();
        let calendar = WorkCalendar::builtin();
        let of = (entry(1).id, &nobody);
        let kept = [material("2025-Q1")];
        let left = year_of(of, 2025, &kept, &calendar, day("2026-03-31"));
        assert_eq!(left.len(), 1);
    }
}
