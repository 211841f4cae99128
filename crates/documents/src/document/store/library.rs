//! The SQL of what the public reads: lists, years, choices, counts.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{DbKind, Sql, StoreError, Tx, sql};

use super::standing::{is_any_unsettled, push_unsettled};
use super::validity::push_standing;
use super::words::{FOUND_MAX, Sought, push_documents, push_words, sought};
use super::{LISTED, OWNED_MAX, SELECT, document_id, from_row};
use crate::document::Document;
use crate::document::validity::Validity;
use crate::id::DocumentId;
use crate::kind::Kind;

/// What the public list is narrowed to; by default nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Library {
    /// The organs that the site shows.
    pub within: Scope,
    pub kind: Option<Kind>,
    pub organ: Option<OrganId>,
    pub year: Option<i64>,
    /// 主题分类, as written; empty for all.
    pub theme: String,
    /// How it stands on a day.
    pub standing: Option<(Validity, Date)>,
    pub text: String,
    /// Leaves out notices whose days were over before this one.
    pub found_on: Option<Date>,
}

/// Documents to choose from that are interpreted; older ones are typed.
const INTERPRETABLE_MAX: i64 = 300;
/// More than there are of a subject in a year or of a kind, which nobody keeps count of.
const COUNTED_MAX: i64 = 10_000_000;
/// Subjects to choose from; a site that uses more has them in its search.
const THEMES_MAX: i64 = 100;

impl Default for Library {
    fn default() -> Self {
        Self {
            within: Scope::Everything,
            kind: None,
            organ: None,
            year: None,
            theme: String::new(),
            standing: None,
            text: String::new(),
            found_on: None,
        }
    }
}

impl Library {
    /// The day for which it is asked how documents stand, if it is.
    fn day(&self) -> Option<Date> {
        let standing = self.standing.map(|(_, day)| day);
        standing.max(self.found_on)
    }
}

/// What the public may read, narrowed by what a document itself says.
fn push_narrowed(statement: &mut Sql, library: &Library) {
    statement.push(LISTED);
    library.within.push_within(statement, "d.organ_id");
    if let Some(kind) = library.kind {
        statement.push(" AND d.kind = ").push_value(kind.code());
    }
    if let Some(organ) = library.organ {
        statement.push(" AND d.organ_id = ").push_value(organ);
    }
    if let Some(year) = library.year {
        statement.push(" AND d.year = ").push_value(year);
    }
    if !library.theme.is_empty() {
        // The first half lets the index of subjects answer.
        statement
            .push(" AND d.theme <> '' AND d.theme = ")
            .push_value(library.theme.clone());
    }
}

/// A notice whose days are over stays in the lists; search and search engines leave it out.
fn push_found_on(statement: &mut Sql, library: &Library) {
    if let Some(day) = library.found_on {
        statement
            .push(" AND (d.shown_until IS NULL OR d.shown_until >= ")
            .push_value(day)
            .push(")");
    }
}

/// All that a list is narrowed to but how documents stand.
fn push_public(statement: &mut Sql, library: &Library, sought: Option<&Sought>) {
    push_narrowed(statement, library);
    push_found_on(statement, library);
    push_words(statement, sought);
}

/// The day for which a list asks how documents stand, where some are not settled for it.
async fn doubtful(tx: &mut Tx, library: &Library) -> Result<Option<Date>, StoreError> {
    let Some((_, day)) = library.standing else {
        return Ok(None);
    };
    Ok(is_any_unsettled(tx, day).await?.then_some(day))
}

/// How a list is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// All organs' documents in the list's order, until the page is full.
    InOrder,
    /// Those of each organ of the site from its own part of an index, all put in order.
    ByOrgan,
}

/// Where the organs of a site have few documents, those would be found last among all.
async fn way(tx: &mut Tx, library: &Library) -> Result<Way, StoreError> {
    let is_narrow = library.organ.is_some() || !library.text.is_empty();
    if is_narrow || library.within == Scope::Everything {
        return Ok(Way::InOrder);
    }
    let all = Library {
        within: library.within.clone(),
        ..Library::default()
    };
    let Some(kept) = kept_count(&all) else {
        return Ok(Way::InOrder);
    };
    let n: i64 = tx.one(kept).await?.get("n")?;
    Ok(if n > OWNED_MAX {
        Way::InOrder
    } else {
        Way::ByOrgan
    })
}

