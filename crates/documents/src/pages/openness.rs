//! 公开属性复核: what is not open and whose day has come, and what somebody decides of one.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{
    App, Form, Paging, Problem, Query, Shell, address, day, page, redirect_with,
};
use serde::Deserialize;

use super::DESK;
use crate::acts::{ViewDocuments, WriteDocuments};
use crate::document::openness::{self, Decided, Outcome};
use crate::document::store::{self, Looking};
use crate::document::{Document, Ground, Head};
use crate::id::DocumentId;

const LIST: &str = "/workspace/documents/openness";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    /// `all`, or only those whose day has come.
    which: String,
    page: String,
}

impl Filter {
    fn is_all(&self) -> bool {
        self.which == "all"
    }
}

#[derive(Template)]
#[template(path = "documents/openness.html")]
struct ListPage {
    shell: Shell,
    filter: Filter,
    due: i64,
    all: i64,
    documents: Vec<(Document, Head)>,
    paging: Paging,
    today: Date,
}

impl ListPage {
    fn day(&self, document: &Document) -> String {
        document.review_on.map_or_else(String::new, day)
    }

    fn is_due(&self, document: &Document) -> bool {
        document.review_on.is_some_and(|day| day <= self.today)
    }

    fn address(&self) -> String {
        let which = if self.filter.is_all() { "all" } else { "" };
        address(LIST, &[("which", which)]) + "page="
    }
}

/// `GET /workspace/documents/openness?which=all`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewDocuments>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let today = app.today();
    let (due, all, documents, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = permit.scope();
            let due = store::unopened_count(tx, scope, Looking::DueBy(today)).await?;
            let all = store::unopened_count(tx, scope, Looking::All).await?;
            let (looking, total) = if filter.is_all() {
                (Looking::All, all)
            } else {
                (Looking::DueBy(today), due)
            };
            let paging = Paging::new(filter.page.parse().ok(), total);
            let of_page = (paging.offset(), paging.rows());
            let documents = store::unopened(tx, scope, looking, of_page).await?;
            Ok::<_, StoreError>((due, all, documents, paging))
        })
        .await?;
    page(&ListPage {
        shell,
        filter,
        due,
        all,
        documents,
        paging,
        today,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    version: i64,
    outcome: String,
    ground_reviewed: String,
    next_on: String,
    why_reviewed: String,
}

impl Typed {
    fn decided(&self) -> Result<Decided, Problem> {
        let wrong =
            |field: &'static str, said: &str| Problem::of_form(vec![(field, said.to_owned())]);
        let outcome = Outcome::from_code(&self.outcome)
            .ok_or_else(|| wrong("outcome", "请选择复核的结果。"))?;
        let next_on = match self.next_on.as_str() {
            "" => None,
            text => Some(
                text.parse()
                    .map_err(|_| wrong("next_on", "日期无法识别，例：2027-11-30。"))?,
            ),
        };
        Ok(Decided {
            outcome,
            ground: Ground::from_code(&self.ground_reviewed),
            next_on,
            why: self.why_reviewed.trim().to_owned(),
        })
    }
}

/// `POST /workspace/documents/{id}/openness`
pub(super) async fn decide(
    State(app): State<App>,
    permit: Permit<WriteDocuments>,
    Path(id): Path<DocumentId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let decided = typed.decided()?;
    app.db
        .write(async |tx: &mut Tx| {
            openness::decide(tx, &permit, (id, typed.version), &decided).await
        })
        .await?;
    let message = match decided.outcome {
        Outcome::Kept => "已记下复核结果，到下次复核的日期再提醒。",
        Outcome::Open => "已改为主动公开，成为新的一稿。请补齐要素后送审，审核通过才能发布。",
        Outcome::OnRequest | Outcome::Closed => "已改公开属性，成为新的一稿。请送审。",
    };
    Ok(redirect_with(&format!("{DESK}/{id}"), message))
}
