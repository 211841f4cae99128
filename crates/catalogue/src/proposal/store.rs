//! The SQL of proposals.

use gongkai_basis::reference::Ref;
use gongkai_platform::db::{Row, StoreError, Tx, sql};
use gongkai_platform::organ::reach::{Reach, store as reach};

use super::{Proposal, State};
use crate::id::{EntryId, ProposalId};

/// Ids in one list of a statement.
const IDS_AT_ONCE: usize = 200;
const SELECT: &str = "SELECT p.*, o.name AS organ_name FROM catalogue_proposal p JOIN organ o ON o.id = p.organ_id WHERE ";

pub(super) async fn insert(tx: &mut Tx, proposal: &Proposal) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO catalogue_proposal (id, ref_kind, ref_id, organ_id, title, source, path, due_on, state, why, \
             decided_by, version, proposed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', 1, $10)")
            .bind(proposal.id.to_string())
            .bind(&proposal.of.kind)
            .bind(&proposal.of.id)
            .bind(proposal.organ)
            .bind(&proposal.title)
            .bind(&proposal.source)
            .bind(&proposal.path)
            .bind(proposal.due_on)
            .bind(proposal.state.code())
            .bind(now),
    )
    .await?;
    Ok(())
}

/// Keeps what may change, under its version.
pub(super) async fn save(tx: &mut Tx, proposal: &Proposal) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE catalogue_proposal SET organ_id = $1, title = $2, source = $3, path = $4, due_on = $5, state = $6, \
             entry_id = $7, why = $8, decided_by = $9, decided_on = $10, version = version + 1 \
             WHERE id = $11 AND version = $12")
            .bind(proposal.organ)
            .bind(&proposal.title)
            .bind(&proposal.source)
            .bind(&proposal.path)
            .bind(proposal.due_on)
            .bind(proposal.state.code())
            .bind(proposal.entry.map(|id| id.to_string()))
            .bind(&proposal.why)
            .bind(&proposal.decided_by)
            .bind(proposal.decided_on)
            .bind(proposal.id.to_string())
            .bind(proposal.version),
    )
    .await
}

/// A proposal to a unit inside a reach.
///
/// # Errors
/// When the store fails.
pub async fn load(
    tx: &mut Tx,
    within: &Reach,
    id: ProposalId,
) -> Result<Option<Proposal>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("p.id = ")
        .push_value(id.to_string())
        .push(" AND ");
    reach::push(&mut statement, within);
    tx.optional(statement)
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// What was proposed of these records.
///
/// # Errors
/// When the store fails.
pub async fn of_refs(tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Proposal>, StoreError> {
    let mut found = Vec::new();
    for some in refs.chunks(IDS_AT_ONCE) {
        let mut statement = sql(SELECT);
        statement
            .push("p.ref_id IN ")
            .push_list(some.iter().map(|of| of.id.as_str()));
        for row in tx.all(statement).await? {
            let proposal = from_row(&row)?;
            if some.contains(&proposal.of) {
                found.push(proposal);
            }
        }
    }
    Ok(found)
}

/// What an entry comes from, where it was proposed.
///
/// # Errors
/// When the store fails.
pub async fn of_entry(tx: &mut Tx, entry: EntryId) -> Result<Option<Proposal>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("p.entry_id = ")
        .push_value(entry.to_string())
        .push(" ORDER BY p.proposed_at, p.id LIMIT 1");
    tx.optional(statement)
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// One page of the proposals to units inside a reach: those that wait first, by their day.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    within: &Reach,
    (offset, rows): (i64, i64),
) -> Result<Vec<Proposal>, StoreError> {
    let mut statement = sql(SELECT);
    reach::push(&mut statement, within);
    statement
        .push(" ORDER BY CASE p.state WHEN 'open' THEN 0 ELSE 1 END, COALESCE(p.due_on, '9999-12-31'), p.proposed_at DESC, p.id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// How many proposals units inside a reach have, in one state or in all.
///
/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, within: &Reach, state: Option<State>) -> Result<i64, StoreError> {
    let mut statement = sql(
        "SELECT COUNT(*) AS n FROM catalogue_proposal p JOIN organ o ON o.id = p.organ_id WHERE ",
    );
    reach::push(&mut statement, within);
    if let Some(state) = state {
        statement.push(" AND p.state = ").push_value(state.code());
    }
    tx.one(statement).await?.get("n")
}

fn from_row(row: &Row) -> Result<Proposal, StoreError> {
    let entry: Option<String> = row.get("entry_id")?;
    Ok(Proposal {
        id: row.parsed("id", "an id")?,
        of: Ref {
            kind: row.get("ref_kind")?,
            id: row.get("ref_id")?,
        },
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        title: row.get("title")?,
        source: row.get("source")?,
        path: row.get("path")?,
        due_on: row.get("due_on")?,
        state: row.coded("state", State::from_code)?,
        entry: entry.and_then(|id| id.parse().ok()),
        why: row.get("why")?,
        decided_by: row.get("decided_by")?,
        decided_on: row.get("decided_on")?,
        version: row.get("version")?,
    })
}
