//! Walks document.xml once: tokens in, flow out. What kind of element is open decides what its children mean.

use super::build::Frame;
use super::formula::Formula;
use super::numbering::Numbering;
use super::pages::Pages;
use super::styles::{Properties, Styles};
use crate::block::{Place, Unreadable};
use crate::collect::Collector;
use crate::count::{has_readable, readable_chars};
use crate::flow::Flow;
use crate::raised::Raised;
use crate::xml::{Ns, Open, Token, Xml};

mod close;
mod open;

/// What an open element means for what stands in it.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Through,
    Paragraph,
    ParagraphProps,
    Run,
    RunProps,
    Text,
    DeletedText,
    Deleted,
    Table,
    Row,
    RowProps,
    Cell,
    CellProps,
    Story,
    Alternate,
    Formula,
    /// A part of a formula, and the one that holds its characters.
    Math,
    MathText,
}

enum Enter {
    As(Kind),
    Skip,
    /// Skip, and say what was lost.
    Drop(&'static str, &'static str),
}

pub(super) struct Body<'o, 'l> {
    out: &'o mut Collector<'l>,
    styles: Styles,
    numbering: Numbering,
    pages: Pages,
    kinds: Vec<Kind>,
    frames: Vec<Frame>,
    /// For each open mc:AlternateContent: a choice was taken.
    chosen: Vec<bool>,
    run: Properties,
    run_style: Option<String>,
    /// The run is struck through.
    struck: bool,
    /// The run stands above or below the line.
    raised: Option<Raised>,
    /// A tracked insertion was met and told.
    insertions: bool,
    deletions: usize,
    deleted_chars: u64,
    paragraphs: u32,
    /// Text of a paragraph whose end was deleted, waiting for the next one.
    carried: String,
    cells: usize,
    /// What the drawing that is open shows, in words.
    alt: String,
    formula: Option<Formula>,
}

impl<'o, 'l> Body<'o, 'l> {
    pub(super) fn new(
        styles: Styles,
        numbering: Numbering,
        pages: Pages,
        out: &'o mut Collector<'l>,
    ) -> Self {
        Self {
            out,
            styles,
            numbering,
            pages,
            kinds: Vec::new(),
            frames: vec![Frame::Story(Vec::new())],
            chosen: Vec::new(),
            run: Properties::default(),
            run_style: None,
            struck: false,
            raised: None,
            insertions: false,
            deletions: 0,
            deleted_chars: 0,
            paragraphs: 0,
            carried: String::new(),
            cells: 0,
            alt: String::new(),
            formula: None,
        }
    }

    pub(super) fn walk(mut self, text: &str) -> Result<Vec<Flow>, Unreadable> {
        let mut xml = Xml::new(text, self.out.limits());
        loop {
            match xml.next()? {
                Token::Open(open) => match self.enter(&open)? {
                    Enter::As(kind) => self.kinds.push(kind),
                    Enter::Skip => {
                        xml.skip()?;
                    }
                    Enter::Drop(code, message) => {
                        let chars = xml.skip()?;
                        self.out.see_chars(chars)?;
                        self.out.drop_chars(code, message, self.place(), chars);
                    }
                },
                Token::Close => {
                    if let Some(kind) = self.kinds.pop() {
                        self.leave(kind)?;
                    }
                }
                Token::Text(text) => self.take_text(&text)?,
                Token::ForeignEntity(name) => {
                    let message = format!("自定义实体“{name}”不予展开，已略去。");
                    self.out.note("entity-dropped", message, self.place());
                }
                Token::End => return Ok(self.finish()),
            }
        }
    }

