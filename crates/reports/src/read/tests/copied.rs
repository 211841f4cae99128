//! Tables as they come out of a page that somebody copied as text.

use super::{document, same_cells, value, with_prose};
use crate::check::{Beside, check};
use crate::form::{APPLICANTS, Cell, DISCLOSED, OUTCOMES, ROWS, TABLE3_CORNER};
use crate::model::Report;
use crate::read::read;
use crate::sample::{city, set};

type Line = Vec<String>;

fn line<const N: usize>(cells: [&str; N]) -> Line {
    cells.map(str::to_owned).to_vec()
}

/// The lines of one of the three tables, merged cells once, noughts as `nought`.
fn lines(report: &Report, part: usize, nought: &str) -> Vec<Line> {
    let shown = |cell| match value(report, cell).as_str() {
        "0" => nought.to_owned(),
        other => other.to_owned(),
    };
    match part {
        1 => {
            let mut out = vec![
                line(["第二十条第（一）项"]),
                line(["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]),
            ];
            for first in [0, 3] {
                let values = (first..first + 3).map(|at| shown(Cell::Two(at)));
                out.push([vec![DISCLOSED[first].row.to_owned()], values.collect()].concat());
            }
            for (at, disclosed) in DISCLOSED.iter().enumerate().take(10).skip(6) {
                out.push(vec![disclosed.article.to_owned()]);
                out.push(line(["信息内容", "本年处理决定数量"]));
                out.push(vec![disclosed.row.to_owned(), shown(Cell::Two(at))]);
            }
            out
        }
        2 => {
            let mut out = vec![
                line([TABLE3_CORNER, "申请人情况"]),
                line(["自然人", "法人或其他组织", "总计"]),
                line([
                    "商业 企业",
                    "科研 机构",
                    "社会公益组织",
                    "法律服务机构",
                    "其他",
                ]),
            ];
            for (at, row) in ROWS.iter().enumerate() {
                let mut cells = Vec::new();
                if at == 2 {
                    cells.push("三、本年度办理结果".to_owned());
                }
                if !row.block.is_empty() && at > 0 && ROWS[at - 1].block != row.block {
                    cells.push(row.block.to_owned());
                }
                cells.push(row.label.to_owned());
                cells.extend((0..APPLICANTS.len()).map(|column| shown(Cell::Three(at, column))));
                out.push(cells);
            }
            out
        }
        3 => {
            let heads: Line = OUTCOMES.iter().map(|it| it.1.to_owned()).collect();
            let above = line(["未经复议直接起诉", "复议后起诉"]);
            let values = (0..15).map(|n| shown(Cell::Four(n / 5, n % 5)));
            vec![
                line(["行政复议", "行政诉讼"]),
                [heads.clone(), above].concat(),
                [heads.clone(), heads].concat(),
                values.collect(),
            ]
        }
        _ => Vec::new(),
    }
}

/// A way to write the lines of a table down.
type Way = fn(&[Line]) -> String;

fn widest(lines: &[Line]) -> usize {
    lines.iter().map(Vec::len).max().unwrap_or(0)
}

/// `规章 |` and `0 |`, each on a line of its own; bars fill lines with merged cells up.
fn bar_behind_each(lines: &[Line]) -> String {
    let mut out = String::new();
    for cells in lines {
        for cell in cells {
            out.push_str(&format!("{cell} |\n"));
        }
        if cells.len() < widest(lines) {
            out.push_str(&"|".repeat(widest(lines) - cells.len()));
            out.push('\n');
        }
    }
    out
}

/// The bar on a line of its own.
fn bar_below_each(lines: &[Line]) -> String {
    let cells = lines.iter().flatten();
    cells.map(|cell| format!("{cell}\n|\n")).collect()
}

/// Each cell between two ends of line, each row between bars.
fn bars_around(lines: &[Line]) -> String {
    let mut out = String::new();
    for cells in lines {
        out.push_str("| ");
        for cell in cells {
            out.push_str(&format!("\n {cell}  | "));
        }
        out.push_str(&"|".repeat(widest(lines) - cells.len()));
        out.push('\n');
    }
    out
}

/// A row a line, filled up with bars.
fn filled_up(lines: &[Line]) -> String {
    let mut out = String::new();
    for cells in lines {
        let filling = "|".repeat(widest(lines) - cells.len());
        out.push_str(&format!("| {} | {filling}\n", cells.join(" | ")));
    }
    out
}

/// A row a line, with tabs between its cells.
fn tabbed(lines: &[Line]) -> String {
    lines
        .iter()
        .map(|cells| format!("{}\n", cells.join("\t")))
        .collect()
}

const WAYS: [(&str, Way); 5] = [
    ("a bar behind each", bar_behind_each),
    ("a bar below each", bar_below_each),
    ("bars around", bars_around),
    ("filled up", filled_up),
    ("tabbed", tabbed),
];

fn copied(report: &Report, way: Way, nought: &str) -> Report {
    let text = with_prose(report, |part| match part {
        1..=3 => way(&lines(report, part, nought)),
        _ => String::new(),
    });
    read(&document(text.as_bytes()))
}

#[test]
fn each_way_of_copying_gives_the_same_cells() {
    let report = city();
    for (name, way) in WAYS {
        for nought in ["0", ""] {
            let found = copied(&report, way, nought);
            same_cells(&found, &report);
            assert_eq!(check(&found, Beside::default()), vec![], "{name} {nought}");
        }
    }
}

#[test]
fn a_fault_is_found_in_each() {
    let mut report = city();
    set(&mut report, Cell::Three(12, 0), 3076);
    set(&mut report, Cell::Four(1, 4), 57);
    for (name, way) in WAYS {
        let found = check(&copied(&report, way, "0"), Beside::default());
        let codes: Vec<&str> = found.iter().map(|it| it.code).collect();
        assert_eq!(codes, ["C1", "C3", "D1"], "{name}");
    }
}

#[test]
fn narrow_columns_break_labels_around_their_numbers() {
    let report = city();
    let text = with_prose(&report, |part| match part {
        2 => {
            let mut out = "自然人 法人或其他组织 总计\n".to_owned();
            for (at, row) in ROWS.iter().enumerate() {
                let label: Vec<char> = row.label.chars().collect();
                let (head, tail) = label.split_at(label.len().min(12));
                let values: Vec<String> = (0..APPLICANTS.len())
                    .map(|column| value(&report, Cell::Three(at, column)))
                    .collect();
                let [head, tail] = [head, tail].map(|it| it.iter().collect::<String>());
                out.push_str(&format!("{head}\n{}\n{tail}\n", values.join(" ")));
            }
            out
        }
        3 => {
            let values: Vec<String> = (0..15)
                .map(|n| value(&report, Cell::Four(n / 5, n % 5)))
                .collect();
            format!(
                "行政复议 行政诉讼\n未经复议直接起诉 复议后起诉\n结 结 其 尚 总\n果 果 他 未 计\n维 纠 结 审\n持 正 果 结\n{}\n",
                values.join(" ")
            )
        }
        _ => String::new(),
    });
    let found = read(&document(text.as_bytes()));
    for cell in Cell::all().filter(|cell| !matches!(cell, Cell::Two(_))) {
        assert_eq!(found.amount(cell), report.amount(cell), "{cell}");
    }
    assert!(found.short.is_empty());
}

#[test]
fn rows_that_lost_their_blank_cells_are_told_once() {
    let report = city();
    let text = with_prose(&report, |part| match part {
        1..=3 => format!(
            "{}\n",
            lines(&report, part, "")
                .concat()
                .join("\n")
                .replace("\n\n", "\n")
        ),
        _ => String::new(),
    });
    let found = read(&document(text.as_bytes()));
    assert!(found.short.len() > 3, "{:?}", found.short);
    let findings = check(&found, Beside::default());
    let of = |code: &str| findings.iter().filter(|it| it.code == code).count();
    assert_eq!((of("row-unread"), of("row-missing"), of("C1")), (1, 0, 0));
}

#[test]
fn blocks_whose_rows_lost_their_labels_are_told_by_their_size() {
    let report = city();
    let text = with_prose(&report, |part| match part {
        2 => {
            let mut out = String::new();
            for (at, row) in ROWS.iter().enumerate() {
                let values: Vec<String> = (0..APPLICANTS.len())
                    .map(|column| value(&report, Cell::Three(at, column)))
                    .collect();
                let first = at > 0 && ROWS[at - 1].block != row.block;
                let label = match (row.block, first) {
                    ("", _) => row.label,
                    (block, true) => block,
                    (_, false) => "",
                };
                out.push_str(&format!("{label}\n{}\n", values.join("\n")));
            }
            out
        }
        _ => String::new(),
    });
    let found = read(&document(text.as_bytes()));
    for cell in Cell::all().filter(|cell| matches!(cell, Cell::Three(..))) {
        assert_eq!(found.amount(cell), report.amount(cell), "{cell}");
    }
}

#[test]
fn rows_without_a_number_are_rows_with_bars_too() {
    let mut report = city();
    for cell in Cell::all().filter(|cell| matches!(cell, Cell::Four(..))) {
        set(&mut report, cell, 0);
    }
    let bars: Way = |lines| {
        let rows = lines
            .iter()
            .map(|cells| format!("| {} |\n", cells.join(" | ")));
        rows.collect()
    };
    let found = copied(&report, bars, "");
    same_cells(&found, &report);
    assert!(found.has_table(4));
}

#[test]
fn prose_with_bars_stays_prose() {
    let text =
        "安澜市2025年政府信息公开工作年度报告\n首页 |\n政务公开 |\n一、总体情况\n收到申请3件。\n";
    let found = read(&document(text.as_bytes()));
    assert_eq!(found.preface.len(), 3);
    assert_eq!(found.sections[0].paragraphs, ["收到申请3件。"]);
}
