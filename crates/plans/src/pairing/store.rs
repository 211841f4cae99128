//! The SQL of 对照.

mod below;
mod given;
mod link;
mod relative;

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{PlanId, TaskId};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, StoreError, Tx, sql};

use link::link_from_row;
pub use link::{Adoption, adopted, adoptions, goes_on, links};
pub(super) use link::{adopt, insert_links, update_link};

use super::rows::overdue_days;
use super::{PairId, PairKind, PlanPair, TaskLink};
use crate::assignment::Duty;
use crate::assignment::light::{Light, Standing};
use crate::matching::Item;
use crate::plan::store::{corrupt, from_row as plan_from_row};
use crate::plan::{Deadline, Plan, PlanState};
use crate::task::store::parse;

pub use below::{
    Late, PlanLights, find_ways, late_below, lights_below, name_units, newest_year_below,
};
pub use given::{Silent, given, silent};
pub use relative::{Relative, Side, relatives};

pub const CANDIDATES_MAX: i64 = 50;
/// Tasks looked at in one statement.
const TASKS_AT_ONCE: usize = 200;

fn pair_from_row(row: &Row) -> Result<PlanPair, StoreError> {
    let (id, kind): (String, String) = (row.get("id")?, row.get("kind")?);
    Ok(PlanPair {
        id: id.parse().map_err(|_| corrupt("id", &id))?,
        kind: PairKind::from_code(&kind).ok_or_else(|| corrupt("kind", &kind))?,
        old: row.get("old_plan_id")?,
        new: row.get("new_plan_id")?,
        seen: row.get("seen")?,
        matched_by: row.get("matched_by")?,
        matched_at: row.get("matched_at")?,
        version: row.get("version")?,
    })
}

/// What a plan is compared with. The caller has let the plan in.
///
/// # Errors
/// When the store fails.
pub async fn of_plan(
    tx: &mut Tx,
    new: PlanId,
    kind: PairKind,
) -> Result<Option<PlanPair>, StoreError> {
    tx.optional(
        sql("SELECT * FROM plan_pair WHERE new_plan_id = $1 AND kind = $2")
            .bind(new)
            .bind(kind.code()),
    )
    .await?
    .map(|row| pair_from_row(&row))
    .transpose()
}

pub(super) async fn insert_pair(tx: &mut Tx, pair: &PlanPair) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO plan_pair (id, kind, old_plan_id, new_plan_id, seen, matched_by, matched_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(pair.id.to_string())
            .bind(pair.kind.code())
            .bind(pair.old)
            .bind(pair.new)
            .bind(pair.seen)
            .bind(&pair.matched_by)
            .bind(pair.matched_at)
            .bind(pair.version),
    )
    .await?;
    Ok(())
}

/// Writes a pair matched anew, if nobody was faster.
pub(super) async fn update_pair(tx: &mut Tx, pair: &PlanPair) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE plan_pair SET old_plan_id = $1, seen = $2, matched_by = $3, matched_at = $4, version = version + 1 WHERE id = $5 AND version = $6")
            .bind(pair.old)
            .bind(pair.seen)
            .bind(&pair.matched_by)
            .bind(pair.matched_at)
            .bind(pair.id.to_string())
            .bind(pair.version),
    )
    .await
}

/// Takes away what matching proposed; with another plan, what people settled, too.
pub(super) async fn clear(tx: &mut Tx, pair: PairId, all: Forget) -> Result<(), StoreError> {
    let statement = match all {
        Forget::Proposed => sql("DELETE FROM task_link WHERE pair_id = $1 AND state = 'proposed'"),
        Forget::Everything => {
            tx.run(sql("DELETE FROM task_adoption WHERE pair_id = $1").bind(pair.to_string()))
                .await?;
            sql("DELETE FROM task_link WHERE pair_id = $1")
        }
    };
    tx.run(statement.bind(pair.to_string())).await?;
    Ok(())
}

/// What matching anew forgets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forget {
    Proposed,
    Everything,
}

/// A task as the lists of 对照 show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    pub id: TaskId,
    pub position: i64,
    pub number: Option<i64>,
    pub section: Option<String>,
    pub text: String,
    pub deadlines: Vec<Deadline>,
    pub due_on: Option<Date>,
    pub standing: Standing,
}

impl Brief {
    #[must_use]
    pub fn light(&self, today: Date) -> Light {
        self.standing.light(today)
    }

