//! The list of records, one record, and its form.

mod list;

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::{self, Attachment, AttachmentId, Filled, Kept};
use gongkai_platform::audit::{self, Recorded};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{
    App, Form, FormErrors, Problem, Query, Shell, address, day, download, moment, page,
    redirect_with,
};
use serde::Deserialize;

use super::refuse;
use crate::activity::handle::{self, AGAIN, SUBJECT};
use crate::activity::store;
use crate::activity::{Activity, ActivityKind, Words, attendees, attendees_text};
use crate::acts::{KeepOrganisation, ViewOrganisation};
use crate::id::ActivityId;
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::organ::reach::{self, Reach};

pub(super) use list::list;

const LIST: &str = "/workspace/organisation/activities";
const EVENTS_MAX: i64 = 100;

/// What a form holds, as typed.
#[derive(Debug, Clone, Default)]
struct Typed {
    organ: String,
    title: String,
    held_on: String,
    until_on: String,
    place: String,
    person: String,
    summary: String,
    outcome: String,
    attendees: String,
    url: String,
}

impl Typed {
    fn of_form(filled: &Filled) -> Self {
        let text = |name: &str| filled.text(name).to_owned();
        Self {
            organ: text("organ"),
            title: text("title"),
            held_on: text("held_on"),
            until_on: text("until_on"),
            place: text("place"),
            person: text("person"),
            summary: text("summary"),
            outcome: text("outcome"),
            attendees: text("attendees"),
            url: text("url"),
        }
    }

    fn of_record(activity: &Activity) -> Self {
        let words = activity.words.clone();
        Self {
            organ: activity.organ.to_string(),
            held_on: words.held_on.to_string(),
            until_on: words
                .until_on
                .map_or_else(String::new, |day| day.to_string()),
            attendees: attendees_text(&words.attendees),
            title: words.title,
            place: words.place,
            person: words.person,
            summary: words.summary,
            outcome: words.outcome,
            url: String::new(),
        }
    }

    /// The words, or what cannot be read as dates or a list.
    fn words(&self, errors: &mut FormErrors) -> Option<Words> {
        let held_on = self.held_on.parse().ok();
        if held_on.is_none() {
            errors.add("held_on", "请填写日期，例：2026-09-18。");
        }
        let until_on = if self.until_on.is_empty() {
            None
        } else {
            let until = self.until_on.parse().ok();
            if until.is_none() {
                errors.add("until_on", "结束日期无法识别，例：2026-09-20。");
            }
            until
        };
        let list = match attendees(&self.attendees) {
            Ok(list) => list,
            Err(lines) => {
                let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
                errors.add(
                    "attendees",
                    format!(
                        "第{}行看不懂。每行写：姓名，单位，到（或缺）。",
                        lines.join("、")
                    ),
                );
                Vec::new()
            }
        };
        if !errors.is_empty() {
            // Words are judged as a whole once they can be read; until then what is missing is told here.
            for (field, name, text) in [
                ("title", "名称", &self.title),
                ("summary", "主要内容", &self.summary),
            ] {
                if text.is_empty() {
                    errors.add(field, format!("请填写“{name}”。"));
                }
            }
            return None;
        }
        Some(Words {
            title: self.title.clone(),
            held_on: held_on?,
            until_on,
            place: self.place.clone(),
            person: self.person.clone(),
            summary: self.summary.clone(),
            outcome: self.outcome.clone(),
            attendees: list,
        })
    }
}

#[derive(Template)]
#[template(path = "organisation/activity_form.html")]
struct FormPage {
    shell: Shell,
    kind: ActivityKind,
    /// The record that is written anew, and its version.
    of: Option<(ActivityId, i64)>,
    units: Vec<(OrganId, String)>,
    typed: Typed,
    kept: Vec<Kept>,
    errors: FormErrors,
}

impl FormPage {
    fn target(&self) -> String {
        match self.of {
            Some((id, _)) => format!("{LIST}/{id}/amend"),
            None => format!("{LIST}/new?kind={}", self.kind.code()),
        }
    }

    /// What is asked where the same stands in the ledger already.
    fn asked_again(&self) -> Option<&str> {
        self.errors.on(AGAIN)
    }

    /// Where to look at what stands there.
    fn known(&self) -> String {
        let parts = [
            ("kind", self.kind.code()),
            ("organ", self.typed.organ.as_str()),
            ("text", self.typed.title.trim()),
        ];
        address(LIST, &parts)
    }
}

