//! Changes of the plan's tasks after confirmation: one in effect, one that waits for the head, one sent back.

use anyhow::Result;
use gongkai_basis::Date;
use gongkai_plans::acts::{DecideChange, ProposeChange};
use gongkai_plans::change::propose::{Proposal, propose};
use gongkai_plans::change::{Change, ChangeError, ChangeKind, Operation, Wording, decide};
use gongkai_plans::task::{self, Task};
use gongkai_platform::db::Tx;
use jiff::ToSpan as _;

use super::clock::at;
use super::year::Year;

impl Year<'_> {
    pub(super) async fn changes(&self) -> Result<()> {
        let today = self.ago(0)?;
        let tasks = self.waiting_tasks().await?;
        let mut tasks = tasks.iter();
        if let Some(task) = tasks.next() {
            let later = today.checked_add(25.days())?;
            let due = Operation::TaskDue {
                task: task.id,
                seen: task.version,
                due_on: later,
            };
            let why = "（演示）上级主管部门把配套办法的印发时间推迟了一个月。";
            let change = self
                .change_proposed(self.ago(6)?, (ChangeKind::Due, due), why)
                .await?;
            let head = self.permit::<DecideChange>("head").await?;
            let decided = self.app.db.write(async |tx: &mut Tx| {
                decide::approve(tx, &head, change.id).await?;
                Ok::<_, ChangeError>(())
            });
            at(self.ago(5)?, decided).await?;
        }
        if let Some(task) = tasks.next() {
            let amended = Operation::AmendTask {
                task: task.id,
                seen: task.version,
                wording: Wording {
                    section: task.section.clone(),
                    group: task.group.clone(),
                    text: format!("{}（含移动端）", task.text.trim_end_matches('。')),
                    deadlines: task.deadlines.clone(),
                    quantities: None,
                },
            };
            let why = "（演示）省里的补充通知要求移动端同步公开。";
            self.change_proposed(self.ago(1)?, (ChangeKind::Amend, amended), why)
                .await?;
        }
        if let Some(task) = tasks.next() {
            let cancelled = Operation::CancelTask {
                task: task.id,
                seen: task.version,
            };
            let why = "（演示）与另一项任务内容相近，建议取消。";
            let change = self
                .change_proposed(self.ago(12)?, (ChangeKind::Cancel, cancelled), why)
                .await?;
            let head = self.permit::<DecideChange>("head").await?;
            let why = "（演示）两项任务的责任单位不同，保留。";
            let decided = self.app.db.write(async |tx: &mut Tx| {
                decide::reject(tx, &head, change.id, why).await?;
                Ok::<_, ChangeError>(())
            });
            at(self.ago(11)?, decided).await?;
        }
        Ok(())
    }

    /// The plan's tasks that name a day, from the end, where what other steps of the year look at is rare.
    async fn waiting_tasks(&self) -> Result<Vec<Task>> {
        let plan = self.plan;
        let mut tasks = self
            .app
            .db
            .read(async |tx: &mut Tx| task::store::of_plan(tx, plan).await)
            .await?;
        tasks.retain(|task| task.due_on().is_some());
        tasks.reverse();
        Ok(tasks)
    }

    async fn change_proposed(
        &self,
        day: Date,
        (kind, operation): (ChangeKind, Operation),
        why: &str,
    ) -> Result<Change> {
        let clerk = self.permit::<ProposeChange>("clerk").await?;
        let proposal = Proposal {
            plan: self.plan,
            kind,
            operations: vec![operation],
            reason: why.to_owned(),
        };
        let work = self
            .app
            .db
            .write(async |tx: &mut Tx| propose(tx, &clerk, None, proposal).await);
        Ok(at(day, work).await?)
    }
}
