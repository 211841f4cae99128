//! Organs are asked, answer, and where one does not agree the principal decides.

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date, Role};
use gongkai_platform::access::{Permit, Reach, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use gongkai_platform::inbox::{self, Outgoing, Topic};
use gongkai_platform::organ::{self, Filter, Organ, Status};
use gongkai_platform::web::day;
use serde_json::json;

use super::{ASKED_MAX, Concerned, Decided, Hold, Stand, holding, store, usual_due};
use crate::acts::{AnswerConcerned, AskConcerned, DecideConcerned};
use crate::document::handle::event;
use crate::document::publish::existing;
use crate::document::{self, Document, SUMMARY_CHARS_MAX, State, Visibility};
use crate::id::{ConcernedId, DocumentId};

/// Organs of like names that are looked at for one name.
const LIKE_MAX: i64 = 200;
/// In the key of what is told.
const TAKEN_BACK: &str = "taken-back";

/// What an asker typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asking {
    /// The whole name, a short one or another one.
    pub organ: String,
    /// What of the text concerns it.
    pub about: String,
    pub due_on: Option<Date>,
}

/// May organs be asked about the newest text?
#[must_use]
pub fn may_be_asked(document: &Document) -> bool {
    let is_worked_on = match document.state {
        State::Draft | State::Reviewing | State::Approved => true,
        State::Discarded | State::Settled => false,
    };
    is_worked_on && document.published != Some(document.edition)
}

/// The organ that this name means: one in use; of several the one in the government of the asker.
async fn named(
    tx: &mut Tx,
    owner: OrganId,
    name: &str,
) -> Result<Result<Organ, Reason>, StoreError> {
    let refusal = |said: String| Ok(Err(("concerned_organ", said)));
    if name.is_empty() {
        return refusal("请填写涉及的机关。".to_owned());
    }
    let filter = Filter {
        text: name.to_owned(),
        status: Some(Status::Active),
        ..Filter::default()
    };
    let (mut found, _) = organ::store::search(tx, &Scope::Everything, &filter, 0, LIKE_MAX).await?;
    found.retain(|one| {
        one.name == name
            || one.short_name.as_deref() == Some(name)
            || one.aliases.iter().any(|alias| alias.text == name)
    });
    if found.len() > 1 {
        let home = organ::store::government_of(tx, owner).await?;
        let mut near = found.clone();
        near.retain(|one| one.parent == home || Some(one.id) == home);
        if !near.is_empty() {
            found = near;
        }
    }
    if found.len() > 1 {
        return refusal(format!("叫“{name}”的机关有{}个，请填写全称。", found.len()));
    }
    match found.pop() {
        Some(one) => Ok(Ok(one)),
        None => refusal(format!(
            "机构名录里没有“{name}”，请从列表中选择，或者填写全称。"
        )),
    }
}

fn why_not_ask(
    document: &Document,
    organ: &Organ,
    asking: &Asking,
    (asked, today): (&[Concerned], Date),
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if !may_be_asked(document) {
        reasons.push((
            "state",
            format!(
                "这一稿现在“{}，{}”，不能再提出协商确认。要改的请先写更正稿。",
                document.state.name(),
                document.visibility.name()
            ),
        ));
    }
    if organ.id == document.owner || organ.id == document.organ {
        reasons.push((
            "concerned_organ",
            format!("{}就是承办单位或发布机构，不用征求。", organ.name),
        ));
    }
    let edition = document.edition;
    let of_this_text = || asked.iter().filter(move |one| one.edition == edition);
    if of_this_text().any(|one| one.organ == organ.id && one.is_live()) {
        reasons.push((
            "concerned_organ",
            format!("这一稿已经向{}提出过协商确认。", organ.name),
        ));
    }
    if of_this_text().count() >= ASKED_MAX {
        reasons.push((
            "concerned_organ",
            format!("一稿最多向{ASKED_MAX}个机关提出协商确认。"),
        ));
    }
    reasons.extend(text_fault(
        ("concerned_about", "涉及该机关的内容"),
        &asking.about,
        SUMMARY_CHARS_MAX,
        Wanted::Yes,
    ));
    if asking.due_on.is_none_or(|due_on| due_on < today) {
        reasons.push((
            "concerned_due",
            "请填写答复的期限，不能早于今天。例：2026-12-08。".to_owned(),
        ));
    }
    reasons
}

