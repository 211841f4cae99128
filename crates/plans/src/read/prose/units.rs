//! Units inside a paragraph: in brackets at its end, behind a label or a dash, or in the sentence itself.

use super::super::cells::organ_share;
use super::super::labels::{Label, label, split_labels};
use super::super::organs::{Units, as_above, parse};
use super::super::text::{
    Mark, Run, find, from, has, part, plain, starts_any, trim, trim_end_by, weight,
};

/// Share of organs in a bracket that makes it one of units.
const BRACKET_SHARE: f32 = 0.6;

/// What stands at the end of a paragraph.
#[derive(Debug, Default)]
pub(crate) struct Tail {
    /// The paragraph without its tail.
    pub(crate) text: Run,
    pub(crate) units: Vec<Units>,
    pub(crate) deadlines: Vec<Run>,
    /// （同上）
    pub(crate) above: bool,
}

impl Tail {
    pub(crate) fn found(&self) -> bool {
        !self.units.is_empty() || self.above
    }

    fn add(&mut self, parts: Vec<(Option<Label>, &[Mark])>, front: bool) {
        let (mut units, mut ends) = (Vec::new(), Vec::new());
        for (kind, text) in parts {
            match kind {
                Some(Label::Units(role)) => units.push(Units {
                    role,
                    text: text.to_vec(),
                }),
                Some(Label::Deadline) => ends.push(text.to_vec()),
                Some(Label::Person) => {}
                None => units.push(Units {
                    role: None,
                    text: text.to_vec(),
                }),
            }
        }
        let (at, to) = if front {
            (0, 0)
        } else {
            (self.units.len(), self.deadlines.len())
        };
        self.units.splice(at..at, units);
        self.deadlines.splice(to..to, ends);
    }
}

/// Takes the units and deadlines from the end of a paragraph.
pub(crate) fn take_units(run: &[Mark]) -> Tail {
    let mut tail = Tail::default();
    let mut rest = trim(run);
    if let Some(at) = label_at(rest).or_else(|| dash_at(rest)) {
        let names = from(rest, at)
            .iter()
            .copied()
            .skip_while(|m| m.fold == '—')
            .collect::<Run>();
        tail.add(split_labels(&names), false);
        rest = trim_end_by(part(rest, 0, at), Mark::is_blank);
    }
    loop {
        let body = trim_end_by(rest, |m| m.is_blank() || matches!(m.fold, '。' | ';' | '.'));
        let Some(open) = last_bracket(body) else {
            break;
        };
        let inner = trim(part(body, open + 1, body.len() - 1));
        if as_above(&plain(inner)) {
            tail.above = true;
        } else {
            let Some(parts) = bracket(inner, part(body, 0, open)) else {
                break;
            };
            tail.add(parts, true);
        }
        rest = trim(part(body, 0, open));
    }
    tail.text = rest.to_vec();
    tail
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

type Parts<'a> = Vec<(Option<Label>, &'a [Mark])>;

/// Units and deadlines of a bracket's text; `None` where it holds neither. A bare name counts only behind a sentence,
/// for elsewhere it is another name of what stands before it.
fn bracket<'a>(inner: &'a [Mark], before: &[Mark]) -> Option<Parts<'a>> {
    let parts = split_labels(inner);
    if parts
        .iter()
        .any(|(l, _)| matches!(l, Some(Label::Units(_) | Label::Deadline)))
    {
        return Some(parts);
    }
    let text = plain(inner);
    let duty = ["牵头", "负责", "配合", "落实", "分工", "承办", "会同"]
        .iter()
        .any(|w| text.contains(w));
    let share = organ_share(inner, weight(inner));
    let sentence = trim(before)
        .last()
        .is_none_or(|m| matches!(m.fold, '。' | ';' | '”'));
    let named = share > 0.95 && (sentence || text.contains('、'));
    (named || (duty && share >= BRACKET_SHARE)).then(|| vec![(None, inner)])
}

