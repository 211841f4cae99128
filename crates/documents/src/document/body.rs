//! The text of a document: clean HTML from whatever came in, and the plain text that is searched and inspected.

use std::collections::HashSet;
use std::fmt::Write as _;

use ammonia::Builder;
use gongkai_office::raised::Raised;
use gongkai_office::{Block, Document as Source, Paragraph, Table};
use serde_json::json;

use crate::picture::{self, Shown};

const TAGS: [&str; 29] = [
    "p",
    "br",
    "h2",
    "h3",
    "h4",
    "strong",
    "em",
    "u",
    "s",
    "sup",
    "sub",
    "ul",
    "ol",
    "li",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "caption",
    "a",
    "hr",
    "div",
    "span",
    "b",
    "i",
    "img",
];

/// Pasted or typed HTML with nothing but its structure and the document's own pictures: no scripts, no styles, no pictures from elsewhere.
#[must_use]
pub fn clean(html: &str) -> String {
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.into_iter().collect())
        .clean_content_tags(HashSet::from([
            "script", "style", "title", "template", "noscript",
        ]))
        .add_tag_attributes("a", ["href"])
        .add_tag_attributes("td", ["rowspan", "colspan"])
        .add_tag_attributes("th", ["rowspan", "colspan"])
        .add_tag_attributes("img", ["src", "alt"])
        .attribute_filter(|tag, attribute, value| {
            let foreign = tag == "img" && attribute == "src" && !picture::is_own(value);
            (!foreign).then_some(value.into())
        })
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer"))
        .strip_comments(true);
    picture::without_foreign(&plain_cells(&builder.clean(html).to_string()))
}

/// Word puts a paragraph into each cell of a table, and paragraphs of a text begin with two blanks: cells hold their words alone.
/// Tables within tables stay as they are.
fn plain_cells(html: &str) -> String {
    let mut plain = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<table>") {
        plain.push_str(before);
        plain.push_str("<table>");
        let Some((table, after)) = after.split_once("</table>") else {
            plain.push_str(after);
            return plain;
        };
        let simple = !table.contains("<table")
            && table.matches("<p>").count() == table.matches("</p>").count();
        if simple {
            plain.push_str(
                &table
                    .replace("</p><p>", "<br>")
                    .replace("<p>", "")
                    .replace("</p>", ""),
            );
        } else {
            plain.push_str(table);
        }
        plain.push_str("</table>");
        rest = after;
    }
    plain.push_str(rest);
    plain
}

/// Typed text: a paragraph for each line.
#[must_use]
pub fn of_text(text: &str) -> String {
    let mut html = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let _ = write!(html, "<p>{}</p>", escape(line));
    }
    html
}

/// A file that the reader took apart: headings, paragraphs, tables with their merged cells, and what was kept of its
/// pictures in their places.
#[must_use]
pub fn of_blocks(source: &Source, pictures: &[Shown]) -> String {
    let mut html = String::new();
    let mut pictures = pictures.iter().peekable();
    for (at, block) in source.blocks.iter().enumerate() {
        while let Some(picture) = pictures.next_if(|one| one.before <= at) {
            html.push_str(&picture::element(picture));
        }
        match block {
            Block::Paragraph(paragraph) => push_paragraph(&mut html, paragraph),
            Block::Table(table) => push_table(&mut html, table),
        }
    }
    pictures.for_each(|picture| html.push_str(&picture::element(picture)));
    html
}

/// Without the title with which most files begin: the page has its own.
#[must_use]
pub fn without_title(html: &str, title: &str) -> String {
    let plain = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).collect() };
    let title = plain(title);
    let Some(rest) = html.strip_prefix('<') else {
        return html.to_owned();
    };
    let Some((tag, rest)) = rest.split_once('>') else {
        return html.to_owned();
    };
    let end = format!("</{tag}>");
    match rest.split_once(&end) {
        Some((first, after))
            if ["p", "h2", "h3"].contains(&tag)
                && !title.is_empty()
                && plain(&text_of(&first.replace("<br>", ""))) == title =>
        {
            after.to_owned()
        }
        _ => html.to_owned(),
    }
}

