//! What stands on a page: characters, lines, pictures. Each object has a box of its own on the page, and perhaps a
//! transformation within it.

use super::super::ink::{Glyph, Ink, Layer, Turn};
use super::super::interpret::Operand;
use super::super::matrix::Matrix;
use super::super::paint::Path;
use super::super::radical::unified;
use crate::block::Unreadable;
use crate::count::{is_cjk, is_readable};
use crate::limits::{Deadline, Limits};
use crate::refusal::too_large;
use crate::xml::{Open, Token, Xml};

/// Points in a millimetre.
const POINTS: f64 = 72.0 / 25.4;
/// An A4 page, for those that do not tell their size.
const A4: Area = Area {
    x: 0.0,
    y: 0.0,
    width: 210.0,
    height: 297.0,
};
/// Font sizes as drawn, in points; others are no text for people.
const SIZES: std::ops::RangeInclusive<f64> = 0.5..=1_000.0;
/// Width of a line that does not tell it, in millimetres.
const LINE_WIDTH: f64 = 0.353;
/// Templates that one page may stand on.
const TEMPLATES_MAX: usize = 16;

/// A box in millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Area {
    /// `0 0 210 297`
    pub(super) fn parse(text: &str) -> Option<Self> {
        match numbers(text).as_slice() {
            [x, y, width, height] if *width > 0.0 && *height > 0.0 => Some(Self {
                x: *x,
                y: *y,
                width: *width,
                height: *height,
            }),
            _ => None,
        }
    }
}

/// The first finite numbers of a list.
fn numbers(text: &str) -> Vec<f64> {
    const NUMBERS_MAX: usize = 8;
    let words = text.split_ascii_whitespace().take(NUMBERS_MAX);
    let numbers = words.filter_map(|word| word.parse::<f64>().ok());
    numbers.filter(|number| number.is_finite()).collect()
}

pub(super) struct Canvas<'l> {
    ink: Ink,
    area: Area,
    limits: &'l Limits,
    deadline: Deadline,
    /// Objects and characters of this page and those before it.
    pub(super) objects: u64,
    /// The templates that the page stands on.
    pub(super) templates: Vec<String>,
}

impl<'l> Canvas<'l> {
    pub(super) fn new(area: Option<Area>, limits: &'l Limits, objects: u64) -> Self {
        Self {
            ink: Ink::default(),
            area: area.unwrap_or(A4),
            limits,
            deadline: Deadline::of(limits),
            objects,
            templates: Vec::new(),
        }
    }

    pub(super) fn finish(mut self) -> Ink {
        self.ink.width = self.area.width * POINTS;
        self.ink.height = self.area.height * POINTS;
        self.ink
    }

    /// Draws the page itself; its size stands before what it shows.
    pub(super) fn page(&mut self, text: &str) -> Result<(), Unreadable> {
        self.draw(text, true)
    }

    /// Draws what stands below several pages.
    pub(super) fn template(&mut self, text: &str) -> Result<(), Unreadable> {
        self.draw(text, false)
    }

    fn draw(&mut self, text: &str, own: bool) -> Result<(), Unreadable> {
        let mut xml = Xml::new(text, self.limits);
        loop {
            let open = match xml.next()? {
                Token::Open(open) => open,
                Token::End => return Ok(()),
                _ => continue,
            };
            match open.local() {
                "PhysicalBox" => {
                    let area = Area::parse(&xml.text()?);
                    if let Some(area) = area.filter(|_| own) {
                        self.area = area;
                    }
                }
                "Template" if own && self.templates.len() < TEMPLATES_MAX => {
                    self.templates.extend(open.attribute("TemplateID"));
                }
                "TextObject" => self.text(&open, &mut xml)?,
                "PathObject" => self.path(&open, &mut xml)?,
                "ImageObject" => self.image(&open, &mut xml)?,
                "CompositeObject" => {
                    self.ink.images += 1;
                    xml.pass()?;
                }
                _ => {}
            }
        }
    }

    fn count(&mut self, more: u64) -> Result<(), Unreadable> {
        self.objects = self.objects.saturating_add(more);
        if self.objects > self.limits.pdf_operators {
            let most = self.limits.pdf_operators;
            return Err(too_large(&format!("OFD 的图文对象超过 {most} 个")));
        }
        self.deadline.check()
    }

