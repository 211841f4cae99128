//! The SQL of cases: one case whole.

pub mod applicants;
pub mod left;
pub mod list;

use gongkai_basis::clock::ClockEvent;
use gongkai_basis::id::{AccountId, OrganId};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::case::{Asked, Case, Consultation, Entry, Opinion};
use super::import::UNKNOWN;
use super::receipt::{Days, Receipt};
use super::reply::ResultRow;
use super::state::{Act, State};
use super::{Applicant, ApplicantKind, Channel, Form, Kept, Kind, OwnTerm, Request, Way, Wish};
use crate::id::{FormToken, RequestId};
use crate::limit::HANDLING_WORKING_DAYS;
use crate::words;

pub(crate) const SELECT: &str =
    "SELECT r.*, o.name AS organ_name FROM request r JOIN organ o ON o.id = r.organ_id WHERE ";

/// The number of an applicant's paper; `None` where nobody knows it, an older system neither.
fn paper_number(applicant: &Applicant) -> Option<String> {
    number_of(&applicant.paper_number)
}

fn number_of(written: &str) -> Option<String> {
    let number = written.trim().to_uppercase();
    (!number.is_empty() && number != UNKNOWN).then_some(number)
}

/// What makes two cases those of the same applicant: the paper's number, or the name where there is none.
#[must_use]
pub fn applicant_key(applicant: &Applicant) -> String {
    key_of(&applicant.paper_number, &applicant.name)
}

fn key_of(paper_number: &str, name: &str) -> String {
    let number = number_of(paper_number);
    hashed(number.as_deref().unwrap_or_else(|| name.trim()))
}

/// The key that cases without a number had before the words for an unknown one were known to be none: all of them the same.
fn key_of_all() -> String {
    hashed(UNKNOWN)
}

fn hashed(who: &str) -> String {
    hex::encode(Sha256::digest(who.as_bytes()))
}

/// Appends `(…)`: true for the cases of the same applicant. Among those that still have the key of all ([`super::rekey`]) the name
/// tells.
fn push_same_applicant(statement: &mut Sql, applicant: &Applicant) {
    statement
        .push("(r.applicant_key = ")
        .push_value(applicant_key(applicant));
    if paper_number(applicant).is_none() {
        statement
            .push(" OR (r.applicant_key = ")
            .push_value(key_of_all())
            .push(" AND r.applicant_name = ")
            .push_value(applicant.name.as_str())
            .push(")");
    }
    statement.push(")");
}

/// The next number of a year: 2026-000123.
///
/// # Errors
/// When the store fails.
pub async fn next_number(tx: &mut Tx, year: i16) -> Result<String, StoreError> {
    let row = tx
        .one(
            sql("INSERT INTO request_serial (year, last) VALUES ($1, 1) \
                 ON CONFLICT (year) DO UPDATE SET last = request_serial.last + 1 RETURNING last")
            .bind(i64::from(year)),
        )
        .await?;
    let last: i64 = row.get("last")?;
    Ok(format!("{year}-{last:06}"))
}

pub(super) async fn insert(tx: &mut Tx, case: &Case, token: FormToken) -> Result<(), StoreError> {
    let request = &case.request;
    let (who, wish, days) = (&request.applicant, &request.wish, request.receipt.days);
    let set = request.receipt.set.as_ref();
    tx.run(
        sql("INSERT INTO request (id, organ_id, number, other_number, form_token, kind, channel, state, applicant_kind, applicant_name, \
             paper, paper_number, head, contact, phone, email, address, postcode, applicant_key, subject, description, form, way, waiver, \
             submitted_on, signed_on, confirmed_on, set_on, set_why, received_on, due_on, version, submitted_at, workplace, fax, found_by, \
             submitted_to, limit_days, limit_basis, arrived_on) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, \
             $25, $26, $27, $28, $29, $30, $31, 1, $32, $33, $34, $35, $36, $37, $38, $39)")
            .bind(request.id.to_string())
            .bind(request.organ)
            .bind(&request.number)
            .bind(&request.other_number)
            .bind(token.to_string())
            .bind(request.kind.code())
            .bind(request.channel.code())
            .bind(request.state.code())
            .bind(who.kind.code())
            .bind(&who.name)
            .bind(&who.paper)
            .bind(&who.paper_number)
            .bind(&who.head)
            .bind(&who.contact)
            .bind(&who.phone)
            .bind(&who.email)
            .bind(&who.address)
            .bind(&who.postcode)
            .bind(applicant_key(who))
            .bind(&wish.subject)
            .bind(&wish.description)
            .bind(wish.form.code())
            .bind(wish.way.code())
            .bind(&wish.waiver)
            .bind(days.submitted_on)
            .bind(days.signed_on)
            .bind(days.confirmed_on)
            .bind(set.map(|(on, _)| *on))
            .bind(set.map(|(_, why)| why.as_str()))
            .bind(request.received_on)
            .bind(request.due_on)
            .bind(request.submitted_at)
            .bind(&who.workplace)
            .bind(&who.fax)
            .bind(words::found_by(request))
            .bind(&request.submitted_to)
            .bind(i64::from(request.own_term.working_days))
            .bind(&request.own_term.basis)
            .bind(days.arrived_on),
    )
    .await?;
    for (position, entry) in (1_i64..).zip(&case.entries) {
        insert_entry(tx, request.id, position, entry).await?;
    }
    for letter in &case.consultations {
        keep_letter(tx, request.id, letter).await?;
    }
    words::store::wait(tx, request.id).await
}

