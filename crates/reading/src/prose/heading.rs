//! Numbered lines and headings of running text: which of them head measures, and which are measures themselves.

use super::super::cells::is_deadline;
use super::super::dates::{DeadlineKind, Ground, Known, deadlines};
use super::super::event::{Event, Given, Item};
use super::super::number::{Level, Number, number};
use super::super::organs::Units;
use super::super::quantities::quantities;
use super::super::text::{Mark, Run, from, has, is_empty, part, plain, starts_any, trim, weight};
use super::line::{Kind, Line};
use super::structure::{self, Plan};
use super::{
    Hint, State, aside, body, is_sentence, list, push_item, requirement, sentence_units,
    take_units, units,
};

pub(super) fn numbered(
    lines: &[Line],
    i: usize,
    n: Number,
    plan: &Plan,
    state: &mut State,
    out: &mut Vec<Event>,
) {
    let Some(line) = lines.get(i) else { return };
    if structure::is_numbered_heading(lines, i, n, plan) {
        return heading(Level::Group, &line.run, state, out);
    }
    if n.level > Level::Section && only_asks(lines, i, n, plan, state) {
        state.open = false;
        return requirement(&line.run, out);
    }
    if let Some(level) = structure::measures_below(lines, i, n, plan) {
        let outer = state.outer.clone();
        heading(Level::Group, &line.run, state, out);
        (state.outer, state.below) = (outer, Some(level));
        state.headed = trim(&line.run).to_vec();
        return;
    }
    if n.level == plan.item && structure::counted_below(lines, i, plan) {
        let outer = state.outer.clone();
        heading(Level::Group, &line.run, state, out);
        (state.outer, state.below) = (outer, Some(Level::Circled));
        return;
    }
    if heads_deeper(lines, i, n, state, out) {
        return;
    }
    if n.level == plan.item || state.below == Some(n.level) {
        return numbered_measure(line, n, plan, state, out);
    }
    if n.level > plan.item {
        // （1） below 1.: goes on with the item
        return body(line, plan, state, out);
    }
    let deeper = structure::has_items_below(lines, i, n.level, plan.item);
    if deeper {
        return heading_above(lines, i, n.level, plan, state, out);
    }
    let (title, rest) = run_in(&line.run);
    let listed = matches!(lines.get(i + 1).map(|l| &l.kind), Some(Kind::Measure(_)));
    if listed && state.known == list::Known::ByReference && !take_units(&line.run).found() {
        // 五、建设公共设施。新建停车场、改建菜市场。: its measures stand below, each in a paragraph
        heading(n.level, title, state, out);
        return intro(rest, out);
    }
    let stands_alone =
        take_units(&line.run).found() || !is_empty(rest) || structure::nothing_below(lines, i);
    if stands_alone && plan.hint == Hint::Text && runs_into_preamble(&line.run) {
        heading(n.level, part(&line.run, 0, n.len), state, out);
        state.preamble = Some(n.level);
        return aside(&line.run, "preamble", "总体要求部分不是任务，没有列入", out);
    }
    let aside_only = is_preamble(title) && !take_units(&line.run).found();
    if stands_alone && plan.hint == Hint::Text && !aside_only {
        return stands_alone_as_measure(line, n, plan, state, out);
    }
    heading(n.level, title, state, out);
    state.paragraphs = true;
    intro(rest, out);
}

/// A heading with words of its own and nothing below: the paragraph is the measure, or its first sentence heads the rest.
fn stands_alone_as_measure(
    line: &Line,
    n: Number,
    plan: &Plan,
    state: &mut State,
    out: &mut Vec<Event>,
) {
    if n.level == Level::Section {
        state.preamble = None;
    }
    // （三）支持地方探索，鼓励先行先试，推进改革。通过…（甲局负责）: the first of its sentences, and no title
    let titled =
        structure::titled(&line.run).filter(|(title, _)| plan.titled && !is_statement(title));
    let titled = titled.or_else(|| structure::heads_parts(&line.run));
    if let Some((title, rest)) = titled.filter(|_| n.level == Level::Group) {
        heading(n.level, title, state, out);
        let mut item = Item::new(rest.to_vec());
        item.source.clone_from(&line.run);
        return push_item(item, false, state, out);
    }
    // the paragraph is the measure; its Chinese number is no `no`
    let mut item = Item::new(from(&line.run, n.len).to_vec());
    item.number = part(&line.run, 0, n.len).to_vec();
    leave_group(n.level, state, out);
    push_item(item, false, state, out);
    state.heading_item = matches!(out.last(), Some(Event::Item(item))
        if matches!(item.units, Given::Here(_)) && !is_sentence(&item.text));
}

