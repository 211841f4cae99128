//! Importing a list: send it, look at what it would do, confirm.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::response::Response;
use gongkai_basis::id::OrganId;
use serde::Deserialize;

use super::super::acts::EditOrgans;
use super::super::import::{self, Faulty, ImportRow, Plan, ReadError, Table, Verdict};
use super::super::{Organ, OrganError, store};
use super::view::{form_answer, governments};
use crate::access::Permit;
use crate::db::Tx;
use crate::web::{App, Form, FormErrors, Problem, Shell, page, put_aside, redirect_with, refuse};

/// Rows of one sort that the preview lists; the counts say how many there are.
const LISTED_MAX: usize = 200;

#[derive(Template)]
#[template(path = "organ/import.html")]
struct ImportPage {
    shell: Shell,
    roots: Vec<(String, String)>,
    root: String,
    text: String,
    errors: FormErrors,
}

struct PreviewLine {
    line: usize,
    name: String,
    parent: String,
    notes: String,
}

#[derive(Template)]
#[template(path = "organ/preview.html")]
struct PreviewPage {
    shell: Shell,
    root: Organ,
    new: Vec<PreviewLine>,
    changed: Vec<PreviewLine>,
    problems: Vec<PreviewLine>,
    total_new: usize,
    total_changed: usize,
    total_unchanged: usize,
    total_problems: usize,
    listed_max: usize,
    /// The list itself, on its way to the confirmation.
    table: String,
    /// The directory changed since the person looked.
    moved: bool,
    expected: String,
}

/// The governments that this person may import below.
async fn roots(app: &App, permit: &Permit<EditOrgans>) -> Result<Vec<Organ>, Problem> {
    Ok(app
        .db
        .read(async |tx: &mut Tx| governments(tx, permit.roles()).await)
        .await?)
}

fn import_page(
    shell: Shell,
    roots: &[Organ],
    (root, text): (&str, &str),
    errors: FormErrors,
) -> Result<Response, Problem> {
    let view = ImportPage {
        shell,
        roots: roots
            .iter()
            .map(|organ| (organ.id.to_string(), organ.name.clone()))
            .collect(),
        root: root.to_owned(),
        text: text.to_owned(),
        errors,
    };
    form_answer(&view, &view.errors)
}

/// `GET /workspace/organs/import`
pub(super) async fn form_page(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditOrgans>,
) -> Result<Response, Problem> {
    let roots = roots(&app, &permit).await?;
    import_page(shell, &roots, ("", ""), FormErrors::default())
}

#[derive(Default)]
struct Sent {
    root: String,
    text: String,
    file: Vec<u8>,
}

async fn receive(mut parts: Multipart) -> Result<Sent, Problem> {
    let mut sent = Sent::default();
    while let Some(part) = parts.next_field().await? {
        match part.name() {
            Some("root") => sent.root = part.text().await?,
            Some("text") => sent.text = part.text().await?,
            Some("file") => sent.file = part.bytes().await?.to_vec(),
            _ => {}
        }
    }
    Ok(sent)
}

/// `POST /workspace/organs/import`
pub(super) async fn preview(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditOrgans>,
    parts: Multipart,
) -> Result<Response, Problem> {
    let Sent { root, text, file } = receive(parts).await?;
    let roots = roots(&app, &permit).await?;
    let Some(government) = chosen(&roots, &root) else {
        return Err(OrganError::OutOfReach.into());
    };
    let table: Result<Table, (&str, String)> = if file.is_empty() {
        if text.trim().is_empty() {
            let mut errors = FormErrors::default();
            errors.add("file", "请选择文件，或在下面粘贴表格。");
            return import_page(shell, &roots, (&root, ""), errors);
        }
        Table::from_text(&text).map_err(|error| ("text", error.to_string()))
    } else {
        table_of(&app, file).await?.map_err(|error| ("file", error))
    };
    match table {
        Ok(table) => preview_page(&app, shell, government, &table, false).await,
        Err((field, error)) => {
            let mut errors = FormErrors::default();
            errors.add(field, error);
            import_page(shell, &roots, (&root, &text), errors)
        }
    }
}

