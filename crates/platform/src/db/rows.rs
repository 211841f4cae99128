//! Storing many rows by few statements.

use super::sql::{Sql, Value};
use super::{DbKind, Pending, Tx};

/// Values in one statement. Both databases allow far more. For each statement that stores several rows SQLite keeps copies of
/// the pages it touches, to undo it, and finds its place in each index anew: an import of 40,000 rows takes a tenth less by
/// statements of this length than by those of a quarter of it, and hardly less by longer ones. PostgreSQL gains nothing, and
/// each of its connections would keep what it prepared.
const fn values_at_once(kind: DbKind) -> usize {
    match kind {
        DbKind::Sqlite => 8_000,
        DbKind::Postgres => 2_000,
    }
}

impl Tx {
    /// Stores rows: `head` is `INSERT INTO … (…)`, each row has a value for each of its columns, and `tail` ends the
    /// statement (`ON CONFLICT …`, or nothing). Gives how many were stored.
    ///
    /// # Errors
    /// When the database refuses a statement.
    pub fn insert<const N: usize>(
        &mut self,
        head: &'static str,
        rows: impl IntoIterator<Item = [Value; N]>,
        tail: &'static str,
    ) -> Pending<'_, u64> {
        let statements = statements(self.kind(), head, rows, tail);
        Box::pin(async move {
            let mut stored = 0;
            for statement in statements {
                stored += self.run(statement).await?;
            }
            Ok(stored)
        })
    }
}

fn statements<const N: usize>(
    kind: DbKind,
    head: &'static str,
    rows: impl IntoIterator<Item = [Value; N]>,
    tail: &'static str,
) -> Vec<Sql> {
    let mut rows = rows.into_iter();
    let rows_at_once = (values_at_once(kind) / N).max(1);
    let mut statements = Vec::new();
    loop {
        // Taken as they come: to split them off a list of all would copy the rest of it for each statement.
        let values: Vec<Value> = rows.by_ref().take(rows_at_once).flatten().collect();
        if values.is_empty() {
            return statements;
        }
        let text = text(kind, head, (values.len(), N), tail);
        statements.push(Sql { text, values });
    }
}

/// The statement for so many values in rows of so many. SQLite's placeholders bear no numbers here: it looks names up one
/// after the other, for each value anew.
fn text(kind: DbKind, head: &str, (values, columns): (usize, usize), tail: &str) -> String {
    let mut text = format!("{head} VALUES ");
    for nth in 0..values {
        text.push_str(match (nth, nth % columns) {
            (0, _) => "(",
            (_, 0) => "), (",
            _ => ", ",
        });
        match kind {
            DbKind::Sqlite => text.push('?'),
            DbKind::Postgres => text.push_str(&format!("${}", nth + 1)),
        }
    }
    text + ") " + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_parted_into_statements_and_none_is_lost() {
        for kind in [DbKind::Sqlite, DbKind::Postgres] {
            let at_once = values_at_once(kind) / 3;
            for n in [0, 1, at_once - 1, at_once, at_once + 1, 3 * at_once] {
                let rows = (0_i64..)
                    .take(n)
                    .map(|nth| [nth.into(), 7_i64.into(), "".into()]);
                let made = statements(kind, "INSERT INTO triple (a, b, c)", rows, "");
                assert_eq!(made.len(), n.div_ceil(at_once), "{kind:?} {n}");
                let firsts = made.iter().flat_map(|one| one.values.iter().step_by(3));
                let expected: Vec<Value> = (0_i64..).take(n).map(Value::from).collect();
                assert_eq!(firsts.cloned().collect::<Vec<_>>(), expected);
                assert!(
                    made.iter()
                        .all(|one| one.values.len() <= values_at_once(kind))
                );
            }
        }
    }

    #[test]
    fn a_statement_has_a_placeholder_for_each_value() {
        assert_eq!(
            text(DbKind::Sqlite, "INSERT INTO pair (a, b)", (4, 2), ""),
            "INSERT INTO pair (a, b) VALUES (?, ?), (?, ?) "
        );
        assert_eq!(
            text(
                DbKind::Postgres,
                "INSERT INTO pair (a, b)",
                (4, 2),
                "ON CONFLICT DO NOTHING"
            ),
            "INSERT INTO pair (a, b) VALUES ($1, $2), ($3, $4) ON CONFLICT DO NOTHING"
        );
    }
}
