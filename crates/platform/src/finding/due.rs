//! Findings as what falls due: a unit has to mend them by their day.

use async_trait::async_trait;
use gongkai_basis::reference::DateRange;

use super::store;
use crate::access::Scope;
use crate::db::{StoreError, Tx};
use crate::seam::{DueItem, Obligation};

/// Confirmed findings that their units have not mended.
pub(crate) struct FindingsDue;

#[async_trait]
impl Obligation for FindingsDue {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("finding", "问题整改")]
    }

    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        store::due(tx, scope, range).await
    }
}
