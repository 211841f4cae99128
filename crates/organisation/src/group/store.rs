//! The SQL of the leading group.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, StoreError, Tx, containing, sql};

use super::{GroupDuty, HISTORY_MAX, Member};
use crate::id::MemberId;

/// Ids in one list of a statement.
const IDS_AT_ONCE: usize = 200;

pub(super) async fn insert(tx: &mut Tx, member: &Member) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO leading_member (id, base_id, duty, name, post, from_on, from_why, recorded_by, version, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9)")
            .bind(member.id.to_string())
            .bind(member.base)
            .bind(member.duty.code())
            .bind(&member.name)
            .bind(&member.post)
            .bind(member.from_on)
            .bind(&member.from_why)
            .bind(&member.recorded_by)
            .bind(now),
    )
    .await?;
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, member: &Member) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE leading_member SET until_on = $1, until_why = $2, removed_why = $3, version = version + 1 WHERE id = $4 AND version = $5")
            .bind(member.until_on)
            .bind(member.until_why.clone())
            .bind(member.removed_why.clone())
            .bind(member.id.to_string())
            .bind(member.version),
    )
    .await
}

/// A group's whole history, oldest first; rows entered by mistake are among them.
///
/// # Errors
/// When the store fails.
pub async fn history(tx: &mut Tx, base: OrganId) -> Result<Vec<Member>, StoreError> {
    tx.all(
        sql("SELECT * FROM leading_member WHERE base_id = $1 ORDER BY from_on, id LIMIT $2")
            .bind(base)
            .bind(HISTORY_MAX),
    )
    .await?
    .iter()
    .map(from_row)
    .collect()
}

/// The whole history of several groups with the names of their governments.
///
/// # Errors
/// When the store fails.
pub async fn histories(
    tx: &mut Tx,
    bases: &[OrganId],
) -> Result<BTreeMap<OrganId, (String, Vec<Member>)>, StoreError> {
    let mut found: BTreeMap<OrganId, (String, Vec<Member>)> = BTreeMap::new();
    for some in bases.chunks(IDS_AT_ONCE) {
        let mut statement = sql(
            "SELECT m.*, o.name AS organ_name FROM leading_member m JOIN organ o ON o.id = m.base_id WHERE m.base_id IN ",
        );
        statement
            .push_list(some.iter().copied())
            .push(" ORDER BY m.base_id, m.from_on, m.id");
        for row in tx.all(statement).await? {
            let member = from_row(&row)?;
            let name: String = row.get("organ_name")?;
            let of = found
                .entry(member.base)
                .or_insert_with(|| (name, Vec::new()));
            of.1.push(member);
        }
    }
    Ok(found)
}

/// Governments inside a scope that have a group, by part of their name; those that changed last come first.
///
/// # Errors
/// When the store fails.
pub async fn bases(
    tx: &mut Tx,
    (scope, words): (&Scope, &str),
    rows: i64,
) -> Result<Vec<OrganId>, StoreError> {
    let mut statement = sql(
        "SELECT o.id, MAX(m.from_on) AS since FROM leading_member m JOIN organ o ON o.id = m.base_id WHERE m.removed_why IS NULL AND o.name LIKE ",
    );
    statement
        .push_value(containing(words))
        .push(" ESCAPE '!' AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" GROUP BY o.id ORDER BY since DESC, o.id LIMIT ")
        .push_value(rows);
    let rows = tx.all(statement).await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Does anybody sit in a group on a day?
///
/// # Errors
/// When the store fails.
pub async fn sits(tx: &mut Tx, base: OrganId, on: Date) -> Result<bool, StoreError> {
    let row = tx
        .one(
            sql("SELECT COUNT(*) AS n FROM leading_member WHERE base_id = $1 AND removed_why IS NULL AND from_on <= $2 \
                 AND COALESCE(until_on, '9999-12-31') > $3")
                .bind(base)
                .bind(on)
                .bind(on),
        )
        .await?;
    let n: i64 = row.get("n")?;
    Ok(n > 0)
}

/// One row of the groups of these governments.
///
/// # Errors
/// When the store fails.
pub async fn load(
    tx: &mut Tx,
    bases: &[OrganId],
    id: MemberId,
) -> Result<Option<Member>, StoreError> {
    let mut statement =
        sql("SELECT * FROM leading_member WHERE id = $1 AND base_id IN ").bind(id.to_string());
    statement.push_list(bases.iter().copied());
    tx.optional(statement)
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

fn from_row(row: &Row) -> Result<Member, StoreError> {
    Ok(Member {
        id: row.parsed("id", "an id")?,
        base: row.get("base_id")?,
        duty: row.coded("duty", GroupDuty::from_code)?,
        name: row.get("name")?,
        post: row.get("post")?,
        from_on: row.get("from_on")?,
        from_why: row.get("from_why")?,
        until_on: row.get("until_on")?,
        until_why: row.get("until_why")?,
        removed_why: row.get("removed_why")?,
        recorded_by: row.get("recorded_by")?,
        version: row.get("version")?,
    })
}
