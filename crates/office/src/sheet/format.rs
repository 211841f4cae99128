//! Numbers as a person sees them: the common part of spreadsheet number formats.

use super::date::{Moment, moment};
use crate::numeral::{Numeral, print};

/// A piece of one section of a format code.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Literal(String),
    /// `0`, `#` or `?`.
    Digit(char),
    Point,
    Comma,
    Percent,
    /// A run of one date letter, and whether it stood in brackets (elapsed time).
    Date {
        letter: char,
        count: usize,
        elapsed: bool,
    },
    /// 上午/下午 or AM/PM.
    HalfDay {
        chinese: bool,
    },
    /// Digits as 一二三 or 壹贰叁.
    Chinese(Numeral),
    General,
    Text,
    Exponent,
    Fraction,
}

/// Format code of a built-in id, as a Chinese-language program shows it.
pub(super) fn built_in(id: u32) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 | 13 => "# ?/?",
        14 => "yyyy/m/d",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "yyyy/m/d h:mm",
        27 | 36 | 50 | 52 | 57 => "yyyy\"年\"m\"月\"",
        28 | 29 | 51 | 53 | 54 | 58 => "m\"月\"d\"日\"",
        30 => "m-d-yy",
        31 => "yyyy\"年\"m\"月\"d\"日\"",
        32 => "h\"时\"mm\"分\"",
        33 => "h\"时\"mm\"分\"ss\"秒\"",
        34 | 55 => "上午/下午h\"时\"mm\"分\"",
        35 | 56 => "上午/下午h\"时\"mm\"分\"ss\"秒\"",
        37 | 38 => "#,##0",
        39 | 40 => "#,##0.00",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mm:ss.0",
        49 => "@",
        _ => "General",
    }
}

/// `value` under format `code`; what the format cannot be followed in is shown as a plain number.
pub(super) fn show(value: f64, code: &str, from_1904: bool) -> String {
    let sections = sections(code);
    let (section, magnitude) = match sections.as_slice() {
        [_, negative, ..] if value < 0.0 => (negative, -value),
        [_, _, zero, ..] if value == 0.0 => (zero, value),
        [first, ..] => (first, value),
        [] => return general(value),
    };
    let mut pieces = pieces(section);
    mark_minutes(&mut pieces);
    if pieces
        .iter()
        .any(|piece| matches!(piece, Piece::Date { .. } | Piece::HalfDay { .. }))
    {
        if is_of_another_order(&pieces) {
            pieces = self::pieces(built_in(14));
        }
        return match moment(value, from_1904) {
            Some(moment) => show_date(&pieces, moment, value),
            None => general(value),
        };
    }
    show_number(&pieces, magnitude)
}

/// Month or day in digits first and the year last, as other countries write: nobody could tell the day from the month.
fn is_of_another_order(pieces: &[Piece]) -> bool {
    let parts = pieces.iter().filter_map(|piece| match piece {
        Piece::Date { letter, count, .. } => Some((*letter, *count)),
        _ => None,
    });
    let parts: Vec<(char, usize)> = parts.collect();
    matches!(
        parts.as_slice(),
        [('m', 1 | 2), ('d', 1 | 2), ('y', _)] | [('d', 1 | 2), ('m', 1 | 2), ('y', _)]
    )
}

/// The default format: whole numbers without a point, others with at most ten significant digits.
pub(super) fn general(value: f64) -> String {
    if !value.is_finite() {
        return "#NUM!".to_owned();
    }
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return format!("{value:.0}");
    }
    if value.abs() >= 1e15 || value.abs() < 1e-9 {
        return format!("{value:.5E}");
    }
    format!("{value:.9e}")
        .parse::<f64>()
        .map(|rounded| rounded.to_string())
        .unwrap_or_default()
}

