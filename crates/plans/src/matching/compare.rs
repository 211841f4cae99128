//! What differs between two tasks that belong together: dates compared as dates, frequencies, limits and quantities as
//! figures, organs as sets, the wording as text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use gongkai_basis::Date;

use super::Item;
use super::kind::{Cover, Turn};
use super::words::{bag, normal, shared};
use crate::assignment::Duty;
use crate::plan::DeadlineKind;

/// So much of the text may come or go before the task is narrower or wider, of 1.
const CHANGED_MIN: f64 = 0.3;
/// And so much more must go than come.
const CHANGED_LEAN: f64 = 0.15;
/// Where more than this went as well as came, the task is another wording and neither narrower nor wider.
const KEPT_GONE_MAX: f64 = 0.3;
/// With so much of a measure gone, it is not carried on as it was.
const HALF_GONE: f64 = 0.5;

/// How the wording changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    Same,
    Reworded,
    /// Much of the old text is gone.
    Narrowed,
    /// Much of the new text is new.
    Widened,
}

/// One thing that differs, old before new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    DateEarlier(String, String),
    DateLater(String, String),
    DateGone(String),
    DateNew(String),
    Oftener(String, String),
    LessOften(String, String),
    /// 5个工作日内 → 3个工作日内
    LimitShorter(String, String),
    LimitLonger(String, String),
    More(String, String),
    Fewer(String, String),
    QuantityGone(String),
    QuantityNew(String),
    OrgansCame(Vec<String>),
    OrgansWent(Vec<String>),
    LeadChanged(Vec<String>, Vec<String>),
    /// Whole hundredths of the old text that are gone.
    WordsGone(u32),
    /// Whole hundredths of the new text that are new.
    WordsCame(u32),
}

impl Reason {
    /// Binds more than before.
    #[must_use]
    pub const fn tightens(&self) -> bool {
        matches!(
            self,
            Self::DateEarlier(..)
                | Self::DateNew(_)
                | Self::Oftener(..)
                | Self::LimitShorter(..)
                | Self::More(..)
                | Self::QuantityNew(_)
        )
    }

    /// Binds less than before.
    #[must_use]
    pub const fn loosens(&self) -> bool {
        matches!(
            self,
            Self::DateLater(..)
                | Self::DateGone(_)
                | Self::LessOften(..)
                | Self::LimitLonger(..)
                | Self::Fewer(..)
                | Self::QuantityGone(_)
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |names: &[String]| names.join("、");
        match self {
            Self::DateEarlier(old, new) => write!(f, "期限提前：{old} → {new}"),
            Self::DateLater(old, new) => write!(f, "期限推后：{old} → {new}"),
            Self::DateGone(old) => write!(f, "不再规定期限：原{old}"),
            Self::DateNew(new) => write!(f, "新规定期限：{new}"),
            Self::Oftener(old, new) => write!(f, "频次提高：{old} → {new}"),
            Self::LessOften(old, new) => write!(f, "频次降低：{old} → {new}"),
            Self::LimitShorter(old, new) => write!(f, "时限缩短：{old} → {new}"),
            Self::LimitLonger(old, new) => write!(f, "时限延长：{old} → {new}"),
            Self::More(old, new) => write!(f, "数量提高：{old} → {new}"),
            Self::Fewer(old, new) => write!(f, "数量降低：{old} → {new}"),
            Self::QuantityGone(old) => write!(f, "不再规定数量：原{old}"),
            Self::QuantityNew(new) => write!(f, "新规定数量：{new}"),
            Self::OrgansCame(came) => write!(f, "增加单位：{}", names(came)),
            Self::OrgansWent(went) => write!(f, "减少单位：{}", names(went)),
            Self::LeadChanged(old, new) => write!(f, "牵头单位：{} → {}", names(old), names(new)),
            Self::WordsGone(share) => write!(f, "删去原文约{share}%"),
            Self::WordsCame(share) => write!(f, "新写内容约{share}%"),
        }
    }
}

/// What differs between two tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub words: Words,
    pub reasons: Vec<Reason>,
    /// Half of the old text or more is gone.
    half_gone: bool,
    /// And little came in its place.
    shrunk: bool,
}

impl Comparison {
    #[must_use]
    pub const fn turn(&self) -> Turn {
        match self.words {
            Words::Same => Turn::Same,
            Words::Reworded => Turn::Reworded,
            Words::Narrowed => Turn::Narrowed,
            Words::Widened => Turn::Widened,
        }
    }

