//! Units inside a paragraph: in brackets at its end, behind a label, or in the sentence itself.

use super::super::cells::organ_share;
use super::super::labels::{Label, label, split_labels};
use super::super::organ_name::is_organ;
use super::super::organs::{Units, parse};
use super::super::text::{Mark, Run, find, from, has, part, plain, starts_any, trim, trim_end_by, weight};

/// Share of organs in a bracket that makes it one of units.
const BRACKET_SHARE: f32 = 0.6;

/// Takes the units and deadlines from the end of a paragraph: the text that is left, units, deadlines.
pub(crate) fn take_units(run: &[Mark]) -> (Run, Vec<Units>, Vec<Run>) {
    let (mut units, mut ends) = (Vec::new(), Vec::new());
    let mut rest = trim(run);
    loop {
        let body = trim_end_by(rest, |m| m.is_blank() || matches!(m.fold, '。' | ';' | '.'));
        let Some(open) = last_bracket(body) else { break };
        let inner = trim(part(body, open + 1, body.len() - 1));
        let Some((more, dates)) = bracket(inner) else { break };
        units.splice(0..0, more);
        ends.splice(0..0, dates);
        rest = trim(part(body, 0, open));
    }
    if let Some(at) = label_at(rest) {
        for (kind, text) in split_labels(from(rest, at)) {
            match kind {
                Some(Label::Units(role)) => units.push(Units { role, text: text.to_vec() }),
                Some(Label::Deadline) => ends.push(text.to_vec()),
                _ => {}
            }
        }
        rest = trim_end_by(part(rest, 0, at), |m| m.is_blank() || matches!(m.fold, '(' | '['));
    }
    (rest.to_vec(), units, ends)
}

/// The bracket that closes at the end: where it opens.
fn last_bracket(run: &[Mark]) -> Option<usize> {
    let mut depth = 0i32;
    for (i, m) in run.iter().enumerate().rev() {
        match m.fold {
            ')' | ']' => depth += 1,
            '(' | '[' => depth -= 1,
            _ if depth == 0 => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(i);
        }
    }
    None
}

/// Units and deadlines of a bracket's text; `None` where it holds neither.
fn bracket(inner: &[Mark]) -> Option<(Vec<Units>, Vec<Run>)> {
    let parts = split_labels(inner);
    let labelled = parts.iter().any(|(l, _)| matches!(l, Some(Label::Units(_) | Label::Deadline)));
    if labelled {
        let (mut units, mut ends) = (Vec::new(), Vec::new());
        for (kind, text) in parts {
            match kind {
                Some(Label::Units(role)) => units.push(Units { role, text: text.to_vec() }),
                Some(Label::Deadline) => ends.push(text.to_vec()),
                Some(Label::Person) => {}
                None => units.push(Units { role: None, text: text.to_vec() }),
            }
        }
        return Some((units, ends));
    }
    let text = plain(inner);
    let duty = ["牵头", "负责", "配合", "落实", "分工", "承办", "会同"].iter().any(|w| text.contains(w));
    let share = organ_share(inner, weight(inner));
    let named = share > 0.95 && (text.contains('、') || text.contains(',') || is_organ(&text));
    (named || (duty && share >= BRACKET_SHARE)).then(|| (vec![Units { role: None, text: inner.to_vec() }], Vec::new()))
}

/// A label inside the text after a sentence: …公开。责任单位：市司法局
fn label_at(run: &[Mark]) -> Option<usize> {
    (1..run.len()).find(|&i| {
        let before = run.get(i - 1).is_some_and(|m| m.is_blank() || matches!(m.fold, '。' | ';' | '(' | '[' | ','));
        before && matches!(label(from(run, i)), Some((Label::Units(_), _)))
    })
}

/// Cuts a paragraph behind each bracket of units. One part where it has at most one.
pub(crate) fn split_at_units(run: &[Mark]) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let (mut depth, mut open, mut start) = (0i32, 0, 0);
    for (i, m) in run.iter().enumerate() {
        match m.fold {
            '(' | '[' => {
                if depth == 0 {
                    open = i;
                }
                depth += 1;
            }
            ')' | ']' if depth > 0 => {
                depth -= 1;
                let after = from(run, i + 1);
                let stop = usize::from(after.first().is_some_and(|m| matches!(m.fold, '。' | ';')));
                let sentence = open > start && (stop > 0 || part(run, 0, open).last().is_some_and(|m| matches!(m.fold, '。' | ';')) || trim(after).is_empty());
                if depth == 0 && sentence && bracket(trim(part(run, open + 1, i))).is_some_and(|(u, _)| !u.is_empty()) {
                    out.push(part(run, start, i + 1 + stop).to_vec());
                    start = i + 1 + stop;
                }
            }
            _ => {}
        }
    }
    let rest = from(run, start);
    match out.last_mut() {
        Some(last) if weight(rest) < 6 => last.extend_from_slice(rest),
        _ => out.push(rest.to_vec()),
    }
    out
}

/// Longest list of names in a sentence, in characters.
const SENTENCE_MAX: usize = 80;

/// 由市司法局负责…, 市政府办公室牵头，…: units in the sentence itself. The text stays whole.
pub(crate) fn sentence_units(run: &[Mark]) -> Vec<Units> {
    let start = find(run, "由").filter(|i| *i == 0 || part(run, i - 1, *i).iter().any(|m| matches!(m.fold, '。' | ',' | ';' | ':')));
    let names = match start {
        Some(i) => from(run, i + 1),
        None => run,
    };
    for i in 2..names.len().min(SENTENCE_MAX) {
        if names.get(i).is_some_and(|m| matches!(m.fold, '。' | ';')) {
            return Vec::new();
        }
        let here = from(names, i);
        let Some(len) = starts_any(here, &["牵头负责", "具体负责", "牵头", "负责"]) else { continue };
        // 负责人, 负责同志 are people
        if here.get(len).is_some_and(|m| matches!(m.fold, '人' | '同')) || (start.is_none() && !has(part(here, 0, len), "牵头")) {
            return Vec::new();
        }
        let text = part(names, 0, i + len);
        let organs = parse(&[Units { role: None, text: text.to_vec() }]);
        let good = !organs.list.is_empty() && organs.strange.is_empty() && organs.notes.is_empty();
        return if good { vec![Units { role: None, text: text.to_vec() }] } else { Vec::new() };
    }
    Vec::new()
}
