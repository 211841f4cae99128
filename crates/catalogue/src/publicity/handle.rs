//! An office decides what the public reads.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::Tx;
use gongkai_platform::fault::{NotDone, refused};
use gongkai_platform::organ::{self, reach::Reach};

use super::Publicity;
use super::store::{self, Decided};
use crate::acts::KeepCatalogue;

/// Decides for a government whose office the person works in.
///
/// # Errors
/// Not found for another government; stale when somebody was first; refused where nothing is chosen, or nothing changes.
pub async fn set(
    tx: &mut Tx,
    permit: &Permit<KeepCatalogue>,
    (organ, version): (OrganId, i64),
    publicity: Option<Publicity>,
    today: Date,
) -> Result<(), NotDone> {
    let within = Reach::of_permit(tx, permit).await?;
    if !within.bases.contains(&organ) {
        return Err(NotDone::NotFound);
    }
    let government = organ::store::load(tx, organ).await?;
    let government = government.ok_or(NotDone::NotFound)?;
    let before = store::load(tx, organ).await?;
    let Some(publicity) = publicity else {
        let sentence = "请选择公布哪些情况；现在的设置没有变化。".to_owned();
        return Err(NotDone::Refused(vec![("publicity", sentence)]));
    };
    let is_same = before.is_some_and(|before| before.publicity == publicity);
    let same = || {
        let sentence = "和现在的设置一样，不用保存。".to_owned();
        ("publicity", sentence)
    };
    refused(is_same.then(same).into_iter().collect())?;
    let decided = Decided {
        organ,
        publicity,
        set_by: permit.actor().name().to_owned(),
        set_on: today,
        version,
    };
    store::save(tx, &decided).await?;
    let sentence = format!(
        "{}的目录各期公开情况：{}",
        government.name,
        publicity.name()
    );
    tx.record(
        Event::new(
            permit.actor(),
            "catalogue.publicity-set",
            ("organ", organ.to_string()),
            sentence,
        )
        .organ(organ),
    );
    Ok(())
}
