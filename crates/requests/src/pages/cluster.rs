//! 转主动公开建议: the list, one with its cases, what the office decides.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act as _, Permit, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{self, NotDone, form_errors};
use gongkai_platform::seam::Listed;
use gongkai_platform::web::{
    App, Form, FormErrors, HowCounted, Paging, Problem, Query, Shell, day, page, redirect_with,
};
use serde::Deserialize;

use super::publication::owners;
use super::{overtaken, refuse};
use crate::acts::{DecideClusters, ViewRequests};
use crate::cluster::handle::{self, Decision, Record};
use crate::cluster::{self, Act, Cluster, State as ClusterState, listing, store};
use crate::id::SuggestionId;
use crate::offer::tally::Counts;
use crate::offer::{self, Offer, of_key, store as offers};
use crate::publication::Keep;
use crate::reach;
use crate::request::clock::Light;
use crate::request::store::list::addressees;
use crate::request::{Kind, Request};

const LIST: &str = "/workspace/requests/suggestions";
/// What a suggestion may have become, as the index finds it.
const ELSEWHERE: &str = "elsewhere";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    state: String,
    page: Option<i64>,
}

#[derive(Template)]
#[template(path = "requests/suggestions.html")]
struct ListPage {
    shell: Shell,
    state: Option<ClusterState>,
    clusters: Vec<Cluster>,
    counts: Vec<(ClusterState, i64)>,
    paging: Paging,
    today: Date,
    calendar: Arc<WorkCalendar>,
}

impl ListPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn address(&self) -> String {
        let state = self.state.map_or("", ClusterState::code);
        format!("{LIST}?state={state}&page=")
    }

    fn is(&self, state: &ClusterState) -> bool {
        self.state == Some(*state)
    }

    fn all(&self) -> i64 {
        self.counts.iter().map(|(_, n)| n).sum()
    }

    fn light(&self, cluster: &Cluster) -> (Light, String) {
        cluster.light(self.today, &self.calendar)
    }
}

/// `GET /workspace/requests/suggestions`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewRequests>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let state = ClusterState::from_code(&filter.state);
    let (clusters, counts, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::seen(tx, permit.roles()).await?;
            let mut counts = Vec::new();
            for one in ClusterState::ALL {
                counts.push((*one, store::count(tx, &scope, Some(*one)).await?));
            }
            let wanted = counts
                .iter()
                .filter(|(one, _)| state.is_none_or(|state| state == *one));
            let paging = Paging::new(filter.page, wanted.map(|(_, n)| n).sum());
            let rows = (paging.offset(), paging.rows());
            let clusters = store::list(tx, &scope, state, rows).await?;
            Ok::<_, StoreError>((clusters, counts, paging))
        })
        .await?;
    page(&ListPage {
        shell,
        state,
        clusters,
        counts,
        paging,
        today: app.today(),
        calendar: app.calendar(),
    })
}

#[derive(Template)]
#[template(path = "requests/suggestion.html")]
struct ShowPage {
    shell: Shell,
    cluster: Cluster,
    light: Light,
    left: String,
    /// 怎么算的 of the step that is due; empty where it was set otherwise.
    how: String,
    cases: Vec<Request>,
    paging: Paging,
    /// What it was followed by, once it is public.
    counts: Option<Counts>,
    /// Public records that may be it already.
    candidates: Vec<Offer>,
    organs: Vec<(OrganId, String)>,
    /// What came of its entry in the catalogue.
    listed: Option<Listed>,
    /// There is a catalogue.
    has_catalogue: bool,
    may_decide: bool,
    typed: Typed,
    errors: FormErrors,
}

