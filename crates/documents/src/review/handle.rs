//! A draft goes to review, step by step, and comes back or is approved.

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::Run;
use gongkai_basis::{Actor, Date, Role};
use gongkai_platform::access::{Permit, Reach};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::{self, Outgoing, Topic};
use serde_json::json;

use super::answer::{self, Answer};
use super::checklist::{self, Checked};
use super::passage::{self, Passage};
use super::{Do, Stage, StepState, concerned, current, demand, store, turn, urgent};
use crate::acts::{ReviewDocuments, WriteDocuments};
use crate::document::handle::event;
use crate::document::{self, Document, SUMMARY_CHARS_MAX, State, Visibility, number, sealed};
use crate::house_field;
use crate::id::DocumentId;
use crate::kind::{Kind, Step};
use gongkai_platform::fault::{NotDone, Wanted, refused, text_fault};

/// How a text is sent to review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    Usual,
    /// 紧急发布, with the reason: the steps that may come after publication stand last.
    Urgent(String),
}

/// What keeps the newest edition from review, however it is sent.
fn why_not_send(
    document: &Document,
    edition: &document::Edition,
    way: &Way,
    today: Date,
) -> Vec<(&'static str, String)> {
    let mut reasons = edition.head.why_not_review(document.kind);
    if document.state != State::Draft {
        reasons.push((
            "state",
            format!(
                "文件现在“{}”，不能送审。请刷新页面，看现在能办什么。",
                document.state.name()
            ),
        ));
    }
    if document.published == Some(edition.id) {
        reasons.push((
            "state",
            "这一稿已经发布。请先在“写更正稿”里改好，保存为新的一稿再送审。".to_owned(),
        ));
    }
    reasons.extend(edition.head.why_over(today));
    if edition.text.is_empty() {
        reasons.push(("body", "正文还是空的。".to_owned()));
    }
    if let Way::Urgent(reason) = way {
        reasons.extend(text_fault(
            ("reason", "紧急发布的理由"),
            reason,
            SUMMARY_CHARS_MAX,
            Wanted::Yes,
        ));
    }
    reasons
}

/// The document and its newest edition, where nothing keeps it from review.
///
/// # Errors
/// As [`send`].
pub async fn sendable(
    tx: &mut Tx,
    permit: &Permit<WriteDocuments>,
    (id, version): (DocumentId, i64),
    way: &Way,
    today: Date,
) -> Result<(Document, document::Edition), NotDone> {
    let document = document::store::load(tx, permit.scope(), id)
        .await?
        .ok_or(NotDone::NotFound)?;
    if document.version != version {
        return Err(StoreError::Stale.into());
    }
    let edition = document::store::edition(tx, document.edition)
        .await?
        .ok_or(NotDone::NotFound)?;
    let mut reasons = why_not_send(&document, &edition, way, today);
    reasons.extend(number::why_not(tx, &document, &edition.head).await?);
    reasons.extend(house_field::missing(tx, &document, &edition.head).await?);
    let pictures = document::map::pictures(tx, &document, &edition).await?;
    reasons.extend(document::map::why_not_send(&pictures, &edition));
    reasons.extend(document::files::why_down(tx, &document, edition.id).await?);
    refused(reasons)?;
    Ok((document, edition))
}

/// Sends the newest edition to review.
///
/// # Errors
/// Not found; stale; refused with what the kind demands, a number that another document has, or without a reason for haste.
pub async fn send(
    tx: &mut Tx,
    permit: &Permit<WriteDocuments>,
    (id, version): (DocumentId, i64),
    way: &Way,
    (calendar, today): (&WorkCalendar, Date),
) -> Result<Document, NotDone> {
    let (mut document, edition) = sendable(tx, permit, (id, version), way, today).await?;
    // An edition that was sent back stays as it was seen; a new review of the same text begins afresh.
    store::call_back(tx, edition.id).await?;
    let mut ids = Vec::new();
    let whole = demand::chain(tx, &document).await?;
    let chain = match way {
        Way::Usual => whole,
        Way::Urgent(_) => urgent::chain(&whole),
    };
    for _ in &chain {
        ids.push(tx.fresh().to_string());
    }
    let mut ids = ids.into_iter();
    let stages = super::stages_of(
        &chain,
        || ids.next().unwrap_or_default(),
        |step| due(step, calendar, today),
    );
    store::insert(tx, edition.id, &stages).await?;
    // Whoever wrote a part of what goes to review reviews none of it, however little the last edition changed.
    for author in document::store::authors_since(tx, document.id, document.published).await? {
        store::take_duty(tx, edition.id, &author, "write").await?;
    }
    let seal = sealed::close(tx, &document, &edition).await?;
    document.state = State::Reviewing;
    document::store::update(tx, &document, None).await?;
    let mut sentence = format!("送审《{}》第{}稿", edition.head.title, edition.number);
    if let Way::Urgent(reason) = way {
        sentence.push_str(&format!("，紧急发布，发布后补审：{reason}"));
    }
    tx.record(
        event(permit.actor(), &document, "document.sent", sentence)
            .data(json!({ "edition": edition.hash, "seal": seal })),
    );
    if let Some(first) = stages.first() {
        tell(tx, &document, first).await?;
    }
    concerned::handle::ask_anew(tx, permit.actor(), &document, (calendar, today)).await?;
    document.version += 1;
    Ok(document)
}

