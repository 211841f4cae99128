//! Lights: computed from dates and reports whenever they are shown, never stored.

use gongkai_basis::{Date, coded};

use super::Duty;

/// Days before the due date from which a task counts as soon due.
pub const SOON_DAYS: i32 = 10;

coded! {
    /// How an assignment or a task stands. The order is from best to worst.
    pub enum Light {
        /// ✓ 已完成
        Done = "done", "已完成";
        /// ● 正常
        Normal = "normal", "正常";
        /// ▲ 将到期
        Soon = "soon", "将到期";
        /// ◇ 佐证失效: reported as done, and a check found that what proved it changed or is gone.
        Decayed = "decayed", "佐证失效";
        /// ■ 已逾期
        Overdue = "overdue", "已逾期";
    }
}

impl Light {
    #[must_use]
    pub const fn shape(self) -> &'static str {
        match self {
            Self::Done => "✓",
            Self::Normal => "●",
            Self::Soon => "▲",
            Self::Decayed => "◇",
            Self::Overdue => "■",
        }
    }

    /// The light of one assignment whose evidence is not in question.
    #[must_use]
    pub fn of(due_on: Option<Date>, done: bool, today: Date) -> Self {
        match due_on {
            _ if done => Self::Done,
            Some(due) if due < today => Self::Overdue,
            Some(due) if (due - today).get_days() <= SOON_DAYS => Self::Soon,
            Some(_) | None => Self::Normal,
        }
    }

    /// The light of one assignment: what was done in time and lost its proof is neither done nor overdue.
    #[must_use]
    pub fn of_part(part: &Part, today: Date) -> Self {
        if part.reopened {
            Self::Decayed
        } else {
            Self::of(part.next_due_on, part.finished, today)
        }
    }

    /// A task's light: the worst of its lead and responsible organs; where only cooperating ones are left, theirs.
    #[must_use]
    pub fn of_task(lights: &[(Duty, Self)]) -> Self {
        let worst = |wanted: fn(Duty) -> bool| {
            lights
                .iter()
                .filter(|(duty, _)| wanted(*duty))
                .map(|(_, light)| *light)
                .max()
        };
        worst(|duty| duty != Duty::Cooperate)
            .or_else(|| worst(|_| true))
            .unwrap_or(Self::Normal)
    }
}

/// What one open assignment adds to its task's light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub duty: Duty,
    pub finished: bool,
    /// Reported as done, and its evidence decayed: then it is not finished.
    pub reopened: bool,
    pub reported: bool,
    /// The day on which it is next due: [`crate::evidence::target::Wanted::next_due`].
    pub next_due_on: Option<Date>,
}

/// The facts from which a task's light is computed on any day: kept beside the task, so that lists need not look at its
/// assignments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// All that count are done.
    pub finished: bool,
    /// One that counts lost its proof.
    pub reopened: bool,
    /// The earliest date among those that count and were not reported as done; the task's own date where no organ has it.
    pub next_due_on: Option<Date>,
    /// Organs that have a part in it.
    pub organs: usize,
    /// A lead or responsible organ has never reported.
    pub silent: bool,
}

impl Standing {
    /// Lead and responsible organs count; where there are none, cooperating ones do. [`Light::of`] of this is
    /// [`Light::of_task`] of the parts. A task that no organ has keeps its own date: nobody does it, and it gets late.
    #[must_use]
    pub fn of(due_on: Option<Date>, parts: &[Part]) -> Self {
        let decides = |part: &&Part| part.duty != Duty::Cooperate;
        let decisive = parts.iter().any(|part| decides(&part));
        let counting = || parts.iter().filter(|part| !decisive || decides(part));
        let reopened = counting().any(|part| part.reopened);
        let mut waiting = counting()
            .filter(|part| !part.finished && !part.reopened)
            .peekable();
        let silent = parts.iter().filter(decides).any(|part| !part.reported);
        Self {
            finished: !parts.is_empty() && !reopened && waiting.peek().is_none(),
            reopened,
            next_due_on: if parts.is_empty() {
                due_on
            } else {
                waiting.filter_map(|part| part.next_due_on).min()
            },
            organs: parts.len(),
            silent,
        }
    }

