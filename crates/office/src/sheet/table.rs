//! One sheet to one table: blank rows and columns left out, merged regions as spans, blank cells in between filled in.

use std::collections::{BTreeMap, BTreeSet};

use super::{Merge, Sheet};
use crate::block::{Cell, FORMULA_WITHOUT_VALUE, Place, Row, Table, Unreadable};
use crate::collect::Collector;
use crate::count::readable_chars;
use crate::grid::settle;
use crate::refusal::too_large;

pub(super) fn emit(mut sheet: Sheet, out: &mut Collector<'_>) -> Result<(), Unreadable> {
    note_sheet(&sheet, out);
    leave_hidden_columns(&mut sheet, out);
    let rows: BTreeSet<u32> = sheet.cells.keys().map(|&(row, _)| row).collect();
    let columns: BTreeSet<u32> = sheet.cells.keys().map(|&(_, column)| column).collect();
    if rows.len() as u64 * columns.len() as u64 > out.limits().grid_slots {
        return Err(too_large(&format!(
            "一张表格的行数乘列数超过 {}",
            out.limits().grid_slots
        )));
    }
    let rows: Vec<u32> = rows.into_iter().collect();
    let mut merges = sheet.merges;
    merges.sort_unstable_by_key(|merge| (merge.top, merge.left));
    let mut merges = merges.into_iter().peekable();
    let mut cells = sheet.cells.into_iter().peekable();
    let mut open = OpenMerges::default();
    let mut table = Vec::with_capacity(rows.len());
    let mut slots = 0usize;
    for (index, &row) in rows.iter().enumerate() {
        open.end_before(row);
        while let Some(merge) = merges.next_if(|merge| merge.top <= row) {
            open.start(merge, row);
        }
        let mut texts: BTreeMap<u32, String> = BTreeMap::new();
        while let Some(((_, column), text)) = cells.next_if(|((at, _), _)| *at == row) {
            texts.insert(column, text);
        }
        let mut line = Vec::with_capacity(columns.len());
        for &column in &columns {
            let text = texts.remove(&column).unwrap_or_default();
            line.extend(cell(
                text,
                column,
                rows.get(index..).unwrap_or_default(),
                &open,
                out,
            ));
        }
        if sheet.hidden_rows.contains(&row) {
            // read, for a filter hides rows that hold; a person looks at each of them
            let own = line
                .iter_mut()
                .filter(|cell: &&mut Cell| cell.row_span <= 1);
            own.for_each(|cell| cell.doubtful = true);
        }
        slots += line.len();
        if slots > out.limits().cells {
            return Err(too_large(&format!(
                "表格单元格超过 {} 个",
                out.limits().cells
            )));
        }
        table.push(Row {
            cells: line,
            heading: false,
        });
    }
    let rows = settle(table, out.limits())?;
    out.table(Table {
        rows,
        place: Place::default(),
    })?;
    Ok(())
}

/// The cell of a column in the first of `rows`; `None` where a merged region from above or the left covers it.
fn cell(
    text: String,
    column: u32,
    rows: &[u32],
    open: &OpenMerges,
    out: &mut Collector<'_>,
) -> Option<Cell> {
    let row = rows.first().copied().unwrap_or(0);
    let place = Place {
        row: row.checked_add(1),
        column: column.checked_add(1),
        ..Place::default()
    };
    let merge = open.at(column);
    if merge.is_some_and(|merge| (merge.top, merge.left) != (row, column)) {
        let chars = readable_chars(&text);
        if chars > 0 {
            let message = format!("被合并的单元格中留有不显示的 {chars} 个字，已略去。");
            out.drop_chars("merged-cell-text", message, place, chars);
        }
        return None;
    }
    let (row_span, column_span) = merge.map_or((1, 1), |merge| {
        let down = rows.partition_point(|&r| r <= merge.bottom);
        let across = merge.right.saturating_sub(merge.left).saturating_add(1);
        (u32::try_from(down).unwrap_or(1), across)
    });
    Some(Cell {
        text,
        column,
        row_span,
        column_span,
        place,
        doubtful: false,
    })
}