/// Asks an organ about the newest text; gives its name. Whoever is about to publish sees the document changed.
///
/// # Errors
/// Not found; stale; refused where the text is out or put aside, for an organ that is unknown, the asker's own or asked
/// already, and without words and a day.
pub async fn ask(
    tx: &mut Tx,
    permit: &Permit<AskConcerned>,
    of: (DocumentId, i64),
    asking: &Asking,
    today: Date,
) -> Result<String, NotDone> {
    let document = existing(tx, permit, of).await?;
    let organ = match named(tx, document.owner, &asking.organ).await? {
        Ok(organ) => organ,
        Err(reason) => return Err(NotDone::Refused(vec![reason])),
    };
    let asked = store::of(tx, document.id).await?;
    refused(why_not_ask(&document, &organ, asking, (&asked, today)))?;
    let due_on = asking.due_on.unwrap_or(today);
    document::store::update(tx, &document, None).await?;
    let to = (organ.id, organ.name.as_str());
    question(tx, permit.actor(), &document, to, (&asking.about, due_on)).await?;
    Ok(organ.name)
}

/// Keeps a question, tells the organ, and leaves its event.
async fn question(
    tx: &mut Tx,
    actor: &Actor,
    document: &Document,
    (organ, name): (OrganId, &str),
    (about, due_on): (&str, Date),
) -> Result<(), StoreError> {
    let said = (about, due_on, actor.name());
    let id = store::insert(tx, document, (organ, name), said).await?;
    let title = format!("请协商确认：《{}》", document.title);
    let body = format!(
        "{}拟发布的{}涉及本单位：{about}。请在{}前答复内容是否准确一致。",
        document.owner_name,
        document.kind.name(),
        day(due_on)
    );
    tell_organ(tx, (id, organ), ("asked", document.version), (title, body)).await?;
    let sentence = format!(
        "就《{}》向{name}提出协商确认：{about}，{}前答复",
        document.title,
        day(due_on)
    );
    tx.record(
        event(actor, document, "document.concern_asked", sentence)
            .data(json!({ "organ": organ.to_string() })),
    );
    Ok(())
}

/// Those who may answer for an organ hear of it.
async fn tell_organ(
    tx: &mut Tx,
    (id, organ): (ConcernedId, OrganId),
    (what, version): (&str, i64),
    (title, body): (String, String),
) -> Result<(), StoreError> {
    // A text that was asked about by mistake is closed to it again.
    let path = if what == TAKEN_BACK {
        "/workspace/concerned?which=all".to_owned()
    } else {
        format!("/workspace/concerned/{id}")
    };
    let message = |roles: &'static [Role], reach: Reach| Outgoing {
        organ,
        roles,
        reach,
        topic: Topic::House,
        key: format!("concerned:{id}:{what}:{version}"),
        title: title.clone(),
        body: body.clone(),
        path: path.clone(),
        about: None,
    };
    let all = vec![
        message(&[Role::Liaison, Role::UnitHead], Reach::Own),
        message(&[Role::OfficeClerk, Role::OfficeHead], Reach::Government),
    ];
    inbox::send(tx, all).await?;
    Ok(())
}

/// Those who work on the document hear what an organ said.
async fn tell_owner(tx: &mut Tx, document: &Document, one: &Concerned) -> Result<(), StoreError> {
    let roles: &'static [Role] = match one.stand {
        Stand::Differs => &[
            Role::Author,
            Role::OfficeClerk,
            Role::Liaison,
            Role::OfficeHead,
            Role::UnitHead,
        ],
        Stand::Asked | Stand::Agreed | Stand::TakenBack | Stand::Lapsed => {
            &[Role::Author, Role::OfficeClerk, Role::Liaison]
        }
    };
    inbox::send(
        tx,
        vec![Outgoing {
            organ: document.owner,
            roles,
            reach: Reach::Own,
            topic: Topic::House,
            key: format!("concerned:{}:answered:{}", one.id, one.version),
            title: format!("协商确认答复“{}”：《{}》", one.stand.name(), document.title),
            body: if one.words.is_empty() {
                format!("{}确认内容准确一致。", one.organ_name)
            } else {
                format!("{}：{}", one.organ_name, one.words)
            },
            path: format!("/workspace/documents/{}#concerned", document.id),
            about: None,
        }],
    )
    .await?;
    Ok(())
}

/// Asks anew, when a text goes to review, the organs that were asked about an earlier one.
///
/// # Errors
/// When the store fails.
pub(in crate::review) async fn ask_anew(
    tx: &mut Tx,
    actor: &Actor,
    document: &Document,
    (calendar, today): (&WorkCalendar, Date),
) -> Result<(), StoreError> {
    let asked = store::of(tx, document.id).await?;
    store::lapse(tx, document).await?;
    let due_on = usual_due(calendar, today);
    for (one, hold) in holding(&asked, document.edition) {
        if hold != Hold::Anew {
            continue;
        }
        let id = organ::store::heir_of(tx, one.organ).await?;
        let Some(organ) = organ::store::load(tx, id).await? else {
            continue;
        };
        let to = (organ.id, organ.name.as_str());
        question(tx, actor, document, to, (&one.about, due_on)).await?;
    }
    Ok(())
}

