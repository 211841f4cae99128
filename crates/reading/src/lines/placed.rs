//! Tables whose columns show by nothing but their places in the line, as programs write them that keep the layout of a page:
//! cells are broken over several lines, and stand side by side.

use super::super::columns::Column;
use super::super::grid::Row;
use super::super::layout::Node;
use super::super::number::{Level, number, only_number};
use super::super::text::{Mark, Run, is_empty, part, trim};
use super::heads::Head;
use super::tokens::Rows;

/// Blanks before a head that show that columns are kept.
const WIDE_MIN: usize = 4;
/// How far left or right of its head a cell may begin.
const LEFT: usize = 3;
const RIGHT: usize = 2;
/// Share of the lines whose pieces begin where columns do.
const PLACED_MIN: (usize, usize) = (4, 5);

/// How wide a character is.
type Width = fn(&Mark) -> usize;

/// The rows below such a head, by characters or by the places that they take; `None` where the lines keep no columns. All
/// that was broken over lines is to be checked.
pub(super) fn rows(
    nodes: &[Node],
    start: usize,
    head: &Head,
    lines: &[&Run],
    columns: &[Column],
) -> Option<Rows> {
    const CHARACTERS: Width = |_| 1;
    const PLACES: Width = |m| if m.ch.is_ascii() { 1 } else { 2 };
    let Some(Node::Line(line)) = nodes.get(start) else {
        return None;
    };
    let numbered = columns.first() == Some(&Column::Number);
    if head.end != start + 1 || head.runs.len() != columns.len() || columns.len() < 2 || !numbered {
        return None;
    }
    [CHARACTERS, PLACES].into_iter().find_map(|width| {
        let starts = starts(line, head, width)?;
        placed(lines, &starts, columns, width)
    })
}

/// Where the heads begin; `None` where no wide gap stands between them.
fn starts(line: &[Mark], head: &Head, width: Width) -> Option<Vec<usize>> {
    let at = |run: &Run| {
        line.iter()
            .position(|m| Some(m.at) == run.first().map(|f| f.at))
    };
    let firsts: Vec<usize> = head.runs.iter().map(at).collect::<Option<_>>()?;
    let wide = firsts.iter().any(|first| {
        let before = part(line, 0, *first).iter().rev();
        *first > 0 && before.take_while(|m| m.is_blank()).count() >= WIDE_MIN
    });
    let place = |first: &usize| part(line, 0, *first).iter().map(width).sum();
    wide.then(|| firsts.iter().map(place).collect())
}

/// A piece between blanks, with its column and whether it begins where that does.
struct Piece<'l> {
    column: usize,
    begins: bool,
    run: &'l [Mark],
}

fn placed(lines: &[&Run], starts: &[usize], columns: &[Column], width: Width) -> Option<Rows> {
    let text = columns.iter().position(|c| *c == Column::Text)?;
    let (mut rows, mut torn): (Vec<Row>, Vec<bool>) = (Vec::new(), Vec::new());
    let (mut all, mut fit) = (0, 0);
    for line in lines.iter().filter(|l| !is_empty(l)) {
        let heading = number(trim(line)).is_some_and(|n| n.level <= Level::Group);
        let pieces = pieces(line, starts, width);
        if heading && pieces.len() == 1 {
            let mut row: Row = vec![None; columns.len()];
            *row.get_mut(text)? = Some(trim(line).to_vec());
            rows.push(row);
            torn.push(false);
            continue;
        }
        all += 1;
        fit += usize::from(pieces.iter().all(|p| p.begins));
        let counted = pieces.first().filter(|p| p.column == 0);
        if counted.is_some_and(|p| only_number(p.run).is_some()) {
            rows.push(vec![None; columns.len()]);
            torn.push(false);
        } else {
            *torn.last_mut()? = true;
        }
        let row = rows.last_mut()?;
        for piece in pieces {
            match row.get_mut(piece.column)? {
                Some(run) => run.extend_from_slice(piece.run),
                slot => *slot = Some(piece.run.to_vec()),
            }
        }
    }
    let (of, in_all) = PLACED_MIN;
    (all > 1 && fit * in_all >= all * of).then_some(Rows { rows, torn })
}

/// The pieces of a line; those of one column are one, with the blanks between them.
fn pieces<'l>(line: &'l [Mark], starts: &[usize], width: Width) -> Vec<Piece<'l>> {
    let slack = |c: usize| {
        let before = c.checked_sub(1).and_then(|b| starts.get(b));
        let room = before.map_or(0, |b| {
            starts.get(c).map_or(0, |s| s.saturating_sub(b + 1) / 2)
        });
        room.min(LEFT)
    };
    let (mut out, mut place, mut i): (Vec<(Piece<'l>, usize)>, usize, usize) = (Vec::new(), 0, 0);
    while let Some(mark) = line.get(i) {
        if mark.is_blank() {
            place += width(mark);
            i += 1;
            continue;
        }
        let len = line.iter().skip(i).take_while(|m| !m.is_blank()).count();
        let reaches = |c: &usize| {
            starts
                .get(*c)
                .is_some_and(|s| s.saturating_sub(slack(*c)) <= place)
        };
        let column = (0..starts.len()).rev().find(reaches).unwrap_or(0);
        let begins = starts.get(column).is_some_and(|s| place <= s + RIGHT);
        match out.last_mut() {
            Some((last, from)) if last.column == column => {
                last.run = part(line, *from, i + len);
            }
            _ => out.push((
                Piece {
                    column,
                    begins,
                    run: part(line, i, i + len),
                },
                i,
            )),
        }
        place += line.iter().skip(i).take(len).map(width).sum::<usize>();
        i += len;
    }
    out.into_iter().map(|(piece, _)| piece).collect()
}
