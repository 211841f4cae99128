//! What the night does with running cases: days recomputed, letters whose limit ran out, warnings up the ladder; and with
//! what was withheld, when its day has come.

use async_trait::async_trait;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::{Actor, Date, Role};
use gongkai_platform::access::{Reach, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::{self, Outgoing, Topic};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Job, Progress, Worker};
use gongkai_platform::web::App;

use crate::id::RequestId;
use crate::letter::compose::printed;
use crate::oversight::finding;
use crate::request::Kind;
use crate::request::case::{Case, Consultation};
use crate::request::confirm;
use crate::request::state::{Act, HANDLERS, State};
use crate::request::step::Step;
use crate::request::store::{self, list};
use crate::request::{handle, submit};
use crate::withheld;
use gongkai_platform::fault::NotDone;

const KIND: &str = "requests.night";
/// Cases looked at in one transaction.
const CASES_AT_ONCE: i64 = 50;

/// A step of the ladder: T−5, T−2, T0, T+1 working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rung {
    Five,
    Two,
    Today,
    Over,
}

impl Rung {
    /// The step that a case has reached; `None` while there is time, or where no notice tells the working days.
    #[must_use]
    pub fn of(due: Date, today: Date, calendar: &WorkCalendar) -> Option<Self> {
        if today > due {
            return Some(Self::Over);
        }
        match calendar.between(today, due).ok()? {
            0 => Some(Self::Today),
            1 | 2 => Some(Self::Two),
            3..=5 => Some(Self::Five),
            _ => None,
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Five => "t-5",
            Self::Two => "t-2",
            Self::Today => "t0",
            Self::Over => "t+1",
        }
    }

    fn words(self, kind: Kind) -> String {
        let limit = kind.limit_name();
        match self {
            Self::Five => format!("{limit}将到"),
            Self::Two => format!("{limit}只剩2个工作日"),
            Self::Today => format!("{limit}今天到期"),
            Self::Over if kind.is_timed_by_law() => "已经逾期未答复".to_owned(),
            Self::Over => format!("已经超过{limit}"),
        }
    }

    /// Who is told: the desk, then its head, then the unit's head, then those above.
    const fn told(self) -> &'static [To] {
        match self {
            Self::Five => TO_DESK,
            Self::Two => TO_HEAD,
            Self::Today => TO_HOUSE,
            Self::Over => TO_ABOVE,
        }
    }
}

/// Who is told: the holders of some roles, in the case's desk or also above it.
type To = (&'static [Role], Reach);

/// The desk itself.
const DESK: &[Role] = &[Role::RequestOfficer, Role::OfficeClerk];
/// The desk, its head and the unit's.
const HOUSE: &[Role] = &[
    Role::RequestOfficer,
    Role::OfficeClerk,
    Role::OfficeHead,
    Role::UnitHead,
];
/// Those who look after the units below.
const ABOVE: &[Role] = &[Role::Supervisor];

const TO_DESK: &[To] = &[(DESK, Reach::Own)];
const TO_HEAD: &[To] = &[(HANDLERS, Reach::Own)];
const TO_HOUSE: &[To] = &[(HOUSE, Reach::Own)];
const TO_ABOVE: &[To] = &[(HOUSE, Reach::Own), (ABOVE, Reach::Below)];

/// Who is told of an application that nobody has confirmed for so many whole working days, and under which key; `None` while
/// there is time.
const fn unconfirmed(days: u32) -> Option<(&'static str, &'static [To])> {
    if days >= confirm::ABOVE_WORKING_DAYS {
        Some(("unconfirmed-above", TO_ABOVE))
    } else if days >= confirm::HEAD_WORKING_DAYS {
        Some(("unconfirmed-head", TO_HOUSE))
    } else if days >= confirm::DESK_WORKING_DAYS {
        Some(("unconfirmed-desk", TO_DESK))
    } else {
        None
    }
}

/// What one night did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    pub cases: i64,
    pub expired: i64,
    pub recomputed: i64,
    /// Newly noted as a finding.
    pub late: i64,
    pub told: u64,
}

/// The night's worker.
pub struct Night(App);

impl Night {
    #[must_use]
    pub fn new(app: App) -> Self {
        Self(app)
    }
}

/// Every morning before work.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "依申请公开期限",
        when: When::Daily {
            hour: 6,
            minute: 10,
        },
    }]
}

