//! The rows of a table without lines.

use super::super::lines::ends_sentence;
use super::{Row, SAME_LINE, Span};

/// A line that leaves this many em of its column free ends its paragraph.
const SHORT_EM: f64 = 2.2;
/// Part of the font size by which a line reaches below its baseline.
const BELOW: f64 = 0.25;

/// The lines of a table, of which the first is the head's or goes on from the page before.
pub(super) struct Body<'a> {
    rows: &'a [Row],
    columns: &'a [Span],
    /// The column with most text.
    main: Span,
    /// Lines with a number in the first column.
    numbers: Vec<usize>,
    /// Lines over the whole width.
    bands: Vec<usize>,
}

impl<'a> Body<'a> {
    pub(super) fn new(rows: &'a [Row], columns: &'a [Span], mut bands: Vec<usize>) -> Self {
        let chars = |c: &Span| -> usize { rows.iter().map(|row| row.text(*c).len()).sum() };
        let main = columns.iter().max_by_key(|c| chars(c)).copied();
        let first = |row: &Row| columns.first().map_or(String::new(), |c| row.text(*c));
        let lines = || rows.iter().enumerate();
        let numbers: Vec<usize> = lines()
            .filter(|(_, row)| is_number(&first(row)))
            .map(|(i, _)| i)
            .collect();
        if !numbers.is_empty() {
            // a heading that is not wider than the column of numbers
            let heading = |row: &Row| row.filled(columns) == 1 && !first(row).is_empty();
            let headings = lines().filter(|(i, row)| heading(row) && !numbers.contains(i));
            bands.extend(headings.map(|(i, _)| i));
        }
        Self {
            rows,
            columns,
            main: main.unwrap_or(Span { from: 0.0, to: 0.0 }),
            numbers,
            bands,
        }
    }

    /// The heights between the rows, and the rows that one text spans.
    pub(super) fn borders(&self) -> (Vec<f64>, Vec<usize>) {
        let top = |row: &Row| row.y - row.size;
        let starts = self.starts();
        let border = |start: &usize| {
            let row = self.rows.get(*start)?;
            let above = start.checked_sub(1).and_then(|i| self.rows.get(i));
            // the middle of a glyph lies above its baseline: between the two lines' middles
            let bottom = above.map_or(top(row), |above| above.y + BELOW * above.size);
            Some((bottom + top(row)) / 2.0)
        };
        let foot = self.rows.last().map(|last| last.y + last.size);
        let ys = starts.iter().filter_map(border).chain(foot).collect();
        let rows = starts.iter().enumerate();
        let spanned = rows.filter(|(_, start)| self.bands.contains(start));
        (ys, spanned.map(|(nth, _)| nth).collect())
    }

    /// The lines with which rows begin.
    fn starts(&self) -> Vec<usize> {
        let mut starts = if self.numbers.is_empty() {
            (1..self.rows.len()).filter(|i| self.begins(*i)).collect()
        } else {
            self.by_numbers()
        };
        for band in &self.bands {
            starts.extend([*band, band + 1]);
        }
        starts.push(0);
        starts.retain(|i| *i < self.rows.len());
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    fn with_above(&self, i: usize) -> Option<(&Row, &Row)> {
        Some((self.rows.get(i)?, self.rows.get(i.checked_sub(1)?)?))
    }

    /// Whether the main column's text ends with this line.
    fn ends(&self, row: &Row) -> bool {
        let text = row.text(self.main);
        let short = self.main.to - row.right(self.main) > SHORT_EM * row.size;
        text.is_empty() || ends_sentence(&text) || short
    }

    /// Whether a row begins at this line: the main text ended above, and another column has text, too.
    fn begins(&self, i: usize) -> bool {
        self.with_above(i).is_some_and(|(row, above)| {
            row.filled(self.columns) >= 2 && !row.text(self.main).is_empty() && self.ends(above)
        })
    }

    /// Whether the main text runs on into this line: what stands above it has not ended.
    fn goes_on(&self, i: usize) -> bool {
        let above = self.rows.get(..i).unwrap_or_default();
        let last = above.iter().rfind(|row| !row.text(self.main).is_empty());
        last.is_some_and(|row| !self.ends(row))
    }

    /// Whether main text of several lines begins beside this number.
    fn heads_its_row(&self, i: usize) -> bool {
        let unended = |row: &Row| !row.text(self.main).is_empty() && !self.ends(row);
        !self.goes_on(i) && self.rows.get(i).is_some_and(unended)
    }

    /// Rows by their numbers: these stand in the first lines, or in the middle of rows that are centred.
    fn by_numbers(&self) -> Vec<usize> {
        let inside = self.numbers.iter().filter(|i| self.goes_on(**i)).count();
        let above = self.numbers.iter().filter(|i| self.heads_its_row(**i));
        if inside <= above.count() {
            return self.numbers.clone();
        }
        let whole = |row: &Row| row.filled(self.columns) == self.columns.len();
        let headed = self.rows.first().is_some_and(whole) && !self.numbers.contains(&0);
        let (mut top, mut least) = (usize::from(headed), usize::from(headed));
        let mut starts = Vec::with_capacity(self.numbers.len());
        for number in &self.numbers {
            while self.bands.contains(&top) {
                top += 1;
            }
            let first = self.top_of(*number, top, least, headed);
            starts.push(first);
            top = self.below(2.0 * self.y(*number) - self.y(first), *number);
            least = number + 1;
        }
        starts
    }

    fn y(&self, i: usize) -> f64 {
        self.rows.get(i).map_or(0.0, |row| row.y)
    }

    /// The first line lower than this height, behind the line `i`.
    fn below(&self, y: f64, i: usize) -> usize {
        let size = self.rows.get(i).map_or(0.1, |row| row.size);
        let lower = |line: &usize| self.y(*line) > y + SAME_LINE * size;
        (i + 1..self.rows.len())
            .find(lower)
            .unwrap_or(self.rows.len())
    }

    /// The first line of the centred row with this number: where the row before ends, unless no line lies opposite to it.
    /// Then the first line that has one, behind main text that has ended.
    fn top_of(&self, number: usize, expected: usize, least: usize, headed: bool) -> usize {
        let size = self.rows.get(number).map_or(0.1, |row| row.size);
        let opposite = |top: usize| {
            let y = 2.0 * self.y(number) - self.y(top);
            self.rows
                .iter()
                .any(|row| (row.y - y).abs() <= SAME_LINE * size)
        };
        let begins = |top: usize| opposite(top) && (top > 0 && !self.goes_on(top));
        let sure = expected <= number && opposite(expected) && (expected > 0 || headed);
        match sure {
            true => expected,
            false => (least..=number).find(|top| begins(*top)).unwrap_or(number),
        }
    }
}

/// Most figures of a row's number.
const FIGURES_MAX: usize = 4;

fn is_number(text: &str) -> bool {
    let figures = text.trim_end_matches(['.', '、', '．', ')', '）']);
    (1..=FIGURES_MAX).contains(&figures.len()) && figures.bytes().all(|b| b.is_ascii_digit())
}
