//! What the security administrator does with accounts. Each act records its event and ends what it must end.

use gongkai_basis::id::{AccountId, OrganId};
use gongkai_basis::{Actor, Date, Role};
use serde_json::json;

use super::acts::{ChangeRoles, CreateAccount, DisableAccount, EndSessions, ResetAccount};
use super::link::{self, INVITE_VALID, Purpose};
use super::store::{self, Account};
use super::{deputy, session};
use crate::access::Permit;
use crate::audit::Event;
use crate::db::{StoreError, Tx};
use crate::web::{FormErrors, Problem};

const LOGIN_CHARS_MIN: usize = 2;
const LOGIN_CHARS_MAX: usize = 40;
const NAME_CHARS_MAX: usize = 40;
const CONTACT_CHARS_MAX: usize = 80;
/// A reason for the record: long enough to say something.
const REASON_CHARS_MAX: usize = 500;

/// Why a change of an account was not made.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    #[error("there is no such account")]
    NotFound,
    /// The reasons, as sentences.
    #[error("refused")]
    Refused(Vec<String>),
    #[error("the change could not be stored")]
    Store(#[from] StoreError),
}

impl ChangeError {
    pub(super) fn refused(reason: impl Into<String>) -> Self {
        Self::Refused(vec![reason.into()])
    }
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::NotFound => Self::not_found(),
            ChangeError::Refused(reasons) => Self::refused(reasons),
            ChangeError::Store(error) => error.into(),
        }
    }
}

/// The facts of an account, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    pub name: String,
    pub contact: Option<String>,
}

impl Details {
    /// # Errors
    /// What is wrong with the fields `name` and `contact`.
    pub fn parse(name: &str, contact: &str) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let (name, contact) = (name.trim(), contact.trim());
        if name.is_empty() {
            errors.add("name", "请填写姓名。");
        } else if name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
            errors.add(
                "name",
                format!("姓名最多 {NAME_CHARS_MAX} 个字，不能换行。"),
            );
        }
        if contact.chars().count() > CONTACT_CHARS_MAX || contact.chars().any(char::is_control) {
            errors.add(
                "contact",
                format!("联系方式最多 {CONTACT_CHARS_MAX} 个字，不能换行。"),
            );
        }
        if errors.is_empty() {
            Ok(Self {
                name: name.to_owned(),
                contact: (!contact.is_empty()).then(|| contact.to_owned()),
            })
        } else {
            Err(errors)
        }
    }
}

/// A login in its stored form.
///
/// # Errors
/// The sentence for the field.
pub fn parse_login(text: &str) -> Result<String, String> {
    let login = text.trim().to_lowercase();
    let chars = login.chars().count();
    if !(LOGIN_CHARS_MIN..=LOGIN_CHARS_MAX).contains(&chars) {
        return Err(format!(
            "登录名应为 {LOGIN_CHARS_MIN} 至 {LOGIN_CHARS_MAX} 个字符。"
        ));
    }
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
    if login.chars().all(fits) {
        Ok(login)
    } else {
        Err("登录名只能用字母、数字、汉字和 . - _ @。".to_owned())
    }
}

/// A reason for the record.
///
/// # Errors
/// The sentence for the field.
pub fn parse_reason(text: &str) -> Result<String, String> {
    let reason = text.trim();
    if reason.is_empty() {
        Err("请写明原因，供审计查考。".to_owned())
    } else if reason.chars().count() > REASON_CHARS_MAX {
        Err(format!("原因最多 {REASON_CHARS_MAX} 个字。"))
    } else {
        Ok(reason.to_owned())
    }
}

