//! PDF by typst: a template of ours, data of theirs, fonts found beside the binary or on the system.
//!
//! Every PDF is checked as PDF/A-2u, so a character that no font can draw is an error that names it, never a blank box.
//! Data reach a template only as JSON values, never as markup, and pictures as bytes that were decoded before; a template can
//! read nothing else: no files, no network, no packages, no clock. Compiling takes tens of milliseconds for a page and blocks: call it off the async threads.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "tests fail loudly"
    )
)]

mod font;
mod picture;
mod text;
mod world;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::OnceLock;

use gongkai_basis::Date;
use serde_json::Value;

pub use font::FontFolders;
pub use picture::Named;
use picture::Pictures;

/// The largest data of one PDF, in bytes of its texts. A ledger of 5,000 full rows stays below.
pub const DATA_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Missing characters that an error names at most.
const MISSING_SHOWN_MAX: usize = 20;

/// What is printed, each with the data it takes. Fields are required unless marked with `?`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// The official form of 落实及“回头看”工作台账, A4 landscape, each form from a new page:
    /// `{"forms": [{"title", "unit", "filled_on": "YYYY-MM-DD"|null, "filled_by", "contact", "rows": [{"unit", "item",
    /// "done", "pending", "due_text", "review": text|null, "rectification": text|null}]}]}`.
    Ledger,
    /// A ruled list, as shown on a screen: `{"above"?: [{"text", "style"?: "title"|"center"|"right"|"flush"}], "title",
    /// "notes"?: [text], "landscape"?: bool, "headers": [{"text", "width"?: parts of the whole, "align"?:
    /// "left"|"center"|"right"}], "rows": [[text]], "merge_down"?: [column], "foot"?: [text]}`; `above` is a covering
    /// notice before the list's title. Neighbouring cells with the same text in a `merge_down` column (counted from 0) become one,
    /// as long as the merge columns to their left agree, too.
    Tasks,
    /// One page for a leader, A4 portrait: `{"title", "subtitle"?, "parts"?: [{"lines": [{"style": "heading"|"text", "text"}],
    /// "table": {"headers": […], "rows": [[text]]}|null}], "paragraphs"?: [text], "figures"?: [{"label",
    /// "value": number, "total": number, "text"}], "tables"?: [{"title", "headers": […], "rows": [[text]]}] (as in
    /// `Tasks`), "signed"?: text, "dated"?: text}`.
    Brief,
    /// An official letter, A4 portrait: `{"title", "number", "to", "body": [{"style": "heading"|"text", "text"}],
    /// "tables": [{"title", "headers": […], "rows": [[text]]}] (as in `Tasks`), "signed", "dated"}`.
    Letter,
    /// An official letter under an organ's red head (信函格式), A4 portrait: `{"mark", "mark_points": number, "number",
    /// "title", "to", "body": [{"style": "heading"|"text", "text"}], "fields": [[label, value]], "annexes": [text],
    /// "signed", "dated", "note", "annex"?: {"title", "fields": [[label, value]]} or null}`; the annex is a form on a page of its
    /// own.
    Letterhead,
    /// The annual report, or a document, A4 portrait: `{"title", "parts": [{"heading", "paragraphs": [text], "table": {"widths": [number],
    /// "heads": number of rows, "rows": [[{"text", "rows", "columns", "label": bool}]]}|null, "figure"?: {"name", "alt",
    /// "caption": [text], "instead"}|null}], "signed", "dated"}`; each row holds the cells that begin in it, a figure that cannot
    /// be drawn is its `instead`, an empty signature is left out.
    Annual,
    /// An issue of the gazette with contents and pages, A4 portrait: `{"title", "line", "dated", "sections": [{"name", "items":
    /// [{"title", "number", "organ", "blocks": [{"style": "heading"|"text", "text"}|{"picture": name, "alt", "text"}|{"columns": number, "cells": [{"x", "y",
    /// "columns", "rows", "text"}]}]}]}], "errata": [text]}`; a picture that cannot be drawn is its `text`; a cell stands at its
    /// place and reaches over columns and rows, and no two overlap. Each item begins at a marked place.
    Gazette,
}

impl Template {
    fn source(self) -> &'static str {
        match self {
            Self::Ledger => include_str!("../templates/ledger.typ"),
            Self::Tasks => include_str!("../templates/tasks.typ"),
            Self::Brief => include_str!("../templates/brief.typ"),
            Self::Letter => include_str!("../templates/letter.typ"),
            Self::Letterhead => include_str!("../templates/letterhead.typ"),
            Self::Annual => include_str!("../templates/annual.typ"),
            Self::Gazette => include_str!("../templates/gazette.typ"),
        }
    }
}

