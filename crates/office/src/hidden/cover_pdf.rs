//! A PDF with words covered. A page with such words is drawn anew as a picture in which they are black: nothing lies under them.
//! A page with words that nobody sees, under boxes or white on white, is drawn anew as it is seen.
//! Its words, as they stand now, lie on it unseen, so that it can still be searched, copied and read aloud.

mod font;
mod page;
mod picture;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use hayro_svg::hayro_syntax::Pdf as Drawing;
use lopdf::{Document, Object, ObjectId};

use super::cover::{Changes, Piece};
use super::{cannot_clean, pdf};
use crate::block::Unreadable;
use crate::limits::{Deadline, Limits};
use crate::pdf::{After, Room, Sheet, Stretch, load, sheets, text_sheets};
use crate::refusal::{damaged, too_large};

use picture::Picture;

/// Pages that are drawn for one copy.
const DRAWN_MAX: usize = 100;
/// What a document tells of itself beside its pages: names of chapters, of form fields, words behind drawn letters.
const TOLD: [&[u8]; 7] = [
    b"AcroForm",
    b"Dests",
    b"MarkInfo",
    b"Outlines",
    b"PageLabels",
    b"StructTreeRoot",
    b"Threads",
];

pub(super) fn pieces(bytes: &[u8], limits: &Limits) -> Result<Vec<Piece>, Unreadable> {
    let document = load(bytes, limits)?;
    let mut pieces = Vec::new();
    for (number, sheet) in (1_usize..).zip(text_sheets(&document, limits)?) {
        let mut after = After::LineEnd;
        for stretch in sheet.stretches {
            pieces.push(Piece {
                place: format!("第{number}页{}", stretch.place),
                text: stretch.text(),
                before: match after {
                    After::More | After::LineEnd => String::new(),
                    After::Blank => " ".to_owned(),
                    After::Column => "\t".to_owned(),
                },
                ends_line: stretch.after == After::LineEnd,
            });
            after = stretch.after;
        }
        // A page ends whatever stands on it.
        if let Some(last) = pieces.last_mut() {
            last.ends_line = true;
        }
    }
    Ok(pieces)
}

pub(super) fn cover(
    bytes: &[u8],
    changes: &Changes<'_>,
    limits: &Limits,
) -> Result<Vec<u8>, Unreadable> {
    // Nothing else that is hidden may be drawn, or lie under what is drawn.
    redraw(pdf::without_asides(bytes, limits)?, changes, limits)
}

/// Draws the pages anew that have changes, or words that nobody sees: those are gone then. Without such pages the file
/// comes back as it was.
pub(super) fn redraw(
    clean: Vec<u8>,
    changes: &Changes<'_>,
    limits: &Limits,
) -> Result<Vec<u8>, Unreadable> {
    let deadline = Deadline::of(limits);
    let mut document = load(&clean, limits)?;
    let covered = covered(sheets(&document, limits)?, changes)?;
    if covered.is_empty() {
        return Ok(clean);
    }
    if covered.len() > DRAWN_MAX {
        return Err(too_large(&format!("要重画的有 {} 页", covered.len())));
    }
    let drawing = Drawing::new(clean).map_err(|_| damaged("PDF 的页面画不出来，没有生成副本"))?;
    let pages: Vec<ObjectId> = document.page_iter().collect();
    let font = page::font(&mut document);
    for (index, sheet) in covered {
        deadline.check()?;
        let page = drawing.pages().get(index).zip(pages.get(index));
        let (page, id) = page.ok_or_else(|| damaged("PDF 的页数前后不一"))?;
        if sheet.black.is_empty() && pdf::has_drawn_notes(&document, *id) {
            let why = format!("第{}页有图章、批注或表单域，重画会丢失", index + 1);
            return Err(cannot_clean(&why));
        }
        let picture = Picture::of(page, &sheet, index + 1)?;
        page::replace(&mut document, *id, &sheet, &picture, font)?;
    }
    forget(&mut document)?;
    document.prune_objects();
    document.renumber_objects();
    let mut copy = Vec::new();
    document
        .save_to(&mut copy)
        .map_err(|_| damaged("副本写不出来"))?;
    Ok(copy)
}

