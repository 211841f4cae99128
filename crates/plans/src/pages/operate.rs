//! Changes made from the ledger or from a task: choose what it means, look at the preview, propose.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, OrganId, PlanId, TaskId};
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::{self, Target};
use gongkai_platform::web::{
    App, Form, FormErrors, Problem, Query as Address, Shell, page, redirect_with, refuse,
};
use jiff::Timestamp;
use serde::Deserialize;

use crate::acts::{DecideChange, ProposeChange};
use crate::approval;
use crate::assignment::{self, Duty};
use crate::change::describe::{Described, describe};
use crate::change::effects::{Effects, Written};
use crate::change::propose::{Proposal, propose, waiting};
use crate::change::{
    Change, ChangeError, ChangeId, ChangeKind, ChangeState, NewPart, OPERATIONS_MAX, Operation,
};
use crate::ledger::query::Query;
use crate::ledger::{View, store as ledger};
use crate::plan::{self, Plan};
use crate::task;

/// Of what was chosen so many are named, each task by so many characters.
const CHOSEN_SHOWN: usize = 10;
const CHOSEN_CHARS: usize = 60;

/// What was chosen and what it shall become; `step` is empty at first, then `preview` or, without the rows that cannot be
/// changed so, `rest`, then `propose`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    plan: String,
    kind: String,
    task: Vec<String>,
    assignment: Vec<String>,
    /// All that the ledger's filters match, instead of the ticked rows.
    all: String,
    query: String,
    due_on: String,
    organ: String,
    duty: String,
    reason: String,
    step: String,
}

#[derive(Template)]
#[template(path = "operate.html")]
struct OperatePage {
    shell: Shell,
    plan: Plan,
    kind: ChangeKind,
    asked: Asked,
    count: usize,
    /// The first of what was chosen: the task, and for a part its unit.
    chosen: Vec<String>,
    errors: FormErrors,
    organs: Vec<String>,
    /// The change in words, once it is complete.
    preview: Option<Vec<Described>>,
    /// How many rows cannot be changed so, and how many are left without them.
    without: Option<(usize, usize)>,
    /// Rows that were left out just now.
    left_out: usize,
    /// The same change, which waits for approval already.
    waiting: Option<ChangeId>,
    at_once: bool,
    /// Who can approve it, by name.
    heads: Vec<String>,
}

impl OperatePage {
    fn proposal(&self, operations: Vec<Operation>) -> Proposal {
        Proposal {
            plan: self.plan.id,
            kind: self.kind,
            operations,
            reason: self.asked.reason.trim().to_owned(),
        }
    }

    fn wants_due(&self) -> bool {
        self.kind == ChangeKind::Due
    }

    fn wants_organ(&self) -> bool {
        matches!(self.kind, ChangeKind::AddOrgan | ChangeKind::Transfer)
    }

    fn organ_label(&self) -> &'static str {
        match self.kind {
            ChangeKind::Transfer => "转交给",
            _ => "单位",
        }
    }

    fn wants_duty(&self) -> bool {
        matches!(self.kind, ChangeKind::AddOrgan | ChangeKind::Duty)
    }

    fn duties(&self) -> Vec<(&'static str, &'static str)> {
        Duty::ALL
            .iter()
            .map(|duty| (duty.code(), duty.name()))
            .collect()
    }
}

/// `GET /workspace/changes/new`: from a task's page.
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ProposeChange>,
    Address(asked): Address<Asked>,
) -> Result<Response, Problem> {
    work(
        app,
        shell,
        permit,
        Asked {
            step: String::new(),
            ..asked
        },
    )
    .await
}

/// `POST /workspace/changes/new`: from the ledger, and from step to step.
pub(super) async fn step(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ProposeChange>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    work(app, shell, permit, asked).await
}

/// What the person wants to do with what was chosen.
fn kind(asked: &Asked) -> Result<ChangeKind, Problem> {
    ChangeKind::from_code(&asked.kind)
        .filter(|kind| !matches!(kind, ChangeKind::Add | ChangeKind::Amend))
        .ok_or_else(|| Problem::refused(vec!["请先选择要办理的变更。".to_owned()]))
}

async fn work(
    app: App,
    shell: Shell,
    permit: Permit<ProposeChange>,
    asked: Asked,
) -> Result<Response, Problem> {
    let person = shell.person.as_ref();
    let decide = person.and_then(|person| person.permit::<DecideChange>());
    let mut view = load(&app, shell, &permit, asked).await?;
    view.at_once = decide.is_some();
    if view.asked.step.is_empty() {
        return page(&view);
    }
    let wish = app
        .db
        .read(async |tx: &mut Tx| read_wish(tx, &view).await)
        .await?;
    let operations = match wish {
        Ok(operations) => operations,
        Err(errors) => return again(view, errors),
    };
    let step = view.asked.step.clone();
    match step.as_str() {
        "propose" => {
            let proposal = view.proposal(operations);
            let done = app
                .db
                .write(async |tx: &mut Tx| propose(tx, &permit, decide.as_ref(), proposal).await)
                .await;
            proposed(view, done)
        }
        "rest" => without_hindered(&app, view, operations).await,
        _ => previewed(&app, view, operations).await,
    }
}

