//! A case begins: by its applicant over the net, or by an officer for somebody at the counter, on the phone, by post.

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::ClockEvent;
use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Role};
use gongkai_platform::access::{Permit, Reach};
use gongkai_platform::attachment::{self, New};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::{self, Outgoing, Topic};
use gongkai_platform::organ;
use serde_json::json;

use super::case::Case;
use super::receipt::Receipt;
use super::state::State;
use super::step::Doer;
use super::{Applicant, Channel, Kind, OwnTerm, Request, Wish, belated, store};
use crate::acts::TakeRequests;
use crate::cluster::gather;
use crate::id::{ConsultationId, FormToken, RequestId};
use crate::limit;
use crate::reach;
use gongkai_platform::fault::{NotDone, Reason, refused};

/// What attachments of a case stand beside: those of the applicant.
pub const SUBJECT: &str = "request";
/// Scans and drafts that stay inside.
pub const PAPERS: &str = "request-paper";
/// What goes out with the reply; the applicant may fetch it.
pub const REPLY: &str = "request-reply";

/// What the desk is told of a case that has just come in.
const NEW: &str = "收到新的申请";

/// What somebody hands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    pub token: FormToken,
    pub organ: OrganId,
    pub kind: Kind,
    pub channel: Channel,
    pub applicant: Applicant,
    pub wish: Wish,
    pub receipt: Receipt,
    /// Its number in an older system.
    pub other_number: String,
    /// Why it is registered only when its limit or its year is over; empty where it is not.
    pub late_why: String,
}

impl Form {
    /// Every reason why it cannot be taken.
    #[must_use]
    pub fn why_not(&self, today: Date) -> Vec<Reason> {
        let mut faults = self.applicant.why_not();
        faults.extend(self.wish.why_not(self.kind, &self.applicant));
        let days = self.receipt.days;
        let late = |day: Option<Date>| day.is_some_and(|day| day > today);
        for (field, name, day) in [
            ("submitted_on", "提交（寄出）日期", days.submitted_on),
            ("signed_on", "签收日期", days.signed_on),
            ("arrived_on", "收到信件的日期", days.arrived_on),
            ("confirmed_on", "确认日期", days.confirmed_on),
        ] {
            if late(day) {
                faults.push((field, format!("{name}还没有到，请核对。")));
            }
        }
        let before = |day: Option<Date>| day < days.submitted_on;
        if days.signed_on.is_some() && before(days.signed_on) {
            faults.push(("signed_on", "签收日期早于寄出日期，请核对。".to_owned()));
        }
        if days.arrived_on.is_some() && before(days.arrived_on) {
            faults.push((
                "arrived_on",
                "收到信件的日期早于寄出日期，请核对。".to_owned(),
            ));
        }
        if days.confirmed_on.is_some() && before(days.confirmed_on) {
            faults.push(("confirmed_on", "确认日期早于提交日期，请核对。".to_owned()));
        }
        if let Some((on, why)) = &self.receipt.set {
            if why.trim().is_empty() {
                let sentence = "改变按规则得出的收到日期，要写明理由。".to_owned();
                faults.push(("set_why", sentence));
            }
            if *on > today {
                faults.push(("set_on", "收到日期还没有到，请核对。".to_owned()));
            }
        }
        faults.extend(self.handing_in_fault());
        faults.extend(self.letter_fault());
        if self.channel == Channel::SignedPost && days.signed_on.is_none() {
            faults.push((
                "signed_on",
                "邮寄的，请填写签收日期（条例第31条）。".to_owned(),
            ));
        }
        faults
    }
}

impl Form {
    /// Why the day on which it was handed in or sent must be typed. A letter's may be unknown, for the postmark cannot be
    /// read, and decides nothing.
    ///
    /// Law: 条例 art. 31: 当面提交的，以提交之日为收到申请之日. Ours: a fax and an e-mail arrive on the day on which they are sent, from
    /// which the days without confirmation are counted.
    fn handing_in_fault(&self) -> Option<Reason> {
        if self.receipt.days.submitted_on.is_some() {
            return None;
        }
        let sentence = match self.channel {
            Channel::Counter | Channel::Oral => {
                "当面、口头提出的，请填写提交日期：这一天就是收到申请之日（条例第31条）。"
            }
            Channel::Fax | Channel::Email if self.receipt.set.is_none() => {
                "传真、电子邮件，请填写对方发出的日期：等待与申请人确认的日子从这一天算起。"
            }
            Channel::Fax
            | Channel::Email
            | Channel::Web
            | Channel::SignedPost
            | Channel::PlainPost => return None,
        };
        Some(("submitted_on", sentence.to_owned()))
    }