impl ShowPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn may(&self, act: Act) -> bool {
        self.may_decide && self.cluster.state.after(act).is_some()
    }

    fn adopts(&self) -> bool {
        self.may(Act::Adopt)
    }

    fn declines(&self) -> bool {
        self.may(Act::Decline)
    }

    fn publishes(&self) -> bool {
        self.may(Act::Publish)
    }

    fn reopens(&self) -> bool {
        self.may(Act::Reopen)
    }

    /// Nothing waits for the catalogue, and nothing stands there.
    fn lists(&self) -> bool {
        let is_open = matches!(self.listed, None | Some(Listed::Declined { .. }));
        self.has_catalogue && is_open && self.may(Act::List)
    }

    /// As the form begins, and as it comes back.
    fn wants_entry(&self) -> bool {
        self.typed.act != Act::Adopt.code() || !self.typed.list.is_empty()
    }

    /// The unit that publishes, for a sentence.
    fn publisher(&self) -> &str {
        let owner = self.cluster.owner.as_ref();
        owner.map_or(&self.cluster.organ_name, |(_, name)| name)
    }

    /// Faults of one of the page's forms: fields of the same name stand in several.
    fn errors_of(&self, act: &str) -> FormErrors {
        if self.typed.act == act {
            self.errors.clone()
        } else {
            FormErrors::default()
        }
    }

    fn grounds(&self) -> Vec<(&'static str, &'static str)> {
        std::iter::once(("", "请选择"))
            .chain(Keep::options())
            .collect()
    }

    fn owners(&self) -> Vec<(String, String)> {
        owners(&self.organs)
    }

    fn owner(&self) -> String {
        if !self.typed.owner.is_empty() {
            return self.typed.owner.clone();
        }
        let own = self.cluster.owner.as_ref().map(|(id, _)| *id);
        own.unwrap_or(self.cluster.organ).to_string()
    }

    fn days(&self) -> u16 {
        cluster::STEP_WORKING_DAYS
    }

    /// Why it should be decided anew, when that form comes back.
    fn reopen_why(&self) -> &str {
        match Act::from_code(&self.typed.act) {
            Some(Act::Reopen) => &self.typed.why,
            _ => "",
        }
    }

    fn address(&self) -> String {
        format!("{LIST}/{}?page=", self.cluster.id)
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    act: String,
    version: i64,
    owner: String,
    /// `yes` where an entry is to be proposed, too.
    list: String,
    ground: String,
    why: String,
    /// The key of a public record, or `elsewhere`.
    record: String,
    title: String,
    path: String,
}

impl Typed {
    /// The decision; a record of this site is looked up, so that what is not public cannot be named.
    async fn decision(&self, app: &App) -> Result<Option<Decision>, Problem> {
        let why = self.why.trim().to_owned();
        Ok(match Act::from_code(&self.act) {
            None => None,
            Some(Act::Adopt) => self.owner.parse().ok().map(|owner| Decision::Adopt {
                owner,
                why,
                lists: self.list == "yes",
            }),
            Some(Act::List) => Some(Decision::List),
            Some(Act::Decline) => Some(Decision::Decline {
                ground: Keep::from_code(&self.ground),
                why,
            }),
            Some(Act::Reopen) => Some(Decision::Reopen { why }),
            Some(Act::Publish) => Some(Decision::Publish {
                record: self.record(app).await?,
            }),
        })
    }

    /// Said to be public, and nowhere.
    fn names_nothing(&self) -> bool {
        let where_ = [&self.record, &self.title, &self.path];
        Act::from_code(&self.act) == Some(Act::Publish)
            && where_.iter().all(|text| text.trim().is_empty())
    }

    async fn record(&self, app: &App) -> Result<Record, Problem> {
        let typed = Record {
            of: None,
            title: self.title.trim().to_owned(),
            path: self.path.trim().to_owned(),
        };
        if self.record == ELSEWHERE || self.record.is_empty() {
            return Ok(typed);
        }
        let of = of_key(&self.record).ok_or_else(Problem::not_found)?;
        let offer = offer::open(app, &Scope::Everything, of)
            .await?
            .ok_or_else(Problem::not_found)?;
        Ok(Record {
            of: Some(offer.of),
            title: offer.title,
            path: offer.path,
        })
    }
}

