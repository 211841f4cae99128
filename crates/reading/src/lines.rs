//! Tables in plain text: their heads ([`heads`]), their cells ([`cells`]), and what the rows say.

use super::bands;
use super::columns::{
    Column, HeadWord, columns, head_word, is_catalogue, of_several_levels, parts_classes,
    ticks_months,
};
use super::event::{Doubt, Event, doubt_from, doubt_items};
use super::grid::{Boundary, Cell, Row, align};
use super::layout::Node;
use super::notice::is_plan_title;
use super::number::{number, only_number};
use super::organs::Role;
use super::rows::{self, Extra, Joins};
use super::text::{Mark, Run, is_empty, plain, split_by, trim, weight};

mod cells;
mod end;
mod even;
mod flat;
mod headless;
mod heads;
mod named;
mod narrow;
mod placed;
mod tokens;
mod wrapped;

use end::{End, body_end};
use flat::{columns_with_numbers, flat_events};
use heads::{Head, framed_at, head_at, told_by_rows};

/// How the cells of a table stand in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Capture {
    /// Each cell on a line of its own that begins with a tab.
    TabLines,
    /// A row on a line, cells parted by tabs.
    TabRows,
    /// Cells parted by `|`, a row on a line or a cell on a line.
    Pipes,
    /// Each cell on a plain line.
    Flat,
    /// A row on a line, cells parted by blanks.
    Spaces,
    /// A row on a line, cells parted by commas, perhaps in quotes.
    Commas,
}

/// A table found in the text.
#[derive(Debug)]
pub(crate) struct Region {
    /// First node of the head.
    pub(crate) start: usize,
    /// First node after the table.
    pub(crate) end: usize,
    pub(crate) columns: Vec<Column>,
    pub(crate) events: Vec<Event>,
    pub(crate) head: Vec<Run>,
    pub(crate) catalogue: bool,
    /// Its head was lost: its columns are told by what stands in them.
    pub(crate) headless: bool,
}

pub(crate) fn regions(nodes: &[Node]) -> Vec<Region> {
    let mut out = Vec::new();
    let mut i = 0;
    // where the title of a plan was met, and up to where no table without head begins
    let (mut titled, mut none_until) = (false, 0);
    while i < nodes.len() {
        let told = || told_by_rows(nodes, i).filter(|_| titled);
        let framed = || framed_at(nodes, i, titled);
        let headed = head_at(nodes, i).or_else(framed).or_else(told);
        let headed = headed.map(|head| region(nodes, i, head));
        let headless = match headed {
            None if i >= none_until => headless::region(nodes, i, titled, out.is_empty()),
            _ => None,
        };
        let found = match (headed, headless) {
            (Some(region), _) | (None, Some(headless::Found::Region(region))) => Some(region),
            (None, Some(headless::Found::NoneUntil(node))) => {
                none_until = node;
                None
            }
            (None, None) => None,
        };
        titled = titled || nodes.get(i).is_some_and(is_title);
        match found {
            Some(region) => {
                i = region.end.max(i + 1);
                out.push(region);
            }
            None => i += 1,
        }
    }
    out
}

/// Longest title on a line, in characters.
const TITLE_MAX: usize = 60;

/// The title of a plan on a line of its own.
pub(crate) fn is_title(node: &Node) -> bool {
    matches!(node, Node::Line(run) if weight(run) <= TITLE_MAX && is_plan_title(&plain(run)))
}

/// Cells of a line parted by `|` or tabs; the pipe at either end parts nothing.
pub(crate) fn row_cells(line: &[Mark]) -> Vec<&[Mark]> {
    let pipes = line.iter().filter(|m| m.fold == '|').count();
    // a pipe inside a cell parts nothing where tabs part the cells
    let tabs = line.iter().filter(|m| m.fold == '\t').count();
    if pipes == 0 || tabs > pipes {
        return split_by(line, |m| m.fold == '\t')
            .into_iter()
            .map(trim)
            .collect();
    }
    let body = trim(line);
    let body = body.strip_prefix(first_pipe(body)).unwrap_or(body);
    let body = match body.split_last() {
        Some((last, rest)) if last.fold == '|' => rest,
        _ => body,
    };
    split_by(body, |m| m.fold == '|')
        .into_iter()
        .map(trim)
        .collect()
}

