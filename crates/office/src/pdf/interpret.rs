//! Runs a page's content stream and notes the ink: characters, ruling lines, images.

use std::collections::HashMap;
use std::rc::Rc;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::cover::Cover;
use super::font::Font;
use super::ink::{Ink, Layer};
use super::lexer::{Lexer, Token};
use super::matrix::Matrix;
use super::paint::{Path, is_white};
use super::text::{Placed, TextState};
use crate::block::Unreadable;
use crate::limits::{Deadline, Limits};
use crate::refusal::too_large;

/// Forms within forms.
const FORMS_MAX: usize = 12;
/// Saved graphics states at one time.
const STATES_MAX: usize = 512;
/// Operands of one operator, elements of lists included.
const OPERANDS_MAX: usize = 50_000;
/// Operators between two looks at the clock.
const CLOCK_EVERY: u64 = 8_192;

#[derive(Debug)]
pub(super) enum Operand {
    Number(f64),
    Name(Vec<u8>),
    Text(Vec<u8>),
    List(Vec<Operand>),
}

impl Operand {
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }
}

#[derive(Clone)]
pub(super) struct State {
    pub(super) ctm: Matrix,
    pub(super) text: TextState,
    pub(super) line_width: f64,
    fill_white: bool,
    stroke_white: bool,
    /// Fills let what lies below shine through, or are patterns.
    see_through: bool,
    pattern: bool,
}

/// Runs pages of one document; fonts and the spent budget are kept over all of them.
pub(super) struct Interpreter<'d> {
    document: &'d Document,
    limits: &'d Limits,
    deadline: Deadline,
    fonts: HashMap<ObjectId, Rc<Font>>,
    operators: u64,
    unpacked: u64,
}

/// One page while it runs.
struct Run {
    ink: Ink,
    /// Open marked content: whether each is a header, footer or page number.
    marks: Vec<bool>,
    placed: Placed,
}

impl<'d> Interpreter<'d> {
    pub(super) fn new(document: &'d Document, limits: &'d Limits) -> Self {
        let deadline = Deadline::of(limits);
        Self {
            document,
            limits,
            deadline,
            fonts: HashMap::new(),
            operators: 0,
            unpacked: 0,
        }
    }

    pub(super) fn page(&mut self, id: ObjectId) -> Result<Ink, Unreadable> {
        self.deadline.check()?;
        let Ok(page) = self.document.get_dictionary(id) else {
            return Ok(Ink::default());
        };
        let frame = super::frame::Frame::of(page, self.document);
        let mut content = Vec::new();
        for part in self.document.get_page_contents(id) {
            if let Ok(Object::Stream(stream)) = self.document.get_object(part) {
                content.extend(self.unpack(stream)?);
                content.push(b'\n');
            }
        }
        let resources = super::frame::inherited(page, b"Resources", self.document)
            .and_then(|object| object.as_dict().ok())
            .cloned()
            .unwrap_or_default();
        let mut run = Run {
            ink: Ink::default(),
            marks: Vec::new(),
            placed: Placed::default(),
        };
        (run.ink.width, run.ink.height) = (frame.width, frame.height);
        let state = State {
            ctm: frame.matrix,
            text: TextState::default(),
            line_width: 1.0,
            fill_white: false,
            stroke_white: false,
            see_through: false,
            pattern: false,
        };
        self.run(&content, &resources, state, 0, &mut run)?;
        let Run {
            mut ink, placed, ..
        } = run;
        placed.settle(&mut ink);
        Ok(ink)
    }

