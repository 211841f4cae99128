//! The year that the report is of, wherever it is written: in the title, the period of its figures, the prose, the day
//! below.

use super::Finding;
use crate::amount::half_width;
use crate::form::SECTIONS;
use crate::model::Report;

pub(super) fn check(report: &Report) -> Vec<Finding> {
    let Some(year) = report.year.map(i64::from) else {
        return Vec::new();
    };
    let mut findings: Vec<Finding> = periods(report, year).into_iter().collect();
    findings.extend(signed(report, year));
    findings
}

fn paragraphs(report: &Report) -> impl Iterator<Item = (&'static str, &String)> {
    let own = report.sections.iter().flat_map(|section| {
        let place = SECTIONS.get(section.part).copied().unwrap_or("");
        section.paragraphs.iter().map(move |text| (place, text))
    });
    let before = report.preface.iter().map(|text| ("前言", text));
    before.chain(own)
}

/// 统计期限自2024年1月1日起至2024年12月31日止: the whole year before (条例 art. 49).
fn periods(report: &Report, year: i64) -> Option<Finding> {
    paragraphs(report).find_map(|(place, text)| {
        let text = half_width(text);
        let found = ["年1月1日", "年12月31日", "年01月01日"].iter().find_map(|day| {
            let (before, _) = text.split_once(day)?;
            let named = last_year(before)?;
            let period = text.contains("统计") || text.contains("期限") || text.contains("数据");
            (period && named != year).then_some((named, *day))
        });
        let (named, day) = found?;
        Some(
            Finding::new(
                "period-year",
                format!("“{place}”的统计期限写着“{named}{day}”，报告是{year}年的，应为{year}年1月1日至12月31日。"),
            )
            .place(format!("文字.{place}"))
            .values(year, named),
        )
    })
}

/// The four digits at the end of a text.
fn last_year(text: &str) -> Option<i64> {
    let from = text.len().checked_sub(4)?;
    text.get(from..)?.parse().ok()
}

/// Years after its own in which a report may still be signed: some are published late or anew.
const LATE_YEARS: i64 = 2;

/// The day below the report lies after the year that it is of (条例 art. 49: by 31 January or 31 March of the next).
fn signed(report: &Report, year: i64) -> Option<Finding> {
    let last = report.sections.last()?.paragraphs.last()?;
    let text: String = half_width(last).split_whitespace().collect();
    let (named, rest) = text.split_once('年')?;
    let named: i64 = named
        .parse()
        .ok()
        .filter(|year| (2000..2100).contains(year))?;
    let (month, day) = rest.strip_suffix('日')?.split_once('月')?;
    let is_day = [month, day]
        .iter()
        .all(|part| part.len() <= 2 && part.parse::<u8>().is_ok());
    (is_day && !(year + 1..=year + LATE_YEARS).contains(&named)).then(|| {
        Finding::new(
            "signed-year",
            format!("标题写{year}年，落款是{text}：{year}年的报告应在{}年发布，请核对标题的年份和落款日期。", year + 1),
        )
        .doubtful()
        .place("标题")
        .place("落款")
        .values(year + 1, named)
    })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::sample::city;

    #[test]
    fn a_wrong_year_is_found_wherever_it_stands() {
        for (text, wanted) in [
            ("统计期限自2025年1月1日起至2025年12月31日止。", vec![]),
            (
                "统计期限自2024年1月1日起至2024年12月31日止。",
                vec!["period-year"],
            ),
            (
                "本报告所列数据的统计期限为2025年1月1日至2024年12月31日。",
                vec!["period-year"],
            ),
            ("该办法自2024年1月1日起施行。", vec![]),
            ("2026年1月20日", vec![]),
            ("2026 年 1 月 20 日", vec![]),
            ("2025年1月20日", vec!["signed-year"]),
            ("2027年1月20日", vec![]),
            ("2028年1月20日", vec!["signed-year"]),
            ("2025年第3季度", vec![]),
        ] {
            let mut report = city();
            report.sections[5].paragraphs.push(text.to_owned());
            let codes: Vec<_> = check(&report).into_iter().map(|it| it.code).collect();
            assert_eq!(codes, wanted, "{text}");
        }
    }
}
