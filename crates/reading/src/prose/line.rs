//! What each line of running text is.

use super::super::cells::{is_deadline, looks, organ_share};
use super::super::columns::head_word;
use super::super::labels::{Label, is_lone_label, label, label_word, split_labels};
use super::super::number::{Level, Number, digits, number, numeral, only_number};
use super::super::organs::{Units, referring};
use super::super::stops::may_head;
use super::super::text::{
    Mark, Run, from, is_empty, is_han, part, plain, starts, starts_any, trim, trim_by, weight,
};
use super::Hint;
use super::units::is_named;

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// Organs, perhaps with a deadline: 责任单位：…, （甲局牵头）, or a bare unit cell.
    Units(Vec<Units>, Vec<Run>),
    Deadline(Run),
    /// A duty behind the name of its organ: 办公室：负责…
    Duty(Units, Run),
    /// A heading behind its own label: 任务名称：…
    Name(Run),
    /// The number of the record that begins here: 序号：3
    RecordNumber(u32),
    /// What a record is to reach; its measure stands behind a label of its own.
    Aim,
    /// A measure behind its own label: 任务内容：…
    Measure(Run),
    Numbered(Number),
    /// The head of the table once more, a head word a line.
    TableHead,
    /// An unnumbered heading cell of a flattened table.
    Heading,
    Body,
}

#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) run: Run,
    pub(crate) kind: Kind,
}

impl Line {
    fn new(run: &Run, kind: Kind) -> Self {
        Self {
            run: run.clone(),
            kind,
        }
    }
}

pub(crate) fn kinds(lines: &[Run], hint: Hint) -> Vec<Line> {
    let lines: Vec<Run> = lines
        .iter()
        .map(|l| trim(l).to_vec())
        .filter(|l| !l.is_empty())
        .collect();
    let lines = match hint {
        Hint::Text => with_labels_above(lines),
        Hint::Table { .. } => lines,
    };
    let records = records(&lines, hint);
    let mut out: Vec<Line> = Vec::new();
    for (i, run) in lines.iter().enumerate() {
        let next = lines.get(i + 1);
        if hint.is_table() && is_table_head(&lines, i) {
            out.push(Line::new(run, Kind::TableHead));
            continue;
        }
        let mut kind = match records.kind(run) {
            Some(kind) => kind,
            None => kind(run, next.map(Vec::as_slice), hint),
        };
        // a list of organs that goes on in the next line
        if let (
            Kind::Units(units, ends),
            Some(Line {
                kind: Kind::Units(before, before_ends),
                run: last,
            }),
        ) = (&kind, out.last_mut())
            && (weight(last) > 0
                && last
                    .last()
                    .is_some_and(|m| matches!(m.fold, '、' | ',' | '('))
                || all_labelled(run))
        {
            before.extend(units.iter().cloned());
            before_ends.extend(ends.iter().cloned());
            last.extend_from_slice(run);
            continue;
        }
        if hint.is_table()
            && matches!(kind, Kind::Body)
            && (is_heading_cell(run, next.map(Vec::as_slice))
                || is_heading_above_heading(lines.get(i..i + 3), out.last()))
        {
            kind = Kind::Heading;
        }
        if hint == Hint::Text
            && matches!(kind, Kind::Body)
            && is_heading_line(run, next.map(Vec::as_slice), out.last())
        {
            kind = Kind::Heading;
        }
        out.push(Line::new(run, kind));
    }
    out
}

/// 责任单位： / 市司法局: a label on a line of its own goes before what it names.
fn with_labels_above(lines: Vec<Run>) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::with_capacity(lines.len());
    for line in lines {
        match out.last_mut() {
            Some(last)
                if is_lone_label(last)
                    && (is_named(&line) || is_deadline(&line, weight(&line))) =>
            {
                last.extend_from_slice(&line);
            }
            _ => out.push(line),
        }
    }
    out
}

/// 工作任务 / 责任单位: head words one below the other, as a head that is printed again on each page.
fn is_table_head(lines: &[Run], i: usize) -> bool {
    let is_head = |i: usize| lines.get(i).is_some_and(|l| head_word(l).is_some());
    is_head(i) && (is_head(i + 1) || i.checked_sub(1).is_some_and(is_head))
}

/// What a line of a labelled record holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// 任务名称：…
    Name,
    /// 问题一：…, the name of a record where a content stands below it.
    Problem,
    /// 任务内容：…
    Content,
    /// 整改目标：…
    Aim,
    /// 序号：3
    Number,
}

/// How a text without table writes its tasks as labelled records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Records {
    None,
    /// A name each.
    Plain,
    /// A name and a content each: the name is the heading.
    Named,
}

