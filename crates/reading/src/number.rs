//! Numbers before headings and items: 一、 （一） 1. 1、 （1） ① 28..

use super::glance::Glance;
use super::text::{Mark, from, starts, starts_any};

/// How deep a printed number stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// 一、 第一部分
    Section,
    /// （一）
    Group,
    /// 1. 1、
    Item,
    /// （1） 1）
    Sub,
    /// ①
    Circled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) level: Level,
    pub(crate) value: u32,
    /// Characters of the number with its sign and the blanks after it.
    pub(crate) len: usize,
    /// The sign is not the usual one: `28..`
    pub(crate) odd: bool,
    /// `2.1`: the number of its list comes first; `value` is the second.
    pub(crate) nested: bool,
}

/// Largest number that an item of a plan may carry; above it a figure is a year or a quantity.
const ITEM_MAX: u32 = 399;

/// The number at the start of a text, if one is there. Blanks before it are allowed.
pub(crate) fn number(run: &[Mark]) -> Option<Number> {
    let blanks = run.iter().take_while(|m| m.is_blank()).count();
    let body = from(run, blanks);
    let mut found = one_sign(body)
        .or_else(|| nested(body))
        .or_else(|| arabic(body))
        .or_else(|| bracketed(body))
        .or_else(|| worded(body))
        .or_else(|| chinese(body))?;
    found.len += blanks;
    found.len += from(run, found.len)
        .iter()
        .take_while(|m| m.is_blank())
        .count();
    Some(found)
}

/// A cell that holds nothing but a number: `1`, `1.`, `（1）`.
pub(crate) fn only_number(run: &[Mark]) -> Option<u32> {
    if let Some((value, len)) = digits(run) {
        let rest = from(run, len);
        let signs = rest
            .iter()
            .all(|m| m.is_blank() || matches!(m.fold, '.' | '、' | ')'));
        return (signs && rest.len() <= 3 && value <= ITEM_MAX).then_some(value);
    }
    number(run)
        .filter(|n| {
            n.len >= run.len() && matches!(n.level, Level::Item | Level::Sub | Level::Circled)
        })
        .map(|n| n.value)
}

/// ①, ❶, ⑴, ⒈: a number that is one sign.
fn one_sign(run: &[Mark]) -> Option<Number> {
    let c = run.first()?.ch as u32;
    let (level, value) = match c {
        0x2460..=0x2473 => (Level::Circled, c - 0x2460 + 1),
        0x2776..=0x277F => (Level::Circled, c - 0x2776 + 1),
        0x2474..=0x2487 => (Level::Sub, c - 0x2474 + 1),
        0x2488..=0x249B => (Level::Item, c - 0x2488 + 1),
        _ => return None,
    };
    Some(Number {
        level,
        value,
        len: 1,
        odd: false,
        nested: false,
    })
}

/// What figures and numbers in words begin with: see [`digits`] and [`numeral`].
pub(crate) const FIGURES: Glance = Glance::heads(&[
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "一", "二", "两", "三", "四", "五", "六",
    "七", "八", "九", "十",
]);

/// Most figures of a number that is read.
const DIGITS_MAX: usize = 9;

/// Leading figures with their length in characters.
pub(crate) fn digits(run: &[Mark]) -> Option<(u32, usize)> {
    let figures = run.iter().take(DIGITS_MAX + 1);
    let len = figures.take_while(|m| m.fold.is_ascii_digit()).count();
    if len == 0 || len > DIGITS_MAX {
        return None;
    }
    let value = run
        .iter()
        .take(len)
        .filter_map(|m| m.fold.to_digit(10))
        .fold(0u32, |n, d| n.saturating_mul(10).saturating_add(d));
    Some((value, len))
}

fn arabic(run: &[Mark]) -> Option<Number> {
    let (value, len) = digits(run).filter(|(value, _)| (1..=ITEM_MAX).contains(value))?;
    let after = from(run, len);
    let gap = after.iter().take_while(|m| m.fold == ' ').count().min(1);
    let sign = after.get(gap)?.fold;
    let level = match sign {
        '.' | '、' => Level::Item,
        ')' => Level::Sub,
        // `1，加强…`: a comma by slip, only when no figure follows (1,200)
        ',' if gap == 0 && after.get(1).is_some_and(|m| !m.fold.is_ascii_digit()) => Level::Item,
        _ => return None,
    };
    let dots = from(after, gap)
        .iter()
        .take_while(|m| matches!(m.fold, '.' | '、' | ')' | ','))
        .count();
    let next = after.get(gap + dots).map(|m| m.fold);
    // 3.5亿元, 2022.6 are figures
    if next.is_some_and(|c| c.is_ascii_digit())
        && sign == '.'
        && gap == 0
        && !begins_with_figure(from(after, dots))
    {
        return None;
    }
    Some(Number {
        level,
        value,
        len: len + gap + dots,
        odd: dots > 1 || sign == ',',
        nested: false,
    })
}

