//! Figures quoted in the prose beside the tables: 收到申请12件 must be what table 三 counts.
//!
//! Only sentences that surely speak of a cell are compared; comparisons with other years, parts of a whole and channels
//! are left alone. This file takes the figures out of sentences; `cells` knows which cells a clause speaks of.

mod cells;
mod subject;

use std::ops::Range;

use super::Finding;
use crate::amount::{Amount, half_width, number};
use crate::form::{Cell, SECTIONS, TOTAL};
use crate::model::{Report, Schema};

/// A figure of the prose that names a value of the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// The clause as written.
    pub clause: String,
    pub value: Amount,
    /// Where the number stands in the clause, in bytes; `None` for one that is told in words.
    pub at: Option<Range<usize>>,
    pub names: Named,
}

/// What a figure of the prose names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub name: &'static str,
    /// Each a sum of cells; the figure must be one of these sums.
    pub either: Vec<Vec<Cell>>,
}

/// Words that turn a figure into another one: another year, a part, an increase, a channel.
const OTHER_FIGURES: [&str; 30] = [
    "同比",
    "较上年",
    "比上年",
    "较去年",
    "比去年",
    "增长",
    "增加",
    "减少",
    "下降",
    "上升",
    "累计",
    "以来",
    "近年",
    "去年",
    "网络",
    "网上",
    "信函",
    "当面",
    "邮寄",
    "邮政",
    "传真",
    "邮件",
    "平台申请",
    "本级",
    "平均",
    "历年",
    "截至目前",
    "超过",
    "涉及",
    "转办",
];

pub(super) fn check(report: &Report) -> Vec<Finding> {
    let mut findings = Vec::new();
    for section in &report.sections {
        let place = SECTIONS.get(section.part).copied().unwrap_or("");
        for paragraph in &section.paragraphs {
            for quoted in quoted(paragraph, section.part) {
                if report.schema == Schema::Trial2019 && quoted.is_disclosed() {
                    continue;
                }
                findings.extend(finding(report, &quoted, place));
            }
        }
    }
    findings
}

impl Quoted {
    fn is_disclosed(&self) -> bool {
        self.names
            .either
            .iter()
            .flatten()
            .any(|cell| matches!(cell, Cell::Two(_)))
    }
}

fn finding(report: &Report, quoted: &Quoted, place: &str) -> Option<Finding> {
    let sums: Option<Vec<Amount>> = quoted
        .names
        .either
        .iter()
        .map(|cells| report.sum(cells.iter().copied()))
        .collect();
    let sums = sums?;
    let same = sums.contains(&quoted.value);
    if let Some((year, named)) = report.year.map(i64::from).zip(year_in(&quoted.clause))
        && year != named
    {
        // Another year's figure is no contradiction, unless it is this year's own: 因2023年度…申请引发行政复议1件 is.
        let cause = quoted.clause.contains(&format!("因{named}年"));
        return (same && !cause && quoted.value != Amount::ZERO).then(|| {
            Finding::new(
                "prose-year",
                format!(
                    "“{place}”写“{}”，报告是{year}年的，数字也是{year}年的，请核对年份。",
                    quoted.clause.trim()
                ),
            )
            .doubtful()
            .place(format!("文字.{place}"))
            .values(year, named)
        });
    }
    if same {
        return None;
    }
    let expected = *sums.first()?;
    let cells = quoted.names.either.first()?.clone();
    let differs = format!(
        "“{}”写“{}”，表中{}为{expected}，两处不一致",
        place,
        quoted.clause.trim(),
        quoted.names.name
    );
    let finding = match subject::of_another(&quoted.clause, report.organ.as_deref()) {
        Some(who) => {
            let said = format!("{differs}；这句说的如果只是“{who}”的，不用改。");
            Finding::new("prose-figure", said).doubtful()
        }
        None => Finding::new("prose-figure", format!("{differs}。")),
    };
    let finding = finding
        .cells(cells)
        .clause(quoted.clause.trim())
        .place(format!("文字.{place}"));
    Some(finding.values(expected, quoted.value))
}

/// The year that a clause begins with or speaks of, where it is one only.
pub(crate) fn year_in(clause: &str) -> Option<i64> {
    let years: Vec<i64> = clause
        .match_indices('年')
        .filter_map(|(at, _)| clause.get(at.checked_sub(4)?..at)?.parse().ok())
        .filter(|year| (2000..2100).contains(year))
        .collect();
    match years.as_slice() {
        [year] => Some(*year),
        _ => None,
    }
}

/// What the sentences before speak of, within one paragraph.
#[derive(Debug, Default)]
struct Carried {
    /// Applications for information.
    asked: bool,
    reviews: bool,
    suits: bool,
    /// The totals of table 三 that were named last.
    last: Vec<Cell>,
}

impl Carried {
    /// A sentence begins: it may turn to something else.
    fn turns(&mut self, sentence: &str) {
        let has = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
        if has(&["公开申请", "依申请公开"]) {
            self.asked = true;
        } else if has(&["主动公开"]) || has(&cells::OTHER_WORK) && !has(&["复议", "诉讼"]) {
            *self = Self::default();
        }
        if has(&["复议", "诉讼"]) {
            (self.reviews, self.suits) = (false, false);
        }
    }