    /// From the object's own coordinates to points on the page.
    fn frame(&self, open: &Open<'_>) -> Matrix {
        let place = open.attribute("Boundary");
        let place = place.and_then(|text| Area::parse(&text).or_else(|| flat(&text)));
        let (x, y) = place.map_or((0.0, 0.0), |place| (place.x, place.y));
        let own = open.attribute("CTM").map(|text| numbers(&text));
        let own = match own.as_deref() {
            Some([a, b, c, d, e, f]) => Matrix([*a, *b, *c, *d, *e, *f]),
            _ => Matrix::IDENTITY,
        };
        let shift = Matrix([1.0, 0.0, 0.0, 1.0, x - self.area.x, y - self.area.y]);
        own.then(shift)
            .then(Matrix([POINTS, 0.0, 0.0, POINTS, 0.0, 0.0]))
    }

    fn text(&mut self, open: &Open<'_>, xml: &mut Xml<'_>) -> Result<(), Unreadable> {
        self.count(1)?;
        let number = |name: &str| number(open, name);
        let mut pen = Pen {
            frame: self.frame(open),
            size: number("Size").unwrap_or(0.0),
            stretch: number("HScale").unwrap_or(1.0),
            drawn: shows(open),
            x: 0.0,
            y: 0.0,
        };
        let mut inner = 1usize;
        while inner > 0 {
            match xml.next()? {
                Token::Open(code) if code.local() == "TextCode" => {
                    let text = xml.text()?;
                    self.code(&code, text.trim_matches(['\n', '\r']), &mut pen)?;
                }
                Token::Open(_) => inner += 1,
                Token::Close => inner -= 1,
                Token::End => break,
                Token::Text(_) | Token::ForeignEntity(_) => {}
            }
        }
        Ok(())
    }

    /// A run of characters: where the first one stands, and how far it is to each next one.
    fn code(&mut self, open: &Open<'_>, text: &str, pen: &mut Pen) -> Result<(), Unreadable> {
        let chars = text.chars().count();
        self.count(chars as u64)?;
        let number = |name: &str| number(open, name);
        pen.x = number("X").unwrap_or(pen.x);
        pen.y = number("Y").unwrap_or(pen.y);
        let steps = |name: &str| {
            let list = open.attribute(name).unwrap_or_default();
            steps(&list, chars)
        };
        let (across, down) = (steps("DeltaX"), steps("DeltaY"));
        for (n, c) in text.chars().enumerate() {
            let step = across.get(n).copied();
            let wide = if is_cjk(c) { 1.0 } else { 0.5 };
            let wide = wide * pen.size * pen.stretch;
            let width = step
                .filter(|step| *step > 0.0)
                .map_or(wide, |step| wide.min(step));
            self.put(c, width, pen);
            pen.x += step.unwrap_or(if down.is_empty() { wide } else { 0.0 });
            pen.y += down.get(n).copied().unwrap_or(0.0);
        }
        Ok(())
    }

