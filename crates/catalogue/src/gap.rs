//! 缺口: a period that was not filled in time becomes a finding of its unit, and is closed when a later look finds it filled,
//! or owed no more. Material that was withdrawn fills nothing, and is taken back until it is public again. What a unit had not filled when it was merged stays open with its heir until it is.

use std::collections::BTreeSet;
use std::sync::Arc;

use gongkai_basis::calendar::{WorkCalendar, WorkingDays};
use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Scope;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::{self, Finding, FindingKind, Found, Narrow, Severity, Source};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Worker, nightly};
use gongkai_platform::organ::{self, reach::Reach};
use gongkai_platform::seam::Seams;
use gongkai_platform::web::{App, day};
use serde_json::json;

use crate::course::Course;
use crate::due::{self, Owed, UnitYear};
use crate::entry::Entry;
use crate::filling::{Cell, Filling, Standing, handle, store as fillings, verify, year_of};
use crate::id::EntryId;
use crate::period::{PeriodKind, code_of_year, day_of};

const KIND: &str = "catalogue.check";
const PREFIX: &str = "catalogue:";
/// Units looked at in one transaction.
const UNITS_AT_ONCE: i64 = 20;
/// Gaps of one unit that are told at once; more are told when these are mended.
const GAPS_MAX: i64 = 1_000;
/// Working days for mending, ours.
pub(crate) const FIX_DAYS: u16 = 10;

/// What makes a gap the same finding when it is found again.
#[must_use]
pub fn key(entry: EntryId, period: &str) -> String {
    format!("{PREFIX}{entry}:{period}")
}

/// The gaps that something registered for a period closes: that of the period, and for a material by its day that of the year.
#[must_use]
pub fn keys(entry: EntryId, period: &str) -> Vec<String> {
    let year = day_of(period).map(|(day, _)| code_of_year(day.year()));
    let own = std::iter::once(key(entry, period));
    own.chain(year.map(|year| key(entry, &year))).collect()
}

/// The year of the period that a gap is about.
fn year_of_key(key: &str) -> Option<i16> {
    let (_, period) = key.strip_prefix(PREFIX)?.split_once(':')?;
    period.get(..4)?.parse().ok()
}

/// Where staff fill a period.
#[must_use]
pub fn path(entry: EntryId, organ: OrganId, period: &str) -> String {
    let year = period.get(..4).unwrap_or_default();
    format!("/workspace/catalogue/entries/{entry}?organ={organ}&year={year}")
}

/// The keys of a unit's gaps that are found and not closed.
///
/// # Errors
/// When the store fails.
pub async fn open(tx: &mut Tx, organ: OrganId) -> Result<BTreeSet<String>, StoreError> {
    let found = told(tx, organ).await?;
    Ok(found.into_iter().map(|one| one.key).collect())
}

/// The open findings about gaps of a unit.
async fn told(tx: &mut Tx, organ: OrganId) -> Result<Vec<Finding>, StoreError> {
    let narrow = Narrow {
        kind: Some(FindingKind::NotPublished),
        ..Narrow::default()
    };
    let mut found = finding::of(tx, organ, &narrow, GAPS_MAX).await?;
    found.retain(|one| one.key.starts_with(PREFIX) && one.state.is_open());
    Ok(found)
}

/// The periods of a unit that are past their day.
pub fn overdue(year: &UnitYear) -> impl Iterator<Item = (&Owed, &Cell)> {
    year.owed.iter().flat_map(|owed| {
        let late = |cell: &&Cell| cell.standing == Standing::Overdue;
        owed.cells.iter().filter(late).map(move |cell| (owed, cell))
    })
}

/// What one look did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    pub units: i64,
    pub gaps: i64,
    pub settled: i64,
    /// Periods whose material was public no longer.
    pub lost: i64,
    /// Periods whose material came back.
    pub regained: i64,
}

