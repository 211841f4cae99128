//! What ties a paper to its case: what the case already says of it, and the act that leaves with it. Pure.

pub mod handle;

use gongkai_basis::Date;
use gongkai_basis::calendar::{WorkCalendar, WorkingDays};
use gongkai_basis::id::OrganId;
use gongkai_platform::fault::Reason;
use serde_json::Value;

use super::compose::{self, Facts};
use super::{Letter, LetterKind, LetterState};
use crate::fee::{self, Bill, FeeScheme, PAY_WORKING_DAYS};
use crate::request::case::{Asked, Case, Entry, Opinion};
use crate::request::reply::{Decision, Reply};
use crate::request::state::Act;
use crate::request::step::{ACTING, OPINION_WORKING_DAYS, Step};
use crate::request::{ApplicantKind, Channel, Wish};

/// Working days that 补正 is given by default: 条例 art. 30 says 合理期限 only.
pub const SUPPLEMENT_WORKING_DAYS: u16 = 15;

/// The act of the case that a paper is; `None` for papers that only lie in the file.
#[must_use]
pub const fn act(kind: LetterKind) -> Option<Act> {
    Some(match kind {
        LetterKind::Supplement => Act::AskSupplement,
        LetterKind::ExplainReasons => Act::AskReasons,
        LetterKind::Extension => Act::ApproveExtension,
        LetterKind::Deferral => Act::Defer,
        LetterKind::ThirdParty | LetterKind::CoMaker => Act::Consult,
        LetterKind::Assist => Act::AskUnit,
        LetterKind::Fee => Act::Charge,
        LetterKind::AlreadyPublished
        | LetterKind::Disclose
        | LetterKind::Partly
        | LetterKind::Refuse
        | LetterKind::NotHeld
        | LetterKind::NotOurs
        | LetterKind::NotReady
        | LetterKind::StillUnclear
        | LetterKind::Repeated
        | LetterKind::Query
        | LetterKind::Petition
        | LetterKind::Publication
        | LetterKind::Excessive
        | LetterKind::Confirmation
        | LetterKind::Correction => Act::Dispatch,
        LetterKind::Application
        | LetterKind::Register
        | LetterKind::Receipt
        | LetterKind::ThirdPartyAnswer
        | LetterKind::Consulting
        | LetterKind::DecidedOpen
        | LetterKind::Review
        | LetterKind::ReviewReferral
        | LetterKind::Closed
        | LetterKind::Delivery => return None,
    })
}

/// The papers by which an act can be done.
#[must_use]
pub fn papers(act_: Act) -> Vec<LetterKind> {
    let fits = |kind: &LetterKind| act(*kind) == Some(act_);
    LetterKind::ALL.iter().copied().filter(fits).collect()
}

/// Is it a reply that goes out with 发出答复?
#[must_use]
pub fn is_reply(kind: LetterKind) -> bool {
    act(kind) == Some(Act::Dispatch)
}

/// The letter that carries the reply as it is decided now: the newest one of its kind that is neither void nor of an earlier
/// round.
#[must_use]
pub fn reply_letter<'l>(letters: &'l [Letter], decision: &Decision) -> Option<&'l Letter> {
    let kind = decision.reply.letter()?;
    letters.iter().rev().find(|letter| {
        letter.kind == kind && !matches!(letter.state, LetterState::Void | LetterState::Issued)
    })
}

/// Is something given to which a third party objected, without the paper that tells it so?
///
/// Law: art. 32: 决定予以公开的，将决定公开的政府信息内容和理由书面告知第三方.
#[must_use]
pub fn third_untold(case: &Case, letters: &[Letter]) -> bool {
    let decision = case.request.decision.as_ref();
    let given = decision.is_some_and(|one| !one.public_interest.trim().is_empty());
    let told = |one: &Letter| one.kind == LetterKind::DecidedOpen && one.state != LetterState::Void;
    given && case.objected() && !letters.iter().any(told)
}

