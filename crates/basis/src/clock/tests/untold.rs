//! An extension where the limit ends in a year without a notice.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::calendar::YearNotice;

/// The calendar of the program without its last years.
fn without(from: i16) -> WorkCalendar {
    let years: Vec<YearNotice> = WorkCalendar::builtin()
        .notices()
        .filter(|notice| notice.year() < from)
        .cloned()
        .collect();
    WorkCalendar::of(years)
}

#[test]
fn an_extension_is_told_before_a_day_that_nobody_knows() {
    let calendar = WorkCalendar::builtin();
    let missing = DueDateError::Calendar(CalendarError::YearNotPublished(2027));
    let history = |on: &str| [started("2026-12-14"), extended(on, 20)];
    // Ten working days lie before 29 December, from which on the notice may move days; so ten days are left at least.
    for on in ["2026-12-14", "2026-12-31", "2027-01-07"] {
        let clock = replay(&history(on)).unwrap();
        assert_eq!(clock.extended(), 20, "{on}");
        assert_eq!(clock.due(&calendar), Err(missing), "no day is guessed");
    }
    // From the first day on which the limit could be over, the notice is needed.
    for on in ["2027-01-08", "2027-02-01"] {
        let refused = replay(&history(on)).unwrap_err();
        assert_eq!(refused.error, ClockError::Due(missing), "{on}");
    }
    // One is one, known or not.
    let twice = [
        started("2026-12-14"),
        extended("2026-12-20", 20),
        extended("2026-12-21", 1),
    ];
    let refused = replay(&twice).unwrap_err().error;
    assert_eq!(refused, ClockError::ExtensionTooLong { left: 0, max: 20 });
}

proptest! {
    /// What was let in without a year's notice is a history with it, too.
    #[test]
    fn a_notice_that_comes_later_refuses_nothing_that_was_let_in(
        offset in 0i64..330,
        told in 0i64..60,
        letters in prop::collection::vec((0i64..40, 0i64..40), 0..3),
        last in 2024i16..=2026,
    ) {
        let start = date(last - 1, 2, 1).checked_add(jiff::Span::new().days(offset)).unwrap();
        let plus = |days: i64| start.checked_add(jiff::Span::new().days(days)).unwrap();
        let mut events = vec![ClockEvent::Started { on: start, terms: limits::REPLY }];
        for (pause, (sent, length)) in (0..).map(key).zip(&letters) {
            events.push(ClockEvent::Paused { pause, sent: plus(*sent) });
            events.push(ClockEvent::Resumed { pause, on: plus(sent + length) });
        }
        events.push(ClockEvent::Extended { on: plus(told), by: 10 });
        if Clock::replay(&events, &without(last)).is_ok() {
            let whole = Clock::replay(&events, &WorkCalendar::builtin());
            prop_assert!(whole.is_ok(), "{whole:?}");
        }
    }
}
