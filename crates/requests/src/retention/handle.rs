//! Data are proposed to go, held back, and go when a second person approves; each leaves its event.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act, HeldRole, Permit};
use gongkai_platform::attachment::{self, Attachment};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, refused};
use gongkai_platform::files::{self, Unneeded};
use serde_json::json;

use super::{
    Decided, Eraser, Erasure, ErasureState, GoneFile, Hold, Known, Part, Register, Term, erase,
    reason_faults, store,
};
use crate::acts::{ApproveErasure, KeepRetention};
use crate::archive;
use crate::id::{ErasureId, HoldId, RequestId};
use crate::reach;
use crate::request::case::Case;
use crate::request::store as requests;
use crate::request::submit::{PAPERS, REPLY, SUBJECT};
use crate::review::store as reviews;

/// Reviews and suits of one case that are looked at.
const REMEDIES_MAX: i64 = 200;

/// The places where files of a case lie.
pub const PLACES: [(&str, &str); 3] = [
    (SUBJECT, "申请人提交"),
    (PAPERS, "办理材料"),
    (REPLY, "答复材料"),
];

/// What decides about a case inside the reach of these roles.
///
/// # Errors
/// When the store fails; what lies outside is `None`.
pub async fn known(
    tx: &mut Tx,
    roles: &[HeldRole],
    id: RequestId,
) -> Result<Option<Known>, StoreError> {
    let scope = reach::handled(tx, roles).await?;
    // A unit that helped sees the case, but has no say in its data.
    let Some(case) = requests::own(tx, &scope, id).await? else {
        return Ok(None);
    };
    let terms = store::terms(tx, case.request.organ).await?;
    let of = |term: &Term| term.kind == case.request.kind;
    let term = terms.into_iter().find(of);
    let narrow = reviews::Narrow {
        case_id: id.to_string(),
        ..reviews::Narrow::default()
    };
    let remedies = reviews::list(tx, &scope, &narrow, (0, REMEDIES_MAX)).await?;
    Ok(Some(Known {
        term: term.unwrap_or_else(|| Term::usual(case.request.kind)),
        holds: store::holds(tx, &[id])
            .await?
            .remove(&id)
            .unwrap_or_default(),
        erasures: store::erasures(tx, &[id])
            .await?
            .remove(&id)
            .unwrap_or_default(),
        remedies,
        case,
    }))
}

async fn existing<A: Act>(
    tx: &mut Tx,
    permit: &Permit<A>,
    (id, version): (RequestId, i64),
) -> Result<Known, NotDone> {
    let known = known(tx, permit.roles(), id)
        .await?
        .ok_or(NotDone::NotFound)?;
    if known.case.request.version == version {
        Ok(known)
    } else {
        Err(StoreError::Stale.into())
    }
}

