//! 期限计算表: the working of the clock on paper, each event with its article, each day with its reason, and the notices
//! that the calendar rests on. Pure.

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::{ClockEvent, Limit};

use super::super::case::Case;
use super::super::state::Act;
use super::Shown;
use crate::letter::compose::printed;

/// What the page prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    pub shown: Shown,
    pub events: Vec<Line>,
    /// From day zero to the due day, by months.
    pub months: Vec<Month>,
    pub sources: Vec<Source>,
}

/// What happened to the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub on: Date,
    /// 起算, 暂停…
    pub what: String,
    /// The article, or 本机关办理期限.
    pub law: String,
    /// What the act was, as the history has it.
    pub act: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// 2026年3月
    pub name: String,
    pub days: Vec<DayLine>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayLine {
    pub date: Date,
    pub weekday: &'static str,
    /// The number of a day that counts.
    pub n: Option<usize>,
    /// 工作日, 周末, 国庆节放假, 暂停计时…
    pub why: String,
}

/// A notice of the State Council's office behind the days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub year: i16,
    pub title: String,
    pub address: String,
    /// Was it compared with the printed notice?
    pub verified: bool,
}

/// Puts the events of a history into words, in their order.
#[derive(Debug, Default)]
pub struct Teller {
    /// Does a day hold that was set instead of the limit (art. 35)? Letters pause nothing under it.
    put_off: bool,
}

impl Teller {
    #[must_use]
    pub fn words(&mut self, event: &ClockEvent) -> String {
        match event {
            ClockEvent::Moved { .. } => self.put_off = true,
            ClockEvent::Started { .. } | ClockEvent::Restarted { .. } => self.put_off = false,
            ClockEvent::Waiting { .. }
            | ClockEvent::Unwaited { .. }
            | ClockEvent::Paused { .. }
            | ClockEvent::Resumed { .. }
            | ClockEvent::Struck { .. }
            | ClockEvent::Extended { .. }
            | ClockEvent::Stopped { .. } => {}
        }
        match event {
            ClockEvent::Started { on, .. } => format!("{}起算", printed(*on)),
            ClockEvent::Restarted { on } => format!("{}重新起算", printed(*on)),
            ClockEvent::Waiting { since } => format!("{}起等待申请人", printed(*since)),
            ClockEvent::Paused { sent, .. } if self.put_off => {
                format!("{}起征求意见，已定的期限不变", printed(*sent))
            }
            ClockEvent::Paused { sent, .. } => format!("{}起暂停", printed(*sent)),
            ClockEvent::Resumed { on, .. } if self.put_off => {
                format!("{}征求意见结束", printed(*on))
            }
            ClockEvent::Resumed { on, .. } => format!("{}恢复", printed(*on)),
            ClockEvent::Struck { on, .. } if self.put_off => {
                format!("{}不再征求意见，已定的期限不变", printed(*on))
            }
            ClockEvent::Struck { on, .. } => {
                format!(
                    "{}不再征求意见，这份函件的暂停不算，期间照常计算",
                    printed(*on)
                )
            }
            ClockEvent::Unwaited { on } if self.put_off => {
                format!("{}撤销收费，不再等待缴费，已定的期限不变", printed(*on))
            }
            ClockEvent::Unwaited { on } => {
                format!("{}撤销收费，等待缴费不算，期间照常计算", printed(*on))
            }
            ClockEvent::Extended { on, by } => format!("{}延长{by}个工作日", printed(*on)),
            ClockEvent::Moved { on, to } => {
                format!("{}改为{}到期", printed(*on), printed(*to))
            }
            ClockEvent::Stopped { on } => format!("{}停止", printed(*on)),
        }
    }
}

/// What an event rests on: an article, or the organ's own limit.
fn basis(case: &Case, act: Option<Act>, event: &ClockEvent) -> String {
    if case.request.kind.is_timed_by_law() {
        return law(act, event).to_owned();
    }
    match (event, act) {
        (ClockEvent::Started { .. }, Some(Act::Redo))
        | (
            ClockEvent::Stopped { .. },
            Some(Act::Withdraw | Act::Merge | Act::NotSupplemented | Act::NotPaid),
        )
        | (
            ClockEvent::Restarted { .. }
            | ClockEvent::Waiting { .. }
            | ClockEvent::Unwaited { .. }
            | ClockEvent::Moved { .. },
            _,
        ) => law(act, event).to_owned(),
        (ClockEvent::Started { terms, .. }, _) => {
            let days = match terms.limit {
                Limit::WorkingDays(days) => format!("（{}个工作日）", days.get()),
                Limit::CalendarDays(_) | Limit::FixedDate(_) => String::new(),
            };
            let basis = match case.request.own_term.basis.as_str() {
                "" => String::new(),
                basis => format!("，依据{basis}"),
            };
            format!("本机关办理期限{days}{basis}；收到之日比照条例第三十一条")
        }
        (ClockEvent::Paused { .. } | ClockEvent::Resumed { .. }, _) => {
            "征求意见的时间不计入本机关办理期限".to_owned()
        }
        (ClockEvent::Struck { .. }, _) => {
            "误发和其他原因撤回的函件不是征求意见所需，期间计入本机关办理期限".to_owned()
        }
        (ClockEvent::Extended { .. }, _) => "本机关办理期限的延长".to_owned(),
        (ClockEvent::Stopped { .. }, _) => {
            "比照国办公开办函〔2016〕235号（邮寄以交邮之日、直接送达以签收之日为准）".to_owned()
        }
    }
}

