//! What a reply begins with: the decision, the search before it, what third parties said.

use gongkai_basis::Date;

use super::{Known, unregistered};
use crate::letter::LetterKind;
use crate::letter::compose::{self, Facts};
use crate::letter::tie;
use crate::request::case::{Case, Opinion};
use crate::request::reply::{Decision, Ground, Reply};
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
            .with("supply", "attached")
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
        // 督促整改 or 通报批评 (art. 47): a person says in the letter.
        Reply::ComplaintHolds => facts.with("result", "rectify").with("detail", text),
        Reply::ComplaintFails => facts.with("result", "fails").with("detail", text),
        // Handed on, or told to ask there (art. 41): which of both, a person says in the letter.
        Reply::CorrectElsewhere => facts.with("detail", text).with("competent", place),
        Reply::AlreadyPublic
        | Reply::Refused
        | Reply::NotThere
        | Reply::NotOurs
        | Reply::NeedsMaking
        | Reply::NotSupplemented
        | Reply::NotPaid
        | Reply::OtherEnd => facts,
    }
}

/// What the third parties say by now, in a line: each once, as the check counts them; and whom no letter reached.
pub(super) fn opinion(case: &Case) -> String {
    let third = case.third_parties().into_iter();
    let said = third.filter_map(|one| {
        let on = one.answered_on.map_or_else(String::new, compose::printed);
        let name = one.name.trim();
        Some(match one.opinion? {
            Opinion::Silence => format!("{name}至{on}期满未答复"),
            opinion => format!("{name}于{on}答复{}", opinion.name()),
        })
    });
    let vain = case.unreached_third_parties().map(|(one, stopped)| {
        let (name, on) = (one.name.trim(), compose::printed(stopped.on));
        format!("向{name}发出的征求意见书送达不到，{on}不再征求")
    });
    said.chain(vain).collect::<Vec<_>>().join("；")
}

/// The blanks of a reply's letter that its decision fills; the others are its officer's, or the case's.
const DECIDED: [&str; 19] = [
    "grounds",
    "reason",
    "list",
    "detail",
    "finding",
    "unclear",
    "why",
    "publication",
    "open_part",
    "closed_part",
    "where",
    "responsible",
    "responsible_contact",
    "earlier_number",
    "earlier_on",
    "earlier",
    "special_law",
    "competent",
    "result",
];

/// The blanks in which a reply's letter says something else than what was decided, and what they say by the decision.
#[must_use]
pub(in crate::letter::tie) fn unlike(
    letter: &Facts,
    kind: LetterKind,
    decision: &Decision,
    known: &Known<'_>,
) -> Vec<(&'static str, String)> {
    if !tie::is_reply(kind) {
        return Vec::new();
    }
    let said = decided(Facts::default(), decision, known).carried_to(kind);
    let decides = |code: &&str| match *code {
        // A letter that left its text open was decided by its name.
        "reason" | "list" | "detail" | "finding" | "unclear" | "why" | "publication" => {
            decision.text != kind.name()
        }
        // Where it is given later, the letter alone says.
        "where" => decision.reply != Reply::Open,
        "earlier_on" => !said.get(code).is_empty(),
        "competent" => decision.reply == Reply::CorrectElsewhere,
        // Two ways of a correction, or of a complaint that holds, are one decision.
        "result" => {
            let says = tie::decision(kind, letter, None);
            says.is_none_or(|one| one.reply != decision.reply)
        }
        _ => true,
    };
    let is_unlike = |code: &&str| match *code {
        "grounds" => grounds(letter) != grounds(&said),
        code => letter.get(code) != said.get(code),
    };
    let there = |code: &&str| kind.template().blank(code).is_some();
    let own = DECIDED.iter().copied().filter(there);
    own.filter(decides)
        .filter(is_unlike)
        .map(|code| (code, said.get(code).to_owned()))
        .collect()
}

/// In whatever order they were named.
fn grounds(facts: &Facts) -> Vec<Ground> {
    compose::grounds(facts.get("grounds")).unwrap_or_default()
}

/// A reply's letter that was written before, with what is decided and registered now; what its officer wrote elsewhere stays.
/// `None`: it says so already.
#[must_use]
pub fn decided_anew(
    letter: &Facts,
    kind: LetterKind,
    decision: &Decision,
    known: &Known<'_>,
) -> Option<Facts> {
    let mut unlike = unlike(letter, kind, decision, known);
    unlike.extend(unregistered(letter, kind, &known.case.request));
    let wanted = decision.grounds.contains(&Ground::ThirdParty) && letter.get("opinion").is_empty();
    let said = opinion(known.case);
    if wanted && !said.is_empty() {
        unlike.push(("opinion", said));
    }
    let laid = |facts: Facts, (code, text): (&str, String)| facts.with(code, text);
    (!unlike.is_empty()).then(|| unlike.into_iter().fold(letter.clone(), laid))
}

#[cfg(test)]
mod tests {
    use gongkai_basis::calendar::WorkCalendar;

    use gongkai_basis::Date;
    use uuid::Uuid;

    use super::{Known, Opinion, decided, decided_anew, earlier, opinion, unlike};
    use crate::id::ConsultationId;
    use crate::letter::LetterKind;
    use crate::letter::compose::{self, Facts, Head};
    use crate::letter::profile::Profile;
    use crate::letter::remedy::Served;
    use crate::letter::tie;
    use crate::request::case::{Asked, Case, Consultation};
    use crate::request::reply::{Decision, Ground, Reply};
    use crate::request::tests::sample;

