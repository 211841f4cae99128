//! 到期复核: the list of what replies withheld, and the form of one look.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_platform::access::{Permit, Scope, Session};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::web::{
    App, Form, FormErrors, Paging, Problem, Query, Shell, day, page, redirect_with,
};
use serde::Deserialize;

use super::refuse;
use crate::acts::{TakeRequests, ViewRequests};
use crate::cluster;
use crate::id::RequestId;
use crate::reach;
use crate::request::clock::Light;
use crate::request::{Request, store as requests};
use crate::withheld::store::View;
use crate::withheld::{self, Decided, Look, Outcome, store};

const LIST: &str = "/workspace/requests/withheld";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    view: String,
    page: Option<i64>,
}

#[derive(Template)]
#[template(path = "requests/withheld.html")]
struct ListPage {
    shell: Shell,
    view: View,
    rows: Vec<Request>,
    counts: Vec<(View, i64)>,
    paging: Paging,
    today: Date,
    calendar: Arc<WorkCalendar>,
    /// Whose cases the person looks at; an office sees more.
    decides: Option<Scope>,
}

impl ListPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn address(&self) -> String {
        format!("{LIST}?view={}&page=", self.view.code())
    }

    fn may_decide(&self, one: &Request) -> bool {
        let scope = self.decides.as_ref();
        scope.is_some_and(|scope| scope.contains(one.organ, ""))
    }

    fn light(&self, one: &Request) -> (Light, String) {
        cluster::light(one.kept.look_on, self.today, &self.calendar)
    }
}

/// `GET /workspace/requests/withheld`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewRequests>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let view = View::from_code(&filter.view).unwrap_or(View::Due);
    let today = app.today();
    let person = shell.person.as_ref();
    let taker = person.and_then(Session::permit::<TakeRequests>);
    let (rows, counts, decides, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::seen_answered(tx, permit.roles()).await?;
            let decides = match &taker {
                Some(taker) => Some(reach::answered(tx, taker.roles()).await?),
                None => None,
            };
            let mut counts = Vec::new();
            for one in View::ALL {
                counts.push((*one, store::count(tx, &scope, (*one, today)).await?));
            }
            let total = counts.iter().find(|(one, _)| *one == view);
            let paging = Paging::new(filter.page, total.map_or(0, |(_, n)| *n));
            let rows = (paging.offset(), paging.rows());
            let rows = store::list(tx, &scope, (view, today), rows).await?;
            Ok::<_, StoreError>((rows, counts, decides, paging))
        })
        .await?;
    page(&ListPage {
        shell,
        view,
        rows,
        counts,
        paging,
        today,
        calendar: app.calendar(),
        decides,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    version: i64,
    outcome: String,
    why: String,
    next_on: String,
}

impl Typed {
    /// What was decided; a day that is none is a fault.
    fn decided(&self, errors: &mut FormErrors) -> Decided {
        let next_on = self.next_on.trim();
        let day = next_on.parse().ok();
        if day.is_none() && !next_on.is_empty() {
            errors.add("next_on", "“下次复核的日期”不是日期，例：2027-09-18。");
        }
        Decided {
            outcome: Outcome::from_code(&self.outcome),
            why: self.why.trim().to_owned(),
            next_on: day,
        }
    }
}

#[derive(Template)]
#[template(path = "requests/look.html")]
struct LookPage {
    shell: Shell,
    request: Request,
    looks: Vec<Look>,
    typed: Typed,
    errors: FormErrors,
    /// Is there something to look at?
    is_withheld: bool,
}

impl LookPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn outcomes(&self) -> Vec<(&'static str, &'static str)> {
        Outcome::options()
    }
}

async fn load(
    app: &App,
    permit: &Permit<TakeRequests>,
    id: RequestId,
) -> Result<(Request, Vec<Look>), Problem> {
    app.db
        .read(async |tx: &mut Tx| {
            let scope = reach::answered(tx, permit.roles()).await?;
            let Some(case) = requests::own(tx, &scope, id).await? else {
                return Ok::<_, StoreError>(None);
            };
            Ok(Some((case.request, store::of(tx, id).await?)))
        })
        .await?
        .ok_or_else(Problem::not_found)
}

/// `GET /workspace/requests/{id}/withheld`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<TakeRequests>,
    Path(id): Path<RequestId>,
) -> Result<Response, Problem> {
    let (request, looks) = load(&app, &permit, id).await?;
    let next_on = withheld::in_a_year(app.today());
    page(&LookPage {
        shell,
        is_withheld: withheld::is_withheld(&request),
        typed: Typed {
            version: request.version,
            next_on: next_on.map_or_else(String::new, |on| on.to_string()),
            ..Typed::default()
        },
        request,
        looks,
        errors: FormErrors::default(),
    })
}

/// `POST /workspace/requests/{id}/withheld`
pub(super) async fn decide(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<TakeRequests>,
    Path(id): Path<RequestId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let today = app.today();
    let mut errors = FormErrors::default();
    let decided = typed.decided(&mut errors);
    if errors.is_empty() {
        let done = app
            .db
            .write(async |tx: &mut Tx| {
                let of = (id, typed.version);
                withheld::decide(tx, &permit, of, decided.clone(), today).await
            })
            .await;
        match done {
            // What may be open is asked about as a release is when it is closed.
            Ok(Outcome::Open) => {
                return Ok(redirect_with(
                    &format!("/workspace/requests/{id}/publication"),
                    "已登记：可以公开。请接着决定是否主动公开。",
                ));
            }
            Ok(Outcome::Kept) => {
                return Ok(redirect_with(
                    &format!("/workspace/requests/{id}"),
                    "已登记：仍不公开。",
                ));
            }
            Err(NotDone::Refused(reasons)) => errors = form_errors(reasons),
            Err(error) => return Err(error.into()),
        }
    }
    let (request, looks) = load(&app, &permit, id).await?;
    refuse(&LookPage {
        shell,
        is_withheld: withheld::is_withheld(&request),
        request,
        looks,
        typed,
        errors,
    })
}
