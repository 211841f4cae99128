//! Tables whose cells and spans are known: Word, spreadsheets, web pages, ruled PDF.

use super::bands;
use super::columns::{
    Column, HeadWord, columns, head, head_framed, head_told, head_word, is_catalogue,
    of_several_levels, parts_classes, ticks_months,
};
use super::event::{Doubt, Event, doubt_items};
use super::grid::{Boundary, Cell, Row, align};
use super::guess::guess;
use super::layout::{Grid, GridCell};
use super::number::{Level, number, only_number};
use super::rows::{self, Extra, Joins};
use super::text::{Mark, Run, is_empty, plain, trim};

mod others;

/// What a table turned out to be.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) columns: Vec<Column>,
    pub(crate) events: Vec<Event>,
    pub(crate) head: Vec<Run>,
    pub(crate) catalogue: bool,
    /// Rows above the head: a title inside the table.
    pub(crate) above: usize,
}

/// Rows at the top among which the head is looked for; rows of one text, such as a whole notice in a sheet, don't count.
const HEAD_ROWS_MAX: usize = 6;

/// Reads a table of a plan. `before` are the columns of the table it may go on from; `titled` says that the title of a plan
/// stands above. `None`: it is no such table.
pub(crate) fn read(grid: &Grid, before: Option<&[Column]>, titled: bool) -> Option<Read> {
    let filled = |row: &[GridCell]| row.iter().filter(|c| !is_empty(&c.run)).count();
    let texts = grid.rows.iter().take_while(|row| filled(row) <= 1).count();
    let near = || 0..grid.rows.len().min(texts + HEAD_ROWS_MAX);
    let found = near().find_map(|i| head_row(grid, i).map(|words| (i, words)));
    let framed = || near().find_map(|i| framed_row(grid, i, titled).map(|words| (i, words)));
    let told = || near().find_map(|i| told_by_rows(grid, i).map(|words| (i, (words, true))));
    let found = found
        .map(|(i, words)| (i, (words, false)))
        .or_else(framed)
        .or_else(|| told().filter(|_| titled));
    let Some((above, (mut words, told))) = found else {
        return match before.filter(|c| c.len() == grid.width && !others::begins_anew(grid)) {
            Some(columns) => Some(body_of(grid, 0, columns.to_vec(), &[])),
            None => guessed(grid).filter(|_| titled),
        };
    };
    let cells = |i: usize| -> Vec<&[Mark]> {
        let row = grid.rows.get(i).map(Vec::as_slice).unwrap_or_default();
        row.iter().map(|c| c.run.as_slice()).collect()
    };
    if others::is_other(&cells(above), &mut words) {
        let head = grid.rows.get(above).into_iter().flatten();
        return Some(Read {
            columns: columns(&words),
            events: Vec::new(),
            head: head.map(|c| c.run.clone()).collect(),
            catalogue: false,
            above,
        });
    }
    let classes = parts_classes(&cells(above), &cells(above + 1));
    let levels = of_several_levels(&cells(above));
    let months = ticks_months(&cells(above)) || ticks_months(&cells(above + 1));
    let more = second_head(grid, above + 1, &mut words);
    let head = grid.rows.get(above..=above + more).unwrap_or_default();
    let mut head: Vec<Run> = head.iter().flatten().map(|c| c.run.clone()).collect();
    let body = above + 1 + more;
    let mut columns = columns(&words);
    number_columns(grid, body, &mut columns);
    let deeper = deeper_column(grid, body, &words, &mut columns);
    let mut read = body_of(grid, body, columns, &words);
    if levels {
        doubt_items(&mut read.events, Doubt::UnitLevels);
    }
    if told || deeper {
        doubt_items(&mut read.events, Doubt::HeadsUnknown);
    }
    if months {
        doubt_items(&mut read.events, Doubt::TimeInTicks);
    }
    head.append(&mut read.head);
    Some(Read {
        head,
        above,
        catalogue: classes || is_catalogue(&words),
        ..read
    })
}

/// A table whose head is not known; each of its rows is to be checked.
fn guessed(grid: &Grid) -> Option<Read> {
    let found = guess(grid)?;
    let mut read = body_of(grid, found.body, found.columns, &[]);
    doubt_items(&mut read.events, Doubt::HeadsUnknown);
    let mut head = found.head;
    head.append(&mut read.head);
    Some(Read { head, ..read })
}

/// Rows below a head that tell what its words mean.
const TELLING_ROWS: usize = 3;

