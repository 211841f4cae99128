//! Measures that a table writes in two cells: 1.推进甲公开 under 工作任务, and what is asked of it under 工作要求.

use super::super::columns::{Column, HeadWord};
use super::super::grid::Row;
use super::super::number::{Level, number};
use super::super::text::{Mark, Run, from, is_empty, trim};

/// Columns whose cells belong to the measure in its own.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Joins {
    /// Left of the measure: its number and its name.
    name: Option<usize>,
    /// Behind the units: what is asked of it.
    asked: Option<usize>,
}

/// Fewest rows that tell whether a column holds the names of the measures beside it.
const ROWS_MIN: usize = 3;

impl Joins {
    /// `rows` gives the cells of two columns, row by row; a cell that is merged over several rows or columns is none.
    pub(crate) fn of(
        columns: &[Column],
        words: &[Option<HeadWord>],
        rows: impl Fn(usize, usize) -> Vec<(Option<Run>, Option<Run>)>,
    ) -> Self {
        let Some(text) = columns.iter().position(|c| *c == Column::Text) else {
            return Self::default();
        };
        let word = |at: usize| words.get(at).copied().flatten();
        let asks = |at: &usize| {
            word(*at) == Some(HeadWord::Asked) && columns.get(*at) == Some(&Column::Other)
        };
        let asked = (text + 1..columns.len())
            .find(asks)
            .filter(|_| word(text) == Some(HeadWord::Content));
        let named = |at: &usize| columns.get(*at) == Some(&Column::Heading);
        let name = text.checked_sub(1).filter(named);
        let name = name.filter(|at| !columns.contains(&Column::Number) && names(&rows(*at, text)));
        Self { name, asked }
    }

    /// Writes the parts of a row's measure into its own column. `merged`: columns whose cell comes from the row above.
    pub(crate) fn apply(self, row: &mut Row, columns: &[Column], merged: &[usize]) {
        let Some(text) = columns.iter().position(|c| *c == Column::Text) else {
            return;
        };
        let own = |at: &usize| !merged.contains(at);
        if let Some(at) = self.name.filter(own)
            && own(&text)
            && let Some(name) = row.get(at).cloned().flatten()
            && counts(&name).is_some()
        {
            let whole = with(name, row.get(text).and_then(Option::as_ref));
            put(row, at, None);
            put(row, text, Some(whole));
        }
        if let Some(at) = self.asked.filter(own)
            && own(&text)
            && let Some(measure) = row.get(text).cloned().flatten()
            && let Some(asked) = row.get(at).cloned().flatten()
            && !is_empty(&measure)
            && !is_empty(&asked)
            && number(trim(&asked)).is_none()
        {
            let whole = with(measure, Some(&asked));
            put(row, at, None);
            put(row, text, Some(whole));
        }
    }
}

/// The number of a measure: 1., 2. …
pub(crate) fn counts(run: &[Mark]) -> Option<u32> {
    let found = number(trim(run)).filter(|n| n.level == Level::Item)?;
    (!is_empty(from(trim(run), found.len))).then_some(found.value)
}

/// Whether the left of two columns names the measures in the right one: each row has a name of its own, and these
/// are counted on, while what stands beside them has no numbers.
fn names(rows: &[(Option<Run>, Option<Run>)]) -> bool {
    let filled = |run: &Option<Run>| run.as_ref().is_some_and(|r| !is_empty(r));
    let beside: Vec<_> = rows.iter().filter(|(_, text)| filled(text)).collect();
    let counted: Vec<u32> = beside
        .iter()
        .filter_map(|(name, _)| counts(name.as_ref()?))
        .collect();
    let bare = beside
        .iter()
        .filter_map(|(_, text)| text.as_ref())
        .all(|text| number(trim(text)).is_none());
    let rising = counted
        .iter()
        .zip(counted.iter().skip(1))
        .all(|(a, b)| a < b);
    bare && rising && counted.len() >= ROWS_MIN && counted.len() == beside.len()
}

/// Two parts of one measure; a line end parts them where no stop does.
pub(crate) fn with(first: Run, second: Option<&Run>) -> Run {
    let Some(second) = second.filter(|r| !is_empty(r)) else {
        return first;
    };
    let mut whole = trim(&first).to_vec();
    if let Some(last) = whole.last().copied()
        && !matches!(last.fold, '。' | ':' | ';' | ',')
    {
        whole.push(Mark {
            ch: '\n',
            fold: '\n',
            ..last
        });
    }
    whole.extend_from_slice(trim(second));
    whole
}

fn put(row: &mut Row, at: usize, run: Option<Run>) {
    if let Some(slot) = row.get_mut(at) {
        *slot = run;
    }
}
