//! The SQL of activities.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, containing, sql};

use super::{Activity, ActivityKind, Attendee, Words};
use crate::id::ActivityId;
use gongkai_platform::organ::reach::{Reach, store as reach};

const SELECT: &str =
    "SELECT a.*, o.name AS organ_name FROM activity a JOIN organ o ON o.id = a.organ_id WHERE ";
/// Ids in one list of a statement.
const IDS_AT_ONCE: usize = 200;

/// What a list is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    pub kind: Option<ActivityKind>,
    pub organ: Option<OrganId>,
    /// The days, ends included.
    pub within: Option<(Date, Date)>,
    /// Words of the title.
    pub text: String,
}

pub(super) async fn insert(tx: &mut Tx, activity: &Activity) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    let words = &activity.words;
    tx.run(
        sql("INSERT INTO activity (id, organ_id, kind, title, held_on, until_on, place, person, summary, outcome, recorded_by, version, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12)")
            .bind(activity.id.to_string())
            .bind(activity.organ)
            .bind(activity.kind.code())
            .bind(&words.title)
            .bind(words.held_on)
            .bind(words.until_on)
            .bind(&words.place)
            .bind(&words.person)
            .bind(&words.summary)
            .bind(&words.outcome)
            .bind(&activity.recorded_by)
            .bind(now),
    )
    .await?;
    set_attendees(tx, activity.id, &words.attendees).await
}

/// Did the organ do the same on that day already, as far as kind and title say?
pub(super) async fn is_known(
    tx: &mut Tx,
    (organ, kind): (OrganId, ActivityKind),
    words: &Words,
) -> Result<bool, StoreError> {
    let same = tx
        .optional(
            sql(
                "SELECT 1 AS one FROM activity WHERE organ_id = $1 AND kind = $2 AND held_on = $3 \
                 AND (title = $4 OR trim(title) = $5) AND removed_why IS NULL LIMIT 1",
            )
            .bind(organ)
            .bind(kind.code())
            .bind(words.held_on)
            .bind(&words.title)
            .bind(words.title.trim()),
        )
        .await?;
    Ok(same.is_some())
}

async fn set_attendees(
    tx: &mut Tx,
    id: ActivityId,
    attendees: &[Attendee],
) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM activity_attendee WHERE activity_id = $1").bind(id.to_string()))
        .await?;
    for (position, one) in (1_i64..).zip(attendees) {
        tx.run(
            sql("INSERT INTO activity_attendee (activity_id, position, name, unit, attended) VALUES ($1, $2, $3, $4, $5)")
                .bind(id.to_string())
                .bind(position)
                .bind(&one.name)
                .bind(&one.unit)
                .bind(one.attended),
        )
        .await?;
    }
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, activity: &Activity) -> Result<(), StoreError> {
    let words = &activity.words;
    tx.run_versioned(
        sql("UPDATE activity SET title = $1, held_on = $2, until_on = $3, place = $4, person = $5, summary = $6, outcome = $7, removed_why = $8, \
             version = version + 1 WHERE id = $9 AND version = $10")
            .bind(&words.title)
            .bind(words.held_on)
            .bind(words.until_on)
            .bind(&words.place)
            .bind(&words.person)
            .bind(&words.summary)
            .bind(&words.outcome)
            .bind(activity.removed_why.clone())
            .bind(activity.id.to_string())
            .bind(activity.version),
    )
    .await?;
    set_attendees(tx, activity.id, &words.attendees).await
}

/// One record with its list of attendance; also one that was taken off.
///
/// # Errors
/// When the store fails; what lies outside is `None`.
pub async fn load(
    tx: &mut Tx,
    within: &Reach,
    id: ActivityId,
) -> Result<Option<Activity>, StoreError> {
    let mut statement = sql(SELECT);
    reach::push(&mut statement, within);
    statement.push(" AND a.id = ").push_value(id.to_string());
    let Some(row) = tx.optional(statement).await? else {
        return Ok(None);
    };
    let mut found = vec![from_row(&row)?];
    add_attendees(tx, &mut found).await?;
    Ok(found.pop())
}

/// One page, newest first, with the lists of attendance.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    within: &Reach,
    narrow: &Narrow,
    (offset, rows): (i64, i64),
) -> Result<Vec<Activity>, StoreError> {
    let mut statement = sql(SELECT);
    push_narrow(&mut statement, within, narrow);
    statement
        .push(" ORDER BY a.held_on DESC, a.id DESC LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    let mut found = Vec::new();
    for row in tx.all(statement).await? {
        found.push(from_row(&row)?);
    }
    add_attendees(tx, &mut found).await?;
    Ok(found)
}

/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, within: &Reach, narrow: &Narrow) -> Result<i64, StoreError> {
    let mut statement =
        sql("SELECT COUNT(*) AS n FROM activity a JOIN organ o ON o.id = a.organ_id WHERE ");
    push_narrow(&mut statement, within, narrow);
    tx.one(statement).await?.get("n")
}

