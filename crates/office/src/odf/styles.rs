//! What the styles say that a reader sees: hidden or not, above or below the line, titles, the numbers of lists.

use std::collections::HashMap;

use crate::block::Unreadable;
use crate::limits::Limits;
use crate::numeral::Numeral;
use crate::raised::Raised;
use crate::xml::{Open, Token, Xml};

/// Levels of a list.
pub(super) const LEVELS: usize = 10;
/// Styles that are kept.
const STYLES_MAX: usize = 65_536;
/// Styles that one style may rest on, one upon the other.
const PARENTS_MAX: usize = 16;

#[derive(Default)]
struct Style {
    parent: Option<String>,
    shown: Option<bool>,
    raised: Option<Raised>,
}

/// How the numbers of one level of a list are written.
#[derive(Clone)]
pub(super) struct Level {
    /// `None` for bullets and for levels without a number.
    pub(super) numeral: Option<Numeral>,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) start: i64,
    /// So many levels are printed, this one as the last.
    pub(super) levels: usize,
}

pub(super) type Levels = [Option<Level>; LEVELS];

#[derive(Default)]
pub(crate) struct Styles {
    /// By family and name.
    styles: HashMap<(String, String), Style>,
    lists: HashMap<String, Levels>,
    outline: Levels,
}

/// Where in the styles the parser stands.
enum At {
    Nowhere,
    Style((String, String)),
    List(String),
    Outline,
}

impl Styles {
    /// Takes in the styles of a part, up to its body.
    pub(super) fn read(&mut self, text: &str, limits: &Limits) -> Result<(), Unreadable> {
        let (mut xml, mut at) = (Xml::new(text, limits), At::Nowhere);
        loop {
            match xml.next()? {
                Token::Open(open) if open.local() == "body" => return Ok(()),
                Token::Open(open) => self.enter(&open, &mut at),
                Token::End => return Ok(()),
                Token::Close | Token::Text(_) | Token::ForeignEntity(_) => {}
            }
        }
    }

    fn enter(&mut self, open: &Open<'_>, at: &mut At) {
        let name = || open.attribute("name").unwrap_or_default();
        let room = self.styles.len() + self.lists.len() < STYLES_MAX;
        match open.local() {
            "style" if room => {
                let key = (open.attribute("family").unwrap_or_default(), name());
                let style = Style {
                    parent: open.attribute("parent-style-name"),
                    ..Style::default()
                };
                self.styles.insert(key.clone(), style);
                *at = At::Style(key);
            }
            "list-style" if room => {
                self.lists.insert(name(), Levels::default());
                *at = At::List(name());
            }
            "outline-style" => *at = At::Outline,
            "list-level-style-number"
            | "list-level-style-bullet"
            | "list-level-style-image"
            | "outline-level-style" => self.level(open, at),
            "style" | "list-style" | "default-style" | "master-page" => *at = At::Nowhere,
            "text-properties" | "table-properties" => self.property(open, at),
            _ => {}
        }
    }

    fn property(&mut self, open: &Open<'_>, at: &At) {
        let At::Style(key) = at else { return };
        let Some(style) = self.styles.get_mut(key) else {
            return;
        };
        if let Some(display) = open.attribute("display") {
            style.shown = Some(!matches!(display.as_str(), "none" | "false"));
        }
        if let Some(position) = open.attribute("text-position") {
            style.raised = raised(&position);
        }
    }

    fn level(&mut self, open: &Open<'_>, at: &At) {
        let levels = match at {
            At::List(name) => self.lists.get_mut(name),
            At::Outline => Some(&mut self.outline),
            At::Nowhere | At::Style(_) => None,
        };
        let slot = open
            .number("level")
            .and_then(|level| usize::try_from(level).ok()?.checked_sub(1));
        let (Some(levels), Some(slot)) = (levels, slot) else {
            return;
        };
        let Some(place) = levels.get_mut(slot) else {
            return;
        };
        let text = |name| open.attribute(name).unwrap_or_default();
        let shown = open.number("display-levels").unwrap_or(1);
        *place = Some(Level {
            numeral: numeral(&text("num-format")),
            before: text("num-prefix"),
            after: text("num-suffix"),
            start: open.number("start-value").unwrap_or(1),
            levels: usize::try_from(shown).unwrap_or(1).clamp(1, LEVELS),
        });
    }

    /// Shows a style and those that it rests on to `look`, until it has seen what it wants.
    fn find<T>(
        &self,
        family: &str,
        name: Option<&str>,
        look: impl Fn(&str, &Style) -> Option<T>,
    ) -> Option<T> {
        let mut key = (family.to_owned(), name?.to_owned());
        for _ in 0..PARENTS_MAX {
            let style = self.styles.get(&key)?;
            if let Some(found) = look(&key.1, style) {
                return Some(found);
            }
            key.1 = style.parent.clone()?;
        }
        None
    }

    pub(crate) fn is_hidden(&self, family: &str, name: Option<&str>) -> bool {
        self.find(family, name, |_, style| style.shown) == Some(false)
    }

    pub(super) fn raised(&self, name: Option<&str>) -> Option<Raised> {
        self.find("text", name, |_, style| style.raised)
    }

    /// 1 for a paragraph in the style of titles, 2 for one in that of subtitles.
    pub(super) fn title(&self, name: Option<&str>) -> Option<u8> {
        let of = |name: &str| match name {
            "Title" | "标题" => Some(1),
            "Subtitle" | "副标题" => Some(2),
            _ => None,
        };
        let own = name.and_then(of);
        own.or_else(|| {
            self.find("paragraph", name, |name, style| {
                of(name).or_else(|| style.parent.as_deref().and_then(of))
            })
        })
    }

    pub(super) fn list_level(&self, list: &str, level: usize) -> Option<&Level> {
        self.lists.get(list)?.get(level)?.as_ref()
    }

    pub(super) fn outline_level(&self, level: usize) -> Option<&Level> {
        self.outline.get(level)?.as_ref()
    }
}

/// `super 58%`, `-33% 58%`.
fn raised(position: &str) -> Option<Raised> {
    let first = position.split_whitespace().next()?;
    let height = first.trim_end_matches('%').parse::<f64>();
    match (first, height) {
        ("super", _) => Some(Raised::Up),
        ("sub", _) => Some(Raised::Down),
        (_, Ok(height)) if height > 0.0 => Some(Raised::Up),
        (_, Ok(height)) if height < 0.0 => Some(Raised::Down),
        _ => None,
    }
}

/// The way of writing that a list of examples such as `一, 二, 三, ...` shows.
fn numeral(examples: &str) -> Option<Numeral> {
    Some(match examples.trim().chars().next()? {
        'a' => Numeral::LowerLetter,
        'A' => Numeral::UpperLetter,
        'i' => Numeral::LowerRoman,
        'I' => Numeral::UpperRoman,
        '一' => Numeral::Chinese,
        '壹' => Numeral::ChineseLegal,
        '甲' => Numeral::HeavenlyStem,
        '子' => Numeral::EarthlyBranch,
        '①' => Numeral::Circled,
        '⑴' => Numeral::Parenthesised,
        '１' => Numeral::FullWidth,
        '0' => Numeral::DecimalZero,
        _ => Numeral::Decimal,
    })
}
