//! From the lines of a captured table to its cells, with what is known of row ends.

use super::super::cells::looks;
use super::super::columns::Column;
use super::super::grid::{Boundary, Cell};
use super::super::number::{Level, number, only_number};
use super::super::organ_name::LEVELS;
use super::super::text::{Mark, Run, from, is_empty, part, plain, split_by, trim};
use super::even::even_rows;
use super::{Capture, filled, row_cells};

pub(super) fn cells(lines: &[&Run], capture: Capture, columns: &[Column]) -> Vec<Cell> {
    let width = columns.len();
    match capture {
        Capture::TabLines => tab_lines(lines, width),
        Capture::TabRows => tab_rows(lines, columns),
        Capture::Pipes => one_a_line(lines, columns).unwrap_or_else(|| pipes(lines, width)),
        Capture::Spaces => by_gaps(lines, columns.len())
            .unwrap_or_else(|| spaces(lines, columns.contains(&Column::Heading))),
        Capture::Commas => commas(lines),
        Capture::Flat => flat(lines, columns),
    }
}

/// A cell on each line; a copy from a PDF breaks long cells over several lines.
/// Rows that have all their cells stay as they are.
fn flat(lines: &[&Run], columns: &[Column]) -> Vec<Cell> {
    let headed = columns.contains(&Column::Heading);
    let lines = filled(lines);
    let even = even_rows(&lines, columns) * columns.len();
    let mut out: Vec<Cell> = Vec::new();
    for row in lines
        .get(..even)
        .unwrap_or_default()
        .chunks_exact(columns.len().max(1))
    {
        push_row(row.to_vec(), &mut out);
    }
    let mut before: &[Mark] = &[];
    let mut begins = true;
    for line in lines.into_iter().skip(even) {
        match out.last_mut() {
            Some(last) if !begins && goes_on(&last.run, before, line, headed) => {
                last.run.extend_from_slice(line);
            }
            _ => out.push(Cell::new(line.to_vec(), Boundary::May)),
        }
        begins = false;
        before = line;
    }
    out
}

/// Shortest line of a cell that was broken, in characters.
const BROKEN_MIN: usize = 18;

/// Whether a line goes on with the cell before, whose last line is `before`: a list of units whose last name is torn,
/// or a sentence that has not ended. In a table with headings, which have no stop either, the sentence must show a comma.
fn goes_on(cell: &[Mark], before: &[Mark], line: &[Mark], headed: bool) -> bool {
    let numbered = number(line).is_some() || only_number(line).is_some();
    if numbered || only_number(cell).is_some() || cell.len() > CELL_MAX {
        return false;
    }
    // …“一张清单”，并 / 动态更新。
    let open = |m: &Mark| matches!(m.fold, ',' | '并' | '和' | '及' | '与' | '《' | '“');
    if cell.last().is_some_and(open) {
        return true;
    }
    let (last, next) = (looks(cell), looks(line));
    if cell.iter().any(|m| m.fold == '、') && last.organs > 0.0 && last.weight <= LIST_MAX {
        let open = cell.last().is_some_and(|m| m.fold == '、');
        let whole: Run = cell.iter().chain(line).copied().collect();
        let share = looks(&whole).organs;
        return share > WHOLE_SHARE && (open || share > last.organs || torn_name(cell, line));
    }
    let sentence = !last.deadline && last.organs < 0.5 && next.organs < 0.5 && !next.deadline;
    let ended = cell.last().is_none_or(|m| matches!(m.fold, '。' | ';'));
    let comma = !headed || cell.iter().any(|m| m.fold == ',');
    sentence && !ended && comma && before.len() >= BROKEN_MIN
}

