//! Why something was not done.

use gongkai_platform::db::StoreError;
use gongkai_platform::web::{FormErrors, Problem};

#[derive(Debug, thiserror::Error)]
pub enum HandleError {
    #[error("there is no such case in reach")]
    NotFound,
    /// All the reasons, each with the field of the form that it belongs to.
    #[error("it cannot be done so")]
    Refused(Vec<Reason>),
    #[error("it could not be stored")]
    Store(#[from] StoreError),
}

/// The field of a form, and the sentence that stands under it.
pub type Reason = (&'static str, String);

impl From<HandleError> for Problem {
    fn from(error: HandleError) -> Self {
        match error {
            HandleError::NotFound => Self::not_found(),
            HandleError::Refused(reasons) => {
                Self::refused(reasons.into_iter().map(|(_, sentence)| sentence).collect())
            }
            HandleError::Store(error) => error.into(),
        }
    }
}

/// The reasons under their fields.
#[must_use]
pub fn form_errors(reasons: Vec<Reason>) -> FormErrors {
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
pub fn refused(reasons: Vec<Reason>) -> Result<(), HandleError> {
    if reasons.is_empty() {
        Ok(())
    } else {
        Err(HandleError::Refused(reasons))
    }
}

/// Must a field be filled in?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Yes,
    No,
}

/// What is wrong with a text that may not be longer than so many characters, nor empty where it is wanted.
#[must_use]
pub fn text_fault(
    (field, name): (&'static str, &str),
    text: &str,
    most: usize,
    wanted: Wanted,
) -> Option<Reason> {
    if wanted == Wanted::Yes && text.trim().is_empty() {
        Some((field, format!("请填写“{name}”。")))
    } else if text.chars().count() > most {
        Some((field, format!("“{name}”最多{most}字。")))
    } else {
        None
    }
}