fn first_pipe(run: &[Mark]) -> &[Mark] {
    run.get(..1)
        .filter(|f| f.iter().all(|m| m.fold == '|'))
        .unwrap_or_default()
}

/// Cells below a head among which the levels of a catalogue's classes are looked for.
const LEVELS_MAX: usize = 4;

fn region(nodes: &[Node], start: usize, head: Head) -> Region {
    let End { end, doubtful_from } = body_end(nodes, head.end, head.capture);
    let printed: Vec<String> = head.runs.iter().map(|run| plain(run)).collect();
    let (again, lines): (Vec<&Run>, Vec<&Run>) = nodes
        .get(head.end..end)
        .unwrap_or_default()
        .iter()
        .filter_map(|n| match n {
            Node::Line(line) => Some(line),
            Node::Grid(_) => None,
        })
        .partition(|line| is_head_again(line, &printed) || is_continued(line));
    let below: Vec<&[Mark]> = lines
        .iter()
        .flat_map(|l| row_cells(l))
        .filter(|c| !is_empty(c))
        .take(LEVELS_MAX)
        .collect();
    let heads: Vec<&[Mark]> = head.runs.iter().map(Vec::as_slice).collect();
    let catalogue = is_catalogue(&head.words) || parts_classes(&heads, &below);
    let graded = head.capture == Capture::Flat && has_other_organs(&head);
    let mut columns = columns(&head.words);
    // blank cells at the end of the head; one with a word that is not known has a column
    while columns.len() > 1
        && head
            .runs
            .get(columns.len() - 1)
            .is_none_or(|run| is_empty(run))
        && columns.last() == Some(&Column::Other)
    {
        columns.pop();
    }
    let mut events = events_below(nodes, start, &head, &lines, &mut columns);
    if of_several_levels(&heads) {
        doubt_items(&mut events, Doubt::UnitLevels);
    }
    if ticks_months(&heads) {
        doubt_items(&mut events, Doubt::TimeInTicks);
    }
    if graded && many_columns(&columns) {
        events.iter_mut().for_each(doubt_cell);
    }
    if head.doubtful {
        doubt_items(&mut events, Doubt::HeadsUnknown);
    }
    if let Some(at) = doubtful_from {
        doubt_from(&mut events, at);
    }
    Region {
        start,
        end,
        columns,
        events,
        head: head
            .runs
            .into_iter()
            .chain(again.into_iter().cloned())
            .collect(),
        catalogue,
        headless: false,
    }
}

/// The events of the lines below a head, in whichever of the ways they stand there.
fn events_below(
    nodes: &[Node],
    start: usize,
    head: &Head,
    lines: &[&Run],
    columns: &mut Vec<Column>,
) -> Vec<Event> {
    let flat = head.capture == Capture::Flat;
    if head.capture == Capture::Spaces
        && let Some(found) = single_cells(lines).and_then(|l| narrow::rows(&l, columns))
    {
        return to_events(&found.rows, columns, &found.torn);
    }
    if head.capture == Capture::Spaces
        && let Some(found) = placed::rows(nodes, start, head, lines, columns)
    {
        return to_events(&found.rows, columns, &found.torn);
    }
    let wrapped = (flat && is_broken(nodes, start, head))
        .then(|| wrapped::rows(lines, columns))
        .flatten();
    if let Some(rows) = wrapped {
        return to_events(&rows, columns, &vec![true; rows.len()]);
    }
    if flat && let Some(found) = narrow::rows(&filled(lines), columns) {
        return to_events(&found.rows, columns, &found.torn);
    }
    let named = flat.then(|| named::events(lines, columns)).flatten();
    named.unwrap_or_else(|| cell_events(lines, head.capture, columns))
}

/// The lines that are not blank, where each is a cell or a part of one, though the head stands on one line.
fn single_cells<'a>(lines: &[&'a Run]) -> Option<Vec<&'a [Mark]>> {
    let lines = filled(lines);
    let parted = lines.iter().any(|line| narrow::is_parted(line));
    (!parted).then_some(lines)
}

