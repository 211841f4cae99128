//! 核验: evidence is looked at again, and what was found is kept as a fact. A verdict that takes the proof away reopens what
//! was reported as done and becomes a finding of the unit; a later one that it holds closes both.

pub mod accept;
mod look;
pub mod store;

use gongkai_basis::id::{EvidenceId, JobId, OrganId, PlanId, TaskId};
use gongkai_basis::reference::Verdict;
use gongkai_basis::{Actor, Date, coded};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::{self, FindingKind, Found, Severity, Source};
use gongkai_platform::inbox::Topic;
use gongkai_platform::web::App;
use serde_json::json;

use super::verdict::Judged;
use super::{Evidence, store as evidence_store};
use crate::acts::CheckEvidence;
use crate::assignment::{self, Assignment};
use crate::notify::{Notice, To, notify};
use crate::quote::quoted;
use crate::{task, when};

pub use look::look;

/// Checks of one piece of evidence that its page shows.
pub const HISTORY_MAX: i64 = 100;
/// Characters of evidence's title in a finding's.
const TITLE_SHOWN_CHARS: usize = 120;
/// Characters of a task that a finding's title quotes.
const TASK_SHOWN_CHARS: usize = 30;

coded! {
    /// What a row of the history is.
    pub enum CheckKind {
        Check = "check", "核验";
        Acceptance = "acceptance", "人工认定有效";
    }
}

/// Evidence with what a check needs to know around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub evidence: Evidence,
    /// Where a file's bytes lie.
    pub sha256: Option<String>,
    pub task: TaskId,
    /// What the task asks for.
    pub task_text: String,
    /// The unit that must mend it.
    pub organ: OrganId,
    pub plan: PlanId,
    /// The office that owns the plan.
    pub office: OrganId,
    pub government: OrganId,
    pub year: i64,
}

/// A kept check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub kind: CheckKind,
    pub verdict: Verdict,
    pub seen: String,
    pub seal: Option<String>,
    pub by: String,
    /// Milliseconds since 1970.
    pub at: i64,
}

impl Check {
    #[must_use]
    pub fn is_acceptance(&self) -> bool {
        self.kind == CheckKind::Acceptance
    }
}

/// Who has it checked.
#[derive(Debug, Clone, Copy)]
pub struct By<'b> {
    pub actor: &'b Actor,
    /// As the history names it: a person, 夜间核验.
    pub name: &'b str,
    pub run: Option<JobId>,
}

/// Checks one piece of evidence now; `None` when there is no such evidence in force.
///
/// # Errors
/// When the store fails.
pub async fn check_now(
    app: &App,
    permit: &Permit<CheckEvidence>,
    id: EvidenceId,
) -> Result<Option<Verdict>, StoreError> {
    check_as(app, permit.actor(), permit.actor().name(), id).await
}

pub(super) async fn check_as(
    app: &App,
    actor: &Actor,
    name: &str,
    id: EvidenceId,
) -> Result<Option<Verdict>, StoreError> {
    let items = app
        .db
        .read(async |tx: &mut Tx| store::items(tx, &[id]).await)
        .await?;
    let judged = look(app, &items).await?;
    let (Some(item), Some(judged)) = (items.first(), judged.first()) else {
        return Ok(None);
    };
    let today = app.today();
    app.db
        .write(async |tx: &mut Tx| {
            let by = By {
                actor,
                name,
                run: None,
            };
            let kept = record(tx, by, item, judged, today).await?;
            tx.record(
                Event::new(
                    actor,
                    "evidence.checked",
                    ("assignment", item.evidence.assignment.to_string()),
                    format!(
                        "核验佐证“{}”：{}",
                        item.evidence.title,
                        judged.verdict.name()
                    ),
                )
                .organ(item.organ)
                .data(json!({ "evidence": id, "verdict": judged.verdict.code() })),
            );
            Ok(kept.then(|| judged.verdict.clone()))
        })
        .await
}

/// Keeps what a check found, with all that follows from it; `false` when the evidence was withdrawn meanwhile.
///
/// # Errors
/// When the store fails.
pub async fn record(
    tx: &mut Tx,
    by: By<'_>,
    item: &Item,
    judged: &Judged,
    today: Date,
) -> Result<bool, StoreError> {
    let id = item.evidence.id;
    let Some(before) = evidence_store::load(tx, id)
        .await?
        .filter(|evidence| !evidence.is_withdrawn())
    else {
        return Ok(false);
    };
    let decayed = before.decays(&judged.verdict, judged.seal.as_deref());
    store::insert(tx, by, (id, CheckKind::Check), judged).await?;
    store::set(tx, id, judged, decayed).await?;
    // What cannot be told finds nothing anew.
    if decayed && judged.verdict.reopens() {
        found(tx, by.actor, (item, &judged.verdict), today).await?;
    }
    if decayed != before.decayed {
        let verdict = &judged.verdict;
        turned(tx, by.actor, item, (decayed, verdict.sentence()), today).await?;
    } else if before
        .checked
        .is_none_or(|checked| checked.verdict != judged.verdict)
    {
        // The page of a meeting proves it only while it holds.
        task::store::settle(tx, item.task).await?;
    }
    Ok(true)
}

