//! The SQL of the whole export: all reports and all evidence of a plan.

use std::collections::BTreeMap;

use gongkai_basis::id::{AssignmentId, OrganId, PlanId};
use gongkai_platform::db::{Sql, StoreError, Tx, sql};

use crate::assignment::{self, Assignment};
use crate::evidence::{self, Evidence};
use crate::report::{self, Report};

fn narrow(statement: &mut Sql, plan: PlanId, organ: Option<OrganId>) {
    statement.push(" WHERE a.plan_id = ").push_value(plan);
    if let Some(organ) = organ {
        statement.push(" AND a.organ_id = ").push_value(organ);
    }
}

/// Every assignment of a plan, closed ones included, with the organ's name, in the plan's order.
///
/// # Errors
/// When the store fails.
pub(super) async fn assignments(
    tx: &mut Tx,
    plan: PlanId,
    organ: Option<OrganId>,
) -> Result<Vec<(Assignment, String)>, StoreError> {
    let mut statement =
        sql("SELECT a.*, o.name AS organ_name FROM assignment a JOIN organ o ON o.id = a.organ_id");
    narrow(&mut statement, plan, organ);
    statement.push(" ORDER BY a.position, a.task_id, CASE a.role WHEN 'lead' THEN 1 WHEN 'responsible' THEN 2 ELSE 3 END, a.id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((assignment::store::from_row(row)?, row.get("organ_name")?)))
        .collect()
}

/// Every version of every report, oldest first.
///
/// # Errors
/// When the store fails.
pub(super) async fn reports(
    tx: &mut Tx,
    plan: PlanId,
    organ: Option<OrganId>,
) -> Result<BTreeMap<AssignmentId, Vec<Report>>, StoreError> {
    let mut statement = sql("SELECT r.* FROM assignment a JOIN report r ON r.assignment_id = a.id");
    narrow(&mut statement, plan, organ);
    statement.push(" ORDER BY r.sequence");
    let mut found: BTreeMap<AssignmentId, Vec<Report>> = BTreeMap::new();
    for row in tx.all(statement).await? {
        let report = report::store::from_row(&row)?;
        found.entry(report.assignment).or_default().push(report);
    }
    Ok(found)
}

/// All evidence, withdrawn ones included, oldest first.
///
/// # Errors
/// When the store fails.
pub(super) async fn evidence(
    tx: &mut Tx,
    plan: PlanId,
    organ: Option<OrganId>,
) -> Result<BTreeMap<AssignmentId, Vec<Evidence>>, StoreError> {
    let mut statement =
        sql("SELECT e.* FROM assignment a JOIN evidence e ON e.assignment_id = a.id");
    narrow(&mut statement, plan, organ);
    statement.push(" ORDER BY e.created_at, e.id");
    let mut found: BTreeMap<AssignmentId, Vec<Evidence>> = BTreeMap::new();
    for row in tx.all(statement).await? {
        let evidence = evidence::store::from_row(&row)?;
        found.entry(evidence.assignment).or_default().push(evidence);
    }
    Ok(found)
}
