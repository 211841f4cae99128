//! XLSX: hidden sheets, rows, columns and cells, comments, caches, links to outside.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::dom::Element;
use super::repack::Parts;
use super::{Hidden, Place, office_parts, sheet_lists};
use crate::block::Unreadable;
use crate::limits::Limits;
use crate::package::resolve;

/// Widths and heights up to this cannot be seen, in characters and in points.
pub(super) const UNSEEN_SIZE: f64 = 0.2;
/// Cells of which a hidden passage quotes the text.
pub(super) const CELLS_MAX: usize = 4_000;

/// A workbook as far as hiding places need it.
pub(super) struct Book {
    /// Name, part, and whether it is hidden, in the order of the workbook.
    pub(super) sheets: Vec<SheetEntry>,
    pub(super) strings: Vec<String>,
    /// Names and what each stands for.
    pub(super) names: Vec<(String, String)>,
    /// Cell styles that show nothing: white letters on no ground, or the format `;;;`.
    pub(super) unseen_styles: HashSet<usize>,
}

pub(super) struct SheetEntry {
    pub(super) name: String,
    pub(super) part: String,
    pub(super) hidden: bool,
}

impl Book {
    pub(super) fn of(parts: &Parts, limits: &Limits) -> Result<Self, Unreadable> {
        let mut targets = HashMap::new();
        if let Some(root) = parts.xml("xl/_rels/workbook.xml.rels", limits)? {
            for relation in root.elements() {
                if let (Some(id), Some(target)) =
                    (relation.attribute("Id"), relation.attribute("Target"))
                {
                    targets.insert(id, resolve("xl", &target));
                }
            }
        }
        let (mut sheets, mut names) = (Vec::new(), Vec::new());
        if let Some(root) = parts.xml("xl/workbook.xml", limits)? {
            for name in root
                .child("definedNames")
                .iter()
                .flat_map(|list| list.elements())
            {
                names.push((name.attribute("name").unwrap_or_default(), name.text()));
            }
            for sheet in root.child("sheets").iter().flat_map(|list| list.elements()) {
                let part = sheet
                    .attribute("id")
                    .and_then(|id| targets.get(&id).cloned());
                sheets.push(SheetEntry {
                    name: sheet.attribute("name").unwrap_or_default(),
                    part: part.unwrap_or_default(),
                    hidden: matches!(
                        sheet.attribute("state").as_deref(),
                        Some("hidden" | "veryHidden")
                    ),
                });
            }
        }
        let strings = match parts.xml("xl/sharedStrings.xml", limits)? {
            Some(root) => root
                .elements()
                .filter(|element| element.is("si"))
                .map(|item| item.text().trim_end_matches('\n').to_owned())
                .collect(),
            None => Vec::new(),
        };
        let unseen_styles = match parts.xml("xl/styles.xml", limits)? {
            Some(root) => unseen_styles(&root),
            None => HashSet::new(),
        };
        Ok(Self {
            sheets,
            strings,
            names,
            unseen_styles,
        })
    }

    /// What a cell shows, or would show.
    pub(super) fn value(&self, cell: &Element) -> String {
        match cell.attribute("t").as_deref() {
            Some("s") => cell
                .child("v")
                .and_then(|value| value.text().trim().parse::<usize>().ok())
                .and_then(|index| self.strings.get(index).cloned())
                .unwrap_or_default(),
            Some("inlineStr") => cell.child("is").map(Element::text).unwrap_or_default(),
            _ => cell.child("v").map(Element::text).unwrap_or_default(),
        }
    }

    pub(super) fn is_unseen(&self, cell: &Element) -> bool {
        cell.attribute("s")
            .and_then(|style| style.parse().ok())
            .is_some_and(|style: usize| self.unseen_styles.contains(&style))
    }
}

