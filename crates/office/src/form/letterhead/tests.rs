use std::io::Read as _;

use super::{Annex, Faces, Letterhead};
use crate::form::letter::Line;

fn letter() -> Letterhead {
    Letterhead {
        mark: "安澜市财政局".into(),
        number: "安财公开〔2026〕15号".into(),
        title: "政府信息公开答复书".into(),
        to: "刘某：".into(),
        body: vec![
            Line::Heading("一、答复".into()),
            Line::Text("现将信息提供给您。<w:p/>".into()),
        ],
        fields: Vec::new(),
        annexes: vec!["决算表".into(), "说明".into()],
        signed: "安澜市财政局".into(),
        dated: "2026年10月15日".into(),
        note: "（联系电话：0700-0000000）".into(),
        annex: None,
        faces: Faces::default(),
    }
}

/// A part of the file as text.
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[test]
fn a_letter_reads_back_as_it_was_written() {
    let letter = letter();
    let bytes = letter.docx().unwrap();
    assert_eq!(
        bytes,
        letter.docx().unwrap(),
        "the same letter, the same bytes"
    );
    let read = format!(
        "{:?}",
        crate::read(&bytes, &crate::Limits::default()).unwrap()
    );
    for words in [
        "安财公开〔2026〕15号",
        "刘某：",
        "<w:p/>",
        "附件：1.决算表",
        "2.说明",
        "2026年10月15日",
    ] {
        assert!(read.contains(words), "{words} not in {read}");
    }
}

#[test]
fn the_page_is_that_of_the_standard() {
    let mut letter = letter();
    letter.faces.body = "方正仿宋_GBK".into();
    let bytes = letter.docx().unwrap();
    let document = part(&bytes, "word/document.xml");
    // Margins 37, 26, 35, 28 mm in twips; 22 lines of 28 characters in the block between.
    for words in [
        r#"w:top="2098""#,
        r#"w:right="1474""#,
        r#"w:bottom="1984""#,
        r#"w:left="1587""#,
        r#"w:type="linesAndChars""#,
        r#"w:linePitch="579""#,
        r#"w:charSpace="-860""#,
        "<w:titlePg",
        "方正仿宋_GBK",
        "方正小标宋简体",
    ] {
        assert!(document.contains(words), "{words} not in {document}");
    }
    // The organ's name stands in red above a double line on the first page only.
    let heads: Vec<String> = (1..=2)
        .map(|n| part(&bytes, &format!("word/header{n}.xml")))
        .collect();
    let first: Vec<&String> = heads
        .iter()
        .filter(|head| head.contains("安澜市财政局"))
        .collect();
    assert_eq!(first.len(), 1);
    assert!(first[0].contains("thickThinSmallGap") && first[0].contains("D7000F"));
}

#[test]
fn a_form_has_a_line_for_every_field_and_room_for_empty_ones() {
    let form = Letterhead {
        fields: vec![
            ("受送达人".into(), "刘某".into()),
            ("签收人".into(), String::new()),
        ],
        body: Vec::new(),
        annexes: Vec::new(),
        signed: String::new(),
        dated: String::new(),
        ..letter()
    };
    let read = format!(
        "{:?}",
        crate::read(&form.docx().unwrap(), &crate::Limits::default()).unwrap()
    );
    assert!(
        read.contains("受送达人") && read.contains("签收人") && !read.contains("附件"),
        "{read}"
    );
    assert_eq!(form.typeset_data()["fields"][1][1], "\n");
    assert_eq!(
        form.plain().lines().last(),
        Some("（联系电话：0700-0000000）")
    );
}

/// GB/T 9704 7.3.5: no page holds the signature alone; no page ends with a heading.
#[test]
fn heading_end_of_text_and_signature_stay_with_what_follows() {
    let document = part(&letter().docx().unwrap(), "word/document.xml");
    let stays = |words: &str| {
        let end = document.find(words).unwrap();
        let begin = document[..end].rfind("<w:p ").unwrap();
        document[begin..end].contains("<w:keepNext")
    };
    assert!(stays("一、答复") && stays("现将信息提供给您"));
    let signed = document.rfind("安澜市财政局").unwrap();
    let begin = document[..signed].rfind("<w:p ").unwrap();
    assert!(document[begin..signed].contains("<w:keepNext"));
    assert!(!stays("2026年10月15日"), "the last line holds nothing");
}

/// GB/T 9704 7.3.5.1: the name stands centred over the date, which keeps four characters from the edge.
#[test]
fn the_signature_is_centred_over_its_date() {
    let right = |letter: &Letterhead, words: &str| -> i32 {
        let document = part(&letter.docx().unwrap(), "word/document.xml");
        let end = document.rfind(words).unwrap();
        let begin = document[..end].rfind("<w:p ").unwrap();
        let rest = document[begin..end].split("w:right=\"").nth(1).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    let short = letter();
    // Six characters over a date of seven: half a character more on each side.
    assert_eq!(right(&short, "2026年10月15日"), 1_264);
    assert_eq!(right(&short, "安澜市财政局"), 1_264 + 158);
    let long = Letterhead {
        signed: "安澜市高新技术产业开发区管理委员会办公室".into(),
        ..letter()
    };
    // Wider than what is left beside the date: it reaches the edge, and the date stands in its middle.
    assert_eq!(right(&long, "安澜市高新技术产业开发区管理委员会办公室"), 0);
    assert_eq!(right(&long, "2026年10月15日"), (20 - 7) * 158);
}

#[test]
fn what_a_letter_brings_to_be_filled_in_begins_a_page() {
    let letter = Letterhead {
        annex: Some(Annex {
            title: "第三方意见回执".into(),
            fields: vec![
                ("第三方姓名（名称）".into(), "甲公司".into()),
                ("意见".into(), "□同意公开　□不同意公开".into()),
                ("签名（盖章）".into(), String::new()),
            ],
        }),
        ..letter()
    };
    let document = part(&letter.docx().unwrap(), "word/document.xml");
    let note = document.find("联系电话").unwrap();
    let behind = &document[note..];
    assert!(behind.contains("<w:pageBreakBefore"), "{behind}");
    for words in ["第三方意见回执", "甲公司", "□同意公开", "签名（盖章）"] {
        assert!(behind.contains(words), "{words} not in {behind}");
    }
    assert_eq!(letter.typeset_data()["annex"]["fields"][2][1], "\n");
    assert!(letter.plain().ends_with("签名（盖章）｜"));
}
