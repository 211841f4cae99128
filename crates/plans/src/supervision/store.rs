//! The SQL of 催办 and 督办单.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, OrganId, TaskId};
use gongkai_basis::reference::{DateRange, Ref};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, containing, sql};
use gongkai_platform::seam::{DUE_MAX, DueItem};

use super::{Item, ItemKind, Order, OrderId, OrderState, Reply};
use crate::assignment::store::DECIDES;
use crate::by::By;
use crate::office_rule::store::Series;

const SELECT: &str = "SELECT s.*, o.name AS organ_name, f.name AS office_name FROM supervision s \
     JOIN organ o ON o.id = s.organ_id JOIN organ f ON f.id = s.office_id WHERE ";
/// Ids in one list of a statement.
const IDS_AT_ONCE: usize = 200;

/// Whose 督办单 a list shows.
#[derive(Debug, Clone, Copy)]
pub enum Side<'s> {
    Office(&'s Scope),
    /// From issue on.
    Unit(&'s Scope),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    pub state: Option<OrderState>,
    pub organ: Option<OrganId>,
    /// Unanswered past its day, the first one or the one after it was sent back; the day is today.
    pub late_on: Option<Date>,
    /// Late as of the second day, today: unanswered however long, or answered late where that was due since the first day.
    pub late_since: Option<(Date, Date)>,
    /// In the title or the number.
    pub text: String,
}

pub(super) async fn insert(tx: &mut Tx, order: &Order, items: &[Item]) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO supervision (id, office_id, organ_id, title, requirement, reply_days, state, drafted_by, drafted_on, version, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10)")
            .bind(order.id.to_string())
            .bind(order.office)
            .bind(order.organ)
            .bind(&order.title)
            .bind(&order.requirement)
            .bind(order.reply_days)
            .bind(order.state.code())
            .bind(&order.drafted_by)
            .bind(order.drafted_on)
            .bind(now),
    )
    .await?;
    set_items(tx, order.id, items).await
}

pub(super) async fn set_items(tx: &mut Tx, id: OrderId, items: &[Item]) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM supervision_item WHERE supervision_id = $1").bind(id.to_string()))
        .await?;
    for (position, item) in (1_i64..).zip(items) {
        tx.run(
            sql("INSERT INTO supervision_item (supervision_id, position, kind, reference, task_id, text, due_text) VALUES ($1, $2, $3, $4, $5, $6, $7)")
                .bind(id.to_string())
                .bind(position)
                .bind(item.kind.code())
                .bind(&item.reference)
                .bind(item.task.clone())
                .bind(&item.text)
                .bind(&item.due_text),
        )
        .await?;
    }
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, order: &Order) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE supervision SET title = $1, requirement = $2, reply_days = $3, state = $4, reply_due_on = $5, approved_by = $6, issued_on = $7, \
             received_by = $8, received_on = $9, replied_on = $10, reason = $11, again_due_on = $12, missed_on = $13, version = version + 1 WHERE id = $14 AND version = $15")
            .bind(&order.title)
            .bind(&order.requirement)
            .bind(order.reply_days)
            .bind(order.state.code())
            .bind(order.reply_due_on)
            .bind(order.approved_by.clone())
            .bind(order.issued_on)
            .bind(order.received_by.clone())
            .bind(order.received_on)
            .bind(order.replied_on)
            .bind(order.reason.clone())
            .bind(order.again_due_on)
            .bind(order.missed_on)
            .bind(order.id.to_string())
            .bind(order.version),
    )
    .await
}

/// Gives a 督办单 the next number of its office and year.
pub(super) async fn set_number(
    tx: &mut Tx,
    order: &Order,
    year: i16,
    pattern: &str,
) -> Result<String, StoreError> {
    let series = Series {
        last: "SELECT MAX(n) AS n FROM supervision WHERE office_id = $1 AND year = $2",
        set: "UPDATE supervision SET year = $1, n = $2, number = $3 WHERE id = $4",
    };
    series
        .next(tx, (order.office, year), pattern, order.id.to_string())
        .await
}

