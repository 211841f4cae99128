//! Columns as staff see them: the list with what is stale, one column, its form; and documents put into them.

pub(super) mod public;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::audit::{self, Recorded};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::organ::reach::{Reach, store as reach};
use gongkai_platform::web::{
    App, Form, FormErrors, Paging, Problem, Query, Shell, address, civil_day, day, moment, page,
    redirect_with,
};
use serde::Deserialize;

use super::refuse;
use crate::acts::{FillColumns, KeepColumns, ViewColumns};
use crate::column::handle::{self, SUBJECT};
use crate::column::{Column, Content, Renamed, Rhythm, Spec, Standing, store};
use crate::document::Visibility;
use crate::id::{ColumnId, DocumentId};

const LIST: &str = "/workspace/columns";
const EVENTS_MAX: i64 = 50;

/// A column, what is in it, and where it stands today.
struct Line {
    column: Column,
    content: Content,
    standing: Standing,
    due: Date,
}

impl Line {
    fn new((column, content): (Column, Content), today: Date) -> Self {
        Self {
            standing: column.standing(&content, today),
            due: column.due_on(&content),
            column,
            content,
        }
    }

    fn last(&self) -> String {
        self.content.last.map_or_else(|| "从未更新".to_owned(), day)
    }

    /// ■ 更新超期 12 天
    fn told(&self) -> String {
        match self.standing {
            Standing::Stale(days) => format!("更新超期{days}天"),
            other => other.name().to_owned(),
        }
    }

    fn is_open(&self) -> bool {
        self.column.closed_why.is_none()
    }

    fn missing(&self) -> String {
        self.column.missing(&self.content).join("、")
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    state: String,
    page: String,
}

#[derive(Template)]
#[template(path = "columns/list.html")]
struct ListPage {
    shell: Shell,
    filter: Filter,
    lines: Vec<Line>,
    stale: usize,
    blank: usize,
    incomplete: usize,
    open: usize,
    paging: Paging,
    may_keep: bool,
}

impl ListPage {
    fn address(&self) -> String {
        let parts = [("state", self.filter.state.as_str())];
        address("/workspace/columns", &parts) + "page="
    }

    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn counts(&self) -> [(&'static str, &'static str, usize); 4] {
        [
            ("", "开设中", self.open),
            ("stale", "更新超期", self.stale),
            ("blank", "空白栏目", self.blank),
            ("elements", "缺必备要素", self.incomplete),
        ]
    }
}

/// `GET /workspace/columns?state=stale`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewColumns>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let today = app.today();
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, &permit).await?;
            store::list(tx, &within).await
        })
        .await?;
    let mut lines: Vec<Line> = found.into_iter().map(|one| Line::new(one, today)).collect();
    let is_stale = |line: &Line| line.is_open() && matches!(line.standing, Standing::Stale(_));
    let is_blank = |line: &Line| line.is_open() && line.standing == Standing::Blank;
    let is_incomplete = |line: &Line| line.is_open() && !line.missing().is_empty();
    let count = |of: &dyn Fn(&Line) -> bool| lines.iter().filter(|line| of(line)).count();
    let (stale, blank) = (count(&is_stale), count(&is_blank));
    let (incomplete, open) = (count(&is_incomplete), count(&Line::is_open));
    match filter.state.as_str() {
        "stale" => lines.retain(is_stale),
        "blank" => lines.retain(is_blank),
        "elements" => lines.retain(is_incomplete),
        _ => {}
    }
    let (lines, paging) = Paging::of(filter.page.parse().ok(), lines);
    page(&ListPage {
        may_keep: shell.may(&KeepColumns::ROW),
        shell,
        filter,
        paging,
        lines,
        stale,
        blank,
        incomplete,
        open,
    })
}

#[derive(Template)]
#[template(path = "columns/show.html")]
struct ShowPage {
    shell: Shell,
    line: Line,
    contents: Vec<(DocumentId, String, String, Option<i64>, String)>,
    events: Vec<Recorded>,
    paging: Paging,
    may_keep: bool,
}

