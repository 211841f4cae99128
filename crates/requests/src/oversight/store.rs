//! The SQL of what is seen from above: a handful of statements, however many units.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Sql, StoreError, Tx, sql};

use super::{Column, Days, Unit, told_late};
use crate::id::RequestId;
use crate::request::case::CARRIED;
use crate::request::state::{Act, State};
use crate::request::store::{SELECT, from_row};
use crate::request::{Kind, Request};
use crate::review::RemedyOutcome;

/// Units that one page can know of.
pub const UNITS_MAX: i64 = 3_000;
/// 补正告知书 of a year that are looked at.
const NOTICES_MAX: i64 = 20_000;

/// Cases in one list of a statement.
const CASES_AT_ONCE: usize = 200;

/// Those of these cases that are no applications: 更正 and 投诉 run by the organ's own limit.
///
/// # Errors
/// When the store fails.
pub(super) async fn by_own_term(
    tx: &mut Tx,
    cases: &[RequestId],
) -> Result<Vec<RequestId>, StoreError> {
    let mut found = Vec::new();
    for some in cases.chunks(CASES_AT_ONCE) {
        let mut statement = sql("SELECT r.id FROM request r WHERE r.kind <> ");
        statement
            .push_value(Kind::Information.code())
            .push(" AND r.id IN ")
            .push_list(some.iter().map(ToString::to_string));
        for row in tx.all(statement).await? {
            found.push(row.parsed("id", "an id")?);
        }
    }
    Ok(found)
}

fn push_running(statement: &mut Sql) {
    statement
        .push("r.state IN ")
        .push_list(State::running().iter().map(|state| state.code()));
}

fn push_between(statement: &mut Sql, column: &'static str, (from, to): (Date, Date)) {
    statement
        .push(column)
        .push(" >= ")
        .push_value(from)
        .push(" AND ")
        .push(column)
        .push(" <= ")
        .push_value(to);
}

/// The condition of a column on a case, `r`; no case for what is not told by the case alone.
fn push_column(statement: &mut Sql, column: Column, days: &Days) {
    let year = (days.first, days.last);
    match column {
        Column::Today
        | Column::Two
        | Column::Five
        | Column::Running
        | Column::Over
        | Column::Unopened
        | Column::Unconfirmed => {
            push_running(statement);
            match column {
                Column::Today => statement.push(" AND r.due_on = ").push_value(days.today),
                Column::Two => pushed_after(statement, days.today, days.two),
                Column::Five => pushed_after(statement, days.two, days.five),
                Column::Over => statement.push(" AND r.due_on < ").push_value(days.today),
                Column::Unopened => statement.push(" AND r.opened_at IS NULL"),
                Column::Unconfirmed => statement
                    .push(" AND r.state = ")
                    .push_value(State::Submitted.code()),
                _ => statement,
            };
        }
        Column::Received => push_between(statement, "r.received_on", year),
        Column::Late => {
            statement.push("((");
            push_overdue(statement, days);
            statement.push(") OR (");
            push_answered_late(statement, days);
            statement.push("))");
        }
        Column::Asked | Column::ToldLate | Column::Held | Column::Lost => {
            statement.push("1 = 0");
        }
    }
}

/// What art. 33 sets a limit for: 更正 and 投诉 run by the organ's own.
fn push_timed_by_law(statement: &mut Sql) {
    statement
        .push("r.kind = ")
        .push_value(Kind::Information.code())
        .push(" AND ");
}

/// Not answered by its day, a day of the year.
fn push_overdue(statement: &mut Sql, days: &Days) {
    push_timed_by_law(statement);
    push_running(statement);
    statement
        .push(" AND r.due_on < ")
        .push_value(days.today)
        .push(" AND ");
    push_between(statement, "r.due_on", (days.first, days.last));
}

/// Answered in the year, after its day; an index holds these alone.
fn push_answered_late(statement: &mut Sql, days: &Days) {
    push_timed_by_law(statement);
    statement.push("r.replied_on > r.due_on AND ");
    push_between(statement, "r.closed_on", (days.first, days.last));
}

