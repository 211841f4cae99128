//! The SQL of 检查汇总: public texts, and what is kept of the looks through them. Pieces stand there by their hash.

use std::collections::BTreeSet;

use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx, Value, sql};

use super::{document_id, edition_id};
use crate::id::{DocumentId, EditionId};

/// A public document with its title, and its text.
pub type Public = ((DocumentId, String), String);

/// What is kept of the looks of a scope.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// How many looks were kept.
    pub n: i64,
    /// The hashes of what was looked for in each edition that was looked at.
    pub pieces: BTreeSet<String>,
}

/// How much of the public texts a look went through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Through {
    All,
    /// Those that no look before it went through.
    Unseen,
}

/// # Errors
/// When the store fails.
pub async fn pieces_kept(tx: &mut Tx, key: &str) -> Result<Kept, StoreError> {
    let look = tx
        .optional(sql("SELECT n FROM piece_look WHERE scope = $1").bind(key))
        .await?;
    let pieces = tx
        .all(sql("SELECT piece FROM piece_known WHERE scope = $1").bind(key))
        .await?;
    Ok(Kept {
        n: match look {
            Some(row) => row.get("n")?,
            None => 0,
        },
        pieces: pieces
            .iter()
            .map(|row| row.get("piece"))
            .collect::<Result<_, _>>()?,
    })
}

/// How many documents within a scope of staff the public reads.
///
/// # Errors
/// When the store fails.
pub async fn public_count(tx: &mut Tx, scope: &Scope) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT CAST(COALESCE(SUM(c.n), 0) AS BIGINT) AS n \
         FROM document_desk_count c WHERE c.visibility = 'public' AND ");
    scope.push_organ(&mut statement, "c.owner_id");
    tx.one(statement).await?.get("n")
}

/// The id of the last of so many newest public documents within a scope of staff; `None` where there are fewer.
///
/// # Errors
/// When the store fails.
pub async fn oldest_of(
    tx: &mut Tx,
    scope: &Scope,
    rows: i64,
) -> Result<Option<DocumentId>, StoreError> {
    let mut statement = sql("SELECT d.id FROM document d WHERE d.visibility = 'public' AND ");
    scope.push_organ(&mut statement, "d.owner_id");
    statement
        .push(" ORDER BY d.id DESC LIMIT 1 OFFSET ")
        .push_value(rows.saturating_sub(1).max(0));
    tx.optional(statement)
        .await?
        .map(|row| document_id(&row, "id"))
        .transpose()
}

/// The texts that the public reads of documents within a scope of staff, with their editions, the newest first: a page of
/// them before one id and not before another; with a key only those that no look under it went through.
///
/// # Errors
/// When the store fails.
pub async fn public_texts(
    tx: &mut Tx,
    (scope, unseen_by): (&Scope, Option<&str>),
    (before, oldest): (Option<DocumentId>, Option<DocumentId>),
    rows: i64,
) -> Result<Vec<(EditionId, Public)>, StoreError> {
    let mut statement = sql(
        "SELECT d.id, d.title, d.published_id, e.text FROM document d JOIN edition e ON e.id = d.published_id \
         WHERE d.visibility = 'public' AND ",
    );
    scope.push_organ(&mut statement, "d.owner_id");
    if let Some(before) = before {
        statement
            .push(" AND d.id < ")
            .push_value(before.to_string());
    }
    if let Some(oldest) = oldest {
        statement
            .push(" AND d.id >= ")
            .push_value(oldest.to_string());
    }
    if let Some(key) = unseen_by {
        statement
            .push(" AND NOT EXISTS (SELECT 1 FROM piece_edition s WHERE s.scope = ")
            .push_value(key)
            .push(" AND s.edition_id = d.published_id)");
    }
    statement
        .push(" ORDER BY d.id DESC LIMIT ")
        .push_value(rows);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let holder = (document_id(row, "id")?, row.get("title")?);
            Ok((edition_id(row, "published_id")?, (holder, row.get("text")?)))
        })
        .collect()
}

/// Where pieces were found by looks before: public documents within the scope whose text is still that one.
///
/// # Errors
/// When the store fails.
pub async fn pieces_found(
    tx: &mut Tx,
    (scope, key): (&Scope, &str),
) -> Result<Vec<((DocumentId, String), String)>, StoreError> {
    let mut statement = sql(
        "SELECT d.id, d.title, m.piece FROM piece_match m JOIN edition e ON e.id = m.edition_id \
         JOIN document d ON d.id = e.document_id AND d.published_id = e.id WHERE d.visibility = 'public' AND m.scope = ",
    );
    statement.push_value(key).push(" AND ");
    scope.push_organ(&mut statement, "d.owner_id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let holder = (document_id(row, "id")?, row.get("title")?);
            Ok((holder, row.get("piece")?))
        })
        .collect()
}

/// Keeps a look: what it looked for, the editions that it went through, and where it found what. Of two looks at a time the
/// first is kept.
///
/// # Errors
/// When the store fails.
pub async fn keep_look(
    tx: &mut Tx,
    (key, before): (&str, &Kept),
    (pieces, through): (&BTreeSet<String>, Through),
    (editions, found): (&[EditionId], &[(String, EditionId)]),
) -> Result<(), StoreError> {
    let counted = if before.n == 0 {
        sql("INSERT INTO piece_look (scope, n) VALUES ($1, 1) ON CONFLICT DO NOTHING").bind(key)
    } else {
        sql("UPDATE piece_look SET n = n + 1 WHERE scope = $1 AND n = $2")
            .bind(key)
            .bind(before.n)
    };
    if tx.run(counted).await? == 0 {
        return Ok(());
    }
    tx.run(sql("DELETE FROM piece_known WHERE scope = $1").bind(key))
        .await?;
    if through == Through::All {
        tx.run(sql("DELETE FROM piece_edition WHERE scope = $1").bind(key))
            .await?;
        tx.run(sql("DELETE FROM piece_match WHERE scope = $1").bind(key))
            .await?;
    }
    let known = pieces
        .iter()
        .map(|piece| [Value::from(key), Value::from(piece)]);
    tx.insert(
        "INSERT INTO piece_known (scope, piece)",
        known.collect::<Vec<_>>(),
        "ON CONFLICT DO NOTHING",
    )
    .await?;
    let seen = editions
        .iter()
        .map(|id| [Value::from(key), Value::from(id.to_string())]);
    tx.insert(
        "INSERT INTO piece_edition (scope, edition_id)",
        seen.collect::<Vec<_>>(),
        "ON CONFLICT DO NOTHING",
    )
    .await?;
    let matches = found.iter().map(|(piece, id)| {
        [
            Value::from(key),
            Value::from(piece),
            Value::from(id.to_string()),
        ]
    });
    tx.insert(
        "INSERT INTO piece_match (scope, piece, edition_id)",
        matches.collect::<Vec<_>>(),
        "ON CONFLICT DO NOTHING",
    )
    .await?;
    Ok(())
}
