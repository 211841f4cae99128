//! Sessions: rows that can be listed and ended, found by the hash of the browser's cookie.

use gongkai_basis::{Date, Role, id::AccountId};

use crate::access::{HeldRole, Session};
use crate::db::{Db, StoreError, Tx, sql};
use crate::inbox;

/// A session ends after this long without a request.
pub const IDLE_MILLISECONDS_MAX: i64 = 30 * 60 * 1000;
/// A session ends after this long whatever happens.
pub const AGE_MILLISECONDS_MAX: i64 = 12 * 60 * 60 * 1000;
/// How far the clocks of two processes may lie apart.
const AHEAD_MILLISECONDS_MAX: i64 = 60 * 60 * 1000;
/// How stale `last_seen_at` may get, so that reading pages does not write at every click.
const TOUCH_MILLISECONDS: i64 = 60 * 1000;

/// Finds the living session with this hash, and notes that it was seen.
///
/// # Errors
/// When the store fails.
pub async fn resume(db: &Db, today: Date, id_hash: &str) -> Result<Option<Session>, StoreError> {
    let now = db.now().as_millisecond();
    let found = db
        .read(async |tx: &mut Tx| load(tx, today, now, id_hash).await)
        .await?;
    let Some((session, last_seen)) = found else {
        return Ok(None);
    };
    if now - last_seen > TOUCH_MILLISECONDS {
        let touched = db
            .upkeep(async |tx: &mut Tx| {
                tx.run(
                    sql("UPDATE session SET last_seen_at = $1 WHERE id_hash = $2")
                        .bind(now)
                        .bind(id_hash),
                )
                .await
            })
            .await;
        match touched {
            // People can read on while the disk is full; at worst the session ends a little early.
            Err(error) if !error.is_disk_full() => return Err(error),
            Ok(_) | Err(_) => {}
        }
    }
    Ok(Some(session))
}

/// Begins a session; the caller records the event of signing in.
///
/// # Errors
/// When the store fails.
pub async fn begin(
    tx: &mut Tx,
    account: AccountId,
    id_hash: &str,
    address: &str,
    agent: &str,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO session (id_hash, account_id, created_at, last_seen_at, expires_at, address, agent) VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(id_hash)
            .bind(account)
            .bind(now)
            .bind(now)
            .bind(now + AGE_MILLISECONDS_MAX)
            .bind(address)
            .bind(agent),
    )
    .await?;
    Ok(())
}

/// Ends one session.
///
/// # Errors
/// When the store fails.
pub async fn end(tx: &mut Tx, id_hash: &str) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM session WHERE id_hash = $1").bind(id_hash))
        .await?;
    Ok(())
}

/// Ends all sessions of an account: after a reset, a change of roles, a disabling.
///
/// # Errors
/// When the store fails.
pub async fn end_all(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM session WHERE account_id = $1").bind(account))
        .await?;
    Ok(())
}

async fn load(
    tx: &mut Tx,
    today: Date,
    now: i64,
    id_hash: &str,
) -> Result<Option<(Session, i64)>, StoreError> {
    let mut statement = sql("SELECT a.id, a.name, a.totp_secret, s.last_seen_at, ");
    statement
        .push(inbox::UNREAD)
        .push(" FROM session s JOIN account a ON a.id = s.account_id WHERE s.id_hash = ")
        .push_value(id_hash)
        .push(" AND s.expires_at > ")
        .push_value(now)
        // What began while the clock ran ahead would live until that day.
        .push(" AND s.expires_at <= ")
        .push_value(now + AGE_MILLISECONDS_MAX + AHEAD_MILLISECONDS_MAX)
        .push(" AND s.last_seen_at > ")
        .push_value(now - IDLE_MILLISECONDS_MAX)
        .push(" AND a.disabled_at IS NULL");
    let row = tx.optional(statement).await?;
    let Some(row) = row else { return Ok(None) };
    let account: AccountId = row.get("id")?;
    let session = Session {
        account,
        name: row.get("name")?,
        roles: held_roles(tx, account, today).await?,
        second_factor: row.get::<Option<String>>("totp_secret")?.is_some(),
        unread: row.get("unread")?,
        id_hash: id_hash.to_owned(),
    };
    Ok(Some((session, row.get("last_seen_at")?)))
}

