//! What is missing becomes a finding, and is closed when a later check finds it there: a register without its people, a year
//! without the leading group's meeting or the unit's hearing.

mod dropped;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use gongkai_basis::id::OrganId;
use gongkai_basis::reference::FigureKey;
use gongkai_basis::{Actor, Date, Role};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::{self, FindingKind, Found, Severity, Source};
use gongkai_platform::inbox;
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Worker, nightly};
use gongkai_platform::seam::Seams;
use gongkai_platform::web::App;
use serde_json::json;

use crate::activity::{ActivityKind, store as activities};
use crate::group::store as group;
use crate::overview::UnitYear;
use crate::overview::store::{self as overview, Units};
use crate::staff::StaffKind;
use gongkai_platform::access::Scope;
use gongkai_platform::organ::reach::Reach;
use gongkai_platform::organ::store as directory;

/// From this month on a year without its meeting or hearing is told: two months are left to hold it.
const REMIND_MONTH: i8 = 11;
/// The last day of the year in which what a year demanded must be held, as month and day.
const YEAR_END: (i8, i8) = (12, 31);
const KIND: &str = "organisation.check";
/// The figure of a government's own active plans: what those above or below it plan does not count.
const PLANS: &str = "plans.own";
/// Who works in an office.
const DESK: [Role; 2] = [Role::OfficeClerk, Role::OfficeHead];
/// Units looked at in one transaction.
const UNITS_AT_ONCE: i64 = 100;

/// Something that a check looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    Staff(StaffKind),
    /// Of the leading group of a government.
    Roster,
    /// Of this year.
    Hearing(i16),
    Meeting(i16),
}

impl Item {
    /// What makes a finding about it the same when it is found again.
    #[must_use]
    pub fn key(self) -> String {
        match self {
            Self::Staff(kind) => format!("organisation:staff:{}", kind.code()),
            Self::Roster => "organisation:roster".to_owned(),
            Self::Hearing(year) => format!("organisation:hearing:{year}"),
            Self::Meeting(year) => format!("organisation:meeting:{year}"),
        }
    }

    fn title(self) -> String {
        match self {
            Self::Staff(kind) => format!("没有登记政务公开{}", kind.name()),
            Self::Roster => "没有登记政务公开领导小组名单".to_owned(),
            Self::Hearing(year) => format!("{year}年还没有听取政务公开工作汇报的记录"),
            Self::Meeting(year) => format!("{year}年还没有政务公开领导小组会议的记录"),
        }
    }

    fn detail(self) -> &'static str {
        match self {
            Self::Staff(_) => {
                "各单位应明确分管领导、责任人员和具体承办机构，并报政务公开主管部门备案。请在“组织保障—人员名册”登记。"
            }
            Self::Roster => {
                "领导小组的组成和调整应当登记备查，会议也按它核对。请在“组织保障—领导小组”登记现任成员；本级不设领导小组的，写明原因，认定不属实。"
            }
            Self::Hearing(_) => {
                "主要负责同志每年至少听取1次政务公开工作汇报。请安排听取，并在“组织保障—会议培训”登记。"
            }
            Self::Meeting(_) => {
                "政务公开领导小组每年至少召开1次会议。请安排召开，并在“组织保障—会议培训”登记。"
            }
        }
    }

    const fn kind(self) -> FindingKind {
        match self {
            Self::Staff(_) | Self::Roster => FindingKind::MissingField,
            Self::Hearing(_) | Self::Meeting(_) => FindingKind::Other,
        }
    }
}

/// What a unit is looked at for, and whether it is in order. A year without a hearing is not told before November.
#[must_use]
pub fn verdicts(unit: &UnitYear, today: Date) -> Vec<(Item, Verdict)> {
    let mut found: Vec<(Item, Verdict)> = StaffKind::ALL
        .iter()
        .map(|kind| {
            let there = unit.staff.contains(kind);
            (Item::Staff(*kind), Verdict::of(there))
        })
        .collect();
    let held = unit.count(ActivityKind::Hearing) > 0;
    if held || today.month() >= REMIND_MONTH {
        found.push((Item::Hearing(today.year()), Verdict::of(held)));
    }
    found
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    InOrder,
    Missing,
}

