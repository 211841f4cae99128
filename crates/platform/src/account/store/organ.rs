//! The SQL of the organs in which a role can be held.

use gongkai_basis::id::OrganId;

use crate::db::{StoreError, Tx, containing, sql};
use crate::organ::{self, Organ};

/// Organs whose names one page offers.
const CHOICES_MAX: i64 = 3_000;
/// Organs that a text may mean, to choose among.
pub(in crate::account) const MEANT_MAX: usize = 50;

/// All in use in the directory's order, each with its depth: 0 is the top. `None` where they are too many for one page.
/// Two queries.
pub(in crate::account) async fn organ_choices(
    tx: &mut Tx,
) -> Result<Option<Vec<(OrganId, String, usize)>>, StoreError> {
    let count = sql("SELECT COUNT(*) AS n FROM organ WHERE status = 'active'");
    if tx.one(count).await?.get::<i64>("n")? > CHOICES_MAX {
        return Ok(None);
    }
    let all = organ::store::all(tx).await?;
    let one = |organ: Organ| {
        let depth = organ.depth();
        (organ.id, organ.name, depth)
    };
    Ok(Some(
        all.into_iter().filter(Organ::is_active).map(one).collect(),
    ))
}

/// An organ that a text may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::account) struct Meant {
    pub(in crate::account) id: OrganId,
    pub(in crate::account) name: String,
    /// The organ above it; empty at the top.
    pub(in crate::account) above: String,
    /// Is the text its whole name, short name or other name?
    pub(in crate::account) is_whole: bool,
}

/// Those whose name, short name or another name holds the text, whole names first.
pub(in crate::account) async fn organs_meant(
    tx: &mut Tx,
    text: &str,
) -> Result<Vec<Meant>, StoreError> {
    let rows = i64::try_from(MEANT_MAX + 1).unwrap_or(i64::MAX);
    tx.all(
        sql("SELECT o.id, o.name, COALESCE(above.name, '') AS above_name, \
             CAST(CASE WHEN o.name = $1 OR o.short_name = $2 \
             OR EXISTS (SELECT 1 FROM organ_alias w WHERE w.organ_id = o.id AND w.alias = $3) THEN 1 ELSE 0 END AS BIGINT) AS whole \
             FROM organ o LEFT JOIN organ above ON above.id = o.parent_id WHERE o.status = 'active' \
             AND (o.name LIKE $4 ESCAPE '!' OR o.short_name LIKE $5 ESCAPE '!' \
             OR EXISTS (SELECT 1 FROM organ_alias a WHERE a.organ_id = o.id AND a.alias LIKE $6 ESCAPE '!')) \
             ORDER BY whole DESC, LENGTH(o.path), COALESCE(above.position, 0), o.parent_id, o.position, o.id LIMIT $7")
            .bind(text)
            .bind(text)
            .bind(text)
            .bind(containing(text))
            .bind(containing(text))
            .bind(containing(text))
            .bind(rows),
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Meant {
            id: row.get("id")?,
            name: row.get("name")?,
            above: row.get("above_name")?,
            is_whole: row.get::<i64>("whole")? == 1,
        })
    })
    .collect()
}
