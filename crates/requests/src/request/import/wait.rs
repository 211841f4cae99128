//! What a case of an older system waits for: 补正, payment, somebody's opinion. Read purely; taken over as a line of the history
//! with its dates, so that the clock stands still and goes on as it does for a case that began here.

use gongkai_basis::Date;
use serde_json::Value;

use super::Row;
use super::{date, filled};
use crate::fee::{Bill, FeeScheme};
use crate::request::case::{Asked, Entry};
use crate::request::state::Act;
use crate::request::step::{Doer, Step};

/// A step of the older system that nobody has answered yet, and its day.
#[derive(Debug, Clone, PartialEq)]
pub struct Wait {
    pub step: Step,
    pub on: Date,
}

/// What a line says of an open wait, with what is wrong in it.
pub(super) fn read(
    row: &Row,
    (received, today): (Option<Date>, Date),
    faults: &mut Vec<String>,
) -> Option<Wait> {
    let mut found: Vec<Wait> = [supplement, payment, opinion]
        .into_iter()
        .filter_map(|read| read(row, today, faults))
        .collect();
    for wait in &found {
        let name = wait.step.act().name();
        if wait.on > today {
            faults.push(format!("“{name}”的日期{}还没有到。", wait.on));
        }
        if received.is_some_and(|received| wait.on < received) {
            faults.push(format!("“{name}”的日期{}早于收到日期。", wait.on));
        }
    }
    if found.len() > 1 {
        let names: Vec<&str> = found.iter().map(|one| one.step.act().name()).collect();
        let names = names.join("、");
        faults.push(format!(
            "同时在等“{names}”：一件只能等一样，已经收到的请填收到日期。"
        ));
    }
    found.pop()
}

/// A day that must be there, and what it is called.
fn day(row: &Row, head: &str, faults: &mut Vec<String>) -> Option<Date> {
    let text = filled(row, head);
    let on = date(text);
    if on.is_none() {
        faults.push(if text.is_empty() {
            format!("请填“{head}”。")
        } else {
            format!("{head}“{text}”不是日期。")
        });
    }
    on
}

/// The older system's notice says what this one cannot know.
fn or_elsewhere(text: &str, what: &str) -> String {
    if text.is_empty() {
        format!("{what}见原系统发出的文书")
    } else {
        text.to_owned()
    }
}

fn supplement(row: &Row, _: Date, faults: &mut Vec<String>) -> Option<Wait> {
    if filled(row, "告知补正日期").is_empty() || !filled(row, "收到补正日期").is_empty()
    {
        return None;
    }
    let on = day(row, "告知补正日期", faults);
    let until = day(row, "补正截止日期", faults);
    let (on, until) = (on?, until?);
    not_after(("补正截止日期", until), ("告知补正日期", on), faults);
    let items = or_elsewhere(filled(row, "补正事项"), "需要补正的事项");
    Some(Wait {
        step: Step::AskSupplement { items, until },
        on,
    })
}

fn payment(row: &Row, _: Date, faults: &mut Vec<String>) -> Option<Wait> {
    if filled(row, "收费通知日期").is_empty() || !filled(row, "收到缴费日期").is_empty()
    {
        return None;
    }
    let on = day(row, "收费通知日期", faults);
    let until = day(row, "缴费截止日期", faults);
    let bill = bill(filled(row, "计收方式和数量"), faults);
    let (on, until, bill) = (on?, until?, bill?);
    not_after(("缴费截止日期", until), ("收费通知日期", on), faults);
    Some(Wait {
        step: Step::Charge {
            bill,
            notice: or_elsewhere("", "缴纳方式"),
            until,
            why: String::new(),
        },
        on,
    })
}

fn not_after(end: (&str, Date), begin: (&str, Date), faults: &mut Vec<String>) {
    if end.1 <= begin.1 {
        faults.push(format!("{}{}不在{}之后。", end.0, end.1, begin.0));
    }
}

/// 按件12, 按页50 (按量50).
fn bill(text: &str, faults: &mut Vec<String>) -> Option<Bill> {
    let scheme = if text.contains('件') {
        Some(FeeScheme::ByRequest)
    } else if text.contains(['页', '量']) {
        Some(FeeScheme::ByPage)
    } else {
        None
    };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let bill = scheme.and_then(|scheme| Bill::of(scheme.code(), &digits).ok());
    let bill = bill.filter(|bill| bill.yuan() > 0);
    if bill.is_none() {
        faults.push(format!(
            "计收方式和数量“{text}”读不出收费的件数或页数，请写“按件12”或者“按页50”；不收费的不填收费通知日期。"
        ));
    }
    bill
}

fn opinion(row: &Row, today: Date, faults: &mut Vec<String>) -> Option<Wait> {
    let name = filled(row, "征求对象");
    let open =
        !filled(row, "征求意见发出日期").is_empty() && filled(row, "征求意见结束日期").is_empty();
    if !open {
        return None;
    }
    let on = date(filled(row, "征求意见发出日期"))?;
    if name.is_empty() {
        faults.push(
            "还在征求意见的，请填“征求对象”；已经结束的，请填“征求意见结束日期”。".to_owned(),
        );
        return None;
    }
    let asked = match filled(row, "征求对象类别") {
        "" | "第三方" => Asked::ThirdParty,
        "共同制作机关" => Asked::CoMaker,
        other => {
            faults.push(format!(
                "征求对象类别“{other}”不认识，请写第三方或者共同制作机关。"
            ));
            return None;
        }
    };
    let got_on = match filled(row, "征求意见书收到日期") {
        "" => None,
        _ => Some(day(row, "征求意见书收到日期", faults)?),
    };
    if got_on.is_some_and(|got| got < on || got > today) {
        faults.push("征求意见书收到日期应在发出日期和今天之间。".to_owned());
    }
    Some(Wait {
        step: Step::Consult {
            asked,
            name: name.to_owned(),
            organ: None,
            question: or_elsewhere("", "征求意见的内容"),
            got_on,
        },
        on,
    })
}

/// What the older system had done before: so that nobody asks for 补正 twice (art. 30).
pub(super) fn done((act, on): (Act, Date), at: i64) -> Entry {
    Entry {
        act: Some(act),
        on,
        at,
        by: "原系统".to_owned(),
        account: None,
        sentence: format!("原系统{}，期限已按这一天重新计算", act.name()),
        public: format!("{}，答复期限重新计算", act.name()),
        data: Value::Null,
        // The events stand at the beginning, in the order of their days.
        clock: Vec::new(),
    }
}

/// The older system itself.
pub(super) fn doer() -> Doer {
    Doer {
        name: "原系统".to_owned(),
        ..Doer::program()
    }
}
