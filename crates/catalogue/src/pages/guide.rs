//! 公开指南 at the desk: which units have one, one unit's, and its form.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State as Of};
use axum::http::StatusCode;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::organ::reach::{self, Reach};
use gongkai_platform::web::{
    App, Form, FormErrors, Paging, Problem, Query, Shell, address, day, page, redirect_with,
};
use serde::Deserialize;

use super::refuse;
use crate::acts::{ApproveGuide, ViewCatalogue, WriteGuide};
use crate::guide::store::{self, UnitGuide};
use crate::guide::{Edition, FIELDS, Field, Guide, Shape, State, Step, Words, handle};
use crate::version::Difference;

const LIST: &str = "/workspace/guides";
/// Editions that the page of a guide lists.
const EDITIONS_SHOWN: i64 = 50;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
    page: String,
}

#[derive(Template)]
#[template(path = "catalogue/guide_list.html")]
struct ListPage {
    shell: Shell,
    state: String,
    units: Vec<UnitGuide>,
    paging: Paging,
    today: Date,
}

impl ListPage {
    fn turn(&self) -> String {
        address(LIST, &[("state", &self.state)]) + "page="
    }

    fn states(&self) -> Vec<(&'static str, &'static str)> {
        let mut all = vec![("", "全部单位"), ("none", "没有公开指南")];
        all.extend(State::options());
        all
    }

    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    /// A year and more since somebody looked at it.
    fn is_old(&self, unit: &UnitGuide) -> bool {
        unit.confirmed_on.is_some_and(|on| {
            let due = on.checked_add(jiff::Span::new().years(1));
            due.is_ok_and(|due| due < self.today)
        })
    }
}

/// `GET /workspace/guides?state=waiting`
pub(super) async fn list(
    Of(app): Of<App>,
    shell: Shell,
    permit: Permit<ViewCatalogue>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (units, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, &permit).await?;
            let total = store::count(tx, &within, &asked.state).await?;
            let paging = Paging::new(asked.page.parse().ok(), total);
            let part = (paging.offset(), paging.rows());
            let units = store::units(tx, &within, &asked.state, part).await?;
            Ok::<_, StoreError>((units, paging))
        })
        .await?;
    page(&ListPage {
        shell,
        state: asked.state,
        units,
        paging,
        today: app.today(),
    })
}

#[derive(Template)]
#[template(path = "catalogue/guide.html")]
struct GuidePage {
    shell: Shell,
    organ: OrganId,
    organ_name: String,
    guide: Option<Guide>,
    editions: Vec<Edition>,
    may_write: bool,
    may_approve: bool,
    /// The person wrote it and may not look it through.
    is_own: bool,
}

impl GuidePage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn fields(&self) -> [Field; 13] {
        FIELDS
    }

    fn can(&self, code: &str) -> bool {
        let step = Step::from_code(code);
        self.guide
            .as_ref()
            .zip(step)
            .is_some_and(|(guide, step)| guide.state.after(step).is_some())
    }

    fn missing(&self) -> Vec<String> {
        self.guide.as_ref().map_or_else(Vec::new, |guide| {
            let reasons = guide.words.why_not();
            reasons.into_iter().map(|(_, sentence)| sentence).collect()
        })
    }
}