/// （2）开展专项整治 above ① and ②, among （1） and （3） that have units of their own: it heads them. Behind them the group
/// goes on in which it stands.
fn heads_deeper(
    lines: &[Line],
    i: usize,
    n: Number,
    state: &mut State,
    out: &mut Vec<Event>,
) -> bool {
    let Some(line) = lines.get(i) else {
        return false;
    };
    if let Some((level, group)) = state.inner.take() {
        if n.level == level {
            state.below = Some(level);
            state.items_since_heading = 0;
            state.open = false;
            out.push(Event::Group(group));
        } else if n.level > level {
            state.inner = Some((level, group));
        }
    }
    if state.below != Some(n.level) || n.level != Level::Sub {
        return false;
    }
    let Some(level) = structure::assigned_inside(lines, i, n.level) else {
        return false;
    };
    let (outer, group) = (state.outer.clone(), state.headed.clone());
    heading(Level::Group, &line.run, state, out);
    state.outer = outer;
    state.below = Some(level);
    state.inner = Some((n.level, group));
    true
}

/// A measure at the level of the plan's measures, or below a number that heads some; behind those the group goes on in
/// which that number stands.
fn numbered_measure(line: &Line, n: Number, plan: &Plan, state: &mut State, out: &mut Vec<Event>) {
    if n.level == plan.item && state.below.take().is_some() {
        out.push(Event::Group(state.outer.clone()));
        state.items_since_heading = 0;
    }
    let mut item = Item::new(from(&line.run, n.len).to_vec());
    // （1） below 1. begins a list of its own in each of them
    let own = matches!(n.level, Level::Item | Level::Sub | Level::Circled) && !n.nested;
    item.no = (own && n.level == plan.item).then_some(n.value);
    item.number = part(&line.run, 0, n.len).to_vec();
    item.odd_number = n.odd;
    push_item(item, true, state, out);
}

/// A heading with numbers below it, and what stands in its line. Where units stand there too, as in （一）规范审批。定期清理
/// 事项。（责任单位：甲局）, the line is a measure of its own if the numbers have units, else its units hold for them.
fn heading_above(
    lines: &[Line],
    i: usize,
    level: Level,
    plan: &Plan,
    state: &mut State,
    out: &mut Vec<Event>,
) {
    let Some(line) = lines.get(i) else { return };
    let (title, rest) = run_in(&line.run);
    let in_text = Some(take_units(rest)).filter(|tail| plan.hint == Hint::Text && tail.found());
    let below = |l: &Line| matches!(l.kind, Kind::Numbered(n) if n.level == plan.item);
    let first = (i + 1..lines.len()).find(|&i| lines.get(i).is_some_and(below));
    let told_below = first.is_some_and(|first| structure::has_units(lines, first));
    let Some(tail) = in_text else {
        let (title, tail) = heading_units(title);
        heading(level, title, state, out);
        if told_below && !tail.units.is_empty() && plan.hint == Hint::Text && is_statement(title) {
            return own_measure(&line.run, state, out);
        }
        if !tail.units.is_empty() {
            hold_below(tail, out);
            super::structure(&line.run, out);
        }
        return intro(rest, out);
    };
    heading(level, title, state, out);
    if told_below && is_statement(title) {
        return own_measure(&line.run, state, out);
    }
    if told_below {
        push_item(Item::new(rest.to_vec()), false, state, out);
        state.open = false;
        return;
    }
    hold_below(tail, out);
    intro(rest, out);
}

/// Longest name of a group before its measure in the same paragraph, in characters.
const NAME_MAX: usize = 30;

/// （一）提高监管执法规范性，完善信用监管等做法，既无事不扰又无处不在。: a sentence that orders, and no name of a group.
fn is_statement(title: &[Mark]) -> bool {
    let name = trim(from(title, number(title).map_or(0, |n| n.len)));
    weight(name) > NAME_MAX && name.iter().any(|m| m.fold == ',')
}

