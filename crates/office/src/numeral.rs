//! Numbers in the ways in which list numbers are written.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numeral {
    Decimal,
    /// 01, 02 … 10.
    DecimalZero,
    LowerLetter,
    UpperLetter,
    LowerRoman,
    UpperRoman,
    /// 一 … 十 十一 … 九十九 一百 (and so on to 9999, then digits).
    Chinese,
    /// 壹贰叁…
    ChineseLegal,
    /// 一二三 … 一〇 一一: digit by digit.
    ChineseDigits,
    /// 甲乙丙丁…
    HeavenlyStem,
    /// 子丑寅卯…
    EarthlyBranch,
    /// ①②③…
    Circled,
    /// １２３…
    FullWidth,
    /// ⑴⑵⑶…
    Parenthesised,
}

impl Numeral {
    pub(crate) fn is_chinese(self) -> bool {
        matches!(
            self,
            Self::Chinese
                | Self::ChineseLegal
                | Self::ChineseDigits
                | Self::HeavenlyStem
                | Self::EarthlyBranch
        )
    }
}

/// Prints `number`; where a way of writing has no such number, decimal digits stand in.
pub(crate) fn print(number: i64, numeral: Numeral) -> String {
    let printed = match numeral {
        Numeral::Decimal => None,
        Numeral::DecimalZero => Some(format!("{number:02}")),
        Numeral::LowerLetter => letters(number, b'a'),
        Numeral::UpperLetter => letters(number, b'A'),
        Numeral::LowerRoman => roman(number).map(|text| text.to_ascii_lowercase()),
        Numeral::UpperRoman => roman(number),
        Numeral::Chinese => chinese(number, "零一二三四五六七八九", "十百千", Leading::Short),
        Numeral::ChineseLegal => chinese(number, "零壹贰叁肆伍陆柒捌玖", "拾佰仟", Leading::Full),
        Numeral::ChineseDigits => Some(digits(number, "〇一二三四五六七八九")),
        Numeral::FullWidth => Some(digits(number, "０１２３４５６７８９")),
        Numeral::HeavenlyStem => nth(number, "甲乙丙丁戊己庚辛壬癸"),
        Numeral::EarthlyBranch => nth(number, "子丑寅卯辰巳午未申酉戌亥"),
        Numeral::Circled => nth(
            number,
            "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿",
        ),
        Numeral::Parenthesised => nth(number, "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"),
    };
    printed.unwrap_or_else(|| number.to_string())
}

/// Whether ten is 十 or 壹拾.
#[derive(PartialEq)]
enum Leading {
    Short,
    Full,
}

fn nth(number: i64, row: &str) -> Option<String> {
    let index = usize::try_from(number.checked_sub(1)?).ok()?;
    row.chars().nth(index).map(String::from)
}

fn digits(number: i64, ten: &str) -> String {
    number
        .to_string()
        .chars()
        .map(|c| {
            c.to_digit(10)
                .and_then(|d| ten.chars().nth(d as usize))
                .unwrap_or(c)
        })
        .collect()
}

/// a … z, then aa, bb … as word processors count.
fn letters(number: i64, first: u8) -> Option<String> {
    const REPEAT_MAX: usize = 10;
    let index = usize::try_from(number.checked_sub(1)?).ok()?;
    let letter = char::from(first + (index % 26) as u8);
    let repeat = index / 26 + 1;
    (repeat <= REPEAT_MAX).then(|| String::from(letter).repeat(repeat))
}

fn roman(number: i64) -> Option<String> {
    const STEPS: [(i64, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..4000).contains(&number) {
        return None;
    }
    let (mut rest, mut text) = (number, String::new());
    for (value, sign) in STEPS {
        while rest >= value {
            text.push_str(sign);
            rest -= value;
        }
    }
    Some(text)
}

fn chinese(number: i64, digits: &str, units: &str, leading: Leading) -> Option<String> {
    if !(0..10_000).contains(&number) {
        return None;
    }
    let digit = |d: i64| digits.chars().nth(d as usize);
    if number == 0 {
        return digit(0).map(String::from);
    }
    let (mut text, mut gap) = (String::new(), false);
    for power in (0..4u32).rev() {
        let d = number / 10i64.pow(power) % 10;
        if d == 0 {
            gap = !text.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            text.extend(digit(0));
        }
        let bare_ten = d == 1 && power == 1 && text.is_empty() && leading == Leading::Short;
        if !bare_ten {
            text.extend(digit(d));
        }
        if let Some(index) = power.checked_sub(1) {
            text.extend(units.chars().nth(index as usize));
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_counting_follows_the_spoken_number() {
        let numbers = [
            1, 10, 11, 20, 21, 99, 100, 101, 110, 111, 1000, 1001, 1010, 9999, 10_000,
        ];
        let texts: Vec<_> = numbers
            .iter()
            .map(|&n| print(n, Numeral::Chinese))
            .collect();
        let want = [
            "一",
            "十",
            "十一",
            "二十",
            "二十一",
            "九十九",
            "一百",
            "一百零一",
            "一百一十",
            "一百一十一",
            "一千",
            "一千零一",
            "一千零一十",
            "九千九百九十九",
            "10000",
        ];
        assert_eq!(texts, want);
        assert_eq!(print(10, Numeral::ChineseLegal), "壹拾");
        assert_eq!(print(12, Numeral::ChineseDigits), "一二");
    }

    #[test]
    fn letters_and_roman_numbers() {
        assert_eq!(print(28, Numeral::LowerLetter), "bb");
        assert_eq!(print(1994, Numeral::UpperRoman), "MCMXCIV");
        assert_eq!(print(3, Numeral::Circled), "③");
        assert_eq!(print(-1, Numeral::HeavenlyStem), "-1");
        assert_eq!(print(i64::MIN, Numeral::UpperLetter), i64::MIN.to_string());
    }
}
