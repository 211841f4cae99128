//! Which rounds the plan's own papers ask for. Nothing is made of it before the office confirms; where the words leave a
//! doubt, the doubt stands beside the proposal.

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_office::{Block, Document, Place};

use crate::draft::place_name;
use crate::plan::{Deadline, DeadlineKind, Plan};
use crate::when;

/// Characters of a sentence that a proposal quotes.
const QUOTE_CHARS_MAX: usize = 200;
/// Words by which a task asks units to report to the office.
const REPORTING: &[&str] = &[
    "反馈", "报送", "上报", "报至", "报备", "备案", "报市", "报区", "报县", "报省", "报镇",
];

/// A task that sets a date counted from the day of issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    pub number: Option<i64>,
    pub text: String,
    pub place: Place,
    pub deadlines: Vec<Deadline>,
}

/// A round as the papers ask for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    pub name: String,
    pub due_on: Option<Date>,
    pub from_on: Option<Date>,
    pub to_on: Option<Date>,
    /// The sentence of the notice.
    pub text: String,
    /// Where it stands, as people say it; empty where that is not known.
    pub place: String,
    /// What a person should look at; empty where the words are sure.
    pub doubts: Vec<String>,
}

/// The rounds, by their dates; those without a date last.
///
/// Dates are those of the covering notice, and those of tasks that ask for a report within so many days of issue. The days
/// of such a phrase are calendar days, the day of issue being day zero; that is our reading, so it is marked as a doubt.
#[must_use]
pub fn propose(
    plan: &Plan,
    deadlines: &[Deadline],
    tasks: &[Asking],
    (source, calendar): (Option<&Document>, &WorkCalendar),
) -> Vec<Proposed> {
    let mut proposed: Vec<Proposed> = Vec::new();
    for deadline in deadlines.iter().filter(|one| one.kind == DeadlineKind::By) {
        let found = source.and_then(|source| sentence(source, &deadline.text));
        let (text, place) = found.unwrap_or_else(|| (deadline.text.clone(), String::new()));
        let mut one = of(deadline, text, place, calendar);
        if one.place.is_empty() {
            one.doubts
                .push("没有在原文中找到这句话的位置，请对照通知核对。".to_owned());
        }
        proposed.push(one);
    }
    for task in tasks {
        let asks = REPORTING.iter().any(|word| task.text.contains(word));
        for deadline in task.deadlines.iter().filter(|one| asks && is_relative(one)) {
            let name = task
                .number
                .map_or_else(|| "任务".to_owned(), |number| format!("第{number}项任务"));
            let place = format!("{name} {}", place_name(task.place));
            let text = sentence_of(&task.text, &deadline.text);
            let mut one = of(deadline, text, place.trim().to_owned(), calendar);
            one.doubts.push(match plan.issued_on {
                Some(on) => format!(
                    "按自然日从印发日{}（当天不计）推算，请核对。",
                    when::date(on)
                ),
                None => "不知道印发日期，推算不出截止日，请填写。".to_owned(),
            });
            proposed.push(one);
        }
    }
    proposed.sort_by_key(|one| (one.due_on.is_none(), one.due_on));
    proposed.dedup_by(|later, earlier| {
        later.due_on.is_some() && later.due_on == earlier.due_on && later.text == earlier.text
    });
    periods(plan, &mut proposed);
    proposed
}

fn is_relative(deadline: &Deadline) -> bool {
    deadline.kind == DeadlineKind::By
        && deadline.text.contains('发')
        && deadline.text.ends_with("日内")
}

