//! An existing ledger beside the plan that it is about, before anything is written.

use gongkai_basis::id::DraftId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::{self, Directory};
use gongkai_platform::web::App;

use super::matching::{RowMatch, match_rows};
use super::{Content, LedgerRow, Picked};
use crate::acts::ImportPlan;
use crate::draft::compare::Known;
use crate::draft::source::place_name;
use crate::draft::{Draft, DraftError, DraftState, Purpose, reimport, store};
use crate::plan::{self, Plan, PlanState};

/// So many rows are named one by one when they refuse an import.
const NAMED_MAX: usize = 20;

/// An existing ledger beside the plan.
#[derive(Debug)]
pub struct Preview {
    pub draft: Draft,
    pub plan: Plan,
    pub rows: Vec<LedgerRow>,
    pub matches: Vec<RowMatch>,
    pub known: Vec<Known>,
    pub directory: Directory,
    /// What was chosen on pages that were sent before.
    pub picked: Picked,
}

impl Preview {
    /// Where a row stands and whose it is: `表1 第5行（市司法局）`.
    fn row_name(&self, nth: usize) -> String {
        let Some(row) = self.rows.get(nth) else {
            return String::new();
        };
        match place_name(row.place) {
            place if place.is_empty() => format!("第{}条（{}）", nth + 1, row.units),
            place => format!("{place}（{}）", row.units),
        }
    }

    /// Why these rows hinder an import, a sentence for each, and a last one for those that are too many to name.
    pub(super) fn because(&self, rows: &[usize], why: &str) -> Vec<String> {
        let named = rows.iter().take(NAMED_MAX);
        let mut reasons: Vec<String> = named
            .map(|nth| format!("{}：{why}", self.row_name(*nth)))
            .collect();
        if rows.len() > reasons.len() {
            let others = rows.len() - reasons.len();
            reasons.push(format!("另有{others}行也是这样。"));
        }
        reasons
    }
}

/// Loads an uploaded ledger and matches its rows, which takes no transaction and none of the threads that answer people.
///
/// # Errors
/// Not found outside the permit's scope, or when the plan is no longer in work.
pub async fn preview(
    app: &App,
    permit: &Permit<ImportPlan>,
    id: DraftId,
) -> Result<Preview, DraftError> {
    let mut preview = app
        .db
        .read(async |tx: &mut Tx| load(tx, permit, id).await)
        .await?;
    let matched = tokio::task::spawn_blocking(move || {
        let known = (preview.known.as_slice(), &preview.picked.given);
        preview.matches = match_rows(&preview.rows, known, &preview.directory);
        preview
    });
    let matched = matched.await;
    Ok(matched.map_err(|_| StoreError::Unsupported("the ledger could not be compared"))?)
}

/// Everything of a preview but what its rows are matched to.
async fn load(
    tx: &mut Tx,
    permit: &Permit<ImportPlan>,
    id: DraftId,
) -> Result<Preview, DraftError> {
    let (draft, plan) = of(tx, permit, id).await?;
    let content: Content = store::content(tx, id).await?.ok_or(DraftError::NotFound)?;
    Ok(Preview {
        directory: organ::directory(tx, plan.government).await?,
        known: reimport::known(tx, plan.id).await?,
        picked: store::progress::picked(tx, id).await?,
        rows: content.rows,
        matches: Vec::new(),
        draft,
        plan,
    })
}

/// An uploaded ledger and the plan that it is about.
pub(super) async fn of(
    tx: &mut Tx,
    permit: &Permit<ImportPlan>,
    id: DraftId,
) -> Result<(Draft, Plan), DraftError> {
    let draft = store::load(tx, permit.scope(), id)
        .await?
        .filter(|draft| draft.purpose == Purpose::Progress)
        .ok_or(DraftError::NotFound)?;
    let plan = match draft.plan {
        Some(plan) => plan::store::load(tx, permit.scope(), plan).await?,
        None => None,
    }
    .filter(|plan| plan.state == PlanState::Active)
    .ok_or(DraftError::NotFound)?;
    Ok((draft, plan))
}

/// A ledger that the person has before the eyes and that can still be imported.
pub(super) fn must_be_open(draft: &Draft, version: i64) -> Result<(), DraftError> {
    if draft.state != DraftState::Open {
        return Err(DraftError::Refused(vec![
            "这份台账已经导入或作废。".to_owned(),
        ]));
    }
    if draft.version != version {
        return Err(StoreError::Stale.into());
    }
    Ok(())
}
