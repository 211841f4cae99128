//! What the system drafted and nobody has looked at yet: its marks are for the clerk, never for the public. So is a sentence
//! that stops in the middle.

use super::Finding;
use crate::draft::Draft;
use crate::form::SECTIONS;
use crate::general::MARK;

/// Characters before a cut that a finding quotes.
const QUOTED_CHARS: usize = 12;

#[must_use]
pub fn unseen(draft: &Draft) -> Vec<Finding> {
    let parts = draft.texts.iter().zip(SECTIONS);
    let findings = parts.filter_map(|(text, place)| {
        let n = text.matches(MARK).count();
        let said = format!(
            "“{place}”里还有{n}处系统起草的“{MARK}……】”，请核对、补充，再删去方括号里的话。"
        );
        (n > 0).then(|| Finding::new("draft-mark", said).place(format!("文字.{place}")))
    });
    let mut findings: Vec<Finding> = findings.collect();
    // Part 一 was begun from tasks, whose names may have been cut.
    let general = draft.texts.iter().zip(SECTIONS).next();
    findings.extend(general.and_then(|(text, place)| cut_off(text, place)));
    findings
}

/// A lone … cuts a sentence off; 省略号 are two of them. What stands in the drafts' marks is for the clerk.
fn cut_off(text: &str, place: &str) -> Option<Finding> {
    let outside = text.split(MARK).enumerate().map(|(n, part)| match n {
        0 => part,
        _ => part.split_once('】').map_or("", |(_, behind)| behind),
    });
    let outside: Vec<char> = outside.flat_map(str::chars).collect();
    let is = |at: usize| outside.get(at) == Some(&'…');
    let cuts: Vec<usize> = (0..outside.len())
        .filter(|at| is(*at) && !is(at + 1) && at.checked_sub(1).is_none_or(|before| !is(before)))
        .collect();
    let first = *cuts.first()?;
    let quoted: String = outside
        .get(first.saturating_sub(QUOTED_CHARS)..=first)?
        .iter()
        .collect();
    let said = format!(
        "“{place}”里有{}处没有写完的话（“{}”），请补全或者删去。",
        cuts.len(),
        quoted.trim()
    );
    Some(Finding::new("cut-off", said).place(format!("文字.{place}")))
}

#[cfg(test)]
mod tests {
    use super::unseen;
    use crate::draft::Draft;

    #[test]
    fn a_sentence_that_stops_in_the_middle_is_told() {
        let codes = |text: &str| -> Vec<(&'static str, String)> {
            let mut draft = Draft::default();
            text.clone_into(&mut draft.texts[0]);
            let found = unseen(&draft);
            found
                .into_iter()
                .map(|one| (one.code, one.message))
                .collect()
        };
        let said = codes("已完成：标清存量文件的效力状态，实…；整合栏目和历史数据…。");
        assert_eq!(
            said,
            [(
                "cut-off",
                "“一、总体情况”里有2处没有写完的话（“清存量文件的效力状态，实…”），请补全或者删去。"
                    .to_owned()
            )]
        );
        assert!(codes("公开预算、决算……等信息。").is_empty());
        // In the clerk's brackets they go with the brackets.
        let said = codes("写好。【草稿：佐证：很长的名称…。写好后删去方括号里的话】");
        assert_eq!(said.len(), 1);
        assert_eq!(said[0].0, "draft-mark");
    }
}