/// Where in the history an act stands that no letter was issued for yet.
#[must_use]
pub fn without_letter(case: &Case, letters: &[Letter], of: &Letter) -> Option<usize> {
    let wanted = act(of.kind)?;
    let begin = case
        .entries
        .iter()
        .rposition(|one| one.act == Some(Act::Redo));
    let to = of.facts.get("to");
    case.entries
        .iter()
        .enumerate()
        .skip(begin.unwrap_or(0))
        .find(|(place, entry)| {
            entry.act == Some(wanted)
                && !letters.iter().any(|one| one.entry == Some(*place))
                && (to.is_empty() || entry.sentence.contains(to))
        })
        .map(|(place, _)| place)
}

/// What a letter of a case begins with.
#[derive(Debug, Clone, Copy)]
pub struct Known<'k> {
    pub case: &'k Case,
    /// Of this case, oldest first.
    pub letters: &'k [Letter],
    pub today: Date,
    pub calendar: &'k WorkCalendar,
}

impl Known<'_> {
    fn after(&self, from: Date, days: u16) -> String {
        let days = WorkingDays::new(days).ok();
        let due = days.and_then(|days| self.calendar.after(from, days).ok());
        shown(due)
    }

    fn text(&self, act: Act, name: &str) -> String {
        let entry = self.case.since_redo(act);
        match entry.and_then(|entry| entry.data.get(name)) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    fn number_of(&self, kind: LetterKind) -> (String, String) {
        let issued = self.letters.iter().rev().find(|one| one.kind == kind);
        issued.map_or_else(Default::default, |one| {
            (one.number.clone().unwrap_or_default(), shown(one.issued_on))
        })
    }
}

fn shown(date: Option<Date>) -> String {
    date.map_or_else(String::new, |date| date.to_string())
}

fn or(text: String, other: impl FnOnce() -> String) -> String {
    if text.is_empty() { other() } else { text }
}

/// What the case already says: the head, what was decided, what the act was done with.
#[must_use]
pub fn facts(kind: LetterKind, known: &Known<'_>) -> Facts {
    let case = known.case;
    let request = &case.request;
    let who = if request.applicant.kind == ApplicantKind::Natural {
        "person"
    } else {
        "organisation"
    };
    let head = Facts::default()
        .with("applicant", &request.applicant.name)
        .with("applicant_kind", who)
        .with("case_no", &request.number)
        .with("received_on", shown(request.received_on))
        .with("due_on", shown(request.due_on))
        .with("summary", line(&request.wish));
    let facts = match act(kind) {
        Some(Act::Dispatch) => match &request.decision {
            Some(decision) => decided(head, decision, known),
            None => searched(head, known),
        },
        _ => underway(head, kind, known),
    };
    facts.carried_to(kind)
}

/// One line of what is asked for, as long as a letter's line may be.
fn line(wish: &Wish) -> String {
    let text = if wish.subject.trim().is_empty() {
        &wish.description
    } else {
        &wish.subject
    };
    text.replace('\n', "")
        .chars()
        .take(compose::LINE_CHARS_MAX)
        .collect()
}

