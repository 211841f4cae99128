//! The SQL of words that found nothing, of picks, and of words that mean the same.

use gongkai_basis::Date;
use gongkai_platform::db::{StoreError, Tx, sql};

use super::miss::Times;
use super::pick::Pick;
use super::same::Same;

/// Words that were looked for in vain on some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Missed {
    /// The site's name; empty for the main one.
    pub(super) site: String,
    pub(super) words: String,
    pub(super) times: Times,
}

pub(super) async fn add_miss(
    tx: &mut Tx,
    on: Date,
    (site, words): (&str, &str),
    times: Times,
) -> Result<(), StoreError> {
    tx.run(
        sql(
            "INSERT INTO search_miss (looked_on, site, words, n, partly) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (looked_on, site, words) DO UPDATE SET n = search_miss.n + excluded.n, partly = search_miss.partly + excluded.partly",
        )
        .bind(on)
        .bind(site)
        .bind(words)
        .bind(times.all)
        .bind(times.partly),
    )
    .await?;
    Ok(())
}

pub(super) async fn forget_misses(tx: &mut Tx, before: Date) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM search_miss WHERE looked_on < $1").bind(before))
        .await?;
    Ok(())
}

/// The most frequent first.
pub(super) async fn missed(tx: &mut Tx, from: Date, rows: i64) -> Result<Vec<Missed>, StoreError> {
    tx.all(
        sql(
            "SELECT site, words, CAST(SUM(n) AS BIGINT) AS n, CAST(SUM(partly) AS BIGINT) AS partly FROM search_miss WHERE looked_on >= $1 \
             GROUP BY site, words ORDER BY SUM(n) DESC, words, site LIMIT $2",
        )
        .bind(from)
        .bind(rows),
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Missed {
            site: row.get("site")?,
            words: row.get("words")?,
            times: Times {
                all: row.get("n")?,
                partly: row.get("partly")?,
            },
        })
    })
    .collect()
}

fn pick(row: &gongkai_platform::db::Row) -> Result<Pick, StoreError> {
    Ok(Pick {
        id: row.get("id")?,
        words: row.get("words")?,
        title: row.get("title")?,
        address: row.get("address")?,
        by: row.get("by_name")?,
    })
}

/// What is recommended for a folded word.
pub(super) async fn pick_for(tx: &mut Tx, word: &str) -> Result<Option<Pick>, StoreError> {
    tx.optional(
        sql("SELECT p.* FROM search_pick_word w JOIN search_pick p ON p.id = w.pick_id WHERE w.word = $1")
            .bind(word),
    )
    .await?
    .as_ref()
    .map(pick)
    .transpose()
}

pub(super) async fn picks(tx: &mut Tx, rows: i64) -> Result<Vec<Pick>, StoreError> {
    tx.all(sql("SELECT * FROM search_pick ORDER BY created_at DESC, id LIMIT $1").bind(rows))
        .await?
        .iter()
        .map(pick)
        .collect()
}

pub(super) async fn load(tx: &mut Tx, id: &str) -> Result<Option<Pick>, StoreError> {
    tx.optional(sql("SELECT * FROM search_pick WHERE id = $1").bind(id))
        .await?
        .as_ref()
        .map(pick)
        .transpose()
}

pub(super) async fn insert(tx: &mut Tx, pick: &Pick, folded: &[String]) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO search_pick (id, words, title, address, by_name, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(&pick.id)
            .bind(&pick.words)
            .bind(&pick.title)
            .bind(&pick.address)
            .bind(&pick.by)
            .bind(now),
    )
    .await?;
    for word in folded {
        tx.run(
            sql("INSERT INTO search_pick_word (word, pick_id) VALUES ($1, $2)")
                .bind(word)
                .bind(&pick.id),
        )
        .await?;
    }
    Ok(())
}

pub(super) async fn remove(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM search_pick_word WHERE pick_id = $1").bind(id))
        .await?;
    tx.run(sql("DELETE FROM search_pick WHERE id = $1").bind(id))
        .await?;
    Ok(())
}

/// Every group, the newest first.
pub(super) async fn synonyms(tx: &mut Tx, rows: i64) -> Result<Vec<Same>, StoreError> {
    tx.all(sql("SELECT * FROM search_synonym ORDER BY created_at DESC, id LIMIT $1").bind(rows))
        .await?
        .iter()
        .map(|row| {
            let words: String = row.get("words")?;
            Ok(Same {
                id: row.get("id")?,
                words: words.split_whitespace().map(str::to_owned).collect(),
                by: row.get("by_name")?,
            })
        })
        .collect()
}

pub(super) async fn insert_synonym(tx: &mut Tx, same: &Same) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO search_synonym (id, words, by_name, created_at) VALUES ($1, $2, $3, $4)")
            .bind(&same.id)
            .bind(same.words.join(" "))
            .bind(&same.by)
            .bind(now),
    )
    .await?;
    Ok(())
}

pub(super) async fn remove_synonym(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM search_synonym WHERE id = $1").bind(id))
        .await?;
    Ok(())
}
