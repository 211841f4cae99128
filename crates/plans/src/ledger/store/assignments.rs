//! Lists with one line for each organ's part in a task: the office's, and a unit's own.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, PlanId};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::tasks::latest;
use super::{MANY, bounded, pattern, push_light, soon_until};
use crate::assignment::Duty;
use crate::assignment::light::Light;
use crate::ledger::{AssignmentRow, COUNT_MAX, Count, Latest, Narrow, Sort};
use crate::plan::store::corrupt;
use crate::task::store::parse;

/// Assignments looked at in one statement.
const ROWS_AT_ONCE: usize = 200;

/// How a statement is to find its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By the filter's own index.
    Seek,
    /// Along the index of the order; the filter is written so that no index answers it.
    Walk,
}

/// How many open assignments of a plan match.
///
/// # Errors
/// When the store fails.
pub async fn count_assignments(
    tx: &mut Tx,
    plan: PlanId,
    narrow: &Narrow,
    today: Date,
) -> Result<Count, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM (SELECT 1 FROM assignment a WHERE ");
    push_conditions(&mut statement, plan, narrow, today, Way::Seek);
    bounded(tx, statement).await
}

/// The ids of matching assignments, in order. `count` is how many match.
///
/// # Errors
/// When the store fails.
pub async fn assignment_ids(
    tx: &mut Tx,
    plan: PlanId,
    (narrow, count): (&Narrow, Count),
    sort: Sort,
    today: Date,
    (offset, rows): (i64, i64),
) -> Result<Vec<AssignmentId>, StoreError> {
    let way = if count.n > MANY { Way::Walk } else { Way::Seek };
    let mut statement = sql("SELECT a.id FROM assignment a WHERE ");
    push_conditions(&mut statement, plan, narrow, today, way);
    statement.push(match sort {
        Sort::Plan => " ORDER BY a.position, a.task_id, a.organ_id",
        Sort::Due => {
            " ORDER BY COALESCE(a.due_on, '9999-12-31'), a.position, a.task_id, a.organ_id"
        }
        Sort::Light => {
            " ORDER BY a.finished, COALESCE(a.due_on, '9999-12-31'), a.position, a.task_id, a.organ_id"
        }
        Sort::Organ => " ORDER BY a.organ_id, a.position, a.task_id",
    });
    statement
        .push(" LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect()
}

fn push_conditions(statement: &mut Sql, plan: PlanId, narrow: &Narrow, today: Date, way: Way) {
    let walk = way == Way::Walk;
    statement
        .push("a.plan_id = ")
        .push_value(plan)
        .push(" AND a.state = 'open'");
    if let Some(organ) = narrow.organ {
        statement.push(" AND a.organ_id = ").push_value(organ);
    }
    if let Some(duty) = narrow.duty {
        statement.push(" AND a.role = ").push_value(duty.code());
    }
    let due = if walk {
        "COALESCE(a.due_on, '9999-12-31') || ''"
    } else {
        "COALESCE(a.due_on, '9999-12-31')"
    };
    if let Some(light) = narrow.light {
        let finished = if walk { "a.finished + 0" } else { "a.finished" };
        push_light(statement, light, today, finished, due);
    }
    if let Some(from) = narrow.due_from {
        // An assignment without a date is neither early nor late.
        statement
            .push(" AND a.due_on IS NOT NULL AND ")
            .push(due)
            .push(" >= ")
            .push_value(from);
    }
    if let Some(to) = narrow.due_to {
        statement
            .push(" AND a.due_on IS NOT NULL AND ")
            .push(due)
            .push(" <= ")
            .push_value(to);
    }
    if narrow.unreported {
        statement.push(if walk {
            " AND COALESCE(a.report_id, '') = '' AND a.role <> 'cooperate'"
        } else {
            " AND a.report_id IS NULL AND a.role <> 'cooperate'"
        });
    }
    if narrow.text.is_empty() && narrow.section.is_none() {
        return;
    }
    if walk {
        statement.push(" AND EXISTS (SELECT 1 FROM task t WHERE t.id = a.task_id");
    } else {
        statement
            .push(" AND a.task_id IN (SELECT t.id FROM task t WHERE t.plan_id = ")
            .push_value(plan);
    }
    if let Some(section) = &narrow.section {
        statement.push(" AND t.section = ").push_value(section);
    }
    if !narrow.text.is_empty() {
        statement
            .push(" AND (t.text LIKE ")
            .push_value(pattern(&narrow.text))
            .push(" ESCAPE '!' OR t.organ_text LIKE ")
            .push_value(pattern(&narrow.text))
            .push(" ESCAPE '!')");
    }
    statement.push(")");
}

/// What these assignments' lines show, in the order of the ids.
///
/// # Errors
/// When the store fails.
pub async fn assignment_page(
    tx: &mut Tx,
    ids: &[AssignmentId],
    today: Date,
) -> Result<Vec<AssignmentRow>, StoreError> {
    let mut found: BTreeMap<AssignmentId, AssignmentRow> = BTreeMap::new();
    for some in ids.chunks(ROWS_AT_ONCE) {
        let mut statement = sql(
            "SELECT a.id, a.task_id, a.organ_id, o.name AS organ_name, a.role, a.named_as, a.due_on, a.finished, a.evidence_count, \
             t.number, t.section, t.text, t.due_on AS task_due_on, t.deadlines, p.title AS plan_title, \
             r.id AS report_id, r.outcome, r.done_text, r.pending_text, r.planned_on, r.author_id, r.author_name, r.created_at \
             FROM assignment a JOIN task t ON t.id = a.task_id JOIN organ o ON o.id = a.organ_id JOIN plan p ON p.id = a.plan_id \
             LEFT JOIN report r ON r.id = a.report_id WHERE a.id IN ",
        );
        statement.push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            let assignment = from_row(&row, today)?;
            found.insert(assignment.id, assignment);
        }
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

fn from_row(row: &Row, today: Date) -> Result<AssignmentRow, StoreError> {
    let role: String = row.get("role")?;
    let (due_on, task_due_on): (Option<Date>, Option<Date>) =
        (row.get("due_on")?, row.get("task_due_on")?);
    let reported: Option<String> = row.get("report_id")?;
    let newest: Option<Latest> = reported.map(|_| latest(row)).transpose()?;
    Ok(AssignmentRow {
        id: row.get("id")?,
        task: row.get("task_id")?,
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        duty: Duty::from_code(&role).ok_or_else(|| corrupt("role", &role))?,
        named_as: row.get("named_as")?,
        number: row.get("number")?,
        section: row.get("section")?,
        text: row.get("text")?,
        due_on,
        // A date of the unit's own is not what the plan prints.
        deadlines: if due_on == task_due_on {
            parse(row, "deadlines")?
        } else {
            Vec::new()
        },
        light: Light::of(due_on, row.get("finished")?, today),
        evidence: row.get("evidence_count")?,
        latest: newest,
        plan_title: row.get("plan_title")?,
    })
}

/// Which of a unit's own tasks to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    pub light: Option<Light>,
    /// Never reported, and not merely cooperating.
    pub unreported: bool,
}

fn push_own(statement: &mut Sql, scope: &Scope, own: &Own, today: Date) {
    statement.push("a.organ_id IN (SELECT o.id FROM organ o WHERE ");
    scope.push_condition(statement, "o.id", "o.path");
    statement.push(") AND a.state = 'open' AND EXISTS (SELECT 1 FROM plan p WHERE p.id = a.plan_id AND p.state = 'active')");
    if let Some(light) = own.light {
        push_light(
            statement,
            light,
            today,
            "a.finished",
            "COALESCE(a.due_on, '9999-12-31')",
        );
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
    bounded(tx, statement).await
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
        .push(" ORDER BY a.finished, COALESCE(a.due_on, '9999-12-31'), a.plan_id, a.position, a.id LIMIT ")
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

/// What the start page of a unit counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OwnCounts {
    pub all: i64,
    pub overdue: i64,
    pub soon: i64,
    pub done: i64,
    /// Never reported, and not merely cooperating.
    pub unreported: i64,
}

/// Counts the tasks of the organs of a scope by light. A unit has few: one pass.
///
/// # Errors
/// When the store fails.
pub async fn own_lights(tx: &mut Tx, scope: &Scope, today: Date) -> Result<OwnCounts, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n");
    let count = |statement: &mut Sql, name: &'static str| {
        statement.push(" THEN 1 END) AS ").push(name);
    };
    statement
        .push(", COUNT(CASE WHEN finished = 0 AND due_on < ")
        .push_value(today);
    count(&mut statement, "overdue");
    statement
        .push(", COUNT(CASE WHEN finished = 0 AND due_on >= ")
        .push_value(today)
        .push(" AND due_on <= ")
        .push_value(soon_until(today));
    count(&mut statement, "soon");
    statement.push(", COUNT(CASE WHEN finished = 1");
    count(&mut statement, "done");
    statement.push(", COUNT(CASE WHEN report_id IS NULL AND role <> 'cooperate'");
    count(&mut statement, "unreported");
    statement
        .push(" FROM (SELECT a.finished, a.due_on, a.report_id, a.role FROM assignment a WHERE ");
    push_own(&mut statement, scope, &Own::default(), today);
    statement
        .push(" LIMIT ")
        .push_value(COUNT_MAX)
        .push(") AS mine");
    let row = tx.one(statement).await?;
    Ok(OwnCounts {
        all: row.get("n")?,
        overdue: row.get("overdue")?,
        soon: row.get("soon")?,
        done: row.get("done")?,
        unreported: row.get("unreported")?,
    })
}
