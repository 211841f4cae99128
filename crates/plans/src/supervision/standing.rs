//! What became of the items of a 督办单: the ledger and the list of findings say whether something is done, not the unit's
//! reply alone.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, FindingId};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::{self, FindingState};

use super::{Item, ItemKind, Order, store};
use crate::assignment::light::Light;
use crate::ledger::{self, AssignmentRow};
use crate::quote::quoted;
use crate::step::{StepError, refused};
use crate::when;

/// Characters of an item that a refusal quotes.
const QUOTE_CHARS_MAX: usize = 40;
/// Items that a refusal names.
const NAMED: usize = 5;

/// How an item stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The unit's part of the task, as the ledger has it.
    Part(Box<AssignmentRow>),
    Finding(FindingState),
    /// Nothing of it is asked of the unit any more, and why.
    Gone(&'static str),
}

impl Standing {
    /// What the ledger or the list of findings says of what is not done yet; `None` of all else.
    #[must_use]
    pub fn open(&self, today: Date) -> Option<String> {
        match self {
            Self::Part(row) => unfinished(row, today),
            Self::Finding(state) if state.is_open() => {
                let name = state.name();
                Some(format!("问题清单里还是“{name}”，没有销号"))
            }
            Self::Finding(_) | Self::Gone(_) => None,
        }
    }
}

fn unfinished(row: &AssignmentRow, today: Date) -> Option<String> {
    // Where no day is next, a later year closed or waived what was left.
    match (row.light, row.next_due_on) {
        (Light::Done, _) => None,
        (Light::Decayed, _) => Some("台账里的佐证已经失效，任务不算完成".to_owned()),
        (Light::Overdue, Some(due)) => {
            let days = (today - due).get_days();
            Some(format!("台账里还没有完成，已逾期{days}天"))
        }
        (Light::Normal | Light::Soon, Some(due)) => {
            let due = when::date(due);
            Some(format!("台账里还没有完成，期限到{due}"))
        }
        (Light::Normal | Light::Soon | Light::Overdue, None) => None,
    }
}

/// The items of a 督办单 with how each stands, in their order.
///
/// # Errors
/// When the store fails.
pub async fn items(
    tx: &mut Tx,
    order: &Order,
    today: Date,
) -> Result<Vec<(Item, Standing)>, StoreError> {
    let items = store::items(tx, order.id).await?;
    let parts = store::parts_now(tx, order).await?;
    let ids: Vec<AssignmentId> = parts.values().copied().collect();
    let rows = ledger::store::assignment_page(tx, &ids, today).await?;
    let rows: BTreeMap<AssignmentId, AssignmentRow> =
        rows.into_iter().map(|row| (row.id, row)).collect();
    let findings: Vec<FindingId> = items
        .iter()
        .filter(|item| item.kind == ItemKind::Finding)
        .filter_map(|item| item.reference.parse().ok())
        .collect();
    let office = Scope::Organs {
        single: vec![order.office],
        branches: Vec::new(),
    };
    let findings = finding::store::of_ids(tx, &office, &findings).await?;
    let standing = |item: &Item| match item.kind {
        ItemKind::Assignment => {
            let part = parts.get(&item.reference).and_then(|id| rows.get(id));
            part.map_or(
                Standing::Gone("任务已调整，不再由这个单位承担"),
                |row| Standing::Part(Box::new(row.clone())),
            )
        }
        ItemKind::Finding => findings
            .iter()
            .find(|finding| finding.id.to_string() == item.reference)
            .map_or(
                Standing::Gone("问题已不在本办的清单里"),
                |finding| Standing::Finding(finding.state),
            ),
    };
    Ok(items
        .into_iter()
        .map(|item| {
            let now = standing(&item);
            (item, now)
        })
        .collect())
}

/// Refuses to accept a reply without a word while something is open still, and says what.
///
/// # Errors
/// Refused; when the store fails.
pub(super) async fn explained(
    tx: &mut Tx,
    order: &Order,
    note: &str,
    today: Date,
) -> Result<(), StepError> {
    if !note.is_empty() {
        return Ok(());
    }
    let items = items(tx, order, today).await?;
    let open: Vec<String> = items
        .iter()
        .filter_map(|(item, now)| {
            let says = now.open(today)?;
            Some(format!("{}：{says}。", quoted(&item.text, QUOTE_CHARS_MAX)))
        })
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let whole = format!(
        "有{}项还没有完成，没有验收，单位的回复和材料都在。没有办好的，请点“退回重报”；仍要验收通过的，请写明原因。",
        open.len()
    );
    let named = open.into_iter().take(NAMED);
    let mut reasons: Vec<(&'static str, String)> = named.map(|says| ("step", says)).collect();
    reasons.push(("note", whole));
    refused(reasons)
}
