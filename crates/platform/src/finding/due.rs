//! Findings as what falls due: a unit has to mend them by their day.

use gongkai_basis::reference::DateRange;

use super::store;
use crate::access::Scope;
use crate::db::{StoreError, Tx};
use crate::seam::{DueItem, Obligation};
use crate::web::BoxFuture;

/// Confirmed findings that their units have not mended.
pub(crate) struct FindingsDue;

impl Obligation for FindingsDue {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("finding", "问题整改")]
    }

    fn due<'a>(
        &'a self,
        tx: &'a mut Tx,
        scope: &'a Scope,
        range: DateRange,
    ) -> BoxFuture<'a, Result<Vec<DueItem>, StoreError>> {
        Box::pin(store::due(tx, scope, range))
    }
}
