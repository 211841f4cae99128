//! The SQL of bulletins.

pub(super) mod fact;
mod part;

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, OrganId, PlanId};
use gongkai_basis::reference::{DateRange, Ref};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, containing, sql};
use gongkai_platform::seam::{DUE_MAX, DueItem};

use super::facts::Fact;
use super::{Approver, Bulletin, BulletinId, BulletinKind, BulletinState, FactKind, FactRef, Part};
use crate::assignment::store::DECIDES;
use crate::office_rule::store::Series;
use crate::quote::quoted;
use crate::when;

pub use part::{Waits, again_due, counting_parts, parts};
pub(super) use part::{give_part, join_parts, open_parts, set_parts, update_part};

const SELECT: &str =
    "SELECT b.*, f.name AS office_name FROM bulletin b JOIN organ f ON f.id = b.office_id WHERE ";
/// Characters of a task that a sentence quotes.
const QUOTE_CHARS_MAX: usize = 60;

/// What of bulletins a person may see.
#[derive(Debug, Clone)]
pub struct Reach {
    /// As the drafting office: everything.
    pub office: Scope,
    /// As the principal who approves: what waits for that, too.
    pub principal: Scope,
    /// As those above: what was issued.
    pub above: Scope,
}

impl Reach {
    /// Only as the drafting office.
    #[must_use]
    pub fn office(scope: &Scope) -> Self {
        Self {
            office: scope.clone(),
            principal: Scope::nothing(),
            above: Scope::nothing(),
        }
    }
}

/// Whose bulletins a list shows.
#[derive(Debug, Clone, Copy)]
pub enum Side<'s> {
    Reach(&'s Reach),
    /// Issued ones with a part of these units.
    Unit(&'s Scope),
}

pub(super) async fn insert(
    tx: &mut Tx,
    bulletin: &Bulletin,
    parts: &[Part],
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO bulletin (id, office_id, kind, title, opening, closing, ranking, reply_days, state, approver, drafted_by, drafted_on, version, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13)")
            .bind(bulletin.id.to_string())
            .bind(bulletin.office)
            .bind(bulletin.kind.code())
            .bind(&bulletin.title)
            .bind(&bulletin.opening)
            .bind(&bulletin.closing)
            .bind(bulletin.ranking)
            .bind(bulletin.reply_days)
            .bind(bulletin.state.code())
            .bind(bulletin.approver.code())
            .bind(&bulletin.drafted_by)
            .bind(bulletin.drafted_on)
            .bind(now),
    )
    .await?;
    set_parts(tx, bulletin.id, parts).await
}

pub(super) async fn update(tx: &mut Tx, bulletin: &Bulletin) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE bulletin SET title = $1, opening = $2, closing = $3, ranking = $4, reply_days = $5, reply_due_on = $6, state = $7, approver = $8, \
             approved_by = $9, issued_on = $10, reason = $11, version = version + 1 WHERE id = $12 AND version = $13")
            .bind(&bulletin.title)
            .bind(&bulletin.opening)
            .bind(&bulletin.closing)
            .bind(bulletin.ranking)
            .bind(bulletin.reply_days)
            .bind(bulletin.reply_due_on)
            .bind(bulletin.state.code())
            .bind(bulletin.approver.code())
            .bind(bulletin.approved_by.clone())
            .bind(bulletin.issued_on)
            .bind(bulletin.reason.clone())
            .bind(bulletin.id.to_string())
            .bind(bulletin.version),
    )
    .await
}

pub(super) async fn set_number(
    tx: &mut Tx,
    bulletin: &Bulletin,
    year: i16,
    pattern: &str,
) -> Result<String, StoreError> {
    let series = Series {
        last: "SELECT MAX(n) AS n FROM bulletin WHERE office_id = $1 AND year = $2",
        set: "UPDATE bulletin SET year = $1, n = $2, number = $3 WHERE id = $4",
    };
    series
        .next(
            tx,
            (bulletin.office, year),
            pattern,
            bulletin.id.to_string(),
        )
        .await
}

/// The bulletins that still ask something of an organ, or will: with a part that is not closed, or not issued yet.
pub(super) async fn unended(tx: &mut Tx, organ: OrganId) -> Result<Vec<BulletinId>, StoreError> {
    tx.all(
        sql("SELECT b.id FROM bulletin b JOIN bulletin_part q ON q.bulletin_id = b.id WHERE q.organ_id = $1 \
             AND (b.state IN ('draft', 'submitted') OR (b.state = 'issued' AND q.state IN ('waiting', 'replied', 'failed'))) ORDER BY b.id")
            .bind(organ),
    )
    .await?
    .iter()
    .map(|row| row.parsed("id", "an id"))
    .collect()
}

