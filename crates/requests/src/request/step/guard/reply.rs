//! 答复: what is decided, reviewed, signed and sent, and what is done again.

use gongkai_basis::Date;

use super::{happened, line, not_since, say, text};
use crate::letter::compose::printed;
use crate::request::case::Case;
use crate::request::reply::{Decision, Reply};
use crate::request::spot;
use crate::request::state::Act;
use crate::request::step::{Doer, Moment, Service, Step};
use crate::request::{Kind, reaches_a_mailbox};
use gongkai_platform::fault::Reason;

pub(super) fn reply(
    case: &Case,
    step: &Step,
    doer: &Doer,
    moment: &Moment<'_>,
) -> Vec<Option<Reason>> {
    let today = moment.today;
    match step {
        Step::Search {
            places,
            method,
            result,
        } => vec![
            text("places", "检索范围", places),
            text("method", "检索方式", method),
            text("result", "检索结果", result),
        ],
        Step::Answer { .. } => on_the_spot(case, step, today),
        Step::Decide(decision) => {
            let mut found = decided(case, decision, today);
            found.push(look_fault(decision, today));
            found
        }
        Step::Pass {
            words, scrutiny, ..
        } => {
            let mut found = vec![
                text("words", "审查意见", words),
                another(case, doer, "审查"),
            ];
            let decision = case.request.decision.as_ref();
            let releases = decision.is_some_and(|decision| decision.reply.releases());
            let fields = scrutiny.why_not(releases, today);
            found.extend(fields.into_iter().map(Some));
            with_decision(case, today, found)
        }
        Step::Return { why } => vec![text("why", "退回原因", why)],
        Step::Sign => {
            let found = vec![another(case, doer, "审签"), reviewed(case)];
            with_decision(case, today, found)
        }
        Step::Dispatch { service, on, proof } => with_decision(
            case,
            today,
            vec![
                happened(case, *on, today),
                not_since(case, Act::Sign, *on, "发出日期早于审签之日"),
                reviewed(case),
                sent_to(*service, proof),
            ],
        ),
        Step::Deliver { on, proof } => {
            vec![
                happened(case, *on, today),
                not_since(case, Act::Dispatch, *on, "送达日期早于发出之日"),
                line("proof", "送达凭证", proof),
            ]
        }
        Step::Archive { number } => vec![line("number", "归档号", number)],
        Step::Redo { why, on, until } => redone(case, why, (*on, *until), today),
        Step::Note { words } => vec![text("words", "会商内容", words)],
        _ => Vec::new(),
    }
}

/// Law: art. 18: what was withheld is looked at again; only then, on a day to come.
fn look_fault(decision: &Decision, today: Date) -> Option<Reason> {
    let on = decision.look_on?;
    if !decision.reply.withholds() {
        return say("look_on", "只有不予公开、部分公开的才写复核日期。");
    }
    if on <= today {
        return say("look_on", "复核日期应当在今天以后。");
    }
    None
}

/// With what refuses the decision that a step carries on: it may have been made before a rule was there, or before something
/// came in that it does not answer.
fn with_decision(case: &Case, today: Date, mut found: Vec<Option<Reason>>) -> Vec<Option<Reason>> {
    if let Some(decision) = &case.request.decision {
        let refused = decided(case, decision, today).into_iter().flatten();
        found.extend(refused.map(|(_, why)| {
            let said = format!(
                "{why}这一步没有办理，什么都没有发出；请“退回重拟”，由经办人重新拟定答复。"
            );
            Some(("act", said))
        }));
    }
    found
}

/// A reply, or what ended the case without one, is done again from the day on which the decision arrived.
fn redone(
    case: &Case,
    why: &str,
    (on, until): (Date, Option<Date>),
    today: Date,
) -> Vec<Option<Reason>> {
    let ended = case.request.closed_on;
    let early = ended.filter(|ended| on < *ended).map(|ended| {
        let said = format!("收到决定的日期早于答复、办结之日（{}）。", printed(ended));
        ("on", said)
    });
    let merged = case.since_redo(Act::Merge).and_then(|entry| {
        let into = entry.data.get("into")?.as_str()?;
        Some(("act", format!("本件已经并入{into}，请在{into}里办理。")))
    });
    let never = case.request.received_on.is_none().then(|| {
        let said = "本件没有确认过收到申请之日，期限没有起算过，不能重新办理；请另行登记。";
        ("act", said.to_owned())
    });
    vec![
        text("why", "重新办理的原因", why),
        (on > today).then(|| ("on", "日期还没有到，请核对。".to_owned())),
        early,
        until
            .filter(|until| *until <= on)
            .map(|_| ("until", "规定的期限要在收到决定之日以后。".to_owned())),
        merged,
        never,
        case.request.kept.erased_on.map(|on| {
            let said = format!(
                "申请人的个人信息已于{}清除，不能重新办理；请另行登记。",
                printed(on)
            );
            ("act", said)
        }),
    ]
}

