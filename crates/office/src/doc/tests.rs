use std::io::{Cursor, Write};

use super::read;
use crate::block::{Block, Document, Format};
use crate::limits::Limits;

/// One paragraph of the sample: its characters with their end mark, and its properties.
struct Piece {
    text: String,
    properties: Vec<u8>,
}

fn sprm(code: u16, operand: &[u8]) -> Vec<u8> {
    [&code.to_le_bytes()[..], operand].concat()
}

fn body(text: &str) -> Piece {
    Piece {
        text: format!("{text}\r"),
        properties: Vec::new(),
    }
}

/// A row of cells: text and the merge bits of its cell descriptor.
fn row(cells: &[(&str, u16)]) -> Vec<Piece> {
    let in_table = sprm(0x2416, &[1]);
    let mut pieces: Vec<Piece> = cells
        .iter()
        .map(|(text, _)| Piece {
            text: format!("{text}\u{7}"),
            properties: in_table.clone(),
        })
        .collect();
    let mut definition = vec![cells.len() as u8];
    for edge in 0..=cells.len() as i16 {
        definition.extend((edge * 2000).to_le_bytes());
    }
    for (_, bits) in cells {
        definition.extend(bits.to_le_bytes());
        definition.extend([0; 18]);
    }
    let size = (definition.len() as u16 + 1).to_le_bytes();
    let table = sprm(0xD608, &[&size[..], &definition].concat());
    let properties = [in_table, sprm(0x2417, &[1]), table].concat();
    pieces.push(Piece {
        text: "\u{7}".to_owned(),
        properties,
    });
    pieces
}

const TEXT_AT: usize = 0x800;

/// A Word 97 file of these paragraphs: header, UTF-16 text, one page of paragraph properties each.
fn doc(pieces: &[Piece]) -> Vec<u8> {
    let units: Vec<u16> = pieces
        .iter()
        .flat_map(|p| p.text.encode_utf16().collect::<Vec<_>>())
        .collect();
    let mut word = vec![0u8; TEXT_AT];
    word.extend(units.iter().flat_map(|u| u.to_le_bytes()));
    word.resize(word.len().next_multiple_of(512), 0);

    let (mut edges, mut pages) = (vec![TEXT_AT as u32], Vec::new());
    for piece in pieces {
        let start = *edges.last().unwrap();
        let end = start + piece.text.encode_utf16().count() as u32 * 2;
        let mut page = [0u8; 512];
        page[..4].copy_from_slice(&start.to_le_bytes());
        page[4..8].copy_from_slice(&end.to_le_bytes());
        page[8] = 16; // properties at byte 32 of the page
        let mut list = [&[0u8, 0][..], &piece.properties].concat();
        if list.len() % 2 == 1 {
            list.push(0);
        }
        page[32] = 0;
        page[33] = (list.len() / 2) as u8;
        page[34..34 + list.len()].copy_from_slice(&list);
        page[511] = 1;
        pages.push((word.len() / 512) as u32);
        word.extend(page);
        edges.push(end);
    }

    let mut clx = vec![2u8];
    clx.extend(16u32.to_le_bytes());
    clx.extend([0u32.to_le_bytes(), (units.len() as u32).to_le_bytes()].concat());
    clx.extend([&[0u8, 0][..], &(TEXT_AT as u32).to_le_bytes(), &[0, 0]].concat());
    let paragraphs: Vec<u8> = edges
        .iter()
        .chain(&pages)
        .flat_map(|n| n.to_le_bytes())
        .collect();
    let table = [&clx[..], &paragraphs].concat();

    let mut put = |at: usize, bytes: &[u8]| word[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &0xA5ECu16.to_le_bytes());
    put(2, &0x00C1u16.to_le_bytes());
    put(6, &0x0804u16.to_le_bytes());
    put(0x20, &14u16.to_le_bytes());
    put(0x3E, &22u16.to_le_bytes());
    put(0x4C, &(units.len() as u32).to_le_bytes());
    put(0x98, &93u16.to_le_bytes());
    put(
        0x102,
        &[clx.len() as u32, paragraphs.len() as u32]
            .map(u32::to_le_bytes)
            .concat(),
    );
    put(
        0x1A2,
        &[0u32, clx.len() as u32].map(u32::to_le_bytes).concat(),
    );
    container(&[("/WordDocument", &word), ("/0Table", &table)])
}

