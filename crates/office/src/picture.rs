//! Pictures that stand in a text: found by the readers in their order, kept where they can be shown as they are, without
//! what they tell of the place and the device.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::block::{Place, Unreadable};
use crate::collect::Collector;
use crate::hidden;
use crate::limits::Limits;
use crate::sniff::find;

/// Pictures of one text that are kept.
pub const PICTURES_MAX: usize = 40;
/// Bytes of one picture.
pub const PICTURE_BYTES_MAX: usize = 5 * 1024 * 1024;
/// Bytes of all pictures of one text.
pub const ALL_BYTES_MAX: usize = 20 * 1024 * 1024;
/// Characters of the words that stand for a picture.
pub const ALT_CHARS_MAX: usize = 200;

/// A picture and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// It stands before the block with this index; the number of blocks for one at the end.
    pub before: usize,
    /// What the source says that it shows; may be empty.
    pub alt: String,
    pub source: PictureSource,
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureSource {
    /// The clean bytes of a PNG or JPEG, as base64.
    Inside(String),
    /// An address in the source: only who has the folder around it can say whether it is there. Never fetched.
    Beside(String),
}

impl Picture {
    /// The bytes, where the source holds them.
    #[must_use]
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match &self.source {
            PictureSource::Inside(text) => STANDARD.decode(text).ok(),
            PictureSource::Beside(_) => None,
        }
    }
}

/// A picture as it was met: what its source calls it.
pub(crate) struct Mention {
    pub(crate) before: usize,
    pub(crate) source: String,
    pub(crate) alt: String,
    pub(crate) place: Place,
}

/// The ending of a name for what the bytes are: PNG or JPEG, which every browser shows; `None` for the rest.
#[must_use]
pub fn ending(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("png")
    } else if bytes.starts_with(b"\xFF\xD8\xFF") {
        Some("jpg")
    } else {
        None
    }
}

/// The bytes as they may be shown.
///
/// # Errors
/// A sentence: too large, of a kind that browsers do not show, damaged.
pub fn presentable(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, String> {
    if bytes.len() > PICTURE_BYTES_MAX {
        return Err("图片超过 5 MB，已略去，请压缩后重新插入。".to_owned());
    }
    if ending(bytes).is_none() {
        return Err(
            "图片不是 PNG 或 JPEG 格式，网页上显示不了，已略去，请另存为 PNG 后重新插入。"
                .to_owned(),
        );
    }
    let whole = |copy: &Vec<u8>| {
        ending(copy) != Some("png")
            || (copy.get(12..16) == Some(&b"IHDR"[..]) && find(copy, b"IDAT").is_some())
    };
    hidden::clean(bytes, limits)
        .ok()
        .filter(whole)
        .ok_or_else(|| "图片已损坏或带有清不掉的附加信息，已略去，请重新插入。".to_owned())
}

/// Width and height in pixels of a PNG or JPEG that is there to its end; `None` for the rest.
#[must_use]
pub fn sides(bytes: &[u8]) -> Option<(u32, u32)> {
    let sides = if let Some(rest) = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n") {
        find(rest, b"IEND")?;
        let side = |at: usize| {
            let four = rest.get(at..)?.first_chunk::<4>()?;
            Some(u32::from_be_bytes(*four))
        };
        (side(8)?, side(12)?)
    } else {
        find(bytes, b"\xFF\xD9")?;
        jpeg_sides(bytes.strip_prefix(b"\xFF\xD8")?)?
    };
    (sides.0 > 0 && sides.1 > 0).then_some(sides)
}

/// Of what stands behind a JPEG's first mark, by its frame's head.
fn jpeg_sides(mut rest: &[u8]) -> Option<(u32, u32)> {
    loop {
        let (&[mark, marker, high, low], _) = rest.split_first_chunk::<4>()?;
        if mark != 0xFF {
            return None;
        }
        if matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
            let (&[_, high_1, high_2, wide_1, wide_2], _) =
                rest.get(4..)?.split_first_chunk::<5>()?;
            let side = |one, two| u32::from(u16::from_be_bytes([one, two]));
            return Some((side(wide_1, wide_2), side(high_1, high_2)));
        }
        rest = rest.get(2 + usize::from(u16::from_be_bytes([high, low])).max(2)..)?;
    }
}

