//! Storing many rows by few statements.

use super::sql::{Sql, Value};
use super::{DbKind, Pending, Tx};

/// Values in one statement. For each statement that stores several rows SQLite keeps copies of the pages it touches, to undo
/// it, so long ones cost less; both databases allow far more, but longer ones gain nothing.
const VALUES_AT_ONCE: usize = 2_000;

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
    let mut values: Vec<Value> = rows.into_iter().flatten().collect();
    let mut statements = Vec::new();
    while !values.is_empty() {
        let rest = values.split_off(values.len().min(VALUES_AT_ONCE / N * N));
        let text = text(kind, head, (values.len(), N), tail);
        statements.push(Sql { text, values });
        values = rest;
    }
    statements
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
