//! Giving the next number, and setting the rule of a place.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, refused};
use gongkai_platform::organ;
use gongkai_platform::organ::profile::{self, Profile};
use serde_json::json;

use super::{Codes, Scheme};
use crate::acts::KeepIndexScheme;
use crate::document::store;

/// The next 索引号 of an organ on a day, by the rule of the place; numbers that an older site gave are passed over.
///
/// # Errors
/// When the store fails.
pub(crate) async fn next(tx: &mut Tx, organ: OrganId, day: Date) -> Result<String, StoreError> {
    let scheme = in_force(tx, organ).await?;
    let codes = codes(tx, organ).await?;
    loop {
        let serial = store::next_serial(tx, organ, day.year()).await?;
        let number = scheme.number(&codes, day, serial);
        if store::indexed(tx, &number).await?.is_none() {
            return Ok(number);
        }
    }
}

/// The rule that holds for an organ; the usual one where none is set.
async fn in_force(tx: &mut Tx, organ: OrganId) -> Result<Scheme, StoreError> {
    let kept = profile::store::index_scheme(tx, organ).await?;
    // What is kept was read before it was kept.
    let read = kept.and_then(|(_, written)| Scheme::read(&written).ok());
    Ok(read.unwrap_or_default())
}

async fn codes(tx: &mut Tx, organ: OrganId) -> Result<Codes, StoreError> {
    let words = profile::store::load(tx, organ).await?.words;
    let found = organ::store::load(tx, organ).await?;
    let found = found.ok_or_else(|| StoreError::Corrupt {
        column: "organ_id".into(),
        found: organ.to_string(),
        wanted: "an organ",
    })?;
    Ok(Codes::of(&found, &words))
}

/// What a rule would give the organs of a government next, without giving it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// Every organ that publishes; those that lack a code or share one come first.
    pub next: Vec<Next>,
}

/// The number that an organ would get next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    pub organ: OrganId,
    pub name: String,
    pub number: String,
    /// It lacks a code which the rule asks for.
    pub is_unserved: bool,
    /// Another organ has the same code: their numbers would be the same.
    pub is_twin: bool,
}

impl Outlook {
    #[must_use]
    pub fn unserved(&self) -> usize {
        self.next.iter().filter(|one| one.is_unserved).count()
    }

    #[must_use]
    pub fn twins(&self) -> usize {
        self.next.iter().filter(|one| one.is_twin).count()
    }
}

/// # Errors
/// When the store fails.
pub async fn outlook(
    tx: &mut Tx,
    government: OrganId,
    scheme: &Scheme,
    day: Date,
) -> Result<Outlook, StoreError> {
    let mut organs = organ::all_below(tx, government).await?;
    organs.retain(|organ| organ.is_active() && publishes(organ.kind));
    let ids: Vec<OrganId> = organs.iter().map(|organ| organ.id).collect();
    let profiles = profile::store::of(tx, &ids).await?;
    let last = store::last_serials(tx, &ids, day.year()).await?;
    let mut same: BTreeMap<String, usize> = BTreeMap::new();
    let mut next = Vec::new();
    for organ in organs {
        let profile = profiles.get(&organ.id).cloned().unwrap_or_default();
        let codes = Codes::of(&organ, &profile.words);
        let serial = last.get(&organ.id).copied().unwrap_or(0) + 1;
        let first = scheme.number(&codes, day, 1);
        *same.entry(first.clone()).or_default() += 1;
        let one = Next {
            organ: organ.id,
            name: organ.name,
            number: scheme.number(&codes, day, serial),
            is_unserved: !scheme.is_served(&codes),
            is_twin: false,
        };
        next.push((first, one));
    }
    let mut next: Vec<Next> = next
        .into_iter()
        .map(|(first, one)| Next {
            is_twin: same.get(&first).is_some_and(|organs| *organs > 1),
            ..one
        })
        .collect();
    next.sort_by_key(|one| !(one.is_unserved || one.is_twin));
    Ok(Outlook { next })
}

/// Organs that publish in their own name.
const fn publishes(kind: organ::Kind) -> bool {
    use organ::Kind;
    !matches!(
        kind,
        Kind::Section | Kind::Village | Kind::Community | Kind::Coordinating | Kind::Party
    )
}

/// The governments whose rule a person may set: those whose general office the person works in.
///
/// # Errors
/// When the store fails.
pub async fn governments(
    tx: &mut Tx,
    permit: &Permit<KeepIndexScheme>,
) -> Result<Vec<(OrganId, String)>, StoreError> {
    let mut found = Vec::new();
    for top in organ::reach::governed(tx, permit.roles()).await? {
        if let Some(top) = organ::store::load(tx, top).await? {
            found.push((top.id, top.name));
        }
    }
    Ok(found)
}

/// Sets the rule of a government, or takes it away with an empty one; numbers that were given stay.
///
/// # Errors
/// Not found outside one's own government; refused with all the reasons; stale.
pub async fn set(
    tx: &mut Tx,
    permit: &Permit<KeepIndexScheme>,
    (government, version): (OrganId, i64),
    written: &str,
) -> Result<(), NotDone> {
    let own = governments(tx, permit).await?;
    let (_, name) = own
        .into_iter()
        .find(|(id, _)| *id == government)
        .ok_or(NotDone::NotFound)?;
    if let Err(faults) = Scheme::read(written)
        && !written.is_empty()
    {
        let reasons = faults.into_iter().map(|fault| ("scheme", fault));
        refused(reasons.collect::<Vec<Reason>>())?;
    }
    let before: Profile = profile::store::load(tx, government).await?;
    if before.version != version {
        return Err(StoreError::Stale.into());
    }
    let after = Profile {
        index_scheme: written.to_owned(),
        ..before.clone()
    };
    profile::store::keep(tx, government, &after).await?;
    let sentence = if written.is_empty() {
        format!("{name}的索引号恢复按通行规则编制")
    } else {
        format!("{name}的索引号改按“{written}”编制")
    };
    let subject = ("organ", government.to_string());
    tx.record(
        Event::new(permit.actor(), "organ.index_scheme", subject, sentence)
            .organ(government)
            .data(json!({ "before": before.index_scheme, "after": written })),
    );
    Ok(())
}
