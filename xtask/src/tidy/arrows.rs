//! Five floors: basis ← {platform, office ← reading, typeset, search, inspect} ← capabilities ← gongkai ← journeys; `schema` is a leaf.
//! And heavy libraries stay in the one crate that is there for them; tests may look with any.

use super::Finding;
use super::tree::Tree;

const RULE: &str = "arrows";

/// Which crates may name a library in their manifest.
const KEEPERS: &[(&str, &[&str])] = &[
    ("sqlx", &["platform", "schema"]),
    ("typst", &["typeset"]),
    ("typst-layout", &["typeset"]),
    ("typst-pdf", &["typeset"]),
    ("calamine", &["office"]),
    ("cfb", &["office"]),
    ("docx-rs", &["office"]),
    ("lopdf", &["office"]),
    ("quick-xml", &["office"]),
    ("rust_xlsxwriter", &["office"]),
    ("rwml", &["office"]),
    ("scraper", &["office"]),
    ("tantivy", &["search"]),
];

/// The workspace crates that one may stand on.
fn may_stand_on(name: &str, other: &str) -> bool {
    match name {
        "basis" | "schema" => false,
        "platform" => matches!(other, "basis" | "schema"),
        "office" | "typeset" | "search" | "inspect" => other == "basis",
        "reading" => other == "office",
        "gongkai" => other != "journeys",
        "journeys" => true,
        _capability => matches!(
            other,
            "basis" | "platform" | "office" | "reading" | "search" | "inspect"
        ),
    }
}

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in tree.crates() {
        let path = format!("crates/{name}/Cargo.toml");
        let Some(manifest) = tree.text(&path) else {
            findings.push(Finding::one(
                RULE,
                &path,
                "a folder in crates/ without a manifest",
            ));
            continue;
        };
        match dependencies(manifest) {
            Ok(dependencies) => findings.extend(dependencies.iter().filter_map(|dependency| {
                let message = judge(name, dependency)?;
                Some(
                    Finding::one(RULE, &path, message)
                        .key(format!("{name} -> {}", dependency.package)),
                )
            })),
            Err(error) => findings.push(Finding::one(
                RULE,
                &path,
                format!("cannot be read: {error}"),
            )),
        }
    }
    findings.extend(outsiders(tree));
    findings
}

fn judge(name: &str, dependency: &Dependency) -> Option<String> {
    if let Some(other) = workspace_crate(&dependency.package) {
        return (other != name && !may_stand_on(name, other))
            .then(|| format!("`{name}` must not depend on `{other}` (five floors, capabilities never import each other)"));
    }
    let (library, keepers) = KEEPERS
        .iter()
        .find(|(library, _)| *library == dependency.package)?;
    let tests = dependency.tests_only || name == "journeys";
    (!tests && !keepers.contains(&name))
        .then(|| format!("only {} may use `{library}`", keepers.join(" and ")))
}

/// xtask builds in seconds because it links nothing of the product.
fn outsiders(tree: &Tree) -> Vec<Finding> {
    let path = "xtask/Cargo.toml";
    let dependencies = tree
        .text(path)
        .map(dependencies)
        .and_then(Result::ok)
        .unwrap_or_default();
    let ours = dependencies
        .iter()
        .filter_map(|dependency| workspace_crate(&dependency.package));
    ours.map(|other| {
        Finding::one(
            RULE,
            path,
            format!("xtask must not link `{other}`; run it as a command"),
        )
    })
    .collect()
}

fn workspace_crate(package: &str) -> Option<&str> {
    if package == "gongkai" {
        Some(package)
    } else {
        package.strip_prefix("gongkai-")
    }
}

/// A package that a manifest names.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Dependency {
    package: String,
    tests_only: bool,
}

/// From every table of dependencies, also those for tests, builds and single targets.
fn dependencies(manifest: &str) -> Result<Vec<Dependency>, toml::de::Error> {
    let manifest: toml::Table = manifest.parse()?;
    let mut tables = vec![&manifest];
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    tables.extend(
        targets
            .into_iter()
            .flat_map(|targets| targets.values().filter_map(toml::Value::as_table)),
    );
    let mut found = Vec::new();
    for table in tables {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let named = table
                .get(kind)
                .and_then(toml::Value::as_table)
                .into_iter()
                .flatten();
            found.extend(named.map(|(name, about)| Dependency {
                package: package(name, about),
                tests_only: kind == "dev-dependencies",
            }));
        }
    }
    found.sort_unstable();
    // For tests as well as for real: what is for real counts, and sorts first.
    found.dedup_by(|later, earlier| later.package == earlier.package);
    Ok(found)
}

/// A renamed dependency is still the package it is.
fn package(name: &str, about: &toml::Value) -> String {
    let renamed = about.get("package").and_then(toml::Value::as_str);
    renamed.unwrap_or(name).to_owned()
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
    fn capabilities_never_import_each_other() {
        let found = complaints(&[
            (
                "crates/plans/Cargo.toml",
                "[dependencies]\ngongkai-platform.workspace = true\n",
            ),
            (
                "crates/requests/Cargo.toml",
                "[dependencies]\ngongkai-plans = { path = \"../plans\" }\n",
            ),
        ]);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("`requests` must not depend on `plans`"),
            "{found:?}"
        );
    }

    #[test]
    fn lower_floors_do_not_look_up_even_in_tests_or_under_another_name() {
        let found = complaints(&[(
            "crates/basis/Cargo.toml",
            "[dev-dependencies]\nshell = { package = \"gongkai-platform\", path = \"../platform\" }\n",
        )]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(
            complaints(&[(
                "crates/office/Cargo.toml",
                "[target.'cfg(unix)'.dependencies]\ngongkai-platform.workspace = true\n"
            )])
            .len(),
            1
        );
    }

    #[test]
    fn the_binary_stands_on_all_and_journeys_on_the_binary() {
        let all = "[dependencies]\ngongkai-basis.workspace = true\ngongkai-plans.workspace = true\ngongkai-schema.workspace = true\ngongkai-typeset.workspace = true\n";
        assert!(complaints(&[("crates/gongkai/Cargo.toml", all)]).is_empty());
        assert!(
            complaints(&[(
                "crates/journeys/Cargo.toml",
                "[dependencies]\ngongkai.workspace = true\n"
            )])
            .is_empty()
        );
        assert_eq!(
            complaints(&[(
                "crates/plans/Cargo.toml",
                "[dependencies]\ngongkai-typeset.workspace = true\n"
            )])
            .len(),
            1
        );
    }

    #[test]
    fn heavy_libraries_have_one_home() {
        let found = complaints(&[(
            "crates/plans/Cargo.toml",
            "[dependencies]\nsqlx.workspace = true\n",
        )]);
        assert_eq!(found, ["only platform and schema may use `sqlx`"]);
        assert!(
            complaints(&[(
                "crates/typeset/Cargo.toml",
                "[dev-dependencies]\nlopdf.workspace = true\n"
            )])
            .is_empty()
        );
    }

    #[test]
    fn xtask_links_nothing_of_the_product() {
        assert_eq!(
            complaints(&[(
                "xtask/Cargo.toml",
                "[dependencies]\ngongkai-plans.workspace = true\n"
            )])
            .len(),
            1
        );
    }
}
