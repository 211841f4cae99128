//! What refuses a step, beyond the table: the law's conditions.

mod reply;

use gongkai_basis::Date;
use gongkai_basis::clock::{Run, limits};

use super::super::case::{Asked, Case, Opinion, StopReason};
use super::super::state::{Act, Noun};
use super::super::{ApplicantKind, Kind, LINE_CHARS_MAX, TEXT_CHARS_MAX};
use super::{
    Doer, EXTENSION_WORKING_DAYS_MAX, Moment, SUPPLEMENT_NOTICE_WORKING_DAYS, Step, effect,
    registration,
};
use crate::fee::PAY_WORKING_DAYS;
use crate::id::ConsultationId;
use crate::letter::compose::printed;
use gongkai_platform::fault::{Reason, Wanted, text_fault};

fn text(field: &'static str, name: &str, text: &str) -> Option<Reason> {
    text_fault((field, name), text, TEXT_CHARS_MAX, Wanted::Yes)
}

fn line(field: &'static str, name: &str, text: &str) -> Option<Reason> {
    text_fault((field, name), text, LINE_CHARS_MAX, Wanted::Yes)
}

fn say(field: &'static str, sentence: impl Into<String>) -> Option<Reason> {
    Some((field, sentence.into()))
}

/// A day on which something happened: neither in the future nor before the case.
fn happened(case: &Case, on: Date, today: Date) -> Option<Reason> {
    let begin = case
        .request
        .received_on
        .or(case.request.receipt.days.submitted_on);
    if on > today {
        say("on", "日期还没有到，请核对。")
    } else if begin.is_some_and(|begin| on < begin) {
        say("on", "日期早于收到（提交）申请之日。")
    } else {
        None
    }
}

/// A letter is confirmed when it is there (art. 31).
fn before_arrival(case: &Case, on: Date) -> Option<Reason> {
    let arrived = case.request.receipt.days.arrived_on?;
    let said = || format!("确认日期早于收到信件的日期（{}）。", printed(arrived));
    (on < arrived).then(|| ("on", said()))
}

/// A day that cannot lie before the act that it follows: a limit is not kept by writing an earlier day.
fn not_since(case: &Case, act: Act, on: Date, said: &str) -> Option<Reason> {
    let before = case.last(act)?.on;
    (on < before).then(|| ("on", format!("{said}（{}）。", printed(before))))
}

/// What restarts or moves the count is done while it runs: a limit that is over does not begin anew.
fn in_time(case: &Case, moment: &Moment<'_>, field: &'static str, said: &str) -> Option<Reason> {
    let due = case.due_on(moment.calendar)?;
    (moment.today > due).then(|| {
        (
            field,
            format!("答复期限已于{}届满，{said}；请尽快答复。", printed(due)),
        )
    })
}

/// A day between the sending of a letter and today.
fn since_sent(case: &Case, of: ConsultationId, on: Date, today: Date) -> Option<Reason> {
    let sent = case.letter(of)?.sent_on;
    if on > today {
        say("on", "日期还没有到，请核对。")
    } else if on < sent {
        say(
            "on",
            format!("日期早于发出征求意见书之日（{}）。", printed(sent)),
        )
    } else {
        None
    }
}

fn ahead(until: Date, today: Date) -> Option<Reason> {
    (until <= today).then(|| ("until", "截止日期要在今天以后。".to_owned()))
}

pub(super) fn reasons(case: &Case, step: &Step, doer: &Doer, moment: &Moment<'_>) -> Vec<Reason> {
    let found = match step.act().noun() {
        Noun::Intake => intake(case, step, doer, moment),
        Noun::Opinion => opinion(case, step, moment),
        Noun::Term => term(case, step, moment),
        Noun::Reply => reply::reply(case, step, doer, moment),
    };
    found.into_iter().flatten().collect()
}

