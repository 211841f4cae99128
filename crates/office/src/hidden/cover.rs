//! The words of a file, each with its place, and a copy in which some of them are covered.
//!
//! Which words those are is decided elsewhere. The copy hides nothing, and the numbers that were covered stand in no part of it.
//! Law: 个人信息保护法 art. 51 (去标识化), 条例 (2019) art. 15.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::events::{BytesText, Event};
use serde::{Deserialize, Serialize};

use super::dom::Node;
use super::repack::Parts;
use super::{cannot_clean, clean, cover_pdf, cover_sheet, cover_trace, cover_word, guarded};
use crate::block::Unreadable;
use crate::encoding::decode;
use crate::limits::Limits;
use crate::refusal::{damaged, encrypted};
use crate::sniff::{Sniffed, sniff};

/// Digits from which on a run of signs is a number that nothing but itself looks like; measures in a file have fewer.
const NUMBER_DIGITS_MIN: usize = 8;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A stretch of words that is covered by itself: a cell of a sheet, a paragraph, a line of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// Where, for people: 工作表“名单”C5.
    pub place: String,
    pub text: String,
    /// What parts it from the piece before it: nothing, a blank, a tab for each column, a line between sheets.
    pub before: String,
    /// Its line ends behind it.
    pub ends_line: bool,
}

/// The number of a piece, from 0, and what stands there instead: as many characters as before.
pub type Change = (usize, String);

/// What a copy says instead, by the number of the piece.
pub(super) type Changes<'c> = BTreeMap<usize, &'c str>;

/// The words that a reader sees, in order; what a copy cannot cover (names of sheets, charts, pictures) is not among them.
///
/// # Errors
/// [`Unreadable`] where the file cannot be read, or is of a kind that is not covered here; the sentence says what to do.
pub fn pieces(bytes: &[u8], limits: &Limits) -> Result<Vec<Piece>, Unreadable> {
    guarded(bytes, limits, |kind| match kind {
        Sniffed::Docx => cover_word::pieces(bytes, limits),
        Sniffed::Xlsx => cover_sheet::pieces(bytes, limits),
        Sniffed::Pdf => cover_pdf::pieces(bytes, limits),
        Sniffed::Text => Ok(lines(bytes)),
        other => Err(not_covered(other)),
    })
}

/// A copy with these changes and without anything that the file hid. [`pieces`] of the same bytes gave the numbers.
///
/// # Errors
/// [`Unreadable`] where no such copy can be made, or what was covered would still stand somewhere in it.
pub fn cover(bytes: &[u8], changes: &[Change], limits: &Limits) -> Result<Vec<u8>, Unreadable> {
    let before = pieces(bytes, limits)?;
    let gone = gone(&before, changes)?;
    let traces = traces(&before, changes);
    let changes: Changes<'_> = changes
        .iter()
        .map(|(n, text)| (*n, text.as_str()))
        .collect();
    let copy = guarded(bytes, limits, |kind| match kind {
        Sniffed::Docx => cover_word::cover(bytes, &changes, limits),
        Sniffed::Xlsx => cover_sheet::cover(bytes, &changes, limits),
        Sniffed::Pdf => cover_pdf::cover(bytes, &changes, limits),
        Sniffed::Text => Ok(covered_lines(bytes, &changes)),
        other => Err(not_covered(other)),
    })?;
    let copy = clean(&copy, limits)?;
    let kind = sniff(&copy);
    if kind == Sniffed::Pdf {
        cover_pdf::prove_gone(&copy, (&gone, &traces), limits)?;
        return Ok(copy);
    }
    prove_gone(&copy, &gone, limits)?;
    // A text has nothing but its lines.
    if kind != Sniffed::Text {
        cover_trace::prove_unsaid(&copy, &traces, limits)?;
    }
    Ok(copy)
}

fn not_covered(kind: Sniffed) -> Unreadable {
    let (what, advice) = match kind {
        Sniffed::Encrypted => return encrypted("文件"),
        Sniffed::Image => (
            "图片里的文字不能在这里遮盖",
            "请用图片软件涂盖后另存为新的图片，或改为公开遮盖后的文件。",
        ),
        _ => (
            "这种文件不能在这里遮盖",
            "请用原来的软件另存为 .docx、.xlsx、.pdf 或者 .csv 后再试。",
        ),
    };
    Unreadable {
        code: "not-covered".to_owned(),
        message: format!("{what}。没有生成副本，原文件没有改动。{advice}"),
    }
}

/// Runs of letters and digits.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
}

fn is_number(token: &str) -> bool {
    token.bytes().filter(u8::is_ascii_digit).count() >= NUMBER_DIGITS_MIN
}

