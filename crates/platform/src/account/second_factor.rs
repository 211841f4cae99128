//! 第二因素: time-based one-time codes (RFC 6238) from an app on the person's phone.

use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use totp_rs::{Builder, Secret, Totp};

use super::token;
use crate::db::StoreError;

const SECRET_BYTES: usize = 20;

/// A fresh secret in base 32.
///
/// # Errors
/// When the system has no randomness to give.
pub fn fresh_secret() -> Result<String, StoreError> {
    let bytes: [u8; SECRET_BYTES] = token::random()?;
    Ok(Secret::from(bytes.to_vec()).to_base32())
}

/// The step (half minutes since 1970) for which this code is right now, one step early or late allowed. The caller
/// refuses a step that was used before.
#[must_use]
pub fn step_of(secret: &str, code: &str, now: Timestamp) -> Option<i64> {
    let seconds = u64::try_from(now.as_second()).ok()?;
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let step = totp(secret)?.check(&digits, seconds)?;
    i64::try_from(step).ok()
}

/// The code of this instant: what the app would show.
#[must_use]
pub fn code_at(secret: &str, now: Timestamp) -> Option<String> {
    let seconds = u64::try_from(now.as_second()).ok()?;
    Some(totp(secret)?.generate(seconds).to_string())
}

fn totp(secret: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    Builder::new().with_secret(secret).build().ok()
}

/// The address that apps understand: `otpauth://totp/…`.
#[must_use]
pub fn address(site: &str, login: &str, secret: &str) -> String {
    let site = utf8_percent_encode(site, NON_ALPHANUMERIC);
    let login = utf8_percent_encode(login, NON_ALPHANUMERIC);
    format!(
        "otpauth://totp/{site}:{login}?secret={secret}&issuer={site}&algorithm=SHA1&digits=6&period=30"
    )
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{address, code_at, fresh_secret, step_of};
    use crate::web::qr;

    #[test]
    fn codes_of_the_standard_are_right() {
        // RFC 6238, appendix B: the ASCII secret 12345678901234567890, SHA-1, last six of eight digits.
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            let now = Timestamp::from_second(second).unwrap();
            assert_eq!(code_at(secret, now).unwrap(), code);
            assert_eq!(step_of(secret, code, now), Some(second / 30));
        }
    }

    #[test]
    fn one_step_early_or_late_is_allowed_and_no_more() {
        let secret = fresh_secret().unwrap();
        let now: Timestamp = "2026-10-12T01:00:00Z".parse().unwrap();
        let code = code_at(&secret, now).unwrap();
        let step = now.as_second() / 30;
        for (seconds, expected) in [
            (-60, None),
            (-30, Some(step)),
            (0, Some(step)),
            (30, Some(step)),
            (60, None),
        ] {
            assert_eq!(
                step_of(&secret, &code, now + SignedDuration::from_secs(seconds)),
                expected,
                "{seconds}"
            );
        }
        assert_eq!(
            step_of(&secret, &format!("{} {}", &code[..3], &code[3..]), now),
            Some(step)
        );
        assert_eq!(step_of(&secret, "", now), None);
        assert_eq!(step_of("not base 32!", &code, now), None);
    }

    #[test]
    fn the_address_and_its_picture_hold_the_secret() {
        let address = address("安澜市", "zhang.wei", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(
            address
                .starts_with("otpauth://totp/%E5%AE%89%E6%BE%9C%E5%B8%82:zhang%2Ewei?secret=GEZDG")
        );
        let (side, path) = qr::path(&address).unwrap();
        assert!(side > 40 && path.starts_with("M4 4h1v1h-1z"));
    }
}
