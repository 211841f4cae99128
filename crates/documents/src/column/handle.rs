//! Columns are opened, changed and closed; documents are put into them and taken out.

use gongkai_basis::Date;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Wanted, refused, text_fault};
use gongkai_platform::organ;
use gongkai_platform::organ::reach::{Reach, store as reach};
use serde_json::json;

use super::{ABOUT_CHARS_MAX, Column, Renamed, Spec, check, renamed, store};
use crate::acts::{FillColumns, KeepColumns};
use crate::document::handle::event as of_document;
use crate::document::{Document, store as documents};
use crate::id::{ColumnId, DocumentId};
use crate::review::demand;

/// The noun in events and references.
pub const SUBJECT: &str = "column";

pub(super) fn event(
    permit_actor: &gongkai_basis::Actor,
    column: &Column,
    kind: &'static str,
    sentence: String,
) -> Event {
    Event::new(
        permit_actor,
        kind,
        (SUBJECT, column.id.to_string()),
        sentence,
    )
    .organ(column.spec.organ)
}

/// The name of the keeper, and no other column at the address.
async fn checked(
    tx: &mut Tx,
    within: &Reach,
    spec: &Spec,
    own: Option<ColumnId>,
) -> Result<String, NotDone> {
    let mut reasons = spec.why_not();
    let name = reach::unit(tx, within, spec.organ).await?;
    if name.is_none() {
        reasons.push(("organ", "请选择本级政府的一个单位。".to_owned()));
    }
    if let Some((other, _)) = store::by_slug(tx, &spec.slug).await?
        && Some(other.id) != own
    {
        reasons.push((
            "slug",
            format!(
                "网址名“{}”已用于“{}”专栏，请换一个。",
                spec.slug, other.spec.name
            ),
        ));
    }
    refused(reasons)?;
    name.ok_or(NotDone::NotFound)
}

/// # Errors
/// Refused with all the reasons.
pub async fn open(
    tx: &mut Tx,
    permit: &Permit<KeepColumns>,
    spec: Spec,
    today: Date,
) -> Result<Column, NotDone> {
    let within = Reach::of_permit(tx, permit).await?;
    let organ_name = checked(tx, &within, &spec, None).await?;
    let column = Column {
        id: ColumnId::new(tx.fresh()),
        spec,
        organ_name,
        opened_on: today,
        closed_why: None,
        version: 1,
    };
    store::insert(tx, &column).await?;
    let sentence = format!(
        "开设“{}”专栏，由{}维护",
        column.spec.name, column.organ_name
    );
    tx.record(event(permit.actor(), &column, "column.opened", sentence));
    Ok(column)
}

async fn existing(
    tx: &mut Tx,
    permit: &Permit<KeepColumns>,
    (id, version): (ColumnId, i64),
) -> Result<(Reach, Column), NotDone> {
    let within = Reach::of_permit(tx, permit).await?;
    let (column, _) = store::load(tx, &within, id)
        .await?
        .ok_or(NotDone::NotFound)?;
    if column.version != version {
        return Err(StoreError::Stale.into());
    }
    Ok((within, column))
}

/// Findings of a keeper who gives the column up are closed, and the new keeper's column is looked at at once.
///
/// # Errors
/// Not found; stale; refused with all the reasons.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit<KeepColumns>,
    of: (ColumnId, i64),
    (spec, elements): (Spec, Renamed),
    today: Date,
) -> Result<(), NotDone> {
    let (within, mut column) = existing(tx, permit, of).await?;
    let organ_name = checked(tx, &within, &spec, Some(column.id)).await?;
    let (old_name, old) = (
        std::mem::replace(&mut column.organ_name, organ_name),
        std::mem::replace(&mut column.spec, spec),
    );
    store::update(tx, &column).await?;
    let mut sentence = format!("修改“{}”专栏的设置", column.spec.name);
    if elements == Renamed::Follow {
        let pairs = renamed(&old.elements, &column.spec.elements);
        for (from, to) in &pairs {
            sentence.push_str(&format!("，“{from}”改为“{to}”，已归入的文件随之"));
        }
        store::rename_elements(tx, column.id, &pairs).await?;
    }
    if old.organ != column.spec.organ {
        sentence.push_str(&format!("，维护单位由{old_name}改为{}", column.organ_name));
        let why = format!("专栏改由{}维护", column.organ_name);
        check::give_up(tx, permit.actor(), (old.organ, column.id), (today, &why)).await?;
    }
    tx.record(event(permit.actor(), &column, "column.changed", sentence));
    if old.organ != column.spec.organ {
        check::look(tx, permit.actor(), column.spec.organ, today).await?;
    }
    Ok(())
}