/// The numbers that these changes cover.
fn gone(before: &[Piece], changes: &[Change]) -> Result<BTreeSet<String>, Unreadable> {
    let mut gone = BTreeSet::new();
    for (n, new) in changes {
        let old = before.get(*n).map(|piece| piece.text.as_str());
        let old = old.filter(|old| old.chars().count() == new.chars().count());
        let old = old.ok_or_else(|| damaged("要遮盖的位置和文件对不上"))?;
        let left: BTreeSet<&str> = tokens(new).collect();
        let numbers = tokens(old).filter(|token| is_number(token) && !left.contains(token));
        gone.extend(numbers.map(str::to_owned));
    }
    Ok(gone)
}

/// The words that these changes cover.
fn traces(before: &[Piece], changes: &[Change]) -> BTreeSet<String> {
    changes
        .iter()
        .filter_map(|(n, new)| Some(cover_trace::traces(&before.get(*n)?.text, new)))
        .flatten()
        .collect()
}

/// Looks for the numbers in every part, also where no reader would see them: in links, formulas, charts.
fn prove_gone(copy: &[u8], gone: &BTreeSet<String>, limits: &Limits) -> Result<(), Unreadable> {
    let tells = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        tokens(&text).any(|token| gone.contains(token))
    };
    let left = |part: &str| cannot_clean(&format!("被遮盖的号码还在文件的其他地方（{part}）"));
    if gone.is_empty() {
        return Ok(());
    }
    if sniff(copy) == Sniffed::Text {
        return if tells(copy) {
            Err(left("文字"))
        } else {
            Ok(())
        };
    }
    let parts = Parts::open(copy, limits)?;
    let mut parts = parts
        .bytes
        .iter()
        .filter(|(name, _)| !name.contains("/media/") && !name.contains("/fonts/"));
    match parts.find(|(_, bytes)| tells(bytes)) {
        Some((name, _)) => Err(left(name)),
        None => Ok(()),
    }
}

/// The text of an element, as a node.
pub(super) fn words(text: &str) -> Node {
    Node::Other(Event::Text(BytesText::new(text).into_owned()))
}

/// Links that write or ring to somebody lead nowhere any more.
pub(super) fn unlink(parts: &mut Parts, limits: &Limits) -> Result<(), Unreadable> {
    let names: Vec<String> = parts
        .names()
        .filter(|name| name.ends_with(".rels"))
        .map(str::to_owned)
        .collect();
    for name in names {
        let Some(mut root) = parts.xml(&name, limits)? else {
            continue;
        };
        let mut changed = false;
        for relation in root.elements_mut() {
            if is_personal_link(&relation.attribute("Target").unwrap_or_default()) {
                relation.with_attributes(|key| key != "Target", &[("Target", "about:blank")]);
                changed = true;
            }
        }
        if changed {
            parts.put(&name, &root);
        }
    }
    Ok(())
}

pub(super) fn is_personal_link(target: &str) -> bool {
    let target = target.to_lowercase();
    target.contains("mailto:") || target.contains("tel:")
}

/// The lines of a text that say something, with the ends that they have.
fn split(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('\n').map(|line| match line.strip_suffix('\r') {
        Some(words) => (words, "\r"),
        None => (line, ""),
    })
}

fn lines(bytes: &[u8]) -> Vec<Piece> {
    let text = decode(bytes, None).text;
    (1..)
        .zip(split(&text))
        .filter(|(_, (words, _))| !words.is_empty())
        .map(|(n, (words, _)): (usize, _)| Piece {
            place: format!("第{n}行"),
            text: words.to_owned(),
            before: String::new(),
            ends_line: true,
        })
        .collect()
}