/// # Errors
/// When the store fails; what lies outside is `None`.
pub async fn load(tx: &mut Tx, side: Side<'_>, id: OrderId) -> Result<Option<Order>, StoreError> {
    let mut statement = sql(SELECT);
    push_side(&mut statement, side);
    statement.push(" AND s.id = ").push_value(id.to_string());
    tx.optional(statement)
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

/// Those of an office's with these ids, in no order.
///
/// # Errors
/// When the store fails.
pub async fn of_ids(tx: &mut Tx, office: &Scope, ids: &[&str]) -> Result<Vec<Order>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(IDS_AT_ONCE) {
        let mut statement = sql(SELECT);
        push_side(&mut statement, Side::Office(office));
        statement
            .push(" AND s.id IN ")
            .push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            found.push(from_row(&row)?);
        }
    }
    Ok(found)
}

/// Those of an organ that are neither accepted nor withdrawn: drafts too.
pub(super) async fn unended(tx: &mut Tx, organ: OrganId) -> Result<Vec<Order>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("s.organ_id = ")
        .push_value(organ)
        .push(" AND s.state NOT IN ('accepted', 'withdrawn') ORDER BY s.id");
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// Stores the organ that has to answer now.
pub(super) async fn give(tx: &mut Tx, order: &Order) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE supervision SET organ_id = $1, version = version + 1 WHERE id = $2 AND version = $3")
            .bind(order.organ)
            .bind(order.id.to_string())
            .bind(order.version),
    )
    .await
}

/// One page: what waits first, by the day of the reply.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    side: Side<'_>,
    narrow: &Narrow,
    (offset, rows): (i64, i64),
) -> Result<Vec<Order>, StoreError> {
    let mut statement = sql(SELECT);
    push_side(&mut statement, side);
    push_narrow(&mut statement, narrow);
    statement
        .push(
            " ORDER BY CASE WHEN s.state IN ('accepted', 'withdrawn') THEN 1 ELSE 0 END, \
             COALESCE(s.reply_due_on, '0000-00-00'), s.id DESC LIMIT ",
        )
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, side: Side<'_>, narrow: &Narrow) -> Result<i64, StoreError> {
    tx.one(counting(side, narrow)).await?.get("n")
}

/// The statement of [`count`], for [`Tx::counts`].
#[must_use]
pub fn counting(side: Side<'_>, narrow: &Narrow) -> Sql {
    let mut statement = sql("SELECT COUNT(*) AS n FROM supervision s WHERE ");
    push_side(&mut statement, side);
    push_narrow(&mut statement, narrow);
    statement
}

/// How many there are in each state.
///
/// # Errors
/// When the store fails.
pub async fn states(tx: &mut Tx, side: Side<'_>) -> Result<Vec<(OrderState, i64)>, StoreError> {
    let mut statement = sql("SELECT s.state, COUNT(*) AS n FROM supervision s WHERE ");
    push_side(&mut statement, side);
    statement.push(" GROUP BY s.state");
    let mut found = Vec::new();
    for row in tx.all(statement).await? {
        found.push((row.coded("state", OrderState::from_code)?, row.get("n")?));
    }
    found.sort();
    Ok(found)
}

/// # Errors
/// When the store fails.
pub async fn items(tx: &mut Tx, id: OrderId) -> Result<Vec<Item>, StoreError> {
    tx.all(
        sql("SELECT * FROM supervision_item WHERE supervision_id = $1 ORDER BY position")
            .bind(id.to_string()),
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Item {
            kind: row.coded("kind", ItemKind::from_code)?,
            reference: row.get("reference")?,
            task: row.get("task_id")?,
            text: row.get("text")?,
            due_text: row.get("due_text")?,
        })
    })
    .collect()
}

/// The parts that its unit has now, by what its items refer to: the part named, or the one that the unit has of the same task
/// since it took the place of another.
pub(super) async fn parts_now(
    tx: &mut Tx,
    order: &Order,
) -> Result<BTreeMap<String, AssignmentId>, StoreError> {
    let rows = tx
        .all(
            sql("SELECT i.reference, a.id FROM supervision_item i JOIN assignment a ON a.task_id = i.task_id JOIN plan p ON p.id = a.plan_id \
                 WHERE i.supervision_id = $1 AND i.kind = 'assignment' AND a.state = 'open' AND p.state = 'active' AND (a.id = i.reference OR a.organ_id = $2) \
                 ORDER BY CASE WHEN a.id = i.reference THEN 0 ELSE 1 END")
                .bind(order.id.to_string())
                .bind(order.organ),
        )
        .await?;
    let mut found = BTreeMap::new();
    for row in rows {
        let reference: String = row.get("reference")?;
        let id: AssignmentId = row.get("id")?;
        found.entry(reference).or_insert(id);
    }
    Ok(found)
}

