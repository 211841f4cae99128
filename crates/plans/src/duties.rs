//! What waits for a person: sheets to look through, 督办单 to sign for or to accept, findings to mend or to re-check, bulletins
//! to answer or to approve, cases to choose, scores to decide. The start page shows what is not nought.

use gongkai_basis::Date;
use gongkai_platform::access::Session;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::acts::{HandleFinding, MendFinding};
use gongkai_platform::finding::{self, FindingState};

use crate::acts::{
    AnswerBulletin, AnswerSupervision, ApproveBulletin, ApprovePractice, ApproveSupervision,
    ChoosePractice, DraftBulletin, ManageSupervision, ReportProgress,
};
use crate::practice::{self, PracticeState};
use crate::supervision::{self, OrderState};
use crate::{bulletin, exchange};

/// So many things of one kind wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    pub n: i64,
    pub name: &'static str,
    pub path: &'static str,
}

/// Everything that waits for this person, as the unit and as the office.
///
/// # Errors
/// When the store fails.
pub async fn of(tx: &mut Tx, person: &Session, today: Date) -> Result<Vec<Duty>, StoreError> {
    let mut duties = Vec::new();
    sheets(tx, person, &mut duties).await?;
    orders(tx, person, today, &mut duties).await?;
    findings(tx, person, &mut duties).await?;
    bulletins(tx, person, &mut duties).await?;
    practices(tx, person, &mut duties).await?;
    duties.retain(|duty| duty.n > 0);
    Ok(duties)
}

async fn sheets(tx: &mut Tx, person: &Session, duties: &mut Vec<Duty>) -> Result<(), StoreError> {
    if person.permit::<ReportProgress>().is_some() {
        duties.push(Duty {
            n: exchange::count_waiting(tx, person.account).await?,
            name: "填报表待核对",
            path: "/workspace/sheets",
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
                "督办单逾期未回复",
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
            duties.push(Duty { n, name, path });
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
            duties.push(Duty { n, name, path });
        }
    }
    if let Some(permit) = person.permit::<ApproveSupervision>() {
        let narrow = in_state(OrderState::Submitted);
        let n = count(tx, Side::Office(permit.scope()), &narrow).await?;
        duties.push(Duty {
            n,
            name: "督办单等您审批",
            path: "/workspace/supervision?state=submitted",
        });
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
            duties.push(Duty { n, name, path });
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
            duties.push(Duty { n, name, path });
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
            path: "/workspace/bulletins/own",
        });
    }
    if let Some(permit) = person.permit::<DraftBulletin>() {
        let n = count_parts(tx, bulletin::store::Waits::Office(permit.scope())).await?;
        duties.push(Duty {
            n,
            name: "通报整改待复核",
            path: "/workspace/bulletins?state=issued",
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
            path: "/workspace/bulletins?state=submitted",
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
            path: "/workspace/practices?side=office&state=submitted",
        });
    }
    if let Some(permit) = person.permit::<ApprovePractice>() {
        let side = Side::Office(permit.scope());
        let n = count(tx, side, Some(PracticeState::Chosen)).await?;
        duties.push(Duty {
            n,
            name: "案例等您批准",
            path: "/workspace/practices?side=office&state=chosen",
        });
    }
    Ok(())
}
