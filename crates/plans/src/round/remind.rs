//! 报送提醒: seven, three and one working days before the last day, on it, and on the first working day after it; first the
//! liaison, then the head of the unit, then the office. Quiet on rest days. A year without a notice of holidays is said to the
//! office and never guessed.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use gongkai_basis::calendar::{CalendarError, WorkCalendar, WorkingDays};
use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::{self, Event};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files::hash_of;
use gongkai_platform::inbox::Topic;
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Job, Progress, Worker};
use gongkai_platform::web::App;
use serde_json::json;

use super::store::{self, Side};
use super::{Round, RoundId, RoundState, SubmissionState, TEXT_CHARS_MAX};
use crate::acts::ManageRounds;
use crate::notify::{Notice, To, notify_all};
use crate::step::StepError;
use crate::when;

const KIND: &str = "plans.round-reminders";
/// The event of a reminder by hand.
const NUDGED: &str = "round.nudged";
/// Events of the chosen units, newest first, among which those of today are looked for.
const NUDGES_MAX: i64 = 10_000;

/// A rung of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    SevenBefore,
    ThreeBefore,
    OneBefore,
    LastDay,
    OneAfter,
}

impl Stage {
    pub const ALL: [Self; 5] = [
        Self::SevenBefore,
        Self::ThreeBefore,
        Self::OneBefore,
        Self::LastDay,
        Self::OneAfter,
    ];

    const fn code(self) -> &'static str {
        match self {
            Self::SevenBefore => "t-7",
            Self::ThreeBefore => "t-3",
            Self::OneBefore => "t-1",
            Self::LastDay => "t0",
            Self::OneAfter => "t+1",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SevenBefore => "截止前7个工作日",
            Self::ThreeBefore => "截止前3个工作日",
            Self::OneBefore => "截止前1个工作日",
            Self::LastDay => "截止当天",
            Self::OneAfter => "截止后第1个工作日",
        }
    }

    /// Who of the unit is reminded.
    const fn unit(self) -> To {
        match self {
            Self::SevenBefore | Self::ThreeBefore => To::Liaison,
            Self::OneBefore | Self::LastDay | Self::OneAfter => To::Unit,
        }
    }

    /// Is the office told how many are missing?
    const fn tells_office(self) -> bool {
        match self {
            Self::SevenBefore | Self::ThreeBefore | Self::OneBefore => false,
            Self::LastDay | Self::OneAfter => true,
        }
    }

    /// The working day on which it is sent. Where the last day is a rest day, what belongs to it is sent on the next working
    /// day, together with what belongs there.
    ///
    /// # Errors
    /// When no notice tells the working days of a year that is needed.
    pub fn day(self, due_on: Date, calendar: &WorkCalendar) -> Result<Date, CalendarError> {
        let days = |n| WorkingDays::new(n).unwrap_or(WorkingDays::ZERO);
        match self {
            Self::SevenBefore => calendar.before(due_on, days(7)),
            Self::ThreeBefore => calendar.before(due_on, days(3)),
            Self::OneBefore => calendar.before(due_on, days(1)),
            Self::LastDay => calendar.on_or_after(due_on),
            Self::OneAfter => calendar.after(due_on, days(1)),
        }
    }
}

/// What is to be sent on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Today {
    /// A rest day, or before the first rung.
    Quiet,
    /// The newest rung reached; earlier ones that were missed are not caught up.
    Send(Stage),
    /// It cannot be told.
    Unknown(CalendarError),
}

/// The rung for a day.
#[must_use]
pub fn due(due_on: Date, today: Date, calendar: &WorkCalendar) -> Today {
    match calendar.is_working_day(today) {
        Ok(true) => {}
        Ok(false) => return Today::Quiet,
        Err(error) => return Today::Unknown(error),
    }
    let mut newest = Today::Quiet;
    for stage in Stage::ALL {
        match stage.day(due_on, calendar) {
            Ok(day) if day <= today => newest = Today::Send(stage),
            // A rung whose day has not come hides nothing.
            Ok(_) => return newest,
            // A rung before the last day that cannot be told leaves the ladder unknown; one after it only itself.
            Err(error) if today <= due_on && newest == Today::Quiet => {
                return Today::Unknown(error);
            }
            Err(error) if today > due_on => return Today::Unknown(error),
            Err(_) => return newest,
        }
    }
    newest
}

