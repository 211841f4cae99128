//! What people do to an issue, each by one button.

use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::web::{App, Problem, Shell, redirect_with};
use gongkai_platform::web::{Form, download::off_thread};
use serde::Deserialize;

use super::{FormPage, LIST, Typed};
use crate::acts::{EditGazette, IssueGazette};
use crate::gazette::handle::{self, Change};
use crate::gazette::{Words, discard as aside, printed, store};
use crate::id::{IssueId, ItemId};
use crate::pages::refuse;

fn back(id: IssueId, message: &str) -> Response {
    redirect_with(&format!("{LIST}/{id}"), message)
}

impl Typed {
    fn words(&self) -> Result<Words, NotDone> {
        let number = |field: &'static str, name: &str, text: &str| -> Result<i64, NotDone> {
            text.trim()
                .parse()
                .map_err(|_| NotDone::Refused(vec![(field, format!("{name}请填数字。"))]))
        };
        Ok(Words {
            year: number("year", "年份", &self.year)?,
            number: number("number", "期号", &self.number)?,
            total: number("total", "总期号", &self.total)?,
            dated_on: self.dated_on.parse().map_err(|_| {
                NotDone::Refused(vec![(
                    "dated_on",
                    "请填写出版日期，例：2026-03-31。".to_owned(),
                )])
            })?,
            sections: self
                .sections
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect(),
        })
    }
}

/// `POST /workspace/gazette/new`
pub(in crate::pages) async fn begin(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditGazette>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let owner = super::owner(&permit).ok_or_else(Problem::not_found)?;
    let begun = match typed.words() {
        Ok(words) => {
            app.db
                .write(async |tx: &mut Tx| handle::begin(tx, &permit, owner, words.clone()).await)
                .await
        }
        Err(error) => Err(error),
    };
    match begun {
        Ok(issue) => Ok(back(issue.id, "已开始编辑这一期，请从已发布的文件里选入。")),
        Err(NotDone::Refused(reasons)) => refuse(&FormPage {
            shell,
            of: None,
            typed,
            errors: form_errors(reasons),
        }),
        Err(error) => Err(error.into()),
    }
}

