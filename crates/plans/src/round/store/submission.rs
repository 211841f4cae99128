//! The SQL of what units hand in.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, OrganId, ReportId};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, containing, sql};

use super::{COLUMNS, Counts, FROM, OWES, push_late};
use crate::by::By;
use crate::report::{self, Report};
use crate::round::{Round, RoundId, Shown, Submission, SubmissionState};

/// No row that the unit of a submission `s` owes is without a report.
pub(super) const FILLED: &str = " AND NOT EXISTS (SELECT 1 FROM round_row w JOIN assignment a ON a.id = w.assignment_id WHERE w.round_id = s.round_id AND w.organ_id = s.organ_id AND a.state = 'open' AND a.report_id IS NULL)";
/// More units than a round can have.
const UNITS_MAX: i64 = 1_000_000;

/// What a round's list of units is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    /// Of the units that are counted: those that owe something, or handed something in.
    pub state: Option<Shown>,
    pub late: bool,
    /// Still to be handed in by the unit.
    pub waiting: bool,
    pub text: String,
}

impl Narrow {
    /// Are all units asked for that are still to hand in?
    #[must_use]
    pub fn is_waiting_alone(&self) -> bool {
        let waiting = Self {
            waiting: true,
            ..Self::default()
        };
        *self == waiting
    }
}

/// What a submission's own columns decide.
fn push_units(statement: &mut Sql, of: &Round, narrow: &Narrow, today: Date) {
    statement
        .push(" WHERE s.round_id = ")
        .push_value(of.id.to_string());
    if let Some(state) = narrow.state {
        statement
            .push(" AND s.state = ")
            .push_value(state.state().code());
    }
    if narrow.late {
        statement.push(" AND ");
        push_late(statement, of.due_on, today);
    }
    if narrow.waiting {
        statement.push(" AND s.state IN ('draft', 'confirmed', 'returned')");
    }
    if !narrow.text.is_empty() {
        statement
            .push(" AND s.organ_id IN (SELECT n.id FROM organ n WHERE n.name LIKE ")
            .push_value(containing(&narrow.text))
            .push(" ESCAPE '!')");
    }
}

/// What the rows of a submission decide.
fn push_owing(statement: &mut Sql, narrow: &Narrow) {
    if narrow.late || narrow.state.is_some() {
        statement
            .push(" AND (s.counted_at IS NOT NULL OR (1 = 1")
            .push(OWES)
            .push("))");
    }
    match narrow.state {
        Some(Shown::Draft) => {
            statement.push(" AND NOT (1 = 1");
            statement.push(OWES).push(FILLED).push(")");
        }
        Some(Shown::Filled) => {
            statement.push(OWES).push(FILLED);
        }
        Some(Shown::Confirmed | Shown::Submitted | Shown::Accepted | Shown::Returned) | None => {}
    }
    if narrow.waiting {
        statement.push(OWES);
    }
}

/// How many units match.
///
/// # Errors
/// When the store fails.
pub async fn count_units(
    tx: &mut Tx,
    of: &Round,
    narrow: &Narrow,
    today: Date,
) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM round_submission s");
    push_units(&mut statement, of, narrow, today);
    push_owing(&mut statement, narrow);
    tx.one(statement).await?.get("n")
}

/// How many units are still to hand in, of a round whose [`Counts`] are known: those hold nearly all of them.
///
/// # Errors
/// When the store fails.
pub async fn count_waiting(tx: &mut Tx, of: &Round, counts: &Counts) -> Result<i64, StoreError> {
    let mut again = sql("SELECT COUNT(*) AS n FROM round_submission s WHERE s.round_id = $1 AND s.state IN ('draft', 'confirmed', 'returned') AND s.counted_at IS NOT NULL")
        .bind(of.id.to_string());
    again.push(OWES);
    let again: i64 = tx.one(again).await?.get("n")?;
    Ok(counts.waiting_at_first + again)
}

/// How many units have filled every row and wait for their head's confirmation.
///
/// # Errors
/// When the store fails.
pub async fn count_filled(tx: &mut Tx, of: RoundId) -> Result<i64, StoreError> {
    let mut filled = sql(
        "SELECT COUNT(*) AS n FROM round_submission s WHERE s.round_id = $1 AND s.state = 'draft'",
    )
    .bind(of.to_string());
    filled.push(OWES).push(FILLED);
    tx.one(filled).await?.get("n")
}

