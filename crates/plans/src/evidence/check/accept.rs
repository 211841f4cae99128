//! 人工认定: the office says, with a reason, that evidence proves what it should in spite of the last verdict. It accepts
//! that verdict on what was seen; another change is checked and found as before.

use gongkai_basis::id::EvidenceId;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::Tx;
use gongkai_platform::finding;
use serde_json::json;

use super::{By, CheckKind, Item, key, store};
use crate::acts::AcceptEvidence;
use crate::evidence::verdict::Judged;
use crate::evidence::{PROVES_CHARS_MAX, store as evidence_store};
use crate::step::StepError;
use crate::{assignment, plan, task, when};

/// Loads evidence of a plan of the office.
///
/// # Errors
/// Not found outside the permit's scope, or withdrawn.
pub async fn load(
    tx: &mut Tx,
    permit: &Permit<AcceptEvidence>,
    id: EvidenceId,
) -> Result<Item, StepError> {
    let mut items = store::items(tx, &[id]).await?;
    let item = items.pop().ok_or(StepError::NotFound)?;
    plan::store::load(tx, permit.scope(), item.plan)
        .await?
        .ok_or(StepError::NotFound)?;
    Ok(item)
}

/// Accepts it.
///
/// # Errors
/// Not found; refused with all reasons.
pub async fn accept(
    tx: &mut Tx,
    permit: &Permit<AcceptEvidence>,
    id: EvidenceId,
    why: &str,
) -> Result<Item, StepError> {
    let item = load(tx, permit, id).await?;
    let mut refusals = Vec::new();
    if why.is_empty() {
        refusals.push(("why", "请写明认定的依据，如人工查看了什么。".to_owned()));
    }
    if why.chars().count() > PROVES_CHARS_MAX {
        refusals.push(("why", format!("依据最多{PROVES_CHARS_MAX}字。")));
    }
    let checked = item
        .evidence
        .checked
        .clone()
        .filter(|_| item.evidence.decayed);
    let Some(checked) = checked.filter(|_| refusals.is_empty()) else {
        if !item.evidence.decayed {
            refusals.push(("why", "这份佐证现在没有失效，不需要人工认定。".to_owned()));
        }
        return Err(StepError::Refused(refusals));
    };
    let actor = permit.actor();
    let judged = Judged {
        verdict: checked.verdict,
        seen: why.to_owned(),
        seal: checked.seal,
    };
    let by = By {
        actor,
        name: actor.name(),
        run: None,
    };
    store::insert(tx, by, (id, CheckKind::Acceptance), &judged).await?;
    let was = assignment::store::is_reopened(tx, item.evidence.assignment).await?;
    store::accept(tx, id, &judged, (why, actor.name())).await?;
    evidence_store::recount(tx, item.evidence.assignment).await?;
    task::store::settle(tx, item.task).await?;
    let reason = format!("政务公开办认定佐证仍然有效：{why}");
    let today = when::today(tx);
    finding::settle_as(tx, actor, (item.organ, &key(id)), today, &reason).await?;
    let restored = was && !assignment::store::is_reopened(tx, item.evidence.assignment).await?;
    let then = if restored {
        "，任务恢复为已完成"
    } else {
        ""
    };
    tx.record(
        Event::new(
            actor,
            "evidence.accepted",
            ("assignment", item.evidence.assignment.to_string()),
            format!("认定佐证“{}”仍然有效{then}：{why}", item.evidence.title),
        )
        .organ(item.organ)
        .data(json!({ "task": item.task, "evidence": id, "verdict": judged.verdict.code() })),
    );
    Ok(item)
}
