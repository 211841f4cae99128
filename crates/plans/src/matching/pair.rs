//! Which tasks belong together. First one partner for each, the most alike of both plans first; then what was split off or
//! merged in: a task that lies in one which has a partner already.
//!
//! The thresholds were set on pairs labelled by hand (`tests/matching`), which a test holds to their precision and recall.

use std::collections::BTreeSet;

use super::words::{Likeness, Table};
use super::{Certainty, Link};

/// Below, two tasks have nothing in common.
const PARTNERS_MIN: f64 = 0.12;
/// From here on a partner need not stand out.
const PARTNERS_PLAIN: f64 = 0.2;
/// Below that, it must be so much more alike than the next.
const STANDS_OUT: f64 = 1.1;
/// A partner from here on that stands out from the next by [`SURE_STANDS_OUT`] needs no person.
const SURE: f64 = 0.45;
const SURE_STANDS_OUT: f64 = 1.25;
/// A task without a partner belongs to the one in which so much of it lies.
const PART_FOUND_MIN: f64 = 0.3;
/// A share like that of a short text is chance.
const PART_WEIGHT_MIN: f64 = 15.0;
/// A smaller share counts when no other task has nearly as much.
const PART_ALONE_FOUND_MIN: f64 = 0.2;
const PART_ALONE_WEIGHT_MIN: f64 = 40.0;
const PART_ALONE_STANDS_OUT: f64 = 1.4;
/// Two tasks that both have partners share a sentence beside them.
const SENTENCE_FOUND_MIN: f64 = 0.45;
const SENTENCE_WEIGHT_MIN: f64 = 40.0;
/// Of what they share, so much must be new beside their partners.
const SENTENCE_BESIDE_MIN: f64 = 0.6;
/// A split or merged task of which so much lies in the other needs no person.
const PART_SURE: f64 = 0.7;

struct Pairing<'t> {
    table: &'t Table,
    /// For each task its partner.
    of_old: Vec<Option<usize>>,
    of_new: Vec<Option<usize>>,
    links: Vec<Link>,
    /// The two best scores of each row and column.
    best_of_old: Vec<[(f64, usize); 2]>,
    best_of_new: Vec<[(f64, usize); 2]>,
}

pub(super) fn links(table: &Table) -> Vec<Link> {
    let (rows, columns) = (table.old.len(), table.new.len());
    let mut pairing = Pairing {
        table,
        of_old: vec![None; rows],
        of_new: vec![None; columns],
        links: Vec::new(),
        best_of_old: (0..rows)
            .map(|old| two_best((0..columns).map(|new| table.at(old, new).score)))
            .collect(),
        best_of_new: (0..columns)
            .map(|new| two_best((0..rows).map(|old| table.at(old, new).score)))
            .collect(),
    };
    pairing.partners();
    pairing.parts();
    pairing.links
}

fn two_best(scores: impl Iterator<Item = f64>) -> [(f64, usize); 2] {
    let mut best = [(0.0, usize::MAX); 2];
    for (nth, score) in scores.enumerate() {
        let [first, second] = &mut best;
        if score > first.0 {
            *second = *first;
            *first = (score, nth);
        } else if score > second.0 {
            *second = (score, nth);
        }
    }
    best
}