/// No words and no property of the copy may have one of these: numbers in the text, numbers and other traces in properties.
pub(super) fn prove_gone(
    copy: &[u8],
    (gone, traces): (&BTreeSet<String>, &BTreeSet<String>),
    limits: &Limits,
) -> Result<(), Unreadable> {
    let document = load(copy, limits)?;
    let left = |place: &str| cannot_clean(&format!("被遮盖的内容还在文件的其他地方（{place}）"));
    for (number, sheet) in (1_usize..).zip(sheets(&document, limits)?) {
        let mut text = String::new();
        for stretch in &sheet.stretches {
            text.push_str(&stretch.text());
            if stretch.after != After::More {
                text.push('\n');
            }
        }
        if gone.iter().any(|number| text.contains(number.as_str())) {
            return Err(left(&format!("第{number}页")));
        }
    }
    let mut told = Vec::new();
    for object in document.objects.values() {
        strings(object, &mut told);
    }
    let tells = |one: &String| told.iter().any(|text| text.contains(one.as_str()));
    if gone.iter().chain(traces).any(tells) {
        return Err(left("文件属性"));
    }
    Ok(())
}

/// The text strings of an object, without those of its streams' content.
fn strings(object: &Object, told: &mut Vec<String>) {
    match object {
        Object::String(..) => told.push(pdf::words(object)),
        Object::Array(list) => list.iter().for_each(|one| strings(one, told)),
        Object::Dictionary(dict) => dict.iter().for_each(|(_, one)| strings(one, told)),
        Object::Stream(stream) => stream.dict.iter().for_each(|(_, one)| strings(one, told)),
        _ => {}
    }
}

/// A page with covered words: the rooms that turn black, and what its lines say afterwards.
struct Covered {
    sheet: Sheet,
    black: Vec<Room>,
    said: Vec<String>,
}

/// The pages with changes, by their index.
fn covered(
    sheets: Vec<Sheet>,
    changes: &Changes<'_>,
) -> Result<BTreeMap<usize, Covered>, Unreadable> {
    let mut count = 0;
    let mut all = BTreeMap::new();
    for (index, sheet) in sheets.into_iter().enumerate() {
        let (mut black, mut said) = (Vec::new(), Vec::with_capacity(sheet.stretches.len()));
        let mut is_all_seen = true;
        for stretch in &sheet.stretches {
            let old = stretch.text();
            let new = changes.get(&count).copied().unwrap_or(&old);
            blacken_letters(stretch, new, &mut black);
            let seen = stretch.letters.iter().zip(new.chars());
            let seen = seen.filter(|(letter, _)| letter.seen);
            said.push(seen.map(|(_, c)| c).collect());
            is_all_seen &= stretch.letters.iter().all(|letter| letter.seen);
            count += 1;
        }
        if black.is_empty() && is_all_seen {
            continue;
        }
        match sheet.unread {
            Some(why) if !black.is_empty() => {
                return Err(cannot_clean(&format!("第{}页{why}，盖不准", index + 1)));
            }
            // The picture is right whatever its words are; words that are not sure are left out.
            Some(_) => said.iter_mut().for_each(String::clear),
            None => {}
        }
        all.insert(index, Covered { sheet, black, said });
    }
    Ok(all)
}

/// The rooms of the letters that are others now, those of neighbours as one: gaps would tell how wide each was.
fn blacken_letters(stretch: &Stretch, new: &str, black: &mut Vec<Room>) {
    let mut open: Option<Room> = None;
    for (old, new) in stretch.letters.iter().zip(new.chars()) {
        if old.c == new {
            black.extend(open.take());
        } else if let Some(room) = old.room {
            open = Some(open.map_or(room, |open| open.with(room)));
        }
    }
    black.extend(open);
}

/// What the document tells beside its pages goes: it may repeat words that are covered.
fn forget(document: &mut Document) -> Result<(), Unreadable> {
    let catalog = document
        .catalog_mut()
        .map_err(|_| damaged("PDF 的目录无法读取"))?;
    for key in TOLD {
        catalog.remove(key);
    }
    for object in document.objects.values_mut() {
        if let Ok(dict) = object.as_dict_mut() {
            dict.remove(b"StructParents");
            dict.remove(b"StructParent");
        }
    }
    Ok(())
}
