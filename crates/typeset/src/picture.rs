//! Pictures of a text that is printed: those that can be drawn go to the template by their place in a list, the rest are
//! left to the template's words.

use serde_json::{Map, Value, json};
use typst::foundations::Bytes;
use typst::visualize::{ExchangeFormat, RasterImage};

/// Pictures of one PDF.
pub(crate) const PICTURES_MAX: usize = 100;
/// Bytes of one picture, and of all pictures of a PDF.
pub(crate) const PICTURE_BYTES_MAX: usize = 5 * 1024 * 1024;
pub(crate) const ALL_BYTES_MAX: usize = 40 * 1024 * 1024;
/// Pixels of one picture, and of all: a pixel takes three or four bytes while a PDF is made.
pub(crate) const PICTURE_PIXELS_MAX: u64 = 16_000_000;
pub(crate) const ALL_PIXELS_MAX: u64 = 40_000_000;
/// Dots per inch of a picture that does not tell.
const DOTS_PER_INCH: f64 = 96.0;
const POINTS_PER_INCH: f64 = 72.0;

/// A picture by the name that the data call it.
pub type Named = (String, Vec<u8>);

/// What can be drawn: the bytes in the order of their places, and `{name: {"place", "format", "width", "height"}}` with
/// sides in points, for the template.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    pub(crate) bytes: Vec<Bytes>,
    pub(crate) told: Map<String, Value>,
}

impl Pictures {
    /// Takes what is PNG or JPEG in grey or RGB, whole, and within the limits, in the order given.
    pub(crate) fn of(named: &[Named]) -> Self {
        let mut kept = Self::default();
        let (mut bytes_left, mut pixels_left) = (ALL_BYTES_MAX, ALL_PIXELS_MAX);
        for (name, bytes) in named {
            let Some((format, code, pixels)) = measured(bytes) else {
                continue;
            };
            let within = bytes.len() <= PICTURE_BYTES_MAX.min(bytes_left)
                && pixels <= PICTURE_PIXELS_MAX.min(pixels_left)
                && kept.bytes.len() < PICTURES_MAX;
            if !within || kept.told.contains_key(name) {
                continue;
            }
            let raw = Bytes::new(bytes.clone());
            // Decoded here once; the template finds it decoded.
            let Ok(picture) = RasterImage::plain(raw.clone(), format) else {
                continue;
            };
            bytes_left -= bytes.len();
            pixels_left -= pixels;
            let points = POINTS_PER_INCH / picture.dpi().unwrap_or(DOTS_PER_INCH);
            kept.told.insert(
                name.clone(),
                json!({
                    "place": kept.bytes.len(),
                    "format": code,
                    "width": f64::from(picture.width()) * points,
                    "height": f64::from(picture.height()) * points,
                }),
            );
            kept.bytes.push(raw);
        }
        kept
    }
}

/// The file of a place, as templates ask for it.
pub(crate) fn path(place: usize) -> String {
    format!("/picture-{place}")
}

/// Format and pixels of what a PDF/A of ours can hold; `None` for the rest, CMYK among it.
fn measured(bytes: &[u8]) -> Option<(ExchangeFormat, &'static str, u64)> {
    if let Some(rest) = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n") {
        let pixels = u64::from(number(rest, 8)?) * u64::from(number(rest, 12)?);
        return Some((ExchangeFormat::Png, "png", pixels));
    }
    let (pixels, channels) = jpeg(bytes)?;
    matches!(channels, 1 | 3).then_some((ExchangeFormat::Jpg, "jpg", pixels))
}

