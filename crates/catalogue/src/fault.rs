//! Why something was not done.

use gongkai_platform::db::StoreError;
use gongkai_platform::web::{FormErrors, Problem};

#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    #[error("there is nothing like this in reach")]
    NotFound,
    /// All the reasons, each with the field of the form that it belongs to.
    #[error("it cannot be kept so")]
    Refused(Vec<(&'static str, String)>),
    #[error("it could not be stored")]
    Store(#[from] StoreError),
}

impl From<KeepError> for Problem {
    fn from(error: KeepError) -> Self {
        match error {
            KeepError::NotFound => Self::not_found(),
            KeepError::Refused(reasons) => {
                Self::refused(reasons.into_iter().map(|(_, sentence)| sentence).collect())
            }
            KeepError::Store(error) => error.into(),
        }
    }
}

/// The reasons under their fields.
#[must_use]
pub fn form_errors(reasons: Vec<(&'static str, String)>) -> FormErrors {
    let mut errors = FormErrors::default();
    for (field, sentence) in reasons {
        errors.add(field, sentence);
    }
    errors
}

/// Ends a check: fine without reasons.
///
/// # Errors
/// All the reasons.
pub fn refused(reasons: Vec<(&'static str, String)>) -> Result<(), KeepError> {
    if reasons.is_empty() {
        Ok(())
    } else {
        Err(KeepError::Refused(reasons))
    }
}

/// What is wrong with a text that may not be longer than so many characters, nor empty where it is wanted.
#[must_use]
pub fn text_fault(
    (field, name): (&'static str, &str),
    text: &str,
    most: usize,
    wanted: Wanted,
) -> Option<(&'static str, String)> {
    if wanted == Wanted::Yes && text.is_empty() {
        Some((field, format!("请填写“{name}”。")))
    } else if text.chars().count() > most {
        Some((field, format!("“{name}”最多{most}字。")))
    } else {
        None
    }
}

/// Must a field be filled in?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Yes,
    No,
}