    /// Where half of the measure is gone, a new date or figure is not its own made stricter.
    ///
    /// What loosens decides: a plan that is stricter in one thing and laxer in another must be looked at for the latter.
    #[must_use]
    pub fn cover(&self) -> Cover {
        if self.shrunk || self.reasons.iter().any(Reason::loosens) {
            Cover::Loosened
        } else if !self.half_gone && self.reasons.iter().any(Reason::tightens) {
            Cover::Tightened
        } else {
            Cover::TakenOver
        }
    }
}

/// Compares two tasks; the years are those of their plans.
#[must_use]
pub fn compare((old, old_year): (&Item, i64), (new, new_year): (&Item, i64)) -> Comparison {
    let mut reasons = Vec::new();
    dates((old, old_year), (new, new_year), &mut reasons);
    frequencies(old, new, &mut reasons);
    limits(&old.text, &new.text, &mut reasons);
    quantities(old, new, &mut reasons);
    organs(old, new, &mut reasons);
    let (gone, came) = changed((old, old_year), (new, new_year));
    let same = normal(&old.text, old_year) == normal(&new.text, new_year);
    let words = if same {
        Words::Same
    } else if gone >= CHANGED_MIN && gone - came >= CHANGED_LEAN && came <= KEPT_GONE_MAX {
        Words::Narrowed
    } else if came >= CHANGED_MIN && came - gone >= CHANGED_LEAN && gone <= KEPT_GONE_MAX {
        Words::Widened
    } else {
        Words::Reworded
    };
    if !same {
        let (gone, came) = (hundredths(gone), hundredths(came));
        reasons.extend((gone > 0).then_some(Reason::WordsGone(gone)));
        reasons.extend((came > 0).then_some(Reason::WordsCame(came)));
    }
    Comparison {
        words,
        reasons,
        half_gone: gone >= HALF_GONE,
        shrunk: gone >= HALF_GONE && gone - came >= CHANGED_LEAN,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of 1"
)]
fn hundredths(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * 100.0).round() as u32
}

/// The share of the old text that is gone, and of the new text that came.
fn changed((old, old_year): (&Item, i64), (new, new_year): (&Item, i64)) -> (f64, f64) {
    let (old, new) = (bag(&old.text, old_year), bag(&new.text, new_year));
    let mut both = 0_u32;
    shared(&old, &new, |_, count| both += count);
    let missing = |bag: &[((char, char), u32)]| {
        let all: u32 = bag.iter().map(|(_, count)| count).sum();
        if all == 0 {
            0.0
        } else {
            1.0 - f64::from(both) / f64::from(all)
        }
    };
    (missing(&old), missing(&new))
}

fn due(item: &Item) -> Option<(Date, String)> {
    let latest = |kind: DeadlineKind| {
        item.deadlines
            .iter()
            .filter(|deadline| deadline.kind == kind)
            .filter_map(|deadline| Some((deadline.date?, deadline.text.clone())))
            .max_by_key(|(date, _)| *date)
    };
    latest(DeadlineKind::By)
}

fn dates((old, old_year): (&Item, i64), (new, new_year): (&Item, i64), reasons: &mut Vec<Reason>) {
    let lies = |date: Date, year: i64| (i64::from(date.year()) - year, date.month(), date.day());
    match (due(old), due(new)) {
        (None, None) => {}
        (Some((_, old)), None) => reasons.push(Reason::DateGone(old)),
        (None, Some((_, new))) => reasons.push(Reason::DateNew(new)),
        (Some((old, old_text)), Some((new, new_text))) => {
            match lies(new, new_year).cmp(&lies(old, old_year)) {
                std::cmp::Ordering::Less => reasons.push(Reason::DateEarlier(old_text, new_text)),
                std::cmp::Ordering::Equal => {}
                std::cmp::Ordering::Greater => reasons.push(Reason::DateLater(old_text, new_text)),
            }
        }
    }
}

/// How often in a year a phrase asks for something.
fn times_a_year(phrase: &str) -> Option<u32> {
    [
        ("每工作日", 250),
        ("每日", 365),
        ("每天", 365),
        ("按日", 365),
        ("每周", 52),
        ("按周", 52),
        ("每半月", 24),
        ("每月", 12),
        ("按月", 12),
        ("每两月", 6),
        ("每季", 4),
        ("按季", 4),
        ("每半年", 2),
        ("每年", 1),
    ]
    .into_iter()
    .find_map(|(words, times)| phrase.contains(words).then_some(times))
}

