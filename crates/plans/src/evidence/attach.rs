//! A unit adds evidence, or withdraws it.

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, EvidenceId, FileId};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::Tx;
use gongkai_platform::files::{self, Stored};
use serde_json::json;

use super::{Evidence, Link, PER_ASSIGNMENT_MAX, PROVES_CHARS_MAX, Proof, TITLE_CHARS_MAX, store};
use crate::acts::ReportProgress;
use crate::report::Refusal;
use crate::report::submit::{SubmitError, open_assignment};

/// What a person wants to attach. A file's bytes are stored already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvidence {
    pub proof: NewProof,
    pub title: String,
    pub proves: String,
    pub dated_on: Option<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewProof {
    File {
        sha256: String,
        name: String,
        media_type: &'static str,
        bytes: i64,
    },
    Link(Link),
}

impl NewEvidence {
    /// Why it cannot be attached; the fields are `title` and `proves`.
    #[must_use]
    pub fn refusals(&self) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        for (field, name, text, most) in [
            ("title", "佐证名称", &self.title, TITLE_CHARS_MAX),
            ("proves", "证明什么", &self.proves, PROVES_CHARS_MAX),
        ] {
            if text.is_empty() {
                refusals.push(Refusal {
                    field,
                    sentence: format!("请填写“{name}”。"),
                });
            } else if text.chars().count() > most {
                refusals.push(Refusal {
                    field,
                    sentence: format!("“{name}”最多{most}字。"),
                });
            }
        }
        refusals
    }
}

/// Attaches evidence: one event for all that came together.
///
/// # Errors
/// Not found, closed, refused.
pub async fn attach(
    tx: &mut Tx,
    permit: &Permit<ReportProgress>,
    id: AssignmentId,
    new: Vec<NewEvidence>,
) -> Result<Vec<Evidence>, SubmitError> {
    let assignment = open_assignment(tx, permit, id).await?;
    let refusals: Vec<Refusal> = new.iter().flat_map(NewEvidence::refusals).collect();
    if !refusals.is_empty() {
        return Err(SubmitError::Refused(refusals));
    }
    let before = store::count(tx, id).await?;
    if before + i64::try_from(new.len()).unwrap_or(i64::MAX) > PER_ASSIGNMENT_MAX {
        return Err(SubmitError::Refused(vec![Refusal {
            field: "evidence",
            sentence: format!(
                "一项任务最多{PER_ASSIGNMENT_MAX}份佐证。请把材料合并，或改填公开页面的网址。"
            ),
        }]));
    }
    let now = tx.now();
    let mut attached = Vec::with_capacity(new.len());
    for item in new {
        let proof = match item.proof {
            NewProof::Link(link) => Proof::Link(link),
            NewProof::File {
                sha256,
                name,
                media_type,
                bytes,
            } => {
                let file = FileId::new(crate::fresh(now));
                let stored = Stored {
                    id: file,
                    sha256,
                    name,
                    media_type: media_type.to_owned(),
                    bytes,
                    organ: Some(assignment.organ),
                };
                files::insert(tx, &stored).await?;
                Proof::File(file)
            }
        };
        let evidence = Evidence {
            id: EvidenceId::new(crate::fresh(now)),
            assignment: id,
            proof,
            title: item.title,
            proves: item.proves,
            dated_on: item.dated_on,
            withdrawn: None,
            created_at: now.as_millisecond(),
        };
        store::insert(tx, &evidence).await?;
        attached.push(evidence);
    }
    let titles: Vec<&str> = attached
        .iter()
        .map(|evidence| evidence.title.as_str())
        .collect();
    tx.record(
        Event::new(
            permit.actor(),
            "evidence.attached",
            ("assignment", id.to_string()),
            format!("添加佐证{}份：{}", attached.len(), titles.join("、")),
        )
        .organ(assignment.organ)
        .data(json!({
            "task": assignment.task,
            "evidence": attached.iter().map(|evidence| evidence.id).collect::<Vec<_>>(),
        })),
    );
    Ok(attached)
}

/// Withdraws evidence, with a reason. A report that says done and has no other proof left must be corrected first.
///
/// # Errors
/// Not found, closed, refused.
pub async fn withdraw(
    tx: &mut Tx,
    permit: &Permit<ReportProgress>,
    id: EvidenceId,
    why: &str,
) -> Result<Evidence, SubmitError> {
    let evidence = store::load(tx, id).await?.ok_or(SubmitError::NotFound)?;
    let assignment = open_assignment(tx, permit, evidence.assignment).await?;
    let refuse = |sentence: &str| {
        SubmitError::Refused(vec![Refusal {
            field: "why",
            sentence: sentence.to_owned(),
        }])
    };
    if evidence.is_withdrawn() {
        return Err(refuse("这份佐证已经撤回。"));
    }
    if why.is_empty() {
        return Err(refuse("请写明撤回原因。"));
    }
    if why.chars().count() > PROVES_CHARS_MAX {
        return Err(refuse("撤回原因太长，请改短。"));
    }
    if let Some(report) = assignment.report {
        let report = crate::report::store::load(tx, report).await?;
        let left = store::count(tx, evidence.assignment).await? - 1;
        if report.is_some_and(|report| {
            report
                .content
                .refusals(left)
                .iter()
                .any(|refusal| refusal.field == "no_evidence_why")
        }) {
            return Err(refuse(
                "这是“已完成”的唯一佐证。请先添加新的佐证，或把进展改报“进行中”，再撤回它。",
            ));
        }
    }
    store::withdraw(tx, &evidence, why).await?;
    tx.record(
        Event::new(
            permit.actor(),
            "evidence.withdrawn",
            ("assignment", evidence.assignment.to_string()),
            format!("撤回佐证“{}”，原因：{why}", evidence.title),
        )
        .organ(assignment.organ)
        .data(json!({ "task": assignment.task, "evidence": evidence.id })),
    );
    Ok(evidence)
}