/// The page with what was chosen, before anything is done with it.
async fn load(
    app: &App,
    shell: Shell,
    permit: &Permit<ProposeChange>,
    mut asked: Asked,
) -> Result<OperatePage, Problem> {
    let kind = kind(&asked)?;
    let id: PlanId = asked.plan.parse().map_err(|_| Problem::not_found())?;
    let today = app.today();
    let (plan, organs, chosen, heads) = app
        .db
        .read(async |tx: &mut Tx| {
            let plan = plan::store::load(tx, permit.scope(), id)
                .await?
                .ok_or(ChangeError::NotFound)?;
            choose_all(tx, &plan, &mut asked, today).await?;
            let organs = organ_names(tx, plan.government).await?;
            let chosen = chosen(tx, &plan, &asked, today).await?;
            let heads = approval::heads(tx, plan.organ).await?;
            Ok::<_, ChangeError>((plan, organs, chosen, heads))
        })
        .await?;
    let count = asked.task.len() + asked.assignment.len();
    if count == 0 {
        return Err(Problem::refused(vec![
            "没有选中任何一项。请返回台账，先勾选要变更的行。".to_owned(),
        ]));
    }
    Ok(OperatePage {
        shell,
        kind,
        count,
        chosen,
        errors: FormErrors::default(),
        organs,
        preview: None,
        without: None,
        left_out: 0,
        waiting: None,
        at_once: false,
        heads,
        plan,
        asked,
    })
}

/// On to the change's own page, or the form again with why it was not proposed.
fn proposed(mut view: OperatePage, done: Result<Change, ChangeError>) -> Result<Response, Problem> {
    let (kind, count) = (view.kind.name(), view.count);
    match done {
        Ok(change) => {
            let sentence = match change.state {
                ChangeState::Approved => format!("{kind}已生效，共{count}项。"),
                _ => format!("已提出{kind}，共{count}项，等待审批。"),
            };
            let to = format!("/workspace/changes/{}", change.id);
            Ok(redirect_with(&to, &sentence))
        }
        Err(ChangeError::Waiting(same)) => {
            view.waiting = Some(same);
            refuse(&view)
        }
        Err(ChangeError::Refused(reasons)) => again(view, on_step(reasons)),
        Err(error) => Err(error.into()),
    }
}

/// The page again, with what the change would do or why it cannot be done.
async fn previewed(
    app: &App,
    mut view: OperatePage,
    operations: Vec<Operation>,
) -> Result<Response, Problem> {
    let proposal = view.proposal(operations);
    let operations = proposal.operations.as_slice();
    let (effects, lines, same) = app
        .db
        .read(async |tx: &mut Tx| {
            let effects = Effects::of(tx, &view.plan, operations).await?;
            let lines = describe(tx, operations, &effects.previous(Written::No)).await?;
            let same = waiting(tx, &proposal).await?;
            Ok::<_, StoreError>((effects, lines, same))
        })
        .await?;
    if !effects.refusals.is_empty() {
        let rest = effects.rest(operations);
        view.without = rest.map(|rest| (operations.len() - rest.len(), rest.len()));
        return again(view, on_step(effects.refusals));
    }
    if same.is_some() {
        view.waiting = same;
        return refuse(&view);
    }
    view.preview = Some(lines);
    page(&view)
}

/// The preview of what is left without the rows on which the change cannot be made.
async fn without_hindered(
    app: &App,
    mut view: OperatePage,
    operations: Vec<Operation>,
) -> Result<Response, Problem> {
    let effects = app
        .db
        .read(async |tx: &mut Tx| Effects::of(tx, &view.plan, &operations).await)
        .await?;
    let Some(rest) = effects.rest(&operations) else {
        return previewed(app, view, operations).await;
    };
    let kept: BTreeSet<String> = rest.iter().map(row_of).collect();
    view.asked.task.retain(|id| kept.contains(id));
    view.asked.assignment.retain(|id| kept.contains(id));
    let count = view.asked.task.len() + view.asked.assignment.len();
    view.left_out = view.count - count;
    view.count = count;
    let today = app.today();
    view.chosen = app
        .db
        .read(async |tx: &mut Tx| chosen(tx, &view.plan, &view.asked, today).await)
        .await?;
    previewed(app, view, rest).await
}

