//! Entries are written, replaced for one organ, and removed.

use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};

use super::{Entry, LINE_CHARS_MAX, Words, store};
use crate::acts::KeepCatalogue;
use crate::id::EntryId;
use crate::period::{Rhythm, STATUTORY_DAYS};
use gongkai_platform::fault::{NotDone, Wanted, refused, text_fault};
use gongkai_platform::organ::reach::{self, Reach};

/// An entry that is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    pub organ: OrganId,
    /// The entry of a higher organ that it stands for.
    pub overrides: Option<EntryId>,
    pub words: Words,
    pub formed_on: Date,
    pub in_force_on: Date,
}

fn record(tx: &mut Tx, actor: &Actor, entry: &Entry, kind: &'static str, sentence: String) {
    let subject = ("catalogue", entry.id.to_string());
    tx.record(Event::new(actor, kind, subject, sentence).organ(entry.organ));
}

/// Writes an entry.
///
/// # Errors
/// Not found for an organ out of reach; refused with all the reasons.
pub async fn add(tx: &mut Tx, permit: &Permit<KeepCatalogue>, new: New) -> Result<Entry, NotDone> {
    let within = Reach::of_permit(tx, permit).await?;
    let organ_name = reach::store::unit(tx, &within, new.organ)
        .await?
        .ok_or(NotDone::NotFound)?;
    refused(new.words.why_not())?;
    if let Some(above) = new.overrides {
        let there = store::load(tx, &Reach::everything(), above).await?;
        if there.is_none_or(|entry| entry.removed_why.is_some()) {
            return Err(NotDone::NotFound);
        }
    }
    let entry = Entry {
        id: EntryId::new(tx.fresh()),
        organ: new.organ,
        organ_name,
        overrides: new.overrides,
        rhythm: Rhythm::read(&new.words.limit_text).unwrap_or(Rhythm::Within(STATUTORY_DAYS)),
        words: new.words,
        formed_on: new.formed_on,
        in_force_on: new.in_force_on,
        removed_why: None,
        recorded_by: permit.actor().name().to_owned(),
        version: 1,
    };
    store::insert(tx, &entry).await?;
    let sentence = format!("{}的目录增加“{}”", entry.organ_name, entry.words.name());
    record(tx, permit.actor(), &entry, "catalogue.added", sentence);
    Ok(entry)
}

/// Takes an entry out of the catalogue, with the reason; it stays in the store.
///
/// # Errors
/// Not found; stale; refused without a reason.
pub async fn remove(
    tx: &mut Tx,
    permit: &Permit<KeepCatalogue>,
    (id, version): (EntryId, i64),
    why: &str,
) -> Result<Entry, NotDone> {
    let within = Reach::of_permit(tx, permit).await?;
    let mut entry = store::load(tx, &within, id)
        .await?
        .ok_or(NotDone::NotFound)?;
    if entry.version != version {
        return Err(StoreError::Stale.into());
    }
    refused(
        text_fault(("why", "删除原因"), why, LINE_CHARS_MAX, Wanted::Yes)
            .into_iter()
            .collect(),
    )?;
    entry.removed_why = Some(why.to_owned());
    store::remove(tx, &entry).await?;
    let sentence = format!(
        "{}的目录删除“{}”：{why}",
        entry.organ_name,
        entry.words.name()
    );
    record(tx, permit.actor(), &entry, "catalogue.removed", sentence);
    Ok(entry)
}
