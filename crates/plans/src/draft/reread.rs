//! 重新识别: the source is read again with other meanings of its columns, and what people edited stays. Pure.
//!
//! Three versions of each task are compared field by field: as first read, as edited, as read now.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_office::{Document, Place};

use super::content::{Column, Content, Doubt, DraftTask};
use super::convert::{as_read, read_with_columns};
use super::edit::Reading;

/// A new reading, and how much of what people edited is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    pub reading: Reading,
    pub next_key: u32,
    /// See [`Reread::kept`].
    pub kept: usize,
    /// See [`Reread::orphans`].
    pub orphans: usize,
}

/// Reads a source again with the columns' meanings as given; `None` when that gives no task.
#[must_use]
pub fn read_again(source: &Document, content: &Content, columns: Vec<Column>) -> Option<Merged> {
    let before = as_read(source, &content.columns);
    let now = read_with_columns(source, &columns);
    if now.tasks.is_empty() {
        return None;
    }
    let merged = merge(&before.tasks, &content.tasks, now.tasks, content.next_key);
    Some(Merged {
        reading: Reading {
            columns,
            tasks: merged.tasks,
            problems: now.problems,
            coverage: now.coverage,
            is_plan: true,
        },
        next_key: merged.next_key,
        kept: merged.kept,
        orphans: merged.orphans,
    })
}

/// What people edited brought onto a new reading.
#[derive(Debug, Clone, PartialEq)]
pub struct Reread {
    pub tasks: Vec<DraftTask>,
    pub next_key: u32,
    /// Tasks in which an edit was kept, those that people added included.
    pub kept: usize,
    /// Edited tasks that the new reading does not have: kept, and marked for a look.
    pub orphans: usize,
}

/// Merges. `before` is the reading that `edited` began from; keys of both mean the same tasks.
#[must_use]
pub fn merge(
    before: &[DraftTask],
    edited: &[DraftTask],
    now: Vec<DraftTask>,
    next_key: u32,
) -> Reread {
    let counterparts = counterparts(before, &now);
    let first: BTreeMap<u32, &DraftTask> = before.iter().map(|task| (task.key, task)).collect();
    let new: BTreeMap<u32, &DraftTask> = now.iter().map(|task| (task.key, task)).collect();
    let last_read = now.iter().map(|task| task.key).max().unwrap_or(0);
    let mut merged = Reread {
        tasks: Vec::with_capacity(now.len()),
        next_key: next_key.max(last_read.saturating_add(1)),
        kept: 0,
        orphans: 0,
    };
    for task in edited {
        let base = first.get(&task.key).copied();
        let read = counterparts.get(&task.key).and_then(|key| new.get(key));
        match (base, read) {
            (Some(base), Some(read)) => {
                merged.kept += usize::from(task != base);
                merged.tasks.push(field_by_field(base, task, read));
            }
            (Some(base), None) if task == base => {}
            (Some(_), None) => merged.add(orphan(task)),
            (None, _) => merged.add(task.clone()),
        }
    }
    let known: BTreeSet<u32> = counterparts.into_values().collect();
    insert_new(&mut merged.tasks, now, &known);
    merged
}

impl Reread {
    /// Keeps a task that no reading gives, under a key of its own.
    fn add(&mut self, mut task: DraftTask) {
        task.key = self.next_key;
        self.next_key = self.next_key.saturating_add(1);
        self.kept += 1;
        self.orphans += usize::from(task.doubts.iter().any(|doubt| doubt.message == ORPHAN));
        self.tasks.push(task);
    }
}

/// Tasks that only the new reading has, each behind the one that it follows there.
fn insert_new(tasks: &mut Vec<DraftTask>, now: Vec<DraftTask>, known: &BTreeSet<u32>) {
    let mut above: Option<u32> = None;
    for task in now {
        let key = task.key;
        if !known.contains(&key) {
            let at = above
                .and_then(|above| tasks.iter().position(|task| task.key == above))
                .map_or(0, |at| at + 1);
            tasks.insert(at, task);
        }
        if tasks.iter().any(|task| task.key == key) {
            above = Some(key);
        }
    }
}

