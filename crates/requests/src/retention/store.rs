//! The SQL of terms, holds, proposals, and of what is left of an erased case.

pub(crate) mod passage;

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{AccountId, OrganId};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{DATA_YEARS, Decided, Eraser, Erasure, ErasureState, Hold, IDENTITY_YEARS, Part, Term};
use crate::id::{ErasureId, RequestId};
use crate::letter::LetterId;
use crate::request::case::Case;
use crate::request::store::from_row;
use crate::request::{ApplicantKind, Kind, Request};
use crate::withheld;
use crate::words;

/// Which cases a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// A term is reached, and nothing stands against erasing.
    Due,
    /// Held back, or reached while a review or suit runs.
    Kept,
    Proposed,
    Done,
}

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub request: Request,
    pub term: Term,
}

const FROM: &str = " FROM request r JOIN organ o ON o.id = r.organ_id \
     LEFT JOIN request_term t ON t.organ_id = r.organ_id AND t.kind = r.kind WHERE ";
const NO_HOLD: &str = " NOT EXISTS (SELECT 1 FROM request_hold h WHERE h.request_id = r.id AND h.released_on IS NULL)";
const RUNNING_REMEDY: &str = " EXISTS (SELECT 1 FROM remedy m WHERE m.case_id = r.id AND m.outcome IS NULL AND m.removed_why IS NULL)";
const PROPOSED: &str =
    " EXISTS (SELECT 1 FROM request_erasure e WHERE e.request_id = r.id AND e.state = 'proposed')";

/// Days are texts that sort: a term adds to the year alone.
fn push_reached(statement: &mut Sql, column: &'static str, usual: u16, today: Date) {
    statement
        .push("((CAST(substr(r.archived_on, 1, 4) AS BIGINT) + COALESCE(")
        .push(column)
        .push(", ")
        .push_value(i64::from(usual))
        .push(")) || substr(r.archived_on, 5)) <= ")
        .push_value(today);
}

fn push_due(statement: &mut Sql, today: Date) {
    statement
        .push("r.state = 'archived' AND r.archived_on IS NOT NULL AND r.erased_on IS NULL AND (");
    push_reached(statement, "t.data_years", DATA_YEARS, today);
    statement.push(" OR (r.identity_erased_on IS NULL AND ");
    push_reached(statement, "t.identity_years", IDENTITY_YEARS, today);
    statement.push("))");
}

fn push_view(statement: &mut Sql, scope: &Scope, view: View, today: Date) {
    scope.push_condition(statement, "o.id", "o.path");
    statement.push(" AND ");
    match view {
        View::Due => {
            push_due(statement, today);
            statement.push(" AND").push(NO_HOLD);
            statement.push(" AND NOT").push(RUNNING_REMEDY);
            statement.push(" AND NOT").push(PROPOSED);
        }
        View::Kept => {
            statement.push("(NOT").push(NO_HOLD).push(" OR (");
            push_due(statement, today);
            statement.push(" AND").push(RUNNING_REMEDY).push("))");
        }
        View::Proposed => {
            statement.push(PROPOSED);
        }
        View::Done => {
            statement.push("(r.erased_on IS NOT NULL OR r.identity_erased_on IS NOT NULL)");
        }
    }
}

/// One page, the longest in the archive first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    (view, today): (View, Date),
    (offset, rows): (i64, i64),
) -> Result<Vec<Listed>, StoreError> {
    let mut statement = sql(
        "SELECT r.*, o.name AS organ_name, t.data_years, t.identity_years, t.basis AS term_basis, t.version AS term_version",
    );
    statement.push(FROM);
    push_view(&mut statement, scope, view, today);
    statement
        .push(" ORDER BY r.archived_on, r.id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    let one = |row: &Row| -> Result<Listed, StoreError> {
        let request = from_row(row)?;
        let version: Option<i64> = row.get("term_version")?;
        let term = match version {
            None => Term::usual(request.kind),
            Some(version) => Term {
                kind: request.kind,
                data_years: years(row, "data_years")?,
                identity_years: years(row, "identity_years")?,
                basis: row.get("term_basis")?,
                version,
            },
        };
        Ok(Listed { request, term })
    };
    tx.all(statement).await?.iter().map(one).collect()
}

/// # Errors
/// When the store fails.
pub async fn count(
    tx: &mut Tx,
    scope: &Scope,
    (view, today): (View, Date),
) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n");
    statement.push(FROM);
    push_view(&mut statement, scope, view, today);
    tx.one(statement).await?.get("n")
}

