//! Which jobs the operator's page lists.

use super::{Job, JobState};
use crate::db::{Sql, StoreError, Tx, containing, sql};

/// A round of recurring work: queued by the clock, with nothing of its own to do and for nobody.
pub(super) const ROUND: &str =
    "(owner_id IS NULL AND payload = 'null' AND kind IN (SELECT kind FROM job_schedule))";

/// How much of the recurring work is listed. What fails or waits always is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// All work but the rounds that ended well.
    Work,
    Rounds,
    All,
}

impl Shown {
    /// Code and name of each, the usual one first.
    pub(super) const OPTIONS: [(&'static str, &'static str); 3] = [
        ("", "不列正常结束的"),
        ("rounds", "只看定时作业"),
        ("all", "全部列出"),
    ];

    pub(super) fn from_code(code: &str) -> Self {
        match code {
            "rounds" => Self::Rounds,
            "all" => Self::All,
            _ => Self::Work,
        }
    }
}

/// What the operator looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filter {
    pub(super) shown: Shown,
    pub(super) state: Option<JobState>,
    /// Part of the title; blank does not filter.
    pub(super) text: String,
}

impl Filter {
    /// Appends the condition.
    fn narrow(&self, statement: &mut Sql) {
        match self.shown {
            Shown::Work => statement
                .push("NOT (state = 'done' AND ")
                .push(ROUND)
                .push(")"),
            Shown::Rounds => statement.push(ROUND),
            Shown::All => statement.push("1 = 1"),
        };
        if let Some(state) = self.state {
            statement.push(" AND state = ").push_value(state.code());
        }
        if !self.text.is_empty() {
            // Latin letters of either size are the same, on both databases.
            statement
                .push(" AND lower(title) LIKE lower(")
                .push_value(containing(&self.text))
                .push(") ESCAPE '!'");
        }
    }
}

/// One page of the jobs, newest first, and the count of all that match.
pub(super) async fn search(
    tx: &mut Tx,
    filter: &Filter,
    offset: i64,
    rows: i64,
) -> Result<(Vec<Job>, i64), StoreError> {
    let mut count = sql("SELECT COUNT(*) AS n FROM job WHERE ");
    filter.narrow(&mut count);
    let total = tx.one(count).await?.get("n")?;
    let mut page = sql("SELECT * FROM job WHERE ");
    filter.narrow(&mut page);
    page.push(" ORDER BY created_at DESC, id DESC LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    let jobs = tx.all(page).await?;
    let jobs = jobs.iter().map(Job::from_row);
    Ok((jobs.collect::<Result<_, _>>()?, total))
}
