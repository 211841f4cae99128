use jiff::civil::Date;

use super::*;
use crate::calendar::{CalendarError, WorkCalendar};

mod properties;
mod set_day;
mod untold;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn key(n: u128) -> PauseKey {
    Uuid::from_u128(n)
}

fn started(on: &str) -> ClockEvent {
    ClockEvent::Started {
        on: day(on),
        terms: limits::REPLY,
    }
}

fn paused(n: u128, sent: &str) -> ClockEvent {
    ClockEvent::Paused {
        pause: key(n),
        sent: day(sent),
    }
}

fn resumed(n: u128, on: &str) -> ClockEvent {
    ClockEvent::Resumed {
        pause: key(n),
        on: day(on),
    }
}

fn struck(n: u128, on: &str) -> ClockEvent {
    ClockEvent::Struck {
        pause: key(n),
        on: day(on),
    }
}

fn unwaited(on: &str) -> ClockEvent {
    ClockEvent::Unwaited { on: day(on) }
}

fn extended(on: &str, by: u16) -> ClockEvent {
    ClockEvent::Extended { on: day(on), by }
}

fn replay(events: &[ClockEvent]) -> Result<Clock, ReplayError> {
    Clock::replay(events, &WorkCalendar::builtin())
}

fn due(events: &[ClockEvent]) -> Due {
    replay(events)
        .unwrap()
        .due(&WorkCalendar::builtin())
        .unwrap()
}

fn check(events: &[ClockEvent], expected: &str) {
    assert_eq!(due(events), Due::On(day(expected)), "{events:?}");
    let working = replay(events)
        .unwrap()
        .working(day(expected), &WorkCalendar::builtin())
        .unwrap();
    assert_eq!(working.due, day(expected));
}

/// The last event is refused, for this reason; those before it are not.
fn refused(events: &[ClockEvent], error: ClockError) {
    assert_eq!(
        replay(events),
        Err(ReplayError {
            index: events.len() - 1,
            error
        }),
        "{events:?}"
    );
}

#[test]
fn replays_the_vectors_of_the_law_page() {
    let first = [
        started("2022-09-20"),
        paused(1, "2022-09-26"),
        resumed(1, "2022-10-14"),
    ];
    check(&[started("2022-09-20")], "2022-10-21");
    check(&first, "2022-11-07");
    let overlapping = [
        started("2022-09-20"),
        paused(1, "2022-09-26"),
        paused(2, "2022-10-12"),
        resumed(1, "2022-10-14"),
        resumed(2, "2022-10-18"),
    ];
    check(&overlapping, "2022-11-09");
    let second = [
        started("2025-09-26"),
        paused(1, "2025-09-29"),
        resumed(1, "2025-10-23"),
    ];
    check(&second, "2025-11-18");
    check(
        &[started("2025-09-26"), extended("2025-10-30", 20)],
        "2025-11-27",
    );
    check(
        &[&second[..], &[extended("2025-11-18", 20)]].concat(),
        "2025-12-16",
    );
    let letter = Clock::start(day("2022-09-27"), limits::THIRD_PARTY_OPINION);
    assert_eq!(
        letter.due(&WorkCalendar::builtin()),
        Ok(Due::On(day("2022-10-21")))
    );
}

/// What gave no ground counts as if it had not been; what did keeps its days.
#[test]
fn a_letter_or_a_fee_by_mistake_moves_nothing() {
    let mistaken = [
        started("2022-09-20"),
        paused(1, "2022-09-26"),
        struck(1, "2022-10-14"),
    ];
    check(&mistaken, "2022-10-21");
    // Beside another one, of which the days are left out alone.
    let beside = [
        started("2022-09-20"),
        paused(2, "2022-09-22"),
        paused(1, "2022-09-26"),
        struck(2, "2022-10-12"),
    ];
    assert_eq!(
        due(&beside),
        Due::Suspended {
            since: day("2022-09-26")
        }
    );
    check(
        &[&beside[..], &[resumed(1, "2022-10-14")]].concat(),
        "2022-11-07",
    );
    // Only what is out, once, and not before it left.
    refused(
        &[started("2022-09-20"), struck(1, "2022-09-26")],
        ClockError::NotPaused,
    );
    refused(
        &[&mistaken[..], &[resumed(1, "2022-10-14")]].concat(),
        ClockError::NotPaused,
    );
    refused(
        &[&mistaken[..], &[paused(1, "2022-10-14")]].concat(),
        ClockError::AlreadyPaused,
    );
    refused(
        &[
            started("2022-09-20"),
            paused(1, "2022-09-26"),
            struck(1, "2022-09-25"),
        ],
        ClockError::ResumedBeforePause {
            sent: day("2022-09-26"),
            on: day("2022-09-25"),
        },
    );
    let charged = [
        started("2022-09-20"),
        ClockEvent::Waiting {
            since: day("2022-09-26"),
        },
        unwaited("2022-10-14"),
    ];
    check(&charged, "2022-10-21");
    refused(
        &[&charged[..], &[unwaited("2022-10-14")]].concat(),
        ClockError::NotWaiting,
    );
    // Noted when the days are over: the limit is over, too.
    let late = [
        started("2022-09-20"),
        paused(1, "2022-09-26"),
        struck(1, "2022-11-14"),
    ];
    check(&late, "2022-10-21");
    let clock = replay(&late).unwrap();
    assert_eq!(
        clock.overdue(day("2022-11-14"), &WorkCalendar::builtin()),
        Ok(true)
    );
}

