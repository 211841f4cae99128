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
use crate::picture;

/// Columns of a table that a page of paper holds; wider ones are left to the website.
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

/// Title, number, text and who issued it when. Pictures are words: the website has them.
fn paper(document: &Document, edition: &Edition) -> Annual {
    let head = &edition.head;
    let html = picture::replaced(&edition.html, |_, alt| format!("（图：{alt}，见网站文本）"));
    let read = gongkai_office::read_as(Sniffed::Html, html.as_bytes(), &Limits::default());
    let mut parts = vec![Part {
        heading: head.number.clone(),
        paragraphs: Vec::new(),
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
                    part.table = spanned(&table);
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

fn spanned(table: &Table) -> Option<SpanTable> {
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
    let first: usize = rows.first()?.iter().map(|cell| cell.columns).sum();
    let fits = (1..=COLUMNS_MAX).contains(&first);
    fits.then(|| SpanTable {
        widths: vec![1; first],
        heads: 0,
        rows,
    })
}