/// When each rung of a round is sent, for its page; with the sentence where it cannot be told.
#[must_use]
pub fn plan(due_on: Date, calendar: &WorkCalendar) -> Vec<(Stage, Result<Date, String>)> {
    let tell = |stage: Stage| {
        let day = stage.day(due_on, calendar);
        (stage, day.map_err(|error| error.sentence()))
    };
    Stage::ALL.into_iter().map(tell).collect()
}

/// What names a rung in the keys. A round whose day was moved climbs the ladder anew: its day stands there; after more than
/// one move the day may have come back, so that their number does, too. Its version counts other steps as well.
async fn rung(tx: &mut Tx, round: &Round, stage: Stage) -> Result<String, StoreError> {
    if round.first_due_on.is_none() {
        return Ok(stage.code().to_owned());
    }
    let id = round.id.to_string();
    Ok(
        match audit::count_of(tx, ("round", &id), "round.moved").await? {
            0 | 1 => format!("{}:{}", round.due_on, stage.code()),
            n => format!("{}:{n}:{}", round.due_on, stage.code()),
        },
    )
}

/// One reminder to each unit that still owes something, and to the office how many they are.
fn notices(
    round: &Round,
    (stage, rung): (Stage, &str),
    waiting: &[(OrganId, SubmissionState)],
    left: &str,
) -> Vec<Notice> {
    let mut notices: Vec<Notice> = waiting
        .iter()
        .map(|(organ, state)| Notice {
            to: stage.unit(),
            organ: *organ,
            topic: Topic::Round,
            key: format!("round:{}:{organ}:{rung}", round.id),
            title: format!("“{}”{left}，本单位{}", round.name, state.name()),
            body: format!("{}截止。{}", when::date(round.due_on), round.plan_title),
            path: format!("/workspace/rounds/{}/units/{organ}", round.id),
            about: Some(round.due_on),
        })
        .collect();
    if stage.tells_office() && !waiting.is_empty() {
        notices.push(Notice {
            to: To::Office,
            organ: round.office,
            topic: Topic::Round,
            key: format!("round:{}:office:{rung}", round.id),
            title: format!(
                "“{}”{left}，还有{}个单位没有报送",
                round.name,
                waiting.len()
            ),
            body: format!("{}截止。{}", when::date(round.due_on), round.plan_title),
            path: format!("/workspace/rounds/{}?waiting=1", round.id),
            about: Some(round.due_on),
        });
    }
    notices
}

/// The office hears why nobody is reminded.
fn cannot_tell(round: &Round, error: CalendarError) -> Notice {
    let CalendarError::YearNotPublished(year) = error;
    Notice {
        to: To::Office,
        organ: round.office,
        topic: Topic::House,
        key: format!("round:{}:calendar:{year}", round.id),
        title: format!("“{}”的报送提醒发不出去", round.name),
        body: error.sentence(),
        path: format!("/workspace/rounds/{}", round.id),
        about: Some(round.due_on),
    }
}

