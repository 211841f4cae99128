//! How far a reading is, told to whoever waits for it. Everything is gone through twice: for its tables, and for its tasks.

use super::layout::Node;

/// Takes how many steps are done, and of how many.
pub type Told<'t> = dyn FnMut(usize, usize) + 't;

pub(crate) struct Way<'t> {
    told: &'t mut Told<'t>,
    /// Lines and rows of grids.
    pieces: usize,
    gone: usize,
}

impl<'t> Way<'t> {
    pub(crate) fn new(nodes: &[Node], told: &'t mut Told<'t>) -> Self {
        let mut way = Self {
            told,
            pieces: nodes.iter().map(pieces_of).sum(),
            gone: 0,
        };
        way.tell();
        way
    }

    /// So many more pieces were looked through for tables.
    pub(crate) fn looked_through(&mut self, pieces: usize) {
        self.gone = self.gone.saturating_add(pieces).min(self.pieces);
        self.tell();
    }

    /// So many of all tasks are read.
    pub(crate) fn tasks_read(&mut self, done: usize, all: usize) {
        let part = self.pieces.saturating_mul(done).checked_div(all);
        self.gone = self.pieces + part.unwrap_or(self.pieces).min(self.pieces);
        self.tell();
    }

    /// All of it is read.
    pub(crate) fn over(&mut self) {
        self.gone = self.all();
        self.tell();
    }

    const fn all(&self) -> usize {
        self.pieces.saturating_mul(2)
    }

    fn tell(&mut self) {
        let all = self.all();
        (self.told)(self.gone, all);
    }
}

pub(crate) fn pieces_of(node: &Node) -> usize {
    match node {
        Node::Line(_) => 1,
        Node::Grid(grid) => grid.rows.len(),
    }
}
