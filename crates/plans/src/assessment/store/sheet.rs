//! The SQL of score sheets: lines of a unit, what people judged, appeals.

use std::collections::BTreeMap;

use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, StoreError, Tx, sql};

use super::{json, push_unjudged};
use crate::assessment::class::Total;
use crate::assessment::points::Points;
use crate::assessment::{Appeal, AppealState, Kept, Period, PeriodId};
use crate::by::By;
use crate::task::store::parse;

/// Keeps a unit's facts and what followed from them.
pub(in crate::assessment) async fn keep(
    tx: &mut Tx,
    period: PeriodId,
    kept: &Kept,
) -> Result<(), StoreError> {
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

pub(in crate::assessment) async fn update_kept(
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

/// Forgets what is kept of a period's units, to be kept anew.
pub(in crate::assessment) async fn forget_kept(
    tx: &mut Tx,
    period: PeriodId,
) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM score_unit WHERE period_id = $1").bind(period.to_string()))
        .await?;
    Ok(())
}

/// What appeals gave back to the units of a period; units without are missing.
///
/// # Errors
/// When the store fails.
pub async fn adjustments(
    tx: &mut Tx,
    period: PeriodId,
) -> Result<BTreeMap<OrganId, Vec<(String, Points)>>, StoreError> {
    let mut statement = sql(
        "SELECT organ_id, adjustments FROM score_unit WHERE adjustments <> '[]' AND period_id = ",
    );
    statement.push_value(period.to_string());
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("organ_id")?, parse(row, "adjustments")?)))
        .collect()
}

/// What is kept of units: of one page, or of all; in the order of the directory.
///
/// # Errors
/// When the store fails.
pub async fn kept(
    tx: &mut Tx,
    period: PeriodId,
    within: Option<&Scope>,
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
    statement
        .push(" ORDER BY o.position, o.id LIMIT ")
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

/// Every total of a period, highest first and equal ones in the order of the directory: for ranks and counts by grade.
///
/// # Errors
/// When the store fails.
pub async fn totals(tx: &mut Tx, period: PeriodId) -> Result<Vec<Total>, StoreError> {
    tx.all(
        sql("SELECT u.organ_id, u.total, u.grade FROM score_unit u JOIN organ o ON o.id = u.organ_id WHERE u.period_id = $1 \
             ORDER BY u.total DESC, o.position, o.id")
            .bind(period.to_string()),
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Total {
            organ: row.get("organ_id")?,
            total: Points(row.get("total")?),
            grade: row.get("grade")?,
        })
    })
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

/// How many units nobody judged on an indicator yet, and the first of them.
///
/// # Errors
/// When the store fails.
pub async fn unjudged(
    tx: &mut Tx,
    period: &Period,
    code: &str,
    rows: i64,
) -> Result<(i64, Vec<(OrganId, String)>), StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM organ o WHERE ");
    push_unjudged(&mut statement, period, code);
    let n = tx.one(statement).await?.get("n")?;
    let mut statement = sql("SELECT o.id, o.name FROM organ o WHERE ");
    push_unjudged(&mut statement, period, code);
    statement
        .push(" ORDER BY o.position, o.id LIMIT ")
        .push_value(rows);
    let rows = tx.all(statement).await?;
    let units = rows
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("name")?)))
        .collect::<Result<_, StoreError>>()?;
    Ok((n, units))
}

pub(in crate::assessment) async fn judge(
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

pub(in crate::assessment) async fn insert_appeal(
    tx: &mut Tx,
    period: PeriodId,
    appeal: &Appeal,
) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO score_appeal (id, period_id, organ_id, indicator, text, appealed_by, appealed_by_id, appealed_on, state, points, version) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 1)")
            .bind(&appeal.id)
            .bind(period.to_string())
            .bind(appeal.organ)
            .bind(&appeal.indicator)
            .bind(&appeal.text)
            .bind(appeal.by.name())
            .bind(appeal.by.account())
            .bind(appeal.on)
            .bind(appeal.state.code()),
    )
    .await?;
    Ok(())
}

pub(in crate::assessment) async fn decide_appeal(
    tx: &mut Tx,
    appeal: &Appeal,
) -> Result<(), StoreError> {
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

const APPEALS: &str = "SELECT a.*, o.name AS organ_name FROM score_appeal a JOIN organ o ON o.id = a.organ_id WHERE a.period_id = ";

/// One page of a period's appeals, waiting ones first.
///
/// # Errors
/// When the store fails.
pub async fn appeals(
    tx: &mut Tx,
    period: PeriodId,
    (offset, rows): (i64, i64),
) -> Result<Vec<Appeal>, StoreError> {
    let mut statement = sql(APPEALS);
    statement
        .push_value(period.to_string())
        .push(" ORDER BY CASE a.state WHEN 'waiting' THEN 0 ELSE 1 END, a.appealed_on, a.id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(appeal).collect()
}

/// How many appeals a period has, and how many of them wait.
///
/// # Errors
/// When the store fails.
pub async fn count_appeals(tx: &mut Tx, period: PeriodId) -> Result<(i64, i64), StoreError> {
    let row = tx
        .one(
            sql("SELECT COUNT(*) AS n, COUNT(CASE WHEN state = 'waiting' THEN 1 END) AS waiting FROM score_appeal WHERE period_id = $1")
                .bind(period.to_string()),
        )
        .await?;
    Ok((row.get("n")?, row.get("waiting")?))
}

/// A unit's own appeals in a period: no more than there are lines.
///
/// # Errors
/// When the store fails.
pub async fn appeals_of(
    tx: &mut Tx,
    period: PeriodId,
    organ: OrganId,
) -> Result<Vec<Appeal>, StoreError> {
    let mut statement = sql(APPEALS);
    statement
        .push_value(period.to_string())
        .push(" AND a.organ_id = ")
        .push_value(organ)
        .push(" ORDER BY CASE a.state WHEN 'waiting' THEN 0 ELSE 1 END, a.appealed_on, a.id");
    tx.all(statement).await?.iter().map(appeal).collect()
}

pub(in crate::assessment) async fn load_appeal(
    tx: &mut Tx,
    period: PeriodId,
    id: &str,
) -> Result<Option<Appeal>, StoreError> {
    let mut statement = sql(APPEALS);
    statement
        .push_value(period.to_string())
        .push(" AND a.id = ")
        .push_value(id);
    tx.optional(statement)
        .await?
        .map(|row| appeal(&row))
        .transpose()
}

fn appeal(row: &Row) -> Result<Appeal, StoreError> {
    Ok(Appeal {
        id: row.get("id")?,
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        indicator: row.get("indicator")?,
        text: row.get("text")?,
        by: By::kept(row.get("appealed_by")?, row.get("appealed_by_id")?),
        on: row.get("appealed_on")?,
        state: row.coded("state", AppealState::from_code)?,
        decision: row.get("decision")?,
        decided_by: row.get("decided_by")?,
        change: Points(row.get("points")?),
        version: row.get("version")?,
    })
}
