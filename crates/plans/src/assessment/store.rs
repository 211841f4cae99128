//! The SQL of schemes, periods, kept scores and appeals.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::points::Points;
use super::scheme::Scheme;
use super::{Appeal, AppealState, Kept, Period, PeriodId, PeriodState};
use crate::task::store::parse;

const PERIOD: &str = "SELECT p.*, f.name AS office_name FROM score_period p JOIN organ f ON f.id = p.office_id WHERE ";

/// Whose periods are meant.
#[derive(Debug, Clone, Copy)]
pub enum Side<'s> {
    Office(&'s Scope),
    /// What waits for the principal, and what is locked.
    Above(&'s Scope),
    /// Periods of offices in whose plans these units have a part.
    Unit(&'s Scope),
}

/// The newest version of an office's scheme for a year.
///
/// # Errors
/// When the store fails.
pub async fn scheme(
    tx: &mut Tx,
    office: OrganId,
    year: i64,
) -> Result<Option<(Scheme, i64)>, StoreError> {
    tx.optional(
        sql("SELECT data, version FROM score_scheme WHERE office_id = $1 AND year = $2 ORDER BY version DESC LIMIT 1")
            .bind(office)
            .bind(year),
    )
    .await?
    .map(|row| Ok((parse(&row, "data")?, row.get("version")?)))
    .transpose()
}

/// Version, who saved it and when, newest first.
///
/// # Errors
/// When the store fails.
pub async fn scheme_versions(
    tx: &mut Tx,
    office: OrganId,
    year: i64,
) -> Result<Vec<(i64, String, i64)>, StoreError> {
    tx.all(
        sql("SELECT version, saved_by, created_at FROM score_scheme WHERE office_id = $1 AND year = $2 ORDER BY version DESC LIMIT 100")
            .bind(office)
            .bind(year),
    )
    .await?
    .iter()
    .map(|row| Ok((row.get("version")?, row.get("saved_by")?, row.get("created_at")?)))
    .collect()
}

pub(super) async fn insert_scheme(
    tx: &mut Tx,
    (office, year, version): (OrganId, i64, i64),
    scheme: &Scheme,
    by: &str,
) -> Result<(), StoreError> {
    let (id, now) = (tx.fresh().to_string(), tx.now().as_millisecond());
    tx.run(
        sql("INSERT INTO score_scheme (id, office_id, year, version, data, saved_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(id)
            .bind(office)
            .bind(year)
            .bind(version)
            .bind(json(scheme))
            .bind(by)
            .bind(now),
    )
    .await?;
    Ok(())
}

pub(super) async fn insert_period(tx: &mut Tx, period: &Period) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO score_period (id, office_id, title, year, from_on, to_on, scheme, scheme_version, state, version, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10)")
            .bind(period.id.to_string())
            .bind(period.office)
            .bind(&period.title)
            .bind(period.year)
            .bind(period.from_on)
            .bind(period.to_on)
            .bind(json(&period.scheme))
            .bind(period.scheme_version)
            .bind(period.state.code())
            .bind(now),
    )
    .await?;
    Ok(())
}

pub(super) async fn update_period(tx: &mut Tx, period: &Period) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE score_period SET state = $1, computed_on = $2, appeal_until = $3, approved_by = $4, locked_on = $5, reason = $6, \
             version = version + 1 WHERE id = $7 AND version = $8")
            .bind(period.state.code())
            .bind(period.computed_on)
            .bind(period.appeal_until)
            .bind(period.approved_by.clone())
            .bind(period.locked_on)
            .bind(period.reason.clone())
            .bind(period.id.to_string())
            .bind(period.version),
    )
    .await
}

/// # Errors
/// When the store fails; what lies outside is `None`.
pub async fn load(tx: &mut Tx, side: Side<'_>, id: PeriodId) -> Result<Option<Period>, StoreError> {
    let mut statement = sql(PERIOD);
    push_side(&mut statement, side);
    statement.push(" AND p.id = ").push_value(id.to_string());
    tx.optional(statement)
        .await?
        .map(|row| period_from_row(&row))
        .transpose()
}