fn pushed_after(statement: &mut Sql, from: Date, to: Date) -> &mut Sql {
    statement
        .push(" AND r.due_on > ")
        .push_value(from)
        .push(" AND r.due_on <= ")
        .push_value(to)
}

/// All units of a scope in the order of the directory, with every figure.
///
/// # Errors
/// When the store fails.
pub async fn units(
    tx: &mut Tx,
    scope: &Scope,
    days: &Days,
    calendar: &WorkCalendar,
) -> Result<Vec<Unit>, StoreError> {
    let mut units = directory(tx, scope).await?;
    let places: BTreeMap<OrganId, usize> = units
        .iter()
        .enumerate()
        .map(|(place, unit)| (unit.organ, place))
        .collect();
    let mut add = |organ: OrganId, column: Column, n: i64| {
        let unit = places.get(&organ).and_then(|place| units.get_mut(*place));
        if let Some(unit) = unit {
            unit.add(column, n);
        }
    };
    for (organ, figures) in lights(tx, scope, days).await? {
        for (column, n) in figures {
            add(organ, column, n);
        }
    }
    let received = |statement: &mut Sql| push_column(statement, Column::Received, days);
    for (organ, n) in by_organ(tx, scope, received).await? {
        add(organ, Column::Received, n);
    }
    // One after the other: each by its own index.
    for late in [push_overdue, push_answered_late] {
        for (organ, n) in by_organ(tx, scope, |statement| late(statement, days)).await? {
            add(organ, Column::Late, n);
        }
    }
    for notice in notices(tx, scope, None, days).await? {
        add(notice.organ, Column::Asked, 1);
        if told_late(notice.received_on, notice.told_on, calendar) {
            add(notice.organ, Column::ToldLate, 1);
        }
    }
    for (organ, n) in lost(tx, scope, days).await? {
        add(organ, Column::Lost, n);
    }
    for (organ, held, n) in held(tx, scope, days).await? {
        let Some(unit) = places.get(&organ).and_then(|place| units.get_mut(*place)) else {
            continue;
        };
        unit.add(Column::Held, n);
        unit.held
            .extend(held.split('、').map(|place| (place.to_owned(), n)));
    }
    Ok(units)
}

/// The organs of a scope with the governments that they belong to.
async fn directory(tx: &mut Tx, scope: &Scope) -> Result<Vec<Unit>, StoreError> {
    let mut statement = sql(
        "SELECT o.id, o.name, o.path, o.kind FROM organ o WHERE o.kind NOT IN ('village', 'community') AND ",
    );
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" ORDER BY LENGTH(o.path), o.position, o.path LIMIT ")
        .push_value(UNITS_MAX);
    let (mut units, mut paths) = (Vec::new(), Vec::new());
    let (mut areas, mut offices) = (BTreeMap::new(), BTreeMap::new());
    for row in tx.all(statement).await? {
        let (organ, name): (OrganId, String) = (row.get("id")?, row.get("name")?);
        let (path, kind): (String, String) = (row.get("path")?, row.get("kind")?);
        match kind.as_str() {
            "government" | "town" | "street" => {
                areas.insert(path.clone(), (organ, name.clone()));
            }
            "office" => {
                offices.insert(above(&path).to_owned(), organ);
            }
            _ => {}
        }
        units.push(Unit::new(organ, name));
        paths.push(path);
    }
    for (unit, path) in units.iter_mut().zip(&paths) {
        let mut at = path.as_str();
        while !at.is_empty() && unit.area.is_none() {
            unit.area = areas.get(at).cloned();
            at = above(at);
        }
        if areas.contains_key(path)
            && let Some(office) = offices.get(path)
        {
            unit.desk = *office;
        }
    }
    Ok(units)
}

