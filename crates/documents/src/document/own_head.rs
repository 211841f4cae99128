//! What a text says of itself: the 文号 that stands alone above it, and the days of its last clauses. Where its head was
//! filled in otherwise, the public would read both.
//!
//! Form: 党政机关公文格式 (GB/T 9704-2012) 7.2.5.

use gongkai_basis::Date;
use gongkai_basis::document_number::{self, Found, Number};
use gongkai_platform::web::day;

use super::Head;

/// Lines with words at the beginning of a text in which its own 文号 is looked for.
const FIRST_LINES: usize = 6;
/// A clause of its own validity speaks of 本…, or has no subject.
const OWN: [&str; 12] = [
    "本办法",
    "本规定",
    "本细则",
    "本规则",
    "本通知",
    "本意见",
    "本方案",
    "本决定",
    "本措施",
    "本规范",
    "本制度",
    "本文件",
];
const FROM: [&str; 4] = ["起施行", "起实施", "起执行", "起生效"];
const YEARS: [(&str, i16); 10] = [
    ("1年", 1),
    ("2年", 2),
    ("3年", 3),
    ("4年", 4),
    ("5年", 5),
    ("一年", 1),
    ("两年", 2),
    ("二年", 2),
    ("三年", 3),
    ("五年", 5),
];

/// Sentences on what the head says otherwise than the text; whether the days are looked at is the kind's.
#[must_use]
pub fn contradictions(head: &Head, text: &str, has_validity: bool) -> Vec<String> {
    let mut found: Vec<String> = number(head, text).into_iter().collect();
    if has_validity {
        found.extend(days(head, text));
    }
    found
}

fn number(head: &Head, text: &str) -> Option<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let own = lines.take(FIRST_LINES).find_map(alone)?;
    let given = head.number.trim();
    let same = document_number::find(given)
        .iter()
        .any(|one| one.number == own.number);
    (!same).then(|| {
        let written = &own.original;
        if given.is_empty() {
            format!("正文开头写着文号“{written}”，文号栏却空着，请核对。")
        } else {
            format!("正文开头的文号是“{written}”，文号栏填的是“{given}”，请核对哪一个对。")
        }
    })
}

/// A number that has its line to itself. An order's stands in several ways and is left out.
fn alone(line: &str) -> Option<Found> {
    let found = document_number::find(line).into_iter().next()?;
    let beside: String = line
        .chars()
        .enumerate()
        .filter(|(at, c)| !(found.start..found.end).contains(at) && c.is_alphanumeric())
        .map(|(_, c)| c)
        .collect();
    let is_own = matches!(beside.as_str(), "" | "文号" | "发文字号");
    (is_own && matches!(found.number, Number::Document(_))).then_some(found)
}

fn days(head: &Head, text: &str) -> Vec<String> {
    let plain: String = text
        .chars()
        .filter(|c| *c == '\n' || !c.is_whitespace())
        .collect();
    let clauses = plain
        .split(['。', '；', '\n'])
        .filter(|clause| speaks_of_itself(clause));
    // The last one counts: a text that quotes others has its own at the end.
    let (mut from, mut until) = (None, None);
    for clause in clauses {
        from = begins(clause).or(from);
        until = ends(clause).or(until);
    }
    let mut found = Vec::new();
    if let (Some(said), Some(given)) = (from, head.effective_on)
        && said != given
    {
        found.push(format!(
            "正文写自{}起施行，施行日期填的是{}，请核对哪一个对。",
            day(said),
            day(given)
        ));
    }
    let begun = from.or(head.effective_on);
    if let Some((words, lasts)) = until.and_then(|said| said.last_days(begun)) {
        match head.expires_on {
            Some(given) if !lasts.contains(&given) => found.push(format!(
                "正文写“{words}”，有效期至填的是{}，请核对哪一个对。",
                day(given)
            )),
            None => found.push(format!("正文写“{words}”，有效期至却空着，请核对。")),
            Some(_) => {}
        }
    }
    found
}

fn speaks_of_itself(clause: &str) -> bool {
    let clause = clause.trim_start_matches(['（', '(']);
    clause.starts_with('自')
        || clause.starts_with("有效期")
        || OWN.iter().any(|own| clause.contains(own))
}

/// 自2026年3月1日起施行.
fn begins(clause: &str) -> Option<Date> {
    clause.split('自').skip(1).find_map(|behind| {
        let (date, rest) = date(behind)?;
        FROM.iter()
            .any(|word| rest.starts_with(word))
            .then_some(date)
    })
}

