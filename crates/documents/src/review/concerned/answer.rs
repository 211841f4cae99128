//! An organ answers, and where one does not agree the principal decides.

use gongkai_basis::Role;
use gongkai_platform::access::{Permit, Reach, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use gongkai_platform::inbox::{self, Outgoing, Topic};
use serde_json::json;

use super::handle::{may_be_asked, one_of, tell_organ};
use super::{Concerned, Decided, Stand, said, store};
use crate::acts::{AnswerConcerned, DecideConcerned};
use crate::document::handle::event;
use crate::document::{self, Document, SUMMARY_CHARS_MAX, State, Visibility};
use crate::id::{ConcernedId, DocumentId};

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

/// An office is the desk of its government, too: whoever asked for the one answers nothing in the name of the other.
async fn why_not_asker(
    tx: &mut Tx,
    permit: &Permit<AnswerConcerned>,
    one: &Concerned,
) -> Result<Option<Reason>, StoreError> {
    if one.asked_by != permit.actor().name() {
        return Ok(None);
    }
    // Another organ may have somebody of the same name.
    let own = document::store::load(tx, permit.scope(), one.document).await?;
    let said = "提出协商确认的人不能自己答复，请由其他人答复。";
    Ok(own.map(|_| ("answer", said.to_owned())))
}

/// An organ says whether what concerns it is right; it may say otherwise until the text is out. Gives the answer in words.
///
/// # Errors
/// Not found; stale; refused where nothing is asked any more, to the person who asked, for anything but 一致 and 不一致, and without
/// words where it does not agree.
pub async fn answer(
    tx: &mut Tx,
    permit: &Permit<AnswerConcerned>,
    (id, version): (ConcernedId, i64),
    (answered, words): (Option<Stand>, &str),
) -> Result<&'static str, NotDone> {
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
    reasons.extend(why_not_asker(tx, permit, &one).await?);
    let stand = answered.filter(|stand| matches!(stand, Stand::Agreed | Stand::Differs));
    if stand.is_none() {
        let [yes, no] = [Stand::Agreed, Stand::Differs].map(|stand| said(one.matter, stand));
        reasons.push(("answer", format!("请选择“{yes}”或者“{no}”。")));
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
    if one.stand == Stand::Agreed && stand == Stand::Differs {
        // Whoever lets it out at this moment counts on the answer before: to the second of both the document has changed.
        document::store::update(tx, &document, None).await?;
    }
    one.stand = stand;
    words.clone_into(&mut one.words);
    permit.actor().name().clone_into(&mut one.answered_by);
    one.answered_at = Some(tx.now().as_millisecond());
    store::update(tx, &one).await?;
    one.version += 1;
    tell_owner(tx, &document, &one).await?;
    let mut sentence = format!(
        "{}答复《{}》{}：{}",
        one.organ_name,
        document.title,
        one.matter.name(),
        one.said()
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
    Ok(one.said())
}

/// The principal of the unit decides that the text may go out although an organ did not agree.
///
/// # Errors
/// Not found; stale; refused without a reason, where the organ agreed, and for a text that is not the newest, is out or put aside.
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
    let mut one = one_of(store::of(tx, document.id).await?, seen)?;
    let field = ("why_decided", "决定发布的理由");
    let fault = text_fault(field, why, SUMMARY_CHARS_MAX, Wanted::Yes);
    let mut reasons: Vec<Reason> = fault.into_iter().collect();
    let may = may_be_asked(&document) && one.may_be_decided() && one.edition == document.edition;
    if !may {
        reasons.push((
            "decided",
            format!(
                "{}这一项不用决定或者不能决定，或者文稿已经改过、作废。不批准的，请改稿后重新送审。",
                one.organ_name
            ),
        ));
    }
    refused(reasons)?;
    one.decided = Some(Decided {
        why: why.to_owned(),
        by: permit.actor().name().to_owned(),
        at: tx.now().as_millisecond(),
    });
    store::update(tx, &one).await?;
    let what = one.matter.name();
    let title = format!("{what}已作决定：《{}》", document.title);
    let body = format!("{}{}：{why}", document.owner_name, one.decision());
    let of = (one.id, one.organ);
    tell_organ(tx, of, ("decided", one.version), (title, body)).await?;
    let sentence = format!(
        "{}《{}》，{}的{what}为“{}”：{why}",
        one.decision(),
        document.title,
        one.organ_name,
        one.said()
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
            title: format!(
                "{}答复“{}”：《{}》",
                one.matter.name(),
                one.said(),
                document.title
            ),
            body: if one.words.is_empty() {
                format!("{}没有附意见。", one.organ_name)
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
