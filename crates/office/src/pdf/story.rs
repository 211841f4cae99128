//! Pages of lines and tables to one document: headers and page numbers out, paragraphs and tables over page breaks joined.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::{Line, Measure, append, runs_on};
use super::table::{Part, join};
use crate::block::{Place, Unreadable};
use crate::collect::Collector;
use crate::count::readable_chars;

/// Upper and lower part of a page in which headers and footers stand.
const HEADER_PART: f64 = 0.1;
const FOOTER_PART: f64 = 0.1;
/// Pages on which a line must stand at the same height to be a header or footer.
const REPEATS_MIN: usize = 3;
/// Heights that differ by less, in points, are the same.
const SAME_HEIGHT: f64 = 4.0;
/// Characters of a line that shows where the margins are.
const FULL_LINE_CHARS: usize = 12;
/// A line that starts this many em to the right of the margin opens a paragraph.
const INDENT_EM: f64 = 1.2;
/// Baselines this many em apart belong to different paragraphs.
const PITCH_EM_MAX: f64 = 2.7;
/// Font sizes that differ by this factor belong to different paragraphs.
const SIZE_STEP: f64 = 1.15;

pub(super) enum Item {
    Line(Line),
    Table(Part),
}

impl Item {
    fn top(&self) -> f64 {
        match self {
            Self::Line(line) => line.y - line.size,
            Self::Table(part) => part.bounds.top,
        }
    }
}

pub(super) struct Page {
    pub(super) number: u32,
    pub(super) height: f64,
    pub(super) items: Vec<Item>,
    /// Where the lines of its column begin and end, if it is set in two.
    pub(super) column: Option<Measure>,
}

impl Page {
    pub(super) fn new(number: u32, height: f64, lines: Vec<Line>, tables: Vec<Part>) -> Self {
        let mut items: Vec<Item> = lines
            .into_iter()
            .map(Item::Line)
            .chain(tables.into_iter().map(Item::Table))
            .collect();
        items.sort_by(|a, b| a.top().total_cmp(&b.top()));
        Self {
            number,
            height,
            items,
            column: None,
        }
    }
}

pub(super) fn tell(mut pages: Vec<Page>, out: &mut Collector<'_>) -> Result<(), Unreadable> {
    for text in pages.iter().flat_map(|page| &page.items) {
        if let Item::Line(line) = text {
            out.see(&line.text)?;
        }
    }
    drop_furniture(&mut pages, out);
    let measure = pages.iter().find_map(|page| page.column);
    let measure = measure.unwrap_or_else(|| margins(&pages));
    let mut paragraph: Option<(String, Line, u32, u32)> = None; // text, last line, its page, page of the first
    let mut parts: Vec<Part> = Vec::new();
    for page in pages {
        for (index, item) in page.items.into_iter().enumerate() {
            match item {
                Item::Line(line) => {
                    end_table(&mut parts, out)?;
                    paragraph = Some(match paragraph.take() {
                        Some((mut text, last, at, first))
                            if goes_on(&last, at, &line, page.number, measure) =>
                        {
                            append(&mut text, &line.text);
                            (text, line, page.number, first)
                        }
                        open => {
                            end_paragraph(open, out)?;
                            (line.text.clone(), line, page.number, page.number)
                        }
                    });
                }
                Item::Table(part) => {
                    end_paragraph(paragraph.take(), out)?;
                    let follows =
                        index == 0 && parts.last().is_some_and(|last| last.continues_in(&part));
                    if !follows {
                        end_table(&mut parts, out)?;
                    }
                    parts.push(part);
                }
            }
        }
    }
    end_paragraph(paragraph, out)?;
    end_table(&mut parts, out)
}

fn end_paragraph(
    open: Option<(String, Line, u32, u32)>,
    out: &mut Collector<'_>,
) -> Result<(), Unreadable> {
    match open {
        Some((text, _, _, page)) => out.paragraph(
            text,
            None,
            Place {
                page: Some(page),
                ..Place::default()
            },
        ),
        None => Ok(()),
    }
}