    fn enter(&mut self, open: &Open<'_>) -> Result<Enter, Unreadable> {
        let parent = self.kinds.last().copied().unwrap_or(Kind::Through);
        match open.ns {
            Ns::Word => match parent {
                Kind::ParagraphProps | Kind::RunProps | Kind::RowProps | Kind::CellProps => {
                    Ok(self.property(open, parent))
                }
                _ => self.content_element(open),
            },
            Ns::Math => Ok(Enter::As(self.math(open))),
            Ns::Compatibility => Ok(self.compatibility(open)),
            Ns::Picture if open.local() == "pic" => Ok(if self.out.wants_pictures() {
                Enter::As(Kind::Through)
            } else {
                Enter::Drop("image-dropped", IMAGE)
            }),
            Ns::Vml if open.local() == "imagedata" => Ok(if self.out.wants_pictures() {
                let alt = open.attribute("title").unwrap_or_default();
                self.picture(open.attribute("id"), alt);
                Enter::Skip
            } else {
                Enter::Drop("image-dropped", IMAGE)
            }),
            Ns::Drawing if open.local() == "blip" && self.out.wants_pictures() => {
                let alt = std::mem::take(&mut self.alt);
                self.picture(open.attribute("embed"), alt);
                Ok(Enter::Skip)
            }
            Ns::Other if parent == Kind::ParagraphProps && open.local() == "t" => {
                let number = open.attribute("val").unwrap_or_default();
                self.push_text(&number)?;
                Ok(Enter::Skip)
            }
            _ if open.local() == "docPr" => {
                let said = open.attribute("descr").or_else(|| open.attribute("title"));
                self.alt = said.unwrap_or_default();
                Ok(Enter::Skip)
            }
            Ns::Other if matches!(open.local(), "chart" | "relIds") => Ok(Enter::Drop(
                "drawing-dropped",
                "图表或图示已略去，如其中有文字请对照原文补录。",
            )),
            Ns::Other if open.local() == "OLEObject" => Ok(Enter::Drop(
                "object-dropped",
                "嵌入的对象（如另一份文档或表格）已略去，请对照原文补录。",
            )),
            _ => Ok(Enter::As(Kind::Through)),
        }
    }

    /// What stands in a formula keeps its structure until the formula ends.
    fn math(&mut self, open: &Open<'_>) -> Kind {
        let name = open.local();
        match (&mut self.formula, name) {
            (None, "oMath") => {
                self.formula = Some(Formula::default());
                Kind::Formula
            }
            (None, "t") => Kind::Text,
            (None, _) => Kind::Through,
            (Some(formula), _) => {
                formula.begin(name, open.attribute("val"));
                match name {
                    "t" => Kind::MathText,
                    _ => {
                        if name == "r" {
                            self.begin_run();
                        }
                        Kind::Math
                    }
                }
            }
        }
    }

    /// A picture follows the paragraph that it stands in; one that was deleted is no picture any more.
    fn picture(&mut self, id: Option<String>, alt: String) {
        if self.deletions == 0 {
            let (source, place) = (id.unwrap_or_default(), self.place());
            self.attach(Flow::Picture { source, alt, place });
        }
    }

    /// Shapes are written twice, for new programs (choice) and old ones (fallback): one of them is read.
    fn compatibility(&mut self, open: &Open<'_>) -> Enter {
        match open.local() {
            "AlternateContent" => {
                self.chosen.push(false);
                Enter::As(Kind::Alternate)
            }
            "Choice" | "Fallback" => match self.chosen.last_mut() {
                Some(chosen) if *chosen => Enter::Skip,
                Some(chosen) => {
                    *chosen = true;
                    Enter::As(Kind::Through)
                }
                None => Enter::As(Kind::Through),
            },
            _ => Enter::As(Kind::Through),
        }
    }