fn found(
    (entry, cell): (&Entry, &Cell),
    (organ, office): (OrganId, OrganId),
    (calendar, today): (&WorkCalendar, Date),
) -> Found {
    let words = &entry.words;
    let period = &cell.period;
    let is_year = period.kind == PeriodKind::Year;
    let due = period.due_on.map_or_else(String::new, |due| {
        let what = if is_year { "登记" } else { "公开" };
        format!("，应于{}前{what}", day(due))
    });
    // A period of before is asked for by the limit of its days.
    let limit = if period.rhythm == entry.rhythm {
        words.limit_text.clone()
    } else {
        period.rhythm.name()
    };
    let asked = if is_year {
        "请按形成日期登记这一年公开的材料；这一年确实没有发生的，声明“本期无”。"
    } else {
        "请公开后登记材料；这一期确实没有发生的，声明“本期无”。"
    };
    let year = cell.period.code.get(..4).unwrap_or_default();
    let gone = cell.gone.as_ref().map_or_else(String::new, |why| {
        format!("原来登记的材料已经不再公开（{why}）。")
    });
    let fix = WorkingDays::new(FIX_DAYS).ok();
    Found {
        organ,
        office,
        key: key(entry.id, &cell.period.code),
        kind: FindingKind::NotPublished,
        severity: Severity::Minor,
        source: Source::Check,
        title: format!(
            "“{}”{year}年{}没有登记公开情况",
            words.name(),
            cell.period.name
        ),
        detail: format!("{gone}主动公开目录要求“{limit}”{due}。{asked}"),
        url: Some(path(entry.id, organ, &cell.period.code)),
        about: Some(("catalogue".to_owned(), entry.id.to_string())),
        found_on: today,
        fix_due_on: fix.and_then(|days| calendar.after(today, days).ok()),
    }
}

/// The office that watches over a unit's catalogue. A government below another one is watched by that one's office, as in the
/// nightly look.
///
/// # Errors
/// When the store fails.
pub async fn office_over(tx: &mut Tx, unit: OrganId) -> Result<OrganId, StoreError> {
    let found = organ::store::load(tx, unit).await?;
    let above = found.and_then(|found| found.parent).unwrap_or(unit);
    let base = organ::store::government_of(tx, above).await?;
    due::store::office_of(tx, base.unwrap_or(above)).await
}

/// Notes that a period which a unit inherited is open again, where it is past its day; `left` is what is still registered.
///
/// # Errors
/// When the store fails.
pub async fn inherited(
    tx: &mut Tx,
    actor: &Actor,
    (entry, heir, period): (&Entry, OrganId, &str),
    (course, left): (&Course, &[Filling]),
    (calendar, today): (&WorkCalendar, Date),
) -> Result<(), StoreError> {
    let Some(year) = period.get(..4).and_then(|year| year.parse().ok()) else {
        return Ok(());
    };
    let cells = year_of((entry.id, course), year, left, calendar, today);
    let keys = keys(entry.id, period);
    let is_late = |cell: &&Cell| {
        cell.standing == Standing::Overdue && keys.contains(&key(entry.id, &cell.period.code))
    };
    let Some(cell) = cells.iter().find(is_late) else {
        return Ok(());
    };
    let office = office_over(tx, heir).await?;
    let found = found((entry, cell), (heir, office), (calendar, today));
    finding::report(tx, actor, found).await?;
    Ok(())
}

/// Periods of the last year and this one that were registered by units merged into this one, or by itself in their place, were
/// taken back, and are past their day: its own years do not show them.
async fn taken_back(
    tx: &mut Tx,
    heir: OrganId,
    (calendar, today): (&WorkCalendar, Date),
) -> Result<Vec<(Entry, Cell)>, StoreError> {
    let merged = due::store::merged_into(tx, heir).await?;
    let mut found = Vec::new();
    if merged.is_empty() {
        return Ok(found);
    }
    let organs: Vec<OrganId> = merged.iter().map(|one| one.id).chain([heir]).collect();
    for year in [today.year() - 1, today.year()] {
        let taken_back = fillings::taken_back_in(tx, &organs, year).await?;
        let asked = taken_back
            .iter()
            .flat_map(|(entry, period)| keys(*entry, period));
        let mut open: BTreeSet<String> = asked.collect();
        if open.is_empty() {
            continue;
        }
        for filling in fillings::of_year(tx, &organs, year).await? {
            for filled in keys(filling.entry, &filling.period) {
                open.remove(&filled);
            }
        }
        let years = due::years(tx, merged.clone(), year, (calendar, today)).await?;
        for (owed, cell) in years.iter().flat_map(overdue) {
            if open.remove(&key(owed.entry.id, &cell.period.code)) {
                found.push((owed.entry.clone(), cell.clone()));
            }
        }
    }
    Ok(found)
}