impl ShowPage {
    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }

    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn published(&self, at: &Option<i64>) -> String {
        at.and_then(|at| jiff::Timestamp::from_millisecond(at).ok())
            .map_or_else(|| "—".to_owned(), |at| day(civil_day(at)))
    }

    fn visibility(&self, code: &str) -> &'static str {
        Visibility::from_code(code).map_or("未发布", Visibility::name)
    }

    fn is_filled(&self, element: &str) -> bool {
        self.line.content.filled.contains(element)
    }

    fn address(&self) -> String {
        format!("{LIST}/{}?page=", self.line.column.id)
    }
}

/// `GET /workspace/columns/{id}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewColumns>,
    Path(id): Path<ColumnId>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, &permit).await?;
            let Some(found) = store::load(tx, &within, id).await? else {
                return Ok(None);
            };
            let total = store::contents_count(tx, id).await?;
            let paging = Paging::new(filter.page.parse().ok(), total);
            let contents = store::contents(tx, id, (paging.offset(), paging.rows())).await?;
            let events = audit::about(tx, SUBJECT, &id.to_string(), EVENTS_MAX).await?;
            Ok::<_, StoreError>(Some((found, contents, events, paging)))
        })
        .await?;
    let (found, contents, events, paging) = found.ok_or_else(Problem::not_found)?;
    page(&ShowPage {
        may_keep: shell.may(&KeepColumns::ROW),
        shell,
        line: Line::new(found, app.today()),
        contents,
        events,
        paging,
    })
}

/// The form as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    version: i64,
    organ: String,
    slug: String,
    name: String,
    about: String,
    elements: String,
    rhythm: String,
    days: String,
    /// Elements with a new name are the same ones.
    follow: String,
}

impl Typed {
    fn of(column: &Column) -> Self {
        let spec = &column.spec;
        Self {
            version: column.version,
            organ: spec.organ.to_string(),
            slug: spec.slug.clone(),
            name: spec.name.clone(),
            about: spec.about.clone(),
            elements: spec.elements.join("\n"),
            rhythm: spec.rhythm.code().to_owned(),
            days: spec.days.map_or_else(String::new, |days| days.to_string()),
            follow: "yes".to_owned(),
        }
    }

    fn renamed(&self) -> Renamed {
        if self.follow == "yes" {
            Renamed::Follow
        } else {
            Renamed::Apart
        }
    }

    fn spec(&self) -> Result<Spec, NotDone> {
        let organ = self.organ.parse().ok();
        let rhythm = Rhythm::from_code(&self.rhythm);
        let Some((organ, rhythm)) = organ.zip(rhythm) else {
            let field = if organ.is_none() { "organ" } else { "rhythm" };
            return Err(NotDone::Refused(vec![(field, "请选择一项。".to_owned())]));
        };
        let elements = self
            .elements
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect();
        Ok(Spec {
            organ,
            slug: self.slug.trim().to_owned(),
            name: self.name.trim().to_owned(),
            about: self.about.trim().to_owned(),
            elements,
            rhythm,
            days: self
                .days
                .trim()
                .parse()
                .ok()
                .filter(|_| rhythm == Rhythm::Days),
        })
    }
}

#[derive(Template)]
#[template(path = "columns/edit.html")]
struct FormPage {
    shell: Shell,
    of: Option<(ColumnId, String)>,
    typed: Typed,
    organs: Vec<(String, String)>,
    errors: FormErrors,
}

impl FormPage {
    fn target(&self) -> String {
        match &self.of {
            Some((id, _)) => format!("{LIST}/{id}/change"),
            None => format!("{LIST}/new"),
        }
    }

    fn rhythms(&self) -> Vec<(&'static str, &'static str)> {
        Rhythm::options()
    }
}

async fn form(
    app: &App,
    shell: Shell,
    permit: &Permit<KeepColumns>,
    (of, typed, errors): (Option<(ColumnId, String)>, Typed, FormErrors),
) -> Result<FormPage, Problem> {
    let organs = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, permit).await?;
            reach::units(tx, &within).await
        })
        .await?;
    let organs = organs
        .into_iter()
        .map(|(id, name)| (id.to_string(), name))
        .collect();
    Ok(FormPage {
        shell,
        of,
        typed,
        organs,
        errors,
    })
}

