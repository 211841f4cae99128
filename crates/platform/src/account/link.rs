//! One-time links: the way in for somebody without a password yet. The store keeps only the token's SHA-256.

use gongkai_basis::id::AccountId;
use jiff::SignedDuration;

use super::{store, token};
use crate::db::{StoreError, Tx};
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
    store::link::end(tx, account, Some(purpose.code())).await?;
    store::link::insert(tx, &hash_token(&token), account, purpose.code(), ends).await?;
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
    let codes = purposes.iter().map(|purpose| purpose.code());
    store::link::usable(tx, &hash_token(token), codes).await
}

/// Whether a link can still be used. Looking does not use it.
///
/// # Errors
/// When the store fails.
pub async fn is_usable(tx: &mut Tx, token: &str, purpose: Purpose) -> Result<bool, StoreError> {
    Ok(look(tx, token, &[purpose]).await?.is_some())
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
    let used = store::link::use_up(tx, &hash_token(token)).await?;
    Ok(used.then_some(account))
}

/// Ends every unused link of an account: after a disabling, or when a password was set.
///
/// # Errors
/// When the store fails.
pub(super) async fn end_all(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    store::link::end(tx, account, None).await
}