/// The units for which a person may note something of this kind.
async fn choices(
    tx: &mut Tx,
    permit: &Permit<KeepOrganisation>,
    kind: ActivityKind,
) -> Result<Vec<(OrganId, String)>, StoreError> {
    let within = Reach::of(tx, permit.roles()).await?;
    let keeper = if kind == ActivityKind::Meeting {
        within.office()
    } else {
        within
    };
    reach::store::units(tx, &keeper).await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Kind {
    kind: String,
}

fn kind_of(asked: &Kind) -> Result<ActivityKind, Problem> {
    let found = if asked.kind.is_empty() {
        Some(ActivityKind::Training)
    } else {
        ActivityKind::from_code(&asked.kind)
    };
    found.ok_or_else(|| Problem::new(Problem::BAD_REQUEST))
}

/// `GET /workspace/organisation/activities/new?kind=training`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepOrganisation>,
    Query(asked): Query<Kind>,
) -> Result<Response, Problem> {
    let kind = kind_of(&asked)?;
    let units = app
        .db
        .read(async |tx: &mut Tx| choices(tx, &permit, kind).await)
        .await?;
    // A meeting is the office's own, whose organ holds the role.
    let own = permit.roles().first().map(|held| held.organ.to_string());
    let typed = Typed {
        organ: own.unwrap_or_default(),
        ..Typed::default()
    };
    page(&FormPage {
        shell,
        kind,
        of: None,
        units,
        typed,
        kept: Vec::new(),
        errors: FormErrors::default(),
    })
}

/// `POST /workspace/organisation/activities/new?kind=training`
pub(super) async fn add(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepOrganisation>,
    Query(asked): Query<Kind>,
    multipart: Multipart,
) -> Result<Response, Problem> {
    let kind = kind_of(&asked)?;
    let mut filled = Filled::read(multipart).await?;
    let mut errors = FormErrors::default();
    let account = permit.actor().account();
    let files = filled.attachments(&app, account, &mut errors).await?;
    let typed = Typed::of_form(&filled);
    let words = typed.words(&mut errors);
    let organ: Option<OrganId> = typed.organ.parse().ok();
    if organ.is_none() {
        errors.add("organ", "请选择单位。");
    }
    if let (true, Some(words), Some(organ)) = (errors.is_empty(), words, organ) {
        let today = app.today();
        let done = app
            .db
            .write(async |tx: &mut Tx| {
                filled.release(tx).await?;
                let (of, with) = ((organ, kind), (words, files));
                if filled.text(AGAIN) == "yes" {
                    handle::add(tx, &permit, of, with, today).await
                } else {
                    handle::add_once(tx, &permit, of, with, today).await
                }
            })
            .await;
        match done {
            Ok(activity) => {
                let place = format!("{LIST}/{}", activity.id);
                return Ok(redirect_with(&place, &format!("已登记{}。", kind.name())));
            }
            Err(NotDone::Refused(reasons)) => errors = form_errors(reasons),
            Err(error) => return Err(error.into()),
        }
    }
    let units = app
        .db
        .read(async |tx: &mut Tx| choices(tx, &permit, kind).await)
        .await?;
    refuse(&FormPage {
        shell,
        kind,
        of: None,
        units,
        kept: filled.kept(),
        typed,
        errors,
    })
}

#[derive(Template)]
#[template(path = "organisation/activity.html")]
struct ShowPage {
    shell: Shell,
    activity: Activity,
    attachments: Vec<Attachment>,
    events: Vec<Recorded>,
    may_keep: bool,
}

impl ShowPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }

    fn files(&self) -> String {
        format!("{LIST}/{}/files", self.activity.id)
    }

    fn called(&self) -> (usize, usize) {
        self.activity.words.attendance()
    }
}

/// Whether a person may change a record: meetings of the leading group only as the office.
async fn may_keep(tx: &mut Tx, shell: &Shell, activity: &Activity) -> Result<bool, StoreError> {
    let person = shell.person.as_ref();
    let Some(permit) = person.and_then(|person| person.permit::<KeepOrganisation>()) else {
        return Ok(false);
    };
    let within = Reach::of(tx, permit.roles()).await?;
    let keeper = if activity.kind == ActivityKind::Meeting {
        within.office()
    } else {
        within
    };
    Ok(store::load(tx, &keeper, activity.id).await?.is_some())
}

