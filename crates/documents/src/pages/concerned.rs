//! 协商确认: what the unit of a document asks and decides, and the list and page on which an organ answers.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::attachment::{self, Attachment, AttachmentId};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{
    App, Form, Paging, Problem, Query, Route, Shell, address, day, download, moment, page,
    redirect_with,
};
use serde::Deserialize;

use super::DESK;
use crate::acts::{AnswerConcerned, AskConcerned, DecideConcerned};
use crate::document::handle::SUBJECT;
use crate::document::{self, Document, Edition, files};
use crate::id::{ConcernedId, DocumentId};
use crate::picture;
use crate::review::concerned::answer::why_not_answer;
use crate::review::concerned::handle::{self, Asking};
use crate::review::concerned::store::{self, Listed, Which};
use crate::review::concerned::{self, Concerned, Matter, Stand, said};

/// Where an organ finds what it is asked.
const LIST: &str = "/workspace/concerned";

pub(super) fn routes() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<AskConcerned, _, _>(post(), "/workspace/documents/{id}/concerned", ask),
        Route::act::<AskConcerned, _, _>(
            post(),
            "/workspace/documents/{id}/concerned/take-back",
            take_back,
        ),
        Route::act::<DecideConcerned, _, _>(
            post(),
            "/workspace/documents/{id}/concerned/decide",
            decide,
        ),
        Route::act::<AnswerConcerned, _, _>(get(), "/workspace/concerned", list),
        Route::act::<AnswerConcerned, _, _>(get(), "/workspace/concerned/{id}", show),
        Route::act::<AnswerConcerned, _, _>(post(), "/workspace/concerned/{id}", answer),
        Route::act::<AnswerConcerned, _, _>(
            get(),
            "/workspace/concerned/{id}/files/{file}",
            attached,
        ),
        Route::act::<AnswerConcerned, _, _>(
            get(),
            "/workspace/concerned/{id}/pictures/{name}",
            shown_picture,
        ),
    ]
}

fn back(id: DocumentId, message: &str) -> Response {
    redirect_with(&format!("{DESK}/{id}#concerned"), message)
}

/// Which question a form is about: its id and the version that was seen, with a colon between.
fn chosen(field: &'static str, text: &str) -> Result<(ConcernedId, i64), Problem> {
    let found = text
        .split_once(':')
        .and_then(|(id, version)| Some((id.parse().ok()?, version.parse().ok()?)));
    found.ok_or_else(|| Problem::of_form(vec![(field, "请选择机关。".to_owned())]))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// Of the document.
    version: i64,
    concerned_organ: String,
    concerned_matter: String,
    concerned_about: String,
    concerned_due: String,
}

