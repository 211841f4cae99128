//! What stands in the headers that pages show: some offices set a paper's title and number nowhere else.

use super::body::Body;
use super::numbering::Numbering;
use super::pages::Pages;
use super::styles::Styles;
use crate::block::{Block, Format, Paragraph, Unreadable};
use crate::collect::Collector;
use crate::count::has_readable;
use crate::flow::emit;
use crate::limits::Limits;

/// Headers that are looked into.
const HEADERS_MAX: usize = 12;
/// Lines of them that are kept, and characters of one line.
const LINES_MAX: usize = 40;
const LINE_CHARS_MAX: usize = 400;

/// What the document calls the headers that its pages show, that of a first page before the others. Those of even pages
/// say what those of the odd ones do, and one of a first page counts only where first pages have their own.
pub(super) fn shown(document: &str) -> Vec<String> {
    let own_first = document.contains("titlePg");
    let (mut first, mut others) = (Vec::new(), Vec::new());
    let tags = document.split("headerReference").skip(1);
    for tag in tags.take(HEADERS_MAX) {
        let tag = tag.split('>').next().unwrap_or_default();
        let Some(id) = value(tag, ":id=") else {
            continue;
        };
        match value(tag, ":type=") {
            Some("first") if own_first => first.push(id.to_owned()),
            Some("default") | None => others.push(id.to_owned()),
            Some(_) => {}
        }
    }
    first.append(&mut others);
    first
}

fn value<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, behind) = tag.split_once(name)?;
    let quote = behind.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    behind.get(1..)?.split(quote).next()
}

/// Lines of headers, each once.
#[derive(Default)]
pub(super) struct Lines(pub(super) Vec<Paragraph>);

impl Lines {
    /// Takes in the lines of one header, those of its text boxes too. What the reader notes on the way concerns nobody:
    /// that the header is no part of the body is told already.
    pub(super) fn read(&mut self, header: &str, limits: &Limits) -> Result<(), Unreadable> {
        let mut aside = Collector::new(limits);
        let body = Body::new(
            Styles::default(),
            Numbering::default(),
            Pages::of(""),
            &mut aside,
        );
        let flow = body.walk(header)?;
        emit(flow, &mut aside)?;
        for block in aside.finish(Format::Docx).blocks {
            let Block::Paragraph(mut line) = block else {
                continue;
            };
            let known = self.0.iter().any(|one| one.text == line.text);
            let fits = line.text.chars().count() <= LINE_CHARS_MAX && has_readable(&line.text);
            if fits && !known && self.0.len() < LINES_MAX {
                line.place = crate::block::Place::default();
                self.0.push(line);
            }
        }
        Ok(())
    }
}
