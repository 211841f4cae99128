//! DOC and WPS (OLE): text and tables through rwml, spans kept. What rwml cannot follow needs a conversion.

mod revisions;
#[cfg(test)]
pub(crate) mod tests;

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rwml::{Block, DocModel, SourceRegionKind};

use crate::block::{Document, Format, Place, Unreadable};
use crate::collect::Collector;
use crate::count::readable_chars;
use crate::flow::{Flow, FlowCell, FlowRow, FlowTable, emit};
use crate::limits::Limits;
use crate::refusal::{encrypted, needs_conversion, too_large};

/// Bytes of the text stream: rwml lays every character out several times. Pictures lie in another stream.
const TEXT_STREAM_BYTES_MAX: u64 = 6 * 1024 * 1024;

pub(crate) fn read(bytes: &[u8], format: Format, limits: &Limits) -> Result<Document, Unreadable> {
    let name = if format == Format::Wps {
        "这份 WPS 文字文件"
    } else {
        "这份 DOC 文件"
    };
    let text_stream = text_stream(bytes)?;
    let opened = catch_unwind(AssertUnwindSafe(|| {
        let document = rwml::Document::open(bytes)?;
        Ok((document.model(), document.comments().len()))
    }));
    let (model, comments) = match opened {
        Ok(Ok(opened)) => opened,
        Ok(Err(rwml::Error::Encrypted { .. })) => return Err(encrypted(name)),
        Ok(Err(_)) | Err(_) => return Err(needs_conversion(name)),
    };
    let mut out = Collector::new(limits);
    if revisions::holds_deletions(&text_stream, bytes) {
        let message = "文件含有尚未接受的删除修订，被删的文字可能仍在下文中；请用 Word 接受全部修订并另存为 .docx 后再上传。";
        out.note("revision-unsettled", message, Place::default());
    }
    drop(text_stream);
    if comments > 0 {
        out.note(
            "comment-dropped",
            format!("{comments} 处批注未读取。"),
            Place::default(),
        );
    }
    let mut builder = Builder {
        out: &mut out,
        paragraphs: 0,
        page: None,
        blocks: 0,
    };
    let flow = builder.document(model)?;
    emit(flow, &mut out)?;
    if !out.has_text() {
        return Err(needs_conversion(name));
    }
    Ok(out.finish(format))
}

/// The WordDocument stream, refused when its text could fill the memory.
fn text_stream(bytes: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let mut content = Vec::new();
    if let Ok(mut file) = cfb::CompoundFile::open(Cursor::new(bytes))
        && let Ok(stream) = file.open_stream("/WordDocument")
        && stream
            .take(TEXT_STREAM_BYTES_MAX + 1)
            .read_to_end(&mut content)
            .is_ok()
        && content.len() as u64 > TEXT_STREAM_BYTES_MAX
    {
        return Err(too_large(&format!(
            "正文超过 {} MB",
            TEXT_STREAM_BYTES_MAX / (1024 * 1024)
        )));
    }
    Ok(content)
}

struct Builder<'o, 'l> {
    out: &'o mut Collector<'l>,
    paragraphs: u32,
    page: Option<u32>,
    blocks: usize,
}

impl Builder<'_, '_> {
    fn document(&mut self, model: DocModel) -> Result<Vec<Flow>, Unreadable> {
        let side: Vec<(SourceRegionKind, std::ops::Range<usize>)> = model
            .regions
            .iter()
            .filter(|region| region.kind != SourceRegionKind::Main)
            .map(|region| (region.kind, region.block_start..region.block_end))
            .collect();
        self.page = model
            .blocks
            .iter()
            .any(|block| matches!(block, Block::PageBreak))
            .then_some(1);
        let mut main = Vec::new();
        for (index, block) in model.blocks.into_iter().enumerate() {
            match side.iter().find(|(_, range)| range.contains(&index)) {
                None => self.block(block, &mut main)?,
                Some((SourceRegionKind::TextBox, _)) => {
                    self.out.note(
                        "text-box",
                        "文本框的文字已排在正文之后，请核对先后顺序。",
                        self.place(),
                    );
                    self.block(block, &mut main)?;
                }
                Some((kind, _)) => self.drop_side(*kind, &block)?,
            }
        }
        Ok(main)
    }

    fn drop_side(&mut self, kind: SourceRegionKind, block: &Block) -> Result<(), Unreadable> {
        let (code, name) = match kind {
            SourceRegionKind::HeaderFooter => ("header-dropped", "页眉页脚"),
            SourceRegionKind::Annotation => ("comment-dropped", "批注"),
            SourceRegionKind::Endnote => ("endnote-dropped", "尾注"),
            _ => ("footnote-dropped", "脚注"),
        };
        let words = words(block);
        let chars = readable_chars(&words);
        if chars > 0 {
            self.out.see_chars(chars)?;
            let quote: String = words.trim().chars().take(60).collect();
            self.out.drop_chars(
                code,
                format!("{name}中的 {chars} 个字未读入正文：{quote}"),
                Place::default(),
                chars,
            );
        }
        Ok(())
    }

