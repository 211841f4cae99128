//! Tells a unit or an office something that it should look at.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};

/// Characters of a notice's body.
const BODY_CHARS_MAX: usize = 120;

/// A notice to everybody of an organ whose business it is.
pub(crate) struct Notice {
    pub(crate) organ: OrganId,
    /// The same key is delivered once.
    pub(crate) key: String,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) path: String,
    pub(crate) about: Option<Date>,
}

/// The beginning of a text, as a notice's body.
pub(crate) fn short(text: &str) -> String {
    let mut short: String = text.chars().take(BODY_CHARS_MAX).collect();
    if text.chars().count() > BODY_CHARS_MAX {
        short.push('…');
    }
    short
}

/// Delivers a notice.
///
/// # Errors
/// When the store fails.
pub(crate) async fn notify(_: &mut Tx, notice: Notice) -> Result<(), StoreError> {
    let Notice {
        organ,
        key,
        title,
        body,
        path,
        about,
    } = notice;
    tracing::info!(%organ, key, title, body, path, ?about, "notice");
    Ok(())
}
