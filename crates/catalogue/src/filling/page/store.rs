//! The SQL of pages that fillings lead to.

use std::collections::BTreeMap;

use gongkai_basis::id::OrganId;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::{Page, PageState, Words};
use crate::id::FillingId;

/// Ids in one list of a statement.
const IDS_AT_ONCE: usize = 200;

/// Whose pages a run goes through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Over {
    /// All units: those of the periods from this year on, and older ones that nobody tried since that instant.
    Everything {
        from: i16,
        old: i64,
    },
    Unit(OrganId),
}

/// Appends what selects the fillings of a run that nobody tried since it was asked for.
fn push_waiting(statement: &mut Sql, over: &Over, asked_at: i64) {
    statement
        .push(
            "f.removed_why IS NULL AND f.kind = 'address' AND (p.tried_at IS NULL OR p.tried_at < ",
        )
        .push_value(asked_at)
        .push(")");
    match over {
        Over::Everything { from, old } => {
            statement
                .push(" AND (f.period >= ")
                .push_value(from.to_string())
                .push(" OR p.tried_at IS NULL OR p.tried_at < ")
                .push_value(*old)
                .push(")");
        }
        Over::Unit(organ) => {
            statement.push(" AND f.organ_id = ").push_value(*organ);
        }
    }
}

/// Fillings after this one in the order of ids.
///
/// # Errors
/// When the store fails.
pub async fn next(
    tx: &mut Tx,
    (over, asked_at): (&Over, i64),
    last: &str,
    rows: i64,
) -> Result<Vec<String>, StoreError> {
    let mut statement = sql(
        "SELECT f.id FROM catalogue_filling f LEFT JOIN catalogue_page p ON p.filling_id = f.id WHERE ",
    );
    push_waiting(&mut statement, over, asked_at);
    statement
        .push(" AND f.id > ")
        .push_value(last)
        .push(" ORDER BY f.id LIMIT ")
        .push_value(rows);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect()
}

/// How many fillings wait for a run.
///
/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, over: &Over, asked_at: i64) -> Result<i64, StoreError> {
    let mut statement = sql(
        "SELECT COUNT(*) AS n FROM catalogue_filling f LEFT JOIN catalogue_page p ON p.filling_id = f.id WHERE ",
    );
    push_waiting(&mut statement, over, asked_at);
    tx.one(statement).await?.get("n")
}

/// What is known of the pages of these fillings; nothing of those that nobody looked at.
///
/// # Errors
/// When the store fails.
pub async fn of(
    tx: &mut Tx,
    fillings: &[FillingId],
) -> Result<BTreeMap<FillingId, Page>, StoreError> {
    let mut found = BTreeMap::new();
    for some in fillings.chunks(IDS_AT_ONCE) {
        let mut statement = sql("SELECT p.* FROM catalogue_page p WHERE p.filling_id IN ");
        statement.push_list(some.iter().map(FillingId::to_string));
        for row in tx.all(statement).await? {
            let page = from_row(&row)?;
            found.insert(page.filling, page);
        }
    }
    Ok(found)
}

/// Keeps what is known, under the version that was read.
///
/// # Errors
/// [`StoreError::Stale`] when somebody was first.
pub(super) async fn save(tx: &mut Tx, page: &Page) -> Result<(), StoreError> {
    let seal = |words: Option<&Words>| words.map(|words| words.seal.clone());
    let chars = |words: Option<&Words>| words.map(|words| words.chars);
    let named = |words: Option<&Words>| words.map(|words| i64::from(words.named));
    let (material, seen) = (page.material.as_ref(), page.seen.as_ref());
    tx.run_versioned(
        sql("INSERT INTO catalogue_page (filling_id, state, sentence, seal, chars, named, seen_seal, seen_chars, seen_named, \
             seen_at, tried_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1) \
             ON CONFLICT (filling_id) DO UPDATE SET state = $2, sentence = $3, seal = $4, chars = $5, named = $6, \
             seen_seal = $7, seen_chars = $8, seen_named = $9, seen_at = $10, tried_at = $11, \
             version = catalogue_page.version + 1 WHERE catalogue_page.version = $12")
            .bind(page.filling.to_string())
            .bind(page.state.code())
            .bind(&page.sentence)
            .bind(seal(material))
            .bind(chars(material))
            .bind(named(material))
            .bind(seal(seen))
            .bind(chars(seen))
            .bind(named(seen))
            .bind(page.seen_at)
            .bind(page.tried_at)
            .bind(page.version),
    )
    .await
}

fn from_row(row: &Row) -> Result<Page, StoreError> {
    let words = |seal: Option<String>, chars: Option<i64>, named: Option<i64>| {
        Some(Words {
            seal: seal?,
            chars: chars?,
            named: named? == 1,
        })
    };
    Ok(Page {
        filling: row.parsed("filling_id", "an id")?,
        state: row.coded("state", PageState::from_code)?,
        sentence: row.get("sentence")?,
        material: words(row.get("seal")?, row.get("chars")?, row.get("named")?),
        seen: words(
            row.get("seen_seal")?,
            row.get("seen_chars")?,
            row.get("seen_named")?,
        ),
        seen_at: row.get("seen_at")?,
        tried_at: row.get("tried_at")?,
        version: row.get("version")?,
    })
}
