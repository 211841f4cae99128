use std::fmt::Write as _;

use super::read;
use crate::block::{Block, Document, Unreadable};
use crate::limits::Limits;

/// Writes small PDF files: objects by number, pages, one Chinese font by character map.
#[derive(Default)]
pub(crate) struct Writer {
    objects: Vec<Vec<u8>>,
    /// Content stream of each page and what else its dictionary says.
    pages: Vec<(String, String)>,
    /// Characters by code, from 1 on.
    chars: Vec<char>,
}

impl Writer {
    /// Draws text at a place from the lower left corner; characters are one em wide, ASCII half.
    pub(crate) fn text(&mut self, x: f64, y: f64, size: f64, text: &str) -> String {
        let mut codes = String::new();
        for c in text.chars() {
            let code = self
                .chars
                .iter()
                .position(|&known| known == c)
                .unwrap_or_else(|| {
                    self.chars.push(c);
                    self.chars.len() - 1
                });
            write!(
                codes,
                "{:04X}",
                code + 1 + if c.is_ascii() { 0x4000 } else { 0 }
            )
            .unwrap();
        }
        format!("BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm <{codes}> Tj ET\n")
    }

    pub(crate) fn page(&mut self, content: String) {
        self.pages.push((content, String::new()));
    }

    fn object(&mut self, content: impl Into<Vec<u8>>) -> usize {
        self.objects.push(content.into());
        self.objects.len() + 9 // the first nine are the writer's own
    }

    fn stream(&mut self, dictionary: &str, content: &str) -> usize {
        self.object(format!(
            "<<{dictionary}/Length {}>>stream\n{content}\nendstream",
            content.len()
        ))
    }

    fn to_unicode(&self) -> String {
        let mut map =
            String::from("begincodespacerange <0000> <FFFF> endcodespacerange\n1 beginbfchar\n");
        for (index, c) in self.chars.iter().enumerate() {
            let code = index + 1 + if c.is_ascii() { 0x4000 } else { 0 };
            let units: String = c
                .encode_utf16(&mut [0; 2])
                .iter()
                .map(|u| format!("{u:04X}"))
                .collect();
            writeln!(map, "<{code:04X}> <{units}>").unwrap();
        }
        map + "endbfchar"
    }

    fn finish_with(&mut self, trailer: &str) -> Vec<u8> {
        let map = self.to_unicode();
        let map = self.stream("", &map);
        let pages = std::mem::take(&mut self.pages);
        let mut kids = String::new();
        for (content, more) in pages {
            let content = self.stream("", &content);
            let page = self.object(format!(
                "<</Type/Page/Parent 2 0 R/Contents {content} 0 R{more}>>"
            ));
            write!(kids, "{page} 0 R ").unwrap();
        }
        let own = [
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            format!(
                "<</Type/Pages/Kids[{kids}]/Count 1/MediaBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>\
                 /XObject<</X1 10 0 R>>>>>>"
            ),
            format!(
                "<</Type/Font/Subtype/Type0/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode {map} 0 R>>"
            ),
            "<</Type/Font/Subtype/CIDFontType2/DW 1000/W[16384 24000 500]>>".to_owned(),
        ];
        let mut file = b"%PDF-1.4\n".to_vec();
        let mut offsets = vec![0; 10 + self.objects.len()];
        let numbered = own
            .iter()
            .map(|text| text.as_bytes())
            .enumerate()
            .map(|(n, bytes)| (n + 1, bytes));
        let rest = self
            .objects
            .iter()
            .enumerate()
            .map(|(n, bytes)| (n + 10, bytes.as_slice()));
        for (number, bytes) in numbered.chain(rest) {
            offsets[number] = file.len();
            file.extend(
                format!("{number} 0 obj\n")
                    .bytes()
                    .chain(bytes.iter().copied())
                    .chain(*b"\nendobj\n"),
            );
        }
        let start = file.len();
        file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len()).bytes());
        for offset in &offsets[1..] {
            let kind = if *offset == 0 { 'f' } else { 'n' };
            file.extend(format!("{offset:010} 00000 {kind} \n").bytes());
        }
        file.extend(
            format!(
                "trailer<</Size {}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF",
                offsets.len()
            )
            .bytes(),
        );
        file
    }

    pub(crate) fn finish(&mut self) -> Vec<u8> {
        self.finish_with("")
    }
}

