//! Page numbers that were copied along with the text of a PDF: — 3 —, 第 3 页 共 12 页.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::{Node, shorten};
use super::number::digits;
use super::problem::Account;
use super::text::{Mark, Run, from, is_empty, is_han, part, plain, tidy, trim};
use super::torn::{Tear, tear};

/// Longest line that is looked at, blanks among it.
const MARKS_MAX: usize = 40;
/// Most figures of a page's number.
const FIGURES_MAX: usize = 4;

/// Takes the lines out that are nothing but the number of a page, and tells so. A paragraph that the page's end tore is
/// whole again; where that is a guess, its second half begins at a place in `Torn`.
pub(crate) fn take_out(nodes: Vec<Node>, account: &mut Account) -> (Vec<Node>, Torn) {
    let counted = counted(&nodes, account);
    let is_mark = |at: usize, run: &Run| {
        run.len() <= MARKS_MAX && (counted.contains(&at) || is_page_mark(&plain(run)))
    };
    let mut marks: Vec<Run> = Vec::new();
    let mut out: Vec<Node> = Vec::with_capacity(nodes.len());
    let mut torn = Torn::default();
    // blank lines behind the last text, and whether a page ended there
    let (mut blanks, mut ended) = (Vec::new(), false);
    for (at, node) in nodes.into_iter().enumerate() {
        match node {
            Node::Line(run) if is_mark(at, &run) => {
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
    marks.extend(take_from_sentences(&mut out));
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

/// Fewest pages whose last or first lines count alike: those are the numbers of the pages.
const PAGES_MIN: usize = 2;

/// Lines of nothing but a figure at the end or the start of their page, where the file tells where pages end, and where the
/// figures of at least half the pages count the pages. A figure alone may as well be the number of a row.
fn counted(nodes: &[Node], account: &Account) -> BTreeSet<usize> {
    let page = |node: &Node| match node {
        Node::Line(run) if !is_empty(run) => account.place(run).page,
        Node::Line(_) => None,
        Node::Grid(grid) => {
            let cells = grid.rows.iter().flatten().map(|cell| &cell.run);
            let mut filled = cells.filter(|run| !is_empty(run));
            filled.next().and_then(|run| account.place(run).page)
        }
    };
    let placed: Vec<(usize, u32)> = nodes
        .iter()
        .enumerate()
        .filter_map(|(at, node)| Some((at, page(node)?)))
        .collect();
    let Some((_, pages)) = placed.last().filter(|(_, pages)| *pages > 1) else {
        return BTreeSet::new();
    };
    // how far each figure is ahead of its page, by whether it ends its page or begins it
    let mut ahead: BTreeMap<(bool, i64), Vec<usize>> = BTreeMap::new();
    for (n, (at, page)) in placed.iter().enumerate() {
        let Some(value) = figure(nodes.get(*at)) else {
            continue;
        };
        let other = |near: Option<&(usize, u32)>| near.is_none_or(|(_, other)| other != page);
        let first = other(n.checked_sub(1).and_then(|n| placed.get(n)));
        let last = other(placed.get(n + 1));
        if first != last {
            let step = i64::from(value) - i64::from(*page);
            ahead.entry((last, step)).or_default().push(*at);
        }
    }
    let most = ahead.into_values().max_by_key(Vec::len).unwrap_or_default();
    let enough = most.len() >= PAGES_MIN && most.len() * 2 >= *pages as usize;
    most.into_iter().filter(|_| enough).collect()
}

/// What a line says that is nothing but a figure.
fn figure(node: Option<&Node>) -> Option<u32> {
    let Some(Node::Line(run)) = node else {
        return None;
    };
    let run = trim(run);
    let (value, figures) = digits(run)?;
    (figures == run.len() && figures <= FIGURES_MAX).then_some(value)
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

/// Fewest numbers of pages within sentences that count on and so are told.
const COUNTED_MIN: usize = 2;

/// …，形成标—2—准。…县委网信—3—办: the numbers of pages that came between the words, where several of them count on.
fn take_from_sentences(nodes: &mut [Node]) -> Vec<Run> {
    let lines = || {
        nodes.iter().filter_map(|node| match node {
            Node::Line(run) => Some(run),
            Node::Grid(_) => None,
        })
    };
    let values: Vec<u32> = lines()
        .flat_map(|run| within(run))
        .map(|(_, _, n)| n)
        .collect();
    let counts = values
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if a < b));
    if values.len() < COUNTED_MIN || !counts {
        return Vec::new();
    }
    let mut out = Vec::new();
    for node in nodes {
        let Node::Line(run) = node else { continue };
        for (at, len, _) in within(run).into_iter().rev() {
            out.push(run.drain(at..at + len).collect());
        }
    }
    out.reverse();
    out
}

/// Numbers between two dashes with words straight before or behind: place, length and value.
fn within(run: &[Mark]) -> Vec<(usize, usize, u32)> {
    let dash = |m: Option<&Mark>| m.is_some_and(|m| matches!(m.fold, '—' | '–' | '─'));
    let mut out = Vec::new();
    let mut at = 0;
    while at < run.len() {
        let found = dash(run.get(at))
            .then(|| digits(from(run, at + 1)))
            .flatten()
            .filter(|(_, figures)| *figures < FIGURES_MAX && dash(run.get(at + 1 + figures)));
        let Some((value, figures)) = found else {
            at += 1;
            continue;
        };
        let len = figures + 2;
        let before = part(run, 0, at).iter().rev().find(|m| !m.is_blank());
        let behind = from(run, at + len).iter().find(|m| !m.is_blank());
        let word = |m: &Mark| is_han(m.ch) || matches!(m.fold, ',' | '、' | '。' | ';');
        // 12—3—5 and 甲—1—乙 beside it are no pages
        let fits = before.is_none_or(word) && behind.is_none_or(word);
        if fits && (before.is_some() || behind.is_some()) {
            // the blanks beside it came with it
            let blank = |m: &&Mark| m.fold == ' ';
            let left = part(run, 0, at).iter().rev().take_while(blank).count();
            let right = from(run, at + len).iter().take_while(blank).count();
            out.push((at - left, left + len + right, value));
        }
        at += len;
    }
    out
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
    use super::super::text::run;
    use super::*;

    #[test]
    fn numbers_of_pages_within_sentences_count_on() {
        let taken = |lines: &[&str]| {
            let mut nodes: Vec<Node> = lines.iter().map(|l| Node::Line(run(l))).collect();
            take_from_sentences(&mut nodes);
            let text = nodes.iter().filter_map(|node| match node {
                Node::Line(run) => Some(plain(run)),
                Node::Grid(_) => None,
            });
            text.collect::<Vec<_>>()
        };
        assert_eq!(
            taken(&[
                "形成方案、标—２—准。",
                "县委网信—3—办",
                "专—10— 利",
                "— 11 —公开"
            ]),
            ["形成方案、标准。", "县委网信办", "专利", "—11—公开"]
        );
        for lines in [
            &["标—2—准。"][..],
            &["第—2—条", "第—1—条"],
            &["共12—3—15项", "共12—4—16项"],
        ] {
            assert_eq!(taken(lines), *lines);
        }
    }

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
