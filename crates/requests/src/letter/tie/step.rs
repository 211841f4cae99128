//! What leaves with a paper: the decision or the act that its facts make.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::fault::Reason;

use super::is_reply;
use crate::fee::{self, Bill, FeeScheme};
use crate::letter::compose::{self, Facts};
use crate::letter::{Letter, LetterKind};
use crate::request::case::{Asked, Case};
use crate::request::reply::{Decision, Reply};
use crate::request::step::Step;

/// The decision that a reply's facts make.
#[must_use]
pub fn decision(kind: LetterKind, facts: &Facts) -> Option<Decision> {
    let reply = match kind {
        LetterKind::Correction => match facts.get("result") {
            "corrected" => Reply::Corrected,
            "not_corrected" => Reply::NotCorrected,
            _ => Reply::CorrectElsewhere,
        },
        _ if is_reply(kind) => *Reply::ALL.iter().find(|one| one.letter() == Some(kind))?,
        _ => return None,
    };
    let first = |codes: &[&str]| -> String {
        let mut texts = codes.iter().map(|code| facts.get(code));
        texts
            .find(|text| !text.is_empty())
            .unwrap_or_default()
            .to_owned()
    };
    let texts = [
        "reason",
        "list",
        "detail",
        "finding",
        "unclear",
        "why",
        "publication",
        "search_result",
    ];
    let text = match first(&texts) {
        text if text.is_empty() => kind.name().to_owned(),
        text => text,
    };
    Some(Decision {
        reply,
        grounds: compose::grounds(facts.get("grounds")).unwrap_or_default(),
        text,
        open_part: facts.get("open_part").to_owned(),
        closed_part: facts.get("closed_part").to_owned(),
        place: first(&[
            "where",
            "responsible",
            "earlier_number",
            "special_law",
            "earlier",
            "competent",
        ]),
        contact: facts.get("responsible_contact").to_owned(),
        public_interest: String::new(),
    })
}

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
