//! One way in for everything that happens to a case: load, let the rules judge, keep, tell.

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date, Role};
use gongkai_platform::access::{HeldRole, Permit, Reach, Scope};
use gongkai_platform::attachment::{self, New};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::{self, Outgoing, Topic};
use serde_json::{Value, json};

use super::case::{Case, Entry};
use super::spot::Told;
use super::state::{Act, State, Who};
use super::step::{Doer, Moment, Step};
use super::store;
use super::submit::{self, PAPERS, REPLY, SUBJECT, record};
use crate::acts::HandleRequests;
use crate::archive;
use crate::id::{ConsultationId, RequestId};
use crate::letter::tie;
use crate::oversight;
use crate::reach;
use gongkai_platform::fault::NotDone;

/// An officer, head, reviewer or helping unit does something.
///
/// # Errors
/// Not found outside of reach; stale when somebody was first; refused with all the reasons.
pub async fn step(
    tx: &mut Tx,
    permit: &Permit<HandleRequests>,
    of: (RequestId, i64),
    what: (Step, Vec<New>),
    when: (Date, &WorkCalendar),
) -> Result<Case, NotDone> {
    step_by(tx, (permit.actor(), permit.roles()), of, what, when).await
}

/// As [`step`], for who may do it by another permit: the table asks for the role all the same.
///
/// # Errors
/// As [`step`].
pub(crate) async fn step_by(
    tx: &mut Tx,
    (actor, roles): (&Actor, &[HeldRole]),
    (id, version): (RequestId, i64),
    (step, files): (Step, Vec<New>),
    (today, calendar): (Date, &WorkCalendar),
) -> Result<Case, NotDone> {
    let scope = scope_of(tx, (actor, roles)).await?;
    let case = store::load(tx, &scope, id)
        .await?
        .ok_or(NotDone::NotFound)?;
    if case.request.version != version {
        return Err(StoreError::Stale.into());
    }
    let doer = doer(tx, (actor, roles), &case).await?;
    let step = settled(tx, &case, step, (actor, today, calendar)).await?;
    let step = signed(step, files.len());
    let into = match step.act() {
        Act::Decide | Act::Dispatch => REPLY,
        _ => PAPERS,
    };
    let what = (step.clone(), into, files);
    let done = run(tx, case, what, (&doer, actor), (today, calendar)).await?;
    // Who does something with a case has opened it.
    store::set_opened(tx, id).await?;
    tie::handle::follow(tx, actor, &done, &step, (today, calendar)).await?;
    if let Step::Merge { into, .. } = &step {
        joined(tx, actor, &done, (into, today)).await?;
    }
    Ok(done)
}

/// The signed pages that come with an answer on the spot.
fn signed(step: Step, scans: usize) -> Step {
    match step {
        Step::Answer { decision, told } => Step::Answer {
            decision,
            told: Told { scans, ..told },
        },
        other => other,
    }
}

/// A step that touches another case: what is split off becomes one, what is merged needs its target.
async fn settled(
    tx: &mut Tx,
    case: &Case,
    step: Step,
    (actor, today, calendar): (&Actor, Date, &WorkCalendar),
) -> Result<Step, NotDone> {
    match step {
        Step::Split { subject, .. } => {
            let number = submit::split_off(tx, actor, case, &subject, (today, calendar)).await?;
            Ok(Step::Split { number, subject })
        }
        Step::Merge { into, why } => {
            let into = into.trim().to_owned();
            let target = store::by_number(tx, &into).await?;
            match apart(case, target.as_ref(), &into) {
                Some(sentence) if !into.is_empty() => {
                    Err(NotDone::Refused(vec![("into", sentence)]))
                }
                _ => Ok(Step::Merge { into, why }),
            }
        }
        other => Ok(other),
    }
}

