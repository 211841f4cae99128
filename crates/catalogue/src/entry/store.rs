//! The SQL of entries.

use gongkai_basis::id::OrganId;
use gongkai_basis::{Date, pairs};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, containing, sql};

use super::{Entry, Words};
use crate::id::EntryId;
use crate::period::Rhythm;
use gongkai_platform::organ::reach::{Reach, store as reach};

/// Ids in one list of a statement.
const IDS_AT_ONCE: usize = 200;
/// Entries that two hundred organs hold at most.
const HELD_MAX: i64 = 20_000;
const SELECT: &str = "SELECT e.*, o.name AS organ_name FROM catalogue_entry e JOIN organ o ON o.id = e.organ_id WHERE ";

/// What lists find an entry by: a line for each of its names, as they are compared.
fn found_by(words: &Words) -> String {
    pairs::folded(&words.item) + "\n" + &pairs::folded(&words.sub_item)
}

pub(super) async fn insert(tx: &mut Tx, entry: &Entry) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    let words = &entry.words;
    tx.run(
        sql("INSERT INTO catalogue_entry (id, organ_id, overrides_id, index_number, class, domain, item, sub_item, content, \
             basis, limit_text, rhythm, publisher, channels, audience, method, levels, formed_on, in_force_on, recorded_by, \
             version, changed_at, found_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
             $18, $19, $20, 1, $21, $22)")
            .bind(entry.id.to_string())
            .bind(entry.organ)
            .bind(entry.overrides.map(|id| id.to_string()))
            .bind(&words.index_number)
            .bind(words.class)
            .bind(&words.domain)
            .bind(&words.item)
            .bind(&words.sub_item)
            .bind(&words.content)
            .bind(&words.basis)
            .bind(&words.limit_text)
            .bind(entry.rhythm.code())
            .bind(&words.publisher)
            .bind(&words.channels)
            .bind(&words.audience)
            .bind(&words.method)
            .bind(&words.levels)
            .bind(entry.formed_on)
            .bind(entry.in_force_on)
            .bind(&entry.recorded_by)
            .bind(now)
            .bind(found_by(words)),
    )
    .await?;
    Ok(())
}

/// Stores what may change, if nobody changed it since.
pub(super) async fn update(tx: &mut Tx, entry: &Entry) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    let words = &entry.words;
    tx.run_versioned(
        sql("UPDATE catalogue_entry SET index_number = $1, class = $2, domain = $3, item = $4, sub_item = $5, content = $6, \
             basis = $7, limit_text = $8, rhythm = $9, publisher = $10, channels = $11, audience = $12, method = $13, \
             levels = $14, formed_on = $15, in_force_on = $16, changed_at = $17, found_by = $18, version = version + 1 \
             WHERE id = $19 AND version = $20")
            .bind(&words.index_number)
            .bind(words.class)
            .bind(&words.domain)
            .bind(&words.item)
            .bind(&words.sub_item)
            .bind(&words.content)
            .bind(&words.basis)
            .bind(&words.limit_text)
            .bind(entry.rhythm.code())
            .bind(&words.publisher)
            .bind(&words.channels)
            .bind(&words.audience)
            .bind(&words.method)
            .bind(&words.levels)
            .bind(entry.formed_on)
            .bind(entry.in_force_on)
            .bind(now)
            .bind(found_by(words))
            .bind(entry.id.to_string())
            .bind(entry.version),
    )
    .await
}

pub(super) async fn confirm(tx: &mut Tx, entry: &Entry) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    let (on, by) = entry.confirmed.clone().unzip();
    tx.run_versioned(
        sql("UPDATE catalogue_entry SET confirmed_on = $1, confirmed_by = $2, changed_at = $3 WHERE id = $4 AND version = $5")
            .bind(on)
            .bind(by)
            .bind(now)
            .bind(entry.id.to_string())
            .bind(entry.version),
    )
    .await
}

pub(super) async fn remove(tx: &mut Tx, entry: &Entry) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run_versioned(
        sql("UPDATE catalogue_entry SET removed_why = $1, changed_at = $2, version = version + 1 WHERE id = $3 AND version = $4")
            .bind(entry.removed_why.clone())
            .bind(now)
            .bind(entry.id.to_string())
            .bind(entry.version),
    )
    .await
}

/// What a list is narrowed to; `None` and the empty text do not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    pub organ: Option<OrganId>,
    pub class: Option<i64>,
    pub domain: String,
    pub text: String,
}

fn push_narrow(statement: &mut Sql, within: &Reach, narrow: &Narrow) {
    statement.push("e.removed_why IS NULL AND ");
    reach::push(statement, within);
    if let Some(organ) = narrow.organ {
        statement.push(" AND e.organ_id = ").push_value(organ);
    }
    if let Some(class) = narrow.class {
        statement.push(" AND e.class = ").push_value(class);
    }
    if !narrow.domain.is_empty() {
        statement
            .push(" AND e.domain = ")
            .push_value(narrow.domain.clone());
    }
    if !narrow.text.is_empty() {
        statement
            .push(" AND e.found_by LIKE ")
            .push_value(containing(&pairs::folded(&narrow.text)))
            .push(" ESCAPE '!'");
    }
}