/// A row of heads of which the rows below it tell where the units are; none of its cells is merged.
fn told_by_rows(grid: &Grid, i: usize) -> Option<Vec<Option<HeadWord>>> {
    let cells = |row: &Vec<GridCell>| row.len() == grid.width;
    let row = grid.rows.get(i).filter(|row| cells(row) && row.len() > 2)?;
    let runs = |row: &[GridCell]| -> Vec<Run> { row.iter().map(|c| c.run.clone()).collect() };
    let head = runs(row);
    let below: Vec<Vec<Run>> = grid
        .rows
        .iter()
        .skip(i + 1)
        .filter(|row| cells(row))
        .map(|row| runs(row))
        .take(TELLING_ROWS)
        .collect();
    let head: Vec<&[Mark]> = head.iter().map(Vec::as_slice).collect();
    let below: Vec<Vec<&[Mark]>> = below
        .iter()
        .map(|row| row.iter().map(Vec::as_slice).collect())
        .collect();
    head_told(&head, &below)
}

/// Head words by grid column; a head over several columns names each of them.
fn head_row(grid: &Grid, i: usize) -> Option<Vec<Option<HeadWord>>> {
    let row = grid.rows.get(i)?;
    let cells: Vec<&[Mark]> = row.iter().map(|c| c.run.as_slice()).collect();
    Some(by_grid_column(grid, row, head(&cells)?))
}

/// The same of a row whose units show that it is a head; tells whether its measures are a guess.
fn framed_row(grid: &Grid, i: usize, titled: bool) -> Option<(Vec<Option<HeadWord>>, bool)> {
    let row = grid.rows.get(i)?;
    let cells: Vec<&[Mark]> = row.iter().map(|c| c.run.as_slice()).collect();
    let found = head_framed(&cells).filter(|found| titled || found.roles)?;
    Some((by_grid_column(grid, row, found.words), found.doubtful))
}

fn by_grid_column(
    grid: &Grid,
    row: &[GridCell],
    found: Vec<Option<HeadWord>>,
) -> Vec<Option<HeadWord>> {
    let mut words = vec![None; grid.width];
    for (cell, word) in row.iter().zip(found) {
        for slot in words.iter_mut().skip(cell.column).take(cell.column_span) {
            *slot = word;
        }
    }
    words
}

/// A second head row (牵头单位 | 配合单位 below 责任单位) refines the first. Returns 1 where it is there.
fn second_head(grid: &Grid, i: usize, words: &mut [Option<HeadWord>]) -> usize {
    let Some(row) = grid.rows.get(i) else {
        return 0;
    };
    let filled: Vec<&GridCell> = row.iter().filter(|c| !is_empty(&c.run)).collect();
    if filled.is_empty()
        || filled.len() == grid.width
        || !filled.iter().all(|c| head_word(&c.run).is_some())
    {
        return 0;
    }
    for cell in filled {
        for slot in words.iter_mut().skip(cell.column).take(cell.column_span) {
            *slot = head_word(&cell.run);
        }
    }
    1
}

/// A heading column that holds nothing but numbers is one of numbers.
fn number_columns(grid: &Grid, body: usize, columns: &mut [Column]) {
    for (place, column) in columns.iter_mut().enumerate() {
        if *column != Column::Heading {
            continue;
        }
        let cells: Vec<&GridCell> = grid
            .rows
            .iter()
            .skip(body)
            .flatten()
            .filter(|c| c.column == place && c.column_span == 1 && !is_empty(&c.run))
            .collect();
        let numbers = cells
            .iter()
            .filter(|c| only_number(trim(&c.run)).is_some())
            .count();
        if numbers > 0 && numbers * 3 >= cells.len() * 2 {
            *column = Column::Number;
        }
    }
}

