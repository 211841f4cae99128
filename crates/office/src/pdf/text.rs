//! Text operators: which character stands where.

use std::rc::Rc;

use super::cover::{Covers, Paint};
use super::font::Font;
use super::ink::{Glyph, Ink, Layer, Turn};
use super::interpret::{Operand, matrix};
use super::matrix::Matrix;
use super::radical::unified;
use crate::count::is_readable;

/// Characters larger or smaller than this, in points, are no text of a document.
const SIZES: std::ops::RangeInclusive<f64> = 1.0..=400.0;

#[derive(Clone)]
pub(super) struct TextState {
    pub(super) font: Option<Rc<Font>>,
    pub(super) size: f64,
    char_space: f64,
    word_space: f64,
    /// Horizontal scaling, 1 for none.
    stretch: f64,
    leading: f64,
    rise: f64,
    mode: i64,
    matrix: Matrix,
    line: Matrix,
}

impl Default for TextState {
    fn default() -> Self {
        Self {
            font: None,
            size: 0.0,
            char_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
            matrix: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
        }
    }
}

/// Characters of a page before its reading direction is known.
#[derive(Default)]
pub(super) struct Placed {
    glyphs: Vec<(Glyph, (f64, f64), Turn)>,
    slanted: u64,
    unmapped: u64,
    invisible: u64,
    pub(super) covers: Covers,
    /// Letters are being drawn in white.
    pub(super) white: bool,
}

