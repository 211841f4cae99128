//! 年度报告提醒: ten and three working days before the last day (条例 art. 49), on the last working day that is not after it,
//! and on the first working day after it; first who writes it, then the head, at last those above. Quiet on rest days. A year
//! without a notice of holidays is said to the office and never guessed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use gongkai_basis::calendar::{CalendarError, WorkCalendar, WorkingDays};
use gongkai_basis::id::OrganId;
use gongkai_basis::{Date, Role};
use gongkai_platform::access::{Reach, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::{self, Outgoing, Topic};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Job, Progress, Worker};
use gongkai_platform::web::{App, day};

use super::store::{self, Owed};
use crate::annual::Unit;
use crate::model::Report;
use crate::state::State;

const KIND: &str = "reports.reminders";
/// Units that owe a report and are looked at in one night.
const UNITS_MAX: i64 = 20_000;
/// Messages that one transaction sends.
const MESSAGES_AT_ONCE: usize = 200;
/// No rung lies further ahead: ten working days around the longest holidays are fewer calendar days.
const AHEAD_CALENDAR_DAYS: i32 = 30;

/// A rung of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    TenBefore,
    ThreeBefore,
    LastDay,
    OneAfter,
}

impl Stage {
    pub const ALL: [Self; 4] = [
        Self::TenBefore,
        Self::ThreeBefore,
        Self::LastDay,
        Self::OneAfter,
    ];

    const fn code(self) -> &'static str {
        match self {
            Self::TenBefore => "t-10",
            Self::ThreeBefore => "t-3",
            Self::LastDay => "t0",
            Self::OneAfter => "t+1",
        }
    }

    /// Who of the unit is told; of a government, who of its office.
    const fn unit(self) -> &'static [Role] {
        match self {
            Self::TenBefore => &[Role::Liaison, Role::OfficeClerk],
            Self::ThreeBefore | Self::LastDay | Self::OneAfter => &[
                Role::Liaison,
                Role::UnitHead,
                Role::OfficeClerk,
                Role::OfficeHead,
            ],
        }
    }

    /// Is the office told how many units still owe theirs?
    const fn tells_office(self) -> bool {
        match self {
            Self::TenBefore => false,
            Self::ThreeBefore | Self::LastDay | Self::OneAfter => true,
        }
    }

    /// The working day on which it is sent. The last day is the law's whether people work on it or not: what belongs to it is
    /// sent while there is time.
    ///
    /// # Errors
    /// When no notice tells the working days of a year that is needed.
    pub fn day(self, due_on: Date, calendar: &WorkCalendar) -> Result<Date, CalendarError> {
        let days = |n| WorkingDays::new(n).unwrap_or(WorkingDays::ZERO);
        match self {
            Self::TenBefore => calendar.before(due_on, days(10)),
            Self::ThreeBefore => calendar.before(due_on, days(3)),
            Self::LastDay => {
                let next = due_on.tomorrow();
                let next = next.map_err(|_| CalendarError::YearNotPublished(due_on.year()))?;
                calendar.before(next, days(1))
            }
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
pub fn rung(due_on: Date, today: Date, calendar: &WorkCalendar) -> Today {
    let ahead = jiff::Span::new().days(AHEAD_CALENDAR_DAYS);
    if today.checked_add(ahead).is_ok_and(|far| far < due_on) {
        return Today::Quiet;
    }
    match calendar.is_working_day(today) {
        Ok(true) => {}
        Ok(false) => return Today::Quiet,
        Err(error) => return Today::Unknown(error),
    }
    let mut newest = Today::Quiet;
    for stage in Stage::ALL {
        match stage.day(due_on, calendar) {
            Ok(on) if on <= today => newest = Today::Send(stage),
            Ok(_) => return newest,
            Err(error) if newest == Today::Quiet => return Today::Unknown(error),
            Err(_) => return newest,
        }
    }
    newest
}

/// How near the last day is, in words.
fn left(stage: Stage, (due_on, today): (Date, Date), calendar: &WorkCalendar) -> String {
    // Today counts, and the last day does not, which need not be a working day.
    let eves = today.yesterday().ok().zip(due_on.yesterday().ok());
    let days = eves.and_then(|(from, to)| calendar.between(from, to).ok());
    match stage {
        Stage::TenBefore | Stage::ThreeBefore => {
            days.map_or_else(|| "将要截止".to_owned(), |n| format!("还有{n}个工作日截止"))
        }
        Stage::LastDay if today == due_on => "今天截止".to_owned(),
        Stage::LastDay => "今天是截止前最后一个工作日".to_owned(),
        Stage::OneAfter => "已经逾期没有公布".to_owned(),
    }
}

/// The unit's own reminder. Whose day was moved is reminded by the new one.
fn to_unit(owed: &Owed, due_on: Date, (stage, left): (Stage, &str)) -> Outgoing {
    let (unit, year) = (&owed.unit, owed.year);
    let stands = owed.report.map_or("还没有编写", |(_, state)| match state {
        State::Draft => "还在编写",
        State::Confirmed | State::Checked | State::Published => state.name(),
    });
    Outgoing {
        organ: unit.id,
        roles: stage.unit(),
        reach: Reach::Government,
        topic: Topic::Round,
        key: format!("annual:{}:{year}:{due_on}:{}", unit.id, stage.code()),
        title: format!("《{}》{left}，{stands}", Report::title_of(&unit.name, year)),
        body: format!(
            "{}（含当日）前公布。报告要经单位负责人确认、主管部门预审以后才能公布，请留出时间。",
            day(due_on)
        ),
        path: owed.report.map_or_else(
            || format!("/workspace/reports?year={year}"),
            |(id, _)| format!("/workspace/reports/{id}"),
        ),
        about: Some(due_on),
    }
}

/// Units of one government that owe the report on one year by one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    government: OrganId,
    year: i16,
    due_on: Date,
    stage: Stage,
}

/// How many of its units still owe theirs: to the office, and once it is late to those above.
fn to_office(group: Group, n: usize, left: &str) -> Vec<Outgoing> {
    let Group {
        government,
        year,
        due_on,
        stage,
    } = group;
    let told = |roles: &'static [Role], reach| Outgoing {
        organ: government,
        roles,
        reach,
        topic: Topic::Round,
        key: format!("annual:{government}:units:{year}:{due_on}:{}", stage.code()),
        title: format!("{year}年度报告{left}，还有{n}个单位没有公布"),
        body: format!("{}（含当日）前公布。", day(due_on)),
        path: format!("/workspace/reports?year={year}"),
        about: Some(due_on),
    };
    let office: &[Role] = &[Role::OfficeClerk, Role::OfficeHead];
    let mut all = vec![told(office, Reach::Government)];
    if stage == Stage::OneAfter {
        all.push(told(&[Role::Supervisor], Reach::Below));
    }
    all
}