/// Other files lie beside the same text: what was answered of them before counts no more, and each organ is told.
///
/// # Errors
/// When the store fails.
pub(crate) async fn files_changed(
    tx: &mut Tx,
    actor: &Actor,
    document: &Document,
) -> Result<(), StoreError> {
    for mut one in store::of(tx, document.id).await? {
        if one.edition != document.edition || !one.is_live() || one.waits() {
            continue;
        }
        one.stand = Stand::Asked;
        one.words.clear();
        one.answered_by.clear();
        one.answered_at = None;
        one.decided = None;
        store::update(tx, &one).await?;
        let title = format!("附件已更换，请再次协商确认：《{}》", document.title);
        let body = format!(
            "{}更换了附件，以前的答复不再算数。请对照现在的附件再次答复。",
            document.owner_name
        );
        let of = (one.id, one.organ);
        tell_organ(tx, of, ("files", one.version), (title, body)).await?;
        let sentence = format!(
            "《{}》更换了附件，{}要再次协商确认",
            document.title, one.organ_name
        );
        tx.record(
            event(actor, document, "document.concern_asked", sentence)
                .data(json!({ "organ": one.organ.to_string() })),
        );
    }
    Ok(())
}

/// The question of a document, as it was seen.
async fn one_of(
    tx: &mut Tx,
    document: DocumentId,
    (id, version): (ConcernedId, i64),
) -> Result<Concerned, NotDone> {
    let all = store::of(tx, document).await?;
    let found = all.into_iter().find(|one| one.id == id);
    let one = found.ok_or(NotDone::NotFound)?;
    if one.version != version {
        return Err(StoreError::Stale.into());
    }
    Ok(one)
}

/// Takes a question back that was asked by mistake, before its organ answered.
///
/// # Errors
/// Not found; stale; refused without a reason, or once the organ answered.
pub async fn take_back(
    tx: &mut Tx,
    permit: &Permit<AskConcerned>,
    document: DocumentId,
    seen: (ConcernedId, i64),
    why: &str,
) -> Result<(), NotDone> {
    let document = document::store::load(tx, permit.scope(), document)
        .await?
        .ok_or(NotDone::NotFound)?;
    let mut one = one_of(tx, document.id, seen).await?;
    let field = ("why_taken_back", "不再征求的理由");
    let fault = text_fault(field, why, SUMMARY_CHARS_MAX, Wanted::Yes);
    let mut reasons: Vec<Reason> = fault.into_iter().collect();
    if !one.waits() {
        reasons.push((
            "taken_back",
            format!(
                "{}已经答复或者已经有决定，不能再撤回。意见不一致的，请改稿，或由主要负责人决定。",
                one.organ_name
            ),
        ));
    }
    refused(reasons)?;
    one.stand = Stand::TakenBack;
    why.clone_into(&mut one.words);
    permit.actor().name().clone_into(&mut one.answered_by);
    one.answered_at = Some(tx.now().as_millisecond());
    store::update(tx, &one).await?;
    let title = format!("不用再协商确认：《{}》", document.title);
    let body = format!("{}撤回了协商确认：{why}", document.owner_name);
    let of = (one.id, one.organ);
    tell_organ(tx, of, (TAKEN_BACK, one.version), (title, body)).await?;
    let sentence = format!(
        "《{}》不再向{}征求协商确认：{why}",
        document.title, one.organ_name
    );
    tx.record(event(
        permit.actor(),
        &document,
        "document.concern_taken_back",
        sentence,
    ));
    Ok(())
}

/// What keeps an organ from answering; `None` where it may say something about the text that it was asked about.
#[must_use]
pub fn why_not_answer(document: &Document, one: &Concerned) -> Option<String> {
    let said = match one.stand {
        Stand::TakenBack => "承办单位已经撤回，不用再答复。".to_owned(),
        Stand::Lapsed => "文稿已经改过，这一稿不用再答复。".to_owned(),
        Stand::Asked | Stand::Agreed | Stand::Differs if one.edition != document.edition => {
            format!(
                "文稿已经改为新的一稿，第{}稿不用再答复；新的一稿送审时会再来征求。",
                one.edition_number
            )
        }
        Stand::Asked | Stand::Agreed | Stand::Differs if one.decided.is_some() => {
            "承办单位主要负责人已经作出决定，不用再答复。".to_owned()
        }
        Stand::Asked | Stand::Agreed | Stand::Differs => {
            let is_out =
                document.published == Some(one.edition) && document.visibility != Visibility::Never;
            if is_out {
                "这一稿已经发布。内容有误的，请与承办单位联系更正。".to_owned()
            } else if document.state == State::Discarded {
                "这份草稿已经作废，不用再答复。".to_owned()
            } else {
                return None;
            }
        }
    };
    Some(said)
}

