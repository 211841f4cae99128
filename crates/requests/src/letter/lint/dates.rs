//! Dates that must follow each other, and limits in working days.

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::Run;

use super::{Checked, Fault, Weight, on_blank};
use crate::fee::PAY_WORKING_DAYS;
use crate::letter::compose::printed;
use crate::letter::template::{BlankKind, LetterKind};
use crate::request::step::{
    OPINION_WORKING_DAYS, SUPPLEMENT_NOTICE_WORKING_DAYS, SUPPLEMENT_SHORT_WORKING_DAYS,
};

pub(super) fn check(of: &Checked<'_>, faults: &mut Vec<Fault>) {
    let date = |code: &str| -> Option<Date> { of.facts.get(code).parse().ok() };
    let day = of.head.dated.unwrap_or(of.today);
    for blank in of.kind.template().all_blanks() {
        let Some(found) = date(blank.code).filter(|_| blank.kind == BlankKind::Date) else {
            continue;
        };
        let past = matches!(
            blank.code,
            "received_on"
                | "came_on"
                | "asked_on"
                | "sent_on"
                | "earlier_on"
                | "applied_on"
                | "reviewed_on"
                | "replied_on"
                | "served_on"
        );
        let ahead = matches!(
            blank.code,
            "supplement_by" | "explain_by" | "reply_by" | "pay_by" | "new_due_on"
        );
        if past && found > day {
            let sentence = format!("“{}”晚于成文日期{}。", blank.label, printed(day));
            faults.push(on_blank(of, Weight::Stop, blank.code, sentence));
        }
        if ahead && found <= day {
            let sentence = format!("“{}”须晚于成文日期{}。", blank.label, printed(day));
            faults.push(on_blank(of, Weight::Stop, blank.code, sentence));
        }
        if let Some(received) = date("received_on")
            && blank.code != "received_on"
            && blank.code != "earlier_on"
            && blank.code != "applied_on"
            && blank.code != "came_on"
            && found < received
        {
            let sentence = format!("“{}”早于收到申请日期{}。", blank.label, printed(received));
            faults.push(on_blank(of, Weight::Stop, blank.code, sentence));
        }
    }
    limits(of, day, faults);
}

/// What the calendar says; a year without notice is told and not guessed.
fn after(calendar: &WorkCalendar, from: Date, days: u16) -> Result<Date, String> {
    let due = Run::working_days(from, days).and_then(|run| run.due(calendar));
    due.map_err(|error| error.sentence())
}

fn limits(of: &Checked<'_>, day: Date, faults: &mut Vec<Fault>) {
    let date = |code: &str| -> Option<Date> { of.facts.get(code).parse().ok() };
    match of.kind {
        LetterKind::Supplement => {
            short(of, day, faults);
            let Some(received) = date("received_on") else {
                return;
            };
            match after(of.calendar, received, SUPPLEMENT_NOTICE_WORKING_DAYS) {
                Ok(last) if day > last => {
                    let sentence = format!(
                        "补正告知应当在收到申请之日起{SUPPLEMENT_NOTICE_WORKING_DAYS}个工作日内（{}前）发出（条例第三十条）。",
                        printed(last)
                    );
                    faults.push(on_blank(of, Weight::Look, "received_on", sentence));
                }
                Ok(_) => {}
                Err(sentence) => faults.push(on_blank(of, Weight::Look, "received_on", sentence)),
            }
        }
        LetterKind::Extension => extension(of, day, faults),
        LetterKind::ThirdParty | LetterKind::CoMaker => {
            at_least(of, day, ("reply_by", OPINION_WORKING_DAYS), faults);
        }
        LetterKind::Fee => at_least(of, day, ("pay_by", PAY_WORKING_DAYS), faults),
        _ => {}
    }
}

