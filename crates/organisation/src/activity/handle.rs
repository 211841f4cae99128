//! Records are made, mended, taken off with a reason, and put back.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::{self, New};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use serde_json::json;

use super::{Activity, ActivityKind, LINE_CHARS_MAX, Words, store};
use crate::acts::KeepOrganisation;
use crate::id::ActivityId;
use gongkai_platform::fault::{NotDone, Wanted, refused, text_fault};
use gongkai_platform::organ::reach::{self, Reach};

/// What attachments stand beside.
pub const SUBJECT: &str = "activity";
/// The field of the form that says to record it all the same.
pub const AGAIN: &str = "again";

fn record(
    tx: &mut Tx,
    permit: &Permit<KeepOrganisation>,
    activity: &Activity,
    kind: &'static str,
    sentence: String,
) {
    let data = json!({ "kind": activity.kind.code(), "held_on": activity.words.held_on });
    tx.record(
        Event::new(
            permit.actor(),
            kind,
            (SUBJECT, activity.id.to_string()),
            sentence,
        )
        .organ(activity.organ)
        .data(data),
    );
}

/// What is wanted where the same stands in the ledger already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Twice {
    /// To be asked: most often the form was sent twice.
    Asked,
    /// To have both: it was held twice.
    Kept,
}

/// Notes what an organ did, even where it stands in the ledger already. Meetings of the leading group are the office's to
/// note.
///
/// # Errors
/// Not found for an organ out of reach; refused with all the reasons.
pub async fn add(
    tx: &mut Tx,
    permit: &Permit<KeepOrganisation>,
    of: (OrganId, ActivityKind),
    with: (Words, Vec<New>),
    today: Date,
) -> Result<Activity, NotDone> {
    note(tx, permit, of, with, (today, Twice::Kept)).await
}

/// As [`add`], unless the organ did the same on that day already: its figures would count it twice.
///
/// # Errors
/// As [`add`]; refused under [`AGAIN`] where the same kind, title and day stand in the ledger.
pub async fn add_once(
    tx: &mut Tx,
    permit: &Permit<KeepOrganisation>,
    of: (OrganId, ActivityKind),
    with: (Words, Vec<New>),
    today: Date,
) -> Result<Activity, NotDone> {
    note(tx, permit, of, with, (today, Twice::Asked)).await
}

async fn note(
    tx: &mut Tx,
    permit: &Permit<KeepOrganisation>,
    (organ, kind): (OrganId, ActivityKind),
    (words, files): (Words, Vec<New>),
    (today, twice): (Date, Twice),
) -> Result<Activity, NotDone> {
    let within = Reach::of(tx, permit.roles()).await?;
    let keeper = if kind == ActivityKind::Meeting {
        within.office()
    } else {
        within
    };
    let organ_name = reach::store::unit(tx, &keeper, organ)
        .await?
        .ok_or(NotDone::NotFound)?;
    refused(words.why_not(kind, today))?;
    if twice == Twice::Asked && store::is_known(tx, (organ, kind), &words).await? {
        let sentence = format!("这一天已经登记过同名的{}，仍要登记？", kind.name());
        return Err(NotDone::Refused(vec![(AGAIN, sentence)]));
    }
    let activity = Activity {
        id: ActivityId::new(tx.fresh()),
        organ,
        organ_name,
        kind,
        words,
        removed_why: None,
        recorded_by: permit.actor().name().to_owned(),
        version: 1,
    };
    store::insert(tx, &activity).await?;
    let subject = activity.id.to_string();
    attachment::attach(tx, permit.actor(), (SUBJECT, &subject), organ, files).await?;
    let sentence = format!(
        "{}登记{}“{}”",
        activity.organ_name,
        kind.name(),
        activity.words.title
    );
    record(tx, permit, &activity, "activity.recorded", sentence);
    Ok(activity)
}

async fn existing(
    tx: &mut Tx,
    permit: &Permit<KeepOrganisation>,
    (id, version): (ActivityId, i64),
) -> Result<Activity, NotDone> {
    let within = Reach::of(tx, permit.roles()).await?;
    let found = store::load(tx, &within, id)
        .await?
        .ok_or(NotDone::NotFound)?;
    let office = within.office();
    let meeting = found.kind == ActivityKind::Meeting;
    if meeting && store::load(tx, &office, id).await?.is_none() {
        return Err(NotDone::NotFound);
    }
    if found.version != version {
        return Err(StoreError::Stale.into());
    }
    Ok(found)
}

/// Writes a record anew.
///
/// # Errors
/// Not found; stale; refused with all the reasons.
pub async fn amend(
    tx: &mut Tx,
    permit: &Permit<KeepOrganisation>,
    of: (ActivityId, i64),
    (words, files): (Words, Vec<New>),
    today: Date,
) -> Result<Activity, NotDone> {
    let mut activity = existing(tx, permit, of).await?;
    refused(words.why_not(activity.kind, today))?;
    activity.words = words;
    store::update(tx, &activity).await?;
    let subject = activity.id.to_string();
    let organ = activity.organ;
    attachment::attach(tx, permit.actor(), (SUBJECT, &subject), organ, files).await?;
    let sentence = format!("修改{}“{}”", activity.kind.name(), activity.words.title);
    record(tx, permit, &activity, "activity.amended", sentence);
    Ok(activity)
}

/// Takes a record off the list, with the reason; what cites it as evidence will find it gone.
///
/// # Errors
/// Not found; stale; refused without a reason.
pub async fn remove(
    tx: &mut Tx,
    permit: &Permit<KeepOrganisation>,
    of: (ActivityId, i64),
    why: &str,
) -> Result<Activity, NotDone> {
    let mut activity = existing(tx, permit, of).await?;
    refused(
        text_fault(("why", "删除原因"), why, LINE_CHARS_MAX, Wanted::Yes)
            .into_iter()
            .collect(),
    )?;
    activity.removed_why = Some(why.to_owned());
    store::update(tx, &activity).await?;
    let sentence = format!(
        "删除{}“{}”：{why}",
        activity.kind.name(),
        activity.words.title
    );
    record(tx, permit, &activity, "activity.removed", sentence);
    Ok(activity)
}

/// Puts a record back that was taken off.
///
/// # Errors
/// Not found; stale.
pub async fn restore(
    tx: &mut Tx,
    permit: &Permit<KeepOrganisation>,
    of: (ActivityId, i64),
) -> Result<Activity, NotDone> {
    let mut activity = existing(tx, permit, of).await?;
    activity.removed_why = None;
    store::update(tx, &activity).await?;
    let sentence = format!("恢复{}“{}”", activity.kind.name(), activity.words.title);
    record(tx, permit, &activity, "activity.restored", sentence);
    Ok(activity)
}