/// The row that a step is for, as the form names it.
fn row_of(operation: &Operation) -> String {
    match operation {
        Operation::AddTask { task, .. }
        | Operation::AmendTask { task, .. }
        | Operation::TaskDue { task, .. }
        | Operation::AddPart { task, .. }
        | Operation::CancelTask { task, .. } => task.to_string(),
        Operation::PartDue { assignment, .. }
        | Operation::RemovePart { assignment }
        | Operation::SetDuty { assignment, .. }
        | Operation::Transfer { assignment, .. } => assignment.to_string(),
    }
}

fn on_step(reasons: Vec<String>) -> FormErrors {
    let mut errors = FormErrors::default();
    for reason in reasons {
        errors.add("step", reason);
    }
    errors
}

fn again(mut view: OperatePage, errors: FormErrors) -> Result<Response, Problem> {
    view.errors = errors;
    refuse(&view)
}

/// The first of what was chosen, in words.
async fn chosen(
    tx: &mut Tx,
    plan: &Plan,
    asked: &Asked,
    today: Date,
) -> Result<Vec<String>, StoreError> {
    let words = |number: Option<i64>, text: &str| {
        let text = crate::quote::beginning(text, CHOSEN_CHARS);
        number.map_or_else(|| text.clone(), |number| format!("第{number}项　{text}"))
    };
    let mut found = Vec::new();
    let tasks = asked.task.iter().filter_map(|id| id.parse().ok());
    for id in tasks.take(CHOSEN_SHOWN) {
        let task = task::store::load(tx, id).await?;
        if let Some(task) = task.filter(|task| task.plan == plan.id) {
            found.push(words(task.number, &task.text));
        }
    }
    let parts = asked.assignment.iter().filter_map(|id| id.parse().ok());
    let parts: Vec<AssignmentId> = parts.take(CHOSEN_SHOWN).collect();
    let mut own = Vec::new();
    for id in parts {
        let part = assignment::store::find(tx, id).await?;
        own.extend(part.filter(|part| part.plan == plan.id).map(|part| part.id));
    }
    for row in ledger::assignment_page(tx, &own, today).await? {
        found.push(format!(
            "{}：{}（{}）",
            row.organ_name,
            words(row.number, &row.text),
            row.duty.name()
        ));
    }
    Ok(found)
}

/// Puts everything that the ledger's filters match in place of the ticked rows.
async fn choose_all(
    tx: &mut Tx,
    plan: &Plan,
    asked: &mut Asked,
    today: Date,
) -> Result<(), ChangeError> {
    if asked.all != "1" {
        return Ok(());
    }
    let (tasks, parts) = all_matching(tx, plan, &asked.query, today).await?;
    asked.task = tasks.iter().map(TaskId::to_string).collect();
    asked.assignment = parts.iter().map(AssignmentId::to_string).collect();
    // From here on the rows themselves are named, so that what was previewed is what is proposed.
    asked.all = String::new();
    Ok(())
}

/// What the ledger's filters match: tasks or parts, as the address of its page says; one more than may be changed.
pub(crate) async fn all_matching(
    tx: &mut Tx,
    plan: &Plan,
    query: &str,
    today: Date,
) -> Result<(Vec<TaskId>, Vec<AssignmentId>), StoreError> {
    // The ledger's own address, as [`Query::address`] wrote it.
    let query = Query::read(
        &Address::of(query)
            .map(|Address(raw)| raw)
            .unwrap_or_default(),
    );
    let most = i64::try_from(OPERATIONS_MAX).unwrap_or(i64::MAX);
    let rows = (0, most + 1);
    let narrow = &query.narrow;
    Ok(match query.view {
        View::Tasks => (
            ledger::task_ids(tx, plan.id, narrow, query.sort, today, rows).await?,
            Vec::new(),
        ),
        View::Assignments => {
            let count = ledger::count_assignments(tx, plan.id, narrow, today).await?;
            let narrow = (narrow, count);
            (
                Vec::new(),
                ledger::assignment_ids(tx, plan.id, narrow, query.sort, today, rows).await?,
            )
        }
    })
}

/// Names of the organs in use, for the list under an organ's field.
pub(super) async fn organ_names(
    tx: &mut Tx,
    government: OrganId,
) -> Result<Vec<String>, StoreError> {
    Ok(organ::all_below(tx, government)
        .await?
        .into_iter()
        .filter(organ::Organ::is_active)
        .map(|organ| organ.name)
        .collect())
}

