//! What people do with annual reports: begin, fill in, take over figures, confirm, return, publish, withdraw.

mod counted;
mod step;

use std::collections::BTreeMap;

use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::Seams;
use serde_json::json;

use super::{Annual, Unit, store};
use crate::acts::WriteReport;
use crate::amount::Amount;
use crate::check::Finding;
use crate::draft::{Draft, TEXT_CHARS_MAX, WHY_CHARS_MAX};
use crate::form::{Cell, SECTIONS};
use crate::general;
use crate::id::AnnualId;
use crate::ledger;
use crate::model::{Report, Schema};
use crate::state::State;
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use gongkai_platform::organ::reach;

pub use counted::{live, live_alone, live_cell};
pub use step::{confirm, precheck, publish, why_not_pass};

/// What events and references are about.
pub const SUBJECT: &str = "annual_report";
/// 条例 in force since 2008: no report is older.
pub const YEAR_MIN: i16 = 2008;

pub(super) fn record(
    tx: &mut Tx,
    actor: &Actor,
    annual: &Annual,
    kind: &'static str,
    sentence: String,
) {
    let data = json!({ "year": annual.year, "state": annual.state.code() });
    tx.record(
        Event::new(actor, kind, (SUBJECT, annual.id.to_string()), sentence)
            .organ(annual.unit.id)
            .data(data),
    );
}

pub(super) fn year_fault(year: i16, today: Date) -> Option<(&'static str, String)> {
    let right = (YEAR_MIN..=today.year()).contains(&year);
    (!right).then(|| {
        (
            "year",
            format!("年度应在{YEAR_MIN}到{}之间。", today.year()),
        )
    })
}

/// Nobody writes a report in a form that is out of use.
fn trial_fault(year: i16) -> Option<(&'static str, String)> {
    (Schema::of_year(year) == Schema::Trial2019).then(|| {
        let said = format!(
            "{year}年的报告用的是旧格式，不在这里编写；请用“导入以前的报告”导入当时公布的文件。"
        );
        ("year", said)
    })
}

pub(super) async fn own_unit(
    tx: &mut Tx,
    permit: &Permit<WriteReport>,
    organ: OrganId,
) -> Result<Unit, NotDone> {
    let scope = reach::own(tx, permit).await?;
    store::unit(tx, &scope, organ)
        .await?
        .ok_or(NotDone::NotFound)
}

pub(super) fn there(unit: &Unit, year: i16) -> NotDone {
    let sentence = format!("{}{year}年的报告已经有了，请在列表中打开。", unit.name);
    NotDone::Refused(vec![("year", sentence)])
}

/// Two people who begin the same report at once: the second is told what the first has begun.
pub(super) async fn insert(tx: &mut Tx, annual: &Annual) -> Result<(), NotDone> {
    match store::insert(tx, annual).await {
        Err(StoreError::Stale) => Err(there(&annual.unit, annual.year)),
        done => Ok(done?),
    }
}

async fn fresh(
    tx: &mut Tx,
    permit: &Permit<WriteReport>,
    (unit, year): (Unit, i16),
    draft: Draft,
) -> Result<Annual, NotDone> {
    if store::of_year(tx, unit.id, year).await?.is_some() {
        return Err(there(&unit, year));
    }
    Ok(new(tx, permit, (unit, year), draft))
}

pub(super) fn new(
    tx: &mut Tx,
    permit: &Permit<WriteReport>,
    (unit, year): (Unit, i16),
    draft: Draft,
) -> Annual {
    Annual {
        id: AnnualId::new(tx.fresh()),
        unit,
        year,
        state: State::Draft,
        draft,
        returned_why: String::new(),
        published_at: None,
        taken_in: false,
        original: None,
        written_by: permit.actor().name().to_owned(),
        version: 1,
    }
}

/// Drafts 一、总体情况 from the year's tasks, where nothing stands in it.
async fn outline(
    tx: &mut Tx,
    seams: &Seams,
    draft: &mut Draft,
    (unit, year): (&Unit, i16),
) -> Result<(), StoreError> {
    let tasks = seams
        .accomplished(tx, (unit.id, year), general::TASKS_MAX)
        .await?;
    draft.outline(general::draft(unit, &tasks));
    Ok(())
}

