//! The SQL of letters and of what organs' letters carry.

use gongkai_basis::Date;
use gongkai_basis::id::{AccountId, OrganId};
use gongkai_office::form::letterhead::Faces;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, containing, sql};

use super::compose::Facts;
use super::profile::Profile;
use super::remedy::Served;
use super::{AT_ONCE_MAX, Letter, LetterId, LetterKind, LetterState};

const SELECT: &str =
    "SELECT l.*, o.name AS organ_name FROM letter l JOIN organ o ON o.id = l.organ_id WHERE ";

/// Which letters a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    pub state: Option<LetterState>,
    pub kind: Option<LetterKind>,
    pub case_id: Option<String>,
    pub organ: Option<OrganId>,
    /// Those that the check held back in this year.
    pub held: Option<i16>,
    /// In the number, or in what was typed: applicant, number of the application, content.
    pub text: String,
}

pub(crate) async fn insert(tx: &mut Tx, letter: &Letter) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO letter (id, case_id, organ_id, kind, state, facts, online, drafted_by, drafter_id, note, version, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12)")
            .bind(letter.id.to_string())
            .bind(&letter.case_id)
            .bind(letter.organ)
            .bind(letter.kind.code())
            .bind(letter.state.code())
            .bind(json(&letter.facts))
            .bind(letter.served == Served::Online)
            .bind(&letter.drafted_by)
            .bind(letter.drafter)
            .bind(&letter.note)
            .bind(now)
            .bind(now),
    )
    .await?;
    Ok(())
}

pub(crate) async fn update(tx: &mut Tx, letter: &Letter) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run_versioned(
        sql("UPDATE letter SET state = $1, facts = $2, online = $3, issued_on = $4, drafted_by = $5, drafter_id = $6, checked_by = $7, note = $8, \
             updated_at = $9, entry = $10, version = version + 1 WHERE id = $11 AND version = $12")
            .bind(letter.state.code())
            .bind(json(&letter.facts))
            .bind(letter.served == Served::Online)
            .bind(letter.issued_on)
            .bind(&letter.drafted_by)
            .bind(letter.drafter)
            .bind(letter.checked_by.clone())
            .bind(&letter.note)
            .bind(now)
            .bind(letter.entry.and_then(|place| i64::try_from(place).ok()))
            .bind(letter.id.to_string())
            .bind(letter.version),
    )
    .await
}

pub(super) async fn set_held(
    tx: &mut Tx,
    letter: LetterId,
    (places, on): (&str, Date),
) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE letter SET held = $1, held_on = $2 WHERE id = $3")
            .bind(places)
            .bind(on)
            .bind(letter.to_string()),
    )
    .await?;
    Ok(())
}

/// Gives a letter the next number of its organ and year: one letter of an organ after the other, for its profile is held
/// meanwhile.
pub(super) async fn set_number(
    tx: &mut Tx,
    letter: &Letter,
    year: i16,
    profile: &Profile,
) -> Result<String, StoreError> {
    tx.run(
        sql("UPDATE letter_profile SET version = version WHERE organ_id = $1").bind(letter.organ),
    )
    .await?;
    let last: Option<i64> = tx
        .one(
            sql("SELECT MAX(n) AS n FROM letter WHERE organ_id = $1 AND year = $2")
                .bind(letter.organ)
                .bind(i64::from(year)),
        )
        .await?
        .get("n")?;
    let n = last.unwrap_or(0) + 1;
    let number = profile.number(year, n);
    tx.run(
        sql("UPDATE letter SET year = $1, n = $2, number = $3 WHERE id = $4")
            .bind(i64::from(year))
            .bind(n)
            .bind(&number)
            .bind(letter.id.to_string()),
    )
    .await?;
    Ok(number)
}

/// A letter bears its number no more. Year and place stay in its row, so that nobody is given them again.
pub(super) async fn void_number(tx: &mut Tx, id: LetterId) -> Result<(), StoreError> {
    tx.run(sql("UPDATE letter SET number = NULL WHERE id = $1").bind(id.to_string()))
        .await?;
    Ok(())
}

