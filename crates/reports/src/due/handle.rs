//! An office sets the days of its government's area.

use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::Tx;
use gongkai_platform::fault::{NotDone, refused};
use gongkai_platform::organ::reach;

use super::{Days, store};
use crate::acts::PrecheckReport;

/// # Errors
/// Not found for an area that the office does not watch over; stale; refused with all the reasons.
pub async fn set(
    tx: &mut Tx,
    permit: &Permit<PrecheckReport>,
    organ: OrganId,
    days: &Days,
) -> Result<(), NotDone> {
    if !reach::governed(tx, permit.roles()).await?.contains(&organ) {
        return Err(NotDone::NotFound);
    }
    refused(days.why_not())?;
    store::save(tx, organ, days).await?;
    let said = format!(
        "年度报告截止日期：部门{}，县级以上政府{}，乡镇、街道{}，依据{}",
        days.departments.words(),
        days.governments.words(),
        days.towns.words(),
        days.basis
    );
    let subject = ("organ", organ.to_string());
    tx.record(Event::new(permit.actor(), "annual.due-set", subject, said).organ(organ));
    Ok(())
}