fn due(step: Step, calendar: &WorkCalendar, today: Date) -> Option<Date> {
    // A year without its notice has no working days yet; then the step is due at once, which is no guess at a later day.
    let run = Run::working_days(today, step.working_days()).ok()?;
    run.due(calendar).ok().or(Some(today))
}

/// Tells those whose turn it is: once for each time that the text was sent and the step came to them.
pub(super) async fn tell(
    tx: &mut Tx,
    document: &Document,
    stage: &Stage,
) -> Result<(), StoreError> {
    let step = stage.step;
    let roles: &'static [Role] = match step.role() {
        Role::Proofreader => &[Role::Proofreader],
        Role::FirstReviewer => &[Role::FirstReviewer],
        Role::SecondReviewer => &[Role::SecondReviewer],
        Role::ThirdReviewer => &[Role::ThirdReviewer],
        Role::SecrecyReviewer => &[Role::SecrecyReviewer],
        _ => &[Role::LegalityReviewer],
    };
    inbox::send(
        tx,
        vec![Outgoing {
            organ: document.owner,
            roles,
            reach: Reach::Own,
            topic: Topic::House,
            key: format!(
                "document:{}:{}:{}:{}:{}",
                document.id,
                document.edition,
                step.code(),
                document.version,
                stage.version
            ),
            title: format!("{}：《{}》", step.name(), document.title),
            body: format!(
                "{}送来一份{}，请{}。",
                document.owner_name,
                document.kind.name(),
                step.name()
            ),
            path: format!("/workspace/documents/{}", document.id),
            about: None,
        }],
    )
    .await?;
    Ok(())
}

/// Calls a draft back while it is under review.
///
/// # Errors
/// Not found; stale; refused when it is not under review, or the public reads it while its late review goes on.
pub async fn recall(
    tx: &mut Tx,
    permit: &Permit<WriteDocuments>,
    (id, version): (DocumentId, i64),
) -> Result<(), NotDone> {
    let mut document = document::store::load(tx, permit.scope(), id)
        .await?
        .ok_or(NotDone::NotFound)?;
    if document.version != version {
        return Err(StoreError::Stale.into());
    }
    if document.state != State::Reviewing {
        return refused(vec![("state", "文件不在审核中，不用撤回。".to_owned())]);
    }
    if document.published == Some(document.edition) && document.visibility == Visibility::Public {
        return refused(vec![(
            "state",
            "这一稿已经紧急发布，补审要办完，不能撤回。内容有误的，请补审人退回，或先撤下文件。"
                .to_owned(),
        )]);
    }
    store::call_back(tx, document.edition).await?;
    document::store::unseal(tx, document.edition).await?;
    document.state = State::Draft;
    document::store::update(tx, &document, None).await?;
    let sentence = format!("撤回送审《{}》", document.title);
    tx.record(event(
        permit.actor(),
        &document,
        "document.recalled",
        sentence,
    ));
    Ok(())
}

/// What a reviewer says with an act.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// Answers to the checklist of the step.
    pub checks: Vec<Checked>,
    pub remark: String,
    /// Remarks on places of the text.
    pub passages: Vec<Passage>,
    /// What is said to the findings of the check.
    pub answers: Vec<Answer>,
}

impl Said {
    /// What was said about the text, for the record of events: answers quote what must not spread.
    fn told(&self) -> String {
        passage::written(&self.remark, &self.passages)
    }
}