    fn unpack(&mut self, stream: &Stream) -> Result<Vec<u8>, Unreadable> {
        let left = self.limits.unpacked_bytes.saturating_sub(self.unpacked);
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        let bytes = match stream.get_plain_content_with_limit(left) {
            Ok(bytes) => bytes,
            Err(lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded {
                ..
            })) => {
                return Err(too_large("解压后的内容异常庞大，疑似压缩炸弹"));
            }
            Err(_) => Vec::new(),
        };
        self.unpacked += bytes.len() as u64;
        Ok(bytes)
    }

    fn run(
        &mut self,
        content: &[u8],
        resources: &Dictionary,
        state: State,
        depth: usize,
        run: &mut Run,
    ) -> Result<(), Unreadable> {
        let (mut lexer, mut operands, mut path) =
            (Lexer::new(content), Vec::new(), Path::default());
        let (mut state, mut saved) = (state, Vec::new());
        let marks = run.marks.len();
        while let Some(token) = lexer.next() {
            let word = match token {
                Token::Word(word) => word,
                token => {
                    if operands.len() < OPERANDS_MAX {
                        operands.extend(operand(token, &mut lexer));
                    }
                    continue;
                }
            };
            self.spend()?;
            match word {
                b"q" if saved.len() < STATES_MAX => saved.push(state.clone()),
                b"Q" => state = saved.pop().unwrap_or(state),
                b"cm" => {
                    if let Some(matrix) = matrix(&operands) {
                        state.ctm = matrix.then(state.ctm);
                    }
                }
                b"Do" => self.draw_object(&operands, resources, &state, depth, run)?,
                b"gs" => self.set_transparency(&operands, resources, &mut state),
                b"Tf" => self.set_font(&operands, resources, &mut state),
                b"BMC" | b"BDC" => run.marks.push(self.is_pagination(&operands, resources)),
                b"EMC" if run.marks.len() > marks => {
                    run.marks.pop();
                }
                b"BI" => {
                    while lexer
                        .next()
                        .is_some_and(|token| token != Token::Word(b"ID"))
                    {}
                    lexer.skip_inline_image();
                    note_image(&state, run, false);
                }
                word => {
                    run.placed.white = state.fill_white && !state.pattern;
                    if !(paint(word, &operands, &mut state, &mut path, run)) {
                        let layer = if run.marks.contains(&true) {
                            Layer::Pagination
                        } else {
                            Layer::Body
                        };
                        state
                            .text
                            .operate(word, &operands, state.ctm, layer, &mut run.placed);
                    }
                    if run.placed.len() as u64 > self.limits.chars {
                        return Err(too_large(&format!("文字超过 {} 字", self.limits.chars)));
                    }
                }
            }
            operands.clear();
        }
        run.marks.truncate(marks);
        Ok(())
    }

    fn spend(&mut self) -> Result<(), Unreadable> {
        self.operators += 1;
        if self.operators > self.limits.pdf_operators {
            return Err(too_large(&format!(
                "页面绘制指令超过 {} 条",
                self.limits.pdf_operators
            )));
        }
        if self.operators.is_multiple_of(CLOCK_EVERY) {
            self.deadline.check()?;
        }
        Ok(())
    }

    fn set_transparency(&self, operands: &[Operand], resources: &Dictionary, state: &mut State) {
        let [Operand::Name(name)] = operands else {
            return;
        };
        let Ok(dictionary) = resources
            .get_deref(b"ExtGState", self.document)
            .and_then(Object::as_dict)
            .and_then(|list| list.get_deref(name, self.document))
            .and_then(Object::as_dict)
        else {
            return;
        };
        let alpha = dictionary
            .get_deref(b"ca", self.document)
            .and_then(Object::as_float);
        let blend = dictionary
            .get_deref(b"BM", self.document)
            .and_then(Object::as_name);
        let mask = dictionary
            .get_deref(b"SMask", self.document)
            .is_ok_and(|mask| mask.as_dict().is_ok());
        if let Ok(alpha) = alpha {
            state.see_through = alpha < 0.99;
        }
        if let Ok(blend) = blend {
            state.see_through |= !matches!(blend, b"Normal" | b"Compatible");
        }
        state.see_through |= mask;
    }

    fn set_font(&mut self, operands: &[Operand], resources: &Dictionary, state: &mut State) {
        let [Operand::Name(name), Operand::Number(size)] = operands else {
            return;
        };
        state.text.size = *size;
        let list = resources
            .get_deref(b"Font", self.document)
            .and_then(Object::as_dict);
        let entry = list.ok().and_then(|fonts| fonts.get(name).ok());
        let id = entry.and_then(|entry| entry.as_reference().ok());
        state.text.font = match id.and_then(|id| self.fonts.get(&id)) {
            Some(font) => Some(Rc::clone(font)),
            None => {
                let dictionary = entry.and_then(|entry| self.document.dereference(entry).ok());
                let font = dictionary
                    .and_then(|(_, object)| object.as_dict().ok())
                    .map(|dictionary| Rc::new(Font::load(dictionary, self.document, self.limits)));
                if let (Some(id), Some(font)) = (id, &font) {
                    self.fonts.insert(id, Rc::clone(font));
                }
                font
            }
        };
    }

    fn draw_object(
        &mut self,
        operands: &[Operand],
        resources: &Dictionary,
        state: &State,
        depth: usize,
        run: &mut Run,
    ) -> Result<(), Unreadable> {
        let [Operand::Name(name)] = operands else {
            return Ok(());
        };
        let list = resources
            .get_deref(b"XObject", self.document)
            .and_then(Object::as_dict);
        let Some(Object::Stream(stream)) = list
            .ok()
            .and_then(|list| list.get_deref(name, self.document).ok())
        else {
            return Ok(());
        };
        let kind = stream
            .dict
            .get_deref(b"Subtype", self.document)
            .and_then(Object::as_name)
            .unwrap_or_default();
        if kind == b"Image" {
            let opaque = !(stream.dict.has(b"SMask")
                || stream.dict.has(b"Mask")
                || stream.dict.has(b"ImageMask"));
            note_image(state, run, opaque);
        }
        if kind != b"Form" || depth >= FORMS_MAX {
            return Ok(());
        }
        let content = self.unpack(stream)?;
        let own = stream
            .dict
            .get_deref(b"Resources", self.document)
            .and_then(Object::as_dict);
        let own = own.ok().cloned();
        let mut inner = state.clone();
        if let Ok(list) = stream
            .dict
            .get_deref(b"Matrix", self.document)
            .and_then(Object::as_array)
        {
            let numbers: Vec<Operand> = list
                .iter()
                .filter_map(|n| n.as_float().ok())
                .map(|n| Operand::Number(f64::from(n)))
                .collect();
            inner.ctm = matrix(&numbers).unwrap_or(Matrix::IDENTITY).then(state.ctm);
        }
        self.run(
            &content,
            own.as_ref().unwrap_or(resources),
            inner,
            depth + 1,
            run,
        )
    }

    /// Marked content that a tagged file calls a header, footer or page number.
    fn is_pagination(&self, operands: &[Operand], resources: &Dictionary) -> bool {
        let [Operand::Name(tag), properties] = operands else {
            return false;
        };
        if tag != b"Artifact" {
            return false;
        }
        match properties {
            Operand::List(list) => list.windows(2).any(|pair| match pair {
                [Operand::Name(key), Operand::Name(value)] => {
                    key == b"Type" && value == b"Pagination"
                }
                _ => false,
            }),
            Operand::Name(name) => resources
                .get_deref(b"Properties", self.document)
                .and_then(Object::as_dict)
                .and_then(|list| list.get_deref(name, self.document))
                .and_then(Object::as_dict)
                .and_then(|mark| mark.get_deref(b"Type", self.document))
                .and_then(Object::as_name)
                .is_ok_and(|kind| kind == b"Pagination"),
            _ => false,
        }
    }
}

