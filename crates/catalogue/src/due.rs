//! 到期的格: each entry that a unit owes, with its periods. Follows from entries, fillings and the calendar; never stored.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::reach::Reach;
use gongkai_platform::organ::{self, Organ};
use gongkai_platform::seam::Seams;

use crate::entry::{Entry, store as entries};
use crate::filling::{Cell, Filling, store as fillings, verify, year_of};
use crate::id::EntryId;
use crate::owner::{owes, publishes};

pub mod store;

/// Units that are asked whether they owe an entry, and those that a page lists.
const UNITS_MAX: i64 = 3_000;
const OWING_MAX: usize = 200;

/// One entry in one unit, with the periods of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    pub entry: Entry,
    pub cells: Vec<Cell>,
}

/// A unit and all that it owes in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitYear {
    pub unit: Organ,
    pub owed: Vec<Owed>,
}

/// What holds in a unit: the entries of the organs on its path that no organ on its path has replaced.
#[must_use]
pub fn effective<'e>(path: &str, all: &'e [Entry]) -> Vec<&'e Entry> {
    let above: Vec<OrganId> = path.split('/').filter_map(|id| id.parse().ok()).collect();
    let here: Vec<&Entry> = all
        .iter()
        .filter(|entry| entry.removed_why.is_none() && above.contains(&entry.organ))
        .collect();
    let replaced: BTreeSet<EntryId> = here.iter().filter_map(|entry| entry.overrides).collect();
    here.into_iter()
        .filter(|entry| !replaced.contains(&entry.id))
        .collect()
}

/// Does an entry hold in this unit: its own, or one from above that nobody on the way replaced?
///
/// # Errors
/// When the store fails.
pub async fn is_held(tx: &mut Tx, entry: &Entry, unit: OrganId) -> Result<bool, StoreError> {
    let Some(unit) = organ::store::load(tx, unit).await? else {
        return Ok(false);
    };
    let above: Vec<OrganId> = unit
        .path
        .split('/')
        .filter_map(|id| id.parse().ok())
        .collect();
    let all = entries::of_organs(tx, &above).await?;
    let held = effective(&unit.path, &all);
    Ok(held.iter().any(|held| held.id == entry.id))
}

/// Does an entry that holds in this unit oblige it?
///
/// # Errors
/// When the store fails.
async fn is_owed(tx: &mut Tx, entry: &Entry, unit: OrganId) -> Result<bool, StoreError> {
    let there = organ::store::load(tx, unit).await?;
    let named = there.is_some_and(|unit| owes(entry, &unit));
    Ok(named && is_held(tx, entry, unit).await?)
}

/// What a unit has to do with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Share {
    None,
    Owes,
    /// Units that were merged into it owed the entry; it fills what they left open.
    Inherits(Vec<OrganId>),
}

/// Does a unit fill the periods of an entry: its own, or those that a unit merged into it has left?
///
/// # Errors
/// When the store fails.
pub async fn share(tx: &mut Tx, entry: &Entry, unit: OrganId) -> Result<Share, StoreError> {
    if is_owed(tx, entry, unit).await? {
        return Ok(Share::Owes);
    }
    let mut from = Vec::new();
    for merged in store::merged_into(tx, unit).await? {
        if owes(entry, &merged) && is_held(tx, entry, merged.id).await? {
            from.push(merged.id);
        }
    }
    Ok(if from.is_empty() {
        Share::None
    } else {
        Share::Inherits(from)
    })
}

/// What fills the periods of an entry for a unit: what it registered, and what units have whose share it inherits.
///
/// # Errors
/// When the store fails.
pub async fn filled(
    tx: &mut Tx,
    (entry, unit): (EntryId, OrganId),
    share: &Share,
) -> Result<Vec<Filling>, StoreError> {
    let mut filled = fillings::of_organ(tx, unit, &[entry]).await?;
    if let Share::Inherits(from) = share {
        for merged in from {
            filled.extend(fillings::of_organ(tx, *merged, &[entry]).await?);
        }
    }
    Ok(filled)
}

