//! The SQL of reporting rounds.

mod left_out;
mod submission;

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{OrganId, PlanId};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

pub(super) use left_out::fill;
pub use left_out::{Outside, outside};
pub use submission::{
    Narrow, Owed, count_filled, count_units, count_waiting, kept_reports, owed, own, unit, units,
};
pub(super) use submission::{keep_reports, step};

use super::propose::Asking;
use super::{Punctuality, Round, RoundId, RoundState, Shown, Source, SubmissionState};
use crate::plan::store::corrupt;
use crate::task::store::parse;
use crate::when;
use submission::FILLED;

/// Tasks with a date counted from the day of issue, as far as they are looked at.
const ASKING_MAX: i64 = 50;
/// Rounds whose late units are looked for in one statement.
const LATE_ROUNDS_MAX: i64 = 100;
const ROUND: &str = "SELECT r.*, p.title AS plan_title, f.name AS office_name FROM report_round r JOIN plan p ON p.id = r.plan_id JOIN organ f ON f.id = r.office_id";
/// A submission `s` with the rows that it owes and those of them with a report in force.
const COLUMNS: &str = "SELECT s.*, o.name AS organ_name, \
    (SELECT COUNT(*) FROM round_row w JOIN assignment a ON a.id = w.assignment_id WHERE w.round_id = s.round_id AND w.organ_id = s.organ_id AND a.state = 'open') AS owed, \
    (SELECT COUNT(*) FROM round_row w JOIN assignment a ON a.id = w.assignment_id WHERE w.round_id = s.round_id AND w.organ_id = s.organ_id AND a.state = 'open' AND a.report_id IS NOT NULL) AS reported";
const FROM: &str = " FROM round_submission s JOIN organ o ON o.id = s.organ_id";
/// The unit of a submission `s` still owes a row: what was cancelled or transferred since is not waited for.
pub(crate) const OWES: &str = " AND EXISTS (SELECT 1 FROM round_row w JOIN assignment a ON a.id = w.assignment_id WHERE w.round_id = s.round_id AND w.organ_id = s.organ_id AND a.state = 'open')";

pub(super) async fn insert(tx: &mut Tx, round: &Round) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO report_round (id, plan_id, office_id, name, due_on, from_on, to_on, source, source_text, source_place, cooperating, state, opened_by, opened_on, version, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, $15)")
            .bind(round.id.to_string())
            .bind(round.plan)
            .bind(round.office)
            .bind(&round.name)
            .bind(round.due_on)
            .bind(round.from_on)
            .bind(round.to_on)
            .bind(round.source.code())
            .bind(&round.source_text)
            .bind(&round.source_place)
            .bind(round.cooperating)
            .bind(round.state.code())
            .bind(&round.opened_by)
            .bind(round.opened_on)
            .bind(now),
    )
    .await?;
    Ok(())
}

/// Stores what may change, if nobody changed it since.
pub(super) async fn update(tx: &mut Tx, round: &Round) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE report_round SET name = $1, due_on = $2, first_due_on = $3, from_on = $4, to_on = $5, state = $6, ended_on = $7, reason = $8, version = version + 1 \
             WHERE id = $9 AND version = $10")
            .bind(&round.name)
            .bind(round.due_on)
            .bind(round.first_due_on)
            .bind(round.from_on)
            .bind(round.to_on)
            .bind(round.state.code())
            .bind(round.ended_on)
            .bind(round.reason.clone())
            .bind(round.id.to_string())
            .bind(round.version),
    )
    .await
}