/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx, scope: &Scope, id: LetterId) -> Result<Option<Letter>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("l.id = ")
        .push_value(id.to_string())
        .push(" AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    tx.optional(statement)
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

fn push(statement: &mut Sql, scope: &Scope, narrow: &Narrow) {
    scope.push_condition(statement, "o.id", "o.path");
    if let Some(state) = narrow.state {
        statement.push(" AND l.state = ").push_value(state.code());
    }
    if let Some(kind) = narrow.kind {
        statement.push(" AND l.kind = ").push_value(kind.code());
    }
    if let Some(case) = &narrow.case_id {
        statement.push(" AND l.case_id = ").push_value(case);
    }
    if let Some(organ) = narrow.organ {
        statement.push(" AND l.organ_id = ").push_value(organ);
    }
    if let Some(year) = narrow.held {
        statement
            .push(" AND l.held_on >= ")
            .push_value(format!("{year:04}-01-01"))
            .push(" AND l.held_on <= ")
            .push_value(format!("{year:04}-12-31"));
    }
    if !narrow.text.is_empty() {
        let like = containing(&narrow.text);
        statement
            .push(" AND (l.number LIKE ")
            .push_value(&like)
            .push(" ESCAPE '!' OR l.facts LIKE ")
            .push_value(&like)
            .push(" ESCAPE '!')");
    }
}

/// One page, the latest change first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    narrow: &Narrow,
    (offset, rows): (i64, i64),
) -> Result<Vec<Letter>, StoreError> {
    let mut statement = sql(SELECT);
    push(&mut statement, scope, narrow);
    statement
        .push(" ORDER BY l.updated_at DESC, l.id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// How many there are in each state; `narrow.state` does not matter.
///
/// # Errors
/// When the store fails.
pub async fn counts(
    tx: &mut Tx,
    scope: &Scope,
    narrow: &Narrow,
) -> Result<Vec<(LetterState, i64)>, StoreError> {
    let narrow = Narrow {
        state: None,
        ..narrow.clone()
    };
    let mut statement =
        sql("SELECT l.state, COUNT(*) AS n FROM letter l JOIN organ o ON o.id = l.organ_id WHERE ");
    push(&mut statement, scope, &narrow);
    statement.push(" GROUP BY l.state");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.coded("state", LetterState::from_code)?, row.get("n")?)))
        .collect()
}

/// How many are in a state, those of one drafter left out.
///
/// # Errors
/// When the store fails.
pub(super) async fn waiting(
    tx: &mut Tx,
    scope: &Scope,
    (state, but): (LetterState, Option<AccountId>),
) -> Result<i64, StoreError> {
    let mut statement = sql(
        "SELECT COUNT(*) AS n FROM letter l JOIN organ o ON o.id = l.organ_id WHERE l.state = ",
    );
    statement.push_value(state.code()).push(" AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    if let Some(but) = but {
        statement
            .push(" AND (l.drafter_id IS NULL OR l.drafter_id <> ")
            .push_value(but)
            .push(")");
    }
    tx.one(statement).await?.get("n")
}

/// Every letter of a case, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn of_case(tx: &mut Tx, scope: &Scope, case_id: &str) -> Result<Vec<Letter>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("l.case_id = ")
        .push_value(case_id)
        .push(" AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" ORDER BY l.created_at, l.id LIMIT ")
        .push_value(AT_ONCE_MAX);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// The organs inside a scope, for a choice.
///
/// # Errors
/// When the store fails.
pub async fn organs(tx: &mut Tx, scope: &Scope) -> Result<Vec<(OrganId, String)>, StoreError> {
    organs_where(tx, scope, "SELECT o.id, o.name FROM organ o WHERE ").await
}

/// The organs of a scope that have written letters.
///
/// # Errors
/// When the store fails.
pub(super) async fn writers(
    tx: &mut Tx,
    scope: &Scope,
) -> Result<Vec<(OrganId, String)>, StoreError> {
    const WRITERS: &str = "SELECT o.id, o.name FROM organ o WHERE EXISTS (SELECT 1 FROM letter l WHERE l.organ_id = o.id) AND ";
    organs_where(tx, scope, WRITERS).await
}

async fn organs_where(
    tx: &mut Tx,
    scope: &Scope,
    head: &'static str,
) -> Result<Vec<(OrganId, String)>, StoreError> {
    let mut statement = sql(head);
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" ORDER BY LENGTH(o.path), o.position, o.path LIMIT ")
        .push_value(AT_ONCE_MAX);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("name")?)))
        .collect()
}

