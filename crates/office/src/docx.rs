//! DOCX by an own reader: body paragraphs and tables in order, with printed numbers, spans and tracked changes settled.

mod body;
mod build;
mod flat;
mod formula;
mod headers;
mod numbering;
mod pages;
mod styles;
mod symbol;
#[cfg(test)]
pub(crate) mod tests;

use crate::block::{Document, Format, Place, Unreadable};
use crate::collect::{Collector, quoted};
use crate::count::readable_chars;
use crate::flow::emit;
use crate::limits::Limits;
use crate::package::{Package, resolve};
use crate::picture::{self, Found};
use crate::refusal::{damaged, empty};
use crate::xml::{Token, Xml};

use body::Body;
pub(crate) use flat::read_flat;
use numbering::Numbering;
use pages::Pages;
use styles::Styles;

pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let mut package = Package::open(bytes, limits)?;
    let main = main_part(&mut package, limits)?;
    let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
    let related = relationships(
        &mut package,
        &format!("{folder}/_rels/{file}.rels"),
        folder,
        limits,
    )?;
    let text = package
        .text(&main)?
        .ok_or_else(|| damaged("缺少正文部件"))?;

    let mut part = |kind: &str, usual: &str| -> Result<Option<String>, Unreadable> {
        let known = related
            .iter()
            .find(|r| r.kind == kind)
            .map(|r| r.target.clone());
        package.text(&known.unwrap_or_else(|| format!("{folder}/{usual}")))
    };
    let styles = match part("styles", "styles.xml")? {
        Some(text) => Styles::parse(&text, limits)?,
        None => Styles::default(),
    };
    let numbering = match part("numbering", "numbering.xml")? {
        Some(text) => Numbering::parse(&text, limits)?,
        None => Numbering::default(),
    };

    let mut out = Collector::new(limits);
    let flow = Body::new(styles, numbering, Pages::of(&text), &mut out).walk(&text)?;
    let headers = headers::shown(&text);
    drop(text);
    emit(flow, &mut out)?;
    picture::settle(&mut out, |id| {
        let target = related.iter().find(|part| part.id == id);
        Ok(match target.map(|part| package.bytes(&part.target)) {
            Some(bytes) => bytes?.map_or(Found::Nowhere, Found::Inside),
            None => Found::Nowhere,
        })
    })?;
    report_side_parts(&mut package, &related, &mut out)?;
    let mut lines = headers::Lines::default();
    for id in headers {
        let header = related.iter().find(|part| part.id == id);
        if let Some(header) = header.filter(|part| part.kind == "header")
            && let Some(text) = package.text(&header.target)?
        {
            lines.read(&text, limits)?;
        }
    }
    out.keep_headers(lines.0);
    if !out.has_text() {
        return Err(empty("这份 Word 文件"));
    }
    Ok(out.finish(Format::Docx))
}

struct Relationship {
    id: String,
    /// Last step of the type's address, such as `styles` or `footnotes`.
    kind: String,
    target: String,
}

fn main_part(package: &mut Package<'_>, limits: &Limits) -> Result<String, Unreadable> {
    let root = relationships(package, "_rels/.rels", "", limits)?;
    let named = root
        .into_iter()
        .find(|r| r.kind == "officeDocument")
        .map(|r| r.target);
    let usual = || {
        package
            .names()
            .into_iter()
            .find(|name| name.starts_with("word/document") && name.ends_with(".xml"))
    };
    named.or_else(usual).ok_or_else(|| damaged("缺少正文部件"))
}

fn relationships(
    package: &mut Package<'_>,
    part: &str,
    folder: &str,
    limits: &Limits,
) -> Result<Vec<Relationship>, Unreadable> {
    let Some(text) = package.text(part)? else {
        return Ok(Vec::new());
    };
    let (mut xml, mut found) = (Xml::new(&text, limits), Vec::new());
    loop {
        match xml.next()? {
            Token::Open(open) if open.local() == "Relationship" => {
                let external = open.attribute("TargetMode").as_deref() == Some("External");
                if let (Some(kind), Some(target), false) =
                    (open.attribute("Type"), open.attribute("Target"), external)
                {
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                    found.push(Relationship {
                        id: open.attribute("Id").unwrap_or_default(),
                        kind,
                        target: resolve(folder, &target),
                    });
                }
            }
            Token::End => return Ok(found),
            _ => {}
        }
    }
}

/// Headers, footers, notes and comments are not read, but whoever checks the draft must know of them.
fn report_side_parts(
    package: &mut Package<'_>,
    related: &[Relationship],
    out: &mut Collector<'_>,
) -> Result<(), Unreadable> {
    for part in related {
        let (code, name) = match part.kind.as_str() {
            "header" => ("header-dropped", "页眉"),
            "footer" => ("footer-dropped", "页脚"),
            "footnotes" => ("footnote-dropped", "脚注"),
            "endnotes" => ("endnote-dropped", "尾注"),
            "comments" => ("comment-dropped", "批注"),
            _ => continue,
        };
        let Some(text) = package.text(&part.target)? else {
            continue;
        };
        let words = run_text(&text, out.limits())?;
        let chars = readable_chars(&words);
        if chars > 0 {
            out.see_chars(chars)?;
            let message = format!("{name}共 {chars} 个字未读入正文：{}", quoted(&words));
            out.drop_chars(code, message, Place::default(), chars);
        }
    }
    Ok(())
}

/// All text of a part's runs.
fn run_text(part: &str, limits: &Limits) -> Result<String, Unreadable> {
    let mut xml = Xml::new(part, limits);
    loop {
        match xml.next()? {
            Token::Open(_) => return xml.skip_text(),
            Token::End => return Ok(String::new()),
            _ => {}
        }
    }
}
