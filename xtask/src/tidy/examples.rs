//! Examples in documentation run: a crate whose manifest leaves such tests out, because there were none and looking for
//! them takes long, has none.

use super::Finding;
use super::tree::Tree;

const RULE: &str = "examples";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let silent = |name: &&str| {
        let manifest = tree.text(&format!("crates/{name}/Cargo.toml"));
        manifest.is_some_and(|text| text.lines().any(|line| line.trim() == "doctest = false"))
    };
    let folders = tree.crates().into_iter().filter(silent);
    let folders: Vec<String> = folders.map(|name| format!("crates/{name}/src/")).collect();
    let mut findings = Vec::new();
    for (path, text) in tree.files() {
        if !folders.iter().any(|folder| path.starts_with(folder)) {
            continue;
        }
        let begins = |line: &str| {
            let line = line.trim_start();
            line.starts_with("/// ```") || line.starts_with("//! ```")
        };
        if let Some(at) = text.lines().position(begins) {
            let place = format!("{path}:{}", at + 1);
            let message = "an example that never runs: take `doctest = false` out of the manifest";
            findings.push(Finding::one(RULE, place, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    const SILENT: &str = "[lib]\ndoctest = false\n";
    const EXAMPLE: &str = "/// ```\n/// assert_eq!(1 + 1, 2);\n/// ```\npub fn two() {}\n";

    #[test]
    fn an_example_that_never_runs_is_found() {
        let tree = |manifest| {
            Tree::of(&[
                ("crates/plans/Cargo.toml", manifest),
                ("crates/plans/src/lib.rs", EXAMPLE),
            ])
        };
        let places = |tree: &Tree| -> Vec<String> {
            check(tree)
                .into_iter()
                .map(|finding| finding.place)
                .collect()
        };
        assert_eq!(places(&tree(SILENT)), ["crates/plans/src/lib.rs:1"]);
        assert!(places(&tree("[package]\n")).is_empty());
    }
}
