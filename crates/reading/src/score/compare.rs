//! One document against its labels.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use similar::{Algorithm, capture_diff_slices, diff_ratio};

/// Right, too many, missed.
type Count = [usize; 3];

#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    counts: [Count; 4],
    metadata: [usize; 2],
    pub(super) gold: usize,
    pub(super) got: usize,
    pub(super) differences: Vec<String>,
}

const TASK: usize = 0;
const ORGAN: usize = 1;
const DEADLINE: usize = 2;
const HEAD: usize = 3;
/// Least likeness of two texts of the same task.
const LIKENESS_MIN: f32 = 0.93;

impl Tally {
    pub(super) fn add(&mut self, other: &Self) {
        for (mine, theirs) in self
            .counts
            .iter_mut()
            .flatten()
            .zip(other.counts.iter().flatten())
        {
            *mine += theirs;
        }
        for (mine, theirs) in self.metadata.iter_mut().zip(other.metadata) {
            *mine += theirs;
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of one folder are small")]
    pub(super) fn f1(&self) -> [f64; 4] {
        self.counts.map(|[right, extra, missed]| {
            if right + extra + missed == 0 {
                1.0
            } else {
                2.0 * right as f64 / (2 * right + extra + missed) as f64
            }
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of one folder are small")]
    pub(super) fn metadata(&self) -> f64 {
        let [right, all] = self.metadata;
        if all == 0 {
            1.0
        } else {
            right as f64 / all as f64
        }
    }

    fn count(&mut self, what: usize, right: usize, extra: usize, missed: usize) {
        if let Some([r, e, m]) = self.counts.get_mut(what) {
            *r += right;
            *e += extra;
            *m += missed;
        }
    }

    fn sets(
        &mut self,
        what: usize,
        gold: &BTreeSet<(String, String)>,
        got: &BTreeSet<(String, String)>,
    ) {
        self.count(
            what,
            gold.intersection(got).count(),
            got.difference(gold).count(),
            gold.difference(got).count(),
        );
    }
}

pub(super) fn compare(gold: &Value, got: &Value) -> Tally {
    let (golds, gots) = (list(gold, "tasks"), list(got, "tasks"));
    let mut tally = Tally {
        gold: golds.len(),
        got: gots.len(),
        ..Tally::default()
    };
    metadata(gold, got, &mut tally);
    let pairs = pairs(golds, gots);
    let missed = golds.len() - pairs.len();
    let mut extra = gots.len() - pairs.len();
    let says = |key: &str| {
        gold.get(key)
            .is_some_and(|v| v.as_bool() != Some(false) && !v.is_null())
    };
    let accepted = list(gold, "accept_task_counts")
        .iter()
        .any(|n| n.as_u64() == Some(gots.len() as u64));
    let within = gold
        .get("max_tasks")
        .and_then(Value::as_u64)
        .is_some_and(|max| gots.len() as u64 <= max);
    if (says("truncated") && !says("expect") && extra == 1) || accepted || within {
        extra = 0;
    }
    tally.count(TASK, pairs.len(), extra, missed);
    let seen: BTreeSet<usize> = pairs.iter().map(|p| p.0).collect();
    for (i, task) in golds.iter().enumerate() {
        if !seen.contains(&i) {
            tally.differences.push(format!(
                "missed: {}",
                text(task, "text").chars().take(40).collect::<String>()
            ));
        }
    }
    for (i, j) in pairs {
        if let (Some(gold), Some(got)) = (golds.get(i), gots.get(j)) {
            organs(gold, got, &mut tally);
            deadlines(gold, got, &mut tally);
            heads(gold, got, &mut tally);
        }
    }
    tally
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

/// A field as compared text; numbers too; empty where it is null.
fn text(value: &Value, key: &str) -> String {
    value.get(key).map(normal).unwrap_or_default()
}

fn normal(value: &Value) -> String {
    match value {
        Value::String(s) => norm(s),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn metadata(gold: &Value, got: &Value, tally: &mut Tally) {
    let [right, all] = &mut tally.metadata;
    for key in ["title", "document_number", "issuer", "issued_on", "year"] {
        let mut wanted = vec![text(gold, key)];
        wanted.extend(list(gold, &format!("{key}_accept")).iter().map(normal));
        let is = text(got, key);
        let good = wanted.contains(&is);
        *right += usize::from(good);
        *all += 1;
        if !good {
            tally
                .differences
                .push(format!("{key}: {} instead of {}", is, wanted.join(" or ")));
        }
    }
    let dates = |v: &Value| -> BTreeSet<(String, String)> {
        list(v, "document_deadlines")
            .iter()
            .map(|d| (text(d, "date"), text(d, "kind")))
            .collect()
    };
    *right += usize::from(dates(gold) == dates(got));
    *all += 1;
}

/// Each labelled task with the most alike task that is still free.
fn pairs(gold: &[Value], got: &[Value]) -> Vec<(usize, usize)> {
    let texts: Vec<Vec<char>> = got
        .iter()
        .map(|t| text(t, "text").chars().collect())
        .collect();
    let mut used = BTreeSet::new();
    let mut out = Vec::new();
    for (i, task) in gold.iter().enumerate() {
        let want: Vec<char> = text(task, "text").chars().collect();
        let best = texts
            .iter()
            .enumerate()
            .filter(|(j, _)| !used.contains(j))
            .map(|(j, t)| (j, likeness(&want, t)))
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        if let Some((j, ratio)) = best
            && ratio >= LIKENESS_MIN
        {
            used.insert(j);
            out.push((i, j));
        }
    }
    out
}

fn likeness(a: &[char], b: &[char]) -> f32 {
    if a == b {
        return 1.0;
    }
    if a.len().abs_diff(b.len()) * 4 > a.len().max(b.len()) {
        return 0.0;
    }
    let counts = |text: &[char]| {
        let mut map: BTreeMap<char, usize> = BTreeMap::new();
        text.iter().for_each(|c| *map.entry(*c).or_default() += 1);
        map
    };
    let (mine, theirs) = (counts(a), counts(b));
    let shared: usize = mine
        .iter()
        .map(|(c, n)| (*n).min(theirs.get(c).copied().unwrap_or(0)))
        .sum();
    if shared * 20 < (a.len() + b.len()) * 9 {
        return 0.0;
    }
    diff_ratio(
        &capture_diff_slices(Algorithm::Myers, a, b),
        a.len(),
        b.len(),
    )
}

fn organs(gold: &Value, got: &Value, tally: &mut Tally) {
    let set = |v: &Value| -> BTreeSet<(String, String)> {
        list(v, "organs")
            .iter()
            .map(|o| (text(o, "name"), text(o, "role")))
            .collect()
    };
    let (mut want, mut have) = (set(gold), set(got));
    let printed = text(got, "organ_text");
    if list(gold, "accept_organ_texts")
        .iter()
        .any(|t| normal(t) == printed)
    {
        want.clone_from(&have);
    }
    if gold.get("organs_truncated").and_then(Value::as_bool) == Some(true) {
        have = have.intersection(&want).cloned().collect();
    }
    if want != have {
        tally.differences.push(format!(
            "organs of “{}”: {:?} instead of {:?}",
            text(gold, "text").chars().take(16).collect::<String>(),
            have,
            want
        ));
    }
    tally.sets(ORGAN, &want, &have);
}

fn deadlines(gold: &Value, got: &Value, tally: &mut Tally) {
    let soft: Vec<String> = list(gold, "soft_deadlines")
        .iter()
        .map(|d| text(d, "text"))
        .collect();
    let mut other: BTreeMap<String, String> = BTreeMap::new();
    for d in list(gold, "deadlines") {
        for date in list(d, "date_accept") {
            other.insert(normal(date), text(d, "date"));
        }
    }
    let want: BTreeSet<(String, String)> = list(gold, "deadlines")
        .iter()
        .map(|d| (text(d, "date"), text(d, "kind")))
        .collect();
    let have: BTreeSet<(String, String)> = list(got, "deadlines")
        .iter()
        .filter(|d| {
            let words = text(d, "text");
            words.is_empty()
                || !soft
                    .iter()
                    .any(|s| words.contains(s.as_str()) || s.contains(&words))
        })
        .map(|d| {
            let date = text(d, "date");
            (other.get(&date).cloned().unwrap_or(date), text(d, "kind"))
        })
        .collect();
    if want != have {
        tally.differences.push(format!(
            "deadlines of “{}”: {:?} instead of {:?}",
            text(gold, "text").chars().take(16).collect::<String>(),
            have,
            want
        ));
    }
    tally.sets(DEADLINE, &want, &have);
}

fn heads(gold: &Value, got: &Value, tally: &mut Tally) {
    for key in ["section", "group"] {
        let (want, have) = (text(gold, key), text(got, key));
        if want == have {
            tally.count(HEAD, 1, 0, 0);
        } else {
            tally.count(
                HEAD,
                0,
                usize::from(!have.is_empty()),
                usize::from(!want.is_empty()),
            );
            tally
                .differences
                .push(format!("{key}: {have} instead of {want}"));
        }
    }
}

/// Text as compared: no white space, no tags, no pinyin, half-width signs, no stop at the ends.
fn norm(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let chars: Vec<char> = text.chars().map(half_width).collect();
    let mut i = 0;
    while let Some(&c) = chars.get(i) {
        let rest = chars.get(i..).unwrap_or_default();
        let skip = match c {
            '<' => rest
                .iter()
                .position(|c| *c == '>')
                .filter(|n| *n > 1)
                .map(|n| n + 1),
            '(' => {
                let n = rest
                    .iter()
                    .skip(1)
                    .take_while(|c| c.is_alphabetic() && (**c as u32) < 0x300)
                    .count();
                (n > 0 && rest.get(n + 1) == Some(&')')).then_some(n + 2)
            }
            _ => None,
        };
        match skip {
            Some(n) => i += n,
            None => {
                if !c.is_whitespace() {
                    out.push(c);
                }
                i += 1;
            }
        }
    }
    out.trim_matches(['.', ';', ',']).to_owned()
}

fn half_width(c: char) -> char {
    match c {
        '，' | '、' => ',',
        '。' => '.',
        '；' => ';',
        '：' => ':',
        '“' | '”' => '"',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_compare_without_signs_and_noise() {
        assert_eq!(norm("一、公開(kāi) 工作。"), "一,公開工作");
        assert_eq!(norm("<p>（一）加强</p>"), "(一)加强");
    }

    #[test]
    fn a_right_reading_scores_one_and_a_wrong_role_less() {
        let task = |role: &str| json!({"text": "公开办事指南，做到图文并茂。", "section": "一、重点", "group": null, "organs": [{"name": "市司法局", "role": role}], "deadlines": []});
        let gold = json!({"title": "安澜市方案", "year": 2026, "tasks": [task("lead")]});
        assert_eq!(compare(&gold, &gold).f1(), [1.0; 4]);
        let wrong = compare(
            &gold,
            &json!({"title": "安澜市方案", "year": 2026, "tasks": [task("cooperate")]}),
        );
        assert!(wrong.f1()[ORGAN] < 1.0 && wrong.f1()[TASK] == 1.0 && wrong.differences.len() == 1);
    }
}
