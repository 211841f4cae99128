//! Cases of an older system become cases here, all or none.

use std::collections::{BTreeMap, btree_map};

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::{AccountId, OrganId};
use gongkai_basis::{Date, Role};
use gongkai_platform::access::{Permit, Reach};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, refused};
use gongkai_platform::inbox::{self, Outgoing, Topic};

use super::judge::Taken;
use super::wait::{self, Wait};
use crate::acts::TakeRequests;
use crate::id::ConsultationId;
use crate::request::case::{Case, Entry};
use crate::request::state::{Act, State};
use crate::request::step::{Moment, Step};
use crate::request::{handle, store, submit};
use crate::words;

/// Takes all of them over, or none; gives how many were new.
///
/// # Errors
/// Refused or not found as [`submit::take`], refused where a handler is nobody who may be one.
pub async fn take_over(
    tx: &mut Tx,
    permit: &Permit<TakeRequests>,
    cases: Vec<Taken>,
    (today, calendar): (Date, &WorkCalendar),
) -> Result<usize, NotDone> {
    let handlers = handlers(tx, &cases).await?;
    let mut new = Vec::new();
    let mut desks: BTreeMap<OrganId, usize> = BTreeMap::new();
    let rows = cases.len();
    for (taken, handler) in cases.into_iter().zip(handlers) {
        let received = taken.form.receipt.received_on(taken.form.channel);
        let (pause, open) = (tx.fresh(), ConsultationId::new(tx.fresh()));
        let before = received.map_or_else(Vec::new, |on| taken.events(on, pause, open.uuid()));
        let what = (taken.form, before);
        let when = (today, calendar);
        let (case, there) = submit::take_with(tx, permit, what, Vec::new(), when).await?;
        if !there {
            new.push(case.request.clone());
            let desk = submit::desk_of(tx, case.request.organ).await?;
            *desks.entry(desk).or_default() += 1;
            // Its desk knows it from the older system.
            store::set_opened(tx, case.request.id).await?;
            let what = (taken.before.restarted, taken.wait);
            let case = history(tx, case, what, (open, calendar)).await?;
            if let Some(handler) = handler {
                in_hand(tx, case, handler, (today, open, calendar)).await?;
            }
        }
    }
    words::store::keep_all(tx, &new).await?;
    let new = new.len();
    let sentence = format!("从表格导入在办申请{rows}件，其中新的{new}件");
    let id = tx.fresh().to_string();
    tell(tx, &id, desks).await?;
    let subject = ("request-import", id);
    tx.record(Event::new(
        permit.actor(),
        "request.imported",
        subject,
        sentence,
    ));
    Ok(new)
}

/// Each desk hears once of a whole table, however many of its rows are its own.
async fn tell(
    tx: &mut Tx,
    import: &str,
    desks: BTreeMap<OrganId, usize>,
) -> Result<(), StoreError> {
    let messages = desks.into_iter().map(|(organ, new)| Outgoing {
        organ,
        roles: &[Role::RequestOfficer, Role::OfficeClerk],
        reach: Reach::Own,
        topic: Topic::Request,
        key: format!("request-import:{import}:{organ}"),
        title: format!("从表格导入在办申请{new}件"),
        body: "期限按原系统的日期接着计算，请到申请列表按到期日接着办理。".to_owned(),
        path: "/workspace/requests".to_owned(),
        about: None,
    });
    inbox::send(tx, messages.collect()).await?;
    Ok(())
}

/// What the older system had done, and what it waits for, in the history of the new case, in the order of the days.
async fn history(
    tx: &mut Tx,
    mut case: Case,
    (restarted, wait): (Vec<(Act, Date)>, Option<Wait>),
    (fresh, calendar): (ConsultationId, &WorkCalendar),
) -> Result<Case, NotDone> {
    let at = tx.now().as_millisecond();
    let after = |done: &(Act, Date)| wait.as_ref().is_some_and(|wait| done.1 > wait.on);
    let (later, earlier): (Vec<_>, Vec<_>) = restarted.into_iter().partition(after);
    let mut entries: Vec<Entry> = earlier.into_iter().map(|one| wait::done(one, at)).collect();
    if let Some(wait) = wait {
        let moment = Moment {
            today: wait.on,
            at,
            fresh,
            calendar,
        };
        let mut entry = case.taken_over(&wait.step, &wait::doer(), &moment);
        case.entries.pop();
        if matches!(wait.step, Step::Consult { .. }) {
            // Its pause stands at the beginning, in the order of the days.
            entry.clock.clear();
        }
        entries.push(entry);
    }
    entries.extend(later.into_iter().map(|one| wait::done(one, at)));
    for entry in entries {
        case.entries.push(entry.clone());
        case.request.due_on = case.due_on(calendar);
        store::save(tx, &case, &entry).await?;
        case.request.version += 1;
    }
    Ok(case)
}

/// Who has each case in hand, by the name in its line: one of those who may handle the cases of its organ.
///
/// # Errors
/// Refused with every line whose name is nobody's, or more than one person's.
async fn handlers(
    tx: &mut Tx,
    cases: &[Taken],
) -> Result<Vec<Option<(AccountId, String)>>, NotDone> {
    let mut desks: BTreeMap<OrganId, Vec<(AccountId, String)>> = BTreeMap::new();
    let (mut found, mut faults) = (Vec::with_capacity(cases.len()), Vec::new());
    for taken in cases {
        let name = taken.handler.as_str();
        if name.is_empty() {
            found.push(None);
            continue;
        }
        let organ = taken.form.organ;
        let people = match desks.entry(organ) {
            btree_map::Entry::Occupied(known) => known.into_mut(),
            btree_map::Entry::Vacant(place) => place.insert(handle::desk(tx, organ).await?),
        };
        let mut same = people.iter().filter(|(_, one)| one == name);
        let why = match (same.next(), same.next()) {
            (Some(one), None) => {
                found.push(Some(one.clone()));
                continue;
            }
            (None, _) => "不能办理这个机关的申请，请写账号里的姓名",
            (Some(_), Some(_)) => "在这个机关有同名的两个人",
        };
        let line = taken.line;
        let said = format!("第{line}行：经办人“{name}”{why}，或者空着，导入后再分派。");
        faults.push(("file", said));
    }
    refused(faults)?;
    Ok(found)
}

/// Gives a case that was taken over to who had it in hand.
async fn in_hand(
    tx: &mut Tx,
    mut case: Case,
    handler: (AccountId, String),
    (today, fresh, calendar): (Date, ConsultationId, &WorkCalendar),
) -> Result<(), StoreError> {
    let step = match case.request.state {
        State::Registered | State::Consulting => Step::Accept { handler },
        // What it waits for stays as it is.
        _ => Step::Reassign {
            handler,
            why: "原系统的经办人".to_owned(),
        },
    };
    let moment = Moment {
        today,
        at: tx.now().as_millisecond(),
        fresh,
        calendar,
    };
    let entry = case.taken_over(&step, &wait::doer(), &moment);
    store::save(tx, &case, &entry).await
}
