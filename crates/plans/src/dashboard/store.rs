//! The SQL of the dashboard: one pass over one index for each roll-up.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{PlanId, TaskId};
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::{BySection, ByUnit, Dashboard, Tally, Week, WeekChange, weeks};
use crate::assignment::AssignmentState;
use crate::assignment::light::SOON_DAYS;
use crate::assignment::store::DECIDES;

/// Counts a plan whole.
///
/// # Errors
/// When the store fails.
pub async fn dashboard(tx: &mut Tx, plan: PlanId, today: Date) -> Result<Dashboard, StoreError> {
    let sections = sections(tx, plan, today).await?;
    let units = units(tx, plan, today).await?;
    Ok(Dashboard {
        tasks: sections
            .iter()
            .fold(Tally::default(), |sum, section| sum.plus(section.tasks)),
        parts: units
            .iter()
            .fold(Tally::default(), |sum, unit| sum.plus(unit.parts)),
        sections,
        units,
    })
}

/// What a roll-up counts; the rules of the lights differ where proof was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counted {
    /// A task that is late with one organ is late.
    Tasks,
    /// A part that lost its proof is neither done nor late.
    Parts,
}

/// Appends the counts of [`Tally`].
fn push_tally(statement: &mut Sql, counted: Counted, today: Date) {
    let soon = today
        .checked_add(jiff::Span::new().days(SOON_DAYS))
        .unwrap_or(Date::MAX);
    let (late, decayed, due) = match counted {
        Counted::Tasks => (
            "finished = 0 AND next_due_on < ",
            "finished = 0 AND reopened = 1 AND COALESCE(next_due_on, '9999-12-31') >= ",
            "next_due_on",
        ),
        Counted::Parts => (
            "finished = 0 AND reopened = 0 AND next_due_on < ",
            "reopened = 1 AND '9999-12-31' >= ",
            "next_due_on",
        ),
    };
    statement
        .push("COUNT(*) AS n, COUNT(CASE WHEN finished = 1 THEN 1 END) AS done, COUNT(CASE WHEN ")
        .push(late)
        .push_value(today)
        .push(" THEN 1 END) AS overdue, COUNT(CASE WHEN ")
        .push(decayed)
        .push_value(today)
        .push(" THEN 1 END) AS decayed, COUNT(CASE WHEN finished = 0 AND reopened = 0 AND ")
        .push(due)
        .push(" >= ")
        .push_value(today)
        .push(" AND ")
        .push(due)
        .push(" <= ")
        .push_value(soon)
        .push(" THEN 1 END) AS soon");
}

fn tally(row: &Row) -> Result<Tally, StoreError> {
    let all: i64 = row.get("n")?;
    let (done, soon, overdue) = (row.get("done")?, row.get("soon")?, row.get("overdue")?);
    let decayed: i64 = row.get("decayed")?;
    Ok(Tally {
        done,
        normal: all - done - soon - decayed - overdue,
        soon,
        decayed,
        overdue,
    })
}

/// The tasks by section, in the order of the plan.
///
/// # Errors
/// When the store fails.
pub async fn sections(
    tx: &mut Tx,
    plan: PlanId,
    today: Date,
) -> Result<Vec<BySection>, StoreError> {
    let mut statement = sql("SELECT section, MIN(position) AS first, ");
    push_tally(&mut statement, Counted::Tasks, today);
    statement
        .push(" FROM task WHERE plan_id = ")
        .push_value(plan)
        .push(" AND state = 'open' GROUP BY section ORDER BY first");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            Ok(BySection {
                section: row.get("section")?,
                tasks: tally(row)?,
            })
        })
        .collect()
}

/// The parts that decide their tasks, by unit, most overdue first.
///
/// # Errors
/// When the store fails.
pub async fn units(tx: &mut Tx, plan: PlanId, today: Date) -> Result<Vec<ByUnit>, StoreError> {
    let mut statement = sql("SELECT u.*, o.name FROM (SELECT organ_id, ");
    push_tally(&mut statement, Counted::Parts, today);
    statement
        .push(", COUNT(CASE WHEN report_id IS NULL THEN 1 END) AS silent FROM assignment a WHERE a.plan_id = ")
        .push_value(plan)
        .push(" AND a.state = 'open' AND ")
        .push(DECIDES)
        .push(
            " GROUP BY organ_id) u JOIN organ o ON o.id = u.organ_id \
             ORDER BY u.overdue DESC, LENGTH(o.path), o.position, o.path",
        );
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            Ok(ByUnit {
                organ: row.get("organ_id")?,
                name: row.get("name")?,
                parts: tally(row)?,
                silent: row.get("silent")?,
            })
        })
        .collect()
}