/// `POST /workspace/documents/{id}/concerned`
pub(super) async fn ask(
    State(app): State<App>,
    permit: Permit<AskConcerned>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Asked>,
) -> Result<Response, Problem> {
    let asking = Asking {
        organ: form.concerned_organ.trim().to_owned(),
        matter: Matter::from_code(&form.concerned_matter).unwrap_or(Matter::Confirm),
        about: form.concerned_about.trim().to_owned(),
        due_on: form.concerned_due.parse().ok(),
    };
    let today = app.today();
    let name = app
        .db
        .write(async |tx: &mut Tx| {
            handle::ask(tx, &permit, (id, form.version), &asking, today).await
        })
        .await?;
    let matter = asking.matter;
    let message = format!(
        "已向{name}提出{}，已通知对方；答复“{}”以前不能发布。",
        matter.name(),
        said(matter, Stand::Agreed)
    );
    Ok(back(id, &message))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct TakenBack {
    taken_back: String,
    why_taken_back: String,
}

/// `POST /workspace/documents/{id}/concerned/take-back`
pub(super) async fn take_back(
    State(app): State<App>,
    permit: Permit<AskConcerned>,
    Path(id): Path<DocumentId>,
    Form(form): Form<TakenBack>,
) -> Result<Response, Problem> {
    let seen = chosen("taken_back", &form.taken_back)?;
    let why = form.why_taken_back.trim().to_owned();
    app.db
        .write(async |tx: &mut Tx| handle::take_back(tx, &permit, id, seen, &why).await)
        .await?;
    Ok(back(id, "已撤回这一项协商确认，已告知对方。"))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Deciding {
    decided: String,
    why_decided: String,
}

/// `POST /workspace/documents/{id}/concerned/decide`
pub(super) async fn decide(
    State(app): State<App>,
    permit: Permit<DecideConcerned>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Deciding>,
) -> Result<Response, Problem> {
    let seen = chosen("decided", &form.decided)?;
    let why = form.why_decided.trim().to_owned();
    app.db
        .write(async |tx: &mut Tx| concerned::answer::decide(tx, &permit, id, seen, &why).await)
        .await?;
    Ok(back(id, "决定和理由已记入审核记录，已告知对方。"))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    /// `all`, or only those that wait.
    which: String,
    page: String,
}

impl Filter {
    fn is_all(&self) -> bool {
        self.which == "all"
    }
}

#[derive(Template)]
#[template(path = "documents/concerned_list.html")]
struct ListPage {
    shell: Shell,
    filter: Filter,
    waiting: i64,
    all: i64,
    rows: Vec<Listed>,
    paging: Paging,
    today: Date,
}

#[expect(clippy::unused_self, reason = "the template asks the page")]
impl ListPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }

    fn is_late(&self, one: &Concerned) -> bool {
        one.is_late(self.today)
    }

    /// Its page is there as long as the question stands.
    fn is_open(&self, one: &Concerned) -> bool {
        one.stand != Stand::TakenBack
    }

    fn address(&self) -> String {
        let which = if self.filter.is_all() { "all" } else { "" };
        address(LIST, &[("which", which)]) + "page="
    }
}

/// `GET /workspace/concerned?which=all`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<AnswerConcerned>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let which = if filter.is_all() {
        Which::All
    } else {
        Which::Waiting
    };
    let (waiting, all, rows, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = permit.scope();
            let waiting = store::count(tx, scope, Which::Waiting).await?;
            let all = store::count(tx, scope, Which::All).await?;
            let total = match which {
                Which::Waiting => waiting,
                Which::All => all,
            };
            let paging = Paging::new(filter.page.parse().ok(), total);
            let of_page = (paging.offset(), paging.rows());
            let rows = store::list(tx, scope, which, of_page).await?;
            Ok::<_, StoreError>((waiting, all, rows, paging))
        })
        .await?;
    page(&ListPage {
        today: app.today(),
        shell,
        filter,
        waiting,
        all,
        rows,
        paging,
    })
}

#[derive(Template)]
#[template(path = "documents/concerned_show.html")]
struct ShowPage {
    shell: Shell,
    one: Concerned,
    document: Document,
    /// The text that is asked about.
    edition: Edition,
    attachments: Vec<Attachment>,
    today: Date,
}

impl ShowPage {
    fn base(&self) -> String {
        format!("{LIST}/{}", self.one.id)
    }

    fn files(&self) -> String {
        format!("{LIST}/{}/files", self.one.id)
    }

    fn body(&self) -> String {
        picture::shown_at(&self.edition.html, &self.base())
    }

    fn may_answer(&self) -> bool {
        why_not_answer(&self.document, &self.one).is_none()
    }

    fn why_not(&self) -> String {
        why_not_answer(&self.document, &self.one).unwrap_or_default()
    }

    fn is_late(&self) -> bool {
        self.one.is_late(self.today)
    }