fn searched(facts: Facts, known: &Known<'_>) -> Facts {
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

fn decided(facts: Facts, decision: &Decision, known: &Known<'_>) -> Facts {
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
        Reply::CorrectElsewhere => facts
            .with("result", "transferred")
            .with("detail", text)
            .with("competent", place),
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

/// What the third party that objected is told (art. 32).
fn decided_open(facts: Facts, case: &Case) -> Facts {
    let objected = case
        .consultations
        .iter()
        .rev()
        .find(|one| one.asked == Asked::ThirdParty && one.opinion == Some(Opinion::Object));
    let facts = match objected {
        Some(one) => facts.with("to", &one.name).with("opinion", "不同意公开"),
        None => facts,
    };
    match &case.request.decision {
        Some(decision) => facts
            .with("content", &decision.text)
            .with("reason", &decision.public_interest),
        None => facts,
    }
}

fn underway(facts: Facts, kind: LetterKind, known: &Known<'_>) -> Facts {
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
            let open =
                |one: &&crate::request::case::Consultation| one.asked == asked && one.is_open();
            match case.consultations.iter().rev().find(open) {
                Some(one) => facts
                    .with("to", &one.name)
                    .with("content", &one.question)
                    .with("reply_by", shown(one.due_on)),
                None => facts.with("reply_by", known.after(today, OPINION_WORKING_DAYS)),
            }
        }
        LetterKind::Fee => {
            let bill = Bill::of(
                &known.text(Act::Charge, "scheme"),
                &known.text(Act::Charge, "count"),
            );
            let facts = facts
                .with("how_to_pay", known.text(Act::Charge, "notice"))
                .with("pay_by", until(Act::Charge, PAY_WORKING_DAYS));
            match bill {
                Ok(bill) => facts
                    .with("scheme", bill.scheme.code())
                    .with("count", bill.count.to_string())
                    .with("working", bill.working())
                    .with("yuan", bill.yuan().to_string()),
                Err(_) => facts,
            }
        }
        LetterKind::Receipt => facts.with("channel", arrived(case.request.channel)),
        LetterKind::DecidedOpen => decided_open(facts, case),
        _ => facts,
    }
}

/// Law: art. 33: approved by the head of the 工作机构.
fn extension(facts: Facts, known: &Known<'_>) -> Facts {
    let case = known.case;
    let facts = facts.with("why", known.text(Act::ProposeExtension, "why"));
    let days = known.text(Act::ProposeExtension, "days");
    let count: u16 = days.parse().unwrap_or(0);
    if case.extension_asked().is_some() {
        let new = case.request.due_on.map(|due| known.after(due, count));
        return facts
            .with("days", days)
            .with("new_due_on", new.unwrap_or_default());
    }
    let Some(approved) = case.since_redo(Act::ApproveExtension) else {
        // Nothing was asked for: the day of today's clock is the old one.
        return facts;
    };
    facts
        .with("days", days)
        .with("new_due_on", shown(case.request.due_on))
        .with("due_on", shown(due_before(Act::ApproveExtension, known)))
        .with("approver", &approved.by)
        .with("approver_as", approved_as(approved))
}

/// In what capacity an extension was approved, as the letter's blank has it.
pub(super) fn approved_as(entry: &Entry) -> &'static str {
    if entry.data.get(ACTING).is_some() {
        "unit_head"
    } else {
        "office_head"
    }
}

/// Why a letter does not say who approved the extension, and as what.
#[must_use]
pub fn approval_fault(letter: &Letter, entry: &Entry) -> Option<String> {
    let facts = &letter.facts;
    let said = match facts.get("approver_as") {
        "" => "office_head",
        said => said,
    };
    let (is, name) = (approved_as(entry), entry.by.as_str());
    if letter.kind != LetterKind::Extension || (said == is && facts.get("approver") == name) {
        return None;
    }
    let as_what = if is == "unit_head" {
        "本机关负责人"
    } else {
        "政府信息公开工作机构负责人"
    };
    Some(format!(
        "批准延期的是{as_what}{name}，文书写的不一致，没有发出。请把草稿的“批准人”和身份改成一致的。"
    ))
}

/// The due day as it was before the newest act of a kind; `None` where the clock stood still then.
fn due_before(act: Act, known: &Known<'_>) -> Option<Date> {
    let case = known.case;
    let place = case.entries.iter().rposition(|one| one.act == Some(act))?;
    let mut before = case.clone();
    before.entries.truncate(place);
    before.due_on(known.calendar)
}

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
    Some(Decision {
        reply,
        grounds: compose::grounds(facts.get("grounds")).unwrap_or_default(),
        text: or(first(&texts), || kind.name().to_owned()),
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
