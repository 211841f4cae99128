//! A sheet arrives, is taken over, or the taking over is undone: each in one transaction, all or nothing.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::Date;
use gongkai_basis::id::{AccountId, AssignmentId, FileId};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files::{self, Stored};
use gongkai_platform::web::App;
use serde_json::json;

use super::compare::{CellState, Row, compare};
use super::sheet::{self, FilledRow};
use super::{Field, FilledSheet, Made, ROWS_MAX, SheetState, UPLOAD_BYTES_MAX, make, store};
use crate::acts::ReportProgress;
use crate::draft::upload::tidy_name;
use crate::report::submit::{SubmitError, open_assignment, submit};
use crate::report::{self, Content};

/// What a picture or a scan is told here, where only sheets are taken.
const NOT_A_SHEET: &str = "这不是表格，没有采用。请上传从本页下载并填好的填报表。";

/// The row that a reason is about; `None`: the sheet.
pub(super) type Reason = (Option<usize>, String);

#[derive(Debug, thiserror::Error)]
pub(super) enum SheetError {
    #[error("there is no such sheet of this person")]
    NotFound,
    #[error("the sheet cannot be taken so")]
    Refused(Vec<Reason>),
    #[error("the sheet could not be stored")]
    Store(#[from] StoreError),
}

impl SheetError {
    fn refuse(sentence: impl Into<String>) -> Self {
        Self::Refused(vec![(None, sentence.into())])
    }
}

fn account(permit: &Permit<ReportProgress>) -> Result<AccountId, SheetError> {
    permit.actor().account().ok_or(SheetError::NotFound)
}

/// Reads a sheet in the sandbox and keeps it until its person decides. A file without rows leaves nothing behind.
pub(super) async fn receive(
    app: &App,
    permit: &Permit<ReportProgress>,
    (name, bytes): (&str, Vec<u8>),
) -> Result<FileId, SheetError> {
    let account = account(permit)?;
    let size = bytes.len();
    if size == 0 {
        return Err(SheetError::refuse(
            "没有选择文件，或文件是空的。请选择填好的表格。",
        ));
    }
    if size > UPLOAD_BYTES_MAX {
        return Err(SheetError::refuse(too_large()));
    }
    let files = app.files.clone();
    let sha256 = tokio::task::spawn_blocking(move || files.put(&bytes))
        .await
        .map_err(|_| StoreError::Unsupported("the file could not be stored"))??;
    let rows = read(app, &sha256).await?;
    let organ = permit.roles().first().map(|role| role.organ);
    let name = tidy_name(name);
    let id = app
        .db
        .write(async |tx: &mut Tx| {
            let stored = Stored {
                id: FileId::new(crate::fresh(tx.now())),
                sha256: sha256.clone(),
                name: name.clone(),
                media_type: "application/octet-stream".to_owned(),
                bytes: i64::try_from(size).unwrap_or(i64::MAX),
                organ,
            };
            files::insert(tx, &stored).await?;
            store::insert(tx, account, (stored.id, &name), &rows).await?;
            let sentence = format!("上传填报表“{name}”，{}行，等待核对", rows.len());
            record(tx, permit, ("sheet.uploaded", stored.id), sentence);
            Ok::<_, StoreError>(stored.id)
        })
        .await?;
    Ok(id)
}

pub(super) fn too_large() -> String {
    format!(
        "文件超过{}MB，没有保存。请删去图片等无关内容后再上传。",
        UPLOAD_BYTES_MAX / 1024 / 1024
    )
}

async fn read(app: &App, sha256: &str) -> Result<Vec<FilledRow>, SheetError> {
    let wire = app
        .sandbox
        .read(app.files.path(sha256))
        .await
        .map_err(|error| SheetError::refuse(error.0))?;
    let document = gongkai_office::wire::from_wire(&wire).map_err(|unreadable| match unreadable
        .code
        .as_str()
    {
        "picture" | "scanned-pdf" | "unmapped-text" | "needs-conversion" => {
            SheetError::refuse(NOT_A_SHEET)
        }
        _ => SheetError::refuse(unreadable.message),
    })?;
    if let Some(why) = document.unseen_results() {
        return Err(SheetError::refuse(why));
    }
    let rows = sheet::read(&document).ok_or_else(|| {
        SheetError::refuse(
            "表格里没有“行码”这一列，认不出各行是哪项任务；没有保存任何内容。请用从本页下载的填报表填写后上传。",
        )
    })?;
    if rows.is_empty() {
        return Err(SheetError::refuse(
            "表头下面没有一行内容；没有保存。请检查是否上传了填好的那一份。",
        ));
    }
    if rows.len() > ROWS_MAX {
        return Err(SheetError::refuse(format!(
            "表格有{}行，最多{ROWS_MAX}行；没有保存。请分成几份上传。",
            rows.len()
        )));
    }
    Ok(rows)
}

fn record(
    tx: &mut Tx,
    permit: &Permit<ReportProgress>,
    (kind, file): (&'static str, FileId),
    sentence: String,
) {
    let event = Event::new(
        permit.actor(),
        kind,
        ("filled_sheet", file.to_string()),
        sentence,
    )
    .data(json!({ "file": file }));
    tx.record(match permit.roles().first() {
        Some(role) => event.organ(role.organ),
        None => event,
    });
}

/// A person's sheet against what the unit has now.
pub(super) async fn compared(
    tx: &mut Tx,
    permit: &Permit<ReportProgress>,
    file: FileId,
    today: Date,
) -> Result<(FilledSheet, Vec<Row>), SheetError> {
    let sheet = store::load(tx, account(permit)?, file)
        .await?
        .ok_or(SheetError::NotFound)?;
    let known: Vec<_> = make::known(tx, permit.scope(), today)
        .await?
        .into_iter()
        .map(|(_, known)| known)
        .collect();
    let rows = compare(&sheet.rows, &known);
    Ok((sheet, rows))
}

/// What a person chose on the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Choices {
    pub(super) rows: BTreeSet<usize>,
    /// The version in force that the page showed, by row; empty for none.
    pub(super) seen: BTreeMap<usize, String>,
    /// Conflicting cells: from the file, or as the system has it.
    pub(super) from_file: BTreeMap<(usize, Field), bool>,
}

impl Choices {
    /// Why the chosen rows cannot be taken over so.
    fn reasons(&self, rows: &[&Row]) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let mut taken: BTreeMap<AssignmentId, u32> = BTreeMap::new();
        for row in rows {
            let line = row.filled.line;
            let mut refuse = |sentence: String| reasons.push((Some(row.nth), sentence));
            if !row.state.is_applicable() {
                refuse(format!("第{line}行没有可采用的内容。"));
                continue;
            }
            let now = row.based_on.map_or_else(String::new, |id| id.to_string());
            if self.seen.get(&row.nth) != Some(&now) {
                refuse(format!(
                    "第{line}行：您打开这一页之后，又有人填报了这项任务。下面已换成最新内容，请重新核对。"
                ));
            }
            for cell in &row.cells {
                let chosen = self.from_file.contains_key(&(row.nth, cell.field));
                if cell.state == CellState::Conflict && !chosen {
                    refuse(format!(
                        "第{line}行“{}”有冲突，请选择采用哪一边。",
                        cell.field.name()
                    ));
                }
            }
            if let Some(other) = row
                .assignment
                .and_then(|assignment| taken.insert(assignment, line))
            {
                refuse(format!(
                    "第{other}行和第{line}行是同一项任务，只能采用一行。"
                ));
            }
        }
        reasons
    }
}

