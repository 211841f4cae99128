//! The lists of findings: the office's and the unit's.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use serde::Deserialize;

use super::super::acts::{HandleFinding, ViewFindings, ViewOwnFindings};
use super::super::store::{self, Narrow, Side};
use super::super::{Finding, FindingKind, FindingState, Source};
use super::verify::Asked;
use super::{LIST, OWN};
use crate::access::{Act as _, Permit};
use crate::db::{StoreError, Tx};
use crate::web::{self, App, FormErrors, Paging, Problem, Query, Shell, page};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    pub(super) state: String,
    pub(super) kind: String,
    pub(super) source: String,
    pub(super) organ: String,
    pub(super) late: String,
    pub(super) text: String,
    pub(super) page: String,
}

impl Filter {
    fn narrow(&self, today: Date) -> Narrow {
        Narrow {
            state: FindingState::from_code(&self.state),
            kind: FindingKind::from_code(&self.kind),
            source: Source::from_code(&self.source),
            organ: self.organ.parse().ok(),
            late_on: (self.late == "1").then_some(today),
            text: self.text.trim().to_owned(),
        }
    }
}

#[derive(Template)]
#[template(path = "finding/list.html")]
pub(super) struct ListPage {
    shell: Shell,
    /// The office's list, which shows units and filters; else the unit's own.
    office: bool,
    path: &'static str,
    filter: Filter,
    states: Vec<(FindingState, i64)>,
    late: i64,
    organs: Vec<(OrganId, String)>,
    findings: Vec<Finding>,
    paging: Paging,
    today: Date,
    may_record: bool,
    pub(super) errors: FormErrors,
    /// What was ticked and typed for many at once, and refused.
    pub(super) asked: Asked,
}

impl ListPage {
    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        FindingKind::options()
    }

    fn sources(&self) -> Vec<(&'static str, &'static str)> {
        Source::options()
    }

    /// The office looks at what waits to be verified: it may do many at once.
    fn is_verifying(&self) -> bool {
        self.may_record && self.filter.state == FindingState::ToVerify.code()
    }

    fn is_ticked(&self, finding: &Finding) -> bool {
        self.asked.finding.contains(&finding.id.to_string())
    }

    fn is_narrowed(&self) -> bool {
        self.filter.narrow(self.today) != Narrow::default()
    }

    fn day(&self, date: &Date) -> String {
        web::day(*date)
    }

    fn late(&self, finding: &Finding) -> bool {
        finding.is_late(self.today)
    }

    fn address(&self) -> String {
        let filter = &self.filter;
        web::address(
            self.path,
            &[
                ("state", &filter.state),
                ("kind", &filter.kind),
                ("source", &filter.source),
                ("organ", &filter.organ),
                ("late", &filter.late),
                ("text", &filter.text),
            ],
        ) + "page="
    }
}

/// `GET /workspace/findings`
pub(super) async fn office(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewFindings>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let side = Side::Office(permit.scope());
    let may_record = shell.may(&HandleFinding::ROW);
    page(&build(&app, shell, side, filter, (LIST, may_record)).await?)
}

/// `GET /workspace/findings/own`
pub(super) async fn own(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewOwnFindings>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let side = Side::Unit(permit.scope());
    page(&build(&app, shell, side, filter, (OWN, false)).await?)
}

pub(super) async fn build(
    app: &App,
    shell: Shell,
    side: Side<'_>,
    filter: Filter,
    (path, may_record): (&'static str, bool),
) -> Result<ListPage, Problem> {
    let today = app.today();
    let narrow = filter.narrow(today);
    let late_only = Narrow {
        late_on: Some(today),
        ..Narrow::default()
    };
    let (states, late, organs, paging, findings) = app
        .db
        .read(async |tx: &mut Tx| {
            let total = store::count(tx, side, &narrow).await?;
            let paging = Paging::new(filter.page.parse().ok(), total);
            let rows = (paging.offset(), paging.rows());
            let findings = store::list(tx, side, &narrow, rows).await?;
            let organs = match side {
                Side::Office(scope) => store::organs(tx, scope).await?,
                Side::Unit(_) => Vec::new(),
            };
            let states = store::states(tx, side).await?;
            let late = store::count(tx, side, &late_only).await?;
            Ok::<_, StoreError>((states, late, organs, paging, findings))
        })
        .await?;
    Ok(ListPage {
        shell,
        office: matches!(side, Side::Office(_)),
        path,
        filter,
        states,
        late,
        organs,
        findings,
        paging,
        today,
        may_record,
        errors: FormErrors::default(),
        asked: Asked::default(),
    })
}
