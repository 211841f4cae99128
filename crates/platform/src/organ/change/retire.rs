//! Taking an organ out of use and back: merge, dissolve, reinstate.

use gongkai_basis::id::OrganId;
use serde_json::json;

use super::super::acts::EditOrgans;
use super::super::hooks::{Hooks, Moved};
use super::super::{Organ, Status, store};
use super::check::{check_reason, require_reason, twin};
use super::{OrganError, event, reachable, read_at};
use crate::access::Permit;
use crate::db::{StoreError, Tx};
use crate::web::FormErrors;

/// What a merger did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merger {
    /// Title and count of the open work that moved.
    pub moved: Vec<(&'static str, i64)>,
    /// Organs below that now stand below the successor.
    pub children: usize,
}

/// Merges an organ into another: it gets no new work, its names lead to the successor, its open work and the organs
/// below it go there.
///
/// # Errors
/// All reasons why not; somebody else's change in the meantime; a failing store.
pub async fn merge(
    tx: &mut Tx,
    permit: &Permit<EditOrgans>,
    hooks: &Hooks,
    (id, version): (OrganId, i64),
    (into, reason): (OrganId, &str),
) -> Result<Merger, OrganError> {
    let mut organ = read_at(tx, permit, id, version).await?;
    let successor = reachable(tx, permit, into).await?;
    let mut errors = FormErrors::default();
    check_reason(&mut errors, reason);
    if !organ.is_active() {
        errors.add(
            "into",
            format!("“{}”{}，不能再合并。", organ.name, organ.status.name()),
        );
    }
    if !successor.is_active() {
        errors.add(
            "into",
            format!(
                "“{}”{}，请选择在用的机关。",
                successor.name,
                successor.status.name()
            ),
        );
    }
    if successor.is_within(&organ) {
        errors.add("into", "不能并入自己或自己的下级，请选择其他机关。");
    }
    if !errors.is_empty() {
        return Err(OrganError::Form(errors));
    }
    let reason = reason.trim();
    let mut moved = Vec::new();
    for work in &hooks.open_work {
        let place = Moved {
            from: id,
            to: &successor,
            reason,
        };
        let count = work.move_all(tx, permit.actor(), place).await?;
        if count > 0 {
            moved.push((work.title(), count));
        }
    }
    let children = adopt(tx, id, &successor).await?;
    organ.status = Status::Merged;
    organ.successor = Some(into);
    store::update(tx, &mut organ).await?;
    let mut sentence = format!("“{}”并入“{}”，原因：{reason}", organ.name, successor.name);
    for (title, count) in &moved {
        sentence.push_str(&format!("；{title}移交 {count} 项"));
    }
    if children > 0 {
        sentence.push_str(&format!("；下级机关随转 {children} 个"));
    }
    tx.record(
        event(permit.actor(), "organ.merged", &organ, sentence).data(json!({
            "into": into.to_string(),
            "reason": reason,
            "moved": moved.iter().map(|(title, count)| json!({"title": title, "count": count})).collect::<Vec<_>>(),
            "children": children,
        })),
    );
    Ok(Merger { moved, children })
}

/// Hangs the organs below one under another.
async fn adopt(tx: &mut Tx, from: OrganId, to: &Organ) -> Result<usize, OrganError> {
    let children = store::children(tx, from).await?;
    let count = children.len();
    let mut position = store::next_position(tx, Some(to.id)).await?;
    for mut child in children {
        child.parent = Some(to.id);
        child.path = format!("{}{}/", to.path, child.id);
        child.position = position;
        position += 1;
        store::update(tx, &mut child).await?;
    }
    Ok(count)
}

/// Why an organ cannot be dissolved now; empty when it can.
///
/// # Errors
/// When the store cannot be read.
pub async fn reasons_against_dissolving(
    tx: &mut Tx,
    hooks: &Hooks,
    organ: &Organ,
) -> Result<Vec<String>, StoreError> {
    let mut reasons = Vec::new();
    if !organ.is_active() {
        reasons.push(format!("“{}”{}。", organ.name, organ.status.name()));
    }
    for (title, count) in hooks.open_work_of(tx, organ.id).await? {
        reasons.push(format!(
            "还有{title} {count} 项，请先移交给其他机关，或改用“并入其他机关”。"
        ));
    }
    let active: Vec<String> = store::children(tx, organ.id)
        .await?
        .iter()
        .filter(|child| child.is_active())
        .map(|child| child.name.clone())
        .collect();
    if !active.is_empty() {
        let shown: Vec<&str> = active.iter().take(5).map(String::as_str).collect();
        reasons.push(format!(
            "还有在用的下级机关 {} 个（{}{}），请先撤销、合并或改到其他机关之下。",
            active.len(),
            shown.join("、"),
            if active.len() > shown.len() {
                "等"
            } else {
                ""
            }
        ));
    }
    Ok(reasons)
}

/// Dissolves an organ that has neither open work nor organs below it.
///
/// # Errors
/// All reasons why not; somebody else's change in the meantime; a failing store.
pub async fn dissolve(
    tx: &mut Tx,
    permit: &Permit<EditOrgans>,
    hooks: &Hooks,
    (id, version): (OrganId, i64),
    reason: &str,
) -> Result<(), OrganError> {
    let mut organ = read_at(tx, permit, id, version).await?;
    let reasons = reasons_against_dissolving(tx, hooks, &organ).await?;
    if !reasons.is_empty() {
        return Err(OrganError::Refused(reasons));
    }
    require_reason(reason)?;
    organ.status = Status::Dissolved;
    store::update(tx, &mut organ).await?;
    let sentence = format!("撤销机关“{}”，原因：{}", organ.name, reason.trim());
    tx.record(
        event(permit.actor(), "organ.dissolved", &organ, sentence)
            .data(json!({"reason": reason.trim()})),
    );
    Ok(())
}

/// Takes a merged or dissolved organ into use again. Work that was moved stays where it is.
///
/// # Errors
/// All reasons why not; somebody else's change in the meantime; a failing store.
pub async fn reinstate(
    tx: &mut Tx,
    permit: &Permit<EditOrgans>,
    (id, version): (OrganId, i64),
    reason: &str,
) -> Result<(), OrganError> {
    let mut organ = read_at(tx, permit, id, version).await?;
    let mut reasons = Vec::new();
    if organ.is_active() {
        reasons.push(format!("“{}”正在使用。", organ.name));
    }
    if let Some(parent) = organ.parent
        && let Some(parent) = store::load(tx, parent).await?
    {
        if !parent.is_active() {
            reasons.push(format!(
                "上级机关“{}”{}，请先恢复上级机关。",
                parent.name,
                parent.status.name()
            ));
        }
        if twin(tx, Some(parent.id), &organ.name, Some(id))
            .await?
            .is_some()
        {
            reasons.push(format!("“{}”之下已有同名的机关。", parent.name));
        }
    }
    if !reasons.is_empty() {
        return Err(OrganError::Refused(reasons));
    }
    require_reason(reason)?;
    organ.status = Status::Active;
    organ.successor = None;
    store::update(tx, &mut organ).await?;
    let sentence = format!("恢复使用机关“{}”，原因：{}", organ.name, reason.trim());
    tx.record(
        event(permit.actor(), "organ.reinstated", &organ, sentence)
            .data(json!({"reason": reason.trim()})),
    );
    Ok(())
}