fn of(deadline: &Deadline, text: String, place: String, calendar: &WorkCalendar) -> Proposed {
    let mut doubts = Vec::new();
    match deadline.date {
        None => doubts.push("原文的日期定不下来，请填写。".to_owned()),
        Some(date) => match calendar.day(date) {
            Ok(day) if !day.is_working() => doubts.push(format!(
                "{}是{}，请核对是否提前或顺延。",
                when::date(date),
                day.reason()
            )),
            Ok(_) => {}
            Err(error) => doubts.push(error.sentence()),
        },
    }
    let name = match deadline.date {
        Some(_) if is_relative(deadline) => "印发后反馈".to_owned(),
        Some(date) => format!("{}月{}日前报送", date.month(), date.day()),
        None => format!("{}报送", deadline.text),
    };
    Proposed {
        name,
        due_on: deadline.date,
        from_on: None,
        to_on: deadline.date,
        text,
        place,
        doubts,
    }
}

/// Each round is about what was done since the one before; the first since the plan's issue, or the year's first day.
fn periods(plan: &Plan, proposed: &mut [Proposed]) {
    let new_year = i16::try_from(plan.year)
        .ok()
        .and_then(|year| Date::new(year, 1, 1).ok());
    let mut from = new_year.or(plan.issued_on);
    for one in proposed.iter_mut().filter(|one| one.due_on.is_some()) {
        one.from_on = from;
        // What is fed back soon after the issue is a plan of work, not progress.
        if one.name != "印发后反馈" {
            from = one.due_on.and_then(|due| due.tomorrow().ok());
        }
    }
}

/// The sentence of a text in which some words stand.
fn sentence_of(text: &str, words: &str) -> String {
    let holds = text
        .split_inclusive(['。', '；', ';', '\n'])
        .find(|sentence| sentence.contains(words));
    quote(holds.unwrap_or(text))
}

fn quote(text: &str) -> String {
    crate::quote::beginning(text.trim(), QUOTE_CHARS_MAX)
}

