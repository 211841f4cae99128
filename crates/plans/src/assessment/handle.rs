//! Schemes are saved in versions; a period opens, is computed, appealed, approved and locked.

use gongkai_basis::calendar::{WorkCalendar, WorkingDays};
use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::{self, New};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::Topic;
use serde_json::json;

use super::scheme::Scheme;
use super::store::{self, Side};
use super::{
    APPEAL_DAYS, Appeal, AppealState, Kept, Period, PeriodId, PeriodState, Points, Step,
    TEXT_CHARS_MAX, gather, judge, score,
};
use crate::acts::{AppealScore, ApproveScores, ManageScores};
use crate::bulletin::Approver;
use crate::bulletin::handle::is_principal;
use crate::bulletin::rules::rules;
use crate::notify::{Notice, To, notify, notify_all};
use crate::step::{StepError, refused, text_fault};
use crate::when;

/// Units taken at once when scores are computed.
const UNITS_AT_ONCE: i64 = 200;
const TITLE_CHARS_MAX: usize = 60;

pub(super) fn event(actor: &Actor, period: &Period, kind: &'static str, sentence: String) -> Event {
    Event::new(
        actor,
        kind,
        ("score_period", period.id.to_string()),
        sentence,
    )
    .organ(period.office)
    .data(json!({ "state": period.state.code() }))
}

fn advance(period: &mut Period, step: Step) -> Result<(), StepError> {
    let state = period.state;
    period.state = state.after(step).ok_or_else(|| {
        StepError::refuse(format!(
            "考核期现在是“{}”，不能{}。",
            state.name(),
            step.name()
        ))
    })?;
    Ok(())
}

fn office(permit: &Permit<ManageScores>) -> Result<OrganId, StepError> {
    let held = permit.roles().first();
    held.map(|held| held.organ).ok_or(StepError::NotFound)
}

/// Saves a scheme as the next version of its year.
///
/// # Errors
/// Refused with all its faults.
pub async fn save_scheme(
    tx: &mut Tx,
    permit: &Permit<ManageScores>,
    year: i64,
    scheme: &Scheme,
) -> Result<i64, StepError> {
    let office = office(permit)?;
    let faults = scheme.faults().into_iter().map(|fault| ("step", fault));
    refused(faults.collect())?;
    let version = match store::scheme(tx, office, year).await? {
        Some((_, version)) => version + 1,
        None => 1,
    };
    let by = permit.actor().name();
    store::insert_scheme(tx, (office, year, version), scheme, by).await?;
    tx.record(
        Event::new(
            permit.actor(),
            "score.scheme-saved",
            ("organ", office.to_string()),
            format!(
                "保存{year}年考核办法第{version}版，{}项指标",
                scheme.indicators.len()
            ),
        )
        .organ(office),
    );
    Ok(version)
}

/// Opens a period with the scheme in force.
///
/// # Errors
/// Refused with faulty words or dates, or without a scheme.
pub async fn open(
    tx: &mut Tx,
    permit: &Permit<ManageScores>,
    (title, year): (&str, i64),
    (from_on, to_on): (Option<Date>, Option<Date>),
) -> Result<Period, StepError> {
    let mut reasons: Vec<_> = text_fault("title", "考核期名称", title, TITLE_CHARS_MAX)
        .into_iter()
        .collect();
    let range = from_on.zip(to_on).filter(|(from, to)| from < to);
    if range.is_none() {
        reasons.push(("from_on", "请填写起止日期，起在前、止在后。".to_owned()));
    }
    let held = permit.roles().first().ok_or(StepError::NotFound)?;
    let scheme = store::scheme(tx, held.organ, year).await?;
    if scheme.is_none() {
        reasons.push(("title", format!("还没有{year}年的考核办法，请先保存一版。")));
    }
    refused(reasons)?;
    let (Some((scheme, scheme_version)), Some((from_on, to_on))) = (scheme, range) else {
        return Err(StepError::NotFound);
    };
    let period = Period {
        id: PeriodId::new(tx.fresh()),
        office: held.organ,
        office_name: held.organ_name.clone(),
        title: title.to_owned(),
        year,
        from_on,
        to_on,
        scheme,
        scheme_version,
        state: PeriodState::Open,
        computed_on: None,
        appeal_until: None,
        approved_by: None,
        locked_on: None,
        reason: None,
        version: 1,
    };
    store::insert_period(tx, &period).await?;
    let sentence = format!("开启考核期“{title}”，按考核办法第{scheme_version}版");
    tx.record(event(permit.actor(), &period, "score.opened", sentence));
    Ok(period)
}

