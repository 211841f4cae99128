//! The printed version for the seal: the unit's rows of the round in the official form, in the versions that were confirmed.

use gongkai_basis::Date;
use gongkai_basis::id::AssignmentId;
use gongkai_platform::db::{StoreError, Tx};

use super::store;
use super::{Submission, SubmissionState};
use crate::ledger::{self, AssignmentRow, Latest};
use crate::report::Report;

/// What a unit hands in: its rows, each with the report that was confirmed, or while none was, with the one in force.
///
/// # Errors
/// When the store fails.
pub async fn rows(
    tx: &mut Tx,
    of: &Submission,
    today: Date,
) -> Result<Vec<AssignmentRow>, StoreError> {
    let owed = store::owed(tx, of.round, of.organ).await?;
    let ids: Vec<AssignmentId> = owed.iter().map(|row| row.assignment).collect();
    let mut rows = ledger::store::assignment_page(tx, &ids, today).await?;
    match of.state {
        SubmissionState::Draft | SubmissionState::Returned => {}
        SubmissionState::Confirmed | SubmissionState::Submitted | SubmissionState::Accepted => {
            let mut kept = store::kept_reports(tx, of.round, of.organ).await?;
            for row in &mut rows {
                let organ = row.organ_name.clone();
                row.latest = kept.remove(&row.id).map(|report| latest(organ, report));
            }
        }
    }
    Ok(rows)
}

fn latest(organ: String, report: Report) -> Latest {
    Latest {
        organ,
        author: report.author,
        author_name: report.author_name,
        outcome: report.content.outcome,
        done_text: report.content.done_text,
        pending_text: report.content.pending_text,
        planned_on: report.content.planned_on,
        at: report.created_at,
    }
}