/// One page, newest first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    side: Side<'_>,
    (offset, rows): (i64, i64),
) -> Result<Vec<Period>, StoreError> {
    let mut statement = sql(PERIOD);
    push_side(&mut statement, side);
    statement
        .push(" ORDER BY p.to_on DESC, p.id DESC LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement)
        .await?
        .iter()
        .map(period_from_row)
        .collect()
}

/// How many periods stand here.
///
/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, side: Side<'_>, state: PeriodState) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM score_period p WHERE ");
    push_side(&mut statement, side);
    statement.push(" AND p.state = ").push_value(state.code());
    tx.one(statement).await?.get("n")
}

/// How many appeals wait for offices of a scope.
///
/// # Errors
/// When the store fails.
pub async fn waiting_appeals(tx: &mut Tx, scope: &Scope) -> Result<i64, StoreError> {
    let mut statement = sql(
        "SELECT COUNT(*) AS n FROM score_appeal a JOIN score_period p ON p.id = a.period_id JOIN organ o ON o.id = p.office_id \
         WHERE a.state = 'waiting' AND ",
    );
    scope.push_condition(&mut statement, "o.id", "o.path");
    tx.one(statement).await?.get("n")
}

/// The units that a period is about: those with a part, not merely cooperating, in the office's plans of the year.
///
/// # Errors
/// When the store fails.
pub async fn units(
    tx: &mut Tx,
    period: &Period,
    within: Option<&Scope>,
    (offset, rows): (i64, i64),
) -> Result<Vec<(OrganId, String)>, StoreError> {
    let mut statement = sql("SELECT o.id, o.name FROM organ o WHERE ");
    push_units(&mut statement, period, within);
    statement
        .push(" ORDER BY o.position, o.id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("name")?)))
        .collect()
}

/// # Errors
/// When the store fails.
pub async fn count_units(tx: &mut Tx, period: &Period) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM organ o WHERE ");
    push_units(&mut statement, period, None);
    tx.one(statement).await?.get("n")
}

fn push_units(statement: &mut Sql, period: &Period, within: Option<&Scope>) {
    statement
        .push("EXISTS (SELECT 1 FROM plan q JOIN assignment a ON a.plan_id = q.id WHERE q.organ_id = ")
        .push_value(period.office)
        .push(" AND q.year = ")
        .push_value(period.year)
        .push(" AND q.state = 'active' AND a.organ_id = o.id AND a.state = 'open' AND a.role <> 'cooperate')");
    if let Some(scope) = within {
        statement.push(" AND ");
        scope.push_condition(statement, "o.id", "o.path");
    }
}

/// Keeps a unit's facts and what followed from them.
pub(super) async fn keep(tx: &mut Tx, period: PeriodId, kept: &Kept) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO score_unit (period_id, organ_id, inputs, adjustments, total, grade, version) VALUES ($1, $2, $3, $4, $5, $6, 1)")
            .bind(period.to_string())
            .bind(kept.organ)
            .bind(json(&kept.inputs))
            .bind(json(&kept.adjustments))
            .bind(kept.total.0)
            .bind(&kept.grade),
    )
    .await?;
    Ok(())
}

pub(super) async fn update_kept(
    tx: &mut Tx,
    period: PeriodId,
    kept: &Kept,
) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE score_unit SET inputs = $1, adjustments = $2, total = $3, grade = $4, version = version + 1 \
             WHERE period_id = $5 AND organ_id = $6 AND version = $7")
            .bind(json(&kept.inputs))
            .bind(json(&kept.adjustments))
            .bind(kept.total.0)
            .bind(&kept.grade)
            .bind(period.to_string())
            .bind(kept.organ)
            .bind(kept.version),
    )
    .await
}