impl Records {
    /// What a line is as a part of a record; none where it is no such part.
    fn kind(self, run: &[Mark]) -> Option<Kind> {
        let holds = |(part, _): &(Part, usize)| match self {
            Self::None => false,
            Self::Plain => !matches!(part, Part::Problem | Part::Aim),
            Self::Named => true,
        };
        let (part, len) = record(run).filter(holds)?;
        let said = from(run, len);
        Some(match part {
            Part::Name | Part::Problem if self == Self::Named => {
                let number = run.iter().take(numbered_by(run));
                Kind::Name(number.chain(said).copied().collect())
            }
            Part::Number => only_number(trim(said)).map_or(Kind::Body, Kind::RecordNumber),
            Part::Aim => Kind::Aim,
            Part::Name | Part::Problem | Part::Content => Kind::Measure(said.to_vec()),
        })
    }
}

fn records(lines: &[Run], hint: Hint) -> Records {
    let count = |part: Part| {
        let is = |l: &&Run| record(l).is_some_and(|(p, _)| p == part);
        lines.iter().filter(is).count()
    };
    // （1）…（责任单位：甲局） / 整改措施：…: a deeper number with units of its own is a measure, too
    let level = |n: Number, l: &Run| {
        n.level == Level::Item || n.level > Level::Item && super::units::take_units(l).found()
    };
    let measures = |l: &&Run| record(l).is_none() && number(l).is_some_and(|n| level(n, l));
    let numbered = lines.iter().filter(measures).count();
    let contents = count(Part::Content);
    let names = match contents > 1 {
        true => count(Part::Name).max(count(Part::Problem)),
        false => count(Part::Name),
    };
    match (hint, names, contents) {
        // 1.公布目录 / 主要措施：…: the content goes on with the measure that has the number
        (Hint::Text, 0, contents) if numbered > 0 && numbered >= contents => Records::None,
        (Hint::Text, names, contents) if names > 1 && contents > 1 => Records::Named,
        (Hint::Text, names, contents) if names.max(contents) > 1 => Records::Plain,
        // one record alone, between whose lines nothing else stands
        (Hint::Text, names, contents) if names + contents == 1 && all_of_a_record(lines) => {
            Records::Plain
        }
        _ => Records::None,
    }
}

/// Fewest lines of a record that stands alone.
const ALONE_MIN: usize = 3;

/// 工作任务：…, 责任单位：…, 完成时限：… and nothing else: every line has a label.
fn all_of_a_record(lines: &[Run]) -> bool {
    let units = |l: &&Run| matches!(label(l), Some((Label::Units(_), _)));
    let told = |l: &Run| record(l).is_some() || label(l).is_some();
    lines.len() >= ALONE_MIN && lines.iter().filter(units).count() > 0 && lines.iter().all(told)
}

/// Words of the labels of a record.
const NAMES: &[&str] = &[
    "任务名称",
    "工作任务",
    "重点任务",
    "目标任务",
    "事项名称",
    "工作事项",
    "重点工作",
    "任务事项",
    "重点工作任务",
    "主要任务",
    "年度任务",
    "民生实事",
    "实事项目",
    "项目名称",
    "实事名称",
    "存在问题",
    "反馈问题",
    "问题描述",
    "具体问题",
];
const NUMBERS: &[&str] = &["序号", "编号", "任务序号", "任务编号"];
const AIMS: &[&str] = &["整改目标", "工作目标", "目标要求", "预期目标"];
const CONTENTS: &[&str] = &[
    "任务内容",
    "工作内容",
    "具体任务",
    "具体措施",
    "工作措施",
    "主要措施",
    "具体举措",
    "工作举措",
    "具体内容",
    "主要内容",
    "建设内容",
    "整改措施",
    "整改任务",
    "整改举措",
];

/// Whether a text is nothing but such a label: 任务名称.
pub(crate) fn is_record_label(run: &[Mark]) -> bool {
    [NAMES, NUMBERS, CONTENTS]
        .iter()
        .filter_map(|words| starts_any(run, words))
        .any(|len| len >= run.len())
}

/// Whether a line begins with such a label: 任务名称：….
pub(crate) fn begins_record(run: &[Mark]) -> bool {
    record(trim(run)).is_some()
}

/// Whether a line tells behind its label what is to be done: 整改措施：….
pub(super) fn tells_content(run: &[Mark]) -> bool {
    matches!(record(trim(run)), Some((Part::Content, _)))
}

/// The label of a record with its length.
fn record(run: &[Mark]) -> Option<(Part, usize)> {
    let before = numbered_by(run);
    let run = from(run, before);
    let (part, len) = starts_any(run, NAMES)
        .map(|len| (Part::Name, len))
        .or_else(|| problem(run).map(|len| (Part::Problem, len)))
        .or_else(|| starts_any(run, AIMS).map(|len| (Part::Aim, len)))
        .or_else(|| starts_any(run, CONTENTS).map(|len| (Part::Content, len)))
        .or_else(|| starts_any(run, NUMBERS).map(|len| (Part::Number, len)))?;
    let sign = run.get(len).is_some_and(|m| m.fold == ':');
    let said = weight(from(run, len + 1)) > 3 || part == Part::Number;
    (sign && said).then_some((part, before + len + 1))
}

