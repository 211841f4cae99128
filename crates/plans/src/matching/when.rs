//! Phrases that say when, how often, how many: 3个工作日内, 每年至少1次, 2026年6月底前. They are compared as dates, limits and
//! figures; that two tasks both say 3个工作日内 does not make them one.

/// How often, the longer words first.
const OFTEN: [&str; 18] = [
    "第一季度",
    "第二季度",
    "第三季度",
    "第四季度",
    "每个工作日",
    "每工作日",
    "每半年",
    "每季度",
    "每两月",
    "按季度",
    "每年",
    "每月",
    "每周",
    "每日",
    "每天",
    "全年",
    "按月",
    "按周",
];
const AT_LEAST: [&str; 3] = ["不少于", "至少", "最少"];
/// What is counted, the longer words first.
const UNITS: [&str; 14] = [
    "个工作日",
    "小时",
    "个月",
    "年",
    "月",
    "日",
    "天",
    "次",
    "场",
    "期",
    "%",
    "％",
    "个",
    "项",
];
const PARTS: [&str; 4] = ["上旬", "中旬", "下旬", "底"];
const ENDS: [&str; 3] = ["之内", "内", "前"];
/// A single character is no such phrase.
const CHARS_MIN: usize = 2;

/// The text with a comma in the place of each such phrase.
pub(super) fn without(text: &str) -> String {
    let mut left = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after = skip(rest);
        let phrase = rest.strip_suffix(after).unwrap_or("");
        if phrase.chars().count() >= CHARS_MIN {
            left.push('，');
            rest = after;
        } else {
            left.push(first);
            rest = rest.strip_prefix(first).unwrap_or("");
        }
    }
    left
}

/// What is left after the phrase at the beginning, if there is one.
fn skip(text: &str) -> &str {
    let mut rest = one_of(text, &OFTEN).unwrap_or(text);
    rest = one_of(rest, &AT_LEAST).unwrap_or(rest);
    while let Some(after) = counted(rest) {
        rest = after;
    }
    rest = one_of(rest, &PARTS).unwrap_or(rest);
    one_of(rest, &ENDS).unwrap_or(rest)
}

fn one_of<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    words.iter().find_map(|word| text.strip_prefix(word))
}

/// A figure with its unit.
fn counted(text: &str) -> Option<&str> {
    let is_digit = |c: char| c.is_ascii_digit() || "一二两三四五六七八九十".contains(c);
    let after = text.trim_start_matches(is_digit);
    (after.len() < text.len())
        .then(|| one_of(after, &UNITS))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn what_says_when_and_how_many_is_left_out() {
        for (text, left) in [
            ("印发后3个工作日内发布", "印发后，发布"),
            ("每年至少参加1次业务培训", "，参加，业务培训"),
            ("不少于12场", "，"),
            ("2026年6月底前标清", "，标清"),
            ("领导小组每季度通报", "领导小组，通报"),
            // A lone character is a word like others.
            ("内部前期底数", "内部前期底数"),
            ("三审三校，一事一议", "三审三校，一事一议"),
            ("", ""),
        ] {
            assert_eq!(without(text), left);
        }
    }
}