/// `/a/` of `/a/b/`.
fn above(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    trimmed
        .rfind('/')
        .and_then(|end| path.get(..=end))
        .filter(|shorter| shorter.len() < path.len() && *shorter != "/")
        .unwrap_or("")
}

/// What runs, by organ: one statement for all the lights.
async fn lights(
    tx: &mut Tx,
    scope: &Scope,
    days: &Days,
) -> Result<Vec<(OrganId, [(Column, i64); 7])>, StoreError> {
    fn sum(statement: &mut Sql, name: &'static str, condition: impl FnOnce(&mut Sql)) {
        statement.push(", CAST(SUM(CASE WHEN ");
        condition(statement);
        statement
            .push(" THEN 1 ELSE 0 END) AS BIGINT) AS ")
            .push(name);
    }
    let between = |from: Date, to: Date| {
        move |statement: &mut Sql| {
            statement
                .push("r.due_on > ")
                .push_value(from)
                .push(" AND r.due_on <= ")
                .push_value(to);
        }
    };
    let mut statement = sql("SELECT r.organ_id, COUNT(*) AS running");
    sum(&mut statement, "over", |it| {
        it.push("r.due_on < ").push_value(days.today);
    });
    sum(&mut statement, "today", |it| {
        it.push("r.due_on = ").push_value(days.today);
    });
    sum(&mut statement, "two", between(days.today, days.two));
    sum(&mut statement, "five", between(days.two, days.five));
    sum(&mut statement, "unopened", |it| {
        it.push("r.opened_at IS NULL");
    });
    sum(&mut statement, "unconfirmed", |it| {
        it.push("r.state = ").push_value(State::Submitted.code());
    });
    statement.push(" FROM request r WHERE ");
    push_running(&mut statement);
    statement.push(" AND ");
    scope.push_organ(&mut statement, "r.organ_id");
    statement.push(" GROUP BY r.organ_id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let figures = [
                (Column::Running, row.get("running")?),
                (Column::Over, row.get("over")?),
                (Column::Today, row.get("today")?),
                (Column::Two, row.get("two")?),
                (Column::Five, row.get("five")?),
                (Column::Unopened, row.get("unopened")?),
                (Column::Unconfirmed, row.get("unconfirmed")?),
            ];
            Ok((row.get("organ_id")?, figures))
        })
        .collect()
}

async fn by_organ(
    tx: &mut Tx,
    scope: &Scope,
    condition: impl FnOnce(&mut Sql),
) -> Result<Vec<(OrganId, i64)>, StoreError> {
    let mut statement = sql("SELECT r.organ_id, COUNT(*) AS n FROM request r WHERE ");
    scope.push_organ(&mut statement, "r.organ_id");
    statement.push(" AND ");
    condition(&mut statement);
    statement.push(" GROUP BY r.organ_id");
    counted(tx, statement).await
}

async fn counted(tx: &mut Tx, statement: Sql) -> Result<Vec<(OrganId, i64)>, StoreError> {
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("organ_id")?, row.get("n")?)))
        .collect()
}

/// 补正告知书 that left in the year.
struct Notice {
    request: String,
    organ: OrganId,
    received_on: Date,
    told_on: Date,
}

async fn notices(
    tx: &mut Tx,
    scope: &Scope,
    organ: Option<OrganId>,
    days: &Days,
) -> Result<Vec<Notice>, StoreError> {
    // Spelled out, so that the index of these entries alone is used.
    debug_assert_eq!(Act::AskSupplement.code(), "ask_supplement");
    // A notice about a whole that was split later is one notice.
    debug_assert_eq!(CARRIED, "carried");
    let mut statement = sql(
        "SELECT r.id, r.organ_id, r.received_on, e.on_day FROM request_entry e JOIN request r ON r.id = e.request_id \
         WHERE e.act = 'ask_supplement' AND e.data NOT LIKE '%\"carried\":%' AND r.received_on IS NOT NULL AND ",
    );
    push_between(&mut statement, "e.on_day", (days.first, days.last));
    statement.push(" AND ");
    scope.push_organ(&mut statement, "r.organ_id");
    if let Some(organ) = organ {
        statement.push(" AND r.organ_id = ").push_value(organ);
    }
    statement
        .push(" ORDER BY e.on_day DESC, r.id LIMIT ")
        .push_value(NOTICES_MAX);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            Ok(Notice {
                request: row.get("id")?,
                organ: row.get("organ_id")?,
                received_on: row.get("received_on")?,
                told_on: row.get("on_day")?,
            })
        })
        .collect()
}

