//! Only `store.rs` files know SQL, and a table is touched by the crate that owns it alone. Tests may look at all.

use std::collections::BTreeMap;

use super::Finding;
use super::migrations::owners;
use super::source::{Piece, Source};
use super::tree::{Tree, crate_of};

const PLACE: &str = "sql-place";
const OWNER: &str = "table-owner";

/// Tables that every capability may join, and only read: the policy's scope is a condition on an organ's path.
const READ_BY_ALL: &[&str] = &["organ"];
/// Parts of the platform that are stores by nature.
const STORES_OF_PLATFORM: &[&str] = &["db", "audit", "job", "files", "session", "scope"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let owners = owners(tree);
    let mut findings = Vec::new();
    for (path, source) in tree.sources() {
        let Some(name) = crate_of(path).filter(|name| *name != "schema") else {
            continue;
        };
        findings.extend(misplaced(path, source));
        findings.extend(strangers(path, name, source, &owners));
    }
    findings
}

/// One finding for a file that holds SQL and is no store; its measure is the number of statements.
fn misplaced(path: &str, source: &Source) -> Option<Finding> {
    if is_store(path) {
        return None;
    }
    let statements: Vec<&Piece> = real(source).filter(|piece| is_sql(&piece.text)).collect();
    let first = statements.first()?;
    Some(
        Finding::one(
            PLACE,
            format!("{path}:{}", first.line),
            "SQL outside a store.rs",
        )
        .key(path)
        .measure(statements.len()),
    )
}

fn strangers(
    path: &str,
    name: &str,
    source: &Source,
    owners: &BTreeMap<String, String>,
) -> Vec<Finding> {
    let mut found: BTreeMap<String, Finding> = BTreeMap::new();
    for piece in real(source) {
        for Touch { table, reads } in touches(&piece.text) {
            let shared = reads && READ_BY_ALL.contains(&table);
            let Some(owner) = owners.get(table).filter(|owner| *owner != name && !shared) else {
                continue;
            };
            let message =
                format!("`{name}` touches the table `{table}`, which belongs to `{owner}`");
            let place = format!("{path}:{}", piece.line);
            found
                .entry(table.to_owned())
                .and_modify(|finding| finding.measure += 1)
                .or_insert_with(|| {
                    Finding::one(OWNER, place, message).key(format!("{path} -> {table}"))
                });
        }
    }
    found.into_values().collect()
}

/// String literals outside tests.
fn real(source: &Source) -> impl Iterator<Item = &Piece> {
    source
        .strings
        .iter()
        .filter(|piece| !source.is_test(piece.line))
}

fn is_store(path: &str) -> bool {
    let Some((_, inside)) = path.split_once("/src/") else {
        return false;
    };
    let rooms = || inside.split('/').map(|room| room.trim_end_matches(".rs"));
    rooms().any(|room| room == "store")
        || (path.starts_with("crates/platform/")
            && rooms().any(|room| STORES_OF_PLATFORM.contains(&room)))
}

fn is_sql(text: &str) -> bool {
    let text = text.trim_start();
    let begins = |words: &str| {
        text.get(..words.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(words))
    };
    let lower = || text.to_lowercase();
    (begins("select ") && lower().contains(" from "))
        || begins("insert into ")
        || begins("delete from ")
        || (begins("update ") && lower().contains(" set "))
        || (begins("with ") && lower().contains(" as (select"))
        || !touches(text).is_empty()
}

/// A table that a statement names.
#[derive(Debug, PartialEq, Eq)]
struct Touch<'s> {
    table: &'s str,
    reads: bool,
}

/// What stands after FROM, INTO, UPDATE and JOIN, also after a comma. Keywords are written in capitals.
fn touches(text: &str) -> Vec<Touch<'_>> {
    let (mut found, mut wanted, mut in_list, mut reads) = (Vec::new(), false, false, true);
    let mut before = "";
    for token in text.split_inclusive([' ', ',', '\n', '\\', '(']) {
        let word = token.trim_matches(|c: char| c.is_whitespace() || ",\\(;)".contains(c));
        if matches!(word, "FROM" | "INTO" | "UPDATE" | "JOIN") {
            (wanted, in_list) = (true, word == "FROM");
            reads = word == "JOIN" || (word == "FROM" && before != "DELETE");
        } else if word.chars().any(|c| c.is_ascii_uppercase()) {
            (wanted, in_list) = (false, in_list && word == "AS");
        } else if wanted && is_name(word) {
            found.push(Touch { table: word, reads });
            wanted = false;
        }
        if in_list && token.ends_with(',') {
            wanted = true;
        }
        if !word.is_empty() {
            before = word;
        }
    }
    found
}

