//! Lists with one line for each organ's part in a task.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, PlanId};
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::tasks::{latest, push_words};
use super::{MANY, bounded, push_part_light, push_range};
use crate::assignment::Duty;
use crate::assignment::light::Light;
use crate::evidence::target;
use crate::ledger::{AssignmentRow, COUNT_MAX, Count, Latest, Narrow, Sort};
use crate::plan::store::corrupt;
use crate::task::store::parse;

/// By when a part is to be done: the day that decides its light; of what is done, the day that was set. The index of due days
/// begins with it.
const DUE: &str = "COALESCE(CASE WHEN a.finished = 1 THEN a.due_on ELSE COALESCE(a.next_due_on, a.due_on) END, '9999-12-31')";
/// The same, which no index answers.
const DUE_WALKED: &str = "COALESCE(CASE WHEN a.finished = 1 THEN a.due_on ELSE COALESCE(a.next_due_on, a.due_on) END, '9999-12-31') || ''";
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
    let mut statement = sql("SELECT COUNT(*) AS n FROM (SELECT 1");
    push_matching(&mut statement, plan, narrow, today, Way::Seek);
    bounded(tx, statement, COUNT_MAX).await
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
    let mut statement = sql("SELECT a.id");
    let span = match &narrow.section {
        Some(section) if way == Way::Walk => span_of(tx, plan, section).await?,
        Some(_) | None => None,
    };
    push_matching(&mut statement, plan, narrow, today, way);
    if let Some((first, last)) = span {
        statement
            .push(" AND a.position >= ")
            .push_value(first)
            .push(" AND a.position <= ")
            .push_value(last);
    }
    let order = match sort {
        Sort::Plan => " ORDER BY a.position, a.task_id, a.organ_id",
        Sort::Due => {
            statement.push(" ORDER BY ").push(DUE);
            ", a.position, a.task_id, a.organ_id"
        }
        Sort::Light => {
            " ORDER BY a.finished, COALESCE(a.next_due_on, '9999-12-31'), a.position, a.task_id, a.organ_id"
        }
        Sort::Organ => " ORDER BY a.organ_id, a.position, a.task_id",
    };
    statement
        .push(order)
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

/// From where to where a section reaches in its plan: a walk need not begin at the first task.
async fn span_of(
    tx: &mut Tx,
    plan: PlanId,
    section: &str,
) -> Result<Option<(i64, i64)>, StoreError> {
    let row = tx
        .one(
            sql(
                "SELECT MIN(position) AS first, MAX(position) AS last FROM task \
                 WHERE plan_id = $1 AND state = 'open' AND section = $2",
            )
            .bind(plan)
            .bind(section),
        )
        .await?;
    let (first, last): (Option<i64>, Option<i64>) = (row.get("first")?, row.get("last")?);
    Ok(first.zip(last))
}

/// Appends ` FROM … WHERE …`. Both ways find the same rows; only the way there differs.
fn push_matching(statement: &mut Sql, plan: PlanId, narrow: &Narrow, today: Date, way: Way) {
    // An organ has few parts in a plan: its own index finds them, and the rest is looked at row by row.
    let walk = way == Way::Walk || narrow.organ.is_some();
    if !walk && (!narrow.text.is_empty() || narrow.section.is_some()) {
        // Few tasks match: from them to their assignments. SQLite keeps the order of a CROSS JOIN.
        statement
            .push(" FROM task t CROSS JOIN assignment a WHERE t.plan_id = ")
            .push_value(plan);
        push_words(statement, narrow);
        statement.push(" AND a.task_id = t.id AND a.state = 'open'");
        push_facts(statement, narrow, today, Way::Walk);
        return;
    }
    statement
        .push(" FROM assignment a WHERE a.plan_id = ")
        .push_value(plan)
        .push(" AND a.state = 'open'");
    if let Some(organ) = narrow.organ {
        statement.push(" AND a.organ_id = ").push_value(organ);
    }
    push_facts(
        statement,
        narrow,
        today,
        if walk { Way::Walk } else { Way::Seek },
    );
    if !narrow.text.is_empty() || narrow.section.is_some() {
        statement.push(" AND EXISTS (SELECT 1 FROM task t WHERE t.id = a.task_id");
        push_words(statement, narrow);
        statement.push(")");
    }
}

/// What the assignment's own columns decide.
fn push_facts(statement: &mut Sql, narrow: &Narrow, today: Date, way: Way) {
    let walk = way == Way::Walk;
    if let Some(duty) = narrow.duty {
        statement
            .push(if walk {
                " AND a.role || '' = "
            } else {
                " AND a.role = "
            })
            .push_value(duty.code());
    }
    let (finished, next_due, due) = if walk {
        (
            "a.finished + 0",
            "COALESCE(a.next_due_on, '9999-12-31') || ''",
            DUE_WALKED,
        )
    } else {
        ("a.finished", "COALESCE(a.next_due_on, '9999-12-31')", DUE)
    };
    if let Some(light) = narrow.light {
        push_part_light(statement, light, today, finished, next_due);
    }
    push_range(statement, narrow, due);
    if narrow.unreported {
        statement.push(if walk {
            " AND COALESCE(a.report_id, '') = '' AND a.role || '' <> 'cooperate'"
        } else {
            " AND a.report_id IS NULL AND a.role <> 'cooperate'"
        });
    }
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
            "SELECT a.id, a.task_id, a.plan_id, a.organ_id, o.name AS organ_name, a.role, a.named_as, a.due_on, a.next_due_on, a.finished, a.reopened, a.evidence_count, a.decayed_count, \
             t.number, t.section, t.text, t.due_on AS task_due_on, t.deadlines, t.quantities, p.title AS plan_title, p.year, p.issued_on, \
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
    add_tallies(tx, &mut found).await?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// Counts the evidence of those whose plan wants a number of it.
async fn add_tallies(
    tx: &mut Tx,
    found: &mut BTreeMap<AssignmentId, AssignmentRow>,
) -> Result<(), StoreError> {
    let wanting: Vec<AssignmentId> = found
        .values()
        .filter(|row| row.duty != Duty::Cooperate && !row.wanted.targets.is_empty())
        .map(|row| row.id)
        .collect();
    let mut counted = target::store::of_assignments(tx, &wanting).await?;
    for id in wanting {
        if let Some(row) = found.get_mut(&id) {
            row.tallies = row.wanted.tally(&counted.remove(&id).unwrap_or_default());
        }
    }
    Ok(())
}

fn from_row(row: &Row, today: Date) -> Result<AssignmentRow, StoreError> {
    let role: String = row.get("role")?;
    let (due_on, task_due_on): (Option<Date>, Option<Date>) =
        (row.get("due_on")?, row.get("task_due_on")?);
    let next_due_on: Option<Date> = row.get("next_due_on")?;
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
        next_due_on,
        // A date of the unit's own is not what the plan prints.
        deadlines: if due_on == task_due_on {
            parse(row, "deadlines")?
        } else {
            Vec::new()
        },
        light: if row.get("reopened")? {
            Light::Decayed
        } else {
            Light::of(next_due_on, row.get("finished")?, today)
        },
        evidence: row.get("evidence_count")?,
        decayed: row.get("decayed_count")?,
        wanted: target::store::wanted(row)?,
        tallies: Vec::new(),
        latest: newest,
        plan: row.get("plan_id")?,
        plan_title: row.get("plan_title")?,
        plan_year: row.get("year")?,
    })
}