fn end_table(parts: &mut Vec<Part>, out: &mut Collector<'_>) -> Result<(), Unreadable> {
    if parts.is_empty() {
        return Ok(());
    }
    let pages: Vec<u32> = parts.iter().map(|part| part.page).collect();
    let open = parts.iter().any(|part| part.open);
    let joined = join(std::mem::take(parts), out.limits())?;
    for text in joined
        .table
        .rows
        .iter()
        .flat_map(|row| &row.cells)
        .map(|cell| &cell.text)
    {
        out.see(text)?;
    }
    let place = joined.table.place;
    let table = out.table(joined.table)?;
    let place = Place {
        table: Some(table),
        ..place
    };
    let message = match open {
        true => "表格没有框线，行列按文字的位置推断得出，很可能有误，请逐行与原文核对。",
        false => "表格的行列由框线推断得出，请逐行与原文核对。",
    };
    out.note("table-inferred", message, place);
    if let (Some(first), Some(last)) = (pages.first(), pages.last())
        && first != last
    {
        let message = format!("第 {first} 页至第 {last} 页的表格已连成一张，请核对分页处。");
        out.note("table-joined", message, place);
    }
    for (page, chars) in joined
        .dropped_heads
        .into_iter()
        .filter(|(_, chars)| *chars > 0)
    {
        out.see_chars(chars)?;
        let message = format!("第 {page} 页重复的表头夹在同一行中间，已略去。");
        out.drop_chars(
            "heading-dropped",
            message,
            Place {
                page: Some(page),
                ..place
            },
            chars,
        );
    }
    for page in joined.broken_rows {
        let message = format!("第 {page} 页表格的首行已接到上一页的末行，请核对。");
        out.note(
            "row-joined",
            message,
            Place {
                page: Some(page),
                ..place
            },
        );
    }
    Ok(())
}

fn goes_on(last: &Line, last_page: u32, next: &Line, page: u32, measure: Measure) -> bool {
    let ratio = last.size.max(next.size) / last.size.min(next.size).max(0.1);
    let far = last_page == page && next.y - last.y > PITCH_EM_MAX * last.size.max(next.size);
    let indented = next.left - measure.left > INDENT_EM * next.size
        && (next.left - last.left).abs() > 0.6 * next.size;
    let within = page <= last_page + 1 && !(page > last_page && names_annex(&next.text));
    ratio < SIZE_STEP && !far && !indented && within && runs_on(last, next, measure)
}

/// 附件2, 附表1： at the top of a page: an annex begins.
fn names_annex(text: &str) -> bool {
    const LONGEST: usize = 6;
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let label = plain.starts_with("附件") || plain.starts_with("附表");
    label && plain.chars().count() <= LONGEST
}

/// The text's left and right margin, by its longer lines.
fn margins(pages: &[Page]) -> Measure {
    let long = pages
        .iter()
        .flat_map(|page| &page.items)
        .filter_map(|item| match item {
            Item::Line(line) if line.text.chars().count() >= FULL_LINE_CHARS => Some(line),
            _ => None,
        });
    let (left, right) = long.fold((f64::MAX, f64::MIN), |(left, right), line| {
        (left.min(line.left), right.max(line.right))
    });
    if left > right {
        Measure {
            left: 0.0,
            right: f64::MAX,
        }
    } else {
        Measure { left, right }
    }
}

/// Takes out page numbers, and lines that stand at the same height with the same words on several pages.
fn drop_furniture(pages: &mut [Page], out: &mut Collector<'_>) {
    let mut repeats: BTreeMap<(String, i64), usize> = BTreeMap::new();
    for page in pages.iter() {
        for line in edge_lines(page) {
            for height in heights(line.y) {
                *repeats
                    .entry((without_digits(&line.text), height))
                    .or_default() += 1;
            }
        }
    }
    let repeated = |line: &Line| {
        heights(line.y).iter().any(|&height| {
            repeats
                .get(&(without_digits(&line.text), height))
                .is_some_and(|&count| count >= REPEATS_MIN)
        })
    };
    let counted = page_counts(pages);
    for page in pages.iter_mut() {
        let (height, number) = (page.height, page.number);
        let last = page.items.len().saturating_sub(1);
        let counts = page_count(page).is_some_and(|count| counted.contains(&count));
        let mut index = 0..;
        page.items.retain(|item| {
            let index = index.next();
            let Item::Line(line) = item else { return true };
            let (code, what) = match () {
                () if counts && index == Some(last) => ("page-number-dropped", "页码"),
                () if !at_edge(line.y, line.size, height) => return true,
                () if is_page_number(&line.text) => ("page-number-dropped", "页码"),
                () if repeated(line) => ("header-dropped", "各页重复的页眉或页脚"),
                () => return true,
            };
            let message = format!("{what}“{}”不是正文，已略去。", line.text);
            out.drop_chars(
                code,
                message,
                Place {
                    page: Some(number),
                    ..Place::default()
                },
                readable_chars(&line.text),
            );
            false
        });
    }
}

