//! The text as the typesetter takes it: paragraphs, headings, pictures, and tables with their merged cells.

use serde_json::{Value, json};

use super::{text_of, with_marks};
use crate::picture;

/// Stands before a heading's words while HTML is turned into lines; no text of people holds it.
const HEADING: char = '\u{E000}';

/// Stands around the name and before the end of a picture's words, as [`HEADING`] in a heading.
const PICTURE: char = '\u{E002}';

/// Stands first in each row of a table, in each of its cells, and behind the spans of a cell; always inside a cell, for a parser
/// moves words that stand between cells out of the table.
const ROW: char = '\u{E004}';
const CELL: char = '\u{E001}';
const SPANS: char = '\u{E003}';
/// Columns of a table: more than paper has room for.
const COLUMNS_MAX: usize = 60;

/// The text as the typesetter takes it: `{"style": "heading"|"text", "text"}`, pictures as `{"picture": name, "alt", "text"}`,
/// and tables as `{"columns": number, "cells": [{"x", "y", "columns", "rows", "text"}]}`, each cell at the place where it begins
/// and with the columns and rows that it reaches over. No two cells overlap. A picture in a cell is its words. Items of lists
/// have their marks before them.
#[must_use]
pub fn printable(html: &str) -> Vec<Value> {
    let marked = picture::replaced(&html.replace([HEADING, PICTURE], ""), |name, alt| {
        format!("{PICTURE}{name}{PICTURE}{alt}{PICTURE}")
    });
    let mut marked = with_marks(&marked);
    for tag in ["<h2>", "<h3>", "<h4>"] {
        marked = marked.replace(tag, &format!("{tag}{HEADING}"));
    }
    let text = text_of(&with_cells(&marked));
    let mut blocks = Vec::new();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for line in text.lines() {
        if let Some(row) = line.strip_prefix(ROW) {
            rows.push(row.split(CELL).skip(1).map(Cell::read).collect());
            continue;
        }
        push_rows(&mut blocks, &mut rows);
        match line.strip_prefix(HEADING) {
            Some(words) => blocks.push(json!({ "style": "heading", "text": worded(words) })),
            None => push_line(&mut blocks, line),
        }
    }
    push_rows(&mut blocks, &mut rows);
    blocks
}

/// What stands for a picture that is not drawn.
fn instead(alt: &str) -> String {
    format!("（图：{alt}，见网站文本）")
}

/// A line's words, with words for its pictures.
fn worded(line: &str) -> String {
    let parts: Vec<&str> = line.split(PICTURE).collect();
    let part = |(n, part): (usize, &&str)| match n % 3 {
        0 => (*part).to_owned(),
        1 => String::new(),
        _ => instead(part),
    };
    parts.iter().enumerate().map(part).collect()
}

/// A line as paragraphs, with its pictures between them.
fn push_line(blocks: &mut Vec<Value>, line: &str) {
    let mut parts = line.split(PICTURE);
    while let Some(words) = parts.next() {
        let words = words.trim();
        if !words.is_empty() {
            blocks.push(json!({ "style": "text", "text": words }));
        }
        if let (Some(name), Some(alt)) = (parts.next(), parts.next()) {
            blocks.push(json!({ "picture": name, "alt": alt, "text": instead(alt) }));
        }
    }
}

/// A cell with how far it reaches, as written; not yet at its place.
struct Cell {
    columns: usize,
    rows: usize,
    text: String,
}

impl Cell {
    /// `columns,rows` and the words behind them.
    fn read(marked: &str) -> Self {
        let (spans, text) = marked.split_once(SPANS).unwrap_or(("", marked));
        let (columns, rows) = spans.split_once(',').unwrap_or_default();
        let span = |text: &str| text.parse().unwrap_or(1_usize).max(1);
        Self {
            columns: span(columns),
            rows: span(rows),
            text: worded(text.trim()),
        }
    }
}

/// The value of an attribute of a tag, as the cleaner writes it.
pub(super) fn attribute<'t>(tag: &'t str, name: &str) -> &'t str {
    let after = tag
        .split_once(&format!(" {name}=\""))
        .map(|(_, after)| after);
    after
        .and_then(|after| after.split_once('"'))
        .map_or("", |(value, _)| value)
}

/// What would break a row into lines.
const BREAKS: [&str; 20] = [
    "<p>",
    "</p>",
    "<br>",
    "<div>",
    "</div>",
    "<ul>",
    "</ul>",
    "<ol>",
    "</ol>",
    "<li>",
    "</li>",
    "<h2>",
    "</h2>",
    "<h3>",
    "</h3>",
    "<h4>",
    "</h4>",
    "<blockquote>",
    "</blockquote>",
    "<hr>",
];

