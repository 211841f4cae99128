//! The SQL of good practices.

use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::{Borrowing, Practice, PracticeId, PracticeState};

const SELECT: &str = "SELECT c.*, o.name AS organ_name, (SELECT COUNT(*) FROM practice_borrowing b WHERE b.practice_id = c.id) AS borrowed \
     FROM practice c JOIN organ o ON o.id = c.organ_id WHERE ";

/// Ids in one list of a statement.
const IDS_AT_ONCE: usize = 200;

/// Whose cases a list shows.
#[derive(Debug, Clone, Copy)]
pub enum Side<'s> {
    /// All that the office was sent.
    Office(&'s Scope),
    /// A unit's own.
    Unit(&'s Scope),
    /// What is offered to everybody.
    Pool,
}

pub(super) async fn insert(tx: &mut Tx, practice: &Practice) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO practice (id, organ_id, office_id, title, done_text, effect_text, state, submitted_by, submitted_on, version, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10)")
            .bind(practice.id.to_string())
            .bind(practice.organ)
            .bind(practice.office)
            .bind(&practice.title)
            .bind(&practice.done_text)
            .bind(&practice.effect_text)
            .bind(practice.state.code())
            .bind(&practice.submitted_by)
            .bind(practice.submitted_on)
            .bind(now),
    )
    .await?;
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, practice: &Practice) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE practice SET title = $1, done_text = $2, effect_text = $3, state = $4, submitted_by = $5, submitted_on = $6, note = $7, \
             version = version + 1 WHERE id = $8 AND version = $9")
            .bind(&practice.title)
            .bind(&practice.done_text)
            .bind(&practice.effect_text)
            .bind(practice.state.code())
            .bind(&practice.submitted_by)
            .bind(practice.submitted_on)
            .bind(practice.note.clone())
            .bind(practice.id.to_string())
            .bind(practice.version),
    )
    .await
}

/// # Errors
/// When the store fails; what lies outside is `None`.
pub async fn load(
    tx: &mut Tx,
    side: Side<'_>,
    id: PracticeId,
) -> Result<Option<Practice>, StoreError> {
    let mut statement = sql(SELECT);
    push_side(&mut statement, side);
    statement.push(" AND c.id = ").push_value(id.to_string());
    tx.optional(statement)
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

/// Those of an office's with these ids, in no order.
///
/// # Errors
/// When the store fails.
pub async fn of_ids(
    tx: &mut Tx,
    office: &Scope,
    ids: &[&str],
) -> Result<Vec<Practice>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(IDS_AT_ONCE) {
        let mut statement = sql(SELECT);
        push_side(&mut statement, Side::Office(office));
        statement
            .push(" AND c.id IN ")
            .push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            found.push(from_row(&row)?);
        }
    }
    Ok(found)
}

/// One page, newest first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    side: Side<'_>,
    state: Option<PracticeState>,
    (offset, rows): (i64, i64),
) -> Result<Vec<Practice>, StoreError> {
    let mut statement = sql(SELECT);
    push_side(&mut statement, side);
    push_state(&mut statement, state);
    statement
        .push(" ORDER BY c.submitted_on DESC, c.id DESC LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// # Errors
/// When the store fails.
pub async fn count(
    tx: &mut Tx,
    side: Side<'_>,
    state: Option<PracticeState>,
) -> Result<i64, StoreError> {
    tx.one(counting(side, state)).await?.get("n")
}

/// The statement of [`count`], for [`Tx::counts`].
#[must_use]
pub fn counting(side: Side<'_>, state: Option<PracticeState>) -> Sql {
    let mut statement = sql("SELECT COUNT(*) AS n FROM practice c WHERE ");
    push_side(&mut statement, side);
    push_state(&mut statement, state);
    statement
}

pub(super) async fn borrow(
    tx: &mut Tx,
    id: PracticeId,
    organ: OrganId,
    (note, by, on): (&str, &str, gongkai_basis::Date),
) -> Result<(), StoreError> {
    let row = tx.fresh().to_string();
    tx.run(
        sql("INSERT INTO practice_borrowing (id, practice_id, organ_id, note, noted_by, noted_on) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(row)
            .bind(id.to_string())
            .bind(organ)
            .bind(note)
            .bind(by)
            .bind(on),
    )
    .await?;
    Ok(())
}

/// Newest first.
///
/// # Errors
/// When the store fails.
pub async fn borrowings(tx: &mut Tx, id: PracticeId) -> Result<Vec<Borrowing>, StoreError> {
    tx.all(
        sql("SELECT b.*, o.name AS organ_name FROM practice_borrowing b JOIN organ o ON o.id = b.organ_id WHERE b.practice_id = $1 ORDER BY b.id DESC LIMIT 200")
            .bind(id.to_string()),
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Borrowing {
            organ_name: row.get("organ_name")?,
            note: row.get("note")?,
            by: row.get("noted_by")?,
            on: row.get("noted_on")?,
        })
    })
    .collect()
}

/// The office that chooses an organ's cases: of the newest plans in which the organ has a part, that of the nearest government,
/// a county's before its city's.
///
/// # Errors
/// When the store fails.
pub async fn office_of(tx: &mut Tx, organ: OrganId) -> Result<Option<OrganId>, StoreError> {
    tx.optional(
        sql("SELECT p.organ_id FROM assignment a JOIN plan p ON p.id = a.plan_id JOIN organ o ON o.id = a.organ_id JOIN organ g ON g.id = p.government_id \
             WHERE a.organ_id = $1 AND p.state = 'active' \
             ORDER BY p.year DESC, CASE WHEN o.path LIKE g.path || '%' THEN LENGTH(g.path) ELSE 0 END DESC, p.created_at DESC LIMIT 1")
            .bind(organ),
    )
    .await?
    .map(|row| row.get("organ_id"))
    .transpose()
}

fn push_state(statement: &mut Sql, state: Option<PracticeState>) {
    if let Some(state) = state {
        statement.push(" AND c.state = ").push_value(state.code());
    }
}

fn push_side(statement: &mut Sql, side: Side<'_>) {
    let (start, scope) = match side {
        Side::Office(scope) => ("c.office_id IN (SELECT x.id FROM organ x WHERE ", scope),
        Side::Unit(scope) => ("c.organ_id IN (SELECT x.id FROM organ x WHERE ", scope),
        Side::Pool => {
            statement.push("c.state IN ('approved', 'commended')");
            return;
        }
    };
    statement.push(start);
    scope.push_condition(statement, "x.id", "x.path");
    statement.push(")");
}

fn from_row(row: &Row) -> Result<Practice, StoreError> {
    Ok(Practice {
        id: row.parsed("id", "an id")?,
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        office: row.get("office_id")?,
        title: row.get("title")?,
        done_text: row.get("done_text")?,
        effect_text: row.get("effect_text")?,
        state: row.coded("state", PracticeState::from_code)?,
        submitted_by: row.get("submitted_by")?,
        submitted_on: row.get("submitted_on")?,
        note: row.get("note")?,
        borrowed: row.get("borrowed")?,
        version: row.get("version")?,
    })
}