/// Why a case cannot go into another: everybody who applied gets an answer, and no due day moves back.
fn apart(case: &Case, target: Option<&Case>, into: &str) -> Option<String> {
    let (own, other) = (&case.request, target.map(|target| &target.request));
    let Some(other) = other.filter(|it| it.organ == own.organ && it.state.is_running()) else {
        return Some(format!("本机关没有编号{into}的在办申请。"));
    };
    if other.id == own.id {
        return None;
    }
    if store::applicant_key(&other.applicant) != store::applicant_key(&own.applicant) {
        return Some(format!(
            "{into}是另一位申请人的，各人的申请要分别答复，不能并案；内容相同的，可以用同样的内容分别答复。"
        ));
    }
    if other.kind != own.kind {
        return Some(format!(
            "{into}是{}，类别不同，不能并案。",
            other.kind.name()
        ));
    }
    let later = match (own.received_on, other.received_on) {
        (Some(own), Some(other)) => other > own,
        (Some(_), None) => true,
        (None, _) => false,
    };
    later.then(|| format!("{into}收到得更晚，并入会推迟答复期限；请把后收到的并入先收到的。"))
}

/// The case that another went into says so in its history.
async fn joined(
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    (into, today): (&str, Date),
) -> Result<(), NotDone> {
    let Some(mut target) = store::by_number(tx, into).await? else {
        return Ok(());
    };
    let (number, subject) = (&case.request.number, case.request.wish.short());
    let sentence = format!("{number}并入本件一并办理：{subject}");
    let entry = Entry {
        act: Some(Act::Note),
        on: today,
        at: tx.now().as_millisecond(),
        by: actor.name().to_owned(),
        account: actor.account(),
        sentence: sentence.clone(),
        public: sentence,
        data: json!({ "from": number }),
        clock: Vec::new(),
    };
    target.entries.push(entry.clone());
    store::save(tx, &target, &entry).await?;
    let said = format!("{}：{number}并入", target.request.number);
    record(tx, actor, &target, "request.joined", said);
    Ok(())
}

async fn scope_of(tx: &mut Tx, (actor, roles): (&Actor, &[HeldRole])) -> Result<Scope, StoreError> {
    if matches!(actor, Actor::System) {
        return Ok(Scope::Everything);
    }
    reach::handled(tx, roles).await
}

/// As what a person stands before a case: roles in its organ (or that organ's office) count; those of a helping unit only
/// for its answer.
async fn doer(
    tx: &mut Tx,
    (actor, roles): (&Actor, &[HeldRole]),
    case: &Case,
) -> Result<Doer, StoreError> {
    if matches!(actor, Actor::System) {
        return Ok(Doer::program());
    }
    Ok(Doer {
        who: standing(tx, roles, case).await?,
        name: actor.name().to_owned(),
        account: actor.account(),
    })
}

/// Who may review a reply, besides the head of the organ where none of them is appointed (art. 17).
const REVIEW: &[Role] = &[Role::SecrecyReviewer, Role::OfficeHead];

/// Is nobody appointed to review an organ's replies? Then its own head does (art. 17).
///
/// # Errors
/// When the store fails.
pub(crate) async fn has_no_reviewer(tx: &mut Tx, organ: OrganId) -> Result<bool, StoreError> {
    lacks(tx, organ, REVIEW).await
}

/// Is nobody appointed head of the 工作机构 of an organ? Then its own head approves extensions (art. 33).
///
/// # Errors
/// When the store fails.
pub(crate) async fn has_no_head(tx: &mut Tx, organ: OrganId) -> Result<bool, StoreError> {
    lacks(tx, organ, &[Role::OfficeHead]).await
}

async fn lacks(tx: &mut Tx, organ: OrganId, roles: &'static [Role]) -> Result<bool, StoreError> {
    let without = inbox::unanswered(tx, &[organ], roles, roles).await?;
    Ok(!without.is_empty())
}

/// Who signs a reply.
const SIGN: &[Role] = &[Role::OfficeHead, Role::UnitHead];

/// Who appoints people, by name where they are known.
async fn appoints(tx: &mut Tx, organ: OrganId) -> Result<String, StoreError> {
    let names = inbox::who_above(tx, organ, &[Role::SecurityAdmin]).await?;
    Ok(if names.is_empty() {
        "请联系安全管理员在“账号”里任命".to_owned()
    } else {
        format!("请联系安全管理员（{}）在“账号”里任命", names.join("、"))
    })
}