/// The lines that are not blank.
fn filled<'a>(lines: &[&'a Run]) -> Vec<&'a [Mark]> {
    let lines = lines.iter().map(|line| trim(line));
    lines.filter(|line| !line.is_empty()).collect()
}

/// Whether the words of a head stand over more lines than there are columns.
fn is_broken(nodes: &[Node], start: usize, head: &Head) -> bool {
    let lines = nodes.get(start..head.end).unwrap_or_default().iter();
    let filled = lines.filter(|n| matches!(n, Node::Line(run) if !is_empty(run)));
    filled.count() > head.runs.len()
}

/// The events of the lines below a head.
fn cell_events(lines: &[&Run], capture: Capture, columns: &mut Vec<Column>) -> Vec<Event> {
    if capture == Capture::Flat && !columns.contains(&Column::Number) {
        columns_with_numbers(lines, columns);
    }
    let others =
        || columns.contains(&Column::Other) && even::even_rows(&filled(lines), columns) > 0;
    if capture == Capture::Flat && !many_columns(columns) && !others() {
        let runs: Vec<Run> = lines
            .iter()
            .map(|l| trim(l).to_vec())
            .filter(|l| !l.is_empty())
            .collect();
        return flat_events(runs, columns);
    }
    if capture == Capture::Spaces
        && let Some(found) = tokens::by_tokens(lines, columns)
    {
        return to_events(&found.rows, columns, &found.torn);
    }
    let by_words = capture == Capture::Spaces
        && columns.contains(&Column::Heading)
        && cells::by_gaps(lines, columns.len()).is_none();
    let mut cells = cells::cells(lines, capture, columns);
    second_head(&mut cells, columns);
    fit_columns(&cells, columns);
    let rows = align(cells, columns);
    let mut events = to_events(&rows, columns, &[]);
    if by_words {
        events.push(Event::Aside {
            run: Run::new(),
            code: "headings-by-blanks",
            message: "表格各列只以空格分开，任务前的标题按词语断开，请核对".to_owned(),
        });
    }
    events
}

/// 责任部门 and 评分部门, each cell on a line: which of two names is the one that answers is a guess.
fn has_other_organs(head: &Head) -> bool {
    let named = |run: &Run| {
        ["部门", "单位", "科室"]
            .iter()
            .any(|end| plain(run).ends_with(end))
    };
    let words = head.words.iter().zip(&head.runs);
    words
        .filter(|(word, _)| **word == Some(HeadWord::Other))
        .any(|(_, run)| named(run))
}

/// What stands in the cells of this row is a guess.
pub(crate) fn doubt_cell(event: &mut Event) {
    if let Event::Item(item) = event {
        item.doubts.push(Doubt::CellUnclear);
    }
}

/// Longest head that is printed again, in characters.
const HEAD_MAX: usize = 24;

/// 责任单位, alone or with other heads: printed again on a further page.
fn is_head_again(line: &[Mark], heads: &[String]) -> bool {
    let filled = |cell: &&[Mark]| !is_empty(cell);
    let mut cells = row_cells(line).into_iter().filter(filled).peekable();
    let head = |cell: &[Mark]| cell.len() <= HEAD_MAX && heads.contains(&plain(cell));
    cells.peek().is_some() && cells.all(head) || is_whole_head(line, heads)
}

/// Longest line that says that a table goes on, in characters.
const CONTINUED_MAX: usize = 60;

/// 续表, （续上表）, 表1（续）, …任务分解表（续）: printed where the table goes on on a further page.
fn is_continued(line: &[Mark]) -> bool {
    if line.len() > CONTINUED_MAX || line.iter().any(|m| m.fold == '|') {
        return false;
    }
    const MARKS: &[&str] = &[
        "续表",
        "续上表",
        "接上表",
        "续前表",
        "接前表",
        "上接",
        "接上页",
        "续上页",
    ];
    const ENDS: &[&str] = &["(续)", "(续表)", "(续上表)", "(续页)", "(接上页)"];
    if line.iter().all(|m| !matches!(m.fold, '续' | '接')) {
        return false;
    }
    let text: String = plain(line).chars().filter(|c| !is_numeral(*c)).collect();
    let bare = text
        .trim_start_matches('(')
        .trim_end_matches([')', ':', '.', '-', '、']);
    let table = |name: &str| {
        name.strip_suffix('续')
            .is_some_and(|name| name.ends_with('表'))
    };
    MARKS.contains(&bare) || table(bare) || ENDS.iter().any(|end| text.ends_with(end))
}