/// # Errors
/// When the store fails; what lies outside is `None`.
pub async fn load(
    tx: &mut Tx,
    side: Side<'_>,
    id: BulletinId,
) -> Result<Option<Bulletin>, StoreError> {
    let mut statement = sql(SELECT);
    push_side(&mut statement, side);
    statement.push(" AND b.id = ").push_value(id.to_string());
    tx.optional(statement)
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

/// One page, newest first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    side: Side<'_>,
    state: Option<BulletinState>,
    (offset, rows): (i64, i64),
) -> Result<Vec<Bulletin>, StoreError> {
    let mut statement = sql(SELECT);
    push_side(&mut statement, side);
    push_state(&mut statement, state);
    statement
        .push(" ORDER BY b.created_at DESC, b.id DESC LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// The newest with these words in the title or the number.
///
/// # Errors
/// When the store fails.
pub async fn named(
    tx: &mut Tx,
    side: Side<'_>,
    words: &str,
    rows: i64,
) -> Result<Vec<Bulletin>, StoreError> {
    let mut statement = sql(SELECT);
    push_side(&mut statement, side);
    let like = containing(words);
    statement
        .push(" AND (b.title LIKE ")
        .push_value(like.clone())
        .push(" ESCAPE '!' OR b.number LIKE ")
        .push_value(like)
        .push(" ESCAPE '!') ORDER BY b.created_at DESC, b.id DESC LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// # Errors
/// When the store fails.
pub async fn count(
    tx: &mut Tx,
    side: Side<'_>,
    state: Option<BulletinState>,
) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM bulletin b WHERE ");
    push_side(&mut statement, side);
    push_state(&mut statement, state);
    tx.one(statement).await?.get("n")
}

/// Counts the bulletins that wait for a person: as the head of some offices, as 领导 of others.
#[must_use]
pub fn counting_for_approval(head: &Scope, leader: &Scope) -> Sql {
    let mut statement = sql(
        "SELECT COUNT(*) AS n FROM bulletin b JOIN organ x ON x.id = b.office_id WHERE b.state = 'submitted' AND ((b.approver = 'head' AND ",
    );
    head.push_condition(&mut statement, "x.id", "x.path");
    statement.push(") OR (b.approver = 'leader' AND ");
    leader.push_condition(&mut statement, "x.id", "x.path");
    statement.push("))");
    statement
}

/// Parts that are not done and past their day, in the words of a bulletin.
pub(crate) async fn overdue(
    tx: &mut Tx,
    office: &Scope,
    today: Date,
    rows: i64,
) -> Result<Vec<Fact>, StoreError> {
    // Chosen plan by plan, however many are late; the rest is read of those that are offered.
    let mut late: Vec<(Date, AssignmentId)> = Vec::new();
    for plans in plans_in_force(tx, office).await?.chunks(PLANS_AT_ONCE) {
        late.append(&mut late_of(tx, plans, today, rows).await?);
    }
    late.sort_unstable();
    late.truncate(usize::try_from(rows).unwrap_or_default());
    let mut statement = sql(
        "SELECT a.id, a.organ_id, o.name AS organ_name, t.text, a.due_on, a.next_due_on FROM assignment a \
         JOIN task t ON t.id = a.task_id JOIN organ o ON o.id = a.organ_id WHERE a.id IN ",
    );
    statement
        .push_list(late.iter().map(|(_, id)| *id))
        .push(" ORDER BY a.next_due_on, a.id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let id: String = row.get("id")?;
            let text: String = row.get("text")?;
            let due: Date = row.get("next_due_on")?;
            let quote = quoted(&text, QUOTE_CHARS_MAX);
            // A bulletin does not say of a counted day that the plan named it.
            let counted = if row.get::<Option<Date>>("due_on")? == Some(due) {
                ""
            } else {
                "按方案推算"
            };
            Ok(Fact {
                reference: FactRef::new(FactKind::Task, id),
                organ: row.get("organ_id")?,
                organ_name: row.get("organ_name")?,
                text: format!(
                    "承担的{quote}{counted}应于{}前完成，至今未完成。",
                    when::date(due)
                ),
            })
        })
        .collect()
}

/// The plans in force of offices in a scope.
async fn plans_in_force(tx: &mut Tx, office: &Scope) -> Result<Vec<PlanId>, StoreError> {
    let mut statement = sql(
        "SELECT p.id FROM plan p WHERE p.state = 'active' AND p.organ_id IN (SELECT x.id FROM organ x WHERE ",
    );
    office.push_condition(&mut statement, "x.id", "x.path");
    statement.push(") ORDER BY p.id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect()
}

/// Plans that one statement asks for; databases allow some hundred parts of one.
const PLANS_AT_ONCE: usize = 100;

/// The parts of each plan that are not done and longest past their day. The day stands as in the index by standing, in whose
/// order they are found: of many that are late only the first days are read.
async fn late_of(
    tx: &mut Tx,
    plans: &[PlanId],
    today: Date,
    rows: i64,
) -> Result<Vec<(Date, AssignmentId)>, StoreError> {
    let mut statement = sql("");
    for (number, plan) in plans.iter().enumerate() {
        if number > 0 {
            statement.push(" UNION ALL ");
        }
        statement
            .push("SELECT late.id, late.due FROM (SELECT a.id, COALESCE(a.next_due_on, '9999-12-31') AS due FROM assignment a WHERE a.plan_id = ")
            .push_value(*plan)
            .push(" AND a.state = 'open' AND a.finished = 0 AND a.reopened = 0 AND ")
            .push(DECIDES)
            .push(" AND COALESCE(a.next_due_on, '9999-12-31') < ")
            .push_value(today)
            .push(" ORDER BY COALESCE(a.next_due_on, '9999-12-31'), a.id LIMIT ")
            .push_value(rows)
            .push(") late");
    }
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("due")?, row.get("id")?)))
        .collect()
}