fn push_paragraph(html: &mut String, paragraph: &Paragraph) {
    let text = paragraph.text.trim();
    if text.is_empty() {
        return;
    }
    // The page's own title is the first heading.
    let tag = match paragraph.heading {
        None => "p",
        Some(0 | 1) => "h2",
        Some(2) => "h3",
        Some(_) => "h4",
    };
    let _ = write!(
        html,
        "<{tag}>{}</{tag}>",
        escape(text).replace('\n', "<br>")
    );
}

fn push_table(html: &mut String, table: &Table) {
    html.push_str("<table>");
    for row in &table.rows {
        html.push_str("<tr>");
        let tag = if row.heading { "th" } else { "td" };
        for cell in &row.cells {
            let _ = write!(html, "<{tag}");
            if cell.row_span > 1 {
                let _ = write!(html, " rowspan=\"{}\"", cell.row_span);
            }
            if cell.column_span > 1 {
                let _ = write!(html, " colspan=\"{}\"", cell.column_span);
            }
            let _ = write!(
                html,
                ">{}</{tag}>",
                escape(cell.text.trim()).replace('\n', "<br>")
            );
        }
        html.push_str("</tr>");
    }
    html.push_str("</table>");
}

/// The text inside HTML or XML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Superscripts and subscripts as plain text writes them: 10³ is not 103.
fn raised(html: &str) -> String {
    let mut plain = html.to_owned();
    for name in ["sup", "sub"] {
        let (Some(raised), open, close) = (
            Raised::of_element(name),
            format!("<{name}>"),
            format!("</{name}>"),
        ) else {
            continue;
        };
        let mut written = String::with_capacity(plain.len());
        let mut rest = plain.as_str();
        while let Some((before, after)) = rest.split_once(&open) {
            let Some((inner, after)) = after.split_once(&close) else {
                break;
            };
            written.push_str(before);
            written.push_str(&raised.written(inner));
            rest = after;
        }
        written.push_str(rest);
        plain = written;
    }
    plain
}

