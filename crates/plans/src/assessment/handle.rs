//! Schemes are saved in versions; a period opens, is computed, appealed, approved and locked.

use std::collections::BTreeMap;

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::Run;
use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::Topic;
use serde_json::json;

use super::scheme::Scheme;
use super::store::{self, Side};
use super::{
    APPEAL_DAYS, Kept, Period, PeriodId, PeriodState, Points, Step, TEXT_CHARS_MAX, class, gather,
    judge, score,
};
use crate::acts::{ApproveScores, ManageScores};
use crate::bulletin::Approver;
use crate::bulletin::handle::{is_principal, principal_scope};
use crate::bulletin::rules::rules;
use crate::notify::{Notice, To, notify, notify_all};
use crate::step::{StepError, refused, text_fault};
use crate::{offices, when};

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

/// Saves a scheme as the next version of its office and year.
///
/// # Errors
/// Refused with all its faults, and without an office among several.
pub async fn save_scheme(
    tx: &mut Tx,
    permit: &Permit<ManageScores>,
    (office, year): (&str, i64),
    scheme: &Scheme,
) -> Result<i64, StepError> {
    let (office, _) = offices::chosen(offices::organs(permit), ("step", office))?;
    let mut scheme = scheme.clone();
    // Who belongs to a class is noted in a period's scheme, when its scores are computed.
    class::unsettle(&mut scheme.classes);
    let faults = scheme.faults().into_iter().map(|fault| ("step", fault));
    let mut reasons: Vec<_> = faults.collect();
    let faults = class::faults(&scheme.classes).into_iter();
    reasons.extend(faults.map(|fault| ("classes", fault)));
    let by_hand = scheme.units_by_hand();
    let known = store::organ_names(tx, &by_hand).await?;
    if by_hand.iter().any(|unit| !known.contains_key(unit)) {
        let sentence = "考核分类里有机关名录中没有的单位，请按名称重新填写。";
        reasons.push(("classes", sentence.to_owned()));
    }
    refused(reasons)?;
    let version = match store::scheme(tx, office, year).await? {
        Some((_, version)) => version + 1,
        None => 1,
    };
    let by = permit.actor().name();
    store::insert_scheme(tx, (office, year, version), &scheme, by).await?;
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

/// The class of each of these organs, as an office's newest scheme for a year has it, and until that year has one the scheme
/// of the year before; empty where that has no classes.
///
/// # Errors
/// When the store fails.
pub async fn class_names(
    tx: &mut Tx,
    (office, year): (OrganId, i64),
    organs: &[OrganId],
) -> Result<BTreeMap<OrganId, String>, StoreError> {
    let mut newest = store::scheme(tx, office, year).await?;
    if newest.is_none() {
        newest = store::scheme(tx, office, year - 1).await?;
    }
    let classes = newest.map_or_else(Vec::new, |(scheme, _)| scheme.classes);
    if classes.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sorts = store::sorts(tx, organs).await?.into_iter();
    let named = sorts.map(|organ| {
        let class = class::name(&classes, class::of(&classes, organ));
        (organ.0, class.to_owned())
    });
    Ok(named.collect())
}

/// Opens a period of an office with the scheme in force.
///
/// # Errors
/// Refused with faulty words or dates, without a scheme, and without an office among several.
pub async fn open(
    tx: &mut Tx,
    permit: &Permit<ManageScores>,
    office: &str,
    (title, year): (&str, i64),
    (from_on, to_on): (Option<Date>, Option<Date>),
) -> Result<Period, StepError> {
    let (office, office_name) = offices::chosen(offices::organs(permit), ("office", office))?;
    let mut reasons: Vec<_> = text_fault("title", "考核期名称", title, TITLE_CHARS_MAX)
        .into_iter()
        .collect();
    let range = from_on.zip(to_on).filter(|(from, to)| from < to);
    if range.is_none() {
        reasons.push(("from_on", "请填写起止日期，起在前、止在后。".to_owned()));
    }
    let scheme = store::scheme(tx, office, year).await?;
    if !(2000..2100).contains(&year) {
        reasons.push(("year", "请填写四位年份，如 2026。".to_owned()));
    } else if scheme.is_none() {
        reasons.push(("year", format!("还没有{year}年的考核办法，请先保存一版。")));
    }
    refused(reasons)?;
    let (Some((scheme, scheme_version)), Some((from_on, to_on))) = (scheme, range) else {
        return Err(StepError::NotFound);
    };
    let period = Period {
        id: PeriodId::new(tx.fresh()),
        office,
        office_name,
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
        desks: Vec::new(),
        version: 1,
    };
    store::insert_period(tx, &period).await?;
    let sentence = format!("开启考核期“{title}”，按考核办法第{scheme_version}版");
    tx.record(event(permit.actor(), &period, "score.opened", sentence));
    Ok(period)
}

/// Ends a period that was opened by mistake, or cannot be put right, with a reason. Units do not see it any more.
///
/// # Errors
/// Not found; refused without a reason, and once scores were computed and not sent back.
pub async fn cancel(
    tx: &mut Tx,
    permit: &Permit<ManageScores>,
    id: PeriodId,
    why: &str,
) -> Result<Period, StepError> {
    let mut period = of_office(tx, permit, id).await?;
    let mut reasons: Vec<_> = text_fault("note", "作废原因", why, TEXT_CHARS_MAX)
        .into_iter()
        .collect();
    if period.state.after(Step::Cancel).is_none() {
        reasons.push((
            "step",
            format!("考核期现在是“{}”，不能作废。", period.state.name()),
        ));
    }
    refused(reasons)?;
    advance(&mut period, Step::Cancel)?;
    period.reason = Some(why.to_owned());
    store::update_period(tx, &period).await?;
    let sentence = format!("作废考核期“{}”，原因：{why}", period.title);
    tx.record(event(permit.actor(), &period, "score.cancelled", sentence));
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

/// Computes every unit's score from the facts of the day and keeps both; appeals begin. Sent back by the principal, scores
/// are computed anew: what appeals gave back stays, unless the office decided them anew.
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
    let again = again(period.state);
    advance(&mut period, Step::Compute)?;
    let until = Run::working_days(today, APPEAL_DAYS)
        .and_then(|run| run.due(calendar))
        .map_err(|error| StepError::refuse(format!("不能推算申诉期限：{}", error.sentence())))?;
    period.computed_on = Some(today);
    period.appeal_until = Some(until);
    period.reason = None;
    let count = keep_units(tx, &mut period, again, (today, until)).await?;
    if count == 0 {
        return Err(StepError::refuse(
            "没有可以考核的单位：本办当年的方案没有把任务交给任何单位。",
        ));
    }
    store::update_period(tx, &period).await?;
    let sentence = format!(
        "{again}计算得分，{count}个单位，申诉至{}",
        when::date(until)
    );
    tx.record(event(permit.actor(), &period, "score.computed", sentence));
    Ok((period, count))
}

/// Keeps the sheet of every unit and tells it; notes in the period to which class each belongs. Gives how many there are.
async fn keep_units(
    tx: &mut Tx,
    period: &mut Period,
    again: &str,
    (today, until): (Date, Date),
) -> Result<i64, StepError> {
    let id = period.id;
    let mut given = store::adjustments(tx, id).await?;
    store::forget_kept(tx, id).await?;
    class::unsettle(&mut period.scheme.classes);
    let mut count = 0;
    loop {
        let units = store::units(tx, period, None, (count, UNITS_AT_ONCE)).await?;
        if units.is_empty() {
            return Ok(count);
        }
        let organs: Vec<OrganId> = units.iter().map(|(organ, _)| *organ).collect();
        let facts = gather::facts(tx, period, &organs, today).await?;
        let all = facts.inputs(period, &organs, today);
        if !period.scheme.classes.is_empty() {
            let sorts = store::sorts(tx, &organs).await?;
            class::settle(&mut period.scheme.classes, &sorts);
        }
        let mut notices = Vec::with_capacity(organs.len());
        for ((organ, organ_name), inputs) in units.into_iter().zip(all) {
            count += 1;
            let adjustments = facts.given_to(organ, &mut given);
            let kept = kept((organ, organ_name), (inputs, adjustments), &period.scheme);
            store::keep(tx, id, &kept).await?;
            notices.push(Notice {
                to: To::Unit,
                organ,
                topic: Topic::Score,
                key: format!("score:{id}:computed:{}", period.version),
                title: format!("{}得分已{again}计算：{}分", period.title, kept.total),
                body: format!("有异议的，请在{}前申诉。", when::date(until)),
                path: format!("/workspace/scores/{id}/units/{organ}"),
                about: Some(until),
            });
        }
        notify_all(tx, notices).await?;
    }
}

/// What is computed after it was sent back is said to be computed anew.
fn again(state: PeriodState) -> &'static str {
    if state == PeriodState::Returned {
        "重新"
    } else {
        ""
    }
}

fn kept(
    (organ, organ_name): (OrganId, String),
    (inputs, adjustments): (Vec<super::Input>, Vec<(String, Points)>),
    scheme: &Scheme,
) -> Kept {
    let computed = score::unit(scheme, &inputs, &adjustments);
    Kept {
        organ,
        organ_name,
        inputs,
        adjustments,
        total: computed.total,
        grade: computed.grade,
        version: 1,
    }
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
    for approver in Approver::ALL {
        let own = principal_scope(permit, *approver);
        for (office, periods) in store::submitted(tx, &own).await? {
            if approver_of(tx, office).await? == *approver {
                n += periods;
            }
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
    if !is_principal(tx, permit, (period.office, approver)).await? {
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
        Step::Compute | Step::Submit | Step::Cancel => {
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
