//! Running text: numbered measures with units in brackets, in labelled paragraphs, or in lines of their own.
//!
//! A table whose cells were captured one a line is read here too; its head then tells that bare lines of organs
//! are unit cells ([`Hint::Table`]).

use super::dates::{Ground, Known, deadlines};
use super::event::{Event, Given, Item};
use super::number::{Level, number};
use super::organs::Units;
use super::quantities::quantities;
use super::text::{Mark, Run, from, is_empty, part, plain, trim, weight};

mod line;
mod sentence;
mod structure;
mod unfold;
mod units;

pub(crate) use line::{Kind, Line, kinds};
pub(crate) use sentence::sentence_units;
use structure::{Plan, plan};
use units::Brackets;
pub(crate) use units::take_units;

/// What is known of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hint {
    /// Paragraphs of a text.
    Text,
    /// Cells of a table, one a line, below its head; whether the head names a column of headings.
    Table { headed: bool },
}

impl Hint {
    pub(crate) fn is_table(self) -> bool {
        matches!(self, Self::Table { .. })
    }
}

/// Brings lines to events.
pub(crate) fn events(lines: &[Run], hint: Hint) -> Vec<Event> {
    let lines = match hint {
        Hint::Text => unfold::unfold(lines.to_vec()),
        Hint::Table { .. } => lines
            .iter()
            .cloned()
            .flat_map(unfold::split_heading)
            .flat_map(|line| unfold::split_list(&line))
            .collect(),
    };
    let lines = kinds(&lines, hint);
    let plan = plan(&lines, hint);
    let mut out = Vec::new();
    if hint.is_table() {
        out.push(Event::CellLines);
    }
    let mut state = State::new(hint, structure::brackets(&lines, plan.item));
    let units_lead = hint == Hint::Text && structure::units_lead(&lines, plan.item);
    for (i, line) in lines.iter().enumerate() {
        let next = lines.get(i + 1).map(|l| &l.kind);
        let names = units_lead && matches!(next, Some(Kind::Units(..)));
        match &line.kind {
            Kind::Units(units, ends) => {
                unit_line(units, ends, &mut state, &mut out);
                structure(&line.run, &mut out);
            }
            Kind::Deadline(run) => {
                out.push(deadline(run.clone(), &state));
                structure(&line.run, &mut out);
            }
            Kind::Duty(units, run) => {
                let mut item = Item::new(run.clone());
                item.source.clone_from(&line.run);
                item.units = Given::Here(vec![units.clone()]);
                push_item(item, true, &mut state, &mut out);
                state.open = false;
            }
            Kind::TableHead => {
                state.open = false;
                structure(&line.run, &mut out);
            }
            Kind::Name(run) => {
                heading(Level::Group, run, &mut state, &mut out);
                structure(&line.run, &mut out);
            }
            Kind::RecordNumber(no) => {
                state.record = Some(*no);
                structure(&line.run, &mut out);
            }
            Kind::Measure(run) => {
                let mut item = Item::new(run.clone());
                item.source.clone_from(&line.run);
                item.no = state.record.take();
                push_item(item, true, &mut state, &mut out);
            }
            Kind::Numbered(n) => numbered(&lines, i, *n, &plan, &mut state, &mut out),
            Kind::Heading => bare_heading(&lines, i, hint, &mut state, &mut out),
            Kind::Body if names => heading(Level::Group, &line.run, &mut state, &mut out),
            Kind::Body if hint == Hint::Text && matches!(next, Some(Kind::Units(..))) => {
                above_units(line, &plan, &mut state, &mut out);
            }
            Kind::Body => body(line, &plan, &mut state, &mut out),
        }
    }
    if hint.is_table() {
        out.push(Event::UnitsEnd);
    }
    out
}

/// Units before the first item of a heading hold for all of them.
fn unit_line(units: &[Units], ends: &[Run], state: &mut State, out: &mut Vec<Event>) {
    state.open = false;
    let event = if state.items_since_heading == 0 {
        Event::HeadingUnits(units.to_vec())
    } else {
        Event::Units(units.to_vec())
    };
    if !units.is_empty() {
        out.push(event);
    }
    out.extend(ends.iter().cloned().map(|end| deadline(end, state)));
}

