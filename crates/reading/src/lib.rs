//! Reads a plan out of neutral blocks: a draft and the problems that a person should see. Pure: no files, no clock.
//!
//! The way: blocks become cleaned lines and grids ([`layout`]); the head of the document is read ([`notice`]); the body
//! is brought to one run of headings, items and units, whatever its shape ([`tables`], [`lines`], [`prose`]); one pass
//! gives each item its headings and units ([`assign`]); texts are parsed into fields ([`build`]); the document is judged
//! ([`verdict`]); and what is left over is told ([`leftovers`]). [`score`] holds what was read against labels.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test should fail loudly"
    )
)]

mod answers;
mod apart;
mod assign;
mod bands;
mod both;
mod boxes;
mod brackets;
mod build;
mod cells;
mod columns;
mod dates;
mod doubled;
mod event;
mod figures;
mod fold;
mod forms;
mod glance;
mod grid;
mod guess;
mod items;
mod json;
mod keyed;
mod labels;
mod layout;
mod leftovers;
mod lines;
mod lost_stops;
mod matrix;
mod noise;
mod notice;
mod number;
mod one_run;
mod organ_name;
mod organs;
mod page_marks;
mod problem;
mod prose;
mod quantities;
mod quoted;
mod revisions;
mod rows;
mod running;
pub mod score;
mod size;
mod stops;
mod straight;
mod struck;
mod tables;
mod task;
mod text;
mod torn;
mod verdict;
mod way;
mod years;

pub use columns::{Column, is_head};
pub use dates::{Deadline, DeadlineKind, Typed, typed};
pub use json::{to_csv, to_json};
pub use organs::{OrganRef, Role};
pub use problem::{Coverage, Problem};
pub use quantities::{Quantity, counted};
pub use task::{Confidence, OrganOrigin, Plan, Task};
pub use way::Told;

use gongkai_office::{Document, Format, Place};

use assign::{Assigned, LeftOut, assign};
use build::{Built, build};
use dates::Known;
use event::{Event, Given};
use layout::{Node, nodes};
use notice::{Heads, heads};
use problem::Account;
use running::prose_events;
use text::{Run, is_empty, plain};
use way::{Way, pieces_of};
use years::year;

/// Reads a document. Never fails: a document that is no plan says so in its problems.
pub fn read(document: &Document) -> Plan {
    read_telling(document, &mut |_, _| {})
}

/// [`read`], telling step by step how far it is; the last step is told once all is read.
pub fn read_telling<'t>(document: &Document, told: &'t mut Told<'t>) -> Plan {
    if let Some(plan) = size::refused(document) {
        told(1, 1);
        return plan;
    }
    let _kept = answers::Reading::begin();
    let mut account = Account::default();
    for p in &document.problems {
        account.problem_at(&p.code, p.message.clone(), p.place);
    }
    let lost: u64 = document.problems.iter().map(|p| p.dropped_chars).sum();
    let (nodes, torn) = page_marks::take_out(nodes(document, &mut account), &mut account);
    let nodes = brackets::mend(quoted::join(nodes, &mut account));
    let nodes = boxes::draw(nodes, &mut account);
    let nodes = matrix::unfold(nodes, &mut account);
    let nodes = one_run::part_tables(nodes, &mut account);
    let nodes = forms::card(notice::part_heads(nodes));
    let nodes = apart::join(nodes, &mut account);
    let nodes = lost_stops::restore(nodes, &mut account);
    // a table of a fixed layout that no lines show, and that stayed text: its cells are a guess
    let loose = matches!(document.format, Format::Pdf | Format::Ofd);
    let mut way = Way::new(&nodes, told);
    let mut body = find_body(nodes, loose, &mut way);
    notice::from_headers(document, &mut body.heads, &mut account);
    for event in &mut body.events {
        if let Event::Item(item) = event
            && torn.holds(&item.source)
        {
            item.doubts.push(event::Doubt::Torn);
        }
    }
    struck::doubt(&mut body.events, document, &account);
    let mut plan = make(&body, &mut account, &mut way);
    way.over();
    plan.problems = std::mem::take(&mut account.problems);
    plan.coverage = account.coverage(document.source_chars, lost);
    plan
}

/// The body of the document, brought to events.
struct Body {
    nodes: Vec<Node>,
    heads: Heads,
    events: Vec<Event>,
    columns: Vec<Column>,
    table_heads: Vec<Run>,
    from_table: bool,
    catalogue: bool,
    /// All its tables hold marks and scores.
    scoring: bool,
    empty_table: bool,
}

