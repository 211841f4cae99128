//! The city's plan as a DOCX with merged cells: section, group and unit cells reach down over their measures.

use docx_rs::{AlignmentType, Paragraph, SpecialIndentType, TableCell, TableRow, VMergeType};
use gongkai_office::form::FormError;
use gongkai_office::form::word::{self, Face, Paper, Points, cell, heading_row, paragraph};

use crate::source::Plan;

const COLUMN_MM: [u32; 4] = [26, 32, 62, 36];
const BODY: Points = Points(16.0);
const PITCH: Points = Points(29.0);
const CELL: Points = Points(10.5);

pub(crate) fn plan(plan: &Plan) -> Result<Vec<u8>, FormError> {
    let mut document = word::document(Paper::Portrait);
    for line in cover(plan) {
        document = document.add_paragraph(line);
    }
    document = document
        .add_paragraph(title(&plan.title).page_break_before(true))
        .add_table(word::table(&COLUMN_MM, rows(plan)));
    for line in &plan.closing {
        document = document.add_paragraph(paragraph(line, Face::Body, BODY, PITCH));
    }
    word::package(document)
}

fn title(text: &str) -> Paragraph {
    let pitch = Points(32.0);
    let spacing = word::exact_lines(pitch).before(240).after(240);
    paragraph(text, Face::Title, Points(22.0), pitch)
        .align(AlignmentType::Center)
        .line_spacing(spacing)
}

fn cover(plan: &Plan) -> Vec<Paragraph> {
    let notice = &plan.notice;
    let line = |text: &str| paragraph(text, Face::Body, BODY, PITCH);
    let mut lines = vec![
        line(&plan.mark).align(AlignmentType::Center),
        line(&notice.number).align(AlignmentType::Center),
        title(&notice.title),
        line(&notice.to),
    ];
    // Two characters of 16 points, in twips.
    let indent = Some(SpecialIndentType::FirstLine(640));
    lines.extend(
        notice
            .paragraphs
            .iter()
            .map(|text| line(text).indent(None, indent, None, None)),
    );
    lines.push(line(&notice.issuer).align(AlignmentType::Right));
    lines.push(line(&notice.date).align(AlignmentType::Right));
    lines
}

fn rows(plan: &Plan) -> Vec<TableRow> {
    let [section_mm, group_mm, text_mm, unit_mm] = COLUMN_MM;
    let heads = plan.columns.iter().zip(COLUMN_MM);
    let heads = heads.map(|(name, mm)| cell(name, mm, Face::Heading, CELL, AlignmentType::Center));
    let mut rows = vec![heading_row(heads.collect())];
    let mut spans = plan.unit_spans().into_iter();
    for section in &plan.sections {
        let mut section_span = section.len();
        for group in &section.groups {
            let mut group_span = group.items.len();
            for item in &group.items {
                let unit_span = spans.next().unwrap_or(1);
                let text = format!("{}.{}", item.no, item.text);
                rows.push(
                    TableRow::new(vec![
                        merged(&section.name, section_mm, section_span),
                        merged(&group.name, group_mm, group_span),
                        cell(&text, text_mm, Face::Body, CELL, AlignmentType::Both),
                        merged(
                            item.units.as_deref().unwrap_or_default(),
                            unit_mm,
                            unit_span,
                        ),
                    ])
                    .cant_split(),
                );
                (section_span, group_span) = (0, 0);
            }
        }
    }
    rows
}

/// A cell that reaches down over `span` rows; 0 continues the cell above.
fn merged(text: &str, mm: u32, span: usize) -> TableCell {
    let shown = if span == 0 { "" } else { text };
    let cell = cell(shown, mm, Face::Body, CELL, AlignmentType::Left);
    match span {
        0 => cell.vertical_merge(VMergeType::Continue),
        1 => cell,
        _ => cell.vertical_merge(VMergeType::Restart),
    }
}