/// An unnumbered paragraph straight above its units: a measure of its own among numbered ones, where none is open.
fn above_units(line: &Line, plan: &Plan, state: &mut State, out: &mut Vec<Event>) {
    let is_measure = !state.open && plan.numbered && state.preamble.is_none();
    if is_measure && weight(&line.run) >= ITEM_MIN {
        push_item(Item::new(line.run.clone()), false, state, out);
    } else {
        body(line, plan, state, out);
    }
}

/// A heading without number: a group, and a section where another one stands straight below it.
fn bare_heading(lines: &[Line], i: usize, hint: Hint, state: &mut State, out: &mut Vec<Event>) {
    let Some(line) = lines.get(i) else { return };
    let heads = |next: &Line| hint.is_table() && matches!(next.kind, Kind::Heading);
    let level = match lines.get(i + 1).is_some_and(heads) {
        true => Level::Section,
        false => Level::Group,
    };
    heading(level, &line.run, state, out);
}

/// Before the first item of a heading a deadline holds for all of them.
fn deadline(run: Run, state: &State) -> Event {
    if state.items_since_heading == 0 {
        Event::HeadingDeadline(run)
    } else {
        Event::Deadline(run)
    }
}

/// Labels and brackets around units tell what they are: they count as fields.
fn structure(run: &[Mark], out: &mut Vec<Event>) {
    aside(run, "label", "", out);
}

#[derive(Debug)]
struct State {
    hint: Hint,
    /// Title words of the section or group say that no measures follow (总体要求).
    preamble: Option<Level>,
    items_since_heading: usize,
    /// The last item may go on in the next line.
    open: bool,
    /// Below a heading whose paragraphs are items.
    paragraphs: bool,
    brackets: Brackets,
    /// The last item is a heading with units; the paragraphs below belong to it.
    heading_item: bool,
    /// The number of a labelled record.
    record: Option<u32>,
    /// Below a heading such as 工作要求, whose paragraphs without number are words around the measures.
    around: bool,
    /// The numbers below such a heading begin again at 1.
    again: Option<bool>,
    /// Levels of numbers that stood below other headings.
    seen: Vec<Level>,
}

impl State {
    fn new(hint: Hint, brackets: Brackets) -> Self {
        Self {
            hint,
            preamble: None,
            items_since_heading: 0,
            open: false,
            paragraphs: false,
            brackets,
            heading_item: false,
            record: None,
            around: false,
            again: None,
            seen: Vec::new(),
        }
    }
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
];
/// Longest such title, in characters.
const AROUND_MAX: usize = 10;

fn is_around(heading: &[Mark]) -> bool {
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
    text.chars().count() <= 18 && !ordered && (begins || PREAMBLES.iter().any(|w| text.contains(w)))
}

/// 一、工作目标紧紧围绕…: the title of such a part runs into its text.
fn runs_into_preamble(paragraph: &[Mark]) -> bool {
    let body = trim(from(paragraph, number(paragraph).map_or(0, |n| n.len)));
    super::text::starts_any(body, PREAMBLES)
        .is_some_and(|len| weight(from(body, len)) > 18 && !take_units(body).found())
}

fn numbered(
    lines: &[Line],
    i: usize,
    n: super::number::Number,
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
    if n.level == plan.item {
        let mut item = Item::new(from(&line.run, n.len).to_vec());
        let own = matches!(n.level, Level::Item | Level::Sub | Level::Circled) && !n.nested;
        item.no = own.then_some(n.value);
        item.number = part(&line.run, 0, n.len).to_vec();
        item.odd_number = n.odd;
        return push_item(item, true, state, out);
    }
    if n.level > plan.item {
        // （1） below 1.: goes on with the item
        return body(line, plan, state, out);
    }
    let deeper = structure::has_items_below(lines, i, n.level, plan.item);
    let (title, rest) = run_in(&line.run);
    if deeper {
        return heading_above(lines, i, (n.level, title, rest), plan, state, out);
    }
    let stands_alone =
        take_units(&line.run).found() || !is_empty(rest) || structure::nothing_below(lines, i);
    if stands_alone && plan.hint == Hint::Text && runs_into_preamble(&line.run) {
        heading(n.level, part(&line.run, 0, n.len), state, out);
        state.preamble = Some(n.level);
        return aside(&line.run, "preamble", "总体要求部分不是任务，没有列入", out);
    }
    if stands_alone && plan.hint == Hint::Text && !is_preamble(title) {
        if n.level == Level::Section {
            state.preamble = None;
        }
        // the paragraph is the measure; its Chinese number is no `no`
        let mut item = Item::new(from(&line.run, n.len).to_vec());
        item.number = part(&line.run, 0, n.len).to_vec();
        leave_group(n.level, state, out);
        push_item(item, false, state, out);
        state.heading_item = matches!(out.last(), Some(Event::Item(item))
            if matches!(item.units, Given::Here(_)) && !is_sentence(&item.text));
        return;
    }
    heading(n.level, title, state, out);
    state.paragraphs = true;
    if !is_empty(rest) {
        aside(rest, "heading-intro", "标题后的引言不是任务，没有列入", out);
    }
}

