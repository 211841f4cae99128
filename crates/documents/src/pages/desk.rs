//! The list of documents, what waits for my review, and the clean-up worksheet.

mod column;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_office::form::table_xlsx;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::columns::{self, Chooser, ListColumn as _};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::download::{self, off_thread};
use gongkai_platform::web::{
    App, Form, Paging, Problem, Query, Shell, address, day, moment, page, redirect_with,
};
use jiff::ToSpan as _;
use serde::Deserialize;

use self::column::Column;
use super::DESK;
use crate::acts::{PublishDocuments, ReviewDocuments, ViewDocuments, WriteDocuments};
use crate::document::store::{self, Narrow};
use crate::document::validity::{self, Turn, Validity};
use crate::document::{Document, State as At, Visibility, cleanup as worksheet};
use crate::id::DocumentId;
use crate::kind::{Kind, Step};
use crate::review::store::{self as reviews, Open};

/// Steps that the list shows above itself.
const OPEN_MAX: i64 = 50;
/// Takes the form that keeps the columns.
const KEEP: &str = "/workspace/documents/columns";
/// Rows of the sheet that is handed around: more than a province keeps.
const SHEET_ROWS: i64 = 50_000;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    state: String,
    visibility: String,
    kind: String,
    text: String,
    page: String,
    /// The keys of the shown columns; none for those that the person keeps, or the usual ones.
    col: Vec<String>,
    /// `yes`: the form that keeps the columns.
    keep: String,
}

impl Filter {
    fn narrow(&self) -> Narrow {
        Narrow {
            state: At::from_code(&self.state),
            visibility: Visibility::from_code(&self.visibility),
            kind: Kind::from_code(&self.kind),
            text: self.text.trim().to_owned(),
        }
    }

    fn address(&self, more: &[(&str, &str)]) -> String {
        let own = [
            ("state", self.state.as_str()),
            ("visibility", &self.visibility),
            ("kind", &self.kind),
            ("text", &self.text),
        ];
        address(DESK, &[&own[..], more].concat())
    }
}

#[derive(Template)]
#[template(path = "documents/list.html")]
struct ListPage {
    shell: Shell,
    filter: Filter,
    counts: Vec<(At, i64)>,
    documents: Vec<Document>,
    /// What the person may take or has, and how many more there are.
    open: Vec<Open>,
    more: i64,
    paging: Paging,
    may_write: bool,
    columns: Vec<Column>,
}

impl ListPage {
    fn states(&self) -> Vec<(&'static str, &'static str, i64)> {
        let n = |state: &At| {
            self.counts
                .iter()
                .find(|(at, _)| at == state)
                .map_or(0, |(_, n)| *n)
        };
        let discarded = At::Discarded;
        let is_listed = |state: &&At| **state != discarded || self.filter.state == discarded.code();
        At::ALL
            .iter()
            .filter(is_listed)
            .map(|state| (state.code(), state.name(), n(state)))
            .collect()
    }

    fn with_state(&self, code: &str) -> String {
        let state = if self.filter.state == code { "" } else { code };
        Filter {
            state: state.to_owned(),
            ..self.filter.clone()
        }
        .address(&[])
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        Kind::options()
    }

    fn visibilities(&self) -> Vec<(&'static str, &'static str)> {
        Visibility::options()
    }

    fn address(&self) -> String {
        let columns = self.filter.col.iter().map(|key| ("col", key.as_str()));
        let columns: Vec<(&str, &str)> = columns.collect();
        self.filter.address(&columns) + "page="
    }

    fn chooser(&self) -> Chooser {
        columns::chooser(&self.columns, KEEP)
    }

    /// 成文日期
    fn issued(&self, document: &Document) -> String {
        document.issued_on.map_or_else(|| "—".to_owned(), day)
    }

    /// More were found by words than are counted and listed.
    fn is_cut(&self) -> bool {
        let mut counts = self.counts.iter().map(|(_, n)| *n);
        !self.filter.text.trim().is_empty() && counts.any(|n| n >= store::FOUND_MAX)
    }

    /// Drafts that were put aside, which the list leaves out.
    fn discarded(&self) -> i64 {
        let mut discarded = self.counts.iter().filter(|(at, _)| *at == At::Discarded);
        discarded.next().map_or(0, |(_, n)| *n)
    }

    fn is_narrowed(&self) -> bool {
        self.filter.narrow() != Narrow::default()
    }

    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }

    fn due(&self, open: &Open) -> String {
        open.due_on.map_or_else(String::new, day)
    }

    fn kind_name(&self, code: &str) -> &'static str {
        Kind::from_code(code).map_or("文件", Kind::name)
    }
}

/// The steps that the roles of a permit take.
pub(crate) fn own_steps(permit: &Permit<ReviewDocuments>) -> Vec<Step> {
    let holds = |step: &&Step| permit.roles().iter().any(|held| held.role == step.role());
    Step::ALL.iter().filter(holds).copied().collect()
}

/// `GET /workspace/documents`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewDocuments>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let narrow = filter.narrow();
    let reviewer = shell
        .person
        .as_ref()
        .and_then(|person| person.permit::<ReviewDocuments>());
    let account = permit.actor().account();
    let me = account.map_or_else(String::new, |account| account.to_string());
    let (counts, documents, (open, more), paging, columns) = app
        .db
        .read(async |tx: &mut Tx| {
            let counts = store::counts(tx, permit.scope(), &narrow).await?;
            let total = counts.iter().filter(|(state, _)| match narrow.state {
                Some(wanted) => wanted == *state,
                None => *state != At::Discarded,
            });
            let paging = Paging::new(filter.page.parse().ok(), total.map(|(_, n)| n).sum());
            let documents = store::list(
                tx,
                permit.scope(),
                &narrow,
                (paging.offset(), paging.rows()),
            )
            .await?;
            let open = match &reviewer {
                Some(permit) => open(tx, permit, &me).await?,
                None => (Vec::new(), 0),
            };
            let columns = columns::of(tx, account, DESK, &filter.col).await?;
            Ok::<_, StoreError>((counts, documents, open, paging, columns))
        })
        .await?;
    page(&ListPage {
        may_write: shell.may(&WriteDocuments::ROW),
        shell,
        columns,
        filter,
        counts,
        documents,
        open,
        more,
        paging,
    })
}

