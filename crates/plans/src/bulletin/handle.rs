//! A bulletin goes to the principal, and out; units answer; the office looks again.

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date, Role};
use gongkai_platform::access::{Act, Permit, Scope, Session};
use gongkai_platform::attachment::{self, New};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::Topic;
use gongkai_platform::organ;
use serde_json::json;

use super::rules::rules;
use super::store::{self, Reach, Side};
use super::{
    Approver, Bulletin, BulletinId, FactKind, Part, PartStep, Step, TEXT_CHARS_MAX, standing,
};
use crate::acts::{AnswerBulletin, ApproveBulletin, DraftBulletin, ViewBulletins};
use crate::by::By;
use crate::lookup::scope_of;
use crate::notify::{Notice, To, notify, notify_all};
use crate::step::{StepError, day_after, late_mark, refused, text_fault};
use crate::{practice, when};

pub(super) fn event(
    actor: &Actor,
    bulletin: &Bulletin,
    kind: &'static str,
    sentence: String,
) -> Event {
    Event::new(actor, kind, ("bulletin", bulletin.id.to_string()), sentence)
        .organ(bulletin.office)
        .data(json!({ "number": bulletin.number, "state": bulletin.state.code() }))
}

fn advance(bulletin: &mut Bulletin, step: Step) -> Result<(), StepError> {
    let state = bulletin.state;
    bulletin.state = state.after(step).ok_or_else(|| {
        StepError::refuse(format!(
            "通报现在是“{}”，不能{}。",
            state.name(),
            step.name()
        ))
    })?;
    Ok(())
}

fn reason(note: &str) -> Result<(), StepError> {
    refused(
        text_fault("note", "原因", note, TEXT_CHARS_MAX)
            .into_iter()
            .collect(),
    )
}

/// The office sends it for approval, or withdraws it with a reason.
///
/// # Errors
/// Not found; refused, also where a sentence rests on a fact that does not stand any more.
pub async fn step(
    tx: &mut Tx,
    permit: &Permit<DraftBulletin>,
    id: BulletinId,
    (step, note): (Step, &str),
    today: Date,
) -> Result<Bulletin, StepError> {
    let reach = Reach::office(permit.scope());
    let mut bulletin = store::load(tx, Side::Reach(&reach), id)
        .await?
        .ok_or(StepError::NotFound)?;
    let kind = match step {
        Step::Submit => {
            standing::all_stand(tx, &bulletin, today).await?;
            bulletin.approver = rules(tx, bulletin.office).await?.approver;
            "bulletin.submitted"
        }
        Step::Withdraw => {
            reason(note)?;
            bulletin.reason = Some(note.to_owned());
            "bulletin.withdrawn"
        }
        Step::Approve | Step::Reject => {
            return Err(StepError::refuse("这一步由审批人办理。"));
        }
    };
    advance(&mut bulletin, step)?;
    store::update(tx, &bulletin).await?;
    let sentence = match step {
        Step::Submit => format!("通报送{}审批", bulletin.approver.name()),
        _ => format!("撤回通报，原因：{note}"),
    };
    tx.record(event(permit.actor(), &bulletin, kind, sentence));
    if step == Step::Submit {
        tell_office(tx, &bulletin, (principal(bulletin.approver), "等您审批")).await?;
    }
    if step == Step::Withdraw && bulletin.issued_on.is_some() {
        tell_units(tx, &bulletin, ("withdrawn", "已撤回")).await?;
    }
    Ok(bulletin)
}

const fn principal(approver: Approver) -> To {
    match approver {
        Approver::Head => To::Head,
        Approver::Leader => To::Leader,
    }
}

/// Tells the principal, or those who drafted it, how a draft stands. Each version is told once.
async fn tell_office(
    tx: &mut Tx,
    bulletin: &Bulletin,
    (to, what): (To, &str),
) -> Result<(), StoreError> {
    let notice = Notice {
        to,
        organ: bulletin.office,
        topic: Topic::Bulletin,
        key: format!(
            "bulletin:{}:{}:{}",
            bulletin.id,
            bulletin.state.code(),
            bulletin.version
        ),
        title: format!("通报{what}：{}", bulletin.title),
        body: bulletin.reason.clone().unwrap_or_default(),
        path: format!("/workspace/bulletins/{}", bulletin.id),
        about: None,
    };
    notify(tx, notice).await
}

