//! Page numbers that were copied along with the text of a PDF: — 3 —, 第 3 页 共 12 页.

use super::layout::{Node, shorten};
use super::problem::Account;
use super::text::{Mark, Run, is_empty, plain, tidy, trim};
use super::torn::{Tear, tear};

/// Longest line that is looked at, blanks among it.
const MARKS_MAX: usize = 40;
/// Most figures of a page's number.
const FIGURES_MAX: usize = 4;

/// Takes the lines out that are nothing but the number of a page, and tells so. A paragraph that the page's end tore is
/// whole again; where that is a guess, its second half begins at a place in `Torn`.
pub(crate) fn take_out(nodes: Vec<Node>, account: &mut Account) -> (Vec<Node>, Torn) {
    let is_mark = |run: &Run| run.len() <= MARKS_MAX && is_page_mark(&plain(run));
    let mut marks: Vec<Run> = Vec::new();
    let mut out: Vec<Node> = Vec::with_capacity(nodes.len());
    let mut torn = Torn::default();
    // blank lines behind the last text, and whether a page ended there
    let (mut blanks, mut ended) = (Vec::new(), false);
    for node in nodes {
        match node {
            Node::Line(run) if is_mark(&run) => {
                marks.push(run);
                ended = true;
            }
            Node::Line(run) if is_empty(&run) => blanks.push(Node::Line(run)),
            node => {
                let joined = ended && torn.join(out.last_mut(), &node);
                ended = false;
                if !joined {
                    out.append(&mut blanks);
                    out.push(node);
                }
                blanks.clear();
            }
        }
    }
    out.append(&mut blanks);
    if let Some(first) = marks.first() {
        let first = shorten(&tidy(first));
        let message = match marks.len() {
            1 => format!("页码“{first}”不是正文，已略去"),
            all => format!("页码“{first}”等 {all} 处不是正文，已略去"),
        };
        account.problem("page-number-dropped", message, &marks.concat());
    }
    (out, torn)
}

/// Where the second halves of paragraphs begin that were put together by guess; ascending.
#[derive(Debug, Default)]
pub(crate) struct Torn(Vec<u32>);

impl Torn {
    /// Puts the second half of a paragraph to the first one; tells whether it was such.
    fn join(&mut self, above: Option<&mut Node>, below: &Node) -> bool {
        let (Some(Node::Line(above)), Node::Line(below)) = (above, below) else {
            return false;
        };
        let tear = tear(above, below);
        if tear == Tear::None {
            return false;
        }
        if tear == Tear::Likely {
            self.0.extend(below.first().map(|m| m.at));
        }
        above.truncate(end_of(above));
        above.extend_from_slice(trim(below));
        true
    }

    /// Whether such a place is in the text.
    pub(crate) fn holds(&self, run: &[Mark]) -> bool {
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            return false;
        };
        let from = self.0.partition_point(|at| *at < first.at);
        self.0.get(from).is_some_and(|at| *at <= last.at)
    }
}

/// Behind the last character that is no blank.
fn end_of(run: &[Mark]) -> usize {
    run.iter()
        .rposition(|m| !m.is_blank())
        .map_or(0, |at| at + 1)
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
