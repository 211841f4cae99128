//! Files and functions of a size that one can hold in mind.

use super::Finding;
use super::source::{Source, is_test_path};
use super::tree::Tree;

/// Lines of a file, inline tests aside.
const FILE_LINES_NOTED: usize = 500;
const FILE_LINES_MAX: usize = 800;
const FUNCTION_LINES_MAX: usize = 70;
/// Names that gather what belongs nowhere.
const ATTICS: &[&str] = &[
    "utils", "util", "common", "helpers", "helper", "manager", "misc",
];
const CODE: &[&str] = &["rs", "js", "mjs", "ts", "css", "html", "sql"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, lines) in lengths(tree) {
        if lines > FILE_LINES_MAX {
            findings.push(
                Finding::one(
                    "file-lines",
                    path,
                    format!(
                        "{lines} lines; at most {FILE_LINES_MAX}: split it by verb, then by noun"
                    ),
                )
                .measure(lines),
            );
        }
        if path.split('/').any(|part| ATTICS.contains(&stem(part))) {
            findings.push(Finding::one(
                "names",
                path,
                "a name that says nothing; name the noun",
            ));
        }
    }
    for (path, source) in tree.sources().filter(|(path, _)| !is_test_path(path)) {
        for function in source.functions() {
            let (length, line) = (function.length(), *function.lines.start());
            if length > FUNCTION_LINES_MAX && !source.is_test(line) {
                findings.push(
                    Finding::one(
                        "function-lines",
                        format!("{path}:{line}"),
                        format!(
                            "`{}` has {length} lines; at most {FUNCTION_LINES_MAX}",
                            function.name
                        ),
                    )
                    .key(format!("{path} {}", function.name))
                    .measure(length),
                );
            }
        }
    }
    findings
}

/// Files that grow towards the limit.
pub(super) fn warnings(tree: &Tree) -> Vec<String> {
    lengths(tree)
        .filter(|(_, lines)| (FILE_LINES_NOTED + 1..=FILE_LINES_MAX).contains(lines))
        .map(|(path, lines)| {
            format!("{path} has {lines} lines; split it before it reaches {FILE_LINES_MAX}")
        })
        .collect()
}

fn lengths(tree: &Tree) -> impl Iterator<Item = (&str, usize)> {
    let code = tree.files().filter(|(path, _)| {
        path.rsplit_once('.')
            .is_some_and(|(_, ending)| CODE.contains(&ending))
    });
    // Samples are what foreign documents look like; nobody reads them as code.
    code.filter(|(path, _)| !path.starts_with("samples/"))
        .map(|(path, text)| {
            let source = tree.source(path);
            (
                path,
                source.map_or_else(|| text.lines().count(), Source::length),
            )
        })
}

fn stem(part: &str) -> &str {
    part.split('.').next().unwrap_or(part)
}

#[cfg(test)]
mod tests {
    use super::{FILE_LINES_MAX, FILE_LINES_NOTED, FUNCTION_LINES_MAX, Tree, check, warnings};

    fn file(lines: usize) -> String {
        "//\n".repeat(lines)
    }

    #[test]
    fn a_file_at_the_limit_passes_and_one_line_more_does_not() {
        let path = "crates/plans/src/plan.rs";
        assert!(check(&Tree::of(&[(path, &file(FILE_LINES_MAX))])).is_empty());
        let found = check(&Tree::of(&[(path, &file(FILE_LINES_MAX + 1))]));
        assert_eq!(
            (found[0].rule, found[0].measure),
            ("file-lines", FILE_LINES_MAX + 1)
        );
        assert_eq!(
            warnings(&Tree::of(&[(path, &file(FILE_LINES_NOTED + 1))])).len(),
            1
        );
        assert!(warnings(&Tree::of(&[(path, &file(FILE_LINES_NOTED))])).is_empty());
    }

    #[test]
    fn a_function_at_the_limit_passes_and_one_line_more_does_not() {
        let function = |lines: usize| format!("fn long() {{\n{}}}\n", "x;\n".repeat(lines - 2));
        let path = "crates/plans/src/plan.rs";
        assert!(check(&Tree::of(&[(path, &function(FUNCTION_LINES_MAX))])).is_empty());
        let found = check(&Tree::of(&[(path, &function(FUNCTION_LINES_MAX + 1))]));
        assert_eq!(found[0].key, "crates/plans/src/plan.rs long");
        assert!(
            check(&Tree::of(&[(
                "crates/plans/src/plan/tests.rs",
                &function(200)
            )]))
            .is_empty()
        );
    }

    #[test]
    fn attics_are_refused() {
        assert_eq!(
            check(&Tree::of(&[("crates/plans/src/utils.rs", "")])).len(),
            1
        );
        assert_eq!(
            check(&Tree::of(&[("crates/plans/src/common/date.rs", "")])).len(),
            1
        );
    }
}
