//! The SQL of fillings.

use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_platform::db::{Row, StoreError, Tx, sql};

use super::{Filling, Means};
use crate::id::EntryId;

/// Fillings that one statement reads: a page of entries with twelve months each, and room.
const ROWS_MAX: i64 = 5_000;
const SELECT: &str = "SELECT f.* FROM catalogue_filling f WHERE f.removed_why IS NULL AND ";

pub(super) async fn insert(tx: &mut Tx, filling: &Filling) -> Result<(), StoreError> {
    let (of, seal, address, statement) = match &filling.means {
        Means::Record { of, seal } => (Some(of.clone()), Some(seal.clone()), None, None),
        Means::Address(address) => (None, None, Some(address.clone()), None),
        Means::Nothing(statement) => (None, None, None, Some(statement.clone())),
    };
    tx.run(
        sql("INSERT INTO catalogue_filling (id, entry_id, organ_id, period, kind, title, ref_kind, ref_id, seal, address, \
             statement, confirmed_by, confirmed_on, version) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)")
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
            .bind(filling.confirmed_on),
    )
    .await?;
    Ok(())
}

pub(super) async fn remove(tx: &mut Tx, filling: &Filling, why: &str) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE catalogue_filling SET removed_why = $1, version = version + 1 WHERE id = $2 AND version = $3")
            .bind(why)
            .bind(filling.id.to_string())
            .bind(filling.version),
    )
    .await
}

/// What one organ filled of these entries.
///
/// # Errors
/// When the store fails.
pub async fn of_organ(
    tx: &mut Tx,
    organ: OrganId,
    entries: &[EntryId],
) -> Result<Vec<Filling>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("f.organ_id = ")
        .push_value(organ)
        .push(" AND f.entry_id IN ")
        .push_list(entries.iter().map(EntryId::to_string))
        .push(" ORDER BY f.period DESC, f.id LIMIT ")
        .push_value(ROWS_MAX);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// The materials of one entry, newest period first.
///
/// # Errors
/// When the store fails.
pub async fn of_entry(tx: &mut Tx, entry: EntryId) -> Result<Vec<Filling>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("f.entry_id = ")
        .push_value(entry.to_string())
        .push(" ORDER BY f.period DESC, f.id LIMIT ")
        .push_value(ROWS_MAX);
    tx.all(statement).await?.iter().map(from_row).collect()
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
