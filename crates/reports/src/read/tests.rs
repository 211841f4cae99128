//! Reports as offices publish them, in text, bars, HTML and lines.

mod copied;
mod several;
mod styles;

use gongkai_office::{Document, Limits};

use super::read;
use crate::check::{Beside, check};
use crate::form::{APPLICANTS, Cell, DISCLOSED, OUTCOMES, ROWS, SECTIONS};
use crate::model::{Report, Schema};
use crate::sample::{city, gist};

fn document(bytes: &[u8]) -> Document {
    gongkai_office::read(bytes, &Limits::default()).unwrap()
}

fn value(report: &Report, cell: Cell) -> String {
    report
        .cells
        .get(&cell)
        .map_or_else(String::new, ToString::to_string)
}

/// The prose of a report before each table, by part.
fn with_prose(report: &Report, table: impl Fn(usize) -> String) -> String {
    let mut out = format!("{}\n\n", report.title.as_deref().unwrap_or(""));
    for (part, heading) in SECTIONS.iter().enumerate() {
        out.push_str(&format!("{heading}\n\n"));
        for text in &report.sections[part].paragraphs {
            out.push_str(&format!("{text}\n\n"));
        }
        out.push_str(&table(part));
    }
    out
}

fn bars(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn markdown(report: &Report) -> String {
    with_prose(report, |part| match part {
        1 => DISCLOSED
            .chunks(1)
            .enumerate()
            .map(|(at, it)| {
                let head = if at == 0 || at == 3 {
                    bars(&[
                        "信息内容".into(),
                        "本年制发件数".into(),
                        "本年废止件数".into(),
                        "现行有效件数".into(),
                    ])
                } else {
                    String::new()
                };
                let values = match at {
                    0 | 3 => (0..3).map(|n| value(report, Cell::Two(at + n))).collect(),
                    6.. => vec![value(report, Cell::Two(at))],
                    _ => return String::new(),
                };
                head + &bars(&[vec![it[0].row.to_owned()], values].concat())
            })
            .collect(),
        2 => {
            let mut out = bars(
                &[
                    vec![String::new(); 3],
                    APPLICANTS.iter().map(|it| it.1.to_owned()).collect(),
                ]
                .concat(),
            );
            out.push_str(&bars(&vec!["---".into(); 10]));
            for (at, row) in ROWS.iter().enumerate() {
                let lead = vec![String::new(), row.block.to_owned(), row.label.to_owned()];
                let values = (0..7)
                    .map(|column| value(report, Cell::Three(at, column)))
                    .collect();
                out.push_str(&bars(&[lead, values].concat()));
            }
            out
        }
        3 => {
            let heads: Vec<String> = OUTCOMES.iter().map(|it| it.1.to_owned()).collect();
            let values: Vec<String> = (0..15)
                .map(|n| value(report, Cell::Four(n / 5, n % 5)))
                .collect();
            bars(&[heads.clone(), heads.clone(), heads].concat()) + &bars(&values)
        }
        _ => String::new(),
    })
}

fn same_cells(found: &Report, wanted: &Report) {
    for cell in Cell::all() {
        assert_eq!(found.amount(cell), wanted.amount(cell), "{cell}");
    }
}

#[test]
fn bars_are_tables() {
    let report = city();
    let found = read(&document(markdown(&report).as_bytes()));
    assert_eq!(found.organ.as_deref(), Some("安澜市"));
    assert_eq!(gist(&found), gist(&report));
    assert_eq!(check(&found, Beside::default()), vec![]);
}

#[test]
fn lines_of_labels_and_numbers_are_tables() {
    let report = city();
    let text = with_prose(&report, |part| {
        match part {
        1 => "信息内容 本年制发件数 本年废止件数 现行有效件数\n规章 3 5 74\n行政规范性文件 564 984 4,185\n信息内容 本年处理决定数量\n行政许可 11398889\n行政处罚 6937489\n行政强制 166105\n信息内容 本年收费金额（单位：万元）\n行政事业性收费 316441\n".to_owned(),
        2 => ROWS
            .iter()
            .enumerate()
            .map(|(at, row)| {
                let values: Vec<String> = (0..7).map(|column| value(&report, Cell::Three(at, column))).collect();
                format!("{} {}\n{}\n", row.block, row.label, values.join("\n"))
            })
            .collect(),
        3 => {
            let heads = "结果维持 结果纠正 其他结果 尚未审结 总计\n";
            let values: Vec<String> = (0..15).map(|n| value(&report, Cell::Four(n / 5, n % 5))).collect();
            format!("{}{}\n", heads.repeat(3), values.join(" "))
        }
        _ => String::new(),
    }
    });
    let found = read(&document(text.as_bytes()));
    for cell in Cell::all() {
        assert_eq!(found.amount(cell), report.amount(cell), "{cell}");
    }
    assert_eq!(check(&found, Beside::default()), vec![]);
}

/// A page of a website with merged heads, table 三 split in two, full-width digits, separators, blanks for noughts.
fn page(report: &Report) -> String {
    let shown = |cell| {
        let text = value(report, cell);
        match text.as_str() {
            "0" => String::new(),
            text if text.len() == 4 => format!("{},{}", &text[..1], &text[1..]),
            text => text
                .chars()
                .map(|c| char::from_u32(u32::from(c) - 48 + u32::from('０')).unwrap())
                .collect(),
        }
    };
    let head = "<tr><td colspan=3 rowspan=3>（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）</td><td colspan=7>申请人情况</td></tr>\
        <tr><td rowspan=2>自然人</td><td colspan=5>法人或其他组织</td><td rowspan=2>总计</td></tr>\
        <tr><td>商业企业</td><td>科研机构</td><td>社会公益组织</td><td>法律服务机构</td><td>其他</td></tr>";
    let row = |at: usize| {
        let it = ROWS[at];
        let first = at > 0 && !it.block.is_empty() && ROWS[at - 1].block != it.block;
        let size = ROWS.iter().filter(|other| other.block == it.block).count();
        let lead = match at {
            0 | 1 | 24 => format!("<td colspan=3>{}</td>", it.label),
            2 => format!(
                "<td rowspan=22>三、本年度办理结果</td><td colspan=2>{}</td>",
                it.label
            ),
            _ if it.block.is_empty() => format!("<td colspan=2>{}</td>", it.label),
            _ if first => format!("<td rowspan={size}>{}</td><td>{}</td>", it.block, it.label),
            _ => format!("<td>{}</td>", it.label),
        };
        let cells: String = (0..7)
            .map(|column| format!("<td>{}</td>", shown(Cell::Three(at, column))))
            .collect();
        format!("<tr>{lead}{cells}</tr>")
    };
    let three: String = (0..25).map(row).collect();
    let four: String = (0..15)
        .map(|n| format!("<td>{}</td>", shown(Cell::Four(n / 5, n % 5))))
        .collect();
    let outcomes: String = OUTCOMES
        .iter()
        .map(|it| format!("<td>{}</td>", it.1))
        .collect();
    let two = |at| shown(Cell::Two(at));
    format!(
        "<html><body><ul><li>首页</li><li>政府信息公开年报</li></ul><h1>安澜市２０２５年政府信息公开工作年度报告</h1>\
         <p>一、总体情况</p><p>{}</p><p>二、主动公开政府信息情况</p><table>\
         <tr><td colspan=4>第二十条第（一）项</td></tr><tr><td>信息内容</td><td>本年<br>制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>\
         <tr><td>规章</td><td>{}</td><td>{}</td><td>{}</td></tr><tr><td>行政规范性文件</td><td>{}</td><td>{}</td><td>{}</td></tr>\
         <tr><td colspan=4>第二十条第（五）项</td></tr><tr><td>信息内容</td><td colspan=3>本年处理决定数量</td></tr><tr><td>行政许可</td><td colspan=3>{}</td></tr>\
         <tr><td>行政处罚</td><td colspan=3>{}</td></tr><tr><td>行政强制</td><td colspan=3>{}</td></tr>\
         <tr><td>信息内容</td><td colspan=3>本年收费金额（单位：万元）</td></tr><tr><td>行政事业性收费</td><td colspan=3>{}</td></tr></table>\
         <p>三、收到和处理政府信息公开申请情况</p><table>{head}{three}</table>\
         <p>四、政府信息公开行政复议、行政诉讼情况</p><table><tr><td colspan=5 rowspan=2>行政复议</td><td colspan=10>行政诉讼</td></tr>\
         <tr><td colspan=5>未经复议直接起诉</td><td colspan=5>复议后起诉</td></tr><tr>{outcomes}{outcomes}{outcomes}</tr><tr>{four}</tr></table>\
         <p>五、存在的主要问题及改进情况</p><p>{}</p><p>六、其他需要报告的事项</p><p>{}</p></body></html>",
        report.sections[0].paragraphs[0],
        two(0),
        two(1),
        two(2),
        two(3),
        two(4),
        two(5),
        two(6),
        two(7),
        two(8),
        two(9),
        report.sections[4].paragraphs[0],
        report.sections[5].paragraphs[0],
    )
}

#[test]
fn a_page_of_a_website_with_merged_heads_and_blanks() {
    let report = city();
    let found = read(&document(page(&report).as_bytes()));
    assert_eq!(
        (found.year, found.organ.as_deref()),
        (Some(2025), Some("安澜市"))
    );
    same_cells(&found, &report);
    assert_eq!(found.sections.len(), 6);
    assert_eq!(check(&found, Beside::default()), vec![]);
}

#[test]
fn tables_split_over_pages_are_one() {
    let report = city();
    let html = page(&report);
    // Cut before 2.没有现成信息: the blocks that reach over the cut end with the first table.
    let cut = html.find("<tr><td>2.没有现成").unwrap();
    let split = format!(
        "{}</table><table>{}",
        &html[..cut],
        html[cut..].replacen(
            "<tr><td>2.没有现成",
            "<tr><td rowspan=10></td><td rowspan=2></td><td>2.没有现成",
            1
        )
    );
    let found = read(&document(split.as_bytes()));
    same_cells(&found, &report);
    assert_eq!(check(&found, Beside::default()), vec![]);
}

#[test]
fn heads_and_values_of_table_four_in_the_same_cells() {
    let report = city();
    let glued: Vec<String> = (0..15)
        .map(|n| {
            format!(
                "{}{}",
                OUTCOMES[n % 5].1,
                value(&report, Cell::Four(n / 5, n % 5))
            )
        })
        .collect();
    let text = format!(
        "四、政府信息公开行政复议、行政诉讼情况\n{}{}",
        bars(&["行政复议".into(), "行政诉讼".into(), String::new()]),
        bars(&glued)
    );
    let found = read(&document(text.as_bytes()));
    for n in 0..15 {
        let cell = Cell::Four(n / 5, n % 5);
        assert_eq!(found.amount(cell), report.amount(cell), "{cell}");
    }
}

#[test]
fn the_trial_form_is_recognised() {
    let report = city();
    let html = page(&report)
        .replace("２０２５年", "2020年")
        .replace("本年<br>制发件数", "本年新制作数量")
        .replace("本年废止件数", "本年新公开数量")
        .replace("现行有效件数", "对外公开总数量");
    let mut rows = String::new();
    for (n, row) in html.split("<tr>").enumerate() {
        let tr = if n == 0 { "" } else { "<tr>" };
        if row.contains("逾期不补正") {
            rows.push_str("<tr><td colspan=2>（六）其他处理</td>");
            for column in 0..7 {
                let sum = report
                    .sum((20..23).map(|at| Cell::Three(at, column)))
                    .unwrap();
                rows.push_str(&format!("<td>{sum}</td>"));
            }
            rows.push_str("</tr>");
        } else if !row.contains("未按收费通知") && !row.contains("3.其他") {
            rows.push_str(tr);
            rows.push_str(row);
        }
    }
    let rows = rows.replace("rowspan=22", "rowspan=20");
    let found = read(&document(rows.as_bytes()));
    assert_eq!((found.year, found.schema), (Some(2020), Schema::Trial2019));
    assert!(!found.has_table(2));
    assert_eq!(check(&found, Beside::default()), vec![]);
}

#[test]
fn titles_of_many_makes() {
    for (text, wanted) in [
        (
            "安澜市财政局2024年政府信息公开工作年度报告",
            Some((2024, "安澜市财政局")),
        ),
        (
            "安澜市财政局\n2024年政府信息公开工作年度报告",
            Some((2024, "安澜市财政局")),
        ),
        (
            "安澜市财政局2024年政府信息公开工作年度\n报告",
            Some((2024, "安澜市财政局")),
        ),
        (
            "云岭县２０２３年度政府信息公开年度报告",
            Some((2023, "云岭县")),
        ),
        (
            "云岭县人民政府二〇二三年政府信息公开工作年度报告",
            Some((2023, "云岭县人民政府")),
        ),
        (
            "2022年度青禾镇政府信息公开工作年度报告",
            Some((2022, "青禾镇")),
        ),
        (
            "青禾镇政府信息公开工作年度报告（2022年）",
            Some((2022, "青禾镇")),
        ),
        (
            "安澜市水务局关于2025年政府信息公开工作的年度报告",
            Some((2025, "安澜市水务局")),
        ),
        (
            "2022年政府信息公开工作年度报告\n青禾镇人民政府\n2022年政府信息公开工作年度报告",
            Some((2022, "青禾镇人民政府")),
        ),
        ("2022年政府信息公开工作年度报告\n正文", Some((2022, ""))),
        (
            "Page 2 - 安澜市信访局2022年政府信息公开工作年度报告\nP. 2",
            Some((2022, "安澜市信访局")),
        ),
        ("没有标题的文件", None),
    ] {
        let report = read(&document(format!("{text}\n正文没有别的。").as_bytes()));
        let found = report
            .year
            .map(|year| (year, report.organ.as_deref().unwrap_or("")));
        assert_eq!(found, wanted, "{text}");
    }
}

#[test]
fn headings_of_a_lower_level_open_no_part() {
    let text = "一、总体情况\n（一）主动公开情况\n发布信息12条。\n（二）依申请公开办理情况\n收到申请3件。\n二、主动公开政府信息情况\n";
    let found = read(&document(text.as_bytes()));
    let parts: Vec<usize> = found.sections.iter().map(|it| it.part).collect();
    assert_eq!(parts, [0, 1]);
    assert_eq!(found.sections[0].paragraphs.len(), 4);
    let text = "一、报告内容\n（一）总体情况\n做好公开。\n（二）主动公开政府信息情况\n";
    assert_eq!(read(&document(text.as_bytes())).sections.len(), 2);
}

#[test]
fn table_four_is_read_when_its_values_stand_in_a_table_of_their_own() {
    let report = city();
    let heads: String = OUTCOMES
        .iter()
        .map(|it| format!("<td>{}</td>", it.1))
        .collect();
    let values: String = (0..15)
        .map(|n| format!("<td>{}</td>", value(&report, Cell::Four(n / 5, n % 5))))
        .collect();
    // As a reader of DOC gives a table whose rows have other widths.
    let html = format!(
        "<p>安澜市2025年政府信息公开工作年度报告</p><table><tr><td>行政复议</td><td>行政诉讼</td></tr><tr>{heads}{heads}{heads}</tr></table><table><tr>{values}</tr></table>"
    );
    let found = read(&document(html.as_bytes()));
    for n in 0..15 {
        let cell = Cell::Four(n / 5, n % 5);
        assert_eq!(found.amount(cell), report.amount(cell), "{cell}");
    }
}
