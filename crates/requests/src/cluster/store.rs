//! The SQL of clusters.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::{APPLICANTS_MIN, Cluster, ELSEWHERE, Published, State};
use crate::id::{RequestId, SuggestionId};
use crate::publication::Keep;
use crate::publication::store::push_releases;
use crate::request::Request;
use crate::request::store::from_row as request;

const SELECT: &str = "SELECT c.*, o.name AS organ_name, w.name AS owner_name FROM request_cluster c \
     JOIN organ o ON o.id = c.organ_id LEFT JOIN organ w ON w.id = c.owner_id WHERE ";
/// Published clusters that one statement reads.
const PUBLISHED_AT_ONCE: i64 = 500;
/// Clusters of one organ that a case is compared with: the newest.
const LEADERS_MAX: i64 = 5_000;

/// A case that may count: asked for information, and running or answered with content; not refused, withdrawn, or public
/// before.
fn push_counts(statement: &mut Sql) {
    statement.push(
        "r.kind = 'information' AND ((r.result_row IS NULL AND r.closed_on IS NULL) OR r.reply IN ",
    );
    push_releases(statement);
    statement.push(")");
}

fn published_of(row: &Row) -> Result<Option<Published>, StoreError> {
    let path: String = row.get("record_path")?;
    if path.is_empty() {
        return Ok(None);
    }
    let id: String = row.get("id")?;
    let kind: String = row.get("record_kind")?;
    let of = if kind.is_empty() {
        Ref {
            kind: ELSEWHERE.to_owned(),
            id,
        }
    } else {
        Ref {
            kind,
            id: row.get("record_id")?,
        }
    };
    Ok(Some(Published {
        subject: row.get("subject")?,
        organ: (row.get("organ_id")?, row.get("organ_name")?),
        of,
        title: row.get("record_title")?,
        path,
        on: row.get("published_on")?,
    }))
}

fn cluster(row: &Row) -> Result<Cluster, StoreError> {
    let owner: Option<OrganId> = row.get("owner_id")?;
    let ground: String = row.get("ground")?;
    Ok(Cluster {
        id: row.parsed("id", "an id")?,
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        subject: row.get("subject")?,
        state: row.coded("state", State::from_code)?,
        requests: row.get("requests")?,
        applicants: row.get("applicants")?,
        arisen_on: row.get("arisen_on")?,
        due_on: row.get("due_on")?,
        owner: match owner {
            Some(id) => Some((id, row.get("owner_name")?)),
            None => None,
        },
        ground: Keep::from_code(&ground),
        why: row.get("why")?,
        decided_by: row.get("decided_by")?,
        decided_on: row.get("decided_on")?,
        published: published_of(row)?,
        version: row.get("version")?,
    })
}

/// A suggestion of an organ inside the scope.
///
/// # Errors
/// When the store fails.
pub async fn load(
    tx: &mut Tx,
    scope: &Scope,
    id: SuggestionId,
) -> Result<Option<Cluster>, StoreError> {
    let mut statement = sql(SELECT);
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement.push(" AND c.id = ").push_value(id.to_string());
    tx.optional(statement)
        .await?
        .as_ref()
        .map(cluster)
        .transpose()
}

fn push_suggestions(statement: &mut Sql, scope: &Scope, state: Option<State>) {
    scope.push_condition(statement, "o.id", "o.path");
    // What was decided stays, also when fewer cases count today.
    statement
        .push(" AND c.arisen_on IS NOT NULL AND (c.applicants >= ")
        .push_value(APPLICANTS_MIN)
        .push(" OR c.state <> 'open')");
    if let Some(state) = state {
        statement.push(" AND c.state = ").push_value(state.code());
    }
}

