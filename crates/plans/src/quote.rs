//! The beginning of a long text, for lists and sentences.

/// At most so many characters, with … when there are more.
#[must_use]
pub fn beginning(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The same for quotation marks inside a sentence: without the text's own full stop, and its own quotation marks single
/// (GB/T 15834-2011, 4.8).
#[must_use]
pub fn quoted(text: &str, chars_max: usize) -> String {
    let text = text.trim().trim_end_matches(['。', '；', ';', '，']);
    let inner = beginning(text, chars_max)
        .replace('“', "‘")
        .replace('”', "’");
    format!("“{inner}”")
}

#[cfg(test)]
mod tests {
    use super::{beginning, quoted};

    #[test]
    fn long_texts_end_in_a_sign_and_sentences_have_one_full_stop() {
        assert_eq!(beginning("四字成语", 4), "四字成语");
        assert_eq!(beginning("四字成语", 3), "四字成…");
        assert_eq!(beginning("", 3), "");
        assert_eq!(quoted("每年至少召开1次会议。", 20), "“每年至少召开1次会议”");
        assert_eq!(quoted("甲、乙；丙。", 3), "“甲、乙…”");
        assert_eq!(quoted("公开“三公”经费。", 20), "“公开‘三公’经费”");
    }
}