    /// `● 正常`, `■ 已逾期 8 天`.
    #[must_use]
    pub fn stands(&self, today: Date) -> String {
        let light = self.light(today);
        let stands = format!("{} {}", light.shape(), light.name());
        match overdue_days(self.standing.next_due_on, today) {
            Some(days) if light == Light::Overdue => format!("{stands} {days} 天"),
            Some(_) | None => stands,
        }
    }
}

fn standing(row: &Row) -> Result<Standing, StoreError> {
    Ok(Standing {
        finished: row.get("finished")?,
        reopened: row.get("reopened")?,
        next_due_on: row.get("next_due_on")?,
        ..Standing::default()
    })
}

/// The open tasks of a plan in their order.
///
/// # Errors
/// When the store fails.
pub async fn briefs(tx: &mut Tx, plan: PlanId) -> Result<Vec<Brief>, StoreError> {
    tx.all(
        sql("SELECT id, position, number, section, text, deadlines, due_on, finished, reopened, next_due_on FROM task WHERE plan_id = $1 AND state = 'open' ORDER BY position, id")
            .bind(plan),
    )
    .await?
    .iter()
    .map(brief_from_row)
    .collect()
}

fn brief_from_row(row: &Row) -> Result<Brief, StoreError> {
    Ok(Brief {
        id: row.get("id")?,
        position: row.get("position")?,
        number: row.get("number")?,
        section: row.get("section")?,
        text: row.get("text")?,
        deadlines: parse(row, "deadlines")?,
        due_on: row.get("due_on")?,
        standing: standing(row)?,
    })
}

/// What the tasks of a plan counted up to: another sum says that a task came, went or changed.
///
/// # Errors
/// When the store fails.
pub async fn seen(tx: &mut Tx, old: PlanId, new: PlanId) -> Result<i64, StoreError> {
    tx.one(
        sql("SELECT CAST(COALESCE(SUM(version), 0) + COUNT(*) AS BIGINT) AS n FROM task WHERE plan_id IN ($1, $2)")
            .bind(old)
            .bind(new),
    )
    .await?
    .get("n")
}

/// Open tasks of a plan, ready to be matched, with their ids: all of them, or these. An organ that stands alone goes by its
/// present name, or its heir's; a collective by the name that the plan prints.
///
/// # Errors
/// When the store fails.
pub async fn items(
    tx: &mut Tx,
    plan: PlanId,
    only: Option<&[TaskId]>,
) -> Result<Vec<(TaskId, Item)>, StoreError> {
    let mut statement =
        sql("SELECT id, text, deadlines, quantities FROM task WHERE state = 'open' AND plan_id = ");
    statement.push_value(plan);
    if let Some(only) = only {
        statement
            .push(" AND id IN ")
            .push_list(only.iter().copied());
    }
    statement.push(" ORDER BY position, id");
    let mut found: Vec<(TaskId, Item)> = Vec::new();
    for row in tx.all(statement).await? {
        let item = Item {
            text: row.get("text")?,
            deadlines: parse(&row, "deadlines")?,
            quantities: parse(&row, "quantities")?,
            organs: BTreeMap::new(),
        };
        found.push((row.get("id")?, item));
    }
    let ids: Vec<TaskId> = found.iter().map(|(id, _)| *id).collect();
    let mut organs: BTreeMap<TaskId, BTreeMap<String, Duty>> = BTreeMap::new();
    for some in ids.chunks(TASKS_AT_ONCE) {
        let mut statement = sql(
            "SELECT g.*, COALESCE(s.name, o.name) AS name FROM (SELECT a.task_id, a.role, a.named_as, COUNT(*) AS organs, \
             MIN(a.organ_id) AS organ_id FROM assignment a WHERE a.state = 'open' AND a.task_id IN ",
        );
        statement.push_list(some.iter().copied()).push(
            " GROUP BY a.task_id, a.role, a.named_as) g JOIN organ o ON o.id = g.organ_id \
             LEFT JOIN organ s ON s.id = o.successor_id",
        );
        for row in tx.all(statement).await? {
            let (code, alone): (String, i64) = (row.get("role")?, row.get("organs")?);
            let name: String = row.get(if alone == 1 { "name" } else { "named_as" })?;
            let duty = Duty::from_code(&code).ok_or_else(|| corrupt("role", &code))?;
            let of_task = organs.entry(row.get("task_id")?).or_default();
            let known = of_task.entry(name).or_insert(duty);
            *known = duty.min(*known);
        }
    }
    for (id, item) in &mut found {
        item.organs = organs.remove(id).unwrap_or_default();
    }
    Ok(found)
}

