//! Lists with one line for each task.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{PlanId, TaskId};
use gongkai_platform::db::{Row, Sql, StoreError, Tx, containing, sql};

use super::{bounded, push_range, push_task_light};
use crate::assignment::Duty;
use crate::assignment::light::Standing;
use crate::assignment::store::DECIDES;
use crate::evidence::target::{self, Tally};
use crate::ledger::{COUNT_MAX, Count, Latest, Narrow, Sort, TaskRow, Unit};
use crate::plan::store::corrupt;
use crate::report::Outcome;
use crate::task::store::parse;

/// Up to so many deciding organs a task's line shows the newest report itself.
const REPORTERS_SHOWN_MAX: i64 = 3;
/// By when a task is to be done: the day that decides its light; of what is done, the day that the plan states. The index of
/// due days begins with it.
const DUE: &str = "COALESCE(t.next_due_on, t.due_on, '9999-12-31')";
/// Tasks looked at in one statement.
const TASKS_AT_ONCE: usize = 200;

/// How many open tasks of a plan match.
///
/// # Errors
/// When the store fails.
pub async fn count_tasks(
    tx: &mut Tx,
    plan: PlanId,
    narrow: &Narrow,
    today: Date,
) -> Result<Count, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM (SELECT 1");
    push_matching(&mut statement, plan, narrow, today);
    bounded(tx, statement, COUNT_MAX).await
}

