//! The SQL of one page of a list. The page is cut from what its order needs; whole rows, which are wide, are read for it alone,
//! by their ids.

use std::collections::BTreeMap;

use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::super::{SELECT, from_row};
use super::{Narrow, count, push_narrow, push_scope};
use crate::request::Request;
use crate::words;

/// Hits of a text search that are counted and listed. As many are taken as the index gives them, and sorted then; more of
/// them are not rare, and a walk through the newest cases meets enough for a page soon.
pub const HITS_MAX: i64 = 5_000;
/// Whole rows that one statement reads.
const ROWS_AT_ONCE: usize = 200;
/// Organs whose newest cases are read each by its own index and put together.
const ORGANS_APART_MAX: usize = 16;

/// One page and the number of all: running cases by their due day, the rest newest first.
///
/// # Errors
/// When the store fails.
pub async fn page(
    tx: &mut Tx,
    scope: &Scope,
    narrow: &Narrow,
    rows: (i64, i64),
) -> Result<(Vec<Request>, i64), StoreError> {
    page_of(tx, scope, (narrow, None), rows).await
}

/// As [`page`], of a list whose number of cases may be known already.
///
/// # Errors
/// When the store fails.
pub async fn page_of(
    tx: &mut Tx,
    scope: &Scope,
    (narrow, known): (&Narrow, Option<i64>),
    rows: (i64, i64),
) -> Result<(Vec<Request>, i64), StoreError> {
    let (hits, total) = match known {
        _ if !narrow.text.is_empty() => hits(tx, scope, narrow, rows).await?,
        Some(total) => (None, total),
        None => (None, count(tx, scope, narrow).await?),
    };
    if total == 0 {
        return Ok((Vec::new(), 0));
    }
    let ids = match hits {
        Some(ids) => ids,
        None => cut(tx, scope, narrow, rows).await?,
    };
    Ok((whole(tx, &ids).await?, total))
}

fn push_order(statement: &mut Sql, narrow: &Narrow) {
    statement.push(if narrow.due.is_some() {
        " ORDER BY CASE WHEN due_on IS NULL THEN 1 ELSE 0 END, due_on, submitted_at, id"
    } else {
        " ORDER BY submitted_at DESC, id DESC"
    });
}

fn push_rows(statement: &mut Sql, (offset, rows): (i64, i64)) {
    statement
        .push(" LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
}

fn ids(rows: &[Row]) -> Result<Vec<String>, StoreError> {
    rows.iter().map(|row| row.get("id")).collect()
}

/// The ids on one page of what a text search finds, and how many it finds, at most [`HITS_MAX`]; `None` where there are more.
/// What is found is looked through once for both.
async fn hits(
    tx: &mut Tx,
    scope: &Scope,
    narrow: &Narrow,
    rows: (i64, i64),
) -> Result<(Option<Vec<String>>, i64), StoreError> {
    let found = found(tx, scope, narrow).await?;
    let mut page = sql("SELECT id, COUNT(*) OVER () AS n FROM (");
    page.push_sql(found.clone())
        .push(" LIMIT ")
        .push_value(HITS_MAX + 1)
        .push(") found");
    push_order(&mut page, narrow);
    push_rows(&mut page, rows);
    let page = tx.all(page).await?;
    let n: i64 = match page.first() {
        Some(row) => row.get("n")?,
        None if rows.0 == 0 => 0,
        // A page behind the last one.
        None => {
            let mut counted = sql("SELECT COUNT(*) AS n FROM (");
            counted
                .push_sql(found)
                .push(" LIMIT ")
                .push_value(HITS_MAX + 1)
                .push(") found");
            tx.one(counted).await?.get("n")?
        }
    };
    if n > HITS_MAX {
        return Ok((None, HITS_MAX));
    }
    Ok((Some(ids(&page)?), n))
}

/// Id and days of each case that a text search finds, by the index of words where that can be asked.
async fn found(tx: &mut Tx, scope: &Scope, narrow: &Narrow) -> Result<Sql, StoreError> {
    let reaching = words::store::reaching(tx, &narrow.text).await?;
    let walk = || {
        vec![sql(
            "SELECT r.id, r.submitted_at, r.due_on FROM request r WHERE ",
        )]
    };
    let mut found = sql("");
    for (place, mut head) in reaching.unwrap_or_else(walk).into_iter().enumerate() {
        push_scope(&mut head, scope);
        push_narrow(&mut head, narrow);
        found.push(if place == 0 { "" } else { " UNION ALL " });
        found.push_sql(head);
    }
    Ok(found)
}

/// The ids on one page.
async fn cut(
    tx: &mut Tx,
    scope: &Scope,
    narrow: &Narrow,
    rows: (i64, i64),
) -> Result<Vec<String>, StoreError> {
    let statement = match apart(scope, narrow) {
        Some(organs) if organs.is_empty() => return Ok(Vec::new()),
        Some(organs) => newest_of(&organs, narrow, rows),
        None => {
            let mut statement = sql("SELECT r.id FROM request r WHERE ");
            push_scope(&mut statement, scope);
            push_narrow(&mut statement, narrow);
            push_order(&mut statement, narrow);
            push_rows(&mut statement, rows);
            statement
        }
    };
    ids(&tx.all(statement).await?)
}

/// The organs that a list of the newest cases is put together from: with some organs in one condition both databases read
/// and sort all their cases for one page. `None` for lists by the due day, and where the scope has more of them or branches.
fn apart(scope: &Scope, narrow: &Narrow) -> Option<Vec<OrganId>> {
    let Scope::Organs { single, branches } = scope else {
        return None;
    };
    let mut organs = single.clone();
    organs.sort_unstable();
    organs.dedup();
    organs.retain(|organ| narrow.organ.is_none_or(|wanted| *organ == wanted));
    let few = branches.is_empty() && organs.len() <= ORGANS_APART_MAX;
    (few && narrow.due.is_none()).then_some(organs)
}

/// The newest of each organ, by its index, and of these the page.
fn newest_of(organs: &[OrganId], narrow: &Narrow, rows: (i64, i64)) -> Sql {
    let mut statement = sql("SELECT id FROM (");
    for (place, organ) in organs.iter().enumerate() {
        statement
            .push(if place == 0 { "" } else { " UNION ALL " })
            .push("SELECT * FROM (SELECT r.id, r.submitted_at FROM request r WHERE r.organ_id = ")
            .push_value(*organ);
        push_narrow(&mut statement, narrow);
        push_order(&mut statement, narrow);
        statement
            .push(" LIMIT ")
            .push_value(rows.0.saturating_add(rows.1))
            .push(") one");
    }
    statement.push(") newest");
    push_order(&mut statement, narrow);
    push_rows(&mut statement, rows);
    statement
}

/// The whole rows of these ids, in their order.
async fn whole(tx: &mut Tx, ids: &[String]) -> Result<Vec<Request>, StoreError> {
    let mut read: BTreeMap<String, Request> = BTreeMap::new();
    for some in ids.chunks(ROWS_AT_ONCE) {
        let mut statement = sql(SELECT);
        statement
            .push("r.id IN ")
            .push_list(some.iter().map(String::as_str));
        for row in tx.all(statement).await? {
            let request = from_row(&row)?;
            read.insert(request.id.to_string(), request);
        }
    }
    Ok(ids.iter().filter_map(|id| read.remove(id)).collect())
}
