//! A Chinese font of this machine for pages that name one and do not bring it, and what the codes on such pages mean.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use hayro_svg::hayro_interpret::font::{FallbackFontQuery, FontData};
use hayro_svg::hayro_interpret::hayro_cmap::{CMapName, CidFamily};
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider as _};

/// Smaller files hold no Chinese font, larger ones are none that is known.
const FILE_BYTES_MIN: u64 = 1024 * 1024;
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// All files together that are read while looking for a face.
const SCAN_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Folders below folders that are looked into.
const DEPTH_MAX: usize = 4;
/// Folders above the binary in which `front/dist/fonts` is looked for.
const SOURCE_DEPTH: usize = 6;
/// Faces of one file.
const FACES_MAX: u32 = 64;
/// From this weight on letters are bold.
const BOLD: f32 = 550.0;
/// A font without one of these is no Chinese font.
const NEEDED: &str = "政务公开台账回头看镇街（）“”《》，。";

/// The one face that is lent to all pages: what they name differs in style at most.
static CHINESE: LazyLock<Option<Face>> = LazyLock::new(find);

struct Face {
    data: Arc<Vec<u8>>,
    index: u32,
}

/// The font that stands in for one that is not in its file; `None` where it is none of simplified Chinese, or this machine
/// has none.
pub(super) fn lend(query: &FallbackFontQuery) -> Option<(FontData, u32)> {
    let collection = query.character_collection.as_ref()?;
    if collection.family != CidFamily::AdobeGB1 {
        return None;
    }
    let face = CHINESE.as_ref()?;
    let data: FontData = face.data.clone();
    Some((data, face.index))
}

/// Whether the lent font draws all of these; white space needs no drawing.
pub(super) fn draws_all(mut chars: impl Iterator<Item = char>) -> bool {
    let face = CHINESE.as_ref();
    let font = face.and_then(|face| FontRef::from_index(&face.data, face.index).ok());
    let Some(font) = font else {
        return false;
    };
    let glyphs = font.charmap();
    // The codes below know no others.
    let is_known = |c: char| u32::from(c) <= 0xFFFF && glyphs.map(c).is_some();
    chars.all(|c| c.is_whitespace() || is_known(c))
}

/// Codes that are Unicode. Latin letters have the numbers that tables of widths know; for all others, which are one em wide,
/// numbers that no such table has.
const TO_NUMBERS: &[u8] = b"/CIDSystemInfo 3 dict dup begin
/Registry (Adobe) def /Ordering (GB1) def /Supplement 2 def end def
/WMode 0 def
1 begincodespacerange <0000> <ffff> endcodespacerange
2 beginnotdefrange <0000> <001f> 1 <007f> <009f> 1 endnotdefrange
3 begincidrange <0020> <007e> 1 <00a0> <d7ff> 65696 <e000> <ffff> 122880 endcidrange
";
/// The same back from the numbers.
const TO_TEXT: &[u8] = b"1 begincodespacerange <0000> <ffff> endcodespacerange
3 beginbfrange <0001> <005f> <0020> <000100a0> <0001d7ff> <00a0> <0001e000> <0001ffff> <e000> endbfrange
";

/// What the codes of a well-known map mean; `None` for maps that are not known here.
pub(super) fn codes(name: CMapName<'_>) -> Option<&'static [u8]> {
    match name {
        CMapName::UniGbUcs2H | CMapName::UniGbUtf16H => Some(TO_NUMBERS),
        CMapName::AdobeGb1Ucs2 => Some(TO_TEXT),
        _ => None,
    }
}

/// Where fonts lie, the best place first; they are found as for the papers that are printed.
fn folders() -> Vec<PathBuf> {
    let binary = std::env::current_exe().unwrap_or_default();
    let beside = binary.parent().map(|folder| folder.join("fonts"));
    let installed = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/Library/Fonts",
        "/System/Library/Fonts",
        "C:\\Windows\\Fonts",
    ];
    let fetched = binary
        .ancestors()
        .take(SOURCE_DEPTH)
        .map(|folder| folder.join("front/dist/fonts"));
    let installed = installed.into_iter().map(PathBuf::from);
    beside.into_iter().chain(installed).chain(fetched).collect()
}

