//! Gathers what a reader finds, within the limits, and keeps the count of characters honest.

use std::collections::BTreeMap;

use crate::block::{Block, Document, Format, Paragraph, Place, Problem, Table, Unreadable};
use crate::count::readable_chars;
use crate::limits::Limits;
use crate::picture::{Mention, Picture};
use crate::refusal::too_large;

/// Problems of one code that are listed one by one; the rest is summed up in a last one.
const PROBLEMS_PER_CODE_MAX: usize = 50;

/// Characters of what is dropped or changed that its problem quotes.
const QUOTE_CHARS: usize = 60;

/// The beginning of words as a problem quotes them.
pub(crate) fn quoted(words: &str) -> String {
    let words = words.trim();
    let mut quote: String = words.chars().take(QUOTE_CHARS).collect();
    if words.chars().nth(QUOTE_CHARS).is_some() {
        quote.push('…');
    }
    quote
}

pub(crate) struct Collector<'a> {
    limits: &'a Limits,
    blocks: Vec<Block>,
    problems: Vec<Problem>,
    /// By code: how many there were and the characters of those that are not listed.
    tally: BTreeMap<String, (usize, u64)>,
    /// Readable characters met in the source.
    seen: u64,
    /// Readable characters in blocks and in problems.
    kept: u64,
    dropped: u64,
    paragraphs: usize,
    cells: usize,
    reserved: usize,
    tables: u32,
    mentions: Vec<Mention>,
    pictures: Vec<Picture>,
    headers: Vec<Paragraph>,
}

impl<'a> Collector<'a> {
    pub(crate) fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            blocks: Vec::new(),
            problems: Vec::new(),
            tally: BTreeMap::new(),
            seen: 0,
            kept: 0,
            dropped: 0,
            paragraphs: 0,
            cells: 0,
            reserved: 0,
            tables: 0,
            mentions: Vec::new(),
            pictures: Vec::new(),
            headers: Vec::new(),
        }
    }

    pub(crate) fn limits(&self) -> &'a Limits {
        self.limits
    }

    /// The source holds this text: it has to end in a block or in a problem.
    pub(crate) fn see(&mut self, text: &str) -> Result<(), Unreadable> {
        self.see_chars(readable_chars(text))
    }

    pub(crate) fn see_chars(&mut self, chars: u64) -> Result<(), Unreadable> {
        self.seen = self.seen.saturating_add(chars);
        if self.seen > self.limits.chars {
            return Err(too_large(&format!("文字超过 {} 字", self.limits.chars)));
        }
        Ok(())
    }

    pub(crate) fn paragraph(
        &mut self,
        text: String,
        heading: Option<u8>,
        place: Place,
    ) -> Result<(), Unreadable> {
        self.paragraphs += 1;
        if self.paragraphs > self.limits.paragraphs {
            return Err(too_large(&format!(
                "段落超过 {} 个",
                self.limits.paragraphs
            )));
        }
        self.kept += readable_chars(&text);
        self.blocks.push(Block::Paragraph(Paragraph {
            text,
            heading,
            place,
        }));
        Ok(())
    }

    /// Cells that are being built; the same limit holds again when their table is taken in.
    pub(crate) fn reserve_cells(&mut self, count: usize) -> Result<(), Unreadable> {
        self.reserved += count;
        if self.reserved > self.limits.cells {
            return Err(too_large(&format!(
                "表格单元格超过 {} 个",
                self.limits.cells
            )));
        }
        Ok(())
    }

    /// Takes a table in, numbers it and writes the number into every place.
    pub(crate) fn table(&mut self, mut table: Table) -> Result<u32, Unreadable> {
        self.cells += table.rows.iter().map(|row| row.cells.len()).sum::<usize>();
        if self.cells > self.limits.cells {
            return Err(too_large(&format!(
                "表格单元格超过 {} 个",
                self.limits.cells
            )));
        }
        self.tables += 1;
        table.place.table = Some(self.tables);
        for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
            cell.place.table = Some(self.tables);
            self.kept += readable_chars(&cell.text);
        }
        self.blocks.push(Block::Table(table));
        Ok(self.tables)
    }

    /// Something was repaired or guessed; nothing is lost.
    pub(crate) fn note(&mut self, code: &str, message: impl Into<String>, place: Place) {
        self.drop_chars(code, message, place, 0);
    }

    /// `chars` readable characters of the source end here.
    pub(crate) fn drop_chars(
        &mut self,
        code: &str,
        message: impl Into<String>,
        place: Place,
        chars: u64,
    ) {
        self.dropped += chars;
        let (count, unlisted) = self.tally.entry(code.to_owned()).or_default();
        *count += 1;
        if *count > PROBLEMS_PER_CODE_MAX {
            *unlisted += chars;
            return;
        }
        self.problems.push(Problem {
            code: code.to_owned(),
            message: message.into(),
            place,
            dropped_chars: chars,
        });
    }

    /// Are pictures asked for at all?
    pub(crate) fn wants_pictures(&self) -> bool {
        self.limits.pictures > 0
    }

    /// A picture stands here, between the blocks; what it is called is settled later.
    pub(crate) fn picture(&mut self, source: String, alt: String, place: Place) {
        self.mentions.push(Mention {
            before: self.blocks.len(),
            source,
            alt,
            place,
        });
    }

    pub(crate) fn take_mentions(&mut self) -> Vec<Mention> {
        std::mem::take(&mut self.mentions)
    }

    pub(crate) fn keep_pictures(&mut self, pictures: Vec<Picture>) {
        self.pictures = pictures;
    }

    pub(crate) fn keep_headers(&mut self, headers: Vec<Paragraph>) {
        self.headers = headers;
    }

    pub(crate) fn has_text(&self) -> bool {
        self.kept > 0
    }

    pub(crate) fn finish(mut self, format: Format) -> Document {
        for (code, (count, unlisted)) in std::mem::take(&mut self.tally) {
            if count > PROBLEMS_PER_CODE_MAX {
                let more = count - PROBLEMS_PER_CODE_MAX;
                self.problems.push(Problem {
                    message: format!("同类情况另有 {more} 处，不再逐一列出。"),
                    code,
                    place: Place::default(),
                    dropped_chars: unlisted,
                });
            }
        }
        let accounted = self.kept + self.dropped;
        if self.seen > accounted {
            let lost = self.seen - accounted;
            self.problems.push(Problem {
                code: "text-unplaced".to_owned(),
                message: format!("原文中有 {lost} 个字没有归入任何段落或表格，请对照原文核对。"),
                place: Place::default(),
                dropped_chars: lost,
            });
        }
        Document {
            format,
            blocks: self.blocks,
            problems: self.problems,
            source_chars: self.seen.max(accounted),
            pictures: self.pictures,
            headers: self.headers,
        }
    }
}
