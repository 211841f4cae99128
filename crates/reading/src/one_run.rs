//! A table that was copied into one line, its head and all: …方案序号 工作任务 责任单位 完成时限公开预算。市财政局 6月底前公开规划。…
//! A row ends with units behind a stop, and the time behind those. What stands in its cells is a guess.

use super::cells::is_deadline;
use super::columns::{Column, columns, head, head_word};
use super::labels::label_word;
use super::layout::{Grid, GridCell, Node};
use super::organ_name::LEVELS;
use super::problem::Account;
use super::prose::is_named;
use super::stops::is_stop;
use super::text::{
    Mark, Run, from, is_empty, is_han, part, plain, starts, starts_any, trim, weight,
};

mod even;
mod glued;
mod piped;

/// Shortest line that may hold such a table, in characters.
const LINE_MIN: usize = 40;
/// Fewest and most heads, and fewest rows.
const HEADS_MIN: usize = 3;
const HEADS_MAX: usize = 12;
const ROWS_MIN: usize = 3;

/// Parts such a line into the title above the table, the table, and what is left behind its last row.
pub(crate) fn part_tables(nodes: Vec<Node>, account: &mut Account) -> Vec<Node> {
    let nodes = piped::unfold(nodes);
    let found = nodes.iter().enumerate().find_map(|(i, node)| {
        let found = find_head(line(node)?)?;
        let next = nodes.get(i + 1).and_then(line);
        may_be_in_one(line(node)?, next, &found).then_some((i, found))
    });
    let Some((at, found)) = found else {
        return part_glued(nodes);
    };
    let below = |node: &&Node| matches!(node, Node::Line(run) if !is_stop(run));
    // 附件 …清单 序号 …: the line of the head itself is no foot
    let end = at + 1 + nodes.iter().skip(at + 1).take_while(below).count();
    let lines: Vec<&Run> = nodes
        .get(at..end)
        .unwrap_or_default()
        .iter()
        .filter_map(line)
        .collect();
    let alone = lines
        .first()
        .is_some_and(|run| is_empty(from(run, found.end)));
    let paged = lines.first().is_some_and(|run| page_mark(run, 1) > 0);
    let (mut body, mut marks) = (Run::new(), Run::new());
    for (n, run) in lines.iter().filter(|run| !is_empty(run)).enumerate() {
        let skip = match n {
            0 => found.end,
            _ if paged => page_mark(run, n + 1),
            _ => 0,
        };
        let torn = body.last().is_some_and(|m| is_han(m.ch));
        body.extend(
            body.last()
                .filter(|_| !torn || !paged)
                .map(|m| Mark::new(' ', m.at)),
        );
        body.extend_from_slice(from(run, skip));
        marks.extend_from_slice(part(run, 0, if n > 0 { skip } else { 0 }));
    }
    let body = without_heads(&body, &found.heads, &mut marks);
    let parted = even::grid(&body, &found);
    let Some((grid, rest)) = parted.or_else(|| grid(&body, &found).filter(|_| !alone)) else {
        return nodes;
    };
    let first = lines.first().map_or(&[][..], |run| run.as_slice());
    let start = if paged { page_mark(first, 1) } else { 0 };
    let title = trim(part(first, start, found.start)).to_vec();
    marks.extend_from_slice(part(first, 0, start));
    account.field(&marks);
    let mut nodes = nodes;
    let more = [Node::Line(title), Node::Grid(grid), Node::Line(rest)];
    nodes.splice(at..end, more);
    nodes
}

/// The rows go on behind the head. A head alone on its line has a line for each row below it, unless the next one holds more
/// words than a row.
fn may_be_in_one(run: &[Mark], next: Option<&Run>, found: &Found) -> bool {
    match is_empty(from(run, found.end)) {
        true => next.is_some_and(|next| words(next).len() > found.columns.len()),
        false => run.len() >= LINE_MIN,
    }
}

