//! The SQL of the tasks of other plans that belong to one.

use gongkai_basis::id::{PlanId, TaskId};
use gongkai_platform::db::{StoreError, Tx, sql};

use super::standing;
use crate::assignment::light::Standing;
use crate::matching::{Cover, Turn};
use crate::pairing::PairKind;
use crate::plan::store::corrupt;

/// A task of another plan that belongs to one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relative {
    /// The plan whose pair it is: the newer or lower one.
    pub pair_plan: PlanId,
    /// The older or upper task of the two.
    pub old: TaskId,
    pub year: i64,
    pub government: String,
    pub number: Option<i64>,
    pub text: String,
    pub standing: Standing,
    pub turn: Turn,
    pub cover: Cover,
}

/// Which relatives of a task are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Last year's, or the upper plan's.
    Old,
    /// This year's, or the lower plans'.
    New,
}

/// A task's relatives of one kind on one side. Refused links do not count.
///
/// # Errors
/// When the store fails.
pub async fn relatives(
    tx: &mut Tx,
    task: TaskId,
    kind: PairKind,
    side: Side,
    rows: i64,
) -> Result<Vec<Relative>, StoreError> {
    // Who keeps an upper plan is not whose plan it is.
    const COLUMNS: &str = "SELECT q.new_plan_id, l.old_task_id, p.year, CASE WHEN p.state = 'upper' THEN COALESCE(p.issuer, g.name) ELSE g.name END AS government_name, t.number, t.text, t.finished, t.reopened, t.next_due_on, l.turn, l.cover \
        FROM task_link l JOIN plan_pair q ON q.id = l.pair_id ";
    let mut statement = sql(COLUMNS);
    statement.push(match side {
        Side::Old => "JOIN task t ON t.id = l.old_task_id ",
        Side::New => "JOIN task t ON t.id = l.new_task_id ",
    });
    statement.push("JOIN plan p ON p.id = t.plan_id JOIN organ g ON g.id = p.government_id WHERE l.state <> 'refused' AND t.state = 'open' AND p.state IN ('active', 'upper') AND q.kind = ");
    statement.push_value(kind.code());
    statement.push(match side {
        Side::Old => " AND l.new_task_id = ",
        Side::New => " AND l.old_task_id = ",
    });
    statement
        .push_value(task)
        .push(" ORDER BY LENGTH(g.path), g.position, g.id, t.position, t.id LIMIT ")
        .push_value(rows);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let (turn, cover): (String, String) = (row.get("turn")?, row.get("cover")?);
            Ok(Relative {
                pair_plan: row.get("new_plan_id")?,
                old: row.get("old_task_id")?,
                year: row.get("year")?,
                government: row.get("government_name")?,
                number: row.get("number")?,
                text: row.get("text")?,
                standing: standing(row)?,
                turn: Turn::from_code(&turn).ok_or_else(|| corrupt("turn", &turn))?,
                cover: Cover::from_code(&cover).ok_or_else(|| corrupt("cover", &cover))?,
            })
        })
        .collect()
}
