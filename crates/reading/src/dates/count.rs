//! Periods that come again, and counts to reach within a year.

use super::super::glance::Glance;
use super::super::number::{digits, numeral};
use super::super::text::{Mark, from, part, starts, starts_any};
use super::moment::moment;
use super::{Deadline, DeadlineKind, Doubt, Found, Ground, Known};

use jiff::civil::Date;

/// Words of one year within which a count must be reached.
const YEARS: &[&str] = &[
    "每年度",
    "每年",
    "全年",
    "年内",
    "一年",
    "本年度",
    "今年",
    "当年",
    "年度",
];
/// Periods shorter than a year.
const PERIODS: &[&str] = &[
    "每半年",
    "每季度",
    "每季",
    "每两个月",
    "每个月",
    "每月",
    "每半月",
    "每半个月",
    "每周",
    "每两周",
    "每星期",
    "每日",
    "每天",
    "每个季度",
    "半年一次",
    "半年1次",
    "一季一次",
    "一月一次",
    "一周一次",
    "按季度",
    "按季",
    "按月",
    "逐月",
    "逐季",
];
const PERIOD_HEADS: Glance = Glance::heads(PERIODS);
const YEAR_HEADS: Glance = Glance::heads(YEARS);
/// What a period or a year begins with.
pub(super) const HEADS: Glance = PERIOD_HEADS.or(YEAR_HEADS);
const AT_LEAST: &[&str] = &["至少", "不少于", "不低于", "不得少于", "不得低于", "最少"];
/// What is counted within a year.
const COUNTED: &[&str] = &[
    "次", "场", "期", "篇", "批", "轮", "个", "件", "条", "项", "人次", "人", "份", "部",
];
/// Longest way from the period to its count, in characters; beyond it they do not belong together.
const COUNT_REACH: usize = 30;
/// Up to here the count is part of the deadline's text.
const TEXT_REACH: usize = 14;

/// A period at `i`: its length and the deadline it makes.
pub(super) fn period(
    marks: &[Mark],
    i: usize,
    known: Known,
    ground: Ground,
) -> Option<(usize, Option<Found>)> {
    let rest = from(marks, i);
    if let Some(len) = PERIOD_HEADS.starts(rest, PERIODS) {
        let len = len + within(from(rest, len));
        return Some((
            len,
            Some(found(
                part(rest, 0, len),
                None,
                DeadlineKind::Recurring,
                None,
            )),
        ));
    }
    let word = YEAR_HEADS.starts(rest, YEARS)?;
    let before = i.checked_sub(1).and_then(|j| marks.get(j)).map(|m| m.fold);
    let yearly = starts(rest, "每年").is_some();
    if starts(rest, "年度")
        .or_else(|| starts(rest, "年内"))
        .is_some()
        && before
            .is_some_and(|c| c.is_ascii_digit() || "一二三四五六七八九十两几多每近".contains(c))
    {
        return None;
    }
    let Some((start, end, at_least)) = count(from(rest, word)) else {
        return lasting(rest, word, yearly, ground);
    };
    if is_limit(part(rest, word, word + start)) {
        return None;
    }
    if !at_least && !yearly && starts(rest, "全年").is_none() && starts(rest, "年内").is_none()
    {
        return None;
    }
    let date = known.year.and_then(|y| Date::new(y, 12, 31).ok());
    let doubt = date.is_none().then_some(Doubt::YearUnknown);
    let len = if start <= TEXT_REACH {
        word + end
    } else {
        word
    };
    Some((
        word + end,
        Some(found(
            part(rest, 0, len),
            date,
            DeadlineKind::MinimumCount,
            doubt,
        )),
    ))
}

/// 每年只能申报一次, 每年不超过2次, 每年限报2项: more is not allowed, and nothing is asked.
fn is_limit(between: &[Mark]) -> bool {
    const MOST: &[&str] = &["最多", "至多", "不超过", "不得超过", "不多于"];
    (0..between.len()).any(|i| {
        let rest = from(between, i);
        let before = i.checked_sub(1).and_then(|j| between.get(j));
        starts_any(rest, MOST).is_some() || is_only(before, rest)
    })
}

/// 只, 仅, 限 as words of their own: not those of 不仅, 船只, 有限公司, 权限, 按期限.
fn is_only(before: Option<&Mark>, rest: &[Mark]) -> bool {
    let word = rest.first().map(|m| m.fold);
    let within: (&str, &str) = match word {
        Some('只') => ("不船", ""),
        Some('仅') => ("不", ""),
        Some('限') => ("有权期年时上下界局极受无", "期时制额度定于"),
        _ => return false,
    };
    let behind = rest.get(1);
    !before.is_some_and(|m| within.0.contains(m.fold))
        && !behind.is_some_and(|m| within.1.contains(m.fold))
}

