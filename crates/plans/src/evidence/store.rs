//! The SQL of evidence.

use gongkai_basis::id::{AssignmentId, EvidenceId, FileId, TaskId};
use gongkai_platform::db::{Row, StoreError, Tx, sql};

use super::{Evidence, Link, Proof};
use crate::plan::store::corrupt;

/// # Errors
/// When the store fails.
pub(super) async fn insert(tx: &mut Tx, evidence: &Evidence) -> Result<(), StoreError> {
    let (kind, file, url): (&str, Option<FileId>, Option<&str>) = match &evidence.proof {
        Proof::File(file) => ("file", Some(*file), None),
        Proof::Link(link) => ("link", None, Some(link.as_str())),
    };
    tx.run(
        sql("INSERT INTO evidence (id, assignment_id, kind, file_id, url, title, proves, dated_on, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
            .bind(evidence.id)
            .bind(evidence.assignment)
            .bind(kind)
            .bind(file)
            .bind(url)
            .bind(&evidence.title)
            .bind(&evidence.proves)
            .bind(evidence.dated_on)
            .bind(evidence.created_at),
    )
    .await?;
    recount(tx, evidence.assignment).await
}

/// Marks evidence as withdrawn; it stays readable.
///
/// # Errors
/// [`StoreError::Stale`] when it already is.
pub(super) async fn withdraw(
    tx: &mut Tx,
    evidence: &Evidence,
    why: &str,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run_versioned(
        sql("UPDATE evidence SET withdrawn_at = $1, withdrawn_why = $2 WHERE id = $3 AND withdrawn_at IS NULL")
            .bind(now)
            .bind(why)
            .bind(evidence.id),
    )
    .await?;
    recount(tx, evidence.assignment).await
}

async fn recount(tx: &mut Tx, assignment: AssignmentId) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE assignment SET version = version + 1, \
             evidence_count = (SELECT COUNT(*) FROM evidence WHERE assignment_id = assignment.id AND withdrawn_at IS NULL) WHERE id = $1")
            .bind(assignment),
    )
    .await?;
    Ok(())
}

/// How much evidence an assignment has that was not withdrawn.
///
/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, assignment: AssignmentId) -> Result<i64, StoreError> {
    tx.one(
        sql("SELECT COUNT(*) AS n FROM evidence WHERE assignment_id = $1 AND withdrawn_at IS NULL")
            .bind(assignment),
    )
    .await?
    .get("n")
}

/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx, id: EvidenceId) -> Result<Option<Evidence>, StoreError> {
    tx.optional(sql("SELECT * FROM evidence WHERE id = $1").bind(id))
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

/// An assignment's evidence, withdrawn ones included, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn of_assignment(
    tx: &mut Tx,
    assignment: AssignmentId,
) -> Result<Vec<Evidence>, StoreError> {
    tx.all(
        sql("SELECT * FROM evidence WHERE assignment_id = $1 ORDER BY created_at, id")
            .bind(assignment),
    )
    .await?
    .iter()
    .map(from_row)
    .collect()
}

/// All evidence of a task's assignments, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn of_task(tx: &mut Tx, task: TaskId) -> Result<Vec<Evidence>, StoreError> {
    tx.all(
        sql("SELECT e.* FROM assignment a JOIN evidence e ON e.assignment_id = a.id WHERE a.task_id = $1 ORDER BY e.created_at, e.id")
            .bind(task),
    )
    .await?
    .iter()
    .map(from_row)
    .collect()
}

pub(crate) fn from_row(row: &Row) -> Result<Evidence, StoreError> {
    let kind: String = row.get("kind")?;
    let proof = match (
        kind.as_str(),
        row.get::<Option<FileId>>("file_id")?,
        row.get::<Option<String>>("url")?,
    ) {
        ("file", Some(file), _) => Proof::File(file),
        ("link", _, Some(url)) => {
            Proof::Link(url.parse::<Link>().map_err(|_| corrupt("url", &url))?)
        }
        _ => return Err(corrupt("kind", &kind)),
    };
    let why: Option<String> = row.get("withdrawn_why")?;
    Ok(Evidence {
        id: row.get("id")?,
        assignment: row.get("assignment_id")?,
        proof,
        title: row.get("title")?,
        proves: row.get("proves")?,
        dated_on: row.get("dated_on")?,
        withdrawn: row
            .get::<Option<i64>>("withdrawn_at")?
            .map(|at| (at, why.unwrap_or_default())),
        created_at: row.get("created_at")?,
    })
}
