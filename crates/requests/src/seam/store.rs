//! The SQL behind the seams.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::{DateRange, Ref};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, containing, sql};
use gongkai_platform::seam::{DUE_MAX, DueItem, Wanted};
use serde_json::Value;

use super::Counted;
use crate::request::reply::ResultRow;
use crate::request::state::State;
use crate::request::store::{SELECT, from_row};
use crate::request::{ApplicantKind, Request};

/// Ids in one list of a statement.
const IDS_AT_ONCE: usize = 200;

/// Inside the scope, or handled by a general office that is inside.
fn push_scope(statement: &mut Sql, scope: &Scope) {
    statement.push("(");
    scope.push_condition(statement, "o.id", "o.path");
    statement.push(
        " OR EXISTS (SELECT 1 FROM organ d WHERE d.parent_id = o.id AND d.kind = 'office' AND ",
    );
    scope.push_condition(statement, "d.id", "d.path");
    statement.push("))");
}

fn push_running(statement: &mut Sql) {
    statement
        .push("r.state IN ")
        .push_list(State::running().iter().map(|state| state.code()));
}

fn push_range(statement: &mut Sql, column: &'static str, range: DateRange) {
    statement
        .push(" AND ")
        .push(column)
        .push(" >= ")
        .push_value(range.from)
        .push(" AND ")
        .push(column)
        .push(" <= ")
        .push_value(range.to)
        .push(" ORDER BY ")
        .push(column)
        .push(", r.id LIMIT ")
        .push_value(DUE_MAX);
}

fn item(row: &Row, kind: &str, what: &str) -> Result<DueItem, StoreError> {
    let id: String = row.get("id")?;
    let (number, subject): (String, String) = (row.get("number")?, row.get("subject")?);
    let short: String = subject.chars().take(40).collect();
    Ok(DueItem {
        organ: row.get("organ_id")?,
        title: format!("{what}{number}　{short}"),
        due_on: row.get("due_on")?,
        path: format!("/workspace/requests/{id}"),
        of: Ref {
            kind: kind.to_owned(),
            id,
        },
    })
}

/// Replies that are owed.
pub(super) async fn due_replies(
    tx: &mut Tx,
    scope: &Scope,
    range: DateRange,
) -> Result<Vec<DueItem>, StoreError> {
    let mut statement = sql(
        "SELECT r.id, r.organ_id, r.number, r.subject, r.due_on FROM request r JOIN organ o ON o.id = r.organ_id WHERE ",
    );
    push_running(&mut statement);
    statement.push(" AND ");
    push_scope(&mut statement, scope);
    push_range(&mut statement, "r.due_on", range);
    let rows = tx.all(statement).await?;
    rows.iter()
        .map(|row| item(row, "request", "答复申请"))
        .collect()
}

/// What units were asked to help with.
pub(super) async fn due_help(
    tx: &mut Tx,
    scope: &Scope,
    range: DateRange,
) -> Result<Vec<DueItem>, StoreError> {
    let mut statement = sql(
        "SELECT r.id, c.organ_id, r.number, r.subject, c.due_on FROM request_consultation c JOIN request r ON r.id = c.request_id \
         JOIN organ o ON o.id = c.organ_id WHERE c.asked = 'unit' AND c.answered_on IS NULL AND ",
    );
    push_running(&mut statement);
    statement.push(" AND ");
    push_scope(&mut statement, scope);
    push_range(&mut statement, "c.due_on", range);
    let rows = tx.all(statement).await?;
    rows.iter()
        .map(|row| item(row, "request-help", "协办申请"))
        .collect()
}

/// What was decided to be published and is not yet.
pub(super) async fn due_publications(
    tx: &mut Tx,
    scope: &Scope,
    range: DateRange,
) -> Result<Vec<DueItem>, StoreError> {
    let mut statement = sql(
        "SELECT r.id, r.organ_id, r.number, r.subject, p.publish_by AS due_on FROM request_publication p \
         JOIN request r ON r.id = p.request_id JOIN organ o ON o.id = r.organ_id WHERE p.choice = 'yes' AND p.published_at = '' AND ",
    );
    push_scope(&mut statement, scope);
    push_range(&mut statement, "p.publish_by", range);
    let rows = tx.all(statement).await?;
    rows.iter()
        .map(|row| item(row, "request-publication", "主动公开"))
        .collect()
}

