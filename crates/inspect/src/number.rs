//! Numbers that prove themselves by a check digit.

/// 居民身份证号码 (GB 11643-1999): 18 characters whose division, birth date and check digit hold, or the old 15 digits.
///
/// The check of 18: weights 2^(17−i) mod 11, remainder into `10X98765432`. A lower-case x counts as X. The old form has
/// no check digit and its years are 19YY.
#[must_use]
pub fn is_id_card(number: &str) -> bool {
    let chars: Vec<char> = number.chars().collect();
    match chars.len() {
        18 => {
            let Some(digits) = digits(chars.get(..17).unwrap_or_default()) else {
                return false;
            };
            const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
            let sum: u32 = digits
                .iter()
                .zip(WEIGHTS)
                .map(|(digit, weight)| digit * weight)
                .sum();
            let check = "10X98765432".chars().nth((sum % 11) as usize);
            let last = chars.last().map(char::to_ascii_uppercase);
            has_birth_date(&digits, 1850) && last == check
        }
        15 => {
            let Some(digits) = digits(&chars) else {
                return false;
            };
            is_division(&digits)
                && is_date(
                    1900 + number_of(&digits, 6, 8),
                    number_of(&digits, 8, 10),
                    number_of(&digits, 10, 12),
                )
        }
        _ => false,
    }
}

/// 18 characters as a 居民身份证号码 has them, whose check digit is not looked at: a typed list has slips, and a number
/// with one wrong digit still tells nearly all of a person. Births before 1900 are left out; without the check digit
/// such a year is chance.
pub(crate) fn is_like_id_card(number: &str) -> bool {
    let chars: Vec<char> = number.chars().collect();
    let Some((last, body)) = chars.split_last() else {
        return false;
    };
    chars.len() == 18
        && (last.is_ascii_digit() || matches!(last, 'x' | 'X'))
        && digits(body).is_some_and(|digits| has_birth_date(&digits, 1900))
}

/// The division at the head, and behind it a day (YYYYMMDD) from the year `first` on.
fn has_birth_date(digits: &[u32], first: u32) -> bool {
    let year = number_of(digits, 6, 10);
    is_division(digits)
        && (first..=2099).contains(&year)
        && is_date(year, number_of(digits, 10, 12), number_of(digits, 12, 14))
}

/// 银行卡号: 13 to 19 digits that pass Luhn (ISO/IEC 7812-1) and begin as the card organisations' numbers do, each with
/// its own length. A long order number that happens to pass Luhn mostly begins otherwise.
#[must_use]
pub fn is_bank_card(number: &str) -> bool {
    let chars: Vec<char> = number.chars().collect();
    let Some(digits) = digits(&chars) else {
        return false;
    };
    let length = digits.len();
    let two = number_of(&digits, 0, 2);
    let four = number_of(&digits, 0, 4);
    let plausible = match two {
        62 => (16..=19).contains(&length),
        60 | 68 | 69 => (16..=19).contains(&length),
        40..=49 => matches!(length, 13 | 16 | 19),
        51..=55 => length == 16,
        56 | 58 => (16..=19).contains(&length),
        22..=27 => length == 16 && (2221..=2720).contains(&four),
        34 | 37 => length == 15,
        35 => length == 16,
        30 | 36 | 38 => length == 14,
        _ => {
            matches!(four, 9558 | 9559 | 9111 | 9896 | 9843 | 9400 | 9001)
                && (16..=19).contains(&length)
        }
    };
    plausible && luhn(&digits) && digits.iter().any(|digit| *digit != 0)
}

fn digits(chars: &[char]) -> Option<Vec<u32>> {
    chars.iter().map(|c| c.to_digit(10)).collect()
}

fn number_of(digits: &[u32], from: usize, to: usize) -> u32 {
    digits
        .get(from..to)
        .unwrap_or_default()
        .iter()
        .fold(0, |number, digit| number * 10 + digit)
}

fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => *digit,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The first two digits are a province (GB/T 2260) or one of the codes for residents of Hong Kong, Macao and Taiwan.
fn is_division(digits: &[u32]) -> bool {
    matches!(
        number_of(digits, 0, 2),
        11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83
    )
}

pub(crate) fn is_date(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}