/// The office hears why nobody is reminded.
fn cannot_tell(government: OrganId, error: CalendarError) -> Outgoing {
    let CalendarError::YearNotPublished(year) = error;
    Outgoing {
        organ: government,
        roles: &[Role::OfficeClerk, Role::OfficeHead],
        reach: Reach::Government,
        topic: Topic::House,
        key: format!("annual:{government}:calendar:{year}"),
        title: "年度报告的提醒发不出去".to_owned(),
        body: error.sentence(),
        path: "/workspace/reports".to_owned(),
        about: None,
    }
}

/// The government that a unit stands below; its own for one that stands below none.
fn above(unit: &Unit, governments: &BTreeSet<OrganId>) -> OrganId {
    let path = unit
        .path
        .rsplit('/')
        .filter_map(|id| id.parse::<OrganId>().ok());
    let mut above = path.filter(|id| *id != unit.id && governments.contains(id));
    above.next().unwrap_or(unit.id)
}

/// All that a day asks to be told.
fn messages(
    owing: &[(Owed, Date)],
    governments: &BTreeSet<OrganId>,
    (today, calendar): (Date, &WorkCalendar),
) -> Vec<Outgoing> {
    let mut groups: BTreeMap<Group, usize> = BTreeMap::new();
    let mut unknown: BTreeMap<OrganId, CalendarError> = BTreeMap::new();
    let mut all = Vec::new();
    for (owed, due_on) in owing {
        let government = above(&owed.unit, governments);
        match rung(*due_on, today, calendar) {
            Today::Quiet => {}
            Today::Unknown(error) => {
                unknown.insert(government, error);
            }
            Today::Send(stage) => {
                let left = left(stage, (*due_on, today), calendar);
                all.push(to_unit(owed, *due_on, (stage, &left)));
                if stage.tells_office() && government != owed.unit.id {
                    let group = Group {
                        government,
                        year: owed.year,
                        due_on: *due_on,
                        stage,
                    };
                    *groups.entry(group).or_default() += 1;
                }
            }
        }
    }
    for (group, n) in groups {
        let left = left(group.stage, (group.due_on, today), calendar);
        all.extend(to_office(group, n, &left));
    }
    all.extend(
        unknown
            .into_iter()
            .map(|(government, error)| cannot_tell(government, error)),
    );
    all
}

