//! What leaves with a paper: the decision or the act that its facts make.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::fault::Reason;

use super::is_reply;
use crate::fee::{self, Bill, FeeScheme};
use crate::letter::compose::{self, Facts};
use crate::letter::{Letter, LetterKind};
use crate::request::case::{Asked, Case};
use crate::request::reply::{Decision, Ground, Reply};
use crate::request::step::Step;

/// The decision that a reply's facts make; what the paper has no place for stays as it was decided before.
#[must_use]
pub fn decision(kind: LetterKind, facts: &Facts, before: Option<&Decision>) -> Option<Decision> {
    let reply = match kind {
        LetterKind::Correction => match facts.get("result") {
            "corrected" => Reply::Corrected,
            "not_corrected" => Reply::NotCorrected,
            _ => Reply::CorrectElsewhere,
        },
        LetterKind::Complaint => match facts.get("result") {
            "fails" => Reply::ComplaintFails,
            _ => Reply::ComplaintHolds,
        },
        _ if is_reply(kind) => *Reply::ALL.iter().find(|one| one.letter() == kind)?,
        _ => return None,
    };
    // Another reply is another decision.
    let before = before.filter(|before| before.reply == reply);
    let has = |code: &&str| kind.template().blank(code).is_some();
    let said = |codes: &[&str], held: fn(&Decision) -> &str| -> String {
        let text = if codes.iter().any(has) {
            let mut texts = codes.iter().map(|code| facts.get(code));
            texts.find(|text| !text.is_empty())
        } else {
            before.map(held)
        };
        text.unwrap_or_default().to_owned()
    };
    let text = said(&TEXTS, |one| &one.text);
    let mut grounds = match before {
        Some(before) if !has(&"grounds") => before.grounds.clone(),
        _ => compose::grounds(facts.get("grounds")).unwrap_or_default(),
    };
    // A letter has them in the order of the law; which of the same ones is the principal one was decided.
    let same = before.filter(|one| {
        let all = |these: &[Ground], those: &[Ground]| these.iter().all(|it| those.contains(it));
        all(&one.grounds, &grounds) && all(&grounds, &one.grounds)
    });
    if let Some(same) = same {
        grounds.clone_from(&same.grounds);
    }
    Some(Decision {
        reply,
        grounds,
        principal_why: same.map_or_else(String::new, |one| one.principal_why.clone()),
        text: if text.is_empty() {
            kind.name().to_owned()
        } else {
            text
        },
        open_part: said(&["open_part"], |one| &one.open_part),
        closed_part: said(&["closed_part"], |one| &one.closed_part),
        place: said(&PLACES, |one| &one.place),
        contact: said(&["responsible_contact"], |one| &one.contact),
        public_interest: said(&[], |one| &one.public_interest),
        look_on: before.and_then(|one| one.look_on),
    })
}

/// The blanks of replies that say what is answered and why, and where.
const TEXTS: [&str; 8] = [
    "reason",
    "list",
    "detail",
    "finding",
    "unclear",
    "why",
    "publication",
    "search_result",
];
const PLACES: [&str; 6] = [
    "where",
    "responsible",
    "earlier_number",
    "special_law",
    "earlier",
    "competent",
];