async fn insert_entry(
    tx: &mut Tx,
    id: RequestId,
    position: i64,
    entry: &Entry,
) -> Result<(), StoreError> {
    let clock = serde_json::to_string(&entry.clock).unwrap_or_else(|_| "[]".to_owned());
    tx.run(
        sql("INSERT INTO request_entry (request_id, position, act, on_day, at, by_name, account_id, sentence, public, data, clock) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
            .bind(id.to_string())
            .bind(position)
            .bind(entry.act.map(Act::code))
            .bind(entry.on)
            .bind(entry.at)
            .bind(&entry.by)
            .bind(entry.account)
            .bind(&entry.sentence)
            .bind(&entry.public)
            .bind(entry.data.to_string())
            .bind(clock),
    )
    .await?;
    Ok(())
}

/// Keeps what a step changed: the row under its version, the newest line of the history, the letters.
pub(crate) async fn save(tx: &mut Tx, case: &Case, entry: &Entry) -> Result<(), StoreError> {
    update(tx, &case.request).await?;
    let position = i64::try_from(case.entries.len()).unwrap_or(i64::MAX);
    insert_entry(tx, case.request.id, position, entry).await?;
    for letter in &case.consultations {
        keep_letter(tx, case.request.id, letter).await?;
    }
    Ok(())
}

async fn update(tx: &mut Tx, request: &Request) -> Result<(), StoreError> {
    let decision = request
        .decision
        .as_ref()
        .and_then(|decision| serde_json::to_string(decision).ok());
    let row = request
        .decision
        .as_ref()
        .and_then(super::reply::Decision::row);
    tx.run_versioned(
        sql("UPDATE request SET organ_id = $1, state = $2, confirmed_on = $3, received_on = $4, due_on = $5, handler_id = $6, \
             handler_name = $7, decision = $8, reply = $9, result_row = $10, replied_on = $11, closed_on = $12, archived_on = $13, \
             counted_on = $14, counted_row = $15, look_on = $16, opened_on = $17, version = version + 1 WHERE id = $18 AND version = $19")
            .bind(request.organ)
            .bind(request.state.code())
            .bind(request.receipt.days.confirmed_on)
            .bind(request.received_on)
            .bind(request.due_on)
            .bind(request.handler.as_ref().map(|(id, _)| *id))
            .bind(request.handler.as_ref().map(|(_, name)| name.as_str()))
            .bind(decision)
            .bind(request.decision.as_ref().map(|decision| decision.reply.code()))
            .bind(row.map(ResultRow::code))
            .bind(request.replied_on)
            .bind(request.closed_on)
            .bind(request.kept.archived_on)
            .bind(request.kept.counted.map(|(on, _)| on))
            .bind(request.kept.counted.map(|(_, row)| row.code()))
            .bind(request.kept.look_on)
            .bind(request.kept.opened_on)
            .bind(request.id.to_string())
            .bind(request.version),
    )
    .await
}

async fn keep_letter(tx: &mut Tx, id: RequestId, letter: &Consultation) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO request_consultation (id, request_id, asked, name, organ_id, question, sent_on, got_on, due_on, answered_on, opinion, words) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
             ON CONFLICT (id) DO UPDATE SET got_on = $8, due_on = $9, answered_on = $10, opinion = $11, words = $12")
            .bind(letter.id.to_string())
            .bind(id.to_string())
            .bind(letter.asked.code())
            .bind(&letter.name)
            .bind(letter.organ)
            .bind(&letter.question)
            .bind(letter.sent_on)
            .bind(letter.got_on)
            .bind(letter.due_on)
            .bind(letter.answered_on)
            .bind(letter.opinion.map(Opinion::code))
            .bind(&letter.words),
    )
    .await?;
    Ok(())
}

