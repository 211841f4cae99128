//! A copy of a workbook without its hiding places. Where anything is taken out, formulas become the values that they
//! show: a formula may point at what is gone, and would tell of it.

use std::collections::HashSet;

use super::dom::{Element, Node};
use super::repack::Parts;
use super::sheet::{self, Book, column_of, hidden_columns, is_hidden_row};
use super::{Place, cannot_clean, office_parts, sheet_lists};
use crate::block::Unreadable;
use crate::limits::Limits;

/// A sliver that is no longer hidden and that nobody notices: in points, in characters.
const SLIVER_HEIGHT: &str = "1";
const SLIVER_WIDTH: &str = "0.3";

pub(super) fn clean(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Unreadable> {
    let mut parts = Parts::open(bytes, limits)?;
    let book = Book::of(&parts, limits)?;
    if book.sheets.iter().all(|sheet| sheet.hidden) {
        return Err(cannot_clean("所有工作表都是隐藏的"));
    }
    let hidden: HashSet<&str> = book
        .sheets
        .iter()
        .filter(|sheet| sheet.hidden)
        .map(|sheet| sheet.part.as_str())
        .collect();
    let found = sheet::scan(bytes, limits)?;
    // A list that names people points at nothing else: the formulas stay.
    let drops = found
        .iter()
        .any(|one| !matches!(one.what, Place::Aside | Place::DropDown));
    let lists = drops || found.iter().any(|one| one.what == Place::DropDown);
    let mut used: HashSet<usize> = HashSet::new();
    for entry in book.sheets.iter().filter(|entry| !entry.hidden) {
        let Some(mut root) = parts.xml(&entry.part, limits)? else {
            continue;
        };
        empty_hidden_cells(&mut root, &book);
        if drops {
            root.retain(&mut |element| !element.is("f"));
        }
        root.retain(&mut |element| {
            let goes = matches!(
                element.local(),
                "legacyDrawing"
                    | "dataConsolidate"
                    | "customSheetViews"
                    | "controls"
                    | "oleObjects"
                    | "scenarios"
            );
            !(goes || lists && sheet_lists::is_lists(element))
        });
        note_strings(&root, &mut used);
        parts.put(&entry.part, &root);
    }
    forget_strings(&mut parts, &used, limits)?;
    workbook(&mut parts, &book, drops, limits)?;
    parts.remove(
        &|name| {
            hidden.contains(name)
                || sheet::is_comments(name)
                || sheet::is_cache(name)
                || sheet::is_outside(name)
                || office_parts::is_needless(name)
                || name == "xl/calcChain.xml"
                || name.contains("/vmlDrawing")
        },
        limits,
    )?;
    drop_orphans(&mut parts, limits)?;
    office_parts::clean(&mut parts);
    parts.pack()
}

fn empty_hidden_cells(root: &mut Element, book: &Book) {
    let columns = hidden_columns(root);
    let rows_hidden: Vec<bool> = root
        .child("sheetData")
        .map(|data| {
            data.elements()
                .map(|row| is_hidden_row(root, row))
                .collect()
        })
        .unwrap_or_default();
    for part in root.elements_mut() {
        match part.local() {
            "sheetData" => {
                for (row, hidden) in part.elements_mut().zip(&rows_hidden) {
                    if *hidden {
                        row.children.clear();
                        row.with_attributes(
                            |name| matches!(name, "r" | "spans"),
                            &[("ht", SLIVER_HEIGHT), ("customHeight", "1")],
                        );
                    } else {
                        empty_cells(row, &columns, book);
                    }
                }
            }
            "cols" => {
                for column in part.elements_mut() {
                    if sheet::is_true(column, "hidden") || sheet::is_narrow(column, "width") {
                        column.with_attributes(
                            |name| matches!(name, "min" | "max" | "style"),
                            &[("width", SLIVER_WIDTH), ("customWidth", "1")],
                        );
                    }
                }
            }
            "sheetFormatPr" => part.with_attributes(|name| name != "zeroHeight", &[]),
            _ => {}
        }
    }
}

fn empty_cells(row: &mut Element, columns: &[(u32, u32)], book: &Book) {
    let mut column = 0;
    for cell in row.elements_mut().filter(|cell| cell.is("c")) {
        column = column_of(cell, column);
        let hidden = columns
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&column));
        if hidden || book.is_unseen(cell) {
            cell.children.clear();
            cell.with_attributes(|name| matches!(name, "r" | "s"), &[]);
        }
    }
}

fn note_strings(root: &Element, used: &mut HashSet<usize>) {
    root.walk(&mut |element| {
        if element.is("c") && element.attribute("t").as_deref() == Some("s") {
            used.extend(
                element
                    .child("v")
                    .and_then(|value| value.text().trim().parse::<usize>().ok()),
            );
        }
    });
}

