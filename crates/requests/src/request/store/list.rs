//! The SQL of lists of cases.

mod cut;
mod governments;

pub use cut::{HITS_MAX, page, page_of};
pub use governments::{Governments, addressees_by_government};

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Sql, StoreError, Tx, containing, sql};

use super::super::state::State;
use super::super::{Channel, Kind, Request};
use super::{SELECT, from_row, paper_number, push_same_applicant};
use crate::fee::PlaceInMonth;
use crate::id::RequestId;
use crate::limit::Proof;
use crate::words;

/// Units that a choice offers.
const UNITS_MAX: i64 = 3_000;
/// Cases that stand beside one as similar, or of the same applicant.
pub const BESIDE_MAX: i64 = 10;
/// Among so many of the newest cases similar ones are looked for: the words are in no index, and older ones help less.
const SIMILAR_AMONG: i64 = 10_000;
/// Words of a description that similar cases are looked for with.
const WORDS_MAX: usize = 6;

/// What a list is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    pub kind: Option<Kind>,
    pub state: Option<State>,
    pub channel: Option<Channel>,
    pub organ: Option<OrganId>,
    pub due: Option<Due>,
    /// Part of the number, the applicant's name, the subject: what `words` keeps.
    pub text: String,
}

/// A narrowing by the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    Running,
    /// Past the due day.
    Over(Date),
    /// From the first day to the second.
    Between(Date, Date),
    /// Nobody at the desk has opened it.
    Unopened,
    /// Both sides have not confirmed yet that it was received.
    Unconfirmed,
}

/// The cases inside a scope. Ids that stand in the statement itself need no second table, and both databases plan with them.
pub(super) fn push_scope(statement: &mut Sql, scope: &Scope) {
    match scope {
        Scope::Organs { branches, .. } if !branches.is_empty() => {
            scope.push_organ(statement, "r.organ_id");
        }
        _ => scope.push_condition(statement, "r.organ_id", "r.organ_id"),
    }
}

fn push_states(statement: &mut Sql, states: &[State]) {
    statement
        .push("r.state IN ")
        .push_list(states.iter().map(|state| state.code()));
}

/// ` AND …` for each narrowing.
fn push_narrow(statement: &mut Sql, narrow: &Narrow) {
    if let Some(kind) = narrow.kind {
        statement.push(" AND r.kind = ").push_value(kind.code());
    }
    if let Some(state) = narrow.state {
        statement.push(" AND r.state = ").push_value(state.code());
    }
    if let Some(channel) = narrow.channel {
        statement
            .push(" AND r.channel = ")
            .push_value(channel.code());
    }
    if let Some(organ) = narrow.organ {
        statement.push(" AND r.organ_id = ").push_value(organ);
    }
    if let Some(due) = narrow.due {
        statement.push(" AND ");
        push_states(statement, State::running());
        match due {
            Due::Running => {}
            Due::Over(today) => {
                statement.push(" AND r.due_on < ").push_value(today);
            }
            Due::Between(from, to) => {
                statement
                    .push(" AND r.due_on >= ")
                    .push_value(from)
                    .push(" AND r.due_on <= ")
                    .push_value(to);
            }
            Due::Unopened => {
                statement.push(" AND r.opened_at IS NULL");
            }
            Due::Unconfirmed => {
                statement
                    .push(" AND r.state = ")
                    .push_value(State::Submitted.code());
            }
        }
    }
    if !narrow.text.is_empty() {
        push_text(statement, &narrow.text);
    }
}

/// Part of the number, the applicant's name, the subject: whatever the width and case of letters, on every database.
pub(super) fn push_text(statement: &mut Sql, text: &str) {
    statement
        .push(" AND (r.found_by LIKE ")
        .push_value(containing(&words::folded(text)))
        // Until a job has come to a case from before, as it was compared then.
        .push(" ESCAPE '!' OR (r.found_by = ''");
    let like = containing(text);
    let columns = ["number", "applicant_name", "subject", "other_number"];
    for (place, column) in columns.into_iter().enumerate() {
        statement
            .push(if place == 0 { " AND (r." } else { " OR r." })
            .push(column)
            .push(" LIKE ")
            .push_value(&like)
            .push(" ESCAPE '!'");
    }
    statement.push(")))");
}