fn sections(code: &str) -> Vec<String> {
    let (mut sections, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for c in code.chars() {
        if c == ';' && !quoted && !escaped {
            sections.push(String::new());
            continue;
        }
        quoted ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped && !quoted;
        if let Some(section) = sections.last_mut() {
            section.push(c);
        }
    }
    sections
}

fn pieces(section: &str) -> Vec<Piece> {
    let (mut pieces, mut rest) = (Vec::new(), section);
    while let Some(c) = rest.chars().next() {
        let (piece, after) = next_piece(c, rest);
        rest = after;
        match (piece, pieces.last_mut()) {
            (Some(Piece::Literal(more)), Some(Piece::Literal(text))) => text.push_str(&more),
            (Some(piece), _) => pieces.push(piece),
            (None, _) => {}
        }
    }
    pieces
}

fn next_piece(c: char, rest: &str) -> (Option<Piece>, &str) {
    let after = rest.get(c.len_utf8()..).unwrap_or_default();
    let literal = |text: &str| Some(Piece::Literal(text.to_owned()));
    for (word, piece) in [
        ("General", Piece::General),
        ("AM/PM", Piece::HalfDay { chinese: false }),
        ("上午/下午", Piece::HalfDay { chinese: true }),
        ("E+", Piece::Exponent),
        ("E-", Piece::Exponent),
    ] {
        if rest
            .get(..word.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(word))
        {
            return (Some(piece), rest.get(word.len()..).unwrap_or_default());
        }
    }
    match c {
        '"' => match after.split_once('"') {
            Some((text, after)) => (literal(text), after),
            None => (literal(after), ""),
        },
        '\\' | '!' => {
            let length = after.chars().next().map_or(0, char::len_utf8);
            (
                after.get(..length).and_then(literal),
                after.get(length..).unwrap_or_default(),
            )
        }
        '_' | '*' => {
            let length = after.chars().next().map_or(0, char::len_utf8);
            (None, after.get(length..).unwrap_or_default())
        }
        '[' => match after.split_once(']') {
            Some((inside, after)) => (bracket(inside), after),
            None => (None, after),
        },
        '0' | '#' | '?' => (Some(Piece::Digit(c)), after),
        '.' => (Some(Piece::Point), after),
        ',' => (Some(Piece::Comma), after),
        '%' => (Some(Piece::Percent), after),
        '/' => (Some(Piece::Fraction), after),
        '@' => (Some(Piece::Text), after),
        'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' | 'a' | 'e' => {
            let count = rest
                .chars()
                .take_while(|next| next.eq_ignore_ascii_case(&c))
                .count();
            let letter = c.to_ascii_lowercase();
            let letter = if letter == 'e' { 'y' } else { letter };
            (
                Some(Piece::Date {
                    letter,
                    count,
                    elapsed: false,
                }),
                rest.get(count..).unwrap_or_default(),
            )
        }
        c => (literal(c.encode_utf8(&mut [0; 4])), after),
    }
}

/// Brackets hold elapsed hours, digits of another script, a currency sign, or colours and conditions.
fn bracket(inside: &str) -> Option<Piece> {
    let lower = inside.to_ascii_lowercase();
    match lower.as_str() {
        "dbnum1" => return Some(Piece::Chinese(Numeral::Chinese)),
        "dbnum2" => return Some(Piece::Chinese(Numeral::ChineseLegal)),
        "dbnum3" => return Some(Piece::Chinese(Numeral::FullWidth)),
        _ => {}
    }
    if let Some(sign) = inside.strip_prefix('$') {
        let sign = sign.split('-').next().unwrap_or_default();
        return (!sign.is_empty()).then(|| Piece::Literal(sign.to_owned()));
    }
    let letter = lower.chars().next()?;
    let same = matches!(letter, 'h' | 'm' | 's') && lower.chars().all(|c| c == letter);
    same.then_some(Piece::Date {
        letter,
        count: lower.len(),
        elapsed: true,
    })
}

/// An `m` after hours or before seconds is minutes; it becomes `n`.
fn mark_minutes(pieces: &mut [Piece]) {
    let letters: Vec<(usize, char)> = pieces
        .iter()
        .enumerate()
        .filter_map(|(index, piece)| match piece {
            Piece::Date { letter, .. } => Some((index, *letter)),
            _ => None,
        })
        .collect();
    for (order, &(index, letter)) in letters.iter().enumerate() {
        let before = order
            .checked_sub(1)
            .and_then(|n| letters.get(n))
            .map(|l| l.1);
        let after = letters.get(order + 1).map(|l| l.1);
        if letter == 'm'
            && (before == Some('h') || after == Some('s'))
            && let Some(Piece::Date { letter, .. }) = pieces.get_mut(index)
        {
            *letter = 'n';
        }
    }
}

fn show_date(pieces: &[Piece], at: Moment, serial: f64) -> String {
    let half = pieces
        .iter()
        .any(|piece| matches!(piece, Piece::HalfDay { .. }));
    let chinese = pieces.contains(&Piece::Chinese(Numeral::Chinese));
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Literal(literal) => text.push_str(literal),
            Piece::HalfDay { chinese } => text.push_str(match (chinese, at.hour < 12) {
                (true, true) => "上午",
                (true, false) => "下午",
                (false, true) => "AM",
                (false, false) => "PM",
            }),
            Piece::Date {
                letter,
                elapsed: true,
                ..
            } => {
                let per_day = match letter {
                    'h' => 24.0,
                    's' => 86_400.0,
                    _ => 1_440.0,
                };
                text.push_str(&format!("{:.0}", (serial * per_day).trunc()));
            }
            Piece::Date { letter, count, .. } => {
                text.push_str(&date_part(*letter, *count, at, half, chinese));
            }
            Piece::Fraction => text.push('/'),
            Piece::Point => text.push('.'),
            Piece::Comma => text.push(','),
            Piece::Digit(_) => text.push('0'),
            Piece::Percent => text.push('%'),
            Piece::Chinese(_) | Piece::General | Piece::Text | Piece::Exponent => {}
        }
    }
    text
}

