//! 报送提醒: seven, three and one working days before the last day, on it, and on the first working day after it; first the
//! liaison, then the head of the unit, then the office. Quiet on rest days. A year without a notice of holidays is said to the
//! office and never guessed.

mod ladder;

use std::sync::Arc;

use async_trait::async_trait;
use gongkai_basis::calendar::{CalendarError, WorkCalendar};
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
use super::{Round, RoundId, RoundState, Shown, TEXT_CHARS_MAX};
use crate::acts::ManageRounds;
use crate::notify::{Notice, To, notify_all};
use crate::step::StepError;
use crate::when;

pub use ladder::{Stage, Today, due, plan};

const KIND: &str = "plans.round-reminders";
/// The event of a reminder by hand.
const NUDGED: &str = "round.nudged";
/// Events of the chosen units, newest first, among which those of today are looked for.
const NUDGES_MAX: i64 = 10_000;

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
    waiting: &[(OrganId, Shown)],
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
    let waiting = store::waiting(tx, id).await?;
    let left = when::left(calendar, today, round.due_on);
    let chosen: Vec<Notice> = waiting
        .iter()
        .filter(|(organ, _)| organs.contains(organ))
        .map(|(organ, _)| nudge(&round, *organ, (note, &left), today))
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
