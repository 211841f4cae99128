//! The SQL of guides.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, containing, sql};
use gongkai_platform::organ::Status;
use gongkai_platform::organ::reach::{Reach, store as reach};

use super::{Edition, Guide, State, Words};

const SELECT: &str =
    "SELECT g.*, o.name AS organ_name FROM guide g JOIN organ o ON o.id = g.organ_id WHERE ";
const PUBLIC: &str = "SELECT d.*, o.name AS organ_name, g.confirmed_on, g.changed_at FROM guide g JOIN organ o ON o.id = \
                      g.organ_id JOIN guide_edition d ON d.organ_id = g.organ_id AND d.number = g.edition WHERE ";

fn json(words: &Words) -> String {
    serde_json::to_string(&words.0).unwrap_or_default()
}

pub(super) async fn insert(tx: &mut Tx, guide: &Guide) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO guide (organ_id, state, words, why, returned_why, writer, written_by, edition, confirmed_on, version, \
             changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10)")
            .bind(guide.organ)
            .bind(guide.state.code())
            .bind(json(&guide.words))
            .bind(&guide.why)
            .bind(&guide.returned_why)
            .bind(&guide.writer)
            .bind(&guide.written_by)
            .bind(guide.edition)
            .bind(guide.confirmed_on)
            .bind(now),
    )
    .await?;
    Ok(())
}

/// Stores what may change, if nobody changed it since.
pub(super) async fn update(tx: &mut Tx, guide: &mut Guide) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run_versioned(
        sql("UPDATE guide SET state = $1, words = $2, why = $3, returned_why = $4, writer = $5, written_by = $6, edition = $7, \
             confirmed_on = $8, changed_at = $9, version = version + 1 WHERE organ_id = $10 AND version = $11")
            .bind(guide.state.code())
            .bind(json(&guide.words))
            .bind(&guide.why)
            .bind(&guide.returned_why)
            .bind(&guide.writer)
            .bind(&guide.written_by)
            .bind(guide.edition)
            .bind(guide.confirmed_on)
            .bind(now)
            .bind(guide.organ)
            .bind(guide.version),
    )
    .await?;
    guide.version += 1;
    Ok(())
}

pub(super) async fn publish(tx: &mut Tx, edition: &Edition) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO guide_edition (organ_id, number, words, why, written_by, approved_by, published_on) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(edition.organ)
            .bind(edition.number)
            .bind(json(&edition.words))
            .bind(&edition.why)
            .bind(&edition.written_by)
            .bind(&edition.approved_by)
            .bind(edition.published_on),
    )
    .await?;
    Ok(())
}

/// The guide of an organ inside a reach.
///
/// # Errors
/// When the store fails.
pub async fn load(
    tx: &mut Tx,
    within: &Reach,
    organ: OrganId,
) -> Result<Option<Guide>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("g.organ_id = ")
        .push_value(organ)
        .push(" AND ");
    reach::push(&mut statement, within);
    tx.optional(statement)
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// A unit, and its guide if it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitGuide {
    pub organ: OrganId,
    pub name: String,
    pub state: Option<State>,
    pub is_public: bool,
    pub confirmed_on: Option<Date>,
}

fn push_units(statement: &mut Sql, within: &Reach, state: &str) {
    statement
        .push("o.status = ")
        .push_value(Status::Active)
        .push(" AND o.level NOT IN ('section', 'village') AND ");
    reach::push(statement, within);
    match state {
        "none" => {
            statement.push(" AND g.edition IS NULL");
        }
        code if State::from_code(code).is_some() => {
            statement.push(" AND g.state = ").push_value(code);
        }
        _ => {}
    }
}