/// A statement with units of its own, above numbers that have theirs, is a measure with all its sentences.
fn own_measure(run: &[Mark], state: &mut State, out: &mut Vec<Event>) {
    let len = number(run).map_or(0, |n| n.len);
    let mut item = Item::new(from(run, len).to_vec());
    item.number = part(run, 0, len).to_vec();
    push_item(item, false, state, out);
    state.open = false;
}

/// The units and dates of a heading hold for the measures below it.
fn hold_below(tail: units::Tail, out: &mut Vec<Event>) {
    out.push(Event::HeadingUnits(tail.units));
    out.extend(tail.deadlines.into_iter().map(Event::HeadingDeadline));
}

/// The words that follow a heading in its line, or the date (一、目录管理：6月底前完成).
fn intro(rest: &[Mark], out: &mut Vec<Event>) {
    if is_deadline(rest, weight(rest)) {
        out.push(Event::HeadingDeadline(rest.to_vec()));
    } else if !is_empty(rest) {
        aside(rest, "heading-intro", "标题后的引言不是任务，没有列入", out);
    }
}

/// 三、工作要求 （一）加强领导。: numbers that begin at 1 below such a heading, without units and dates, in a text whose
/// measures have units. Numbers that go on from those of the measures are measures.
fn only_asks(lines: &[Line], i: usize, n: Number, plan: &Plan, state: &mut State) -> bool {
    if !state.around {
        if !state.seen.contains(&n.level) {
            state.seen.push(n.level);
        }
        return false;
    }
    let begins = n.value == 1 && !state.seen.is_empty();
    let again = *state.again.get_or_insert(begins);
    let Some(line) = lines.get(i).filter(|_| again && plan.assigned) else {
        return false;
    };
    let units = structure::has_units(lines, i) || sentence_units(&line.run).is_some();
    // …前将落实情况报送市政府办公室: how the measures above are told of
    let sent = ["报送", "上报", "报备"].iter().any(|w| has(&line.run, w));
    let reports = sent && has(&line.run, "情况");
    let limits = deadlines(&line.run, Known::default(), Ground::Text);
    let limited = limits.iter().any(|d| d.deadline.kind == DeadlineKind::By) && !reports;
    !units
        && !structure::has_items_below(lines, i, n.level, plan.item)
        && !limited
        && quantities(&line.run).is_empty()
}

/// A measure that is itself numbered （一） or 一、 stands in no group (in no section) of its own.
fn leave_group(level: Level, state: &mut State, out: &mut Vec<Event>) {
    if state.preamble.is_some_and(|p| p >= level) {
        state.preamble = None;
    }
    state.items_since_heading = 0;
    state.paragraphs = false;
    state.outer.clear();
    out.push(match level {
        Level::Section => Event::Section(Run::new()),
        _ => Event::Group(Run::new()),
    });
}

pub(super) fn heading(level: Level, title: &[Mark], state: &mut State, out: &mut Vec<Event>) {
    if state.hint.is_table() {
        out.push(Event::UnitsEnd);
    }
    if state.preamble.is_none_or(|p| level <= p) {
        state.preamble = is_preamble(title).then_some(level);
    }
    if level == Level::Section {
        state.around = is_around(title);
        state.again = None;
    }
    state.items_since_heading = 0;
    state.open = false;
    state.heading_item = false;
    state.paragraphs = true;
    state.above.clear();
    state.doubt = None;
    let run = trim(title).to_vec();
    state.below = None;
    state.inner = None;
    state.outer = match level {
        Level::Section => Run::new(),
        _ => run.clone(),
    };
    out.push(if level == Level::Section {
        Event::Section(run)
    } else {
        Event::Group(run)
    });
}

/// A heading without number: a group, and a section where another one stands straight below it.
pub(super) fn bare_heading(
    lines: &[Line],
    i: usize,
    hint: Hint,
    state: &mut State,
    out: &mut Vec<Event>,
) {
    let Some(line) = lines.get(i) else { return };
    let heads = |next: &Line| hint.is_table() && matches!(next.kind, Kind::Heading);
    let level = match lines.get(i + 1).is_some_and(heads) {
        true => Level::Section,
        false => Level::Group,
    };
    heading(level, &line.run, state, out);
    if let Some(text) = units::duty_in_heading(&line.run).filter(|_| hint == Hint::Text) {
        out.push(Event::HeadingUnits(vec![Units { role: None, text }]));
    }
}

/// Longest heading before a blank that ends it, in characters.
const HEADING_MAX: usize = 24;

