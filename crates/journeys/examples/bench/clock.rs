//! The clock of one case: replayed from its history, and asked for its last day.

use std::hint::black_box;
use std::time::Instant;

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::limits::REPLY;
use gongkai_basis::clock::{Clock, ClockEvent, Due};
use gongkai_platform::testing;

const ROUNDS: usize = 10_000;

/// A case with all that can happen to one: 补正, a third party asked, an extension, the year's end in between.
pub(crate) fn run() {
    let calendar = WorkCalendar::builtin();
    let day = |text: &str| text.parse().unwrap();
    let pause = testing::uuid();
    let history = [
        ClockEvent::Started {
            on: day("2025-11-03"),
            terms: REPLY,
        },
        ClockEvent::Waiting {
            since: day("2025-11-10"),
        },
        ClockEvent::Restarted {
            on: day("2025-11-24"),
        },
        ClockEvent::Paused {
            pause,
            sent: day("2025-11-28"),
        },
        ClockEvent::Resumed {
            pause,
            on: day("2025-12-17"),
        },
        ClockEvent::Extended {
            on: day("2025-12-25"),
            by: 20,
        },
    ];
    let started = Instant::now();
    for _ in 0..ROUNDS {
        let clock = Clock::replay(black_box(&history), &calendar).unwrap();
        let due = clock.due(&calendar).unwrap();
        assert!(matches!(black_box(due), Due::On(_)));
    }
    println!(
        "{}",
        serde_json::json!({
            "what": "clock of a case, replayed and asked",
            "us": started.elapsed().as_secs_f64() * 1e6 / ROUNDS as f64,
        })
    );
}
