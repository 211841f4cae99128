//! Who can approve what an office proposes. Where nobody has been appointed, pages say so before somebody waits.

use gongkai_basis::Role;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox;

use crate::bulletin::Approver;

/// Those who can approve what an office's rule gives to its head or to 领导, by name.
///
/// # Errors
/// When the store fails.
pub(crate) async fn principals(
    tx: &mut Tx,
    office: OrganId,
    approver: Approver,
) -> Result<Vec<String>, StoreError> {
    match approver {
        Approver::Head => heads(tx, office).await,
        Approver::Leader => inbox::who_above(tx, office, &[Role::Leader]).await,
    }
}

/// The heads of an office, by name.
///
/// # Errors
/// When the store fails.
pub(crate) async fn heads(tx: &mut Tx, office: OrganId) -> Result<Vec<String>, StoreError> {
    inbox::who(tx, office, &[Role::OfficeHead], &[]).await
}
