//! Walks the body of a text: paragraphs, headings, lists, tables and text boxes in their order.

use super::inline::Line;
use super::lists::Lists;
use super::styles::Styles;
use super::words_within;
use crate::block::{Place, Unreadable};
use crate::collect::{Collector, quoted};
use crate::count::{has_readable, readable_chars};
use crate::flow::Flow;
use crate::raised::Raised;
use crate::refusal::too_large;
use crate::xml::{Open, Token, Xml};

/// Elements that stand in each other and are each read by a call of their own.
const NESTED_MAX: usize = 100;
const IMAGE: &str = "图片已略去，如图中有文字请对照原文补录。";

pub(super) struct Reader<'o, 'l> {
    pub(super) out: &'o mut Collector<'l>,
    pub(super) styles: Styles,
    pub(super) lists: Lists,
    pub(super) cells: usize,
    paragraphs: u32,
    /// `None` where the file marks no page break.
    page: Option<u32>,
    nested: usize,
    insertions: bool,
}

/// How the characters of a span stand.
#[derive(Clone, Copy)]
struct Manner {
    hidden: bool,
    raised: Option<Raised>,
}

/// A paragraph that is being read.
#[derive(Default)]
struct Paragraph {
    line: Line,
    /// Its number, where the file prints it.
    number: Option<String>,
    hidden_chars: u64,
    /// Text boxes and pictures that are anchored in it; they follow it.
    boxes: Vec<Flow>,
}

impl<'o, 'l> Reader<'o, 'l> {
    pub(super) fn new(styles: Styles, content: &str, out: &'o mut Collector<'l>) -> Self {
        Self {
            out,
            styles,
            lists: Lists::default(),
            cells: 0,
            paragraphs: 0,
            page: content.contains("soft-page-break").then_some(1),
            nested: 0,
            insertions: false,
        }
    }

    pub(super) fn walk(mut self, content: &str) -> Result<Vec<Flow>, Unreadable> {
        let (mut xml, mut flow) = (Xml::new(content, self.out.limits()), Vec::new());
        let mut body = false;
        loop {
            match xml.next()? {
                Token::Open(open) => match open.local() {
                    "body" => body = true,
                    "text" if body => self.blocks(&mut xml, &mut flow)?,
                    _ => {}
                },
                Token::Close | Token::Text(_) => {}
                Token::ForeignEntity(name) => self.foreign(&name),
                Token::End => return Ok(flow),
            }
        }
    }

    /// Reads up to the end of the element that is open.
    pub(super) fn blocks(
        &mut self,
        xml: &mut Xml<'_>,
        flow: &mut Vec<Flow>,
    ) -> Result<(), Unreadable> {
        self.deepen()?;
        loop {
            match xml.next()? {
                Token::Open(open) => self.block(&open, xml, flow)?,
                Token::Close | Token::End => break,
                Token::Text(_) => {}
                Token::ForeignEntity(name) => self.foreign(&name),
            }
        }
        self.nested -= 1;
        Ok(())
    }

    fn block(
        &mut self,
        open: &Open<'_>,
        xml: &mut Xml<'_>,
        flow: &mut Vec<Flow>,
    ) -> Result<(), Unreadable> {
        match open.local() {
            "p" | "h" => self.paragraph(open, xml, flow),
            "list" => self.list(open, xml, flow),
            "table" => self.table(xml, flow),
            "frame" => self.frame(xml, flow),
            "custom-shape" | "rect" | "ellipse" | "circle" | "polygon" | "path" | "line"
            | "connector" | "caption" | "text-box" => self.text_box(xml, flow),
            "section" if open.attribute("display").as_deref() == Some("none") => {
                self.aside(xml, "hidden-text", "隐藏的章节")
            }
            "tracked-changes" => self.changes(xml),
            "annotation" => self.aside(xml, "comment-dropped", "批注"),
            "soft-page-break" => {
                self.turn_page();
                xml.pass()
            }
            "forms"
            | "sequence-decls"
            | "variable-decls"
            | "user-field-decls"
            | "title"
            | "desc"
            | "index-title-template" => xml.pass(),
            // templates of tables of contents are no text
            name if name.ends_with("-source") => xml.pass(),
            _ => self.blocks(xml, flow),
        }
    }

    fn deepen(&mut self) -> Result<(), Unreadable> {
        self.nested += 1;
        if self.nested > NESTED_MAX {
            return Err(too_large(&format!("内部结构嵌套超过 {NESTED_MAX} 层")));
        }
        Ok(())
    }

    pub(super) fn place(&self) -> Place {
        Place {
            line: Some(self.paragraphs).filter(|&n| n > 0),
            page: self.page,
            ..Place::default()
        }
    }

