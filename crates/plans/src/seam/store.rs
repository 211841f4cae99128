//! The SQL of what plans offer.

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, TaskId};
use gongkai_basis::reference::{DateRange, Figure, FigureKey, Ref};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Sql, StoreError, Tx, sql};
use gongkai_platform::seam::{DUE_MAX, DueItem};

use super::{Counted, REFS_MAX};

fn condition(statement: &mut Sql, counted: Counted, today: Date) {
    match counted {
        Counted::All => {}
        Counted::Done => {
            statement.push(" AND t.finished = 1");
        }
        Counted::Overdue => {
            statement
                .push(" AND t.finished = 0 AND t.next_due_on < ")
                .push_value(today);
        }
    }
}

pub(super) async fn figure(
    tx: &mut Tx,
    key: &FigureKey,
    counted: Counted,
) -> Result<Figure, StoreError> {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    let today = tx.now().to_zoned(zone).date();
    let tables = |what: &'static str| {
        let mut statement = sql(what);
        statement
            .push(" FROM organ root JOIN organ o ON o.path LIKE root.path || '%' JOIN plan p ON p.government_id = o.id JOIN task t ON t.plan_id = p.id \
                   WHERE p.state = 'active' AND t.state = 'open' AND root.id = ")
            .push_value(key.organ)
            .push(" AND p.year = ")
            .push_value(i64::from(key.year));
        condition(&mut statement, counted, today);
        statement
    };
    let value = tx.one(tables("SELECT COUNT(*) AS n")).await?.get("n")?;
    let mut some = tables("SELECT t.id AS id");
    some.push(" ORDER BY p.id, t.position, t.id LIMIT ")
        .push_value(REFS_MAX);
    let refs = tx
        .all(some)
        .await?
        .iter()
        .map(|row| {
            Ok(Ref {
                kind: "task".to_owned(),
                id: row.get::<TaskId>("id")?.to_string(),
            })
        })
        .collect::<Result<_, StoreError>>()?;
    Ok(Figure { value, refs })
}

pub(super) async fn due(
    tx: &mut Tx,
    scope: &Scope,
    range: DateRange,
) -> Result<Vec<DueItem>, StoreError> {
    let mut statement = sql(
        "SELECT a.id, a.task_id, a.organ_id, a.due_on, t.text FROM assignment a JOIN organ o ON o.id = a.organ_id \
         JOIN task t ON t.id = a.task_id JOIN plan p ON p.id = a.plan_id \
         WHERE p.state = 'active' AND a.state = 'open' AND a.finished = 0 AND a.due_on >= ",
    );
    statement
        .push_value(range.from)
        .push(" AND a.due_on <= ")
        .push_value(range.to)
        .push(" AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" ORDER BY a.due_on, a.position, a.id LIMIT ")
        .push_value(DUE_MAX);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let task: TaskId = row.get("task_id")?;
            Ok(DueItem {
                of: Ref {
                    kind: "task".to_owned(),
                    id: task.to_string(),
                },
                organ: row.get("organ_id")?,
                title: row.get("text")?,
                due_on: row.get("due_on")?,
                path: format!("/workspace/assignments/{}", row.get::<AssignmentId>("id")?),
            })
        })
        .collect()
}