/// The act that leaves with a paper that is no reply.
///
/// # Errors
/// Every fact that cannot be read.
pub fn step(
    letter: &Letter,
    case: &Case,
    organs: &[(OrganId, String)],
) -> Result<Step, Vec<Reason>> {
    let text = |code: &str| letter.facts.get(code).to_owned();
    let fault = |sentence: &str| vec![("step", sentence.to_owned())];
    let date = |code: &str| -> Result<Date, Vec<Reason>> {
        let read = letter.facts.get(code).parse();
        read.map_err(|_| fault("文书里的期限读不出日期，没有发出。请修改草稿。"))
    };
    let consult = |asked| Step::Consult {
        asked,
        name: text("to"),
        organ: None,
        question: text("content"),
        got_on: None,
    };
    Ok(match letter.kind {
        LetterKind::Supplement => Step::AskSupplement {
            items: text("items"),
            until: date("supplement_by")?,
        },
        LetterKind::ExplainReasons => Step::AskReasons {
            facts: text("facts"),
            until: date("explain_by")?,
        },
        LetterKind::Extension => {
            let days = case.extension_asked().map(|days| days.to_string());
            if days.is_some_and(|days| days != letter.facts.get("days")) {
                return Err(fault("文书写的延长天数与报请的不一致。请修改草稿。"));
            }
            Step::ApproveExtension
        }
        LetterKind::Deferral => Step::Defer {
            until: date("new_due_on")?,
            why: text("finding"),
        },
        LetterKind::ThirdParty => consult(Asked::ThirdParty),
        LetterKind::CoMaker => consult(Asked::CoMaker),
        LetterKind::Assist => {
            let to = letter.facts.get("to");
            let found = organs.iter().find(|(_, name)| name == to);
            let (organ, name) = found
                .ok_or_else(|| fault("“主送”不是本系统里的单位，不能派发协办。请写单位全称。"))?;
            Step::AskUnit {
                name: name.clone(),
                organ: *organ,
                question: text("content"),
                until: date("reply_by")?,
                files: Vec::new(),
            }
        }
        LetterKind::Fee => Step::Charge {
            bill: bill(&letter.facts).map_err(|error| vec![("step", error.sentence())])?,
            notice: text("how_to_pay"),
            until: date("pay_by")?,
            why: String::new(),
        },
        _ => return Err(fault("这种文书不对应办理动作。")),
    })
}

/// What a fee notice charges.
fn bill(facts: &Facts) -> Result<Bill, fee::FeeError> {
    let scheme = FeeScheme::from_code(facts.get("scheme")).unwrap_or(FeeScheme::ByRequest);
    Bill::of(scheme.code(), facts.get("count"))
}

#[cfg(test)]
mod tests {
    use super::decision;
    use crate::letter::LetterKind;
    use crate::letter::compose::Facts;
    use crate::request::reply::{Decision, Ground, Reply};

    #[test]
    fn a_letter_of_the_same_grounds_leaves_the_principal_one_first() {
        let held = Decision {
            grounds: vec![Ground::Process, Ground::Law],
            principal_why: "会议纪要占绝大部分".to_owned(),
            ..Decision::of(Reply::Refused)
        };
        let of = |grounds: &str| {
            let facts = Facts::default().with("grounds", grounds);
            decision(LetterKind::Refuse, &facts, Some(&held)).unwrap()
        };
        let same = of("N2,N6");
        assert_eq!(same.grounds, held.grounds);
        assert_eq!(same.principal_why, held.principal_why);
        let other = of("N2,N5,N6");
        assert_eq!(
            other.grounds,
            [Ground::Law, Ground::Internal, Ground::Process]
        );
        assert_eq!(other.principal_why, "", "to be chosen again");
    }

    #[test]
    fn what_a_letter_has_no_place_for_stays_as_it_was_decided() {
        let held = Decision {
            text: "已主动公开，纸质本可在档案馆查阅".to_owned(),
            place: "旧网址".to_owned(),
            public_interest: "关系饮用水安全".to_owned(),
            look_on: "2027-03-02".parse().ok(),
            ..Decision::of(Reply::AlreadyPublic)
        };
        let of = |before: Option<&Decision>| {
            let facts = Facts::default().with("where", "新网址");
            decision(LetterKind::AlreadyPublished, &facts, before).unwrap()
        };
        let kept = of(Some(&held));
        assert_eq!(kept.text, held.text);
        assert_eq!(kept.public_interest, held.public_interest);
        assert_eq!(kept.look_on, held.look_on);
        assert_eq!(kept.place, "新网址", "what the letter says counts");
        let empty = decision(LetterKind::AlreadyPublished, &Facts::default(), Some(&held));
        assert_eq!(empty.unwrap().place, "", "taken out of the letter");
        // Decided anew, or as something else: nothing is left of it.
        for before in [
            None,
            Some(&Decision {
                reply: Reply::Open,
                ..held.clone()
            }),
        ] {
            let new = of(before);
            assert_eq!(new.text, LetterKind::AlreadyPublished.name());
            assert_eq!(new.public_interest, "");
        }
    }
}