/// Tells what a day asks; gives how many messages were new. What was told is not told twice.
///
/// # Errors
/// When the store fails; what was sent until then is not sent again.
pub async fn run(app: &App) -> Result<u64, StoreError> {
    let (today, calendar) = (app.today(), app.calendar());
    // The running year's may be due early in January, so that its first rung lies in December.
    let years = [today.year() - 1, today.year()];
    let (owing, governments) = app
        .db
        .read(async |tx: &mut Tx| {
            let owing = super::of_years(tx, &Scope::Everything, &years, UNITS_MAX).await?;
            Ok::<_, StoreError>((owing, store::governments(tx).await?))
        })
        .await?;
    let all = messages(&owing, &governments, (today, &calendar));
    let mut sent = 0;
    for some in all.chunks(MESSAGES_AT_ONCE) {
        sent += app
            .db
            .upkeep(async |tx: &mut Tx| inbox::send(tx, some.to_vec()).await)
            .await?;
    }
    Ok(sent)
}

/// The daily work.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "年度报告提醒",
        when: When::Daily {
            hour: 7,
            minute: 10,
        },
    }]
}

/// What does it.
#[must_use]
pub fn worker(app: &App) -> Arc<dyn Worker> {
    Arc::new(Reminder(app.clone()))
}

struct Reminder(App);

#[async_trait]
impl Worker for Reminder {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn work(&self, _: Job, _: Progress) -> Result<String, String> {
        match run(&self.0).await {
            Ok(sent) => Ok(format!("发出年度报告提醒{sent}条。")),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "reminders failed");
                Err("提醒没有发完，已发出的不会重发，稍后自动再试。".to_owned())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn rungs_lie_on_working_days_and_the_last_one_not_after_the_day() {
        let calendar = WorkCalendar::builtin();
        // 31 January 2026 is a Saturday that is not worked.
        let days = Stage::ALL.map(|stage| stage.day(on("2026-01-31"), &calendar).unwrap());
        let wanted = ["2026-01-19", "2026-01-28", "2026-01-30", "2026-02-02"];
        assert_eq!(days, wanted.map(on));
        let rung = |today: &str| rung(on("2026-01-31"), on(today), &calendar);
        assert_eq!(rung("2025-12-01"), Today::Quiet);
        assert_eq!(rung("2026-01-16"), Today::Quiet);
        assert_eq!(rung("2026-01-19"), Today::Send(Stage::TenBefore));
        assert_eq!(rung("2026-01-25"), Today::Quiet, "a Sunday");
        assert_eq!(rung("2026-01-27"), Today::Send(Stage::TenBefore));
        assert_eq!(rung("2026-01-29"), Today::Send(Stage::ThreeBefore));
        assert_eq!(rung("2026-01-30"), Today::Send(Stage::LastDay));
        assert_eq!(rung("2026-01-31"), Today::Quiet, "a Saturday");
        assert_eq!(rung("2026-02-02"), Today::Send(Stage::OneAfter));
        assert_eq!(rung("2026-06-01"), Today::Send(Stage::OneAfter));
    }

    #[test]
    fn a_year_without_a_notice_is_said_once_it_matters() {
        let calendar = WorkCalendar::builtin();
        let unknown = Today::Unknown(CalendarError::YearNotPublished(2027));
        assert_eq!(
            rung(on("2027-01-31"), on("2026-11-02"), &calendar),
            Today::Quiet
        );
        assert_eq!(rung(on("2027-01-31"), on("2027-01-04"), &calendar), unknown);
    }
}
