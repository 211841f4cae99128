//! 到期的格: each entry that a unit owes, with its periods. Follows from entries, fillings and the calendar; never stored.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::reach::Reach;
use gongkai_platform::organ::{self, Organ};
use gongkai_platform::seam::Seams;

use crate::course::Course;
use crate::entry::{Entry, store as entries};
use crate::filling::{Cell, Filling, store as fillings, verify, year_of};
use crate::id::EntryId;
use crate::owner::{owes, publishes};
use crate::version::store as versions;

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

impl Owed {
    /// Materials by their days, which lists count rather than name.
    #[must_use]
    pub fn materials(&self) -> usize {
        self.cells.iter().filter(|cell| cell.is_material()).count()
    }

    /// The periods beside them.
    #[must_use]
    pub fn periods(&self) -> Vec<&Cell> {
        let beside = |cell: &&Cell| !cell.is_material();
        self.cells.iter().filter(beside).collect()
    }
}

/// A unit and all that it owes in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitYear {
    pub unit: Organ,
    pub owed: Vec<Owed>,
}

/// The organs on a path, from the top.
fn on_path(path: &str) -> Vec<OrganId> {
    path.split('/').filter_map(|id| id.parse().ok()).collect()
}

/// By what entries are cut in the organs that they belong to, before anything below replaces them.
///
/// # Errors
/// When the store fails.
pub async fn courses(
    tx: &mut Tx,
    entries: &[Entry],
) -> Result<BTreeMap<EntryId, Course>, StoreError> {
    // The first version says what the entry says.
    let changed = entries.iter().filter(|entry| entry.version > 1);
    let changed: Vec<EntryId> = changed.map(|entry| entry.id).collect();
    let limits = versions::limits(tx, &changed).await?;
    let one = |entry: &Entry| {
        let own = limits.get(&entry.id).map_or(&[][..], Vec::as_slice);
        (entry.id, Course::of(entry, own))
    };
    Ok(entries.iter().map(one).collect())
}

/// What holds or held in a unit: the entries of the organs on its path, each with what it is cut by there. One that an organ
/// on the path has replaced is cut until the day on which that one's own begins.
#[must_use]
pub fn effective<'e>(
    path: &str,
    all: &'e [Entry],
    courses: &BTreeMap<EntryId, Course>,
) -> Vec<(&'e Entry, Course)> {
    let above = on_path(path);
    let here = || {
        all.iter()
            .filter(|entry| entry.removed_why.is_none() && above.contains(&entry.organ))
    };
    let mut over: BTreeMap<EntryId, Vec<EntryId>> = BTreeMap::new();
    for entry in here() {
        if let Some(replaced) = entry.overrides {
            over.entry(replaced).or_default().push(entry.id);
        }
    }
    let own = |id: EntryId| courses.get(&id).cloned().unwrap_or_default();
    let cut = |entry: &'e Entry| {
        let mut course = own(entry.id);
        if let Some(replaced) = entry.overrides {
            course.take_over_from(&own(replaced));
        }
        // What stands for it, and what stands for that.
        let (mut next, mut seen) = (vec![entry.id], BTreeSet::from([entry.id]));
        while let Some(id) = next.pop() {
            for by in over.get(&id).into_iter().flatten() {
                if seen.insert(*by) {
                    course.give_way_to(&own(*by));
                    next.push(*by);
                }
            }
        }
        (entry, course)
    };
    here().map(cut).collect()
}

/// Does an entry hold in this unit: its own, or one from above that nobody on the way replaced?
///
/// # Errors
/// When the store fails.
pub async fn is_held(tx: &mut Tx, entry: &Entry, unit: OrganId) -> Result<bool, StoreError> {
    let Some(unit) = organ::store::load(tx, unit).await? else {
        return Ok(false);
    };
    let above = on_path(&unit.path);
    let all = entries::of_organs(tx, &above).await?;
    let is_there = all.iter().any(|one| one.id == entry.id);
    let is_replaced = all.iter().any(|one| one.overrides == Some(entry.id));
    Ok(is_there && !is_replaced)
}

