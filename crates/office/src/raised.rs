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

#[cfg(test)]
mod tests {
    use super::Raised;

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
