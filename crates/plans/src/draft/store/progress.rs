//! The SQL of existing ledgers that are imported: what was chosen, what came of it, and who has worked on that.

use gongkai_basis::id::{AssignmentId, DraftId, PlanId, ReportId};
use gongkai_platform::db::{StoreError, Tx, sql};

use super::parsed;
use crate::draft::Draft;
use crate::draft::progress::{Made, Picked};
use crate::task::store::json;

/// What was chosen so far.
///
/// # Errors
/// When the store fails or what it holds cannot be understood.
pub async fn picked(tx: &mut Tx, id: DraftId) -> Result<Picked, StoreError> {
    let picked = sql("SELECT picked AS body FROM import_draft WHERE id = $1").bind(id);
    Ok(parsed(tx, picked).await?.unwrap_or_default())
}

/// Keeps what was chosen of an open draft, and counts its version up.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else was first.
pub async fn set_picked(tx: &mut Tx, draft: &mut Draft, picked: &Picked) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run_versioned(
        sql("UPDATE import_draft SET picked = $1, updated_at = $2, version = version + 1 WHERE id = $3 AND version = $4 AND state = 'open'")
            .bind(json(picked))
            .bind(now)
            .bind(draft.id)
            .bind(draft.version),
    )
    .await?;
    draft.version += 1;
    draft.updated_at = now;
    Ok(())
}

/// The versions that came of an import; empty before it, and after it was undone.
///
/// # Errors
/// When the store fails or what it holds cannot be understood.
pub async fn made(tx: &mut Tx, id: DraftId) -> Result<Vec<Made>, StoreError> {
    let made = sql("SELECT made AS body FROM import_draft WHERE id = $1").bind(id);
    Ok(parsed(tx, made).await?.unwrap_or_default())
}

/// To be called after [`set_state`](super::set_state), which guards the version.
///
/// # Errors
/// When the store fails.
pub async fn set_made(tx: &mut Tx, id: DraftId, made: &[Made]) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE import_draft SET made = $1 WHERE id = $2")
            .bind(json(&made))
            .bind(id),
    )
    .await?;
    Ok(())
}

/// The parts of a plan that got evidence at a moment or since, once for each piece.
///
/// # Errors
/// When the store fails.
pub async fn proved_since(
    tx: &mut Tx,
    plan: PlanId,
    at: i64,
) -> Result<Vec<AssignmentId>, StoreError> {
    tx.all(
        sql(
            "SELECT e.assignment_id FROM evidence e JOIN assignment a ON a.id = e.assignment_id \
             WHERE a.plan_id = $1 AND e.created_at >= $2 AND e.withdrawn_at IS NULL",
        )
        .bind(plan)
        .bind(at),
    )
    .await?
    .iter()
    .map(|row| row.get("assignment_id"))
    .collect()
}

/// The versions of a plan's parts that units confirmed in rounds.
///
/// # Errors
/// When the store fails.
pub async fn confirmed(tx: &mut Tx, plan: PlanId) -> Result<Vec<ReportId>, StoreError> {
    tx.all(
        sql(
            "SELECT r.report_id FROM round_row r JOIN assignment a ON a.id = r.assignment_id \
             WHERE a.plan_id = $1 AND r.report_id IS NOT NULL",
        )
        .bind(plan),
    )
    .await?
    .iter()
    .map(|row| row.get("report_id"))
    .collect()
}