/// Appends what selects ids and hours of the documents of a list. Where some are not settled for a day, those are worked out,
/// and of the others the newest `most` stand.
fn push_found(
    statement: &mut Sql,
    (library, sought, way): (&Library, Option<&Sought>, Way),
    doubtful: Option<Date>,
    most: i64,
) {
    if doubtful.is_some() {
        statement.push("SELECT newest.id, newest.published_at FROM (");
    }
    statement.push("SELECT d.id AS id, d.published_at AS published_at FROM ");
    if way == Way::ByOrgan {
        // SQLite takes the organs first where a join is written so.
        statement.push("organ own CROSS JOIN ");
    }
    push_documents(statement, sought);
    statement.push(" WHERE ");
    if way == Way::ByOrgan {
        library
            .within
            .push_condition(statement, "own.id", "own.path");
        statement.push(" AND d.organ_id = own.id AND ");
    }
    push_public(statement, library, sought);
    if let Some((validity, day)) = library.standing {
        // A column that is joined to an empty text is in no index: by this one all would be read, and put in order.
        statement
            .push(" AND d.standing = ")
            .push_value(validity.code())
            .push(" AND d.stands_until || '' >= ")
            .push_value(day);
    }
    let Some(day) = doubtful else { return };
    statement
        .push(" ORDER BY d.published_at DESC, d.id DESC LIMIT ")
        .push_value(most)
        .push(") newest UNION ALL SELECT d.id, d.published_at FROM ");
    push_unsettled(statement, day);
    statement.push(" WHERE ");
    push_public(statement, library, sought);
    if let Some((validity, day)) = library.standing {
        push_standing(statement, validity, day);
    }
}

