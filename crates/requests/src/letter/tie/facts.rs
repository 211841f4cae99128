//! What a paper begins with: what its case already says, and what the act was done with.

mod decided;
mod filed;
mod underway;

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::Run;
use serde_json::Value;

use super::act;
use crate::letter::compose::{self, Facts};
use crate::letter::{Letter, LetterKind};
use crate::request::case::Case;
use crate::request::state::Act;
use crate::request::{ApplicantKind, Request, Wish};
pub use decided::decided_anew;
pub(super) use decided::unlike;
use decided::{decided, opinion, searched};
use underway::underway;

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
    pub(super) fn after(&self, from: Date, days: u16) -> String {
        let due = Run::working_days(from, days).and_then(|run| run.due(self.calendar));
        shown(due.ok())
    }

    pub(super) fn text(&self, act: Act, name: &str) -> String {
        let entry = self.case.since_redo(act);
        match entry.and_then(|entry| entry.data.get(name)) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    pub(super) fn number_of(&self, kind: LetterKind) -> (String, String) {
        let issued = self.letters.iter().rev().find(|one| one.kind == kind);
        issued.map_or_else(Default::default, |one| {
            (one.number.clone().unwrap_or_default(), shown(one.issued_on))
        })
    }
}

pub(super) fn shown(date: Option<Date>) -> String {
    date.map_or_else(String::new, |date| date.to_string())
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
    let head = registered(request)
        .into_iter()
        .fold(Facts::default(), |facts, (code, text)| {
            facts.with(code, text)
        })
        .with("applicant_kind", who)
        .with("due_on", shown(request.due_on))
        .with("own_term", own_term(request))
        .with("summary", line(&request.wish));
    let facts = match act(kind) {
        Some(Act::Dispatch) => match &request.decision {
            Some(decision) => decided(head, decision, known),
            // Whoever was asked is quoted, however the letter is begun.
            None => searched(head, known).with("opinion", opinion(case)),
        },
        _ => underway(head, kind, known),
    };
    facts.carried_to(kind)
}

/// What every letter of a case has from its registration, by the blanks' codes.
fn registered(request: &Request) -> [(&'static str, String); 3] {
    [
        ("applicant", request.applicant.name.clone()),
        ("case_no", request.number.clone()),
        ("received_on", shown(request.received_on)),
    ]
}

/// 更正 or 投诉, which run by the organ's own limit, as the blank of that name holds it; empty for an application.
#[must_use]
pub fn own_term(request: &Request) -> &'static str {
    if request.kind.is_timed_by_law() {
        ""
    } else {
        request.kind.code()
    }
}

/// The blanks in which a letter says otherwise than its case is registered now, and what is registered.
fn unregistered(
    letter: &Facts,
    kind: LetterKind,
    request: &Request,
) -> Vec<(&'static str, String)> {
    let differs = |(code, is): &(&'static str, String)| {
        let there = kind.template().blank(code).is_some();
        there && !is.is_empty() && !letter.get(code).is_empty() && letter.get(code) != is
    };
    registered(request).into_iter().filter(differs).collect()
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
