//! The SQL of offers' counts.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::Offer;
use super::tally::{Counts, Happened};

const SUMS: &str = "CAST(SUM(f.shown) AS BIGINT) AS shown, CAST(SUM(f.clicked) AS BIGINT) AS clicked, \
     CAST(SUM(f.avoided) AS BIGINT) AS avoided";

/// One record's counts over some days, as the office reads them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// `2026-03`; empty where all months are one.
    pub month: String,
    pub title: String,
    pub path: String,
    pub organ_name: String,
    pub counts: Counts,
}

fn counts(row: &Row) -> Result<Counts, StoreError> {
    let of = |name| Ok::<_, StoreError>(row.get::<Option<i64>>(name)?.unwrap_or(0));
    Ok(Counts {
        shown: of("shown")?,
        clicked: of("clicked")?,
        avoided: of("avoided")?,
    })
}

pub(super) async fn add(
    tx: &mut Tx,
    on: Date,
    offer: &Offer,
    more: Counts,
) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO request_offer (offered_on, kind, record_id, organ_id, title, path, shown, clicked, avoided) \
             VALUES ($1, $2, $3, (SELECT id FROM organ WHERE id = $4), $5, $6, $7, $8, $9) \
             ON CONFLICT (offered_on, kind, record_id) DO UPDATE SET title = excluded.title, path = excluded.path, \
             shown = request_offer.shown + excluded.shown, clicked = request_offer.clicked + excluded.clicked, \
             avoided = request_offer.avoided + excluded.avoided")
            .bind(on)
            .bind(&offer.of.kind)
            .bind(&offer.of.id)
            .bind(offer.organ.as_ref().map(|(id, _)| *id))
            .bind(&offer.title)
            .bind(&offer.path)
            .bind(more.shown)
            .bind(more.clicked)
            .bind(more.avoided),
    )
    .await?;
    Ok(())
}

/// Records of units inside the scope in these days, and those of nobody, which all may see: they are public.
fn push_within(statement: &mut Sql, scope: &Scope, (from, to): (Date, Date)) {
    statement
        .push(" FROM request_offer f LEFT JOIN organ o ON o.id = f.organ_id WHERE f.offered_on >= ")
        .push_value(from)
        .push(" AND f.offered_on <= ")
        .push_value(to)
        .push(" AND (f.organ_id IS NULL OR ");
    scope.push_condition(statement, "o.id", "o.path");
    statement.push(")");
}

/// The sums by month, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn months(
    tx: &mut Tx,
    scope: &Scope,
    days: (Date, Date),
) -> Result<Vec<(String, Counts)>, StoreError> {
    let mut statement = sql("SELECT SUBSTR(f.offered_on, 1, 7) AS month, ");
    statement.push(SUMS);
    push_within(&mut statement, scope, days);
    statement.push(" GROUP BY SUBSTR(f.offered_on, 1, 7) ORDER BY month");
    let rows = tx.all(statement).await?;
    rows.iter()
        .map(|row| Ok((row.get("month")?, counts(row)?)))
        .collect()
}

/// The records, those that saved most applications first.
///
/// # Errors
/// When the store fails.
pub async fn records(
    tx: &mut Tx,
    scope: &Scope,
    days: (Date, Date),
    (offset, rows): (i64, i64),
) -> Result<Vec<Line>, StoreError> {
    let mut statement =
        sql("SELECT MAX(f.title) AS title, MAX(f.path) AS path, MAX(o.name) AS organ_name, ");
    statement.push(SUMS);
    push_within(&mut statement, scope, days);
    statement
        .push(" GROUP BY f.kind, f.record_id ORDER BY SUM(f.avoided) DESC, SUM(f.clicked) DESC, SUM(f.shown) DESC, f.kind, f.record_id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    let rows = tx.all(statement).await?;
    rows.iter().map(|row| line(row, String::new())).collect()
}

/// How many records were offered.
///
/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, scope: &Scope, days: (Date, Date)) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM (SELECT f.kind, f.record_id");
    push_within(&mut statement, scope, days);
    statement.push(" GROUP BY f.kind, f.record_id) AS offered");
    tx.one(statement).await?.get("n")
}

/// Every record in every month, for the table that leaves as a file.
///
/// # Errors
/// When the store fails.
pub async fn lines(
    tx: &mut Tx,
    scope: &Scope,
    days: (Date, Date),
    rows: i64,
) -> Result<Vec<Line>, StoreError> {
    let mut statement = sql(
        "SELECT SUBSTR(f.offered_on, 1, 7) AS month, MAX(f.title) AS title, MAX(f.path) AS path, MAX(o.name) AS organ_name, ",
    );
    statement.push(SUMS);
    push_within(&mut statement, scope, days);
    statement
        .push(" GROUP BY SUBSTR(f.offered_on, 1, 7), f.kind, f.record_id ORDER BY month, SUM(f.avoided) DESC, SUM(f.shown) DESC, f.kind, f.record_id LIMIT ")
        .push_value(rows);
    let rows = tx.all(statement).await?;
    rows.iter()
        .map(|row| line(row, row.get("month")?))
        .collect()
}

fn line(row: &Row, month: String) -> Result<Line, StoreError> {
    Ok(Line {
        month,
        title: row.get("title")?,
        path: row.get("path")?,
        organ_name: row.get::<Option<String>>("organ_name")?.unwrap_or_default(),
        counts: counts(row)?,
    })
}

/// All that was ever counted for one record.
///
/// # Errors
/// When the store fails.
pub async fn of_record(tx: &mut Tx, of: &Ref) -> Result<Counts, StoreError> {
    let mut statement = sql("SELECT ");
    statement
        .push(SUMS)
        .push(" FROM request_offer f WHERE f.kind = ")
        .push_value(&of.kind)
        .push(" AND f.record_id = ")
        .push_value(&of.id);
    counts(&tx.one(statement).await?)
}

/// What happened in a year to records of an organ and those below it.
///
/// # Errors
/// When the store fails.
pub async fn figure(
    tx: &mut Tx,
    (organ, year): (OrganId, i16),
    happened: Happened,
) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT CAST(SUM(f.");
    statement
        .push(happened.code())
        .push(") AS BIGINT) AS n FROM request_offer f JOIN organ o ON o.id = f.organ_id JOIN organ top ON top.id = ")
        .push_value(organ)
        .push(" WHERE o.path LIKE top.path || '%' AND f.offered_on >= ")
        .push_value(format!("{year:04}-01-01"))
        .push(" AND f.offered_on <= ")
        .push_value(format!("{year:04}-12-31"));
    Ok(tx
        .one(statement)
        .await?
        .get::<Option<i64>>("n")?
        .unwrap_or(0))
}
