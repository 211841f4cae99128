//! Page numbers, as far as the file knows them: where Word last broke the pages, else where the author did.

pub(super) struct Pages {
    /// `None` when the file marks no page break at all.
    page: Option<u32>,
    /// Word's own marks are there; it also sets one after each break of the author.
    rendered: bool,
}

impl Pages {
    pub(super) fn of(document: &str) -> Self {
        let rendered = document.contains("lastRenderedPageBreak");
        let explicit = document.contains("type=\"page\"") || document.contains("pageBreakBefore");
        Self {
            page: (rendered || explicit).then_some(1),
            rendered,
        }
    }

    pub(super) fn current(&self) -> Option<u32> {
        self.page
    }

    pub(super) fn rendered_break(&mut self) {
        self.page = self.page.and_then(|page| page.checked_add(1));
    }

    pub(super) fn explicit_break(&mut self) {
        if !self.rendered {
            self.rendered_break();
        }
    }
}
