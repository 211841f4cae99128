//! The published text as a file: Word to work with, PDF to keep.

use axum::extract::{Path, State};
use axum::response::{Redirect, Response};
use gongkai_office::form::annual::{Annual, Part, SpanCell, SpanTable};
use gongkai_office::{Block, Limits, Sniffed, Table};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::portal::Place;
use gongkai_platform::web::download::{self, off_thread};
use gongkai_platform::web::{App, Problem, Query, Shell, day};
use serde::Deserialize;

use super::portal::file::given;
use super::portal::{LIST, gone};
use crate::document::{Document, Edition, store};
use crate::id::DocumentId;
use crate::kind::own::OwnValue;
use crate::picture;

/// Columns of a table that a page of paper holds; of wider ones each row is a paragraph.
const COLUMNS_MAX: usize = 20;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    #[serde(rename = "as")]
    format: String,
}

/// `GET /documents/{id}/text?as=docx`, or `pdf`: where the files stood before they had addresses of their own.
pub(super) async fn moved(
    Path(id): Path<DocumentId>,
    Query(asked): Query<Asked>,
) -> Result<Redirect, Problem> {
    match asked.format.as_str() {
        format @ ("docx" | "pdf") => {
            let there = format!("{LIST}/{id}/text.{format}");
            Ok(Redirect::permanent(&there))
        }
        _ => Err(Problem::not_found()),
    }
}

/// `GET /documents/{id}/text.docx`
pub(super) async fn word(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (document, edition) = match given_out(&app, shell, (&id, "docx")).await? {
        Ok(text) => text,
        Err(answer) => return Ok(answer),
    };
    let paper = paper(&document, &edition);
    let made = off_thread(move || paper.docx()).await?;
    let bytes = made.map_err(|error| Problem::refused(vec![error.to_string()]))?;
    let name = format!("{}.docx", edition.head.title);
    let file = download::attachment(&name, download::DOCX, bytes);
    Ok(given(&document, file))
}

/// `GET /documents/{id}/text.pdf`
pub(super) async fn pdf(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (document, edition) = match given_out(&app, shell, (&id, "pdf")).await? {
        Ok(text) => text,
        Err(answer) => return Ok(answer),
    };
    let printer = app
        .printer
        .clone()
        .ok_or_else(|| Problem::new(super::gazette::public::NO_PRINTER))?;
    let (paper, today) = (paper(&document, &edition), app.today());
    let made = off_thread(move || printer.pdf("annual", &paper.typeset_data(), today)).await?;
    let bytes = made.map_err(|error| Problem::refused(vec![error.0]))?;
    let name = format!("{}.pdf", edition.head.title);
    let file = download::attachment(&name, download::PDF, bytes);
    Ok(given(&document, file))
}