/// 1, 一, 十: what counts the parts of a table.
fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "一二三四五六七八九十".contains(c)
}

/// 序号 工作任务 责任单位, with nothing but blanks between the heads.
fn is_whole_head(line: &[Mark], heads: &[String]) -> bool {
    let all: usize = heads.iter().map(|h| h.chars().count()).sum();
    let same = line.iter().filter(|m| !m.is_blank()).count() == all;
    heads.len() > 1 && same && plain(line) == heads.concat()
}

/// Plain lines of a table with numbers or several unit columns are told apart by their columns only.
fn many_columns(columns: &[Column]) -> bool {
    let units = columns
        .iter()
        .filter(|c| matches!(c, Column::Units(_)))
        .count();
    columns.contains(&Column::Number) || units > 1
}

/// A second head row (牵头单位 | 配合单位) below a head merged over both: its roles take the merged column's place.
fn second_head(cells: &mut Vec<Cell>, columns: &mut Vec<Column>) {
    let row = 1 + cells
        .iter()
        .skip(1)
        .take_while(|c| c.boundary == Boundary::Never)
        .count();
    let heads: Vec<&Cell> = cells
        .iter()
        .take(row)
        .filter(|c| !is_empty(&c.run))
        .collect();
    let roles: Vec<Column> = heads
        .iter()
        .filter_map(|c| match head_word(&c.run) {
            Some(HeadWord::Units(Some(role))) => Some(Column::Units(Some(role))),
            _ => None,
        })
        .collect();
    let merged = columns.iter().position(|c| *c == Column::Units(None));
    if let (Some(at), true) = (merged, roles.len() > 1 && roles.len() == heads.len()) {
        columns.splice(at..=at, roles);
        cells.drain(..row.min(cells.len()));
    }
}

/// Adds columns that the head does not name: numbers, and headings beside a merged head.
fn fit_columns(cells: &[Cell], columns: &mut Vec<Column>) {
    let numbers = cells
        .iter()
        .filter(|c| only_number(trim(&c.run)).is_some() && plain(&c.run).len() <= 4)
        .count();
    let text = |columns: &[Column]| columns.iter().position(|c| *c == Column::Text).unwrap_or(0);
    // 序号 | 类别及工作任务: the heading that the head does not name stands behind the number
    let named = columns.iter().take_while(|c| **c == Column::Number).count();
    if numbers >= 2 && !columns.contains(&Column::Number) {
        let at = text(columns);
        columns.insert(at, Column::Number);
    }
    let (mut widest, mut width) = (0_usize, 0_usize);
    for cell in cells {
        width = if cell.boundary == Boundary::Never {
            width + 1
        } else {
            1
        };
        if !is_empty(&cell.run) {
            widest = widest.max(width);
        }
    }
    // wider rows than the head: a head merged over several heading columns
    let headings = columns.iter().filter(|c| **c == Column::Heading).count();
    let more = widest.saturating_sub(columns.len());
    if headings + more <= HEADINGS_MAX && (more == 1 && headings < 2 || more > 1) {
        columns.splice(named..named, std::iter::repeat_n(Column::Heading, more));
    }
}

/// Most columns of headings.
const HEADINGS_MAX: usize = 3;

