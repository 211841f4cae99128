//! The year of a plan: printed, in its titles, or by when it was issued.

use gongkai_office::Place;

use super::assign::Assigned;
use super::build::{year_in_deadlines, year_in_text};
use super::fold;
use super::notice::Heads;
use super::problem::Account;
use super::text::{Run, plain};

/// The plan's year, and whether it is a guess from the measures: then dates without a year are guesses too.
pub(crate) fn year(
    heads: &Heads,
    items: &[Assigned],
    table_heads: &[Run],
    opening: &str,
    account: &mut Account,
) -> (Option<i16>, bool) {
    let stated = stated_year(heads);
    let in_text = || year_in_text(items).map(|year| (year, "year-from-text", "正文"));
    let in_deadlines =
        || year_in_deadlines(items).map(|year| (year, "year-from-deadlines", "完成时限"));
    let around = || {
        let said = |run: &Run| digits_of(&plain(run), &['年']).map(|(year, _)| year);
        let head = table_heads.iter().find_map(said);
        head.or_else(|| heads.published_on.map(|d| d.year()))
    };
    let in_text = in_text().filter(|_| stated.is_none());
    let year = match in_text {
        Some(_) => None,
        None => stated.or_else(around),
    };
    if let (true, Some(first)) = (of_several_years(heads), year) {
        let message = format!("这是跨几年的计划，没有写年份的时限暂按 {first} 年处理，请逐项核对");
        account.problem_at("year-of-several", message, Place::default());
        return (year, true);
    }
    if let (Some(printed), Some(year)) = (slipped(heads), year) {
        let message = format!("标题里的“{printed}年”按 {year} 年处理，没有写年份的时限请逐项核对");
        account.problem_at("year-repaired", message, Place::default());
        return (Some(year), true);
    }
    if year.is_some() {
        return (year, false);
    }
    let in_opening = || year_in_opening(opening).map(|year| (year, "year-from-text", "开头一段"));
    let Some((year, code, from)) = in_text.or_else(in_opening).or_else(in_deadlines) else {
        return (None, false);
    };
    let message = format!("标题没有写明年份，所属年份取自{from}，没有写年份的时限请逐项核对");
    account.problem_at(code, message, Place::default());
    (Some(year), true)
}

/// 现将2022年政务公开任务分解如下, 2022年民生实事项目共有10项: the year of which a text without title speaks in its first
/// paragraphs; none where they name several so.
fn year_in_opening(opening: &str) -> Option<i16> {
    const SAID: &[&str] = &["现将", "现就", "现把"];
    let mut found: Option<i16> = None;
    for (i, sentence) in opening.split(['。', ':', ';']).enumerate() {
        let said = SAID
            .iter()
            .find_map(|word| sentence.split_once(word).map(|(_, rest)| rest))
            .or_else(|| Some(sentence).filter(|_| i == 0 && begins_with_year(sentence)));
        let Some((year, _)) = said.and_then(|said| digits_of(&without_quoted(said), &['年']))
        else {
            continue;
        };
        if found.is_some_and(|other| other != year) {
            return None;
        }
        found = Some(year);
    }
    found
}

fn begins_with_year(text: &str) -> bool {
    text.starts_with("20") && text.chars().nth(4) == Some('年')
}

/// Names of other papers have years of their own.
fn without_quoted(text: &str) -> String {
    let mut depth = 0i32;
    let outside = |c: &char| {
        match c {
            '《' | '〈' => depth += 1,
            '》' | '〉' => depth -= 1,
            _ => {}
        }
        depth <= 0
    };
    text.chars().filter(outside).collect()
}

/// 2O22年: a letter for a figure in the year of a title, as it is printed.
fn slipped(heads: &Heads) -> Option<String> {
    let titles = [&heads.title, &heads.notice_title, &heads.headline];
    titles.into_iter().flatten().find_map(|title| {
        let chars: Vec<char> = title.chars().map(fold::fold).collect();
        chars.windows(5).find_map(|w| match w {
            [year @ .., '年'] if slip(year).is_some() => Some(year.iter().collect()),
            _ => None,
        })
    })
}

/// The figures of a year that has letters among them.
fn slip(year: &[char]) -> Option<Vec<char>> {
    let figure = |c: &char| match c {
        'O' | 'o' | '〇' | '○' => Some('0'),
        'l' | 'I' => Some('1'),
        'Z' | 'z' => Some('2'),
        c => Some(*c).filter(char::is_ascii_digit),
    };
    let letters = year.iter().filter(|c| !c.is_ascii_digit()).count();
    let begins = matches!(year.first(), Some('2' | 'Z' | 'z'));
    (begins && (1..=2).contains(&letters)).then(|| year.iter().map(figure).collect())?
}

