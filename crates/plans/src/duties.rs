//! What waits for a person: sheets to look through, 督办单 to sign for or to accept, findings to mend or to re-check, bulletins
//! to answer or to approve, cases to choose, scores to decide. The start page shows what is not nought.

use std::borrow::Cow;

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_platform::access::{Act as _, Session};
use gongkai_platform::db::{Sql, StoreError, Tx};
use gongkai_platform::finding::acts::{HandleFinding, MendFinding};
use gongkai_platform::finding::{self, FindingState};
use gongkai_platform::seam::{Duty, Waiting};

use crate::acts::{
    AnswerBulletin, AnswerSupervision, ApproveBulletin, ApprovePractice, ApproveScores,
    ApproveSupervision, ChoosePractice, ConfirmSubmission, DecideChange, DraftBulletin, ImportPlan,
    ManageRounds, ManageScores, ManageSupervision, MatchPlans, ProposeChange, ReportProgress,
    SubmitRound,
};
use crate::change::ChangeState;
use crate::draft::store::proposal;
use crate::practice::{self, PracticeState};
use crate::round::SubmissionState;
use crate::seam::store::{Standing, counting_submitted, submissions};
use crate::supervision::{self, OrderState};
use crate::{assessment, bulletin, carried, change, exchange, plan, unanswered};

/// Plans whose 回头看事项 are told apart on one desk.
const PLANS_NAMED_MAX: i64 = 5;

/// Everything of plans that waits for a person, as the unit and as the office.
pub(crate) struct Desk;

#[async_trait]
impl Waiting for Desk {
    async fn waiting(
        &self,
        tx: &mut Tx,
        person: &Session,
        today: Date,
    ) -> Result<Vec<Duty>, StoreError> {
        let mut duties = Duties::default();
        sheets(person, &mut duties);
        units(tx, person, today, &mut duties).await?;
        rounds(tx, person, &mut duties).await?;
        orders(person, today, &mut duties);
        findings(person, &mut duties);
        changes(person, &mut duties);
        imports(tx, person, &mut duties).await?;
        reviews(tx, person, &mut duties).await?;
        bulletins(person, &mut duties);
        practices(person, &mut duties);
        scores(tx, person, &mut duties).await?;
        duties.counted(tx).await
    }
}

/// Duties in their order; what is merely counted is asked for all together.
#[derive(Default)]
struct Duties {
    known: Vec<Duty>,
    /// The place of a duty whose number is not known yet, and what counts it.
    asked: Vec<(usize, Sql)>,
}

impl Duties {
    fn know(&mut self, n: i64, name: &'static str, path: impl Into<Cow<'static, str>>) {
        let path = path.into();
        self.known.push(Duty { n, name, path });
    }

    fn ask(&mut self, count: Sql, name: &'static str, path: &'static str) {
        self.asked.push((self.known.len(), count));
        self.know(0, name, path);
    }

    async fn counted(mut self, tx: &mut Tx) -> Result<Vec<Duty>, StoreError> {
        let (places, counts): (Vec<usize>, Vec<Sql>) = self.asked.into_iter().unzip();
        for (place, n) in places.into_iter().zip(tx.counts(counts).await?) {
            if let Some(duty) = self.known.get_mut(place) {
                duty.n = n;
            }
        }
        Ok(self.known)
    }
}

/// Submissions: those to fill, returned ones and confirmed ones are the liaison's, filled ones the head's, handed in ones the
/// office's.
async fn rounds(tx: &mut Tx, person: &Session, duties: &mut Duties) -> Result<(), StoreError> {
    use SubmissionState::{Confirmed, Draft, Returned};
    let own = "/workspace/rounds/own";
    let sum = |found: &[Standing], state| -> i64 {
        let alike = found.iter().filter(|one| one.state == state);
        alike.map(|one| one.n - one.unfilled).sum()
    };
    if let Some(permit) = person.permit::<SubmitRound>() {
        let found = submissions(tx, permit.scope()).await?;
        let open = found.iter().filter(|one| one.state == Draft);
        let unfilled = open.map(|one| one.unfilled).sum();
        duties.know(unfilled, "报送待填报", own);
        duties.know(sum(&found, Returned), "报送被退回，待重报", own);
        duties.know(sum(&found, Confirmed), "已确认，待报送", own);
        if person.may(&ConfirmSubmission::ROW) {
            duties.know(sum(&found, Draft), "填报等您确认", own);
        }
    }
    if let Some(permit) = person.permit::<ManageRounds>() {
        let count = counting_submitted(permit.scope());
        duties.ask(count, "报送待接收", "/workspace/rounds");
    }
    Ok(())
}

