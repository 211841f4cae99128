//! The screens of 表格填报: take along, send back, look through cell by cell, take over, undo.

use gongkai_platform::diff::{self, Piece};
use std::collections::BTreeMap;

use askama::Template;
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, Path, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use gongkai_basis::id::FileId;
use gongkai_office::form::{FormError, fill_xlsx};
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::download::{XLSX, attachment, off_thread};
use gongkai_platform::web::{
    App, Form, FormErrors, Problem, Route, Shell, page, redirect_with, refuse,
};

use super::apply::{self, Choices, SheetError, Undone, too_large};
use super::compare::{Cell, CellState, Row, RowState};
use super::{Field, FilledSheet, Listed, Made, SheetState, UPLOAD_BYTES_MAX, make, store};
use crate::acts::ReportProgress;
use crate::when;

const LIST: &str = "/workspace/sheets";
/// The file and the few words around it.
const BODY_BYTES_MAX: usize = UPLOAD_BYTES_MAX + 64 * 1024;

pub(crate) fn routes() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<ReportProgress, _, _>(get(), "/workspace/sheets", list),
        Route::act::<ReportProgress, _, _>(post(), "/workspace/sheets", upload)
            .body_bytes_max(BODY_BYTES_MAX),
        Route::act::<ReportProgress, _, _>(get(), "/workspace/sheets/file", file),
        Route::act::<ReportProgress, _, _>(get(), "/workspace/sheets/{id}", show),
        Route::act::<ReportProgress, _, _>(post(), "/workspace/sheets/{id}", take_over),
        Route::act::<ReportProgress, _, _>(post(), "/workspace/sheets/{id}/undo", undo),
        Route::act::<ReportProgress, _, _>(post(), "/workspace/sheets/{id}/discard", discard),
    ]
}

impl From<SheetError> for Problem {
    fn from(error: SheetError) -> Self {
        match error {
            SheetError::NotFound => Self::not_found(),
            SheetError::Refused(reasons) => {
                Self::refused(reasons.into_iter().map(|(_, sentence)| sentence).collect())
            }
            SheetError::Store(error) => error.into(),
        }
    }
}

#[derive(Template)]
#[template(path = "exchange/list.html")]
struct ListPage {
    shell: Shell,
    sheets: Vec<Listed>,
    /// Rows that a sheet made now would have.
    rows: usize,
    errors: FormErrors,
}

impl ListPage {
    fn at(&self, milliseconds: &i64) -> String {
        when::moment(*milliseconds)
    }
}

async fn list_page(
    app: &App,
    shell: Shell,
    permit: &Permit<ReportProgress>,
) -> Result<ListPage, Problem> {
    let today = app.today();
    let (sheets, rows) = app
        .db
        .read(async |tx: &mut Tx| {
            let sheets = match permit.actor().account() {
                Some(account) => store::list(tx, account).await?,
                None => Vec::new(),
            };
            let rows = make::known(tx, permit.scope(), today).await?.len();
            Ok::<_, StoreError>((sheets, rows))
        })
        .await?;
    Ok(ListPage {
        shell,
        sheets,
        rows,
        errors: FormErrors::default(),
    })
}

/// `GET /workspace/sheets`
async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ReportProgress>,
) -> Result<Response, Problem> {
    page(&list_page(&app, shell, &permit).await?)
}

/// `GET /workspace/sheets/file`
async fn file(State(app): State<App>, permit: Permit<ReportProgress>) -> Result<Response, Problem> {
    let today = app.today();
    let known = app
        .db
        .read(async |tx: &mut Tx| make::known(tx, permit.scope(), today).await)
        .await?;
    let form = make::form(&known, today);
    let name = format!("{}填报表{today}.xlsx", form.unit);
    let made = off_thread(move || fill_xlsx(&form)).await?;
    match made {
        Ok(bytes) => Ok(attachment(&name, XLSX, bytes)),
        Err(FormError::Nothing) => Err(Problem::refused(vec![
            "本单位现在没有要填报的任务，没有生成表格。".to_owned(),
        ])),
        Err(error) => Err(Problem::refused(vec![error.to_string()])),
    }
}

/// The file of a form: its name and bytes.
async fn receive_form(mut form: Multipart) -> Result<(String, Vec<u8>), Problem> {
    let broken = |error: MultipartError| {
        // The layer ends a body that is far past the limit before its size can be told here.
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::new(Problem::TOO_LARGE).detail(too_large())
        } else {
            Problem::new(Problem::BAD_REQUEST).detail("上传没有完成，请检查网络后重新上传。")
        }
    };
    let mut received = (String::new(), Vec::new());
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        if field.name() != Some("file") {
            continue;
        }
        received.0 = field.file_name().unwrap_or_default().to_owned();
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            received.1.extend_from_slice(&chunk);
            if received.1.len() > UPLOAD_BYTES_MAX {
                return Err(Problem::new(Problem::TOO_LARGE).detail(too_large()));
            }
        }
    }
    Ok(received)
}

