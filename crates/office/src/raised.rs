//! 上标、下标 in plain text: Unicode's own signs where it has them, else `^(…)` and `_(…)`, so that nobody reads 10³ as 103.

/// Which way characters are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raised {
    Up,
    Down,
}

/// Those that the fonts of offices hold.
const UP: [(char, char); 16] = [
    ('0', '⁰'),
    ('1', '¹'),
    ('2', '²'),
    ('3', '³'),
    ('4', '⁴'),
    ('5', '⁵'),
    ('6', '⁶'),
    ('7', '⁷'),
    ('8', '⁸'),
    ('9', '⁹'),
    ('+', '⁺'),
    ('-', '⁻'),
    ('−', '⁻'),
    ('=', '⁼'),
    ('n', 'ⁿ'),
    ('°', '°'),
];
const DOWN: [(char, char); 14] = [
    ('0', '₀'),
    ('1', '₁'),
    ('2', '₂'),
    ('3', '₃'),
    ('4', '₄'),
    ('5', '₅'),
    ('6', '₆'),
    ('7', '₇'),
    ('8', '₈'),
    ('9', '₉'),
    ('+', '₊'),
    ('-', '₋'),
    ('−', '₋'),
    ('=', '₌'),
];

impl Raised {
    /// What a piece of text says when it is set this way.
    #[must_use]
    pub fn written(self, text: &str) -> String {
        let inner = text.trim();
        if inner.is_empty() {
            return text.to_owned();
        }
        let (signs, mark) = match self {
            Self::Up => (&UP[..], '^'),
            Self::Down => (&DOWN[..], '_'),
        };
        let sign = |c: char| signs.iter().find(|(plain, _)| *plain == c);
        let own: Option<String> = inner
            .chars()
            .map(|c| sign(c).map(|(_, own)| *own))
            .collect();
        let said = own.unwrap_or_else(|| format!("{mark}({inner})"));
        text.replacen(inner, &said, 1)
    }

    /// What an element of HTML sets, by its name.
    #[must_use]
    pub fn of_element(name: &str) -> Option<Self> {
        match name {
            "sup" => Some(Self::Up),
            "sub" => Some(Self::Down),
            _ => None,
        }
    }
}

/// Text as it stands without: 10³ is 103, `^(注1)` is 注1. It is how a browser copies it, so quotations are looked for in
/// it; nobody reads it.
#[must_use]
pub fn lowered(text: &str) -> String {
    let plain = |c: char| {
        let signs = UP.iter().chain(&DOWN);
        signs
            .filter(|(_, own)| *own == c)
            .map(|(plain, _)| *plain)
            .next()
    };
    let mut lowered = String::with_capacity(text.len());
    // Of each open bracket, whether it is one of ours.
    let mut open: Vec<bool> = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '^' | '_' if chars.peek() == Some(&'(') => {
                chars.next();
                open.push(true);
            }
            '(' => {
                open.push(false);
                lowered.push(c);
            }
            ')' if open.pop() == Some(true) => {}
            _ => lowered.push(plain(c).unwrap_or(c)),
        }
    }
    lowered
}

#[cfg(test)]
mod tests {
    use super::{Raised, lowered};

    #[test]
    fn a_copy_from_the_page_is_the_same_text() {
        for (text, copied) in [
            ("不少于10³立方米", "不少于103立方米"),
            ("结论^([1])(见(2))_(max)", "结论[1](见(2))max"),
            ("一) ^ (二)", "一) ^ (二)"),
            ("^(没有完", "没有完"),
        ] {
            assert_eq!(lowered(text), copied);
        }
    }

    #[test]
    fn figures_stay_what_they_are() {
        for (raised, text, said) in [
            (Raised::Up, "3", "³"),
            (Raised::Up, "-12", "⁻¹²"),
            (Raised::Up, " 2 ", " ² "),
            (Raised::Up, "注1", "^(注1)"),
            (Raised::Down, "2", "₂"),
            (Raised::Down, "max", "_(max)"),
            (Raised::Down, " ", " "),
        ] {
            assert_eq!(raised.written(text), said);
        }
    }
}
