//! The audit chain: every change of state leaves one event, and each event's hash covers the one before it.
//!
//! Events are written last in their transaction, so that the chain's head is locked only for an instant.

mod export;
mod noun;
mod pages;
#[cfg(test)]
mod tests;

use gongkai_basis::{Actor, id::OrganId};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::db::{DbKind, Row, Sql, StoreError, Tx, Value, containing, sql};

pub use pages::{nav, routes};

/// The hash before the first event.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// Rows that `verify` takes at once.
const VERIFY_ROWS: i64 = 2_000;

/// What happened, to what, by whom. `sentence` is what people read; `data` holds the facts as JSON.
#[derive(Debug, Clone)]
pub struct Event {
    pub actor: Actor,
    /// Stable dotted code, such as `task.amended`.
    pub kind: &'static str,
    /// The noun and the id of the thing that changed, such as `("task", id)`.
    pub subject: (&'static str, String),
    /// The organ whose business it is, where there is one.
    pub organ: Option<OrganId>,
    pub sentence: String,
    pub data: serde_json::Value,
}

impl Event {
    #[must_use]
    pub fn new(
        actor: &Actor,
        kind: &'static str,
        subject: (&'static str, String),
        sentence: impl Into<String>,
    ) -> Self {
        Self {
            actor: actor.clone(),
            kind,
            subject,
            organ: None,
            sentence: sentence.into(),
            data: serde_json::Value::Null,
        }
    }

    #[must_use]
    pub fn organ(mut self, organ: OrganId) -> Self {
        self.organ = Some(organ);
        self
    }

    #[must_use]
    pub fn data(mut self, data: serde_json::Value) -> Self {
        self.data = data;
        self
    }
}

/// An event as it stands in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub seq: i64,
    /// Milliseconds since 1970, UTC.
    pub at: i64,
    pub actor_id: Option<String>,
    pub actor_name: String,
    pub kind: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub organ_id: Option<String>,
    pub sentence: String,
    /// JSON text, exactly as hashed.
    pub data: String,
    pub previous_hash: String,
    pub hash: String,
}

impl Recorded {
    #[must_use]
    pub fn time(&self) -> Timestamp {
        Timestamp::from_millisecond(self.at).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// SHA-256 in hex over all fields, each with its length before it, beginning with the previous hash.
    #[must_use]
    pub fn computed_hash(&self) -> String {
        let mut hasher = Sha256::new();
        let (seq, at) = (self.seq.to_string(), self.at.to_string());
        for field in [
            self.previous_hash.as_str(),
            &seq,
            &at,
            self.actor_id.as_deref().unwrap_or(""),
            &self.actor_name,
            &self.kind,
            &self.subject_kind,
            &self.subject_id,
            self.organ_id.as_deref().unwrap_or(""),
            &self.sentence,
            &self.data,
        ] {
            hasher.update((field.len() as u64).to_be_bytes());
            hasher.update(field.as_bytes());
        }
        hex::encode(hasher.finalize())
    }

    /// In the order of the columns.
    fn into_values(self) -> [Value; 12] {
        [
            self.seq.into(),
            self.at.into(),
            self.actor_id.into(),
            self.actor_name.into(),
            self.kind.into(),
            self.subject_kind.into(),
            self.subject_id.into(),
            self.organ_id.into(),
            self.sentence.into(),
            self.data.into(),
            self.previous_hash.into(),
            self.hash.into(),
        ]
    }

    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            seq: row.get("seq")?,
            at: row.get("at")?,
            actor_id: row.get("actor_id")?,
            actor_name: row.get("actor_name")?,
            kind: row.get("kind")?,
            subject_kind: row.get("subject_kind")?,
            subject_id: row.get("subject_id")?,
            organ_id: row.get("organ_id")?,
            sentence: row.get("sentence")?,
            data: row.get("data")?,
            previous_hash: row.get("previous_hash")?,
            hash: row.get("hash")?,
        })
    }
}

/// Puts the events into the chain; they go with the commit.
pub(crate) async fn append(tx: &mut Tx, events: Vec<Event>) -> Result<(), StoreError> {
    let mut head = sql("SELECT seq, hash FROM event_head WHERE id = 1");
    if tx.kind() == DbKind::Postgres {
        head.push(" FOR UPDATE");
    }
    let head = tx.one(head).await?;
    let (mut seq, mut hash): (i64, String) = (head.get("seq")?, head.get("hash")?);
    let at = tx.now().as_millisecond();
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        seq += 1;
        let mut row = Recorded {
            seq,
            at,
            actor_id: event.actor.account().map(|id| id.to_string()),
            actor_name: event.actor.name().to_owned(),
            kind: event.kind.to_owned(),
            subject_kind: event.subject.0.to_owned(),
            subject_id: event.subject.1,
            organ_id: event.organ.map(|id| id.to_string()),
            sentence: event.sentence,
            data: event.data.to_string(),
            previous_hash: hash,
            hash: String::new(),
        };
        row.hash = row.computed_hash();
        hash = row.hash.clone();
        rows.push(row.into_values());
    }
    tx.insert(
        "INSERT INTO event (seq, at, actor_id, actor_name, kind, subject_kind, subject_id, organ_id, sentence, data, previous_hash, hash)",
        rows,
        "",
    )
    .await?;
    tx.run(
        sql("UPDATE event_head SET seq = $1, hash = $2 WHERE id = 1")
            .bind(seq)
            .bind(hash),
    )
    .await?;
    Ok(())
}

