//! Who is registered, who takes whose place, and who leaves.

use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use serde_json::json;

use super::{LINE_CHARS_MAX, StaffEntry, StaffKind, Words, store};
use crate::acts::KeepOrganisation;
use crate::id::StaffId;
use gongkai_platform::fault::{NotDone, Wanted, refused, text_fault};
use gongkai_platform::organ::reach::{self, Reach};

fn record(tx: &mut Tx, actor: &Actor, entry: &StaffEntry, kind: &'static str, sentence: String) {
    tx.record(
        Event::new(actor, kind, ("organ", entry.organ.to_string()), sentence)
            .organ(entry.organ)
            .data(json!({ "staff": entry.id.to_string(), "kind": entry.kind.code() })),
    );
}

/// Registers somebody (or an office) in a unit. `Instead` says whether who held this place before leaves it.
///
/// # Errors
/// Not found for a unit out of reach; refused with all the reasons.
pub async fn register(
    tx: &mut Tx,
    permit: &Permit<KeepOrganisation>,
    (organ, kind, words): (OrganId, StaffKind, Words),
    instead: Instead,
    today: Date,
) -> Result<StaffEntry, NotDone> {
    let within = Reach::of(tx, permit.roles()).await?;
    let organ_name = reach::store::unit(tx, &within, organ)
        .await?
        .ok_or(NotDone::NotFound)?;
    let mut faults = words.why_not(kind);
    let there = store::current(tx, &[organ]).await?;
    let there = there.get(&organ).map_or(&[][..], Vec::as_slice);
    if there
        .iter()
        .any(|one| one.kind == kind && one.words.name == words.name)
    {
        let sentence = format!("“{}”已经登记为{}。", words.name, kind.name());
        faults.push(("name", sentence));
    }
    refused(faults)?;
    let before = there.iter().filter(|one| one.kind == kind).cloned();
    put(
        tx,
        permit.actor(),
        (organ, organ_name, kind, words),
        (instead, before.collect()),
        today,
    )
    .await
    .map_err(NotDone::from)
}

/// Does a newcomer take the place of who is registered?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instead {
    /// Whoever holds the place leaves it.
    Replace,
    /// Beside them.
    Beside,
}

/// Stores a checked row.
pub(super) async fn put(
    tx: &mut Tx,
    actor: &Actor,
    (organ, organ_name, kind, words): (OrganId, String, StaffKind, Words),
    (instead, before): (Instead, Vec<StaffEntry>),
    today: Date,
) -> Result<StaffEntry, StoreError> {
    if instead == Instead::Replace {
        for mut old in before {
            old.until_on = Some(today);
            old.until_why = Some(format!("由{}接替", words.name));
            store::end(tx, &old).await?;
        }
    }
    let entry = StaffEntry {
        id: StaffId::new(tx.fresh()),
        organ,
        organ_name,
        kind,
        words,
        from_on: today,
        until_on: None,
        until_why: None,
        recorded_by: actor.name().to_owned(),
        version: 1,
    };
    store::insert(tx, &entry).await?;
    let sentence = format!(
        "{}登记{}：{}",
        entry.organ_name,
        kind.name(),
        entry.words.name
    );
    record(tx, actor, &entry, "staff.registered", sentence);
    Ok(entry)
}

/// Somebody is no longer what the register says, with the reason; the row stays in the history.
///
/// # Errors
/// Not found; stale; refused without a reason.
pub async fn leave(
    tx: &mut Tx,
    permit: &Permit<KeepOrganisation>,
    (organ, id, version): (OrganId, StaffId, i64),
    why: &str,
    today: Date,
) -> Result<StaffEntry, NotDone> {
    let mut entry = existing(tx, permit, (organ, id, version)).await?;
    let fault = text_fault(("why", "原因"), why, LINE_CHARS_MAX, Wanted::Yes);
    let mut faults: Vec<(&'static str, String)> = fault.into_iter().collect();
    if entry.until_on.is_some() {
        faults.push(("why", "已经不在名册中。".to_owned()));
    }
    refused(faults)?;
    entry.until_on = Some(today);
    entry.until_why = Some(why.to_owned());
    store::end(tx, &entry).await?;
    let sentence = format!(
        "{}的{}{}不再担任：{why}",
        entry.organ_name,
        entry.kind.name(),
        entry.words.name
    );
    record(tx, permit.actor(), &entry, "staff.left", sentence);
    Ok(entry)
}

/// Undoes a departure.
///
/// # Errors
/// Not found; stale.
pub async fn restore(
    tx: &mut Tx,
    permit: &Permit<KeepOrganisation>,
    of: (OrganId, StaffId, i64),
) -> Result<StaffEntry, NotDone> {
    let mut entry = existing(tx, permit, of).await?;
    entry.until_on = None;
    entry.until_why = None;
    store::end(tx, &entry).await?;
    let sentence = format!(
        "{}的{}{}恢复登记",
        entry.organ_name,
        entry.kind.name(),
        entry.words.name
    );
    record(tx, permit.actor(), &entry, "staff.restored", sentence);
    Ok(entry)
}

async fn existing(
    tx: &mut Tx,
    permit: &Permit<KeepOrganisation>,
    (organ, id, version): (OrganId, StaffId, i64),
) -> Result<StaffEntry, NotDone> {
    let within = Reach::of(tx, permit.roles()).await?;
    let rows = store::history(tx, &within, organ).await?;
    let found = rows.into_iter().find(|entry| entry.id == id);
    let entry = found.ok_or(NotDone::NotFound)?;
    if entry.version != version {
        return Err(StoreError::Stale.into());
    }
    Ok(entry)
}