/// Law: art. 30: 合理的补正期限, without a number: one of a few days is looked at once more.
fn short(of: &Checked<'_>, day: Date, faults: &mut Vec<Fault>) {
    let by: Option<Date> = of.facts.get("supplement_by").parse().ok();
    let least = after(of.calendar, day, SUPPLEMENT_SHORT_WORKING_DAYS);
    let (Some(by), Ok(least)) = (by, least) else {
        return;
    };
    if day < by && by < least {
        let sentence = format!(
            "补正期限不到{SUPPLEMENT_SHORT_WORKING_DAYS}个工作日，申请人可能来不及；应当确定合理的补正期限（条例第三十条），请核对是否改为{}或者以后。",
            printed(least)
        );
        faults.push(on_blank(of, Weight::Look, "supplement_by", sentence));
    }
}

/// The new day is the old one and the days granted; the letter goes out before the old one ends (条例 art. 33).
fn extension(of: &Checked<'_>, day: Date, faults: &mut Vec<Fault>) {
    let date = |code: &str| -> Option<Date> { of.facts.get(code).parse().ok() };
    let untold = of.case.and_then(|case| case.untold.as_deref());
    let due = match (date("due_on"), untold) {
        (Some(due), None) => due,
        (due, untold) => return undated(of, (due, untold), faults),
    };
    if day > due {
        faults.push(on_blank(
            of,
            Weight::Stop,
            "due_on",
            format!(
                "延期告知须在原期限{}届满前发出；期限已过不能补办延期。",
                printed(due)
            ),
        ));
    }
    let Ok(days) = of.facts.get("days").parse() else {
        return;
    };
    let new = date("new_due_on");
    let (weight, sentence) = match after(of.calendar, due, days) {
        Ok(right) if new != Some(right) => (
            Weight::Stop,
            format!("从{}延长{days}个工作日是{}。", printed(due), printed(right)),
        ),
        Ok(_) => return,
        // No day can be told: the paper says how many working days, and that the day follows.
        Err(sentence) if new.is_none() => (
            Weight::Look,
            format!(
                "{sentence}现在算不出延长后的到期日，可以空着：文书写延长的工作日数，到期日待放假安排公布以后确定。"
            ),
        ),
        Err(sentence) => (
            Weight::Stop,
            format!(
                "{sentence}现在算不出延长后的到期日，请空着，不要估计：文书写延长的工作日数，到期日待放假安排公布以后确定。"
            ),
        ),
    };
    faults.push(on_blank(of, weight, "new_due_on", sentence));
}

/// The old day is not written: where nobody can tell it, the notice leaves without a day, and before the limit ends all the
/// same (条例 art. 33); where it can be told, it is.
fn undated(of: &Checked<'_>, (due, untold): (Option<Date>, Option<&str>), faults: &mut Vec<Fault>) {
    let Some(why) = untold else {
        if of.facts.get("due_on").is_empty() {
            let sentence = "请填写“原答复到期日”。";
            faults.push(on_blank(of, Weight::Stop, "due_on", sentence));
        }
        return;
    };
    let guessed = format!(
        "{why}现在算不出到期日，请空着，不要估计：文书写延长的工作日数，到期日待放假安排公布以后确定。"
    );
    if due.is_some() {
        faults.push(on_blank(of, Weight::Stop, "due_on", guessed));
    } else if !of.facts.get("new_due_on").is_empty() {
        faults.push(on_blank(of, Weight::Stop, "new_due_on", guessed));
    } else {
        let sentence = format!(
            "{why}现在算不出到期日，两个日期都先空着：文书写延长的工作日数，到期日待放假安排公布以后确定。延期要在原期限届满前告知（条例第三十三条），不要等到公布以后。"
        );
        faults.push(on_blank(of, Weight::Look, "due_on", sentence));
    }
}

/// A limit counts from receipt of the letter, so it cannot end before the same days from today.
fn at_least(of: &Checked<'_>, day: Date, (code, days): (&str, u16), faults: &mut Vec<Fault>) {
    let Ok(by) = of.facts.get(code).parse::<Date>() else {
        return;
    };
    match after(of.calendar, day, days) {
        Ok(earliest) if by < earliest => faults.push(on_blank(
            of,
            Weight::Stop,
            code,
            format!(
                "期限是收到之日起{days}个工作日，今天送达也要到{}。",
                printed(earliest)
            ),
        )),
        Ok(_) => {}
        Err(sentence) => faults.push(on_blank(of, Weight::Look, code, sentence)),
    }
}