/// What proves that a reply left: the number of the post, who signed, the mailbox.
fn sent_to(service: Service, proof: &str) -> Option<Reason> {
    match service {
        Service::Web => None,
        Service::Email if !proof.trim().is_empty() && !reaches_a_mailbox(proof.trim()) => {
            say("proof", "电子邮箱写得不完整，例：zhang@example.cn。")
        }
        Service::Email | Service::Post | Service::Direct | Service::Entrusted => {
            line("proof", "邮件号、签收人或邮箱", proof)
        }
    }
}

/// Law: art. 33: answered at once where it can be.
fn on_the_spot(case: &Case, step: &Step, today: Date) -> Vec<Option<Reason>> {
    let Step::Answer { decision, told } = step else {
        return Vec::new();
    };
    let mut found: Vec<Option<Reason>> = spot::why_not(case, decision, told, today)
        .into_iter()
        .map(Some)
        .collect();
    found.push(fits(case, decision));
    found
}

fn fits(case: &Case, decision: &Decision) -> Option<Reason> {
    let own = match decision.reply {
        Reply::Corrected | Reply::CorrectElsewhere | Reply::NotCorrected => Kind::Correction,
        Reply::ComplaintHolds | Reply::ComplaintFails => Kind::Complaint,
        Reply::NotSupplemented | Reply::NotPaid => {
            return say(
                "reply",
                "逾期不补正、逾期不缴费由相应的办理动作形成，不在这里选择。",
            );
        }
        Reply::OtherEnd => return None,
        _ => Kind::Information,
    };
    (own != case.request.kind).then(|| {
        (
            "reply",
            format!("这是{}，请选择相应的答复类型。", case.request.kind.name()),
        )
    })
}

/// Law: art. 35: reasons are asked for first, and waited for.
fn reasons_heard(case: &Case, today: Date) -> Option<Reason> {
    if case.last(Act::AskReasons).is_none() {
        return say(
            "reply",
            "不予处理大量反复申请的，先要求申请人说明理由（条例第35条）。",
        );
    }
    let until = case.date_of(Act::AskReasons, "until")?;
    let waits = case.last(Act::GiveReasons).is_none() && today <= until;
    waits.then(|| {
        let said = format!(
            "申请人说明理由的期限到{}，还没有期满，也没有收到理由，不能认定理由不合理（条例第35条）。",
            printed(until)
        );
        ("reply", said)
    })
}

fn decided(case: &Case, decision: &Decision, today: Date) -> Vec<Option<Reason>> {
    let mut found: Vec<Option<Reason>> = decision.why_not().into_iter().map(Some).collect();
    found.push(fits(case, decision));
    if decision.reply == Reply::NotThere && case.since_redo(Act::Search).is_none() {
        found.push(say(
            "reply",
            "答复信息不存在的，先登记检索的范围、方式和结果（条例第36条第4项）。",
        ));
    }
    if decision.reply == Reply::Excessive {
        found.push(reasons_heard(case, today));
    }
    if decision.reply == Reply::StillUnclear && case.last(Act::Supplement).is_none() {
        found.push(say(
            "reply",
            "没有经过补正，不能答复“补正后仍不明确”（条例第30条）。",
        ));
    }
    if decision.reply == Reply::Open
        && case.objected()
        && decision.public_interest.trim().is_empty()
    {
        found.push(say(
            "public_interest",
            "第三方不同意公开；决定公开的，在案卷“拟定答复”的“公共利益理由”里写明不公开会对公共利益造成何种重大影响（条例第15、32条）。",
        ));
    }
    found
}

/// 审查、审签 are done by somebody else than the drafter.
fn another(case: &Case, doer: &Doer, what: &str) -> Option<Reason> {
    let drafter = case.last(Act::Decide)?.account?;
    (doer.account == Some(drafter)).then(|| ("act", format!("答复由您拟定，请由其他人{what}。")))
}

/// Law: art. 17: no reply without a review record.
fn reviewed(case: &Case) -> Option<Reason> {
    let place = |act: Act| {
        case.entries
            .iter()
            .rposition(|entry| entry.act == Some(act))
    };
    let passed = place(Act::Pass);
    (passed.is_none() || passed < place(Act::Decide)).then(|| {
        (
            "act",
            "还没有公开审查记录，不能审签或发出（条例第17条）。请先办理公开审查。".to_owned(),
        )
    })
}
