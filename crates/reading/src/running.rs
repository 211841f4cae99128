//! The running text of a paper, annex by annex, up to where the paper ends.

use super::event::{Event, doubt_from};
use super::labels::{Label, label};
use super::layout::Node;
use super::number::{Level, number};
use super::text::{Run, is_empty, plain, trim, trim_end_by};
use super::torn::{Tear, tear};
use super::{both, lines, notice, prose, stops};

/// The events of the running text from the body's start to where the paper ends. Each annex is read for itself; its
/// title is the section of measures that have no other.
pub(crate) fn prose_events(nodes: &[Node], body: usize) -> Vec<Event> {
    let text = prose_lines(nodes, body);
    let mut out = Vec::new();
    for (title, lines) in text.parts {
        out.extend(title.map(Event::Section));
        out.extend(prose::events(&lines, prose::Hint::Text));
    }
    if let Some(at) = text.doubtful_from {
        doubt_from(&mut out, at);
    }
    out
}

/// Running text.
struct Text {
    /// Its lines by annex, each with its title.
    parts: Vec<(Option<Run>, Vec<Run>)>,
    /// The character from which on it may be no part of the plan.
    doubtful_from: Option<u32>,
}

fn prose_lines(nodes: &[Node], body: usize) -> Text {
    let mut out: Vec<(Option<Run>, Vec<Run>)> = vec![(None, Vec::new())];
    let mut doubtful_from = None;
    // a wrapped line may begin with 政策解读 and is no foot of the page: lines are made whole before they are looked at
    let whole = prose::join_wrapped(without_blanks(nodes.get(body..).unwrap_or_default()));
    let lines: Vec<&Run> = whole.iter().collect();
    let lines = match nodes.iter().any(lines::is_title) {
        true => lines,
        false => without_rows(lines),
    };
    let numbered = lines.iter().any(|run| number(run).is_some());
    // 主办单位：… between measures assigns them; below the last one it is the foot of the page
    let last_number = lines.iter().rposition(|run| number(run).is_some());
    let measure = |run: &Run| number(run).is_some() || prose::begins_record(run);
    let last_measure = lines.iter().rposition(|run| measure(run));
    let (mut begun, mut sponsored, mut person) = (false, false, false);
    let mut seen = Seen::default();
    for (i, run) in lines.iter().enumerate() {
        begun |= match numbered {
            true => number(run).is_some(),
            false => prose::names_units(run),
        };
        let signed = lines.get(i + 1).is_some_and(|n| notice::is_date_line(n))
            && plain(run).chars().count() < 40;
        let request = number(run).is_none() && stops::is_request(run);
        match both::next_annex(&lines, i).filter(|_| begun) {
            Some(both::NextAnnex::Label) => continue,
            Some(both::NextAnnex::Title) => {
                out.push((Some((*run).clone()), Vec::new()));
                continue;
            }
            None => {}
        }
        // 政策解读, above a measure: a heading, and no link of the page
        let may_head = begun && stops::may_head(run);
        let behind = may_head.then(|| match numbered {
            true => goes_on(&lines, i, &seen),
            false => names_units_below(&lines, i),
        });
        let heads = behind.is_some_and(|b| b != Behind::Nothing);
        if behind == Some(Behind::Units) && doubtful_from.is_none() {
            doubtful_from = run.first().map(|m| m.at);
        }
        seen.note(run);
        let sponsors = stops::is_stop(run) && matches!(label(run), Some((Label::Units(_), _)));
        sponsored |= sponsors && last_number.is_some_and(|last| i < last);
        // 联系人：… below a measure, and not at the foot of the page
        let named = prose::is_person_line(run);
        person |= named && last_measure.is_some_and(|last| i < last);
        let part = heads || sponsors && sponsored || named && person;
        if begun && (stops::is_stop(run) && !part || signed || request) {
            break;
        }
        if let Some((_, lines)) = out.last_mut() {
            lines.push((*run).clone());
        }
    }
    Text {
        parts: out,
        doubtful_from,
    }
}

