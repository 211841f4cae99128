//! The list of 回头看事项, narrowed to a unit or a matter, and what there is to choose from.

use gongkai_basis::id::{OrganId, PlanId, TaskId};
use gongkai_platform::db::{StoreError, Tx, sql};

use super::{Narrow, Whose, corrupt, push_whose, select};
use crate::carried::{Carried, CarriedState};

/// How many of each state, of what a list is narrowed to else.
pub(in crate::carried) async fn states_of(
    tx: &mut Tx,
    whose: Whose<'_>,
    narrow: Narrow,
) -> Result<Vec<(CarriedState, i64)>, StoreError> {
    let narrow = Narrow {
        state: None,
        ..narrow.within(whose)
    };
    let mut statement = sql("SELECT c.state, COUNT(*) AS n FROM carried c WHERE ");
    push_whose(&mut statement, whose, narrow);
    statement.push(" GROUP BY c.state");
    let mut found = Vec::new();
    for row in tx.all(statement).await? {
        let code: String = row.get("state")?;
        let state = CarriedState::from_code(&code).ok_or_else(|| corrupt("state", &code))?;
        found.push((state, row.get("n")?));
    }
    found.sort_by_key(|(state, _)| CarriedState::ALL.iter().position(|it| it == state));
    Ok(found)
}

/// How many rows the list has.
pub(in crate::carried) async fn count_of(
    tx: &mut Tx,
    whose: Whose<'_>,
    narrow: Narrow,
) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM carried c WHERE ");
    push_whose(&mut statement, whose, narrow.within(whose));
    tx.one(statement).await?.get("n")
}

/// One page in the order of last year's plan.
pub(in crate::carried) async fn list_of(
    tx: &mut Tx,
    whose: Whose<'_>,
    narrow: Narrow,
    rows: (i64, i64),
) -> Result<Vec<Carried>, StoreError> {
    select(tx, whose, narrow.within(whose), rows).await
}

/// The units and the matters of a plan, to choose from.
pub(in crate::carried) async fn choices(
    tx: &mut Tx,
    plan: PlanId,
) -> Result<(Vec<(OrganId, String)>, Vec<(TaskId, String)>), StoreError> {
    let organs = sql(
        "SELECT o.id, o.name FROM organ o WHERE o.id IN (SELECT c.organ_id FROM carried c WHERE c.plan_id = $1) \
         ORDER BY LENGTH(o.path), o.position, o.path",
    );
    let organs = tx
        .all(organs.bind(plan))
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("name")?)))
        .collect::<Result<Vec<_>, StoreError>>()?;
    let tasks = sql(
        "SELECT c.old_task_id, MIN(c.text) AS text FROM carried c WHERE c.plan_id = $1 GROUP BY c.old_task_id \
         ORDER BY MIN(c.position), c.old_task_id",
    );
    let tasks = tx
        .all(tasks.bind(plan))
        .await?
        .iter()
        .map(|row| Ok((row.get("old_task_id")?, row.get("text")?)))
        .collect::<Result<Vec<_>, StoreError>>()?;
    Ok((organs, tasks))
}