/// Makes an account, optionally with its first role, and gives the token of its invitation.
///
/// # Errors
/// The login is taken, the role cannot be granted, the store fails.
pub async fn create(
    tx: &mut Tx,
    permit: &Permit<CreateAccount>,
    id: AccountId,
    login: &str,
    details: &Details,
    role: Option<(Role, OrganId)>,
    today: Date,
) -> Result<String, ChangeError> {
    if store::by_login(tx, login).await?.is_some() {
        return Err(ChangeError::refused(format!("登录名“{login}”已有人使用")));
    }
    store::insert(tx, id, login, &details.name, details.contact.as_deref()).await?;
    let mut sentence = format!("新建账号 {}（{login}）", details.name);
    if let Some((role, organ)) = role {
        let organ_name = store::organ_name(tx, organ)
            .await?
            .ok_or_else(|| ChangeError::refused("所选机关不存在"))?;
        store::grant(tx, id, role, organ, None, today).await?;
        sentence.push_str(&format!("，担任{organ_name}{}", role.name()));
    }
    let token = link::issue_link(tx, id, Purpose::Invite, INVITE_VALID).await?;
    tx.record(
        about(permit.actor(), "account.created", id, sentence)
            .data(json!({ "login": login, "role": role.map(|(role, _)| role.code()), "organ": role.map(|(_, organ)| organ.to_string()) })),
    );
    Ok(token)
}

/// Changes name and contact.
///
/// # Errors
/// Somebody else changed the account meanwhile; the store fails.
pub async fn rename(
    tx: &mut Tx,
    permit: &Permit<CreateAccount>,
    id: AccountId,
    details: &Details,
    version: i64,
) -> Result<(), ChangeError> {
    let account = existing(tx, id).await?;
    store::set_details(tx, id, &details.name, details.contact.as_deref(), version).await?;
    let sentence = format!(
        "修改 {} 的姓名或联系方式，现姓名 {}",
        account.name, details.name
    );
    tx.record(about(permit.actor(), "account.renamed", id, sentence));
    Ok(())
}

/// Grants a role, to a deputy (代理) with an end date; the person's sessions end, so that no old page outlives the change.
///
/// # Errors
/// One's own account, roles that exclude each other, an unknown organ, a role held already.
pub async fn grant_role(
    tx: &mut Tx,
    permit: &Permit<ChangeRoles>,
    id: AccountId,
    (role, organ): (Role, OrganId),
    stand_in: Option<(AccountId, Date)>,
    today: Date,
) -> Result<(), ChangeError> {
    not_oneself(permit.actor(), id, "角色")?;
    let account = existing(tx, id).await?;
    let organ_name = may_hold(tx, &account, role, organ, today).await?;
    let mut sentence = format!("{} 担任{organ_name}{}", account.name, role.name());
    if let Some((person, until)) = stand_in {
        let for_whom = deputy::check(tx, id, person, (role, organ), until, today).await?;
        sentence.push_str(&format!("（代理 {for_whom}，至 {until}）"));
    }
    store::grant(tx, id, role, organ, stand_in, today).await?;
    session::end_all(tx, id).await?;
    tx.record(
        about(permit.actor(), "account.role_granted", id, sentence)
            .organ(organ)
            .data(json!({ "role": role.code(), "organ": organ.to_string(), "deputy_for": stand_in.map(|(person, _)| person.to_string()), "until": stand_in.map(|(_, until)| until.to_string()) })),
    );
    Ok(())
}

/// Takes a role off; deputies of it end, and so do the person's sessions.
///
/// # Errors
/// One's own account, a role that is not held.
pub async fn revoke_role(
    tx: &mut Tx,
    permit: &Permit<ChangeRoles>,
    id: AccountId,
    (role, organ): (Role, OrganId),
) -> Result<(), ChangeError> {
    not_oneself(permit.actor(), id, "角色")?;
    let account = existing(tx, id).await?;
    let organ_name = store::organ_name(tx, organ)
        .await?
        .ok_or(ChangeError::NotFound)?;
    if !store::revoke(tx, id, role, organ).await? {
        return Err(ChangeError::refused(format!(
            "{}已不担任这一角色",
            account.name
        )));
    }
    session::end_all(tx, id).await?;
    let sentence = format!("{} 不再担任{organ_name}{}", account.name, role.name());
    tx.record(
        about(permit.actor(), "account.role_revoked", id, sentence)
            .organ(organ)
            .data(json!({ "role": role.code(), "organ": organ.to_string() })),
    );
    Ok(())
}

