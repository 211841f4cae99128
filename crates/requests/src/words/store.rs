//! The SQL of the words of cases.

use gongkai_platform::db::{DbKind, Sql, StoreError, Tx, Value, sql};

use super::{asked, found_by, of, place};
use crate::id::RequestId;
use crate::request::Request;
use crate::request::store::from_row;

fn placed(request: &Request) -> Result<i64, StoreError> {
    place(&request.number).ok_or_else(|| StoreError::Corrupt {
        column: "request.number".to_owned(),
        found: request.number.clone(),
        wanted: "a year and a serial number",
    })
}

/// While so many cases wait for their words, a search looks at the text of each of these; of more it walks through all.
const WAITING_MAX: i64 = 2_000;
/// Cases that one statement takes from those that wait.
const WAITING_AT_ONCE: usize = 500;

/// A new case waits for its words: whoever hands it in does not wait for the index.
pub(crate) async fn wait(tx: &mut Tx, id: RequestId) -> Result<(), StoreError> {
    tx.run(sql("INSERT INTO request_unworded (request_id) VALUES ($1)").bind(id.to_string()))
        .await?;
    Ok(())
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
    set_found_by(tx, request).await
}

async fn set_found_by(tx: &mut Tx, request: &Request) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE request SET found_by = $1 WHERE id = $2")
            .bind(found_by(request))
            .bind(request.id.to_string()),
    )
    .await?;
    Ok(())
}

/// How many cases wait for their words.
pub(crate) async fn waiting(tx: &mut Tx) -> Result<i64, StoreError> {
    let waiting = sql("SELECT COUNT(*) AS n FROM request_unworded");
    tx.one(waiting).await?.get("n")
}

/// Keeps the words of some cases that wait for them; gives these cases.
pub(crate) async fn fill(tx: &mut Tx, rows: i64) -> Result<Vec<Request>, StoreError> {
    let mut statement = sql(
        "SELECT r.*, o.name AS organ_name FROM request_unworded u JOIN request r ON r.id = u.request_id \
         JOIN organ o ON o.id = r.organ_id ORDER BY u.request_id LIMIT ",
    );
    statement.push_value(rows);
    let mut requests = Vec::new();
    for row in tx.all(statement).await? {
        let request = from_row(&row)?;
        // A case from before it was kept with the case itself.
        if row.get::<String>("found_by")?.is_empty() {
            set_found_by(tx, &request).await?;
        }
        requests.push(request);
    }
    keep_all(tx, &requests).await?;
    Ok(requests)
}

/// Keeps the words of many cases at once; they wait no more. Who takes over a table of cases does so in its own transaction:
/// nobody waits for a receipt there, and with thousands that wait every search would walk through all cases.
pub(crate) async fn keep_all(tx: &mut Tx, requests: &[Request]) -> Result<(), StoreError> {
    let mut kept = Vec::with_capacity(requests.len());
    for request in requests {
        kept.push([
            Value::from(placed(request)?),
            Value::from(request.id.to_string()),
            Value::from(of(request)),
        ]);
    }
    tx.insert(
        "INSERT INTO request_words (n, request_id, words)",
        kept,
        "ON CONFLICT (n) DO UPDATE SET words = excluded.words",
    )
    .await?;
    for some in requests.chunks(WAITING_AT_ONCE) {
        let mut statement = sql("DELETE FROM request_unworded WHERE request_id IN ");
        statement.push_list(some.iter().map(|request| request.id.to_string()));
        tx.run(statement).await?;
    }
    Ok(())
}

/// The beginnings of statements, up to their next condition, that together reach each case once that may have all words of a
/// text; `None` where the text has no words, or too many cases wait for theirs.
pub(crate) async fn reaching(tx: &mut Tx, text: &str) -> Result<Option<Vec<Sql>>, StoreError> {
    let words = asked(text);
    if words.is_empty() {
        return Ok(None);
    }
    let mut waiting =
        sql("SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM request_unworded LIMIT ");
    waiting.push_value(WAITING_MAX + 1).push(") waiting");
    let waiting: i64 = tx.one(waiting).await?.get("n")?;
    if waiting > WAITING_MAX {
        return Ok(None);
    }
    let mut heads = vec![worded(tx.kind(), &words)];
    if waiting > 0 {
        // What is in the index by an older text of it is looked at with those that wait.
        for head in &mut heads {
            head.push(
                "NOT EXISTS (SELECT 1 FROM request_unworded u WHERE u.request_id = w.request_id) AND ",
            );
        }
        heads.push(sql(
            "SELECT r.id, r.submitted_at, r.due_on FROM request_unworded u CROSS JOIN request r WHERE r.id = u.request_id AND ",
        ));
    }
    Ok(Some(heads))
}

/// SQLite takes tables that are joined by CROSS JOIN in this order; PostgreSQL finds its own.
fn worded(kind: DbKind, words: &[String]) -> Sql {
    match kind {
        DbKind::Sqlite => {
            let all: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            let mut head = sql(
                "SELECT r.id, r.submitted_at, r.due_on FROM request_words_index CROSS JOIN request_words w CROSS JOIN request r \
                 WHERE request_words_index MATCH ",
            );
            head.push_value(all.join(" AND "))
                .push(" AND w.n = request_words_index.rowid AND r.id = w.request_id AND ");
            head
        }
        DbKind::Postgres => {
            let mut head = sql(
                "SELECT r.id, r.submitted_at, r.due_on FROM request_words w CROSS JOIN request r \
                 WHERE string_to_array(w.words, ' ') @> string_to_array(",
            );
            head.push_value(words.join(" "))
                .push(", ' ') AND r.id = w.request_id AND ");
            head
        }
    }
}
