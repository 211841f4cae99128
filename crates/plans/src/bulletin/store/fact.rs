//! The SQL of facts that a draft rests on, as they are now.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx, sql};

/// Ids in one list of a statement.
const IDS_AT_ONCE: usize = 200;

/// A part of a task, as a sentence about its lateness sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::bulletin) struct TaskNow {
    /// Of an active plan, and given to its organ still.
    pub(in crate::bulletin) open: bool,
    pub(in crate::bulletin) finished: bool,
    /// Reported as done, and what proved it is gone or changed.
    pub(in crate::bulletin) reopened: bool,
    pub(in crate::bulletin) due_on: Option<Date>,
}

/// The parts of an office's plans with these ids, as they are now.
pub(in crate::bulletin) async fn tasks(
    tx: &mut Tx,
    office: OrganId,
    ids: &[&str],
) -> Result<BTreeMap<String, TaskNow>, StoreError> {
    let mut found = BTreeMap::new();
    for some in ids.chunks(IDS_AT_ONCE) {
        let mut statement = sql(
            "SELECT a.id, CAST(CASE WHEN p.state = 'active' AND a.state = 'open' THEN 1 ELSE 0 END AS BIGINT) AS open, a.finished + a.reopened AS finished, a.reopened, a.next_due_on \
             FROM assignment a JOIN plan p ON p.id = a.plan_id WHERE p.organ_id = ",
        );
        statement
            .push_value(office)
            .push(" AND a.id IN ")
            .push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            let (open, finished): (i64, i64) = (row.get("open")?, row.get("finished")?);
            let reopened: i64 = row.get("reopened")?;
            let now = TaskNow {
                open: open == 1,
                finished: finished > 0,
                reopened: reopened > 0,
                due_on: row.get("next_due_on")?,
            };
            found.insert(row.get("id")?, now);
        }
    }
    Ok(found)
}
