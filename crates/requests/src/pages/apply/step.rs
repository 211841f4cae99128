//! The guided form: one thing on a page, each judged before the next. What was typed travels in hidden fields, so that
//! nothing is kept here before it is handed in, and no scripts are needed; the pages behind are kept by the applicant's own
//! browser alone, until then.

use gongkai_platform::web::FormErrors;

use crate::pages::typed::Typed;
use crate::request::Kind;

/// Where the guided form stands; the long form has no step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    kind: Kind,
    /// From zero.
    place: usize,
}

/// The fields of a page that belong together.
type Fields = &'static [&'static str];

const ORGAN: Fields = &["organ"];
const WISH: Fields = &["subject", "description"];
const SUPPLY: Fields = &["form", "way", "waiver"];
/// Before the name: what else is asked follows from it.
const AS_WHAT: Fields = &["applicant_kind"];
const WHO: Fields = &[
    "name",
    "paper",
    "paper_number",
    "head",
    "contact",
    "workplace",
];
const REACHED: Fields = &["phone", "fax", "email", "address", "postcode"];
const FILES: Fields = &["file"];

/// Which button was pressed, besides the one that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    On,
    Back,
    /// The other form, long or guided, with everything typed.
    Long,
    Guided,
}

impl Turn {
    pub(crate) fn of(go: &str) -> Self {
        match go {
            "back" => Self::Back,
            "long" => Self::Long,
            "guided" => Self::Guided,
            _ => Self::On,
        }
    }
}

impl Step {
    /// Of the hidden field, which counts from one; `None` for the long form.
    pub(crate) fn of(typed: &Typed) -> Option<Self> {
        let kind = Kind::from_code(typed.get("kind")).unwrap_or(Kind::Information);
        let number: usize = typed.get("step").parse().ok()?;
        let place = number.checked_sub(1)?;
        (place < pages(kind).len()).then_some(Self { kind, place })
    }

    pub(crate) fn fields(self) -> Fields {
        pages(self.kind).get(self.place).copied().unwrap_or(FILES)
    }

    pub(crate) const fn number(self) -> usize {
        self.place + 1
    }

    pub(crate) fn count(self) -> usize {
        pages(self.kind).len()
    }

    pub(crate) fn is_last(self) -> bool {
        self.number() == self.count()
    }

    /// The page before; the first one stays.
    pub(crate) const fn before(self) -> usize {
        if self.place == 0 { 1 } else { self.place }
    }

    /// Of all faults those of this page.
    pub(crate) fn own(self, errors: &FormErrors) -> FormErrors {
        let mut own = FormErrors::default();
        for (field, message) in errors.iter() {
            if self.fields().contains(&field) {
                own.add(field, message);
            }
        }
        own
    }

    /// The number of the page with the first fault; this one where none has any.
    pub(crate) fn with_fault(self, errors: &FormErrors) -> usize {
        let of = |field: &str| {
            pages(self.kind)
                .iter()
                .position(|page| page.contains(&field))
        };
        let first = errors.iter().filter_map(|(field, _)| of(field)).min();
        first.map_or(self.number(), |place| place + 1)
    }
}

/// 更正 and 投诉 need no form of supply.
const fn pages(kind: Kind) -> &'static [Fields] {
    match kind {
        Kind::Information => &[ORGAN, WISH, SUPPLY, AS_WHAT, WHO, REACHED, FILES],
        Kind::Correction | Kind::Complaint => &[ORGAN, WISH, AS_WHAT, WHO, REACHED, FILES],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::typed::FIELDS;

    #[test]
    fn every_field_that_people_see_stands_on_one_page() {
        let inside = [
            "token",
            "kind",
            "channel",
            "submitted_on",
            "signed_on",
            "arrived_on",
            "confirmed_on",
            "set_on",
            "set_why",
            "late_why",
            "other_number",
            "offered",
            "step",
        ];
        for field in FIELDS.iter().filter(|field| !inside.contains(field)) {
            let pages = pages(Kind::Information);
            let there = pages.iter().filter(|page| page.contains(field));
            assert_eq!(there.count(), 1, "{field}");
        }
    }

    #[test]
    fn a_step_that_is_none_is_the_long_form() {
        let mut typed = Typed::default();
        for (number, step) in [
            ("", None),
            ("0", None),
            ("8", None),
            ("x", None),
            ("7", Some(7)),
        ] {
            typed.set("step", number);
            assert_eq!(Step::of(&typed).map(Step::number), step, "{number}");
        }
        typed.set("kind", "complaint");
        assert_eq!(Step::of(&typed), None, "a complaint has six");
    }
}
