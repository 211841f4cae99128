//! Matching against pairs labelled by hand: the demo city's plans, committed whole, and real plans where they lie beside
//! the workspace.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "tests fail loudly and say what they found"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gongkai_office::Limits;
use gongkai_plans::draft::convert::read_draft;
use gongkai_plans::matching::{Certainty, Item, Side, match_items};

type Pair = (usize, usize);

struct Set {
    old: String,
    new: String,
    right: BTreeSet<Pair>,
    arguable: BTreeSet<Pair>,
}

fn labels() -> Vec<Set> {
    let mut sets: Vec<Set> = Vec::new();
    for line in include_str!("matching/labels.txt").lines() {
        if let Some(names) = line.strip_prefix("== ") {
            let (old, new) = names.split_once(' ').unwrap();
            sets.push(Set {
                old: old.to_owned(),
                new: new.to_owned(),
                right: BTreeSet::new(),
                arguable: BTreeSet::new(),
            });
        } else if !line.starts_with('#') {
            for word in line.split_whitespace() {
                let set = sets.last_mut().unwrap();
                let inner = word
                    .strip_prefix('[')
                    .and_then(|word| word.strip_suffix(']'));
                let (old, new) = inner.unwrap_or(word).split_once('-').unwrap();
                let pair = (old.parse().unwrap(), new.parse().unwrap());
                match inner {
                    Some(_) => set.arguable.insert(pair),
                    None => set.right.insert(pair),
                };
            }
        }
    }
    sets
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn file(name: &str) -> Option<PathBuf> {
    let folder = if name.contains('-') {
        root().join("samples")
    } else {
        root().join("../shared/plans")
    };
    std::fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| {
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            path.is_file() && file.starts_with(name)
        })
}

fn items(path: &Path) -> (i64, Vec<Item>) {
    let document = gongkai_office::read(&std::fs::read(path).unwrap(), &Limits::default()).unwrap();
    let content = read_draft(&document);
    let items = content
        .tasks
        .iter()
        .map(|task| Item {
            text: task.text.clone(),
            deadlines: task.deadlines.clone(),
            quantities: task.quantities.clone(),
            organs: task
                .organs
                .iter()
                .map(|organ| (organ.name.clone(), organ.duty))
                .collect::<BTreeMap<_, _>>(),
        })
        .collect();
    (content.meta.year.unwrap(), items)
}

#[derive(Default)]
struct Tally {
    right: usize,
    wrong: usize,
    missed: usize,
    sure: usize,
    sure_wrong: usize,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
        self.sure += other.sure;
        self.sure_wrong += other.sure_wrong;
    }

    fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.wrong) as f64
    }

    fn recall(&self) -> f64 {
        self.right as f64 / (self.right + self.missed) as f64
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "precision {:.3} recall {:.3}: {} right, {} wrong, {} missed; {} sure, of these {} wrong",
            self.precision(),
            self.recall(),
            self.right,
            self.wrong,
            self.missed,
            self.sure,
            self.sure_wrong
        )
    }
}

/// `None` where a plan is not there.
fn score(set: &Set) -> Option<(Tally, Duration)> {
    let (old, new) = (items(&file(&set.old)?), items(&file(&set.new)?));
    let side = |plan: &(i64, Vec<Item>)| plan.0;
    let begun = Instant::now();
    let matching = match_items(
        Side {
            year: side(&old),
            items: &old.1,
        },
        Side {
            year: side(&new),
            items: &new.1,
        },
    )
    .unwrap();
    let took = begun.elapsed();
    let mut tally = Tally::default();
    let mut found = BTreeSet::new();
    for link in &matching.links {
        let pair = (link.old + 1, link.new + 1);
        found.insert(pair);
        let right = set.right.contains(&pair);
        let wrong = !right && !set.arguable.contains(&pair);
        tally.right += usize::from(right);
        tally.wrong += usize::from(wrong);
        if link.certainty == Certainty::Sure {
            tally.sure += 1;
            tally.sure_wrong += usize::from(wrong);
        }
        if wrong {
            println!(
                "{} {}: wrong {}-{} {:.2}",
                set.old, set.new, pair.0, pair.1, link.likeness
            );
        }
    }
    for pair in set.right.difference(&found) {
        println!("{} {}: missed {}-{}", set.old, set.new, pair.0, pair.1);
        tally.missed += 1;
    }
    println!(
        "{} {}: {tally}; {} × {} tasks in {took:?}",
        set.old,
        set.new,
        old.1.len(),
        new.1.len()
    );
    Some((tally, took))
}

fn all(wanted: impl Fn(&Set) -> bool) -> Option<Tally> {
    let mut total = Tally::default();
    let mut any = false;
    for set in labels().iter().filter(|set| wanted(set)) {
        match score(set) {
            Some((tally, _)) => {
                total.add(&tally);
                any = true;
            }
            None => println!(
                "skipped: the plans {} and {} are not there",
                set.old, set.new
            ),
        }
    }
    any.then_some(total)
}

/// Plans of three governments that answer one and the same upper plan.
#[test]
fn real_plans_match_as_labelled() {
    let real = |set: &Set| !set.old.contains('-');
    let labelled: usize = labels()
        .iter()
        .filter(|set| real(set))
        .map(|set| set.right.len())
        .sum();
    assert!(labelled >= 60, "{labelled}");
    let Some(total) = all(real) else { return };
    println!("real plans: {total}");
    assert!(
        total.precision() >= 0.95 && total.recall() >= 0.95,
        "{total}"
    );
    assert_eq!(total.sure_wrong, 0, "{total}");
}

/// The demo city, from last year to this year: other words, same work.
#[test]
fn the_demo_city_matches_as_labelled() {
    let years = |set: &Set| {
        let of = |name: &str| name.split('-').next().map(str::to_owned);
        set.old.contains('-') && of(&set.old) == of(&set.new)
    };
    let total = all(years).unwrap();
    println!("demo city, year to year: {total}");
    assert!(
        total.precision() >= 0.95 && total.recall() >= 0.95,
        "{total}"
    );
    assert_eq!(total.sure_wrong, 0, "{total}");
}

/// A county that writes its plan in words of its own: most of it is found, and what is sure must be right.
#[test]
fn a_lower_plan_in_other_words_is_found_as_far_as_words_go() {
    let levels = |set: &Set| set.old == "city-2026";
    let total = all(levels).unwrap();
    println!("demo city to county: {total}");
    assert!(
        total.precision() >= 0.95 && total.recall() >= 0.85,
        "{total}"
    );
    assert_eq!(total.sure_wrong, 0, "{total}");
}

/// Every class of pair must be reachable by its name alone: labels name tasks that exist.
#[test]
fn labels_name_tasks_that_exist() {
    for set in labels() {
        let (Some(old), Some(new)) = (file(&set.old), file(&set.new)) else {
            println!(
                "skipped: the plans {} and {} are not there",
                set.old, set.new
            );
            continue;
        };
        let (old, new) = (items(&old).1.len(), items(&new).1.len());
        for (one, other) in set.right.union(&set.arguable) {
            assert!(
                (1..=old).contains(one) && (1..=new).contains(other),
                "{one}-{other}"
            );
        }
        assert!(set.right.is_disjoint(&set.arguable));
    }
}
