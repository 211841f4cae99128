//! When a report is due (条例 art. 49): departments by 31 January, governments by 31 March of the next year.
//! Townships are not named there; the local notice decides, 31 January unless it says otherwise.

use gongkai_basis::Date;
use gongkai_platform::organ::{Kind, Level};

/// The last day for an organ's report on a year; `None` for a year that has no next one.
#[must_use]
pub fn due_on(kind: Kind, level: Level, year: i16) -> Option<Date> {
    let next = year.checked_add(1)?;
    let county_or_above = matches!(level, Level::Province | Level::City | Level::County);
    if kind == Kind::Government && county_or_above {
        Date::new(next, 3, 31).ok()
    } else {
        Date::new(next, 1, 31).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::due_on;
    use gongkai_platform::organ::{Kind, Level};

    #[test]
    fn governments_have_two_months_more() {
        for (kind, level, wanted) in [
            (Kind::Department, Level::City, "2027-01-31"),
            (Kind::Government, Level::City, "2027-03-31"),
            (Kind::Government, Level::County, "2027-03-31"),
            (Kind::Town, Level::Town, "2027-01-31"),
        ] {
            let due = due_on(kind, level, 2026).map(|day| day.to_string());
            assert_eq!(due.as_deref(), Some(wanted));
        }
    }
}