/// The lines of text; one that a blank line tore in the middle of its sentence is whole again.
fn without_blanks(nodes: &[Node]) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let mut blank = false;
    for node in nodes {
        let Node::Line(run) = node else {
            blank = false;
            continue;
        };
        if is_empty(run) {
            blank = true;
            continue;
        }
        if notice::is_issue_line(run) {
            continue;
        }
        match out.last_mut() {
            Some(last) if blank && tear(last, run) == Tear::Sure => {
                last.truncate(trim_end_by(last, |m| m.is_blank()).len());
                last.extend_from_slice(trim(run));
            }
            _ => out.push(run.clone()),
        }
        blank = false;
    }
    out
}

/// Fewest pipes in a line that parts cells.
const PIPES_MIN: usize = 2;

/// Lines with as many pipes as one beside them are rows of a table, and no running text: it was looked at as a table, and is
/// none of a plan.
fn without_rows(lines: Vec<&Run>) -> Vec<&Run> {
    let pipes = |run: &Run| run.iter().filter(|m| m.fold == '|').count();
    let counts: Vec<usize> = lines.iter().map(|run| pipes(run)).collect();
    let beside = |i: usize| {
        let own = counts.get(i).filter(|own| **own >= PIPES_MIN);
        let before = i.checked_sub(1).and_then(|j| counts.get(j));
        own.is_some() && (own == before || own == counts.get(i + 1))
    };
    let text = lines.into_iter().enumerate().filter(|(i, _)| !beside(*i));
    text.map(|(_, run)| run).collect()
}

/// What stands behind a line that may head measures or end the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Behind {
    Nothing,
    /// The numbers of the plan go on.
    Numbers,
    /// Units alone tell that the plan goes on.
    Units,
}

/// The last numbers so far.
#[derive(Default)]
struct Seen {
    section: u32,
    group: u32,
    item: u32,
    /// The numbers of the measures begin again below each heading.
    again: bool,
}

impl Seen {
    fn note(&mut self, run: &Run) {
        let Some(n) = number(run) else { return };
        match n.level {
            Level::Section => self.section = n.value,
            Level::Group => self.group = n.value,
            Level::Item => {
                self.again |= n.value == 1 && self.item > 0;
                self.item = n.value;
            }
            Level::Sub | Level::Circled => {}
        }
    }

    fn goes_on(&self, run: &Run) -> bool {
        number(run).is_some_and(|n| match n.level {
            Level::Section => self.section > 0 && n.value == self.section + 1,
            Level::Group => self.group > 0 && n.value == self.group + 1,
            Level::Item => self.item > 0 && n.value == self.item + 1,
            Level::Sub | Level::Circled => false,
        })
    }
}

/// Looks behind a mark of a page: links and the foot follow it, or the plan goes on. The first number of each kind tells:
/// a list of links counts from 1, and would come to the next number of the plan some time.
fn goes_on(lines: &[&Run], i: usize, seen: &Seen) -> Behind {
    let ends = |run: &Run| stops::is_stop(run) && !stops::may_head(run);
    let behind = lines.iter().enumerate().skip(i + 1).take(stops::BEHIND_MAX);
    let (mut met, mut marks): (Vec<Level>, bool) = (Vec::new(), false);
    for (at, run) in behind.take_while(|(_, run)| !ends(run)) {
        marks |= stops::may_head(run);
        let Some(n) = number(run) else { continue };
        if seen.goes_on(run) && !met.contains(&n.level) {
            return Behind::Numbers;
        }
        met.push(n.level);
        let below = lines.get(at + 1).and_then(|l| label(trim(l)));
        let units = matches!(below, Some((Label::Units(_), _)));
        if (prose::take_units(run).found() || units) && !marks {
            let again = seen.again && n.level == Level::Item && n.value == 1;
            return match again {
                true => Behind::Numbers,
                false => Behind::Units,
            };
        }
    }
    Behind::Nothing
}

/// In a text without numbers: one of the next two lines has units.
fn names_units_below(lines: &[&Run], i: usize) -> Behind {
    let mut next = lines.iter().skip(i + 1).take(2);
    match next.any(|l| !stops::is_stop(l) && prose::names_units(l)) {
        true => Behind::Numbers,
        false => Behind::Nothing,
    }
}