/// Units that nobody answers for.
async fn units(
    tx: &mut Tx,
    person: &Session,
    today: Date,
    duties: &mut Duties,
) -> Result<(), StoreError> {
    if let Some(permit) = person.permit::<ManageRounds>() {
        let from = unanswered::from_year(today);
        let found = unanswered::ids(tx, permit.scope(), from).await?;
        let n = i64::try_from(found.len()).unwrap_or(i64::MAX);
        duties.know(n, "个单位没有人办理", "/workspace/units/unanswered");
    }
    Ok(())
}

fn changes(person: &Session, duties: &mut Duties) {
    let decide = person.permit::<DecideChange>();
    let propose = person.permit::<ProposeChange>();
    let ([change, correction], scope) = match (&decide, &propose) {
        (Some(permit), _) => (["变更等您审批", "更正稿等您审批"], permit.scope()),
        (None, Some(permit)) => (["变更待审批", "更正稿待审批"], permit.scope()),
        (None, None) => return,
    };
    let path = "/workspace/changes?state=proposed";
    let count = change::store::counting(scope, Some(ChangeState::Proposed));
    duties.ask(count, change, path);
    duties.ask(proposal::counting(scope), correction, path);
}

async fn imports(tx: &mut Tx, person: &Session, duties: &mut Duties) -> Result<(), StoreError> {
    if let Some(permit) = person.permit::<ImportPlan>() {
        let open = plan::store::open_drafts(tx, permit.scope()).await?;
        let list = "/workspace/import?show=";
        duties.know(
            open.doubtful,
            "导入草稿有疑点待核对",
            format!("{list}doubts"),
        );
        duties.know(open.failed, "导入的文件未能读取", format!("{list}failed"));
        duties.know(open.ready, "导入草稿待确认", format!("{list}ready"));
    }
    Ok(())
}

async fn scores(tx: &mut Tx, person: &Session, duties: &mut Duties) -> Result<(), StoreError> {
    let path = "/workspace/scores";
    if let Some(permit) = person.permit::<ManageScores>() {
        let count = assessment::store::counting_appeals(permit.scope());
        duties.ask(count, "考核申诉待裁定", path);
    }
    if let Some(permit) = person.permit::<ApproveScores>() {
        let n = assessment::handle::count_for_approval(tx, &permit).await?;
        duties.know(n, "考核得分等您批准", path);
    }
    Ok(())
}

fn sheets(person: &Session, duties: &mut Duties) {
    if person.permit::<ReportProgress>().is_some() {
        let count = exchange::counting_waiting(person.account);
        duties.ask(count, "填报表待核对", "/workspace/sheets");
    }
}

fn orders(person: &Session, today: Date, duties: &mut Duties) {
    use supervision::store::{Narrow, Side, counting};
    let in_state = |state| Narrow {
        state: Some(state),
        ..Narrow::default()
    };
    let late = Narrow {
        late_on: Some(today),
        ..Narrow::default()
    };
    if let Some(permit) = person.permit::<AnswerSupervision>() {
        let side = Side::Unit(permit.scope());
        for (narrow, name, path) in [
            (
                late.clone(),
                "本单位督办单逾期未回复",
                "/workspace/supervision/own?late=1",
            ),
            (
                in_state(OrderState::Issued),
                "督办单待签收",
                "/workspace/supervision/own?state=issued",
            ),
            (
                in_state(OrderState::Received),
                "督办单待回复",
                "/workspace/supervision/own?state=received",
            ),
            (
                in_state(OrderState::Returned),
                "督办单退回重报",
                "/workspace/supervision/own?state=returned",
            ),
        ] {
            duties.ask(counting(side, &narrow), name, path);
        }
    }
    if let Some(permit) = person.permit::<ManageSupervision>() {
        let side = Side::Office(permit.scope());
        for (narrow, name, path) in [
            (late, "督办单逾期未回复", "/workspace/supervision?late=1"),
            (
                in_state(OrderState::Replied),
                "督办回复待验收",
                "/workspace/supervision?state=replied",
            ),
        ] {
            duties.ask(counting(side, &narrow), name, path);
        }
    }
    if let Some(permit) = person.permit::<ApproveSupervision>() {
        let narrow = in_state(OrderState::Submitted);
        duties.ask(
            counting(Side::Office(permit.scope()), &narrow),
            "督办单等您审批",
            "/workspace/supervision?state=submitted",
        );
    }
}

