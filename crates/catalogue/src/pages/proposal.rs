//! 建议列入目录的事项: what waits to become an entry, and why it is to be none.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::reach::Reach;
use gongkai_platform::web::{App, Form, Paging, Problem, Query, Shell, day, page, redirect_with};
use serde::Deserialize;

use crate::acts::{KeepCatalogue, ViewCatalogue};
use crate::id::ProposalId;
use crate::proposal::handle::{self, LIST};
use crate::proposal::{Proposal, State as Standing, store};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    page: String,
}

#[derive(Template)]
#[template(path = "catalogue/proposals.html")]
struct ListPage {
    shell: Shell,
    today: Date,
    proposals: Vec<Proposal>,
    paging: Paging,
    may_keep: bool,
}

impl ListPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn turn(&self) -> String {
        format!("{LIST}?page=")
    }

    fn waits(&self, one: &Proposal) -> bool {
        one.state == Standing::Open
    }

    fn is_late(&self, one: &Proposal) -> bool {
        self.waits(one) && one.due_on.is_some_and(|due| due < self.today)
    }

    /// The form of this proposal came back.
    fn is_again(&self, one: &Proposal) -> bool {
        self.shell.again.has("proposal", &one.id.to_string())
    }
}

/// `GET /workspace/catalogue/proposals?page=2`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewCatalogue>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (proposals, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, &permit).await?;
            let total = store::count(tx, &within, None).await?;
            let paging = Paging::new(asked.page.parse().ok(), total);
            let part = (paging.offset(), paging.rows());
            let proposals = store::list(tx, &within, part).await?;
            Ok::<_, StoreError>((proposals, paging))
        })
        .await?;
    page(&ListPage {
        may_keep: shell.may(&KeepCatalogue::ROW),
        shell,
        today: app.today(),
        proposals,
        paging,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Declining {
    version: i64,
    why: String,
}

/// `POST /workspace/catalogue/proposals/{id}/decline`
pub(super) async fn decline(
    State(app): State<App>,
    permit: Permit<KeepCatalogue>,
    Path(id): Path<ProposalId>,
    Form(form): Form<Declining>,
) -> Result<Response, Problem> {
    let (today, of) = (app.today(), (id, form.version));
    let proposal = app
        .db
        .write(async |tx: &mut Tx| handle::decline(tx, &permit, of, form.why.trim(), today).await)
        .await?;
    Ok(redirect_with(
        LIST,
        &format!(
            "已登记不列入目录：{}。理由在建议和审计记录里。",
            proposal.title
        ),
    ))
}