/// `GET /workspace/columns/new`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepColumns>,
) -> Result<Response, Problem> {
    let empty = (None, Typed::default(), FormErrors::default());
    page(&form(&app, shell, &permit, empty).await?)
}

/// `POST /workspace/columns/new`
pub(super) async fn open(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepColumns>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let today = app.today();
    let opened = match typed.spec() {
        Ok(spec) => {
            app.db
                .write(async |tx: &mut Tx| handle::open(tx, &permit, spec.clone(), today).await)
                .await
        }
        Err(error) => Err(error),
    };
    match opened {
        Ok(column) => Ok(redirect_with(
            &format!("{LIST}/{}", column.id),
            "专栏已开设。到文件页把已发布的文件归入专栏，公众就能看到。",
        )),
        Err(NotDone::Refused(reasons)) => {
            let again = (None, typed, form_errors(reasons));
            refuse(&form(&app, shell, &permit, again).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /workspace/columns/{id}/change`
pub(super) async fn ask_change(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepColumns>,
    Path(id): Path<ColumnId>,
) -> Result<Response, Problem> {
    let (column, _) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, &permit).await?;
            store::load(tx, &within, id).await
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let typed = Typed::of(&column);
    let of = Some((id, column.spec.name));
    page(&form(&app, shell, &permit, (of, typed, FormErrors::default())).await?)
}

/// `POST /workspace/columns/{id}/change`
pub(super) async fn change(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepColumns>,
    Path(id): Path<ColumnId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let today = app.today();
    let changed = match typed.spec() {
        Ok(spec) => {
            let (of, renamed) = ((id, typed.version), typed.renamed());
            app.db
                .write(async |tx: &mut Tx| {
                    handle::change(tx, &permit, of, (spec.clone(), renamed), today).await
                })
                .await
        }
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => Ok(redirect_with(&format!("{LIST}/{id}"), "专栏设置已保存。")),
        Err(NotDone::Refused(reasons)) => {
            let again = (Some((id, typed.name.clone())), typed, form_errors(reasons));
            refuse(&form(&app, shell, &permit, again).await?)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Closing {
    version: i64,
    act: String,
    why: String,
}

/// `POST /workspace/columns/{id}/close`
pub(super) async fn close(
    State(app): State<App>,
    permit: Permit<KeepColumns>,
    Path(id): Path<ColumnId>,
    Form(form): Form<Closing>,
) -> Result<Response, Problem> {
    let why = form.why.trim();
    let why = (form.act != "reopen").then_some(why);
    app.db
        .write(async |tx: &mut Tx| handle::close(tx, &permit, (id, form.version), why).await)
        .await?;
    Ok(redirect_with(
        &format!("{LIST}/{id}"),
        if why.is_some() {
            "专栏已关闭，公开页面写着关闭说明。"
        } else {
            "专栏已恢复。"
        },
    ))
}

/// `place` is a column's id, or the id, a bar and one of its elements.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Putting {
    act: String,
    place: String,
}

/// `POST /workspace/documents/{id}/columns`
pub(super) async fn fill(
    State(app): State<App>,
    permit: Permit<FillColumns>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Putting>,
) -> Result<Response, Problem> {
    let (column, element) = form.place.split_once('|').unwrap_or((&form.place, ""));
    let column: ColumnId = column
        .parse()
        .map_err(|_| Problem::of_form(vec![("place", "请选择一个专栏。".to_owned())]))?;
    let back = format!("{}/{id}#columns", super::DESK);
    if form.act == "take" {
        app.db
            .write(async |tx: &mut Tx| handle::take_out(tx, &permit, id, column).await)
            .await?;
        return Ok(redirect_with(&back, "已移出专栏，文件本身没有变化。"));
    }
    app.db
        .write(async |tx: &mut Tx| handle::put(tx, &permit, id, (column, element)).await)
        .await?;
    Ok(redirect_with(
        &back,
        "已归入专栏。文件本身没有变化，仍是审核通过的那一稿。",
    ))
}
