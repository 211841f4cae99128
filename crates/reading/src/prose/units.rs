//! Units at the end of a paragraph: in brackets, behind a label or a dash.

use super::super::answers;
use super::super::cells::{is_deadline, organ_share};
use super::super::labels::{Label, label, split_labels};
use super::super::number::number;
use super::super::organ_name::{LEVELS, is_organ, without_brackets};
use super::super::organs::{Units, as_above, parse};
use super::super::text::{Mark, Run, from, part, plain, trim, trim_end_by, weight};

mod mixed;
mod parts;

use mixed::{mostly_named, timed};
pub(crate) use parts::split_at_units;

/// Share of organs in a bracket that makes it one of units.
const BRACKET_SHARE: f32 = 0.6;
/// Share of organs in a text that is nothing but names.
const NAMED_SHARE: f32 = 0.95;

/// What stands at the end of a paragraph.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tail {
    /// The paragraph without its tail.
    pub(crate) text: Run,
    pub(crate) units: Vec<Units>,
    pub(crate) deadlines: Vec<Run>,
    /// （同上）
    pub(crate) above: bool,
    /// Their bracket is never closed.
    pub(crate) open: bool,
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
                None if is_deadline(text, weight(text)) => ends.push(text.to_vec()),
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
    take(run, Brackets::BehindSentences)
}

/// What a bracket of one bare name at the end of a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Brackets {
    /// Units behind a sentence; elsewhere another name of what stands before it.
    BehindSentences,
    /// Units always: the measures of this text end in such brackets.
    Always,
    /// The measures of this text end in names without brackets: …公开预算。市财政局
    Bare,
    /// The units of this measure stand further down, so that only what says so by itself holds units as well.
    Followed,
}

pub(crate) fn take(run: &[Mark], brackets: Brackets) -> Tail {
    answers::tail(run, brackets, || tail_of(run, brackets))
}

fn tail_of(run: &[Mark], brackets: Brackets) -> Tail {
    let mut tail = Tail::default();
    let mut rest = trim(run);
    if let Some(at) = label_at(rest)
        .or_else(|| dash_at(rest))
        .or_else(|| duty_at(rest))
        .or_else(|| bare_at(rest).filter(|_| brackets == Brackets::Bare))
    {
        let names = from(rest, at)
            .iter()
            .copied()
            .skip_while(|m| m.fold == '—')
            .collect::<Run>();
        tail.add(split_labels(&names), false);
        rest = trim_end_by(part(rest, 0, at), |m| m.is_blank() || m.fold == ',');
    }
    if let Some(at) = never_closed(rest) {
        let inner = trim_end_by(from(rest, at + 1), is_stop);
        let inner = match is_named(inner) {
            true => inner,
            false => without_torn(inner),
        };
        tail.add(split_labels(inner), true);
        tail.open = true;
        rest = trim(part(rest, 0, at));
    }
    let mut unclosed = unclosed_label(trim_end_by(rest, is_stop));
    loop {
        let body = trim_end_by(rest, is_stop);
        let Some(open) = unclosed.take().or_else(|| last_bracket(body)) else {
            break;
        };
        let inner = trim(part(body, open + 1, body.len() - 1));
        if as_above(&plain(inner)) {
            tail.above = true;
        } else {
            let before = part(body, 0, open);
            if is_addressee(before) && is_named(inner) {
                break;
            }
            let held = match brackets == Brackets::Followed || !tail.units.is_empty() {
                true => firm(inner, before, brackets),
                false => bracket(inner, before).or_else(|| {
                    let named = brackets == Brackets::Always && is_named(inner);
                    let dated = is_deadline(inner, weight(inner));
                    (named || dated).then(|| vec![(None, inner)])
                }),
            };
            let Some(parts) = held else { break };
            tail.add(parts, true);
        }
        rest = trim(part(body, 0, open));
    }
    if let Some(at) = time_at(rest) {
        tail.add(split_labels(trim_end_by(from(rest, at), is_stop)), false);
        rest = trim(part(rest, 0, at));
    }
    tail.text = rest.to_vec();
    tail
}

/// …事项目录。完成时间：4月底前。: a labelled time closes the measure, outside brackets.
fn time_at(run: &[Mark]) -> Option<usize> {
    let closes = |i: &usize| {
        let behind_stop = matches!(run.get(i - 1).map(|m| m.fold), Some('。' | ';'));
        behind_stop
            && matches!(label(from(run, *i)), Some((Label::Deadline, len)) if {
                let time = trim_end_by(from(run, i + len), is_stop);
                is_deadline(time, weight(time))
            })
    };
    (1..run.len()).rev().take(TIME_REACH).find(closes)
}

/// How far from the end of a measure such a label may begin, in characters.
const TIME_REACH: usize = 40;