/// One page of the public list, newest first.
///
/// # Errors
/// When the store fails.
pub async fn library(
    tx: &mut Tx,
    library: &Library,
    (offset, rows): (i64, i64),
) -> Result<Vec<Document>, StoreError> {
    let sought = sought(tx, &library.text).await?;
    let doubtful = doubtful(tx, library).await?;
    let way = way(tx, library).await?;
    // The rows before the page are passed by in the index alone.
    let mut statement = sql(SELECT);
    statement.push("d.id IN (SELECT found.id FROM (");
    let most = offset.saturating_add(rows);
    let of = (library, sought.as_ref(), way);
    push_found(&mut statement, of, doubtful, most);
    statement
        .push(" ORDER BY published_at DESC, id DESC LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset)
        .push(") found) ORDER BY d.published_at DESC, d.id DESC");
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// Makes one row of what transactions added to each kept count.
const JOINS: [&str; 6] = [
    "WITH gone AS (DELETE FROM document_public_count RETURNING organ_id, year, kind, n) \
     INSERT INTO document_public_count (organ_id, year, kind, n) \
     SELECT organ_id, year, kind, SUM(n) FROM gone GROUP BY organ_id, year, kind HAVING SUM(n) <> 0",
    "WITH gone AS (DELETE FROM document_theme_count RETURNING organ_id, theme, n) \
     INSERT INTO document_theme_count (organ_id, theme, n) \
     SELECT organ_id, theme, SUM(n) FROM gone GROUP BY organ_id, theme HAVING SUM(n) <> 0",
    "WITH gone AS (DELETE FROM document_desk_count RETURNING owner_id, state, visibility, kind, n) \
     INSERT INTO document_desk_count (owner_id, state, visibility, kind, n) \
     SELECT owner_id, state, visibility, kind, SUM(n) FROM gone GROUP BY owner_id, state, visibility, kind \
     HAVING SUM(n) <> 0",
    "WITH gone AS (DELETE FROM document_standing_count RETURNING organ_id, year, kind, standing, is_over, n) \
     INSERT INTO document_standing_count (organ_id, year, kind, standing, is_over, n) \
     SELECT organ_id, year, kind, standing, is_over, SUM(n) FROM gone GROUP BY organ_id, year, kind, standing, is_over \
     HAVING SUM(n) <> 0",
    "WITH gone AS (DELETE FROM document_theme_standing_count RETURNING organ_id, theme, standing, is_over, n) \
     INSERT INTO document_theme_standing_count (organ_id, theme, standing, is_over, n) \
     SELECT organ_id, theme, standing, is_over, SUM(n) FROM gone GROUP BY organ_id, theme, standing, is_over \
     HAVING SUM(n) <> 0",
    "WITH gone AS (DELETE FROM document_lapsing_count RETURNING owner_id, month, n) \
     INSERT INTO document_lapsing_count (owner_id, month, n) \
     SELECT owner_id, month, SUM(n) FROM gone GROUP BY owner_id, month HAVING SUM(n) <> 0",
];

/// Keeps the counts of PostgreSQL short; on SQLite each is one row always.
///
/// # Errors
/// When the store fails.
pub async fn join_counts(tx: &mut Tx) -> Result<(), StoreError> {
    if tx.kind() == DbKind::Postgres {
        for join in JOINS {
            tx.run(sql(join)).await?;
        }
    }
    Ok(())
}

/// What is kept of how many there are: of each organ by year and kind, and by subject; where a list asks for a day, by how they
/// stand, too.
fn kept_count(narrow: &Library) -> Option<Sql> {
    if !narrow.text.is_empty() {
        return None;
    }
    let is_by_day = narrow.day().is_some();
    let mut statement = sql("SELECT CAST(COALESCE(SUM(c.n), 0) AS BIGINT) AS n FROM ");
    if narrow.theme.is_empty() {
        statement.push(if is_by_day {
            "document_standing_count c WHERE 1 = 1"
        } else {
            "document_public_count c WHERE 1 = 1"
        });
        if let Some(kind) = narrow.kind {
            statement.push(" AND c.kind = ").push_value(kind.code());
        }
        if let Some(year) = narrow.year {
            statement.push(" AND c.year = ").push_value(year);
        }
    } else if narrow.kind.is_none() && narrow.year.is_none() {
        statement.push(if is_by_day {
            "document_theme_standing_count c WHERE c.theme = "
        } else {
            "document_theme_count c WHERE c.theme = "
        });
        statement.push_value(narrow.theme.clone());
    } else {
        return None;
    }
    if let Some((validity, _)) = narrow.standing {
        statement
            .push(" AND c.standing = ")
            .push_value(validity.code());
    }
    if narrow.found_on.is_some() {
        statement.push(" AND c.is_over = 0");
    }
    if let Some(organ) = narrow.organ {
        statement.push(" AND c.organ_id = ").push_value(organ);
    }
    narrow.within.push_within(&mut statement, "c.organ_id");
    Some(statement)
}

/// How many of the documents that are not settled for a day are in the kept count, and how many would be if they were.
async fn unsettled(tx: &mut Tx, narrow: &Library, day: Date) -> Result<(i64, i64), StoreError> {
    let begin = || {
        let mut statement = sql("SELECT COUNT(*) FROM ");
        push_unsettled(&mut statement, day);
        statement.push(" WHERE ");
        push_narrowed(&mut statement, narrow);
        statement
    };
    let (mut counted, mut stand) = (begin(), begin());
    if narrow.found_on.is_some() {
        counted.push(" AND d.is_over = 0");
    }
    push_found_on(&mut stand, narrow);
    if let Some((validity, day)) = narrow.standing {
        counted
            .push(" AND d.standing = ")
            .push_value(validity.code());
        push_standing(&mut stand, validity, day);
    }
    match tx.counts(vec![counted, stand]).await?.as_slice() {
        [counted, stand] => Ok((*counted, *stand)),
        _ => Ok((0, 0)),
    }
}

/// How many there are; of those found by words at most [`FOUND_MAX`].
///
/// # Errors
/// When the store fails.
pub async fn library_count(tx: &mut Tx, narrow: &Library) -> Result<i64, StoreError> {
    if let Some(kept) = kept_count(narrow) {
        let kept: i64 = tx.one(kept).await?.get("n")?;
        let Some(day) = narrow.day() else {
            return Ok(kept);
        };
        if !is_any_unsettled(tx, day).await? {
            return Ok(kept);
        }
        let (counted, stand) = unsettled(tx, narrow, day).await?;
        return Ok(kept - counted + stand);
    }
    let sought = sought(tx, &narrow.text).await?;
    let doubtful = doubtful(tx, narrow).await?;
    let way = way(tx, narrow).await?;
    let most = if sought.is_some() {
        FOUND_MAX
    } else {
        COUNTED_MAX
    };
    let mut statement = sql("SELECT COUNT(*) AS n FROM (");
    let of = (narrow, sought.as_ref(), way);
    push_found(&mut statement, of, doubtful, most);
    statement.push(" LIMIT ").push_value(most).push(") found");
    tx.one(statement).await?.get("n")
}

/// How many the public reads of each year and kind, the newest year first.
///
/// # Errors
/// When the store fails.
pub async fn by_year(tx: &mut Tx, within: &Scope) -> Result<Vec<(i64, Kind, i64)>, StoreError> {
    let mut statement = sql(
        "SELECT c.year, c.kind, CAST(SUM(c.n) AS BIGINT) AS n FROM document_public_count c WHERE 1 = 1",
    );
    within.push_within(&mut statement, "c.organ_id");
    statement.push(" GROUP BY c.year, c.kind HAVING SUM(c.n) > 0 ORDER BY c.year DESC, c.kind");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let kind = row.coded("kind", Kind::from_code)?;
            Ok((row.get("year")?, kind, row.get("n")?))
        })
        .collect()
}