/// `2.1 加强…`: two figures of at most two digits, then a blank or a stop, then words. `3.5亿元` is a figure.
fn nested(run: &[Mark]) -> Option<Number> {
    let (_, first) = digits(run).filter(|(value, len)| *len <= 2 && *value > 0)?;
    run.get(first).filter(|m| m.fold == '.')?;
    let tail = from(run, first + 1);
    let (value, second) = digits(tail).filter(|(value, len)| *len <= 2 && *value > 0)?;
    let len = first + 1 + second;
    let signs = from(run, len)
        .iter()
        .take_while(|m| m.is_blank() || matches!(m.fold, '、' | '.'))
        .count();
    let words = from(run, len + signs)
        .first()
        .is_some_and(|m| super::text::is_han(m.ch));
    (signs > 0 && words).then_some(Number {
        level: Level::Item,
        value,
        len: len + signs,
        odd: false,
        nested: true,
    })
}

/// `3.2021年底前…`, `4.24小时内…`, `5.12345热线…`: the item begins with a figure.
fn begins_with_figure(run: &[Mark]) -> bool {
    const WHOLE: &[&str] = &["月", "小时", "个工作日", "日内", "天内"];
    digits(run).is_some_and(|(value, len)| {
        let year = len == 4 && (1990..=2099).contains(&value);
        let line = len == 5 && (12_300..=12_399).contains(&value);
        // 1.5小时 is a figure
        let whole = len == 2 || starts(from(run, len), "小时").is_none();
        year || line || whole && starts_any(from(run, len), WHOLE).is_some()
    })
}

fn bracketed(run: &[Mark]) -> Option<Number> {
    let first = run.first()?;
    let closing = match first.fold {
        '(' => ')',
        // 【1】; [1] is a note
        '[' if first.ch == '【' => ']',
        _ => return None,
    };
    let inner = from(run, 1);
    let blanks = inner.iter().take_while(|m| m.is_blank()).count();
    let inner = from(inner, blanks);
    let (level, value, len) = match (digits(inner), numeral(inner)) {
        (Some((value, len)), _) if value <= ITEM_MAX => (Level::Sub, value, len),
        (None, Some((value, len))) if closing == ')' => (Level::Group, value, len),
        _ => return None,
    };
    let tail = from(inner, len);
    let blanks_after = tail.iter().take_while(|m| m.is_blank()).count();
    if tail.get(blanks_after)?.fold != closing {
        return None;
    }
    let mut total = 1 + blanks + len + blanks_after + 1;
    if run.get(total).is_some_and(|m| matches!(m.fold, '、' | '.')) {
        total += 1;
    }
    Some(Number {
        level,
        value,
        len: total,
        odd: false,
        nested: false,
    })
}

/// 任务1：…, 重点任务二：…, 第三条 …, 第2项：…: a word before or behind the number, as in a list of tasks or in articles.
/// Behind such a word a Chinese numeral heads a section, as 一、 does.
fn worded(run: &[Mark]) -> Option<Number> {
    const WORDS: &[&str] = &["重点任务", "工作任务", "任务", "事项", "措施", "举措"];
    let begins = |m: &&Mark| matches!(m.fold, '重' | '工' | '任' | '事' | '措' | '举' | '第');
    run.first().filter(begins)?;
    let (level, value, len, signs) = if let Some(word) = starts_any(run, WORDS) {
        let tail = from(run, word);
        let (level, (value, len)) = match digits(tail) {
            Some(found) => (Level::Item, found),
            None => (Level::Section, numeral(tail)?),
        };
        (level, value, word + len, ":.、")
    } else {
        let lead = starts(run, "第")?;
        let tail = from(run, lead);
        let (value, len) = digits(tail).or_else(|| numeral(tail))?;
        let len = lead + len;
        (
            Level::Item,
            value,
            len + starts_any(from(run, len), &["条", "项"])?,
            ":、",
        )
    };
    // 第三条规定的内容 begins a sentence
    let sign = |m: &&Mark| m.is_blank() || signs.contains(m.fold);
    let sign = from(run, len).iter().take_while(sign).count();
    (sign > 0 && (1..=ITEM_MAX).contains(&value)).then_some(Number {
        level,
        value,
        len: len + sign,
        odd: false,
        nested: false,
    })
}

