//! What people read of a step: staff in the time line, the applicant in 办理进度.

use gongkai_basis::Date;

use super::{Doer, Step, effect, registration};
use crate::fee::FeeScheme;
use crate::id::ConsultationId;
use crate::letter::compose::printed;
use crate::request::case::{Asked, Case, StopReason};
use crate::request::reply::Decision;
use crate::request::spot::Told;

/// For the time line of staff.
pub(super) fn sentence(case: &Case, step: &Step) -> String {
    match step {
        Step::Confirm { on } => format!("与申请人确认收到申请，确认日期{}", printed(*on)),
        Step::AskSupplement { items, until } => {
            format!(
                "发出补正告知书，{}（含当日）前补正：{items}",
                printed(*until)
            )
        }
        Step::Supplement { text, on } if !case.restarts(*on) => {
            format!("收到补正，重新办理的期限不变：{text}")
        }
        Step::Supplement { text, .. } => format!("收到补正，重新计算期限：{text}"),
        Step::NotSupplemented => "申请人逾期不补正，不再处理".to_owned(),
        Step::Accept { handler } => format!("审核后分派给{}办理", handler.1),
        Step::Reassign { handler, why } => match &case.request.handler {
            Some((_, from)) => format!("由{from}转交{}经办：{why}", handler.1),
            None => format!("转交{}经办：{why}", handler.1),
        },
        Step::Consult { .. }
        | Step::Reached { .. }
        | Step::Opinion { .. }
        | Step::OpinionExpired { .. }
        | Step::StopAsking { .. }
        | Step::AskUnit { .. }
        | Step::UnitAnswer { .. } => asking(case, step),
        Step::ProposeExtension { days, why } => format!("报请延长{days}个工作日：{why}"),
        Step::ApproveExtension => format!(
            "批准延长{}个工作日，延期答复告知书发出以后起作用",
            case.extension_asked().unwrap_or(0)
        ),
        Step::TellExtension { days } => format!("发出延期答复告知书，答复期限延长{days}个工作日"),
        Step::RefuseExtension { why } => format!("不批准延期：{why}"),
        Step::AskReasons { facts, until } => {
            format!("要求申请人{}（含当日）前说明理由：{facts}", printed(*until))
        }
        Step::GiveReasons { text } => format!("申请人说明理由：{text}"),
        Step::Defer { until, why } => format!("确定延迟答复至{}：{why}", printed(*until)),
        Step::Charge { .. } => charged(step),
        Step::ChargeReached { on } => arrived(case, *on),
        Step::Pay { proof, .. } => format!("收到缴费，重新计算期限：{proof}"),
        Step::NotPaid => "申请人逾期不缴费，不再处理".to_owned(),
        Step::CancelCharge { why } => cancelled(case, why),
        Step::Search {
            places,
            method,
            result,
        } => {
            format!("检索：范围{places}；方式{method}；结果{result}")
        }
        Step::Answer { decision, told } => told_words(decision, told),
        Step::Decide(decision) => format!("拟定答复：{}", decision.reply.name()),
        Step::Pass { words, files, .. } => passed(words, files.len()),
        Step::Return { why } => format!("退回重拟：{why}"),
        Step::Sign => "审签答复".to_owned(),
        Step::Dispatch { service, on, proof } => {
            format!("{}以{}发出答复：{proof}", printed(*on), service.name())
        }
        Step::Deliver { on, proof } => format!("{}送达：{proof}", printed(*on)),
        Step::Archive { number } => format!("归档，归档号{number}"),
        Step::Withdraw { why } => format!("申请人撤回申请。{why}"),
        Step::Amend { .. } => registration::sentence(case, step),
        Step::Transfer { name, why, .. } => format!("转{name}办理：{why}"),
        Step::Merge { into, why } => format!("并入{into}一并办理：{why}"),
        Step::Split { number, subject } => format!("拆出{number}：{subject}"),
        Step::Redo { why, on, until } => redone(why, *on, *until),
        Step::Note { words } => format!("会商：{words}"),
    }
}

fn passed(words: &str, files: usize) -> String {
    match files {
        0 => format!("公开审查通过：{words}"),
        files => format!("公开审查通过，连同答复材料{files}份：{words}"),
    }
}

fn redone(why: &str, on: Date, until: Option<Date>) -> String {
    let on = printed(on);
    match until.map(printed) {
        Some(until) => {
            format!("重新办理（{on}收到或者作出决定，限{until}（含当日）前答复）：{why}")
        }
        None => format!("重新办理（{on}收到或者作出决定，期限从这一天起算）：{why}"),
    }
}