/// A heading with numbers below it, and what stands in its line.
fn heading_above(
    lines: &[Line],
    i: usize,
    (level, title, rest): (Level, &[Mark], &[Mark]),
    plan: &Plan,
    state: &mut State,
    out: &mut Vec<Event>,
) {
    if plan.hint == Hint::Text && take_units(rest).found() {
        return heading_with_measure(lines, i, (level, title, rest), plan, state, out);
    }
    let (title, tail) = heading_units(title);
    heading(level, title, state, out);
    if !tail.units.is_empty() {
        out.push(Event::HeadingUnits(tail.units));
        out.extend(tail.deadlines.into_iter().map(Event::HeadingDeadline));
        if let Some(line) = lines.get(i) {
            structure(&line.run, out);
        }
    }
    if !is_empty(rest) {
        aside(rest, "heading-intro", "标题后的引言不是任务，没有列入", out);
    }
}

/// （一）规范审批。定期清理事项。（责任单位：甲局） with numbers below it: a measure of its own where those have units, too;
/// else its units hold for them.
fn heading_with_measure(
    lines: &[Line],
    i: usize,
    (level, title, rest): (Level, &[Mark], &[Mark]),
    plan: &Plan,
    state: &mut State,
    out: &mut Vec<Event>,
) {
    heading(level, title, state, out);
    let below = |l: &Line| matches!(l.kind, Kind::Numbered(n) if n.level == plan.item);
    let first = (i + 1..lines.len()).find(|&i| lines.get(i).is_some_and(below));
    if first.is_some_and(|first| structure::has_units(lines, first)) {
        push_item(Item::new(rest.to_vec()), false, state, out);
        state.open = false;
        return;
    }
    let tail = take_units(rest);
    out.push(Event::HeadingUnits(tail.units));
    out.extend(tail.deadlines.into_iter().map(Event::HeadingDeadline));
    aside(rest, "heading-intro", "标题后的引言不是任务，没有列入", out);
}

/// 三、工作要求 （一）加强领导。: numbers that begin again below such a heading, without units and dates, in a text whose
/// measures have units.
fn only_asks(
    lines: &[Line],
    i: usize,
    n: super::number::Number,
    plan: &Plan,
    state: &mut State,
) -> bool {
    if !state.around {
        if !state.seen.contains(&n.level) {
            state.seen.push(n.level);
        }
        return false;
    }
    let begins = n.value == 1 && state.seen.contains(&n.level);
    let again = *state.again.get_or_insert(begins);
    let Some(line) = lines.get(i).filter(|_| again && plan.assigned) else {
        return false;
    };
    let units = structure::has_units(lines, i) || sentence_units(&line.run).is_some();
    !units
        && !structure::has_items_below(lines, i, n.level, plan.item)
        && deadlines(&line.run, Known::default(), Ground::Text).is_empty()
        && quantities(&line.run).is_empty()
}

/// A measure that is itself numbered （一） or 一、 stands in no group (in no section) of its own.
fn leave_group(level: Level, state: &mut State, out: &mut Vec<Event>) {
    if state.preamble.is_some_and(|p| p >= level) {
        state.preamble = None;
    }
    state.items_since_heading = 0;
    state.paragraphs = false;
    out.push(match level {
        Level::Section => Event::Section(Run::new()),
        _ => Event::Group(Run::new()),
    });
}

fn heading(level: Level, title: &[Mark], state: &mut State, out: &mut Vec<Event>) {
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
    let run = trim(title).to_vec();
    out.push(if level == Level::Section {
        Event::Section(run)
    } else {
        Event::Group(run)
    });
}