fn is_stop(m: Mark) -> bool {
    m.is_blank() || matches!(m.fold, '。' | ';' | '.')
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

/// （责任单位：各县（区）政府（管委会和各部门）: a bracket inside lacks its right half; the one with the label is meant.
fn unclosed_label(run: &[Mark]) -> Option<usize> {
    let mut open = Vec::new();
    for (i, m) in run.iter().enumerate() {
        match m.fold {
            '(' | '[' => open.push(i),
            ')' | ']' => {
                open.pop();
            }
            _ => {}
        }
    }
    let closes = run.last().is_some_and(|m| matches!(m.fold, ')' | ']'));
    let at = *open.first().filter(|_| closes && open.len() == 1)?;
    label(from(run, at + 1)).map(|_| at)
}

/// …公开。（责任单位：市司法局: the bracket goes on to the end.
fn never_closed(run: &[Mark]) -> Option<usize> {
    let mut open = Vec::new();
    for (i, m) in run.iter().enumerate() {
        match m.fold {
            '(' | '[' => open.push(i),
            ')' | ']' => {
                open.pop();
            }
            _ => {}
        }
    }
    let closes = trim_end_by(run, is_stop)
        .last()
        .is_some_and(|m| matches!(m.fold, ')' | ']'));
    let at = *open.first().filter(|at| !closes && **at > 0)?;
    let (kind, len) = label(from(run, at + 1))?;
    let names = from(run, at + 1 + len);
    let named = is_named(names) || is_named(without_torn(names));
    (matches!(kind, Label::Units(_)) && named).then_some(at)
}

/// 甲局、乙局；责任单位：区政: the text ends inside the last name; what is whole before it.
fn without_torn(names: &[Mark]) -> &[Mark] {
    let sign = |m: &Mark| matches!(m.fold, '、' | ',' | ';' | ':');
    let Some(last) = names.iter().rposition(sign) else {
        return names;
    };
    let whole = part(names, 0, last);
    match names.get(last).is_some_and(|m| m.fold == ':') {
        // the torn name is the only one behind its label
        true => part(
            whole,
            0,
            whole
                .iter()
                .rposition(|m| matches!(m.fold, ';' | ',' | '。'))
                .unwrap_or(0),
        ),
        false => whole,
    }
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
    let duty = SAID.iter().any(|w| text.contains(w));
    let share = organ_share(inner, weight(inner));
    let sentence = trim(before)
        .last()
        .is_none_or(|m| matches!(m.fold, '。' | ';' | '”'))
        || dated_before(before);
    let named = share > NAMED_SHARE && (sentence || text.contains('、'));
    if named || (duty && share >= BRACKET_SHARE) {
        return Some(vec![(None, inner)]);
    }
    timed(inner).or_else(|| mostly_named(inner, share, sentence))
}

/// …书面报送局行评办 before （局办公室）: the bracket says who the addressee of a report is.
fn is_addressee(before: &[Mark]) -> bool {
    let clause = before.rsplit(|m| matches!(m.fold, '。' | ';' | ','));
    let text = plain(clause.into_iter().next().unwrap_or_default());
    let sent = ["报送", "上报", "报至", "送至", "反馈至", "反馈给", "抄送"];
    let to = sent.iter().filter_map(|w| Some((text.rfind(w)?, w.len())));
    let name = to.max().and_then(|(at, len)| text.get(at + len..));
    name.is_some_and(is_organ)
}

/// Words that say what the names before them do.
const SAID: &[&str] = &[
    "牵头", "负责", "配合", "落实", "分工", "承办", "会同", "统筹", "指导",
];

/// （学校、医院）。（责任单位：县教育局）: before other units of its measure a bracket holds units only where it says so by
/// itself; what looks like names explains a word.
fn firm<'a>(inner: &'a [Mark], before: &[Mark], brackets: Brackets) -> Option<Parts<'a>> {
    let parts = split_labels(inner);
    let labelled = |l: &Option<Label>| matches!(l, Some(Label::Units(_) | Label::Deadline));
    if parts.iter().any(|(l, _)| labelled(l)) {
        return Some(parts);
    }
    let text = plain(inner);
    let duty = SAID.iter().any(|w| text.contains(w));
    let sentence = trim(before)
        .last()
        .is_some_and(|m| matches!(m.fold, '。' | ';'));
    let organs = (sentence || brackets == Brackets::Always) && names_organs(inner);
    let named = is_named(inner) && (duty || organs);
    if named || is_deadline(inner, weight(inner)) {
        return Some(vec![(None, inner)]);
    }
    timed(inner)
}

