use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;

prop_compose! {
    fn any_day()(offset in 0i64..4000) -> Date {
        date(2014, 1, 1).checked_add(jiff::Span::new().days(offset)).unwrap()
    }
}

fn plus(day: Date, days: i64) -> Date {
    day.checked_add(jiff::Span::new().days(days)).unwrap()
}

proptest! {
    #[test]
    fn letters_that_overlap_count_once(
        start in any_day(),
        letters in prop::collection::vec((0i64..40, 0i64..40), 0..6),
        calendar_days: bool,
    ) {
        let calendar = WorkCalendar::builtin();
        let limit = if calendar_days {
            Limit::CalendarDays(CalendarDays::new(20).unwrap())
        } else {
            limits::REPLY.limit
        };
        let terms = Terms { limit, extension_max: 0 };
        let mut events = vec![ClockEvent::Started { on: start, terms }];
        for (pause, (sent, _)) in (0..).map(key).zip(&letters) {
            events.push(ClockEvent::Paused { pause, sent: plus(start, *sent) });
        }
        for (pause, (sent, length)) in (0..).map(key).zip(&letters) {
            events.push(ClockEvent::Resumed { pause, on: plus(start, sent + length) });
        }
        let clock = replay(&events).unwrap();
        // The rule said plainly: walk day by day.
        let (mut at, mut left) = (start, 20);
        while left > 0 {
            at = at.tomorrow().unwrap();
            let inside = letters.iter().any(|(sent, length)| {
                plus(start, *sent) < at && at <= plus(start, sent + length)
            });
            if !inside && (calendar_days || calendar.is_working_day(at).unwrap()) {
                left -= 1;
            }
        }
        prop_assert_eq!(clock.due(&calendar), Ok(Due::On(at)));
        prop_assert_eq!(clock.days_left(at, &calendar).unwrap().words(), "今天到期");
        let whole = clock.days_left(start, &calendar).unwrap();
        let all_left = matches!(whole, DaysLeft::Left { days: 20, .. });
        prop_assert!(all_left);
        prop_assert!(!clock.overdue(at, &calendar).unwrap());
        prop_assert!(clock.overdue(at.tomorrow().unwrap(), &calendar).unwrap());
        let plain = Clock::start(start, terms).due(&calendar).unwrap();
        prop_assert!(matches!(plain, Due::On(day) if day <= at));
    }

    #[test]
    fn waiting_longer_never_makes_the_due_day_earlier(
        start in any_day(),
        sent in 0i64..30,
        today in 0i64..60,
        more in 0i64..30,
    ) {
        let calendar = WorkCalendar::builtin();
        let clock = Clock::start(start, limits::REPLY)
            .apply(&ClockEvent::Paused { pause: key(1), sent: plus(start, sent) }, &calendar)
            .unwrap();
        let earlier = clock.due_if_resumed(plus(start, today), &calendar).unwrap();
        let later = clock.due_if_resumed(plus(start, today + more), &calendar).unwrap();
        prop_assert!(earlier <= later);
        let resumed = ClockEvent::Resumed { pause: key(1), on: plus(start, sent + today) };
        let answered = clock.clone().apply(&resumed, &calendar).unwrap();
        let expected = clock.due_if_resumed(plus(start, sent + today), &calendar).unwrap();
        prop_assert_eq!(answered.due(&calendar), Ok(Due::On(expected)));
    }

    #[test]
    fn a_restart_forgets_the_days_before_it(start in any_day(), wait in 0i64..60) {
        let calendar = WorkCalendar::builtin();
        let on = plus(start, wait);
        let clock = Clock::start(start, limits::REPLY)
            .apply(&ClockEvent::Waiting { since: start }, &calendar).unwrap()
            .apply(&ClockEvent::Restarted { on }, &calendar).unwrap();
        prop_assert_eq!(clock.due(&calendar), Clock::start(on, limits::REPLY).due(&calendar));
    }
}
