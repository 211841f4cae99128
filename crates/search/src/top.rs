//! Which hits stand first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Score, SegmentReader};

/// What puts a void document below every valid one; scores of words stay far below.
const VOID_SCORE: f64 = 2_000.0;
/// How much each step of [`crate::Doc::standing`] adds, of the score of words.
const STANDING: f64 = 0.05;

/// What makes a hit stand before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// Its words, what stands and who issued it.
    Relevance,
    /// Its day alone.
    Day,
}

/// A hit and where it stands: the higher rank first, of equals the one that was found first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ranked {
    pub(crate) rank: f64,
    pub(crate) address: DocAddress,
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let by_rank = self.rank.total_cmp(&other.rank);
        by_rank.then_with(|| other.address.cmp(&self.address))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ranked {}

/// The best hits so far.
#[derive(Debug)]
pub(crate) struct Top {
    limit: usize,
    /// The worst of them first.
    best: BinaryHeap<Reverse<Ranked>>,
}

impl Top {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit: limit.max(1),
            best: BinaryHeap::new(),
        }
    }

    /// What a hit must exceed that is found from now on.
    pub(crate) fn floor(&self) -> f64 {
        match self.best.peek() {
            Some(Reverse(worst)) if self.best.len() >= self.limit => worst.rank,
            _ => f64::NEG_INFINITY,
        }
    }

    pub(crate) fn offer(&mut self, hit: Ranked) {
        if self.best.len() < self.limit {
            self.best.push(Reverse(hit));
        } else if let Some(mut worst) = self.best.peek_mut()
            && hit > worst.0
        {
            *worst = Reverse(hit);
        }
    }

    /// The best first, without so many of them.
    pub(crate) fn from(self, offset: usize) -> Vec<Ranked> {
        let sorted = self.best.into_sorted_vec();
        let hits = sorted.into_iter().map(|Reverse(hit)| hit);
        hits.skip(offset).collect()
    }
}

/// What ranks the records of one segment beside their words.
pub(crate) struct Ranking {
    by: By,
    void: Option<Column<u64>>,
    day: Option<Column<i64>>,
    standing: Option<Column<u64>>,
    /// No record of the segment has a higher weight, or a later day.
    weight_max: f64,
    day_max: f64,
}

impl Ranking {
    pub(crate) fn open(segment: &SegmentReader, by: By) -> Self {
        let fields = segment.fast_fields();
        let day = fields.i64("day").ok();
        let standing = fields.u64("standing").ok();
        let day_max = day.as_ref().map_or(0, |column| column.max_value().max(0));
        let standing_max = standing.as_ref().map_or(0, Column::max_value);
        Self {
            by,
            void: fields.u64("void").ok(),
            weight_max: weight(standing_max),
            day_max: of_day(day_max),
            day,
            standing,
        }
    }

    /// Where a record stands; `None` where it cannot exceed the floor, mostly before anything is read of it.
    pub(crate) fn rank(&self, doc: DocId, score: Score, floor: f64) -> Option<f64> {
        let score = f64::from(score);
        if self.by == By::Relevance && score * self.weight_max + self.day_max <= floor {
            return None;
        }
        let day = first(self.day.as_ref(), doc);
        let rank = match self.by {
            By::Day => day as f64,
            By::Relevance => {
                let words = score * weight(first(self.standing.as_ref(), doc));
                let void = first(self.void.as_ref(), doc) == 1;
                let below = if void { VOID_SCORE } else { 0.0 };
                words - below + of_day(day)
            }
        };
        (rank > floor).then_some(rank)
    }
}

fn first<T>(column: Option<&Column<T>>, doc: DocId) -> T
where
    T: PartialOrd + Copy + std::fmt::Debug + Default + Send + Sync + 'static,
{
    let value = column.and_then(|column| column.first(doc));
    value.unwrap_or_default()
}

/// What the score of words is multiplied by.
fn weight(standing: u64) -> f64 {
    1.0 + STANDING * f64::from(u32::try_from(standing).unwrap_or(u32::MAX))
}

/// Days only break ties between equal scores.
fn of_day(day: i64) -> f64 {
    day as f64 / 1e9
}