/// `POST /workspace/gazette/{id}/change`
pub(in crate::pages) async fn change(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditGazette>,
    Path(id): Path<IssueId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let changed = match typed.words() {
        Ok(words) => {
            let of = (id, typed.version);
            app.db
                .write(async |tx: &mut Tx| handle::change(tx, &permit, of, words.clone()).await)
                .await
        }
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => Ok(back(id, "期号、日期和栏目已保存。")),
        Err(NotDone::Refused(reasons)) => refuse(&FormPage {
            shell,
            of: Some(id),
            typed,
            errors: form_errors(reasons),
        }),
        Err(error) => Err(error.into()),
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Doing {
    version: i64,
    act: String,
    document: String,
    section: String,
    remark: String,
    why: String,
}

/// `POST /workspace/gazette/{id}/items`
pub(in crate::pages) async fn add(
    State(app): State<App>,
    permit: Permit<EditGazette>,
    Path(id): Path<IssueId>,
    Form(form): Form<Doing>,
) -> Result<Response, Problem> {
    let document = form
        .document
        .parse()
        .map_err(|_| Problem::of_form(vec![("document", "请选择一份已发布的文件。".to_owned())]))?;
    app.db
        .write(async |tx: &mut Tx| {
            handle::add(tx, &permit, (id, form.version), (document, &form.section)).await
        })
        .await?;
    Ok(back(
        id,
        "已选入。选入的是网站现在的文本，出版前还会再比对。",
    ))
}

/// `POST /workspace/gazette/{id}/items/{item}`
pub(in crate::pages) async fn arrange(
    State(app): State<App>,
    permit: Permit<EditGazette>,
    Path((id, item)): Path<(IssueId, ItemId)>,
    Form(form): Form<Doing>,
) -> Result<Response, Problem> {
    let (change, message) = match form.act.as_str() {
        "up" => (Change::Up, "已上移。"),
        "down" => (Change::Down, "已下移。"),
        "remove" => (Change::Remove, "已移出这一期。"),
        "renew" => (Change::Renew, "已改用网站现在的文本。"),
        _ => return Err(Problem::new(Problem::BAD_REQUEST)),
    };
    app.db
        .write(async |tx: &mut Tx| {
            handle::arrange(tx, &permit, (id, form.version), (item, change)).await
        })
        .await?;
    Ok(back(id, message))
}

/// `POST /workspace/gazette/{id}/discard`
pub(in crate::pages) async fn discard(
    State(app): State<App>,
    permit: Permit<EditGazette>,
    Path(id): Path<IssueId>,
    Form(form): Form<Doing>,
) -> Result<Response, Problem> {
    let why = form.why.trim().to_owned();
    let name = app
        .db
        .write(async |tx: &mut Tx| aside::discard(tx, &permit, (id, form.version), &why).await)
        .await?;
    Ok(redirect_with(
        LIST,
        &format!("已放弃编辑{name}，期号空了出来；选入的文件没有变化。"),
    ))
}

/// `POST /workspace/gazette/{id}/propose`
pub(in crate::pages) async fn propose(
    State(app): State<App>,
    permit: Permit<EditGazette>,
    Path(id): Path<IssueId>,
    Form(form): Form<Doing>,
) -> Result<Response, Problem> {
    app.db
        .write(async |tx: &mut Tx| handle::propose(tx, &permit, (id, form.version)).await)
        .await?;
    Ok(back(id, "已送签，由负责人签发。"))
}

/// `POST /workspace/gazette/{id}/return`
pub(in crate::pages) async fn return_(
    State(app): State<App>,
    permit: Permit<IssueGazette>,
    Path(id): Path<IssueId>,
    Form(form): Form<Doing>,
) -> Result<Response, Problem> {
    let remark = form.remark.trim().to_owned();
    app.db
        .write(async |tx: &mut Tx| {
            handle::give_back(tx, &permit, (id, form.version), &remark).await
        })
        .await?;
    Ok(back(id, "已退回编辑。"))
}

/// `POST /workspace/gazette/{id}/issue`
pub(in crate::pages) async fn issue(
    State(app): State<App>,
    permit: Permit<IssueGazette>,
    Path(id): Path<IssueId>,
    Form(form): Form<Doing>,
) -> Result<Response, Problem> {
    let whole = app
        .db
        .read(
            async |tx: &mut Tx| match store::load(tx, permit.scope(), id).await? {
                Some(issue) => Ok::<_, StoreError>(Some(store::whole(tx, issue).await?)),
                None => Ok(None),
            },
        )
        .await?
        .ok_or_else(Problem::not_found)?;
    // The pages are those of this version; another version is refused below.
    let pages = match app.printer.clone() {
        Some(printer) => {
            let (data, today) = (whole.typeset_data(), app.today());
            let pictures = printed::pictures(&app, &whole).await?;
            off_thread(move || printer.pages("gazette", &data, &pictures.bytes(), today))
                .await?
                .map_err(|error| Problem::refused(vec![error.0]))?
        }
        None => Vec::new(),
    };
    app.db
        .write(async |tx: &mut Tx| handle::issue(tx, &permit, (id, form.version), &pages).await)
        .await?;
    Ok(back(id, "已签发，公众现在就能看到这一期。"))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Correcting {
    dated_on: String,
    wrong: String,
    correct: String,
}

/// `POST /workspace/gazette/{id}/items/{item}/errata`
pub(in crate::pages) async fn correct(
    State(app): State<App>,
    permit: Permit<EditGazette>,
    Path((id, item)): Path<(IssueId, ItemId)>,
    Form(form): Form<Correcting>,
) -> Result<Response, Problem> {
    let dated_on = form.dated_on.parse().map_err(|_| {
        Problem::of_form(vec![(
            "dated_on",
            "请填写勘误日期，例：2026-04-02。".to_owned(),
        )])
    })?;
    let words = (dated_on, form.wrong.trim(), form.correct.trim());
    app.db
        .write(async |tx: &mut Tx| handle::correct(tx, &permit, (id, item), words).await)
        .await?;
    Ok(redirect_with(
        &format!("{LIST}/{id}/items/{item}"),
        "勘误已登记，公开页面已显示，下一期公报会登载。",
    ))
}
