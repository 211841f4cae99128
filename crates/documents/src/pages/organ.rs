//! 机构职能: what one organ is and does, where it is reached, what it keeps public, and its documents.

pub(super) mod list;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::profile::{self, Words};
use gongkai_platform::organ::{self, Organ};
use gongkai_platform::portal::Place;
use gongkai_platform::seam::OrganLink;
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
    read: Read,
}

impl OrganPage {
    fn published(&self, document: &Document) -> String {
        portal::published_on(document).map_or_else(String::new, day)
    }

    fn at(&self, number: &i64) -> String {
        address_of(self.read.organ.id, *number)
    }

    fn leaders(&self) -> Vec<&str> {
        lines_of(&self.read.words.leaders)
    }

    fn sections(&self) -> Vec<&str> {
        lines_of(&self.read.words.sections)
    }

    /// Somebody has written what the organ is.
    fn is_told(&self) -> bool {
        let words = &self.read.words;
        [
            &words.address,
            &words.hours,
            &words.phone,
            &words.leaders,
            &words.credit_code,
        ]
        .into_iter()
        .any(|text| !text.is_empty())
    }
}

/// The lines of a text that has one thing a line.
fn lines_of(text: &str) -> Vec<&str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect()
}

/// Does an organ without anything published have a page? Offices inside a unit and villages do not.
fn has_page(organ: &Organ) -> bool {
    use organ::Kind;
    let inside = matches!(organ.kind, Kind::Section | Kind::Village | Kind::Community);
    organ.is_active() && !inside
}

async fn about(
    app: &App,
    tx: &mut Tx,
    organ: OrganId,
) -> Result<Vec<(&'static str, Vec<OrganLink>)>, StoreError> {
    let mut about = Vec::new();
    for source in &app.seams.about {
        let links = source.links(tx, organ).await?;
        if !links.is_empty() {
            about.push((source.name(), links));
        }
    }
    Ok(about)
}

/// All that the page of one organ says, but for its site.
struct Read {
    organ: Organ,
    /// Where its business went.
    successor: Option<(OrganId, String)>,
    words: Words,
    /// Documents that tell its duties.
    duties: Vec<Document>,
    /// What capabilities keep of it, under their names.
    about: Vec<(&'static str, Vec<OrganLink>)>,
    columns: Vec<Column>,
    documents: Vec<(Document, Validity)>,
    paging: Paging,
}

async fn read(
    (app, tx): (&App, &mut Tx),
    id: OrganId,
    number: Option<i64>,
) -> Result<Option<Read>, StoreError> {
    let Some(organ) = organ::store::load(tx, id).await? else {
        return Ok(None);
    };
    let all = Library {
        organ: Some(id),
        ..Library::default()
    };
    let of_duties = Library {
        kind: Some(Kind::Duties),
        ..all.clone()
    };
    let columns = of_organ(tx, id).await?;
    let total = store::library_count(tx, &all).await?;
    if total == 0 && columns.is_empty() && !has_page(&organ) {
        return Ok(None);
    }
    let successor = match organ.successor {
        Some(id) => organ::store::load(tx, id).await?,
        None => None,
    };
    let paging = Paging::new(number, total);
    let documents = store::library(tx, &all, (paging.offset(), paging.rows())).await?;
    Ok(Some(Read {
        successor: successor.map(|organ| (organ.id, organ.name)),
        words: profile::store::load(tx, id).await?.words,
        duties: store::library(tx, &of_duties, (0, DUTIES_MAX)).await?,
        about: about(app, tx, id).await?,
        columns,
        documents: portal::with_validity(tx, documents, app.today()).await?,
        paging,
        organ,
    }))
}

/// `GET /organs/{id}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    headers: HeaderMap,
    Path(id): Path<OrganId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let number = asked.page.parse().ok();
    shown(&app, (shell, &headers), id, number).await
}

/// `GET /organs/{id}/pages/{page}`: an address of its own, so that the static export has it.
pub(super) async fn page_of(
    State(app): State<App>,
    shell: Shell,
    headers: HeaderMap,
    Path((id, number)): Path<(OrganId, i64)>,
) -> Result<Response, Problem> {
    if number < 2 {
        return Err(Problem::not_found());
    }
    shown(&app, (shell, &headers), id, Some(number)).await
}

async fn shown(
    app: &App,
    (mut shell, headers): (Shell, &HeaderMap),
    id: OrganId,
    number: Option<i64>,
) -> Result<Response, Problem> {
    let read = app
        .db
        .read(async |tx: &mut Tx| read((app, tx), id, number).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    // Of the page that is shown: behind the last page stands the last.
    let path = address_of(id, read.paging.page);
    let canonical = match shell.face.place(app, id, &path).await? {
        Place::Here { canonical } => canonical,
        Place::Elsewhere(answer) => return Ok(answer),
    };
    shell.canonical = Some(canonical);
    let signed_in = shell.person.is_some();
    let made = page(&OrganPage { shell, read })?;
    portal::tagged(headers, signed_in, made).await
}

/// The one address of a page of an organ; the first is the organ's own.
fn address_of(id: OrganId, number: i64) -> String {
    if number > 1 {
        format!("/organs/{id}/pages/{number}")
    } else {
        format!("/organs/{id}")
    }
}