async fn tell_units(
    tx: &mut Tx,
    bulletin: &Bulletin,
    (code, what): (&str, &str),
) -> Result<(), StoreError> {
    let mut notices = Vec::new();
    for part in store::parts(tx, bulletin.id, None).await? {
        let due = bulletin
            .reply_due_on
            .filter(|_| bulletin.kind.wants_reply());
        notices.push(Notice {
            to: To::Unit,
            organ: part.organ,
            topic: Topic::Bulletin,
            key: format!("bulletin:{}:{code}", bulletin.id),
            title: format!(
                "{}{what}：{}",
                bulletin.number.as_deref().unwrap_or("通报"),
                bulletin.title
            ),
            body: due.map_or_else(String::new, |due| {
                format!("请在{}前报告整改情况。", when::date(due))
            }),
            path: format!("/workspace/bulletins/{}", bulletin.id),
            about: due,
        });
    }
    notify_all(tx, notices).await?;
    Ok(())
}

/// The offices of which this person is the principal where the office's rule names this one: those in which the person is
/// head; those of and below the organs that the person leads.
#[must_use]
pub(crate) fn principal_scope<A: Act>(permit: &Permit<A>, approver: Approver) -> Scope {
    let held = |role: Role| permit.roles().iter().filter(move |held| held.role == role);
    match approver {
        Approver::Head => Scope::Organs {
            single: held(Role::OfficeHead).map(|held| held.organ).collect(),
            branches: Vec::new(),
        },
        Approver::Leader => Scope::Organs {
            single: Vec::new(),
            branches: held(Role::Leader)
                .map(|held| held.organ_path.clone())
                .collect(),
        },
    }
}

/// Is this person the one who decides in this very office by its rule? A role elsewhere does not count.
///
/// # Errors
/// When the store fails.
pub(crate) async fn is_principal<A: Act>(
    tx: &mut Tx,
    permit: &Permit<A>,
    (office, approver): (OrganId, Approver),
) -> Result<bool, StoreError> {
    let scope = principal_scope(permit, approver);
    let office = organ::store::load(tx, office).await?;
    Ok(office.is_some_and(|office| scope.contains(office.id, &office.path)))
}

/// What of bulletins a person may see above the units.
pub(crate) fn reach_of(person: Option<&Session>) -> Reach {
    let principal = person.and_then(Session::permit::<ApproveBulletin>);
    Reach {
        office: scope_of::<DraftBulletin>(person),
        principal: principal.map_or_else(Scope::nothing, |permit| {
            principal_scope(&permit, Approver::Leader)
        }),
        above: scope_of::<ViewBulletins>(person),
    }
}

/// What a principal may decide about.
pub(super) fn principal_reach(permit: &Permit<ApproveBulletin>) -> Reach {
    Reach {
        principal: principal_scope(permit, Approver::Leader),
        ..Reach::office(&principal_scope(permit, Approver::Head))
    }
}