/// By what an entry is cut in a unit; empty where it never held there.
///
/// # Errors
/// When the store fails.
async fn course_in(tx: &mut Tx, entry: &Entry, unit: &Organ) -> Result<Course, StoreError> {
    let above = on_path(&unit.path);
    if !above.contains(&entry.organ) {
        return Ok(Course::default());
    }
    let all = entries::of_organs(tx, &above).await?;
    let courses = courses(tx, &all).await?;
    let mut held = effective(&unit.path, &all, &courses).into_iter();
    let own = held.find(|(held, _)| held.id == entry.id);
    Ok(own.map(|(_, course)| course).unwrap_or_default())
}

/// What a unit has to do with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Share {
    None,
    /// Cut by this.
    Owes(Course),
    /// Units that were merged into it owed the entry, cut by this; it fills what they left open.
    Inherits(Vec<OrganId>, Course),
}

impl Share {
    /// What cuts its periods; `None` where the unit owes none.
    #[must_use]
    pub const fn course(&self) -> Option<&Course> {
        match self {
            Self::None => None,
            Self::Owes(course) | Self::Inherits(_, course) => Some(course),
        }
    }
}

/// Does a unit fill the periods of an entry: its own, or those that a unit merged into it has left?
///
/// # Errors
/// When the store fails.
pub async fn share(tx: &mut Tx, entry: &Entry, unit: OrganId) -> Result<Share, StoreError> {
    if let Some(unit) = organ::store::load(tx, unit).await?
        && owes(entry, &unit)
    {
        let course = course_in(tx, entry, &unit).await?;
        if !course.stretches().is_empty() {
            return Ok(Share::Owes(course));
        }
    }
    let (mut from, mut by) = (Vec::new(), None);
    for merged in store::merged_into(tx, unit).await? {
        if !owes(entry, &merged) {
            continue;
        }
        let course = course_in(tx, entry, &merged).await?;
        if !course.stretches().is_empty() {
            from.push(merged.id);
            by = by.or(Some(course));
        }
    }
    Ok(by.map_or(Share::None, |course| Share::Inherits(from, course)))
}

/// What fills the periods of an entry in a year for a unit: what it registered, and then what units have whose share it
/// inherits.
///
/// # Errors
/// When the store fails.
pub async fn filled(
    tx: &mut Tx,
    (entry, unit): (EntryId, OrganId),
    share: &Share,
    year: i16,
) -> Result<Vec<Filling>, StoreError> {
    let mut filled = fillings::of_entry_in(tx, &[unit], (entry, year)).await?;
    if let Share::Inherits(from, _) = share {
        filled.extend(fillings::of_entry_in(tx, from, (entry, year)).await?);
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

/// What these units owe in a year: four statements, however many units.
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
    let mut above: Vec<OrganId> = units.iter().flat_map(|unit| on_path(&unit.path)).collect();
    above.sort_unstable();
    above.dedup();
    let all = entries::of_organs(tx, &above).await?;
    let courses = courses(tx, &all).await?;
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
        let one = |(entry, course): (&Entry, Course)| {
            let cells = year_of((entry.id, &course), year, own(entry.id), calendar, today);
            // What was replaced stands in the years in which it held, or was registered.
            (!cells.is_empty() || !course.is_over()).then(|| Owed {
                cells,
                entry: entry.clone(),
            })
        };
        let held = effective(&unit.path, &all, &courses).into_iter();
        let owed = held.filter(|(entry, _)| owes(entry, &unit));
        let owed = owed.filter_map(one).collect();
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
        let own = |entry: &Entry| (entry.id, Course::of(entry, &[]));
        let courses: BTreeMap<EntryId, Course> = all.iter().map(own).collect();
        let at = |path: String| -> Vec<EntryId> {
            let held = effective(&path, &all, &courses).into_iter();
            let there = held.filter(|(_, course)| !course.is_over());
            there.map(|(entry, _)| entry.id).collect()
        };
        assert_eq!(at(format!("/{}/{}/", of(1), of(2))), [county.id]);
        assert_eq!(at(format!("/{}/{}/{}/", of(1), of(2), of(4))), [county.id]);
        assert_eq!(at(format!("/{}/{}/", of(1), of(3))), [city.id]);
        assert!(at(format!("/{}/", of(5))).is_empty());
    }
}
