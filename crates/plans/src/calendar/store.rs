//! The SQL of calendars: dates of plans, and the secret addresses of feeds.

use gongkai_basis::Date;
use gongkai_basis::id::{AccountId, PlanId, TaskId};
use gongkai_basis::reference::DateRange;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx, sql};

use super::feed::Feed;
use super::{Entry, Left};
use crate::assignment::light::{Light, Standing};
use crate::ledger::Due;
use crate::plan::Deadline;
use crate::task::store::parse;

/// The tasks of plans in force whose day lies in the range, earliest first: the day that decides the light, of what is done
/// the day that the plan states.
///
/// # Errors
/// When the store fails.
pub async fn tasks(
    tx: &mut Tx,
    scope: &Scope,
    range: DateRange,
    rows: i64,
) -> Result<Vec<Entry>, StoreError> {
    let mut statement = sql(
        "SELECT t.id, t.text, t.number, COALESCE(t.next_due_on, t.due_on) AS on_day, t.finished FROM plan p JOIN organ o ON o.id = p.organ_id \
         JOIN task t ON t.plan_id = p.id WHERE p.state = 'active' AND t.state = 'open' AND COALESCE(t.next_due_on, t.due_on) >= ",
    );
    statement
        .push_value(range.from)
        .push(" AND COALESCE(t.next_due_on, t.due_on) <= ")
        .push_value(range.to)
        .push(" AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" ORDER BY on_day, p.id, t.position, t.id LIMIT ")
        .push_value(rows);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let id: TaskId = row.get("id")?;
            let number: Option<i64> = row.get("number")?;
            let text: String = row.get("text")?;
            Ok(Entry {
                on: row.get("on_day")?,
                key: format!("plan-task-{id}"),
                kind: "方案任务",
                title: number.map_or_else(|| text.clone(), |number| format!("{number}. {text}")),
                left: owed(row.get("finished")?),
                path: format!("/workspace/tasks/{id}"),
            })
        })
        .collect()
}

/// The dates that covering notices set for everybody, earliest first. A round from the notice stands for its date: it is due
/// then, or was before its day was moved, as what it reports still ends then.
///
/// # Errors
/// When the store fails.
pub async fn milestones(
    tx: &mut Tx,
    scope: &Scope,
    range: DateRange,
    rows: i64,
) -> Result<Vec<Entry>, StoreError> {
    let mut statement = sql(
        "SELECT d.plan_id, d.position, d.text, d.due_on FROM plan p JOIN organ o ON o.id = p.organ_id JOIN plan_deadline d ON d.plan_id = p.id \
         WHERE p.state = 'active' AND NOT EXISTS (SELECT 1 FROM report_round r WHERE r.plan_id = d.plan_id AND r.source = 'notice' \
         AND (r.due_on = d.due_on OR r.to_on = d.due_on) AND r.state <> 'cancelled') AND d.due_on >= ",
    );
    statement
        .push_value(range.from)
        .push(" AND d.due_on <= ")
        .push_value(range.to)
        .push(" AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" ORDER BY d.due_on, d.plan_id, d.position LIMIT ")
        .push_value(rows);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let plan: PlanId = row.get("plan_id")?;
            let position: i64 = row.get("position")?;
            let words: String = row.get("text")?;
            Ok(Entry {
                on: row.get("due_on")?,
                key: format!("plan-deadline-{plan}-{position}"),
                kind: "方案节点",
                title: format!("通知规定的时限：{words}"),
                left: Left::Date,
                path: format!("/workspace/ledger?plan={plan}"),
            })
        })
        .collect()
}

/// The rounds of offices, earliest first, by the days on which they are due now.
///
/// # Errors
/// When the store fails.
pub async fn rounds(
    tx: &mut Tx,
    scope: &Scope,
    range: DateRange,
    rows: i64,
) -> Result<Vec<Entry>, StoreError> {
    let mut statement = sql(
        "SELECT r.id, r.name, r.due_on, r.state FROM report_round r JOIN organ o ON o.id = r.office_id JOIN plan p ON p.id = r.plan_id \
         WHERE p.state = 'active' AND r.state <> 'cancelled' AND r.due_on >= ",
    );
    statement
        .push_value(range.from)
        .push(" AND r.due_on <= ")
        .push_value(range.to)
        .push(" AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" ORDER BY r.due_on, r.id LIMIT ")
        .push_value(rows);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let (id, name, state): (String, String, String) =
                (row.get("id")?, row.get("name")?, row.get("state")?);
            Ok(Entry {
                on: row.get("due_on")?,
                key: format!("plan-round-{id}"),
                kind: "报送轮次",
                title: format!("“{name}”截止"),
                left: owed(state == "closed"),
                path: format!("/workspace/rounds/{id}"),
            })
        })
        .collect()
}

