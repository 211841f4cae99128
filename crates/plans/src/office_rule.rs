//! What an office sets for its own papers: patterns of numbers, who approves bulletins.

pub mod store;

/// The longest pattern of numbers, in characters.
const PATTERN_CHARS_MAX: usize = 30;

/// `督〔2026〕3号` from a pattern with `{year}` and `{n}`.
#[must_use]
pub fn number(pattern: &str, year: i16, n: i64) -> String {
    pattern
        .replace("{year}", &year.to_string())
        .replace("{n}", &n.to_string())
}

/// What is wrong with a pattern of numbers.
#[must_use]
pub fn pattern_fault(pattern: &str, example: &str) -> Option<String> {
    let complete = pattern.contains("{n}") && pattern.contains("{year}");
    (!complete || pattern.chars().count() > PATTERN_CHARS_MAX).then(|| {
        format!("编号格式须同时含有 {{year}} 和 {{n}}，最多{PATTERN_CHARS_MAX}字，如“{example}”。")
    })
}
