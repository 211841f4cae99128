//! What a letter must say of third parties: that they were heard, what they said, why it is decided against them.
//!
//! Law: 条例 art. 15: what would harm a third party is not given, unless it agrees or the public interest outweighs it;
//! art. 32: it is asked in writing, silence is no consent, an objection with good reason is kept to, and who is overruled is
//! told in writing what is given and why.

use std::ops::Range;

use super::{CaseFacts, Checked, Fault, REASON_CHARS_MIN, Weight, on_blank};
use crate::letter::compose;
use crate::letter::template::LetterKind;
use crate::request::case::Opinion;
use crate::request::reply::Ground;

/// A letter tells that a third party let its days pass by one of these words …
const NOTHING: [&str; 3] = ["未", "没有", "没"];
/// … and, close behind it, what did not come: 未作出答复, 未在规定期限内反馈, 没有提出书面意见.
const CAME: [&str; 8] = [
    "答复", "回复", "反馈", "回应", "回函", "复函", "意见", "异议",
];
/// What does not come by itself: nobody who has no objection is silent, only who has raised none.
const RAISED: [&str; 2] = ["意见", "异议"];
const RAISES: [&str; 9] = [
    "提", "作出", "表示", "表达", "发表", "出具", "递交", "返回", "收到",
];
/// Who answers so agrees. It raises no objection either, and has not been silent.
const CONTENT: [&str; 3] = ["没有异议", "未有异议", "无异议"];
/// An objection that was not made, the longer words first. It is no agreement yet: of whoever was silent it is said, too.
const UNOBJECTED: [&str; 14] = [
    "没有不同意",
    "未有不同意",
    "无不同意见",
    "没有反对意见",
    "未有反对意见",
    "无反对意见",
    "没有表示反对",
    "未表示反对",
    "没有反对",
    "未反对",
    "不反对",
    "没有其他意见",
    "未有其他意见",
    "无其他意见",
];
/// Characters between the two at most.
const BETWEEN_CHARS_MAX: usize = 8;
/// What makes it say something else when it stands between them: that nobody was asked, what was not agreed to or followed.
const OTHERWISE: [&str; 10] = [
    "征求",
    "同意",
    "公开",
    "采纳",
    "成年人",
    "，",
    "。",
    "；",
    "：",
    "、",
];
/// Words by which it tells of an objection.
const OBJECTS: [&str; 12] = [
    "不同意",
    "不予同意",
    "未同意",
    "未予同意",
    "没有同意",
    "反对",
    "不愿",
    "不希望公开",
    "不赞成",
    "拒绝",
    "有异议",
    "提出异议",
];
/// Words by which it tells of an agreement to a part.
const IN_PART: [&str; 4] = ["部分同意", "部分不同意", "同意部分", "同意公开部分"];
/// What a third party was asked, and what the law says of silence, is nobody's answer.
const ASKED: [&str; 16] = [
    "是否不同意",
    "是否同意",
    "是否反对",
    "是否拒绝",
    "是否不愿",
    "是否愿意",
    "是否有异议",
    "是否存在异议",
    "是否提出异议",
    "有无异议",
    "有没有异议",
    "有无不同意见",
    "有没有不同意见",
    "有无反对意见",
    "不视为同意",
    "不等于不同意",
];
/// The law's own words, which are no reason in a case.
const LAWS_WORDS: [&str; 3] = [
    "不公开可能对公共利益造成重大影响",
    "不公开会对公共利益造成重大影响",
    "对公共利益有重大影响",
];

pub(super) fn check(of: &Checked<'_>, faults: &mut Vec<Fault>) {
    match of.kind {
        LetterKind::Refuse | LetterKind::Partly => {
            let grounds = compose::grounds(of.facts.get("grounds")).unwrap_or_default();
            if grounds.contains(&Ground::ThirdParty) {
                withheld(of, faults);
            }
        }
        LetterKind::DecidedOpen => overruled(of, faults),
        _ => {}
    }
}

/// A refusal for the sake of others says that they were heard and what they said.
fn withheld(of: &Checked<'_>, faults: &mut Vec<Fault>) {
    let mut stop = |sentence: &str| {
        faults.push(on_blank(of, Weight::Stop, "opinion", sentence));
    };
    if of.case.is_some_and(|case| !case.third_party_heard) {
        stop(
            "案卷里没有第三方的意见。以第三方合法权益为由的，先在案卷办理“征求意见”，收到意见或者期满以后才能这样答复（条例第十五条、第三十二条）。",
        );
        return;
    }
    let written = of.facts.get("opinion");
    if written.is_empty() {
        stop(
            "以第三方合法权益为由的，应当先书面征求第三方意见，并写明意见（条例第十五条、第三十二条）。",
        );
        return;
    }
    if let Some(case) = of.case {
        as_registered(of, case, faults);
    }
}