impl Verdict {
    const fn of(there: bool) -> Self {
        if there { Self::InOrder } else { Self::Missing }
    }
}

/// What one check did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    pub units: i64,
    pub missing: i64,
    pub settled: i64,
}

/// This year's first and last day.
#[must_use]
pub fn year_of(today: Date) -> (Date, Date) {
    let day = |month, day| Date::new(today.year(), month, day).unwrap_or(today);
    (day(1, 1), day(YEAR_END.0, YEAR_END.1))
}

/// The office of a government: whom findings about its units go to. Of several the first in which somebody works; itself
/// where it has none.
async fn office_of(tx: &mut Tx, base: OrganId) -> Result<OrganId, StoreError> {
    let offices = overview::offices_of(tx, base).await?;
    let idle = inbox::unanswered(tx, &offices, &DESK, &[]).await?;
    let working = offices.iter().find(|office| !idle.contains(office));
    Ok(*working.or(offices.first()).unwrap_or(&base))
}

/// Looks at one page of a government's units, and with the first page at its leading group.
///
/// # Errors
/// When the store fails.
pub async fn look(
    tx: &mut Tx,
    actor: &Actor,
    base: OrganId,
    (offset, today): (i64, Date),
) -> Result<Outcome, StoreError> {
    let within = Reach {
        bases: vec![base],
        scope: Scope::nothing(),
    };
    let office = office_of(tx, base).await?;
    let year = year_of(today);
    let page = (offset, UNITS_AT_ONCE);
    let units = overview::page(tx, &within, (Units::All, year), page).await?;
    let mut outcome = Outcome {
        units: i64::try_from(units.len()).unwrap_or(0),
        ..Outcome::default()
    };
    for unit in &units {
        for (item, verdict) in verdicts(unit, today) {
            judge(
                tx,
                actor,
                (unit.organ, office),
                (item, verdict),
                today,
                &mut outcome,
            )
            .await?;
        }
    }
    if offset == 0 {
        for seen in of_group(tx, base, today).await? {
            judge(tx, actor, (office, office), seen, today, &mut outcome).await?;
        }
    }
    let sentence = format!(
        "检查组织保障：{}个单位，缺{}项，销号{}项",
        outcome.units, outcome.missing, outcome.settled
    );
    tx.record(
        Event::new(
            actor,
            "organisation.checked",
            ("organ", base.to_string()),
            sentence,
        )
        .organ(base)
        .data(json!({ "offset": offset, "missing": outcome.missing })),
    );
    Ok(outcome)
}

/// The meetings of these governments' own leading groups in a year.
///
/// # Errors
/// When the store fails.
pub async fn meetings(
    tx: &mut Tx,
    bases: &[OrganId],
    year: (Date, Date),
) -> Result<i64, StoreError> {
    let own = Reach {
        bases: Vec::new(),
        scope: Scope::Organs {
            single: overview::desks(tx, bases).await?,
            branches: Vec::new(),
        },
    };
    let narrow = activities::Narrow {
        kind: Some(ActivityKind::Meeting),
        within: Some(year),
        ..activities::Narrow::default()
    };
    activities::count(tx, &own, &narrow).await
}

/// What a government's leading group is looked at for: who sits in it, and that it met this year.
async fn of_group(
    tx: &mut Tx,
    base: OrganId,
    today: Date,
) -> Result<Vec<(Item, Verdict)>, StoreError> {
    let mut found = Vec::new();
    let governs = directory::load(tx, base)
        .await?
        .is_some_and(|organ| organ.kind.governs());
    if governs {
        let sits = group::sits(tx, base, today).await?;
        found.push((Item::Roster, Verdict::of(sits)));
    }
    let held = meetings(tx, &[base], year_of(today)).await? > 0;
    if held || today.month() >= REMIND_MONTH {
        found.push((Item::Meeting(today.year()), Verdict::of(held)));
    }
    Ok(found)
}

