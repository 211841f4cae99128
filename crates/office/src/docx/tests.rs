use std::io::{Cursor, Write};

use super::read;
use crate::block::{Block, Document, Table};
use crate::limits::Limits;

const M: &str = "xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\"";
const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
    xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"";

fn package(parts: &[(&str, String)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A DOCX with this body and further parts (name in `word/`, content without its root's namespace).
fn docx(body: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let mut parts = vec![(
        "word/document.xml".to_owned(),
        format!("<w:document {W}><w:body>{body}</w:body></w:document>"),
    )];
    let mut relations = String::new();
    for (name, content) in more {
        let (root, content) = content.split_once('|').unwrap();
        parts.push((
            format!("word/{name}.xml"),
            format!("<w:{root} {W}>{content}</w:{root}>"),
        ));
        let kind = name.trim_end_matches(|c: char| c.is_ascii_digit());
        relations.push_str(&format!(
            "<Relationship Id=\"{name}\" Type=\"http://x/{kind}\" Target=\"{name}.xml\"/>"
        ));
    }
    parts.push((
        "word/_rels/document.xml.rels".to_owned(),
        format!("<Relationships>{relations}</Relationships>"),
    ));
    let parts: Vec<(&str, String)> = parts.iter().map(|(n, t)| (n.as_str(), t.clone())).collect();
    package(&parts)
}

fn open(body: &str, more: &[(&str, &str)]) -> Document {
    read(&docx(body, more), &Limits::default()).unwrap()
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

fn numbered(instance: u32, level: u32, text: &str) -> String {
    let number =
        format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{instance}\"/></w:numPr>");
    format!("<w:p><w:pPr>{number}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn tc(properties: &str, text: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(text))
}

fn texts(document: &Document) -> Vec<String> {
    let block = |block: &Block| match block {
        Block::Paragraph(p) => p.text.clone(),
        Block::Table(t) => sketch(t),
    };
    document.blocks.iter().map(block).collect()
}

fn sketch(table: &Table) -> String {
    let cell =
        |c: &crate::Cell| format!("{}@{}+{}×{}", c.text, c.column, c.column_span, c.row_span);
    let row = |row: &crate::Row| {
        let mark = if row.heading { "#" } else { "" };
        format!(
            "{mark}{}",
            row.cells.iter().map(cell).collect::<Vec<_>>().join("|")
        )
    };
    table.rows.iter().map(row).collect::<Vec<_>>().join(" / ")
}

fn codes(document: &Document) -> Vec<(&str, u64)> {
    document
        .problems
        .iter()
        .map(|p| (p.code.as_str(), p.dropped_chars))
        .collect()
}

#[test]
fn paragraphs_keep_order_special_characters_and_running_numbers() {
    let body = format!(
        "{}<w:p/><w:p><w:r><w:t>甲&amp;乙</w:t><w:tab/><w:t>丙</w:t><w:noBreakHyphen/><w:br/>\
         <w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/><w:softHyphen/></w:r></w:p>",
        p("标题")
    );
    let got = open(&body, &[]);
    assert_eq!(texts(&got), ["标题", "甲&乙\t丙-\n☑"]);
    let lines: Vec<_> = got
        .blocks
        .iter()
        .map(|b| match b {
            Block::Paragraph(p) => p.place.line,
            _ => None,
        })
        .collect();
    assert_eq!(lines, [Some(1), Some(3)]);
    assert_eq!((codes(&got), got.source_chars), (vec![], 8));
}

#[test]
fn merged_cells_become_spans() {
    let rows = [
        format!(
            "<w:trPr><w:tblHeader/></w:trPr>{}{}{}",
            tc("", "任务"),
            tc("", "措施"),
            tc("", "单位")
        ),
        tc("<w:gridSpan w:val=\"3\"/>", "一、总则"),
        format!(
            "{}{}{}",
            tc("<w:vMerge w:val=\"restart\"/>", "（一）"),
            tc("", "1"),
            tc("<w:vMerge w:val=\"restart\"/>", "市局")
        ),
        format!(
            "{}{}{}",
            tc("<w:vMerge/>", ""),
            tc("", "2"),
            tc("<w:vMerge w:val=\"continue\"/>", "")
        ),
        format!(
            "{}{}{}",
            tc("<w:vMerge w:val=\"restart\"/>", "（二）"),
            tc("", "3"),
            tc("<w:vMerge/>", "")
        ),
        format!(
            "<w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>{}{}",
            tc("", "4"),
            tc("", "县局")
        ),
    ];
    let body = format!(
        "<w:tbl>{}</w:tbl>",
        rows.map(|row| format!("<w:tr>{row}</w:tr>")).concat()
    );
    let want = "#任务@0+1×1|措施@1+1×1|单位@2+1×1 / 一、总则@0+3×1 / （一）@0+1×2|1@1+1×1|市局@2+1×3 / 2@1+1×1 \
                / （二）@0+1×1|3@1+1×1 / 4@1+1×1|县局@2+1×1";
    assert_eq!(texts(&open(&body, &[])), [want]);
}

const NUMBERING: &str = "numbering|\
    <w:abstractNum w:abstractNumId=\"7\">\
    <w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"chineseCounting\"/><w:lvlText w:val=\"%1、\"/><w:pStyle w:val=\"H1\"/></w:lvl>\
    <w:lvl w:ilvl=\"1\"><w:start w:val=\"1\"/><w:numFmt w:val=\"chineseCountingThousand\"/><w:lvlText w:val=\"（%2）\"/></w:lvl>\
    <w:lvl w:ilvl=\"2\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%3.\"/><w:lvlRestart w:val=\"0\"/></w:lvl>\
    <w:lvl w:ilvl=\"3\"><w:numFmt w:val=\"bullet\"/><w:lvlText w:val=\"\u{F0B7}\"/></w:lvl>\
    <w:lvl w:ilvl=\"4\"><w:isLgl/><w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%1.%5\"/></w:lvl></w:abstractNum>\
    <w:num w:numId=\"1\"><w:abstractNumId w:val=\"7\"/></w:num>\
    <w:num w:numId=\"2\"><w:abstractNumId w:val=\"7\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"5\"/></w:lvlOverride></w:num>";

#[test]
fn automatic_numbers_are_printed_as_a_reader_sees_them() {
    let body = [
        numbered(1, 0, "总体"),
        numbered(1, 1, "规章"),
        numbered(1, 2, "甲"),
        numbered(1, 2, "乙"),
        numbered(1, 1, "文件"),
        numbered(1, 2, "丙"),
        numbered(1, 3, "点"),
        numbered(1, 0, "解读"),
        numbered(1, 1, "政策"),
        numbered(1, 4, "节"),
        numbered(2, 0, "重起"),
        numbered(9, 0, "无定义"),
        numbered(0, 0, "不编号"),
        numbered(1, 2, ""),
    ];
    let got = open(&body.concat(), &[("numbering", NUMBERING)]);
    let want = [
        "一、总体",
        "（一）规章",
        "1. 甲",
        "2. 乙",
        "（二）文件",
        "3. 丙",
        "点",
        "二、解读",
        "（一）政策",
        "2.1 节",
        "五、重起",
        "无定义",
        "不编号",
        "4.",
    ];
    assert_eq!(texts(&got), want);
}

#[test]
fn styles_give_headings_numbers_and_hidden_text() {
    let styles = "styles|\
        <w:style w:type=\"paragraph\" w:styleId=\"T\"><w:name w:val=\"Title\"/></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"H1\"><w:name w:val=\"heading 1\"/><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"H1b\"><w:name w:val=\"我的标题\"/><w:basedOn w:val=\"H1\"/></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"L\"><w:name w:val=\"loop\"/><w:basedOn w:val=\"L\"/></w:style>\
        <w:style w:type=\"character\" w:styleId=\"V\"><w:name w:val=\"v\"/><w:rPr><w:vanish/></w:rPr></w:style>";
    let styled =
        |id: &str, run: &str| format!("<w:p><w:pPr><w:pStyle w:val=\"{id}\"/></w:pPr>{run}</w:p>");
    let run = "<w:r><w:t>文字</w:t></w:r>";
    let body = [
        styled("T", run),
        styled("H1", run),
        styled("H1b", run),
        styled("L", run),
        styled("none", run),
        styled(
            "L",
            &format!(
                "{run}<w:r><w:rPr><w:rStyle w:val=\"V\"/></w:rPr><w:t>看不见</w:t></w:r>\
            <w:r><w:rPr><w:rStyle w:val=\"V\"/><w:vanish w:val=\"0\"/></w:rPr><w:t>可见</w:t></w:r>"
            ),
        ),
    ];
    let got = open(
        &body.concat(),
        &[("styles", styles), ("numbering", NUMBERING)],
    );
    assert_eq!(
        texts(&got),
        ["文字", "一、文字", "二、文字", "文字", "文字", "文字可见"]
    );
    let headings: Vec<_> = got
        .blocks
        .iter()
        .map(|b| match b {
            Block::Paragraph(p) => p.heading,
            _ => None,
        })
        .collect();
    assert_eq!(headings, [Some(1), Some(1), Some(1), None, None, None]);
    assert_eq!(codes(&got), [("hidden-text", 3)]);
}

#[test]
fn tracked_changes_are_settled_and_told() {
    let body = "<w:p><w:r><w:t>甲</w:t></w:r><w:ins><w:r><w:t>新增</w:t></w:r></w:ins>\
        <w:del><w:r><w:delText>旧文字</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom></w:p>\
        <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p><w:p><w:r><w:t>后半</w:t></w:r></w:p>\
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>留</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>\
        <w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>删行</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    let got = open(body, &[]);
    assert_eq!(texts(&got), ["甲新增", "前半后半", "留@0+1×1|@1+1×1"]);
    assert_eq!(
        codes(&got),
        [
            ("insertion-kept", 0),
            ("deletion-dropped", 5),
            ("deletion-dropped", 2)
        ]
    );
}

#[test]
fn text_boxes_are_read_once_and_images_told() {
    let textbox = format!("<w:txbxContent>{}</w:txbxContent>", p("框内"));
    let body = format!(
        "<w:p><w:r><w:t>段</w:t><mc:AlternateContent><mc:Choice Requires=\"wps\">{textbox}</mc:Choice>\
         <mc:Fallback>{textbox}</mc:Fallback></mc:AlternateContent><w:t>落</w:t>\
         <w:drawing><pic:pic/></w:drawing></w:r></w:p>"
    );
    let got = open(&body, &[]);
    assert_eq!(texts(&got), ["段落", "框内"]);
    assert_eq!(codes(&got), [("text-box", 0), ("image-dropped", 0)]);
}

#[test]
fn figures_above_and_below_the_line_stay_apart() {
    let run = |align: &str, text: &str| {
        let align = format!("<w:rPr><w:vertAlign w:val=\"{align}\"/></w:rPr>");
        format!("<w:r>{align}<w:t>{text}</w:t></w:r>")
    };
    let math = "xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\"";
    let body = format!(
        "<w:p><w:r><w:t>10</w:t></w:r>{}<w:r><w:t>毫克，CO</w:t></w:r>{}{}\
         <m:oMath {math}><m:f><m:num><m:r><m:t>A</m:t></m:r></m:num><m:den><m:r><m:t>B</m:t></m:r></m:den></m:f></m:oMath></w:p>",
        run("superscript", "3"),
        run("subscript", "2"),
        run("superscript", "注"),
    );
    let got = open(&body, &[]);
    assert_eq!(texts(&got), ["10³毫克，CO₂^(注)A/B"]);
    assert_eq!(codes(&got), [("formula-flattened", 0)]);
}

#[test]
fn wrappers_fields_and_ruby_are_looked_through() {
    let body = "<w:sdt><w:sdtPr><w:alias w:val=\"x\"/></w:sdtPr><w:sdtContent><w:p><w:smartTag><w:hyperlink>\
        <w:r><w:fldChar/><w:instrText>PAGE 1</w:instrText><w:t>链接</w:t></w:r></w:hyperlink></w:smartTag>\
        <w:r><w:ruby><w:rt><w:r><w:t>yin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>铟</w:t></w:r></w:rubyBase></w:ruby></w:r>\
        </w:p></w:sdtContent></w:sdt>";
    let got = open(body, &[]);
    assert_eq!(texts(&got), ["链接铟"]);
    assert_eq!(codes(&got), [("ruby-dropped", 3)]);
}

#[test]
fn side_parts_are_reported_with_their_words() {
    let words = |root: &str| format!("{root}|<w:p><w:r><w:t>某市{root}</w:t></w:r></w:p>");
    let (header, notes, comments) = (words("hdr"), words("footnotes"), words("comments"));
    let got = open(
        &p("正文"),
        &[
            ("header1", &header),
            ("footnotes", &notes),
            ("comments", &comments),
        ],
    );
    assert_eq!(
        codes(&got),
        [
            ("header-dropped", 5),
            ("footnote-dropped", 11),
            ("comment-dropped", 10)
        ]
    );
    assert!(got.problems[0].message.contains("某市hdr"));
    assert_eq!(got.source_chars, 2 + 5 + 11 + 10);
}

#[test]
fn headers_that_pages_show_are_kept_with_their_text_boxes() {
    let header = |text: &str| format!("hdr|{}", p(text));
    let boxed = format!(
        "hdr|<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{0}{1}</w:txbxContent></mc:Choice>\
         <mc:Fallback><w:txbxContent>{0}{1}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>{2}",
        p("安澜市2026年分工方案"),
        p("安府办发〔2026〕3号"),
        p("安澜市人民政府")
    );
    let reference =
        |id: u8, kind: &str| format!("<w:headerReference w:type=\"{kind}\" r:id=\"header{id}\"/>");
    let (running, even, unused) = (header("安澜市人民政府"), header("双页"), header("没有用上"));
    let parts: [(&str, &str); 4] = [
        ("header1", &running),
        ("header2", &boxed),
        ("header3", &even),
        ("header4", &unused),
    ];
    let lines = |first: &str| -> Vec<String> {
        let section = format!(
            "<w:sectPr>{}{}{}{first}</w:sectPr>",
            reference(1, "default"),
            reference(2, "first"),
            reference(3, "even"),
        );
        let got = open(&format!("{}{section}", p("正文")), &parts);
        assert!(
            codes(&got)
                .iter()
                .filter(|one| one.0 == "header-dropped")
                .count()
                == 4
        );
        got.headers.into_iter().map(|line| line.text).collect()
    };
    let own = [
        "安澜市2026年分工方案",
        "安府办发〔2026〕3号",
        "安澜市人民政府",
    ];
    // one of a first page that is not set apart is shown nowhere
    assert_eq!(lines(""), ["安澜市人民政府"]);
    let mut got = lines("<w:titlePg/>");
    got.sort();
    let mut own = own.map(str::to_owned);
    own.sort();
    assert_eq!(got, own);
}

#[test]
fn pages_are_counted_by_words_own_marks_or_the_authors() {
    let page = |d: &Document| {
        d.blocks
            .iter()
            .map(|b| match b {
                Block::Paragraph(p) => p.place.page,
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    let broken = |mark: &str| format!("{}<w:p><w:r>{mark}<w:t>二</w:t></w:r></w:p>", p("一"));
    assert_eq!(page(&open(&broken(""), &[])), [None, None]);
    assert_eq!(
        page(&open(&broken("<w:br w:type=\"page\"/>"), &[])),
        [Some(1), Some(2)]
    );
    let both = broken("<w:br w:type=\"page\"/><w:lastRenderedPageBreak/>");
    assert_eq!(page(&open(&both, &[])), [Some(1), Some(2)]);
}

#[test]
fn nested_tables_are_flattened_into_their_cell() {
    let inner = format!(
        "<w:tbl><w:tr>{}{}</w:tr></w:tbl>",
        tc("", "内1"),
        tc("", "内2")
    );
    let row = format!("<w:tr>{}{}</w:tr>", tc("", "a"), tc("", "b"));
    let nested = format!(
        "<w:tr>{}<w:tc>{}{inner}{}</w:tc></w:tr>",
        tc("", "c"),
        p("见表"),
        "<w:p/>"
    );
    let got = open(&format!("<w:tbl>{row}{row}{nested}</w:tbl>"), &[]);
    assert!(
        texts(&got)[0].ends_with("c@0+1×1|见表\n内1\t内2@1+1×1"),
        "{:?}",
        texts(&got)
    );
    assert_eq!(codes(&got), [("nested-table", 0)]);
}

#[test]
fn hostile_xml_stays_harmless() {
    let code = |body: &str| read(&docx(body, &[]), &Limits::default()).unwrap_err().code;
    assert_eq!(code(&"<w:tbl><w:tr><w:tc>".repeat(1000)), "too-large");
    assert_eq!(code("<w:p><w:r>"), "damaged");
    assert_eq!(code("<w:p/>"), "empty");
    let wide = tc("<w:gridSpan w:val=\"4294967296\"/>", "甲").repeat(2);
    let got = open(&format!("<w:tbl><w:tr>{wide}</w:tr></w:tbl>"), &[]);
    assert_eq!(texts(&got), ["甲@0+1×1|甲@1+1×1"]);
    let xxe = "<!DOCTYPE w [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>";
    let document = format!(
        "{xxe}<w:document {W}><w:body><w:p><w:r><w:t>甲&e;</w:t></w:r></w:p></w:body></w:document>"
    );
    let got = read(
        &package(&[("word/document.xml", document)]),
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(
        (texts(&got), codes(&got)),
        (vec!["甲".to_owned()], vec![("entity-dropped", 0)])
    );
}

#[test]
fn limits_hold_before_memory_is_spent() {
    let limits = Limits {
        cells: 3,
        paragraphs: 2,
        ..Limits::default()
    };
    let cells = |n| format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", tc("", "x").repeat(n));
    assert!(read(&docx(&cells(3), &[]), &limits).is_ok());
    assert_eq!(
        read(&docx(&cells(4), &[]), &limits).unwrap_err().code,
        "too-large"
    );
    assert!(read(&docx(&p("x").repeat(2), &[]), &limits).is_ok());
    assert_eq!(
        read(&docx(&p("x").repeat(3), &[]), &limits)
            .unwrap_err()
            .code,
        "too-large"
    );
}

/// A document with something of everything, for the mutants.
pub(crate) fn sample() -> Vec<u8> {
    let number = |level| numbered(1, level, "编号");
    let row = |down: &str| {
        format!(
            "<w:tr>{}{}</w:tr>",
            tc(&format!("<w:vMerge{down}/>"), "合并"),
            tc("", "单位")
        )
    };
    let wide = format!(
        "<w:tr><w:trPr><w:tblHeader/></w:trPr>{}</w:tr>",
        tc("<w:gridSpan w:val=\"2\"/>", "宽")
    );
    let nested = format!(
        "<w:tr><w:tc><w:tbl>{}</w:tbl>{}</w:tc>{}</w:tr>",
        row(""),
        p("外"),
        tc("", "丁")
    );
    let table = format!(
        "<w:tbl>{wide}{}{}{nested}</w:tbl>",
        row(" w:val=\"restart\""),
        row("")
    );
    let changes = "<w:p><w:ins><w:r><w:t>新</w:t></w:r></w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>\
        <w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:tab/><w:br w:type=\"page\"/><w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/>\
        <mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></mc:Choice>\
        <mc:Fallback><w:t>旧框</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>";
    let body = format!(
        "{}{}{}{changes}{table}{}",
        p("标题"),
        number(0),
        number(1),
        number(2)
    );
    let styles = "styles|<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"N\"><w:name w:val=\"heading 1\"/>\
        <w:basedOn w:val=\"N\"/><w:pPr><w:outlineLvl w:val=\"1\"/></w:pPr></w:style>";
    let notes = "footnotes|<w:p><w:r><w:t>脚注</w:t></w:r></w:p>";
    docx(
        &body,
        &[
            ("numbering", NUMBERING),
            ("styles", styles),
            ("footnotes", notes),
        ],
    )
}

#[test]
fn a_formula_is_one_line_and_is_told() {
    let run = |text: &str| {
        format!("<m:r><w:rPr><w:rFonts w:ascii=\"Cambria Math\"/></w:rPr><m:t>{text}</m:t></m:r>")
    };
    let fraction = format!(
        "<m:f><m:fPr><m:ctrlPr><w:rPr><w:i/></w:rPr></m:ctrlPr></m:fPr><m:num>{}</m:num><m:den>{}</m:den></m:f>",
        run("年补贴额"),
        run("12")
    );
    let squared = format!(
        "<m:sSup><m:e>{}</m:e><m:sup>{}</m:sup></m:sSup>",
        run("x"),
        run("2")
    );
    let inside = format!(
        "<w:p><w:r><w:t>按</w:t></w:r><m:oMath {M}>{}{fraction}</m:oMath><w:r><w:t>计发。</w:t></w:r></w:p>",
        run("P=")
    );
    let alone = format!("<m:oMathPara {M}><m:oMath>{squared}</m:oMath></m:oMathPara>");
    let deleted = format!(
        "<w:p><w:r><w:t>末</w:t></w:r><w:del><m:oMath {M}>{}</m:oMath></w:del></w:p>",
        run("旧")
    );
    let read = open(&(inside + &alone + &deleted), &[]);
    assert_eq!(texts(&read), ["按P=年补贴额/12计发。", "x²", "末"]);
    let told: Vec<&str> = read
        .problems
        .iter()
        .filter(|one| one.code == "formula-flattened")
        .map(|one| one.message.as_str())
        .collect();
    assert_eq!(told.len(), 2, "{:?}", read.problems);
    assert!(told[0].contains("“P=年补贴额/12”") && told[1].contains("“x²”"));
}

#[test]
fn a_row_struck_through_is_read_and_told() {
    let cell = |text: &str, strike: &str| {
        format!("<w:tc><w:p><w:r><w:rPr>{strike}</w:rPr><w:t>{text}</w:t></w:r></w:p></w:tc>")
    };
    let row = |a: &str, b: &str| format!("<w:tr>{}{}</w:tr>", cell("任务", a), cell("单位", b));
    let (on, off) = ("<w:strike/>", "<w:strike w:val=\"0\"/>");
    let body = format!(
        "<w:tbl>{}{}{}</w:tbl>",
        row(off, ""),
        row(on, "<w:dstrike/>"),
        row(on, "")
    );
    let got = open(&body, &[]);
    assert_eq!(codes(&got), [("struck-row", 0)]);
    let place = got.problems[0].place;
    assert_eq!((place.table, place.row), (Some(1), Some(2)));
}