/// What a registration says of its applicant and of the day of receipt, after it was mended; who looks for the case finds
/// it by the new words.
pub(super) async fn set_registration(tx: &mut Tx, request: &Request) -> Result<(), StoreError> {
    let (who, set) = (&request.applicant, request.receipt.set.as_ref());
    tx.run(
        sql("UPDATE request SET applicant_kind = $1, applicant_name = $2, paper = $3, paper_number = $4, head = $5, contact = $6, \
             workplace = $7, phone = $8, fax = $9, email = $10, address = $11, postcode = $12, applicant_key = $13, set_on = $14, \
             set_why = $15 WHERE id = $16")
            .bind(who.kind.code())
            .bind(&who.name)
            .bind(&who.paper)
            .bind(&who.paper_number)
            .bind(&who.head)
            .bind(&who.contact)
            .bind(&who.workplace)
            .bind(&who.phone)
            .bind(&who.fax)
            .bind(&who.email)
            .bind(&who.address)
            .bind(&who.postcode)
            .bind(applicant_key(who))
            .bind(set.map(|(on, _)| *on))
            .bind(set.map(|(_, why)| why.as_str()))
            .bind(request.id.to_string()),
    )
    .await?;
    words::store::keep(tx, request).await
}

/// Only the due day, as a new calendar has it.
pub(crate) async fn set_due(tx: &mut Tx, request: &Request) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE request SET due_on = $1 WHERE id = $2")
            .bind(request.due_on)
            .bind(request.id.to_string()),
    )
    .await?;
    Ok(())
}

/// The desk has seen it.
pub(crate) async fn set_opened(tx: &mut Tx, id: RequestId) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("UPDATE request SET opened_at = $1 WHERE id = $2 AND opened_at IS NULL")
            .bind(now)
            .bind(id.to_string()),
    )
    .await?;
    Ok(())
}

/// A case inside the scope, or one that asks an organ of the scope for help.
///
/// # Errors
/// When the store fails; what lies outside is `None`.
pub async fn load(tx: &mut Tx, scope: &Scope, id: RequestId) -> Result<Option<Case>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("r.id = ")
        .push_value(id.to_string())
        .push(" AND (");
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement.push(
        " OR EXISTS (SELECT 1 FROM request_consultation c JOIN organ a ON a.id = c.organ_id WHERE c.request_id = r.id AND c.asked = 'unit' AND ",
    );
    scope.push_condition(&mut statement, "a.id", "a.path");
    statement.push("))");
    whole(tx, statement).await
}

/// A case inside the scope. One that only asks for help is `None`, too: it names who asks, and what is done with it is not
/// for a unit that helps (个人信息保护法 art. 6).
///
/// # Errors
/// When the store fails.
pub async fn own(tx: &mut Tx, scope: &Scope, id: RequestId) -> Result<Option<Case>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("r.id = ")
        .push_value(id.to_string())
        .push(" AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    whole(tx, statement).await
}

/// The case that a form became.
///
/// # Errors
/// When the store fails.
pub async fn by_token(tx: &mut Tx, token: FormToken) -> Result<Option<Case>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("r.form_token = ")
        .push_value(token.to_string());
    whole(tx, statement).await
}

/// The case of a number; whoever asks must prove the code before anything of it is shown.
///
/// # Errors
/// When the store fails.
pub async fn by_number(tx: &mut Tx, number: &str) -> Result<Option<Case>, StoreError> {
    let mut statement = sql(SELECT);
    statement.push("r.number = ").push_value(number);
    whole(tx, statement).await
}

/// The cases of some numbers, in the order of the numbers.
pub(crate) async fn ids_of(
    tx: &mut Tx,
    numbers: impl Iterator<Item = &str>,
) -> Result<Vec<(String, RequestId)>, StoreError> {
    let mut statement = sql("SELECT r.number, r.id FROM request r WHERE r.number IN ");
    statement.push_list(numbers).push(" ORDER BY r.number");
    let found = tx.all(statement).await?;
    let one = |row: &Row| Ok((row.get("number")?, row.parsed("id", "an id")?));
    found.iter().map(one).collect()
}

/// One case with its history and letters, as [`SELECT`] finds it.
pub(crate) async fn whole(tx: &mut Tx, statement: Sql) -> Result<Option<Case>, StoreError> {
    let Some(row) = tx.optional(statement).await? else {
        return Ok(None);
    };
    let request = from_row(&row)?;
    let id = request.id.to_string();
    let entries = tx
        .all(sql("SELECT * FROM request_entry WHERE request_id = $1 ORDER BY position").bind(&id))
        .await?
        .iter()
        .map(entry_from)
        .collect::<Result<_, _>>()?;
    let consultations = tx
        .all(
            sql("SELECT * FROM request_consultation WHERE request_id = $1 ORDER BY sent_on, id")
                .bind(&id),
        )
        .await?
        .iter()
        .map(letter_from)
        .collect::<Result<_, _>>()?;
    Ok(Some(Case {
        request,
        entries,
        consultations,
    }))
}

