//! The look of a site: two closed lists. The colours themselves stand in `assets/themes.css`; a test there computes
//! their contrast, so a site cannot have a colour that people cannot read.

/// 主色
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Accent {
    /// Vermilion heads, blue links: how a store without sites looks.
    #[default]
    Classic,
    Jade,
    Indigo,
    Crimson,
    Ochre,
    Violet,
    Lake,
}

impl Accent {
    pub const ALL: [Self; 7] = [
        Self::Classic,
        Self::Jade,
        Self::Indigo,
        Self::Crimson,
        Self::Ochre,
        Self::Violet,
        Self::Lake,
    ];

    /// The code that the store keeps, and the end of the class in the style sheet.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::Jade => "jade",
            Self::Indigo => "indigo",
            Self::Crimson => "crimson",
            Self::Ochre => "ochre",
            Self::Violet => "violet",
            Self::Lake => "lake",
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Classic => "朱红抬头、蓝色链接",
            Self::Jade => "青绿",
            Self::Indigo => "靛蓝",
            Self::Crimson => "绛红",
            Self::Ochre => "赭石",
            Self::Violet => "紫",
            Self::Lake => "湖蓝",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|accent| accent.code() == code)
    }
}

/// 抬头样式
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Header {
    #[default]
    Plain,
    Band,
    Left,
}

impl Header {
    pub const ALL: [Self; 3] = [Self::Plain, Self::Band, Self::Left];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Band => "band",
            Self::Left => "left",
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "居中，白底",
            Self::Band => "居中，色带",
            Self::Left => "靠左，白底",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|header| header.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Accent;

    const SYSTEM: &str = include_str!("../../assets/gongkai.css");
    const THEMES: &str = include_str!("../../assets/themes.css");
    /// WCAG 2.1, 1.4.3.
    const READABLE: f64 = 4.5;

    /// The names and colours that stand in the rule with this head.
    fn rule(css: &str, head: &str) -> BTreeMap<String, String> {
        let from = css.find(head).unwrap_or_else(|| panic!("no rule {head}"));
        let body = css[from..].split_once('{').unwrap().1;
        let body = body.split_once('}').unwrap().0;
        body.split(';')
            .filter_map(|line| line.trim().split_once(':'))
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
            .collect()
    }

    #[test]
    fn the_open_one_in_a_row_of_lists_is_marked() {
        let open = rule(SYSTEM, ".counts a[aria-current]");
        assert_eq!(open.get("font-weight").map(String::as_str), Some("600"));
        assert!(open.contains_key("text-decoration-thickness"), "{open:?}");
    }

    #[test]
    fn what_opens_in_an_import_says_so_and_its_columns_keep_a_width() {
        let closed = rule(SYSTEM, ".import-source > summary::before");
        let open = rule(SYSTEM, ".import-source[open] > summary::before");
        assert_ne!(closed["content"], open["content"]);
        assert_eq!(rule(SYSTEM, ".import-source-body td")["min-width"], "4em");
        assert_eq!(rule(SYSTEM, ".import-row textarea")["flex"], "1 1 100%");
    }

    fn luminance(colour: &str) -> f64 {
        let hex = colour
            .strip_prefix('#')
            .unwrap_or_else(|| panic!("{colour}"));
        let long: String = match hex.len() {
            3 => hex.chars().flat_map(|c| [c, c]).collect(),
            _ => hex.to_owned(),
        };
        let part = |at: usize| {
            let c = f64::from(u8::from_str_radix(&long[at..at + 2], 16).unwrap()) / 255.0;
            if c <= 0.040_45 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// The mode for elders promises targets of 48 px, and nothing wider than a phone.
    #[test]
    fn what_stands_alone_is_as_high_as_a_button_for_elders() {
        let head = "html.mode-elder body :is(";
        let targets = rule(SYSTEM, head);
        assert_eq!(targets["min-height"], "var(--target)");
        assert_eq!(rule(SYSTEM, "html.mode-elder {")["--target"], "48px");
        let named = SYSTEM.split_once(head).unwrap().1;
        let named = named.split_once(')').unwrap().0;
        for place in [
            ".modes",
            ".portal-bar",
            ".crumbs",
            ".paging",
            "p.actions",
            ".narrow",
            ".organ-shelf",
        ] {
            assert!(named.split(", ").any(|one| one == place), "{place}");
        }
        let shelf = &rule(THEMES, ".organ-shelf")["grid-template-columns"];
        assert!(shelf.contains("min(14em, 100%)"), "{shelf}");
    }

    #[test]
    fn the_measure_is_the_standard_one() {
        assert!((contrast("#000", "#ffffff") - 21.0).abs() < 1e-9);
        assert!((contrast("#777777", "#fff") - 4.478).abs() < 0.001);
    }

    #[test]
    fn every_colour_of_the_palette_can_be_read_in_every_mode() {
        let modes = [(":root", ".mode-normal"), ("html.mode-dark", ".mode-dark")];
        for (base, mode) in modes {
            let mut names = rule(SYSTEM, ":root");
            names.extend(rule(SYSTEM, base));
            for accent in Accent::ALL {
                let mut names = names.clone();
                names.extend(rule(
                    THEMES,
                    &format!("html{mode} .accent-{}", accent.code()),
                ));
                let value = |name: &str| match names[name].as_str() {
                    // One name for another, once.
                    text if text.starts_with("var(") => {
                        names[text.trim_start_matches("var(").trim_end_matches(')')].clone()
                    }
                    text => text.to_owned(),
                };
                let papers = ["--paper", "--paper-2", "--paper-3", "--blue-wash"];
                for (ink, grounds) in [
                    ("--blue", &papers[..]),
                    ("--blue-dark", &papers[..]),
                    ("--head", &papers[..2]),
                    ("--on-blue", &["--blue", "--blue-dark"][..]),
                    ("--on-head", &["--head"][..]),
                ] {
                    for ground in grounds {
                        let found = contrast(&value(ink), &value(ground));
                        assert!(
                            found >= READABLE,
                            "{} {mode}: {ink} on {ground} {found:.2}",
                            accent.code()
                        );
                    }
                }
            }
        }
        // High contrast keeps its own colours, whatever the site's.
        assert!(!THEMES.contains("mode-contrast .accent-"));
    }
}