/// Does what a day asks for one round, in one transaction; gives how many messages were new.
///
/// # Errors
/// When the store fails.
pub async fn one(
    tx: &mut Tx,
    round: &Round,
    today: Date,
    calendar: &WorkCalendar,
) -> Result<u64, StoreError> {
    let (told, sentence) = match due(round.due_on, today, calendar) {
        Today::Quiet => return Ok(0),
        Today::Unknown(error) => (
            vec![cannot_tell(round, error)],
            format!("“{}”的报送提醒发不出去：{}", round.name, error.sentence()),
        ),
        Today::Send(stage) => {
            let waiting = store::waiting(tx, round.id).await?;
            let left = when::left(calendar, today, round.due_on);
            let rung = rung(tx, round, stage).await?;
            (
                notices(round, (stage, &rung), &waiting, &left),
                format!("自动提醒“{}”（{}）", round.name, stage.name()),
            )
        }
    };
    let sent = notify_all(tx, told).await?;
    // What was sent before, by a run that was killed or by another process, leaves no second event.
    if sent > 0 {
        tx.record(
            Event::new(
                &Actor::System,
                "round.reminded",
                ("round", round.id.to_string()),
                sentence,
            )
            .organ(round.office)
            .data(json!({ "messages": sent, "today": today })),
        );
    }
    Ok(sent)
}

/// Whom a reminder by hand reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nudged {
    /// Units that were told.
    pub told: usize,
    /// Units that had been told the very same today, and are not told again.
    pub known: usize,
}

/// What a unit is told by hand. The same words once a day; other words, or a day that was moved meanwhile, are told again.
fn nudge(round: &Round, organ: OrganId, (note, left): (&str, &str), today: Date) -> Notice {
    let title = format!("政务公开办催报“{}”，{left}", round.name);
    let said = hash_of(format!("{title}\n{note}").as_bytes());
    Notice {
        to: To::Unit,
        organ,
        topic: Topic::Reminder,
        key: format!("round:{}:{organ}:hand:{today}:{said}", round.id),
        title,
        body: note.to_owned(),
        path: format!("/workspace/rounds/{}/units/{organ}", round.id),
        about: Some(round.due_on),
    }
}

fn submission(id: RoundId, organ: OrganId) -> String {
    format!("{id}:{organ}")
}

/// Those that nobody has told yet.
async fn untold(tx: &mut Tx, id: RoundId, notices: Vec<Notice>) -> Result<Vec<Notice>, StoreError> {
    let subjects: Vec<String> = notices
        .iter()
        .map(|notice| submission(id, notice.organ))
        .collect();
    let events = audit::about_any(tx, "round_submission", &subjects, NUDGES_MAX).await?;
    let is_new = |notice: &Notice| {
        !events
            .iter()
            .any(|event| event.kind == NUDGED && event.data.contains(&notice.key))
    };
    Ok(notices.into_iter().filter(is_new).collect())
}

/// The office reminds chosen units by hand; in the same words once a day for each.
///
/// # Errors
/// Not found; refused without units that still owe something and have not heard the same today, or with too long a note.
pub async fn by_hand(
    tx: &mut Tx,
    permit: &Permit<ManageRounds>,
    id: RoundId,
    (organs, note): (&[OrganId], &str),
    (today, calendar): (Date, &WorkCalendar),
) -> Result<Nudged, StepError> {
    let round = store::load(tx, Side::Office(permit.scope()), id)
        .await?
        .ok_or(StepError::NotFound)?;
    if round.state == RoundState::Cancelled {
        return Err(StepError::refuse("这一轮已经撤销，不用再报。"));
    }
    if note.chars().count() > TEXT_CHARS_MAX {
        return Err(StepError::Refused(vec![(
            "note",
            format!("催报的话最多{TEXT_CHARS_MAX}字。"),
        )]));
    }
    let waiting: BTreeMap<OrganId, SubmissionState> =
        store::waiting(tx, id).await?.into_iter().collect();
    let left = when::left(calendar, today, round.due_on);
    let chosen: Vec<Notice> = waiting
        .keys()
        .filter(|organ| organs.contains(organ))
        .map(|organ| nudge(&round, *organ, (note, &left), today))
        .collect();
    let asked = chosen.len();
    if asked == 0 {
        return Err(StepError::refuse(
            "选中的单位都已报送，或没有勾选单位，没有发出催报。",
        ));
    }
    let fresh = untold(tx, id, chosen).await?;
    if fresh.is_empty() {
        return Err(StepError::refuse(
            "选中的单位今天已经收到同样的催报，没有重复发出。要再催的，请另写一句话，或明天再催。",
        ));
    }
    let told = fresh.len();
    let colon = if note.is_empty() { "" } else { "：" };
    for notice in &fresh {
        tx.record(
            Event::new(
                permit.actor(),
                NUDGED,
                ("round_submission", submission(id, notice.organ)),
                format!("催报“{}”{colon}{note}", round.name),
            )
            .organ(notice.organ)
            .data(json!({ "key": notice.key })),
        );
    }
    notify_all(tx, fresh).await?;
    Ok(Nudged {
        told,
        known: asked - told,
    })
}

