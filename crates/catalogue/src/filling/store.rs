//! The SQL of fillings.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_basis::{Date, pairs};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, containing, sql};
use gongkai_platform::seam::Wanted;

use super::{Filling, Means};
use crate::id::EntryId;

/// Organs in one list of a statement, and what they fill in a year at most.
const ORGANS_AT_ONCE: usize = 100;
const YEAR_MAX: i64 = 100_000;
const SELECT: &str = "SELECT f.* FROM catalogue_filling f WHERE f.removed_why IS NULL AND ";

pub(super) async fn insert(tx: &mut Tx, filling: &Filling) -> Result<(), StoreError> {
    let (of, seal, address, statement) = match &filling.means {
        Means::Record { of, seal } => (Some(of.clone()), Some(seal.clone()), None, None),
        Means::Address(address) => (None, None, Some(address.clone()), None),
        Means::Nothing(statement) => (None, None, None, Some(statement.clone())),
    };
    tx.run(
        sql("INSERT INTO catalogue_filling (id, entry_id, organ_id, period, kind, title, ref_kind, ref_id, seal, address, \
             statement, confirmed_by, confirmed_on, version, found_by) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14)")
            .bind(filling.id.to_string())
            .bind(filling.entry.to_string())
            .bind(filling.organ)
            .bind(&filling.period)
            .bind(filling.means.code())
            .bind(&filling.title)
            .bind(of.as_ref().map(|of| of.kind.clone()))
            .bind(of.map(|of| of.id))
            .bind(seal)
            .bind(address)
            .bind(statement)
            .bind(&filling.confirmed_by)
            .bind(filling.confirmed_on)
            .bind(pairs::folded(&filling.title)),
    )
    .await?;
    Ok(())
}

/// [`remove`] by the night, for what may come back.
pub(super) async fn lose(tx: &mut Tx, filling: &Filling, why: &str) -> Result<(), StoreError> {
    set_removed(tx, filling, Removed::Lost(why)).await
}

/// Counts again.
pub(super) async fn regain(tx: &mut Tx, filling: &Filling) -> Result<(), StoreError> {
    set_removed(tx, filling, Removed::No).await
}

pub(super) async fn remove(tx: &mut Tx, filling: &Filling, why: &str) -> Result<(), StoreError> {
    set_removed(tx, filling, Removed::ByPerson(why)).await
}