/// Tables with a mark in each row and cell, and without blocks inside cells, so that a row stays one line.
fn with_cells(html: &str) -> String {
    let mut marked = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<table") {
        marked.push_str(before);
        marked.push_str("<table");
        let (table, after) = after.split_once("</table>").unwrap_or((after, ""));
        let mut flat = table.replace([ROW, CELL, SPANS, HEADING], "");
        for block in BREAKS {
            flat = flat.replace(block, " ");
        }
        mark_table(&mut marked, &flat.replace('\n', " "));
        marked.push_str("</table>");
        rest = after;
    }
    marked.push_str(rest);
    marked
}

fn mark_table(marked: &mut String, table: &str) {
    let mut begun = false;
    for piece in table.split_inclusive('>') {
        let tag = piece.rsplit_once('<').map_or("", |(_, tag)| tag);
        let name = tag.trim_end_matches('>');
        let name = name.split(' ').next().unwrap_or(name);
        // A row without cells of its own is a row all the same.
        if name == "/tr" && std::mem::take(&mut begun) {
            marked.push_str(&format!("<td>{ROW}</td>"));
        }
        marked.push_str(piece);
        match name {
            "tr" => begun = true,
            "td" | "th" => {
                if std::mem::take(&mut begun) {
                    marked.push(ROW);
                }
                let (columns, rows) = (attribute(tag, "colspan"), attribute(tag, "rowspan"));
                marked.push_str(&format!("{CELL}{columns},{rows}{SPANS}"));
            }
            _ => {}
        }
    }
}

