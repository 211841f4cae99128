//! What everybody reads: the columns, and the documents of one, with a feed.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::reach::Reach;
use gongkai_platform::portal::{Face, Place};
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, day, page};

use super::{Filter, Line};
use crate::column::{Column, store};
use crate::document::Document;
use crate::document::validity::Validity;
use crate::pages::feed::{self, FEED_MAX};
use crate::pages::portal;

const LIST: &str = "/columns";

#[derive(Template)]
#[template(path = "columns/public_list.html")]
struct ListPage {
    shell: Shell,
    lines: Vec<Line>,
}

/// `GET /columns`
pub(in crate::pages) async fn list(
    State(app): State<App>,
    shell: Shell,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let today = app.today();
    let found = app
        .db
        .read(async |tx: &mut Tx| store::open_within(tx, &shell.face.scope).await)
        .await?;
    let lines = found.into_iter().map(|one| Line::new(one, today)).collect();
    portal::tagged(
        &headers,
        shell.person.is_some(),
        page(&ListPage { shell, lines })?,
    )
    .await
}

#[derive(Template)]
#[template(path = "columns/public.html")]
struct ColumnPage {
    shell: Shell,
    column: Column,
    last: Option<Date>,
    documents: Vec<(Document, Validity)>,
    paging: Paging,
}

impl ColumnPage {
    fn published(&self, document: &Document) -> String {
        portal::published_on(document).map_or_else(String::new, day)
    }

    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn at(&self, number: &i64) -> String {
        address_of(&self.column.spec.slug, *number)
    }
}

/// The one address of a page of a column; the first is the column's own.
fn address_of(slug: &str, number: i64) -> String {
    if number > 1 {
        format!("{LIST}/{slug}/pages/{number}")
    } else {
        format!("{LIST}/{slug}")
    }
}

/// `GET /columns/{slug}`: of a closed column, why it was closed.
pub(in crate::pages) async fn show(
    State(app): State<App>,
    shell: Shell,
    headers: HeaderMap,
    Path(slug): Path<String>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let number = filter.page.parse().ok();
    shown(&app, (shell, &headers), &slug, number).await
}

/// `GET /columns/{slug}/pages/{page}`: an address of its own, so that the static export has it.
pub(in crate::pages) async fn page_of(
    State(app): State<App>,
    shell: Shell,
    headers: HeaderMap,
    Path((slug, number)): Path<(String, i64)>,
) -> Result<Response, Problem> {
    if number < 2 {
        return Err(Problem::not_found());
    }
    shown(&app, (shell, &headers), &slug, Some(number)).await
}

async fn shown(
    app: &App,
    (mut shell, headers): (Shell, &HeaderMap),
    slug: &str,
    number: Option<i64>,
) -> Result<Response, Problem> {
    let today = app.today();
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let Some((column, content)) = store::by_slug(tx, slug).await? else {
                return Ok(None);
            };
            let within = &shell.face.scope;
            let total = store::public_count(tx, within, column.id).await?;
            let paging = Paging::new(number, total);
            let part = (paging.offset(), paging.rows());
            let documents = match column.closed_why {
                None => store::public(tx, within, column.id, part).await?,
                Some(_) => Vec::new(),
            };
            let documents = portal::with_validity(tx, documents, today).await?;
            Ok::<_, StoreError>(Some((column, content.last, documents, paging)))
        })
        .await?;
    let (column, last, documents, paging) = found.ok_or_else(Problem::not_found)?;
    // Of the page that is shown: behind the last page stands the last.
    let path = address_of(slug, paging.page);
    let canonical = match shell.face.place(app, column.spec.organ, &path).await? {
        Place::Here { canonical } => canonical,
        Place::Elsewhere(answer) => return Ok(answer),
    };
    shell.canonical = Some(canonical);
    let closed = column.closed_why.is_some();
    let signed_in = shell.person.is_some();
    let mut response = page(&ColumnPage {
        shell,
        column,
        last,
        documents,
        paging,
    })?;
    if closed {
        *response.status_mut() = StatusCode::GONE;
        return Ok(response);
    }
    portal::tagged(headers, signed_in, response).await
}

/// `GET /columns/{slug}/feed.xml`
pub(in crate::pages) async fn feed(
    State(app): State<App>,
    face: Face,
    Path(slug): Path<String>,
) -> Result<Response, Problem> {
    let today = app.today();
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let Some((column, _)) = store::by_slug(tx, &slug).await? else {
                return Ok(None);
            };
            if column.closed_why.is_some() {
                return Ok(None);
            }
            let documents = store::public(tx, &face.scope, column.id, (0, FEED_MAX)).await?;
            let documents = portal::with_validity(tx, documents, today).await?;
            Ok::<_, StoreError>(Some((column, documents)))
        })
        .await?;
    let (column, documents) = found.ok_or_else(Problem::not_found)?;
    let path = format!("{LIST}/{slug}/feed.xml");
    if let Place::Elsewhere(answer) = face.place(&app, column.spec.organ, &path).await? {
        return Ok(answer);
    }
    let title = format!("{} {}", face.name, column.spec.name);
    Ok(feed::atom(
        &face.url,
        (&title, &format!("{LIST}/{slug}")),
        &documents,
    ))
}

/// The open columns that an organ keeps.
pub(in crate::pages) async fn of_organ(
    tx: &mut Tx,
    organ: gongkai_basis::id::OrganId,
) -> Result<Vec<Column>, StoreError> {
    let within = Reach {
        bases: Vec::new(),
        scope: Scope::Organs {
            single: vec![organ],
            branches: Vec::new(),
        },
    };
    let found = store::list(tx, &within).await?;
    Ok(found
        .into_iter()
        .map(|(column, _)| column)
        .filter(|column| column.closed_why.is_none())
        .collect())
}
