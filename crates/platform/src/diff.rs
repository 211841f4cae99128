//! Two texts side by side, and three brought together.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;
use std::time::{Duration, Instant};

use similar::DiffOp;
use similar::algorithms::{Capture, Compact, Replace, myers};

/// Comparing stops looking for the shortest answer after this long and gives a longer one.
const PATIENCE: Duration = Duration::from_millis(200);

/// What happened to a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Same,
    Inserted,
    Deleted,
}

/// A run of text with one fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub mark: Mark,
    pub text: String,
}

impl Piece {
    #[must_use]
    pub fn is_inserted(&self) -> bool {
        self.mark == Mark::Inserted
    }

    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.mark == Mark::Deleted
    }
}

/// Characters of a change from which on a single character beside it, the same in both texts by chance, only disturbs.
const PASSAGE: usize = 2;

/// What changed from one text to another, in reading order: character by character, neighbours of one fate joined; a
/// single character between two longer changes belongs to them.
#[must_use]
pub fn chars(old: &str, new: &str) -> Vec<Piece> {
    let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    let mut passages: Vec<Passage> = Vec::new();
    for (mark, run) in runs(&old, &new) {
        if mark == Mark::Same {
            match passages.last_mut() {
                Some(last) => last.then.extend(run),
                None => passages.push(Passage::same(run)),
            }
            continue;
        }
        let begins = passages.last().is_none_or(|last| !last.then.is_empty());
        if begins {
            passages.push(Passage::default());
        }
        if let Some(last) = passages.last_mut() {
            let side = if mark == Mark::Deleted {
                &mut last.was
            } else {
                &mut last.is
            };
            side.extend(run);
        }
    }
    let mut joined: Vec<Passage> = Vec::new();
    for next in passages {
        match joined.last_mut() {
            Some(last) if last.takes(&next) => last.take(next),
            _ => joined.push(next),
        }
    }
    joined.into_iter().flat_map(Passage::pieces).collect()
}

/// A place where both texts differ, and what they have in common after it.
#[derive(Debug, Default)]
struct Passage {
    was: Vec<char>,
    is: Vec<char>,
    then: Vec<char>,
}

impl Passage {
    fn same(run: &[char]) -> Self {
        Self {
            then: run.to_vec(),
            ..Self::default()
        }
    }

    fn is_long(&self) -> bool {
        self.was.len().max(self.is.len()) >= PASSAGE
    }

    /// Is what stands between this and the next but a character?
    fn takes(&self, next: &Self) -> bool {
        self.then.len() == 1 && self.is_long() && next.is_long()
    }

    fn take(&mut self, next: Self) {
        for (side, more) in [(&mut self.was, next.was), (&mut self.is, next.is)] {
            side.extend(&self.then);
            side.extend(more);
        }
        self.then = next.then;
    }

    fn pieces(self) -> impl Iterator<Item = Piece> {
        let sides = [
            (Mark::Deleted, self.was),
            (Mark::Inserted, self.is),
            (Mark::Same, self.then),
        ];
        let told = sides.into_iter().filter(|(_, text)| !text.is_empty());
        told.map(|(mark, text)| Piece {
            mark,
            text: text.into_iter().collect(),
        })
    }
}

/// What changed from one text to another, line by line.
#[must_use]
pub fn lines(old: &str, new: &str) -> Vec<(Mark, String)> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let mut lines = Vec::new();
    for (mark, run) in runs(&old, &new) {
        lines.extend(run.iter().map(|line| (mark, (*line).to_owned())));
    }
    lines
}

/// How many elements the two have in common, in the same order.
#[must_use]
pub fn common(old: &[char], new: &[char]) -> usize {
    runs(old, new)
        .iter()
        .filter(|(mark, _)| *mark == Mark::Same)
        .map(|(_, run)| run.len())
        .sum()
}

/// A text that two people changed at once: both their changes where they touch different paragraphs, `None` where they
/// touch the same one and a person has to choose.
#[must_use]
pub fn merge(base: &str, mine: &str, theirs: &str) -> Option<String> {
    let [base, mine, theirs] =
        [base, mine, theirs].map(|text| text.split('\n').collect::<Vec<_>>());
    let mut changes = changes(&base, &mine);
    changes.extend(self::changes(&base, &theirs));
    changes.sort_by_key(|change| (change.at.start, change.at.end));
    changes.dedup();
    if changes
        .windows(2)
        .any(|pair| matches!(pair, [one, next] if one.meets(next)))
    {
        return None;
    }
    let mut merged: Vec<&str> = Vec::new();
    let mut kept = 0;
    for change in changes {
        merged.extend(base.get(kept..change.at.start)?);
        merged.extend(change.by);
        kept = change.at.end;
    }
    merged.extend(base.get(kept..)?);
    Some(merged.join("\n"))
}

/// Lines of a text and what somebody put in their place.
#[derive(Debug, PartialEq, Eq)]
struct Change<'t> {
    at: Range<usize>,
    by: &'t [&'t str],
}

impl Change<'_> {
    /// Do both touch the same place, this one beginning no later?
    fn meets(&self, next: &Change<'_>) -> bool {
        next.at.start < self.at.end
            || next.at.start == self.at.end && (self.at.is_empty() || next.at.is_empty())
    }
}

fn changes<'t>(old: &[&'t str], new: &'t [&'t str]) -> Vec<Change<'t>> {
    ops(old, new)
        .into_iter()
        .filter(|op| !matches!(op, DiffOp::Equal { .. }))
        .map(|op| Change {
            at: op.old_range(),
            by: new.get(op.new_range()).unwrap_or_default(),
        })
        .collect()
}