fn covered_lines(bytes: &[u8], changes: &Changes<'_>) -> Vec<u8> {
    let text = decode(bytes, None).text;
    let (mut out, mut count) = (String::with_capacity(text.len()), 0_usize);
    for (n, (words, end)) in split(&text).enumerate() {
        if n > 0 {
            out.push('\n');
        }
        if !words.is_empty() {
            out.push_str(changes.get(&count).copied().unwrap_or(words));
            count += 1;
        }
        out.push_str(end);
    }
    // What was no plain UTF-8 gets the mark by which spreadsheets tell it.
    let is_plain = std::str::from_utf8(bytes).is_ok() && !bytes.starts_with(BYTE_ORDER_MARK);
    if is_plain {
        out.into_bytes()
    } else {
        [BYTE_ORDER_MARK, out.as_bytes()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Piece, cover, pieces};
    use crate::hidden::tests::zipped;
    use crate::hidden::{scan, text_of};
    use crate::limits::Limits;

    const ID: &str = "440203199003070016";
    const COVERED: &str = "440*************16";

    fn found(file: &[u8]) -> Vec<Piece> {
        pieces(file, &Limits::default()).unwrap()
    }

    fn read(file: &[u8]) -> String {
        text_of(&crate::read(file, &Limits::default()).unwrap())
    }

    /// Covers the number wherever a piece has it.
    fn covered(file: &[u8]) -> Result<Vec<u8>, crate::Unreadable> {
        let all = found(file).into_iter().enumerate();
        let changes: Vec<Change> = all
            .filter(|(_, piece)| piece.text.contains(ID))
            .map(|(n, piece)| (n, piece.text.replace(ID, COVERED)))
            .collect();
        assert!(!changes.is_empty());
        cover(file, &changes, &Limits::default())
    }

    fn sheet(rows: &str, more: &[(&str, &str)]) -> Vec<u8> {
        let data = format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"
        );
        let mut parts = vec![
            (
                "xl/workbook.xml",
                "<workbook xmlns:r=\"r\"><sheets><sheet name=\"名单\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
            ),
            (
                "xl/_rels/workbook.xml.rels",
                "<Relationships><Relationship Id=\"rId1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"x/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>",
            ),
            (
                "xl/sharedStrings.xml",
                "<sst><si><t>姓名</t></si><si><t>身份证号码</t></si><si><t>张伟</t></si><si><t>440203199003070016</t></si></sst>",
            ),
        ];
        parts.extend(more);
        parts.push(("xl/worksheets/sheet1.xml", &data));
        zipped(&parts)
    }

    const ROWS: &str = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"s\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\" t=\"s\"><v>2</v></c><c r=\"C2\" s=\"0\" t=\"s\"><v>3</v></c><c r=\"D2\"><f>MID(\"440203199003070016\",1,6)</f><v>440203</v></c></row>";

    #[test]
    fn a_cell_is_covered_and_its_number_stands_nowhere_any_more() {
        let file = sheet(ROWS, &[]);
        let all = found(&file);
        let said: Vec<(&str, &str, &str, bool)> = all
            .iter()
            .map(|one| {
                let place = one.place.trim_start_matches("工作表“名单”");
                (place, one.before.as_str(), one.text.as_str(), one.ends_line)
            })
            .collect();
        assert_eq!(
            said,
            [
                ("A1", "", "姓名", false),
                ("C1", "\t\t", "身份证号码", true),
                ("A2", "", "张伟", false),
                ("C2", "\t\t", ID, false),
                ("D2", "\t", "440203", true),
            ]
        );
        let copy = covered(&file).unwrap();
        let text = read(&copy);
        assert!(text.contains(COVERED) && !text.contains(ID), "{text}");
        assert!(text.contains("张伟") && text.contains("440203\n"), "{text}");
    }

    #[test]
    fn a_workbook_as_programs_write_it_is_covered() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let rows = [
            ["序号", "姓名", "身份证号码"],
            ["1", "张伟", ID],
            ["2", "李芳", ID],
        ];
        for (row, cells) in (0..).zip(rows) {
            for (column, text) in (0..).zip(cells) {
                sheet.write_string(row, column, text).unwrap();
            }
        }
        let copy = covered(&book.save_to_buffer().unwrap()).unwrap();
        let text = read(&copy);
        assert_eq!(text.matches(COVERED).count(), 2, "{text}");
        assert!(text.contains("李芳") && !text.contains(ID), "{text}");
        let left = scan(&copy, &Limits::default()).unwrap();
        let aside = |one: &crate::hidden::Hidden| one.what == crate::hidden::Place::Aside;
        assert!(left.iter().all(aside), "{left:?}");
    }

    #[test]
    fn a_number_that_another_part_tells_keeps_the_copy_back() {
        let chart = (
            "xl/charts/chart1.xml",
            "<chartSpace><v>440203199003070016</v></chartSpace>",
        );
        let relations = (
            "xl/worksheets/_rels/sheet1.xml.rels",
            "<Relationships><Relationship Id=\"a\" Type=\"x/chart\" Target=\"../charts/chart1.xml\"/></Relationships>",
        );
        let file = sheet(ROWS, &[chart, relations]);
        let refused = covered(&file).unwrap_err();
        assert!(
            refused.message.contains("xl/charts/chart1.xml"),
            "{}",
            refused.message
        );
    }

    #[test]
    fn a_name_that_a_chart_keeps_holds_the_copy_back() {
        let relations = (
            "xl/worksheets/_rels/sheet1.xml.rels",
            "<Relationships><Relationship Id=\"a\" Type=\"x/chart\" Target=\"../charts/chart1.xml\"/></Relationships>",
        );
        let with = |name: &str| {
            let chart = format!(
                "<c:chartSpace xmlns:c=\"c\"><c:cat><c:strRef><c:strCache><c:pt idx=\"0\"><c:v>{name}</c:v></c:pt></c:strCache></c:strRef></c:cat></c:chartSpace>"
            );
            let file = sheet(ROWS, &[("xl/charts/chart1.xml", chart.as_str()), relations]);
            let all = found(&file).into_iter().enumerate();
            let changes: Vec<Change> = all
                .filter(|(_, piece)| piece.text == "张伟")
                .map(|(n, _)| (n, "张*".to_owned()))
                .collect();
            assert_eq!(changes.len(), 1);
            cover(&file, &changes, &Limits::default())
        };
        let refused = with("张伟").unwrap_err();
        assert!(
            refused.message.contains("图表里（xl/charts/chart1.xml）"),
            "{}",
            refused.message
        );
        let copy = with("张*").unwrap();
        assert!(!read(&copy).contains("张伟"));
    }

    #[test]
    fn a_number_over_several_runs_is_covered_where_it_stands() {
        let row = |cells: &[&str]| {
            let cells: String = cells
                .iter()
                .map(|text| format!("<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"))
                .collect();
            format!("<w:tr>{cells}</w:tr>")
        };
        let w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
        let body = format!(
            "<w:document xmlns:w=\"{w}\"><w:body><w:p><w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr><w:r><w:t xml:space=\"preserve\">身份证号 </w:t></w:r><w:r><w:t>4402031990</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>03070016</w:t></w:r><w:r><w:tab/><w:t>甲&amp;乙</w:t></w:r></w:p><w:tbl>{}{}</w:tbl></w:body></w:document>",
            row(&["姓名", "身份证号码"]),
            row(&["张伟", ID]),
        );
        let header =
            format!("<w:hdr xmlns:w=\"{w}\"><w:p><w:r><w:t>{ID}</w:t></w:r></w:p></w:hdr>");
        let file = zipped(&[
            ("word/document.xml", body.as_str()),
            ("word/header1.xml", header.as_str()),
            (
                "word/_rels/document.xml.rels",
                "<Relationships><Relationship Id=\"h\" Type=\"x/header\" Target=\"header1.xml\"/><Relationship Id=\"m\" Type=\"x/hyperlink\" Target=\"mailto:zhangwei1990@163.com\" TargetMode=\"External\"/></Relationships>",
            ),
        ]);
        let places: Vec<String> = found(&file).into_iter().map(|one| one.place).collect();
        assert_eq!(
            places,
            [
                "正文第1段",
                "正文第1个表格第1行",
                "正文第1个表格第1行",
                "正文第1个表格第2行",
                "正文第1个表格第2行",
                "页眉第1段",
            ]
        );
        let copy = covered(&file).unwrap();
        let text = read(&copy);
        assert_eq!(text.matches(COVERED).count(), 2, "{text}");
        assert!(text.contains("甲&乙") && !text.contains(ID), "{text}");
        let aside = scan(&copy, &Limits::default()).unwrap();
        assert!(
            aside.iter().any(|one| one.text == COVERED)
                && aside.iter().all(|one| !one.text.contains(ID)),
            "{aside:?}"
        );
        let links = super::Parts::open(&copy, &Limits::default()).unwrap();
        let links = links.text("word/_rels/document.xml.rels").unwrap();
        assert!(!links.contains("163.com"), "{links}");
    }

    #[test]
    fn a_text_keeps_its_lines_and_says_how_it_is_written() {
        let file = format!("姓名,身份证号码\r\n\r\n张伟,{ID}\r\n");
        let copy = covered(file.as_bytes()).unwrap();
        let wanted = "姓名,身份证号码\r\n\r\n张伟,440*************16\r\n";
        assert_eq!(String::from_utf8(copy).unwrap(), wanted);
        let (old, _, _) = encoding_rs::GB18030.encode(&file);
        let copy = covered(&old).unwrap();
        let copy = String::from_utf8(copy).unwrap();
        assert_eq!(copy.strip_prefix('\u{FEFF}'), Some(wanted));
    }

    #[test]
    fn what_cannot_be_covered_says_what_to_do() {
        let picture = b"\x89PNG\r\n\x1a\n0000";
        let refused = pieces(picture, &Limits::default()).unwrap_err();
        assert!(refused.message.contains("用图片软件涂盖"), "{refused:?}");
        let file = "名单\n".as_bytes();
        for wrong in [(0, "长一些".to_owned()), (1, "名单".to_owned())] {
            assert!(cover(file, &[wrong], &Limits::default()).is_err());
        }
    }
}
