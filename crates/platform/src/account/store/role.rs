//! The rows of roles: who holds which, in which organ, in whose place.

use gongkai_basis::id::{AccountId, OrganId};
use gongkai_basis::{Date, Role};

use crate::db::{Sql, StoreError, Tx, sql};

/// A role as the account pages show it, lapsed deputies' left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRow {
    pub account: AccountId,
    pub account_name: String,
    pub role: Role,
    pub organ: OrganId,
    pub organ_name: String,
    pub deputy_for: Option<AccountId>,
    pub deputy_for_name: Option<String>,
    pub until: Option<Date>,
    /// From when on, in milliseconds since 1970.
    pub since: i64,
}

/// Somebody whom a person may name: a colleague with a role in the same organ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    pub account: AccountId,
    pub name: String,
    pub organ: OrganId,
    pub organ_name: String,
}

const ROLES: &str = "SELECT r.account_id, a.name AS account_name, r.role, r.organ_id, o.name AS organ_name, r.deputy_for, \
    d.name AS deputy_for_name, r.until_on, r.granted_at FROM account_role r JOIN organ o ON o.id = r.organ_id \
    JOIN account a ON a.id = r.account_id LEFT JOIN account d ON d.id = r.deputy_for WHERE ";

/// The roles that these accounts hold today, in one query.
///
/// # Errors
/// When the store fails.
pub async fn roles_of(
    tx: &mut Tx,
    accounts: impl IntoIterator<Item = AccountId>,
    today: Date,
) -> Result<Vec<RoleRow>, StoreError> {
    let mut statement = sql(ROLES);
    statement.push("r.account_id IN ").push_list(accounts);
    roles(tx, statement, today).await
}

/// The roles that others hold today as deputies of this account.
///
/// # Errors
/// When the store fails.
pub async fn deputies_of(
    tx: &mut Tx,
    account: AccountId,
    today: Date,
) -> Result<Vec<RoleRow>, StoreError> {
    let mut statement = sql(ROLES);
    statement.push("r.deputy_for = ").push_value(account);
    roles(tx, statement, today).await
}

async fn roles(tx: &mut Tx, mut statement: Sql, today: Date) -> Result<Vec<RoleRow>, StoreError> {
    statement
        .push(" AND (r.until_on IS NULL OR r.until_on >= ")
        .push_value(today);
    statement.push(") ORDER BY o.path, r.role, a.name");
    let mut found = Vec::new();
    for row in tx.all(statement).await? {
        // A role that this version does not know grants nothing and is not shown.
        if let Some(role) = Role::from_code(&row.get::<String>("role")?) {
            found.push(RoleRow {
                account: row.get("account_id")?,
                account_name: row.get("account_name")?,
                role,
                organ: row.get("organ_id")?,
                organ_name: row.get("organ_name")?,
                deputy_for: row.get("deputy_for")?,
                deputy_for_name: row.get("deputy_for_name")?,
                until: row.get("until_on")?,
                since: row.get("granted_at")?,
            });
        }
    }
    Ok(found)
}

/// Grants a role; a lapsed deputy's row of the same role gives way.
///
/// # Errors
/// A duplicate (see [`StoreError::is_duplicate`]) when the role is held already, or the store fails.
pub async fn grant(
    tx: &mut Tx,
    account: AccountId,
    role: Role,
    organ: OrganId,
    deputy: Option<(AccountId, Date)>,
    today: Date,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("DELETE FROM account_role WHERE account_id = $1 AND until_on < $2")
            .bind(account)
            .bind(today),
    )
    .await?;
    tx.run(
        sql("INSERT INTO account_role (account_id, organ_id, role, deputy_for, until_on, granted_at) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(account)
            .bind(organ)
            .bind(role.code())
            .bind(deputy.map(|(person, _)| person))
            .bind(deputy.map(|(_, until)| until))
            .bind(now),
    )
    .await?;
    Ok(())
}

/// Takes a role off; what deputies hold in the person's place goes with it. `false` when it was not held.
///
/// # Errors
/// When the store fails.
pub async fn revoke(
    tx: &mut Tx,
    account: AccountId,
    role: Role,
    organ: OrganId,
) -> Result<bool, StoreError> {
    tx.run(
        sql("DELETE FROM account_role WHERE deputy_for = $1 AND organ_id = $2 AND role = $3")
            .bind(account)
            .bind(organ)
            .bind(role.code()),
    )
    .await?;
    let gone = tx
        .run(
            sql("DELETE FROM account_role WHERE account_id = $1 AND organ_id = $2 AND role = $3")
                .bind(account)
                .bind(organ)
                .bind(role.code()),
        )
        .await?;
    Ok(gone == 1)
}

/// Ends all that deputies hold in this person's place, and all that this person holds in others'.
pub(in crate::account) async fn end_deputies(
    tx: &mut Tx,
    account: AccountId,
) -> Result<u64, StoreError> {
    tx.run(
        sql("DELETE FROM account_role WHERE deputy_for = $1 OR (account_id = $2 AND deputy_for IS NOT NULL)")
            .bind(account)
            .bind(account),
    )
    .await
}

/// The living colleagues of somebody who hold a role in one of these organs, by organ and name.
///
/// # Errors
/// When the store fails.
pub(in crate::account) async fn colleagues(
    tx: &mut Tx,
    account: AccountId,
    organs: impl IntoIterator<Item = OrganId>,
    today: Date,
) -> Result<Vec<Colleague>, StoreError> {
    let mut statement = sql(
        "SELECT DISTINCT a.id, a.name, r.organ_id, o.name AS organ_name, o.path FROM account_role r \
         JOIN account a ON a.id = r.account_id JOIN organ o ON o.id = r.organ_id WHERE a.disabled_at IS NULL AND a.id <> ",
    );
    statement.push_value(account);
    statement
        .push(" AND (r.until_on IS NULL OR r.until_on >= ")
        .push_value(today);
    statement.push(") AND r.organ_id IN ").push_list(organs);
    statement.push(" ORDER BY o.path, a.name, a.id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            Ok(Colleague {
                account: row.get("id")?,
                name: row.get("name")?,
                organ: row.get("organ_id")?,
                organ_name: row.get("organ_name")?,
            })
        })
        .collect()
}

/// Ends one stand-in; `false` when there is none (any more).
pub(in crate::account) async fn end_deputy(
    tx: &mut Tx,
    deputy: AccountId,
    person: AccountId,
    role: Role,
    organ: OrganId,
) -> Result<bool, StoreError> {
    let ended = tx
        .run(
            sql("DELETE FROM account_role WHERE account_id = $1 AND organ_id = $2 AND role = $3 AND deputy_for = $4")
                .bind(deputy)
                .bind(organ)
                .bind(role.code())
                .bind(person),
        )
        .await?;
    Ok(ended == 1)
}