/// The same where no blanks part the cells.
fn part_glued(mut nodes: Vec<Node>) -> Vec<Node> {
    let found = nodes
        .iter()
        .enumerate()
        .find_map(|(i, node)| Some((i, glued::part_table(line(node)?)?)));
    if let Some((at, found)) = found {
        let lines = [found.above, found.title].map(Node::Line);
        let rest = [Node::Grid(found.grid), Node::Line(found.rest)];
        nodes.splice(at..=at, lines.into_iter().chain(rest));
    }
    nodes
}

fn line(node: &Node) -> Option<&Run> {
    match node {
        Node::Line(run) => Some(run),
        Node::Grid(_) => None,
    }
}

/// Length of the number of a page before its text: 2、.
fn page_mark(run: &[Mark], page: usize) -> usize {
    starts(run, &format!("{page}、")).unwrap_or(0)
}

/// The heads with their place in the line.
struct Found {
    start: usize,
    end: usize,
    heads: Vec<Run>,
    columns: Vec<Column>,
}

/// The words between blanks, each with its place.
fn words(run: &[Mark]) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut start = None;
    for (i, m) in run.iter().enumerate() {
        match (m.is_blank(), start) {
            (false, None) => start = Some(i),
            (true, Some(at)) => {
                out.push((at, i));
                start = None;
            }
            _ => {}
        }
    }
    out.extend(start.map(|at| (at, run.len())));
    out
}

/// 序号, glued to the end of a title.
fn number_behind(word: &[Mark]) -> Option<usize> {
    let at = word.len().checked_sub(2)?;
    starts(from(word, at), "序号").map(|_| at)
}

fn find_head(run: &[Mark]) -> Option<Found> {
    let words = words(run);
    let of = |&(start, end): &(usize, usize)| part(run, start, end);
    let is_head = |word: &(usize, usize)| head_word(of(word)).is_some();
    (0..words.len()).find_map(|first| {
        let word = words.get(first)?;
        let start = match is_head(word) {
            true => word.0,
            false => word.0 + number_behind(of(word))?,
        };
        let mut cells = vec![(start, word.1)];
        let mut rest = words.iter().skip(first + 1).peekable();
        while cells.len() <= HEADS_MAX
            && let Some(word) = rest.next_if(|word| is_head(word))
        {
            cells.push(*word);
        }
        // 完成时限公开预算…: the first measure stands straight behind the last head
        if let Some(word) = rest.next()
            && let Some((_, len)) = label_word(of(word))
        {
            cells.push((word.0, word.0 + len));
        }
        if !(HEADS_MIN..=HEADS_MAX).contains(&cells.len()) {
            return None;
        }
        let heads: Vec<Run> = cells.iter().map(|cell| of(cell).to_vec()).collect();
        let runs: Vec<&[Mark]> = heads.iter().map(Vec::as_slice).collect();
        let columns = columns(&head(&runs)?);
        let end = cells.last()?.1;
        in_order(&columns).then_some(Found {
            start,
            end,
            heads,
            columns,
        })
    })
}

/// Numbers and headings, the measure, its units, and the time last.
fn in_order(columns: &[Column]) -> bool {
    let rank = |c: &Column| match c {
        Column::Number | Column::Heading => Some(0),
        Column::Text => Some(1),
        Column::Units(_) => Some(2),
        Column::Deadline => Some(3),
        Column::Other => None,
    };
    let ranks: Option<Vec<u8>> = columns.iter().map(rank).collect();
    ranks.is_some_and(|ranks| ranks.is_sorted() && ranks.contains(&1) && ranks.contains(&2))
}

