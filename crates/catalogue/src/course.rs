//! 各时段的公开时限: by what an entry is cut on which days. Each day is cut once, by the version of its day. Pure.
//!
//! A version holds from its 施行日期 on, or from the day it was written where it names no new one; what ended before stays cut as
//! it was. An entry that replaces one from above takes over from its own first day on in the same way.

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;

use crate::entry::Entry;
use crate::period::{Period, PeriodKind, Rhythm, day_of};
use crate::version::Limit;

/// Days that one 公开时限 cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub rhythm: Rhythm,
    pub first: Date,
    /// `None` while it holds.
    pub last: Option<Date>,
}

/// What cuts an entry from its first day on; empty where it never held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Course {
    /// Something else cut the days before: the first period begins with the course, not before it.
    follows: bool,
    /// In turn, without days between them.
    stretches: Vec<Stretch>,
}

impl Course {
    /// The course of an entry by its versions, the oldest first; by what it says now where there are none.
    #[must_use]
    pub fn of(entry: &Entry, versions: &[Limit]) -> Self {
        let mut course = Self::default();
        if versions.is_empty() {
            course.turn(
                (entry.formed_on.max(entry.in_force_on), entry.formed_on),
                entry.rhythm,
            );
        }
        let mut before: Option<(&Limit, Rhythm)> = None;
        for version in versions {
            let rhythm = if version.text == entry.words.limit_text {
                Some(entry.rhythm)
            } else {
                Rhythm::read(&version.text)
            };
            let rhythm = rhythm.or(before.map(|(_, rhythm)| rhythm));
            let rhythm = rhythm.unwrap_or(entry.rhythm);
            let first = match before {
                None => Some(version.formed_on.max(version.in_force_on)),
                Some((last, old)) => turns((last, old), (version, rhythm)),
            };
            if let Some(first) = first {
                course.turn((first, version.changed_on), rhythm);
            }
            before = Some((version, rhythm));
        }
        course.begin_not_before(entry.formed_on);
        course
    }

    /// From a day on, as said on another, something else cuts.
    fn turn(&mut self, (first, said_on): (Date, Date), rhythm: Rhythm) {
        // What is said later of the same days counts, and what had not begun yet is put off.
        let is_undone =
            |last: &Stretch| last.first >= first || (last.rhythm == rhythm && last.first > said_on);
        while self.stretches.last().is_some_and(is_undone) {
            self.stretches.pop();
        }
        let first = if self.stretches.is_empty() {
            first
        } else {
            self.start(rhythm, first)
        };
        // It had no period of its own yet, or cuts in the same way.
        let goes_on = |last: &Stretch| first <= last.first || last.rhythm == rhythm;
        let goes_on = self.stretches.last().is_some_and(goes_on);
        if let Some(last) = self.stretches.last_mut() {
            if goes_on {
                last.rhythm = rhythm;
                last.last = None;
            } else {
                last.last = first.yesterday().ok();
            }
        }
        if !goes_on {
            self.stretches.push(Stretch {
                rhythm,
                first,
                last: None,
            });
        }
        // What was changed and changed back at once cuts as if nothing had been.
        if let [.., before, last] = self.stretches.as_mut_slice()
            && before.rhythm == last.rhythm
        {
            before.last = None;
            self.stretches.pop();
        }
    }

    /// Where the periods of a later rhythm begin that holds from a day on: with the one that the day lies in, but not before
    /// the end of those that were over by then.
    fn start(&self, rhythm: Rhythm, day: Date) -> Date {
        let earlier = self.stretches.iter().rev().find(|one| one.first <= day);
        let own = rhythm.start_of(day);
        earlier.map_or(own, |one| own.max(one.rhythm.start_of(day)))
    }

    fn begin_not_before(&mut self, day: Date) {
        self.stretches
            .retain(|one| one.last.is_none_or(|last| last >= day));
        if let Some(first) = self.stretches.first_mut() {
            first.first = first.first.max(day);
        }
    }

    /// An entry that stands for this one takes over.
    pub fn give_way_to(&mut self, next: &Self) {
        let Some(end) = next.takes_over(self) else {
            return;
        };
        self.stretches.retain(|one| one.first < end);
        if let Some(last) = self.stretches.last_mut() {
            let until = end.yesterday().ok();
            last.last = match (last.last, until) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
    }

    /// Takes over from the entry that this one stands for, if that one has held before.
    pub fn take_over_from(&mut self, above: &Self) {
        let Some(start) = self.takes_over(above) else {
            return;
        };
        if above.stretches.first().is_some_and(|one| one.first < start)
            && let Some(first) = self.stretches.first_mut()
        {
            first.first = start;
            self.follows = true;
        }
    }

    /// The first day that is cut by this course instead of the one above.
    fn takes_over(&self, above: &Self) -> Option<Date> {
        let first = self.stretches.first()?;
        Some(above.start(first.rhythm, first.first))
    }

    #[must_use]
    pub fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    /// Does it cut no day to come?
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.stretches.last().is_none_or(|one| one.last.is_some())
    }