fn chinese(run: &[Mark]) -> Option<Number> {
    if let Some(lead) = starts(run, "第") {
        let (value, len) = numeral(from(run, lead))?;
        let tail = from(run, lead + len);
        let word = ["部分", "章", "方面"]
            .iter()
            .find_map(|w| starts(tail, w))?;
        let sign = from(tail, word)
            .iter()
            .take_while(|m| matches!(m.fold, '、' | ':' | ' '))
            .count();
        return Some(Number {
            level: Level::Section,
            value,
            len: lead + len + word + sign,
            odd: false,
            nested: false,
        });
    }
    let (value, len) = numeral(run)?;
    // 四 、夯实基础: a blank that recognition of characters left
    let gap = usize::from(run.get(len)?.fold == ' ' && run.get(len + 1)?.fold == '、');
    let sign = run.get(len + gap)?.fold;
    matches!(sign, '、' | '.' | '．').then_some(Number {
        level: Level::Section,
        value,
        len: len + gap + 1,
        odd: sign != '、',
        nested: false,
    })
}

/// A Chinese numeral below one hundred, with its length.
pub(crate) fn numeral(run: &[Mark]) -> Option<(u32, usize)> {
    let digit = |c: char| match c {
        '一' => Some(1),
        '二' | '两' => Some(2),
        '三' => Some(3),
        '四' => Some(4),
        '五' => Some(5),
        '六' => Some(6),
        '七' => Some(7),
        '八' => Some(8),
        '九' => Some(9),
        _ => None,
    };
    let (mut value, mut len) = (0, 0);
    if let Some(n) = run.first().and_then(|m| digit(m.fold)) {
        (value, len) = (n, 1);
    }
    if run.get(len).is_some_and(|m| m.fold == '十') {
        value = value.max(1) * 10;
        len += 1;
        if let Some(n) = run.get(len).and_then(|m| digit(m.fold)) {
            value += n;
            len += 1;
        }
    }
    (len > 0).then_some((value, len))
}

#[cfg(test)]
mod tests {
    use super::super::text::run;
    use super::*;

    fn read(text: &str) -> Option<(Level, u32, usize)> {
        number(&run(text)).map(|n| (n.level, n.value, n.len))
    }

    #[test]
    fn each_sign_has_its_level() {
        assert_eq!(read("一、优化基础"), Some((Level::Section, 1, 2)));
        assert_eq!(read("二十一、其他"), Some((Level::Section, 21, 4)));
        assert_eq!(read("（十二）加强"), Some((Level::Group, 12, 4)));
        assert_eq!(read("(三)提升"), Some((Level::Group, 3, 3)));
        assert_eq!(read("1.加强"), Some((Level::Item, 1, 2)));
        assert_eq!(read(" 12、加强"), Some((Level::Item, 12, 4)));
        assert_eq!(read("3． 加强"), Some((Level::Item, 3, 3)));
        assert_eq!(read("28..在政府网站"), Some((Level::Item, 28, 4)));
        assert_eq!(read("（1）加强"), Some((Level::Sub, 1, 3)));
        assert_eq!(read("①加强"), Some((Level::Circled, 1, 1)));
        assert_eq!(read("⒉加强"), Some((Level::Item, 2, 1)));
        assert_eq!(read("⑶加强"), Some((Level::Sub, 3, 1)));
        assert_eq!(read("2.1 加强"), Some((Level::Item, 1, 4)));
        assert_eq!(read("9.2021年9月底前修订"), Some((Level::Item, 9, 2)));
        assert_eq!(read("9.24小时内回应"), Some((Level::Item, 9, 2)));
        assert_eq!(read("9.5个工作日内答复"), Some((Level::Item, 9, 2)));
        assert_eq!(read("9.12345热线与网站衔接"), Some((Level::Item, 9, 2)));
        assert_eq!(read("任务3：公开目录"), Some((Level::Item, 3, 4)));
        assert_eq!(read("重点任务一：深化公开"), Some((Level::Section, 1, 6)));
        assert_eq!(read("第三条  公开目录"), Some((Level::Item, 3, 5)));
        assert_eq!(read("第2项：公开目录"), Some((Level::Item, 2, 4)));
        assert_eq!(read("【3】公开目录"), Some((Level::Sub, 3, 3)));
    }

    #[test]
    fn figures_are_no_numbers() {
        for text in [
            "2022年底前",
            "3.5亿元",
            "1.5小时",
            "12345热线",
            "一是加强",
            "十四五规划",
            "2022.6",
            "各科室",
            "26个领域",
            "1,200件",
            "第三条规定的事项",
            "任务3项",
            "第3项由市司法局负责",
            "【三】",
            "[1]市司法局",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_cell_of_a_number_alone() {
        assert_eq!(only_number(&run("12")), Some(12));
        assert_eq!(only_number(&run("3.")), Some(3));
        assert_eq!(only_number(&run("（4）")), Some(4));
        assert_eq!(only_number(&run("2022")), None);
        assert_eq!(only_number(&run("1.加强")), None);
    }
}