/// Whose approval an extension of this organ waits for, in words.
///
/// # Errors
/// When the store fails.
pub async fn approver(tx: &mut Tx, organ: OrganId) -> Result<String, StoreError> {
    Ok(if !has_no_head(tx, organ).await? {
        "等待工作机构负责人批准".to_owned()
    } else if lacks(tx, organ, &[Role::UnitHead]).await? {
        let appoints = appoints(tx, organ).await?;
        format!("本机关没有任命工作机构负责人，也没有单位负责人，没有人能批准；{appoints}")
    } else {
        "本机关没有任命工作机构负责人，等待单位负责人批准".to_owned()
    })
}

/// Whom a reply waits for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waits {
    /// Empty where the desk itself goes on.
    pub words: String,
    /// Nobody can do it until somebody is appointed.
    pub is_stuck: bool,
}

/// Who reviews or signs a reply, by name, or who has to be appointed for that and where.
///
/// Law: art. 17: a review with a named responsible person.
///
/// # Errors
/// When the store fails.
pub async fn waits_for(tx: &mut Tx, case: &Case) -> Result<Waits, StoreError> {
    let organ = case.request.organ;
    let (what, roles, missing) = match case.request.state {
        State::Reviewing if has_no_reviewer(tx, organ).await? => {
            let what = "没有任命保密审查员和工作机构负责人，由单位负责人做公开审查（条例第17条）";
            (what, &[Role::UnitHead][..], "保密审查员")
        }
        State::Reviewing => ("等待公开审查（条例第17条）", REVIEW, "保密审查员"),
        State::Signing => ("等待审签", SIGN, "单位负责人"),
        _ => return Ok(Waits::default()),
    };
    let names = inbox::who(tx, organ, roles, roles).await?;
    let drafter = case.last(Act::Decide).map_or("", |entry| entry.by.as_str());
    let is_drafters = !names.is_empty();
    let others: Vec<String> = names.into_iter().filter(|name| name != drafter).collect();
    if !others.is_empty() {
        return Ok(Waits {
            words: format!("{what}，可以办理的是{}", others.join("、")),
            is_stuck: false,
        });
    }
    let why = if is_drafters {
        "能办理的只有拟稿人自己，拟稿人不能审自己的稿"
    } else if case.request.state == State::Reviewing {
        "本机关没有任命保密审查员、工作机构负责人，也没有单位负责人，没有人能做公开审查（条例第17条）"
    } else {
        "本机关没有任命工作机构负责人，也没有单位负责人，没有人能审签"
    };
    let appoints = appoints(tx, organ).await?;
    Ok(Waits {
        words: format!("{why}，答复发不出去；{appoints}一名{missing}"),
        is_stuck: true,
    })
}

/// The roles that count before this case.
///
/// # Errors
/// When the store fails.
pub async fn standing(
    tx: &mut Tx,
    roles: &[HeldRole],
    case: &Case,
) -> Result<Vec<Who>, StoreError> {
    let mut who = Vec::new();
    for held in roles {
        let own = reach::handled(tx, std::slice::from_ref(held)).await?;
        let Scope::Organs { single, .. } = own else {
            continue;
        };
        let helps = case
            .consultations
            .iter()
            .any(|letter| letter.organ.is_some_and(|organ| single.contains(&organ)));
        if single.contains(&case.request.organ) {
            who.push(Who::Staff(held.role));
            if held.role == Role::UnitHead && has_no_head(tx, case.request.organ).await? {
                who.push(Who::ActingHead);
            }
            if held.role == Role::UnitHead && has_no_reviewer(tx, case.request.organ).await? {
                who.push(Who::ActingReviewer);
            }
        } else if helps {
            who.push(Who::Staff(Role::Liaison));
        }
    }
    Ok(who)
}

/// What the holder of a case's code does; who calls has proved the code.
///
/// # Errors
/// Refused with all the reasons.
pub async fn applicant(
    tx: &mut Tx,
    case: Case,
    (step, files): (Step, Vec<New>),
    (today, calendar): (Date, &WorkCalendar),
) -> Result<Case, NotDone> {
    let doer = Doer::applicant(&case.request.applicant.name);
    let what = step.act().name();
    let done = run(
        tx,
        case,
        (step, SUBJECT, files),
        (&doer, &Actor::System),
        (today, calendar),
    )
    .await?;
    submit::tell_desk(tx, &done, what).await?;
    Ok(done)
}

