//! Automatic numbers: definitions from numbering.xml, counters while reading, text as a reader sees it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::styles::Styles;
use crate::block::Unreadable;
use crate::limits::Limits;
use crate::numeral::{Numeral, print};
use crate::xml::{Ns, Open, Token, Xml};

const LEVELS: usize = 9;

#[derive(Clone)]
struct Level {
    start: i64,
    /// `None` for bullets and for "no number": only what else stands in `text` is printed.
    format: Format,
    /// Such as `第%1条` or `%1.%2`.
    text: String,
    /// No blank or tab between the number and the paragraph.
    tight: bool,
    /// Restart only after a level above this one (1-based); 0 never.
    restart_after: Option<i64>,
    all_decimal: bool,
    style: Option<String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Format {
    Number(Numeral),
    Bullet,
    None,
}

impl Default for Level {
    fn default() -> Self {
        Self {
            start: 1,
            format: Format::Number(Numeral::Decimal),
            text: String::new(),
            tight: false,
            restart_after: None,
            all_decimal: false,
            style: None,
        }
    }
}

#[derive(Default)]
struct Abstract {
    levels: BTreeMap<usize, Level>,
    /// A numbering style that holds the real definition.
    link: Option<String>,
}

#[derive(Default)]
struct Instance {
    definition: i64,
    levels: BTreeMap<usize, Level>,
    starts: BTreeMap<usize, i64>,
}

#[derive(Default)]
pub(super) struct Numbering {
    definitions: HashMap<i64, Abstract>,
    instances: HashMap<i64, Instance>,
    counters: HashMap<i64, [Option<i64>; LEVELS]>,
    begun: HashSet<i64>,
}

/// Where in numbering.xml the parser stands.
#[derive(Default)]
struct Cursor {
    definition: Option<i64>,
    instance: Option<i64>,
    level: Option<usize>,
}

impl Numbering {
    pub(super) fn parse(text: &str, limits: &Limits) -> Result<Self, Unreadable> {
        let (mut xml, mut numbering, mut at) =
            (Xml::new(text, limits), Self::default(), Cursor::default());
        let mut path: Vec<String> = Vec::new();
        loop {
            match xml.next()? {
                Token::Open(element) => {
                    if element.ns == Ns::Word {
                        numbering.enter(&element, &mut at);
                    }
                    path.push(element.local().to_owned());
                }
                Token::Close => match path.pop().as_deref() {
                    Some("abstractNum") => at.definition = None,
                    Some("num") => at.instance = None,
                    Some("lvl" | "lvlOverride") => at.level = None,
                    _ => {}
                },
                Token::Text(_) | Token::ForeignEntity(_) => {}
                Token::End => return Ok(numbering),
            }
        }
    }

    fn enter(&mut self, element: &Open<'_>, at: &mut Cursor) {
        match element.local() {
            "abstractNum" => at.definition = element.number("abstractNumId"),
            "num" => at.instance = element.number("numId"),
            "abstractNumId" => {
                if let (Some(id), Some(definition)) = (at.instance, element.number("val")) {
                    self.instances.entry(id).or_default().definition = definition;
                }
            }
            "numStyleLink" => {
                if let Some(id) = at.definition {
                    self.definitions.entry(id).or_default().link = element.attribute("val");
                }
            }
            "lvl" | "lvlOverride" => {
                at.level = element
                    .number("ilvl")
                    .and_then(|n| usize::try_from(n).ok())
                    .filter(|&n| n < LEVELS);
                if element.local() == "lvl" {
                    self.edit(at, |level| *level = Level::default());
                }
            }
            "startOverride" => {
                if let (Some(id), Some(level), Some(start)) =
                    (at.instance, at.level, element.number("val"))
                {
                    self.instances
                        .entry(id)
                        .or_default()
                        .starts
                        .insert(level, start);
                }
            }
            "start" => self.edit(at, |level| level.start = element.number("val").unwrap_or(1)),
            "numFmt" => {
                let format = format(&element.attribute("val").unwrap_or_default());
                self.edit(at, |level| level.format = format);
            }
            "lvlText" => self.edit(at, |level| {
                level.text = element.attribute("val").unwrap_or_default()
            }),
            "suff" => {
                let tight = element.attribute("val").as_deref() == Some("nothing");
                self.edit(at, |level| level.tight = tight);
            }
            "lvlRestart" => self.edit(at, |level| level.restart_after = element.number("val")),
            "isLgl" => self.edit(at, |level| level.all_decimal = element.switch()),
            "pStyle" => self.edit(at, |level| level.style = element.attribute("val")),
            _ => {}
        }
    }

    fn edit(&mut self, at: &Cursor, change: impl FnOnce(&mut Level)) {
        let Some(level) = at.level else { return };
        let levels = match (at.definition, at.instance) {
            (Some(id), _) => &mut self.definitions.entry(id).or_default().levels,
            (None, Some(id)) => &mut self.instances.entry(id).or_default().levels,
            (None, None) => return,
        };
        change(levels.entry(level).or_default());
    }

