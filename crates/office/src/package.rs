//! A ZIP container of office parts, unpacked one part at a time and within limits.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::block::Unreadable;
use crate::encoding::decode;
use crate::limits::{Limits, RATIO_FREE_BYTES};
use crate::refusal::{damaged, encrypted, too_large};

pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    limits: &'a Limits,
    /// Bytes unpacked so far.
    unpacked: u64,
}

impl<'a> Package<'a> {
    pub(crate) fn open(bytes: &'a [u8], limits: &'a Limits) -> Result<Self, Unreadable> {
        // Counted before the directory is parsed: a million members would cost memory there.
        if count_directory_entries(bytes, limits.zip_members) > limits.zip_members {
            return Err(too_large(&format!(
                "压缩容器中的部件超过 {} 个",
                limits.zip_members
            )));
        }
        let archive =
            ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged("压缩容器的目录不完整"))?;
        Ok(Self {
            archive,
            limits,
            unpacked: 0,
        })
    }

    /// Names of all members, as far as they can be read as text.
    pub(crate) fn names(&self) -> Vec<String> {
        self.archive
            .file_names()
            .filter_map(Result::ok)
            .map(|name| name.into_owned())
            .collect()
    }

    /// A part's bytes; `None` if there is no such part.
    pub(crate) fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        let member = match self.archive.by_name(name) {
            Ok(member) => member,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::UnsupportedArchive(_) | ZipError::InvalidPassword) => {
                return Err(encrypted("文件的部件"));
            }
            Err(_) => return Err(damaged(&format!("部件“{}”无法解开", short(name)))),
        };
        let packed = member.compressed_size();
        let by_ratio = packed
            .saturating_mul(self.limits.unpack_ratio)
            .max(RATIO_FREE_BYTES);
        let left = self.limits.unpacked_bytes.saturating_sub(self.unpacked);
        let room = by_ratio.min(left);
        let mut bytes = Vec::with_capacity(usize::try_from(member.size().min(room)).unwrap_or(0));
        member
            .take(room.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|_| damaged(&format!("部件“{}”无法解开", short(name))))?;
        self.unpacked += bytes.len() as u64;
        if bytes.len() as u64 > room {
            return Err(too_large("解压后的内容异常庞大，疑似压缩炸弹"));
        }
        Ok(Some(bytes))
    }

    /// A part's text; XML parts are UTF-8 in practice and UTF-16 by right.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, Unreadable> {
        let Some(bytes) = self.bytes(name)? else {
            return Ok(None);
        };
        Ok(Some(match String::from_utf8(bytes) {
            Ok(text) => text
                .strip_prefix('\u{FEFF}')
                .map(str::to_owned)
                .unwrap_or(text),
            Err(error) => decode(error.as_bytes(), None).text,
        }))
    }
}

/// Counts the signatures of directory entries, up to one past `max`.
fn count_directory_entries(bytes: &[u8], max: usize) -> usize {
    let (mut count, mut rest) = (0, bytes);
    while count <= max
        && let Some(at) = crate::sniff::find(rest, b"PK\x01\x02")
    {
        count += 1;
        rest = rest.get(at + 4..).unwrap_or_default();
    }
    count
}

fn short(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// The path of a relationship's target, seen from the folder of its source part.
pub(crate) fn resolve(folder: &str, target: &str) -> String {
    let joined = match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{folder}/{target}"),
    };
    let mut path: Vec<&str> = Vec::new();
    for step in joined.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            zip.start_file(*name, zip::write::SimpleFileOptions::default())
                .unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn a_bomb_is_refused_by_ratio_and_by_total() {
        let limits = Limits::default();
        let zeros = zip_of(&[("a", &vec![0; 8 * 1024 * 1024])]);
        let error = Package::open(&zeros, &limits)
            .unwrap()
            .bytes("a")
            .unwrap_err();
        assert_eq!(error.code, "too-large");
        let limits = Limits {
            unpacked_bytes: 10,
            ..limits
        };
        let parts = zip_of(&[("a", b"12345"), ("b", b"12345"), ("c", b"1")]);
        let mut package = Package::open(&parts, &limits).unwrap();
        assert!(package.bytes("a").is_ok() && package.bytes("b").is_ok());
        assert_eq!(package.bytes("c").unwrap_err().code, "too-large");
    }

    #[test]
    fn members_are_counted_before_they_are_listed() {
        let limits = Limits {
            zip_members: 2,
            ..Limits::default()
        };
        assert!(Package::open(&zip_of(&[("a", b""), ("b", b"")]), &limits).is_ok());
        let error = Package::open(&zip_of(&[("a", b""), ("b", b""), ("c", b"")]), &limits)
            .err()
            .unwrap();
        assert_eq!(error.code, "too-large");
    }

    #[test]
    fn targets_resolve_against_their_folder() {
        assert_eq!(resolve("word", "styles.xml"), "word/styles.xml");
        assert_eq!(resolve("word", "/word/styles.xml"), "word/styles.xml");
        assert_eq!(resolve("word", "../../../x/./y.xml"), "x/y.xml");
    }
}
