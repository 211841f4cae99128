//! 督办单 and bulletins: one for each state that a list can show.

use anyhow::Result;
use gongkai_basis::Date;
use gongkai_plans::acts::{
    AnswerSupervision, ApproveBulletin, ApproveSupervision, DraftBulletin, ManageSupervision,
};
use gongkai_plans::bulletin::{self, BulletinId, BulletinKind, FactKind};
use gongkai_plans::step::StepError;
use gongkai_plans::supervision::{self, OrderId, Step};
use gongkai_plans::task;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;

use super::year::Year;

/// Facts in a bulletin: enough to see, few enough to read.
const FACTS_MAX: usize = 6;
/// The unit of the demo's liaison.
const OWN: &str = "安澜市司法局";
const REPLY: &str = "（演示）因系统升级推迟，已排定计划，月底前完成并补报佐证。";

/// How far a 督办单 has come, in the order in which units get one: the liaison's own has been answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    Replied,
    Issued,
    Received,
    Accepted,
    Returned,
    Submitted,
    Draft,
    Withdrawn,
}

const COURSES: [Course; 8] = [
    Course::Replied,
    Course::Issued,
    Course::Received,
    Course::Accepted,
    Course::Returned,
    Course::Submitted,
    Course::Draft,
    Course::Withdrawn,
];

impl Year<'_> {
    /// 督办单 for overdue tasks, one in each state.
    pub(super) async fn orders(&self) -> Result<()> {
        let (orders, own) = self.orders_drafted().await?;
        let liaison = self.permit::<AnswerSupervision>("liaison").await?;
        let others = Permit::<AnswerSupervision>::system();
        for (nth, (id, course)) in orders.into_iter().zip(COURSES).enumerate() {
            if course == Course::Draft {
                continue;
            }
            self.order_issued(id, course).await?;
            let unit = if own && nth == 0 { &liaison } else { &others };
            self.order_answered(id, course, unit).await?;
        }
        Ok(())
    }

    /// Also whether the first is the liaison's own.
    async fn orders_drafted(&self) -> Result<(Vec<OrderId>, bool)> {
        let clerk = self.permit::<ManageSupervision>("clerk").await?;
        let day = self.ago(20)?;
        let words = supervision::draft::Words {
            title: "（演示）关于抓紧办理逾期要点任务的督办单".to_owned(),
            requirement: "请说明未按期完成的原因，提出完成时间，并报送佐证。".to_owned(),
            reply_days: Some(5),
        };
        let plan = self.plan;
        self.on(day, async |tx: &mut Tx| {
            let tasks = task::store::of_plan(tx, plan).await?;
            let late = tasks
                .iter()
                .filter(|task| task.due_on().is_some_and(|due| due < day));
            let late: Vec<_> = late.map(|task| task.id).collect();
            let all = (late.as_slice(), &[][..]);
            let (mut units, _) = supervision::draft::chosen(tx, &clerk, all, day).await?;
            units.sort_by_key(|unit| (unit.organ_name != OWN, unit.organ));
            units.truncate(COURSES.len());
            let own = units.first().is_some_and(|unit| unit.organ_name == OWN);
            if units.is_empty() {
                return Ok((Vec::new(), own));
            }
            let drafted = supervision::draft::draft(tx, &clerk, &units, &words, day).await?;
            Ok((drafted, own))
        })
        .await
    }

    /// Sent for approval; approved where it went on.
    async fn order_issued(&self, id: OrderId, course: Course) -> Result<()> {
        let clerk = self.permit::<ManageSupervision>("clerk").await?;
        let head = self.permit::<ApproveSupervision>("head").await?;
        let (calendar, day) = (self.app.calendar(), self.ago(20)?);
        self.on(day, async |tx: &mut Tx| {
            let submit = (Step::Submit, "");
            supervision::handle::step(tx, &clerk, id, submit, (&calendar, day)).await?;
            if course != Course::Submitted {
                let approve = (Step::Approve, "");
                supervision::handle::decide(tx, &head, id, approve, (&calendar, day)).await?;
            }
            Ok(())
        })
        .await
    }

    async fn order_answered(
        &self,
        id: OrderId,
        course: Course,
        unit: &Permit<AnswerSupervision>,
    ) -> Result<()> {
        let clerk = self.permit::<ManageSupervision>("clerk").await?;
        let day = self.ago(17)?;
        let step = match course {
            Course::Accepted => Some((
                Step::Accept,
                "（演示）原因和完成时间都已写明，后续按台账跟踪。",
            )),
            Course::Returned => Some((Step::Return, "（演示）没有写明完成时间，请补充后重报。")),
            Course::Withdrawn => Some((Step::Withdraw, "（演示）所列事项已并入专项督办。")),
            Course::Replied
            | Course::Issued
            | Course::Received
            | Course::Submitted
            | Course::Draft => None,
        };
        if let Course::Replied | Course::Received | Course::Accepted | Course::Returned = course {
            self.on(day, async |tx: &mut Tx| {
                supervision::answer::receive(tx, unit, id, day).await?;
                if course != Course::Received {
                    supervision::answer::reply(tx, unit, id, (REPLY, Vec::new()), day).await?;
                }
                Ok(())
            })
            .await?;
        }
        let Some(step) = step else { return Ok(()) };
        let (calendar, day) = (self.app.calendar(), self.ago(15)?);
        self.on(day, async |tx: &mut Tx| {
            supervision::handle::step(tx, &clerk, id, step, (&calendar, day)).await
        })
        .await?;
        Ok(())
    }

    /// One of criticism that was issued, one of praise that waits for its approval, one on the situation still a draft.
    pub(super) async fn bulletins(&self) -> Result<()> {
        let (clerk, head) = (
            self.permit::<DraftBulletin>("clerk").await?,
            self.permit::<ApproveBulletin>("head").await?,
        );
        let calendar = self.app.calendar();
        let day = self.ago(8)?;
        if let Some(id) = self.assembled(BulletinKind::Criticism, day).await? {
            self.on(day, async |tx: &mut Tx| {
                bulletin::handle::step(tx, &clerk, id, (bulletin::Step::Submit, ""), day).await?;
                let approve = (bulletin::Step::Approve, "");
                bulletin::handle::decide(tx, &head, id, approve, (&calendar, day)).await
            })
            .await?;
        }
        let day = self.ago(2)?;
        if let Some(id) = self.assembled(BulletinKind::Praise, day).await? {
            self.on(day, async |tx: &mut Tx| {
                bulletin::handle::step(tx, &clerk, id, (bulletin::Step::Submit, ""), day).await
            })
            .await?;
        }
        self.assembled(BulletinKind::Situation, self.ago(1)?)
            .await?;
        Ok(())
    }

    /// A draft from confirmed facts; `None` where there are none.
    async fn assembled(&self, kind: BulletinKind, day: Date) -> Result<Option<BulletinId>> {
        let clerk = self.permit::<DraftBulletin>("clerk").await?;
        self.on(day, async |tx: &mut Tx| {
            let mut facts = bulletin::facts::gather(tx, clerk.scope(), kind, day).await?;
            facts.sort_by_key(|fact| fact.reference.kind != FactKind::Finding.code());
            facts.truncate(FACTS_MAX);
            if facts.is_empty() {
                return Ok::<_, StepError>(None);
            }
            let drafted =
                bulletin::assemble::draft(tx, &clerk, ("", None), (kind, facts), day).await?;
            Ok(Some(drafted.id))
        })
        .await
    }
}