/// The first sentence of the source's running text that holds the words, and its place.
fn sentence(source: &Document, words: &str) -> Option<(String, String)> {
    source.blocks.iter().find_map(|block| match block {
        Block::Paragraph(paragraph) if paragraph.text.contains(words) => Some((
            sentence_of(&paragraph.text, words),
            place_name(paragraph.place),
        )),
        Block::Paragraph(_) | Block::Table(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Asking, Proposed, propose};
    use crate::plan::{Deadline, DeadlineKind, Plan, PlanState};
    use gongkai_basis::Date;
    use gongkai_basis::calendar::WorkCalendar;
    use gongkai_basis::id::{OrganId, PlanId};
    use gongkai_office::{Document, Limits, Place};
    use uuid::Uuid;

    const NOTICE: &str = "各县（市、区）政府，市直各单位：\n现将方案印发给你们。\n\
        请各单位分别于2022年9月30日和12月27日前填写工作台账，报送市政府办公室；联系人另行通知。";

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn by(text: &str, date: Option<&str>) -> Deadline {
        Deadline {
            text: text.to_owned(),
            date: date.map(day),
            kind: DeadlineKind::By,
        }
    }

    fn plan(issued_on: Option<&str>) -> Plan {
        Plan {
            id: PlanId::new(Uuid::nil()),
            organ: OrganId::new(Uuid::nil()),
            government: OrganId::new(Uuid::nil()),
            title: "2022年政务公开工作要点分工方案".to_owned(),
            notice_title: None,
            document_number: None,
            issuer: None,
            issued_on: issued_on.map(day),
            published_on: None,
            year: 2022,
            state: PlanState::Active,
            source_file: None,
            draft: None,
            version: 1,
        }
    }

    fn rounds(issued: Option<&str>, deadlines: &[Deadline], tasks: &[Asking]) -> Vec<Proposed> {
        let source: Document = gongkai_office::read(NOTICE.as_bytes(), &Limits::default()).unwrap();
        let calendar = WorkCalendar::builtin();
        propose(&plan(issued), deadlines, tasks, (Some(&source), &calendar))
    }

    fn feedback(date: Option<&str>) -> Asking {
        Asking {
            number: Some(54),
            text: "建立任务台账。明确责任主体，并于本文印发30日内反馈市政务公开办。对上一年度开展“回头看”。"
                .to_owned(),
            place: Place { table: Some(1), row: Some(60), ..Place::default() },
            deadlines: vec![by("本文印发30日内", date)],
        }
    }

    #[test]
    fn the_notice_and_the_task_make_three_rounds_in_order() {
        let notice = [
            by("2022年9月30日", Some("2022-09-30")),
            by("12月27日前", Some("2022-12-27")),
        ];
        let found = rounds(Some("2022-06-16"), &notice, &[feedback(Some("2022-07-16"))]);
        let dues: Vec<_> = found
            .iter()
            .map(|one| one.due_on.unwrap().to_string())
            .collect();
        assert_eq!(dues, ["2022-07-16", "2022-09-30", "2022-12-27"]);
        assert_eq!(found[0].name, "印发后反馈");
        assert_eq!(found[0].place, "第54项任务 表1 第60行");
        assert_eq!(
            found[0].text,
            "明确责任主体，并于本文印发30日内反馈市政务公开办。"
        );
        // 2022-07-16 was a Saturday, and the count of days is our reading.
        assert!(
            found[0].doubts.iter().any(|doubt| doubt.contains("周末")),
            "{found:?}"
        );
        assert!(
            found[0].doubts.iter().any(|doubt| doubt.contains("自然日")),
            "{found:?}"
        );
        assert_eq!(found[1].name, "9月30日前报送");
        assert!(
            found[1].text.starts_with("请各单位分别于2022年9月30日"),
            "{found:?}"
        );
        assert!(found[1].text.ends_with("市政府办公室；"), "{found:?}");
        assert_eq!(found[1].place, "第3行");
        assert!(found[1].doubts.is_empty(), "{found:?}");
        assert_eq!(found[1].from_on, Some(day("2022-01-01")));
        assert_eq!(found[2].from_on, Some(day("2022-10-01")));
        assert_eq!(found[2].to_on, Some(day("2022-12-27")));
    }

    #[test]
    fn what_is_not_sure_says_so() {
        let found = rounds(None, &[by("年底前", None)], &[feedback(None)]);
        assert_eq!(found.len(), 2);
        assert!(
            found
                .iter()
                .all(|one| one.due_on.is_none() && !one.doubts.is_empty())
        );
        assert!(
            found[0]
                .doubts
                .iter()
                .any(|doubt| doubt.contains("没有在原文中找到"))
        );
        assert!(
            found[1]
                .doubts
                .iter()
                .any(|doubt| doubt.contains("不知道印发日期"))
        );
        // A year without a notice of holidays.
        let found = rounds(None, &[by("2031年9月30日", Some("2031-09-30"))], &[]);
        assert!(
            found[0]
                .doubts
                .iter()
                .any(|doubt| doubt.contains("2031年的放假安排")),
            "{found:?}"
        );
    }

    #[test]
    fn a_copy_for_the_file_is_a_report_too() {
        let filed = Asking {
            number: Some(53),
            text: "本方案印发30日内，建立本部门任务台账，报市政府办公室备案。".to_owned(),
            deadlines: vec![by("本方案印发30日内", Some("2022-07-16"))],
            ..feedback(None)
        };
        let found = rounds(Some("2022-06-16"), &[], &[filed]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].due_on, Some(day("2022-07-16")));
    }

    #[test]
    fn other_dates_ask_for_no_round() {
        let yearly = Deadline {
            kind: DeadlineKind::MinimumCount,
            ..by("每年至少1次", Some("2022-12-31"))
        };
        let other = Asking {
            text: "在本文印发30日内公开规章。".to_owned(),
            ..feedback(Some("2022-07-16"))
        };
        let fixed = Asking {
            deadlines: vec![by("10月底前", Some("2022-10-31"))],
            ..feedback(None)
        };
        let found = rounds(Some("2022-06-16"), &[yearly], &[other, fixed]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn one_demand_is_proposed_once() {
        let same = by("12月27日前", Some("2022-12-27"));
        assert_eq!(rounds(None, &[same.clone(), same], &[]).len(), 1);
    }
}
