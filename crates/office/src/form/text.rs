//! Foreign text on its way into a file format.

/// The text with what XML 1.0 cannot hold taken out (control characters, U+FFFE, U+FFFF); line breaks become `\n`.
pub(super) fn printable(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .map(|c| if c == '\r' { '\n' } else { c })
        .filter(|&c| {
            c == '\n' || c == '\t' || !(c.is_ascii_control() || c == '\u{FFFE}' || c == '\u{FFFF}')
        })
        .collect()
}

/// Width of a text's lines in half-width columns: a Chinese character counts two, a Latin letter one.
pub(super) fn half_widths(line: &str) -> usize {
    line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// How many printed lines a text takes in a cell that holds `columns` half-width columns.
pub(super) fn wrapped_lines(text: &str, columns: usize) -> usize {
    text.split('\n')
        .map(|line| half_widths(line).div_ceil(columns.max(1)).max(1))
        .sum()
}