fn container(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, bytes) in streams {
        file.create_stream(name).unwrap().write_all(bytes).unwrap();
    }
    file.into_inner().into_inner()
}

pub(crate) fn sample() -> Vec<u8> {
    const RESTART: u16 = 0x60;
    const CONTINUED: u16 = 0x20;
    const FIRST: u16 = 1;
    const MERGED: u16 = 2;
    let mut pieces = vec![body("分工方案")];
    pieces.extend(row(&[("任务", 0), ("措施", 0), ("单位", 0)]));
    pieces.extend(row(&[("一、总则", FIRST), ("", MERGED), ("", MERGED)]));
    pieces.extend(row(&[("（一）", RESTART), ("甲", 0), ("市局", 0)]));
    pieces.extend(row(&[("", CONTINUED), ("乙", 0), ("县局", 0)]));
    pieces.push(body("完"));
    doc(&pieces)
}

fn texts(document: &Document) -> Vec<String> {
    let cell =
        |c: &crate::Cell| format!("{}@{}+{}×{}", c.text, c.column, c.column_span, c.row_span);
    let row = |r: &crate::Row| r.cells.iter().map(cell).collect::<Vec<_>>().join("|");
    let block = |block: &Block| match block {
        Block::Paragraph(p) => p.text.clone(),
        Block::Table(t) => t.rows.iter().map(row).collect::<Vec<_>>().join(" / "),
    };
    document.blocks.iter().map(block).collect()
}

#[test]
fn text_and_merged_cells_come_through() {
    let bytes = sample();
    assert_eq!(crate::sniff(&bytes), crate::Sniffed::Doc);
    let got = read(&bytes, Format::Doc, &Limits::default()).unwrap();
    let table = "任务@0+1×1|措施@1+1×1|单位@2+1×1 / 一、总则@0+3×1 / （一）@0+1×2|甲@1+1×1|市局@2+1×1 \
                 / 乙@1+1×1|县局@2+1×1";
    assert_eq!(texts(&got), ["分工方案", table, "完"]);
    assert_eq!(
        (got.problems, got.source_chars),
        (vec![], 4 + 6 + 4 + 6 + 3 + 1)
    );
}

#[test]
fn what_cannot_be_followed_asks_for_a_conversion() {
    let bytes = container(&[("/WordDocument", &[0; 4096])]);
    let error = read(&bytes, Format::Wps, &Limits::default()).unwrap_err();
    assert_eq!(error.code, "needs-conversion");
    assert!(error.message.contains("WPS") && error.message.contains("另存为 .docx"));
}

#[test]
fn encrypted_files_say_so() {
    let mut word = vec![0u8; 4096];
    word[..2].copy_from_slice(&0xA5ECu16.to_le_bytes());
    word[2..4].copy_from_slice(&0x00C1u16.to_le_bytes());
    word[0x0B] = 0x01;
    let error = read(
        &container(&[("/WordDocument", &word)]),
        Format::Doc,
        &Limits::default(),
    )
    .unwrap_err();
    assert_eq!(error.code, "encrypted");
}

#[test]
fn a_text_stream_that_could_fill_the_memory_is_refused() {
    let word = vec![0u8; 6 * 1024 * 1024 + 1];
    let error = read(
        &container(&[("/WordDocument", &word)]),
        Format::Doc,
        &Limits::default(),
    )
    .unwrap_err();
    assert_eq!(error.code, "too-large");
}