fn owed(finished: bool) -> Left {
    if finished { Left::Nothing } else { Left::Owed }
}

/// A task's line on the chart of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    pub task: TaskId,
    pub number: Option<i64>,
    pub text: String,
    pub organ_text: String,
    pub due: Due,
    /// Where the bar ends.
    pub ends_on: Option<Date>,
    pub light: Light,
}

impl Bar {
    /// A deadline in a narrow column: its day, else its words.
    #[must_use]
    pub fn due(deadlines: &[Deadline], stated: Option<Date>, next: Option<Date>) -> Due {
        match stated {
            Some(_) => Due::of(&[], stated, next),
            None => Due::of(deadlines, None, next),
        }
    }
}

/// One page of a plan's open tasks by day, those without one last.
///
/// # Errors
/// When the store fails.
pub async fn bars(
    tx: &mut Tx,
    plan: PlanId,
    today: Date,
    (offset, rows): (i64, i64),
) -> Result<Vec<Bar>, StoreError> {
    tx.all(
        sql("SELECT id, number, text, organ_text, due_on, deadlines, next_due_on, finished, reopened FROM task WHERE plan_id = $1 AND state = 'open' \
             ORDER BY COALESCE(next_due_on, due_on, '9999-12-31'), position, id LIMIT $2 OFFSET $3")
            .bind(plan)
            .bind(rows)
            .bind(offset),
    )
    .await?
    .iter()
    .map(|row| {
        let (stated, next): (Option<Date>, Option<Date>) =
            (row.get("due_on")?, row.get("next_due_on")?);
        Ok(Bar {
            task: row.get("id")?,
            number: row.get("number")?,
            text: row.get("text")?,
            organ_text: row.get("organ_text")?,
            due: Bar::due(&parse::<Vec<_>>(row, "deadlines")?, stated, next),
            ends_on: next.or(stated),
            light: Standing {
                finished: row.get("finished")?,
                reopened: row.get("reopened")?,
                next_due_on: next,
                ..Standing::default()
            }
            .light(today),
        })
    })
    .collect()
}

pub(super) async fn insert_feed(
    tx: &mut Tx,
    account: AccountId,
    token_hash: &str,
) -> Result<(), StoreError> {
    let (id, now) = (tx.fresh().to_string(), tx.now().as_millisecond());
    tx.run(
        sql("INSERT INTO calendar_feed (id, account_id, token_hash, created_at) VALUES ($1, $2, $3, $4)")
            .bind(id)
            .bind(account)
            .bind(token_hash)
            .bind(now),
    )
    .await?;
    Ok(())
}

/// Ends every address of a person; says how many there were.
pub(super) async fn revoke_feeds(tx: &mut Tx, account: AccountId) -> Result<u64, StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql(
            "UPDATE calendar_feed SET revoked_at = $1 WHERE account_id = $2 AND revoked_at IS NULL",
        )
        .bind(now)
        .bind(account),
    )
    .await
}

/// A person's address in force.
///
/// # Errors
/// When the store fails.
pub async fn feed_of(tx: &mut Tx, account: AccountId) -> Result<Option<Feed>, StoreError> {
    tx.optional(
        sql("SELECT created_at, last_read_at FROM calendar_feed WHERE account_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC LIMIT 1")
            .bind(account),
    )
    .await?
    .map(|row| {
        Ok(Feed {
            created_at: row.get("created_at")?,
            last_read_at: row.get("last_read_at")?,
        })
    })
    .transpose()
}

/// Whose address this is: the account, its name, and when it was last read.
pub(super) async fn reader(
    tx: &mut Tx,
    token_hash: &str,
) -> Result<Option<(AccountId, Option<i64>)>, StoreError> {
    tx.optional(
        sql("SELECT account_id, last_read_at FROM calendar_feed WHERE token_hash = $1 AND revoked_at IS NULL")
            .bind(token_hash),
    )
    .await?
    .map(|row| Ok((row.get("account_id")?, row.get("last_read_at")?)))
    .transpose()
}

/// Notes that an address was read.
pub(super) async fn touch(tx: &mut Tx, token_hash: &str) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("UPDATE calendar_feed SET last_read_at = $1 WHERE token_hash = $2")
            .bind(now)
            .bind(token_hash),
    )
    .await?;
    Ok(())
}
