//! Anchors in a text: where each article, chapter and section begins, so that a search leads there.

use gongkai_basis::clause::Clauses;

use super::{broken, escape};

/// Parts lines while they are looked at; no cleaned text holds it.
const BREAK: char = '\u{1}';

/// The text with an anchor at the beginning of each clause, named as [`Clauses`] names it in the plain text.
#[must_use]
pub fn with_clauses(html: &str) -> String {
    let mut clauses = Clauses::default();
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    for piece in broken(html, BREAK).split_inclusive([BREAK, '\n']) {
        let (tags, rest) = piece.split_at(tags_before(piece));
        out.push_str(tags);
        if let Some(clause) = clauses.begins(&words(piece)) {
            out.push_str("<span class=\"clause\" id=\"");
            out.push_str(&escape(&clause.anchor));
            out.push_str("\"></span>");
        }
        out.push_str(rest);
    }
    out.retain(|c| c != BREAK);
    out
}

/// How many bytes of tags and blanks stand before the words.
fn tags_before(piece: &str) -> usize {
    let mut at = 0;
    while let Some(rest) = piece.get(at..) {
        let blanks = rest.len() - rest.trim_start().len();
        let tag = rest.get(blanks..).filter(|rest| rest.starts_with('<'));
        match tag.and_then(|tag| tag.find('>')) {
            Some(end) => at += blanks + end + 1,
            None => return at,
        }
    }
    at
}

/// The words of a line, without tags.
fn words(piece: &str) -> String {
    let mut words = String::new();
    let mut is_tag = false;
    for c in piece.chars() {
        match c {
            '<' => is_tag = true,
            '>' => is_tag = false,
            c if !is_tag && c != BREAK => words.push(c),
            _ => {}
        }
    }
    words.replace("&nbsp;", " ")
}

#[cfg(test)]
mod tests {
    use gongkai_basis::clause::Clauses;

    use super::super::{clean, text_of};
    use super::with_clauses;

    const TEXT: &str = "<h2>第一章　总则</h2><p>　　第一条&nbsp;为了公开。</p><p><strong>第二条</strong> 甲。<br>第三条 乙。</p>\
        <table><tbody><tr><td></td><td>第四条 丙</td><td>第五条</td></tr></tbody></table><p>第四条规定的期限。</p>\
        <ul><li>二、分工<ul><li>第一条 丁</li></ul></li></ul>第六条 末";

    #[test]
    fn each_clause_has_its_anchor_and_nothing_else_changes() {
        let html = clean(TEXT);
        let shown = with_clauses(&html);
        for begins in [
            "<h2><span class=\"clause\" id=\"第一章\"></span>第一章",
            "<span class=\"clause\" id=\"第一条\"></span>",
            "<p><strong><span class=\"clause\" id=\"第二条\"></span>第二条</strong>",
            "<br><span class=\"clause\" id=\"第三条\"></span>第三条",
            "<td></td><td><span class=\"clause\" id=\"第四条\"></span>第四条 丙",
            "<li><span class=\"clause\" id=\"二\"></span>二、分工",
            "<li><span class=\"clause\" id=\"第一条-2\"></span>第一条 丁",
            "<span class=\"clause\" id=\"第六条\"></span>第六条 末",
        ] {
            assert!(shown.contains(begins), "{begins} in {shown}");
        }
        let mut bare = shown.clone();
        while let Some(at) = bare.find("<span class=\"clause\"") {
            let end = bare[at..].find("</span>").unwrap();
            bare.replace_range(at..at + end + "</span>".len(), "");
        }
        assert_eq!(bare, html);
    }

    /// What the search names in the plain text is what the page has.
    #[test]
    fn the_plain_text_has_the_same_clauses() {
        for text in [TEXT, "", "<p>甲</p>", "第一条\n第二条<p>一、乙\n第一条</p>"] {
            let html = clean(text);
            let mut clauses = Clauses::default();
            let plain = text_of(&html);
            let named = plain.lines().filter_map(|line| clauses.begins(line));
            let named: Vec<String> = named.map(|clause| clause.anchor).collect();
            let shown = with_clauses(&html);
            let ids = shown.split(" id=\"").skip(1);
            let ids: Vec<&str> = ids.map(|rest| rest.split('"').next().unwrap()).collect();
            assert_eq!(ids, named, "{html}");
        }
    }
}
