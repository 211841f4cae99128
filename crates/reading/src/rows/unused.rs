//! Cells that belong to no task: remarks, signs for nothing, and the foot of the form.

use super::super::cells::looks;
use super::super::columns::{Column, head_word};
use super::super::event::Event;
use super::super::grid::Row;
use super::super::text::{Run, is_empty, plain};

/// Tells of the cells that belong to no task; those of them that are deadlines are returned.
pub(super) fn set_aside(row: &Row, columns: &[Column], out: &mut Vec<Event>) -> Vec<Run> {
    let mut deadlines = Vec::new();
    for (column, run) in columns.iter().zip(row) {
        let Some(run) = run.as_ref().filter(|r| !is_empty(r)) else {
            continue;
        };
        let other = *column == Column::Other;
        if is_none_sign(run) {
            out.push(aside(run, "none-sign", ""));
        } else if other && is_deadline_remark(run, columns) {
            deadlines.push(run.clone());
        } else if other && head_word(run).is_none() {
            let message = "这一列不属于任务的内容，没有列入任务";
            out.push(aside(run, "column-unused", message));
        }
    }
    deadlines
}

pub(super) fn aside(run: &Run, code: &'static str, message: &str) -> Event {
    Event::Aside {
        run: run.clone(),
        code,
        message: message.to_owned(),
    }
}

/// 备注: 9月底前完成, in a table that has no column of deadlines; 已于3月15日公开 tells what was done.
fn is_deadline_remark(run: &Run, columns: &[Column]) -> bool {
    let done = plain(run).starts_with('已');
    !columns.contains(&Column::Deadline) && looks(run).deadline && !done
}

/// 无, /, —: written where a column has nothing to say.
pub(super) fn is_none_sign(run: &Run) -> bool {
    /// Longest such words, in characters.
    const NONE_MAX: usize = 5;
    let long = run.iter().filter(|m| !m.is_blank()).nth(NONE_MAX);
    long.is_none()
        && matches!(
            plain(run).as_str(),
            "无" | "/" | "—" | "——" | "-" | "--" | "无配合单位" | "暂无"
        )
}

/// 无 in each column of units: written, and no blank that the row above would fill.
pub(super) fn says_nobody(row: &Row, columns: &[Column]) -> bool {
    let mut units = columns
        .iter()
        .zip(row)
        .filter(|(c, _)| matches!(c, Column::Units(_)))
        .peekable();
    units.peek().is_some() && units.all(|(_, run)| run.as_ref().is_some_and(is_none_sign))
}

/// Code and words for a note or a sum below the measures.
pub(crate) const NOTE: (&str, &str) = ("table-note", "表尾的备注、说明、合计不是任务，没有列入");

/// Code and words for a row that is no measure and no heading.
pub(super) fn no_measure(row: &Row, columns: &[Column]) -> Option<(&'static str, &'static str)> {
    if is_foot(row) {
        return Some(("table-foot", "表尾的填表人、联系电话等不是任务，没有列入"));
    }
    if is_note(row, columns) {
        return Some(NOTE);
    }
    is_example(row).then_some(("table-example", "示例行说明怎样填写，不是任务，没有列入"))
}

/// Most cells of a row that is a note.
const NOTE_CELLS_MAX: usize = 2;

/// 备注 | 长期坚持的任务每半年报送一次, 合计 | 12项: words on the whole table below its last row.
fn is_note(row: &Row, columns: &[Column]) -> bool {
    const NOTES: &[&str] = &[
        "备注",
        "说明",
        "注",
        "附注",
        "填表说明",
        "有关说明",
        "合计",
        "总计",
        "共计",
        "小计",
    ];
    let filled: Vec<(usize, &Run)> = row
        .iter()
        .enumerate()
        .filter_map(|(at, run)| Some((at, run.as_ref().filter(|r| !is_empty(r))?)))
        .collect();
    let Some(((at, first), rest)) = filled.split_first() else {
        return false;
    };
    let column = columns.get(*at);
    let text = plain(first);
    let noted = NOTES.contains(&text.trim_end_matches([':', '.']));
    noted
        && matches!(
            column,
            Some(Column::Number | Column::Heading | Column::Text)
        )
        && !rest.is_empty()
        && filled.len() <= NOTE_CELLS_MAX
}

/// 示例 | 例：公布办事指南并附链接: a row that shows how the table is filled in.
fn is_example(row: &Row) -> bool {
    let first = row.iter().flatten().find(|run| !is_empty(run));
    first.is_some_and(|run| {
        matches!(
            plain(run).trim_end_matches(':'),
            "示例" | "样例" | "例" | "填写示例"
        )
    })
}

/// 填表人：某某 | 联系电话：…: who filled the form in, below its last row.
fn is_foot(row: &Row) -> bool {
    const WORDS: &[&str] = &[
        "填表人",
        "填报人",
        "制表人",
        "审核人",
        "审批人",
        "复核人",
        "经办人",
        "联系人",
        "联系电话",
        "电话",
        "填表日期",
        "填报日期",
        "填表时间",
        "填报时间",
        "制表日期",
        "单位负责人",
        "负责人",
        "分管负责人",
        "主要负责人",
        "签字",
        "负责人签字",
        "单位盖章",
        "日期",
    ];
    let labelled = |run: &Run| {
        if run.iter().all(|m| m.fold != ':') {
            return false;
        }
        let text = plain(run);
        let label = text.split(':').next().filter(|l| l.len() < text.len());
        label.is_some_and(|label| WORDS.contains(&label.split('(').next().unwrap_or(label)))
    };
    let mut filled = row.iter().flatten().filter(|r| !is_empty(r)).peekable();
    filled.peek().is_some() && filled.all(labelled)
}
