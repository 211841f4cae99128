//! A unit reports.

use gongkai_basis::id::{AssignmentId, ReportId};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use serde_json::json;

use super::{Content, Outcome, Refusal, Report, store};
use crate::acts::ReportProgress;
use crate::assignment::{self, Assignment, AssignmentState};
use crate::evidence;

#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    #[error("there is no such assignment in reach")]
    NotFound,
    #[error("the assignment was cancelled or given to another organ")]
    Closed,
    #[error("the report cannot be taken as it is")]
    Refused(Vec<Refusal>),
    /// Somebody else reported since the author opened the form.
    #[error("another version came first")]
    Conflict,
    #[error("the report could not be stored")]
    Store(StoreError),
}

impl From<StoreError> for SubmitError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale => Self::Conflict,
            // Two writers of PostgreSQL may both see the same last version; the second finds its number taken.
            error if error.is_duplicate() => Self::Conflict,
            error => Self::Store(error),
        }
    }
}

/// Loads an assignment that may be reported on.
///
/// # Errors
/// Not found outside the permit's scope; closed.
pub async fn open_assignment(
    tx: &mut Tx,
    permit: &Permit<ReportProgress>,
    id: AssignmentId,
) -> Result<Assignment, SubmitError> {
    let found = assignment::store::load(tx, permit.scope(), id)
        .await?
        .ok_or(SubmitError::NotFound)?;
    match found.state {
        AssignmentState::Open => Ok(found),
        AssignmentState::Cancelled | AssignmentState::Transferred => Err(SubmitError::Closed),
    }
}

/// Saves a new version, based on the one that its author saw.
///
/// # Errors
/// See [`SubmitError`]; nothing is stored then.
pub async fn submit(
    tx: &mut Tx,
    permit: &Permit<ReportProgress>,
    id: AssignmentId,
    based_on: Option<ReportId>,
    content: Content,
) -> Result<Report, SubmitError> {
    let assignment = open_assignment(tx, permit, id).await?;
    if assignment.report != based_on {
        return Err(SubmitError::Conflict);
    }
    let evidence = evidence::store::count(tx, id).await?;
    let mut refusals = content.refusals(evidence);
    if content.outcome == Outcome::Done {
        let mut more = evidence::attach::why_not_done(tx, id, &content.no_evidence_why).await?;
        // One sentence at one field is enough: without any evidence the count is short, too.
        more.retain(|refusal| !refusals.iter().any(|other| other.field == refusal.field));
        refusals.append(&mut more);
    }
    if !refusals.is_empty() {
        return Err(SubmitError::Refused(refusals));
    }
    let sequence = store::versions(tx, id)
        .await?
        .first()
        .map_or(1, |last| last.sequence + 1);
    let now = tx.now();
    let report = Report {
        id: ReportId::new(crate::fresh(now)),
        assignment: id,
        sequence,
        based_on,
        content,
        author: permit.actor().account(),
        author_name: permit.actor().name().to_owned(),
        created_at: now.as_millisecond(),
    };
    store::insert(tx, &report, assignment.task).await?;
    tx.record(
        Event::new(
            permit.actor(),
            "report.submitted",
            ("assignment", id.to_string()),
            format!("填报进展第{sequence}版：{}", report.content.outcome.name()),
        )
        .organ(assignment.organ)
        .data(json!({ "report": report.id, "task": assignment.task, "outcome": report.content.outcome.code() })),
    );
    Ok(report)
}
