//! A report as it leaves: DOCX, XLSX, PDF, JSON.

use gongkai_basis::Date;
use gongkai_office::form::annual::{Annual as Sheet, Part, SpanCell, SpanTable};
use serde_json::{Value as Json, json};

use crate::amount::Value;
use crate::annual::Annual;
use crate::form::{Cell, SECTIONS};
use crate::layout::{self, Grid, Holds};

/// The report for the writers of files; `dated` is the day that stands under it.
#[must_use]
pub fn sheet(annual: &Annual, dated: Option<Date>) -> Sheet {
    let grids = layout::all();
    let parts = SECTIONS.iter().zip(&annual.draft.texts).enumerate();
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
    });
    let day = |date: Date| format!("{}年{}月{}日", date.year(), date.month(), date.day());
    Sheet {
        title: annual.title(),
        parts: parts.collect(),
        signed: annual.unit.name.clone(),
        dated: dated.map_or_else(String::new, day),
    }
}

/// What a cell shows outside the editor: an empty one is nought.
#[must_use]
pub fn shown(annual: &Annual, cell: Cell) -> String {
    match annual.draft.value(cell) {
        Value::Blank => "0".to_owned(),
        value => value.to_string(),
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
        .zip(&annual.draft.texts)
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