/// The table of a sent file, or a sentence. Text is read here; whatever needs a parser, in the child.
async fn table_of(app: &App, file: Vec<u8>) -> Result<Result<Table, String>, Problem> {
    if !import::needs_child(&file) || file.len() > import::FILE_BYTES_MAX {
        let read = tokio::task::spawn_blocking(move || Table::from_bytes(&file)).await;
        return Ok(read
            .unwrap_or(Err(ReadError::Broken))
            .map_err(|error| error.to_string()));
    }
    let kept = put_aside(file).await?;
    Ok(match app.sandbox.sheets(kept.path().to_owned()).await {
        Ok(sheets) => Table::from_sheets(sheets).map_err(|error| error.to_string()),
        Err(refused) => Err(refused.0),
    })
}

fn chosen<'r>(roots: &'r [Organ], id: &str) -> Option<&'r Organ> {
    match id.parse::<OrganId>() {
        Ok(id) => roots.iter().find(|organ| organ.id == id),
        // One government only: there was nothing to choose.
        Err(_) => roots.first(),
    }
}

async fn plan_of(app: &App, root: &Organ, rows: &[ImportRow]) -> Result<Plan, Problem> {
    let existing = app
        .db
        .read(async |tx: &mut Tx| store::all_below(tx, root.id).await)
        .await?;
    let now = app.db.now();
    Ok(import::plan(&existing, Some(root.id), rows, || {
        store::fresh_id(now)
    }))
}

async fn preview_page(
    app: &App,
    shell: Shell,
    root: &Organ,
    table: &Table,
    moved: bool,
) -> Result<Response, Problem> {
    let plan = plan_of(app, root, &table.rows()).await?;
    let (mut new, mut changed, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    for row in &plan.rows {
        let (list, notes) = match &row.verdict {
            Verdict::New { organ, notes } => {
                let mut all = vec![format!("{}，{}", organ.level.name(), organ.kind.name())];
                all.extend(notes.iter().cloned());
                (&mut new, all)
            }
            Verdict::Changed { changes, .. } => (&mut changed, changes.clone()),
            Verdict::Problem(reasons) => (&mut problems, reasons.clone()),
            Verdict::Unchanged => continue,
        };
        if list.len() < LISTED_MAX {
            list.push(PreviewLine {
                line: row.line,
                name: row.name.clone(),
                parent: row.parent.clone(),
                notes: notes.join("；"),
            });
        }
    }
    let [total_new, total_changed, total_unchanged, total_problems] = plan.counts();
    let view = PreviewPage {
        shell,
        root: root.clone(),
        new,
        changed,
        problems,
        total_new,
        total_changed,
        total_unchanged,
        total_problems,
        listed_max: LISTED_MAX,
        table: table.to_text(),
        moved,
        expected: expectation(&plan),
    };
    // What was confirmed is not what is there now: nothing was kept.
    if view.moved {
        refuse(&view)
    } else {
        page(&view)
    }
}

/// What the person saw; another outcome at the confirmation is shown again first.
fn expectation(plan: &Plan) -> String {
    plan.counts().map(|count| count.to_string()).join(",")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ConfirmForm {
    root: String,
    table: String,
    expected: String,
    skip: Option<String>,
}

/// `POST /workspace/organs/import/confirm`
pub(super) async fn confirm(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditOrgans>,
    Form(form): Form<ConfirmForm>,
) -> Result<Response, Problem> {
    let roots = roots(&app, &permit).await?;
    let Some(root) = chosen(&roots, &form.root) else {
        return Err(OrganError::OutOfReach.into());
    };
    let table = Table::from_text(&form.table)
        .map_err(|error| Problem::new(Problem::BAD_REQUEST).detail(error.to_string()))?;
    let rows = table.rows();
    if expectation(&plan_of(&app, root, &rows).await?) != form.expected {
        return preview_page(&app, shell, root, &table, true).await;
    }
    let faulty = if form.skip.is_some() {
        Faulty::Skip
    } else {
        Faulty::Refuse
    };
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            import::import(tx, permit.actor(), Some(root.id), &rows, faulty).await
        })
        .await?;
    Ok(redirect_with(
        &format!("/workspace/organs?under={}", root.id),
        &format!(
            "已导入：新增 {} 个，修改 {} 个，未变 {} 个，跳过 {} 行。",
            done.new, done.changed, done.unchanged, done.skipped
        ),
    ))
}
