//! The office verifies, puts off, re-checks; the unit mends.

use gongkai_basis::id::FindingId;
use gongkai_basis::{Actor, Date};

use super::acts::{HandleFinding, MendFinding};
use super::report::record;
use super::store::{Narrow, Side};
use super::{Finding, Step, TEXT_CHARS_MAX, store, tell};
use crate::access::Permit;
use crate::attachment::{self, New};
use crate::db::{StoreError, Tx};

/// Findings decided in one go.
pub const DECIDED_AT_ONCE: i64 = 1_000;

#[derive(Debug, thiserror::Error)]
pub enum FindingError {
    #[error("there is no such finding in reach")]
    NotFound,
    /// Each with the field it belongs to.
    #[error("the step cannot be taken")]
    Refused(Vec<(&'static str, String)>),
    #[error("the finding could not be stored")]
    Store(#[from] StoreError),
}

/// What the office decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub step: Step,
    pub note: String,
    /// 整改期限 on confirming, 暂缓至 on putting off.
    pub date: Option<Date>,
}

impl Decision {
    fn refusals(
        &self,
        actor: &Actor,
        finding: &Finding,
        today: Date,
    ) -> Vec<(&'static str, String)> {
        let mut refusals = Vec::new();
        if finding.state.after(self.step).is_none() {
            let (state, step) = (finding.state.name(), self.step.name());
            refusals.push(("step", format!("问题现在是“{state}”，不能{step}。")));
        }
        if matches!(self.step, Step::Start | Step::Claim | Step::FoundAgain) {
            refusals.push(("step", "这一步不由政务公开办办理。".to_owned()));
        }
        let (needs_note, needs_date) = (self.step.needs_note(), self.step.needs_date());
        if self.step == Step::Pass && finding.claimed_by.as_deref() == Some(actor.name()) {
            let why = "整改是您本人报告的，请由本办其他人复核。";
            refusals.push(("step", why.to_owned()));
        }
        if needs_note && self.note.is_empty() {
            refusals.push(("note", "请写明依据或原因。".to_owned()));
        }
        if self.note.chars().count() > TEXT_CHARS_MAX {
            refusals.push(("note", format!("最多{TEXT_CHARS_MAX}字。")));
        }
        match self.date {
            None if needs_date => {
                refusals.push(("date", "请填写日期，如 2026-10-31。".to_owned()));
            }
            Some(date) if needs_date && date < today => {
                refusals.push(("date", "日期不能早于今天。".to_owned()));
            }
            Some(_) | None => {}
        }
        refusals
    }
}

/// The office takes a step.
///
/// # Errors
/// Not found; refused with all reasons.
pub async fn decide(
    tx: &mut Tx,
    permit: &Permit<HandleFinding>,
    id: FindingId,
    decision: Decision,
    today: Date,
) -> Result<Finding, FindingError> {
    let mut finding = store::of_office(tx, permit.scope(), id)
        .await?
        .ok_or(FindingError::NotFound)?;
    let mut decision = decision;
    if decision.step == Step::Confirm {
        // What the check proposed holds where the office sets no other day.
        let proposed = finding.fix_due_on.filter(|due| *due >= today);
        decision.date = decision.date.or(proposed);
    }
    let refusals = decision.refusals(permit.actor(), &finding, today);
    let next = match finding.state.after(decision.step) {
        Some(next) if refusals.is_empty() => next,
        Some(_) | None => return Err(FindingError::Refused(refusals)),
    };
    let Decision { step, note, date } = decision;
    finding.state = next;
    match step {
        Step::Confirm => {
            finding.confirmed_on = Some(today);
            finding.fix_due_on = date;
            finding.reason = None;
        }
        Step::Dismiss => finding.reason = Some(note.clone()),
        Step::Defer => {
            finding.reason = Some(note.clone());
            finding.until_on = date;
        }
        Step::Resume => {
            finding.reason = None;
            finding.until_on = None;
        }
        Step::Pass => {
            finding.verdict = Some(note.clone());
            finding.closed_on = Some(today);
        }
        Step::Fail => finding.verdict = Some(note.clone()),
        Step::Start | Step::Claim | Step::FoundAgain => {}
    }
    store::update(tx, &mut finding).await?;
    let until = date.map_or_else(String::new, |date| match step {
        Step::Confirm => format!("，整改期限{}", crate::web::day(date)),
        Step::Defer => format!("至{}", crate::web::day(date)),
        _ => String::new(),
    });
    let colon = if note.is_empty() { "" } else { "：" };
    let sentence = format!("{}{until}{colon}{note}", step.name());
    record(tx, permit.actor(), &finding, kind(step), sentence);
    let told = match step {
        Step::Confirm => Some("有一个问题需要整改"),
        Step::Resume => Some("问题恢复整改"),
        Step::Pass => Some("问题复核通过，已销号"),
        Step::Fail => Some("问题复核未通过，请继续整改"),
        Step::Dismiss | Step::Defer | Step::Start | Step::Claim | Step::FoundAgain => None,
    };
    if let Some(told) = told.filter(|_| finding.confirmed_on.is_some()) {
        tell::unit(tx, &finding, told).await?;
    }
    Ok(finding)
}

/// What the office ticked on its list.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    pub findings: Vec<FindingId>,
    /// Lines of several findings: one that stands for all, and how many the list showed.
    pub alike: Vec<(FindingId, i64)>,
    /// What the list was narrowed to.
    pub narrow: Narrow,
}

impl Chosen {
    /// Each finding once.
    ///
    /// # Errors
    /// Refused when a line has other findings than it showed, and for too few or too many.
    async fn all(
        &self,
        tx: &mut Tx,
        permit: &Permit<HandleFinding>,
    ) -> Result<Vec<FindingId>, FindingError> {
        let mut all = self.findings.clone();
        let side = Side::Office(permit.scope());
        let most = DECIDED_AT_ONCE + 1;
        for (one, shown) in &self.alike {
            let same = store::alike::same_as(tx, side, &self.narrow, *one, most).await?;
            if i64::try_from(same.len()) != Ok(*shown) {
                let sentence =
                    "有一类问题刚才有变化，数量和表中的不同。一个也没有办理，请核对后再勾选。";
                return Err(FindingError::Refused(vec![(
                    "finding",
                    sentence.to_owned(),
                )]));
            }
            all.extend(same);
        }
        all.sort_unstable();
        all.dedup();
        if all.is_empty() || i64::try_from(all.len()).is_ok_and(|n| n >= most) {
            let sentence = format!("请勾选1至{DECIDED_AT_ONCE}个问题。");
            return Err(FindingError::Refused(vec![("finding", sentence)]));
        }
        Ok(all)
    }
}

/// The office takes the same step with many findings, all of them or none; gives how many.
///
/// # Errors
/// As [`decide`], with the reasons of the first that cannot be decided so; none chosen, or too many.
pub async fn decide_all(
    tx: &mut Tx,
    permit: &Permit<HandleFinding>,
    chosen: &Chosen,
    decision: &Decision,
    today: Date,
) -> Result<usize, FindingError> {
    let all = chosen.all(tx, permit).await?;
    for id in &all {
        decide(tx, permit, *id, decision.clone(), today).await?;
    }
    Ok(all.len())
}

/// What the unit does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mending {
    pub step: Step,
    pub note: String,
    pub proofs: Vec<New>,
}

