//! From text to what is compared: folded characters, pairs of characters, keys of numbers. All pure.

/// The longest key, in characters: a title is no novel.
const KEY_CHARS_MAX: usize = 200;

/// One character as it is compared: half-width, lower case. One to one, so that places stay.
#[must_use]
pub(crate) fn fold(c: char) -> char {
    let narrow = match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(c) - u32::from('！') + u32::from('!')).unwrap_or(c)
        }
        other => other,
    };
    narrow.to_ascii_lowercase()
}

/// Is it written without spaces, so that pairs of characters stand for words?
#[must_use]
pub(crate) fn dense(c: char) -> bool {
    c.is_alphanumeric() && !c.is_ascii()
}

/// Marks that stand inside a word without parting it: “三公”经费 is looked for as 三公经费.
#[must_use]
pub(crate) fn quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '＂' | '「' | '」' | '『' | '』')
}

/// Text and where it stands, counted in characters that matter; a mark of punctuation leaves a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gram {
    pub(crate) at: usize,
    pub(crate) text: String,
}

/// Pairs of neighbouring characters, the last character of each run alone, and Latin words and figures whole.
#[must_use]
pub(crate) fn grams(text: &str) -> Vec<Gram> {
    let chars: Vec<char> = text.chars().map(fold).collect();
    let mut grams = Vec::with_capacity(chars.len());
    let (mut at, mut word) = (0, String::new());
    let mut rest = chars
        .iter()
        .copied()
        .filter(|c| !c.is_control() && !quote(*c))
        .peekable();
    while let Some(c) = rest.next() {
        if dense(c) {
            while rest.peek().is_some_and(|next| next.is_whitespace()) {
                rest.next();
            }
            let mut pair = String::from(c);
            if let Some(next) = rest.peek().copied().filter(|next| dense(*next)) {
                pair.push(next);
            }
            grams.push(Gram { at, text: pair });
        } else if c.is_ascii_alphanumeric() {
            word.push(c);
            if !rest.peek().is_some_and(char::is_ascii_alphanumeric) {
                grams.push(Gram {
                    at,
                    text: std::mem::take(&mut word),
                });
            } else {
                continue;
            }
        }
        at += 1;
    }
    grams
}

/// The pairs that prove a phrase: without a last single character, which a longer text would pair.
#[must_use]
pub(crate) fn phrase(text: &str) -> Vec<Gram> {
    let mut grams = grams(text);
    if grams.len() > 1
        && grams
            .last()
            .is_some_and(|last| last.text.chars().count() == 1 && last.text.chars().all(dense))
    {
        grams.pop();
    }
    grams
}

/// A 文号 or 索引号 as one key for all its spellings: brackets, spaces, 第 and 号 left out, half-width, lower case.
#[must_use]
pub fn number_key(text: &str) -> String {
    text.chars()
        .map(fold)
        .filter(|c| c.is_alphanumeric() && !matches!(c, '第' | '号' | '號'))
        .take(KEY_CHARS_MAX)
        .collect()
}

/// Orders of governments are called by the government's full name, a short one or none: 市政府令第38号.
const ORDER: &str = "政府令";

/// A key of an order without its government.
fn order_key(key: &str) -> Option<String> {
    key.find(ORDER)
        .and_then(|at| key.get(at..))
        .map(str::to_owned)
}

/// All keys under which a number is found: the whole; year and number alone; code and number without the year; an
/// order without its government.
#[must_use]
pub(crate) fn number_keys(text: &str) -> Vec<String> {
    let key = number_key(text);
    if key.is_empty() {
        return Vec::new();
    }
    let code: String = key.chars().take_while(|c| !c.is_ascii_digit()).collect();
    let digits = key.get(code.len()..).unwrap_or_default().to_owned();
    let mut keys = vec![key.clone()];
    keys.extend(order_key(&key));
    if let Some(serial) = digits.get(4..)
        && !serial.is_empty()
        && digits.chars().all(|c| c.is_ascii_digit())
    {
        if code.chars().count() > 1 {
            keys.push(format!("{code}{serial}"));
        }
        keys.push(digits.clone());
    }
    keys.dedup();
    keys
}

/// The groups of letters and figures of a number.
#[must_use]
pub(crate) fn groups(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|group| !group.is_empty())
        .collect()
}

/// All keys of a whole 索引号: as it is printed, and without the zeros before its serial.
#[must_use]
pub(crate) fn index_keys(number: &str) -> Vec<String> {
    both_ways(number_keys(number), number)
}

/// The keys of the end of a 索引号, which people copy without the code before it: 2026-00029, 2026-29. None where the
/// number has no code.
#[must_use]
pub(crate) fn index_end_keys(number: &str) -> Vec<String> {
    match groups(number).as_slice() {
        [_, .., year, serial] => {
            let end = format!("{year}-{serial}");
            both_ways(vec![number_key(&end)], &end)
        }
        _ => Vec::new(),
    }
}

fn both_ways(mut keys: Vec<String>, number: &str) -> Vec<String> {
    keys.push(number_key(&without_zeros(number)));
    keys.retain(|key| !key.is_empty());
    keys.dedup();
    keys
}

/// First and last day of a date or month that the text is, as eight digits: 2026年9月1日, 2026-9-1, 20260901, 2026年9月.
#[must_use]
pub(crate) fn asked_days(text: &str) -> Option<(i64, i64)> {
    let text: String = text.chars().map(fold).collect();
    let figures = |text: &str| text.parse::<i64>().ok();
    let parts: Vec<&str> = if text.len() == 8 && text.bytes().all(|c| c.is_ascii_digit()) {
        vec![text.get(..4)?, text.get(4..6)?, text.get(6..)?]
    } else {
        let by_words = text.strip_suffix(['日', '号']).unwrap_or(&text);
        by_words
            .trim_end_matches('月')
            .split(['年', '月', '-', '.', '/'])
            .collect()
    };
    let year = figures(parts.first()?).filter(|year| (1_949..=2_199).contains(year))?;
    let month = figures(parts.get(1)?).filter(|month| (1..=12).contains(month))?;
    let from = year * 10_000 + month * 100;
    match parts.get(2..)? {
        // 2026-09 is as well the ninth number of a year.
        [] if text.ends_with('月') => Some((from + 1, from + 31)),
        [day] => {
            let day = figures(day).filter(|day| (1..=31).contains(day))?;
            Some((from + day, from + day))
        }
        _ => None,
    }
}

/// Figures without the zeros before them: 046号 is 46号.
fn without_zeros(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().map(fold) {
        if c != '0' || out.ends_with(|before: char| before.is_ascii_digit()) {
            out.push(c);
        }
    }
    out
}

/// The keys that a query may mean; none where it holds no figure, or is a date.
#[must_use]
pub(crate) fn asked_numbers(query: &str) -> Vec<String> {
    let key = number_key(query);
    let is_date = asked_days(query).is_some();
    if is_date || key.chars().count() < 3 || !key.chars().any(|c| c.is_ascii_digit()) {
        return Vec::new();
    }
    let without_year: String = key.chars().filter(|c| *c != '年').collect();
    let order = order_key(&key);
    let mut keys = vec![key, without_year, number_key(&without_zeros(query))];
    keys.extend(order);
    keys.dedup();
    keys
}

/// A title as one key: all that is not a letter or figure left out.
#[must_use]
pub(crate) fn title_key(title: &str) -> String {
    title
        .chars()
        .map(fold)
        .filter(|c| c.is_alphanumeric())
        .take(KEY_CHARS_MAX)
        .collect()
}
