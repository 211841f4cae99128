//! Labels of rows and columns, whatever punctuation and numerals stand around them.

use crate::amount::half_width;
use crate::form::{CARRY_IN, CARRY_OUT, NEW, OTH_OTHER, SUM};

/// Only the letters of a text: no white space, no punctuation; full-width digits as half-width ones.
#[must_use]
pub fn plain(text: &str) -> String {
    half_width(text)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// Words that tell a row of table 三 from every other, and the row.
const WORDS: [(&str, usize); 27] = [
    ("新收", NEW),
    ("上年结转", CARRY_IN),
    ("上年度结转", CARRY_IN),
    ("予以公开", 2),
    ("部分公开", 3),
    ("国家秘密", 4),
    ("法规禁止", 5),
    ("一稳定", 6),
    ("第三方", 7),
    ("内部事务", 8),
    ("过程性", 9),
    ("执法案卷", 10),
    ("行政查询", 11),
    ("不掌握", 12),
    ("没有现成", 13),
    ("仍不明确", 14),
    ("信访", 15),
    ("重复申请", 16),
    ("公开出版物", 17),
    ("大量反复", 18),
    ("重新出具", 19),
    ("逾期不补正", 20),
    ("收费通知", 21),
    ("逾期未按", 21),
    ("结转下年", CARRY_OUT),
    ("结转至下年", CARRY_OUT),
    ("结转下一年", CARRY_OUT),
];

/// The row of table 三 that a label names; `before` is the row above, which tells 其他 and 总计 apart from others.
///
/// The last words win: labels of blocks stand before those of their rows.
pub(super) fn row_of(label: &str, before: Option<usize>) -> Option<usize> {
    let text = plain(label);
    let found = WORDS
        .iter()
        .filter_map(|(word, row)| text.rfind(word).map(|at| (at + word.len(), *row)))
        .max();
    if let Some((_, row)) = found {
        return Some(row);
    }
    let late = before.is_some_and(|row| (19..=OTH_OTHER).contains(&row));
    if text.ends_with("总计") || text.ends_with("合计") {
        let own = text.contains('七') || late;
        return own.then_some(SUM);
    }
    let other = text.ends_with("其他") || text.ends_with("其它");
    let handled = text.ends_with("其他处理") || text.ends_with("其它处理");
    ((other || handled) && late).then_some(OTH_OTHER)
}

/// The single row （六）其他处理 of the trial form.
pub(super) fn is_trial_other(label: &str) -> bool {
    let text = plain(label);
    text.ends_with("其他处理") || text.ends_with("其它处理")
}

/// The rows of a block of table 三, by its label.
pub(super) fn block_of(label: &str) -> Option<std::ops::Range<usize>> {
    let text = plain(label);
    [
        ("不予公开", 4..12),
        ("无法提供", 12..15),
        ("不予处理", 15..20),
        ("其他处理", 20..23),
    ]
    .into_iter()
    .find(|(word, _)| text.ends_with(word))
    .map(|(_, rows)| rows)
}

/// The column of table 三 that a head names exactly.
pub(super) fn applicant_of(head: &str) -> Option<usize> {
    let column = match plain(head).as_str() {
        "自然人" => 0,
        "商业企业" => 1,
        "科研机构" => 2,
        "社会公益组织" | "公益组织" => 3,
        "法律服务机构" => 4,
        "其他" | "其它" => 5,
        "总计" | "合计" => 6,
        _ => return None,
    };
    Some(column)
}

/// The column of a block of table 四.
pub(super) fn outcome_of(head: &str) -> Option<usize> {
    let column = match plain(head).as_str() {
        "结果维持" => 0,
        "结果纠正" => 1,
        "其他结果" | "其它结果" => 2,
        "尚未审结" => 3,
        "总计" | "合计" => 4,
        _ => return None,
    };
    Some(column)
}

/// The first value of a row of table 二, and how many values it has.
pub(super) fn disclosed_of(label: &str) -> Option<(usize, usize)> {
    let found = match plain(label).as_str() {
        "规章" | "行政规章" => (0, 3),
        "行政规范性文件" | "规范性文件" => (3, 3),
        "行政许可" => (6, 1),
        "行政处罚" => (7, 1),
        "行政强制" => (8, 1),
        "行政事业性收费" => (9, 1),
        _ => return None,
    };
    Some(found)
}

/// Which of the three values of the first rows of table 二 a head names.
pub(super) fn made_of(head: &str) -> Option<usize> {
    let text = plain(head);
    if text.contains("制发件数") || text.contains("制发数量") || text.contains("制作数量")
    {
        Some(0)
    } else if text.contains("废止件数") || text.contains("废止数量") {
        Some(1)
    } else if text.contains("有效件数") || text.contains("有效数量") {
        Some(2)
    } else {
        None
    }
}

/// A head that only the trial form has.
pub(super) fn is_trial_head(head: &str) -> bool {
    let text = plain(head);
    [
        "本年新制作数量",
        "本年新公开数量",
        "对外公开总数量",
        "上一年项目数量",
    ]
    .iter()
    .any(|word| text.contains(word))
}
