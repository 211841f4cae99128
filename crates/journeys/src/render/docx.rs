//! The sheet as a Word document: `w:vMerge` down, `w:gridSpan` across.

use docx_rs::{AlignmentType, Docx, Paragraph, TableCell, TableRow, VMergeType};
use gongkai_office::form::FormError;
use gongkai_office::form::word::{self, Face, Paper, Points, cell, heading_row, paragraph};

use super::rows::{Pages, Row, Slot};
use super::sheet::{Align, Column, Kind, Line, Sheet};

const BODY: Points = Points(16.0);
const PITCH: Points = Points(29.0);
const CELL: Points = Points(10.5);
/// The reply form has seven columns.
const FORM_MM: [u32; 7] = [20, 26, 24, 24, 18, 20, 24];

/// With broken pages each page has a table of its own.
pub fn docx(sheet: &Sheet, pages: Pages) -> Result<Vec<u8>, FormError> {
    let mut document = word::document(Paper::Portrait);
    for line in &sheet.notice {
        document = document.add_paragraph(outside(line));
    }
    for (index, text) in sheet.title.iter().enumerate() {
        let line = paragraph(text, Face::Title, Points(22.0), Points(32.0))
            .align(AlignmentType::Center)
            .page_break_before(index == 0 && !sheet.notice.is_empty());
        document = document.add_paragraph(line);
    }
    let rows = sheet.rows(pages);
    let widths: Vec<u32> = sheet
        .columns
        .iter()
        .map(|column| millimetres(column.kind))
        .collect();
    let mut tables = Vec::new();
    for row in rows {
        if row.opens_page {
            tables.push(vec![heads(&sheet.columns)]);
        }
        if let Some(table) = tables.last_mut() {
            table.push(printed(&row, &widths));
        }
    }
    for (index, rows) in tables.into_iter().enumerate() {
        if index > 0 {
            document = document.add_paragraph(Paragraph::new().page_break_before(true));
        }
        document = document.add_table(word::table(&widths, continued(rows)));
    }
    word::package(closing(document, sheet))
}

fn outside(line: &Line) -> Paragraph {
    let align = match line.align {
        Align::Body => AlignmentType::Both,
        Align::Center => AlignmentType::Center,
        Align::Right => AlignmentType::Right,
    };
    paragraph(&line.text, Face::Body, BODY, PITCH).align(align)
}

fn millimetres(kind: Kind) -> u32 {
    match kind {
        Kind::Number => 12,
        Kind::Section | Kind::Due => 26,
        Kind::Group => 32,
        Kind::Text => 62,
        Kind::Units => 36,
    }
}

fn heads(columns: &[Column]) -> Vec<Cell> {
    columns
        .iter()
        .map(|column| {
            Cell::Head(cell(
                &column.name,
                millimetres(column.kind),
                Face::Heading,
                CELL,
                AlignmentType::Center,
            ))
        })
        .collect()
}

/// A cell on its way into a row.
enum Cell {
    Head(TableCell),
    /// With the rows it takes.
    Body(TableCell, usize),
    /// Continues the cell above; its width.
    Below(u32),
}

fn printed(row: &Row, widths: &[u32]) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut hidden = 0;
    for (slot, mm) in row.slots.iter().zip(widths) {
        match slot {
            Slot::Cell { text, down, across } => {
                let wide = widths.iter().sum::<u32>();
                let mm = if *across > 1 { wide } else { *mm };
                let body = cell(text, mm, Face::Body, CELL, AlignmentType::Left);
                let body = if *across > 1 {
                    body.grid_span(*across)
                } else {
                    body
                };
                cells.push(Cell::Body(body, *down));
                hidden = across - 1;
            }
            Slot::Taken if hidden > 0 => hidden -= 1,
            Slot::Taken => cells.push(Cell::Below(*mm)),
        }
    }
    cells
}

fn continued(rows: Vec<Vec<Cell>>) -> Vec<TableRow> {
    rows.into_iter()
        .map(|cells| {
            let head = cells.iter().any(|cell| matches!(cell, Cell::Head(_)));
            let cells = cells.into_iter().map(|body| match body {
                Cell::Head(head) => head,
                Cell::Body(body, 1) => body,
                Cell::Body(body, _) => body.vertical_merge(VMergeType::Restart),
                Cell::Below(mm) => cell("", mm, Face::Body, CELL, AlignmentType::Left)
                    .vertical_merge(VMergeType::Continue),
            });
            if head {
                heading_row(cells.collect())
            } else {
                TableRow::new(cells.collect()).cant_split()
            }
        })
        .collect()
}

fn closing(mut document: Docx, sheet: &Sheet) -> Docx {
    for line in &sheet.closing {
        document = document.add_paragraph(outside(line));
        if sheet.form && line.text.contains("填报单位") {
            document = document.add_table(word::table(&FORM_MM, form()));
        }
    }
    document
}

/// The reply form of the annex, empty, with its head over two rows.
fn form() -> Vec<TableRow> {
    let head = |text: &str, mm: u32| cell(text, mm, Face::Heading, CELL, AlignmentType::Center);
    let [unit, item, done, pending, due, review, rest] = FORM_MM;
    let down = |text, mm| head(text, mm).vertical_merge(VMergeType::Restart);
    let below = |mm| head("", mm).vertical_merge(VMergeType::Continue);
    let upper = vec![
        down("落实单位名称", unit),
        down("具体工作事项", item),
        head("具体工作事项进度", done + pending).grid_span(2),
        down("完成时限", due),
        down("回头看“事项”", review),
        down("未完成事项整改落实情况", rest),
    ];
    let lower = vec![
        below(unit),
        below(item),
        head("已落实事项情况", done),
        head("待完成事项计划", pending),
        below(due),
        below(review),
        below(rest),
    ];
    let blank = || TableRow::new(FORM_MM.iter().map(|mm| head("", *mm)).collect());
    vec![
        TableRow::new(upper),
        TableRow::new(lower),
        blank(),
        blank(),
        blank(),
    ]
}