/// The head once more, where a page began, goes to the marks of the pages.
fn without_heads(body: &[Mark], heads: &[Run], marks: &mut Run) -> Run {
    let head: String = heads.iter().map(|run| plain(run)).collect();
    let (mut out, mut i) = (Run::new(), 0);
    while let Some(m) = body.get(i) {
        match starts(from(body, i), &head) {
            Some(len) => {
                marks.extend_from_slice(part(body, i, i + len));
                i += len;
            }
            None => {
                out.push(*m);
                i += 1;
            }
        }
    }
    out
}

/// The parts of one row.
struct Parts {
    text: Run,
    units: Run,
    time: Run,
}

fn grid(body: &[Mark], found: &Found) -> Option<(Grid, Run)> {
    let (mut rows, mut start) = (Vec::new(), 0);
    let mut at = 0;
    while at < body.len() {
        match units_at(body, at).filter(|_| at > start + TEXT_MIN) {
            Some(end) => {
                let close = time_at(body, end);
                rows.push(Parts {
                    text: trim(part(body, start, at)).to_vec(),
                    units: whole_names(trim(part(body, at, end))),
                    time: trim(part(body, end, close)).to_vec(),
                });
                (start, at) = (close, close);
            }
            None => at += 1,
        }
    }
    if rows.len() < ROWS_MIN {
        return None;
    }
    let width = found.columns.len();
    let cell = |(column, run): (usize, Run)| GridCell {
        run,
        column,
        row_span: 1,
        column_span: 1,
        doubtful: true,
    };
    let head: Vec<GridCell> = found.heads.iter().cloned().enumerate().map(cell).collect();
    let rows = rows.into_iter().map(|row| {
        let runs = cells(row, &found.columns);
        runs.into_iter().enumerate().map(cell).collect()
    });
    let rows = std::iter::once(head).chain(rows).collect();
    Some((Grid { rows, width }, trim(from(body, start)).to_vec()))
}

/// Shortest measure, in characters.
const TEXT_MIN: usize = 6;
/// Longest list of units, in characters, and most words over which blanks part it.
const UNITS_MAX: usize = 80;
const UNIT_WORDS_MAX: usize = 3;

/// Where units end that begin here, straight behind a stop; a blank may stand inside a name.
fn units_at(body: &[Mark], at: usize) -> Option<usize> {
    let before = part(body, 0, at).iter().rev().find(|m| !m.is_blank())?;
    let first = body.get(at)?;
    if first.is_blank() || !matches!(before.fold, '。' | '.' | ';' | ')' | '”') {
        return None;
    }
    let near = part(body, at, at + UNITS_MAX);
    let digit = near.iter().position(|m| m.fold.is_ascii_digit());
    let near = part(near, 0, digit.unwrap_or(near.len()));
    let mut ends = words(near)
        .into_iter()
        .take(UNIT_WORDS_MAX)
        .map(|(_, end)| end);
    let named = |end: &usize| {
        let names: Run = part(near, 0, *end)
            .iter()
            .copied()
            .filter(|m| !m.is_blank())
            .collect();
        is_named(&names)
    };
    ends.rfind(named).map(|end| at + end)
}

/// 县交通 运输局: the cell broke a name, and no new one begins behind the blank.
fn whole_names(units: &[Mark]) -> Run {
    let parts = |i: usize| {
        let next = from(units, i).iter().find(|m| !m.is_blank());
        let before = part(units, 0, i).iter().rfind(|m| !m.is_blank());
        let begins = next.is_some_and(|m| LEVELS.contains(&m.fold));
        let ended = before.is_some_and(|m| matches!(m.fold, '合' | '头' | '责'));
        begins || ended
    };
    let kept = units
        .iter()
        .enumerate()
        .filter(|(i, m)| !m.is_blank() || parts(*i));
    kept.map(|(_, m)| *m).collect()
}

/// Longest time, in characters; longest words of what is done by then, and longest ones that go on behind a blank.
const TIME_MAX: usize = 14;
const DONE_MAX: usize = 14;
const DONE_REST_MAX: usize = 8;