/// Length of the number before a label: （一）重点任务：…
fn numbered_by(run: &[Mark]) -> usize {
    number(run).map_or(0, |n| n.len)
}

/// 问题一：…, 问题3：…
fn problem(run: &[Mark]) -> Option<usize> {
    let word = starts(run, "问题")?;
    let no = from(run, word);
    digits(no)
        .or_else(|| numeral(no))
        .map(|(_, len)| word + len)
}

/// Longest line of a person or of who supervises, in characters.
const PERSON_MAX: usize = 40;

/// 牵头领导：某某, 联系电话：…, 督办单位：…: a line beside a measure that tells nothing of the measure itself.
pub(crate) fn is_person_line(run: &[Mark]) -> bool {
    const ENDS: &[&str] = &[
        "领导",
        "责任人",
        "负责人",
        "联系人",
        "联络人",
        "联络员",
        "包保人",
        "电话",
        "联系方式",
        "督办单位",
        "督查单位",
        "督导单位",
        "监督单位",
    ];
    let run = trim(run);
    let Some(colon) = run
        .iter()
        .take(PERSON_LABEL_MAX)
        .position(|m| m.fold == ':')
    else {
        return false;
    };
    let (word, value) = (plain(part(run, 0, colon)), trim(from(run, colon + 1)));
    let labelled = split_labels(run)
        .iter()
        .any(|(label, _)| matches!(label, Some(Label::Units(_) | Label::Deadline)));
    let supervises = word.ends_with("单位");
    ENDS.iter().any(|end| word.ends_with(end))
        && number(run).is_none()
        && (1..=PERSON_MAX).contains(&weight(value))
        && !labelled
        && (supervises || !is_named(value))
        && !value.iter().any(|m| matches!(m.fold, '。' | ';'))
}

/// Longest label of such a line, in characters.
const PERSON_LABEL_MAX: usize = 9;

fn all_labelled(run: &[Mark]) -> bool {
    label(trim(run)).is_some()
}

fn kind(run: &[Mark], next: Option<&[Mark]>, hint: Hint) -> Kind {
    if let Some(kind) = labelled(run) {
        return kind;
    }
    let bracketed = inside_bracket(run);
    if let Some(inner) = bracketed {
        if let Some(kind) = labelled(inner) {
            return kind;
        }
        if organ_share(inner, weight(inner)) > BARE_SHARE {
            return Kind::Units(
                vec![Units {
                    role: None,
                    text: inner.to_vec(),
                }],
                Vec::new(),
            );
        }
    }
    if let Some(n) = number(run) {
        return Kind::Numbered(n);
    }
    if let Some(duty) = duty(run).filter(|_| hint == Hint::Text) {
        return duty;
    }
    let looks = looks(run);
    if hint.is_table() && looks.deadline {
        return Kind::Deadline(run.to_vec());
    }
    let signed = next.is_some_and(super::super::notice::is_date_line);
    let addressed = run.last().is_some_and(|m| m.fold == ':');
    // the last line may be cut off in the middle of a name
    let least = if next.is_none() && hint.is_table() {
        LAST_SHARE
    } else {
        BARE_SHARE
    };
    let enough = looks.organs > least && !(hint == Hint::Text && looks.weight < 3);
    // 各县参照执行，10月底前完成。（责任单位：市司法局）: a sentence before its units
    let tail = |run| super::units::take_units(run);
    let sentence = hint == Hint::Text
        && matches!(run.last().map(|m| m.fold), Some(')' | ']'))
        && tail(run).text.iter().any(|m| m.fold == '。');
    let enough = enough && !sentence;
    if enough && !signed && !addressed {
        return Kind::Units(
            vec![Units {
                role: None,
                text: run.to_vec(),
            }],
            Vec::new(),
        );
    }
    Kind::Body
}

/// Longest name before the colon of a duty, in characters.
const DUTY_NAME_MAX: usize = 24;
/// Shortest duty behind the colon, in characters.
const DUTY_MIN: usize = 6;

const DUTY_VERBS: &[&str] = &[
    "负责", "牵头", "做好", "组织", "承担", "配合", "承办", "指导", "统筹", "协调",
];

/// 办公室：负责政务公开的组织协调。
fn duty(run: &[Mark]) -> Option<Kind> {
    let colon = run.iter().take(DUTY_NAME_MAX).position(|m| m.fold == ':')?;
    let (name, text) = (trim(part(run, 0, colon)), trim(from(run, colon + 1)));
    let named = organ_share(name, weight(name)) > BARE_SHARE;
    let verb = starts_any(text, DUTY_VERBS).is_some();
    (named && verb && weight(text) >= DUTY_MIN).then(|| {
        let units = Units {
            role: None,
            text: name.to_vec(),
        };
        Kind::Duty(units, text.to_vec())
    })
}

