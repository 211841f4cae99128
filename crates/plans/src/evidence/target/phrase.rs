//! What phrases of a plan ask for: counts, periods, days within them.

use super::{Asks, DayWithin, Every, HAPPENINGS, PEOPLE, THINGS, Target};
use crate::plan::{Deadline, DeadlineKind, Quantity};

/// Words that make a number an upper bound: nothing has to be proved up to it.
const UPPER: &[&str] = &["不超过", "不高于", "不得超过", "不多于"];

/// From this number on it is no count of evidence but a result, which a figure states.
const LEAST_MAX: i64 = 100_000;

/// Words of what is held, and not published.
const HELD: &[&str] = &["会议", "听取", "汇报", "培训", "座谈"];

/// Longest way from a period to its count in a task's text, in characters.
const REACH: usize = 30;

/// Does the sentence around a count speak of something that is held?
pub(super) fn is_held(text: &str, count: &str) -> bool {
    text.split(['。', '；', '\n'])
        .filter(|sentence| sentence.contains(count))
        .any(|sentence| HELD.iter().any(|word| sentence.contains(word)))
}

/// The kind of what is held that the clause around a count names; `None` where it names none, or several.
pub(super) fn asks(text: &str, count: &str) -> Option<Asks> {
    const WORDS: &[(Asks, &[&str])] = &[
        (Asks::Meeting, &["会议", "座谈"]),
        (Asks::Briefing, &["听取", "汇报"]),
        (Asks::Training, &["培训"]),
    ];
    let mut clauses = text.split(['，', '。', '；', '、', '\n']);
    let clause = clauses.find(|clause| clause.contains(count))?;
    let mut named = WORDS
        .iter()
        .filter(|(_, words)| words.iter().any(|word| clause.contains(word)));
    match (named.next(), named.next()) {
        (Some((asks, _)), None) => Some(*asks),
        _ => None,
    }
}

pub(super) fn is_count(quantity: &Quantity) -> bool {
    let unit = quantity.unit.as_str();
    let countable = [HAPPENINGS, THINGS, PEOPLE]
        .iter()
        .any(|units| units.contains(&unit));
    let upper = UPPER.iter().any(|word| quantity.text.starts_with(word));
    countable && !upper && (1..=LEAST_MAX).contains(&quantity.value)
}

/// The period whose words stand close before a quantity: 每季度至少召开1次会议.
pub(super) fn period_before(
    text: &str,
    deadlines: &[Deadline],
    quantity: &Quantity,
) -> Option<Every> {
    deadlines
        .iter()
        .filter(|deadline| deadline.kind == DeadlineKind::Recurring)
        .filter(|deadline| follows(text, &deadline.text, &quantity.text))
        .find_map(|deadline| every(&deadline.text))
}

pub(super) fn follows(text: &str, period: &str, quantity: &str) -> bool {
    text.match_indices(period).any(|(at, _)| {
        let rest = text.get(at + period.len()..).unwrap_or("");
        rest.find(quantity)
            .and_then(|end| rest.get(..end))
            .is_some_and(|between| {
                between.chars().count() <= REACH && !between.contains(['。', '；'])
            })
    })
}

/// What a period without a count asks for: once in each.
pub(super) fn once_each(text: &str, period: &str) -> Option<Target> {
    Some(Target {
        text: period.to_owned(),
        least: 1,
        most: None,
        unit: "次".to_owned(),
        every: every(period)?,
        by: day_within(period),
        held: is_held(text, period),
        asks: asks(text, period),
    })
}

/// The periods that evidence is counted by, with which a deadline begins; what comes more often than monthly, or all the
/// time, is not counted.
fn every(text: &str) -> Option<Every> {
    const PERIODS: [(Every, &[&str]); 4] = [
        (Every::Year, &["每年", "每个年度", "逐年"]),
        (Every::Half, &["每半年"]),
        (Every::Quarter, &["每季", "每个季度", "按季", "逐季"]),
        (Every::Month, &["每月", "每个月", "按月", "逐月"]),
    ];
    let begins = |words: &[&str]| words.iter().any(|word| text.trim().starts_with(word));
    PERIODS
        .iter()
        .find(|(_, words)| begins(words))
        .map(|(every, _)| *every)
}

/// 每月25日前, 每季度末月25日前, 每季度首月10日前, 每季度前10日内; a day of the next period (次月10日前) is none of this one.
fn day_within(text: &str) -> Option<DayWithin> {
    let (before, day) = text.split_once(['日', '号']).and_then(|(before, _)| {
        let bare = before.trim_end_matches(|c: char| c.is_ascii_digit());
        Some((bare, before.get(bare.len()..)?.parse::<i8>().ok()?))
    })?;
    let ends = |words: &[&str]| words.iter().any(|word| before.ends_with(word));
    if ends(&[
        "末月",
        "末月的",
        "最后一个月",
        "最后一个月的",
        "每月",
        "每个月",
    ]) {
        Some(DayWithin::LastMonth(day))
    } else if ends(&[
        "首月",
        "首月的",
        "第一个月",
        "第一个月的",
        "季前",
        "季度前",
        "月前",
        "半年前",
    ]) {
        Some(DayWithin::FirstMonth(day))
    } else {
        None
    }
}

/// The last number with a countable unit in a phrase: 每年至少召开两次 → 2次.
pub(super) fn count_in(text: &str) -> Option<(i64, String)> {
    let units = [HAPPENINGS, PEOPLE, THINGS];
    let mut found = None;
    for (at, _) in text.char_indices() {
        let rest = text.get(at..).unwrap_or("");
        let Some((value, used)) = number(rest) else {
            continue;
        };
        let after = rest.get(used..).unwrap_or("");
        let unit = units
            .iter()
            .flat_map(|units| units.iter())
            .find(|unit| after.starts_with(**unit));
        if let Some(unit) = unit.filter(|_| (1..=LEAST_MAX).contains(&value)) {
            found = found.or(Some((value, (*unit).to_owned())));
        }
    }
    found
}

/// A number at the beginning: digits, or a Chinese numeral up to 99; its value and its bytes.
fn number(text: &str) -> Option<(i64, usize)> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    if !digits.is_empty() {
        return Some((digits.parse().ok()?, digits.len()));
    }
    let digit = |c: char| match c {
        '两' => Some(2),
        _ => "零一二三四五六七八九"
            .chars()
            .position(|one| one == c)
            .and_then(|n| i64::try_from(n).ok()),
    };
    let (mut tens, mut ones, mut used) = (None, None, 0);
    for c in text.chars() {
        if c == '十' && tens.is_none() {
            tens = Some(ones.take().unwrap_or(1));
        } else if let Some(n) = digit(c).filter(|_| ones.is_none()) {
            ones = Some(n);
        } else {
            break;
        }
        used += c.len_utf8();
    }
    (used > 0).then(|| (tens.unwrap_or(0) * 10 + ones.unwrap_or(0), used))
}