/// Takes the password off at once and gives the token of a link to set a new one. The second factor stays.
///
/// # Errors
/// A disabled account; the store fails.
pub async fn reset_password(
    tx: &mut Tx,
    permit: &Permit<ResetAccount>,
    id: AccountId,
) -> Result<String, ChangeError> {
    let account = existing(tx, id).await?;
    let token = new_way_in(tx, &account).await?;
    let sentence = format!("为 {} 生成设置密码的一次性链接，原密码失效", account.name);
    tx.record(about(
        permit.actor(),
        "account.password_reset",
        id,
        sentence,
    ));
    Ok(token)
}

/// The password ends, and with it all sessions; the token is of a link that sets a new one.
async fn new_way_in(tx: &mut Tx, account: &Account) -> Result<String, ChangeError> {
    if account.disabled_at.is_some() {
        return Err(ChangeError::refused("账号已停用，请先启用"));
    }
    let purpose = if account.password_hash.is_some() {
        Purpose::Reset
    } else {
        Purpose::Invite
    };
    store::clear_password(tx, account.id).await?;
    session::end_all(tx, account.id).await?;
    Ok(link::issue_link(tx, account.id, purpose, INVITE_VALID).await?)
}

/// [`reset_password`] by the operator of the machine, who can read the store as well: for anybody whom nobody else can let
/// in again, as the only security administrator; on request without the second factor.
///
/// # Errors
/// An unknown or disabled account.
pub async fn recover(
    tx: &mut Tx,
    login: &str,
    without_second_factor: bool,
) -> Result<String, ChangeError> {
    let account = store::by_login(tx, login)
        .await?
        .ok_or(ChangeError::NotFound)?;
    let token = new_way_in(tx, &account).await?;
    let mut sentence = format!(
        "在服务器上为 {} 生成设置密码的一次性链接，原密码失效",
        account.name
    );
    if without_second_factor && account.totp_secret.is_some() {
        store::set_second_factor(tx, account.id, None, 0).await?;
        sentence.push_str("，登录验证码关闭");
    }
    tx.record(about(
        &Actor::System,
        "account.recovered",
        account.id,
        sentence,
    ));
    Ok(token)
}

/// Takes the second factor off, for a person who lost the phone.
///
/// # Errors
/// One's own account, an account without a second factor.
pub async fn reset_second_factor(
    tx: &mut Tx,
    permit: &Permit<ResetAccount>,
    id: AccountId,
    why: &str,
) -> Result<(), ChangeError> {
    not_oneself(permit.actor(), id, "验证码")?;
    let account = existing(tx, id).await?;
    if account.totp_secret.is_none() {
        return Err(ChangeError::refused("这个账号没有启用验证码"));
    }
    store::set_second_factor(tx, id, None, 0).await?;
    session::end_all(tx, id).await?;
    let sentence = format!("关闭 {} 的登录验证码，原因：{why}", account.name);
    tx.record(about(
        permit.actor(),
        "account.second_factor_reset",
        id,
        sentence,
    ));
    Ok(())
}

/// Ends a lock before its time.
///
/// # Errors
/// The account is not there; the store fails.
pub async fn unlock(
    tx: &mut Tx,
    permit: &Permit<ResetAccount>,
    id: AccountId,
) -> Result<(), ChangeError> {
    let account = existing(tx, id).await?;
    store::unlock(tx, id).await?;
    let sentence = format!("解除 {} 的登录锁定", account.name);
    tx.record(about(permit.actor(), "account.unlocked", id, sentence));
    Ok(())
}

/// Disables an account: its sessions, links and deputies end.
///
/// # Errors
/// One's own account, an account disabled already.
pub async fn disable(
    tx: &mut Tx,
    permit: &Permit<DisableAccount>,
    id: AccountId,
    why: &str,
) -> Result<(), ChangeError> {
    not_oneself(permit.actor(), id, "停用状态")?;
    let account = existing(tx, id).await?;
    if account.disabled_at.is_some() {
        return Err(ChangeError::refused("账号已经停用"));
    }
    close(tx, id, why).await?;
    let sentence = format!("停用账号 {}，原因：{why}", account.name);
    tx.record(about(permit.actor(), "account.disabled", id, sentence));
    Ok(())
}