/// Evidence has decayed, or holds again: the assignment and its task follow.
async fn turned(
    tx: &mut Tx,
    actor: &Actor,
    item: &Item,
    (decayed, why): (bool, &str),
    today: Date,
) -> Result<(), StoreError> {
    let (id, assignment) = (item.evidence.id, item.evidence.assignment);
    let was = assignment::store::is_reopened(tx, assignment).await?;
    evidence_store::recount(tx, assignment).await?;
    task::store::settle(tx, item.task).await?;
    let is = assignment::store::is_reopened(tx, assignment).await?;
    let title = &item.evidence.title;
    let (kind, sentence) = match (decayed, was == is) {
        (true, true) => ("evidence.decayed", format!("佐证“{title}”失效：{why}")),
        (true, false) => (
            "assignment.reopened",
            format!("佐证“{title}”失效，任务重新打开：{why}"),
        ),
        (false, true) => ("evidence.holds", format!("佐证“{title}”重新有效：{why}")),
        (false, false) => (
            "assignment.restored",
            format!("佐证“{title}”重新有效，任务恢复为已完成：{why}"),
        ),
    };
    tx.record(
        Event::new(
            actor,
            kind,
            ("assignment", assignment.to_string()),
            sentence,
        )
        .organ(item.organ)
        .data(json!({ "task": item.task, "evidence": id, "decayed": decayed })),
    );
    if decayed && was != is {
        let task = quoted(&item.task_text, TASK_SHOWN_CHARS);
        let notice = Notice {
            to: To::Unit,
            organ: item.organ,
            topic: Topic::Finding,
            key: format!("reopened:{assignment}:{id}:{today}"),
            title: format!("佐证失效，任务{task}重新打开"),
            body: format!("佐证“{title}”：{why}"),
            path: format!("/workspace/evidence/{id}"),
            about: None,
        };
        notify(tx, notice).await?;
    }
    if !decayed {
        let why = "再次核验，佐证有效";
        finding::settle_as(tx, actor, (item.organ, &key(id)), today, why).await?;
    }
    Ok(())
}

async fn found(
    tx: &mut Tx,
    actor: &Actor,
    (item, verdict): (&Item, &Verdict),
    today: Date,
) -> Result<(), StoreError> {
    let evidence = &item.evidence;
    let title: String = evidence.title.chars().take(TITLE_SHOWN_CHARS).collect();
    let found = Found {
        organ: item.organ,
        office: item.office,
        key: key(evidence.id),
        kind: FindingKind::Evidence,
        severity: Severity::Minor,
        source: Source::Check,
        title: format!(
            "{}的佐证“{title}”{}",
            quoted(&item.task_text, TASK_SHOWN_CHARS),
            verdict.name()
        ),
        detail: format!("证明：{}\n{}", evidence.proves, verdict.sentence()),
        url: Some(format!("/workspace/evidence/{}", evidence.id)),
        about: Some(("assignment".to_owned(), evidence.assignment.to_string())),
        found_on: today,
        fix_due_on: None,
    };
    finding::report(tx, actor, found).await?;
    Ok(())
}

/// Evidence was withdrawn: there is nothing to mend about it any more, and what it had reopened may be done again.
///
/// # Errors
/// When the store fails.
pub(super) async fn withdrawn(
    tx: &mut Tx,
    actor: &Actor,
    (part, evidence): (&Assignment, &Evidence),
    was_reopened: bool,
) -> Result<(), StoreError> {
    if !evidence.decayed {
        return Ok(());
    }
    let today = when::today(tx);
    let why = "失效的佐证已经撤回";
    finding::settle_as(tx, actor, (part.organ, &key(evidence.id)), today, why).await?;
    if was_reopened && !assignment::store::is_reopened(tx, part.id).await? {
        tx.record(
            Event::new(
                actor,
                "assignment.restored",
                ("assignment", part.id.to_string()),
                "失效的佐证已撤回，其余佐证足够，任务恢复为已完成",
            )
            .organ(part.organ)
            .data(json!({ "task": part.task, "evidence": evidence.id })),
        );
    }
    Ok(())
}

/// What makes a finding about evidence the same one when it is found again.
fn key(id: EvidenceId) -> String {
    format!("evidence:{id}")
}

#[cfg(test)]
mod tests;