/// （6月底前）（县财政局）: the bracket before this one holds a date.
fn dated_before(before: &[Mark]) -> bool {
    let run = trim(before);
    let open = last_bracket(run);
    open.is_some_and(|open| {
        let inner = trim(part(run, open + 1, run.len().saturating_sub(1)));
        is_deadline(inner, weight(inner))
    })
}

/// A label outside brackets after a sentence: …公开。责任单位：市司法局
fn label_at(run: &[Mark]) -> Option<usize> {
    let mut depth = 0i32;
    let mut units_at = None;
    for (i, m) in run.iter().enumerate() {
        match m.fold {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        let before = i.checked_sub(1).and_then(|j| run.get(j));
        let free = depth <= 0
            && before.is_some_and(|m| m.is_blank() || matches!(m.fold, '。' | ';' | ',' | ')'));
        if !free {
            if depth <= 0 && is_tail_label(run, i) {
                return Some(i);
            }
            continue;
        }
        match label(from(run, i)) {
            Some((Label::Units(_), _)) => return Some(i),
            // 责任领导：… 责任部门：…: the labels begin with the person
            Some(_) => {
                let last = *units_at.get_or_insert_with(|| last_units(run));
                if last.is_some_and(|at| at > i) {
                    return Some(i);
                }
            }
            _ => {}
        }
    }
    None
}

/// Longest text behind such a label, in characters.
const TAIL_MAX: usize = 400;

/// …公开到位责任单位：市司法局: the stop before the label was lost; nothing but names stands behind it.
fn is_tail_label(run: &[Mark], i: usize) -> bool {
    let begins = run
        .get(i)
        .is_some_and(|m| matches!(m.fold, '责' | '牵' | '主' | '承'));
    begins
        && i > 0
        && run.len() - i <= TAIL_MAX
        && matches!(label(from(run, i)), Some((Label::Units(_), len)) if len > 4
        && split_labels(from(run, i + len)).iter().all(|(kind, names)| {
            matches!(kind, Some(Label::Deadline | Label::Person)) || is_named(names)
        }))
}

/// The last label of units outside brackets.
fn last_units(run: &[Mark]) -> Option<usize> {
    let mut depth = 0i32;
    let mut last = None;
    for (i, m) in run.iter().enumerate() {
        match m.fold {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 && matches!(label(from(run, i)), Some((Label::Units(_), _))) {
            last = Some(i);
        }
    }
    last
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

/// A bracket that holds nothing but names.
pub(crate) fn is_named(inner: &[Mark]) -> bool {
    organ_share(inner, weight(inner)) > NAMED_SHARE
}

/// A heading that names organs and nothing else; each name must say so by itself (政府网站 and 企事业单位 do not).
pub(crate) fn names_organs(run: &[Mark]) -> bool {
    (NAME_MIN..=NAMES_MAX).contains(&weight(run))
        && is_named(run)
        && without_brackets(&plain(run))
            .split(['、', ','])
            .all(says_organ)
}

/// 党政办公室牵头任务, 县司法局负责的重点工作: the names with their duty, in front of a word for the measures below.
pub(crate) fn duty_in_heading(run: &[Mark]) -> Option<Run> {
    const WORDS: &[&str] = &["任务", "工作", "事项", "项目", "措施"];
    const MANNERS: &[&str] = &["重点", "主要", "具体", "的"];
    const DUTIES: &[&str] = &["牵头", "负责", "承办", "主办", "落实", "配合"];
    if !(NAME_MIN..=NAMES_MAX).contains(&weight(run)) {
        return None;
    }
    let body: Run = run.iter().copied().filter(|m| !m.is_blank()).collect();
    let cut = |run: &mut &[Mark], words: &[&str]| {
        let text = plain(run);
        let word = words.iter().find(|w| text.ends_with(**w));
        if let Some(word) = word {
            *run = part(run, 0, run.len() - word.chars().count());
        }
        word.is_some()
    };
    let mut said = body.as_slice();
    while cut(&mut said, WORDS) || cut(&mut said, MANNERS) {}
    let text = plain(said);
    if !DUTIES.iter().any(|duty| text.ends_with(duty)) {
        return None;
    }
    let units = Units {
        role: None,
        text: said.to_vec(),
    };
    let organs = parse(std::slice::from_ref(&units));
    let whole = organs.strange.is_empty() && organs.notes.is_empty() && !organs.list.is_empty();
    // 跨部门配合, 单位负责 name nobody
    let named = |name: &str| {
        says_organ(name)
            || !["部门", "单位", "科室"]
                .iter()
                .any(|end| name.ends_with(end))
    };
    let all = organs
        .list
        .iter()
        .all(|o| named(&without_brackets(&o.name)));
    (whole && all).then_some(units.text)
}

/// 一、目录管理（6月底前完成）, （二）9月底前完成的任务: the dates of a heading, which hold for what stands below it.
pub(crate) fn dates_in_heading(run: &[Mark]) -> Vec<Run> {
    const THINGS: &[&str] = &["任务", "工作", "事项", "项目", "措施"];
    if weight(run) > HEADING_MAX {
        return Vec::new();
    }
    let tail = take_units(run);
    if !tail.deadlines.is_empty() {
        return tail.deadlines;
    }
    let body = from(run, number(run).map_or(0, |n| n.len));
    let text = plain(body);
    let Some(rest) = THINGS.iter().find_map(|thing| text.strip_suffix(thing)) else {
        return Vec::new();
    };
    let said = rest.trim_end_matches('的');
    let dated = part(body, 0, said.chars().count());
    let whole = said.len() < rest.len() && body.iter().all(|m| !m.is_blank());
    let holds = whole && is_deadline(dated, weight(dated));
    holds.then(|| dated.to_vec()).into_iter().collect()
}

/// 一、动员部署（3月1日—3月31日）, 二、6月底前完成的任务（3项）: a day or a month stands in a heading, and no time limit alone.
pub(crate) fn may_date(run: &[Mark]) -> bool {
    const ENDS: &[&str] = &["前", "底", "日", "末"];
    let text = plain(run);
    let figure = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        before.ends_with(|c: char| c.is_ascii_digit())
    };
    let mut months = text.match_indices('月').filter(|(at, _)| figure(*at));
    let dated = months.any(|(at, month)| {
        let rest = text.get(at + month.len()..).unwrap_or_default();
        ENDS.iter().any(|end| rest.starts_with(end))
            || rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '—' | '-' | '至'))
    });
    weight(run) <= HEADING_MAX && (dated || text.contains("年底前"))
}