fn operand(token: Token<'_>, lexer: &mut Lexer<'_>) -> Option<Operand> {
    match token {
        Token::Number(number) => Some(Operand::Number(number)),
        Token::Name(name) => Some(Operand::Name(name)),
        Token::String(text) => Some(Operand::Text(text)),
        Token::ArrayOpen | Token::DictOpen => Some(Operand::List(list(lexer))),
        Token::ArrayClose | Token::DictClose | Token::Word(_) => None,
    }
}

/// The elements up to the matching end; what is nested further is read into the same list.
fn list(lexer: &mut Lexer<'_>) -> Vec<Operand> {
    let (mut elements, mut depth) = (Vec::new(), 1usize);
    while let Some(token) = lexer.next() {
        let element = match token {
            Token::ArrayOpen | Token::DictOpen => {
                depth += 1;
                None
            }
            Token::ArrayClose | Token::DictClose => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
                None
            }
            Token::Number(number) => Some(Operand::Number(number)),
            Token::Name(name) => Some(Operand::Name(name)),
            Token::String(text) => Some(Operand::Text(text)),
            Token::Word(_) => None,
        };
        if elements.len() < OPERANDS_MAX {
            elements.extend(element);
        }
    }
    elements
}

pub(super) fn matrix(operands: &[Operand]) -> Option<Matrix> {
    let numbers: Vec<f64> = operands.iter().filter_map(Operand::number).collect();
    let matrix = Matrix(numbers.try_into().ok()?);
    matrix.is_finite().then_some(matrix)
}

