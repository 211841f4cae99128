//! Everything of a plan as data: tasks, organs, dates, every version of every report, all evidence.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, OrganId, TaskId};
use gongkai_office::form::{FormError, table_csv};
use gongkai_platform::db::{StoreError, Tx};
use serde_json::{Value, json};

use super::store;
use crate::assignment::light::Light;
use crate::assignment::{Assignment, AssignmentState};
use crate::evidence::Evidence;
use crate::ledger::due_text;
use crate::plan::{self, Deadline, Plan};
use crate::report::Report;
use crate::task::{self, Task};

/// A plan with all that hangs on it; of one organ's part where one is named.
pub struct Everything {
    pub plan: Plan,
    pub deadlines: Vec<Deadline>,
    pub tasks: Vec<Task>,
    pub assignments: Vec<(Assignment, String)>,
    pub reports: BTreeMap<AssignmentId, Vec<Report>>,
    pub evidence: BTreeMap<AssignmentId, Vec<Evidence>>,
    pub today: Date,
}

/// Heads of the CSV: one line for each version of each report, one for each organ that never reported.
const HEADS: [&str; 23] = [
    "序号",
    "部分",
    "小标题",
    "任务",
    "单位原文",
    "任务状态",
    "完成时限",
    "截止日期",
    "单位",
    "分工",
    "方案中的名称",
    "分工状态",
    "单位期限",
    "计到",
    "状态",
    "填报版本",
    "进展",
    "已落实情况",
    "待完成计划",
    "计划完成时间",
    "填报人",
    "填报时间",
    "佐证",
];

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

    fn light(&self, part: &Assignment) -> Light {
        let done = self
            .reports_of(part.id)
            .last()
            .is_some_and(|report| report.content.outcome == crate::report::Outcome::Done);
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
        })
    }

    fn part_json(&self, part: &Assignment, name: &str) -> Value {
        let reports: Vec<Value> = self
            .reports_of(part.id)
            .iter()
            .map(|report| {
                let content = &report.content;
                json!({
                    "version": report.sequence, "outcome": content.outcome.code(), "done": content.done_text,
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

    /// The same as lines.
    ///
    /// # Errors
    /// When a text is longer than a cell.
    pub fn csv(&self) -> Result<Vec<u8>, FormError> {
        let parts = self.parts_of();
        let mut rows = Vec::new();
        for task in &self.tasks {
            for (part, name) in parts.get(&task.id).map_or(&[][..], Vec::as_slice) {
                let head = self.head_cells(task, part, name);
                let proofs = self.proofs(part.id);
                let reports = self.reports_of(part.id);
                if reports.is_empty() {
                    let blank = std::iter::repeat_n(String::new(), 7);
                    rows.push(head.iter().cloned().chain(blank).chain([proofs]).collect());
                    continue;
                }
                for (nth, report) in reports.iter().enumerate() {
                    // Evidence belongs to the part; it stands once, beside the report in force.
                    let proofs = if nth + 1 == reports.len() {
                        proofs.clone()
                    } else {
                        String::new()
                    };
                    rows.push(
                        head.iter()
                            .cloned()
                            .chain(report_cells(report))
                            .chain([proofs])
                            .collect(),
                    );
                }
            }
        }
        table_csv(&HEADS, &rows)
    }

    fn head_cells(&self, task: &Task, part: &Assignment, name: &str) -> Vec<String> {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let date = |value: Option<Date>| value.map_or_else(String::new, |date| date.to_string());
        let state = match part.state {
            AssignmentState::Open => "承担",
            AssignmentState::Cancelled => "已取消",
            AssignmentState::Transferred => "已转交",
        };
        vec![
            task.number
                .map_or_else(String::new, |number| number.to_string()),
            text(&task.section),
            text(&task.group),
            task.text.clone(),
            task.organ_text.clone(),
            if task.state == task::TaskState::Open {
                "办理中"
            } else {
                "已取消"
            }
            .to_owned(),
            due_text(&task.deadlines, task.due_on()),
            date(task.due_on()),
            name.to_owned(),
            part.duty.name().to_owned(),
            part.named_as.clone(),
            state.to_owned(),
            date(part.due_on),
            date(part.next_due_on),
            self.light(part).name().to_owned(),
        ]
    }

    fn proofs(&self, id: AssignmentId) -> String {
        self.evidence_of(id)
            .iter()
            .map(|evidence| {
                let what = evidence.url().unwrap_or(evidence.kind_name());
                let gone = if evidence.is_withdrawn() {
                    "（已撤回）"
                } else {
                    ""
                };
                format!(
                    "{}（{what}）证明：{}{gone}",
                    evidence.title, evidence.proves
                )
            })
            .collect::<Vec<_>>()
            .join("\n")
    }
}

fn report_cells(report: &Report) -> Vec<String> {
    let content = &report.content;
    vec![
        report.sequence.to_string(),
        content.outcome.name().to_owned(),
        content.done_text.clone(),
        content.pending_text.clone(),
        content
            .planned_on
            .map_or_else(String::new, |date| date.to_string()),
        report.author_name.clone(),
        crate::when::moment(report.created_at),
    ]
}
