//! A unit adds evidence, or withdraws it.

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, EvidenceId, FileId, OrganId};
use gongkai_basis::reference::Ref;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files::{self, Stored};
use serde_json::json;

use super::verdict::fold;
use super::{
    ATTENDANCE_MAX, Evidence, Link, Occasion, PER_ASSIGNMENT_MAX, PROVES_CHARS_MAX, Proof,
    QUOTE_CHARS_MAX, QUOTE_CHARS_MIN, StatedFigure, TITLE_CHARS_MAX, UNIT_CHARS_MAX, check, store,
    target,
};
use crate::acts::ReportProgress;
use crate::report::submit::{SubmitError, open_assignment};
use crate::report::{Content, Outcome, Refusal};
use crate::{assignment, task, when};

/// What a person wants to attach. A file's bytes are stored already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvidence {
    pub proof: NewProof,
    pub title: String,
    pub proves: String,
    /// A sentence that the page must go on saying; empty for none.
    pub quote: String,
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
    Event(Occasion),
    Figure(StatedFigure),
    Record {
        of: Ref,
        /// What the record's source says of it now.
        seal: String,
    },
}

impl NewEvidence {
    /// Why it cannot be attached; the fields are named as in the form.
    #[must_use]
    pub fn refusals(&self, today: Date) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        for (field, name, text, most) in [
            ("title", "佐证名称", &self.title, TITLE_CHARS_MAX),
            ("proves", "证明什么", &self.proves, PROVES_CHARS_MAX),
        ] {
            if text.is_empty() {
                refuse(&mut refusals, field, format!("请填写“{name}”。"));
            } else if text.chars().count() > most {
                refuse(&mut refusals, field, format!("“{name}”最多{most}字。"));
            }
        }
        let quoted = self.quote.chars().count();
        if quoted > QUOTE_CHARS_MAX {
            let sentence = format!("“摘引原句”最多{QUOTE_CHARS_MAX}字，摘最能证明的一句即可。");
            refuse(&mut refusals, "quote", sentence);
        } else if quoted > 0 && fold(&self.quote).chars().count() < QUOTE_CHARS_MIN {
            let sentence = format!("“摘引原句”太短，至少{QUOTE_CHARS_MIN}个字，否则证明不了什么。");
            refuse(&mut refusals, "quote", sentence);
        }
        if let Some(day) = self.dated_on.filter(|day| *day > today) {
            let (field, sentence) = self.too_early(day);
            refuse(&mut refusals, field, sentence);
        }
        match &self.proof {
            NewProof::File { .. } | NewProof::Link(_) | NewProof::Record { .. } => {}
            NewProof::Event(occasion) => self.event_refusals(*occasion, &mut refusals),
            NewProof::Figure(figure) => figure_refusals(figure, &mut refusals),
        }
        refusals
    }

    /// What has not happened proves nothing: a day ahead would count for a period that has not come.
    fn too_early(&self, day: Date) -> (&'static str, String) {
        let day = when::date(day);
        match &self.proof {
            NewProof::Event(_) => ("dated_on", "活动还没有举行，举行后再登记。".to_owned()),
            NewProof::File { .. } | NewProof::Link(_) => (
                "dated_on",
                format!(
                    "材料日期{day}还没有到，请填写材料本身的日期；没有日期的可以不填，不计入次数。"
                ),
            ),
            NewProof::Figure(_) => (
                "dated_on",
                format!("统计日期{day}还没有到，请填写统计到哪一天；可以不填，不计入次数。"),
            ),
            NewProof::Record { .. } => (
                "record",
                format!("这条记录的日期是{day}，还没有到，到了那天再登记为佐证。"),
            ),
        }
    }

    fn event_refusals(&self, occasion: Occasion, refusals: &mut Vec<Refusal>) {
        if self.dated_on.is_none() {
            refuse(refusals, "dated_on", "请填写活动日期。".to_owned());
        }
        if occasion
            .attendance
            .is_some_and(|n| !(0..=ATTENDANCE_MAX).contains(&n))
        {
            let sentence = "参加人数请填写0到1000万之间的整数。".to_owned();
            refuse(refusals, "attendance", sentence);
        }
    }
}

fn figure_refusals(figure: &StatedFigure, refusals: &mut Vec<Refusal>) {
    for (field, name, text, most) in [
        ("unit", "单位", &figure.unit, UNIT_CHARS_MAX),
        ("from", "数字来源", &figure.from, TITLE_CHARS_MAX),
    ] {
        if text.is_empty() {
            refuse(refusals, field, format!("请填写“{name}”。"));
        } else if text.chars().count() > most {
            refuse(refusals, field, format!("“{name}”最多{most}字。"));
        }
    }
}

