use super::lexer::{Lexer, Token};
use crate::block::{Block, Document};
use crate::limits::Limits;

/// A notice and a table with cells merged down and across, its words in code page 936 and in Unicode.
pub(crate) fn sample() -> Vec<u8> {
    let gbk = |text: &str| -> String {
        let (bytes, _, _) = encoding_rs::GBK.encode(text);
        bytes.iter().map(|b| format!("\\'{b:02x}")).collect()
    };
    let row = |marks: [&str; 3], cells: [&str; 3]| {
        let defined: String = marks
            .iter()
            .zip([1000, 3000, 5000])
            .map(|(mark, edge)| format!("{mark}\\clbrdrt\\cellx{edge}"))
            .collect();
        let cells = cells.map(|cell| format!("\\pard\\intbl {}\\cell\n", gbk(cell)));
        format!("\\trowd\\trgaph108{defined}\n{}\\row\n", cells.concat())
    };
    format!(
        "{{\\rtf1\\ansi\\ansicpg936\\deff0{{\\fonttbl{{\\f0\\fcharset134 {song};}}{{\\f1\\fcharset0 Times;}}}}{{\\*\\generator made}}{{\\info{{\\title x}}}}\n\
        \\pard\\f0 {title}\\par {{\\header {song}}}\\u24180?\\u-10179\\'3f\\u-8704\\'3f{{\\f1 2023}}\\'a1\\'a3{{\\v {song}}}{{\\deleted {song}}}{{\\pict 0102}}\\par\n{}{}{}{}\\pard {end}\\par}}",
        row(["", "\\clmgf", "\\clmrg"], ["序号", "任务", ""]),
        row(["\\clvmgf", "", ""], ["一", "公开目录", "市局"]),
        row(["\\clvmrg", "", ""], ["", "公开规划", "县局"]),
        row(["", "", ""], ["二", "公开预算", ""]),
        song = gbk("宋体"),
        title = gbk("工作方案"),
        end = gbk("附件"),
    )
    .into_bytes()
}

fn sketch(document: &Document) -> Vec<String> {
    let block = |block: &Block| match block {
        Block::Paragraph(p) => p.text.clone(),
        Block::Table(t) => {
            let cells = t.rows.iter().map(|row| {
                let cell = |c: &crate::Cell| {
                    format!("{}@{}+{}×{}", c.text, c.column, c.column_span, c.row_span)
                };
                row.cells.iter().map(cell).collect::<Vec<_>>().join("|")
            });
            cells.collect::<Vec<_>>().join(" / ")
        }
    };
    document.blocks.iter().map(block).collect()
}

#[test]
fn paragraphs_and_merged_cells() {
    let got = crate::read(&sample(), &Limits::default()).unwrap();
    let want = [
        "工作方案",
        "年\u{1F600}2023。",
        "序号@0+1×1|任务@1+2×1 / 一@0+1×2|公开目录@1+1×1|市局@2+1×1 / 公开规划@1+1×1|县局@2+1×1 / 二@0+1×1|公开预算@1+1×1|@2+1×1",
        "附件",
    ];
    assert_eq!(sketch(&got), want);
    let codes: Vec<(&str, u64)> = got
        .problems
        .iter()
        .map(|p| (p.code.as_str(), p.dropped_chars))
        .collect();
    let want = [
        ("hidden-text", 2),
        ("deletion-dropped", 2),
        ("beside-dropped", 2),
        ("image-dropped", 0),
    ];
    assert_eq!(codes, want);
}

#[test]
fn tokens() {
    let got: Vec<Token<'_>> = Lexer::new(b"{\\rtf1 a\\'b9\\*\\bin3 {}}\\u-5?\\").collect();
    let want = [
        Token::Open,
        Token::Word("rtf", Some(1)),
        Token::Byte(b'a'),
        Token::Byte(0xB9),
        Token::Sign(b'*'),
        Token::Word("bin", Some(3)),
        Token::Word("u", Some(-5)),
        Token::Byte(b'?'),
    ];
    assert_eq!(got, want);
}

#[test]
fn limits_hold() {
    let code = |bytes: &[u8]| crate::read(bytes, &Limits::default()).unwrap_err().code;
    let deep = format!("{{\\rtf1{}", "{".repeat(2_000));
    assert_eq!(code(deep.as_bytes()), "too-large");
    assert_eq!(code(b"{\\rtf1 \\par }"), "empty");
    let few = Limits {
        cells: 3,
        ..Limits::default()
    };
    let wide = format!("{{\\rtf1\\trowd{}}}", "\\cellx9".repeat(9));
    assert_eq!(
        crate::read(wide.as_bytes(), &few).unwrap_err().code,
        "too-large"
    );
}
