//! 代理: somebody stands in for a person in one role until a day, and it ends by itself.

use gongkai_basis::id::{AccountId, OrganId};
use gongkai_basis::{Actor, Date, Role};
use jiff::ToSpan as _;
use serde_json::json;

use super::manage::{self, ChangeError};
use super::store;
use crate::access::Session;
use crate::db::{StoreError, Tx, sql};

/// Longest stand-in, in days. Who is away longer hands the role over.
pub const DEPUTY_DAYS_MAX: i32 = 180;

/// Somebody whom a person may name: a colleague with a role in the same organ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub account: AccountId,
    pub name: String,
    pub organ: OrganId,
    pub organ_name: String,
}

/// The colleagues whom this person may name, by organ and name.
///
/// # Errors
/// When the store fails.
pub async fn candidates(
    tx: &mut Tx,
    session: &Session,
    today: Date,
) -> Result<Vec<Candidate>, StoreError> {
    let mut statement = sql(
        "SELECT DISTINCT a.id, a.name, r.organ_id, o.name AS organ_name, o.path FROM account_role r \
         JOIN account a ON a.id = r.account_id JOIN organ o ON o.id = r.organ_id WHERE a.disabled_at IS NULL AND a.id <> ",
    );
    statement.push_value(session.account);
    statement
        .push(" AND (r.until_on IS NULL OR r.until_on >= ")
        .push_value(today);
    statement
        .push(") AND r.organ_id IN ")
        .push_list(own(session).map(|held| held.organ));
    statement.push(" ORDER BY o.path, a.name, a.id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            Ok(Candidate {
                account: row.get("id")?,
                name: row.get("name")?,
                organ: row.get("organ_id")?,
                organ_name: row.get("organ_name")?,
            })
        })
        .collect()
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
    let ended = tx
        .run(
            sql("DELETE FROM account_role WHERE account_id = $1 AND organ_id = $2 AND role = $3 AND deputy_for = $4")
                .bind(deputy)
                .bind(organ)
                .bind(role.code())
                .bind(session.account),
        )
        .await?;
    if ended == 0 {
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