/// …、市住房城乡 / 建设局: all names of the list begin with a level, the rest of the last one does not.
fn torn_name(cell: &[Mark], line: &[Mark]) -> bool {
    const WHOLE: &[&str] = &[
        "局", "委", "办", "室", "中心", "厅", "科", "院", "府", "单位", "部门", "街道", "公司",
        "队",
    ];
    let names: Vec<String> = split_by(cell, |m| m.fold == '、')
        .into_iter()
        .map(plain)
        .collect();
    let levelled = names.iter().all(|name| name.starts_with(LEVELS));
    let weak = names
        .last()
        .is_some_and(|name| !WHOLE.iter().any(|w| name.ends_with(w)));
    levelled && weak && !plain(line).starts_with(LEVELS)
}

/// Longest cell that is put together, in characters.
const CELL_MAX: usize = 2_000;
/// Longest list of units that is put together, in characters.
const LIST_MAX: usize = 300;
/// Share of organs in a list that is whole again.
const WHOLE_SHARE: f32 = 0.95;

/// A line that begins with a tab begins a cell, any other goes on with it; a blank line may end the row.
fn tab_lines(lines: &[&Run], width: usize) -> Vec<Cell> {
    let mut out: Vec<Cell> = Vec::new();
    let mut gap = true;
    for line in lines {
        if line.first().is_some_and(|m| m.fold == '\t') {
            let boundary = if gap { Boundary::May } else { Boundary::Never };
            out.push(Cell::new(from(line, 1).to_vec(), boundary));
            gap = false;
        } else if is_empty(line) {
            gap = true;
        } else if heading(line) {
            // a heading printed between two pages
            out.push(Cell::new(trim(line).to_vec(), Boundary::May));
            gap = true;
        } else if let Some(last) = out.last_mut() {
            if is_measure(&last.run) && looks(line).organs > UNITS_SHARE {
                // the tab before the units was lost
                out.push(Cell::new(line.to_vec(), Boundary::Never));
            } else {
                append(&mut last.run, line);
            }
        } else {
            out.push(Cell::new(line.to_vec(), Boundary::May));
        }
    }
    // no blank lines between the rows: a row may begin anywhere
    let begins = out.iter().filter(|c| c.boundary == Boundary::May).count();
    if begins * width.max(1) * 2 < out.len() {
        out.iter_mut().for_each(|c| c.boundary = Boundary::May);
    }
    out
}

fn commas(lines: &[&Run]) -> Vec<Cell> {
    let mut out = Vec::new();
    for line in lines.iter().filter(|l| !is_empty(l)) {
        let cells = comma_cells(line);
        push_row(cells.iter().map(Vec::as_slice).collect(), &mut out);
    }
    out
}

/// Cells between half-width commas; one in straight quotes may hold commas, and doubled quotes for single ones.
pub(super) fn comma_cells(line: &[Mark]) -> Vec<Run> {
    let mut out: Vec<Run> = vec![Run::new()];
    let mut quoted = false;
    let mut marks = line.iter().peekable();
    while let Some(m) = marks.next() {
        let Some(cell) = out.last_mut() else { break };
        match m.ch {
            '"' if quoted && marks.peek().is_some_and(|next| next.ch == '"') => {
                cell.push(*m);
                marks.next();
            }
            '"' if quoted => quoted = false,
            '"' if is_empty(cell) => quoted = true,
            ',' if !quoted => out.push(Run::new()),
            _ => cell.push(*m),
        }
    }
    out.iter().map(|cell| trim(cell).to_vec()).collect()
}

/// Share of organs that makes a piece of a line a unit cell.
const UNITS_SHARE: f32 = 0.8;

/// Blanks in a row that part two columns where single ones may stand inside a cell.
const GAP_MIN: usize = 2;

/// A row on a line, its cells parted by wide gaps: each line has as many as the head.
pub(super) fn by_gaps(lines: &[&Run], width: usize) -> Option<Vec<Cell>> {
    let mut out = Vec::new();
    for line in lines.iter().filter(|l| !is_empty(l)) {
        let cells = between_gaps(trim(line));
        if width < 3 || cells.len() != width {
            return None;
        }
        push_row(cells, &mut out);
    }
    (!out.is_empty()).then_some(out)
}