/// Strings that no cell shows any more become empty; their numbers stay.
fn forget_strings(
    parts: &mut Parts,
    used: &HashSet<usize>,
    limits: &Limits,
) -> Result<(), Unreadable> {
    const STRINGS: &str = "xl/sharedStrings.xml";
    let Some(mut root) = parts.xml(STRINGS, limits)? else {
        return Ok(());
    };
    for (index, item) in root.elements_mut().filter(|item| item.is("si")).enumerate() {
        if !used.contains(&index) {
            item.children = vec![Node::Element(Element {
                tag: quick_xml::events::BytesStart::new("t"),
                children: Vec::new(),
            })];
        }
    }
    parts.put(STRINGS, &root);
    Ok(())
}

/// The workbook without the hidden sheets; numbers of sheets in names and views follow.
fn workbook(
    parts: &mut Parts,
    book: &Book,
    drops: bool,
    limits: &Limits,
) -> Result<(), Unreadable> {
    const WORKBOOK: &str = "xl/workbook.xml";
    let Some(mut root) = parts.xml(WORKBOOK, limits)? else {
        return Ok(());
    };
    let mut left = 0usize;
    let new_numbers: Vec<Option<usize>> = book
        .sheets
        .iter()
        .map(|sheet| {
            (!sheet.hidden).then(|| {
                left += 1;
                left - 1
            })
        })
        .collect();
    let gone: Vec<&str> = book
        .sheets
        .iter()
        .filter(|sheet| sheet.hidden)
        .map(|sheet| sheet.name.as_str())
        .collect();
    root.retain(&mut |element| match element.local() {
        "sheet" => !matches!(
            element.attribute("state").as_deref(),
            Some("hidden" | "veryHidden")
        ),
        "externalReferences"
        | "pivotCaches"
        | "customWorkbookViews"
        | "fileSharing"
        | "fileRecoveryPr"
        | "webPublishing" => false,
        "absPath" | "revisionPtr" | "documentId" => false,
        "definedName" => {
            let target = element.text();
            let of_gone_sheet = element
                .attribute("localSheetId")
                .and_then(|number| number.parse::<usize>().ok())
                .is_some_and(|number| new_numbers.get(number).copied().flatten().is_none());
            let built_in = element
                .attribute("name")
                .is_some_and(|name| name.starts_with("_xlnm."));
            !(of_gone_sheet
                || sheet::is_leaking_name(element)
                || gone.iter().any(|name| target.contains(name))
                || drops && !built_in)
        }
        _ => true,
    });
    for part in root.elements_mut() {
        match part.local() {
            "definedNames" => {
                for name in part.elements_mut() {
                    let number = name
                        .attribute("localSheetId")
                        .and_then(|number| number.parse::<usize>().ok());
                    if let Some(Some(number)) = number.and_then(|number| new_numbers.get(number)) {
                        let number = number.to_string();
                        name.with_attributes(
                            |key| key != "localSheetId",
                            &[("localSheetId", number.as_str())],
                        );
                    }
                }
            }
            "bookViews" => {
                for view in part.elements_mut() {
                    view.with_attributes(|key| !matches!(key, "activeTab" | "firstSheet"), &[]);
                }
            }
            _ => {}
        }
    }
    // An empty list of names is not allowed.
    root.retain(&mut |element| !(element.is("definedNames") && element.children.is_empty()));
    parts.put(WORKBOOK, &root);
    Ok(())
}

/// Drawings and tables that only a removed sheet used.
fn drop_orphans(parts: &mut Parts, limits: &Limits) -> Result<(), Unreadable> {
    loop {
        let mut used: HashSet<String> = HashSet::new();
        let relations: Vec<String> = parts
            .names()
            .filter(|name| name.ends_with(".rels"))
            .map(str::to_owned)
            .collect();
        for name in &relations {
            let owner = super::repack::owner_of(name).unwrap_or_default();
            let folder = owner
                .rsplit_once('/')
                .map_or("", |(folder, _)| folder)
                .to_owned();
            if let Some(root) = parts.xml(name, limits)? {
                used.extend(
                    root.elements()
                        .filter_map(|relation| relation.attribute("Target"))
                        .map(|target| crate::package::resolve(&folder, &target)),
                );
            }
        }
        let orphans: HashSet<String> = parts
            .names()
            .filter(|name| {
                name.starts_with("xl/")
                    && !name.ends_with(".rels")
                    && !used.contains(*name)
                    && *name != "xl/workbook.xml"
            })
            .map(str::to_owned)
            .collect();
        if orphans.is_empty() {
            return Ok(());
        }
        parts.remove(&|name| orphans.contains(name), limits)?;
    }
}
