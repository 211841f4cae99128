//! The SQL of corrections that are proposed and decided.

use std::collections::BTreeMap;

use gongkai_basis::Actor;
use gongkai_basis::id::{DraftId, PlanId};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use crate::draft::{CorrectionProposal, Draft, DraftState};
use crate::task::store::{json, parse};

/// Proposes what was chosen of an open draft, as the person saw it; an older decision is forgotten with it.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else was first.
pub async fn propose(
    tx: &mut Tx,
    draft: &mut Draft,
    (chosen, reason): (&BTreeMap<String, String>, &str),
    actor: &Actor,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run_versioned(
        sql("UPDATE import_draft SET state = 'proposed', chosen = $1, reason = $2, proposed_by = $3, proposer_name = $4, proposed_at = $5, \
             decided_by = NULL, decider_name = NULL, decided_at = NULL, decision_note = NULL, updated_at = $5, version = version + 1 \
             WHERE id = $6 AND version = $7 AND state = 'open'")
            .bind(json(chosen))
            .bind(reason)
            .bind(actor.account())
            .bind(actor.name())
            .bind(now)
            .bind(draft.id)
            .bind(draft.version),
    )
    .await?;
    draft.version += 1;
    draft.state = DraftState::Proposed;
    Ok(())
}

/// Notes the decision on a proposed draft: confirmed, or open again with the reason.
///
/// # Errors
/// [`StoreError::Stale`] when it is decided already.
pub async fn decide(
    tx: &mut Tx,
    draft: &mut Draft,
    (state, note): (DraftState, Option<&str>),
    actor: &Actor,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run_versioned(
        sql("UPDATE import_draft SET state = $1, decided_by = $2, decider_name = $3, decided_at = $4, decision_note = $5, updated_at = $4, version = version + 1 \
             WHERE id = $6 AND version = $7 AND state = 'proposed'")
            .bind(state.code())
            .bind(actor.account())
            .bind(actor.name())
            .bind(now)
            .bind(note)
            .bind(draft.id)
            .bind(draft.version),
    )
    .await?;
    draft.version += 1;
    draft.state = state;
    Ok(())
}

/// Takes back what was proposed, before it is decided: the draft is open again, as if nothing had been.
///
/// # Errors
/// [`StoreError::Stale`] when it is decided already.
pub async fn take_back(tx: &mut Tx, draft: &mut Draft) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run_versioned(
        sql("UPDATE import_draft SET state = 'open', chosen = NULL, reason = NULL, proposed_by = NULL, proposer_name = NULL, proposed_at = NULL, \
             updated_at = $1, version = version + 1 WHERE id = $2 AND version = $3 AND state = 'proposed'")
            .bind(now)
            .bind(draft.id)
            .bind(draft.version),
    )
    .await?;
    draft.version += 1;
    draft.state = DraftState::Open;
    Ok(())
}

/// What was last proposed of a draft; `None` where nothing ever was, or it was taken back.
///
/// # Errors
/// When the store fails or what it holds cannot be understood.
pub async fn of(tx: &mut Tx, id: DraftId) -> Result<Option<CorrectionProposal>, StoreError> {
    tx.optional(
        sql("SELECT chosen, reason, proposer_name, proposed_at, decider_name, decided_at, decision_note FROM import_draft \
             WHERE id = $1 AND chosen IS NOT NULL")
            .bind(id),
    )
    .await?
    .map(|row| from_row(&row))
    .transpose()
}

fn from_row(row: &Row) -> Result<CorrectionProposal, StoreError> {
    Ok(CorrectionProposal {
        chosen: parse(row, "chosen")?,
        reason: row.get("reason")?,
        proposer_name: row.get("proposer_name")?,
        proposed_at: row.get("proposed_at")?,
        decider_name: row.get("decider_name")?,
        decided_at: row.get("decided_at")?,
        decision_note: row.get("decision_note")?,
    })
}

/// A correction that waits, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub draft: DraftId,
    /// The plan that it corrects.
    pub plan_title: String,
    pub reason: String,
    pub proposer_name: String,
    /// Milliseconds since 1970.
    pub proposed_at: i64,
}

/// The corrections that wait for the head of an office in reach, newest first.
///
/// # Errors
/// When the store fails.
pub async fn waiting(tx: &mut Tx, scope: &Scope, rows: i64) -> Result<Vec<Waiting>, StoreError> {
    let mut statement =
        sql("SELECT d.id, p.title AS plan_title, d.reason, d.proposer_name, d.proposed_at");
    push_from(&mut statement, scope);
    statement
        .push(" ORDER BY d.proposed_at DESC, d.id DESC LIMIT ")
        .push_value(rows);
    let rows = tx.all(statement).await?;
    rows.iter()
        .map(|row| {
            Ok(Waiting {
                draft: row.get("id")?,
                plan_title: row.get("plan_title")?,
                reason: row.get("reason")?,
                proposer_name: row.get("proposer_name")?,
                proposed_at: row.get("proposed_at")?,
            })
        })
        .collect()
}

/// How many corrections of a plan wait for the head.
///
/// # Errors
/// When the store fails.
pub async fn waiting_of_plan(tx: &mut Tx, plan: PlanId) -> Result<i64, StoreError> {
    tx.one(
        sql("SELECT COUNT(*) AS n FROM import_draft WHERE plan_id = $1 AND state = 'proposed'")
            .bind(plan),
    )
    .await?
    .get("n")
}

/// Counts those of an office in reach, for [`Tx::counts`].
#[must_use]
pub fn counting(scope: &Scope) -> Sql {
    let mut statement = sql("SELECT COUNT(*) AS n");
    push_from(&mut statement, scope);
    statement
}

fn push_from(statement: &mut Sql, scope: &Scope) {
    statement.push(
        " FROM import_draft d JOIN plan p ON p.id = d.plan_id JOIN organ o ON o.id = d.organ_id WHERE d.state = 'proposed' AND ",
    );
    scope.push_condition(statement, "o.id", "o.path");
}
