//! 上级文件: the list, the page of one, and what people record of it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::{Act as _, Permit, Scope};
use gongkai_platform::audit::{self, Recorded};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{
    App, Form, Paging, Problem, Query, Shell, address, day, moment, page, redirect_with,
};
use serde::Deserialize;

use super::compare::Line;
use super::source::{inside, words_at};
use crate::acts::{PublishDocuments, ViewDocuments, WriteDocuments};
use crate::document::store::Citing;
use crate::document::upper::handle::{self, SUBJECT};
use crate::document::upper::{STANDINGS, Upper, Words};
use crate::document::validity::Validity;
use crate::document::{Document, store};
use crate::id::UpperId;

const LIST: &str = "/workspace/documents/upper";
/// Characters that the list looks for; what is longer is cut.
const TEXT_CHARS_MAX: usize = 100;
/// Documents named that rest on one.
const CITING_MAX: i64 = 100;
/// Events of one page.
const EVENTS_MAX: i64 = 50;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    text: String,
    page: String,
}

#[derive(Template)]
#[template(path = "documents/uppers.html")]
struct ListPage {
    shell: Shell,
    text: String,
    uppers: Vec<Upper>,
    paging: Paging,
    may_write: bool,
}

#[expect(clippy::unused_self, reason = "the template asks the page")]
impl ListPage {
    fn address(&self) -> String {
        address(LIST, &[("text", self.text.as_str())]) + "page="
    }

    fn standing(&self, upper: &Upper) -> &'static str {
        upper.validity().map_or("没有登记", Validity::name)
    }
}

/// `GET /workspace/documents/upper?text=…`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    _permit: Permit<ViewDocuments>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let text: String = filter.text.trim().chars().take(TEXT_CHARS_MAX).collect();
    let (uppers, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let total = store::uppers_count(tx, &text).await?;
            let paging = Paging::new(filter.page.parse().ok(), total);
            let of_page = (paging.offset(), paging.rows());
            Ok::<_, StoreError>((store::uppers(tx, &text, of_page).await?, paging))
        })
        .await?;
    page(&ListPage {
        may_write: shell.may(&WriteDocuments::ROW),
        shell,
        text,
        uppers,
        paging,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    version: i64,
    title: String,
    number: String,
    issuer: String,
    address: String,
    text: String,
}

impl Typed {
    fn words(&self) -> Words {
        let line = |text: &str| text.trim().to_owned();
        Words {
            title: line(&self.title).trim_matches(['《', '》']).to_owned(),
            number: line(&self.number),
            issuer: line(&self.issuer),
            address: line(&self.address),
            text: line(&self.text),
        }
    }
}

/// The text as it was typed, or where none was, as its page has it.
async fn with_text(app: &App, mut words: Words) -> Result<Words, Problem> {
    if words.text.is_empty() && !words.address.is_empty() {
        words.text = words_at(app, &words.address).await?.map_err(|why| {
            let said = format!("没有从网页取到文本：{why}请把文本粘贴到这里。");
            Problem::of_form(vec![("text", said)])
        })?;
    }
    Ok(words)
}

/// The editions that name it so. The heads of all are looked through before anybody who writes has to wait for it.
async fn citing(app: &App, words: &Words) -> Result<Vec<String>, Problem> {
    let read = async |tx: &mut Tx| store::citing_words(tx, words).await;
    Ok(app.db.read(read).await?)
}

/// `POST /workspace/documents/upper`
pub(super) async fn add(
    State(app): State<App>,
    permit: Permit<WriteDocuments>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let words = with_text(&app, typed.words()).await?;
    let today = app.today();
    let citing = citing(&app, &words).await?;
    let id = app
        .db
        .write(async |tx: &mut Tx| handle::add(tx, &permit, (words.clone(), today), &citing).await)
        .await?;
    Ok(redirect_with(
        &format!("{LIST}/{id}"),
        "已登记；引用它的文件从现在起随它提示。",
    ))
}

#[derive(Template)]
#[template(path = "documents/upper.html")]
struct ShowPage {
    shell: Shell,
    upper: Upper,
    /// What rests on it, each with the page that its reader may open.
    citing: Vec<(String, Document)>,
    events: Vec<Recorded>,
    /// Of the units that keep the entry, and with the act.
    may_write: bool,
    may_record: bool,
    /// Its page can be asked from here.
    is_listed: bool,
}

#[expect(clippy::unused_self, reason = "the template asks the page")]
impl ShowPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }

    fn standings(&self) -> Vec<(&'static str, &'static str)> {
        STANDINGS
            .iter()
            .map(|one| (one.code(), one.name()))
            .collect()
    }
}

/// What rests on an entry: of one's own organs on the desk's pages, of others what is public.
async fn citing_documents(
    tx: &mut Tx,
    id: UpperId,
    scope: &Scope,
) -> Result<Vec<(String, Document)>, StoreError> {
    let own = store::citing_upper(tx, id, Citing::Within(scope), CITING_MAX).await?;
    let mut others = store::citing_upper(tx, id, Citing::Public, CITING_MAX).await?;
    others.retain(|one| own.iter().all(|own| own.id != one.id));
    let desk = own
        .into_iter()
        .map(|one| (format!("/workspace/documents/{}", one.id), one));
    let public = others
        .into_iter()
        .map(|one| (format!("/documents/{}", one.id), one));
    Ok(desk.chain(public).collect())
}

