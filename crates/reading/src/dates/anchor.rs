//! A month without its year behind a date that has one: 2024年3月底前制定，9月底前完成.

use super::super::number::digits;
use super::super::text::{Mark, from, part, plain, starts_any};
use super::moment::moment;
use super::{Doubt, Found, Known, RANGE};

/// Figures of a year.
const YEAR_LEN: usize = 4;
/// Longest sign between two dates of a range or a list, in characters.
const LINK_MAX: usize = 2;

/// The last date with its year so far.
#[derive(Debug, Clone, Copy)]
struct Printed {
    year: i16,
    month: u32,
    end: usize,
    /// A sentence has ended since.
    apart: bool,
    /// A year alone, which holds for the months straight behind it (2024年3、6、9月).
    alone: bool,
}

/// What the dates before say of the one at hand.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Anchor(Option<Printed>);

/// How a date without a year is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Carried {
    pub(super) known: Known,
    doubtful: bool,
    /// The year is that of the date before, and this is the month to which it is carried.
    carried: bool,
    month: Option<u32>,
}

impl Carried {
    /// Marks a date that was read with another year than its own words say.
    pub(super) fn doubt(&self, found: &mut Found) {
        let by = found.deadline.kind == super::DeadlineKind::By && found.deadline.date.is_some();
        if self.doubtful && by && found.doubt.is_none() && !names_year(&found.run) {
            found.doubt = Some(Doubt::OtherYear);
        }
    }
}

fn names_year(run: &[Mark]) -> bool {
    digits(run).is_some_and(|(_, len)| len == 4)
}

impl Anchor {
    /// Looks at what begins at `i`, whatever it is.
    pub(super) fn pass(&mut self, marks: &[Mark], i: usize, known: Known) {
        if let (Some(printed), Some('。')) = (&mut self.0, marks.get(i).map(|m| m.fold)) {
            printed.apart = true;
        }
        let before = i.checked_sub(1).and_then(|j| marks.get(j)).map(|m| m.fold);
        if before.is_some_and(|c| c.is_ascii_digit()) {
            return;
        }
        let rest = from(marks, i);
        let next = || {
            starts_any(rest, &["次年", "明年"])
                .and(known.year)
                .map(|year| year + 1)
        };
        let year = match digits(rest) {
            Some((year, 4)) => i16::try_from(year).ok(),
            _ => next(),
        };
        let Some(year) = year else { return };
        if let Some(found) = moment(rest, before) {
            self.0 = Some(Printed {
                year,
                month: found.month(),
                end: i + found.len,
                apart: false,
                alone: false,
            });
        } else if starts_any(from(rest, YEAR_LEN), &["年"]).is_some() {
            self.0 = Some(Printed {
                year,
                month: 0,
                end: i + YEAR_LEN + 1,
                apart: false,
                alone: true,
            });
        }
    }

    /// The year with which a date at `i` is read that has none of its own.
    pub(super) fn carried(&self, marks: &[Mark], i: usize, known: Known) -> Carried {
        const OWN: &[&str] = &["今年", "本年", "当年", "明年", "次年", "下年"];
        const YEARLY: &[&str] = &[
            "每年", "逐年", "今年", "本年", "当年", "次年", "明年", "翌年",
        ];
        let plain_reading = Carried {
            known,
            doubtful: false,
            carried: false,
            month: None,
        };
        let Some(printed) = self.0 else {
            return plain_reading;
        };
        let rest = from(marks, i);
        let own = names_year(rest) || starts_any(rest, OWN).is_some();
        let yearly = i >= 2 && starts_any(part(marks, i - 2, i), YEARLY).is_some();
        if own || yearly {
            return plain_reading;
        }
        let month = moment(rest, None).map(|m| m.month());
        let earlier = month.is_some_and(|month| month < printed.month);
        let between = match i.saturating_sub(printed.end) {
            0..=LINK_MAX => plain(part(marks, printed.end, i)),
            _ => String::new(),
        };
        let straight = printed.end == i || between == "第";
        if printed.alone && !straight {
            return plain_reading;
        }
        let linked = straight
            || RANGE.contains(&between.as_str())
            || matches!(
                between.as_str(),
                "、" | "和" | "及" | "——" | "起至" | "起到"
            );
        let (carry, doubtful) = match known.year {
            _ if linked => (true, earlier),
            Some(plan) if plan == printed.year => (true, false),
            None => (!printed.apart, earlier),
            Some(plan) if printed.year > plan => (!earlier, earlier || printed.apart),
            // the earlier year tells what was before the plan, most likely
            Some(_) => (false, !earlier && !printed.apart),
        };
        let year = if carry {
            Some(printed.year)
        } else {
            known.year
        };
        Carried {
            known: Known { year, ..known },
            doubtful,
            carried: carry,
            month,
        }
    }

    /// A date was read up to `end`: the next one is measured by it.
    pub(super) fn read(&mut self, carried: &Carried, end: usize) {
        if let Some(printed) = self.0.as_mut().filter(|_| carried.carried) {
            printed.month = carried.month.unwrap_or(printed.month);
            (printed.end, printed.alone) = (end, false);
        }
    }
}
