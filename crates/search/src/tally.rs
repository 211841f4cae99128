//! How many of the hits have each value that can be filtered by: counted by ordinals in plain rows, terms only at the end.

use std::collections::HashMap;

use tantivy::columnar::{Cardinality, StrColumn};
use tantivy::{DocId, SegmentReader};

use crate::answer::{Facet, Facets};
use crate::fields::SPLIT;

/// Values of one facet.
pub(crate) const FACET_MAX: usize = 20;
/// The fields that are counted.
const COUNTED: [&str; 5] = ["class", "organ", "year", "level", "validity"];

/// Every value of each counted field with its hits, over all segments.
#[derive(Debug, Default)]
pub(crate) struct Tally([HashMap<String, u64>; COUNTED.len()]);

impl Tally {
    pub(crate) fn facets(self) -> Facets {
        let [class, organ, mut year, level, validity] = self.0.map(commonest);
        year.sort_by(|one, two| two.value.cmp(&one.value));
        Facets {
            class,
            organ,
            year,
            level,
            validity,
        }
    }
}

/// The values with the most hits; of equals, the first by value.
fn commonest(hits: HashMap<String, u64>) -> Vec<Facet> {
    let mut hits: Vec<(String, u64)> = hits.into_iter().collect();
    hits.sort_unstable_by(|(one, n), (two, m)| m.cmp(n).then_with(|| one.cmp(two)));
    hits.truncate(FACET_MAX);
    let facets = hits.into_iter().map(|(value, n)| {
        let whole = value.as_str();
        let (value, name) = whole.split_once(SPLIT).unwrap_or((whole, whole));
        Facet {
            value: value.to_owned(),
            name: name.to_owned(),
            n,
        }
    });
    facets.collect()
}

/// The counts of one segment, by ordinals.
pub(crate) struct SegmentTally {
    columns: [Option<Counted>; COUNTED.len()],
    room: Room,
}

impl SegmentTally {
    pub(crate) fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let mut columns = [const { None }; COUNTED.len()];
        for (place, field) in columns.iter_mut().zip(COUNTED) {
            // A segment whose records all lack the field has no column of it.
            *place = segment.fast_fields().str(field)?.map(Counted::new);
        }
        Ok(Self {
            columns,
            room: Room::default(),
        })
    }

    /// Counts some hits, in their order and each once.
    pub(crate) fn count(&mut self, docs: &[DocId]) {
        for counted in self.columns.iter_mut().flatten() {
            counted.count(docs, &mut self.room);
        }
    }

    /// Adds what was counted to that of other segments.
    pub(crate) fn add_to(&self, tally: &mut Tally) -> tantivy::Result<()> {
        for (counted, hits) in self.columns.iter().zip(&mut tally.0) {
            if let Some(counted) = counted {
                counted.add_to(hits)?;
            }
        }
        Ok(())
    }
}

/// One field.
struct Counted {
    column: StrColumn,
    /// Hits of each ordinal.
    hits: Vec<u64>,
}

/// Where ordinals are read to; kept, so that counting takes no memory.
#[derive(Default)]
struct Room {
    docs: Vec<DocId>,
    rows: Vec<u32>,
    ords: Vec<u64>,
}

impl Counted {
    fn new(column: StrColumn) -> Self {
        let hits = vec![0; column.num_terms()];
        Self { column, hits }
    }

    fn count(&mut self, docs: &[DocId], room: &mut Room) {
        let ords = self.column.ords();
        room.docs.clear();
        room.rows.clear();
        ords.row_ids_for_docs(docs, &mut room.docs, &mut room.rows);
        room.ords.resize(room.rows.len(), 0);
        ords.values.get_vals(&room.rows, &mut room.ords);
        if ords.get_cardinality() == Cardinality::Multivalued {
            room.keep_each_once();
        }
        for ord in &room.ords {
            // An ordinal is the place in the row of counts.
            if let Some(hits) = self.hits.get_mut(*ord as usize) {
                *hits += 1;
            }
        }
    }

    fn add_to(&self, all: &mut HashMap<String, u64>) -> tantivy::Result<()> {
        let counted = (0_u64..).zip(&self.hits).filter(|(_, hits)| **hits > 0);
        let (ords, hits): (Vec<u64>, Vec<u64>) = counted.map(|(ord, hits)| (ord, *hits)).unzip();
        let mut hits = hits.into_iter();
        self.column
            .dictionary()
            .sorted_ords_to_term_cb(&ords, |term| {
                let n = hits.next().unwrap_or_default();
                let value = String::from_utf8_lossy(term);
                match all.get_mut(value.as_ref()) {
                    Some(known) => *known += n,
                    None => {
                        all.insert(value.into_owned(), n);
                    }
                }
            })?;
        Ok(())
    }
}

impl Room {
    /// A record that has a value twice is one hit.
    fn keep_each_once(&mut self) {
        let mut pairs: Vec<(DocId, u64)> = self
            .docs
            .iter()
            .copied()
            .zip(self.ords.iter().copied())
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        self.ords.clear();
        self.ords.extend(pairs.into_iter().map(|(_, ord)| ord));
    }
}

#[cfg(test)]
mod tests;