/// Whose rounds.
#[derive(Debug, Clone, Copy)]
pub enum Side<'s> {
    /// All of offices of this scope.
    Office(&'s Scope),
    /// Those in which units of this scope owe something; lists leave cancelled ones out.
    Unit(&'s Scope),
}

fn push_side(statement: &mut Sql, side: Side<'_>) {
    match side {
        Side::Office(scope) => {
            statement.push("r.office_id IN (SELECT x.id FROM organ x WHERE ");
            scope.push_condition(statement, "x.id", "x.path");
            statement.push(")");
        }
        Side::Unit(scope) => {
            statement.push("r.id IN (SELECT s.round_id FROM round_submission s JOIN organ x ON x.id = s.organ_id WHERE ");
            scope.push_condition(statement, "x.id", "x.path");
            statement.push(")");
        }
    }
    statement.push(" AND p.state = 'active'");
}

/// A unit's list has only what it may still be asked for; a cancelled round says so on its own page.
fn push_listed(statement: &mut Sql, side: Side<'_>) {
    push_side(statement, side);
    match side {
        Side::Office(_) => {}
        Side::Unit(_) => {
            statement.push(" AND r.state <> 'cancelled'");
        }
    }
}

/// # Errors
/// When the store fails; what lies outside is `None`.
pub async fn load(tx: &mut Tx, side: Side<'_>, id: RoundId) -> Result<Option<Round>, StoreError> {
    let mut statement = sql(ROUND);
    statement.push(" WHERE ");
    push_side(&mut statement, side);
    statement.push(" AND r.id = ").push_value(id.to_string());
    tx.optional(statement)
        .await?
        .map(|row| round(&row))
        .transpose()
}

/// The rounds of a plan, whoever asks, by their days. For use cases that were let in by the plan.
///
/// # Errors
/// When the store fails.
pub async fn of_plan(tx: &mut Tx, plan: PlanId) -> Result<Vec<Round>, StoreError> {
    let mut statement = sql(ROUND);
    statement
        .push(" WHERE r.plan_id = ")
        .push_value(plan)
        .push(" ORDER BY r.due_on, r.id");
    tx.all(statement).await?.iter().map(round).collect()
}

/// Every round that takes reports, of plans in force: for the daily reminders.
///
/// # Errors
/// When the store fails.
pub async fn open(tx: &mut Tx) -> Result<Vec<Round>, StoreError> {
    let mut statement = sql(ROUND);
    statement.push(" WHERE r.state = 'open' AND p.state = 'active' ORDER BY r.due_on, r.id");
    tx.all(statement).await?.iter().map(round).collect()
}

/// How many submissions stand where, and how many units are late.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Units that owe something, or handed something in.
    pub units: i64,
    pub draft: i64,
    pub confirmed: i64,
    pub submitted: i64,
    pub accepted: i64,
    pub returned: i64,
    /// Counted by the first submission, or not submitted although the last day is past.
    pub late: i64,
    /// Of those that are still to hand in, the ones of which nothing has counted yet.
    waiting_at_first: i64,
}

impl Counts {
    #[must_use]
    pub const fn of(&self, state: SubmissionState) -> i64 {
        match state {
            SubmissionState::Draft => self.draft,
            SubmissionState::Confirmed => self.confirmed,
            SubmissionState::Submitted => self.submitted,
            SubmissionState::Accepted => self.accepted,
            SubmissionState::Returned => self.returned,
        }
    }
}

/// One page of rounds: those that take reports first, the next due before all.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    side: Side<'_>,
    today: Date,
    (offset, rows): (i64, i64),
) -> Result<Vec<Round>, StoreError> {
    let mut statement = sql(ROUND);
    statement.push(" WHERE ");
    push_listed(&mut statement, side);
    // What takes reports first; then the newest.
    statement
        .push(" ORDER BY CASE WHEN r.state = 'open' THEN 0 ELSE 1 END, CASE WHEN r.state = 'open' AND r.due_on >= ")
        .push_value(today)
        .push(" THEN 0 ELSE 1 END, CASE WHEN r.state = 'open' THEN r.due_on END, r.due_on DESC, r.id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(round).collect()
}

/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, side: Side<'_>) -> Result<i64, StoreError> {
    let mut statement =
        sql("SELECT COUNT(*) AS n FROM report_round r JOIN plan p ON p.id = r.plan_id WHERE ");
    push_listed(&mut statement, side);
    tx.one(statement).await?.get("n")
}

/// The first instant that is late for a round, in milliseconds since 1970.
fn late_from(due_on: Date) -> i64 {
    due_on
        .tomorrow()
        .ok()
        .and_then(gongkai_platform::web::start_of)
        .unwrap_or(i64::MAX)
}

