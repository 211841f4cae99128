//! Reporting progress: the form, its saving, and the merge of two people's versions. Nothing typed is ever lost.

mod form;
mod kept;

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gongkai_basis::id::{AssignmentId, ReportId};
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::organ;
use gongkai_platform::web::{App, FormErrors, Problem, Shell, page, redirect_with, refuse};

use super::assignment::{Comparison, compare};
use crate::acts::ReportProgress;
use crate::assignment::Assignment;
use crate::evidence::attach::attach;
use crate::evidence::target::Tally;
use crate::evidence::{self, Evidence, run};
use crate::ledger::Due;
use crate::report::submit::{SubmitError, open_assignment, submit};
use crate::report::{self, Outcome, Report};
use crate::task::{self, Task};
use crate::when;

pub(super) use form::SLOTS;
use form::{Filled, Slot};

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    shell: Shell,
    task: Task,
    part: Assignment,
    organ: String,
    due: String,
    filled: Filled,
    errors: FormErrors,
    evidence: Vec<Evidence>,
    /// How the evidence that the plan counts stands.
    tallies: Vec<Tally>,
    /// Somebody else's version that came first, against this author's.
    conflict: Option<Conflict>,
    /// The version with which this author began is no longer in force, and no other one is.
    taken_back: bool,
    notes: Vec<String>,
}

struct Conflict {
    theirs: Report,
    at: String,
    comparison: Comparison,
    /// Fields that both changed, each otherwise: what this author typed stands there.
    clashes: Vec<&'static str>,
}

impl Conflict {
    fn clashing(&self) -> String {
        format!("“{}”", self.clashes.join("”“"))
    }
}

/// A place for evidence with the names of its fields.
struct Place<'p> {
    n: usize,
    slot: &'p Slot,
    file: String,
    kept: String,
    url: String,
    title: String,
    proves: String,
    quote: String,
    dated_on: String,
}

impl<'p> Place<'p> {
    fn of(n: usize, slot: &'p Slot) -> Self {
        let name = |field: &str| format!("{field}-{n}");
        Self {
            n,
            slot,
            file: name("file"),
            kept: name("kept"),
            url: name("url"),
            title: name("title"),
            proves: name("proves"),
            quote: name("quote"),
            dated_on: name("dated_on"),
        }
    }
}

impl ReportPage {
    fn outcomes(&self) -> Vec<(&'static str, &'static str)> {
        Outcome::options()
    }

    fn slots(&self) -> Vec<Place<'_>> {
        (1..)
            .zip(&self.filled.slots)
            .map(|(n, slot)| Place::of(n, slot))
            .collect()
    }

    fn action(&self) -> String {
        format!("/workspace/assignments/{}/report", self.part.id)
    }
}

struct Around {
    part: Assignment,
    task: Task,
    organ: String,
    current: Option<Report>,
    evidence: Vec<Evidence>,
    tallies: Vec<Tally>,
}

async fn around(
    tx: &mut Tx,
    permit: &Permit<ReportProgress>,
    id: AssignmentId,
) -> Result<Around, SubmitError> {
    let part = open_assignment(tx, permit, id).await?;
    let task = task::store::load(tx, part.task)
        .await?
        .ok_or(SubmitError::NotFound)?;
    let organ = organ::store::load(tx, part.organ)
        .await?
        .map_or_else(String::new, |organ| organ.name);
    let current = match part.report {
        Some(report) => report::store::load(tx, report).await?,
        None => None,
    };
    let evidence = evidence::store::of_assignment(tx, id).await?;
    let (wanted, counted) = evidence::target::store::of_assignment(tx, id).await?;
    Ok(Around {
        tallies: wanted.tally(&counted),
        part,
        task,
        organ,
        current,
        evidence,
    })
}

fn form_page(app: &App, shell: Shell, around: Around, filled: Filled) -> ReportPage {
    let done = around
        .current
        .as_ref()
        .is_some_and(|report| report.content.outcome == Outcome::Done);
    // What is done is not late.
    let next = around.part.next_due_on.filter(|_| !done);
    let due = Due::of(&[], around.part.due_on, next);
    let left = due.left(&app.calendar(), app.today());
    let due = if left.is_empty() {
        due.text
    } else {
        format!("{}，{left}", due.text)
    };
    ReportPage {
        shell,
        task: around.task,
        part: around.part,
        organ: around.organ,
        due,
        filled,
        errors: FormErrors::default(),
        evidence: around.evidence,
        tallies: around.tallies,
        conflict: None,
        taken_back: false,
        notes: Vec::new(),
    }
}

/// `GET /workspace/assignments/{id}/report`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ReportProgress>,
    Path(id): Path<AssignmentId>,
) -> Result<Response, Problem> {
    let around = app
        .db
        .read(async |tx: &mut Tx| around(tx, &permit, id).await)
        .await?;
    let filled = Filled::from_report(around.current.as_ref());
    page(&form_page(&app, shell, around, filled))
}

