//! “是否主动公开” for one release, and the list of releases by what was decided.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act as _, Permit, Scope, Session};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::organ;
use gongkai_platform::web::{
    App, Form, FormErrors, Paging, Problem, Query, Shell, day, page, redirect_with,
};
use serde::Deserialize;
use std::sync::Arc;

use super::refuse;
use crate::acts::{TakeRequests, ViewRequests};
use crate::cluster::{self, Cluster};
use crate::id::RequestId;
use crate::publication::store::View;
use crate::publication::{self, Choice, Decided, Keep, Publication, store};
use crate::reach;
use crate::request::case::Case;
use crate::request::clock::Light;
use crate::request::state::Act;
use crate::request::{Kind, Request, store as requests};

const LIST: &str = "/workspace/requests/publications";

/// Where the desk goes after an act: closing a release asks whether all may have it.
pub(super) fn after(shell: &Shell, case: &Case, act: Act) -> String {
    let id = case.request.id;
    let asks =
        act == Act::Dispatch && publication::is_released(case) && shell.may(&TakeRequests::ROW);
    if act == Act::Transfer {
        // It is another desk's case now: its page may be out of reach.
        "/workspace/requests".to_owned()
    } else if asks {
        format!("/workspace/requests/{id}/publication")
    } else {
        format!("/workspace/requests/{id}")
    }
}

#[derive(Template)]
#[template(path = "requests/publication.html")]
struct PublicationPage {
    shell: Shell,
    request: Request,
    organs: Vec<(OrganId, String)>,
    cluster: Option<Cluster>,
    typed: Typed,
    errors: FormErrors,
}

impl PublicationPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn choices(&self) -> Vec<(&'static str, &'static str)> {
        Choice::options()
    }

    fn grounds(&self) -> Vec<(&'static str, &'static str)> {
        std::iter::once(("", "请选择"))
            .chain(Keep::options())
            .collect()
    }

    fn owners(&self) -> Vec<(String, String)> {
        owners(&self.organs)
    }

    fn days(&self) -> u16 {
        publication::PUBLISH_WORKING_DAYS
    }
}

/// Units as a field's choices.
pub(super) fn owners(organs: &[(OrganId, String)]) -> Vec<(String, String)> {
    organs
        .iter()
        .map(|(id, name)| (id.to_string(), name.clone()))
        .collect()
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    choice: String,
    ground: String,
    why: String,
    owner: String,
    published_at: String,
}

impl Typed {
    fn of(own: OrganId, decided: Option<Publication>) -> Self {
        match decided {
            None => Self {
                owner: own.to_string(),
                ..Self::default()
            },
            Some(decided) => Self {
                choice: decided.choice.code().to_owned(),
                ground: decided.ground.map_or("", Keep::code).to_owned(),
                why: decided.why,
                owner: own.to_string(),
                published_at: decided.published_at,
            },
        }
    }

    fn decided(&self) -> Decided {
        Decided {
            choice: Choice::from_code(&self.choice),
            ground: Keep::from_code(&self.ground),
            why: self.why.trim().to_owned(),
            owner: self.owner.parse().ok(),
            published_at: self.published_at.trim().to_owned(),
        }
    }
}

/// What the form shows beside what was typed.
struct Beside {
    request: Request,
    decided: Option<Publication>,
    /// The unit that publishes, where nobody chooses another.
    own: OrganId,
    organs: Vec<(OrganId, String)>,
    cluster: Option<Cluster>,
}

async fn load(app: &App, permit: &Permit<TakeRequests>, id: RequestId) -> Result<Beside, Problem> {
    app.db
        .read(async |tx: &mut Tx| {
            let scope = reach::answered(tx, permit.roles()).await?;
            let Some(case) = requests::own(tx, &scope, id).await? else {
                return Ok::<_, StoreError>(None);
            };
            let decided = store::load(tx, id).await?;
            let owner = decided.as_ref().and_then(|one| one.owner.as_ref());
            let owner = owner.map_or(case.request.organ, |(id, _)| *id);
            Ok(Some(Beside {
                own: organ::store::heir_of(tx, owner).await?,
                decided,
                organs: requests::list::addressees(tx, Kind::Information).await?,
                cluster: cluster::store::of_case(tx, &scope, id).await?,
                request: case.request,
            }))
        })
        .await?
        .ok_or_else(Problem::not_found)
}

/// `GET /workspace/requests/{id}/publication`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<TakeRequests>,
    Path(id): Path<RequestId>,
) -> Result<Response, Problem> {
    let beside = load(&app, &permit, id).await?;
    page(&PublicationPage {
        shell,
        typed: Typed::of(beside.own, beside.decided),
        request: beside.request,
        organs: beside.organs,
        cluster: beside.cluster,
        errors: FormErrors::default(),
    })
}

/// `POST /workspace/requests/{id}/publication`
pub(super) async fn decide(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<TakeRequests>,
    Path(id): Path<RequestId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let (today, calendar) = (app.today(), app.calendar());
    let decided = typed.decided();
    let said = decided.choice.map_or("", Choice::name);
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            publication::decide(tx, &permit, id, decided, (today, &calendar), &app.seams).await
        })
        .await;
    match done {
        Ok(()) => Ok(redirect_with(
            &format!("/workspace/requests/{id}"),
            &format!("已登记：{said}。"),
        )),
        Err(NotDone::Refused(reasons)) => {
            let beside = load(&app, &permit, id).await?;
            refuse(&PublicationPage {
                shell,
                request: beside.request,
                organs: beside.organs,
                cluster: beside.cluster,
                typed,
                errors: form_errors(reasons),
            })
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    view: String,
    page: Option<i64>,
}

#[derive(Template)]
#[template(path = "requests/publications.html")]
struct ListPage {
    shell: Shell,
    view: View,
    rows: Vec<(Request, Option<Publication>)>,
    counts: Vec<(View, i64)>,
    paging: Paging,
    today: Date,
    calendar: Arc<WorkCalendar>,
    /// Whose cases the person decides; an office sees more.
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

    fn light(&self, decided: &Publication) -> (Light, String) {
        cluster::light(decided.publish_by, self.today, &self.calendar)
    }
}

/// `GET /workspace/requests/publications`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewRequests>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let view = View::from_code(&filter.view).unwrap_or(View::Undecided);
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
                counts.push((*one, store::count(tx, &scope, *one).await?));
            }
            let total = counts.iter().find(|(one, _)| *one == view);
            let paging = Paging::new(filter.page, total.map_or(0, |(_, n)| *n));
            let rows = (paging.offset(), paging.rows());
            let rows = store::list(tx, &scope, view, rows).await?;
            Ok::<_, StoreError>((rows, counts, decides, paging))
        })
        .await?;
    page(&ListPage {
        decides,
        shell,
        view,
        rows,
        counts,
        paging,
        today: app.today(),
        calendar: app.calendar(),
    })
}