/// Longest heading with a date, in characters.
const HEADING_MAX: usize = 60;

/// 县教育局, 各村（社区）, 党政办公室, 财政所; no 政务服务中心, which a measure may be about.
fn says_organ(name: &str) -> bool {
    const ENDS: &[&str] = &[
        "局",
        "委",
        "办",
        "办公室",
        "科",
        "股",
        "处",
        "政府",
        "部门",
        "中心",
        "所",
        "村",
        "镇",
        "社区",
        "街道",
        "单位",
        "科室",
        "宣传部",
        "组织部",
        "统战部",
        "武装部",
        "工作部",
    ];
    const OFFICES: &[&str] = &["办公室", "办", "所", "科", "股", "站"];
    let bare = name.split('(').next().unwrap_or(name);
    let ends = |list: &[&str]| list.iter().any(|e| bare.ends_with(e));
    name.starts_with(LEVELS) && ends(ENDS) || ends(OFFICES) && !name.contains("公开")
}

/// Shortest heading of nothing but a name, in characters.
const NAME_MIN: usize = 3;
/// Longest heading of nothing but names, in characters.
const NAMES_MAX: usize = 60;

/// Whether a paragraph ends in a bracket of nothing but names.
pub(crate) fn ends_in_names(run: &[Mark]) -> bool {
    let body = trim_end_by(run, |m| m.is_blank() || matches!(m.fold, '。' | ';' | '.'));
    last_bracket(body).is_some_and(|open| is_named(part(body, open + 1, body.len() - 1)))
}

/// …公开。市税务局牵头，市财政局配合: a last sentence of nothing but names and their duties.
fn duty_at(run: &[Mark]) -> Option<usize> {
    let body = trim_end_by(run, |m| m.is_blank() || matches!(m.fold, '。' | ';'));
    let at = body
        .iter()
        .rposition(|m| matches!(m.fold, '。' | ';'))
        .map(|i| i + 1)?;
    let names = from(body, at);
    let text = plain(names);
    let duty = ["牵头", "配合", "负责", "落实"]
        .iter()
        .any(|w| text.ends_with(w));
    (duty && is_named(names)).then_some(at)
}

/// Longest list of names without any sign, in characters.
const BARE_MAX: usize = 80;

/// …公开预算。市财政局, …公开预算 市财政局 市审计局: nothing but names behind a stop or a blank.
fn bare_at(run: &[Mark]) -> Option<usize> {
    let body = trim_end_by(run, is_stop);
    let cuts = body
        .iter()
        .enumerate()
        .filter(|(_, m)| m.is_blank() || matches!(m.fold, '。' | ';'))
        .map(|(i, _)| i + 1);
    let short = |at: &usize| body.len() - at <= BARE_MAX;
    let named = |at: &usize| is_named(from(body, *at));
    cuts.rev().take_while(|at| short(at) && named(at)).last()
}

/// Whether a paragraph ends in names behind a stop or a blank.
pub(crate) fn ends_in_bare_names(run: &[Mark]) -> bool {
    bare_at(run).is_some()
}
