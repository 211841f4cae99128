//! Where a table in plain text ends: at its paper's signature, at the foot of the page, at a note, or where text follows.

use super::super::cells::looks;
use super::super::layout::Node;
use super::super::notice::{behind_organ, is_date_line};
use super::super::number::{Level, number, only_number};
use super::super::organ_name::is_organ_run;
use super::super::stops::{BEHIND_MAX, is_file, is_note, is_stop, may_head};
use super::super::text::{Mark, Run, is_empty, plain, trim, trim_by};
use super::Capture;

/// The end of a table.
pub(super) struct End {
    /// The first node behind it.
    pub(super) end: usize,
    /// The character from which on the rows may be none.
    pub(super) doubtful_from: Option<u32>,
}

/// Blank lines in a row after which a plain table is over.
const FLAT_GAP_MAX: usize = 40;

pub(super) fn body_end(nodes: &[Node], from: usize, capture: Capture) -> End {
    let mut doubtful_from = None;
    let end = find_end(nodes, from, capture, &mut doubtful_from);
    End { end, doubtful_from }
}

fn find_end(nodes: &[Node], from: usize, capture: Capture, doubtful: &mut Option<u32>) -> usize {
    let mut foreign = 0;
    let mut blank = 0;
    let mut last = from;
    // where the text behind the table begins, unless another row follows
    let mut behind: Option<usize> = None;
    let mut seen = Seen::default();
    for (i, node) in nodes.iter().enumerate().skip(from) {
        let Node::Line(line) = node else { return last };
        if is_empty(line) && !line.iter().any(|m| m.fold == '|') {
            blank += 1;
            if blank > FLAT_GAP_MAX {
                return last;
            }
            continue;
        }
        blank = 0;
        let celled = is_celled(line, capture);
        let tail = is_stop(line) || is_file(line);
        let stops = || tail || signed(nodes, i) || ends_in_note(nodes, i, capture);
        let category = || capture == Capture::Flat && may_head(line);
        if !celled && stops() || celled && is_catalogue_head(line) {
            match category().then(|| goes_on(nodes, i, &seen)).flatten() {
                Some(Behind::Sentence) => {
                    doubtful.get_or_insert(line.first().map_or(u32::MAX, |m| m.at));
                }
                Some(Behind::Row) => {}
                None => return behind.unwrap_or(last),
            }
        }
        seen.note(line);
        if celled {
            foreign = 0;
            behind = None;
        } else {
            if !matches!(capture, Capture::Flat | Capture::Spaces) && heads_text(line) {
                behind.get_or_insert(last);
            }
            foreign += 1;
            let patience = match capture {
                Capture::Flat | Capture::Spaces => usize::MAX,
                Capture::TabLines => 12,
                Capture::TabRows | Capture::Pipes | Capture::Commas => 6,
            };
            if foreign > patience {
                return behind.unwrap_or(last);
            }
        }
        last = i + 1;
    }
    behind.unwrap_or(last)
}

/// What shows that rows follow a cell that reads like the mark of a page (政策解读).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Behind {
    /// Its row has begun with a number, or the numbers go on behind it.
    Row,
    /// A sentence with units below it.
    Sentence,
}

/// The numbers of the rows so far.
#[derive(Default)]
struct Seen {
    /// The last number, alone in its cell or before its measure.
    number: u32,
    /// The last line was a number alone.
    alone: bool,
}

impl Seen {
    fn note(&mut self, line: &[Mark]) {
        let alone = only_number(trim(line));
        self.alone = alone.is_some();
        if let Some(value) = alone.or_else(|| item(line)) {
            self.number = value;
        }
    }

    fn goes_on(&self, line: &[Mark]) -> bool {
        let value = only_number(trim(line)).or_else(|| item(line));
        self.number > 0 && value == Some(self.number + 1)
    }
}

fn item(line: &[Mark]) -> Option<u32> {
    number(line)
        .filter(|n| n.level == Level::Item && !n.nested)
        .map(|n| n.value)
}

/// Share of organs in a line that makes it a unit cell.
const UNITS_SHARE: f32 = 0.85;

fn goes_on(nodes: &[Node], i: usize, seen: &Seen) -> Option<Behind> {
    let lines = nodes.iter().enumerate().skip(i + 1);
    let lines = lines.map_while(|(at, node)| match node {
        Node::Line(run) => Some((at, run)),
        Node::Grid(_) => None,
    });
    let lines = lines.filter(|(_, run)| !is_empty(run)).take(BEHIND_MAX);
    let (mut before, mut counted, mut marks): (Option<&Run>, bool, bool) = (None, false, false);
    for (at, run) in lines {
        if is_stop(run) && !may_head(run) || signed(nodes, at) {
            return None;
        }
        // a list of links counts from 1, and would come to the next number some time
        if seen.goes_on(run) && !counted {
            return Some(Behind::Row);
        }
        marks |= may_head(run);
        counted |= item(run).or_else(|| only_number(trim(run))).is_some();
        if looks(run).organs > UNITS_SHARE {
            let sentence = before.is_some_and(|run| looks(run).sentence);
            match (seen.alone, sentence && !marks) {
                (true, _) => return Some(Behind::Row),
                (false, true) => return Some(Behind::Sentence),
                _ => {}
            }
        }
        before = Some(run);
    }
    None
}

/// An organ's line above a date's line, or with the date behind it: the paper's end.
fn signed(nodes: &[Node], i: usize) -> bool {
    let line = |i: usize| match nodes.get(i) {
        Some(Node::Line(run)) => Some(run),
        _ => None,
    };
    let next = (i + 1..nodes.len().min(i + 5))
        .filter_map(line)
        .find(|r| !is_empty(r));
    let organ = |r: &Run| is_organ_run(r) && next.is_some_and(|r| is_date_line(r));
    line(i).is_some_and(|r| organ(r) || behind_organ(r).is_some())
}

/// Whether a line has the signs between the cells of such a table.
fn is_celled(line: &[Mark], capture: Capture) -> bool {
    match capture {
        Capture::TabLines => line.first().is_some_and(|m| m.fold == '\t'),
        Capture::TabRows => line.iter().any(|m| m.fold == '\t'),
        Capture::Pipes => line.iter().any(|m| m.fold == '|'),
        Capture::Commas => line.iter().any(|m| m.ch == ','),
        Capture::Flat | Capture::Spaces => false,
    }
}

/// Lines below a note among which another row would show that the table goes on.
const NOTE_LINES: usize = 8;

/// 说明：…, with no row of the table below.
fn ends_in_note(nodes: &[Node], i: usize, capture: Capture) -> bool {
    let row = |node: &Node| matches!(node, Node::Line(line) if is_celled(line, capture));
    let noted = matches!(nodes.get(i), Some(Node::Line(line)) if is_note(line));
    noted && !nodes.iter().skip(i + 1).take(NOTE_LINES).any(row)
}

/// 索引号: | … |: what the page says of the paper, in cells too.
fn is_catalogue_head(line: &[Mark]) -> bool {
    let words = trim_by(line, |m| m.is_blank() || m.fold == '|');
    words.first().is_some_and(|m| m.fold == '索') && plain(words).starts_with("索引号")
}

/// 二、工作要求, without cells: below the last row it heads the text behind the table.
fn heads_text(line: &[Mark]) -> bool {
    number(line).is_some_and(|n| matches!(n.level, Level::Section | Level::Group))
}