#[test]
fn a_supplement_or_a_payment_begins_the_limit_anew() {
    let waiting = [
        started("2022-09-20"),
        ClockEvent::Waiting {
            since: day("2022-09-23"),
        },
    ];
    assert_eq!(
        due(&waiting),
        Due::Suspended {
            since: day("2022-09-23")
        }
    );
    let restarted = [
        &waiting[..],
        &[ClockEvent::Restarted {
            on: day("2022-09-30"),
        }],
    ]
    .concat();
    check(&restarted, "2022-11-02");
    // A pause before the restart is history; one that reaches over it still counts after it.
    let over = [
        started("2022-09-20"),
        paused(1, "2022-09-26"),
        ClockEvent::Restarted {
            on: day("2022-09-30"),
        },
        resumed(1, "2022-10-08"),
    ];
    check(&over, "2022-11-03");
    // Days granted stay granted.
    let extended_before = [
        started("2025-09-10"),
        extended("2025-09-12", 5),
        ClockEvent::Restarted {
            on: day("2025-09-26"),
        },
    ];
    check(&extended_before, "2025-11-06");
    refused(
        &[&extended_before[..], &[extended("2025-10-09", 16)]].concat(),
        ClockError::ExtensionTooLong { left: 15, max: 20 },
    );
}

#[test]
fn extends_only_in_time_and_within_the_maximum() {
    let start = started("2022-09-20");
    let late = ClockError::Expired {
        due: day("2022-10-21"),
        on: day("2022-10-24"),
    };
    refused(&[start, extended("2022-10-24", 20)], late);
    refused(
        &[start, extended("2022-10-21", 0)],
        ClockError::EmptyExtension,
    );
    refused(
        &[start, extended("2022-10-21", 21)],
        ClockError::ExtensionTooLong { left: 20, max: 20 },
    );
    check(
        &[start, extended("2022-10-21", 12), extended("2022-10-24", 8)],
        "2022-11-18",
    );
    refused(
        &[start, extended("2022-10-21", 12), extended("2022-10-24", 9)],
        ClockError::ExtensionTooLong { left: 8, max: 20 },
    );
    refused(
        &[start, extended("2022-10-21", 20), extended("2022-10-24", 1)],
        ClockError::ExtensionTooLong { left: 0, max: 20 },
    );
    // While a letter is out the limit has not ended; one sent after its end opens nothing.
    let out = paused(1, "2022-10-20");
    assert!(replay(&[start, out, extended("2022-10-28", 20)]).is_ok());
    refused(
        &[start, paused(1, "2022-10-21"), extended("2022-10-24", 20)],
        late,
    );
    let notice = ClockEvent::Started {
        on: day("2022-09-20"),
        terms: limits::SUPPLEMENT_NOTICE,
    };
    refused(
        &[notice, extended("2022-09-21", 1)],
        ClockError::ExtensionTooLong { left: 0, max: 0 },
    );
}