/// Looks at all running cases, some in each transaction; what was done already is not done twice.
///
/// # Errors
/// When the store fails.
pub async fn run(app: &App) -> Result<Outcome, StoreError> {
    let (mut all, mut after) = (Outcome::default(), None);
    let today = app.today();
    app.db
        .upkeep(async |tx: &mut Tx| finding::sweep(tx, today).await)
        .await?;
    all.told += app
        .db
        .upkeep(async |tx: &mut Tx| withheld::tell(tx, today).await)
        .await?;
    loop {
        let ids = app
            .db
            .read(async |tx: &mut Tx| list::running_after(tx, after, CASES_AT_ONCE).await)
            .await?;
        let Some(last) = ids.last() else {
            return Ok(all);
        };
        after = Some(*last);
        for id in &ids {
            one(app, *id, &mut all).await?;
        }
    }
}

async fn one(app: &App, id: RequestId, all: &mut Outcome) -> Result<(), StoreError> {
    let (today, calendar) = (app.today(), app.calendar());
    let load = async |tx: &mut Tx| store::load(tx, &Scope::Everything, id).await;
    let Some(mut case) = app.db.read(load).await? else {
        return Ok(());
    };
    all.cases += 1;
    for letter in case.consultations.clone() {
        // Of a letter that nobody knows to have arrived the days are not over (art. 32, 34).
        let known = letter.is_open() && letter.got_on.is_some();
        let out = known && letter.due_on.is_some_and(|due| today > due);
        let outside = case.letters_out().any(|one| one.id == letter.id);
        if !(out && outside && case.request.state == State::Consulting) {
            continue;
        }
        let step = Step::OpinionExpired { of: letter.id };
        let now = case.clone();
        let done = app
            .db
            .write(async |tx: &mut Tx| handle::program(tx, now, step, (today, &calendar)).await)
            .await;
        match done {
            Ok(after) => {
                all.expired += 1;
                case = after;
            }
            Err(NotDone::Store(error)) => return Err(error),
            // Somebody was first, or the case has moved on.
            Err(NotDone::Refused(_) | NotDone::NotFound) => {}
        }
    }
    if case.due_on(&calendar) != case.request.due_on {
        recompute(app, &mut case, &calendar).await?;
        all.recomputed += 1;
    }
    let (late, told) = app
        .db
        .upkeep(async |tx: &mut Tx| {
            let late = finding::late(tx, &case.request, today).await?;
            let told = warn(tx, &case, today, &calendar).await?;
            Ok::<_, StoreError>((late, told))
        })
        .await?;
    all.late += i64::from(late);
    all.told += told;
    Ok(())
}

/// A calendar that changed changes the days of running cases; the desk is told (`docs/law/working-days.md`).
async fn recompute(app: &App, case: &mut Case, calendar: &WorkCalendar) -> Result<(), StoreError> {
    let before = case.request.due_on;
    case.request.due_on = case.due_on(calendar);
    let case = &*case;
    app.db
        .write(async |tx: &mut Tx| {
            store::set_due(tx, &case.request).await?;
            let request = &case.request;
            let day = |date: Option<Date>| date.map_or_else(|| "未定".to_owned(), printed);
            let moved = format!("由{}改为{}", day(before), day(request.due_on));
            let sentence = format!("{}：工作日历有变化，到期日{moved}", request.number);
            submit::record(tx, &Actor::System, case, "request.recomputed", sentence);
            // Nothing happened to the case itself: under the key of its last message nobody who had that would hear of this.
            let moment = tx.now().as_millisecond();
            let due = request
                .due_on
                .map(|due| due.to_string())
                .unwrap_or_default();
            let message = Outgoing {
                key: format!("request:{}:calendar:{due}:{moment}", request.id),
                ..submit::outgoing(
                    case,
                    (submit::desk_of(tx, request.organ).await?, DESK),
                    &format!("到期日按新的工作日历{moved}"),
                )
            };
            inbox::send(tx, vec![message]).await?;
            Ok::<_, StoreError>(())
        })
        .await
}

