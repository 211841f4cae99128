//! Brackets that a capture closed with the wrong sign: （市司法局〉.

use super::layout::Node;
use super::text::Mark;

/// Longest bracket that is closed so, in characters.
const INNER_MAX: usize = 60;

/// Reads 〉 as ）, where it closes a round bracket and no 〈 stands before it.
pub(crate) fn mend(mut nodes: Vec<Node>) -> Vec<Node> {
    for node in &mut nodes {
        match node {
            Node::Line(run) => close(run),
            Node::Grid(grid) => {
                let cells = grid.rows.iter_mut().flatten();
                cells.for_each(|cell| close(&mut cell.run));
            }
        }
    }
    nodes
}

fn close(run: &mut [Mark]) {
    let mut open = None;
    for (i, m) in run.iter_mut().enumerate() {
        match m.fold {
            '(' => open = Some(i),
            ')' | '〈' | '<' => open = None,
            '〉' | '>' if open.take().is_some_and(|at| i - at <= INNER_MAX) => m.fold = ')',
            _ => {}
        }
    }
}