    fn content_element(&mut self, open: &Open<'_>) -> Result<Enter, Unreadable> {
        let top_is_table = matches!(self.frames.last(), Some(Frame::Table(_)));
        Ok(match open.local() {
            "p" => self.open_paragraph()?,
            "pPr" => Enter::As(Kind::ParagraphProps),
            "r" => {
                self.begin_run();
                Enter::As(Kind::Run)
            }
            "rPr" => Enter::As(Kind::RunProps),
            "t" => Enter::As(Kind::Text),
            "delText" => Enter::As(Kind::DeletedText),
            "del" | "moveFrom" => {
                self.deletions += 1;
                Enter::As(Kind::Deleted)
            }
            "ins" | "moveTo" => {
                if !std::mem::replace(&mut self.insertions, true) {
                    let message = "文中有尚未接受的修订，已按接受插入后的文字读取。";
                    self.out.note("insertion-kept", message, self.place());
                }
                Enter::As(Kind::Through)
            }
            "tbl" => self.open_table(),
            "tr" if top_is_table => self.open_row(),
            "trPr" => Enter::As(Kind::RowProps),
            "tc" if top_is_table => self.open_cell()?,
            "tcPr" => Enter::As(Kind::CellProps),
            "txbxContent" => {
                self.out.note(
                    "text-box",
                    "文本框的文字已排在所在段落之后，请核对先后顺序。",
                    self.place(),
                );
                self.frames.push(Frame::Story(Vec::new()));
                Enter::As(Kind::Story)
            }
            "rt" => Enter::Drop("ruby-dropped", "注音文字已略去。"),
            "altChunk" => Enter::Drop(
                "chunk-dropped",
                "嵌入的外部内容已略去，请用 Word 打开后另存再上传。",
            ),
            "instrText" | "delInstrText" | "sdtPr" | "sdtEndPr" | "tblPr" | "tblGrid"
            | "tblPrEx" | "sectPr" | "fldData" | "rubyPr" | "smartTagPr" | "customXmlPr" => {
                Enter::Skip
            }
            name => {
                self.character(name, open)?;
                Enter::As(Kind::Through)
            }
        })
    }

    fn begin_run(&mut self) {
        (self.run, self.run_style, self.raised) = (Properties::default(), None, None);
        self.struck = false;
    }

    fn place(&self) -> Place {
        Place {
            line: Some(self.paragraphs).filter(|&n| n > 0),
            page: self.pages.current(),
            ..Place::default()
        }
    }

    fn take_text(&mut self, text: &str) -> Result<(), Unreadable> {
        match self.kinds.last() {
            Some(Kind::Text) => match self.raised {
                Some(raised) => self.push_text(&raised.written(text)),
                None => self.push_text(text),
            },
            Some(Kind::MathText) => self.push_text(text),
            Some(Kind::DeletedText) => {
                self.deleted_chars += readable_chars(text);
                self.out.see(text)
            }
            _ => Ok(()),
        }
    }

    fn push_text(&mut self, text: &str) -> Result<(), Unreadable> {
        let (hidden, page) = (self.is_hidden(), self.pages.current());
        // The line of a formula is seen as a whole.
        if let Some(formula) = self
            .formula
            .as_mut()
            .filter(|_| self.deletions == 0 && !hidden)
        {
            formula.text(text);
            return Ok(());
        }
        self.out.see(text)?;
        if self.deletions > 0 {
            self.deleted_chars += readable_chars(text);
            return Ok(());
        }
        if let Some(Frame::Paragraph(paragraph)) = self.frames.last_mut() {
            if hidden {
                paragraph.hidden_chars += readable_chars(text);
                return Ok(());
            }
            if !has_readable(&paragraph.text) {
                paragraph.place.page = page;
            }
            paragraph.text.push_str(text);
            if has_readable(text) {
                paragraph.strike.struck |= self.struck;
                paragraph.strike.plain |= !self.struck;
            }
        }
        Ok(())
    }

    fn is_hidden(&self) -> bool {
        let own = self.run.hidden;
        let by_run_style = || {
            self.run_style
                .as_deref()
                .and_then(|id| self.styles.resolve(id).properties.hidden)
        };
        let by_paragraph = || match self.frames.last() {
            Some(Frame::Paragraph(paragraph)) => {
                self.styles
                    .paragraph(paragraph.style.as_deref())
                    .properties
                    .hidden
            }
            _ => None,
        };
        own.or_else(by_run_style)
            .or_else(by_paragraph)
            .unwrap_or(false)
    }
}

const IMAGE: &str = "图片已略去，如图中有文字请对照原文补录。";