/// `POST /workspace/sheets`
async fn upload(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ReportProgress>,
    form: Multipart,
) -> Result<Response, Problem> {
    let (name, bytes) = receive_form(form).await?;
    match apply::receive(&app, &permit, (&name, bytes)).await {
        Ok(id) => Ok(redirect_with(
            &format!("{LIST}/{id}"),
            "表格已读取，还没有改动系统里的内容。请逐格核对后采用。",
        )),
        Err(SheetError::Refused(reasons)) => {
            let mut view = list_page(&app, shell, &permit).await?;
            for (_, sentence) in reasons {
                view.errors.add("file", sentence);
            }
            refuse(&view)
        }
        Err(error) => Err(error.into()),
    }
}

/// A cell that differs, with both texts in pieces.
struct CellView {
    /// The name of its choice in the form.
    key: String,
    cell: Cell,
    now: Vec<Piece>,
    file: Vec<Piece>,
    /// `file`, `system` or nothing yet.
    choice: &'static str,
}

struct RowView {
    row: Row,
    checked: bool,
    /// The version in force.
    seen: String,
    cells: Vec<CellView>,
    wrong: Vec<String>,
}

impl RowView {
    fn of(row: Row, choices: Option<&Choices>, errors: &BTreeMap<usize, Vec<String>>) -> Self {
        let cells = row
            .cells
            .iter()
            .filter(|cell| cell.state != CellState::Same)
            .map(|cell| CellView {
                key: format!("cell-{}-{}", row.nth, cell.field.code()),
                // Each side against what both began from.
                now: diff::chars(&cell.base, &cell.now),
                file: diff::chars(
                    match cell.state {
                        CellState::Conflict => &cell.base,
                        CellState::Same | CellState::Changed => &cell.now,
                    },
                    &cell.file,
                ),
                choice: match choices
                    .and_then(|choices| choices.from_file.get(&(row.nth, cell.field)))
                {
                    Some(true) => "file",
                    Some(false) => "system",
                    None => "",
                },
                cell: cell.clone(),
            })
            .collect();
        Self {
            checked: match choices {
                Some(choices) => choices.rows.contains(&row.nth),
                // What is plain is proposed; what needs a thought is not.
                None => row.state == RowState::Changed && !row.clears(),
            },
            seen: row.based_on.map_or_else(String::new, |id| id.to_string()),
            cells,
            wrong: errors.get(&row.nth).cloned().unwrap_or_default(),
            row,
        }
    }
}

#[derive(Template)]
#[template(path = "exchange/show.html")]
struct ShowPage {
    shell: Shell,
    sheet: FilledSheet,
    counts: Vec<(RowState, usize)>,
    /// What a person can take over, conflicts first.
    rows: Vec<RowView>,
    /// What nobody can take over, with the reason.
    others: Vec<Row>,
    /// Columns of the sheet that it has no more: what was written there was not found.
    absent: Vec<&'static str>,
    errors: FormErrors,
}

impl ShowPage {
    fn new(
        shell: Shell,
        (sheet, mut rows): (FilledSheet, Vec<Row>),
        choices: Option<&Choices>,
        reasons: Vec<apply::Reason>,
    ) -> Self {
        let counts = RowState::ALL
            .into_iter()
            .map(|state| (state, rows.iter().filter(|row| row.state == state).count()))
            .filter(|(_, n)| *n > 0)
            .collect();
        let mut errors = FormErrors::default();
        let mut by_row: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (nth, sentence) in reasons {
            match nth {
                Some(nth) => {
                    errors.add(format!("row-{nth}"), sentence.clone());
                    by_row.entry(nth).or_default().push(sentence);
                }
                None => errors.add("rows", sentence),
            }
        }
        let is_absent =
            |field: &Field| !rows.iter().any(|row| row.filled.fields.contains_key(field));
        let absent = Field::ALL.into_iter().filter(is_absent);
        let absent = absent.map(Field::name).collect();
        rows.sort_by_key(|row| (row.state, row.nth));
        let (open, rest): (Vec<Row>, Vec<Row>) =
            rows.into_iter().partition(|row| row.state.is_applicable());
        Self {
            shell,
            sheet,
            counts,
            rows: open
                .into_iter()
                .map(|row| RowView::of(row, choices, &by_row))
                .collect(),
            others: rest
                .into_iter()
                .filter(|row| row.state != RowState::Same)
                .collect(),
            absent,
            errors,
        }
    }

