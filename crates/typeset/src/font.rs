//! Fonts: where they may lie, which of them can print Chinese, which face serves which role.

use std::fs;
use std::path::{Path, PathBuf};

use typst::foundations::Bytes;
use typst::text::{Font, FontInfo};

/// Files smaller than this cannot hold a Chinese font: 6,763 glyphs take more.
const FILE_BYTES_MIN: u64 = 1024 * 1024;
/// The largest font file that is read; the largest known (Noto Serif CJK, five regions) has 27 MB.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// All font files together that are read while looking for faces.
const SCAN_BYTES_MAX: u64 = 768 * 1024 * 1024;
/// Folders below folders that are looked into.
const DEPTH_MAX: usize = 4;
/// Folders above the binary in which `front/dist/fonts` is looked for: `target/debug/deps` lies three below it.
const SOURCE_DEPTH: usize = 6;
/// Every official text needs these: a font without one of them is no Chinese font.
const NEEDED: &str = "政务公开台账回头看镇街（）“”《》，。";

/// Where fonts are looked for, the best place first.
#[derive(Debug, Clone, Default)]
pub struct FontFolders {
    /// Folders of the site and of the product: every font in them counts.
    own: Vec<PathBuf>,
    /// Folders of the system.
    installed: Vec<PathBuf>,
    /// The folder of the open font that the front build fetched, for work on the source tree.
    fetched: Vec<PathBuf>,
}

impl FontFolders {
    /// The site's own folder (its licensed 小标宋, 仿宋…), then `fonts` beside the binary, then what the system has,
    /// then what the front build fetched.
    pub fn standard(site: Option<PathBuf>) -> Self {
        let binary = std::env::current_exe().unwrap_or_default();
        let beside = binary.parent().map(|folder| folder.join("fonts"));
        let built = binary
            .ancestors()
            .take(SOURCE_DEPTH)
            .map(|folder| folder.join("front/dist/fonts"));
        Self {
            own: site.into_iter().chain(beside).collect(),
            installed: installed(),
            fetched: built.filter(|folder| folder.is_dir()).collect(),
        }
    }

    /// Only these folders, for a machine whose other fonts must not matter.
    pub fn only(folders: Vec<PathBuf>) -> Self {
        Self {
            own: folders,
            ..Self::default()
        }
    }

    /// The folders into which an administrator may put a font.
    pub(crate) fn advised(&self) -> Vec<PathBuf> {
        self.own.clone()
    }

    fn all(&self) -> impl Iterator<Item = &PathBuf> {
        self.own.iter().chain(&self.installed).chain(&self.fetched)
    }
}

fn installed() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/Library/Fonts",
        "/System/Library/Fonts",
        "C:\\Windows\\Fonts",
    ]
    .iter()
    .map(PathBuf::from)
    .collect();
    if let Some(home) = std::env::home_dir() {
        for folder in [
            ".fonts",
            ".local/share/fonts",
            "Library/Fonts",
            "AppData/Local/Microsoft/Windows/Fonts",
        ] {
            folders.push(home.join(folder));
        }
    }
    folders
}

/// One Chinese face: what it is and where it lies. Its data are read again for each PDF, so that nothing stays in memory.
#[derive(Debug)]
pub(crate) struct Face {
    path: PathBuf,
    index: u32,
    info: FontInfo,
}

impl Face {
    pub(crate) fn family(&self) -> &str {
        &self.info.family
    }

    pub(crate) fn info(&self) -> &FontInfo {
        &self.info
    }

    pub(crate) fn covers(&self, c: char) -> bool {
        self.info.coverage.contains(u32::from(c))
    }

    pub(crate) fn load(&self) -> Option<Font> {
        Font::new(Bytes::new(fs::read(&self.path).ok()?), self.index)
    }
}