/// One page of suggestions: what is due first, then what most people asked for.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    state: Option<State>,
    (offset, rows): (i64, i64),
) -> Result<Vec<Cluster>, StoreError> {
    let mut statement = sql(SELECT);
    push_suggestions(&mut statement, scope, state);
    statement
        .push(" ORDER BY CASE c.state WHEN 'open' THEN 0 WHEN 'adopted' THEN 0 ELSE 1 END, c.due_on, c.applicants DESC, c.id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(cluster).collect()
}

/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, scope: &Scope, state: Option<State>) -> Result<i64, StoreError> {
    let mut statement =
        sql("SELECT COUNT(*) AS n FROM request_cluster c JOIN organ o ON o.id = c.organ_id WHERE ");
    push_suggestions(&mut statement, scope, state);
    tx.one(statement).await?.get("n")
}

/// The cases of a suggestion, newest first.
///
/// # Errors
/// When the store fails.
pub async fn cases(
    tx: &mut Tx,
    scope: &Scope,
    id: SuggestionId,
    (offset, rows): (i64, i64),
) -> Result<Vec<Request>, StoreError> {
    let mut statement = sql(
        "SELECT r.*, o.name AS organ_name FROM request_cluster_case m JOIN request r ON r.id = m.request_id \
         JOIN organ o ON o.id = r.organ_id WHERE ",
    );
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" AND m.cluster_id = ")
        .push_value(id.to_string())
        .push(" ORDER BY r.submitted_at DESC, r.id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(request).collect()
}

/// How many cases are in a cluster, those that count no longer included.
///
/// # Errors
/// When the store fails.
pub async fn members(tx: &mut Tx, id: SuggestionId) -> Result<i64, StoreError> {
    tx.one(
        sql("SELECT COUNT(*) AS n FROM request_cluster_case WHERE cluster_id = $1")
            .bind(id.to_string()),
    )
    .await?
    .get("n")
}

/// The suggestion that a case belongs to, once it is one.
///
/// # Errors
/// When the store fails.
pub async fn of_case(
    tx: &mut Tx,
    scope: &Scope,
    id: RequestId,
) -> Result<Option<Cluster>, StoreError> {
    let mut statement = sql(SELECT);
    push_suggestions(&mut statement, scope, None);
    statement
        .push(" AND c.id = (SELECT m.cluster_id FROM request_cluster_case m WHERE m.request_id = ")
        .push_value(id.to_string())
        .push(")");
    tx.optional(statement)
        .await?
        .as_ref()
        .map(cluster)
        .transpose()
}

/// What was published because of clusters, newest first.
///
/// # Errors
/// When the store fails.
pub async fn published(tx: &mut Tx) -> Result<Vec<Published>, StoreError> {
    published_by(tx, PUBLISHED_AT_ONCE).await
}

/// As [`published`], so many by each statement.
///
/// # Errors
/// When the store fails.
pub(crate) async fn published_by(tx: &mut Tx, at_once: i64) -> Result<Vec<Published>, StoreError> {
    let mut all = Vec::new();
    let mut offset: i64 = 0;
    loop {
        let mut statement = sql(SELECT);
        statement
            .push("c.state = 'published' ORDER BY c.published_on DESC, c.id LIMIT ")
            .push_value(at_once)
            .push(" OFFSET ")
            .push_value(offset);
        let rows = tx.all(statement).await?;
        let found: Result<Vec<_>, _> = rows.iter().map(published_of).collect();
        all.extend(found?.into_iter().flatten());
        if i64::try_from(rows.len()).unwrap_or(i64::MAX) < at_once {
            return Ok(all);
        }
        offset += at_once;
    }
}

/// What was published elsewhere because of this cluster.
///
/// # Errors
/// When the store fails.
pub async fn published_as(tx: &mut Tx, id: &str) -> Result<Option<Published>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("c.state = 'published' AND c.record_kind = '' AND c.id = ")
        .push_value(id);
    let row = tx.optional(statement).await?;
    Ok(row.as_ref().map(published_of).transpose()?.flatten())
}

