//! Characters to lines, lines to paragraphs.

use super::ink::Glyph;
use crate::count::{is_cjk, is_readable};

/// Baselines nearer than this part of the font size are one line.
const SAME_LINE: f64 = 0.45;
/// A gap of this many em stands for a tab: columns set without lines.
const TAB_EM: f64 = 3.0;
/// A gap of this many em is a blank between letters, or between Chinese characters.
const BLANK_EM: f64 = 0.22;
const CHINESE_BLANK_EM: f64 = 0.7;
/// The same character printed again within this many em makes it bold.
const OVERPRINT_EM: f64 = 0.3;
/// Lines that could have held the next word but for this many em were broken by the margin.
const SLACK_EM: f64 = 0.6;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) left: f64,
    pub(super) right: f64,
    /// Of the baseline.
    pub(super) y: f64,
    pub(super) size: f64,
    /// Width of the first piece that cannot be broken.
    pub(super) head: f64,
}

/// Groups glyphs into lines from top to bottom; blank lines are left out.
pub(super) fn lines(glyphs: Vec<Glyph>, tabs: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    each_line(glyphs, |line| lines.extend(compose(line, tabs)));
    lines
}

/// The same lines letter by letter, each with its glyph; a blank that only a gap stands for has none.
pub(super) fn spelled(glyphs: Vec<Glyph>, tabs: bool) -> Vec<Vec<(char, Option<Glyph>)>> {
    let mut lines = Vec::new();
    each_line(glyphs, |line| lines.push(spell(line, tabs)));
    lines.retain(|line| !line.is_empty());
    lines
}

/// Shows the glyphs of each line, from left to right, to `see`.
fn each_line(mut glyphs: Vec<Glyph>, mut see: impl FnMut(&[Glyph])) {
    glyphs.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut rest = glyphs.as_mut_slice();
    while let Some(first) = rest.first() {
        let (y, size) = (first.y, first.size);
        let count = rest.partition_point(|glyph| glyph.y - y <= SAME_LINE * size.min(glyph.size));
        let (line, after) = std::mem::take(&mut rest).split_at_mut(count.max(1));
        rest = after;
        line.sort_by(|a, b| a.left.total_cmp(&b.left));
        see(line);
    }
}

/// Whether a glyph is the one before it printed again, to make it bold.
fn overprints(before: &Glyph, glyph: &Glyph) -> bool {
    let near = (OVERPRINT_EM * glyph.size).min((glyph.right - glyph.left) / 2.0);
    before.c == glyph.c && (glyph.left - before.left).abs() < near
}

fn spell(glyphs: &[Glyph], tabs: bool) -> Vec<(char, Option<Glyph>)> {
    let mut letters: Vec<(char, Option<Glyph>)> = Vec::with_capacity(glyphs.len());
    let mut blank = false;
    for glyph in glyphs {
        if !is_readable(glyph.c) {
            blank |= glyph.c.is_whitespace();
            continue;
        }
        if let Some((_, Some(before))) = letters.last_mut() {
            if overprints(before, glyph) {
                before.right = before.right.max(glyph.right);
                before.seen |= glyph.seen;
                continue;
            }
            let separator = separator(before, glyph, blank, tabs);
            letters.extend(separator.map(|c| (c, None)));
        }
        letters.push((glyph.c, Some(*glyph)));
        blank = false;
    }
    letters
}

fn compose(glyphs: &[Glyph], tabs: bool) -> Option<Line> {
    let mut text = String::new();
    let mut line: Option<Line> = None;
    let (mut blank, mut last): (bool, Option<Glyph>) = (false, None);
    let mut head_open = true;
    for glyph in glyphs {
        if last.is_some_and(|before| overprints(&before, glyph)) {
            continue;
        }
        if !is_readable(glyph.c) && glyph.c != '\u{3000}' {
            blank |= glyph.c.is_whitespace();
            continue;
        }
        if glyph.c == '\u{3000}' && line.is_none() {
            continue;
        }
        match (&mut line, last) {
            (Some(line), Some(before)) => {
                let separator = separator(&before, glyph, blank, tabs);
                text.extend(separator);
                head_open &= separator.is_none() && !breaks_between(before.c, glyph.c);
                if head_open {
                    line.head = glyph.right - line.left;
                }
                line.right = line.right.max(glyph.right);
                line.size = line.size.max(glyph.size);
            }
            _ => {
                line = Some(Line {
                    text: String::new(),
                    left: glyph.left,
                    right: glyph.right,
                    y: glyph.y,
                    size: glyph.size,
                    head: glyph.right - glyph.left,
                });
            }
        }
        text.push(glyph.c);
        (blank, last) = (false, Some(*glyph));
    }
    let mut line = line?;
    line.text = text.trim_end().to_owned();
    Some(line)
}

fn separator(before: &Glyph, after: &Glyph, blank: bool, tabs: bool) -> Option<char> {
    let em = before.size.max(after.size);
    let gap = (after.left - before.right) / em.max(0.1);
    let enough = if is_cjk(before.c) || is_cjk(after.c) {
        CHINESE_BLANK_EM
    } else {
        BLANK_EM
    };
    if tabs && gap > TAB_EM {
        Some('\t')
    } else if blank || gap > enough {
        Some(' ')
    } else {
        None
    }
}

/// Whether a line may end between two characters.
fn breaks_between(before: char, after: char) -> bool {
    let closes = |c: char| "，。、；：！？）》」』】〉”’…,.;:!?)]}%‰".contains(c);
    let opens = |c: char| "（《「『【〈“‘([{".contains(c);
    if closes(after) || opens(before) {
        return false;
    }
    is_cjk(before) || is_cjk(after)
}