/// Puts each cell at its place as browsers do: from the left where nothing from above reaches down, and no further than the
/// next that does; a cell that would reach out of the table ends with it. What has no place is said in the cell before it.
fn push_rows(blocks: &mut Vec<Value>, rows: &mut Vec<Vec<Cell>>) {
    let height = rows.len();
    // For each column, the first row that is free again.
    let mut free = [0_usize; COLUMNS_MAX];
    let (mut placed, mut width): (Vec<(usize, usize, Cell)>, usize) = (Vec::new(), 0);
    for (y, row) in std::mem::take(rows).into_iter().enumerate() {
        let (mut x, mut after) = (0, row.len());
        for mut cell in row {
            after -= 1;
            while free.get(x).is_some_and(|until| *until > y) {
                x += 1;
            }
            let right = free.iter().skip(x);
            let room = right.clone().take_while(|until| **until <= y).count();
            // The later cells of the row may stand behind one that reaches down.
            let left = right.filter(|until| **until <= y).count();
            cell.columns = cell.columns.min(room).min(left.saturating_sub(after));
            cell.columns = cell.columns.max(1);
            cell.rows = cell.rows.min(height - y);
            if room == 0 {
                if let Some((_, _, last)) = placed.last_mut() {
                    last.text = format!("{}　{}", last.text, cell.text);
                }
                continue;
            }
            let reach = free.iter_mut().skip(x).take(cell.columns);
            reach.for_each(|until| *until = y + cell.rows);
            let begins = x;
            x += cell.columns;
            width = width.max(x);
            placed.push((begins, y, cell));
        }
    }
    if width > 0 {
        let cell = |(x, y, cell): (usize, usize, Cell)| json!({ "x": x, "y": y, "columns": cell.columns, "rows": cell.rows, "text": cell.text });
        let cells: Vec<Value> = placed.into_iter().map(cell).collect();
        blocks.push(json!({ "columns": width, "cells": cells }));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::printable;

    #[test]
    fn what_is_printed_keeps_headings_and_tables_apart() {
        let blocks = printable(
            "<h2>第一章 总则</h2><p>第一条 二&lt;三。</p><table><tr><th>事项</th><th>期限</th></tr><tr><td>甲</td></tr></table><p>末段</p>",
        );
        let wanted = json!([
            { "style": "heading", "text": "第一章 总则" },
            { "style": "text", "text": "第一条 二<三。" },
            { "columns": 2, "cells": [cell((0, 0), "事项"), cell((1, 0), "期限"), cell((0, 1), "甲")] },
            { "style": "text", "text": "末段" },
        ]);
        assert_eq!(Value::from(blocks), wanted);
        let name = format!("{}.png", "a1".repeat(32));
        let img = format!("<img src=\"pictures/{name}\" alt=\"甲&amp;乙\">");
        let blocks = printable(&format!(
            "<p>前{img}后</p><p>{img}</p><h2>标题{img}</h2><table><tr><td>格{img}</td></tr></table>"
        ));
        let words = "（图：甲&乙，见网站文本）";
        let picture = json!({ "picture": name, "alt": "甲&乙", "text": words });
        let wanted = json!([
            { "style": "text", "text": "前" },
            picture,
            { "style": "text", "text": "后" },
            picture,
            { "style": "heading", "text": format!("标题{words}") },
            { "columns": 1, "cells": [cell((0, 0), &format!("格{words}"))] },
        ]);
        assert_eq!(Value::from(blocks), wanted);
    }

    #[test]
    fn items_of_lists_have_their_marks() {
        let blocks =
            printable("<ol><li>甲<ol type=\"a\"><li>乙</li></ol></li></ol><ul><li>丙</li></ul>");
        let text = |text: &str| json!({ "style": "text", "text": text });
        let wanted = json!([text("1. 甲"), text("a. 乙"), text("• 丙")]);
        assert_eq!(Value::from(blocks), wanted);
    }

    fn cell((x, y): (usize, usize), text: &str) -> Value {
        json!({ "x": x, "y": y, "columns": 1, "rows": 1, "text": text })
    }

    /// Place, reach and words of each cell of the only table.
    fn cells(html: &str) -> Vec<(u64, u64, u64, u64, String)> {
        let blocks = printable(html);
        let table = blocks.iter().find(|block| block.get("cells").is_some());
        let number = |cell: &Value, name: &str| cell[name].as_u64().unwrap();
        table.unwrap()["cells"]
            .as_array()
            .unwrap()
            .iter()
            .map(|cell| {
                let n = |name| number(cell, name);
                let text = cell["text"].as_str().unwrap().to_owned();
                (n("x"), n("y"), n("columns"), n("rows"), text)
            })
            .collect()
    }

    #[test]
    fn merged_cells_keep_their_reach() {
        let found = cells(
            "<table><tbody><tr><th rowspan=\"2\">单位</th><th colspan=\"2\">任务</th></tr><tr><th>事项</th><th>期限</th></tr>\
             <tr><td rowspan=\"2\">市司法局</td><td><p>清理</p><p>文件</p></td><td>9月</td></tr><tr><td>公布\n目录</td><td>12月</td></tr></tbody></table>",
        );
        let wanted = [
            (0, 0, 1, 2, "单位"),
            (1, 0, 2, 1, "任务"),
            (1, 1, 1, 1, "事项"),
            (2, 1, 1, 1, "期限"),
            (0, 2, 1, 2, "市司法局"),
            (1, 2, 1, 1, "清理  文件"),
            (2, 2, 1, 1, "9月"),
            (1, 3, 1, 1, "公布 目录"),
            (2, 3, 1, 1, "12月"),
        ];
        let wanted =
            wanted.map(|(x, y, columns, rows, text)| (x, y, columns, rows, text.to_owned()));
        assert_eq!(found, wanted);
        // A list in a cell stays in its row, however it marks its items.
        let list =
            cells("<table><tr><td>甲<ol type=\"a\"><li>乙</li></ol></td><td>丙</td></tr></table>");
        let words: Vec<&str> = list.iter().map(|cell| cell.4.as_str()).collect();
        assert_eq!(words, ["甲 a. 乙", "丙"]);
    }

    #[test]
    fn cells_that_reach_too_far_end_with_the_table() {
        // Over the last row, over each other, over every column that paper has, and a row that only reaches from above.
        let found = cells(
            "<table><tr><td rowspan=\"9\">甲</td><td colspan=\"0\">乙</td></tr><tr></tr><tr><td colspan=\"999\">丙</td><td>丁</td></tr></table>",
        );
        let reach: Vec<_> = found
            .iter()
            .map(|(x, y, columns, rows, _)| (*x, *y, *columns, *rows))
            .collect();
        assert_eq!(
            reach,
            [(0, 0, 1, 3), (1, 0, 1, 1), (1, 2, 58, 1), (59, 2, 1, 1)]
        );
        let crossed = cells(
            "<table><tr><td>甲</td><td rowspan=\"2\">乙</td></tr><tr><td colspan=\"3\">丙</td></tr></table>",
        );
        assert_eq!(crossed[2], (0, 1, 1, 1, "丙".to_owned()));
    }

    #[test]
    fn a_wide_cell_left_of_one_that_reaches_down_keeps_its_columns() {
        let found = cells(
            "<table><tr><th>甲</th><th>乙</th><th rowspan=\"2\">合计</th><th>备注</th></tr>\
             <tr><td colspan=\"2\">小计</td><td>说明</td></tr></table>",
        );
        let below: Vec<_> = found.into_iter().skip(4).collect();
        let wanted = [
            (0, 1, 2, 1, "小计".to_owned()),
            (3, 1, 1, 1, "说明".to_owned()),
        ];
        assert_eq!(below, wanted);
    }
}