/// 登记、审核
fn intake(case: &Case, step: &Step, doer: &Doer, moment: &Moment<'_>) -> Vec<Option<Reason>> {
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

/// A letter that leaves today arrives today at the earliest: its days count from there (art. 32, 34).
fn arrived(on: Date, today: Date) -> Option<Reason> {
    if on > today {
        return say("got_on", "收到日期还没有到，请核对。");
    }
    (on < today).then(|| {
        let said = format!(
            "征求意见书今天（{}）发出，对方收到的日期不能早于发出之日；还不知道的先空着，知道以后办理“登记对方收到”。",
            printed(today)
        );
        ("got_on", said)
    })
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

/// 征求意见、协办
fn opinion(case: &Case, step: &Step, moment: &Moment<'_>) -> Vec<Option<Reason>> {
    let today = moment.today;
    match step {
        Step::Consult {
            asked,
            name,
            question,
            got_on,
            ..
        } => vec![
            line("name", "征求对象", name),
            text("question", "征求意见的内容", question),
            got_on.and_then(|on| arrived(on, today)),
            (*asked == Asked::Unit).then(|| {
                (
                    "asked",
                    "内部协办请用“请单位协办”，它不暂停计时。".to_owned(),
                )
            }),
        ],
        Step::Reached { of, on } => vec![
            open_letter(case, *of, Inside::No),
            since_sent(case, *of, *on, today),
            case.letter(*of)
                .and_then(|letter| letter.got_on)
                .map(|on| ("of", format!("已经登记过，对方于{}收到。", printed(on)))),
        ],
        Step::Opinion {
            of,
            opinion,
            words,
            on,
        } => vec![
            open_letter(case, *of, Inside::No),
            since_sent(case, *of, *on, today),
            unexplained(*opinion, words),
            matches!(opinion, Opinion::Silence | Opinion::Advice).then(|| {
                (
                    "opinion",
                    "请选择“同意公开”“部分同意公开”或“不同意公开”。".to_owned(),
                )
            }),
        ],
        Step::OpinionExpired { of } => expired(case, *of, today),
        Step::StopAsking {
            of,
            reason,
            words,
            had_on,
        } => vec![
            open_letter(case, *of, Inside::No),
            has_arrived(case, *of, *reason),
            had_otherwise(case, *of, (*reason, *had_on), today),
            text("words", "说明", words),
        ],
        Step::AskUnit {
            question, until, ..
        } => vec![
            text("question", "协办内容", question),
            names_applicant(case, question),
            unit_in_time(case, *until, moment),
        ],
        Step::UnitAnswer { of, words, .. } => vec![
            open_letter(case, *of, Inside::Yes),
            text("words", "协办意见", words),
        ],
        _ => Vec::new(),
    }
}

/// Law: art. 32: an objection has its reason, and one to a part says to which.
fn unexplained(opinion: Opinion, words: &str) -> Option<Reason> {
    let said = match opinion {
        Opinion::Object => "不同意公开的，请写明理由（条例第32条）。",
        Opinion::Partly => {
            "部分同意公开的，请写明同意公开哪一部分，不同意公开哪一部分和理由（条例第32条）。"
        }
        Opinion::Agree | Opinion::Silence | Opinion::Advice => return None,
    };
    words.trim().is_empty().then(|| ("words", said.to_owned()))
}

/// A unit that helps needs what is asked, not who asks; who asks for what is about himself is named in his own words.
///
/// Law: 个人信息保护法 art. 6: no more than the purpose needs.
fn names_applicant(case: &Case, question: &str) -> Option<Reason> {
    // A number of a house or a room is none of a person.
    const CHARS_MIN: usize = 6;
    let bare = |text: &str| -> String {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let (who, wish) = (&case.request.applicant, &case.request.wish);
    let asked = bare(question);
    let reach = [
        ("证件号码", &who.paper_number),
        ("联系电话", &who.phone),
        ("传真号码", &who.fax),
        ("电子邮箱", &who.email),
        ("通信地址", &who.address),
    ];
    let reach = reach.into_iter().find(|(_, text)| {
        let text = bare(text);
        text.chars().count() >= CHARS_MIN && asked.contains(&text)
    });
    let name = bare(&who.name);
    let is_about_himself =
        || bare(&wish.subject).contains(&name) || bare(&wish.description).contains(&name);
    let is_named = who.kind == ApplicantKind::Natural
        && name.chars().count() > 1
        && asked.contains(&name)
        && !is_about_himself();
    let what = match reach {
        Some((what, _)) => what,
        None if is_named => "姓名",
        None => return None,
    };
    let said = format!(
        "协办内容里有申请人的{what}，协办单位看得到，没有办理。请去掉，只写要它提供什么（个人信息保护法第6条）。"
    );
    say("question", said)
}

/// A unit answers while its answer can still go into the reply: from today on, and no later than the last day of a limit
/// that runs (art. 33). Where that is over, nothing is left to keep.
fn unit_in_time(case: &Case, until: Date, moment: &Moment<'_>) -> Option<Reason> {
    if until < moment.today {
        return say("until", "答复时限不能早于今天。");
    }
    let due = case.due_on(moment.calendar)?;
    (moment.today <= due && due < until).then(|| {
        let due = printed(due);
        let said = format!(
            "这件申请的答复期限到{due}，内部协办不暂停计时，请把协办的答复时限定在{due}（含当日）以前。"
        );
        ("until", said)
    })
}

/// Law: art. 32, 34: 15 working days from the day on which the letter arrived.
fn expired(case: &Case, of: ConsultationId, today: Date) -> Vec<Option<Reason>> {
    let letter = case.letter(of);
    let under_way = letter.is_some_and(|letter| letter.got_on.is_none()).then(|| {
        let said = "还没有登记对方收到征求意见书的日期；15个工作日从收到起算（条例第32、34条），请先办理“登记对方收到”。";
        ("of", said.to_owned())
    });
    let due = letter.and_then(|letter| letter.due_on);
    vec![
        open_letter(case, of, Inside::No),
        under_way,
        due.filter(|due| today <= *due).map(|due| {
            (
                "of",
                format!("答复期限到{}，还没有期满，期满以后再登记。", printed(due)),
            )
        }),
    ]
}

/// A letter that is known to have arrived was delivered.
fn has_arrived(case: &Case, of: ConsultationId, reason: StopReason) -> Option<Reason> {
    if reason != StopReason::Undeliverable {
        return None;
    }
    let on = case.letter(of)?.got_on?;
    let said = format!(
        "已经登记对方于{}收到征求意见书，不是送达不到；期满没有答复的，请办理“征求意见期满”（条例第32、34条）。",
        printed(on)
    );
    say("reason", said)
}

/// An opinion that was had by other ways has its day: until then asking took its time.
fn had_otherwise(
    case: &Case,
    of: ConsultationId,
    (reason, had_on): (StopReason, Option<Date>),
    today: Date,
) -> Option<Reason> {
    let Some(on) = had_on else {
        let wanted = reason == StopReason::Elsewhere;
        let said = "请填写取得意见的日期，暂停计时到这一天为止。";
        return wanted.then(|| ("had_on", said.to_owned()));
    };
    if reason != StopReason::Elsewhere {
        let said = "原因是“已从其他途径取得意见”的才填写这一天，其他原因请空着。";
        return say("had_on", said);
    }
    let sent = case.letter(of)?.sent_on;
    if on > today {
        say("had_on", "日期还没有到，请核对。")
    } else if on < sent {
        let said = format!(
            "日期早于发出征求意见书之日（{}）；发出以前就已经取得意见、不用再征求的，原因请选“误发”。",
            printed(sent)
        );
        say("had_on", said)
    } else {
        None
    }
}

/// 延期、说明理由、延迟答复、收费
fn term(case: &Case, step: &Step, moment: &Moment<'_>) -> Vec<Option<Reason>> {
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

/// Law: 收费办法 art. 4, 5: what costs nothing is not charged; art. 6: 20 working days from the day after the notice.
fn charge(case: &Case, step: &Step, moment: &Moment<'_>) -> Vec<Option<Reason>> {
    let Step::Charge {
        bill,
        notice,
        until,
        why,
    } = step
    else {
        return Vec::new();
    };
    let free = "这个件数、页数不收费，不应发收费通知。";
    let least = Run::of(moment.today, limits::FEE_PAYMENT).due(moment.calendar);
    let least = least.ok();
    let short = least.filter(|least| until < least).map(|least| {
        let said = format!(
            "缴费期限是收到通知次日起{PAY_WORKING_DAYS}个工作日，今天发出的最早到{}（收费办法第6条）。",
            printed(least)
        );
        ("until", said)
    });
    vec![
        text("notice", "缴纳方式", notice),
        text_fault(("why", "改变件次的原因"), why, TEXT_CHARS_MAX, Wanted::No),
        short,
        (bill.yuan() == 0).then(|| ("count", free.to_owned())),
        in_time(
            case,
            moment,
            "act",
            "不能再发收费通知，应在办理期限内发出（收费办法第6条）",
        ),
        (case.request.kind != Kind::Information).then(|| {
            let said = format!("{}不收信息处理费（条例第42条）。", case.request.kind.name());
            ("act", said)
        }),
    ]
}

/// Law: 收费办法 art. 6: the days of payment count from the receipt of the notice. A day that was noted wrongly is noted anew.
fn charge_reached(case: &Case, on: Date, moment: &Moment<'_>) -> Vec<Option<Reason>> {
    let known = case.charge_reached().filter(|entry| entry.on == on);
    let known = known.map(|_| {
        let said = format!("已经登记过，申请人于{}收到收费通知书。", printed(on));
        ("on", said)
    });
    vec![
        happened(case, on, moment.today),
        not_since(case, Act::Charge, on, "收到通知的日期早于发出之日"),
        known,
        effect::pay_by(on, moment).err().map(|said| ("on", said)),
    ]
}

/// Nobody has let days pass that are not known to have begun.
fn not_paid(case: &Case, today: Date) -> Option<Reason> {
    if case.charge_reached().is_none() {
        return say(
            "until",
            "还没有登记申请人收到收费通知书的日期；20个工作日从收到次日起算（收费办法第6条），请先办理“登记收到通知”。",
        );
    }
    let until = case.pay_by()?;
    (today <= until).then(|| {
        let said = format!("缴费期限到{}，还没有期满。", printed(until));
        ("until", said)
    })
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

/// Is it a letter inside the house?
#[derive(PartialEq, Eq)]
enum Inside {
    Yes,
    No,
}

fn open_letter(case: &Case, of: ConsultationId, inside: Inside) -> Option<Reason> {
    let open = case.letter(of).is_some_and(|letter| {
        letter.is_open() && (letter.asked == Asked::Unit) == (inside == Inside::Yes)
    });
    (!open).then(|| {
        (
            "of",
            "没有这份等待答复的函件，可能已经答复；请返回申请，看现在等谁答复。".to_owned(),
        )
    })
}
