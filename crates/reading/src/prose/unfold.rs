//! Undoes two ways in which a capture folds text: many paragraphs run together in one line, and a page's number
//! printed into the middle of a sentence (2、社会福利中心).

use super::super::cells::organ_share;
use super::super::labels::{Label, label};
use super::super::number::{Level, Number, number};
use super::super::text::{Mark, Run, from, has, part, trim, weight};
use super::super::torn::{Tear, tear};
use super::units::is_named;

mod duty;
mod parted;

/// One paragraph a line.
pub(crate) fn unfold(lines: Vec<Run>) -> Vec<Run> {
    let lines = parted::next_groups(lines);
    join_pages(join_brackets(join_torn(join_wrapped(lines))))
        .iter()
        .flat_map(|line| split(line))
        .flat_map(split_heading)
        .flat_map(|line| split_list(&line))
        .collect()
}

/// Narrowest and widest lines of a page whose line ends were captured as they stood, in characters.
const PAGE_WIDTHS: std::ops::RangeInclusive<usize> = 20..=46;
/// How much shorter than the widest a full line may be: signs are not broken at a line's beginning.
const RAGGED_MAX: usize = 4;
/// Fewest full lines that tell the page's width.
const FULL_LINES_MIN: usize = 5;

/// Share of organs in a line whose last name may be torn.
const LIST_SHARE: f32 = 0.6;
/// Share of organs in a line that makes it a line of units.
const UNITS_SHARE: f32 = 0.9;

/// A page captured line by line, none longer than the page is wide: a full line that ends in no sentence goes on in the
/// next one, unless that one begins with a number or a label, or names units.
pub(crate) fn join_wrapped(lines: Vec<Run>) -> Vec<Run> {
    if lines.iter().any(|l| weight(l) > *PAGE_WIDTHS.end()) {
        return lines;
    }
    let width = lines.iter().map(|l| weight(l)).max().unwrap_or(0);
    if width < *PAGE_WIDTHS.start() {
        return lines;
    }
    let full = |l: &Run| weight(l) + RAGGED_MAX >= width;
    let ended = |l: &Run| {
        let last = trim(l).last().map(|m| m.fold);
        last.is_none_or(|c| matches!(c, '。' | ';' | ':' | ')'))
    };
    let open = |l: &Run| full(l) && !ended(l);
    let broken = lines.iter().filter(|l| open(l)).count();
    if broken < FULL_LINES_MIN || broken * 3 < lines.len() {
        return lines;
    }
    let mut out: Vec<Run> = Vec::new();
    let mut goes_on = false;
    for line in lines {
        let next = open(&line);
        let begins = |last: &Run| {
            let listed = matches!(label(trim(last)), Some((Label::Units(_), _)))
                || last.iter().any(|m| m.fold == '、')
                    && organ_share(last, weight(last)) > LIST_SHARE;
            number(&line).is_some()
                || label(trim(&line)).is_some()
                || !listed && organ_share(&line, weight(&line)) > UNITS_SHARE
        };
        match out.last_mut() {
            Some(last) if goes_on && !begins(last) => last.extend_from_slice(trim(&line)),
            _ => out.push(line),
        }
        goes_on = next;
    }
    out
}

/// （三）邀请群众代表列席会议， / 每季度不少于1次。: a numbered line that ends in a comma goes on in the next one; so does any
/// line that ends before the duty of those whom it names.
fn join_torn(lines: Vec<Run>) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for line in lines {
        let torn = out.last().is_some_and(|last| {
            let comma = trim(last)
                .last()
                .is_some_and(|m| matches!(m.fold, ',' | '、'));
            comma && number(last).is_some()
                || duty::is_torn(last, &line)
                || tears_group(last, &line)
        });
        match out.last_mut() {
            Some(last) if torn && number(&line).is_none() && label(trim(&line)).is_none() => {
                last.extend_from_slice(trim(&line));
            }
            _ => out.push(line),
        }
    }
    out
}

