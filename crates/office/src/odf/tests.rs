use std::io::{Cursor, Write};

use crate::block::{Block, Document};
use crate::limits::Limits;
use crate::sheet::tests::{codes, texts};
use crate::{Format, Sniffed, read, sniff};

pub(crate) const NS: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
    xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
    xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
    xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
    xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" \
    xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:svg=\"http://www.w3.org/2000/svg\" \
    xmlns:dc=\"http://purl.org/dc/elements/1.1/\"";

/// A package of this kind (`text`, `spreadsheet`) with these parts.
pub(crate) fn package(kind: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.start_file("mimetype", stored).unwrap();
    write!(zip, "application/vnd.oasis.opendocument.{kind}").unwrap();
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The content of a text or a workbook.
pub(crate) fn content(styles: &str, kind: &str, body: &str) -> String {
    format!(
        "<office:document-content {NS}><office:automatic-styles>{styles}</office:automatic-styles>\
         <office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
}

fn odt(styles: &str, body: &str) -> Vec<u8> {
    package("text", &[("content.xml", &content(styles, "text", body))])
}

fn open(styles: &str, body: &str) -> Document {
    read(&odt(styles, body), &Limits::default()).unwrap()
}

fn p(text: &str) -> String {
    format!("<text:p>{text}</text:p>")
}

fn td(attributes: &str, text: &str) -> String {
    format!(
        "<table:table-cell {attributes}>{}</table:table-cell>",
        p(text)
    )
}

const LISTS: &str = "<text:list-style style:name=\"L1\">\
    <text:list-level-style-number text:level=\"1\" style:num-format=\"一, 二, 三, ...\" style:num-suffix=\"、\"/>\
    <text:list-level-style-number text:level=\"2\" style:num-format=\"一, 二, 三, ...\" style:num-prefix=\"（\" style:num-suffix=\"）\"/>\
    <text:list-level-style-number text:level=\"3\" style:num-format=\"1\" text:display-levels=\"2\"/></text:list-style>\
    <text:list-style style:name=\"L2\"><text:list-level-style-number text:level=\"1\" style:num-format=\"1\" style:num-suffix=\".\" text:start-value=\"3\"/></text:list-style>\
    <text:list-style style:name=\"L3\"><text:list-level-style-bullet text:level=\"1\" text:bullet-char=\"•\"/></text:list-style>";

const STYLES: &str = "<style:style style:name=\"P1\" style:family=\"paragraph\" style:parent-style-name=\"Title\"/>\
    <style:style style:name=\"T1\" style:family=\"text\"><style:text-properties text:display=\"none\"/></style:style>\
    <style:style style:name=\"T2\" style:family=\"text\"><style:text-properties style:text-position=\"super 58%\"/></style:style>";

/// A text with something of everything, for the mutants.
pub(crate) fn sample() -> Vec<u8> {
    let table = format!(
        "<table:table><table:table-column table:number-columns-repeated=\"4\"/><table:table-header-rows><table:table-row>{}{}</table:table-row></table:table-header-rows>\
         <table:table-row>{}{}<table:covered-table-cell/><table:table-cell table:number-columns-repeated=\"2\"/></table:table-row>\
         <table:table-row table:number-rows-repeated=\"2\"><table:covered-table-cell/>{}</table:table-row></table:table>",
        td("", "任务"),
        td("table:number-columns-repeated=\"3\"", "单位"),
        td("table:number-rows-spanned=\"3\"", "公开"),
        td("table:number-columns-spanned=\"2\"", "市局"),
        td("", "县局"),
    );
    let list = "<text:list text:style-name=\"L1\" xml:id=\"a\"><text:list-item><text:p>总体</text:p><text:list><text:list-item text:start-value=\"2\"><text:h text:outline-level=\"2\">规章</text:h></text:list-item></text:list></text:list-item></text:list>";
    let body = format!(
        "<text:tracked-changes><text:changed-region><text:deletion>{}</text:deletion></text:changed-region></text:tracked-changes>\
         <text:p text:style-name=\"P1\">方案</text:p><text:soft-page-break/>{}{list}{table}\
         <text:p><draw:frame><draw:text-box>{}</draw:text-box></draw:frame><draw:frame><draw:image xlink:href=\"Pictures/1.png\"/><svg:title>图</svg:title></draw:frame></text:p>",
        p("旧"),
        p(
            "一<text:s text:c=\"2\"/>二<text:tab/>三<text:line-break/>四<text:span text:style-name=\"T1\">隐</text:span>10<text:span text:style-name=\"T2\">3</text:span><text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>注</text:p></text:note-body></text:note>"
        ),
        p("框"),
    );
    let masters = format!(
        "<office:document-styles {NS}><office:master-styles><style:master-page><style:header>{}</style:header></style:master-page></office:master-styles></office:document-styles>",
        p("页眉")
    );
    let content = content(&format!("{STYLES}{LISTS}"), "text", &body);
    package(
        "text",
        &[("content.xml", &content), ("styles.xml", &masters)],
    )
}

#[test]
fn a_text_keeps_its_order_and_tells_what_it_leaves_out() {
    let bytes = sample();
    assert_eq!(sniff(&bytes), Sniffed::OpenDocumentText);
    let got = read(&bytes, &Limits::default()).unwrap();
    assert_eq!(got.format, Format::Odt);
    let table = "任务@0+1×1|单位@1+1×1|单位@2+1×1|单位@3+1×1 / 公开@0+1×3|市局@1+2×1|@3+1×1|@4+1×1 / 县局@1+1×1 / 县局@1+1×1";
    assert_eq!(
        texts(&got),
        [
            "方案",
            "一  二\t三\n四10³",
            "一、总体",
            "（二）规章",
            table,
            "框"
        ]
    );
    let mut found = codes(&got);
    found.sort_unstable();
    let told = [
        ("deletion-dropped", 1),
        ("footnote-dropped", 1),
        ("header-dropped", 2),
        ("hidden-text", 1),
        ("image-dropped", 0),
        ("text-box", 0),
    ];
    assert_eq!(found, told);
    let kinds = got.blocks.iter().map(|block| match block {
        Block::Paragraph(p) => (p.heading, p.place.page),
        Block::Table(t) => (Some(u8::from(t.rows[0].heading)), t.place.page),
    });
    let kinds: Vec<_> = kinds.collect();
    assert_eq!(
        kinds,
        [
            (Some(1), Some(1)),
            (None, Some(2)),
            (None, Some(2)),
            (Some(2), Some(2)),
            (Some(1), Some(2)),
            (None, Some(2)),
        ]
    );
}

#[test]
fn lists_are_counted_as_the_programs_count_them() {
    let item = |text: &str| format!("<text:list-item>{}</text:list-item>", p(text));
    let deep = |text: &str| {
        format!(
            "<text:list-item><text:list>{}</text:list></text:list-item>",
            item(text)
        )
    };
    let list =
        |attributes: &str, items: &str| format!("<text:list {attributes}>{items}</text:list>");
    let body = [
        list(
            "text:style-name=\"L1\" xml:id=\"a\"",
            &[item("甲"), deep("子"), deep("丑"), item("乙"), deep("寅")].concat(),
        ),
        list("text:style-name=\"L2\"", &[item("丙"), item("丁")].concat()),
        p("段"),
        list("text:style-name=\"L2\" text:continue-numbering=\"true\"", &item("戊")),
        list("text:style-name=\"L2\"", &item("己")),
        list("text:style-name=\"L1\" text:continue-list=\"a\"", &item("庚")),
        list("text:style-name=\"L3\"", &item("点")),
        list(
            "text:style-name=\"L2\"",
            &format!("<text:list-header>{}</text:list-header>{}", p("头"), item("辛")),
        ),
        list(
            "text:style-name=\"L1\"",
            &format!(
                "<text:list-item><text:list><text:list-item><text:list>{}</text:list></text:list-item></text:list></text:list-item>",
                item("节")
            ),
        ),
        "<text:list text:style-name=\"L2\"><text:list-item><text:p><text:number>第9条</text:number>印好的</text:p></text:list-item></text:list>".to_owned(),
    ];
    let got = open(LISTS, &body.concat());
    let want = [
        "一、甲",
        "（一）子",
        "（二）丑",
        "二、乙",
        "（一）寅",
        "3. 丙",
        "4. 丁",
        "段",
        "5. 戊",
        "3. 己",
        "三、庚",
        "点",
        "头",
        "3. 辛",
        "1.1 节",
        "第9条 印好的",
    ];
    assert_eq!(texts(&got), want);
}

#[test]
fn headings_have_the_numbers_of_the_outline() {
    let outline = "<text:outline-style style:name=\"Outline\">\
        <text:outline-level-style text:level=\"1\" style:num-format=\"一, 二, 三, ...\" style:num-suffix=\"、\"/>\
        <text:outline-level-style text:level=\"2\" style:num-format=\"\"/></text:outline-style>";
    let h =
        |level: u8, text: &str| format!("<text:h text:outline-level=\"{level}\">{text}</text:h>");
    let masters = format!(
        "<office:document-styles {NS}><office:styles>{outline}</office:styles></office:document-styles>"
    );
    let body = [h(1, "甲"), h(2, "乙"), h(1, "丙")].concat();
    let content = content("", "text", &body);
    let bytes = package(
        "text",
        &[("content.xml", &content), ("styles.xml", &masters)],
    );
    let got = read(&bytes, &Limits::default()).unwrap();
    assert_eq!(texts(&got), ["一、甲", "乙", "二、丙"]);
}

#[test]
fn one_file_of_xml_and_one_packed_anew_are_the_same() {
    let body = format!(
        "<office:body><office:text>{}</office:text></office:body>",
        p("公开预算。")
    );
    let flat = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document {NS} office:mimetype=\"application/vnd.oasis.opendocument.text\">{body}</office:document>"
    );
    assert_eq!(sniff(flat.as_bytes()), Sniffed::OpenDocumentText);
    let got = read(flat.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(texts(&got), ["公开预算。"]);
    // the mark is packed, and not the first
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("META-INF/manifest.xml", "<m/>".to_owned()),
        ("content.xml", content("", "text", &p("公开预算。"))),
        (
            "mimetype",
            "application/vnd.oasis.opendocument.text".to_owned(),
        ),
    ] {
        let deflated = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated);
        zip.start_file(name, deflated).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    let got = read(&bytes, &Limits::default()).unwrap();
    assert_eq!(
        (got.format, texts(&got)),
        (Format::Odt, vec!["公开预算。".to_owned()])
    );
}

#[test]
fn pictures_are_kept_where_they_are_asked_for() {
    let body = "<text:p>图<draw:frame><draw:image xlink:href=\"Pictures/1.png\"/><svg:desc>流程</svg:desc></draw:frame></text:p>";
    let limits = Limits {
        pictures: 1,
        ..Limits::default()
    };
    let got = read(&odt("", body), &limits).unwrap();
    assert_eq!(
        codes(&got),
        [("image-dropped", 0)],
        "the file does not hold it"
    );
    let object = body.replace("<draw:image", "<draw:object xlink:href=\"x\"/><draw:image");
    let got = read(&odt("", &object), &limits).unwrap();
    assert_eq!(codes(&got), [("object-dropped", 0)]);
}

#[test]
fn claims_and_depth_end_in_sentences() {
    let refused = |body: &str| read(&odt("", body), &Limits::default()).unwrap_err().code;
    let row = |cell: &str| {
        format!("<table:table><table:table-row>{cell}</table:table-row></table:table>")
    };
    let wide = td("table:number-columns-repeated=\"4000000000\"", "甲");
    assert_eq!(refused(&row(&wide)), "too-large");
    let wide = td("table:number-columns-repeated=\"16384\"", "甲");
    assert_eq!(refused(&row(&wide)), "too-large");
    let long = format!(
        "<table:table><table:table-row table:number-rows-repeated=\"1048576\">{}</table:table-row></table:table>",
        td("", "甲").repeat(2)
    );
    assert_eq!(refused(&long), "too-large");
    let blank = "<table:table><table:table-row table:number-rows-repeated=\"4000000000\"><table:table-cell/></table:table-row></table:table>";
    assert_eq!(refused(blank), "empty");
    let deep = |open: &str, close: &str, times: usize| {
        format!("{}{}{}", open.repeat(times), p("深"), close.repeat(times))
    };
    assert_eq!(
        refused(&deep("<text:section>", "</text:section>", 120)),
        "too-large"
    );
    assert_eq!(
        refused(&deep("<text:section>", "</text:section>", 400)),
        "too-large"
    );
    let cell = "<table:table><table:table-row><table:table-cell>";
    let end = "</table:table-cell></table:table-row></table:table>";
    assert_eq!(refused(&deep(cell, end, 120)), "too-large");
    assert_eq!(refused(""), "empty");
    assert_eq!(refused("<text:p>断"), "damaged");
    let locked = package(
        "text",
        &[
            ("META-INF/manifest.xml", "<manifest:encryption-data/>"),
            ("content.xml", "\u{1}\u{2}"),
        ],
    );
    assert_eq!(
        read(&locked, &Limits::default()).unwrap_err().code,
        "encrypted"
    );
    let zeros = " ".repeat(30 * 1024 * 1024);
    let bomb = odt("", &zeros);
    assert_eq!(
        read(&bomb, &Limits::default()).unwrap_err().code,
        "too-large"
    );
    let entities = format!(
        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>{}",
        content("", "text", &p("甲&b;乙"))
    );
    let got = read(
        &package("text", &[("content.xml", &entities)]),
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(
        (texts(&got), codes(&got)),
        (vec!["甲乙".to_owned()], vec![("entity-dropped", 0)])
    );
}
