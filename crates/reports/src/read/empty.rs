//! Why no table of the form was found in a file, and what to do.

use std::collections::BTreeSet;

use gongkai_office::{Document, Format};

use super::label::plain;
use super::{of_blocks, words};

const NO_REPORT: &str = "这份文件不像政府信息公开工作年度报告：没有读到它的六个部分，也没有读到它的表格。请先核对是不是选错了文件；能核对的是年度报告的 Word、Excel、PDF、网页或文本文件。如果报告整篇是扫描件或者图片，请先做文字识别，再核对。";
const PICTURES: &str = "读到了年度报告的文字，没有读到表格：表格可能是图片，也可能没有放在这份文件里。请改用原来的 Word 或 Excel 文件核对；只有图片的，先用 WPS、扫描软件的“图片转文字”把表格转成文字，对照原图改好后再核对。";
const NOT_FILLED: &str = "读到了年度报告的表格，但各格里都没有数。没有发生的也要填“0”；如果数在文件里看得见，它可能是图片，请先转成文字，再核对。";
const APART: &str = "读到了年度报告表格的文字，但行和列对不上，没有读到表格的数。请改用原来的 Word 或 Excel 文件核对；只有网页的，请在浏览器里把网页存为 .html 文件，或者把表格整个复制到 Word、WPS 里保存后再核对。";
const SPREAD: &str = "这份PDF把一张宽表拆到了好几页上，行和列对不上，没有读到表格的数。请直接核对原来的 Excel 或 Word 文件；或者在 Excel、WPS 的“页面设置”里选“将所有列调整为一页”，重新存为PDF后再核对。";

/// Words of the tables, of which some stand in every table of the form.
const LABELS: [&str; 5] = [
    "信息内容",
    "结果维持",
    "自然人",
    "本年度办理结果",
    "予以公开",
];

/// Of these, words of a table of the form; prose may use one.
const LABELS_MIN: usize = 2;

/// Of the six parts, those that make a report.
const PARTS_MIN: usize = 3;

/// Numbers that a table has that was filled in; its labels have some, too, set apart by white space.
const NUMBERS_MIN: usize = 15;

/// Why no table of the form was found, and what to do.
#[must_use]
pub fn why_empty(document: &Document) -> &'static str {
    let words: Vec<&str> = document.blocks.iter().flat_map(words).collect();
    let text: String = words.iter().copied().map(plain).collect();
    let labels = LABELS.iter().filter(|label| text.contains(**label)).count();
    if labels < LABELS_MIN {
        let report = of_blocks(&document.blocks);
        let parts: BTreeSet<usize> = report.sections.iter().map(|it| it.part).collect();
        return if parts.len() >= PARTS_MIN {
            PICTURES
        } else {
            NO_REPORT
        };
    }
    let numbers = words
        .iter()
        .flat_map(|text| text.split([' ', '\t', '\n', '|', '\u{3000}']))
        .filter(|piece| !piece.is_empty() && piece.chars().all(char::is_numeric))
        .count();
    if numbers < NUMBERS_MIN {
        NOT_FILLED
    } else if document.format == Format::Pdf {
        SPREAD
    } else {
        APART
    }
}