    /// What is wrong with the days of a plain letter; an older system kept none of them, and set the day of receipt.
    ///
    /// Law: 条例 art. 31: it is confirmed on the day on which it arrives.
    fn letter_fault(&self) -> Option<Reason> {
        let days = self.receipt.days;
        let is_plain = self.channel == Channel::PlainPost && self.receipt.set.is_none();
        match (days.arrived_on, days.confirmed_on) {
            (None, _) if is_plain => Some((
                "arrived_on",
                "平常信函，请填写收到信件的日期：应当在这一天与申请人确认（条例第31条）。"
                    .to_owned(),
            )),
            (Some(arrived), Some(confirmed)) if is_plain && confirmed < arrived => Some((
                "confirmed_on",
                "确认日期早于收到信件的日期，请核对。".to_owned(),
            )),
            _ => None,
        }
    }
}

/// Hands in an application over the net. The same form handed in twice is one case; `true`: it was there already.
///
/// # Errors
/// Refused with all the reasons; not found for an organ that takes none.
pub async fn submit(
    tx: &mut Tx,
    form: Form,
    files: Vec<New>,
    (today, calendar): (Date, &WorkCalendar),
) -> Result<(Case, bool), NotDone> {
    if let Some(there) = store::by_token(tx, form.token).await? {
        return Ok((there, true));
    }
    let addressee = store::list::addressee_with(tx, form.organ, form.kind).await?;
    let (organ_name, proof) = addressee.ok_or(NotDone::NotFound)?;
    let mut faults = form.why_not(today);
    faults.extend(proof.fault(form.kind, !files.is_empty()));
    refused(faults)?;
    let by = (Doer::applicant(&form.applicant.name).name, &Actor::System);
    let to = (form, organ_name, Vec::new());
    let case = begin(tx, to, files, by, (today, calendar)).await?;
    tell_desk(tx, &case, NEW).await?;
    Ok((case, false))
}

/// An officer takes in what came over the counter, by word of mouth, by post, fax or e-mail.
///
/// # Errors
/// Refused with all the reasons; not found for an organ whose cases the person does not handle.
pub async fn take(
    tx: &mut Tx,
    permit: &Permit<TakeRequests>,
    form: Form,
    files: Vec<New>,
    when: (Date, &WorkCalendar),
) -> Result<(Case, bool), NotDone> {
    let (case, there) = take_with(tx, permit, (form, Vec::new()), files, when).await?;
    if !there {
        tell_desk(tx, &case, NEW).await?;
    }
    Ok((case, there))
}

/// As [`take`], with what happened to the clock elsewhere; the desk is told by who takes many.
pub(super) async fn take_with(
    tx: &mut Tx,
    permit: &Permit<TakeRequests>,
    (form, before): (Form, Vec<ClockEvent>),
    files: Vec<New>,
    when: (Date, &WorkCalendar),
) -> Result<(Case, bool), NotDone> {
    if let Some(there) = store::by_token(tx, form.token).await? {
        return Ok((there, true));
    }
    let scope = reach::handled(tx, permit.roles()).await?;
    let is_system = matches!(permit.actor(), Actor::System);
    let organ = organ::store::load(tx, form.organ)
        .await?
        .filter(|organ| is_system || scope.contains(organ.id, &organ.path))
        .ok_or(NotDone::NotFound)?;
    let by = (permit.actor().name().to_owned(), permit.actor());
    let case = begin(tx, (form, organ.name, before), files, by, when).await?;
    Ok((case, false))
}