/// When a fee notice arrived: noted once, or put right.
fn arrived(case: &Case, on: Date) -> String {
    let said = format!("申请人于{}收到收费通知书，缴费期限从次日起算", printed(on));
    match case.charge_reached() {
        Some(before) => format!("更正（原登记{}收到）：{said}", printed(before.on)),
        None => said,
    }
}

fn charged(step: &Step) -> String {
    let Step::Charge {
        bill,
        notice,
        until,
        why,
    } = step
    else {
        return String::new();
    };
    let (name, count, yuan) = (bill.scheme.name(), bill.count, bill.yuan());
    let what = match bill.scheme {
        FeeScheme::ByRequest => format!("当月第{count}件"),
        FeeScheme::ByPage => format!("{count}页"),
    };
    let other = if why.is_empty() {
        String::new()
    } else {
        format!("（改变件次的原因：{why}）")
    };
    let until = printed(*until);
    format!(
        "发出收费通知，{name}，{what}{other}，{yuan}元，缴费前暂停，{until}（含当日）前缴纳：{notice}"
    )
}

fn cancelled(case: &Case, why: &str) -> String {
    let counted = if case.set_day().is_some() {
        "已定的期限不变"
    } else {
        "等待缴费的期间照常计入期限"
    };
    format!("撤销收费，收费通知书作废，{counted}：{why}")
}

fn told_words(decision: &Decision, told: &Told) -> String {
    format!(
        "{}由{}当面答复{}（签名页{}份，已告知复议、诉讼途径）：{}。{}",
        told.at,
        told.by,
        told.to,
        told.scans,
        decision.reply.name(),
        decision.text
    )
}

/// The sentences of asking others and of their answers.
fn asking(case: &Case, step: &Step) -> String {
    let letter = |of| case.letter(of).map_or("", |letter| letter.name.as_str());
    match step {
        Step::Consult {
            asked,
            name,
            question,
            ..
        } => {
            let still = if case.set_day().is_some() {
                "已定的期限不变"
            } else {
                "暂停计时"
            };
            format!(
                "向{}（{name}）发出征求意见书，{still}：{question}",
                asked.name()
            )
        }
        Step::Reached { of, on } => {
            format!("{}于{}收到征求意见书", letter(*of), printed(*on))
        }
        Step::Opinion {
            of, opinion, words, ..
        } => format!("{}答复：{}。{words}", letter(*of), opinion.name()),
        Step::OpinionExpired { of } => {
            let silence = case.letter(*of).map(|one| match one.asked {
                Asked::CoMaker => "视为同意公开（条例第34条）",
                Asked::ThirdParty | Asked::Unit => "由本机关依照条例决定（条例第32条）",
            });
            format!(
                "征求{}意见期满未答复，{}",
                letter(*of),
                silence.unwrap_or_default()
            )
        }
        Step::StopAsking {
            of,
            reason,
            words,
            had_on,
        } => {
            let counted = if case.set_day().is_some() {
                "已定的期限不变".to_owned()
            } else if !reason.has_ground() {
                "这份函件的暂停不算，期间照常计入期限".to_owned()
            } else if let Some(on) = had_on {
                let until = effect::within(case, *of, *on);
                format!("这份函件的暂停到{}为止", printed(until))
            } else {
                "这份函件的暂停到办理之日为止".to_owned()
            };
            let (name, reason) = (letter(*of), reason.name());
            format!("不再征求{name}意见（{reason}），{counted}：{words}")
        }
        Step::AskUnit {
            name,
            question,
            until,
            ..
        } => {
            format!("请{name}于{}（含当日）前协办：{question}", printed(*until))
        }
        Step::UnitAnswer { of, words, .. } => format!("{}协办答复：{words}", letter(*of)),
        _ => String::new(),
    }
}

fn paused(case: &Case, asked: Asked) -> String {
    let still = if case.set_day().is_some() {
        "已定的期限不变"
    } else if case.request.kind.is_timed_by_law() {
        "期间不计入答复期限（条例第33条）"
    } else {
        "期间不计入本机关办理期限"
    };
    format!("征求{}意见，{still}", asked.name())
}

/// What the applicant reads of a letter that is waited for no more.
fn asked_no_more(case: &Case, of: ConsultationId, reason: StopReason) -> String {
    let asked = case.letter(of).map_or("", |letter| letter.asked.name());
    let limit = case.request.kind.limit_name();
    let others = case.letters_out().any(|letter| letter.id != of);
    let counted = if case.set_day().is_some() {
        "已定的期限不变".to_owned()
    } else if !reason.has_ground() {
        format!("这份征求意见书的期间照常计入{limit}")
    } else if others {
        format!("还在征求其他意见，期间不计入{limit}")
    } else {
        "继续计时".to_owned()
    };
    format!("不再征求{asked}意见（{}），{counted}", reason.name())
}

