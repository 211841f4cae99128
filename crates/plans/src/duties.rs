//! What waits for a person: sheets to look through, 督办单 to sign for or to accept, findings to mend or to re-check, bulletins
//! to answer or to approve, cases to choose, scores to decide. The start page shows what is not nought.

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_platform::access::{Act as _, Session};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::acts::{HandleFinding, MendFinding};
use gongkai_platform::finding::{self, FindingState};
use gongkai_platform::seam::{Duty, Waiting};

use crate::acts::{
    AnswerBulletin, AnswerSupervision, ApproveBulletin, ApprovePractice, ApproveScores,
    ApproveSupervision, ChoosePractice, ConfirmSubmission, DecideChange, DraftBulletin, ImportPlan,
    ManageRounds, ManageScores, ManageSupervision, ProposeChange, ReportProgress, SubmitRound,
};
use crate::change::ChangeState;
use crate::practice::{self, PracticeState};
use crate::round::SubmissionState;
use crate::seam::store::{Standing, Waits, submissions};
use crate::supervision::{self, OrderState};
use crate::{assessment, bulletin, change, exchange, plan, unanswered};

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
        let mut duties = Vec::new();
        sheets(tx, person, &mut duties).await?;
        units(tx, person, today, &mut duties).await?;
        rounds(tx, person, &mut duties).await?;
        orders(tx, person, today, &mut duties).await?;
        findings(tx, person, &mut duties).await?;
        changes(tx, person, &mut duties).await?;
        imports(tx, person, &mut duties).await?;
        bulletins(tx, person, &mut duties).await?;
        practices(tx, person, &mut duties).await?;
        scores(tx, person, &mut duties).await?;
        Ok(duties)
    }
}

fn duty(n: i64, name: &'static str, path: &'static str) -> Duty {
    let path = path.into();
    Duty { n, name, path }
}

/// Submissions: returned ones and confirmed ones are the liaison's, filled ones the head's, handed in ones the office's.
async fn rounds(tx: &mut Tx, person: &Session, duties: &mut Vec<Duty>) -> Result<(), StoreError> {
    use SubmissionState::{Confirmed, Draft, Returned, Submitted};
    let own = "/workspace/rounds/own";
    let sum = |found: &[Standing], state| -> i64 {
        let alike = found.iter().filter(|one| one.state == state);
        alike.map(|one| one.n - one.unfilled).sum()
    };
    if let Some(permit) = person.permit::<SubmitRound>() {
        let found = submissions(tx, Waits::Unit(permit.scope())).await?;
        duties.push(duty(sum(&found, Returned), "报送被退回，待重报", own));
        duties.push(duty(sum(&found, Confirmed), "已确认，待报送", own));
        if person.may(&ConfirmSubmission::ROW) {
            duties.push(duty(sum(&found, Draft), "填报等您确认", own));
        }
    }
    if let Some(permit) = person.permit::<ManageRounds>() {
        let found = submissions(tx, Waits::Office(permit.scope())).await?;
        let n = sum(&found, Submitted);
        duties.push(duty(n, "报送待接收", "/workspace/rounds"));
    }
    Ok(())
}

/// Units that nobody answers for.
async fn units(
    tx: &mut Tx,
    person: &Session,
    today: Date,
    duties: &mut Vec<Duty>,
) -> Result<(), StoreError> {
    if let Some(permit) = person.permit::<ManageRounds>() {
        let from = unanswered::from_year(today);
        let found = unanswered::ids(tx, permit.scope(), from).await?;
        let n = i64::try_from(found.len()).unwrap_or(i64::MAX);
        duties.push(duty(n, "个单位没有人办理", "/workspace/units/unanswered"));
    }
    Ok(())
}

async fn changes(tx: &mut Tx, person: &Session, duties: &mut Vec<Duty>) -> Result<(), StoreError> {
    let decide = person.permit::<DecideChange>();
    let propose = person.permit::<ProposeChange>();
    let (name, scope) = match (&decide, &propose) {
        (Some(permit), _) => ("变更等您审批", permit.scope()),
        (None, Some(permit)) => ("变更待审批", permit.scope()),
        (None, None) => return Ok(()),
    };
    duties.push(Duty {
        n: change::store::count(tx, scope, Some(ChangeState::Proposed)).await?,
        name,
        path: "/workspace/changes?state=proposed".into(),
    });
    Ok(())
}

async fn imports(tx: &mut Tx, person: &Session, duties: &mut Vec<Duty>) -> Result<(), StoreError> {
    if let Some(permit) = person.permit::<ImportPlan>() {
        let (drafts, doubtful) = plan::store::open_drafts(tx, permit.scope()).await?;
        for (n, name) in [
            (doubtful, "导入草稿有疑点待核对"),
            (drafts - doubtful, "导入草稿待确认"),
        ] {
            duties.push(Duty {
                n,
                name,
                path: "/workspace/import".into(),
            });
        }
    }
    Ok(())
}