/// The article that an event of an application rests on.
const fn law(act: Option<Act>, event: &ClockEvent) -> &'static str {
    const SUPPLEMENT: &str = "条例第三十条";
    const FEE: &str = "政府信息公开信息处理费管理办法";
    match (event, act) {
        (ClockEvent::Started { .. }, Some(Act::Redo)) => "重新办理，期限重新起算",
        (ClockEvent::Started { .. }, _) => "条例第三十一条（收到之日）、第三十三条（20个工作日）",
        (ClockEvent::Restarted { .. }, Some(Act::Pay))
        | (ClockEvent::Waiting { .. }, Some(Act::Charge))
        | (ClockEvent::Stopped { .. }, Some(Act::NotPaid)) => FEE,
        (ClockEvent::Restarted { .. } | ClockEvent::Waiting { .. }, _)
        | (ClockEvent::Stopped { .. }, Some(Act::NotSupplemented)) => SUPPLEMENT,
        (ClockEvent::Paused { .. } | ClockEvent::Resumed { .. }, _) => {
            "条例第三十二条、第三十四条；第三十三条第三款（征求意见的时间不计）"
        }
        (ClockEvent::Struck { .. }, _) => {
            "条例第三十三条第三款（只有征求意见所需的时间不计；误发和其他原因撤回的，照常计算）"
        }
        (ClockEvent::Unwaited { .. }, _) => {
            "政府信息公开信息处理费管理办法（缴费才重新计算；撤销的收费不停计）"
        }
        (ClockEvent::Extended { .. }, _) => "条例第三十三条（延长不超过20个工作日）",
        (ClockEvent::Moved { .. }, Some(Act::Redo)) => "复议决定、判决规定的期限",
        (ClockEvent::Moved { .. }, _) => "条例第三十五条（延迟答复的合理期限）",
        (ClockEvent::Stopped { .. }, Some(Act::Withdraw | Act::Merge)) => {
            "申请人撤回、并案，不再答复"
        }
        (ClockEvent::Stopped { .. }, _) => {
            "条例第三十三条；国办公开办函〔2016〕235号（邮寄以交邮之日、直接送达以签收之日为准）"
        }
    }
}

fn weekday(date: Date) -> &'static str {
    match date.weekday() {
        jiff::civil::Weekday::Monday => "一",
        jiff::civil::Weekday::Tuesday => "二",
        jiff::civil::Weekday::Wednesday => "三",
        jiff::civil::Weekday::Thursday => "四",
        jiff::civil::Weekday::Friday => "五",
        jiff::civil::Weekday::Saturday => "六",
        jiff::civil::Weekday::Sunday => "日",
    }
}

impl Case {
    /// The working on paper.
    ///
    /// Law: 条例 art. 30 to 35; the day of receipt is day zero (`docs/adr/0004`).
    #[must_use]
    pub fn sheet(&self, today: Date, calendar: &WorkCalendar) -> Sheet {
        let shown = self.shown(today, calendar);
        let (mut events, mut teller) = (Vec::new(), Teller::default());
        for entry in &self.entries {
            events.extend(entry.clock.iter().map(|event| Line {
                on: entry.on,
                what: teller.words(event),
                law: basis(self, entry.act, event),
                act: entry.name(),
            }));
        }
        let reason = |date: Date| {
            let day = calendar.day(date);
            day.map_or_else(|_| "计算".to_owned(), gongkai_basis::calendar::Day::reason)
        };
        let mut months: Vec<Month> = Vec::new();
        let zero = shown
            .base
            .map(|date| (date, None, "起算之日，不计".to_owned()));
        let counted = shown.days.iter().map(|(date, how)| match how {
            Ok(n) => (*date, Some(*n), reason(*date)),
            Err(why) => (*date, None, why.clone()),
        });
        for (date, n, why) in zero.into_iter().chain(counted) {
            let name = format!("{}年{}月", date.year(), date.month());
            if months.last().is_none_or(|month| month.name != name) {
                months.push(Month {
                    name,
                    days: Vec::new(),
                });
            }
            let line = DayLine {
                date,
                weekday: weekday(date),
                n,
                why,
            };
            if let Some(month) = months.last_mut() {
                month.days.push(line);
            }
        }
        let years: std::collections::BTreeSet<i16> = months
            .iter()
            .flat_map(|month| &month.days)
            .map(|day| day.date.year())
            .collect();
        let behind = calendar
            .notices()
            .filter(|year| years.contains(&year.year()));
        let sources = behind.flat_map(|year| {
            year.notices().iter().map(|notice| Source {
                year: year.year(),
                title: notice.title.clone(),
                address: notice.address.clone().unwrap_or_default(),
                verified: year.is_verified(),
            })
        });
        Sheet {
            sources: sources.collect(),
            shown,
            events,
            months,
        }
    }
}

