//! A published text as it stands on paper: title, number, what its kind says, the text with its tables and pictures, and who
//! issued it when.
//!
//! Law: 地图管理条例 (2015) art. 22: 审图号 is shown with the map.

use gongkai_office::form::annual::{Annual, Figure, Part, SpanCell, SpanTable};
use gongkai_office::{Block, Limits, Sniffed, Table};
use gongkai_platform::attachment::{self, Attachment};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files::Files;
use gongkai_platform::web::day;

use crate::document::body::with_marks;
use crate::document::map::{Said, Shows};
use crate::document::{Document, Edition, store};
use crate::kind::own::OwnValue;
use crate::picture::{self, SUBJECT};

/// Columns of a table that a page of paper holds; of wider ones each row is a paragraph.
const COLUMNS_MAX: usize = 20;
/// Half characters that a column has at least: two characters stand beside each other.
const COLUMN_LEAST: usize = 4;
/// Half characters that all columns together may ask for, and each of many.
const COLUMNS_ASK: usize = 100;
const COLUMN_ASKS: usize = 12;
/// Room beside the words of a column, in half characters.
const BESIDE: usize = 2;
/// Stands around the name and behind the words of a picture while HTML is turned into lines; no text of people holds it.
const PICTURE: char = '\u{E002}';
/// Pictures of one paper, and bytes of all; the rest are words.
const PICTURES_MAX: usize = 40;
const PICTURE_BYTES_MAX: usize = 20 * 1024 * 1024;

/// A text that the public reads, with what was said of its pictures and where they are.
pub(super) struct Source {
    pub(super) document: Document,
    pub(super) edition: Edition,
    pictures: Vec<Attachment>,
    said: Vec<Said>,
}

impl Source {
    /// # Errors
    /// When the store fails.
    pub(super) async fn of(
        tx: &mut Tx,
        document: Document,
        edition: Edition,
    ) -> Result<Self, StoreError> {
        let subject = document.id.to_string();
        Ok(Self {
            pictures: attachment::of(tx, (SUBJECT, &subject)).await?,
            said: store::said_of_pictures(tx, edition.id).await?,
            document,
            edition,
        })
    }

    /// The bytes of a picture that nobody took down; `None` where they cannot be read.
    fn bytes(&self, files: &Files, name: &str) -> Option<Vec<u8>> {
        let of_name = |one: &&Attachment| {
            one.sha256
                .as_deref()
                .is_some_and(|hash| name.starts_with(hash))
        };
        let found = self.pictures.iter().find(of_name)?;
        if found.withheld.is_some() {
            return None;
        }
        match files.get(found.sha256.as_deref()?) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                tracing::warn!(%error, picture = %name, "a picture of a document cannot be read");
                None
            }
        }
    }

    /// The lines below a picture: what the text calls it, and of a map its 审图号 and where it comes from.
    fn caption(&self, name: &str, alt: &str) -> Vec<String> {
        let mut lines = Vec::new();
        // A picture that came without words was only counted.
        let is_counted = alt
            .strip_prefix('图')
            .is_some_and(|n| n.chars().all(|c| c.is_ascii_digit()));
        if !alt.trim().is_empty() && !is_counted {
            lines.push(alt.trim().to_owned());
        }
        let maps = self.said.iter().filter(|one| one.shows != Shows::NoMap);
        lines.extend(maps.filter(|one| name.starts_with(&one.sha256)).map(|map| {
            match map.permit.as_str() {
                "" => format!("来源：{}", map.source),
                _ => map.sentence(),
            }
        }));
        lines
    }

    /// Puts a picture behind what stands there, or words for it.
    fn show(&self, files: &Files, (name, alt): (&str, &str), parts: &mut Parts) {
        let (drawn, taken) = parts.drawn();
        let bytes = self.bytes(files, name).filter(|bytes| {
            drawn < PICTURES_MAX && taken.saturating_add(bytes.len()) <= PICTURE_BYTES_MAX
        });
        let Some(bytes) = bytes else {
            parts.say(instead(alt));
            return;
        };
        parts.show(Figure {
            // One that stands twice is drawn twice.
            name: format!("{drawn}-{name}"),
            alt: alt.to_owned(),
            caption: self.caption(name, alt),
            instead: instead(alt),
            bytes,
        });
    }

    /// The paper. Blocking: it reads the pictures.
    pub(super) fn paper(&self, files: &Files) -> Annual {
        let head = &self.edition.head;
        let html = picture::replaced(&self.edition.html.replace(PICTURE, ""), |name, alt| {
            format!("{PICTURE}{name}{PICTURE}{alt}{PICTURE}")
        });
        let html = with_marks(&html);
        let read = gongkai_office::read_as(Sniffed::Html, html.as_bytes(), &Limits::default());
        let mut parts = Parts::beginning(
            head.number.clone(),
            head.own.iter().map(OwnValue::line).collect(),
        );
        for block in read.map(|source| source.blocks).unwrap_or_default() {
            match block {
                Block::Paragraph(one) if one.heading.is_some() => parts.open(worded(&one.text)),
                Block::Paragraph(one) => {
                    for piece in pieces(&one.text) {
                        match piece {
                            Piece::Words(words) => parts.say(words.to_owned()),
                            Piece::Picture { name, alt } => {
                                self.show(files, (name, alt), &mut parts);
                            }
                        }
                    }
                }
                Block::Table(table) => match spanned(&table) {
                    Ok(fits) => parts.rule(fits),
                    Err(rows) => rows.into_iter().for_each(|row| parts.say(row)),
                },
            }
        }
        Annual {
            title: head.title.clone(),
            parts: parts.0,
            signed: self.document.organ_name.clone(),
            dated: head.issued_on.map_or_else(String::new, day),
        }
    }
}

