//! 比对与更正: what a corrected document changes, which of it is taken over, and the head's decision on it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use gongkai_basis::id::{DraftId, OrganId};
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::diff::Piece;
use gongkai_platform::organ::Directory;
use gongkai_platform::web::{App, Form, Problem, Shell, moment, page, redirect_with};
use serde::Deserialize;

use super::answer::{At, Step, steps};
use super::{draft_id, filled};
use crate::acts::{DecideChange, ImportPlan};
use crate::approval;
use crate::change::decide::decides;
use crate::draft::compare::{Change, Difference, HeadChange};
use crate::draft::correct::{self, Sent, Wanted, why_not_approve};
use crate::draft::effects::why_not_confirm;
use crate::draft::reimport::{Correction, HEAD, compared};
use crate::draft::store::{self, proposal};
use crate::draft::{CorrectionProposal, Draft, DraftError, DraftState, Purpose};
use crate::plan::Plan;

#[derive(Template)]
#[template(path = "import/changes.html")]
struct ChangesPage {
    shell: Shell,
    steps: Vec<Step>,
    draft: Draft,
    plan: Plan,
    /// What was last proposed of it, and decided.
    proposal: Option<CorrectionProposal>,
    /// The person decides about changes of this plan.
    decides: bool,
    /// Who can, by name.
    heads: Vec<String>,
    /// Why nothing of it can be taken over now.
    reasons: Vec<String>,
    head: Vec<HeadChange>,
    new: Vec<Row>,
    changed: Vec<Row>,
    gone: Vec<Row>,
    same: usize,
}

struct Row {
    code: String,
    text: String,
    pieces: Vec<Piece>,
    /// What changed besides the wording, one sentence each.
    facts: Vec<String>,
    /// Reports that stay readable when this is taken over.
    reports: usize,
    /// The ledger had the same task and it was cancelled.
    cancelled: bool,
    is_gone: bool,
}

impl ChangesPage {
    /// It waits for the head: what was chosen is shown, and no longer to be changed.
    fn waits(&self) -> bool {
        self.draft.state == DraftState::Proposed
    }

    fn proposed(&self, code: &str) -> bool {
        let proposal = self.proposal.as_ref();
        proposal.is_some_and(|proposal| proposal.chosen.contains_key(code))
    }

    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }

    /// Chosen by the person; on a fresh page, what is proposed: all but what needs a thought.
    fn chosen(&self, row: &Row) -> bool {
        if self.waits() {
            return self.proposed(&row.code);
        }
        let again = &self.shell.again;
        if again.is_empty() {
            let would_lose_reports = row.is_gone && row.reports > 0;
            !row.cancelled && !would_lose_reports
        } else {
            again.has("change", &row.code)
        }
    }

    fn chose_head(&self) -> bool {
        if self.waits() {
            return self.proposed(HEAD);
        }
        self.shell.again.is_empty() || self.shell.again.has("change", HEAD)
    }
}

/// What the page is made of.
struct Loaded {
    correction: Correction,
    proposal: Option<CorrectionProposal>,
    decides: bool,
    heads: Vec<String>,
}

/// Compares a correction; `None` once it is decided or discarded, whatever became of its plan.
async fn load(
    tx: &mut Tx,
    (permit, decide): (&Permit<ImportPlan>, Option<&Permit<DecideChange>>),
    id: DraftId,
) -> Result<Option<Loaded>, DraftError> {
    let draft = store::load(tx, permit.scope(), id).await?;
    let closed = [DraftState::Confirmed, DraftState::Discarded];
    if draft
        .is_some_and(|draft| draft.purpose == Purpose::Reimport && closed.contains(&draft.state))
    {
        return Ok(None);
    }
    let correction = compared(tx, permit, id).await?;
    let proposal = proposal::of(tx, id).await?;
    let decides = decides(tx, decide, correction.plan.id).await?;
    let heads = approval::heads(tx, correction.plan.organ).await?;
    Ok(Some(Loaded {
        correction,
        proposal,
        decides,
        heads,
    }))
}