/// Cases that count and are in no cluster, oldest first, submitted after this instant (milliseconds).
///
/// # Errors
/// When the store fails.
pub async fn ungathered(tx: &mut Tx, since: i64, rows: i64) -> Result<Vec<Request>, StoreError> {
    let mut statement = sql(
        "SELECT r.*, o.name AS organ_name FROM request r JOIN organ o ON o.id = r.organ_id WHERE r.submitted_at >= ",
    );
    statement.push_value(since).push(" AND ");
    push_counts(&mut statement);
    statement
        .push(" AND NOT EXISTS (SELECT 1 FROM request_cluster_case m WHERE m.request_id = r.id) ORDER BY r.submitted_at, r.id LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(request).collect()
}

/// Does this case count, and is in no cluster?
///
/// # Errors
/// When the store fails.
pub async fn is_ungathered(tx: &mut Tx, id: RequestId) -> Result<bool, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM request r WHERE r.id = ");
    statement.push_value(id.to_string()).push(" AND ");
    push_counts(&mut statement);
    statement
        .push(" AND NOT EXISTS (SELECT 1 FROM request_cluster_case m WHERE m.request_id = r.id)");
    Ok(tx.one(statement).await?.get::<i64>("n")? > 0)
}

/// Id and subject of an organ's newest clusters.
///
/// # Errors
/// When the store fails.
pub async fn leaders(
    tx: &mut Tx,
    organ: OrganId,
) -> Result<Vec<(SuggestionId, String)>, StoreError> {
    let rows = tx
        .all(
            sql("SELECT id, subject FROM request_cluster WHERE organ_id = $1 ORDER BY last_at DESC, id LIMIT $2")
                .bind(organ)
                .bind(LEADERS_MAX),
        )
        .await?;
    rows.iter()
        .map(|row| Ok((row.parsed("id", "an id")?, row.get("subject")?)))
        .collect()
}

/// A cluster of one case, which is no suggestion yet.
///
/// # Errors
/// When the store fails.
pub async fn begin(
    tx: &mut Tx,
    id: SuggestionId,
    organ: OrganId,
    subject: &str,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO request_cluster (id, organ_id, subject, state, requests, applicants, ground, why, decided_by, \
             record_kind, record_id, record_title, record_path, version, last_at) \
             VALUES ($1, $2, $3, 'open', 0, 0, '', '', '', '', '', '', '', 1, $4)")
            .bind(id.to_string())
            .bind(organ)
            .bind(subject)
            .bind(now),
    )
    .await?;
    Ok(())
}

/// # Errors
/// When the store fails.
pub async fn join(tx: &mut Tx, id: SuggestionId, case: &Request) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO request_cluster_case (request_id, cluster_id) VALUES ($1, $2) ON CONFLICT (request_id) DO NOTHING")
            .bind(case.id.to_string())
            .bind(id.to_string()),
    )
    .await?;
    tx.run(
        sql("UPDATE request_cluster SET last_at = $1 WHERE id = $2")
            .bind(case.submitted_at)
            .bind(id.to_string()),
    )
    .await?;
    Ok(())
}

/// How many cases of a cluster count, and from how many people.
///
/// # Errors
/// When the store fails.
pub async fn counted(tx: &mut Tx, id: SuggestionId) -> Result<(i64, i64), StoreError> {
    let mut statement = sql(
        "SELECT COUNT(*) AS n, COUNT(DISTINCT r.applicant_key) AS people FROM request_cluster_case m \
         JOIN request r ON r.id = m.request_id WHERE m.cluster_id = ",
    );
    statement.push_value(id.to_string()).push(" AND ");
    push_counts(&mut statement);
    let row = tx.one(statement).await?;
    Ok((row.get("n")?, row.get("people")?))
}

