//! What ends: paragraphs get their numbers, tables their spans, and each piece goes to what is open around it.

use super::super::build::Frame;
use super::super::formula::Formula;
use super::super::styles::{Properties, Resolved, heading_by_outline};
use super::{Body, Kind};
use crate::block::{Place, Unreadable};
use crate::collect::quoted;
use crate::count::has_readable;
use crate::flow::Flow;

impl Body<'_, '_> {
    pub(super) fn leave(&mut self, kind: Kind) -> Result<(), Unreadable> {
        match kind {
            Kind::Paragraph => self.close_paragraph(),
            Kind::Deleted => {
                self.deletions = self.deletions.saturating_sub(1);
                Ok(())
            }
            Kind::Run => {
                self.begin_run();
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
            Kind::Math | Kind::MathText => {
                if let Some(formula) = &mut self.formula {
                    formula.end();
                }
                Ok(())
            }
            Kind::Formula => self.close_formula(),
            _ => Ok(()),
        }
    }

    pub(super) fn close_paragraph(&mut self) -> Result<(), Unreadable> {
        let Some(Frame::Paragraph(paragraph)) = self.frames.pop() else {
            return Ok(());
        };
        if let Some(Frame::Cell(cell)) = self.frames.last_mut() {
            cell.strike.add(paragraph.strike);
        }
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

    /// Puts a formula into its paragraph as one line, and says so; one that stands between paragraphs is one itself.
    fn close_formula(&mut self) -> Result<(), Unreadable> {
        let line = self.formula.take().map(Formula::line).unwrap_or_default();
        self.begin_run();
        if line.is_empty() {
            return Ok(());
        }
        let quote = quoted(&line);
        let message = format!(
            "公式改写成了一行文字“{quote}”：分数写作a/b，上下标写作²、₂或^( )、_( )，请对照原文核对。"
        );
        self.out.note("formula-flattened", message, self.place());
        if matches!(self.frames.last(), Some(Frame::Paragraph(_))) {
            return self.push_text(&line);
        }
        self.out.see(&line)?;
        self.paragraphs = self.paragraphs.saturating_add(1);
        let place = self.place();
        self.settle_paragraph(line, None, &Properties::default(), place)
    }

    /// Puts the number before the text and the paragraph where it belongs; blank ones are left out.
    pub(super) fn settle_paragraph(
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
        if !has_readable(&text) {
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

    pub(super) fn marker(&mut self, own: &Properties, style: &Resolved) -> Option<String> {
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

    pub(super) fn close_table(&mut self) {
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
    pub(super) fn attach(&mut self, piece: Flow) {
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

    pub(super) fn finish(mut self) -> Vec<Flow> {
        if has_readable(&self.carried) {
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
