//! Dates of papers: 2022年6月16日, 二〇二二年六月十六日, 2022-07-28, and 2022728 that lost its signs.

use jiff::civil::Date;

use super::super::number::{digits, numeral};
use super::super::organ_name::is_organ;
use super::super::text::{Mark, Run, from, part, plain, starts, trim};

#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(super) date: Option<Date>,
    pub(super) repaired: bool,
}

/// A line that is nothing but a date.
pub(crate) fn is_date_line(run: &[Mark]) -> bool {
    whole_line(run).is_some()
}

pub(super) fn whole_line(run: &[Mark]) -> Option<Found> {
    let marks: Run = in_bracket(run)
        .unwrap_or(run)
        .iter()
        .copied()
        .filter(|m| !m.is_blank())
        .take(15)
        .collect();
    if !(6..=14).contains(&marks.len()) {
        return None;
    }
    if let Some((date, len)) = date_at(&marks)
        && len >= marks.len()
    {
        return Some(Found {
            date,
            repaired: false,
        });
    }
    bare(&marks)
        .or_else(|| without_sign(marks))
        .map(|date| Found {
            date,
            repaired: true,
        })
}

/// 云岭县人民政府　　2026年3月5日: an organ and a day behind it, on one line; the organ and the day.
pub(crate) fn behind_organ(run: &[Mark]) -> Option<(&[Mark], Found)> {
    let run = trim(run);
    let gaps = run.windows(2).enumerate().rev();
    gaps.filter(|(_, pair)| matches!(pair, [a, b] if a.is_blank() && !b.is_blank()))
        .find_map(|(at, _)| {
            let found = whole_line(from(run, at + 1)).filter(|found| !found.repaired)?;
            let organ = trim(part(run, 0, at));
            is_organ(&plain(organ)).then_some((organ, found))
        })
}

/// Most characters of a date, blanks not counted.
const DATE_MAX: usize = 14;

/// Length of the date at the start of a text.
pub(super) fn leading(run: &[Mark]) -> Option<usize> {
    let begins = |m: &Mark| m.fold.is_ascii_digit() || m.fold == '二';
    run.first().filter(|m| begins(m))?;
    let (places, marks): (Vec<usize>, Run) = run
        .iter()
        .enumerate()
        .filter(|(_, m)| !m.is_blank())
        .map(|(i, m)| (i, *m))
        .take(DATE_MAX)
        .unzip();
    let (_, len) = date_at(&marks)?;
    places.get(len.checked_sub(1)?).map(|last| last + 1)
}

/// （二〇〇八年二月二十六日）: what stands in a bracket that is the whole line.
pub(super) fn in_bracket(run: &[Mark]) -> Option<&[Mark]> {
    let (first, inner) = trim(run).split_first()?;
    let (last, inner) = inner.split_last()?;
    (first.fold == '(' && last.fold == ')').then_some(inner)
}

/// 2020年9月17: the last sign was lost.
fn without_sign(mut marks: Run) -> Option<Option<Date>> {
    let last = marks.last().filter(|m| m.fold.is_ascii_digit())?;
    marks.push(Mark::new('日', last.at));
    let (date, len) = date_at(&marks)?;
    (len == marks.len()).then_some(date)
}

/// The first date in a text; a time of day may stand behind it (2026-06-09 08:48).
pub(crate) fn date_of(run: &[Mark]) -> Option<Date> {
    let run = trim(run);
    let figure = |m: Option<&Mark>| m.is_some_and(|m| m.fold.is_ascii_digit());
    let mut marks = Run::new();
    for (i, mark) in run.iter().enumerate() {
        let parts = figure(marks.last()) && figure(run.get(i + 1));
        if !mark.is_blank() || parts {
            marks.push(*mark);
        }
    }
    (0..marks.len()).find_map(|i| date_at(from(&marks, i)).and_then(|(date, _)| date))
}