/// `POST /workspace/documents/columns`
pub(super) async fn keep_columns(
    State(app): State<App>,
    permit: Permit<ViewDocuments>,
    Form(filter): Form<Filter>,
) -> Result<Response, Problem> {
    if filter.keep != "yes" {
        return Err(Problem::new(Problem::BAD_REQUEST));
    }
    columns::keep::<Column>(&app, permit.actor(), DESK, &filter.col).await?;
    Ok(redirect_with(
        &filter.address(&[]),
        "已记住显示的列，下次打开这个清单还是这样。",
    ))
}

/// The first steps that a person may take or has, and how many more there are.
async fn open(
    tx: &mut Tx,
    permit: &Permit<ReviewDocuments>,
    me: &str,
) -> Result<(Vec<Open>, i64), StoreError> {
    let steps = own_steps(permit);
    let of = (me, steps.as_slice());
    let open = reviews::open_to(tx, permit.scope(), of, OPEN_MAX).await?;
    let all = reviews::open_to_count(tx, permit.scope(), of).await?;
    let shown = i64::try_from(open.len()).unwrap_or(i64::MAX);
    Ok((open, all.saturating_sub(shown)))
}

/// One line of the worksheet.
struct Line {
    document: Document,
    until: Date,
    days: i32,
    validity: Validity,
}

#[derive(Template)]
#[template(path = "documents/cleanup.html")]
struct CleanupPage {
    shell: Shell,
    lines: Vec<Line>,
    paging: Paging,
    may_record: bool,
}

impl CleanupPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }
}

/// Today, and the last day that the worksheet looks at: half a year from now.
fn half_a_year(app: &App) -> (Date, Date) {
    let today = app.today();
    (today, today.checked_add(6.months()).unwrap_or(today))
}

/// What lapses within half a year, or has, and what nobody decided on yet.
async fn lines(
    tx: &mut Tx,
    permit: &Permit<ViewDocuments>,
    (today, before): (Date, Date),
    of_page: (i64, i64),
) -> Result<Vec<Line>, StoreError> {
    let documents = store::expiring(tx, permit.scope(), (today, before), of_page).await?;
    let ids: Vec<_> = documents.iter().map(|document| document.id).collect();
    let mut turns: BTreeMap<DocumentId, Vec<Turn>> = BTreeMap::new();
    for (id, turn) in store::turns(tx, &ids).await? {
        turns.entry(id).or_default().push(turn);
    }
    let line = |document: Document| {
        let own = turns.get(&document.id).map_or(&[][..], Vec::as_slice);
        let (until, days) = validity::left(today, document.expires_on, own)?;
        Some(Line {
            until,
            days,
            validity: validity::on(today, document.effective_on, document.expires_on, own),
            document,
        })
    };
    Ok(documents.into_iter().filter_map(line).collect())
}

/// `GET /workspace/documents/cleanup`
pub(super) async fn cleanup(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewDocuments>,
    Query(turned): Query<Turned>,
) -> Result<Response, Problem> {
    let days = half_a_year(&app);
    let (lines, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let total = store::expiring_count(tx, permit.scope(), days).await?;
            let paging = Paging::new(turned.page.parse().ok(), total);
            let of_page = (paging.offset(), paging.rows());
            let lines = lines(tx, &permit, days, of_page).await?;
            Ok::<_, StoreError>((lines, paging))
        })
        .await?;
    page(&CleanupPage {
        may_record: shell.may(&PublishDocuments::ROW),
        shell,
        lines,
        paging,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Turned {
    page: String,
}

/// `GET /workspace/documents/cleanup.xlsx`: the worksheet to hand around.
pub(super) async fn cleanup_sheet(
    State(app): State<App>,
    permit: Permit<ViewDocuments>,
) -> Result<Response, Problem> {
    let days = half_a_year(&app);
    let lines = app
        .db
        .read(async |tx: &mut Tx| lines(tx, &permit, days, (0, SHEET_ROWS)).await)
        .await?;
    let date = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
    let rows: Vec<Vec<String>> = (1..)
        .zip(lines)
        .map(|(n, line): (usize, Line)| {
            let document = line.document;
            let code = worksheet::code(document.id, &document.title);
            let mut row = vec![
                n.to_string(),
                document.title,
                document.number,
                document.organ_name,
                document.owner_name,
                date(document.issued_on),
                date(document.effective_on),
                line.until.to_string(),
                line.days.to_string(),
                line.validity.name().to_owned(),
            ];
            // For those to fill in among whom it is handed around.
            row.resize(worksheet::SHEET.len() - 1, String::new());
            row.push(code);
            row
        })
        .collect();
    let title = format!("行政规范性文件到期清理表（{}）", day(app.today()));
    let made = off_thread(move || table_xlsx(&title, &worksheet::SHEET, &rows)).await?;
    let bytes = made.map_err(|error| Problem::refused(vec![error.to_string()]))?;
    let name = format!("到期清理表{}.xlsx", app.today());
    Ok(download::attachment(&name, download::XLSX, bytes))
}