    #[must_use]
    pub fn light(&self, today: Date) -> Light {
        match Light::of(self.next_due_on, self.finished, today) {
            Light::Normal | Light::Soon | Light::Decayed if self.reopened => Light::Decayed,
            light => light,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Duty, Light, Part, Standing};
    use gongkai_basis::Date;
    use proptest::prelude::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    #[test]
    fn a_due_day_is_the_last_good_day() {
        let due = Some(day("2026-09-30"));
        assert_eq!(Light::of(due, false, day("2026-09-19")), Light::Normal);
        assert_eq!(Light::of(due, false, day("2026-09-20")), Light::Soon);
        assert_eq!(Light::of(due, false, day("2026-09-30")), Light::Soon);
        assert_eq!(Light::of(due, false, day("2026-10-01")), Light::Overdue);
        assert_eq!(Light::of(due, true, day("2026-10-01")), Light::Done);
        assert_eq!(Light::of(None, false, day("2026-10-01")), Light::Normal);
    }

    #[test]
    fn what_lost_its_proof_is_neither_done_nor_overdue() {
        let part = Part {
            duty: Duty::Lead,
            finished: false,
            reopened: true,
            reported: true,
            next_due_on: Some(day("2026-09-01")),
        };
        let today = day("2026-10-01");
        assert_eq!(Light::of_part(&part, today), Light::Decayed);
        let standing = |parts: &[Part]| Standing::of(None, parts);
        assert_eq!(standing(&[part]).light(today), Light::Decayed);
        let waiting = Part {
            reopened: false,
            ..part
        };
        assert_eq!(standing(&[part, waiting]).light(today), Light::Overdue);
        let done = Part {
            finished: true,
            ..waiting
        };
        assert!(!standing(&[part, done]).finished && standing(&[part, done]).reopened);
    }

    #[test]
    fn a_task_is_as_bad_as_its_worst_lead_or_responsible_organ() {
        let light = Light::of_task(&[
            (Duty::Lead, Light::Done),
            (Duty::Responsible, Light::Soon),
            (Duty::Cooperate, Light::Overdue),
        ]);
        assert_eq!(light, Light::Soon);
        assert_eq!(
            Light::of_task(&[(Duty::Cooperate, Light::Overdue)]),
            Light::Overdue
        );
        assert_eq!(Light::of_task(&[]), Light::Normal);
    }

    #[test]
    fn a_task_that_no_organ_has_gets_late_by_its_own_date() {
        let standing = Standing::of(Some(day("2026-09-30")), &[]);
        assert_eq!(standing.light(day("2026-10-01")), Light::Overdue);
        assert_eq!(standing.light(day("2026-09-01")), Light::Normal);
        assert!(!standing.finished && standing.organs == 0 && !standing.silent);
    }

    fn part() -> impl Strategy<Value = Part> {
        let duty = prop_oneof![
            Just(Duty::Lead),
            Just(Duty::Responsible),
            Just(Duty::Cooperate)
        ];
        let due = proptest::option::of((1_i8..=12, 1_i8..=28));
        (duty, 0..3, any::<bool>(), due).prop_map(|(duty, stand, reported, due)| Part {
            duty,
            finished: stand == 1,
            reopened: stand == 2,
            reported,
            next_due_on: due.map(|(month, day)| Date::constant(2026, month, day)),
        })
    }

    proptest! {
        #[test]
        fn the_kept_facts_give_the_same_light_as_the_parts(
            parts in proptest::collection::vec(part(), 0..6),
            (month, date) in (1_i8..=12, 1_i8..=28),
        ) {
            let today = Date::constant(2026, month, date);
            let lights: Vec<(Duty, Light)> = parts
                .iter()
                .map(|part| (part.duty, Light::of_part(part, today)))
                .collect();
            let standing = Standing::of(None, &parts);
            prop_assert_eq!(standing.light(today), Light::of_task(&lights));
            let silent = parts.iter().any(|part| part.duty != Duty::Cooperate && !part.reported);
            prop_assert_eq!((standing.organs, standing.silent), (parts.len(), silent));
        }
    }
}