/// What `verify` found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The chain is whole; the number of events and the last hash.
    Whole { events: i64, head: String },
    /// The first event that does not fit, and why.
    Broken { seq: i64, why: &'static str },
}

/// Recomputes the whole chain.
///
/// # Errors
/// When the store cannot be read.
pub async fn verify(tx: &mut Tx) -> Result<Verdict, StoreError> {
    let (mut expected, mut previous) = (1_i64, GENESIS.to_owned());
    loop {
        let rows = page(tx, expected - 1, VERIFY_ROWS).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if row.seq != expected {
                return Ok(Verdict::Broken {
                    seq: expected,
                    why: "事件缺失",
                });
            }
            if row.previous_hash != previous {
                return Ok(Verdict::Broken {
                    seq: row.seq,
                    why: "与前一事件的校验值不衔接",
                });
            }
            if row.computed_hash() != row.hash {
                return Ok(Verdict::Broken {
                    seq: row.seq,
                    why: "内容与校验值不符",
                });
            }
            previous = row.hash;
            expected += 1;
        }
    }
    let head = tx
        .one(sql("SELECT seq, hash FROM event_head WHERE id = 1"))
        .await?;
    if head.get::<i64>("seq")? != expected - 1 || head.get::<String>("hash")? != previous {
        return Ok(Verdict::Broken {
            seq: expected,
            why: "链尾与记录不符，末尾事件可能被删除",
        });
    }
    Ok(Verdict::Whole {
        events: expected - 1,
        head: previous,
    })
}

/// The newest event's sequence number and hash; 0 and [`GENESIS`] before the first.
///
/// # Errors
/// When the store cannot be read.
pub async fn newest(tx: &mut Tx) -> Result<(i64, String), StoreError> {
    let head = tx
        .one(sql("SELECT seq, hash FROM event_head WHERE id = 1"))
        .await?;
    Ok((head.get("seq")?, head.get("hash")?))
}

/// Events after a sequence number, oldest first.
///
/// # Errors
/// When the store cannot be read.
pub async fn page(tx: &mut Tx, after: i64, rows: i64) -> Result<Vec<Recorded>, StoreError> {
    tx.all(
        sql("SELECT * FROM event WHERE seq > $1 ORDER BY seq LIMIT $2")
            .bind(after)
            .bind(rows),
    )
    .await?
    .iter()
    .map(Recorded::from_row)
    .collect()
}

/// The time line of one thing, newest first.
///
/// # Errors
/// When the store cannot be read.
pub async fn about(
    tx: &mut Tx,
    subject_kind: &str,
    subject_id: &str,
    rows: i64,
) -> Result<Vec<Recorded>, StoreError> {
    tx.all(
        sql("SELECT * FROM event WHERE subject_kind = $1 AND subject_id = $2 ORDER BY seq DESC LIMIT $3")
            .bind(subject_kind)
            .bind(subject_id)
            .bind(rows),
    )
    .await?
    .iter()
    .map(Recorded::from_row)
    .collect()
}

/// What happened to any of several things of one kind, newest first, at most `rows` of all together.
///
/// # Errors
/// When the store fails.
pub async fn about_any(
    tx: &mut Tx,
    subject_kind: &str,
    ids: &[String],
    rows: i64,
) -> Result<Vec<Recorded>, StoreError> {
    let mut newest: Vec<Recorded> = Vec::new();
    for some in ids.chunks(SUBJECTS_AT_ONCE) {
        let mut statement = sql("SELECT * FROM event WHERE subject_kind = $1 AND subject_id IN ")
            .bind(subject_kind);
        statement
            .push_list(some.iter().cloned())
            .push(" ORDER BY seq DESC LIMIT ")
            .push_value(rows);
        for row in tx.all(statement).await? {
            newest.push(Recorded::from_row(&row)?);
        }
    }
    newest.sort_by_key(|event| std::cmp::Reverse(event.seq));
    newest.truncate(usize::try_from(rows).unwrap_or(0));
    Ok(newest)
}

/// Things whose events one statement looks for.
const SUBJECTS_AT_ONCE: usize = 500;

