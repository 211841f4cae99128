//! What refuses a step, beyond the table: the law's conditions.

mod fee;
mod intake;
mod opinion;
mod reply;
mod term;

use gongkai_basis::Date;

use super::super::case::Case;
use super::super::state::{Act, Noun};
use super::super::{LINE_CHARS_MAX, TEXT_CHARS_MAX};
use super::{Doer, Moment, Step};
use crate::letter::compose::printed;
use gongkai_platform::fault::{Reason, Wanted, text_fault};

fn text(field: &'static str, name: &str, text: &str) -> Option<Reason> {
    text_fault((field, name), text, TEXT_CHARS_MAX, Wanted::Yes)
}

fn line(field: &'static str, name: &str, text: &str) -> Option<Reason> {
    text_fault((field, name), text, LINE_CHARS_MAX, Wanted::Yes)
}

fn say(field: &'static str, sentence: impl Into<String>) -> Option<Reason> {
    Some((field, sentence.into()))
}

/// A day on which something happened: neither in the future nor before the case.
fn happened(case: &Case, on: Date, today: Date) -> Option<Reason> {
    let begin = case
        .request
        .received_on
        .or(case.request.receipt.days.submitted_on);
    if on > today {
        say("on", "日期还没有到，请核对。")
    } else if begin.is_some_and(|begin| on < begin) {
        say("on", "日期早于收到（提交）申请之日。")
    } else {
        None
    }
}

/// A day that cannot lie before the act that it follows: a limit is not kept by writing an earlier day.
fn not_since(case: &Case, act: Act, on: Date, said: &str) -> Option<Reason> {
    let before = case.last(act)?.on;
    (on < before).then(|| ("on", format!("{said}（{}）。", printed(before))))
}

/// What restarts or moves the count is done while it runs: a limit that is over does not begin anew.
fn in_time(case: &Case, moment: &Moment<'_>, field: &'static str, said: &str) -> Option<Reason> {
    let due = case.due_on(moment.calendar)?;
    (moment.today > due).then(|| {
        (
            field,
            format!("答复期限已于{}届满，{said}；请尽快答复。", printed(due)),
        )
    })
}

fn ahead(until: Date, today: Date) -> Option<Reason> {
    (until <= today).then(|| ("until", "截止日期要在今天以后。".to_owned()))
}

pub(super) fn reasons(case: &Case, step: &Step, doer: &Doer, moment: &Moment<'_>) -> Vec<Reason> {
    let found = match step.act().noun() {
        Noun::Intake => intake::intake(case, step, doer, moment),
        Noun::Opinion => opinion::opinion(case, step, moment),
        Noun::Term => term::term(case, step, moment),
        Noun::Reply => reply::reply(case, step, doer, moment),
    };
    found.into_iter().flatten().collect()
}
