//! The SQL of what scores are computed from.

use std::collections::BTreeSet;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::{DESK_OF_PLAN, push_desk};
use crate::assessment::Period;
use crate::assignment::store::DECIDES;
use crate::bulletin::PartState;
use crate::supervision::OrderState;

/// A part of a task, as punctuality sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartFact {
    pub id: String,
    pub organ: OrganId,
    /// The unit that had it, where that one went into `organ` since; else empty.
    pub from: String,
    pub text: String,
    /// The day by which it is due, as the lists have it: the first that was missed, else the plan's, else the last of its year;
    /// nothing of what was closed or waived in a later year's 回头看.
    pub due_on: Option<Date>,
    /// The plan does not name that day: it follows from the year, or from the periods in which something is asked for.
    pub is_counted: bool,
    /// The report in force says done, whatever became of its evidence since: that is counted apart.
    pub finished: bool,
    pub evidence: i64,
    /// Evidence of which the last check said that it changed or is gone, and that nobody accepted since.
    pub decayed: i64,
    /// Milliseconds since 1970 of the report since which the part is done without a break: a done that was taken back, by
    /// another report or from force, buys no punctuality.
    pub done_at: Option<i64>,
}

/// The parts of units that decide their tasks, in the office's plans of the year. As on the ledger, a task that is left to
/// cooperating units alone is theirs: they answer for it in their scores, too.
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
            "SELECT a.id, a.organ_id, t.text, a.due_on, a.next_due_on, a.finished + a.reopened AS finished, a.evidence_count, a.decayed_count, \
             (SELECT MAX(r.created_at) FROM report r WHERE r.assignment_id = a.id AND r.outcome = 'done' AND (r.turned = 1 OR r.based_on IS NULL)) AS done_at \
             FROM plan q JOIN assignment a ON a.plan_id = q.id JOIN task t ON t.id = a.task_id \
             WHERE q.state = 'active' AND a.state = 'open' AND ",
        );
        statement
            .push(DECIDES)
            .push(" AND q.organ_id = ")
            .push_value(period.office)
            .push(" AND q.year = ")
            .push_value(period.year);
        push_desk(&mut statement, period, DESK_OF_PLAN);
        statement
            .push(" AND a.organ_id IN ")
            .push_list(some.iter().copied())
            .push(" ORDER BY a.organ_id, a.position, a.id");
        for row in tx.all(statement).await? {
            let (stated, due_on): (Option<Date>, Option<Date>) =
                (row.get("due_on")?, row.get("next_due_on")?);
            found.push(PartFact {
                id: row.get("id")?,
                organ: row.get("organ_id")?,
                from: String::new(),
                text: row.get("text")?,
                due_on,
                is_counted: due_on != stated,
                finished: row.get("finished")?,
                evidence: row.get("evidence_count")?,
                decayed: row.get("decayed_count")?,
                done_at: row.get("done_at")?,
            });
        }
    }
    Ok(found)
}

/// A case of a unit: its id, the unit, what it is called.
pub type Case = (String, OrganId, String);

/// Appends that a day, in this column of this table, lies within a period.
fn push_within(
    statement: &mut Sql,
    (table, column): (&'static str, &'static str),
    period: &Period,
) {
    statement
        .push(table)
        .push(column)
        .push(" >= ")
        .push_value(period.from_on);
    statement
        .push(" AND ")
        .push(table)
        .push(column)
        .push(" <= ")
        .push_value(period.to_on);
}

