//! The screens of 回头看事项: a plan's, a unit's own, one of them.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::{OrganId, PlanId, TaskId};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::{self, Recorded};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{
    App, Form, FormErrors, Paging, Problem, Query, Route, Shell, address, page, redirect_with,
    refuse,
};
use serde::Deserialize;

use super::handle::{self, Reported};
use super::store::{self, Narrow, Whose};
use super::{Carried, CarriedId, CarriedState, Step};
use crate::acts::{MatchPlans, ReadTask, ReportProgress, ViewLedger, ViewOwnTasks};
use crate::plan::{self, Plan};
use crate::step::{StepError, form_errors};
use crate::when;

const EVENTS_MAX: i64 = 100;
const OWN: &str = "/workspace/reviews";

pub(crate) fn routes() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<ViewLedger, _, _>(get(), "/workspace/plans/{id}/reviews", of_plan),
        Route::act::<MatchPlans, _, _>(post(), "/workspace/plans/{id}/carry", carry),
        Route::act::<ViewOwnTasks, _, _>(get(), "/workspace/reviews", own),
        Route::act::<ReadTask, _, _>(get(), "/workspace/reviews/{id}", show),
        Route::act::<ReportProgress, _, _>(post(), "/workspace/reviews/{id}", report),
        Route::act::<MatchPlans, _, _>(post(), "/workspace/reviews/{id}/decide", decide),
    ]
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Filter {
    state: String,
    organ: String,
    /// Last year's task.
    matter: String,
    page: String,
}

impl Filter {
    fn narrow(&self) -> Narrow {
        Narrow::new(
            CarriedState::from_code(&self.state),
            self.organ.parse().ok(),
            self.matter.parse().ok(),
        )
    }
}

#[derive(Template)]
#[template(path = "carried/list.html")]
struct ListPage {
    shell: Shell,
    /// The office's list is of one plan, a unit's of all.
    plan: Option<Plan>,
    path: String,
    filter: Filter,
    states: Vec<(CarriedState, i64)>,
    /// The units and the matters of the plan, to choose from.
    organs: Vec<(OrganId, String)>,
    tasks: Vec<(TaskId, String)>,
    matters: Vec<Carried>,
    paging: Paging,
    today: Date,
}

impl ListPage {
    fn is_organ(&self, id: &OrganId) -> bool {
        self.filter.organ == id.to_string()
    }

    fn is_task(&self, id: &TaskId) -> bool {
        self.filter.matter == id.to_string()
    }

    fn is_narrowed(&self) -> bool {
        !(self.filter.organ.is_empty() && self.filter.matter.is_empty())
    }

    /// The list in one state, as it is narrowed else.
    fn in_state(&self, state: &str) -> String {
        let Filter { organ, matter, .. } = &self.filter;
        let parts = [
            ("state", state),
            ("organ", organ.as_str()),
            ("matter", matter.as_str()),
        ];
        address(&self.path, &parts)
    }

    fn late(&self, matter: &Carried) -> Option<i32> {
        matter.overdue_days(self.today)
    }

    fn address(&self) -> String {
        self.in_state(&self.filter.state) + "page="
    }
}

async fn list(
    tx: &mut Tx,
    whose: Whose<'_>,
    filter: &Filter,
) -> Result<(Vec<(CarriedState, i64)>, Vec<Carried>, Paging), StoreError> {
    let narrow = filter.narrow();
    let total = store::count_of(tx, whose, narrow).await?;
    let paging = Paging::new(filter.page.parse().ok(), total);
    let rows = (paging.offset(), paging.rows());
    let matters = store::list_of(tx, whose, narrow, rows).await?;
    let states = store::states_of(tx, whose, narrow).await?;
    Ok((states, matters, paging))
}

