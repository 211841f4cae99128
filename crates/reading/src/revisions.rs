//! Prints with tracked changes: 删除[张三]:, 设置格式[张三]: stand in the margin, and come between the words.

use super::assign::Assigned;
use super::event::Doubt;
use super::text::{Mark, part, plain};

/// Longest name in the bracket of such a note, in characters.
const NAME_MAX: usize = 10;
/// Longest word before it, in characters.
const WORD_MAX: usize = 4;

/// Doubts the items between whose words such notes stand.
pub(crate) fn doubt(items: &mut [Assigned]) {
    for assigned in items {
        let marked = has_note(&assigned.item.text)
            || has_note(&assigned.item.source)
            || assigned.units.iter().any(|units| has_note(&units.text));
        if marked {
            assigned.item.doubts.push(Doubt::Revisions);
        }
    }
}

/// 删除[张三]:
fn has_note(run: &[Mark]) -> bool {
    const WORDS: &[&str] = &["删除", "插入", "批注", "设置格式", "带格式的", "带格式"];
    let opens = run.iter().enumerate().filter(|(_, m)| m.fold == '[');
    let mut places = opens.map(|(at, _)| at);
    places.any(|at| {
        let word = plain(part(run, at.saturating_sub(WORD_MAX), at));
        let inner = part(run, at + 1, at + NAME_MAX + 2);
        let close = inner.iter().position(|m| m.fold == ']');
        let colon =
            close.is_some_and(|close| run.get(at + close + 2).is_some_and(|m| m.fold == ':'));
        colon && WORDS.iter().any(|w| word.ends_with(w))
    })
}

#[cfg(test)]
mod tests {
    use super::super::text::run;
    use super::*;

    #[test]
    fn notes_of_tracked_changes() {
        for text in [
            "公开专题对删除[张三]:沙龙接会",
            "公开预算设置格式[李四]:字体:加粗，决算",
            "省删除【王五】：办理",
        ] {
            assert!(has_note(&run(text)), "{text}");
        }
        for text in [
            "删除过期信息〔见附件〕：",
            "县财政局[牵头]:公开",
            "规范设置格式",
            "批注[张三]",
        ] {
            assert!(!has_note(&run(text)), "{text}");
        }
    }
}
