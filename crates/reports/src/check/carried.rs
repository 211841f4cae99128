//! Across two years: 上年结转 is last year's 结转下年度 (C4), and what was in force goes on.

use super::Finding;
use crate::form::{APPLICANTS, CARRY_IN, CARRY_OUT, Cell};
use crate::model::{Report, Schema};

pub(super) fn check(report: &Report, last: &Report) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let (Some(year), Some(before)) = (report.year, last.year)
        && before != year - 1
    {
        findings.push(
            Finding::new(
                "last-year",
                format!(
                    "对照的上年报告是{before}年的，不是{}年的，没有核对跨年数据。",
                    year - 1
                ),
            )
            .doubtful()
            .values(year - 1, before),
        );
        return findings;
    }
    for column in 0..APPLICANTS.len() {
        let cell = Cell::Three(CARRY_IN, column);
        let carried = last.amount(Cell::Three(CARRY_OUT, column));
        if let (Some(found), Some(expected)) = (report.amount(cell), carried)
            && found != expected
        {
            let name = APPLICANTS.get(column).map_or("", |it| it.1);
            let differs =
                format!("表三“{name}”列：上年结转为{found}，上年报告的结转下年度为{expected}");
            let finding = match explained(report) {
                Some(words) => {
                    Finding::new("C4", format!("{differs}；报告已说明：“{words}”。")).doubtful()
                }
                None => Finding::new(
                    "C4",
                    format!(
                        "{differs}，应当相等；确有原因的，请在报告文字里写明结转数不一致的原因。"
                    ),
                ),
            };
            findings.push(
                finding
                    .cells([cell])
                    .place(format!("上年.{}", Cell::Three(CARRY_OUT, column)))
                    .values(expected, found),
            );
        }
    }
    if report.schema == Schema::Form2021 && last.schema == Schema::Form2021 {
        findings.extend(in_force(report, last, 0, "规章"));
        findings.extend(in_force(report, last, 3, "行政规范性文件"));
    }
    findings
}

/// Words that explain why what was carried over differs: a case that was answered and is done again, an error of last year.
const EXPLAINS: [&str; 7] = [
    "不一致",
    "不相等",
    "差异",
    "更正",
    "有误",
    "重新办理",
    "重新答复",
];
/// Characters of an explanation that a finding quotes.
const WORDS_MAX: usize = 60;

/// What the report itself says of it, cut.
fn explained(report: &Report) -> Option<String> {
    let mut sentences = report
        .sections
        .iter()
        .flat_map(|section| &section.paragraphs)
        .flat_map(|text| text.split(['。', '；']));
    let found = sentences.find(|sentence| {
        sentence.contains("结转") && EXPLAINS.iter().any(|word| sentence.contains(word))
    })?;
    Some(found.trim().chars().take(WORDS_MAX).collect())
}

/// Soft: clean-ups and re-classification break it.
fn in_force(report: &Report, last: &Report, first: usize, name: &str) -> Option<Finding> {
    let [made, repealed, now] = [first, first + 1, first + 2].map(Cell::Two);
    let expected = last
        .amount(now)?
        .plus(report.amount(made)?)
        .minus(report.amount(repealed)?);
    let found = report.amount(now)?;
    (found != expected).then(|| {
        Finding::new(
            "in-force",
            format!("表二“{name}”：现行有效为{found}，上年现行有效加本年制发减本年废止为{expected}。如因清理或重新归类，请在报告中说明。"),
        )
        .doubtful()
        .cells([now, made, repealed])
        .place(format!("上年.{now}"))
        .values(expected, found)
    })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::Weight;
    use crate::form::{CARRY_IN, Cell};
    use crate::model::Report;
    use crate::sample::{city, city_before, set};

    #[test]
    fn what_is_carried_over_is_last_years_unless_the_report_explains_it() {
        let (mut report, last) = (city(), city_before());
        let c4 = |report: &Report| -> Vec<Weight> {
            let found = check(report, &last).into_iter();
            let own = found.filter(|one| one.code == "C4");
            own.map(|one| one.weight).collect()
        };
        assert_eq!(c4(&report), []);
        set(&mut report, Cell::Three(CARRY_IN, 0), 536);
        assert_eq!(c4(&report), [Weight::Wrong]);
        let mut says = |text: &str| {
            report.sections[2].paragraphs.push(text.to_owned());
            c4(&report)
        };
        assert_eq!(says("上年结转数按规定填报。"), [Weight::Wrong]);
        let why = "结转数与上年报告不一致，是因为1件申请经复议纠正后重新办理。";
        assert_eq!(says(why), [Weight::Doubtful]);
    }
}