/// An organ says whether what concerns it is right; it may say otherwise until the text is out.
///
/// # Errors
/// Not found; stale; refused where nothing is asked any more, for anything but 一致 and 不一致, and without words where it does
/// not agree.
pub async fn answer(
    tx: &mut Tx,
    permit: &Permit<AnswerConcerned>,
    (id, version): (ConcernedId, i64),
    (said, words): (Option<Stand>, &str),
) -> Result<Stand, NotDone> {
    let mut one = store::load(tx, permit.scope(), id)
        .await?
        .ok_or(NotDone::NotFound)?;
    if one.version != version {
        return Err(StoreError::Stale.into());
    }
    let document = document::store::load(tx, &Scope::Everything, one.document)
        .await?
        .ok_or(NotDone::NotFound)?;
    let mut reasons: Vec<Reason> = Vec::new();
    reasons.extend(why_not_answer(&document, &one).map(|why| ("answer", why)));
    let stand = said.filter(|stand| matches!(stand, Stand::Agreed | Stand::Differs));
    if stand.is_none() {
        reasons.push(("answer", "请选择“一致”或者“不一致”。".to_owned()));
    }
    let wanted = if stand == Some(Stand::Agreed) {
        Wanted::No
    } else {
        Wanted::Yes
    };
    let field = ("words", "意见");
    reasons.extend(text_fault(field, words, SUMMARY_CHARS_MAX, wanted));
    refused(reasons)?;
    let stand = stand.unwrap_or(Stand::Differs);
    one.stand = stand;
    words.clone_into(&mut one.words);
    permit.actor().name().clone_into(&mut one.answered_by);
    one.answered_at = Some(tx.now().as_millisecond());
    store::update(tx, &one).await?;
    one.version += 1;
    tell_owner(tx, &document, &one).await?;
    let mut sentence = format!(
        "{}答复《{}》协商确认：{}",
        one.organ_name,
        document.title,
        stand.name()
    );
    if !words.is_empty() {
        sentence.push_str(&format!("，{}", words.replace('\n', " ")));
    }
    let told = event(
        permit.actor(),
        &document,
        "document.concern_answered",
        sentence,
    );
    tx.record(told.data(json!({ "organ": one.organ.to_string(), "answer": stand.code() })));
    Ok(stand)
}

/// The principal of the unit decides that the text may go out although an organ did not agree.
///
/// # Errors
/// Not found; stale; refused without a reason, where the organ agreed, and for a text that is not the newest.
pub async fn decide(
    tx: &mut Tx,
    permit: &Permit<DecideConcerned>,
    document: DocumentId,
    seen: (ConcernedId, i64),
    why: &str,
) -> Result<(), NotDone> {
    let document = document::store::load(tx, permit.scope(), document)
        .await?
        .ok_or(NotDone::NotFound)?;
    let mut one = one_of(tx, document.id, seen).await?;
    let field = ("why_decided", "决定发布的理由");
    let fault = text_fault(field, why, SUMMARY_CHARS_MAX, Wanted::Yes);
    let mut reasons: Vec<Reason> = fault.into_iter().collect();
    if !one.may_be_decided() || one.edition != document.edition {
        reasons.push((
            "decided",
            format!("{}这一项不用决定，或者文稿已经改过。", one.organ_name),
        ));
    }
    refused(reasons)?;
    one.decided = Some(Decided {
        why: why.to_owned(),
        by: permit.actor().name().to_owned(),
        at: tx.now().as_millisecond(),
    });
    store::update(tx, &one).await?;
    let title = format!("协商确认已作决定：《{}》", document.title);
    let body = format!("{}决定按现稿发布：{why}", document.owner_name);
    let of = (one.id, one.organ);
    tell_organ(tx, of, ("decided", one.version), (title, body)).await?;
    let sentence = format!(
        "决定按现稿发布《{}》，{}的协商确认为“{}”：{why}",
        document.title,
        one.organ_name,
        one.stand.name()
    );
    let told = event(
        permit.actor(),
        &document,
        "document.concern_decided",
        sentence,
    );
    tx.record(told.data(json!({ "organ": one.organ.to_string(), "answer": one.stand.code() })));
    Ok(())
}
