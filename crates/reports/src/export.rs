//! A report as it leaves: DOCX, XLSX, PDF, HTML, JSON; and what left as JSON, read again.

use gongkai_basis::Date;
use gongkai_office::form::annual::{Annual as Sheet, Part, SpanCell, SpanTable};
use serde_json::{Value as Json, json};

use crate::amount::Value;
use crate::annual::Annual;
use crate::form::{Cell, SECTIONS};
use crate::layout::{self, Grid, Holds};
use crate::model::{Report, Schema, Section};

/// The report for the writers of files; `dated` is the day that stands under it.
#[must_use]
pub fn sheet(annual: &Annual, dated: Option<Date>) -> Sheet {
    let grids = layout::all();
    let parts = SECTIONS.iter().zip(annual.draft.said()).enumerate();
    let parts = parts.map(|(part, (heading, text))| Part {
        heading: (*heading).to_owned(),
        paragraphs: text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect(),
        table: grids
            .iter()
            .find(|grid| grid.part == part)
            .map(|grid| table(annual, grid)),
        figure: None,
    });
    let day = |date: Date| format!("{}年{}月{}日", date.year(), date.month(), date.day());
    Sheet {
        title: annual.title(),
        parts: parts.collect(),
        signed: annual.unit.name.clone(),
        dated: dated.map_or_else(String::new, day),
    }
}

/// Stands in an empty cell: nobody has said that it is nought.
pub(crate) const EMPTY: &str = "—";

/// What a cell shows outside the editor.
#[must_use]
pub fn shown(annual: &Annual, cell: Cell) -> String {
    said(&annual.draft.value(cell))
}

/// A value as people read it.
pub(crate) fn said(value: &Value) -> String {
    match value {
        Value::Blank => EMPTY.to_owned(),
        Value::Number(_) | Value::Odd(_) => value.to_string(),
    }
}

fn table(annual: &Annual, grid: &Grid) -> SpanTable {
    let rows = grid.rows.iter().map(|row| {
        row.iter()
            .map(|spot| SpanCell {
                text: match spot.holds {
                    Holds::Label(text) => text.to_owned(),
                    Holds::Value(cell) => shown(annual, cell),
                },
                rows: spot.rows,
                columns: spot.columns,
                label: spot.label().is_some(),
            })
            .collect()
    });
    SpanTable {
        widths: grid.widths.clone(),
        heads: grid.heads,
        rows: rows.collect(),
    }
}

/// `{"title","organ","year","cells":{code: number},"texts":[{"heading","text"}]}`; numbers as text keep their decimals.
#[must_use]
pub fn json(annual: &Annual) -> Json {
    let cells: serde_json::Map<String, Json> = Cell::all()
        .map(|cell| (cell.code(), shown(annual, cell).into()))
        .collect();
    let texts: Vec<Json> = SECTIONS
        .iter()
        .zip(annual.draft.said())
        .map(|(heading, text)| json!({ "heading": heading, "text": text }))
        .collect();
    json!({
        "title": annual.title(),
        "organ": annual.unit.name,
        "year": annual.year,
        "cells": cells,
        "texts": texts,
    })
}

/// What [`json`] wrote, as a report to check; `None` for other JSON.
#[must_use]
pub fn of_json(json: &Json) -> Option<Report> {
    let text = |name: &str| json.get(name)?.as_str().map(str::to_owned);
    let year = json.get("year")?.as_i64();
    let year = year.and_then(|year| i16::try_from(year).ok());
    let cells = json.get("cells")?.as_object()?.iter();
    let cells = cells.filter_map(|(code, value)| {
        let written = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        Some((Cell::from_code(code)?, Value::read(&written)))
    });
    let texts = json.get("texts").and_then(Json::as_array);
    let sections = texts.into_iter().flatten().filter_map(|one| {
        let heading = one.get("heading")?.as_str()?;
        Some(Section {
            part: SECTIONS.iter().position(|known| *known == heading)?,
            heading: heading.to_owned(),
            paragraphs: one
                .get("text")?
                .as_str()?
                .lines()
                .map(str::to_owned)
                .collect(),
        })
    });
    Some(Report {
        title: text("title"),
        year,
        organ: text("organ"),
        schema: year.map_or_else(Schema::default, Schema::of_year),
        cells: cells.collect(),
        sections: sections.collect(),
        ..Report::default()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::of_json;
    use crate::amount::Value;
    use crate::form::Cell;

    #[test]
    fn what_left_as_json_is_read_again() {
        let read = of_json(&json!({
            "title": "安澜市司法局2025年政府信息公开工作年度报告",
            "organ": "安澜市司法局",
            "year": 2025,
            "cells": { "3.new.natural": "14", "2.licences": 36, "no.cell": "1" },
            "texts": [{ "heading": "一、总体情况", "text": "甲\n乙" }],
        }))
        .unwrap();
        assert_eq!(read.year, Some(2025));
        assert_eq!(read.cells.len(), 2);
        let new = Cell::from_code("3.new.natural").unwrap();
        assert_eq!(read.cells.get(&new), Some(&Value::read("14")));
        assert_eq!(read.section(0).unwrap().paragraphs, ["甲", "乙"]);
        assert!(of_json(&json!({})).is_none());
    }
}
