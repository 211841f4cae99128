//! Rows pasted from a spreadsheet: cells parted by tabs, of which one with a line end inside stands in straight quotes.

use super::layout::Node;
use super::problem::Account;
use super::text::{Mark, Run};

/// Most lines of one row.
const LINES_MAX: usize = 60;

/// Joins the lines of such a row, and takes the quotes off.
pub(crate) fn join(nodes: Vec<Node>, account: &mut Account) -> Vec<Node> {
    let opens =
        |node: &Node| matches!(node, Node::Line(run) if open_after(run, false) == Some(true));
    if !nodes.iter().any(opens) {
        return nodes;
    }
    let mut out: Vec<Node> = Vec::with_capacity(nodes.len());
    let mut nodes = nodes.into_iter().peekable();
    while let Some(node) = nodes.next() {
        let Node::Line(first) = node else {
            out.push(node);
            continue;
        };
        let mut lines = vec![first];
        let mut open = lines.first().and_then(|run| open_after(run, false));
        while open == Some(true) && lines.len() < LINES_MAX {
            let Some(Node::Line(next)) = nodes.next_if(|n| matches!(n, Node::Line(_))) else {
                break;
            };
            open = open_after(&next, true);
            lines.push(next);
        }
        if lines.len() > 1 && open == Some(false) {
            out.push(Node::Line(row(&lines, account)));
        } else {
            out.extend(lines.into_iter().map(Node::Line));
        }
    }
    out
}

/// Whether a quoted cell goes on behind a line, where one does at its start (`open`) or not. `None`: the quotes of the line
/// are no such ones.
fn open_after(line: &[Mark], open: bool) -> Option<bool> {
    let tabbed = line.iter().any(|m| m.ch == '\t');
    if !tabbed && !open {
        return None;
    }
    let mut open = open;
    let pieces: Vec<&[Mark]> = line.split(|m| m.ch == '\t').collect();
    let last = pieces.len().saturating_sub(1);
    for (i, piece) in pieces.into_iter().enumerate() {
        let quotes = piece.iter().filter(|m| m.ch == '"').count();
        let odd = quotes % 2 == 1;
        let begins = piece.first().is_some_and(|m| m.ch == '"') && piece.len() > 1;
        let ends = piece.last().is_some_and(|m| m.ch == '"');
        open = match (open, odd) {
            (true, true) if ends => false,
            (false, true) if begins && i == last => true,
            (open, false) if !open || i == last => open,
            _ => return None,
        };
    }
    Some(open)
}

/// One line of the lines of a row; a cell in quotes loses them.
fn row(lines: &[Run], account: &mut Account) -> Run {
    let mut whole = Run::new();
    for line in lines {
        if let (false, Some(first)) = (whole.is_empty(), line.first()) {
            whole.push(Mark::new('\n', first.at));
        }
        whole.extend_from_slice(line);
    }
    let mut out = Run::with_capacity(whole.len());
    for (i, cell) in whole.split(|m| m.ch == '\t').enumerate() {
        if i > 0 {
            out.extend(
                whole
                    .iter()
                    .find(|m| m.ch == '\t')
                    .map(|m| Mark::new('\t', m.at)),
            );
        }
        out.extend(unquoted(cell, account));
    }
    out
}

fn unquoted(cell: &[Mark], account: &mut Account) -> Run {
    let inner = match cell {
        [first, inner @ .., last] if first.ch == '"' && last.ch == '"' => {
            account.field(&[*first, *last]);
            inner
        }
        _ => return cell.to_vec(),
    };
    let mut out = Run::with_capacity(inner.len());
    let mut marks = inner.iter().peekable();
    while let Some(m) = marks.next() {
        out.push(*m);
        if m.ch == '"'
            && let Some(twin) = marks.next_if(|next| next.ch == '"')
        {
            account.field(&[*twin]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::text::{printed, run};
    use super::*;

    fn joined(text: &str) -> Vec<String> {
        let mut at = 0;
        let line = |line: &str| {
            let marks: Run = run(line)
                .into_iter()
                .map(|m| Mark::new(m.ch, m.at + at))
                .collect();
            at += 1000;
            Node::Line(marks)
        };
        let nodes: Vec<Node> = text.lines().map(line).collect();
        let lines = join(nodes, &mut Account::default());
        lines
            .into_iter()
            .map(|node| match node {
                Node::Line(run) => printed(&run),
                Node::Grid(_) => String::new(),
            })
            .collect()
    }

    #[test]
    fn a_cell_with_a_line_end_is_one_cell() {
        assert_eq!(
            joined(
                "序号\t任务\t单位\n1\t\"公开项目\n（含资金）\"\t\"农业办\n各村委会\"\t9月底前\n2\t公开政策\t服务中心\n"
            ),
            [
                "序号\t任务\t单位",
                "1\t公开项目\n（含资金）\t农业办\n各村委会\t9月底前",
                "2\t公开政策\t服务中心"
            ],
        );
        assert_eq!(
            joined("1\t\"公开\"\"一件事\"\"\n办理指南\"\t甲局\n"),
            ["1\t公开\"一件事\"\n办理指南\t甲局"],
        );
    }

    #[test]
    fn other_quotes_stay() {
        let text = "1\t\"一网通办\"改革\t甲局\n2\t公开\"\t乙局\n3\t\"未完\t丙局\n\"说明\n";
        assert_eq!(joined(text), text.lines().collect::<Vec<_>>());
    }
}
