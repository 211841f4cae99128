//! The SQL of finding documents by words of their title and 文号.

use gongkai_basis::{document_number, pairs};
use gongkai_platform::db::{DbKind, Sql, StoreError, Tx, containing, sql};

use crate::document::words::found_by;

/// As many documents as this are looked at one by one. Words that more have fill a list soon: it is walked from its newest.
const FEW_MAX: i64 = 500;
/// Documents that a list narrowed by words shows and counts at most, the newest.
pub const FOUND_MAX: i64 = 1_000;

/// What a text narrows a list of documents to.
#[derive(Debug, Clone)]
pub(crate) struct Sought {
    like: String,
    /// However it is typed: 安府规2026 31 is 安府规〔2026〕31号.
    number: Option<String>,
    /// Those that may have the words, where they are few.
    few: Option<Vec<String>>,
}

/// What the text narrows to; `None` for an empty one.
///
/// # Errors
/// When the store fails.
pub(crate) async fn sought(tx: &mut Tx, text: &str) -> Result<Option<Sought>, StoreError> {
    if text.is_empty() {
        return Ok(None);
    }
    let number = document_number::read(text)
        .ok()
        .map(|(number, _)| number.to_string());
    Ok(Some(Sought {
        few: few(tx, text, number.as_deref()).await?,
        like: containing(&pairs::folded(text)),
        number,
    }))
}

/// The ids of documents that may have the words or the number; `None` where they are many, or the text has no words.
async fn few(
    tx: &mut Tx,
    text: &str,
    number: Option<&str>,
) -> Result<Option<Vec<String>>, StoreError> {
    let asked = pairs::asked(text);
    if asked.is_empty() {
        return Ok(None);
    }
    let waiting = sql("SELECT u.document_id FROM document_unworded u");
    let mut parts = vec![indexed(tx.kind(), &asked), waiting];
    if let Some(number) = number {
        let numbered = sql("SELECT d.id AS document_id FROM document d WHERE d.number = $1");
        parts.push(numbered.bind(number));
    }
    let mut found: Vec<String> = Vec::new();
    for mut part in parts {
        part.push(" LIMIT ").push_value(FEW_MAX + 1);
        for row in tx.all(part).await? {
            found.push(row.get("document_id")?);
        }
    }
    let is_few = i64::try_from(found.len()).is_ok_and(|n| n <= FEW_MAX);
    Ok(is_few.then_some(found))
}

/// SQLite takes tables that are joined by CROSS JOIN in this order; PostgreSQL finds its own.
fn indexed(kind: DbKind, words: &[String]) -> Sql {
    match kind {
        DbKind::Sqlite => {
            let all: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            let mut found = sql(
                "SELECT w.document_id FROM document_words_index CROSS JOIN document_words w \
                 WHERE document_words_index MATCH ",
            );
            found
                .push_value(all.join(" AND "))
                .push(" AND w.n = document_words_index.rowid");
            found
        }
        DbKind::Postgres => {
            let mut found = sql("SELECT w.document_id FROM document_words w \
                 WHERE string_to_array(w.words, ' ') @> string_to_array(");
            found.push_value(words.join(" ")).push(", ' ')");
            found
        }
    }
}

/// Appends the documents that are looked at, as `d`: all, or those that may have the words. The limit keeps SQLite from
/// looking at all of them.
pub(crate) fn push_documents(statement: &mut Sql, sought: Option<&Sought>) {
    match sought.and_then(|sought| sought.few.as_ref()) {
        Some(few) => {
            statement
                .push("(SELECT * FROM document WHERE id IN ")
                .push_list(few.iter().map(String::as_str))
                .push(" LIMIT ")
                .push_value(FEW_MAX)
                .push(") d");
        }
        None => {
            statement.push("document d");
        }
    }
}

/// Appends that the document has the words.
pub(crate) fn push_words(statement: &mut Sql, sought: Option<&Sought>) {
    let Some(sought) = sought else { return };
    statement
        .push(" AND (d.found_by LIKE ")
        .push_value(&sought.like)
        .push(" ESCAPE '!'");
    if let Some(number) = &sought.number {
        statement.push(" OR d.number = ").push_value(number);
    }
    statement.push(")");
}

/// Keeps what a document is found by, in the transaction that changes it.
pub(crate) async fn keep_words(
    tx: &mut Tx,
    id: &str,
    (title, number): (&str, &str),
) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE document SET found_by = $1 WHERE id = $2")
            .bind(found_by(title, number))
            .bind(id),
    )
    .await?;
    tx.run(
        sql(
            "INSERT INTO document_words (document_id, words) VALUES ($1, $2) \
             ON CONFLICT (document_id) DO UPDATE SET words = excluded.words",
        )
        .bind(id)
        .bind(pairs::of([title, number])),
    )
    .await?;
    tx.run(sql("DELETE FROM document_unworded WHERE document_id = $1").bind(id))
        .await?;
    Ok(())
}

/// How many documents wait for their words.
///
/// # Errors
/// When the store fails.
pub async fn unworded(tx: &mut Tx) -> Result<i64, StoreError> {
    let waiting = sql("SELECT COUNT(*) AS n FROM document_unworded");
    tx.one(waiting).await?.get("n")
}

/// Keeps the words of some documents that wait for them; gives of how many.
///
/// # Errors
/// When the store fails.
pub(crate) async fn keep_words_of_some(tx: &mut Tx, rows: i64) -> Result<i64, StoreError> {
    let mut statement = sql(
        "SELECT d.id, d.title, d.number FROM document_unworded u JOIN document d ON d.id = u.document_id \
         ORDER BY u.document_id LIMIT ",
    );
    statement.push_value(rows);
    let mut kept = 0;
    for row in tx.all(statement).await? {
        let (id, title, number): (String, String, String) =
            (row.get("id")?, row.get("title")?, row.get("number")?);
        keep_words(tx, &id, (&title, &number)).await?;
        kept += 1;
    }
    Ok(kept)
}
