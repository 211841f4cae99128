//! Units given once for several measures, each by its numbers: 第1—2项由财政所负责，第3项由民政办负责.

use std::ops::RangeInclusive;

use super::cells::{is_deadline, organ_share};
use super::dates::{Ground, Known, said};
use super::number::{digits, numeral};
use super::organs::Units;
use super::text::{Mark, Run, from, starts, starts_any, trim, trim_by, weight};

/// Units with the numbers of their measures.
pub(crate) struct Keyed {
    parts: Vec<(Vec<RangeInclusive<u32>>, Units)>,
    /// What holds for all of them.
    pub(crate) deadlines: Vec<Run>,
    /// The numbers have no 项 behind them, and may be those of a list of names.
    pub(crate) doubtful: bool,
}

impl Keyed {
    /// The units of a measure by its number.
    pub(crate) fn units_of(&self, no: Option<u32>) -> Vec<Units> {
        let holds = |keys: &[RangeInclusive<u32>]| {
            no.is_some_and(|no| keys.iter().any(|key| key.contains(&no)))
        };
        let own = self.parts.iter().filter(|(keys, _)| holds(keys));
        own.map(|(_, units)| units.clone()).collect()
    }
}

/// Share of organs in what stands behind the numbers.
const NAMED_SHARE: f32 = 0.9;

/// Parts such a text; `None` where any clause of it is neither numbered nor names units or a time for those before.
pub(crate) fn parts(units: &Units) -> Option<Keyed> {
    let mut keyed = Keyed {
        parts: Vec::new(),
        deadlines: Vec::new(),
        doubtful: false,
    };
    let mut waiting: Option<Vec<RangeInclusive<u32>>> = None;
    for clause in clauses(&units.text) {
        let dotted = dotted_key(clause);
        keyed.doubtful |= dotted.is_some();
        let (keys, names) = match (key(clause).or(dotted), key_behind(clause)) {
            (Some((keys, len)), _) => (Some(keys), behind_key(from(clause, len))),
            (None, Some((keys, names))) => (Some(keys), names),
            (None, None) => (waiting.take(), clause),
        };
        // 第1项，县农业农村局: the name is a clause of its own
        if names.is_empty() {
            waiting = keys;
            continue;
        }
        if keys.is_none() && is_time(names) {
            keyed.deadlines.push(names.to_vec());
            continue;
        }
        if organ_share(names, weight(names)) < NAMED_SHARE {
            return None;
        }
        match (keys, keyed.parts.last_mut()) {
            (Some(keys), _) => keyed.parts.push((
                keys,
                Units {
                    role: units.role,
                    text: names.to_vec(),
                },
            )),
            // …，县水利局配合: goes on with the numbers before
            (None, Some((_, last))) => {
                last.text
                    .extend(names.first().map(|m| Mark::new('，', m.at)));
                last.text.extend_from_slice(names);
            }
            (None, None) => return None,
        }
    }
    let least = if keyed.doubtful { 2 } else { 1 };
    (waiting.is_none() && keyed.parts.len() >= least).then_some(keyed)
}

/// Whether units are told by the numbers of measures, well or badly.
pub(crate) fn names_numbers(run: &[Mark]) -> bool {
    let ranged = |clause: &[Mark]| {
        dotted_key(clause).is_some_and(|(keys, _)| keys.iter().any(|k| k.start() < k.end()))
    };
    let keyed =
        |clause: &&[Mark]| key(clause).is_some() || key_behind(clause).is_some() || ranged(clause);
    clauses(run).iter().any(keyed)
}

fn clauses(run: &[Mark]) -> Vec<&[Mark]> {
    let mut out = Vec::new();
    let (mut depth, mut start) = (0i32, 0);
    for (i, m) in run.iter().enumerate() {
        match m.fold {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '、' if depth <= 0 && !closes(run.get(start..i).unwrap_or_default()) => {}
            ',' | ';' | '。' | '\n' | '、' if depth <= 0 => {
                out.push(trim(run.get(start..i).unwrap_or_default()));
                start = i + 1;
            }
            _ => {}
        }
    }
    out.push(trim(from(run, start)));
    out.retain(|clause| !clause.is_empty());
    out
}

/// 县财政局（第1项）、县审计局（第2项）: a 、 behind such a bracket parts clauses.
fn closes(clause: &[Mark]) -> bool {
    key_behind(trim(clause)).is_some()
}

/// 均于2021年10月底前完成
fn is_time(clause: &[Mark]) -> bool {
    let body = from(
        clause,
        starts_any(clause, &["均于", "均在", "均", "都"]).unwrap_or(0),
    );
    let dated = || {
        said(
            body,
            Known {
                year: Some(2022),
                ..Known::default()
            },
            Ground::Text,
        )
    };
    is_deadline(body, weight(body))
        || (organ_share(body, weight(body)) < 0.5 && !dated().is_empty())
}

/// 由, ： and the like between the numbers and the names.
fn behind_key(rest: &[Mark]) -> &[Mark] {
    let rest = trim_by(rest, |m| m.is_blank() || m.fold == ':');
    let by = starts_any(rest, &["由", "为", "分别由", "均由"]).unwrap_or(0);
    trim_by(from(rest, by), |m| m.is_blank() || m.fold == ':')
}

