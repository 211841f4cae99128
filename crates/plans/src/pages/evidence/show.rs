//! One piece of evidence: what it is, what checks found, what can be done about it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::id::EvidenceId;
use gongkai_basis::reference::Verdict;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::web::{App, Form, FormErrors, Problem, Shell, page, redirect_with, refuse};

use super::Why;
use crate::acts::{AcceptEvidence, CheckEvidence, ReadTask, ReportProgress};
use crate::assignment;
use crate::evidence::check::accept as acceptance;
use crate::evidence::check::{Check, check_now, store as checks};
use crate::evidence::{Evidence, Proof, store};
use crate::pages::{Readable, task};
use crate::plan;
use crate::step::{StepError, form_errors};
use crate::task::Task;
use crate::when;

#[derive(Template)]
#[template(path = "evidence/show.html")]
struct EvidencePage {
    shell: Shell,
    item: Evidence,
    task: Task,
    organ: String,
    /// Where a record of this system is read, and what it is called.
    record: Option<(String, String)>,
    history: Vec<Check>,
    may_check: bool,
    may_accept: bool,
    may_withdraw: bool,
    why: String,
    errors: FormErrors,
}

impl EvidencePage {
    fn at(&self, milliseconds: &i64) -> String {
        when::moment(*milliseconds)
    }

    fn seal(&self, seal: &Option<String>) -> String {
        const SHOWN: usize = 12;
        seal.as_deref().unwrap_or("—").chars().take(SHOWN).collect()
    }
}

/// What a person may do here, asked act by act.
struct Hands {
    check: bool,
    accept: bool,
    withdraw: bool,
}

async fn hands(
    tx: &mut Tx,
    shell: &Shell,
    item: &Evidence,
    plan: gongkai_basis::id::PlanId,
) -> Result<Hands, StoreError> {
    let person = shell.person.as_ref();
    let accept = match person.and_then(|person| person.permit::<AcceptEvidence>()) {
        Some(permit) => plan::store::load(tx, permit.scope(), plan).await?.is_some(),
        None => false,
    };
    let withdraw = match person.and_then(|person| person.permit::<ReportProgress>()) {
        Some(permit) => assignment::store::load(tx, permit.scope(), item.assignment)
            .await?
            .is_some(),
        None => false,
    };
    let in_force = !item.is_withdrawn();
    Ok(Hands {
        check: in_force && shell.may(&CheckEvidence::ROW),
        accept: in_force && accept && item.decayed,
        withdraw: in_force && withdraw,
    })
}

async fn build(app: &App, shell: Shell, id: EvidenceId) -> Result<EvidencePage, Problem> {
    let readable = Readable::of(&shell);
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let Some((item, plan, task)) = visible(tx, &readable, id).await? else {
                return Ok(None);
            };
            let part = assignment::store::find(tx, item.assignment).await?;
            let organ = match part {
                Some(part) => organ::store::load(tx, part.organ).await?,
                None => None,
            };
            let record = match &item.proof {
                Proof::Record(of) => app.seams.describe(tx, of).await?,
                Proof::File(_) | Proof::Link(_) | Proof::Event(_) | Proof::Figure(_) => None,
            };
            let hands = hands(tx, &shell, &item, plan).await?;
            let history = checks::history(tx, id).await?;
            let organ = organ.map_or_else(String::new, |organ| organ.name);
            let record = record.map(|record| (record.path, record.title));
            Ok::<_, StoreError>(Some((item, task, organ, record, history, hands)))
        })
        .await?;
    let (item, task, organ, record, history, hands) = found.ok_or_else(Problem::not_found)?;
    Ok(EvidencePage {
        shell,
        item,
        task,
        organ,
        record,
        history,
        may_check: hands.check,
        may_accept: hands.accept,
        may_withdraw: hands.withdraw,
        why: String::new(),
        errors: FormErrors::default(),
    })
}

/// Evidence of a task that the person may read.
async fn visible(
    tx: &mut Tx,
    readable: &Readable,
    id: EvidenceId,
) -> Result<Option<(Evidence, gongkai_basis::id::PlanId, Task)>, StoreError> {
    let Some(item) = store::load(tx, id).await? else {
        return Ok(None);
    };
    let Some(part) = assignment::store::find(tx, item.assignment).await? else {
        return Ok(None);
    };
    let seen = task::visible(tx, readable, part.task).await?;
    Ok(seen.map(|(plan, task)| (item, plan.id, task)))
}

/// `GET /workspace/evidence/{id}`
pub(in crate::pages) async fn show(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadTask>,
    Path(id): Path<EvidenceId>,
) -> Result<Response, Problem> {
    page(&build(&app, shell, id).await?)
}

/// `POST /workspace/evidence/{id}/check`: looks now.
pub(in crate::pages) async fn check(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<CheckEvidence>,
    Path(id): Path<EvidenceId>,
) -> Result<Response, Problem> {
    let readable = Readable::of(&shell);
    app.db
        .read(async |tx: &mut Tx| visible(tx, &readable, id).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let verdict = check_now(&app, &permit, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let sentence = match &verdict {
        Verdict::Holds => "已核验：有效。".to_owned(),
        Verdict::Changed(why) | Verdict::Gone(why) | Verdict::CannotTell(why) => {
            format!("已核验：{}。{why}", verdict.name())
        }
    };
    Ok(redirect_with(
        &format!("/workspace/evidence/{id}"),
        &sentence,
    ))
}

/// `POST /workspace/evidence/{id}/accept`
pub(in crate::pages) async fn accept(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<AcceptEvidence>,
    Path(id): Path<EvidenceId>,
    Form(form): Form<Why>,
) -> Result<Response, Problem> {
    let why = form.why.trim().to_owned();
    let done = app
        .db
        .write(async |tx: &mut Tx| acceptance::accept(tx, &permit, id, &why).await)
        .await;
    match done {
        Ok(item) => Ok(redirect_with(
            &format!("/workspace/evidence/{id}"),
            &format!("已认定佐证“{}”仍然有效。", item.evidence.title),
        )),
        Err(StepError::Refused(reasons)) => {
            let mut view = build(&app, shell, id).await?;
            view.errors = form_errors(reasons);
            view.why = why;
            refuse(&view)
        }
        Err(error) => Err(error.into()),
    }
}
