//! 识别结果: what was recognised, each part correctable; or why nothing was.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use gongkai_basis::Date;
use gongkai_basis::id::DraftId;
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::job::{self, Job, JobState};
use gongkai_platform::web::{Again, App, Form, FormErrors, Problem, Shell, page, redirect_with};
use serde::Deserialize;

use super::answer::{At, Step, edit, steps};
use super::{closed, draft_id, filled};
use crate::acts::ImportPlan;
use crate::draft::content::{Column, ColumnRole, Content, Meta};
use crate::draft::edit::{Edit, apply};
use crate::draft::effects::YEARS;
use crate::draft::source::{anchor, place_name};
use crate::draft::whole::why_no_plan;
use crate::draft::{Draft, DraftError, DraftState, Purpose, confirm, reading, reread, store};
use crate::plan::{Deadline, DeadlineKind};

#[derive(Template)]
#[template(path = "import/overview.html")]
struct OverviewPage {
    shell: Shell,
    steps: Vec<Step>,
    errors: FormErrors,
    draft: Draft,
    meta: Fields,
    content: Content,
    columns: Vec<ColumnRow>,
    roles: Vec<(&'static str, &'static str)>,
    kinds: Vec<(&'static str, &'static str)>,
    deadlines: Vec<Deadline>,
    problems: Vec<ProblemRow>,
}

struct ColumnRow {
    column: Column,
    code: &'static str,
}

struct ProblemRow {
    message: String,
    place: String,
    anchor: String,
}

#[derive(Template)]
#[template(path = "import/reading.html")]
struct ReadingPage {
    shell: Shell,
    draft: Draft,
    job: Option<Job>,
}

impl ReadingPage {
    /// What was counted and recognised of the file's paragraphs and rows, of how many; `None` before the file is open.
    fn counted(&self) -> Option<(i64, i64)> {
        let job = self.job.as_ref()?;
        (job.total > 0).then_some((job.done, job.total))
    }

    fn waits(&self) -> bool {
        let job = self.job.as_ref();
        job.is_none_or(|job| job.state == JobState::Waiting)
    }
}

#[derive(Template)]
#[template(path = "import/failed.html")]
struct FailedPage {
    shell: Shell,
    draft: Draft,
    /// Why, in one sentence.
    why: String,
    /// The file was read and is no plan: one may go on by hand.
    by_hand: bool,
}

/// `GET /workspace/import/{id}`
pub(super) async fn show(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    let draft = app
        .db
        .read(async |tx: &mut Tx| {
            store::load(tx, permit.scope(), id)
                .await?
                .ok_or(DraftError::NotFound)
        })
        .await?;
    match draft.state {
        DraftState::Reading => reading_page(&app, shell, draft).await,
        DraftState::Failed => page(&FailedPage {
            shell,
            why: draft.failure.clone().unwrap_or_default(),
            draft,
            by_hand: false,
        }),
        DraftState::Open if draft.purpose == Purpose::Progress => {
            Ok(Redirect::to(&format!("/workspace/import/{id}/progress")).into_response())
        }
        DraftState::Open => open_page(&app, shell, draft).await,
        DraftState::Proposed => {
            Ok(Redirect::to(&format!("/workspace/import/{id}/changes")).into_response())
        }
        DraftState::Confirmed | DraftState::Discarded => closed::show(&app, shell, draft).await,
    }
}

/// The job that should read the file is not there any more.
const NO_JOB: &str = "读取没有进行下去。请作废这份草稿，再重新上传。";

/// Why a job will not read the file any more.
fn given_up(job: &Job) -> Option<&'static str> {
    match job.state {
        JobState::Waiting | JobState::Running => None,
        // The draft is read in the same breath; one that is not was left behind.
        JobState::Done => Some(NO_JOB),
        JobState::Failed => {
            Some("多次读取都没有成功。请作废这份草稿，把文件另存为 .docx 或文本后再重新上传。")
        }
        JobState::Cancelled => Some("读取已被取消。请作废这份草稿，需要时再重新上传。"),
    }
}