/// Settles all that was met: kept, or told as dropped. `find` gives the bytes of what lies inside the source; `Err` tells
/// of what lies beside it.
pub(crate) fn settle(
    out: &mut Collector<'_>,
    mut find: impl FnMut(&str) -> Result<Found, Unreadable>,
) -> Result<(), Unreadable> {
    let (mut kept, mut bytes_kept) = (Vec::new(), 0_usize);
    for mention in out.take_mentions() {
        let place = mention.place;
        let outcome = match find(&mention.source)? {
            Found::Beside => Ok(PictureSource::Beside(mention.source)),
            Found::Nowhere => Err("图片不在文件里，已略去，请对照原文补上。".to_owned()),
            Found::Inside(bytes) => presentable(&bytes, out.limits()).and_then(|clean| {
                bytes_kept = bytes_kept.saturating_add(clean.len());
                if bytes_kept > ALL_BYTES_MAX {
                    return Err("全文的图片合计超过 20 MB，这一张已略去。".to_owned());
                }
                Ok(PictureSource::Inside(STANDARD.encode(clean)))
            }),
        };
        match outcome {
            Ok(_) if kept.len() >= out.limits().pictures => {
                let message = format!("图片超过 {} 张，这一张已略去。", out.limits().pictures);
                out.note("image-dropped", message, place);
            }
            Ok(source) => kept.push(Picture {
                before: mention.before,
                alt: mention.alt.trim().chars().take(ALT_CHARS_MAX).collect(),
                source,
                place,
            }),
            Err(sentence) => out.note("image-dropped", sentence, place),
        }
    }
    out.keep_pictures(kept);
    Ok(())
}

/// What a source's name of a picture leads to.
pub(crate) enum Found {
    Inside(Vec<u8>),
    Beside,
    Nowhere,
}

/// What the address of a web page's picture holds or names.
pub(crate) fn of_address(address: &str) -> Found {
    let address = address.trim();
    match address.strip_prefix("data:") {
        Some(data) => {
            let bytes = data
                .split_once(";base64,")
                .and_then(|(_, text)| STANDARD.decode(text.trim()).ok());
            bytes.map_or(Found::Nowhere, Found::Inside)
        }
        None if address.is_empty() => Found::Nowhere,
        None => Found::Beside,
    }
}

#[cfg(test)]
mod tests {
    use super::{PICTURE_BYTES_MAX, PictureSource, ending, presentable, sides};
    use crate::{Limits, read};

    /// One pixel.
    pub(crate) const PNG: &[u8] = &[
        0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0,
        0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 10, b'I', b'D', b'A',
        b'T', 0x78, 0x9c, 0x63, 0, 1, 0, 0, 5, 0, 1, 0x0d, 0x0a, 0x2d, 0xb4, 0, 0, 0, 0, b'I',
        b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
    ];

    fn with_pictures() -> Limits {
        Limits {
            pictures: 2,
            ..Limits::default()
        }
    }

    #[test]
    fn pictures_of_a_page_keep_their_places_and_only_lost_ones_are_told() {
        use base64::Engine as _;
        let inside = base64::engine::general_purpose::STANDARD.encode(PNG);
        let page = format!(
            "<p>一</p><p><img src=\"data:image/png;base64,{inside}\" alt=\" 流程图 \"></p><table><tr><td>甲<img src=\"images/b.png\"><td>乙<tr><td>丙<td>丁</table><p>二</p><img src=\"data:text/html;base64,PGI+\"><img src=\"c.png\">"
        );
        let got = read(page.as_bytes(), &with_pictures()).unwrap();
        let places: Vec<_> = got
            .pictures
            .iter()
            .map(|one| (one.before, one.alt.as_str()))
            .collect();
        assert_eq!(places, [(1, "流程图"), (2, "")]);
        assert_eq!(got.pictures[0].bytes().unwrap(), PNG);
        assert_eq!(
            got.pictures[1].source,
            PictureSource::Beside("images/b.png".to_owned())
        );
        let codes: Vec<_> = got.problems.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(
            codes,
            ["image-dropped", "image-dropped"],
            "no picture, and one too many"
        );

        // Who does not ask for pictures is told of each.
        let plain = read(page.as_bytes(), &Limits::default()).unwrap();
        assert!(plain.pictures.is_empty());
        assert_eq!(plain.problems.len(), 4);
        assert_eq!(plain.blocks, got.blocks);
    }

    #[test]
    fn sides_are_told_of_whole_pictures_alone() {
        assert_eq!(sides(PNG), Some((1, 1)));
        for cut in 0..PNG.len() - 8 {
            assert_eq!(sides(&PNG[..cut]), None, "{cut}");
        }
        let jpeg = [
            &[0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2][..],
            &[0xFF, 0xC0, 0, 11, 8, 0, 3, 0, 7, 1, 1, 0x11, 0],
            &[0xFF, 0xD9],
        ]
        .concat();
        assert_eq!(sides(&jpeg), Some((7, 3)));
        for cut in 0..jpeg.len() {
            assert_eq!(sides(&jpeg[..cut]), None, "{cut}");
        }
        assert_eq!(sides(b"GIF89a\x01\x00\x01\x00"), None);
    }

    #[test]
    fn only_what_browsers_show_is_presentable_up_to_the_limit() {
        let limits = Limits::default();
        assert_eq!(presentable(PNG, &limits).unwrap(), PNG);
        for bad in [
            &b"GIF89a"[..],
            b"<svg onload=alert(1)>",
            b"\x89PNG\r\n\x1a\n",
        ] {
            assert!(presentable(bad, &limits).is_err());
        }
        let mut large = PNG.to_vec();
        large.resize(PICTURE_BYTES_MAX + 1, 0);
        assert!(presentable(&large, &limits).unwrap_err().contains("5 MB"));
        assert_eq!((ending(PNG), ending(b"BM")), (Some("png"), None));
    }
}
