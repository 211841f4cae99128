//! The SQL of reviews and suits.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::{DateRange, Ref};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, containing, sql};

use super::{
    AnswerDays, Ending, Procedure, Remedy, RemedyKind, RemedyOutcome, RemedyWords, RightTold,
};
use crate::letter::{AT_ONCE_MAX, LetterKind, RemedyId};

const SELECT: &str = "SELECT r.*, o.name AS organ_name, t.review_days, t.simple_days, t.suit_days, t.basis AS term_basis, t.version AS term_version \
     FROM remedy r JOIN organ o ON o.id = r.organ_id LEFT JOIN review_term t ON t.organ_id = r.organ_id WHERE ";
/// Lessons that one letter is told.
const LESSONS_MAX: i64 = 5;

/// Which of them a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    pub kind: Option<RemedyKind>,
    /// `pending`, or the code of an outcome.
    pub outcome: String,
    pub case_id: String,
    pub organ: Option<OrganId>,
    /// Decided in this year.
    pub year: Option<i16>,
    /// In the case number, the applicant, the body or the matter.
    pub text: String,
}

fn bound(statement: Sql, remedy: &Remedy) -> Sql {
    let words = &remedy.words;
    let ending = remedy.ending.as_ref();
    let lesson_kind = ending.and_then(|ending| ending.lesson_kind);
    statement
        .bind(words.kind.code())
        .bind(&words.case_number)
        .bind(&words.applicant)
        .bind(&words.body)
        .bind(&words.matter)
        .bind(words.served_on)
        .bind(words.filed_on)
        .bind(words.copy_on)
        .bind(words.procedure.code())
        .bind(words.answered_on)
        .bind(ending.map(|ending| ending.outcome.code().to_owned()))
        .bind(ending.map(|ending| ending.decided_on))
        .bind(ending.and_then(|ending| ending.decision_on))
        .bind(ending.map_or("", |ending| ending.reason.as_str()))
        .bind(ending.map_or("", |ending| ending.lesson.as_str()))
        .bind(lesson_kind.map_or("", LetterKind::code))
        .bind(words.told.code())
        .bind(words.learned_on)
}

pub(super) async fn insert(tx: &mut Tx, remedy: &Remedy) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    let statement = sql(
        "INSERT INTO remedy (kind, case_number, applicant, body, matter, served_on, filed_on, copy_on, procedure, answered_on, \
         outcome, decided_on, decision_on, reason, lesson, lesson_kind, told, learned_on, id, organ_id, case_id, letter_id, after_id, recorded_by, version, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, 1, $25)",
    );
    tx.run(
        bound(statement, remedy)
            .bind(remedy.id.to_string())
            .bind(remedy.organ)
            .bind(&remedy.case_id)
            .bind(remedy.letter.map(|id| id.to_string()))
            .bind(remedy.after.map(|id| id.to_string()))
            .bind(&remedy.recorded_by)
            .bind(now),
    )
    .await?;
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, remedy: &Remedy) -> Result<(), StoreError> {
    let statement = sql(
        "UPDATE remedy SET kind = $1, case_number = $2, applicant = $3, body = $4, matter = $5, served_on = $6, filed_on = $7, \
         copy_on = $8, procedure = $9, answered_on = $10, outcome = $11, decided_on = $12, decision_on = $13, reason = $14, lesson = $15, \
         lesson_kind = $16, told = $17, learned_on = $18, removed_why = $19, version = version + 1 WHERE id = $20 AND version = $21",
    );
    tx.run_versioned(
        bound(statement, remedy)
            .bind(remedy.removed_why.clone())
            .bind(remedy.id.to_string())
            .bind(remedy.version),
    )
    .await
}

/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx, scope: &Scope, id: RemedyId) -> Result<Option<Remedy>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("r.id = ")
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
    statement.push(" AND r.removed_why IS NULL");
    if let Some(kind) = narrow.kind {
        statement.push(" AND r.kind = ").push_value(kind.code());
    }
    match narrow.outcome.as_str() {
        "" => {}
        "pending" => {
            statement.push(" AND r.outcome IS NULL");
        }
        outcome => {
            statement.push(" AND r.outcome = ").push_value(outcome);
        }
    }
    if !narrow.case_id.is_empty() {
        statement
            .push(" AND r.case_id = ")
            .push_value(&narrow.case_id);
    }
    if let Some(organ) = narrow.organ {
        statement.push(" AND r.organ_id = ").push_value(organ);
    }
    if let Some(year) = narrow.year {
        statement
            .push(" AND r.decided_on >= ")
            .push_value(format!("{year:04}-01-01"))
            .push(" AND r.decided_on <= ")
            .push_value(format!("{year:04}-12-31"));
    }
    if !narrow.text.is_empty() {
        let like = containing(&narrow.text);
        statement
            .push(" AND (r.case_number LIKE ")
            .push_value(&like)
            .push(" ESCAPE '!' OR r.applicant LIKE ")
            .push_value(&like)
            .push(" ESCAPE '!' OR r.body LIKE ")
            .push_value(&like)
            .push(" ESCAPE '!' OR r.matter LIKE ")
            .push_value(&like)
            .push(" ESCAPE '!')");
    }
}

