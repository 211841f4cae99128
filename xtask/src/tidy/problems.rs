//! Rows of problems (`const NAME: ProblemRow`): each is used somewhere, and no two share a code.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::source::{Source, words};
use super::tree::Tree;

const RULE: &str = "problem-codes";

struct Row<'t> {
    path: &'t str,
    line: usize,
    name: &'t str,
    code: Option<&'t str>,
}

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let rows: Vec<Row> = tree
        .sources()
        .flat_map(|(path, source)| rows(path, source))
        .collect();
    let used = used(tree, &rows);
    let mut findings = Vec::new();
    let mut codes: BTreeMap<&str, &str> = BTreeMap::new();
    for row in &rows {
        let place = format!("{}:{}", row.path, row.line);
        if !used.contains(row.name) {
            findings.push(Finding::one(
                RULE,
                &place,
                format!("nothing ever answers with the problem {}", row.name),
            ));
        }
        let Some(code) = row.code else { continue };
        if let Some(first) = codes.insert(code, row.name) {
            findings.push(Finding::one(
                RULE,
                &place,
                format!("{} and {first} share the code `{code}`", row.name),
            ));
        }
    }
    findings
}

fn rows<'t>(path: &'t str, source: &'t Source) -> Vec<Row<'t>> {
    let declared = source.code.lines().enumerate().filter_map(|(at, line)| {
        let (before, after) = line.split_once(": ProblemRow =")?;
        let mut before = words(before).skip_while(|word| *word != "const").skip(1);
        after
            .contains("ProblemRow")
            .then(|| before.next())?
            .map(|name| (at + 1, name))
    });
    declared
        .filter(|(line, _)| !source.is_test(*line))
        .map(|(line, name)| {
            // The code is a row's first string.
            let code = source.strings.iter().find(|piece| piece.line >= line);
            Row {
                path,
                line,
                name,
                code: code.map(|piece| piece.text.as_str()),
            }
        })
        .collect()
}

/// Names of rows that stand outside tests and away from their own declaration.
fn used<'t>(tree: &'t Tree, rows: &[Row]) -> BTreeSet<&'t str> {
    let names: BTreeSet<&str> = rows.iter().map(|row| row.name).collect();
    let declared: BTreeSet<(&str, usize)> = rows.iter().map(|row| (row.path, row.line)).collect();
    let mut used = BTreeSet::new();
    for (path, source) in tree.sources() {
        let elsewhere = |line: usize| !source.is_test(line) && !declared.contains(&(path, line));
        let named = source
            .words()
            .filter(|(line, word)| names.contains(word) && elsewhere(*line));
        used.extend(named.map(|(_, word)| word));
    }
    used
}

#[cfg(test)]
mod tests {
    use super::{Tree, check};

    #[test]
    fn unused_and_doubled_codes_are_told() {
        let rows = "impl P {\n pub const GONE: ProblemRow = ProblemRow {\n code: \"gone\",\n };\n pub const STALE: ProblemRow = ProblemRow {\n code: \"gone\",\n };\n}";
        let page = "fn a() { P::STALE }\n#[cfg(test)]\nmod tests { fn b() { P::GONE } }";
        let found = check(&Tree::of(&[
            ("crates/plans/src/problem.rs", rows),
            ("crates/plans/src/pages.rs", page),
        ]));
        let messages: Vec<_> = found
            .iter()
            .map(|finding| finding.message.as_str())
            .collect();
        assert_eq!(
            messages,
            [
                "nothing ever answers with the problem GONE",
                "STALE and GONE share the code `gone`"
            ]
        );
    }
}