/// How many there are of each kind.
///
/// # Errors
/// When the store fails.
pub async fn kinds(
    tx: &mut Tx,
    within: &Reach,
    narrow: &Narrow,
) -> Result<BTreeMap<ActivityKind, i64>, StoreError> {
    let mut statement = sql(
        "SELECT a.kind, COUNT(*) AS n FROM activity a JOIN organ o ON o.id = a.organ_id WHERE ",
    );
    push_narrow(&mut statement, within, narrow);
    statement.push(" GROUP BY a.kind");
    let mut found = BTreeMap::new();
    for row in tx.all(statement).await? {
        found.insert(row.coded("kind", ActivityKind::from_code)?, row.get("n")?);
    }
    Ok(found)
}

/// These records, whoever asks; those taken off are among them.
///
/// # Errors
/// When the store fails.
pub async fn by_ids(tx: &mut Tx, ids: &[String]) -> Result<BTreeMap<String, Activity>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(IDS_AT_ONCE) {
        let mut statement = sql(SELECT);
        statement.push("a.id IN ").push_list(some.iter().cloned());
        for row in tx.all(statement).await? {
            found.push(from_row(&row)?);
        }
    }
    add_attendees(tx, &mut found).await?;
    Ok(found
        .into_iter()
        .map(|activity| (activity.id.to_string(), activity))
        .collect())
}

/// How many records of a kind an organ and everything below it made in a year, and the ids of some.
///
/// # Errors
/// When the store fails.
pub async fn figure(
    tx: &mut Tx,
    kind: ActivityKind,
    (organ, year): (OrganId, i16),
    refs: i64,
) -> Result<(i64, Vec<String>), StoreError> {
    let tables = |what: &'static str| {
        let mut statement = sql(what);
        statement
            .push(" FROM organ root JOIN organ o ON o.path LIKE root.path || '%' JOIN activity a ON a.organ_id = o.id \
                   WHERE a.removed_why IS NULL AND root.id = ")
            .push_value(organ)
            .push(" AND a.kind = ")
            .push_value(kind.code())
            .push(" AND a.held_on >= ")
            .push_value(format!("{year:04}-01-01"))
            .push(" AND a.held_on <= ")
            .push_value(format!("{year:04}-12-31"));
        statement
    };
    let n = tx.one(tables("SELECT COUNT(*) AS n")).await?.get("n")?;
    let mut some = tables("SELECT a.id AS id");
    some.push(" ORDER BY a.held_on DESC, a.id LIMIT ")
        .push_value(refs);
    let ids = tx
        .all(some)
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect::<Result<_, _>>()?;
    Ok((n, ids))
}

async fn add_attendees(tx: &mut Tx, activities: &mut [Activity]) -> Result<(), StoreError> {
    let ids: Vec<String> = activities.iter().map(|one| one.id.to_string()).collect();
    let mut found: BTreeMap<String, Vec<Attendee>> = BTreeMap::new();
    for some in ids.chunks(IDS_AT_ONCE) {
        let mut statement = sql("SELECT * FROM activity_attendee WHERE activity_id IN ");
        statement
            .push_list(some.iter().cloned())
            .push(" ORDER BY activity_id, position");
        for row in tx.all(statement).await? {
            let of = found.entry(row.get("activity_id")?).or_default();
            of.push(Attendee {
                name: row.get("name")?,
                unit: row.get("unit")?,
                attended: row.get("attended")?,
            });
        }
    }
    for activity in activities {
        let own = found.remove(&activity.id.to_string());
        activity.words.attendees = own.unwrap_or_default();
    }
    Ok(())
}

fn push_narrow(statement: &mut Sql, within: &Reach, narrow: &Narrow) {
    reach::push(statement, within);
    statement.push(" AND a.removed_why IS NULL");
    if let Some(kind) = narrow.kind {
        statement.push(" AND a.kind = ").push_value(kind.code());
    }
    if let Some(organ) = narrow.organ {
        statement.push(" AND a.organ_id = ").push_value(organ);
    }
    if let Some((from, to)) = narrow.within {
        statement
            .push(" AND a.held_on >= ")
            .push_value(from)
            .push(" AND a.held_on <= ")
            .push_value(to);
    }
    if !narrow.text.is_empty() {
        statement
            .push(" AND a.title LIKE ")
            .push_value(containing(&narrow.text))
            .push(" ESCAPE '!'");
    }
}

fn from_row(row: &Row) -> Result<Activity, StoreError> {
    Ok(Activity {
        id: row.parsed("id", "an id")?,
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        kind: row.coded("kind", ActivityKind::from_code)?,
        words: Words {
            title: row.get("title")?,
            held_on: row.get("held_on")?,
            until_on: row.get("until_on")?,
            place: row.get("place")?,
            person: row.get("person")?,
            summary: row.get("summary")?,
            outcome: row.get("outcome")?,
            attendees: Vec::new(),
        },
        removed_why: row.get("removed_why")?,
        recorded_by: row.get("recorded_by")?,
        version: row.get("version")?,
    })
}