/// The daily work.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "报送提醒",
        when: When::Daily { hour: 7, minute: 0 },
    }]
}

/// What does it.
#[must_use]
pub fn workers(app: &App) -> Vec<Arc<dyn Worker>> {
    vec![Arc::new(Reminder(app.clone()))]
}

struct Reminder(App);

impl Reminder {
    async fn remind(&self, progress: &Progress) -> Result<String, StoreError> {
        let (app, today, calendar) = (&self.0, self.0.today(), self.0.calendar());
        let rounds = app
            .db
            .read(async |tx: &mut Tx| store::open(tx).await)
            .await?;
        let total = i64::try_from(rounds.len()).unwrap_or(i64::MAX);
        let (mut sent, mut unknown) = (0, 0);
        for (done, round) in (1_i64..).zip(&rounds) {
            // Each round by itself: a run that is killed goes on where it was.
            sent += app
                .db
                .upkeep(async |tx: &mut Tx| one(tx, round, today, &calendar).await)
                .await?;
            if matches!(due(round.due_on, today, &calendar), Today::Unknown(_)) {
                unknown += 1;
            }
            if !progress.report(done, total).await? {
                break;
            }
        }
        let doubt = if unknown == 0 {
            String::new()
        } else {
            format!("有{unknown}轮推算不出提醒日期：放假安排没有收录，已告知政务公开办。")
        };
        Ok(format!("查看{total}轮，发出提醒{sent}条。{doubt}"))
    }
}

