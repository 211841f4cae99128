//! The SQL of review.

use gongkai_basis::Date;
use gongkai_basis::id::AccountId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::{Stage, StepState, checklist};
use crate::document::{Document, store as documents};
use crate::id::{DocumentId, EditionId};
use crate::kind::{Gate, Step};

pub(super) async fn insert(
    tx: &mut Tx,
    edition: EditionId,
    stages: &[Stage],
) -> Result<(), StoreError> {
    for stage in stages {
        tx.run(
            sql("INSERT INTO review_step (id, edition_id, position, step, state, due_on, gates, remark, version, checks) \
                 VALUES ($1, $2, $3, $4, $5, $6, '', '', 1, '')")
                .bind(&stage.id)
                .bind(edition.to_string())
                .bind(stage.position)
                .bind(stage.step.code())
                .bind(stage.state.code())
                .bind(stage.due_on),
        )
        .await?;
    }
    Ok(())
}

/// Takes the steps of an edition away that nobody passed yet: the draft is called back.
pub(super) async fn call_back(tx: &mut Tx, edition: EditionId) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM review_step WHERE edition_id = $1",
        "DELETE FROM review_person WHERE edition_id = $1",
    ] {
        tx.run(sql(statement).bind(edition.to_string())).await?;
    }
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, stage: &Stage) -> Result<(), StoreError> {
    let gates: Vec<&str> = stage.gates.iter().map(|gate| gate.code()).collect();
    let by = stage.by.as_ref();
    tx.run_versioned(
        sql("UPDATE review_step SET state = $1, due_on = $2, by_id = $3, by_name = $4, gates = $5, remark = $6, done_at = $7, checks = $8, version = version + 1 \
             WHERE id = $9 AND version = $10")
            .bind(stage.state.code())
            .bind(stage.due_on)
            .bind(by.map(|(id, _)| id.clone()))
            .bind(by.map(|(_, name)| name.clone()))
            .bind(gates.join(","))
            .bind(&stage.remark)
            .bind(stage.at)
            .bind(checklist::written(&stage.checks))
            .bind(&stage.id)
            .bind(stage.version),
    )
    .await
}

/// The duty that a person already has on an edition.
pub(crate) async fn duty(
    tx: &mut Tx,
    edition: EditionId,
    account: &str,
) -> Result<Option<String>, StoreError> {
    tx.optional(
        sql("SELECT duty FROM review_person WHERE edition_id = $1 AND account_id = $2")
            .bind(edition.to_string())
            .bind(account),
    )
    .await?
    .map(|row| row.get("duty"))
    .transpose()
}

/// Gives a person a duty, or the same once more; the key refuses a second one.
pub(crate) async fn take_duty(
    tx: &mut Tx,
    edition: EditionId,
    account: &str,
    duty: &str,
) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO review_person (edition_id, account_id, duty) SELECT $1, $2, $3 WHERE NOT EXISTS \
             (SELECT 1 FROM review_person WHERE edition_id = $1 AND account_id = $2 AND duty = $3)")
            .bind(edition.to_string())
            .bind(account)
            .bind(duty),
    )
    .await?;
    Ok(())
}

/// A person who took nothing in the end is free again.
pub(super) async fn leave_duty(
    tx: &mut Tx,
    edition: EditionId,
    account: &str,
) -> Result<(), StoreError> {
    tx.run(
        sql("DELETE FROM review_person WHERE edition_id = $1 AND account_id = $2 AND duty <> 'write' AND NOT EXISTS \
             (SELECT 1 FROM review_step s WHERE s.edition_id = $1 AND s.by_id = $2)")
            .bind(edition.to_string())
            .bind(account),
    )
    .await?;
    Ok(())
}

/// Documents whose step in turn this person claimed.
///
/// # Errors
/// When the store fails.
pub(super) async fn claimed_by(
    tx: &mut Tx,
    account: AccountId,
) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(documents::SELECT);
    statement
        .push(
            "d.state = 'reviewing' AND EXISTS (SELECT 1 FROM review_step s WHERE s.edition_id = d.edition_id \
             AND s.state = 'claimed' AND s.by_id = ",
        )
        .push_value(account)
        .push(") ORDER BY d.id");
    tx.all(statement)
        .await?
        .iter()
        .map(documents::from_row)
        .collect()
}

/// The steps of an edition in order; none where it was never sent to review.
///
/// # Errors
/// When the store fails.
pub async fn of(tx: &mut Tx, edition: EditionId) -> Result<Vec<Stage>, StoreError> {
    tx.all(
        sql("SELECT * FROM review_step WHERE edition_id = $1 ORDER BY position")
            .bind(edition.to_string()),
    )
    .await?
    .iter()
    .map(from_row)
    .collect()
}

/// A step that waits or is in somebody's hands, with its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    pub document: DocumentId,
    pub title: String,
    pub kind: String,
    pub organ_name: String,
    pub owner: gongkai_basis::id::OrganId,
    pub step: Step,
    pub state: StepState,
    pub due_on: Option<Date>,
    pub by: Option<String>,
    pub by_name: Option<String>,
}

const OPEN: &str = "SELECT d.id, d.title, d.kind, d.owner_id, p.name AS organ_name, s.step, s.state, s.due_on, s.by_id, s.by_name \
     FROM review_step s JOIN document d ON d.edition_id = s.edition_id \
     JOIN organ o ON o.id = d.owner_id JOIN organ p ON p.id = d.organ_id WHERE ";