/// A table cell: column edges `from` and `to` (numbers of [`XS`]), row edges, text lines.
struct Boxed<'a>(usize, usize, f64, f64, &'a [&'a str]);

const XS: [f64; 4] = [50.0, 150.0, 400.0, 550.0];

/// Strokes the border of each cell and sets its lines in ten points.
fn table(writer: &mut Writer, cells: &[Boxed<'_>]) -> String {
    let mut content = String::from("0.5 w\n");
    for Boxed(from, to, top, bottom, lines) in cells {
        let (left, right) = (XS[*from], XS[*to]);
        writeln!(
            content,
            "{left} {bottom} {} {} re S",
            right - left,
            top - bottom
        )
        .unwrap();
        for (index, line) in lines.iter().enumerate() {
            let y = top - 13.0 - 14.0 * index as f64;
            content.push_str(&writer.text(left + 5.0, y, 10.0, line));
        }
    }
    content
}

fn open(bytes: &[u8]) -> Document {
    read(bytes, &Limits::default()).unwrap()
}

fn refused(bytes: &[u8]) -> Unreadable {
    read(bytes, &Limits::default()).unwrap_err()
}

fn texts(document: &Document) -> Vec<String> {
    let cell = |c: &crate::Cell| {
        let doubt = if c.doubtful { "?" } else { "" };
        format!(
            "{}{doubt}@{}+{}×{}",
            c.text, c.column, c.column_span, c.row_span
        )
    };
    let row = |r: &crate::Row| {
        let mark = if r.heading { "#" } else { "" };
        format!(
            "{mark}{}",
            r.cells.iter().map(cell).collect::<Vec<_>>().join("|")
        )
    };
    let block = |block: &Block| match block {
        Block::Paragraph(p) => p.text.clone(),
        Block::Table(t) => t.rows.iter().map(row).collect::<Vec<_>>().join(" / "),
    };
    document.blocks.iter().map(block).collect()
}

fn codes(document: &Document) -> Vec<&str> {
    document.problems.iter().map(|p| p.code.as_str()).collect()
}

const HEAD: [Boxed<'_>; 3] = [
    Boxed(0, 1, 740.0, 720.0, &["任务"]),
    Boxed(1, 2, 740.0, 720.0, &["措施"]),
    Boxed(2, 3, 740.0, 720.0, &["单位"]),
];

/// A page with a title, a table with merged cells and a closing line.
pub(crate) fn sample() -> Vec<u8> {
    let mut writer = Writer::default();
    let cells = [
        HEAD[0].copy(),
        HEAD[1].copy(),
        HEAD[2].copy(),
        Boxed(0, 3, 720.0, 700.0, &["一、总则"]),
        Boxed(0, 1, 700.0, 640.0, &["（一）深化行政规章", "公开。"]),
        Boxed(1, 2, 700.0, 670.0, &["1.甲"]),
        Boxed(
            1,
            2,
            670.0,
            640.0,
            &[
                "2.建设行政规范性文件库，实现统一公开和动态更新",
                "调整，2022年底前完成。",
            ],
        ),
        Boxed(2, 3, 700.0, 670.0, &["市局"]),
        Boxed(2, 3, 670.0, 640.0, &["县局"]),
    ];
    let mut content = writer.text(200.0, 760.0, 16.0, "分工方案");
    content.push_str(&table(&mut writer, &cells));
    content.push_str(&writer.text(50.0, 600.0, 10.0, "联系人：某某"));
    content.push_str(&writer.text(290.0, 20.0, 10.0, "— 1 —"));
    writer.page(content);
    writer.finish()
}

impl<'a> Boxed<'a> {
    fn copy(&self) -> Self {
        Self(self.0, self.1, self.2, self.3, self.4)
    }
}

#[test]
fn ruled_tables_give_their_cells_and_wrapped_lines_their_text() {
    let got = open(&sample());
    let table = "任务@0+1×1|措施@1+1×1|单位@2+1×1 / 一、总则@0+3×1 / （一）深化行政规章公开。@0+1×2|1.甲@1+1×1|市局@2+1×1 / \
                 2.建设行政规范性文件库，实现统一公开和动态更新调整，2022年底前完成。@1+1×1|县局@2+1×1";
    assert_eq!(texts(&got), ["分工方案", table, "联系人：某某"]);
    assert_eq!(codes(&got), ["page-number-dropped", "table-inferred"]);
    let Block::Table(table) = &got.blocks[1] else {
        panic!()
    };
    assert_eq!(
        (
            table.rows[2].cells[0].place.page,
            table.rows[2].cells[0].place.row
        ),
        (Some(1), Some(3))
    );
}

#[test]
fn thin_fills_rule_as_strokes_do_and_white_ones_do_not() {
    let mut writer = Writer::default();
    let mut content = writer.text(60.0, 705.0, 10.0, "甲") + &writer.text(210.0, 705.0, 10.0, "乙");
    for x in [50.0, 200.0, 350.0] {
        writeln!(content, "0 g {x} 690 0.5 30 re f").unwrap();
    }
    for y in [690.0, 720.0] {
        writeln!(content, "50 {y} 300.5 0.5 re f").unwrap();
    }
    writeln!(content, "1 g 120 690 0.5 30 re f").unwrap();
    writer.page(content);
    assert_eq!(texts(&open(&writer.finish())), ["甲@0+1×1|乙@1+1×1"]);
}

#[test]
fn a_table_over_two_pages_is_one_and_keeps_its_repeated_head() {
    let mut writer = Writer::default();
    let first = [
        HEAD[0].copy(),
        HEAD[1].copy(),
        HEAD[2].copy(),
        Boxed(0, 1, 720.0, 690.0, &["（一）"]),
        Boxed(1, 2, 720.0, 690.0, &["1.完成。"]),
        Boxed(2, 3, 720.0, 690.0, &["市局"]),
    ];
    let second = [
        HEAD[0].copy(),
        HEAD[1].copy(),
        HEAD[2].copy(),
        Boxed(0, 1, 720.0, 690.0, &[]),
        Boxed(1, 2, 720.0, 690.0, &["2.更新。"]),
        Boxed(2, 3, 720.0, 690.0, &["县局"]),
    ];
    for cells in [first, second] {
        let content = table(&mut writer, &cells);
        writer.page(content);
    }
    let got = open(&writer.finish());
    let head = "#任务@0+1×1|措施@1+1×1|单位@2+1×1";
    let want = format!(
        "{head} / （一）@0+1×1|1.完成。@1+1×1|市局@2+1×1 / {head} / @0+1×1|2.更新。@1+1×1|县局@2+1×1"
    );
    assert_eq!(texts(&got), [want]);
    assert_eq!(codes(&got), ["table-inferred", "table-joined"]);
    let Block::Table(table) = &got.blocks[0] else {
        panic!()
    };
    assert_eq!(table.rows[3].cells[1].place.page, Some(2));
}

#[test]
fn a_row_cut_by_the_page_break_is_one_row() {
    let long = "1.依托平台完善行政规章库建设，高质量发布现行有";
    let mut writer = Writer::default();
    let first = [
        HEAD[0].copy(),
        HEAD[1].copy(),
        HEAD[2].copy(),
        Boxed(0, 1, 720.0, 700.0, &["（一）"]),
        Boxed(1, 2, 720.0, 700.0, &[long]),
        Boxed(2, 3, 720.0, 700.0, &["市局"]),
    ];
    let second = [
        Boxed(0, 1, 740.0, 720.0, &[]),
        Boxed(1, 2, 740.0, 720.0, &["效规章。"]),
        Boxed(2, 3, 740.0, 720.0, &[]),
        Boxed(0, 1, 720.0, 700.0, &["（二）"]),
        Boxed(1, 2, 720.0, 700.0, &["2.更新。"]),
        Boxed(2, 3, 720.0, 700.0, &["县局"]),
    ];
    for cells in [&first[..], &second[..]] {
        let content = table(&mut writer, cells);
        writer.page(content);
    }
    let got = open(&writer.finish());
    let want = format!(
        "任务@0+1×1|措施@1+1×1|单位@2+1×1 / （一）?@0+1×1|{long}效规章。?@1+1×1|市局?@2+1×1 / （二）@0+1×1|2.更新。@1+1×1|县局@2+1×1"
    );
    assert_eq!(texts(&got), [want]);
    assert_eq!(
        codes(&got),
        ["table-inferred", "table-joined", "row-joined"]
    );
}

#[test]
fn words_over_a_line_leave_their_cells_in_doubt() {
    let mut writer = Writer::default();
    let cells = [
        Boxed(0, 1, 720.0, 700.0, &["这行字比所在的单元格宽"]),
        Boxed(1, 2, 720.0, 700.0, &[]),
    ];
    let content = table(&mut writer, &cells);
    writer.page(content);
    let got = open(&writer.finish());
    let Block::Table(table) = &got.blocks[0] else {
        panic!()
    };
    assert!(table.rows[0].cells.iter().any(|cell| cell.doubtful));
}

#[test]
fn paragraphs_run_over_lines_and_pages() {
    let mut writer = Writer::default();
    let full = "为贯彻落实上级要求，经市人民政府同意，现将方案印发给你们，请认真";
    let mut content =
        writer.text(70.0, 700.0, 10.0, full) + &writer.text(50.0, 680.0, 10.0, "贯彻执行，");
    content.push_str(&writer.text(70.0, 660.0, 10.0, full));
    writer.page(content);
    let content = writer.text(50.0, 700.0, 10.0, "落实。");
    writer.page(content);
    let got = open(&writer.finish());
    assert_eq!(
        texts(&got),
        [format!("{full}贯彻执行，"), format!("{full}落实。")]
    );
}

#[test]
fn forms_turned_pages_and_watermarks() {
    let mut writer = Writer::default();
    let inner = writer.text(0.0, 0.0, 10.0, "表单内文字");
    assert_eq!(
        writer.stream("/Type/XObject/Subtype/Form/BBox[0 0 600 800]", &inner),
        10
    );
    let mark = writer
        .text(0.0, 0.0, 30.0, "样稿")
        .replace("1 0 0 1 0 0", "0.7 0.7 -0.7 0.7 200 300");
    writer.page(format!("q 1 0 0 1 100 500 cm /X1 Do Q\n{mark}"));
    let sideways = writer
        .text(0.0, 0.0, 10.0, "横排页面")
        .replace("1 0 0 1 0 0", "0 1 -1 0 300 100");
    writer.pages.push((sideways, "/Rotate 90".to_owned()));
    let unturned = writer
        .text(0.0, 0.0, 10.0, "未标旋转")
        .replace("1 0 0 1 0 0", "0 1 -1 0 300 100");
    writer.page(unturned);
    let got = open(&writer.finish());
    assert_eq!(texts(&got), ["表单内文字", "横排页面", "未标旋转"]);
    assert_eq!(
        (codes(&got), got.source_chars),
        (vec!["slanted-text"], 5 + 4 + 4 + 2)
    );
}

#[test]
fn headers_on_every_page_are_told_once_each() {
    let mut writer = Writer::default();
    for page in 1..=3 {
        let content = writer.text(50.0, 780.0, 9.0, "某市人民政府公报")
            + &writer.text(50.0, 600.0 - f64::from(page), 10.0, "正文。")
            + &writer.text(290.0, 20.0, 9.0, &format!("- {page} -"));
        writer.page(content);
    }
    let got = open(&writer.finish());
    assert_eq!(texts(&got), ["正文。"; 3]);
    let count = |code| codes(&got).iter().filter(|c| **c == code).count();
    assert_eq!(
        (count("header-dropped"), count("page-number-dropped")),
        (3, 3)
    );
    assert_eq!(got.source_chars, 3 * (8 + 3 + 3));
}

#[test]
fn scans_are_known_as_such() {
    let mut writer = Writer::default();
    writer.stream(
        "/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray",
        "x",
    );
    writer.page("q 600 0 0 800 0 0 cm /X1 Do Q".to_owned());
    let error = refused(&writer.finish());
    assert_eq!(error.code, "scanned-pdf");
    assert!(error.message.contains("1 页"));

    writer = Writer::default();
    writer.stream(
        "/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray",
        "x",
    );
    writer.page("q 600 0 0 800 0 0 cm /X1 Do Q".to_owned());
    for _ in 0..3 {
        let content = writer.text(50.0, 600.0, 10.0, &"正文，".repeat(20));
        writer.page(content);
    }
    assert!(codes(&open(&writer.finish())).contains(&"scanned-page"));
}

#[test]
fn glyphs_without_characters_are_told_or_refused() {
    let mut writer = Writer::default();
    let content =
        writer.text(50.0, 700.0, 10.0, "认得的字") + "BT /F1 10 Tf 1 0 0 1 50 600 Tm <7FFF> Tj ET";
    writer.page(content);
    let got = open(&writer.finish());
    assert_eq!(
        (texts(&got), codes(&got)),
        (
            vec!["认得的字".to_owned(), "\u{FFFD}".to_owned()],
            vec!["glyph-unmapped"]
        )
    );
    let mut writer = Writer::default();
    writer.page("BT /F1 10 Tf 1 0 0 1 50 600 Tm <7FFF7FFE7FFD> Tj ET".to_owned());
    assert_eq!(refused(&writer.finish()).code, "unmapped-text");
}

#[test]
fn broken_empty_and_protected_files_say_so() {
    assert_eq!(refused(b"%PDF-1.4\nnothing").code, "damaged");
    let mut writer = Writer::default();
    writer.page(String::new());
    assert_eq!(refused(&writer.finish()).code, "empty");
    let mut writer = Writer::default();
    let content = writer.text(50.0, 700.0, 10.0, "密");
    writer.page(content);
    let key = "00".repeat(32);
    let encrypt =
        format!("/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{key}>/U<{key}>>>/ID[<00><00>]");
    assert_eq!(refused(&writer.finish_with(&encrypt)).code, "encrypted");
}

#[test]
fn endless_drawings_end() {
    let mut writer = Writer::default();
    assert_eq!(
        writer.stream(
            "/Type/XObject/Subtype/Form/Resources<</XObject<</X1 10 0 R>>>>",
            "/X1 Do /X1 Do"
        ),
        10
    );
    let content = writer.text(50.0, 700.0, 10.0, "字") + "/X1 Do";
    writer.page(content);
    assert_eq!(texts(&open(&writer.finish())), ["字"]);

    let limits = Limits {
        pdf_operators: 1_000,
        ..Limits::default()
    };
    let mut writer = Writer::default();
    writer.page("q Q ".repeat(501));
    assert_eq!(
        read(&writer.finish(), &limits).unwrap_err().code,
        "too-large"
    );

    let limits = Limits {
        pages: 2,
        ..Limits::default()
    };
    let mut writer = Writer::default();
    for _ in 0..3 {
        writer.page(String::new());
    }
    assert_eq!(
        read(&writer.finish(), &limits).unwrap_err().code,
        "too-large"
    );
}

#[test]
fn a_long_table_stays_linear() {
    let bytes = |pages: usize| {
        let mut writer = Writer::default();
        for page in 0..pages {
            let rows: Vec<[String; 3]> = (0..30)
                .map(|n| [format!("{page}-{n}"), "措施".repeat(20), "市局".into()])
                .collect();
            let mut content = String::new();
            for (index, row) in rows.iter().enumerate() {
                let top = 780.0 - 25.0 * index as f64;
                let lines: Vec<Vec<&str>> = row.iter().map(|text| vec![text.as_str()]).collect();
                let cells: Vec<Boxed<'_>> = (0..3)
                    .map(|n| Boxed(n, n + 1, top, top - 25.0, &lines[n]))
                    .collect();
                content.push_str(&table(&mut writer, &cells));
            }
            writer.page(content);
        }
        writer.finish()
    };
    let got = open(&bytes(20));
    let Block::Table(table) = &got.blocks[0] else {
        panic!()
    };
    assert_eq!((got.blocks.len(), table.rows.len()), (1, 600));
    assert!(table.rows.iter().all(|row| row.cells.len() == 3));
}