/// Both sequences as runs of one fate; of a place where both differ, the old comes first.
fn runs<'t, T: Copy + Eq + Hash>(old: &'t [T], new: &'t [T]) -> Vec<(Mark, &'t [T])> {
    let mut runs = Vec::new();
    for op in ops(old, new) {
        let (was, is) = (
            old.get(op.old_range()).unwrap_or_default(),
            new.get(op.new_range()).unwrap_or_default(),
        );
        if matches!(op, DiffOp::Equal { .. }) {
            runs.push((Mark::Same, is));
        } else {
            runs.extend((!was.is_empty()).then_some((Mark::Deleted, was)));
            runs.extend((!is.is_empty()).then_some((Mark::Inserted, is)));
        }
    }
    runs
}

/// Elements are told apart by a number, so that the library's algorithm is compiled for numbers alone.
fn ops<T: Copy + Eq + Hash>(old: &[T], new: &[T]) -> Vec<DiffOp> {
    let mut numbers: HashMap<T, usize> = HashMap::new();
    let mut numbered = |elements: &[T]| -> Vec<usize> {
        elements
            .iter()
            .map(|element| {
                let next = numbers.len();
                *numbers.entry(*element).or_insert(next)
            })
            .collect()
    };
    let (old, new) = (numbered(old), numbered(new));
    ops_of_numbers(&old, &new)
}

fn ops_of_numbers(old: &[usize], new: &[usize]) -> Vec<DiffOp> {
    let mut hook = Compact::new(Replace::new(Capture::new()), old, new);
    let until = Instant::now().checked_add(PATIENCE);
    let Ok(()) = myers::diff_deadline(&mut hook, old, 0..old.len(), new, 0..new.len(), until);
    hook.into_inner().into_inner().into_ops()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(old: &str, new: &str) -> String {
        chars(old, new)
            .iter()
            .map(|piece| {
                if piece.is_inserted() {
                    format!("[+{}]", piece.text)
                } else if piece.is_deleted() {
                    format!("[-{}]", piece.text)
                } else {
                    piece.text.clone()
                }
            })
            .collect()
    }

    #[test]
    fn characters_that_changed_are_marked() {
        assert_eq!(
            shown("已公开规章5件", "已公开规章8件。"),
            "已公开规章[-5][+8]件[+。]"
        );
        assert_eq!(shown("", "新"), "[+新]");
        // A character that both have by chance, amid other words, is no help for the eye.
        assert_eq!(
            shown(
                "的集中公开，2025年6月底前统一文本格式",
                "的现行文本，自施行起5个工作日内完成更新"
            ),
            "的[-集中公开，2025年6月底前统一][+现行]文本[-格式][+，自施行起5个工作日内完成更新]"
        );
        assert_eq!(shown("旧", "旧"), "旧");
    }

    #[test]
    fn lines_that_changed_are_marked() {
        let marked = lines("一\n二\n三\n", "一\n三\n四\n");
        let marked: Vec<_> = marked
            .iter()
            .map(|(mark, line)| (*mark, line.as_str()))
            .collect();
        assert_eq!(
            marked,
            [
                (Mark::Same, "一"),
                (Mark::Deleted, "二"),
                (Mark::Same, "三"),
                (Mark::Inserted, "四"),
            ]
        );
    }

    #[test]
    fn changes_to_different_paragraphs_come_together() {
        let base = "一月：调研\n二月：起草\n三月：公开";
        let mine = "一月：调研完成\n二月：起草\n三月：公开";
        let theirs = "一月：调研\n二月：起草\n三月：已公开";
        assert_eq!(
            merge(base, mine, theirs).unwrap(),
            "一月：调研完成\n二月：起草\n三月：已公开"
        );
        let next = "一月：调研\n二月：已起草\n三月：公开";
        assert_eq!(
            merge(base, mine, next).unwrap(),
            "一月：调研完成\n二月：已起草\n三月：公开"
        );
    }

    #[test]
    fn changes_to_one_paragraph_want_a_person() {
        assert_eq!(merge("调研", "调研完成", "调研取消"), None);
        // Both add after the first line: which comes first is not for us to say.
        assert_eq!(merge("一\n四", "一\n二\n四", "一\n三\n四"), None);
        // One takes away what the other changed.
        assert_eq!(merge("一\n二\n三", "一\n三", "一\n二改\n三"), None);
    }

    fn text() -> impl Strategy<Value = String> {
        proptest::collection::vec("[一二三]{0,2}", 0..6).prop_map(|lines| lines.join("\n"))
    }

    proptest! {
        #[test]
        fn a_diff_keeps_every_character(old in text(), new in text()) {
            let side = |left_out: Mark| -> String {
                chars(&old, &new)
                    .into_iter()
                    .filter(|piece| piece.mark != left_out)
                    .map(|piece| piece.text)
                    .collect()
            };
            prop_assert_eq!(side(Mark::Inserted), old.clone());
            prop_assert_eq!(side(Mark::Deleted), new.clone());
        }

        #[test]
        fn what_one_alone_changed_is_taken(base in text(), mine in text()) {
            prop_assert_eq!(merge(&base, &mine, &base), Some(mine.clone()));
            prop_assert_eq!(merge(&base, &base, &mine), Some(mine.clone()));
            prop_assert_eq!(merge(&base, &mine, &mine), Some(mine));
        }

        #[test]
        fn it_does_not_matter_who_was_first(base in text(), mine in text(), theirs in text()) {
            prop_assert_eq!(merge(&base, &mine, &theirs), merge(&base, &theirs, &mine));
        }
    }
}