/// Warnings up the ladder, and what waits for somebody to end it.
async fn warn(
    tx: &mut Tx,
    case: &Case,
    today: Date,
    calendar: &WorkCalendar,
) -> Result<u64, StoreError> {
    let request = &case.request;
    let desk = submit::desk_of(tx, request.organ).await?;
    let message = |(roles, reach): To, code: &str, what: &str| Outgoing {
        organ: desk,
        roles,
        reach,
        topic: Topic::Request,
        key: format!("request:{}:{code}", request.id),
        title: format!("{what}：{}", request.number),
        body: format!("{}　{}", request.organ_name, request.wish.short()),
        path: format!("/workspace/requests/{}", request.id),
        about: request.due_on,
    };
    let mut outgoing = Vec::new();
    if let Some(due) = request.due_on
        && let Some(rung) = Rung::of(due, today, calendar)
    {
        // A day that was moved (延期, 补正, 缴费, a pause, 重新办理) is warned of anew.
        let code = format!("{}:{due}", rung.code());
        let (all, words) = (rung.told().iter(), rung.words(request.kind));
        outgoing.extend(all.map(|to| message(*to, &code, &words)));
    }
    if let Some(since) = request.unconfirmed_since()
        && let Some(days) = confirm::waited(since, today, calendar)
        && let Some((code, told)) = unconfirmed(days)
    {
        let what = format!("已过{days}个工作日没有与申请人确认收到，期限没有起算");
        let code = format!("{code}:{since}");
        outgoing.extend(told.iter().map(|to| message(*to, &code, &what)));
    }
    let waits = waits(case, today);
    outgoing.extend(
        waits
            .iter()
            .map(|(code, what)| message((DESK, Reach::Own), code, what)),
    );
    inbox::send(tx, outgoing).await
}

/// What waits for somebody to end it: told once for each limit and each letter, under its key, in these words.
fn waits(case: &Case, today: Date) -> Vec<(String, String)> {
    let over = |act: Act, code: &str, what: &str| -> Vec<(String, String)> {
        let until = case.date_of(act, "until").filter(|until| today > *until);
        let told = until.map(|until| (format!("{code}:{until}"), what.to_owned()));
        told.into_iter().collect()
    };
    // Fifteen working days from its sending are over, and nobody has noted that it arrived.
    let unreached = |letter: &&Consultation| {
        letter.got_on.is_none() && letter.due_on.is_some_and(|due| today > due)
    };
    match case.request.state {
        State::AwaitingSupplement => over(Act::AskSupplement, "supplement-over", "补正期限已过"),
        State::AwaitingPayment => {
            let until = case.pay_by().filter(|until| today > *until);
            let told = until.map(|until| match case.charge_reached() {
                Some(_) => (format!("payment-over:{until}"), "缴费期限已过".to_owned()),
                None => (
                    format!("charge-unreached:{until}"),
                    "收费通知书没有登记申请人收到的日期，缴费不能期满".to_owned(),
                ),
            });
            told.into_iter().collect()
        }
        State::AwaitingReasons => over(Act::AskReasons, "reasons-over", "说明理由的期限已过"),
        State::Consulting => {
            let letters = case.letters_out().filter(unreached);
            let told = letters.map(|letter| {
                let what = format!(
                    "发给{}的征求意见书没有登记对方收到的日期，不能期满；送不到、误发的，请办理“不再征求”",
                    letter.name
                );
                (format!("opinion-unreached:{}", letter.id), what)
            });
            told.collect()
        }
        _ => Vec::new(),
    }
}

#[async_trait]
impl Worker for Night {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn work(&self, _: Job, _: Progress) -> Result<String, String> {
        match run(&self.0).await {
            Ok(done) => Ok(format!(
                "看了{}件在办申请，征求意见期满{}件，到期日改变{}件，新记超期{}件，提醒{}条。",
                done.cases, done.expired, done.recomputed, done.late, done.told
            )),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the night failed");
                Err("没有做完，已做的都在，稍后自动再试。".to_owned())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use gongkai_basis::calendar::WorkCalendar;

    use super::Rung;

    #[test]
    fn the_ladder_counts_working_days() {
        let calendar = WorkCalendar::builtin();
        let rung = |today: &str| {
            Rung::of(
                "2022-10-21".parse().unwrap(),
                today.parse().unwrap(),
                &calendar,
            )
        };
        assert_eq!(rung("2022-10-13"), None);
        assert_eq!(rung("2022-10-14"), Some(Rung::Five));
        assert_eq!(rung("2022-10-18"), Some(Rung::Five));
        assert_eq!(rung("2022-10-19"), Some(Rung::Two));
        assert_eq!(rung("2022-10-21"), Some(Rung::Today));
        assert_eq!(rung("2022-10-22"), Some(Rung::Over));
    }
}
