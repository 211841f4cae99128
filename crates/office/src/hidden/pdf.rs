//! PDF: properties, notes, attached files, scripts, earlier revisions, hidden layers, text under boxes.

use std::collections::{BTreeMap, HashSet};

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::author::is_telling;
use super::{Hidden, Place, cannot_clean, cover_pdf};
use crate::block::Unreadable;
use crate::limits::Limits;
use crate::pdf::{load, unseen_text};
use crate::refusal::damaged;

/// Keys of the information dictionary that programs write.
const USUAL_KEYS: [&[u8]; 13] = [
    b"Title",
    b"Author",
    b"Subject",
    b"Keywords",
    b"Creator",
    b"Producer",
    b"CreationDate",
    b"ModDate",
    b"Trapped",
    b"SourceModified",
    b"Company",
    b"Comments",
    b"GTS_PDFXVersion",
];
/// Notes of people, as against links, fields and marks of printers.
const NOTES: [&[u8]; 13] = [
    b"Text",
    b"Highlight",
    b"Underline",
    b"StrikeOut",
    b"Squiggly",
    b"Popup",
    b"Caret",
    b"Ink",
    b"Redact",
    b"Sound",
    b"Movie",
    b"Screen",
    b"RichMedia",
];
/// Drawn notes, of which the drawing stays and the words behind it go.
const DRAWN: [&[u8]; 7] = [
    b"FreeText",
    b"Stamp",
    b"Square",
    b"Circle",
    b"Line",
    b"Polygon",
    b"PolyLine",
];
const WORDS: [&[u8]; 8] = [
    b"T",
    b"Subj",
    b"RC",
    b"CreationDate",
    b"M",
    b"NM",
    b"Popup",
    b"IRT",
];

pub(super) fn scan(bytes: &[u8], limits: &Limits) -> Result<Vec<Hidden>, Unreadable> {
    let document = load(bytes, limits)?;
    let mut found = Vec::new();
    properties(&document, &mut found);
    notes(&document, &mut found);
    catalog(&document, &mut found);
    revisions(bytes, &document, &mut found);
    layers(&document, &mut found);
    for (page, covered, white) in unseen_text(&document, limits)? {
        for (what, text) in [(Place::CoveredText, covered), (Place::UnseenText, white)] {
            if !text.trim().is_empty() {
                found.push(Hidden::new(what, format!("第 {page} 页"), text));
            }
        }
    }
    Ok(found)
}

/// A text string: UTF-16 with its mark, UTF-8 with its mark, or Latin.
pub(super) fn words(object: &Object) -> String {
    let Ok(bytes) = object.as_str() else {
        return String::new();
    };
    if let Some(wide) = bytes.strip_prefix(b"\xFE\xFF") {
        let units: Vec<u16> = wide
            .chunks_exact(2)
            .filter_map(|two| two.try_into().ok().map(u16::from_be_bytes))
            .collect();
        return String::from_utf16_lossy(&units);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => crate::encoding::decode(bytes, None).text,
    }
}

fn dictionary<'d>(document: &'d Document, object: &'d Object) -> Option<&'d Dictionary> {
    match document.dereference(object).ok()?.1 {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}

fn entry<'d>(document: &'d Document, dict: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
    document
        .dereference(dict.get(key).ok()?)
        .ok()
        .map(|(_, object)| object)
}

fn properties(document: &Document, found: &mut Vec<Hidden>) {
    if let Some(info) = document
        .trailer
        .get(b"Info")
        .ok()
        .and_then(|info| dictionary(document, info))
    {
        for (key, value) in info.iter() {
            let value = document
                .dereference(value)
                .map(|(_, object)| words(object))
                .unwrap_or_default();
            if value.trim().is_empty() {
                continue;
            }
            match key.as_slice() {
                b"Author" | b"Company" | b"Comments" if is_telling(&value) => {
                    found.push(Hidden::new(Place::Metadata, "作者", value));
                }
                b"Title" | b"Subject" | b"Keywords" => {
                    found.push(Hidden::new(Place::Aside, "文件属性", value))
                }
                key if !USUAL_KEYS.contains(&key)
                    && !key.starts_with(b"PTEX")
                    && !key.starts_with(b"GTS")
                    && !key.starts_with(b"rgid") =>
                {
                    let name = String::from_utf8_lossy(key).into_owned();
                    found.push(
                        Hidden::new(Place::Metadata, format!("自定义属性“{name}”"), value)
                            .doubtful(),
                    );
                }
                _ => {}
            }
        }
    }
    for object in document.objects.values() {
        let Object::Stream(stream) = object else {
            continue;
        };
        if stream
            .dict
            .get(b"Type")
            .and_then(Object::as_name)
            .is_ok_and(|kind| kind == b"Metadata")
        {
            let packet = stream.get_plain_content().unwrap_or_default();
            if let Some(who) = between(
                &String::from_utf8_lossy(&packet),
                "<dc:creator>",
                "</dc:creator>",
            ) && is_telling(&who)
                && !found.iter().any(|one| one.text == who)
            {
                found.push(Hidden::new(Place::Metadata, "XMP 作者", who));
            }
        }
    }
}