/// One page of the units inside a reach; `state` is a state's code, `none` for those without a public guide, else all.
///
/// # Errors
/// When the store fails.
pub async fn units(
    tx: &mut Tx,
    within: &Reach,
    state: &str,
    (offset, rows): (i64, i64),
) -> Result<Vec<UnitGuide>, StoreError> {
    let mut statement = sql(
        "SELECT o.id, o.name, g.state, g.edition, g.confirmed_on FROM organ o LEFT JOIN guide g ON g.organ_id = o.id WHERE ",
    );
    push_units(&mut statement, within, state);
    statement
        .push(" ORDER BY LENGTH(o.path), o.position, o.path LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    let one = |row: &Row| {
        let state: Option<String> = row.get("state")?;
        Ok(UnitGuide {
            organ: row.get("id")?,
            name: row.get("name")?,
            state: state.and_then(|code| State::from_code(&code)),
            is_public: row.get::<Option<i64>>("edition")?.is_some(),
            confirmed_on: row.get("confirmed_on")?,
        })
    };
    tx.all(statement).await?.iter().map(one).collect()
}

/// Units inside a reach with a guide, draft or public, whose name has these words; all of them for a word of the title.
///
/// # Errors
/// When the store fails.
pub async fn named(
    tx: &mut Tx,
    within: &Reach,
    words: &str,
    rows: i64,
) -> Result<Vec<(OrganId, String)>, StoreError> {
    let mut statement =
        sql("SELECT o.id, o.name FROM guide g JOIN organ o ON o.id = g.organ_id WHERE ");
    reach::push(&mut statement, within);
    statement
        .push(" AND o.name || '政府信息公开指南' LIKE ")
        .push_value(containing(words))
        .push(" ESCAPE '!' ORDER BY LENGTH(o.path), o.position, o.path LIMIT ")
        .push_value(rows);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("name")?)))
        .collect()
}

/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, within: &Reach, state: &str) -> Result<i64, StoreError> {
    let mut statement =
        sql("SELECT COUNT(*) AS n FROM organ o LEFT JOIN guide g ON g.organ_id = o.id WHERE ");
    push_units(&mut statement, within, state);
    tx.one(statement).await?.get("n")
}

/// How many guides of a scope wait in a state; of drafts only those that came back.
///
/// # Errors
/// When the store fails.
pub async fn waiting(tx: &mut Tx, scope: &Scope, state: State) -> Result<i64, StoreError> {
    let mut statement =
        sql("SELECT COUNT(*) AS n FROM guide g JOIN organ o ON o.id = g.organ_id WHERE g.state = ");
    statement.push_value(state.code()).push(" AND ");
    if state == State::Draft {
        statement.push("g.returned_why <> '' AND ");
    }
    scope.push_condition(&mut statement, "o.id", "o.path");
    tx.one(statement).await?.get("n")
}

/// Public guides of a scope that were last confirmed within these days, the oldest first.
///
/// # Errors
/// When the store fails.
pub async fn confirmed_between(
    tx: &mut Tx,
    scope: &Scope,
    (from, to): (Date, Date),
    rows: i64,
) -> Result<Vec<Guide>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("g.edition IS NOT NULL AND g.confirmed_on >= ")
        .push_value(from)
        .push(" AND g.confirmed_on <= ")
        .push_value(to)
        .push(" AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" ORDER BY g.confirmed_on, g.organ_id LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// What the public reads of one organ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub edition: Edition,
    pub confirmed_on: Date,
    /// Milliseconds since 1970, UTC.
    pub changed_at: i64,
}

async fn shown(tx: &mut Tx, statement: Sql) -> Result<Vec<Shown>, StoreError> {
    let one = |row: &Row| {
        let edition = edition(row)?;
        Ok(Shown {
            confirmed_on: row
                .get::<Option<Date>>("confirmed_on")?
                .unwrap_or(edition.published_on),
            changed_at: row.get("changed_at")?,
            edition,
        })
    };
    tx.all(statement).await?.iter().map(one).collect()
}

