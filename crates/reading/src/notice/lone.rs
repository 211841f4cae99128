//! What stands above the measures: the title of a plan that has none of the usual kind, and the plan's own words before its
//! first measure.

use std::ops::Range;

use gongkai_office::Place;

use super::super::columns::head_word;
use super::super::labels::label;
use super::super::layout::Node;
use super::super::lines::row_cells;
use super::super::number::number;
use super::super::organ_name::is_organ;
use super::super::problem::Account;
use super::super::stops::{is_frame, is_stop};
use super::super::task::Plan;
use super::super::text::{Mark, Run, is_empty, plain, trim, weight};
use super::title::{issued_by_notice, speaks_for_itself, squeeze, title_in_text};
use super::untitled::named_where_sent;
use super::{is_date_line, is_other_paper, issue_number};

/// Shortest and longest title that is told by its place alone, in characters.
const WEIGHTS: std::ops::RangeInclusive<usize> = 8..=60;

/// Names a plan that no title of the usual kind names: by its own text, by the one line above its measures, or by what its
/// notice puts in force. Each of them is told.
pub(crate) fn own_title_of(plan: &mut Plan, nodes: &[Node], account: &mut Account) {
    if !plan.is_plan || plan.title.is_some() {
        return;
    }
    let (title, code, message) = if let Some(notice) = &plan.notice_title {
        let message = "正文没有单独的标题，题名取自通知标题，请核对";
        (issued_by_notice(notice), "title-from-notice", message)
    } else if let Some((title, run)) = named_where_sent(nodes) {
        let message = "没有单独的标题，题名取自文中“印发”一句，请核对";
        return take(plan, title, "title-from-text", message, &run, account);
    } else if let Some((title, run)) = title_in_text(nodes) {
        let message = "没有单独的标题，题名取自文中“制定”一句，请核对";
        return take(plan, title, "title-from-text", message, &run, account);
    } else if let Some((title, run)) = lone_title(nodes) {
        account.field(&run);
        let message = "任务前只有这一行像题名，已作题名，请核对";
        return take(plan, title, "title-unusual", message, &run, account);
    } else {
        return;
    };
    if title.is_some() {
        plan.title = title;
        account.problem_at(code, message, Place::default());
    }
}

fn take(
    plan: &mut Plan,
    title: String,
    code: &str,
    message: &str,
    run: &Run,
    account: &mut Account,
) {
    plan.title = Some(title);
    account.problem(code, message, run);
}

/// …责任矩阵, …任务卡片: the one line above the measures that may be a title, whatever its last word; and where it stands.
fn lone_title(nodes: &[Node]) -> Option<(String, Run)> {
    let above = nodes.get(..first_measure(nodes, 0)).unwrap_or_default();
    let mut found = above.iter().filter_map(|node| match node {
        Node::Line(run) if may_title(run) => Some(run),
        _ => None,
    });
    let (Some(run), None) = (found.next(), found.next()) else {
        return None;
    };
    (!is_other_paper(&plain(run))).then(|| (squeeze(run), run.clone()))
}

fn may_title(run: &Run) -> bool {
    let text = plain(run);
    let year = text.contains("20") && text.contains('年');
    WEIGHTS.contains(&weight(run))
        && year
        && speaks_for_itself(&text)
        && !text.contains(['。', ';', ',', ':', '?', '!', '|'])
        && !text.ends_with("通知")
        && !is_frame(run)
        && !is_stop(run)
        && !is_date_line(run)
        && issue_number(run).is_none()
        && !is_organ(&text)
}

/// The plan's own paragraphs between its title and its first measure, where that has a number or a table.
pub(crate) fn preamble(nodes: &[Node], from: usize) -> Range<usize> {
    let end = first_measure(nodes, from);
    match from > 0 && end < nodes.len() {
        true => from..end,
        false => from..from,
    }
}

/// The first node that is a table, or a line of one, or has a number or a label.
fn first_measure(nodes: &[Node], from: usize) -> usize {
    let begins = |run: &[Mark]| {
        let run = trim(run);
        let cells = row_cells(run);
        number(run).is_some()
            || label(run).is_some()
            || head_word(run).is_some()
            || cells.iter().filter(|c| !is_empty(c)).count() > 1
    };
    let found = nodes.iter().skip(from).position(|node| match node {
        Node::Line(run) => begins(run),
        Node::Grid(_) => true,
    });
    found.map_or(nodes.len(), |at| from + at)
}