async fn scores(tx: &mut Tx, person: &Session, duties: &mut Vec<Duty>) -> Result<(), StoreError> {
    use assessment::store::waiting_appeals;
    if let Some(permit) = person.permit::<ManageScores>() {
        duties.push(Duty {
            n: waiting_appeals(tx, permit.scope()).await?,
            name: "考核申诉待裁定",
            path: "/workspace/scores".into(),
        });
    }
    if let Some(permit) = person.permit::<ApproveScores>() {
        let n = assessment::handle::count_for_approval(tx, &permit).await?;
        duties.push(duty(n, "考核得分等您批准", "/workspace/scores"));
    }
    Ok(())
}

async fn sheets(tx: &mut Tx, person: &Session, duties: &mut Vec<Duty>) -> Result<(), StoreError> {
    if person.permit::<ReportProgress>().is_some() {
        duties.push(Duty {
            n: exchange::count_waiting(tx, person.account).await?,
            name: "填报表待核对",
            path: "/workspace/sheets".into(),
        });
    }
    Ok(())
}

async fn orders(
    tx: &mut Tx,
    person: &Session,
    today: Date,
    duties: &mut Vec<Duty>,
) -> Result<(), StoreError> {
    use supervision::store::{Narrow, Side, count};
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
            let n = count(tx, side, &narrow).await?;
            duties.push(duty(n, name, path));
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
            let n = count(tx, side, &narrow).await?;
            duties.push(duty(n, name, path));
        }
    }
    if let Some(permit) = person.permit::<ApproveSupervision>() {
        let narrow = in_state(OrderState::Submitted);
        let n = count(tx, Side::Office(permit.scope()), &narrow).await?;
        duties.push(duty(
            n,
            "督办单等您审批",
            "/workspace/supervision?state=submitted",
        ));
    }
    Ok(())
}

async fn findings(tx: &mut Tx, person: &Session, duties: &mut Vec<Duty>) -> Result<(), StoreError> {
    use finding::store::{Side, count};
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
            let n = count(tx, side, &in_state(state)).await?;
            duties.push(duty(n, name, path));
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
            let n = count(tx, side, &in_state(state)).await?;
            duties.push(duty(n, name, path));
        }
    }
    Ok(())
}

async fn bulletins(
    tx: &mut Tx,
    person: &Session,
    duties: &mut Vec<Duty>,
) -> Result<(), StoreError> {
    use bulletin::store::{count_for_approval, count_parts};
    if let Some(permit) = person.permit::<AnswerBulletin>() {
        let n = count_parts(tx, bulletin::store::Waits::Unit(permit.scope())).await?;
        duties.push(Duty {
            n,
            name: "通报待报告整改",
            path: "/workspace/bulletins/own".into(),
        });
    }
    if let Some(permit) = person.permit::<DraftBulletin>() {
        let n = count_parts(tx, bulletin::store::Waits::Office(permit.scope())).await?;
        duties.push(Duty {
            n,
            name: "通报整改待复核",
            path: "/workspace/bulletins?state=issued".into(),
        });
    }
    if let Some(permit) = person.permit::<ApproveBulletin>() {
        let mut n = 0;
        for approver in bulletin::Approver::ALL {
            if bulletin::handle::is_principal(&permit, *approver) {
                n += count_for_approval(tx, permit.scope(), *approver).await?;
            }
        }
        duties.push(Duty {
            n,
            name: "通报等您审批",
            path: "/workspace/bulletins?state=submitted".into(),
        });
    }
    Ok(())
}

async fn practices(
    tx: &mut Tx,
    person: &Session,
    duties: &mut Vec<Duty>,
) -> Result<(), StoreError> {
    use practice::store::{Side, count};
    if let Some(permit) = person.permit::<ChoosePractice>() {
        let side = Side::Office(permit.scope());
        let n = count(tx, side, Some(PracticeState::Submitted)).await?;
        duties.push(Duty {
            n,
            name: "案例待遴选",
            path: "/workspace/practices?side=office&state=submitted".into(),
        });
    }
    if let Some(permit) = person.permit::<ApprovePractice>() {
        let side = Side::Office(permit.scope());
        let n = count(tx, side, Some(PracticeState::Chosen)).await?;
        duties.push(Duty {
            n,
            name: "案例等您批准",
            path: "/workspace/practices?side=office&state=chosen".into(),
        });
    }
    Ok(())
}