/// …三年行动计划（2023—2025年）: a month without a year may be of any of them.
fn of_several_years(heads: &Heads) -> bool {
    let titles = [&heads.title, &heads.notice_title, &heads.headline];
    let spans = |title: &str| {
        let (first, last, rest) = years_of(title)?;
        Some(last.is_some_and(|last| last > first) && year_behind(first, last, &rest).is_none())
    };
    titles
        .into_iter()
        .find_map(|title| title.as_deref().and_then(spans))
        .unwrap_or(false)
}

/// From the title, the notice, the issue date or the paper's number, in this order.
fn stated_year(heads: &Heads) -> Option<i16> {
    let issued = heads.issued_on.map(|d| d.year());
    let titled = |t: &Option<String>| t.as_deref().and_then(|t| year_of(t, issued));
    titled(&heads.title)
        .or_else(|| titled(&heads.notice_title))
        .or_else(|| titled(&heads.headline))
        .or(issued)
        .or_else(|| {
            let number = heads.document_number.as_deref()?;
            digits_of(number, &[']', ')']).map(|(year, _)| year)
        })
}

/// The first year in a title: 2022年; of 2021—2025年 the one in which the paper was issued, or the one that the title
/// names behind them (…2021—2025年规划2024年任务分工).
pub(crate) fn year_of(title: &str, issued: Option<i16>) -> Option<i16> {
    let (first, last, rest) = years_of(title)?;
    let within = |last| issued.filter(|year| (first..=last).contains(year));
    let named = || year_behind(first, last, &rest);
    Some(named().or_else(|| last.and_then(within)).unwrap_or(first))
}

/// The first year in a title, the last one where it names several (2021—2025年), and the text behind them.
fn years_of(title: &str) -> Option<(i16, Option<i16>, String)> {
    const DASHES: [char; 4] = ['—', '-', '至', '~'];
    let (first, rest) = digits_of(title, &['年', '度', '—', '-', '至', '~'])?;
    let range = rest.trim_start_matches('年').trim_start_matches(DASHES);
    let dashed = rest.trim_start_matches('年').starts_with(DASHES);
    let last = dashed
        .then(|| digits_of(range, &['年']))
        .flatten()
        .filter(|_| range.starts_with(|c: char| c.is_ascii_digit()));
    Some(match last {
        Some((last, behind)) => (first, Some(last), behind),
        None => (first, None, rest),
    })
}

/// One of several years, by itself behind them.
fn year_behind(first: i16, last: Option<i16>, rest: &str) -> Option<i16> {
    let (year, _) = digits_of(rest, &['年'])?;
    last.filter(|last| (first..=*last).contains(&year))
        .map(|_| year)
}

/// The first year with one of these signs behind it, and the folded text from that sign on.
fn digits_of(text: &str, signs: &[char]) -> Option<(i16, String)> {
    let folded = text.chars().map(fold::fold);
    let mut chars: Vec<char> = folded.filter(|c| !c.is_whitespace()).collect();
    years_in_figures(&mut chars);
    chars.windows(5).enumerate().find_map(|(i, w)| match w {
        [year @ .., sign] if signs.contains(sign) => {
            let year = year.iter().collect::<String>().parse::<i16>().ok()?;
            let rest = chars.get(i + 4..)?.iter().collect();
            (1990..=2099).contains(&year).then_some((year, rest))
        }
        _ => None,
    })
}

/// 二〇二三年, 二○一六年度, 二零二二—二〇二五年: four numerals before 年 or a dash become figures.
fn years_in_figures(chars: &mut [char]) {
    const SIGNS: &[char] = &['年', '—', '-', '至', '~'];
    let figure = |c: char| {
        let place = "〇一二三四五六七八九".chars().position(|n| n == c);
        let place = place.or(matches!(c, '○' | '零' | 'O' | '0' | '◯').then_some(0));
        place.and_then(|n| char::from_digit(u32::try_from(n).ok()?, 10))
    };
    for i in 0..chars.len().saturating_sub(4) {
        let Some([year @ .., sign]) = chars.get_mut(i..i + 5) else {
            return;
        };
        if !SIGNS.contains(sign) {
            continue;
        }
        let figures: Option<Vec<char>> = match year.first() {
            Some('二') => year.iter().map(|c| figure(*c)).collect(),
            _ if *sign == '年' => slip(year),
            _ => None,
        };
        if let Some(figures) = figures {
            year.iter_mut().zip(figures).for_each(|(c, f)| *c = f);
        }
    }
}