/// Looks at one unit's last year and this one, at what was taken back of units merged into it, and at the years that its
/// open findings are about.
async fn unit(
    tx: &mut Tx,
    actor: &Actor,
    (organ, office): (OrganId, OrganId),
    years: &[&UnitYear],
    (calendar, today): (&WorkCalendar, Date),
    outcome: &mut Outcome,
) -> Result<(), StoreError> {
    let mut open: BTreeSet<String> = BTreeSet::new();
    let most = usize::try_from(GAPS_MAX).unwrap_or(usize::MAX);
    let taken_back = taken_back(tx, organ, (calendar, today)).await?;
    let left = taken_back.iter().map(|(entry, cell)| (entry, cell));
    let own = years.iter().flat_map(|year| overdue(year));
    let own = own.map(|(owed, cell)| (&owed.entry, cell));
    let gaps: Vec<(&Entry, &Cell)> = own.chain(left).take(most).collect();
    for gap in gaps {
        let found = found(gap, (organ, office), (calendar, today));
        if open.insert(found.key.clone()) {
            outcome.gaps += 1;
            finding::report(tx, actor, found).await?;
        }
    }
    let mut told = told(tx, organ).await?;
    told.retain(|gone| !open.contains(&gone.key));
    if told.is_empty() {
        return Ok(());
    }
    let open = still_open(tx, organ, &told, (calendar, today)).await?;
    for gone in told {
        if !open.contains(&gone.key) {
            let why = "再次检查，这一期已经登记，或者按目录的公开主体和公开时限不用登记";
            let of = (organ, gone.key.as_str());
            let settled = finding::settle_as(tx, actor, of, today, why).await?;
            outcome.settled += i64::from(settled.is_some());
        }
    }
    Ok(())
}

/// Takes back what is public no longer; its periods are open again.
async fn lose(
    tx: &mut Tx,
    actor: &Actor,
    seams: &Seams,
    years: &mut Vec<UnitYear>,
    today: Date,
) -> Result<i64, StoreError> {
    *years = due::verified(tx, seams, std::mem::take(years), today).await?;
    let mut lost = 0;
    for year in years {
        for owed in &mut year.owed {
            for cell in &mut owed.cells {
                let Some(why) = &cell.gone else {
                    continue;
                };
                if let Some(filling) = cell.filling.take() {
                    handle::lose(tx, actor, &year.unit, (&owed.entry, &filling, why)).await?;
                    lost += 1;
                }
            }
            // It was there through what was registered: nobody is asked for the day. The year asks where nothing is left.
            owed.cells
                .retain(|cell| cell.period.kind != PeriodKind::Kept || cell.filling.is_some());
        }
    }
    Ok(lost)
}

/// Registers again what was lost and is public again, where nothing else has filled its period.
async fn regain(
    tx: &mut Tx,
    actor: &Actor,
    seams: &Seams,
    (years, year): (&mut [UnitYear], i16),
    today: Date,
) -> Result<i64, StoreError> {
    let units: Vec<OrganId> = years.iter().map(|one| one.unit.id).collect();
    let lost = fillings::lost(tx, &units, year).await?;
    let back = verify::there(tx, seams, lost).await?;
    let mut regained = 0;
    for year in years {
        for owed in &mut year.owed {
            let of = (year.unit.id, owed.entry.id);
            for filling in back.iter().filter(|one| (one.organ, one.entry) == of) {
                let is_its = |cell: &&mut Cell| cell.period.code == filling.period;
                // A material by its day comes back where nobody has said since that there was nothing.
                let is_said =
                    |cell: &Cell| cell.period.kind == PeriodKind::Year && cell.filling.is_some();
                let by_day = day_of(&filling.period).is_some() && !owed.cells.iter().any(is_said);
                match owed.cells.iter_mut().find(is_its) {
                    Some(cell) if cell.filling.is_some() => continue,
                    Some(cell) => {
                        cell.standing = Standing::of(Some(filling), &cell.period, today);
                        cell.filling = Some(filling.clone());
                        cell.gone = None;
                    }
                    // What asked for the year has its answer.
                    None if by_day => owed.cells.retain(|cell| !cell.asks_for_year()),
                    None => continue,
                }
                handle::regain(tx, actor, &year.unit, (&owed.entry, filling)).await?;
                regained += 1;
            }
        }
    }
    Ok(regained)
}