async fn reading_page(app: &App, shell: Shell, draft: Draft) -> Result<Response, Problem> {
    let (job, still) = app
        .db
        .read(async |tx: &mut Tx| {
            let job = match draft.job {
                Some(job) => job::load(tx, job).await?,
                None => None,
            };
            let now = store::load(tx, &Scope::Everything, draft.id).await?;
            let still = now.is_some_and(|now| now.state == DraftState::Reading);
            Ok::<_, StoreError>((job, still))
        })
        .await?;
    // It was read between the two looks.
    if !still {
        return Ok(Redirect::to(&format!("/workspace/import/{}", draft.id)).into_response());
    }
    if let Some(why) = job.as_ref().map_or(Some(NO_JOB), given_up) {
        return page(&FailedPage {
            shell,
            why: why.to_owned(),
            draft,
            by_hand: false,
        });
    }
    page(&ReadingPage { shell, draft, job })
}

async fn open_page(app: &App, shell: Shell, draft: Draft) -> Result<Response, Problem> {
    let content: Content = app
        .db
        .read(async |tx: &mut Tx| {
            store::content(tx, draft.id)
                .await?
                .ok_or(DraftError::NotFound)
        })
        .await?;
    if !content.is_plan && !content.by_hand {
        return page(&FailedPage {
            shell,
            why: why_no_plan(&content),
            draft,
            by_hand: true,
        });
    }
    let meta = Fields::of(&content.meta).typed(&shell.again);
    overview(shell, draft, content, meta, FormErrors::default())
}

fn overview(
    shell: Shell,
    draft: Draft,
    content: Content,
    meta: Fields,
    errors: FormErrors,
) -> Result<Response, Problem> {
    page(&OverviewPage {
        steps: steps(draft.id, draft.purpose, At::Overview),
        shell,
        errors,
        columns: content
            .columns
            .iter()
            .map(|column| ColumnRow {
                column: column.clone(),
                code: column.role.code(),
            })
            .collect(),
        roles: ColumnRole::ALL
            .into_iter()
            .map(|role| (role.code(), role.name()))
            .collect(),
        kinds: super::card::KINDS.to_vec(),
        deadlines: meta.rows(),
        problems: content
            .problems
            .iter()
            .map(|problem| ProblemRow {
                message: problem.message.clone(),
                place: place_name(problem.place),
                anchor: anchor(problem.place),
            })
            .collect(),
        draft,
        meta,
        content,
    })
}

/// The form of the document's head, as sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    version: i64,
    title: String,
    notice_title: String,
    document_number: String,
    issuer: String,
    issued_on: String,
    published_on: String,
    year: String,
    deadline_text: Vec<String>,
    deadline_date: Vec<String>,
    deadline_kind: Vec<String>,
}

impl Fields {
    fn of(meta: &Meta) -> Self {
        let day = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
        Self {
            version: 0,
            title: meta.title.clone(),
            notice_title: meta.notice_title.clone().unwrap_or_default(),
            document_number: meta.document_number.clone().unwrap_or_default(),
            issuer: meta.issuer.clone().unwrap_or_default(),
            issued_on: day(meta.issued_on),
            published_on: day(meta.published_on),
            year: meta.year.map_or_else(String::new, |year| year.to_string()),
            deadline_text: meta.deadlines.iter().map(|one| one.text.clone()).collect(),
            deadline_date: meta.deadlines.iter().map(|one| day(one.date)).collect(),
            deadline_kind: meta
                .deadlines
                .iter()
                .map(|one| one.kind.code().to_owned())
                .collect(),
        }
    }