/// The space in which text runs on.
#[derive(Clone, Copy)]
pub(super) struct Measure {
    pub(super) left: f64,
    pub(super) right: f64,
}

/// Whether the line was broken by the margin, because the next one's first piece had no room in it.
pub(super) fn runs_on(line: &Line, next: &Line, measure: Measure) -> bool {
    let need = next.head + SLACK_EM * line.size;
    let to_margin = measure.right - line.right;
    let of_width = (measure.right - measure.left) - (line.right - line.left);
    (to_margin < need || of_width < need) && !(ends_sentence(&line.text) && starts_item(&next.text))
}

/// Whether the line reaches the margin, whatever follows.
pub(super) fn is_full(line: &Line, measure: Measure) -> bool {
    measure.right - line.right < 2.2 * line.size
        || (measure.right - measure.left) - (line.right - line.left) < 2.2 * line.size
}

pub(super) fn ends_sentence(text: &str) -> bool {
    text.trim_end()
        .ends_with(['。', '；', ';', '：', ':', '！', '!', '？', '?'])
}

/// A number that opens an item: 1. 1、 （一） 一、 第一条 ①
pub(super) fn starts_item(text: &str) -> bool {
    let text = text.trim_start();
    let numerals = |c: char| c.is_ascii_digit() || "一二三四五六七八九十百零〇".contains(c);
    let inner = text
        .strip_prefix(['（', '('])
        .or_else(|| text.strip_prefix('第'));
    let rest = inner.unwrap_or(text).trim_start_matches(numerals);
    let counted = rest.len() < inner.unwrap_or(text).len();
    let closed = match inner {
        Some(_) => rest.starts_with(['）', ')', '条', '项', '章', '节']),
        None => rest.starts_with(['.', '．', '、', '）', ')']),
    };
    (counted && closed) || text.starts_with(|c: char| ('①'..='⑳').contains(&c))
}

/// Joins the pieces of a broken paragraph: no blank beside a Chinese character.
pub(super) fn append(text: &mut String, next: &str) {
    let chinese =
        text.chars().next_back().is_some_and(is_cjk) || next.chars().next().is_some_and(is_cjk);
    if !chinese && !text.is_empty() {
        text.push(' ');
    }
    text.push_str(next);
}

#[cfg(test)]
mod tests {
    use super::super::ink::Layer;
    use super::*;

    /// Glyphs of ten points: Chinese ones one em wide, others half.
    fn set(text: &str, left: f64, y: f64) -> Vec<Glyph> {
        let mut x = left;
        let glyph = |c: char| {
            let width = if is_cjk(c) || c == '\u{3000}' {
                10.0
            } else {
                5.0
            };
            x += width;
            Glyph {
                c,
                left: x - width,
                right: x,
                y,
                size: 10.0,
                layer: Layer::Body,
                seen: true,
            }
        };
        text.chars().map(glyph).collect()
    }

    fn texts(glyphs: Vec<Glyph>) -> Vec<String> {
        lines(glyphs, true)
            .into_iter()
            .map(|line| line.text)
            .collect()
    }

    #[test]
    fn glyphs_in_any_order_become_lines() {
        let mut glyphs = set("第二行", 0.0, 40.0);
        glyphs.extend(set("第一行", 0.0, 20.0));
        glyphs.extend(set("2", 30.0, 16.0));
        assert_eq!(texts(glyphs), ["第一行2", "第二行"]);
    }

    #[test]
    fn gaps_become_blanks_or_tabs() {
        let glyphs = [
            set("一、", 0.0, 0.0),
            set("任务", 28.0, 0.0),
            set("单位", 90.0, 0.0),
            set("a", 111.0, 0.0),
        ]
        .concat();
        assert_eq!(texts(glyphs), ["一、 任务\t单位a"]);
        assert_eq!(
            texts([set("in", 0.0, 0.0), set("out", 13.0, 0.0)].concat()),
            ["in out"]
        );
    }

    #[test]
    fn overprinted_characters_count_once() {
        let glyphs = [set("市局", 0.0, 0.0), set("市局", 0.4, 0.0)].concat();
        assert_eq!(texts(glyphs), ["市局"]);
        assert_eq!(texts(set("人人", 0.0, 0.0)), ["人人"]);
    }

    #[test]
    fn lines_run_on_only_when_the_next_word_had_no_room() {
        let measure = Measure {
            left: 0.0,
            right: 100.0,
        };
        let line = |text: &str, left: f64| lines(set(text, left, 0.0), true).remove(0);
        assert!(runs_on(
            &line("一二三四五六七八九十", 0.0),
            &line("续", 0.0),
            measure
        ));
        assert!(runs_on(
            &line("一二三四五六七八九", 0.0),
            &line("续，", 0.0),
            measure
        ));
        assert!(!runs_on(
            &line("一二三四五", 0.0),
            &line("另", 0.0),
            measure
        ));
        assert!(!runs_on(
            &line("一二三四五六七八九。", 0.0),
            &line("2.另", 0.0),
            measure
        ));
        assert!(runs_on(
            &line("居中一行就满了吧吧", 5.0),
            &line("续续", 40.0),
            measure
        ));
    }

    #[test]
    fn items_are_known_by_their_numbers() {
        for text in ["1.甲", "12、乙", "（一）丙", "一、丁", "第三条 戊", "①己"] {
            assert!(starts_item(text), "{text}");
        }
        for text in ["2022年", "一体化", "（以下简称", "第三方", "甲"] {
            assert!(!starts_item(text), "{text}");
        }
    }
}
