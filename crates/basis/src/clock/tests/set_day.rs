//! A day set by a decision instead of the limit (art. 35), and what begins anew after it.

use super::*;

#[test]
fn a_decision_may_set_the_day_instead() {
    let moved = ClockEvent::Moved {
        on: day("2022-10-10"),
        to: day("2022-12-30"),
    };
    let events = [started("2022-09-20"), paused(1, "2022-09-26"), moved];
    check(&events, "2022-12-30");
    check(
        &[&events[..], &[resumed(1, "2022-10-14")]].concat(),
        "2022-12-30",
    );
    let early = ClockEvent::Moved {
        on: day("2022-10-10"),
        to: day("2022-09-19"),
    };
    let error = ClockError::BeforeStart {
        on: day("2022-09-19"),
        start: day("2022-09-20"),
    };
    refused(&[started("2022-09-20"), early], error);
}

/// 收费办法 art. 6 and 7 after 条例 art. 35.
#[test]
fn a_fee_ends_the_day_that_was_set() {
    let calendar = WorkCalendar::builtin();
    let waiting = [
        started("2022-09-20"),
        extended("2022-09-26", 5),
        ClockEvent::Moved {
            on: day("2022-10-10"),
            to: day("2022-12-30"),
        },
        // After the end of the twenty (and five) days, before the day that was set.
        ClockEvent::Waiting {
            since: day("2022-11-21"),
        },
    ];
    let since = day("2022-11-21");
    assert_eq!(due(&waiting), Due::Suspended { since });
    let clock = replay(&waiting).unwrap();
    assert_eq!(clock.overdue(day("2023-03-01"), &calendar), Ok(false));
    let left = clock.days_left(day("2023-03-01"), &calendar).unwrap();
    assert_eq!(left.words(), "还剩39日", "as on the day of the notice");
    // Paid: the whole limit anew; days granted stay granted, and more can be granted again.
    let paid = [
        &waiting[..],
        &[ClockEvent::Restarted {
            on: day("2022-12-05"),
        }],
    ]
    .concat();
    check(&paid, "2023-01-10");
    let again = [&paid[..], &[extended("2023-01-10", 15)]].concat();
    check(&again, "2023-02-03");
    let asked = [
        &paid[..],
        &[paused(1, "2022-12-06"), resumed(1, "2022-12-08")],
    ]
    .concat();
    check(&asked, "2023-01-12");
    let put_off_again = ClockEvent::Moved {
        on: day("2022-12-06"),
        to: day("2023-03-31"),
    };
    check(&[&paid[..], &[put_off_again]].concat(), "2023-03-31");
    // Not paid: the organ is not late, however long the applicant took.
    let stopped = |events: &[ClockEvent], on: &str| {
        let stop = ClockEvent::Stopped { on: day(on) };
        let clock = replay(&[events, &[stop]].concat()).unwrap();
        clock.overdue(day(on), &calendar).unwrap()
    };
    assert!(!stopped(&waiting, "2023-01-06"));
    // A notice that left when the day had passed holds nothing up.
    let late = [
        &waiting[..3],
        &[ClockEvent::Waiting {
            since: day("2023-01-03"),
        }],
    ]
    .concat();
    assert_eq!(due(&late), Due::On(day("2022-12-30")));
    assert!(stopped(&late, "2023-01-06"));
}

/// 条例 art. 33 ¶3: what is asked of others under a deferral is left out of the limit that a payment begins anew.
#[test]
fn a_letter_that_is_out_when_the_limit_begins_anew_pauses_it() {
    let events = [
        started("2022-09-20"),
        ClockEvent::Moved {
            on: day("2022-10-10"),
            to: day("2022-12-30"),
        },
        paused(1, "2022-11-01"),
        ClockEvent::Waiting {
            since: day("2022-11-21"),
        },
        ClockEvent::Restarted {
            on: day("2022-12-05"),
        },
        resumed(1, "2022-12-08"),
    ];
    let since = day("2022-11-01");
    assert_eq!(due(&events[..5]), Due::Suspended { since });
    // Without the letter the day would be 2023-01-03: three working days are left out.
    check(&events, "2023-01-06");
    let without = [&events[..2], &events[3..5]].concat();
    check(&without, "2023-01-03");
}

/// What was set stays set for letters and extensions: there are no days to leave out or to add to.
#[test]
fn a_day_that_was_set_has_no_days_to_count() {
    let put_off = [
        started("2022-09-20"),
        ClockEvent::Moved {
            on: day("2022-10-10"),
            to: day("2022-12-30"),
        },
    ];
    let extended = extended("2022-10-11", 5);
    refused(&[&put_off[..], &[extended]].concat(), ClockError::FixedDate);
    let asked = [
        &put_off[..],
        &[paused(1, "2022-10-11"), resumed(1, "2022-11-30")],
    ]
    .concat();
    check(&asked[..3], "2022-12-30");
    check(&asked, "2022-12-30");
    let fixed = ClockEvent::Started {
        on: day("2022-09-20"),
        terms: Terms {
            limit: Limit::FixedDate(day("2022-12-30")),
            extension_max: 0,
        },
    };
    let waiting = ClockEvent::Waiting {
        since: day("2022-09-21"),
    };
    let restarted = ClockEvent::Restarted {
        on: day("2022-09-21"),
    };
    for event in [waiting, restarted] {
        refused(&[fixed, event], ClockError::FixedDate);
        refused(&[fixed, put_off[1], event], ClockError::FixedDate);
    }
}