/// Appends that a reply was due in the period and came late, or not by the day of counting: the first one, or one that was
/// asked for anew. The first day stands in one table, the replies in the other, which has the state `again` while one is
/// asked for.
fn push_late(
    statement: &mut Sql,
    (first, replies): (&'static str, &'static str),
    again: &'static str,
    (period, as_of): (&Period, Date),
) {
    statement.push("((");
    push_within(statement, (first, ".reply_due_on"), period);
    statement.push(" AND COALESCE(").push(replies);
    statement.push(".replied_on, ").push_value(as_of);
    statement
        .push(") > ")
        .push(first)
        .push(".reply_due_on) OR (");
    push_within(statement, (replies, ".missed_on"), period);
    statement.push(") OR (").push(replies).push(".state = ");
    statement.push_value(again).push(" AND ");
    push_within(statement, (replies, ".again_due_on"), period);
    statement.push(" AND ").push(replies);
    statement.push(".again_due_on < ").push_value(as_of);
    statement.push("))");
}

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
            "SELECT s.id, s.organ_id, s.number, s.reply_due_on, s.replied_on FROM supervision s WHERE s.issued_on IS NOT NULL AND s.state <> 'withdrawn' AND s.office_id = ",
        );
        statement.push_value(period.office);
        push_desk(&mut statement, period, "COALESCE(s.desk_id, s.office_id)");
        statement.push(" AND ");
        push_late(
            &mut statement,
            ("s", "s"),
            OrderState::Returned.code(),
            (period, as_of),
        );
        statement
            .push(" AND s.organ_id IN ")
            .push_list(some.iter().copied())
            .push(" ORDER BY s.id");
        for row in tx.all(statement).await? {
            let number: Option<String> = row.get("number")?;
            found.push((
                row.get("id")?,
                row.get("organ_id")?,
                format!(
                    "督办单{}逾期{}",
                    number.unwrap_or_default(),
                    first_or_again(&row, as_of, ("回复", "重报"))?
                ),
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
            "SELECT b.id, q.organ_id, b.number, b.reply_due_on, q.replied_on FROM bulletin b JOIN bulletin_part q ON q.bulletin_id = b.id \
             WHERE b.state = 'issued' AND q.state <> 'silent' AND b.office_id = ",
        );
        statement.push_value(period.office);
        push_desk(&mut statement, period, "COALESCE(b.desk_id, b.office_id)");
        statement.push(" AND ");
        push_late(
            &mut statement,
            ("b", "q"),
            PartState::Failed.code(),
            (period, as_of),
        );
        statement
            .push(" AND q.organ_id IN ")
            .push_list(some.iter().copied())
            .push(" ORDER BY b.id");
        for row in tx.all(statement).await? {
            let number: Option<String> = row.get("number")?;
            found.push((
                row.get("id")?,
                row.get("organ_id")?,
                format!(
                    "{}整改{}逾期",
                    number.unwrap_or_default(),
                    first_or_again(&row, as_of, ("报告", "重报"))?
                ),
            ));
        }
    }
    Ok(found)
}

/// The word for a first reply that was late, or the one for a later reply where the first was in time.
fn first_or_again(
    row: &Row,
    as_of: Date,
    (first, again): (&'static str, &'static str),
) -> Result<&'static str, StoreError> {
    let due: Option<Date> = row.get("reply_due_on")?;
    let on: Option<Date> = row.get("replied_on")?;
    let late = due.is_some_and(|due| on.unwrap_or(as_of) > due);
    Ok(if late { first } else { again })
}

/// Rounds of the office on plans that the period does not count.
///
/// # Errors
/// When the store fails.
pub async fn rounds_of_others(
    tx: &mut Tx,
    period: &Period,
) -> Result<BTreeSet<String>, StoreError> {
    if period.desks.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut statement =
        sql("SELECT r.id FROM report_round r JOIN plan q ON q.id = r.plan_id WHERE r.office_id = ");
    statement
        .push_value(period.office)
        .push(" AND ")
        .push(DESK_OF_PLAN)
        .push(" NOT IN ")
        .push_list(period.desks.iter().copied());
    let rounds = tx.all(statement).await?;
    rounds.iter().map(|row| row.get("id")).collect()
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
        statement.push_value(period.office);
        push_desk(&mut statement, period, "COALESCE(desk_id, office_id)");
        statement
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
