//! The SQL of plans.

use gongkai_basis::id::{OrganId, PlanId};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::{Deadline, DeadlineKind, Plan, PlanState};
use crate::assignment;

/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, plan: &Plan, deadlines: &[Deadline]) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO plan (id, organ_id, government_id, title, notice_title, document_number, issuer, issued_on, published_on, year, state, source_file_id, draft_id, version, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)")
            .bind(plan.id)
            .bind(plan.organ)
            .bind(plan.government)
            .bind(&plan.title)
            .bind(plan.notice_title.clone())
            .bind(plan.document_number.clone())
            .bind(plan.issuer.clone())
            .bind(plan.issued_on)
            .bind(plan.published_on)
            .bind(plan.year)
            .bind(plan.state.code())
            .bind(plan.source_file)
            .bind(plan.draft)
            .bind(plan.version)
            .bind(now),
    )
    .await?;
    insert_deadlines(tx, plan.id, deadlines).await
}

/// Writes the head of a corrected plan if nobody changed it since `plan.version` was read, and counts the version up.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else was first.
pub async fn update_head(
    tx: &mut Tx,
    plan: &mut Plan,
    deadlines: &[Deadline],
) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE plan SET title = $1, notice_title = $2, document_number = $3, issuer = $4, issued_on = $5, published_on = $6, year = $7, version = version + 1 \
             WHERE id = $8 AND version = $9")
            .bind(&plan.title)
            .bind(plan.notice_title.clone())
            .bind(plan.document_number.clone())
            .bind(plan.issuer.clone())
            .bind(plan.issued_on)
            .bind(plan.published_on)
            .bind(plan.year)
            .bind(plan.id)
            .bind(plan.version),
    )
    .await?;
    plan.version += 1;
    tx.run(sql("DELETE FROM plan_deadline WHERE plan_id = $1").bind(plan.id))
        .await?;
    insert_deadlines(tx, plan.id, deadlines).await
}

async fn insert_deadlines(
    tx: &mut Tx,
    plan: PlanId,
    deadlines: &[Deadline],
) -> Result<(), StoreError> {
    for (position, deadline) in (1_i64..).zip(deadlines) {
        tx.run(
            sql("INSERT INTO plan_deadline (plan_id, position, text, due_on, kind) VALUES ($1, $2, $3, $4, $5)")
                .bind(plan)
                .bind(position)
                .bind(&deadline.text)
                .bind(deadline.date)
                .bind(deadline.kind.code()),
        )
        .await?;
    }
    Ok(())
}

/// A plan with a ledger of its own: what came from above is not found here.
///
/// # Errors
/// When the store fails; a plan outside the scope is `None`.
pub async fn load(tx: &mut Tx, scope: &Scope, id: PlanId) -> Result<Option<Plan>, StoreError> {
    let found = load_any(tx, scope, id).await?;
    Ok(found.filter(|plan| plan.state != PlanState::Upper))
}

/// The same, or an upper plan that an office of the scope keeps.
///
/// # Errors
/// When the store fails; a plan outside the scope is `None`.
pub async fn load_any(tx: &mut Tx, scope: &Scope, id: PlanId) -> Result<Option<Plan>, StoreError> {
    let mut query =
        sql("SELECT p.* FROM plan p JOIN organ o ON o.id = p.organ_id WHERE p.id = $1 AND ")
            .bind(id);
    scope.push_condition(&mut query, "o.id", "o.path");
    tx.optional(query)
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

/// The plans in force inside a scope, newest year first, and of a year first those of the highest office: whoever reaches
/// below begins with the own government's.
///
/// # Errors
/// When the store fails.
pub async fn list(tx: &mut Tx, scope: &Scope) -> Result<Vec<Plan>, StoreError> {
    let mut query = sql("SELECT p.*");
    push_in_force(&mut query, scope, None);
    query.push(NEWEST_FIRST);
    tx.all(query).await?.iter().map(from_row).collect()
}

const NEWEST_FIRST: &str = " ORDER BY p.year DESC, LENGTH(o.path), CASE WHEN o.kind = 'office' THEN 0 ELSE 1 END, p.created_at DESC, p.id DESC";

/// Appends where the plans in force inside a scope are, of one year or of all.
fn push_in_force(query: &mut Sql, scope: &Scope, year: Option<i64>) {
    query.push(" FROM plan p JOIN organ o ON o.id = p.organ_id WHERE p.state = 'active' AND ");
    scope.push_condition(query, "o.id", "o.path");
    if let Some(year) = year {
        query.push(" AND p.year = ").push_value(year);
    }
}

/// One page of what [`list`] gives, of one year or of all.
///
/// # Errors
/// When the store fails.
pub async fn page(
    tx: &mut Tx,
    (scope, year): (&Scope, Option<i64>),
    (offset, rows): (i64, i64),
) -> Result<Vec<Plan>, StoreError> {
    let mut query = sql("SELECT p.*");
    push_in_force(&mut query, scope, year);
    query
        .push(NEWEST_FIRST)
        .push(" LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(query).await?.iter().map(from_row).collect()
}

/// How many plans in force there are of each year inside a scope, the newest year first.
///
/// # Errors
/// When the store fails.
pub async fn years(tx: &mut Tx, scope: &Scope) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut query = sql("SELECT p.year, COUNT(*) AS n");
    push_in_force(&mut query, scope, None);
    query.push(" GROUP BY p.year ORDER BY p.year DESC");
    tx.all(query)
        .await?
        .iter()
        .map(|row| Ok((row.get("year")?, row.get("n")?)))
        .collect()
}

/// The newest plans of one office in a state, at most `rows`: those in force, or the upper ones that it keeps.
///
/// # Errors
/// When the store fails.
pub(crate) async fn of_office(
    tx: &mut Tx,
    (office, state): (OrganId, PlanState),
    rows: i64,
) -> Result<Vec<Plan>, StoreError> {
    let newest = sql("SELECT * FROM plan WHERE organ_id = $1 AND state = $2 ORDER BY created_at DESC, id DESC LIMIT $3")
        .bind(office)
        .bind(state.code())
        .bind(rows);
    tx.all(newest).await?.iter().map(from_row).collect()
}

/// The plans in force in which organs of a scope have a part, newest year first.
///
/// # Errors
/// When the store fails.
pub async fn with_part_of(tx: &mut Tx, scope: &Scope) -> Result<Vec<Plan>, StoreError> {
    // By plan and not by organ: an organ has a part in a thousand tasks, and one is enough. Its states are all there are.
    let mut query = sql(
        "SELECT p.* FROM plan p WHERE p.state = 'active' AND EXISTS (SELECT 1 FROM assignment a WHERE a.plan_id = p.id \
         AND a.state IN ('open', 'cancelled', 'transferred') AND ",
    );
    assignment::store::push_of(&mut query, scope);
    query.push(") ORDER BY p.year DESC, p.created_at DESC, p.id DESC");
    tx.all(query).await?.iter().map(from_row).collect()
}

/// The imports of an office that are neither confirmed nor thrown away, each counted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenDrafts {
    /// Read, with doubts to settle.
    pub doubtful: i64,
    /// Files that could not be read.
    pub failed: i64,
    pub ready: i64,
}

