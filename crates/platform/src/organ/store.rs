//! The SQL of organs, nothing else.

use std::collections::BTreeMap;

use gongkai_basis::id::OrganId;
use jiff::Timestamp;
use uuid::{NoContext, Uuid};

use super::{Alias, Kind, Level, Organ, Status};
use crate::access::Scope;
use crate::db::{Row, Sql, StoreError, Tx, containing, sql};

/// Columns of an organ with its other names, one row for each name.
const WITH_NAMES: &str = "SELECT o.*, a.alias, a.kind AS alias_kind FROM organ o \
    LEFT JOIN organ_alias a ON a.organ_id = o.id WHERE ";
/// Identifiers in one list of a statement; PostgreSQL and SQLite both allow far more.
const IDS_AT_ONCE: usize = 500;
/// Mergers one after another that are followed.
const HEIRS_MAX: usize = 20;

/// A fresh, time-ordered id, dated by the transaction.
#[must_use]
pub fn fresh_id(now: Timestamp) -> OrganId {
    let since_epoch = now.as_duration();
    let seconds = u64::try_from(since_epoch.as_secs()).unwrap_or(0);
    let nanoseconds = u32::try_from(since_epoch.subsec_nanos()).unwrap_or(0);
    OrganId::new(Uuid::new_v7(uuid::Timestamp::from_unix(
        NoContext,
        seconds,
        nanoseconds,
    )))
}

impl Scope {
    /// Appends ` AND column IN …`: true for rows whose column names an organ inside; nothing where that is everything.
    pub fn push_within(&self, sql: &mut Sql, column: &'static str) {
        if *self == Self::Everything {
            return;
        }
        sql.push(" AND ")
            .push(column)
            .push(" IN (SELECT inside.id FROM organ inside WHERE ");
        self.push_condition(sql, "inside.id", "inside.path");
        sql.push(")");
    }
}

/// # Errors
/// When the store cannot be read.
pub async fn load(tx: &mut Tx, id: OrganId) -> Result<Option<Organ>, StoreError> {
    let mut statement = sql(WITH_NAMES);
    statement.push("o.id = ").push_value(id);
    Ok(gather(tx, statement).await?.into_iter().next())
}

/// Appends what selects the ids of the organs that were merged into one of a scope, at whatever remove.
pub fn push_merged_into(statement: &mut Sql, scope: &Scope) {
    statement.push(
        "WITH RECURSIVE gone (id) AS (SELECT m.id FROM organ m JOIN organ x ON x.id = m.successor_id WHERE m.status = 'merged' AND ",
    );
    scope.push_condition(statement, "x.id", "x.path");
    statement.push(
        " UNION SELECT m.id FROM organ m JOIN gone ON gone.id = m.successor_id WHERE m.status = 'merged') SELECT id FROM gone",
    );
}

/// The organs that were merged into one of a scope, at whatever remove.
///
/// # Errors
/// When the store cannot be read.
pub async fn gone_into(tx: &mut Tx, scope: &Scope) -> Result<Vec<OrganId>, StoreError> {
    let mut statement = sql("");
    push_merged_into(&mut statement, scope);
    let rows = tx.all(statement).await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// These organs, in tree order; ids that are not there are left out.
///
/// # Errors
/// When the store cannot be read.
pub async fn load_all(tx: &mut Tx, ids: &[OrganId]) -> Result<Vec<Organ>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(IDS_AT_ONCE) {
        let mut statement = sql(WITH_NAMES);
        statement.push("o.id IN ").push_list(some.iter().copied());
        found.append(&mut gather(tx, statement).await?);
    }
    Ok(found)
}

/// The organs directly below, of any status, in their order.
///
/// # Errors
/// When the store cannot be read.
pub async fn children(tx: &mut Tx, parent: OrganId) -> Result<Vec<Organ>, StoreError> {
    let mut statement = sql(WITH_NAMES);
    statement.push("o.parent_id = ").push_value(parent);
    gather(tx, statement).await
}

