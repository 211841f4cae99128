//! Two texts side by side, and three brought together.

use std::time::Duration;

use similar::{ChangeTag, TextDiff, TextMerge};

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

/// What changed from one text to another, in reading order: character by character, neighbours of one fate joined.
#[must_use]
pub fn diff(old: &str, new: &str) -> Vec<Piece> {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_chars(old, new);
    let mut pieces: Vec<Piece> = Vec::new();
    for change in diff.iter_all_changes() {
        let mark = match change.tag() {
            ChangeTag::Equal => Mark::Same,
            ChangeTag::Insert => Mark::Inserted,
            ChangeTag::Delete => Mark::Deleted,
        };
        match pieces.last_mut() {
            Some(last) if last.mark == mark => last.text.push_str(change.value()),
            _ => pieces.push(Piece {
                mark,
                text: change.value().to_owned(),
            }),
        }
    }
    pieces
}

/// A text that two people changed at once: both their changes where they touch different paragraphs, `None` where they
/// touch the same one and a person has to choose.
#[must_use]
pub fn merge(base: &str, mine: &str, theirs: &str) -> Option<String> {
    if mine == theirs || theirs == base {
        return Some(mine.to_owned());
    }
    if mine == base {
        return Some(theirs.to_owned());
    }
    // Lines are compared with their ends; without one the last line never equals the same line in the middle.
    let whole = |text: &str| format!("{text}\n");
    let (base, mine, theirs) = (whole(base), whole(mine), whole(theirs));
    let merged = TextMerge::from_lines(&base, &mine, &theirs);
    (!merged.is_conflicted()).then(|| merged.to_string().trim_end_matches('\n').to_owned())
}

#[cfg(test)]
mod tests {
    use super::{diff, merge};

    fn shown(old: &str, new: &str) -> String {
        diff(old, new)
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
    fn a_diff_keeps_every_character() {
        assert_eq!(
            shown("已公开规章5件", "已公开规章8件。"),
            "已公开规章[-5][+8]件[+。]"
        );
        assert_eq!(shown("", "新"), "[+新]");
        assert_eq!(shown("旧", "旧"), "旧");
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
        assert_eq!(merge(base, base, theirs).unwrap(), theirs);
        assert_eq!(merge(base, mine, base).unwrap(), mine);
    }

    #[test]
    fn changes_to_one_paragraph_want_a_person() {
        assert_eq!(merge("调研", "调研完成", "调研取消"), None);
    }
}
