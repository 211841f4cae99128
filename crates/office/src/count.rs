//! Which characters count when a reader shows that nothing vanished.

/// A character that leaves ink: no white space, no control character, no invisible format mark.
pub fn is_readable(c: char) -> bool {
    // nearly all of a plan, asked several times for each character
    if matches!(c, '!'..='~' | '\u{3001}'..='\u{D7FF}' | '\u{FF01}'..='\u{FF5E}') {
        return true;
    }
    !(c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}'))
}

/// How many characters of `text` a person can see; the unit of `source_chars` and `dropped_chars`.
pub fn readable_chars(text: &str) -> u64 {
    text.chars().filter(|&c| is_readable(c)).count() as u64
}

/// Whether there is anything to see in `text`.
pub(crate) fn has_readable(text: &str) -> bool {
    text.chars().any(is_readable)
}

/// Chinese characters and full-width signs: a line break between two of them in a source is no blank.
pub(crate) fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{303F}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}'
        | '\u{20000}'..='\u{3FFFF}' | '‘' | '’' | '“' | '”' | '…' | '—')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_knows_what_leaves_no_ink() {
        for c in [
            ' ', '\n', '\u{7F}', '\u{85}', '\u{A0}', '\u{AD}', '\u{2003}', '\u{200B}', '\u{2028}',
            '\u{3000}', '\u{FEFF}',
        ] {
            assert!(!is_readable(c), "{c:?}");
        }
        for c in [
            '!',
            '~',
            'é',
            '—',
            '、',
            '公',
            '힣',
            '！',
            '～',
            '￥',
            '\u{20000}',
        ] {
            assert!(is_readable(c), "{c:?}");
        }
        assert!(has_readable("\u{3000}公") && !has_readable("\u{3000}\t"));
    }
}