/// `GET /workspace/organisation/activities/{id}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewOrganisation>,
    Path(id): Path<ActivityId>,
) -> Result<Response, Problem> {
    let (activity, attachments, events, may_keep) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of(tx, permit.roles()).await?;
            let Some(activity) = store::load(tx, &within, id).await? else {
                return Ok(None);
            };
            let subject = id.to_string();
            let attachments = attachment::of(tx, (SUBJECT, &subject)).await?;
            let events = audit::about(tx, SUBJECT, &subject, EVENTS_MAX).await?;
            let may_keep = may_keep(tx, &shell, &activity).await?;
            Ok::<_, StoreError>(Some((activity, attachments, events, may_keep)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    page(&ShowPage {
        shell,
        activity,
        attachments,
        events,
        may_keep,
    })
}

async fn existing(
    app: &App,
    permit: &Permit<KeepOrganisation>,
    id: ActivityId,
) -> Result<Activity, Problem> {
    app.db
        .read(async |tx: &mut Tx| {
            let within = Reach::of(tx, permit.roles()).await?;
            store::load(tx, &within, id).await
        })
        .await?
        .ok_or_else(Problem::not_found)
}

/// `GET /workspace/organisation/activities/{id}/amend`
pub(super) async fn ask_amend(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepOrganisation>,
    Path(id): Path<ActivityId>,
) -> Result<Response, Problem> {
    let activity = existing(&app, &permit, id).await?;
    page(&FormPage {
        shell,
        kind: activity.kind,
        of: Some((id, activity.version)),
        units: vec![(activity.organ, activity.organ_name.clone())],
        typed: Typed::of_record(&activity),
        kept: Vec::new(),
        errors: FormErrors::default(),
    })
}

/// `POST /workspace/organisation/activities/{id}/amend`
pub(super) async fn amend(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepOrganisation>,
    Path(id): Path<ActivityId>,
    multipart: Multipart,
) -> Result<Response, Problem> {
    let activity = existing(&app, &permit, id).await?;
    let mut filled = Filled::read(multipart).await?;
    let mut errors = FormErrors::default();
    let account = permit.actor().account();
    let files = filled.attachments(&app, account, &mut errors).await?;
    let typed = Typed::of_form(&filled);
    let version: i64 = filled.text("version").parse().unwrap_or(0);
    if let (Some(words), true) = (typed.words(&mut errors), errors.is_empty()) {
        let today = app.today();
        let done = app
            .db
            .write(async |tx: &mut Tx| {
                filled.release(tx).await?;
                handle::amend(tx, &permit, (id, version), (words, files), today).await
            })
            .await;
        match done {
            Ok(_) => return Ok(redirect_with(&format!("{LIST}/{id}"), "已修改。")),
            Err(NotDone::Refused(reasons)) => errors = form_errors(reasons),
            Err(error) => return Err(error.into()),
        }
    }
    refuse(&FormPage {
        shell,
        kind: activity.kind,
        of: Some((id, version)),
        units: vec![(activity.organ, activity.organ_name)],
        kept: filled.kept(),
        typed,
        errors,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reason {
    version: i64,
    why: String,
}

/// `POST /workspace/organisation/activities/{id}/remove`
pub(super) async fn remove(
    State(app): State<App>,
    permit: Permit<KeepOrganisation>,
    Path(id): Path<ActivityId>,
    Form(reason): Form<Reason>,
) -> Result<Response, Problem> {
    app.db
        .write(async |tx: &mut Tx| {
            handle::remove(tx, &permit, (id, reason.version), reason.why.trim()).await
        })
        .await?;
    Ok(redirect_with(
        &format!("{LIST}/{id}"),
        "已从台账删除；删错了可以在这里恢复。",
    ))
}

/// `POST /workspace/organisation/activities/{id}/restore`
pub(super) async fn restore(
    State(app): State<App>,
    permit: Permit<KeepOrganisation>,
    Path(id): Path<ActivityId>,
    Form(reason): Form<Reason>,
) -> Result<Response, Problem> {
    app.db
        .write(async |tx: &mut Tx| handle::restore(tx, &permit, (id, reason.version)).await)
        .await?;
    Ok(redirect_with(&format!("{LIST}/{id}"), "已恢复。"))
}

/// `GET /workspace/organisation/activities/{id}/files/{file}`
pub(super) async fn file(
    State(app): State<App>,
    permit: Permit<ViewOrganisation>,
    Path((id, file)): Path<(ActivityId, AttachmentId)>,
) -> Result<Response, Problem> {
    let stored = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of(tx, permit.roles()).await?;
            if store::load(tx, &within, id).await?.is_none() {
                return Ok(None);
            }
            attachment::file(tx, (SUBJECT, &id.to_string()), file).await
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    download::stored(&app, stored).await
}
