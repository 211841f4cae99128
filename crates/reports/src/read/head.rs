//! The title: which organ, which year.

use gongkai_office::Block;

use crate::amount::half_width;
use crate::model::Report;

/// Pieces from the top among which the title is looked for; pages of websites begin with much else.
const PIECES_MAX: usize = 400;
/// What a long title leaves for its second line, in characters.
const TAIL_CHARS_MAX: usize = 12;
/// The longest title.
const TITLE_CHARS_MAX: usize = 80;

/// Pieces behind a title without its organ among which the same title with it is looked for.
const WHOLE_WITHIN: usize = 12;

pub(super) fn read(blocks: &[Block], report: &mut Report) {
    let pieces = pieces(blocks);
    let mut first: Option<(usize, Title)> = None;
    for at in 0..pieces.len() {
        if first
            .as_ref()
            .is_some_and(|(from, _)| at > from + WHOLE_WITHIN)
        {
            break;
        }
        let Some(title) = title_at(&pieces, at) else {
            continue;
        };
        // The name of a column or page often has the year alone; the title below it has both.
        match &first {
            None if title.organ.is_empty() => first = Some((at, title)),
            Some((_, bare)) if title.organ.is_empty() || bare.year != title.year => {}
            _ => {
                first = Some((at, title));
                break;
            }
        }
    }
    match first {
        Some((_, title)) => {
            report.title = Some(title.text);
            report.year = Some(title.year);
            report.organ = (!title.organ.is_empty()).then_some(title.organ);
        }
        None => report.year = pieces.iter().find_map(|piece| year_of(piece)),
    }
}

struct Title {
    text: String,
    year: i16,
    organ: String,
}

/// The title that a piece is, or the lower half of.
fn title_at(pieces: &[String], at: usize) -> Option<Title> {
    let piece = pieces.get(at)?;
    let before = at.checked_sub(1).and_then(|at| pieces.get(at));
    let joined = before.map(|before| format!("{before}{piece}"));
    let alone = parts(piece);
    let both = joined.as_deref().and_then(parts);
    // 机关 and 年份 may stand on two lines; a whole line is better.
    let (text, (year, organ)) = match (alone, both) {
        (Some(alone), _) if !alone.1.is_empty() => (piece.clone(), alone),
        (_, Some(both)) if !both.1.is_empty() && title_tail(piece) => {
            (joined.unwrap_or_default(), both)
        }
        (Some(alone), _) => (piece.clone(), alone),
        _ => return None,
    };
    Some(Title { text, year, organ })
}

/// Is this the lower half of a title?
fn title_tail(piece: &str) -> bool {
    let text = squeezed(piece);
    let short = text.chars().count() <= TAIL_CHARS_MAX;
    text.contains("年度报告") || text.contains("年报") || (short && text.ends_with("报告"))
}

fn pieces(blocks: &[Block]) -> Vec<String> {
    let mut out = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => {
                out.extend(paragraph.text.lines().map(|line| line.trim().to_owned()));
            }
            Block::Table(table) => {
                let cells = table.rows.iter().take(2).flat_map(|row| &row.cells);
                out.extend(cells.map(|cell| cell.text.trim().to_owned()));
            }
        }
        if out.len() > PIECES_MAX {
            break;
        }
    }
    out.retain(|piece| !piece.is_empty());
    out
}

fn squeezed(text: &str) -> String {
    half_width(text)
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '〇' | '○' | 'Ｏ' => '0',
            other => other,
        })
        .collect()
}

/// Year and organ of `{机关}{YYYY}年政府信息公开工作年度报告`, and of what offices make of it.
fn parts(text: &str) -> Option<(i16, String)> {
    let text = squeezed(text);
    if text.chars().count() > TITLE_CHARS_MAX || text.ends_with('。') {
        return None;
    }
    let at = ["年度报告", "年报"]
        .iter()
        .find_map(|tail| text.rfind(tail))?;
    if !text.contains("信息公开") && !text.contains("政务公开") {
        return None;
    }
    let head = text.get(..at)?;
    let named = |part: &str| {
        part.split("政府信息公开")
            .next()
            .unwrap_or(part)
            .trim_start_matches("关于")
            .to_owned()
    };
    let (year, organ) = match years(head).next_back() {
        Some((year_at, length, year)) => {
            let before = named(head.get(..year_at)?);
            let after = head.get(year_at + length..)?;
            // 2024年度某某局政府信息公开…: the organ stands behind the year.
            let behind = named(after.trim_start_matches("年度").trim_start_matches('年'));
            (year, if before.is_empty() { behind } else { before })
        }
        // …政府信息公开工作年度报告（2024年）
        None => (years(&text).next_back()?.2, named(head)),
    };
    let organ = off_page(&organ)
        .trim_matches(['《', '》', '“', '”', '-', '—', '·', ':', '：'])
        .trim_end_matches("关于")
        .trim_end_matches('的')
        .to_owned();
    Some((year, organ))
}

/// Page 2 - 安澜市财政局: what a page of a book to leaf through puts before its title.
fn off_page(organ: &str) -> &str {
    organ.strip_prefix("Page").map_or(organ, |rest| {
        rest.trim_start_matches(|c: char| c.is_ascii_digit())
    })
}

/// Every `20YY年` in a text: where, how long without 年, and the year.
fn years(text: &str) -> impl DoubleEndedIterator<Item = (usize, usize, i16)> {
    let text = text.to_owned();
    let at: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let mut found = Vec::new();
    for from in at {
        let Some(rest) = text.get(from..) else {
            continue;
        };
        let four: String = rest.chars().take(4).collect();
        let digits: Option<String> = four.chars().map(digit).collect();
        let year = digits.and_then(|digits| digits.parse::<i16>().ok());
        let behind = rest.chars().nth(4);
        if let (4, Some(year), true) = (
            four.chars().count(),
            year.filter(|year| (2008..=2099).contains(year)),
            behind.is_none_or(|c| !c.is_ascii_digit()),
        ) {
            found.push((from, four.len(), year));
        }
    }
    found.into_iter()
}

fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '零' => Some('0'),
        '一' => Some('1'),
        '二' => Some('2'),
        '三' => Some('3'),
        '四' => Some('4'),
        '五' => Some('5'),
        '六' => Some('6'),
        '七' => Some('7'),
        '八' => Some('8'),
        '九' => Some('9'),
        _ => None,
    }
}

pub(super) fn year_of(piece: &str) -> Option<i16> {
    let text = squeezed(piece);
    let (at, length, year) = years(&text).next()?;
    text.get(at + length..)?.starts_with('年').then_some(year)
}
