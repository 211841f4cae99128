//! The words of each page letter by letter, each with the room that it takes on the page as it is seen.

use lopdf::Document as Pdf;

use super::ink::{Glyph, Ink, Turn};
use super::interpret::Interpreter;
use super::lines::spelled;
use super::rules::{Grid, grids};
use super::{NAME, Sums, is_scan};
use crate::block::Unreadable;
use crate::limits::Limits;
use crate::refusal::too_large;

/// A line that ends nearer to its right border than this many letters may go on in the next.
const FULL_EM: f64 = 1.5;
/// What a letter may take above and below its baseline, and beside its width, in parts of its size.
const ABOVE_EM: f64 = 1.0;
const BELOW_EM: f64 = 0.3;
const BESIDE_EM: f64 = 0.06;

/// A page as it is seen: points (1/72 inch) from the top left corner, y downwards.
pub(crate) struct Sheet {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// Which way most of its text runs.
    pub(crate) turn: Turn,
    pub(crate) stretches: Vec<Stretch>,
    /// Why not all that it shows was read, for people.
    pub(crate) unread: Option<&'static str>,
}

/// Words on one line, of one cell where there is a table.
pub(crate) struct Stretch {
    /// Where on the page, for people: 第3行, 表格第2行第4列.
    pub(crate) place: String,
    pub(crate) letters: Vec<Letter>,
    /// Where its baseline begins.
    pub(crate) start: (f64, f64),
    pub(crate) length: f64,
    pub(crate) size: f64,
    pub(crate) after: After,
}

/// A character of the text; one that stands for a gap takes no room.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Letter {
    pub(crate) c: char,
    pub(crate) room: Option<Room>,
    /// Nothing lies over it, and it is not white on white.
    pub(crate) seen: bool,
}

/// What stands behind a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// The rest of the same words, on the next line.
    More,
    /// Another line of the same cell.
    Blank,
    /// The next cell.
    Column,
    LineEnd,
}

/// The part of a page that a letter blackens at most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Room {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Stretch {
    /// All its words, seen or not.
    pub(crate) fn text(&self) -> String {
        self.letters.iter().map(|letter| letter.c).collect()
    }
}

impl Room {
    /// What both take together.
    pub(crate) fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// All pages in their order, of a file that is a text.
///
/// # Errors
/// [`Unreadable`] for scans, for fonts that do not name their characters, and beyond the limits.
pub(crate) fn text_sheets(document: &Pdf, limits: &Limits) -> Result<Vec<Sheet>, Unreadable> {
    let (sheets, sums) = summed(document, limits)?;
    sums.judge(sheets.len(), NAME)?;
    Ok(sheets)
}

/// All pages in their order, whatever they show.
///
/// # Errors
/// [`Unreadable`] beyond the limits.
pub(crate) fn sheets(document: &Pdf, limits: &Limits) -> Result<Vec<Sheet>, Unreadable> {
    Ok(summed(document, limits)?.0)
}

fn summed(document: &Pdf, limits: &Limits) -> Result<(Vec<Sheet>, Sums), Unreadable> {
    let ids: Vec<_> = document.page_iter().take(limits.pages + 1).collect();
    if ids.len() > limits.pages {
        return Err(too_large(&format!("PDF 超过 {} 页", limits.pages)));
    }
    let mut interpreter = Interpreter::new(document, limits);
    let (mut sheets, mut sums) = (Vec::with_capacity(ids.len()), Sums::default());
    for id in ids {
        let ink = interpreter.page(id)?;
        sums.add(&ink);
        sheets.push(sheet(ink, limits));
    }
    Ok((sheets, sums))
}

fn sheet(ink: Ink, limits: &Limits) -> Sheet {
    let unread = unread(&ink);
    let turn = ink.turn;
    let (width, height) = match turn {
        Turn::None | Turn::Half => (ink.width, ink.height),
        Turn::Quarter | Turn::ThreeQuarters => (ink.height, ink.width),
    };
    let (tables, _) = grids(ink.horizontal, ink.vertical, limits.grid_slots);
    let mut inside: Vec<Vec<Vec<Glyph>>> = tables
        .iter()
        .map(|table| vec![Vec::new(); table.cells.len()])
        .collect();
    let mut outside = Vec::new();
    for glyph in ink.glyphs {
        let (x, y) = glyph.middle();
        let cell = tables
            .iter()
            .zip(&mut inside)
            .find_map(|(table, cells)| cells.get_mut(table.at(x, y)?));
        cell.unwrap_or(&mut outside).push(glyph);
    }
    let page = Page {
        turn,
        width,
        height,
    };
    let mut stretches = page.lines(outside);
    for (table, cells) in tables.iter().zip(inside) {
        stretches.extend(page.table(table, cells));
    }
    Sheet {
        width,
        height,
        turn,
        stretches,
        unread,
    }
}

fn unread(ink: &Ink) -> Option<&'static str> {
    if ink.invisible > 0 {
        return Some("文字来自扫描件的识别层，位置不准");
    }
    if ink.unmapped > 0 {
        return Some("有的字形没有说明是什么字");
    }
    if ink.slanted > 0 {
        return Some("有斜排的文字（如水印）");
    }
    is_scan(ink).then_some("是扫描图像")
}