/// What an organ's letters carry; the defaults where it has kept nothing.
///
/// # Errors
/// When the store fails.
pub async fn profile(tx: &mut Tx, organ: OrganId) -> Result<Profile, StoreError> {
    let row = tx
        .optional(sql("SELECT * FROM letter_profile WHERE organ_id = $1").bind(organ))
        .await?;
    row.map_or_else(
        || Ok(Profile::default()),
        |row| {
            Ok(Profile {
                pattern: row.get("pattern")?,
                review_body: row.get("review_body")?,
                review_address: row.get("review_address")?,
                review_online: row.get("review_online")?,
                court: row.get("court")?,
                contact: row.get("contact")?,
                phone: row.get("phone")?,
                account: row.get("account")?,
                faces: Faces {
                    title: row.get("face_title")?,
                    heading: row.get("face_heading")?,
                    subheading: row.get("face_subheading")?,
                    body: row.get("face_body")?,
                },
                version: row.get("version")?,
            })
        },
    )
}

pub(crate) async fn save_profile(
    tx: &mut Tx,
    organ: OrganId,
    profile: &Profile,
) -> Result<(), StoreError> {
    let bound = |statement: Sql| {
        statement
            .bind(&profile.pattern)
            .bind(&profile.review_body)
            .bind(&profile.review_address)
            .bind(&profile.review_online)
            .bind(&profile.court)
            .bind(&profile.contact)
            .bind(&profile.phone)
            .bind(&profile.account)
            .bind(&profile.faces.title)
            .bind(&profile.faces.heading)
            .bind(&profile.faces.subheading)
            .bind(&profile.faces.body)
    };
    if profile.version == 0 {
        return tx
            .run_versioned(
            bound(sql("INSERT INTO letter_profile (pattern, review_body, review_address, review_online, court, contact, phone, account, \
                 face_title, face_heading, face_subheading, face_body, organ_id, version) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1) ON CONFLICT DO NOTHING"))
            .bind(organ),
        )
        .await;
    }
    tx.run_versioned(
        bound(sql("UPDATE letter_profile SET pattern = $1, review_body = $2, review_address = $3, review_online = $4, court = $5, contact = $6, \
             phone = $7, account = $8, face_title = $9, face_heading = $10, face_subheading = $11, face_body = $12, version = version + 1 \
             WHERE organ_id = $13 AND version = $14"))
        .bind(organ)
        .bind(profile.version),
    )
    .await
}

fn json(facts: &Facts) -> String {
    serde_json::to_string(facts).unwrap_or_else(|_| "{}".to_owned())
}

fn from_row(row: &Row) -> Result<Letter, StoreError> {
    let facts: String = row.get("facts")?;
    Ok(Letter {
        id: row.parsed("id", "an id")?,
        case_id: row.get("case_id")?,
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        kind: row.coded("kind", LetterKind::from_code)?,
        state: row.coded("state", LetterState::from_code)?,
        facts: serde_json::from_str(&facts).unwrap_or_default(),
        served: if row.get::<bool>("online")? {
            Served::Online
        } else {
            Served::OnPaper
        },
        number: row.get("number")?,
        issued_on: row.get("issued_on")?,
        drafted_by: row.get("drafted_by")?,
        drafter: row.get("drafter_id")?,
        checked_by: row.get("checked_by")?,
        note: row.get("note")?,
        entry: row
            .get::<Option<i64>>("entry")?
            .and_then(|place| usize::try_from(place).ok()),
        version: row.get("version")?,
        updated_at: row.get("updated_at")?,
    })
}