/// `torn`: rows that were broken over lines.
fn to_events(rows: &[Row], columns: &[Column], torn: &[bool]) -> Vec<Event> {
    let cell = |row: &Row, at: usize| row.get(at).cloned().flatten();
    let joins = Joins::of(columns, &[], |a, b| {
        rows.iter()
            .map(|row| (cell(row, a), cell(row, b)))
            .collect()
    });
    let mut out = Vec::new();
    let (mut lead, mut time): (Option<Run>, Option<Run>) = (None, None);
    let mut bands = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        if let Some(band) = numbered_band(row, columns) {
            bands.push(out.len());
            bands::events(band, &mut out);
            time = None;
            continue;
        }
        let moved = moved_right(row, columns, lead.as_ref());
        let mut extra = Extra {
            moved: moved.is_some(),
            doubtful: torn.get(i).is_some_and(|torn| *torn),
            ..Extra::default()
        };
        let row = moved.as_ref().unwrap_or(row);
        if let Some((at, _)) = lead_columns(columns)
            && let Some(Some(run)) = row
                .get(at)
                .filter(|r| r.as_ref().is_some_and(|r| !is_empty(r)))
        {
            lead = Some(run.clone());
        }
        if is_rest_of_units(row, columns) {
            doubt_last(&mut out);
        }
        let mut row = row.clone();
        joins.apply(&mut row, columns, &[]);
        extra.time_above = rows::carry_time(&mut row, columns, &mut time);
        rows::events(&row, columns, &extra, &mut out);
    }
    bands::settle(&mut out, &bands);
    rows::join_torn(&mut out);
    rows::part_numbers(&mut out);
    rows::lift_headings(&mut out);
    rows::settle_leads(&mut out);
    rows::doubt_cut(&mut out);
    out
}

/// 一 | 深化公开 and nothing else, in a table with a column of numbers: a heading over the whole width.
fn numbered_band(row: &Row, columns: &[Column]) -> Option<Run> {
    let filled: Vec<&Run> = row.iter().flatten().filter(|r| !is_empty(r)).collect();
    let [first, second] = filled.as_slice() else {
        return None;
    };
    let title = number(second).is_none() && cells::is_title(second);
    let numbers = columns.contains(&Column::Number);
    bands::numbered_title(first, second).filter(|_| title && numbers)
}

/// More unit lines than unit columns (甲局 / 乙局 丙局 / 丁局 below 牵头单位 and 配合单位): which column each belongs to is a guess.
fn is_rest_of_units(row: &Row, columns: &[Column]) -> bool {
    let filled = |want: fn(&Column) -> bool| {
        columns
            .iter()
            .zip(row)
            .any(|(c, r)| want(c) && r.as_ref().is_some_and(|r| !is_empty(r)))
    };
    let several = columns
        .iter()
        .filter(|c| matches!(c, Column::Units(_)))
        .count()
        > 1;
    several && filled(|c| matches!(c, Column::Units(_))) && !filled(|c| *c == Column::Text)
}

fn doubt_last(events: &mut [Event]) {
    let is_item = |e: &&mut Event| matches!(e, Event::Item(_));
    if let Some(item) = events.iter_mut().rev().find(is_item) {
        doubt_cell(item);
    }
}

/// A column of leading units with another one of units straight behind it.
fn lead_columns(columns: &[Column]) -> Option<(usize, usize)> {
    let at = columns
        .iter()
        .position(|c| *c == Column::Units(Some(Role::Lead)))?;
    matches!(columns.get(at + 1), Some(Column::Units(_))).then_some((at, at + 1))
}

/// 各县区政府 alone in the column of leading units: the leading unit is merged down, and the row lacks its cell.
fn moved_right(row: &Row, columns: &[Column], lead: Option<&Run>) -> Option<Row> {
    let (at, next) = lead_columns(columns)?;
    let units = row.get(at)?.as_ref().filter(|r| !is_empty(r))?;
    let collective = split_by(units, |m| matches!(m.fold, '、' | ','))
        .iter()
        .any(|name| plain(name).starts_with('各'));
    let blank = row.get(next)?.as_ref().is_none_or(|r| is_empty(r));
    if !collective || !blank || plain(units).contains("牵头") {
        return None;
    }
    let mut out = row.clone();
    let slot = out.get_mut(next)?;
    *slot = Some(units.clone());
    let slot = out.get_mut(at)?;
    *slot = Some(lead?.clone());
    Some(out)
}
