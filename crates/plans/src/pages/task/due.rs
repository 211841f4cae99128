//! The dates of a task with their working.

use gongkai_basis::Date;
use gongkai_basis::calendar::{Day, WorkCalendar};
use gongkai_basis::clock::Run;
use gongkai_platform::web::{CountedDays, HowCounted};

use crate::assignment::light::Light;
use crate::ledger::AssignmentRow;
use crate::plan::Plan;
use crate::task::{Task, TaskState};
use crate::when;

/// Days that a working shows one by one.
const DAYS_SHOWN: usize = 62;

/// A date of the task, as printed and as counted.
pub(super) struct DueLine {
    pub(super) text: String,
    pub(super) day: String,
    pub(super) left: String,
    pub(super) kind: &'static str,
    pub(super) how: String,
    /// The days from when the plan was issued, where the text counts from there.
    pub(super) counted: String,
    /// Where it lies ahead.
    pub(super) working: Option<Working>,
}

/// The days from tomorrow until a date is due.
pub(super) struct Working {
    /// For the eye.
    pub(super) drawn: CountedDays,
    /// The same days, each as a sentence.
    pub(super) told: Vec<String>,
    /// Which days are left out; empty where none are.
    pub(super) rest: String,
}

/// The dates that a task states, and the one that it is counted to where that is another.
pub(super) fn dues(
    calendar: &WorkCalendar,
    today: Date,
    (plan, task, rows): (&Plan, &Task, &[AssignmentRow]),
    (light, next_due_on): (Light, Option<Date>),
) -> Vec<DueLine> {
    let stated = task.deadlines.iter().map(|deadline| {
        let issued = plan.issued_on.filter(|_| deadline.text.contains("印发"));
        let how = match (deadline.date, issued) {
            (None, _) => "原文没有可以推定的日期。".to_owned(),
            (Some(date), Some(issued)) => format!(
                "原文“{}”，印发日期{}，推定为{}，当日仍算按期。",
                deadline.text,
                when::date(issued),
                when::date(date)
            ),
            (Some(date), None) => format!(
                "原文“{}”，推定为{}，当日仍算按期。",
                deadline.text,
                when::date(date)
            ),
        };
        let waits = light != Light::Done && task.state == TaskState::Open;
        let ahead = deadline.date.filter(|_| waits);
        DueLine {
            text: deadline.text.clone(),
            day: deadline.date.map_or_else(String::new, when::day),
            left: ahead.map_or_else(String::new, |date| when::left(calendar, today, date)),
            kind: deadline.kind.name(),
            counted: issued
                .zip(deadline.date)
                .and_then(|days| counted(calendar, &deadline.text, days))
                .unwrap_or_default(),
            how,
            working: ahead.and_then(|date| working(calendar, today, date)),
        }
    });
    let mut lines: Vec<DueLine> = stated.collect();
    let said = |date: Date| task.deadlines.iter().any(|one| one.date == Some(date));
    if let Some(date) = next_due_on.filter(|date| light != Light::Done && !said(*date)) {
        lines.push(counted_to(calendar, today, (plan, task, rows), date));
    }
    lines
}

/// 印发30日内, day by day, where the date is what the text says; 工作日 and 个月 are for a person to tell.
fn counted(calendar: &WorkCalendar, text: &str, (issued, date): (Date, Date)) -> Option<String> {
    let in_days = text.contains("日内") || text.contains("天内");
    if !in_days || text.contains("工作") || date <= issued {
        return None;
    }
    let days = u16::try_from((date - issued).get_days()).ok()?;
    let is_said = text.contains(&days.to_string());
    let run = Run::calendar_days(issued, days).ok().filter(|_| is_said)?;
    let how = HowCounted::of(run, calendar)?;
    Some(how.called("从印发日逐日数").to_string())
}

/// The day on which a task is next due, where the plan does not name it.
fn counted_to(
    calendar: &WorkCalendar,
    today: Date,
    (plan, task, rows): (&Plan, &Task, &[AssignmentRow]),
    date: Date,
) -> DueLine {
    let year_end = task.due_on().is_none()
        && (i64::from(date.year()), date.month(), date.day()) == (plan.year, 12, 31);
    let own = rows
        .iter()
        .find(|row| row.light != Light::Done && row.due_on == Some(date));
    let how = if let Some(row) = own.filter(|_| task.due_on() != Some(date)) {
        format!(
            "{}的期限单独定为{}，按最早的一个计。",
            row.organ_name,
            when::date(date)
        )
    } else if year_end {
        format!("原文没有写明日期，按方案年度计到{}。", when::date(date))
    } else {
        format!(
            "方案分期提出要求，计到第一个没有足够佐证的时段的末日{}；登记这个时段的佐证以后，顺延到下一个时段。",
            when::date(date)
        )
    };
    DueLine {
        text: "计到".to_owned(),
        day: when::day(date),
        left: when::left(calendar, today, date),
        kind: "推算",
        how,
        counted: String::new(),
        working: working(calendar, today, date),
    }
}