/// A table of the plan, wherever it stood.
struct Part {
    /// Its first node.
    at: usize,
    /// The first node behind it.
    end: usize,
    columns: Vec<Column>,
    events: Vec<Event>,
    head: Vec<Run>,
    catalogue: bool,
    scoring: bool,
    /// No head names its columns.
    headless: bool,
}

impl Part {
    fn items(&self) -> usize {
        let item = |e: &&Event| matches!(e, Event::Item(_));
        self.events.iter().filter(item).count()
    }
}

/// Tables with fewer items than this, and those without a head, give way to running text that has more.
const TABLE_ITEMS_MIN: usize = 3;

fn find_body(nodes: Vec<Node>, loose: bool, way: &mut Way<'_>) -> Body {
    let (nodes, mut parts) = read_tables(nodes, way);
    let mut regions = lines::regions(&nodes);
    if loose {
        let events = regions.iter_mut().flat_map(|r| &mut r.events);
        events.for_each(lines::doubt_cell);
    }
    parts.extend(regions.into_iter().map(|r| Part {
        at: r.start,
        end: r.end,
        columns: r.columns,
        events: r.events,
        scoring: columns::is_scoring(&r.head),
        headless: r.headless,
        head: r.head,
        catalogue: r.catalogue,
    }));
    parts.sort_by_key(|p| p.at);
    let catalogue = parts.iter().any(|p| p.catalogue);
    let empty_table = parts.iter().any(|p| p.items() == 0);
    parts.retain(|p| p.items() > 0 && !p.catalogue);
    let scores = both::leave_scores(&nodes, &mut parts);
    let scoring = parts.is_empty() && !scores.is_empty();
    let in_tables: usize = parts.iter().map(Part::items).sum();
    if in_tables < TABLE_ITEMS_MIN || parts.iter().all(|p| p.headless) {
        let heads = heads(&nodes, None);
        let events = prose_events(&nodes, heads.body);
        // a row of a table is no line of running text
        let row = |i: &event::Item| i.source.iter().any(|m| m.fold == '|');
        let assigned = |e: &&Event| matches!(e, Event::Item(i) if matches!(i.units, Given::Here(_)) && !row(i));
        if parts.is_empty() || events.iter().filter(assigned).count() > in_tables {
            return Body {
                nodes,
                heads,
                events,
                columns: Vec::new(),
                table_heads: Vec::new(),
                from_table: false,
                catalogue,
                scoring,
                empty_table,
            };
        }
    }
    headings_above(&nodes, &mut parts);
    let above = both::text_above(&nodes, &parts);
    let below = both::texts_below(&nodes, &parts);
    let parted = |(part, below): (Part, Vec<Event>)| part.events.into_iter().chain(below);
    Body {
        heads: heads(&nodes, parts.first().map(|p| p.at)),
        columns: parts.first().map(|p| p.columns.clone()).unwrap_or_default(),
        table_heads: parts.iter().flat_map(|p| p.head.iter().cloned()).collect(),
        events: above
            .into_iter()
            .chain(parts.into_iter().zip(below).flat_map(parted))
            .chain(scores)
            .collect(),
        nodes,
        from_table: true,
        catalogue,
        scoring,
        empty_table,
    }
}

/// Longest heading above a table, in characters.
const HEADING_MAX: usize = 60;

/// 一、助力发展, above the table of its measures: each section has a table of its own.
fn headings_above(nodes: &[Node], parts: &mut [Part]) {
    for part in parts {
        let above = nodes.get(..part.at).unwrap_or_default();
        let headings: Vec<Event> = above
            .iter()
            .rev()
            .map_while(|node| match node {
                Node::Line(run) if is_empty(run) => Some(None),
                Node::Line(run) => heading(run).map(Some),
                Node::Grid(_) => None,
            })
            .flatten()
            .collect();
        let mut events: Vec<Event> = headings.into_iter().rev().collect();
        events.append(&mut part.events);
        part.events = events;
    }
}

fn heading(run: &Run) -> Option<Event> {
    let number = number::number(run)?;
    let short = text::weight(run) <= HEADING_MAX;
    let body = plain(run);
    if !short || body.trim_end_matches('。').contains(['。', ';']) {
        return None;
    }
    match number.level {
        number::Level::Section => Some(Event::Section(text::trim(run).to_vec())),
        number::Level::Group => Some(Event::Group(text::trim(run).to_vec())),
        _ => None,
    }
}