/// Takes the step whose turn it is; gives the document, and the step that comes next in this review.
///
/// # Errors
/// Not found; stale; refused when it is another's, the person has another duty on this text or wrote it, the
/// checklist is unanswered, or a return has no remark.
pub async fn act(
    tx: &mut Tx,
    permit: &Permit<ReviewDocuments>,
    (id, step_version): (DocumentId, i64),
    (act, said): (Do, Said),
    (calendar, today): (&WorkCalendar, Date),
) -> Result<(Document, Option<Step>), NotDone> {
    let mut document = document::store::load(tx, permit.scope(), id)
        .await?
        .ok_or(NotDone::NotFound)?;
    let stages = store::of(tx, document.edition).await?;
    let Some(stage) = current(&stages).filter(|_| document.state == State::Reviewing) else {
        return refused_as("现在没有等您办理的步骤，请刷新页面，看办到哪一步。");
    };
    if stage.version != step_version {
        return Err(StoreError::Stale.into());
    }
    let mut stage = stage.clone();
    let me = person(permit.actor());
    stage.state = allowed(tx, permit, &document, &stage, act).await?;
    let mut reasons = why_not((stage.step, document.kind), act, &said);
    if act == Do::Pass {
        reasons.extend(changed_since(tx, &document).await?);
        reasons.extend(unexplained(tx, &document, (stage.step, &said.answers)).await?);
    }
    if !said.passages.is_empty() {
        let edition = document::store::edition(tx, document.edition)
            .await?
            .ok_or(NotDone::NotFound)?;
        reasons.extend(passage::why_not(&said.passages, &edition.text));
    }
    refused(reasons)?;
    let step = stage.step;
    if act == Do::Claim {
        store::take_duty(tx, document.edition, &me.0, step.duty()).await?;
    }
    stage.by = (act != Do::Release).then(|| me.clone());
    if matches!(act, Do::Pass | Do::Return) {
        let answers: &[Answer] = match act {
            Do::Pass if answer::asks(step) => &said.answers,
            _ => &[],
        };
        stage.remark = answer::written(&said.told(), answers);
        let of = (step, document.kind);
        stage.checks = checklist::kept(of, &said.checks);
        stage.gates = checklist::passed(of, &stage.checks);
        stage.at = Some(tx.now().as_millisecond());
    }
    store::update(tx, &stage).await?;
    if act == Do::Release {
        store::leave_duty(tx, document.edition, &me.0).await?;
    }
    let next = move_on(tx, &mut document, &stages, &stage, (calendar, today)).await?;
    let (verb, kind) = match act {
        Do::Claim => ("领取", "document.claimed"),
        Do::Release => ("退还", "document.released"),
        Do::Pass => ("通过", "document.passed"),
        Do::Return => ("退回", "document.returned"),
    };
    let mut sentence = format!("{}{verb}：《{}》", step.name(), document.title);
    let written = said.told();
    if !written.is_empty() {
        sentence = format!("{sentence}，{}", written.replace('\n', " "));
    }
    tx.record(
        event(permit.actor(), &document, kind, sentence).data(json!({ "step": step.code() })),
    );
    Ok((document, next))
}

/// Where the step goes, if this person may take it so.
async fn allowed(
    tx: &mut Tx,
    permit: &Permit<ReviewDocuments>,
    document: &Document,
    stage: &Stage,
    act: Do,
) -> Result<StepState, NotDone> {
    let role = stage.step.role();
    let held = permit
        .roles()
        .iter()
        .any(|held| held.role == role && held.organ == document.owner);
    if !held {
        return refused_as(&format!("这一步要由“{}”办理。", role.name()));
    }
    let me = person(permit.actor()).0;
    let mine = stage.by.as_ref().is_some_and(|(id, _)| *id == me);
    let next = match turn(stage.state, mine, act) {
        Ok(next) => next,
        Err(never) => return refused_as(&never.to_string()),
    };
    let duty = store::duty(tx, document.edition, &me).await?;
    if act == Do::Claim && duty.is_some_and(|duty| duty != stage.step.duty()) {
        return refused_as("同一份稿件，撰稿、校对、各级审核须由不同的人办理。");
    }
    Ok(next)
}