    fn waits(&self) -> bool {
        self.sheet.state == SheetState::Waiting
    }

    /// Nothing in it is this unit's: probably the wrong sheet.
    fn is_foreign(&self) -> bool {
        let all: usize = self.counts.iter().map(|(_, n)| n).sum();
        let foreign = |row: &&Row| row.state == RowState::Foreign;
        all > 0 && self.others.iter().filter(foreign).count() == all
    }

    /// Rows that undoing left as they are.
    fn kept(&self) -> Vec<&Made> {
        let made = self.sheet.made.iter();
        made.filter(|made| made.is_kept()).collect()
    }

    fn may_undo(&self) -> bool {
        self.sheet.state == SheetState::Applied
    }
}

async fn build(
    app: &App,
    shell: Shell,
    permit: &Permit<ReportProgress>,
    id: FileId,
    (choices, reasons): (Option<&Choices>, Vec<apply::Reason>),
) -> Result<ShowPage, Problem> {
    let today = app.today();
    let compared = app
        .db
        .read(async |tx: &mut Tx| apply::compared(tx, permit, id, today).await)
        .await?;
    Ok(ShowPage::new(shell, compared, choices, reasons))
}

/// `GET /workspace/sheets/{id}`
async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ReportProgress>,
    Path(id): Path<FileId>,
) -> Result<Response, Problem> {
    page(&build(&app, shell, &permit, id, (None, Vec::new())).await?)
}

/// `row=3`, `seen-3=…`, `cell-3-done=file`.
fn choices(fields: &[(String, String)]) -> Choices {
    let mut choices = Choices::default();
    for (name, value) in fields {
        if name == "row" {
            choices.rows.extend(value.parse::<usize>().ok());
        } else if let Some(nth) = name.strip_prefix("seen-") {
            if let Ok(nth) = nth.parse() {
                choices.seen.insert(nth, value.clone());
            }
        } else if let Some((nth, code)) = name
            .strip_prefix("cell-")
            .and_then(|rest| rest.split_once('-'))
            && let Ok(nth) = nth.parse()
            && let Some(field) = Field::ALL.into_iter().find(|field| field.code() == code)
        {
            match value.as_str() {
                "file" => choices.from_file.insert((nth, field), true),
                "system" => choices.from_file.insert((nth, field), false),
                _ => None,
            };
        }
    }
    choices
}

/// A refused step shows the sheet again, with what was chosen and why not.
async fn answer(
    app: &App,
    shell: Shell,
    permit: &Permit<ReportProgress>,
    id: FileId,
    (done, choices): (Result<String, SheetError>, Option<&Choices>),
) -> Result<Response, Problem> {
    match done {
        Ok(sentence) => Ok(redirect_with(&format!("{LIST}/{id}"), &sentence)),
        Err(SheetError::Refused(reasons)) => {
            let view = build(app, shell, permit, id, (choices, reasons)).await?;
            refuse(&view)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /workspace/sheets/{id}`
async fn take_over(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ReportProgress>,
    Path(id): Path<FileId>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let chosen = choices(&fields);
    let today = app.today();
    let done = app
        .db
        .write(async |tx: &mut Tx| apply::apply(tx, &permit, id, &chosen, today).await)
        .await
        .map(|rows| format!("已采用{rows}行，每行存为一版填报，填报人是您。"));
    answer(&app, shell, &permit, id, (done, Some(&chosen))).await
}

/// `POST /workspace/sheets/{id}/undo`
async fn undo(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ReportProgress>,
    Path(id): Path<FileId>,
) -> Result<Response, Problem> {
    let done = app
        .db
        .write(async |tx: &mut Tx| apply::undo(tx, &permit, id).await)
        .await
        .map(|Undone { back, kept }| match kept {
            0 => format!("已恢复{back}行原来的内容；采用过的版本仍在各任务的历史里。"),
            kept => format!("已恢复{back}行；另有{kept}行没有恢复，各行的原因见本页。"),
        });
    answer(&app, shell, &permit, id, (done, None)).await
}

/// `POST /workspace/sheets/{id}/discard`
async fn discard(
    State(app): State<App>,
    permit: Permit<ReportProgress>,
    Path(id): Path<FileId>,
) -> Result<Response, Problem> {
    app.db
        .write(async |tx: &mut Tx| apply::discard(tx, &permit, id).await)
        .await?;
    Ok(redirect_with(LIST, "表格已作废，没有采用其中的内容。"))
}
