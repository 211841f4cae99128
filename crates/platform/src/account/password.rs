//! Passwords: what is accepted, and how they are kept.
//!
//! Long instead of contorted: no rules on which characters to mix, none on changing by the calendar; but nothing that a
//! guesser tries first. Kept as argon2id (19 MiB, two passes), computed off the runtime and few at once.

use std::collections::HashSet;
use std::sync::LazyLock;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::token;
use crate::db::StoreError;

/// Fewest characters.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Most characters; nothing is cut off.
pub const PASSWORD_CHARS_MAX: usize = 128;
/// Memory of one computation, in KiB.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;
/// Computations at once: each takes [`MEMORY_KIB`] and a core.
const AT_ONCE_MAX: usize = 4;
/// A pattern of up to this many characters, repeated, is no password.
const PATTERN_CHARS_MAX: usize = 4;
/// A login shorter than this may occur in a password by chance.
const LOGIN_CHARS_MIN: usize = 3;

/// Passwords that guessers try first and that are long enough to pass otherwise; one a line, lower case.
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("../../data/common_passwords.txt")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
});

static AT_ONCE: Semaphore = Semaphore::const_new(AT_ONCE_MAX);

/// Why this password is not accepted, as a sentence; `None` when it is.
#[must_use]
pub fn refusal(password: &str, login: &str) -> Option<String> {
    let chars = password.chars().count();
    if chars < PASSWORD_CHARS_MIN {
        return Some(format!(
            "密码太短：至少 {PASSWORD_CHARS_MIN} 个字符，现在是 {chars} 个。可以用一句自己记得住的话。"
        ));
    }
    if chars > PASSWORD_CHARS_MAX {
        return Some(format!(
            "密码太长：最多 {PASSWORD_CHARS_MAX} 个字符，现在是 {chars} 个。"
        ));
    }
    let (lower, login) = (password.to_lowercase(), login.to_lowercase());
    if login.chars().count() >= LOGIN_CHARS_MIN && lower.contains(&login) {
        return Some("密码中不能包含登录名。".to_owned());
    }
    if is_guessable(&lower) {
        return Some("这个密码太常见，容易被猜中。请换一个，例如几个互不相关的词。".to_owned());
    }
    None
}

/// Common passwords, runs and repetitions, mobile and identity numbers, dates of birth.
fn is_guessable(lower: &str) -> bool {
    let chars: Vec<char> = lower.chars().collect();
    let bare = lower.trim_end_matches(|c: char| !c.is_alphanumeric());
    COMMON.contains(lower)
        || COMMON.contains(bare)
        || is_pattern(&chars)
        || is_run(&chars)
        || is_personal_number(&chars)
}

/// `aaaaaaaaaa`, `123123123123`
fn is_pattern(chars: &[char]) -> bool {
    (1..=PATTERN_CHARS_MAX).any(|length| {
        chars
            .iter()
            .zip(chars.iter().skip(length))
            .all(|(one, next)| one == next)
    })
}

/// `abcdefghij`, `9876543210`, with the step from 9 to 0.
fn is_run(chars: &[char]) -> bool {
    let step = |one: char, next: char| {
        u32::from(one) + 1 == u32::from(next) || (one == '9' && next == '0')
    };
    let pairs = || chars.iter().copied().zip(chars.iter().copied().skip(1));
    pairs().all(|(one, next)| step(one, next)) || pairs().all(|(one, next)| step(next, one))
}

/// `13800138000`, `110101199003070011`: digits that stand on every form.
fn is_personal_number(chars: &[char]) -> bool {
    let digits = chars.iter().filter(|c| c.is_ascii_digit()).count();
    let mobile = chars.len() == 11
        && digits == 11
        && chars.first() == Some(&'1')
        && chars.get(1).is_some_and(|c| ('3'..='9').contains(c));
    let identity = chars.len() == 18
        && digits >= 17
        && chars
            .last()
            .is_some_and(|c| c.is_ascii_digit() || *c == 'x');
    mobile || identity
}

/// The text to keep of a password (PHC format, with its own salt and costs).
///
/// # Errors
/// When the system has no randomness or memory to give.
pub async fn hash(password: String) -> Result<String, StoreError> {
    let salt = token::random::<SALT_BYTES>()?;
    off_the_runtime(move || {
        hasher()?
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(|_| StoreError::Unsupported("the password could not be hashed"))
    })
    .await?
}

