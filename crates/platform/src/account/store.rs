//! The rows of accounts, their roles and their links.

pub(super) mod link;
mod organ;
mod role;

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{AccountId, OrganId};

use super::lockout::{FAILURES_MAX, LOCK};
use crate::db::{Row, Sql, StoreError, Tx, containing, sql};

pub(super) use organ::{MEANT_MAX, Meant, organ_choices, organs_meant};
pub use role::{Colleague, RoleRow, deputies_of, grant, revoke, roles_of};
pub(super) use role::{colleagues, end_deputies, end_deputy};

/// An account's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub login: String,
    pub name: String,
    pub contact: Option<String>,
    /// Where the digest of the inbox goes.
    pub mail_address: Option<String>,
    pub password_hash: Option<String>,
    pub totp_secret: Option<String>,
    /// Milliseconds since 1970, as all instants here.
    pub locked_until: Option<i64>,
    pub disabled_at: Option<i64>,
    pub disabled_why: Option<String>,
    pub version: i64,
    pub created_at: i64,
}

impl Account {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get("id")?,
            login: row.get("login")?,
            name: row.get("name")?,
            contact: row.get("contact")?,
            mail_address: row.get("mail_address")?,
            password_hash: row.get("password_hash")?,
            totp_secret: row.get("totp_secret")?,
            locked_until: row.get("locked_until")?,
            disabled_at: row.get("disabled_at")?,
            disabled_why: row.get("disabled_why")?,
            version: row.get("version")?,
            created_at: row.get("created_at")?,
        })
    }

    /// A lock that ends later than any that begins now was set while the clock ran ahead.
    #[must_use]
    pub fn is_locked(&self, now: i64) -> bool {
        let longest = i64::try_from(LOCK.as_millis()).unwrap_or(0);
        self.locked_until
            .is_some_and(|until| (1..=longest).contains(&(until - now)))
    }

    /// `■ 已停用`, … : shape and word.
    #[must_use]
    pub fn state(&self, now: i64) -> (&'static str, &'static str) {
        if self.disabled_at.is_some() {
            ("bad", "■ 已停用")
        } else if self.is_locked(now) {
            ("warn", "▲ 暂时锁定")
        } else if self.password_hash.is_none() {
            ("lead", "○ 未设密码")
        } else {
            ("good", "● 正常")
        }
    }
}

/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx, id: AccountId) -> Result<Option<Account>, StoreError> {
    one(tx, sql("SELECT * FROM account WHERE id = $1").bind(id)).await
}

/// 联系方式 of these people; who has none is left out.
///
/// # Errors
/// When the store fails.
pub async fn contacts(
    tx: &mut Tx,
    ids: &[AccountId],
) -> Result<BTreeMap<AccountId, String>, StoreError> {
    const IDS_AT_ONCE: usize = 500;
    let mut found = BTreeMap::new();
    for some in ids.chunks(IDS_AT_ONCE) {
        let mut statement =
            sql("SELECT id, contact FROM account WHERE contact IS NOT NULL AND id IN ");
        statement.push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            found.insert(row.get("id")?, row.get("contact")?);
        }
    }
    Ok(found)
}

/// By the login, upper and lower case being the same.
///
/// # Errors
/// When the store fails.
pub async fn by_login(tx: &mut Tx, login: &str) -> Result<Option<Account>, StoreError> {
    let login = login.trim().to_lowercase();
    one(
        tx,
        sql("SELECT * FROM account WHERE login = $1").bind(login),
    )
    .await
}

async fn one(tx: &mut Tx, statement: Sql) -> Result<Option<Account>, StoreError> {
    tx.optional(statement)
        .await?
        .map(|row| Account::from_row(&row))
        .transpose()
}

/// A new account, without a password. The login is in lower case.
///
/// # Errors
/// A duplicate (see [`StoreError::is_duplicate`]) when the login is taken, or the store fails.
pub async fn insert(
    tx: &mut Tx,
    id: AccountId,
    login: &str,
    name: &str,
    contact: Option<&str>,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO account (id, login, name, contact, version, created_at) VALUES ($1, $2, $3, $4, 1, $5)")
            .bind(id)
            .bind(login)
            .bind(name)
            .bind(contact)
            .bind(now),
    )
    .await?;
    Ok(())
}

/// A new password; the lock and the count of failures end.
pub(super) async fn set_password(tx: &mut Tx, id: AccountId, hash: &str) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE account SET password_hash = $1, failed_attempts = 0, locked_until = NULL, version = version + 1 WHERE id = $2")
            .bind(hash)
            .bind(id),
    )
    .await
}

/// No password: nobody enters until a new one is set.
pub(super) async fn clear_password(tx: &mut Tx, id: AccountId) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE account SET password_hash = NULL, failed_attempts = 0, locked_until = NULL, version = version + 1 WHERE id = $1")
            .bind(id),
    )
    .await
}

/// Sets or takes off the second factor; `used` is the step of the code that confirmed it.
pub(super) async fn set_second_factor(
    tx: &mut Tx,
    id: AccountId,
    secret: Option<&str>,
    used: i64,
) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE account SET totp_secret = $1, totp_last_step = $2, version = version + 1 WHERE id = $3")
            .bind(secret)
            .bind(used)
            .bind(id),
    )
    .await
}

/// Steps of a day, 30 s each.
const STEPS_AHEAD_MAX: i64 = 2 * 60 * 24;