/// （一）提高透明度，完善监管等做法，…，使监管 / 既“无事不扰”又“无处不在”。…: longer than any heading, and without its end.
fn tears_group(last: &[Mark], line: &[Mark]) -> bool {
    let group = number(last).is_some_and(|n| n.level == Level::Group);
    let ended = last.iter().any(|m| matches!(m.fold, '。' | ';'));
    group && !ended && weight(last) > GROUP_HEADING_MAX && tear(last, line) == Tear::Sure
}

/// Several numbered items in one short line.
pub(crate) fn split_list(line: &[Mark]) -> Vec<Run> {
    let cuts = super::super::items::further(line);
    let starts = std::iter::once(0).chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain([line.len()]);
    starts
        .zip(ends)
        .map(|(a, b)| trim(part(line, a, b)).to_vec())
        .collect()
}

/// （一）加强解读。1.开展…, 一、深化公开 （一）公开…: what comes first below a heading stands in the heading's line.
pub(crate) fn split_heading(run: Run) -> Vec<Run> {
    let Some(head) = number(&run).filter(|n| n.level <= Level::Group) else {
        return vec![run];
    };
    let cut = (head.len + 2..run.len().min(head.len + HEADING_MAX)).find(|&i| {
        let behind = run
            .get(i - 1)
            .is_some_and(|m| matches!(m.fold, '。' | ' ' | ':'));
        let below = |n: Number| match n.level {
            Level::Item => n.value > 0,
            Level::Group => head.level == Level::Section,
            _ => false,
        };
        behind && number(from(&run, i)).is_some_and(below) && weight(from(&run, i)) > ITEM_MIN
    });
    let Some(i) = cut else { return vec![run] };
    let mut out = vec![trim(part(&run, 0, i)).to_vec()];
    out.extend(split_heading(trim(from(&run, i)).to_vec()));
    out
}

/// Shortest item behind its heading, number and all, in characters.
const ITEM_MIN: usize = 8;
/// Most lines over which a bracket of units goes.
const BRACKET_LINES_MAX: usize = 6;

/// （责任单位：市司法局、各县（市、区） / 人民政府）: a line that ends inside a bracket goes on in the next ones.
fn join_brackets(lines: Vec<Run>) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let mut rest = lines.into_iter().peekable();
    while let Some(line) = rest.next() {
        let mut whole = line.clone();
        let mut taken: Vec<Run> = Vec::new();
        while depth(&whole) > 0 && taken.len() < BRACKET_LINES_MAX {
            // 位：县财政局、县委金融办（县地: another bracket may open inside
            let next = rest.next_if(|next| {
                depth(next) <= 0 && next.iter().any(|m| matches!(m.fold, ')' | ']'))
                    || number(next).is_none()
            });
            let Some(next) = next else { break };
            whole.extend_from_slice(&next);
            taken.push(next);
        }
        if depth(&whole) > 0 {
            // never closed: a slip, and the lines stand as they are
            out.push(line);
            out.extend(taken);
        } else {
            out.push(whole);
        }
    }
    out
}

/// Brackets opened and not closed; below zero where more are closed than opened.
fn depth(run: &[Mark]) -> i32 {
    run.iter().fold(0, |depth, m| match m.fold {
        '(' | '[' => depth + 1,
        ')' | ']' => depth - 1,
        _ => depth,
    })
}

/// Shortest line that may hold several paragraphs, in characters.
const FOLDED_MIN: usize = 40;

fn split(run: &[Mark]) -> Vec<Run> {
    let cuts = if weight(run) >= FOLDED_MIN {
        cuts(run)
    } else {
        Vec::new()
    };
    if cuts.len() < 2 || enumerates(run, &cuts) {
        return vec![run.to_vec()];
    }
    let starts = std::iter::once(0).chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain([run.len()]);
    starts
        .zip(ends)
        .map(|(a, b)| trim(part(run, a, b)).to_vec())
        .filter(|r| !r.is_empty())
        .collect()
}

