//! Running text: numbered measures with units in brackets, in labelled paragraphs, or in lines of their own.
//!
//! A table whose cells were captured one a line is read here too; its head then tells that bare lines of organs
//! are unit cells ([`Hint::Table`]).

use super::event::{Doubt, Event, Given, Item};
use super::labels::{Label, label};
use super::number::{Level, number};
use super::organs::Units;
use super::text::{Mark, Run, from, part, trim, weight};

mod above;
mod heading;
mod inside;
mod line;
mod list;
mod pilots;
mod sentence;
mod structure;
mod unfold;
mod units;

use heading::{bare_heading, heading, numbered};
pub(crate) use line::{Kind, Line, begins_record, is_person_line, is_record_label, kinds};
pub(crate) use sentence::{opening_units, sentence_units, subject_units};
use structure::{Plan, plan};
pub(crate) use unfold::join_wrapped;
pub(crate) use units::{
    Brackets, Tail, dates_in_heading, duty_in_heading, is_named, may_date, take_units,
};

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
    let mut out = Vec::new();
    let lines = unfolded(lines, hint, &mut out);
    let mut lines = kinds(&lines, hint);
    let plan = plan(&lines, hint);
    if hint.is_table() {
        out.push(Event::CellLines(true));
    }
    let mut state = State::new(hint, structure::brackets(&lines, &plan));
    if hint == Hint::Text {
        state.known = list::mark(&mut lines, state.brackets);
    }
    let brackets = structure::brackets_of_lines(&lines, hint, state.brackets);
    let units_lead = hint == Hint::Text && structure::units_lead(&lines, plan.item);
    let above = above::units_above(&lines, &plan, units_lead);
    for (i, line) in lines.iter().enumerate() {
        let next = lines.get(i + 1).map(|l| &l.kind);
        let names = units_lead && matches!(next, Some(Kind::Units(..)));
        state.brackets = brackets.get(i).copied().unwrap_or(state.brackets);
        match &line.kind {
            Kind::Units(units, ends) => {
                if state.known == list::Known::ByUnitsAbove {
                    heading(Level::Group, &line.run, &mut state, &mut out);
                }
                if above.holds(i) {
                    units_above(units, ends, above.doubtful, &mut state, &mut out);
                } else {
                    unit_line(units, ends, &mut state, &mut out);
                }
                structure(&line.run, &mut out);
            }
            Kind::Deadline(run) => {
                out.push(deadline(run.clone(), &state));
                structure(&line.run, &mut out);
            }
            Kind::Duty(units, run) => duty(line, units, run, &mut state, &mut out),
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
            Kind::Aim => {
                let message = "“整改目标”一类的行写明要达到什么，不是任务的内容，没有列入";
                aside(&line.run, "aim-line", message, &mut out);
            }
            Kind::Measure(run) => measure(line, run, &mut state, &mut out),
            Kind::Numbered(n) => numbered(&lines, i, *n, &plan, &mut state, &mut out),
            Kind::Heading => bare_heading(&lines, i, hint, &mut state, &mut out),
            Kind::Body if names => heading(Level::Group, &line.run, &mut state, &mut out),
            Kind::Body if hint == Hint::Text && matches!(next, Some(Kind::Units(..))) => {
                above_units(line, &plan, &mut state, &mut out);
            }
            Kind::Body if structure::introduces(&lines, i, &plan) => {
                unassigned(&line.run, &mut out)
            }
            Kind::Body => body(line, &plan, &mut state, &mut out),
        }
    }
    if hint.is_table() {
        out.extend([Event::UnitsEnd, Event::CellLines(false)]);
    }
    out
}

/// The lines as they were written, before a page or a cell broke them.
fn unfolded(lines: &[Run], hint: Hint, out: &mut Vec<Event>) -> Vec<Run> {
    match hint {
        Hint::Text => unfold::unfold(without_persons(lines, out)),
        Hint::Table { .. } => unfold::join_wrapped(lines.to_vec())
            .into_iter()
            .flat_map(unfold::split_heading)
            .flat_map(|line| unfold::split_list(&line))
            .collect(),
    }
}

/// Takes the lines of leaders and contacts out, and tells of them.
fn without_persons(lines: &[Run], out: &mut Vec<Event>) -> Vec<Run> {
    let message = "“牵头领导”“联系人”一类的行不属于任务的内容，没有列入";
    let (persons, rest): (Vec<Run>, Vec<Run>) =
        lines.iter().cloned().partition(|l| is_person_line(l));
    for run in &persons {
        aside(run, "person-line", message, out);
    }
    rest
}

/// A duty behind the name of its organ.
fn duty(line: &Line, units: &Units, run: &Run, state: &mut State, out: &mut Vec<Event>) {
    let mut item = Item::new(run.clone());
    item.source.clone_from(&line.run);
    item.units = Given::Here(vec![units.clone()]);
    push_item(item, true, state, out);
    state.open = false;
}