/// 重点举措 | 主攻方向 | 责任单位, where 重点举措 is merged down beside cells of the unknown column: that one holds the
/// measures, and the known one heads them. Tells whether it was so.
fn deeper_column(
    grid: &Grid,
    body: usize,
    words: &[Option<HeadWord>],
    columns: &mut [Column],
) -> bool {
    let place = |want: fn(&Column) -> bool| columns.iter().position(want);
    let text = place(|c| *c == Column::Text);
    let units = place(|c| matches!(c, Column::Units(_) | Column::Deadline));
    let (Some(text), Some(units)) = (text, units) else {
        return false;
    };
    let rows = || grid.rows.iter().skip(body);
    let cells = |at: usize| {
        let found = rows().filter_map(move |row| row.iter().find(|c| c.column == at));
        found.filter(|c| c.column_span == 1 && !is_empty(&c.run))
    };
    let unknown =
        |at: &usize| words.get(*at) == Some(&None) && columns.get(*at) == Some(&Column::Other);
    let merged = cells(text).any(|c| c.row_span > 1);
    let Some(deeper) = (text + 1..units).find(unknown).filter(|_| merged) else {
        return false;
    };
    let own = cells(deeper).all(|c| c.row_span == 1) && cells(deeper).count() > cells(text).count();
    if let (true, Some(heading)) = (own, columns.get_mut(text)) {
        *heading = Column::Heading;
        if let Some(slot) = columns.get_mut(deeper) {
            *slot = Column::Text;
        }
    }
    own
}

/// The runs of two columns in one row.
type Pair = (Option<Run>, Option<Run>);

/// Two columns of a table, row by row; cells over several rows or columns are left out.
fn pairs(rows: &[Vec<GridCell>], first: usize, second: usize) -> Vec<Pair> {
    let own = |row: &[GridCell], at: usize| {
        let cell = row.iter().find(|c| c.column == at);
        let one = cell.filter(|c| c.row_span <= 1 && c.column_span <= 1);
        one.map(|c| c.run.clone())
    };
    let rows = rows.iter();
    rows.map(|row| (own(row, first), own(row, second)))
        .collect()
}

/// `words`: what the head says of each column; none where the table has no head.
fn body_of(grid: &Grid, body: usize, columns: Vec<Column>, words: &[Option<HeadWord>]) -> Read {
    let below = grid.rows.get(body..).unwrap_or_default();
    let joins = Joins::of(&columns, words, |a, b| pairs(below, a, b));
    let mut events = Vec::new();
    let mut bands = Vec::new();
    let mut time = None;
    let mut reach = vec![Reach::default(); grid.width];
    for row in grid.rows.iter().take(body) {
        note_spans(row, &mut reach);
    }
    let mut again: Vec<Run> = Vec::new();
    for row in grid.rows.iter().skip(body) {
        if repeats_head(grid, body, row) {
            again.extend(row.iter().map(|c| c.run.clone()));
            note_spans(row, &mut reach);
            continue;
        }
        let before = events.len();
        if row_events(row, (&columns, joins), &reach, &mut time, &mut events) {
            bands.push(before);
            time = None;
        }
        note_spans(row, &mut reach);
    }
    bands::settle(&mut events, &bands);
    rows::join_torn(&mut events);
    rows::part_numbers(&mut events);
    rows::lift_headings(&mut events);
    rows::settle_leads(&mut events);
    Read {
        columns,
        events,
        head: again,
        catalogue: false,
        above: 0,
    }
}

/// The head once more on the next page, beside cells that reach down from the page before.
fn repeats_head(grid: &Grid, body: usize, row: &[GridCell]) -> bool {
    let heads = |cell: &GridCell| {
        let above = grid.rows.iter().take(body).flatten();
        let same = |h: &GridCell| h.column == cell.column && plain(&h.run) == plain(&cell.run);
        above.into_iter().any(same)
    };
    let mut filled = row.iter().filter(|c| !is_empty(&c.run));
    filled.clone().nth(1).is_some() && filled.all(heads)
}

/// A cell from above in one column: the rows that it still reaches, and whether its text is sure.
#[derive(Debug, Clone, Default)]
struct Reach {
    rows: usize,
    doubtful: bool,
    text: Run,
}

fn note_spans(row: &[GridCell], reach: &mut [Reach]) {
    for r in reach.iter_mut() {
        r.rows = r.rows.saturating_sub(1);
    }
    for cell in row.iter().filter(|c| c.row_span > 1) {
        for slot in reach.iter_mut().skip(cell.column).take(cell.column_span) {
            *slot = Reach {
                rows: cell.row_span - 1,
                doubtful: cell.doubtful,
                text: cell.run.clone(),
            };
        }
    }
}

