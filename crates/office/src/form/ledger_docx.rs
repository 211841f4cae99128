//! The ledger as DOCX: A4 landscape, the two-row head on each page, unit cells merged down.

use docx_rs::{
    AlignmentType, Docx, LineSpacing, Paragraph, Tab, TabValueType, TableCell, TableRow, VMergeType,
};

use super::word::{self, Face, Paper, Points, cell, heading_row, run};
use super::{
    COLUMN_MM, COLUMNS, FormError, LedgerForm, PROGRESS, PROGRESS_COLUMNS, printed_rows, unit_spans,
};

const TITLE: Points = Points(22.0);
const LINE: Points = Points(14.0);
const HEAD: Points = Points(11.0);
const BODY: Points = Points(10.5);
/// Space above and below the line of 填报单位（盖章）, in twentieths of a point: with the line itself some 20 mm, where
/// a seal of 42 mm lies over the unit's name without hiding the title or the rows.
const SEAL_ABOVE: u32 = 360;
const SEAL_BELOW: u32 = 240;

/// One ledger as a DOCX file.
pub fn docx(form: &LedgerForm) -> Result<Vec<u8>, FormError> {
    docx_all(std::slice::from_ref(form))
}

/// Several ledgers in one DOCX file, each beginning on a new page; pages are numbered through.
pub fn docx_all(forms: &[LedgerForm]) -> Result<Vec<u8>, FormError> {
    if forms.is_empty() {
        return Err(FormError::Nothing);
    }
    let mut document = word::document(Paper::Landscape);
    for (index, form) in forms.iter().enumerate() {
        form.check()?;
        document = add_form(document, form, index > 0);
    }
    word::package(document)
}

fn add_form(document: Docx, form: &LedgerForm, new_page: bool) -> Docx {
    let title = word::paragraph(&form.title, Face::Title, TITLE, Points(32.0))
        .align(AlignmentType::Center)
        .page_break_before(new_page);
    let head = pair(
        &format!("填报单位（盖章）：{}", form.unit),
        &format!("填报日期：{}", form.filled_on_text()),
        TabValueType::Right,
        Paper::Landscape.text_mm(),
    )
    .line_spacing(LineSpacing::new().before(SEAL_ABOVE).after(SEAL_BELOW));
    let foot = pair(
        &format!("填报人：{}", form.filled_by),
        &format!("联系方式：{}", form.contact),
        TabValueType::Left,
        Paper::Landscape.text_mm() / 2,
    )
    .line_spacing(LineSpacing::new().before(SEAL_BELOW));
    document
        .add_paragraph(title)
        .add_paragraph(head)
        .add_table(word::table(&COLUMN_MM, table_rows(form)))
        .add_paragraph(foot)
}

/// Two texts on one line, the second at a tab stop `at_mm` from the left.
fn pair(left: &str, right: &str, stop: TabValueType, at_mm: u32) -> Paragraph {
    Paragraph::new()
        .add_tab(Tab::new().val(stop).pos(word::twips(at_mm)))
        .add_run(run(left, Face::Body, LINE).add_tab())
        .add_run(run(right, Face::Body, LINE))
}

fn table_rows(form: &LedgerForm) -> Vec<TableRow> {
    let rows = printed_rows(form);
    let spans = unit_spans(&rows);
    let mut printed = vec![upper_head(), lower_head()];
    printed.extend(rows.iter().zip(spans).map(|(row, span)| {
        let cells = row.texts().into_iter().zip(COLUMN_MM).enumerate();
        let cells = cells.map(|(column, (text, mm))| match (column, span) {
            (0, 0) => body_cell("", mm, column).vertical_merge(VMergeType::Continue),
            (0, 2..) => body_cell(text, mm, column).vertical_merge(VMergeType::Restart),
            _ => body_cell(text, mm, column),
        });
        TableRow::new(cells.collect()).cant_split()
    }));
    printed
}

fn body_cell(text: &str, mm: u32, column: usize) -> TableCell {
    // 落实单位 and 完成时限 are short and stand in the middle; prose runs from the left.
    let align = match column {
        0 | 4 => AlignmentType::Center,
        _ => AlignmentType::Both,
    };
    cell(text, mm, Face::Body, BODY, align)
}

fn head_cell(text: &str, mm: u32) -> TableCell {
    cell(text, mm, Face::Heading, HEAD, AlignmentType::Center)
}

fn upper_head() -> TableRow {
    let mut cells = Vec::new();
    for (column, (name, mm)) in COLUMNS.into_iter().zip(COLUMN_MM).enumerate() {
        if column == *PROGRESS_COLUMNS.start() {
            let width = COLUMN_MM
                .iter()
                .take(PROGRESS_COLUMNS.end() + 1)
                .skip(column)
                .sum();
            cells.push(head_cell(PROGRESS, width).grid_span(PROGRESS_COLUMNS.count()));
        } else if !PROGRESS_COLUMNS.contains(&column) {
            cells.push(head_cell(name, mm).vertical_merge(VMergeType::Restart));
        }
    }
    heading_row(cells)
}

fn lower_head() -> TableRow {
    let cells = COLUMNS.into_iter().zip(COLUMN_MM).enumerate();
    heading_row(
        cells
            .map(|(column, (name, mm))| {
                if PROGRESS_COLUMNS.contains(&column) {
                    head_cell(name, mm)
                } else {
                    head_cell("", mm).vertical_merge(VMergeType::Continue)
                }
            })
            .collect(),
    )
}
