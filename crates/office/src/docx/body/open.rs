//! What begins: characters, properties, paragraphs, tables, cells.

use super::super::build::{CellBuild, Frame, Merge, ParagraphBuild, RowBuild, TableBuild};
use super::super::symbol::symbol;
use super::{Body, Enter, Kind};
use crate::block::{Place, Unreadable};
use crate::raised::Raised;
use crate::refusal::too_large;
use crate::xml::Open;

impl Body<'_, '_> {
    /// Empty elements that stand for a character or a break.
    pub(super) fn character(&mut self, name: &str, open: &Open<'_>) -> Result<(), Unreadable> {
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

    pub(super) fn property(&mut self, open: &Open<'_>, parent: Kind) -> Enter {
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
                        "vMerge" | "vmerge" => {
                            cell.down = Merge::from_value(open.attribute("val").as_deref())
                        }
                        "hMerge" | "hmerge" => {
                            cell.across = Merge::from_value(open.attribute("val").as_deref())
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        // numPr holds the two that matter, and listPr of 2003 the number as it is printed; nothing else does.
        if matches!(name, "numPr" | "listPr") {
            Enter::As(Kind::ParagraphProps)
        } else {
            Enter::Skip
        }
    }

    pub(super) fn paragraph_property(&mut self, name: &str, open: &Open<'_>) {
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

    pub(super) fn run_property(&mut self, name: &str, open: &Open<'_>) {
        let of_mark = self.kinds.iter().rev().nth(1) == Some(&Kind::ParagraphProps);
        match (name, of_mark) {
            ("del" | "moveFrom", true) => {
                if let Some(Frame::Paragraph(paragraph)) = self.frames.last_mut() {
                    paragraph.mark_deleted = true;
                }
            }
            ("vanish", false) => self.run.hidden = Some(open.switch()),
            ("strike" | "dstrike", false) => self.struck = open.switch(),
            ("vertAlign", false) => {
                self.raised = match open.attribute("val").as_deref() {
                    Some("superscript") => Some(Raised::Up),
                    Some("subscript") => Some(Raised::Down),
                    _ => None,
                };
            }
            ("rStyle", false) => self.run_style = open.attribute("val"),
            _ => {}
        }
    }

    pub(super) fn row(&mut self) -> Option<&mut RowBuild> {
        match self.frames.last_mut() {
            Some(Frame::Table(table)) => table.rows.last_mut(),
            _ => None,
        }
    }

    pub(super) fn open_paragraph(&mut self) -> Result<Enter, Unreadable> {
        self.paragraphs = self.paragraphs.saturating_add(1);
        if self.paragraphs as usize
            > self
                .out
                .limits()
                .paragraphs
                .saturating_add(self.out.limits().cells)
        {
            return Err(too_large("段落过多"));
        }
        let text = std::mem::take(&mut self.carried);
        self.frames.push(Frame::Paragraph(ParagraphBuild {
            text,
            place: self.place(),
            ..Default::default()
        }));
        Ok(Enter::As(Kind::Paragraph))
    }

    pub(super) fn open_table(&mut self) -> Enter {
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

    pub(super) fn open_row(&mut self) -> Enter {
        if let Some(Frame::Table(table)) = self.frames.last_mut() {
            table.rows.push(RowBuild::default());
        }
        Enter::As(Kind::Row)
    }

    pub(super) fn open_cell(&mut self) -> Result<Enter, Unreadable> {
        self.cells += 1;
        if self.cells > self.out.limits().cells {
            return Err(too_large(&format!(
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
}