/// `count` times the same letter: a year, month, day of the month or week, hour, minute (`n`) or second.
fn date_part(letter: char, count: usize, at: Moment, half: bool, chinese: bool) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    const WEEKDAYS: [&str; 7] = ["日", "一", "二", "三", "四", "五", "六"];
    let number = |value: i64, width: usize| match chinese {
        true => print(value, Numeral::Chinese),
        false => format!("{value:0width$}"),
    };
    let named = |names: &[&str], index: i64| {
        usize::try_from(index)
            .ok()
            .and_then(|index| names.get(index).copied())
            .unwrap_or_default()
            .to_owned()
    };
    match (letter, count) {
        ('y', _) if chinese => print(at.year, Numeral::ChineseDigits),
        ('y', 1 | 2) => number(at.year % 100, 2),
        ('y', _) => number(at.year, 4),
        ('m', 3 | 5) => named(&MONTHS, at.month - 1),
        ('m', n) => number(at.month, n.min(2)),
        ('d', 1 | 2) => number(at.day, count),
        ('d' | 'a', n) => {
            (if n >= 4 { "星期" } else { "周" }).to_owned() + &named(&WEEKDAYS, at.weekday)
        }
        ('h', n) if half => number((at.hour + 11) % 12 + 1, n.min(2)),
        ('h', n) => number(at.hour, n.min(2)),
        ('n', n) => number(at.minute, n.min(2)),
        (_, n) => number(at.second, n.min(2)),
    }
}

fn show_number(pieces: &[Piece], value: f64) -> String {
    let plain = |piece: &Piece| matches!(piece, Piece::Exponent | Piece::Fraction);
    if pieces.iter().any(plain) || !value.is_finite() {
        return general(value);
    }
    let is_place = |piece: &Piece| {
        matches!(
            piece,
            Piece::Digit(_) | Piece::Point | Piece::Comma | Piece::General | Piece::Text
        )
    };
    let (Some(first), Some(last)) = (
        pieces.iter().position(is_place),
        pieces.iter().rposition(is_place),
    ) else {
        return match pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Literal(_)))
        {
            true => literals(pieces),
            false => general(value),
        };
    };
    let core = pieces.get(first..=last).unwrap_or_default();
    let percents = pieces
        .iter()
        .filter(|piece| **piece == Piece::Percent)
        .count();
    let value = value * 100f64.powi(i32::try_from(percents).unwrap_or(0).min(4));
    let script = pieces.iter().find_map(|piece| match piece {
        Piece::Chinese(numeral) => Some(*numeral),
        _ => None,
    });
    let number = match script {
        Some(numeral) if value.fract() == 0.0 && value.abs() < 1e15 => print(value as i64, numeral),
        _ => digits(core, value),
    };
    let before = literals(pieces.get(..first).unwrap_or_default());
    let after = literals(pieces.get(last + 1..).unwrap_or_default());
    format!("{before}{number}{after}")
}

fn literals(pieces: &[Piece]) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Literal(text) => text.clone(),
        Piece::Percent => "%".to_owned(),
        _ => String::new(),
    };
    pieces.iter().map(text).collect()
}

