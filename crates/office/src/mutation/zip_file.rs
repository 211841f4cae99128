//! A ZIP writer that writes what honest ones refuse: names twice, sizes that lie.

use std::io::{Cursor, Read};

#[derive(Clone)]
pub(super) struct Member {
    name: String,
    pub(super) bytes: Vec<u8>,
    /// Instead of the true size in both headers.
    pub(super) claimed_size: Option<u32>,
}

pub(super) fn members(file: &[u8]) -> Vec<Member> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut member = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            member.read_to_end(&mut bytes).unwrap();
            Member {
                name: member.name().unwrap().into_owned(),
                bytes,
                claimed_size: None,
            }
        })
        .collect()
}

/// Stored members, their headers, the directory.
pub(super) fn write(members: &[Member]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        let mut crc = flate2::Crc::new();
        crc.update(&member.bytes);
        let size = member.claimed_size.unwrap_or(member.bytes.len() as u32);
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        for number in [crc.sum(), member.bytes.len() as u32, size] {
            common.extend(number.to_le_bytes());
        }
        common.extend((member.name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        directory.extend(b"PK\x01\x02\x14\x00".iter().chain(&common));
        directory.extend([0; 10]);
        directory.extend((file.len() as u32).to_le_bytes());
        directory.extend(member.name.bytes());
        file.extend(b"PK\x03\x04".iter().chain(&common));
        file.extend(member.name.bytes().chain(member.bytes.iter().copied()));
    }
    let (start, size) = (file.len() as u32, directory.len() as u32);
    file.extend(directory);
    file.extend(b"PK\x05\x06\x00\x00\x00\x00");
    file.extend([(members.len() as u16).to_le_bytes(); 2].concat());
    file.extend(
        size.to_le_bytes()
            .into_iter()
            .chain(start.to_le_bytes())
            .chain([0, 0]),
    );
    file
}

#[test]
fn what_is_written_reads_back() {
    let member = |name: &str| Member {
        name: name.to_owned(),
        bytes: b"content".to_vec(),
        claimed_size: None,
    };
    let back = members(&write(&[member("a"), member("b/c")]));
    assert_eq!(
        back.iter()
            .map(|m| (m.name.as_str(), m.bytes.as_slice()))
            .collect::<Vec<_>>(),
        [("a", &b"content"[..]), ("b/c", b"content")]
    );
}
