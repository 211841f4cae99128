//! What one organ published: its duties, its columns, its documents, and where its catalogue is.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::portal::Place;
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, day, page};
use serde::Deserialize;

use super::column::public::of_organ;
use super::portal;
use crate::column::Column;
use crate::document::Document;
use crate::document::store::{self, Library};
use crate::document::validity::Validity;
use crate::kind::Kind;

/// Documents that tell the duties: one organ has one or a few.
const DUTIES_MAX: i64 = 10;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    page: String,
}

#[derive(Template)]
#[template(path = "organs/public.html")]
struct OrganPage {
    shell: Shell,
    id: OrganId,
    name: String,
    duties: Vec<Document>,
    columns: Vec<Column>,
    documents: Vec<(Document, Validity)>,
    paging: Paging,
}

impl OrganPage {
    fn published(&self, document: &Document) -> String {
        portal::published_on(document).map_or_else(String::new, day)
    }

    fn address(&self) -> String {
        format!("/organs/{}?page=", self.id)
    }
}

/// `GET /organs/{id}`: of an organ that published something or keeps a column.
pub(super) async fn show(
    State(app): State<App>,
    mut shell: Shell,
    headers: HeaderMap,
    Path(id): Path<OrganId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let all = Library {
        organ: Some(id),
        ..Library::default()
    };
    let of_duties = Library {
        kind: Some(Kind::Duties),
        ..all.clone()
    };
    let today = app.today();
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(organ) = organ::store::load(tx, id).await? else {
                return Ok(None);
            };
            let columns = of_organ(tx, id).await?;
            let total = store::library_count(tx, &all).await?;
            if total == 0 && columns.is_empty() {
                return Ok(None);
            }
            let paging = Paging::new(asked.page.parse().ok(), total);
            let documents = store::library(tx, &all, (paging.offset(), paging.rows())).await?;
            let documents = portal::with_validity(tx, documents, today).await?;
            let duties = store::library(tx, &of_duties, (0, DUTIES_MAX)).await?;
            Ok::<_, StoreError>(Some((organ.name, duties, columns, documents, paging)))
        })
        .await?;
    let (name, duties, columns, documents, paging) = found.ok_or_else(Problem::not_found)?;
    let canonical = match shell.face.place(&app, id, &format!("/organs/{id}")).await? {
        Place::Here { canonical } => canonical,
        Place::Elsewhere(answer) => return Ok(answer),
    };
    shell.canonical = Some(canonical);
    let signed_in = shell.person.is_some();
    let made = page(&OrganPage {
        shell,
        id,
        name,
        duties,
        columns,
        documents,
        paging,
    })?;
    portal::tagged(&headers, signed_in, made).await
}