/// The words between two tags, without tags.
fn between(text: &str, open: &str, close: &str) -> Option<String> {
    let (_, rest) = text.split_once(open)?;
    let (inside, _) = rest.split_once(close)?;
    let words: String = inside
        .split('<')
        .map(|piece| piece.split_once('>').map_or(piece, |(_, words)| words))
        .collect();
    let words = words.trim().to_owned();
    (!words.is_empty()).then_some(words)
}

fn subtype(dict: &Dictionary) -> &[u8] {
    dict.get(b"Subtype")
        .and_then(Object::as_name)
        .unwrap_or_default()
}

fn notes(document: &Document, found: &mut Vec<Hidden>) {
    for (number, page) in document.get_pages() {
        let list = document
            .get_dictionary(page)
            .ok()
            .and_then(|page| entry(document, page, b"Annots"))
            .and_then(|list| list.as_array().ok());
        for note in list
            .into_iter()
            .flatten()
            .filter_map(|note| dictionary(document, note))
        {
            let kind = subtype(note);
            let text = entry(document, note, b"Contents")
                .map(words)
                .unwrap_or_default();
            let place = format!("第 {number} 页");
            if kind == b"FileAttachment" {
                found.push(Hidden::new(Place::Attachment, place, text));
            } else if kind == b"Redact" {
                found.push(Hidden::new(
                    Place::CoveredText,
                    place,
                    "标记了涂黑但没有应用",
                ));
            } else if NOTES.contains(&kind) && !(kind == b"Popup" && text.is_empty()) {
                found.push(Hidden::new(Place::Comment, place, text));
            } else if DRAWN.contains(&kind) {
                let hidden = note
                    .get(b"F")
                    .and_then(Object::as_i64)
                    .is_ok_and(|flags| flags & 2 != 0);
                let filled = entry(document, note, b"IC")
                    .and_then(|colour| colour.as_array().ok())
                    .is_some_and(|colour| !colour.is_empty());
                if filled && matches!(kind, b"Square" | b"Polygon") {
                    found.push(Hidden::new(
                        Place::CoveredText,
                        place,
                        "批注画的色块下面可能有文字",
                    ));
                    continue;
                }
                let visible_words = kind == b"FreeText" || kind == b"Stamp" && text.is_empty();
                if hidden || !text.is_empty() && !visible_words {
                    found.push(Hidden::new(Place::Comment, place, text));
                } else if !text.is_empty() {
                    found.push(Hidden::new(Place::Aside, place, text));
                }
            }
        }
    }
}

fn is_script(document: &Document, action: &Object) -> bool {
    dictionary(document, action).is_some_and(|action| {
        matches!(
            action
                .get(b"S")
                .and_then(Object::as_name)
                .unwrap_or_default(),
            b"JavaScript" | b"Launch" | b"ImportData" | b"SubmitForm"
        )
    })
}

fn catalog(document: &Document, found: &mut Vec<Hidden>) {
    let Ok(catalog) = document.catalog() else {
        return;
    };
    let names = entry(document, catalog, b"Names").and_then(|names| names.as_dict().ok());
    let has = |key: &[u8]| names.is_some_and(|names| names.has(key));
    let files: Vec<String> = document
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .filter(|dict| dict.has(b"EF"))
        .map(|dict| {
            dict.get(b"UF")
                .or_else(|_| dict.get(b"F"))
                .map(words)
                .unwrap_or_default()
        })
        .collect();
    if has(b"EmbeddedFiles") || !files.is_empty() {
        found.push(Hidden::new(Place::Attachment, "附件", files.join("；")));
    }
    let scripts = has(b"JavaScript")
        || catalog
            .get(b"OpenAction")
            .is_ok_and(|action| is_script(document, action))
        || document
            .objects
            .values()
            .any(|object| is_script(document, object));
    if scripts {
        found.push(Hidden::new(Place::Script, "文件", ""));
    }
}