impl Pairing<'_> {
    fn best(side: &[[(f64, usize); 2]], nth: usize) -> [(f64, usize); 2] {
        side.get(nth).copied().unwrap_or([(0.0, usize::MAX); 2])
    }

    /// The best score of the pair's row and column beside the pair itself.
    fn next_best(&self, old: usize, new: usize) -> f64 {
        let beside = |best: [(f64, usize); 2], me: usize| {
            let [first, second] = best;
            if first.1 == me { second.0 } else { first.0 }
        };
        beside(Self::best(&self.best_of_old, old), new)
            .max(beside(Self::best(&self.best_of_new, new), old))
    }

    fn partners(&mut self) {
        let (rows, columns) = (self.table.old.len(), self.table.new.len());
        let mut candidates: Vec<(f64, usize, usize)> = Vec::new();
        for old in 0..rows {
            for new in 0..columns {
                let score = self.table.at(old, new).score;
                if score >= PARTNERS_MIN {
                    candidates.push((score, old, new));
                }
            }
        }
        candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (score, old, new) in candidates {
            let next = self.next_best(old, new);
            let free = self.of_old.get(old) == Some(&None) && self.of_new.get(new) == Some(&None);
            if !free || (score < PARTNERS_PLAIN && score < STANDS_OUT * next) {
                continue;
            }
            if let (Some(of_old), Some(of_new)) =
                (self.of_old.get_mut(old), self.of_new.get_mut(new))
            {
                *of_old = Some(new);
                *of_new = Some(old);
            }
            let equal = self.same_text(old, new);
            let sure = equal || (score >= SURE && score >= SURE_STANDS_OUT * next);
            self.link((old, new), score, sure);
        }
    }

    fn same_text(&self, old: usize, new: usize) -> bool {
        let bags = (self.table.old.get(old), self.table.new.get(new));
        matches!(bags, (Some(old), Some(new)) if !old.pairs.bag.is_empty() && old.pairs.bag == new.pairs.bag)
    }

    fn link(&mut self, (old, new): (usize, usize), score: f64, sure: bool) {
        let places = (self.table.old.get(old), self.table.new.get(new));
        if let (Some(old), Some(new)) = places {
            self.links.push(Link {
                old: old.place,
                new: new.place,
                likeness: score.min(1.0),
                certainty: if sure {
                    Certainty::Sure
                } else {
                    Certainty::Check
                },
            });
        }
    }

    fn parts(&mut self) {
        let mut found: Vec<(usize, usize, Likeness)> = Vec::new();
        for old in 0..self.table.old.len() {
            for new in 0..self.table.new.len() {
                if self.of_old.get(old) == Some(&Some(new)) {
                    continue;
                }
                let likeness = self.table.at(old, new);
                if likeness.shared >= PART_WEIGHT_MIN && self.is_part(old, new, likeness) {
                    found.push((old, new, likeness));
                }
            }
        }
        for (old, new, likeness) in found {
            let share = likeness.old_found.max(likeness.new_found);
            self.link((old, new), likeness.score, share >= PART_SURE);
        }
    }

    fn is_part(&self, old: usize, new: usize, likeness: Likeness) -> bool {
        let of_new = Self::best(&self.best_of_new, new);
        let of_old = Self::best(&self.best_of_old, old);
        let split = self.of_new.get(new) == Some(&None)
            && Self::lies_in(likeness, likeness.new_found, of_new, old);
        let merged = self.of_old.get(old) == Some(&None)
            && Self::lies_in(likeness, likeness.old_found, of_old, new);
        split || merged || self.shares_a_sentence(old, new, likeness)
    }

    /// The task without a partner lies in the one that is most like it.
    fn lies_in(
        likeness: Likeness,
        found: f64,
        [first, second]: [(f64, usize); 2],
        host: usize,
    ) -> bool {
        first.1 == host
            && (found >= PART_FOUND_MIN
                || (found >= PART_ALONE_FOUND_MIN
                    && likeness.shared >= PART_ALONE_WEIGHT_MIN
                    && likeness.score >= PART_ALONE_STANDS_OUT * second.0))
    }

    fn shares_a_sentence(&self, old: usize, new: usize, likeness: Likeness) -> bool {
        if likeness.shared < SENTENCE_WEIGHT_MIN
            || likeness.old_found.max(likeness.new_found) < SENTENCE_FOUND_MIN
        {
            return false;
        }
        let mut known = BTreeSet::new();
        let partner = |nth: Option<&Option<usize>>| nth.copied().flatten();
        if let Some(task) = partner(self.of_old.get(old)).and_then(|nth| self.table.new.get(nth)) {
            known.extend(task.pairs.bag.iter().map(|(gram, _)| *gram));
        }
        if let Some(task) = partner(self.of_new.get(new)).and_then(|nth| self.table.old.get(nth)) {
            known.extend(task.pairs.bag.iter().map(|(gram, _)| *gram));
        }
        self.table.shared_beside(old, new, &known) >= SENTENCE_BESIDE_MIN * likeness.shared
    }
}