    /// What was typed, where the form comes back: somebody else may have saved in between.
    fn typed(mut self, again: &Again) -> Self {
        for (name, field) in [
            ("title", &mut self.title),
            ("notice_title", &mut self.notice_title),
            ("document_number", &mut self.document_number),
            ("issuer", &mut self.issuer),
            ("issued_on", &mut self.issued_on),
            ("published_on", &mut self.published_on),
            ("year", &mut self.year),
        ] {
            *field = again.text_or(name, field).to_owned();
        }
        if !again.text("title").is_empty() {
            [self.deadline_text, self.deadline_date, self.deadline_kind] = rows_again(again);
        }
        self
    }

    /// The rows of dates as far as they say something; a date that cannot be read is left out.
    fn rows(&self) -> Vec<Deadline> {
        let rows = self.deadline_text.iter().zip(&self.deadline_date);
        let rows = rows.zip(&self.deadline_kind);
        rows.filter(|((text, date), _)| !(text.is_empty() && date.is_empty()))
            .map(|((text, date), kind)| Deadline {
                text: text.clone(),
                date: date.trim().parse().ok(),
                kind: DeadlineKind::from_code(kind).unwrap_or(DeadlineKind::By),
            })
            .collect()
    }

    fn parse(&self) -> Result<Meta, FormErrors> {
        let mut errors = FormErrors::default();
        let mut day = |field: &str, text: &str| match text.trim() {
            "" => None,
            text => text
                .parse::<Date>()
                .map_err(|_| {
                    errors.add(
                        field,
                        format!("“{text}”不是日期，请按 2026-03-18 的样子填写。"),
                    )
                })
                .ok(),
        };
        let (issued_on, published_on) = (
            day("issued_on", &self.issued_on),
            day("published_on", &self.published_on),
        );
        let year = match self.year.trim() {
            "" => None,
            text => {
                let year = text.parse::<i64>().ok().filter(|year| YEARS.contains(year));
                if year.is_none() {
                    errors.add("year", "年度请填四位数字，如 2026。");
                }
                year
            }
        };
        let title = filled(&self.title).unwrap_or_default();
        if title.is_empty() {
            errors.add("title", "请填写方案标题。");
        }
        let deadlines = deadlines(
            &self.deadline_text,
            &self.deadline_date,
            &self.deadline_kind,
        )
        .map_err(|sentence| errors.add("deadlines", sentence))
        .unwrap_or_default();
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Meta {
            title,
            notice_title: filled(&self.notice_title),
            document_number: filled(&self.document_number),
            issuer: filled(&self.issuer),
            issued_on,
            published_on,
            year,
            deadlines,
        })
    }
}

/// Rows of dates that a form sends at most.
const ROWS_MAX: usize = 100;

/// Words, dates and kinds of the rows of dates that were typed.
pub(super) fn rows_again(again: &Again) -> [Vec<String>; 3] {
    ["deadline_text", "deadline_date", "deadline_kind"].map(|name| {
        let typed = (1..=ROWS_MAX).map(|n| again.nth(name, &n).to_owned());
        typed.collect()
    })
}

/// Rows of dates: an empty row says nothing; a date without words is named by itself.
pub(super) fn deadlines(
    texts: &[String],
    dates: &[String],
    kinds: &[String],
) -> Result<Vec<Deadline>, String> {
    let mut deadlines = Vec::new();
    for ((text, date), kind) in texts.iter().zip(dates).zip(kinds) {
        let date = match date.trim() {
            "" => None,
            date => Some(
                date.parse::<Date>()
                    .map_err(|_| format!("“{date}”不是日期，请按 2026-03-18 的样子填写。"))?,
            ),
        };
        let text = match (filled(text), date) {
            (Some(text), _) => text,
            (None, Some(date)) => format!("{}年{}月{}日前", date.year(), date.month(), date.day()),
            (None, None) => continue,
        };
        deadlines.push(Deadline {
            text,
            date,
            kind: DeadlineKind::from_code(kind).unwrap_or(DeadlineKind::By),
        });
    }
    Ok(deadlines)
}