pub(super) async fn of_office(
    tx: &mut Tx,
    permit: &Permit<ManageScores>,
    id: PeriodId,
) -> Result<Period, StepError> {
    store::load(tx, Side::Office(permit.scope()), id)
        .await?
        .ok_or(StepError::NotFound)
}

/// Computes every unit's score from the facts of the day and keeps both; appeals begin.
///
/// # Errors
/// Refused before the period's end, without units, while a person has still to judge an item, and where no notice tells
/// the working days for appeals.
pub async fn compute(
    tx: &mut Tx,
    permit: &Permit<ManageScores>,
    id: PeriodId,
    (calendar, today): (&WorkCalendar, Date),
) -> Result<(Period, i64), StepError> {
    let mut period = of_office(tx, permit, id).await?;
    if today <= period.to_on {
        return Err(StepError::refuse(format!(
            "考核期到{}才结束，结束前只能试算。",
            when::date(period.to_on)
        )));
    }
    refused(judge::why_not_compute(tx, &period).await?)?;
    advance(&mut period, Step::Compute)?;
    let days = WorkingDays::new(APPEAL_DAYS)
        .map_err(|_| StepError::refuse("申诉期限不是有效的工作日数。"))?;
    let until = calendar
        .after(today, days)
        .map_err(|error| StepError::refuse(format!("不能推算申诉期限：{}", error.sentence())))?;
    period.computed_on = Some(today);
    period.appeal_until = Some(until);
    let mut count = 0;
    loop {
        let units = store::units(tx, &period, None, (count, UNITS_AT_ONCE)).await?;
        if units.is_empty() {
            break;
        }
        let organs: Vec<OrganId> = units.iter().map(|(organ, _)| *organ).collect();
        let facts = gather::facts(tx, &period, &organs, today).await?;
        let all = facts.inputs(&period, &organs, today);
        let mut notices = Vec::with_capacity(organs.len());
        for ((organ, organ_name), inputs) in units.into_iter().zip(all) {
            count += 1;
            let kept = kept((organ, organ_name), inputs, &period.scheme);
            store::keep(tx, id, &kept).await?;
            notices.push(Notice {
                to: To::Unit,
                organ,
                topic: Topic::Score,
                key: format!("score:{id}:computed"),
                title: format!("{}得分已计算：{}分", period.title, kept.total),
                body: format!("有异议的，请在{}前申诉。", when::date(until)),
                path: format!("/workspace/scores/{id}/units/{organ}"),
                about: Some(until),
            });
        }
        notify_all(tx, notices).await?;
    }
    if count == 0 {
        return Err(StepError::refuse(
            "没有可以考核的单位：本办当年的方案没有把任务交给任何单位。",
        ));
    }
    store::update_period(tx, &period).await?;
    let sentence = format!("计算得分，{count}个单位，申诉至{}", when::date(until));
    tx.record(event(permit.actor(), &period, "score.computed", sentence));
    Ok((period, count))
}

fn kept(
    (organ, organ_name): (OrganId, String),
    inputs: Vec<super::Input>,
    scheme: &Scheme,
) -> Kept {
    let computed = score::unit(scheme, &inputs, &[]);
    Kept {
        organ,
        organ_name,
        inputs,
        adjustments: Vec::new(),
        total: computed.total,
        grade: computed.grade,
        version: 1,
    }
}