    /// The definition behind an instance, through at most one style link.
    fn definition(&self, instance: i64, styles: &Styles) -> Option<i64> {
        let id = self.instances.get(&instance)?.definition;
        let Some(link) = self
            .definitions
            .get(&id)
            .and_then(|definition| definition.link.as_deref())
        else {
            return Some(id);
        };
        let linked = styles.resolve(link).properties.number_id?;
        Some(self.instances.get(&linked)?.definition)
    }

    fn level(&self, instance: i64, definition: i64, level: usize) -> Option<&Level> {
        let own = self
            .instances
            .get(&instance)
            .and_then(|instance| instance.levels.get(&level));
        own.or_else(|| self.definitions.get(&definition)?.levels.get(&level))
    }

    /// The level whose definition names this paragraph style.
    pub(super) fn level_of_style(
        &self,
        instance: i64,
        style: &str,
        styles: &Styles,
    ) -> Option<i64> {
        let definition = self.definitions.get(&self.definition(instance, styles)?)?;
        let found = definition
            .levels
            .iter()
            .find(|(_, level)| level.style.as_deref() == Some(style));
        found.and_then(|(&level, _)| i64::try_from(level).ok())
    }

    /// Counts one paragraph and gives the text that stands before it; `None` where nothing is printed.
    pub(super) fn next(&mut self, instance: i64, level: i64, styles: &Styles) -> Option<String> {
        let at = usize::try_from(level)
            .ok()
            .filter(|&level| level < LEVELS)?;
        let definition = self.definition(instance, styles)?;
        let own = self.level(instance, definition, at)?.clone();
        let starts: Vec<i64> = (0..LEVELS)
            .map(|n| {
                self.level(instance, definition, n)
                    .map_or(1, |level| level.start)
            })
            .collect();
        let restarts: Vec<Option<i64>> = (0..LEVELS)
            .map(|n| {
                self.level(instance, definition, n)
                    .and_then(|level| level.restart_after)
            })
            .collect();
        let counters = self.counters.entry(definition).or_default();
        if self.begun.insert(instance)
            && let Some(instance) = self.instances.get(&instance)
        {
            for (&level, &start) in &instance.starts {
                if let Some(counter) = counters.get_mut(level) {
                    *counter = start.checked_sub(1);
                }
            }
        }
        for (n, ((counter, start), restart)) in
            counters.iter_mut().zip(starts).zip(restarts).enumerate()
        {
            match n.cmp(&at) {
                std::cmp::Ordering::Less => *counter = counter.or(Some(start)),
                std::cmp::Ordering::Equal => {
                    *counter = Some(counter.map_or(start, |n| n.saturating_add(1)))
                }
                std::cmp::Ordering::Greater => {
                    if restart.is_none_or(|after| level < after) {
                        *counter = None;
                    }
                }
            }
        }
        let counters = *counters;
        self.print(instance, definition, &own, &counters)
    }

    fn print(
        &self,
        instance: i64,
        definition: i64,
        own: &Level,
        counters: &[Option<i64>],
    ) -> Option<String> {
        if own.format == Format::Bullet {
            return None;
        }
        let (mut text, mut chars) = (String::new(), own.text.chars());
        while let Some(c) = chars.next() {
            if c != '%' {
                text.push(c);
                continue;
            }
            let digit = chars
                .next()
                .and_then(|c| c.to_digit(10))
                .and_then(|d| (d as usize).checked_sub(1));
            let Some(digit) = digit else { continue };
            let level = self.level(instance, definition, digit)?;
            let Format::Number(numeral) = level.format else {
                continue;
            };
            let numeral = if own.all_decimal {
                Numeral::Decimal
            } else {
                numeral
            };
            text.push_str(&print(
                counters
                    .get(digit)
                    .copied()
                    .flatten()
                    .unwrap_or(level.start),
                numeral,
            ));
        }
        if text.is_empty() {
            return None;
        }
        if !own.tight && text.ends_with(|c: char| c.is_ascii()) {
            text.push(' ');
        }
        Some(text)
    }
}

fn format(name: &str) -> Format {
    Format::Number(match name {
        "bullet" => return Format::Bullet,
        "none" => return Format::None,
        "decimalZero" => Numeral::DecimalZero,
        "lowerLetter" => Numeral::LowerLetter,
        "upperLetter" => Numeral::UpperLetter,
        "lowerRoman" => Numeral::LowerRoman,
        "upperRoman" => Numeral::UpperRoman,
        "chineseCounting"
        | "chineseCountingThousand"
        | "taiwaneseCountingThousand"
        | "japaneseCounting" => Numeral::Chinese,
        "chineseLegalSimplified" | "ideographLegalTraditional" | "japaneseLegal" => {
            Numeral::ChineseLegal
        }
        "ideographDigital"
        | "taiwaneseDigital"
        | "taiwaneseCounting"
        | "japaneseDigitalTenThousand" => Numeral::ChineseDigits,
        "ideographTraditional" => Numeral::HeavenlyStem,
        "ideographZodiac" => Numeral::EarthlyBranch,
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" | "ideographEnclosedCircle" => {
            Numeral::Circled
        }
        "decimalFullWidth" | "decimalFullWidth2" => Numeral::FullWidth,
        "decimalEnclosedParen" => Numeral::Parenthesised,
        _ => Numeral::Decimal,
    })
}
