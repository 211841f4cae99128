//! What papers begin with that stay in the file or that others fill in: the registration, the course, the review, who was asked
//! and what was served, as the case has them. What a person has to judge stays open.

use super::{Known, line, shown};
use crate::letter::compose::{self, Facts, TEXT_CHARS_MAX, printed};
use crate::letter::tie::is_reply;
use crate::letter::{Letter, LetterKind};
use crate::request::case::{Asked, Consultation, Entry, Opinion};
use crate::request::reply::{Ground, Reply};
use crate::request::state::Act;
use crate::request::step::Service;
use crate::request::{Form, Way, Wish};
use serde_json::Value;

/// What is there of several, with 、 between.
fn joined(parts: &[&str]) -> String {
    let there = parts.iter().map(|part| part.trim());
    let there: Vec<&str> = there.filter(|part| !part.is_empty()).collect();
    there.join("、")
}

/// All that is asked for, as long as a text may be.
fn asked(wish: &Wish) -> String {
    let parts = [wish.subject.trim(), wish.description.trim()];
    let there: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    there.join("\n").chars().take(TEXT_CHARS_MAX).collect()
}

/// How the information is to be had, by the form's choice.
const fn channel(wish: &Wish) -> &'static str {
    match (wish.form, wish.way) {
        (Form::Reading, _) => "read",
        (_, Way::Post) => "post",
        (_, Way::Email) => "email",
        (_, Way::Fax) => "fax",
        (_, Way::PickUp) => "pick_up",
        (_, Way::Web) => "web",
    }
}

/// On what it is to be given; who reads it on the spot gets nothing.
const fn carrier(wish: &Wish) -> &'static str {
    match (wish.form, wish.way) {
        (Form::Paper, _) => "paper",
        (Form::Disc, _) => "disc",
        (Form::Electronic, Way::Email) => "email",
        (Form::Electronic, _) => "electronic",
        (Form::Reading, _) => "other",
    }
}

/// 申请表, where the organ fills it in for the applicant (art. 29), or files it.
pub(super) fn application(facts: Facts, known: &Known<'_>) -> Facts {
    let request = &known.case.request;
    let (who, wish) = (&request.applicant, &request.wish);
    facts
        .with("organ_to", &request.submitted_to)
        .with("id_kind", &who.paper)
        .with("id_no", &who.paper_number)
        .with("employer", &who.workplace)
        .with("representative", joined(&[&who.head, &who.contact]))
        .with("address", joined(&[&who.address, &who.postcode]))
        .with("phone", &who.phone)
        .with("email", &who.email)
        .with("summary", asked(wish))
        .with("channel", channel(wish))
        .with("carrier", carrier(wish))
        .with("applied_on", shown(request.receipt.days.submitted_on))
}

/// The reply's dispatch in this round, and how it left.
fn dispatched<'k>(known: &Known<'k>) -> Option<(&'k Entry, Service)> {
    let entry = known.case.since_redo(Act::Dispatch)?;
    let service = entry.data.get("service")?.as_str()?;
    Some((entry, Service::from_code(service)?))
}

/// 登记表: one line for each of 登记、审核、办理、答复、归档 (art. 45).
pub(super) fn register(facts: Facts, known: &Known<'_>) -> Facts {
    let case = known.case;
    let request = &case.request;
    let came_on = request.receipt.days.received_on(request.channel);
    let steps = case.history().filter_map(|entry| {
        let act = entry.act?;
        Some(format!("{}{}", printed(entry.on), act.name()))
    });
    let course = steps.collect::<Vec<_>>().join("；");
    let handler = request.handler.as_ref();
    let outcome = request.decision.as_ref();
    let delivered = dispatched(known)
        .map(|(entry, service)| format!("{}，{}", service.name(), printed(entry.on)));
    let told = case.since_redo(Act::Answer);
    let told = told.map(|entry| format!("当面答复，{}", printed(entry.on)));
    facts
        .with("channel", request.channel.name())
        .with("came_on", shown(came_on))
        .with("summary", asked(&request.wish))
        .with("unit", &request.organ_name)
        .with("officer", handler.map_or("", |(_, name)| name.as_str()))
        .with("course", cut(&course))
        .with("outcome", outcome.map_or("", |one| one.reply.name()))
        .with("replied_on", shown(request.replied_on))
        .with("delivered", delivered.or(told).unwrap_or_default())
        .with("archive_no", known.text(Act::Archive, "number"))
}

/// As much of a text as a blank takes.
fn cut(text: &str) -> String {
    text.chars().take(TEXT_CHARS_MAX).collect()
}