impl TextState {
    pub(super) fn operate(
        &mut self,
        word: &[u8],
        operands: &[Operand],
        frame: Matrix,
        layer: Layer,
        placed: &mut Placed,
    ) {
        let number = |index: usize| operands.get(index).and_then(Operand::number);
        match (word, operands) {
            (b"BT", _) => (self.matrix, self.line) = (Matrix::IDENTITY, Matrix::IDENTITY),
            (b"Tc", _) => self.char_space = number(0).unwrap_or(0.0),
            (b"Tw", _) => self.word_space = number(0).unwrap_or(0.0),
            (b"Tz", _) => self.stretch = number(0).unwrap_or(100.0) / 100.0,
            (b"TL", _) => self.leading = number(0).unwrap_or(0.0),
            (b"Ts", _) => self.rise = number(0).unwrap_or(0.0),
            (b"Tr", _) => self.mode = number(0).unwrap_or(0.0) as i64,
            (b"Td" | b"TD", [Operand::Number(x), Operand::Number(y)]) => {
                if word == b"TD" {
                    self.leading = -y;
                }
                self.next_line(*x, *y);
            }
            (b"Tm", operands) => {
                if let Some(matrix) = matrix(operands) {
                    (self.matrix, self.line) = (matrix, matrix);
                }
            }
            (b"T*", _) => self.next_line(0.0, -self.leading),
            (b"Tj", [.., Operand::Text(text)]) => self.show(text, frame, layer, placed),
            (b"'", [.., Operand::Text(text)]) => {
                self.next_line(0.0, -self.leading);
                self.show(text, frame, layer, placed);
            }
            (
                b"\"",
                [
                    Operand::Number(word_space),
                    Operand::Number(char_space),
                    Operand::Text(text),
                ],
            ) => {
                (self.word_space, self.char_space) = (*word_space, *char_space);
                self.next_line(0.0, -self.leading);
                self.show(text, frame, layer, placed);
            }
            (b"TJ", [Operand::List(list)]) => {
                for element in list {
                    match element {
                        Operand::Text(text) => self.show(text, frame, layer, placed),
                        Operand::Number(back) => self.advance(-back / 1000.0 * self.size),
                        Operand::Name(_) | Operand::List(_) => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(self.line);
        self.matrix = self.line;
    }

    /// Moves on along the text by an unstretched distance.
    fn advance(&mut self, distance: f64) {
        let vertical = self.font.as_ref().is_some_and(|font| font.vertical);
        let (x, y) = if vertical {
            (0.0, distance)
        } else {
            (distance * self.stretch, 0.0)
        };
        self.matrix = Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(self.matrix);
    }

    fn show(&mut self, text: &[u8], frame: Matrix, layer: Layer, placed: &mut Placed) {
        let Some(font) = self.font.clone() else {
            return;
        };
        let mut rest = text;
        while !rest.is_empty() {
            let (drawn, length) = font.draw(rest);
            rest = rest.get(length.max(1)..).unwrap_or_default();
            let width = drawn.width / 1000.0;
            let glyph = Matrix([
                self.size * self.stretch,
                0.0,
                0.0,
                self.size,
                0.0,
                self.rise,
            ])
            .then(self.matrix)
            .then(frame);
            if glyph.is_finite() {
                placed.put(drawn.text.as_deref(), glyph, width, &font, layer, self.mode);
            }
            let word_space = if drawn.is_space { self.word_space } else { 0.0 };
            let spacing = self.char_space + word_space;
            // Vertical text goes down by one em a character.
            self.advance(if font.vertical {
                -self.size - spacing
            } else {
                width * self.size + spacing
            });
        }
    }
}

impl Placed {
    pub(super) fn len(&self) -> usize {
        self.glyphs.len()
    }

    fn put(
        &mut self,
        text: Option<&str>,
        frame: Matrix,
        width: f64,
        font: &Font,
        layer: Layer,
        mode: i64,
    ) {
        const INVISIBLE: i64 = 3;
        let (_, size) = frame.scale();
        if !SIZES.contains(&size) {
            return;
        }
        let text = text.unwrap_or("\u{FFFD}");
        let count = text.chars().count().max(1) as f64;
        let readable = text.chars().filter(|&c| is_readable(c)).count() as u64;
        // The half em to the left is where vertical glyphs have their middle line.
        let start = if font.vertical {
            frame.apply(-0.5, -0.88)
        } else {
            frame.apply(0.0, 0.0)
        };
        let end = if font.vertical {
            frame.apply(0.5, -0.88)
        } else {
            frame.apply(width, 0.0)
        };
        let along = frame.apply(1.0, 0.0);
        let origin = frame.apply(0.0, 0.0);
        let Some(turn) = Turn::of(along.0 - origin.0, along.1 - origin.1) else {
            self.slanted += readable;
            return;
        };
        if text == "\u{FFFD}" {
            self.unmapped += 1;
        }
        if mode == INVISIBLE {
            self.invisible += readable;
        }
        for (index, c) in text.chars().enumerate() {
            let part = |n: usize| {
                let share = n as f64 / count;
                (
                    start.0 + (end.0 - start.0) * share,
                    start.1 + (end.1 - start.1) * share,
                )
            };
            let (from, to) = (part(index), part(index + 1));
            let glyph = Glyph {
                c: unified(c),
                left: from.0,
                right: to.0,
                y: from.1,
                size,
                layer,
                seen: true,
            };
            self.glyphs.push((glyph, to, turn));
            self.covers.draw(Paint {
                white: self.white,
                inked: mode != INVISIBLE,
            });
        }
    }

    /// Turns the page so that most of its text reads from left to right, and hands the glyphs over.
    pub(super) fn settle(mut self, ink: &mut Ink) {
        let turns = [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters];
        let count = |turn: Turn| self.glyphs.iter().filter(|(_, _, t)| *t == turn).count();
        let main = turns
            .into_iter()
            .max_by_key(|&turn| (count(turn), turn == Turn::None))
            .unwrap_or(Turn::None);
        let (width, height) = (ink.width, ink.height);
        ink.turn = main;
        if main != Turn::None {
            turn_rules(main, ink);
        }
        (ink.covered, ink.white) = self
            .covers
            .unseen(self.glyphs.iter_mut().map(|(glyph, ..)| glyph));
        (ink.slanted, ink.unmapped, ink.invisible) = (self.slanted, self.unmapped, self.invisible);
        for (mut glyph, end, turn) in self.glyphs {
            if turn != main {
                ink.slanted += u64::from(is_readable(glyph.c));
                continue;
            }
            let (left, y) = main.undo(glyph.left, glyph.y, width, height);
            let (right, _) = main.undo(end.0, end.1, width, height);
            (glyph.left, glyph.right, glyph.y) = (left.min(right), left.max(right), y);
            let (x, y) = glyph.middle();
            if (0.0..=ink.width).contains(&x) && (0.0..=ink.height).contains(&y) {
                ink.glyphs.push(glyph);
            } else {
                ink.outside += u64::from(is_readable(glyph.c));
            }
        }
    }
}

fn turn_rules(turn: Turn, ink: &mut Ink) {
    use super::ink::Rule;
    let (width, height) = (ink.width, ink.height);
    let turned = |a: (f64, f64), b: (f64, f64)| {
        (
            turn.undo(a.0, a.1, width, height),
            turn.undo(b.0, b.1, width, height),
        )
    };
    let (horizontal, vertical) = (
        std::mem::take(&mut ink.horizontal),
        std::mem::take(&mut ink.vertical),
    );
    let ends = horizontal
        .into_iter()
        .map(|rule| turned((rule.from, rule.at), (rule.to, rule.at)))
        .chain(
            vertical
                .into_iter()
                .map(|rule| turned((rule.at, rule.from), (rule.at, rule.to))),
        );
    for ((ax, ay), (bx, by)) in ends {
        if (ax - bx).abs() > (ay - by).abs() {
            ink.horizontal.push(Rule {
                at: ay,
                from: ax.min(bx),
                to: ax.max(bx),
            });
        } else {
            ink.vertical.push(Rule {
                at: ax,
                from: ay.min(by),
                to: ay.max(by),
            });
        }
    }
    if matches!(turn, Turn::Quarter | Turn::ThreeQuarters) {
        (ink.width, ink.height) = (height, width);
    }
}
