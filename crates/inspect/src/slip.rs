//! Slips that no list of words knows: a word written twice, a day that no calendar has.

use std::sync::LazyLock;

use regex::Regex;

use crate::digits::pattern;
use crate::finding::{Confidence, Found, Kind};
use crate::text::Text;

static DOUBLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:市市|县县|镇镇|省省)(?:人民)?政府|关于关于|根据根据|按照按照|进行进行|开展开展|以及以及|通知通知|工作工作|我市我市|我县我县|人民政府人民政府",
    )
});
static DATE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:(\d{4})\s?年\s?)?(\d{1,2})\s?月\s?(\d{1,2})\s?日"));

pub(crate) fn find(text: &Text, found: &mut Vec<Found>) {
    for hit in DOUBLED.find_iter(&text.norm) {
        let (start, end) = (text.char_at(hit.start()), text.char_at(hit.end()));
        found.push(
            Found::new(Kind::Wording, start, end, Confidence::Low)
                .saying(format!("“{}”疑似重复用字，请核对。", hit.as_str())),
        );
    }
    for hit in DATE.captures_iter(&text.norm) {
        let (Some(all), Some(month), Some(day)) = (hit.get(0), hit.get(2), hit.get(3)) else {
            continue;
        };
        let start = text.char_at(all.start());
        let number = |text: &str| text.parse::<i16>().unwrap_or(0);
        let year = hit.get(1).map(|year| number(year.as_str()));
        // Digits before belong to another number, of which this is the end.
        let cut = text.before(start).is_some_and(|c| c.is_ascii_digit());
        if !cut && !is_day(year, number(month.as_str()), number(day.as_str())) {
            found.push(
                Found::new(
                    Kind::Wording,
                    start,
                    text.char_at(all.end()),
                    Confidence::Low,
                )
                .saying(format!("日历上没有“{}”，请核对日期。", all.as_str())),
            );
        }
    }
}

/// Without its year February may have 29 days.
fn is_day(year: Option<i16>, month: i16, day: i16) -> bool {
    let leap = year.is_none_or(|year| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=last).contains(&day)
}