/// An image fills the unit square of the current frame.
fn note_image(state: &State, run: &mut Run, opaque: bool) {
    /// An image of this part of the page is the page itself: its text is the layer of a scan.
    const PAGE: f64 = 0.5;
    let [a, b, c, d, _, _] = state.ctm.0;
    let page = (run.ink.width * run.ink.height).max(1.0);
    let cover = ((a * d - b * c).abs() / page).min(1.0);
    let corners = [(0.0, 0.0), (1.0, 1.0)].map(|(x, y)| state.ctm.apply(x, y));
    if cover < PAGE {
        let [(x0, y0), (x1, y1)] = corners;
        run.placed.covers.lay(Cover {
            left: x0.min(x1),
            top: y0.min(y1),
            right: x0.max(x1),
            bottom: y0.max(y1),
            after: run.placed.len(),
            white: false,
            whole: opaque && !state.see_through,
        });
    } else {
        run.placed.covers.lay(Cover {
            left: 0.0,
            top: 0.0,
            right: run.ink.width,
            bottom: run.ink.height,
            after: run.placed.len(),
            white: false,
            whole: false,
        });
    }
    run.ink.images += 1;
    run.ink.image_cover += if cover.is_finite() { cover } else { 0.0 };
}

/// Filled pieces as boxes over what was drawn before.
fn lay_boxes(state: &State, path: &Path, run: &mut Run) {
    let after = run.placed.len();
    for ([left, top, right, bottom], rectangle) in path.boxes() {
        run.placed.covers.lay(Cover {
            left,
            top,
            right,
            bottom,
            after,
            white: state.fill_white && !state.pattern,
            whole: rectangle && !state.see_through && !state.pattern,
        });
    }
}

/// A shading may colour any part of the page.
fn lay_ground(run: &mut Run) {
    run.placed.covers.lay(Cover {
        left: 0.0,
        top: 0.0,
        right: run.ink.width,
        bottom: run.ink.height,
        after: run.placed.len(),
        white: false,
        whole: false,
    });
}

/// Paths, colours and line widths. Returns `false` for operators of another kind.
fn paint(
    word: &[u8],
    operands: &[Operand],
    state: &mut State,
    path: &mut Path,
    run: &mut Run,
) -> bool {
    let numbers = || operands.iter().filter_map(Operand::number);
    match word {
        b"m" | b"l" | b"c" | b"v" | b"y" | b"h" | b"re" => path.build(word, operands, state.ctm),
        b"w" => state.line_width = numbers().next().unwrap_or(1.0),
        b"g" | b"rg" | b"k" | b"sc" | b"scn" => {
            state.fill_white = is_white(numbers());
            state.pattern = operands
                .iter()
                .any(|operand| matches!(operand, Operand::Name(_)));
        }
        b"sh" => lay_ground(run),
        b"G" | b"RG" | b"K" | b"SC" | b"SCN" => state.stroke_white = is_white(numbers()),
        b"cs" => state.fill_white = false,
        b"CS" => state.stroke_white = false,
        b"n" => path.clear(),
        b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" => {
            if matches!(word, b"s" | b"b" | b"b*") {
                path.close();
            }
            if !matches!(word, b"S" | b"s") {
                lay_boxes(state, path, run);
            }
            if !matches!(word, b"S" | b"s") && !state.fill_white {
                path.fill(&mut run.ink);
            }
            if !matches!(word, b"f" | b"F" | b"f*") && !state.stroke_white {
                let (across, up) = state.ctm.scale();
                path.stroke(state.line_width * across.max(up), &mut run.ink);
            }
            path.clear();
        }
        _ => return false,
    }
    true
}
