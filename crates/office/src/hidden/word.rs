//! DOCX: tracked changes, comments, hidden and unseen text, and what all office files have.

use std::collections::HashSet;

use super::dom::{Element, Node};
use super::repack::Parts;
use super::{Hidden, Place, office_parts};
use crate::block::Unreadable;
use crate::limits::Limits;

/// Half points up to which letters are a line of dust.
const UNSEEN_HALF_POINTS: f64 = 4.0;

/// Elements that only record what was changed.
const CHANGE_RECORDS: [&str; 16] = [
    "rPrChange",
    "pPrChange",
    "sectPrChange",
    "tblPrChange",
    "trPrChange",
    "tcPrChange",
    "tblGridChange",
    "tblPrExChange",
    "numberingChange",
    "cellDel",
    "cellIns",
    "cellMerge",
    "moveFromRangeStart",
    "moveFromRangeEnd",
    "moveToRangeStart",
    "moveToRangeEnd",
];
const DELETED: [&str; 2] = ["del", "moveFrom"];
const INSERTED: [&str; 2] = ["ins", "moveTo"];
const OTHER_TRACES: [&str; 5] = [
    "commentRangeStart",
    "commentRangeEnd",
    "commentReference",
    "proofErr",
    "annotationRef",
];

pub(super) fn is_story(name: &str) -> bool {
    let Some(file) = name.strip_prefix("word/") else {
        return false;
    };
    !file.contains('/')
        && file.ends_with(".xml")
        && ["document", "header", "footer", "footnotes", "endnotes"]
            .iter()
            .any(|story| file.starts_with(story))
}

fn is_comments(name: &str) -> bool {
    name.starts_with("word/comments")
}

/// Styles whose text is hidden.
struct Styles {
    vanishing: HashSet<String>,
}

impl Styles {
    fn of(parts: &Parts, limits: &Limits) -> Result<Self, Unreadable> {
        let mut vanishing = HashSet::new();
        if let Some(root) = parts.xml("word/styles.xml", limits)? {
            for style in root.elements().filter(|element| element.is("style")) {
                if style.child("rPr").is_some_and(vanishes) {
                    vanishing.extend(style.attribute("styleId"));
                }
            }
        }
        Ok(Self { vanishing })
    }

    fn hide(&self, properties: Option<&Element>, style: &str) -> bool {
        properties
            .and_then(|properties| properties.child(style))
            .and_then(|style| style.attribute("val"))
            .is_some_and(|style| self.vanishing.contains(&style))
    }
}

fn is_on(switch: &Element) -> bool {
    !matches!(
        switch.attribute("val").as_deref(),
        Some("0" | "false" | "off" | "none")
    )
}

fn vanishes(properties: &Element) -> bool {
    properties
        .child("vanish")
        .or_else(|| properties.child("specVanish"))
        .is_some_and(is_on)
}

/// What stands around a run, as far as it decides whether the run can be seen.
#[derive(Clone, Copy, Default)]
struct Around {
    /// A dark or unknown ground: white letters are meant.
    coloured: bool,
    hidden_paragraph: bool,
}

fn is_filled(properties: Option<&Element>) -> bool {
    properties.is_some_and(|properties| {
        properties.child("shd").is_some_and(|shade| {
            let fill = shade.attribute("fill").unwrap_or_default();
            let pattern = shade.attribute("val").unwrap_or_default();
            !matches!(fill.to_uppercase().as_str(), "" | "AUTO" | "FFFFFF")
                || shade.attribute("themeFill").is_some()
                || pattern.starts_with("pct")
                || pattern == "solid"
        }) || properties
            .child("highlight")
            .is_some_and(|mark| mark.attribute("val").as_deref() != Some("white"))
    })
}

impl Around {
    fn inside(self, element: &Element, styles: &Styles) -> Self {
        let mut around = self;
        match element.local() {
            "tbl" => {
                let style = element
                    .child("tblPr")
                    .and_then(|properties| properties.child("tblStyle"));
                let plain = style.is_none_or(|style| {
                    matches!(
                        style.attribute("val").as_deref(),
                        Some("TableGrid" | "TableNormal" | "a3" | "a1")
                    )
                });
                around.coloured |= !plain || is_filled(element.child("tblPr"));
            }
            "tc" => around.coloured |= is_filled(element.child("tcPr")),
            "p" => {
                let properties = element.child("pPr");
                around.coloured |= is_filled(properties);
                around.hidden_paragraph = styles.hide(properties, "pStyle");
            }
            "txbxContent" | "drawing" | "pict" => around.coloured = true,
            _ => {}
        }
        around
    }
}