async fn begin(
    tx: &mut Tx,
    (form, organ_name, before): (Form, String, Vec<ClockEvent>),
    files: Vec<New>,
    (by, actor): (String, &Actor),
    (today, calendar): (Date, &WorkCalendar),
) -> Result<Case, NotDone> {
    let mut faults = form.why_not(today);
    let received_on = form.receipt.received_on(form.channel);
    let own_term = if form.kind.is_timed_by_law() {
        OwnTerm::default()
    } else {
        let set = limit::store::in_force(tx, form.organ).await?;
        set.limit.term(form.kind)
    };
    let request = Request {
        id: RequestId::new(tx.fresh()),
        organ: form.organ,
        submitted_to: organ_name.clone(),
        organ_name,
        number: String::new(),
        other_number: form.other_number,
        kind: form.kind,
        channel: form.channel,
        state: if received_on.is_some() {
            State::Registered
        } else {
            State::Submitted
        },
        applicant: form.applicant,
        wish: form.wish,
        receipt: form.receipt,
        received_on,
        due_on: None,
        handler: None,
        decision: None,
        replied_on: None,
        closed_on: None,
        kept: super::Kept::default(),
        version: 1,
        submitted_at: tx.now().as_millisecond(),
        own_term,
    };
    let mut case = Case::begin(request, (by, actor.account()), today);
    if let Some(first) = case.entries.first_mut() {
        first.clock.extend(before);
    }
    case.request.due_on = case.due_on(calendar);
    faults.extend(belated::fault(&case, &form.late_why, today));
    refused(faults)?;
    belated::tell(&mut case, &form.late_why);
    case.request.number = store::next_number(tx, today.year()).await?;
    store::insert(tx, &case, form.token).await?;
    let subject = case.request.id.to_string();
    attachment::attach(tx, actor, (SUBJECT, &subject), case.request.organ, files).await?;
    record(
        tx,
        actor,
        &case,
        "request.begun",
        format!("收到{}{}", case.request.kind.name(), case.request.number),
    );
    gather::ask(tx).await?;
    Ok(case)
}

/// Part of a case becomes one of its own; gives its number.
///
/// # Errors
/// Refused without a subject.
pub(crate) async fn split_off(
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    subject: &str,
    (today, calendar): (Date, &WorkCalendar),
) -> Result<String, NotDone> {
    let mut request = case.request.clone();
    request.id = RequestId::new(tx.fresh());
    request.number = store::next_number(tx, today.year()).await?;
    request.other_number.clone_from(&case.request.number);
    request.state = State::Registered;
    request.wish.subject = subject.to_owned();
    request.wish.description = String::new();
    request.handler = None;
    request.version = 1;
    let by = (actor.name().to_owned(), actor.account());
    let mut part = case.split(request, by, today);
    part.request.due_on = part.due_on(calendar);
    for letter in &mut part.consultations {
        letter.id = ConsultationId::new(tx.fresh());
    }
    let token = FormToken::new(tx.fresh());
    store::insert(tx, &part, token).await?;
    let sentence = format!("从{}拆出{}", case.request.number, part.request.number);
    record(tx, actor, &part, "request.begun", sentence);
    Ok(part.request.number)
}

/// An event of the audit chain. The applicant's words stay out of it: a chain forgets nothing, and people may have a right to it.
pub(crate) fn record(
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    kind: &'static str,
    sentence: String,
) {
    let request = &case.request;
    let data = json!({
        "number": request.number,
        "state": request.state.code(),
        "received_on": request.received_on,
        "due_on": request.due_on,
    });
    let subject = (SUBJECT, request.id.to_string());
    tx.record(
        Event::new(actor, kind, subject, sentence)
            .organ(request.organ)
            .data(data),
    );
}

/// The organ at whose desk a case lies: a merged organ's is its heir's, a government's its general office's.
pub(crate) async fn desk_of(tx: &mut Tx, organ: OrganId) -> Result<OrganId, StoreError> {
    let heir = organ::store::heir_of(tx, organ).await?;
    Ok(organ::store::office_of(tx, heir).await?.unwrap_or(heir))
}

/// Tells those who handle the organ's cases.
pub(crate) async fn tell_desk(tx: &mut Tx, case: &Case, what: &str) -> Result<(), StoreError> {
    let organ = desk_of(tx, case.request.organ).await?;
    let roles = &[Role::RequestOfficer, Role::OfficeClerk];
    inbox::send(tx, vec![outgoing(case, (organ, roles), what)]).await?;
    Ok(())
}

/// The message of what happened last to a case.
pub(crate) fn outgoing(
    case: &Case,
    (organ, roles): (OrganId, &'static [Role]),
    what: &str,
) -> Outgoing {
    let request = &case.request;
    Outgoing {
        organ,
        roles,
        reach: Reach::Own,
        topic: Topic::Request,
        key: format!("request:{}:{}", request.id, case.entries.len()),
        title: format!("{what}：{}", request.number),
        body: format!("{}　{}", request.organ_name, request.wish.short()),
        path: format!("/workspace/requests/{}", request.id),
        about: request.due_on,
    }
}
