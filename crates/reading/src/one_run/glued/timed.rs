//! Rows whose measure ends with a time and units behind it: 1、公开预算3月市财政局市审计局2、…. The sources of the measures may
//! follow, with numbers of their own, and the heading of the next ones.

use super::super::super::columns::Column;
use super::super::super::number::{digits, numeral};
use super::super::super::text::{Mark, Run, from, is_han, part, starts_any, trim};
use super::names::{joined, names};
use super::{Found, Row};

/// Where a time stands with units behind it.
struct Anchor {
    time: usize,
    units: usize,
    end: usize,
    names: Vec<Run>,
}

pub(super) fn rows(body: &[Mark], found: &Found, time: usize) -> (Vec<Row>, usize) {
    let text = found.place(|c| *c == Column::Text);
    let heading = found.place(|c| *c == Column::Heading);
    let source = found.columns.len().checked_sub(1);
    let source = source.filter(|at| found.columns.get(*at) == Some(&Column::Other));
    let units = found.units().first().copied();
    let (Some(text), Some(units)) = (text, units) else {
        return (Vec::new(), 0);
    };
    let mut out: Vec<Vec<(usize, Run)>> = Vec::new();
    let (mut at, mut head, mut group) = (0, Run::new(), 0);
    for anchor in anchors(body, source.is_some()) {
        let value = u32::try_from(out.len()).unwrap_or(u32::MAX - 1) + 1;
        let gap = part(body, at, anchor.time);
        let Some(start) = last_number(gap, value) else {
            break;
        };
        let between = trim(part(gap, 0, start));
        match (group_heading(between, group + 1), out.last_mut()) {
            (Some(name), _) => (head, group) = (name.to_vec(), group + 1),
            (None, Some(row)) => row.extend(source.map(|at| (at, between.to_vec()))),
            (None, None) => {}
        }
        let mut row = vec![
            (text, trim(from(gap, start)).to_vec()),
            (time, trim(part(body, anchor.time, anchor.units)).to_vec()),
            (units, joined(&anchor.names)),
        ];
        row.extend(heading.map(|at| (at, head.clone())));
        out.push(row);
        at = anchor.end;
    }
    (out.into_iter().map(Row::Cells).collect(), at)
}

fn anchors(body: &[Mark], loose: bool) -> Vec<Anchor> {
    let (mut out, mut i) = (Vec::new(), 0);
    while i < body.len() {
        match anchor(body, i, loose) {
            Some(found) => {
                i = found.end;
                out.push(found);
            }
            None => i += 1,
        }
    }
    out
}

fn anchor(body: &[Mark], i: usize, loose: bool) -> Option<Anchor> {
    let figure = |m: &Mark| m.fold.is_ascii_digit();
    let before = i.checked_sub(1).and_then(|j| body.get(j));
    if body.get(i).is_some_and(figure) && before.is_some_and(figure) {
        return None;
    }
    let units = i + time(from(body, i))?;
    let (names, len) = names(from(body, units), loose);
    (!names.is_empty()).then_some(Anchor {
        time: i,
        units,
        end: units + len,
        names,
    })
}

/// 3月, 6月底前, 2026年12月, 全年: the length of a time.
fn time(run: &[Mark]) -> Option<usize> {
    const LASTING: &[&str] = &[
        "全年",
        "长期",
        "长期坚持",
        "持续推进",
        "年底前",
        "年底",
        "上半年",
    ];
    if let Some(len) = starts_any(run, LASTING) {
        return Some(len);
    }
    let year = digits(run).filter(|(_, len)| *len == 4);
    let year = year.and_then(|(_, len)| Some(len + starts_any(from(run, len), &["年"])?));
    let year = year.unwrap_or(0);
    let (month, len) = digits(from(run, year)).or_else(|| numeral(from(run, year)))?;
    let word = starts_any(from(run, year + len), &["月份", "月"])?;
    let end = year + len + word;
    let tail = starts_any(from(run, end), &["底前", "底", "末", "前"]).unwrap_or(0);
    (1..=12).contains(&month).then_some(end + tail)
}

/// Where the number of a row stands last: what is counted before it is no row.
fn last_number(gap: &[Mark], value: u32) -> Option<usize> {
    (0..gap.len()).rev().find(|&i| {
        let figure = |m: &Mark| m.fold.is_ascii_digit() || m.fold == '.';
        let before = i.checked_sub(1).and_then(|j| gap.get(j));
        let read = digits(from(gap, i)).filter(|(found, _)| *found == value);
        let sign = read.and_then(|(_, len)| gap.get(i + len));
        !before.is_some_and(figure) && sign.is_some_and(|m| matches!(m.fold, '、' | '.'))
    })
}

/// 2推进公开 before 7、…: the number of the heading takes its turn, and a word follows.
fn group_heading(between: &[Mark], value: u32) -> Option<&[Mark]> {
    let (_, len) = digits(between).filter(|(found, _)| *found == value)?;
    let name = trim(from(between, len));
    name.first().is_some_and(|m| is_han(m.ch)).then_some(name)
}
