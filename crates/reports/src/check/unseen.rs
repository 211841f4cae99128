//! What the system drafted and nobody has looked at yet: its marks are for the clerk, never for the public. So is a sentence
//! that stops in the middle.

use super::Finding;
use crate::draft::Draft;
use crate::form::SECTIONS;
use crate::general::MARK;
use crate::model::Report;

/// Characters before a cut that a finding quotes.
const QUOTED_CHARS: usize = 12;

#[must_use]
pub fn unseen(draft: &Draft) -> Vec<Finding> {
    let parts = draft.texts.iter().zip(SECTIONS);
    let findings = parts.filter_map(|(text, place)| marked(text, place));
    let mut findings: Vec<Finding> = findings.collect();
    // Part 一 was begun from tasks, whose names may have been cut.
    let general = draft.texts.iter().zip(SECTIONS).next();
    findings.extend(general.and_then(|(text, place)| cut_off(text, place)));
    findings
}

/// The same marks in a report that is a file: it was taken out as a draft.
#[must_use]
pub fn marks(report: &Report) -> Vec<Finding> {
    let parts = report.sections.iter();
    let found = parts.filter_map(|part| {
        // A layout may have broken a mark over lines.
        let text = part.paragraphs.concat();
        marked(&text, SECTIONS.get(part.part).copied().unwrap_or_default())
    });
    found.collect()
}

fn marked(text: &str, place: &str) -> Option<Finding> {
    let n = text.matches(MARK).count();
    let said =
        format!("“{place}”里还有{n}处系统起草的“{MARK}……】”，请核对、补充，再删去方括号里的话。");
    (n > 0).then(|| Finding::new("draft-mark", said).place(format!("文字.{place}")))
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
    use super::{marks, unseen};
    use crate::draft::Draft;
    use crate::model::Report;

    #[test]
    fn a_file_that_was_taken_out_as_a_draft_is_told() {
        let mut report = Report::blank("安澜市", 2026);
        assert!(marks(&report).is_empty());
        let text = "全年公开文件12件。【草稿：核对以后删去】【草稿：补充】".to_owned();
        let broken = ["写好。【草".to_owned(), "稿：请补充】".to_owned()];
        report.sections[0].paragraphs.push(text);
        report.sections[0].paragraphs.extend(broken);
        let found = marks(&report);
        assert_eq!((found.len(), found[0].code), (1, "draft-mark"));
        assert!(found[0].message.contains("3处"), "{}", found[0].message);
    }

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
