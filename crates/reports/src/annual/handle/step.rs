//! A report goes its way: confirmed, looked at by the office, published, withdrawn.

use std::collections::BTreeSet;

use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Role};
use gongkai_platform::access::{Permit, Reach as RoleReach};
use gongkai_platform::audit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, refused};
use gongkai_platform::inbox::{self, Outgoing, Topic};
use gongkai_platform::organ::reach::{self, Reach};
use gongkai_platform::organ::store as directory;
use gongkai_platform::web::civil_day;

use super::{SUBJECT, last_of, record};
use crate::acts::{ConfirmReport, PrecheckReport, PublishReport};
use crate::annual::{Annual, store};
use crate::due;
use crate::id::AnnualId;
use crate::state::{State, Step};

async fn turn(
    tx: &mut Tx,
    actor: &Actor,
    (mut annual, version): (Annual, i64),
    (step, why): (Step, &str),
) -> Result<Annual, NotDone> {
    if annual.version != version {
        return Err(StoreError::Stale.into());
    }
    let last = last_of(tx, &annual).await?;
    let today = civil_day(tx.now());
    let mut reasons = annual.why_not(step, why, (last.as_ref(), today));
    if step == Step::Pass {
        reasons.extend(why_not_pass(tx, actor, &annual).await?);
    }
    refused(reasons)?;
    let Some(after) = annual.state.after(step) else {
        return Err(NotDone::NotFound);
    };
    annual.state = after;
    annual.returned_why = if step.wants_reason() {
        why.to_owned()
    } else {
        String::new()
    };
    store::update(tx, &annual).await?;
    if step == Step::Publish {
        let now = tx.now().as_millisecond();
        store::publish(tx, &annual, now).await?;
        annual.published_at = Some(now);
        annual.taken_in = false;
    }
    if step == Step::Withdraw {
        store::withdraw(tx, &annual).await?;
        annual.published_at = None;
        annual.taken_in = false;
    }
    let tail = if why.is_empty() {
        String::new()
    } else {
        format!("：{why}")
    };
    let sentence = format!("《{}》{}{tail}", annual.title(), step.name());
    record(tx, actor, &annual, event_of(step), sentence.clone());
    tell(tx, &annual, step, sentence).await?;
    Ok(annual)
}

const fn event_of(step: Step) -> &'static str {
    match step {
        Step::Confirm => "annual.confirmed",
        Step::Return => "annual.returned",
        Step::Pass => "annual.passed",
        Step::Publish => "annual.published",
        Step::Reopen => "annual.reopened",
        Step::Withdraw => "annual.withdrawn",
    }
}

/// The unit hears what became of its report.
async fn tell(
    tx: &mut Tx,
    annual: &Annual,
    step: Step,
    sentence: String,
) -> Result<(), StoreError> {
    let told = match step {
        Step::Return | Step::Pass => true,
        Step::Confirm | Step::Publish | Step::Reopen | Step::Withdraw => false,
    };
    if told {
        let terms = due::store::terms(tx).await?;
        let outgoing = Outgoing {
            organ: annual.unit.id,
            roles: &[Role::Liaison, Role::UnitHead, Role::OfficeClerk],
            reach: RoleReach::Own,
            topic: Topic::Round,
            key: format!("annual:{}:{}", annual.id, annual.version),
            title: sentence,
            body: annual.returned_why.clone(),
            path: format!("/workspace/reports/{}", annual.id),
            about: annual.due_on(&terms),
        };
        inbox::send(tx, vec![outgoing]).await?;
    }
    Ok(())
}

/// The look before publication is another person's than the one who stands for the report: why this one may not take it, and
/// who may.
///
/// # Errors
/// When the store fails.
pub async fn why_not_pass(
    tx: &mut Tx,
    actor: &Actor,
    annual: &Annual,
) -> Result<Option<Reason>, StoreError> {
    let account = actor.account();
    let Some(account) = account.filter(|_| annual.state == State::Confirmed) else {
        return Ok(None);
    };
    let id = annual.id.to_string();
    let kinds = [event_of(Step::Confirm)];
    let confirmed = audit::about_only(tx, (SUBJECT, &id), &kinds, 1).await?;
    let by = confirmed.first().and_then(|event| event.actor_id.clone());
    if by != Some(account.to_string()) {
        return Ok(None);
    }
    let mut names = checkers(tx, annual.unit.id).await?;
    names.remove(actor.name());
    let names: Vec<String> = names.into_iter().collect();
    let said = if names.is_empty() {
        "这份报告由您确认，预审须由其他人办理。现在没有其他人能预审：请联系安全管理员在“账号”里再任命一名政务公开办或工作机构负责人。"
            .to_owned()
    } else {
        let names = names.join("、");
        format!("这份报告由您确认，预审须由其他人办理，可以预审的是{names}。")
    };
    Ok(Some(("step", said)))
}

/// Who may look at an organ's report before publication, by name: its own office and that of the government above it.
async fn checkers(tx: &mut Tx, organ: OrganId) -> Result<BTreeSet<String>, StoreError> {
    let own = directory::load(tx, organ).await?;
    let above = own.and_then(|own| own.parent);
    let mut names = BTreeSet::new();
    for one in [Some(organ), above].into_iter().flatten() {
        let roles = [Role::OfficeClerk, Role::OfficeHead];
        names.extend(inbox::who(tx, one, &[], &roles).await?);
    }
    Ok(names)
}

/// The head stands for the report.
///
/// # Errors
/// Not found for another's report; stale; refused with every wrong number and every empty part.
pub async fn confirm(
    tx: &mut Tx,
    permit: &Permit<ConfirmReport>,
    (id, version): (AnnualId, i64),
) -> Result<Annual, NotDone> {
    let scope = reach::own(tx, permit).await?;
    let annual = store::load_own(tx, &scope, id)
        .await?
        .ok_or(NotDone::NotFound)?;
    turn(tx, permit.actor(), (annual, version), (Step::Confirm, "")).await
}

/// The office's look before publication: passed, or returned with the reason.
///
/// # Errors
/// Not found outside the office's units; stale; refused with all the reasons, also to who confirmed the report.
pub async fn precheck(
    tx: &mut Tx,
    permit: &Permit<PrecheckReport>,
    (id, version): (AnnualId, i64),
    (step, why): (Step, &str),
) -> Result<Annual, NotDone> {
    let within = Reach::of(tx, permit.roles()).await?;
    let annual = store::load(tx, &within, id)
        .await?
        .ok_or(NotDone::NotFound)?;
    turn(tx, permit.actor(), (annual, version), (step, why)).await
}

/// To the public once its year is over (条例 art. 49), or back for a correction; the published edition stays until the next.
/// One that was taken in from a file as published before can be taken down as long as none was published here; one in the trial
/// form always.
///
/// # Errors
/// Not found for another's report; stale; refused with all the reasons.
pub async fn publish(
    tx: &mut Tx,
    permit: &Permit<PublishReport>,
    (id, version): (AnnualId, i64),
    (step, why): (Step, &str),
) -> Result<Annual, NotDone> {
    let scope = reach::own(tx, permit).await?;
    let annual = store::load_own(tx, &scope, id)
        .await?
        .ok_or(NotDone::NotFound)?;
    turn(tx, permit.actor(), (annual, version), (step, why)).await
}