/// The ids of matching tasks, in order.
///
/// # Errors
/// When the store fails.
pub async fn task_ids(
    tx: &mut Tx,
    plan: PlanId,
    narrow: &Narrow,
    sort: Sort,
    today: Date,
    (offset, rows): (i64, i64),
) -> Result<Vec<TaskId>, StoreError> {
    let mut statement = sql("SELECT t.id");
    push_matching(&mut statement, plan, narrow, today);
    let order = match sort {
        Sort::Plan | Sort::Organ => " ORDER BY t.position, t.id",
        Sort::Due => {
            statement.push(" ORDER BY ").push(DUE);
            ", t.position, t.id"
        }
        Sort::Light => {
            " ORDER BY t.finished, COALESCE(t.next_due_on, '9999-12-31'), t.position, t.id"
        }
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

/// Appends ` FROM … WHERE …`.
fn push_matching(statement: &mut Sql, plan: PlanId, narrow: &Narrow, today: Date) {
    if let Some(organ) = narrow.organ {
        // An organ has few parts in a plan, and each task only once. SQLite keeps the order of a CROSS JOIN.
        statement
            .push(" FROM assignment a CROSS JOIN task t WHERE a.plan_id = ")
            .push_value(plan)
            .push(" AND a.state = 'open' AND a.organ_id = ")
            .push_value(organ);
        push_part(statement, narrow);
        // Named although it follows: PostgreSQL looks at this plan's tasks then, and not at those of all years.
        statement.push(" AND t.id = a.task_id AND t.plan_id = a.plan_id AND t.state = 'open'");
    } else {
        statement
            .push(" FROM task t WHERE t.plan_id = ")
            .push_value(plan)
            .push(" AND t.state = 'open'");
        match narrow.duty {
            // Both of one and the same organ.
            Some(_) => {
                statement.push(
                    " AND EXISTS (SELECT 1 FROM assignment a WHERE a.task_id = t.id AND a.state = 'open'",
                );
                push_part(statement, narrow);
                statement.push(")");
            }
            None if narrow.unreported => {
                statement.push(" AND t.silent = 1");
            }
            None => {}
        }
        if narrow.nobody {
            statement.push(" AND t.organs = 0");
        }
    }
    push_task(statement, narrow, today);
}

/// What a part of the task decides.
fn push_part(statement: &mut Sql, narrow: &Narrow) {
    if let Some(duty) = narrow.duty {
        statement.push(" AND a.role = ").push_value(duty.code());
    }
    if narrow.unreported {
        statement.push(" AND a.role <> 'cooperate' AND a.report_id IS NULL");
    }
}

/// What the task itself decides.
fn push_task(statement: &mut Sql, narrow: &Narrow, today: Date) {
    if let Some(light) = narrow.light {
        push_task_light(statement, light, today);
    }
    push_range(statement, narrow, DUE);
    push_words(statement, narrow);
}

/// The section, and the words that a task or its unit cell must hold.
pub(super) fn push_words(statement: &mut Sql, narrow: &Narrow) {
    if let Some(section) = &narrow.section {
        statement.push(" AND t.section = ").push_value(section);
    }
    if !narrow.text.is_empty() {
        statement
            .push(" AND (t.text LIKE ")
            .push_value(containing(&narrow.text))
            .push(" ESCAPE '!' OR t.organ_text LIKE ")
            .push_value(containing(&narrow.text))
            .push(" ESCAPE '!')");
    }
}

/// What these tasks' lines show, in the order of the ids.
///
/// # Errors
/// When the store fails.
pub async fn task_page(
    tx: &mut Tx,
    ids: &[TaskId],
    today: Date,
) -> Result<Vec<TaskRow>, StoreError> {
    let mut found: BTreeMap<TaskId, TaskRow> = BTreeMap::new();
    for some in ids.chunks(TASKS_AT_ONCE) {
        let mut statement = sql(
            "SELECT t.id, t.number, t.section, t.section_group, t.text, t.due_on, t.next_due_on, t.finished, t.reopened, t.deadlines, t.quantities, \
             p.year, p.issued_on FROM task t JOIN plan p ON p.id = t.plan_id WHERE t.id IN ",
        );
        statement.push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            let task = from_row(&row, today)?;
            found.insert(task.id, task);
        }
        add_units(tx, some, &mut found).await?;
        add_latest(tx, &mut found).await?;
        add_counted(tx, &mut found).await?;
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

async fn add_units(
    tx: &mut Tx,
    ids: &[TaskId],
    found: &mut BTreeMap<TaskId, TaskRow>,
) -> Result<(), StoreError> {
    let mut statement = sql(
        "SELECT task_id, role, named_as, COUNT(*) AS organs, COUNT(report_id) AS reported, CAST(SUM(finished) AS BIGINT) AS finished, \
         CAST(SUM(evidence_count) AS BIGINT) AS evidence, CAST(SUM(decayed_count) AS BIGINT) AS decayed, MIN(id) AS first FROM assignment WHERE state = 'open' AND task_id IN ",
    );
    statement
        .push_list(ids.iter().copied())
        .push(" GROUP BY task_id, role, named_as ORDER BY first");
    for row in tx.all(statement).await? {
        let role: String = row.get("role")?;
        let unit = Unit {
            duty: Duty::from_code(&role).ok_or_else(|| corrupt("role", &role))?,
            named_as: row.get("named_as")?,
            organs: row.get("organs")?,
            reported: row.get("reported")?,
            finished: row.get("finished")?,
            evidence: row.get("evidence")?,
            decayed: row.get("decayed")?,
        };
        if let Some(task) = found.get_mut(&row.get("task_id")?) {
            task.units.push(unit);
        }
    }
    for task in found.values_mut() {
        // The order of the plan within each duty.
        task.units.sort_by_key(|unit| unit.duty);
    }
    Ok(())
}

async fn add_latest(tx: &mut Tx, found: &mut BTreeMap<TaskId, TaskRow>) -> Result<(), StoreError> {
    let few: Vec<TaskId> = found
        .values()
        .filter(|task| task.latest.is_none())
        .filter(|task| {
            let decides = |unit: &&Unit| unit.duty != Duty::Cooperate;
            let decisive = task.units.iter().any(|unit| decides(&unit));
            let deciding = task.units.iter().filter(|unit| !decisive || decides(unit));
            let (organs, reported) = deciding.fold((0, 0), |sum, unit| {
                (sum.0 + unit.organs, sum.1 + unit.reported)
            });
            reported > 0 && organs <= REPORTERS_SHOWN_MAX
        })
        .map(|task| task.id)
        .collect();
    if few.is_empty() {
        return Ok(());
    }
    let mut statement = sql(
        "SELECT a.task_id, o.name AS organ_name, r.outcome, r.done_text, r.pending_text, r.planned_on, r.author_id, r.author_name, r.created_at \
         FROM assignment a JOIN report r ON r.id = a.report_id JOIN organ o ON o.id = a.organ_id \
         WHERE a.state = 'open' AND ",
    );
    statement
        .push(DECIDES)
        .push(" AND a.task_id IN ")
        .push_list(few)
        .push(" ORDER BY r.created_at");
    for row in tx.all(statement).await? {
        if let Some(task) = found.get_mut(&row.get("task_id")?) {
            task.latest = Some(latest(&row)?);
        }
    }
    Ok(())
}

/// How much of the evidence that the plan wants is there: by its numbers where few organs decide, else by how many of
/// them have enough.
async fn add_counted(tx: &mut Tx, found: &mut BTreeMap<TaskId, TaskRow>) -> Result<(), StoreError> {
    let wanting: Vec<TaskId> = found
        .values()
        .filter(|task| task.counted.is_empty() && !task.wanted.targets.is_empty())
        .map(|task| task.id)
        .collect();
    let Some(parts) = target::store::of_tasks(tx, &wanting).await? else {
        // More than a page is worth: the list by organs counts each.
        return Ok(());
    };
    for (task, parts) in parts {
        let Some(task) = found.get_mut(&task) else {
            continue;
        };
        let tallies: Vec<_> = parts
            .values()
            .map(|counted| task.wanted.tally(counted))
            .collect();
        task.counted = match tallies.as_slice() {
            [one] => one.iter().map(ToString::to_string).collect(),
            all => {
                let enough = all.iter().filter(|one| one.iter().all(Tally::is_met));
                vec![format!("次数已够 {}/{} 个单位", enough.count(), all.len())]
            }
        };
    }
    Ok(())
}

pub(super) fn latest(row: &Row) -> Result<Latest, StoreError> {
    let outcome: String = row.get("outcome")?;
    Ok(Latest {
        organ: row.get("organ_name")?,
        author: row.get("author_id")?,
        author_name: row.get("author_name")?,
        outcome: Outcome::from_code(&outcome).ok_or_else(|| corrupt("outcome", &outcome))?,
        done_text: row.get("done_text")?,
        pending_text: row.get("pending_text")?,
        planned_on: row.get("planned_on")?,
        at: row.get("created_at")?,
    })
}

fn from_row(row: &Row, today: Date) -> Result<TaskRow, StoreError> {
    let next_due_on: Option<Date> = row.get("next_due_on")?;
    Ok(TaskRow {
        id: row.get("id")?,
        number: row.get("number")?,
        section: row.get("section")?,
        group: row.get("section_group")?,
        text: row.get("text")?,
        due_on: row.get("due_on")?,
        deadlines: parse(row, "deadlines")?,
        next_due_on,
        light: Standing {
            finished: row.get("finished")?,
            reopened: row.get("reopened")?,
            next_due_on,
            ..Standing::default()
        }
        .light(today),
        wanted: target::store::wanted(row)?,
        counted: Vec::new(),
        units: Vec::new(),
        latest: None,
    })
}
