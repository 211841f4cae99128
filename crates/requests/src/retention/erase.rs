//! What goes out of a case, purely: its applicant's fields, the third parties' names, and the same words wherever people
//! wrote them.

use gongkai_basis::Date;
use gongkai_inspect::{Rules, inspect};
use serde_json::Value;

use super::Part;
use crate::letter::LetterKind;
use crate::request::case::{Asked, Case, Consultation};
use crate::request::scrutiny;
use crate::request::step::registration;
use crate::request::{Applicant, ApplicantKind};

/// What stands where something was.
pub(crate) const MARK: &str = "〔已清除〕";
/// A word shorter than this is no name or number: replacing it would spoil what it happens to stand in.
const WORD_CHARS_MIN: usize = 2;
/// What the register calls what goes of those who were asked.
pub(crate) const THIRD_PARTY: &str = "第三方姓名、联系方式";
/// Ends of names by which an organisation is known: such a name is nobody's personal data.
const ORGANISATIONS: [&str; 26] = [
    "公司",
    "集团",
    "厂",
    "店",
    "商行",
    "合作社",
    "事务所",
    "银行",
    "中心",
    "协会",
    "学会",
    "商会",
    "基金会",
    "委员会",
    "管委会",
    "大学",
    "学院",
    "学校",
    "中学",
    "小学",
    "幼儿园",
    "医院",
    "研究院",
    "局",
    "办公室",
    "人民政府",
];

/// Replaces what must go in any text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Eraser {
    /// The longest first, so that no part of one is left.
    words: Vec<String>,
    part: Part,
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
            ("工作单位", &mut who.workplace),
            ("联系电话", &mut who.phone),
            ("传真号码", &mut who.fax),
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

/// Somebody of the public who was asked, and is no organisation.
fn is_person(letter: &Consultation) -> bool {
    let name = letter.name.trim().trim_end_matches(['）', ')']);
    let organisation = ORGANISATIONS.iter().any(|end| name.ends_with(end));
    letter.asked == Asked::ThirdParty && !organisation
}

/// The names of persons who were asked (art. 32): with all of a case's data they go, too.
pub(crate) fn third_parties(case: &Case) -> Vec<&str> {
    let people = case.consultations.iter().filter(|one| is_person(one));
    let names = people.map(|one| one.name.trim());
    names.filter(|name| is_there(name)).collect()
}

/// Takes numbers, addresses and names out of what a third party wrote of itself; tells whether there were any.
fn contacts(text: &mut String) -> bool {
    let rules = Rules {
        whole_document: false,
        ..Rules::default()
    };
    let mut found = inspect(text, &rules);
    found.retain(|one| one.kind.is_personal());
    found.sort_by_key(|one| std::cmp::Reverse(one.start));
    let mut chars: Vec<char> = text.chars().collect();
    let mut end = chars.len();
    for one in &found {
        // One that reaches into another is gone with it.
        if one.end <= end && one.start < one.end {
            chars.splice(one.start..one.end, MARK.chars());
            end = one.start;
        }
    }
    if found.is_empty() {
        return false;
    }
    *text = chars.into_iter().collect();
    true
}

/// The words of an applicant's fields that are looked for in texts.
fn wanted(who: &mut Applicant, part: Part) -> Vec<String> {
    let there = fields(who, part).into_iter();
    // A postcode stands for a whole town, and may be part of any number; a workplace is an organ of which cases speak.
    there
        .filter(|(label, text)| !["邮政编码", "工作单位"].contains(label) && is_there(text))
        .map(|(_, text)| text.trim().to_owned())
        .collect()
}

impl Eraser {
    pub(crate) fn of(case: &Case, part: Part) -> Self {
        let mut who = case.request.applicant.clone();
        let mut words = wanted(&mut who, part);
        // What stood there before it was mended stands in the history.
        let mended = case.entries.iter();
        for mut before in
            mended.filter_map(|entry| registration::before(entry, &case.request.applicant))
        {
            words.extend(wanted(&mut before, part));
        }
        if part == Part::All {
            words.extend(third_parties(case).into_iter().map(str::to_owned));
        }
        words.retain(|word| word.chars().count() >= WORD_CHARS_MIN);
        words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        words.dedup();
        Self { words, part }
    }

    /// What is looked for.
    pub(crate) fn words(&self) -> &[String] {
        &self.words
    }

    /// Cleans what a paper says; what a third party signed and wrote of itself goes with all of a case's data.
    pub(crate) fn paper(&self, kind: &str, facts: &mut Value) -> bool {
        let mut changed = self.value(facts);
        if self.part != Part::All {
            return changed;
        }
        let kind = LetterKind::from_code(kind);
        let whole: &[&str] = match kind {
            Some(LetterKind::ThirdPartyAnswer) => &["signer"],
            // A workplace and a postcode are not looked for: here they stand as the applicant's own.
            Some(LetterKind::Application) => &["employer", "address"],
            _ => &[],
        };
        for code in whole {
            if let Some(Value::String(text)) = facts.get_mut(*code)
                && is_there(text)
            {
                MARK.clone_into(text);
                changed = true;
            }
        }
        if kind == Some(LetterKind::ThirdPartyAnswer)
            && let Some(Value::String(reason)) = facts.get_mut("reason")
        {
            changed |= contacts(reason);
        }
        changed
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
    let eraser = Eraser::of(case, part);
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
            &mut decision.open_part,
            &mut decision.closed_part,
            &mut decision.place,
            &mut decision.contact,
            &mut decision.public_interest,
            &mut decision.principal_why,
        ] {
            count(eraser.apply(text));
        }
    }
    for entry in &mut case.entries {
        let by = eraser.apply(&mut entry.by);
        let told = eraser.apply(&mut entry.sentence);
        let public = eraser.apply(&mut entry.public);
        let mut data = eraser.value(&mut entry.data);
        data |= part == Part::All && scrutiny::cover(&mut entry.data);
        count(by || told || public || data);
    }
    let mut asked = false;
    for letter in &mut case.consultations {
        let person = part == Part::All && is_person(letter) && is_there(&letter.name);
        if person {
            // A name of one character is no word to look for, and goes all the same.
            MARK.clone_into(&mut letter.name);
        }
        let name = eraser.apply(&mut letter.name);
        let question = eraser.apply(&mut letter.question);
        let words = eraser.apply(&mut letter.words);
        let told =
            part == Part::All && letter.asked == Asked::ThirdParty && contacts(&mut letter.words);
        asked |= person || told;
        count(person || name || question || words || told);
    }
    if asked {
        gone.push(THIRD_PARTY);
    }
    let kept = &mut case.request.kept;
    kept.identity_erased_on.get_or_insert(on);
    if part == Part::All {
        kept.erased_on = Some(on);
    }
    (gone, texts)
}
