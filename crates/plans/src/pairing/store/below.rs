//! The SQL of 下级进展: what stands below a government.

use gongkai_basis::Date;
use gongkai_basis::id::{OrganId, PlanId, TaskId};
use gongkai_platform::db::{StoreError, Tx, sql};

/// The lights of the plans of one year below a government, itself included, each plan by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanLights {
    pub plan: PlanId,
    pub title: String,
    pub government: OrganId,
    /// Done, normal, soon, decayed, overdue.
    pub lights: [i64; 5],
}

/// The newest year up to this one of which there is a plan of a government or of one below it.
///
/// # Errors
/// When the store fails.
pub async fn newest_year_below(
    tx: &mut Tx,
    government: OrganId,
    this: i64,
) -> Result<Option<i64>, StoreError> {
    tx.one(
        sql("SELECT MAX(p.year) AS year FROM plan p JOIN organ g ON g.id = p.government_id JOIN organ top ON top.id = $1 \
             WHERE p.state = 'active' AND p.year <= $2 AND g.path LIKE top.path || '%'")
            .bind(government)
            .bind(this),
    )
    .await?
    .get("year")
}

/// # Errors
/// When the store fails.
pub async fn lights_below(
    tx: &mut Tx,
    government: OrganId,
    year: i64,
    (today, soon_until): (Date, Date),
) -> Result<Vec<PlanLights>, StoreError> {
    let statement = sql("SELECT p.id, p.title, p.government_id, \
         CAST(COALESCE(SUM(CASE WHEN t.finished = 1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS done, \
         CAST(COALESCE(SUM(CASE WHEN t.finished = 0 AND t.next_due_on < $1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS overdue, \
         CAST(COALESCE(SUM(CASE WHEN t.finished = 0 AND t.reopened = 1 AND (t.next_due_on IS NULL OR t.next_due_on >= $1) THEN 1 ELSE 0 END), 0) AS BIGINT) AS decayed, \
         CAST(COALESCE(SUM(CASE WHEN t.finished = 0 AND t.reopened = 0 AND t.next_due_on >= $1 AND t.next_due_on <= $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS soon, \
         COUNT(t.id) AS tasks FROM plan p JOIN organ g ON g.id = p.government_id JOIN organ top ON top.id = $3 \
         LEFT JOIN task t ON t.plan_id = p.id AND t.state = 'open' \
         WHERE p.state = 'active' AND p.year = $4 AND g.path LIKE top.path || '%' GROUP BY p.id, p.title, p.government_id ORDER BY p.id")
        .bind(today)
        .bind(soon_until)
        .bind(government)
        .bind(year);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let (done, overdue, soon): (i64, i64, i64) =
                (row.get("done")?, row.get("overdue")?, row.get("soon")?);
            let (decayed, tasks): (i64, i64) = (row.get("decayed")?, row.get("tasks")?);
            let normal = tasks - done - overdue - soon - decayed;
            Ok(PlanLights {
                plan: row.get("id")?,
                title: row.get("title")?,
                government: row.get("government_id")?,
                lights: [done, normal, soon, decayed, overdue],
            })
        })
        .collect()
}

/// An overdue task of a plan below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    pub task: TaskId,
    pub plan: PlanId,
    pub government: String,
    pub number: Option<i64>,
    pub text: String,
    pub due_on: Date,
}

/// The overdue tasks of one year's plans below a government, itself left out, the oldest date first; and how many.
///
/// # Errors
/// When the store fails.
pub async fn late_below(
    tx: &mut Tx,
    government: OrganId,
    year: i64,
    today: Date,
    (offset, rows): (i64, i64),
) -> Result<(Vec<Late>, i64), StoreError> {
    const FROM: &str = " FROM plan p JOIN organ g ON g.id = p.government_id JOIN organ top ON top.id = $1 JOIN task t ON t.plan_id = p.id \
        WHERE p.state = 'active' AND p.year = $2 AND g.id <> top.id AND g.path LIKE top.path || '%' AND t.state = 'open' AND t.finished = 0 AND t.next_due_on < $3";
    let mut count = sql("SELECT COUNT(*) AS n");
    count.push(FROM);
    let total = tx
        .one(count.bind(government).bind(year).bind(today))
        .await?
        .get("n")?;
    let mut page =
        sql("SELECT t.id, t.plan_id, g.name AS government_name, t.number, t.text, t.next_due_on");
    page.push(FROM)
        .push(" ORDER BY t.next_due_on, g.position, g.id, t.position, t.id LIMIT $4 OFFSET $5");
    let found = tx
        .all(
            page.bind(government)
                .bind(year)
                .bind(today)
                .bind(rows)
                .bind(offset),
        )
        .await?;
    let late = found
        .iter()
        .map(|row| {
            Ok(Late {
                task: row.get("id")?,
                plan: row.get("plan_id")?,
                government: row.get("government_name")?,
                number: row.get("number")?,
                text: row.get("text")?,
                due_on: row.get("next_due_on")?,
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    Ok((late, total))
}
