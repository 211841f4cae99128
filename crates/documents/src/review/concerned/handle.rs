//! Organs are asked, and asked again where the text or its files changed.

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

use super::{ASKED_MAX, Concerned, Hold, Matter, Stand, holding, store, usual_due, was_refused};
use crate::acts::AskConcerned;
use crate::document::handle::event;
use crate::document::publish::existing;
use crate::document::{self, Document, SUMMARY_CHARS_MAX, State};
use crate::id::{ConcernedId, DocumentId};

/// Organs of like names that are looked at for one name.
const LIKE_MAX: i64 = 200;
/// In the key of what is told.
const TAKEN_BACK: &str = "taken-back";

/// What an asker typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// The whole name, a short one or another one.
    pub organ: String,
    pub matter: Matter,
    /// What of the text concerns it; of an approval by which rule it is needed.
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
    let is_asked =
        |one: &Concerned| one.organ == organ.id && one.matter == asking.matter && one.is_live();
    if of_this_text().any(is_asked) {
        reasons.push((
            "concerned_organ",
            format!("这一稿已经向{}提出过{}。", organ.name, asking.matter.name()),
        ));
    }
    if of_this_text().count() >= ASKED_MAX {
        reasons.push((
            "concerned_organ",
            format!("一稿最多向{ASKED_MAX}个机关提出协商确认。"),
        ));
    }
    reasons.extend(text_fault(
        ("concerned_about", "涉及该机关的内容，或批准的依据"),
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
    let to = (organ.id, organ.name.as_str(), asking.matter);
    question(tx, permit.actor(), &document, to, (&asking.about, due_on)).await?;
    Ok(organ.name)
}

/// Keeps a question, tells the organ, and leaves its event.
async fn question(
    tx: &mut Tx,
    actor: &Actor,
    document: &Document,
    (organ, name, matter): (OrganId, &str, Matter),
    (about, due_on): (&str, Date),
) -> Result<(), StoreError> {
    let words = (about, due_on, actor.name());
    let id = store::insert(tx, document, (organ, name, matter), words).await?;
    let (owner, kind, until) = (&document.owner_name, document.kind.name(), day(due_on));
    let about = about.trim_end_matches('。');
    let (title, body) = match matter {
        Matter::Confirm => (
            format!("请协商确认：《{}》", document.title),
            format!(
                "{owner}拟发布的{kind}涉及本单位：{about}。请在{until}前答复内容是否准确一致。"
            ),
        ),
        Matter::Approval => (
            format!("请批准发布：《{}》", document.title),
            format!("{owner}拟发布的{kind}要经本单位批准：{about}。请在{until}前答复。"),
        ),
    };
    tell_organ(tx, (id, organ), ("asked", document.version), (title, body)).await?;
    let sentence = format!(
        "就《{}》向{name}提出{}：{about}，{until}前答复",
        document.title,
        matter.name()
    );
    tx.record(
        event(actor, document, "document.concern_asked", sentence)
            .data(json!({ "organ": organ.to_string() })),
    );
    Ok(())
}

/// Those who may answer for an organ hear of it.
pub(super) async fn tell_organ(
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
        let to = (organ.id, organ.name.as_str(), one.matter);
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
        // What it had said stays to be read until it answers again.
        if let Stand::Agreed | Stand::Differs = one.stand {
            one.words = format!("（更换附件以前答复“{}”）{}", one.said(), one.words);
        }
        one.stand = Stand::Asked;
        one.decided = None;
        store::update(tx, &one).await?;
        let title = format!(
            "附件已更换，请再次答复{}：《{}》",
            one.matter.name(),
            document.title
        );
        let body = format!(
            "{}更换了附件，以前的答复不再算数。请对照现在的附件再次答复。",
            document.owner_name
        );
        let of = (one.id, one.organ);
        tell_organ(tx, of, ("files", one.version), (title, body)).await?;
        let sentence = format!(
            "《{}》更换了附件，{}要再次答复{}",
            document.title,
            one.organ_name,
            one.matter.name()
        );
        tx.record(
            event(actor, document, "document.concern_asked", sentence)
                .data(json!({ "organ": one.organ.to_string() })),
        );
    }
    Ok(())
}

/// The question of a document's questions, as it was seen.
pub(super) fn one_of(
    all: Vec<Concerned>,
    (id, version): (ConcernedId, i64),
) -> Result<Concerned, NotDone> {
    let found = all.into_iter().find(|one| one.id == id);
    let one = found.ok_or(NotDone::NotFound)?;
    if one.version != version {
        return Err(StoreError::Stale.into());
    }
    Ok(one)
}

/// May a question of these be taken back? Not where its organ answered, nor where it did not agree to an earlier text: of that
/// only the principal decides.
#[must_use]
pub fn may_be_taken_back(all: &[Concerned], one: &Concerned) -> bool {
    one.is_unanswered() && !was_refused(all, one)
}

/// Takes a question back that was asked by mistake, before its organ answered.
///
/// # Errors
/// Not found; stale; refused without a reason, once the organ answered, and where it did not agree to an earlier text.
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
    let all = store::of(tx, document.id).await?;
    let mut one = one_of(all.clone(), seen)?;
    let field = ("why_taken_back", "不再征求的理由");
    let fault = text_fault(field, why, SUMMARY_CHARS_MAX, Wanted::Yes);
    let mut reasons: Vec<Reason> = fault.into_iter().collect();
    if !may_be_taken_back(&all, &one) {
        reasons.push((
            "taken_back",
            format!(
                "{}已经答复、对以前的稿次或附件答复过，或者已经有决定，不能再撤回。请等它答复，或由主要负责人决定。",
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
    let what = one.matter.name();
    let title = format!("不用再答复{what}：《{}》", document.title);
    let body = format!("{}撤回了{what}：{why}", document.owner_name);
    let of = (one.id, one.organ);
    tell_organ(tx, of, (TAKEN_BACK, one.version), (title, body)).await?;
    let sentence = format!(
        "《{}》不再向{}提出{what}：{why}",
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