/// Whether a run's own text cannot be seen, and how.
fn unseen(run: &Element, around: Around, styles: &Styles) -> Option<Place> {
    let properties = run.child("rPr");
    if properties.is_some_and(vanishes)
        || styles.hide(properties, "rStyle")
        || around.hidden_paragraph && properties.is_none_or(|p| p.child("vanish").is_none_or(is_on))
    {
        return Some(Place::HiddenText);
    }
    let properties = properties?;
    let white = properties.child("color").is_some_and(|colour| {
        colour
            .attribute("val")
            .is_some_and(|value| value.eq_ignore_ascii_case("FFFFFF"))
    });
    let tiny = properties
        .child("sz")
        .and_then(|size| size.attribute("val"))
        .and_then(|value| value.parse::<f64>().ok())
        .is_some_and(|size| size <= UNSEEN_HALF_POINTS);
    let shaded = around.coloured || is_filled(Some(properties));
    (white && !shaded || tiny).then_some(Place::UnseenText)
}

/// The text of a run itself, without text boxes in it.
fn run_text(run: &Element) -> String {
    run.elements()
        .filter(|element| matches!(element.local(), "t" | "delText" | "tab" | "instrText"))
        .map(Element::text)
        .collect()
}

pub(super) fn scan(bytes: &[u8], limits: &Limits) -> Result<Vec<Hidden>, Unreadable> {
    let parts = Parts::open(bytes, limits)?;
    let styles = Styles::of(&parts, limits)?;
    let mut found = Vec::new();
    let stories: Vec<String> = parts
        .names()
        .filter(|name| is_story(name))
        .map(str::to_owned)
        .collect();
    for name in &stories {
        let Some(root) = parts.xml(name, limits)? else {
            continue;
        };
        story(&root, story_name(name), &styles, &mut found);
        if !name.starts_with("word/document") {
            let words = root.text();
            if !words.trim().is_empty() {
                found.push(Hidden::new(Place::Aside, story_name(name), words));
            }
        }
    }
    comments(&parts, limits, &mut found)?;
    settings(&parts, limits, &mut found)?;
    office_parts::scan(&parts, limits, &mut found)?;
    Ok(found)
}

pub(super) fn story_name(name: &str) -> &'static str {
    match name.strip_prefix("word/").unwrap_or(name) {
        file if file.starts_with("header") => "页眉",
        file if file.starts_with("footer") => "页脚",
        file if file.starts_with("footnotes") => "脚注",
        file if file.starts_with("endnotes") => "尾注",
        _ => "正文",
    }
}

fn story(root: &Element, place: &str, styles: &Styles, found: &mut Vec<Hidden>) {
    let mut collected: Vec<(Place, String)> = Vec::new();
    look(root, Around::default(), styles, &mut collected);
    // Runs of one kind that follow each other are one passage.
    let mut joined: Vec<(Place, String)> = Vec::new();
    for (what, text) in collected {
        match joined.last_mut() {
            Some((last, whole)) if *last == what && what != Place::TrackedChange => {
                whole.push_str(&text)
            }
            _ => joined.push((what, text)),
        }
    }
    found.extend(
        joined
            .into_iter()
            .map(|(what, text)| Hidden::new(what, place, text)),
    );
}

fn look(element: &Element, around: Around, styles: &Styles, found: &mut Vec<(Place, String)>) {
    let name = element.local();
    if DELETED.contains(&name) || INSERTED.contains(&name) {
        let who = element.attribute("author").unwrap_or_default();
        let mut words = String::new();
        element.walk(&mut |inner| {
            if inner.is("r") {
                words.push_str(&run_text(inner));
            }
        });
        let done = if DELETED.contains(&name) {
            "删除"
        } else {
            "插入"
        };
        if !words.is_empty() || element.children.is_empty() {
            found.push((Place::TrackedChange, format!("{who} {done}：{words}")));
        }
        if DELETED.contains(&name) {
            return;
        }
    }
    if CHANGE_RECORDS.contains(&name) && name.ends_with("Change") {
        let who = element.attribute("author").unwrap_or_default();
        found.push((Place::TrackedChange, format!("{who} 修改格式")));
        return;
    }
    if name == "r"
        && let Some(what) = unseen(element, around, styles)
    {
        let words = run_text(element);
        if !words.trim().is_empty() {
            found.push((what, words));
        }
    }
    let inside = around.inside(element, styles);
    for child in element.elements() {
        look(child, inside, styles, found);
    }
}

