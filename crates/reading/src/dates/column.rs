//! What stands in a deadline column and is no moment of a sentence: years, figures, words of lasting.

use jiff::civil::Date;

use super::super::number::digits;
use super::super::text::{Mark, Run, from, part, plain, starts, starts_any, tidy, trim};
use super::{Deadline, DeadlineKind, Doubt, Found, Known, RANGE};

/// 2022年, 2022—2024年 alone in a deadline column: by the end of the last year.
pub(super) fn whole_years(run: &[Mark]) -> Option<Found> {
    let body = trim(run);
    let four = |run: &[Mark]| digits(run).filter(|(_, len)| *len == 4);
    let (mut year, mut len) = four(body)?;
    let nian = starts(from(body, len), "年").unwrap_or(0);
    if let Some(dash) = starts_any(from(body, len + nian), RANGE)
        && let Some((last, figures)) = four(from(body, len + nian + dash))
    {
        (year, len) = (last, len + nian + dash + figures);
    }
    let word = starts_any(from(body, len), &["年度", "年"])?;
    let date = Date::new(i16::try_from(year).ok()?, 12, 31).ok()?;
    (len + word == body.len()).then(|| Found {
        deadline: Deadline {
            text: tidy(body),
            date: Some(date),
            kind: DeadlineKind::By,
        },
        doubt: None,
        run: body.to_vec(),
    })
}

/// 2022.12.31, 2022-12-31, 2022.12, 20221231, 12.31, 2022.6—2022.12 in a deadline column: the last of them.
pub(super) fn in_figures(run: &[Mark], known: Known) -> Option<Found> {
    // 2022.12.3 / 1: a narrow column broke the figures
    let whole: Run = run.iter().copied().filter(|m| m.ch != '\n').collect();
    let body = without_before(trim(&whole));
    if let Some(first) = month(body).filter(|_| begins_before(trim(&whole), body)) {
        let mut found = end(
            trim(&whole),
            first.yesterday().map_err(|_| Doubt::Impossible),
        );
        found.doubt = Some(Doubt::BeforeMonth);
        return Some(found);
    }
    let last = (1..body.len()).find_map(|i| {
        let rest = from(body, i + starts_any(from(body, i), RANGE)?);
        let first = part(body, 0, i);
        // 2024.3.1—12.31
        let year = digits(first).filter(|(_, len)| *len == 4);
        let year = year.and_then(|(year, _)| i16::try_from(year).ok());
        let known = Known {
            year: year.or(known.year),
            ..known
        };
        figures(rest, known).filter(|_| figures(first, known).is_some())
    });
    let date = last.or_else(|| figures(body, known))?;
    Some(end(trim(&whole), date))
}

/// 2022.12.31前, 12.31前, 20221231前: a day in figures that says by itself that it is an end. Its length.
pub(super) fn ends_in_figures(rest: &[Mark], known: Known) -> Option<(usize, Option<Found>)> {
    let figure = |m: &&Mark| m.fold.is_ascii_digit() || matches!(m.fold, '.' | '/' | '-');
    let len = rest.iter().take_while(figure).count();
    let sign = starts(from(rest, len), "日").unwrap_or(0);
    let before = starts_any(from(rest, len + sign), BEFORE)?;
    if month(part(rest, 0, len)).is_some() {
        return None;
    }
    let date = figures(part(rest, 0, len), known)?;
    let len = len + sign + before;
    Some((len, Some(end(part(rest, 0, len), date))))
}

/// A day, or what keeps it from being one.
type Day = Result<Date, Doubt>;

fn end(run: &[Mark], date: Day) -> Found {
    Found {
        deadline: Deadline {
            text: tidy(run),
            date: date.ok(),
            kind: DeadlineKind::By,
        },
        doubt: date.err(),
        run: run.to_vec(),
    }
}

const BEFORE: &[&str] = &["之前", "以前", "前"];

