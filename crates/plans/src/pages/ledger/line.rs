//! The rows of a ledger as people read them, on the page and in its file.

use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::App;

use crate::assignment::light::Light;
use crate::ledger::{AssignmentRow, Count, Due, Latest, Query, Sort, TaskRow, View, store};
use crate::plan::Plan;
use crate::when;

/// Units that a task's line names one by one.
const UNITS_SHOWN_MAX: usize = 6;
/// Characters of a report that a line shows.
const EXCERPT_CHARS: usize = 60;

/// One row, ready to be shown.
pub(super) struct Line {
    pub(super) section: String,
    /// Its section begins here: a head stands above this row.
    pub(super) head: bool,
    /// What the box at its side sends.
    pub(super) id: String,
    pub(super) task: String,
    pub(super) number: String,
    pub(super) text: String,
    pub(super) units: Vec<String>,
    pub(super) due: Due,
    pub(super) left: String,
    pub(super) light: Light,
    pub(super) progress: String,
    pub(super) excerpt: String,
    pub(super) evidence: i64,
    /// Of the evidence, what a check found changed or gone.
    pub(super) decayed: i64,
    /// How the evidence that the plan counts stands.
    pub(super) counted: Vec<String>,
}

/// The rows of one range, and how many there are.
pub(super) async fn rows(
    tx: &mut Tx,
    app: &App,
    plan: &Plan,
    query: &Query,
    range: (i64, i64),
) -> Result<(Count, Vec<Line>), StoreError> {
    let today = app.today();
    let calendar = app.calendar();
    let words = |due: &Due| due.left(&calendar, today);
    let narrow = &query.narrow;
    let (count, mut lines): (Count, Vec<Line>) = match query.view {
        View::Tasks => {
            let count = store::count_tasks(tx, plan.id, narrow, today).await?;
            let ids = store::task_ids(tx, plan.id, narrow, query.sort, today, range).await?;
            let rows = store::task_page(tx, &ids, today).await?;
            (
                count,
                rows.into_iter()
                    .map(|row| {
                        let left = words(&row.due());
                        task_line(row, left)
                    })
                    .collect(),
            )
        }
        View::Assignments => {
            let count = store::count_assignments(tx, plan.id, narrow, today).await?;
            let ids = store::assignment_ids(tx, plan.id, (narrow, count), query.sort, today, range)
                .await?;
            let rows = store::assignment_page(tx, &ids, today).await?;
            (
                count,
                rows.into_iter()
                    .map(|row| {
                        let left = words(&row.due());
                        assignment_line(row, left)
                    })
                    .collect(),
            )
        }
    };
    // Section heads make sense in the plan's own order only.
    if query.sort == Sort::Plan {
        let mut above = String::new();
        for line in &mut lines {
            line.head = line.section != above;
            above.clone_from(&line.section);
        }
    }
    Ok((count, lines))
}

fn task_line(row: TaskRow, left: String) -> Line {
    let (organs, reported, finished, evidence) = row.sums();
    let named = row.units.iter().map(|unit| {
        let several = if unit.organs > 1 {
            format!("（{}个）", unit.organs)
        } else {
            String::new()
        };
        format!("{} {}{several}", unit.duty.name(), unit.named_as)
    });
    let mut units: Vec<String> = named.collect();
    if units.len() > UNITS_SHOWN_MAX {
        let rest = units.len() - UNITS_SHOWN_MAX;
        units.truncate(UNITS_SHOWN_MAX);
        units.push(format!("等，另有{rest}个"));
    }
    let due = row.due();
    Line {
        decayed: row.decayed(),
        section: row.section.unwrap_or_default(),
        head: false,
        id: row.id.to_string(),
        task: row.id.to_string(),
        number: row
            .number
            .map_or_else(String::new, |number| number.to_string()),
        due,
        left,
        light: row.light,
        progress: format!("已填报 {reported}/{organs}，已完成 {finished}/{organs}"),
        excerpt: excerpt(row.latest.as_ref()),
        evidence,
        counted: row.counted,
        text: row.text,
        units,
    }
}

fn assignment_line(row: AssignmentRow, left: String) -> Line {
    let progress = match &row.latest {
        Some(latest) => {
            let day = when::civil_day(latest.at).map_or_else(String::new, when::date);
            format!("{}（{day}）", latest.outcome.name())
        }
        None => "未填报".to_owned(),
    };
    let due = row.due();
    Line {
        section: row.section.unwrap_or_default(),
        head: false,
        id: row.id.to_string(),
        task: row.task.to_string(),
        number: row
            .number
            .map_or_else(String::new, |number| number.to_string()),
        units: vec![format!("{} {}", row.duty.name(), row.organ_name)],
        due,
        left,
        light: row.light,
        progress,
        excerpt: excerpt(row.latest.as_ref()),
        evidence: row.evidence,
        decayed: row.decayed,
        counted: row.tallies.iter().map(ToString::to_string).collect(),
        text: row.text,
    }
}

fn excerpt(latest: Option<&Latest>) -> String {
    let Some(latest) = latest else {
        return String::new();
    };
    let text = if latest.done_text.is_empty() {
        &latest.pending_text
    } else {
        &latest.done_text
    };
    crate::quote::beginning(text, EXCERPT_CHARS)
}