/// The best face of the first folder that has one.
fn find() -> Option<Face> {
    let mut room = SCAN_BYTES_MAX;
    for folder in folders() {
        let mut files = Vec::new();
        font_files(&folder, DEPTH_MAX, &mut files);
        // The order of a folder differs between machines.
        files.sort();
        let mut best: Option<(u32, Face)> = None;
        for (path, bytes) in files {
            if bytes > room || best.as_ref().is_some_and(|(rank, _)| *rank == 0) {
                continue;
            }
            room -= bytes;
            let Ok(data) = fs::read(&path) else {
                continue;
            };
            let Some((rank, index)) = best_of(&data) else {
                continue;
            };
            if best.as_ref().is_none_or(|(known, _)| rank < *known) {
                let data = Arc::new(data);
                best = Some((rank, Face { data, index }));
            }
        }
        if let Some((_, face)) = best {
            return Some(face);
        }
    }
    None
}

fn font_files(folder: &Path, depth: usize, files: &mut Vec<(PathBuf, u64)>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(facts) = fs::metadata(&path) else {
            continue;
        };
        if facts.is_dir() {
            if depth > 0 {
                font_files(&path, depth - 1, files);
            }
        } else if is_font(&path) && (FILE_BYTES_MIN..=FILE_BYTES_MAX).contains(&facts.len()) {
            files.push((path, facts.len()));
        }
    }
}

fn is_font(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let ending = ending.unwrap_or_default().to_ascii_lowercase();
    ["ttf", "otf", "ttc", "otc"].contains(&ending.as_str())
}

/// How far the best Chinese face of a file is from what official papers are set in, and its number.
fn best_of(data: &[u8]) -> Option<(u32, u32)> {
    (0..FACES_MAX)
        .map_while(|index| Some((index, FontRef::from_index(data, index).ok()?)))
        .filter_map(|(index, font)| Some((rank(&font)?, index)))
        .min()
}

fn rank(font: &FontRef<'_>) -> Option<u32> {
    const SONG: [&str; 6] = ["Serif", "Song", "SimSun", "Fang", "宋", "仿"];
    /// Faces that draw the characters in the shape of another region.
    const FOREIGN: [&str; 5] = [" JP", " KR", " TC", " HK", " Mono "];
    let family = font.localized_strings(StringId::FAMILY_NAME);
    let family: String = family.english_or_first()?.chars().collect();
    let has = |parts: &[&str]| parts.iter().any(|part| family.contains(part));
    let glyphs = font.charmap();
    if has(&FOREIGN) || !NEEDED.chars().all(|c| glyphs.map(c).is_some()) {
        return None;
    }
    let is_bold = font.attributes().weight.value() >= BOLD;
    Some(u32::from(!has(&SONG)) * 2 + u32::from(is_bold))
}

/// Whether this machine has a font to lend.
#[cfg(test)]
pub(super) fn is_there() -> bool {
    CHINESE.is_some()
}

#[cfg(test)]
mod tests {
    use hayro_svg::hayro_interpret::hayro_cmap::{BfString, CMap, CMapName};

    use super::codes;

    #[test]
    fn codes_lead_to_their_characters_and_latin_ones_to_the_numbers_of_widths() {
        let parse = |name| CMap::parse(codes(name).unwrap(), codes).unwrap();
        let numbers = parse(CMapName::UniGbUcs2H);
        let texts = parse(CMapName::AdobeGb1Ucs2);
        for c in [
            'A', '7', '~', ' ', '号', '。', '“', '，', '\u{E000}', '\u{FFE5}',
        ] {
            let number = numbers.lookup_cid_code(u32::from(c), 2).unwrap();
            let text = texts.lookup_bf_string(number);
            assert!(matches!(text, Some(BfString::Char(own)) if own == c), "{c}");
            let is_latin = c.is_ascii();
            assert_eq!(number <= 0xFFFF, is_latin, "{c}");
        }
        assert_eq!(numbers.lookup_cid_code(u32::from('A'), 2), Some(34));
        // Signs of control are blanks; nothing is read from their middle.
        assert_eq!(numbers.lookup_cid_code(9, 2), Some(1));
        assert!(codes(CMapName::GbkEucH).is_none());
    }
}