fn between_gaps(line: &[Mark]) -> Vec<&[Mark]> {
    let (mut cells, mut start, mut i) = (Vec::new(), 0, 0);
    while i < line.len() {
        let gap = from(line, i).iter().take_while(|m| m.is_blank()).count();
        if gap >= GAP_MIN {
            cells.push(part(line, start, i));
            start = i + gap;
        }
        i += gap.max(1);
    }
    cells.push(from(line, start));
    cells
}

/// A row on a line: units and deadlines stand at its end, what is before them is the measure, blanks and all.
/// A line without units goes on in the next one.
fn spaces(lines: &[&Run], headings: bool) -> Vec<Cell> {
    let mut out = Vec::new();
    let mut pending = Run::new();
    for line in lines.iter().filter(|l| !is_empty(l)) {
        let line = trim(line);
        let at = tail_at(line);
        let begins = number(line).is_some() || starts_with_number(line);
        if begins && !is_empty(&pending) {
            push_row(number_apart(&std::mem::take(&mut pending)), &mut out);
        }
        if heading(line) && at == line.len() {
            push_row(vec![&std::mem::take(&mut pending)], &mut out);
            push_row(vec![line], &mut out);
            continue;
        }
        if !pending.is_empty() {
            append(&mut pending, part(line, 0, at));
        } else {
            pending = part(line, 0, at).to_vec();
        }
        if at == line.len() {
            continue;
        }
        let row = std::mem::take(&mut pending);
        let row = trim(&row);
        let mut cells = number_apart(row);
        if let Some(rest) = cells.pop() {
            cells.extend(headed(rest));
        }
        if let Some(text) = cells.pop() {
            let cut = if headings { phrases(text) } else { 0 };
            cells.push(part(text, 0, cut));
            cells.push(trim(from(text, cut)));
        }
        cells.extend(
            from(line, at)
                .split(|m| m.is_blank())
                .filter(|piece| !piece.is_empty()),
        );
        cells.retain(|cell| !is_empty(cell));
        push_row(cells, &mut out);
    }
    if !is_empty(&pending) {
        push_row(number_apart(&pending), &mut out);
    }
    out.retain(|cell| !is_empty(&cell.run));
    out
}

/// `3 公开预算…`: the number and the rest; any other row whole.
fn number_apart(row: &[Mark]) -> Vec<&[Mark]> {
    let row = trim(row);
    let blank = row.iter().position(|m| m.is_blank());
    match blank.filter(|_| starts_with_number(row)) {
        Some(i) => vec![part(row, 0, i), trim(from(row, i))],
        None => vec![row],
    }
}

/// Longest heading at the front of a row, in characters.
const HEADING_MAX: usize = 60;

/// 一、深化公开 （一）规划公开 1.公布规划…: headings at the front of a row, each a cell of its own.
fn headed(row: &[Mark]) -> Vec<&[Mark]> {
    let mut cells = Vec::new();
    let mut rest = trim(row);
    loop {
        let numbered = number(rest).filter(|n| matches!(n.level, Level::Section | Level::Group));
        let start = numbered.map_or(0, |n| n.len);
        let ends = |i: &usize| {
            let behind = trim(from(rest, *i));
            let begins = number(behind)
                .is_some_and(|n| numbered.map_or(n.level <= Level::Item, |h| n.level > h.level));
            let gap = numbered.is_some() && from(rest, *i).iter().take(2).all(|m| m.is_blank());
            rest.get(*i).is_some_and(|m| m.is_blank()) && (begins || gap)
        };
        let reach = rest.len().min(start + HEADING_MAX);
        let first_blank = (start + 1..reach).find(|i| rest.get(*i).is_some_and(|m| m.is_blank()));
        let cut = (start + 1..reach)
            .find(ends)
            .or(first_blank.filter(|_| numbered.is_some()));
        let Some(cut) = cut.filter(|i| !is_empty(from(rest, *i))) else {
            break;
        };
        cells.push(trim(part(rest, 0, cut)));
        rest = trim(from(rest, cut));
    }
    cells.push(rest);
    cells
}

