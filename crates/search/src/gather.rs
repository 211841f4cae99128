//! One pass over all that a query finds: how many hits there are, which stand first, and how many have each value.

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::tally::{SegmentTally, Tally};
use crate::top::{By, Ranked, Ranking, Top};

/// Hits that are counted in one go: their values are read together.
const BLOCK: usize = 512;

pub(crate) struct Gather {
    pub(crate) by: By,
    /// Hits that are kept.
    pub(crate) limit: usize,
}

pub(crate) struct Gathered {
    pub(crate) total: usize,
    pub(crate) top: Top,
    pub(crate) tally: Tally,
}

impl Collector for Gather {
    type Fruit = Gathered;
    type Child = SegmentGather;

    fn for_segment(
        &self,
        segment_ord: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<SegmentGather> {
        Ok(SegmentGather {
            segment_ord,
            ranking: Ranking::open(segment, self.by),
            top: Top::new(self.limit),
            total: 0,
            waiting: Vec::with_capacity(BLOCK),
            tally: SegmentTally::open(segment)?,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.by == By::Relevance
    }

    fn merge_fruits(&self, segments: Vec<SegmentGathered>) -> tantivy::Result<Gathered> {
        let mut all = Gathered {
            total: 0,
            top: Top::new(self.limit),
            tally: Tally::default(),
        };
        for SegmentGathered { total, top, tally } in segments {
            all.total += total;
            for hit in top.from(0) {
                all.top.offer(hit);
            }
            tally.add_to(&mut all.tally)?;
        }
        Ok(all)
    }
}

pub(crate) struct SegmentGather {
    segment_ord: SegmentOrdinal,
    ranking: Ranking,
    top: Top,
    total: usize,
    /// Hits whose values are not counted yet.
    waiting: Vec<DocId>,
    tally: SegmentTally,
}

pub(crate) struct SegmentGathered {
    total: usize,
    top: Top,
    tally: SegmentTally,
}

impl SegmentCollector for SegmentGather {
    type Fruit = SegmentGathered;

    fn collect(&mut self, doc_id: DocId, score: Score) {
        if let Some(rank) = self.ranking.rank(doc_id, score, self.top.floor()) {
            let segment_ord = self.segment_ord;
            let address = DocAddress {
                segment_ord,
                doc_id,
            };
            self.top.offer(Ranked { rank, address });
        }
        self.waiting.push(doc_id);
        if self.waiting.len() >= BLOCK {
            self.count();
        }
    }

    fn harvest(mut self) -> SegmentGathered {
        self.count();
        SegmentGathered {
            total: self.total,
            top: self.top,
            tally: self.tally,
        }
    }
}

impl SegmentGather {
    fn count(&mut self) {
        self.total += self.waiting.len();
        self.tally.count(&self.waiting);
        self.waiting.clear();
    }
}