/// What the applicant reads of a fee that is not owed.
fn not_owed(case: &Case) -> String {
    let limit = case.request.kind.limit_name();
    let counted = if case.set_day().is_some() {
        "已定的期限不变".to_owned()
    } else {
        format!("{limit}照原来的计算，等待缴费的期间不停计")
    };
    format!("收费通知已撤销，您不用缴费；{counted}。已经缴纳的，请与受理机关联系退费")
}

fn extended(case: &Case, days: u16) -> String {
    if case.request.kind.is_timed_by_law() {
        format!("延长答复期限{days}个工作日（条例第33条）")
    } else {
        format!("延长本机关办理期限{days}个工作日")
    }
}

fn supplemented(case: &Case, on: Date) -> String {
    let limit = case.request.kind.limit_name();
    if case.restarts(on) {
        format!("收到您的补正，{limit}重新计算")
    } else {
        format!("收到您的补正，重新办理的{limit}不变")
    }
}

/// What the applicant reads of the notice of a fee.
fn to_pay(step: &Step) -> String {
    match step {
        Step::Charge {
            bill,
            notice,
            until,
            ..
        } => {
            let (yuan, until) = (bill.yuan(), printed(*until));
            format!("收费通知：{yuan}元，{until}（含当日）前缴纳。{notice}")
        }
        Step::ChargeReached { on } => {
            format!("{}收到收费通知书，缴费期限从次日起算", printed(*on))
        }
        _ => String::new(),
    }
}

/// What the applicant reads of it; empty for what stays inside.
pub(super) fn public(case: &Case, step: &Step, doer: &Doer) -> String {
    match step {
        Step::Confirm { on } => format!("双方确认收到申请，确认日期{}", printed(*on)),
        Step::AskSupplement { items, until } => {
            format!("请于{}（含当日）前补正：{items}", printed(*until))
        }
        Step::Supplement { on, .. } => supplemented(case, *on),
        Step::NotSupplemented => "逾期没有补正，不再处理（条例第30条）".to_owned(),
        Step::Accept { .. } => "审核完毕，进入办理".to_owned(),
        Step::Consult { asked, .. } => paused(case, *asked),
        Step::Opinion { of, .. } | Step::OpinionExpired { of } => {
            let asked = case.letter(*of).map_or("", |letter| letter.asked.name());
            if case.set_day().is_some() {
                format!("征求{asked}意见结束")
            } else {
                format!("征求{asked}意见结束，继续计时")
            }
        }
        Step::StopAsking { of, reason, .. } => asked_no_more(case, *of, *reason),
        Step::CancelCharge { .. } => not_owed(case),
        Step::TellExtension { days } => extended(case, *days),
        Step::AskReasons { until, .. } => {
            format!("请于{}（含当日）前说明理由（条例第35条）", printed(*until))
        }
        Step::GiveReasons { .. } => "收到您说明的理由".to_owned(),
        Step::Defer { until, .. } => format!("延迟答复至{}（条例第35条）", printed(*until)),
        Step::Charge { .. } | Step::ChargeReached { .. } => to_pay(step),
        Step::Pay { .. } => "收到缴费，答复期限重新计算".to_owned(),
        Step::NotPaid => "逾期没有缴费，不再处理".to_owned(),
        Step::Answer { decision, .. } => {
            format!("当场答复：{}。{}", decision.reply.name(), decision.text)
        }
        Step::Dispatch { service, .. } => format!("答复书以{}发出", service.name()),
        Step::Deliver { .. } => "答复书已送达".to_owned(),
        Step::Withdraw { .. } if doer.is_applicant() => "您撤回了申请".to_owned(),
        Step::Withdraw { .. } => {
            "工作机构登记您撤回了申请；您没有撤回的，请与受理机关联系".to_owned()
        }
        Step::Amend { .. } => registration::public(case, step),
        Step::Transfer { name, .. } => format!("转{name}办理"),
        Step::Merge { into, .. } => format!("并入{into}一并办理"),
        Step::Split { number, .. } => format!("部分内容拆为{number}另行办理"),
        Step::Redo { on, until, .. } => match until {
            Some(until) => format!("重新办理，答复期限到{}", printed(*until)),
            None => format!("重新办理，答复期限从{}起重新计算", printed(*on)),
        },
        Step::Reassign { .. }
        | Step::Reached { .. }
        | Step::AskUnit { .. }
        | Step::UnitAnswer { .. }
        | Step::ProposeExtension { .. }
        | Step::ApproveExtension
        | Step::RefuseExtension { .. }
        | Step::Search { .. }
        | Step::Decide(_)
        | Step::Pass { .. }
        | Step::Return { .. }
        | Step::Sign
        | Step::Archive { .. }
        | Step::Note { .. } => String::new(),
    }
}