fn is_name(word: &str) -> bool {
    !word.is_empty()
        && word
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::{Tree, check, touches};

    const MIGRATION: (&str, &str) = (
        "crates/schema/migrations/0001_plans.sql",
        "CREATE TABLE plan (id TEXT);\nCREATE TABLE task (id TEXT);",
    );
    const ORGANS: (&str, &str) = (
        "crates/schema/migrations/0002_platform.sql",
        "CREATE TABLE organ (id TEXT);",
    );

    fn keys(files: &[(&str, &str)]) -> Vec<String> {
        let all: Vec<_> = files.iter().copied().chain([MIGRATION, ORGANS]).collect();
        check(&Tree::of(&all))
            .into_iter()
            .map(|finding| format!("{} {}", finding.rule, finding.key))
            .collect()
    }

    fn tables(text: &str) -> Vec<&str> {
        touches(text).into_iter().map(|touch| touch.table).collect()
    }

    #[test]
    fn tables_stand_after_four_words() {
        assert_eq!(
            tables("SELECT a, b FROM plan p, task AS t JOIN organ ON x = y WHERE c IN (1, 2)"),
            ["plan", "task", "organ"]
        );
        assert_eq!(
            tables(
                "INSERT INTO task(id, name) VALUES ($1) ON CONFLICT (id) DO UPDATE SET name = $2"
            ),
            ["task"]
        );
        assert_eq!(
            tables(" FROM plan ORDER BY a, b FOR UPDATE SKIP LOCKED"),
            ["plan"]
        );
        assert_eq!(
            tables("UPDATE plan SET a = (SELECT max(b) \\\n FROM task)"),
            ["plan", "task"]
        );
        assert!(tables("read from plan into task").is_empty());
    }

    #[test]
    fn a_store_may_hold_sql_of_its_own_tables() {
        assert!(
            keys(&[(
                "crates/plans/src/plan/store.rs",
                "const A: &str = \"SELECT id FROM plan\";"
            )])
            .is_empty()
        );
        assert!(
            keys(&[(
                "crates/plans/src/plan/store/list.rs",
                "const A: &str = \"SELECT id FROM plan\";"
            )])
            .is_empty()
        );
    }

    #[test]
    fn other_files_may_not() {
        let text = "const A: &str = \"SELECT id FROM plan\"; const B: &str = \"delete from plan\";";
        assert_eq!(
            keys(&[("crates/plans/src/pages/list.rs", text)]),
            ["sql-place crates/plans/src/pages/list.rs"]
        );
        assert!(
            keys(&[(
                "crates/platform/src/account/session.rs",
                "const A: &str = \"SELECT 1 FROM account\";"
            )])
            .is_empty()
        );
    }

    #[test]
    fn tables_of_others_are_not_touched() {
        let text = "const A: &str = \"SELECT 1 FROM x JOIN task ON y\";";
        assert_eq!(
            keys(&[("crates/requests/src/store.rs", text)]),
            ["table-owner crates/requests/src/store.rs -> task"]
        );
    }

    #[test]
    fn tests_may_look_at_everything() {
        let text = "#[cfg(test)]\nmod tests {\n const A: &str = \"SELECT 1 FROM task\";\n}";
        assert!(keys(&[("crates/requests/src/request.rs", text)]).is_empty());
    }

    #[test]
    fn organs_may_be_joined_and_not_changed() {
        let store = "crates/plans/src/plan/store.rs";
        assert!(
            keys(&[(
                store,
                "const A: &str = \"SELECT 1 FROM plan p JOIN organ o ON a = b\";"
            )])
            .is_empty()
        );
        for change in [
            "UPDATE organ SET a = 1",
            "DELETE FROM organ",
            "INSERT INTO organ (a) VALUES (1)",
        ] {
            assert_eq!(
                keys(&[(store, &format!("const A: &str = \"{change}\";"))]),
                ["table-owner crates/plans/src/plan/store.rs -> organ"]
            );
        }
    }
}
