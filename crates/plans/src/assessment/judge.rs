//! 人工评定: what a person judges, unit by unit or for all that are left. Scores are computed only when nothing is left: an
//! item that nobody looked at is no full mark.

use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::Topic;
use gongkai_platform::organ;

use super::handle::{event, of_office};
use super::scheme::{Indicator, Measure};
use super::store;
use super::{Kept, Period, PeriodId, PeriodState, Points, TEXT_CHARS_MAX};
use crate::acts::ManageScores;
use crate::notify::{Notice, To, notify};
use crate::step::{StepError, refused, text_fault};

/// Units that a refusal names.
const NAMED: usize = 5;
/// Units read at once.
const UNITS_AT_ONCE: i64 = 500;

/// An indicator that a person judges.
fn judged<'p>(period: &'p Period, code: &str) -> Result<&'p Indicator, StepError> {
    let mut all = period.scheme.indicators.iter();
    all.find(|one| one.code == code && one.measure == Measure::Judged)
        .ok_or(StepError::NotFound)
}

fn checked(
    indicator: &Indicator,
    (points, note): (Option<Points>, &str),
) -> Result<Points, StepError> {
    let mut reasons: Vec<_> = text_fault("note", "评定依据", note, TEXT_CHARS_MAX)
        .into_iter()
        .collect();
    let points = points.filter(|points| (Points::ZERO..=indicator.weight).contains(points));
    if points.is_none() {
        reasons.push((
            "points",
            format!("请填0至{}分，最多两位小数。", indicator.weight),
        ));
    }
    refused(reasons)?;
    Ok(points.unwrap_or_default())
}

/// A person judges an item of a unit, with a note. Until the scores are computed, and once the principal sent them back, it
/// may be judged anew; in between only what nobody had judged.
///
/// # Errors
/// Not found; refused.
pub async fn judge(
    tx: &mut Tx,
    permit: &Permit<ManageScores>,
    (id, organ, code): (PeriodId, OrganId, &str),
    (points, note): (Option<Points>, &str),
) -> Result<(), StepError> {
    let period = of_office(tx, permit, id).await?;
    let indicator = judged(&period, code)?;
    let late = match period.state {
        PeriodState::Computed => unjudged_line(tx, &period, (organ, code)).await?,
        PeriodState::Open
        | PeriodState::Returned
        | PeriodState::Submitted
        | PeriodState::Locked
        | PeriodState::Cancelled => None,
    };
    if !period.state.is_tried() && late.is_none() {
        return Err(StepError::refuse(
            "得分已经计算，人工评定不能再改；单位可以申诉。",
        ));
    }
    let points = checked(indicator, (points, note))?;
    let by = permit.actor().name().to_owned();
    store::judge(tx, id, (organ, code), (points, note, &by)).await?;
    if let Some(kept) = late {
        let judged = (code, points, note);
        let kept = with(kept, &period, judged);
        store::update_kept(tx, id, &kept).await?;
        tell(tx, &period, &kept, indicator).await?;
    }
    let sentence = format!("评定“{}”{points}分：{note}", indicator.name);
    tx.record(event(permit.actor(), &period, "score.judged", sentence).organ(organ));
    Ok(())
}

/// The kept sheet of a unit, where nobody judged this line.
async fn unjudged_line(
    tx: &mut Tx,
    period: &Period,
    (organ, code): (OrganId, &str),
) -> Result<Option<Kept>, StoreError> {
    let only = Scope::Organs {
        single: vec![organ],
        branches: Vec::new(),
    };
    let found = store::kept(tx, period.id, Some(&only), (0, 1)).await?;
    Ok(found.into_iter().next().filter(|kept| {
        let sheet = kept.recomputed(&period.scheme);
        let mut lines = sheet.lines.iter();
        lines.any(|line| line.is_unjudged() && line.indicator.code == code)
    }))
}

fn with(mut kept: Kept, period: &Period, (code, points, note): (&str, Points, &str)) -> Kept {
    for input in &mut kept.inputs {
        if input.indicator == code {
            input.judged = Some(points);
            note.clone_into(&mut input.note);
        }
    }
    let computed = kept.recomputed(&period.scheme);
    kept.total = computed.total;
    kept.grade = computed.grade;
    kept
}

