use tantivy::schema::Schema;
use tantivy::{Index, IndexWriter, TantivyDocument};

use super::{SegmentTally, Tally};
use crate::answer::{Facet, Facets};
use crate::fields::{Fields, schema};

/// One segment with these records.
fn index(schema: Schema, docs: Vec<TantivyDocument>) -> Index {
    let index = Index::create_in_ram(schema);
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 20_000_000).unwrap();
    for doc in docs {
        writer.add_document(doc).unwrap();
    }
    writer.commit().unwrap();
    index
}

fn counted(index: &Index, docs: &[u32]) -> Facets {
    let searcher = index.reader().unwrap().searcher();
    let mut tally = Tally::default();
    for segment in searcher.segment_readers() {
        let mut counts = SegmentTally::open(segment).unwrap();
        for block in docs.chunks(3) {
            counts.count(block);
        }
        counts.add_to(&mut tally).unwrap();
    }
    tally.facets()
}

fn of_classes(fields: &Fields, classes: &[&str]) -> TantivyDocument {
    let mut doc = TantivyDocument::default();
    for class in classes {
        doc.add_text(fields.class, class);
    }
    doc
}

fn shown(facets: &[Facet]) -> Vec<(&str, u64)> {
    let shown = facets.iter().map(|facet| (facet.value.as_str(), facet.n));
    shown.collect()
}

#[test]
fn a_record_counts_once_for_each_of_its_values() {
    let (schema, fields) = schema();
    let classes: [&[&str]; 5] = [
        &["公告", "解读"],
        &["公告"],
        &[],
        &["解读", "解读", "公报"],
        &["预案"],
    ];
    let docs = classes.map(|classes| of_classes(&fields, classes));
    let index = index(schema, docs.to_vec());
    let all = counted(&index, &[0, 1, 2, 3, 4]);
    assert_eq!(
        shown(&all.class),
        [("公告", 2), ("解读", 2), ("公报", 1), ("预案", 1)]
    );
    assert!(all.organ.is_empty(), "nobody has one");
    let some = counted(&index, &[1, 3]);
    assert_eq!(shown(&some.class), [("公告", 1), ("公报", 1), ("解读", 1)]);
}

#[test]
fn values_that_most_records_lack_are_counted() {
    let (schema, fields) = schema();
    let docs: Vec<TantivyDocument> = (0..500)
        .map(|n| of_classes(&fields, if n % 100 == 7 { &["公报"] } else { &[] }))
        .collect();
    let index = index(schema, docs);
    let every: Vec<u32> = (0..500).collect();
    assert_eq!(shown(&counted(&index, &every).class), [("公报", 5)]);
    assert_eq!(
        shown(&counted(&index, &[6, 7, 8, 207]).class),
        [("公报", 2)]
    );
    assert!(counted(&index, &[6, 8]).class.is_empty());
}

#[test]
fn the_commonest_values_stand_first_and_the_rest_is_left_out() {
    let (schema, fields) = schema();
    let name = |n: usize| format!("类{n:03}");
    let mut docs = Vec::new();
    for n in 0..super::FACET_MAX + 3 {
        for _ in 0..n / 2 + 1 {
            docs.push(of_classes(&fields, &[&name(n)]));
        }
    }
    let every: Vec<u32> = (0..u32::try_from(docs.len()).unwrap()).collect();
    let index = index(schema, docs);
    let class = counted(&index, &every).class;
    assert_eq!(class.len(), super::FACET_MAX);
    assert_eq!((class[0].value.clone(), class[0].n), (name(22), 12));
    // Of equals, the first by name.
    assert_eq!((class[1].value.clone(), class[1].n), (name(20), 11));
    assert_eq!((class[2].value.clone(), class[2].n), (name(21), 11));
}