/// `GET /workspace/import/{id}/changes`: messages lead here, also once it is decided.
pub(super) async fn show(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    let decide = person_decides(&shell);
    let found = app
        .db
        .read(async |tx: &mut Tx| load(tx, (&permit, decide.as_ref()), id).await)
        .await?;
    let Some(found) = found else {
        return Ok(Redirect::to(&format!("/workspace/import/{id}")).into_response());
    };
    let Loaded {
        correction,
        proposal,
        decides,
        heads,
    } = found;
    let loaded = &correction.loaded;
    let reasons = match (loaded.draft.state, &proposal) {
        (DraftState::Open, _) => why_not_confirm(&loaded.content, &loaded.directory),
        (DraftState::Proposed, Some(proposal)) => why_not_approve(&correction, proposal),
        (
            DraftState::Proposed
            | DraftState::Reading
            | DraftState::Failed
            | DraftState::Confirmed
            | DraftState::Discarded,
            _,
        ) => return Err(Problem::not_found()),
    };
    let (mut new, mut changed, mut gone, mut same) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for change in &correction.changes {
        match change {
            Change::New { draft } => new.push(new_row(&correction, change, *draft)),
            Change::Changed {
                known, difference, ..
            } => changed.push(changed_row(&correction, change, *known, difference)),
            Change::Gone { known } => gone.push(gone_row(&correction, change, *known)),
            Change::Same { .. } => same += 1,
        }
    }
    page(&ChangesPage {
        shell,
        steps: steps(id, correction.loaded.draft.purpose, At::Last),
        proposal,
        decides,
        heads,
        reasons,
        draft: correction.loaded.draft,
        plan: correction.plan,
        head: correction.head,
        new,
        changed,
        gone,
        same,
    })
}

fn person_decides(shell: &Shell) -> Option<Permit<DecideChange>> {
    let person = shell.person.as_ref();
    person.and_then(|person| person.permit::<DecideChange>())
}

fn organ_name(directory: &Directory, id: OrganId) -> String {
    directory
        .entry(id)
        .map_or_else(|| "名录外机关".to_owned(), |entry| entry.name.clone())
}

fn new_row(correction: &Correction, change: &Change, draft: usize) -> Row {
    let directory = &correction.loaded.directory;
    let planned = correction.planned.get(draft).map_or(&[][..], Vec::as_slice);
    let units: Vec<String> = planned
        .iter()
        .map(|plan| {
            format!(
                "{}（{}）",
                organ_name(directory, plan.organ),
                plan.duty.name()
            )
        })
        .collect();
    Row {
        code: change.code(&correction.loaded.content, &correction.known),
        text: correction
            .loaded
            .content
            .tasks
            .get(draft)
            .map_or_else(String::new, |task| task.text.clone()),
        pieces: Vec::new(),
        facts: vec![format!("单位：{}", units.join("、"))],
        reports: 0,
        cancelled: correction
            .loaded
            .content
            .tasks
            .get(draft)
            .is_some_and(|task| correction.cancelled.contains(task.text.trim())),
        is_gone: false,
    }
}

fn changed_row(
    correction: &Correction,
    change: &Change,
    known: usize,
    difference: &Difference,
) -> Row {
    let directory = &correction.loaded.directory;
    let mut facts = Vec::new();
    if let Some((before, after)) = &difference.heading {
        facts.push(format!("所属部分：{before} → {after}"));
    }
    for (name, fact) in [
        ("编号", &difference.number),
        ("时限", &difference.dates),
        ("数量", &difference.quantities),
    ] {
        if let Some((before, after)) = fact {
            facts.push(format!("{name}：{before} → {after}"));
        }
    }
    for plan in &difference.added {
        facts.push(format!(
            "增加单位：{}（{}）",
            organ_name(directory, plan.organ),
            plan.duty.name()
        ));
    }
    for (organ, duty) in &difference.removed {
        facts.push(format!(
            "去掉单位：{}（{}）",
            organ_name(directory, *organ),
            duty.name()
        ));
    }
    for (organ, before, after) in &difference.duties {
        facts.push(format!(
            "{}：{} → {}",
            organ_name(directory, *organ),
            before.name(),
            after.name()
        ));
    }
    Row {
        pieces: difference.text.clone().unwrap_or_default(),
        facts,
        is_gone: false,
        ..gone_row(correction, change, known)
    }
}