/// A unit appeals against one line, with evidence, by the last day.
///
/// # Errors
/// Not found; refused.
pub async fn appeal(
    tx: &mut Tx,
    permit: &Permit<AppealScore>,
    (id, code): (PeriodId, &str),
    (text, proofs): (&str, Vec<New>),
    today: Date,
) -> Result<Appeal, StepError> {
    let period = store::load(tx, Side::Unit(permit.scope()), id)
        .await?
        .ok_or(StepError::NotFound)?;
    let indicator = period
        .scheme
        .indicators
        .iter()
        .find(|one| one.code == code)
        .ok_or(StepError::NotFound)?;
    let own = store::kept(tx, id, (Some(permit.scope()), None), (0, 1)).await?;
    let in_time = period.appeal_until.is_some_and(|until| today <= until);
    let (Some(own), PeriodState::Computed, true) = (own.first(), period.state, in_time) else {
        return Err(StepError::refuse("现在不是申诉期，不能申诉。"));
    };
    refused(
        text_fault("text", "申诉理由", text, TEXT_CHARS_MAX)
            .into_iter()
            .collect(),
    )?;
    let before = store::appeals_of(tx, id, own.organ).await?;
    if before.iter().any(|appeal| appeal.indicator == code) {
        return Err(StepError::refuse("这一项已经申诉过，每项只能申诉一次。"));
    }
    let appeal = Appeal {
        id: tx.fresh().to_string(),
        organ: own.organ,
        organ_name: own.organ_name.clone(),
        indicator: code.to_owned(),
        text: text.to_owned(),
        by: permit.actor().name().to_owned(),
        on: today,
        state: AppealState::Waiting,
        decision: None,
        decided_by: None,
        change: Points::ZERO,
        version: 1,
    };
    store::insert_appeal(tx, id, &appeal).await?;
    let subject = ("score_appeal", appeal.id.as_str());
    attachment::attach(tx, permit.actor(), subject, own.organ, proofs).await?;
    let sentence = format!("{}对“{}”提出申诉", own.organ_name, indicator.name);
    tx.record(event(permit.actor(), &period, "score.appealed", sentence.clone()).organ(own.organ));
    let notice = Notice {
        to: To::Office,
        organ: period.office,
        topic: Topic::Score,
        key: format!("score:{id}:appeal:{}", appeal.id),
        title: sentence,
        body: crate::notify::short(text),
        path: format!("/workspace/scores/{id}/units/{}", own.organ),
        about: None,
    };
    notify(tx, notice).await?;
    Ok(appeal)
}

