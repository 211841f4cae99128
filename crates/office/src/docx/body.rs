//! Walks document.xml once: tokens in, flow out. What kind of element is open decides what its children mean.

use super::build::{CellBuild, Frame, Merge, ParagraphBuild, RowBuild, TableBuild};
use super::numbering::Numbering;
use super::pages::Pages;
use super::styles::{Properties, Styles, heading_by_outline};
use super::symbol::symbol;
use crate::block::{Place, Unreadable};
use crate::collect::Collector;
use crate::count::readable_chars;
use crate::flow::Flow;
use crate::xml::{Ns, Open, Token, Xml};

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
    /// A tracked insertion was met and told.
    insertions: bool,
    deletions: usize,
    deleted_chars: u64,
    paragraphs: u32,
    /// Text of a paragraph whose end was deleted, waiting for the next one.
    carried: String,
    cells: usize,
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
            insertions: false,
            deletions: 0,
            deleted_chars: 0,
            paragraphs: 0,
            carried: String::new(),
            cells: 0,
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
            Ns::Math if open.local() == "t" => Ok(Enter::As(Kind::Text)),
            Ns::Compatibility => Ok(self.compatibility(open)),
            Ns::Picture if open.local() == "pic" => Ok(Enter::Drop("image-dropped", IMAGE)),
            Ns::Vml if open.local() == "imagedata" => Ok(Enter::Drop("image-dropped", IMAGE)),
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
                (self.run, self.run_style) = (Properties::default(), None);
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

    /// Empty elements that stand for a character or a break.
    fn character(&mut self, name: &str, open: &Open<'_>) -> Result<(), Unreadable> {
        match name {
            "tab" | "ptab" => self.push_text("\t"),
            "cr" => self.push_text("\n"),
            "br" => {
                if open.attribute("type").as_deref() == Some("page") {
                    self.pages.explicit_break();
                }
                self.push_text("\n")
            }
            "lastRenderedPageBreak" => {
                self.pages.rendered_break();
                Ok(())
            }
            "noBreakHyphen" => self.push_text("-"),
            "sym" => {
                let (font, code) = (
                    open.attribute("font").unwrap_or_default(),
                    open.attribute("char").unwrap_or_default(),
                );
                match symbol(&font, &code) {
                    Some(c) => self.push_text(c.encode_utf8(&mut [0; 4])),
                    None => {
                        let message = "有一个符号字体的字符不能识别，已用“□”代替，请对照原文补正。";
                        self.out.note("symbol-unknown", message, self.place());
                        self.push_text("□")
                    }
                }
            }
            _ => Ok(()),
        }
    }

    fn property(&mut self, open: &Open<'_>, parent: Kind) -> Enter {
        let name = open.local();
        if name.ends_with("Change") {
            return Enter::Skip; // what the property was before a tracked change
        }
        match parent {
            Kind::ParagraphProps if name == "rPr" => return Enter::As(Kind::RunProps),
            Kind::ParagraphProps => self.paragraph_property(name, open),
            Kind::RunProps => self.run_property(name, open),
            Kind::RowProps => {
                if let Some(row) = self.row() {
                    match name {
                        "gridBefore" => row.before = open.number("val").unwrap_or(0),
                        "tblHeader" => row.heading = open.switch(),
                        "del" => row.dropped = Some("deletion-dropped"),
                        "hidden" if open.switch() => row.dropped = Some("hidden-text"),
                        _ => {}
                    }
                }
            }
            Kind::CellProps => {
                if let Some(Frame::Cell(cell)) = self.frames.last_mut() {
                    match name {
                        "gridSpan" => cell.span = open.number("val").unwrap_or(1),
                        "vMerge" => cell.down = Merge::from_value(open.attribute("val").as_deref()),
                        "hMerge" => {
                            cell.across = Merge::from_value(open.attribute("val").as_deref())
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        // numPr holds the two that matter and nothing else does.
        if name == "numPr" {
            Enter::As(Kind::ParagraphProps)
        } else {
            Enter::Skip
        }
    }

    fn paragraph_property(&mut self, name: &str, open: &Open<'_>) {
        if name == "pageBreakBefore" && open.switch() {
            self.pages.explicit_break();
        }
        let Some(Frame::Paragraph(paragraph)) = self.frames.last_mut() else {
            return;
        };
        match name {
            "pStyle" => paragraph.style = open.attribute("val"),
            "numId" => paragraph.own.number_id = open.number("val"),
            "ilvl" => paragraph.own.number_level = open.number("val"),
            "outlineLvl" => paragraph.own.outline = open.number("val"),
            _ => {}
        }
    }

    fn run_property(&mut self, name: &str, open: &Open<'_>) {
        let of_mark = self.kinds.iter().rev().nth(1) == Some(&Kind::ParagraphProps);
        match (name, of_mark) {
            ("del" | "moveFrom", true) => {
                if let Some(Frame::Paragraph(paragraph)) = self.frames.last_mut() {
                    paragraph.mark_deleted = true;
                }
            }
            ("vanish", false) => self.run.hidden = Some(open.switch()),
            ("rStyle", false) => self.run_style = open.attribute("val"),
            _ => {}
        }
    }

    fn row(&mut self) -> Option<&mut RowBuild> {
        match self.frames.last_mut() {
            Some(Frame::Table(table)) => table.rows.last_mut(),
            _ => None,
        }
    }

    fn open_paragraph(&mut self) -> Result<Enter, Unreadable> {
        self.paragraphs = self.paragraphs.saturating_add(1);
        if self.paragraphs as usize
            > self
                .out
                .limits()
                .paragraphs
                .saturating_add(self.out.limits().cells)
        {
            return Err(crate::refusal::too_large("段落过多"));
        }
        let text = std::mem::take(&mut self.carried);
        self.frames.push(Frame::Paragraph(ParagraphBuild {
            text,
            place: self.place(),
            ..Default::default()
        }));
        Ok(Enter::As(Kind::Paragraph))
    }

    fn open_table(&mut self) -> Enter {
        let place = Place {
            line: self.paragraphs.checked_add(1),
            ..self.place()
        };
        self.frames.push(Frame::Table(TableBuild {
            place,
            rows: Vec::new(),
        }));
        Enter::As(Kind::Table)
    }

    fn open_row(&mut self) -> Enter {
        if let Some(Frame::Table(table)) = self.frames.last_mut() {
            table.rows.push(RowBuild::default());
        }
        Enter::As(Kind::Row)
    }

    fn open_cell(&mut self) -> Result<Enter, Unreadable> {
        self.cells += 1;
        if self.cells > self.out.limits().cells {
            return Err(crate::refusal::too_large(&format!(
                "表格单元格超过 {} 个",
                self.out.limits().cells
            )));
        }
        let place = Place {
            line: self.paragraphs.checked_add(1),
            ..self.place()
        };
        self.frames.push(Frame::Cell(CellBuild {
            place,
            span: 1,
            ..CellBuild::default()
        }));
        Ok(Enter::As(Kind::Cell))
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
            Some(Kind::Text) => self.push_text(text),
            Some(Kind::DeletedText) => {
                self.deleted_chars += readable_chars(text);
                self.out.see(text)
            }
            _ => Ok(()),
        }
    }

    fn push_text(&mut self, text: &str) -> Result<(), Unreadable> {
        self.out.see(text)?;
        if self.deletions > 0 {
            self.deleted_chars += readable_chars(text);
            return Ok(());
        }
        let (hidden, page) = (self.is_hidden(), self.pages.current());
        if let Some(Frame::Paragraph(paragraph)) = self.frames.last_mut() {
            if hidden {
                paragraph.hidden_chars += readable_chars(text);
                return Ok(());
            }
            if readable_chars(&paragraph.text) == 0 {
                paragraph.place.page = page;
            }
            paragraph.text.push_str(text);
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

    fn leave(&mut self, kind: Kind) -> Result<(), Unreadable> {
        match kind {
            Kind::Paragraph => self.close_paragraph(),
            Kind::Deleted => {
                self.deletions = self.deletions.saturating_sub(1);
                Ok(())
            }
            Kind::Run => {
                (self.run, self.run_style) = (Properties::default(), None);
                Ok(())
            }
            Kind::Table => {
                self.close_table();
                Ok(())
            }
            Kind::Cell => {
                if let Some(Frame::Cell(cell)) = self.frames.pop()
                    && let Some(row) = self.row()
                {
                    row.cells.push(cell);
                }
                Ok(())
            }
            Kind::Story => {
                if let Some(Frame::Story(flow)) = self.frames.pop() {
                    flow.into_iter().for_each(|piece| self.attach(piece));
                }
                Ok(())
            }
            Kind::Alternate => {
                self.chosen.pop();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn close_paragraph(&mut self) -> Result<(), Unreadable> {
        let Some(Frame::Paragraph(paragraph)) = self.frames.pop() else {
            return Ok(());
        };
        let deleted = std::mem::take(&mut self.deleted_chars);
        if deleted > 0 {
            let message = format!("修订中标记为删除的 {deleted} 个字已略去。");
            self.out
                .drop_chars("deletion-dropped", message, paragraph.place, deleted);
        }
        if paragraph.hidden_chars > 0 {
            let message = format!("设为隐藏的 {} 个字已略去。", paragraph.hidden_chars);
            self.out.drop_chars(
                "hidden-text",
                message,
                paragraph.place,
                paragraph.hidden_chars,
            );
        }
        if paragraph.mark_deleted {
            self.carried = paragraph.text;
        } else {
            self.settle_paragraph(
                paragraph.text,
                paragraph.style.as_deref(),
                &paragraph.own,
                paragraph.place,
            )?;
        }
        paragraph
            .boxes
            .into_iter()
            .for_each(|piece| self.attach(piece));
        Ok(())
    }

    /// Puts the number before the text and the paragraph where it belongs; blank ones are left out.
    fn settle_paragraph(
        &mut self,
        mut text: String,
        style: Option<&str>,
        own: &Properties,
        place: Place,
    ) -> Result<(), Unreadable> {
        let resolved = self.styles.paragraph(style);
        if let Some(marker) = self.marker(own, &resolved) {
            self.out.see(&marker)?;
            text.insert_str(0, &marker);
        }
        if readable_chars(&text) == 0 {
            return Ok(());
        }
        text.truncate(text.trim_end().len());
        let heading = match own.outline {
            Some(outline) => heading_by_outline(Some(outline)),
            None => resolved.heading,
        };
        self.attach(Flow::Paragraph {
            text,
            heading,
            place,
        });
        Ok(())
    }

    fn marker(&mut self, own: &Properties, style: &super::styles::Resolved) -> Option<String> {
        let instance = own
            .number_id
            .or(style.properties.number_id)
            .filter(|&id| id != 0)?;
        let by_style = || {
            let name = style.numbered_by.as_deref()?;
            self.numbering.level_of_style(instance, name, &self.styles)
        };
        let level = own
            .number_level
            .or_else(by_style)
            .or(style.properties.number_level)
            .unwrap_or(0);
        self.numbering.next(instance, level, &self.styles)
    }

    fn close_table(&mut self) {
        let Some(Frame::Table(table)) = self.frames.pop() else {
            return;
        };
        let built = table.finish();
        for (code, place, chars) in built.dropped {
            let message = match code {
                "deletion-dropped" => format!("修订中标记为删除的一行（{chars} 个字）已略去。"),
                "hidden-text" => format!("设为隐藏的一行（{chars} 个字）已略去。"),
                _ => format!("被合并的单元格中留有不显示的 {chars} 个字，已略去。"),
            };
            self.out.drop_chars(code, message, place, chars);
        }
        self.attach(Flow::Table(built.table));
    }

    /// Gives a finished piece to what is open around it.
    fn attach(&mut self, piece: Flow) {
        let open = self.frames.iter_mut().rev().find_map(|frame| match frame {
            Frame::Story(flow) => Some(flow),
            Frame::Cell(cell) => Some(&mut cell.content),
            Frame::Paragraph(paragraph) => Some(&mut paragraph.boxes),
            Frame::Table(_) => None,
        });
        if let Some(open) = open {
            open.push(piece);
        }
    }

    fn finish(mut self) -> Vec<Flow> {
        if readable_chars(&self.carried) > 0 {
            let text = std::mem::take(&mut self.carried);
            let place = self.place();
            self.attach(Flow::Paragraph {
                text,
                heading: None,
                place,
            });
        }
        match self.frames.into_iter().next() {
            Some(Frame::Story(flow)) => flow,
            _ => Vec::new(),
        }
    }
}

const IMAGE: &str = "图片已略去，如图中有文字请对照原文补录。";