/// The roles that an account holds today, deputies' included while they last.
///
/// # Errors
/// When the store fails.
pub async fn held_roles(
    tx: &mut Tx,
    account: AccountId,
    today: Date,
) -> Result<Vec<HeldRole>, StoreError> {
    let rows = tx
        .all(
            sql("SELECT r.role, r.organ_id, r.deputy_for, r.until_on, o.name AS organ_name, o.path AS organ_path, g.id AS government_id \
                 FROM account_role r JOIN organ o ON o.id = r.organ_id LEFT JOIN organ g ON g.id = o.parent_id \
                 AND o.kind IN ('office', 'section') AND g.kind IN ('government', 'zone', 'town', 'street') \
                 WHERE r.account_id = $1 AND (r.until_on IS NULL OR r.until_on >= $2) ORDER BY o.path, r.role")
                .bind(account)
                .bind(today),
        )
        .await?;
    let mut held = Vec::with_capacity(rows.len());
    for row in rows {
        // A role that this version does not know grants nothing.
        let Some(role) = Role::from_code(&row.get::<String>("role")?) else {
            continue;
        };
        held.push(HeldRole {
            role,
            organ: row.get("organ_id")?,
            organ_name: row.get("organ_name")?,
            organ_path: row.get("organ_path")?,
            government: row.get("government_id")?,
            deputy_for: row.get("deputy_for")?,
            until: row.get("until_on")?,
        });
    }
    Ok(held)
}

/// A living session as the account pages list it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Living {
    pub id_hash: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    pub last_seen_at: i64,
    pub address: String,
    pub agent: String,
}

/// The living sessions of an account, newest first.
///
/// # Errors
/// When the store fails.
pub async fn living(tx: &mut Tx, account: AccountId) -> Result<Vec<Living>, StoreError> {
    let now = tx.now().as_millisecond();
    let rows = tx
        .all(
            sql("SELECT id_hash, created_at, last_seen_at, address, agent FROM session \
                 WHERE account_id = $1 AND expires_at > $2 AND last_seen_at > $3 ORDER BY created_at DESC, id_hash")
                .bind(account)
                .bind(now)
                .bind(now - IDLE_MILLISECONDS_MAX),
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Living {
                id_hash: row.get("id_hash")?,
                created_at: row.get("created_at")?,
                last_seen_at: row.get("last_seen_at")?,
                address: row.get::<Option<String>>("address")?.unwrap_or_default(),
                agent: row.get::<Option<String>>("agent")?.unwrap_or_default(),
            })
        })
        .collect()
}

/// Ends one session of this account and of no other; `false` when there was none.
///
/// # Errors
/// When the store fails.
pub async fn end_of(tx: &mut Tx, account: AccountId, id_hash: &str) -> Result<bool, StoreError> {
    let ended = tx
        .run(
            sql("DELETE FROM session WHERE id_hash = $1 AND account_id = $2")
                .bind(id_hash)
                .bind(account),
        )
        .await?;
    Ok(ended == 1)
}

/// Drops an account's dead sessions, and of the living ones all but the `most` last seen.
///
/// # Errors
/// When the store fails.
pub(super) async fn trim(tx: &mut Tx, account: AccountId, most: i64) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("DELETE FROM session WHERE account_id = $1 AND (expires_at <= $2 OR last_seen_at <= $3)")
            .bind(account)
            .bind(now)
            .bind(now - IDLE_MILLISECONDS_MAX),
    )
    .await?;
    tx.run(
        sql("DELETE FROM session WHERE account_id = $1 AND id_hash NOT IN \
             (SELECT id_hash FROM session WHERE account_id = $2 ORDER BY last_seen_at DESC, created_at DESC, id_hash LIMIT $3)")
            .bind(account)
            .bind(account)
            .bind(most),
    )
    .await?;
    Ok(())
}

/// Drops what nobody can use any more: dead sessions, links past their time. For the nightly job.
///
/// # Errors
/// When the store fails.
pub async fn purge(tx: &mut Tx) -> Result<u64, StoreError> {
    let now = tx.now().as_millisecond();
    let sessions = tx
        .run(
            sql("DELETE FROM session WHERE expires_at <= $1 OR last_seen_at <= $2")
                .bind(now)
                .bind(now - IDLE_MILLISECONDS_MAX),
        )
        .await?;
    let links = tx
        .run(sql("DELETE FROM login_link WHERE expires_at <= $1").bind(now))
        .await?;
    Ok(sessions + links)
}

/// Ends all sessions of an account but this one.
///
/// # Errors
/// When the store fails.
pub(super) async fn end_others(
    tx: &mut Tx,
    account: AccountId,
    id_hash: &str,
) -> Result<(), StoreError> {
    tx.run(
        sql("DELETE FROM session WHERE account_id = $1 AND id_hash <> $2")
            .bind(account)
            .bind(id_hash),
    )
    .await?;
    Ok(())
}
