//! When a report is due (条例 art. 49): departments by 31 January, governments of county level and above by 31 March of the
//! next year. Townships and streets are not named there: the local notice decides, 31 January unless it says otherwise.
//! The office of a government may set earlier days for those whom the law names, and any day up to 31 March for the others.

pub mod handle;
pub mod store;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use gongkai_basis::id::OrganId;
use gongkai_basis::{Date, coded};
use gongkai_platform::fault::{Reason, Wanted, text_fault};
use gongkai_platform::organ::{Kind, Level};

use crate::annual::Unit;

const BASIS_CHARS_MAX: usize = 200;

coded! {
    /// Who has a day in common.
    pub enum Group {
        Departments = "departments", "部门";
        /// Of county level and above.
        Governments = "governments", "县级以上政府";
        Towns = "towns", "乡镇、街道";
    }
}

impl Group {
    #[must_use]
    pub const fn of(kind: Kind, level: Level) -> Self {
        match (kind, level) {
            (Kind::Government, Level::Province | Level::City | Level::County) => Self::Governments,
            (Kind::Town | Kind::Street, _) | (_, Level::Town | Level::Village) => Self::Towns,
            (_, _) => Self::Departments,
        }
    }

    /// Law: art. 49; for towns no law, but their figures are part of what their government publishes by then.
    const fn latest(self) -> Day {
        match self {
            Self::Departments => JANUARY,
            Self::Governments | Self::Towns => MARCH,
        }
    }
}

/// The last day of January.
const JANUARY: Day = Day { month: 1, day: 31 };
const MARCH: Day = Day { month: 3, day: 31 };

/// A day of each year, as 01-31.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    month: i8,
    day: i8,
}

impl Day {
    fn of(self, year: i16) -> Option<Date> {
        Date::new(year, self.month, self.day).ok()
    }

    /// 1月31日
    #[must_use]
    pub fn words(self) -> String {
        format!("{}月{}日", self.month, self.day)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

impl FromStr for Day {
    type Err = ();

    /// A day that every year has.
    fn from_str(text: &str) -> Result<Self, ()> {
        const NO_LEAP_YEAR: i16 = 2027;
        let (month, day) = text.trim().split_once('-').ok_or(())?;
        let day = Self {
            month: month.parse().map_err(|_| ())?,
            day: day.parse().map_err(|_| ())?,
        };
        day.of(NO_LEAP_YEAR).map(|_| day).ok_or(())
    }
}

/// The days of one government's area, with the notice that they rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Days {
    pub departments: Day,
    pub governments: Day,
    pub towns: Day,
    pub basis: String,
    /// 0 where nothing was set.
    pub version: i64,
}

impl Days {
    /// Where nothing was set.
    pub const USUAL: Self = Self {
        departments: JANUARY,
        governments: MARCH,
        towns: JANUARY,
        basis: String::new(),
        version: 0,
    };

    #[must_use]
    pub const fn of(&self, group: Group) -> Day {
        match group {
            Group::Departments => self.departments,
            Group::Governments => self.governments,
            Group::Towns => self.towns,
        }
    }

