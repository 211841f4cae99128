//! The SQL of columns and of what stands in them.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};
use gongkai_platform::organ::reach::{Reach, store as reach};
use gongkai_platform::organ::{Kind as OrganKind, Status};
use gongkai_platform::web::civil_day;

use super::{Column, Content, Rhythm, Spec};
use crate::document::{Document, Visibility, store as documents};
use crate::id::{ColumnId, DocumentId};

/// Columns that one list shows; a site has some dozens.
pub const COLUMNS_MAX: i64 = 500;

/// Documents in one list of a statement.
const DOCUMENTS_AT_ONCE: usize = 200;

/// One query for columns and what is public in them.
const SELECT: &str = "SELECT c.*, o.name AS organ_name, \
     (SELECT COUNT(*) FROM column_document t JOIN document d ON d.id = t.document_id WHERE t.column_id = c.id AND d.visibility = 'public' AND d.limited = 0) AS n, \
     (SELECT MAX(d.published_at) FROM column_document t JOIN document d ON d.id = t.document_id WHERE t.column_id = c.id AND d.visibility = 'public' AND d.limited = 0) AS last_at \
     FROM site_column c JOIN organ o ON o.id = c.organ_id WHERE ";

pub(super) async fn insert(tx: &mut Tx, column: &Column) -> Result<(), StoreError> {
    let spec = &column.spec;
    tx.run(
        sql("INSERT INTO site_column (id, organ_id, slug, name, about, elements, rhythm, days, position, opened_on, version) \
             SELECT $1, $2, $3, $4, $5, $6, $7, $8, COALESCE(MAX(position), 0) + 1, $9, 1 FROM site_column")
            .bind(column.id.to_string())
            .bind(spec.organ)
            .bind(&spec.slug)
            .bind(&spec.name)
            .bind(&spec.about)
            .bind(elements_text(spec))
            .bind(spec.rhythm.code())
            .bind(spec.days)
            .bind(column.opened_on),
    )
    .await?;
    Ok(())
}

fn elements_text(spec: &Spec) -> String {
    serde_json::to_string(&spec.elements).unwrap_or_default()
}

pub(super) async fn update(tx: &mut Tx, column: &Column) -> Result<(), StoreError> {
    let spec = &column.spec;
    tx.run_versioned(
        sql("UPDATE site_column SET organ_id = $1, slug = $2, name = $3, about = $4, elements = $5, rhythm = $6, days = $7, closed_why = $8, \
             version = version + 1 WHERE id = $9 AND version = $10")
            .bind(spec.organ)
            .bind(&spec.slug)
            .bind(&spec.name)
            .bind(&spec.about)
            .bind(elements_text(spec))
            .bind(spec.rhythm.code())
            .bind(spec.days)
            .bind(column.closed_why.clone())
            .bind(column.id.to_string())
            .bind(column.version),
    )
    .await?;
    Ok(())
}

/// The column with this public address, if there is one, open or closed.
///
/// # Errors
/// When the store fails.
pub async fn by_slug(tx: &mut Tx, slug: &str) -> Result<Option<(Column, Content)>, StoreError> {
    let mut statement = sql(SELECT);
    statement.push("c.slug = ").push_value(slug);
    Ok(read(tx, statement).await?.pop())
}

/// # Errors
/// When the store fails; what lies outside is `None`.
pub async fn load(
    tx: &mut Tx,
    within: &Reach,
    id: ColumnId,
) -> Result<Option<(Column, Content)>, StoreError> {
    let mut statement = sql(SELECT);
    reach::push(&mut statement, within);
    statement.push(" AND c.id = ").push_value(id.to_string());
    Ok(read(tx, statement).await?.pop())
}

/// Columns inside a reach, the closed ones last.
///
/// # Errors
/// When the store fails.
pub async fn list(tx: &mut Tx, within: &Reach) -> Result<Vec<(Column, Content)>, StoreError> {
    let mut statement = sql(SELECT);
    reach::push(&mut statement, within);
    statement
        .push(" ORDER BY CASE WHEN c.closed_why IS NULL THEN 0 ELSE 1 END, c.position, c.id LIMIT ")
        .push_value(COLUMNS_MAX);
    read(tx, statement).await
}

/// Columns whose keepers lie inside a scope, open ones only.
///
/// # Errors
/// When the store fails.
pub async fn open_within(tx: &mut Tx, scope: &Scope) -> Result<Vec<(Column, Content)>, StoreError> {
    let mut statement = sql(SELECT);
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" AND c.closed_why IS NULL ORDER BY c.position, c.id LIMIT ")
        .push_value(COLUMNS_MAX);
    read(tx, statement).await
}

/// These columns, open or closed.
///
/// # Errors
/// When the store fails.
pub async fn by_ids(
    tx: &mut Tx,
    ids: impl IntoIterator<Item = String>,
) -> Result<Vec<(Column, Content)>, StoreError> {
    let mut statement = sql(SELECT);
    statement.push("c.id IN ").push_list(ids);
    read(tx, statement).await
}

