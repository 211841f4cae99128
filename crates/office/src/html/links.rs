//! Links in a row: a menu whose entries the page sets apart by style alone, so that their words would run together.

/// Fewest links without a word between them that make a menu.
const MENU_LINKS: usize = 3;

/// Where the links of the open paragraph begin, and whether it holds anything but links.
#[derive(Default)]
pub(super) struct Links {
    open: usize,
    starts: Vec<usize>,
    words: bool,
}

impl Links {
    /// A link begins behind `len` bytes of the paragraph's text.
    pub(super) fn enter(&mut self, len: usize) {
        self.open += 1;
        self.starts.push(len);
    }

    pub(super) fn leave(&mut self) {
        self.open = self.open.saturating_sub(1);
    }

    /// A character was written; what only parts links (| › ·) is no word.
    pub(super) fn note(&mut self, c: char) {
        self.words |= self.open == 0 && c.is_alphanumeric();
    }

    /// Ends the paragraph: its text in pieces, one for each link where it is a menu and else one. Cells stay whole.
    pub(super) fn part(&mut self, text: String, in_cell: bool) -> Vec<String> {
        let starts = std::mem::take(&mut self.starts);
        let words = std::mem::take(&mut self.words);
        // a link over several paragraphs goes on in the next one
        if self.open > 0 {
            self.starts.push(0);
        }
        if words || in_cell || starts.len() < MENU_LINKS {
            return vec![text];
        }
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        let from = std::iter::once(0).chain(starts.iter().skip(1).copied());
        let pieces = from.zip(ends).filter_map(|(a, b)| text.get(a..b));
        pieces.map(|piece| piece.trim().to_owned()).collect()
    }
}
