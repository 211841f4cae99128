//! The head of a table: this system's own columns, or those of the ministries' standard catalogues, whose head stands over
//! two lines and whose audience, method and levels are columns of √. Pure.

use gongkai_platform::web::SheetLine;

use crate::standard::{AUDIENCES, HEADS};

/// Columns of √, the words that a √ means, and the column of ours that they belong to.
const MARKS: [(&str, &str, &str); 15] = [
    ("全社会", AUDIENCES[0], "公开对象"),
    ("特定群众", AUDIENCES[1], "公开对象"),
    ("特定群体", AUDIENCES[1], "公开对象"),
    ("主动", "主动", "公开方式"),
    ("主动公开", "主动", "公开方式"),
    ("依申请", "依申请公开", "公开方式"),
    ("依申请公开", "依申请公开", "公开方式"),
    ("省级", "省级", "公开层级"),
    ("市级", "市级", "公开层级"),
    ("县级", "县级", "公开层级"),
    ("区级", "县级", "公开层级"),
    ("乡级", "乡级", "公开层级"),
    ("乡镇级", "乡级", "公开层级"),
    ("乡、村级", "乡级", "公开层级"),
    ("乡（镇）级", "乡级", "公开层级"),
];

/// Where each of our columns stands in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    columns: [Option<usize>; 16],
    marks: Vec<(usize, &'static str, &'static str)>,
}

impl Head {
    /// The head in a sheet, and the place of the first line below it.
    pub(super) fn find(sheet: &[SheetLine]) -> Option<(Self, usize)> {
        (0..sheet.len()).find_map(|at| {
            let (_, cells) = sheet.get(at)?;
            if let Some(head) = Self::read(cells) {
                return Some((head, at + 1));
            }
            let (_, below) = sheet.get(at + 1)?;
            let width = cells.len().max(below.len());
            let both: Vec<String> = (0..width)
                .map(|n| {
                    let lower = below.get(n).filter(|cell| !cell.trim().is_empty());
                    lower.or(cells.get(n)).cloned().unwrap_or_default()
                })
                .collect();
            let upper = |word: &str| cells.iter().any(|cell| plain(cell).contains(word));
            let is_head = upper("公开事项") || upper("公开内容");
            Self::read(&both)
                .filter(|_| is_head)
                .map(|head| (head, at + 2))
        })
    }

    fn read(cells: &[String]) -> Option<Self> {
        let columns = HEADS.map(|name| {
            cells.iter().position(|cell| {
                let cell = plain(cell);
                cell == plain(name) || (name == "公开渠道和载体" && cell.starts_with("公开渠道"))
            })
        });
        let has = |wanted: &str| {
            HEADS
                .iter()
                .zip(&columns)
                .any(|(name, column)| *name == wanted && column.is_some())
        };
        let marks = cells.iter().enumerate().filter_map(|(n, cell)| {
            let cell: String = cell.split_whitespace().collect();
            let (_, means, of) = MARKS.iter().find(|(name, ..)| *name == cell)?;
            (!has(of)).then_some((n, *means, *of))
        });
        let marks = marks.collect();
        (has("一级事项") && has("公开内容（要素）")).then_some(Self { columns, marks })
    }

    /// The cells of a line under our columns.
    pub(super) fn cells(&self, line: &[String]) -> [String; 16] {
        let mut place = 0;
        self.columns.map(|column| {
            let name = HEADS.get(place).copied().unwrap_or_default();
            place += 1;
            match column {
                Some(n) => line
                    .get(n)
                    .map_or_else(String::new, |cell| cell.trim().to_owned()),
                None => self.marked(line, name),
            }
        })
    }

    /// What the √ of a line say.
    fn marked(&self, line: &[String], of: &str) -> String {
        let said: Vec<&str> = self
            .marks
            .iter()
            .filter(|(n, _, column)| {
                *column == of && line.get(*n).is_some_and(|cell| is_mark(cell))
            })
            .map(|(_, means, _)| *means)
            .collect();
        said.join("、")
    }
}

fn is_mark(cell: &str) -> bool {
    matches!(cell.trim(), "√" | "✓" | "✔" | "是" | "■" | "v" | "V" | "ü")
}

/// Without brackets and white space.
fn plain(text: &str) -> String {
    let text = text.split(['（', '(']).next().unwrap_or_default();
    text.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Given, complete, faults, pasted, read};

    /// The form of a ministry's standard catalogue, as county offices paste it.
    const STANDARD: &str = "财政预决算领域基层政务公开标准目录\n\
        序号\t公开事项\t\t公开内容\n（要素）\t公开依据\t公开时限\t公开主体\t公开渠道和载体\t公开对象\t\t公开方式\t\t公开层级\t\n";

    #[test]
    fn a_standard_catalogue_with_two_head_lines_and_ticks_is_read() {
        let head = STANDARD.replace("公开内容\n（要素）", "公开内容(要素)");
        let table = format!(
            "{head}\t一级事项\t二级事项\t\t\t\t\t\t全社会\t特定群众\t主动\t依申请\t县级\t乡级\n\
             1\t政府预算\t收支总表\t一般公共预算收入表\t《预算法》\t自批准之日起20日内\t财政部门\t■政府网站\t√\t\t√\t\t√\t√\n\
             2\t\t部门预算\t收支总体情况表\t同上\t同上\t各部门\t■政府网站\t\t√\t√\t\t√\t\n"
        );
        let mut rows = read(&[pasted(&table)]).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].words.audience, "全社会");
        assert_eq!(rows[0].words.levels, "县级、乡级");
        assert_eq!(rows[1].words.audience, "特定群众");
        assert_eq!(
            (rows[1].words.item.as_str(), rows[1].words.method.as_str()),
            ("政府预算", "主动")
        );
        assert_eq!(faults(&rows).len(), 2, "class, index and day are not in it");
        let given = Given {
            class: 7,
            domain: "财政预决算".to_owned(),
            formed_on: "2026-03-02".parse().unwrap(),
            // Taken in before: the table has no such column, so it leaves the day.
            known: [("BZ08-001".to_owned(), "2025-01-06".parse().unwrap())].into(),
        };
        complete(&mut rows, &given);
        assert_eq!(faults(&rows), []);
        assert_eq!(rows[1].words.index_number, "BZ08-002");
        assert_eq!(
            (rows[1].words.class, rows[1].formed_on.as_str()),
            (7, "2026-03-02")
        );
        assert_eq!(rows[0].formed_on, "2025-01-06");
    }
}