/// Reads the grids; those that are no table of a plan become lines.
fn read_tables(nodes: Vec<Node>, way: &mut Way<'_>) -> (Vec<Node>, Vec<Part>) {
    let mut out = Vec::new();
    let mut found: Vec<Part> = Vec::new();
    for node in nodes {
        let pieces = pieces_of(&node);
        match node {
            Node::Grid(grid) => {
                let mut grid = doubled::parted(straight::straightened(grid));
                let before = found.last().map(|p| p.columns.clone());
                let titled = has_title(&out) || has_title(&rows_of_one(&grid));
                let read = match forms::are_all(&grid.rows) {
                    true => None,
                    false => tables::read(&grid, before.as_deref(), titled),
                };
                match read {
                    Some(read) => {
                        let rest = grid.rows.split_off(read.above);
                        layout::flatten(std::mem::replace(&mut grid.rows, rest), &mut out);
                        found.push(Part {
                            at: out.len(),
                            end: out.len() + 1,
                            columns: read.columns,
                            events: read.events,
                            scoring: columns::is_scoring(&read.head),
                            headless: false,
                            head: read.head,
                            catalogue: read.catalogue,
                        });
                        out.push(Node::Grid(grid));
                    }
                    None => layout::flatten(forms::labelled(grid.rows), &mut out),
                }
            }
            Node::Line(run) => out.push(Node::Line(forms::joined(run))),
        }
        way.looked_through(pieces);
    }
    (out, found)
}

/// Whether the title of a plan stands among the lines.
fn has_title(nodes: &[Node]) -> bool {
    nodes.iter().any(lines::is_title)
}

/// The rows above a table's head that hold one text.
fn rows_of_one(grid: &layout::Grid) -> Vec<Node> {
    let one = |row: &&Vec<layout::GridCell>| row.iter().filter(|c| !is_empty(&c.run)).count() <= 1;
    let cells = grid.rows.iter().take_while(one).flatten();
    cells.map(|c| Node::Line(c.run.clone())).collect()
}

fn make(body: &Body, account: &mut Account, way: &mut Way<'_>) -> Plan {
    let heads = &body.heads;
    let (mut items, left_out, headings) = assign(body.events.clone());
    doubt_leads_in_type(body, &mut items, account);
    doubt_units_for_all(body, &mut items, account);
    revisions::doubt(&mut items);
    figures::doubt(&mut items);
    let opening = opening(&body.nodes);
    let (year, guessed) = year(heads, &items, &body.table_heads, &opening, account);
    let known = Known {
        year,
        issued: heads.issued_on,
        guessed,
    };
    let first_leads = first_leads(body);
    let built = build(items, known, first_leads, account, way);
    let no_plan = verdict::no_plan(
        heads,
        &verdict::Body {
            tasks: &built.tasks,
            from_table: body.from_table,
            catalogue: body.catalogue,
            scoring: body.scoring,
            empty_table: body.empty_table,
            table_heads: &body.table_heads,
            opening: &opening,
        },
    );
    let mut plan = Plan {
        is_plan: no_plan.is_none(),
        title: heads.title.clone(),
        notice_title: heads.notice_title.clone(),
        document_number: heads.document_number.clone(),
        issuer: heads.issuer.clone(),
        issued_on: heads.issued_on,
        published_on: heads.published_on,
        year,
        ..Plan::default()
    };
    heads.used.iter().for_each(|run| account.field(run));
    notice::own_title_of(&mut plan, &body.nodes, account);
    head_problems(heads, year, account);
    match no_plan {
        Some(reason) => account.problem_at(reason.code, reason.message, Place::default()),
        None => {
            plan.columns.clone_from(&body.columns);
            let preamble = notice::preamble(&body.nodes, heads.body.max(heads.notice.end));
            plan.document_deadlines = leftovers::document_deadlines(
                &body.nodes,
                &heads.notice,
                &preamble,
                known,
                &built.tasks,
                account,
            );
            settle(
                built,
                left_out,
                &headings,
                &body.table_heads,
                account,
                &mut plan,
            );
        }
    }
    leftovers::tell(&body.nodes, heads, plan.is_plan, account);
    plan
}