    /// Every reason why they cannot be set.
    #[must_use]
    pub fn why_not(&self) -> Vec<Reason> {
        let late = |group: &Group| {
            let latest = group.latest();
            (self.of(*group) > latest).then(|| {
                let (name, until) = (group.name(), latest.words());
                let said = match group {
                    Group::Departments | Group::Governments => {
                        format!("{name}的年度报告最迟{until}公布（条例第四十九条），只能提前。")
                    }
                    Group::Towns => {
                        format!("{name}的年度报告最迟{until}：本级政府的报告那一天就要公布。")
                    }
                };
                (group.code(), said)
            })
        };
        let basis = text_fault(("basis", "依据"), &self.basis, BASIS_CHARS_MAX, Wanted::Yes);
        Group::ALL.iter().filter_map(late).chain(basis).collect()
    }
}

/// What the governments have set, each for its area.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms(BTreeMap<OrganId, Days>);

impl Terms {
    /// The last day for a unit's report on a year, as the nearest government above it has set; what it set for its own area
    /// holds for itself where none above did. `None` for a year that has no next one.
    #[must_use]
    pub fn due_on(&self, unit: &Unit, year: i16) -> Option<Date> {
        let path = unit.path.rsplit('/').filter_map(|id| id.parse().ok());
        let above = path.filter(|organ| *organ != unit.id).chain([unit.id]);
        let mut set = above.filter_map(|organ: OrganId| self.0.get(&organ));
        let group = Group::of(unit.kind, unit.level);
        let day = set
            .next()
            .map_or(Days::USUAL.of(group), |days| days.of(group));
        day.of(year.checked_add(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn organ(n: u128) -> OrganId {
        OrganId::new(Uuid::from_u128(n))
    }

    fn unit(kind: Kind, level: Level, above: &[u128]) -> Unit {
        let path: String = above.iter().map(|n| format!("/{}", organ(*n))).collect();
        Unit {
            id: organ(*above.last().unwrap()),
            name: String::new(),
            path: path + "/",
            kind,
            level,
        }
    }

    fn due(terms: &Terms, unit: &Unit) -> String {
        terms.due_on(unit, 2026).unwrap().to_string()
    }

    #[test]
    fn governments_have_two_months_more() {
        let terms = Terms::default();
        for (kind, level, wanted) in [
            (Kind::Department, Level::City, "2027-01-31"),
            (Kind::Government, Level::City, "2027-03-31"),
            (Kind::Government, Level::County, "2027-03-31"),
            (Kind::Town, Level::Town, "2027-01-31"),
            (Kind::Street, Level::Town, "2027-01-31"),
        ] {
            assert_eq!(due(&terms, &unit(kind, level, &[1])), wanted);
        }
        let unit = unit(Kind::Town, Level::Town, &[1]);
        assert_eq!(terms.due_on(&unit, i16::MAX), None);
    }

    #[test]
    fn the_nearest_government_sets_the_days_of_its_area() {
        let set = |towns: &str| Days {
            towns: towns.parse().unwrap(),
            departments: "01-20".parse().unwrap(),
            ..Days::USUAL
        };
        let terms = Terms([(organ(1), set("02-20")), (organ(2), set("02-10"))].into());
        for (kind, level, above, wanted) in [
            (Kind::Town, Level::Town, &[1, 3][..], "2027-02-20"),
            (Kind::Town, Level::Town, &[1, 2, 4], "2027-02-10"),
            (Kind::Office, Level::Town, &[1, 2, 4, 5], "2027-02-10"),
            (Kind::Department, Level::City, &[1, 6], "2027-01-20"),
            (Kind::Government, Level::County, &[1, 2], "2027-03-31"),
            (Kind::Town, Level::Town, &[7, 8], "2027-01-31"),
            // What a town sets holds for itself only where nobody above set anything.
            (Kind::Town, Level::Town, &[1, 2], "2027-02-20"),
            (Kind::Town, Level::Town, &[7, 2], "2027-02-10"),
        ] {
            assert_eq!(due(&terms, &unit(kind, level, above)), wanted, "{above:?}");
        }
    }

    #[test]
    fn the_law_sets_the_latest_day() {
        let days = |departments: &str, governments: &str, towns: &str| Days {
            departments: departments.parse().unwrap(),
            governments: governments.parse().unwrap(),
            towns: towns.parse().unwrap(),
            basis: "市府办通知".to_owned(),
            version: 0,
        };
        assert!(days("01-31", "03-31", "03-31").why_not().is_empty());
        let fields = |days: Days| {
            let reasons = days.why_not().into_iter();
            reasons.map(|(field, _)| field).collect::<Vec<_>>()
        };
        assert_eq!(
            fields(days("02-01", "04-01", "04-01")),
            ["departments", "governments", "towns"]
        );
        assert_eq!(fields(Days::USUAL), ["basis"]);
        for odd in ["", "02-29", "13-01", "1月31日", "01-", "-1-1"] {
            assert_eq!(odd.parse::<Day>(), Err(()), "{odd}");
        }
        assert_eq!("2-9".parse::<Day>().unwrap().to_string(), "02-09");
    }
}