/// Objects that the file defines more than once with different content: the earlier one can be brought back.
fn revisions(bytes: &[u8], document: &Document, found: &mut Vec<Hidden>) {
    let ends = count(bytes, b"%%EOF");
    let linearized = bytes
        .get(..2048.min(bytes.len()))
        .is_some_and(|head| crate::sniff::find(head, b"/Linearized").is_some());
    let revisions = ends.saturating_sub(usize::from(linearized));
    if ends > 1 && revisions > 1 {
        let older = document.trailer.has(b"Prev") || count(bytes, b"startxref") > 1;
        if older {
            found.push(Hidden::new(
                Place::EarlierRevision,
                format!("共 {revisions} 次保存"),
                "",
            ));
        }
    }
}

fn count(bytes: &[u8], needle: &[u8]) -> usize {
    let (mut number, mut rest) = (0, bytes);
    while let Some(at) = crate::sniff::find(rest, needle) {
        number += 1;
        rest = rest.get(at + needle.len()..).unwrap_or_default();
    }
    number
}

/// Layers that are off: their content is in the file.
fn layers(document: &Document, found: &mut Vec<Hidden>) {
    let config = document
        .catalog()
        .ok()
        .and_then(|catalog| entry(document, catalog, b"OCProperties"))
        .and_then(|properties| properties.as_dict().ok())
        .and_then(|properties| entry(document, properties, b"D"))
        .and_then(|config| config.as_dict().ok());
    let Some(config) = config else { return };
    let base_off = config
        .get(b"BaseState")
        .and_then(Object::as_name)
        .is_ok_and(|state| state == b"OFF");
    let off = entry(document, config, b"OFF").and_then(|list| list.as_array().ok());
    let off: Vec<String> = off
        .into_iter()
        .flatten()
        .filter_map(|group| dictionary(document, group))
        .map(|group| group.get(b"Name").map(words).unwrap_or_default())
        .collect();
    if base_off || !off.is_empty() {
        found.push(Hidden::new(Place::HiddenLayer, "图层", off.join("；")));
    }
}

