//! `w:sym`: a character by font and code. Symbol fonts keep theirs in the private area from U+F000.

/// The character that looks like this one, `None` where nothing fits.
pub(super) fn symbol(font: &str, code: &str) -> Option<char> {
    let code = u32::from_str_radix(code.trim(), 16).ok()?;
    let low = if (0xF000..=0xF0FF).contains(&code) {
        code - 0xF000
    } else {
        code
    };
    let font = font.to_ascii_lowercase();
    let pictured = if font.starts_with("wingdings 2") {
        wingdings_2(low)
    } else if font.starts_with("wingdings") {
        wingdings(low)
    } else if font.starts_with("symbol") {
        symbol_font(low)
    } else {
        None
    };
    let private = (0xE000..=0xF8FF).contains(&code);
    pictured.or_else(|| {
        char::from_u32(if private { low } else { code }).filter(|c| *c > ' ' && !private)
    })
}

fn wingdings(low: u32) -> Option<char> {
    Some(match low {
        0x6C => '●',
        0x6E => '■',
        0x6F | 0x70 | 0xA8 => '□',
        0x71 | 0x72 => '❑',
        0x75 => '◆',
        0x76 => '❖',
        0x77 => '◆',
        0x9F => '•',
        0xA1 => '○',
        0xA7 => '▪',
        0xD8 => '➢',
        0xE0 => '→',
        0xFB | 0xFD => '☒',
        0xFC => '✓',
        0xFE => '☑',
        0x80..=0x8A => return char::from_digit(low - 0x80, 10).or(Some('⑩')),
        0x8C..=0x95 => return char::from_u32(0x2776 + low - 0x8C),
        _ => return None,
    })
}

fn wingdings_2(low: u32) -> Option<char> {
    Some(match low {
        0x4F => '✗',
        0x50 => '✓',
        0x51 => '☒',
        0x52 => '☑',
        0x53 => '☒',
        0xA3 => '□',
        0xA2 => '■',
        _ => return None,
    })
}

fn symbol_font(low: u32) -> Option<char> {
    Some(match low {
        0xB7 => '•',
        0xB3 => '≥',
        0xA3 => '≤',
        0xB4 => '×',
        0xB1 => '±',
        0xB0 => '°',
        0xAE => '→',
        0xD6 => '√',
        0x20..=0x7E => return char::from_u32(low),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::symbol;

    #[test]
    fn ticks_and_boxes_have_their_characters() {
        assert_eq!(symbol("Wingdings", "F0FE"), Some('☑'));
        assert_eq!(symbol("Wingdings 2", "0052"), Some('☑'));
        assert_eq!(symbol("宋体", "2116"), Some('№'));
        assert_eq!(symbol("Unknown", "F041"), None);
        assert_eq!(symbol("Wingdings", "zz"), None);
    }
}