/// How many cases of each organ are due.
///
/// # Errors
/// When the store fails.
pub(super) async fn due_by_organ(
    tx: &mut Tx,
    today: Date,
) -> Result<Vec<(OrganId, i64)>, StoreError> {
    let mut statement = sql("SELECT r.organ_id, COUNT(*) AS n");
    statement.push(FROM);
    push_view(&mut statement, &Scope::Everything, View::Due, today);
    statement.push(" GROUP BY r.organ_id ORDER BY r.organ_id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("organ_id")?, row.get("n")?)))
        .collect()
}

/// Proposals that wait for somebody else than this person.
///
/// # Errors
/// When the store fails.
pub(super) async fn waiting(
    tx: &mut Tx,
    scope: &Scope,
    but: Option<AccountId>,
) -> Result<i64, StoreError> {
    let mut statement = sql(
        "SELECT COUNT(*) AS n FROM request_erasure e JOIN request r ON r.id = e.request_id \
         JOIN organ o ON o.id = r.organ_id WHERE e.state = 'proposed' AND ",
    );
    scope.push_condition(&mut statement, "o.id", "o.path");
    if let Some(but) = but {
        statement.push(" AND e.proposer_id <> ").push_value(but);
    }
    tx.one(statement).await?.get("n")
}

fn years(row: &Row, column: &'static str) -> Result<u16, StoreError> {
    let years: i64 = row.get(column)?;
    Ok(u16::try_from(years).unwrap_or(u16::MAX))
}

/// The terms of an organ, one for each kind; the defaults where it has set none.
///
/// # Errors
/// When the store fails.
pub async fn terms(tx: &mut Tx, organ: OrganId) -> Result<Vec<Term>, StoreError> {
    let mut set = BTreeMap::new();
    let rows = tx
        .all(sql("SELECT * FROM request_term WHERE organ_id = $1").bind(organ))
        .await?;
    for row in &rows {
        let kind = row.coded("kind", Kind::from_code)?;
        let term = Term {
            kind,
            data_years: years(row, "data_years")?,
            identity_years: years(row, "identity_years")?,
            basis: row.get("basis")?,
            version: row.get("version")?,
        };
        set.insert(kind.code(), term);
    }
    let one = |kind: &Kind| {
        set.remove(kind.code())
            .unwrap_or_else(|| Term::usual(*kind))
    };
    Ok(Kind::ALL.iter().map(one).collect())
}

pub(super) async fn save_term(tx: &mut Tx, organ: OrganId, term: &Term) -> Result<(), StoreError> {
    let bound = |statement: Sql| {
        statement
            .bind(i64::from(term.data_years))
            .bind(i64::from(term.identity_years))
            .bind(&term.basis)
            .bind(organ)
            .bind(term.kind.code())
    };
    if term.version == 0 {
        return tx
            .run_versioned(bound(sql(
                "INSERT INTO request_term (data_years, identity_years, basis, organ_id, kind, version) VALUES ($1, $2, $3, $4, $5, 1) \
                 ON CONFLICT DO NOTHING",
            )))
            .await;
    }
    tx.run_versioned(
        bound(sql("UPDATE request_term SET data_years = $1, identity_years = $2, basis = $3, version = version + 1 \
             WHERE organ_id = $4 AND kind = $5 AND version = $6"))
        .bind(term.version),
    )
    .await
}

/// Every hold of these cases, the newest first.
///
/// # Errors
/// When the store fails.
pub async fn holds(
    tx: &mut Tx,
    cases: &[RequestId],
) -> Result<BTreeMap<RequestId, Vec<Hold>>, StoreError> {
    let mut found: BTreeMap<RequestId, Vec<Hold>> = BTreeMap::new();
    let mut statement = sql("SELECT * FROM request_hold WHERE request_id IN ");
    statement
        .push_list(cases.iter().map(ToString::to_string))
        .push(" ORDER BY held_on DESC, id DESC");
    for row in tx.all(statement).await? {
        let (by, on): (Option<String>, Option<Date>) =
            (row.get("released_by")?, row.get("released_on")?);
        let why: Option<String> = row.get("released_why")?;
        let hold = Hold {
            id: row.parsed("id", "an id")?,
            why: row.get("why")?,
            by: row.get("held_by")?,
            on: row.get("held_on")?,
            released: by.zip(on).map(|(by, on)| (by, on, why.unwrap_or_default())),
        };
        let case = row.parsed("request_id", "an id")?;
        found.entry(case).or_default().push(hold);
    }
    Ok(found)
}

pub(super) async fn insert_hold(
    tx: &mut Tx,
    case: RequestId,
    hold: &Hold,
) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("INSERT INTO request_hold (id, request_id, why, held_by, held_on) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING")
            .bind(hold.id.to_string())
            .bind(case.to_string())
            .bind(&hold.why)
            .bind(&hold.by)
            .bind(hold.on),
    )
    .await
}