fn frequencies(old: &Item, new: &Item, reasons: &mut Vec<Reason>) {
    let often = |item: &Item| {
        item.deadlines
            .iter()
            .filter(|deadline| deadline.kind == DeadlineKind::Recurring)
            .filter_map(|deadline| Some((times_a_year(&deadline.text)?, deadline.text.clone())))
            .max_by_key(|(times, _)| *times)
    };
    match (often(old), often(new)) {
        (Some((old, old_text)), Some((new, new_text))) => match new.cmp(&old) {
            std::cmp::Ordering::Less => reasons.push(Reason::LessOften(old_text, new_text)),
            std::cmp::Ordering::Equal => {}
            std::cmp::Ordering::Greater => reasons.push(Reason::Oftener(old_text, new_text)),
        },
        (Some((_, gone)), None) => reasons.push(Reason::DateGone(gone)),
        (None, Some((_, came))) => reasons.push(Reason::DateNew(came)),
        (None, None) => {}
    }
}

/// Units of limits, the longer words first.
const LIMIT_UNITS: [&str; 5] = ["个工作日", "小时", "个月", "日", "天"];

/// Limits such as 3个工作日内, as figure and unit.
fn limits_in(text: &str) -> Vec<(u32, &'static str)> {
    let mut found = Vec::new();
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while let Some(rest) = chars.get(at..).filter(|rest| !rest.is_empty()) {
        let digits: String = rest.iter().take_while(|c| c.is_ascii_digit()).collect();
        if digits.is_empty() {
            at += 1;
            continue;
        }
        at += digits.len();
        let after: String = chars.get(at..).unwrap_or(&[]).iter().take(8).collect();
        let unit = LIMIT_UNITS.into_iter().find(|unit| {
            after
                .strip_prefix(unit)
                .is_some_and(|rest| rest.starts_with('内') || rest.starts_with("之内"))
        });
        if let (Some(unit), Ok(figure)) = (unit, digits.parse()) {
            found.push((figure, unit));
        }
    }
    found
}

