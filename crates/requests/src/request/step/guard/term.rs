//! 延期、说明理由、延迟答复、收费: what refuses that the days of an application change.

use gongkai_platform::fault::Reason;

use super::fee::{charge, charge_reached, not_paid};
use super::{ahead, happened, in_time, line, not_since, say, text};
use crate::letter::compose::printed;
use crate::request::case::Case;
use crate::request::state::Act;
use crate::request::step::{EXTENSION_WORKING_DAYS_MAX, Moment, Step};

pub(super) fn term(case: &Case, step: &Step, moment: &Moment<'_>) -> Vec<Option<Reason>> {
    let today = moment.today;
    match step {
        Step::ApproveExtension | Step::RefuseExtension { .. } => {
            extension_asked(case, step, moment)
        }
        Step::TellExtension { days } => vec![(case.extension_untold() != Some(*days)).then(|| {
            (
                "days",
                "没有这样一份已经批准、还没有告知的延期。".to_owned(),
            )
        })],
        Step::ProposeExtension { days, why } => vec![
            text("why", "延期理由", why),
            (*days == 0 || *days > EXTENSION_WORKING_DAYS_MAX).then(|| {
                (
                    "days",
                    format!("延长1至{EXTENSION_WORKING_DAYS_MAX}个工作日（条例第33条）。"),
                )
            }),
            of_law_only(case),
            extended_already(case, moment),
            set_already(case),
            case.extension_asked()
                .map(|_| ("days", "已经有一份延期在等待批准，批准或者不同意以后再提。".to_owned())),
        ],
        Step::AskReasons { facts, until } => {
            vec![
                text("facts", "申请数量、频次的事实", facts),
                ahead(*until, today),
            ]
        }
        Step::GiveReasons { text: words } => vec![text("text", "理由", words)],
        Step::Defer { until, why } => vec![
            text("why", "延迟答复的原因", why),
            ahead(*until, today),
            in_time(case, moment, "until", "不能再确定延迟答复的期限（条例第35条）"),
            case.last(Act::GiveReasons).is_none().then(|| {
                (
                    "until",
                    "延迟答复只用于大量反复申请：先要求申请人说明理由，收到的理由合理的才能延迟（条例第35条）。"
                        .to_owned(),
                )
            }),
        ],
        Step::Charge { .. } => charge(case, step, moment),
        Step::Pay { on, proof } => {
            vec![
                happened(case, *on, today),
                not_since(case, Act::Charge, *on, "缴费日期早于收费通知发出之日"),
                line("proof", "缴费凭证", proof),
            ]
        }
        Step::ChargeReached { on } => charge_reached(case, *on, moment),
        Step::NotPaid => vec![not_paid(case, today)],
        Step::CancelCharge { why } => vec![text("why", "撤销收费的原因", why)],
        _ => Vec::new(),
    }
}

/// Law: art. 33: approved and told to the applicant before the limit ends; once it is over, no approval can be told in time.
fn extension_asked(case: &Case, step: &Step, moment: &Moment<'_>) -> Vec<Option<Reason>> {
    let (why, set) = match step {
        Step::RefuseExtension { why } => (text("why", "不批准的原因", why), None),
        _ => (
            in_time(case, moment, "clock", "不能再批准延期"),
            set_already(case),
        ),
    };
    let none = case.extension_asked().is_none();
    vec![
        why,
        set,
        none.then(|| {
            (
                "days",
                "没有等待批准的延期，请返回申请，看现在能办理什么。".to_owned(),
            )
        }),
    ]
}

/// Law: art. 33 extends the limit of an application; 更正 and 投诉 run by 本机关办理期限.
fn of_law_only(case: &Case) -> Option<Reason> {
    let kind = case.request.kind;
    if kind.is_timed_by_law() {
        return None;
    }
    let name = kind.name();
    say(
        "days",
        format!(
            "{name}按本机关办理期限办理，条例第33条的延期只用于政府信息公开申请；到期办不完的，请先把办理情况告知申请人，并在“会商记录”里写明原因。"
        ),
    )
}

/// A day that was set (art. 35, or by who orders the reply) has no working days to which others could be added.
fn set_already(case: &Case) -> Option<Reason> {
    let set = case.set_day()?;
    say(
        "days",
        format!(
            "答复期限已经定到{}（延迟答复，或者复议决定、判决的限期），不能再按条例第33条延长工作日。",
            printed(set)
        ),
    )
}

/// Law: art. 33: 最多20个工作日; one extension.
fn extended_already(case: &Case, moment: &Moment<'_>) -> Option<Reason> {
    if case.extension_untold().is_some() {
        return say(
            "days",
            "已经批准过一次延期，请发出延期答复告知书，不再另行报请。",
        );
    }
    let clock = case.clock(moment.calendar)?;
    (clock.extended() > 0).then(|| ("days", "一件申请延期一次，已经延期过。".to_owned()))
}
