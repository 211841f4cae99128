//! The SQL of publications.

use gongkai_basis::Date;
use gongkai_basis::coded;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::{Choice, Keep, Publication};
use crate::id::RequestId;
use crate::request::Request;
use crate::request::reply::Reply;
use crate::request::store::from_row;

coded! {
    /// What a list of releases holds.
    pub enum View {
        Undecided = "undecided", "待决定";
        Due = "due", "待公开";
        Public = "public", "已公开";
        Kept = "kept", "不转";
    }
}

pub(super) async fn keep(
    tx: &mut Tx,
    id: RequestId,
    publication: &Publication,
) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO request_publication (request_id, choice, ground, why, decided_by, decided_on, publish_by, owner_id, published_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
             ON CONFLICT (request_id) DO UPDATE SET choice = $2, ground = $3, why = $4, decided_by = $5, decided_on = $6, \
             publish_by = $7, owner_id = $8, published_at = $9")
            .bind(id.to_string())
            .bind(publication.choice.code())
            .bind(publication.ground.map_or("", Keep::code))
            .bind(&publication.why)
            .bind(&publication.by)
            .bind(publication.on)
            .bind(publication.publish_by)
            .bind(publication.owner.as_ref().map(|(id, _)| *id))
            .bind(&publication.published_at),
    )
    .await?;
    Ok(())
}

fn from(row: &Row) -> Result<Publication, StoreError> {
    let (ground, owner): (String, Option<OrganId>) = (row.get("ground")?, row.get("owner_id")?);
    Ok(Publication {
        choice: row.coded("choice", Choice::from_code)?,
        ground: Keep::from_code(&ground),
        why: row.get("why")?,
        by: row.get("decided_by")?,
        on: row.get("decided_on")?,
        publish_by: row.get("publish_by")?,
        owner: match owner {
            Some(id) => Some((id, row.get("owner_name")?)),
            None => None,
        },
        published_at: row.get("published_at")?,
    })
}

/// What was decided about a case.
///
/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx, id: RequestId) -> Result<Option<Publication>, StoreError> {
    tx.optional(
        sql("SELECT p.*, w.name AS owner_name FROM request_publication p LEFT JOIN organ w ON w.id = p.owner_id WHERE p.request_id = $1")
            .bind(id.to_string()),
    )
    .await?
    .as_ref()
    .map(from)
    .transpose()
}

/// The replies that give content.
pub(crate) fn push_releases(statement: &mut Sql) {
    let releases = Reply::ALL.iter().filter(|reply| reply.releases());
    statement.push_list(releases.map(|reply| reply.code()));
}

fn push_view(statement: &mut Sql, scope: &Scope, view: View) {
    scope.push_condition(statement, "o.id", "o.path");
    statement.push(
        " AND r.kind = 'information' AND r.replied_on IS NOT NULL \
               AND (r.opened_on > '' OR (r.result_row IN ('open', 'partial') AND r.reply IN ",
    );
    push_releases(statement);
    statement.push(")) ").push(match view {
        View::Undecided => " AND (p.choice IS NULL OR p.choice = 'later')",
        View::Due => " AND p.choice = 'yes' AND p.published_at = ''",
        View::Public => " AND p.choice = 'yes' AND p.published_at <> ''",
        View::Kept => " AND p.choice = 'no'",
    });
}

const JOINED: &str = " FROM request r JOIN organ o ON o.id = r.organ_id \
     LEFT JOIN request_publication p ON p.request_id = r.id LEFT JOIN organ w ON w.id = p.owner_id WHERE ";

/// One page of releases: what is due first, the rest by the day of the reply, newest first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    view: View,
    (offset, rows): (i64, i64),
) -> Result<Vec<(Request, Option<Publication>)>, StoreError> {
    let mut statement = sql(
        "SELECT r.*, o.name AS organ_name, p.choice, p.ground, p.why, p.decided_by, p.decided_on, p.publish_by, p.owner_id, \
         p.published_at, w.name AS owner_name",
    );
    statement.push(JOINED);
    push_view(&mut statement, scope, view);
    statement.push(match view {
        View::Due => " ORDER BY p.publish_by, r.id LIMIT ",
        View::Undecided | View::Public | View::Kept => " ORDER BY r.replied_on DESC, r.id LIMIT ",
    });
    statement
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    let rows = tx.all(statement).await?;
    rows.iter()
        .map(|row| {
            let decided = row.get::<Option<String>>("choice")?.is_some();
            let publication = if decided { Some(from(row)?) } else { None };
            Ok((from_row(row)?, publication))
        })
        .collect()
}

/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, scope: &Scope, view: View) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n");
    statement.push(JOINED);
    push_view(&mut statement, scope, view);
    tx.one(statement).await?.get("n")
}

/// Releases of an organ and those below it that were turned into publications, by the year of the decision.
///
/// # Errors
/// When the store fails.
pub async fn figure(tx: &mut Tx, (organ, year): (OrganId, i16)) -> Result<i64, StoreError> {
    let from = Date::new(year, 1, 1).unwrap_or(Date::MIN);
    let to = Date::new(year, 12, 31).unwrap_or(Date::MAX);
    let mut statement = sql(
        "SELECT COUNT(*) AS n FROM request_publication p JOIN request r ON r.id = p.request_id JOIN organ o ON o.id = r.organ_id \
         JOIN organ top ON top.id = ",
    );
    statement
        .push_value(organ)
        .push(" WHERE o.path LIKE top.path || '%' AND p.choice = 'yes' AND p.decided_on >= ")
        .push_value(from)
        .push(" AND p.decided_on <= ")
        .push_value(to);
    tx.one(statement).await?.get("n")
}
