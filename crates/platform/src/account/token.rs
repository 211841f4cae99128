//! Secrets that name something: 256 bits of the system's randomness.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::db::StoreError;

const TOKEN_BYTES: usize = 32;

/// Fresh random bytes.
///
/// # Errors
/// When the system has no randomness to give.
pub(super) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes)
        .map_err(|_| StoreError::Unsupported("the system gives no random numbers"))?;
    Ok(bytes)
}

/// A fresh secret of 43 characters that fit into an address and a cookie.
///
/// # Errors
/// As [`random`].
pub fn fresh() -> Result<String, StoreError> {
    Ok(URL_SAFE_NO_PAD.encode(random::<TOKEN_BYTES>()?))
}
