//! How far a plan as read agrees with its labels. White space and the width of punctuation do not count.

use std::collections::BTreeSet;

use gongkai_journeys::render::{GoldPlan, GoldTask};
use gongkai_plans::read::{Confidence, Plan, Task};

/// Two texts are the same measure from this share of common letters on.
const SAME_TEXT: f64 = 0.93;
/// Texts whose lengths differ by more than this share are not compared.
const LENGTHS_APART: f64 = 0.25;

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    found: usize,
    extra: usize,
    missed: usize,
}

impl Tally {
    pub(crate) fn f1(self) -> f64 {
        let all = 2 * self.found + self.extra + self.missed;
        if all == 0 {
            return 1.0;
        }
        (2 * self.found) as f64 / all as f64
    }

    fn add<T: Ord>(&mut self, gold: &BTreeSet<T>, read: &BTreeSet<T>) {
        self.found += gold.intersection(read).count();
        self.extra += read.difference(gold).count();
        self.missed += gold.difference(read).count();
    }
}

#[derive(Debug, Default)]
pub(crate) struct Score {
    pub(crate) tasks: Tally,
    pub(crate) organs: Tally,
    pub(crate) deadlines: Tally,
    pub(crate) heads: Tally,
    /// Share of right fields of the document's head.
    pub(crate) metadata: Tally,
    /// Every difference, for people.
    pub(crate) differences: Vec<String>,
    /// Those differences that the reader gave out as sure.
    pub(crate) sure_and_wrong: Vec<String>,
}

pub(crate) fn score(gold: &GoldPlan, plan: &Plan) -> Score {
    let mut score = Score::default();
    let pairs = pairs(&gold.tasks, &plan.tasks);
    for (wanted, task) in &pairs {
        score.pair(wanted, task);
    }
    score.tasks.found = pairs.len();
    score.tasks.missed = gold.tasks.len() - pairs.len();
    score.tasks.extra = plan.tasks.len() - pairs.len();
    for wanted in &gold.tasks {
        if !pairs
            .iter()
            .any(|(paired, _)| std::ptr::eq(*paired, wanted))
        {
            score
                .differences
                .push(format!("missed: {}", short(&wanted.text)));
        }
    }
    for task in &plan.tasks {
        if !pairs.iter().any(|(_, paired)| std::ptr::eq(*paired, task)) {
            score.differ(task, &format!("extra: {}", task.text));
        }
    }
    score.metadata(gold, plan);
    score
}

impl Score {
    fn differ(&mut self, task: &Task, what: &str) {
        let line = format!("{} {}", short(&task.text), what);
        if task.confidence == Confidence::Sure {
            self.sure_and_wrong.push(line.clone());
        }
        self.differences.push(line);
    }

    fn pair(&mut self, wanted: &GoldTask, task: &Task) {
        if folded(&wanted.text) != folded(&task.text) {
            self.differ(
                task,
                &format!("text, gold: {}\n     read: {}", wanted.text, task.text),
            );
        }
        let mut gold: BTreeSet<(String, &str)> = wanted
            .organs
            .iter()
            .map(|organ| (folded(&organ.name), organ.role.as_str()))
            .collect();
        let read: BTreeSet<(String, &str)> = task
            .organs
            .iter()
            .map(|organ| (folded(&organ.name), organ.role.as_str()))
            .collect();
        let accepted = wanted
            .accept_organ_texts
            .iter()
            .any(|text| folded(text) == folded(&task.organ_text));
        if accepted {
            gold.clone_from(&read);
        }
        self.organs.add(&gold, &read);
        if gold != read {
            self.differ(task, &format!("organs, gold: {gold:?}, read: {read:?}"));
        }
        let (gold, read) = deadlines(wanted, task);
        self.deadlines.add(&gold, &read);
        if gold != read {
            self.differ(task, &format!("deadlines, gold: {gold:?}, read: {read:?}"));
        }
        let heads = [
            (&wanted.section, &task.section),
            (&wanted.group, &task.group),
        ];
        for (gold, read) in heads {
            let text = |head: &Option<String>| {
                BTreeSet::from_iter(head.as_deref().map(folded).filter(|head| !head.is_empty()))
            };
            let (gold, read) = (text(gold), text(read));
            self.heads.add(&gold, &read);
            if gold != read {
                self.differ(task, &format!("heading, gold: {gold:?}, read: {read:?}"));
            }
        }
    }

