//! The head of a document: titles, number, issuer, dates; the covering notice with its own deadlines.

use jiff::civil::Date;

use super::layout::Node;
use super::organ_name::is_organ;
use super::text::{Mark, Run, is_empty, plain, tidy, trim, trim_by};

mod beside;
mod day;
mod header;
mod headline;
mod issue_number;
mod lone;
mod metadata;
mod own_number;
mod seams;
mod signature;
mod title;
mod untitled;

pub(crate) use day::{behind_organ, date_of, is_date_line};
pub(crate) use header::from_headers;
use headline::headline;
pub(crate) use issue_number::issue_number;
pub(crate) use lone::{own_title_of, preamble};
use metadata::{Field, fields};
pub(crate) use own_number::is_issue_line;
use own_number::take_number;
pub(crate) use seams::part_heads;
use signature::{Signature, imprint, signature};
pub(crate) use title::{is_other_paper, is_plan_title, puts_rules_in_force};

/// What the head says. Runs are kept for the account.
#[derive(Debug, Default)]
pub(crate) struct Heads {
    pub(crate) title: Option<String>,
    /// The title was taken from the covering notice's own title.
    pub(crate) title_from_notice: bool,
    pub(crate) notice_title: Option<String>,
    /// First line that reads like a title of anything.
    pub(crate) headline: Option<String>,
    pub(crate) document_number: Option<String>,
    pub(crate) issuer: Option<String>,
    pub(crate) issued_on: Option<Date>,
    pub(crate) published_on: Option<Date>,
    /// The document number had lost its 号.
    pub(crate) number_repaired: bool,
    /// The issue date had lost its signs (2022728).
    pub(crate) issue_date_repaired: bool,
    /// First node behind the plan's title, or behind the notice.
    pub(crate) body: usize,
    /// Nodes of the covering notice's text.
    pub(crate) notice: std::ops::Range<usize>,
    /// The notice is signed before the first numbered paragraph: what follows is the plan itself.
    pub(crate) signed_above: bool,
    pub(crate) used: Vec<Run>,
}

/// A line with its place among the nodes.
pub(crate) struct Line<'a> {
    pub(crate) node: usize,
    pub(crate) run: &'a [Mark],
    pub(crate) text: String,
}

/// The lines that say something.
fn lines_of(nodes: &[Node]) -> Vec<Line<'_>> {
    nodes
        .iter()
        .enumerate()
        .filter_map(|(node, n)| match n {
            Node::Line(run) if !is_empty(run) => {
                // a title may stand in a table row of one cell, the others of which are blank
                let comma = run.last().is_some_and(|m| m.ch == ',');
                let blank = |m: Mark| m.is_blank() || m.fold == '|' || comma && is_comma(m);
                let alone = trim_by(run, blank);
                let run = if alone.iter().any(|m| m.fold == '|') {
                    trim(run)
                } else {
                    alone
                };
                Some(Line {
                    node,
                    run,
                    text: plain(run),
                })
            }
            _ => None,
        })
        .collect()
}

/// What stands around the one cell of a row between commas that is filled.
fn is_comma(m: Mark) -> bool {
    matches!(m.ch, ',' | '"')
}

/// Reads the head; `table` is the first node of the plan's table, if it has one.
pub(crate) fn heads(nodes: &[Node], table: Option<usize>) -> Heads {
    let all = lines_of(nodes);
    let cut = table.map_or(all.len(), |t| all.partition_point(|l| l.node < t));
    let (before, _) = all.split_at(cut);
    let mut heads = Heads {
        headline: headline(if table.is_some() { before } else { &all }),
        ..Heads::default()
    };
    let meta = fields(before);
    let imprint = imprint(&all);
    let notice = title::notice_title(before);
    let below = notice
        .as_ref()
        .map_or(0, |n| before.partition_point(|l| l.node < n.body));
    let named = notice
        .as_ref()
        .and_then(|n| title::organ_before_subject(&n.text));
    let signature = signature(before, &all, named.as_deref());
    if let Some(found) = &notice {
        heads.notice_title = Some(found.text.clone());
        heads.used.extend(found.runs.iter().cloned());
    }
    take_name(&meta, &mut heads);
    let after = signature.as_ref().map_or(0, |s| s.date_line + 1);
    let search = title::Search {
        after,
        behind_notice: below,
        above_table: table.is_some(),
    };
    let plan = own_title(before, search, notice.as_ref());
    if let (Some(n), Some(p)) = (&notice, &plan)
        && beside::is_other_link(n, p, before)
    {
        heads.notice_title = None;
        heads.used.clear();
    }
    let first_number = before
        .iter()
        .position(|l| super::number::number(l.run).is_some())
        .unwrap_or(usize::MAX);
    heads.signed_above = signature
        .as_ref()
        .is_some_and(|s| s.date_line > 0 && s.date_line < first_number);
    begin(&mut heads, plan.as_ref(), signature.as_ref(), table, &all);
    let first = notice.as_ref().map_or(0, |n| n.body);
    let lines = before.get(below..).unwrap_or_default();
    let until = plan.as_ref().map(|p| p.first).or(table);
    let until = until.unwrap_or_else(|| notice_end(lines, first, heads.body, notice.is_some()));
    let until = forwarded(lines, notice.as_ref()).map_or(until, |other| until.min(other));
    heads.notice = first.min(until)..until;
    take_number(before, &meta, heads.body, &mut heads);
    let signed = signature.as_ref().or(imprint.as_ref());
    dates(&meta, signed, &mut heads);
    issuer(&meta, signed, &mut heads);
    title_of_notice(&mut heads);
    heads.used.extend(meta.into_iter().map(|m| m.run));
    heads
}

