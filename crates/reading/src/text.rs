//! Text that remembers where it came from: each character with its folded twin and its place in the source.

use super::fold::fold;

/// One printed character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// As printed.
    pub(crate) ch: char,
    /// As recognised: see [`fold`].
    pub(crate) fold: char,
    /// Running number of the character in the whole source, counted from 0.
    pub(crate) at: u32,
}

impl Mark {
    pub(crate) fn new(ch: char, at: u32) -> Self {
        Self {
            ch,
            fold: fold(ch),
            at,
        }
    }

    pub(crate) fn is_blank(self) -> bool {
        self.fold.is_whitespace()
    }
}

pub(crate) type Run = Vec<Mark>;

/// Folded text without any blanks: what rules compare.
pub(crate) fn plain(run: &[Mark]) -> String {
    let mut text = String::with_capacity(run.len() * HAN_BYTES);
    text.extend(run.iter().filter(|m| !m.is_blank()).map(|m| m.fold));
    text
}

/// Of a Chinese character: what a text needs at once, where it would grow often.
const HAN_BYTES: usize = 3;

/// Number of characters that are no blanks.
pub(crate) fn weight(run: &[Mark]) -> usize {
    run.iter().filter(|m| !m.is_blank()).count()
}

pub(crate) fn is_empty(run: &[Mark]) -> bool {
    run.iter().all(|m| m.is_blank())
}

pub(crate) fn trim(run: &[Mark]) -> &[Mark] {
    trim_by(run, |m| m.is_blank())
}

/// Cuts from both ends what `cut` names.
pub(crate) fn trim_by(run: &[Mark], cut: impl Fn(Mark) -> bool) -> &[Mark] {
    let start = run.iter().position(|&m| !cut(m)).unwrap_or(run.len());
    let end = run.iter().rposition(|&m| !cut(m)).map_or(start, |i| i + 1);
    run.get(start..end).unwrap_or_default()
}

pub(crate) fn trim_end_by(run: &[Mark], cut: impl Fn(Mark) -> bool) -> &[Mark] {
    let end = run.iter().rposition(|&m| !cut(m)).map_or(0, |i| i + 1);
    run.get(..end).unwrap_or_default()
}

/// A part of a run; empty where the range is out of it.
pub(crate) fn part(run: &[Mark], from: usize, to: usize) -> &[Mark] {
    run.get(from.min(run.len())..to.min(run.len()))
        .unwrap_or_default()
}

pub(crate) fn from(run: &[Mark], start: usize) -> &[Mark] {
    part(run, start, run.len())
}

/// Length of `pattern` at the start of `run`, blanks inside allowed; `None` where it is not there.
pub(crate) fn starts(run: &[Mark], pattern: &str) -> Option<usize> {
    let mut i = 0;
    for (n, want) in pattern.chars().enumerate() {
        if n > 0 {
            while run.get(i).is_some_and(|m| m.fold == ' ') {
                i += 1;
            }
        }
        if run.get(i)?.fold != want {
            return None;
        }
        i += 1;
    }
    Some(i)
}

/// The longest of `patterns` at the start of `run`.
pub(crate) fn starts_any(run: &[Mark], patterns: &[&str]) -> Option<usize> {
    // most of them begin with another character, and its last byte tells so at once
    let mut bytes = [0; 4];
    let head = run.first()?.fold.encode_utf8(&mut bytes).as_bytes();
    let last = head.len() - 1;
    let near = patterns
        .iter()
        .filter(|p| p.as_bytes().get(last) == head.get(last));
    near.filter_map(|p| starts(run, p)).max()
}

/// First place of `pattern`.
pub(crate) fn find(run: &[Mark], pattern: &str) -> Option<usize> {
    (0..run.len()).find(|&i| starts(from(run, i), pattern).is_some())
}

pub(crate) fn has(run: &[Mark], pattern: &str) -> bool {
    find(run, pattern).is_some()
}

/// Splits at marks that `cut` names; the cuts themselves are left out.
pub(crate) fn split_by(run: &[Mark], cut: impl Fn(Mark) -> bool) -> Vec<&[Mark]> {
    run.split(|&m| cut(m)).collect()
}

pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Collapses blanks to one and cuts those at the ends. Blanks between two Chinese characters go;
/// those beside figures and Latin letters stay as printed.
pub(crate) fn tidy(run: &[Mark]) -> String {
    let run = trim(run);
    let mut out = String::with_capacity(run.len() * HAN_BYTES);
    let mut blank = false;
    let mut last = '\0';
    for m in run {
        if m.is_blank() {
            blank = true;
            continue;
        }
        if blank && !(joins(last) && joins(m.ch)) {
            out.push(' ');
        }
        blank = false;
        last = m.ch;
        out.push(m.ch);
    }
    out
}

fn joins(c: char) -> bool {
    is_han(c)
        || matches!(
            c,
            '，' | '。' | '、' | '；' | '：' | '（' | '）' | '(' | ')' | '“' | '”' | '《' | '》'
        )
}

#[cfg(test)]
pub(crate) fn printed(run: &[Mark]) -> String {
    run.iter().map(|m| m.ch).collect()
}

#[cfg(test)]
pub(crate) fn run(text: &str) -> Run {
    text.chars()
        .enumerate()
        .map(|(i, c)| Mark::new(c, u32::try_from(i).unwrap_or(u32::MAX)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tidy_keeps_blanks_beside_figures_only() {
        assert_eq!(
            tidy(&run("  加强 内容\u{3000}保障，2021 年底前  完成 ")),
            "加强内容保障，2021 年底前完成"
        );
        assert_eq!(tidy(&run("做好 OA 系统")), "做好 OA 系统");
    }

    #[test]
    fn patterns_allow_blanks_inside() {
        assert_eq!(starts(&run("责 任 单 位：各科室"), "责任单位:"), Some(8));
        assert_eq!(starts(&run("责任部门"), "责任单位"), None);
        assert_eq!(find(&run("（牵头单位：甲）"), "牵头单位"), Some(1));
    }

    #[test]
    fn the_longest_pattern_counts() {
        let words = ["责任", "责任单位", "县", "5G", ","];
        let check = |text: &str| starts_any(&run(text), &words);
        assert_eq!(check("责 任单位：甲"), Some(5));
        assert_eq!(check("責任部门"), Some(2));
        assert_eq!(check("5Ｇ网络"), Some(2));
        assert_eq!(check("，县"), Some(1));
        // in UTF-8 it ends as 县 does
        assert_eq!((check("卿"), check("")), (None, None));
    }
}
