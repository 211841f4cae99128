//! A form for each task: 任务名称 | …, 责任单位 | …, a label and what belongs to it in each row.

use super::cells::{is_deadline, organ_share};
use super::columns::head_word;
use super::labels::{Label, label_word};
use super::layout::{GridCell, Node};
use super::prose::is_record_label;
use super::text::{Mark, Run, is_empty, is_han, split_by, trim, weight};

/// Fewest rows of a form.
const ROWS_MIN: usize = 3;

/// Whether a table is nothing but such forms, one below the other.
pub(crate) fn are_all(rows: &[Vec<GridCell>]) -> bool {
    let filled = |row: &&Vec<GridCell>| row.iter().any(|cell| !is_empty(&cell.run));
    rows.iter().filter(|row| is_form(row)).count() >= ROWS_MIN
        && rows.iter().filter(filled).all(|row| is_form(row))
        && rows.iter().any(|row| names_units(row))
}

fn names_units(row: &[GridCell]) -> bool {
    let word = row.first().and_then(|c| label_word(trim(&c.run)));
    matches!(word, Some((Label::Units(_), _)))
}

/// Rows of labels and values become a cell for each pair, with a colon between the two; other rows stay as they are.
pub(crate) fn labelled(rows: Vec<Vec<GridCell>>) -> Vec<Vec<GridCell>> {
    let forms = rows.iter().filter(|row| is_form(row)).count();
    if forms < ROWS_MIN || !rows.iter().any(|row| names_units(row)) {
        return rows;
    }
    let parted = |row: Vec<GridCell>| match is_form(&row) {
        true => pairs(&row),
        false => vec![row],
    };
    rows.into_iter().flat_map(parted).collect()
}

/// 责任单位, a tab, 市司法局: the same in a line of text.
pub(crate) fn joined(line: Run) -> Run {
    if line.iter().filter(|m| m.fold == '\t').count() != 1 {
        return unmarked(line);
    }
    let cells = split_by(&line, |m| m.fold == '\t');
    match cells.as_slice() {
        [label, value] if is_label(label) && !is_empty(value) && head_word(value).is_none() => {
            join(label, value)
        }
        _ => line,
    }
}

/// Longest such line, in characters.
const UNMARKED_MAX: usize = 200;
/// Share of organs in such a list.
const UNMARKED_SHARE: f32 = 0.95;

/// 责任单位县水务局、县住建局; 完成时限12月底前: label and value of a page that sets them side by side without a sign.
fn unmarked(line: Run) -> Run {
    if line.len() > UNMARKED_MAX || line.iter().any(|m| m.fold == '\t') {
        return line;
    }
    let run = trim(&line);
    let Some((kind, len)) = label_word(run).filter(|(_, len)| *len >= LABEL_MIN) else {
        return line;
    };
    let (label, value) = run.split_at(len.min(run.len()));
    let says = match kind {
        Label::Units(_) => organ_share(value, weight(value)) > UNMARKED_SHARE,
        Label::Deadline => is_deadline(value, weight(value)),
        Label::Person => false,
    };
    // 责任单位和时限, 牵头单位配合单位: words of heads
    let least = if matches!(kind, Label::Deadline) {
        DEADLINE_MIN
    } else {
        LABEL_MIN
    };
    let word = weight(value) < least || head_word(value).is_some() || label_word(value).is_some();
    let sign = value
        .first()
        .is_none_or(|m| !is_han(m.ch) && !m.fold.is_ascii_digit());
    match says && !word && !sign {
        true => join(label, value),
        false => line,
    }
}

/// Shortest words of such a label and of its value, in characters.
const LABEL_MIN: usize = 4;
/// Of a date: 年底前.
const DEADLINE_MIN: usize = 3;

fn is_form(row: &[GridCell]) -> bool {
    let filled = row.iter().filter(|c| !is_empty(&c.run)).count();
    let labels = row.iter().step_by(2).filter(|c| !is_empty(&c.run));
    filled > 1 && row.len().is_multiple_of(2) && labels.map(|c| &c.run).all(|run| is_label(run))
}

fn is_label(run: &[Mark]) -> bool {
    let run = trim(run);
    label_word(run).is_some_and(|(_, len)| len >= run.len()) || is_record_label(run)
}

/// Fewest labels of a card.
const CARD_MIN: usize = 3;

/// 具体任务 / 公开预算。 / 责任单位 / 财政局 / 完成时限 / 6月底前: one card whose labels and values stand on lines of their own.
/// Each label goes before its value. Where there are several cards their labels make a head.
pub(crate) fn card(nodes: Vec<Node>) -> Vec<Node> {
    let lines: Vec<(usize, &Run)> = nodes
        .iter()
        .enumerate()
        .filter_map(|(i, node)| match node {
            Node::Line(run) if !is_empty(run) => Some((i, run)),
            _ => None,
        })
        .collect();
    let label = |i: usize| lines.get(i).is_some_and(|(_, run)| is_label(run));
    let pair = |i: &usize| label(*i) && i + 1 < lines.len() && !label(i + 1);
    let Some(first) = (0..lines.len()).find(pair) else {
        return nodes;
    };
    let pairs: Vec<usize> = (first..lines.len()).step_by(2).take_while(pair).collect();
    let count = |want: fn(&[Mark]) -> bool| {
        let of = |i: &&usize| lines.get(**i).is_some_and(|(_, run)| want(trim(run)));
        pairs.iter().filter(of).count()
    };
    let labels = lines.iter().filter(|(_, run)| is_label(run)).count();
    let units = |run: &[Mark]| matches!(label_word(run), Some((Label::Units(_), _)));
    let whole = pairs.len() >= CARD_MIN && labels == pairs.len();
    if !whole || count(is_record_label) != 1 || count(units) == 0 {
        return nodes;
    }
    let at: Vec<(usize, usize)> = pairs
        .iter()
        .filter_map(|i| Some((lines.get(*i)?.0, lines.get(i + 1)?.0)))
        .collect();
    let mut nodes = nodes;
    for (label, value) in at {
        let joined = match (nodes.get(label), nodes.get(value)) {
            (Some(Node::Line(label)), Some(Node::Line(value))) => join(label, value),
            _ => continue,
        };
        if let Some(slot) = nodes.get_mut(value) {
            *slot = Node::Line(joined);
        }
        if let Some(slot) = nodes.get_mut(label) {
            *slot = Node::Line(Run::new());
        }
    }
    nodes
}

/// 责任单位 | 市司法局 | 完成时限 | 6月底前: a row each.
fn pairs(row: &[GridCell]) -> Vec<Vec<GridCell>> {
    let pair = |pair: &[GridCell]| match pair {
        [label, value] if !is_empty(&value.run) => vec![GridCell {
            run: join(&label.run, &value.run),
            ..value.clone()
        }],
        // 落实科室 | : a label that names nothing here
        [_, _] => Vec::new(),
        _ => pair.to_vec(),
    };
    let pairs = row.chunks(2).map(pair);
    pairs.filter(|row| !row.is_empty()).collect()
}

fn join(label: &[Mark], value: &[Mark]) -> Run {
    let label = trim(label);
    let colon = label.last().map(|m| Mark::new('：', m.at));
    let value = trim(value).iter();
    label
        .iter()
        .chain(colon.as_ref())
        .chain(value)
        .copied()
        .collect()
}
