//! The SQL of what plans offer.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, OrganId, PlanId, TaskId};
use gongkai_basis::reference::{DateRange, Figure, FigureKey, Ref};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Sql, StoreError, Tx, containing, sql};
use gongkai_platform::seam::{Accomplishment, DUE_MAX, DueItem, Hit};
use gongkai_platform::web::civil_day;

use super::{Counted, REFS_MAX};
use crate::assignment::store::DECIDES;
use crate::round::SubmissionState;
use crate::round::store::OWES;

/// Appends what a figure counts of tasks `t`, or of a unit's parts `a`: both keep the same facts. As on the dashboard, a part
/// that lost its proof is not late; a task is, where another organ's part of it is.
fn condition(statement: &mut Sql, of: &'static str, counted: Counted, today: Date) {
    match counted {
        Counted::All => {}
        Counted::Done => {
            statement.push(" AND ").push(of).push(".finished = 1");
        }
        Counted::Overdue => {
            statement.push(" AND ").push(of).push(".finished = 0 AND ");
            statement.push(of).push(".next_due_on < ").push_value(today);
            if of == "a" {
                statement.push(" AND a.reopened = 0");
            }
        }
    }
}

/// Tasks of the plans of a government and of those below it.
const OF_PLANS: &str = " FROM organ root JOIN organ o ON o.path LIKE root.path || '%' JOIN plan p ON p.government_id = o.id \
    JOIN task t ON t.plan_id = p.id WHERE p.state = 'active' AND t.state = 'open' AND root.id = ";
/// Tasks that a unit has a part in; see [`push_tasks`].
const OF_PARTS: &str = " FROM organ root JOIN organ o ON o.path LIKE root.path || '%' JOIN assignment a ON a.organ_id = o.id \
    JOIN task t ON t.id = a.task_id JOIN plan p ON p.id = t.plan_id \
    WHERE p.state = 'active' AND t.state = 'open' AND a.state = 'open' AND root.id = ";

/// Does the organ, or one below it, have a plan of its own?
async fn has_plan(tx: &mut Tx, organ: OrganId) -> Result<bool, StoreError> {
    let found = tx
        .optional(
            sql("SELECT p.id FROM organ root JOIN organ o ON o.path LIKE root.path || '%' JOIN plan p ON p.government_id = o.id \
                 WHERE p.state = 'active' AND root.id = $1 LIMIT 1")
                .bind(organ),
        )
        .await?;
    Ok(found.is_some())
}

/// Where an organ's tasks are, and which of the tables says whether one is done.
async fn tasks_of(tx: &mut Tx, organ: OrganId) -> Result<(&'static str, &'static str), StoreError> {
    Ok(if has_plan(tx, organ).await? {
        (OF_PLANS, "t")
    } else {
        (OF_PARTS, "a")
    })
}

/// Appends where an organ's tasks are: of a unit's, those for which it answers, alone or with others. As on the ledger, a task
/// that has none but cooperating units is theirs.
fn push_tasks(statement: &mut Sql, (from, of): (&'static str, &'static str), organ: OrganId) {
    statement.push(from).push_value(organ);
    if of == "a" {
        statement.push(" AND ").push(DECIDES);
    }
}

pub(super) async fn figure(
    tx: &mut Tx,
    key: &FigureKey,
    counted: Counted,
) -> Result<Figure, StoreError> {
    let today = civil_day(tx.now());
    let (from, of) = tasks_of(tx, key.organ).await?;
    let tables = |what: &'static str| {
        let mut statement = sql(what);
        push_tasks(&mut statement, (from, of), key.organ);
        statement
            .push(" AND p.year = ")
            .push_value(i64::from(key.year));
        condition(&mut statement, of, counted, today);
        statement
    };
    let value = tx
        .one(tables("SELECT COUNT(DISTINCT t.id) AS n"))
        .await?
        .get("n")?;
    let mut some = tables("SELECT DISTINCT p.id AS plan_id, t.position, t.id AS id");
    some.push(" ORDER BY p.id, t.position, t.id LIMIT ")
        .push_value(REFS_MAX);
    let refs = tx
        .all(some)
        .await?
        .iter()
        .map(|row| {
            Ok(Ref {
                kind: "task".to_owned(),
                id: row.get::<TaskId>("id")?.to_string(),
            })
        })
        .collect::<Result<_, StoreError>>()?;
    Ok(Figure { value, refs })
}

/// Tasks in one list of a statement.
const TASKS_AT_ONCE: usize = 200;

