//! What the notice of an extension says of it, and who approved it as what (art. 33).

use gongkai_basis::Date;

use super::facts::{Known, shown};
use crate::letter::compose::Facts;
use crate::letter::{Letter, LetterKind};
use crate::request::case::Entry;
use crate::request::state::Act;
use crate::request::step::ACTING;

/// Law: art. 33: approved by the head of the 工作机构.
pub(super) fn extension(facts: Facts, known: &Known<'_>) -> Facts {
    let case = known.case;
    let facts = facts.with("why", known.text(Act::ProposeExtension, "why"));
    let days = known.text(Act::ProposeExtension, "days");
    let count: u16 = days.parse().unwrap_or(0);
    let new = || {
        let due = case.request.due_on;
        due.map_or_else(String::new, |due| known.after(due, count))
    };
    if case.extension_asked().is_some() {
        return facts.with("days", days).with("new_due_on", new());
    }
    let Some(approved) = case.since_redo(Act::ApproveExtension) else {
        // Nothing was asked for: the day of today's clock is the old one.
        return facts;
    };
    let facts = if case.extension_untold().is_some() {
        // The clock still shows the old day.
        facts.with("new_due_on", new())
    } else {
        facts
            .with("new_due_on", shown(case.request.due_on))
            .with("due_on", shown(due_before(Act::ApproveExtension, known)))
    };
    facts
        .with("days", days)
        .with("approver", &approved.by)
        .with("approver_as", approved_as(approved))
}

/// The due day as it was before the newest act of a kind; `None` where the clock stood still then.
fn due_before(act: Act, known: &Known<'_>) -> Option<Date> {
    let case = known.case;
    let place = case.entries.iter().rposition(|one| one.act == Some(act))?;
    let mut before = case.clone();
    before.entries.truncate(place);
    before.due_on(known.calendar)
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
