//! Rows of RTF cells to a table: columns by the right edges of the cells, spans by the marks of merged ones.

use std::collections::BTreeMap;

use crate::block::Place;
use crate::flow::{Flow, FlowCell, FlowRow, FlowTable};

/// Right edges that lie nearer than this are one, in twentieths of a point.
const EDGE_TOLERANCE: i32 = 60;
/// Width of a cell whose edge is not told.
const WIDTH_UNTOLD: i32 = 1_000;

/// What a row says of one cell.
#[derive(Clone, Copy, Default)]
pub(super) struct Definition {
    pub(super) edge: i32,
    pub(super) begins_down: bool,
    pub(super) goes_on_down: bool,
    pub(super) goes_on_right: bool,
}

pub(super) struct Row {
    pub(super) definitions: Vec<Definition>,
    pub(super) cells: Vec<Vec<Flow>>,
    pub(super) place: Place,
}

impl Row {
    /// Cells beyond those that are defined follow the last edge.
    fn definition(&self, at: usize) -> Definition {
        let last = self.definitions.last().map_or(0, |d| d.edge);
        let more = at.saturating_sub(self.definitions.len());
        let more = i32::try_from(more).unwrap_or(i32::MAX).saturating_add(1);
        self.definitions.get(at).copied().unwrap_or(Definition {
            edge: last.saturating_add(WIDTH_UNTOLD.saturating_mul(more)),
            ..Definition::default()
        })
    }
}

pub(super) fn table(rows: Vec<Row>) -> FlowTable {
    let edges = edges(&rows);
    let column = |edge: i32| edges.partition_point(|&e| e < edge - EDGE_TOLERANCE);
    let mut table = FlowTable {
        place: rows.first().map(|row| row.place).unwrap_or_default(),
        ..FlowTable::default()
    };
    // by first column: row and place of the cell that goes on down there
    let mut open: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for row in rows {
        let mut out = FlowRow::default();
        let mut start = 0;
        let definitions: Vec<Definition> =
            (0..row.cells.len()).map(|i| row.definition(i)).collect();
        for (definition, content) in definitions.into_iter().zip(row.cells) {
            let end = (column(definition.edge) + 1).max(start + 1);
            let span = u32::try_from(end - start).unwrap_or(1);
            let first = u32::try_from(start).unwrap_or(u32::MAX);
            let begun = std::mem::replace(&mut start, end);
            if definition.goes_on_right
                && let Some(left) = out.cells.last_mut()
            {
                left.content.extend(content);
                left.column_span = left.column_span.saturating_add(span);
                continue;
            }
            let above = open
                .get(&begun)
                .copied()
                .filter(|_| definition.goes_on_down);
            let above = above.and_then(|(r, c)| table.rows.get_mut(r)?.cells.get_mut(c));
            if let Some(above) = above {
                above.content.extend(content);
                above.row_span = above.row_span.saturating_add(1);
                continue;
            }
            open.remove(&begun);
            if definition.begins_down {
                open.insert(begun, (table.rows.len(), out.cells.len()));
            }
            out.cells.push(FlowCell {
                content,
                column: Some(first),
                column_span: span,
                row_span: 1,
                place: row.place,
            });
        }
        table.rows.push(out);
    }
    table
}

/// The right edges of all cells, each once.
fn edges(rows: &[Row]) -> Vec<i32> {
    let mut all: Vec<i32> = rows
        .iter()
        .flat_map(|row| (0..row.cells.len()).map(|i| row.definition(i).edge))
        .collect();
    all.sort_unstable();
    let mut out: Vec<i32> = Vec::new();
    for edge in all {
        if out
            .last()
            .is_none_or(|last| edge.saturating_sub(*last) > EDGE_TOLERANCE)
        {
            out.push(edge);
        }
    }
    out
}