/// Why there is no PDF. The sentence is for people: what happened, whether data are safe, what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TypesetError {
    #[error(
        "未找到中文字体，没有生成PDF。已有数据不受影响。现在怎么办：可先导出Word文件；要生成PDF，请系统管理员把中文字体文件（如方正小标宋、仿宋、黑体，或思源宋体）放入以下任一文件夹后重试：{}。",
        list_folders(.looked_in)
    )]
    NoChineseFont { looked_in: Vec<PathBuf> },
    #[error(
        "字体里没有这些字：{}，没有生成PDF。已有数据不受影响。现在怎么办：可先导出Word文件；要生成PDF，请系统管理员在字体文件夹里补一个含这些字的字体，或把这些字换成规范字后重试。",
        list_characters(.characters)
    )]
    MissingCharacters { characters: Vec<char> },
    #[error(
        "字体“{family}”的授权不允许嵌入PDF，没有生成PDF。已有数据不受影响。现在怎么办：请系统管理员把它移出字体文件夹，换用允许嵌入的字体后重试。"
    )]
    FontNotEmbeddable { family: String },
    #[error(
        "内容共{bytes}字节，超过一个PDF最多{DATA_BYTES_MAX}字节，没有生成PDF。已有数据不受影响。请先用筛选缩小范围，分几次导出，或改为导出表格。"
    )]
    TooLarge { bytes: usize },
    #[error("PDF没有生成（{0}）。已有数据不受影响。请先导出Word文件，并把这句话告诉系统管理员。")]
    Compile(String),
}

impl TypesetError {
    /// Stable kebab-case code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoChineseFont { .. } => "pdf-no-chinese-font",
            Self::MissingCharacters { .. } => "pdf-missing-characters",
            Self::FontNotEmbeddable { .. } => "pdf-font-not-embeddable",
            Self::TooLarge { .. } => "pdf-too-large",
            Self::Compile(_) => "pdf-compile",
        }
    }
}

fn list_folders(folders: &[PathBuf]) -> String {
    let folders: Vec<String> = folders
        .iter()
        .map(|folder| folder.display().to_string())
        .collect();
    folders.join("、")
}

fn list_characters(characters: &[char]) -> String {
    let shown = characters.iter().take(MISSING_SHOWN_MAX);
    let shown: Vec<String> = shown
        .map(|&c| format!("{c}（U+{:04X}）", u32::from(c)))
        .collect();
    let rest = characters.len().saturating_sub(MISSING_SHOWN_MAX);
    if rest > 0 {
        format!("{}等{}个", shown.join("、"), characters.len())
    } else {
        shown.join("、")
    }
}

/// Prints PDFs. Cheap to make: fonts are looked for at the first use, and their data leave memory after each.
#[derive(Debug)]
pub struct Typesetter {
    folders: FontFolders,
    faces: OnceLock<Vec<font::Face>>,
}

impl Typesetter {
    pub fn new(folders: FontFolders) -> Self {
        Self {
            folders,
            faces: OnceLock::new(),
        }
    }

    /// Names of the Chinese font families that were found, best first (for `doctor`).
    pub fn families(&self) -> Vec<String> {
        let mut families: Vec<String> = Vec::new();
        for face in self.faces() {
            if !families.iter().any(|family| family == face.family()) {
                families.push(face.family().to_owned());
            }
        }
        families
    }

    /// Looks for the fonts and sets up typst's own words, which the first PDF would wait for otherwise. The fonts' data leave
    /// memory again, one file after the other. Blocks as long as the files take to be read.
    pub fn warm(&self) {
        self.faces();
        world::warm();
    }

    /// A PDF/A-2u of the template with the data, dated `today`. The same input with the same fonts gives the same bytes.
    pub fn pdf(
        &self,
        template: Template,
        data: &Value,
        today: Date,
    ) -> Result<Vec<u8>, TypesetError> {
        self.illustrated(template, data, &[], today)
    }

    /// As [`Typesetter::pdf`], with the pictures that the data name, as far as they can be drawn.
    pub fn illustrated(
        &self,
        template: Template,
        data: &Value,
        pictures: &[Named],
        today: Date,
    ) -> Result<Vec<u8>, TypesetError> {
        let (data, faces) = self.checked(data)?;
        let source = template.source();
        let pictures = Pictures::of(pictures);
        let printed = world::compile((source, &data, &pictures), faces, today);
        if printed.is_err() && !pictures.bytes.is_empty() {
            return world::compile((source, &data, &Pictures::default()), faces, today);
        }
        printed
    }

    /// The pages, from 1, of the template's marked places, in their order; the same as in [`Typesetter::illustrated`] of the
    /// same data and pictures.
    pub fn pages(
        &self,
        template: Template,
        data: &Value,
        pictures: &[Named],
        today: Date,
    ) -> Result<Vec<i64>, TypesetError> {
        let (data, faces) = self.checked(data)?;
        let source = template.source();
        let mut pictures = Pictures::of(pictures);
        // What the PDF cannot hold does not count here, either.
        if !pictures.bytes.is_empty()
            && world::compile((source, &data, &pictures), faces, today).is_err()
        {
            pictures = Pictures::default();
        }
        world::pages((source, &data, &pictures), faces, today)
    }

    /// The data without what cannot be drawn, and the faces that draw the rest.
    fn checked(&self, data: &Value) -> Result<(Value, &[font::Face]), TypesetError> {
        let bytes = text::bytes(data);
        if bytes > DATA_BYTES_MAX {
            return Err(TypesetError::TooLarge { bytes });
        }
        let faces = self.faces();
        if faces.is_empty() {
            return Err(TypesetError::NoChineseFont {
                looked_in: self.folders.advised(),
            });
        }
        let data = text::clean(data);
        let characters = text::missing(&data, faces);
        if !characters.is_empty() {
            return Err(TypesetError::MissingCharacters { characters });
        }
        Ok((data, faces))
    }

    fn faces(&self) -> &[font::Face] {
        self.faces.get_or_init(|| font::find(&self.folders))
    }
}