/// 2022.12.31日前, 2022.12.31前完成: what stands behind the figures.
fn without_before(body: &[Mark]) -> &[Mark] {
    let ends = |run: &[Mark], word: &str| {
        let at = run.len().checked_sub(word.chars().count())?;
        starts(from(run, at), word).map(|_| at)
    };
    let mut body = body;
    for words in [&["完成"][..], BEFORE, &["日", "底"]] {
        let cut = words.iter().find_map(|word| ends(body, word));
        body = part(body, 0, cut.unwrap_or(body.len()));
    }
    body
}

/// The day, or the last day of the month, that figures and signs name.
fn figures(body: &[Mark], known: Known) -> Option<Day> {
    let month = || month(body).map(Date::last_of_month);
    let whole = super::super::notice::date_of(body).or_else(month);
    whole
        .or_else(|| without_signs(body))
        .map(Ok)
        .or_else(|| without_year(body, known))
}

/// The first day of 2022.12.
fn month(body: &[Mark]) -> Option<Date> {
    let (year, len) = digits(body).filter(|(_, len)| *len == 4)?;
    let sign = body.get(len)?.fold;
    let (month, more) = digits(from(body, len + 1)).filter(|(_, len)| *len <= 2)?;
    if !matches!(sign, '.' | '-' | '/' | '—') || len + 1 + more != body.len() {
        return None;
    }
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).ok()
}

/// 2022.6前 is as unclear as 6月前, and 2022.6底前 is not.
fn begins_before(whole: &[Mark], body: &[Mark]) -> bool {
    starts_any(from(whole, body.len()), BEFORE).is_some()
}

/// 20221231
fn without_signs(body: &[Mark]) -> Option<Date> {
    const YEARS: std::ops::RangeInclusive<i16> = 1990..=2099;
    if body.len() != 8 || !body.iter().all(|m| m.fold.is_ascii_digit()) {
        return None;
    }
    let two = |at| digits(part(body, at, at + 2)).map(|(value, _)| value);
    let (year, _) = digits(part(body, 0, 4))?;
    let year = i16::try_from(year).ok().filter(|y| YEARS.contains(y))?;
    Date::new(
        year,
        i8::try_from(two(4)?).ok()?,
        i8::try_from(two(6)?).ok()?,
    )
    .ok()
}

/// 12.31, 12/31: a day of the plan's year.
fn without_year(body: &[Mark], known: Known) -> Option<Day> {
    let (month, len) = digits(body).filter(|(month, len)| *len <= 2 && (1..=12).contains(month))?;
    body.get(len).filter(|m| matches!(m.fold, '.' | '/'))?;
    let (day, more) = digits(from(body, len + 1)).filter(|(_, len)| *len <= 2)?;
    if len + 1 + more != body.len() || !(1..=31).contains(&day) {
        return None;
    }
    // the year 2000 has every day that any year has
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    let date = Date::new(known.year.unwrap_or(2000), month, day);
    Some(match (date, known.year) {
        (Err(_), _) => Err(Doubt::Impossible),
        (Ok(_), None) => Err(Doubt::YearUnknown),
        (Ok(date), Some(_)) => Ok(date),
    })
}

/// 持续推进, 长期, 全年: a period without end; anything else is kept and shown.
pub(super) fn whole_cell(run: &[Mark]) -> Found {
    const LASTING: &[&str] = &[
        "持续",
        "长期",
        "常态",
        "全年",
        "日常",
        "长效",
        "适时",
        "随时",
        "及时",
        "按时",
        "定期",
        "实时",
        "坚持",
        "经常",
        "即时",
        "贯穿",
        "动态",
        "同步",
        "法定",
        "规定时",
        "常年",
        "按需",
    ];
    let text = plain(run);
    let lasting = LASTING.iter().any(|w| text.contains(w));
    let kind = if lasting {
        DeadlineKind::Recurring
    } else {
        DeadlineKind::By
    };
    Found {
        deadline: Deadline {
            text: tidy(run),
            date: None,
            kind,
        },
        doubt: (!lasting).then_some(Doubt::Unread),
        run: trim(run).to_vec(),
    }
}
