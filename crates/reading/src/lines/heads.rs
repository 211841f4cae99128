//! Finds the head of a table in plain text: on one line, between blanks, over two lines, or one head a line.

use super::super::columns::{HeadWord, head, head_framed, head_told, head_word};
use super::super::layout::Node;
use super::super::text::{Mark, Run, is_empty, plain, trim, trim_by};
use super::even::unlisted;
use super::{Capture, cells, row_cells};

/// A head with how it was captured.
pub(super) struct Head {
    pub(super) capture: Capture,
    pub(super) words: Vec<Option<HeadWord>>,
    pub(super) runs: Vec<Run>,
    pub(super) end: usize,
    /// Some of its words are not known, and not all of its rows show what their columns hold.
    pub(super) doubtful: bool,
}

/// Most lines that one head may take.
const HEAD_LINES_MAX: usize = 40;
/// Most columns of a head.
const HEAD_CELLS_MAX: usize = 14;

pub(super) fn head_at(nodes: &[Node], i: usize) -> Option<Head> {
    let Some(Node::Line(line)) = nodes.get(i) else {
        return None;
    };
    if is_empty(line) {
        return None;
    }
    let parts = row_cells(line);
    if parts.iter().filter(|c| !is_empty(c)).count() > 1 {
        let tabs = line.iter().filter(|m| m.fold == '\t').count();
        let piped = line.iter().filter(|m| m.fold == '|').count() >= tabs.max(1);
        let capture = if piped {
            Capture::Pipes
        } else {
            Capture::TabRows
        };
        let Some(words) = head(&parts) else {
            return head_broken_at_pipes(nodes, i).filter(|_| piped);
        };
        let runs = parts.iter().map(|p| p.to_vec()).collect();
        return Some(Head {
            capture,
            words,
            runs,
            end: i + 1,
            doubtful: false,
        });
    }
    head_between_commas(line, i)
        .or_else(|| head_between_blanks(line, i))
        .or_else(|| head_over_two_lines(nodes, i))
        .or_else(|| head_on_lines(nodes, i))
}

/// Rows below a head that tell what its words mean.
const TELLING_ROWS: usize = 3;

/// A row of heads between pipes or tabs, of which the rows below it tell where the units are.
pub(super) fn told_by_rows(nodes: &[Node], i: usize) -> Option<Head> {
    let line = |n: usize| match nodes.get(n) {
        Some(Node::Line(run)) if !is_empty(run) => Some(row_cells(run)),
        _ => None,
    };
    let parts = line(i).filter(|parts| parts.len() > 2)?;
    let rows = (i + 1..nodes.len().min(i + TOLD_REACH)).filter_map(line);
    let below: Vec<Vec<&[Mark]>> = rows
        .filter(|row| row.len() == parts.len())
        .take(TELLING_ROWS)
        .collect();
    let words = head_told(&parts, &below)?;
    let piped = matches!(nodes.get(i), Some(Node::Line(l)) if l.iter().any(|m| m.fold == '|'));
    Some(Head {
        capture: match piped {
            true => Capture::Pipes,
            false => Capture::TabRows,
        },
        words,
        runs: parts.iter().map(|p| p.to_vec()).collect(),
        end: i + 1,
        doubtful: true,
    })
}

/// Longest such row, in characters.
const FRAMED_MAX: usize = 200;

