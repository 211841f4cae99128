//! Units appeal against a line of their sheet, or against a record that forces the last grade; the office decides.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::attachment::{self, New};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::Topic;
use gongkai_platform::organ;

use super::handle::{event, of_office};
use super::score::VETO;
use super::store::{self, Side};
use super::{Appeal, AppealState, Kept, Period, PeriodId, PeriodState, Points, TEXT_CHARS_MAX};
use crate::acts::{AppealScore, ManageScores};
use crate::by::By;
use crate::notify::{Notice, To, notify};
use crate::step::{StepError, refused, text_fault};

/// What a code names on a sheet: an indicator, or the record of a veto.
fn named(kept: &Kept, period: &Period, code: &str) -> Option<String> {
    let sheet = kept.recomputed(&period.scheme);
    let veto = sheet.vetoes.iter().find(|veto| veto.code == code);
    let line = sheet.lines.iter().find(|line| line.indicator.code == code);
    veto.map(|veto| format!("一票否决：{}", veto.record.text))
        .or_else(|| line.map(|line| line.indicator.name.clone()))
}

/// Was this appealed since the scores were computed? What was computed anew may be appealed anew.
pub(super) fn is_appealed(appeals: &[Appeal], period: &Period, code: &str) -> bool {
    let mut own = appeals.iter().filter(|appeal| appeal.indicator == code);
    own.any(|appeal| period.computed_on.is_none_or(|on| appeal.on >= on))
}

/// A unit appeals against one line of a sheet, with evidence, by the last day.
///
/// # Errors
/// Not found; refused.
pub async fn appeal(
    tx: &mut Tx,
    permit: &Permit<AppealScore>,
    (id, organ, code): (PeriodId, OrganId, &str),
    (text, proofs): (&str, Vec<New>),
    today: Date,
) -> Result<Appeal, StepError> {
    let period = store::load(tx, Side::Unit(permit.scope()), id)
        .await?
        .ok_or(StepError::NotFound)?;
    if !store::speaks_for(tx, permit.scope(), organ).await? {
        return Err(StepError::NotFound);
    }
    let own = kept_of(tx, &period, organ).await?;
    let in_time = period.appeal_until.is_some_and(|until| today <= until);
    let (Some(own), PeriodState::Computed, true) = (own, period.state, in_time) else {
        return Err(StepError::refuse("现在不是申诉期，不能申诉。"));
    };
    let named = named(&own, &period, code).ok_or(StepError::NotFound)?;
    refused(
        text_fault("text", "申诉理由", text, TEXT_CHARS_MAX)
            .into_iter()
            .collect(),
    )?;
    let before = store::appeals_of(tx, id, organ).await?;
    if is_appealed(&before, &period, code) {
        return Err(StepError::refuse("这一项已经申诉过，每项只能申诉一次。"));
    }
    let appeal = Appeal {
        id: tx.fresh().to_string(),
        organ,
        organ_name: own.organ_name.clone(),
        indicator: code.to_owned(),
        text: text.to_owned(),
        by: By::of(permit.actor()),
        on: today,
        state: AppealState::Waiting,
        decision: None,
        decided_by: None,
        change: Points::ZERO,
        version: 1,
    };
    store::insert_appeal(tx, id, &appeal).await?;
    let subject = ("score_appeal", appeal.id.as_str());
    attachment::attach(tx, permit.actor(), subject, organ, proofs).await?;
    let sentence = format!("{}对“{named}”提出申诉", own.organ_name);
    tx.record(event(permit.actor(), &period, "score.appealed", sentence.clone()).organ(organ));
    let notice = Notice {
        to: To::Office,
        organ: period.office,
        topic: Topic::Score,
        key: format!("score:{id}:appeal:{}", appeal.id),
        title: sentence,
        body: crate::notify::short(text),
        path: format!("/workspace/scores/{id}/units/{organ}"),
        about: None,
    };
    notify(tx, notice).await?;
    Ok(appeal)
}

/// The office may decide an appeal now: one that waits, and after the principal sent the scores back any.
pub(super) const fn is_decidable(period: PeriodState, appeal: AppealState) -> bool {
    match (period, appeal) {
        (PeriodState::Computed, AppealState::Waiting) | (PeriodState::Returned, _) => true,
        (PeriodState::Computed, AppealState::Upheld | AppealState::Rejected)
        | (
            PeriodState::Open
            | PeriodState::Submitted
            | PeriodState::Locked
            | PeriodState::Cancelled,
            _,
        ) => false,
    }
}

