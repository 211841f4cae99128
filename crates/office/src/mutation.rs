//! Hostile files by structure-aware mutation: each reader gets honest files with something broken in a place that
//! matters to its format. Seeds are printed, so that a failure can be run again alone.
//!
//! `GONGKAI_MUTANTS=10000` sets the number of mutants per reader, `GONGKAI_MUTANT_SEED=42` runs one.

mod change;
mod zip_file;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use change::Dice;
use zip_file::{Member, members, write};

use crate::block::{Block, Document};
use crate::count::readable_chars;
use crate::limits::Limits;
use crate::wire::{from_wire, to_wire};

/// Mutants per reader in a normal test run.
const MUTANTS: u64 = 300;
/// What one mutant may take in an unoptimised build on a busy machine.
const TIME_MAX: Duration = Duration::from_secs(20);

/// The hook that notes panics is one for the whole process: the readers' mutants take turns.
static TURN: Mutex<()> = Mutex::new(());

fn limits() -> Limits {
    Limits {
        time: Duration::from_secs(5),
        ..Limits::default()
    }
}

/// Runs the mutants of one reader. Panics of libraries are caught by `read`; those of our own code are faults.
fn run(name: &str, mutate: impl Fn(&mut Dice) -> Vec<u8>) {
    let number = |key: &str| {
        std::env::var(key)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    let seeds = match number("GONGKAI_MUTANT_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("GONGKAI_MUTANTS").unwrap_or(MUTANTS),
    };
    let _turn = TURN
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let ours = Arc::new(Mutex::new(Vec::new()));
    let mut read_well = 0;
    let (seen, me) = (Arc::clone(&ours), std::thread::current().id());
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let place = info
            .location()
            .map(|place| format!("{}:{}", place.file(), place.line()))
            .unwrap_or_default();
        if std::thread::current().id() == me && place.contains("office/src") {
            seen.lock().unwrap().push(place);
        } else if std::thread::current().id() != me {
            eprintln!("{info}");
        }
    }));
    let mut faults = Vec::new();
    for seed in seeds {
        let bytes = mutate(&mut Dice::new(seed));
        let start = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| crate::read(&bytes, &limits())));
        let fault = match outcome {
            Err(_) => Some("panicked".to_owned()),
            Ok(_) if start.elapsed() > TIME_MAX => Some(format!("took {:?}", start.elapsed())),
            Ok(outcome) => {
                read_well += u64::from(outcome.is_ok());
                let same = from_wire(&to_wire(&outcome)) == outcome;
                let broken = outcome
                    .as_ref()
                    .ok()
                    .and_then(|document| broken_promise(document, &limits()));
                broken.or_else(|| (!same).then(|| "changed on the wire".to_owned()))
            }
        };
        let inner = std::mem::take(&mut *ours.lock().unwrap());
        faults.extend(fault.map(|fault| format!("seed {seed}: {fault}")));
        faults.extend(
            inner
                .into_iter()
                .map(|place| format!("seed {seed}: own code panicked at {place}")),
        );
    }
    std::panic::set_hook(before);
    eprintln!("{name}: {read_well} mutants could be read");
    assert!(
        faults.is_empty(),
        "{name}: run again with GONGKAI_MUTANT_SEED=…\n{}",
        faults.join("\n")
    );
}

/// What a document must keep whatever it was read from.
fn broken_promise(document: &Document, limits: &Limits) -> Option<String> {
    let mut chars: u64 = document
        .problems
        .iter()
        .map(|problem| problem.dropped_chars)
        .sum();
    let mut cells = 0;
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => chars += readable_chars(&paragraph.text),
            Block::Table(table) => {
                cells += table.rows.iter().map(|row| row.cells.len()).sum::<usize>();
                chars += table
                    .rows
                    .iter()
                    .flat_map(|row| &row.cells)
                    .map(|cell| readable_chars(&cell.text))
                    .sum::<u64>();
                if let Some(fault) = overlap(table) {
                    return Some(fault);
                }
            }
        }
    }
    if chars != document.source_chars {
        return Some(format!(
            "{} characters of {} accounted for",
            chars, document.source_chars
        ));
    }
    (cells > limits.cells).then(|| format!("{cells} cells"))
}

fn overlap(table: &crate::Table) -> Option<String> {
    let mut taken = std::collections::HashSet::new();
    for (index, row) in table.rows.iter().enumerate() {
        for cell in &row.cells {
            if cell.row_span == 0
                || cell.column_span == 0
                || index + cell.row_span as usize > table.rows.len()
            {
                return Some(format!(
                    "row {index}: span {}×{}",
                    cell.row_span, cell.column_span
                ));
            }
            for down in 0..cell.row_span as usize {
                for across in 0..cell.column_span {
                    if !taken.insert((index + down, cell.column + across)) {
                        return Some(format!(
                            "two cells at row {}, column {}",
                            index + down,
                            cell.column + across
                        ));
                    }
                }
            }
        }
    }
    None
}

const PAGE: &str = "<html><head><meta charset=utf-8><style>p{}</style></head><body><h1>方案</h1><p>一段<br>文字&amp;</p>\
    <ol start=3><li>甲<li>乙</ol><div style='display:none'>隐</div><table><thead><tr><th rowspan=2>任务<th colspan=2>单位</thead>\
    <tr><td>1<td rowspan=3>市局<td>x<tr><td><table><tr><td>a<td>b<tr><td>c<td>d</table><tr><td>2<td>3</table>\
    <pre>行\n行</pre><ruby>字<rt>zi</rt></ruby></body></html>";