/// The principal approves: numbered, dated, delivered to its units; or sends it back.
///
/// # Errors
/// Not found; refused, also for the wrong principal, where a sentence rests on a fact that does not stand any more, and where no notice tells the year's working days.
pub async fn decide(
    tx: &mut Tx,
    permit: &Permit<ApproveBulletin>,
    id: BulletinId,
    (step, note): (Step, &str),
    (calendar, today): (&WorkCalendar, Date),
) -> Result<Bulletin, StepError> {
    let reach = principal_reach(permit);
    let mut bulletin = store::load(tx, Side::Reach(&reach), id)
        .await?
        .ok_or(StepError::NotFound)?;
    if !is_principal(tx, permit, (bulletin.office, bulletin.approver)).await? {
        return Err(StepError::refuse(format!(
            "这份通报由{}审批。",
            bulletin.approver.name()
        )));
    }
    match step {
        Step::Approve => {
            standing::all_stand(tx, &bulletin, today).await?;
            advance(&mut bulletin, step)?;
            issue(tx, permit, &mut bulletin, (calendar, today)).await?;
        }
        Step::Reject => {
            reason(note)?;
            advance(&mut bulletin, step)?;
            bulletin.reason = Some(note.to_owned());
            store::update(tx, &bulletin).await?;
            let sentence = format!("退回修改通报：{note}");
            tx.record(event(
                permit.actor(),
                &bulletin,
                "bulletin.rejected",
                sentence,
            ));
            tell_office(tx, &bulletin, (To::Clerks, "退回修改")).await?;
        }
        Step::Submit | Step::Withdraw => {
            return Err(StepError::refuse("这一步不由审批人办理。"));
        }
    }
    Ok(bulletin)
}

async fn issue(
    tx: &mut Tx,
    permit: &Permit<ApproveBulletin>,
    bulletin: &mut Bulletin,
    (calendar, today): (&WorkCalendar, Date),
) -> Result<(), StepError> {
    if bulletin.kind.wants_reply() {
        let days = (today, bulletin.reply_days);
        bulletin.reply_due_on = Some(day_after(calendar, days, "整改报告期限")?);
        store::open_parts(tx, bulletin.id).await?;
    }
    let pattern = rules(tx, bulletin.office).await?.pattern;
    let number = store::set_number(tx, bulletin, today.year(), &pattern).await?;
    bulletin.number = Some(number.clone());
    bulletin.issued_on = Some(today);
    bulletin.approved_by = Some(permit.actor().name().to_owned());
    bulletin.reason = None;
    store::update(tx, bulletin).await?;
    tx.record(event(
        permit.actor(),
        bulletin,
        "bulletin.issued",
        format!("批准印发{number}"),
    ));
    for part in store::parts(tx, bulletin.id, None).await? {
        for fact in part.sentences.iter().filter_map(|one| one.fact.as_ref()) {
            if FactKind::from_code(&fact.kind) == Some(FactKind::Practice)
                && let Ok(case) = fact.id.parse()
            {
                let office = Scope::Organs {
                    single: vec![bulletin.office],
                    branches: Vec::new(),
                };
                practice::handle::commend(tx, permit.actor(), &office, case).await?;
            }
        }
    }
    tell_units(tx, bulletin, ("issued", "已印发")).await?;
    Ok(())
}

async fn part_of(tx: &mut Tx, id: BulletinId, organ: OrganId) -> Result<Part, StepError> {
    let parts = store::parts(tx, id, None).await?;
    parts
        .into_iter()
        .find(|part| part.organ == organ)
        .ok_or(StepError::NotFound)
}

fn advance_part(part: &mut Part, step: PartStep) -> Result<(), StepError> {
    let state = part.state;
    part.state = state.after(step).ok_or_else(|| {
        StepError::refuse(format!("现在是“{}”，不能{}。", state.name(), step.name()))
    })?;
    Ok(())
}