    /// Where the next paragraph will stand.
    pub(super) fn next_place(&self) -> Place {
        Place {
            line: self.paragraphs.checked_add(1),
            ..self.place()
        }
    }

    pub(super) fn turn_page(&mut self) {
        self.page = self.page.and_then(|page| page.checked_add(1));
    }

    fn foreign(&mut self, name: &str) {
        let message = format!("自定义实体“{name}”不予展开，已略去。");
        self.out.note("entity-dropped", message, self.place());
    }

    /// Passes over what is no part of the text, and says so.
    fn aside(&mut self, xml: &mut Xml<'_>, code: &str, name: &str) -> Result<(), Unreadable> {
        let words = words_within(xml)?;
        let chars = readable_chars(&words);
        if chars > 0 {
            self.out.see_chars(chars)?;
            let message = format!("{name}共 {chars} 个字未读入正文：{}", quoted(&words));
            self.out.drop_chars(code, message, self.place(), chars);
        }
        Ok(())
    }

    /// What was deleted stands before the text, region by region; what was inserted stands in it.
    fn changes(&mut self, xml: &mut Xml<'_>) -> Result<(), Unreadable> {
        let mut open = 1usize;
        while open > 0 {
            match xml.next()? {
                Token::Open(element) => match element.local() {
                    "deletion" => {
                        self.aside(xml, "deletion-dropped", "修订中标记为删除的文字")?;
                    }
                    "insertion" => {
                        if !std::mem::replace(&mut self.insertions, true) {
                            let message = "文中有尚未接受的修订，已按接受插入后的文字读取。";
                            self.out.note("insertion-kept", message, Place::default());
                        }
                        open += 1;
                    }
                    _ => open += 1,
                },
                Token::Close => open -= 1,
                Token::Text(_) | Token::ForeignEntity(_) => {}
                Token::End => break,
            }
        }
        Ok(())
    }

    fn list(
        &mut self,
        open: &Open<'_>,
        xml: &mut Xml<'_>,
        flow: &mut Vec<Flow>,
    ) -> Result<(), Unreadable> {
        self.deepen()?;
        let follows = open.attribute("continue-list");
        let on = open.attribute("continue-numbering").as_deref() == Some("true");
        let style = open.attribute("style-name");
        self.lists
            .begin(open.attribute("id"), style, follows.as_deref(), on);
        loop {
            match xml.next()? {
                Token::Open(item) => {
                    let numbered = item.local() == "list-item";
                    self.lists.item(item.number("start-value"), numbered);
                    self.blocks(xml, flow)?;
                }
                Token::Close | Token::End => break,
                Token::Text(_) | Token::ForeignEntity(_) => {}
            }
        }
        self.lists.end();
        self.nested -= 1;
        Ok(())
    }

    fn paragraph(
        &mut self,
        open: &Open<'_>,
        xml: &mut Xml<'_>,
        flow: &mut Vec<Flow>,
    ) -> Result<(), Unreadable> {
        self.paragraphs = self.paragraphs.saturating_add(1);
        let limits = self.out.limits();
        if self.paragraphs as usize > limits.paragraphs.saturating_add(limits.cells) {
            return Err(too_large("段落过多"));
        }
        let place = self.place();
        let style = open.attribute("style-name");
        let outline = (open.local() == "h").then(|| open.number("outline-level").unwrap_or(1));
        let manner = Manner {
            hidden: self.styles.is_hidden("paragraph", style.as_deref()),
            raised: None,
        };
        let counted = match manner.hidden {
            true => None,
            false => self.lists.label(outline, &self.styles),
        };
        let mut read = Paragraph::default();
        self.inline(xml, &mut read, manner)?;
        if read.hidden_chars > 0 {
            let message = format!("设为隐藏的 {} 个字已略去。", read.hidden_chars);
            self.out
                .drop_chars("hidden-text", message, place, read.hidden_chars);
        }
        let mut text = read.line.text;
        if let Some(number) = read.number.or(counted) {
            self.out.see(&number)?;
            text.insert_str(0, &number);
        }
        if has_readable(&text) {
            text.truncate(text.trim_end().len());
            let level = outline.and_then(|level| u8::try_from(level).ok());
            let heading = match level {
                Some(level) => Some(level.clamp(1, 9)),
                None => self.styles.title(style.as_deref()),
            };
            flow.push(Flow::Paragraph {
                text,
                heading,
                place,
            });
        }
        flow.append(&mut read.boxes);
        Ok(())
    }

