//! Changing an entry in place, and how it was before.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::organ::reach::Reach;
use gongkai_platform::web::{
    App, Form, FormErrors, Paging, Problem, Query, Shell, day, page, redirect_with,
};
use serde::Deserialize;

use super::entry::{FormPage, Typed, told};
use super::refuse;
use crate::acts::{KeepCatalogue, ViewCatalogue};
use crate::course;
use crate::due;
use crate::entry::handle::{self, Change};
use crate::entry::{Entry, store};
use crate::id::EntryId;
use crate::version::{self, Difference, Version, store as versions};

/// What an entry says now, if the person may keep it.
async fn load(app: &App, permit: &Permit<KeepCatalogue>, id: EntryId) -> Result<Entry, Problem> {
    let entry = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, permit).await?;
            store::load(tx, &within, id).await
        })
        .await?;
    entry
        .filter(|entry| entry.removed_why.is_none())
        .ok_or_else(Problem::not_found)
}

/// `GET /workspace/catalogue/entries/{id}/change`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepCatalogue>,
    Path(id): Path<EntryId>,
) -> Result<Response, Problem> {
    let entry = load(&app, &permit, id).await?;
    page(&form(shell, Typed::own(&entry), entry))
}

fn form(shell: Shell, typed: Typed, entry: Entry) -> FormPage {
    FormPage {
        shell,
        typed,
        errors: FormErrors::default(),
        units: vec![(entry.organ, entry.organ_name.clone())],
        changed: Some(entry),
        conflict: Vec::new(),
        proposal: None,
    }
}

/// `POST /workspace/catalogue/entries/{id}/change`
pub(super) async fn change(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepCatalogue>,
    Path(id): Path<EntryId>,
    Form(mut typed): Form<Typed>,
) -> Result<Response, Problem> {
    let entry = load(&app, &permit, id).await?;
    let Ok(formed_on) = typed.formed_on.parse::<Date>() else {
        let mut again = form(shell, typed, entry);
        again.errors.add("formed_on", "请填写生成日期。");
        return refuse(&again);
    };
    let change = Change {
        words: typed.words(),
        formed_on,
        in_force_on: typed.in_force_on.parse().unwrap_or(formed_on),
        note: typed.note(),
    };
    let wanted = change.clone();
    let of = (id, typed.version);
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            let entry = handle::change(tx, &permit, of, wanted).await?;
            let owing = due::owing(tx, &Reach::everything(), &entry).await?;
            Ok::<_, NotDone>((entry, owing.is_empty()))
        })
        .await;
    match done {
        Ok((after, is_nobodys)) => {
            let mut sentence = format!("已保存第{}版，原来的内容在“历次版本”里。", after.version);
            sentence.push_str(&told_of_limit(&entry, &after, app.today()));
            let entry = after;
            Ok(redirect_with(
                &format!("/workspace/catalogue/entries/{id}"),
                &told(sentence, &entry, is_nobodys),
            ))
        }
        Err(NotDone::Refused(reasons)) => {
            let mut again = form(shell, typed, entry);
            again.errors = form_errors(reasons);
            refuse(&again)
        }
        // Somebody else was faster: both texts stand beside each other, and saving once more takes what was typed.
        Err(NotDone::Store(StoreError::Stale)) => {
            let now = load(&app, &permit, id).await?;
            let mut mine = now.clone();
            mine.words = change.words;
            mine.formed_on = change.formed_on;
            mine.in_force_on = change.in_force_on;
            typed.version = now.version;
            let conflict = version::differences(&version::fields(&now), &version::fields(&mine));
            let mut again = form(shell, typed, now);
            again.conflict = conflict;
            let mut response = page(&again)?;
            *response.status_mut() = StatusCode::CONFLICT;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// From when a changed 公开时限 cuts; empty where it is the same.
fn told_of_limit(before: &Entry, after: &Entry, today: Date) -> String {
    let limit = |entry: &Entry| (version::limit(entry, today), entry.rhythm);
    let ((old, was), (new, is)) = (limit(before), limit(after));
    let turns = course::turns((&old, was), (&new, is)).filter(|_| was != is);
    turns.map_or_else(String::new, |from| {
        let (was, is) = (was.name(), is.name());
        format!("公开时限从{}起是{is}，以前各期仍按{was}登记。", day(from))
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    page: String,
}

#[derive(Template)]
#[template(path = "catalogue/history.html")]
struct HistoryPage {
    shell: Shell,
    entry: Entry,
    /// With what each changed from the one before it; the first changed nothing.
    versions: Vec<(Version, Vec<Difference>)>,
    paging: Paging,
    may_keep: bool,
}

impl HistoryPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn address(&self) -> String {
        format!(
            "/workspace/catalogue/entries/{}/history?page=",
            self.entry.id
        )
    }
}

/// `GET /workspace/catalogue/entries/{id}/history`
pub(super) async fn history(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewCatalogue>,
    Path(id): Path<EntryId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (entry, found, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, &permit).await?;
            let Some(entry) = store::load(tx, &Reach::everything(), id).await? else {
                return Ok(None);
            };
            // What holds below is read there too.
            let inside = due::store::reaches(tx, &within, entry.organ).await?;
            if !inside {
                return Ok(None);
            }
            let total = versions::count(tx, id).await?;
            let paging = Paging::new(asked.page.parse().ok(), total);
            let part = (paging.offset(), paging.rows() + 1);
            let found = versions::list(tx, id, part).await?;
            Ok::<_, StoreError>(Some((entry, found, paging)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let shown = usize::try_from(paging.rows()).unwrap_or(usize::MAX);
    let versions = found
        .iter()
        .enumerate()
        .take(shown)
        .map(|(nth, version)| {
            let before = found.get(nth + 1);
            let told = before.map_or_else(Vec::new, |before| {
                version::differences(&before.fields, &version.fields)
            });
            (version.clone(), told)
        })
        .collect();
    page(&HistoryPage {
        may_keep: entry.removed_why.is_none() && shell.may(&KeepCatalogue::ROW),
        shell,
        entry,
        versions,
        paging,
    })
}