/// A row of heads between pipes, tabs or commas, whose units show that it is one.
pub(super) fn framed_at(nodes: &[Node], i: usize, titled: bool) -> Option<Head> {
    let Some(Node::Line(line)) = nodes.get(i) else {
        return None;
    };
    let has = |sign: char| line.iter().any(|m| m.fold == sign);
    if line.len() > FRAMED_MAX || !(has('|') || has('\t') || has(',')) {
        return None;
    }
    let (capture, runs): (_, Vec<Run>) = match (has('|'), has('\t')) {
        (true, _) => (
            Capture::Pipes,
            row_cells(line).iter().map(|p| p.to_vec()).collect(),
        ),
        (_, true) => (
            Capture::TabRows,
            row_cells(line).iter().map(|p| p.to_vec()).collect(),
        ),
        _ => (Capture::Commas, cells::comma_cells(line)),
    };
    let cells: Vec<&[Mark]> = runs.iter().map(Vec::as_slice).collect();
    let several = cells.iter().filter(|c| !is_empty(c)).count() > 2;
    if !several {
        return None;
    }
    let found = head_framed(&cells).filter(|found| titled || found.roles)?;
    Some(Head {
        capture,
        words: found.words,
        runs,
        end: i + 1,
        doubtful: found.doubtful,
    })
}

/// Lines below a head among which those rows stand.
const TOLD_REACH: usize = 12;

/// Most lines over which a row of heads between pipes is broken.
const BROKEN_LINES_MAX: usize = 6;

/// 工作任务 | 具体要求 / | 责任单位 |: a break inside a cell tore the row; its next line begins with the pipe.
fn head_broken_at_pipes(nodes: &[Node], i: usize) -> Option<Head> {
    let mut row = Run::new();
    for (n, node) in nodes.iter().enumerate().skip(i).take(BROKEN_LINES_MAX) {
        let Node::Line(line) = node else { return None };
        let line = trim(line);
        let goes_on = line.first().is_some_and(|m| m.fold == '|');
        if n > i && !(is_empty(line) || goes_on) {
            return None;
        }
        row.extend_from_slice(line);
        let parts = row_cells(&row);
        if n > i
            && let Some(words) = head(&parts)
        {
            return Some(Head {
                capture: Capture::Pipes,
                words,
                runs: parts.iter().map(|p| p.to_vec()).collect(),
                end: n + 1,
                doubtful: false,
            });
        }
    }
    None
}

/// Heads on one line with commas between them: 序号,工作任务,责任单位.
fn head_between_commas(line: &[Mark], i: usize) -> Option<Head> {
    if line.iter().filter(|m| m.ch == ',').count() < 2 {
        return None;
    }
    let runs = cells::comma_cells(line);
    let cells: Vec<&[Mark]> = runs.iter().map(Vec::as_slice).collect();
    let words = head(&cells).filter(|_| runs.len() > 2)?;
    Some(Head {
        capture: Capture::Commas,
        words,
        runs,
        end: i + 1,
        doubtful: false,
    })
}

/// Heads on one line with nothing but blanks between them.
fn head_between_blanks(line: &[Mark], i: usize) -> Option<Head> {
    let tokens: Vec<(Run, usize)> = line
        .split(|m| m.is_blank())
        .filter(|piece| !piece.is_empty())
        .map(|piece| (piece.to_vec(), i))
        .collect();
    if !(2..=HEAD_CELLS_MAX * 2).contains(&tokens.len()) {
        return None;
    }
    let (mut runs, mut t) = (Vec::new(), 0);
    while t < tokens.len() {
        let (run, used) = head_token(tokens.get(t..)?)?;
        t += used;
        runs.push(run);
    }
    let cells: Vec<&[Mark]> = runs.iter().map(Vec::as_slice).collect();
    let words = head(&cells).filter(|_| runs.len() > 1)?;
    Some(Head {
        capture: Capture::Spaces,
        words,
        runs,
        end: i + 1,
        doubtful: false,
    })
}

/// Heads with nothing but blanks between them, broken over two lines: 牵头 责任 above 单位 单位.
fn head_over_two_lines(nodes: &[Node], i: usize) -> Option<Head> {
    let line = |n: usize| match nodes.get(n) {
        Some(Node::Line(run)) => Some(run),
        _ => None,
    };
    let first = words_of(line(i)?)?;
    let (end, second) = (i + 1..i + 4).find_map(|n| {
        let run = line(n).filter(|run| !is_empty(run))?;
        Some((n + 1, words_of(run)?))
    })?;
    if second.len() > first.len() {
        return None;
    }
    let runs = joined_heads(&first, &second)?;
    let cells: Vec<&[Mark]> = runs.iter().map(Vec::as_slice).collect();
    let words = head(&cells)?;
    Some(Head {
        capture: Capture::Spaces,
        words,
        runs,
        end,
        doubtful: false,
    })
}

