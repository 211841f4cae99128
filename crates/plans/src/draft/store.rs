//! The SQL of drafts.

pub mod progress;
pub mod proposal;

use gongkai_basis::id::{AccountId, DraftId, PlanId};
use gongkai_office::Document;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Draft, DraftState, Purpose};
use crate::assignment::{self, Assignment};
use crate::plan::PlanState;
use crate::plan::store::corrupt;
use crate::task::store::json;
use crate::when;

/// A row without the two large columns.
const HEAD: &str = "SELECT d.id, d.organ_id, d.account_id, d.state, d.purpose, d.file_id, d.file_name, d.job_id, \
    d.failure, d.plan_id, d.title, d.tasks, d.doubts, d.version, d.created_at, d.updated_at \
    FROM import_draft d JOIN organ o ON o.id = d.organ_id WHERE ";

/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, draft: &Draft) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO import_draft (id, organ_id, account_id, state, purpose, file_id, file_name, job_id, plan_id, title, tasks, doubts, version, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, $11, $12, $13)")
            .bind(draft.id)
            .bind(draft.organ)
            .bind(draft.account)
            .bind(draft.state.code())
            .bind(draft.purpose.code())
            .bind(draft.file)
            .bind(&draft.file_name)
            .bind(draft.job)
            .bind(draft.plan)
            .bind(&draft.title)
            .bind(draft.version)
            .bind(draft.created_at)
            .bind(draft.updated_at),
    )
    .await?;
    Ok(())
}

/// # Errors
/// When the store fails; a draft outside the scope is `None`.
pub async fn load(tx: &mut Tx, scope: &Scope, id: DraftId) -> Result<Option<Draft>, StoreError> {
    let mut query = sql(HEAD);
    query.push("d.id = ").push_value(id).push(" AND ");
    scope.push_condition(&mut query, "o.id", "o.path");
    tx.optional(query)
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

/// What a draft holds; `None` until it was read.
///
/// # Errors
/// When the store fails or the content cannot be understood.
pub async fn content<T: DeserializeOwned>(
    tx: &mut Tx,
    id: DraftId,
) -> Result<Option<T>, StoreError> {
    parsed(
        tx,
        sql("SELECT content AS body FROM import_draft WHERE id = $1").bind(id),
    )
    .await
}

/// The neutral blocks of the source; `None` until it was read.
///
/// # Errors
/// When the store fails or the blocks cannot be understood.
pub async fn source(tx: &mut Tx, id: DraftId) -> Result<Option<Document>, StoreError> {
    parsed(
        tx,
        sql("SELECT source AS body FROM import_draft WHERE id = $1").bind(id),
    )
    .await
}

async fn parsed<T: DeserializeOwned>(tx: &mut Tx, query: Sql) -> Result<Option<T>, StoreError> {
    let Some(row) = tx.optional(query).await? else {
        return Ok(None);
    };
    let Some(text) = row.get::<Option<String>>("body")? else {
        return Ok(None);
    };
    serde_json::from_str(&text)
        .map(Some)
        .map_err(|_| corrupt("content", "JSON of another kind"))
}

/// What lists show of a draft's content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    pub title: String,
    pub tasks: usize,
    pub doubts: usize,
}

/// Stores what was read, if nobody else did so first: two readers of one file do no harm.
///
/// # Errors
/// When the store fails.
pub async fn set_read(
    tx: &mut Tx,
    id: DraftId,
    document: &Document,
    content: &impl Serialize,
    summary: &Summary,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("UPDATE import_draft SET state = 'open', failure = NULL, source = $1, content = $2, title = $3, tasks = $4, doubts = $5, updated_at = $6, version = version + 1 \
             WHERE id = $7 AND state IN ('reading', 'failed')")
            .bind(json(document))
            .bind(json(content))
            .bind(&summary.title)
            .bind(count(summary.tasks))
            .bind(count(summary.doubts))
            .bind(now)
            .bind(id),
    )
    .await?;
    Ok(())
}

/// # Errors
/// When the store fails.
pub async fn set_failed(tx: &mut Tx, id: DraftId, why: &str) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("UPDATE import_draft SET state = 'failed', failure = $1, updated_at = $2, version = version + 1 WHERE id = $3 AND state = 'reading'")
            .bind(why)
            .bind(now)
            .bind(id),
    )
    .await?;
    Ok(())
}

