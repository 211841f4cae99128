//! Word documents in one file of XML, as office systems fill them from a template and name them .doc: the parts of a DOCX one
//! after the other (flat OPC), or the XML of Word 2003.

use super::body::Body;
use super::numbering::Numbering;
use super::pages::Pages;
use super::styles::Styles;
use crate::block::{Document, Format, Unreadable};
use crate::collect::Collector;
use crate::encoding::{declared, decode};
use crate::flow::emit;
use crate::limits::Limits;
use crate::picture::{self, Found};
use crate::refusal::empty;

pub(crate) fn read_flat(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let text = decode(bytes, declared(bytes).as_deref()).text;
    let main = part(&text, "/word/document.xml").unwrap_or(&text);
    let styles = match part(&text, "/word/styles.xml") {
        Some(text) => Styles::parse(text, limits)?,
        None => Styles::default(),
    };
    let numbering = match part(&text, "/word/numbering.xml") {
        Some(text) => Numbering::parse(text, limits)?,
        None => Numbering::default(),
    };
    let mut out = Collector::new(limits);
    let flow = Body::new(styles, numbering, Pages::of(main), &mut out).walk(main)?;
    emit(flow, &mut out)?;
    picture::settle(&mut out, |_| Ok(Found::Nowhere))?;
    if !out.has_text() {
        return Err(empty("这份 Word 文件"));
    }
    Ok(out.finish(Format::Doc))
}

/// The XML of a part.
fn part<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let (_, behind) = text.split_once(&format!("pkg:name=\"{name}\""))?;
    let (_, inner) = behind.split_once("<pkg:xmlData>")?;
    let (part, _) = inner.split_once("</pkg:xmlData>")?;
    Some(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::Block;

    fn texts(xml: &str) -> Vec<String> {
        let document = read_flat(xml.as_bytes(), &Limits::default()).unwrap();
        let text = |block: &Block| match block {
            Block::Paragraph(p) => p.text.clone(),
            Block::Table(t) => {
                let cells = t.rows.iter().flat_map(|row| &row.cells);
                let cells = cells.map(|c| format!("{}*{}", c.text, c.row_span));
                cells.collect::<Vec<_>>().join("|")
            }
        };
        document.blocks.iter().map(text).collect()
    }

    #[test]
    fn the_parts_of_a_package_in_one_file() {
        let w = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
        let part = |name: &str, xml: &str| {
            format!(
                "<pkg:part pkg:name=\"/word/{name}.xml\"><pkg:xmlData>{xml}</pkg:xmlData></pkg:part>"
            )
        };
        let numbering = format!(
            "<w:numbering {w}><w:abstractNum w:abstractNumId=\"1\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%1.\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"1\"/></w:num></w:numbering>"
        );
        let item = "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>公开预算。</w:t></w:r></w:p>";
        let document = format!("<w:document {w}><w:body>{item}</w:body></w:document>");
        let footer = format!("<w:ftr {w}><w:p><w:r><w:t>页脚</w:t></w:r></w:p></w:ftr>");
        let parts = [
            part("document", &document),
            part("numbering", &numbering),
            part("footer1", &footer),
        ];
        let xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><pkg:package xmlns:pkg=\"http://schemas.microsoft.com/office/2006/xmlPackage\">{}</pkg:package>",
            parts.concat()
        );
        assert_eq!(texts(&xml), ["1. 公开预算。"]);
    }

    #[test]
    fn word_2003_prints_its_numbers_beside_them() {
        let cell = |text: &str, merge: &str| {
            format!("<w:tc><w:tcPr>{merge}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>")
        };
        let rows = [
            format!(
                "<w:tr>{}{}</w:tr>",
                cell("公开预算。", ""),
                cell("市财政局", "<w:vmerge w:val=\"restart\"/>")
            ),
            format!(
                "<w:tr>{}{}</w:tr>",
                cell("公开决算。", ""),
                cell("", "<w:vmerge/>")
            ),
        ];
        let xml = format!(
            "<?xml version=\"1.0\"?><w:wordDocument xmlns:w=\"http://schemas.microsoft.com/office/word/2003/wordml\" xmlns:wx=\"http://schemas.microsoft.com/office/word/2003/auxHint\"><w:body><wx:sect><w:p><w:pPr><w:listPr><w:ilvl w:val=\"0\"/><w:ilfo w:val=\"1\"/><wx:t wx:val=\"一、\"/></w:listPr></w:pPr><w:r><w:t>公开重点</w:t></w:r></w:p><w:tbl>{}</w:tbl></wx:sect></w:body></w:wordDocument>",
            rows.concat()
        );
        assert_eq!(
            texts(&xml),
            ["一、公开重点", "公开预算。*1|市财政局*2|公开决算。*1"]
        );
    }
}