/// Takes the chosen rows over: each becomes a version by the person who uploaded the sheet.
pub(super) async fn apply(
    tx: &mut Tx,
    permit: &Permit<ReportProgress>,
    file: FileId,
    choices: &Choices,
    today: Date,
) -> Result<usize, SheetError> {
    let (sheet, rows) = compared(tx, permit, file, today).await?;
    waits(&sheet)?;
    let chosen: Vec<&Row> = rows
        .iter()
        .filter(|row| choices.rows.contains(&row.nth))
        .collect();
    if chosen.is_empty() {
        return Err(SheetError::refuse("没有选中任何一行。请勾选要采用的行。"));
    }
    let mut reasons = choices.reasons(&chosen);
    if !reasons.is_empty() {
        return Err(SheetError::Refused(reasons));
    }
    let mut made = Vec::new();
    for row in chosen {
        let Some(assignment) = row.assignment else {
            continue;
        };
        let content = row.content(|field| choices.from_file.get(&(row.nth, field)) == Some(&true));
        match submit(tx, permit, assignment, row.based_on, content).await {
            Ok(report) => made.push(Made {
                line: row.filled.line,
                assignment,
                report: report.id,
                before: row.based_on,
                why_kept: String::new(),
            }),
            Err(error) => reasons.extend(why(error, (Some(row.nth), row.filled.line))?),
        }
    }
    if !reasons.is_empty() {
        return Err(SheetError::Refused(reasons));
    }
    store::set_state(tx, &sheet, SheetState::Applied, &made).await?;
    let sentence = format!("采用填报表“{}”中的{}行", sheet.name, made.len());
    record(tx, permit, ("sheet.applied", file), sentence);
    Ok(made.len())
}

fn waits(sheet: &FilledSheet) -> Result<(), SheetError> {
    match sheet.state {
        SheetState::Waiting => Ok(()),
        SheetState::Applied | SheetState::Undone | SheetState::Discarded => {
            Err(SheetError::refuse(format!(
                "这份表格{}，不能再采用。需要时请重新上传。",
                sheet.state.name()
            )))
        }
    }
}

