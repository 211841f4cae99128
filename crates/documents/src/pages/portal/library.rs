//! The public list of documents, narrowed by kind, organ, year, theme, validity and words.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, address, day, page};
use serde::Deserialize;

use super::{LIST, published_on, with_validity};
use crate::document::Document;
use crate::document::store::{self, Choices, Library};
use crate::document::validity::Validity;
use crate::kind::Kind;

/// Characters that the list looks for; what is longer is cut.
const TEXT_CHARS_MAX: usize = 100;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Filter {
    kind: String,
    organ: String,
    year: String,
    theme: String,
    validity: String,
    text: String,
    page: String,
}

impl Filter {
    /// The address of a list that is narrowed so, up to the number of a page.
    pub(super) fn address(&self, list: &str) -> String {
        let own = [
            ("kind", self.kind.as_str()),
            ("organ", &self.organ),
            ("year", &self.year),
            ("theme", &self.theme),
            ("validity", &self.validity),
            ("text", &self.text),
        ];
        address(list, &own) + "page="
    }

    pub(super) fn paging(&self, total: i64) -> Paging {
        Paging::new(self.page.parse().ok(), total)
    }

    pub(super) fn library(&self, within: &Scope, today: Date) -> Library {
        let cut = |text: &str| text.trim().chars().take(TEXT_CHARS_MAX).collect();
        Library {
            within: within.clone(),
            kind: Kind::from_code(&self.kind),
            organ: self.organ.parse().ok(),
            year: self.year.parse().ok(),
            theme: cut(&self.theme),
            standing: Validity::from_code(&self.validity).map(|validity| (validity, today)),
            text: cut(&self.text),
            found_on: None,
        }
    }
}

#[derive(Template)]
#[template(path = "documents/library.html")]
struct ListPage {
    shell: Shell,
    filter: Filter,
    documents: Vec<(Document, Validity)>,
    choices: Choices,
    is_narrowed: bool,
    paging: Paging,
}

impl ListPage {
    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        Kind::options()
    }

    fn validities(&self) -> Vec<(&'static str, &'static str)> {
        Validity::options()
    }

    fn address(&self) -> String {
        self.filter.address(LIST)
    }

    /// Validity was asked of a kind that has none: nothing can be there.
    fn is_beside_validity(&self) -> bool {
        let kind = Kind::from_code(&self.filter.kind);
        !self.filter.validity.is_empty() && kind.is_some_and(|kind| !kind.has_validity())
    }

    /// More were found by words than are listed.
    fn is_cut(&self) -> bool {
        !self.filter.text.trim().is_empty() && self.paging.total >= store::FOUND_MAX
    }

    /// A kind was asked for that there is none of: everything is listed.
    fn is_unknown_kind(&self) -> bool {
        !self.filter.kind.is_empty() && Kind::from_code(&self.filter.kind).is_none()
    }

    fn published(&self, document: &Document) -> String {
        published_on(document).map_or_else(String::new, day)
    }

    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn column(&self) -> &'static str {
        Kind::from_code(&self.filter.kind).map_or("政策文件", Kind::name)
    }
}

/// `GET /documents`
pub(in crate::pages) async fn list(
    State(app): State<App>,
    shell: Shell,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let today = app.today();
    let library = filter.library(&shell.face.scope, today);
    let (documents, choices, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let paging = filter.paging(store::library_count(tx, &library).await?);
            let documents = store::library(tx, &library, (paging.offset(), paging.rows())).await?;
            let documents = with_validity(tx, documents, today).await?;
            let choices = store::choices(tx, &library.within).await?;
            Ok::<_, StoreError>((documents, choices, paging))
        })
        .await?;
    let everything = Library {
        within: library.within.clone(),
        ..Library::default()
    };
    page(&ListPage {
        is_narrowed: library != everything,
        shell,
        filter,
        documents,
        choices,
        paging,
    })
}
