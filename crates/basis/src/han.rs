//! Small pure helpers for Chinese text: width, white space, numerals.

#[cfg(test)]
mod tests;

/// Offset between a full-width form (U+FF01–U+FF5E) and its ASCII twin.
const FULL_WIDTH_OFFSET: u32 = 0xFF01 - 0x21;

/// Largest number that [`number`] reads.
pub const NUMBER_MAX: u64 = 99_999_999;

/// Whether the character is a Chinese ideograph (unified, extension or compatibility), or 〇.
#[must_use]
pub const fn is_cjk(c: char) -> bool {
    matches!(
        c,
        '\u{4E00}'..='\u{9FFF}'
            | '\u{3400}'..='\u{4DBF}'
            | '\u{20000}'..='\u{3FFFF}'
            | '\u{F900}'..='\u{FAFF}'
            | '〇'
    )
}

/// One character narrowed: ０ → 0, （ → (, ： → :, ideographic and odd blanks → a plain blank.
///
/// Punctuation without an ASCII twin (。、《》〔〕“”) stays. `None` for characters without width:
/// zero-width blanks and joiners, soft hyphen, byte order mark.
#[must_use]
pub fn fold_char(c: char) -> Option<char> {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - FULL_WIDTH_OFFSET),
        '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' => None,
        c if c.is_whitespace() => Some(' '),
        c => Some(c),
    }
}

/// The text narrowed by [`fold_char`], runs of white space as one blank, none at the ends.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().filter_map(fold_char) {
        if c != ' ' {
            folded.push(c);
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// The text narrowed by [`fold_char`], without any white space: for comparing Chinese names.
#[must_use]
pub fn squeeze(text: &str) -> String {
    text.chars()
        .filter_map(fold_char)
        .filter(|c| *c != ' ')
        .collect()
}

/// The value of a number in Arabic digits of either width or in Chinese numerals, with or without
/// 第: `23`, `１２`, `二十三`, `第三`, `一百零五`, `二〇二二`, `两`. `None` for anything else, and
/// above [`NUMBER_MAX`].
#[must_use]
pub fn number(text: &str) -> Option<u64> {
    let text = squeeze(text);
    let text = text.strip_prefix('第').unwrap_or(&text);
    if text.is_empty() {
        return None;
    }
    let value = if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().ok()
    } else if text.chars().all(|c| digit(c).is_some()) {
        digit_by_digit(text)
    } else {
        with_units(text)
    };
    value.filter(|value| *value <= NUMBER_MAX)
}

/// The usual numeral: 0 → 零, 10 → 十, 23 → 二十三, 105 → 一百零五. Up to [`NUMBER_MAX`]; larger
/// numbers come in Arabic digits.
#[must_use]
pub fn numeral(value: u64) -> String {
    if value > NUMBER_MAX {
        return value.to_string();
    }
    if value == 0 {
        return "零".to_owned();
    }
    let (upper, lower) = (value / 10_000, value % 10_000);
    let mut text = String::new();
    if upper > 0 {
        push_section(&mut text, upper);
        text.push('万');
        if lower > 0 && lower < 1_000 {
            text.push('零');
        }
    }
    push_section(&mut text, lower);
    match text.strip_prefix("一十") {
        Some(rest) => format!("十{rest}"),
        None => text,
    }
}

/// Appends 1 to 9999 in numerals; nothing for zero.
fn push_section(text: &mut String, section: u64) {
    let mut rest = section;
    let mut begun = false;
    let mut gap = false;
    for (unit, name) in [(1_000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let Some(count) = digit_name(rest / unit) else {
            gap = begun;
            continue;
        };
        if gap {
            text.push('零');
        }
        text.push(count);
        text.push_str(name);
        rest %= unit;
        (begun, gap) = (true, false);
    }
}

const fn digit_name(count: u64) -> Option<char> {
    Some(match count {
        1 => '一',
        2 => '二',
        3 => '三',
        4 => '四',
        5 => '五',
        6 => '六',
        7 => '七',
        8 => '八',
        9 => '九',
        _ => return None,
    })
}

const fn digit(c: char) -> Option<u64> {
    Some(match c {
        '〇' | '零' | '○' => 0,
        '一' | '壹' => 1,
        '二' | '贰' | '两' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

const fn unit(c: char) -> Option<u64> {
    Some(match c {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1_000,
        '万' => 10_000,
        _ => return None,
    })
}

fn digit_by_digit(text: &str) -> Option<u64> {
    text.chars().try_fold(0_u64, |value, c| {
        value.checked_mul(10)?.checked_add(digit(c)?)
    })
}

/// 二十三, 一百零五, 一万二千: units must fall, a digit must stand before each unit but a leading 十.
/// The spoken 一千五 (1500) is refused, not guessed.
fn with_units(text: &str) -> Option<u64> {
    let mut total = 0_u64;
    let mut section = 0_u64;
    let mut pending: Option<u64> = None;
    let mut last_unit = 100_000;
    let mut zero = false;
    for c in text.chars() {
        match (digit(c), unit(c)) {
            (Some(0), _) if pending.is_none() => zero = true,
            (Some(value), _) if pending.is_none() => pending = Some(value),
            (_, Some(10_000)) if total == 0 => {
                total = (section + pending.take().unwrap_or(0)) * 10_000;
                if total == 0 {
                    return None;
                }
                (section, last_unit, zero) = (0, 10_000, false);
            }
            (_, Some(unit)) if unit < last_unit => {
                let leading_ten = unit == 10 && section == 0;
                section += pending.take().or(leading_ten.then_some(1))? * unit;
                (last_unit, zero) = (unit, false);
            }
            _ => return None,
        }
    }
    let spoken = !zero && (100..=10_000).contains(&last_unit);
    match pending {
        Some(_) if spoken => None,
        ones => Some(total + section + ones.unwrap_or(0)),
    }
}
