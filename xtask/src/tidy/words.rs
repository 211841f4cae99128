//! What never goes in: unfinished work, ignored tests, the paths of one machine.

use super::Finding;
use super::source::words;
use super::tree::Tree;

const UNFINISHED: &str = "unfinished";
const MACHINE: &str = "machine-path";

/// Marks in comments that put work off. Split, so that this file does not hold them.
const MARKS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("X", "XX"),
];
/// Macros that stand for work not done; code never names them, so plain words are safe here.
const MACROS: &[&str] = &["todo", "unimplemented"];
/// Where people's homes lie.
const HOMES: &[&str] = &[
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
];

/// `checkout` is where this working tree lies: no file may know it.
pub(super) fn check(tree: &Tree, checkout: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, source) in tree.sources() {
        let complain = |line: usize, message: String| {
            Finding::one(UNFINISHED, format!("{path}:{line}"), message)
        };
        for (at, line) in (1..).zip(source.code.lines()) {
            let unfinished = MACROS
                .iter()
                .find(|name| line.contains(&format!("{name}!")));
            findings
                .extend(unfinished.map(|name| complain(at, format!("`{name}!` is work not done"))));
            if line.contains("#[ignore") {
                findings.push(complain(at, "an ignored test protects nothing: assert today's behaviour and say why it is wrong".into()));
            }
        }
        for comment in &source.comments {
            let mark = words(&comment.text).find(|word| MARKS.contains(word));
            findings.extend(mark.map(|mark| {
                complain(comment.line, format!("{mark}: finish it or write an issue"))
            }));
        }
    }
    for (path, text) in tree.files() {
        for (at, line) in (1..).zip(text.lines()) {
            let known = HOMES
                .iter()
                .copied()
                .chain([checkout])
                .filter(|known| known.len() > 1);
            findings.extend(known.filter(|known| names(line, known)).map(|known| {
                Finding::one(
                    MACHINE,
                    format!("{path}:{at}"),
                    format!("`{known}` is a path of one machine"),
                )
            }));
        }
    }
    findings
}

/// As the beginning of a path, not as the middle of a longer one or of an address.
fn names(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || "./-_})]".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::{Tree, check};

    fn complaints(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)]), "/srv/checkout")
            .into_iter()
            .map(|finding| finding.message)
            .collect()
    }

    #[test]
    fn unfinished_work_is_told() {
        assert_eq!(complaints("a.rs", "fn a() { todo!() }").len(), 1);
        assert_eq!(
            complaints("a.rs", "#[test]\n#[ignore = \"slow\"]\nfn a() {}").len(),
            1
        );
        assert_eq!(complaints("a.rs", concat!("// TO", "DO later")).len(), 1);
        assert!(complaints("a.rs", "let a = \"todo!\"; // the todo list").is_empty());
    }

    #[test]
    fn paths_of_machines_are_told() {
        assert_eq!(
            complaints("README.md", concat!("see /ho", "me/somebody/notes")).len(),
            1
        );
        assert_eq!(complaints("a.sh", "cd /srv/checkout").len(), 1);
        assert!(
            complaints(
                "a.md",
                concat!("https://example.org/ho", "me/page and a/ro", "ot/b")
            )
            .is_empty()
        );
    }
}