/// Begins what the weeks of a plan lose by parts `a` that do not count; which they are follows, then [`TAKEN_OFF_BY_WEEK`].
/// SQLite keeps the order of a CROSS JOIN; PostgreSQL takes the reports of this plan, and not those of all years.
const TAKEN_OFF: &str = " UNION ALL SELECT (r.created_at - 316800000) / 604800000, -COUNT(*), -SUM(r.turned) FROM assignment a CROSS JOIN report r \
    WHERE r.assignment_id = a.id AND r.plan_id = a.plan_id AND a.plan_id = $1 AND ";
const TAKEN_OFF_BY_WEEK: &str = " GROUP BY (r.created_at - 316800000) / 604800000";

/// How a plan's parts stood at the end of each week: what every report turned, less those of parts that do not count
/// or count as not reported. Each kind of those has a walk of its own: together they would take one through all parts.
///
/// # Errors
/// When the store fails.
pub async fn trend(tx: &mut Tx, plan: PlanId, today: Date) -> Result<Vec<Week>, StoreError> {
    // 316800000 ms: Monday, 5 January 1970, 00:00 in Beijing.
    let mut turns = sql(
        "SELECT week, CAST(SUM(reports) AS BIGINT) AS reports, CAST(SUM(net) AS BIGINT) AS net FROM ( \
         SELECT (created_at - 316800000) / 604800000 AS week, COUNT(*) AS reports, SUM(turned) AS net \
         FROM report WHERE plan_id = $1 GROUP BY (created_at - 316800000) / 604800000",
    )
    .bind(plan);
    turns
        .push(TAKEN_OFF)
        .push("a.state IN ")
        .push_list(AssignmentState::NOT_OPEN.map(AssignmentState::code))
        .push(TAKEN_OFF_BY_WEEK);
    // Each report counts its part's version up: an index holds the parts with one that nobody answers for, and is empty else.
    turns
        .push(TAKEN_OFF)
        .push("a.state = 'open' AND a.report_id IS NULL AND a.version > 1")
        .push(TAKEN_OFF_BY_WEEK);
    turns
        .push(TAKEN_OFF)
        .push("a.state = 'open' AND a.report_id IS NOT NULL AND a.role = 'cooperate' AND NOT ")
        .push(DECIDES)
        .push(TAKEN_OFF_BY_WEEK)
        .push(") AS turn GROUP BY week HAVING SUM(reports) > 0 ORDER BY week");
    let turns: Vec<WeekChange> = tx
        .all(turns)
        .await?
        .iter()
        .map(|row| {
            Ok(WeekChange {
                week: row.get("week")?,
                net: row.get("net")?,
                reports: row.get("reports")?,
            })
        })
        .collect::<Result<_, StoreError>>()?;
    Ok(weeks(&turns, today))
}

/// The units of a task whose parts are overdue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LateUnits {
    /// The first by the directory.
    pub first: Vec<String>,
    pub n: i64,
}

/// The units of these tasks whose parts are overdue, so many of each by name; those that only cooperate are left out.
///
/// # Errors
/// When the store fails.
pub async fn late_units_of(
    tx: &mut Tx,
    tasks: &[TaskId],
    named: i64,
    today: Date,
) -> Result<BTreeMap<TaskId, LateUnits>, StoreError> {
    let mut statement = sql(
        "SELECT task_id, name, n FROM (SELECT a.task_id, o.name, COUNT(*) OVER (PARTITION BY a.task_id) AS n, \
         ROW_NUMBER() OVER (PARTITION BY a.task_id ORDER BY LENGTH(o.path), o.position, o.path) AS place \
         FROM assignment a JOIN organ o ON o.id = a.organ_id \
         WHERE a.state = 'open' AND a.finished = 0 AND a.reopened = 0 AND ",
    );
    statement
        .push(DECIDES)
        .push(" AND a.next_due_on < ")
        .push_value(today)
        .push(" AND a.task_id IN ")
        .push_list(tasks.iter().copied())
        .push(") late WHERE place <= ")
        .push_value(named)
        .push(" ORDER BY task_id, place");
    let mut found: BTreeMap<TaskId, LateUnits> = BTreeMap::new();
    for row in tx.all(statement).await? {
        let units = found.entry(row.get("task_id")?).or_default();
        units.n = row.get("n")?;
        units.first.push(row.get("name")?);
    }
    Ok(found)
}
