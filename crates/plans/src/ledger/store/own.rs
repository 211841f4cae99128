//! A unit's own tasks, of all plans in force.

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, PlanId};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Sql, StoreError, Tx, sql};

use super::assignments::assignment_page;
use super::{bounded, push_part_light, soon_until};
use crate::assignment;
use crate::assignment::light::Light;
use crate::ledger::{AssignmentRow, COUNT_MAX, Count};
use crate::report::{self, Report};

/// Which of a unit's own tasks to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    pub light: Option<Light>,
    /// Never reported, and not merely cooperating.
    pub unreported: bool,
    pub plan: Option<PlanId>,
}

fn push_own(statement: &mut Sql, scope: &Scope, own: &Own, today: Date) {
    assignment::store::push_of(statement, scope);
    statement.push(" AND a.state = 'open' AND EXISTS (SELECT 1 FROM plan p WHERE p.id = a.plan_id AND p.state = 'active')");
    if let Some(light) = own.light {
        push_part_light(
            statement,
            light,
            today,
            "a.finished",
            "COALESCE(a.next_due_on, '9999-12-31')",
        );
    }
    if let Some(plan) = own.plan {
        statement.push(" AND a.plan_id = ").push_value(plan);
    }
    if own.unreported {
        statement.push(" AND a.report_id IS NULL AND a.role <> 'cooperate'");
    }
}

/// How many tasks the organs of a scope have.
///
/// # Errors
/// When the store fails.
pub async fn count_own(
    tx: &mut Tx,
    scope: &Scope,
    own: &Own,
    today: Date,
) -> Result<Count, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM (SELECT 1 FROM assignment a WHERE ");
    push_own(&mut statement, scope, own, today);
    bounded(tx, statement, COUNT_MAX).await
}

/// The tasks of the organs of a scope: what is not done first, by due date.
///
/// # Errors
/// When the store fails.
pub async fn own_page(
    tx: &mut Tx,
    scope: &Scope,
    own: &Own,
    today: Date,
    (offset, rows): (i64, i64),
) -> Result<Vec<AssignmentRow>, StoreError> {
    let mut statement = sql("SELECT a.id FROM assignment a WHERE ");
    push_own(&mut statement, scope, own, today);
    statement
        .push(" ORDER BY a.finished, COALESCE(a.next_due_on, '9999-12-31'), a.plan_id, a.position, a.id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    let ids: Vec<AssignmentId> = tx
        .all(statement)
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect::<Result<_, _>>()?;
    assignment_page(tx, &ids, today).await
}

/// Every version that the organs of a scope reported on their open tasks, oldest first, and whether it is in force.
///
/// # Errors
/// When the store fails.
pub async fn own_reports(
    tx: &mut Tx,
    scope: &Scope,
    today: Date,
) -> Result<Vec<(Report, bool)>, StoreError> {
    let mut statement = sql(
        "SELECT r.*, CAST(CASE WHEN a.report_id = r.id THEN 1 ELSE 0 END AS BIGINT) AS in_force FROM assignment a JOIN report r ON r.assignment_id = a.id WHERE ",
    );
    push_own(&mut statement, scope, &Own::default(), today);
    statement.push(" ORDER BY r.assignment_id, r.sequence");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let in_force: i64 = row.get("in_force")?;
            Ok((report::store::from_row(row)?, in_force == 1))
        })
        .collect()
}

/// What the start page of a unit counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OwnCounts {
    pub all: i64,
    pub overdue: i64,
    /// Reported as done, and evidence decayed.
    pub decayed: i64,
    pub soon: i64,
    pub done: i64,
    /// Never reported, and not merely cooperating.
    pub unreported: i64,
}

impl OwnCounts {
    /// How many a list narrowed so has, where that is counted already: a list has no need to count again. Beyond
    /// [`COUNT_MAX`] only the whole is known.
    #[must_use]
    pub fn listed(&self, own: &Own) -> Option<i64> {
        if *own == Own::default() {
            return Some(self.all);
        }
        if own.plan.is_some() || self.all >= COUNT_MAX {
            return None;
        }
        match (own.light, own.unreported) {
            (None, _) => Some(self.unreported),
            (Some(Light::Overdue), false) => Some(self.overdue),
            (Some(Light::Decayed), false) => Some(self.decayed),
            (Some(Light::Soon), false) => Some(self.soon),
            (Some(Light::Done), false) => Some(self.done),
            (Some(Light::Normal), false) | (Some(_), true) => None,
        }
    }
}

/// Counts the tasks of the organs of a scope by light, in one pass through the plans in force. SQLite keeps the order of a
/// CROSS JOIN, and of each plan the index by unit holds all that is counted.
///
/// # Errors
/// When the store fails.
pub async fn own_lights(tx: &mut Tx, scope: &Scope, today: Date) -> Result<OwnCounts, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n");
    let count = |statement: &mut Sql, name: &'static str| {
        statement.push(" THEN 1 END) AS ").push(name);
    };
    statement
        .push(", COUNT(CASE WHEN finished = 0 AND reopened = 0 AND next_due_on < ")
        .push_value(today);
    count(&mut statement, "overdue");
    statement
        .push(", COUNT(CASE WHEN finished = 0 AND reopened = 0 AND next_due_on >= ")
        .push_value(today)
        .push(" AND next_due_on <= ")
        .push_value(soon_until(today));
    count(&mut statement, "soon");
    statement.push(", COUNT(CASE WHEN reopened = 1");
    count(&mut statement, "decayed");
    statement.push(", COUNT(CASE WHEN finished = 1");
    count(&mut statement, "done");
    statement.push(", COUNT(CASE WHEN report_id IS NULL AND role <> 'cooperate'");
    count(&mut statement, "unreported");
    statement
        .push(
            " FROM (SELECT a.finished, a.reopened, a.next_due_on, a.report_id, a.role FROM plan p CROSS JOIN assignment a \
             WHERE p.state = 'active' AND a.plan_id = p.id AND a.state = 'open' AND ",
        );
    assignment::store::push_of(&mut statement, scope);
    statement
        .push(" LIMIT ")
        .push_value(COUNT_MAX)
        .push(") AS mine");
    let row = tx.one(statement).await?;
    Ok(OwnCounts {
        all: row.get("n")?,
        overdue: row.get("overdue")?,
        decayed: row.get("decayed")?,
        soon: row.get("soon")?,
        done: row.get("done")?,
        unreported: row.get("unreported")?,
    })
}