/// One page, in the order of class and index.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    within: &Reach,
    narrow: &Narrow,
    (offset, rows): (i64, i64),
) -> Result<Vec<Entry>, StoreError> {
    let mut statement = sql(SELECT);
    push_narrow(&mut statement, within, narrow);
    statement
        .push(" ORDER BY e.class, e.index_number, e.id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, within: &Reach, narrow: &Narrow) -> Result<i64, StoreError> {
    let mut statement =
        sql("SELECT COUNT(*) AS n FROM catalogue_entry e JOIN organ o ON o.id = e.organ_id WHERE ");
    push_narrow(&mut statement, within, narrow);
    tx.one(statement).await?.get("n")
}

/// One entry inside a reach, removed ones too.
///
/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx, within: &Reach, id: EntryId) -> Result<Option<Entry>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("e.id = ")
        .push_value(id.to_string())
        .push(" AND ");
    reach::push(&mut statement, within);
    tx.optional(statement)
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// These entries, removed ones too.
///
/// # Errors
/// When the store fails.
pub async fn by_ids(tx: &mut Tx, ids: &[String]) -> Result<Vec<Entry>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(IDS_AT_ONCE) {
        let mut statement = sql(SELECT);
        statement
            .push("e.id IN ")
            .push_list(some.iter().map(String::as_str));
        for row in tx.all(statement).await? {
            found.push(from_row(&row)?);
        }
    }
    Ok(found)
}

/// The entry in force of an organ with this 索引.
///
/// # Errors
/// When the store fails.
pub async fn by_index(
    tx: &mut Tx,
    organ: OrganId,
    index_number: &str,
) -> Result<Option<Entry>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("e.removed_why IS NULL AND e.organ_id = ")
        .push_value(organ)
        .push(" AND e.index_number = ")
        .push_value(index_number)
        .push(" LIMIT 1");
    tx.optional(statement)
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// All entries in force of these organs, in the order of class and index.
///
/// # Errors
/// When the store fails.
pub async fn of_organs(tx: &mut Tx, organs: &[OrganId]) -> Result<Vec<Entry>, StoreError> {
    let mut found = Vec::new();
    for some in organs.chunks(IDS_AT_ONCE) {
        let mut statement = sql(SELECT);
        statement
            .push("e.removed_why IS NULL AND e.organ_id IN ")
            .push_list(some.iter().copied())
            .push(" ORDER BY e.class, e.index_number, e.id LIMIT ")
            .push_value(HELD_MAX);
        for row in tx.all(statement).await? {
            found.push(from_row(&row)?);
        }
    }
    found.sort_by(|one, next| {
        let key = |entry: &Entry| (entry.words.class, entry.words.index_number.clone());
        key(one).cmp(&key(next))
    });
    Ok(found)
}

/// How many entries each class has of what a list is narrowed to but for the class: a number says what choosing it shows.
///
/// # Errors
/// When the store fails.
pub async fn classes(
    tx: &mut Tx,
    within: &Reach,
    narrow: &Narrow,
) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut statement = sql(
        "SELECT e.class, COUNT(*) AS n FROM catalogue_entry e JOIN organ o ON o.id = e.organ_id WHERE ",
    );
    let of_all = Narrow {
        class: None,
        ..narrow.clone()
    };
    push_narrow(&mut statement, within, &of_all);
    statement.push(" GROUP BY e.class ORDER BY e.class");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("class")?, row.get("n")?)))
        .collect()
}

/// Public entries of organs inside a scope after this id, with when they changed.
///
/// # Errors
/// When the store fails.
pub async fn after(
    tx: &mut Tx,
    within: &Scope,
    last: &str,
    limit: i64,
) -> Result<Vec<(String, i64)>, StoreError> {
    let mut statement = sql(
        "SELECT e.id, e.changed_at FROM catalogue_entry e WHERE e.removed_why IS NULL AND e.id > ",
    );
    statement.push_value(last);
    within.push_within(&mut statement, "e.organ_id");
    statement.push(" ORDER BY e.id LIMIT ").push_value(limit);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("changed_at")?)))
        .collect()
}

fn from_row(row: &Row) -> Result<Entry, StoreError> {
    let overrides: Option<String> = row.get("overrides_id")?;
    Ok(Entry {
        id: row.parsed("id", "an id")?,
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        overrides: overrides.and_then(|id| id.parse().ok()),
        words: Words {
            index_number: row.get("index_number")?,
            class: row.get("class")?,
            domain: row.get("domain")?,
            item: row.get("item")?,
            sub_item: row.get("sub_item")?,
            content: row.get("content")?,
            basis: row.get("basis")?,
            limit_text: row.get("limit_text")?,
            publisher: row.get("publisher")?,
            channels: row.get("channels")?,
            audience: row.get("audience")?,
            method: row.get("method")?,
            levels: row.get("levels")?,
        },
        rhythm: row.coded("rhythm", Rhythm::from_code)?,
        formed_on: row.get("formed_on")?,
        in_force_on: row.get("in_force_on")?,
        removed_why: row.get("removed_why")?,
        recorded_by: row.get("recorded_by")?,
        confirmed: row
            .get::<Option<Date>>("confirmed_on")?
            .zip(row.get("confirmed_by")?),
        version: row.get("version")?,
    })
}