/// The day within the period: 每月25日前, 每季度末, 每季度前10日内. Its length.
fn within(rest: &[Mark]) -> usize {
    let before = |at: usize| starts_any(from(rest, at), &["之前", "以前", "前", "内"]).unwrap_or(0);
    if let Some(end) = starts_any(rest, &["底", "末", "初"])
        && starts(rest, "末月").is_none()
    {
        return end + before(end);
    }
    let lead = starts_any(
        rest,
        &[
            "前",
            "首月",
            "首月的",
            "第一个月",
            "第一个月的",
            "末月",
            "最后一个月",
            "次月",
            "后",
            "结束后",
            "的",
        ],
    )
    .unwrap_or(0);
    if lead > 0
        && let Some(end) = starts_any(from(rest, lead), &["底", "末", "初", "月底"])
    {
        return lead + end + before(lead + end);
    }
    let Some((_, figures)) = digits(from(rest, lead)) else {
        return 0;
    };
    match starts_any(from(rest, lead + figures), &["个工作日", "日", "号"]) {
        Some(unit) => lead + figures + unit + before(lead + figures + unit),
        None => 0,
    }
}

/// 每年 without a count comes again; 全年 does so in a deadline column.
fn lasting(
    rest: &[Mark],
    word: usize,
    yearly: bool,
    ground: Ground,
) -> Option<(usize, Option<Found>)> {
    // 每年3月底前: a day of every year
    let day = moment(from(rest, word), Some('年'))
        .filter(|m| yearly && m.before && m.is_of_plan_year())
        .map_or(0, |m| m.len);
    if day > 0 {
        let text = part(rest, 0, word + day);
        return Some((
            word + day,
            Some(found(text, None, DeadlineKind::Recurring, None)),
        ));
    }
    let whole_year = starts(rest, "全年").is_some() && ground == Ground::Column;
    // 每年度报告, 每年6月: not a period of its own
    let named = from(rest, word)
        .first()
        .is_some_and(|m| matches!(m.fold, '的' | '度') || m.fold.is_ascii_digit());
    ((yearly && !named) || whole_year).then(|| {
        (
            word,
            Some(found(
                part(rest, 0, word),
                None,
                DeadlineKind::Recurring,
                None,
            )),
        )
    })
}

/// The count in the same clause: where it starts and ends, and whether 至少 or the like was said.
fn count(rest: &[Mark]) -> Option<(usize, usize, bool)> {
    let ends = |stops: &[char]| {
        let near = rest.iter().take(COUNT_REACH);
        let clause = near.take_while(|m| !stops.contains(&m.fold)).count();
        part(rest, 0, clause)
    };
    let least = |clause: &[Mark]| {
        (0..clause.len()).find_map(|i| starts_any(from(clause, i), AT_LEAST).map(|len| (i, len)))
    };
    // 全年邀请甲、乙列席会议不少于3次: one count over a list, unless another period begins within it
    let whole = ends(&[',', '。', ';']);
    let listed =
        least(whole).is_some_and(|(i, _)| part(whole, 0, i).iter().all(|m| m.fold != '每'));
    let clause = if listed {
        whole
    } else {
        ends(&[',', '。', ';', '、'])
    };
    let at_least = least(clause);
    let search_from = at_least.map_or(0, |(i, len)| i + len);
    for i in search_from..clause.len() {
        let here = from(clause, i);
        let Some((_, figures)) = digits(here).or_else(|| numeral(here)) else {
            continue;
        };
        let ordinal = i > 0 && clause.get(i - 1).is_some_and(|m| m.fold == '第');
        let unit = starts_any(from(here, figures), COUNTED);
        let event = starts_any(from(here, figures), &["次", "场", "期", "篇"]);
        if let Some(len) = if at_least.is_some() { unit } else { event }
            && !ordinal
        {
            return Some((
                at_least.map_or(i, |(i, _)| i),
                i + figures + len,
                at_least.is_some(),
            ));
        }
    }
    None
}

fn found(run: &[Mark], date: Option<Date>, kind: DeadlineKind, doubt: Option<Doubt>) -> Found {
    Found {
        deadline: Deadline {
            text: String::new(),
            date,
            kind,
        },
        doubt,
        run: run.to_vec(),
    }
}
