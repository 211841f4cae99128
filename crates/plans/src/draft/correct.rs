//! 更正稿报批: what was chosen of a correction takes effect with a reason. Like any change after confirmation it is the
//! head's to decide: who may not decide proposes it, and nothing changes until the head of the office has applied it.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::id::DraftId;
use gongkai_platform::access::{Act, Permit};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files;
use gongkai_platform::inbox::Topic;
use serde_json::json;

use super::compare::{Change, Known};
use super::effects::{Planned, why_not_confirm};
use super::reimport::{Chosen, Correction, HEAD, compared, take_effect};
use super::store::proposal;
use super::{CorrectionProposal, DraftError, DraftState};
use crate::acts::{DecideChange, ImportPlan};
use crate::assignment::AssignmentState;
use crate::change::decide::{decides, why_not_reason};
use crate::notify::{Notice, To, notify, short};
use crate::plan::Plan;

/// What a person sends on from the comparison.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The draft's version that the person saw.
    pub version: i64,
    /// Changes by [`Change::code`], and [`HEAD`].
    pub chosen: BTreeSet<String>,
    pub reason: String,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    Applied,
    /// It waits for the head.
    Waits,
}

/// Proposes what was chosen of a correction; with `decide`, which the head has, it takes effect at once.
///
/// # Errors
/// All reasons of a refusal at once; stale when the draft changed since the person looked.
pub async fn submit(
    tx: &mut Tx,
    permit: &Permit<ImportPlan>,
    decide: Option<&Permit<DecideChange>>,
    id: DraftId,
    wanted: &Wanted,
) -> Result<Sent, DraftError> {
    let mut correction = compared(tx, permit, id).await?;
    must_be(&correction, (DraftState::Open, wanted.version))?;
    let mut reasons = why_not_confirm(&correction.loaded.content, &correction.loaded.directory);
    reasons.extend(why_not_propose(&wanted.reason));
    let chosen = Chosen::of(&correction, |code| wanted.chosen.contains(code));
    if chosen.is_empty() {
        reasons.push("没有选中任何改动。请至少选中一项，或作废这份草稿。".to_owned());
    }
    if !reasons.is_empty() {
        return Err(DraftError::Refused(reasons));
    }
    let marks = marks(&correction, &chosen);
    let draft = &mut correction.loaded.draft;
    proposal::propose(tx, draft, (&marks, &wanted.reason), permit.actor()).await?;
    if decides(tx, decide, correction.plan.id).await? {
        let done = (DraftState::Confirmed, None);
        proposal::decide(tx, &mut correction.loaded.draft, done, permit.actor()).await?;
        take_effect(
            tx,
            permit.actor(),
            &mut correction,
            (&chosen, &wanted.reason),
        )
        .await?;
        return Ok(Sent::Applied);
    }
    let sentence = format!(
        "提出按更正稿更正《{}》（{}处），原因：{}",
        correction.plan.title,
        marks.len(),
        wanted.reason
    );
    record(
        tx,
        permit,
        &correction,
        "plan.correction-proposed",
        sentence,
    );
    let body = format!("{}提出，原因：{}", permit.actor().name(), wanted.reason);
    tell(tx, &correction, (To::Head, "更正稿等您审批", &body)).await?;
    Ok(Sent::Waits)
}

/// Puts into effect what was proposed, exactly as it was.
///
/// # Errors
/// Not found; refused when it is decided already, or when what it changes has changed since; stale when the draft did.
pub async fn approve(
    tx: &mut Tx,
    permit: &Permit<DecideChange>,
    (id, version): (DraftId, i64),
) -> Result<(), DraftError> {
    let mut correction = compared(tx, permit, id).await?;
    must_be(&correction, (DraftState::Proposed, version))?;
    let proposed = proposal::of(tx, id).await?.ok_or(DraftError::NotFound)?;
    let reasons = why_not_approve(&correction, &proposed);
    if !reasons.is_empty() {
        return Err(DraftError::Refused(reasons));
    }
    let chosen = Chosen::of(&correction, |code| proposed.chosen.contains_key(code));
    let done = (DraftState::Confirmed, None);
    proposal::decide(tx, &mut correction.loaded.draft, done, permit.actor()).await?;
    let reason = proposed.reason.as_str();
    take_effect(tx, permit.actor(), &mut correction, (&chosen, reason)).await?;
    let body = format!("《{}》已按更正稿更正。", correction.plan.title);
    tell(tx, &correction, (To::Clerks, "更正稿已批准", &body)).await?;
    Ok(())
}