    /// What a day is cut by.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<Rhythm> {
        let holds = |one: &&Stretch| one.first <= day && one.last.is_none_or(|last| day <= last);
        self.stretches.iter().find(holds).map(|one| one.rhythm)
    }

    /// Are there days in a year whose materials are registered by the day they were formed?
    #[must_use]
    pub fn is_by_day_in(&self, year: i16) -> bool {
        self.stretches.iter().any(|one| {
            let ends = one.last.map_or(year, |last| last.year());
            one.rhythm.is_by_day() && one.first.year() <= year && year <= ends
        })
    }

    /// The due instances of a year. Where two rhythms meet within a period, it ends with the one and begins with the other.
    #[must_use]
    pub fn periods(&self, year: i16, calendar: &WorkCalendar) -> Vec<Period> {
        let mut found: Vec<Period> = Vec::new();
        for (nth, stretch) in self.stretches.iter().enumerate() {
            let follows = self.follows || nth > 0;
            for whole in stretch.rhythm.whole(year, calendar) {
                let name = whole.name.clone();
                let Some(cut) = stretch.cut(whole, follows, calendar) else {
                    continue;
                };
                match found.iter_mut().find(|one| one.code == cut.code) {
                    // The same cut came back within one of its periods: it is one.
                    Some(one) => {
                        let first = one.first;
                        *one = Period { first, name, ..cut };
                    }
                    None => found.push(cut),
                }
            }
        }
        found
    }

    /// The period with this code, or the material of this day; `None` where the entry is not cut so.
    #[must_use]
    pub fn period(&self, code: &str, calendar: &WorkCalendar) -> Option<Period> {
        if let Some((day, _)) = day_of(code) {
            let limit = self.on(day).filter(|rhythm| rhythm.is_by_day())?;
            return Period::kept(code, Some(limit), calendar);
        }
        let year = code.get(..4)?.parse().ok()?;
        let mut periods = self.periods(year, calendar).into_iter();
        periods.find(|period| period.code == code)
    }
}

/// From which day a version cuts otherwise than the one before it; `None` where it says nothing new of time.
#[must_use]
pub fn turns((last, old): (&Limit, Rhythm), (next, rhythm): (&Limit, Rhythm)) -> Option<Date> {
    if last.in_force_on != next.in_force_on {
        Some(next.in_force_on)
    } else if old != rhythm {
        Some(next.changed_on.max(next.in_force_on))
    } else {
        None
    }
}