/// Longest heading before the measure of its row, in characters.
const PHRASE_MAX: usize = 16;

/// 加强保护 严守红线 实施总量控制，防止…: where the measure begins behind short phrases with nothing but blanks between them.
fn phrases(text: &[Mark]) -> usize {
    let signs = |run: &[Mark]| run.iter().any(|m| matches!(m.fold, '。' | ',' | ';' | ':'));
    let mut start = 0;
    for piece in text.split(|m| m.is_blank()) {
        if piece.len() > PHRASE_MAX || signs(piece) {
            return if signs(piece) { start } else { 0 };
        }
        start += piece.len() + 1;
    }
    0
}

/// `3 公开预算 …`: the number of the row stands alone.
fn starts_with_number(line: &[Mark]) -> bool {
    line.iter()
        .position(|m| m.is_blank())
        .is_some_and(|i| only_number(part(line, 0, i)).is_some())
}

/// Longest piece behind the units that is taken for a deadline though no date is read in it, in characters.
const LAST_MAX: usize = 14;

/// Where the pieces begin that are nothing but units and deadlines; the line's length where there are none.
fn tail_at(line: &[Mark]) -> usize {
    let mut at = line.len();
    while let Some(start) = part(line, 0, at)
        .iter()
        .rposition(|m| m.is_blank())
        .map(|i| i + 1)
        .or((at > 0).then_some(0))
    {
        let piece = trim(part(line, start, at));
        let looks = looks(piece);
        let units_before = || {
            let before = trim(part(line, 0, start.saturating_sub(1)));
            let last = before.rsplit(|m| m.is_blank()).next().unwrap_or(before);
            last.len() < before.len() && super::super::cells::looks(last).organs > UNITS_SHARE
        };
        let last = at == line.len() && looks.weight <= LAST_MAX && start > 0 && units_before();
        if !(piece.is_empty() || looks.deadline || looks.organs > UNITS_SHARE || last) {
            break;
        }
        at = start.saturating_sub(1);
        if start == 0 {
            return 0;
        }
    }
    if at >= line.len() { line.len() } else { at }
}

pub(super) fn append(run: &mut Run, line: &[Mark]) {
    if let Some(first) = line.first() {
        run.push(Mark {
            ch: '\n',
            fold: '\n',
            at: first.at,
        });
    }
    run.extend_from_slice(line);
}

fn tab_rows(lines: &[&Run], columns: &[Column]) -> Vec<Cell> {
    let mut out: Vec<Cell> = Vec::new();
    let mut row_at = 0;
    for line in lines.iter().filter(|l| !is_empty(l)) {
        if !line.iter().any(|m| m.fold == '\t') {
            match out.last_mut() {
                Some(last) if continues(&last.run, line) => append(&mut last.run, line),
                _ => out.push(Cell::new(trim(line).to_vec(), Boundary::Must)),
            }
            continue;
        }
        let cells = row_cells(line);
        let row = out.get(row_at..).unwrap_or_default();
        if goes_on_in_cell(row, &cells, columns)
            && let (Some(last), [first, rest @ ..]) = (out.last_mut(), cells.as_slice())
        {
            append(&mut last.run, first);
            out.extend(rest.iter().map(|c| Cell::new(c.to_vec(), Boundary::Never)));
            continue;
        }
        row_at = out.len();
        push_row(cells, &mut out);
    }
    out
}

