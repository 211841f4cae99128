//! The SQL of reports.

use std::collections::BTreeMap;

use gongkai_basis::id::{AssignmentId, PlanId, ReportId};
use gongkai_platform::db::{Row, StoreError, Tx, sql};

use super::{Content, Outcome, Report};
use crate::assignment::{self, Assignment, AssignmentState};
use crate::plan::store::corrupt;
use crate::task;

/// Stores a version and puts it in force, if the one that it is based on is still in force.
///
/// # Errors
/// [`StoreError::Stale`] when another version came first; then nothing is stored.
pub(crate) async fn insert(
    tx: &mut Tx,
    report: &Report,
    task: gongkai_basis::id::TaskId,
) -> Result<(), StoreError> {
    insert_unsettled(tx, report).await?;
    task::store::settle(tx, task).await
}

/// [`insert`] for many versions at once: the caller settles their tasks.
///
/// # Errors
/// As [`insert`].
pub(crate) async fn insert_unsettled(tx: &mut Tx, report: &Report) -> Result<(), StoreError> {
    let content = &report.content;
    let why = (!content.no_evidence_why.is_empty()).then(|| content.no_evidence_why.clone());
    tx.run_versioned(
        sql("UPDATE assignment SET report_id = $1, version = version + 1 WHERE id = $2 AND COALESCE(report_id, '') = $3")
            .bind(report.id)
            .bind(report.assignment)
            .bind(report.based_on.map_or_else(String::new, |id| id.to_string())),
    )
    .await?;
    tx.run(
        sql("INSERT INTO report (id, assignment_id, sequence, based_on, outcome, done_text, pending_text, planned_on, no_evidence_why, author_id, author_name, created_at, \
             plan_id, turned) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, (SELECT plan_id FROM assignment WHERE id = $2), \
             $13 - (SELECT COUNT(*) FROM report WHERE assignment_id = $2 AND sequence = $3 - 1 AND outcome = 'done'))")
            .bind(report.id)
            .bind(report.assignment)
            .bind(report.sequence)
            .bind(report.based_on)
            .bind(content.outcome.code())
            .bind(&content.done_text)
            .bind(&content.pending_text)
            .bind(content.planned_on)
            .bind(why)
            .bind(report.author)
            .bind(&report.author_name)
            .bind(report.created_at)
            .bind(i64::from(content.outcome == Outcome::Done)),
    )
    .await?;
    assignment::store::stand(tx, report.assignment).await
}

/// The number of the last version of each part of a plan that has one.
///
/// # Errors
/// When the store fails.
pub(crate) async fn last_sequences(
    tx: &mut Tx,
    plan: PlanId,
) -> Result<BTreeMap<AssignmentId, i64>, StoreError> {
    tx.all(
        sql("SELECT r.assignment_id, MAX(r.sequence) AS last FROM assignment a JOIN report r ON r.assignment_id = a.id \
             WHERE a.plan_id = $1 GROUP BY r.assignment_id")
            .bind(plan),
    )
    .await?
    .iter()
    .map(|row| Ok((row.get("assignment_id")?, row.get("last")?)))
    .collect()
}

/// Says of a version and of the one that took it back that neither turned a part to done or away from it.
///
/// # Errors
/// When the store fails.
pub(crate) async fn turn_nothing(tx: &mut Tx, versions: [ReportId; 2]) -> Result<(), StoreError> {
    let [taken_back, restored] = versions;
    tx.run(
        sql("UPDATE report SET turned = 0 WHERE id IN ($1, $2)")
            .bind(taken_back)
            .bind(restored),
    )
    .await?;
    Ok(())
}

/// Takes the version in force out of force: the part counts as not reported, its versions stay in its history.
///
/// # Errors
/// [`StoreError::Stale`] when another version came first.
pub(crate) async fn take_back(
    tx: &mut Tx,
    report: &Report,
    task: gongkai_basis::id::TaskId,
) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE assignment SET report_id = NULL, version = version + 1 WHERE id = $1 AND report_id = $2")
            .bind(report.assignment)
            .bind(report.id),
    )
    .await?;
    assignment::store::stand(tx, report.assignment).await?;
    task::store::settle(tx, task).await
}

/// Takes what is in force on a part out of force where it says done: unfinished work came to the part, which its author did
/// not know of. Gives whether it did.
///
/// # Errors
/// When the store fails.
pub(crate) async fn take_back_done(tx: &mut Tx, part: &mut Assignment) -> Result<bool, StoreError> {
    let Some(id) = part.report else {
        return Ok(false);
    };
    let found = load(tx, id).await?;
    let Some(report) = found.filter(|report| report.content.outcome == Outcome::Done) else {
        return Ok(false);
    };
    take_back(tx, &report, part.task).await?;
    part.report = None;
    part.version += 1;
    Ok(true)
}

/// Writes a changed part. Where it comes back to its unit, a report that says done is taken out of force: what was done before
/// it went is not what is asked for now. The caller settles the task.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed it first.
pub(crate) async fn write_part(
    tx: &mut Tx,
    before: &Assignment,
    part: &mut Assignment,
) -> Result<(), StoreError> {
    assignment::store::update(tx, part).await?;
    if before.state != AssignmentState::Open && part.state == AssignmentState::Open {
        take_back_done(tx, part).await?;
    }
    Ok(())
}

/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx, id: ReportId) -> Result<Option<Report>, StoreError> {
    tx.optional(sql("SELECT * FROM report WHERE id = $1").bind(id))
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

/// All versions of an assignment's report, newest first.
///
/// # Errors
/// When the store fails.
pub async fn versions(tx: &mut Tx, assignment: AssignmentId) -> Result<Vec<Report>, StoreError> {
    tx.all(
        sql("SELECT * FROM report WHERE assignment_id = $1 ORDER BY sequence DESC")
            .bind(assignment),
    )
    .await?
    .iter()
    .map(from_row)
    .collect()
}

pub(crate) fn from_row(row: &Row) -> Result<Report, StoreError> {
    let outcome: String = row.get("outcome")?;
    Ok(Report {
        id: row.get("id")?,
        assignment: row.get("assignment_id")?,
        sequence: row.get("sequence")?,
        based_on: row.get("based_on")?,
        content: Content {
            outcome: Outcome::from_code(&outcome).ok_or_else(|| corrupt("outcome", &outcome))?,
            done_text: row.get("done_text")?,
            pending_text: row.get("pending_text")?,
            planned_on: row.get("planned_on")?,
            no_evidence_why: row
                .get::<Option<String>>("no_evidence_why")?
                .unwrap_or_default(),
        },
        author: row.get("author_id")?,
        author_name: row.get("author_name")?,
        created_at: row.get("created_at")?,
    })
}