const ORPHAN: &str = "重新识别的结果中没有这一条，手工修改已保留，请核对或删除。";

fn orphan(task: &DraftTask) -> DraftTask {
    let mut task = task.clone();
    task.doubts.push(Doubt {
        message: ORPHAN.to_owned(),
        settled: false,
    });
    task
}

/// Each field: as edited where it was edited, else as read now.
fn field_by_field(base: &DraftTask, edited: &DraftTask, read: &DraftTask) -> DraftTask {
    fn pick<T: Clone + PartialEq>(base: &T, edited: &T, read: &T) -> T {
        if edited == base { read } else { edited }.clone()
    }
    DraftTask {
        key: read.key,
        number: pick(&base.number, &edited.number, &read.number),
        section: pick(&base.section, &edited.section, &read.section),
        group: pick(&base.group, &edited.group, &read.group),
        text: pick(&base.text, &edited.text, &read.text),
        organ_text: read.organ_text.clone(),
        organs: pick(&base.organs, &edited.organs, &read.organs),
        deadlines: pick(&base.deadlines, &edited.deadlines, &read.deadlines),
        quantities: pick(&base.quantities, &edited.quantities, &read.quantities),
        place: read.place,
        doubts: doubts(edited, read),
    }
}

/// The doubts of the new reading; one that a person settled stays settled.
fn doubts(edited: &DraftTask, read: &DraftTask) -> Vec<Doubt> {
    let settled = |doubt: &Doubt| {
        let same = |old: &&Doubt| old.message == doubt.message;
        edited
            .doubts
            .iter()
            .find(same)
            .is_some_and(|old| old.settled)
    };
    let doubts = read.doubts.iter().map(|doubt| Doubt {
        message: doubt.message.clone(),
        settled: doubt.settled || settled(doubt),
    });
    doubts.collect()
}

/// Where a task stands, whatever its column: the row of its table, or its line.
type Spot = (Option<u32>, Option<u32>, Option<u32>);

fn spot(place: Place) -> Spot {
    match (place.table, place.row) {
        (Some(_), Some(_)) => (place.table, place.row, None),
        _ => (None, None, place.line),
    }
}