/// The counts of each of these rounds, in one statement; rounds without units are missing.
///
/// # Errors
/// When the store fails.
pub async fn counts_of(
    tx: &mut Tx,
    rounds: &[Round],
    today: Date,
) -> Result<BTreeMap<RoundId, Counts>, StoreError> {
    let mut found: BTreeMap<RoundId, Counts> = BTreeMap::new();
    if rounds.is_empty() {
        return Ok(found);
    }
    let mut statement = sql("SELECT s.round_id, s.state, COUNT(*) AS n, COUNT(CASE WHEN ");
    for (nth, of) in rounds.iter().enumerate() {
        push_late_of(&mut statement, nth, (&of.id.to_string(), of.due_on), today);
    }
    statement
        .push(" THEN 1 END) AS late, COUNT(CASE WHEN s.counted_at IS NULL THEN 1 END) AS uncounted FROM round_submission s WHERE s.round_id IN ")
        .push_list(rounds.iter().map(|of| of.id.to_string()))
        .push(" AND (s.counted_at IS NOT NULL OR (1 = 1")
        .push(OWES)
        .push(")) GROUP BY s.round_id, s.state");
    for row in tx.all(statement).await? {
        let (n, late): (i64, i64) = (row.get("n")?, row.get("late")?);
        let id: RoundId = row.parsed("round_id", "a round's id")?;
        let counts = found.entry(id).or_default();
        counts.units += n;
        counts.late += late;
        let state = row.coded("state", SubmissionState::from_code)?;
        if state.waits_for_unit() {
            counts.waiting_at_first += row.get::<i64>("uncounted")?;
        }
        match state {
            SubmissionState::Draft => counts.draft += n,
            SubmissionState::Confirmed => counts.confirmed += n,
            SubmissionState::Submitted => counts.submitted += n,
            SubmissionState::Accepted => counts.accepted += n,
            SubmissionState::Returned => counts.returned += n,
        }
    }
    Ok(found)
}

/// The counts of one round.
///
/// # Errors
/// When the store fails.
pub async fn counts(tx: &mut Tx, of: &Round, today: Date) -> Result<Counts, StoreError> {
    let mut found = counts_of(tx, std::slice::from_ref(of), today).await?;
    Ok(found.remove(&of.id).unwrap_or_default())
}

/// Appends what makes a submission `s` late.
fn push_late(statement: &mut Sql, due_on: Date, today: Date) {
    statement
        .push("(s.counted_at >= ")
        .push_value(late_from(due_on));
    if today > due_on {
        statement.push(" OR s.counted_at IS NULL");
    }
    statement.push(")");
}

/// Appends the nth of several conditions for late submissions, each of its own round.
fn push_late_of(statement: &mut Sql, nth: usize, (round, due_on): (&String, Date), today: Date) {
    statement
        .push(if nth == 0 {
            "(s.round_id = "
        } else {
            " OR (s.round_id = "
        })
        .push_value(round)
        .push(" AND ");
    push_late(statement, due_on, today);
    statement.push(")");
}

/// The tasks of a plan with a date counted from the day of issue.
///
/// # Errors
/// When the store fails.
pub async fn asking(tx: &mut Tx, plan: PlanId) -> Result<Vec<Asking>, StoreError> {
    tx.all(
        sql("SELECT number, text, place, deadlines FROM task WHERE plan_id = $1 AND state = 'open' AND deadlines LIKE '%日内%' ORDER BY position LIMIT $2")
            .bind(plan)
            .bind(ASKING_MAX),
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Asking {
            number: row.get("number")?,
            text: row.get("text")?,
            place: parse(row, "place")?,
            deadlines: parse(row, "deadlines")?,
        })
    })
    .collect()
}

/// Of one round: the units that still owe something, for the reminders.
///
/// # Errors
/// When the store fails.
pub async fn waiting(tx: &mut Tx, of: RoundId) -> Result<Vec<(OrganId, Shown)>, StoreError> {
    let mut statement = sql("SELECT s.organ_id, CASE WHEN s.state = 'draft'");
    statement
        .push(FILLED)
        .push(
            " THEN 'filled' ELSE s.state END AS shown FROM round_submission s WHERE s.round_id = ",
        )
        .push_value(of.to_string())
        .push(" AND s.state IN ('draft', 'confirmed', 'returned')")
        .push(OWES)
        .push(" ORDER BY s.organ_id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("organ_id")?, row.coded("shown", Shown::from_code)?)))
        .collect()
}

/// A unit that was late in a round: what bulletins and scores take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateUnit {
    pub round: RoundId,
    pub round_name: String,
    pub due_on: Date,
    pub organ: OrganId,
    pub organ_name: String,
    pub counted_at: Option<i64>,
}