/// Saves an edited draft, if nobody edited it since `draft.version` was read, and counts the version up.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else was first.
pub async fn save(
    tx: &mut Tx,
    draft: &mut Draft,
    content: &impl Serialize,
    summary: Summary,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run_versioned(
        sql("UPDATE import_draft SET content = $1, title = $2, tasks = $3, doubts = $4, updated_at = $5, version = version + 1 \
             WHERE id = $6 AND version = $7 AND state = 'open'")
            .bind(json(content))
            .bind(&summary.title)
            .bind(count(summary.tasks))
            .bind(count(summary.doubts))
            .bind(now)
            .bind(draft.id)
            .bind(draft.version),
    )
    .await?;
    draft.version += 1;
    draft.updated_at = now;
    draft.title = summary.title;
    draft.tasks = count(summary.tasks);
    draft.doubts = count(summary.doubts);
    Ok(())
}

/// Moves a draft on; `plan` is what came of it.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else was first.
pub async fn set_state(
    tx: &mut Tx,
    draft: &mut Draft,
    state: DraftState,
    plan: Option<PlanId>,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run_versioned(
        sql("UPDATE import_draft SET state = $1, plan_id = $2, updated_at = $3, version = version + 1 WHERE id = $4 AND version = $5")
            .bind(state.code())
            .bind(plan)
            .bind(now)
            .bind(draft.id)
            .bind(draft.version),
    )
    .await?;
    draft.version += 1;
    draft.state = state;
    draft.plan = plan;
    Ok(())
}

/// Discards the drafts that were begun on a plan, its own apart; gives how many.
///
/// # Errors
/// When the store fails.
pub(super) async fn discard_of_plan(
    tx: &mut Tx,
    plan: PlanId,
    own: Option<DraftId>,
) -> Result<u64, StoreError> {
    let now = tx.now().as_millisecond();
    let mut statement = sql("UPDATE import_draft SET state = ");
    statement
        .push_value(DraftState::Discarded.code())
        .push(", version = version + 1, updated_at = ")
        .push_value(now)
        .push(" WHERE plan_id = ")
        .push_value(plan)
        .push(" AND state NOT IN ('confirmed', 'discarded')");
    if let Some(own) = own {
        statement.push(" AND id <> ").push_value(own);
    }
    tx.run(statement).await
}

/// Which imports a list shows; the start page counts each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// All but those thrown away.
    All,
    Doubtful,
    Failed,
    Ready,
}

impl Wanted {
    /// What an address says; everything else means all.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        [Self::Doubtful, Self::Failed, Self::Ready]
            .into_iter()
            .find(|wanted| wanted.code() == code)
            .unwrap_or(Self::All)
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Doubtful => "doubts",
            Self::Failed => "failed",
            Self::Ready => "ready",
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Doubtful => "有疑点待核对的",
            Self::Failed => "未能读取的",
            Self::Ready => "待确认的",
        }
    }

    const fn condition(self) -> &'static str {
        match self {
            Self::All => "d.state <> 'discarded'",
            Self::Doubtful => "d.state IN ('reading', 'open') AND d.doubts > 0",
            Self::Failed => "d.state = 'failed'",
            Self::Ready => "d.state IN ('reading', 'open') AND d.doubts = 0",
        }
    }
}

