//! Adding a task by hand, and amending one: words, place and dates.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gongkai_basis::id::{AssignmentId, PlanId, TaskId};
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Form, FormErrors, Problem, Shell, page, redirect_with};
use serde::Deserialize;

use super::operate::{organ_named, organ_names};
use crate::acts::{DecideChange, ProposeChange};
use crate::approval;
use crate::assignment::Duty;
use crate::change::propose::{Proposal, propose};
use crate::change::{ChangeError, ChangeId, ChangeKind, ChangeState, NewPart, Operation, Wording};
use crate::ledger::store as ledger;
use crate::plan::{self, Deadline, DeadlineKind, Plan};
use crate::task::{self, Task, TaskState};
use crate::when;

/// Blank places for dates and organs below those that are filled.
const BLANK_DATES: usize = 2;
const ORGANS: usize = 6;

/// What the form holds; lists run in parallel.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filled {
    seen: i64,
    text: String,
    section: String,
    group: String,
    due_text: Vec<String>,
    due_date: Vec<String>,
    due_kind: Vec<String>,
    organ: Vec<String>,
    duty: Vec<String>,
    reason: String,
}

#[derive(Template)]
#[template(path = "amend.html")]
struct AmendPage {
    shell: Shell,
    plan: Plan,
    /// `None`: a new task.
    task: Option<Task>,
    filled: Filled,
    errors: FormErrors,
    /// The same change, which waits for approval already.
    waiting: Option<ChangeId>,
    sections: Vec<String>,
    organs: Vec<String>,
    at_once: bool,
    /// Who can approve it, by name.
    heads: Vec<String>,
}

struct DateRow {
    n: usize,
    text: String,
    date: String,
    kind: String,
}

impl AmendPage {
    fn dates(&self) -> Vec<DateRow> {
        let filled = &self.filled;
        let at = |list: &[String], n: usize| list.get(n).cloned().unwrap_or_default();
        (0..filled.due_text.len().max(BLANK_DATES))
            .map(|n| DateRow {
                n: n + 1,
                text: at(&filled.due_text, n),
                date: at(&filled.due_date, n),
                kind: at(&filled.due_kind, n),
            })
            .collect()
    }

    fn parts(&self) -> Vec<(usize, String, String)> {
        let at = |list: &[String], n: usize| list.get(n).cloned().unwrap_or_default();
        (0..ORGANS)
            .map(|n| (n + 1, at(&self.filled.organ, n), at(&self.filled.duty, n)))
            .collect()
    }

    fn kinds(&self) -> [(&'static str, &'static str); 3] {
        [
            ("by", DeadlineKind::By.name()),
            ("recurring", DeadlineKind::Recurring.name()),
            ("minimum-count", DeadlineKind::MinimumCount.name()),
        ]
    }

    fn duties(&self) -> [Duty; 3] {
        Duty::ALL
    }
}

