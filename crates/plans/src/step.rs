//! Why a step was not taken, for the nouns whose steps are taken on their own page: 督办单, 通报, 优秀案例, 考核.

use gongkai_platform::db::StoreError;
use gongkai_platform::web::FormErrors;

#[derive(Debug, thiserror::Error)]
pub enum StepError {
    #[error("there is nothing like this in reach")]
    NotFound,
    /// All the reasons, each with the field of the form that it belongs to.
    #[error("the step cannot be taken")]
    Refused(Vec<(&'static str, String)>),
    #[error("the step could not be stored")]
    Store(#[from] StoreError),
}

impl StepError {
    /// One reason that belongs to no field but the step itself.
    #[must_use]
    pub fn refuse(sentence: impl Into<String>) -> Self {
        Self::Refused(vec![("step", sentence.into())])
    }
}

/// Ends a check: fine without reasons.
///
/// # Errors
/// All the reasons.
pub fn refused(reasons: Vec<(&'static str, String)>) -> Result<(), StepError> {
    if reasons.is_empty() {
        Ok(())
    } else {
        Err(StepError::Refused(reasons))
    }
}

/// What is wrong with a text that must not be empty, nor longer than so many characters.
#[must_use]
pub fn text_fault(
    field: &'static str,
    name: &str,
    text: &str,
    most: usize,
) -> Option<(&'static str, String)> {
    if text.is_empty() {
        Some((field, format!("请填写“{name}”。")))
    } else if text.chars().count() > most {
        Some((field, format!("“{name}”最多{most}字。")))
    } else {
        None
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
