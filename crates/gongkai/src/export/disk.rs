//! The folder of an export: safe names, the journal of a run, the manifest of a finished one.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use axum::http::{HeaderMap, header};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

/// Hashes and names as `sha256sum -c` reads them.
pub const MANIFEST: &str = "SHA256SUMS";
/// The pages of withdrawn documents, for the server of the files.
pub const WITHDRAWN: &str = "withdrawn.map";
/// Exists while a run is unfinished.
const JOURNAL: &str = ".gongkai-export";
/// Bytes of one part of a name; file systems allow no more.
const NAME_BYTES_MAX: usize = 200;

/// A page that was written.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Done {
    pub(super) path: String,
    pub(super) file: String,
    pub(super) hash: String,
    pub(super) links: Vec<String>,
}

/// The file of an address, relative, with slashes: `/plans/a` is `plans/a/index.html`, `/feed.xml` is itself.
/// `None` for what would leave the folder or is no name everywhere.
pub(super) fn file_of(path: &str) -> Option<String> {
    let inner = path.strip_prefix('/')?;
    if inner.is_empty() {
        return Some("index.html".into());
    }
    let mut parts = Vec::new();
    for part in inner.trim_end_matches('/').split('/') {
        let part = percent_decode_str(part).decode_utf8().ok()?.into_owned();
        if !safe(&part) {
            return None;
        }
        parts.push(part);
    }
    if !parts.last()?.contains('.') {
        parts.push("index.html".into());
    }
    let file = parts.join("/");
    (file != MANIFEST && file != WITHDRAWN).then_some(file)
}

/// The name under which a download is kept beside the page at its address; `None` where the address is a name itself, and
/// for what is no download.
pub(super) fn name_of(headers: &HeaderMap, file: &str) -> Option<String> {
    let folder = file.strip_suffix("/index.html")?;
    let told = headers.get(header::CONTENT_DISPOSITION)?.to_str().ok()?;
    let (_, name) = told.split_once("filename*=UTF-8''")?;
    let name = percent_decode_str(name).decode_utf8().ok()?;
    let name: String = name.chars().map(|c| if odd(c) { '_' } else { c }).collect();
    let mut name = name.trim_matches('.');
    // The ending says what it is, so the beginning goes.
    while name.len() > NAME_BYTES_MAX {
        name = name.get(name.chars().next()?.len_utf8()..)?;
    }
    let taken = name.is_empty() || name.eq_ignore_ascii_case("index.html") || folder.is_empty();
    (!taken && safe(name)).then(|| name.to_owned())
}

fn odd(c: char) -> bool {
    c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
}

fn safe(part: &str) -> bool {
    !part.is_empty()
        && part.len() <= NAME_BYTES_MAX
        && !part.starts_with('.')
        && !part.ends_with('.')
        && !part.contains(odd)
}

/// An opened export.
pub(super) struct Folder {
    root: PathBuf,
    journal: File,
    done: HashMap<String, Done>,
    /// What the last finished run wrote.
    old: BTreeMap<String, String>,
}

impl Folder {
    /// # Errors
    /// When the folder holds something that is no export.
    pub(super) fn open(root: &Path, state: &str) -> Result<Self> {
        fs::create_dir_all(root)
            .with_context(|| format!("不能建立目录“{}”。请检查写入权限", root.display()))?;
        let old = manifest(&root.join(MANIFEST))?;
        let journal = root.join(JOURNAL);
        let empty = fs::read_dir(root)?.next().is_none();
        if !empty && old.is_empty() && !journal.exists() {
            bail!(
                "目录“{}”中有别的文件，不是以前的导出。没有写入。请另选一个空目录",
                root.display()
            );
        }
        let text = fs::read_to_string(&journal).unwrap_or_default();
        let mut lines = text.lines();
        // A journal of another state of the store tells nothing about this one, but its files may still be right.
        let same = lines.next() == Some(state);
        let readable = lines.map_while(|line| serde_json::from_str::<Done>(line).ok());
        let done: Vec<Done> = readable.collect();
        let mut old = old;
        for each in &done {
            old.insert(each.file.clone(), each.hash.clone());
        }
        let mut file = OpenOptions::new()
            .create(true)
            .append(same)
            .truncate(!same)
            .write(true)
            .open(&journal)?;
        let mut kept = HashMap::new();
        if same {
            // A line that was cut off must not spoil the next one.
            file.write_all(b"\n")?;
            let there = done
                .into_iter()
                .filter(|each| root.join(&each.file).is_file());
            kept.extend(there.map(|each| (each.path.clone(), each)));
        } else {
            writeln!(file, "{state}")?;
            for mut each in done {
                // Names stay known, so that a withdrawn page is removed at the end; no address is empty, so nothing
                // of the other state counts as done.
                each.path = String::new();
                writeln!(file, "{}", serde_json::to_string(&each)?)?;
            }
        }
        Ok(Self {
            root: root.to_owned(),
            journal: file,
            done: kept,
            old,
        })
    }

    /// What this run's journal says of an address.
    pub(super) fn take_done(&mut self, path: &str) -> Option<Done> {
        self.done.remove(path)
    }

    /// Writes a file whole or not at all. Gives whether it was there already, byte for byte.
    pub(super) fn write(&self, file: &str, bytes: &[u8], hash: &str) -> Result<bool> {
        let target = self.root.join(file);
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if self.old.get(file).is_some_and(|old| old == hash)
            && fs::metadata(&target).is_ok_and(|there| there.len() == size)
        {
            return Ok(true);
        }
        let full = || {
            format!(
                "不能写入“{}”。已写好的文件保留，重新运行会接着导出。请检查剩余空间和权限",
                target.display()
            )
        };
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).with_context(full)?;
        }
        let half = self.root.join(format!("{JOURNAL}.part"));
        fs::write(&half, bytes).with_context(full)?;
        fs::rename(&half, &target).with_context(full)?;
        Ok(false)
    }

    pub(super) fn note(&mut self, done: &Done) -> Result<()> {
        writeln!(self.journal, "{}", serde_json::to_string(done)?)?;
        Ok(())
    }

    /// Removes what is no longer public, writes the manifest, ends the journal. Gives the number of removed files.
    pub(super) fn finish(self, files: &BTreeMap<String, String>) -> Result<usize> {
        let mut removed = 0;
        for file in self.old.keys().filter(|file| !files.contains_key(*file)) {
            let target = self.root.join(file);
            if target.is_file() {
                fs::remove_file(&target)?;
                removed += 1;
            }
            // Folders that still hold something stay.
            let mut folder = target.parent();
            while let Some(empty) = folder.filter(|folder| *folder != self.root) {
                if fs::remove_dir(empty).is_err() {
                    break;
                }
                folder = empty.parent();
            }
        }
        let lines = files.iter().map(|(file, hash)| format!("{hash}  {file}\n"));
        fs::write(self.root.join(MANIFEST), lines.collect::<String>())?;
        drop(self.journal);
        fs::remove_file(self.root.join(JOURNAL))?;
        Ok(removed)
    }
}

/// Names of a manifest; those that no export would write are left out.
fn manifest(path: &Path) -> Result<BTreeMap<String, String>> {
    if !path.is_file() {
        return Ok(BTreeMap::new());
    }
    let text = fs::read_to_string(path)?;
    let lines = text.lines().filter_map(|line| line.split_once("  "));
    Ok(lines
        .filter(|(_, file)| file.split('/').all(safe))
        .map(|(hash, file)| (file.to_owned(), hash.to_owned()))
        .collect())
}
