//! Papers of several parts: a text with measures and an annexed table of others, annexes of text one behind the other,
//! tables of marks beside the plan's own.

use super::Part;
use super::assign::{Assigned, assign};
use super::event::{Event, Item};
use super::layout::Node;
use super::notice::{heads, is_plan_title};
use super::running::prose_events;
use super::stops::is_stop;
use super::task::OrganOrigin;
use super::text::{Mark, Run, plain, trim};

/// Fewest measures with units of their own that make the text above a table a plan too.
const OWN_MIN: usize = 3;

/// The measures of the text above the first table, where most have units of their own. One that the table holds too
/// is left to the table.
pub(super) fn text_above(nodes: &[Node], parts: &[Part]) -> Vec<Event> {
    let Some(first) = parts.first() else {
        return Vec::new();
    };
    let above = nodes.get(..first.at).unwrap_or_default();
    let events = prose_events(above, heads(above, None).body);
    let (owned, items) = owned(&events);
    if owned < OWN_MIN || owned * 2 < items {
        return Vec::new();
    }
    let mut out = beside(events, parts);
    // the table's measures stand below no heading of the text
    out.push(Event::Section(Run::new()));
    out
}

/// The measures of the text behind each table, up to the next one: there each must have units of its own, for words on
/// the table as a whole stand there too.
pub(super) fn texts_below(nodes: &[Node], parts: &[Part]) -> Vec<Vec<Event>> {
    let below = |(i, part): (usize, &Part)| {
        let next = parts.get(i + 1).map_or(nodes.len(), |next| next.at);
        let text = nodes.get(part.end..next).unwrap_or_default();
        let stops = |node: &Node| matches!(node, Node::Line(run) if is_stop(run));
        let end = text.iter().position(stops).unwrap_or(text.len());
        let events = prose_events(text.get(..end).unwrap_or_default(), 0);
        let (owned, items) = owned(&events);
        if owned == 0 || owned < items {
            return Vec::new();
        }
        let mut out = vec![Event::Group(Run::new())];
        out.extend(beside(events, parts));
        if i + 1 < parts.len() {
            out.push(Event::Section(Run::new()));
        }
        out
    };
    parts.iter().enumerate().map(below).collect()
}

/// Measures with units of their own, and all measures.
fn owned(events: &[Event]) -> (usize, usize) {
    let (items, _, _) = assign(events.to_vec());
    let own = |a: &&Assigned| matches!(a.origin, OrganOrigin::Own | OrganOrigin::Shared);
    (items.iter().filter(own).count(), items.len())
}

/// The events of a text beside tables, without the measures that a table holds too.
fn beside(events: Vec<Event>, parts: &[Part]) -> Vec<Event> {
    let tabled: Vec<String> = parts
        .iter()
        .flat_map(|p| &p.events)
        .filter_map(|e| match e {
            Event::Item(item) => Some(words(&item.text)),
            _ => None,
        })
        .collect();
    let mut twice = Vec::new();
    let mut kept = 0;
    let mut out = Vec::new();
    for event in events {
        match event {
            Event::Item(item) if is_tabled(&item, &tabled) => twice.push(item),
            event => {
                kept += usize::from(matches!(event, Event::Item(_)));
                out.push(event);
            }
        }
    }
    if kept == 0 {
        out.clear();
    }
    out.extend(twice.into_iter().map(|item| {
        aside(
            item.source,
            "task-also-in-table",
            "正文中的这些任务附表里也有，按附表列入一次，请核对",
        )
    }));
    if kept > 0 {
        out.push(aside(
            Run::new(),
            "text-and-table",
            "正文和附表都写有任务，都已列入，请核对有无重复",
        ));
    }
    out
}

/// Shortest text that tells one measure from others, in characters.
const TELLING_MIN: usize = 6;

fn is_tabled(item: &Item, tabled: &[String]) -> bool {
    let text = words(&item.text);
    tabled.iter().any(|other| {
        let shorter = text.chars().count().min(other.chars().count());
        shorter >= TELLING_MIN && (text.contains(other.as_str()) || other.contains(text.as_str()))
    })
}

fn words(run: &[Mark]) -> String {
    plain(run).trim_end_matches(['。', ';', '.']).to_owned()
}

fn aside(run: Run, code: &'static str, message: &str) -> Event {
    Event::Aside {
        run,
        code,
        message: message.to_owned(),
    }
}

/// Takes tables of marks (指标 | 分值 | 责任单位) out, unless the plan's title calls them its tasks; what is told of them.
pub(super) fn leave_scores(nodes: &[Node], parts: &mut Vec<Part>) -> Vec<Event> {
    let ordered = |p: &Part| {
        let title = heads(nodes, Some(p.at)).title.unwrap_or_default();
        ["任务", "分工", "分解", "要点"]
            .iter()
            .any(|w| title.contains(w))
    };
    let alone = parts.iter().all(|p| p.scoring);
    let kept = alone && parts.first().is_some_and(ordered);
    if kept || parts.iter().all(|p| !p.scoring) {
        return Vec::new();
    }
    let out = parts
        .iter()
        .filter(|p| p.scoring)
        .map(|p| {
            aside(
                p.head.iter().flatten().copied().collect(),
                "scoring-table",
                "这张表是考核评分指标，不是任务，没有列入",
            )
        })
        .collect();
    parts.retain(|p| !p.scoring);
    out
}

/// Longest line that does nothing but count the annexes, in characters.
const ANNEX_MAX: usize = 6;

/// What the line is to the next annex.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NextAnnex {
    /// 附件2
    Label,
    /// The title below it.
    Title,
}

/// 附件2 above the title of another plan: the measures go on behind it.
pub(super) fn next_annex(lines: &[&Run], i: usize) -> Option<NextAnnex> {
    let annex = |i: usize| {
        lines.get(i).is_some_and(|run| {
            let run = trim(run);
            if run.first().is_none_or(|m| m.fold != '附') {
                return false;
            }
            let text = plain(run);
            text.starts_with("附件") && text.chars().count() <= ANNEX_MAX && !text.contains(':')
        })
    };
    let titled = |i: usize| {
        lines
            .get(i)
            .is_some_and(|run| is_plan_title(&plain(trim(run))))
    };
    if annex(i) && titled(i + 1) {
        return Some(NextAnnex::Label);
    }
    (i > 0 && annex(i - 1) && titled(i)).then_some(NextAnnex::Title)
}
