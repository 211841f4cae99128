//! The SQL of the words of cases.

use gongkai_platform::db::{DbKind, Sql, StoreError, Tx, Value, sql};

use super::{asked, of, place};
use crate::request::Request;
use crate::request::store::{SELECT, from_row};

fn placed(request: &Request) -> Result<i64, StoreError> {
    place(&request.number).ok_or_else(|| StoreError::Corrupt {
        column: "request.number".to_owned(),
        found: request.number.clone(),
        wanted: "a year and a serial number",
    })
}

/// Keeps what a case is found by, in the transaction that changes the case.
pub(crate) async fn keep(tx: &mut Tx, request: &Request) -> Result<(), StoreError> {
    tx.run(
        sql(
            "INSERT INTO request_words (n, request_id, words) VALUES ($1, $2, $3) \
             ON CONFLICT (n) DO UPDATE SET words = excluded.words",
        )
        .bind(placed(request)?)
        .bind(request.id.to_string())
        .bind(of(request)),
    )
    .await?;
    Ok(())
}

/// Keeps the words of some cases from before the index; gives of how many, and how many are left.
pub(super) async fn fill(tx: &mut Tx, rows: i64) -> Result<(i64, i64), StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("r.id IN (SELECT request_id FROM request_unworded ORDER BY request_id LIMIT ")
        .push_value(rows)
        .push(")");
    let (mut kept, mut ids) = (Vec::new(), Vec::new());
    for row in tx.all(statement).await? {
        let request = from_row(&row)?;
        let id = request.id.to_string();
        kept.push([
            Value::from(placed(&request)?),
            Value::from(id.as_str()),
            Value::from(of(&request)),
        ]);
        ids.push(id);
    }
    let done = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    // Words that are there are newer: the case was changed meanwhile.
    tx.insert(
        "INSERT INTO request_words (n, request_id, words)",
        kept,
        "ON CONFLICT DO NOTHING",
    )
    .await?;
    let mut statement = sql("DELETE FROM request_unworded WHERE request_id IN ");
    statement.push_list(ids);
    tx.run(statement).await?;
    let left = sql("SELECT COUNT(*) AS n FROM request_unworded");
    Ok((done, tx.one(left).await?.get("n")?))
}

/// A statement's beginning, up to its next condition, that reaches only the cases with all words of a text; `None` where
/// the text has no words, or cases from before the index are still without theirs.
pub(crate) async fn reaching(tx: &mut Tx, text: &str) -> Result<Option<Sql>, StoreError> {
    let words = asked(text);
    let unworded = sql("SELECT request_id FROM request_unworded LIMIT 1");
    if words.is_empty() || tx.optional(unworded).await?.is_some() {
        return Ok(None);
    }
    // SQLite takes tables that are joined by CROSS JOIN in this order; PostgreSQL finds its own.
    Ok(Some(match tx.kind() {
        DbKind::Sqlite => {
            let all: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            let mut head = sql(
                "SELECT r.id FROM request_words_index CROSS JOIN request_words w CROSS JOIN request r \
                 WHERE request_words_index MATCH ",
            );
            head.push_value(all.join(" AND "))
                .push(" AND w.n = request_words_index.rowid AND r.id = w.request_id AND ");
            head
        }
        DbKind::Postgres => {
            let mut head = sql("SELECT r.id FROM request_words w CROSS JOIN request r \
                 WHERE string_to_array(w.words, ' ') @> string_to_array(");
            head.push_value(words.join(" "))
                .push(", ' ') AND r.id = w.request_id AND ");
            head
        }
    }))
}
