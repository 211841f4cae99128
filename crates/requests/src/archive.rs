//! 归档包: every paper of a closed case in one ZIP, with a list of hashes; the hash of the list stands in the case's event.

pub mod make;
pub(crate) mod pages;
pub mod store;

use std::io::{Cursor, Read as _, Write as _};

use gongkai_basis::id::FileId;
use gongkai_platform::files::hash_of;

/// The list of hashes, one line a file: `hash  name`, as `sha256sum -c` reads it.
pub const LIST: &str = "校验清单.txt";
/// The largest package, in bytes; larger uploads of a case stay outside, and the list says so.
pub const PACKAGE_BYTES_MAX: usize = 400 * 1024 * 1024;
/// The longest name of a file inside, in characters.
const NAME_CHARS_MAX: usize = 80;
/// Files inside at most.
const PARTS_MAX: usize = 2_000;

/// One file inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// `03文书/01答复书.docx`
    pub path: String,
    pub bytes: Vec<u8>,
}

impl Part {
    /// A file in a folder, its name made fit for every file system.
    #[must_use]
    pub fn new(folder: &str, name: &str, bytes: Vec<u8>) -> Self {
        let fit = |c: char| {
            if c.is_control() || "/\\:*?\"<>|".contains(c) {
                '_'
            } else {
                c
            }
        };
        let name: String = name.chars().map(fit).collect();
        let cut = name.chars().count().saturating_sub(NAME_CHARS_MAX);
        let name: String = name.chars().skip(cut).collect();
        Self {
            path: format!("{folder}/{name}"),
            bytes,
        }
    }
}

/// A finished package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    pub bytes: Vec<u8>,
    /// Of [`LIST`], in hexadecimal.
    pub list_sha256: String,
    pub files: usize,
}

/// A package as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    pub file: FileId,
    pub list_sha256: String,
    pub files: i64,
    /// Milliseconds since 1970.
    pub made_at: i64,
    pub made_by: String,
}

/// Packs the parts; the same parts give the same bytes.
///
/// # Errors
/// The sentence for people.
pub fn pack(mut parts: Vec<Part>) -> Result<Packed, String> {
    parts.sort_by(|one, other| one.path.cmp(&other.path));
    if parts.len() > PARTS_MAX {
        return Err(format!("案卷材料超过{PARTS_MAX}份，没有打包。请分卷归档。"));
    }
    let size: usize = parts.iter().map(|part| part.bytes.len()).sum();
    if size > PACKAGE_BYTES_MAX {
        let most = PACKAGE_BYTES_MAX / 1024 / 1024;
        return Err(format!("案卷材料超过{most}MB，没有打包。请分卷归档。"));
    }
    let list: String = parts
        .iter()
        .map(|part| format!("{}  {}\n", hash_of(&part.bytes), part.path))
        .collect();
    let list_sha256 = hash_of(list.as_bytes());
    let files = parts.len();
    parts.push(Part {
        path: LIST.to_owned(),
        bytes: list.into_bytes(),
    });
    let failed = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, "a package was not written");
        "打包没有完成，案卷没有改动，请稍后再试。".to_owned()
    };
    let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    for part in parts {
        packed
            .start_file(part.path, options)
            .map_err(|error| failed(&error))?;
        packed
            .write_all(&part.bytes)
            .map_err(|error| failed(&error))?;
    }
    let bytes = packed
        .finish()
        .map_err(|error| failed(&error))?
        .into_inner();
    Ok(Packed {
        bytes,
        list_sha256,
        files,
    })
}

/// Everything wrong with a package whose list must have this hash: changed, missing and added files. Empty: it holds.
#[must_use]
pub fn check(bytes: &[u8], list_sha256: &str) -> Vec<String> {
    match checked(bytes, list_sha256) {
        Ok(faults) => faults,
        Err(sentence) => vec![sentence],
    }
}

fn checked(bytes: &[u8], list_sha256: &str) -> Result<Vec<String>, String> {
    let broken = |_| "归档包打不开，文件已损坏。".to_owned();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut found = std::collections::BTreeMap::new();
    let mut list = None;
    for index in 0..archive.len().min(PARTS_MAX + 1) {
        let part = archive.by_index(index).map_err(broken)?;
        let name = part.name().map_err(broken)?.into_owned();
        let mut bytes = Vec::new();
        let most = u64::try_from(PACKAGE_BYTES_MAX).unwrap_or(u64::MAX);
        part.take(most)
            .read_to_end(&mut bytes)
            .map_err(|_| format!("“{name}”已损坏。"))?;
        if name == LIST {
            list = Some(bytes);
        } else {
            found.insert(name, hash_of(&bytes));
        }
    }
    let list = list.ok_or_else(|| format!("归档包里没有“{LIST}”。"))?;
    let mut faults = Vec::new();
    if hash_of(&list) != list_sha256 {
        faults.push("校验清单与归档时记入案件的不一致。".to_owned());
    }
    for line in String::from_utf8_lossy(&list).lines() {
        let Some((hash, name)) = line.split_once("  ") else {
            continue;
        };
        match found.remove(name) {
            Some(there) if there == hash => {}
            Some(_) => faults.push(format!("“{name}”被改动过。")),
            None => faults.push(format!("缺少“{name}”。")),
        }
    }
    faults.extend(
        found
            .into_keys()
            .map(|name| format!("“{name}”不在清单里。")),
    );
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::{Part, check, pack};

    fn parts() -> Vec<Part> {
        vec![
            Part::new("02经过", "经过.txt", b"one".to_vec()),
            Part::new("04材料", "a/b:c.pdf", b"two".to_vec()),
        ]
    }

    #[test]
    fn what_was_packed_verifies_and_what_was_changed_does_not() {
        let packed = pack(parts()).unwrap();
        assert_eq!(packed.files, 2);
        assert!(check(&packed.bytes, &packed.list_sha256).is_empty());
        assert_eq!(packed, pack(parts().into_iter().rev().collect()).unwrap());
        let mut changed = parts();
        changed[0].bytes = b"three".to_vec();
        let other = pack(changed).unwrap();
        let faults = check(&other.bytes, &packed.list_sha256);
        assert!(faults[0].contains("不一致"), "{faults:?}");
        let mut broken = packed.bytes.clone();
        broken.truncate(packed.bytes.len() / 2);
        assert!(!check(&broken, &packed.list_sha256).is_empty());
        assert!(!check(b"nothing", &packed.list_sha256).is_empty());
        assert_eq!(parts()[1].path, "04材料/a_b_c.pdf");
    }
}