/// Longest piece of a broken head, in characters.
const PIECE_MAX: usize = 8;

/// The words of a line of short ones, each with its place; `None` for a line of text.
fn words_of(line: &[Mark]) -> Option<Vec<(usize, Run)>> {
    let mut out: Vec<(usize, Run)> = Vec::new();
    let mut within = false;
    for (at, m) in line.iter().enumerate() {
        match (m.is_blank(), within, out.last_mut()) {
            (true, ..) => within = false,
            (false, true, Some((_, run))) => run.push(*m),
            (false, ..) => {
                within = true;
                out.push((at, vec![*m]));
            }
        }
    }
    let short = out.iter().all(|(_, run)| run.len() <= PIECE_MAX);
    (short && (2..=HEAD_CELLS_MAX).contains(&out.len())).then_some(out)
}

/// Heads of the first line, some of them with their rest from the second one; those whose places are nearest.
fn joined_heads(first: &[(usize, Run)], second: &[(usize, Run)]) -> Option<Vec<Run>> {
    // best[k]: cost and heads so far, with k pieces of the second line used
    let mut best: Vec<Option<(usize, Vec<Run>)>> = vec![None; second.len() + 1];
    if let Some(slot) = best.first_mut() {
        *slot = Some((0, Vec::new()));
    }
    for (at, piece) in first {
        let mut next: Vec<Option<(usize, Vec<Run>)>> = vec![None; second.len() + 1];
        for (k, state) in best.iter().enumerate() {
            let Some((cost, heads)) = state else { continue };
            let alone = head_word(piece).map(|_| (k, *cost, piece.clone()));
            let joined = second.get(k).and_then(|(place, rest)| {
                let run: Run = piece.iter().chain(rest).copied().collect();
                head_word(&run).map(|_| (k + 1, cost + place.abs_diff(*at), run))
            });
            for (k, cost, run) in alone.into_iter().chain(joined) {
                let Some(slot) = next.get_mut(k) else {
                    continue;
                };
                if slot.as_ref().is_none_or(|(least, _)| cost < *least) {
                    let mut heads = heads.clone();
                    heads.push(run);
                    *slot = Some((cost, heads));
                }
            }
        }
        best = next;
    }
    best.pop().flatten().map(|(_, heads)| heads)
}

/// Heads that stand one a line, perhaps broken over lines (牵头 / 单位).
fn head_on_lines(nodes: &[Node], start: usize) -> Option<Head> {
    if !begins_head(nodes, start) {
        return None;
    }
    let (mut runs, mut pipes) = (Vec::new(), false);
    let tabs = matches!(nodes.get(start), Some(Node::Line(l)) if l.first().is_some_and(|m| m.fold == '\t'));
    let mut tokens: Vec<(Run, usize)> = Vec::new();
    let mut blank = 0;
    for (i, node) in nodes.iter().enumerate().skip(start).take(HEAD_LINES_MAX) {
        let Node::Line(line) = node else { break };
        pipes |= line.iter().any(|m| m.fold == '|');
        let token = bare(line).to_vec();
        if token.is_empty() {
            blank += 1;
            if blank > 3 && !pipes {
                break;
            }
            continue;
        }
        blank = 0;
        if token.len() > HEAD_MAX || token.iter().any(|m| m.fold == '|') {
            break;
        }
        tokens.push((token, i));
    }
    let (mut t, mut end) = (0, start);
    while t < tokens.len() && runs.len() < HEAD_CELLS_MAX {
        let Some((run, used)) = head_token(tokens.get(t..).unwrap_or_default()) else {
            break;
        };
        t += used;
        end = tokens.get(t - 1).map_or(end, |(_, i)| i + 1);
        runs.push(run);
    }
    let capture = if tabs {
        Capture::TabLines
    } else if pipes {
        Capture::Pipes
    } else {
        Capture::Flat
    };
    let more = (t < tokens.len())
        .then(|| unlisted(&lines_from(nodes, start), &runs, t))
        .flatten();
    if let Some(more) = more {
        let last = lines_from(nodes, start)
            .get(more.lines - 1)
            .map(|(_, i)| i + 1);
        return Some(Head {
            capture,
            words: more.words,
            runs: more.runs,
            end: last.unwrap_or(end),
            doubtful: more.doubtful,
        });
    }
    let cells: Vec<&[Mark]> = runs.iter().map(Vec::as_slice).collect();
    let words = head(&cells)?;
    Some(Head {
        capture,
        words,
        runs,
        end,
        doubtful: false,
    })
}

