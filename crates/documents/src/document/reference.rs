//! 《…》（文号） in a text, held against the own library: a title with another's number, or a number with another's title.
//!
//! Law: 党政机关公文处理工作条例 art. 19: what a paper quotes is checked against its source.

use gongkai_inspect::{Confidence, Finding, Kind};
use gongkai_platform::db::{StoreError, Tx};

use super::store;

/// References of one text that are looked up.
const LOOKED_UP_MAX: usize = 100;
/// Documents of the library that share a title or number with one of them.
const KNOWN_MAX: i64 = 2_000;
/// Characters between the brackets of a number.
const NUMBER_CHARS_MAX: usize = 40;

/// A title with the number behind it, as the text has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    title: String,
    number: String,
    /// First character, and one past the last.
    span: (usize, usize),
}

/// A number without its kinds of brackets and blanks.
pub(super) fn plain(number: &str) -> String {
    number.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn references(text: &str) -> Vec<Reference> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut open = None;
    for (at, c) in chars.iter().enumerate() {
        match c {
            '《' if open.is_none() => open = Some(at),
            '\n' => open = None,
            '》' => {
                let rest = chars.get(at + 1..).unwrap_or_default();
                if let (Some(from), Some(behind)) = (open.take(), number_behind(rest)) {
                    let title = chars.get(from + 1..at).unwrap_or_default();
                    found.push(Reference {
                        title: title.iter().collect(),
                        span: (from, at + 1 + behind.1),
                        number: behind.0,
                    });
                }
            }
            _ => {}
        }
    }
    found
}

/// （安府规〔2026〕3号） at the start, and how many characters it takes.
fn number_behind(chars: &[char]) -> Option<(String, usize)> {
    if !matches!(chars.first()?, '（' | '(') {
        return None;
    }
    let end = chars
        .iter()
        .take(NUMBER_CHARS_MAX)
        .position(|c| matches!(c, '）' | ')'))?;
    let number: String = chars.get(1..end)?.iter().collect();
    let number = number.trim();
    let whole = number.ends_with('号') && number.contains('〔');
    whole.then(|| (number.to_owned(), end + 1))
}

/// The references of a text that are looked up.
#[must_use]
pub fn in_text(text: &str) -> Vec<Reference> {
    let mut references = references(text);
    references.truncate(LOOKED_UP_MAX);
    references
}

/// What the own library says otherwise.
///
/// # Errors
/// When the store fails.
pub async fn findings(tx: &mut Tx, references: &[Reference]) -> Result<Vec<Finding>, StoreError> {
    if references.is_empty() {
        return Ok(Vec::new());
    }
    let titles: Vec<&str> = references.iter().map(|one| one.title.as_str()).collect();
    let numbers: Vec<&str> = references.iter().map(|one| one.number.as_str()).collect();
    let known = store::known_as(tx, (&titles, &numbers), KNOWN_MAX).await?;
    let finding = |one: &Reference| {
        let (confidence, advice) = otherwise(one, &known)?;
        let (start, end) = one.span;
        Some(Finding {
            start,
            end,
            kind: Kind::Reference,
            confidence,
            text: format!("《{}》（{}）", one.title, one.number),
            advice,
        })
    };
    Ok(references.iter().filter_map(finding).collect())
}

/// `known` are titles and numbers of the library, the newest first.
fn otherwise(one: &Reference, known: &[(String, String)]) -> Option<(Confidence, String)> {
    let is_number = |number: &str| plain(number) == plain(&one.number);
    if known
        .iter()
        .any(|(title, number)| *title == one.title && is_number(number))
    {
        return None;
    }
    if let Some((title, _)) = known.iter().find(|(_, number)| is_number(number)) {
        let advice = format!("本库里这个文号是《{title}》，请核对标题。");
        return Some((Confidence::High, advice));
    }
    // An older text of the same title may have had the number.
    let (_, number) = known
        .iter()
        .find(|(title, number)| *title == one.title && !number.is_empty())?;
    let advice = format!("本库里《{}》的文号是{number}，请核对文号。", one.title);
    Some((Confidence::Low, advice))
}

#[cfg(test)]
mod tests {
    use gongkai_inspect::Confidence;

    use super::{otherwise, references};

    #[test]
    fn titles_with_numbers_are_read_with_their_places() {
        let text = "按《甲办法》（安府规〔2026〕3号）和《乙规定》、《丙》（试行）办理。";
        let found = references(text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].title, "甲办法");
        assert_eq!(found[0].number, "安府规〔2026〕3号");
        let (start, end) = found[0].span;
        let passage: String = text.chars().skip(start).take(end - start).collect();
        assert_eq!(passage, "《甲办法》（安府规〔2026〕3号）");
        assert!(references("《甲（安府规〔2026〕3号）").is_empty());
    }

    #[test]
    fn the_right_one_is_named() {
        let one = references("《甲办法》（安府规〔2026〕3号）").remove(0);
        let pair = |title: &str, number: &str| (title.to_owned(), number.to_owned());
        assert_eq!(otherwise(&one, &[]), None);
        assert_eq!(
            otherwise(&one, &[pair("甲办法", "安府规〔2026〕3号")]),
            None
        );
        let (sure, advice) = otherwise(&one, &[pair("乙办法", "安府规〔2026〕3号")]).unwrap();
        assert!(sure == Confidence::High && advice.contains("乙办法"));
        let (sure, advice) = otherwise(&one, &[pair("甲办法", "安府规〔2025〕9号")]).unwrap();
        assert!(sure == Confidence::Low && advice.contains("〔2025〕9号"));
    }
}