/// What stands in the case of the third parties' answers stands in the letter.
fn as_registered(of: &Checked<'_>, case: &CaseFacts, faults: &mut Vec<Fault>) {
    let written = of.facts.get("opinion");
    let said = |wanted: Opinion| case.third_parties.iter().any(|(_, said)| *said == wanted);
    let mut on = |weight, code, sentence: &str| {
        faults.push(on_blank(of, weight, code, sentence));
    };
    if case.third_parties.is_empty() {
        let sentence = "征求意见没有登记在这件案卷里，请核对是否写明：已书面征求第三方意见，第三方何时答复、怎样答复，或者期满没有答复（条例第三十二条）。";
        return on(Weight::Look, "opinion", sentence);
    }
    for (opinion, sentence) in [
        (
            Opinion::Object,
            "案卷登记第三方不同意公开，这里没有写。请写明第三方书面表示不同意公开（条例第三十二条）。",
        ),
        (
            Opinion::Partly,
            "案卷登记第三方部分同意公开，这里没有写。请写明第三方同意公开哪一部分、不同意公开哪一部分（条例第三十二条）。",
        ),
        (
            Opinion::Silence,
            "案卷登记第三方期满没有答复，这里没有写。请写明已书面征求意见、第三方逾期未答复；逾期未答复不视为同意，也不等于不同意，由本机关决定（条例第三十二条）。",
        ),
        (
            Opinion::Agree,
            "案卷登记有第三方同意公开，这里没有写。请写明各第三方的意见（条例第三十二条）。",
        ),
    ] {
        if said(opinion) && !tells(written, opinion) {
            on(Weight::Stop, "opinion", sentence);
        }
    }
    if said(Opinion::Object) || said(Opinion::Partly) {
        return;
    }
    if said(Opinion::Silence) {
        let sentence = "没有第三方表示不同意，由本机关自行决定：请核对理由是否写明公开会怎样损害第三方的合法权益（条例第十五条、第三十二条）。";
        return on(Weight::Look, "reason", sentence);
    }
    // What somebody agrees to in part is given in part.
    let weight = match of.kind {
        LetterKind::Partly => Weight::Look,
        _ => Weight::Stop,
    };
    let sentence = "征求过意见的第三方都同意公开，不能再以第三方合法权益为由不予公开（条例第十五条）。另有事由的，请改选事由。";
    on(weight, "grounds", sentence);
}

/// Does a text tell of such an answer?
fn tells(text: &str, opinion: Opinion) -> bool {
    let answers = without(text, &ASKED);
    let is_content = CONTENT.iter().any(|words| answers.contains(words));
    let mut said = without(&without(&answers, &CONTENT), &UNOBJECTED);
    let mut is_silent = false;
    // 未提出异议 is no objection.
    while let Some(nothing) = silence(&said) {
        said.replace_range(nothing, "");
        is_silent = true;
    }
    let objects = OBJECTS.iter().any(|words| said.contains(words));
    let agrees = is_content || without(&said, &OBJECTS).contains("同意");
    match opinion {
        Opinion::Object => objects,
        Opinion::Silence => is_silent,
        Opinion::Agree => agrees,
        Opinion::Partly => (agrees && objects) || IN_PART.iter().any(|words| said.contains(words)),
        Opinion::Advice => true,
    }
}

fn without(text: &str, left_out: &[&str]) -> String {
    let out = |text: String, words: &&str| text.replace(words, "");
    left_out.iter().fold(text.to_owned(), out)
}

/// Where a text says first that nothing came.
fn silence(text: &str) -> Option<Range<usize>> {
    let mut all = NOTHING.iter().flat_map(|no| text.match_indices(no));
    all.find_map(|(at, no)| {
        let after = text.get(at + no.len()..)?;
        let came = CAME
            .iter()
            .filter_map(|came| Some((after.find(came)?, came.len())));
        let (gap, len) = came.min()?;
        let between = after.get(..gap)?;
        let is_close = between.chars().count() <= BETWEEN_CHARS_MAX;
        let holds = |all: &[&str]| all.iter().any(|words| between.contains(words));
        let came = after.get(gap..gap + len)?;
        let is_raised = !RAISED.contains(&came) || holds(&RAISES);
        let says_so = is_close && is_raised && !holds(&OTHERWISE);
        says_so.then(|| at..at + no.len() + gap + len)
    })
}