/// 5.公开预算。 / 公开决算。, tab, 市财政局: the line ended within the cell of the measure, and the next one goes on there. The
/// rows are numbered, and the two together have all cells.
fn goes_on_in_cell(row: &[Cell], next: &[&[Mark]], columns: &[Column]) -> bool {
    let (Some(last), Some(first)) = (row.last(), next.first()) else {
        return false;
    };
    let broken = row.len() < columns.len() && row.len() + next.len() == columns.len() + 1;
    let measure = columns.get(row.len() - 1) == Some(&Column::Text);
    let numbered =
        number(&last.run).is_some() || row.iter().any(|c| only_number(trim(&c.run)).is_some());
    let (above, below) = (looks(&last.run), looks(first));
    let text = above.organs < 0.5 && !above.deadline && below.organs < 0.5 && !below.deadline;
    let begins = number(first).is_some() || only_number(trim(first)).is_some();
    broken && measure && numbered && text && !begins && !is_empty(&last.run) && !is_empty(first)
}

fn push_row(cells: Vec<&[Mark]>, out: &mut Vec<Cell>) {
    for (i, cell) in cells.into_iter().enumerate() {
        out.push(Cell::new(
            cell.to_vec(),
            if i == 0 {
                Boundary::Must
            } else {
                Boundary::Never
            },
        ));
    }
}

/// A line that goes on with the cell before: that one is not at its end, and no number begins the line.
fn continues(last: &[Mark], line: &[Mark]) -> bool {
    let ended = trim(last)
        .last()
        .is_none_or(|m| matches!(m.fold, '。' | ';'));
    let begins = number(line).is_some_and(|n| matches!(n.level, Level::Section | Level::Group));
    // a deadline or a list of units is whole; what follows is a heading
    let before = looks(last);
    let whole = before.deadline || (before.organs > WHOLE_SHARE && looks(line).organs < 0.5);
    !begins && !ended && !whole
}

/// |1| / |公开预算| / |财政所|: a cell between pipes on each line, and each row with all its cells.
fn one_a_line(lines: &[&Run], columns: &[Column]) -> Option<Vec<Cell>> {
    let mut cells: Vec<&[Mark]> = Vec::new();
    for line in lines.iter().filter(|l| !is_empty(l)) {
        let own = row_cells(line);
        let [cell] = own.as_slice() else { return None };
        cells.push(cell);
    }
    let whole = even_rows(&cells, columns) * columns.len() == cells.len();
    let mut out = Vec::new();
    for row in cells.chunks_exact(columns.len().max(1)).filter(|_| whole) {
        push_row(row.to_vec(), &mut out);
    }
    (!out.is_empty()).then_some(out)
}

fn pipes(lines: &[&Run], width: usize) -> Vec<Cell> {
    let lines: Vec<&Run> = lines
        .iter()
        .copied()
        .filter(|l| !is_empty(l) && !is_rule(l))
        .collect();
    let rows = lines
        .iter()
        .filter(|l| row_cells(l).iter().filter(|c| !is_empty(c)).count() >= 2)
        .count();
    let single = lines
        .iter()
        .filter(|l| row_cells(l).iter().filter(|c| !is_empty(c)).count() == 1)
        .count();
    if rows >= 2 && rows * 2 >= single {
        pipe_rows(&lines)
    } else {
        pipe_stream(&lines, width)
    }
}

/// `|---|---|` of Markdown.
fn is_rule(line: &[Mark]) -> bool {
    line.iter()
        .all(|m| m.is_blank() || matches!(m.fold, '|' | '-' | ':'))
        && line.iter().any(|m| m.fold == '-')
}