/// The events of one row; tells whether it is a band over the whole width.
fn row_events(
    row: &[GridCell],
    (columns, joins): (&[Column], Joins),
    reach: &[Reach],
    time: &mut Option<Run>,
    out: &mut Vec<Event>,
) -> bool {
    let merged: Vec<usize> = reach
        .iter()
        .enumerate()
        .filter(|(_, r)| r.rows > 0)
        .map(|(i, _)| i)
        .collect();
    let doubtful_above = reach.iter().any(|r| r.rows > 0 && r.doubtful);
    if let Some(band) = bands::band(row, columns, merged.len()) {
        bands::events(band, out);
        return true;
    }
    let doubtful = doubtful_above || row.iter().any(|c| c.doubtful);
    let mut extra = Extra {
        merged: merged.clone(),
        doubtful,
        ..Extra::default()
    };
    let covered: usize = row.iter().map(|c| c.column_span).sum::<usize>() + merged.len();
    let spanned = spanned_text(row, columns);
    if spanned.is_some() {
        // the measure takes the place of its heading: it stands in no group
        out.push(Event::Group(Run::new()));
        extra.spanned = true;
    }
    let mut placed = if covered >= columns.len() {
        by_column(row, columns.len(), spanned)
    } else {
        by_looks(row, columns, &merged)
    };
    from_above(&mut placed, columns, reach);
    joins.apply(&mut placed, columns, &extra.merged);
    extra.time_above = rows::carry_time(&mut placed, columns, time);
    rows::events(&placed, columns, &extra, out);
    false
}

/// 牵头单位 merged down beside 配合单位 of the row's own: both hold. So does 完成时限 merged down over several measures.
fn from_above(row: &mut Row, columns: &[Column], reach: &[Reach]) {
    let filled = |run: &Option<Run>| run.as_ref().is_some_and(|r| !is_empty(r));
    let units = |column: &Column| matches!(column, Column::Units(_));
    let has = |wanted: &dyn Fn(&Column) -> bool| {
        let mut cells = columns.iter().zip(row.iter());
        cells.any(|(column, run)| wanted(column) && filled(run))
    };
    let own_units = has(&units);
    let own_text = has(&|column| *column == Column::Text);
    for ((column, run), above) in columns.iter().zip(row).zip(reach) {
        let holds = units(column) && own_units || *column == Column::Deadline && own_text;
        if holds && above.rows > 0 && !filled(run) {
            *run = Some(above.text.clone());
        }
    }
}

/// A cell over the columns of headings and of measures holds the measure, unless it is numbered as a heading: its first
/// column, and that of the measures.
fn spanned_text(row: &[GridCell], columns: &[Column]) -> Option<(usize, usize)> {
    let text = columns.iter().position(|c| *c == Column::Text)?;
    let over = |c: &&GridCell| {
        let reach = c.column..c.column + c.column_span;
        let measure = number(trim(&c.run)).is_none_or(|n| n.level > Level::Group);
        let heading = columns.get(c.column) == Some(&Column::Heading);
        heading && reach.contains(&text) && measure && !is_empty(&c.run)
    };
    let cell = row.iter().find(over)?;
    let beside = row
        .iter()
        .any(|c| matches!(columns.get(c.column), Some(Column::Units(_))) && !is_empty(&c.run));
    beside.then_some((cell.column, text))
}

fn by_column(row: &[GridCell], width: usize, spanned: Option<(usize, usize)>) -> Row {
    let mut out: Row = vec![None; width];
    for cell in row {
        let place = match spanned {
            Some((first, text)) if first == cell.column => text,
            _ => cell.column,
        };
        if let Some(slot) = out.get_mut(place)
            && slot.as_ref().is_none_or(|r| is_empty(r))
        {
            *slot = Some(cell.run.clone());
        }
    }
    out
}

/// Cells are missing and no span says why: they moved left under a merged cell.
fn by_looks(row: &[GridCell], columns: &[Column], merged: &[usize]) -> Row {
    let free: Vec<usize> = (0..columns.len()).filter(|i| !merged.contains(i)).collect();
    let kinds: Vec<Column> = free
        .iter()
        .filter_map(|i| columns.get(*i).copied())
        .collect();
    let cells = row
        .iter()
        .enumerate()
        .map(|(i, c)| {
            Cell::new(
                c.run.clone(),
                if i == 0 {
                    Boundary::Must
                } else {
                    Boundary::Never
                },
            )
        })
        .collect();
    let mut out: Row = vec![None; columns.len()];
    for (place, run) in align(cells, &kinds)
        .into_iter()
        .flat_map(|r| free.clone().into_iter().zip(r))
    {
        if let (Some(slot), Some(run)) = (out.get_mut(place), run) {
            *slot = Some(run);
        }
    }
    out
}