#[test]
fn stands_still_while_a_letter_is_out() {
    let calendar = WorkCalendar::builtin();
    let clock = replay(&[started("2022-09-20"), paused(1, "2022-09-26")]).unwrap();
    assert_eq!(
        clock.due(&calendar),
        Ok(Due::Suspended {
            since: day("2022-09-26")
        })
    );
    assert_eq!(
        clock.due_if_resumed(day("2022-10-14"), &calendar),
        Ok(day("2022-11-07"))
    );
    assert_eq!(clock.overdue(day("2022-12-30"), &calendar), Ok(false));
    let left = |today| clock.days_left(day(today), &calendar).unwrap().words();
    assert_eq!(
        ["2022-09-20", "2022-09-26", "2022-10-20"].map(left),
        ["还剩20个工作日", "还剩16个工作日", "还剩16个工作日"]
    );
    assert_eq!(
        clock.open_pauses().collect::<Vec<_>>(),
        [(key(1), day("2022-09-26"))]
    );
    // A letter sent on the last day, or later, does not hold the limit up.
    assert_eq!(
        due(&[started("2022-09-20"), paused(1, "2022-10-21")]),
        Due::On(day("2022-10-21"))
    );
    // The missing notice of 2027 is not needed while the count stands still in 2026.
    let late = [started("2026-12-20"), paused(1, "2026-12-22")];
    assert_eq!(
        due(&late),
        Due::Suspended {
            since: day("2026-12-22")
        }
    );
    let missing = DueDateError::Calendar(CalendarError::YearNotPublished(2027));
    assert_eq!(replay(&late[..1]).unwrap().due(&calendar), Err(missing));
}

#[test]
fn tells_days_left_and_overdue() {
    let calendar = WorkCalendar::builtin();
    let open = replay(&[started("2022-09-20")]).unwrap();
    let words =
        |clock: &Clock, today: &str| clock.days_left(day(today), &calendar).unwrap().words();
    let shown = [
        "2022-09-01",
        "2022-09-20",
        "2022-10-20",
        "2022-10-21",
        "2022-10-22",
        "2022-10-24",
    ]
    .map(|today| words(&open, today));
    assert_eq!(
        shown,
        [
            "还剩20个工作日",
            "还剩20个工作日",
            "还剩1个工作日",
            "今天到期",
            "已超期",
            "已超期1个工作日"
        ]
    );
    let overdue = |clock: &Clock, today: &str| clock.overdue(day(today), &calendar).unwrap();
    assert!(!overdue(&open, "2022-10-21"));
    assert!(overdue(&open, "2022-10-22"));
    let stopped =
        |on: &str| replay(&[started("2022-09-20"), ClockEvent::Stopped { on: day(on) }]).unwrap();
    assert!(!overdue(&stopped("2022-10-21"), "2023-01-01"));
    assert!(overdue(&stopped("2022-10-24"), "2022-10-24"));
    assert_eq!(words(&stopped("2022-10-20"), "2030-01-01"), "还剩1个工作日");
}

#[test]
fn counts_calendar_days_and_fixed_dates_too() {
    let calendar = WorkCalendar::builtin();
    let days = Limit::CalendarDays(CalendarDays::new(30).unwrap());
    let terms = Terms {
        limit: days,
        extension_max: 10,
    };
    let start = ClockEvent::Started {
        on: day("2022-09-30"),
        terms,
    };
    check(&[start], "2022-10-30");
    check(&[start, extended("2022-10-30", 10)], "2022-11-09");
    let with_pause = [start, paused(1, "2022-10-01"), resumed(1, "2022-10-08")];
    check(&with_pause, "2022-11-06");
    check(
        &[start, paused(1, "2022-10-30"), resumed(1, "2022-11-08")],
        "2022-10-30",
    );
    let clock = replay(&with_pause).unwrap();
    let working = clock.working(day("2022-10-10"), &calendar).unwrap();
    assert_eq!((working.counted.len(), working.skipped.len()), (30, 7));
    let left = |clock: &Clock, today| clock.days_left(day(today), &calendar).unwrap().words();
    assert_eq!(left(&clock, "2022-10-05"), "还剩29日");
    assert_eq!(left(&clock, "2022-11-08"), "已超期2日");

    let fixed = Terms {
        limit: Limit::FixedDate(day("2027-06-30")),
        extension_max: 0,
    };
    let start = ClockEvent::Started {
        on: day("2026-06-30"),
        terms: fixed,
    };
    check(&[start], "2027-06-30");
    assert_eq!(left(&replay(&[start]).unwrap(), "2027-06-29"), "还剩1日");
    refused(&[start, paused(1, "2026-07-01")], ClockError::FixedDate);
    refused(&[start, extended("2026-07-01", 1)], ClockError::FixedDate);
    let moved = ClockEvent::Moved {
        on: day("2026-07-01"),
        to: day("2027-09-30"),
    };
    check(&[start, moved], "2027-09-30");
}