impl Sheet {
    /// As plain text, for the package.
    #[must_use]
    pub fn text(&self) -> String {
        let mut lines = vec![self.shown.words.clone()];
        for event in &self.events {
            lines.push(format!("{}　{}　{}", event.what, event.act, event.law));
        }
        for day in self.months.iter().flat_map(|month| &month.days) {
            let (date, week, why) = (printed(day.date), day.weekday, &day.why);
            lines.push(match day.n {
                Some(n) => format!("{date}（{week}）　第{n}个工作日　{why}"),
                None => format!("{date}（{week}）　不计：{why}"),
            });
        }
        if let Some(due) = self.shown.due_on {
            lines.push(format!("到期日　{}", printed(due)));
        }
        for source in &self.sources {
            lines.push(format!(
                "日历依据（{}年）：{}　{}",
                source.year, source.title, source.address
            ));
        }
        lines.extend(self.shown.notes.iter().cloned());
        lines.push(String::new());
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use gongkai_basis::calendar::WorkCalendar;

    use crate::request::case::Case;
    use crate::request::tests::sample;

    #[test]
    fn every_day_from_zero_to_the_last_stands_on_the_sheet_with_its_reason() {
        let mut request = sample();
        request.received_on = Some("2022-09-20".parse().unwrap());
        let on = "2022-09-20".parse().unwrap();
        let case = Case::begin(request, ("经办".to_owned(), None), on);
        let calendar = WorkCalendar::builtin();
        let sheet = case.sheet("2022-09-21".parse().unwrap(), &calendar);
        let days: Vec<_> = sheet.months.iter().flat_map(|month| &month.days).collect();
        // 20 September to 21 October: day zero, then each day once.
        assert_eq!(days.len(), 32);
        assert!(
            days.windows(2)
                .all(|pair| pair[0].date.tomorrow().ok() == Some(pair[1].date))
        );
        assert_eq!(days.iter().filter(|day| day.n.is_some()).count(), 20);
        assert_eq!(days[0].why, "起算之日，不计");
        assert!(days.iter().all(|day| !day.why.is_empty()));
        let of = |date: &str| {
            let found = days
                .iter()
                .find(|day| day.date.to_string() == date)
                .unwrap();
            (found.n, found.why.as_str())
        };
        assert_eq!(of("2022-09-21"), (Some(1), "工作日"));
        assert_eq!(of("2022-10-08"), (Some(9), "国庆节调休上班"));
        assert_eq!(of("2022-10-03"), (None, "国庆节放假"));
        assert_eq!(of("2022-10-21"), (Some(20), "工作日"));
        let names: Vec<&str> = sheet
            .months
            .iter()
            .map(|month| month.name.as_str())
            .collect();
        assert_eq!(names, ["2022年9月", "2022年10月"]);
        assert!(sheet.events[0].law.contains("第三十一条"));
        assert!(sheet.sources.iter().all(|one| one.year == 2022) && !sheet.sources.is_empty());
        assert!(sheet.shown.notes.is_empty());
        let text = sheet.text();
        assert!(
            text.contains("到期日　2022年10月21日") && text.contains("日历依据（2022年）"),
            "{text}"
        );
    }

    /// The count goes on into a year whose notice is not there yet: what is known of it stands on the sheet all the same.
    #[test]
    fn the_days_before_an_unknown_year_stand_on_the_sheet() {
        let notices = WorkCalendar::builtin();
        let notices = notices.notices().filter(|one| one.year() <= 2025);
        let calendar = WorkCalendar::of(notices.cloned().collect::<Vec<_>>());
        let mut request = sample();
        request.received_on = Some("2025-12-10".parse().unwrap());
        let on = "2025-12-10".parse().unwrap();
        let case = Case::begin(request, ("经办".to_owned(), None), on);
        let sheet = case.sheet("2025-12-15".parse().unwrap(), &calendar);
        assert_eq!(sheet.shown.due_on, None);
        let days: Vec<_> = sheet.months.iter().flat_map(|month| &month.days).collect();
        assert_eq!(days.first().unwrap().date, on);
        let last = days.last().unwrap();
        assert_eq!(
            (last.date.to_string().as_str(), last.n),
            ("2025-12-31", Some(15))
        );
        assert!(sheet.text().contains("第15个工作日"), "{}", sheet.text());
        let notes = sheet.shown.notes.join("");
        assert!(
            notes.contains("2026年放假安排以后才能算出到期日"),
            "{notes}"
        );
    }
}