/// Share of organs in a line that makes it a unit cell.
const BARE_SHARE: f32 = 0.85;
const LAST_SHARE: f32 = 0.6;

/// 责任单位：… 完成时限：…
fn labelled(run: &[Mark]) -> Option<Kind> {
    let run = trim(run);
    // 以上任务责任单位：…
    let run = trim(from(run, referring(run)));
    if label(run).is_none() {
        return without_sign(run);
    }
    if is_lone_label(run) {
        return Some(Kind::TableHead);
    }
    let (mut units, mut ends) = (Vec::new(), Vec::new());
    for (label, text) in split_labels(run) {
        match label {
            Some(Label::Units(role)) => units.push(Units {
                role,
                text: text.to_vec(),
            }),
            Some(Label::Deadline) => ends.push(text.to_vec()),
            _ => {}
        }
    }
    if units.is_empty() {
        return ends.into_iter().next().map(Kind::Deadline);
    }
    Some(Kind::Units(units, ends))
}

/// 责任部门 市司法局: the colon behind the label was lost, and nothing but names stands behind it.
fn without_sign(run: &[Mark]) -> Option<Kind> {
    let (Label::Units(role), len) = label_word(run)? else {
        return None;
    };
    let names = from(run, len);
    let parted = names.first().is_some_and(|m| m.is_blank());
    (parted && is_named(trim(names))).then(|| {
        let text = trim(names).to_vec();
        Kind::Units(vec![Units { role, text }], Vec::new())
    })
}

/// The text of a line that stands in brackets as a whole.
fn inside_bracket(run: &[Mark]) -> Option<&[Mark]> {
    let run = trim_by(run, |m| m.is_blank() || m.fold == '。');
    let (first, last) = (run.first()?.fold, run.last()?.fold);
    if number(run).is_some_and(|n| matches!(n.level, Level::Group | Level::Sub)) {
        return None;
    }
    (matches!(first, '(' | '[') && matches!(last, ')' | ']'))
        .then(|| trim(from(run, 1).split_last().map_or(&[][..], |(_, rest)| rest)))
}

/// Longest heading cell without number, in characters.
const HEADING_MAX: usize = 32;

/// A short cell above a longer text, without the look of a sentence: 深化重点领域公开.
fn is_heading_cell(run: &[Mark], next: Option<&[Mark]>) -> bool {
    let text = plain(run);
    let short = text.chars().count() <= HEADING_MAX
        && text.contains(is_han)
        && !text.ends_with(['。', ';'])
        && !text.contains(['。', ',']);
    let above = next.is_some_and(|n| {
        !is_empty(n) && looks(n).organs < 0.5 && (number(n).is_some() || weight(n) > weight(run))
    });
    short && above
}

/// Two heading cells one below the other, behind a measure that has ended: section and group.
fn is_heading_above_heading(lines: Option<&[Run]>, before: Option<&Line>) -> bool {
    let Some([run, next, below]) = lines else {
        return false;
    };
    let ended = before.is_none_or(|line| {
        let stopped = line
            .run
            .last()
            .is_some_and(|m| matches!(m.fold, '。' | ';'));
        matches!(line.kind, Kind::Units(..) | Kind::Deadline(_)) || stopped
    });
    let titled = |run: &Run| {
        let text = plain(run);
        (4..=HEADING_MAX).contains(&text.chars().count()) && !text.contains(['。', ';', ',', ':'])
    };
    let heads = number(next).is_none() && is_heading_cell(next, Some(below));
    ended && heads && titled(run) && number(run).is_none() && looks(next).organs < 0.5
}

/// 做好规划公开, on a line of its own between a measure that has ended and a numbered one.
fn is_heading_line(run: &[Mark], next: Option<&[Mark]>, before: Option<&Line>) -> bool {
    let text = plain(run);
    let least = if may_head(run) { 2 } else { 4 };
    let short = (least..=HEADING_MAX).contains(&text.chars().count())
        && text.contains(is_han)
        && !text.contains(['。', ';', ':', ',', '?', '!'])
        && !text.ends_with([')', ']', '、']);
    let above = next
        .and_then(number)
        .is_some_and(|n| n.level == Level::Item && !n.nested);
    let ended = before.is_none_or(|line| match line.kind {
        Kind::Units(..) | Kind::Deadline(_) => true,
        Kind::Numbered(n) if n.level <= Level::Group => true,
        _ => line
            .run
            .last()
            .is_some_and(|m| matches!(m.fold, '。' | ')' | ']')),
    });
    short && above && ended
}
