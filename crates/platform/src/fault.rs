//! Why something that a person asked for was not done: what every capability's forms answer with.

use crate::db::StoreError;
use crate::web::{FormErrors, Problem};

/// The field of a form, and the sentence that stands under it.
pub type Reason = (&'static str, String);

#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    #[error("there is nothing like this in reach")]
    NotFound,
    /// All the reasons, each with the field of the form that it belongs to.
    #[error("{}", .0.iter().map(|(_, sentence)| sentence.as_str()).collect::<Vec<_>>().join(" "))]
    Refused(Vec<Reason>),
    #[error("it could not be stored")]
    Store(#[from] StoreError),
}

impl From<NotDone> for Problem {
    fn from(error: NotDone) -> Self {
        match error {
            NotDone::NotFound => Self::not_found(),
            NotDone::Refused(reasons) => Self::of_form(reasons),
            NotDone::Store(error) => error.into(),
        }
    }
}

/// Somebody else saved meanwhile: the page shows what was typed once more and, at this place, leads to what is stored now.
#[must_use]
pub fn overtaken() -> Reason {
    let said = "您填写期间，别人刚刚改动了这里，您的内容还没有保存。";
    ("overtaken", said.to_owned())
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
pub fn refused(reasons: Vec<Reason>) -> Result<(), NotDone> {
    if reasons.is_empty() {
        Ok(())
    } else {
        Err(NotDone::Refused(reasons))
    }
}

/// Must a field be filled in?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Yes,
    No,
}

/// What is wrong with a text that may not be longer than so many characters, nor blank where it is wanted.
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

/// Fewest digits of a telephone number: an extension within a house.
const PHONE_DIGITS_MIN: usize = 4;

/// What is wrong with a text that should hold a telephone number; blank is none of it.
#[must_use]
pub fn phone_fault((field, name): (&'static str, &str), text: &str) -> Option<Reason> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_missing = !text.trim().is_empty() && digits < PHONE_DIGITS_MIN;
    is_missing.then(|| (field, format!("“{name}”要写号码，有区号的写上区号。")))
}