/// What is kept of units: of one page, or of all; by the order of the directory, or by total.
///
/// # Errors
/// When the store fails.
pub async fn kept(
    tx: &mut Tx,
    period: PeriodId,
    (within, ranked): (Option<&Scope>, Option<()>),
    (offset, rows): (i64, i64),
) -> Result<Vec<Kept>, StoreError> {
    let mut statement = sql(
        "SELECT u.*, o.name AS organ_name FROM score_unit u JOIN organ o ON o.id = u.organ_id WHERE u.period_id = ",
    );
    statement.push_value(period.to_string());
    if let Some(scope) = within {
        statement.push(" AND ");
        scope.push_condition(&mut statement, "o.id", "o.path");
    }
    statement.push(match ranked {
        Some(()) => " ORDER BY u.total DESC, o.position, o.id LIMIT ",
        None => " ORDER BY o.position, o.id LIMIT ",
    });
    statement
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            Ok(Kept {
                organ: row.get("organ_id")?,
                organ_name: row.get("organ_name")?,
                inputs: parse(row, "inputs")?,
                adjustments: parse(row, "adjustments")?,
                total: Points(row.get("total")?),
                grade: row.get("grade")?,
                version: row.get("version")?,
            })
        })
        .collect()
}

/// Every total of a period, highest first: for ranks and counts by grade.
///
/// # Errors
/// When the store fails.
pub async fn totals(tx: &mut Tx, period: PeriodId) -> Result<Vec<(Points, String)>, StoreError> {
    tx.all(
        sql("SELECT total, grade FROM score_unit WHERE period_id = $1 ORDER BY total DESC")
            .bind(period.to_string()),
    )
    .await?
    .iter()
    .map(|row| Ok((Points(row.get("total")?), row.get("grade")?)))
    .collect()
}

/// What people judged while the period was open: organ, indicator, points, note.
///
/// # Errors
/// When the store fails.
pub async fn judgements(
    tx: &mut Tx,
    period: PeriodId,
    organs: &[OrganId],
) -> Result<Vec<(OrganId, String, Points, String)>, StoreError> {
    let mut found = Vec::new();
    for some in organs.chunks(200) {
        let mut statement =
            sql("SELECT * FROM score_judgement WHERE period_id = $1").bind(period.to_string());
        statement
            .push(" AND organ_id IN ")
            .push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            found.push((
                row.get("organ_id")?,
                row.get("indicator")?,
                Points(row.get("points")?),
                row.get("note")?,
            ));
        }
    }
    Ok(found)
}

pub(super) async fn judge(
    tx: &mut Tx,
    period: PeriodId,
    (organ, indicator): (OrganId, &str),
    (points, note, by): (Points, &str, &str),
) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO score_judgement (period_id, organ_id, indicator, points, note, judged_by) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (period_id, organ_id, indicator) DO UPDATE SET points = excluded.points, note = excluded.note, judged_by = excluded.judged_by")
            .bind(period.to_string())
            .bind(organ)
            .bind(indicator)
            .bind(points.0)
            .bind(note)
            .bind(by),
    )
    .await?;
    Ok(())
}

pub(super) async fn insert_appeal(
    tx: &mut Tx,
    period: PeriodId,
    appeal: &Appeal,
) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO score_appeal (id, period_id, organ_id, indicator, text, appealed_by, appealed_on, state, points, version) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 1)")
            .bind(&appeal.id)
            .bind(period.to_string())
            .bind(appeal.organ)
            .bind(&appeal.indicator)
            .bind(&appeal.text)
            .bind(&appeal.by)
            .bind(appeal.on)
            .bind(appeal.state.code()),
    )
    .await?;
    Ok(())
}