/// What a third party answers to its letter; who calls has proved the letter's code.
///
/// # Errors
/// Refused with all the reasons.
pub async fn third_party(
    tx: &mut Tx,
    case: Case,
    name: &str,
    (step, files): (Step, Vec<New>),
    (today, calendar): (Date, &WorkCalendar),
) -> Result<Case, NotDone> {
    let doer = Doer {
        name: name.to_owned(),
        ..Doer::applicant("")
    };
    let done = run(
        tx,
        case,
        (step, PAPERS, files),
        (&doer, &Actor::System),
        (today, calendar),
    )
    .await?;
    submit::tell_desk(tx, &done, "征求意见已答复").await?;
    Ok(done)
}

/// What an applicant reads who has sent in a proof of payment.
pub(crate) const PROOF_IS_IN: &str = "您上传了缴费凭证，等待工作机构核对";

/// A proof of payment from the applicant; whether it was paid is the desk's to confirm.
///
/// # Errors
/// When the store fails.
pub async fn payment_proof(
    tx: &mut Tx,
    mut case: Case,
    files: Vec<New>,
    today: Date,
) -> Result<Case, NotDone> {
    let subject = case.request.id.to_string();
    attachment::attach(
        tx,
        &Actor::System,
        (SUBJECT, &subject),
        case.request.organ,
        files,
    )
    .await?;
    let entry = Entry {
        act: Some(Act::Note),
        on: today,
        at: tx.now().as_millisecond(),
        by: Doer::applicant(&case.request.applicant.name).name,
        account: None,
        sentence: "上传了缴费凭证，请核对后办理“收到缴费”".to_owned(),
        public: PROOF_IS_IN.to_owned(),
        data: Value::Null,
        clock: Vec::new(),
    };
    case.entries.push(entry.clone());
    store::save(tx, &case, &entry).await?;
    case.request.version += 1;
    let sentence = format!("{}：申请人上传缴费凭证", case.request.number);
    record(tx, &Actor::System, &case, "request.payment-proof", sentence);
    submit::tell_desk(tx, &case, "申请人上传了缴费凭证").await?;
    Ok(case)
}

/// What the night does by itself.
///
/// # Errors
/// Refused with all the reasons.
pub async fn program(
    tx: &mut Tx,
    case: Case,
    step: Step,
    (today, calendar): (Date, &WorkCalendar),
) -> Result<Case, NotDone> {
    let doer = Doer::program();
    let what = step.act().name();
    let done = run(
        tx,
        case,
        (step, PAPERS, Vec::new()),
        (&doer, &Actor::System),
        (today, calendar),
    )
    .await?;
    submit::tell_desk(tx, &done, what).await?;
    Ok(done)
}