/// Whether a filling counts, and else why not.
enum Removed<'a> {
    No,
    ByPerson(&'a str),
    /// It was public no longer; it may be again.
    Lost(&'a str),
}

async fn set_removed(
    tx: &mut Tx,
    filling: &Filling,
    removed: Removed<'_>,
) -> Result<(), StoreError> {
    let (why, lost): (Option<String>, i64) = match removed {
        Removed::No => (None, 0),
        Removed::ByPerson(why) => (Some(why.to_owned()), 0),
        Removed::Lost(why) => (Some(format!("材料不再公开：{why}")), 1),
    };
    tx.run_versioned(
        sql("UPDATE catalogue_filling SET removed_why = $1, lost = $2, version = version + 1 WHERE id = $3 AND version = $4")
            .bind(why)
            .bind(lost)
            .bind(filling.id.to_string())
            .bind(filling.version),
    )
    .await
}

/// What these organs filled of an entry in a year.
///
/// # Errors
/// When the store fails.
pub async fn of_entry_in(
    tx: &mut Tx,
    organs: &[OrganId],
    (entry, year): (EntryId, i16),
) -> Result<Vec<Filling>, StoreError> {
    let of_entry = |some: &[OrganId]| {
        let mut statement = sql(SELECT);
        statement
            .push("f.entry_id = ")
            .push_value(entry.to_string())
            .push(" AND f.organ_id IN ")
            .push_list(some.iter().copied())
            .push(" AND f.period >= ")
            .push_value(year.to_string())
            .push(" AND f.period < ")
            .push_value((year + 1).to_string())
            .push(" ORDER BY f.period, f.id LIMIT ")
            .push_value(YEAR_MAX);
        statement
    };
    in_portions(tx, organs, of_entry, from_row).await
}

/// How many materials these organs ever registered of an entry for a day, those taken back too.
///
/// # Errors
/// When the store fails.
pub(super) async fn of_day(
    tx: &mut Tx,
    organs: &[OrganId],
    (entry, day): (EntryId, Date),
) -> Result<i64, StoreError> {
    let of_entry = |some: &[OrganId]| {
        let mut statement =
            sql("SELECT COUNT(*) AS n FROM catalogue_filling f WHERE f.entry_id = ");
        statement
            .push_value(entry.to_string())
            .push(" AND (f.period = ")
            .push_value(day.to_string())
            .push(" OR f.period LIKE ")
            .push_value(format!("{day}-%"))
            .push(") AND f.organ_id IN ")
            .push_list(some.iter().copied());
        statement
    };
    let counts: Vec<i64> = in_portions(tx, organs, of_entry, |row| row.get("n")).await?;
    Ok(counts.into_iter().sum())
}

/// The periods of an entry for which something was registered by these organs and taken back.
///
/// # Errors
/// When the store fails.
pub async fn taken_back(
    tx: &mut Tx,
    organs: &[OrganId],
    entry: EntryId,
) -> Result<BTreeSet<String>, StoreError> {
    let of_entry = |some: &[OrganId]| {
        let mut statement = sql(
            "SELECT DISTINCT f.period FROM catalogue_filling f WHERE f.removed_why IS NOT NULL AND f.entry_id = ",
        );
        statement
            .push_value(entry.to_string())
            .push(" AND f.organ_id IN ")
            .push_list(some.iter().copied());
        statement
    };
    let periods = in_portions(tx, organs, of_entry, |row| row.get("period")).await?;
    Ok(periods.into_iter().collect())
}

/// The same for a year and all entries together.
///
/// # Errors
/// When the store fails.
pub async fn taken_back_in(
    tx: &mut Tx,
    organs: &[OrganId],
    year: i16,
) -> Result<Vec<(EntryId, String)>, StoreError> {
    const TAKEN_BACK: &str = "SELECT DISTINCT f.entry_id, f.period FROM catalogue_filling f WHERE f.removed_why IS NOT NULL AND ";
    let statement = |some: &[OrganId]| in_year(TAKEN_BACK, some, year, "");
    let one = |row: &Row| Ok((row.parsed("entry_id", "an id")?, row.get("period")?));
    in_portions(tx, organs, statement, one).await
}

/// What these organs filled in a year, all entries together.
///
/// # Errors
/// When the store fails.
pub async fn of_year(
    tx: &mut Tx,
    organs: &[OrganId],
    year: i16,
) -> Result<Vec<Filling>, StoreError> {
    in_portions(tx, organs, |some| in_year(SELECT, some, year, ""), from_row).await
}

/// What these organs had filled in a year and lost because it was public no longer; of a period that was filled once more
/// and taken back by people, nothing.
///
/// # Errors
/// When the store fails.
pub async fn lost(tx: &mut Tx, organs: &[OrganId], year: i16) -> Result<Vec<Filling>, StoreError> {
    const LOST: &str = "SELECT f.* FROM catalogue_filling f WHERE f.lost = 1 AND ";
    const NOT_SINCE: &str = " AND NOT EXISTS (SELECT 1 FROM catalogue_filling n WHERE n.entry_id = f.entry_id AND \
                             n.organ_id = f.organ_id AND n.period = f.period AND n.id > f.id)";
    let statement = |some: &[OrganId]| in_year(LOST, some, year, NOT_SINCE);
    in_portions(tx, organs, statement, from_row).await
}

/// `select`, of these organs in a year.
fn in_year(select: &'static str, organs: &[OrganId], year: i16, and: &'static str) -> Sql {
    let mut statement = sql(select);
    statement
        .push("f.organ_id IN ")
        .push_list(organs.iter().copied())
        .push(" AND f.period >= ")
        .push_value(year.to_string())
        .push(" AND f.period < ")
        .push_value((year + 1).to_string())
        .push(and)
        .push(" LIMIT ")
        .push_value(YEAR_MAX);
    statement
}

/// One statement for each portion of the organs, so that no list grows beyond what a statement may hold.
async fn in_portions<T>(
    tx: &mut Tx,
    organs: &[OrganId],
    statement: impl Fn(&[OrganId]) -> Sql,
    one: impl Fn(&Row) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut found = Vec::new();
    for some in organs.chunks(ORGANS_AT_ONCE) {
        for row in tx.all(statement(some)).await? {
            found.push(one(&row)?);
        }
    }
    Ok(found)
}

/// One page of the materials of one entry in all its units, the newest period first.
///
/// # Errors
/// When the store fails.
pub async fn of_entry(
    tx: &mut Tx,
    within: &Scope,
    entry: EntryId,
    (offset, rows): (i64, i64),
) -> Result<Vec<Shown>, StoreError> {
    let mut statement = sql(SHOWN);
    statement
        .push("f.removed_why IS NULL AND f.entry_id = ")
        .push_value(entry.to_string());
    within.push_within(&mut statement, "f.organ_id");
    statement
        .push(" ORDER BY f.period DESC, LENGTH(o.path), o.position, f.id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    shown(tx, statement).await
}

/// What an entry was last filled with that can be read, by whichever unit.
///
/// # Errors
/// When the store fails.
pub async fn last_material(tx: &mut Tx, entry: EntryId) -> Result<Option<Filling>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("f.kind <> 'nothing' AND f.entry_id = ")
        .push_value(entry.to_string())
        .push(" ORDER BY f.confirmed_on DESC, f.id DESC LIMIT 1");
    tx.optional(statement)
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// How many materials of organs inside a scope an entry has.
///
/// # Errors
/// When the store fails.
pub async fn count_of_entry(
    tx: &mut Tx,
    within: &Scope,
    entry: EntryId,
) -> Result<i64, StoreError> {
    let mut statement = sql(
        "SELECT COUNT(*) AS n FROM catalogue_filling f WHERE f.removed_why IS NULL AND f.entry_id = ",
    );
    statement.push_value(entry.to_string());
    within.push_within(&mut statement, "f.organ_id");
    tx.one(statement).await?.get("n")
}

/// When each of these entries was last filled by anybody.
///
/// # Errors
/// When the store fails.
pub async fn last_confirmed(
    tx: &mut Tx,
    entries: &[EntryId],
) -> Result<BTreeMap<String, Date>, StoreError> {
    let mut statement = sql(
        "SELECT f.entry_id, MAX(f.confirmed_on) AS on_day FROM catalogue_filling f WHERE f.removed_why IS NULL AND f.entry_id IN ",
    );
    statement
        .push_list(entries.iter().map(EntryId::to_string))
        .push(" GROUP BY f.entry_id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("entry_id")?, row.get("on_day")?)))
        .collect()
}

/// A filling with the names that people know it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub filling: Filling,
    pub organ_name: String,
    /// The entry's name.
    pub item: String,
    /// Why it was taken back.
    pub taken_back: Option<String>,
}

const SHOWN: &str = "SELECT f.*, o.name AS organ_name, e.item, e.sub_item FROM catalogue_filling f JOIN organ o ON o.id = \
                     f.organ_id JOIN catalogue_entry e ON e.id = f.entry_id WHERE ";

async fn shown(tx: &mut Tx, statement: Sql) -> Result<Vec<Shown>, StoreError> {
    let one = |row: &Row| {
        let (item, sub_item): (String, String) = (row.get("item")?, row.get("sub_item")?);
        Ok(Shown {
            filling: from_row(row)?,
            organ_name: row.get("organ_name")?,
            item: if sub_item.is_empty() { item } else { sub_item },
            taken_back: row.get("removed_why")?,
        })
    };
    tx.all(statement).await?.iter().map(one).collect()
}

/// Fillings of units of a scope, the last confirmed first.
///
/// # Errors
/// When the store fails.
pub async fn find(
    tx: &mut Tx,
    scope: &Scope,
    wanted: &Wanted,
    rows: i64,
) -> Result<Vec<Shown>, StoreError> {
    let mut statement = sql(SHOWN);
    statement.push("f.removed_why IS NULL AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    if let Some(days) = wanted.within {
        statement
            .push(" AND f.confirmed_on >= ")
            .push_value(days.from)
            .push(" AND f.confirmed_on <= ")
            .push_value(days.to);
    }
    if !wanted.words.is_empty() {
        let like = containing(&pairs::folded(&wanted.words));
        statement
            .push(" AND (f.found_by LIKE ")
            .push_value(&like)
            .push(" ESCAPE '!' OR e.found_by LIKE ")
            .push_value(&like)
            .push(" ESCAPE '!')");
    }
    statement
        .push(" ORDER BY f.confirmed_on DESC, f.id LIMIT ")
        .push_value(rows);
    shown(tx, statement).await
}

/// These fillings, those taken back too.
///
/// # Errors
/// When the store fails.
pub async fn by_ids(tx: &mut Tx, ids: &[String]) -> Result<Vec<Shown>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(ORGANS_AT_ONCE) {
        let mut statement = sql(SHOWN);
        statement
            .push("f.id IN ")
            .push_list(some.iter().map(String::as_str));
        found.append(&mut shown(tx, statement).await?);
    }
    Ok(found)
}

/// How many periods of a year an organ and those below it have filled.
///
/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, organ: OrganId, year: i16) -> Result<i64, StoreError> {
    tx.one(
        sql("SELECT COUNT(*) AS n FROM catalogue_filling f JOIN organ o ON o.id = f.organ_id WHERE f.removed_why IS NULL \
             AND f.period LIKE $1 AND o.path LIKE $2")
            .bind(format!("{year}%"))
            .bind(format!("%/{organ}/%")),
    )
    .await?
    .get("n")
}

fn from_row(row: &Row) -> Result<Filling, StoreError> {
    let kind: String = row.get("kind")?;
    let text =
        |column: &str| Ok::<_, StoreError>(row.get::<Option<String>>(column)?.unwrap_or_default());
    let means = match kind.as_str() {
        "record" => Means::Record {
            of: Ref {
                kind: text("ref_kind")?,
                id: text("ref_id")?,
            },
            seal: text("seal")?,
        },
        "address" => Means::Address(text("address")?),
        _ => Means::Nothing(text("statement")?),
    };
    Ok(Filling {
        id: row.parsed("id", "an id")?,
        entry: row.parsed("entry_id", "an id")?,
        organ: row.get("organ_id")?,
        period: row.get("period")?,
        title: row.get("title")?,
        means,
        confirmed_by: row.get("confirmed_by")?,
        confirmed_on: row.get("confirmed_on")?,
        version: row.get("version")?,
    })
}