/// A unit reports what it mended. That does not close anything.
///
/// # Errors
/// Not found; refused.
pub async fn reply(
    tx: &mut Tx,
    permit: &Permit<AnswerBulletin>,
    (id, organ): (BulletinId, OrganId),
    (text, proofs): (&str, Vec<New>),
    today: Date,
) -> Result<Bulletin, StepError> {
    let bulletin = store::load(tx, Side::Unit(permit.scope()), id)
        .await?
        .ok_or(StepError::NotFound)?;
    refused(
        text_fault("text", "整改情况", text, TEXT_CHARS_MAX)
            .into_iter()
            .collect(),
    )?;
    let own = store::parts(tx, id, Some(permit.scope())).await?;
    let mut own = own.into_iter();
    let mut part = own
        .find(|part| part.organ == organ)
        .ok_or(StepError::NotFound)?;
    if bulletin.state.after(Step::Withdraw).is_none() {
        return Err(StepError::refuse("这份通报已撤回，不用报告整改。"));
    }
    advance_part(&mut part, PartStep::Reply)?;
    part.reply_text = Some(text.to_owned());
    part.replied_by = Some(By::of(permit.actor()));
    let again = part.again_due_on.take();
    let due = match part.replied_on {
        None => bulletin.reply_due_on,
        Some(_) => again,
    };
    part.replied_on = part.replied_on.or(Some(today));
    part.missed_on = part.missed_on.or(again.filter(|due| *due < today));
    store::update_part(tx, id, &part).await?;
    let subject = format!("{id}:{}", part.organ);
    attachment::attach(
        tx,
        permit.actor(),
        ("bulletin_part", &subject),
        part.organ,
        proofs,
    )
    .await?;
    let late = late_mark(due, today);
    let sentence = format!("{}报告整改{late}", part.organ_name);
    tx.record(event(
        permit.actor(),
        &bulletin,
        "bulletin.replied",
        sentence.clone(),
    ));
    let notice = Notice {
        to: To::Office,
        organ: bulletin.office,
        topic: Topic::Bulletin,
        key: format!("bulletin:{id}:{}:{}", part.organ, part.version),
        title: format!(
            "{}：{sentence}",
            bulletin.number.as_deref().unwrap_or("通报")
        ),
        body: crate::notify::short(text),
        path: format!("/workspace/bulletins/{id}"),
        about: None,
    };
    notify(tx, notice).await?;
    Ok(bulletin)
}

/// The office looked again. What it does not find mended is due again after as many working days as were given at first.
///
/// # Errors
/// Not found; refused, also for passing what one has reported oneself or what the ledger says is not mended, and for failing
/// it when no notice tells the year's working days.
pub async fn recheck(
    tx: &mut Tx,
    permit: &Permit<DraftBulletin>,
    (id, organ): (BulletinId, OrganId),
    (step, note): (PartStep, &str),
    (calendar, today): (&WorkCalendar, Date),
) -> Result<Bulletin, StepError> {
    let reach = Reach::office(permit.scope());
    let bulletin = store::load(tx, Side::Reach(&reach), id)
        .await?
        .ok_or(StepError::NotFound)?;
    let kind = match step {
        PartStep::Pass => "bulletin.closed",
        PartStep::Fail => "bulletin.failed",
        PartStep::Reply => return Err(StepError::refuse("整改情况由单位报告。")),
    };
    refused(
        text_fault("note", "复核依据", note, TEXT_CHARS_MAX)
            .into_iter()
            .collect(),
    )?;
    let mut part = part_of(tx, id, organ).await?;
    let own = part.replied_by.as_ref();
    if step == PartStep::Pass && own.is_some_and(|by| by.is(permit.actor())) {
        return Err(StepError::refuse(
            "整改是您本人报告的，请由本办其他人复核。",
        ));
    }
    if step == PartStep::Pass {
        standing::all_mended(tx, &bulletin, &part, today).await?;
    }
    advance_part(&mut part, step)?;
    part.verdict = Some(note.to_owned());
    part.closed_on = (step == PartStep::Pass).then_some(today);
    if step == PartStep::Fail {
        let days = (today, bulletin.reply_days);
        part.again_due_on = Some(day_after(calendar, days, "重报期限")?);
    }
    store::update_part(tx, id, &part).await?;
    let again = part.again_due_on.map_or_else(String::new, |due| {
        format!("（请在{}前重报）", when::date(due))
    });
    let sentence = format!("{}{}：{note}{again}", part.organ_name, step.name());
    tx.record(event(permit.actor(), &bulletin, kind, sentence));
    let notice = Notice {
        to: To::Unit,
        organ,
        topic: Topic::Bulletin,
        key: format!("bulletin:{id}:{organ}:checked:{}", part.version),
        title: format!(
            "{}{}{again}",
            bulletin.number.as_deref().unwrap_or("通报"),
            step.name()
        ),
        body: crate::notify::short(note),
        path: format!("/workspace/bulletins/{id}"),
        about: part.again_due_on,
    };
    notify(tx, notice).await?;
    Ok(bulletin)
}
