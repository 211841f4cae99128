//! Instants as people in Beijing read them.

use gongkai_basis::Date;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// China has had one offset from UTC, without summer time, since 1991.
fn beijing() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::fixed(Offset::constant(8)))
}

/// `2026年10月12日 09:05`, from milliseconds since 1970; for a number that is no instant, nothing.
#[must_use]
pub fn moment(milliseconds: i64) -> String {
    Timestamp::from_millisecond(milliseconds).map_or_else(
        |_| String::new(),
        |instant| {
            let local = instant.to_zoned(beijing());
            format!(
                "{}年{}月{}日 {:02}:{:02}",
                local.year(),
                local.month(),
                local.day(),
                local.hour(),
                local.minute()
            )
        },
    )
}

/// `2026-10-12 09:05`, as the tag `PubDate` of government sites wants it; for a number that is no instant, nothing.
#[must_use]
pub fn stamp(milliseconds: i64) -> String {
    let instant = Timestamp::from_millisecond(milliseconds).ok();
    instant.map_or_else(String::new, |instant| {
        let at = instant.to_zoned(beijing());
        at.strftime("%Y-%m-%d %H:%M").to_string()
    })
}

/// The civil day in Beijing on which an instant lies.
#[must_use]
pub fn civil_day(instant: Timestamp) -> Date {
    instant.to_zoned(beijing()).date()
}

/// `2026年10月12日`
#[must_use]
pub fn day(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// The first millisecond of a day in Beijing, since 1970.
#[must_use]
pub fn start_of(date: Date) -> Option<i64> {
    let start = date.to_zoned(beijing()).ok()?;
    Some(start.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::{day, moment, start_of};

    #[test]
    fn instants_are_told_in_beijing_time() {
        let midnight = start_of("2026-10-12".parse().unwrap()).unwrap();
        assert_eq!(moment(midnight), "2026年10月12日 00:00");
        assert_eq!(moment(midnight - 60_000), "2026年10月11日 23:59");
        assert_eq!(day("2026-10-12".parse().unwrap()), "2026年10月12日");
        assert_eq!(moment(i64::MAX), "");
    }
}