    fn metadata(&mut self, gold: &GoldPlan, plan: &Plan) {
        let text = |value: Option<&str>| value.map(folded);
        let date = plan.issued_on.map(|date| date.to_string());
        let year = plan.year.map(|year| year.to_string());
        let gold_year = gold.year.map(|year| year.to_string());
        let none: &[String] = &[];
        let fields = [
            (
                "title",
                gold.title.as_deref(),
                gold.title_accept.as_slice(),
                plan.title.as_deref(),
            ),
            (
                "number",
                gold.document_number.as_deref(),
                none,
                plan.document_number.as_deref(),
            ),
            (
                "issuer",
                gold.issuer.as_deref(),
                gold.issuer_accept.as_slice(),
                plan.issuer.as_deref(),
            ),
            (
                "issued_on",
                gold.issued_on.as_deref(),
                gold.issued_on_accept.as_slice(),
                date.as_deref(),
            ),
            ("year", gold_year.as_deref(), none, year.as_deref()),
        ];
        for (name, wanted, accepted, read) in fields {
            let right = text(wanted) == text(read)
                || accepted
                    .iter()
                    .any(|other| Some(folded(other)) == text(read));
            self.field(name, right, &format!("gold: {wanted:?}, read: {read:?}"));
        }
        let wanted: BTreeSet<_> = gold
            .document_deadlines
            .iter()
            .map(|d| (d.date.clone(), d.kind.clone()))
            .collect();
        let read: BTreeSet<_> = plan
            .document_deadlines
            .iter()
            .map(|d| {
                (
                    d.date.map(|date| date.to_string()),
                    d.kind.as_str().to_owned(),
                )
            })
            .collect();
        self.field(
            "document_deadlines",
            wanted == read,
            &format!("gold: {wanted:?}, read: {read:?}"),
        );
    }

    fn field(&mut self, name: &str, right: bool, difference: &str) {
        if right {
            self.metadata.found += 1;
        } else {
            self.metadata.missed += 1;
            self.metadata.extra += 1;
            self.differences.push(format!("{name}, {difference}"));
        }
    }
}

type Dates = BTreeSet<(Option<String>, String)>;

fn deadlines(wanted: &GoldTask, task: &Task) -> (Dates, Dates) {
    let gold = wanted
        .deadlines
        .iter()
        .map(|d| (d.date.clone(), d.kind.clone()))
        .collect();
    let soft: Vec<String> = wanted
        .soft_deadlines
        .iter()
        .map(|d| folded(&d.text))
        .collect();
    let mut read = Dates::new();
    for deadline in &task.deadlines {
        let text = folded(&deadline.text);
        if !text.is_empty()
            && soft
                .iter()
                .any(|soft| soft.contains(&text) || text.contains(soft))
        {
            continue;
        }
        let date = deadline.date.map(|date| date.to_string());
        let same = wanted.deadlines.iter().find(|gold| {
            date.as_ref()
                .is_some_and(|date| gold.date_accept.contains(date))
        });
        read.insert((
            same.map_or(date, |gold| gold.date.clone()),
            deadline.kind.as_str().to_owned(),
        ));
    }
    (gold, read)
}

/// Each labelled measure with the one that was read for it, each used once.
fn pairs<'a>(gold: &'a [GoldTask], read: &'a [Task]) -> Vec<(&'a GoldTask, &'a Task)> {
    let mut free: Vec<(&Task, Vec<char>)> = read
        .iter()
        .map(|task| (task, folded(&task.text).chars().collect()))
        .collect();
    let mut pairs = Vec::new();
    for wanted in gold {
        let text: Vec<char> = folded(&wanted.text).chars().collect();
        let alike = free
            .iter()
            .map(|(_, other)| likeness(&text, other))
            .enumerate();
        let best = alike.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        if let Some((index, likeness)) = best
            && likeness >= SAME_TEXT
        {
            pairs.push((wanted, free.remove(index).0));
        }
    }
    pairs
}

/// Twice the longest common subsequence over both lengths; 1 for the same text.
fn likeness(a: &[char], b: &[char]) -> f64 {
    if a == b {
        return 1.0;
    }
    let longer = a.len().max(b.len());
    if a.len().abs_diff(b.len()) as f64 > LENGTHS_APART * longer as f64 {
        return 0.0;
    }
    let mut row = vec![0usize; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (index, y) in b.iter().enumerate() {
            let above = row[index + 1];
            row[index + 1] = if x == y {
                diagonal + 1
            } else {
                above.max(row[index])
            };
            diagonal = above;
        }
    }
    2.0 * row[b.len()] as f64 / (a.len() + b.len()) as f64
}

pub(crate) fn folded(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '。' => '.',
            '、' => ',',
            '“' | '”' => '"',
            '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .collect();
    text.trim_matches(['.', ';', ',']).to_owned()
}

fn short(text: &str) -> String {
    text.chars().take(24).collect()
}