/// The office decides an appeal with its reason; what it changes is an adjustment beside the measured points. One against
/// the record of a veto drops the record.
///
/// # Errors
/// Not found; refused.
pub async fn decide_appeal(
    tx: &mut Tx,
    permit: &Permit<ManageScores>,
    (id, appeal): (PeriodId, &str),
    (state, change, decision): (AppealState, Option<Points>, &str),
) -> Result<Appeal, StepError> {
    let period = of_office(tx, permit, id).await?;
    let mut appeal = store::load_appeal(tx, id, appeal)
        .await?
        .ok_or(StepError::NotFound)?;
    if !is_decidable(period.state, appeal.state) {
        return Err(StepError::refuse("这项申诉现在不能裁定。"));
    }
    let mut reasons: Vec<_> = text_fault("decision", "裁定理由", decision, TEXT_CHARS_MAX)
        .into_iter()
        .collect();
    if appeal.by.is(permit.actor()) {
        let why = "申诉是您本人提出的，请由本办其他人裁定。";
        reasons.push(("step", why.to_owned()));
    }
    let mut kept = kept_of(tx, &period, appeal.organ)
        .await?
        .ok_or(StepError::NotFound)?;
    take_back(&mut kept, &appeal);
    let is_veto = appeal.indicator.starts_with(VETO);
    let change = match state {
        AppealState::Upheld if is_veto => Some(Points::ZERO),
        AppealState::Upheld => change.filter(|change| *change > Points::ZERO),
        AppealState::Rejected => Some(Points::ZERO),
        AppealState::Waiting => None,
    };
    reasons.extend(change_fault(change, lost(&kept, &period, &appeal)));
    refused(reasons)?;
    appeal.state = state;
    appeal.change = change.unwrap_or_default();
    appeal.decision = Some(decision.to_owned());
    appeal.decided_by = Some(permit.actor().name().to_owned());
    store::decide_appeal(tx, &appeal).await?;
    if state == AppealState::Upheld {
        let given = (appeal.indicator.clone(), appeal.change);
        kept.adjustments.push(given);
    }
    let computed = kept.recomputed(&period.scheme);
    kept.total = computed.total;
    kept.grade = computed.grade;
    store::update_kept(tx, id, &kept).await?;
    let back = match state {
        AppealState::Upheld if is_veto => "，不再一票否决".to_owned(),
        AppealState::Upheld => format!("，加回{}分", appeal.change),
        AppealState::Waiting | AppealState::Rejected => String::new(),
    };
    let sentence = format!("{}{}{back}：{decision}", appeal.organ_name, state.name());
    tx.record(
        event(
            permit.actor(),
            &period,
            "score.appeal-decided",
            sentence.clone(),
        )
        .organ(appeal.organ),
    );
    tell_unit(tx, &period, &appeal, &sentence).await?;
    Ok(appeal)
}

async fn tell_unit(
    tx: &mut Tx,
    period: &Period,
    appeal: &Appeal,
    sentence: &str,
) -> Result<(), StoreError> {
    let notice = Notice {
        to: To::Unit,
        organ: organ::store::heir_of(tx, appeal.organ).await?,
        topic: Topic::Score,
        key: format!(
            "score:{}:decided:{}:{}",
            period.id, appeal.id, appeal.version
        ),
        title: format!("{}{}", period.title, appeal.state.name()),
        body: crate::notify::short(sentence),
        path: format!("/workspace/scores/{}/units/{}", period.id, appeal.organ),
        about: None,
    };
    notify(tx, notice).await
}

/// What is given back is something, and no more than the line lacks.
fn change_fault(change: Option<Points>, lost: Points) -> Option<(&'static str, String)> {
    let sentence = match change {
        None => "申诉成立的，请填写加回几分，如 2 或 1.5。".to_owned(),
        Some(change) if change > lost => format!("这一项现在差{lost}分满分，最多加回{lost}分。"),
        Some(_) => return None,
    };
    Some(("change", sentence))
}

async fn kept_of(tx: &mut Tx, period: &Period, organ: OrganId) -> Result<Option<Kept>, StoreError> {
    let only = Scope::Organs {
        single: vec![organ],
        branches: Vec::new(),
    };
    let found = store::kept(tx, period.id, Some(&only), (0, 1)).await?;
    Ok(found.into_iter().next())
}

/// Takes off what an earlier decision about this appeal gave.
fn take_back(kept: &mut Kept, appeal: &Appeal) {
    if appeal.state != AppealState::Upheld {
        return;
    }
    let mut given = kept.adjustments.iter();
    let own = given.position(|(of, points)| *of == appeal.indicator && *points == appeal.change);
    if let Some(own) = own {
        kept.adjustments.remove(own);
    }
}

/// What the appealed line lacks: more cannot be given back.
fn lost(kept: &Kept, period: &Period, appeal: &Appeal) -> Points {
    let lines = kept.recomputed(&period.scheme).lines;
    let line = lines
        .iter()
        .find(|line| line.indicator.code == appeal.indicator);
    line.map_or(Points::ZERO, |line| {
        line.indicator.weight.minus(line.points)
    })
}
