//! The screens of good practices: the pool, a unit's own, what the office was sent, one case.

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::Method;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::attachment::{self, Attachment, AttachmentId, FORM_BYTES_MAX, Filled, Kept};
use gongkai_platform::audit::{self, Recorded};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{
    App, Form, FormErrors, Paging, Problem, Query, Route, Shell, address, download, page,
    redirect_with, refuse,
};
use serde::Deserialize;

use super::handle::{self, Words};
use super::store::{self, Side};
use super::{Borrowing, Practice, PracticeId, PracticeState, Step};
use crate::acts::{ApprovePractice, ChoosePractice, SubmitPractice, ViewPractices};
use crate::step::{StepError, form_errors};
use crate::{approval, offices, when};

const EVENTS_MAX: i64 = 100;
const LIST: &str = "/workspace/practices";

pub(crate) fn routes() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<ViewPractices, _, _>(get(), "/workspace/practices", list),
        Route::act::<SubmitPractice, _, _>(get(), "/workspace/practices/new", ask),
        Route::act::<SubmitPractice, _, _>(post(), "/workspace/practices/new", submit)
            .body_bytes_max(FORM_BYTES_MAX),
        Route::act::<ViewPractices, _, _>(get(), "/workspace/practices/{id}", show),
        Route::act::<SubmitPractice, _, _>(post(), "/workspace/practices/{id}/resubmit", resubmit)
            .body_bytes_max(FORM_BYTES_MAX),
        Route::act::<ChoosePractice, _, _>(post(), "/workspace/practices/{id}/choose", choose),
        Route::act::<ApprovePractice, _, _>(post(), "/workspace/practices/{id}/approve", approve),
        Route::act::<SubmitPractice, _, _>(post(), "/workspace/practices/{id}/borrow", borrow),
        Route::act::<ViewPractices, _, _>(get(), "/workspace/practices/{id}/files/{file}", file),
    ]
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Filter {
    /// `office` or `own`; else the pool.
    side: String,
    state: String,
    page: String,
}

#[derive(Template)]
#[template(path = "practice/list.html")]
struct ListPage {
    shell: Shell,
    filter: Filter,
    practices: Vec<Practice>,
    paging: Paging,
    waiting: i64,
    may_submit: bool,
    may_choose: bool,
}

impl ListPage {
    fn day(&self, date: &Date) -> String {
        when::date(*date)
    }

    fn states(&self) -> Vec<(&'static str, &'static str)> {
        PracticeState::options()
    }

    fn address(&self) -> String {
        let parts = [
            ("side", self.filter.side.as_str()),
            ("state", &self.filter.state),
        ];
        address(LIST, &parts) + "page="
    }
}

/// `GET /workspace/practices`
async fn list(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ViewPractices>,
    Query(mut filter): Query<Filter>,
) -> Result<Response, Problem> {
    let person = shell.person.as_ref();
    let choosing = person.and_then(|person| person.permit::<ChoosePractice>());
    let submitting = person.and_then(|person| person.permit::<SubmitPractice>());
    let side = match (filter.side.as_str(), &choosing, &submitting) {
        ("office", Some(permit), _) => Side::Office(permit.scope()),
        ("own", _, Some(permit)) => Side::Unit(permit.scope()),
        _ => {
            filter.side = String::new();
            Side::Pool
        }
    };
    let state = PracticeState::from_code(&filter.state);
    let (practices, paging, waiting) = app
        .db
        .read(async |tx: &mut Tx| {
            let total = store::count(tx, side, state).await?;
            let paging = Paging::new(filter.page.parse().ok(), total);
            let rows = (paging.offset(), paging.rows());
            let practices = store::list(tx, side, state, rows).await?;
            let waiting = match &choosing {
                Some(permit) => {
                    let office = Side::Office(permit.scope());
                    store::count(tx, office, Some(PracticeState::Submitted)).await?
                }
                None => 0,
            };
            Ok::<_, StoreError>((practices, paging, waiting))
        })
        .await?;
    page(&ListPage {
        may_submit: submitting.is_some(),
        may_choose: choosing.is_some(),
        shell,
        filter,
        practices,
        paging,
        waiting,
    })
}

#[derive(Template)]
#[template(path = "practice/new.html")]
struct NewPage {
    shell: Shell,
    /// The person's units, and the one for which it is submitted.
    units: Vec<(OrganId, String)>,
    unit: String,
    words: Words,
    url: String,
    kept: Vec<Kept>,
    errors: FormErrors,
}

impl NewPage {
    fn unit_choices(&self) -> Vec<(String, String)> {
        offices::options(&self.units)
    }
}

