//! The SQL of evidence.

use gongkai_basis::id::{AssignmentId, EvidenceId, FileId, TaskId};
use gongkai_basis::reference::{Ref, Verdict};
use gongkai_platform::db::{Row, StoreError, Tx, sql};

use super::{
    Accepted, Amount, Checked, Evidence, FigureOf, Link, Occasion, OccasionKind, Proof,
    StatedFigure,
};
use crate::plan::store::corrupt;

/// # Errors
/// When the store fails.
pub(super) async fn insert(tx: &mut Tx, evidence: &Evidence) -> Result<(), StoreError> {
    let columns = Columns::of(&evidence.proof);
    tx.run(
        sql("INSERT INTO evidence (id, assignment_id, kind, file_id, url, title, proves, quote, dated_on, seal, event_kind, attendance, \
             figure_value, figure_unit, figure_source, figure_key, record_kind, record_id, created_at, figure_of) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)")
            .bind(evidence.id)
            .bind(evidence.assignment)
            .bind(columns.kind)
            .bind(columns.file)
            .bind(columns.url)
            .bind(&evidence.title)
            .bind(&evidence.proves)
            .bind(&evidence.quote)
            .bind(evidence.dated_on)
            .bind(evidence.seal.clone())
            .bind(columns.occasion.map(|occasion| occasion.kind.code()))
            .bind(columns.occasion.and_then(|occasion| occasion.attendance))
            .bind(columns.figure.map(|figure| figure.value.hundredths()))
            .bind(columns.figure.map(|figure| figure.unit.clone()))
            .bind(columns.figure.map(|figure| figure.from.clone()))
            .bind(columns.figure.and_then(|figure| figure.key.clone()))
            .bind(columns.record.map(|record| record.kind.clone()))
            .bind(columns.record.map(|record| record.id.clone()))
            .bind(evidence.created_at)
            .bind(columns.figure.map_or(FigureOf::Unit, |figure| figure.of).code()),
    )
    .await?;
    recount(tx, evidence.assignment).await
}

/// A proof as its columns.
struct Columns<'p> {
    kind: &'static str,
    file: Option<FileId>,
    url: Option<&'p str>,
    occasion: Option<Occasion>,
    figure: Option<&'p StatedFigure>,
    record: Option<&'p Ref>,
}

impl<'p> Columns<'p> {
    fn of(proof: &'p Proof) -> Self {
        let blank = |kind| Self {
            kind,
            file: None,
            url: None,
            occasion: None,
            figure: None,
            record: None,
        };
        match proof {
            Proof::File(file) => Self {
                file: Some(*file),
                ..blank("file")
            },
            Proof::Link(link) => Self {
                url: Some(link.as_str()),
                ..blank("link")
            },
            Proof::Event(occasion) => Self {
                occasion: Some(*occasion),
                ..blank("event")
            },
            Proof::Figure(figure) => Self {
                figure: Some(figure),
                ..blank("figure")
            },
            Proof::Record(record) => Self {
                record: Some(record),
                ..blank("record")
            },
        }
    }
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

/// Brings the facts that an assignment keeps about its evidence up to date.
///
/// # Errors
/// When the store fails.
pub(super) async fn recount(tx: &mut Tx, assignment: AssignmentId) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE assignment SET version = version + 1, \
             evidence_count = (SELECT COUNT(*) FROM evidence WHERE assignment_id = assignment.id AND withdrawn_at IS NULL), \
             decayed_count = (SELECT COUNT(*) FROM evidence WHERE assignment_id = assignment.id AND withdrawn_at IS NULL AND decayed = 1) \
             WHERE id = $1")
            .bind(assignment),
    )
    .await?;
    crate::assignment::store::stand(tx, assignment).await
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