fn refuse(refusals: &mut Vec<Refusal>, field: &'static str, sentence: String) {
    refusals.push(Refusal { field, sentence });
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
    let today = when::today(tx);
    let refusals: Vec<Refusal> = new.iter().flat_map(|item| item.refusals(today)).collect();
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
        let (proof, seal) = kept(tx, item.proof, assignment.organ).await?;
        let evidence = Evidence {
            id: EvidenceId::new(crate::fresh(now)),
            assignment: id,
            proof,
            title: item.title,
            proves: item.proves,
            quote: item.quote,
            dated_on: item.dated_on,
            seal,
            checked: None,
            decayed: false,
            accepted: None,
            withdrawn: None,
            created_at: now.as_millisecond(),
        };
        store::insert(tx, &evidence).await?;
        attached.push(evidence);
    }
    // What the plan asks for in a period may be there now: the next day due follows.
    task::store::settle(tx, assignment.task).await?;
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

/// A proof as it is kept, with the seal that it has from the beginning.
async fn kept(
    tx: &mut Tx,
    new: NewProof,
    organ: OrganId,
) -> Result<(Proof, Option<String>), StoreError> {
    Ok(match new {
        NewProof::Link(link) => (Proof::Link(link), None),
        NewProof::Event(occasion) => (Proof::Event(occasion), None),
        NewProof::Figure(figure) => (Proof::Figure(figure), None),
        NewProof::Record { of, seal } => (Proof::Record(of), Some(seal)),
        NewProof::File {
            sha256,
            name,
            media_type,
            bytes,
        } => {
            let stored = Stored {
                id: FileId::new(crate::fresh(tx.now())),
                sha256,
                name,
                media_type: media_type.to_owned(),
                bytes,
                organ: Some(organ),
            };
            files::insert(tx, &stored).await?;
            (Proof::File(stored.id), Some(stored.sha256))
        }
    })
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
    let before = assignment::store::is_reopened(tx, evidence.assignment).await?;
    store::withdraw(tx, &evidence, why).await?;
    // An error undoes the withdrawal with the transaction.
    if let Some(report) = assignment.report {
        let report = crate::report::store::load(tx, report).await?;
        if let Some(report) = report.filter(|report| report.content.outcome == Outcome::Done) {
            why_not_without(tx, evidence.assignment, &report.content).await?;
        }
    }
    task::store::settle(tx, assignment.task).await?;
    check::withdrawn(tx, permit.actor(), (&assignment, &evidence), before).await?;
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

/// A report that says done must be able to do without what was just withdrawn.
async fn why_not_without(
    tx: &mut Tx,
    id: AssignmentId,
    content: &Content,
) -> Result<(), SubmitError> {
    let refuse = |sentence: String| {
        Err(SubmitError::Refused(vec![Refusal {
            field: "why",
            sentence,
        }]))
    };
    let left = store::count(tx, id).await?;
    if content
        .refusals(left)
        .iter()
        .any(|refusal| refusal.field == "no_evidence_why")
    {
        return refuse(
            "这是“已完成”的唯一佐证。请先添加新的佐证，或把进展改报“进行中”，再撤回它。".to_owned(),
        );
    }
    if content.no_evidence_why.is_empty()
        && let Some(missing) = shortfall(tx, id).await?
    {
        return refuse(format!(
            "撤回后佐证不足以报“已完成”：{missing}。请先补充注明日期的佐证，或把进展改报“进行中”，再撤回它。"
        ));
    }
    Ok(())
}

/// What the plan counts and the evidence does not prove yet, in clauses; `None` when it is enough.
///
/// # Errors
/// When the store fails.
pub(crate) async fn shortfall(tx: &mut Tx, id: AssignmentId) -> Result<Option<String>, StoreError> {
    let (wanted, counted) = target::store::of_assignment(tx, id).await?;
    let missing: Vec<String> = wanted
        .tally(&counted)
        .iter()
        .filter(|tally| !tally.is_met())
        .map(target::Tally::missing)
        .collect();
    Ok((!missing.is_empty()).then(|| missing.join("；")))
}

/// Why a part cannot be reported as done with the evidence it has: what decayed, and what the plan counts and is missing.
/// A reason for missing evidence lets it pass; the ledger shows the count all the same.
///
/// # Errors
/// When the store fails.
pub(crate) async fn why_not_done(
    tx: &mut Tx,
    id: AssignmentId,
    no_evidence_why: &str,
) -> Result<Vec<Refusal>, StoreError> {
    let mut refusals = Vec::new();
    let decayed: Vec<String> = store::of_assignment(tx, id)
        .await?
        .iter()
        .filter(|item| item.decayed && !item.is_withdrawn())
        .map(|item| format!("“{}”{}", item.title, item.verdict_name()))
        .collect();
    if !decayed.is_empty() {
        let sentence = format!(
            "有佐证失效，不能报“已完成”：{}。您填的内容都在，还没有保存为新的一版。请先撤回失效的佐证、补充新的，再报“已完成”；佐证其实有效的，请政务公开办人工认定。",
            decayed.join("、")
        );
        refuse(&mut refusals, "outcome", sentence);
    }
    if no_evidence_why.is_empty()
        && let Some(missing) = shortfall(tx, id).await?
    {
        let sentence = format!(
            "佐证次数不够，不能报“已完成”：{missing}。您填的内容都在，还没有保存为新的一版。请补充注明日期的佐证或登记活动；确实达不到的，在这里写明原因，或改报“进行中”。"
        );
        refuse(&mut refusals, "no_evidence_why", sentence);
    }
    Ok(refusals)
}
