//! What the papers before the reply begin with: what was asked, of whom, until when.

use super::{Known, filed, shown};
use crate::fee::{Bill, PAY_WORKING_DAYS};
use crate::letter::compose::Facts;
use crate::letter::tie::extension::extension;
use crate::letter::tie::leave::has_paper;
use crate::letter::{LetterKind, LetterState};
use crate::request::Channel;
use crate::request::case::{Asked, Case, Consultation, Opinion};
use crate::request::state::Act;
use crate::request::step::{OPINION_WORKING_DAYS, SUPPLEMENT_WORKING_DAYS};

/// How it came, as the receipt says it.
///
/// Law: art. 29: 采用书面形式确有困难的，可以口头提出，由工作机构代为填写.
const fn arrived(channel: Channel) -> &'static str {
    match channel {
        Channel::Web => "通过互联网提交",
        Channel::Counter => "当面提交",
        Channel::Oral => "口头提出、由本机关政府信息公开工作机构代为填写申请表",
        Channel::SignedPost | Channel::PlainPost => "邮寄提交",
        Channel::Fax => "以传真提交",
        Channel::Email => "以电子邮件提交",
    }
}

/// What one of the objectors says: that it objects, or to a part.
fn objection(case: &Case, name: &str) -> Opinion {
    let third = case.third_parties();
    let said = third.iter().find(|one| one.name.trim() == name);
    said.and_then(|one| one.opinion).unwrap_or(Opinion::Object)
}

/// What the third party that objected is told (art. 32).
fn decided_open(facts: Facts, known: &Known<'_>) -> Facts {
    let case = known.case;
    let begun = |name| has_paper(case, known.letters, name, |it| it != LetterState::Void);
    // Each has a paper of its own: the first that has none.
    let objectors = case.objectors();
    let next = objectors.iter().find(|name| !begun(name));
    let facts = match next.or(objectors.last()) {
        Some(name) => facts
            .with("to", *name)
            .with("opinion", objection(case, name).name()),
        None => facts,
    };
    match &case.request.decision {
        Some(decision) => facts
            .with("content", &decision.text)
            .with("reason", &decision.public_interest),
        None => facts,
    }
}

/// Why nothing more is done with the case, and since when.
///
/// Law: art. 30 (逾期不补正); 收费办法 art. 6 (逾期不缴费).
fn closed(facts: Facts, known: &Known<'_>) -> Facts {
    let case = known.case;
    let over = |why, asked, letter| {
        let number = known.number_of(letter).0;
        (why, known.text(asked, "until"), number)
    };
    let (why, fact_on, number) = if case.since_redo(Act::NotSupplemented).is_some() {
        over("no_supplement", Act::AskSupplement, LetterKind::Supplement)
    } else if case.since_redo(Act::NotPaid).is_some() {
        let number = known.number_of(LetterKind::Fee).0;
        ("no_payment", shown(case.pay_by()), number)
    } else if let Some(entry) = case.since_redo(Act::Withdraw) {
        ("withdrawn", entry.on.to_string(), String::new())
    } else {
        return facts;
    };
    facts
        .with("why", why)
        .with("fact_on", fact_on)
        .with("asked_number", number)
}

/// What the notice of a fee begins with; what was cancelled is no ground for another one.
fn fee(facts: Facts, known: &Known<'_>) -> Facts {
    let said = |name| match known.case.charge() {
        Some(_) => known.text(Act::Charge, name),
        None => String::new(),
    };
    let by = or(said("until"), || known.after(known.today, PAY_WORKING_DAYS));
    let facts = facts.with("how_to_pay", said("notice")).with("pay_by", by);
    match Bill::of(&said("scheme"), &said("count")) {
        Ok(bill) => facts
            .with("scheme", bill.scheme.code())
            .with("count", bill.count.to_string())
            .with("working", bill.working())
            .with("yuan", bill.yuan().to_string()),
        Err(_) => facts,
    }
}

fn or(text: String, other: impl FnOnce() -> String) -> String {
    if text.is_empty() { other() } else { text }
}

pub(super) fn underway(facts: Facts, kind: LetterKind, known: &Known<'_>) -> Facts {
    let (case, today) = (known.case, known.today);
    let until = |act, days| or(known.text(act, "until"), || known.after(today, days));
    match kind {
        LetterKind::Supplement => facts
            .with("items", known.text(Act::AskSupplement, "items"))
            .with(
                "supplement_by",
                until(Act::AskSupplement, SUPPLEMENT_WORKING_DAYS),
            ),
        LetterKind::ExplainReasons => facts
            .with("facts", known.text(Act::AskReasons, "facts"))
            .with("explain_by", known.text(Act::AskReasons, "until")),
        LetterKind::Deferral => facts
            .with("finding", known.text(Act::Defer, "why"))
            .with("new_due_on", known.text(Act::Defer, "until")),
        LetterKind::Extension => extension(facts, known),
        LetterKind::ThirdParty | LetterKind::CoMaker | LetterKind::Assist => {
            let asked = match kind {
                LetterKind::ThirdParty => Asked::ThirdParty,
                LetterKind::CoMaker => Asked::CoMaker,
                _ => Asked::Unit,
            };
            let open = |one: &&Consultation| one.asked == asked && one.is_open();
            match case.consultations.iter().rev().find(open) {
                Some(one) => facts
                    .with("to", &one.name)
                    .with("content", &one.question)
                    .with("reply_by", shown(one.due_on)),
                None => facts.with("reply_by", known.after(today, OPINION_WORKING_DAYS)),
            }
        }
        LetterKind::Fee => fee(facts, known),
        LetterKind::Receipt => facts.with("channel", arrived(case.request.channel)),
        LetterKind::DecidedOpen => decided_open(facts, known),
        LetterKind::Closed => closed(facts, known),
        LetterKind::Application => filed::application(facts, known),
        LetterKind::Register => filed::register(facts, known),
        LetterKind::Review => filed::review(facts, known),
        LetterKind::Consulting => filed::consulting(facts, known),
        LetterKind::ThirdPartyAnswer => filed::third_party_answer(facts, known),
        LetterKind::Delivery => filed::delivery(facts, known),
        _ => facts,
    }
}
