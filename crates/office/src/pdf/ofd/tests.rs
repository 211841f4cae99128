use std::io::{Cursor, Write};

use crate::block::{Block, Document};
use crate::limits::Limits;
use crate::sheet::tests::{codes, texts};
use crate::{Format, Sniffed, read, sniff};

const NS: &str = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";

fn package(parts: &[(String, String)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A document of these pages; each may stand on the template.
fn ofd(pages: &[String], template: &str) -> Vec<u8> {
    let mut parts = vec![(
        "OFD.xml".to_owned(),
        format!(
            "<ofd:OFD {NS} DocType=\"OFD\"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
        ),
    )];
    let mut list = String::new();
    for (n, page) in pages.iter().enumerate() {
        list.push_str(&format!(
            "<ofd:Page ID=\"{n}\" BaseLoc=\"Pages/Page_{n}/Content.xml\"/>"
        ));
        parts.push((
            format!("Doc_0/Pages/Page_{n}/Content.xml"),
            format!("<ofd:Page {NS}><ofd:Template TemplateID=\"90\"/><ofd:Content><ofd:Layer Type=\"Body\">{page}</ofd:Layer></ofd:Content></ofd:Page>"),
        ));
    }
    parts.push((
        "Doc_0/Tpls/Tpl_0/Content.xml".to_owned(),
        format!(
            "<ofd:Page {NS}><ofd:Content><ofd:Layer>{template}</ofd:Layer></ofd:Content></ofd:Page>"
        ),
    ));
    parts.push((
        "Doc_0/Document.xml".to_owned(),
        format!("<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:TemplatePage ID=\"90\" BaseLoc=\"Tpls/Tpl_0/Content.xml\"/></ofd:CommonData><ofd:Pages>{list}</ofd:Pages></ofd:Document>"),
    ));
    package(&parts)
}

/// Words of 5 mm at a place, as the programs write them.
fn text(x: f64, y: f64, words: &str) -> String {
    let steps = words.chars().count().saturating_sub(1);
    format!(
        "<ofd:TextObject ID=\"1\" Boundary=\"{x} {y} 100 6\" Font=\"2\" Size=\"5\"><ofd:TextCode X=\"0\" Y=\"4.4\" DeltaX=\"g {steps} 5\">{words}</ofd:TextCode></ofd:TextObject>"
    )
}

fn line(x: f64, y: f64, width: f64, height: f64) -> String {
    format!(
        "<ofd:PathObject ID=\"1\" Boundary=\"{x} {y} {width} {height}\" LineWidth=\"0.2\"><ofd:AbbreviatedData>M 0 0 L {width} {height}</ofd:AbbreviatedData></ofd:PathObject>"
    )
}

/// A table of two columns and three rows below a title.
fn table_page() -> String {
    let mut page = text(70.0, 30.0, "分工方案");
    for row in 0..4 {
        page.push_str(&line(20.0, 60.0 + 10.0 * f64::from(row), 150.0, 0.0));
    }
    for x in [20.0, 110.0, 170.0] {
        page.push_str(&line(x, 60.0, 0.0, 30.0));
    }
    for (row, (task, unit)) in [
        ("任务", "单位"),
        ("公开预算", "市财政局"),
        ("公开规划", "市发改委"),
    ]
    .into_iter()
    .enumerate()
    {
        let y = 62.0 + 10.0 * row as f64;
        page.push_str(&text(25.0, y, task));
        page.push_str(&text(115.0, y, unit));
    }
    page
}

/// A document with something of everything, for the mutants.
pub(crate) fn sample() -> Vec<u8> {
    let more = "<ofd:ImageObject Boundary=\"0 0 20 20\" CTM=\"20 0 0 20 0 0\" ResourceID=\"3\"/>\
        <ofd:TextObject Boundary=\"20 200 90 20\" CTM=\"0.7 0.7 -0.7 0.7 0 0\" Size=\"9\"><ofd:TextCode X=\"0\" Y=\"9\">水印</ofd:TextCode></ofd:TextObject>";
    ofd(
        &[
            format!("{}{more}", table_page()),
            text(20.0, 30.0, "第二页。"),
        ],
        &text(20.0, 10.0, "眉"),
    )
}

fn open(pages: &[String], template: &str) -> Document {
    read(&ofd(pages, template), &Limits::default()).unwrap()
}

#[test]
fn pages_are_read_as_those_of_a_pdf() {
    let bytes = sample();
    assert_eq!(sniff(&bytes), Sniffed::Ofd);
    let got = read(&bytes, &Limits::default()).unwrap();
    assert_eq!(got.format, Format::Ofd);
    let table =
        "任务@0+1×1|单位@1+1×1 / 公开预算@0+1×1|市财政局@1+1×1 / 公开规划@0+1×1|市发改委@1+1×1";
    let read = texts(&got);
    assert!(read.contains(&table.to_owned()), "{read:?}");
    assert!(read.contains(&"分工方案".to_owned()), "{read:?}");
    assert!(
        read.iter().any(|text| text.contains("第二页。")),
        "{read:?}"
    );
    let found = codes(&got);
    for code in [
        ("slanted-text", 2),
        ("image-dropped", 0),
        ("table-inferred", 0),
    ] {
        assert!(found.contains(&code), "{found:?}");
    }
    let last = got.blocks.last().unwrap();
    assert!(
        matches!(last, Block::Paragraph(p) if p.place.page == Some(2)),
        "{last:?}"
    );
}

#[test]
fn steps_and_places_need_not_be_written_out() {
    // no steps: as wide as such characters are; a place that goes on behind the first run
    let page = "<ofd:TextObject Boundary=\"20 30 100 6\" Size=\"5\"><ofd:TextCode X=\"0\" Y=\"4.4\">公开</ofd:TextCode><ofd:TextCode DeltaX=\"5\">预算</ofd:TextCode></ofd:TextObject>";
    assert_eq!(texts(&open(&[page.to_owned()], "")), ["公开预算"]);
    let sized = "<ofd:TextObject Boundary=\"20 30 100 6\" Size=\"0.5\" CTM=\"10 0 0 10 0 0\"><ofd:TextCode X=\"0\" Y=\"0.44\" DeltaX=\"0.5 g 2 0.5\">公开预算</ofd:TextCode></ofd:TextObject>";
    assert_eq!(texts(&open(&[sized.to_owned()], "")), ["公开预算"]);
}

#[test]
fn scans_and_fonts_without_characters_are_refused_by_their_own_name() {
    let refused = |page: &str| {
        let pages = [page.to_owned()];
        read(&ofd(&pages, ""), &Limits::default()).unwrap_err()
    };
    let scan = refused("<ofd:ImageObject Boundary=\"0 0 210 297\" ResourceID=\"3\"/>");
    assert_eq!(scan.code, "scanned-pdf");
    assert!(
        scan.message.starts_with("这份 OFD 共 1 页"),
        "{}",
        scan.message
    );
    let private = refused(&text(20.0, 30.0, "\u{E001}\u{E002}\u{E003}"));
    assert_eq!(private.code, "unmapped-text");
    assert!(
        private.message.starts_with("这份 OFD"),
        "{}",
        private.message
    );
    assert_eq!(refused("").code, "empty");
}

#[test]
fn what_is_not_there_and_what_is_too_much_ends_in_sentences() {
    let code = |bytes: &[u8]| read(bytes, &Limits::default()).unwrap_err().code;
    let part = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let entry = format!(
        "<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    );
    assert_eq!(code(&package(&[part("OFD.xml", "<ofd:OFD/>")])), "damaged");
    assert_eq!(code(&package(&[part("OFD.xml", &entry)])), "damaged");
    let locked = [part("OFD.xml", &entry), part("Doc_0/Encryptions.xml", "")];
    assert_eq!(code(&package(&locked)), "encrypted");
    let document =
        |pages: &str| format!("<ofd:Document {NS}><ofd:Pages>{pages}</ofd:Pages></ofd:Document>");
    let of = |pages: &str| {
        package(&[
            part("OFD.xml", &entry),
            part("Doc_0/Document.xml", &document(pages)),
        ])
    };
    assert_eq!(code(&of("")), "damaged");
    let page = "<ofd:Page BaseLoc=\"Pages/none.xml\"/>";
    assert_eq!(code(&of(page)), "empty");
    assert_eq!(code(&of(&page.repeat(1001))), "too-large");
    let limits = Limits {
        pdf_operators: 100,
        ..Limits::default()
    };
    let many = text(20.0, 30.0, &"字".repeat(101));
    let error = read(&ofd(&[many], ""), &limits).unwrap_err();
    assert_eq!(error.code, "too-large");
    let path = format!(
        "<ofd:PathObject Boundary=\"0 0 1 1\"><ofd:AbbreviatedData>{}</ofd:AbbreviatedData></ofd:PathObject>",
        "M 0 0 L 1 1 ".repeat(60)
    );
    assert_eq!(
        read(&ofd(&[path], ""), &limits).unwrap_err().code,
        "too-large"
    );
    let steps = "<ofd:TextObject Boundary=\"20 30 100 6\" Size=\"5\"><ofd:TextCode X=\"0\" Y=\"4\" DeltaX=\"g 4000000000 5 g g x\">公开</ofd:TextCode></ofd:TextObject>";
    assert_eq!(texts(&open(&[steps.to_owned()], "")), ["公开"]);
}