/// 一是开通自助服务：1.办理换证；2.办理签注。二是…：1.…: what a paragraph without number counts up again and again behind
/// its own words is no list of paragraphs.
fn enumerates(run: &[Mark], cuts: &[usize]) -> bool {
    let items = || cuts.iter().filter_map(|&at| number(from(run, at)));
    let again = items().filter(|n| n.value == 1).count() > 1;
    let before = part(run, 0, cuts.first().copied().unwrap_or(0));
    let parts = ["一是", "其一", "一方面"].iter().any(|w| has(before, w));
    let listed = number(run).is_some();
    !listed && again && parts && items().all(|n| n.level == Level::Item)
}

/// Places where a number begins a new paragraph: it goes on in its sequence and stands behind a sentence.
fn cuts(run: &[Mark]) -> Vec<usize> {
    let first = number(run);
    let mut last = Last::default();
    if let Some(n) = first {
        last.note(n, 0);
    }
    let listed = first.is_some_and(|n| n.level == Level::Item);
    let mut out = Vec::new();
    let mut depth = 0i32;
    let mut opened = 0;
    for (i, m) in run.iter().enumerate() {
        if depth > 0 && i - opened > BRACKET_MAX {
            // never closed: a slip
            depth = 0;
        }
        if depth == 0 && i > 0 && may_begin(run, i) {
            let before = part(run, 0, i)
                .iter()
                .rev()
                .find(|m| !m.is_blank())
                .map(|m| m.fold);
            let behind = Behind {
                sentence: before.is_some_and(|c| matches!(c, '。' | ';' | ')' | ']' | ':')),
                blank: run.get(i - 1).is_some_and(|m| m.is_blank()),
                title: last.section == 0 && m.fold == '一' && ends_a_title(part(run, 0, i)),
                listed,
            };
            let begins = |n: &Number| {
                last.continues(*n, i, behind) || last.follows(*n) && ends_in_units(part(run, 0, i))
            };
            if let Some(n) = number(from(run, i)).filter(begins) {
                last.note(n, i);
                out.push(i);
            }
        }
        match m.fold {
            '(' | '《' | '[' | '“' => {
                if depth == 0 {
                    opened = i;
                }
                depth += 1;
            }
            ')' | '》' | ']' | '”' => depth = (depth - 1).max(0),
            _ => {}
        }
    }
    out
}

/// Longest bracket inside which no paragraph begins, in characters.
const BRACKET_MAX: usize = 200;

/// A figure counts from its first digit on.
fn may_begin(run: &[Mark], i: usize) -> bool {
    let digit = |m: Option<&Mark>| m.is_some_and(|m| m.fold.is_ascii_digit());
    let sign = |m: &Mark| m.fold == '(' || "一二三四五六七八九十".contains(m.fold);
    match run.get(i) {
        m if digit(m) => !digit(i.checked_sub(1).and_then(|j| run.get(j))),
        m => m.is_some_and(sign),
    }
}

/// Longest list of units behind which a paragraph may begin without any sign, in characters.
const UNITS_MAX: usize = 120;

/// …责任单位：市财政局、市审计局, …公开。市司法局: nothing but units since the last sentence or label.
fn ends_in_units(run: &[Mark]) -> bool {
    let reach = run.len().saturating_sub(UNITS_MAX);
    let stop = run.iter().rposition(|m| matches!(m.fold, '。' | ';'));
    let Some(stop) = stop.filter(|at| *at >= reach) else {
        return false;
    };
    let names = trim(from(run, stop + 1));
    let names = match label(names) {
        Some((Label::Units(_), len)) => trim(from(names, len)),
        _ => names,
    };
    is_named(names)
}

/// …工作分工方案一、…: the first section straight behind the paper's title.
fn ends_a_title(run: &[Mark]) -> bool {
    const KINDS: &[&str] = &[
        "方案", "要点", "计划", "措施", "意见", "清单", "分解", "分工",
    ];
    let last = run.iter().rev().filter(|m| !m.is_blank()).take(2);
    let word: String = last.map(|m| m.fold).collect();
    KINDS.iter().any(|kind| kind.chars().rev().eq(word.chars()))
}

/// What stands before a number.
#[derive(Clone, Copy)]
struct Behind {
    sentence: bool,
    blank: bool,
    title: bool,
    /// The line itself begins with a number of this kind.
    listed: bool,
}