/// The 督办单 that touch a task, newest first.
///
/// # Errors
/// When the store fails.
pub async fn of_task(tx: &mut Tx, task: TaskId) -> Result<Vec<OrderId>, StoreError> {
    tx.all(
        sql("SELECT DISTINCT supervision_id FROM supervision_item WHERE task_id = $1 ORDER BY supervision_id DESC LIMIT 50")
            .bind(task),
    )
    .await?
    .iter()
    .map(|row| row.parsed("supervision_id", "an id"))
    .collect()
}

pub(super) async fn insert_reply(
    tx: &mut Tx,
    order: OrderId,
    reply: &Reply,
) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO supervision_reply (id, supervision_id, sequence, text, replied_by, replied_by_id, replied_on) VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(&reply.id)
            .bind(order.to_string())
            .bind(reply.sequence)
            .bind(&reply.text)
            .bind(reply.by.name())
            .bind(reply.by.account())
            .bind(reply.on),
    )
    .await?;
    Ok(())
}

pub(super) async fn judge_reply(
    tx: &mut Tx,
    reply: &str,
    (accepted, note): (bool, &str),
) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE supervision_reply SET accepted = $1, note = $2 WHERE id = $3")
            .bind(accepted)
            .bind(note)
            .bind(reply),
    )
    .await?;
    Ok(())
}

/// Newest first.
///
/// # Errors
/// When the store fails.
pub async fn replies(tx: &mut Tx, order: OrderId) -> Result<Vec<Reply>, StoreError> {
    tx.all(
        sql("SELECT * FROM supervision_reply WHERE supervision_id = $1 ORDER BY sequence DESC")
            .bind(order.to_string()),
    )
    .await?
    .iter()
    .map(|row| {
        let accepted: Option<i64> = row.get("accepted")?;
        let note: Option<String> = row.get("note")?;
        Ok(Reply {
            id: row.get("id")?,
            sequence: row.get("sequence")?,
            text: row.get("text")?,
            by: By::kept(row.get("replied_by")?, row.get("replied_by_id")?),
            on: row.get("replied_on")?,
            verdict: accepted
                .map(|accepted| accepted != 0)
                .zip(Some(note.unwrap_or_default())),
        })
    })
    .collect()
}

/// The parts of tasks that must still be done, without those who only cooperate where others lead.
///
/// # Errors
/// When the store fails.
pub async fn open_parts(tx: &mut Tx, tasks: &[TaskId]) -> Result<Vec<AssignmentId>, StoreError> {
    let mut found = Vec::new();
    for some in tasks.chunks(IDS_AT_ONCE) {
        let mut statement =
            sql("SELECT a.id FROM assignment a WHERE a.state = 'open' AND a.finished = 0 AND ");
        statement
            .push(DECIDES)
            .push(" AND a.task_id IN ")
            .push_list(some.iter().copied())
            .push(" ORDER BY a.organ_id, a.position, a.id");
        for row in tx.all(statement).await? {
            found.push(row.get("id")?);
        }
    }
    Ok(found)
}

