//! Who hears of a finding: the unit that has to mend it, the office that has to look again.

use gongkai_basis::Role;

use super::Finding;
use crate::access::Reach;
use crate::db::{StoreError, Tx};
use crate::inbox::{self, Outgoing, Topic};
use crate::organ::Moved;

fn outgoing(finding: &Finding, what: &str) -> Outgoing {
    Outgoing {
        organ: finding.organ,
        roles: &[Role::Liaison, Role::UnitHead],
        reach: Reach::Own,
        topic: Topic::Finding,
        // Each version is told once.
        key: format!("finding:{}:{}", finding.id, finding.version),
        title: format!("{what}：{}", finding.title),
        body: finding
            .fix_due_on
            .filter(|_| finding.state.is_open())
            .map_or_else(String::new, |due| {
                format!("整改期限{}。", crate::web::day(due))
            }),
        path: format!("/workspace/findings/{}", finding.id),
        about: finding.fix_due_on.filter(|_| finding.state.is_open()),
    }
}

pub(super) async fn unit(tx: &mut Tx, finding: &Finding, what: &str) -> Result<(), StoreError> {
    let told = outgoing(finding, what);
    // A government has no desk but that of its office.
    let office = Outgoing {
        roles: &[Role::OfficeClerk, Role::OfficeHead],
        reach: Reach::Government,
        ..told.clone()
    };
    inbox::send(tx, vec![told, office]).await?;
    Ok(())
}

/// The organ that findings went to hears of those that units see.
pub(super) async fn heir(tx: &mut Tx, moved: Moved<'_>, count: i64) -> Result<(), StoreError> {
    let told = Outgoing {
        organ: moved.to.id,
        roles: &[Role::Liaison, Role::UnitHead],
        reach: Reach::Own,
        topic: Topic::Finding,
        key: format!("finding:moved:{}:{}", moved.from, tx.now().as_millisecond()),
        title: format!("机构调整，{count}个问题移交本单位整改"),
        body: moved.reason.to_owned(),
        path: "/workspace/findings/own".to_owned(),
        about: None,
    };
    let office = Outgoing {
        roles: &[Role::OfficeClerk, Role::OfficeHead],
        reach: Reach::Government,
        ..told.clone()
    };
    inbox::send(tx, vec![told, office]).await?;
    Ok(())
}

pub(super) async fn office(tx: &mut Tx, finding: &Finding) -> Result<(), StoreError> {
    let told = outgoing(finding, "单位报告问题已整改，待复核");
    let office = Outgoing {
        organ: finding.office,
        roles: &[Role::OfficeClerk, Role::OfficeHead],
        ..told
    };
    inbox::send(tx, vec![office]).await?;
    Ok(())
}