/// Open columns kept by an organ or by what stands below it.
///
/// # Errors
/// When the store fails.
pub async fn below(tx: &mut Tx, organ: OrganId) -> Result<Vec<(Column, Content)>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push(
            "c.closed_why IS NULL AND o.path LIKE (SELECT top.path FROM organ top WHERE top.id = ",
        )
        .push_value(organ)
        .push(") || '%' ORDER BY c.position, c.id LIMIT ")
        .push_value(COLUMNS_MAX);
    read(tx, statement).await
}

async fn read(tx: &mut Tx, statement: Sql) -> Result<Vec<(Column, Content)>, StoreError> {
    let mut found: Vec<(Column, Content)> = tx
        .all(statement)
        .await?
        .iter()
        .map(from_row)
        .collect::<Result<_, _>>()?;
    if found.is_empty() {
        return Ok(found);
    }
    let mut statement = sql(
        "SELECT DISTINCT t.column_id, t.element FROM column_document t JOIN document d ON d.id = t.document_id \
         WHERE d.visibility = 'public' AND d.limited = 0 AND t.element <> '' AND t.column_id IN ",
    );
    statement.push_list(found.iter().map(|(column, _)| column.id.to_string()));
    let mut filled: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in tx.all(statement).await? {
        let column: String = row.get("column_id")?;
        filled.entry(column).or_default().push(row.get("element")?);
    }
    for (column, content) in &mut found {
        let own = filled.remove(&column.id.to_string()).unwrap_or_default();
        content.filled = own.into_iter().collect();
    }
    Ok(found)
}

fn push_public(statement: &mut Sql, within: &Scope, column: ColumnId) {
    statement
        .push(documents::LISTED)
        .push(" AND d.id IN (SELECT t.document_id FROM column_document t WHERE t.column_id = ")
        .push_value(column.to_string())
        .push(")");
    within.push_within(statement, "d.organ_id");
}

/// How many documents the public finds in a column on a site.
///
/// # Errors
/// When the store fails.
pub async fn public_count(
    tx: &mut Tx,
    within: &Scope,
    column: ColumnId,
) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM document d WHERE ");
    push_public(&mut statement, within, column);
    tx.one(statement).await?.get("n")
}

/// One page of what the public finds in a column on a site, newest first.
///
/// # Errors
/// When the store fails.
pub async fn public(
    tx: &mut Tx,
    within: &Scope,
    column: ColumnId,
    (offset, rows): (i64, i64),
) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(documents::SELECT);
    push_public(&mut statement, within, column);
    statement
        .push(" ORDER BY d.published_at DESC, d.id DESC LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement)
        .await?
        .iter()
        .map(documents::from_row)
        .collect()
}

/// All documents of a column with the elements that they fill, public or not, newest first; drafts behind all others.
///
/// # Errors
/// When the store fails.
pub async fn contents(
    tx: &mut Tx,
    column: ColumnId,
    (offset, rows): (i64, i64),
) -> Result<Vec<(DocumentId, String, String, Option<i64>, String)>, StoreError> {
    tx.all(
        sql("SELECT d.id, d.title, t.element, d.published_at, d.visibility FROM column_document t JOIN document d ON d.id = t.document_id \
             WHERE t.column_id = $1 AND d.state <> 'discarded' \
             ORDER BY CASE WHEN d.visibility = 'never' THEN 1 ELSE 0 END, \
             CASE WHEN d.visibility = 'never' THEN 0 ELSE d.published_at END DESC, d.id DESC LIMIT $2 OFFSET $3")
            .bind(column.to_string())
            .bind(rows)
            .bind(offset),
    )
    .await?
    .iter()
    .map(|row| {
        let visibility: String = row.get("visibility")?;
        // A draft may know the day on which an older site had published it.
        let at: Option<i64> = row.get("published_at")?;
        let at = at.filter(|_| visibility != Visibility::Never.code());
        Ok((
            documents::document_id(row, "id")?,
            row.get("title")?,
            row.get("element")?,
            at,
            visibility,
        ))
    })
    .collect()
}

/// # Errors
/// When the store fails.
pub async fn contents_count(tx: &mut Tx, column: ColumnId) -> Result<i64, StoreError> {
    tx.one(
        sql(
            "SELECT COUNT(*) AS n FROM column_document t JOIN document d ON d.id = t.document_id \
             WHERE t.column_id = $1 AND d.state <> 'discarded'",
        )
        .bind(column.to_string()),
    )
    .await?
    .get("n")
}

/// Where a document stands: column, its name, its public address, the element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub column: ColumnId,
    pub name: String,
    pub slug: String,
    pub element: String,
}

/// The open columns that a document stands in.
///
/// # Errors
/// When the store fails.
pub async fn places(tx: &mut Tx, document: DocumentId) -> Result<Vec<Place>, StoreError> {
    tx.all(
        sql("SELECT c.id, c.name, c.slug, t.element FROM column_document t JOIN site_column c ON c.id = t.column_id \
             WHERE t.document_id = $1 AND c.closed_why IS NULL ORDER BY c.position, c.id")
            .bind(document.to_string()),
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Place {
            column: documents::parsed(row, "id", "a column's id")?,
            name: row.get("name")?,
            slug: row.get("slug")?,
            element: row.get("element")?,
        })
    })
    .collect()
}