fn entry_from(row: &Row) -> Result<Entry, StoreError> {
    let act: Option<String> = row.get("act")?;
    let clock: String = row.get("clock")?;
    let data: String = row.get("data")?;
    let broken = |found: String, wanted| StoreError::Corrupt {
        column: "request_entry".to_owned(),
        found,
        wanted,
    };
    Ok(Entry {
        act: match act {
            None => None,
            Some(code) => Some(Act::from_code(&code).ok_or_else(|| broken(code, "an act"))?),
        },
        on: row.get("on_day")?,
        at: row.get("at")?,
        by: row.get("by_name")?,
        account: row.get("account_id")?,
        sentence: row.get("sentence")?,
        public: row.get("public")?,
        data: serde_json::from_str::<Value>(&data).map_err(|_| broken(data, "JSON"))?,
        clock: serde_json::from_str::<Vec<ClockEvent>>(&clock)
            .map_err(|_| broken(clock, "clock events"))?,
    })
}

fn letter_from(row: &Row) -> Result<Consultation, StoreError> {
    let opinion: Option<String> = row.get("opinion")?;
    Ok(Consultation {
        id: row.parsed("id", "an id")?,
        asked: row.coded("asked", Asked::from_code)?,
        name: row.get("name")?,
        organ: row.get::<Option<OrganId>>("organ_id")?,
        question: row.get("question")?,
        sent_on: row.get("sent_on")?,
        got_on: row.get("got_on")?,
        due_on: row.get("due_on")?,
        answered_on: row.get("answered_on")?,
        opinion: opinion.as_deref().and_then(Opinion::from_code),
        words: row.get("words")?,
    })
}

fn applicant(row: &Row) -> Result<Applicant, StoreError> {
    Ok(Applicant {
        kind: row.coded("applicant_kind", ApplicantKind::from_code)?,
        name: row.get("applicant_name")?,
        paper: row.get("paper")?,
        paper_number: row.get("paper_number")?,
        head: row.get("head")?,
        contact: row.get("contact")?,
        workplace: row.get("workplace")?,
        phone: row.get("phone")?,
        fax: row.get("fax")?,
        email: row.get("email")?,
        address: row.get("address")?,
        postcode: row.get("postcode")?,
    })
}

fn own_term(row: &Row) -> Result<OwnTerm, StoreError> {
    let days: i64 = row.get("limit_days")?;
    Ok(OwnTerm {
        working_days: u16::try_from(days).unwrap_or(HANDLING_WORKING_DAYS),
        basis: row.get("limit_basis")?,
    })
}

pub(crate) fn from_row(row: &Row) -> Result<Request, StoreError> {
    let (handler, handler_name): (Option<AccountId>, Option<String>) =
        (row.get("handler_id")?, row.get("handler_name")?);
    let decision: Option<String> = row.get("decision")?;
    let set_why: Option<String> = row.get("set_why")?;
    let counted_on: Option<gongkai_basis::Date> = row.get("counted_on")?;
    let set_on: Option<gongkai_basis::Date> = row.get("set_on")?;
    Ok(Request {
        id: row.parsed("id", "an id")?,
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        number: row.get("number")?,
        other_number: row.get("other_number")?,
        kind: row.coded("kind", Kind::from_code)?,
        channel: row.coded("channel", Channel::from_code)?,
        state: row.coded("state", State::from_code)?,
        applicant: applicant(row)?,
        wish: Wish {
            subject: row.get("subject")?,
            description: row.get("description")?,
            form: row.coded("form", Form::from_code)?,
            way: row.coded("way", Way::from_code)?,
            waiver: row.get("waiver")?,
        },
        receipt: Receipt {
            days: Days {
                submitted_on: row.get("submitted_on")?,
                signed_on: row.get("signed_on")?,
                arrived_on: row.get("arrived_on")?,
                confirmed_on: row.get("confirmed_on")?,
            },
            set: set_on.zip(set_why),
        },
        received_on: row.get("received_on")?,
        due_on: row.get("due_on")?,
        handler: handler.zip(handler_name),
        decision: match decision {
            None => None,
            Some(json) => Some(
                serde_json::from_str(&json).map_err(|_| StoreError::Corrupt {
                    column: "decision".to_owned(),
                    found: json,
                    wanted: "a decision",
                })?,
            ),
        },
        replied_on: row.get("replied_on")?,
        closed_on: row.get("closed_on")?,
        kept: Kept {
            archived_on: row.get("archived_on")?,
            identity_erased_on: row.get("identity_erased_on")?,
            erased_on: row.get("erased_on")?,
            counted: match counted_on {
                Some(on) => Some((on, row.coded("counted_row", ResultRow::from_code)?)),
                None => None,
            },
            look_on: row.get("look_on")?,
            opened_on: row.get("opened_on")?,
        },
        version: row.get("version")?,
        submitted_at: row.get("submitted_at")?,
        submitted_to: row.get("submitted_to")?,
        own_term: own_term(row)?,
    })
}
