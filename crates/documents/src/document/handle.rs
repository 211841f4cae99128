//! Documents are begun and written; each save is an edition.

use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use serde_json::json;

use super::body::text_of;
use super::{BODY_CHARS_MAX, Document, Edition, Head, State, Visibility, openness, seal, store};
use crate::acts::WriteDocuments;
use crate::id::{DocumentId, EditionId};
use crate::kind::Kind;
use gongkai_platform::fault::{NotDone, refused};
use gongkai_platform::web::civil_day;

/// The noun in events, references and attachments.
pub const SUBJECT: &str = "document";

pub(crate) fn event(
    actor: &gongkai_basis::Actor,
    document: &Document,
    kind: &'static str,
    sentence: String,
) -> Event {
    Event::new(actor, kind, (SUBJECT, document.id.to_string()), sentence).organ(document.owner)
}

fn author(actor: &gongkai_basis::Actor) -> String {
    actor
        .account()
        .map_or_else(|| "system".to_owned(), |account| account.to_string())
}

/// The organs in whose name a unit may publish: itself, and its government for the government's own office.
///
/// # Errors
/// When the store fails.
pub async fn publishers(tx: &mut Tx, owner: OrganId) -> Result<Vec<(OrganId, String)>, StoreError> {
    let Some(own) = organ::store::load(tx, owner).await? else {
        return Ok(Vec::new());
    };
    let mut found = vec![(own.id, own.name.clone())];
    if own.kind == organ::Kind::Office
        && let Some(government) = organ::store::government_of(tx, owner).await?
        && let Some(government) = organ::store::load(tx, government).await?
    {
        found.insert(0, (government.id, government.name));
    }
    Ok(found)
}

fn why_not(head: &Head, html: &str) -> Result<String, NotDone> {
    let text = text_of(html);
    let mut reasons = head.why_not_save();
    if text.chars().count() > BODY_CHARS_MAX {
        reasons.push((
            "body",
            format!("正文最多{BODY_CHARS_MAX}字，请把附表作为附件上传。"),
        ));
    }
    refused(reasons)?;
    Ok(text)
}

/// Begins a document with its first edition.
///
/// # Errors
/// Not found for an organ out of reach; refused with all the reasons.
pub async fn begin(
    tx: &mut Tx,
    permit: &Permit<WriteDocuments>,
    (owner, organ, kind): (OrganId, OrganId, Kind),
    (head, html): (Head, String),
) -> Result<Document, NotDone> {
    let own = organ::store::load(tx, owner)
        .await?
        .ok_or(NotDone::NotFound)?;
    if !permit.scope().contains(owner, &own.path) {
        return Err(NotDone::NotFound);
    }
    let publishers = publishers(tx, owner).await?;
    let Some((_, organ_name)) = publishers.into_iter().find(|(id, _)| *id == organ) else {
        return Err(NotDone::Refused(vec![(
            "organ",
            "请选择本单位或本级政府作为发布机构。".to_owned(),
        )]));
    };
    let text = why_not(&head, &html)?;
    let sentence = format!("起草{}《{}》", kind.name(), head.title);
    let of = ((own.id, own.name), (organ, organ_name), kind);
    Ok(first(tx, permit.actor(), of, (head, html, text), sentence).await?)
}

/// The document of a unit, published in an organ's name, with its first edition.
pub(crate) async fn first(
    tx: &mut Tx,
    actor: &gongkai_basis::Actor,
    (own, organ, kind): ((OrganId, String), (OrganId, String), Kind),
    (head, html, text): (Head, String, String),
    sentence: String,
) -> Result<Document, StoreError> {
    let id = DocumentId::new(tx.fresh());
    let edition = Edition {
        id: EditionId::new(tx.fresh()),
        document: id,
        number: 1,
        hash: seal(&head, &html),
        head,
        html,
        text,
        author: author(actor),
        author_name: actor.name().to_owned(),
        created_at: tx.now().as_millisecond(),
    };
    let document = Document {
        id,
        owner: own.0,
        owner_name: own.1,
        organ: organ.0,
        organ_name: organ.1,
        kind,
        state: State::Draft,
        visibility: Visibility::Never,
        index_number: String::new(),
        edition: edition.id,
        published: None,
        published_at: None,
        publish_at: None,
        explanation: String::new(),
        explained_at: None,
        title: edition.head.title.clone(),
        number: edition.head.number.clone(),
        theme: edition.head.theme.clone(),
        issued_on: edition.head.issued_on,
        effective_on: edition.head.effective_on,
        expires_on: edition.head.expires_on,
        shown_until: edition.head.shown_until,
        limited: edition.head.limited,
        interprets: edition.head.interprets.clone(),
        review_on: openness::next_look(&edition.head, civil_day(tx.now())),
        discarded: None,
        version: 1,
    };
    store::insert(tx, &document, &edition).await?;
    tx.record(
        event(actor, &document, "document.begun", sentence)
            .data(json!({ "edition": edition.hash })),
    );
    Ok(document)
}

/// Saves the next edition. What is published stays as it is until the new one is approved and published, too.
///
/// # Errors
/// Not found; stale; refused while it is under review.
pub async fn write(
    tx: &mut Tx,
    permit: &Permit<WriteDocuments>,
    of: (DocumentId, i64),
    written: (Head, String),
) -> Result<Document, NotDone> {
    save(tx, permit, of, written, "").await
}

/// The same; the history says before it how the text came about.
///
/// # Errors
/// As [`write`].
pub(crate) async fn save(
    tx: &mut Tx,
    permit: &Permit<WriteDocuments>,
    (id, version): (DocumentId, i64),
    (head, html): (Head, String),
    how: &str,
) -> Result<Document, NotDone> {
    let mut document = store::load(tx, permit.scope(), id)
        .await?
        .ok_or(NotDone::NotFound)?;
    if document.version != version {
        return Err(StoreError::Stale.into());
    }
    let why = match document.state {
        State::Reviewing => Some("文件正在审核，不能修改。请先撤回送审，或等审核人退回。"),
        State::Discarded => Some("草稿已经作废，不能修改。要接着写，请先在文件页面取回。"),
        State::Draft | State::Approved | State::Settled => None,
    };
    if let Some(why) = why {
        return Err(NotDone::Refused(vec![("body", why.to_owned())]));
    }
    let text = why_not(&head, &html)?;
    let before = store::edition(tx, document.edition)
        .await?
        .ok_or(NotDone::NotFound)?;
    let hash = seal(&head, &html);
    // What came about in another way than by writing is an edition of its own, also where only its files change.
    if before.hash == hash && document.state == State::Draft && how.is_empty() {
        return Ok(document);
    }
    let edition = Edition {
        id: EditionId::new(tx.fresh()),
        document: id,
        number: before.number + 1,
        head,
        html,
        text,
        hash,
        author: author(permit.actor()),
        author_name: permit.actor().name().to_owned(),
        created_at: tx.now().as_millisecond(),
    };
    store::insert_edition(tx, &edition).await?;
    document.edition = edition.id;
    document.publish_at = None;
    document.state = State::Draft;
    document.review_on = openness::next_look(&edition.head, civil_day(tx.now()));
    let shown = document.published.is_none().then_some(&edition.head);
    store::update(tx, &document, shown).await?;
    let sentence = format!("{how}保存《{}》第{}稿", edition.head.title, edition.number);
    tx.record(
        event(permit.actor(), &document, "document.written", sentence)
            .data(json!({ "edition": edition.hash })),
    );
    document.version += 1;
    document.title = edition.head.title;
    Ok(document)
}