/// Uses a step up; `false` when it, or a later one, was used before. A step of tomorrow or later was used while the clock
/// ran ahead, and bars none of today.
pub(super) async fn use_step(tx: &mut Tx, id: AccountId, step: i64) -> Result<bool, StoreError> {
    let touched = tx
        .run(
            sql("UPDATE account SET totp_last_step = $1 WHERE id = $2 AND (totp_last_step < $3 OR totp_last_step > $4)")
                .bind(step)
                .bind(id)
                .bind(step)
                .bind(step + STEPS_AHEAD_MAX),
        )
        .await?;
    Ok(touched == 1)
}

/// Counts a failed sign-in; `true` when it locked the account.
pub(super) async fn count_failure(tx: &mut Tx, id: AccountId) -> Result<bool, StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("UPDATE account SET failed_attempts = failed_attempts + 1 WHERE id = $1 AND (locked_until IS NULL OR locked_until <= $2)")
            .bind(id)
            .bind(now),
    )
    .await?;
    let until = now.saturating_add(i64::try_from(LOCK.as_millis()).unwrap_or(0));
    let locked = tx
        .run(
            sql("UPDATE account SET failed_attempts = 0, locked_until = $1 WHERE id = $2 AND failed_attempts >= $3")
                .bind(until)
                .bind(id)
                .bind(FAILURES_MAX),
        )
        .await?;
    Ok(locked == 1)
}

/// Forgets failed sign-ins and ends a lock.
pub(super) async fn unlock(tx: &mut Tx, id: AccountId) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE account SET failed_attempts = 0, locked_until = NULL WHERE id = $1").bind(id),
    )
    .await?;
    Ok(())
}

/// Disables the account with a reason, or enables it again.
pub(super) async fn set_disabled(
    tx: &mut Tx,
    id: AccountId,
    why: Option<&str>,
) -> Result<(), StoreError> {
    let at = why.map(|_| tx.now().as_millisecond());
    tx.run_versioned(
        sql("UPDATE account SET disabled_at = $1, disabled_why = $2, version = version + 1 WHERE id = $3")
            .bind(at)
            .bind(why)
            .bind(id),
    )
    .await
}

/// Changes what people call the person and how they reach them.
pub(super) async fn set_details(
    tx: &mut Tx,
    id: AccountId,
    name: &str,
    contact: Option<&str>,
    version: i64,
) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE account SET name = $1, contact = $2, version = version + 1 WHERE id = $3 AND version = $4")
            .bind(name)
            .bind(contact)
            .bind(id)
            .bind(version),
    )
    .await
}

/// Where the digest of the inbox goes; nowhere without an address.
///
/// # Errors
/// When the store fails.
pub async fn set_mail_address(
    tx: &mut Tx,
    id: AccountId,
    address: Option<&str>,
) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE account SET mail_address = $1 WHERE id = $2")
            .bind(address)
            .bind(id),
    )
    .await?;
    Ok(())
}

/// An organ's name, or `None` when there is no such organ.
pub(super) async fn organ_name(tx: &mut Tx, organ: OrganId) -> Result<Option<String>, StoreError> {
    tx.optional(sql("SELECT name FROM organ WHERE id = $1").bind(organ))
        .await?
        .map(|row| row.get("name"))
        .transpose()
}

/// Which accounts the list shows; empty fields do not filter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Part of the login, the name or the contact.
    pub text: String,
    /// A role's code.
    pub role: String,
    /// `active`, `disabled`, `locked`, `new`
    pub state: String,
}

/// One page of accounts by name, and the count of all that match.
///
/// # Errors
/// When the store fails.
pub async fn search(
    tx: &mut Tx,
    filter: &Filter,
    today: Date,
    offset: i64,
    rows: i64,
) -> Result<(Vec<Account>, i64), StoreError> {
    let now = tx.now().as_millisecond();
    let narrow = |mut statement: Sql| {
        statement.push(" WHERE 1 = 1");
        if !filter.text.is_empty() {
            // A login is stored small; the others the database makes small, on both sides in its own way.
            statement
                .push(" AND (login LIKE ")
                .push_value(containing(&filter.text.to_lowercase()))
                .push(" ESCAPE '!'");
            for before in [" OR lower(name)", " OR lower(contact)"] {
                statement
                    .push(before)
                    .push(" LIKE lower(")
                    .push_value(containing(&filter.text))
                    .push(") ESCAPE '!'");
            }
            statement.push(")");
        }
        if !filter.role.is_empty() {
            statement
                .push(" AND id IN (SELECT account_id FROM account_role WHERE role = ")
                .push_value(filter.role.clone());
            statement
                .push(" AND (until_on IS NULL OR until_on >= ")
                .push_value(today);
            statement.push("))");
        }
        match filter.state.as_str() {
            "active" => {
                statement.push(" AND disabled_at IS NULL AND password_hash IS NOT NULL");
            }
            "disabled" => {
                statement.push(" AND disabled_at IS NOT NULL");
            }
            "locked" => {
                statement.push(" AND locked_until > ").push_value(now);
            }
            "new" => {
                statement.push(" AND disabled_at IS NULL AND password_hash IS NULL");
            }
            _ => {}
        }
        statement
    };
    let total = tx
        .one(narrow(sql("SELECT COUNT(*) AS n FROM account")))
        .await?
        .get("n")?;
    let mut list = narrow(sql("SELECT * FROM account"));
    list.push(" ORDER BY name, id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    let accounts = tx
        .all(list)
        .await?
        .iter()
        .map(Account::from_row)
        .collect::<Result<_, _>>()?;
    Ok((accounts, total))
}
