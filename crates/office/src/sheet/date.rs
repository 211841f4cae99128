//! Spreadsheet day numbers to civil dates.

/// Day number of the last day that any spreadsheet knows, 9999-12-31.
const SERIAL_MAX: f64 = 2_958_466.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) year: i64,
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    /// 0 is Sunday.
    pub(super) weekday: i64,
}

/// The moment of a day number; `None` outside 1900…9999. `from_1904`: days count from 1904-01-01.
pub(super) fn moment(serial: f64, from_1904: bool) -> Option<Moment> {
    let serial = if from_1904 { serial + 1462.0 } else { serial };
    if !(0.0..SERIAL_MAX).contains(&serial) {
        return None;
    }
    let seconds = (serial * 86_400.0).round() as i64;
    let (mut days, seconds) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    if days < 60 {
        days += 1; // the day 1900-02-29, number 60, never was
    }
    // Day 0 of the system is 1899-12-30, 25,569 days before 1970-01-01.
    let (year, month, day) = civil(days - 25_569);
    Some(Moment {
        year,
        month,
        day,
        hour: seconds / 3600,
        minute: seconds / 60 % 60,
        second: seconds % 60,
        weekday: (days - 25_569 + 4).rem_euclid(7),
    })
}

/// Year, month, day of a day counted from 1970-01-01: whole 400-year cycles from 1 March of year 0.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (cycle, day_of_cycle) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_cycle = (day_of_cycle - day_of_cycle / 1_460 + day_of_cycle / 36_524
        - day_of_cycle / 146_096)
        / 365;
    let day_of_year =
        day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    (
        cycle * 400 + year_of_cycle + i64::from(month <= 2),
        month,
        day,
    )
}

/// The day number, counted from 1900, of a moment such as `2022-12-31T09:30:00.000`; `None` for a day that never was.
pub(super) fn serial(text: &str) -> Option<f64> {
    let (day, time) = text.split_once('T').unwrap_or((text, ""));
    let mut parts = day.splitn(3, '-');
    let mut number = || parts.next()?.parse::<i64>().ok();
    let (year, month, day) = (number()?, number()?, number()?);
    let written = (1..=9999).contains(&year) && (1..=12).contains(&month) && day > 0;
    let days = written
        .then(|| days(year, month, day))
        .filter(|days| civil(*days) == (year, month, day))?;
    let number = days + 25_569;
    // the other side of the day that never was
    let number = if number <= 60 { number - 1 } else { number };
    Some(number as f64 + seconds(time)? / 86_400.0)
}

/// The other way round from [`civil`].
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month_from_march) = match month {
        1 | 2 => (year - 1, month + 9),
        month => (year, month - 3),
    };
    let (cycle, year_of_cycle) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_cycle = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
    cycle * 146_097 + day_of_cycle - 719_468
}

/// The seconds of `09:30:00.000`; none of an empty text.
fn seconds(time: &str) -> Option<f64> {
    let mut parts = time.trim_end_matches('Z').splitn(3, ':');
    let mut number = || match parts.next() {
        None | Some("") => Some(0.0),
        Some(digits) => {
            let number = digits.parse::<f64>().ok();
            number.filter(|number| (0.0..60.0).contains(number))
        }
    };
    Some(number()? * 3600.0 + number()? * 60.0 + number()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(serial: f64) -> (i64, i64, i64) {
        let m = moment(serial, false).unwrap();
        (m.year, m.month, m.day)
    }

    #[test]
    fn day_numbers_are_those_of_spreadsheets() {
        assert_eq!(date(1.0), (1900, 1, 1));
        assert_eq!(date(59.0), (1900, 2, 28));
        assert_eq!(date(61.0), (1900, 3, 1));
        assert_eq!(date(44_728.0), (2022, 6, 16));
        assert_eq!(date(2_958_465.0), (9999, 12, 31));
        assert_eq!(
            moment(44_728.75, false).map(|m| (m.hour, m.weekday)),
            Some((18, 4))
        );
        assert_eq!(
            moment(43_266.0, true).map(|m| (m.year, m.month, m.day)),
            Some((2022, 6, 16))
        );
        assert_eq!(moment(-1.0, false), None);
        assert_eq!(moment(f64::NAN, false), None);
    }

    #[test]
    fn written_moments_are_day_numbers() {
        let check = |text: &str, number: Option<f64>| assert_eq!(serial(text), number, "{text}");
        check("2022-06-16", Some(44_728.0));
        check("2022-06-16T18:00:00.000", Some(44_728.75));
        check("1900-01-01T00:00:00", Some(1.0));
        check("1900-02-28", Some(59.0));
        check("1900-03-01", Some(61.0));
        check("1899-12-31T12:00:00.000", Some(0.5));
        check("2024-02-29", Some(45_351.0));
        for bad in [
            "2022-02-31",
            "2022-13-01",
            "-5-1-1",
            "2022",
            "",
            "2022-06-16T77:00",
        ] {
            check(bad, None);
        }
        assert_eq!(serial("9999999-01-01"), None);
    }
}