/// The office decides an appeal with its reason; what it changes is an adjustment beside the measured points.
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
    if period.state != PeriodState::Computed || appeal.state != AppealState::Waiting {
        return Err(StepError::refuse("这项申诉现在不能裁定。"));
    }
    let mut reasons: Vec<_> = text_fault("decision", "裁定理由", decision, TEXT_CHARS_MAX)
        .into_iter()
        .collect();
    let change = match state {
        AppealState::Upheld => change.filter(|change| *change > Points::ZERO),
        AppealState::Rejected => Some(Points::ZERO),
        AppealState::Waiting => None,
    };
    let lost = lost(&kept_of(tx, &period, &appeal).await?, &period, &appeal);
    reasons.extend(change_fault(change, lost));
    refused(reasons)?;
    appeal.state = state;
    appeal.change = change.unwrap_or_default();
    appeal.decision = Some(decision.to_owned());
    appeal.decided_by = Some(permit.actor().name().to_owned());
    store::decide_appeal(tx, &appeal).await?;
    if state == AppealState::Upheld {
        adjust(tx, &period, &appeal).await?;
    }
    let back = if state == AppealState::Upheld {
        format!("，加回{}分", appeal.change)
    } else {
        String::new()
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
    let notice = Notice {
        to: To::Unit,
        organ: appeal.organ,
        topic: Topic::Score,
        key: format!("score:{id}:decided:{}", appeal.id),
        title: format!("{}{}", period.title, state.name()),
        body: crate::notify::short(&sentence),
        path: format!("/workspace/scores/{id}/units/{}", appeal.organ),
        about: None,
    };
    notify(tx, notice).await?;
    Ok(appeal)
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

async fn kept_of(tx: &mut Tx, period: &Period, appeal: &Appeal) -> Result<Kept, StepError> {
    let only = gongkai_platform::access::Scope::Organs {
        single: vec![appeal.organ],
        branches: Vec::new(),
    };
    let found = store::kept(tx, period.id, (Some(&only), None), (0, 1)).await?;
    found.into_iter().next().ok_or(StepError::NotFound)
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

async fn adjust(tx: &mut Tx, period: &Period, appeal: &Appeal) -> Result<(), StepError> {
    let mut kept = kept_of(tx, period, appeal).await?;
    kept.adjustments
        .push((appeal.indicator.clone(), appeal.change));
    let computed = kept.recomputed(&period.scheme);
    kept.total = computed.total;
    kept.grade = computed.grade;
    store::update_kept(tx, period.id, &kept).await?;
    Ok(())
}

/// The office sends the scores to the principal once appeals are over and decided.
///
/// # Errors
/// Not found; refused.
pub async fn submit(
    tx: &mut Tx,
    permit: &Permit<ManageScores>,
    id: PeriodId,
    today: Date,
) -> Result<Period, StepError> {
    let mut period = of_office(tx, permit, id).await?;
    let mut reasons = Vec::new();
    if let Some(until) = period.appeal_until.filter(|until| today <= *until) {
        reasons.push((
            "step",
            format!("申诉期到{}，过后才能送审批。", when::date(until)),
        ));
    }
    let (_, waiting) = store::count_appeals(tx, id).await?;
    if waiting > 0 {
        reasons.push(("step", format!("还有{waiting}项申诉没有裁定。")));
    }
    reasons.extend(judge::why_not_submit(tx, &period).await?);
    refused(reasons)?;
    advance(&mut period, Step::Submit)?;
    store::update_period(tx, &period).await?;
    tx.record(event(
        permit.actor(),
        &period,
        "score.submitted",
        "考核得分送审批".to_owned(),
    ));
    let to = match approver_of(tx, period.office).await? {
        Approver::Head => To::Head,
        Approver::Leader => To::Leader,
    };
    tell_office(tx, &period, (to, "等您审批")).await?;
    Ok(period)
}

/// Tells the principal, or those who computed them, how the scores stand. Each version is told once.
async fn tell_office(
    tx: &mut Tx,
    period: &Period,
    (to, what): (To, &str),
) -> Result<(), StoreError> {
    let notice = Notice {
        to,
        organ: period.office,
        topic: Topic::Score,
        key: format!(
            "score:{}:{}:{}",
            period.id,
            period.state.code(),
            period.version
        ),
        title: format!("{}{what}", period.title),
        body: period.reason.clone().unwrap_or_default(),
        path: format!("/workspace/scores/{}", period.id),
        about: None,
    };
    notify(tx, notice).await
}

/// Who approves the scores of an office.
///
/// # Errors
/// When the store fails.
pub async fn approver_of(tx: &mut Tx, office: OrganId) -> Result<Approver, StoreError> {
    Ok(rules(tx, office).await?.approver)
}

/// How many periods wait for this very person: an office says whether its head or 领导 approves.
///
/// # Errors
/// When the store fails.
pub async fn count_for_approval(
    tx: &mut Tx,
    permit: &Permit<ApproveScores>,
) -> Result<i64, StoreError> {
    let mut n = 0;
    for (office, periods) in store::submitted(tx, permit.scope()).await? {
        if is_principal(permit, approver_of(tx, office).await?) {
            n += periods;
        }
    }
    Ok(n)
}

/// The principal locks the scores, and with them the facts that they follow from; or sends them back.
///
/// # Errors
/// Not found; refused.
pub async fn decide(
    tx: &mut Tx,
    permit: &Permit<ApproveScores>,
    id: PeriodId,
    (step, note): (Step, &str),
    today: Date,
) -> Result<Period, StepError> {
    let mut period = store::load(tx, Side::Above(permit.scope()), id)
        .await?
        .ok_or(StepError::NotFound)?;
    let approver = approver_of(tx, period.office).await?;
    if !is_principal(permit, approver) {
        return Err(StepError::refuse(format!(
            "考核得分由{}审批。",
            approver.name()
        )));
    }
    let (kind, sentence) = match step {
        Step::Approve => {
            period.locked_on = Some(today);
            period.approved_by = Some(permit.actor().name().to_owned());
            ("score.locked", "批准并锁定考核得分".to_owned())
        }
        Step::Reject => {
            refused(
                text_fault("note", "退回原因", note, TEXT_CHARS_MAX)
                    .into_iter()
                    .collect(),
            )?;
            period.reason = Some(note.to_owned());
            ("score.rejected", format!("退回考核得分：{note}"))
        }
        Step::Compute | Step::Submit => {
            return Err(StepError::refuse("这一步不由审批人办理。"));
        }
    };
    advance(&mut period, step)?;
    store::update_period(tx, &period).await?;
    tx.record(event(permit.actor(), &period, kind, sentence));
    let what = match step {
        Step::Approve => "已批准锁定",
        _ => "被退回",
    };
    tell_office(tx, &period, (To::Clerks, what)).await?;
    Ok(period)
}
