//! 代理: somebody stands in for a person in one role until a day, and it ends by itself.

use gongkai_basis::id::{AccountId, OrganId};
use gongkai_basis::{Actor, Date, Role};
use jiff::ToSpan as _;
use serde_json::json;

use super::manage::{self, ChangeError};
use super::store::{self, Colleague};
use crate::access::Session;
use crate::db::{StoreError, Tx};

/// Longest stand-in, in days. Who is away longer hands the role over.
pub const DEPUTY_DAYS_MAX: i32 = 180;

/// The colleagues whom this person may name, by organ and name: those with a role in the same organ.
///
/// # Errors
/// When the store fails.
pub async fn candidates(
    tx: &mut Tx,
    session: &Session,
    today: Date,
) -> Result<Vec<Colleague>, StoreError> {
    let organs: Vec<OrganId> = own(session).map(|held| held.organ).collect();
    store::colleagues(tx, session.account, organs, today).await
}

/// The roles that a person may let somebody stand in for: the own ones, not an administrator's, not one held as a deputy.
pub fn own(session: &Session) -> impl Iterator<Item = &crate::access::HeldRole> {
    session
        .roles
        .iter()
        .filter(|held| held.deputy_for.is_none() && !held.role.is_administrator())
}

/// A person names a deputy for one of the own roles.
///
/// # Errors
/// A role that is not one's own, somebody outside the organ, an unfit date, roles that exclude each other.
pub async fn name(
    tx: &mut Tx,
    session: &Session,
    (role, organ): (Role, OrganId),
    deputy: AccountId,
    until: Date,
    today: Date,
) -> Result<(), ChangeError> {
    if !candidates(tx, session, today)
        .await?
        .iter()
        .any(|found| found.account == deputy && found.organ == organ)
    {
        return Err(ChangeError::refused(
            "代理人应是同一机关中有角色的人；跨机关代理请联系安全管理员",
        ));
    }
    let account = manage::existing(tx, deputy).await?;
    let organ_name = manage::may_hold(tx, &account, role, organ, today).await?;
    check(tx, deputy, session.account, (role, organ), until, today).await?;
    store::grant(
        tx,
        deputy,
        role,
        organ,
        Some((session.account, until)),
        today,
    )
    .await?;
    let sentence = format!(
        "{} 请 {} 代理{organ_name}{}，至 {until}",
        session.name,
        account.name,
        role.name()
    );
    tx.record(
        manage::about(&actor(session), "account.deputy_named", deputy, sentence)
            .organ(organ)
            .data(json!({ "role": role.code(), "organ": organ.to_string(), "deputy_for": session.account.to_string(), "until": until.to_string() })),
    );
    Ok(())
}

/// A person ends a stand-in before its day.
///
/// # Errors
/// There is none (any more).
pub async fn end(
    tx: &mut Tx,
    session: &Session,
    (role, organ): (Role, OrganId),
    deputy: AccountId,
) -> Result<(), ChangeError> {
    if !store::end_deputy(tx, deputy, session.account, role, organ).await? {
        return Err(ChangeError::refused("这项代理已经结束"));
    }
    let account = manage::existing(tx, deputy).await?;
    let sentence = format!(
        "{} 结束 {} 的{}代理",
        session.name,
        account.name,
        role.name()
    );
    tx.record(
        manage::about(&actor(session), "account.deputy_ended", deputy, sentence)
            .organ(organ)
            .data(json!({ "role": role.code(), "organ": organ.to_string() })),
    );
    Ok(())
}

/// Can the one stand in for the other in this role until that day? Gives the name of the one stood in for.
pub(super) async fn check(
    tx: &mut Tx,
    deputy: AccountId,
    person: AccountId,
    (role, organ): (Role, OrganId),
    until: Date,
    today: Date,
) -> Result<String, ChangeError> {
    let mut reasons = Vec::new();
    if deputy == person {
        reasons.push("不能由本人代理自己".to_owned());
    }
    if role.is_administrator() {
        reasons.push("管理员角色不能代理，请另设管理员账号".to_owned());
    }
    let latest = today
        .checked_add(DEPUTY_DAYS_MAX.days())
        .unwrap_or(Date::MAX);
    if until < today || until > latest {
        reasons.push(format!(
            "代理截止日期应在今天至 {latest} 之间（最长 {DEPUTY_DAYS_MAX} 天）"
        ));
    }
    let account = manage::existing(tx, person).await?;
    let held = store::roles_of(tx, [person], today).await?;
    if !held
        .iter()
        .any(|row| row.role == role && row.organ == organ && row.deputy_for.is_none())
    {
        reasons.push(format!("{} 本人没有担任这一角色", account.name));
    }
    if reasons.is_empty() {
        Ok(account.name)
    } else {
        Err(ChangeError::Refused(reasons))
    }
}

pub(super) fn actor(session: &Session) -> Actor {
    Actor::Person {
        account: session.account,
        name: session.name.clone(),
    }
}