/// The words alone, a line for each block, cells parted by tabs.
#[must_use]
pub fn text_of(html: &str) -> String {
    let mut marked = raised(html);
    for end in [
        "</p>",
        "</h2>",
        "</h3>",
        "</h4>",
        "</li>",
        "</tr>",
        "<br>",
        "</div>",
        "</blockquote>",
        "</caption>",
    ] {
        marked = marked.replace(end, &format!("{end}\n"));
    }
    for end in ["</td>", "</th>"] {
        marked = marked.replace(end, &format!("{end}\t"));
    }
    let bare = Builder::empty().clean(&marked).to_string();
    let bare = bare
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&nbsp;", " ")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
    let lines: Vec<&str> = bare
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

/// Stands before a heading's words while HTML is turned into lines; no text of people holds it.
const HEADING: char = '\u{E000}';

/// Stands around the name and before the end of a picture's words, as [`HEADING`] in a heading.
const PICTURE: char = '\u{E002}';

/// The text as the typesetter takes it: `{"style": "heading"|"text", "text"}`, tables as `{"rows": [[text]]}`, each row as
/// long as the longest, and pictures as `{"picture": name, "alt", "text"}`. A cell that reaches over several stands once, and a
/// picture in a cell is its words.
#[must_use]
pub fn printable(html: &str) -> Vec<serde_json::Value> {
    let mut marked = picture::replaced(&html.replace([HEADING, PICTURE], ""), |name, alt| {
        format!("{PICTURE}{name}{PICTURE}{alt}{PICTURE}")
    });
    for tag in ["<h2>", "<h3>", "<h4>"] {
        marked = marked.replace(tag, &format!("{tag}{HEADING}"));
    }
    let text = text_of(&with_cells(&marked));
    let mut blocks = Vec::new();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in text.lines() {
        if let Some(row) = line.strip_prefix(CELL) {
            rows.push(row.split(CELL).map(|cell| worded(cell.trim())).collect());
            continue;
        }
        push_rows(&mut blocks, &mut rows);
        match line.strip_prefix(HEADING) {
            Some(words) => blocks.push(json!({ "style": "heading", "text": worded(words) })),
            None => push_line(&mut blocks, line),
        }
    }
    push_rows(&mut blocks, &mut rows);
    blocks
}

/// What stands for a picture that is not drawn.
fn instead(alt: &str) -> String {
    format!("（图：{alt}，见网站文本）")
}

/// A line's words, with words for its pictures.
fn worded(line: &str) -> String {
    let parts: Vec<&str> = line.split(PICTURE).collect();
    let part = |(n, part): (usize, &&str)| match n % 3 {
        0 => (*part).to_owned(),
        1 => String::new(),
        _ => instead(part),
    };
    parts.iter().enumerate().map(part).collect()
}

/// A line as paragraphs, with its pictures between them.
fn push_line(blocks: &mut Vec<serde_json::Value>, line: &str) {
    let mut parts = line.split(PICTURE);
    while let Some(words) = parts.next() {
        let words = words.trim();
        if !words.is_empty() {
            blocks.push(json!({ "style": "text", "text": words }));
        }
        if let (Some(name), Some(alt)) = (parts.next(), parts.next()) {
            blocks.push(json!({ "picture": name, "alt": alt, "text": instead(alt) }));
        }
    }
}

/// Stands first in each cell, as [`HEADING`] in a heading.
const CELL: char = '\u{E001}';

/// Tables with a mark in each cell, and without blocks inside cells, so that a row stays one line.
fn with_cells(html: &str) -> String {
    let mut marked = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<table") {
        marked.push_str(before);
        marked.push_str("<table");
        let (table, after) = after.split_once("</table>").unwrap_or((after, ""));
        let mut flat = table.replace(CELL, "");
        for block in ["<p>", "</p>", "<br>", "<div>", "</div>", "<li>", "</li>"] {
            flat = flat.replace(block, " ");
        }
        for piece in flat.split_inclusive('>') {
            marked.push_str(piece);
            let tag = piece.rsplit_once('<').map_or("", |(_, tag)| tag);
            if tag.starts_with("td") || tag.starts_with("th>") || tag.starts_with("th ") {
                marked.push(CELL);
            }
        }
        marked.push_str("</table>");
        rest = after;
    }
    marked.push_str(rest);
    marked
}

fn push_rows(blocks: &mut Vec<serde_json::Value>, rows: &mut Vec<Vec<String>>) {
    let longest = rows.iter().map(Vec::len).max().unwrap_or(0);
    if longest == 0 {
        return;
    }
    for row in &mut *rows {
        row.resize(longest, String::new());
    }
    blocks.push(json!({ "rows": rows }));
    rows.clear();
}

#[cfg(test)]
mod tests {
    use super::{clean, of_text, printable, text_of, without_title};

    #[test]
    fn what_is_printed_keeps_headings_and_tables_apart() {
        let blocks = printable(
            "<h2>第一章 总则</h2><p>第一条 二&lt;三。</p><table><tr><th>事项</th><th>期限</th></tr><tr><td>甲</td></tr></table><p>末段</p>",
        );
        let wanted = serde_json::json!([
            { "style": "heading", "text": "第一章 总则" },
            { "style": "text", "text": "第一条 二<三。" },
            { "rows": [["事项", "期限"], ["甲", ""]] },
            { "style": "text", "text": "末段" },
        ]);
        assert_eq!(serde_json::Value::from(blocks), wanted);
        let name = format!("{}.png", "a1".repeat(32));
        let img = format!("<img src=\"pictures/{name}\" alt=\"甲&amp;乙\">");
        let blocks = printable(&format!(
            "<p>前{img}后</p><p>{img}</p><h2>标题{img}</h2><table><tr><td>格{img}</td></tr></table>"
        ));
        let words = "（图：甲&乙，见网站文本）";
        let picture = serde_json::json!({ "picture": name, "alt": "甲&乙", "text": words });
        let wanted = serde_json::json!([
            { "style": "text", "text": "前" },
            picture,
            { "style": "text", "text": "后" },
            picture,
            { "style": "heading", "text": format!("标题{words}") },
            { "rows": [[format!("格{words}")]] },
        ]);
        assert_eq!(serde_json::Value::from(blocks), wanted);
    }

