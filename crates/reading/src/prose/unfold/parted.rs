//! …（甲局负责）（八）清理…: the next group or section that ran on in the paragraph of a measure, as where a page ended.

use super::super::super::number::{Level, Number, number};
use super::super::super::text::{Run, from, part, trim};
use super::super::units::take_units;

/// The numbers of the last section and of the last group in it.
#[derive(Default)]
struct Last {
    section: u32,
    group: u32,
}

impl Last {
    fn note(&mut self, n: Number) {
        match n.level {
            Level::Section => self.section = n.value,
            Level::Group => self.group = n.value,
            _ => {}
        }
    }

    /// The next one of its kind.
    fn is_next(&self, n: Number) -> bool {
        let last = match n.level {
            Level::Section => self.section,
            Level::Group => self.group,
            _ => 0,
        };
        last > 0 && n.value == last + 1
    }
}

/// Parts a paragraph where, straight behind units in brackets, the next number of a group or section begins.
pub(super) fn next_groups(lines: Vec<Run>) -> Vec<Run> {
    let mut last = Last::default();
    let mut out = Vec::with_capacity(lines.len());
    for line in lines {
        let (mut start, mut i) = (0, 0);
        if let Some(n) = number(&line) {
            last.note(n);
        }
        while let Some(at) = from(&line, i + 1).iter().position(begins) {
            i += at + 1;
            let found = number(from(&line, i)).filter(|n| last.is_next(*n));
            let before = trim(part(&line, start, i));
            let Some(n) = found.filter(|_| is_behind_units(before)) else {
                continue;
            };
            last.note(n);
            out.push(before.to_vec());
            start = i;
        }
        match start {
            0 => out.push(line),
            _ => out.push(trim(from(&line, start)).to_vec()),
        }
    }
    out
}

fn begins(m: &super::Mark) -> bool {
    m.fold == '(' || "二三四五六七八九十".contains(m.fold)
}

/// …（甲局负责）, …（甲局负责）。
fn is_behind_units(before: &[super::Mark]) -> bool {
    let end = before.iter().rev().find(|m| m.fold != '。').map(|m| m.fold);
    end == Some(')') && take_units(before).found()
}
