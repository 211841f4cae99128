//! Walks the tree once, without recursion, and gives what a browser would show as a flow of paragraphs and tables.

use super::links::Links;
use super::marker::{List, with_marker};
use super::meaning::{Unseen, heading_level, is_block, readable_below, unseen};
use super::tree::{Content, Node, Tree};
use crate::block::{Place, Unreadable};
use crate::collect::Collector;
use crate::count::{has_readable, is_cjk};
use crate::flow::{Flow, FlowCell, FlowRow, FlowTable};
use crate::raised::Raised;

/// Tables inside tables; what lies deeper is read as plain paragraphs.
const TABLE_NESTING_MAX: usize = 24;

/// Something open that takes paragraphs or rows.
enum Frame {
    Content(Vec<Flow>),
    Table {
        table: FlowTable,
        groups: u32,
        in_head: bool,
    },
}

struct Walker<'o, 'l> {
    out: &'o mut Collector<'l>,
    frames: Vec<Frame>,
    lists: Vec<List>,
    headings: Vec<u8>,
    raised: Vec<Raised>,
    links: Links,
    pre: usize,
    marker: Option<String>,
    text: String,
    /// White space was met since the last character; `true` if it held a line end.
    gap: Option<bool>,
    line: u32,
    code_elements: u64,
    /// The page is a text of lines with elements among them: outside of those a line end ends a paragraph.
    lined: bool,
}

/// What walking into an element means for its children.
#[derive(PartialEq)]
enum Visit {
    Descend,
    Skip,
}

pub(super) fn walk(
    tree: &Tree,
    lined: bool,
    out: &mut Collector<'_>,
) -> Result<Vec<Flow>, Unreadable> {
    let mut walker = Walker {
        out,
        frames: vec![Frame::Content(Vec::new())],
        lists: Vec::new(),
        headings: Vec::new(),
        raised: Vec::new(),
        links: Links::default(),
        pre: 0,
        marker: None,
        text: String::new(),
        gap: None,
        line: 0,
        code_elements: 0,
        lined,
    };
    let mut at = tree.get(0).and_then(|root| root.first_child);
    while let Some(id) = at {
        let Some(node) = tree.get(id) else { break };
        let visit = walker.enter(tree, id, node)?;
        if let (Visit::Descend, Some(child)) = (&visit, node.first_child) {
            at = Some(child);
            continue;
        }
        if visit == Visit::Descend {
            walker.leave(node)?;
        }
        at = next_after(tree, node, &mut walker)?;
    }
    walker.finish()
}

/// The next node in document order outside `node`; every element that ends on the way is left.
fn next_after(
    tree: &Tree,
    node: &Node,
    walker: &mut Walker<'_, '_>,
) -> Result<Option<usize>, Unreadable> {
    let mut node = node;
    loop {
        if let Some(next) = node.next {
            return Ok(Some(next));
        }
        let Some(parent) = node
            .parent
            .filter(|&id| id != 0)
            .and_then(|id| tree.get(id))
        else {
            return Ok(None);
        };
        walker.leave(parent)?;
        node = parent;
    }
}

impl Walker<'_, '_> {
    fn enter(&mut self, tree: &Tree, id: usize, node: &Node) -> Result<Visit, Unreadable> {
        match &node.content {
            Content::Text(text) => {
                let parent = node.parent.and_then(|parent| tree.get(parent));
                let lined = self.lined && parent.is_some_and(|parent| parent.name() == "body");
                self.take_text(text, node.line, lined)?;
            }
            Content::Other => return Ok(Visit::Skip),
            Content::Element { .. } => return self.enter_element(tree, id, node),
        }
        Ok(Visit::Skip)
    }

    fn enter_element(&mut self, tree: &Tree, id: usize, node: &Node) -> Result<Visit, Unreadable> {
        let name = node.name();
        if name == "img" && self.out.wants_pictures() {
            self.picture(node)?;
            return Ok(Visit::Skip);
        }
        if let Some(why) = unseen(node) {
            self.skip(tree, id, node, why)?;
            return Ok(Visit::Skip);
        }
        if is_block(name) {
            self.flush()?;
        }
        match name {
            "a" if node.attribute("href").is_some() => self.links.enter(self.text.len()),
            "br" => self.line_break(),
            "ol" | "ul" | "menu" => self.lists.push(List::open(node)),
            "li" => {
                self.marker = self
                    .lists
                    .last_mut()
                    .and_then(|list| list.next_marker(node))
            }
            "pre" | "listing" => self.pre += 1,
            "table" => self.open_table(node.line),
            "thead" | "tbody" | "tfoot" => self.open_group(name == "thead"),
            "tr" => self.open_row(),
            "td" | "th" | "caption" if self.in_table() => {
                self.frames.push(Frame::Content(Vec::new()))
            }
            _ => {}
        }
        if let Some(level) = heading_level(node) {
            self.headings.push(level);
        }
        self.raised.extend(Raised::of_element(name));
        Ok(Visit::Descend)
    }