/// From which day the step that is due was counted: since it was decided, or since several people had asked.
fn how(cluster: &Cluster, calendar: &WorkCalendar) -> String {
    let from = cluster.decided_on.or(cluster.arisen_on);
    let run = from
        .filter(|_| cluster.state.is_running())
        .map(handle::step_run);
    let same = run.filter(|run| run.due(calendar).ok() == cluster.due_on);
    let how = same.and_then(|run| HowCounted::of(run, calendar));
    how.map_or_else(String::new, |how| how.to_string())
}

async fn shown(
    app: &App,
    shell: Shell,
    permit: &Permit<ViewRequests>,
    (id, at): (SuggestionId, Option<i64>),
    (typed, errors): (Typed, FormErrors),
) -> Result<ShowPage, Problem> {
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::seen(tx, permit.roles()).await?;
            let cluster = store::load(tx, &scope, id).await?;
            let Some(cluster) = cluster.filter(|one| one.arisen_on.is_some()) else {
                return Ok::<_, StoreError>(None);
            };
            let paging = Paging::new(at, store::members(tx, id).await?);
            let rows = (paging.offset(), paging.rows());
            let cases = store::cases(tx, &scope, id, rows).await?;
            let counts = match &cluster.published {
                Some(published) => Some(offers::of_record(tx, &published.of).await?),
                None => None,
            };
            let organs = addressees(tx, Kind::Information).await?;
            let listed = listing::of(tx, &app.seams, id).await?;
            Ok(Some((cluster, cases, paging, counts, organs, listed)))
        })
        .await?;
    let (cluster, cases, paging, counts, organs, listed) = found.ok_or_else(Problem::not_found)?;
    let may_decide = shell.may(&DecideClusters::ROW);
    let candidates = if may_decide && cluster.state.after(Act::Publish).is_some() {
        {
            let wanted = offer::wanted(&cluster.subject, "");
            offer::find(app, &Scope::Everything, &wanted).await?
        }
    } else {
        Vec::new()
    };
    let (light, left) = cluster.light(app.today(), &app.calendar());
    let how = how(&cluster, &app.calendar());
    Ok(ShowPage {
        light,
        left,
        how,
        may_decide,
        shell,
        cluster,
        cases,
        paging,
        counts,
        candidates,
        organs,
        listed,
        has_catalogue: app.seams.listings.is_some(),
        typed,
        errors,
    })
}

/// `GET /workspace/requests/suggestions/{id}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewRequests>,
    Path(id): Path<SuggestionId>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let typed = (Typed::default(), FormErrors::default());
    page(&shown(&app, shell, &permit, (id, filter.page), typed).await?)
}

/// `POST /workspace/requests/suggestions/{id}`
pub(super) async fn decide(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<DecideClusters>,
    seen: Permit<ViewRequests>,
    Path(id): Path<SuggestionId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    if typed.names_nothing() {
        let mut errors = FormErrors::default();
        errors.add("record", "请选择公开在哪里。");
        return refuse(&shown(&app, shell, &seen, (id, None), (typed, errors)).await?);
    }
    let Some(decision) = typed.decision(&app).await? else {
        return Err(Problem::new(Problem::BAD_REQUEST));
    };
    let (today, calendar) = (app.today(), app.calendar());
    let key = (id, typed.version);
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            handle::decide(tx, &permit, key, decision, (today, &calendar), &app.seams).await
        })
        .await;
    match done {
        Ok(cluster) => {
            let said = match Act::from_code(&typed.act) {
                Some(Act::List) => "已建议列入主动公开目录。".to_owned(),
                _ => format!("已登记：{}。", cluster.state.name()),
            };
            Ok(redirect_with(&format!("{LIST}/{id}"), &said))
        }
        Err(NotDone::Refused(reasons)) => {
            let typed = (typed, form_errors(reasons));
            refuse(&shown(&app, shell, &seen, (id, None), typed).await?)
        }
        Err(NotDone::Store(StoreError::Stale)) => {
            let typed = (typed, form_errors(vec![fault::overtaken()]));
            overtaken(&shown(&app, shell, &seen, (id, None), typed).await?)
        }
        Err(error) => Err(error.into()),
    }
}
