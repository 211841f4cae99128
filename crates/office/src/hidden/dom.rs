//! A small tree of an XML part that is written back as it came, except for what was taken out.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};

use crate::block::Unreadable;
use crate::limits::{Deadline, Limits};
use crate::refusal::{damaged, too_large};

/// Nodes of one part.
const NODES_MAX: usize = 3_000_000;

pub(super) enum Node {
    Element(Element),
    /// Text, comment, declaration: as it stood.
    Other(Event<'static>),
}

pub(super) struct Element {
    pub(super) tag: BytesStart<'static>,
    pub(super) children: Vec<Node>,
}

impl Element {
    /// Name without prefix.
    pub(super) fn local(&self) -> &str {
        local(self.tag.name().0)
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.local() == name
    }

    /// First attribute of that name, whatever its prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        self.tag
            .attributes()
            .with_checks(false)
            .flatten()
            .find(|attribute| local(attribute.key.0) == name)
            .and_then(|attribute| {
                attribute
                    .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                    .ok()
                    .map(|value| value.into_owned())
            })
    }

    /// The same element with only some of its attributes, and others added.
    pub(super) fn with_attributes(&mut self, keep: impl Fn(&str) -> bool, add: &[(&str, &str)]) {
        let name = self.tag.name().0.to_owned();
        let mut tag = BytesStart::new(name);
        for attribute in self.tag.attributes().with_checks(false).flatten() {
            if keep(attribute.key.0) {
                tag.push_attribute(attribute);
            }
        }
        for (key, value) in add {
            tag.push_attribute((*key, *value));
        }
        self.tag = tag.into_owned();
    }

    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Other(_) => None,
        })
    }

    pub(super) fn elements_mut(&mut self) -> impl Iterator<Item = &mut Element> {
        self.children.iter_mut().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Other(_) => None,
        })
    }

    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.is(name))
    }

    /// Every element inside, this one first.
    pub(super) fn walk<'e>(&'e self, see: &mut impl FnMut(&'e Element)) {
        see(self);
        for element in self.elements() {
            element.walk(see);
        }
    }

    pub(super) fn retain(&mut self, keep: &mut impl FnMut(&Element) -> bool) {
        self.children.retain(|node| match node {
            Node::Element(element) => keep(element),
            Node::Other(_) => true,
        });
        for element in self.elements_mut() {
            element.retain(keep);
        }
    }

    /// The characters directly and further inside, of elements that hold text.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.push_text(&mut text);
        text
    }

    fn push_text(&self, text: &mut String) {
        for node in &self.children {
            match node {
                Node::Element(element) => {
                    match element.local() {
                        "tab" => text.push('\t'),
                        "br" | "cr" => text.push('\n'),
                        _ => {}
                    }
                    element.push_text(text);
                    if matches!(element.local(), "p" | "si" | "tr" | "comment") {
                        text.push('\n');
                    }
                }
                Node::Other(event) => text.push_str(&characters(event)),
            }
        }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new(Vec::new());
        write(self, &mut writer);
        writer.into_inner()
    }
}

fn characters(event: &Event<'_>) -> String {
    match event {
        Event::Text(text) => text.xml10_content().into_owned(),
        Event::CData(text) => text.xml10_content().into_owned(),
        Event::GeneralRef(name) => {
            let name: &str = name;
            match name.strip_prefix('#') {
                Some(number) => number
                    .strip_prefix(['x', 'X'])
                    .map_or_else(
                        || number.parse().ok(),
                        |hex| u32::from_str_radix(hex, 16).ok(),
                    )
                    .and_then(char::from_u32)
                    .map(String::from)
                    .unwrap_or_default(),
                None => quick_xml::escape::resolve_predefined_entity(name)
                    .unwrap_or_default()
                    .to_owned(),
            }
        }
        _ => String::new(),
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or_default()
}

fn write(element: &Element, writer: &mut Writer<Vec<u8>>) {
    // A vector takes everything.
    let _ = if element.children.is_empty() {
        writer.write_event(Event::Empty(element.tag.borrow()))
    } else {
        writer.write_event(Event::Start(element.tag.borrow()))
    };
    for node in &element.children {
        match node {
            Node::Element(inner) => write(inner, writer),
            Node::Other(event) => {
                let _ = writer.write_event(event.borrow());
            }
        }
    }
    if !element.children.is_empty() {
        let _ = writer.write_event(Event::End(element.tag.to_end()));
    }
}

/// The root element of a part.
pub(super) fn parse(text: &str, limits: &Limits) -> Result<Element, Unreadable> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let deadline = Deadline::of(limits);
    let (mut open, mut root, mut nodes): (Vec<Element>, Option<Element>, usize) =
        (Vec::new(), None, 0);
    loop {
        let event = reader
            .read_event()
            .map_err(|_| damaged("内部的 XML 不完整"))?;
        nodes += 1;
        if nodes > NODES_MAX {
            return Err(too_large("内部的 XML 过长"));
        }
        if nodes.is_multiple_of(4096) {
            deadline.check()?;
        }
        match event {
            Event::Start(tag) => {
                if open.len() >= limits.xml_depth {
                    return Err(too_large(&format!(
                        "内部结构嵌套超过 {} 层",
                        limits.xml_depth
                    )));
                }
                open.push(Element {
                    tag: tag.into_owned(),
                    children: Vec::new(),
                });
            }
            Event::Empty(tag) => place(
                Element {
                    tag: tag.into_owned(),
                    children: Vec::new(),
                },
                &mut open,
                &mut root,
            ),
            Event::End(_) => {
                if let Some(element) = open.pop() {
                    place(element, &mut open, &mut root);
                }
            }
            Event::Eof => break,
            // Outside the root: declaration; inside: nobody reads them, and a DTD could define entities.
            Event::Decl(_) | Event::DocType(_) | Event::PI(_) | Event::Comment(_) => {}
            other => {
                if let Some(element) = open.last_mut() {
                    element.children.push(Node::Other(other.into_owned()));
                }
            }
        }
    }
    match root {
        Some(root) if open.is_empty() => Ok(root),
        _ => Err(damaged("内部的 XML 中途断开")),
    }
}

fn place(element: Element, open: &mut [Element], root: &mut Option<Element>) {
    match open.last_mut() {
        Some(parent) => parent.children.push(Node::Element(element)),
        None => {
            root.get_or_insert(element);
        }
    }
}

/// A part as it is stored: declaration and root.
pub(super) fn to_part(root: &Element) -> Vec<u8> {
    let mut bytes = b"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n".to_vec();
    bytes.extend(root.to_bytes());
    bytes
}
