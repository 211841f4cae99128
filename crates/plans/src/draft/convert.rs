//! From the reader's plan to a draft's content, in one place.

#[cfg(test)]
mod tests;

use gongkai_office::{Block, Cell, Document, Place, Row};

use super::content::{
    Column, ColumnRole, Content, Coverage, Doubt, DraftTask, Meta, NamedOrgan, Problem,
};
use crate::assignment::Duty;
use crate::plan::{Deadline, DeadlineKind, Quantity};
use crate::read;

/// Rows at the top of a table among which its head is looked for.
const HEAD_ROWS: usize = 6;
/// A head is no sentence.
const HEAD_CHARS_MAX: usize = 14;

/// Reads a document into a draft.
#[must_use]
pub fn read_draft(document: &Document) -> Content {
    content(&read::read(document), document)
}

/// [`read_draft`], telling how many steps are done, and of how many.
#[must_use]
pub fn read_draft_telling<'t>(document: &Document, told: &'t mut read::Told<'t>) -> Content {
    content(&read::read_telling(document, told), document)
}

/// What the readers gave before people edited it.
#[must_use]
pub fn as_read(document: &Document, columns: &[Column]) -> Content {
    let first = read_draft(document);
    if first.columns == columns {
        return first;
    }
    read_with_columns(document, columns)
}

/// Reads it again with the columns' meanings as a person gave them: the heads are printed as the reader knows them.
#[must_use]
pub fn read_with_columns(document: &Document, columns: &[Column]) -> Content {
    let mut relabelled = document.clone();
    let table = table_of(&read::read(document));
    if let Some(head) = head_of(document, columns.len(), table) {
        let old: Vec<String> = head.cells.iter().map(|cell| cell.text.clone()).collect();
        for row in rows_mut(&mut relabelled) {
            let same = row.cells.len() == old.len()
                && row
                    .cells
                    .iter()
                    .zip(&old)
                    .all(|(cell, old)| cell.text == *old);
            if !same {
                continue;
            }
            for cell in &mut row.cells {
                if let Some(column) = columns.iter().find(|column| column.index == cell.column) {
                    column.role.name().clone_into(&mut cell.text);
                }
            }
        }
    }
    let mut content = read_draft(&relabelled);
    content.columns = columns.to_vec();
    content
}

fn rows_mut(document: &mut Document) -> impl Iterator<Item = &mut Row> {
    document.blocks.iter_mut().flat_map(|block| match block {
        Block::Table(table) => table.rows.iter_mut(),
        Block::Paragraph(_) => [].iter_mut(),
    })
}

/// The table, counted from 1, in which the tasks begin: those before it are heads of the page.
fn table_of(plan: &read::Plan) -> Option<u32> {
    plan.tasks.iter().find_map(|task| task.place.table)
}

/// The row that heads the first table wide enough from this one on: among its first rows the one with most words of heads, then
/// with most short cells.
fn head_of(document: &Document, width: usize, from: Option<u32>) -> Option<&Row> {
    let short = |cell: &Cell| {
        let chars = cell.text.trim().chars().count();
        (1..=HEAD_CHARS_MAX).contains(&chars)
    };
    let tables = document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Paragraph(_) => None,
    });
    let from = from.and_then(|table| usize::try_from(table).ok());
    let mut tables = tables.skip(from.map_or(0, |table| table.saturating_sub(1)));
    tables.find_map(|table| {
        let head = table
            .rows
            .iter()
            .take(HEAD_ROWS)
            .filter(|row| row.cells.iter().filter(|cell| short(cell)).count() >= 2)
            .max_by_key(|row| {
                (
                    row.cells
                        .iter()
                        .filter(|cell| read::is_head(&cell.text))
                        .count(),
                    row.cells.iter().filter(|cell| short(cell)).count(),
                    std::cmp::Reverse(
                        row.cells
                            .iter()
                            .map(|cell| cell.text.chars().count())
                            .sum::<usize>(),
                    ),
                )
            })?;
        (width >= 2 && head.cells.iter().filter(|cell| short(cell)).count() + 2 >= width)
            .then_some(head)
    })
}

fn columns(plan: &read::Plan, document: &Document) -> Vec<Column> {
    let head = head_of(document, plan.columns.len(), table_of(plan));
    (0_u32..)
        .zip(&plan.columns)
        .map(|(index, column)| Column {
            index,
            head: head
                .and_then(|row| row.cells.iter().find(|cell| cell.column == index))
                .map_or_else(String::new, |cell| cell.text.trim().replace('\n', "")),
            role: column_role(*column),
        })
        .collect()
}

fn column_role(column: read::Column) -> ColumnRole {
    match column {
        read::Column::Number => ColumnRole::Number,
        read::Column::Heading => ColumnRole::Heading,
        read::Column::Text => ColumnRole::Text,
        read::Column::Units(Some(read::Role::Lead)) => ColumnRole::Lead,
        read::Column::Units(Some(read::Role::Cooperate)) => ColumnRole::Cooperate,
        read::Column::Units(Some(read::Role::Responsible) | None) => ColumnRole::Units,
        read::Column::Deadline => ColumnRole::Deadline,
        read::Column::Other => ColumnRole::Other,
    }
}