    fn inline(
        &mut self,
        xml: &mut Xml<'_>,
        into: &mut Paragraph,
        manner: Manner,
    ) -> Result<(), Unreadable> {
        self.deepen()?;
        loop {
            match xml.next()? {
                Token::Open(open) => self.piece(&open, xml, into, manner)?,
                Token::Close | Token::End => break,
                Token::Text(text) => {
                    self.out.see(&text)?;
                    if manner.hidden {
                        into.hidden_chars += readable_chars(&text);
                        continue;
                    }
                    match manner.raised {
                        Some(raised) => into.line.push(&self.raised(raised, &text)?),
                        None => into.line.push(&text),
                    }
                }
                Token::ForeignEntity(name) => self.foreign(&name),
            }
        }
        self.nested -= 1;
        Ok(())
    }

    /// Words above or below the line; what marks them as such is seen, too.
    fn raised(&mut self, raised: Raised, text: &str) -> Result<String, Unreadable> {
        let written = raised.written(text);
        let more = readable_chars(&written).saturating_sub(readable_chars(text));
        self.out.see_chars(more)?;
        Ok(written)
    }

    /// An element in a paragraph.
    fn piece(
        &mut self,
        open: &Open<'_>,
        xml: &mut Xml<'_>,
        into: &mut Paragraph,
        manner: Manner,
    ) -> Result<(), Unreadable> {
        if into.line.element(open) {
            return xml.pass();
        }
        match open.local() {
            "span" => {
                let style = open.attribute("style-name");
                let own = Manner {
                    hidden: manner.hidden || self.styles.is_hidden("text", style.as_deref()),
                    raised: self.styles.raised(style.as_deref()).or(manner.raised),
                };
                self.inline(xml, into, own)
            }
            "number" => {
                let number = xml.text()?;
                if has_readable(&number) {
                    into.number = Some(format!("{} ", number.trim()));
                }
                Ok(())
            }
            "note" => self.aside(xml, "footnote-dropped", "脚注或尾注"),
            "annotation" => self.aside(xml, "comment-dropped", "批注"),
            "ruby-text" => {
                let chars = readable_chars(&xml.text()?);
                self.out.see_chars(chars)?;
                let message = "注音文字已略去。";
                self.out
                    .drop_chars("ruby-dropped", message, self.place(), chars);
                Ok(())
            }
            "soft-page-break" => {
                self.turn_page();
                xml.pass()
            }
            "frame" => self.frame(xml, &mut into.boxes),
            "custom-shape" | "rect" | "ellipse" | "circle" | "polygon" | "path" | "line"
            | "connector" | "caption" | "g" => self.text_box(xml, &mut into.boxes),
            "script" | "meta-field-source" => xml.pass(),
            _ => self.inline(xml, into, manner),
        }
    }

    /// A frame holds a text box, a picture, or an object with a picture that stands for it.
    fn frame(&mut self, xml: &mut Xml<'_>, flow: &mut Vec<Flow>) -> Result<(), Unreadable> {
        let (mut picture, mut alt, mut object) = (None, String::new(), false);
        loop {
            match xml.next()? {
                Token::Open(open) => match open.local() {
                    "text-box" => self.text_box(xml, flow)?,
                    "title" | "desc" => {
                        let words = xml.text()?;
                        if alt.is_empty() {
                            alt = words;
                        }
                    }
                    name => {
                        object |= matches!(name, "object" | "object-ole" | "plugin" | "applet");
                        if name == "image" && picture.is_none() {
                            picture = Some(open.attribute("href").unwrap_or_default());
                        }
                        xml.skip()?;
                    }
                },
                Token::Close | Token::End => break,
                Token::Text(_) | Token::ForeignEntity(_) => {}
            }
        }
        let place = self.place();
        match picture {
            _ if object => {
                let message = "嵌入的对象（如公式、图表或另一份文档）已略去，请对照原文补录。";
                self.out.note("object-dropped", message, place);
            }
            Some(source) if self.out.wants_pictures() => {
                flow.push(Flow::Picture { source, alt, place });
            }
            Some(_) => self.out.note("image-dropped", IMAGE, place),
            None => {}
        }
        Ok(())
    }

    fn text_box(&mut self, xml: &mut Xml<'_>, flow: &mut Vec<Flow>) -> Result<(), Unreadable> {
        let (around, mut inner) = (self.lists.leave(), Vec::new());
        self.blocks(xml, &mut inner)?;
        self.lists.back(around);
        if !inner.is_empty() {
            let message = "文本框的文字已排在所在段落之后，请核对先后顺序。";
            self.out.note("text-box", message, self.place());
        }
        flow.append(&mut inner);
        Ok(())
    }
}
