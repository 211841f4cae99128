//! The tree that html5ever builds: an arena with the source line of every node, capped in size and depth.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, ExpandedName, ParseOpts, QualName, parse_document};

use crate::block::Unreadable;
use crate::limits::{Deadline, Limits};
use crate::refusal::too_large;

/// Bytes handed to the parser between two looks at the limits: its work per chunk is bounded.
const CHUNK_BYTES: usize = 4096;

pub(super) enum Content {
    Element {
        name: Rc<QualName>,
        attributes: Vec<Attribute>,
    },
    Text(String),
    Other,
}

pub(super) struct Node {
    pub(super) content: Content,
    pub(super) line: u32,
    pub(super) parent: Option<usize>,
    pub(super) first_child: Option<usize>,
    pub(super) next: Option<usize>,
    last_child: Option<usize>,
    previous: Option<usize>,
    depth: usize,
}

impl Node {
    /// Local name of an element, empty for everything else.
    pub(super) fn name(&self) -> &str {
        match &self.content {
            Content::Element { name, .. } => &name.local,
            _ => "",
        }
    }

    pub(super) fn attribute(&self, wanted: &str) -> Option<&str> {
        match &self.content {
            Content::Element { attributes, .. } => attributes
                .iter()
                .find(|a| &*a.name.local == wanted)
                .map(|a| &*a.value),
            _ => None,
        }
    }
}

/// Index 0 is the document.
pub(super) struct Tree {
    nodes: Vec<Node>,
    deepest: usize,
}

impl Tree {
    pub(super) fn get(&self, id: usize) -> Option<&Node> {
        self.nodes.get(id)
    }
}

/// Parses chunk by chunk and stops at the first limit.
pub(super) fn parse(text: &str, limits: &Limits) -> Result<Tree, Unreadable> {
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts {
            scripting_enabled: false,
            ..TreeBuilderOpts::default()
        },
        ..ParseOpts::default()
    };
    let mut parser = parse_document(Sink::new(), options);
    let deadline = Deadline::of(limits);
    let mut rest = text;
    while !rest.is_empty() {
        let mut end = CHUNK_BYTES.min(rest.len());
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        let (chunk, after) = rest.split_at(end);
        parser.process(StrTendril::from(chunk));
        check_limits(&parser.tokenizer.sink.sink.tree.borrow(), limits)?;
        deadline.check()?; // the parser compares each attribute with all others of its tag
        rest = after;
    }
    let tree = parser.finish();
    check_limits(&tree, limits)?;
    Ok(tree)
}

fn check_limits(tree: &Tree, limits: &Limits) -> Result<(), Unreadable> {
    if tree.nodes.len() > limits.html_nodes {
        return Err(too_large(&format!("网页元素超过 {} 个", limits.html_nodes)));
    }
    if tree.deepest > limits.html_depth {
        return Err(too_large(&format!(
            "网页元素嵌套超过 {} 层",
            limits.html_depth
        )));
    }
    Ok(())
}

#[derive(Clone)]
struct Handle {
    id: usize,
    name: Option<Rc<QualName>>,
}

struct Sink {
    tree: RefCell<Tree>,
    line: Cell<u32>,
    /// Names the nodes that have none; html5ever never asks, but an answer must not panic.
    nameless: QualName,
}

impl Sink {
    fn new() -> Self {
        let sink = Self {
            tree: RefCell::new(Tree {
                nodes: Vec::new(),
                deepest: 0,
            }),
            line: Cell::new(1),
            nameless: QualName::new(None, html5ever::ns!(), html5ever::local_name!("")),
        };
        sink.create(Content::Other);
        sink
    }

    fn create(&self, content: Content) -> usize {
        self.tree.borrow_mut().create(content, self.line.get())
    }
}

impl Tree {
    fn create(&mut self, content: Content, line: u32) -> usize {
        self.nodes.push(Node {
            content,
            line,
            parent: None,
            first_child: None,
            next: None,
            last_child: None,
            previous: None,
            depth: 0,
        });
        self.nodes.len() - 1
    }

    fn edit(&mut self, id: Option<usize>, change: impl FnOnce(&mut Node)) {
        if let Some(node) = id.and_then(|id| self.nodes.get_mut(id)) {
            change(node);
        }
    }

    fn detach(&mut self, id: usize) {
        let Some(node) = self.nodes.get_mut(id) else {
            return;
        };
        let (parent, previous, next) = (node.parent.take(), node.previous.take(), node.next.take());
        self.edit(previous, |node| node.next = next);
        self.edit(next, |node| node.previous = previous);
        self.edit(parent, |node| {
            if node.first_child == Some(id) {
                node.first_child = next;
            }
            if node.last_child == Some(id) {
                node.last_child = previous;
            }
        });
    }

