//! 征求意见、协办: whom the organ asks, and what they say.

use super::field::{Field, Given, Input, Read, choice, field};
use crate::request::case::{Asked, Opinion, StopReason};
use crate::request::state::Act;
use crate::request::step::Step;

pub(super) fn fields(act: Act, given: &Given<'_>) -> Vec<Field> {
    let letter = || {
        let open = given.letters_out();
        field("of", "哪一份征求意见书", Input::Choice(open))
    };
    match act {
        Act::Consult => vec![
            field(
                "asked",
                "征求谁的意见",
                // Silence means the opposite for each: nobody is asked as one of them by chance.
                Input::Choice(choice([
                    ("", "请选择"),
                    ("third_party", "第三方（第32条，逾期不视为同意）"),
                    ("co_maker", "共同制作机关（第34条，逾期视为同意）"),
                ])),
            ),
            field("name", "名称或姓名", Input::Line),
            field("question", "征求意见的内容", Input::Area),
            field("got_on", "对方收到征求意见书的日期", Input::Date)
                .hint("15个工作日从收到起算；还不知道的先空着，知道以后办理“登记对方收到”。")
                .optional(),
        ],
        Act::Reached => vec![
            field(
                "of",
                "哪一份征求意见书",
                Input::Choice(given.letters_under_way()),
            ),
            given
                .on("对方收到征求意见书的日期")
                .hint("对方15个工作日的答复期限从这一天的次日起算（条例第32、34条）。"),
        ],
        Act::Opinion => vec![
            letter(),
            given
                .on("收到意见的日期")
                .hint("暂停计时到这一天为止；期满以后收到的，到期满之日为止。"),
            field(
                "opinion",
                "意见",
                // Consent is what they wrote, never what the form began with.
                Input::Choice(choice([
                    ("", "请选择"),
                    ("agree", "同意公开"),
                    ("partly", "部分同意公开"),
                    ("object", "不同意公开"),
                ])),
            ),
            field("words", "意见内容和理由", Input::Area)
                .hint(
                    "不同意公开的，写明理由；部分同意的，写明同意哪一部分、不同意哪一部分和理由。",
                )
                .optional(),
        ],
        Act::OpinionExpired => vec![letter()],
        Act::StopAsking => stopping(letter()),
        Act::AskUnit => asking_unit(given),
        Act::UnitAnswer => vec![
            field("of", "协办件", Input::Choice(given.letters_in())),
            field("words", "协办意见", Input::Area),
        ],
        _ => Vec::new(),
    }
}

fn asking_unit(given: &Given<'_>) -> Vec<Field> {
    vec![
        given.organ(),
        field("question", "协办内容", Input::Area)
            .hint("协办单位看得到。写明要它提供什么，不写申请人的姓名和联系方式。"),
        field("until", "答复时限", Input::Date)
            .hint("内部协办不暂停计时，最晚到本件的答复期限届满之日。"),
    ]
}

/// Why a letter is waited for no more: what each reason does to the limit stands beside it.
fn stopping(letter: Field) -> Vec<Field> {
    let effect = |reason: &StopReason| match reason {
        StopReason::Undeliverable => "暂停计时到今天为止",
        StopReason::Mistaken | StopReason::Other => "暂停不算，期间照常计入期限",
        StopReason::Elsewhere => "暂停计时到取得意见之日",
    };
    // None is chosen by chance.
    let mut reasons = choice([("", "请选择")]);
    reasons.extend(choice(StopReason::ALL.iter().map(|reason| {
        let name = format!("{}（{}）", reason.name(), effect(reason));
        (reason.code(), name)
    })));
    vec![
        letter,
        field("reason", "原因", Input::Choice(reasons)).hint(
            "只有征求意见所需的时间不计入期限（条例第33条）。误发的没有依据，暂停从头不算，期限可能已经届满，请尽快答复。",
        ),
        field("words", "说明", Input::Area).hint(
            "例：按登记的通信地址两次邮寄均退回，电话已停机。例：发给了同名的另一家公司。对方就这件事表示过意见、要写进答复的，请办理“收到意见”。",
        ),
        field("had_on", "取得意见的日期", Input::Date)
            .hint("原因是“已从其他途径取得意见”的必填，其他原因空着。")
            .optional(),
    ]
}

pub(super) fn step(act: Act, read: &mut Read<'_>) -> Option<Step> {
    Some(match act {
        Act::Consult => Step::Consult {
            asked: Asked::from_code(read.filled.text("asked"))?,
            name: read.text("name"),
            organ: None,
            question: read.text("question"),
            got_on: match read.filled.text("got_on") {
                "" => None,
                _ => Some(read.date("got_on")?),
            },
        },
        Act::Reached => Step::Reached {
            of: read.filled.text("of").parse().ok()?,
            on: read.date("on")?,
        },
        Act::Opinion => Step::Opinion {
            of: read.filled.text("of").parse().ok()?,
            opinion: Opinion::from_code(read.filled.text("opinion"))?,
            words: read.text("words"),
            on: read.date("on")?,
        },
        Act::OpinionExpired => Step::OpinionExpired {
            of: read.filled.text("of").parse().ok()?,
        },
        Act::StopAsking => Step::StopAsking {
            of: read.filled.text("of").parse().ok()?,
            reason: StopReason::from_code(read.filled.text("reason"))?,
            words: read.text("words").trim().to_owned(),
            had_on: match read.filled.text("had_on") {
                "" => None,
                _ => Some(read.date("had_on")?),
            },
        },
        Act::AskUnit => {
            let (organ, name) = read.organ()?;
            Step::AskUnit {
                name,
                organ,
                question: read.text("question"),
                until: read.date("until")?,
                files: Vec::new(),
            }
        }
        Act::UnitAnswer => Step::UnitAnswer {
            of: read.filled.text("of").parse().ok()?,
            words: read.text("words"),
            files: Vec::new(),
        },
        _ => return None,
    })
}