    fn with<T>(look: impl FnOnce(&Known<'_>) -> T) -> T {
        let today = "2026-03-02".parse().unwrap();
        let case = Case::begin(sample(), ("经办".to_owned(), None), today);
        look(&Known {
            case: &case,
            letters: &[],
            today,
            calendar: &WorkCalendar::builtin(),
        })
    }

    /// A letter that is handed in decides its case: it says then what was decided, and goes on.
    #[test]
    fn a_letter_agrees_with_the_decision_that_it_makes() {
        let replies = LetterKind::ALL.iter().filter(|kind| tie::is_reply(**kind));
        let mut letters: Vec<(LetterKind, Facts)> =
            replies.map(|kind| (*kind, Facts::sample(*kind))).collect();
        let changed = |kind, code, text: &str| (kind, Facts::sample(kind).with(code, text));
        let later = changed(LetterKind::Disclose, "supply", "later");
        letters.push((later.0, later.1.with("list", "").with("where", "市档案馆")));
        for result in ["transferred", "told", "not_corrected"] {
            letters.push(changed(LetterKind::Correction, "result", result));
        }
        for result in ["criticise", "fails"] {
            letters.push(changed(LetterKind::Complaint, "result", result));
        }
        letters.push(changed(LetterKind::NotOurs, "responsible", ""));
        letters.push(changed(LetterKind::Refuse, "grounds", "n7, N6"));
        for (kind, facts) in letters {
            let decision = tie::decision(kind, &facts, None).unwrap();
            let unlike = with(|known| unlike(&facts, kind, &decision, known));
            assert!(unlike.is_empty(), "{kind:?}: {unlike:?}");
        }
    }

    #[test]
    fn only_what_was_decided_otherwise_is_laid_over_a_letter() {
        let letter = Facts::sample(LetterKind::NotOurs).with("responsible", "");
        let decision = Decision {
            text: "由市财政局制作".to_owned(),
            place: "安澜市财政局".to_owned(),
            contact: "0700-0000001".to_owned(),
            ..Decision::of(Reply::NotOurs)
        };
        let anew = |facts: &Facts, decision: &Decision| {
            let kind = decision.reply.letter();
            with(|known| decided_anew(facts, kind, decision, known))
        };
        let laid = anew(&letter, &decision).unwrap();
        for (code, text) in [
            ("reason", "由市财政局制作"),
            ("responsible", "安澜市财政局"),
            ("responsible_contact", "0700-0000001"),
            ("summary", letter.get("summary")),
        ] {
            assert_eq!(laid.get(code), text, "{code}");
        }
        assert_eq!(anew(&laid, &decision), None, "said already");
        // An organ that is named no more goes out of the letter.
        let unnamed = Decision {
            place: String::new(),
            contact: String::new(),
            ..decision
        };
        assert_eq!(anew(&laid, &unnamed).unwrap().get("responsible"), "");
        let refuse = Facts::sample(LetterKind::Refuse);
        let decision = Decision {
            text: refuse.get("reason").to_owned(),
            grounds: vec![Ground::CaseFile],
            ..Decision::of(Reply::Refused)
        };
        let laid = anew(&refuse, &decision).unwrap();
        assert_eq!(laid.get("grounds"), "N7");
        assert_eq!(laid.get("separation"), refuse.get("separation"));
    }

    /// What a third party said before it changed its mind is not what it says.
    #[test]
    fn a_letter_tells_of_each_third_party_what_it_said_last() {
        let day = |text: &str| -> Date { text.parse().unwrap() };
        let mut case = Case::begin(sample(), ("经办".to_owned(), None), day("2026-03-02"));
        let answers = [
            ("甲公司", "2026-03-05", Opinion::Object),
            ("甲公司", "2026-03-09", Opinion::Agree),
            ("乙公司", "2026-03-30", Opinion::Silence),
        ];
        let letters = (1_u128..).zip(answers);
        case.consultations = letters
            .map(|(n, (name, on, opinion))| Consultation {
                id: ConsultationId::new(Uuid::from_u128(n)),
                asked: Asked::ThirdParty,
                name: name.to_owned(),
                organ: None,
                question: String::new(),
                sent_on: day("2026-03-02"),
                got_on: None,
                due_on: None,
                answered_on: Some(day(on)),
                opinion: Some(opinion),
                words: String::new(),
            })
            .collect();
        assert_eq!(
            opinion(&case),
            "甲公司于2026年3月9日答复同意公开；乙公司至2026年3月30日期满未答复"
        );
        // Also in a letter that is drawn up before anything was decided.
        let begins = tie::facts(
            LetterKind::Partly,
            &Known {
                case: &case,
                letters: &[],
                today: day("2026-04-01"),
                calendar: &WorkCalendar::builtin(),
            },
        );
        assert_eq!(begins.get("opinion"), opinion(&case));
    }

    /// Law: art. 37: what can be given of it is given; the letter never says that nothing comes with it unless that was chosen.
    #[test]
    fn a_part_that_comes_with_the_letter_is_not_denied_by_it() {
        let decision = Decision {
            open_part: "工程总价".to_owned(),
            closed_part: "综合单价".to_owned(),
            ..Decision::of(Reply::Partly)
        };
        let begins = with(|known| decided(Facts::default(), &decision, known));
        assert_eq!(begins.get("supply"), "attached");
        let profile = Profile::default();
        let head = Head {
            organ: "安澜市财政局",
            profile: &profile,
            number: "",
            dated: None,
            served: Served::OnPaper,
            door: None,
        };
        for (supply, denies) in [("", false), ("attached", false), ("here", true)] {
            let facts = Facts::sample(LetterKind::Partly).with("supply", supply);
            let text = compose::letter(LetterKind::Partly, &facts, &head).plain();
            assert_eq!(text.contains("不另附材料"), denies, "{supply}: {text}");
        }
    }

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