/// A measure behind its own label, or one known by the units beside it.
fn measure(line: &Line, run: &Run, state: &mut State, out: &mut Vec<Event>) {
    let mut item = Item::new(run.clone());
    item.source.clone_from(&line.run);
    item.no = state.record.take();
    match state.known {
        list::Known::Well => {}
        list::Known::ByReference => item.doubts.push(Doubt::Referred),
        list::Known::ByUnitsBelow | list::Known::ByUnitsAbove => item.doubts.push(Doubt::Unmarked),
    }
    push_item(item, true, state, out);
}

/// Whether a line of a text without numbers tells units: there its list of measures has begun.
pub(crate) fn names_units(run: &[Mark]) -> bool {
    let labelled = matches!(label(trim(run)), Some((Label::Units(_), _)));
    labelled || take_units(run).found() || units::ends_in_bare_names(run) || units::is_named(run)
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

/// Units that hold for the measures below them, up to the next such line; together with those straight above them.
fn units_above(
    units: &[Units],
    ends: &[Run],
    doubtful: bool,
    state: &mut State,
    out: &mut Vec<Event>,
) {
    let again = state.items_since_heading > 0;
    if again {
        state.above.clear();
    }
    state.above.extend(units.iter().cloned());
    state.open = false;
    state.items_since_heading = 0;
    state.doubt = doubtful.then_some(Doubt::UnitsBetween);
    out.push(match again {
        true => Event::UnitsAbove(state.above.clone()),
        false => Event::HeadingUnits(state.above.clone()),
    });
    out.extend(ends.iter().cloned().map(Event::HeadingDeadline));
}

/// An unnumbered paragraph straight above its units: a measure of its own among numbered ones, where none is open.
fn above_units(line: &Line, plan: &Plan, state: &mut State, out: &mut Vec<Event>) {
    if pilots::take(&line.run, state, out) {
        return;
    }
    let is_measure = !state.open && plan.numbered && state.preamble.is_none();
    if is_measure && weight(&line.run) >= ITEM_MIN && !is_remark(&line.run) {
        push_item(Item::new(line.run.clone()), false, state, out);
    } else {
        body(line, plan, state, out);
    }
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
    /// How measures without numbers were known.
    known: list::Known,
    /// The number of a labelled record.
    record: Option<u32>,
    /// Below a heading such as 工作要求, whose paragraphs without number are words around the measures.
    around: bool,
    /// The numbers below such a heading begin again at 1.
    again: Option<bool>,
    /// Levels of numbers that stood below other headings.
    seen: Vec<Level>,
    /// The level of the measures below a number that heads them.
    below: Option<Level>,
    /// The group in which such a number stands.
    outer: Run,
    /// That number itself, as a heading.
    headed: Run,
    /// The level of a number below it that heads deeper ones, and the heading above both.
    inner: Option<(Level, Run)>,
    /// The units that hold for the measures below them.
    above: Vec<Units>,
    /// What is to be checked of those measures.
    doubt: Option<Doubt>,
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
            known: list::Known::Well,
            record: None,
            around: false,
            again: None,
            seen: Vec::new(),
            below: None,
            outer: Run::new(),
            headed: Run::new(),
            inner: None,
            above: Vec::new(),
            doubt: None,
        }
    }
}

fn body(line: &Line, plan: &Plan, state: &mut State, out: &mut Vec<Event>) {
    let apart = plan.hint == Hint::Text
        && (pilots::take(&line.run, state, out) || pilots::take_other_units(&line.run, out));
    if apart {
        return;
    }
    let found = units::take(&line.run, state.brackets).found();
    if let (true, false, Some(Event::Item(item))) = (
        plan.hint == Hint::Text && line::tells_content(&line.run),
        found,
        out.last_mut(),
    ) {
        // 1.目录不全。（责任单位：甲局） / 整改措施：…: what is to be done stands behind the units
        item.text.extend(newline(&line.run));
        item.text.extend_from_slice(&line.run);
        item.source.extend_from_slice(&line.run);
        return;
    }
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
    if is_item && weight(&line.run) >= ITEM_MIN && !is_remark(&line.run) {
        return push_item(Item::new(line.run.clone()), false, state, out);
    }
    unassigned(&line.run, out);
}

/// Longest remark in a line of its own, in characters.
const REMARK_MAX: usize = 20;

/// （按责任单位排列）: a short line that is one bracket, and no sentence.
fn is_remark(run: &[Mark]) -> bool {
    let run = trim(run);
    let ends = |c: char, at: Option<&Mark>| at.is_some_and(|m| m.fold == c);
    let inner = part(run, 1, run.len().saturating_sub(1));
    run.len() <= REMARK_MAX
        && ends('(', run.first())
        && ends(')', run.last())
        && !inner
            .iter()
            .any(|m| matches!(m.fold, '(' | ')' | '。' | ';'))
}