pub(super) async fn decide_appeal(tx: &mut Tx, appeal: &Appeal) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE score_appeal SET state = $1, decision = $2, decided_by = $3, points = $4, version = version + 1 WHERE id = $5 AND version = $6")
            .bind(appeal.state.code())
            .bind(appeal.decision.clone())
            .bind(appeal.decided_by.clone())
            .bind(appeal.change.0)
            .bind(&appeal.id)
            .bind(appeal.version),
    )
    .await
}

/// The appeals of a period, waiting ones first; of units in a scope where one is given.
///
/// # Errors
/// When the store fails.
pub async fn appeals(
    tx: &mut Tx,
    period: PeriodId,
    within: Option<&Scope>,
) -> Result<Vec<Appeal>, StoreError> {
    let mut statement = sql(
        "SELECT a.*, o.name AS organ_name FROM score_appeal a JOIN organ o ON o.id = a.organ_id WHERE a.period_id = ",
    );
    statement.push_value(period.to_string());
    if let Some(scope) = within {
        statement.push(" AND ");
        scope.push_condition(&mut statement, "o.id", "o.path");
    }
    statement.push(
        " ORDER BY CASE a.state WHEN 'waiting' THEN 0 ELSE 1 END, a.appealed_on, a.id LIMIT 500",
    );
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            Ok(Appeal {
                id: row.get("id")?,
                organ: row.get("organ_id")?,
                organ_name: row.get("organ_name")?,
                indicator: row.get("indicator")?,
                text: row.get("text")?,
                by: row.get("appealed_by")?,
                on: row.get("appealed_on")?,
                state: row.coded("state", AppealState::from_code)?,
                decision: row.get("decision")?,
                decided_by: row.get("decided_by")?,
                change: Points(row.get("points")?),
                version: row.get("version")?,
            })
        })
        .collect()
}

/// A part of a task, as punctuality sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartFact {
    pub id: String,
    pub organ: OrganId,
    pub text: String,
    pub due_on: Option<Date>,
    /// The report in force says done, whatever became of its evidence since: that is counted apart.
    pub finished: bool,
    pub evidence: i64,
    /// Milliseconds since 1970 of the first report that said done.
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
             (SELECT MIN(r.created_at) FROM report r WHERE r.assignment_id = a.id AND r.outcome = 'done') AS done_at \
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

fn push_side(statement: &mut Sql, side: Side<'_>) {
    match side {
        Side::Office(scope) => {
            statement.push("p.office_id IN (SELECT x.id FROM organ x WHERE ");
            scope.push_condition(statement, "x.id", "x.path");
            statement.push(")");
        }
        Side::Above(scope) => {
            statement.push("p.state IN ('submitted', 'locked') AND p.office_id IN (SELECT x.id FROM organ x WHERE ");
            scope.push_condition(statement, "x.id", "x.path");
            statement.push(")");
        }
        Side::Unit(scope) => {
            statement.push(
                "EXISTS (SELECT 1 FROM plan q JOIN assignment a ON a.plan_id = q.id JOIN organ x ON x.id = a.organ_id \
                 WHERE q.organ_id = p.office_id AND q.year = p.year AND q.state = 'active' AND a.state = 'open' AND a.role <> 'cooperate' AND ",
            );
            scope.push_condition(statement, "x.id", "x.path");
            statement.push(")");
        }
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn period_from_row(row: &Row) -> Result<Period, StoreError> {
    Ok(Period {
        id: row.parsed("id", "an id")?,
        office: row.get("office_id")?,
        office_name: row.get("office_name")?,
        title: row.get("title")?,
        year: row.get("year")?,
        from_on: row.get("from_on")?,
        to_on: row.get("to_on")?,
        scheme: parse(row, "scheme")?,
        scheme_version: row.get("scheme_version")?,
        state: row.coded("state", PeriodState::from_code)?,
        computed_on: row.get("computed_on")?,
        appeal_until: row.get("appeal_until")?,
        approved_by: row.get("approved_by")?,
        locked_on: row.get("locked_on")?,
        reason: row.get("reason")?,
        version: row.get("version")?,
    })
}