/// Begins a report: the six parts, the cells filled from what the system counts, a draft of the ledger's implementation.
///
/// # Errors
/// Not found for an organ that is not one's own; refused for a year without sense or a report that is there already.
pub async fn begin(
    tx: &mut Tx,
    permit: &Permit<WriteReport>,
    seams: &Seams,
    (organ, year): (OrganId, i16),
    today: Date,
) -> Result<Annual, NotDone> {
    let unit = own_unit(tx, permit, organ).await?;
    let fault = year_fault(year, today).or_else(|| trial_fault(year));
    refused(fault.into_iter().collect())?;
    let mut draft = Draft::default();
    draft.pour(live(tx, seams, (organ, year)).await?);
    draft.retell(year, ledger::told(tx, seams, (organ, year)).await?);
    outline(tx, seams, &mut draft, (&unit, year)).await?;
    let annual = fresh(tx, permit, (unit, year), draft).await?;
    insert(tx, &annual).await?;
    let sentence = format!("开始编写《{}》", annual.title());
    record(tx, permit.actor(), &annual, "annual.begun", sentence);
    Ok(annual)
}

async fn writable(
    tx: &mut Tx,
    permit: &Permit<WriteReport>,
    (id, version): (AnnualId, i64),
) -> Result<Annual, NotDone> {
    let scope = reach::own(tx, permit).await?;
    let annual = store::load_own(tx, &scope, id)
        .await?
        .ok_or(NotDone::NotFound)?;
    if annual.version != version {
        return Err(StoreError::Stale.into());
    }
    match annual.why_closed() {
        Some(sentence) => Err(NotDone::Refused(vec![("closed", sentence)])),
        None => Ok(annual),
    }
}

/// What the editor sends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub cells: BTreeMap<Cell, String>,
    pub texts: [String; 6],
    /// One reason, or source, for all cells that a person changed.
    pub why: String,
}

/// Keeps what was written.
///
/// # Errors
/// Not found; stale; refused with all the reasons.
pub async fn save(
    tx: &mut Tx,
    permit: &Permit<WriteReport>,
    of: (AnnualId, i64),
    typed: Typed,
) -> Result<Annual, NotDone> {
    let mut annual = writable(tx, permit, of).await?;
    let mut reasons = Vec::new();
    for (text, heading) in typed.texts.iter().zip(SECTIONS) {
        if text.chars().count() > TEXT_CHARS_MAX {
            reasons.push(("texts", format!("“{heading}”最多{TEXT_CHARS_MAX}字。")));
        }
    }
    let changed = match annual.draft.fill(&typed.cells, &typed.why) {
        Ok(changed) => changed,
        Err(wrong) => {
            reasons.extend(wrong);
            Vec::new()
        }
    };
    refused(reasons)?;
    annual.draft.texts = typed.texts;
    permit.actor().name().clone_into(&mut annual.written_by);
    store::update(tx, &annual).await?;
    let sentence = if changed.is_empty() {
        format!("修改《{}》", annual.title())
    } else {
        let named: Vec<String> = changed.iter().take(5).map(ToString::to_string).collect();
        format!(
            "修改《{}》：{}等{}格，{}",
            annual.title(),
            named.join("、"),
            changed.len(),
            typed.why
        )
    };
    record(tx, permit.actor(), &annual, "annual.saved", sentence);
    Ok(annual)
}

/// Keeps that a figure of the prose is right although the tables say otherwise, with the reason.
///
/// # Errors
/// Not found; stale; refused in another state, without a reason, or where nothing wrong is said so any more.
pub async fn settle(
    tx: &mut Tx,
    permit: &Permit<WriteReport>,
    of: (AnnualId, i64),
    (matter, why): (&str, &str),
) -> Result<Annual, NotDone> {
    let mut annual = writable(tx, permit, of).await?;
    let last = last_of(tx, &annual).await?;
    let findings = annual.findings(last.as_ref());
    let named = |finding: &&Finding| finding.matter().as_deref() == Some(matter);
    let mut reasons: Vec<Reason> = Vec::new();
    let clause = findings.iter().find(named).map(|it| it.clause.clone());
    if clause.is_none() {
        let said = "这句话或者表里的数已经改了，请看现在的核对结果。";
        reasons.push(("matter", said.to_owned()));
    }
    reasons.extend(text_fault(("why", "原因"), why, WHY_CHARS_MAX, Wanted::Yes));
    refused(reasons)?;
    annual
        .draft
        .settled
        .insert(matter.to_owned(), why.to_owned());
    permit.actor().name().clone_into(&mut annual.written_by);
    store::update(tx, &annual).await?;
    let clause = clause.unwrap_or_default();
    let sentence = format!(
        "核对《{}》的文字“{clause}”，没有错误：{why}",
        annual.title()
    );
    record(tx, permit.actor(), &annual, "annual.settled", sentence);
    Ok(annual)
}