/// `GET /workspace/guides/{organ}`
pub(super) async fn show(
    Of(app): Of<App>,
    shell: Shell,
    permit: Permit<ViewCatalogue>,
    Path(organ): Path<OrganId>,
) -> Result<Response, Problem> {
    let (organ_name, guide, editions) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, &permit).await?;
            let Some(name) = reach::store::unit(tx, &within, organ).await? else {
                return Ok(None);
            };
            let guide = store::load(tx, &within, organ).await?;
            let editions = store::editions(tx, organ, (0, EDITIONS_SHOWN)).await?;
            Ok::<_, StoreError>(Some((name, guide, editions)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let me = handle::account_of(permit.actor());
    page(&GuidePage {
        may_write: shell.may(&WriteGuide::ROW),
        may_approve: shell.may(&ApproveGuide::ROW),
        is_own: guide.as_ref().is_some_and(|guide| guide.writer == me),
        shell,
        organ,
        organ_name,
        guide,
        editions,
    })
}

#[derive(Template)]
#[template(path = "catalogue/guide_form.html")]
struct FormPage {
    shell: Shell,
    organ: OrganId,
    organ_name: String,
    words: Words,
    why: String,
    version: i64,
    errors: FormErrors,
    conflict: Vec<Difference>,
}

impl FormPage {
    fn fields(&self) -> [Field; 13] {
        FIELDS
    }
}

async fn form(
    app: &App,
    shell: Shell,
    permit: &Permit<WriteGuide>,
    organ: OrganId,
) -> Result<FormPage, Problem> {
    let (organ_name, guide) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, permit).await?;
            let Some(name) = reach::store::unit(tx, &within, organ).await? else {
                return Ok(None);
            };
            Ok::<_, StoreError>(Some((name, store::load(tx, &within, organ).await?)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let version = guide.as_ref().map_or(0, |guide| guide.version);
    let why = guide.as_ref().map_or_else(String::new, |guide| {
        if guide.state == State::Draft {
            guide.why.clone()
        } else {
            String::new()
        }
    });
    let words = guide.map_or_else(|| Words::usual(&organ_name), |guide| guide.words);
    Ok(FormPage {
        shell,
        organ,
        organ_name,
        words,
        why,
        version,
        errors: FormErrors::default(),
        conflict: Vec::new(),
    })
}

/// `GET /workspace/guides/{organ}/edit`
pub(super) async fn ask(
    Of(app): Of<App>,
    shell: Shell,
    permit: Permit<WriteGuide>,
    Path(organ): Path<OrganId>,
) -> Result<Response, Problem> {
    page(&form(&app, shell, &permit, organ).await?)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    version: i64,
    why: String,
    #[serde(flatten)]
    texts: BTreeMap<String, String>,
}

/// `POST /workspace/guides/{organ}/edit`
pub(super) async fn write(
    Of(app): Of<App>,
    shell: Shell,
    permit: Permit<WriteGuide>,
    Path(organ): Path<OrganId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let words = Words::of(|code| typed.texts.get(code).cloned().unwrap_or_default());
    let what = (words.clone(), typed.why.trim());
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            handle::write(tx, &permit, (organ, typed.version), what.clone()).await
        })
        .await;
    let conflict = match done {
        Ok(_) => {
            let target = format!("{LIST}/{organ}");
            return Ok(redirect_with(&target, "草稿已保存，送审通过后才公开。"));
        }
        Err(NotDone::Refused(reasons)) => Some(reasons),
        // Somebody else was faster: both texts stand beside each other.
        Err(NotDone::Store(StoreError::Stale)) => None,
        Err(error) => return Err(error.into()),
    };
    let mut again = form(&app, shell, &permit, organ).await?;
    if let Some(reasons) = conflict {
        again.errors = form_errors(reasons);
        again.version = typed.version;
        again.words = words;
        again.why = typed.why;
        return refuse(&again);
    }
    again.conflict = again.words.differences(&words);
    again.words = words;
    again.why = typed.why;
    let mut response = page(&again)?;
    *response.status_mut() = StatusCode::CONFLICT;
    Ok(response)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Leaving {
    version: i64,
    why: String,
}

/// `POST /workspace/guides/{organ}/submit`
pub(super) async fn submit(
    Of(app): Of<App>,
    permit: Permit<WriteGuide>,
    Path(organ): Path<OrganId>,
    Form(form): Form<Leaving>,
) -> Result<Response, Problem> {
    app.db
        .write(async |tx: &mut Tx| handle::submit(tx, &permit, (organ, form.version)).await)
        .await?;
    let target = format!("{LIST}/{organ}");
    Ok(redirect_with(&target, "已送负责人审核。"))
}

/// `POST /workspace/guides/{organ}/return`
pub(super) async fn send_back(
    Of(app): Of<App>,
    permit: Permit<ApproveGuide>,
    Path(organ): Path<OrganId>,
    Form(form): Form<Leaving>,
) -> Result<Response, Problem> {
    app.db
        .write(async |tx: &mut Tx| {
            handle::send_back(tx, &permit, (organ, form.version), form.why.trim()).await
        })
        .await?;
    let target = format!("{LIST}/{organ}");
    Ok(redirect_with(&target, "已退回修改。"))
}

/// `POST /workspace/guides/{organ}/approve`
pub(super) async fn approve(
    Of(app): Of<App>,
    permit: Permit<ApproveGuide>,
    Path(organ): Path<OrganId>,
    Form(form): Form<Leaving>,
) -> Result<Response, Problem> {
    let today = app.today();
    app.db
        .write(async |tx: &mut Tx| handle::approve(tx, &permit, (organ, form.version), today).await)
        .await?;
    let target = format!("{LIST}/{organ}");
    Ok(redirect_with(
        &target,
        "审核通过，公众现在读到的就是这一版。",
    ))
}

/// `POST /workspace/guides/{organ}/confirm`
pub(super) async fn confirm(
    Of(app): Of<App>,
    permit: Permit<WriteGuide>,
    Path(organ): Path<OrganId>,
    Form(form): Form<Leaving>,
) -> Result<Response, Problem> {
    let today = app.today();
    app.db
        .write(async |tx: &mut Tx| handle::confirm(tx, &permit, (organ, form.version), today).await)
        .await?;
    let target = format!("{LIST}/{organ}");
    Ok(redirect_with(&target, "已确认仍为最新，一年后再提醒。"))
}
