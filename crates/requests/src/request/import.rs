//! Running cases of an older system, from a table: read purely, judged whole, taken over in one transaction.

pub mod judge;
pub mod take;
pub mod wait;

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_platform::web::SheetLine;

#[cfg(test)]
mod tests;

/// Rows of one table.
pub const ROWS_MAX: usize = 2_000;
/// The largest file, in bytes.
pub const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
const COLUMNS_COUNT: usize = 26;
/// The heads of the table, and how each is written; the first [`WANTED`] must be there.
pub const COLUMNS: [(&str, &str); COLUMNS_COUNT] = [
    ("原编号", "旧001；同一机关不能重复"),
    ("受理机关", "市司法局；全称或者简称"),
    ("申请人", "张某"),
    ("申请内容", "老旧小区加装电梯清单"),
    ("渠道", "当面、口头、邮寄、平信、传真、电子邮件、互联网"),
    ("收到日期", "2026-03-02"),
    (
        "申请人类型",
        "自然人、商业企业、科研机构、社会公益组织、法律服务机构、其他；年度报告按它分列",
    ),
    ("证件号码", "没有的空着"),
    ("联系电话", "没有的空着"),
    ("已延长工作日", "1至20；没有延期的空着"),
    ("收到补正日期", "从这一天起重新计算期限"),
    ("收到缴费日期", "从这一天起重新计算期限"),
    ("征求意见发出日期", "和下一列一起填"),
    ("征求意见结束日期", "收到意见或者期满的日期，其间不计入期限"),
    (
        "告知补正日期",
        "已告知、还没有收到补正的，导入后是“待补正”；只能告知一次",
    ),
    ("补正截止日期", "告知补正的要填"),
    ("补正事项", "可以空着，见原系统发出的文书"),
    ("收费通知日期", "已通知、还没有收到缴费的，导入后是“待缴费”"),
    ("计收方式和数量", "收费的要填：按件12、按页50"),
    ("缴费截止日期", "收费的要填"),
    ("征求对象", "发出了、还没有结束的要填，导入后是“征求意见中”"),
    ("征求对象类别", "第三方、共同制作机关；空着算第三方"),
    ("征求意见书收到日期", "15个工作日从收到起算；空着按发出日期"),
    ("通信地址", "没有的空着"),
    ("电子邮箱", "没有的空着"),
    (
        "经办人",
        "账号里的姓名，能办理受理机关的申请的；空着的导入后再分派",
    ),
];
/// Stands in a case for what the older system did not keep.
pub const UNKNOWN: &str = "原系统未载";

/// The heads alone.
#[must_use]
pub fn heads() -> [&'static str; COLUMNS_COUNT] {
    COLUMNS.map(|(head, _)| head)
}
/// So many of them must be there, and filled in on each line.
pub const WANTED: usize = 7;

/// A line of the table: its number in the file, and its cells in the order of [`heads`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub line: usize,
    pub cells: [String; COLUMNS_COUNT],
}

/// What a line has under a head; empty where there is no such column.
fn filled<'r>(row: &'r Row, head: &str) -> &'r str {
    let place = COLUMNS.iter().position(|(name, _)| *name == head);
    place
        .and_then(|place| row.cells.get(place))
        .map_or("", String::as_str)
}

/// The lines below the head.
///
/// # Errors
/// A sentence when there is no such table, or it is too long.
pub fn read(sheets: &[Vec<SheetLine>]) -> Result<Vec<Row>, String> {
    for sheet in sheets {
        let head = |cells: &[String]| {
            let places = heads().map(|head| cells.iter().position(|cell| cell.trim() == head));
            places
                .iter()
                .take(WANTED)
                .all(Option::is_some)
                .then_some(places)
        };
        let found = sheet
            .iter()
            .enumerate()
            .find_map(|(place, (_, cells))| Some((place, head(cells)?)));
        let Some((place, places)) = found else {
            continue;
        };
        let rows: Vec<Row> = sheet
            .iter()
            .skip(place + 1)
            .map(|(line, cells)| Row {
                line: *line,
                cells: places.map(|place| {
                    let cell = place.and_then(|place| cells.get(place));
                    cell.map_or_else(String::new, |cell| cell.trim().to_owned())
                }),
            })
            .filter(|row| row.cells.iter().any(|cell| !cell.is_empty()))
            .collect();
        if rows.len() > ROWS_MAX {
            return Err(format!(
                "表里有{}行，一次最多{ROWS_MAX}行，请分成几个文件导入。",
                rows.len()
            ));
        }
        return Ok(rows);
    }
    let wanted: Vec<&str> = heads().into_iter().take(WANTED).collect();
    Err(format!(
        "没有找到申请：表头要有“{}”这几列。",
        wanted.join("、")
    ))
}

/// A date as tables hold it: 2026-03-02, 2026/3/2, 2026.3.2, 2026年3月2日.
fn date(text: &str) -> Option<Date> {
    let day = text.split_whitespace().next()?;
    let mut parts = day
        .split(['-', '/', '.', '年', '月', '日'])
        .filter(|part| !part.is_empty());
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    Date::new(year, month, day)
        .ok()
        .filter(|_| parts.next().is_none())
}

/// Two lines of one organ with the same number: the second would be lost.
#[must_use]
pub fn twice(rows: &[Row]) -> Vec<(usize, String)> {
    let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut faults = Vec::new();
    for row in rows {
        let [number, organ, ..] = &row.cells;
        if number.is_empty() {
            continue;
        }
        match seen.get(&(organ.as_str(), number.as_str())) {
            Some(line) => faults.push((row.line, format!("原编号{number}与第{line}行重复。"))),
            None => {
                seen.insert((organ.as_str(), number.as_str()), row.line);
            }
        }
    }
    faults
}