pub(super) async fn release(
    tx: &mut Tx,
    hold: &Hold,
    (by, on, why): (&str, Date, &str),
) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE request_hold SET released_by = $1, released_on = $2, released_why = $3 WHERE id = $4 AND released_on IS NULL")
            .bind(by)
            .bind(on)
            .bind(why)
            .bind(hold.id.to_string()),
    )
    .await?;
    Ok(())
}

/// Every proposal about these cases, the newest first.
///
/// # Errors
/// When the store fails.
pub async fn erasures(
    tx: &mut Tx,
    cases: &[RequestId],
) -> Result<BTreeMap<RequestId, Vec<Erasure>>, StoreError> {
    let mut found: BTreeMap<RequestId, Vec<Erasure>> = BTreeMap::new();
    let mut statement = sql("SELECT * FROM request_erasure WHERE request_id IN ");
    statement
        .push_list(cases.iter().map(ToString::to_string))
        .push(" ORDER BY proposed_on DESC, id DESC");
    for row in tx.all(statement).await? {
        let erasure = erasure(&row)?;
        found.entry(erasure.case).or_default().push(erasure);
    }
    Ok(found)
}

fn erasure(row: &Row) -> Result<Erasure, StoreError> {
    let (by, account): (Option<String>, Option<AccountId>) =
        (row.get("decided_by")?, row.get("decider_id")?);
    let (on, why): (Option<Date>, Option<String>) =
        (row.get("decided_on")?, row.get("decided_why")?);
    let decided = by.zip(account).zip(on).map(|((by, account), on)| Decided {
        by,
        account,
        on,
        why: why.unwrap_or_default(),
    });
    let also: String = row.get("also")?;
    let register: Option<String> = row.get("register")?;
    let broken = |column: &str, found: String| StoreError::Corrupt {
        column: column.to_owned(),
        found,
        wanted: "JSON",
    };
    Ok(Erasure {
        id: row.parsed("id", "an id")?,
        case: row.parsed("request_id", "an id")?,
        part: row.coded("part", Part::from_code)?,
        state: row.coded("state", ErasureState::from_code)?,
        why: row.get("why")?,
        also: serde_json::from_str(&also).map_err(|_| broken("also", also))?,
        proposed_by: row.get("proposed_by")?,
        proposer: row.get("proposer_id")?,
        proposed_on: row.get("proposed_on")?,
        decided,
        register: match register {
            None => None,
            Some(json) => Some(serde_json::from_str(&json).map_err(|_| broken("register", json))?),
        },
        version: row.get("version")?,
    })
}

pub(super) async fn insert(tx: &mut Tx, erasure: &Erasure) -> Result<(), StoreError> {
    let also = serde_json::to_string(&erasure.also).unwrap_or_else(|_| "[]".to_owned());
    tx.run_versioned(
        sql("INSERT INTO request_erasure (id, request_id, part, state, why, also, proposed_by, proposer_id, proposed_on, version) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1) ON CONFLICT DO NOTHING")
            .bind(erasure.id.to_string())
            .bind(erasure.case.to_string())
            .bind(erasure.part.code())
            .bind(erasure.state.code())
            .bind(&erasure.why)
            .bind(also)
            .bind(&erasure.proposed_by)
            .bind(erasure.proposer)
            .bind(erasure.proposed_on),
    )
    .await
}

/// How a proposal was decided.
pub(super) async fn decide(tx: &mut Tx, erasure: &Erasure) -> Result<(), StoreError> {
    let decided = erasure.decided.as_ref();
    let register = erasure
        .register
        .as_ref()
        .and_then(|register| serde_json::to_string(register).ok());
    tx.run_versioned(
        sql("UPDATE request_erasure SET state = $1, decided_by = $2, decider_id = $3, decided_on = $4, decided_why = $5, register = $6, \
             version = version + 1 WHERE id = $7 AND version = $8")
            .bind(erasure.state.code())
            .bind(decided.map(|one| one.by.as_str()))
            .bind(decided.map(|one| one.account))
            .bind(decided.map(|one| one.on))
            .bind(decided.map(|one| one.why.as_str()))
            .bind(register)
            .bind(erasure.id.to_string())
            .bind(erasure.version),
    )
    .await
}

