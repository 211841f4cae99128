//! What a merger of organs does to findings: what is still to be mended goes to the heir.

use async_trait::async_trait;
use gongkai_basis::Actor;

use super::report::record;
use super::{Finding, FindingState, Step, store, tell};
use crate::db::{StoreError, Tx};
use crate::organ::{Moved, OpenWork};
use crate::web::civil_day;
use gongkai_basis::id::OrganId;

/// Findings that are neither closed nor untrue; what was put off is mended later, by the heir.
pub struct OpenFindings;

#[async_trait]
impl OpenWork for OpenFindings {
    fn title(&self) -> &'static str {
        "未销号的问题"
    }

    async fn count(&self, tx: &mut Tx, organ: OrganId) -> Result<i64, StoreError> {
        let open = store::heir::unended(tx, organ).await?;
        Ok(i64::try_from(open.len()).unwrap_or(i64::MAX))
    }

    async fn move_all(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        moved: Moved<'_>,
    ) -> Result<i64, StoreError> {
        let (mut count, mut confirmed) = (0, 0);
        for finding in store::heir::unended(tx, moved.from).await? {
            confirmed += i64::from(finding.confirmed_on.is_some());
            move_one(tx, actor, finding, moved).await?;
            count += 1;
        }
        if confirmed > 0 {
            tell::heir(tx, moved, confirmed).await?;
        }
        Ok(count)
    }
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