/// Reads the words and dates; errors stand under their fields.
fn wording(filled: &Filled, errors: &mut FormErrors) -> Wording {
    let line = |text: &str| {
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let mut deadlines = Vec::new();
    let rows = filled
        .due_text
        .iter()
        .zip(&filled.due_date)
        .zip(&filled.due_kind);
    for (n, ((text, date), kind)) in (1..).zip(rows) {
        let (text, date) = (text.trim(), date.trim());
        if text.is_empty() && date.is_empty() {
            continue;
        }
        let read: Option<gongkai_basis::Date> = date.parse().ok();
        if !date.is_empty() && read.is_none() {
            errors.add(
                format!("due_date-{n}"),
                format!("第{n}个期限的日期无法识别，请按 2026-09-30 的样子填写。"),
            );
        }
        let printed = match read {
            Some(date) if text.is_empty() => format!("{}前", when::date(date)),
            Some(_) | None => text.to_owned(),
        };
        deadlines.push(Deadline {
            text: printed,
            date: read,
            kind: DeadlineKind::from_code(kind).unwrap_or(DeadlineKind::By),
        });
    }
    let text = filled.text.replace("\r\n", "\n").trim().to_owned();
    if text.is_empty() {
        errors.add("text", "请填写任务内容。");
    }
    if filled.reason.trim().is_empty() {
        errors.add("reason", "请填写变更原因。");
    }
    Wording {
        section: line(&filled.section),
        group: line(&filled.group),
        text,
        deadlines,
        quantities: None,
    }
}

async fn office_plan(
    tx: &mut Tx,
    permit: &Permit<ProposeChange>,
    id: PlanId,
) -> Result<Plan, ChangeError> {
    plan::store::load(tx, permit.scope(), id)
        .await?
        .ok_or(ChangeError::NotFound)
}

async fn open_task(
    tx: &mut Tx,
    permit: &Permit<ProposeChange>,
    id: TaskId,
) -> Result<(Plan, Task), ChangeError> {
    let task = task::store::load(tx, id)
        .await?
        .ok_or(ChangeError::NotFound)?;
    let plan = office_plan(tx, permit, task.plan).await?;
    if task.state == TaskState::Open {
        Ok((plan, task))
    } else {
        Err(ChangeError::Refused(vec![
            "这项任务已经取消，不能再修改。".to_owned(),
        ]))
    }
}

async fn form(
    app: &App,
    shell: Shell,
    (plan, task): (Plan, Option<Task>),
    (filled, errors): (Filled, FormErrors),
    waiting: Option<ChangeId>,
) -> Result<Response, Problem> {
    let (sections, organs, heads) = app
        .db
        .read(async |tx: &mut Tx| {
            Ok::<_, StoreError>((
                ledger::sections(tx, plan.id).await?,
                organ_names(tx, plan.government).await?,
                approval::heads(tx, plan.organ).await?,
            ))
        })
        .await?;
    let at_once = shell
        .person
        .as_ref()
        .and_then(|person| person.permit::<DecideChange>())
        .is_some();
    let wrong = !errors.is_empty() || waiting.is_some();
    let mut response = page(&AmendPage {
        shell,
        plan,
        task,
        filled,
        errors,
        waiting,
        sections,
        organs,
        at_once,
        heads,
    })?;
    if wrong {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// `GET /workspace/plans/{id}/tasks/new`
pub(super) async fn ask_new(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ProposeChange>,
    Path(id): Path<PlanId>,
) -> Result<Response, Problem> {
    let plan = app
        .db
        .read(async |tx: &mut Tx| office_plan(tx, &permit, id).await)
        .await?;
    form(
        &app,
        shell,
        (plan, None),
        (Filled::default(), FormErrors::default()),
        None,
    )
    .await
}

/// `POST /workspace/plans/{id}/tasks/new`
pub(super) async fn add(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ProposeChange>,
    Path(id): Path<PlanId>,
    Form(filled): Form<Filled>,
) -> Result<Response, Problem> {
    let mut errors = FormErrors::default();
    let wording = wording(&filled, &mut errors);
    let (plan, parts) = app
        .db
        .read(async |tx: &mut Tx| {
            let plan = office_plan(tx, &permit, id).await?;
            let parts = parts(tx, &plan, &filled, &mut errors).await?;
            Ok::<_, ChangeError>((plan, parts))
        })
        .await?;
    let operation = Operation::AddTask {
        task: TaskId::new(crate::fresh(app.db.now())),
        wording,
        parts,
    };
    send(
        &app,
        shell,
        &permit,
        (plan, None),
        (filled, errors),
        (ChangeKind::Add, operation),
    )
    .await
}

async fn parts(
    tx: &mut Tx,
    plan: &Plan,
    filled: &Filled,
    errors: &mut FormErrors,
) -> Result<Vec<NewPart>, StoreError> {
    let mut parts = Vec::new();
    let named = filled.organ.iter().any(|name| !name.trim().is_empty());
    if !named {
        errors.add("organ-1", "新任务至少要有一个单位。");
    }
    for (n, (name, duty)) in (1..).zip(filled.organ.iter().zip(&filled.duty)) {
        if name.trim().is_empty() {
            continue;
        }
        match organ_named(tx, plan.government, name).await? {
            Ok(organ) => parts.push(NewPart {
                assignment: AssignmentId::new(crate::fresh(tx.now())),
                organ,
                duty: Duty::from_code(duty).unwrap_or(Duty::Responsible),
            }),
            Err(sentence) => errors.add(format!("organ-{n}"), sentence),
        }
    }
    Ok(parts)
}

/// `GET /workspace/tasks/{id}/amend`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ProposeChange>,
    Path(id): Path<TaskId>,
) -> Result<Response, Problem> {
    let (plan, task) = app
        .db
        .read(async |tx: &mut Tx| open_task(tx, &permit, id).await)
        .await?;
    let date = |deadline: &Deadline| {
        deadline
            .date
            .map_or_else(String::new, |date| date.to_string())
    };
    let blank = || std::iter::once(String::new());
    let filled = Filled {
        seen: task.version,
        text: task.text.clone(),
        section: task.section.clone().unwrap_or_default(),
        group: task.group.clone().unwrap_or_default(),
        due_text: task
            .deadlines
            .iter()
            .map(|deadline| deadline.text.clone())
            .chain(blank())
            .collect(),
        due_date: task.deadlines.iter().map(date).chain(blank()).collect(),
        due_kind: task
            .deadlines
            .iter()
            .map(|deadline| deadline.kind.code().to_owned())
            .chain(blank())
            .collect(),
        ..Filled::default()
    };
    form(
        &app,
        shell,
        (plan, Some(task)),
        (filled, FormErrors::default()),
        None,
    )
    .await
}

/// `POST /workspace/tasks/{id}/amend`
pub(super) async fn amend(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ProposeChange>,
    Path(id): Path<TaskId>,
    Form(filled): Form<Filled>,
) -> Result<Response, Problem> {
    let (plan, task) = app
        .db
        .read(async |tx: &mut Tx| open_task(tx, &permit, id).await)
        .await?;
    let mut errors = FormErrors::default();
    let operation = Operation::AmendTask {
        task: id,
        seen: filled.seen,
        wording: wording(&filled, &mut errors),
    };
    send(
        &app,
        shell,
        &permit,
        (plan, Some(task)),
        (filled, errors),
        (ChangeKind::Amend, operation),
    )
    .await
}

async fn send(
    app: &App,
    shell: Shell,
    permit: &Permit<ProposeChange>,
    (plan, task): (Plan, Option<Task>),
    (filled, mut errors): (Filled, FormErrors),
    (kind, operation): (ChangeKind, Operation),
) -> Result<Response, Problem> {
    if !errors.is_empty() {
        return form(app, shell, (plan, task), (filled, errors), None).await;
    }
    let decide = shell
        .person
        .as_ref()
        .and_then(|person| person.permit::<DecideChange>());
    let proposal = Proposal {
        plan: plan.id,
        kind,
        operations: vec![operation],
        reason: filled.reason.trim().to_owned(),
    };
    let sent = app
        .db
        .write(async |tx: &mut Tx| propose(tx, permit, decide.as_ref(), proposal).await)
        .await;
    match sent {
        Ok(change) => {
            let sentence = match change.state {
                ChangeState::Approved => format!("{}已生效。", kind.name()),
                _ => format!("已提出{}，等待审批。", kind.name()),
            };
            Ok(redirect_with(
                &format!("/workspace/changes/{}", change.id),
                &sentence,
            ))
        }
        Err(ChangeError::Refused(reasons)) => {
            for reason in reasons {
                errors.add("text", reason);
            }
            form(app, shell, (plan, task), (filled, errors), None).await
        }
        Err(ChangeError::Waiting(same)) => {
            form(app, shell, (plan, task), (filled, errors), Some(same)).await
        }
        Err(error) => Err(error.into()),
    }
}