fn findings(person: &Session, duties: &mut Duties) {
    use finding::store::{Side, counting};
    let in_state = |state| finding::Narrow {
        state: Some(state),
        ..finding::Narrow::default()
    };
    if let Some(permit) = person.permit::<MendFinding>() {
        let side = Side::Unit(permit.scope());
        for (state, name, path) in [
            (
                FindingState::Confirmed,
                "问题待整改",
                "/workspace/findings/own?state=confirmed",
            ),
            (
                FindingState::Mending,
                "问题整改中",
                "/workspace/findings/own?state=mending",
            ),
        ] {
            duties.ask(counting(side, &in_state(state)), name, path);
        }
    }
    if let Some(permit) = person.permit::<HandleFinding>() {
        let side = Side::Office(permit.scope());
        for (state, name, path) in [
            (
                FindingState::ToVerify,
                "问题待核实",
                "/workspace/findings?state=to_verify",
            ),
            (
                FindingState::ToRecheck,
                "问题待复核",
                "/workspace/findings?state=to_recheck",
            ),
        ] {
            duties.ask(counting(side, &in_state(state)), name, path);
        }
    }
}

/// 回头看事项: what the unit has to put right, and what it reported as put right, by plan.
async fn reviews(tx: &mut Tx, person: &Session, duties: &mut Duties) -> Result<(), StoreError> {
    use carried::CarriedState::{Open, Working};
    if let Some(permit) = person.permit::<ReportProgress>() {
        let whose = carried::store::Whose::Unit(permit.scope());
        for (state, name, path) in [
            (Open, "回头看事项待整改", "/workspace/reviews?state=open"),
            (
                Working,
                "回头看事项整改中",
                "/workspace/reviews?state=working",
            ),
        ] {
            duties.ask(carried::store::counting(whose, Some(state)), name, path);
        }
    }
    if let Some(permit) = person.permit::<MatchPlans>() {
        for (plan, n) in carried::store::claimed(tx, permit.scope(), PLANS_NAMED_MAX).await? {
            let path = format!("/workspace/plans/{plan}/reviews?state=claimed");
            duties.know(n, "回头看整改待核实", path);
        }
    }
    Ok(())
}

fn bulletins(person: &Session, duties: &mut Duties) {
    use bulletin::Approver;
    use bulletin::store::{Waits, counting_for_approval, counting_parts};
    if let Some(permit) = person.permit::<AnswerBulletin>() {
        let count = counting_parts(Waits::Unit(permit.scope()));
        duties.ask(count, "通报待报告整改", "/workspace/bulletins/own");
    }
    if let Some(permit) = person.permit::<DraftBulletin>() {
        let count = counting_parts(Waits::Office(permit.scope()));
        duties.ask(count, "通报整改待复核", "/workspace/bulletins?state=issued");
    }
    if let Some(permit) = person.permit::<ApproveBulletin>() {
        let of = |approver| bulletin::handle::principal_scope(&permit, approver);
        duties.ask(
            counting_for_approval(&of(Approver::Head), &of(Approver::Leader)),
            "通报等您审批",
            "/workspace/bulletins?state=submitted",
        );
    }
}

fn practices(person: &Session, duties: &mut Duties) {
    use practice::store::{Side, counting};
    if let Some(permit) = person.permit::<ChoosePractice>() {
        let side = Side::Office(permit.scope());
        duties.ask(
            counting(side, Some(PracticeState::Submitted)),
            "案例待遴选",
            "/workspace/practices?side=office&state=submitted",
        );
    }
    if let Some(permit) = person.permit::<ApprovePractice>() {
        let side = Side::Office(permit.scope());
        duties.ask(
            counting(side, Some(PracticeState::Chosen)),
            "案例等您批准",
            "/workspace/practices?side=office&state=chosen",
        );
    }
}