async fn count(tx: &mut Tx, scope: &Scope, narrow: &Narrow) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM request r WHERE ");
    push_scope(&mut statement, scope);
    push_narrow(&mut statement, narrow);
    tx.one(statement).await?.get("n")
}

/// How many cases there are by the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub all: i64,
    pub running: i64,
    /// Past the due day.
    pub over: i64,
    /// Due from today to the day asked for.
    pub soon: i64,
    pub unopened: i64,
    pub unconfirmed: i64,
}

impl Counts {
    /// How many a list has that is narrowed by the clock alone, today and with the same day that is soon.
    #[must_use]
    pub fn of(&self, narrow: &Narrow) -> Option<i64> {
        let due = narrow.due;
        let by_clock = Narrow {
            due,
            ..Narrow::default()
        };
        (*narrow == by_clock).then_some(match due {
            None => self.all,
            Some(Due::Running) => self.running,
            Some(Due::Over(_)) => self.over,
            Some(Due::Between(..)) => self.soon,
            Some(Due::Unopened) => self.unopened,
            Some(Due::Unconfirmed) => self.unconfirmed,
        })
    }
}

/// All cases in the scope, and the running ones by their due days; `soon` is the last day that is soon.
///
/// # Errors
/// When the store fails.
pub async fn counts(
    tx: &mut Tx,
    scope: &Scope,
    (today, soon): (Date, Date),
) -> Result<Counts, StoreError> {
    let all = count(tx, scope, &Narrow::default()).await?;
    let mut statement = sql("SELECT COUNT(*) AS running, \
         CAST(COALESCE(SUM(CASE WHEN r.due_on < ");
    statement
        .push_value(today)
        .push(" THEN 1 ELSE 0 END), 0) AS BIGINT) AS over, \
             CAST(COALESCE(SUM(CASE WHEN r.due_on >= ")
        .push_value(today)
        .push(" AND r.due_on <= ")
        .push_value(soon)
        .push(" THEN 1 ELSE 0 END), 0) AS BIGINT) AS soon, \
             CAST(COALESCE(SUM(CASE WHEN r.opened_at IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS unopened, \
             CAST(COALESCE(SUM(CASE WHEN r.state = ")
        .push_value(State::Submitted.code())
        .push(" THEN 1 ELSE 0 END), 0) AS BIGINT) AS unconfirmed FROM request r WHERE ");
    push_scope(&mut statement, scope);
    statement.push(" AND ");
    push_states(&mut statement, State::running());
    let row = tx.one(statement).await?;
    Ok(Counts {
        all,
        running: row.get("running")?,
        over: row.get("over")?,
        soon: row.get("soon")?,
        unopened: row.get("unopened")?,
        unconfirmed: row.get("unconfirmed")?,
    })
}

/// Earlier cases of the same applicant, newest first, and how many there were since a day.
///
/// # Errors
/// When the store fails.
pub async fn same_applicant(
    tx: &mut Tx,
    scope: &Scope,
    request: &Request,
    since: i64,
) -> Result<(Vec<Request>, i64), StoreError> {
    let narrowed = |what: &'static str| {
        let mut statement = sql(what);
        scope.push_condition(&mut statement, "o.id", "o.path");
        statement
            .push(" AND r.id <> ")
            .push_value(request.id.to_string())
            .push(" AND ");
        push_same_applicant(&mut statement, &request.applicant);
        statement
    };
    let mut statement = narrowed(SELECT);
    statement
        .push(" ORDER BY r.submitted_at DESC LIMIT ")
        .push_value(BESIDE_MAX);
    let found = tx
        .all(statement)
        .await?
        .iter()
        .map(from_row)
        .collect::<Result<_, _>>()?;
    let mut counted =
        narrowed("SELECT COUNT(*) AS n FROM request r JOIN organ o ON o.id = r.organ_id WHERE ");
    counted.push(" AND r.submitted_at >= ").push_value(since);
    Ok((found, tx.one(counted).await?.get("n")?))
}