/// Nothing where no day lies ahead.
fn working(calendar: &WorkCalendar, today: Date, due: Date) -> Option<Working> {
    let (mut days, mut told, mut rest) = (Vec::new(), Vec::new(), String::new());
    let (mut day, mut n) = (today, 0);
    while day < due {
        let next = day.tomorrow().ok()?;
        let Ok(kind) = calendar.day(next) else {
            rest = format!(
                "{}年的放假通知还没有导入，那一年的日子不逐日列出。",
                next.year()
            );
            break;
        };
        if days.len() == DAYS_SHOWN {
            rest = format!(
                "这里只列最近{DAYS_SHOWN}天，其余到{}的同样推算。",
                when::date(due)
            );
            break;
        }
        let how = if kind.is_working() {
            n += 1;
            Ok(n)
        } else {
            Err(kind.reason())
        };
        told.push(sentence(next, kind, &how));
        days.push((next, how));
        day = next;
    }
    (today < due).then(|| Working {
        drawn: CountedDays::of(calendar, today, &days, Some(due)),
        told,
        rest,
    })
}

/// `2026年10月10日（周六）　第4个工作日（国庆节调休上班）`
fn sentence(day: Date, kind: Day<'_>, how: &Result<usize, String>) -> String {
    let day = when::day(day);
    match (how, kind) {
        (Ok(n), Day::MakeUp(_)) => format!("{day}　第{n}个工作日（{}）", kind.reason()),
        (Ok(n), Day::Workday | Day::Weekend | Day::Holiday(_)) => format!("{day}　第{n}个工作日"),
        (Err(why), _) => format!("{day}　不计：{why}"),
    }
}

#[cfg(test)]
mod tests {
    use gongkai_basis::calendar::WorkCalendar;

    use super::{DAYS_SHOWN, counted, working};
    use crate::testing::day;

    #[test]
    fn days_from_the_day_of_issue_are_told_one_by_one() {
        let calendar = WorkCalendar::builtin();
        let told = |text: &str, issued: &str, date: &str| {
            counted(&calendar, text, (day(issued), day(date)))
        };
        let thirty = told("本方案印发30日内", "2022-06-16", "2022-07-16").unwrap();
        assert!(thirty.contains("从印发日逐日数"), "{thirty}");
        assert!(
            thirty.contains("<li>2022年7月16日　第30日</li>"),
            "{thirty}"
        );
        // A date that somebody set otherwise, and what is no number of days.
        assert!(told("本方案印发30日内", "2022-06-16", "2022-07-18").is_none());
        assert!(told("印发后1个月内", "2022-06-16", "2022-07-16").is_none());
        assert!(told("印发后10个工作日内", "2022-06-16", "2022-06-30").is_none());
    }

    #[test]
    fn each_day_is_told_with_its_number_or_its_reason() {
        let calendar = WorkCalendar::builtin();
        let shown = |today, due| working(&calendar, day(today), day(due));
        let golden = shown("2026-09-29", "2026-10-10").unwrap();
        assert_eq!(golden.told.len(), 11);
        assert_eq!(golden.told[0], "2026年9月30日（周三）　第1个工作日");
        assert!(golden.told[1].starts_with("2026年10月1日（周四）　不计：国庆"));
        assert!(golden.told[1].ends_with("放假"), "{}", golden.told[1]);
        assert!(
            golden.told[10].starts_with("2026年10月10日（周六）　第4个工作日（国庆")
                && golden.told[10].ends_with("调休上班）"),
            "{}",
            golden.told[10]
        );
        assert_eq!(golden.rest, "");
        assert!(shown("2026-09-29", "2026-09-29").is_none());
        assert!(shown("2026-09-30", "2026-09-29").is_none());

        let long = shown("2026-01-05", "2026-12-31").unwrap();
        assert_eq!(long.told.len(), DAYS_SHOWN);
        assert!(long.rest.contains("2026年12月31日"), "{}", long.rest);
        // No notice of that year is out.
        let beyond = shown("2026-12-30", "2031-01-01").unwrap();
        assert!(
            beyond.rest.contains("放假通知还没有导入"),
            "{}",
            beyond.rest
        );
    }
}
