//! The SQL of the ledger's lists: which rows, in which order, cheaply at any size.
//!
//! A list is found in two steps: the ids of one page from an index alone, then what these rows show. Counting stops at
//! [`COUNT_MAX`]. Filters that match many rows walk the index of the wanted order and stop when the page is full;
//! filters that match few find them by their own index and sort them. Which it is, the count says.

mod assignments;
mod choices;
mod own;
mod tasks;

use gongkai_basis::Date;
use gongkai_platform::db::{Sql, StoreError, Tx};

use super::{Count, Narrow};
use crate::assignment::light::{Light, SOON_DAYS};

pub use assignments::{assignment_ids, assignment_page, count_assignments};
pub use choices::{Standing, late_units, lights, organs, sections, standing};
pub use own::{Own, OwnCounts, count_own, own_lights, own_page, own_reports};
pub use tasks::{count_tasks, task_ids, task_page};

/// From this many hits on, a filter counts as one that matches many.
const MANY: i64 = 2_000;

/// Ends a counting statement that began with `SELECT COUNT(*) AS n FROM (SELECT 1 …`, and counts up to `most`.
async fn bounded(tx: &mut Tx, statement: Sql, most: i64) -> Result<Count, StoreError> {
    let n: i64 = tx.one(up_to(statement, most)).await?.get("n")?;
    Ok(counted(n, most))
}

fn up_to(mut statement: Sql, most: i64) -> Sql {
    statement
        .push(" LIMIT ")
        .push_value(most + 1)
        .push(") AS hits");
    statement
}

fn counted(n: i64, most: i64) -> Count {
    Count {
        n: n.min(most),
        more: n > most,
    }
}

/// The last day that counts as soon due.
fn soon_until(today: Date) -> Date {
    today
        .checked_add(jiff::Span::new().days(SOON_DAYS))
        .unwrap_or(Date::MAX)
}

/// Appends the condition of a light on the tasks `t`: what a task waits for counts before what lost its proof, so that a
/// task that is late with one organ is late.
fn push_task_light(statement: &mut Sql, light: Light, today: Date) {
    push_dates(
        statement,
        light,
        today,
        "t.finished",
        "COALESCE(t.next_due_on, '9999-12-31')",
    );
    match light {
        Light::Decayed => statement.push(" AND t.reopened = 1"),
        Light::Normal | Light::Soon => statement.push(" AND t.reopened = 0"),
        Light::Done | Light::Overdue => statement,
    };
}

/// Appends the condition of a light on the assignments `a`, by two column expressions: is it done, and its date
/// 9999-12-31 for none.
fn push_part_light(
    statement: &mut Sql,
    light: Light,
    today: Date,
    finished: &'static str,
    due: &'static str,
) {
    if light == Light::Decayed {
        statement.push(" AND a.reopened = 1");
        return;
    }
    push_dates(statement, light, today, finished, due);
    if light != Light::Done {
        statement.push(" AND a.reopened = 0");
    }
}

/// Appends the range of due days, by a column expression that is 9999-12-31 for none: what has no day is neither early nor
/// late.
fn push_range(statement: &mut Sql, narrow: &Narrow, due: &'static str) {
    if narrow.due_from.is_none() && narrow.due_to.is_none() {
        return;
    }
    statement.push(" AND ").push(due).push(" < '9999-12-31'");
    if let Some(from) = narrow.due_from {
        statement
            .push(" AND ")
            .push(due)
            .push(" >= ")
            .push_value(from);
    }
    if let Some(to) = narrow.due_to {
        statement
            .push(" AND ")
            .push(due)
            .push(" <= ")
            .push_value(to);
    }
}

fn push_dates(
    statement: &mut Sql,
    light: Light,
    today: Date,
    finished: &'static str,
    due: &'static str,
) {
    statement.push(" AND ").push(finished);
    if light == Light::Done {
        statement.push(" = 1");
        return;
    }
    statement.push(" = 0 AND ").push(due);
    match light {
        Light::Overdue => statement.push(" < ").push_value(today),
        Light::Decayed => statement.push(" >= ").push_value(today),
        Light::Soon => statement
            .push(" >= ")
            .push_value(today)
            .push(" AND ")
            .push(due)
            .push(" <= ")
            .push_value(soon_until(today)),
        Light::Normal | Light::Done => statement.push(" > ").push_value(soon_until(today)),
    };
}

#[cfg(test)]
mod tests;