async fn tell(
    tx: &mut Tx,
    period: &Period,
    kept: &Kept,
    indicator: &Indicator,
) -> Result<(), StoreError> {
    let notice = Notice {
        to: To::Unit,
        organ: organ::store::heir_of(tx, kept.organ).await?,
        topic: Topic::Score,
        key: format!("score:{}:judged:{}", period.id, indicator.code),
        title: format!(
            "{}补评“{}”，得分{}分",
            period.title, indicator.name, kept.total
        ),
        body: String::new(),
        path: format!("/workspace/scores/{}/units/{}", period.id, kept.organ),
        about: period.appeal_until,
    };
    notify(tx, notice).await
}

/// A person judges an item alike for all units that nobody judged on it, with one note; gives how many.
///
/// # Errors
/// Not found; refused.
pub async fn judge_rest(
    tx: &mut Tx,
    permit: &Permit<ManageScores>,
    (id, code): (PeriodId, &str),
    (points, note): (Option<Points>, &str),
) -> Result<usize, StepError> {
    let period = of_office(tx, permit, id).await?;
    let indicator = judged(&period, code)?;
    if !period.state.is_tried() {
        return Err(StepError::refuse(
            "得分已经计算，不能再统一评定；没有评定的，在单位的得分单里补评。",
        ));
    }
    let points = checked(indicator, (points, note))?;
    let by = permit.actor().name().to_owned();
    let mut judged = 0;
    loop {
        let (_, units) = store::unjudged(tx, &period, code, UNITS_AT_ONCE).await?;
        if units.is_empty() {
            break;
        }
        judged += units.len();
        for (organ, _) in units {
            store::judge(tx, id, (organ, code), (points, note, &by)).await?;
        }
    }
    if judged == 0 {
        return Err(StepError::refuse(format!(
            "“{}”各单位都已评定。",
            indicator.name
        )));
    }
    let sentence = format!(
        "其余{judged}个单位“{}”统一评定{points}分：{note}",
        indicator.name
    );
    tx.record(event(permit.actor(), &period, "score.judged", sentence));
    Ok(judged)
}

/// What a person has still to judge before scores are computed: an indicator each.
pub(super) async fn why_not_compute(
    tx: &mut Tx,
    period: &Period,
) -> Result<Vec<(&'static str, String)>, StoreError> {
    let mut reasons = Vec::new();
    let indicators = period.scheme.indicators.iter();
    for one in indicators.filter(|one| one.measure == Measure::Judged) {
        let (n, units) = store::unjudged(tx, period, &one.code, UNITS_AT_ONCE).await?;
        if n > 0 {
            let names: Vec<String> = units.into_iter().map(|(_, name)| name).collect();
            reasons.push(("step", sentence(&one.name, n, &names)));
        }
    }
    Ok(reasons)
}

/// What was computed without a judgement keeps scores from approval.
pub(super) async fn why_not_submit(
    tx: &mut Tx,
    period: &Period,
) -> Result<Vec<(&'static str, String)>, StoreError> {
    let mut missing: Vec<(&str, Vec<String>)> = period
        .scheme
        .indicators
        .iter()
        .map(|one| (one.code.as_str(), Vec::new()))
        .collect();
    for page in 0.. {
        let rows = (page * UNITS_AT_ONCE, UNITS_AT_ONCE);
        let kept = store::kept(tx, period.id, None, rows).await?;
        if kept.is_empty() {
            break;
        }
        for unit in &kept {
            let sheet = unit.recomputed(&period.scheme);
            for ((_, units), line) in missing.iter_mut().zip(&sheet.lines) {
                if line.is_unjudged() {
                    units.push(unit.organ_name.clone());
                }
            }
        }
    }
    let reasons = period.scheme.indicators.iter().zip(&missing);
    Ok(reasons
        .filter(|(_, (_, units))| !units.is_empty())
        .map(|(one, (_, units))| {
            let n = i64::try_from(units.len()).unwrap_or(i64::MAX);
            ("step", sentence(&one.name, n, units))
        })
        .collect())
}

fn sentence(indicator: &str, n: i64, units: &[String]) -> String {
    let first: Vec<&str> = units.iter().map(String::as_str).take(NAMED).collect();
    let more = if units.len() > NAMED { "等" } else { "" };
    format!(
        "“{indicator}”还有{n}个单位没有人工评定：{}{more}。没有评定不能按满分计。",
        first.join("、")
    )
}