    fn place(&self) -> Place {
        Place {
            line: Some(self.paragraphs).filter(|&n| n > 0),
            page: self.page,
            ..Place::default()
        }
    }

    fn block(&mut self, block: Block, flow: &mut Vec<Flow>) -> Result<(), Unreadable> {
        self.blocks += 1;
        if self.blocks
            > self
                .out
                .limits()
                .paragraphs
                .saturating_add(self.out.limits().cells)
        {
            return Err(too_large("段落和单元格过多"));
        }
        match block {
            Block::Paragraph(paragraph) => self.paragraph(paragraph, flow)?,
            Block::Table(table) => {
                let table = self.table(table)?;
                flow.push(Flow::Table(table));
            }
            Block::Image(_) => self.image(),
            Block::Chart(_) => {
                self.out.note(
                    "drawing-dropped",
                    "图表已略去，如其中有文字请对照原文补录。",
                    self.place(),
                );
            }
            Block::PageBreak => self.page = self.page.and_then(|page| page.checked_add(1)),
            Block::SectionBreak(_) => {}
        }
        Ok(())
    }

    fn image(&mut self) {
        self.out.note(
            "image-dropped",
            "图片已略去，如图中有文字请对照原文补录。",
            self.place(),
        );
    }

    fn paragraph(
        &mut self,
        paragraph: rwml::Paragraph,
        flow: &mut Vec<Flow>,
    ) -> Result<(), Unreadable> {
        self.paragraphs = self.paragraphs.saturating_add(1);
        let mut text = String::new();
        if let Some(list) = &paragraph.props.list
            && list.ordered
            && !list.label.is_empty()
        {
            let label = list.label.trim();
            text.push_str(label);
            if label.ends_with(|c: char| c.is_ascii()) {
                text.push(' ');
            }
        }
        let mut hidden = 0;
        self.out.see(&text)?;
        for run in &paragraph.runs {
            self.out.see(&run.text)?;
            if run.image.is_some() {
                self.image();
            }
            if run.props.hidden {
                hidden += readable_chars(&run.text);
            } else {
                text.extend(run.text.chars().map(line_character));
            }
        }
        if hidden > 0 {
            self.out.drop_chars(
                "hidden-text",
                format!("设为隐藏的 {hidden} 个字已略去。"),
                self.place(),
                hidden,
            );
        }
        if readable_chars(&text) > 0 {
            text.truncate(text.trim_end().len());
            let title = matches!(
                paragraph.props.style_name.as_deref(),
                Some("Title" | "标题")
            );
            let heading = paragraph.props.heading_level.or(title.then_some(1));
            flow.push(Flow::Paragraph {
                text,
                heading,
                place: self.place(),
            });
        }
        Ok(())
    }

    fn table(&mut self, table: rwml::Table) -> Result<FlowTable, Unreadable> {
        let place = Place {
            line: self.paragraphs.checked_add(1),
            ..self.place()
        };
        let mut rows = Vec::with_capacity(table.rows.len());
        for (index, row) in table.rows.into_iter().enumerate() {
            let mut cells = Vec::with_capacity(row.cells.len());
            for cell in row.cells {
                self.blocks += 1;
                let place = Place {
                    line: self.paragraphs.checked_add(1),
                    ..self.place()
                };
                let mut content = Vec::new();
                for block in cell.blocks {
                    self.block(block, &mut content)?;
                }
                cells.push(FlowCell {
                    content,
                    column: None,
                    column_span: u32::from(cell.col_span.max(1)),
                    row_span: u32::from(cell.row_span.max(1)),
                    place,
                });
            }
            rows.push(FlowRow {
                cells,
                heading: index < table.header_rows,
                group: 0,
            });
        }
        Ok(FlowTable {
            place,
            captions: Vec::new(),
            rows,
            struck: Vec::new(),
        })
    }
}

/// Word's own marks inside a run: line and page breaks, hard hyphens and blanks.
fn line_character(c: char) -> char {
    match c {
        '\u{0B}' | '\u{0C}' | '\u{0E}' | '\r' => '\n',
        '\u{1E}' => '-',
        c => c,
    }
}

fn words(block: &Block) -> String {
    match block {
        Block::Paragraph(paragraph) => paragraph.text(),
        Block::Table(table) => {
            let cells = table.rows.iter().flat_map(|row| &row.cells);
            cells.map(|cell| cell.text()).collect::<Vec<_>>().join(" ")
        }
        _ => String::new(),
    }
}