fn comments(parts: &Parts, limits: &Limits, found: &mut Vec<Hidden>) -> Result<(), Unreadable> {
    let names: Vec<String> = parts
        .names()
        .filter(|name| *name == "word/comments.xml")
        .map(str::to_owned)
        .collect();
    for name in names {
        let Some(root) = parts.xml(&name, limits)? else {
            continue;
        };
        for comment in root.elements().filter(|element| element.is("comment")) {
            let who = comment.attribute("author").unwrap_or_default();
            found.push(Hidden::new(
                Place::Comment,
                format!("{who}的批注"),
                comment.text(),
            ));
        }
    }
    Ok(())
}

fn settings(parts: &Parts, limits: &Limits, found: &mut Vec<Hidden>) -> Result<(), Unreadable> {
    if let Some(root) = parts.xml("word/settings.xml", limits)? {
        for variable in root
            .child("docVars")
            .iter()
            .flat_map(|list| list.elements())
        {
            found.push(Hidden::new(
                Place::Metadata,
                "文档变量",
                variable.attribute("val").unwrap_or_default(),
            ));
        }
    }
    if let Some(root) = parts.xml("word/_rels/settings.xml.rels", limits)? {
        for relation in root.elements() {
            let target = relation.attribute("Target").unwrap_or_default();
            if relation
                .attribute("Type")
                .is_some_and(|kind| kind.ends_with("attachedTemplate"))
                && target.contains(['\\', '/'])
                && !target.to_lowercase().ends_with("normal.dotm")
            {
                found.push(Hidden::new(Place::OutsideLink, "模板路径", target).doubtful());
            }
        }
    }
    Ok(())
}

pub(super) fn clean(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Unreadable> {
    let mut parts = Parts::open(bytes, limits)?;
    let styles = Styles::of(&parts, limits)?;
    let names: Vec<String> = parts
        .names()
        .filter(|name| name.starts_with("word/") && name.ends_with(".xml"))
        .map(str::to_owned)
        .collect();
    for name in names {
        let Some(mut root) = parts.xml(&name, limits)? else {
            continue;
        };
        if is_story(&name) {
            settle(&mut root, Around::default(), &styles);
        }
        root.retain(&mut |element| {
            !matches!(
                element.local(),
                "rsids"
                    | "trackRevisions"
                    | "docVars"
                    | "mailMerge"
                    | "attachedTemplate"
                    | "externalData"
                    | "dataBinding"
                    | "OLEObject"
            )
        });
        strip_session_numbers(&mut root);
        parts.put(&name, &root);
    }
    parts.remove(
        &|name| office_parts::is_needless(name) || is_comments(name),
        limits,
    )?;
    office_parts::clean(&mut parts);
    parts.pack()
}

/// Accepts all changes and takes out what nobody sees.
fn settle(element: &mut Element, around: Around, styles: &Styles) {
    let inside = around.inside(element, styles);
    let in_properties = matches!(element.local(), "rPr" | "trPr" | "pPr" | "tcPr");
    let mut children = Vec::with_capacity(element.children.len());
    for node in std::mem::take(&mut element.children) {
        let Node::Element(mut child) = node else {
            children.push(node);
            continue;
        };
        let name = child.local().to_owned();
        let name = name.as_str();
        let gone = DELETED.contains(&name)
            || CHANGE_RECORDS.contains(&name)
            || OTHER_TRACES.contains(&name)
            || in_properties && INSERTED.contains(&name)
            || name == "tr" && is_deleted_row(&child)
            || name == "r"
                && unseen(&child, inside, styles).is_some()
                && !run_text(&child).trim().is_empty();
        if gone {
            continue;
        }
        settle(&mut child, inside, styles);
        if INSERTED.contains(&name) {
            children.append(&mut child.children);
        } else {
            children.push(Node::Element(child));
        }
    }
    element.children = children;
}

fn is_deleted_row(row: &Element) -> bool {
    row.child("trPr")
        .is_some_and(|properties| properties.child("del").is_some())
}

/// rsid attributes tell which passages were written in one sitting.
fn strip_session_numbers(element: &mut Element) {
    let telling = element
        .tag
        .attributes()
        .with_checks(false)
        .flatten()
        .any(|attribute| attribute.key.0.contains(":rsid"));
    if telling {
        element.with_attributes(|name| !name.contains(":rsid"), &[]);
    }
    for child in element.elements_mut() {
        strip_session_numbers(child);
    }
}
