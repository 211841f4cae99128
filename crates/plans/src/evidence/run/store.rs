//! The SQL of runs.

use gongkai_basis::id::{EvidenceId, JobId, PlanId, TaskId};
use gongkai_basis::reference::Verdict;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::{Counts, Over, Run};
use crate::plan::store::corrupt;

/// Lost evidence that a run's page shows.
pub const LOST_SHOWN_MAX: i64 = 200;

/// Evidence that a run found changed or gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    pub evidence: EvidenceId,
    pub title: String,
    pub organ: String,
    /// The task's text.
    pub task: String,
    pub verdict: Verdict,
}

pub(super) async fn insert(tx: &mut Tx, run: &Run) -> Result<(), StoreError> {
    let (kind, plan, task): (&str, Option<PlanId>, Option<TaskId>) = match run.over {
        Over::Everything => ("nightly", None, None),
        Over::Plan(plan) => ("plan", Some(plan), None),
        Over::Task(task) => ("task", None, Some(task)),
    };
    tx.run(
        sql("INSERT INTO evidence_run (id, kind, plan_id, task_id, started_by, cursor, total, done, holds, changed, gone, cannot_tell, started_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, 0, $8)")
            .bind(run.id)
            .bind(kind)
            .bind(plan.map(|plan| plan.to_string()))
            .bind(task.map(|task| task.to_string()))
            .bind(&run.by)
            .bind(&run.cursor)
            .bind(run.total)
            .bind(run.started_at),
    )
    .await?;
    Ok(())
}

/// Keeps how far a run came.
pub(super) async fn advance(tx: &mut Tx, run: &Run) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE evidence_run SET cursor = $1, total = $2, done = $3, holds = $4, changed = $5, gone = $6, cannot_tell = $7, finished_at = $8 WHERE id = $9")
            .bind(&run.cursor)
            .bind(run.total)
            .bind(run.done)
            .bind(run.counts.holds)
            .bind(run.counts.changed)
            .bind(run.counts.gone)
            .bind(run.counts.cannot_tell)
            .bind(run.finished_at)
            .bind(run.id),
    )
    .await?;
    Ok(())
}

/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx, id: JobId) -> Result<Option<Run>, StoreError> {
    tx.optional(sql("SELECT * FROM evidence_run WHERE id = $1").bind(id))
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

/// The newest finished night.
///
/// # Errors
/// When the store fails.
pub async fn last_night(tx: &mut Tx) -> Result<Option<Run>, StoreError> {
    tx.optional(sql(
        "SELECT * FROM evidence_run WHERE kind = 'nightly' AND finished_at IS NOT NULL ORDER BY started_at DESC, id DESC LIMIT 1",
    ))
    .await?
    .map(|row| from_row(&row))
    .transpose()
}

/// How much evidence a run goes through.
pub(super) async fn count(tx: &mut Tx, over: Over) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n");
    push_over(&mut statement, over);
    tx.one(statement).await?.get("n")
}

/// The next evidence of a run, by id: what is attached meanwhile comes last.
pub(super) async fn next(tx: &mut Tx, run: &Run, rows: i64) -> Result<Vec<EvidenceId>, StoreError> {
    let mut statement = sql("SELECT e.id");
    push_over(&mut statement, run.over);
    statement
        .push(" AND e.id > ")
        .push_value(&run.cursor)
        .push(" ORDER BY e.id LIMIT ")
        .push_value(rows);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect()
}

/// Appends ` FROM … WHERE …`: evidence in force, of open parts of active plans.
fn push_over(statement: &mut Sql, over: Over) {
    statement.push(
        " FROM evidence e JOIN assignment a ON a.id = e.assignment_id JOIN plan p ON p.id = a.plan_id \
         WHERE p.state = 'active' AND a.state = 'open' AND e.withdrawn_at IS NULL",
    );
    match over {
        Over::Everything => {}
        Over::Plan(plan) => {
            statement.push(" AND a.plan_id = ").push_value(plan);
        }
        Over::Task(task) => {
            statement.push(" AND a.task_id = ").push_value(task);
        }
    }
}

/// A run's evidence that changed or is gone.
///
/// # Errors
/// When the store fails.
pub async fn lost(tx: &mut Tx, id: JobId) -> Result<Vec<Lost>, StoreError> {
    tx.all(
        sql("SELECT c.evidence_id, c.verdict, c.why, e.title, o.name AS organ_name, t.text FROM evidence_check c \
             JOIN evidence e ON e.id = c.evidence_id JOIN assignment a ON a.id = e.assignment_id \
             JOIN organ o ON o.id = a.organ_id JOIN task t ON t.id = a.task_id \
             WHERE c.run_id = $1 AND c.verdict IN ('changed', 'gone') ORDER BY a.position, c.id LIMIT $2")
            .bind(id)
            .bind(LOST_SHOWN_MAX),
    )
    .await?
    .iter()
    .map(|row| {
        let (code, why): (String, String) = (row.get("verdict")?, row.get("why")?);
        Ok(Lost {
            evidence: row.get("evidence_id")?,
            title: row.get("title")?,
            organ: row.get("organ_name")?,
            task: row.get("text")?,
            verdict: Verdict::from_parts(&code, why).ok_or_else(|| corrupt("verdict", &code))?,
        })
    })
    .collect()
}

fn from_row(row: &Row) -> Result<Run, StoreError> {
    let kind: String = row.get("kind")?;
    let wrong = || corrupt("kind", &kind);
    let over = match kind.as_str() {
        "nightly" => Over::Everything,
        "plan" => Over::Plan(row.get::<Option<PlanId>>("plan_id")?.ok_or_else(wrong)?),
        "task" => Over::Task(row.get::<Option<TaskId>>("task_id")?.ok_or_else(wrong)?),
        _ => return Err(wrong()),
    };
    Ok(Run {
        id: row.get("id")?,
        over,
        by: row.get("started_by")?,
        cursor: row.get("cursor")?,
        total: row.get("total")?,
        done: row.get("done")?,
        counts: Counts {
            holds: row.get("holds")?,
            changed: row.get("changed")?,
            gone: row.get("gone")?,
            cannot_tell: row.get("cannot_tell")?,
        },
        started_at: row.get("started_at")?,
        finished_at: row.get("finished_at")?,
    })
}
