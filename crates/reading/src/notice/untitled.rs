//! A covering notice of which no title was captured: what it demands, and how it names the plan.

use super::super::layout::Node;
use super::super::number::{Level, number};
use super::super::organ_name::without_brackets;
use super::super::text::{Run, from, part, plain, starts};
use super::Line;
use super::title::{is_plan_title, squeeze};

/// Lines at the top in which a notice sends its plan.
const LINES_MAX: usize = 30;
/// Fewest demands in a row, and fewest sentences of each: a plan has measures between its sections.
const DEMANDS_MIN: usize = 2;
const SENTENCES_MIN: usize = 2;
/// Lines of the first measure in which its units stand.
const MEASURE_LINES: usize = 3;
/// Longest name of a plan, and what may stand between it and 印发, in characters.
const NAME_MAX: usize = 60;
const GAP_MAX: usize = 16;

/// The node behind the demands that a notice makes below the sentence that sends its plan, where the measures begin with
/// numbers of their own.
pub(super) fn demands_end(lines: &[Line]) -> Option<usize> {
    let sends = |line: &Line| {
        ["印发给你们", "印发你们"]
            .iter()
            .any(|w| line.text.contains(w))
    };
    let sent = lines.iter().take(LINES_MAX).position(sends)?;
    let below = lines.get(sent + 1..)?;
    let demands = below.iter().take_while(|line| is_demand(line)).count();
    let measures = below.get(demands..)?;
    let first = measures.first()?;
    let begins = number(first.run).is_some_and(|n| n.value == 1 && n.level != Level::Section);
    let is_assigned = |line: &Line| {
        ["单位:", "部门:", "牵头", "负责)"]
            .iter()
            .any(|word| line.text.contains(word))
    };
    let assigned = measures.iter().take(MEASURE_LINES).any(is_assigned);
    (demands >= DEMANDS_MIN && begins && assigned).then_some(first.node)
}

/// 一、高度重视，精心组织。各单位要…。: a section of several sentences that names no units as measures do.
fn is_demand(line: &Line) -> bool {
    number(line.run).is_some_and(|n| n.level == Level::Section)
        && line.text.matches('。').count() >= SENTENCES_MIN
        && !line.text.contains("单位:")
        && !line.text.contains("负责)")
}

/// 现将《…方案》（以下简称《方案》）印发给你们: the plan's name, and where it stands.
pub(super) fn named_where_sent(nodes: &[Node]) -> Option<(String, Run)> {
    let lines = nodes.iter().filter_map(|node| match node {
        Node::Line(run) => Some(run),
        Node::Grid(_) => None,
    });
    lines.take(LINES_MAX).find_map(|line| {
        (0..line.len()).find_map(|at| {
            let led = starts(from(line, at), "现将")?;
            let rest = from(line, at + led);
            let open = rest.iter().position(|m| !m.is_blank())?;
            let rest = from(rest, open);
            let opened = starts(rest, "《")?;
            let end = rest.iter().take(NAME_MAX).position(|m| m.ch == '》')?;
            let name = part(rest, opened, end);
            let behind = plain(from(rest, end + 1));
            let is_sent = behind.split(['。', ';']).next().is_some_and(|rest| {
                let before = rest.split("印发").next().unwrap_or_default();
                let short = without_brackets(before).chars().count() <= GAP_MAX;
                short && rest.contains("印发")
            });
            (is_sent && is_plan_title(&plain(name))).then(|| (squeeze(name), name.to_vec()))
        })
    })
}
