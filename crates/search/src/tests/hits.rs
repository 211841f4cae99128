//! How many hits there are, their values and their order, against counting and sorting by hand.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tantivy::collector::TopDocs;
use tantivy::schema::Value as _;
use tantivy::{DocId, Score, SegmentReader};

use super::city::asked;
use crate::ask::Asked;
use crate::{Doc, Facet, Index, Order, Query};

/// None of them means the same as another.
const WORDS: [&str; 4] = ["森林防火", "税收", "档案", "统计"];
const CLASSES: [&str; 4] = ["", "公告", "解读", "预案"];
const LEVELS: [&str; 3] = ["", "市级", "县区级"];
const VALIDITIES: [&str; 3] = ["", "有效", "废止"];

/// Several commits, so several segments; some records are taken out again.
#[derive(Debug, Clone)]
struct Filled {
    commits: Vec<Vec<Doc>>,
    gone: Vec<usize>,
}

fn docs() -> impl Strategy<Value = Doc> {
    let values = (0..4_usize, 0..4_usize, 0..3_usize, 0..4_i64, 0..3_usize);
    let ranks = (any::<bool>(), 0..5_u64, 1..29_i64);
    let words = prop::collection::vec(0..3_usize, WORDS.len());
    (values, ranks, words).prop_map(|(values, (void, standing, day), times)| {
        let (class, organ, level, year, validity) = values;
        let text = |from: usize| -> String {
            let words = WORDS.iter().zip(&times).skip(from);
            words
                .map(|(word, times)| format!("{word}。").repeat(*times))
                .collect()
        };
        Doc {
            kind: "document".into(),
            title: format!("文件。{}", text(2)),
            path: "/x".into(),
            body: format!("内容。{}", text(0)),
            organ: (organ > 0).then(|| (format!("o{organ}"), format!("机构{}", 9 - organ))),
            class: CLASSES[class].into(),
            level: LEVELS[level].into(),
            day: if year > 0 {
                (2_020 + year) * 10_000 + 100 + day
            } else {
                0
            },
            validity: VALIDITIES[validity].into(),
            void,
            standing,
            ..Doc::default()
        }
    })
}

fn filled() -> impl Strategy<Value = Filled> {
    let commits = prop::collection::vec(prop::collection::vec(docs(), 1..40), 1..4);
    let gone = prop::collection::vec(0..60_usize, 0..6);
    (commits, gone).prop_map(|(mut commits, gone)| {
        for (n, doc) in commits.iter_mut().flatten().enumerate() {
            doc.id = format!("d{n}");
        }
        Filled { commits, gone }
    })
}

impl Filled {
    fn index(&self) -> (tempfile::TempDir, Index) {
        let folder = tempfile::tempdir().unwrap();
        let index = Index::open(folder.path()).unwrap();
        for docs in &self.commits {
            index.apply(docs, &[], "1").unwrap();
        }
        let gone: Vec<(String, String)> = self
            .gone
            .iter()
            .map(|n| ("document".to_owned(), format!("d{n}")))
            .collect();
        index.apply(&[], &gone, "2").unwrap();
        (folder, index)
    }

    fn left(&self) -> Vec<&Doc> {
        let gone = |doc: &&Doc| self.gone.iter().any(|n| doc.id == format!("d{n}"));
        self.commits
            .iter()
            .flatten()
            .filter(|doc| !gone(doc))
            .collect()
    }
}

fn matches(doc: &Doc, query: &Query) -> bool {
    let has =
        |wanted: &Option<String>, value: &str| wanted.as_ref().is_none_or(|wanted| wanted == value);
    let year = if doc.day > 0 {
        (doc.day / 10_000).to_string()
    } else {
        String::new()
    };
    let organ = doc.organ.as_ref().map_or("", |(id, _)| id.as_str());
    let text = format!("{}{}", doc.title, doc.body);
    let mut words = query.text.split_whitespace();
    words.all(|word| text.contains(word))
        && has(&query.class, &doc.class)
        && has(&query.organ, organ)
        && has(&query.level, &doc.level)
        && has(&query.year, &year)
        && has(&query.validity, &doc.validity)
        && query
            .within
            .as_ref()
            .is_none_or(|within| within.iter().any(|id| id == organ))
}

/// The commonest first, of equals the first by value; years the newest first.
fn counted(values: impl Iterator<Item = (String, String)>) -> Vec<Facet> {
    let mut counts: BTreeMap<(String, String), u64> = BTreeMap::new();
    for value in values.filter(|(value, _)| !value.is_empty()) {
        *counts.entry(value).or_default() += 1;
    }
    let mut facets: Vec<Facet> = counts
        .into_iter()
        .map(|((value, name), n)| Facet { value, name, n })
        .collect();
    facets.sort_by_key(|facet| std::cmp::Reverse(facet.n));
    facets
}