/// Is this the password? Without a kept hash the same work is done and the answer is no, so that an unknown login takes
/// as long as a wrong password.
///
/// # Errors
/// When the computation could not run.
pub async fn verify(password: String, kept: Option<String>) -> Result<bool, StoreError> {
    off_the_runtime(move || {
        let matches = |kept: &str| {
            hasher().map(|hasher| hasher.verify_password(password.as_bytes(), kept).is_ok())
        };
        match kept {
            Some(kept) => matches(&kept),
            None => matches(&NOBODY).map(|_| false),
        }
    })
    .await?
}

/// The kept form of a password that nobody has.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    hasher()
        .ok()
        .and_then(|hasher| {
            hasher
                .hash_password_with_salt(b"nobody", &[7; SALT_BYTES])
                .ok()
        })
        .map(|hash| hash.to_string())
        .unwrap_or_default()
});

fn hasher() -> Result<Argon2<'static>, StoreError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|_| StoreError::Unsupported("argon2 refuses its parameters"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

async fn off_the_runtime<T, F>(work: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: FnOnce() -> T + Send + 'static,
{
    let _turn = AT_ONCE
        .acquire()
        .await
        .map_err(|_| StoreError::Unsupported("the program is stopping"))?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| StoreError::Unsupported("the password computation stopped"))
}

#[cfg(test)]
mod tests {
    use super::{PASSWORD_CHARS_MAX, hash, refusal, verify};

    #[test]
    fn long_phrases_are_accepted_without_rules_on_characters() {
        let longest = "一二三四五六七八九十"
            .repeat(13)
            .chars()
            .take(PASSWORD_CHARS_MAX)
            .collect::<String>();
        for password in [
            "春江潮水连海平今年也要",
            "correct horse battery",
            "klmw rtzp uv",
            "zhengwu gongkai hao bang",
            "7 只猫坐在屋顶上晒太阳",
            "4829175036",
            &longest,
        ] {
            assert_eq!(refusal(password, "zhang.wei"), None, "{password}");
        }
    }

    #[test]
    fn what_guessers_try_first_is_refused() {
        for password in [
            "1234567890",
            "0123456789",
            "9876543210",
            "abcdefghijkl",
            "aaaaaaaaaaaa",
            "123123123123",
            "1212121212",
            "qwertyuiop",
            "1qaz2wsx3edc",
            "Password123",
            "password123!",
            "5201314520",
            "woaini1314520",
            "a123456789",
            "A123456789",
            "admin123456",
            "13800138000",
            "11010119900307001X",
            "1q2w3e4r5t",
            "Admin@123456",
            "abc1234567",
            "iloveyou1314",
        ] {
            assert!(refusal(password, "li.na").is_some(), "{password}");
        }
    }

    #[test]
    fn length_and_login_are_looked_at() {
        assert!(
            refusal("九个字符的密码啊啊", "x")
                .unwrap()
                .contains("现在是 9 个")
        );
        assert!(
            refusal(&format!("{}末", "一二三四五六七八".repeat(16)), "x")
                .unwrap()
                .contains("129")
        );
        assert!(
            refusal("my-Zhang.Wei-2026", "zhang.wei")
                .unwrap()
                .contains("登录名")
        );
        assert_eq!(refusal("li na likes tea", "na"), None);
    }

    #[tokio::test]
    async fn a_kept_password_is_recognised_and_no_other() {
        let kept = hash("春江潮水连海平".to_owned()).await.unwrap();
        assert!(
            kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{kept}"
        );
        assert_ne!(kept, hash("春江潮水连海平".to_owned()).await.unwrap());
        assert!(
            verify("春江潮水连海平".to_owned(), Some(kept.clone()))
                .await
                .unwrap()
        );
        assert!(!verify("春江潮水连海".to_owned(), Some(kept)).await.unwrap());
        assert!(!verify("nobody".to_owned(), None).await.unwrap());
        assert!(
            !verify("x".to_owned(), Some("damaged".to_owned()))
                .await
                .unwrap()
        );
    }
}