/// Limits are compared where each text has just one of a unit; with more, nobody knows which answers which. One that the
/// other text has none for is gone, or new.
fn limits(old: &str, new: &str, reasons: &mut Vec<Reason>) {
    let (old, new) = (limits_in(old), limits_in(new));
    let only = |limits: &[(u32, &'static str)], unit: &str| {
        let mut of_unit = limits.iter().filter(|(_, found)| *found == unit);
        match (of_unit.next(), of_unit.next()) {
            (Some((figure, _)), None) => Some(*figure),
            _ => None,
        }
    };
    let told = |(figure, unit): &(u32, &str)| format!("{figure}{unit}内");
    match (old.as_slice(), new.as_slice()) {
        ([gone, ..], []) => return reasons.push(Reason::DateGone(told(gone))),
        ([], [came, ..]) => return reasons.push(Reason::DateNew(told(came))),
        _ => {}
    }
    for unit in LIMIT_UNITS {
        if let (Some(before), Some(after)) = (only(&old, unit), only(&new, unit)) {
            let texts = (format!("{before}{unit}内"), format!("{after}{unit}内"));
            match after.cmp(&before) {
                std::cmp::Ordering::Less => reasons.push(Reason::LimitShorter(texts.0, texts.1)),
                std::cmp::Ordering::Equal => {}
                std::cmp::Ordering::Greater => reasons.push(Reason::LimitLonger(texts.0, texts.1)),
            }
        }
    }
}

/// Quantities are compared unit by unit, where each text has one of the unit.
fn quantities(old: &Item, new: &Item, reasons: &mut Vec<Reason>) {
    let by_unit = |item: &Item| {
        let mut units: BTreeMap<String, Vec<(i64, String)>> = BTreeMap::new();
        for quantity in &item.quantities {
            units
                .entry(quantity.unit.clone())
                .or_default()
                .push((quantity.value, quantity.text.clone()));
        }
        units
    };
    let (old, new) = (by_unit(old), by_unit(new));
    let units: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for unit in units {
        let before = old.get(unit).map_or(&[][..], Vec::as_slice);
        let after = new.get(unit).map_or(&[][..], Vec::as_slice);
        match (before, after) {
            ([(_, text)], []) => reasons.push(Reason::QuantityGone(text.clone())),
            ([], [(_, text)]) => reasons.push(Reason::QuantityNew(text.clone())),
            ([(old, old_text)], [(new, new_text)]) => {
                let texts = (old_text.clone(), new_text.clone());
                // 不超过 sets a ceiling: less binds more.
                let ceiling = ["不超过", "不高于", "不得超过"]
                    .iter()
                    .any(|word| texts.0.contains(word) && texts.1.contains(word));
                match if ceiling { old.cmp(new) } else { new.cmp(old) } {
                    std::cmp::Ordering::Less => reasons.push(Reason::Fewer(texts.0, texts.1)),
                    std::cmp::Ordering::Equal => {}
                    std::cmp::Ordering::Greater => reasons.push(Reason::More(texts.0, texts.1)),
                }
            }
            _ => {}
        }
    }
}

/// Words that hold the name of a sort of place and name none.
const NO_PLACES: [&str; 4] = ["市场", "城市", "社区", "区块"];
/// What says nothing about the work: of two places they are two bodies.
const BODIES: [&str; 4] = ["人民政府", "政府", "管委会", "管理委员会"];

/// 市司法局 of the city's plan is 云岭县司法局 in the county's; 云岭县司法局 and 东江县司法局 are two.
fn is_same_office(one: &str, other: &str) -> bool {
    let ((place, work), (other_place, other_work)) = (parted(one), parted(other));
    let level = |place: &str| place.chars().last();
    let is_bare = |place: &str| place.chars().count() <= 1;
    let elsewhere = place != other_place
        && level(place) == level(other_place)
        && !is_bare(place)
        && !is_bare(other_place);
    one == other || (work == other_work && !BODIES.contains(&work) && !elsewhere)
}

/// The last place before an organ's work, and its work: 安澜市云岭县司法局 → 云岭县, 司法局.
fn parted(name: &str) -> (&str, &str) {
    let (mut place, mut rest) = ("", name);
    loop {
        let end = rest.char_indices().find_map(|(at, c)| {
            let end = at + c.len_utf8();
            let after = rest.get(end..)?;
            let part_of_word = NO_PLACES.iter().any(|word| {
                rest.match_indices(word)
                    .any(|(from, _)| from <= at && at < from + word.len())
            });
            let place = matches!(c, '省' | '市' | '县' | '区' | '州' | '盟' | '旗');
            let whole = after.chars().count() >= 2 && !after.starts_with(['（', '、']);
            (place && !part_of_word && whole).then_some(end)
        });
        match end.and_then(|end| rest.split_at_checked(end)) {
            Some((before, after)) if !name.starts_with('各') => (place, rest) = (before, after),
            Some(_) | None => return (place, rest),
        }
    }
}

/// An old task in which no organ known here has a part, as of a plan that came from above, tells nothing of organs.
fn organs(old: &Item, new: &Item, reasons: &mut Vec<Reason>) {
    if old.organs.is_empty() {
        return;
    }
    let names = |one: &Item, other: &Item| -> Vec<String> {
        one.organs
            .keys()
            .filter(|name| !other.organs.contains_key(*name))
            .cloned()
            .collect()
    };
    let (mut came, mut went) = (names(new, old), names(old, new));
    came.retain(|name| {
        let counterpart = went.iter().position(|gone| is_same_office(gone, name));
        counterpart.map(|at| went.remove(at)).is_none()
    });
    reasons.extend((!came.is_empty()).then_some(Reason::OrgansCame(came)));
    reasons.extend((!went.is_empty()).then_some(Reason::OrgansWent(went)));
    let leads = |item: &Item| -> Vec<String> {
        item.organs
            .iter()
            .filter(|(_, duty)| **duty == Duty::Lead)
            .map(|(name, _)| name.clone())
            .collect()
    };
    let (before, after) = (leads(old), leads(new));
    let within = |names: &[String], others: &[String]| {
        let known = |name: &String| others.iter().any(|other| is_same_office(name, other));
        names.iter().all(known)
    };
    let same = within(&before, &after) && within(&after, &before);
    if !same && !before.is_empty() && !after.is_empty() {
        reasons.push(Reason::LeadChanged(before, after));
    }
}