struct Page {
    turn: Turn,
    width: f64,
    height: f64,
}

impl Page {
    /// Lines outside tables. One that reaches the right border of them all may go on in the next.
    fn lines(&self, glyphs: Vec<Glyph>) -> Vec<Stretch> {
        let border = glyphs.iter().map(|glyph| glyph.right).fold(0.0, f64::max);
        let lines = spelled(glyphs, true);
        let numbered = (1..).zip(lines);
        numbered
            .filter_map(|(n, line): (usize, _)| {
                let mut stretch = self.stretch(format!("第{n}行"), line, border)?;
                if stretch.after == After::Blank {
                    stretch.after = After::LineEnd;
                }
                Some(stretch)
            })
            .collect()
    }

    /// The cells row by row.
    fn table(&self, table: &Grid, cells: Vec<Vec<Glyph>>) -> Vec<Stretch> {
        let mut placed: Vec<_> = table.cells.iter().zip(cells).collect();
        placed.sort_by_key(|(cell, _)| (cell.row, cell.column));
        let (mut stretches, mut row): (Vec<Stretch>, _) = (Vec::new(), 0);
        for (cell, glyphs) in placed {
            if cell.row != row
                && let Some(last) = stretches.last_mut()
            {
                last.after = After::LineEnd;
            }
            row = cell.row;
            let border = table.box_of(cell).right;
            let place = format!("表格第{}行第{}列", cell.row + 1, cell.column + 1);
            let lines = spelled(glyphs, false).into_iter();
            let before = stretches.len();
            stretches.extend(lines.filter_map(|line| self.stretch(place.clone(), line, border)));
            if stretches.len() > before
                && let Some(last) = stretches.last_mut()
            {
                last.after = After::Column;
            }
        }
        if let Some(last) = stretches.last_mut() {
            last.after = After::LineEnd;
        }
        stretches
    }

    fn stretch(
        &self,
        place: String,
        line: Vec<(char, Option<Glyph>)>,
        border: f64,
    ) -> Option<Stretch> {
        let glyphs = || line.iter().filter_map(|(_, glyph)| *glyph);
        let (first, last) = (glyphs().next()?, glyphs().next_back()?);
        let size = glyphs().map(|glyph| glyph.size).fold(0.0, f64::max);
        let is_full = border - last.right < FULL_EM * size;
        Some(Stretch {
            place,
            start: self.seen(first.left, first.y),
            length: last.right - first.left,
            size,
            after: if is_full { After::More } else { After::Blank },
            letters: line
                .iter()
                .map(|(c, glyph)| Letter {
                    c: *c,
                    room: glyph.map(|glyph| self.room(glyph)),
                    seen: glyph.is_none_or(|glyph| glyph.seen),
                })
                .collect(),
        })
    }

    /// Where a point of the page that was turned to be read is seen.
    fn seen(&self, x: f64, y: f64) -> (f64, f64) {
        self.turn.redo(x, y, self.width, self.height)
    }

    fn room(&self, glyph: Glyph) -> Room {
        let beside = BESIDE_EM * glyph.size;
        let (ax, ay) = self.seen(glyph.left - beside, glyph.y - ABOVE_EM * glyph.size);
        let (bx, by) = self.seen(glyph.right + beside, glyph.y + BELOW_EM * glyph.size);
        Room {
            left: ax.min(bx),
            top: ay.min(by),
            right: ax.max(bx),
            bottom: ay.max(by),
        }
    }
}