fn settle(
    built: Built,
    left_out: Vec<LeftOut>,
    headings: &[Run],
    table_heads: &[Run],
    account: &mut Account,
    plan: &mut Plan,
) {
    built
        .used
        .iter()
        .chain(headings)
        .chain(table_heads)
        .for_each(|run| account.field(run));
    for note in built.notes {
        account.problem(note.code, note.message, &note.run);
    }
    let mut told: Option<LeftOut> = None;
    for aside in left_out {
        if aside.message.is_empty() {
            account.field(&aside.run);
            continue;
        }
        match &mut told {
            Some(last) if last.code == aside.code => last.run.extend_from_slice(&aside.run),
            _ => {
                if let Some(last) = told.replace(aside) {
                    account.problem(last.code, last.message, &last.run);
                }
            }
        }
    }
    if let Some(last) = told {
        account.problem(last.code, last.message, &last.run);
    }
    if !built.tasks.is_empty() && built.tasks.iter().all(|t| t.organs.is_empty()) {
        account.problem_at(
            "organs-nowhere",
            "全文没有写明责任单位，请在确认时指定",
            Place::default(),
        );
    }
    plan.tasks = built.tasks;
}

/// Whether the notice, a head or a note says 列第一位的为牵头单位 for all lists of units.
fn first_leads(body: &Body) -> bool {
    let says = |run: &Run| organs::says_first_leads(run);
    body.table_heads.iter().any(says)
        || body.nodes.iter().any(|node| match node {
            Node::Line(run) => says(run) && !prose::take_units(run).found(),
            Node::Grid(_) => false,
        })
}

/// 责任单位中加粗的为牵头单位: who leads is told by type alone, which is not read. Items with several units are doubted.
fn doubt_leads_in_type(body: &Body, items: &mut [Assigned], account: &mut Account) {
    let nodes = body.nodes.iter().filter_map(|node| match node {
        Node::Line(run) => Some(run),
        Node::Grid(_) => None,
    });
    let said: Vec<&Run> = nodes
        .chain(&body.table_heads)
        .filter(|run| organs::says_lead_in_type(run))
        .collect();
    if said.is_empty() {
        return;
    }
    said.into_iter().for_each(|run| account.field(run));
    for assigned in items {
        let list = organs::parse(&assigned.units).list;
        let open = list.iter().all(|o| o.role == Role::Responsible);
        if open && list.len() > 1 {
            assigned.item.doubts.push(event::Doubt::LeadInType);
        }
    }
}

/// 各乡镇均为各项任务的责任单位，不再逐一列出, on a line of its own: whom it means is for a person to say.
fn doubt_units_for_all(body: &Body, items: &mut [Assigned], account: &mut Account) {
    let nodes = body.nodes.iter().filter_map(|node| match node {
        Node::Line(run) => Some(run),
        Node::Grid(_) => None,
    });
    let own = |run: &Run| {
        let units = matches!(labels::label(run), Some((labels::Label::Units(_), _)));
        units || prose::take_units(run).found()
    };
    let mut said = nodes.filter(|run| organs::says_for_all(run) && !own(run));
    let Some(first) = said.next() else { return };
    account.problem(
        "organs-for-all",
        format!(
            "“{}”说的是各项任务，没有逐项补上单位，请核对",
            layout::shorten(&text::tidy(first))
        ),
        first,
    );
    for assigned in items {
        assigned.item.doubts.push(event::Doubt::UnitsForAll);
    }
}

/// Folded text of the first paragraphs.
fn opening(nodes: &[Node]) -> String {
    const OPENING_CHARS: usize = 1200;
    let mut out = String::new();
    for node in nodes {
        if let Node::Line(run) = node {
            out.push_str(&plain(run));
        }
        if out.chars().count() > OPENING_CHARS {
            break;
        }
    }
    out
}

fn head_problems(heads: &Heads, year: Option<i16>, account: &mut Account) {
    if heads.title_from_notice {
        account.problem_at(
            "title-from-notice",
            "正文没有单独的标题，题名取自通知标题，请核对",
            Place::default(),
        );
    }
    if heads.number_repaired {
        account.problem_at(
            "document-number-repaired",
            "文号缺少“号”字，已补上，请核对",
            Place::default(),
        );
    }
    if heads.issue_date_repaired {
        account.problem_at(
            "issue-date-repaired",
            "成文日期缺少年月日字样，已按数字补读，请核对",
            Place::default(),
        );
    }
    if year.is_none() {
        account.problem_at(
            "year-unknown",
            "没有找到计划所属年份，未写年份的时限都留空，请补充",
            Place::default(),
        );
    }
}

#[cfg(test)]
mod tests;
