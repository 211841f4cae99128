//! What the database knows of its own tables after an act that wrote much.

use super::{Db, DbKind};

/// From so many new rows on a table is another one than its statistics describe.
const ROWS_WORTH_IT: usize = 5_000;

impl Db {
    /// Has PostgreSQL look (`VACUUM ANALYZE`) at tables to which an act has just added so many rows, taken together. Until it
    /// does so by itself, minutes later, it plans for the sizes from before, and a list that reads fifty rows walks through all
    /// that came. SQLite goes by its indexes alone, at whatever size, and is left so. Few rows change nothing; what fails is
    /// only noted.
    ///
    /// To be called when the act is committed, and before its answer: the next page is mostly the list of what came.
    pub async fn refresh_statistics(&self, rows: usize, tables: &[&'static str]) {
        if self.kind() == DbKind::Sqlite || rows < ROWS_WORTH_IT || tables.is_empty() {
            return;
        }
        if let Err(error) = self.pools.analyze(tables).await {
            tracing::warn!(?error, ?tables, "statistics were not refreshed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ROWS_WORTH_IT;
    use crate::db::{Db, DbKind, Tx, sql};
    use crate::testing::{self, MovableClock, backends};

    /// How many rows the planner takes the table to have.
    async fn known(db: &Db) -> i64 {
        let asked = match db.kind() {
            DbKind::Postgres => {
                "SELECT CAST(reltuples AS BIGINT) AS n FROM pg_class WHERE relname = 'counted'"
            }
            DbKind::Sqlite => "SELECT COUNT(*) AS n FROM sqlite_master WHERE name = 'sqlite_stat1'",
        };
        db.read(async |tx: &mut Tx| tx.one(sql(asked)).await?.get::<i64>("n"))
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn a_large_act_is_known_to_the_planner_at_once() {
        for backend in backends() {
            let clock = MovableClock::at("2026-03-02T09:00:00+08:00").clock();
            let (db, _guard) = testing::scratch(&backend, clock).await;
            db.upkeep(async |tx: &mut Tx| {
                tx.run(sql("CREATE TABLE counted (n BIGINT)")).await?;
                let rows = (0..ROWS_WORTH_IT).map(|_| [1_i64.into()]);
                tx.insert("INSERT INTO counted (n)", rows, "").await
            })
            .await
            .unwrap();
            db.refresh_statistics(ROWS_WORTH_IT - 1, &["counted"]).await;
            assert!(known(&db).await <= 0, "few rows are not worth it");
            db.refresh_statistics(ROWS_WORTH_IT, &["counted", "no_such_table"])
                .await;
            db.refresh_statistics(ROWS_WORTH_IT, &[]).await;
            db.refresh_statistics(ROWS_WORTH_IT, &["counted"]).await;
            let expected = match db.kind() {
                DbKind::Postgres => i64::try_from(ROWS_WORTH_IT).unwrap(),
                DbKind::Sqlite => 0,
            };
            assert_eq!(known(&db).await, expected, "{:?}", db.kind());
        }
    }
}
