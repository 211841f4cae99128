//! Hand-over: a person leaves, a successor takes the roles and the open work over, in one transaction.

use std::sync::Arc;

use async_trait::async_trait;
use gongkai_basis::id::AccountId;
use gongkai_basis::{Date, Role};
use serde_json::json;

use super::acts::HandOverWork;
use super::manage::{self, ChangeError};
use super::session;
use super::store::{self, Account, RoleRow};
use crate::access::Permit;
use crate::db::{StoreError, Tx};

/// Open work of a capability that hangs on a person. Work hangs on organs first; this is for what names its handler.
#[async_trait]
pub trait HandledWork: Send + Sync {
    /// What people call it, such as 在办分工.
    fn name(&self) -> &'static str;

    /// How much of it this account has open.
    async fn count(&self, tx: &mut Tx, account: AccountId) -> Result<i64, StoreError>;

    /// Gives all of it to the successor and says how much that was; the hand-over records the event.
    async fn transfer(
        &self,
        tx: &mut Tx,
        from: AccountId,
        to: AccountId,
    ) -> Result<i64, StoreError>;
}

/// What a hand-over would move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    pub name: &'static str,
    pub count: i64,
}

/// The open work of an account, kind by kind.
///
/// # Errors
/// When the store fails.
pub async fn loads(
    tx: &mut Tx,
    works: &[Arc<dyn HandledWork>],
    account: AccountId,
) -> Result<Vec<Load>, StoreError> {
    let mut loads = Vec::with_capacity(works.len());
    for work in works {
        loads.push(Load {
            name: work.name(),
            count: work.count(tx, account).await?,
        });
    }
    Ok(loads)
}

/// Moves roles and work to the successor and disables the account, where that was not done before. A role that the
/// successor holds already is not doubled; deputies of the leaving person end; both must sign in again.
///
/// # Errors
/// One's own account, a successor who is disabled, the same person, or whose roles exclude the new ones.
pub async fn run(
    tx: &mut Tx,
    permit: &Permit<HandOverWork>,
    works: &[Arc<dyn HandledWork>],
    (from, to): (AccountId, AccountId),
    why: &str,
    today: Date,
) -> Result<Vec<Load>, ChangeError> {
    manage::not_oneself(permit.actor(), from, "停用状态")?;
    manage::not_oneself(permit.actor(), to, "角色")?;
    let leaving = manage::existing(tx, from).await?;
    let successor = manage::existing(tx, to).await?;
    let own: Vec<RoleRow> = store::roles_of(tx, [from], today)
        .await?
        .into_iter()
        .filter(|row| row.deputy_for.is_none())
        .collect();
    let held = store::roles_of(tx, [to], today).await?;
    let reasons = why_not(&leaving, &successor, &own, &held);
    if !reasons.is_empty() {
        return Err(ChangeError::Refused(reasons));
    }
    move_roles(tx, (from, to), &own, &held, today).await?;
    let mut moved = Vec::with_capacity(works.len());
    for work in works {
        moved.push(Load {
            name: work.name(),
            count: work.transfer(tx, from, to).await?,
        });
    }
    let closed = if leaving.disabled_at.is_none() {
        manage::close(tx, from, why).await?;
        format!("{} 的账号停用，原因：{why}", leaving.name)
    } else {
        format!("{} 的账号此前已停用，移交原因：{why}", leaving.name)
    };
    session::end_all(tx, to).await?;
    let work: String = moved
        .iter()
        .map(|load| format!("，{} {} 项", load.name, load.count))
        .collect();
    let sentence = format!(
        "{} 的工作移交 {}：角色 {} 个{work}；{closed}",
        leaving.name,
        successor.name,
        own.len()
    );
    let roles: Vec<_> = own
        .iter()
        .map(|row| json!({ "role": row.role.code(), "organ": row.organ.to_string() }))
        .collect();
    let works: Vec<_> = moved
        .iter()
        .map(|load| json!({ "name": load.name, "count": load.count }))
        .collect();
    tx.record(
        manage::about(permit.actor(), "account.handed_over", from, sentence)
            .data(json!({ "successor": to.to_string(), "roles": roles, "work": works })),
    );
    Ok(moved)
}

/// Everything that stands against the hand-over.
fn why_not(
    leaving: &Account,
    successor: &Account,
    own: &[RoleRow],
    held: &[RoleRow],
) -> Vec<String> {
    let mut reasons = Vec::new();
    if leaving.id == successor.id {
        reasons.push("接手人不能是本人".to_owned());
    }
    if successor.disabled_at.is_some() {
        reasons.push(format!("接手人 {} 的账号已停用", successor.name));
    }
    let mut union: Vec<Role> = own.iter().chain(held).map(|row| row.role).collect();
    union.sort_unstable();
    union.dedup();
    if let Some(conflict) = Role::conflict(&union) {
        reasons.push(format!("{} 接手后，{conflict}", successor.name));
    }
    reasons
}

async fn move_roles(
    tx: &mut Tx,
    (from, to): (AccountId, AccountId),
    own: &[RoleRow],
    held: &[RoleRow],
    today: Date,
) -> Result<(), StoreError> {
    for row in own {
        store::revoke(tx, from, row.role, row.organ).await?;
        let same = held
            .iter()
            .find(|other| other.role == row.role && other.organ == row.organ);
        // Who stood in until a day now holds the role for good.
        if same.is_some_and(|same| same.deputy_for.is_some()) {
            store::revoke(tx, to, row.role, row.organ).await?;
        }
        if same.is_none_or(|same| same.deputy_for.is_some()) {
            store::grant(tx, to, row.role, row.organ, None, today).await?;
        }
    }
    Ok(())
}