/// 审查表: what was proposed, said and signed (art. 17). Whether it is secret, and what of it is private, a person judges.
pub(super) fn review(facts: Facts, known: &Known<'_>) -> Facts {
    let case = known.case;
    let facts = facts.with("name", line(&case.request.wish));
    let facts = match &case.request.decision {
        Some(decision) => {
            let way = match decision.reply {
                Reply::Open => "request",
                Reply::Partly => "partly",
                Reply::Refused => "refuse",
                _ => "",
            };
            let is_secret = decision.grounds.contains(&Ground::Secret);
            facts
                .with("way", way)
                .with("level", if is_secret { "secret" } else { "" })
                .with(
                    "officer_opinion",
                    cut(&format!("{}。{}", decision.reply.name(), decision.text)),
                )
        }
        None => facts,
    };
    let heard = case.third_party_heard();
    let signed = case.since_redo(Act::Sign);
    let signed = signed.map(|entry| format!("{}于{}审签。", entry.by, printed(entry.on)));
    let passed = case.since_redo(Act::Pass).map(|entry| entry.on);
    facts
        .with("private", if heard { "consulted" } else { "" })
        .with("reviewer_opinion", cut(&known.text(Act::Pass, "words")))
        .with("reviewed_on", shown(passed))
        .with("approval", signed.unwrap_or_default())
}

/// 征求意见告知书: whose opinion is asked, and since when.
pub(super) fn consulting(facts: Facts, known: &Known<'_>) -> Facts {
    let outside = known.case.consultations.iter();
    let stands = |one: &&Consultation| known.case.stopped(one.id).is_none();
    let outside = outside
        .filter(|one| one.asked != Asked::Unit)
        .filter(stands);
    match outside.max_by_key(|one| (one.is_open(), one.sent_on)) {
        Some(one) => {
            let who = if one.asked == Asked::ThirdParty {
                "third"
            } else {
                "organ"
            };
            facts
                .with("asked", who)
                .with("sent_on", shown(Some(one.sent_on)))
        }
        None => facts,
    }
}

/// The letter that asked a third party; the newest of its name.
fn asking<'l>(letters: &'l [Letter], of: &Consultation) -> Option<&'l Letter> {
    let asks = |one: &&Letter| {
        one.kind == LetterKind::ThirdParty
            && one.number.is_some()
            && one.facts.get("to") == of.name.trim()
    };
    letters.iter().rev().find(asks)
}

/// 第三方意见回执: what it answers is known; what it says, only once it is registered.
pub(super) fn third_party_answer(facts: Facts, known: &Known<'_>) -> Facts {
    let facts = facts.with("asked_by", &known.case.request.organ_name);
    let third = known.case.consultations.iter();
    let stands = |one: &&Consultation| known.case.stopped(one.id).is_none();
    let third = third
        .filter(|one| one.asked == Asked::ThirdParty)
        .filter(stands);
    let Some(one) = third.max_by_key(|one| (one.is_open(), one.sent_on)) else {
        return facts;
    };
    let number = asking(known.letters, one).and_then(|letter| letter.number.clone());
    let opinion = match one.opinion {
        Some(Opinion::Agree) => "agree",
        Some(Opinion::Object) => "refuse",
        Some(Opinion::Partly) => "partly",
        Some(Opinion::Advice | Opinion::Silence) | None => "",
    };
    facts
        .with("asked_number", number.unwrap_or_default())
        .with("third_party", one.name.trim())
        .with("opinion", opinion)
        .with("reason", &one.words)
}

/// 送达回证: the reply, or the newest letter that has a number, and how it was served.
pub(super) fn delivery(facts: Facts, known: &Known<'_>) -> Facts {
    let numbered = || {
        known
            .letters
            .iter()
            .rev()
            .filter(|one| one.number.is_some())
    };
    let reply = numbered().find(|one| is_reply(one.kind));
    let Some(letter) = reply.or_else(|| numbered().next()) else {
        return facts;
    };
    let to = letter.facts.get("to");
    let recipient = if to.is_empty() {
        known.case.request.applicant.name.as_str()
    } else {
        to
    };
    let facts = facts
        .with("paper", compose::title(letter.kind))
        .with("paper_number", letter.number.as_deref().unwrap_or_default())
        .with("recipient", recipient);
    let Some((entry, service)) = dispatched(known).filter(|_| is_reply(letter.kind)) else {
        return facts;
    };
    let proof = entry.data.get("proof").and_then(Value::as_str);
    let (way, place) = match service {
        Service::Direct => ("direct", "receiver"),
        Service::Entrusted => ("entrusted", "receiver"),
        Service::Post => ("post", "mail_no"),
        Service::Email | Service::Web => ("online", "note"),
    };
    facts
        .with("way", way)
        .with(place, proof.unwrap_or_default())
        .with("served_on", shown(Some(entry.on)))
}

#[cfg(test)]
mod tests {
    use gongkai_basis::Date;
    use gongkai_basis::calendar::WorkCalendar;
    use gongkai_basis::id::AccountId;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use crate::id::ConsultationId;
    use crate::letter::LetterKind;
    use crate::letter::compose::{Facts, TEXT_CHARS_MAX};
    use crate::letter::tie::{self, Known};
    use crate::request::case::{Asked, Case, Consultation, Entry, Opinion};
    use crate::request::reply::{Decision, Reply};
    use crate::request::state::Act;
    use crate::request::tests::sample;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn entry(act: Act, on: &str, data: Value) -> Entry {
        Entry {
            act: Some(act),
            on: day(on),
            at: 0,
            by: "机构负责人".to_owned(),
            account: None,
            sentence: String::new(),
            public: String::new(),
            data,
            clock: Vec::new(),
        }
    }