/// What disabling means, without its event.
pub(super) async fn close(tx: &mut Tx, id: AccountId, why: &str) -> Result<(), StoreError> {
    store::set_disabled(tx, id, Some(why)).await?;
    store::end_deputies(tx, id).await?;
    link::end_all(tx, id).await?;
    session::end_all(tx, id).await
}

/// Enables an account again; roles that it still holds come back with it.
///
/// # Errors
/// An account that is not disabled.
pub async fn enable(
    tx: &mut Tx,
    permit: &Permit<DisableAccount>,
    id: AccountId,
    why: &str,
) -> Result<(), ChangeError> {
    let account = existing(tx, id).await?;
    if account.disabled_at.is_none() {
        return Err(ChangeError::refused("账号没有停用"));
    }
    store::set_disabled(tx, id, None).await?;
    let sentence = format!("启用账号 {}，原因：{why}", account.name);
    tx.record(about(permit.actor(), "account.enabled", id, sentence));
    Ok(())
}

/// Ends one session of somebody, or all of them.
///
/// # Errors
/// The session is over already; the store fails.
pub async fn end_sessions(
    tx: &mut Tx,
    permit: &Permit<EndSessions>,
    id: AccountId,
    one: Option<&str>,
) -> Result<(), ChangeError> {
    let account = existing(tx, id).await?;
    match one {
        Some(id_hash) => {
            if !session::end_of(tx, id, id_hash).await? {
                return Err(ChangeError::refused("这个会话已经结束"));
            }
        }
        None => session::end_all(tx, id).await?,
    }
    let which = if one.is_some() { "一个" } else { "全部" };
    let sentence = format!("结束 {} 的{which}登录会话", account.name);
    tx.record(about(
        permit.actor(),
        "account.sessions_ended",
        id,
        sentence,
    ));
    Ok(())
}

/// May this account come to hold the role? Gives the organ's name.
pub(super) async fn may_hold(
    tx: &mut Tx,
    account: &Account,
    role: Role,
    organ: OrganId,
    today: Date,
) -> Result<String, ChangeError> {
    let mut reasons = Vec::new();
    if account.disabled_at.is_some() {
        reasons.push(format!("{} 的账号已停用", account.name));
    }
    let held = store::roles_of(tx, [account.id], today).await?;
    if held
        .iter()
        .any(|row| row.role == role && row.organ == organ)
    {
        reasons.push(format!("{} 已担任这一角色", account.name));
    }
    let mut roles: Vec<Role> = held.iter().map(|row| row.role).collect();
    // The same administrator's role in two organs is one power, not two.
    if !roles.contains(&role) {
        roles.push(role);
    }
    roles.sort_unstable();
    roles.dedup();
    if let Some(conflict) = Role::conflict(&roles) {
        reasons.push(conflict.to_owned());
    }
    let name = store::organ_name(tx, organ).await?;
    match name {
        Some(name) if reasons.is_empty() => Ok(name),
        Some(_) => Err(ChangeError::Refused(reasons)),
        None => {
            reasons.push("所选机关不存在".to_owned());
            Err(ChangeError::Refused(reasons))
        }
    }
}

pub(super) async fn existing(tx: &mut Tx, id: AccountId) -> Result<Account, ChangeError> {
    store::load(tx, id).await?.ok_or(ChangeError::NotFound)
}

/// An administrator changes no rights of the own account: that takes a second one.
pub(super) fn not_oneself(actor: &Actor, id: AccountId, what: &str) -> Result<(), ChangeError> {
    if actor.account() == Some(id) {
        Err(ChangeError::refused(format!(
            "不能改自己账号的{what}，请由另一位安全管理员办理"
        )))
    } else {
        Ok(())
    }
}

pub(super) fn about(actor: &Actor, kind: &'static str, id: AccountId, sentence: String) -> Event {
    Event::new(actor, kind, ("account", id.to_string()), sentence)
}
