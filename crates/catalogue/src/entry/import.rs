//! A catalogue that came as a table: read purely, judged whole, taken over in one transaction.

pub mod apply;
mod head;

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::organ::Organ;
use gongkai_platform::web::SheetLine;

use super::{Entry, Words};
use crate::owner::obliges;
use crate::standard::{CLASSES, HEADS, place};
use head::Head;

/// Rows of one table.
pub const ROWS_MAX: usize = 3_000;
/// The largest file, in bytes.
pub const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Problems that a page lists.
pub const PROBLEMS_SHOWN: usize = 100;

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number in the file, from 1.
    pub line: usize,
    pub words: Words,
    pub formed_on: String,
    pub in_force_on: String,
}

/// A line that cannot be taken over, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub line: usize,
    pub sentence: String,
}

/// The lines below the first head that has 一级事项 and 公开内容. `同上` and an empty 一级事项 (a merged cell) take what the
/// row above says.
///
/// # Errors
/// A sentence when there is no such table, or it is too long.
pub fn read(sheets: &[Vec<SheetLine>]) -> Result<Vec<Row>, String> {
    for sheet in sheets {
        let Some((head, below)) = Head::find(sheet) else {
            continue;
        };
        let mut rows: Vec<Row> = Vec::new();
        for (line, cells) in sheet.iter().skip(below) {
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let next = row(*line, head.cells(cells), rows.last());
            rows.push(next);
        }
        if rows.len() > ROWS_MAX {
            return Err(format!(
                "表里有{}行，一次最多{ROWS_MAX}行，请分成几个文件导入。",
                rows.len()
            ));
        }
        return Ok(rows);
    }
    Err(format!(
        "没有找到目录：表头至少要有“一级事项、二级事项、公开内容（要素）、公开依据、公开时限、公开主体、公开渠道和载体、公开对象、公开方式、公开层级”（基层政务公开标准目录的样子），或者“{}”这几列（导出现有目录的样子）。",
        HEADS.join("、")
    ))
}

/// What holds for lines of a table that does not say it: standard catalogues have no class, index and day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// 0 where nobody chose one.
    pub class: i64,
    pub domain: String,
    pub formed_on: Date,
    /// 生成日期 of the entries that are there, by 索引: a table without such a column leaves them as they are.
    pub known: BTreeMap<String, Date>,
}

/// Fills in what the lines leave out. The index is made of the domain and the line's turn, so that the same catalogue
/// taken in again changes its entries rather than doubling them.
pub fn complete(rows: &mut [Row], given: &Given) {
    for (n, row) in (1..).zip(rows.iter_mut()) {
        if row.words.class == 0 {
            row.words.class = given.class;
        }
        if row.words.domain.is_empty() {
            row.words.domain.clone_from(&given.domain);
        }
        if row.words.index_number.is_empty() && !row.words.domain.is_empty() {
            let place = place(&row.words.domain).unwrap_or(0);
            row.words.index_number = format!("BZ{place:02}-{n:03}");
        }
        if row.formed_on.is_empty() {
            let known = given.known.get(&row.words.index_number);
            row.formed_on = known.unwrap_or(&given.formed_on).to_string();
        }
    }
}

/// Pasted text: lines of cells between tabs.
#[must_use]
pub fn pasted(text: &str) -> Vec<SheetLine> {
    let cells = |line: &str| {
        line.split('\t')
            .map(|cell| cell.trim().to_owned())
            .collect()
    };
    (1..)
        .zip(text.lines())
        .map(|(n, line)| (n, cells(line)))
        .collect()
}

fn row(line: usize, cells: [String; 16], above: Option<&Row>) -> Row {
    let [
        _,
        index_number,
        class,
        domain,
        item,
        sub_item,
        content,
        basis,
        limit_text,
        publisher,
        channels,
        audience,
        method,
        levels,
        formed_on,
        in_force_on,
    ] = cells;
    let same = |text: String, of: fn(&Words) -> &String| match above {
        Some(above) if text == "同上" => of(&above.words).clone(),
        _ => text,
    };
    let item = match above {
        Some(above) if item.is_empty() => above.words.item.clone(),
        _ => same(item, |words| &words.item),
    };
    let number = CLASSES
        .iter()
        .find(|(number, name)| class == number.to_string() || class == *name);
    Row {
        line,
        words: Words {
            index_number,
            class: number.map_or(0, |(number, _)| *number),
            domain: same(domain, |words| &words.domain),
            item,
            sub_item,
            content,
            basis: same(basis, |words| &words.basis),
            limit_text: same(limit_text, |words| &words.limit_text),
            publisher: same(publisher, |words| &words.publisher),
            channels: same(channels, |words| &words.channels),
            audience: same(audience, |words| &words.audience).replace("特定群体", "特定群众"),
            method: match method.as_str() {
                "依申请" => "依申请公开".to_owned(),
                "主动公开" => "主动".to_owned(),
                _ => same(method, |words| &words.method),
            },
            levels: same(levels, |words| &words.levels),
        },
        formed_on,
        in_force_on,
    }
}

