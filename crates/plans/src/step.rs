//! Why a step was not taken, for the nouns whose steps are taken on their own page: 督办单, 通报, 优秀案例, 考核.

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::Run;
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

/// `（逾期）` behind what comes after its day, for the record.
#[must_use]
pub(crate) fn late_mark(due: Option<Date>, today: Date) -> &'static str {
    match due {
        Some(due) if due < today => "（逾期）",
        Some(_) | None => "",
    }
}

/// The days of an answer that a unit owes, and that may be asked for anew.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answer {
    pub(crate) due: Option<Date>,
    pub(crate) answered: Option<Date>,
    /// By when it was asked for anew, while it is asked for.
    pub(crate) again_due: Option<Date>,
    /// The first day set anew that went by without an answer.
    pub(crate) missed: Option<Date>,
}

impl Answer {
    /// In which way it is late, for people, with the words for an answer that is owed and for one that came: what is still
    /// owed before what came late. The lists and scores of 督办单 and bulletins say the same in SQL.
    pub(crate) fn late_words(
        self,
        today: Date,
        (owed, came): (&'static str, &'static str),
    ) -> Option<&'static str> {
        if self.again_due.is_some_and(|due| due < today) {
            return Some("逾期未重报");
        }
        let due = self.due?;
        match self.answered {
            None if today > due => Some(owed),
            Some(on) if on > due => Some(came),
            None | Some(_) => self.missed.map(|_| "逾期重报"),
        }
    }
}

/// So many working days from a day on, which is day zero; `None` where the number makes no sense.
pub(crate) fn run_of(from: Date, days: u32) -> Option<Run> {
    let days = u16::try_from(days).ok()?;
    Run::working_days(from, days).ok()
}

/// The last day of so many working days, counted from today, which is day zero; `what` is what they are given for.
///
/// # Errors
/// Refused where the number makes no sense, and where no notice tells the year's working days.
pub(crate) fn day_after(
    calendar: &WorkCalendar,
    (today, days): (Date, u32),
    what: &str,
) -> Result<Date, StepError> {
    run_of(today, days)
        .ok_or_else(|| StepError::refuse(format!("{what}不是有效的工作日数，请退回修改。")))?
        .due(calendar)
        .map_err(|error| StepError::refuse(format!("不能推算{what}：{}", error.sentence())))
}