    /// A case that was answered, with whoever was asked.
    fn case() -> Case {
        let mut request = sample();
        request.received_on = Some(day("2026-03-02"));
        request.receipt.days.submitted_on = request.received_on;
        let handler = AccountId::new(Uuid::from_u128(7));
        request.handler = Some((handler, "经办".to_owned()));
        request.decision = Some(Decision {
            text: "提供清单一份".to_owned(),
            ..Decision::of(Reply::Open)
        });
        request.replied_on = Some(day("2026-03-12"));
        let mut case = Case::begin(request, ("经办".to_owned(), None), day("2026-03-02"));
        let sent = json!({ "service": "post", "proof": "EMS1" });
        case.entries.extend([
            entry(Act::Accept, "2026-03-03", Value::Null),
            entry(Act::Pass, "2026-03-10", json!({ "words": "不涉密" })),
            entry(Act::Sign, "2026-03-11", Value::Null),
            entry(Act::Dispatch, "2026-03-12", sent),
        ]);
        case.consultations.push(Consultation {
            id: ConsultationId::new(Uuid::from_u128(1)),
            asked: Asked::ThirdParty,
            name: "甲公司".to_owned(),
            organ: None,
            question: "综合单价".to_owned(),
            sent_on: day("2026-03-04"),
            got_on: None,
            due_on: None,
            answered_on: Some(day("2026-03-09")),
            opinion: Some(Opinion::Object),
            words: "属于商业秘密".to_owned(),
        });
        case
    }

    fn begins(kind: LetterKind) -> Facts {
        tie::facts(
            kind,
            &Known {
                case: &case(),
                letters: &[],
                today: day("2026-03-13"),
                calendar: &WorkCalendar::builtin(),
            },
        )
    }

    /// What the case holds is as long as it may be; with its heading it is longer than a blank.
    #[test]
    fn a_long_opinion_is_cut_to_its_blank() {
        let mut case = case();
        case.request.decision = Some(Decision {
            text: "长".repeat(TEXT_CHARS_MAX),
            ..Decision::of(Reply::Open)
        });
        let words = "审".repeat(TEXT_CHARS_MAX + 1);
        let reviewed = entry(Act::Pass, "2026-03-13", json!({ "words": words }));
        case.entries.push(reviewed);
        let known = Known {
            case: &case,
            letters: &[],
            today: day("2026-03-13"),
            calendar: &WorkCalendar::builtin(),
        };
        let facts = tie::facts(LetterKind::Review, &known);
        for code in ["officer_opinion", "reviewer_opinion"] {
            assert_eq!(facts.get(code).chars().count(), TEXT_CHARS_MAX, "{code}");
        }
    }

    #[test]
    fn papers_of_the_file_begin_with_what_the_case_holds() {
        let papers: [(LetterKind, &[(&str, &str)]); 5] = [
            (
                LetterKind::Application,
                &[
                    ("organ_to", "安澜市司法局"),
                    ("id_no", "E00000001"),
                    ("phone", "0000-0000000"),
                    ("channel", "web"),
                    ("carrier", "electronic"),
                    ("applied_on", "2026-03-02"),
                ],
            ),
            (
                LetterKind::Register,
                &[
                    ("came_on", "2026-03-02"),
                    ("officer", "经办"),
                    ("outcome", "予以公开"),
                    ("replied_on", "2026-03-12"),
                    ("delivered", "邮寄（中国邮政），2026年3月12日"),
                    (
                        "course",
                        "2026年3月3日审核分派；2026年3月10日公开审查通过；2026年3月11日审签；2026年3月12日发出答复",
                    ),
                ],
            ),
            (
                LetterKind::Review,
                &[
                    ("way", "request"),
                    ("level", ""),
                    ("private", "consulted"),
                    ("officer_opinion", "予以公开。提供清单一份"),
                    ("reviewer_opinion", "不涉密"),
                    ("reviewed_on", "2026-03-10"),
                    ("approval", "机构负责人于2026年3月11日审签。"),
                ],
            ),
            (
                LetterKind::Consulting,
                &[("asked", "third"), ("sent_on", "2026-03-04")],
            ),
            (
                LetterKind::ThirdPartyAnswer,
                &[
                    ("asked_by", "安澜市司法局"),
                    ("third_party", "甲公司"),
                    ("opinion", "refuse"),
                    ("reason", "属于商业秘密"),
                ],
            ),
        ];
        for (kind, filled) in papers {
            let facts = begins(kind);
            for (code, text) in filled {
                assert!(kind.template().blank(code).is_some(), "{kind:?} {code}");
                assert_eq!(facts.get(code), *text, "{kind:?} {code}");
            }
        }
        // The day on which the application came in is not the one on which the reply was signed for.
        assert_eq!(begins(LetterKind::Delivery).get("received_on"), "");
    }
}
