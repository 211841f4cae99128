//! The lists of findings: the office's and the unit's.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use serde::Deserialize;

use super::super::acts::{HandleFinding, ViewFindings, ViewOwnFindings};
use super::super::alike::Alike;
use super::super::store::{self, Narrow, Side};
use super::super::{FindingKind, FindingState, Source};
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
    pub(super) title: String,
    /// Each finding in a line of its own, instead of those alike in one.
    pub(super) each: String,
    pub(super) page: String,
}

impl Filter {
    pub(super) fn narrow(&self, today: Date) -> Narrow {
        Narrow {
            state: FindingState::from_code(&self.state),
            kind: FindingKind::from_code(&self.kind),
            source: Source::from_code(&self.source),
            organ: self.organ.parse().ok(),
            late_on: (self.late == "1").then_some(today),
            text: self.text.trim().to_owned(),
            title: Some(self.title.clone()).filter(|title| !title.is_empty()),
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
    lines: Vec<Alike>,
    /// How many findings the lines of all pages stand for.
    total: i64,
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

    /// The box of a line: its name and what it sends.
    fn tick(&self, line: &Alike) -> (&'static str, String) {
        if line.is_single() {
            ("finding", line.id.to_string())
        } else {
            ("alike", format!("{}:{}", line.id, line.n))
        }
    }

    fn is_ticked(&self, line: &Alike) -> bool {
        let (_, value) = self.tick(line);
        self.asked.finding.contains(&value) || self.asked.alike.contains(&value)
    }

    fn is_joined(&self) -> bool {
        self.office && self.filter.each.is_empty()
    }

    fn is_narrowed(&self) -> bool {
        self.filter.narrow(self.today) != Narrow::default()
    }

    fn day(&self, date: &Date) -> String {
        web::day(*date)
    }

    /// This list with other of its parts.
    fn with(&self, state: &str, kind: &str, (title, each): (&str, &str)) -> String {
        let filter = &self.filter;
        web::address(
            self.path,
            &[
                ("state", state),
                ("kind", kind),
                ("source", &filter.source),
                ("organ", &filter.organ),
                ("late", &filter.late),
                ("text", &filter.text),
                ("title", title),
                ("each", each),
            ],
        )
    }

    fn address(&self) -> String {
        let filter = &self.filter;
        self.with(&filter.state, &filter.kind, (&filter.title, &filter.each)) + "page="
    }

    /// The findings of a line, each by itself.
    fn each_of(&self, line: &Alike) -> String {
        self.with(line.state.code(), line.kind.code(), (&line.title, "1"))
    }

    fn each(&self) -> String {
        let filter = &self.filter;
        self.with(&filter.state, &filter.kind, (&filter.title, "1"))
    }

    fn joined(&self) -> String {
        self.with(&self.filter.state, &self.filter.kind, ("", ""))
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
    let joined = filter.each.is_empty() && matches!(side, Side::Office(_));
    let (states, late, organs, total, paging, lines) = app
        .db
        .read(async |tx: &mut Tx| {
            let total = store::count(tx, side, &narrow).await?;
            let shown = if joined {
                store::alike::count(tx, side, &narrow).await?
            } else {
                total
            };
            let paging = Paging::new(filter.page.parse().ok(), shown);
            let rows = (paging.offset(), paging.rows());
            let lines = if joined {
                store::alike::list(tx, side, &narrow, rows, today).await?
            } else {
                let each = store::list(tx, side, &narrow, rows).await?;
                let single = |finding| Alike::single(finding, today);
                each.into_iter().map(single).collect()
            };
            let organs = match side {
                Side::Office(scope) => store::organs(tx, scope).await?,
                Side::Unit(_) => Vec::new(),
            };
            let states = store::states(tx, side).await?;
            let late = store::count(tx, side, &late_only).await?;
            Ok::<_, StoreError>((states, late, organs, total, paging, lines))
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
        lines,
        total,
        paging,
        today,
        may_record,
        errors: FormErrors::default(),
        asked: Asked::default(),
    })
}
