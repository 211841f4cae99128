//! Units in the sentence itself: 由市司法局负责, 市政府办公室牵头, 党政办会同司法所清理…, …，各科室按职责分工落实.

use super::super::cells::organ_share;
use super::super::organ_name::is_organ_run;
use super::super::organs::{Units, parse};
use super::super::text::{Mark, find, from, part, plain, starts_any, trim_by, weight};

/// Longest list of names in a sentence, in characters.
const SENTENCE_MAX: usize = 80;

/// Units in the sentence, and how much of the text is nothing else.
pub(crate) fn sentence_units(run: &[Mark]) -> Option<(Units, usize)> {
    before_colon(run)
        .or_else(|| led(run))
        .or_else(|| joint(run).map(|units| (units, 0)))
        .or_else(|| last_clause(run).map(|units| (units, 0)))
}

/// Longest names before a colon, in characters.
const COLON_MAX: usize = 40;

/// 财政所：公开…, 党政办牵头，各办所配合：更新…: names and their duties, and nothing else, before the colon.
fn before_colon(run: &[Mark]) -> Option<(Units, usize)> {
    let colon = run.iter().take(COLON_MAX).position(|m| m.fold == ':')?;
    let names = part(run, 0, colon);
    let text = plain(names);
    let named = organ_share(names, weight(names)) >= NAMES_SHARE;
    // 工作部门：, 责任主体： may be words for what follows
    let kind = ["主体", "窗口", "平台", "单位", "部门", "会"]
        .iter()
        .any(|end| text.ends_with(end));
    let units = Units {
        role: None,
        text: names.to_vec(),
    };
    (named && !kind).then_some((units, colon + 1))
}

/// 由市财政局负责公开…: the units with which the measure itself begins.
pub(crate) fn opening_units(run: &[Mark]) -> Option<Units> {
    starts_any(run, &["由"])?;
    led_clause(run, 0).map(|(units, _)| units)
}

/// 县教育局要及时公布…, 各乡镇人民政府应当…: the organs of which a sentence demands its measure.
pub(crate) fn subject_units(run: &[Mark]) -> Option<Units> {
    let reach = part(run, 0, SENTENCE_MAX);
    let stop = |m: &Mark| matches!(m.fold, ',' | '。' | ':' | ';');
    let stop = reach.iter().position(stop).unwrap_or(reach.len());
    let demands = |at: &usize| {
        let verb = reach.get(*at).map(|m| m.fold);
        verb.is_some_and(|c| matches!(c, '要' | '应' | '须'))
    };
    let names = (2..stop)
        .filter(demands)
        .map(|at| part(reach, 0, at))
        .find(|names| organ_share(names, weight(names)) >= NAMES_SHARE)?;
    Some(Units {
        role: None,
        text: names.to_vec(),
    })
}

/// 由市司法局负责，…, 市政府办公室牵头，…, 财政所负责公开…: the first clause that begins with names and goes on with a duty.
fn led(run: &[Mark]) -> Option<(Units, usize)> {
    let starts = run
        .iter()
        .enumerate()
        .filter(|(_, m)| matches!(m.fold, '。' | ',' | ';' | ':'))
        .map(|(i, _)| i + 1);
    std::iter::once(0)
        .chain(starts)
        .find_map(|start| led_clause(run, start))
}

/// Verbs of a duty behind names.
const DUTIES: &[&str] = &[
    "牵头负责",
    "具体负责",
    "负责落实",
    "负责组织",
    "牵头",
    "负责",
];