/// Lower part of a page in which its number stands, where the table above it leaves no room at the edge.
const COUNT_PART: f64 = 0.2;

/// How far the number in the last line of a page is ahead of the page; `None` where that line is no such number.
fn page_count(page: &Page) -> Option<i64> {
    let Some(Item::Line(line)) = page.items.last() else {
        return None;
    };
    if !is_page_number(&line.text) || line.y < (1.0 - COUNT_PART) * page.height {
        return None;
    }
    let figures = line.text.chars().filter_map(|c| match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')),
        c => Some(c).filter(char::is_ascii_digit),
    });
    let value: i64 = figures.collect::<String>().parse().ok()?;
    Some(value - i64::from(page.number))
}

/// What the last lines of several pages count alike: those are the numbers of the pages.
fn page_counts(pages: &[Page]) -> BTreeSet<i64> {
    let mut seen: BTreeMap<i64, usize> = BTreeMap::new();
    for count in pages.iter().filter_map(page_count) {
        *seen.entry(count).or_default() += 1;
    }
    let several = seen.into_iter().filter(|(_, pages)| *pages > 1);
    several.map(|(count, _)| count).collect()
}

fn edge_lines(page: &Page) -> impl Iterator<Item = &Line> {
    page.items.iter().filter_map(|item| match item {
        Item::Line(line) if at_edge(line.y, line.size, page.height) => Some(line),
        _ => None,
    })
}

pub(super) fn at_edge(y: f64, size: f64, height: f64) -> bool {
    y < HEADER_PART * height || y - size > (1.0 - FOOTER_PART) * height
}

/// Two neighbouring slots of height, so that a line near their border falls into a common one.
fn heights(y: f64) -> [i64; 2] {
    let slot = (y / SAME_HEIGHT).floor() as i64;
    [slot, slot + 1]
}

fn without_digits(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_ascii_digit() && !c.is_whitespace())
        .collect()
}

/// 3, - 3 -, — 3 —, 第3页, 第 3 页 共 9 页, 3/9.
pub(super) fn is_page_number(text: &str) -> bool {
    const LONGEST: usize = 16;
    let mut digits = 0;
    let plain = text.chars().all(|c| {
        let figure = c.is_ascii_digit() || ('０'..='９').contains(&c);
        digits += usize::from(figure);
        figure || c.is_whitespace() || "-—–－─·.第页共/／，,".contains(c)
    });
    plain && (1..=6).contains(&digits) && text.chars().count() <= LONGEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_below_the_tables_of_several_pages_count_them() {
        let page = |number: u32, text: &str, y: f64| {
            let line = Line {
                text: text.to_owned(),
                left: 0.0,
                right: 10.0,
                y,
                size: 10.0,
                head: 10.0,
            };
            Page::new(number, 600.0, vec![line], Vec::new())
        };
        let pages = [
            page(1, "11", 520.0),
            page(2, "—１２—", 525.0),
            page(3, "7", 520.0),
            page(4, "14", 200.0),
        ];
        assert_eq!(page_counts(&pages).into_iter().collect::<Vec<_>>(), [10]);
        assert!(page_counts(&pages[2..]).is_empty());
    }

    #[test]
    fn page_numbers_come_in_many_dresses() {
        for text in ["3", "— 12 —", "-3-", "第 3 页 共 9 页", "3/9", "—１２—"] {
            assert!(is_page_number(text), "{text}");
        }
        for text in ["2022年6月16日", "附件1", "—", "12345678"] {
            assert!(!is_page_number(text), "{text}");
        }
    }

    #[test]
    fn an_annex_begins_a_paragraph_of_its_own() {
        for text in ["附件2", "附件 1：", "附表3"] {
            assert!(names_annex(text), "{text}");
        }
        for text in ["附件2的内容按要求公开", "见附件2", "公开目录"] {
            assert!(!names_annex(text), "{text}");
        }
    }
}