fn unseen_styles(root: &Element) -> HashSet<usize> {
    let list = |name: &str| {
        root.child(name)
            .map(|list| list.elements().collect::<Vec<_>>())
            .unwrap_or_default()
    };
    let white: Vec<bool> = list("fonts")
        .iter()
        .map(|font| {
            font.child("color")
                .and_then(|colour| colour.attribute("rgb"))
                .is_some_and(|rgb| rgb.to_uppercase().ends_with("FFFFFF") && rgb.len() >= 6)
        })
        .collect();
    let unfilled: Vec<bool> = list("fills")
        .iter()
        .map(|fill| {
            fill.child("patternFill").is_some_and(|pattern| {
                let kind = pattern.attribute("patternType").unwrap_or_default();
                let rgb = pattern
                    .child("fgColor")
                    .and_then(|colour| colour.attribute("rgb"));
                matches!(kind.as_str(), "" | "none")
                    || kind == "solid"
                        && rgb.is_some_and(|rgb| rgb.to_uppercase().ends_with("FFFFFF"))
            })
        })
        .collect();
    let blank: HashSet<String> = list("numFmts")
        .iter()
        .filter(|format| {
            format
                .attribute("formatCode")
                .is_some_and(|code| code.trim_matches('"') == ";;;")
        })
        .filter_map(|format| format.attribute("numFmtId"))
        .collect();
    list("cellXfs")
        .iter()
        .enumerate()
        .filter(|(_, style)| {
            let number = |name: &str| {
                style
                    .attribute(name)
                    .and_then(|id| id.parse::<usize>().ok())
                    .unwrap_or(0)
            };
            let pale = white.get(number("fontId")).copied().unwrap_or(false)
                && unfilled.get(number("fillId")).copied().unwrap_or(true);
            pale || style
                .attribute("numFmtId")
                .is_some_and(|id| blank.contains(&id))
        })
        .map(|(index, _)| index)
        .collect()
}

/// The hidden columns of a sheet, as ranges from 1.
pub(super) fn hidden_columns(sheet: &Element) -> Vec<(u32, u32)> {
    let columns = sheet
        .child("cols")
        .map(|list| list.elements().collect::<Vec<_>>())
        .unwrap_or_default();
    columns
        .into_iter()
        .filter(|column| is_true(column, "hidden") || is_narrow(column, "width"))
        .filter_map(|column| {
            Some((
                column.attribute("min")?.parse().ok()?,
                column.attribute("max")?.parse().ok()?,
            ))
        })
        .collect()
}

pub(super) fn is_true(element: &Element, name: &str) -> bool {
    matches!(element.attribute(name).as_deref(), Some("1" | "true"))
}

pub(super) fn is_narrow(element: &Element, name: &str) -> bool {
    element
        .attribute(name)
        .and_then(|size| size.parse::<f64>().ok())
        .is_some_and(|size| size <= UNSEEN_SIZE)
}

pub(super) fn is_hidden_row(sheet: &Element, row: &Element) -> bool {
    let all = sheet
        .child("sheetFormatPr")
        .is_some_and(|format| is_true(format, "zeroHeight"));
    is_true(row, "hidden") || is_narrow(row, "ht") || all && row.attribute("ht").is_none()
}

/// The column of a cell such as `AB12`, from 1.
pub(super) fn column_of(cell: &Element, before: u32) -> u32 {
    let letters = cell.attribute("r").unwrap_or_default();
    let number = letters
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .fold(0u32, |number, c| {
            number
                .saturating_mul(26)
                .saturating_add(u32::from(c.to_ascii_uppercase()) - 64)
        });
    if number == 0 { before + 1 } else { number }
}

