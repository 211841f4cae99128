//! The files of what the public reads: attachments and pictures, as long as their document is given out.

use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use gongkai_platform::attachment::{self, AttachmentId};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files::Stored;
use gongkai_platform::portal::{Face, Place};
use gongkai_platform::web::{App, Problem, download};

use super::LIST;
use crate::document::handle::SUBJECT;
use crate::document::{Document, history, sealed, store};
use crate::id::{DocumentId, EditionId};
use crate::picture;

/// The answer, which no search engine may keep.
pub(super) fn unlisted(mut response: Response) -> Response {
    let name = HeaderName::from_static("x-robots-tag");
    let value = HeaderValue::from_static("noindex, nofollow, noarchive");
    response.headers_mut().insert(name, value);
    response
}

/// Bytes of a document, hidden from search engines where the document is.
pub(in crate::pages) fn given(document: &Document, bytes: Response) -> Response {
    if document.limited {
        unlisted(bytes)
    } else {
        bytes
    }
}

/// An attachment that the public may have, by the one address at which its document is shown.
async fn attachment_at(
    app: &App,
    face: &Face,
    path: &str,
    (document, stored): (Document, Stored),
) -> Result<Response, Problem> {
    if let Place::Elsewhere(answer) = face.place(app, document.organ, path).await? {
        return Ok(answer);
    }
    Ok(given(&document, download::stored(app, stored).await?))
}

/// `GET /documents/{id}/files/{file}`
pub(in crate::pages) async fn attached(
    State(app): State<App>,
    face: Face,
    Path((id, file)): Path<(DocumentId, AttachmentId)>,
) -> Result<Response, Problem> {
    let today = app.today();
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let Some((document, edition)) = store::readable(tx, id, today).await? else {
                return Ok(None);
            };
            let shown = sealed::public(tx, &document, edition).await?;
            if shown.iter().all(|one| one.id != file) {
                return Ok(None);
            }
            let stored = attachment::file(tx, (SUBJECT, &id.to_string()), file).await?;
            Ok::<_, StoreError>(stored.map(|stored| (document, stored)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let path = format!("{LIST}/{id}/files/{file}");
    attachment_at(&app, &face, &path, found).await
}

/// `GET /documents/{id}/history/{edition}/files/{file}`: of a text in 历次文本, as long as the public may read that text.
pub(in crate::pages) async fn attached_to_text(
    State(app): State<App>,
    face: Face,
    Path((id, edition, file)): Path<(DocumentId, EditionId, AttachmentId)>,
) -> Result<Response, Problem> {
    let today = app.today();
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let Some((document, _)) = store::readable(tx, id, today).await? else {
                return Ok(None);
            };
            // Whoever asks for what was never there makes nobody look through earlier texts.
            let subject = id.to_string();
            let stored = attachment::file(tx, (SUBJECT, &subject), file).await?;
            let Some(stored) = stored else {
                return Ok(None);
            };
            let versions = history::versions(tx, &document).await?;
            let Some(version) = versions.iter().find(|one| one.edition.id == edition) else {
                return Ok(None);
            };
            let files = history::attached(tx, &document, version).await?;
            let has = files.iter().any(|one| one.id == file);
            Ok::<_, StoreError>(has.then_some((document, stored)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let path = format!("{LIST}/{id}/history/{edition}/files/{file}");
    attachment_at(&app, &face, &path, found).await
}

/// `GET /documents/{id}/pictures/{name}`: of the text that the public reads, or of an earlier one in 历次文本 that was not taken
/// back.
pub(in crate::pages) async fn shown_picture(
    State(app): State<App>,
    face: Face,
    Path((id, name)): Path<(DocumentId, String)>,
) -> Result<Response, Problem> {
    let today = app.today();
    let (document, stored) = app
        .db
        .read(async |tx: &mut Tx| {
            let Some((document, edition)) = store::readable(tx, id, today).await? else {
                return Ok(None);
            };
            // Whoever asks for what was never there makes nobody look through earlier texts.
            let Some(stored) = picture::file(tx, &document, &name).await? else {
                return Ok(None);
            };
            let edition = store::edition(tx, edition).await?;
            let is_now = edition.is_some_and(|one| picture::names(&one.html).contains(&name));
            if !is_now && !history::shows(tx, &document, &name).await? {
                return Ok(None);
            }
            Ok::<_, StoreError>(Some((document, stored)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let path = format!("{LIST}/{id}/pictures/{name}");
    if let Place::Elsewhere(answer) = face.place(&app, document.organ, &path).await? {
        return Ok(answer);
    }
    Ok(given(&document, download::picture(&app, stored).await?))
}
