//! What a query cites: 文号, 索引号 and titles in 《》, each a key of its own whatever stands beside it. All pure.

use gongkai_basis::document_number::{self, Number};

use crate::text::{self, fold};

/// Characters of a query that are looked through: a citation with its title and address is longer than words are.
const CHARS_MAX: usize = 400;
/// What a number was copied with.
const LABELS: [&str; 3] = ["发文字号", "文号", "索引号"];
/// Groups of a whole 索引号 among other words: code, year and serial. A date has as many, and fewer characters.
const INDEX_GROUPS_MIN: usize = 3;
const INDEX_CHARS_MIN: usize = 12;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cited {
    /// Keys of numbers, each once.
    pub(crate) numbers: Vec<String>,
    /// Keys of whole titles.
    pub(crate) titles: Vec<String>,
}

impl Cited {
    pub(crate) fn read(query: &str) -> Self {
        let query: String = query.chars().take(CHARS_MAX).collect();
        let mut numbers = text::asked_numbers(without_label(&query));
        for found in document_number::find(&query) {
            let number = match found.number {
                Number::Document(number) => number.to_string(),
                Number::Order(number) => number.to_string(),
            };
            numbers.extend(text::asked_numbers(&number));
        }
        let among = query.split(|c| !may_stand_in_index(fold(c)));
        for whole in among.filter(|run| is_whole_index(run)) {
            numbers.extend(text::asked_numbers(whole));
        }
        numbers.sort_unstable();
        numbers.dedup();
        Self {
            numbers,
            titles: titles(&query),
        }
    }
}

/// The 文号 and numbers of orders in a folded text, each as it is printed and as it was typed, and what stands around them.
pub(crate) fn parted(text: &str) -> (Vec<String>, String) {
    let chars: Vec<char> = text.chars().collect();
    let slice = |from: usize, to: usize| -> String {
        chars
            .iter()
            .skip(from)
            .take(to.saturating_sub(from))
            .collect()
    };
    let printed = |number: &str| number.chars().map(fold).collect::<String>();
    let (mut numbers, mut rest, mut at) = (Vec::new(), String::new(), 0);
    for found in document_number::find(text) {
        let number = match found.number {
            Number::Document(number) => number.to_string(),
            Number::Order(number) => number.to_string(),
        };
        numbers.extend([printed(&number), slice(found.start, found.end)]);
        rest.push_str(&slice(at, found.start));
        rest.push(' ');
        at = found.end;
    }
    rest.push_str(&slice(at, chars.len()));
    // Without its 号 a number ends where the chunk does.
    let others: Vec<&str> = rest
        .split_whitespace()
        .filter(|chunk| match document_number::read(chunk) {
            Ok((number, _)) => {
                numbers.extend([printed(&number.to_string()), (*chunk).to_owned()]);
                false
            }
            Err(_) => true,
        })
        .collect();
    let others = others.join(" ");
    (numbers, others)
}

fn without_label(query: &str) -> &str {
    let query = query.trim_start();
    let mut after = LABELS.iter().filter_map(|label| query.strip_prefix(label));
    after.next().unwrap_or(query)
}

fn may_stand_in_index(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '-')
}

fn is_whole_index(run: &str) -> bool {
    run.chars().count() >= INDEX_CHARS_MIN && text::groups(run).len() >= INDEX_GROUPS_MIN
}

/// Titles that stand in 《》. Where letters follow at once, the whole is another title: 《…办法》政策解读.
fn titles(query: &str) -> Vec<String> {
    let mut titles = Vec::new();
    for (at, _) in query.match_indices('《') {
        let Some((title, after)) = query
            .get(at..)
            .and_then(|text| text.strip_prefix('《'))
            .and_then(|text| text.split_once('》'))
        else {
            break;
        };
        let key = text::title_key(title);
        if !key.is_empty() && !after.starts_with(char::is_alphanumeric) {
            titles.push(key);
        }
    }
    titles
}

#[cfg(test)]
mod tests {
    use super::{Cited, parted};

    fn numbers(query: &str) -> Vec<String> {
        Cited::read(query).numbers
    }

    #[test]
    fn numbers_are_taken_out_of_what_stands_around_them() {
        for (query, key) in [
            ("文号：安府规〔2026〕31号", "安府规202631"),
            ("发文字号: 安府规[2026]31", "安府规202631"),
            ("根据安府规〔2026〕26号", "安府规202626"),
            ("安府规〔2026〕26号 养老", "安府规202626"),
            ("安澜市人民政府令第38号 养老", "安澜市人民政府令38"),
            (
                "索引号：11990000000000001G/2026-00029",
                "11990000000000001g202600029",
            ),
            (
                "养老 11990000000000001G/2026-00029",
                "11990000000000001g202600029",
            ),
        ] {
            assert!(numbers(query).contains(&key.to_owned()), "{query}");
        }
        // Neither a day nor two years beside words are a number.
        for query in ["2026-09-01 招生", "2025-2026 学年校历", "养老服务"] {
            let with_words = |key: &String| !key.is_ascii();
            assert!(numbers(query).iter().all(with_words), "{query}");
        }
    }

    #[test]
    fn numbers_and_what_stands_around_them_are_parted() {
        for (text, printed, rest) in [
            ("安府规〔2026〕26号 养老", "安府规〔2026〕26号", "养老"),
            ("养老 安府规[2026]26", "安府规〔2026〕26号", "养老"),
            ("国务院令第711号公开条例", "国务院令第711号", "公开条例"),
        ] {
            let (numbers, around) = parted(text);
            assert!(numbers.contains(&printed.to_owned()), "{text}: {numbers:?}");
            assert_eq!(around, rest, "{text}");
        }
        assert_eq!(
            parted("2026年 养老"),
            (Vec::new(), "2026年 养老".to_owned())
        );
    }

    #[test]
    fn a_title_is_cited_where_its_mark_ends_it() {
        let titles = |query: &str| Cited::read(query).titles;
        assert_eq!(
            titles("《（演示）养老办法》（安府规〔2026〕26号），市政府"),
            ["演示养老办法"]
        );
        assert_eq!(titles("《甲办法》、《乙办法》"), ["甲办法", "乙办法"]);
        for none in ["《甲办法》政策解读", "《》", "《甲办法", "甲办法》"] {
            assert!(titles(none).is_empty(), "{none}");
        }
    }
}