/// A heading with the text that follows it in the same paragraph.
pub(super) fn run_in(run: &[Mark]) -> (&[Mark], &[Mark]) {
    let start = number(run).map_or(0, |n| n.len);
    let stop = outside_brackets(run, start);
    // 一、总体要求 2022年是…: the heading ends at the blank
    let blank = (start + 4..run.len().min(start + HEADING_MAX))
        .find(|&i| run.get(i).is_some_and(|m| m.is_blank()));
    if let Some(i) = blank.filter(|i| stop.is_none_or(|s| *i < s))
        && weight(from(run, i)) > 15
        && from(run, i).iter().any(|m| m.fold == '。')
        && !part(run, start, i).iter().any(|m| matches!(m.fold, ','))
    {
        return (part(run, 0, i), trim(from(run, i)));
    }
    match stop {
        Some(i) if weight(from(run, i + 1)) >= 8 => (part(run, 0, i + 1), trim(from(run, i + 1))),
        _ => (run, &[]),
    }
}

/// The first stop or colon that stands in no bracket: （责任单位：…） belongs to its heading.
fn outside_brackets(run: &[Mark], start: usize) -> Option<usize> {
    let mut depth = 0i32;
    for (i, m) in run.iter().enumerate().skip(start) {
        match m.fold {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = (depth - 1).max(0),
            '。' | ':' if depth == 0 => return Some(i),
            _ => {}
        }
    }
    None
}

/// Units and deadlines at the end of a heading, or a heading that is nothing but units: 二、县教育局、县人社局.
fn heading_units(title: &[Mark]) -> (&[Mark], units::Tail) {
    let mut tail = take_units(title);
    let end = tail.text.len();
    if tail.units.is_empty() {
        let names = trim(from(title, number(title).map_or(0, |n| n.len)));
        let said = match units::names_organs(names) {
            true => Some(names.to_vec()),
            false => units::duty_in_heading(names),
        };
        tail.units
            .extend(said.map(|text| Units { role: None, text }));
        return (title, tail);
    }
    (part(title, 0, end), tail)
}
/// Titles below which no measures stand.
const PREAMBLES: &[&str] = &[
    "总体要求",
    "指导思想",
    "总体目标",
    "工作目标",
    "基本原则",
    "主要目标",
    "总体思路",
    "工作思路",
    "目标要求",
    "工作原则",
    "总体安排",
    "编制目的",
    "基本目标",
    "总体工作要求",
];

/// Titles of parts that ask for diligence. What is numbered there is a measure, as in all plans; what is not, is not.
const AROUND: &[&str] = &[
    "工作要求",
    "有关要求",
    "相关要求",
    "保障措施",
    "组织保障",
    "组织领导",
    "组织实施",
    "工作保障",
    "实施步骤",
    "工作步骤",
    "方法步骤",
    "步骤安排",
];
/// Longest such title, in characters.
const AROUND_MAX: usize = 10;

pub(super) fn is_around(heading: &[Mark]) -> bool {
    let text = plain(trim(from(heading, number(heading).map_or(0, |n| n.len))));
    text.chars().count() <= AROUND_MAX && AROUND.iter().any(|w| text.contains(w))
}

fn is_preamble(heading: &[Mark]) -> bool {
    let body = trim(from(heading, number(heading).map_or(0, |n| n.len)));
    let text = plain(body);
    let begins = PREAMBLES.iter().any(|w| text.starts_with(w));
    // 工作目标和主要任务: measures follow
    let ordered = ["任务", "措施", "举措", "内容"]
        .iter()
        .any(|w| text.contains(w));
    let aims = AIMS.contains(&text.trim_end_matches(['。', ':']));
    text.chars().count() <= 18
        && !ordered
        && (begins || aims || PREAMBLES.iter().any(|w| text.contains(w)))
}

/// Such titles by their whole words; with others they may be measures (围绕发展目标开展评估).
const AIMS: &[&str] = &[
    "发展目标",
    "主要发展目标",
    "总体发展目标",
    "行动目标",
    "建设目标",
    "预期目标",
];

/// 一、工作目标紧紧围绕…: the title of such a part runs into its text.
fn runs_into_preamble(paragraph: &[Mark]) -> bool {
    let body = trim(from(paragraph, number(paragraph).map_or(0, |n| n.len)));
    starts_any(body, PREAMBLES)
        .is_some_and(|len| weight(from(body, len)) > 18 && !take_units(body).found())
}