/// The parts of a paper as they grow; the last is open until a table or a picture ends it.
struct Parts(Vec<Part>);

impl Parts {
    fn beginning(heading: String, paragraphs: Vec<String>) -> Self {
        Self(vec![Part {
            heading,
            paragraphs,
            table: None,
            figure: None,
        }])
    }

    fn open(&mut self, heading: String) {
        self.0.push(Part {
            heading,
            paragraphs: Vec::new(),
            table: None,
            figure: None,
        });
    }

    fn last(&mut self) -> Option<&mut Part> {
        let is_open = |part: &Part| part.table.is_none() && part.figure.is_none();
        if !self.0.last().is_some_and(is_open) {
            self.open(String::new());
        }
        self.0.last_mut()
    }

    fn say(&mut self, words: String) {
        if let Some(part) = self.last() {
            part.paragraphs.push(words);
        }
    }

    fn rule(&mut self, table: SpanTable) {
        if let Some(part) = self.last() {
            part.table = Some(table);
        }
    }

    fn show(&mut self, figure: Figure) {
        if let Some(part) = self.last() {
            part.figure = Some(figure);
        }
    }

    /// How many pictures there are, and their bytes.
    fn drawn(&self) -> (usize, usize) {
        let figures = self.0.iter().filter_map(|part| part.figure.as_ref());
        figures.fold((0, 0), |(n, bytes), figure| {
            (n + 1, bytes + figure.bytes.len())
        })
    }
}

/// A piece of a line.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'l> {
    Words(&'l str),
    Picture { name: &'l str, alt: &'l str },
}

/// A line cut at its pictures; one without any is one piece.
fn pieces(line: &str) -> Vec<Piece<'_>> {
    if !line.contains(PICTURE) {
        return vec![Piece::Words(line)];
    }
    let mut parts = line.split(PICTURE);
    let mut pieces = Vec::new();
    while let Some(words) = parts.next() {
        if !words.trim().is_empty() {
            pieces.push(Piece::Words(words.trim()));
        }
        if let (Some(name), Some(alt)) = (parts.next(), parts.next()) {
            pieces.push(Piece::Picture { name, alt });
        }
    }
    pieces
}

/// What stands for a picture that is not drawn.
fn instead(alt: &str) -> String {
    format!("（图：{alt}，见网站文本）")
}

/// A line with words for its pictures.
fn worded(line: &str) -> String {
    let word = |piece: Piece<'_>| match piece {
        Piece::Words(words) => words.to_owned(),
        Piece::Picture { alt, .. } => instead(alt),
    };
    pieces(line).into_iter().map(word).collect()
}

/// A table as it is, or the lines of one that no page holds.
fn spanned(table: &Table) -> Result<SpanTable, Vec<String>> {
    let rows: Vec<Vec<SpanCell>> = table
        .rows
        .iter()
        .map(|row| {
            let cell = |cell: &gongkai_office::Cell| SpanCell {
                text: worded(cell.text.trim()),
                rows: usize::try_from(cell.row_span.max(1)).unwrap_or(1),
                columns: usize::try_from(cell.column_span.max(1)).unwrap_or(1),
                label: row.heading,
            };
            row.cells.iter().map(cell).collect()
        })
        .collect();
    let cells = table.rows.iter().flat_map(|row| &row.cells);
    let columns = cells
        .map(|cell| cell.column + cell.column_span.max(1))
        .max();
    let columns = columns.map_or(0, |columns| usize::try_from(columns).unwrap_or(0));
    if (1..=COLUMNS_MAX).contains(&columns) {
        return Ok(SpanTable {
            widths: widths(table, columns),
            heads: 0,
            rows,
        });
    }
    Err(lines(&rows, columns))
}

/// Half characters of the longest line of a text.
fn half_characters(text: &str) -> usize {
    let wide =
        |line: &str| -> usize { line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum() };
    text.lines().map(wide).max().unwrap_or(0)
}

