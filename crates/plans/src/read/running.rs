//! The running text of a paper, annex by annex, up to where the paper ends.

use super::event::Event;
use super::labels::{Label, label};
use super::layout::Node;
use super::text::{Run, is_empty, plain};
use super::{both, notice, number, prose, stops};

/// The events of the running text from the body's start to where the paper ends. Each annex is read for itself; its
/// title is the section of measures that have no other.
pub(crate) fn prose_events(nodes: &[Node], body: usize) -> Vec<Event> {
    let mut out = Vec::new();
    for (title, lines) in prose_lines(nodes, body) {
        out.extend(title.map(Event::Section));
        out.extend(prose::events(&lines, prose::Hint::Text));
    }
    out
}

/// Lines of running text, by annex.
fn prose_lines(nodes: &[Node], body: usize) -> Vec<(Option<Run>, Vec<Run>)> {
    let mut out: Vec<(Option<Run>, Vec<Run>)> = vec![(None, Vec::new())];
    let lines: Vec<&Run> = nodes
        .iter()
        .skip(body)
        .filter_map(|n| match n {
            Node::Line(run) if !is_empty(run) => Some(run),
            _ => None,
        })
        .collect();
    let numbered = lines.iter().any(|run| number::number(run).is_some());
    // 主办单位：… between measures assigns them; below the last one it is the foot of the page
    let last_number = lines.iter().rposition(|run| number::number(run).is_some());
    let (mut begun, mut sponsored, mut person) = (false, false, false);
    for (i, run) in lines.iter().enumerate() {
        begun |= match numbered {
            true => number::number(run).is_some(),
            false => prose::names_units(run),
        };
        let signed = lines.get(i + 1).is_some_and(|n| notice::is_date_line(n))
            && plain(run).chars().count() < 40;
        let request = number::number(run).is_none() && stops::is_request(run);
        match both::next_annex(&lines, i).filter(|_| begun) {
            Some(both::NextAnnex::Label) => continue,
            Some(both::NextAnnex::Title) => {
                out.push((Some((*run).clone()), Vec::new()));
                continue;
            }
            None => {}
        }
        // 政策解读, above a measure: a heading, and no link of the page
        let mut next = lines.iter().skip(i + 1).take(2);
        let heads = !numbered && next.any(|l| prose::names_units(l));
        let sponsors = stops::is_stop(run) && matches!(label(run), Some((Label::Units(_), _)));
        sponsored |= sponsors && last_number.is_some_and(|last| i < last);
        // 联系人：… below a measure, and not at the foot of the page
        let named = prose::is_person_line(run);
        person |= named && last_number.is_some_and(|last| i < last);
        let part = heads && stops::may_head(run) || sponsors && sponsored || named && person;
        if begun && (stops::is_stop(run) && !part || signed || request) {
            break;
        }
        if let Some((_, lines)) = out.last_mut() {
            lines.push((*run).clone());
        }
    }
    out
}