/// Binds figures of the prose to the tables: the one of a contradiction, or all that agree with them.
///
/// # Errors
/// Not found; stale; refused in another state, or where there is nothing to bind.
pub async fn bind(
    tx: &mut Tx,
    permit: &Permit<WriteReport>,
    of: (AnnualId, i64),
    matter: Option<&str>,
) -> Result<Annual, NotDone> {
    let mut annual = writable(tx, permit, of).await?;
    let clause = match matter {
        None => None,
        Some(matter) => {
            let last = last_of(tx, &annual).await?;
            let findings = annual.findings(last.as_ref()).into_iter();
            let mut named = findings.filter(|it| it.matter().as_deref() == Some(matter));
            // What is not there any more is nowhere to be found in the texts either.
            Some(named.next().map_or_else(String::new, |it| it.clause))
        }
    };
    let year = annual.year;
    let n = annual.draft.bind(year, clause.as_deref());
    if n == 0 {
        let said = "没有找到可以改成引用的数：这句话可能已经改了，或者含有全角数字。请直接改文字。";
        return Err(NotDone::Refused(vec![("matter", said.to_owned())]));
    }
    permit.actor().name().clone_into(&mut annual.written_by);
    store::update(tx, &annual).await?;
    let sentence = format!("《{}》的文字有{n}处数改为引用表里的数", annual.title());
    record(tx, permit.actor(), &annual, "annual.bound", sentence);
    Ok(annual)
}

/// Takes over what the system counts now, in the cells and in its own sentences; what people set and wrote stays.
///
/// # Errors
/// Not found; stale; refused in another state.
pub async fn refresh(
    tx: &mut Tx,
    permit: &Permit<WriteReport>,
    seams: &Seams,
    of: (AnnualId, i64),
) -> Result<Annual, NotDone> {
    let mut annual = writable(tx, permit, of).await?;
    let of = (annual.unit.id, annual.year);
    annual.draft.pour(live(tx, seams, of).await?);
    let told = ledger::told(tx, seams, of).await?;
    annual.draft.retell(annual.year, told);
    let of = (&annual.unit, annual.year);
    outline(tx, seams, &mut annual.draft, of).await?;
    store::update(tx, &annual).await?;
    let sentence = format!("为《{}》重新取数", annual.title());
    record(tx, permit.actor(), &annual, "annual.refreshed", sentence);
    Ok(annual)
}

/// Adds the sums of the units' reports to the government's own figures.
///
/// # Errors
/// Not found; stale; refused in another state or where no unit has a report.
pub async fn take_units(
    tx: &mut Tx,
    permit: &Permit<WriteReport>,
    seams: &Seams,
    of: (AnnualId, i64),
) -> Result<Annual, NotDone> {
    let mut annual = writable(tx, permit, of).await?;
    let units = store::of_units(tx, annual.unit.id, annual.year).await?;
    let sums: BTreeMap<Cell, Amount> = crate::consolidated::sums(&units);
    if units.is_empty() {
        return Err(NotDone::Refused(vec![(
            "step",
            "下级单位还没有这一年的报告。".to_owned(),
        )]));
    }
    let counted = live_alone(tx, seams, (annual.unit.id, annual.year)).await?;
    let why = format!("本级的数加{}个单位的报告之和", units.len());
    annual.draft.take_units(&sums, &counted, &why);
    store::update(tx, &annual).await?;
    let sentence = format!("《{}》填入{why}", annual.title());
    record(tx, permit.actor(), &annual, "annual.consolidated", sentence);
    Ok(annual)
}

/// The report of the year before, as the checks need it.
///
/// # Errors
/// When the store fails.
pub async fn last_of(tx: &mut Tx, annual: &Annual) -> Result<Option<Report>, StoreError> {
    let last = store::of_year(tx, annual.unit.id, annual.year - 1).await?;
    Ok(last.map(|last| last.report()))
}