/// `POST /workspace/assignments/{id}/report`: evidence is kept first, then the words; a refusal of the words does not
/// lose the files.
pub(super) async fn save(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ReportProgress>,
    Path(id): Path<AssignmentId>,
    multipart: Multipart,
) -> Result<Response, Problem> {
    // Who may not report learns nothing and stores nothing.
    let before = app
        .db
        .read(async |tx: &mut Tx| around(tx, &permit, id).await)
        .await?;
    let mut filled = Filled::read(multipart).await?;
    let account = permit.actor().account();
    if let Some(account) = account {
        filled.recall(&app, account).await?;
    }
    let mut errors = FormErrors::default();
    let mut notes = Vec::new();
    keep_evidence(&app, &permit, id, &mut filled, (&mut errors, &mut notes)).await?;
    let content = filled.content(&mut errors);
    let based_on = filled.based_on();
    let same = before
        .current
        .filter(|current| Some(current.id) == based_on)
        .is_some_and(|current| Some(&current.content) == content.as_ref());
    if same && errors.is_empty() {
        let sentence = format!("{}内容和上一版相同，没有另存新版。", notes.join(""));
        return Ok(redirect_with(
            &format!("/workspace/assignments/{id}"),
            &sentence,
        ));
    }
    if let Some(content) = content.filter(|_| errors.is_empty()) {
        let saved = app
            .db
            .write(async |tx: &mut Tx| submit(tx, &permit, id, based_on, content).await)
            .await;
        match saved {
            Ok(report) => {
                let sentence = format!("已保存第{}版填报。{}", report.sequence, notes.join(""));
                return Ok(redirect_with(
                    &format!("/workspace/assignments/{id}"),
                    &sentence,
                ));
            }
            Err(SubmitError::Refused(refusals)) => {
                for refusal in refusals {
                    errors.add(refusal.field, refusal.sentence);
                }
            }
            Err(SubmitError::Conflict) => {
                return conflict(&app, shell, &permit, id, (filled, notes)).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    if let Some(account) = account {
        filled.keep(&app, account).await?;
    }
    let around = app
        .db
        .read(async |tx: &mut Tx| around(tx, &permit, id).await)
        .await?;
    let mut view = form_page(&app, shell, around, filled);
    view.errors = errors;
    view.notes = notes;
    refuse(&view)
}

/// Is it a page that the program may look at?
fn may_be_asked(app: &App, item: &Evidence) -> bool {
    item.url().is_some_and(|url| app.outside.lists(url))
}

/// Attaches the evidence that the form brings, whatever becomes of its words; what it says goes into the notes.
async fn keep_evidence(
    app: &App,
    permit: &Permit<ReportProgress>,
    id: AssignmentId,
    filled: &mut Filled,
    (errors, notes): (&mut FormErrors, &mut Vec<String>),
) -> Result<(), Problem> {
    let proofs = filled.store_proofs(app, errors).await?;
    if !errors.is_empty() || proofs.is_empty() {
        return Ok(());
    }
    let kept = app
        .db
        .write(async |tx: &mut Tx| {
            let kept = attach(tx, permit, id, proofs).await?;
            for item in kept.iter().filter(|item| may_be_asked(app, item)) {
                run::ask_first(tx, permit.actor(), item.id).await?;
            }
            Ok::<_, SubmitError>(kept)
        })
        .await;
    match kept {
        Ok(kept) => {
            let titles: Vec<&str> = kept.iter().map(|item| item.title.as_str()).collect();
            notes.push(format!("佐证已保存：{}。", titles.join("、")));
            filled.release(app).await?;
            filled.slots = Slot::blank();
        }
        Err(SubmitError::Refused(refusals)) => {
            for refusal in refusals {
                errors.add("evidence-1", refusal.sentence);
            }
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Shows both versions, brought together as far as no field was changed by both; where nothing is in force any more, what
/// was typed alone.
async fn conflict(
    app: &App,
    shell: Shell,
    permit: &Permit<ReportProgress>,
    id: AssignmentId,
    (mut filled, notes): (Filled, Vec<String>),
) -> Result<Response, Problem> {
    let based_on: Option<ReportId> = filled.based_on();
    let (around, base) = app
        .db
        .read(async |tx: &mut Tx| {
            let around = around(tx, permit, id).await?;
            let base = match based_on {
                Some(base) => report::store::load(tx, base)
                    .await?
                    .filter(|base| base.assignment == id),
                None => None,
            };
            Ok::<_, SubmitError>((around, base))
        })
        .await?;
    let conflict = around.current.clone().map(|theirs| {
        let comparison = compare(&theirs, &filled.as_version(&theirs));
        Conflict {
            at: when::moment(theirs.created_at),
            comparison,
            clashes: filled.merge(base.as_ref(), &theirs),
            theirs,
        }
    });
    if conflict.is_none() {
        filled.based_on.clear();
    }
    let mut view = form_page(app, shell, around, filled);
    view.taken_back = conflict.is_none();
    view.conflict = conflict;
    view.notes = notes;
    let mut response = page(&view)?;
    *response.status_mut() = StatusCode::CONFLICT;
    Ok(response)
}