pub(super) fn scan(bytes: &[u8], limits: &Limits) -> Result<Vec<Hidden>, Unreadable> {
    let parts = Parts::open(bytes, limits)?;
    let book = Book::of(&parts, limits)?;
    let mut found = Vec::new();
    for entry in &book.sheets {
        let Some(sheet) = parts.xml(&entry.part, limits)? else {
            continue;
        };
        if entry.hidden {
            found.push(Hidden::new(
                Place::HiddenSheet,
                format!("工作表“{}”", entry.name),
                all_text(&sheet, &book),
            ));
        } else {
            cells(&sheet, &entry.name, &book, &mut found);
            sheet_lists::scan(&parts, (&sheet, &entry.name), &book, &mut found, limits)?;
            aside(&sheet, &entry.name, &mut found);
        }
    }
    remarks(&parts, limits, &mut found)?;
    caches(&parts, limits, &mut found)?;
    names(&parts, limits, &mut found)?;
    office_parts::scan(&parts, limits, &mut found)?;
    Ok(found)
}

pub(super) fn rows(sheet: &Element) -> impl Iterator<Item = &Element> {
    sheet
        .child("sheetData")
        .into_iter()
        .flat_map(|data| data.elements().filter(|row| row.is("row")))
}

fn all_text(sheet: &Element, book: &Book) -> String {
    let mut text = String::new();
    for row in rows(sheet).take(CELLS_MAX) {
        let cells: Vec<String> = row.elements().map(|cell| book.value(cell)).collect();
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    text
}

fn cells(sheet: &Element, name: &str, book: &Book, found: &mut Vec<Hidden>) {
    let columns = hidden_columns(sheet);
    let mut by_column: BTreeMap<u32, String> = BTreeMap::new();
    let (mut hidden_rows, mut first_row, mut unseen) = (String::new(), None, String::new());
    for (index, row) in rows(sheet).enumerate() {
        let number = row
            .attribute("r")
            .unwrap_or_else(|| (index + 1).to_string());
        let row_hidden = is_hidden_row(sheet, row);
        let (mut column, mut words) = (0, Vec::new());
        for cell in row.elements().filter(|cell| cell.is("c")) {
            column = column_of(cell, column);
            let value = book.value(cell);
            if value.trim().is_empty() {
                continue;
            }
            if row_hidden {
                words.push(value);
            } else if columns
                .iter()
                .any(|(from, to)| (*from..=*to).contains(&column))
            {
                let text = by_column.entry(column).or_default();
                text.push_str(&value);
                text.push('\n');
            } else if book.is_unseen(cell) {
                unseen.push_str(&value);
                unseen.push('\n');
            }
        }
        if !words.is_empty() {
            first_row.get_or_insert(number);
            hidden_rows.push_str(&words.join("\t"));
            hidden_rows.push('\n');
        }
    }
    if let Some(first) = first_row {
        found.push(Hidden::new(
            Place::HiddenRow,
            format!("工作表“{name}”第 {first} 行起"),
            hidden_rows,
        ));
    }
    for (column, text) in by_column {
        found.push(Hidden::new(
            Place::HiddenColumn,
            format!("工作表“{name}”第 {column} 列"),
            text,
        ));
    }
    if !unseen.is_empty() {
        found.push(Hidden::new(
            Place::UnseenText,
            format!("工作表“{name}”"),
            unseen,
        ));
    }
}

/// Headers, footers and names of sheets are printed, but no cell.
fn aside(sheet: &Element, name: &str, found: &mut Vec<Hidden>) {
    let mut words = name.to_owned();
    if let Some(header) = sheet.child("headerFooter") {
        words.push('\n');
        for line in header.elements() {
            // &L, &C, &P and the like are places and fields.
            words.push_str(
                &line
                    .text()
                    .replace("&L", "\n")
                    .replace("&C", "\n")
                    .replace("&R", "\n"),
            );
        }
    }
    found.push(Hidden::new(
        Place::Aside,
        format!("工作表“{name}”的页眉页脚"),
        words,
    ));
}

fn remarks(parts: &Parts, limits: &Limits, found: &mut Vec<Hidden>) -> Result<(), Unreadable> {
    let names: Vec<String> = parts
        .names()
        .filter(|name| is_comments(name) && name.ends_with(".xml"))
        .map(str::to_owned)
        .collect();
    for name in names {
        let Some(root) = parts.xml(&name, limits)? else {
            continue;
        };
        let mut remarks = Vec::new();
        root.walk(&mut |element| {
            if matches!(element.local(), "comment" | "threadedComment") {
                // Beside the text some programs keep the measures of the box.
                let text = element.child("text").unwrap_or(element).text();
                remarks.push((element.attribute("ref").unwrap_or_default(), text));
            }
        });
        for (place, text) in remarks {
            found.push(Hidden::new(Place::Comment, format!("单元格 {place}"), text));
        }
    }
    Ok(())
}

pub(super) fn is_comments(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.starts_with("xl/comments")
        || lower.contains("/comments/")
        || lower.contains("threadedcomment")
}

pub(super) fn is_cache(name: &str) -> bool {
    name.contains("/pivotCache/")
        || name.contains("/pivotTables/")
        || name.starts_with("xl/model/")
        || name.starts_with("xl/revisions/")
}

pub(super) fn is_outside(name: &str) -> bool {
    name.contains("/externalLinks/")
        || name == "xl/connections.xml"
        || name.contains("/queryTables/")
}

fn caches(parts: &Parts, limits: &Limits, found: &mut Vec<Hidden>) -> Result<(), Unreadable> {
    let names: Vec<String> = parts
        .names()
        .filter(|name| !name.ends_with(".rels"))
        .map(str::to_owned)
        .collect();
    for name in names {
        if name.contains("/pivotCache/") {
            let Some(root) = parts.xml(&name, limits)? else {
                continue;
            };
            let mut words = String::new();
            root.walk(&mut |element| {
                if let Some(value) = element.attribute("v") {
                    words.push_str(&value);
                    words.push('\n');
                }
            });
            found.push(Hidden::new(
                Place::PivotCache,
                name.rsplit('/').next().unwrap_or_default(),
                words,
            ));
        } else if name.starts_with("xl/revisions/") {
            found.push(Hidden::new(Place::TrackedChange, "工作簿修订记录", ""));
        } else if name.starts_with("xl/model/") {
            found.push(Hidden::new(Place::PivotCache, "数据模型", ""));
        } else if name.contains("/externalLinks/") {
            let relations = name.replace("/externalLinks/", "/externalLinks/_rels/") + ".rels";
            let target = match parts.xml(&relations, limits)? {
                Some(root) => root
                    .elements()
                    .filter_map(|relation| relation.attribute("Target"))
                    .collect::<Vec<_>>()
                    .join("；"),
                None => String::new(),
            };
            found.push(Hidden::new(Place::OutsideLink, "引用其他工作簿", target));
        } else if name == "xl/connections.xml" {
            let root = parts.xml(&name, limits)?;
            let mut words = Vec::new();
            if let Some(root) = &root {
                root.walk(&mut |element| {
                    words.extend(
                        element
                            .attribute("connection")
                            .or_else(|| element.attribute("sourceFile")),
                    )
                });
            }
            found.push(Hidden::new(
                Place::OutsideLink,
                "数据连接",
                words.join("；"),
            ));
        }
    }
    Ok(())
}

/// Names that point outside or that nobody sees in the list.
fn names(parts: &Parts, limits: &Limits, found: &mut Vec<Hidden>) -> Result<(), Unreadable> {
    let Some(root) = parts.xml("xl/workbook.xml", limits)? else {
        return Ok(());
    };
    for name in root
        .child("definedNames")
        .iter()
        .flat_map(|list| list.elements())
    {
        if is_leaking_name(name) {
            let title = name.attribute("name").unwrap_or_default();
            found.push(
                Hidden::new(Place::OutsideLink, format!("名称“{title}”"), name.text()).doubtful(),
            );
        }
    }
    Ok(())
}

pub(super) fn is_leaking_name(name: &Element) -> bool {
    let title = name.attribute("name").unwrap_or_default();
    let target = name.text();
    let built_in = title.starts_with("_xlnm.");
    !built_in
        && (target.contains('[')
            || target.contains("\\\\")
            || is_true(name, "hidden") && target.contains('"'))
}
