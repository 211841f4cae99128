//! Page numbers that were copied along with the text of a PDF: — 3 —, 第 3 页 共 12 页.

use super::layout::{Node, shorten};
use super::problem::Account;
use super::text::{Run, plain, tidy};

/// Longest line that is looked at, blanks among it.
const MARKS_MAX: usize = 40;
/// Most figures of a page's number.
const FIGURES_MAX: usize = 4;

/// Takes the lines out that are nothing but the number of a page, and tells so.
pub(crate) fn take_out(nodes: Vec<Node>, account: &mut Account) -> Vec<Node> {
    let is_mark = |node: &Node| matches!(node, Node::Line(run) if run.len() <= MARKS_MAX && is_page_mark(&plain(run)));
    let (marks, rest): (Vec<Node>, Vec<Node>) = nodes.into_iter().partition(is_mark);
    let marks: Vec<Run> = marks
        .into_iter()
        .filter_map(|node| match node {
            Node::Line(run) => Some(run),
            Node::Grid(_) => None,
        })
        .collect();
    if let Some(first) = marks.first() {
        let first = shorten(&tidy(first));
        let message = match marks.len() {
            1 => format!("页码“{first}”不是正文，已略去"),
            all => format!("页码“{first}”等 {all} 处不是正文，已略去"),
        };
        account.problem("page-number-dropped", message, &marks.concat());
    }
    rest
}

fn is_page_mark(text: &str) -> bool {
    let dash = ['-', '—', '–', '－', '─', '·', '~'];
    let figures = |text: &str| {
        (1..=FIGURES_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    let inner = text.trim_start_matches(dash);
    let between_dashes = inner.len() < text.len()
        && inner.trim_end_matches(dash).len() < inner.len()
        && figures(inner.trim_end_matches(dash));
    let of_all = |text: &str| {
        text.trim_matches([',', '/', '|'])
            .strip_prefix('共')
            .and_then(|t| t.strip_suffix('页'))
            .is_some_and(figures)
    };
    let counted = text.strip_prefix('第').and_then(|t| t.split_once('页'));
    between_dashes
        || counted.is_some_and(|(no, all)| figures(no) && (all.is_empty() || of_all(all)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_in_their_dresses() {
        for text in [
            "—3—",
            "-12-",
            "第3页",
            "第3页共12页",
            "第3页/共12页",
            "——3——",
        ] {
            assert!(is_page_mark(text), "{text}");
        }
        for text in ["3", "3.", "第3页的表", "6-12", "—", "-", "—2022年—", "12月"] {
            assert!(!is_page_mark(text), "{text}");
        }
    }
}