fn date_at(marks: &[Mark]) -> Option<(Option<Date>, usize)> {
    let (year, mut len) = year(marks)?;
    let sign = marks.get(len)?.fold;
    len += 1;
    let part = |len: usize| {
        digits(from(marks, len))
            .filter(|(_, n)| *n <= 2)
            .or_else(|| long_numeral(from(marks, len)))
    };
    let (month, used) = part(len)?;
    len += used;
    let next = marks.get(len)?.fold;
    let fits = match sign {
        '年' => next == '月',
        '-' | '/' | '.' | '—' => next == sign,
        _ => false,
    };
    if !fits {
        return None;
    }
    len += 1;
    let (day, used) = part(len)?;
    len += used;
    if sign == '年' {
        len += starts(from(marks, len), "日")?;
    }
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    Some((date, len))
}

fn year(marks: &[Mark]) -> Option<(i16, usize)> {
    if let Some((value, 4)) = digits(marks) {
        return (1980..=2099)
            .contains(&value)
            .then(|| i16::try_from(value).ok().map(|y| (y, 4)))?;
    }
    let mut value = 0i16;
    for m in marks.get(..4)? {
        let digit = "〇一二三四五六七八九"
            .chars()
            .position(|c| c == m.fold)
            .or(matches!(m.fold, '○' | 'O' | '0' | '零' | 'Ｏ' | '◯').then_some(0))?;
        value = value * 10 + i16::try_from(digit).ok()?;
    }
    (1980..=2099).contains(&value).then_some((value, 4))
}

/// Numerals up to 三十一.
fn long_numeral(marks: &[Mark]) -> Option<(u32, usize)> {
    numeral(marks)
}

/// 2022728: year, then month and day run together; told only where one reading is possible.
fn bare(marks: &[Mark]) -> Option<Option<Date>> {
    if !(6..=8).contains(&marks.len()) || !marks.iter().all(|m| m.fold.is_ascii_digit()) {
        return None;
    }
    let (year, _) = digits(marks.get(..4)?)?;
    if !(1990..=2099).contains(&year) {
        return None;
    }
    let tail = from(marks, 4);
    let readings: Vec<Date> = (1..tail.len())
        .filter_map(|cut| {
            let (month, day) = (digits(tail.get(..cut)?)?, digits(from(tail, cut))?);
            let padded =
                tail.len() < 4 && (tail.first()?.fold == '0' || tail.get(cut)?.fold == '0');
            if padded || month.1 > 2 || day.1 > 2 {
                return None;
            }
            Date::new(
                i16::try_from(year).ok()?,
                i8::try_from(month.0).ok()?,
                i8::try_from(day.0).ok()?,
            )
            .ok()
        })
        .collect();
    match readings.as_slice() {
        [] => None,
        [one] => Some(Some(*one)),
        _ => Some(None),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::text::run;
    use super::*;

    #[test]
    fn dates_of_papers() {
        let read = |text: &str| whole_line(&run(text)).map(|f| f.date.map(|d| d.to_string()));
        assert_eq!(read("2022年6月16日"), Some(Some("2022-06-16".into())));
        assert_eq!(
            read("二〇二二年十二月三十一日"),
            Some(Some("2022-12-31".into()))
        );
        assert_eq!(read("2022-07-28"), Some(Some("2022-07-28".into())));
        assert_eq!(read("2022728"), Some(Some("2022-07-28".into())));
        assert_eq!(read("20210708"), Some(Some("2021-07-08".into())));
        assert_eq!(read("2022111"), Some(None), "1 November or 11 January");
        assert_eq!(read("2022年6月"), None);
        assert_eq!(read("2022年9月17"), Some(Some("2022-09-17".into())));
        assert_eq!(read("印发日期2022年6月1日"), None);
        let first = |text: &str| date_of(&run(text)).map(|d| d.to_string());
        assert_eq!(first("2022-06-09 08:48").as_deref(), Some("2022-06-09"));
        assert_eq!(first("2022 年 6 月 9 日").as_deref(), Some("2022-06-09"));
    }
}
