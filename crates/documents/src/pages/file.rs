//! The files and pictures of a document, for staff.

use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::attachment::{self, AttachmentId};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files::Stored;
use gongkai_platform::web::{App, Problem, download};

use crate::acts::ViewDocuments;
use crate::document::handle::SUBJECT;
use crate::document::store;
use crate::id::DocumentId;
use crate::picture;

/// A file of a document inside the scope.
pub(super) async fn attached(
    tx: &mut Tx,
    scope: &Scope,
    (id, file): (DocumentId, AttachmentId),
) -> Result<Option<Stored>, StoreError> {
    if store::load(tx, scope, id).await?.is_none() {
        return Ok(None);
    }
    attachment::file(tx, (SUBJECT, &id.to_string()), file).await
}

/// `GET /workspace/documents/{id}/files/{file}`
pub(super) async fn file(
    State(app): State<App>,
    permit: Permit<ViewDocuments>,
    Path((id, file)): Path<(DocumentId, AttachmentId)>,
) -> Result<Response, Problem> {
    let stored = app
        .db
        .read(async |tx: &mut Tx| attached(tx, permit.scope(), (id, file)).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    download::stored(&app, stored).await
}

/// `GET /workspace/documents/{id}/pictures/{name}`
pub(super) async fn shown_picture(
    State(app): State<App>,
    permit: Permit<ViewDocuments>,
    Path((id, name)): Path<(DocumentId, String)>,
) -> Result<Response, Problem> {
    let stored = app
        .db
        .read(
            async |tx: &mut Tx| match store::load(tx, permit.scope(), id).await? {
                Some(document) => picture::file(tx, &document, &name).await,
                None => Ok(None),
            },
        )
        .await?
        .ok_or_else(Problem::not_found)?;
    download::picture(&app, stored).await
}
