//! XML of office parts as a flat stream of openings, closings and text: no DTD, no external entity, no recursion.

use std::borrow::Cow;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, XmlVersion};

use crate::block::Unreadable;
use crate::count::readable_chars;
use crate::limits::{Deadline, Limits};
use crate::refusal::{damaged, too_large};

/// Elements read between two looks at the clock.
const CLOCK_EVERY: u32 = 4096;

/// The vocabularies of which elements mean something to a reader here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ns {
    Word,
    Drawing,
    Picture,
    Math,
    Compatibility,
    Vml,
    Sheet,
    Other,
}

pub(crate) struct Open<'t> {
    pub(crate) ns: Ns,
    element: BytesStart<'t>,
}

impl Open<'_> {
    /// Name without prefix.
    pub(crate) fn local(&self) -> &str {
        let name = self.element.name();
        name.0.rsplit(':').next().unwrap_or_default()
    }

    /// First attribute of that name, whatever its prefix; values with unknown entities count as absent.
    pub(crate) fn attribute(&self, local: &str) -> Option<String> {
        self.element
            .attributes()
            .with_checks(false)
            .flatten()
            .find_map(|attribute| {
                let name = attribute.key.0.rsplit(':').next().unwrap_or_default();
                if name != local {
                    return None;
                }
                Some(
                    attribute
                        .normalized_value(XmlVersion::Implicit1_0)
                        .ok()?
                        .into_owned(),
                )
            })
    }

    pub(crate) fn number(&self, local: &str) -> Option<i64> {
        self.attribute(local)?.trim().parse().ok()
    }

    /// The value of an on/off property such as `<w:vanish w:val="0"/>`: present means on.
    pub(crate) fn switch(&self) -> bool {
        !matches!(
            self.attribute("val").as_deref(),
            Some("0" | "false" | "off" | "none")
        )
    }
}

pub(crate) enum Token<'t> {
    Open(Open<'t>),
    /// Of the element that was opened last.
    Close,
    Text(Cow<'t, str>),
    /// A reference to an entity that the file would have to define itself: never resolved.
    ForeignEntity(String),
    End,
}

pub(crate) struct Xml<'t> {
    reader: NsReader<&'t [u8]>,
    limits: &'t Limits,
    deadline: Deadline,
    depth: usize,
    events: u32,
}

impl<'t> Xml<'t> {
    pub(crate) fn new(text: &'t str, limits: &'t Limits) -> Self {
        let mut reader = NsReader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        reader.config_mut().allow_dangling_amp = true;
        Self {
            reader,
            limits,
            deadline: Deadline::of(limits),
            depth: 0,
            events: 0,
        }
    }

    pub(crate) fn next(&mut self) -> Result<Token<'t>, Unreadable> {
        loop {
            let (resolved, event) = self
                .reader
                .read_resolved_event()
                .map_err(|_| damaged("内部的 XML 不完整"))?;
            match event {
                Event::Start(element) => {
                    let ns = namespace(&resolved);
                    self.deepen()?;
                    return Ok(Token::Open(Open { ns, element }));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Token::Close);
                }
                Event::Text(text) => return Ok(Token::Text(text.xml10_content())),
                Event::CData(text) => {
                    return Ok(Token::Text(Cow::Owned(text.xml10_content().into_owned())));
                }
                Event::GeneralRef(name) => return Ok(entity(&name)),
                Event::Eof if self.depth > 0 => return Err(damaged("内部的 XML 中途断开")),
                Event::Eof => return Ok(Token::End),
                // A DTD may define entities; they stay undefined here, so that none can expand or fetch.
                Event::DocType(_)
                | Event::Comment(_)
                | Event::PI(_)
                | Event::Decl(_)
                | Event::Empty(_) => {}
            }
        }
    }

    fn deepen(&mut self) -> Result<(), Unreadable> {
        self.depth += 1;
        self.events = self.events.wrapping_add(1);
        if self.depth > self.limits.xml_depth {
            return Err(too_large(&format!(
                "内部结构嵌套超过 {} 层",
                self.limits.xml_depth
            )));
        }
        if self.events.is_multiple_of(CLOCK_EVERY) {
            self.deadline.check()?;
        }
        Ok(())
    }

    /// Passes over the rest of the element that was just opened; gives the readable characters of its runs
    /// (`t`, `delText`) on the way.
    pub(crate) fn skip(&mut self) -> Result<u64, Unreadable> {
        Ok(readable_chars(&self.skip_text()?))
    }

    /// Passes over the rest of the element that was just opened.
    pub(crate) fn pass(&mut self) -> Result<(), Unreadable> {
        self.skip()?;
        Ok(())
    }

    /// The same, and gives all text in it.
    pub(crate) fn text(&mut self) -> Result<String, Unreadable> {
        let (mut open, mut text) = (1usize, String::new());
        while open > 0 {
            match self.next()? {
                Token::Open(_) => open += 1,
                Token::Close => open -= 1,
                Token::Text(piece) => text.push_str(&piece),
                Token::ForeignEntity(_) => {}
                Token::End => break,
            }
        }
        Ok(text)
    }

    /// As `skip`, with the text of the runs itself.
    pub(crate) fn skip_text(&mut self) -> Result<String, Unreadable> {
        let (mut open, mut text) = (vec![false], String::new());
        while !open.is_empty() {
            match self.next()? {
                Token::Open(element) => {
                    if element.local() == "p" && !text.is_empty() {
                        text.push(' ');
                    }
                    open.push(matches!(element.local(), "t" | "delText"));
                }
                Token::Close => {
                    open.pop();
                }
                Token::Text(piece) if open.last() == Some(&true) => text.push_str(&piece),
                Token::Text(_) | Token::ForeignEntity(_) => {}
                Token::End => break,
            }
        }
        Ok(text)
    }
}