/// All Chinese faces of the folders; a family's variant that was found in an earlier folder hides a later one.
pub(crate) fn find(folders: &FontFolders) -> Vec<Face> {
    let mut faces: Vec<Face> = Vec::new();
    let mut room = SCAN_BYTES_MAX;
    for folder in folders.all() {
        let mut files = Vec::new();
        font_files(folder, DEPTH_MAX, &mut files);
        // Reading order of a folder differs between machines.
        files.sort();
        for (path, bytes) in files {
            if bytes > room {
                continue;
            }
            room -= bytes;
            add_faces(&path, &mut faces);
        }
    }
    faces
}

fn font_files(folder: &Path, depth: usize, files: &mut Vec<(PathBuf, u64)>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(metadata) = fs::metadata(&path) else {
            continue;
        };
        if metadata.is_dir() {
            if depth > 0 {
                font_files(&path, depth - 1, files);
            }
        } else if is_font(&path) && (FILE_BYTES_MIN..=FILE_BYTES_MAX).contains(&metadata.len()) {
            files.push((path, metadata.len()));
        }
    }
}

fn is_font(path: &Path) -> bool {
    let extension = path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    ["ttf", "otf", "ttc", "otc"].contains(&extension.to_ascii_lowercase().as_str())
}

fn add_faces(path: &Path, faces: &mut Vec<Face>) {
    let Ok(data) = fs::read(path) else {
        return;
    };
    for (index, info) in (0u32..).zip(FontInfo::iter(&data)) {
        let known = faces
            .iter()
            .any(|face| face.info.family == info.family && face.info.variant == info.variant);
        if known
            || foreign(&info.family)
            || !NEEDED.chars().all(|c| info.coverage.contains(u32::from(c)))
        {
            continue;
        }
        faces.push(Face {
            path: path.to_owned(),
            index,
            info,
        });
    }
}

/// Faces of a collection that draw the characters in the shape of another region, or with wide Latin letters.
fn foreign(family: &str) -> bool {
    let region = [" JP", " KR", " TC", " HK"];
    region.iter().any(|region| family.ends_with(region)) || family.contains(" Mono ")
}

/// Families in the order in which a role takes them. GB/T 9704 names 小标宋, 仿宋 and 黑体; offices own licences for
/// these, and where they are missing the nearest open font steps in.
const TITLE: &[&str] = &[
    "FZXiaoBiaoSong-B05S",
    "FZXiaoBiaoSong-B05",
    "方正小标宋简体",
    "方正小标宋_GBK",
    "STZhongsong",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Source Han Serif CN",
    "Noto Serif SC",
    "SimSun",
    "FandolSong",
    "Songti SC",
];
const BODY: &[&str] = &[
    "FangSong_GB2312",
    "仿宋_GB2312",
    "FZFangSong-Z02S",
    "FangSong",
    "STFangsong",
    "FandolFang R",
    "FandolFang",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Source Han Serif CN",
    "Noto Serif SC",
    "SimSun",
    "Songti SC",
];
const HEADING: &[&str] = &[
    "SimHei",
    "FZHei-B01S",
    "STHeiti",
    "FandolHei",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans SC",
    "Noto Sans S Chinese",
    "Microsoft YaHei",
    "PingFang SC",
];

/// For each role the families that are there, best first; every other family follows, so that a character that the first
/// lacks is still drawn.
pub(crate) fn roles(faces: &[Face]) -> serde_json::Value {
    let chain = |wanted: &[&str]| -> Vec<String> {
        let named = wanted
            .iter()
            .filter(|family| {
                faces
                    .iter()
                    .any(|face| face.family().eq_ignore_ascii_case(family))
            })
            .map(|family| (*family).to_owned());
        let mut chain: Vec<String> = named.collect();
        for face in faces {
            if !chain
                .iter()
                .any(|family| family.eq_ignore_ascii_case(face.family()))
            {
                chain.push(face.family().to_owned());
            }
        }
        chain
    };
    serde_json::json!({ "title": chain(TITLE), "body": chain(BODY), "heading": chain(HEADING) })
}