/// How many running cases stand in each state.
pub(super) async fn waiting_states(
    tx: &mut Tx,
    scope: &Scope,
) -> Result<BTreeMap<State, i64>, StoreError> {
    let mut statement = sql(
        "SELECT r.state, COUNT(*) AS n FROM request r JOIN organ o ON o.id = r.organ_id WHERE ",
    );
    push_running(&mut statement);
    statement.push(" AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement.push(" GROUP BY r.state");
    let mut found = BTreeMap::new();
    for row in tx.all(statement).await? {
        found.insert(row.coded("state", State::from_code)?, row.get("n")?);
    }
    Ok(found)
}

pub(super) async fn overdue(tx: &mut Tx, scope: &Scope, today: Date) -> Result<i64, StoreError> {
    let mut statement =
        sql("SELECT COUNT(*) AS n FROM request r JOIN organ o ON o.id = r.organ_id WHERE ");
    push_running(&mut statement);
    statement
        .push(" AND r.due_on < ")
        .push_value(today)
        .push(" AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    tx.one(statement).await?.get("n")
}

/// Extensions that wait for the head.
pub(super) async fn extensions_asked(tx: &mut Tx, scope: &Scope) -> Result<i64, StoreError> {
    let mut statement = sql(
        "SELECT COUNT(*) AS n FROM request r JOIN organ o ON o.id = r.organ_id WHERE r.state IN ('handling', 'consulting') AND \
         COALESCE((SELECT MAX(e.position) FROM request_entry e WHERE e.request_id = r.id AND e.act = 'propose_extension'), 0) > \
         COALESCE((SELECT MAX(e.position) FROM request_entry e WHERE e.request_id = r.id AND e.act IN ('approve_extension', 'refuse_extension', 'redo')), 0) AND ",
    );
    scope.push_condition(&mut statement, "o.id", "o.path");
    tx.one(statement).await?.get("n")
}

/// How many cases want this unit's help, and the first of them.
pub(super) async fn help_wanted(
    tx: &mut Tx,
    scope: &Scope,
) -> Result<Option<(i64, String)>, StoreError> {
    let mut statement = sql(
        "SELECT COUNT(*) AS n, MIN(r.id) AS first FROM request_consultation c JOIN request r ON r.id = c.request_id \
         JOIN organ o ON o.id = c.organ_id WHERE c.asked = 'unit' AND c.answered_on IS NULL AND ",
    );
    push_running(&mut statement);
    statement.push(" AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    let row = tx.one(statement).await?;
    let first: Option<String> = row.get("first")?;
    Ok(Some(row.get("n")?).zip(first))
}

/// Closed cases with words of their subject or number, newest first.
pub(super) async fn closed(
    tx: &mut Tx,
    scope: &Scope,
    wanted: &Wanted,
    rows: i64,
) -> Result<Vec<Request>, StoreError> {
    let mut statement = sql(SELECT);
    push_scope(&mut statement, scope);
    statement.push(" AND r.closed_on IS NOT NULL");
    if let Some(within) = wanted.within {
        statement
            .push(" AND r.closed_on >= ")
            .push_value(within.from)
            .push(" AND r.closed_on <= ")
            .push_value(within.to);
    }
    if !wanted.words.is_empty() {
        // LIKE minds the case of letters on one of the databases alone.
        let like = containing(&wanted.words);
        statement
            .push(" AND (r.number LIKE ")
            .push_value(&like)
            .push(" ESCAPE '!' OR LOWER(r.subject) LIKE LOWER(")
            .push_value(&like)
            .push(") ESCAPE '!')");
    }
    statement
        .push(" ORDER BY r.closed_on DESC, r.id DESC LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(from_row).collect()
}

pub(super) async fn by_ids(
    tx: &mut Tx,
    ids: &[String],
) -> Result<BTreeMap<String, Request>, StoreError> {
    let mut found = BTreeMap::new();
    for some in ids.chunks(IDS_AT_ONCE) {
        let mut statement = sql(SELECT);
        statement.push("r.id IN ").push_list(some.iter().cloned());
        for row in tx.all(statement).await? {
            let request = from_row(&row)?;
            found.insert(request.id.to_string(), request);
        }
    }
    Ok(found)
}

/// Cases that a year's table counts alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    pub applicant: ApplicantKind,
    /// Received in the year; else carried in.
    pub new: bool,
    /// Closed in the year; else carried out.
    pub closed: bool,
    pub row: Option<ResultRow>,
    pub n: i64,
}

/// The day on which a case counts as closed: the one that an earlier year's report counted, before a later one.
const CLOSED_ON: &str = "COALESCE(r.counted_on, r.closed_on)";

fn ends(year: i16) -> (String, String) {
    (format!("{year:04}-01-01"), format!("{year:04}-12-31"))
}

/// Everything received up to the year's end and not closed before it began, of an organ and all below it: so that
/// 新收 + 结转 = 办结 + 结转下年 holds for every column.
///
/// Law: 年报格式 (国办公开办函〔2021〕30号): 上年结转 is the 结转下年度 of the last report, and a case stands in one leaf. One that
/// was answered in an earlier year and is done again after 复议 or 诉讼 stays where that year counted it (`counted_on`); that
/// it was corrected stands in table 四.
fn push_year(statement: &mut Sql, (organ, year): (OrganId, i16)) {
    let (first, last) = ends(year);
    statement
        .push(" FROM organ root JOIN organ o ON o.path LIKE root.path || '%' JOIN request r ON r.organ_id = o.id \
               WHERE r.kind = 'information' AND root.id = ")
        .push_value(organ)
        .push(" AND r.received_on <= ")
        .push_value(last)
        .push(" AND (")
        .push(CLOSED_ON)
        .push(" IS NULL OR ")
        .push(CLOSED_ON)
        .push(" >= ")
        .push_value(first)
        .push(")");
}

pub(super) async fn counts(tx: &mut Tx, of: (OrganId, i16)) -> Result<Vec<Count>, StoreError> {
    let (first, last) = ends(of.1);
    let mut statement = sql(
        "SELECT applicant_kind, result_row, came, went, COUNT(*) AS n FROM (SELECT r.applicant_kind, \
                             CASE WHEN r.received_on >= ",
    );
    statement
        .push_value(first)
        .push(" THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS came, CASE WHEN ")
        .push(CLOSED_ON)
        .push(" <= ")
        .push_value(last)
        .push(" THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS went, COALESCE(r.counted_row, r.result_row) AS result_row");
    push_year(&mut statement, of);
    statement.push(") t GROUP BY applicant_kind, result_row, came, went");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let leaf: Option<String> = row.get("result_row")?;
            Ok(Count {
                applicant: row.coded("applicant_kind", ApplicantKind::from_code)?,
                new: row.get("came")?,
                closed: row.get("went")?,
                row: leaf.as_deref().and_then(ResultRow::from_code),
                n: row.get("n")?,
            })
        })
        .collect()
}

/// The cases behind a cell, newest first.
pub(super) async fn behind(
    tx: &mut Tx,
    of: (OrganId, i16),
    (counted, applicant): (Counted, Option<ApplicantKind>),
    rows: i64,
) -> Result<Vec<String>, StoreError> {
    let (first, last) = ends(of.1);
    let mut statement = sql("SELECT r.id AS id");
    push_year(&mut statement, of);
    match counted {
        Counted::New => statement.push(" AND r.received_on >= ").push_value(first),
        Counted::CarriedIn => statement.push(" AND r.received_on < ").push_value(first),
        Counted::Sum => statement
            .push(" AND ")
            .push(CLOSED_ON)
            .push(" <= ")
            .push_value(last),
        Counted::CarriedOut => statement
            .push(" AND (")
            .push(CLOSED_ON)
            .push(" IS NULL OR ")
            .push(CLOSED_ON)
            .push(" > ")
            .push_value(last)
            .push(")"),
        Counted::Result(row) => statement
            .push(" AND ")
            .push(CLOSED_ON)
            .push(" <= ")
            .push_value(last)
            .push(" AND COALESCE(r.counted_row, r.result_row) = ")
            .push_value(row.code()),
    };
    if let Some(applicant) = applicant {
        statement
            .push(" AND r.applicant_kind = ")
            .push_value(applicant.code());
    }
    statement
        .push(" ORDER BY r.received_on DESC, r.id LIMIT ")
        .push_value(rows);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect()
}

/// Payments that one statement reads.
const PAID_AT_ONCE: i64 = 10_000;

/// The cases of an organ and all below it whose fee came in within a year, and how many yuan each: all of them, for the
/// report says the sum.
pub(super) async fn paid(
    tx: &mut Tx,
    of: (OrganId, i16),
) -> Result<Vec<(String, i64)>, StoreError> {
    paid_by(tx, of, PAID_AT_ONCE).await
}

/// As [`paid`], so many by each statement.
///
/// # Errors
/// When the store fails.
pub(crate) async fn paid_by(
    tx: &mut Tx,
    of: (OrganId, i16),
    at_once: i64,
) -> Result<Vec<(String, i64)>, StoreError> {
    let mut all = Vec::new();
    let mut offset: i64 = 0;
    loop {
        let some = paid_from(tx, of, (offset, at_once)).await?;
        let ends = i64::try_from(some.len()).unwrap_or(i64::MAX) < at_once;
        all.extend(some);
        if ends {
            return Ok(all);
        }
        offset += at_once;
    }
}

async fn paid_from(
    tx: &mut Tx,
    (organ, year): (OrganId, i16),
    (offset, rows): (i64, i64),
) -> Result<Vec<(String, i64)>, StoreError> {
    let (first, last) = ends(year);
    // Spelled out, so that the index of these entries alone is used.
    let mut statement = sql(
        "SELECT e.request_id, (SELECT c.data FROM request_entry c WHERE c.request_id = e.request_id AND c.act = 'charge' \
         AND c.position < e.position ORDER BY c.position DESC LIMIT 1) AS bill \
         FROM request_entry e JOIN request r ON r.id = e.request_id JOIN organ o ON o.id = r.organ_id \
         JOIN organ root ON o.path LIKE root.path || '%' WHERE e.act = 'pay' AND e.on_day >= ",
    );
    statement
        .push_value(first)
        .push(" AND e.on_day <= ")
        .push_value(last)
        .push(" AND root.id = ")
        .push_value(organ)
        .push(" ORDER BY e.on_day, e.request_id, e.position LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let bill: Option<String> = row.get("bill")?;
            let bill = bill.and_then(|text| serde_json::from_str::<Value>(&text).ok());
            let yuan = bill.and_then(|bill| bill.get("yuan")?.as_i64());
            Ok((row.get("request_id")?, yuan.unwrap_or(0)))
        })
        .collect()
}
