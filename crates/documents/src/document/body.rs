//! The text of a document: clean HTML from whatever came in, and the plain text that is searched and inspected.

use std::collections::HashSet;
use std::fmt::Write as _;

use ammonia::Builder;
use gongkai_office::raised::Raised;
use gongkai_office::{Block, Document as Source, Paragraph, Table};

use crate::picture::{self, Shown};

mod clauses;
mod covered;
mod listed;
mod printed;
mod shape;

pub use clauses::with_clauses;
pub use covered::covered;
pub use listed::with_marks;
pub use printed::printable;

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

/// Pasted or typed HTML with nothing but its structure and the document's own pictures: no scripts, no styles, no pictures from
/// elsewhere. What makes a block elsewhere is a heading or a paragraph here. How a list marks its items is kept: a text may say
/// “第a项”.
#[must_use]
pub fn clean(html: &str) -> String {
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.into_iter().chain(shape::BLOCKS).collect())
        .clean_content_tags(HashSet::from([
            "script", "style", "title", "template", "noscript",
        ]))
        .add_tag_attributes("a", ["href"])
        .add_tag_attributes("td", ["rowspan", "colspan"])
        .add_tag_attributes("th", ["rowspan", "colspan"])
        .add_tag_attributes("img", ["src", "alt"])
        .add_tag_attributes("ol", ["type", "start"])
        .attribute_filter(|tag, attribute, value| {
            let is_kept = match (tag, attribute) {
                ("img", "src") => picture::is_own(value),
                ("ol", _) => listed::is_mark(attribute, value),
                _ => true,
            };
            is_kept.then_some(value.into())
        })
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer"))
        .strip_comments(true);
    let clean = shape::settled(&builder.clean(html).to_string());
    picture::without_foreign(&plain_cells(&clean))
}

/// The hosts of links in a clean text that only people within a house reach.
#[must_use]
pub fn inner_hosts(html: &str) -> Vec<String> {
    let addresses = html.split("href=\"").skip(1);
    let urls = addresses
        .filter_map(|rest| rest.split('"').next())
        .filter_map(|address| url::Url::parse(address).ok());
    let mut hosts: Vec<String> = Vec::new();
    for url in urls {
        let is_inner = match url.host() {
            Some(url::Host::Ipv4(ip)) => ip.is_private() || ip.is_loopback() || ip.is_link_local(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            Some(url::Host::Domain(name)) => !name.contains('.'),
            None => false,
        };
        let host = url.host_str().unwrap_or_default();
        if is_inner && !hosts.iter().any(|known| known == host) {
            hosts.push(host.to_owned());
        }
    }
    hosts
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
            plain.push_str(&words_of_cells(table));
        } else {
            plain.push_str(table);
        }
        plain.push_str("</table>");
        rest = after;
    }
    plain.push_str(rest);
    plain
}

/// A table without paragraphs: where words stand on both sides of the edge of one, a line ends.
fn words_of_cells(table: &str) -> String {
    let table = table.replace("</p><p>", "<br>");
    let mut words = String::with_capacity(table.len());
    let mut rest = table.as_str();
    while let Some(at) = rest.find("<p>").into_iter().chain(rest.find("</p>")).min() {
        let (before, from) = rest.split_at(at);
        words.push_str(before);
        rest = from
            .strip_prefix("<p>")
            .or(from.strip_prefix("</p>"))
            .unwrap_or(from);
        let is_edge = rest.starts_with("</t") || is_cell_start(&words);
        let is_broken = rest.starts_with("<br>") || words.ends_with("<br>");
        if !is_edge && !is_broken {
            words.push_str("<br>");
        }
    }
    words.push_str(rest);
    words
}

/// Nothing of the cell is written yet: its tag, spans included, ends here.
fn is_cell_start(words: &str) -> bool {
    let tag = words.rsplit_once('<').map_or("", |(_, tag)| tag);
    let is_cell = tag.starts_with("td") || tag.starts_with("th");
    is_cell && tag.ends_with('>') && !tag.trim_end_matches('>').contains('>')
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

/// A break around each block: where a line of the plain text ends and another begins.
fn broken(html: &str, line_break: char) -> String {
    let mut marked = html.to_owned();
    // What stands loose before a block is a line of its own.
    for start in [
        "<p>",
        "<h2>",
        "<h3>",
        "<h4>",
        "<li>",
        "<ul>",
        "<ol>",
        // With what it says of its marks.
        "<ol ",
        "<div>",
        "<blockquote>",
        "<table>",
        "<tr>",
        "<hr>",
    ] {
        marked = marked.replace(start, &format!("{line_break}{start}"));
    }
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
        "</table>",
    ] {
        marked = marked.replace(end, &format!("{end}{line_break}"));
    }
    marked
}

/// The words alone, a line for each block, cells parted by tabs.
#[must_use]
pub fn text_of(html: &str) -> String {
    let mut marked = broken(&raised(html), '\n');
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

#[cfg(test)]
mod tests {
    use super::{clean, of_text, printable, text_of, without_title};

    #[test]
    fn links_into_a_house_are_found() {
        let text = super::clean(
            "<p><a href=\"http://192.168.1.5/a\">甲</a><a href=\"http://oa/b\">乙</a>\
             <a href=\"http://oa/c\">丙</a><a href=\"https://www.example.gov.cn/\">丁</a><a href=\"/documents/1\">戊</a></p>",
        );
        assert_eq!(super::inner_hosts(&text), ["192.168.1.5", "oa"]);
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
        let loose = super::clean(
            "<table><tr><td rowspan=\"2\"><p>甲</p></td><td>乙<p>丙</p>丁</td></tr></table>",
        );
        assert!(
            loose.contains("<td rowspan=\"2\">甲</td><td>乙<br>丙<br>丁</td>"),
            "{loose}"
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
    fn what_is_loose_before_a_block_is_a_line_of_its_own() {
        let html = "前言<p>第一条</p>其中<ul><li>一<ul><li>二</li></ul></li></ul>末<table><tbody><tr><td>甲</td></tr></tbody></table>落款";
        assert_eq!(text_of(html), "前言\n第一条\n其中\n一\n二\n末\n甲\n落款");
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
