//! The published text as a file: Word to work with, PDF to keep.

mod paper;

use axum::extract::{Path, State};
use axum::response::{Redirect, Response};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::portal::Place;
use gongkai_platform::web::download::{self, off_thread};
use gongkai_platform::web::{App, Problem, Query, Shell};
use serde::Deserialize;

use super::portal::file::given;
use super::portal::{LIST, gone};
use crate::document::store;
use crate::id::DocumentId;
use paper::Source;

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
    let source = match given_out(&app, shell, (&id, "docx")).await? {
        Ok(source) => source,
        Err(answer) => return Ok(answer),
    };
    let files = app.files.clone();
    let (source, made) = off_thread(move || {
        let made = source.paper(&files).docx();
        (source, made)
    })
    .await?;
    let bytes = made.map_err(|error| Problem::refused(vec![error.to_string()]))?;
    let name = format!("{}.docx", source.edition.head.title);
    let file = download::attachment(&name, download::DOCX, bytes);
    Ok(given(&source.document, file))
}

/// `GET /documents/{id}/text.pdf`
pub(super) async fn pdf(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let source = match given_out(&app, shell, (&id, "pdf")).await? {
        Ok(source) => source,
        Err(answer) => return Ok(answer),
    };
    let printer = app
        .printer
        .clone()
        .ok_or_else(|| Problem::new(super::gazette::public::NO_PRINTER))?;
    let (files, today) = (app.files.clone(), app.today());
    let (source, made) = off_thread(move || {
        let paper = source.paper(&files);
        let pictures = paper.pictures();
        let made = printer.illustrated("annual", &paper.typeset_data(), &pictures, today);
        (source, made)
    })
    .await?;
    let bytes = made.map_err(|error| Problem::refused(vec![error.0]))?;
    let name = format!("{}.pdf", source.edition.head.title);
    let file = download::attachment(&name, download::PDF, bytes);
    Ok(given(&source.document, file))
}

/// The text that the public reads; or the answer of another site, or that it is gone.
async fn given_out(
    app: &App,
    shell: Shell,
    (id, format): (&str, &str),
) -> Result<Result<Source, Response>, Problem> {
    let id: DocumentId = id.parse().map_err(|_| Problem::not_found())?;
    let document = app
        .db
        .read(async |tx: &mut Tx| store::public(tx, id).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let path = format!("{LIST}/{id}/text.{format}");
    if let Place::Elsewhere(answer) = shell.face.place(app, document.organ, &path).await? {
        return Ok(Err(answer));
    }
    let today = app.today();
    if !document.is_readable(today) {
        return gone(shell, document).map(Err);
    }
    let source = app
        .db
        .read(async |tx: &mut Tx| {
            // What became of it meanwhile counts, not what was read before.
            let Some((document, edition)) = store::readable(tx, id, today).await? else {
                return Ok(None);
            };
            let Some(edition) = store::edition(tx, edition).await? else {
                return Ok(None);
            };
            Ok::<_, StoreError>(Some(Source::of(tx, document, edition).await?))
        })
        .await?;
    source.ok_or_else(Problem::not_found).map(Ok)
}
