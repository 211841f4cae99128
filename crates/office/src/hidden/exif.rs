//! EXIF of photographs: position, device, people, thumbnail, and which way is up.

/// Entries that one directory may have, and directories of one file.
const ENTRIES_MAX: usize = 512;
const DIRECTORIES_MAX: usize = 8;
const VALUE_CHARS_MAX: usize = 200;

/// What an EXIF block tells.
#[derive(Debug, Default)]
pub(super) struct Exif {
    /// Coordinates as degrees, if they can be read; present whenever a GPS directory holds something.
    pub(super) position: Option<String>,
    /// Words about people and the picture.
    pub(super) people: Vec<String>,
    /// Device and time.
    pub(super) data: Vec<String>,
    pub(super) thumbnail: bool,
    /// 1 for upright; 2 to 8 turned or mirrored.
    pub(super) orientation: u16,
}

struct Tiff<'b> {
    bytes: &'b [u8],
    little: bool,
}

/// Tag, type, count, and where the value stands.
type DirectoryEntry = (u16, u16, usize, usize);

impl<'b> Tiff<'b> {
    fn new(bytes: &'b [u8]) -> Option<Self> {
        let little = match bytes.get(..2)? {
            b"II" => true,
            b"MM" => false,
            _ => return None,
        };
        Some(Self { bytes, little })
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let two: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.little {
            u16::from_le_bytes(two)
        } else {
            u16::from_be_bytes(two)
        })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let four: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.little {
            u32::from_le_bytes(four)
        } else {
            u32::from_be_bytes(four)
        })
    }

    fn offset(&self, at: usize) -> Option<usize> {
        self.u32(at).and_then(|offset| usize::try_from(offset).ok())
    }

    /// Each entry of a directory; then the next directory.
    fn entries(&self, directory: usize) -> (Vec<DirectoryEntry>, Option<usize>) {
        let mut found = Vec::new();
        let count = usize::from(self.u16(directory).unwrap_or(0)).min(ENTRIES_MAX);
        for index in 0..count {
            let at = directory + 2 + index * 12;
            let (Some(tag), Some(kind), Some(number)) =
                (self.u16(at), self.u16(at + 2), self.offset(at + 4))
            else {
                break;
            };
            let size = match kind {
                3 | 8 => 2,
                4 | 9 | 11 => 4,
                5 | 10 | 12 => 8,
                _ => 1,
            };
            let place = if number.saturating_mul(size) <= 4 {
                at + 8
            } else {
                self.offset(at + 8).unwrap_or(0)
            };
            found.push((tag, kind, number, place));
        }
        let next = self
            .offset(directory + 2 + count * 12)
            .filter(|next| *next != 0);
        (found, next)
    }

    fn words(&self, count: usize, place: usize) -> String {
        let bytes = self
            .bytes
            .get(place..place.saturating_add(count))
            .unwrap_or_default();
        let text = String::from_utf8_lossy(bytes);
        text.chars()
            .filter(|c| !c.is_control() && *c != '\u{FFFD}')
            .take(VALUE_CHARS_MAX)
            .collect::<String>()
            .trim()
            .to_owned()
    }

    /// XP tags are UTF-16.
    fn wide(&self, count: usize, place: usize) -> String {
        let bytes = self
            .bytes
            .get(place..place.saturating_add(count))
            .unwrap_or_default();
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .filter_map(|two| two.try_into().ok().map(u16::from_le_bytes))
            .collect();
        String::from_utf16_lossy(&units)
            .trim_end_matches('\0')
            .trim()
            .to_owned()
    }

    fn degrees(&self, place: usize) -> Option<f64> {
        let part = |index: usize| {
            let (top, bottom) = (
                self.u32(place + index * 8)?,
                self.u32(place + index * 8 + 4)?,
            );
            (bottom != 0).then(|| f64::from(top) / f64::from(bottom))
        };
        Some(part(0)? + part(1).unwrap_or(0.0) / 60.0 + part(2).unwrap_or(0.0) / 3600.0)
    }
}

/// Reads a TIFF block as it stands in EXIF; what cannot be followed is left out.
pub(super) fn read(block: &[u8]) -> Exif {
    let mut exif = Exif {
        orientation: 1,
        ..Exif::default()
    };
    let Some(tiff) = Tiff::new(block) else {
        return exif;
    };
    let mut todo: Vec<(usize, bool)> = tiff
        .offset(4)
        .map(|first| (first, false))
        .into_iter()
        .collect();
    let mut done = 0;
    while let Some((directory, second)) = todo.pop() {
        done += 1;
        if done > DIRECTORIES_MAX {
            break;
        }
        let (entries, next) = tiff.entries(directory);
        for (tag, _, count, place) in entries {
            match tag {
                0x8769 => todo.extend(tiff.offset(place).map(|inner| (inner, second))),
                0x8825 => {
                    exif.position = tiff.offset(place).and_then(|inner| position(&tiff, inner))
                }
                0x0112 if !second => exif.orientation = tiff.u16(place).unwrap_or(1),
                0x0201 | 0x0202 if second => exif.thumbnail = true,
                0x010E | 0x013B | 0x8298 | 0xA430 | 0xA431 | 0xA435 => {
                    exif.people.push(tiff.words(count, place));
                }
                0x9286 => exif
                    .people
                    .push(tiff.words(count.saturating_sub(8), place + 8)),
                0x9C9B..=0x9C9F => exif.people.push(tiff.wide(count, place)),
                0x010F | 0x0110 | 0x0132 | 0x9003 | 0x9004 => {
                    exif.data.push(tiff.words(count, place))
                }
                0x927C => exif.data.push("设备厂商的附加数据".to_owned()),
                _ => {}
            }
        }
        if let (Some(next), false) = (next, second) {
            todo.push((next, true));
        }
    }
    exif.people.retain(|word| !word.is_empty());
    exif.data.retain(|word| !word.is_empty());
    exif
}

fn position(tiff: &Tiff<'_>, directory: usize) -> Option<String> {
    let (entries, _) = tiff.entries(directory);
    let told = entries.iter().any(|(tag, ..)| *tag != 0);
    let at = |wanted: u16| {
        entries
            .iter()
            .find(|(tag, ..)| *tag == wanted)
            .map(|(.., place)| *place)
    };
    let coordinates = at(2)
        .and_then(|place| tiff.degrees(place))
        .zip(at(4).and_then(|place| tiff.degrees(place)))
        .map(|(latitude, longitude)| format!("{latitude:.5}，{longitude:.5}"));
    told.then(|| coordinates.unwrap_or_else(|| "坐标".to_owned()))
}

/// A TIFF block that says nothing but which way is up.
pub(super) fn upright(orientation: u16) -> Vec<u8> {
    let mut block = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    block.extend(orientation.to_be_bytes());
    block.extend([0, 0, 0, 0, 0, 0]);
    block
}