/// What was erased from a case takes the place of what was there.
pub(super) async fn save(tx: &mut Tx, case: &Case, was: ErasureId) -> Result<(), StoreError> {
    let request = &case.request;
    let (who, wish) = (&request.applicant, &request.wish);
    let decision = request
        .decision
        .as_ref()
        .and_then(|decision| serde_json::to_string(decision).ok());
    // The key of a number can be found by trying all numbers: after erasing, it tells only that this is nobody else.
    let key = (who.kind == ApplicantKind::Natural)
        .then(|| hex::encode(Sha256::digest(was.to_string().as_bytes())));
    tx.run_versioned(
        sql("UPDATE request SET applicant_name = $1, paper_number = $2, head = $3, contact = $4, phone = $5, email = $6, address = $7, \
             postcode = $8, applicant_key = COALESCE($9, applicant_key), subject = $10, description = $11, waiver = $12, set_why = $13, \
             decision = $14, identity_erased_on = $15, erased_on = $16, workplace = $17, fax = $18, version = version + 1 WHERE id = $19 AND version = $20")
            .bind(&who.name)
            .bind(&who.paper_number)
            .bind(&who.head)
            .bind(&who.contact)
            .bind(&who.phone)
            .bind(&who.email)
            .bind(&who.address)
            .bind(&who.postcode)
            .bind(key)
            .bind(&wish.subject)
            .bind(&wish.description)
            .bind(&wish.waiver)
            .bind(request.receipt.set.as_ref().map(|(_, why)| why.as_str()))
            .bind(decision)
            .bind(request.kept.identity_erased_on)
            .bind(request.kept.erased_on)
            .bind(&who.workplace)
            .bind(&who.fax)
            .bind(request.id.to_string())
            .bind(request.version),
    )
    .await?;
    words::store::keep(tx, request).await?;
    if request.kept.erased_on.is_some() {
        withheld::store::erase(tx, request.id, super::MARK).await?;
    }
    for (position, entry) in (1_i64..).zip(&case.entries) {
        tx.run(
            sql("UPDATE request_entry SET by_name = $1, sentence = $2, public = $3, data = $4 WHERE request_id = $5 AND position = $6")
                .bind(&entry.by)
                .bind(&entry.sentence)
                .bind(&entry.public)
                .bind(entry.data.to_string())
                .bind(request.id.to_string())
                .bind(position),
        )
        .await?;
    }
    for letter in &case.consultations {
        tx.run(
            sql("UPDATE request_consultation SET name = $1, question = $2, words = $3 WHERE id = $4")
                .bind(&letter.name)
                .bind(&letter.question)
                .bind(&letter.words)
                .bind(letter.id.to_string()),
        )
        .await?;
    }
    Ok(())
}

/// Cleans the letters and the reviews of a case; gives in how many of them words were replaced.
pub(super) async fn clean_papers(
    tx: &mut Tx,
    case: RequestId,
    eraser: &Eraser,
) -> Result<usize, StoreError> {
    let mut texts = 0;
    let letters = tx
        .all(
            sql("SELECT id, kind, facts, note FROM letter WHERE case_id = $1")
                .bind(case.to_string()),
        )
        .await?;
    for row in &letters {
        let (facts, mut note): (String, String) = (row.get("facts")?, row.get("note")?);
        let mut facts: Value = serde_json::from_str(&facts).unwrap_or_default();
        let kind: String = row.get("kind")?;
        let changed = eraser.paper(&kind, &mut facts);
        if eraser.apply(&mut note) || changed {
            texts += 1;
            let id: LetterId = row.parsed("id", "an id")?;
            tx.run(
                sql("UPDATE letter SET facts = $1, note = $2, version = version + 1 WHERE id = $3")
                    .bind(facts.to_string())
                    .bind(note)
                    .bind(id.to_string()),
            )
            .await?;
        }
    }
    let remedies = tx
        .all(
            sql("SELECT id, applicant, matter, reason, lesson FROM remedy WHERE case_id = $1")
                .bind(case.to_string()),
        )
        .await?;
    for row in &remedies {
        let column = |name| row.get::<String>(name);
        let mut words = [
            column("applicant")?,
            column("matter")?,
            column("reason")?,
            column("lesson")?,
        ];
        let changed = words
            .iter_mut()
            .fold(false, |changed, text| eraser.apply(text) | changed);
        if changed {
            texts += 1;
            let id: String = row.get("id")?;
            let [applicant, matter, reason, lesson] = words;
            tx.run(
                sql("UPDATE remedy SET applicant = $1, matter = $2, reason = $3, lesson = $4, version = version + 1 WHERE id = $5")
                    .bind(applicant)
                    .bind(matter)
                    .bind(reason)
                    .bind(lesson)
                    .bind(id),
            )
            .await?;
        }
    }
    Ok(texts)
}