/// What the public list of a site can be narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    pub years: Vec<i64>,
    pub organs: Vec<(OrganId, String)>,
    /// 主题分类, the most used first.
    pub themes: Vec<String>,
}

async fn themes(tx: &mut Tx, within: &Scope) -> Result<Vec<String>, StoreError> {
    let mut statement = sql(
        "SELECT c.theme, CAST(SUM(c.n) AS BIGINT) AS n FROM document_theme_count c WHERE 1 = 1",
    );
    within.push_within(&mut statement, "c.organ_id");
    statement
        .push(" GROUP BY c.theme HAVING SUM(c.n) > 0 ORDER BY SUM(c.n) DESC, c.theme LIMIT ")
        .push_value(THEMES_MAX);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| row.get("theme"))
        .collect()
}

/// What the public list of a site can be narrowed to.
///
/// # Errors
/// When the store fails.
pub async fn choices(tx: &mut Tx, within: &Scope) -> Result<Choices, StoreError> {
    let mut statement = sql("SELECT c.year FROM document_public_count c WHERE 1 = 1");
    within.push_within(&mut statement, "c.organ_id");
    statement.push(" GROUP BY c.year HAVING SUM(c.n) > 0 ORDER BY c.year DESC LIMIT 60");
    let years = tx
        .all(statement)
        .await?
        .iter()
        .map(|row| row.get("year"))
        .collect::<Result<_, _>>()?;
    let mut statement = sql(
        "SELECT p.id, p.name FROM organ p WHERE EXISTS (SELECT 1 FROM document d WHERE d.organ_id = p.id AND ",
    );
    statement.push(LISTED).push(")");
    within.push_within(&mut statement, "p.id");
    statement.push(" ORDER BY LENGTH(p.path), p.position, p.path LIMIT 500");
    let organs = tx
        .all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("name")?)))
        .collect::<Result<_, StoreError>>()?;
    Ok(Choices {
        years,
        organs,
        themes: themes(tx, within).await?,
    })
}

/// Published interpretations of a document.
///
/// # Errors
/// When the store fails.
pub async fn interpretations(tx: &mut Tx, of: DocumentId) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("d.interprets = ")
        .push_value(of.to_string())
        .push(" AND d.visibility = 'public' ORDER BY d.published_at LIMIT 50");
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// Documents of these organs that are interpreted, the newest first.
///
/// # Errors
/// When the store fails.
pub async fn interpretable(
    tx: &mut Tx,
    organs: &[OrganId],
) -> Result<Vec<(String, String)>, StoreError> {
    let kinds = Kind::ALL.iter().filter(|kind| kind.has_validity());
    let mut statement = sql("SELECT d.id, d.title FROM document d WHERE ");
    statement
        .push(LISTED)
        .push(" AND d.kind IN ")
        .push_list(kinds.map(|kind| kind.code()))
        .push(" AND d.organ_id IN ")
        .push_list(organs.iter().copied())
        .push(" ORDER BY d.published_at DESC, d.id LIMIT ")
        .push_value(INTERPRETABLE_MAX);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("title")?)))
        .collect()
}