#[test]
fn text_mutants() {
    let text = "工作任务\t责任单位\r\n一、总则\n\n（一）公开\t市局\n".repeat(3);
    let (gbk, _, _) = encoding_rs::GB18030.encode(&text);
    let wide: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let seeds = [text.clone().into_bytes(), gbk.into_owned(), wide];
    run("text", |dice| {
        let mut bytes = dice.pick(&seeds).clone();
        dice.bytes(&mut bytes);
        bytes
    });
}

#[test]
fn html_mutants() {
    run("html", |dice| {
        let mut page = PAGE.to_owned();
        dice.markup(&mut page);
        let mut bytes = page.into_bytes();
        if dice.one_in(4) {
            dice.bytes(&mut bytes);
        }
        bytes
    });
}

#[test]
fn mht_mutants() {
    let seed = crate::mht::tests::sample();
    run("mht", |dice| {
        let mut bytes = seed.clone();
        match String::from_utf8(seed.clone()) {
            Ok(mut text) if dice.one_in(2) => {
                dice.markup(&mut text);
                bytes = text.into_bytes();
            }
            _ => dice.bytes(&mut bytes),
        }
        bytes
    });
}

#[test]
fn rtf_mutants() {
    let seed = crate::rtf::tests::sample();
    run("rtf", |dice| {
        let mut bytes = seed.clone();
        for _ in 0..=dice.below(3) {
            dice.bytes(&mut bytes);
        }
        bytes
    });
}

/// Breaks one part of a package, its container, or both.
fn package_mutant(dice: &mut Dice, seed: &[Member]) -> Vec<u8> {
    let mut parts = seed.to_vec();
    let index = dice.below(parts.len());
    let mut part = parts[index].clone();
    match String::from_utf8(part.bytes.clone()) {
        Ok(mut text) if !dice.one_in(6) => {
            dice.markup(&mut text);
            part.bytes = text.into_bytes();
        }
        _ => dice.bytes(&mut part.bytes),
    }
    match dice.below(8) {
        0 => parts.push(part),      // two parts of one name
        1 => parts.insert(0, part), // the same, the other way round
        2 => drop(parts.remove(index)),
        _ => parts[index] = part,
    }
    if dice.one_in(10) {
        let index = dice.below(parts.len().max(1));
        if let Some(part) = parts.get_mut(index) {
            part.claimed_size = Some(dice.number() as u32);
        }
    }
    let mut bytes = write(&parts);
    if dice.one_in(8) {
        dice.bytes(&mut bytes);
    }
    bytes
}

#[test]
fn docx_mutants() {
    let seed = members(&crate::docx::tests::sample());
    run("docx", |dice| package_mutant(dice, &seed));
}

#[test]
fn xlsx_mutants() {
    let seed = members(&crate::sheet::tests::sample());
    run("xlsx", |dice| package_mutant(dice, &seed));
}

#[test]
fn xls_mutants() {
    let seed = crate::sheet::tests::old_sample();
    run("xls", |dice| {
        let mut bytes = seed.clone();
        dice.bytes(&mut bytes);
        bytes
    });
}

#[test]
fn ofd_mutants() {
    let seed = members(&crate::pdf::ofd::tests::sample());
    run("ofd", |dice| package_mutant(dice, &seed));
}

#[test]
fn odt_mutants() {
    let seed = members(&crate::odf::tests::sample());
    run("odt", |dice| package_mutant(dice, &seed));
}

#[test]
fn ods_mutants() {
    let seed = members(&crate::sheet::ods_sample());
    run("ods", |dice| package_mutant(dice, &seed));
}

#[test]
fn excel_xml_mutants() {
    let seed = crate::sheet::old_xml_sample();
    run("excel xml", |dice| {
        let mut text = seed.clone();
        dice.markup(&mut text);
        let mut bytes = text.into_bytes();
        if dice.one_in(4) {
            dice.bytes(&mut bytes);
        }
        bytes
    });
}

#[test]
fn doc_mutants() {
    let seed = crate::doc::tests::sample();
    run("doc", |dice| {
        let mut bytes = seed.clone();
        dice.bytes(&mut bytes);
        bytes
    });
}

#[test]
fn pdf_mutants() {
    let seed = crate::pdf::tests::sample();
    run("pdf", |dice| {
        let mut bytes = seed.clone();
        for _ in 0..=dice.below(3) {
            dice.pdf(&mut bytes);
        }
        if dice.one_in(4) {
            dice.bytes(&mut bytes);
        }
        bytes
    });
}

#[test]
fn polyglots_get_a_verdict() {
    let heads = [
        &b"%PDF-1.4\n"[..],
        b"PK\x03\x04",
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        b"{\\rtf1",
        b"<html>",
        b"\xFF\xFE",
    ];
    let tails = [
        crate::pdf::tests::sample(),
        crate::docx::tests::sample(),
        crate::sheet::tests::old_sample(),
    ];
    run("polyglot", |dice| {
        let mut bytes = dice.pick(&heads).to_vec();
        bytes.extend(dice.pick(&tails));
        dice.bytes(&mut bytes);
        bytes
    });
}