/// Whoever is overruled reads its own objection, and the reason that outweighs it.
fn overruled(of: &Checked<'_>, faults: &mut Vec<Fault>) {
    let reason = of.facts.get("reason");
    let bare = LAWS_WORDS
        .iter()
        .fold(reason.to_owned(), |text, words| text.replace(words, ""));
    let own = bare.chars().filter(|letter| letter.is_alphanumeric());
    if !reason.is_empty() && own.count() < REASON_CHARS_MIN {
        faults.push(on_blank(
            of,
            Weight::Stop,
            "reason",
            "理由过于简单，或者只重复了条例的话。请结合要公开的内容写明：不公开会对哪一项公共利益造成怎样的重大影响，为什么重于第三方不同意的理由（条例第三十二条）。",
        ));
    }
    let Some(case) = of.case else {
        return;
    };
    let to = of.facts.get("to");
    let asked = case.third_parties.iter().find(|(name, _)| name == to);
    match asked {
        Some((_, said)) if said.objects() && !tells(of.facts.get("opinion"), *said) => {
            faults.push(on_blank(
                of,
                Weight::Stop,
                "opinion",
                "案卷登记该第三方不同意公开（或者只同意一部分）。请写明其此前的意见，再说明为什么仍然决定公开（条例第三十二条）。",
            ));
        }
        None if !to.is_empty() && !case.third_parties.is_empty() => faults.push(on_blank(
            of,
            Weight::Look,
            "to",
            "案卷里没有向这个名称征求过意见。每个不同意的第三方各发一份，“主送”写征求意见时的名称，否则答复不能发出（条例第三十二条）。",
        )),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{Opinion, tells};

    #[test]
    fn an_answer_is_told_by_its_words() {
        use Opinion::{Agree, Object, Partly, Silence};
        for (text, in_part) in [
            ("甲公司于2026年3月9日答复部分同意公开", true),
            ("甲公司同意公开总价，不同意公开综合单价", true),
            ("甲公司书面同意公开", false),
            ("甲公司答复不同意公开", false),
            ("甲公司至2026年10月21日期满未答复", false),
        ] {
            assert_eq!(tells(text, Partly), in_part, "{text}");
        }
        for (text, said) in [
            (
                "安澜市市政工程有限公司于2026年10月14日答复不同意公开",
                vec![Object],
            ),
            ("甲公司书面同意公开；乙公司不同意公开", vec![Agree, Object]),
            ("甲公司至2026年10月21日期满未答复", vec![Silence]),
            ("权利人明确反对公开", vec![Object]),
            ("已书面征求第三方是否同意公开的意见", vec![]),
            ("没有征求第三方意见", vec![]),
            (
                "经书面征求甲公司是否同意公开的意见，甲公司书面答复同意公开；乙公司不同意公开",
                vec![Agree, Object],
            ),
            ("乙公司期满未作出答复", vec![Silence]),
            ("乙公司逾期未予答复", vec![Silence]),
            ("乙公司在期限内未反馈意见", vec![Silence]),
            ("乙公司未提出异议", vec![Silence]),
            ("乙公司未书面答复", vec![Silence]),
            ("乙公司没有在规定期限内提出意见", vec![Silence]),
            (
                "乙公司逾期未答复，不视为同意，也不等于不同意",
                vec![Silence],
            ),
            (
                "甲公司答复不同意公开，乙公司没有回函",
                vec![Object, Silence],
            ),
            ("甲公司书面拒绝公开", vec![Object]),
            ("甲公司复函表示不愿意公开", vec![Object]),
            ("甲公司书面提出异议，认为属于商业秘密", vec![Object]),
            ("甲公司未同意公开的意见附后", vec![Object]),
            ("乙公司对公开没有异议", vec![Agree]),
            ("甲公司书面答复对公开没有异议", vec![Agree]),
            ("甲公司答复无异议，乙公司期满未答复", vec![Agree, Silence]),
            ("甲公司没有异议；乙公司不同意公开", vec![Agree, Object]),
            ("已书面征求甲公司有无异议", vec![]),
            ("乙公司没有意见", vec![]),
            ("乙公司没有反对意见", vec![]),
            ("乙公司没有不同意见", vec![]),
            ("乙公司不反对公开", vec![]),
            ("乙公司未提出不同意见", vec![Silence]),
            ("乙公司提出不同意见", vec![Object]),
            (
                "经书面征求甲公司是否有异议，甲公司书面同意公开",
                vec![Agree],
            ),
        ] {
            for opinion in [Agree, Object, Silence] {
                assert_eq!(
                    tells(text, opinion),
                    said.contains(&opinion),
                    "{text} {opinion:?}"
                );
            }
        }
    }
}
