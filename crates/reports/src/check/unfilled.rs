//! What is not there yet: cells in which nobody has written anything, parts without a word. A nought is written by a person;
//! the program knows only those that it has counted.

use std::collections::BTreeMap;

use super::Finding;
use crate::draft::Draft;
use crate::form::Cell;

/// Empty cells: of table 二 one by one, of the others by row or block.
#[must_use]
pub fn unfilled(draft: &Draft) -> Vec<Finding> {
    let mut lines: BTreeMap<(u8, usize), Vec<Cell>> = BTreeMap::new();
    for cell in draft.unfilled() {
        lines.entry(line(cell)).or_default().push(cell);
    }
    lines.into_values().map(of_line).collect()
}

const fn line(cell: Cell) -> (u8, usize) {
    match cell {
        Cell::Two(at) => (2, at),
        Cell::Three(row, _) => (3, row),
        Cell::Four(block, _) => (4, block),
    }
}

fn of_line(cells: Vec<Cell>) -> Finding {
    let names: Vec<String> = cells.iter().map(ToString::to_string).collect();
    let names = names.join("、");
    let said = format!("{names}还没有填。请填数，写明来源；没有的填“0”。");
    Finding::new("cell-unfilled", said)
        .cells(cells)
        .values("数，没有的为0", "没有填")
}

/// Parts that the form wants in prose, and that say nothing.
#[must_use]
pub fn silent(draft: &Draft) -> Vec<Finding> {
    let silent = draft.silent_parts().into_iter();
    let findings = silent.map(|part| {
        Finding::new("part-silent", format!("“{part}”部分还没有写。"))
            .place(format!("文字.{part}"))
            .values("有正文", "没有")
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{silent, unfilled};
    use crate::check::Weight;
    use crate::draft::Draft;
    use crate::form::Cell;
    use crate::sample::city;

    #[test]
    fn what_nobody_filled_is_named_and_a_nought_that_somebody_wrote_is_not() {
        let mut draft = Draft::imported(&city(), "年报.docx");
        assert_eq!(unfilled(&draft), []);
        let (licences, charged) = (Cell::Two(6), Cell::Two(9));
        let row = [Cell::Three(4, 0), Cell::Three(4, 1)];
        for cell in [licences, charged].into_iter().chain(row) {
            draft.cells.remove(&cell);
        }
        let found = unfilled(&draft);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found.iter().all(|one| one.weight == Weight::Wrong));
        assert_eq!(found[0].leads_to(), Some(licences));
        assert_eq!(found[1].leads_to(), Some(charged));
        assert_eq!(found[2].cells, row);
        for words in ["三.（三）1.自然人、三.（三）1.商业企业还没有填", "填“0”"]
        {
            assert!(found[2].message.contains(words), "{found:?}");
        }
        let noughts = [licences, charged].into_iter().chain(row);
        let typed: BTreeMap<Cell, String> = noughts.map(|cell| (cell, "0".to_owned())).collect();
        draft.fill(&typed, "台账").unwrap();
        assert_eq!(unfilled(&draft), []);
        // Emptied again, it is nobody's number.
        let emptied = BTreeMap::from([(licences, String::new())]);
        draft.fill(&emptied, "误填").unwrap();
        assert_eq!(unfilled(&draft).len(), 1);
    }

    #[test]
    fn totals_are_nobodys_to_fill_unless_they_came_with_a_file() {
        let all = unfilled(&Draft::default());
        assert_eq!(all.len(), 10 + 24 + 3);
        let cells = all.iter().flat_map(|one| &one.cells);
        assert!(cells.clone().all(|cell| !cell.is_total()));
        assert_eq!(cells.count(), 10 + 24 * 6 + 3 * 4);
    }

    #[test]
    fn a_part_without_a_word_is_told_and_leads_there() {
        let mut draft = Draft::imported(&city(), "年报.docx");
        assert_eq!(silent(&draft), []);
        " \n".clone_into(&mut draft.texts[0]);
        let found = silent(&draft);
        assert_eq!((found.len(), found[0].part()), (1, Some(0)));
        assert!(found[0].message.contains("“一、总体情况”部分还没有写"));
    }
}