/// The unit takes it up, or says that it is mended, with proofs. That does not close it.
///
/// # Errors
/// Not found; refused with all reasons.
pub async fn mend(
    tx: &mut Tx,
    permit: &Permit<MendFinding>,
    id: FindingId,
    mending: Mending,
    today: Date,
) -> Result<Finding, FindingError> {
    let mut finding = store::of_unit(tx, permit.scope(), id)
        .await?
        .ok_or(FindingError::NotFound)?;
    let refusals = mending.refusals(&finding);
    let next = match finding.state.after(mending.step) {
        Some(next) if refusals.is_empty() => next,
        Some(_) | None => return Err(FindingError::Refused(refusals)),
    };
    let actor: &Actor = permit.actor();
    finding.state = next;
    if mending.step == Step::Claim {
        finding.claim = Some(mending.note.clone());
        finding.claimed_by = Some(actor.name().to_owned());
        finding.claimed_on = Some(today);
        finding.verdict = None;
    }
    let proofs = mending.proofs.len();
    let subject = id.to_string();
    attachment::attach(
        tx,
        actor,
        ("finding", &subject),
        finding.organ,
        mending.proofs,
    )
    .await?;
    store::update(tx, &mut finding).await?;
    let with = if proofs == 0 {
        String::new()
    } else {
        format!("（附{proofs}件）")
    };
    let sentence = format!("{}{with}：{}", mending.step.name(), mending.note);
    record(tx, actor, &finding, kind(mending.step), sentence);
    if mending.step == Step::Claim {
        tell::office(tx, &finding).await?;
    }
    Ok(finding)
}

impl Mending {
    fn refusals(&self, finding: &Finding) -> Vec<(&'static str, String)> {
        let mut refusals = Vec::new();
        let ours = matches!(self.step, Step::Start | Step::Claim);
        if !ours || finding.state.after(self.step).is_none() {
            let (state, step) = (finding.state.name(), self.step.name());
            refusals.push(("step", format!("问题现在是“{state}”，不能{step}。")));
        }
        if self.note.is_empty() {
            refusals.push((
                "note",
                "请写明整改情况：做了什么、什么时候做的。".to_owned(),
            ));
        }
        if self.note.chars().count() > TEXT_CHARS_MAX {
            refusals.push(("note", format!("最多{TEXT_CHARS_MAX}字。")));
        }
        refusals
    }
}

const fn kind(step: Step) -> &'static str {
    match step {
        Step::Confirm => "finding.confirmed",
        Step::Dismiss => "finding.dismissed",
        Step::Defer => "finding.deferred",
        Step::Resume => "finding.resumed",
        Step::Start => "finding.started",
        Step::Claim => "finding.claimed",
        Step::Pass => "finding.closed",
        Step::Fail => "finding.failed",
        Step::FoundAgain => "finding.found-again",
    }
}
