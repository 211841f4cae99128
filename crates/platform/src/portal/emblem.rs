//! 标识: a small PNG, of which only what draws the picture is kept. Pure.

/// Bytes of an emblem.
pub const EMBLEM_BYTES_MAX: usize = 64 * 1024;
/// Width and height in pixels.
pub const EMBLEM_SIDE_MAX: u32 = 1_000;
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// What draws; comments, places and times of cameras and the like are left out.
const KEPT: [&[u8; 4]; 8] = [
    b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"IDAT", b"IEND",
];

/// The sentence stands under the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmblemError {
    #[error("标识须是 PNG 图片，这个文件不是，或者不完整。")]
    NotPng,
    #[error("标识最大64KB，请缩小后再上传。")]
    TooLarge,
    #[error("标识的宽和高最多1000像素，请缩小后再上传。")]
    TooWide,
}

/// The picture alone.
///
/// # Errors
/// When the bytes are no whole PNG, or too many.
pub fn clean(bytes: &[u8]) -> Result<Vec<u8>, EmblemError> {
    if bytes.len() > EMBLEM_BYTES_MAX {
        return Err(EmblemError::TooLarge);
    }
    let mut rest = bytes.strip_prefix(SIGNATURE).ok_or(EmblemError::NotPng)?;
    let mut out = SIGNATURE.to_vec();
    let (mut first, mut drawn) = (true, false);
    loop {
        let (length, after) = rest.split_first_chunk::<4>().ok_or(EmblemError::NotPng)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let (name, after) = after.split_first_chunk::<4>().ok_or(EmblemError::NotPng)?;
        let (data, after) = after.split_at_checked(length).ok_or(EmblemError::NotPng)?;
        let (sum, after) = after.split_first_chunk::<4>().ok_or(EmblemError::NotPng)?;
        if first {
            sides(name, data)?;
            first = false;
        }
        drawn |= name == b"IDAT";
        if KEPT.contains(&name) {
            out.extend(u32::try_from(length).unwrap_or(0).to_be_bytes());
            out.extend(name);
            out.extend(data);
            out.extend(sum);
        }
        if name == b"IEND" {
            return if drawn {
                Ok(out)
            } else {
                Err(EmblemError::NotPng)
            };
        }
        rest = after;
    }
}

fn sides(name: &[u8; 4], header: &[u8]) -> Result<(), EmblemError> {
    let number = |at: usize| {
        let four = header.get(at..at + 4)?.first_chunk::<4>()?;
        Some(u32::from_be_bytes(*four))
    };
    match (name, number(0), number(4)) {
        (b"IHDR", Some(wide), Some(high)) if wide > 0 && high > 0 => {
            if wide.max(high) > EMBLEM_SIDE_MAX {
                Err(EmblemError::TooWide)
            } else {
                Ok(())
            }
        }
        _ => Err(EmblemError::NotPng),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{EMBLEM_BYTES_MAX, EmblemError, SIGNATURE, clean};

    fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&length[..], name, data, &[0; 4]].concat()
    }

    pub(crate) fn png(wide: u32, more: &[Vec<u8>]) -> Vec<u8> {
        let header = [
            &wide.to_be_bytes()[..],
            &8_u32.to_be_bytes(),
            &[8, 6, 0, 0, 0],
        ]
        .concat();
        let parts = [
            SIGNATURE.to_vec(),
            chunk(b"IHDR", &header),
            more.concat(),
            chunk(b"IDAT", b"picture"),
            chunk(b"IEND", b""),
        ];
        parts.concat()
    }

    #[test]
    fn only_what_draws_is_kept() {
        let plain = png(8, &[]);
        assert_eq!(clean(&plain).unwrap(), plain);
        let talkative = png(
            8,
            &[
                chunk(b"tEXt", b"Author\0somebody"),
                chunk(b"eXIf", b"place"),
            ],
        );
        assert_eq!(clean(&talkative).unwrap(), plain);
        let mut tail = plain.clone();
        tail.extend(b"<script>");
        assert_eq!(clean(&tail).unwrap(), plain);
    }

    #[test]
    fn what_is_no_whole_small_png_is_refused() {
        let plain = png(8, &[]);
        for cut in 0..plain.len() {
            assert_eq!(clean(&plain[..cut]), Err(EmblemError::NotPng), "{cut}");
        }
        assert_eq!(clean(b"<svg xmlns=\"\"/>"), Err(EmblemError::NotPng));
        assert_eq!(clean(&png(1_001, &[])), Err(EmblemError::TooWide));
        assert!(clean(&png(1_000, &[])).is_ok());
        assert_eq!(clean(&png(0, &[])), Err(EmblemError::NotPng));
        let big = png(8, &[chunk(b"tEXt", &vec![0; EMBLEM_BYTES_MAX])]);
        assert_eq!(clean(&big), Err(EmblemError::TooLarge));
        // A length that lies leads nowhere.
        let mut liar = plain.clone();
        liar[8] = 0xff;
        assert_eq!(clean(&liar), Err(EmblemError::NotPng));
    }
}
