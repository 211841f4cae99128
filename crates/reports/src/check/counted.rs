//! What a person set or wrote beside what the system counts: cells that were adjusted, 信息处理费 in the prose.

use super::Finding;
use crate::amount::half_width;
use crate::draft::Draft;
use crate::form::SECTIONS;
use crate::ledger::Fees;

/// Words of a sentence that no fee was charged.
const NO_FEES: [&str; 9] = [
    "没有收取",
    "未收取",
    "没有收费",
    "未收费",
    "不收取",
    "无收费",
    "没有产生",
    "未产生",
    "无信息处理费",
];

/// As the system counted when it was last asked.
#[must_use]
pub fn counted(draft: &Draft, year: i16) -> Vec<Finding> {
    let moved = draft.cells.iter().filter_map(|(cell, entry)| {
        let (then, now) = entry.moved()?;
        let message = format!(
            "{cell}人工调整为{}，调整后系统统计已由{then}变为{now}，请核对是否仍要调整。",
            entry.value
        );
        let finding = Finding::new("adjusted", message).doubtful();
        Some(finding.cells([*cell]).values(now, &entry.value))
    });
    let fees = draft.told.fees.and_then(|fees| fees_of(draft, fees, year));
    moved.chain(fees).collect()
}

/// 信息处理费 is told in 其他需要报告的事项 (年报格式), and what is told is what was paid.
fn fees_of(draft: &Draft, fees: Fees, year: i16) -> Option<Finding> {
    let mut told = draft.texts.iter().zip(SECTIONS).flat_map(|(text, place)| {
        let sentences = text.split(['。', '；', '\n']).map(str::trim);
        sentences
            .filter(|sentence| sentence.contains("处理费"))
            .map(move |sentence| (place, sentence))
    });
    let Fees { cases, yuan } = fees;
    let fits = |sentence: &str| {
        let amounts = cents(sentence);
        let none = NO_FEES.iter().any(|words| sentence.contains(words));
        match yuan {
            0 => none || amounts.is_empty() || amounts.contains(&0),
            _ => amounts.contains(&(yuan * 100)) || (!none && amounts.is_empty()),
        }
    };
    let (place, sentence) = told.next()?;
    if fits(sentence) || told.any(|(_, other)| fits(other)) {
        return None;
    }
    let message = format!(
        "“{place}”写“{sentence}”，系统统计{year}年收取信息处理费{yuan}元，涉及申请{cases}件，请核对。"
    );
    let said = cents(sentence).first().map_or(0, |cents| cents / 100);
    let finding = Finding::new("fees", message).doubtful();
    Some(finding.place(format!("文字.{place}")).values(yuan, said))
}

/// The amounts of money of a sentence, in hundredths of a yuan.
fn cents(sentence: &str) -> Vec<i64> {
    let sentence = half_width(sentence);
    let amount = |before: &str| {
        let (before, decimals) = match before.strip_suffix('万') {
            Some(before) => (before, 6),
            None => (before, 2),
        };
        let digits =
            before.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
        let written = before.get(digits.len()..)?.replace(',', "");
        let (whole, part) = written.split_once('.').unwrap_or((written.as_str(), ""));
        if whole.is_empty() {
            return None;
        }
        let part: String = part
            .chars()
            .chain(std::iter::repeat('0'))
            .take(decimals)
            .collect();
        format!("{whole}{part}").parse().ok()
    };
    let places = sentence.match_indices('元');
    places
        .filter_map(|(at, _)| amount(sentence.get(..at)?))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Told;

    fn with(text: &str, (cases, yuan): (i64, i64)) -> Vec<Finding> {
        let mut draft = Draft::default();
        text.clone_into(&mut draft.texts[5]);
        draft.told.fees = Some(Fees { cases, yuan });
        counted(&draft, 2026)
    }

    #[test]
    fn what_the_prose_says_of_fees_is_what_was_paid() {
        for (text, fees) in [
            ("", (1, 300)),
            ("2026年没有收取政府信息公开信息处理费。", (0, 0)),
            ("本年度收取信息处理费0元。", (0, 0)),
            (
                "2026年收取政府信息公开信息处理费300元，涉及申请1件。",
                (1, 300),
            ),
            ("收取信息处理费1,2００元，比上年减少200元。", (3, 1_200)),
            ("收取信息处理费0.12万元。", (3, 1_200)),
            ("信息处理费收取情况见下。收取信息处理费300元。", (1, 300)),
        ] {
            assert_eq!(with(text, fees), [], "{text}");
        }
        for (text, fees, said) in [
            ("2026年没有收取政府信息公开信息处理费。", (1, 300), "0"),
            ("收取信息处理费200元。", (1, 300), "200"),
            ("收取信息处理费0.02万元，未超标准。", (0, 0), "200"),
            ("收取信息处理费300.5元。", (1, 300), "300"),
        ] {
            let found = with(text, fees);
            assert_eq!(found.len(), 1, "{text}");
            let (expected, was) = (found[0].expected.as_str(), found[0].found.as_str());
            assert_eq!((expected, was), (&*fees.1.to_string(), said), "{text}");
            assert_eq!(found[0].places, ["文字.六、其他需要报告的事项"]);
        }
        let mut unasked = Draft::default();
        "收取信息处理费200元。".clone_into(&mut unasked.texts[5]);
        assert_eq!(unasked.told, Told::default());
        assert_eq!(counted(&unasked, 2026), [], "nobody has counted");
    }
}