/// 县财政局（第1、2项）: the numbers in a bracket behind the names.
fn key_behind(clause: &[Mark]) -> Option<(Vec<RangeInclusive<u32>>, &[Mark])> {
    let [body @ .., last] = clause else {
        return None;
    };
    // Asked at each 、 of a list that may be long.
    if last.fold != ')' {
        return None;
    }
    let open = body.iter().rposition(|m| m.fold == '(')?;
    let inner = trim(from(body, open + 1));
    let (keys, len) = key(inner)?;
    (open > 1 && len >= inner.len()).then(|| (keys, trim(body.get(..open).unwrap_or_default())))
}

/// Most numbers of one clause.
const KEYS_MAX: usize = 20;

/// The numbers of a clause, and the length of their words.
type Key = (Vec<RangeInclusive<u32>>, usize);

/// 第3项, 以上1—2项, 第1、3至5项任务
fn key(clause: &[Mark]) -> Option<Key> {
    const WORDS: &[&str] = &["项工作任务", "项任务", "项工作", "项措施", "项"];
    let (keys, at) = numbers(clause)?;
    let said = at
        .checked_sub(1)
        .and_then(|last| clause.get(last))
        .is_some_and(|m| m.fold == '项');
    let word = match starts_any(from(clause, at), WORDS) {
        Some(len) => len,
        None if said => 0,
        None => return None,
    };
    Some((keys, at + word))
}

/// 1—2.县财政局, 3：县审计局: nothing but a sign behind the numbers.
fn dotted_key(clause: &[Mark]) -> Option<Key> {
    let (keys, at) = numbers(clause)?;
    let sign = clause.get(at)?.fold;
    matches!(sign, '.' | ':').then_some((keys, at + 1))
}

fn numbers(clause: &[Mark]) -> Option<Key> {
    let count = |run: &[Mark]| {
        digits(run)
            .filter(|(_, len)| *len <= 3)
            .or_else(|| numeral(run))
    };
    let mut at = starts_any(clause, &["以上", "上述", "其中"]).unwrap_or(0);
    let mut keys = Vec::new();
    while keys.len() < KEYS_MAX {
        at += starts(from(clause, at), "第").unwrap_or(0);
        let (first, len) = count(from(clause, at))?;
        at += len + starts(from(clause, at + len), "项").unwrap_or(0);
        let dash = starts_any(from(clause, at), &["——", "—", "-", "至", "到", "~"]);
        let last = dash.and_then(|dash| {
            let ordinal = starts(from(clause, at + dash), "第").unwrap_or(0);
            let (last, len) = count(from(clause, at + dash + ordinal))?;
            Some((last, dash + ordinal + len))
        });
        let (last, more) = last.unwrap_or((first, 0));
        at += more;
        keys.push(first..=last);
        let Some(sign) = starts_any(from(clause, at), &["、", "和", "及"]) else {
            break;
        };
        at += sign;
    }
    Some((keys, at))
}

#[cfg(test)]
mod tests {
    use super::super::text::{printed, run};
    use super::*;

    fn of(text: &str, no: u32) -> Option<Vec<String>> {
        let units = Units {
            role: None,
            text: run(text),
        };
        let own = parts(&units)?.units_of(Some(no));
        Some(own.iter().map(|u| printed(&u.text)).collect())
    }

    #[test]
    fn units_by_the_numbers_of_measures() {
        let ranges =
            "以上1—2项由财政所负责，第3项由民政办负责，4至5项由各村委会负责，均于10月底前完成。";
        for (no, want) in [
            (1, "财政所负责"),
            (2, "财政所负责"),
            (3, "民政办负责"),
            (5, "各村委会负责"),
        ] {
            assert_eq!(of(ranges, no).unwrap(), [want], "{no}");
        }
        assert!(of(ranges, 6).unwrap().is_empty());
        let labelled = "第1项，县农业农村局；第2、3项：县水利局牵头，县林业局配合。";
        assert_eq!(of(labelled, 1).unwrap(), ["县农业农村局"]);
        assert_eq!(of(labelled, 3).unwrap(), ["县水利局牵头，县林业局配合"]);
        for behind in [
            "县财政局（第1、2项），县审计局（第3项）",
            "县财政局（第1—2项）、县审计局（第3项）",
        ] {
            assert_eq!(of(behind, 2).unwrap(), ["县财政局"], "{behind}");
            assert_eq!(of(behind, 3).unwrap(), ["县审计局"], "{behind}");
        }
    }

    #[test]
    fn other_units_are_none_of_these() {
        for text in [
            "县财政局、县审计局",
            "市一中，市二中",
            "县财政局负责3项工作",
            "第3项由办公室抓好这件事情的全部过程",
        ] {
            assert!(of(text, 1).is_none(), "{text}");
        }
        assert!(names_numbers(&run("第3项由办公室抓好这件事情的全部过程")));
        assert!(!names_numbers(&run("县财政局负责3项工作")));
        let dotted = Units {
            role: None,
            text: run("1—2.县财政局；3.县审计局"),
        };
        assert!(parts(&dotted).is_some_and(|keyed| keyed.doubtful));
        assert!(of("1.县财政局", 1).is_none());
    }
}