/// A line without the pipes at its ends.
fn bare(line: &[Mark]) -> &[Mark] {
    trim_by(line, |m| m.is_blank() || m.fold == '|')
}

/// Most lines of a table that are looked at to tell its head.
const TOLD_LINES_MAX: usize = 400;

/// The lines from `start` on that are not blank, each with its node.
fn lines_from(nodes: &[Node], start: usize) -> Vec<(Run, usize)> {
    let lines = nodes.iter().enumerate().skip(start).take(TOLD_LINES_MAX);
    let lines = lines.map_while(|(i, node)| match node {
        Node::Line(run) => Some((bare(run).to_vec(), i)),
        Node::Grid(_) => None,
    });
    lines.filter(|(run, _)| !run.is_empty()).collect()
}

/// Longest head on a line of its own, in characters.
const HEAD_MAX: usize = 30;

/// Whether the first lines from `start` on make a head at all: looked at before all others are gathered.
fn begins_head(nodes: &[Node], start: usize) -> bool {
    let mut tokens: Vec<(Run, usize)> = Vec::new();
    for (i, node) in nodes.iter().enumerate().skip(start).take(HEAD_LINES_MAX) {
        let Node::Line(line) = node else { break };
        let token = bare(line);
        if token.len() > HEAD_MAX {
            break;
        }
        if !token.is_empty() {
            tokens.push((token.to_vec(), i));
        }
        if tokens.len() == 3 {
            break;
        }
    }
    head_token(&tokens).is_some()
}

/// 完成 / 时限, 责任 / 单位: two halves that may be heads alone, and are one where they stand in turn.
fn halves(tokens: &[(Run, usize)]) -> Option<Run> {
    const FIRST: &[&str] = &[
        "序", "完成", "责任", "牵头", "配合", "工作", "落实", "整改", "办理", "推进", "主要",
    ];
    const SECOND: &[&str] = &[
        "号", "时限", "时间", "期限", "单位", "部门", "科室", "任务", "措施", "内容",
    ];
    let [(first, _), (second, _), ..] = tokens else {
        return None;
    };
    let halved = FIRST.contains(&plain(first).as_str()) && SECOND.contains(&plain(second).as_str());
    let joined: Run = first.iter().chain(second).copied().collect();
    (halved && head_word(&joined).is_some()).then_some(joined)
}

/// One head of one line, or of up to three short ones together.
pub(super) fn head_token(tokens: &[(Run, usize)]) -> Option<(Run, usize)> {
    if let Some(joined) = halves(tokens) {
        return Some((joined, 2));
    }
    if let Some((run, _)) = tokens.first()
        && head_word(run).is_some()
    {
        return Some((run.clone(), 1));
    }
    (2..=3).find_map(|n| {
        let parts = tokens.get(..n)?;
        if parts.iter().any(|(r, _)| r.len() > 5)
            || parts.iter().skip(1).any(|(r, _)| head_word(r).is_some())
        {
            return None;
        }
        let joined: Run = parts.iter().flat_map(|(r, _)| r.iter().copied()).collect();
        head_word(&joined).map(|_| (joined, n))
    })
}