/// How many pieces of evidence stand behind each of these tasks.
///
/// # Errors
/// When the store fails.
pub async fn evidence(tx: &mut Tx, tasks: &[TaskId]) -> Result<BTreeMap<TaskId, i64>, StoreError> {
    let mut found = BTreeMap::new();
    for some in tasks.chunks(TASKS_AT_ONCE) {
        let mut statement = sql(
            "SELECT task_id, CAST(SUM(evidence_count) AS BIGINT) AS n FROM assignment WHERE evidence_count > 0 AND task_id IN ",
        );
        statement
            .push_list(some.iter().copied())
            .push(" GROUP BY task_id");
        for row in tx.all(statement).await? {
            found.insert(row.get("task_id")?, row.get("n")?);
        }
    }
    Ok(found)
}

/// Plans with which a plan can be compared: of the same government and an earlier year; or of a government above that gave
/// an organ here a part, or whose plan is on the portal, and upper plans that the office keeps itself. Nearest first.
///
/// # Errors
/// When the store fails.
pub async fn candidates(tx: &mut Tx, plan: &Plan, kind: PairKind) -> Result<Vec<Plan>, StoreError> {
    let statement = match kind {
        PairKind::Year => sql(
            "SELECT p.* FROM plan p WHERE p.state = 'active' AND p.organ_id = $1 AND p.government_id = $2 AND p.year < $3 \
             ORDER BY p.year DESC, p.created_at DESC, p.id DESC LIMIT $4",
        )
        .bind(plan.organ)
        .bind(plan.government)
        .bind(plan.year)
        .bind(CANDIDATES_MAX),
        PairKind::Level => sql(
            "SELECT p.* FROM plan p JOIN organ up ON up.id = p.government_id JOIN organ me ON me.id = $1 \
             WHERE me.path LIKE up.path || '%' AND p.year <= $2 AND (p.state = 'upper' AND p.organ_id = $3 OR p.state = 'active' AND up.id <> me.id AND \
             (EXISTS (SELECT 1 FROM plan_snapshot s WHERE s.plan_id = p.id) OR EXISTS \
              (SELECT 1 FROM assignment a JOIN organ o ON o.id = a.organ_id WHERE a.plan_id = p.id AND o.path LIKE me.path || '%'))) \
             ORDER BY p.year DESC, LENGTH(up.path) DESC, p.created_at DESC, p.id DESC LIMIT $4",
        )
        .bind(plan.government)
        .bind(plan.year)
        .bind(plan.organ)
        .bind(CANDIDATES_MAX),
    };
    tx.all(statement).await?.iter().map(plan_from_row).collect()
}

/// The source from which a plan was read, as it lies in its draft; for finding the titles that it names.
///
/// # Errors
/// When the store fails.
pub async fn source_text(tx: &mut Tx, plan: &Plan) -> Result<Option<String>, StoreError> {
    let Some(draft) = plan.draft else {
        return Ok(None);
    };
    let row = tx
        .optional(sql("SELECT source FROM import_draft WHERE id = $1").bind(draft))
        .await?;
    row.map_or(Ok(None), |row| row.get("source"))
}

/// A lower plan that is compared with an upper one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lower {
    pub pair: PlanPair,
    pub plan: Plan,
    pub government: String,
}