/// `GET /workspace/practices/new`
async fn ask(shell: Shell, permit: Permit<SubmitPractice>) -> Result<Response, Problem> {
    page(&NewPage {
        shell,
        units: offices::organs(&permit),
        unit: String::new(),
        words: Words::default(),
        url: String::new(),
        kept: Vec::new(),
        errors: FormErrors::default(),
    })
}

fn words(filled: &Filled) -> Words {
    Words {
        title: filled.text("title").to_owned(),
        done_text: filled.text("done_text").to_owned(),
        effect_text: filled.text("effect_text").to_owned(),
    }
}

/// `POST /workspace/practices/new`
async fn submit(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<SubmitPractice>,
    multipart: Multipart,
) -> Result<Response, Problem> {
    let mut filled = Filled::read(multipart).await?;
    let mut errors = FormErrors::default();
    let files = filled
        .attachments(&app, permit.actor().account(), &mut errors)
        .await?;
    let today = app.today();
    if errors.is_empty() {
        let done = app
            .db
            .write(async |tx: &mut Tx| {
                filled.release(tx).await?;
                let new = (words(&filled), files);
                handle::submit(tx, &permit, filled.text("unit"), new, today).await
            })
            .await;
        match done {
            Ok(practice) => {
                return Ok(redirect_with(
                    &format!("{LIST}/{}", practice.id),
                    "案例已报送，等政务公开办遴选。",
                ));
            }
            Err(StepError::Refused(reasons)) => errors = form_errors(reasons),
            Err(error) => return Err(error.into()),
        }
    }
    refuse(&NewPage {
        shell,
        units: offices::organs(&permit),
        unit: filled.text("unit").to_owned(),
        words: words(&filled),
        url: filled.text("url").to_owned(),
        kept: filled.kept(),
        errors,
    })
}

#[derive(Template)]
#[template(path = "practice/show.html")]
struct ShowPage {
    shell: Shell,
    practice: Practice,
    attachments: Vec<Attachment>,
    borrowings: Vec<Borrowing>,
    events: Vec<Recorded>,
    is_own: bool,
    is_office: bool,
    may_approve: bool,
    /// Who can approve it, by name, while somebody has to.
    heads: Vec<String>,
    /// The person's units that may take it up.
    borrowers: Vec<(OrganId, String)>,
    unit: String,
    errors: FormErrors,
    words: Words,
    note: String,
    url: String,
    kept: Vec<Kept>,
}

impl ShowPage {
    fn day(&self, date: &Date) -> String {
        when::date(*date)
    }

    fn at(&self, milliseconds: &i64) -> String {
        when::moment(*milliseconds)
    }

    fn is(&self, code: &str) -> bool {
        self.practice.state.code() == code
    }

    fn can(&self, code: &str) -> bool {
        Step::from_code(code).is_some_and(|step| self.practice.state.after(step).is_some())
    }

    fn unit_choices(&self) -> Vec<(String, String)> {
        offices::options(&self.borrowers)
    }

    fn files(&self) -> String {
        format!("{LIST}/{}/files", self.practice.id)
    }
}

/// A case that this person may read, and whether as its office or its unit.
async fn readable(
    tx: &mut Tx,
    shell: &Shell,
    id: PracticeId,
) -> Result<Option<(Practice, bool, bool)>, StoreError> {
    let person = shell.person.as_ref();
    let office = match person.and_then(|person| person.permit::<ChoosePractice>()) {
        Some(permit) => store::load(tx, Side::Office(permit.scope()), id).await?,
        None => None,
    };
    let own = match person.and_then(|person| person.permit::<SubmitPractice>()) {
        Some(permit) => store::load(tx, Side::Unit(permit.scope()), id).await?,
        None => None,
    };
    let (is_office, is_own) = (office.is_some(), own.is_some());
    let found = match office.or(own) {
        Some(found) => Some(found),
        None => store::load(tx, Side::Pool, id).await?,
    };
    Ok(found.map(|practice| (practice, is_office, is_own)))
}