/// Sends a proposed correction back with the reason: the draft is open again, the ledger as it was.
///
/// # Errors
/// Not found; refused when it is decided already or no reason is given; stale when the draft changed.
pub async fn send_back(
    tx: &mut Tx,
    permit: &Permit<DecideChange>,
    (id, version): (DraftId, i64),
    why: &str,
) -> Result<(), DraftError> {
    let mut correction = compared(tx, permit, id).await?;
    must_be(&correction, (DraftState::Proposed, version))?;
    if let Some(reason) = why_not_reason(why, "退回原因") {
        return Err(DraftError::Refused(vec![reason]));
    }
    let back = (DraftState::Open, Some(why));
    proposal::decide(tx, &mut correction.loaded.draft, back, permit.actor()).await?;
    let sentence = format!("退回《{}》的更正稿，原因：{why}", correction.plan.title);
    record(
        tx,
        permit,
        &correction,
        "plan.correction-returned",
        sentence,
    );
    let body = format!("原因：{why}");
    tell(tx, &correction, (To::Clerks, "更正稿被退回", &body)).await?;
    Ok(())
}

/// Takes back what waits for the head: the draft is open again, to be mended or discarded; the ledger is as it was.
///
/// # Errors
/// Not found; refused when it is decided already; stale when the draft changed.
pub async fn take_back(
    tx: &mut Tx,
    permit: &Permit<ImportPlan>,
    (id, version): (DraftId, i64),
) -> Result<(), DraftError> {
    let mut correction = compared(tx, permit, id).await?;
    must_be(&correction, (DraftState::Proposed, version))?;
    proposal::take_back(tx, &mut correction.loaded.draft).await?;
    let sentence = format!("撤回《{}》更正稿的报批", correction.plan.title);
    record(
        tx,
        permit,
        &correction,
        "plan.correction-taken-back",
        sentence,
    );
    let body = format!("{}撤回，现在不用审批。", permit.actor().name());
    tell(tx, &correction, (To::Head, "更正稿的报批已撤回", &body)).await?;
    Ok(())
}

/// Why what was proposed cannot take effect now; empty when it can. The head applies what was proposed and nothing else:
/// what the ledger or the directory has changed since has to be compared again.
#[must_use]
pub fn why_not_approve(correction: &Correction, proposed: &CorrectionProposal) -> Vec<String> {
    let loaded = &correction.loaded;
    let mut reasons = why_not_confirm(&loaded.content, &loaded.directory);
    let chosen = Chosen::of(correction, |code| proposed.chosen.contains_key(code));
    let now = marks(correction, &chosen);
    let same = |(code, mark): &(&String, &String)| now.get(*code) == Some(*mark);
    let other = proposed.chosen.iter().filter(|one| !same(one)).count();
    if other > 0 {
        reasons.push(format!(
            "提出以后台账或机关名录有变动，其中{other}处改动已和提出时不同。请退回，由经办人重新比对后再报批。"
        ));
    }
    reasons
}

fn must_be(correction: &Correction, (state, version): (DraftState, i64)) -> Result<(), DraftError> {
    let draft = &correction.loaded.draft;
    if draft.state == DraftState::Confirmed {
        return Err(DraftError::Refused(vec![
            "这份更正稿已经采用，选中的改动已进入台账，不用再报批或审批。".to_owned(),
        ]));
    }
    if draft.state != state {
        return Err(DraftError::Refused(vec![format!(
            "这份更正稿{}，台账没有因此改动。请刷新页面，看现在的情况。",
            draft.state.name()
        )]));
    }
    if draft.version != version {
        return Err(StoreError::Stale.into());
    }
    Ok(())
}