/// `GET /workspace/documents/upper/{id}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewDocuments>,
    Path(id): Path<UpperId>,
) -> Result<Response, Problem> {
    let person = shell.person.as_ref();
    let writes = person.and_then(|person| person.permit::<WriteDocuments>());
    let records = person.and_then(|person| person.permit::<PublishDocuments>());
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(upper) = store::upper(tx, id).await? else {
                return Ok(None);
            };
            let may_write = match &writes {
                Some(permit) => store::upper_within(tx, permit.scope(), id).await?.is_some(),
                None => false,
            };
            let may_record = match &records {
                Some(permit) => store::upper_within(tx, permit.scope(), id).await?.is_some(),
                None => false,
            };
            let citing = citing_documents(tx, id, permit.scope()).await?;
            let events = audit::about(tx, SUBJECT, &id.to_string(), EVENTS_MAX).await?;
            Ok::<_, StoreError>(Some((upper, citing, events, may_write, may_record)))
        })
        .await?;
    let (upper, citing, events, may_write, may_record) = found.ok_or_else(Problem::not_found)?;
    page(&ShowPage {
        is_listed: app.outside.lists(&upper.words.address),
        shell,
        upper,
        citing,
        events,
        may_write,
        may_record,
    })
}

/// `POST /workspace/documents/upper/{id}`
pub(super) async fn correct(
    State(app): State<App>,
    permit: Permit<WriteDocuments>,
    Path(id): Path<UpperId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let words = with_text(&app, typed.words()).await?;
    let citing = citing(&app, &words).await?;
    let (of, what) = ((id, typed.version), (words, app.today()));
    app.db
        .write(async |tx: &mut Tx| handle::correct(tx, &permit, of, what, &citing).await)
        .await?;
    Ok(redirect_with(&format!("{LIST}/{id}"), "已修改登记。"))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Recording {
    version: i64,
    standing: String,
    on: String,
    basis: String,
}

/// `POST /workspace/documents/upper/{id}/standing`
pub(super) async fn record(
    State(app): State<App>,
    permit: Permit<PublishDocuments>,
    Path(id): Path<UpperId>,
    Form(form): Form<Recording>,
) -> Result<Response, Problem> {
    let wrong = |field: &'static str, said: &str| Problem::of_form(vec![(field, said.to_owned())]);
    let validity = Validity::from_code(&form.standing)
        .ok_or_else(|| wrong("standing", "请选择现在的有效性。"))?;
    let on: Date = form
        .on
        .parse()
        .map_err(|_| wrong("on", "请填写日期，例：2026-09-18。"))?;
    let basis = form.basis.trim().to_owned();
    app.db
        .write(async |tx: &mut Tx| {
            handle::record(tx, &permit, (id, form.version), (validity, on, &basis)).await
        })
        .await?;
    Ok(redirect_with(
        &format!("{LIST}/{id}"),
        "已登记，引用它的公开页面随之标明；已通知引用它的文件的撰稿人。",
    ))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Settling {
    version: i64,
    why: String,
}

/// `POST /workspace/documents/upper/{id}/settle`
pub(super) async fn settle(
    State(app): State<App>,
    permit: Permit<PublishDocuments>,
    Path(id): Path<UpperId>,
    Form(form): Form<Settling>,
) -> Result<Response, Problem> {
    let why = form.why.trim().to_owned();
    app.db
        .write(async |tx: &mut Tx| handle::settle(tx, &permit, (id, form.version), &why).await)
        .await?;
    Ok(redirect_with(
        &format!("{LIST}/{id}"),
        "已记下核对结果，同样的文字不再提示。",
    ))
}

#[derive(Template)]
#[template(path = "documents/upper_look.html")]
struct LookPage {
    shell: Shell,
    upper: Upper,
    lines: Vec<Line>,
    /// Why there is nothing to compare with.
    failed: Option<String>,
}

impl LookPage {
    fn is_same(&self) -> bool {
        self.failed.is_none() && self.lines.iter().all(|line| !line.is_change())
    }

    fn taken(&self) -> String {
        day(self.upper.taken_on)
    }
}

/// `POST /workspace/documents/upper/{id}/look`: asks its page, and changes nothing.
pub(super) async fn look(
    State(app): State<App>,
    shell: Shell,
    _permit: Permit<ViewDocuments>,
    Path(id): Path<UpperId>,
) -> Result<Response, Problem> {
    let read = async |tx: &mut Tx| store::upper(tx, id).await;
    let upper = app.db.read(read).await?.ok_or_else(Problem::not_found)?;
    if upper.words.address.is_empty() {
        let said = "这一条没有填网址，没有可以比对的网页。".to_owned();
        return Err(Problem::refused(vec![said]));
    }
    let (lines, failed) = match words_at(&app, &upper.words.address).await? {
        Ok(words) => (inside(&words, &upper.words.text), None),
        Err(why) => (Vec::new(), Some(why)),
    };
    page(&LookPage {
        shell,
        upper,
        lines,
        failed,
    })
}