async fn build(app: &App, shell: Shell, id: PracticeId) -> Result<ShowPage, Problem> {
    let (found, heads, attachments, borrowings, events) = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(found) = readable(tx, &shell, id).await? else {
                return Ok(None);
            };
            let subject = id.to_string();
            let attachments = attachment::of(tx, ("practice", &subject)).await?;
            let borrowings = store::borrowings(tx, id).await?;
            let heads = match found.0.state {
                PracticeState::Submitted | PracticeState::Chosen if found.1 || found.2 => {
                    approval::heads(tx, found.0.office).await?
                }
                _ => Vec::new(),
            };
            let events = if found.1 || found.2 {
                audit::about(tx, "practice", &subject, EVENTS_MAX).await?
            } else {
                Vec::new()
            };
            Ok::<_, StoreError>(Some((found, heads, attachments, borrowings, events)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let (practice, is_office, is_own) = found;
    let submitting = shell
        .person
        .as_ref()
        .and_then(|person| person.permit::<SubmitPractice>());
    let borrowers = submitting
        .filter(|_| practice.state.is_offered())
        .map(|permit| handle::borrowers(&permit, &practice));
    Ok(ShowPage {
        may_approve: is_office && shell.may(&ApprovePractice::ROW),
        borrowers: borrowers.unwrap_or_default(),
        unit: String::new(),
        words: Words {
            title: practice.title.clone(),
            done_text: practice.done_text.clone(),
            effect_text: practice.effect_text.clone(),
        },
        shell,
        practice,
        attachments,
        borrowings,
        events,
        is_own,
        is_office,
        heads,
        errors: FormErrors::default(),
        note: String::new(),
        url: String::new(),
        kept: Vec::new(),
    })
}

/// `GET /workspace/practices/{id}`
async fn show(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ViewPractices>,
    Path(id): Path<PracticeId>,
) -> Result<Response, Problem> {
    page(&build(&app, shell, id).await?)
}

fn back(practice: &Practice, sentence: &str) -> Response {
    redirect_with(&format!("{LIST}/{}", practice.id), sentence)
}

async fn answer(
    app: &App,
    shell: Shell,
    id: PracticeId,
    (done, asked): (Result<Practice, StepError>, Asked),
) -> Result<Response, Problem> {
    match done {
        Ok(practice) => Ok(back(
            &practice,
            &format!("已办理，案例现在是“{}”。", practice.state.name()),
        )),
        Err(StepError::Refused(reasons)) => {
            let mut view = build(app, shell, id).await?;
            view.errors = form_errors(reasons);
            view.note = asked.note;
            view.unit = asked.unit;
            refuse(&view)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /workspace/practices/{id}/resubmit`
async fn resubmit(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<SubmitPractice>,
    Path(id): Path<PracticeId>,
    multipart: Multipart,
) -> Result<Response, Problem> {
    app.db
        .read(async |tx: &mut Tx| store::load(tx, Side::Unit(permit.scope()), id).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let mut filled = Filled::read(multipart).await?;
    let mut errors = FormErrors::default();
    let files = filled
        .attachments(&app, permit.actor().account(), &mut errors)
        .await?;
    let step = Step::from_code(filled.text("step")).unwrap_or(Step::Resubmit);
    let today = app.today();
    if errors.is_empty() {
        let done = app
            .db
            .write(async |tx: &mut Tx| {
                filled.release(tx).await?;
                let new = (step, words(&filled), files);
                handle::resubmit(tx, &permit, id, new, today).await
            })
            .await;
        match done {
            Ok(practice) => return Ok(back(&practice, &format!("已{}。", step.name()))),
            Err(StepError::Refused(reasons)) => errors = form_errors(reasons),
            Err(error) => return Err(error.into()),
        }
    }
    let mut view = build(&app, shell, id).await?;
    view.errors = errors;
    view.words = words(&filled);
    view.url = filled.text("url").to_owned();
    view.kept = filled.kept();
    refuse(&view)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    step: String,
    note: String,
    unit: String,
}

/// `POST /workspace/practices/{id}/choose`
async fn choose(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ChoosePractice>,
    Path(id): Path<PracticeId>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let step = Step::from_code(&asked.step)
        .ok_or_else(|| Problem::refused(vec!["请选择要办理的一步。".to_owned()]))?;
    let note = asked.note.trim();
    let done = app
        .db
        .write(async |tx: &mut Tx| handle::choose(tx, &permit, id, (step, note)).await)
        .await;
    answer(&app, shell, id, (done, asked)).await
}

/// `POST /workspace/practices/{id}/approve`
async fn approve(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ApprovePractice>,
    Path(id): Path<PracticeId>,
) -> Result<Response, Problem> {
    let done = app
        .db
        .write(async |tx: &mut Tx| handle::approve(tx, &permit, id).await)
        .await;
    answer(&app, shell, id, (done, Asked::default())).await
}

/// `POST /workspace/practices/{id}/borrow`
async fn borrow(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<SubmitPractice>,
    Path(id): Path<PracticeId>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let words = (asked.unit.trim(), asked.note.trim());
    let today = app.today();
    let done = app
        .db
        .write(async |tx: &mut Tx| handle::borrow(tx, &permit, id, words, today).await)
        .await;
    answer(&app, shell, id, (done, asked)).await
}

/// `GET /workspace/practices/{id}/files/{file}`
async fn file(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ViewPractices>,
    Path((id, file)): Path<(PracticeId, AttachmentId)>,
) -> Result<Response, Problem> {
    let stored = app
        .db
        .read(async |tx: &mut Tx| match readable(tx, &shell, id).await? {
            Some(_) => attachment::file(tx, ("practice", &id.to_string()), file).await,
            None => Ok(None),
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    download::stored(&app, stored).await
}