/// One page of a round's units, in the directory's order.
///
/// # Errors
/// When the store fails.
pub async fn units(
    tx: &mut Tx,
    of: &Round,
    narrow: &Narrow,
    today: Date,
    (offset, rows): (i64, i64),
) -> Result<Vec<Submission>, StoreError> {
    // Ordered before their rows are looked at, which ends when the page is full.
    let mut statement =
        sql("SELECT s.* FROM (SELECT s.*, o.name AS organ_name, o.position AS place");
    statement.push(FROM);
    push_units(&mut statement, of, narrow, today);
    statement
        .push(" ORDER BY o.position, o.name, o.id LIMIT ")
        .push_value(UNITS_MAX)
        .push(") s WHERE 1 = 1");
    push_owing(&mut statement, narrow);
    statement
        .push(" ORDER BY s.place, s.organ_name, s.organ_id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    let page = tx.all(statement).await?;
    let organs: Vec<OrganId> = page
        .iter()
        .map(|row| row.get("organ_id"))
        .collect::<Result<_, StoreError>>()?;
    let counted = owed_by(tx, of, &organs).await?;
    page.iter()
        .zip(&organs)
        .map(|(row, organ)| submission(row, counted.get(organ).copied().unwrap_or_default()))
        .collect()
}

/// The rows that each of some units owes in a round, and those of them with a report in force; units that owe nothing are
/// missing. Every row of a round is a part of its plan and of the row's unit, so that the indexes by unit hold all of this;
/// the units are named of both, for each database begins with the other one.
async fn owed_by(
    tx: &mut Tx,
    of: &Round,
    organs: &[OrganId],
) -> Result<BTreeMap<OrganId, (i64, i64)>, StoreError> {
    let mut statement = sql(
        "SELECT a.organ_id, COUNT(*) AS owed, COUNT(a.report_id) AS reported FROM assignment a CROSS JOIN round_row w WHERE w.round_id = ",
    );
    statement
        .push_value(of.id.to_string())
        .push(" AND w.organ_id = a.organ_id AND w.assignment_id = a.id AND w.organ_id IN ")
        .push_list(organs.iter().copied())
        .push(" AND a.plan_id = ")
        .push_value(of.plan)
        .push(" AND a.state = 'open' AND a.organ_id IN ")
        .push_list(organs.iter().copied())
        .push(" GROUP BY a.organ_id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let counts = (row.get("owed")?, row.get("reported")?);
            Ok((row.get("organ_id")?, counts))
        })
        .collect()
}

/// What one unit hands in; who asks was let in by the round.
///
/// # Errors
/// When the store fails.
pub async fn unit(
    tx: &mut Tx,
    of: RoundId,
    scope: &Scope,
    organ: OrganId,
) -> Result<Option<Submission>, StoreError> {
    let mut statement = sql(COLUMNS);
    statement
        .push(FROM)
        .push(" WHERE s.round_id = ")
        .push_value(of.to_string())
        .push(" AND s.organ_id = ")
        .push_value(organ)
        .push(" AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    tx.optional(statement)
        .await?
        .map(|row| counted(&row))
        .transpose()
}

/// What the units of a scope hand in in these rounds.
///
/// # Errors
/// When the store fails.
pub async fn own(
    tx: &mut Tx,
    scope: &Scope,
    rounds: &[RoundId],
) -> Result<Vec<Submission>, StoreError> {
    let mut statement = sql(COLUMNS);
    statement
        .push(FROM)
        .push(" WHERE s.round_id IN ")
        .push_list(rounds.iter().map(ToString::to_string))
        .push(" AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement.push(" ORDER BY o.position, o.name, o.id");
    tx.all(statement).await?.iter().map(counted).collect()
}

/// Stores a step, if nobody was faster.
pub(crate) async fn step(tx: &mut Tx, of: &Submission) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE round_submission SET state = $1, confirmed_by = $2, confirmed_at = $3, submitted_by = $4, submitted_at = $5, counted_at = $6, \
             decided_by = $7, decided_at = $8, reason = $9, submitted_by_id = $10, version = version + 1 WHERE round_id = $11 AND organ_id = $12 AND version = $13")
            .bind(of.state.code())
            .bind(of.confirmed_by.clone())
            .bind(of.confirmed_at)
            .bind(of.submitted_by.as_ref().map(By::name))
            .bind(of.submitted_at)
            .bind(of.counted_at)
            .bind(of.decided_by.clone())
            .bind(of.decided_at)
            .bind(of.reason.clone())
            .bind(of.submitted_by.as_ref().and_then(By::account))
            .bind(of.round.to_string())
            .bind(of.organ)
            .bind(of.version),
    )
    .await
}