/// The text that the public reads; or the answer of another site, or that it is gone.
async fn given_out(
    app: &App,
    shell: Shell,
    (id, format): (&str, &str),
) -> Result<Result<(Document, Edition), Response>, Problem> {
    let id: DocumentId = id.parse().map_err(|_| Problem::not_found())?;
    let (document, edition) = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(document) = store::public(tx, id).await? else {
                return Ok(None);
            };
            let edition = match document.published {
                Some(edition) => store::edition(tx, edition).await?,
                None => None,
            };
            Ok::<_, StoreError>(Some((document, edition)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let path = format!("{LIST}/{id}/text.{format}");
    if let Place::Elsewhere(answer) = shell.face.place(app, document.organ, &path).await? {
        return Ok(Err(answer));
    }
    if !document.is_readable(app.today()) {
        return gone(shell, document).map(Err);
    }
    let edition = edition.ok_or_else(Problem::not_found)?;
    Ok(Ok((document, edition)))
}

/// Title, number, what its kind says, text and who issued it when. Pictures are words: the website has them.
fn paper(document: &Document, edition: &Edition) -> Annual {
    let head = &edition.head;
    let html = picture::replaced(&edition.html, |_, alt| format!("（图：{alt}，见网站文本）"));
    let read = gongkai_office::read_as(Sniffed::Html, html.as_bytes(), &Limits::default());
    let mut parts = vec![Part {
        heading: head.number.clone(),
        paragraphs: head.own.iter().map(OwnValue::line).collect(),
        table: None,
    }];
    let open = |parts: &mut Vec<Part>, heading: String| {
        parts.push(Part {
            heading,
            paragraphs: Vec::new(),
            table: None,
        });
    };
    for block in read.map(|source| source.blocks).unwrap_or_default() {
        match block {
            Block::Paragraph(one) if one.heading.is_some() => open(&mut parts, one.text),
            Block::Paragraph(one) => {
                if parts.last().is_none_or(|part| part.table.is_some()) {
                    open(&mut parts, String::new());
                }
                if let Some(part) = parts.last_mut() {
                    part.paragraphs.push(one.text);
                }
            }
            Block::Table(table) => {
                if parts.last().is_none_or(|part| part.table.is_some()) {
                    open(&mut parts, String::new());
                }
                if let Some(part) = parts.last_mut() {
                    match spanned(&table) {
                        Ok(fits) => part.table = Some(fits),
                        Err(rows) => part.paragraphs.extend(rows),
                    }
                }
            }
        }
    }
    Annual {
        title: head.title.clone(),
        parts,
        signed: document.organ_name.clone(),
        dated: head.issued_on.map_or_else(String::new, day),
    }
}

/// A table as it is, or the lines of one that no page holds.
fn spanned(table: &Table) -> Result<SpanTable, Vec<String>> {
    let rows: Vec<Vec<SpanCell>> = table
        .rows
        .iter()
        .map(|row| {
            let cell = |cell: &gongkai_office::Cell| SpanCell {
                text: cell.text.trim().to_owned(),
                rows: usize::try_from(cell.row_span.max(1)).unwrap_or(1),
                columns: usize::try_from(cell.column_span.max(1)).unwrap_or(1),
                label: row.heading,
            };
            row.cells.iter().map(cell).collect()
        })
        .collect();
    let cells = table.rows.iter().flat_map(|row| &row.cells);
    let columns = cells
        .map(|cell| cell.column + cell.column_span.max(1))
        .max();
    let columns = columns.map_or(0, |columns| usize::try_from(columns).unwrap_or(0));
    if (1..=COLUMNS_MAX).contains(&columns) {
        return Ok(SpanTable {
            widths: vec![1; columns],
            heads: 0,
            rows,
        });
    }
    Err(lines(&rows, columns))
}

/// A row on a line, its cells parted by a sign.
fn lines(rows: &[Vec<SpanCell>], columns: usize) -> Vec<String> {
    if columns == 0 {
        return Vec::new();
    }
    let told =
        format!("（这里是{columns}列的表，比纸宽，按行列出，各格用“｜”隔开；原样见网站文本。）");
    let line = |row: &Vec<SpanCell>| {
        let cells: Vec<&str> = row.iter().map(|cell| cell.text.as_str()).collect();
        cells.join("｜")
    };
    std::iter::once(told).chain(rows.iter().map(line)).collect()
}

#[cfg(test)]
mod tests {
    use gongkai_office::{Block, Limits, Sniffed};

    use super::{COLUMNS_MAX, spanned};

    /// A table with a title over all its columns.
    fn table(columns: usize) -> gongkai_office::Table {
        let cells: String = (1..=columns).map(|n| format!("<td>第{n}项</td>")).collect();
        let html = format!(
            "<table><tr><td colspan=\"{columns}\">一览表</td></tr><tr>{cells}</tr></table>"
        );
        let read = gongkai_office::read_as(Sniffed::Html, html.as_bytes(), &Limits::default());
        let found = read
            .unwrap()
            .blocks
            .into_iter()
            .find_map(|block| match block {
                Block::Table(table) => Some(table),
                Block::Paragraph(_) => None,
            });
        found.unwrap()
    }

    #[test]
    fn a_table_wider_than_paper_is_printed_row_by_row() {
        let fits = spanned(&table(COLUMNS_MAX)).unwrap();
        assert_eq!((fits.widths.len(), fits.rows.len()), (COLUMNS_MAX, 2));
        let lines = spanned(&table(COLUMNS_MAX + 1)).unwrap_err();
        assert_eq!(lines.len(), 3);
        assert!(lines[0].contains("21列的表") && lines[1] == "一览表");
        assert!(lines[2].starts_with("第1项｜第2项｜") && lines[2].ends_with("｜第21项"));
    }
}
