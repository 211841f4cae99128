//! The committed samples are what their sources say, so that nobody edits one and forgets the other.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    dead_code,
    reason = "tests fail loudly; the maker of the PDF's data is not called here"
)]

#[path = "../examples/samples/docx.rs"]
mod docx;
#[path = "../examples/samples/files.rs"]
mod files;
#[path = "../examples/samples/html.rs"]
mod html;
#[path = "../examples/samples/plain.rs"]
mod plain;
#[path = "../examples/samples/source.rs"]
mod source;
#[path = "../examples/samples/xlsx.rs"]
mod xlsx;

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::PathBuf;

fn samples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../samples")
}

/// The parts of an office file by name. Compressed bytes and the running numbers of paragraphs (`w14:paraId`) may differ
/// between builds; what a person reads may not.
fn parts(file: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut parts = BTreeMap::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        let mut pieces = text.split(" w14:paraId=\"");
        let first = pieces.next().unwrap_or_default().to_owned();
        let rest = pieces.map(|piece| piece.split_once('"').unwrap().1);
        parts.insert(name, std::iter::once(first.as_str()).chain(rest).collect());
    }
    parts
}

#[test]
fn committed_samples_are_what_their_sources_say() {
    for (name, made) in files::all(&samples().join("src")).unwrap() {
        let committed = std::fs::read(samples().join(name)).unwrap();
        let same = if name.ends_with("docx") || name.ends_with("xlsx") {
            parts(&committed) == parts(&made)
        } else {
            committed == made
        };
        assert!(
            same,
            "{name} differs: cargo run -p gongkai-office --example samples"
        );
    }
}

#[test]
fn samples_are_small_and_marked_as_demonstration() {
    for entry in std::fs::read_dir(samples()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let speaks = !name.ends_with(".pdf") && !name.ends_with(".png");
        if path.is_dir() || name == "README.md" || name == "organs.csv" || !speaks {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        assert!(bytes.len() < 200 * 1024, "{name}");
        let text = if bytes.starts_with(b"PK") {
            parts(&bytes).into_values().collect()
        } else {
            String::from_utf8(bytes).unwrap()
        };
        assert!(text.contains("演示"), "{name}");
    }
}

#[test]
fn the_city_plan_holds_what_an_import_must_show() {
    let plan = source::read(&samples().join("src/city-2026.json")).unwrap();
    let items: Vec<_> = plan.items().collect();
    assert_eq!(items.len(), 55);
    let texts: String = items
        .iter()
        .map(|(_, _, item)| item.text.as_str())
        .collect();
    let units: String = items
        .iter()
        .filter_map(|(_, _, item)| item.units.clone())
        .collect();
    assert!(units.contains("市市市场监管局"), "a probable slip");
    assert!(texts.contains("2月30日前"), "an impossible date");
    assert!(
        !items.iter().any(|(_, _, item)| item.no == 38),
        "a gap in the numbering"
    );
    let blank = items
        .iter()
        .position(|(_, _, item)| item.units.as_deref() == Some(""));
    let blank = blank.unwrap();
    assert_ne!(
        items[blank].1.name,
        items[blank - 1].1.name,
        "a blank unit cell that opens a group"
    );
}
