//! Statements that go with the next one: each way to SQLite's thread and back costs more than most statements do.

use super::sql::Sql;
use super::{DbKind, StoreError, Tx};

/// Statements that SQLite is given as one.
const CHAINED_MAX: usize = 12;

impl Tx {
    /// Runs a statement together with the next one, or with the commit at the latest: for what is stored and whose outcome
    /// nobody asks for. Where it is refused, the statement that it went with is.
    pub fn later(&mut self, sql: Sql) {
        self.count();
        self.later.push(sql);
    }

    /// The statement, behind what was to go with it. PostgreSQL has had that when this returns.
    pub(super) async fn with_later(&mut self, sql: Sql) -> Result<Sql, StoreError> {
        self.count();
        if self.chains(self.later.len()) {
            let later = std::mem::take(&mut self.later);
            return Ok(Sql::chained(later.into_iter().chain([sql])));
        }
        self.do_later().await?;
        Ok(sql)
    }

    /// SQLite takes some statements as one; many of one kind are better prepared once and run one by one.
    pub(super) fn chains(&self, statements: usize) -> bool {
        self.kind() == DbKind::Sqlite && (1..=CHAINED_MAX).contains(&statements)
    }

    pub(super) async fn do_later(&mut self) -> Result<(), StoreError> {
        let mut later = std::mem::take(&mut self.later);
        if self.chains(later.len()) {
            later = vec![Sql::chained(later)];
        }
        for sql in later {
            self.execute(sql).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::CHAINED_MAX;
    use crate::db::{Sql, StoreError, Tx, sql};
    use crate::testing::{self, Backend, MovableClock, backends};

    async fn store(backend: &Backend) -> (crate::db::Db, testing::Guard) {
        let clock = MovableClock::at("2026-03-02T09:00:00+08:00").clock();
        testing::scratch(backend, clock).await
    }

    fn slot(kind: &str, slot: i64) -> Sql {
        sql("INSERT INTO job_schedule (kind, slot) VALUES ($1, $2)")
            .bind(kind)
            .bind(slot)
    }

    async fn slots(tx: &mut Tx) -> Result<Vec<(String, i64)>, StoreError> {
        tx.all(sql("SELECT kind, slot FROM job_schedule ORDER BY slot"))
            .await?
            .iter()
            .map(|row| Ok((row.get("kind")?, row.get("slot")?)))
            .collect()
    }

    #[tokio::test]
    async fn what_is_to_come_later_is_there_for_the_next_statement() {
        for backend in backends() {
            let (db, _guard) = store(&backend).await;
            db.upkeep(async |tx: &mut Tx| {
                tx.later(slot("甲", 1));
                tx.insert_later(
                    "INSERT INTO job_schedule (kind, slot)",
                    [["乙".into(), 2_i64.into()], ["丙".into(), 3_i64.into()]],
                    "",
                );
                // One value at two places, and not in the order of the numbers.
                tx.later(
                    sql("UPDATE job_schedule SET slot = slot + $2 WHERE kind = $1 AND slot < $2")
                        .bind("甲")
                        .bind(5_i64),
                );
                let wanted = sql("SELECT kind FROM job_schedule WHERE slot = $1").bind(6_i64);
                assert_eq!(tx.one(wanted).await?.get::<String>("kind")?, "甲");
                tx.later(slot("丁", 7));
                let moved = sql("UPDATE job_schedule SET slot = slot + 10");
                assert_eq!(tx.run(moved).await?, 4, "of this statement alone");
                tx.later(slot("戊", 1));
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
            let found = db.read(slots).await.unwrap();
            let wanted = [("戊", 1), ("乙", 12), ("丙", 13), ("甲", 16), ("丁", 17)];
            assert_eq!(found, wanted.map(|(kind, slot)| (kind.to_owned(), slot)));
        }
    }

    #[tokio::test]
    async fn many_are_there_too() {
        for backend in backends() {
            let (db, _guard) = store(&backend).await;
            let many = i64::try_from(CHAINED_MAX).unwrap() + 1;
            for (round, commits) in [(0, true), (1, false)] {
                db.upkeep(async |tx: &mut Tx| {
                    for number in 0..many {
                        tx.later(slot(&format!("{round}-{number}"), round * many + number));
                    }
                    if !commits {
                        slots(tx).await?;
                    }
                    Ok::<_, StoreError>(())
                })
                .await
                .unwrap();
            }
            let found = db.read(slots).await.unwrap();
            assert_eq!(found.len(), 2 * CHAINED_MAX + 2);
        }
    }

    #[tokio::test]
    async fn a_refusal_meets_whatever_came_next_and_leaves_nothing() {
        for backend in backends() {
            let (db, _guard) = store(&backend).await;
            let with_next = db
                .upkeep(async |tx: &mut Tx| {
                    tx.later(slot("甲", 1));
                    tx.later(slot("甲", 2));
                    slots(tx).await
                })
                .await;
            assert!(with_next.unwrap_err().is_duplicate());
            let with_commit = db
                .upkeep(async |tx: &mut Tx| {
                    tx.later(slot("乙", 1));
                    tx.later(slot("乙", 2));
                    Ok::<_, StoreError>(())
                })
                .await;
            assert!(with_commit.unwrap_err().is_duplicate());
            assert_eq!(db.read(slots).await.unwrap(), []);
        }
    }
}
