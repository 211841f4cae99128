//! The clock of cases against a second implementation, written in Python from the text of the rules: random histories, the
//! same day from both. `GONGKAI_CLOCK_CASES` sets how many; without a Python 3 the test says so and compares
//! nothing, and where `CI` is set it fails.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test should fail loudly"
)]

use std::io::Write as _;
use std::process::{Command, Stdio};

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::{Clock, ClockEvent, Due, DueDateError, limits};
use jiff::ToSpan as _;
use serde_json::{Value, json};
use uuid::Uuid;

const CASES: u64 = 2_000;
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/second_clock.py");

/// A small generator with a seed, so that a failure can be repeated: SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: i64) -> i64 {
        i64::try_from(self.next() % u64::try_from(n).unwrap()).unwrap()
    }
}

fn notices(calendar: &WorkCalendar) -> Value {
    let (mut off, mut work, mut years) = (Vec::new(), Vec::new(), Vec::new());
    for notice in calendar.notices() {
        years.push(notice.year());
        for holiday in notice.holidays() {
            off.extend(holiday.days().map(|day| day.to_string()));
            work.extend(holiday.make_up().iter().map(ToString::to_string));
        }
    }
    json!({ "off": off, "work": work, "years": years })
}

/// Tries one more event; keeps it on both sides when the clock takes it.
fn happens(
    events: &mut Vec<ClockEvent>,
    told: &mut Vec<Value>,
    calendar: &WorkCalendar,
    (event, words): (ClockEvent, Value),
) {
    events.push(event);
    if Clock::replay(&*events, calendar).is_ok() {
        told.push(words);
    } else {
        events.pop();
    }
}

fn random_case(random: &mut Random, calendar: &WorkCalendar) -> (Vec<ClockEvent>, Value) {
    let first: Date = "2020-01-02".parse().unwrap();
    let received = first + random.below(2_500).days();
    let mut events = vec![ClockEvent::Started {
        on: received,
        terms: limits::REPLY,
    }];
    let mut told = Vec::new();
    let mut today = received;
    let mut letters: Vec<Uuid> = Vec::new();
    let mut waiting = "";
    for _ in 0..random.below(8) {
        today += random.below(15).days();
        let on = today.to_string();
        let next = match random.below(8) {
            0 | 1 => {
                let pause = Uuid::from_u128(u128::from(random.next()));
                letters.push(pause);
                (
                    ClockEvent::Paused { pause, sent: today },
                    json!({ "what": "asked_others", "letter": pause, "on": on }),
                )
            }
            2 | 3 if !letters.is_empty() => {
                let place = usize::try_from(random.below(i64::try_from(letters.len()).unwrap()));
                let pause = letters.remove(place.unwrap());
                let (event, what) = if random.below(4) == 0 {
                    (ClockEvent::Struck { pause, on: today }, "sent_by_mistake")
                } else {
                    (ClockEvent::Resumed { pause, on: today }, "others_answered")
                };
                (event, json!({ "what": what, "letter": pause, "on": on }))
            }
            4 if waiting.is_empty() => {
                waiting = if random.below(2) == 0 {
                    "supplemented"
                } else {
                    "paid"
                };
                let what = if waiting == "paid" {
                    "charged"
                } else {
                    "asked_supplement"
                };
                (
                    ClockEvent::Waiting { since: today },
                    json!({ "what": what, "on": on }),
                )
            }
            5 if !waiting.is_empty() => {
                let what = std::mem::take(&mut waiting);
                if random.below(4) == 0 {
                    (
                        ClockEvent::Unwaited { on: today },
                        json!({ "what": "was_not_owed", "on": on }),
                    )
                } else {
                    (
                        ClockEvent::Restarted { on: today },
                        json!({ "what": what, "on": on }),
                    )
                }
            }
            6 => {
                let by = u16::try_from(1 + random.below(20)).unwrap();
                (
                    ClockEvent::Extended { on: today, by },
                    json!({ "what": "extended", "days": by }),
                )
            }
            7 if random.below(3) == 0 => {
                let to = today + (20 + random.below(60)).days();
                (
                    ClockEvent::Moved { on: today, to },
                    json!({ "what": "deferred", "to": to.to_string() }),
                )
            }
            _ => continue,
        };
        happens(&mut events, &mut told, calendar, next);
    }
    (
        events,
        json!({ "received": received.to_string(), "happened": told }),
    )
}

fn answer(events: &[ClockEvent], calendar: &WorkCalendar) -> String {
    match Clock::replay(events, calendar).unwrap().due(calendar) {
        Ok(Due::On(due)) => due.to_string(),
        Ok(Due::Suspended { .. }) => "still".to_owned(),
        Err(DueDateError::Calendar(_)) => "unknown".to_owned(),
        Err(error) => panic!("{error}"),
    }
}

/// Was the applicant waited for after the answer had been deferred?
fn waits_after_deferral(events: &[ClockEvent]) -> bool {
    let mut after = events
        .iter()
        .skip_while(|event| !matches!(event, ClockEvent::Moved { .. }));
    after.any(|event| matches!(event, ClockEvent::Waiting { .. }))
}

#[test]
fn two_implementations_give_the_same_day() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let cases: u64 = number("GONGKAI_CLOCK_CASES").unwrap_or(CASES);
    let seed = number("GONGKAI_SEED").unwrap_or(20_260_320);
    let Ok(mut python) = Command::new("python3")
        .arg(SCRIPT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
    else {
        // Where everything is proved, what cannot be asked is a failure and not a silence.
        assert!(
            std::env::var_os("CI").is_none(),
            "no python3 here: the second implementation could not be asked"
        );
        println!("no python3 here: the second implementation was not asked");
        return;
    };
    let calendar = WorkCalendar::builtin();
    let mut random = Random(seed);
    let made: Vec<_> = (0..cases)
        .map(|_| random_case(&mut random, &calendar))
        .collect();
    let mut stdin = python.stdin.take().unwrap();
    let mut text = notices(&calendar).to_string();
    for (_, told) in &made {
        text.push('\n');
        text.push_str(&told.to_string());
    }
    text.push('\n');
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = python.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "the second implementation failed");
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<&str> = answers.lines().collect();
    assert_eq!(answers.len(), made.len());
    let (mut dated, mut still, mut deferred) = (0, 0, 0);
    for ((events, told), other) in made.iter().zip(answers) {
        let own = answer(events, &calendar);
        assert_eq!(own, other, "seed {seed}: {told}");
        still += usize::from(own == "still");
        dated += usize::from(own.starts_with("20"));
        deferred += usize::from(waits_after_deferral(events));
    }
    // The histories must not all be of one sort.
    assert!(
        dated > made.len() / 3 && still > made.len() / 50 && deferred > made.len() / 100,
        "{dated} {still} {deferred}"
    );
    println!(
        "{cases} cases (seed {seed}): {dated} with a day, {still} standing still, {deferred} waiting after a deferral"
    );
}