    fn learns(&mut self, cells: &[Cell]) {
        let totals: Vec<Cell> = cells
            .iter()
            .copied()
            .filter(|cell| matches!(cell, Cell::Three(_, TOTAL)))
            .collect();
        if !totals.is_empty() {
            self.asked = true;
            self.last = totals;
        }
        self.reviews |= cells.iter().any(|cell| matches!(cell, Cell::Four(0, _)));
        self.suits |= cells
            .iter()
            .any(|cell| matches!(cell, Cell::Four(1 | 2, _)));
    }
}

/// The figures of a paragraph that name values of the tables.
#[must_use]
pub fn quoted(paragraph: &str, part: usize) -> Vec<Quoted> {
    let text = half_width(paragraph);
    let mut found = Vec::new();
    let mut carried = Carried::default();
    for sentence in text.split(['。', '；', ';', '！', '\n']) {
        let mut before = String::new();
        let mut within = false;
        carried.turns(sentence);
        for clause in clauses(sentence) {
            within |= clause.contains("其中");
            let context = Context {
                sentence,
                before: &before,
                within,
                part,
                carried: &carried,
            };
            let own = of_clause(clause, &context);
            for quoted in &own {
                carried.learns(quoted.names.either.first().map_or(&[][..], Vec::as_slice));
            }
            found.extend(own);
            before = clause.to_owned();
        }
    }
    found
}

/// Pieces between commas and 、; a comma between digits separates thousands.
fn clauses(sentence: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let bytes: Vec<(usize, char)> = sentence.char_indices().collect();
    for (n, (at, c)) in bytes.iter().enumerate() {
        let digit = |n: Option<usize>| {
            n.and_then(|n| bytes.get(n))
                .is_some_and(|(_, c)| c.is_ascii_digit())
        };
        let cut = match c {
            ',' => !(digit(n.checked_sub(1)) && digit(Some(n + 1))),
            '、' | '：' | ':' | '（' | '(' | '）' | ')' => true,
            _ => false,
        };
        if cut {
            pieces.extend(sentence.get(from..*at));
            from = at + c.len_utf8();
        }
    }
    pieces.extend(sentence.get(from..));
    pieces
}

struct Context<'a> {
    sentence: &'a str,
    before: &'a str,
    /// After 其中.
    within: bool,
    part: usize,
    carried: &'a Carried,
}

const UNITS: [&str; 10] = ["件", "宗", "条", "份", "个", "项", "次", "起", "例", "封"];

/// A number with a unit of counting: what stands before it, the number, the unit, what follows.
struct Counted<'a> {
    lead: &'a str,
    value: Amount,
    unit: &'static str,
    rest: &'a str,
    /// Of the number, in bytes.
    length: usize,
}

/// Spans of time that begin like a count of things.
const TIMES: [&str; 7] = [
    "个工作日",
    "个自然日",
    "个星期",
    "个月",
    "个季度",
    "个年度",
    "个小时",
];

/// The only number of a clause that counts something.
fn counted(clause: &str) -> Option<Counted<'_>> {
    let mut found = None;
    let mut at = 0;
    while let Some(start) = clause.get(at..)?.find(|c: char| c.is_ascii_digit()) {
        let start = at + start;
        let rest = clause.get(start..)?;
        let length = rest
            .find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.'))
            .unwrap_or(rest.len());
        let behind = rest.get(length..)?.trim_start();
        at = start + length.max(1);
        // 5个工作日 counts no thing.
        if TIMES.iter().any(|time| behind.starts_with(time)) {
            continue;
        }
        let money = ["万元"]
            .iter()
            .chain(&UNITS)
            .find(|unit| behind.starts_with(**unit));
        if let (Some(unit), Some(value)) = (money, number(rest.get(..length)?)) {
            if found.is_some() {
                return None;
            }
            found = Some(Counted {
                lead: clause.get(..start)?,
                value,
                unit,
                rest: behind.get(unit.len()..)?,
                length,
            });
        }
    }
    found
}

