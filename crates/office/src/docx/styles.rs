//! What paragraph and character styles say about headings, numbers and hidden text.

use std::collections::HashMap;

use crate::block::Unreadable;
use crate::limits::Limits;
use crate::xml::{Ns, Token, Xml};

/// Styles based on styles: longer chains are taken as loops.
const CHAIN_MAX: usize = 32;

#[derive(Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    properties: Properties,
}

/// What a style or a paragraph itself may set; `None` means inherited.
#[derive(Default, Clone)]
pub(super) struct Properties {
    pub(super) number_id: Option<i64>,
    pub(super) number_level: Option<i64>,
    /// 0 is the highest heading, 9 body text.
    pub(super) outline: Option<i64>,
    pub(super) hidden: Option<bool>,
}

/// A style with everything that it inherits.
#[derive(Default, Clone)]
pub(super) struct Resolved {
    pub(super) properties: Properties,
    pub(super) heading: Option<u8>,
    /// The style of the chain that sets the number, for the level that names it.
    pub(super) numbered_by: Option<String>,
}

#[derive(Default)]
pub(super) struct Styles {
    styles: HashMap<String, Style>,
    default_paragraph: Option<String>,
}

impl Styles {
    pub(super) fn parse(text: &str, limits: &Limits) -> Result<Self, Unreadable> {
        let (mut xml, mut styles, mut open) = (Xml::new(text, limits), Self::default(), None);
        // How deep the element stands, and where a conditional part of a table style began.
        let (mut depth, mut part) = (0usize, None);
        loop {
            match xml.next()? {
                Token::Open(element) if element.local().ends_with("Change") => {
                    xml.skip()?;
                }
                Token::Open(element) => {
                    if element.ns == Ns::Word {
                        match (element.local(), &mut open) {
                            ("style", _) => {
                                let id = element.attribute("styleId").unwrap_or_default();
                                let paragraph =
                                    element.attribute("type").as_deref() == Some("paragraph");
                                if paragraph && element.attribute("default").as_deref() == Some("1")
                                {
                                    styles.default_paragraph = Some(id.clone());
                                }
                                open = Some((depth, id, Style::default()));
                            }
                            ("name", Some((_, _, style))) => {
                                style.name =
                                    element.attribute("val").unwrap_or_default().to_lowercase();
                            }
                            ("basedOn", Some((_, _, style))) => {
                                style.based_on = element.attribute("val")
                            }
                            ("numId", Some((_, _, style))) => {
                                style.properties.number_id = element.number("val")
                            }
                            ("ilvl", Some((_, _, style))) => {
                                style.properties.number_level = element.number("val")
                            }
                            ("outlineLvl", Some((_, _, style))) => {
                                style.properties.outline = element.number("val")
                            }
                            // Conditional parts of table styles say nothing about a run.
                            ("tblStylePr", Some(_)) => part = part.or(Some(depth)),
                            ("vanish", Some((_, _, style))) if part.is_none() => {
                                style.properties.hidden = Some(element.switch());
                            }
                            _ => {}
                        }
                    }
                    depth += 1;
                }
                Token::Close => {
                    depth = depth.saturating_sub(1);
                    part = part.filter(|begun| *begun < depth);
                    if open.as_ref().is_some_and(|(at, ..)| *at == depth)
                        && let Some((_, id, style)) = open.take()
                    {
                        styles.styles.insert(id, style);
                    }
                }
                Token::Text(_) | Token::ForeignEntity(_) => {}
                Token::End => return Ok(styles),
            }
        }
    }

    /// The style by id, or the default paragraph style; unknown ids resolve to nothing.
    pub(super) fn paragraph(&self, id: Option<&str>) -> Resolved {
        id.or(self.default_paragraph.as_deref())
            .map(|id| self.resolve(id))
            .unwrap_or_default()
    }

    pub(super) fn resolve(&self, id: &str) -> Resolved {
        let (mut resolved, mut next) = (Resolved::default(), Some(id));
        for _ in 0..CHAIN_MAX {
            let Some((id, style)) = next.and_then(|id| self.styles.get_key_value(id)) else {
                break;
            };
            let (sum, own) = (&mut resolved.properties, &style.properties);
            if sum.number_id.is_none() && own.number_id.is_some() {
                resolved.numbered_by = Some(id.clone());
            }
            sum.number_id = sum.number_id.or(own.number_id);
            sum.number_level = sum.number_level.or(own.number_level);
            sum.outline = sum.outline.or(own.outline);
            sum.hidden = sum.hidden.or(own.hidden);
            resolved.heading = resolved.heading.or_else(|| heading_by_name(&style.name));
            next = style.based_on.as_deref();
        }
        resolved.heading = heading_by_outline(resolved.properties.outline).or(resolved.heading);
        resolved
    }
}

pub(super) fn heading_by_outline(outline: Option<i64>) -> Option<u8> {
    outline
        .filter(|level| (0..9).contains(level))
        .and_then(|level| u8::try_from(level + 1).ok())
}

fn heading_by_name(name: &str) -> Option<u8> {
    match name {
        "title" | "标题" => Some(1),
        "subtitle" | "副标题" => Some(2),
        name => {
            let number = name
                .strip_prefix("heading ")
                .or_else(|| name.strip_prefix("标题 "))?;
            number
                .trim()
                .parse()
                .ok()
                .filter(|level| (1..=9).contains(level))
        }
    }
}