/// One page of the drafts in reach, last touched first, and the count of all. Discarded ones are left out.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    wanted: Wanted,
    (offset, rows): (i64, i64),
) -> Result<(Vec<Draft>, i64), StoreError> {
    let mut total =
        sql("SELECT COUNT(*) AS n FROM import_draft d JOIN organ o ON o.id = d.organ_id WHERE ");
    total.push(wanted.condition()).push(" AND ");
    scope.push_condition(&mut total, "o.id", "o.path");
    let total = tx.one(total).await?.get("n")?;
    let mut page = sql(HEAD);
    page.push(wanted.condition()).push(" AND ");
    scope.push_condition(&mut page, "o.id", "o.path");
    page.push(" ORDER BY d.updated_at DESC, d.id DESC LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    let drafts = tx
        .all(page)
        .await?
        .iter()
        .map(from_row)
        .collect::<Result<_, _>>()?;
    Ok((drafts, total))
}

/// Reports on a plan. What an existing ledger brought to a part and was taken back, before anybody else reported on it, is no
/// work.
const REPORTS: &str = "SELECT COUNT(*) AS n FROM report r JOIN assignment a ON a.id = r.assignment_id WHERE a.plan_id = $1 \
    AND NOT (r.author_name = '导入' AND a.report_id IS NULL AND NOT EXISTS (SELECT 1 FROM report o \
    WHERE o.assignment_id = a.id AND o.author_name <> '导入'))";

/// How much has been done on a plan since its import: counts with their words, those that are nought included.
///
/// # Errors
/// When the store fails.
pub async fn work_on(tx: &mut Tx, plan: PlanId) -> Result<Vec<(i64, &'static str)>, StoreError> {
    let questions = [
        (REPORTS, "份进展填报"),
        (
            "SELECT COUNT(*) AS n FROM evidence e JOIN assignment a ON a.id = e.assignment_id WHERE a.plan_id = $1",
            "份佐证",
        ),
        (
            "SELECT COUNT(*) AS n FROM task_change WHERE plan_id = $1",
            "项任务变更",
        ),
        (
            "SELECT COUNT(*) AS n FROM plan_snapshot WHERE plan_id = $1",
            "次进展公布",
        ),
        (
            "SELECT COUNT(*) AS n FROM import_draft WHERE plan_id = $1 AND purpose NOT IN ('plan', 'upper') AND state = 'confirmed'",
            "次更正或台账导入",
        ),
        (
            "SELECT COUNT(*) AS n FROM report_round WHERE plan_id = $1",
            "个报送轮次",
        ),
        (
            // What was reported in an earlier year came with the matter, and is no work on this plan.
            "SELECT COUNT(*) AS n FROM carried c WHERE c.plan_id = $1 AND c.reported_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM carried e \
             WHERE e.old_task_id = c.old_task_id AND e.old_assignment_id = c.old_assignment_id AND (SELECT y.year FROM plan y WHERE y.id = e.plan_id) \
             < (SELECT y.year FROM plan y WHERE y.id = c.plan_id) AND e.reported_on = c.reported_on AND e.done_text = c.done_text)",
            "项回头看事项填报",
        ),
        (
            "SELECT COUNT(*) AS n FROM carried n JOIN plan q ON q.id = n.plan_id JOIN task t ON t.id = n.old_task_id \
             WHERE q.state = 'active' AND q.year > (SELECT y.year FROM plan y WHERE y.id = $1) AND (t.plan_id = $1 OR EXISTS (SELECT 1 FROM carried c \
             WHERE c.plan_id = $1 AND c.old_assignment_id = n.old_assignment_id))",
            "项已结转到以后年度的未完成事项",
        ),
        (
            "SELECT COUNT(*) AS n FROM task_link l JOIN plan_pair p ON p.id = l.pair_id \
             WHERE (p.new_plan_id = $1 OR p.old_plan_id = $1) AND l.settled_by IS NOT NULL",
            "处人工核定的任务对照",
        ),
        (
            "SELECT COUNT(*) AS n FROM task_adoption d JOIN task_change c ON c.id = d.change_id JOIN plan_pair p ON p.id = d.pair_id \
             JOIN plan u ON u.id = p.old_plan_id WHERE p.old_plan_id = $1 AND u.state = 'upper' AND c.state IN ('proposed', 'approved')",
            "项由它的缺项生成的任务草案",
        ),
        (
            "SELECT COUNT(DISTINCT s.id) AS n FROM supervision s JOIN supervision_item i ON i.supervision_id = s.id JOIN task t ON t.id = i.task_id \
             WHERE t.plan_id = $1 AND s.issued_on IS NOT NULL",
            "份已发出的督办单",
        ),
        (
            "SELECT COUNT(DISTINCT b.id) AS n FROM plan p JOIN bulletin b ON b.office_id = p.organ_id JOIN bulletin_part q ON q.bulletin_id = b.id \
             JOIN assignment a ON a.plan_id = p.id AND a.organ_id = q.organ_id \
             WHERE p.id = $1 AND b.issued_on IS NOT NULL AND q.sentences LIKE '%' || a.id || '%'",
            "期已印发的通报",
        ),
    ];
    let mut counts = Vec::with_capacity(questions.len() + 1);
    for (question, what) in questions {
        let count = tx.one(sql(question).bind(plan)).await?.get("n")?;
        counts.push((count, what));
    }
    counts.push((scored(tx, plan).await?, "次已计算的考核"));
    Ok(counts)
}

/// Periods whose scores were computed while the plan was in force.
async fn scored(tx: &mut Tx, plan: PlanId) -> Result<i64, StoreError> {
    let created = tx
        .one(sql("SELECT created_at FROM plan WHERE id = $1").bind(plan))
        .await?
        .get("created_at")?;
    let Some(from) = when::civil_day(created) else {
        return Ok(0);
    };
    tx.one(
        sql("SELECT COUNT(*) AS n FROM score_period s JOIN plan p ON p.organ_id = s.office_id AND p.year = s.year \
             WHERE p.id = $1 AND p.state <> 'upper' AND s.computed_on >= $2 \
             AND (s.desks IS NULL OR s.desks LIKE '%' || COALESCE(p.desk_id, p.organ_id) || '%')")
            .bind(plan)
            .bind(from),
    )
    .await?
    .get("n")
}

/// Takes a plan with its tasks and assignments off the ledger; gives how many of each.
///
/// # Errors
/// [`StoreError::Stale`] when somebody changed the plan in the meantime.
pub async fn take_back(tx: &mut Tx, plan: PlanId, version: i64) -> Result<(u64, u64), StoreError> {
    tx.run_versioned(
        sql("UPDATE plan SET state = $1, version = version + 1 WHERE id = $2 AND version = $3")
            .bind(PlanState::Undone.code())
            .bind(plan)
            .bind(version),
    )
    .await?;
    let tasks = tx
        .run(
            sql("UPDATE task SET state = 'cancelled', version = version + 1 WHERE plan_id = $1")
                .bind(plan),
        )
        .await?;
    let assignments = tx
        .run(
            sql("UPDATE assignment SET state = 'cancelled', version = version + 1 WHERE plan_id = $1")
                .bind(plan),
        )
        .await?;
    Ok((tasks, assignments))
}

/// Every assignment of a plan, in whatever state.
///
/// # Errors
/// When the store fails.
pub async fn assignments_of(tx: &mut Tx, plan: PlanId) -> Result<Vec<Assignment>, StoreError> {
    tx.all(sql("SELECT * FROM assignment WHERE plan_id = $1 ORDER BY id").bind(plan))
        .await?
        .iter()
        .map(assignment::store::from_row)
        .collect()
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn from_row(row: &Row) -> Result<Draft, StoreError> {
    let (state, purpose): (String, String) = (row.get("state")?, row.get("purpose")?);
    Ok(Draft {
        id: row.get("id")?,
        organ: row.get("organ_id")?,
        account: row.get("account_id")?,
        state: DraftState::from_code(&state).ok_or_else(|| corrupt("state", &state))?,
        purpose: Purpose::from_code(&purpose).ok_or_else(|| corrupt("purpose", &purpose))?,
        file: row.get("file_id")?,
        file_name: row.get("file_name")?,
        job: row.get("job_id")?,
        failure: row.get("failure")?,
        plan: row.get("plan_id")?,
        title: row.get("title")?,
        tasks: row.get("tasks")?,
        doubts: row.get("doubts")?,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

/// How many drafts of this person are neither confirmed nor discarded.
///
/// # Errors
/// When the store fails.
pub async fn open_of_person(tx: &mut Tx, account: AccountId) -> Result<i64, StoreError> {
    tx.one(
        sql("SELECT COUNT(*) AS n FROM import_draft WHERE account_id = $1 AND state IN ('reading', 'open', 'proposed', 'failed')")
            .bind(account),
    )
    .await?
    .get("n")
}

/// Gives them to somebody else; gives how many.
///
/// # Errors
/// When the store fails.
pub async fn give(tx: &mut Tx, from: AccountId, to: AccountId) -> Result<i64, StoreError> {
    let given = tx
        .run(
            sql("UPDATE import_draft SET account_id = $1 WHERE account_id = $2 AND state IN ('reading', 'open', 'proposed', 'failed')")
                .bind(to)
                .bind(from),
        )
        .await?;
    Ok(i64::try_from(given).unwrap_or(i64::MAX))
}