/// Which request of its applicant's natural month the case is: those of the same organ up to this one, by the day on which
/// they came in.
///
/// # Errors
/// When the store fails.
pub async fn place_in_month(
    tx: &mut Tx,
    request: &Request,
) -> Result<Option<PlaceInMonth>, StoreError> {
    let days = request.receipt.days;
    let Some(day) = request.received_on.or(days.submitted_on) else {
        return Ok(None);
    };
    let (first, last) = (day.first_of_month(), day.last_of_month());
    let mut statement = sql("SELECT r.id, r.number FROM request r WHERE r.kind = ");
    statement
        .push_value(Kind::Information.code())
        .push(" AND r.organ_id = ")
        .push_value(request.organ)
        .push(" AND ");
    push_same_applicant(&mut statement, &request.applicant);
    if paper_number(&request.applicant).is_none() {
        statement
            .push(" AND r.phone = ")
            .push_value(request.applicant.phone.as_str());
    }
    statement
        .push(" AND COALESCE(r.received_on, r.submitted_on) >= ")
        .push_value(first)
        .push(" AND COALESCE(r.received_on, r.submitted_on) <= ")
        .push_value(last)
        .push(" ORDER BY COALESCE(r.received_on, r.submitted_on), r.submitted_at, r.number");
    let own = request.id.to_string();
    let mut numbers = Vec::new();
    for row in tx.all(statement).await? {
        numbers.push(row.get("number")?);
        if row.get::<String>("id")? == own {
            return Ok(Some(PlaceInMonth { first, numbers }));
        }
    }
    Ok(None)
}

/// Earlier cases whose subject has words of this one, newest first.
///
/// # Errors
/// When the store fails.
pub async fn similar(
    tx: &mut Tx,
    scope: &Scope,
    request: &Request,
) -> Result<Vec<Request>, StoreError> {
    let pieces = crate::similar::words(&request.wish.subject, WORDS_MAX);
    if pieces.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = sql(SELECT);
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" AND r.id <> ")
        .push_value(request.id.to_string())
        .push(
            " AND r.submitted_at >= COALESCE((SELECT newest.submitted_at FROM request newest \
             ORDER BY newest.submitted_at DESC LIMIT 1 OFFSET ",
        )
        .push_value(SIMILAR_AMONG - 1)
        .push("), 0) AND (r.found_by = ''");
    // What a case is found by has more than its subject; which cases are alike, the subjects alone say.
    for piece in pieces {
        statement
            .push(" OR r.found_by LIKE ")
            .push_value(containing(&words::folded(&piece)))
            .push(" ESCAPE '!'");
    }
    statement
        .push(") ORDER BY r.submitted_at DESC LIMIT ")
        .push_value(20 * BESIDE_MAX);
    let found: Vec<Request> = tx
        .all(statement)
        .await?
        .iter()
        .map(from_row)
        .collect::<Result<_, _>>()?;
    Ok(crate::similar::nearest(
        &request.wish.subject,
        found,
        usize::try_from(BESIDE_MAX).unwrap_or(10),
    ))
}

/// Kinds of organs that act in their own name.
const ADDRESSED: [&str; 8] = [
    "government",
    "department",
    "direct_agency",
    "dispatched",
    "zone",
    "town",
    "street",
    "vertical",
];

/// The kinds that take a matter of this kind. Law: art. 47: complaints go to the 主管部门, a government's general office.
fn addressed(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Information | Kind::Correction => &ADDRESSED,
        Kind::Complaint => &["government"],
    }
}