/// These parts in the order of the directory, and each organ's in that of its plans.
///
/// # Errors
/// When the store fails.
pub(super) async fn in_order(
    tx: &mut Tx,
    ids: &[AssignmentId],
) -> Result<Vec<AssignmentId>, StoreError> {
    let mut statement =
        sql("SELECT a.id FROM assignment a JOIN organ o ON o.id = a.organ_id WHERE a.id IN ");
    statement
        .push_list(ids.iter().copied())
        .push(" ORDER BY LENGTH(o.path), o.position, o.path, a.plan_id, a.position, a.id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect()
}

/// What units of a scope must answer within a range of days, earliest first.
pub(crate) async fn due(
    tx: &mut Tx,
    scope: &Scope,
    range: DateRange,
) -> Result<Vec<DueItem>, StoreError> {
    // What was sent back is due on the day that was set with that.
    let mut statement = sql(
        "SELECT s.id, s.organ_id, s.title, COALESCE(s.again_due_on, s.reply_due_on) AS due_on FROM supervision s WHERE ",
    );
    push_side(&mut statement, Side::Unit(scope));
    statement
        .push(" AND s.state IN ('issued', 'received', 'returned') AND COALESCE(s.again_due_on, s.reply_due_on) >= ")
        .push_value(range.from)
        .push(" AND COALESCE(s.again_due_on, s.reply_due_on) <= ")
        .push_value(range.to)
        .push(" ORDER BY due_on, s.id LIMIT ")
        .push_value(DUE_MAX);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let id: String = row.get("id")?;
            Ok(DueItem {
                organ: row.get("organ_id")?,
                title: row.get("title")?,
                due_on: row.get("due_on")?,
                path: format!("/workspace/supervision/{id}"),
                of: Ref {
                    kind: "supervision".to_owned(),
                    id,
                },
            })
        })
        .collect()
}

fn push_side(statement: &mut Sql, side: Side<'_>) {
    let (start, scope) = match side {
        Side::Office(scope) => ("s.office_id IN (SELECT x.id FROM organ x WHERE ", scope),
        Side::Unit(scope) => (
            "s.issued_on IS NOT NULL AND s.organ_id IN (SELECT x.id FROM organ x WHERE ",
            scope,
        ),
    };
    statement.push(start);
    scope.push_condition(statement, "x.id", "x.path");
    statement.push(")");
}

/// Appends what [`Order::is_late`] says of those whose lateness is not older than a day.
fn push_late(statement: &mut Sql, from: Date, today: Date) {
    statement
        .push(" AND s.issued_on IS NOT NULL AND s.state <> 'withdrawn' AND ((s.replied_on IS NULL AND s.reply_due_on < ")
        .push_value(today)
        .push(") OR (s.replied_on > s.reply_due_on AND s.reply_due_on >= ")
        .push_value(from)
        .push(") OR s.missed_on >= ")
        .push_value(from)
        .push(" OR (s.state = 'returned' AND s.again_due_on < ")
        .push_value(today)
        .push("))");
}

fn push_narrow(statement: &mut Sql, narrow: &Narrow) {
    if let Some(state) = narrow.state {
        statement.push(" AND s.state = ").push_value(state.code());
    }
    if let Some(organ) = narrow.organ {
        statement.push(" AND s.organ_id = ").push_value(organ);
    }
    if let Some(today) = narrow.late_on {
        statement
            .push(" AND ((s.state IN ('issued', 'received') AND s.reply_due_on < ")
            .push_value(today)
            .push(") OR (s.state = 'returned' AND s.again_due_on < ")
            .push_value(today)
            .push("))");
    }
    if let Some((from, today)) = narrow.late_since {
        push_late(statement, from, today);
    }
    if !narrow.text.is_empty() {
        let like = containing(&narrow.text);
        statement
            .push(" AND (s.title LIKE ")
            .push_value(like.clone())
            .push(" ESCAPE '!' OR s.number LIKE ")
            .push_value(like)
            .push(" ESCAPE '!')");
    }
}

fn from_row(row: &Row) -> Result<Order, StoreError> {
    Ok(Order {
        id: row.parsed("id", "an id")?,
        office: row.get("office_id")?,
        office_name: row.get("office_name")?,
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        number: row.get("number")?,
        title: row.get("title")?,
        requirement: row.get("requirement")?,
        reply_days: row.get("reply_days")?,
        reply_due_on: row.get("reply_due_on")?,
        state: row.coded("state", OrderState::from_code)?,
        drafted_by: row.get("drafted_by")?,
        drafted_on: row.get("drafted_on")?,
        approved_by: row.get("approved_by")?,
        issued_on: row.get("issued_on")?,
        received_by: row.get("received_by")?,
        received_on: row.get("received_on")?,
        replied_on: row.get("replied_on")?,
        again_due_on: row.get("again_due_on")?,
        missed_on: row.get("missed_on")?,
        reason: row.get("reason")?,
        version: row.get("version")?,
    })
}