/// Keeps what was counted; the version stays, for nobody decided anything.
///
/// # Errors
/// When the store fails.
pub async fn keep_counts(tx: &mut Tx, cluster: &Cluster) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE request_cluster SET requests = $1, applicants = $2, arisen_on = $3, due_on = $4, owner_id = $5 WHERE id = $6")
            .bind(cluster.requests)
            .bind(cluster.applicants)
            .bind(cluster.arisen_on)
            .bind(cluster.due_on)
            .bind(cluster.owner.as_ref().map(|(id, _)| *id))
            .bind(cluster.id.to_string()),
    )
    .await?;
    Ok(())
}

/// Clusters after this one in the order of ids, for the night's count: those of one case that nobody decided are left out
/// where nothing changed.
///
/// # Errors
/// When the store fails.
pub async fn after(
    tx: &mut Tx,
    last: Option<SuggestionId>,
    rows: i64,
) -> Result<Vec<Cluster>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("c.arisen_on IS NOT NULL AND c.id > ")
        .push_value(last.map(|id| id.to_string()).unwrap_or_default())
        .push(" ORDER BY c.id LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(cluster).collect()
}

/// Adopted suggestions, each with the day of its decision, after this one in the order of ids.
///
/// # Errors
/// When the store fails.
pub async fn adopted_after(
    tx: &mut Tx,
    last: Option<SuggestionId>,
    rows: i64,
) -> Result<Vec<(SuggestionId, Option<Date>)>, StoreError> {
    let found = tx
        .all(
            sql("SELECT c.id, c.decided_on FROM request_cluster c WHERE c.state = 'adopted' AND c.id > $1 ORDER BY c.id LIMIT $2")
                .bind(last.map(|id| id.to_string()).unwrap_or_default())
                .bind(rows),
        )
        .await?;
    found
        .iter()
        .map(|row| Ok((row.parsed("id", "an id")?, row.get("decided_on")?)))
        .collect()
}

/// Keeps what was decided, under its version.
///
/// # Errors
/// [`StoreError::Stale`] when somebody was first.
pub async fn save(tx: &mut Tx, cluster: &Cluster) -> Result<(), StoreError> {
    let published = cluster.published.as_ref();
    let own = published.filter(|one| !one.is_elsewhere());
    tx.run_versioned(
        sql("UPDATE request_cluster SET state = $1, due_on = $2, owner_id = $3, ground = $4, why = $5, decided_by = $6, \
             decided_on = $7, record_kind = $8, record_id = $9, record_title = $10, record_path = $11, published_on = $12, \
             version = version + 1 WHERE id = $13 AND version = $14")
            .bind(cluster.state.code())
            .bind(cluster.due_on)
            .bind(cluster.owner.as_ref().map(|(id, _)| *id))
            .bind(cluster.ground.map_or("", Keep::code))
            .bind(&cluster.why)
            .bind(&cluster.decided_by)
            .bind(cluster.decided_on)
            .bind(own.map_or("", |one| one.of.kind.as_str()))
            .bind(own.map_or("", |one| one.of.id.as_str()))
            .bind(published.map_or("", |one| one.title.as_str()))
            .bind(published.map_or("", |one| one.path.as_str()))
            .bind(published.and_then(|one| one.on))
            .bind(cluster.id.to_string())
            .bind(cluster.version),
    )
    .await
}

/// Suggestions whose next step is due in these days, for the organs inside the scope that owe it.
///
/// # Errors
/// When the store fails.
pub async fn due(
    tx: &mut Tx,
    scope: &Scope,
    (from, to): (Date, Date),
    rows: i64,
) -> Result<Vec<Cluster>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("c.arisen_on IS NOT NULL AND c.due_on >= ")
        .push_value(from)
        .push(" AND c.due_on <= ")
        .push_value(to)
        .push(" AND ((c.state = 'open' AND c.applicants >= ")
        .push_value(APPLICANTS_MIN)
        .push(" AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement.push(") OR (c.state = 'adopted' AND ");
    scope.push_condition(&mut statement, "w.id", "w.path");
    statement
        .push(")) ORDER BY c.due_on, c.id LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(cluster).collect()
}
