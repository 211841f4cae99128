//! What a reply begins with: the decision, the search before it, what third parties said.

use gongkai_basis::Date;

use super::Known;
use crate::letter::LetterKind;
use crate::letter::compose::{self, Facts};
use crate::request::case::{Asked, Case};
use crate::request::reply::{Decision, Reply};
use crate::request::state::Act;

pub(super) fn searched(facts: Facts, known: &Known<'_>) -> Facts {
    facts
        .with("search_scope", known.text(Act::Search, "places"))
        .with("search_how", known.text(Act::Search, "method"))
        .with("search_result", known.text(Act::Search, "result"))
}

/// Number and day of an earlier answer, as `安府公开〔2025〕3号，2025年1月20日` names them; what is no day stays with the number.
fn earlier(place: &str) -> (&str, String) {
    let Some((number, rest)) = place.split_once(['，', ',', '、', ' ', '　']) else {
        return (place, String::new());
    };
    let mut parts = rest
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty());
    let mut part = || parts.next()?.parse::<i16>().ok();
    let (year, month, day) = (part(), part(), part());
    let on = match (year, month, day) {
        (Some(year), Some(month), Some(day)) => {
            let small = |number: i16| i8::try_from(number).unwrap_or(0);
            Date::new(year, small(month), small(day)).ok()
        }
        _ => None,
    };
    on.map_or((place, String::new()), |on| (number, on.to_string()))
}

pub(super) fn decided(facts: Facts, decision: &Decision, known: &Known<'_>) -> Facts {
    let (text, place) = (decision.text.as_str(), decision.place.as_str());
    let grounds: Vec<&str> = decision.grounds.iter().map(|one| one.code()).collect();
    let facts = searched(facts, known)
        .with("grounds", grounds.join(","))
        .with("reason", text)
        .with("opinion", opinion(known.case))
        .with("where", place)
        .with("responsible", place)
        .with("responsible_contact", &decision.contact)
        .with("form", known.case.request.wish.form.name());
    match decision.reply {
        Reply::Open => facts
            .with("supply", "given")
            .with("list", text)
            .with("where", ""),
        Reply::Partly => facts
            .with("open_part", &decision.open_part)
            .with("closed_part", &decision.closed_part),
        Reply::Repeated => {
            let (number, on) = earlier(place);
            facts.with("earlier_number", number).with("earlier_on", on)
        }
        Reply::SpecialLaw => facts.with("special_law", place),
        Reply::Petition => facts.with("why", text),
        Reply::Publication => facts.with("publication", text),
        Reply::Excessive => facts
            .with("facts", known.text(Act::AskReasons, "facts"))
            .with(
                "asked_number",
                known.number_of(LetterKind::ExplainReasons).0,
            )
            .with("finding", text),
        Reply::StillUnclear => {
            let (number, on) = known.number_of(LetterKind::Supplement);
            let got = known.case.since_redo(Act::Supplement).map(|entry| entry.on);
            facts
                .with("asked_number", number)
                .with("asked_on", on)
                .with(
                    "supplemented",
                    got.map_or_else(String::new, |on| {
                        format!("本机关于{}收到补正", compose::printed(on))
                    }),
                )
                .with("unclear", text)
        }
        Reply::Confirmation => facts.with("earlier", place),
        Reply::Corrected => facts.with("result", "corrected").with("detail", text),
        Reply::NotCorrected => facts.with("result", "not_corrected").with("detail", text),
        // Handed on, or told to ask there (art. 41): which of both, a person says in the letter.
        Reply::CorrectElsewhere => facts.with("detail", text).with("competent", place),
        Reply::AlreadyPublic
        | Reply::Refused
        | Reply::NotThere
        | Reply::NotOurs
        | Reply::NeedsMaking
        | Reply::NotSupplemented
        | Reply::NotPaid
        | Reply::OtherEnd
        | Reply::ComplaintHolds
        | Reply::ComplaintFails => facts,
    }
}

/// What the third party answered, in a line.
fn opinion(case: &Case) -> String {
    let answered = case
        .consultations
        .iter()
        .rev()
        .find(|one| one.asked == Asked::ThirdParty && one.opinion.is_some());
    let Some((one, opinion)) = answered.and_then(|one| Some((one, one.opinion?))) else {
        return String::new();
    };
    let on = one.answered_on.map_or_else(String::new, compose::printed);
    format!("{}于{on}答复{}", one.name, opinion.name())
}

#[cfg(test)]
mod tests {
    use super::earlier;

    #[test]
    fn number_and_day_of_an_earlier_answer_are_told_apart() {
        for (place, number, on) in [
            (
                "安府公开〔2025〕3号，2025年1月20日",
                "安府公开〔2025〕3号",
                "2025-01-20",
            ),
            ("安府公开〔2025〕3号", "安府公开〔2025〕3号", ""),
            (
                "安府公开〔2025〕3号，去年答复",
                "安府公开〔2025〕3号，去年答复",
                "",
            ),
            (
                "安府公开〔2025〕3号，2025年13月20日",
                "安府公开〔2025〕3号，2025年13月20日",
                "",
            ),
        ] {
            assert_eq!(earlier(place), (number, on.to_owned()), "{place}");
        }
    }
}
