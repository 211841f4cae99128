//! One task becomes two, two become one.

use super::EditError;
use crate::draft::content::DraftTask;

/// Where the second part begins, given its first words; in characters. `None` when they do not occur inside the text.
#[must_use]
pub fn position_before(text: &str, words: &str) -> Option<usize> {
    let words = words.trim();
    if words.is_empty() {
        return None;
    }
    let byte = text
        .match_indices(words)
        .map(|(at, _)| at)
        .find(|at| *at > 0)?;
    text.get(..byte).map(|before| before.chars().count())
}

/// Both parts keep the organs; dates and figures go with the part that prints them, or with both.
pub(super) fn split(task: &DraftTask, at: usize) -> Result<(DraftTask, DraftTask), EditError> {
    let head: String = task.text.chars().take(at).collect();
    let tail: String = task.text.chars().skip(at).collect();
    let (head, tail) = (head.trim().to_owned(), tail.trim().to_owned());
    if head.is_empty() || tail.is_empty() {
        return Err(EditError::SplitPoint);
    }
    let mut first = task.clone();
    let mut second = task.clone();
    let stays = |text: &str, own: &str, other: &str| own.contains(text) || !other.contains(text);
    first
        .deadlines
        .retain(|deadline| stays(&deadline.text, &head, &tail));
    second
        .deadlines
        .retain(|deadline| stays(&deadline.text, &tail, &head));
    first
        .quantities
        .retain(|quantity| head.contains(&quantity.text));
    second
        .quantities
        .retain(|quantity| tail.contains(&quantity.text));
    second.number = None;
    first.text = head;
    second.text = tail;
    Ok((first, second))
}

/// The upper one's place and number stay; organs, dates and doubts of both are kept once.
pub(super) fn merge(mut upper: DraftTask, lower: DraftTask) -> DraftTask {
    upper.text.push_str(&lower.text);
    if upper.organ_text != lower.organ_text && !lower.organ_text.is_empty() {
        if !upper.organ_text.is_empty() {
            upper.organ_text.push('；');
        }
        upper.organ_text.push_str(&lower.organ_text);
    }
    for organ in lower.organs {
        if !upper.organs.contains(&organ) {
            upper.organs.push(organ);
        }
    }
    for deadline in lower.deadlines {
        if !upper.deadlines.contains(&deadline) {
            upper.deadlines.push(deadline);
        }
    }
    upper.quantities.extend(lower.quantities);
    for doubt in lower.doubts {
        if !upper.doubts.contains(&doubt) {
            upper.doubts.push(doubt);
        }
    }
    upper
}