    fn put(&mut self, c: char, width: f64, pen: &Pen) {
        let at = |x: f64| pen.frame.apply(x, pen.y);
        let (start, end, along) = (at(pen.x), at(pen.x + width), at(pen.x + 1.0));
        let size = pen.size * pen.frame.scale().1;
        let finite = [start, end, along]
            .iter()
            .all(|p| p.0.is_finite() && p.1.is_finite());
        if !finite || !SIZES.contains(&size) {
            return;
        }
        let readable = u64::from(is_readable(c));
        if Turn::of(along.0 - start.0, along.1 - start.1) != Some(Turn::None) {
            self.ink.slanted += readable;
            return;
        }
        let named = !matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FFFD}');
        let glyph = Glyph {
            c: if named { unified(c) } else { '\u{FFFD}' },
            left: start.0.min(end.0),
            right: start.0.max(end.0),
            y: start.1,
            size,
            layer: Layer::Body,
            seen: true,
        };
        let (x, y) = glyph.middle();
        let (wide, high) = (self.area.width * POINTS, self.area.height * POINTS);
        if !(0.0..=wide).contains(&x) || !(0.0..=high).contains(&y) {
            self.ink.outside += readable;
            return;
        }
        self.ink.unmapped += u64::from(!named);
        if !pen.drawn {
            self.ink.invisible += readable;
        }
        self.ink.glyphs.push(glyph);
    }

    fn path(&mut self, open: &Open<'_>, xml: &mut Xml<'_>) -> Result<(), Unreadable> {
        self.count(1)?;
        let (mut inner, mut data) = (1usize, String::new());
        while inner > 0 {
            match xml.next()? {
                Token::Open(part) if part.local() == "AbbreviatedData" => data = xml.text()?,
                Token::Open(_) => inner += 1,
                Token::Close => inner -= 1,
                Token::End => break,
                Token::Text(_) | Token::ForeignEntity(_) => {}
            }
        }
        if !shows(open) {
            return Ok(());
        }
        let frame = self.frame(open);
        let path = self.outline(&data, frame)?;
        let says = |name: &str| open.attribute(name);
        if says("Fill").as_deref() == Some("true") {
            path.fill(&mut self.ink);
        }
        if says("Stroke").as_deref() != Some("false") {
            let width = number(open, "LineWidth").unwrap_or(LINE_WIDTH);
            path.stroke(width * frame.scale().0, &mut self.ink);
        }
        Ok(())
    }

    /// `M 0 0 L 100 0`: each letter takes so many numbers; of curves the end counts.
    fn outline(&mut self, data: &str, frame: Matrix) -> Result<Path, Unreadable> {
        let mut path = Path::default();
        let mut words = data.split_ascii_whitespace();
        while let Some(word) = words.next() {
            let (letter, count): (&[u8], usize) = match word {
                "M" | "S" => (b"m", 2),
                "L" => (b"l", 2),
                "Q" => (b"c", 4),
                "B" => (b"c", 6),
                "A" => (b"c", 7),
                "C" => (b"h", 0),
                _ => continue,
            };
            self.count(1)?;
            let numbers = words.by_ref().take(count);
            let operands = numbers.map(|word| Operand::Number(word.parse().unwrap_or(0.0)));
            let operands: Vec<Operand> = operands.collect();
            path.build(letter, &operands, frame);
        }
        Ok(path)
    }

    fn image(&mut self, open: &Open<'_>, xml: &mut Xml<'_>) -> Result<(), Unreadable> {
        self.count(1)?;
        xml.pass()?;
        let place = open.attribute("Boundary");
        if let Some(place) = place.and_then(|text| Area::parse(&text)) {
            let part = place.width * place.height / (self.area.width * self.area.height);
            self.ink.image_cover += part.min(1.0);
        }
        self.ink.images += 1;
        Ok(())
    }
}

/// How the characters of an object are drawn.
struct Pen {
    frame: Matrix,
    size: f64,
    stretch: f64,
    /// They leave ink; those of the layer below a scan do not.
    drawn: bool,
    x: f64,
    y: f64,
}

/// A box without height or width: that of a line.
fn flat(text: &str) -> Option<Area> {
    match numbers(text).as_slice() {
        [x, y, ..] => Some(Area {
            x: *x,
            y: *y,
            width: 0.0,
            height: 0.0,
        }),
        _ => None,
    }
}

fn number(open: &Open<'_>, name: &str) -> Option<f64> {
    open.attribute(name)?.trim().parse().ok()
}

fn shows(open: &Open<'_>) -> bool {
    let hidden = open.attribute("Visible").as_deref() == Some("false");
    let clear = open.attribute("Alpha").as_deref() == Some("0");
    !hidden && !clear
}

/// `5.6 g 3 5.6`: steps, of which `g` repeats one so many times; no more than there are characters.
fn steps(list: &str, most: usize) -> Vec<f64> {
    let number = |word: Option<&str>| word.and_then(|word| word.parse::<f64>().ok());
    let (mut steps, mut words) = (Vec::new(), list.split_ascii_whitespace());
    while steps.len() < most
        && let Some(word) = words.next()
    {
        if word == "g" {
            let times = words.next().and_then(|word| word.parse::<usize>().ok());
            let times = times.unwrap_or(0).min(most - steps.len());
            let step = number(words.next()).unwrap_or(0.0);
            steps.extend(std::iter::repeat_n(step, times));
        } else {
            steps.push(number(Some(word)).unwrap_or(0.0));
        }
    }
    steps
}