/// The general office of a government, where it has one in use.
///
/// # Errors
/// When the store cannot be read.
pub async fn office_of(tx: &mut Tx, government: OrganId) -> Result<Option<OrganId>, StoreError> {
    let office = tx
        .optional(
            sql(
                "SELECT id FROM organ WHERE parent_id = $1 AND status = 'active' AND kind = $2 \
                 ORDER BY position, path LIMIT 1",
            )
            .bind(government)
            .bind(Kind::Office.code()),
        )
        .await?;
    office.map(|row| row.get("id")).transpose()
}

/// Who goes on with the work of an organ: itself, or where it was merged its heir, and that one's heir in turn.
///
/// # Errors
/// When the store cannot be read.
pub async fn heir_of(tx: &mut Tx, organ: OrganId) -> Result<OrganId, StoreError> {
    let mut heir = organ;
    for _ in 0..HEIRS_MAX {
        let merged = sql("SELECT successor_id FROM organ WHERE id = $1 AND status = $2 AND successor_id IS NOT NULL")
            .bind(heir)
            .bind(Status::Merged);
        match tx.optional(merged).await? {
            Some(row) => heir = row.get("successor_id")?,
            None => break,
        }
    }
    Ok(heir)
}

/// The tops of all trees, of any status, in their order.
///
/// # Errors
/// When the store cannot be read.
pub async fn roots(tx: &mut Tx) -> Result<Vec<Organ>, StoreError> {
    let mut statement = sql(WITH_NAMES);
    statement.push("o.parent_id IS NULL");
    gather(tx, statement).await
}

/// An organ and everything below it, of any status, in tree order: each stands after its parent. One query.
///
/// # Errors
/// When the store cannot be read.
pub async fn all_below(tx: &mut Tx, root: OrganId) -> Result<Vec<Organ>, StoreError> {
    let mut statement = sql(WITH_NAMES);
    statement
        .push("o.path LIKE (SELECT r.path FROM organ r WHERE r.id = ")
        .push_value(root)
        .push(") || '%'");
    gather(tx, statement).await
}

/// Every organ in the store, in tree order.
///
/// # Errors
/// When the store cannot be read.
pub async fn all(tx: &mut Tx) -> Result<Vec<Organ>, StoreError> {
    let mut statement = sql(WITH_NAMES);
    statement.push("1 = 1");
    gather(tx, statement).await
}

/// The government whose directory an organ stands in: the nearest organ at or above it that governs
/// (政府、管委会、乡镇、街道), or the top of its tree where none does.
///
/// # Errors
/// When the store cannot be read.
pub async fn government_of(tx: &mut Tx, organ: OrganId) -> Result<Option<OrganId>, StoreError> {
    Ok(governments_of(tx, organ).await?.pop())
}

/// All organs at or above an organ that govern, from the highest down to [`government_of`]; the top of its tree alone where
/// none does, and nothing of an organ that is not there.
///
/// # Errors
/// When the store cannot be read.
pub async fn governments_of(tx: &mut Tx, organ: OrganId) -> Result<Vec<OrganId>, StoreError> {
    let Some(row) = tx
        .optional(sql("SELECT path FROM organ WHERE id = $1").bind(organ))
        .await?
    else {
        return Ok(Vec::new());
    };
    let path: String = row.get("path")?;
    let above: Vec<OrganId> = path.split('/').filter_map(|id| id.parse().ok()).collect();
    let mut statement = sql("SELECT id, kind FROM organ WHERE id IN ");
    statement.push_list(above.iter().copied());
    let kinds = tx
        .all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("kind")?)))
        .collect::<Result<BTreeMap<OrganId, Kind>, StoreError>>()?;
    let governs = |id: &OrganId| kinds.get(id).is_some_and(|kind| kind.governs());
    let governing: Vec<OrganId> = above.iter().copied().filter(governs).collect();
    if governing.is_empty() {
        return Ok(above.into_iter().take(1).collect());
    }
    Ok(governing)
}

