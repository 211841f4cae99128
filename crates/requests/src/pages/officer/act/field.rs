//! What the form of an act is made of, and how what was filled in is read.

use gongkai_basis::Date;
use gongkai_basis::id::{AccountId, OrganId};
use gongkai_platform::attachment::Filled;
use gongkai_platform::web::FormErrors;

use crate::fee::PlaceInMonth;
use crate::id::ConsultationId;
use crate::request::case::{Case, Consultation};

/// The box by which a reply is decided without the files of the decision before.
pub(super) const WITHOUT: &str = "without";

/// The box by which files of a reply are kept with what they hide.
pub(super) const AS_IT_IS: &str = "as_it_is";

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    Line,
    Area,
    Date,
    Number,
    Choice(Vec<(String, String)>),
    Boxes(Vec<(String, String)>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) input: Input,
    pub(super) required: bool,
    pub(super) value: String,
}

pub(super) fn field(name: &'static str, label: &'static str, input: Input) -> Field {
    Field {
        name,
        label,
        hint: "",
        input,
        required: true,
        value: String::new(),
    }
}

impl Field {
    /// Why the form cannot go on with this text: what must be filled in is empty, or a day is none.
    pub(super) fn fault(&self, text: &str) -> Option<String> {
        let label = self.label;
        match (&self.input, text.is_empty()) {
            (Input::Boxes(_), _) => None,
            (Input::Choice(_), true) if self.required => Some(format!("请选择“{label}”。")),
            (_, true) if self.required => Some(format!("请填写“{label}”。")),
            (Input::Date, false) if text.parse::<Date>().is_err() => {
                Some(format!("“{label}”不是日期，例：2026-09-18。"))
            }
            _ => None,
        }
    }

    pub(super) fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    pub(super) fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    pub(super) fn value(mut self, value: impl ToString) -> Self {
        self.value = value.to_string();
        self
    }
}

pub(super) fn why(label: &'static str) -> Field {
    field("why", label, Input::Area)
}

pub(super) fn choice<A: ToString, B: ToString>(
    options: impl IntoIterator<Item = (A, B)>,
) -> Vec<(String, String)> {
    options
        .into_iter()
        .map(|(code, name)| (code.to_string(), name.to_string()))
        .collect()
}

/// What forms are filled with: the case, organs to choose from, days, who fills it in.
pub(super) struct Given<'g> {
    pub(super) case: &'g Case,
    pub(super) organs: &'g [(OrganId, String)],
    pub(super) today: Date,
    pub(super) supplement_until: Option<Date>,
    /// A limit for 补正 before this day is asked about once more.
    pub(super) supplement_least: Option<Date>,
    pub(super) fee_until: Option<Date>,
    pub(super) person: &'g str,
    /// Who may handle the case, and who of them fills the form in.
    pub(super) people: &'g [(AccountId, String)],
    /// Letters inside the house that who fills the form in may answer.
    pub(super) answerable: &'g [ConsultationId],
    pub(super) me: Option<AccountId>,
    /// Which request of its applicant's month it is.
    pub(super) place: Option<&'g PlaceInMonth>,
    /// Where a fee is paid, as the organ has set it; empty where it has not.
    pub(super) how_to_pay: &'g str,
    /// What stands beside the reply as it was decided before.
    pub(super) beside: &'g [String],
    /// A unit that helps fills it in.
    pub(super) only_helps: bool,
}

impl Given<'_> {
    pub(super) fn on(&self, label: &'static str) -> Field {
        field("on", label, Input::Date).value(self.today)
    }

    pub(super) fn organ(&self) -> Field {
        let mut options = choice([("", "请选择")]);
        options.extend(choice(self.organs.iter().cloned()));
        field("organ", "单位", Input::Choice(options))
    }

    pub(super) fn handler(&self, label: &'static str) -> Field {
        let options = choice(self.people.iter().cloned());
        field("handler", label, Input::Choice(options))
    }

    /// The letters to the outside of which nobody knows yet when they arrived.
    pub(super) fn letters_under_way(&self) -> Vec<(String, String)> {
        let out = self.case.letters_out();
        which(out.filter(|letter| letter.got_on.is_none()))
    }

    /// The letters to the outside that wait for an answer.
    pub(super) fn letters_out(&self) -> Vec<(String, String)> {
        which(self.case.letters_out())
    }

    /// The letters to units of the house that this person may answer.
    pub(super) fn letters_in(&self) -> Vec<(String, String)> {
        let own = self.case.consultations.iter();
        which(own.filter(|letter| self.answerable.contains(&letter.id)))
    }
}

/// The letters to choose from. Of several none is chosen before: what one party says is not to stand with another's by chance.
fn which<'c>(letters: impl Iterator<Item = &'c Consultation>) -> Vec<(String, String)> {
    let letters = choice(letters.map(|letter| (letter.id, named(letter))));
    if letters.len() > 1 {
        let mut asked = choice([("", "请选择")]);
        asked.extend(letters);
        return asked;
    }
    letters
}

fn named(letter: &Consultation) -> String {
    format!("{}（{}）", letter.name, letter.asked.name())
}

pub(super) fn until(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// What was filled in.
pub(super) struct Read<'r> {
    pub(super) filled: &'r Filled,
    pub(super) organs: &'r [(OrganId, String)],
    pub(super) people: &'r [(AccountId, String)],
    pub(super) errors: &'r mut FormErrors,
}

impl Read<'_> {
    pub(super) fn text(&self, name: &str) -> String {
        self.filled.text(name).to_owned()
    }

    /// A day; where there is none, [`Field::fault`] has said so.
    pub(super) fn date(&self, name: &str) -> Option<Date> {
        self.filled.text(name).parse().ok()
    }

    pub(super) fn organ(&self) -> Option<(OrganId, String)> {
        let id: OrganId = self.filled.text("organ").parse().ok()?;
        self.organs.iter().find(|(one, _)| *one == id).cloned()
    }

    /// One of those who may handle the case.
    pub(super) fn handler(&mut self) -> Option<(AccountId, String)> {
        let id: Option<AccountId> = self.filled.text("handler").parse().ok();
        let found = self.people.iter().find(|(one, _)| Some(*one) == id);
        if found.is_none() && self.errors.on("handler").is_none() {
            let said = "这个人不能办理本机关的申请，请在名单里选。";
            self.errors.add("handler", said);
        }
        found.cloned()
    }
}