/// An organ's tasks of a year in the order of the plans, each with the proofs of the organ and those below it.
pub(super) async fn of_year(
    tx: &mut Tx,
    (organ, year): (OrganId, i16),
    most: i64,
) -> Result<Vec<Accomplishment>, StoreError> {
    let (from, of) = tasks_of(tx, organ).await?;
    let mut statement = sql("SELECT t.id AS id, t.text AS text, t.section AS section, MIN(");
    statement.push(of).push(".finished) AS finished");
    push_tasks(&mut statement, (from, of), organ);
    if from == OF_PLANS {
        // Each government below writes of its own.
        statement.push(" AND o.id = ").push_value(organ);
    }
    statement
        .push(" AND p.year = ")
        .push_value(i64::from(year))
        .push(" GROUP BY t.id, t.text, t.section, t.position, p.id ORDER BY p.id, t.position, t.id LIMIT ")
        .push_value(most);
    let mut tasks: Vec<(TaskId, Accomplishment)> = Vec::new();
    for row in tx.all(statement).await? {
        let (id, finished): (TaskId, i64) = (row.get("id")?, row.get("finished")?);
        let section: Option<String> = row.get("section")?;
        let one = Accomplishment {
            of: Ref {
                kind: "task".to_owned(),
                id: id.to_string(),
            },
            text: row.get("text")?,
            section: section.unwrap_or_default(),
            is_done: finished != 0,
            proofs: Vec::new(),
        };
        tasks.push((id, one));
    }
    let ids: Vec<TaskId> = tasks.iter().map(|(id, _)| *id).collect();
    let mut proofs = proofs(tx, organ, &ids).await?;
    let told = tasks.into_iter().map(|(id, one)| Accomplishment {
        proofs: proofs.remove(&id).unwrap_or_default(),
        ..one
    });
    Ok(told.collect())
}

/// What proves these tasks, by name: evidence of an organ and those below it that was not withdrawn and still holds.
async fn proofs(
    tx: &mut Tx,
    organ: OrganId,
    tasks: &[TaskId],
) -> Result<BTreeMap<TaskId, Vec<String>>, StoreError> {
    let mut found: BTreeMap<TaskId, Vec<String>> = BTreeMap::new();
    for some in tasks.chunks(TASKS_AT_ONCE) {
        let mut statement = sql(
            "SELECT a.task_id AS task_id, e.title AS title, e.proves AS proves FROM evidence e \
             JOIN assignment a ON a.id = e.assignment_id JOIN organ o ON o.id = a.organ_id \
             JOIN organ root ON o.path LIKE root.path || '%' \
             WHERE a.state = 'open' AND e.withdrawn_at IS NULL AND e.decayed = 0 AND root.id = ",
        );
        statement
            .push_value(organ)
            .push(" AND a.task_id IN ")
            .push_list(some.iter().copied())
            .push(" ORDER BY a.task_id, e.created_at, e.id");
        for row in tx.all(statement).await? {
            let (title, proves): (String, String) = (row.get("title")?, row.get("proves")?);
            let name = if title.is_empty() { proves } else { title };
            found.entry(row.get("task_id")?).or_default().push(name);
        }
    }
    Ok(found)
}

/// A government's own active plans of a year.
pub(super) async fn own_plans(tx: &mut Tx, key: &FigureKey) -> Result<Figure, StoreError> {
    let plans = tx
        .all(
            sql("SELECT id FROM plan WHERE government_id = $1 AND year = $2 AND state = 'active' ORDER BY id LIMIT $3")
                .bind(key.organ)
                .bind(i64::from(key.year))
                .bind(REFS_MAX),
        )
        .await?;
    let refs = plans.iter().map(|row| {
        Ok(Ref {
            kind: "plan".to_owned(),
            id: row.get::<PlanId>("id")?.to_string(),
        })
    });
    let refs: Vec<Ref> = refs.collect::<Result<_, StoreError>>()?;
    Ok(Figure {
        value: i64::try_from(refs.len()).unwrap_or(REFS_MAX),
        refs,
    })
}

/// The newest tasks in which these organs have a part, or whose plan is theirs.
pub(super) async fn tasks(
    tx: &mut Tx,
    (plans, parts): (Option<&Scope>, Option<&Scope>),
    words: &str,
    rows: i64,
) -> Result<Vec<Hit>, StoreError> {
    let mut statement = sql(
        "SELECT t.id, t.text, p.title FROM task t JOIN plan p ON p.id = t.plan_id \
         JOIN organ o ON o.id = p.organ_id WHERE p.state = 'active' AND t.text LIKE ",
    );
    statement
        .push_value(containing(words))
        .push(" ESCAPE '!' AND (1 = 0");
    if let Some(scope) = plans {
        statement.push(" OR ");
        scope.push_condition(&mut statement, "o.id", "o.path");
    }
    if let Some(scope) = parts {
        statement.push(
            " OR EXISTS (SELECT 1 FROM assignment a JOIN organ u ON u.id = a.organ_id WHERE a.task_id = t.id AND ",
        );
        scope.push_condition(&mut statement, "u.id", "u.path");
        statement.push(")");
    }
    statement
        .push(") ORDER BY p.year DESC, p.id DESC, t.position, t.id LIMIT ")
        .push_value(rows);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            Ok(Hit {
                title: row.get("text")?,
                note: row.get("title")?,
                path: format!("/workspace/tasks/{}", row.get::<TaskId>("id")?),
            })
        })
        .collect()
}