/// Where the time ends that stands behind units; there where it begins if it is none.
fn time_at(body: &[Mark], at: usize) -> usize {
    const LASTING: &[&str] = &[
        "持续开展",
        "持续推进",
        "持续实施",
        "长期坚持",
        "长期推进",
        "长期开展",
        "长期",
        "全年",
        "年底前",
    ];
    let begin = at + from(body, at).iter().take_while(|m| m.is_blank()).count();
    let run = from(body, begin);
    if let Some(len) = starts_any(run, LASTING) {
        return begin + len;
    }
    let near = part(run, 0, TIME_MAX);
    // 11月底前: the last sign of a time is looked for first
    let limit = ['前', '底', '日', '月'].iter().find_map(|sign| {
        let end = near.iter().position(|m| m.fold == *sign)? + 1;
        let time = part(near, 0, end);
        is_deadline(time, weight(time)).then_some(end)
    });
    let Some(end) = limit else {
        return at;
    };
    begin + end + done_by(from(run, end))
}

/// 制定 治理方案 behind 7月底前: what is done by then, before the next measure; its length.
fn done_by(run: &[Mark]) -> usize {
    let words = words(run);
    let short = |word: Option<&(usize, usize)>, most: usize| {
        let word = word.map(|(start, end)| part(run, *start, *end));
        word.is_some_and(|w| (1..=most).contains(&w.len()) && w.iter().all(|m| is_han(m.ch)))
    };
    let begins = words.first().is_some_and(|(start, _)| *start == 0);
    match (
        begins && short(words.first(), DONE_MAX),
        short(words.get(1), DONE_REST_MAX),
    ) {
        (true, true) => words.get(1).map_or(0, |w| w.1),
        (true, false) => words.first().map_or(0, |w| w.1),
        _ => 0,
    }
}

/// The cells of a row; a number before the measure, and the heading behind it.
fn cells(row: Parts, columns: &[Column]) -> Vec<Run> {
    let mut out = vec![Run::new(); columns.len()];
    let place = |want: fn(&Column) -> bool| columns.iter().position(want);
    let mut text = row.text.as_slice();
    let mut put = |at: Option<usize>, run: &[Mark]| {
        if let Some(slot) = at.and_then(|at| out.get_mut(at)) {
            *slot = trim(run).to_vec();
        }
    };
    let figures = text.iter().take_while(|m| m.fold.is_ascii_digit()).count();
    let parted = text.get(figures).is_some_and(|m| m.is_blank());
    if let Some(at) =
        place(|c| *c == Column::Number).filter(|_| parted && (1..=2).contains(&figures))
    {
        put(Some(at), part(text, 0, figures));
        text = trim(from(text, figures));
        if let Some(at) = place(|c| *c == Column::Heading) {
            let len = heading(text);
            put(Some(at), part(text, 0, len));
            text = from(text, len);
        }
    }
    put(place(|c| *c == Column::Text), text);
    put(place(|c| matches!(c, Column::Units(_))), &row.units);
    put(place(|c| *c == Column::Deadline), &row.time);
    out
}

/// Shortest and longest heading, in characters.
const HEADING_LEN: std::ops::RangeInclusive<usize> = 4..=10;

/// 基础建设全面落实…: the heading ends where a word begins with which measures do. Its length.
fn heading(text: &[Mark]) -> usize {
    const BEGINNINGS: &[&str] = &[
        "全面",
        "建立",
        "健全",
        "完善",
        "加强",
        "强化",
        "推进",
        "推动",
        "深化",
        "进一步",
        "做好",
        "开展",
        "落实",
        "制定",
        "规范",
        "优化",
        "提升",
        "提高",
        "加快",
        "积极",
        "及时",
        "定期",
        "主动",
        "扩大",
        "编制",
        "组织",
        "严格",
    ];
    HEADING_LEN
        .into_iter()
        .find(|&at| starts_any(from(text, at), BEGINNINGS).is_some())
        .unwrap_or(0)
}
