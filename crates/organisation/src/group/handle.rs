//! People come into the group, leave it, and are taken off when they were entered by mistake.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use serde_json::json;

use super::{GroupDuty, LINE_CHARS_MAX, Member, NAME_CHARS_MAX, store};
use crate::acts::KeepGroup;
use crate::id::MemberId;
use gongkai_platform::fault::{NotDone, Wanted, refused, text_fault};
use gongkai_platform::organ::reach::Reach;

/// Who comes, since when, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    pub duty: GroupDuty,
    pub name: String,
    pub post: String,
    pub from_on: Date,
    pub from_why: String,
}

fn record(
    tx: &mut Tx,
    permit: &Permit<KeepGroup>,
    member: &Member,
    kind: &'static str,
    sentence: String,
) {
    let data = json!({ "base": member.base, "duty": member.duty.code() });
    tx.record(
        Event::new(
            permit.actor(),
            kind,
            ("leading_member", member.id.to_string()),
            sentence,
        )
        .organ(member.base)
        .data(data),
    );
}

/// # Errors
/// Not found for a group out of reach; refused with all the reasons.
pub async fn join(
    tx: &mut Tx,
    permit: &Permit<KeepGroup>,
    base: OrganId,
    new: Newcomer,
) -> Result<Member, NotDone> {
    let within = Reach::of(tx, permit.roles()).await?;
    if !within.bases.contains(&base) {
        return Err(NotDone::NotFound);
    }
    let faults = [
        text_fault(("name", "姓名"), &new.name, NAME_CHARS_MAX, Wanted::Yes),
        text_fault(("post", "单位职务"), &new.post, LINE_CHARS_MAX, Wanted::Yes),
        text_fault(
            ("from_why", "依据"),
            &new.from_why,
            LINE_CHARS_MAX,
            Wanted::Yes,
        ),
    ];
    let mut faults: Vec<(&'static str, String)> = faults.into_iter().flatten().collect();
    let there = store::history(tx, base).await?;
    if there
        .iter()
        .any(|one| one.name == new.name && one.is_in(new.from_on))
    {
        let sentence = format!(
            "“{}”这一天已经在领导小组中。要改职务，请先登记离任。",
            new.name
        );
        faults.push(("name", sentence));
    }
    refused(faults)?;
    let member = Member {
        id: MemberId::new(tx.fresh()),
        base,
        duty: new.duty,
        name: new.name,
        post: new.post,
        from_on: new.from_on,
        from_why: new.from_why,
        until_on: None,
        until_why: None,
        removed_why: None,
        recorded_by: permit.actor().name().to_owned(),
        version: 1,
    };
    store::insert(tx, &member).await?;
    let sentence = format!(
        "领导小组增加{}{}（{}），自{}起",
        member.duty.name(),
        member.name,
        member.post,
        member.from_on
    );
    record(tx, permit, &member, "group.joined", sentence);
    Ok(member)
}

async fn existing(
    tx: &mut Tx,
    permit: &Permit<KeepGroup>,
    (id, version): (MemberId, i64),
) -> Result<Member, NotDone> {
    let within = Reach::of(tx, permit.roles()).await?;
    let found = store::load(tx, &within.bases, id)
        .await?
        .ok_or(NotDone::NotFound)?;
    if found.version != version {
        return Err(StoreError::Stale.into());
    }
    Ok(found)
}

/// A member leaves; the day is the first without.
///
/// # Errors
/// Not found; stale; refused for a day before the first, without a reason, or for one who has left.
pub async fn leave(
    tx: &mut Tx,
    permit: &Permit<KeepGroup>,
    of: (MemberId, i64),
    (on, why): (Date, &str),
) -> Result<Member, NotDone> {
    let mut member = existing(tx, permit, of).await?;
    let fault = text_fault(("why", "离任原因"), why, LINE_CHARS_MAX, Wanted::Yes);
    let mut faults: Vec<(&'static str, String)> = fault.into_iter().collect();
    if on < member.from_on {
        faults.push(("on", "离任日期不能早于任职日期。".to_owned()));
    }
    if member.until_on.is_some() || member.removed_why.is_some() {
        faults.push(("on", "已经登记过离任。".to_owned()));
    }
    refused(faults)?;
    member.until_on = Some(on);
    member.until_why = Some(why.to_owned());
    store::update(tx, &member).await?;
    let sentence = format!(
        "领导小组{}{}自{on}起离任：{why}",
        member.duty.name(),
        member.name
    );
    record(tx, permit, &member, "group.left", sentence);
    Ok(member)
}

/// Takes off a row that was entered by mistake.
///
/// # Errors
/// Not found; stale; refused without a reason.
pub async fn remove(
    tx: &mut Tx,
    permit: &Permit<KeepGroup>,
    of: (MemberId, i64),
    why: &str,
) -> Result<Member, NotDone> {
    let mut member = existing(tx, permit, of).await?;
    let fault = text_fault(("why", "删除原因"), why, LINE_CHARS_MAX, Wanted::Yes);
    refused(fault.into_iter().collect())?;
    member.removed_why = Some(why.to_owned());
    store::update(tx, &member).await?;
    let sentence = format!("删除误录的领导小组成员{}：{why}", member.name);
    record(tx, permit, &member, "group.removed", sentence);
    Ok(member)
}

/// Undoes a departure or a removal.
///
/// # Errors
/// Not found; stale; refused for one who came back meanwhile and would sit in the group twice.
pub async fn restore(
    tx: &mut Tx,
    permit: &Permit<KeepGroup>,
    of: (MemberId, i64),
) -> Result<Member, NotDone> {
    let mut member = existing(tx, permit, of).await?;
    let history = store::history(tx, member.base).await?;
    let again = history.iter().find(|one| {
        one.id != member.id && one.name == member.name && one.is_in_since(member.from_on)
    });
    if let Some(again) = again {
        let sentence = format!(
            "没有撤销：“{}”自{}起以{}的职务在领导小组中，撤销后同一个人会列两次。请先登记那一条离任，误录的先删除，再撤销这一条。",
            member.name,
            again.from_on,
            again.duty.name()
        );
        return Err(NotDone::Refused(vec![("name", sentence)]));
    }
    member.until_on = None;
    member.until_why = None;
    member.removed_why = None;
    store::update(tx, &member).await?;
    let sentence = format!("撤销领导小组成员{}的离任或删除", member.name);
    record(tx, permit, &member, "group.restored", sentence);
    Ok(member)
}
