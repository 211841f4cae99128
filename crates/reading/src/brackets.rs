//! Brackets that a capture closed with the wrong sign: （市司法局〉.

use super::layout::Node;
use super::text::{Mark, from};

/// Longest bracket that is closed so, in characters.
const INNER_MAX: usize = 60;

/// Reads 〉 as ）, where it closes a round bracket and no 〈 stands before it; so is >, where nothing else closes the bracket.
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
    for i in 0..run.len() {
        match run.get(i).map(|m| m.fold) {
            Some('(') => open = Some(i),
            Some(')' | '〈' | '<') => open = None,
            Some(sign @ ('〉' | '>')) => {
                let near = open.take().filter(|at| i - at <= INNER_MAX);
                if near.is_some_and(|at| sign == '〉' || !closes(from(run, at)))
                    && let Some(m) = run.get_mut(i)
                {
                    m.fold = ')';
                }
            }
            _ => {}
        }
    }
}

/// （增速>5%）: the bracket at the start has a sign of its own that closes it, and what stands before that compares.
fn closes(run: &[Mark]) -> bool {
    let mut depth = 0;
    run.iter().take(INNER_MAX).any(|m| {
        depth += match m.fold {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    })
}

#[cfg(test)]
mod tests {
    use super::super::text::{plain, run};
    use super::*;

    #[test]
    fn a_wrong_sign_closes_what_nothing_else_does() {
        for (text, want) in [
            ("公开预算。（市财政局〉", "公开预算。(市财政局)"),
            (
                "（市财政局>2.公开规划。（市司法局）",
                "(市财政局)2.公开规划。(市司法局)",
            ),
            ("（增速>5%）", "(增速>5%)"),
            (
                "（营收>500万元的（含规上）企业）",
                "(营收>500万元的(含规上)企业)",
            ),
            ("（见〈条例〉）", "(见〈条例〉)"),
            ("当前位置：首页>政务公开", "当前位置:首页>政务公开"),
        ] {
            let Some(Node::Line(mended)) = mend(vec![Node::Line(run(text))]).pop() else {
                panic!("a line stays one");
            };
            assert_eq!(plain(&mended), want);
        }
        let far = format!("（{}〉", "甲".repeat(INNER_MAX));
        let mended = mend(vec![Node::Line(run(&far))]).pop();
        let Some(Node::Line(mended)) = mended else {
            panic!("a line stays one");
        };
        assert!(plain(&mended).ends_with('〉'));
    }
}
