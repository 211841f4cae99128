//! 登记、审核: what refuses that an application is received, mended, given to somebody or moved.

use gongkai_basis::Date;
use gongkai_basis::clock::{Run, limits};
use gongkai_platform::fault::{Reason, Wanted, text_fault};

use super::{ahead, happened, line, not_since, say, text};
use crate::letter::compose::printed;
use crate::request::TEXT_CHARS_MAX;
use crate::request::case::Case;
use crate::request::state::Act;
use crate::request::step::{Doer, Moment, SUPPLEMENT_NOTICE_WORKING_DAYS, Step, registration};

pub(super) fn intake(
    case: &Case,
    step: &Step,
    doer: &Doer,
    moment: &Moment<'_>,
) -> Vec<Option<Reason>> {
    let today = moment.today;
    match step {
        Step::Confirm { on } => vec![happened(case, *on, today), before_arrival(case, *on)],
        Step::AskSupplement { items, until } => vec![
            text("items", "需要补正的事项", items),
            ahead(*until, today),
            supplement_once(case, moment),
        ],
        Step::Supplement { text: words, on } => {
            vec![
                text("text", "补正内容", words),
                happened(case, *on, today),
                not_since(
                    case,
                    Act::AskSupplement,
                    *on,
                    "收到补正的日期早于告知补正之日",
                ),
            ]
        }
        Step::NotSupplemented => vec![not_before(case, Act::AskSupplement, today, "补正期限")],
        Step::Withdraw { why } => vec![withdrawn(why, doer)],
        Step::Accept { .. } => vec![given_already(case)],
        Step::Reassign { handler, why } => vec![
            text("why", "转交原因", why),
            case.request
                .handler
                .as_ref()
                .filter(|(own, _)| *own == handler.0)
                .map(|(_, name)| ("handler", format!("现在就由{name}经办，请选别的人。"))),
        ],
        Step::Amend { .. } => registration::reasons(case, step, today),
        Step::Transfer { organ, why, .. } => vec![
            text("why", "转办原因", why),
            (*organ == case.request.organ)
                .then(|| ("organ", "已经在这个机关办理，请选别的机关。".to_owned())),
        ],
        Step::Merge { into, why } => vec![
            line("into", "并入的申请编号", into),
            text("why", "并案原因", why),
            (*into == case.request.number)
                .then(|| ("into", "不能并入自己，请填另一件申请的编号。".to_owned())),
        ],
        Step::Split { subject, .. } => vec![text("subject", "拆出的申请内容", subject)],
        _ => Vec::new(),
    }
}

/// A letter is confirmed when it is there (art. 31).
fn before_arrival(case: &Case, on: Date) -> Option<Reason> {
    let arrived = case.request.receipt.days.arrived_on?;
    let said = || format!("确认日期早于收到信件的日期（{}）。", printed(arrived));
    (on < arrived).then(|| ("on", said()))
}

/// Law: art. 30: once, within 7 working days from receipt.
fn supplement_once(case: &Case, moment: &Moment<'_>) -> Option<Reason> {
    let asked = [Act::AskSupplement, Act::Supplement];
    if asked.iter().any(|act| case.last(*act).is_some()) {
        return say("items", "一件申请只能告知补正一次（条例第30条）。");
    }
    let run = Run::of(case.request.received_on?, limits::SUPPLEMENT_NOTICE);
    let last = run.due(moment.calendar).ok()?;
    if moment.today > last {
        say(
            "items",
            format!(
                "告知补正的期限是收到之日起{SUPPLEMENT_NOTICE_WORKING_DAYS}个工作日，已于{}届满（条例第30条）。",
                printed(last)
            ),
        )
    } else {
        None
    }
}

fn not_before(case: &Case, act: Act, today: Date, name: &str) -> Option<Reason> {
    let until = case.date_of(act, "until")?;
    let said = || format!("{name}到{}，还没有期满。", printed(until));
    (today <= until).then(|| ("until", said()))
}

/// Whoever gives up an application of its own need not say why; who registers that of somebody else says how it came.
fn withdrawn(why: &str, doer: &Doer) -> Option<Reason> {
    if doer.is_applicant() {
        return text_fault(("why", "撤回说明"), why, TEXT_CHARS_MAX, Wanted::No);
    }
    if why.trim().is_empty() {
        return say(
            "why",
            "请写明申请人何时、以什么方式提出撤回；没有申请人的撤回不能这样结案。",
        );
    }
    text("why", "撤回说明", why)
}

/// Given to somebody once, a case goes on to another with a reason; at the door, after 补正, it is given anew.
fn given_already(case: &Case) -> Option<Reason> {
    if !case.is_given() {
        return None;
    }
    let (_, name) = case.request.handler.as_ref()?;
    say(
        "handler",
        format!("现在由{name}经办；换人办理的，请办理“转交经办人”，写明转交原因。"),
    )
}