/// `C5`, as a spreadsheet calls it.
fn reference(row: u32, column: u32) -> String {
    let mut letters = String::new();
    let mut rest = u64::from(column) + 1;
    while let Some(digit) = rest.checked_sub(1) {
        letters.insert(0, char::from(b'A' + (digit % 26) as u8));
        rest = digit / 26;
    }
    format!("{letters}{}", u64::from(row) + 1)
}

fn note_sheet(sheet: &Sheet, out: &mut Collector<'_>) {
    let hidden_rows = sheet.hidden_rows.iter().filter(|&&row| {
        sheet
            .cells
            .range((row, 0)..=(row, u32::MAX))
            .next()
            .is_some()
    });
    let hidden_rows = hidden_rows.count();
    if hidden_rows > 0 {
        let message = format!(
            "工作表“{}”有 {hidden_rows} 行被隐藏或筛选，仍已读取，请核对是否需要。",
            sheet.name
        );
        out.note("hidden-rows", message, Place::default());
    }
    if let Some(&(row, column)) = sheet.uncalculated_at.first() {
        let named = sheet.uncalculated_at.iter();
        let named: Vec<String> = named.map(|&(row, column)| reference(row, column)).collect();
        let more = match sheet.uncalculated {
            n if n > named.len() => format!(" 等 {n} 格"),
            _ => String::new(),
        };
        let message = format!(
            "工作表“{}”的 {}{more}是公式，文件里没有它的计算结果，读不到内容；请用表格软件打开、重新计算并保存后再上传。",
            sheet.name,
            named.join("、")
        );
        let place = Place {
            row: row.checked_add(1),
            column: column.checked_add(1),
            ..Place::default()
        };
        out.note(FORMULA_WITHOUT_VALUE, message, place);
    }
}

/// What stands in hidden columns is not what the sheet shows: it is left out and told. A text that a merged region
/// shows in a visible column stays, and so does everything where nothing would be left.
fn leave_hidden_columns(sheet: &mut Sheet, out: &mut Collector<'_>) {
    let hidden = |column: u32| {
        let within = |&(first, last): &(u32, u32)| (first..=last).contains(&column);
        sheet.hidden_columns.iter().any(within)
    };
    let shown: BTreeSet<(u32, u32)> = sheet
        .merges
        .iter()
        .filter(|merge| hidden(merge.left))
        .filter(|merge| {
            (merge.left..=merge.right)
                .take(SPAN_MAX)
                .any(|c| !hidden(c))
        })
        .map(|merge| (merge.top, merge.left))
        .collect();
    let left_out: Vec<(u32, u32)> = sheet
        .cells
        .keys()
        .filter(|at| hidden(at.1) && !shown.contains(at))
        .copied()
        .collect();
    if left_out.is_empty() || left_out.len() == sheet.cells.len() {
        return;
    }
    let columns: BTreeSet<u32> = left_out.iter().map(|at| at.1).collect();
    let texts = left_out.iter().filter_map(|at| sheet.cells.remove(at));
    let chars = texts.map(|text| readable_chars(&text)).sum();
    let message = format!(
        "工作表“{}”有 {} 列被隐藏（{chars} 个字），没有读取；如果需要，请取消隐藏后重新上传。",
        sheet.name,
        columns.len()
    );
    out.drop_chars("hidden-columns", message, Place::default(), chars);
}

/// Widest merged region in which a visible column is looked for, in columns.
const SPAN_MAX: usize = 16_384;

/// Merged regions over the current row, by their left column; none overlaps another.
#[derive(Default)]
struct OpenMerges(BTreeMap<u32, Merge>);

impl OpenMerges {
    fn end_before(&mut self, row: u32) {
        self.0.retain(|_, merge| merge.bottom >= row);
    }

    /// A region that begins above the first filled row or inside another one is no region here.
    fn start(&mut self, merge: Merge, row: u32) {
        let overlaps = self
            .0
            .range(..=merge.right)
            .next_back()
            .is_some_and(|(_, other)| other.right >= merge.left);
        if merge.top == row && !overlaps {
            self.0.insert(merge.left, merge);
        }
    }

    fn at(&self, column: u32) -> Option<Merge> {
        self.0
            .range(..=column)
            .next_back()
            .map(|(_, merge)| *merge)
            .filter(|merge| merge.right >= column)
    }
}