/// A row on a line; a row whose line does not end in `|` while others do goes on in the next line.
fn pipe_rows(lines: &[&Run]) -> Vec<Cell> {
    let closed = lines
        .iter()
        .filter(|l| trim(l).last().is_some_and(|m| m.fold == '|'))
        .count()
        * 2
        > lines.len();
    // each row begins with a pipe: what begins without one is the rest of a row
    let begins = |l: &Run| l.len() > 1 && l.first().is_some_and(|m| m.fold == '|');
    let opened = lines.iter().filter(|l| begins(l)).count() * 2 >= lines.len();
    let closed = closed || opened;
    let mut out = Vec::new();
    let mut pending = Run::new();
    for line in lines {
        if opened && begins(line) && !pending.is_empty() {
            push_pipe_row(&std::mem::take(&mut pending), &mut out);
        }
        if pending.is_empty() {
            pending = trim(line).to_vec();
        } else {
            append(&mut pending, trim(line));
        }
        let piped = pending.iter().any(|m| m.fold == '|');
        let done = !closed
            || pending.last().is_some_and(|m| m.fold == '|')
            || (!piped && heading(&pending));
        if done {
            push_pipe_row(&pending, &mut out);
            pending.clear();
        }
    }
    if !pending.is_empty() {
        push_pipe_row(&pending, &mut out);
    }
    out
}

/// …情况。 | / 产业政策科 | |: a row of nothing but units below one that ends in a measure is the rest of that row.
fn push_pipe_row(row: &[Mark], out: &mut Vec<Cell>) {
    let cells = row_cells(row);
    let mut filled = cells.iter().filter(|c| !is_empty(c));
    let units = filled.next().filter(|_| filled.next().is_none());
    let units = units.filter(|cell| looks(cell).organs > UNITS_SHARE);
    let last = out.iter().rposition(|cell| !is_empty(&cell.run));
    if let (Some(units), Some(last)) = (units, last)
        && out.get(last).is_some_and(|cell| is_measure(&cell.run))
    {
        out.truncate(last + 1);
        return out.push(Cell::new(units.to_vec(), Boundary::Never));
    }
    push_row(cells, out);
}

/// A sentence, and no units.
fn is_measure(cell: &[Mark]) -> bool {
    let looks = looks(cell);
    let ended = cell.last().is_some_and(|m| matches!(m.fold, '。' | ';'));
    ended && looks.organs < 0.5 && !looks.deadline
}

/// Short, without a stop, and no units.
pub(super) fn is_title(run: &[Mark]) -> bool {
    let looks = looks(run);
    looks.weight <= HEADING_MAX && !looks.sentence && !looks.deadline && looks.organs < 0.5
}

fn heading(run: &[Mark]) -> bool {
    number(run).is_some_and(|n| matches!(n.level, Level::Section | Level::Group))
}

/// A cell on a line, pipes between. Two pipes with nothing between end a row where they do so all along.
fn pipe_stream(lines: &[&Run], width: usize) -> Vec<Cell> {
    let mut chunks: Vec<Vec<Run>> = vec![Vec::new()];
    let mut current = Run::new();
    let mut open = false;
    for line in lines {
        for m in line.iter() {
            if m.fold != '|' {
                current.push(*m);
                continue;
            }
            if is_empty(&current) {
                if open && chunks.last().is_some_and(|c| !c.is_empty()) {
                    chunks.push(Vec::new());
                }
            } else if let Some(chunk) = chunks.last_mut() {
                chunk.push(trim(&current).to_vec());
            }
            current.clear();
            open = true;
        }
        if let (false, Some(last)) = (current.is_empty(), line.last()) {
            current.push(Mark {
                ch: '\n',
                fold: '\n',
                at: last.at,
            });
        }
    }
    if !is_empty(&current)
        && let Some(chunk) = chunks.last_mut()
    {
        chunk.push(trim(&current).to_vec());
    }
    let mut out = Vec::new();
    for chunk in chunks {
        let fits = chunk.len() <= width + 1;
        for (i, run) in chunk.into_iter().enumerate() {
            let begins = number(&run)
                .is_some_and(|n| matches!(n.level, Level::Section | Level::Group | Level::Item));
            let boundary = match (i, fits && !begins) {
                (0, _) => Boundary::Must,
                (_, true) => Boundary::Never,
                (_, false) => Boundary::May,
            };
            out.push(Cell::new(run, boundary));
        }
    }
    out
}
