//! The same as lines: one for each version of each report, each piece of evidence, each matter of last year; one for each
//! organ that never reported, and for each task that no organ has.

use gongkai_basis::Date;
use gongkai_office::form::{FormError, table_csv};

use super::Everything;
use crate::assignment::{Assignment, AssignmentState};
use crate::by::By;
use crate::carried::Carried;
use crate::evidence::Evidence;
use crate::ledger::due_text;
use crate::report::Report;
use crate::task::{Task, TaskState};

/// Columns of the task, of the organ's part, of the report; then those of evidence follow.
const OF_TASK: usize = 8;
const OF_PART: usize = 7;
const OF_REPORT: usize = 9;
const OF_EVIDENCE: usize = 9;

const HEADS: [&str; OF_TASK + OF_PART + 1 + OF_REPORT + OF_EVIDENCE + 1] = [
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
    "行类别",
    "填报版本",
    "是否有效",
    "进展",
    "已落实情况",
    "待完成计划",
    "计划完成时间",
    "没有佐证的原因",
    "填报人",
    "填报时间",
    "佐证",
    "佐证种类",
    "证明什么",
    "网址",
    "活动或数字",
    "摘引原句",
    "材料日期",
    "核验结论",
    "撤回原因",
    "政务公开办意见",
];

impl Everything {
    /// # Errors
    /// When a text is longer than a cell.
    pub fn csv(&self) -> Result<Vec<u8>, FormError> {
        let parts = self.parts_of();
        let mut rows = Vec::new();
        for task in &self.tasks {
            let of_task = task_cells(task);
            let organs = parts.get(&task.id).map_or(&[][..], Vec::as_slice);
            if self.has_nobody(task, organs) {
                let of_part = blanks(OF_PART);
                rows.push(row(&of_task, &of_part, "未落实单位", Vec::new()));
            }
            for (part, name) in organs {
                self.push_part(&mut rows, &of_task, (part, name));
            }
        }
        rows.extend(self.carried.iter().map(|matter| self.carried_row(matter)));
        table_csv(&HEADS, &rows)
    }

    /// The part with its reports, or alone; then its evidence.
    fn push_part(
        &self,
        rows: &mut Vec<Vec<String>>,
        of_task: &[String],
        (part, name): (&Assignment, &str),
    ) {
        let of_part = self.part_cells(part, name);
        let reports = self.reports_of(part.id);
        if reports.is_empty() {
            rows.push(row(of_task, &of_part, "尚未填报", Vec::new()));
        }
        for report in reports {
            let cells = report_cells(report, Self::is_in_force(part, report));
            rows.push(row(of_task, &of_part, "填报", cells));
        }
        for evidence in self.evidence_of(part.id) {
            let mut cells = blanks(OF_REPORT);
            cells.extend(evidence_cells(evidence));
            rows.push(row(of_task, &of_part, "佐证", cells));
        }
    }

    fn part_cells(&self, part: &Assignment, name: &str) -> Vec<String> {
        let state = match part.state {
            AssignmentState::Open => "承担",
            AssignmentState::Cancelled => "已取消",
            AssignmentState::Transferred => "已转交",
        };
        vec![
            name.to_owned(),
            part.duty.name().to_owned(),
            part.named_as.clone(),
            state.to_owned(),
            date(part.due_on),
            date(part.next_due_on),
            self.light(part).name().to_owned(),
        ]
    }

    /// A matter of last year stands with the number and section of the task in which it goes on, and in its own words.
    fn carried_row(&self, matter: &Carried) -> Vec<String> {
        let goes_on = matter
            .task
            .and_then(|id| self.tasks.iter().find(|task| task.id == id));
        let of_task = vec![
            goes_on.map_or_else(String::new, number),
            goes_on.map_or_else(String::new, |task| text(task.section.as_deref())),
            goes_on.map_or_else(String::new, |task| text(task.group.as_deref())),
            matter.text.clone(),
            String::new(),
            String::new(),
            matter.due_text.clone(),
            date(matter.due_on),
        ];
        let mut of_part = blanks(OF_PART - 2);
        of_part.insert(0, matter.organ_name.clone());
        of_part.push(matter.state.name().to_owned());
        let mut cells = vec![
            String::new(),
            String::new(),
            String::new(),
            matter.done_text.clone(),
            String::new(),
            date(matter.planned_on),
            String::new(),
            text(matter.reported_by.as_ref().map(By::name)),
            date(matter.reported_on),
        ];
        cells.extend(blanks(OF_EVIDENCE));
        cells.push(text(matter.note.as_deref()));
        row(&of_task, &of_part, "回头看事项", cells)
    }
}

/// Cells that are missing at the end are blank.
fn row(of_task: &[String], of_part: &[String], kind: &str, cells: Vec<String>) -> Vec<String> {
    let head = of_task.iter().chain(of_part).cloned();
    head.chain([kind.to_owned()]).chain(cells).collect()
}

fn blanks(cells: usize) -> Vec<String> {
    vec![String::new(); cells]
}

fn text(value: Option<&str>) -> String {
    value.unwrap_or_default().to_owned()
}

fn date(value: Option<Date>) -> String {
    value.map_or_else(String::new, |date| date.to_string())
}

fn number(task: &Task) -> String {
    task.number
        .map_or_else(String::new, |number| number.to_string())
}

fn task_cells(task: &Task) -> Vec<String> {
    let state = match task.state {
        TaskState::Open => "办理中",
        TaskState::Cancelled => "已取消",
    };
    vec![
        number(task),
        text(task.section.as_deref()),
        text(task.group.as_deref()),
        task.text.clone(),
        task.organ_text.clone(),
        state.to_owned(),
        due_text(&task.deadlines, task.due_on()),
        date(task.due_on()),
    ]
}

fn report_cells(report: &Report, in_force: bool) -> Vec<String> {
    let content = &report.content;
    vec![
        report.sequence.to_string(),
        if in_force { "是" } else { "否" }.to_owned(),
        content.outcome.name().to_owned(),
        content.done_text.clone(),
        content.pending_text.clone(),
        date(content.planned_on),
        content.no_evidence_why.clone(),
        report.author_name.clone(),
        crate::when::moment(report.created_at),
    ]
}

fn evidence_cells(evidence: &Evidence) -> Vec<String> {
    vec![
        evidence.title.clone(),
        evidence.kind_name().to_owned(),
        evidence.proves.clone(),
        text(evidence.url()),
        evidence.particulars(),
        evidence.quote.clone(),
        date(evidence.dated_on),
        evidence.verdict_name().to_owned(),
        evidence.withdrawn_why().to_owned(),
    ]
}
