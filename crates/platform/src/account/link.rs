//! One-time links: the way in for somebody without a password yet. The store keeps only the token's SHA-256.

use gongkai_basis::id::AccountId;
use jiff::SignedDuration;

use super::token;
use crate::db::{StoreError, Tx, sql};
use crate::web::hash_token;

/// How long an invitation or a reset stays valid.
pub const INVITE_VALID: SignedDuration = SignedDuration::from_hours(72);
/// How long a person may take for the second factor.
pub(super) const SECOND_VALID: SignedDuration = SignedDuration::from_mins(5);

/// What a link is for. A link of one purpose is nothing at the door of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// `/invite/…`: set the first password.
    Invite,
    /// `/invite/…`: set a new password.
    Reset,
    /// `/enter/…`: enter by a click.
    Enter,
    /// Between the right password and the second factor; never leaves the sign-in pages.
    Second,
}

impl Purpose {
    const fn code(self) -> &'static str {
        match self {
            Self::Invite => "invite",
            Self::Reset => "reset",
            Self::Enter => "enter",
            Self::Second => "second",
        }
    }

    /// The path of a link with this token.
    #[must_use]
    pub fn path(self, token: &str) -> String {
        match self {
            Self::Invite | Self::Reset => format!("/invite/{token}"),
            Self::Enter => format!("/enter/{token}"),
            Self::Second => "/login".to_owned(),
        }
    }
}

/// Makes a link and gives its token, which is shown once and stored nowhere. Earlier unused links of the account for the
/// same purpose end. The caller records the event.
///
/// # Errors
/// When the store fails or the system has no randomness.
pub async fn issue_link(
    tx: &mut Tx,
    account: AccountId,
    purpose: Purpose,
    valid_for: SignedDuration,
) -> Result<String, StoreError> {
    let token = token::fresh()?;
    let now = tx.now().as_millisecond();
    let ends = now.saturating_add(i64::try_from(valid_for.as_millis()).unwrap_or(0));
    tx.run(
        sql("DELETE FROM login_link WHERE account_id = $1 AND purpose = $2 AND used_at IS NULL")
            .bind(account)
            .bind(purpose.code()),
    )
    .await?;
    tx.run(
        sql("INSERT INTO login_link (token_hash, account_id, purpose, expires_at, created_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(hash_token(&token))
            .bind(account)
            .bind(purpose.code())
            .bind(ends)
            .bind(now),
    )
    .await?;
    Ok(token)
}

/// Whose link it is, while it can still be used. Looking does not use it.
///
/// # Errors
/// When the store fails.
pub(super) async fn look(
    tx: &mut Tx,
    token: &str,
    purposes: &[Purpose],
) -> Result<Option<AccountId>, StoreError> {
    let mut statement = sql("SELECT account_id FROM login_link WHERE token_hash = $1 AND expires_at > $2 AND used_at IS NULL AND purpose IN ")
        .bind(hash_token(token))
        .bind(tx.now().as_millisecond());
    statement.push_list(purposes.iter().map(|purpose| purpose.code()));
    tx.optional(statement)
        .await?
        .map(|row| row.get("account_id"))
        .transpose()
}

/// Uses the link up; of two at once only one gets the account.
///
/// # Errors
/// When the store fails.
pub(super) async fn take(
    tx: &mut Tx,
    token: &str,
    purposes: &[Purpose],
) -> Result<Option<AccountId>, StoreError> {
    let Some(account) = look(tx, token, purposes).await? else {
        return Ok(None);
    };
    let used = tx
        .run(
            sql("UPDATE login_link SET used_at = $1 WHERE token_hash = $2 AND used_at IS NULL")
                .bind(tx.now().as_millisecond())
                .bind(hash_token(token)),
        )
        .await?;
    Ok((used == 1).then_some(account))
}

/// Ends every unused link of an account: after a disabling, or when a password was set.
///
/// # Errors
/// When the store fails.
pub(super) async fn end_all(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM login_link WHERE account_id = $1 AND used_at IS NULL").bind(account))
        .await?;
    Ok(())
}
