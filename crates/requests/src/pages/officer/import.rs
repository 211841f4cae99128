//! 导入在办申请: running cases of an older system.

use std::collections::BTreeMap;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Multipart, State};
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_office::form::table_xlsx;
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::db::Tx;
use gongkai_platform::fault::NotDone;
use gongkai_platform::organ::{self, AliasKind};
use gongkai_platform::web::download::{XLSX, attachment, off_thread};
use gongkai_platform::web::{App, Problem, Shell, page, put_aside, redirect_with};

use crate::acts::TakeRequests;
use crate::pages::refuse;
use crate::reach;
use crate::request::import::judge::{Taken, judge};
use crate::request::import::take::take_over;
use crate::request::import::{self, COLUMNS, Row, WANTED};

/// Faults that a page lists.
const FAULTS_SHOWN: usize = 100;
/// Where a case that is taken over leaves a row each, or more.
const OF_CASES: &[&str] = &["request", "request_entry", "request_unworded"];

#[derive(Template)]
#[template(path = "requests/import.html")]
struct ImportPage {
    shell: Shell,
    columns: &'static [(&'static str, &'static str)],
    faults: Vec<(usize, String)>,
}

impl ImportPage {
    fn is_must(&self, place: &usize) -> bool {
        *place <= WANTED
    }
}

fn import_page(shell: Shell, faults: Vec<(usize, String)>) -> ImportPage {
    ImportPage {
        shell,
        columns: &COLUMNS,
        faults,
    }
}

/// `GET /workspace/requests/import`
pub(in crate::pages) async fn ask_import(
    shell: Shell,
    _: Permit<TakeRequests>,
) -> Result<Response, Problem> {
    page(&import_page(shell, Vec::new()))
}

/// `GET /workspace/requests/import/blank`: a table to fill in.
pub(in crate::pages) async fn blank_table(_: Permit<TakeRequests>) -> Result<Response, Problem> {
    let bytes = off_thread(|| table_xlsx("在办申请", &import::heads(), &[]))
        .await?
        .map_err(|error| {
            tracing::error!(%error, "the blank table could not be written");
            Problem::new(Problem::INTERNAL)
        })?;
    Ok(attachment("在办申请导入表.xlsx", XLSX, bytes))
}

/// Names by which a line may call the organs whose cases the person handles.
async fn organs(
    app: &App,
    permit: &Permit<TakeRequests>,
) -> Result<BTreeMap<String, OrganId>, Problem> {
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let Scope::Organs { single, .. } = reach::handled(tx, permit.roles()).await? else {
                return Ok(Vec::new());
            };
            organ::store::load_all(tx, &single).await
        })
        .await?;
    let mut names = BTreeMap::new();
    for organ in found {
        let others = organ.names(AliasKind::Alias).map(str::to_owned);
        let all = [organ.name.clone()]
            .into_iter()
            .chain(organ.short_name.clone())
            .chain(others);
        names.extend(all.map(|name| (name, organ.id)));
    }
    Ok(names)
}

async fn rows(app: &App, bytes: Bytes) -> Result<Result<Vec<Row>, String>, Problem> {
    let file = put_aside(bytes).await?;
    Ok(match app.sandbox.sheets(file.path().to_owned()).await {
        Ok(sheets) => import::read(&sheets),
        Err(error) => Err(error.0),
    })
}

/// `POST /workspace/requests/import`: all lines or none.
pub(in crate::pages) async fn import(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<TakeRequests>,
    mut multipart: Multipart,
) -> Result<Response, Problem> {
    let mut bytes = Bytes::new();
    while let Some(field) = multipart.next_field().await? {
        if field.name() == Some("file") {
            bytes = field.bytes().await?;
        }
    }
    if bytes.is_empty() {
        return refuse(&import_page(
            shell,
            vec![(0, "请选择表格文件。".to_owned())],
        ));
    }
    let rows = match rows(&app, bytes).await? {
        Ok(rows) => rows,
        Err(sentence) => return refuse(&import_page(shell, vec![(0, sentence)])),
    };
    let organs = organs(&app, &permit).await?;
    let (today, calendar) = (app.today(), app.calendar());
    let (mut taken, mut faults): (Vec<Taken>, _) = (Vec::new(), import::twice(&rows));
    for row in &rows {
        match judge(row, &organs, (today, &calendar)) {
            Ok(one) => taken.push(one),
            Err(reasons) => faults.push((row.line, reasons.concat())),
        }
    }
    if !faults.is_empty() {
        faults.sort_by_key(|(line, _)| *line);
        let more = faults.len().saturating_sub(FAULTS_SHOWN);
        faults.truncate(FAULTS_SHOWN);
        if more > 0 {
            faults.push((0, format!("另有{more}处问题没有列出。")));
        }
        return refuse(&import_page(shell, faults));
    }
    let new = app
        .db
        .write(async |tx: &mut Tx| take_over(tx, &permit, taken.clone(), (today, &calendar)).await)
        .await;
    match new {
        Ok(new) => {
            app.db
                .refresh_statistics(new * OF_CASES.len(), OF_CASES)
                .await;
            Ok(redirect_with(
                "/workspace/requests",
                &format!("导入{}件，其中新的{new}件。", rows.len()),
            ))
        }
        Err(NotDone::Refused(reasons)) => {
            let said = reasons.into_iter().map(|(_, sentence)| (0, sentence));
            refuse(&import_page(shell, said.take(FAULTS_SHOWN).collect()))
        }
        Err(error) => Err(error.into()),
    }
}
