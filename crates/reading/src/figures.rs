//! Rows of figures that were read as the words of measures: 地区生产总值 466 112 45, cells of a table of targets that lost its lines.

use super::assign::Assigned;
use super::event::Doubt;
use super::text::Mark;

/// Fewest figures in a row.
const FIGURES_MIN: usize = 3;
/// Fewest such measures that tell of a table.
const ROWS_MIN: usize = 2;

/// Where measures hold such rows, all of them stand in or around a table that could not be told from text.
pub(crate) fn doubt(items: &mut [Assigned]) {
    let rows = items.iter().filter(|a| holds_figures(&a.item.text)).count();
    if rows < ROWS_MIN {
        return;
    }
    for assigned in items {
        assigned.item.doubts.push(Doubt::CellUnclear);
    }
}

/// Bare figures between blanks, one behind the other.
fn holds_figures(text: &[Mark]) -> bool {
    let figure = |word: &[Mark]| {
        word.iter().any(|m| m.fold.is_ascii_digit())
            && word
                .iter()
                .all(|m| m.fold.is_ascii_digit() || matches!(m.fold, '.' | '%' | '-'))
    };
    let words = text.split(|m| m.is_blank()).filter(|word| !word.is_empty());
    let mut row = 0;
    words.into_iter().any(|word| {
        row = if figure(word) { row + 1 } else { 0 };
        row >= FIGURES_MIN
    })
}
