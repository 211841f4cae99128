//! Texts as bags of neighbouring characters, weighed by how rare each pair is in the two plans together: what every task
//! says (政务公开, 信息公开) tells nothing, what two say alone tells most. Single characters, weighed alike, find what is
//! said in other words: 征地 and 征收土地. What says when and how many is left out ([`super::when`]).

use std::collections::{BTreeMap, BTreeSet};

use super::{Item, Side, TEXT_CHARS_MAX, when};

/// Rare pairs count by this power of their logarithm.
const RARITY_POWER: f64 = 1.25;
/// A containment counts fully from this shared weight on: a short task lies in every long one by chance.
const SHARED_WEIGHT_FULL: f64 = 35.0;
/// A task that lies wholly in another is this much like it.
const CONTAINED: f64 = 0.8;
/// What the same organs add.
const SAME_ORGANS: f64 = 0.15;
/// So much of the likeness is that of single characters.
const CHARS_SHARE: f64 = 0.3;

type Gram = (char, char);
/// Sorted by gram, each once, with its count.
type Bag = Vec<(Gram, u32)>;

/// A text as it is compared: letters and figures, full-width folded, the plan's own year and its neighbours named alike
/// in every year's plan.
#[must_use]
pub fn normal(text: &str, year: i64) -> String {
    let mut folded: String = text.chars().take(TEXT_CHARS_MAX).map(half).collect();
    for (shift, name) in [(-1, "上年"), (0, "本年"), (1, "次年")] {
        folded = folded.replace(&format!("{}年", year + shift), name);
    }
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn half(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// Pairs of neighbours, not across punctuation; years are left out.
pub(super) fn bag(text: &str, year: i64) -> Bag {
    let mut counts: BTreeMap<Gram, u32> = BTreeMap::new();
    let chars: Vec<char> = text.chars().take(TEXT_CHARS_MAX).map(half).collect();
    let text: String = chars.into_iter().collect();
    let text = [year - 1, year, year + 1]
        .iter()
        .fold(text, |text, year| text.replace(&format!("{year}年"), "年"));
    for run in text.split(|c: char| !c.is_alphanumeric()) {
        for gram in run.chars().zip(run.chars().skip(1)) {
            *counts.entry(gram).or_insert(0) += 1;
        }
    }
    counts.into_iter().collect()
}

/// Characters that are no digits, each once, with its count.
fn letters(text: &str) -> Vec<(char, u32)> {
    let mut counts: BTreeMap<char, u32> = BTreeMap::new();
    let words = text.chars().take(TEXT_CHARS_MAX).map(half);
    for c in words.filter(|c| c.is_alphanumeric() && !c.is_ascii_digit()) {
        *counts.entry(c).or_insert(0) += 1;
    }
    counts.into_iter().collect()
}

/// Walks through what two bags share: the gram and how often both have it.
pub(super) fn shared(one: &Bag, other: &Bag, mut each: impl FnMut(Gram, u32)) {
    let (mut a, mut b) = (one.iter().peekable(), other.iter().peekable());
    while let (Some((gram, count)), Some((other, found))) = (a.peek(), b.peek()) {
        match gram.cmp(other) {
            std::cmp::Ordering::Less => drop(a.next()),
            std::cmp::Ordering::Greater => drop(b.next()),
            std::cmp::Ordering::Equal => {
                each(*gram, *count.min(found));
                a.next();
                b.next();
            }
        }
    }
}

/// An organ's name without its level: 市教育局 and 县教育局 do the same work.
fn bare_organ(name: &str) -> &str {
    let name = name.trim_start_matches('各');
    ["市直", "县直", "区直", "市", "县", "区", "镇"]
        .iter()
        .find_map(|level| name.strip_prefix(level))
        .filter(|rest| !rest.is_empty())
        .unwrap_or(name)
}

/// How two tasks lie to each other.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Likeness {
    /// 0 to a little over 1, organs included.
    pub(super) score: f64,
    /// The share of the old text that the new one has, and of the new one that the old one has.
    pub(super) old_found: f64,
    pub(super) new_found: f64,
    /// The weight of what both have.
    pub(super) shared: f64,
}

/// What a text is made of, each once with its count, in order, and how rare each is.
pub(super) struct Weighed<K> {
    pub(super) bag: Vec<(K, u32)>,
    rarity: Vec<f64>,
    weight: f64,
}

impl<K: Ord + Copy> Weighed<K> {
    /// Before rarity is known, which takes all texts.
    fn of(bag: Vec<(K, u32)>) -> Self {
        Self {
            bag,
            rarity: Vec::new(),
            weight: 0.0,
        }
    }

    fn weigh(&mut self, rarities: &BTreeMap<K, f64>) {
        let rare = |(key, _): &(K, u32)| rarities.get(key).copied().unwrap_or(0.0);
        self.rarity = self.bag.iter().map(rare).collect();
        let counts = self.bag.iter().map(|(_, count)| f64::from(*count));
        self.weight = counts.zip(&self.rarity).map(|(n, rare)| n * rare).sum();
    }

    /// The weight of what both have, but for what `known` has.
    fn shared(&self, other: &Self, known: &BTreeSet<K>) -> f64 {
        let mut own = self.bag.iter().zip(&self.rarity).peekable();
        let mut theirs = other.bag.iter().peekable();
        let mut weight = 0.0;
        while let (Some(((key, count), rare)), Some((there, found))) = (own.peek(), theirs.peek()) {
            match key.cmp(there) {
                std::cmp::Ordering::Less => drop(own.next()),
                std::cmp::Ordering::Greater => drop(theirs.next()),
                std::cmp::Ordering::Equal => {
                    if !known.contains(key) {
                        weight += **rare * f64::from(*count.min(found));
                    }
                    own.next();
                    theirs.next();
                }
            }
        }
        weight
    }
}

/// One task, ready.
pub(super) struct Ready {
    pub(super) pairs: Weighed<Gram>,
    letters: Weighed<char>,
    organs: BTreeSet<String>,
    /// The task's position in the list that was handed in.
    pub(super) place: usize,
}

/// Both plans, ready, in an order that is their own and not that of the lists handed in, with the likeness of every pair.
pub(super) struct Table {
    pub(super) old: Vec<Ready>,
    pub(super) new: Vec<Ready>,
    /// Row by row of `old`.
    likeness: Vec<Likeness>,
}

impl Table {
    pub(super) fn of(old: Side<'_>, new: Side<'_>) -> Self {
        let (mut old, mut new) = (ready(old), ready(new));
        let all = old.len() + new.len();
        let tasks = || old.iter().chain(&new);
        let key = |(key, _): &(Gram, u32)| *key;
        let pairs = rarities(all, tasks().flat_map(|task| task.pairs.bag.iter().map(key)));
        let key = |(key, _): &(char, u32)| *key;
        let letters = rarities(
            all,
            tasks().flat_map(|task| task.letters.bag.iter().map(key)),
        );
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        for organ in tasks().flat_map(|task| &task.organs) {
            *found.entry(organ.clone()).or_insert(0) += 1;
        }
        let organs: BTreeMap<String, f64> = found
            .into_iter()
            .map(|(organ, found)| (organ, rare(all, found)))
            .collect();
        for task in old.iter_mut().chain(&mut new) {
            task.pairs.weigh(&pairs);
            task.letters.weigh(&letters);
        }
        let likeness = old
            .iter()
            .flat_map(|one| new.iter().map(|other| likeness(one, other, &organs)))
            .collect();
        Self { likeness, old, new }
    }

    pub(super) fn at(&self, old: usize, new: usize) -> Likeness {
        self.likeness
            .get(old * self.new.len() + new)
            .copied()
            .unwrap_or_default()
    }

    /// The weight that two texts share beside what `known` has already.
    pub(super) fn shared_beside(&self, old: usize, new: usize, known: &BTreeSet<Gram>) -> f64 {
        match (self.old.get(old), self.new.get(new)) {
            (Some(old), Some(new)) => old.pairs.shared(&new.pairs, known),
            _ => 0.0,
        }
    }
}

fn likeness(old: &Ready, new: &Ready, organs: &BTreeMap<String, f64>) -> Likeness {
    let nothing = BTreeSet::new();
    let weight = old.pairs.shared(&new.pairs, &nothing);
    let letters = old.letters.shared(&new.letters, &BTreeSet::new());
    let share = |part: f64, of: f64| if of > 0.0 { part / of } else { 0.0 };
    let old_found = share(weight, old.pairs.weight);
    let new_found = share(weight, new.pairs.weight);
    let within = CONTAINED * old_found.max(new_found) * (weight / SHARED_WEIGHT_FULL).min(1.0);
    let even = share(2.0 * weight, old.pairs.weight + new.pairs.weight).max(within);
    let single = share(2.0 * letters, old.letters.weight + new.letters.weight);
    let sum = |names: &mut dyn Iterator<Item = &String>| -> f64 {
        names.filter_map(|name| organs.get(name)).sum()
    };
    let same = share(
        sum(&mut old.organs.intersection(&new.organs)),
        sum(&mut old.organs.union(&new.organs)),
    );
    Likeness {
        score: (1.0 - CHARS_SHARE) * even + CHARS_SHARE * single + SAME_ORGANS * same,
        old_found,
        new_found,
        shared: weight,
    }
}

/// The tasks in an order that depends on what they say alone; those that nothing tells apart stay as they came.
fn ready(side: Side<'_>) -> Vec<Ready> {
    let mut ordered: Vec<(usize, &Item)> = side.items.iter().enumerate().collect();
    ordered.sort_by_cached_key(|(_, item)| format!("{item:?}"));
    let one = |(place, item): (usize, &Item)| {
        let text = when::without(&item.text);
        let organs = item.organs.keys();
        Ready {
            pairs: Weighed::of(bag(&text, side.year)),
            letters: Weighed::of(letters(&text)),
            organs: organs.map(|name| bare_organ(name).to_owned()).collect(),
            place,
        }
    };
    ordered.into_iter().map(one).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts of tasks are small")]
fn rare(all: usize, found: usize) -> f64 {
    (1.0 + all as f64 / found as f64).ln()
}

fn rarities<K: Ord>(all: usize, keys: impl Iterator<Item = K>) -> BTreeMap<K, f64> {
    let mut found: BTreeMap<K, usize> = BTreeMap::new();
    for key in keys {
        *found.entry(key).or_insert(0) += 1;
    }
    found
        .into_iter()
        .map(|(key, found)| (key, rare(all, found).powf(RARITY_POWER)))
        .collect()
}