    #[test]
    fn figures_above_and_below_the_line_stay_apart_in_plain_text() {
        let html = "<p>不超过10<sup>3</sup>毫克，CO<sub>2</sub>按V<sub>max</sub>计<sup><strong>注</strong></sup></p>";
        let said = "不超过10³毫克，CO₂按V_(max)计^(注)";
        assert_eq!(text_of(html), said);
        let printed = serde_json::json!([{ "style": "text", "text": said }]);
        assert_eq!(serde_json::Value::from(printable(html)), printed);
        assert_eq!(text_of("<p>10<sup>3"), "103");
    }

    #[test]
    fn nothing_that_acts_survives_cleaning() {
        for hostile in [
            "<script>alert(1)</script><p>正文</p>",
            "<p onclick=\"alert(1)\" style=\"x\">正文</p>",
            "<p>正文</p><iframe src=\"https://a.example\"></iframe>",
            "<p>正文<img src=x onerror=alert(1)></p>",
            "<p>正文</p><style>p{}</style>",
            "<p>正文</p><svg><a xlink:href=\"javascript:alert(1)\"></a></svg>",
            "<a href=\"javascript:alert(1)\"></a><p>正文</p>",
        ] {
            let html = clean(hostile);
            for word in [
                "script",
                "onclick",
                "onerror",
                "style",
                "iframe",
                "svg",
                "javascript",
                "img",
            ] {
                assert!(!html.contains(word), "{hostile} gave {html}");
            }
            assert_eq!(text_of(&html), "正文", "{html}");
        }
    }

    #[test]
    fn cells_from_a_word_processor_hold_their_words_alone() {
        let html = "<p>前</p><table><tr><td><p class=MsoNormal>甲</p><p>乙</p></td><td>丙</td></tr></table><p>后</p>";
        let clean = clean(html);
        assert!(clean.contains("<td>甲<br>乙</td><td>丙</td>"), "{clean}");
        assert!(
            clean.starts_with("<p>前</p>") && clean.ends_with("<p>后</p>"),
            "{clean}"
        );
        let nested = "<table><tbody><tr><td><p>一</p><table><tbody><tr><td><p>二</p></td></tr></tbody></table></td></tr></tbody></table>";
        assert_eq!(super::clean(nested), nested);
    }

    #[test]
    fn a_title_that_the_page_has_is_not_said_twice() {
        let html = "<h2>安澜市<br>管理办法</h2><p>第一条</p>";
        assert_eq!(without_title(html, "安澜市管理办法"), "<p>第一条</p>");
        assert_eq!(without_title(html, "别的办法"), html);
        assert_eq!(without_title(html, ""), html);
        for other in ["", "第一条", "<table></table>", "<p>"] {
            assert_eq!(without_title(other, "第一条"), other);
        }
    }

    #[test]
    fn structure_stays() {
        let html = clean(
            "<table><tr><td colspan=\"2\" width=9>甲</td><td>乙</td></tr></table><h2>一、总则</h2><p>第一条</p>",
        );
        assert!(html.contains("<td colspan=\"2\">甲</td>"), "{html}");
        assert_eq!(text_of(&html), "甲\t乙\n一、总则\n第一条");
        assert_eq!(of_text("一\n\n 二<三 "), "<p>一</p><p>二&lt;三</p>");
        assert_eq!(text_of(&of_text("二<三&四")), "二<三&四");
    }
}