fn unassigned(run: &[Mark], out: &mut Vec<Event>) {
    let message = "这一段不在任何任务之下，没有列入";
    aside(run, "text-unassigned", message, out);
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
    let split = units::split_at_units(&item.text, state.brackets);
    let (pieces, inner) = match numbered && !all_own(&split, state.brackets) {
        true => (vec![item.text.clone()], units_inside(&split)),
        false => (split, Vec::new()),
    };
    let several = pieces.len() > 1;
    // 一、…（责任单位：甲局）；…（责任单位：乙局）。: one number before several measures; （三） in the paragraph of （二） has its own
    let one_number = pieces.iter().skip(1).all(|piece| number(piece).is_none());
    let shared = several && (numbered || one_number && !item.number.is_empty());
    for (i, piece) in pieces.into_iter().enumerate() {
        let mut item = item.clone();
        if i > 0 {
            // …（甲局负责）（三）公开…: the next measure ran on in the same paragraph
            let len = number(&piece).map_or(0, |n| n.len);
            item.no = None;
            item.number = part(&piece, 0, len).to_vec();
            item.text = from(&piece, len).to_vec();
        } else {
            item.text = piece;
        }
        if shared {
            item.doubts.push(Doubt::Parted);
        }
        if item.text.iter().any(|m| m.fold == '|') {
            // a row of a table that is read as text
            item.doubts.push(Doubt::CellUnclear);
        }
        let parted = numbered && state.brackets != Brackets::Followed && take_parts(&mut item);
        let found =
            parted || take_tail(&mut item, state.brackets) || take_inside(&mut item, numbered);
        if let Given::Here(units) = &mut item.units {
            let own = |u: &Units| units.iter().any(|o| o.text == u.text);
            let more: Vec<Units> = inner.iter().filter(|u| !own(u)).cloned().collect();
            units.splice(0..0, more.into_iter().filter(|_| !parted));
        }
        if found && !several {
            add_inside(&mut item);
        }
        if state.preamble.is_some() && !found {
            let mut run = item.number.clone();
            run.extend_from_slice(&item.text);
            aside(&run, "preamble", "总体要求部分不是任务，没有列入", out);
            continue;
        }
        if found {
            // units below such a heading: its measures have begun
            state.preamble = None;
        }
        if let (Given::Later, Some(doubt)) = (&item.units, state.doubt) {
            item.doubts.push(doubt);
        }
        state.open = !found && !several;
        state.items_since_heading += 1;
        out.push(Event::Item(item));
    }
}

/// Units in brackets behind each part of a measure, as ① and ② have them: they all answer for it.
fn take_parts(item: &mut Item) -> bool {
    let Some(tail) = inside::take_of_parts(&item.text) else {
        return false;
    };
    item.doubts.push(Doubt::UnitsInside);
    move_tail(item, tail);
    true
}

/// Units in a bracket in front of the measure or between its words; of one that has no number in a bracket with a label.
fn take_inside(item: &mut Item, numbered: bool) -> bool {
    let found = inside::take(&item.text).filter(|_| numbered || inside::is_labelled(&item.text));
    let any = found.is_some();
    if let Some(tail) = found {
        move_tail(item, tail);
    }
    any
}

/// 公开名录（责任单位：甲局），公开标准。（责任单位：乙局）: units between the words of a measure that has others at its end.
fn add_inside(item: &mut Item) {
    let Some(mut tail) = inside::take(&item.text).filter(|tail| !tail.units.is_empty()) else {
        return;
    };
    if let Given::Here(units) = &item.units {
        let own = |u: &Units| units.iter().any(|o| o.text == u.text);
        tail.units.retain(|u| !own(u));
        tail.units.extend(units.iter().cloned());
    }
    item.doubts.push(Doubt::UnitsInside);
    move_tail(item, tail);
}

/// …（甲局负责）…（乙局负责）: sentences of a numbered item that all end in units of their own are measures of their own.
fn all_own(pieces: &[Run], brackets: Brackets) -> bool {
    let own = |piece: &Run| units::take(piece, brackets).found();
    pieces.len() > 1 && pieces.iter().all(own)
}

/// Units of the sentences inside a numbered item, but for the last one: they all answer for the item.
fn units_inside(pieces: &[Run]) -> Vec<Units> {
    let inner = pieces.split_last().map_or(pieces, |(_, inner)| inner);
    inner.iter().flat_map(|p| take_units(p).units).collect()
}

/// Moves units and deadlines from the text's end into their fields; tells whether units were there.
fn take_tail(item: &mut Item, brackets: Brackets) -> bool {
    let tail = units::take(&item.text, brackets);
    let found = tail.found();
    move_tail(item, tail);
    found
}

fn move_tail(item: &mut Item, tail: units::Tail) {
    if tail.open {
        item.doubts.push(Doubt::UnitsOpen);
    }
    item.text = tail.text;
    item.deadlines.extend(tail.deadlines);
    if !tail.units.is_empty() {
        item.units = Given::Here(tail.units);
    } else if tail.above {
        item.units = Given::Above;
    }
}