pub(super) async fn due(
    tx: &mut Tx,
    scope: &Scope,
    range: DateRange,
) -> Result<Vec<DueItem>, StoreError> {
    let mut statement = sql(
        "SELECT a.id, a.task_id, a.organ_id, a.due_on, a.next_due_on, t.text FROM assignment a JOIN organ o ON o.id = a.organ_id \
         JOIN task t ON t.id = a.task_id JOIN plan p ON p.id = a.plan_id \
         WHERE p.state = 'active' AND a.state = 'open' AND a.finished = 0 AND a.reopened = 0 AND a.next_due_on IS NOT NULL AND COALESCE(a.next_due_on, '9999-12-31') >= ",
    );
    statement
        .push_value(range.from)
        .push(" AND COALESCE(a.next_due_on, '9999-12-31') <= ")
        .push_value(range.to)
        .push(" AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" ORDER BY a.next_due_on, a.position, a.id LIMIT ")
        .push_value(DUE_MAX);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let task: TaskId = row.get("task_id")?;
            let (stated, due_on): (Option<Date>, Date) =
                (row.get("due_on")?, row.get("next_due_on")?);
            let text: String = row.get("text")?;
            Ok(DueItem {
                of: Ref {
                    kind: "task".to_owned(),
                    id: task.to_string(),
                },
                organ: row.get("organ_id")?,
                title: if stated == Some(due_on) {
                    text
                } else {
                    format!("{text}（计到）")
                },
                due_on,
                path: format!("/workspace/assignments/{}", row.get::<AssignmentId>("id")?),
            })
        })
        .collect()
}

/// What units of a scope have to hand in within a range of days, of rounds that are open, earliest first.
pub(super) async fn rounds_due(
    tx: &mut Tx,
    scope: &Scope,
    range: DateRange,
) -> Result<Vec<DueItem>, StoreError> {
    let mut statement = sql(
        "SELECT r.id, r.name, r.due_on, s.organ_id FROM round_submission s JOIN report_round r ON r.id = s.round_id \
         JOIN plan p ON p.id = r.plan_id JOIN organ o ON o.id = s.organ_id \
         WHERE r.state = 'open' AND p.state = 'active' AND s.state IN ('draft', 'confirmed', 'returned') AND r.due_on >= ",
    );
    statement
        .push_value(range.from)
        .push(" AND r.due_on <= ")
        .push_value(range.to)
        .push(OWES)
        .push(" AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" ORDER BY r.due_on, r.id, s.organ_id LIMIT ")
        .push_value(DUE_MAX);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let (id, organ): (String, OrganId) = (row.get("id")?, row.get("organ_id")?);
            Ok(DueItem {
                organ,
                title: row.get("name")?,
                due_on: row.get("due_on")?,
                path: format!("/workspace/rounds/{id}/units/{organ}"),
                of: Ref {
                    kind: "round".to_owned(),
                    id,
                },
            })
        })
        .collect()
}

/// Submissions that stand alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) state: SubmissionState,
    pub(crate) n: i64,
    /// Of these, drafts with a row that nobody reported on: nobody can confirm them yet.
    pub(crate) unfilled: i64,
}

/// Ends a statement over submissions `s` of rounds `r`: of rounds that were not cancelled, of plans in force; a unit that owes
/// nothing any more counts by what it handed in.
const COUNTS: &str =
    " WHERE r.state <> 'cancelled' AND p.state = 'active' AND (s.counted_at IS NOT NULL OR (1 = 1";

/// Counts the submissions that wait for the offices of a scope. Nothing is asked of those that their units still hold.
pub(crate) fn counting_submitted(offices: &Scope) -> Sql {
    let mut statement = sql(
        "SELECT COUNT(*) AS n FROM round_submission s JOIN report_round r ON r.id = s.round_id \
         JOIN plan p ON p.id = r.plan_id JOIN organ o ON o.id = r.office_id",
    );
    statement
        .push(COUNTS)
        .push(OWES)
        .push(")) AND s.state = ")
        .push_value(SubmissionState::Submitted.code())
        .push(" AND ");
    offices.push_condition(&mut statement, "o.id", "o.path");
    statement
}

/// How many submissions of rounds stand in each state, for the units of a scope.
pub(crate) async fn submissions(tx: &mut Tx, units: &Scope) -> Result<Vec<Standing>, StoreError> {
    let mut statement = sql(
        "SELECT s.state, COUNT(*) AS n, SUM(CASE WHEN s.state = 'draft' AND EXISTS (SELECT 1 FROM round_row w JOIN assignment a \
         ON a.id = w.assignment_id WHERE w.round_id = s.round_id AND w.organ_id = s.organ_id AND a.state = 'open' \
         AND a.report_id IS NULL) THEN 1 ELSE 0 END) AS unfilled FROM round_submission s JOIN report_round r ON r.id = s.round_id \
         JOIN plan p ON p.id = r.plan_id JOIN organ o ON o.id = s.organ_id",
    );
    statement.push(COUNTS).push(OWES).push(")) AND ");
    units.push_condition(&mut statement, "o.id", "o.path");
    statement.push(" GROUP BY s.state");
    let mut found = Vec::new();
    for row in tx.all(statement).await? {
        found.push(Standing {
            state: row.coded("state", SubmissionState::from_code)?,
            n: row.get("n")?,
            unfilled: row.get("unfilled")?,
        });
    }
    Ok(found)
}
