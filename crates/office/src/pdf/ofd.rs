//! OFD, the fixed layout of GB/T 33190: its pages name characters and lines with their places in millimetres, and go the
//! same way as the pages of a PDF.

mod objects;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::HashMap;

use super::Reading;
use super::ink::Ink;
use crate::block::{Document, Format, Place, Unreadable};
use crate::limits::{Deadline, Limits};
use crate::package::{Package, resolve};
use crate::refusal::{damaged, encrypted, too_large};
use crate::xml::{Token, Xml};

use objects::{Area, Canvas};

/// What people call such a file in its refusals.
const NAME: &str = "这份 OFD";

pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let mut package = Package::open(bytes, limits)?;
    let names = package.names();
    let within = |part: &str| names.iter().any(|name| name.contains(part));
    if within("Encryptions.xml") || within("Encryption.xml") {
        return Err(encrypted(NAME));
    }
    let entry = package.text("OFD.xml")?;
    let entry = entry.ok_or_else(|| damaged("缺少版式文件的主入口"))?;
    let mut bodies = roots(&entry, limits)?.into_iter();
    let body = bodies.next().ok_or_else(|| damaged("缺少版式文档"))?;
    let body = resolve("", &body.replace('\\', "/"));
    let text = package.text(&body)?;
    let text = text.ok_or_else(|| damaged("缺少版式文档"))?;
    let (folder, _) = body.rsplit_once('/').unwrap_or(("", &body));
    let book = Book::parse(&text, folder, limits)?;
    let mut reading = Reading::new(limits);
    let mut pages = Pages {
        package,
        book,
        limits,
        deadline: Deadline::of(limits),
        templates: HashMap::new(),
        objects: 0,
    };
    for number in 1.. {
        let Some(ink) = pages.ink(number, &mut reading)? else {
            break;
        };
        reading.add(ink)?;
    }
    let others = [
        (
            bodies.next().is_some(),
            "document-dropped",
            "文件里的其他版式文档未读取，请逐个另存后再读。",
        ),
        (
            within("/Annots/"),
            "comment-dropped",
            "批注、水印等附加在页面上的内容未读取。",
        ),
        (
            within("/Attachs/"),
            "attachment-dropped",
            "附带的文件未读取。",
        ),
    ];
    for (_, code, message) in others.into_iter().filter(|other| other.0) {
        reading.out.note(code, message, Place::default());
    }
    reading.finish(Format::Ofd, NAME)
}

/// Where the documents of the file begin.
fn roots(entry: &str, limits: &Limits) -> Result<Vec<String>, Unreadable> {
    const ROOTS_MAX: usize = 100;
    let (mut xml, mut roots) = (Xml::new(entry, limits), Vec::new());
    loop {
        match xml.next()? {
            Token::Open(open) if open.local() == "DocRoot" && roots.len() < ROOTS_MAX => {
                roots.push(xml.text()?.trim().to_owned());
            }
            Token::End => return Ok(roots),
            _ => {}
        }
    }
}

/// The pages of a document, in order, and what they share.
struct Book {
    pages: Vec<String>,
    /// By number: where the content of a template lies.
    templates: HashMap<String, String>,
    area: Option<Area>,
}

impl Book {
    fn parse(text: &str, folder: &str, limits: &Limits) -> Result<Self, Unreadable> {
        let mut book = Self {
            pages: Vec::new(),
            templates: HashMap::new(),
            area: None,
        };
        let mut xml = Xml::new(text, limits);
        loop {
            let open = match xml.next()? {
                Token::Open(open) => open,
                Token::End => break,
                _ => continue,
            };
            let place = || {
                let at = open.attribute("BaseLoc")?;
                Some(resolve(folder, &at.replace('\\', "/")))
            };
            match open.local() {
                "Page" => book.pages.extend(place()),
                "TemplatePage" => {
                    let id = open.attribute("ID").unwrap_or_default();
                    book.templates.extend(place().map(|place| (id, place)));
                }
                "PhysicalBox" => book.area = Area::parse(&xml.text()?),
                _ => {}
            }
            if book.pages.len() > limits.pages {
                return Err(too_large(&format!("OFD 超过 {} 页", limits.pages)));
            }
        }
        if book.pages.is_empty() {
            return Err(damaged("没有可读的页面"));
        }
        Ok(book)
    }
}

struct Pages<'a, 'l> {
    package: Package<'a>,
    book: Book,
    limits: &'l Limits,
    deadline: Deadline,
    /// Templates that were unpacked already: many pages stand on one.
    templates: HashMap<String, String>,
    /// Objects of all pages.
    objects: u64,
}

impl Pages<'_, '_> {
    /// What a page shows; `None` behind the last one.
    fn ink(&mut self, number: usize, reading: &mut Reading<'_>) -> Result<Option<Ink>, Unreadable> {
        self.deadline.check()?;
        let Some(place) = self.book.pages.get(number - 1) else {
            return Ok(None);
        };
        let mut canvas = Canvas::new(self.book.area, self.limits, self.objects);
        match self.package.text(place)? {
            Some(text) => canvas.page(&text)?,
            None => {
                let message = format!("第 {number} 页的内容不在文件里，请对照原文补录。");
                let place = Place {
                    page: u32::try_from(number).ok(),
                    ..Place::default()
                };
                reading.out.note("page-missing", message, place);
            }
        }
        for id in std::mem::take(&mut canvas.templates) {
            if let Some(text) = self.template(&id)? {
                canvas.template(text)?;
            }
        }
        self.objects = canvas.objects;
        Ok(Some(canvas.finish()))
    }

    fn template(&mut self, id: &str) -> Result<Option<&str>, Unreadable> {
        let known = self.templates.contains_key(id);
        if !known {
            let Some(place) = self.book.templates.get(id) else {
                return Ok(None);
            };
            let text = self.package.text(place)?.unwrap_or_default();
            self.templates.insert(id.to_owned(), text);
        }
        let text = self.templates.get(id).map(String::as_str);
        Ok(text.filter(|text| !text.is_empty()))
    }
}
