//! `GET /workspace/requests/retention`: cases whose term is reached, held back, proposed, erased.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::web::{
    App, Form, FormErrors, Paging, Problem, Query, Shell, day, page, redirect_with,
};
use serde::Deserialize;

use super::PATH;
use crate::acts::{ApproveErasure, KeepRetention, ViewRetention};
use crate::id::RequestId;
use crate::pages::refuse;
use crate::reach;
use crate::retention::store::{self, Listed, View};
use crate::retention::{Erasure, ErasureState, Hold, Part, handle};

const VIEWS: [(&str, &str, View); 4] = [
    ("due", "保存期满", View::Due),
    ("proposed", "待批准", View::Proposed),
    ("kept", "保留、未审结", View::Kept),
    ("done", "已清除", View::Done),
];

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    view: String,
    page: Option<i64>,
}

impl Filter {
    fn view(&self) -> (&'static str, View) {
        let mut views = VIEWS.iter();
        let found = views.find(|(code, _, _)| *code == self.view);
        found.map_or(("due", View::Due), |(code, _, view)| (*code, *view))
    }
}

#[derive(Template)]
#[template(path = "retention/list.html")]
struct ListPage {
    shell: Shell,
    view: &'static str,
    rows: Vec<Listed>,
    holds: BTreeMap<RequestId, Vec<Hold>>,
    erasures: BTreeMap<RequestId, Vec<Erasure>>,
    counts: Vec<(&'static str, &'static str, i64)>,
    paging: Paging,
    today: Date,
    why: String,
    errors: FormErrors,
}

impl ListPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn address(&self) -> String {
        format!("{PATH}?view={}&page=", self.view)
    }

    fn may_propose(&self) -> bool {
        self.view == "due" && self.shell.may(&KeepRetention::ROW)
    }

    fn may_set(&self) -> bool {
        self.shell.may(&ApproveErasure::ROW)
    }

    /// The part that is due: all of it where both are.
    fn part(&self, row: &Listed) -> (&'static str, &'static str, String) {
        let part = due_part(row, self.today);
        let archived = row.request.kept.archived_on;
        let reached = archived.and_then(|on| row.term.reached_on(part, on));
        let since = reached.map(day).unwrap_or_default();
        (part.code(), part.name(), since)
    }

    fn state(&self, row: &Listed) -> String {
        let open = |state: ErasureState| {
            let of = self.erasures.get(&row.request.id)?;
            of.iter().find(|one| one.state == state)
        };
        if let Some(one) = open(ErasureState::Proposed) {
            let (by, on, part) = (&one.proposed_by, one.proposed_on, one.part.name());
            return format!("{by}{on}提请清除{part}");
        }
        let holds = self.holds.get(&row.request.id);
        let hold = holds.and_then(|all| all.iter().find(|hold| hold.released.is_none()));
        if let Some(hold) = hold {
            return format!("{}起保留：{}", hold.on, hold.why);
        }
        if self.view == "kept" {
            return "复议或诉讼尚未审结".to_owned();
        }
        let kept = row.request.kept;
        match (kept.erased_on, kept.identity_erased_on) {
            (Some(on), _) => format!("{on}清除{}", Part::All.name()),
            (None, Some(on)) => format!("{on}清除{}", Part::Identity.name()),
            (None, None) => String::new(),
        }
    }
}

fn due_part(row: &Listed, today: Date) -> Part {
    let archived = row.request.kept.archived_on;
    let all = archived.and_then(|on| row.term.reached_on(Part::All, on));
    if all.is_some_and(|day| today >= day) {
        Part::All
    } else {
        Part::Identity
    }
}

async fn found(
    tx: &mut Tx,
    permit: &Permit<ViewRetention>,
    (filter, today): (&Filter, Date),
) -> Result<(ListParts, Paging), StoreError> {
    let scope = reach::handled(tx, permit.roles()).await?;
    let (_, view) = filter.view();
    let mut counts = Vec::new();
    for (code, name, view) in VIEWS {
        counts.push((code, name, store::count(tx, &scope, (view, today)).await?));
    }
    let total = store::count(tx, &scope, (view, today)).await?;
    let paging = Paging::new(filter.page, total);
    let at = (paging.offset(), paging.rows());
    let rows = store::list(tx, &scope, (view, today), at).await?;
    let ids: Vec<RequestId> = rows.iter().map(|row| row.request.id).collect();
    let parts = ListParts {
        holds: store::holds(tx, &ids).await?,
        erasures: store::erasures(tx, &ids).await?,
        counts,
        rows,
    };
    Ok((parts, paging))
}

struct ListParts {
    rows: Vec<Listed>,
    holds: BTreeMap<RequestId, Vec<Hold>>,
    erasures: BTreeMap<RequestId, Vec<Erasure>>,
    counts: Vec<(&'static str, &'static str, i64)>,
}

async fn shown(
    app: &App,
    (shell, permit): (Shell, &Permit<ViewRetention>),
    filter: &Filter,
    (why, errors): (String, FormErrors),
) -> Result<ListPage, Problem> {
    let today = app.today();
    let (parts, paging) = app
        .db
        .read(async |tx: &mut Tx| found(tx, permit, (filter, today)).await)
        .await?;
    Ok(ListPage {
        shell,
        view: filter.view().0,
        rows: parts.rows,
        holds: parts.holds,
        erasures: parts.erasures,
        counts: parts.counts,
        paging,
        today,
        why,
        errors,
    })
}

/// `GET /workspace/requests/retention`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewRetention>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let fresh = (String::new(), FormErrors::default());
    page(&shown(&app, (shell, &permit), &filter, fresh).await?)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    /// `id:version:part` of each.
    case: Vec<String>,
    why: String,
}

fn read(chosen: &str) -> Option<(RequestId, i64, Part)> {
    let mut parts = chosen.split(':');
    let id = parts.next()?.parse().ok()?;
    let version = parts.next()?.parse().ok()?;
    Some((id, version, Part::from_code(parts.next()?)?))
}

/// `POST /workspace/requests/retention`: proposes all that were ticked, or none.
pub(super) async fn propose(
    State(app): State<App>,
    shell: Shell,
    viewing: Permit<ViewRetention>,
    permit: Permit<KeepRetention>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Problem> {
    let today = app.today();
    let cases: Option<Vec<_>> = chosen.case.iter().map(|one| read(one)).collect();
    let cases = cases.ok_or_else(|| Problem::new(Problem::BAD_REQUEST))?;
    let done = if cases.is_empty() {
        Err(NotDone::Refused(vec![(
            "case",
            "请勾选要清除的案件。".to_owned(),
        )]))
    } else {
        app.db
            .write(async |tx: &mut Tx| {
                for (id, version, part) in &cases {
                    let what = (*part, Vec::new(), chosen.why.as_str());
                    handle::propose(tx, &permit, (*id, *version), what, today).await?;
                }
                Ok::<_, NotDone>(())
            })
            .await
    };
    match done {
        Ok(()) => {
            let n = cases.len();
            let said = format!("已提请清除{n}件，等待另一人批准；批准以前什么都没有清除。");
            Ok(redirect_with(&format!("{PATH}?view=proposed"), &said))
        }
        Err(NotDone::Refused(reasons)) => {
            let kept = (chosen.why, form_errors(reasons));
            let filter = Filter::default();
            refuse(&shown(&app, (shell, &viewing), &filter, kept).await?)
        }
        Err(error) => Err(error.into()),
    }
}