/// The time line of one thing narrowed to some kinds, newest first.
///
/// # Errors
/// When the store cannot be read.
pub async fn about_only(
    tx: &mut Tx,
    (subject_kind, subject_id): (&str, &str),
    kinds: &[&str],
    rows: i64,
) -> Result<Vec<Recorded>, StoreError> {
    let mut statement =
        sql("SELECT * FROM event WHERE subject_kind = $1 AND subject_id = $2 AND kind IN ")
            .bind(subject_kind)
            .bind(subject_id);
    statement
        .push_list(kinds.iter().copied())
        .push(" ORDER BY seq DESC LIMIT ")
        .push_value(rows);
    tx.all(statement)
        .await?
        .iter()
        .map(Recorded::from_row)
        .collect()
}

/// How many events of one kind one thing has.
///
/// # Errors
/// When the store cannot be read.
pub async fn count_of(
    tx: &mut Tx,
    (subject_kind, subject_id): (&str, &str),
    kind: &str,
) -> Result<i64, StoreError> {
    let statement = sql(
        "SELECT COUNT(*) AS n FROM event WHERE subject_kind = $1 AND subject_id = $2 AND kind = $3",
    );
    let statement = statement.bind(subject_kind).bind(subject_id).bind(kind);
    tx.one(statement).await?.get("n")
}

/// Which events the audit administrator looks for; empty fields do not filter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub actor: String,
    /// What the codes begin with, such as `account.`.
    pub kind: String,
    /// Words in the sentence.
    pub text: String,
    /// Milliseconds since 1970, from and before.
    pub from: Option<i64>,
    pub before: Option<i64>,
}

impl Filter {
    fn is_empty(&self) -> bool {
        self.actor.is_empty()
            && self.kind.is_empty()
            && self.text.is_empty()
            && self.from.is_none()
            && self.before.is_none()
    }

    /// Appends ` WHERE …`.
    fn narrow(&self, mut statement: Sql) -> Sql {
        statement.push(" WHERE 1 = 1");
        if !self.actor.is_empty() {
            holds(&mut statement, " AND lower(actor_name)", &self.actor);
        }
        if !self.kind.is_empty() {
            // A pattern for what contains it, without the sign before.
            let beginning = containing(&self.kind).split_off(1);
            statement
                .push(" AND kind LIKE ")
                .push_value(beginning)
                .push(" ESCAPE '!'");
        }
        if !self.text.is_empty() {
            holds(&mut statement, " AND lower(sentence)", &self.text);
        }
        if let Some(from) = self.from {
            statement.push(" AND at >= ").push_value(from);
        }
        if let Some(before) = self.before {
            statement.push(" AND at < ").push_value(before);
        }
        statement
    }
}

/// Latin letters of either size are the same, as a lone `LIKE` has it on one database only. Both sides are made small by the
/// database: none makes small what the other leaves, such as Ⅱ.
fn holds(statement: &mut Sql, column: &'static str, text: &str) {
    statement
        .push(column)
        .push(" LIKE lower(")
        .push_value(containing(text))
        .push(") ESCAPE '!'");
}

/// One page of the chain, newest first, and the count of all that match.
///
/// # Errors
/// When the store cannot be read.
pub async fn search(
    tx: &mut Tx,
    filter: &Filter,
    offset: i64,
    rows: i64,
) -> Result<(Vec<Recorded>, i64), StoreError> {
    // The chain has no gaps, so its head is its length: the unfiltered page counts nothing.
    let total = if filter.is_empty() {
        head(tx).await?
    } else {
        tx.one(filter.narrow(sql("SELECT COUNT(*) AS n FROM event")))
            .await?
            .get("n")?
    };
    let mut list = filter.narrow(sql("SELECT * FROM event"));
    list.push(" ORDER BY seq DESC LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    Ok((recorded(tx, list).await?, total))
}

/// Events that match, oldest first, after one sequence number and up to another.
///
/// # Errors
/// When the store cannot be read.
pub async fn search_after(
    tx: &mut Tx,
    filter: &Filter,
    after: i64,
    last: i64,
    rows: i64,
) -> Result<Vec<Recorded>, StoreError> {
    let mut list = filter.narrow(sql("SELECT * FROM event"));
    list.push(" AND seq > ").push_value(after);
    list.push(" AND seq <= ").push_value(last);
    list.push(" ORDER BY seq LIMIT ").push_value(rows);
    recorded(tx, list).await
}

/// The sequence number of the last event.
///
/// # Errors
/// When the store cannot be read.
pub async fn head(tx: &mut Tx) -> Result<i64, StoreError> {
    tx.one(sql("SELECT seq FROM event_head WHERE id = 1"))
        .await?
        .get("seq")
}

async fn recorded(tx: &mut Tx, statement: Sql) -> Result<Vec<Recorded>, StoreError> {
    tx.all(statement)
        .await?
        .iter()
        .map(Recorded::from_row)
        .collect()
}