/// How long a text says that it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    Day(Date),
    Years(i16),
}

impl Until {
    /// In words, and the days that agree with it: 有效期5年 from 1 January is filled in with the day before that day or with
    /// the day itself. `None` where nobody knows from when.
    fn last_days(self, begun: Option<Date>) -> Option<(String, Vec<Date>)> {
        match self {
            Self::Day(last) => Some((format!("有效期至{}", day(last)), vec![last])),
            Self::Years(years) => {
                let whole = begun?.checked_add(jiff::Span::new().years(years)).ok()?;
                let before = whole.yesterday().ok()?;
                Some((format!("有效期{years}年"), vec![before, whole]))
            }
        }
    }
}

/// 有效期5年, 有效期至2031年2月28日.
fn ends(clause: &str) -> Option<Until> {
    clause.split("有效期").skip(1).find_map(|behind| {
        let behind = behind.trim_start_matches(['为', '限', '：', '至', '到']);
        let years = YEARS.iter().find(|(word, _)| behind.starts_with(word));
        date(behind)
            .map(|(date, _)| Until::Day(date))
            .or(years.map(|(_, years)| Until::Years(*years)))
    })
}

/// 2026年3月1日 at the beginning, and what stands behind it.
fn date(text: &str) -> Option<(Date, &str)> {
    let (year, rest) = text.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let (of_month, rest) = rest.split_once('日')?;
    let is_year = year.len() == 4;
    let date = Date::new(
        year.parse().ok().filter(|_| is_year)?,
        month.parse().ok()?,
        of_month.parse().ok()?,
    );
    Some((date.ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::contradictions;
    use crate::document::Head;

    fn head(number: &str, from: &str, to: &str) -> Head {
        Head {
            number: number.to_owned(),
            effective_on: from.parse().ok(),
            expires_on: to.parse().ok(),
            ..Head::default()
        }
    }

    #[test]
    fn a_number_above_the_text_is_the_one_filled_in() {
        let text =
            "安澜市人民政府文件\n安府〔2026〕88号\n关于停车管理的办法\n根据安府办〔2025〕3号制定。";
        let said = contradictions(&head("安府规〔2026〕88号", "", ""), text, true);
        assert_eq!(
            said,
            [
                "正文开头的文号是“安府〔2026〕88号”，文号栏填的是“安府规〔2026〕88号”，请核对哪一个对。"
            ]
        );
        let said = contradictions(&head("", "", ""), text, false);
        assert_eq!(
            said,
            ["正文开头写着文号“安府〔2026〕88号”，文号栏却空着，请核对。"]
        );
        for same in ["安府〔2026〕88号", "安府[2026]88号"] {
            assert!(contradictions(&head(same, "", ""), text, true).is_empty());
        }
        // One that is cited in a sentence is another text's.
        let citing = "现将安府〔2026〕88号文件转发给你们。";
        assert!(contradictions(&head("安府办〔2026〕3号", "", ""), citing, true).is_empty());
    }

    #[test]
    fn days_in_the_last_clause_are_those_filled_in() {
        let text = "第十条　本办法自2026年3月1日起施行，有效期5年。";
        for to in ["2031-02-28", "2031-03-01"] {
            assert!(contradictions(&head("", "2026-03-01", to), text, true).is_empty());
        }
        assert_eq!(
            contradictions(&head("", "2026-03-02", "2028-02-29"), text, true),
            [
                "正文写自2026年3月1日起施行，施行日期填的是2026年3月2日，请核对哪一个对。",
                "正文写“有效期5年”，有效期至填的是2028年2月29日，请核对哪一个对。"
            ]
        );
        assert_eq!(
            contradictions(&head("", "2026-03-01", ""), text, true),
            ["正文写“有效期5年”，有效期至却空着，请核对。"]
        );
        let until = "本通知自印发之日起施行，有效期至2027年12月31日。";
        assert!(contradictions(&head("", "2026-03-01", "2027-12-31"), until, true).is_empty());
        assert_eq!(
            contradictions(&head("", "2026-03-01", "2027-12-30"), until, true).len(),
            1
        );
        // What is said of other things is not looked at, nor are kinds that have no validity.
        for other in [
            "《某法》自2021年1月1日起施行。",
            "许可证有效期5年。",
            "居住证的有效期为三年。",
        ] {
            assert!(contradictions(&head("", "2026-03-01", ""), other, true).is_empty());
        }
        assert!(contradictions(&head("", "2026-03-02", ""), text, false).is_empty());
    }
}
