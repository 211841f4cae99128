//! 有效性: follows from events and days. What lists look at is kept with the last day for which it holds ([`Standing`]), and
//! worked out anew where that day is past.

use gongkai_basis::{Date, coded};
use gongkai_platform::web::day as in_words;

use super::Document;
use crate::id::{DocumentId, TurnId};

coded! {
    /// What becomes of a document.
    pub enum Change {
        Amended = "amended", "修改";
        Repealed = "repealed", "废止";
        Lapsed = "lapsed", "宣布失效";
        Kept = "kept", "继续有效";
    }
}

impl Change {
    /// Nothing comes after it.
    #[must_use]
    pub const fn is_end(self) -> bool {
        match self {
            Self::Repealed | Self::Lapsed => true,
            Self::Amended | Self::Kept => false,
        }
    }
}

coded! {
    /// 有效性, as the page shows it.
    pub enum Validity {
        NotYet = "not_yet", "尚未生效";
        InForce = "in_force", "现行有效";
        Amended = "amended", "已修改";
        Repealed = "repealed", "已废止";
        Lapsed = "lapsed", "已失效";
    }
}

impl Validity {
    #[must_use]
    pub const fn is_void(self) -> bool {
        matches!(self, Self::Repealed | Self::Lapsed)
    }

    /// What stands behind the name of a document that is void, wherever it is named.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Repealed => "（已废止）",
            Self::Lapsed => "（已失效）",
            Self::NotYet | Self::InForce | Self::Amended => "",
        }
    }
}

/// An event of validity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    pub change: Change,
    pub on: Date,
    /// The document or decision that it rests on.
    pub basis: String,
    /// 继续有效: until when now.
    pub until: Option<Date>,
    /// 废止、宣布失效: what takes its place.
    pub successor: Option<Successor>,
    pub by: String,
}

/// The document that takes another's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Successor {
    /// As people read it: 《名称》（文号）, or as it was typed.
    pub written: String,
    /// Of this library, where it holds it.
    pub document: Option<DocumentId>,
}

/// An event as it was recorded, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub id: TurnId,
    pub turn: Turn,
    pub undone: Option<Undone>,
}

/// Who took an event back that was recorded by mistake, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// Milliseconds.
    pub at: i64,
    pub by: String,
    /// For the public.
    pub why: String,
}

/// The events that still count.
#[must_use]
pub fn counting(recorded: &[Recorded]) -> Vec<Turn> {
    let counting = recorded.iter().filter(|one| one.undone.is_none());
    counting.map(|one| one.turn.clone()).collect()
}

/// How it stands on a day; `turns` in the order of their days. Whatever was repealed or declared lapsed stays so.
/// The last day printed is still a day of validity: dates are taken as given.
#[must_use]
pub fn on(
    day: Date,
    effective_on: Option<Date>,
    expires_on: Option<Date>,
    turns: &[Turn],
) -> Validity {
    let mut until = expires_on;
    let mut amended = false;
    for turn in turns.iter().filter(|turn| turn.on <= day) {
        match turn.change {
            Change::Repealed => return Validity::Repealed,
            Change::Lapsed => return Validity::Lapsed,
            Change::Amended => amended = true,
            Change::Kept => until = turn.until,
        }
    }
    if effective_on.is_some_and(|from| day < from) {
        Validity::NotYet
    } else if until.is_some_and(|last| day > last) {
        Validity::Lapsed
    } else if amended {
        Validity::Amended
    } else {
        Validity::InForce
    }
}

/// Until when it is valid now, and how many calendar days that still is.
#[must_use]
pub fn left(day: Date, expires_on: Option<Date>, turns: &[Turn]) -> Option<(Date, i32)> {
    let last = turns
        .iter()
        .rfind(|turn| turn.on <= day && turn.change == Change::Kept)
        .map_or(expires_on, |turn| turn.until)?;
    Some((last, (last - day).get_days()))
}

/// How a document stands on a day, as lists ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// `None` for kinds that have no 有效性.
    pub validity: Option<Validity>,
    /// 公示期 is over.
    pub over: bool,
    /// The last day of 有效期 as it is on that day; `None` where there is none, and where 废止 or 宣布失效 was recorded.
    pub lapses_on: Option<Date>,
    /// The last day for which all this holds while nothing new is recorded; `None` for good.
    pub until: Option<Date>,
}