impl LateUnit {
    /// What the record says, for bulletins and scores.
    #[must_use]
    pub fn sentence(&self, today: Date) -> String {
        let how = match Punctuality::of(self.counted_at, self.due_on, today) {
            Punctuality::Late(days) => format!("迟报{days}天"),
            Punctuality::Missing(_) => "至今未报送".to_owned(),
            Punctuality::Pending
            | Punctuality::InTime
            | Punctuality::NotAgain
            | Punctuality::Nothing => "按期报送".to_owned(),
        };
        format!(
            "“{}”应于{}前报送，{how}。",
            self.round_name,
            when::date(self.due_on)
        )
    }
}

/// The units of offices of a scope that were late in rounds whose day lies in a range, both ends included, up to today;
/// of some organs, or of all. Cancelled rounds do not count.
///
/// # Errors
/// When the store fails.
pub async fn late(
    tx: &mut Tx,
    office: &Scope,
    organs: Option<&[OrganId]>,
    (from, to): (Date, Date),
    (today, most): (Date, i64),
) -> Result<Vec<LateUnit>, StoreError> {
    let mut which = sql(
        "SELECT r.id, r.name, r.due_on FROM report_round r JOIN plan p ON p.id = r.plan_id WHERE ",
    );
    push_side(&mut which, Side::Office(office));
    which
        .push(" AND r.state <> 'cancelled' AND r.due_on >= ")
        .push_value(from)
        .push(" AND r.due_on <= ")
        .push_value(to)
        .push(" AND r.due_on < ")
        .push_value(today)
        .push(" ORDER BY r.due_on DESC, r.id LIMIT ")
        .push_value(LATE_ROUNDS_MAX);
    let mut rounds: BTreeMap<String, (RoundId, String, Date)> = BTreeMap::new();
    for row in tx.all(which).await? {
        let id: RoundId = row.parsed("id", "a round's id")?;
        rounds.insert(id.to_string(), (id, row.get("name")?, row.get("due_on")?));
    }
    if rounds.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = sql(
        "SELECT s.round_id, s.organ_id, o.name AS organ_name, s.counted_at FROM round_submission s JOIN organ o ON o.id = s.organ_id WHERE (",
    );
    for (nth, (id, (_, _, due_on))) in rounds.iter().enumerate() {
        push_late_of(&mut statement, nth, (id, *due_on), today);
    }
    statement.push(")");
    if let Some(organs) = organs {
        statement
            .push(" AND s.organ_id IN ")
            .push_list(organs.iter().copied());
    }
    statement
        .push(" AND (s.counted_at IS NOT NULL OR (1 = 1")
        .push(OWES)
        .push(")) ORDER BY s.round_id, o.position, o.id LIMIT ")
        .push_value(most);
    let mut found = Vec::new();
    for row in tx.all(statement).await? {
        let id: String = row.get("round_id")?;
        let Some((round, round_name, due_on)) = rounds.get(&id) else {
            continue;
        };
        found.push(LateUnit {
            round: *round,
            round_name: round_name.clone(),
            due_on: *due_on,
            organ: row.get("organ_id")?,
            organ_name: row.get("organ_name")?,
            counted_at: row.get("counted_at")?,
        });
    }
    Ok(found)
}

fn round(row: &Row) -> Result<Round, StoreError> {
    let source: String = row.get("source")?;
    Ok(Round {
        id: row.parsed("id", "a round's id")?,
        plan: row.get("plan_id")?,
        plan_title: row.get("plan_title")?,
        office: row.get("office_id")?,
        office_name: row.get("office_name")?,
        name: row.get("name")?,
        due_on: row.get("due_on")?,
        first_due_on: row.get("first_due_on")?,
        from_on: row.get("from_on")?,
        to_on: row.get("to_on")?,
        source: Source::from_code(&source).ok_or_else(|| corrupt("source", &source))?,
        source_text: row.get("source_text")?,
        source_place: row.get("source_place")?,
        cooperating: row.get("cooperating")?,
        state: row.coded("state", RoundState::from_code)?,
        opened_by: row.get("opened_by")?,
        opened_on: row.get("opened_on")?,
        ended_on: row.get("ended_on")?,
        reason: row.get("reason")?,
        version: row.get("version")?,
    })
}