fn check_counts(index: &Index, docs: &[&Doc], query: &Query) {
    let answer = index.query(query).unwrap();
    let found: Vec<&&Doc> = docs.iter().filter(|doc| matches(doc, query)).collect();
    if found.is_empty() {
        assert!(answer.total == 0 || answer.relaxed, "{query:?}");
        return;
    }
    assert_eq!(
        (answer.total, answer.relaxed),
        (found.len(), false),
        "{query:?}"
    );
    let twice = |value: &str| (value.to_owned(), value.to_owned());
    let facets = answer.facets;
    assert_eq!(
        facets.class,
        counted(found.iter().map(|doc| twice(&doc.class)))
    );
    assert_eq!(
        facets.level,
        counted(found.iter().map(|doc| twice(&doc.level)))
    );
    assert_eq!(
        facets.validity,
        counted(found.iter().map(|doc| twice(&doc.validity)))
    );
    let organs = found.iter().filter_map(|doc| doc.organ.clone());
    assert_eq!(facets.organ, counted(organs));
    let years = found.iter().filter(|doc| doc.day > 0);
    let mut years = counted(years.map(|doc| twice(&(doc.day / 10_000).to_string())));
    years.sort_by(|one, two| two.value.cmp(&one.value));
    assert_eq!(facets.year, years);
}

/// Every hit in its order, by the library's own collector.
fn in_order(index: &Index, query: &Query) -> Vec<(f64, String)> {
    let asked = Asked::read(&query.text, index.synonyms());
    let whole = index.fields.within(query, index.fields.strict(&asked));
    let newest = query.order == Order::Newest;
    let top = TopDocs::with_limit(1_000).tweak_score(move |segment: &SegmentReader| {
        let void = segment.fast_fields().u64("void").unwrap();
        let day = segment.fast_fields().i64("day").unwrap();
        let standing = segment.fast_fields().u64("standing").unwrap();
        move |doc: DocId, score: Score| {
            let day = day.first(doc).unwrap() as f64;
            if newest {
                return day;
            }
            let below = if void.first(doc) == Some(1) {
                2_000.0
            } else {
                0.0
            };
            let weight = 1.0 + 0.05 * standing.first(doc).unwrap() as f64;
            f64::from(score) * weight - below + day / 1e9
        }
    });
    let searcher = index.searcher();
    let found = searcher.search(&*whole, &top).unwrap();
    found
        .into_iter()
        .map(|(rank, address)| {
            let doc: tantivy::TantivyDocument = searcher.doc(address).unwrap();
            let id = doc.get_first(index.fields.id).unwrap();
            (rank, id.as_str().unwrap().to_owned())
        })
        .collect()
}

fn check_order(index: &Index, query: &Query) {
    let wanted = in_order(index, query);
    for (offset, limit) in [(0, 5), (3, 4), (7, 100)] {
        let page = Query {
            offset,
            limit,
            ..query.clone()
        };
        let answer = index.query(&page).unwrap();
        if answer.relaxed {
            continue;
        }
        let found: Vec<(f64, String)> = answer
            .hits
            .into_iter()
            .map(|hit| (hit.score, hit.id))
            .collect();
        let until = (offset + limit).min(wanted.len());
        assert_eq!(found, wanted[offset.min(until)..until], "{page:?}");
    }
}

fn some<T: Strategy<Value = &'static str>>(values: T) -> impl Strategy<Value = Option<String>> {
    let value = values.prop_map(str::to_owned);
    prop::option::weighted(0.3, value)
}

fn queries() -> impl Strategy<Value = Query> {
    let words = prop::sample::subsequence(WORDS.to_vec(), 1..=2);
    let filters = (
        some(prop::sample::select(CLASSES[1..].to_vec())),
        some(prop::sample::select(vec!["o1", "o2", "o3"])),
        some(prop::sample::select(LEVELS[1..].to_vec())),
        some(prop::sample::select(vec!["2021", "2022"])),
        some(prop::sample::select(VALIDITIES[1..].to_vec())),
    );
    let within = prop::option::weighted(0.2, Just(vec!["o1".to_owned(), "o2".to_owned()]));
    (words, filters, within, any::<bool>()).prop_map(|(words, filters, within, newest)| {
        let (class, organ, level, year, validity) = filters;
        Query {
            class,
            organ,
            level,
            year,
            validity,
            within,
            order: if newest {
                Order::Newest
            } else {
                Order::Relevance
            },
            ..asked(&words.join(" "))
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn hits_are_counted_and_ordered_as_by_hand(
        filled in filled(),
        queries in prop::collection::vec(queries(), 8),
    ) {
        let (_folder, index) = filled.index();
        let docs = filled.left();
        for query in &queries {
            check_counts(&index, &docs, query);
            check_order(&index, query);
        }
        // Nothing is asked: everything within the filters.
        for query in &queries {
            check_counts(&index, &docs, &Query { text: String::new(), ..query.clone() });
        }
    }
}
