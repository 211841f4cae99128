//! Migrations: `NNNN_<crate>[_what].sql`, numbered without gaps, twins in pairs, all of them listed.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::tree::Tree;

const RULE: &str = "migrations";
const FOLDER: &str = "crates/schema/migrations/";
const LIST: &str = "crates/schema/src/lib.rs";

/// One file: its number, its name without number and ending, and the database it is for, if not for both.
struct Migration<'t> {
    path: &'t str,
    number: u32,
    name: &'t str,
    dialect: Option<&'t str>,
}

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let (migrations, mut findings) = read(tree);
    findings.extend(numbers(&migrations));
    for migration in &migrations {
        let complain = |message: String| Finding::one(RULE, migration.path, message);
        if !tree.has(&format!("crates/{}", owner(migration.name))) {
            findings.push(complain(format!(
                "no crate is called `{}`: a migration's name begins with its tables' owner",
                owner(migration.name)
            )));
        }
        let listed = format!("{:04}_{}", migration.number, migration.name);
        if !tree
            .text(LIST)
            .unwrap_or_default()
            .contains(&format!("\"{listed}\""))
        {
            findings.push(complain(format!(
                "is not listed in {LIST}, so it never runs"
            )));
        }
    }
    findings
}

/// Each table and the crate that owns it: the crate in the name of the migration that makes the table.
pub(super) fn owners(tree: &Tree) -> BTreeMap<String, String> {
    let (migrations, _) = read(tree);
    let mut owners = BTreeMap::new();
    for migration in migrations {
        for table in created_tables(tree.text(migration.path).unwrap_or_default()) {
            owners
                .entry(table)
                .or_insert_with(|| owner(migration.name).to_owned());
        }
    }
    owners
}

fn owner(name: &str) -> &str {
    name.split('_').next().unwrap_or(name)
}

fn created_tables(sql: &str) -> Vec<String> {
    let lines = sql
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default());
    let text = lines.collect::<Vec<_>>().join(" ").to_lowercase();
    let mut tables = Vec::new();
    for (at, _) in text.match_indices("create table ") {
        let rest = text.get(at + "create table ".len()..).unwrap_or_default();
        let rest = rest.trim_start().trim_start_matches("if not exists ");
        tables.extend(super::source::words(rest).next().map(str::to_owned));
    }
    tables
}

fn read(tree: &Tree) -> (Vec<Migration<'_>>, Vec<Finding>) {
    let (mut migrations, mut findings) = (Vec::new(), Vec::new());
    for (path, _) in tree.files() {
        let Some(file) = path.strip_prefix(FOLDER) else {
            continue;
        };
        let (dialect, file) = match file.split_once('/') {
            Some((dialect, file)) => (Some(dialect), file),
            None => (None, file),
        };
        let parts = file
            .strip_suffix(".sql")
            .and_then(|stem| stem.split_once('_'));
        match parts.and_then(|(number, name)| Some((four_digits(number)?, name))) {
            Some((number, name)) if dialect.is_none_or(|d| matches!(d, "sqlite" | "postgres")) => {
                migrations.push(Migration {
                    path,
                    number,
                    name,
                    dialect,
                });
            }
            _ => findings.push(Finding::one(
                RULE,
                path,
                "is not called NNNN_<crate>[_what].sql, here or in sqlite/ and postgres/",
            )),
        }
    }
    (migrations, findings)
}

fn four_digits(text: &str) -> Option<u32> {
    (text.len() == 4).then(|| text.parse().ok())?
}

fn numbers(migrations: &[Migration]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut versions: BTreeMap<u32, Vec<&Migration>> = BTreeMap::new();
    for migration in migrations {
        versions
            .entry(migration.number)
            .or_default()
            .push(migration);
    }
    let mut expected = 1;
    for (number, files) in &versions {
        let Some(first) = files.first() else { continue };
        if *number != expected {
            findings.push(Finding::one(
                RULE,
                first.path,
                format!("number {expected:04} is missing before it"),
            ));
            break;
        }
        expected += 1;
    }
    for files in versions.values() {
        let Some(first) = files.first() else { continue };
        let dialects: BTreeSet<_> = files.iter().map(|file| file.dialect).collect();
        let names: BTreeSet<_> = files.iter().map(|file| file.name).collect();
        let pair = BTreeSet::from([Some("sqlite"), Some("postgres")]);
        let whole = dialects == BTreeSet::from([None]) || dialects == pair;
        if !whole || names.len() > 1 || files.len() != dialects.len() {
            findings.push(Finding::one(RULE, first.path, "a number is one file for both databases, or twins of one name in sqlite/ and postgres/"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{Tree, check, owners};

    const LIST: (&str, &str) = (
        "crates/schema/src/lib.rs",
        "portable!(1, \"0001_platform\"), twins!(2, \"0002_plans_ledger\")",
    );
    const PLANS: (&str, &str) = ("crates/plans/Cargo.toml", "");
    const PLATFORM: (&str, &str) = ("crates/platform/Cargo.toml", "");

    fn complaints(migrations: &[&'static str]) -> Vec<String> {
        let mut files = vec![LIST, PLANS, PLATFORM];
        files.extend(migrations.iter().map(|path| (*path, "")));
        check(&Tree::of(&files))
            .into_iter()
            .map(|finding| finding.message)
            .collect()
    }

    #[test]
    fn a_whole_sequence_is_fine() {
        let found = complaints(&[
            "crates/schema/migrations/0001_platform.sql",
            "crates/schema/migrations/sqlite/0002_plans_ledger.sql",
            "crates/schema/migrations/postgres/0002_plans_ledger.sql",
        ]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn gaps_doubles_and_lone_twins_are_told() {
        assert_eq!(
            complaints(&["crates/schema/migrations/0002_plans_ledger.sql"]).len(),
            1
        );
        assert_eq!(
            complaints(&["crates/schema/migrations/sqlite/0001_platform.sql"]).len(),
            1
        );
        let doubled = complaints(&[
            "crates/schema/migrations/0001_platform.sql",
            "crates/schema/migrations/0001_plans.sql",
        ]);
        assert_eq!(
            doubled.len(),
            2,
            "one number twice, and one of them unlisted: {doubled:?}"
        );
    }

    #[test]
    fn names_carry_a_number_and_a_crate() {
        assert_eq!(
            complaints(&["crates/schema/migrations/1_platform.sql"]).len(),
            1
        );
        assert_eq!(
            complaints(&["crates/schema/migrations/0001_nobody.sql"]).len(),
            2
        );
    }

    #[test]
    fn tables_belong_to_the_crate_in_the_name() {
        let sql = "-- CREATE TABLE not_this (\nCREATE TABLE plan (\n id TEXT);\nCREATE TABLE IF NOT EXISTS task (id TEXT);\nCREATE INDEX plan_x ON plan (id);";
        let owners = owners(&Tree::of(&[(
            "crates/schema/migrations/0001_plans.sql",
            sql,
        )]));
        assert_eq!(
            owners.into_iter().collect::<Vec<_>>(),
            [
                ("plan".to_owned(), "plans".to_owned()),
                ("task".to_owned(), "plans".to_owned())
            ]
        );
    }
}
