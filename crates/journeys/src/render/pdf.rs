//! The sheet as data of the PDF template for lists: a ruled table that flows over its pages.

use serde_json::{Value, json};

use super::rows::Pages;
use super::sheet::{Align, Column, Kind, Record, Sheet};

/// Flowing: unit cells merge down. Broken: they stay blank. Heads are repeated and pages broken by the template.
/// The template knows no row across the table: such sections get a column in front.
pub fn print_data(sheet: &Sheet, pages: Pages) -> Value {
    let mut columns = sheet.columns.clone();
    if sheet.wide_sections() {
        let section = Column {
            kind: Kind::Section,
            name: "工作要求".to_owned(),
        };
        columns.insert(0, section);
    }
    let above: Vec<Value> = sheet
        .notice
        .iter()
        .map(|line| {
            let style = match line.align {
                Align::Body => "body",
                Align::Center => "center",
                Align::Right => "right",
            };
            json!({"text": line.text, "style": style})
        })
        .collect();
    let headers: Vec<Value> = columns
        .iter()
        .map(|column| json!({"text": column.name, "width": width(column.kind)}))
        .collect();
    let merged: Vec<usize> = (0..)
        .zip(&columns)
        .filter(|(_, column)| match column.kind {
            Kind::Section | Kind::Group => true,
            Kind::Number | Kind::Text | Kind::Due => false,
            Kind::Units => pages == Pages::Flowing,
        })
        .map(|(index, _)| index)
        .collect();
    json!({
        "above": above,
        "title": sheet.title.join("\n"),
        "headers": headers,
        "rows": rows(&sheet.records, &columns, pages),
        "merge_down": merged,
        "foot": sheet.closing.iter().map(|line| &line.text).collect::<Vec<_>>(),
    })
}

fn width(kind: Kind) -> u32 {
    match kind {
        Kind::Number => 1,
        Kind::Section => 2,
        Kind::Group | Kind::Due => 3,
        Kind::Text => 6,
        Kind::Units => 4,
    }
}

fn rows(records: &[Record], columns: &[Column], pages: Pages) -> Vec<Vec<String>> {
    let mut units_above = "";
    records
        .iter()
        .map(|record| {
            let own = record.units.as_deref();
            let units = match pages {
                Pages::Flowing => own.unwrap_or(units_above),
                Pages::Broken => own.unwrap_or_default(),
            };
            units_above = own.unwrap_or(units_above);
            columns
                .iter()
                .map(|column| match column.kind {
                    Kind::Number => record.number.clone(),
                    Kind::Section => record.section.clone(),
                    Kind::Group => record.group.clone(),
                    Kind::Text => record.text.clone(),
                    Kind::Units => units.to_owned(),
                    Kind::Due => record.due.clone(),
                })
                .collect()
        })
        .collect()
}