    fn leave(&mut self, node: &Node) -> Result<(), Unreadable> {
        let name = node.name();
        if is_block(name) {
            self.flush()?;
        }
        if heading_level(node).is_some() {
            self.headings.pop();
        }
        match name {
            "a" if node.attribute("href").is_some() => self.links.leave(),
            "sup" | "sub" => {
                self.raised.pop();
            }
            "ol" | "ul" | "menu" => {
                self.lists.pop();
            }
            "li" => self.marker = None,
            "pre" | "listing" => self.pre = self.pre.saturating_sub(1),
            "table" => self.close_table(),
            "td" | "th" => self.close_cell(node),
            "caption" => self.close_caption(),
            _ => {}
        }
        Ok(())
    }

    /// A picture ends the paragraph that it stands in.
    fn picture(&mut self, node: &Node) -> Result<(), Unreadable> {
        self.flush()?;
        let value = |name| node.attribute(name).unwrap_or_default().to_owned();
        let (source, alt, place) = (value("src"), value("alt"), Place::at_line(node.line));
        self.content(Flow::Picture { source, alt, place });
        Ok(())
    }

    /// Leaves an element out with all that is in it, and says so.
    fn skip(&mut self, tree: &Tree, id: usize, node: &Node, why: Unseen) -> Result<(), Unreadable> {
        let place = Place::at_line(node.line);
        let unshown = matches!(why, Unseen::Code | Unseen::Head);
        let chars = if unshown { 0 } else { readable_below(tree, id) };
        self.out.see_chars(chars)?;
        match why {
            Unseen::Code => self.code_elements += 1,
            Unseen::Head => {}
            Unseen::Hidden if chars == 0 => {}
            Unseen::Hidden => {
                self.out.drop_chars(
                    "hidden-text",
                    format!("网页中不显示的 {chars} 个字已略去。"),
                    place,
                    chars,
                );
            }
            Unseen::Deleted => {
                self.out.drop_chars(
                    "deletion-dropped",
                    format!("标记为已删除的 {chars} 个字已略去。"),
                    place,
                    chars,
                );
            }
            Unseen::Phonetic => {
                self.out.drop_chars(
                    "ruby-dropped",
                    format!("注音的 {chars} 个字已略去。"),
                    place,
                    chars,
                );
            }
            Unseen::Image => {
                self.out.drop_chars(
                    "image-dropped",
                    "图片已略去，如图中有文字请对照原文补录。",
                    place,
                    chars,
                );
            }
            Unseen::Frame => {
                self.out.drop_chars(
                    "frame-dropped",
                    "网页中嵌入的另一网页不在本文件中，已略去。",
                    place,
                    chars,
                );
            }
        }
        Ok(())
    }

    fn take_text(&mut self, text: &str, line: u32, lined: bool) -> Result<(), Unreadable> {
        if matches!(self.frames.last(), Some(Frame::Table { .. })) {
            // Only white space can stand between rows and cells: the parser moves text out of there.
            return self.out.see(text);
        }
        let raised = self.raised.last().map(|raised| raised.written(text));
        let text = raised.as_deref().unwrap_or(text);
        self.out.see(text)?;
        let mut line = line;
        for c in text.chars() {
            if c == '\n' {
                line = line.saturating_add(1);
            }
            if (self.pre > 0 || lined) && c == '\n' {
                self.flush()?;
            } else if self.pre > 0 || !c.is_ascii_whitespace() {
                self.push(c, line);
            } else {
                self.gap = Some(self.gap.unwrap_or(false) || c == '\n');
            }
        }
        Ok(())
    }

    fn push(&mut self, c: char, line: u32) {
        if let Some(line_end) = self.gap.take() {
            let wrapped =
                line_end && is_cjk(c) && self.text.chars().next_back().is_some_and(is_cjk);
            if !(self.text.is_empty() || self.text.ends_with('\n') || wrapped) {
                self.text.push(' ');
            }
        }
        if self.text.is_empty() {
            self.line = line;
        }
        self.links.note(c);
        self.text.push(c);
    }