/// The lower plans compared with an upper one, in the order of the tree; only of governments below its own.
///
/// # Errors
/// When the store fails.
pub async fn lower(
    tx: &mut Tx,
    upper: &Plan,
    (offset, rows): (i64, i64),
) -> Result<(Vec<Lower>, i64), StoreError> {
    const FROM: &str = " FROM plan_pair q JOIN plan p ON p.id = q.new_plan_id JOIN organ g ON g.id = p.government_id \
        JOIN organ up ON up.id = $2 WHERE q.old_plan_id = $1 AND q.kind = 'level' AND p.state = 'active' AND g.path LIKE up.path || '%'";
    let mut count = sql("SELECT COUNT(*) AS n");
    count.push(FROM);
    let total = tx
        .one(count.bind(upper.id).bind(upper.government))
        .await?
        .get("n")?;
    let mut page = sql(
        "SELECT p.*, g.name AS government_name, q.id AS pair_id, q.kind AS pair_kind, q.seen, q.matched_by, q.matched_at, q.version AS pair_version",
    );
    page.push(FROM)
        .push(" ORDER BY LENGTH(g.path), g.position, g.id, p.id LIMIT $3 OFFSET $4");
    let found = tx
        .all(
            page.bind(upper.id)
                .bind(upper.government)
                .bind(rows)
                .bind(offset),
        )
        .await?;
    let lower = found
        .iter()
        .map(|row| {
            let id: String = row.get("pair_id")?;
            let plan = plan_from_row(row)?;
            Ok(Lower {
                pair: PlanPair {
                    id: id.parse().map_err(|_| corrupt("pair_id", &id))?,
                    kind: PairKind::Level,
                    old: upper.id,
                    new: plan.id,
                    seen: row.get("seen")?,
                    matched_by: row.get("matched_by")?,
                    matched_at: row.get("matched_at")?,
                    version: row.get("pair_version")?,
                },
                plan,
                government: row.get("government_name")?,
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    Ok((lower, total))
}

/// For each pair and old task the links that count.
pub type Cells = BTreeMap<(PairId, TaskId), Vec<TaskLink>>;

/// The links that count, of these pairs; of tasks that are still there on both sides.
///
/// # Errors
/// When the store fails.
pub async fn cells(tx: &mut Tx, pairs: &[PairId]) -> Result<Cells, StoreError> {
    let mut found: Cells = BTreeMap::new();
    if pairs.is_empty() {
        return Ok(found);
    }
    let mut statement = sql(
        "SELECT l.* FROM task_link l JOIN task t ON t.id = l.new_task_id JOIN task m ON m.id = l.old_task_id \
         WHERE l.state <> 'refused' AND t.state = 'open' AND m.state = 'open' AND l.pair_id IN ",
    );
    statement.push_list(pairs.iter().map(ToString::to_string));
    for row in tx.all(statement).await? {
        let id: String = row.get("pair_id")?;
        let pair = id.parse().map_err(|_| corrupt("pair_id", &id))?;
        let link = link_from_row(&row)?;
        found.entry((pair, link.old)).or_default().push(link);
    }
    let mut statement = sql(
        "SELECT d.pair_id, d.old_task_id, d.task_id FROM task_adoption d JOIN task t ON t.id = d.task_id JOIN task m ON m.id = d.old_task_id \
         WHERE t.state = 'open' AND m.state = 'open' AND d.pair_id IN ",
    );
    statement.push_list(pairs.iter().map(ToString::to_string));
    for row in tx.all(statement).await? {
        let id: String = row.get("pair_id")?;
        let pair = id.parse().map_err(|_| corrupt("pair_id", &id))?;
        let link = adopted(row.get("old_task_id")?, row.get("task_id")?);
        let cell = found.entry((pair, link.old)).or_default();
        if cell.is_empty() {
            cell.push(link);
        }
    }
    Ok(found)
}

/// How many open tasks each of these plans has.
///
/// # Errors
/// When the store fails.
pub async fn count_tasks(
    tx: &mut Tx,
    plans: &[PlanId],
) -> Result<Vec<(PlanId, usize)>, StoreError> {
    let mut statement =
        sql("SELECT plan_id, COUNT(*) AS n FROM task WHERE state = 'open' AND plan_id IN ");
    statement
        .push_list(plans.iter().copied())
        .push(" GROUP BY plan_id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let n: i64 = row.get("n")?;
            Ok((row.get("plan_id")?, usize::try_from(n).unwrap_or(0)))
        })
        .collect()
}

/// The plan, if it lies in the scope, or below a government whose plan it answers and whose office's scope this is.
///
/// # Errors
/// When the store fails.
pub async fn readable_plan(
    tx: &mut Tx,
    scope: &Scope,
    id: PlanId,
) -> Result<Option<Plan>, StoreError> {
    if let Some(plan) = crate::plan::store::load(tx, scope, id).await? {
        return Ok(Some(plan).filter(|plan| plan.state == PlanState::Active));
    }
    let mut statement = sql(
        "SELECT p.* FROM plan p JOIN plan_pair q ON q.new_plan_id = p.id AND q.kind = 'level' JOIN plan u ON u.id = q.old_plan_id \
         JOIN organ g ON g.id = p.government_id JOIN organ up ON up.id = u.government_id JOIN organ o ON o.id = u.organ_id \
         WHERE u.state = 'active' AND p.state = 'active' AND g.path LIKE up.path || '%' AND p.id = ",
    );
    statement.push_value(id).push(" AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    tx.optional(statement)
        .await?
        .map(|row| plan_from_row(&row))
        .transpose()
}