/// `POST /workspace/import/{id}/meta`
pub(super) async fn save_meta(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    shell: Shell,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    match fields.parse() {
        Ok(meta) => {
            edit(
                &app,
                &permit,
                id,
                fields.version,
                vec![Edit::Meta(Box::new(meta))],
            )
            .await?;
            Ok(redirect_with(
                &format!("/workspace/import/{id}"),
                "识别结果已保存到草稿。",
            ))
        }
        Err(errors) => {
            let loaded = super::answer::open(&app, &permit, id).await?;
            let mut answer = overview(shell, loaded.draft, loaded.content, fields, errors)?;
            *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(answer)
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Columns {
    version: i64,
    #[serde(default)]
    role: Vec<String>,
}

/// `POST /workspace/import/{id}/columns`: reads the source again with the columns' meanings as given.
pub(super) async fn save_columns(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    Path(id): Path<String>,
    Form(form): Form<Columns>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    let (tasks, kept, orphans) = app
        .db
        .upkeep(async |tx: &mut Tx| {
            let mut loaded = confirm::load(tx, &permit, id).await?;
            if loaded.draft.version != form.version {
                return Err(DraftError::from(StoreError::Stale));
            }
            let source = store::source(tx, id).await?.ok_or(DraftError::NotFound)?;
            let mut columns = loaded.content.columns.clone();
            for (column, role) in columns.iter_mut().zip(&form.role) {
                column.role = ColumnRole::from_code(role).unwrap_or(column.role);
            }
            let merged = reread::read_again(&source, &loaded.content, columns).ok_or_else(|| {
                DraftError::Refused(vec![
                    "按这样的列含义读不出任务，草稿没有改动。请至少指定一列“具体措施”和一列“责任单位”。".to_owned(),
                ])
            })?;
            let counts = (merged.reading.tasks.len(), merged.kept, merged.orphans);
            loaded.content.next_key = merged.next_key;
            apply(&mut loaded.content, Edit::Reread(Box::new(merged.reading)))?;
            let summary = reading::summary(&loaded.content);
            store::save(tx, &mut loaded.draft, &loaded.content, summary).await?;
            Ok(counts)
        })
        .await?;
    let mut sentence = format!("已按新的列含义重新识别，共 {tasks} 条任务，");
    match (kept, orphans) {
        (0, _) => sentence.push_str("没有手工修改需要保留。"),
        (kept, 0) => sentence.push_str(&format!("{kept} 条的手工修改都已保留。")),
        (kept, orphans) => sentence.push_str(&format!(
            "{kept} 条的手工修改都已保留，其中 {orphans} 条在新的结果中没有对应，已标出请核对。"
        )),
    }
    Ok(redirect_with(&format!("/workspace/import/{id}"), &sentence))
}

#[derive(Deserialize)]
pub(super) struct Version {
    version: i64,
}

/// `POST /workspace/import/{id}/by-hand`
pub(super) async fn by_hand(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    Path(id): Path<String>,
    Form(form): Form<Version>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    app.db
        .upkeep(async |tx: &mut Tx| {
            let mut loaded = confirm::load(tx, &permit, id).await?;
            if loaded.draft.version != form.version {
                return Err(DraftError::from(StoreError::Stale));
            }
            loaded.content.by_hand = true;
            let summary = reading::summary(&loaded.content);
            store::save(tx, &mut loaded.draft, &loaded.content, summary).await?;
            Ok(())
        })
        .await?;
    Ok(redirect_with(
        &format!("/workspace/import/{id}"),
        "已转为手工录入，原文仍在左侧供对照。",
    ))
}

/// `POST /workspace/import/{id}/discard`
pub(super) async fn discard(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    Path(id): Path<String>,
    Form(form): Form<Version>,
) -> Result<Response, Problem> {
    let id: DraftId = draft_id(&id)?;
    let is_cancelled = app
        .db
        .write(async |tx: &mut Tx| confirm::discard(tx, &permit, id, form.version).await)
        .await?;
    let done = if is_cancelled {
        "已取消读取，草稿一并作废。"
    } else {
        "草稿已作废。"
    };
    Ok(redirect_with("/workspace/import", done))
}