fn content(plan: &read::Plan, document: &Document) -> Content {
    let tasks: Vec<DraftTask> = (1_u32..)
        .zip(&plan.tasks)
        .map(|(key, task)| draft_task(key, task, &plan.problems))
        .collect();
    Content {
        is_plan: plan.is_plan,
        by_hand: false,
        meta: Meta {
            title: plan
                .title
                .clone()
                .or_else(|| plan.notice_title.clone())
                .unwrap_or_default(),
            notice_title: plan.notice_title.clone(),
            document_number: plan.document_number.clone(),
            issuer: plan.issuer.clone(),
            issued_on: plan.issued_on,
            published_on: plan.published_on,
            year: plan.year.map(i64::from),
            deadlines: plan.document_deadlines.iter().map(deadline).collect(),
        },
        columns: columns(plan, document),
        next_key: u32::try_from(tasks.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1),
        tasks,
        problems: plan
            .problems
            .iter()
            .map(|problem| Problem {
                code: problem.code.clone(),
                message: problem.message.clone(),
                place: problem.place,
            })
            .collect(),
        coverage: Coverage {
            source_chars: plan.coverage.source_chars,
            in_fields: plan.coverage.in_fields,
            in_problems: plan.coverage.in_problems,
            dropped: plan.coverage.dropped,
        },
        ..Content::default()
    }
}

fn draft_task(key: u32, task: &read::Task, problems: &[read::Problem]) -> DraftTask {
    DraftTask {
        key,
        number: task.no.map(i64::from),
        section: task.section.clone(),
        group: task.group.clone(),
        text: task.text.clone(),
        organ_text: task.organ_text.clone(),
        organs: task
            .organs
            .iter()
            .map(|organ| NamedOrgan {
                name: organ.name.clone(),
                duty: duty(organ.role),
            })
            .collect(),
        deadlines: task.deadlines.iter().map(deadline).collect(),
        quantities: task.quantities.iter().filter_map(quantity).collect(),
        place: task.place,
        doubts: doubts(task, problems),
    }
}

/// The problems that concern this task, in words.
fn doubts(task: &read::Task, problems: &[read::Problem]) -> Vec<Doubt> {
    let near = |place: Place| {
        [Some(task.place), task.organ_place]
            .into_iter()
            .flatten()
            .any(|own| own == place || same_row(own, place))
    };
    let mut messages: Vec<String> = Vec::new();
    for code in &task.doubts {
        let message = problems
            .iter()
            .find(|problem| problem.code == *code && near(problem.place))
            .map(|problem| problem.message.clone());
        messages.extend(message);
    }
    if messages.is_empty() && task.confidence == read::Confidence::Check {
        messages.push("这一条识别得不够确定，请对照原文核对内容、单位和时限。".to_owned());
    }
    messages.dedup();
    messages
        .into_iter()
        .map(|message| Doubt {
            message,
            settled: false,
        })
        .collect()
}

fn same_row(a: Place, b: Place) -> bool {
    match (a.table, a.row) {
        (Some(_), Some(_)) => (a.table, a.row) == (b.table, b.row),
        _ => a.line.is_some() && a.line == b.line,
    }
}

fn duty(role: read::Role) -> Duty {
    match role {
        read::Role::Lead => Duty::Lead,
        read::Role::Cooperate => Duty::Cooperate,
        read::Role::Responsible => Duty::Responsible,
    }
}

fn deadline(deadline: &read::Deadline) -> Deadline {
    Deadline {
        text: deadline.text.clone(),
        date: deadline.date,
        kind: match deadline.kind {
            read::DeadlineKind::By => DeadlineKind::By,
            read::DeadlineKind::Recurring => DeadlineKind::Recurring,
            read::DeadlineKind::MinimumCount => DeadlineKind::MinimumCount,
        },
    }
}

/// What a text that a person typed counts.
#[must_use]
pub fn quantities_in(text: &str) -> Vec<Quantity> {
    read::counted(text).iter().filter_map(quantity).collect()
}

/// Figures with a fraction are not counted as targets; they stay in the text.
fn quantity(quantity: &read::Quantity) -> Option<Quantity> {
    Some(Quantity {
        text: quantity.text.clone(),
        value: whole(quantity.value)?,
        max: match quantity.max {
            Some(max) => Some(whole(max)?),
            None => None,
        },
        unit: quantity.unit.clone(),
    })
}

/// The largest figure that a target can have; beyond it a number in a plan is no count.
const FIGURE_MAX: f64 = 1e12;

fn whole(value: f64) -> Option<i64> {
    if value.fract() != 0.0 || !(0.0..=FIGURE_MAX).contains(&value) {
        return None;
    }
    // A whole number of at most 12 digits prints exactly.
    format!("{value:.0}").parse().ok()
}