/// Decimals, least digits and grouping of the core of a number format.
fn digits(core: &[Piece], value: f64) -> String {
    const DECIMALS_MAX: usize = 30;
    if core
        .iter()
        .any(|piece| matches!(piece, Piece::General | Piece::Text))
    {
        return general(value);
    }
    let point = core.iter().position(|piece| *piece == Piece::Point);
    let (whole, decimal) = core.split_at(point.unwrap_or(core.len()));
    let count = |part: &[Piece], sign: &[char]| {
        part.iter()
            .filter(|piece| matches!(piece, Piece::Digit(c) if sign.contains(c)))
            .count()
            .min(DECIMALS_MAX)
    };
    let (most, least) = (count(decimal, &['0', '#', '?']), count(decimal, &['0']));
    let mut text = format!("{:.most$}", value.abs());
    while most > least
        && text.ends_with('0')
        && text.rsplit('.').next().is_some_and(|d| d.len() > least)
    {
        text.pop();
    }
    let (integer, fraction) = text
        .split_once('.')
        .map(|(i, f)| (i.to_owned(), f.to_owned()))
        .unwrap_or((text.clone(), String::new()));
    let mut integer = format!("{integer:0>width$}", width = count(whole, &['0']).max(1));
    let grouped = whole
        .iter()
        .position(|piece| *piece == Piece::Comma)
        .is_some_and(|at| {
            whole
                .get(at + 1..)
                .unwrap_or_default()
                .iter()
                .any(|piece| matches!(piece, Piece::Digit(_)))
        });
    if grouped {
        integer = group(&integer);
    }
    let sign = if value < 0.0 { "-" } else { "" };
    match fraction.is_empty() {
        true => format!("{sign}{integer}"),
        false => format!("{sign}{integer}.{fraction}"),
    }
}

fn group(integer: &str) -> String {
    let length = integer.len();
    integer
        .chars()
        .enumerate()
        .flat_map(|(index, c)| {
            let comma = index > 0 && (length - index).is_multiple_of(3);
            comma.then_some(',').into_iter().chain([c])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_no_point() {
        assert_eq!(general(3.0), "3");
        assert_eq!(general(0.1 + 0.2), "0.3");
        assert_eq!(general(-12.5), "-12.5");
        assert_eq!(general(1.0e17), "1.00000E17");
        assert_eq!(show(7.0, "General", false), "7");
    }

    #[test]
    fn dates_are_shown_as_their_format_says() {
        let cases = [
            ("yyyy/m/d", "2022/6/16"),
            ("yyyy\"年\"m\"月\"d\"日\"", "2022年6月16日"),
            ("yyyy\\年mm\\月dd\\日;@", "2022年06月16日"),
            ("[$-804]aaaa", "星期四"),
            (
                "[DBNum1][$-804]yyyy\"年\"m\"月\"d\"日\"",
                "二〇二二年六月十六日",
            ),
            ("yyyy-mm-dd hh:mm:ss", "2022-06-16 18:30:00"),
            ("m/d/yy h:mm AM/PM", "6/16/22 6:30 PM"),
            ("上午/下午h\"时\"mm\"分\"", "下午6时30分"),
            ("[h]:mm", "1073490:30"),
        ];
        for (code, want) in cases {
            assert_eq!(show(44_728.0 + 18.5 / 24.0, code, false), want, "{code}");
        }
    }

    #[test]
    fn numbers_follow_decimals_groups_and_signs() {
        let cases = [
            (1234.5, "#,##0.00", "1,234.50"),
            (0.256, "0%", "26%"),
            (0.256, "0.0%", "25.6%"),
            (5.0, "000", "005"),
            (3.0, "\"第\"0\"条\"", "第3条"),
            (-3.0, "0;(0)", "(3)"),
            (0.0, "0;-0;\"—\"", "—"),
            (2.5, "0.##", "2.5"),
            (12.0, "[DBNum1]General", "十二"),
            (3.0, "[$¥-804]#,##0", "¥3"),
            (8.0, "_ * #,##0_ ;_ * -#,##0_ ", "8"),
            (1.5, "@", "1.5"),
        ];
        for (value, code, want) in cases {
            assert_eq!(show(value, code, false), want, "{code}");
        }
    }

    #[test]
    fn strange_codes_never_fail() {
        for code in [
            "",
            ";",
            "[",
            "\"",
            "\\",
            "[h",
            "yyyyyyyyyy",
            "0.000000000000000000000000000000000000000000",
            "[>5]0;;;;",
        ] {
            for value in [0.0, -1.5, 1e300, f64::NAN, f64::INFINITY] {
                show(value, code, true);
            }
        }
    }
}