/// Ids of published documents after this one, in order.
///
/// # Errors
/// When the store fails.
pub async fn published_after(
    tx: &mut Tx,
    within: &Scope,
    after: &str,
    rows: i64,
) -> Result<Vec<(String, i64)>, StoreError> {
    let mut statement = sql(
        "SELECT d.id, COALESCE(d.explained_at, d.published_at) AS changed_at FROM document d WHERE ",
    );
    statement
        .push(LISTED)
        .push(" AND d.id > ")
        .push_value(after);
    within.push_within(&mut statement, "d.organ_id");
    statement.push(" ORDER BY d.id LIMIT ").push_value(rows);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            Ok((
                row.get("id")?,
                row.get::<Option<i64>>("changed_at")?.unwrap_or(0),
            ))
        })
        .collect()
}

/// Ids of documents that the public read until they were withdrawn, after this one, in order. What was for some people alone
/// is named nowhere.
///
/// # Errors
/// When the store fails.
pub async fn withdrawn_after(
    tx: &mut Tx,
    within: &Scope,
    after: &str,
    rows: i64,
) -> Result<Vec<String>, StoreError> {
    let mut statement = sql(
        "SELECT d.id FROM document d WHERE d.visibility = 'withdrawn' AND d.limited = 0 AND d.id > ",
    );
    statement.push_value(after);
    within.push_within(&mut statement, "d.organ_id");
    statement.push(" ORDER BY d.id LIMIT ").push_value(rows);
    let rows = tx.all(statement).await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// The id of the published document that stands so many places after this one, if more follow it.
///
/// # Errors
/// When the store fails.
pub async fn published_far_after(
    tx: &mut Tx,
    within: &Scope,
    after: &str,
    places: i64,
) -> Result<Option<DocumentId>, StoreError> {
    let mut statement = sql("SELECT d.id FROM document d WHERE ");
    statement
        .push(LISTED)
        .push(" AND d.id > ")
        .push_value(after);
    within.push_within(&mut statement, "d.organ_id");
    statement
        .push(" ORDER BY d.id LIMIT 2 OFFSET ")
        .push_value(places.saturating_sub(1).max(0));
    match tx.all(statement).await?.as_slice() {
        [row, _] => Ok(Some(document_id(row, "id")?)),
        _ => Ok(None),
    }
}

/// How many documents of a kind (of all where `None`) an organ and those below it published in a year, and some ids.
///
/// # Errors
/// When the store fails.
pub async fn figure(
    tx: &mut Tx,
    organ: OrganId,
    year: i16,
    kind: Option<Kind>,
) -> Result<(i64, Vec<String>), StoreError> {
    let push = |statement: &mut Sql| {
        statement
            .push(" FROM document d JOIN organ p ON p.id = d.organ_id JOIN organ top ON top.id = ")
            .push_value(organ)
            .push(" WHERE d.visibility = 'public' AND p.path LIKE top.path || '%' AND d.year = ")
            .push_value(i64::from(year));
        if let Some(kind) = kind {
            statement.push(" AND d.kind = ").push_value(kind.code());
        }
    };
    let mut statement = sql("SELECT COUNT(*) AS n");
    push(&mut statement);
    let n = tx.one(statement).await?.get("n")?;
    let mut statement = sql("SELECT d.id");
    push(&mut statement);
    statement.push(" ORDER BY d.published_at DESC LIMIT 50");
    let ids = tx
        .all(statement)
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect::<Result<_, _>>()?;
    Ok((n, ids))
}

/// All public documents of a kind of an organ and those below it, up to a year.
///
/// # Errors
/// When the store fails.
pub async fn of_kind(
    tx: &mut Tx,
    organ: OrganId,
    (kind, year): (Kind, i16),
) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("d.visibility = 'public' AND d.kind = ")
        .push_value(kind.code())
        .push(" AND d.year <= ")
        .push_value(i64::from(year))
        .push(
            " AND EXISTS (SELECT 1 FROM organ p JOIN organ top ON p.path LIKE top.path || '%' \
             WHERE p.id = d.organ_id AND top.id = ",
        )
        .push_value(organ)
        .push(") ORDER BY d.published_at DESC");
    tx.all(statement).await?.iter().map(from_row).collect()
}