/// Where the plan's own text begins: behind its title, else below who signed the notice, else behind what the notice demands.
fn begin(
    heads: &mut Heads,
    plan: Option<&title::Title>,
    signature: Option<&Signature>,
    table: Option<usize>,
    all: &[Line],
) {
    if let Some(found) = plan {
        heads.title = Some(found.text.clone());
        heads.used.extend(found.runs.iter().cloned());
        heads.body = found.body;
        return;
    }
    if table.is_some() {
        return;
    }
    if let Some(s) = signature
        && all
            .iter()
            .skip(s.date_line + 1)
            .any(|l| super::number::number(l.run).is_some())
    {
        heads.body = all.get(s.date_line).map_or(0, |l| l.node + 1);
    }
    if let Some(end) = untitled::demands_end(all) {
        heads.body = heads.body.max(end);
    }
}

/// The name that a page's fields give the paper.
fn take_name(meta: &[metadata::Found], heads: &mut Heads) {
    let Some(name) = meta.iter().find(|m| m.field == Field::Name) else {
        return;
    };
    let name = tidy(&name.value);
    heads.headline.get_or_insert_with(|| name.clone());
    if heads.notice_title.is_none() && name.ends_with("通知") {
        heads.notice_title = Some(name);
    } else if heads.title.is_none() && is_plan_title(&name) {
        heads.title = Some(name);
    }
}

/// The plan's title as its notice has it, where nothing else does.
fn title_of_notice(heads: &mut Heads) {
    let Some(notice) = heads
        .notice_title
        .as_deref()
        .filter(|_| heads.title.is_none())
    else {
        return;
    };
    if let Some(named) = title::named_in_notice(notice) {
        heads.title = Some(named);
        heads.title_from_notice = true;
    } else if !notice.contains("印发") && !notice.contains("印發") {
        // a notice that sets the tasks itself has no other title
        heads.title = Some(notice.to_owned());
    }
}

/// Where the notice begins that another one forwards: what it asks of its own addressees, nobody here is asked.
fn forwarded(lines: &[Line], notice: Option<&title::Title>) -> Option<usize> {
    notice.filter(|n| title::forwards(&n.text))?;
    title::notice_title(lines).map(|other| other.first)
}

/// A notice that sets the tasks itself goes on up to the first of them; any other one ends where the body begins.
fn notice_end(lines: &[Line], first: usize, body: usize, noticed: bool) -> usize {
    if body > first || !noticed {
        return body;
    }
    let numbered = |l: &&Line| super::number::number(l.run).is_some();
    lines.iter().find(numbered).map_or(0, |l| l.node)
}

/// The plan's own title: below the signature, else anywhere, else one that stands on no line of its own.
fn own_title(
    before: &[Line],
    search: title::Search,
    notice: Option<&title::Title>,
) -> Option<title::Title> {
    let anywhere = title::Search { after: 0, ..search };
    let found = title::plan_title(before, search).or_else(|| {
        let again = search.after > 0;
        again.then(|| title::plan_title(before, anywhere)).flatten()
    });
    let named = notice.and_then(|n| title::named_in_notice(&n.text));
    let found = found.map(|found| match &named {
        Some(name) => title::with_line_above(before, found, name),
        None => found,
    });
    let found = found.map(|found| title::quoted_with_line_above(before, found));
    found.or_else(|| title::other_title(before, notice.is_none(), search.above_table))
}

fn dates(meta: &[metadata::Found], signature: Option<&Signature>, heads: &mut Heads) {
    let meta_date = |field| {
        meta.iter()
            .filter(|m| m.field == field)
            .find_map(|m| date_of(&m.value))
    };
    heads.published_on = meta_date(Field::Published);
    heads.issued_on = signature
        .and_then(|s| s.date)
        .or_else(|| meta_date(Field::Issued));
    if let Some(s) = signature {
        heads.issue_date_repaired = s.repaired && s.date.is_some();
        heads.used.push(s.run.clone());
    }
}

fn issuer(meta: &[metadata::Found], signature: Option<&Signature>, heads: &mut Heads) {
    if let Some((name, run)) = signature.and_then(|s| s.organ.clone()) {
        heads.used.push(run);
        heads.issuer = Some(name);
        return;
    }
    let named = meta
        .iter()
        .find(|m| m.field == Field::Issuer)
        .map(|m| tidy(&m.value))
        .filter(|v| is_organ(v));
    let from_notice = heads
        .notice_title
        .as_deref()
        .and_then(title::organ_before_subject);
    let from_title = heads.title.as_deref().and_then(title::organ_before_subject);
    heads.issuer = from_notice.or(named).or(from_title);
}
