//! 期限 as people read it: the same words on every list, paper and file.

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;

use super::due_text;
use crate::plan::Deadline;
use crate::when;

/// What stands where neither the plan nor a unit names a day, and nothing is waited for.
const UNSAID: &str = "未写明";

/// By when something is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The plan's words, else the date of its own, else `计到2026年12月31日`, else 未写明.
    pub text: String,
    stated: Option<Date>,
    /// The day that decides the light; `None` where nothing is waited for.
    next: Option<Date>,
    /// `text` is already the day that it counts to.
    counted: bool,
}

impl Due {
    /// From the plan's words, the date that it or the office sets, and the day that decides the light.
    #[must_use]
    pub fn of(deadlines: &[Deadline], stated: Option<Date>, next: Option<Date>) -> Self {
        let printed = due_text(deadlines, stated);
        let counted = printed.is_empty();
        let text = match next {
            _ if !counted => printed,
            Some(next) => counts_to(next),
            None => UNSAID.to_owned(),
        };
        Self {
            text,
            stated,
            next,
            counted,
        }
    }

    /// `计到2026年3月31日`, where the light follows a day that `text` does not name; empty else.
    #[must_use]
    pub fn counted(&self) -> String {
        match self.next {
            Some(next) if !self.counted && self.stated != Some(next) => counts_to(next),
            Some(_) | None => String::new(),
        }
    }

    /// What is left until the day that decides the light, with that day where `text` does not name it.
    #[must_use]
    pub fn left(&self, calendar: &WorkCalendar, today: Date) -> String {
        let Some(next) = self.next else {
            return String::new();
        };
        let left = when::left(calendar, today, next);
        let counted = self.counted();
        if counted.is_empty() {
            left
        } else {
            format!("{counted}，{left}")
        }
    }

    /// `每季度（计到2026年3月31日）`, where there is no room beside it.
    #[must_use]
    pub fn whole(&self) -> String {
        let counted = self.counted();
        if counted.is_empty() {
            self.text.clone()
        } else {
            format!("{}（{counted}）", self.text)
        }
    }

    /// The day alone, for a narrow column.
    #[must_use]
    pub fn day(&self) -> String {
        match (self.next, self.stated) {
            (Some(next), stated) if stated != Some(next) => counts_to(next),
            (_, Some(stated)) => when::date(stated),
            (_, None) => self.text.clone(),
        }
    }
}

/// How a day begins that the plan does not name.
pub(crate) const COUNTS_TO: &str = "计到";

fn counts_to(day: Date) -> String {
    format!("{COUNTS_TO}{}", when::date(day))
}

#[cfg(test)]
mod tests {
    use super::Due;
    use crate::plan::{Deadline, DeadlineKind};
    use crate::testing::day;
    use gongkai_basis::calendar::WorkCalendar;

    fn words(text: &str) -> Vec<Deadline> {
        vec![Deadline {
            text: text.to_owned(),
            date: None,
            kind: DeadlineKind::Recurring,
        }]
    }

    #[test]
    fn a_day_that_nobody_named_says_that_it_is_counted() {
        let (calendar, today) = (WorkCalendar::builtin(), day("2026-09-21"));
        let said = |due: Due| {
            [
                due.text.clone(),
                due.left(&calendar, today),
                due.whole(),
                due.day(),
            ]
        };
        let (march, end) = (Some(day("2026-03-31")), Some(day("2026-12-31")));
        assert_eq!(
            said(Due::of(&words("每季度"), None, march)),
            [
                "每季度",
                "计到2026年3月31日，已逾期 174 天",
                "每季度（计到2026年3月31日）",
                "计到2026年3月31日"
            ]
        );
        let counted = "计到2026年12月31日";
        assert_eq!(
            said(Due::of(&[], None, end)),
            [counted, "还剩 68 个工作日", counted, counted]
        );
        let stated = "2026年12月31日";
        assert_eq!(
            said(Due::of(&[], end, end)),
            [stated, "还剩 68 个工作日", stated, stated]
        );
        // What is done waits for no day.
        assert_eq!(
            said(Due::of(&[], None, None)),
            ["未写明", "", "未写明", "未写明"]
        );
        assert_eq!(said(Due::of(&[], end, None)), [stated, "", stated, stated]);
    }
}