    /// Puts `id` under `parent`, before `next` or at the end.
    fn insert(&mut self, id: usize, parent: usize, next: Option<usize>) {
        self.detach(id);
        let Some((last, depth)) = self
            .nodes
            .get(parent)
            .map(|node| (node.last_child, node.depth))
        else {
            return;
        };
        let previous = match next {
            Some(next) => self.nodes.get(next).and_then(|node| node.previous),
            None => last,
        };
        self.edit(Some(id), |node| {
            (node.parent, node.previous, node.next) = (Some(parent), previous, next);
            node.depth = depth + 1;
        });
        self.deepest = self.deepest.max(depth + 1);
        self.edit(previous, |node| node.next = Some(id));
        self.edit(next, |node| node.previous = Some(id));
        self.edit(Some(parent), |node| {
            if previous.is_none() {
                node.first_child = Some(id);
            }
            if next.is_none() {
                node.last_child = Some(id);
            }
        });
    }

    /// `line` is the one on which the text ends: the parser counts a run of characters before it hands it over.
    fn insert_text(&mut self, text: &str, parent: usize, next: Option<usize>, line: u32) {
        let ends = u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX);
        let line = line.saturating_sub(ends).max(1);
        let neighbour = match next {
            Some(next) => self.nodes.get(next).and_then(|node| node.previous),
            None => self.nodes.get(parent).and_then(|node| node.last_child),
        };
        if let Some(Node {
            content: Content::Text(before),
            line: first,
            ..
        }) = neighbour.and_then(|id| self.nodes.get_mut(id))
        {
            if before.trim().is_empty() {
                *first = line;
            }
            before.push_str(text);
            return;
        }
        let id = self.create(Content::Text(text.to_owned()), line);
        self.insert(id, parent, next);
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Tree;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Tree {
        self.tree.into_inner()
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn set_current_line(&self, line: u64) {
        self.line.set(u32::try_from(line).unwrap_or(u32::MAX));
    }

    fn get_document(&self) -> Handle {
        Handle { id: 0, name: None }
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.id == y.id
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.name.as_deref().unwrap_or(&self.nameless).expanded()
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        _flags: ElementFlags,
    ) -> Handle {
        let name = Rc::new(name);
        let id = self.create(Content::Element {
            name: Rc::clone(&name),
            attributes,
        });
        Handle {
            id,
            name: Some(name),
        }
    }

    fn create_comment(&self, _text: StrTendril) -> Handle {
        Handle {
            id: self.create(Content::Other),
            name: None,
        }
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Handle {
        Handle {
            id: self.create(Content::Other),
            name: None,
        }
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        let mut tree = self.tree.borrow_mut();
        match child {
            NodeOrText::AppendNode(node) => tree.insert(node.id, parent.id, None),
            NodeOrText::AppendText(text) => {
                tree.insert_text(&text, parent.id, None, self.line.get())
            }
        }
    }

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        let mut tree = self.tree.borrow_mut();
        let Some(parent) = tree.get(sibling.id).and_then(|node| node.parent) else {
            return;
        };
        match child {
            NodeOrText::AppendNode(node) => tree.insert(node.id, parent, Some(sibling.id)),
            NodeOrText::AppendText(text) => {
                tree.insert_text(&text, parent, Some(sibling.id), self.line.get())
            }
        }
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        previous: &Handle,
        child: NodeOrText<Handle>,
    ) {
        let has_parent = self
            .tree
            .borrow()
            .get(element.id)
            .is_some_and(|node| node.parent.is_some());
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(
        &self,
        _name: StrTendril,
        _public: StrTendril,
        _system: StrTendril,
    ) {
    }

    /// What a template holds is never shown, so its contents stay unattached.
    fn get_template_contents(&self, _target: &Handle) -> Handle {
        Handle {
            id: self.create(Content::Other),
            name: None,
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, more: Vec<Attribute>) {
        self.tree.borrow_mut().edit(Some(target.id), |node| {
            if let Content::Element { attributes, .. } = &mut node.content {
                for attribute in more {
                    if attributes.iter().all(|known| known.name != attribute.name) {
                        attributes.push(attribute);
                    }
                }
            }
        });
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.tree.borrow_mut().detach(target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut tree = self.tree.borrow_mut();
        while let Some(child) = tree.get(node.id).and_then(|node| node.first_child) {
            tree.insert(child, new_parent.id, None);
        }
    }
}
