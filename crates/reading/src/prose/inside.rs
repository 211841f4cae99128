//! Units inside a numbered measure: in a bracket in front of it or between its words, or in one behind each of its parts.

use super::super::cells::{is_deadline, organ_share};
use super::super::labels::{Label, label, split_labels};
use super::super::number::number;
use super::super::organ_name::is_organ_run;
use super::super::organs::Units;
use super::super::text::{Mark, Run, from, part, plain, trim, trim_by, weight};
use super::units::{Tail, is_named, names_organs};

/// A bracket outside others: where it opens and where it closes.
type Bracket = (usize, usize);

fn brackets(run: &[Mark]) -> Vec<Bracket> {
    let (mut depth, mut open) = (0i32, 0);
    let mut out = Vec::new();
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
                if depth == 0 {
                    out.push((open, i));
                }
            }
            _ => {}
        }
    }
    out
}

/// Whether a bracket with a label stands in the text: （责任单位：市档案馆）.
pub(super) fn is_labelled(run: &[Mark]) -> bool {
    brackets(run).into_iter().any(|(open, close)| {
        let inner = trim(part(run, open + 1, close));
        matches!(label(inner), Some((Label::Units(_), _)))
    })
}

/// Share of organs in a bracket between words that makes it one of units.
const BRACKET_SHARE: f32 = 0.95;

/// 【市司法局】公开目录, 归集规划（责任单位：市档案馆），6月底前完成, …。（市司法局负责）8月底前完成: the units, and the text
/// without their brackets. A deadline behind the last one is the measure's.
pub(super) fn take(run: &[Mark]) -> Option<Tail> {
    let start = number(run).map_or(0, |n| n.len);
    let holds = |(open, close): &Bracket| {
        let inner = trim(part(run, open + 1, *close));
        if matches!(label(inner), Some((Label::Units(_), _))) {
            return true;
        }
        let front = *open == start && weight(from(run, close + 1)) > FRONT_MIN;
        let sentence = trim(part(run, 0, *open)).last();
        let behind = sentence.is_some_and(|m| matches!(m.fold, '。' | ';'));
        let duty = ["牵头", "负责", "配合", "落实"];
        let said = plain(inner);
        let duty = behind && duty.iter().any(|word| said.contains(word));
        (front || duty) && organ_share(inner, weight(inner)) > BRACKET_SHARE
    };
    let taken: Vec<Bracket> = brackets(run).into_iter().filter(holds).collect();
    let last = taken.last()?.1;
    let mut tail = without(run, &taken);
    let rest = from(run, last + 1);
    let behind = trim_by(rest, is_sign);
    let goes_on = rest.first().is_some_and(|m| m.fold == ',');
    let before = part(&tail.text, 0, tail.text.len() - rest.len());
    if !goes_on && weight(before) > FRONT_MIN && is_deadline(behind, weight(behind)) {
        tail.text = before.to_vec();
        tail.deadlines.push(behind.to_vec());
    }
    Some(tail)
}

/// Shortest measure behind such a bracket, in characters.
const FRONT_MIN: usize = 3;

fn is_sign(m: Mark) -> bool {
    m.is_blank() || matches!(m.fold, ',' | '。' | ';')
}

/// ①公开规划（市发改委）；②公开预算（市财政局）。: at least two brackets of nothing but names, each behind a part of the
/// measure. One behind a name is another name of the same organ.
pub(super) fn take_of_parts(run: &[Mark]) -> Option<Tail> {
    let holds = |(open, close): &Bracket| {
        let before = part(run, 0, *open);
        let clause = before
            .iter()
            .rposition(|m| matches!(m.fold, '、' | ',' | ';' | '。' | ':'))
            .map_or(0, |at| at + 1);
        let ended = from(run, close + 1)
            .first()
            .is_none_or(|m| matches!(m.fold, ';' | '。'));
        ended
            && is_named(trim(part(run, open + 1, *close)))
            && !is_organ_run(trim(from(before, clause)))
    };
    let mut taken: Vec<Bracket> = brackets(run).into_iter().filter(holds).collect();
    // （责任单位：市司法局）, at the end: the names before it explain words
    if is_labelled(run) {
        return None;
    }
    // behind sentences they part the measure by themselves
    let behind_words = |(open, _): &Bracket| {
        let before = trim(part(run, 0, *open)).last();
        before.is_some_and(|m| !matches!(m.fold, '。' | ';'))
    };
    // （学校、医院）。（市司法局）: the last one holds for all, and others must be organs beyond doubt
    if taken.last().is_some_and(|last| !behind_words(last)) {
        taken.retain(|b| !behind_words(b) || names_organs(trim(part(run, b.0 + 1, b.1))));
    }
    (taken.len() > 1 && taken.iter().any(behind_words)).then(|| without(run, &taken))
}

fn without(run: &[Mark], taken: &[Bracket]) -> Tail {
    let mut tail = Tail::default();
    let mut at = 0;
    let mut text = Run::new();
    for (open, close) in taken {
        text.extend_from_slice(part(run, at, *open));
        at = close + 1;
        for (kind, names) in split_labels(trim(part(run, open + 1, *close))) {
            let role = match kind {
                Some(Label::Deadline) => {
                    tail.deadlines.push(names.to_vec());
                    continue;
                }
                Some(Label::Person) => continue,
                Some(Label::Units(role)) => role,
                None => None,
            };
            let text = names.to_vec();
            tail.units.push(Units { role, text });
        }
    }
    text.extend_from_slice(from(run, at));
    tail.text = text;
    tail
}
