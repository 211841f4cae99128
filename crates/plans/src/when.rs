//! Days and instants as people in Beijing read them.

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_platform::db::Tx;
use jiff::civil::Weekday;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

fn zoned(milliseconds: i64) -> Option<Zoned> {
    // China has had one offset from UTC, without summer time, since 1991.
    let zone = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::fixed(Offset::constant(8)));
    Some(
        Timestamp::from_millisecond(milliseconds)
            .ok()?
            .to_zoned(zone),
    )
}

/// `2026年10月12日 09:05`, from milliseconds since 1970; for a number that is no instant, nothing.
pub(crate) fn moment(milliseconds: i64) -> String {
    zoned(milliseconds).map_or_else(String::new, |local| {
        format!(
            "{} {:02}:{:02}",
            date(local.date()),
            local.hour(),
            local.minute()
        )
    })
}

/// The day on which an instant lies.
pub(crate) fn civil_day(milliseconds: i64) -> Option<Date> {
    zoned(milliseconds).map(|local| local.date())
}

/// The day of a transaction, in Beijing.
pub(crate) fn today(tx: &Tx) -> Date {
    civil_day(tx.now().as_millisecond()).unwrap_or_default()
}

/// `2026年10月12日`
pub(crate) fn date(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// `2026年10月12日（周一）`
pub(crate) fn day(day: Date) -> String {
    let weekday = match day.weekday() {
        Weekday::Monday => "一",
        Weekday::Tuesday => "二",
        Weekday::Wednesday => "三",
        Weekday::Thursday => "四",
        Weekday::Friday => "五",
        Weekday::Saturday => "六",
        Weekday::Sunday => "日",
    };
    format!("{}（周{weekday}）", date(day))
}

/// `还剩 3 个工作日`, `今天到期`, `已逾期 5 天`; where no notice tells the working days, calendar days.
pub(crate) fn left(calendar: &WorkCalendar, today: Date, due: Date) -> String {
    if due == today {
        return "今天到期".to_owned();
    }
    if due < today {
        return format!("已逾期 {} 天", (today - due).get_days());
    }
    match calendar.between(today, due) {
        Ok(0) => format!("还剩 {} 天，都是休息日", (due - today).get_days()),
        Ok(days) => format!("还剩 {days} 个工作日"),
        Err(_) => format!("还剩 {} 天", (due - today).get_days()),
    }
}

#[cfg(test)]
mod tests {
    use super::{civil_day, day, left, moment};
    use gongkai_basis::Date;
    use gongkai_basis::calendar::WorkCalendar;

    fn on(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn instants_are_told_in_beijing_time() {
        // 2026-10-11T16:00:00Z
        assert_eq!(moment(1_791_734_400_000), "2026年10月12日 00:00");
        assert_eq!(civil_day(1_791_734_399_999), Some(on("2026-10-11")));
        assert_eq!(moment(i64::MAX), "");
    }

    #[test]
    fn what_is_left_is_counted_in_working_days() {
        let calendar = WorkCalendar::builtin();
        let words = |today: &str, due: &str| left(&calendar, on(today), on(due));
        assert_eq!(day(on("2026-11-27")), "2026年11月27日（周五）");
        assert_eq!(words("2026-09-21", "2026-09-21"), "今天到期");
        assert_eq!(words("2026-09-21", "2026-09-24"), "还剩 3 个工作日");
        assert_eq!(words("2026-09-21", "2026-09-16"), "已逾期 5 天");
        assert_eq!(words("2026-10-02", "2026-10-04"), "还剩 2 天，都是休息日");
        // No notice of that year is out.
        assert_eq!(words("2026-12-30", "2031-01-01"), "还剩 1463 天");
    }
}