async fn judge(
    tx: &mut Tx,
    actor: &Actor,
    (organ, office): (OrganId, OrganId),
    (item, verdict): (Item, Verdict),
    today: Date,
    outcome: &mut Outcome,
) -> Result<(), StoreError> {
    match verdict {
        Verdict::InOrder => {
            let settled = finding::settle(tx, actor, (organ, &item.key()), today).await?;
            outcome.settled += i64::from(settled.is_some());
        }
        Verdict::Missing => {
            outcome.missing += 1;
            let found = Found {
                organ,
                office,
                key: item.key(),
                kind: item.kind(),
                severity: Severity::Minor,
                source: Source::Check,
                title: item.title(),
                detail: item.detail().to_owned(),
                url: None,
                about: None,
                found_on: today,
                fix_due_on: match item {
                    Item::Staff(_) | Item::Roster => None,
                    Item::Hearing(_) | Item::Meeting(_) => Some(year_of(today).1),
                },
            };
            finding::report(tx, actor, found).await?;
        }
    }
    Ok(())
}

/// Looks at all units of a government, a hundred in each transaction.
///
/// # Errors
/// When the store fails.
pub async fn run(
    app: &App,
    actor: &Actor,
    base: OrganId,
    today: Date,
) -> Result<Outcome, StoreError> {
    let mut all = Outcome::default();
    loop {
        let offset = all.units;
        let one = app
            .db
            .write(async |tx: &mut Tx| look(tx, actor, base, (offset, today)).await)
            .await?;
        all.units += one.units;
        all.missing += one.missing;
        all.settled += one.settled;
        if one.units < UNITS_AT_ONCE {
            return Ok(all);
        }
    }
}

/// Whom the night looks at: those that keep a leading group here, and governments with a plan of their own of this year or of
/// the last, in whose office somebody works.
async fn looked_at(tx: &mut Tx, seams: &Seams, today: Date) -> Result<Vec<OrganId>, StoreError> {
    let mut bases = overview::bases(tx).await?;
    let governments = overview::governments(tx).await?;
    let idle = inbox::unanswered(tx, &governments, &[], &DESK).await?;
    let working: Vec<OrganId> = governments
        .into_iter()
        .filter(|base| !idle.contains(base) && !bases.contains(base))
        .collect();
    for year in [today.year(), today.year() - 1] {
        let keys: Vec<FigureKey> = working
            .iter()
            .map(|organ| FigureKey {
                name: PLANS.to_owned(),
                organ: *organ,
                year,
            })
            .collect();
        let figures = seams.figures(tx, &keys).await?;
        for (base, plans) in working.iter().zip(figures) {
            if plans.is_some_and(|plans| plans.value > 0) {
                bases.push(*base);
            }
        }
    }
    bases.sort();
    bases.dedup();
    Ok(bases)
}

async fn all(app: &App) -> Result<String, StoreError> {
    let today = app.today();
    let bases = app
        .db
        .read(async |tx: &mut Tx| looked_at(tx, &app.seams, today).await)
        .await?;
    let mut all = Outcome::default();
    for base in &bases {
        let one = run(app, &Actor::System, *base, today).await?;
        all.units += one.units;
        all.missing += one.missing;
        all.settled += one.settled;
    }
    all.settled += dropped::settle(app, &Actor::System, today).await?;
    Ok(format!(
        "检查了{}级政府的{}个单位，缺{}项，销号{}项。",
        bases.len(),
        all.units,
        all.missing,
        all.settled
    ))
}

/// The nightly check of every government that works here.
#[must_use]
pub fn worker(app: &App) -> Arc<dyn Worker> {
    nightly(KIND, app, |app| Box::pin(all(app)))
}

/// Every night.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "组织保障检查",
        when: When::Daily {
            hour: 4,
            minute: 20,
        },
    }]
}