/// A step is in turn when every one before it passed: it has its day then.
fn push_open(statement: &mut Sql, scope: &Scope, steps: &[Step]) {
    statement
        .push("s.state IN ('waiting', 'claimed') AND d.state = 'reviewing' AND s.due_on IS NOT NULL AND s.step IN ")
        .push_list(steps.iter().map(|step| step.code()))
        .push(" AND ");
    scope.push_condition(statement, "o.id", "o.path");
}

/// Those that nobody else has, of texts on which the person has no other duty.
fn push_takeable(statement: &mut Sql, me: &str) {
    statement
        .push(" AND (s.by_id IS NULL OR s.by_id = ")
        .push_value(me)
        .push(") AND NOT EXISTS (SELECT 1 FROM review_person r WHERE r.edition_id = s.edition_id AND r.account_id = ")
        .push_value(me)
        .push(" AND r.duty <> CASE s.step");
    for step in Step::ALL {
        statement
            .push(" WHEN '")
            .push(step.code())
            .push("' THEN '")
            .push(step.duty())
            .push("'");
    }
    statement.push(" END)");
}

/// Steps whose turn it is, the earliest due first.
///
/// # Errors
/// When the store fails.
pub async fn open(
    tx: &mut Tx,
    scope: &Scope,
    steps: &[Step],
    rows: i64,
) -> Result<Vec<Open>, StoreError> {
    let mut statement = sql(OPEN);
    push_open(&mut statement, scope, steps);
    open_rows(tx, statement, rows).await
}

/// Those of them that this person may take or has, the earliest due first.
///
/// # Errors
/// When the store fails.
pub async fn open_to(
    tx: &mut Tx,
    scope: &Scope,
    (me, steps): (&str, &[Step]),
    rows: i64,
) -> Result<Vec<Open>, StoreError> {
    let mut statement = sql(OPEN);
    push_open(&mut statement, scope, steps);
    push_takeable(&mut statement, me);
    open_rows(tx, statement, rows).await
}

/// How many those are.
///
/// # Errors
/// When the store fails.
pub async fn open_to_count(
    tx: &mut Tx,
    scope: &Scope,
    (me, steps): (&str, &[Step]),
) -> Result<i64, StoreError> {
    let mut statement = sql(
        "SELECT COUNT(*) AS n FROM review_step s JOIN document d ON d.edition_id = s.edition_id \
         JOIN organ o ON o.id = d.owner_id WHERE ",
    );
    push_open(&mut statement, scope, steps);
    push_takeable(&mut statement, me);
    tx.one(statement).await?.get("n")
}

async fn open_rows(tx: &mut Tx, mut statement: Sql, rows: i64) -> Result<Vec<Open>, StoreError> {
    statement
        .push(" ORDER BY s.due_on, d.id LIMIT ")
        .push_value(rows);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let id: String = row.get("id")?;
            Ok(Open {
                document: id.parse().map_err(|_| StoreError::Corrupt {
                    column: "id".into(),
                    found: id.clone(),
                    wanted: "a document's id",
                })?,
                title: row.get("title")?,
                kind: row.get("kind")?,
                organ_name: row.get("organ_name")?,
                owner: row.get("owner_id")?,
                step: row.coded("step", Step::from_code)?,
                state: row.coded("state", StepState::from_code)?,
                due_on: row.get("due_on")?,
                by: row.get("by_id")?,
                by_name: row.get("by_name")?,
            })
        })
        .collect()
}

fn from_row(row: &Row) -> Result<Stage, StoreError> {
    let (gates, checks): (String, String) = (row.get("gates")?, row.get("checks")?);
    let (by, name): (Option<String>, Option<String>) = (row.get("by_id")?, row.get("by_name")?);
    Ok(Stage {
        id: row.get("id")?,
        position: row.get("position")?,
        step: row.coded("step", Step::from_code)?,
        state: row.coded("state", StepState::from_code)?,
        due_on: row.get("due_on")?,
        by: by.zip(name),
        checks: checklist::read(&checks),
        gates: gates.split(',').filter_map(Gate::from_code).collect(),
        remark: row.get("remark")?,
        at: row.get("done_at")?,
        version: row.get("version")?,
    })
}

/// Drafts whose newest edition was sent back.
///
/// # Errors
/// When the store fails.
pub async fn returned(tx: &mut Tx, scope: &Scope) -> Result<i64, StoreError> {
    let mut statement = sql(
        "SELECT COUNT(*) AS n FROM document d JOIN organ o ON o.id = d.owner_id \
         JOIN review_step s ON s.edition_id = d.edition_id AND s.state = 'returned' WHERE d.state = 'draft' AND ",
    );
    scope.push_condition(&mut statement, "o.id", "o.path");
    tx.one(statement).await?.get("n")
}

/// Public texts whose review goes on after they went out.
///
/// # Errors
/// When the store fails.
pub async fn under_late_review(tx: &mut Tx) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(documents::SELECT);
    statement.push(
        "d.state = 'reviewing' AND d.visibility = 'public' AND d.published_id = d.edition_id ORDER BY d.id",
    );
    tx.all(statement)
        .await?
        .iter()
        .map(documents::from_row)
        .collect()
}