fn why_not_propose(reason: &str) -> Option<String> {
    if reason.is_empty() {
        return Some("请填写更正原因，如“原文漏印一条”“上级文件改期”。".to_owned());
    }
    why_not_reason(reason, "更正原因")
}

/// What each chosen change is now, by its code: the hash of what it would make of what.
fn marks(correction: &Correction, chosen: &Chosen) -> BTreeMap<String, String> {
    let content = &correction.loaded.content;
    let known = |nth: &usize| correction.known.get(*nth).map_or_else(String::new, stands);
    let planned = |nth: &usize| {
        let planned = correction.planned.get(*nth);
        planned.map_or_else(String::new, |planned| units(planned))
    };
    let mut marks: BTreeMap<String, String> = chosen
        .changes
        .iter()
        .map(|change| {
            let what = match change {
                Change::New { draft } => planned(draft),
                Change::Changed {
                    draft, known: nth, ..
                } => {
                    // Which words come to which task: the ledger's other tasks decide that, too.
                    let key = content.tasks.get(*draft).map_or(0, |task| task.key);
                    format!("{}→{key}：{}", known(nth), planned(draft))
                }
                Change::Gone { known: nth } | Change::Same { known: nth, .. } => known(nth),
            };
            (change.code(content, &correction.known), what)
        })
        .collect();
    if chosen.head {
        let facts = correction.head.iter();
        let facts = facts.map(|fact| format!("{}：{}→{}", fact.name, fact.before, fact.after));
        marks.insert(HEAD.to_owned(), facts.collect::<Vec<_>>().join("\n"));
    }
    for mark in marks.values_mut() {
        *mark = files::hash_of(mark.as_bytes());
    }
    marks
}

/// A task of the ledger: its version and who has an open part in it.
fn stands(known: &Known) -> String {
    let open = known.assignments.iter();
    let open = open.filter(|part| part.state == AssignmentState::Open);
    let parts: BTreeSet<String> = open
        .map(|part| format!("{}{}", part.organ, part.duty.code()))
        .collect();
    let parts: Vec<String> = parts.into_iter().collect();
    format!("{}：{}", known.task.version, parts.join("、"))
}

fn units(planned: &[Planned]) -> String {
    let parts: BTreeSet<String> = planned
        .iter()
        .map(|part| format!("{}{}", part.organ, part.duty.code()))
        .collect();
    parts.into_iter().collect::<Vec<_>>().join("、")
}

fn record<A: Act>(
    tx: &mut Tx,
    permit: &Permit<A>,
    correction: &Correction,
    kind: &'static str,
    sentence: String,
) {
    let Plan { id, organ, .. } = correction.plan;
    let draft = correction.loaded.draft.id;
    tx.record(
        Event::new(permit.actor(), kind, ("plan", id.to_string()), sentence)
            .organ(organ)
            .data(json!({ "draft": draft, "file": correction.loaded.draft.file })),
    );
}

/// Tells how a correction stands after a step; each step leaves another version of the draft.
async fn tell(
    tx: &mut Tx,
    correction: &Correction,
    (to, title, body): (To, &str, &str),
) -> Result<(), StoreError> {
    let draft = &correction.loaded.draft;
    let path = match draft.state {
        DraftState::Open | DraftState::Proposed => {
            format!("/workspace/import/{}/changes", draft.id)
        }
        DraftState::Reading
        | DraftState::Failed
        | DraftState::Confirmed
        | DraftState::Discarded => format!("/workspace/import/{}", draft.id),
    };
    let notice = Notice {
        to,
        organ: correction.plan.organ,
        topic: Topic::Change,
        key: format!("correction:{}:{}", draft.id, draft.version),
        title: title.to_owned(),
        body: short(body),
        path,
        about: None,
    };
    notify(tx, notice).await
}
