//! The head of the office puts a plan's state on the portal, or takes it off.

use gongkai_basis::Date;
use gongkai_basis::id::PlanId;
use gongkai_platform::access::{Act, Permit};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use serde_json::json;

use super::{Snapshot, SnapshotOrgan, SnapshotTask, Stands, store};
use crate::acts::PublishProgress;
use crate::ledger::{EXPORT_ROWS_MAX, Narrow, Sort, TaskRow, due_text, store as ledger};
use crate::plan::{self, Plan};
use crate::when;

/// May the words of the units' last reports go out with the dates?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    Include,
    DatesOnly,
}

#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("there is no such plan in reach")]
    NotFound,
    #[error("nothing of this plan is on the portal")]
    NothingPublished,
    #[error("the snapshot could not be stored")]
    Store(#[from] StoreError),
}

/// What would be published now.
///
/// # Errors
/// When the store cannot be read; a plan outside the scope is `None`.
pub async fn preview<A: Act>(
    tx: &mut Tx,
    permit: &Permit<A>,
    id: PlanId,
    (words, today): (Words, Date),
) -> Result<Option<(Plan, Snapshot)>, StoreError> {
    let Some(plan) = plan::store::load(tx, permit.scope(), id).await? else {
        return Ok(None);
    };
    let everything = Narrow::default();
    let ids =
        ledger::task_ids(tx, id, &everything, Sort::Plan, today, (0, EXPORT_ROWS_MAX)).await?;
    let rows = ledger::task_page(tx, &ids, today).await?;
    let updates = store::updates(tx, id).await?;
    let mut printed = store::organ_texts(tx, id).await?;
    let tasks = rows
        .into_iter()
        .map(|row| {
            let updated = updates.get(&row.id).copied();
            let printed = printed.remove(&row.id).unwrap_or_default();
            of_row(row, (updated, printed), (words, today))
        })
        .collect();
    let snapshot = Snapshot {
        title: plan.title.clone(),
        document_number: plan.document_number.clone(),
        issuer: plan.issuer.clone(),
        issued_on: plan.issued_on,
        year: plan.year,
        as_of: today,
        tasks,
    };
    Ok(Some((plan, snapshot)))
}

fn of_row(
    row: TaskRow,
    (updated, printed): (Option<i64>, String),
    (words, today): (Words, Date),
) -> SnapshotTask {
    let (organs_total, _, organs_done, _) = row.sums();
    let progress = row
        .latest
        .filter(|_| words == Words::Include)
        .map(|latest| latest.done_text)
        .filter(|text| !text.is_empty());
    SnapshotTask {
        number: row.number,
        section: row.section,
        group: row.group,
        due_text: due_text(&row.deadlines, row.due_on),
        due_on: row.due_on,
        text: row.text,
        organ_text: if row.units.is_empty() {
            printed
        } else {
            String::new()
        },
        organs: row
            .units
            .into_iter()
            .map(|unit| SnapshotOrgan {
                name: unit.named_as,
                duty: unit.duty,
                organs: unit.organs,
            })
            .collect(),
        state: Stands::of(row.light, row.due_on, today).code().to_owned(),
        organs_total,
        organs_done,
        updated_on: updated.and_then(when::civil_day),
        progress,
    }
}

/// Publishes the state of today.
///
/// # Errors
/// Not found, or the store's.
pub async fn publish(
    tx: &mut Tx,
    permit: &Permit<PublishProgress>,
    id: PlanId,
    now: (Words, Date),
) -> Result<Snapshot, PublishError> {
    let (plan, snapshot) = preview(tx, permit, id, now)
        .await?
        .ok_or(PublishError::NotFound)?;
    store::insert(
        tx,
        crate::fresh(tx.now()),
        id,
        &snapshot,
        permit.actor().name(),
    )
    .await?;
    record(
        tx,
        permit,
        &plan,
        "progress.published",
        format!(
            "公布《{}》进展，共{}项任务",
            plan.title,
            snapshot.tasks.len()
        ),
    );
    Ok(snapshot)
}

/// Takes the plan off the portal.
///
/// # Errors
/// Not found, nothing published, or the store's.
pub async fn withdraw(
    tx: &mut Tx,
    permit: &Permit<PublishProgress>,
    id: PlanId,
) -> Result<Plan, PublishError> {
    let plan = plan::store::load(tx, permit.scope(), id)
        .await?
        .ok_or(PublishError::NotFound)?;
    if store::withdraw(tx, id).await? == 0 {
        return Err(PublishError::NothingPublished);
    }
    record(
        tx,
        permit,
        &plan,
        "progress.withdrawn",
        format!("撤下《{}》的公布进展", plan.title),
    );
    Ok(plan)
}

fn record(
    tx: &mut Tx,
    permit: &Permit<PublishProgress>,
    plan: &Plan,
    kind: &'static str,
    sentence: String,
) {
    tx.record(
        Event::new(
            permit.actor(),
            kind,
            ("plan", plan.id.to_string()),
            sentence,
        )
        .organ(plan.organ)
        .data(json!({ "year": plan.year })),
    );
}