fn of_clause(clause: &str, context: &Context<'_>) -> Vec<Quoted> {
    let quote = |value, at, names| Quoted {
        clause: clause.to_owned(),
        value,
        at,
        names,
    };
    if let Some(names) = cells::never(clause, context) {
        let mut quoted = quote(Amount::ZERO, None, names);
        // Of 未发生行政复议、行政诉讼 the second half alone says nothing.
        if !["未", "没有", "无"]
            .iter()
            .any(|word| clause.contains(word))
        {
            quoted.clause = format!("未发生……{}", clause.trim());
        }
        return vec![quoted];
    }
    let Some(counted) = counted(clause) else {
        return Vec::new();
    };
    let own = counted
        .lead
        .replace("上年结转", "")
        .replace("上年度结转", "");
    if OTHER_FIGURES.iter().any(|word| own.contains(word)) || counted.lead.ends_with('第') {
        return Vec::new();
    }
    let names = if counted.unit == "万元" {
        cells::fees(counted.lead)
    } else if cells::names_applicants(&own) {
        cells::applicants(&counted, context)
    } else {
        cells::requests(&counted, context)
            .or_else(|| cells::remedies(&counted, context))
            .or_else(|| cells::disclosed(&counted, context))
    };
    let from = counted.lead.len();
    let at = from..from + counted.length;
    names
        .map(|names| quote(counted.value, Some(at), names))
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::quoted;

    fn found(text: &str, part: usize) -> Vec<String> {
        quoted(text, part)
            .into_iter()
            .map(|it| format!("{} {}", it.names.name, it.value))
            .collect()
    }

    #[test]
    fn figures_are_told_from_what_only_looks_like_them() {
        for (text, wanted) in [
            (
                "2025年，共收到政府信息公开申请14,069件。",
                vec!["本年新收总计 14069"],
            ),
            (
                "全年新收到依申请公开12件，上年结转3件，办结14件，结转下年度1件。",
                vec![
                    "本年新收总计 12",
                    "上年结转总计 3",
                    "（七）总计 14",
                    "结转下年度继续办理总计 1",
                ],
            ),
            (
                "收到申请12件，其中予以公开5件、部分公开3件、不予公开2件、无法提供１件",
                vec![
                    "本年新收总计 12",
                    "予以公开总计 5",
                    "部分公开总计 3",
                    "不予公开各项之和 2",
                    "无法提供各项之和 1",
                ],
            ),
            (
                "收到申请12件，予以公开及部分公开8件。",
                vec!["本年新收总计 12", "予以公开、部分公开之和 8"],
            ),
            (
                "收到申请12件，其中同意公开或部分公开共8件，予以公开、部分公开6件。",
                vec![
                    "本年新收总计 12",
                    "予以公开、部分公开之和 8",
                    "予以公开、部分公开之和 6",
                ],
            ),
            ("未收到政府信息公开申请。", vec!["本年新收总计 0"]),
            (
                "因政府信息公开引发行政复议案件2件、行政诉讼1件。",
                vec!["行政复议总计 2", "行政诉讼总计 1"],
            ),
            (
                "制发行政规范性文件6件，废止行政规范性文件2件，现行有效行政规范性文件40件。",
                vec![
                    "行政规范性文件本年制发件数 6",
                    "行政规范性文件本年废止件数 2",
                    "行政规范性文件现行有效件数 40",
                ],
            ),
            (
                "收到申请12件，其中网络申请8件，较上年增加3件，同比增长20%。",
                vec!["本年新收总计 12"],
            ),
            ("主动公开政府信息3000条，解读政策文件12件。", vec![]),
            ("办理人大代表建议12件、政协提案3件。", vec![]),
            ("行政复议纠正1件。", vec![]),
            (
                "2025年未发生行政复议、行政诉讼案件。",
                vec!["行政复议总计 0", "行政诉讼总计 0"],
            ),
            (
                "没有发生因政府信息公开引起的行政复议和行政诉讼情况。",
                vec!["行政复议、行政诉讼总计 0"],
            ),
            ("未发生被行政复议纠正的情形。", vec![]),
            ("未发生行政复议被纠正、行政诉讼败诉的情况。", vec![]),
            ("12345热线收到申请类诉求30件", vec![]),
            (
                "收到政府信息公开申请12件。其中，予以公开5件。结转下年度1件。",
                vec![
                    "本年新收总计 12",
                    "予以公开总计 5",
                    "结转下年度继续办理总计 1",
                ],
            ),
            (
                "收到政府信息公开申请12件。办理建议提案8件，其中予以公开5件。",
                vec!["本年新收总计 12"],
            ),
            (
                "收到政府信息公开申请12件，其中自然人申请8件、法人或其他组织申请4件，自然人网络申请7件。",
                vec!["本年新收总计 12", "自然人 8", "法人或其他组织 4"],
            ),
            (
                "因政府信息公开被申请行政复议3件，其中结果维持2件、纠正1件。",
                vec!["行政复议总计 3", "结果维持 2", "结果纠正 1"],
            ),
            ("受理行政复议案件30件，维持20件。", vec![]),
            (
                "全年制发规章2件，废止规章1件、行政规范性文件3件，办理行政许可8399件、行政处罚425件。",
                vec![
                    "规章本年制发件数 2",
                    "规章本年废止件数 1",
                    "行政规范性文件本年废止件数 3",
                    "行政许可本年处理决定数量 8399",
                    "行政处罚本年处理决定数量 425",
                ],
            ),
            ("修订规章制度3项，公示行政许可20件、行政处罚5件。", vec![]),
            (
                "新制定、废止的规章自施行之日起5个工作日内完成更新。",
                vec![],
            ),
        ] {
            let part = usize::from(text.contains("引发")) * 3;
            assert_eq!(found(text, part), wanted, "{text}");
        }
    }
}