/// Closes a column with a word to the public; an empty word opens it again.
///
/// # Errors
/// Not found; stale; refused when the word is too long, or it stands so already.
pub async fn close(
    tx: &mut Tx,
    permit: &Permit<KeepColumns>,
    of: (ColumnId, i64),
    why: Option<&str>,
) -> Result<(), NotDone> {
    let (_, mut column) = existing(tx, permit, of).await?;
    let mut reasons = Vec::new();
    match why {
        Some(why) => {
            reasons.extend(text_fault(
                ("why", "关闭说明"),
                why,
                ABOUT_CHARS_MAX,
                Wanted::Yes,
            ));
            if column.closed_why.is_some() {
                reasons.push(("why", "专栏已经关闭。".to_owned()));
            }
        }
        None if column.closed_why.is_none() => {
            reasons.push(("why", "专栏没有关闭，不用恢复。".to_owned()));
        }
        None => {}
    }
    refused(reasons)?;
    column.closed_why = why.map(str::to_owned);
    store::update(tx, &column).await?;
    let (kind, sentence) = match why {
        Some(why) => (
            "column.closed",
            format!("关闭“{}”专栏：{why}", column.spec.name),
        ),
        None => ("column.reopened", format!("恢复“{}”专栏", column.spec.name)),
    };
    tx.record(event(permit.actor(), &column, kind, sentence));
    Ok(())
}

/// The columns that a document may stand in: the open ones of its government's units; none for 特定范围公示.
///
/// # Errors
/// When the store fails.
pub async fn choices(tx: &mut Tx, document: &Document) -> Result<Vec<Column>, StoreError> {
    if document.limited {
        return Ok(Vec::new());
    }
    let government = organ::store::government_of(tx, document.owner).await?;
    let within = Reach {
        bases: vec![government.unwrap_or(document.owner)],
        scope: gongkai_platform::access::Scope::nothing(),
    };
    let found = store::list(tx, &within).await?;
    Ok(found
        .into_iter()
        .map(|(column, _)| column)
        .filter(|column| column.closed_why.is_none())
        .collect())
}

/// Puts a document into a column, as one of its elements or as something else. No edition changes by it.
///
/// # Errors
/// Not found for a document out of reach; refused for a column of another government, or an element that it does not have.
pub async fn put(
    tx: &mut Tx,
    permit: &Permit<FillColumns>,
    document: DocumentId,
    (column, element): (ColumnId, &str),
) -> Result<(), NotDone> {
    let document = documents::load(tx, permit.scope(), document)
        .await?
        .ok_or(NotDone::NotFound)?;
    let choices = choices(tx, &document).await?;
    let Some(column) = choices.into_iter().find(|one| one.id == column) else {
        return Err(NotDone::Refused(vec![(
            "place",
            "请选择本级政府开设着的一个专栏。".to_owned(),
        )]));
    };
    if !element.is_empty() && !column.spec.elements.iter().any(|one| one == element) {
        return Err(NotDone::Refused(vec![(
            "place",
            format!("“{}”专栏没有“{element}”这一要素。", column.spec.name),
        )]));
    }
    refused(demand::why_not_put(tx, &document, (column.id, &column.spec.name)).await?)?;
    store::put(
        tx,
        (column.id, document.id),
        (element, permit.actor().name()),
    )
    .await?;
    let part = if element.is_empty() {
        String::new()
    } else {
        format!("的“{element}”")
    };
    let sentence = format!(
        "把《{}》归入“{}”专栏{part}",
        document.title, column.spec.name
    );
    tx.record(
        of_document(permit.actor(), &document, "document.column-put", sentence)
            .data(json!({ "column": column.id.to_string(), "element": element })),
    );
    Ok(())
}

/// Takes a document out of a column.
///
/// # Errors
/// Not found for a document out of reach; refused where it does not stand there.
pub async fn take_out(
    tx: &mut Tx,
    permit: &Permit<FillColumns>,
    document: DocumentId,
    column: ColumnId,
) -> Result<(), NotDone> {
    let document = documents::load(tx, permit.scope(), document)
        .await?
        .ok_or(NotDone::NotFound)?;
    let places = store::places(tx, document.id).await?;
    let Some(place) = places.into_iter().find(|place| place.column == column) else {
        return Err(NotDone::Refused(vec![(
            "place",
            "文件不在这个专栏里，不用移出。".to_owned(),
        )]));
    };
    store::take_out(tx, (column, document.id)).await?;
    let sentence = format!("把《{}》移出“{}”专栏", document.title, place.name);
    tx.record(
        of_document(permit.actor(), &document, "document.column-taken", sentence)
            .data(json!({ "column": column.to_string() })),
    );
    Ok(())
}