    fn line_break(&mut self) {
        self.gap = None;
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// Ends the paragraph.
    fn flush(&mut self) -> Result<(), Unreadable> {
        self.gap = None;
        let text = std::mem::take(&mut self.text);
        for text in self.links.part(text, self.frames.len() > 1) {
            self.paragraph(text)?;
        }
        Ok(())
    }

    fn paragraph(&mut self, text: String) -> Result<(), Unreadable> {
        if !has_readable(&text) {
            return Ok(());
        }
        let mut text = text.trim_end().to_owned();
        if let Some(marker) = self.marker.take()
            && let Some(marked) = with_marker(&marker, &text)
        {
            self.out.see(&marker)?;
            text = marked;
        }
        let paragraph = Flow::Paragraph {
            text,
            heading: self.headings.last().copied(),
            place: Place::at_line(self.line),
        };
        self.content(paragraph);
        Ok(())
    }

    fn content(&mut self, flow: Flow) {
        let open = self.frames.iter_mut().rev().find_map(|frame| match frame {
            Frame::Content(content) => Some(content),
            Frame::Table { .. } => None,
        });
        if let Some(content) = open {
            content.push(flow);
        }
    }

    fn in_table(&self) -> bool {
        matches!(self.frames.last(), Some(Frame::Table { .. }))
    }

    fn open_table(&mut self, line: u32) {
        let nesting = self
            .frames
            .iter()
            .filter(|frame| matches!(frame, Frame::Table { .. }))
            .count();
        if nesting >= TABLE_NESTING_MAX {
            let place = Place::at_line(line);
            self.out.note(
                "table-nested-deep",
                "表格嵌套层数过多，内层表格已按普通段落读取。",
                place,
            );
            // A content frame keeps opening and closing tags in pairs.
            self.frames.push(Frame::Content(Vec::new()));
            return;
        }
        self.frames.push(Frame::Table {
            table: FlowTable {
                place: Place::at_line(line),
                ..FlowTable::default()
            },
            groups: 0,
            in_head: false,
        });
    }

    fn open_group(&mut self, head: bool) {
        if let Some(Frame::Table {
            groups, in_head, ..
        }) = self.frames.last_mut()
        {
            *groups += 1;
            *in_head = head;
        }
    }

    fn open_row(&mut self) {
        if let Some(Frame::Table {
            table,
            groups,
            in_head,
        }) = self.frames.last_mut()
        {
            table.rows.push(FlowRow {
                cells: Vec::new(),
                heading: *in_head,
                group: *groups,
            });
        }
    }

    /// The frame above a cell or caption, if the two belong together (they do not inside tables nested too deep).
    fn close_content(&mut self) -> Option<(Vec<Flow>, &mut FlowTable)> {
        let below = self.frames.len().checked_sub(2)?;
        if !matches!(self.frames.get(below), Some(Frame::Table { .. })) {
            return None;
        }
        let Some(Frame::Content(content)) = self.frames.pop() else {
            return None;
        };
        match self.frames.last_mut() {
            Some(Frame::Table { table, .. }) => Some((content, table)),
            _ => None,
        }
    }

    fn close_cell(&mut self, node: &Node) {
        let span = |name| {
            node.attribute(name)
                .and_then(|v| v.trim().parse::<u32>().ok())
        };
        let (column_span, row_span) = (
            span("colspan").unwrap_or(1).max(1),
            span("rowspan").unwrap_or(1),
        );
        let place = Place::at_line(node.line);
        if let Some((content, table)) = self.close_content()
            && let Some(row) = table.rows.last_mut()
        {
            row.cells.push(FlowCell {
                content,
                column: None,
                column_span,
                row_span,
                place,
            });
        }
    }

    fn close_caption(&mut self) {
        if let Some((content, table)) = self.close_content() {
            table.captions.extend(content);
        }
    }

    fn close_table(&mut self) {
        if self.frames.len() < 2 {
            return;
        }
        match self.frames.pop() {
            Some(Frame::Table { table, .. }) => self.content(Flow::Table(table)),
            Some(Frame::Content(content)) => {
                content.into_iter().for_each(|flow| self.content(flow))
            }
            None => {}
        }
    }

    fn finish(mut self) -> Result<Vec<Flow>, Unreadable> {
        self.flush()?;
        while self.frames.len() > 1 {
            self.close_table();
        }
        if self.code_elements > 0 {
            let message = format!(
                "网页中的 {} 段脚本和样式不是正文，已略去。",
                self.code_elements
            );
            self.out.note("code-dropped", message, Place::default());
        }
        match self.frames.pop() {
            Some(Frame::Content(content)) => Ok(content),
            _ => Ok(Vec::new()),
        }
    }
}