/// How a document stands on a day; `turns` in the order of their days.
#[must_use]
pub fn standing(day: Date, document: &Document, turns: &[Turn]) -> Standing {
    let (from, to) = (document.effective_on, document.expires_on);
    let has_validity = document.kind.has_validity();
    let last = left(day, to, turns).map(|(last, _)| last);
    let is_ended = turns.iter().any(|turn| turn.change.is_end());
    // The first days on which something is otherwise.
    let next = |last: Date| last.tomorrow().ok();
    let of_validity = from.into_iter().chain(last.and_then(next));
    let of_validity = of_validity.chain(turns.iter().map(|turn| turn.on));
    let edges = of_validity
        .filter(|_| has_validity)
        .chain(document.shown_until.and_then(next));
    let edge = edges.filter(|edge| *edge > day).min();
    Standing {
        validity: has_validity.then(|| on(day, from, to, turns)),
        over: document.is_over(day),
        lapses_on: last.filter(|_| has_validity && !is_ended),
        until: edge.and_then(|edge| edge.yesterday().ok()),
    }
}

/// Until when it is valid now, in words: 继续有效 gives another last day than the text prints.
#[must_use]
pub fn until_in_words(today: Date, printed: Option<Date>, turns: &[Turn]) -> Option<String> {
    let (last, _) = left(today, printed, turns)?;
    Some(match printed {
        Some(printed) if printed != last => {
            format!("{}（原{}）", in_words(last), in_words(printed))
        }
        Some(_) | None => in_words(last),
    })
}

/// Longest validity in calendar years: a house table after 粤府令第277号, to be set by the place.
#[must_use]
pub fn years_max(title: &str) -> i16 {
    if title.contains("暂行") || title.contains("试行") {
        3
    } else {
        5
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Turn, Validity, left, on, until_in_words, years_max};
    use gongkai_basis::Date;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn turn(change: Change, at: &str, until: Option<&str>) -> Turn {
        Turn {
            change,
            on: day(at),
            basis: String::new(),
            until: until.map(day),
            successor: None,
            by: String::new(),
        }
    }

    #[test]
    fn validity_follows_days_and_events() {
        let (from, to) = (Some(day("2018-04-16")), Some(day("2023-04-16")));
        for (at, want) in [
            ("2018-04-15", Validity::NotYet),
            ("2018-04-16", Validity::InForce),
            ("2023-04-16", Validity::InForce),
            ("2023-04-17", Validity::Lapsed),
        ] {
            assert_eq!(on(day(at), from, to, &[]), want, "{at}");
        }
        let kept = [turn(Change::Kept, "2023-03-01", Some("2026-04-16"))];
        assert_eq!(on(day("2024-01-01"), from, to, &kept), Validity::InForce);
        assert_eq!(on(day("2026-04-17"), from, to, &kept), Validity::Lapsed);
        assert_eq!(
            left(day("2026-04-10"), to, &kept),
            Some((day("2026-04-16"), 6))
        );
        let words = |at: &str| until_in_words(day(at), to, &kept).unwrap();
        assert_eq!(words("2023-02-28"), "2023年4月16日");
        assert_eq!(words("2023-03-01"), "2026年4月16日（原2023年4月16日）");
        let gone = [
            turn(Change::Amended, "2019-01-01", None),
            turn(Change::Repealed, "2020-01-01", None),
        ];
        assert_eq!(on(day("2018-12-31"), from, to, &gone), Validity::InForce);
        assert_eq!(on(day("2019-06-01"), from, to, &gone), Validity::Amended);
        assert_eq!(on(day("2022-01-01"), from, to, &gone), Validity::Repealed);
        assert_eq!(on(day("2022-01-01"), None, None, &[]), Validity::InForce);
        assert!(Validity::Lapsed.is_void() && !Validity::Amended.is_void());
    }

    #[test]
    fn a_trial_lasts_shorter() {
        assert_eq!(years_max("安澜市政策解读工作细则（试行）"), 3);
        assert_eq!(years_max("安澜市行政规范性文件管理办法"), 5);
    }
}
