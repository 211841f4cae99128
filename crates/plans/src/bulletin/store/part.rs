//! The SQL of what a bulletin says of each unit, and of its answer.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::super::{BulletinId, Part, PartState};
use crate::by::By;
use crate::task::store::parse;

/// Puts these parts in place of all; only while nobody has answered.
pub(in crate::bulletin) async fn set_parts(
    tx: &mut Tx,
    id: BulletinId,
    parts: &[Part],
) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM bulletin_part WHERE bulletin_id = $1").bind(id.to_string()))
        .await?;
    for (position, part) in (1_i64..).zip(parts) {
        let sentences = serde_json::to_string(&part.sentences).unwrap_or_default();
        tx.run(
            sql("INSERT INTO bulletin_part (bulletin_id, organ_id, position, class, sentences, state, version) VALUES ($1, $2, $3, $4, $5, $6, 1)")
                .bind(id.to_string())
                .bind(part.organ)
                .bind(position)
                .bind(&part.class)
                .bind(sentences)
                .bind(part.state.code()),
        )
        .await?;
    }
    Ok(())
}

/// From issue on units must answer.
pub(in crate::bulletin) async fn open_parts(tx: &mut Tx, id: BulletinId) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE bulletin_part SET state = 'waiting' WHERE bulletin_id = $1")
            .bind(id.to_string()),
    )
    .await?;
    Ok(())
}

/// Gives a part to another organ, which has none of its own in the bulletin.
pub(in crate::bulletin) async fn give_part(
    tx: &mut Tx,
    id: BulletinId,
    part: &Part,
    to: OrganId,
) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE bulletin_part SET organ_id = $1, version = version + 1 WHERE bulletin_id = $2 AND organ_id = $3 AND version = $4")
            .bind(to)
            .bind(id.to_string())
            .bind(part.organ)
            .bind(part.version),
    )
    .await
}

/// Puts a part in place of two: its organ's own, and that of the organ that went into it.
pub(in crate::bulletin) async fn join_parts(
    tx: &mut Tx,
    id: BulletinId,
    joined: &Part,
    from: OrganId,
) -> Result<(), StoreError> {
    tx.run(
        sql("DELETE FROM bulletin_part WHERE bulletin_id = $1 AND organ_id = $2")
            .bind(id.to_string())
            .bind(from),
    )
    .await?;
    tx.run(
        sql("UPDATE bulletin_part SET sentences = $1 WHERE bulletin_id = $2 AND organ_id = $3")
            .bind(serde_json::to_string(&joined.sentences).unwrap_or_default())
            .bind(id.to_string())
            .bind(joined.organ),
    )
    .await?;
    update_part(tx, id, joined).await
}

pub(in crate::bulletin) async fn update_part(
    tx: &mut Tx,
    id: BulletinId,
    part: &Part,
) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE bulletin_part SET state = $1, reply_text = $2, replied_by = $3, replied_by_id = $4, replied_on = $5, verdict = $6, closed_on = $7, \
             again_due_on = $8, missed_on = $9, version = version + 1 WHERE bulletin_id = $10 AND organ_id = $11 AND version = $12")
            .bind(part.state.code())
            .bind(part.reply_text.clone())
            .bind(part.replied_by.as_ref().map(By::name))
            .bind(part.replied_by.as_ref().and_then(By::account))
            .bind(part.replied_on)
            .bind(part.verdict.clone())
            .bind(part.closed_on)
            .bind(part.again_due_on)
            .bind(part.missed_on)
            .bind(id.to_string())
            .bind(part.organ)
            .bind(part.version),
    )
    .await
}

/// For whom parts of issued bulletins wait.
#[derive(Debug, Clone, Copy)]
pub enum Waits<'s> {
    /// Units that must report.
    Unit(&'s Scope),
    /// The office that must re-check.
    Office(&'s Scope),
}

/// Counts the parts of issued bulletins that wait.
#[must_use]
pub fn counting_parts(waits: Waits<'_>) -> Sql {
    let (text, scope) = match waits {
        Waits::Unit(scope) => (
            "SELECT COUNT(*) AS n FROM bulletin_part q JOIN bulletin b ON b.id = q.bulletin_id JOIN organ x ON x.id = q.organ_id \
             WHERE b.state = 'issued' AND q.state IN ('waiting', 'failed') AND ",
            scope,
        ),
        Waits::Office(scope) => (
            "SELECT COUNT(*) AS n FROM bulletin_part q JOIN bulletin b ON b.id = q.bulletin_id JOIN organ x ON x.id = b.office_id \
             WHERE b.state = 'issued' AND q.state = 'replied' AND ",
            scope,
        ),
    };
    let mut statement = sql(text);
    scope.push_condition(&mut statement, "x.id", "x.path");
    statement
}

/// What is said of each unit; of those in a scope where one is given.
///
/// # Errors
/// When the store fails.
pub async fn parts(
    tx: &mut Tx,
    id: BulletinId,
    units: Option<&Scope>,
) -> Result<Vec<Part>, StoreError> {
    let mut statement = sql(
        "SELECT q.*, o.name AS organ_name FROM bulletin_part q JOIN organ o ON o.id = q.organ_id WHERE q.bulletin_id = ",
    );
    statement.push_value(id.to_string());
    if let Some(scope) = units {
        statement.push(" AND ");
        scope.push_condition(&mut statement, "o.id", "o.path");
    }
    statement.push(" ORDER BY q.position");
    tx.all(statement).await?.iter().map(part_from_row).collect()
}

/// Of these bulletins, those of which a unit in a scope has to report anew, with the day; the first of several.
///
/// # Errors
/// When the store fails.
pub async fn again_due(
    tx: &mut Tx,
    bulletins: &[BulletinId],
    units: &Scope,
) -> Result<BTreeMap<BulletinId, Date>, StoreError> {
    let mut found = BTreeMap::new();
    if bulletins.is_empty() {
        return Ok(found);
    }
    let mut statement = sql(
        "SELECT q.bulletin_id, MIN(q.again_due_on) AS due_on FROM bulletin_part q JOIN organ x ON x.id = q.organ_id \
         WHERE q.state = 'failed' AND q.again_due_on IS NOT NULL AND q.bulletin_id IN ",
    );
    statement
        .push_list(bulletins.iter().map(ToString::to_string))
        .push(" AND ");
    units.push_condition(&mut statement, "x.id", "x.path");
    statement.push(" GROUP BY q.bulletin_id");
    for row in tx.all(statement).await? {
        found.insert(row.parsed("bulletin_id", "an id")?, row.get("due_on")?);
    }
    Ok(found)
}

fn part_from_row(row: &Row) -> Result<Part, StoreError> {
    let replied_by: Option<String> = row.get("replied_by")?;
    let account = row.get("replied_by_id")?;
    Ok(Part {
        organ: row.get::<OrganId>("organ_id")?,
        organ_name: row.get("organ_name")?,
        class: row.get("class")?,
        sentences: parse(row, "sentences")?,
        state: row.coded("state", PartState::from_code)?,
        reply_text: row.get("reply_text")?,
        replied_by: replied_by.map(|name| By::kept(name, account)),
        replied_on: row.get("replied_on")?,
        again_due_on: row.get("again_due_on")?,
        missed_on: row.get("missed_on")?,
        verdict: row.get("verdict")?,
        closed_on: row.get("closed_on")?,
        version: row.get("version")?,
    })
}