#[test]
fn refuses_histories_that_cannot_be() {
    let start = started("2022-09-20");
    assert_eq!(
        replay(&[]),
        Err(ReplayError {
            index: 0,
            error: ClockError::NotStarted
        })
    );
    refused(&[paused(1, "2022-09-26")], ClockError::NotStarted);
    refused(&[start, start], ClockError::AlreadyStarted);
    refused(&[start, resumed(1, "2022-09-26")], ClockError::NotPaused);
    refused(
        &[start, paused(1, "2022-09-26"), paused(1, "2022-09-27")],
        ClockError::AlreadyPaused,
    );
    let over = [
        start,
        paused(1, "2022-09-26"),
        resumed(1, "2022-09-27"),
        paused(1, "2022-09-28"),
    ];
    refused(&over, ClockError::AlreadyPaused);
    let before = ClockError::BeforeStart {
        on: day("2022-09-19"),
        start: day("2022-09-20"),
    };
    refused(&[start, paused(1, "2022-09-19")], before);
    refused(
        &[
            start,
            ClockEvent::Stopped {
                on: day("2022-09-19"),
            },
        ],
        before,
    );
    let backwards = ClockError::ResumedBeforePause {
        sent: day("2022-09-26"),
        on: day("2022-09-25"),
    };
    refused(
        &[start, paused(1, "2022-09-26"), resumed(1, "2022-09-25")],
        backwards,
    );
    let waiting = ClockEvent::Waiting {
        since: day("2022-09-26"),
    };
    refused(
        &[start, waiting, waiting],
        ClockError::AlreadyWaiting(day("2022-09-26")),
    );
    let stopped = ClockEvent::Stopped {
        on: day("2022-10-09"),
    };
    refused(
        &[start, stopped, stopped],
        ClockError::Stopped(day("2022-10-09")),
    );
    let beyond = Clock::start(
        Date::MAX,
        Terms {
            limit: Limit::CalendarDays(CalendarDays::new(1).unwrap()),
            extension_max: 0,
        },
    );
    assert_eq!(
        beyond.due(&WorkCalendar::builtin()),
        Err(DueDateError::OutOfRange)
    );
    assert!(CalendarDays::new(CalendarDays::MAX).is_ok());
    assert!(CalendarDays::new(CalendarDays::MAX + 1).is_err());
}

#[test]
fn every_refusal_is_a_sentence() {
    let (a, b) = (day("2022-09-20"), day("2022-10-24"));
    let sentences = [
        ClockError::NotStarted,
        ClockError::AlreadyStarted,
        ClockError::Stopped(a),
        ClockError::BeforeStart { on: a, start: b },
        ClockError::AlreadyPaused,
        ClockError::NotPaused,
        ClockError::ResumedBeforePause { sent: b, on: a },
        ClockError::AlreadyWaiting(a),
        ClockError::NotWaiting,
        ClockError::EmptyExtension,
        ClockError::ExtensionTooLong { left: 8, max: 20 },
        ClockError::ExtensionTooLong { left: 0, max: 20 },
        ClockError::Expired { due: a, on: b },
        ClockError::FixedDate,
        ClockError::Due(DueDateError::OutOfRange),
        ClockError::Due(DueDateError::Calendar(CalendarError::YearNotPublished(
            2027,
        ))),
    ]
    .map(|error| error.sentence());
    insta::assert_snapshot!(sentences.join("\n"));
}

#[test]
fn events_keep_their_stored_form() {
    let events = [
        started("2022-09-20"),
        paused(1, "2022-09-26"),
        resumed(1, "2022-10-14"),
        struck(2, "2022-10-14"),
        ClockEvent::Waiting {
            since: day("2022-10-17"),
        },
        unwaited("2022-10-18"),
        ClockEvent::Restarted {
            on: day("2022-10-20"),
        },
        extended("2022-10-21", 5),
        ClockEvent::Moved {
            on: day("2022-10-22"),
            to: day("2022-12-01"),
        },
        ClockEvent::Stopped {
            on: day("2022-11-01"),
        },
    ];
    let lines: Vec<String> = events
        .iter()
        .map(|event| serde_json::to_string(event).unwrap())
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
    let read: Vec<ClockEvent> = lines
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(read, events);
    let hostile = r#"{"event":"started","on":"2022-09-20","terms":{"limit":{"working_days":10000},"extension_max":0}}"#;
    assert!(serde_json::from_str::<ClockEvent>(hostile).is_err());
}
