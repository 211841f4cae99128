//! What a page shows, in one frame for all pages: points (1/72 inch) from the top left corner, y downwards.

/// One character where it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Glyph {
    pub(super) c: char,
    pub(super) left: f64,
    pub(super) right: f64,
    /// Of the baseline.
    pub(super) y: f64,
    /// Font size as drawn.
    pub(super) size: f64,
    pub(super) layer: Layer,
    /// Nothing lies over it, and it is not white on white.
    pub(super) seen: bool,
}

impl Glyph {
    pub(super) fn middle(&self) -> (f64, f64) {
        ((self.left + self.right) / 2.0, self.y - 0.35 * self.size)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    Body,
    /// The file marks it as a header, footer or page number.
    Pagination,
}

/// A ruling line along one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    /// Its fixed coordinate: y of a horizontal, x of a vertical rule.
    pub(super) at: f64,
    pub(super) from: f64,
    pub(super) to: f64,
}

impl Rule {
    pub(super) fn length(&self) -> f64 {
        self.to - self.from
    }
}

#[derive(Debug, Default)]
pub(super) struct Ink {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) glyphs: Vec<Glyph>,
    pub(super) horizontal: Vec<Rule>,
    pub(super) vertical: Vec<Rule>,
    pub(super) images: usize,
    /// Part of the page that images cover, 0 to 1 (or more where they overlap).
    pub(super) image_cover: f64,
    /// Glyphs that tell no character.
    pub(super) unmapped: u64,
    /// Characters of text that runs aslant (watermarks).
    pub(super) slanted: u64,
    /// Characters drawn outside the page.
    pub(super) outside: u64,
    /// Characters drawn without ink: the text layer under a scan.
    pub(super) invisible: u64,
    /// Text under boxes and images that were drawn later.
    pub(super) covered: String,
    /// Text in white on white.
    pub(super) white: String,
    /// How the page was turned to be read.
    pub(super) turn: Turn,
}

/// Direction in which text runs, in quarter turns clockwise from left-to-right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Turn {
    #[default]
    None,
    Quarter,
    Half,
    ThreeQuarters,
}

impl Turn {
    /// Of a step along the text; `None` when it runs aslant.
    pub(super) fn of(dx: f64, dy: f64) -> Option<Self> {
        const SLANT_MAX: f64 = 0.05;
        if dy.abs() <= SLANT_MAX * dx.abs() {
            Some(if dx >= 0.0 { Self::None } else { Self::Half })
        } else if dx.abs() <= SLANT_MAX * dy.abs() {
            Some(if dy >= 0.0 {
                Self::Quarter
            } else {
                Self::ThreeQuarters
            })
        } else {
            None
        }
    }

    /// Where a point lies after the page is turned back so that this direction reads left to right.
    pub(super) fn undo(self, x: f64, y: f64, width: f64, height: f64) -> (f64, f64) {
        match self {
            Self::None => (x, y),
            Self::Quarter => (y, width - x),
            Self::Half => (width - x, height - y),
            Self::ThreeQuarters => (height - y, x),
        }
    }

    /// Where a point of the page that was turned back lay before; `width` and `height` are those of the page before.
    pub(super) fn redo(self, x: f64, y: f64, width: f64, height: f64) -> (f64, f64) {
        match self {
            Self::None => (x, y),
            Self::Quarter => (width - y, x),
            Self::Half => (width - x, height - y),
            Self::ThreeQuarters => (y, height - x),
        }
    }

    /// The direction of the text as a step to the right and a step up.
    pub(crate) fn step(self) -> (f64, f64) {
        match self {
            Self::None => (1.0, 0.0),
            Self::Quarter => (0.0, -1.0),
            Self::Half => (-1.0, 0.0),
            Self::ThreeQuarters => (0.0, 1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Turn;

    #[test]
    fn what_was_turned_back_goes_where_it_was() {
        for turn in [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters] {
            let (x, y) = turn.undo(10.0, 30.0, 100.0, 200.0);
            assert_eq!(turn.redo(x, y, 100.0, 200.0), (10.0, 30.0), "{turn:?}");
        }
    }
}