/// A row that a unit owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    pub assignment: AssignmentId,
    /// The report in force.
    pub report: Option<ReportId>,
    /// The report that the head confirmed.
    pub confirmed: Option<ReportId>,
    /// When the one in force was made, in milliseconds since 1970.
    pub reported_at: Option<i64>,
    /// When evidence was last attached or withdrawn.
    pub proved_at: Option<i64>,
}

/// The rows that a unit owes in a round and that are still its own, in the plan's order.
///
/// # Errors
/// When the store fails.
pub async fn owed(tx: &mut Tx, of: RoundId, organ: OrganId) -> Result<Vec<Owed>, StoreError> {
    tx.all(
        sql("SELECT w.assignment_id, w.report_id AS confirmed, a.report_id, p.created_at AS reported_at, \
             (SELECT MAX(COALESCE(e.withdrawn_at, e.created_at)) FROM evidence e WHERE e.assignment_id = a.id) AS proved_at FROM round_row w \
             JOIN assignment a ON a.id = w.assignment_id LEFT JOIN report p ON p.id = a.report_id \
             WHERE w.round_id = $1 AND w.organ_id = $2 AND a.state = 'open' ORDER BY a.position, a.task_id")
            .bind(of.to_string())
            .bind(organ),
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Owed {
            assignment: row.get("assignment_id")?,
            report: row.get("report_id")?,
            confirmed: row.get("confirmed")?,
            reported_at: row.get("reported_at")?,
            proved_at: row.get("proved_at")?,
        })
    })
    .collect()
}

/// Keeps the reports in force as those that the head confirmed.
pub(crate) async fn keep_reports(
    tx: &mut Tx,
    of: RoundId,
    organ: OrganId,
) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE round_row SET report_id = (SELECT a.report_id FROM assignment a WHERE a.id = round_row.assignment_id AND a.state = 'open') \
             WHERE round_id = $1 AND organ_id = $2")
            .bind(of.to_string())
            .bind(organ),
    )
    .await?;
    Ok(())
}

/// The reports that the head confirmed, by their rows.
///
/// # Errors
/// When the store fails.
pub async fn kept_reports(
    tx: &mut Tx,
    of: RoundId,
    organ: OrganId,
) -> Result<BTreeMap<AssignmentId, Report>, StoreError> {
    tx.all(
        sql("SELECT p.* FROM round_row w JOIN report p ON p.id = w.report_id WHERE w.round_id = $1 AND w.organ_id = $2")
            .bind(of.to_string())
            .bind(organ),
    )
    .await?
    .iter()
    .map(|row| report::store::from_row(row).map(|report| (report.assignment, report)))
    .collect()
}

/// A submission that was read with what it owes.
fn counted(row: &Row) -> Result<Submission, StoreError> {
    submission(row, (row.get("owed")?, row.get("reported")?))
}

fn submission(row: &Row, (rows, reported): (i64, i64)) -> Result<Submission, StoreError> {
    let submitted_by: Option<String> = row.get("submitted_by")?;
    let account = row.get("submitted_by_id")?;
    Ok(Submission {
        round: row.parsed("round_id", "a round's id")?,
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        state: row.coded("state", SubmissionState::from_code)?,
        confirmed_by: row.get("confirmed_by")?,
        confirmed_at: row.get("confirmed_at")?,
        submitted_by: submitted_by.map(|name| By::kept(name, account)),
        submitted_at: row.get("submitted_at")?,
        counted_at: row.get("counted_at")?,
        decided_by: row.get("decided_by")?,
        decided_at: row.get("decided_at")?,
        reason: row.get("reason")?,
        rows,
        reported,
        version: row.get("version")?,
    })
}