async fn run(
    tx: &mut Tx,
    mut case: Case,
    (step, into, files): (Step, &'static str, Vec<New>),
    (doer, actor): (&Doer, &Actor),
    (today, calendar): (Date, &WorkCalendar),
) -> Result<Case, NotDone> {
    let moment = Moment {
        today,
        at: tx.now().as_millisecond(),
        fresh: ConsultationId::new(tx.fresh()),
        calendar,
    };
    let entry = case.apply(&step, doer, &moment).map_err(NotDone::Refused)?;
    store::save(tx, &case, &entry).await?;
    let subject = case.request.id.to_string();
    attachment::attach(tx, actor, (into, &subject), case.request.organ, files).await?;
    let sentence = format!("{}：{}", case.request.number, step.act().name());
    record(tx, actor, &case, kind(step.act()), sentence);
    tell(tx, &case, &step).await?;
    match step.act() {
        Act::Archive => archive::make::queue(tx, &case).await?,
        Act::Dispatch => oversight::finding::answered(tx, &case.request, today).await?,
        _ => {}
    }
    case.request.version += 1;
    Ok(case)
}

/// Whoever must do the next thing is told of it.
async fn tell(tx: &mut Tx, case: &Case, step: &Step) -> Result<(), StoreError> {
    let request = &case.request;
    let desk = submit::desk_of(tx, request.organ).await?;
    let (organ, roles, what): (_, &'static [Role], &str) = match step {
        Step::ProposeExtension { .. } if has_no_head(tx, request.organ).await? => {
            (desk, &[Role::UnitHead], "延期待批准")
        }
        Step::ProposeExtension { .. } => (desk, &[Role::OfficeHead], "延期待批准"),
        Step::ApproveExtension => (
            desk,
            &[Role::RequestOfficer, Role::OfficeClerk],
            "延期已批准",
        ),
        Step::RefuseExtension { .. } => (
            desk,
            &[Role::RequestOfficer, Role::OfficeClerk],
            "延期未批准",
        ),
        Step::Decide(_) if has_no_reviewer(tx, request.organ).await? => {
            (desk, &[Role::UnitHead], "答复待公开审查")
        }
        Step::Decide(_) => (
            desk,
            &[Role::SecrecyReviewer, Role::OfficeHead],
            "答复待公开审查",
        ),
        Step::Pass { .. } => (desk, &[Role::OfficeHead, Role::UnitHead], "答复待审签"),
        Step::Sign => (
            desk,
            &[Role::RequestOfficer, Role::OfficeClerk],
            "答复待发出",
        ),
        Step::Return { .. } => (
            desk,
            &[Role::RequestOfficer, Role::OfficeClerk],
            "答复退回重拟",
        ),
        Step::AskUnit { organ, .. } => (
            *organ,
            &[Role::Liaison, Role::RequestOfficer, Role::UnitHead],
            "请协办依申请公开件",
        ),
        Step::UnitAnswer { .. } => (
            desk,
            &[Role::RequestOfficer, Role::OfficeClerk],
            "协办单位已答复",
        ),
        Step::Transfer { .. } => (desk, &[Role::RequestOfficer, Role::OfficeClerk], "转来申请"),
        _ => return Ok(()),
    };
    let outgoing = Outgoing {
        organ,
        roles,
        reach: Reach::Own,
        topic: Topic::Request,
        key: format!("request:{}:{}", request.id, case.entries.len()),
        title: format!("{what}：{}", request.number),
        body: format!("{}　{}", request.organ_name, request.wish.short()),
        path: format!("/workspace/requests/{}", request.id),
        about: request.due_on,
    };
    inbox::send(tx, vec![outgoing]).await?;
    Ok(())
}

/// The event's kind.
const fn kind(act: Act) -> &'static str {
    match act {
        Act::Confirm => "request.confirmed",
        Act::AskSupplement => "request.supplement-asked",
        Act::Supplement => "request.supplemented",
        Act::NotSupplemented => "request.not-supplemented",
        Act::Accept => "request.accepted",
        Act::Consult => "request.consulted",
        Act::Reached => "request.letter-reached",
        Act::Opinion => "request.opinion",
        Act::OpinionExpired => "request.opinion-expired",
        Act::AskUnit => "request.unit-asked",
        Act::UnitAnswer => "request.unit-answered",
        Act::ProposeExtension => "request.extension-proposed",
        Act::ApproveExtension => "request.extended",
        Act::RefuseExtension => "request.extension-refused",
        Act::AskReasons => "request.reasons-asked",
        Act::GiveReasons => "request.reasons-given",
        Act::Defer => "request.deferred",
        Act::Charge => "request.charged",
        Act::Pay => "request.paid",
        Act::NotPaid => "request.not-paid",
        Act::Search => "request.searched",
        Act::Answer => "request.answered",
        Act::Decide => "request.decided",
        Act::Pass => "request.passed",
        Act::Return => "request.returned",
        Act::Sign => "request.signed",
        Act::Dispatch => "request.dispatched",
        Act::Deliver => "request.delivered",
        Act::Archive => "request.archived",
        Act::Withdraw => "request.withdrawn",
        Act::Transfer => "request.transferred",
        Act::Merge => "request.merged",
        Act::Split => "request.split",
        Act::Redo => "request.redone",
        Act::Note => "request.noted",
    }
}
