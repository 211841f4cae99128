//! What goes out of a case, purely: its applicant's fields, and the same words wherever people wrote them.

use gongkai_basis::Date;
use serde_json::Value;

use super::Part;
use crate::request::case::Case;
use crate::request::{Applicant, ApplicantKind};

/// What stands where something was.
pub(crate) const MARK: &str = "〔已清除〕";
/// A word shorter than this is no name or number: replacing it would spoil what it happens to stand in.
const WORD_CHARS_MIN: usize = 2;

/// Replaces what must go in any text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Eraser {
    /// The longest first, so that no part of one is left.
    words: Vec<String>,
}

/// The applicant's fields of a part: label and text. The name and code of an organisation are nobody's personal data.
fn fields(who: &mut Applicant, part: Part) -> Vec<(&'static str, &mut String)> {
    let natural = who.kind == ApplicantKind::Natural;
    let mut fields = Vec::new();
    if natural {
        fields.push(("证件号码", &mut who.paper_number));
    }
    if part == Part::All {
        if natural {
            fields.push(("姓名", &mut who.name));
        }
        fields.extend([
            ("法定代表人", &mut who.head),
            ("联系人", &mut who.contact),
            ("联系电话", &mut who.phone),
            ("电子邮箱", &mut who.email),
            ("通信地址", &mut who.address),
            ("邮政编码", &mut who.postcode),
        ]);
    }
    fields
}

/// The labels of what a part would take from an applicant.
pub(crate) fn labels(who: &Applicant, part: Part) -> Vec<&'static str> {
    let mut who = who.clone();
    let there = fields(&mut who, part);
    let there = there.into_iter().filter(|(_, text)| is_there(text));
    there.map(|(label, _)| label).collect()
}

fn is_there(text: &str) -> bool {
    !text.trim().is_empty() && text != MARK
}

impl Eraser {
    pub(crate) fn of(who: &Applicant, part: Part) -> Self {
        let mut who = who.clone();
        let mut words: Vec<String> = fields(&mut who, part)
            .into_iter()
            // A postcode stands for a whole town, and may be part of any number.
            .filter(|(label, text)| *label != "邮政编码" && is_there(text))
            .map(|(_, text)| text.trim().to_owned())
            .filter(|word| word.chars().count() >= WORD_CHARS_MIN)
            .collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        words.dedup();
        Self { words }
    }

    /// The text without the words; `None` when there was nothing of them in it.
    pub(crate) fn clean(&self, text: &str) -> Option<String> {
        let mut after = text.to_owned();
        for word in &self.words {
            if after.contains(word.as_str()) {
                after = after.replace(word.as_str(), MARK);
            }
        }
        (after != text).then_some(after)
    }

    /// Cleans a text where it stands; tells whether it changed.
    pub(crate) fn apply(&self, text: &mut String) -> bool {
        let Some(after) = self.clean(text) else {
            return false;
        };
        *text = after;
        true
    }

    /// Cleans every text inside; tells whether one changed.
    pub(crate) fn value(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text) => self.apply(text),
            Value::Array(items) => items
                .iter_mut()
                .fold(false, |changed, one| self.value(one) | changed),
            Value::Object(map) => map
                .values_mut()
                .fold(false, |changed, one| self.value(one) | changed),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }
}

/// Takes a part out of a case: gives the labels of the fields that went and in how many texts words were replaced. What
/// the clock and the annual report rest on — days, kinds, acts, results — stays as it was.
pub(crate) fn erase(case: &mut Case, part: Part, on: Date) -> (Vec<&'static str>, usize) {
    let eraser = Eraser::of(&case.request.applicant, part);
    let mut gone = Vec::new();
    for (label, text) in fields(&mut case.request.applicant, part) {
        if is_there(text) {
            gone.push(label);
            MARK.clone_into(text);
        }
    }
    let mut texts = 0;
    let mut count = |changed: bool| texts += usize::from(changed);
    let request = &mut case.request;
    for text in [
        &mut request.wish.subject,
        &mut request.wish.description,
        &mut request.wish.waiver,
    ] {
        count(eraser.apply(text));
    }
    if let Some((_, why)) = &mut request.receipt.set {
        count(eraser.apply(why));
    }
    if let Some(decision) = &mut request.decision {
        for text in [
            &mut decision.text,
            &mut decision.place,
            &mut decision.contact,
            &mut decision.public_interest,
        ] {
            count(eraser.apply(text));
        }
    }
    for entry in &mut case.entries {
        let by = eraser.apply(&mut entry.by);
        let told = eraser.apply(&mut entry.sentence);
        let public = eraser.apply(&mut entry.public);
        let data = eraser.value(&mut entry.data);
        count(by || told || public || data);
    }
    for letter in &mut case.consultations {
        let name = eraser.apply(&mut letter.name);
        let question = eraser.apply(&mut letter.question);
        let words = eraser.apply(&mut letter.words);
        count(name || question || words);
    }
    let kept = &mut case.request.kept;
    kept.identity_erased_on.get_or_insert(on);
    if part == Part::All {
        kept.erased_on = Some(on);
    }
    (gone, texts)
}