/// What bulletins ask units of a scope to mend within a range of days, earliest first.
pub(crate) async fn due(
    tx: &mut Tx,
    scope: &Scope,
    range: DateRange,
) -> Result<Vec<DueItem>, StoreError> {
    // Where a re-check failed, it is due on the day that was set with that.
    let mut statement = sql(
        "SELECT b.id, b.title, COALESCE(q.again_due_on, b.reply_due_on) AS due_on, q.organ_id FROM bulletin_part q JOIN bulletin b ON b.id = q.bulletin_id \
         JOIN organ x ON x.id = q.organ_id WHERE b.state = 'issued' AND q.state IN ('waiting', 'failed') AND COALESCE(q.again_due_on, b.reply_due_on) >= ",
    );
    statement
        .push_value(range.from)
        .push(" AND COALESCE(q.again_due_on, b.reply_due_on) <= ")
        .push_value(range.to)
        .push(" AND ");
    scope.push_condition(&mut statement, "x.id", "x.path");
    statement
        .push(" ORDER BY due_on, b.id, q.position LIMIT ")
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
                path: format!("/workspace/bulletins/{id}"),
                of: Ref {
                    kind: "bulletin".to_owned(),
                    id,
                },
            })
        })
        .collect()
}

fn push_state(statement: &mut Sql, state: Option<BulletinState>) {
    if let Some(state) = state {
        statement.push(" AND b.state = ").push_value(state.code());
    }
}

fn push_offices(statement: &mut Sql, scope: &Scope) {
    statement.push("b.office_id IN (SELECT x.id FROM organ x WHERE ");
    scope.push_condition(statement, "x.id", "x.path");
    statement.push(")");
}

fn push_side(statement: &mut Sql, side: Side<'_>) {
    match side {
        Side::Reach(reach) => {
            statement.push("(");
            push_offices(statement, &reach.office);
            statement.push(" OR (b.issued_on IS NOT NULL AND ");
            push_offices(statement, &reach.above);
            statement.push(") OR (b.state = 'submitted' AND b.approver = 'leader' AND ");
            push_offices(statement, &reach.principal);
            statement.push("))");
        }
        Side::Unit(scope) => {
            statement.push("b.issued_on IS NOT NULL AND b.id IN (SELECT q.bulletin_id FROM bulletin_part q JOIN organ x ON x.id = q.organ_id WHERE ");
            scope.push_condition(statement, "x.id", "x.path");
            statement.push(")");
        }
    }
}

fn from_row(row: &Row) -> Result<Bulletin, StoreError> {
    Ok(Bulletin {
        id: row.parsed("id", "an id")?,
        office: row.get("office_id")?,
        office_name: row.get("office_name")?,
        kind: row.coded("kind", BulletinKind::from_code)?,
        title: row.get("title")?,
        number: row.get("number")?,
        opening: row.get("opening")?,
        closing: row.get("closing")?,
        ranking: row.get("ranking")?,
        reply_days: row.get("reply_days")?,
        reply_due_on: row.get("reply_due_on")?,
        state: row.coded("state", BulletinState::from_code)?,
        approver: row.coded("approver", Approver::from_code)?,
        drafted_by: row.get("drafted_by")?,
        drafted_on: row.get("drafted_on")?,
        approved_by: row.get("approved_by")?,
        issued_on: row.get("issued_on")?,
        reason: row.get("reason")?,
        version: row.get("version")?,
    })
}
