//! 更正登记: what was registered wrongly is mended, with the old and the new value in the history. Pure.

use gongkai_basis::Date;
use gongkai_basis::clock::ClockEvent;
use gongkai_platform::fault::{Reason, Wanted, text_fault};
use serde_json::{Map, Value, json};

use super::super::case::{Case, Entry};
use super::super::state::Act;
use super::super::{Applicant, ApplicantKind, Request, TEXT_CHARS_MAX};
use super::Step;
use crate::letter::compose::printed;

/// What is written otherwise than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub code: &'static str,
    pub label: &'static str,
    pub before: String,
    pub after: String,
}

/// Every line of an applicant: code, label, place.
fn lines(who: &mut Applicant) -> [(&'static str, &'static str, &mut String); 11] {
    [
        ("name", "姓名（名称）", &mut who.name),
        ("paper", "证件名称", &mut who.paper),
        ("paper_number", "证件号码", &mut who.paper_number),
        ("head", "法定代表人", &mut who.head),
        ("contact", "联系人", &mut who.contact),
        ("workplace", "工作单位", &mut who.workplace),
        ("phone", "联系电话", &mut who.phone),
        ("fax", "传真号码", &mut who.fax),
        ("email", "电子邮箱", &mut who.email),
        ("address", "通信地址", &mut who.address),
        ("postcode", "邮政编码", &mut who.postcode),
    ]
}

const KIND: &str = "applicant_kind";

/// What an amendment changes.
#[must_use]
pub fn changes(request: &Request, applicant: &Applicant, received_on: Option<Date>) -> Vec<Change> {
    let (mut old, mut new) = (request.applicant.clone(), applicant.clone());
    let kinds = (old.kind, new.kind);
    let change = |code, label, before: &str, after: &str| {
        (before != after).then(|| Change {
            code,
            label,
            before: before.to_owned(),
            after: after.to_owned(),
        })
    };
    let mut found: Vec<Change> = change(KIND, "申请人类型", kinds.0.name(), kinds.1.name())
        .into_iter()
        .collect();
    let pairs = lines(&mut old).into_iter().zip(lines(&mut new));
    found.extend(pairs.filter_map(|((code, label, before), (_, _, after))| {
        change(code, label, before.trim(), after.trim())
    }));
    let received = request.received_on.zip(received_on);
    found.extend(received.and_then(|(before, after)| {
        let (before, after) = (printed(before), printed(after));
        change("received_on", "收到申请之日", &before, &after)
    }));
    found
}

/// What the step changes; empty for any other step.
fn changed(case: &Case, step: &Step) -> Vec<Change> {
    match step {
        Step::Amend {
            applicant,
            received_on,
            ..
        } => changes(&case.request, applicant, *received_on),
        _ => Vec::new(),
    }
}

/// The day of receipt, where the step sets another one.
pub(super) fn received(case: &Case, step: &Step) -> Option<Date> {
    let Step::Amend { received_on, .. } = step else {
        return None;
    };
    let before = case.request.received_on?;
    received_on.filter(|on| *on != before)
}

/// The running clock told once more from another day of receipt.
///
/// Law: art. 31: the limit counts from the day of receipt.
pub(super) fn clock(case: &Case, step: &Step) -> Vec<ClockEvent> {
    let Some(on) = received(case, step) else {
        return Vec::new();
    };
    let told = case.clock_events().map(|event| match *event {
        ClockEvent::Started { terms, .. } => ClockEvent::Started { on, terms },
        other => other,
    });
    told.collect()
}

/// The case with what is mended.
pub(super) fn mend(case: &mut Case, step: &Step) {
    let received = received(case, step);
    if let Step::Amend { applicant, why, .. } = step {
        if let Some(on) = received {
            case.request.received_on = Some(on);
            case.request.receipt.set = Some((on, why.clone()));
        }
        case.request.applicant.clone_from(applicant);
    }
}

/// Every reason why it cannot be mended so.
pub(super) fn reasons(case: &Case, step: &Step, today: Date) -> Vec<Option<Reason>> {
    let Step::Amend {
        applicant,
        received_on,
        why,
    } = step
    else {
        return Vec::new();
    };
    let request = &case.request;
    let mut found = vec![text_fault(
        ("why", "更正的原因"),
        why,
        TEXT_CHARS_MAX,
        Wanted::Yes,
    )];
    found.extend(applicant.why_not().into_iter().map(Some));
    // What was asked for stays as it is: only where it is to go is looked at.
    let way = request.wish.why_not(request.kind, applicant);
    let goes = |(field, _): &Reason| matches!(*field, "address" | "email" | "fax");
    found.extend(way.into_iter().filter(goes).map(Some));
    let late = received_on.filter(|on| *on > today);
    found.push(late.map(|_| ("received_on", "收到日期还没有到，请核对。".to_owned())));
    let again = received(case, step).filter(|_| case.last(Act::Redo).is_some());
    found.push(again.map(|_| {
        let said = "重新办理的，期限从收到决定之日起算，收到申请之日不再更正。";
        ("received_on", said.to_owned())
    }));
    if changed(case, step).is_empty() {
        found.push(Some(("act", "登记的内容没有改动，没有保存。".to_owned())));
    }
    found
}

/// For the time line of staff.
pub(super) fn sentence(case: &Case, step: &Step) -> String {
    let Step::Amend { why, .. } = step else {
        return String::new();
    };
    let said = changed(case, step).into_iter().map(|one| {
        let shown = |text: &str| match text {
            "" => "（空）".to_owned(),
            text => format!("“{text}”"),
        };
        let (before, after) = (shown(&one.before), shown(&one.after));
        format!("{}由{before}改为{after}", one.label)
    });
    let said = said.collect::<Vec<_>>().join("，");
    format!("更正登记：{said}。原因：{why}")
}

/// What the applicant reads: which lines, not what stood there.
pub(super) fn public(case: &Case, step: &Step) -> String {
    let labels = changed(case, step).into_iter().map(|one| one.label);
    format!("更正登记：{}", labels.collect::<Vec<_>>().join("、"))
}

/// The old and the new values by code; `None` for any other step.
pub(super) fn data(case: &Case, step: &Step) -> Option<Value> {
    let Step::Amend { why, .. } = step else {
        return None;
    };
    let (mut before, mut after) = (Map::new(), Map::new());
    for one in changed(case, step) {
        before.insert(one.code.to_owned(), one.before.into());
        after.insert(one.code.to_owned(), one.after.into());
    }
    Some(json!({ "why": why, "before": before, "after": after }))
}

/// What was handed in, whatever was mended in its registration since: receipts are about it.
#[must_use]
pub fn handed_in(case: &Case) -> Request {
    let mut request = case.request.clone();
    for entry in case.entries.iter().rev() {
        if let Some(who) = before(entry, &request.applicant) {
            request.applicant = who;
        }
    }
    request
}

/// The applicant as registered before an amendment, as far as it changed it.
#[must_use]
pub fn before(entry: &Entry, now: &Applicant) -> Option<Applicant> {
    let amended = entry.act == Some(Act::Amend);
    let Some(Value::Object(values)) = entry.data.get("before").filter(|_| amended) else {
        return None;
    };
    let mut who = now.clone();
    let text = |code: &str| values.get(code).and_then(Value::as_str);
    if let Some(kind) = text(KIND) {
        let kind = ApplicantKind::ALL.iter().find(|one| one.name() == kind);
        who.kind = kind.copied().unwrap_or(who.kind);
    }
    for (code, _, place) in lines(&mut who) {
        if let Some(text) = text(code) {
            text.clone_into(place);
        }
    }
    Some(who)
}