/// The key in the new reading of each task of the old one: the same one of those that stand in a row.
fn counterparts(before: &[DraftTask], now: &[DraftTask]) -> BTreeMap<u32, u32> {
    let mut rows: BTreeMap<Spot, Vec<u32>> = BTreeMap::new();
    for task in now {
        rows.entry(spot(task.place)).or_default().push(task.key);
    }
    let mut seen: BTreeMap<Spot, usize> = BTreeMap::new();
    let mut pairs = BTreeMap::new();
    for task in before {
        let spot = spot(task.place);
        let nth = seen.entry(spot).or_default();
        if let Some(key) = rows.get(&spot).and_then(|keys| keys.get(*nth)) {
            pairs.insert(task.key, *key);
        }
        *nth += 1;
    }
    pairs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::assignment::Duty;
    use crate::draft::content::NamedOrgan;

    fn task(key: u32, row: u32, text: &str, organ: &str) -> DraftTask {
        DraftTask {
            key,
            number: None,
            section: None,
            group: None,
            text: text.into(),
            organ_text: organ.into(),
            organs: vec![NamedOrgan {
                name: organ.into(),
                duty: Duty::Responsible,
            }],
            deadlines: Vec::new(),
            quantities: Vec::new(),
            place: Place {
                table: Some(1),
                row: Some(row),
                ..Place::default()
            },
            doubts: vec![Doubt {
                message: "请核对".into(),
                settled: false,
            }],
        }
    }

    fn shown(reread: &Reread) -> Vec<String> {
        let tasks = reread.tasks.iter();
        tasks
            .map(|task| format!("{} {} {}", task.key, task.text, task.organs[0].name))
            .collect()
    }

    #[test]
    fn edits_stay_and_other_fields_follow_the_new_reading() {
        let before = [
            task(1, 2, "甲", "错栏"),
            task(2, 3, "乙", "错栏"),
            task(3, 4, "丙", "错栏"),
        ];
        let mut edited = before.to_vec();
        edited[0].text = "甲，改过".into();
        edited[1].organs[0].name = "市司法局".into();
        edited[1].doubts[0].settled = true;
        // The third was taken out, one was added behind the first.
        edited.remove(2);
        edited.insert(1, task(4, 2, "新加", "市教育局"));
        let now = vec![
            task(1, 2, "甲", "市财政局"),
            task(2, 3, "乙", "市财政局"),
            task(3, 4, "丙", "市财政局"),
            task(4, 5, "丁", "市财政局"),
        ];
        let merged = merge(&before, &edited, now, 5);
        assert_eq!(
            shown(&merged),
            [
                "1 甲，改过 市财政局",
                "5 新加 市教育局",
                "2 乙 市司法局",
                "4 丁 市财政局"
            ]
        );
        assert_eq!((merged.kept, merged.orphans, merged.next_key), (3, 0, 6));
        assert!(merged.tasks[2].doubts[0].settled);
    }

    #[test]
    fn an_edited_task_that_is_no_longer_read_is_kept_and_doubted() {
        let before = [task(1, 2, "甲", "市司法局"), task(2, 3, "乙", "市司法局")];
        let mut edited = before.to_vec();
        edited[1].text = "乙，改过".into();
        let merged = merge(&before, &edited, vec![task(1, 2, "甲", "市司法局")], 3);
        assert_eq!(shown(&merged), ["1 甲 市司法局", "3 乙，改过 市司法局"]);
        assert_eq!((merged.kept, merged.orphans), (1, 1));
        assert!(merged.tasks[1].is_doubtful());
    }

    #[test]
    fn an_order_that_people_chose_stays() {
        let before = [task(1, 2, "甲", "局"), task(2, 3, "乙", "局")];
        let edited = [before[1].clone(), before[0].clone()];
        let now = vec![
            task(1, 2, "甲", "厅"),
            task(2, 3, "乙", "厅"),
            task(3, 4, "丙", "厅"),
        ];
        assert_eq!(
            shown(&merge(&before, &edited, now, 3)),
            ["2 乙 厅", "3 丙 厅", "1 甲 厅"]
        );
    }

    proptest! {
        #[test]
        fn without_edits_the_new_reading_stands(rows in proptest::collection::btree_set(0_u32..30, 0..12), others in proptest::collection::btree_set(0_u32..30, 0..12)) {
            let read = |rows: &BTreeSet<u32>, organ: &str| -> Vec<DraftTask> {
                (1..).zip(rows).map(|(key, row)| task(key, *row, "文", organ)).collect()
            };
            let (before, now) = (read(&rows, "旧"), read(&others, "新"));
            let merged = merge(&before, &before, now.clone(), 100);
            prop_assert_eq!(merged.tasks, now);
            prop_assert_eq!(merged.kept, 0);
        }

        #[test]
        fn no_key_is_used_twice(rows in proptest::collection::btree_set(0_u32..20, 1..9), others in proptest::collection::btree_set(0_u32..20, 1..9), touched in 0_usize..9) {
            let read = |rows: &BTreeSet<u32>| -> Vec<DraftTask> {
                (1..).zip(rows).map(|(key, row)| task(key, *row, "文", "局")).collect()
            };
            let (before, now) = (read(&rows), read(&others));
            let mut edited = before.clone();
            let at = touched % edited.len();
            edited[at].text.push('改');
            edited.insert(at, task(50, 1, "加", "局"));
            let merged = merge(&before, &edited, now, 51);
            let mut keys: Vec<u32> = merged.tasks.iter().map(|task| task.key).collect();
            keys.sort_unstable();
            keys.dedup();
            prop_assert_eq!(keys.len(), merged.tasks.len());
            prop_assert!(merged.tasks.iter().any(|task| task.text.ends_with('改')));
            prop_assert!(merged.tasks.iter().any(|task| task.text == "加"));
            prop_assert!(keys.last().is_none_or(|key| *key < merged.next_key));
        }
    }
}