/// The one organ of a government's directory that a name means, or the sentence that says why there is none.
pub(super) async fn organ_named(
    tx: &mut Tx,
    government: OrganId,
    name: &str,
) -> Result<Result<OrganId, String>, StoreError> {
    let name = name.trim();
    if name.is_empty() {
        return Ok(Err("请填写单位名称。".to_owned()));
    }
    let directory = organ::directory(tx, government).await?;
    let mut found: Vec<OrganId> = Vec::new();
    for hit in directory.find(name) {
        match hit.target {
            Target::Organ(id) if !found.contains(&id) => found.push(id),
            Target::Organ(_) | Target::Collective(_) => {}
        }
    }
    Ok(match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(format!(
            "机关名录里没有“{name}”。请从列表中选择，或先在机关名录中添加。"
        )),
        [_, ..] => Err(format!("“{name}”可能指{}个单位，请填写全称。", found.len())),
    })
}

async fn read_wish(
    tx: &mut Tx,
    view: &OperatePage,
) -> Result<Result<Vec<Operation>, FormErrors>, StoreError> {
    let asked = &view.asked;
    let mut errors = FormErrors::default();
    if asked.reason.trim().is_empty() {
        errors.add("reason", "请填写变更原因。");
    }
    if view.count > OPERATIONS_MAX {
        errors.add(
            "step",
            format!(
                "一次最多变更{OPERATIONS_MAX}项，现在选了{}项。请分几次办理。",
                view.count
            ),
        );
    }
    let due_on: Option<Date> = asked.due_on.parse().ok();
    if view.wants_due() && due_on.is_none() {
        errors.add("due_on", "请填写新的期限，如 2026-11-30。");
    }
    let duty = Duty::from_code(&asked.duty);
    if view.wants_duty() && duty.is_none() {
        errors.add("duty", "请选择分工。");
    }
    let mut organ = None;
    if view.wants_organ() {
        match organ_named(tx, view.plan.government, &asked.organ).await? {
            Ok(found) => organ = Some(found),
            Err(sentence) => errors.add("organ", sentence),
        }
    }
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let wish = Wish {
        kind: view.kind,
        due_on,
        duty,
        organ,
    };
    let mut operations = Vec::with_capacity(view.count);
    for id in asked.task.iter().filter_map(|id| id.parse::<TaskId>().ok()) {
        if let Some(task) = task::store::load(tx, id).await? {
            operations.extend(wish.on_task(&task, tx.now()));
        }
    }
    for id in asked
        .assignment
        .iter()
        .filter_map(|id| id.parse::<AssignmentId>().ok())
    {
        if let Some(part) = assignment::store::find(tx, id).await? {
            operations.extend(wish.on_part(&part, tx.now()));
        }
    }
    if operations.is_empty() {
        errors.add("step", "选中的内容不能这样变更。请返回台账重新选择。");
        return Ok(Err(errors));
    }
    Ok(Ok(operations))
}

struct Wish {
    kind: ChangeKind,
    due_on: Option<Date>,
    duty: Option<Duty>,
    organ: Option<OrganId>,
}

impl Wish {
    fn on_task(&self, task: &task::Task, now: Timestamp) -> Option<Operation> {
        let (id, seen) = (task.id, task.version);
        Some(match self.kind {
            ChangeKind::Due => Operation::TaskDue {
                task: id,
                seen,
                due_on: self.due_on?,
            },
            ChangeKind::Cancel => Operation::CancelTask { task: id, seen },
            ChangeKind::AddOrgan => Operation::AddPart {
                task: id,
                part: self.part(self.duty?, now)?,
            },
            ChangeKind::Add
            | ChangeKind::Amend
            | ChangeKind::RemoveOrgan
            | ChangeKind::Duty
            | ChangeKind::Transfer => return None,
        })
    }

    fn on_part(&self, part: &assignment::Assignment, now: Timestamp) -> Option<Operation> {
        let assignment = part.id;
        Some(match self.kind {
            ChangeKind::Due => Operation::PartDue {
                assignment,
                due_on: self.due_on?,
            },
            ChangeKind::RemoveOrgan => Operation::RemovePart { assignment },
            ChangeKind::Duty => Operation::SetDuty {
                assignment,
                duty: self.duty?,
            },
            // The new unit takes over in the same duty.
            ChangeKind::Transfer => Operation::Transfer {
                assignment,
                to: self.part(part.duty, now)?,
            },
            ChangeKind::Add | ChangeKind::Amend | ChangeKind::AddOrgan | ChangeKind::Cancel => {
                return None;
            }
        })
    }

    fn part(&self, duty: Duty, now: Timestamp) -> Option<NewPart> {
        Some(NewPart {
            assignment: AssignmentId::new(crate::fresh(now)),
            organ: self.organ?,
            duty,
        })
    }
}