/// The public guides of these organs, as ids.
///
/// # Errors
/// When the store fails.
pub async fn public(tx: &mut Tx, organs: &[String]) -> Result<Vec<Shown>, StoreError> {
    let mut statement = sql(PUBLIC);
    statement
        .push("g.organ_id IN ")
        .push_list(organs.iter().map(String::as_str));
    shown(tx, statement).await
}

/// The public guides of organs inside a scope after this organ in the order of ids.
///
/// # Errors
/// When the store fails.
pub async fn public_after(
    tx: &mut Tx,
    within: &Scope,
    last: &str,
    limit: i64,
) -> Result<Vec<(String, i64)>, StoreError> {
    let mut statement = sql(
        "SELECT g.organ_id, g.changed_at FROM guide g WHERE g.edition IS NOT NULL AND g.organ_id > ",
    );
    statement.push_value(last);
    within.push_within(&mut statement, "g.organ_id");
    statement
        .push(" ORDER BY g.organ_id LIMIT ")
        .push_value(limit);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("organ_id")?, row.get("changed_at")?)))
        .collect()
}

fn push_named(statement: &mut Sql, within: &Scope, text: &str) {
    statement
        .push("o.name LIKE ")
        .push_value(containing(text))
        .push(" ESCAPE '!'");
    within.push_within(statement, "g.organ_id");
}

/// One page of the organs inside a scope with a public guide whose names hold a text, in the order of the directory.
///
/// # Errors
/// When the store fails.
pub async fn public_list(
    tx: &mut Tx,
    within: &Scope,
    text: &str,
    (offset, rows): (i64, i64),
) -> Result<Vec<Shown>, StoreError> {
    let mut statement = sql(PUBLIC);
    push_named(&mut statement, within, text);
    statement
        .push(" ORDER BY LENGTH(o.path), o.position, o.path LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    shown(tx, statement).await
}

/// # Errors
/// When the store fails.
pub async fn public_count(tx: &mut Tx, within: &Scope, text: &str) -> Result<i64, StoreError> {
    let mut statement = sql(
        "SELECT COUNT(*) AS n FROM guide g JOIN organ o ON o.id = g.organ_id WHERE g.edition IS NOT NULL AND ",
    );
    push_named(&mut statement, within, text);
    tx.one(statement).await?.get("n")
}

/// One page of the editions of an organ's guide, the newest first.
///
/// # Errors
/// When the store fails.
pub async fn editions(
    tx: &mut Tx,
    organ: OrganId,
    (offset, rows): (i64, i64),
) -> Result<Vec<Edition>, StoreError> {
    tx.all(
        sql("SELECT d.*, o.name AS organ_name FROM guide_edition d JOIN organ o ON o.id = d.organ_id WHERE d.organ_id = $1 \
             ORDER BY d.number DESC LIMIT $2 OFFSET $3")
            .bind(organ)
            .bind(rows)
            .bind(offset),
    )
    .await?
    .iter()
    .map(edition)
    .collect()
}

fn words(row: &Row) -> Result<Words, StoreError> {
    let text: String = row.get("words")?;
    let fields = serde_json::from_str(&text).map_err(|_| StoreError::Corrupt {
        column: "words".to_owned(),
        found: text,
        wanted: "fields of a guide",
    })?;
    Ok(Words(fields))
}

fn edition(row: &Row) -> Result<Edition, StoreError> {
    Ok(Edition {
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        number: row.get("number")?,
        words: words(row)?,
        why: row.get("why")?,
        written_by: row.get("written_by")?,
        approved_by: row.get("approved_by")?,
        published_on: row.get("published_on")?,
    })
}

fn from_row(row: &Row) -> Result<Guide, StoreError> {
    Ok(Guide {
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        state: row.coded("state", State::from_code)?,
        words: words(row)?,
        why: row.get("why")?,
        returned_why: row.get("returned_why")?,
        writer: row.get("writer")?,
        written_by: row.get("written_by")?,
        edition: row.get("edition")?,
        confirmed_on: row.get("confirmed_on")?,
        version: row.get("version")?,
    })
}