fn record<A: Act>(
    tx: &mut Tx,
    permit: &Permit<A>,
    case: &Case,
    (kind, sentence): (&'static str, String),
    data: serde_json::Value,
) {
    let subject = ("request", case.request.id.to_string());
    let sentence = format!("{}：{sentence}", case.request.number);
    tx.record(
        Event::new(permit.actor(), kind, subject, sentence)
            .organ(case.request.organ)
            .data(data),
    );
}

/// Proposes that a part of a case's data goes, with further files of the case.
///
/// # Errors
/// Not found out of reach; stale; refused with all the reasons.
pub async fn propose(
    tx: &mut Tx,
    permit: &Permit<KeepRetention>,
    of: (RequestId, i64),
    (part, also, why): (Part, Vec<String>, &str),
    today: Date,
) -> Result<ErasureId, NotDone> {
    let known = existing(tx, permit, of).await?;
    let mut faults = known.why_not(part, today);
    if known.open().is_some() {
        faults.push(("act", "已经提请清除，等待批准。".to_owned()));
    }
    faults.extend(reason_faults("清除原因", why));
    let proposer = permit.actor().account().ok_or(NotDone::NotFound)?;
    refused(faults)?;
    let erasure = Erasure {
        id: ErasureId::new(tx.fresh()),
        case: of.0,
        part,
        state: ErasureState::Proposed,
        why: why.trim().to_owned(),
        also,
        proposed_by: permit.actor().name().to_owned(),
        proposer,
        proposed_on: today,
        decided: None,
        register: None,
        version: 1,
    };
    store::insert(tx, &erasure).await?;
    // A reason may name somebody, and what stands in the chain of events can never go: it is read beside the case.
    let said = format!("提请清除{}", part.name());
    let data = json!({ "part": part.code() });
    record(
        tx,
        permit,
        &known.case,
        ("request.erasure-proposed", said),
        data,
    );
    Ok(erasure.id)
}

/// The proposal that waits, when this person may decide it.
fn decidable(known: &Known, permit: &Permit<ApproveErasure>) -> Result<Erasure, NotDone> {
    let open = known.open().cloned();
    let open =
        open.ok_or_else(|| NotDone::Refused(vec![("act", "没有等待批准的清除。".to_owned())]))?;
    if permit.actor().account() == Some(open.proposer) {
        let said = "清除由您提请，请由另一人批准。".to_owned();
        return Err(NotDone::Refused(vec![("act", said)]));
    }
    Ok(open)
}

fn decided(
    erasure: &mut Erasure,
    permit: &Permit<ApproveErasure>,
    (state, why, today): (ErasureState, &str, Date),
) -> Result<(), NotDone> {
    erasure.state = state;
    erasure.decided = Some(Decided {
        by: permit.actor().name().to_owned(),
        account: permit.actor().account().ok_or(NotDone::NotFound)?,
        on: today,
        why: why.trim().to_owned(),
    });
    Ok(())
}

/// A second person does not agree.
///
/// # Errors
/// Not found; stale; refused for who proposed it, or without a reason.
pub async fn refuse(
    tx: &mut Tx,
    permit: &Permit<ApproveErasure>,
    of: (RequestId, i64),
    why: &str,
    today: Date,
) -> Result<(), NotDone> {
    let known = existing(tx, permit, of).await?;
    let mut erasure = decidable(&known, permit)?;
    refused(reason_faults("不同意的原因", why))?;
    decided(&mut erasure, permit, (ErasureState::Refused, why, today))?;
    store::decide(tx, &erasure).await?;
    let said = format!("不同意清除{}", erasure.part.name());
    let data = json!({ "part": erasure.part.code() });
    record(
        tx,
        permit,
        &known.case,
        ("request.erasure-refused", said),
        data,
    );
    Ok(())
}

/// A second person agrees, and the data go, for good, with them the texts elsewhere that the person ticked. Gives the files
/// whose bytes nobody may need any more: [`files::forget`] takes them from the disk after the commit.
///
/// # Errors
/// Not found; stale; refused for who proposed it, or when something stands against it by now.
pub async fn approve(
    tx: &mut Tx,
    permit: &Permit<ApproveErasure>,
    of: (RequestId, i64),
    (why, ticked): (&str, &[String]),
    today: Date,
) -> Result<Vec<Unneeded>, NotDone> {
    let known = existing(tx, permit, of).await?;
    let mut erasure = decidable(&known, permit)?;
    refused(known.why_not(erasure.part, today))?;
    let mut case = known.case;
    let eraser = Eraser::of(&case, erasure.part);
    let (fields, mut texts) = erase(&mut case, erasure.part, today);
    store::save(tx, &case, erasure.id).await?;
    texts += store::clean_papers(tx, case.request.id, &eraser).await?;
    let place = (case.request.id, case.request.organ);
    texts += store::passage::mask(tx, place, &eraser, ticked).await?;
    let (files, mut unneeded) = remove_files(tx, &case, (&erasure, &eraser)).await?;
    let before = archive::store::load(tx, case.request.id).await?;
    if let Some(package) = &before {
        archive::store::remove(tx, case.request.id).await?;
        if let Some(stored) = files::load(tx, package.file).await? {
            unneeded.push(Unneeded::made(stored.sha256));
        }
        files::remove(tx, package.file).await?;
    }
    erasure.register = Some(Register {
        fields: fields.into_iter().map(str::to_owned).collect(),
        texts,
        files,
        package_before: before.map_or_else(String::new, |package| package.list_sha256),
    });
    let why = eraser.clean(why).unwrap_or_else(|| why.to_owned());
    decided(&mut erasure, permit, (ErasureState::Done, &why, today))?;
    store::decide(tx, &erasure).await?;
    // The package is made anew from what is left, with the register in it.
    archive::make::queue(tx, &case).await?;
    let register = erasure.register.as_ref();
    let said = format!(
        "清除{}，不可恢复；{}提请",
        erasure.part.name(),
        erasure.proposed_by
    );
    let data = json!({ "part": erasure.part.code(), "register": register });
    record(tx, permit, &case, ("request.erased", said), data);
    Ok(unneeded)
}

/// Takes the files that go, and cleans the names of those that stay.
async fn remove_files(
    tx: &mut Tx,
    case: &Case,
    (erasure, eraser): (&Erasure, &Eraser),
) -> Result<(Vec<GoneFile>, Vec<Unneeded>), StoreError> {
    let subject = case.request.id.to_string();
    let (mut gone, mut unneeded) = (Vec::new(), Vec::new());
    for (place, name) in PLACES {
        let at = (place, subject.as_str());
        for one in attachment::of(tx, at).await? {
            if goes(place, &one, &erasure.also) {
                if let Some(stored) = attachment::file(tx, at, one.id).await? {
                    unneeded.push(files::unneeded(tx, &stored.sha256).await?);
                }
                let stored = attachment::remove(tx, at, one.id).await?;
                gone.push(GoneFile {
                    place: name.to_owned(),
                    sha256: stored
                        .as_ref()
                        .map_or_else(String::new, |file| file.sha256.clone()),
                    bytes: stored.as_ref().map_or(0, |file| file.bytes),
                });
            } else if let Some(title) = eraser.clean(&one.title) {
                attachment::rename(tx, at, one.id, &title).await?;
            }
        }
    }
    Ok((gone, unneeded))
}

/// What the applicant handed in goes always; other files when the proposal names them.
pub(super) fn goes(place: &str, file: &Attachment, also: &[String]) -> bool {
    place == SUBJECT || also.contains(&file.id.to_string())
}

/// Holds a case back.
///
/// # Errors
/// Not found; stale; refused without a reason, or when it is held already.
pub async fn hold(
    tx: &mut Tx,
    permit: &Permit<KeepRetention>,
    of: (RequestId, i64),
    why: &str,
    today: Date,
) -> Result<(), NotDone> {
    let known = existing(tx, permit, of).await?;
    let mut faults = reason_faults("保留原因", why);
    if known.hold().is_some() {
        faults.push(("act", "已经保留。".to_owned()));
    }
    refused(faults)?;
    let hold = Hold {
        id: HoldId::new(tx.fresh()),
        why: why.trim().to_owned(),
        by: permit.actor().name().to_owned(),
        on: today,
        released: None,
    };
    store::insert_hold(tx, of.0, &hold).await?;
    let said = "保留申请人个人信息".to_owned();
    record(tx, permit, &known.case, ("request.held", said), json!({}));
    Ok(())
}

/// Ends the hold.
///
/// # Errors
/// Not found; stale; refused without a reason, or when nothing is held.
pub async fn release(
    tx: &mut Tx,
    permit: &Permit<KeepRetention>,
    of: (RequestId, i64),
    why: &str,
    today: Date,
) -> Result<(), NotDone> {
    let known = existing(tx, permit, of).await?;
    let mut faults = reason_faults("解除原因", why);
    if known.hold().is_none() {
        faults.push(("act", "没有保留。".to_owned()));
    }
    refused(faults)?;
    if let Some(hold) = known.hold() {
        let by = permit.actor().name();
        store::release(tx, hold, (by, today, why.trim())).await?;
    }
    let said = "解除保留".to_owned();
    record(
        tx,
        permit,
        &known.case,
        ("request.released", said),
        json!({}),
    );
    Ok(())
}

/// Sets the terms of one kind of case at an organ.
///
/// # Errors
/// Not found for an organ out of reach; stale; refused with all the reasons.
pub async fn set_term(
    tx: &mut Tx,
    permit: &Permit<ApproveErasure>,
    organ: OrganId,
    term: &Term,
) -> Result<(), NotDone> {
    let organ = reach::handled_organ(tx, permit.roles(), organ).await?;
    refused(term.why_not())?;
    store::save_term(tx, organ.id, term).await?;
    let said = format!(
        "{}的保存期限：个人信息归档后{}年，身份证明材料{}年，依据{}",
        term.kind.name(),
        term.data_years,
        term.identity_years,
        term.basis
    );
    let subject = ("organ", organ.id.to_string());
    tx.record(Event::new(permit.actor(), "request.term-set", subject, said).organ(organ.id));
    Ok(())
}