#[cfg(test)]
mod tests {
    use gongkai_platform::testing::{self, Backend, MovableClock};

    use super::*;

    /// Where a list has to be sorted, all that there is was read first. A site beside the main one shows some of the organs.
    #[tokio::test]
    async fn a_list_by_validity_is_read_in_its_order() {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, _guard) = testing::scratch(&Backend::Sqlite, clock.clock()).await;
        let organ = testing::organ(&db, "安澜市人民政府", None).await;
        let day: Date = "2026-10-12".parse().unwrap();
        let part = Scope::Organs {
            single: vec![organ],
            branches: vec!["/a/".to_owned()],
        };
        let mut narrowed = Vec::new();
        for within in [Scope::Everything, part] {
            for (kind, organ) in [
                (None, None),
                (Some(Kind::Normative), None),
                (None, Some(organ)),
            ] {
                for found_on in [None, Some(day)] {
                    narrowed.push(Library {
                        within: within.clone(),
                        kind,
                        organ,
                        standing: Some((Validity::InForce, day)),
                        found_on,
                        ..Library::default()
                    });
                }
            }
        }
        let plan = async |library: &Library, way: Way| {
            let mut statement = sql("EXPLAIN QUERY PLAN ");
            push_found(&mut statement, (library, None, way), None, 50);
            statement.push(" ORDER BY published_at DESC, id DESC LIMIT 50");
            let plan: Vec<String> = db
                .read(async |tx: &mut Tx| {
                    let rows = tx.all(statement.clone()).await?;
                    rows.iter().map(|row| row.get("detail")).collect()
                })
                .await
                .unwrap();
            plan.join("\n")
        };
        for library in &narrowed {
            let plan = plan(library, Way::InOrder).await;
            assert!(!plan.contains("TEMP B-TREE"), "{library:?}: {plan}");
            let is_own = plan.contains("document_organ_standing");
            assert_eq!(is_own, library.organ.is_some(), "{library:?}: {plan}");
        }
        // Of few organs, nothing of others is read.
        for library in narrowed.iter().filter(|one| one.organ.is_none()) {
            let plan = plan(library, Way::ByOrgan).await;
            assert!(plan.contains("(organ_id=?"), "{library:?}: {plan}");
        }
    }

    #[tokio::test]
    async fn a_site_with_few_documents_reads_them_by_organ() {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, _guard) = testing::scratch(&Backend::Sqlite, clock.clock()).await;
        let organ = testing::organ(&db, "安澜市人民政府", None).await;
        let more = sql(
            "INSERT INTO document_public_count (organ_id, year, kind, n) VALUES ($1, 2026, 'notice', $2)",
        );
        let site = Library {
            within: Scope::Organs {
                single: vec![organ],
                branches: Vec::new(),
            },
            ..Library::default()
        };
        let worded = Library {
            text: "养老".to_owned(),
            ..site.clone()
        };
        let ways = async || {
            db.read(async |tx: &mut Tx| {
                let of_words = way(tx, &worded).await?;
                let everywhere = way(tx, &Library::default()).await?;
                Ok::<_, StoreError>((way(tx, &site).await?, of_words, everywhere))
            })
            .await
            .unwrap()
        };
        let in_order = Way::InOrder;
        assert_eq!(ways().await, (Way::ByOrgan, in_order, in_order));
        db.upkeep(async |tx: &mut Tx| tx.run(more.clone().bind(organ).bind(OWNED_MAX + 1)).await)
            .await
            .unwrap();
        assert_eq!(ways().await, (in_order, in_order, in_order));
    }
}
