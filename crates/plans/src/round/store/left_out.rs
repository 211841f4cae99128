//! The SQL of what a round asks for and does not hold yet.

use gongkai_basis::id::OrganId;
use gongkai_platform::db::{Sql, StoreError, Tx, sql};

use crate::assignment::AssignmentState;
use crate::plan::store::corrupt;
use crate::round::{Round, SubmissionState};

/// Open parts `a` of the plan that the round asks for and that are in no row of it.
fn push_outside(statement: &mut Sql, round: &Round) {
    statement
        .push(" WHERE a.plan_id = ")
        .push_value(round.plan)
        .push(" AND a.state = 'open'");
    if !round.cooperating {
        statement.push(" AND a.role <> 'cooperate'");
    }
    statement
        .push(" AND NOT EXISTS (SELECT 1 FROM round_row w WHERE w.round_id = ")
        .push_value(round.id.to_string())
        .push(" AND w.assignment_id = a.id)");
}

/// Appends sums by unit that together are what [`push_outside`] finds there: the parts that the round asks for and those in it
/// that it would not ask for any more, less all that are in it. Every row of a round is a part of its plan and of the row's
/// unit, so that two walks along indexes do for a search among the rows for each part.
fn push_balance(statement: &mut Sql, round: &Round) {
    let id = round.id.to_string();
    let push_inside = |statement: &mut Sql| {
        statement
            .push("EXISTS (SELECT 1 FROM round_row w WHERE w.round_id = ")
            .push_value(&id)
            .push(" AND w.assignment_id = a.id)");
    };
    statement
        .push("SELECT a.organ_id, COUNT(*) AS n FROM assignment a WHERE a.plan_id = ")
        .push_value(round.plan)
        .push(" AND a.state = 'open'");
    if !round.cooperating {
        statement.push(" AND (a.role <> 'cooperate' OR ");
        push_inside(statement);
        statement.push(")");
    }
    statement
        .push(" GROUP BY a.organ_id UNION ALL SELECT a.organ_id, COUNT(*) FROM assignment a WHERE a.plan_id = ")
        .push_value(round.plan)
        .push(" AND a.state IN ")
        .push_list(AssignmentState::NOT_OPEN.map(AssignmentState::code))
        .push(" AND ");
    push_inside(statement);
    statement
        .push(" GROUP BY a.organ_id UNION ALL SELECT w.organ_id, -COUNT(*) FROM round_row w WHERE w.round_id = ")
        .push_value(&id)
        .push(" GROUP BY w.organ_id");
}

/// A unit with parts that came to it since the round was opened and are not in the round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    pub organ: OrganId,
    pub organ_name: String,
    /// Where its submission stands; `None`: it owed nothing so far.
    pub state: Option<SubmissionState>,
    pub rows: i64,
}

impl Outside {
    /// It has not handed in, so that more rows change nothing that was done.
    #[must_use]
    pub fn still_owes(&self) -> bool {
        self.state.is_none_or(SubmissionState::waits_for_unit)
    }
}

/// What of the plan is not in a round, by unit.
///
/// # Errors
/// When the store fails.
pub async fn outside(tx: &mut Tx, round: &Round) -> Result<Vec<Outside>, StoreError> {
    let mut statement = sql(
        "SELECT u.organ_id, o.name AS organ_name, s.state, u.n FROM (SELECT e.organ_id, CAST(SUM(e.n) AS BIGINT) AS n FROM (",
    );
    push_balance(&mut statement, round);
    statement
        .push(") e GROUP BY e.organ_id HAVING SUM(e.n) > 0) u JOIN organ o ON o.id = u.organ_id LEFT JOIN round_submission s ON s.organ_id = u.organ_id AND s.round_id = ")
        .push_value(round.id.to_string())
        .push(" ORDER BY o.position, o.name, o.id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let state: Option<String> = row.get("state")?;
            Ok(Outside {
                organ: row.get("organ_id")?,
                organ_name: row.get("organ_name")?,
                state: state
                    .map(|code| {
                        SubmissionState::from_code(&code).ok_or_else(|| corrupt("state", &code))
                    })
                    .transpose()?,
                rows: row.get("n")?,
            })
        })
        .collect()
}

/// Gives each unit, or each of some, the rows that it owes and has not yet, and each such unit its submission; gives how
/// many rows were new.
pub(in crate::round) async fn fill(
    tx: &mut Tx,
    round: &Round,
    units: Option<&[OrganId]>,
) -> Result<u64, StoreError> {
    let mut rows = sql("INSERT INTO round_row (round_id, organ_id, assignment_id) SELECT ");
    rows.push_value(round.id.to_string())
        .push(", a.organ_id, a.id FROM assignment a");
    push_outside(&mut rows, round);
    if let Some(units) = units {
        rows.push(" AND a.organ_id IN ")
            .push_list(units.iter().copied());
    }
    rows.push(" ON CONFLICT (round_id, assignment_id) DO NOTHING");
    let new = tx.run(rows).await?;
    tx.run(
        sql("INSERT INTO round_submission (round_id, organ_id, state, version) \
             SELECT DISTINCT w.round_id, w.organ_id, 'draft', 1 FROM round_row w WHERE w.round_id = $1 \
             ON CONFLICT (round_id, organ_id) DO NOTHING")
            .bind(round.id.to_string()),
    )
    .await?;
    Ok(new)
}