/// What is not any more as it was sent to review: text or attachments.
async fn changed_since(
    tx: &mut Tx,
    document: &Document,
) -> Result<Vec<(&'static str, String)>, NotDone> {
    let edition = document::store::edition(tx, document.edition)
        .await?
        .ok_or(NotDone::NotFound)?;
    let mut reasons = Vec::new();
    if document::seal(&edition.head, &edition.html) != edition.hash {
        reasons.push((
            "state",
            "正文与送审时的封存值不一致，不能通过。请退回修改，由起草人核对后重新送审。".to_owned(),
        ));
    }
    let broken = sealed::why_broken(tx, document, &edition).await?;
    reasons.extend(broken.into_iter().map(|why| {
        (
            "state",
            format!("{why}，不能通过；请退回，由撰稿人重新送审。"),
        )
    }));
    Ok(reasons)
}

/// Findings of the check that this step must answer for and does not.
async fn unexplained(
    tx: &mut Tx,
    document: &Document,
    (step, answers): (Step, &[Answer]),
) -> Result<Vec<(&'static str, String)>, NotDone> {
    if !answer::asks(step) {
        return Ok(Vec::new());
    }
    let edition = document::store::edition(tx, document.edition)
        .await?
        .ok_or(NotDone::NotFound)?;
    let findings = answer::findings(tx, document, &edition).await?;
    Ok(answer::why_not(&findings, answers))
}

/// What is missing in what was said.
fn why_not(of: (Step, Kind), act: Do, said: &Said) -> Vec<(&'static str, String)> {
    let mut reasons = Vec::new();
    if act == Do::Pass {
        reasons.extend(checklist::why_not(of, &said.checks));
    }
    let wanted = if act == Do::Return && said.passages.is_empty() {
        Wanted::Yes
    } else {
        Wanted::No
    };
    reasons.extend(text_fault(
        ("remark", "意见"),
        &said.remark,
        SUMMARY_CHARS_MAX,
        wanted,
    ));
    reasons
}

/// After a step: the next one gets its day and is given, or the text is approved, or it is a draft again.
async fn move_on(
    tx: &mut Tx,
    document: &mut Document,
    stages: &[Stage],
    stage: &Stage,
    (calendar, today): (&WorkCalendar, Date),
) -> Result<Option<Step>, NotDone> {
    match stage.state {
        StepState::Waiting | StepState::Claimed => return Ok(None),
        StepState::Returned => {
            document.state = State::Draft;
            if document.published == Some(document.edition) {
                sent_back_late(tx, document, stage).await?;
            }
        }
        StepState::Passed => match stages
            .iter()
            .find(|next| next.position == stage.position + 1)
        {
            Some(next) => {
                let mut next = next.clone();
                next.due_on = due(next.step, calendar, today);
                store::update(tx, &next).await?;
                tell(tx, document, &next).await?;
                return Ok(Some(next.step));
            }
            // The late review of what is public already.
            None if document.published == Some(document.edition) => {
                document.state = State::Settled;
            }
            // Nobody publishes what is not open. While the public reads an earlier text, somebody has to withdraw that.
            None if document.is_unopened() && document.visibility != Visibility::Public => {
                document.state = State::Settled;
            }
            None => document.state = State::Approved,
        },
    }
    document::store::update(tx, document, None).await?;
    document.version += 1;
    Ok(None)
}

/// A text that the public reads was sent back by the late review: those who may correct or withdraw it are told at once.
async fn sent_back_late(tx: &mut Tx, document: &Document, stage: &Stage) -> Result<(), StoreError> {
    inbox::send(
        tx,
        vec![Outgoing {
            organ: document.owner,
            roles: &[
                Role::Author,
                Role::OfficeClerk,
                Role::OfficeHead,
                Role::ThirdReviewer,
            ],
            reach: Reach::Own,
            topic: Topic::House,
            key: format!("document:{}:{}:late-return", document.id, document.edition),
            title: format!("补审退回，文件仍在公开：《{}》", document.title),
            body: format!(
                "{}认为有问题：{}。公众现在看到的仍是这一稿，请尽快更正或撤下。",
                stage.step.name(),
                stage.remark
            ),
            path: format!("/workspace/documents/{}", document.id),
            about: None,
        }],
    )
    .await?;
    Ok(())
}

fn person(actor: &Actor) -> (String, String) {
    let id = actor
        .account()
        .map_or_else(|| "system".to_owned(), |account| account.to_string());
    (id, actor.name().to_owned())
}

fn refused_as<T>(sentence: &str) -> Result<T, NotDone> {
    Err(NotDone::Refused(vec![("state", sentence.to_owned())]))
}