#[async_trait]
impl Worker for Reminder {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn work(&self, _: Job, progress: Progress) -> Result<String, String> {
        self.remind(&progress).await.map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "reminders failed");
            "提醒没有发完，已发出的不会重发，稍后自动再试。".to_owned()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Stage, Today, due};
    use gongkai_basis::Date;
    use gongkai_basis::calendar::{CalendarError, WorkCalendar, WorkingDays};
    use jiff::ToSpan as _;
    use proptest::prelude::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn days(due_on: &str) -> Vec<String> {
        let calendar = WorkCalendar::builtin();
        Stage::ALL
            .iter()
            .map(|stage| {
                stage
                    .day(day(due_on), &calendar)
                    .map_or_else(|error| error.to_string(), |day| day.to_string())
            })
            .collect()
    }

    #[test]
    fn rungs_are_counted_in_working_days_across_holidays() {
        // Mid-Autumn is 25 to 27 September, National Day 1 to 7 October; 20 September and 10 October are worked.
        assert_eq!(
            days("2026-09-30"),
            [
                "2026-09-20",
                "2026-09-24",
                "2026-09-29",
                "2026-09-30",
                "2026-10-08"
            ]
        );
        // The last day is a rest day: its own rung moves to the next working day.
        assert_eq!(
            days("2026-10-03"),
            [
                "2026-09-21",
                "2026-09-28",
                "2026-09-30",
                "2026-10-08",
                "2026-10-08"
            ]
        );
        // 27 December 2026 is a Sunday; the year after has no notice, but no rung needs it.
        assert_eq!(
            days("2026-12-27"),
            [
                "2026-12-17",
                "2026-12-23",
                "2026-12-25",
                "2026-12-28",
                "2026-12-28"
            ]
        );
        assert_eq!(
            days("2026-12-31")[4],
            "the holiday notice of 2027 is not loaded"
        );
    }

    #[test]
    fn a_year_without_a_notice_is_said_and_not_guessed() {
        let calendar = WorkCalendar::builtin();
        let unknown = Today::Unknown(CalendarError::YearNotPublished(2027));
        assert_eq!(
            due(day("2027-09-30"), day("2027-09-20"), &calendar),
            unknown
        );
        // The days before the last one are known, so they are reminded; what follows it is not.
        assert_eq!(
            due(day("2026-12-31"), day("2026-12-31"), &calendar),
            Today::Send(Stage::LastDay)
        );
        assert_eq!(
            due(day("2026-12-31"), day("2027-01-04"), &calendar),
            unknown
        );
    }

    #[test]
    fn what_was_missed_is_not_caught_up_rung_by_rung() {
        let calendar = WorkCalendar::builtin();
        let rung = |today: &str| due(day("2026-09-30"), day(today), &calendar);
        assert_eq!(rung("2026-09-18"), Today::Quiet);
        assert_eq!(rung("2026-09-19"), Today::Quiet, "a Saturday");
        assert_eq!(
            rung("2026-09-20"),
            Today::Send(Stage::SevenBefore),
            "a make-up Sunday"
        );
        assert_eq!(rung("2026-09-23"), Today::Send(Stage::SevenBefore));
        assert_eq!(rung("2026-09-25"), Today::Quiet, "a holiday");
        assert_eq!(rung("2026-09-28"), Today::Send(Stage::ThreeBefore));
        assert_eq!(rung("2026-09-30"), Today::Send(Stage::LastDay));
        assert_eq!(rung("2026-10-05"), Today::Quiet, "a holiday");
        assert_eq!(rung("2026-10-08"), Today::Send(Stage::OneAfter));
        assert_eq!(rung("2026-11-20"), Today::Send(Stage::OneAfter));
    }

    proptest! {
        /// On every day of the years with a notice: rungs lie on working days, in their order, on the right side of the
        /// last day and as many working days from it as they say; nothing is sent on a rest day; a rung once reached stays.
        #[test]
        fn rungs_keep_their_distance(offset in 0_i32..2_400, later in 0_i32..40) {
            let calendar = WorkCalendar::builtin();
            let due_on = day("2020-01-20").checked_add(offset.days()).unwrap();
            let found: Vec<Date> = Stage::ALL.iter().map(|stage| stage.day(due_on, &calendar)).collect::<Result<_, _>>().unwrap();
            prop_assert!(found.is_sorted());
            for (stage, on) in Stage::ALL.iter().zip(&found) {
                prop_assert!(calendar.is_working_day(*on).unwrap());
                // Working days from the rung to the last day, the last day itself not counted.
                let eve = due_on.yesterday().unwrap();
                let ahead = calendar.between(on.yesterday().unwrap(), eve).unwrap();
                match stage {
                    Stage::SevenBefore => prop_assert_eq!(ahead, 7),
                    Stage::ThreeBefore => prop_assert_eq!(ahead, 3),
                    Stage::OneBefore => prop_assert_eq!(ahead, 1),
                    Stage::LastDay => prop_assert!(*on >= due_on && calendar.between(eve, *on).unwrap() == 1),
                    Stage::OneAfter => prop_assert_eq!(calendar.between(due_on, *on).unwrap(), 1),
                }
            }
            let today = due_on.checked_add((later - 15).days()).unwrap();
            match due(due_on, today, &calendar) {
                Today::Send(stage) => {
                    prop_assert!(calendar.is_working_day(today).unwrap());
                    prop_assert!(stage.day(due_on, &calendar).unwrap() <= today);
                    let next = calendar.after(today, WorkingDays::new(1).unwrap()).unwrap();
                    match due(due_on, next, &calendar) {
                        Today::Send(then) => prop_assert!(then >= stage),
                        other => prop_assert!(false, "{:?}", other),
                    }
                }
                Today::Quiet => prop_assert!(!calendar.is_working_day(today).unwrap() || today < found[0]),
                Today::Unknown(error) => prop_assert!(false, "{error}"),
            }
        }
    }
}
