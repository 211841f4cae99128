//! 历年文件: what was published, by year and kind, on pages whose addresses need no server, so that the static export has
//! them all.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Paging, Problem, Shell, day, page};

use super::portal::{published_on, with_validity};
use crate::document::Document;
use crate::document::store::{self, Library};
use crate::document::validity::Validity;
use crate::kind::Kind;

const YEARS: &str = "/documents/years";
/// The word for every kind in an address.
const ALL: &str = "all";

/// A year with its kinds.
struct Year {
    year: i64,
    kinds: Vec<(Kind, i64)>,
}

impl Year {
    fn total(&self) -> i64 {
        self.kinds.iter().map(|(_, n)| n).sum()
    }
}

#[derive(Template)]
#[template(path = "documents/years.html")]
struct YearsPage {
    shell: Shell,
    years: Vec<Year>,
}

async fn counted(app: &App, within: &Scope) -> Result<Vec<Year>, Problem> {
    let rows = app
        .db
        .read(async |tx: &mut Tx| store::by_year(tx, within).await)
        .await?;
    let mut years: Vec<Year> = Vec::new();
    for (year, kind, n) in rows {
        match years.last_mut() {
            Some(last) if last.year == year => last.kinds.push((kind, n)),
            Some(_) | None => years.push(Year {
                year,
                kinds: vec![(kind, n)],
            }),
        }
    }
    Ok(years)
}

/// `GET /documents/years`
pub(super) async fn years(State(app): State<App>, shell: Shell) -> Result<Response, Problem> {
    let years = counted(&app, &shell.face.scope).await?;
    page(&YearsPage { shell, years })
}

#[derive(Template)]
#[template(path = "documents/year.html")]
struct YearPage {
    shell: Shell,
    year: Year,
    kind: Option<Kind>,
    documents: Vec<(Document, Validity)>,
    paging: Paging,
}

impl YearPage {
    fn name(&self) -> &'static str {
        self.kind.map_or("文件", Kind::name)
    }

    fn is_shown(&self, kind: &Kind) -> bool {
        self.kind == Some(*kind)
    }

    /// The first page has one address.
    fn at(&self, number: &i64) -> String {
        let kind = self.kind.map_or(ALL, Kind::code);
        match (number, self.kind) {
            (1, None) => format!("{YEARS}/{}", self.year.year),
            (1, Some(_)) => format!("{YEARS}/{}/{kind}", self.year.year),
            _ => format!("{YEARS}/{}/{kind}/{number}", self.year.year),
        }
    }

    fn published(&self, document: &Document) -> String {
        published_on(document).map_or_else(String::new, day)
    }
}

async fn show(
    app: App,
    shell: Shell,
    (year, kind, number): (i64, Option<Kind>, i64),
) -> Result<Response, Problem> {
    let within = shell.face.scope.clone();
    let years = counted(&app, &within).await?;
    let found = years.into_iter().find(|one| one.year == year);
    let year = found.ok_or_else(Problem::not_found)?;
    let library = Library {
        within,
        kind,
        year: Some(year.year),
        ..Library::default()
    };
    let (documents, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let paging = Paging::new(Some(number), store::library_count(tx, &library).await?);
            let rows = (paging.offset(), paging.rows());
            let documents = store::library(tx, &library, rows).await?;
            let documents = with_validity(tx, documents, app.today()).await?;
            Ok::<_, StoreError>((documents, paging))
        })
        .await?;
    // An address of its own for each page, and none for a page that is not there.
    if documents.is_empty() || paging.page != number {
        return Err(Problem::not_found());
    }
    page(&YearPage {
        shell,
        year,
        kind,
        documents,
        paging,
    })
}

/// The kind that a step of an address names; `None` inside for all of them.
fn kind_of(code: &str) -> Result<Option<Kind>, Problem> {
    if code == ALL {
        return Ok(None);
    }
    Kind::from_code(code)
        .map(Some)
        .ok_or_else(Problem::not_found)
}

/// `GET /documents/years/{year}`
pub(super) async fn year(
    State(app): State<App>,
    shell: Shell,
    Path(year): Path<i64>,
) -> Result<Response, Problem> {
    show(app, shell, (year, None, 1)).await
}

/// `GET /documents/years/{year}/{kind}`
pub(super) async fn year_and_kind(
    State(app): State<App>,
    shell: Shell,
    Path((year, kind)): Path<(i64, String)>,
) -> Result<Response, Problem> {
    let kind = kind_of(&kind)?;
    show(app, shell, (year, kind, 1)).await
}

/// `GET /documents/years/{year}/{kind}/{page}`
pub(super) async fn page_of(
    State(app): State<App>,
    shell: Shell,
    Path((year, kind, number)): Path<(i64, String, i64)>,
) -> Result<Response, Problem> {
    let kind = kind_of(&kind)?;
    show(app, shell, (year, kind, number)).await
}
