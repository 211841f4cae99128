//! The import of an existing ledger is taken back, whole, while nobody has worked on what it brought.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::id::{AssignmentId, DraftId, PlanId, ReportId};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use serde_json::json;

use super::Made;
use super::apply::tell;
use super::preview::of;
use crate::acts::ImportPlan;
use crate::assignment::{Assignment, AssignmentState};
use crate::draft::{Draft, DraftError, DraftState, store};
use crate::report::{self, Report};

/// All reasons why an import of progress can no longer be taken back; empty when it can.
///
/// # Errors
/// When the store fails.
pub async fn why_not_undo(
    tx: &mut Tx,
    draft: &Draft,
    plan: PlanId,
) -> Result<Vec<String>, StoreError> {
    let made = store::progress::made(tx, draft.id).await?;
    let parts = parts(tx, plan).await?;
    reasons(tx, (draft, plan), (&made, &parts)).await
}

async fn parts(
    tx: &mut Tx,
    plan: PlanId,
) -> Result<BTreeMap<AssignmentId, Assignment>, StoreError> {
    let parts = store::assignments_of(tx, plan).await?.into_iter();
    Ok(parts.map(|part| (part.id, part)).collect())
}

async fn reasons(
    tx: &mut Tx,
    (draft, plan): (&Draft, PlanId),
    (made, parts): (&[Made], &BTreeMap<AssignmentId, Assignment>),
) -> Result<Vec<String>, StoreError> {
    if made.is_empty() {
        return Ok(vec![
            "这次导入没有留下可以撤销的记录（系统升级以前导入的都是这样）。有出入的，请单位填报新的一版。"
                .to_owned(),
        ]);
    }
    let stands = |made: &&Made| {
        let part = parts.get(&made.assignment);
        part.is_some_and(|part| {
            part.state == AssignmentState::Open && part.report == Some(made.report)
        })
    };
    let reports: BTreeSet<ReportId> = made.iter().map(|made| made.report).collect();
    let touched: BTreeSet<AssignmentId> = made.iter().map(|made| made.assignment).collect();
    // The draft was last touched when it was imported.
    let proved = store::progress::proved_since(tx, plan, draft.updated_at).await?;
    let confirmed = store::progress::confirmed(tx, plan).await?;
    let counts = [
        (
            made.len() - made.iter().filter(stands).count(),
            "项分工在导入以后又有填报，或已取消、转交",
        ),
        (
            proved.iter().filter(|part| touched.contains(*part)).count(),
            "份佐证在导入以后添加",
        ),
        (
            confirmed
                .iter()
                .filter(|one| reports.contains(*one))
                .count(),
            "项导入的进展已由单位确认报送",
        ),
    ];
    let counts = counts.into_iter().filter(|(n, _)| *n > 0);
    Ok(counts
        .map(|(n, what)| format!("已有 {n} {what}，不能再整个撤销；有出入的，请单位填报新的一版。"))
        .collect())
}

/// Takes the import back: each part stands as it did before, the draft is open again with what was chosen, the units are told.
/// The imported versions stay in the history of their parts.
///
/// # Errors
/// Not found; refused when it was not imported, and, with all the reasons, once somebody has worked on it.
pub async fn undo(
    tx: &mut Tx,
    permit: &Permit<ImportPlan>,
    id: DraftId,
) -> Result<usize, DraftError> {
    let (mut draft, plan) = of(tx, permit, id).await?;
    if draft.state != DraftState::Confirmed {
        return Err(DraftError::Refused(vec![format!(
            "这份台账{}，没有可以撤销的进展。",
            draft.state.name()
        )]));
    }
    let made = store::progress::made(tx, id).await?;
    let parts = parts(tx, plan.id).await?;
    let reasons = reasons(tx, (&draft, plan.id), (&made, &parts)).await?;
    if !reasons.is_empty() {
        return Err(DraftError::Refused(reasons));
    }
    let mut organs = Vec::with_capacity(made.len());
    for one in &made {
        let part = parts.get(&one.assignment).ok_or(StoreError::Stale)?;
        put_back(tx, (part, one)).await?;
        organs.push(part.organ);
    }
    store::set_state(tx, &mut draft, DraftState::Open, Some(plan.id)).await?;
    store::progress::set_made(tx, id, &[]).await?;
    tx.record(
        Event::new(
            permit.actor(),
            "plan.progress-import-undone",
            ("plan", plan.id.to_string()),
            format!(
                "撤销导入《{}》的现有台账：{} 项分工恢复为导入以前",
                plan.title,
                made.len()
            ),
        )
        .organ(plan.organ)
        .data(json!({ "draft": id, "file": draft.file, "reports": made.iter().map(|one| one.report).collect::<Vec<_>>() })),
    );
    tell(tx, &draft, organs.into_iter(), |n| {
        let title = format!("从现有台账导入的{n}项任务的进展已撤销");
        let body = format!("《{}》：恢复为导入以前的内容。", plan.title);
        (title, body)
    })
    .await?;
    Ok(made.len())
}

/// What was in force before is so again, as a new version of whoever reported it; where nothing was, nobody has reported.
async fn put_back(tx: &mut Tx, (part, made): (&Assignment, &Made)) -> Result<(), StoreError> {
    let imported = report::store::load(tx, made.report)
        .await?
        .ok_or(StoreError::Stale)?;
    let before = match made.before {
        Some(before) => report::store::load(tx, before).await?,
        None => None,
    };
    let Some(before) = before else {
        return report::store::take_back(tx, &imported, part.task).await;
    };
    let report = Report {
        id: ReportId::new(crate::fresh(tx.now())),
        assignment: part.id,
        sequence: imported.sequence + 1,
        based_on: Some(imported.id),
        content: before.content,
        author: before.author,
        author_name: before.author_name,
        created_at: tx.now().as_millisecond(),
    };
    report::store::insert(tx, &report, part.task).await?;
    // A unit that was done before the import has been so without a break: the day of its own report is the one that counts.
    report::store::turn_nothing(tx, [imported.id, report.id]).await
}
