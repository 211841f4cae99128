//! What a merger of organs does to findings: what is still to be mended goes to the heir, and what an office watched over to
//! the office into which it went.

use async_trait::async_trait;
use gongkai_basis::Actor;

use super::report::record;
use super::{Finding, FindingState, Step, store, tell};
use crate::audit::Event;
use crate::db::{StoreError, Tx};
use crate::organ::{self, Moved, OpenWork};
use crate::web::civil_day;
use gongkai_basis::id::OrganId;
use serde_json::json;

/// Findings that are neither closed nor untrue, of an organ or watched over by it; what was put off is mended later, by the
/// heir.
pub struct OpenFindings;

#[async_trait]
impl OpenWork for OpenFindings {
    fn title(&self) -> &'static str {
        "未销号的问题"
    }

    async fn count(&self, tx: &mut Tx, organ: OrganId) -> Result<i64, StoreError> {
        store::heir::count(tx, organ).await
    }

    async fn move_all(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        moved: Moved<'_>,
    ) -> Result<i64, StoreError> {
        let count = store::heir::count(tx, moved.from).await?;
        let mut confirmed = 0;
        for finding in store::heir::unended(tx, moved.from).await? {
            confirmed += i64::from(finding.confirmed_on.is_some());
            move_one(tx, actor, finding, moved).await?;
        }
        if confirmed > 0 {
            tell::heir(tx, moved, confirmed).await?;
        }
        watch(tx, actor, moved).await?;
        Ok(count)
    }
}

/// What an office watched over is its heir's to verify and to re-check.
async fn watch(tx: &mut Tx, actor: &Actor, moved: Moved<'_>) -> Result<(), StoreError> {
    let findings = store::heir::give_watch(tx, (moved.from, moved.to.id)).await?;
    if findings == 0 {
        return Ok(());
    }
    let from = organ::store::load(tx, moved.from).await?;
    let from = from.ok_or(StoreError::Stale)?.name;
    let sentence = format!(
        "随机构调整由“{from}”移交督促整改的问题{findings}个，原因：{}",
        moved.reason
    );
    let heir = ("organ", moved.to.id.to_string());
    let event = Event::new(actor, "finding.watch_moved", heir, sentence);
    tx.record(
        event
            .organ(moved.to.id)
            .data(json!({ "from": moved.from, "to": moved.to.id, "findings": findings })),
    );
    Ok(())
}

/// The same key of the same organ is one finding. Where the heir has it open already, this one ends in it; one that the
/// heir has behind it gives up the key, so that the next check meets what is open.
async fn move_one(
    tx: &mut Tx,
    actor: &Actor,
    mut finding: Finding,
    moved: Moved<'_>,
) -> Result<(), StoreError> {
    let from = finding.organ_name.clone();
    let known = store::by_key(tx, moved.to.id, &finding.key).await?;
    if let Some(known) = known {
        if known.state.is_open() || known.state == FindingState::Deferred {
            return join(tx, actor, finding, (known, moved)).await;
        }
        store::heir::give_up_key(tx, &known).await?;
    }
    finding.organ = moved.to.id;
    store::heir::give(tx, &finding).await?;
    let sentence = format!("随机构调整由“{from}”移交，原因：{}", moved.reason);
    record(tx, actor, &finding, "finding.moved", sentence);
    Ok(())
}

async fn join(
    tx: &mut Tx,
    actor: &Actor,
    mut finding: Finding,
    (known, moved): (Finding, Moved<'_>),
) -> Result<(), StoreError> {
    finding.state = finding
        .state
        .after(Step::Pass)
        .unwrap_or(FindingState::Closed);
    finding.closed_on = Some(civil_day(tx.now()));
    let why = format!(
        "随机构调整并入“{}”的同一问题整改，原因：{}",
        known.organ_name, moved.reason
    );
    finding.verdict = Some(why.clone());
    store::update(tx, &mut finding).await?;
    record(tx, actor, &finding, "finding.joined", why);
    Ok(())
}