/// The columns' shares of the paper: what the longest line of each asks for, within bounds, so that a number takes less room
/// than a paragraph.
fn widths(table: &Table, columns: usize) -> Vec<u32> {
    let most = (COLUMNS_ASK / columns.max(1)).max(COLUMN_ASKS);
    let cells = || {
        let cells = table.rows.iter().flat_map(|row| &row.cells);
        cells.map(|cell| {
            let place = |n: u32| usize::try_from(n).unwrap_or(COLUMNS_MAX);
            let (from, over) = (place(cell.column), place(cell.column_span.max(1)));
            (from, over, half_characters(&worded(cell.text.trim())))
        })
    };
    let mut widths = vec![COLUMN_LEAST; columns];
    for (from, _, asks) in cells().filter(|(_, over, _)| *over == 1) {
        if let Some(width) = widths.get_mut(from) {
            *width = asks.min(most).max(*width);
        }
    }
    // A cell over some columns asks them for what they have not; a title over all of them goes by theirs.
    for (from, over, asks) in cells().filter(|(_, over, _)| (2..columns).contains(over)) {
        let there: usize = widths.iter().skip(from).take(over).sum();
        let more = asks.min(most * over).saturating_sub(there).div_ceil(over);
        for width in widths.iter_mut().skip(from).take(over) {
            *width += more;
        }
    }
    let share = |width: usize| u32::try_from(width + BESIDE).unwrap_or(u32::MAX);
    widths.into_iter().map(share).collect()
}

/// A row on a line, its cells parted by a sign.
fn lines(rows: &[Vec<SpanCell>], columns: usize) -> Vec<String> {
    if columns == 0 {
        return Vec::new();
    }
    let told =
        format!("（这里是{columns}列的表，比纸宽，按行列出，各格用“｜”隔开；原样见网站文本。）");
    let line = |row: &Vec<SpanCell>| {
        let cells: Vec<&str> = row.iter().map(|cell| cell.text.as_str()).collect();
        cells.join("｜")
    };
    std::iter::once(told).chain(rows.iter().map(line)).collect()
}

#[cfg(test)]
mod tests {
    use gongkai_office::{Block, Limits, Sniffed};

    use super::{COLUMNS_MAX, PICTURE, Piece, pieces, spanned, worded};

    /// A table with a title over all its columns.
    fn table(columns: usize) -> gongkai_office::Table {
        let cells: String = (1..=columns).map(|n| format!("<td>第{n}项</td>")).collect();
        read(&format!(
            "<table><tr><td colspan=\"{columns}\">一览表</td></tr><tr>{cells}</tr></table>"
        ))
    }

    fn read(html: &str) -> gongkai_office::Table {
        let read = gongkai_office::read_as(Sniffed::Html, html.as_bytes(), &Limits::default());
        let found = read
            .unwrap()
            .blocks
            .into_iter()
            .find_map(|block| match block {
                Block::Table(table) => Some(table),
                Block::Paragraph(_) => None,
            });
        found.unwrap()
    }

    #[test]
    fn a_table_wider_than_paper_is_printed_row_by_row() {
        let fits = spanned(&table(COLUMNS_MAX)).unwrap();
        assert_eq!((fits.widths.len(), fits.rows.len()), (COLUMNS_MAX, 2));
        let lines = spanned(&table(COLUMNS_MAX + 1)).unwrap_err();
        assert_eq!(lines.len(), 3);
        assert!(lines[0].contains("21列的表") && lines[1] == "一览表");
        assert!(lines[2].starts_with("第1项｜第2项｜") && lines[2].ends_with("｜第21项"));
    }

    #[test]
    fn a_column_is_as_wide_as_its_words_ask() {
        let widths = |html: &str| spanned(&read(html)).unwrap().widths;
        let task = "制定并公布本年度政务公开工作要点，".repeat(9);
        let listed = widths(&format!(
            "<table><tr><td colspan=\"3\">{task}</td></tr><tr><td>序号</td><td>任务</td><td>完成时限</td></tr>\
             <tr><td>1</td><td>{task}</td><td>2026年9月</td></tr></table>"
        ));
        assert_eq!(listed, [4 + 2, 33 + 2, 9 + 2], "the title asks for nothing");
        let alike = widths(
            "<table><tr><td>甲单位</td><td>乙单位</td></tr><tr><td>第一项</td><td>第二项</td></tr></table>",
        );
        assert_eq!(alike, [8, 8]);
        // What stands over two columns has room there.
        let over = widths(
            "<table><tr><td colspan=\"2\">全年办理情况说明</td><td>备注</td></tr><tr><td>收</td><td>办</td><td>无</td></tr></table>",
        );
        assert_eq!(over, [8 + 2, 8 + 2, 4 + 2]);
    }

    #[test]
    fn a_line_is_cut_at_its_pictures() {
        let line =
            format!("见{PICTURE}a.png{PICTURE}甲图{PICTURE}和{PICTURE}b.png{PICTURE}{PICTURE}");
        let picture = |name, alt| Piece::Picture { name, alt };
        assert_eq!(
            pieces(&line),
            [
                Piece::Words("见"),
                picture("a.png", "甲图"),
                Piece::Words("和"),
                picture("b.png", "")
            ]
        );
        assert_eq!(
            worded(&line),
            "见（图：甲图，见网站文本）和（图：，见网站文本）"
        );
        assert_eq!(pieces("　　第一条"), [Piece::Words("　　第一条")]);
        assert_eq!(worded(""), "");
    }
}