/// `GET /workspace/plans/{id}/reviews`
async fn of_plan(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewLedger>,
    Path(id): Path<PlanId>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let (plan, (organs, tasks), (states, matters, paging)) = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(plan) = plan::store::load(tx, permit.scope(), id).await? else {
                return Ok(None);
            };
            let choices = store::choices(tx, id).await?;
            let listed = list(tx, Whose::Plan(id), &filter).await?;
            Ok::<_, StoreError>(Some((plan, choices, listed)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    page(&ListPage {
        shell,
        plan: Some(plan),
        path: format!("/workspace/plans/{id}/reviews"),
        filter,
        states,
        organs,
        tasks,
        matters,
        paging,
        today: app.today(),
    })
}

/// `GET /workspace/reviews`
async fn own(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewOwnTasks>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let (states, matters, paging) = app
        .db
        .read(async |tx: &mut Tx| list(tx, Whose::Unit(permit.scope()), &filter).await)
        .await?;
    page(&ListPage {
        shell,
        plan: None,
        path: OWN.to_owned(),
        filter,
        states,
        organs: Vec::new(),
        tasks: Vec::new(),
        matters,
        paging,
        today: app.today(),
    })
}

/// `POST /workspace/plans/{id}/carry`
async fn carry(
    State(app): State<App>,
    permit: Permit<MatchPlans>,
    Path(id): Path<PlanId>,
) -> Result<Response, Problem> {
    let n = app
        .db
        .write(async |tx: &mut Tx| handle::carry(tx, &permit, id).await)
        .await?;
    Ok(redirect_with(
        &format!("/workspace/plans/{id}/reviews"),
        &format!("已结转 {n} 项未完成事项，由各单位填报整改落实情况。"),
    ))
}

#[derive(Template)]
#[template(path = "carried/show.html")]
struct ShowPage {
    shell: Shell,
    matter: Carried,
    events: Vec<Recorded>,
    is_own: bool,
    is_office: bool,
    errors: FormErrors,
    done_text: String,
    planned_on: String,
    note: String,
    today: Date,
}

impl ShowPage {
    fn late(&self) -> Option<i32> {
        self.matter.overdue_days(self.today)
    }

    fn can(&self, code: &str) -> bool {
        !self.matter.goes_on_later
            && Step::from_code(code).is_some_and(|step| self.matter.state.after(step).is_some())
    }

    fn day(&self, date: &Date) -> String {
        when::date(*date)
    }

    fn at(&self, milliseconds: &i64) -> String {
        when::moment(*milliseconds)
    }
}

/// A matter that this person may read, whether as its unit, whether as its office.
async fn readable(
    tx: &mut Tx,
    shell: &Shell,
    id: CarriedId,
) -> Result<Option<(Carried, bool, bool)>, StoreError> {
    let person = shell.person.as_ref();
    let Some(plan) = store::plan_of(tx, id).await? else {
        return Ok(None);
    };
    let reporting = person.and_then(|person| person.permit::<ReportProgress>());
    let is_own = match &reporting {
        Some(permit) => store::load(tx, Whose::Unit(permit.scope()), id)
            .await?
            .is_some(),
        None => false,
    };
    // The office may itself be the unit: then it reports and, by another person, verifies.
    let matching = person.and_then(|person| person.permit::<MatchPlans>());
    let is_office = match &matching {
        Some(permit) => plan::store::load(tx, permit.scope(), plan).await?.is_some(),
        None => false,
    };
    if let Some(permit) = person.and_then(|person| person.permit::<ViewOwnTasks>())
        && let Some(matter) = store::load(tx, Whose::Unit(permit.scope()), id).await?
    {
        return Ok(Some((matter, is_own, is_office)));
    }
    let viewing = person.and_then(|person| person.permit::<ViewLedger>());
    let seen = match &viewing {
        Some(permit) => plan::store::load(tx, permit.scope(), plan).await?.is_some(),
        None => false,
    };
    if !seen {
        return Ok(None);
    }
    let matter = store::load(tx, Whose::Plan(plan), id).await?;
    Ok(matter.map(|matter| (matter, is_own, is_office)))
}

async fn build(app: &App, shell: Shell, id: CarriedId) -> Result<ShowPage, Problem> {
    let ((matter, is_own, is_office), events) = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(found) = readable(tx, &shell, id).await? else {
                return Ok(None);
            };
            let events = audit::about(tx, "carried", &id.to_string(), EVENTS_MAX).await?;
            Ok::<_, StoreError>(Some((found, events)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(ShowPage {
        shell,
        events,
        is_own,
        is_office,
        errors: FormErrors::default(),
        done_text: matter.done_text.clone(),
        planned_on: matter
            .planned_on
            .map_or_else(String::new, |date| date.to_string()),
        note: String::new(),
        today: app.today(),
        matter,
    })
}

/// `GET /workspace/reviews/{id}`
async fn show(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadTask>,
    Path(id): Path<CarriedId>,
) -> Result<Response, Problem> {
    page(&build(&app, shell, id).await?)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Filled {
    version: i64,
    step: String,
    done_text: String,
    planned_on: String,
    note: String,
}

impl Filled {
    fn step(&self) -> Result<Step, Problem> {
        Step::from_code(&self.step)
            .ok_or_else(|| Problem::refused(vec!["请选择要办理的一步。".to_owned()]))
    }
}

async fn answer(
    app: &App,
    shell: Shell,
    id: CarriedId,
    done: Result<Carried, StepError>,
    filled: Filled,
) -> Result<Response, Problem> {
    match done {
        Ok(matter) => Ok(redirect_with(
            &format!("{OWN}/{id}"),
            &format!("已办理，这一项现在是“{}”。", matter.state.name()),
        )),
        Err(StepError::Refused(reasons)) => {
            let mut view = build(app, shell, id).await?;
            view.errors = form_errors(reasons);
            view.done_text = filled.done_text;
            view.planned_on = filled.planned_on;
            view.note = filled.note;
            refuse(&view)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /workspace/reviews/{id}`
async fn report(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ReportProgress>,
    Path(id): Path<CarriedId>,
    Form(filled): Form<Filled>,
) -> Result<Response, Problem> {
    let step = filled.step()?;
    let reported = Reported {
        done_text: filled.done_text.replace("\r\n", "\n").trim().to_owned(),
        planned_on: filled.planned_on.trim().parse().ok(),
    };
    let today = app.today();
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            let seen = (id, filled.version);
            handle::report(tx, &permit, seen, step, reported, today).await
        })
        .await;
    answer(&app, shell, id, done, filled).await
}

/// `POST /workspace/reviews/{id}/decide`
async fn decide(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<MatchPlans>,
    Path(id): Path<CarriedId>,
    Form(filled): Form<Filled>,
) -> Result<Response, Problem> {
    let step = filled.step()?;
    let note = filled.note.trim().to_owned();
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            handle::decide(tx, &permit, (id, filled.version), step, &note).await
        })
        .await;
    answer(&app, shell, id, done, filled).await
}