/// What a list of organs is narrowed to; `None` and the empty text do not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Part of a name, a short name or another name.
    pub text: String,
    pub level: Option<Level>,
    pub kind: Option<Kind>,
    pub status: Option<Status>,
    /// Below this one, itself included.
    pub under: Option<OrganId>,
}

/// One page of the organs inside a scope, and the count of all that match.
///
/// # Errors
/// When the store cannot be read.
pub async fn search(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
    offset: i64,
    rows: i64,
) -> Result<(Vec<Organ>, i64), StoreError> {
    let mut count = sql("SELECT COUNT(*) AS n FROM organ o WHERE ");
    narrow(&mut count, scope, filter);
    let total = tx.one(count).await?.get("n")?;
    let mut page = sql("SELECT o.id FROM organ o WHERE ");
    narrow(&mut page, scope, filter);
    page.push(" ORDER BY o.position, o.id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    let ids = tx
        .all(page)
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect::<Result<Vec<OrganId>, _>>()?;
    let mut organs = load_all(tx, &ids).await?;
    organs.sort_by_key(|organ| ids.iter().position(|id| *id == organ.id));
    Ok((organs, total))
}

/// How many organs of each level are in use inside a scope.
///
/// # Errors
/// When the store cannot be read.
pub async fn counts(tx: &mut Tx, scope: &Scope) -> Result<Vec<(Level, i64)>, StoreError> {
    let mut statement =
        sql("SELECT o.level, COUNT(*) AS n FROM organ o WHERE o.status = 'active' AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement.push(" GROUP BY o.level");
    let mut counts = tx
        .all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("level")?, row.get("n")?)))
        .collect::<Result<Vec<(Level, i64)>, StoreError>>()?;
    counts.sort();
    Ok(counts)
}

fn narrow(statement: &mut Sql, scope: &Scope, filter: &Filter) {
    scope.push_condition(statement, "o.id", "o.path");
    if !filter.text.is_empty() {
        let pattern = containing(&filter.text);
        statement
            .push(" AND (o.name LIKE ")
            .push_value(pattern.clone())
            .push(" ESCAPE '!' OR o.short_name LIKE ")
            .push_value(pattern.clone())
            .push(" ESCAPE '!' OR EXISTS (SELECT 1 FROM organ_alias a WHERE a.organ_id = o.id AND a.alias LIKE ")
            .push_value(pattern)
            .push(" ESCAPE '!'))");
    }
    if let Some(level) = filter.level {
        statement.push(" AND o.level = ").push_value(level);
    }
    if let Some(kind) = filter.kind {
        statement.push(" AND o.kind = ").push_value(kind);
    }
    if let Some(status) = filter.status {
        statement.push(" AND o.status = ").push_value(status);
    }
    if let Some(under) = filter.under {
        statement
            .push(" AND o.path LIKE (SELECT r.path FROM organ r WHERE r.id = ")
            .push_value(under)
            .push(") || '%'");
    }
}

/// Stores a new organ with its names; the caller records the event.
///
/// # Errors
/// When the store refuses.
pub async fn insert(tx: &mut Tx, organ: &Organ) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO organ (id, parent_id, path, name, short_name, level, kind, status, successor_id, position, version, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
            .bind(organ.id)
            .bind(organ.parent)
            .bind(&organ.path)
            .bind(&organ.name)
            .bind(organ.short_name.clone())
            .bind(organ.level)
            .bind(organ.kind)
            .bind(organ.status)
            .bind(organ.successor)
            .bind(organ.position)
            .bind(organ.version)
            .bind(now),
    )
    .await?;
    write_names(tx, organ).await
}