/// Counts them.
///
/// # Errors
/// When the store fails.
pub async fn open_drafts(tx: &mut Tx, scope: &Scope) -> Result<OpenDrafts, StoreError> {
    let mut query = sql(
        "SELECT COUNT(CASE WHEN d.state <> 'failed' AND d.doubts > 0 THEN 1 END) AS doubtful, \
         COUNT(CASE WHEN d.state = 'failed' THEN 1 END) AS failed, \
         COUNT(CASE WHEN d.state <> 'failed' AND d.doubts = 0 THEN 1 END) AS ready \
         FROM import_draft d JOIN organ o ON o.id = d.organ_id WHERE d.state IN ('reading', 'open', 'failed') AND ",
    );
    scope.push_condition(&mut query, "o.id", "o.path");
    let row = tx.one(query).await?;
    Ok(OpenDrafts {
        doubtful: row.get("doubtful")?,
        failed: row.get("failed")?,
        ready: row.get("ready")?,
    })
}

/// One plan, whoever asks. For pages that were let in by a task or a part.
///
/// # Errors
/// When the store fails.
pub(crate) async fn find(tx: &mut Tx, id: PlanId) -> Result<Option<Plan>, StoreError> {
    tx.optional(sql("SELECT * FROM plan WHERE id = $1").bind(id))
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

/// The dates that the covering notice sets, in their order.
///
/// # Errors
/// When the store fails.
pub async fn deadlines(tx: &mut Tx, id: PlanId) -> Result<Vec<Deadline>, StoreError> {
    let rows = tx
        .all(
            sql(
                "SELECT text, due_on, kind FROM plan_deadline WHERE plan_id = $1 ORDER BY position",
            )
            .bind(id),
        )
        .await?;
    rows.iter()
        .map(|row| {
            let code: String = row.get("kind")?;
            let kind = DeadlineKind::from_code(&code).ok_or_else(|| corrupt("kind", &code))?;
            Ok(Deadline {
                text: row.get("text")?,
                date: row.get("due_on")?,
                kind,
            })
        })
        .collect()
}

pub(crate) fn from_row(row: &Row) -> Result<Plan, StoreError> {
    let state: String = row.get("state")?;
    Ok(Plan {
        id: row.get("id")?,
        organ: row.get("organ_id")?,
        government: row.get("government_id")?,
        title: row.get("title")?,
        notice_title: row.get("notice_title")?,
        document_number: row.get("document_number")?,
        issuer: row.get("issuer")?,
        issued_on: row.get("issued_on")?,
        published_on: row.get("published_on")?,
        year: row.get("year")?,
        state: PlanState::from_code(&state).ok_or_else(|| corrupt("state", &state))?,
        source_file: row.get("source_file_id")?,
        draft: row.get("draft_id")?,
        version: row.get("version")?,
    })
}

pub(crate) fn corrupt(column: &str, found: &str) -> StoreError {
    StoreError::Corrupt {
        column: column.to_owned(),
        found: found.to_owned(),
        wanted: "a known code",
    }
}