/// The reasons under their row; a failing store stays one.
fn why(error: SubmitError, (nth, line): (Option<usize>, u32)) -> Result<Vec<Reason>, SheetError> {
    let reason = |sentence: String| (nth, format!("第{line}行：{sentence}"));
    Ok(match error {
        SubmitError::Refused(refusals) => refusals
            .into_iter()
            .map(|refusal| reason(refusal.sentence))
            .collect(),
        SubmitError::NotFound | SubmitError::Closed => {
            vec![reason("这项任务已取消，或已转交其他单位。".to_owned())]
        }
        SubmitError::Conflict => vec![reason("刚刚又有人填报，请重新核对。".to_owned())],
        SubmitError::Store(error) => return Err(error.into()),
    })
}

/// What undoing did: versions taken back, and rows that stay as they are, which the sheet keeps with their reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Undone {
    pub(super) back: usize,
    pub(super) kept: usize,
}

/// Puts back what was in force before, as new versions. What was reported since stays, and so does what cannot be put back:
/// the task was cancelled or given to others, or the old report would be refused today.
pub(super) async fn undo(
    tx: &mut Tx,
    permit: &Permit<ReportProgress>,
    file: FileId,
) -> Result<Undone, SheetError> {
    let sheet = store::load(tx, account(permit)?, file)
        .await?
        .ok_or(SheetError::NotFound)?;
    if sheet.state != SheetState::Applied {
        return Err(SheetError::refuse(format!(
            "这份表格{}，没有可撤销的内容。",
            sheet.state.name()
        )));
    }
    let mut all = sheet.made.clone();
    for made in &mut all {
        made.why_kept = match take_back(tx, permit, made).await {
            Ok(true) => continue,
            Ok(false) => "之后又有人填报，保持现在的内容".to_owned(),
            Err(SubmitError::Closed | SubmitError::NotFound) => {
                "这项任务已取消，或已转交其他单位".to_owned()
            }
            Err(SubmitError::Refused(refusals)) => {
                let sentences = refusals.iter().map(|refusal| refusal.sentence.as_str());
                let sentences: String = sentences.collect();
                let sentences = sentences.trim_end_matches('。');
                format!("原来的内容现在不能恢复：{sentences}")
            }
            Err(error @ (SubmitError::Conflict | SubmitError::Store(_))) => {
                return Err(SheetError::Refused(why(error, (None, made.line))?));
            }
        };
    }
    store::set_state(tx, &sheet, SheetState::Undone, &all).await?;
    let kept = all.iter().filter(|made| made.is_kept()).count();
    let back = all.len() - kept;
    let sentence = format!("撤销采用填报表“{}”：恢复{back}行，保持{kept}行", sheet.name);
    record(tx, permit, ("sheet.undone", file), sentence);
    Ok(Undone { back, kept })
}

/// Whether the version was still in force.
async fn take_back(
    tx: &mut Tx,
    permit: &Permit<ReportProgress>,
    made: &Made,
) -> Result<bool, SubmitError> {
    let assignment = open_assignment(tx, permit, made.assignment).await?;
    if assignment.report != Some(made.report) {
        return Ok(false);
    }
    let before: Option<Content> = match made.before {
        Some(before) => report::store::load(tx, before)
            .await?
            .map(|report| report.content),
        None => None,
    };
    match before {
        Some(content) => {
            submit(tx, permit, made.assignment, Some(made.report), content).await?;
        }
        None => {
            let only = report::store::load(tx, made.report)
                .await?
                .ok_or(SubmitError::NotFound)?;
            report::store::take_back(tx, &only, assignment.task).await?;
            tx.record(
                Event::new(
                    permit.actor(),
                    "report.taken-back",
                    ("assignment", made.assignment.to_string()),
                    format!("撤回第{}版填报，恢复为未填报", only.sequence),
                )
                .organ(assignment.organ)
                .data(json!({ "report": only.id, "task": assignment.task })),
            );
        }
    }
    Ok(true)
}

/// Puts a waiting sheet away; nothing of it is taken over.
pub(super) async fn discard(
    tx: &mut Tx,
    permit: &Permit<ReportProgress>,
    file: FileId,
) -> Result<(), SheetError> {
    let sheet = store::load(tx, account(permit)?, file)
        .await?
        .ok_or(SheetError::NotFound)?;
    waits(&sheet)?;
    store::set_state(tx, &sheet, SheetState::Discarded, &[]).await?;
    let sentence = format!("作废填报表“{}”，没有采用其中的内容", sheet.name);
    record(tx, permit, ("sheet.discarded", file), sentence);
    Ok(())
}