fn entity<'t>(name: &str) -> Token<'t> {
    let resolved = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            };
            code.and_then(char::from_u32)
                .filter(|&c| c != '\0')
                .map(String::from)
        }
        None => resolve_predefined_entity(name).map(str::to_owned),
    };
    match resolved {
        Some(text) => Token::Text(Cow::Owned(text)),
        None => Token::ForeignEntity(name.chars().take(40).collect()),
    }
}

/// Transitional and strict names; an undeclared prefix is taken at its usual meaning.
fn namespace(resolved: &ResolveResult<'_>) -> Ns {
    let uri = match resolved {
        ResolveResult::Bound(uri) => uri.0,
        ResolveResult::Unbound => return Ns::Other,
        ResolveResult::Unknown(prefix) => {
            return match prefix.as_str() {
                "w" => Ns::Word,
                "a" => Ns::Drawing,
                "pic" => Ns::Picture,
                "m" => Ns::Math,
                "mc" => Ns::Compatibility,
                "v" => Ns::Vml,
                _ => Ns::Other,
            };
        }
    };
    match uri {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        | "http://purl.oclc.org/ooxml/wordprocessingml/main"
        | "http://schemas.microsoft.com/office/word/2003/wordml" => Ns::Word,
        "http://schemas.openxmlformats.org/drawingml/2006/main"
        | "http://purl.oclc.org/ooxml/drawingml/main" => Ns::Drawing,
        "http://schemas.openxmlformats.org/drawingml/2006/picture"
        | "http://purl.oclc.org/ooxml/drawingml/picture" => Ns::Picture,
        "http://schemas.openxmlformats.org/officeDocument/2006/math"
        | "http://purl.oclc.org/ooxml/officeDocument/math" => Ns::Math,
        "http://schemas.openxmlformats.org/markup-compatibility/2006" => Ns::Compatibility,
        "urn:schemas-microsoft-com:vml" => Ns::Vml,
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        | "http://purl.oclc.org/ooxml/spreadsheetml/main" => Ns::Sheet,
        _ => Ns::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tokens as `<name`, `>`, text and `&foreign;`, up to the end or the error's code.
    fn tokens(text: &str) -> String {
        let limits = Limits {
            xml_depth: 8,
            ..Limits::default()
        };
        let mut xml = Xml::new(text, &limits);
        let mut seen = String::new();
        loop {
            match xml.next() {
                Ok(Token::Open(open)) => seen.push_str(&format!("<{}", open.local())),
                Ok(Token::Close) => seen.push('>'),
                Ok(Token::Text(text)) => seen.push_str(&text),
                Ok(Token::ForeignEntity(name)) => seen.push_str(&format!("&{name};")),
                Ok(Token::End) => return seen,
                Err(error) => return format!("{seen}!{}", error.code),
            }
        }
    }

    #[test]
    fn entities_of_the_file_are_never_expanded() {
        let laughs = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]>\
                      <x>&b;&c;&amp;&#x5E02;&#48;</x>";
        assert_eq!(tokens(laughs), "<x&b;&c;&市0>");
    }

    #[test]
    fn depth_and_truncation_are_errors() {
        assert_eq!(tokens(&"<a>".repeat(9)), "<a<a<a<a<a<a<a<a!too-large");
        assert_eq!(tokens("<a><b>x"), "<a<bx!damaged");
        assert_eq!(tokens("<a></b>"), "<a!damaged");
    }
}