fn body(line: &Line, plan: &Plan, state: &mut State, out: &mut Vec<Event>) {
    let found = take_units(&line.run).found();
    // a further paragraph of the open item; its last one may carry the units
    let goes_on = plan.hint == Hint::Text || plan.numbered && (found || !plan.mixed);
    if let (true, Some(Event::Item(item))) = (state.open && goes_on, out.last_mut())
        && matches!(item.units, Given::Later)
    {
        item.text.extend(newline(&line.run));
        item.text.extend_from_slice(&line.run);
        item.source.extend_from_slice(&line.run);
        if found {
            take_tail(item, state.brackets);
            state.open = false;
        }
        return;
    }
    if let (true, false, Some(Event::Item(item))) = (state.heading_item, found, out.last_mut()) {
        // the heading becomes the first sentence
        if let (false, Some(first)) = (is_sentence(&item.text), line.run.first()) {
            item.text.push(Mark::new('。', first.at));
        }
        item.text.extend_from_slice(&line.run);
        item.source.extend_from_slice(&line.run);
        return;
    }
    if state.around && !found && plan.hint == Hint::Text {
        return requirement(&line.run, out);
    }
    let is_item =
        found || (state.paragraphs && (!plan.numbered || plan.mixed)) || plan.hint.is_table();
    if is_item && weight(&line.run) >= ITEM_MIN {
        return push_item(Item::new(line.run.clone()), false, state, out);
    }
    aside(
        &line.run,
        "text-unassigned",
        "这一段不在任何任务之下，没有列入",
        out,
    );
}

fn requirement(run: &[Mark], out: &mut Vec<Event>) {
    let message = "工作要求、保障措施中没有写明单位和时限的内容不是任务，没有列入";
    aside(run, "requirements", message, out);
}

fn is_sentence(run: &[Mark]) -> bool {
    run.iter().any(|m| matches!(m.fold, '。' | ';'))
}

/// Shortest measure, in characters.
const ITEM_MIN: usize = 4;

fn newline(run: &[Mark]) -> Option<Mark> {
    run.first().map(|m| Mark {
        ch: ' ',
        fold: ' ',
        at: m.at,
    })
}

fn aside(run: &[Mark], code: &'static str, message: &str, out: &mut Vec<Event>) {
    out.push(Event::Aside {
        run: run.to_vec(),
        code,
        message: message.to_owned(),
    });
}

fn push_item(item: Item, numbered: bool, state: &mut State, out: &mut Vec<Event>) {
    state.heading_item = false;
    let pieces = if numbered {
        vec![item.text.clone()]
    } else {
        units::split_at_units(&item.text)
    };
    let several = pieces.len() > 1;
    let inner = if numbered {
        units_inside(&item.text)
    } else {
        Vec::new()
    };
    for (i, piece) in pieces.into_iter().enumerate() {
        let mut item = item.clone();
        if i > 0 {
            item.number = Run::new();
        }
        item.text = piece;
        let found = take_tail(&mut item, state.brackets);
        if let (Given::Here(units), false) = (&mut item.units, inner.is_empty()) {
            units.splice(0..0, inner.iter().cloned());
        }
        if state.preamble.is_some() && !found {
            let mut run = item.number.clone();
            run.extend_from_slice(&item.text);
            aside(&run, "preamble", "总体要求部分不是任务，没有列入", out);
            continue;
        }
        state.open = !found && !several;
        state.items_since_heading += 1;
        out.push(Event::Item(item));
    }
}

/// Units of the sentences inside a numbered item, but for the last one: they all answer for the item.
fn units_inside(text: &[Mark]) -> Vec<super::organs::Units> {
    let mut pieces = units::split_at_units(text);
    pieces.pop();
    pieces.iter().flat_map(|p| take_units(p).units).collect()
}

/// Moves units and deadlines from the text's end into their fields; tells whether units were there.
fn take_tail(item: &mut Item, brackets: Brackets) -> bool {
    let tail = units::take(&item.text, brackets);
    let found = tail.found();
    item.text = tail.text;
    item.deadlines.extend(tail.deadlines);
    if !tail.units.is_empty() {
        item.units = Given::Here(tail.units);
    } else if tail.above {
        item.units = Given::Above;
    }
    found
}

/// Longest heading before a blank that ends it, in characters.
const HEADING_MAX: usize = 24;

/// A heading with the text that follows it in the same paragraph.
fn run_in(run: &[Mark]) -> (&[Mark], &[Mark]) {
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
        if units::names_organs(names) {
            tail.units.push(super::organs::Units {
                role: None,
                text: names.to_vec(),
            });
        }
        return (title, tail);
    }
    (part(title, 0, end), tail)
}

#[cfg(test)]
mod tests;