impl Stretch {
    /// The part of a whole period that lies in these days.
    fn cut(&self, whole: Period, follows: bool, calendar: &WorkCalendar) -> Option<Period> {
        let last = self.last.map_or(whole.last, |last| last.min(whole.last));
        if whole.last < self.first || last < whole.first {
            return None;
        }
        let begins = follows && whole.first < self.first;
        let first = if begins || whole.kind == PeriodKind::Year {
            whole.first.max(self.first)
        } else {
            whole.first
        };
        let day = |date: Date| format!("{}月{}日", date.month(), date.day());
        let part = match (begins, last < whole.last) {
            (true, true) => format!("（{}至{}）", day(first), day(last)),
            (true, false) => format!("（{}起）", day(first)),
            (false, true) => format!("（至{}）", day(last)),
            (false, false) => String::new(),
        };
        Some(Period {
            name: whole.name + &part,
            first,
            last,
            due_on: self.rhythm.due(last, calendar),
            ..whole
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::tests::entry;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn limit(text: &str, in_force_on: &str, changed_on: &str) -> Limit {
        Limit {
            text: text.to_owned(),
            formed_on: day("2026-01-05"),
            in_force_on: day(in_force_on),
            changed_on: day(changed_on),
        }
    }

    /// The course of an entry with these versions; the last one is what it says now.
    fn course(versions: &[Limit]) -> Course {
        let mut entry = entry(1);
        let last = versions.last().unwrap();
        entry.words.limit_text.clone_from(&last.text);
        entry.rhythm = Rhythm::read(&last.text).unwrap();
        entry.formed_on = last.formed_on;
        entry.in_force_on = last.in_force_on;
        Course::of(&entry, versions)
    }

    fn periods(course: &Course, year: i16) -> Vec<(String, String, String)> {
        let periods = course.periods(year, &WorkCalendar::builtin());
        let one = |period: Period| {
            (
                period.name,
                period.first.to_string(),
                period.last.to_string(),
            )
        };
        periods.into_iter().map(one).collect()
    }

    fn names(course: &Course, year: i16) -> Vec<String> {
        periods(course, year).into_iter().map(|one| one.0).collect()
    }

    #[test]
    fn an_entry_is_owed_from_the_day_it_is_in_force() {
        let from = |formed_on: &str, in_force_on: &str| {
            let mut one = limit("每季度", in_force_on, "2025-01-01");
            one.formed_on = day(formed_on);
            names(&course(&[one]), 2025)
        };
        let all = ["第1季度", "第2季度", "第3季度", "第4季度"];
        assert_eq!(from("2025-01-05", "2025-01-05"), all);
        // The period in which it begins is owed whole.
        assert_eq!(from("2025-04-20", "2025-04-20"), all[1..]);
        assert_eq!(from("2025-03-01", "2025-10-01"), all[3..]);
        assert_eq!(from("2026-01-05", "2026-01-05"), [""; 0]);
    }

    #[test]
    fn a_changed_limit_leaves_what_ended_before_it_as_it_was_cut() {
        let monthly = course(&[
            limit("每季度", "2026-01-05", "2026-01-05"),
            limit("每月", "2026-11-01", "2026-10-20"),
        ]);
        let cut = periods(&monthly, 2026);
        let told: Vec<&str> = cut.iter().map(|one| one.0.as_str()).collect();
        let wanted = [
            "第1季度",
            "第2季度",
            "第3季度",
            "第4季度（至10月31日）",
            "11月",
            "12月",
        ];
        assert_eq!(told, wanted);
        assert_eq!(cut[3].2, "2026-10-31");
        assert_eq!(names(&monthly, 2027).len(), 12);

        // Where the change names no day of its own it counts from the day it was written, and no day is cut twice.
        let half = course(&[
            limit("每月", "2026-01-05", "2026-01-05"),
            limit("每半年", "2026-01-05", "2026-11-30"),
        ]);
        let cut = periods(&half, 2026);
        assert_eq!(cut.len(), 11, "{cut:?}");
        assert_eq!(
            (cut[9].0.as_str(), cut[10].0.as_str()),
            ("10月", "下半年（11月1日起）")
        );
    }

    #[test]
    fn a_change_that_had_not_begun_is_put_off_and_a_correction_of_its_day_counts() {
        let first = limit("每季度", "2026-01-05", "2026-01-05");
        let second = limit("每月", "2026-12-01", "2026-11-01");
        let later = limit("每月", "2027-01-01", "2026-11-10");
        let put_off = course(&[first.clone(), second.clone(), later]);
        assert_eq!(
            names(&put_off, 2026),
            ["第1季度", "第2季度", "第3季度", "第4季度"]
        );
        let earlier = limit("每月", "2026-10-01", "2026-11-10");
        let earlier = course(&[first.clone(), second, earlier]);
        assert_eq!(names(&earlier, 2026)[3..], ["10月", "11月", "12月"]);
        // A mistake that is mended the next day leaves nothing behind.
        let wrong = limit("每月", "2026-01-05", "2026-11-01");
        let mended = limit("每季度", "2026-01-05", "2026-11-02");
        let mended = course(&[first.clone(), wrong, mended]);
        assert_eq!(mended.stretches().len(), 1);
        assert_eq!(names(&mended, 2026).len(), 4);
        // Other words alone change nothing of time, whatever day they hold from.
        let words = limit("每季度", "2026-10-01", "2026-09-01");
        assert_eq!(names(&course(&[first, words]), 2026).len(), 4);
    }

    #[test]
    fn materials_by_day_and_periods_meet_on_the_very_day() {
        let by_day = course(&[
            limit("每季度", "2026-01-05", "2026-01-05"),
            limit("20个工作日内", "2026-11-30", "2026-11-20"),
        ]);
        let cut = periods(&by_day, 2026);
        assert_eq!(cut[3].0, "第4季度（至11月29日）");
        assert_eq!(cut[4].0, "全年（11月30日起）");
        assert!(by_day.is_by_day_in(2026) && by_day.is_by_day_in(2027));
        let calendar = WorkCalendar::builtin();
        assert_eq!(by_day.period("2026-11-29", &calendar), None);
        let material = by_day.period("2026-11-30", &calendar).unwrap();
        assert_eq!(material.kind, PeriodKind::Kept);
        let counted = calendar.between(day("2026-11-30"), material.due_on.unwrap());
        assert_eq!(counted.unwrap(), 20);
        assert_eq!(
            by_day.period("2026-Y", &calendar).unwrap().kind,
            PeriodKind::Year
        );
    }

    #[test]
    fn an_entry_that_replaces_another_takes_over_from_its_first_day() {
        let mut above = course(&[limit("每季度", "2026-01-05", "2026-01-05")]);
        let mut own = limit("每月", "2026-11-30", "2026-11-30");
        own.formed_on = day("2026-11-30");
        let mut own = course(&[own]);
        own.take_over_from(&above);
        above.give_way_to(&own);
        assert_eq!(
            names(&above, 2026)[2..],
            ["第3季度", "第4季度（至10月31日）"]
        );
        assert!(above.is_over() && names(&above, 2027).is_empty());
        assert_eq!(names(&own, 2026), ["11月", "12月"]);

        // One that begins no later than the other has never left it a day.
        let mut above = course(&[limit("每季度", "2026-01-05", "2026-01-05")]);
        let mut same = course(&[limit("每月", "2026-01-05", "2026-01-05")]);
        same.take_over_from(&above);
        above.give_way_to(&same);
        assert!(names(&above, 2026).is_empty());
        assert_eq!(names(&same, 2026).len(), 12);
    }
}