/// The name of one of the [`addressees`].
///
/// # Errors
/// When the store fails.
pub async fn addressee(
    tx: &mut Tx,
    organ: OrganId,
    kind: Kind,
) -> Result<Option<String>, StoreError> {
    let found = addressee_with(tx, organ, kind).await?;
    Ok(found.map(|(name, _)| name))
}

/// As [`addressee`], with what it wants of applications over the net: by its own setting, or that of the nearest organ above.
///
/// # Errors
/// When the store fails.
pub async fn addressee_with(
    tx: &mut Tx,
    organ: OrganId,
    kind: Kind,
) -> Result<Option<(String, Proof)>, StoreError> {
    let mut statement = sql(
        "SELECT o.name, (SELECT l.proof FROM request_limit l JOIN organ a ON a.id = l.organ_id \
         WHERE o.path LIKE a.path || '%' ORDER BY LENGTH(a.path) DESC LIMIT 1) AS proof \
         FROM organ o WHERE o.status = 'active' AND o.kind IN ",
    );
    statement
        .push_list(addressed(kind).iter().copied())
        .push(" AND o.id = ")
        .push_value(organ);
    let Some(row) = tx.optional(statement).await? else {
        return Ok(None);
    };
    let proof: Option<String> = row.get("proof")?;
    let proof = proof.as_deref().and_then(Proof::from_code);
    Ok(Some((row.get("name")?, proof.unwrap_or(Proof::Later))))
}

/// Organs that take applications: in use, and acting in their own name (art. 27).
///
/// # Errors
/// When the store fails.
pub async fn addressees(tx: &mut Tx, kind: Kind) -> Result<Vec<(OrganId, String)>, StoreError> {
    let mut statement = sql("SELECT id, name FROM organ WHERE status = 'active' AND kind IN ");
    statement
        .push_list(addressed(kind).iter().copied())
        .push(" ORDER BY LENGTH(path), position, path LIMIT ")
        .push_value(UNITS_MAX);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("name")?)))
        .collect()
}

/// Ids of running cases after this one, for the night's work.
///
/// # Errors
/// When the store fails.
pub async fn running_after(
    tx: &mut Tx,
    after: Option<RequestId>,
    rows: i64,
) -> Result<Vec<RequestId>, StoreError> {
    let mut statement = sql("SELECT r.id FROM request r WHERE ");
    push_states(&mut statement, State::running());
    if let Some(after) = after {
        statement.push(" AND r.id > ").push_value(after.to_string());
    }
    statement.push(" ORDER BY r.id LIMIT ").push_value(rows);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| row.parsed("id", "an id"))
        .collect()
}

/// Units that may help with a case: every organ in use except villages.
///
/// # Errors
/// When the store fails.
pub async fn helpers(tx: &mut Tx) -> Result<Vec<(OrganId, String)>, StoreError> {
    let mut statement = sql(
        "SELECT id, name FROM organ WHERE status = 'active' AND kind NOT IN ('village', 'community') \
         ORDER BY LENGTH(path), position, path LIMIT ",
    );
    statement.push_value(UNITS_MAX);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("name")?)))
        .collect()
}

/// The organs inside a scope that have cases.
///
/// # Errors
/// When the store fails.
pub async fn organs(tx: &mut Tx, scope: &Scope) -> Result<Vec<(OrganId, String)>, StoreError> {
    // The least of an index costs one look for each organ; whether there is any row at all, PostgreSQL asks of all rows at once.
    let mut statement = sql("SELECT o.id, o.name FROM organ o WHERE \
         (SELECT MIN(r.submitted_at) FROM request r WHERE r.organ_id = o.id) IS NOT NULL AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" ORDER BY LENGTH(o.path), o.position, o.path LIMIT ")
        .push_value(UNITS_MAX);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("name")?)))
        .collect()
}
