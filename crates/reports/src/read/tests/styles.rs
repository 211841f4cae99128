//! Ways in which offices lay the same tables out: a clean one is clean, a planted fault is found.

use super::{document, same_cells, value};
use crate::amount::{Amount, Value};
use crate::check::{Beside, check};
use crate::form::{APPLICANTS, CARRY_OUT, Cell, DISCLOSED, OUTCOMES, ROWS, SECTIONS, SUM};
use crate::model::Report;
use crate::read::read;
use crate::sample::city;

/// What a page does with the form.
#[derive(Debug, Clone, Copy, Default)]
struct Style {
    /// What stands for nought.
    nought: &'static str,
    full_width: bool,
    thousands: bool,
    /// A column 序号 before all others.
    numbered: bool,
    /// A column 备注 behind them.
    remarks: bool,
    /// A column 小计 of the organisations.
    subtotal: bool,
    /// A line of notes at the end of each table.
    notes: bool,
    /// Words set apart to the width of the cell: 规　章.
    spread: bool,
    half_brackets: bool,
    unit: &'static str,
    /// As text copied out of a page: tabs between cells, merged cells once.
    copied: bool,
}

const STYLES: [Style; 12] = {
    let plain = Style {
        nought: "0",
        full_width: false,
        thousands: false,
        numbered: false,
        remarks: false,
        subtotal: false,
        notes: false,
        spread: false,
        half_brackets: false,
        unit: "",
        copied: false,
    };
    [
        plain,
        Style {
            nought: "",
            ..plain
        },
        Style {
            nought: "—",
            notes: true,
            ..plain
        },
        Style {
            full_width: true,
            ..plain
        },
        Style {
            thousands: true,
            nought: "/",
            ..plain
        },
        Style {
            numbered: true,
            ..plain
        },
        Style {
            remarks: true,
            notes: true,
            ..plain
        },
        Style {
            subtotal: true,
            nought: "-",
            ..plain
        },
        Style {
            spread: true,
            half_brackets: true,
            ..plain
        },
        Style {
            unit: "件",
            ..plain
        },
        Style {
            numbered: true,
            remarks: true,
            notes: true,
            full_width: true,
            nought: "",
            spread: true,
            ..plain
        },
        Style {
            copied: true,
            ..plain
        },
    ]
};

/// A cell with its spans: rows, columns, text.
type Laid = (usize, usize, String);

fn one(text: impl Into<String>) -> Laid {
    (1, 1, text.into())
}

impl Style {
    fn number(self, text: &str) -> String {
        if text == "0" || text.is_empty() {
            return self.nought.to_owned();
        }
        let mut out = String::new();
        for (n, c) in text.chars().enumerate() {
            if self.thousands && n > 0 && (text.len() - n).is_multiple_of(3) {
                out.push(',');
            }
            let wide = c.to_digit(10).filter(|_| self.full_width);
            let wide = wide.and_then(|digit| char::from_u32('０' as u32 + digit));
            out.push(wide.unwrap_or(c));
        }
        out + self.unit
    }

    fn words(self, text: &str) -> String {
        let mut text = text.to_owned();
        let letters: Vec<char> = text.chars().collect();
        if let ([first, last], true) = (letters.as_slice(), self.spread) {
            text = format!("{first}　{last}");
        }
        if self.half_brackets {
            text = text.replace('（', "(").replace('）', ")");
        }
        text
    }

