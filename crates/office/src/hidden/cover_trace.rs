//! What a copy still says of covered words, where no reader of this system looks: charts, SmartArt, links, names of other parts.
//!
//! A chart keeps the cells that it draws as words of its own.

use std::collections::{BTreeSet, HashSet};

use quick_xml::XmlVersion;

use super::cannot_clean;
use super::dom::Element;
use super::repack::Parts;
use super::word::is_story;
use crate::block::Unreadable;
use crate::count::is_cjk;
use crate::limits::Limits;

/// Letters without Chinese ones among them that say something of somebody.
const LETTERS_MIN: usize = 4;
/// Attributes that show words, in parts whose text is read.
const SHOWN: [&str; 4] = ["descr", "title", "alt", "tooltip"];

/// The words of a piece that these changes cover, without white space: each run of words with something covered in it, and what
/// was covered of it. Numbers by themselves are not among them.
pub(super) fn traces(old: &str, new: &str) -> BTreeSet<String> {
    let both: Vec<(char, bool)> = old
        .chars()
        .zip(new.chars())
        .filter(|(old, _)| !old.is_whitespace())
        .map(|(old, new)| (old, old != new))
        .collect();
    let mut traces = BTreeSet::new();
    for run in both.split(|(c, _)| !is_word(*c)) {
        if run.iter().any(|(_, covered)| *covered) {
            traces.insert(text(run));
        }
    }
    let mut start = 0;
    for stretch in both.chunk_by(|one, next| one.1 == next.1) {
        let end = start + stretch.len();
        let covered = stretch.iter().all(|(c, covered)| *covered && is_hanzi(*c));
        if covered && stretch.len() > 1 {
            traces.insert(text(stretch));
        } else if covered {
            // One character tells nothing: with its neighbour it is a name.
            let before = start.checked_sub(1).and_then(|from| both.get(from..end));
            let pairs = [before, both.get(start..=end)];
            let pairs = pairs.into_iter().flatten();
            let names = pairs.filter(|pair| pair.iter().all(|(c, _)| is_hanzi(*c)));
            traces.extend(names.map(text));
        }
        start = end;
    }
    traces.retain(|trace| is_telling(trace));
    traces
}

/// Letters, digits, and what stands inside names, addresses and numbers.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '@' | '.' | '_' | '-' | '·' | '•' | '+')
}

fn is_hanzi(c: char) -> bool {
    c.is_alphabetic() && is_cjk(c)
}

fn text(part: &[(char, bool)]) -> String {
    part.iter().map(|(c, _)| *c).collect()
}

fn is_telling(trace: &str) -> bool {
    let is_number = trace.chars().all(|c| c.is_ascii_digit());
    let least = if trace.is_ascii() { LETTERS_MIN } else { 2 };
    !is_number && trace.chars().count() >= least
}

/// Looks for the words in what nobody reads.
///
/// # Errors
/// [`Unreadable`] where a part has some of them; the sentence names it.
pub(super) fn prove_unsaid(
    copy: &[u8],
    traces: &BTreeSet<String>,
    limits: &Limits,
) -> Result<(), Unreadable> {
    if traces.is_empty() {
        return Ok(());
    }
    let parts = Parts::open(copy, limits)?;
    for name in parts.names().filter(|name| is_looked_at(name)) {
        let is_read = is_read(name);
        let said = match parts.xml(name, limits) {
            Ok(Some(root)) => words(&root, is_read),
            // What is read was parsed before.
            _ if is_read => String::new(),
            _ => parts.text(name).unwrap_or_default(),
        };
        if has_one(&said, traces) {
            let place = place(name, is_read);
            return Err(cannot_clean(&format!(
                "被遮盖的内容还在{place}里（{name}）"
            )));
        }
    }
    Ok(())
}

/// XML, but not lists of fonts and colours, whose names are like those of people.
fn is_looked_at(name: &str) -> bool {
    let lower = name.to_lowercase();
    let is_xml = [".xml", ".rels", ".vml"]
        .iter()
        .any(|ending| lower.ends_with(ending));
    let is_looks = ["/theme/", "/fonttable", "/styles"]
        .iter()
        .any(|part| lower.contains(part));
    is_xml && !is_looks
}

/// The text of these parts is read as the file's own.
fn is_read(name: &str) -> bool {
    let lower = name.to_lowercase();
    let is_sheet = ["xl/worksheets/", "xl/drawings/drawing"]
        .iter()
        .any(|start| lower.starts_with(start));
    is_story(name)
        || (is_sheet && lower.ends_with(".xml"))
        || matches!(lower.as_str(), "xl/workbook.xml" | "xl/sharedstrings.xml")
}

fn place(name: &str, is_read: bool) -> &'static str {
    if is_read {
        "图片、图形或链接的说明文字"
    } else if name.contains("/charts/") {
        "图表"
    } else if name.contains("/diagrams/") {
        "SmartArt 图形"
    } else {
        "文件的其他部分"
    }
}

/// Text and attributes without white space; of a part that is read only the attributes that show words.
fn words(root: &Element, is_read: bool) -> String {
    let mut said = if is_read { String::new() } else { root.text() };
    root.walk(&mut |element| {
        for attribute in element.tag.attributes().with_checks(false).flatten() {
            let key = attribute.key.0.rsplit(':').next().unwrap_or_default();
            if is_read && !SHOWN.contains(&key) {
                continue;
            }
            if let Ok(value) = attribute.normalized_value(XmlVersion::Implicit1_0) {
                // A quotation mark parts it from the one before.
                said.push('"');
                said.push_str(&value);
            }
        }
    });
    said.retain(|c| !c.is_whitespace());
    said
}

/// Only what begins like something there is looked for: a list may cover very many names.
fn has_one(said: &str, traces: &BTreeSet<String>) -> bool {
    let pairs: HashSet<(char, char)> = said.chars().zip(said.chars().skip(1)).collect();
    let begins = |trace: &str| {
        let mut chars = trace.chars();
        let pair = chars.next().zip(chars.next());
        pair.is_some_and(|pair| pairs.contains(&pair))
    };
    traces
        .iter()
        .any(|trace| begins(trace) && said.contains(trace.as_str()))
}

#[cfg(test)]
mod tests {
    use super::traces;

    #[test]
    fn what_is_covered_is_looked_for_with_what_stands_around_it() {
        let found = |old: &str, new: &str| traces(old, new).into_iter().collect::<Vec<_>>();
        assert_eq!(found("张伟", "张*"), ["张伟"]);
        assert_eq!(found("组长：张 伟。", "组长：张 *。"), ["张伟"]);
        assert_eq!(found("欧阳修文", "欧***"), ["欧阳修文", "阳修文"]);
        assert_eq!(
            found("zhangwei@163.com", "zha*****@163.com"),
            ["zhangwei@163.com"]
        );
        assert_eq!(found("东湖路12号", "东湖路***"), ["东湖路12号"]);
        // Numbers are told from measures by their length, and looked for by themselves.
        assert!(found("13800138000", "138****8000").is_empty());
        assert!(found("张伟", "张伟").is_empty());
    }
}