/// Which of these findings stand although the unit does not owe their periods in the years that were looked at: those of
/// years before, and those of units that were merged into it, until it fills them itself.
async fn still_open(
    tx: &mut Tx,
    heir: OrganId,
    told: &[Finding],
    (calendar, today): (&WorkCalendar, Date),
) -> Result<BTreeSet<String>, StoreError> {
    let mut units = due::store::merged_into(tx, heir).await?;
    units.extend(organ::store::load(tx, heir).await?);
    let of_year = |one: &Finding| year_of_key(&one.key);
    let asked: BTreeSet<i16> = told.iter().filter_map(of_year).collect();
    let mut open = BTreeSet::new();
    for year in asked {
        let years = due::years(tx, units.clone(), year, (calendar, today)).await?;
        let gaps = years.iter().flat_map(overdue);
        open.extend(gaps.map(|(owed, cell)| key(owed.entry.id, &cell.period.code)));
        for filling in fillings::of_year(tx, &[heir], year).await? {
            for filled in keys(filling.entry, &filling.period) {
                open.remove(&filled);
            }
        }
    }
    Ok(open)
}

/// Looks at one part of a government's units. A government below another one is looked at with that one's units; one at
/// the top with its own.
///
/// # Errors
/// When the store fails.
pub async fn look(
    tx: &mut Tx,
    actor: &Actor,
    base: OrganId,
    offset: i64,
    (seams, calendar, today): (&Seams, &WorkCalendar, Date),
) -> Result<Outcome, StoreError> {
    let within = Reach {
        bases: vec![base],
        scope: Scope::nothing(),
    };
    let office = due::store::office_of(tx, base).await?;
    let units = due::store::units(tx, &within, (offset, UNITS_AT_ONCE)).await?;
    let mut outcome = Outcome {
        units: i64::try_from(units.len()).unwrap_or(0),
        ..Outcome::default()
    };
    let of_others = |unit: &organ::Organ| unit.id == base && unit.parent.is_some();
    let units: Vec<_> = units.into_iter().filter(|unit| !of_others(unit)).collect();
    let (this, last) = (today.year(), today.year() - 1);
    let now = (calendar, today);
    let mut before = due::years(tx, units.clone(), last, now).await?;
    let mut running = due::years(tx, units, this, now).await?;
    for (years, year) in [(&mut before, last), (&mut running, this)] {
        outcome.lost += lose(tx, actor, seams, years, today).await?;
        outcome.regained += regain(tx, actor, seams, (years, year), today).await?;
    }
    for (last, this) in before.iter().zip(&running) {
        let of = (this.unit.id, office);
        unit(tx, actor, of, &[last, this], now, &mut outcome).await?;
    }
    let sentence = format!(
        "检查主动公开目录：{}个单位，缺{}期，销号{}期，材料不再公开{}期，重新公开{}期",
        outcome.units, outcome.gaps, outcome.settled, outcome.lost, outcome.regained
    );
    tx.record(
        Event::new(
            actor,
            "catalogue.checked",
            ("organ", base.to_string()),
            sentence,
        )
        .organ(base)
        .data(json!({ "offset": offset, "gaps": outcome.gaps })),
    );
    Ok(outcome)
}

/// Looks at all units of a government, some in each transaction.
///
/// # Errors
/// When the store fails.
pub async fn run(app: &App, actor: &Actor, base: OrganId) -> Result<Outcome, StoreError> {
    let (calendar, today) = (app.calendar(), app.today());
    let mut all = Outcome::default();
    loop {
        let offset = all.units;
        let one = app
            .db
            .write(async |tx: &mut Tx| {
                look(tx, actor, base, offset, (&app.seams, &calendar, today)).await
            })
            .await?;
        all.units += one.units;
        all.gaps += one.gaps;
        all.settled += one.settled;
        all.lost += one.lost;
        all.regained += one.regained;
        if one.units < UNITS_AT_ONCE {
            return Ok(all);
        }
    }
}

async fn all(app: &App) -> Result<String, StoreError> {
    let governments = app
        .db
        .read(async |tx: &mut Tx| due::store::governments(tx).await)
        .await?;
    let mut all = Outcome::default();
    for base in &governments {
        let one = run(app, &Actor::System, *base).await?;
        all.gaps += one.gaps;
        all.settled += one.settled;
        all.lost += one.lost;
        all.regained += one.regained;
    }
    Ok(format!(
        "检查了{}个政府的主动公开目录，缺{}期，销号{}期，材料不再公开{}期，重新公开{}期。",
        governments.len(),
        all.gaps,
        all.settled,
        all.lost,
        all.regained
    ))
}

/// The nightly look at every government.
#[must_use]
pub fn worker(app: &App) -> Arc<dyn Worker> {
    nightly(KIND, app, |app| Box::pin(all(app)))
}

/// Every night.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "主动公开目录检查",
        when: When::Daily {
            hour: 4,
            minute: 40,
        },
    }]
}