/// The open columns, by name and element, in which these documents stand.
///
/// # Errors
/// When the store fails.
pub async fn names_of(
    tx: &mut Tx,
    all: &[DocumentId],
) -> Result<BTreeMap<DocumentId, Vec<(String, String)>>, StoreError> {
    let mut found: BTreeMap<DocumentId, Vec<(String, String)>> = BTreeMap::new();
    for some in all.chunks(DOCUMENTS_AT_ONCE) {
        let mut statement = sql(
            "SELECT t.document_id, c.name, t.element FROM column_document t JOIN site_column c ON c.id = t.column_id \
             WHERE c.closed_why IS NULL AND t.document_id IN ",
        );
        statement
            .push_list(some.iter().map(DocumentId::to_string))
            .push(" ORDER BY c.position, c.id");
        for row in tx.all(statement).await? {
            let of = documents::document_id(&row, "document_id")?;
            let place = (row.get("name")?, row.get("element")?);
            found.entry(of).or_default().push(place);
        }
    }
    Ok(found)
}

pub(super) async fn put(
    tx: &mut Tx,
    (column, document): (ColumnId, DocumentId),
    (element, by): (&str, &str),
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO column_document (column_id, document_id, element, added_by, added_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (column_id, document_id) DO UPDATE SET element = excluded.element, added_by = excluded.added_by, added_at = excluded.added_at")
            .bind(column.to_string())
            .bind(document.to_string())
            .bind(element)
            .bind(by)
            .bind(now),
    )
    .await?;
    Ok(())
}

/// Documents in an element follow its new name, which none of the old ones is.
pub(super) async fn rename_elements(
    tx: &mut Tx,
    column: ColumnId,
    pairs: &[(&str, &str)],
) -> Result<(), StoreError> {
    for (from, to) in pairs {
        tx.run(
            sql("UPDATE column_document SET element = $1 WHERE column_id = $2 AND element = $3")
                .bind(*to)
                .bind(column.to_string())
                .bind(*from),
        )
        .await?;
    }
    Ok(())
}

/// How many rows went: one, or none where it did not stand there.
pub(super) async fn take_out(
    tx: &mut Tx,
    (column, document): (ColumnId, DocumentId),
) -> Result<u64, StoreError> {
    tx.run(
        sql("DELETE FROM column_document WHERE column_id = $1 AND document_id = $2")
            .bind(column.to_string())
            .bind(document.to_string()),
    )
    .await
}

/// The governments whose units keep columns: the organs that the nightly check goes through.
///
/// # Errors
/// When the store fails.
pub async fn keepers(tx: &mut Tx) -> Result<Vec<OrganId>, StoreError> {
    tx.all(sql(
        "SELECT DISTINCT organ_id FROM site_column ORDER BY organ_id",
    ))
    .await?
    .iter()
    .map(|row| row.get("organ_id"))
    .collect()
}

/// All columns of one keeper.
///
/// # Errors
/// When the store fails.
pub async fn of_keeper(tx: &mut Tx, organ: OrganId) -> Result<Vec<(Column, Content)>, StoreError> {
    let mut statement = sql(SELECT);
    statement.push("c.organ_id = ").push_value(organ);
    read(tx, statement).await
}

/// The office that watches over a government's units; the government itself where none is in use.
///
/// # Errors
/// When the store fails.
pub async fn office_of(tx: &mut Tx, government: OrganId) -> Result<OrganId, StoreError> {
    let row = tx
        .optional(
            sql("SELECT id FROM organ WHERE parent_id = $1 AND kind = $2 AND status = $3 ORDER BY position, id LIMIT 1")
                .bind(government)
                .bind(OrganKind::Office)
                .bind(Status::Active),
        )
        .await?;
    row.map_or(Ok(government), |row| row.get("id"))
}

fn from_row(row: &Row) -> Result<(Column, Content), StoreError> {
    let elements: String = row.get("elements")?;
    let last: Option<i64> = row.get("last_at")?;
    let day =
        |at: i64| -> Option<Date> { Some(civil_day(jiff::Timestamp::from_millisecond(at).ok()?)) };
    let column = Column {
        id: documents::parsed(row, "id", "a column's id")?,
        spec: Spec {
            organ: row.get("organ_id")?,
            slug: row.get("slug")?,
            name: row.get("name")?,
            about: row.get("about")?,
            elements: serde_json::from_str(&elements).map_err(|_| StoreError::Corrupt {
                column: "elements".into(),
                found: elements,
                wanted: "names as JSON",
            })?,
            rhythm: row.coded("rhythm", Rhythm::from_code)?,
            days: row.get("days")?,
        },
        organ_name: row.get("organ_name")?,
        opened_on: row.get("opened_on")?,
        closed_why: row.get("closed_why")?,
        version: row.get("version")?,
    };
    let content = Content {
        n: row.get("n")?,
        last: last.and_then(day),
        filled: std::collections::BTreeSet::new(),
    };
    Ok((column, content))
}
