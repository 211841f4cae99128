//! Telling the next person.

use gongkai_basis::Role;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox;

use super::stand::{has_no_head, has_no_reviewer};
use crate::request::case::Case;
use crate::request::step::Step;
use crate::request::submit::{self, outgoing};

/// Whoever must do the next thing is told of it.
pub(super) async fn tell(tx: &mut Tx, case: &Case, step: &Step) -> Result<(), StoreError> {
    let request = &case.request;
    let desk = submit::desk_of(tx, request.organ).await?;
    if let Step::Accept { handler } | Step::Reassign { handler, .. } = step {
        // Whoever takes it up needs no message of it.
        let own = case.entries.last().and_then(|entry| entry.account) == Some(handler.0);
        if !own {
            let message = outgoing(case, (desk, &[]), "申请分派给您办理");
            inbox::send_to(tx, handler.0, message).await?;
        }
        return Ok(());
    }
    let (organ, roles, what): (_, &'static [Role], &str) = match step {
        Step::ProposeExtension { .. } if has_no_head(tx, request.organ).await? => {
            (desk, &[Role::UnitHead], "延期待批准")
        }
        Step::ProposeExtension { .. } => (desk, &[Role::OfficeHead], "延期待批准"),
        Step::ApproveExtension => (
            desk,
            &[Role::RequestOfficer, Role::OfficeClerk],
            "延期已批准，请发出延期答复告知书",
        ),
        Step::RefuseExtension { .. } => (
            desk,
            &[Role::RequestOfficer, Role::OfficeClerk],
            "延期未批准",
        ),
        Step::Decide(_) if has_no_reviewer(tx, request.organ).await? => {
            (desk, &[Role::UnitHead], "答复待公开审查")
        }
        Step::Decide(_) => (
            desk,
            &[Role::SecrecyReviewer, Role::OfficeHead],
            "答复待公开审查",
        ),
        Step::Pass { .. } => (desk, &[Role::OfficeHead, Role::UnitHead], "答复待审签"),
        Step::Sign => (
            desk,
            &[Role::RequestOfficer, Role::OfficeClerk],
            "答复待发出",
        ),
        Step::Return { .. } => (
            desk,
            &[Role::RequestOfficer, Role::OfficeClerk],
            "答复退回重拟",
        ),
        Step::AskUnit { organ, .. } => (
            *organ,
            &[Role::Liaison, Role::RequestOfficer, Role::UnitHead],
            "请协办依申请公开件",
        ),
        Step::UnitAnswer { .. } => (
            desk,
            &[Role::RequestOfficer, Role::OfficeClerk],
            "协办单位已答复",
        ),
        Step::Transfer { .. } => (desk, &[Role::RequestOfficer, Role::OfficeClerk], "转来申请"),
        _ => return Ok(()),
    };
    inbox::send(tx, vec![outgoing(case, (organ, roles), what)]).await?;
    Ok(())
}