/// Stores a changed organ with its names if nobody changed it since `organ.version` was read, and counts the version
/// up. Below a moved organ all paths follow. The caller records the event.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else was first.
pub async fn update(tx: &mut Tx, organ: &mut Organ) -> Result<(), StoreError> {
    let row = tx
        .optional(sql("SELECT path FROM organ WHERE id = $1").bind(organ.id))
        .await?
        .ok_or(StoreError::Stale)?;
    let old_path: String = row.get("path")?;
    tx.run_versioned(
        sql("UPDATE organ SET parent_id = $1, name = $2, short_name = $3, level = $4, kind = $5, status = $6, \
             successor_id = $7, position = $8, version = version + 1 WHERE id = $9 AND version = $10")
            .bind(organ.parent)
            .bind(&organ.name)
            .bind(organ.short_name.clone())
            .bind(organ.level)
            .bind(organ.kind)
            .bind(organ.status)
            .bind(organ.successor)
            .bind(organ.position)
            .bind(organ.id)
            .bind(organ.version),
    )
    .await?;
    organ.version += 1;
    if old_path != organ.path {
        // Paths hold only ASCII, so a length in bytes is one in characters.
        let after = i64::try_from(old_path.len()).unwrap_or(i64::MAX) + 1;
        tx.run(
            sql("UPDATE organ SET path = $1 || substr(path, CAST($2 AS INTEGER)) WHERE path LIKE $3")
                .bind(&organ.path)
                .bind(after)
                .bind(format!("{old_path}%")),
        )
        .await?;
    }
    tx.run(sql("DELETE FROM organ_alias WHERE organ_id = $1").bind(organ.id))
        .await?;
    write_names(tx, organ).await
}

async fn write_names(tx: &mut Tx, organ: &Organ) -> Result<(), StoreError> {
    for alias in &organ.aliases {
        tx.run(
            sql("INSERT INTO organ_alias (organ_id, alias, kind) VALUES ($1, $2, $3)")
                .bind(organ.id)
                .bind(&alias.text)
                .bind(alias.kind),
        )
        .await?;
    }
    Ok(())
}

/// The position after the last child.
///
/// # Errors
/// When the store cannot be read.
pub async fn next_position(tx: &mut Tx, parent: Option<OrganId>) -> Result<i64, StoreError> {
    let mut statement =
        sql("SELECT COALESCE(MAX(position), 0) + 1 AS next FROM organ WHERE parent_id ");
    match parent {
        Some(parent) => statement.push("= ").push_value(parent),
        None => statement.push("IS NULL"),
    };
    tx.one(statement).await?.get("next")
}

async fn gather(tx: &mut Tx, statement: Sql) -> Result<Vec<Organ>, StoreError> {
    let mut organs: BTreeMap<OrganId, Organ> = BTreeMap::new();
    for row in tx.all(statement).await? {
        let id: OrganId = row.get("id")?;
        let organ = match organs.entry(id) {
            std::collections::btree_map::Entry::Occupied(found) => found.into_mut(),
            std::collections::btree_map::Entry::Vacant(free) => free.insert(from_row(&row)?),
        };
        if let Some(text) = row.get::<Option<String>>("alias")? {
            organ.aliases.push(Alias {
                text,
                kind: row.get("alias_kind")?,
            });
        }
    }
    for organ in organs.values_mut() {
        organ
            .aliases
            .sort_by(|a, b| (a.kind, &a.text).cmp(&(b.kind, &b.text)));
    }
    Ok(super::tree_order(organs.into_values().collect()))
}

fn from_row(row: &Row) -> Result<Organ, StoreError> {
    Ok(Organ {
        id: row.get("id")?,
        parent: row.get("parent_id")?,
        path: row.get("path")?,
        name: row.get("name")?,
        short_name: row.get("short_name")?,
        level: row.get("level")?,
        kind: row.get("kind")?,
        status: row.get("status")?,
        successor: row.get("successor_id")?,
        position: row.get("position")?,
        version: row.get("version")?,
        aliases: Vec::new(),
    })
}

#[cfg(test)]
mod tests;