#[derive(Default)]
struct Last {
    section: u32,
    group: u32,
    item: u32,
    /// Where the last section or group began.
    heading: usize,
}

/// Longest heading before a group that follows it without a stop, in characters.
const HEADING_MAX: usize = 60;

impl Last {
    fn note(&mut self, n: Number, at: usize) {
        match n.level {
            Level::Section => {
                (self.section, self.heading) = (n.value, at);
            }
            Level::Group => {
                (self.group, self.heading) = (n.value, at);
            }
            Level::Item => self.item = n.value,
            Level::Sub | Level::Circled => {}
        }
    }

    fn continues(&self, n: Number, at: usize, behind: Behind) -> bool {
        let near = at - self.heading.min(at) <= HEADING_MAX;
        let parted = behind.sentence || behind.blank;
        // a number left out of the list is told by its gap
        let gap = |last: u32| behind.sentence && last > 0 && n.value == last + 2;
        match n.level {
            Level::Section => {
                (parted || behind.title) && n.value == self.section + 1 || gap(self.section)
            }
            Level::Group => {
                (behind.sentence || near) && (n.value == self.group + 1 || n.value == 1)
                    || behind.blank && n.value == self.group + 1
                    || gap(self.group)
            }
            // 二、保障措施7.严格考核…, 二、健全机制1.认真…: behind a heading without a stop
            Level::Item => {
                let goes_on = n.value == self.item + 1;
                let begins = n.value == 1 && !behind.listed;
                let below = near && self.heading > 0;
                (goes_on && (parted || near))
                    || (begins && (behind.sentence || below))
                    || gap(self.item)
            }
            Level::Sub | Level::Circled => false,
        }
    }

    /// The next number of its list.
    fn follows(&self, n: Number) -> bool {
        let before = match n.level {
            Level::Section => self.section,
            Level::Group => self.group,
            Level::Item => self.item,
            Level::Sub | Level::Circled => return false,
        };
        before > 0 && n.value == before + 1
    }
}

/// Lines that begin with a number in the middle of a sentence, in a text whose own numbers are （一）: page numbers.
fn join_pages(lines: Vec<Run>) -> Vec<Run> {
    let level = |run: &Run| number(run).map(|n| n.level);
    let groups = lines
        .iter()
        .filter(|l| level(l) == Some(Level::Group))
        .count();
    let items: Vec<usize> = lines
        .iter()
        .enumerate()
        .filter(|(_, l)| level(l) == Some(Level::Item))
        .map(|(i, _)| i)
        .collect();
    let torn = |i: &usize| {
        i.checked_sub(1)
            .and_then(|j| lines.get(j))
            .is_some_and(|l| unfinished(l))
    };
    let pages = items.iter().filter(|i| torn(i)).count();
    if groups < 3 || pages == 0 || items.len() > pages + 1 {
        return lines;
    }
    let mut out: Vec<Run> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let body = if items.contains(&i) {
            from(line, number(line).map_or(0, |n| n.len))
        } else {
            line
        };
        match out.last_mut() {
            Some(last) if items.contains(&i) && torn(&i) => last.extend_from_slice(body),
            _ => out.push(body.to_vec()),
        }
    }
    out
}

/// Longest heading of a group, in characters; a torn paragraph is longer.
const GROUP_HEADING_MAX: usize = 60;

fn unfinished(run: &[Mark]) -> bool {
    let run = trim(run);
    let heading = number(run).is_some_and(|n| n.level == Level::Group)
        && weight(run) <= GROUP_HEADING_MAX
        && run.iter().all(|m| !matches!(m.fold, '。' | ';'));
    if heading {
        return false;
    }
    let sentence = run.iter().any(|m| matches!(m.fold, '。' | ',' | ';' | ':'));
    sentence
        && weight(run) > 12
        && run
            .last()
            .is_some_and(|m| super::super::text::is_han(m.ch) || matches!(m.fold, '、' | ','))
        && number(run).is_none_or(|n| n.level != Level::Section)
}
