//! Out: the official form for one unit or all, and everything as data.

pub mod everything;
pub mod form;
pub mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{OrganId, PlanId};
use gongkai_platform::db::{StoreError, Tx};

use crate::ledger::{AssignmentRow, Count, EXPORT_ROWS_MAX, Narrow, Sort, store as ledger};

/// The open parts of a plan by unit in the directory's order, and of each unit in the plan's order; of one unit where one is
/// named.
///
/// # Errors
/// When the store fails.
pub async fn parts(
    tx: &mut Tx,
    plan: PlanId,
    organ: Option<OrganId>,
    today: Date,
) -> Result<Vec<AssignmentRow>, StoreError> {
    let narrow = Narrow {
        organ,
        ..Narrow::default()
    };
    let count = Count { n: 0, more: true };
    let ids = ledger::assignment_ids(
        tx,
        plan,
        (&narrow, count),
        Sort::Organ,
        today,
        (0, EXPORT_ROWS_MAX),
    )
    .await?;
    let mut parts = ledger::assignment_page(tx, &ids, today).await?;
    if organ.is_none() {
        let organs = ledger::organs(tx, plan).await?;
        let places: BTreeMap<OrganId, usize> = organs.iter().map(|(id, _)| *id).zip(0..).collect();
        parts.sort_by_key(|part| places.get(&part.organ).copied());
    }
    Ok(parts)
}