fn gone_row(correction: &Correction, change: &Change, known: usize) -> Row {
    let known = correction.known.get(known);
    Row {
        code: change.code(&correction.loaded.content, &correction.known),
        text: known.map_or_else(String::new, |known| known.task.text.clone()),
        pieces: Vec::new(),
        facts: Vec::new(),
        reports: known.map_or(0, |known| {
            known
                .assignments
                .iter()
                .filter(|assignment| assignment.report.is_some())
                .count()
        }),
        cancelled: false,
        is_gone: true,
    }
}

#[derive(Deserialize)]
pub(super) struct SendForm {
    version: i64,
    #[serde(default)]
    change: Vec<String>,
    #[serde(default)]
    reason: String,
}

/// `POST /workspace/import/{id}/changes`: applied at once by who decides, else proposed.
pub(super) async fn send(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ImportPlan>,
    Path(id): Path<String>,
    Form(form): Form<SendForm>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    let decide = person_decides(&shell);
    let wanted = Wanted {
        version: form.version,
        chosen: form.change.into_iter().collect(),
        reason: filled(&form.reason).unwrap_or_default(),
    };
    let sent = app
        .db
        .write(async |tx: &mut Tx| correct::submit(tx, &permit, decide.as_ref(), id, &wanted).await)
        .await?;
    let address = format!("/workspace/import/{id}");
    Ok(match sent {
        Sent::Applied => redirect_with(&address, APPLIED),
        Sent::Waits => redirect_with(
            &format!("{address}/changes"),
            "更正稿已报负责人审批，批准之前台账不变。",
        ),
    })
}

const APPLIED: &str = "选中的改动已进入台账，已有填报都保留。";

#[derive(Deserialize)]
pub(super) struct DecideForm {
    version: i64,
    #[serde(default)]
    why: String,
}

/// `POST /workspace/import/{id}/changes/approve`
pub(super) async fn approve(
    State(app): State<App>,
    permit: Permit<DecideChange>,
    Path(id): Path<String>,
    Form(form): Form<DecideForm>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    app.db
        .write(async |tx: &mut Tx| correct::approve(tx, &permit, (id, form.version)).await)
        .await?;
    Ok(redirect_with(&format!("/workspace/import/{id}"), APPLIED))
}

#[derive(Deserialize)]
pub(super) struct BackForm {
    version: i64,
}

/// `POST /workspace/import/{id}/changes/take-back`
pub(super) async fn take_back(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    Path(id): Path<String>,
    Form(form): Form<BackForm>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    app.db
        .write(async |tx: &mut Tx| correct::take_back(tx, &permit, (id, form.version)).await)
        .await?;
    Ok(redirect_with(
        &format!("/workspace/import/{id}/changes"),
        "报批已撤回，台账没有改动。改好以后可以再报批。",
    ))
}

/// `POST /workspace/import/{id}/changes/return`
pub(super) async fn send_back(
    State(app): State<App>,
    permit: Permit<DecideChange>,
    Path(id): Path<String>,
    Form(form): Form<DecideForm>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    let why = filled(&form.why).unwrap_or_default();
    app.db
        .write(async |tx: &mut Tx| correct::send_back(tx, &permit, (id, form.version), &why).await)
        .await?;
    Ok(redirect_with(
        &format!("/workspace/import/{id}/changes"),
        "更正稿已退回，台账没有改动。",
    ))
}
