//! The SQL of counting evidence, in batches.

use std::collections::BTreeMap;

use gongkai_basis::id::{AssignmentId, TaskId};
use gongkai_basis::reference::Verdict;
use gongkai_platform::db::{Row, StoreError, Tx, sql};

use super::{Counted, Occurred, Wanted, What};
use crate::assignment::store::DECIDES;
use crate::evidence::{Amount, OccasionKind};
use crate::task::store::parse;

/// Rows looked at in one statement.
const ROWS_AT_ONCE: usize = 200;
/// Evidence that one page of tasks counts at most.
const PAGE_EVIDENCE_MAX: i64 = 5_000;
/// Organs of the tasks of one page whose evidence is counted.
const PAGE_ORGANS_MAX: i64 = 5_000;
/// What counting reads of evidence `e`. A look that could not tell takes nothing away: then it matters whether an earlier one
/// found it good.
const COUNTED: &str = "e.kind, e.dated_on, e.event_kind, e.attendance, e.figure_value, e.figure_unit, e.url, e.seal, e.record_kind, e.record_id, e.verdict, e.accepted_verdict, \
    CAST(CASE WHEN e.verdict = 'cannot_tell' AND EXISTS (SELECT 1 FROM evidence_check c WHERE c.evidence_id = e.id AND c.verdict = 'holds') \
    THEN 1 ELSE 0 END AS BIGINT) AS held_before";

/// What a row with a task's text, deadlines and quantities and its plan's year and day of issue asks for.
///
/// # Errors
/// When a column is missing or cannot be understood.
pub fn wanted(row: &Row) -> Result<Wanted, StoreError> {
    let text: String = row.get("text")?;
    Ok(Wanted::of(
        &text,
        &parse::<Vec<_>>(row, "deadlines")?,
        &parse::<Vec<_>>(row, "quantities")?,
        (row.get("year")?, row.get("issued_on")?),
    ))
}

/// What an assignment's plan asks of it; nothing of who only cooperates.
///
/// # Errors
/// When the store fails.
pub async fn of_assignment(
    tx: &mut Tx,
    id: AssignmentId,
) -> Result<(Wanted, Vec<Counted>), StoreError> {
    let row = tx
        .one(
            sql("SELECT a.role, t.text, t.deadlines, t.quantities, p.year, p.issued_on FROM assignment a \
                 JOIN task t ON t.id = a.task_id JOIN plan p ON p.id = a.plan_id WHERE a.id = $1")
                .bind(id),
        )
        .await?;
    let mut wanted = wanted(&row)?;
    if row.get::<String>("role")? == crate::assignment::Duty::Cooperate.code() {
        wanted.targets.clear();
    }
    let mut counted = of_assignments(tx, &[id]).await?;
    Ok((wanted, counted.remove(&id).unwrap_or_default()))
}

/// The evidence that counts, of each of these assignments.
///
/// # Errors
/// When the store fails.
pub async fn of_assignments(
    tx: &mut Tx,
    ids: &[AssignmentId],
) -> Result<BTreeMap<AssignmentId, Vec<Counted>>, StoreError> {
    let mut found: BTreeMap<AssignmentId, Vec<Counted>> = BTreeMap::new();
    for some in ids.chunks(ROWS_AT_ONCE) {
        let mut statement = sql("SELECT e.assignment_id, ");
        statement
            .push(COUNTED)
            .push(" FROM evidence e WHERE e.withdrawn_at IS NULL AND e.decayed = 0 AND e.dated_on IS NOT NULL AND e.assignment_id IN ")
            .push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            let id: AssignmentId = row.get("assignment_id")?;
            found.entry(id).or_default().push(counted(&row)?);
        }
    }
    Ok(found)
}

