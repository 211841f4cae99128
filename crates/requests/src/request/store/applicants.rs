//! The SQL of applicants who applied more than once (重复申请、批量申请). Whoever's data were erased is in no list: neither name
//! nor number tells any more who that was.

use std::collections::BTreeMap;

use gongkai_platform::access::Scope;
use gongkai_platform::db::{Sql, StoreError, Tx, sql};

use super::list::push_scope;
use super::{key_of, key_of_all};
use crate::id::RequestId;
use crate::words;

/// Cases that are looked at for what was asked for more than once.
const CASES_MAX: i64 = 5_000;

/// From when cases are counted, and from when those of this month; milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    pub year: i64,
    pub month: i64,
}

/// Somebody who applied more than once: one name with one paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applicant {
    pub name: String,
    /// Applications within the last twelve months, and within this month.
    pub n: i64,
    pub of_month: i64,
    /// Those that ask for what another one of them asked for.
    pub again: usize,
    /// The newest one, with its number.
    pub newest: Option<(RequestId, String)>,
}

/// As the index has them, word for word.
const LIVING: &str =
    " AND r.kind = 'information' AND r.erased_on IS NULL AND r.identity_erased_on IS NULL";

fn push_groups(statement: &mut Sql, scope: &Scope, since: Since) {
    statement.push(" FROM request r WHERE ");
    push_scope(statement, scope);
    statement
        .push(LIVING)
        .push(" AND r.submitted_at >= ")
        .push_value(since.year)
        .push(" GROUP BY r.applicant_key, r.applicant_name HAVING COUNT(*) > 1");
}

/// How many there are.
///
/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, scope: &Scope, since: Since) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM (SELECT r.applicant_key");
    push_groups(&mut statement, scope, since);
    statement.push(") found");
    tx.one(statement).await?.get("n")
}

/// One page: those with the most applications first.
///
/// # Errors
/// When the store fails.
pub async fn page(
    tx: &mut Tx,
    scope: &Scope,
    since: Since,
    (offset, rows): (i64, i64),
) -> Result<Vec<Applicant>, StoreError> {
    let mut statement = sql("SELECT r.applicant_key, r.applicant_name, COUNT(*) AS n, \
         MAX(r.submitted_at) AS newest_at, CAST(SUM(CASE WHEN r.submitted_at >= ");
    statement
        .push_value(since.month)
        .push(" THEN 1 ELSE 0 END) AS BIGINT) AS of_month");
    push_groups(&mut statement, scope, since);
    statement
        .push(" ORDER BY n DESC, newest_at DESC, r.applicant_key, r.applicant_name LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    let mut keys = Vec::new();
    let mut found = Vec::new();
    for row in tx.all(statement).await? {
        let key: String = row.get("applicant_key")?;
        keys.push(key.clone());
        found.push((
            key,
            Applicant {
                name: row.get("applicant_name")?,
                n: row.get("n")?,
                of_month: row.get("of_month")?,
                again: 0,
                newest: None,
            },
        ));
    }
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let asked = asked(tx, scope, since, keys).await?;
    Ok(found
        .into_iter()
        .map(
            |(key, applicant)| match asked.get(&(key, applicant.name.clone())) {
                None => applicant,
                Some(asked) => Applicant {
                    again: asked.again(),
                    newest: asked.newest.clone(),
                    ..applicant
                },
            },
        )
        .collect())
}

/// What one applicant asked for.
#[derive(Debug, Default)]
struct Asked {
    newest: Option<(RequestId, String)>,
    /// How often each thing, folded.
    subjects: BTreeMap<String, usize>,
}

impl Asked {
    fn again(&self) -> usize {
        let more = self.subjects.values().map(|times| times.saturating_sub(1));
        more.sum()
    }
}

/// By key and name, newest first.
async fn asked(
    tx: &mut Tx,
    scope: &Scope,
    since: Since,
    keys: Vec<String>,
) -> Result<BTreeMap<(String, String), Asked>, StoreError> {
    let mut statement = sql(
        "SELECT r.id, r.number, r.applicant_key, r.applicant_name, r.subject FROM request r WHERE ",
    );
    push_scope(&mut statement, scope);
    statement
        .push(LIVING)
        .push(" AND r.submitted_at >= ")
        .push_value(since.year)
        .push(" AND r.applicant_key IN ")
        .push_list(keys)
        .push(" ORDER BY r.submitted_at DESC, r.id DESC LIMIT ")
        .push_value(CASES_MAX);
    let mut all: BTreeMap<(String, String), Asked> = BTreeMap::new();
    for row in tx.all(statement).await? {
        let who = (row.get("applicant_key")?, row.get("applicant_name")?);
        let (id, number) = (row.parsed("id", "an id")?, row.get("number")?);
        let subject: String = row.get("subject")?;
        let one = all.entry(who).or_default();
        one.newest.get_or_insert((id, number));
        let subject = words::folded(subject.trim());
        if !subject.is_empty() {
            *one.subjects.entry(subject).or_default() += 1;
        }
    }
    Ok(all)
}

/// Gives the next cases after this id, in the order of ids, that have the key of all the key of their own applicant; gives the
/// last id that was looked at, and how many were changed. Whoever's data were erased keeps its key: the name that it would be
/// made of is gone.
///
/// # Errors
/// When the store fails.
pub(in crate::request) async fn rekey_after(
    tx: &mut Tx,
    last: &str,
    rows: i64,
) -> Result<(Option<String>, u64), StoreError> {
    let mut statement = sql(
        "SELECT r.id, r.applicant_name, r.paper_number FROM request r WHERE r.applicant_key = ",
    );
    statement
        .push_value(key_of_all())
        .push(" AND r.erased_on IS NULL AND r.identity_erased_on IS NULL AND r.id > ")
        .push_value(last)
        .push(" ORDER BY r.id LIMIT ")
        .push_value(rows);
    let (mut end, mut changed) = (None, 0);
    for row in tx.all(statement).await? {
        let id: String = row.get("id")?;
        let (name, number): (String, String) =
            (row.get("applicant_name")?, row.get("paper_number")?);
        changed += tx
            .run(
                sql("UPDATE request SET applicant_key = $1 WHERE id = $2 AND applicant_key = $3")
                    .bind(key_of(&number, &name))
                    .bind(&id)
                    .bind(key_of_all()),
            )
            .await?;
        end = Some(id);
    }
    Ok((end, changed))
}