/// Pixels and channels of a JPEG, from its frame's head.
fn jpeg(bytes: &[u8]) -> Option<(u64, u8)> {
    let mut rest = bytes.strip_prefix(b"\xFF\xD8")?;
    loop {
        let (&[mark, marker, high, low], _) = rest.split_first_chunk::<4>()?;
        if mark != 0xFF {
            return None;
        }
        let frame = matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC);
        if frame {
            let (&[_, tall_high, tall_low, wide_high, wide_low, channels], _) =
                rest.get(4..)?.split_first_chunk::<6>()?;
            let side = |high, low| u64::from(u16::from_be_bytes([high, low]));
            return Some((
                side(tall_high, tall_low) * side(wide_high, wide_low),
                channels,
            ));
        }
        rest = rest.get(2 + usize::from(u16::from_be_bytes([high, low])).max(2)..)?;
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..)?.first_chunk::<4>()?;
    Some(u32::from_be_bytes(*four))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{PICTURE_PIXELS_MAX, PICTURES_MAX, Pictures, measured};

    /// One red pixel.
    pub(crate) const PNG: &[u8] = &[
        0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0,
        0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xde, 0, 0, 0, 12, b'I', b'D', b'A',
        b'T', 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0, 0, 3, 1, 1, 0, 0xc9, 0xfe, 0x92, 0xef, 0, 0,
        0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
    ];

    /// One grey pixel, with the channels and the sides that its head claims.
    pub(crate) fn jpeg(channels: u8, side: u16) -> Vec<u8> {
        let mut file = vec![0xFF, 0xD8];
        let mut segment = |marker: u8, content: &[u8]| {
            file.extend([0xFF, marker]);
            file.extend(u16::try_from(content.len() + 2).unwrap().to_be_bytes());
            file.extend(content);
        };
        segment(0xDB, &[&[0][..], &[16; 64]].concat());
        let [high, low] = side.to_be_bytes();
        let mut frame = vec![8, high, low, high, low, channels];
        for channel in 1..=channels {
            frame.extend([channel, 0x11, 0]);
        }
        segment(0xC0, &frame);
        for class in [0, 0x10] {
            segment(0xC4, &[&[class, 1][..], &[0; 15], &[0]].concat());
        }
        segment(0xDA, &[1, 1, 0, 0, 63, 0]);
        file.extend([0x3F, 0xFF, 0xD9]);
        file
    }

    #[test]
    fn only_what_can_be_drawn_within_the_limits_is_taken() {
        let mut broken = PNG.to_vec();
        broken.truncate(45);
        let mut huge = PNG.to_vec();
        huge[16..24].copy_from_slice(&[0, 0, 0x40, 0, 0, 0, 0x40, 0]);
        assert!(measured(&huge).unwrap().2 > PICTURE_PIXELS_MAX);
        let named = [
            ("grey.jpg".to_owned(), jpeg(1, 1)),
            ("cmyk.jpg".to_owned(), jpeg(4, 1)),
            ("broken.png".to_owned(), broken),
            ("huge.png".to_owned(), huge),
            ("wide.jpg".to_owned(), jpeg(1, u16::MAX)),
            ("no.gif".to_owned(), b"GIF89a".to_vec()),
            ("red.png".to_owned(), PNG.to_vec()),
            ("red.png".to_owned(), PNG.to_vec()),
        ];
        let kept = Pictures::of(&named);
        let names: Vec<&String> = kept.told.keys().collect();
        assert_eq!(names, ["grey.jpg", "red.png"]);
        assert_eq!(
            (kept.bytes.len(), &kept.told["red.png"]["place"]),
            (2, &1.into())
        );
        assert_eq!(kept.told["red.png"]["width"], 0.75);
        let many: Vec<_> = (0..=PICTURES_MAX)
            .map(|n| (format!("{n}.png"), PNG.to_vec()))
            .collect();
        assert_eq!(Pictures::of(&many).bytes.len(), PICTURES_MAX);
    }

    #[test]
    fn heads_that_lie_lead_nowhere() {
        let whole = jpeg(3, 9);
        assert_eq!(measured(&whole).unwrap().2, 81);
        for cut in 0..whole.len() {
            let _ = measured(&whole[..cut]);
        }
        for cut in 0..PNG.len() {
            let _ = measured(&PNG[..cut]);
        }
    }
}
