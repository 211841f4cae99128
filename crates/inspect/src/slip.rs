//! Slips that no list of words knows: a word written twice, a day that no calendar has.

use std::sync::LazyLock;

use regex::Regex;

use crate::digits::pattern;
use crate::finding::{Confidence, Found, Kind};
use crate::number::is_date;
use crate::text::Text;

static DOUBLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:市市|县县|镇镇|省省)(?:人民)?政府|关于关于|根据根据|按照按照|进行进行|开展开展|以及以及|通知通知|工作工作|我市我市|我县我县|人民政府人民政府",
    )
});
static DATE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:(\d{4})\s?年\s?)?(\d{1,2})\s?月\s?(\d{1,2})\s?日"));

/// Without its year a day is any that some year has.
const LEAP_YEAR: u32 = 2000;

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
        let number = |text: &str| text.parse::<u32>().unwrap_or(0);
        let year = hit.get(1).map_or(LEAP_YEAR, |year| number(year.as_str()));
        // Digits before belong to another number, of which this is the end.
        let cut = text.before(start).is_some_and(|c| c.is_ascii_digit());
        if !cut && !is_date(year, number(month.as_str()), number(day.as_str())) {
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
