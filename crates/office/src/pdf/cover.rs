//! What lies over text: boxes and images that are drawn after it, and letters in the colour of the paper.

use super::ink::Glyph;
use crate::count::is_readable;

/// Smaller boxes are lines and dots.
const SIDE_MIN: f64 = 4.0;
/// Boxes of one page.
const COVERS_MAX: usize = 20_000;

/// A box that lets nothing through, and how many characters were drawn before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cover {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
    pub(super) after: usize,
    pub(super) white: bool,
    /// It fills its corners: a rectangle and no curve.
    pub(super) whole: bool,
}

impl Cover {
    fn holds(&self, (x, y): (f64, f64)) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }
}

/// The boxes of a page, and of each character how it was drawn.
#[derive(Default)]
pub(super) struct Covers {
    boxes: Vec<Cover>,
    paints: Vec<Paint>,
}

#[derive(Clone, Copy)]
pub(super) struct Paint {
    pub(super) white: bool,
    pub(super) inked: bool,
}

impl Covers {
    pub(super) fn draw(&mut self, paint: Paint) {
        self.paints.push(paint);
    }

    pub(super) fn lay(&mut self, cover: Cover) {
        let large = cover.right - cover.left >= SIDE_MIN && cover.bottom - cover.top >= SIDE_MIN;
        if large
            && cover.left.is_finite()
            && cover.bottom.is_finite()
            && self.boxes.len() < COVERS_MAX
        {
            self.boxes.push(cover);
        }
    }

    /// Marks what nobody sees. Gives the text under boxes, and the text in white on white.
    pub(super) fn unseen<'g>(
        &self,
        glyphs: impl Iterator<Item = &'g mut Glyph>,
    ) -> (String, String) {
        let (mut covered, mut white) = (Lines::default(), Lines::default());
        for ((index, glyph), paint) in glyphs.enumerate().zip(&self.paints) {
            if !paint.inked {
                continue;
            }
            let middle = glyph.middle();
            if self
                .boxes
                .iter()
                .any(|one| one.after > index && one.whole && one.holds(middle))
            {
                glyph.seen = false;
                covered.push(glyph);
            } else if paint.white
                && !self
                    .boxes
                    .iter()
                    .any(|one| one.after <= index && !one.white && one.holds(middle))
            {
                glyph.seen = false;
                white.push(glyph);
            }
        }
        (covered.text, white.text)
    }
}

/// Characters one after the other, a new line where the height changes.
#[derive(Default)]
struct Lines {
    text: String,
    at: f64,
}

impl Lines {
    fn push(&mut self, glyph: &Glyph) {
        if !self.text.is_empty() && (glyph.y - self.at).abs() > glyph.size / 2.0 {
            self.text.push('\n');
        }
        self.at = glyph.y;
        if is_readable(glyph.c) || glyph.c == ' ' {
            self.text.push(glyph.c);
        }
    }
}
