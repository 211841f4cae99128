//! 雷同 as findings, for reports that are no draft of this system.

use super::Finding;
use crate::form::SECTIONS;
use crate::model::Report;
use crate::similar::{Other, compare};

/// Characters of a passage that are quoted.
const QUOTE_CHARS_MAX: usize = 60;

/// Passages that are nearly those of another report, last year's or another unit's.
#[must_use]
pub fn copied(report: &Report, from: &[(&str, &Report)]) -> Vec<Finding> {
    let others: Vec<Other> = from
        .iter()
        .map(|(name, other)| Other {
            name: (*name).to_owned(),
            texts: texts(other),
        })
        .collect();
    let found = compare(&texts(report), &others);
    found
        .pairs
        .into_iter()
        .map(|pair| {
            let part = SECTIONS.get(pair.part).copied().unwrap_or("");
            Finding::new(
                "copied",
                format!(
                    "“{part}”里“{}”与{}的“{}”有{}%相同，请确认不是照抄。",
                    quote(&pair.own),
                    pair.from,
                    quote(&pair.other),
                    pair.share
                ),
            )
            .doubtful()
            .place(format!("文字.{part}"))
            .values("本年的情况", format!("{}%相同", pair.share))
        })
        .collect()
}

fn texts(report: &Report) -> [String; 6] {
    let mut texts: [String; 6] = Default::default();
    for section in &report.sections {
        if let Some(text) = texts.get_mut(section.part) {
            text.push_str(&section.paragraphs.join("\n"));
            text.push('\n');
        }
    }
    texts
}

fn quote(text: &str) -> String {
    let mut short: String = text.chars().take(QUOTE_CHARS_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::copied;
    use crate::sample::{city, city_before};

    #[test]
    fn a_paragraph_of_last_year_is_named_with_both_texts() {
        let (mut report, mut last) = (city(), city_before());
        for section in report.sections.iter_mut().chain(&mut last.sections) {
            section.paragraphs.clear();
        }
        let text = |n: u8| {
            format!(
                "着力提升政策解读质量，坚持政策文件与解读材料同步起草、同步审批、同步发布，全年发布解读材料{n}篇。"
            )
        };
        report.sections[0].paragraphs.push(text(36));
        report.sections[4]
            .paragraphs
            .push("个别单位的公开目录更新不够及时，下一步按月核对。".to_owned());
        last.sections[0].paragraphs.push(text(21));
        let found = copied(&report, &[("上年报告", &last)]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].message.contains("36篇") || found[0].message.contains("同步起草"),
            "{found:?}"
        );
        assert!(copied(&report, &[]).is_empty());
    }
}