/// Reviews and suits of the year in which the organ was corrected.
async fn lost(tx: &mut Tx, scope: &Scope, days: &Days) -> Result<Vec<(OrganId, i64)>, StoreError> {
    let mut statement = sql(
        "SELECT r.organ_id, COUNT(*) AS n FROM remedy r WHERE r.removed_why IS NULL AND r.outcome = ",
    );
    statement
        .push_value(RemedyOutcome::Corrected.code())
        .push(" AND ");
    push_between(&mut statement, "r.decided_on", (days.first, days.last));
    statement.push(" AND ");
    scope.push_organ(&mut statement, "r.organ_id");
    statement.push(" GROUP BY r.organ_id");
    counted(tx, statement).await
}

/// Letters that the check held back in the year, by the places it named.
async fn held(
    tx: &mut Tx,
    scope: &Scope,
    days: &Days,
) -> Result<Vec<(OrganId, String, i64)>, StoreError> {
    let mut statement = sql(
        "SELECT l.organ_id, l.held, COUNT(*) AS n FROM letter l WHERE l.held_on IS NOT NULL AND ",
    );
    push_between(&mut statement, "l.held_on", (days.first, days.last));
    statement.push(" AND ");
    scope.push_organ(&mut statement, "l.organ_id");
    statement.push(" GROUP BY l.organ_id, l.held ORDER BY l.organ_id, l.held");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("organ_id")?, row.get("held")?, row.get("n")?)))
        .collect()
}

/// One page of the cases behind a figure, most urgent first, and how many there are.
///
/// # Errors
/// When the store fails.
pub async fn behind(
    tx: &mut Tx,
    scope: &Scope,
    (column, organ): (Column, Option<OrganId>),
    (days, calendar): (&Days, &WorkCalendar),
    (offset, rows): (i64, i64),
) -> Result<(Vec<Request>, i64), StoreError> {
    if matches!(column, Column::Asked | Column::ToldLate) {
        let ids: Vec<String> = notices(tx, scope, organ, days)
            .await?
            .into_iter()
            .filter(|one| {
                column == Column::Asked || told_late(one.received_on, one.told_on, calendar)
            })
            .map(|one| one.request)
            .collect();
        let total = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        let (from, most) = (usize::try_from(offset), usize::try_from(rows));
        let some = ids
            .into_iter()
            .skip(from.unwrap_or(0))
            .take(most.unwrap_or(0));
        let mut statement = sql(SELECT);
        statement.push("r.id IN ").push_list(some);
        statement.push(" ORDER BY r.received_on DESC, r.id");
        return Ok((requests(tx, statement).await?, total));
    }
    let narrowed = |what: &'static str| {
        let mut statement = sql(what);
        scope.push_organ(&mut statement, "r.organ_id");
        if let Some(organ) = organ {
            statement.push(" AND r.organ_id = ").push_value(organ);
        }
        statement.push(" AND ");
        push_column(&mut statement, column, days);
        statement
    };
    let total = tx
        .one(narrowed("SELECT COUNT(*) AS n FROM request r WHERE "))
        .await?
        .get("n")?;
    let mut statement = narrowed(SELECT);
    statement
        .push(" ORDER BY r.due_on, r.received_on DESC, r.id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    Ok((requests(tx, statement).await?, total))
}

async fn requests(tx: &mut Tx, statement: Sql) -> Result<Vec<Request>, StoreError> {
    tx.all(statement).await?.iter().map(from_row).collect()
}