/// The evidence that counts of all organs that have a deciding part in these tasks, those without any among them;
/// `None` when it is more than a page is worth.
///
/// # Errors
/// When the store fails.
pub async fn of_tasks(
    tx: &mut Tx,
    tasks: &[TaskId],
) -> Result<Option<BTreeMap<TaskId, BTreeMap<AssignmentId, Vec<Counted>>>>, StoreError> {
    let mut found: BTreeMap<TaskId, BTreeMap<AssignmentId, Vec<Counted>>> = BTreeMap::new();
    if tasks.is_empty() {
        return Ok(Some(found));
    }
    let mut parts = sql("SELECT a.id, a.task_id FROM assignment a WHERE a.state = 'open' AND ");
    parts
        .push(DECIDES)
        .push(" AND a.task_id IN ")
        .push_list(tasks.iter().copied())
        .push(" LIMIT ")
        .push_value(PAGE_ORGANS_MAX + 1);
    let parts = tx.all(parts).await?;
    if parts.len() > usize::try_from(PAGE_ORGANS_MAX).unwrap_or(usize::MAX) {
        return Ok(None);
    }
    for row in parts {
        found
            .entry(row.get("task_id")?)
            .or_default()
            .insert(row.get("id")?, Vec::new());
    }
    let mut evidence = sql("SELECT a.task_id, e.assignment_id, ");
    evidence
        .push(COUNTED)
        .push(
            " FROM assignment a JOIN evidence e ON e.assignment_id = a.id \
             WHERE a.state = 'open' AND a.evidence_count > 0 \
             AND e.withdrawn_at IS NULL AND e.decayed = 0 AND e.dated_on IS NOT NULL AND ",
        )
        .push(DECIDES)
        .push(" AND a.task_id IN ")
        .push_list(tasks.iter().copied())
        .push(" LIMIT ")
        .push_value(PAGE_EVIDENCE_MAX + 1);
    let evidence = tx.all(evidence).await?;
    if evidence.len() > usize::try_from(PAGE_EVIDENCE_MAX).unwrap_or(usize::MAX) {
        return Ok(None);
    }
    for row in evidence {
        let part: AssignmentId = row.get("assignment_id")?;
        let proofs = found
            .get_mut(&row.get("task_id")?)
            .and_then(|parts| parts.get_mut(&part));
        if let Some(proofs) = proofs {
            proofs.push(counted(&row)?);
        }
    }
    Ok(Some(found))
}

fn counted(row: &Row) -> Result<Counted, StoreError> {
    let kind: String = row.get("kind")?;
    let what = match kind.as_str() {
        "event" => What::Event {
            attendance: row.get::<Option<i64>>("attendance")?.unwrap_or(0),
        },
        "figure" => What::Figure {
            value: Amount::from_hundredths(row.get::<Option<i64>>("figure_value")?.unwrap_or(0)),
            unit: row
                .get::<Option<String>>("figure_unit")?
                .unwrap_or_default(),
        },
        _ => What::Other,
    };
    let of = match kind.as_str() {
        "link" => row.get::<Option<String>>("url")?,
        "file" => row.get::<Option<String>>("seal")?,
        "record" => row
            .get::<Option<String>>("record_kind")?
            .zip(row.get::<Option<String>>("record_id")?)
            .map(|(kind, id)| format!("{kind} {id}")),
        _ => None,
    };
    let verdict: Option<String> = row.get("verdict")?;
    let accepted: Option<String> = row.get("accepted_verdict")?;
    let unclear = verdict
        .as_deref()
        .and_then(|code| Verdict::from_parts(code, String::new()))
        .is_some_and(|verdict| matches!(verdict, Verdict::CannotTell(_)));
    // What did not decay although it changed or is gone is what the office accepted; a later look that cannot tell leaves it so.
    let accepted = accepted.is_some() && (accepted == verdict || unclear);
    let held_before = row.get::<i64>("held_before")? == 1;
    Ok(Counted {
        on: row.get("dated_on")?,
        verified: accepted
            || held_before
            || matches!(kind.as_str(), "event" | "figure" | "record")
            || verdict.as_deref() == Some(Verdict::Holds.code()),
        occurred: occurred(row, &kind)?,
        of,
        what,
    })
}

fn occurred(row: &Row, kind: &str) -> Result<Option<Occurred>, StoreError> {
    if kind == "event" {
        let event = row.coded("event_kind", OccasionKind::from_code)?;
        return Ok(Some(event.into()));
    }
    let record: Option<String> = row.get("record_kind")?;
    // The register's kinds, as 佐证 cites them.
    Ok(match record.as_deref().filter(|_| kind == "record") {
        Some("meeting") => Some(Occurred::RegisteredMeeting),
        Some("hearing") => Some(Occurred::Briefing),
        Some("training") => Some(Occurred::Training),
        _ => None,
    })
}