/// Units of a reach that owe an entry, at most [`OWING_MAX`], in the order of the directory.
///
/// # Errors
/// When the store fails.
pub async fn owing(tx: &mut Tx, within: &Reach, entry: &Entry) -> Result<Vec<Organ>, StoreError> {
    let units = store::units_below(tx, within, entry.organ, UNITS_MAX).await?;
    let mut owing: Vec<Organ> = units.into_iter().filter(|unit| owes(entry, unit)).collect();
    owing.truncate(OWING_MAX);
    Ok(owing)
}

/// Every unit in which an entry of this organ may hold.
///
/// # Errors
/// When the store fails.
pub async fn below(tx: &mut Tx, organ: OrganId) -> Result<Vec<Organ>, StoreError> {
    store::units_below(tx, &Reach::everything(), organ, UNITS_MAX).await
}

/// What these units owe in a year: three statements, however many units.
///
/// # Errors
/// When the store fails.
pub async fn years(
    tx: &mut Tx,
    units: Vec<Organ>,
    year: i16,
    (calendar, today): (&WorkCalendar, Date),
) -> Result<Vec<UnitYear>, StoreError> {
    let units: Vec<Organ> = units.into_iter().filter(publishes).collect();
    let mut above: Vec<OrganId> = units
        .iter()
        .flat_map(|unit| unit.path.split('/').filter_map(|id| id.parse().ok()))
        .collect();
    above.sort_unstable();
    above.dedup();
    let all = entries::of_organs(tx, &above).await?;
    let ids: Vec<OrganId> = units.iter().map(|unit| unit.id).collect();
    let mut filled: BTreeMap<(OrganId, EntryId), Vec<Filling>> = BTreeMap::new();
    for filling in fillings::of_year(tx, &ids, year).await? {
        let key = (filling.organ, filling.entry);
        filled.entry(key).or_default().push(filling);
    }
    let year_of_unit = |unit: Organ| {
        let own = |entry: EntryId| {
            let filled = filled.get(&(unit.id, entry));
            filled.map_or(&[][..], Vec::as_slice)
        };
        let owed = effective(&unit.path, &all)
            .into_iter()
            .filter(|entry| owes(entry, &unit))
            .map(|entry| Owed {
                cells: year_of(entry, year, own(entry.id), calendar, today),
                entry: entry.clone(),
            })
            .collect();
        UnitYear { unit, owed }
    };
    Ok(units.into_iter().map(year_of_unit).collect())
}

/// The same with what is public no longer: see [`verify::mark`].
///
/// # Errors
/// When the store fails.
pub async fn verified(
    tx: &mut Tx,
    seams: &Seams,
    mut years: Vec<UnitYear>,
    today: Date,
) -> Result<Vec<UnitYear>, StoreError> {
    let owed = years.iter_mut().flat_map(|year| &mut year.owed);
    let cells = owed.flat_map(|owed| &mut owed.cells).collect();
    verify::mark(tx, seams, cells, today).await?;
    Ok(years)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::tests::entry;
    use uuid::Uuid;

    #[test]
    fn an_entry_replaced_on_the_way_down_holds_only_beside_it() {
        let of = |n: u128| OrganId::new(Uuid::from_u128(n));
        let mut city = entry(1);
        city.words.item = "市".to_owned();
        let mut county = entry(2);
        county.id = EntryId::new(Uuid::from_u128(2));
        county.overrides = Some(city.id);
        let all = [city.clone(), county.clone()];
        let at = |path: String| -> Vec<EntryId> {
            effective(&path, &all)
                .iter()
                .map(|entry| entry.id)
                .collect()
        };
        assert_eq!(at(format!("/{}/{}/", of(1), of(2))), [county.id]);
        assert_eq!(at(format!("/{}/{}/{}/", of(1), of(2), of(4))), [county.id]);
        assert_eq!(at(format!("/{}/{}/", of(1), of(3))), [city.id]);
        assert!(at(format!("/{}/", of(5))).is_empty());
    }
}
