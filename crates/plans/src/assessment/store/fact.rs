//! The SQL of what scores are computed from.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx, sql};

use crate::assessment::Period;

/// A part of a task, as punctuality sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartFact {
    pub id: String,
    pub organ: OrganId,
    /// The unit that had it, where that one went into `organ` since; else empty.
    pub from: String,
    pub text: String,
    pub due_on: Option<Date>,
    /// The report in force says done, whatever became of its evidence since: that is counted apart.
    pub finished: bool,
    pub evidence: i64,
    /// Milliseconds since 1970 of the report since which the part is done without a break: a done that was taken back, by
    /// another report or from force, buys no punctuality.
    pub done_at: Option<i64>,
}

/// The parts of units, not merely cooperating, in the office's plans of the year.
///
/// # Errors
/// When the store fails.
pub async fn part_facts(
    tx: &mut Tx,
    period: &Period,
    organs: &[OrganId],
) -> Result<Vec<PartFact>, StoreError> {
    let mut found = Vec::new();
    for some in organs.chunks(200) {
        let mut statement = sql(
            "SELECT a.id, a.organ_id, t.text, a.due_on, a.finished + a.reopened AS finished, a.evidence_count, \
             (SELECT MAX(r.created_at) FROM report r WHERE r.assignment_id = a.id AND r.outcome = 'done' AND (r.turned = 1 OR r.based_on IS NULL)) AS done_at \
             FROM plan q JOIN assignment a ON a.plan_id = q.id JOIN task t ON t.id = a.task_id \
             WHERE q.state = 'active' AND a.state = 'open' AND a.role <> 'cooperate' AND q.organ_id = ",
        );
        statement
            .push_value(period.office)
            .push(" AND q.year = ")
            .push_value(period.year)
            .push(" AND a.organ_id IN ")
            .push_list(some.iter().copied())
            .push(" ORDER BY a.organ_id, a.position, a.id");
        for row in tx.all(statement).await? {
            found.push(PartFact {
                id: row.get("id")?,
                organ: row.get("organ_id")?,
                from: String::new(),
                text: row.get("text")?,
                due_on: row.get("due_on")?,
                finished: row.get("finished")?,
                evidence: row.get("evidence_count")?,
                done_at: row.get("done_at")?,
            });
        }
    }
    Ok(found)
}

/// A case of a unit: its id, the unit, what it is called.
pub type Case = (String, OrganId, String);

/// 督办单 of the office that were due in the period and answered late, or not by the day of counting.
///
/// # Errors
/// When the store fails.
pub async fn late_orders(
    tx: &mut Tx,
    period: &Period,
    organs: &[OrganId],
    as_of: Date,
) -> Result<Vec<Case>, StoreError> {
    let mut found = Vec::new();
    for some in organs.chunks(200) {
        let mut statement = sql(
            "SELECT s.id, s.organ_id, s.number FROM supervision s WHERE s.issued_on IS NOT NULL AND s.state <> 'withdrawn' AND s.office_id = ",
        );
        statement
            .push_value(period.office)
            .push(" AND s.reply_due_on >= ")
            .push_value(period.from_on)
            .push(" AND s.reply_due_on <= ")
            .push_value(period.to_on)
            .push(" AND COALESCE(s.replied_on, ")
            .push_value(as_of)
            .push(") > s.reply_due_on AND s.organ_id IN ")
            .push_list(some.iter().copied())
            .push(" ORDER BY s.id");
        for row in tx.all(statement).await? {
            let number: Option<String> = row.get("number")?;
            found.push((
                row.get("id")?,
                row.get("organ_id")?,
                format!("督办单{}逾期回复", number.unwrap_or_default()),
            ));
        }
    }
    Ok(found)
}

/// Bulletins of the office whose rectification was due in the period and reported late, or not by the day of counting.
///
/// # Errors
/// When the store fails.
pub async fn late_rectifications(
    tx: &mut Tx,
    period: &Period,
    organs: &[OrganId],
    as_of: Date,
) -> Result<Vec<Case>, StoreError> {
    let mut found = Vec::new();
    for some in organs.chunks(200) {
        let mut statement = sql(
            "SELECT b.id, q.organ_id, b.number FROM bulletin b JOIN bulletin_part q ON q.bulletin_id = b.id \
             WHERE b.state = 'issued' AND q.state <> 'silent' AND b.office_id = ",
        );
        statement
            .push_value(period.office)
            .push(" AND b.reply_due_on >= ")
            .push_value(period.from_on)
            .push(" AND b.reply_due_on <= ")
            .push_value(period.to_on)
            .push(" AND COALESCE(q.replied_on, ")
            .push_value(as_of)
            .push(") > b.reply_due_on AND q.organ_id IN ")
            .push_list(some.iter().copied())
            .push(" ORDER BY b.id");
        for row in tx.all(statement).await? {
            let number: Option<String> = row.get("number")?;
            found.push((
                row.get("id")?,
                row.get("organ_id")?,
                format!("{}整改报告逾期", number.unwrap_or_default()),
            ));
        }
    }
    Ok(found)
}

/// Practices in the pool that were submitted in the period.
///
/// # Errors
/// When the store fails.
pub async fn practices(
    tx: &mut Tx,
    period: &Period,
    organs: &[OrganId],
) -> Result<Vec<Case>, StoreError> {
    let mut found = Vec::new();
    for some in organs.chunks(200) {
        let mut statement = sql(
            "SELECT id, organ_id, title FROM practice WHERE state IN ('approved', 'commended') AND office_id = ",
        );
        statement
            .push_value(period.office)
            .push(" AND submitted_on >= ")
            .push_value(period.from_on)
            .push(" AND submitted_on <= ")
            .push_value(period.to_on)
            .push(" AND organ_id IN ")
            .push_list(some.iter().copied())
            .push(" ORDER BY id");
        for row in tx.all(statement).await? {
            found.push((row.get("id")?, row.get("organ_id")?, row.get("title")?));
        }
    }
    Ok(found)
}