/// The lines that are no entries, with the reasons.
#[must_use]
pub fn faults(rows: &[Row]) -> Vec<Fault> {
    let one = |row: &Row| {
        let mut sentences: Vec<String> = row
            .words
            .why_not()
            .into_iter()
            .map(|(_, sentence)| sentence)
            .collect();
        if row.formed_on.parse::<Date>().is_err() {
            sentences.push("生成日期要写成2026-03-01这样。".to_owned());
        }
        if !row.in_force_on.is_empty() && row.in_force_on.parse::<Date>().is_err() {
            sentences.push("施行日期要写成2026-03-01这样，或者空着。".to_owned());
        }
        (!sentences.is_empty()).then(|| Fault {
            line: row.line,
            sentence: sentences.join(""),
        })
    };
    let mut found: Vec<Fault> = rows.iter().filter_map(one).collect();
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        let index = row.words.index_number.as_str();
        if index.is_empty() {
            continue;
        }
        let line = *first.entry(index).or_insert(row.line);
        if line != row.line {
            found.push(Fault {
                line: row.line,
                sentence: format!("索引“{index}”和第{line}行重复，每个事项的索引只能用一次。"),
            });
        }
    }
    found.sort_by_key(|fault| fault.line);
    found
}

/// Lines whose words oblige no unit: their numbers in the file, and what they say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unowed {
    pub lines: Vec<usize>,
    pub publisher: String,
    pub levels: String,
}

/// The lines of a table for `organ` that none of these units would owe, those of the same words together, in the order of the
/// file.
#[must_use]
pub fn unowed(rows: &[Row], organ: OrganId, units: &[Organ]) -> Vec<Unowed> {
    let mut owed: BTreeMap<(&str, &str), bool> = BTreeMap::new();
    let mut found: Vec<Unowed> = Vec::new();
    for row in rows {
        let words = &row.words;
        let is_owed = *owed
            .entry((words.publisher.as_str(), words.levels.as_str()))
            .or_insert_with(|| units.iter().any(|unit| obliges(organ, words, unit)));
        if is_owed {
            continue;
        }
        let same =
            |one: &&mut Unowed| one.publisher == words.publisher && one.levels == words.levels;
        match found.iter_mut().find(same) {
            Some(one) => one.lines.push(row.line),
            None => found.push(Unowed {
                lines: vec![row.line],
                publisher: words.publisher.clone(),
                levels: words.levels.clone(),
            }),
        }
    }
    found
}

/// Rows as the lines of a table that [`read`] reads again, with their numbers.
#[must_use]
pub fn lines(rows: &[Row]) -> Vec<SheetLine> {
    let head = (0, HEADS.map(str::to_owned).to_vec());
    let one = |row: &Row| {
        let mut cells = cells(&row.words);
        cells.push(row.formed_on.clone());
        cells.push(row.in_force_on.clone());
        cells.insert(0, String::new());
        (row.line, cells)
    };
    std::iter::once(head).chain(rows.iter().map(one)).collect()
}

fn cells(words: &Words) -> Vec<String> {
    let words = words.clone();
    vec![
        words.index_number,
        words.class.to_string(),
        words.domain,
        words.item,
        words.sub_item,
        words.content,
        words.basis,
        words.limit_text,
        words.publisher,
        words.channels,
        words.audience,
        words.method,
        words.levels,
    ]
}

/// Entries as rows under [`HEADS`].
#[must_use]
pub fn table(entries: &[Entry]) -> Vec<Vec<String>> {
    let one = |(n, entry): (usize, &Entry)| {
        let mut cells = cells(&entry.words);
        cells.insert(0, n.to_string());
        cells.push(entry.formed_on.to_string());
        cells.push(entry.in_force_on.to_string());
        cells
    };
    (1..).zip(entries).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_table_is_read_with_what_stands_above() {
        let head = HEADS.join("\t");
        let first = "1\tAL-1\t7\t财政预决算\t预决算\t部门决算\t收支表\t预算法\t每年\t市财政局\t■政府网站\t全社会\t主动\t市级\t2026-01-05\t";
        let second = "2\tAL-2\t7\t同上\t\t部门预算\t收支表\t同上\t同上\t同上\t同上\t同上\t依申请\t同上\t2026-01-05\t";
        let rows = read(&[pasted(&format!("{head}\n{first}\n\n{second}"))]).unwrap();
        assert_eq!(faults(&rows), []);
        assert_eq!((rows[1].line, rows[1].words.item.as_str()), (4, "预决算"));
        assert_eq!(rows[1].words.limit_text, "每年");
        assert_eq!(rows[1].words.method, "依申请公开");
    }

    #[test]
    fn a_table_survives_the_way_through_the_preview() {
        let head = HEADS.join("\t");
        let line = "1\tAL-1\t7\t财政预决算\t预决算\t\t收支表\t预算法\t每年\t市财政局\t■政府网站\t全社会\t主动\t市级\t2026-01-05\t";
        let rows = read(&[pasted(&format!("{head}\n{line}\n{line}"))]).unwrap();
        assert_eq!(read(&[lines(&rows)]).unwrap(), rows);
        let found = faults(&rows);
        assert_eq!(found.len(), 1);
        assert!(found[0].sentence.contains("和第2行重复"));
    }

    #[test]
    fn a_line_without_a_basis_says_so_beside_its_number() {
        let head = HEADS.join("\t");
        let line = "1\tAL-1\t7\t\t预决算\t\t收支表\t\t每年\t市财政局\t■政府网站\t全社会\t主动\t市级\t不详\t";
        let found = faults(&read(&[pasted(&format!("{head}\n{line}"))]).unwrap());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].line, 2);
        assert!(found[0].sentence.contains("公开依据") && found[0].sentence.contains("生成日期"));
        assert!(read(&[pasted("甲\t乙")]).is_err());
    }
}