    #[expect(clippy::unused_self, reason = "the template asks the page")]
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    #[expect(clippy::unused_self, reason = "the template asks the page")]
    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }

    /// Nothing is chosen at first: nobody agrees by pressing a button too soon.
    fn answers(&self) -> Vec<(&'static str, &'static str)> {
        let [yes, no] = match self.one.matter {
            Matter::Confirm => ["一致：内容准确，同意发布", "不一致：内容有出入，要修改"],
            Matter::Approval => ["批准：同意发布", "不批准：不得发布"],
        };
        vec![
            ("", "请选择"),
            (Stand::Agreed.code(), yes),
            (Stand::Differs.code(), no),
        ]
    }
}

/// A question to an organ inside the scope, with the document and the text that it is about.
async fn asked(
    tx: &mut Tx,
    scope: &Scope,
    id: ConcernedId,
) -> Result<Option<(Concerned, Document, Edition)>, StoreError> {
    let Some(one) = store::load(tx, scope, id).await? else {
        return Ok(None);
    };
    let document = document::store::load(tx, &Scope::Everything, one.document).await?;
    let edition = document::store::edition(tx, one.edition).await?;
    // The question opens the text to its organ; once it is taken back, that is over.
    let is_open = one.stand != Stand::TakenBack;
    Ok(document
        .zip(edition)
        .filter(|_| is_open)
        .map(|(document, edition)| (one, document, edition)))
}

/// `GET /workspace/concerned/{id}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<AnswerConcerned>,
    Path(id): Path<ConcernedId>,
) -> Result<Response, Problem> {
    let ((one, document, edition), attachments) = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(found) = asked(tx, permit.scope(), id).await? else {
                return Ok(None);
            };
            let attachments = files::of(tx, &found.1, found.2.id).await?;
            Ok::<_, StoreError>(Some((found, attachments)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    page(&ShowPage {
        today: app.today(),
        shell,
        one,
        document,
        edition,
        attachments,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answered {
    /// Of the question.
    version: i64,
    answer: String,
    words: String,
}

/// `POST /workspace/concerned/{id}`
pub(super) async fn answer(
    State(app): State<App>,
    permit: Permit<AnswerConcerned>,
    Path(id): Path<ConcernedId>,
    Form(form): Form<Answered>,
) -> Result<Response, Problem> {
    let (answered, words) = (Stand::from_code(&form.answer), form.words.trim().to_owned());
    let said = app
        .db
        .write(async |tx: &mut Tx| {
            concerned::answer::answer(tx, &permit, (id, form.version), (answered, &words)).await
        })
        .await?;
    let message = format!("已答复“{said}”，已告知承办单位；文件发布以前可以改。");
    Ok(redirect_with(&format!("{LIST}/{id}"), &message))
}

/// `GET /workspace/concerned/{id}/files/{file}`
pub(super) async fn attached(
    State(app): State<App>,
    permit: Permit<AnswerConcerned>,
    Path((id, file)): Path<(ConcernedId, AttachmentId)>,
) -> Result<Response, Problem> {
    let stored = app
        .db
        .read(async |tx: &mut Tx| {
            let Some((_, document, edition)) = asked(tx, permit.scope(), id).await? else {
                return Ok(None);
            };
            let all = files::of(tx, &document, edition.id).await?;
            if !all.iter().any(|one| one.id == file) {
                return Ok(None);
            }
            attachment::file(tx, (SUBJECT, &document.id.to_string()), file).await
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    download::stored(&app, stored).await
}

/// `GET /workspace/concerned/{id}/pictures/{name}`
pub(super) async fn shown_picture(
    State(app): State<App>,
    permit: Permit<AnswerConcerned>,
    Path((id, name)): Path<(ConcernedId, String)>,
) -> Result<Response, Problem> {
    let stored = app
        .db
        .read(async |tx: &mut Tx| {
            let Some((_, document, edition)) = asked(tx, permit.scope(), id).await? else {
                return Ok(None);
            };
            if !picture::names(&edition.html).contains(&name) {
                return Ok(None);
            }
            picture::file(tx, &document, &name).await
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    download::picture(&app, stored).await
}
