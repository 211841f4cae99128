//! The maps are true: GLOSSARY.md and docs/law/tested.md list identifiers that exist, ARCHITECTURE.md names every crate and no others.

use std::collections::BTreeSet;

use super::Finding;
use super::source::words;
use super::tree::Tree;

const GLOSSARY: &str = "GLOSSARY.md";
/// Names the tests of each paragraph of the law.
const TESTED: &str = "docs/law/tested.md";
const ARCHITECTURE: &str = "ARCHITECTURE.md";
/// Documents whose paths in backticks must exist.
const GUIDES: &[&str] = &[
    ARCHITECTURE,
    GLOSSARY,
    "CONTRIBUTING.md",
    "README.md",
    "README.zh-CN.md",
];
/// The folders of the project; a path in backticks that begins with one is a claim.
const FOLDERS: &[&str] = &[
    ".ci/",
    "crates/",
    "docs/",
    "front/",
    "packaging/",
    "samples/",
    "xtask/",
];
/// Made by builds, so not in the tree.
const BUILT: &[&str] = &["front/dist", "front/node_modules"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    [identifiers(tree), crates(tree), paths(tree)].concat()
}

/// In each row of the tables of the glossary and of what tests the law, the second column holds identifiers in backticks.
fn identifiers(tree: &Tree) -> Vec<Finding> {
    let known = known_words(tree);
    let rows = |document: &'static str| {
        lines(tree, document).map(move |(number, line)| (document, number, line))
    };
    let mut findings = Vec::new();
    for (document, number, line) in rows(GLOSSARY).chain(rows(TESTED)) {
        let Some(cell) = line.strip_prefix('|').and_then(|row| row.split('|').nth(1)) else {
            continue;
        };
        for identifier in backticked(cell) {
            let missing = words(identifier).any(|word| !known.contains(word));
            if missing {
                findings.push(Finding::one(
                    "glossary",
                    format!("{document}:{number}"),
                    format!("`{identifier}` is no identifier in the code"),
                ));
            }
        }
    }
    findings
}

fn known_words(tree: &Tree) -> BTreeSet<&str> {
    let code = tree
        .sources()
        .filter(|(path, _)| path.starts_with("crates/"));
    let mut known: BTreeSet<&str> = code
        .flat_map(|(_, source)| source.words().map(|(_, word)| word))
        .collect();
    let tables = tree
        .files()
        .filter(|(path, _)| path.starts_with("crates/") && path.ends_with(".sql"));
    known.extend(tables.flat_map(|(_, text)| text.lines().flat_map(words)));
    known
}

fn crates(tree: &Tree) -> Vec<Finding> {
    if tree.text(ARCHITECTURE).is_none() {
        return vec![Finding::one("architecture", ARCHITECTURE, "is missing")];
    }
    let named: BTreeSet<&str> = lines(tree, ARCHITECTURE)
        .flat_map(|(_, line)| backticked(line))
        .filter_map(|path| path.strip_prefix("crates/")?.split('/').next())
        .collect();
    let unnamed = tree
        .crates()
        .into_iter()
        .filter(|name| !named.contains(name));
    unnamed
        .map(|name| {
            Finding::one(
                "architecture",
                ARCHITECTURE,
                format!("says nothing of `crates/{name}`"),
            )
        })
        .collect()
}

fn paths(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for guide in GUIDES {
        for (number, line) in lines(tree, guide) {
            for path in backticked(line).filter(|path| is_claim(path)) {
                if !tree.has(path) {
                    findings.push(Finding::one(
                        "architecture",
                        format!("{guide}:{number}"),
                        format!("`{path}` does not exist"),
                    ));
                }
            }
        }
    }
    findings
}

fn is_claim(path: &str) -> bool {
    FOLDERS.iter().any(|folder| path.starts_with(folder))
        && !BUILT.iter().any(|built| path.starts_with(built))
        // A pattern is no path.
        && !path.contains(['*', '<', '{', '…', ' '])
}

fn lines<'t>(tree: &'t Tree, path: &str) -> impl Iterator<Item = (usize, &'t str)> {
    (1..).zip(tree.text(path).unwrap_or_default().lines())
}

/// What stands between backticks.
fn backticked(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::{Tree, check};

    fn complaints(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files))
            .into_iter()
            .map(|finding| finding.message)
            .collect()
    }

    #[test]
    fn the_glossary_and_the_tests_of_the_law_list_what_exists() {
        let found = complaints(&[
            ("ARCHITECTURE.md", "`crates/basis`"),
            (
                "crates/basis/src/id.rs",
                "pub struct OrganId(Uuid); // PlanId",
            ),
            (
                "GLOSSARY.md",
                "| Term | Identifier | Source |\n|---|---|---|\n| 机关 | `OrganId` | |\n| 方案 | `PlanId`, `plan::read` | |",
            ),
            (
                "docs/law/tested.md",
                "| once (30) | `OrganId`, `asked_once` |",
            ),
        ]);
        assert_eq!(
            found,
            [
                "`PlanId` is no identifier in the code",
                "`plan::read` is no identifier in the code",
                "`asked_once` is no identifier in the code"
            ]
        );
    }

    #[test]
    fn the_map_names_every_crate_and_no_other() {
        let found = complaints(&[
            (
                "ARCHITECTURE.md",
                "`crates/basis` and `crates/nowhere/src`, built into `front/dist`",
            ),
            ("crates/basis/src/lib.rs", ""),
            ("crates/plans/src/lib.rs", ""),
        ]);
        assert_eq!(
            found,
            [
                "says nothing of `crates/plans`",
                "`crates/nowhere/src` does not exist"
            ]
        );
    }
}