/// A label outside brackets after a sentence: …公开。责任单位：市司法局
fn label_at(run: &[Mark]) -> Option<usize> {
    let mut depth = 0i32;
    for (i, m) in run.iter().enumerate() {
        match m.fold {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        let before = i.checked_sub(1).and_then(|j| run.get(j));
        let free = depth <= 0
            && before.is_some_and(|m| m.is_blank() || matches!(m.fold, '。' | ';' | ',' | ')'));
        if free && matches!(label(from(run, i)), Some((Label::Units(_), _))) {
            return Some(i);
        }
    }
    None
}

/// …公开。——市司法局牵头
fn dash_at(run: &[Mark]) -> Option<usize> {
    let at = (2..run.len()).rev().find(|&i| {
        part(run, i - 1, i + 1).iter().all(|m| m.fold == '—')
            && run.get(i - 2).is_none_or(|m| m.fold != '—')
    })? - 1;
    let names: Run = from(run, at)
        .iter()
        .copied()
        .skip_while(|m| m.fold == '—')
        .collect();
    let sentence = trim(part(run, 0, at))
        .last()
        .is_some_and(|m| matches!(m.fold, '。' | ';'));
    (sentence && organ_share(&names, weight(&names)) > 0.85).then_some(at)
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
                if depth > 0 {
                    continue;
                }
                let stop = usize::from(
                    from(run, i + 1)
                        .first()
                        .is_some_and(|m| matches!(m.fold, '。' | ';')),
                );
                let behind_sentence = stop > 0
                    || part(run, start, open)
                        .last()
                        .is_some_and(|m| matches!(m.fold, '。' | ';'));
                if open > start
                    && behind_sentence
                    && bracket(trim(part(run, open + 1, i)), part(run, start, open)).is_some()
                {
                    out.push(part(run, start, i + 1 + stop).to_vec());
                    start = i + 1 + stop;
                }
            }
            _ => {}
        }
    }
    let rest = from(run, start);
    match out.last_mut() {
        Some(last) if weight(rest) < 6 || as_above(&plain(rest)) => last.extend_from_slice(rest),
        _ => out.push(rest.to_vec()),
    }
    out
}

/// Longest list of names in a sentence, in characters.
const SENTENCE_MAX: usize = 80;

/// 由市司法局负责，… and 市政府办公室牵头，…: units in the sentence itself, and how much of the text is nothing else.
pub(crate) fn sentence_units(run: &[Mark]) -> Option<(Units, usize)> {
    let start = find(run, "由").filter(|i| {
        *i == 0
            || part(run, i - 1, *i)
                .iter()
                .any(|m| matches!(m.fold, '。' | ',' | ';' | ':'))
    });
    let lead = start.map_or(0, |i| i + 1);
    let names = from(run, lead);
    for i in 2..names.len().min(SENTENCE_MAX) {
        if names.get(i).is_some_and(|m| matches!(m.fold, '。' | ';')) {
            return None;
        }
        let here = from(names, i);
        let Some(len) = starts_any(
            here,
            &[
                "牵头负责",
                "具体负责",
                "负责落实",
                "负责组织",
                "牵头",
                "负责",
            ],
        ) else {
            continue;
        };
        // 负责人, 负责同志 are people
        if here
            .get(len)
            .is_some_and(|m| matches!(m.fold, '人' | '同' | '制'))
            || (start.is_none() && !has(part(here, 0, len), "牵头"))
        {
            return None;
        }
        let end = with_cooperation(names, i + len);
        let text = part(names, 0, end);
        let organs = parse(&[Units {
            role: None,
            text: text.to_vec(),
        }]);
        if organs.list.is_empty() || !organs.strange.is_empty() || !organs.notes.is_empty() {
            return None;
        }
        let comma = names.get(end).is_some_and(|m| matches!(m.fold, ',' | ':'));
        let cut = if comma && start.is_none_or(|i| i == 0) {
            lead + end + 1
        } else {
            0
        };
        return Some((
            Units {
                role: None,
                text: text.to_vec(),
            },
            cut,
        ));
    }
    None
}

/// 甲牵头，乙配合，…: takes the clause that cooperates along.
fn with_cooperation(names: &[Mark], end: usize) -> usize {
    let Some(comma) = names.get(end).filter(|m| m.fold == ',') else {
        return end;
    };
    let _ = comma;
    for i in end + 2..names.len().min(end + SENTENCE_MAX) {
        if names
            .get(i)
            .is_some_and(|m| matches!(m.fold, '。' | ';' | ','))
        {
            return end;
        }
        if let Some(len) = starts_any(from(names, i), &["配合", "协助", "参与"]) {
            let clause = part(names, end + 1, i + len);
            let good = names.get(i + len).is_some_and(|m| m.fold == ',')
                && organ_share(clause, weight(clause)) > 0.9;
            return if good { i + len } else { end };
        }
    }
    end
}
