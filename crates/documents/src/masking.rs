//! 遮盖规则: how much of personal data a government leaves readable, and a draft with its personal data covered by that rule.
//! The rule is kept as events alone: the chain says who set it, and when.
//!
//! Law: 个人信息保护法 art. 51 (去标识化); how many characters stay is each place's own practice.

pub mod file;

use gongkai_basis::id::OrganId;
use gongkai_inspect::{Confidence, Finding, Masking, Rules, inspect, mask};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::{self, Event};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, overtaken, refused};
use serde::Deserialize;
use serde_json::json;

use crate::acts::KeepCheckRules;
use crate::document::{Edition, Head, body};
use crate::review::demand;

const SUBJECT: &str = "masking_rule";
const SET: &str = "check.masking_set";

#[derive(Deserialize)]
struct Said {
    masking: Masking,
}

/// The rule of a government; the built-in one where it set none.
///
/// # Errors
/// When the store fails.
pub async fn rule(tx: &mut Tx, house: OrganId) -> Result<Masking, StoreError> {
    let newest = audit::about(tx, SUBJECT, &house.to_string(), 1).await?;
    let said = newest
        .first()
        .and_then(|event| serde_json::from_str::<Said>(&event.data).ok());
    Ok(said.map(|said| said.masking).unwrap_or_default())
}

/// The rule by which a unit's texts are covered: that of its government.
///
/// # Errors
/// When the store fails.
pub async fn of_unit(tx: &mut Tx, unit: OrganId) -> Result<Masking, StoreError> {
    let house = demand::house(tx, unit).await?;
    rule(tx, house).await
}

/// The field of the form that a setting is typed into.
fn field(setting: &str) -> &'static str {
    match setting {
        "id_card" => "id_card_head",
        "mobile" => "mobile_head",
        _ => "bank_card_head",
    }
}

/// Sets the rule of a government; what was covered before stays as it is. `seen` is the sentence of the rule that the person
/// had before the eyes; it may be empty.
///
/// # Errors
/// Refused with all the reasons: too much stays readable, nothing changes, or somebody else has changed it meanwhile.
pub async fn set(
    tx: &mut Tx,
    permit: &Permit<KeepCheckRules>,
    house: OrganId,
    (seen, masking): (&str, Masking),
) -> Result<(), NotDone> {
    let wrong = masking.why_not().into_iter();
    let mut reasons: Vec<Reason> = wrong.map(|(name, why)| (field(name), why)).collect();
    let now = rule(tx, house).await?;
    if now == masking {
        reasons.push(("name_mask", "和现在的规则一样，没有改动。".to_owned()));
    } else if !seen.is_empty() && seen != now.sentence() {
        let sentence = format!("别人刚刚把规则改成了：{}。请核对后再改。", now.sentence());
        reasons.extend([overtaken(), ("name_mask", sentence)]);
    }
    refused(reasons)?;
    let sentence = format!("遮盖规则改为：{}", masking.sentence());
    let subject = (SUBJECT, house.to_string());
    let event = Event::new(permit.actor(), SET, subject, sentence).organ(house);
    tx.record(event.data(json!({ "masking": masking })));
    Ok(())
}

/// The rule as a file, for `gongkai check … --masking` on machines without the store.
#[must_use]
pub fn to_file(masking: &Masking) -> String {
    serde_json::to_string_pretty(masking).unwrap_or_default()
}

/// Which of what was found is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// What the check is sure of.
    Sure,
    /// What is merely likely, too.
    All,
}

/// A text with its personal data covered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    pub head: Head,
    /// Clean HTML.
    pub html: String,
    /// The plain text of `html`.
    pub text: String,
    /// How many passages changed.
    pub places: usize,
}

/// What of a text is personal and would be covered.
fn personal(text: &str, rules: &Rules, which: Which) -> Vec<Finding> {
    let mut found = inspect(text, rules);
    found.retain(|one| {
        let sure = which == Which::All || one.confidence == Confidence::High;
        one.kind.is_personal() && one.end > 0 && sure
    });
    found
}

/// The text covered, and how many passages of it changed.
fn line(text: &str, (rules, masking): (&Rules, &Masking), which: Which) -> (String, usize) {
    let found = personal(text, rules, which);
    let covered = mask(text, &found, masking);
    let (before, after): (Vec<char>, Vec<char>) =
        (text.chars().collect(), covered.chars().collect());
    let changed = |one: &&Finding| before.get(one.start..one.end) != after.get(one.start..one.end);
    let places = found.iter().filter(changed).count();
    (covered, places)
}

/// An edition with its personal data covered, in its text and in what stands above it.
///
/// `None` where a passage cannot be led back to its place in the text, as inside 上标 and 下标; nothing is covered by half.
#[must_use]
pub fn cover(
    edition: &Edition,
    (rules, masking): (&Rules, &Masking),
    which: Which,
) -> Option<Covered> {
    let by = (rules, masking);
    let mut head = edition.head.clone();
    let mut places = 0;
    for said in [&mut head.title, &mut head.summary, &mut head.keywords] {
        let (covered, changed) = line(said, by, which);
        *said = covered;
        places += changed;
    }
    for one in head.own.iter_mut().filter(|one| one.is_text()) {
        let (covered, changed) = line(&one.value, by, which);
        one.value = covered;
        places += changed;
    }
    let (text, changed) = line(&body::text_of(&edition.html), by, which);
    let html = body::covered(&edition.html, &text)?;
    Some(Covered {
        head,
        html,
        text,
        places: places + changed,
    })
}