/// The newest evidence of a task's assignments, at most `rows`, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn newest_of_task(
    tx: &mut Tx,
    task: TaskId,
    rows: i64,
) -> Result<Vec<Evidence>, StoreError> {
    let mut found: Vec<Evidence> = tx
        .all(
            sql("SELECT e.* FROM assignment a JOIN evidence e ON e.assignment_id = a.id WHERE a.task_id = $1 \
                 ORDER BY e.created_at DESC, e.id DESC LIMIT $2")
                .bind(task)
                .bind(rows),
        )
        .await?
        .iter()
        .map(from_row)
        .collect::<Result<_, _>>()?;
    found.reverse();
    Ok(found)
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
    let why: Option<String> = row.get("withdrawn_why")?;
    Ok(Evidence {
        id: row.get("id")?,
        assignment: row.get("assignment_id")?,
        proof: proof(row)?,
        title: row.get("title")?,
        proves: row.get("proves")?,
        quote: row.get("quote")?,
        dated_on: row.get("dated_on")?,
        seal: row.get("seal")?,
        checked: checked(row)?,
        decayed: row.get("decayed")?,
        accepted: accepted(row)?,
        withdrawn: row
            .get::<Option<i64>>("withdrawn_at")?
            .map(|at| (at, why.unwrap_or_default())),
        created_at: row.get("created_at")?,
    })
}

fn proof(row: &Row) -> Result<Proof, StoreError> {
    let kind: String = row.get("kind")?;
    let wrong = || corrupt("kind", &kind);
    match kind.as_str() {
        "file" => {
            let file: Option<FileId> = row.get("file_id")?;
            Ok(Proof::File(file.ok_or_else(wrong)?))
        }
        "link" => {
            let url: Option<String> = row.get("url")?;
            let url = url.ok_or_else(wrong)?;
            let link = url.parse::<Link>().map_err(|_| corrupt("url", &url))?;
            Ok(Proof::Link(link))
        }
        "event" => Ok(Proof::Event(Occasion {
            kind: row.coded("event_kind", OccasionKind::from_code)?,
            attendance: row.get("attendance")?,
        })),
        "figure" => {
            let value: Option<i64> = row.get("figure_value")?;
            let text = |column: &str| -> Result<String, StoreError> {
                Ok(row.get::<Option<String>>(column)?.unwrap_or_default())
            };
            Ok(Proof::Figure(StatedFigure {
                value: Amount::from_hundredths(value.ok_or_else(wrong)?),
                unit: text("figure_unit")?,
                from: text("figure_source")?,
                key: row.get("figure_key")?,
                of: row.coded("figure_of", FigureOf::from_code)?,
            }))
        }
        "record" => {
            let (kind, id): (Option<String>, Option<String>) =
                (row.get("record_kind")?, row.get("record_id")?);
            let (kind, id) = kind.zip(id).ok_or_else(wrong)?;
            Ok(Proof::Record(Ref { kind, id }))
        }
        _ => Err(wrong()),
    }
}

fn checked(row: &Row) -> Result<Option<Checked>, StoreError> {
    let (at, code): (Option<i64>, Option<String>) = (row.get("checked_at")?, row.get("verdict")?);
    let Some((at, code)) = at.zip(code) else {
        return Ok(None);
    };
    let why: Option<String> = row.get("verdict_why")?;
    let verdict = Verdict::from_parts(&code, why.unwrap_or_default())
        .ok_or_else(|| corrupt("verdict", &code))?;
    Ok(Some(Checked {
        at,
        verdict,
        seal: row.get("verdict_seal")?,
    }))
}

fn accepted(row: &Row) -> Result<Option<Accepted>, StoreError> {
    let (at, verdict): (Option<i64>, Option<String>) =
        (row.get("accepted_at")?, row.get("accepted_verdict")?);
    let Some((at, verdict)) = at.zip(verdict) else {
        return Ok(None);
    };
    let text = |column: &str| -> Result<String, StoreError> {
        Ok(row.get::<Option<String>>(column)?.unwrap_or_default())
    };
    Ok(Some(Accepted {
        at,
        verdict,
        seal: row.get("accepted_seal")?,
        why: text("accepted_why")?,
        by: text("accepted_by")?,
    }))
}