    fn table(self, rows: &[Vec<Laid>], width: usize) -> String {
        let note = [vec![(
            1,
            width,
            "注：数据截至2025年12月31日，含下级2310件。".to_owned(),
        )]];
        let notes: &[Vec<Laid>] = if self.notes { &note } else { &[] };
        let rows = rows.iter().chain(notes);
        if self.copied {
            let line = |row: &Vec<Laid>| {
                let cells: Vec<&str> = row.iter().map(|(_, _, text)| text.as_str()).collect();
                cells.join("\t") + "\n"
            };
            return rows.map(line).collect();
        }
        let cell = |(down, across, text): &Laid| {
            format!(r#"<td rowspan="{down}" colspan="{across}"><p><span>{text}</span></p></td>"#)
        };
        let line = |row: &Vec<Laid>| -> String {
            format!("<tr>{}</tr>", row.iter().map(cell).collect::<String>())
        };
        format!("<table>{}</table>", rows.map(line).collect::<String>())
    }

    fn two(self, report: &Report) -> String {
        let mut rows = Vec::new();
        let mut article = "";
        for (at, it) in DISCLOSED
            .iter()
            .enumerate()
            .filter(|(at, _)| !matches!(at, 1 | 2 | 4 | 5))
        {
            let (count, span) = if at < 6 { (3, 1) } else { (1, 3) };
            if it.article != article {
                article = it.article;
                rows.push(vec![(1, 4 + usize::from(self.remarks), article.to_owned())]);
                let heads = DISCLOSED.iter().skip(at).take(count);
                let heads = heads.map(|head| (1, span, head.column.to_owned()));
                rows.push(
                    [one("信息内容")]
                        .into_iter()
                        .chain(heads)
                        .chain(self.remark("备注"))
                        .collect(),
                );
            }
            let values =
                (at..at + count).map(|at| (1, span, self.number(&value(report, Cell::Two(at)))));
            let label = one(self.words(it.row));
            rows.push(
                [label]
                    .into_iter()
                    .chain(values)
                    .chain(self.remark(""))
                    .collect(),
            );
        }
        self.table(&rows, 4 + usize::from(self.remarks))
    }

    fn remark(self, text: &str) -> Option<Laid> {
        self.remarks.then(|| one(text))
    }

    fn three(self, report: &Report) -> String {
        let more = usize::from(self.subtotal);
        let order = |text: String, down: usize| self.numbered.then_some((down, 1, text));
        let head = |text: &str| one(self.words(text));
        let mut rows: Vec<Vec<Laid>> = vec![
            order("序号".into(), 3)
                .into_iter()
                .chain([
                    (3, 3, crate::form::TABLE3_CORNER.to_owned()),
                    (1, 7 + more, "申请人情况".into()),
                ])
                .chain(self.remarks.then(|| (3, 1, "备注".to_owned())))
                .collect(),
            vec![
                (2, 1, self.words("自然人")),
                (1, 5 + more, "法人或其他组织".into()),
                (2, 1, self.words("总计")),
            ],
            APPLICANTS[1..6]
                .iter()
                .map(|(_, label)| head(label))
                .chain(self.subtotal.then(|| one("小计")))
                .collect(),
        ];
        let mut block = "";
        for (at, it) in ROWS.iter().enumerate() {
            let mut row: Vec<Laid> = order((at + 1).to_string(), 1).into_iter().collect();
            if at == 2 {
                row.push((22, 1, "三、本年度办理结果".to_owned()));
            }
            if !it.block.is_empty() && it.block != block {
                let down = ROWS.iter().filter(|other| other.block == it.block).count();
                row.push((down, 1, self.words(it.block)));
            }
            block = it.block;
            let across = match at {
                0 | 1 | CARRY_OUT => 3,
                2 | 3 | SUM => 2,
                _ => 1,
            };
            row.push((1, across, self.words(it.label)));
            let amount = |column: usize| report.amount(Cell::Three(at, column)).unwrap_or_default();
            for column in 0..APPLICANTS.len() {
                if column == 6 && self.subtotal {
                    let organisations: Amount = (1..6).map(amount).sum();
                    row.push(one(self.number(&organisations.to_string())));
                }
                row.push(one(self.number(&value(report, Cell::Three(at, column)))));
            }
            row.extend(self.remark(""));
            rows.push(row);
        }
        let width = 10 + more + usize::from(self.numbered) + usize::from(self.remarks);
        self.table(&rows, width)
    }

    fn four(self, report: &Report) -> String {
        let heads = (0..3).flat_map(|_| OUTCOMES.iter().map(|(_, label)| one(self.words(label))));
        let values = (0..15).map(|n| one(self.number(&value(report, Cell::Four(n / 5, n % 5)))));
        let rows = [
            vec![
                (2, 5, "行政复议".to_owned()),
                (1, 10, "行政诉讼".to_owned()),
            ],
            vec![
                (1, 5, "未经复议直接起诉".to_owned()),
                (1, 5, "复议后起诉".to_owned()),
            ],
            heads.collect(),
            values.collect(),
        ];
        self.table(&rows, 15)
    }

    fn file(self, report: &Report) -> String {
        let paragraph = |text: &str| {
            if self.copied {
                format!("{text}\n")
            } else {
                format!("<p>{text}</p>")
            }
        };
        let mut out = paragraph(report.title.as_deref().unwrap_or(""));
        for (part, heading) in SECTIONS.iter().enumerate() {
            out += &paragraph(heading);
            for text in &report.sections[part].paragraphs {
                out += &paragraph(text);
            }
            out += &match part {
                1 => self.two(report),
                2 => self.three(report),
                3 => self.four(report),
                _ => String::new(),
            };
        }
        if self.copied {
            out
        } else {
            format!("<html><meta charset=\"utf-8\"><body>{out}</body></html>")
        }
    }
}

#[test]
fn a_clean_report_is_clean_in_every_style() {
    for style in STYLES {
        let found = read(&document(style.file(&city()).as_bytes()));
        same_cells(&found, &city());
        let findings = check(&found, Beside::default());
        assert!(findings.is_empty(), "{style:?}: {findings:?}");
    }
}

#[test]
fn a_planted_fault_is_found_in_every_style() {
    let faults = [
        (Cell::Three(7, 0), 48),
        (Cell::Three(SUM, 0), 13_365),
        (Cell::Three(CARRY_OUT, 6), 818),
        (Cell::Three(17, 2), 1),
        (Cell::Three(0, 3), 46),
        (Cell::Four(0, 4), 791),
        (Cell::Four(2, 1), 2),
    ];
    for style in STYLES {
        for (cell, wrong) in faults {
            let mut planted = city();
            planted.cells.insert(cell, Value::whole(wrong));
            let found = read(&document(style.file(&planted).as_bytes()));
            let findings = check(&found, Beside::default());
            let named = findings.iter().any(|finding| finding.cells.contains(&cell));
            assert!(named, "{style:?} {cell}: {findings:?}");
        }
    }
}
