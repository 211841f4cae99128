//! 征求意见、协办: what refuses that others are asked, and that their answer or silence is noted.

use gongkai_basis::Date;
use gongkai_platform::fault::Reason;

use super::{line, say, text};
use crate::id::ConsultationId;
use crate::letter::compose::printed;
use crate::request::case::{Asked, Case, Opinion, StopReason};
use crate::request::naming;
use crate::request::step::{Moment, Step};

pub(super) fn opinion(case: &Case, step: &Step, moment: &Moment<'_>) -> Vec<Option<Reason>> {
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

/// Law: 个人信息保护法 art. 6: a unit that helps needs what is asked, not who asks.
fn names_applicant(case: &Case, question: &str) -> Option<Reason> {
    let what = naming::told(&case.request, question)?;
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