/// The document without what nobody sees; pages with words under boxes are pictures then.
pub(super) fn clean(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Unreadable> {
    let copy = without_asides(bytes, limits)?;
    cover_pdf::redraw(copy, &BTreeMap::new(), limits)
}

/// The document written again from its living objects, without properties, notes, attachments and scripts.
pub(super) fn without_asides(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Unreadable> {
    let mut document = load(bytes, limits)?;
    refuse_what_stays(&document)?;
    document.trailer.remove(b"Info");
    document.trailer.remove(b"Prev");
    let pages: Vec<ObjectId> = document.page_iter().collect();
    let gone = gone_notes(&document, &pages);
    for page in &pages {
        keep_notes(&mut document, *page, &gone);
    }
    for object in document.objects.values_mut() {
        let dict = match object {
            Object::Dictionary(dict) => dict,
            Object::Stream(stream) => &mut stream.dict,
            _ => continue,
        };
        for key in [
            &b"Metadata"[..],
            b"PieceInfo",
            b"AA",
            b"AF",
            b"LastModified",
        ] {
            dict.remove(key);
        }
        if DRAWN.contains(&subtype(dict)) && dict.has(b"Rect") {
            let visible = subtype(dict) == b"FreeText";
            for key in WORDS {
                dict.remove(key);
            }
            if !visible {
                dict.remove(b"Contents");
            }
        }
    }
    forget_actions(&mut document);
    let catalog = document
        .catalog_mut()
        .map_err(|_| damaged("PDF 的目录无法读取"))?;
    for key in [&b"OpenAction"[..], b"Names", b"Collection", b"SpiderInfo"] {
        // Named places of links live here too; links by name are rare and lead nowhere then.
        catalog.remove(key);
    }
    document.prune_objects();
    document.renumber_objects();
    let mut copy = Vec::new();
    document
        .save_to(&mut copy)
        .map_err(|_| damaged("干净文件写不出来"))?;
    Ok(copy)
}

/// Layers, boxes of notes and seals: what no copy can be made without.
fn refuse_what_stays(document: &Document) -> Result<(), Unreadable> {
    let mut found = Vec::new();
    notes(document, &mut found);
    layers(document, &mut found);
    let stays = |one: &&Hidden| matches!(one.what, Place::CoveredText | Place::HiddenLayer);
    if let Some(one) = found.iter().find(stays) {
        return Err(cannot_clean(&format!(
            "{}（{}）",
            one.what.title(),
            one.place
        )));
    }
    if document
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .any(|dict| {
            dict.get(b"FT")
                .and_then(Object::as_name)
                .is_ok_and(|kind| kind == b"Sig")
                && dict.has(b"V")
        })
    {
        return Err(cannot_clean("文件带有电子签名或电子印章，改动后会失效"));
    }
    Ok(())
}

/// Whether a page shows more than its content draws: stamps, filled fields, drawn notes. Links show nothing.
pub(super) fn has_drawn_notes(document: &Document, page: ObjectId) -> bool {
    let list = document
        .get_dictionary(page)
        .ok()
        .and_then(|page| entry(document, page, b"Annots"))
        .and_then(|list| list.as_array().ok());
    list.into_iter()
        .flatten()
        .filter_map(|note| dictionary(document, note))
        .any(|note| subtype(note) != b"Link")
}

/// The notes that go: those of people, and hidden drawings.
fn gone_notes(document: &Document, pages: &[ObjectId]) -> HashSet<Note> {
    let mut gone = HashSet::new();
    for page in pages {
        let list = document
            .get_dictionary(*page)
            .ok()
            .and_then(|page| entry(document, page, b"Annots"))
            .and_then(|list| list.as_array().ok());
        for (index, note) in list.into_iter().flatten().enumerate() {
            let Some(dict) = dictionary(document, note) else {
                continue;
            };
            let hidden = DRAWN.contains(&subtype(dict))
                && dict
                    .get(b"F")
                    .and_then(Object::as_i64)
                    .is_ok_and(|flags| flags & 2 != 0);
            let action = dict
                .get(b"A")
                .is_ok_and(|action| is_script(document, action));
            if NOTES.contains(&subtype(dict))
                || subtype(dict) == b"FileAttachment"
                || hidden
                || action
            {
                gone.insert((*page, index));
            }
        }
    }
    gone
}

/// A note by its page and its place in the page's list.
type Note = (ObjectId, usize);

fn keep_notes(document: &mut Document, page: ObjectId, gone: &HashSet<Note>) {
    let list = document
        .get_dictionary(page)
        .ok()
        .and_then(|dict| entry(document, dict, b"Annots"))
        .and_then(|list| list.as_array().ok())
        .cloned();
    let Some(list) = list else { return };
    let kept: Vec<Object> = list
        .into_iter()
        .enumerate()
        .filter(|(index, _)| !gone.contains(&(page, *index)))
        .map(|(_, note)| note)
        .collect();
    if let Ok(dict) = document.get_dictionary_mut(page) {
        if kept.is_empty() {
            dict.remove(b"Annots");
        } else {
            dict.set("Annots", kept);
        }
    }
}

/// Scripts in actions of any object.
fn forget_actions(document: &mut Document) {
    let scripts: HashSet<ObjectId> = document
        .objects
        .iter()
        .filter(|(_, object)| is_script(document, object))
        .map(|(id, _)| *id)
        .collect();
    for object in document.objects.values_mut() {
        let dict = match object {
            Object::Dictionary(dict) => dict,
            Object::Stream(stream) => &mut stream.dict,
            _ => continue,
        };
        let direct = dict
            .get(b"A")
            .and_then(Object::as_dict)
            .is_ok_and(|action| {
                matches!(
                    action
                        .get(b"S")
                        .and_then(Object::as_name)
                        .unwrap_or_default(),
                    b"JavaScript" | b"Launch" | b"ImportData" | b"SubmitForm"
                )
            });
        let by_reference = dict
            .get(b"A")
            .and_then(Object::as_reference)
            .is_ok_and(|id| scripts.contains(&id));
        if direct || by_reference {
            dict.remove(b"A");
        }
    }
    document.objects.retain(|id, _| !scripts.contains(id));
}