/// The organs of a scope whose replies were challenged.
///
/// # Errors
/// When the store fails.
pub(super) async fn organs(
    tx: &mut Tx,
    scope: &Scope,
) -> Result<Vec<(OrganId, String)>, StoreError> {
    let mut statement = sql(
        "SELECT o.id, o.name FROM organ o WHERE EXISTS (SELECT 1 FROM remedy r WHERE r.organ_id = o.id AND r.removed_why IS NULL) AND ",
    );
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

/// One page, the latest first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    narrow: &Narrow,
    (offset, rows): (i64, i64),
) -> Result<Vec<Remedy>, StoreError> {
    let mut statement = sql(SELECT);
    push(&mut statement, scope, narrow);
    statement
        .push(" ORDER BY r.filed_on DESC, r.id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// How many a list has.
///
/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, scope: &Scope, narrow: &Narrow) -> Result<i64, StoreError> {
    let mut statement =
        sql("SELECT COUNT(*) AS n FROM remedy r JOIN organ o ON o.id = r.organ_id WHERE ");
    push(&mut statement, scope, narrow);
    tx.one(statement).await?.get("n")
}

/// What was corrected in letters of a kind, latest first: everybody's, so that the same is not done twice.
///
/// # Errors
/// When the store fails.
pub async fn lessons(tx: &mut Tx, kind: LetterKind) -> Result<Vec<String>, StoreError> {
    tx.all(
        sql("SELECT r.lesson FROM remedy r WHERE r.lesson_kind = $1 AND r.outcome = $2 AND r.lesson <> '' AND r.removed_why IS NULL \
             ORDER BY r.decided_on DESC, r.id LIMIT $3")
            .bind(kind.code())
            .bind(RemedyOutcome::Corrected.code())
            .bind(LESSONS_MAX),
    )
    .await?
    .iter()
    .map(|row| row.get("lesson"))
    .collect()
}

/// Of how many kinds of letters something was corrected: kind and number.
///
/// # Errors
/// When the store fails.
pub async fn lesson_counts(tx: &mut Tx) -> Result<Vec<(LetterKind, i64)>, StoreError> {
    tx.all(
        sql("SELECT r.lesson_kind, COUNT(*) AS n FROM remedy r WHERE r.outcome = $1 AND r.lesson <> '' AND r.lesson_kind <> '' \
             AND r.removed_why IS NULL GROUP BY r.lesson_kind")
            .bind(RemedyOutcome::Corrected.code()),
    )
    .await?
    .iter()
    .map(|row| Ok((row.coded("lesson_kind", LetterKind::from_code)?, row.get("n")?)))
    .collect()
}

/// One column of table 四 for a year, of an organ and those below it: how many, and which (at most `most`).
/// `None` for the outcome counts what was filed by the year's end and not decided by then.
///
/// # Errors
/// When the store fails.
pub(super) async fn figure(
    tx: &mut Tx,
    (kind, outcome): (RemedyKind, Option<RemedyOutcome>),
    (organ, year): (OrganId, i16),
    most: i64,
) -> Result<(i64, Vec<String>), StoreError> {
    let condition = |mut statement: Sql| {
        statement
            .push("r.removed_why IS NULL AND r.kind = ")
            .push_value(kind.code());
        statement
            .push(" AND o.path LIKE (SELECT p.path FROM organ p WHERE p.id = ")
            .push_value(organ)
            .push(") || '%'");
        let (first, last) = (format!("{year:04}-01-01"), format!("{year:04}-12-31"));
        match outcome {
            Some(outcome) => statement
                .push(" AND r.outcome = ")
                .push_value(outcome.code())
                .push(" AND r.decided_on >= ")
                .push_value(first)
                .push(" AND r.decided_on <= ")
                .push_value(last),
            None => statement
                .push(" AND r.filed_on <= ")
                .push_value(last.clone())
                .push(" AND (r.decided_on IS NULL OR r.decided_on > ")
                .push_value(last)
                .push(")"),
        };
        statement
    };
    let n = condition(sql(
        "SELECT COUNT(*) AS n FROM remedy r JOIN organ o ON o.id = r.organ_id WHERE ",
    ));
    let n = tx.one(n).await?.get("n")?;
    let mut ids = condition(sql(
        "SELECT r.id FROM remedy r JOIN organ o ON o.id = r.organ_id WHERE ",
    ));
    ids.push(" ORDER BY r.filed_on, r.id LIMIT ")
        .push_value(most);
    let ids = tx.all(ids).await?;
    let ids = ids
        .iter()
        .map(|row| row.get("id"))
        .collect::<Result<_, _>>()?;
    Ok((n, ids))
}

/// Those whose copy came and that the organ has not answered, for the seams.
///
/// # Errors
/// When the store fails.
pub(super) async fn unanswered(tx: &mut Tx, scope: &Scope) -> Result<Vec<Remedy>, StoreError> {
    let mut statement = sql(SELECT);
    statement.push("r.copy_on IS NOT NULL AND r.answered_on IS NULL AND r.outcome IS NULL AND ");
    push(&mut statement, scope, &Narrow::default());
    statement
        .push(" ORDER BY r.copy_on, r.id LIMIT ")
        .push_value(AT_ONCE_MAX);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// Within how many days an organ answers; the defaults where it has set none.
///
/// # Errors
/// When the store fails.
pub async fn answer_days(tx: &mut Tx, organ: OrganId) -> Result<AnswerDays, StoreError> {
    let row = tx
        .optional(
            sql("SELECT review_days, simple_days, suit_days, basis AS term_basis, version AS term_version \
                 FROM review_term WHERE organ_id = $1")
                .bind(organ),
        )
        .await?;
    row.map_or_else(|| Ok(AnswerDays::default()), |row| days_from(&row))
}

fn days_from(row: &Row) -> Result<AnswerDays, StoreError> {
    let Some(version) = row.get::<Option<i64>>("term_version")? else {
        return Ok(AnswerDays::default());
    };
    let days = |column| -> Result<u16, StoreError> {
        let days: i64 = row.get(column)?;
        Ok(u16::try_from(days).unwrap_or(u16::MAX))
    };
    Ok(AnswerDays {
        review: days("review_days")?,
        simple: days("simple_days")?,
        suit: days("suit_days")?,
        basis: row.get("term_basis")?,
        version,
    })
}

pub(super) async fn save_answer_days(
    tx: &mut Tx,
    organ: OrganId,
    days: &AnswerDays,
) -> Result<(), StoreError> {
    let bound = |statement: Sql| {
        statement
            .bind(i64::from(days.review))
            .bind(i64::from(days.simple))
            .bind(i64::from(days.suit))
            .bind(&days.basis)
            .bind(organ)
    };
    if days.version == 0 {
        return tx
            .run_versioned(bound(sql(
                "INSERT INTO review_term (review_days, simple_days, suit_days, basis, organ_id, version) VALUES ($1, $2, $3, $4, $5, 1) \
                 ON CONFLICT DO NOTHING",
            )))
            .await;
    }
    tx.run_versioned(
        bound(sql("UPDATE review_term SET review_days = $1, simple_days = $2, suit_days = $3, basis = $4, version = version + 1 \
             WHERE organ_id = $5 AND version = $6"))
        .bind(days.version),
    )
    .await
}

/// Is the day inside?
pub(super) fn within(range: DateRange, day: Date) -> bool {
    range.from <= day && day <= range.to
}

/// What the seams call one.
pub(super) fn reference(id: RemedyId) -> Ref {
    Ref {
        kind: "remedy".to_owned(),
        id: id.to_string(),
    }
}

fn from_row(row: &Row) -> Result<Remedy, StoreError> {
    let outcome: Option<String> = row.get("outcome")?;
    let decided_on: Option<Date> = row.get("decided_on")?;
    let lesson_kind: String = row.get("lesson_kind")?;
    let outcome = outcome.as_deref().and_then(RemedyOutcome::from_code);
    let ending = match (outcome, decided_on) {
        (Some(outcome), Some(decided_on)) => Some(Ending {
            outcome,
            decided_on,
            decision_on: row.get("decision_on")?,
            reason: row.get("reason")?,
            lesson: row.get("lesson")?,
            lesson_kind: LetterKind::from_code(&lesson_kind),
        }),
        _ => None,
    };
    Ok(Remedy {
        id: row.parsed("id", "an id")?,
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        case_id: row.get("case_id")?,
        letter: row
            .get::<Option<String>>("letter_id")?
            .and_then(|id| id.parse().ok()),
        after: row
            .get::<Option<String>>("after_id")?
            .and_then(|id| id.parse().ok()),
        words: RemedyWords {
            kind: row.coded("kind", RemedyKind::from_code)?,
            case_number: row.get("case_number")?,
            applicant: row.get("applicant")?,
            body: row.get("body")?,
            matter: row.get("matter")?,
            served_on: row.get("served_on")?,
            told: row.coded("told", RightTold::from_code)?,
            learned_on: row.get("learned_on")?,
            filed_on: row.get("filed_on")?,
            copy_on: row.get("copy_on")?,
            procedure: row.coded("procedure", Procedure::from_code)?,
            answered_on: row.get("answered_on")?,
        },
        answer_days: days_from(row)?,
        ending,
        removed_why: row.get("removed_why")?,
        recorded_by: row.get("recorded_by")?,
        version: row.get("version")?,
    })
}
