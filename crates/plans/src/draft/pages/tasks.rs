//! 核对任务: the source on the left, the tasks on the right.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::web::{App, Form, Problem, Query, Shell, page, redirect_with};
use serde::Deserialize;
use serde_json::json;

use super::answer::{At, Step, edit as make_edit, open, steps};
use super::card::{CardForm, CardView, Focus, KINDS, Part, cards};
use super::draft_id;
use crate::acts::ImportPlan;
use crate::assignment::Duty;
use crate::draft::confirm::Loaded;
use crate::draft::content::Content;
use crate::draft::edit::{Edit, Touched};
use crate::draft::source::{Piece, Source, source};
use crate::draft::{Draft, DraftError, Purpose, store};

/// Cards on one page.
const CARDS_MAX: usize = 100;

#[derive(Template)]
#[template(path = "import/tasks.html")]
struct TasksPage {
    shell: Shell,
    steps: Vec<Step>,
    draft: Draft,
    cards: Vec<CardView>,
    source: Source,
    doubts: usize,
    undo: usize,
    /// From 1.
    number: usize,
    pages: usize,
    total: usize,
    duties: [Duty; 3],
    kinds: [(&'static str, &'static str); 3],
}

/// The cards that an edit changed, for the script.
#[derive(Template)]
#[template(path = "import/cards.html")]
struct Cards {
    draft: Draft,
    cards: Vec<CardView>,
    duties: [Duty; 3],
    kinds: [(&'static str, &'static str); 3],
}

#[derive(Deserialize)]
pub(super) struct PageQuery {
    page: Option<usize>,
    /// The card that stays unfolded after it moved, or was added.
    more: Option<u32>,
    edit: Option<u32>,
}

impl PageQuery {
    fn focus(&self) -> Option<Focus> {
        let more = self.more.map(|key| (key, Part::More));
        let (key, part) = more.or_else(|| self.edit.map(|key| (key, Part::Edit)))?;
        Some(Focus {
            key,
            part: Some(part),
        })
    }
}

/// `GET /workspace/import/{id}/tasks`
pub(super) async fn show(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    shell: Shell,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    let mut loaded = open(&app, &permit, id).await?;
    let focus = typed(&shell, &mut loaded.content).or_else(|| query.focus());
    let document = app
        .db
        .read(async |tx: &mut Tx| store::source(tx, id).await?.ok_or(DraftError::NotFound))
        .await?;
    let total = loaded.content.tasks.len();
    let pages = total.div_ceil(CARDS_MAX).max(1);
    let number = query.page.unwrap_or(1).clamp(1, pages);
    page(&TasksPage {
        shell,
        steps: steps(id, loaded.draft.purpose, At::Tasks),
        cards: cards(
            &loaded.content,
            &loaded.directory,
            ((number - 1) * CARDS_MAX, CARDS_MAX),
            focus,
        ),
        source: source(&document),
        doubts: loaded.content.doubtful(),
        undo: loaded.content.undo.len(),
        number,
        pages,
        total,
        duties: [Duty::Lead, Duty::Responsible, Duty::Cooperate],
        kinds: KINDS,
        draft: loaded.draft,
    })
}

/// What was typed into a card whose form comes back stands in its task; the card is unfolded.
fn typed(shell: &Shell, content: &mut Content) -> Option<Focus> {
    let (key, form) = CardForm::again(&shell.again)?;
    let task = content.tasks.iter_mut().find(|task| task.key == key)?;
    form.shown_in(task);
    Some(Focus {
        key,
        part: Some(Part::Edit),
    })
}

/// `POST /workspace/import/{id}/tasks`
pub(super) async fn edit(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<CardForm>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    let edits: Vec<Edit> = form.edits().map_err(DraftError::from)?;
    let (loaded, touched) = make_edit(&app, &permit, id, form.version, edits).await?;
    let focus = form.focus(&loaded.content, &touched);
    let wants_json = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.starts_with("application/json"));
    if wants_json {
        return fragment(loaded, &touched, focus);
    }
    let address = format!("/workspace/import/{id}/tasks");
    let address = match focus {
        Some(focus) => address + &place(&loaded, focus),
        None => address,
    };
    Ok(redirect_with(&address, "改动已保存到草稿。"))
}

/// Where a card stands: its page, what is unfolded on it, and its anchor.
fn place(loaded: &Loaded, focus: Focus) -> String {
    let mut tasks = loaded.content.tasks.iter();
    let at = tasks.position(|task| task.key == focus.key).unwrap_or(0);
    let (number, key) = (at / CARDS_MAX + 1, focus.key);
    let unfolded = match focus.part {
        Some(Part::Edit) => format!("&edit={key}"),
        Some(Part::More) => format!("&more={key}"),
        None => String::new(),
    };
    format!("?page={number}{unfolded}#task-{key}")
}

/// What the script needs to show the edit: the keys that went, the cards that came and where.
fn fragment(loaded: Loaded, touched: &Touched, focus: Option<Focus>) -> Result<Response, Problem> {
    let cards = cards(
        &loaded.content,
        &loaded.directory,
        (touched.at, touched.inserted),
        focus,
    );
    let after = touched
        .at
        .checked_sub(1)
        .and_then(|before| loaded.content.tasks.get(before))
        .map(|task| task.key);
    let next = loaded
        .content
        .tasks
        .get(touched.at + touched.inserted)
        .map(|task| task.key);
    let keys: Vec<u32> = cards.iter().map(|card| card.task.key).collect();
    let body = json!({
        "version": loaded.draft.version,
        "removed": touched.removed,
        "inserted": keys,
        "after": after,
        "next": next,
        "focus": focus.map(|focus| focus.key),
        "total": loaded.content.tasks.len(),
        "doubts": loaded.content.doubtful(),
        "undo": loaded.content.undo.len(),
        "html": Cards {
            draft: loaded.draft,
            cards,
            duties: [Duty::Lead, Duty::Responsible, Duty::Cooperate],
            kinds: KINDS,
        }
        .render()?,
    });
    Ok(axum::Json(body).into_response())
}
