//! OpenDocument, as LibreOffice and WPS write it: texts are read here, sheets in `sheet`. What people see of either stands
//! in content.xml, the numbers of lists included, which are only told as rules.

mod inline;
mod lists;
mod styles;
mod table;
#[cfg(test)]
pub(crate) mod tests;
mod walk;

use crate::block::{Document, Format, Place, Unreadable};
use crate::collect::{Collector, quoted};
use crate::count::readable_chars;
use crate::encoding::{declared, decode};
use crate::flow::emit;
use crate::limits::Limits;
use crate::package::Package;
use crate::picture::{self, Found};
use crate::refusal::{damaged, empty, encrypted};
use crate::xml::{Token, Xml};

pub(crate) use inline::Line;
pub(crate) use styles::Styles;
pub(crate) use table::{count, repeated};

pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let mut parts = Parts::open(bytes, limits)?;
    let styles = parts.styles(limits)?;
    let mut out = Collector::new(limits);
    let flow = walk::Reader::new(styles, &parts.content, &mut out).walk(&parts.content)?;
    emit(flow, &mut out)?;
    picture::settle(&mut out, |name| {
        Ok(match &mut parts.package {
            Some(package) => package
                .bytes(name.trim_start_matches("./"))?
                .map_or(Found::Nowhere, Found::Inside),
            None => Found::Nowhere,
        })
    })?;
    let masters = parts.masters.as_deref().unwrap_or(&parts.content);
    report_margins(masters, &mut out)?;
    if !out.has_text() {
        return Err(empty("这份 ODT 文件"));
    }
    Ok(out.finish(Format::Odt))
}

/// The parts of a document that are read: packed, or all in one file of XML.
pub(crate) struct Parts<'a> {
    pub(crate) content: String,
    /// styles.xml; in one file it stands with the content.
    masters: Option<String>,
    package: Option<Package<'a>>,
}

impl<'a> Parts<'a> {
    pub(crate) fn open(bytes: &'a [u8], limits: &'a Limits) -> Result<Self, Unreadable> {
        if !bytes.starts_with(b"PK") {
            return Ok(Self {
                content: decode(bytes, declared(bytes).as_deref()).text,
                masters: None,
                package: None,
            });
        }
        let mut package = Package::open(bytes, limits)?;
        let manifest = package.text("META-INF/manifest.xml")?.unwrap_or_default();
        let locked = |name: &String| name == "encrypted-package";
        if manifest.contains("encryption-data") || package.names().iter().any(locked) {
            return Err(encrypted("文件"));
        }
        let content = package.text("content.xml")?;
        Ok(Self {
            content: content.ok_or_else(|| damaged("缺少正文部件"))?,
            masters: package.text("styles.xml")?,
            package: Some(package),
        })
    }

    /// The styles of both parts; those of the content come last and count.
    pub(crate) fn styles(&self, limits: &Limits) -> Result<Styles, Unreadable> {
        let mut styles = Styles::default();
        if let Some(masters) = &self.masters {
            styles.read(masters, limits)?;
        }
        styles.read(&self.content, limits)?;
        Ok(styles)
    }
}

/// Headers and footers are not read, but whoever checks the draft must know of them.
fn report_margins(masters: &str, out: &mut Collector<'_>) -> Result<(), Unreadable> {
    let mut xml = Xml::new(masters, out.limits());
    loop {
        let (code, name) = match xml.next()? {
            Token::Open(open) => match open.local() {
                "header" | "header-first" | "header-left" => ("header-dropped", "页眉"),
                "footer" | "footer-first" | "footer-left" => ("footer-dropped", "页脚"),
                "body" => return Ok(()),
                _ => continue,
            },
            Token::End => return Ok(()),
            _ => continue,
        };
        let words = words_within(&mut xml)?;
        let chars = readable_chars(&words);
        if chars > 0 {
            out.see_chars(chars)?;
            let message = format!("{name}共 {chars} 个字未读入正文：{}", quoted(&words));
            out.drop_chars(code, message, Place::default(), chars);
        }
    }
}

/// The text of the paragraphs in the element that was just opened, which is passed over: not who wrote a note, and when.
pub(crate) fn words_within(xml: &mut Xml<'_>) -> Result<String, Unreadable> {
    let (mut open, mut text) = (vec![false], String::new());
    while !open.is_empty() {
        match xml.next()? {
            Token::Open(element) => {
                let within = open.last() == Some(&true);
                let paragraph = matches!(element.local(), "p" | "h");
                if paragraph && !text.is_empty() {
                    text.push(' ');
                }
                open.push(within || paragraph);
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