fn led_clause(run: &[Mark], start: usize) -> Option<(Units, usize)> {
    let blanks = from(run, start).iter().take_while(|m| m.is_blank()).count();
    let by = starts_any(from(run, start + blanks), &["由", "请"]);
    let lead = start + blanks + by.unwrap_or(0);
    let names = from(run, lead);
    let stop = |m: &Mark| matches!(m.fold, '。' | ';') || (by.is_none() && m.fold == ',');
    let reach = part(names, 0, SENTENCE_MAX)
        .iter()
        .position(stop)
        .unwrap_or(names.len().min(SENTENCE_MAX));
    let (at, len) =
        (2..reach).find_map(|i| starts_any(from(names, i), DUTIES).map(|len| (i, len)))?;
    // 负责人, 负责同志 are people
    let person = |m: &Mark| matches!(m.fold, '人' | '同' | '制');
    if names.get(at + len).is_some_and(person) {
        return None;
    }
    let named = part(names, 0, at);
    if by.is_none() && organ_share(named, weight(named)) < NAMES_SHARE {
        return None;
    }
    let end = with_cooperation(names, at + len);
    let text = part(names, 0, end);
    let organs = parse(&[Units {
        role: None,
        text: text.to_vec(),
    }]);
    if organs.list.is_empty() || !organs.strange.is_empty() || !organs.notes.is_empty() {
        return None;
    }
    let comma = names.get(end).is_some_and(|m| matches!(m.fold, ',' | ':'));
    let cut = if comma && start == 0 {
        lead + end + 1
    } else {
        0
    };
    let units = Units {
        role: None,
        text: text.to_vec(),
    };
    Some((units, cut))
}

/// 甲牵头，乙配合，…: takes the clause that cooperates along.
fn with_cooperation(names: &[Mark], end: usize) -> usize {
    if names.get(end).is_none_or(|m| m.fold != ',') {
        return end;
    }
    // 甲负责，会同乙，…
    let joined = starts_any(from(names, end + 1), &["会同", "联合"]).unwrap_or(0);
    if joined > 0 {
        let rest = part(names, end + 1 + joined, end + SENTENCE_MAX);
        let stop = rest.iter().position(|m| matches!(m.fold, ',' | '。' | ';'));
        let second = part(rest, 0, stop.unwrap_or(0));
        let named = organ_share(second, weight(second)) >= NAMES_SHARE;
        return if named {
            end + 1 + joined + second.len()
        } else {
            end
        };
    }
    for i in end + 2..names.len().min(end + SENTENCE_MAX) {
        if names
            .get(i)
            .is_some_and(|m| matches!(m.fold, '。' | ';' | ','))
        {
            return end;
        }
        if let Some(len) = starts_any(from(names, i), &["配合", "协助", "参与"]) {
            let clause = part(names, end + 1, i + len);
            let good = names
                .get(i + len)
                .is_none_or(|m| matches!(m.fold, ',' | '。' | ';'))
                && organ_share(clause, weight(clause)) > 0.9;
            return if good { i + len } else { end };
        }
    }
    end
}

/// Share of organs in what stands before the verb.
const NAMES_SHARE: f32 = 0.95;
/// Longest second name of 甲会同乙, in characters.
const SECOND_MAX: usize = 14;

/// 党政办会同司法所清理…: the longest name behind 会同 is the second one.
fn joint(run: &[Mark]) -> Option<Units> {
    let at = find(part(run, 0, SENTENCE_MAX), "会同")?;
    let second = at + 2;
    let first = part(run, 0, at);
    if !is_organ_run(first) {
        return None;
    }
    let end = (second + 2..=run.len().min(second + SECOND_MAX))
        .rev()
        .find(|&end| is_organ_run(part(run, second, end)))?;
    Some(Units {
        role: None,
        text: part(run, 0, end).to_vec(),
    })
}

/// …，党政办、司法所按职责分工落实。
fn last_clause(run: &[Mark]) -> Option<Units> {
    let body = trim_by(run, |m| m.is_blank() || m.fold == '。');
    let at = body
        .iter()
        .rposition(|m| matches!(m.fold, ',' | ';' | '。'))?;
    let clause = from(body, at + 1);
    let text = plain(clause);
    let duty = ["负责", "落实", "牵头", "承办", "实施"]
        .iter()
        .any(|w| text.ends_with(w));
    (duty && organ_share(clause, weight(clause)) >= NAMES_SHARE).then(|| Units {
        role: None,
        text: clause.to_vec(),
    })
}
