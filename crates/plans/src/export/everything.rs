//! Everything of a plan as data: tasks, organs, dates, every version of every report, all evidence, what was carried over from
//! last year.

mod lines;

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, OrganId, TaskId};
use gongkai_platform::db::{StoreError, Tx};
use serde_json::{Value, json};

use super::store;
use crate::assignment::light::Light;
use crate::assignment::{Assignment, AssignmentState};
use crate::by::By;
use crate::carried::{self, Carried};
use crate::evidence::Evidence;
use crate::plan::{self, Deadline, Plan};
use crate::report::{Outcome, Report};
use crate::task::{self, Task, TaskState};

/// A plan with all that hangs on it; of one organ's part where one is named.
pub struct Everything {
    pub plan: Plan,
    pub deadlines: Vec<Deadline>,
    pub tasks: Vec<Task>,
    pub assignments: Vec<(Assignment, String)>,
    pub reports: BTreeMap<AssignmentId, Vec<Report>>,
    pub evidence: BTreeMap<AssignmentId, Vec<Evidence>>,
    /// 回头看事项
    pub carried: Vec<Carried>,
    /// Whose part it is; `None` for the whole plan.
    pub organ: Option<OrganId>,
    pub today: Date,
}

impl Everything {
    /// # Errors
    /// When the store cannot be read.
    pub async fn load(
        tx: &mut Tx,
        plan: Plan,
        organ: Option<OrganId>,
        today: Date,
    ) -> Result<Self, StoreError> {
        let id = plan.id;
        let assignments = store::assignments(tx, id, organ).await?;
        let mut tasks = task::store::of_plan(tx, id).await?;
        if organ.is_some() {
            tasks.retain(|task| assignments.iter().any(|(part, _)| part.task == task.id));
        }
        Ok(Self {
            deadlines: plan::store::deadlines(tx, id).await?,
            reports: store::reports(tx, id, organ).await?,
            evidence: store::evidence(tx, id, organ).await?,
            carried: carried::store::of_form(tx, id, organ).await?,
            organ,
            plan,
            tasks,
            assignments,
            today,
        })
    }

    fn parts_of(&self) -> BTreeMap<TaskId, Vec<&(Assignment, String)>> {
        let mut parts: BTreeMap<TaskId, Vec<&(Assignment, String)>> = BTreeMap::new();
        for part in &self.assignments {
            parts.entry(part.0.task).or_default().push(part);
        }
        parts
    }

    fn reports_of(&self, id: AssignmentId) -> &[Report] {
        self.reports.get(&id).map_or(&[], Vec::as_slice)
    }

    fn evidence_of(&self, id: AssignmentId) -> &[Evidence] {
        self.evidence.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Is this the version that holds? The newest one may have been taken back.
    fn is_in_force(part: &Assignment, report: &Report) -> bool {
        part.report == Some(report.id)
    }

    /// No organ has this open task. Of one organ's part nobody can tell.
    fn has_nobody(&self, task: &Task, organs: &[&(Assignment, String)]) -> bool {
        self.organ.is_none()
            && task.state == TaskState::Open
            && !organs
                .iter()
                .any(|(part, _)| part.state == AssignmentState::Open)
    }

    fn light(&self, part: &Assignment) -> Light {
        let done = self.reports_of(part.id).iter().any(|report| {
            Self::is_in_force(part, report) && report.content.outcome == Outcome::Done
        });
        let decayed = self
            .evidence_of(part.id)
            .iter()
            .any(|evidence| evidence.decayed && !evidence.is_withdrawn());
        if done && decayed {
            Light::Decayed
        } else {
            Light::of(part.next_due_on, done, self.today)
        }
    }

    /// One JSON object; the fields of tasks are those of `gongkai plan read`.
    #[must_use]
    pub fn json(&self) -> Value {
        let parts = self.parts_of();
        let tasks: Vec<Value> = self
            .tasks
            .iter()
            .map(|task| {
                let organs = parts.get(&task.id).map_or(&[][..], Vec::as_slice);
                json!({
                    "id": task.id, "no": task.number, "order": task.position, "section": task.section, "group": task.group,
                    "text": task.text, "organ_text": task.organ_text, "state": task.state.code(), "due_on": task.due_on(),
                    "deadlines": task.deadlines, "quantities": task.quantities, "place": task.place,
                    "organs": organs.iter().map(|(part, name)| self.part_json(part, name)).collect::<Vec<_>>(),
                })
            })
            .collect();
        let plan = &self.plan;
        json!({
            "exported_on": self.today,
            "plan": {
                "id": plan.id, "title": plan.title, "notice_title": plan.notice_title, "document_number": plan.document_number,
                "issuer": plan.issuer, "issued_on": plan.issued_on, "published_on": plan.published_on, "year": plan.year,
                "document_deadlines": self.deadlines,
            },
            "tasks": tasks,
            "carried": self.carried.iter().map(carried_json).collect::<Vec<_>>(),
        })
    }

    fn part_json(&self, part: &Assignment, name: &str) -> Value {
        let reports: Vec<Value> = self
            .reports_of(part.id)
            .iter()
            .map(|report| {
                let content = &report.content;
                json!({
                    "version": report.sequence, "in_force": Self::is_in_force(part, report), "outcome": content.outcome.code(), "done": content.done_text,
                    "pending": content.pending_text, "planned_on": content.planned_on, "no_evidence_why": content.no_evidence_why,
                    "author": report.author_name, "at": report.created_at,
                })
            })
            .collect();
        let evidence: Vec<Value> = self
            .evidence_of(part.id)
            .iter()
            .map(|evidence| {
                json!({
                    "id": evidence.id, "kind": evidence.kind_name(), "title": evidence.title, "proves": evidence.proves,
                    "url": evidence.url(), "dated_on": evidence.dated_on, "withdrawn": evidence.withdrawn.as_ref().map(|(_, why)| why),
                    "particulars": evidence.particulars(), "quote": evidence.quote, "seal": evidence.seal,
                    "verdict": evidence.checked.as_ref().map(|checked| checked.verdict.code()), "decayed": evidence.decayed,
                })
            })
            .collect();
        json!({
            "id": part.id, "name": name, "role": part.duty, "named_as": part.named_as, "state": part.state.code(),
            "due_on": part.due_on, "next_due_on": part.next_due_on, "light": self.light(part).code(), "reports": reports, "evidence": evidence,
        })
    }
}

fn carried_json(matter: &Carried) -> Value {
    json!({
        "id": matter.id, "task_id": matter.task, "name": matter.organ_name, "text": matter.text, "due_text": matter.due_text,
        "due_on": matter.due_on, "state": matter.state.code(), "done": matter.done_text, "planned_on": matter.planned_on,
        "note": matter.note, "reported_by": matter.reported_by.as_ref().map(By::name), "reported_on": matter.reported_on,
        "goes_on_later": matter.goes_on_later,
    })
}
