//! Blocks of other pages as blocks of ours: every heading is one of three levels, and a block without blocks in it is a
//! paragraph. Without this, the words of neighbouring sections ran together.

/// What makes a block elsewhere and has no place in a stored text.
pub(super) const BLOCKS: [&str; 24] = [
    "h1",
    "h5",
    "h6",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "aside",
    "nav",
    "figure",
    "figcaption",
    "address",
    "center",
    "dl",
    "dt",
    "dd",
    "pre",
    "form",
    "fieldset",
    "legend",
    "details",
    "summary",
    "hgroup",
];

/// Blocks that stay what they are; each ends a paragraph.
const OWN: [&str; 16] = [
    "p",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
    "td",
    "th",
    "caption",
    "hr",
];

/// A heading's level here; the page's own title is the first.
fn heading(name: &str) -> Option<&'static str> {
    match name {
        "h1" => Some("h2"),
        "h5" | "h6" => Some("h4"),
        _ => None,
    }
}

/// What only holds others, and becomes a paragraph where it does not.
fn is_container(name: &str) -> bool {
    name == "div" || BLOCKS.contains(&name) && heading(name).is_none()
}

/// An open container: where its tag stands in what is written, and whether a block has begun in it.
struct Open {
    name: String,
    at: usize,
    holds_blocks: bool,
    /// It is a `pre`, or stands in one.
    in_pre: bool,
}

/// HTML as the cleaner writes it, where text holds no `<` and no block but a list has attributes, with its blocks as ours.
pub(super) fn settled(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut open: Vec<Open> = Vec::new();
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        push_text(&mut out, text, &open);
        let Some(end) = tag_end(after) else {
            out.push('<');
            rest = after;
            continue;
        };
        let (tag, after) = after.split_at(end);
        push_tag(&mut out, tag, &mut open);
        rest = after.strip_prefix('>').unwrap_or(after);
    }
    push_text(&mut out, rest, &open);
    out
}

/// Where a tag ends; a `>` in a value does not end it.
pub(super) fn tag_end(tag: &str) -> Option<usize> {
    let mut quoted = false;
    tag.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == '>' && !quoted).then_some(at)
    })
}

/// Lines of what was typed as it stands keep their ends.
fn push_text(out: &mut String, text: &str, open: &[Open]) {
    if open.last().is_some_and(|one| one.in_pre) {
        out.push_str(&text.replace('\n', "<br>"));
    } else {
        out.push_str(text);
    }
}

fn push_tag(out: &mut String, tag: &str, open: &mut Vec<Open>) {
    let closing = tag.starts_with('/');
    let name = tag.trim_start_matches('/');
    let name = name.split([' ', '/']).next().unwrap_or(name);
    if is_container(name) {
        if !closing {
            let mut in_pre = name == "pre";
            if let Some(around) = open.last_mut() {
                around.holds_blocks = true;
                in_pre |= around.in_pre;
            }
            open.push(Open {
                name: name.to_owned(),
                at: out.len(),
                holds_blocks: false,
                in_pre,
            });
            out.push_str("<div>");
        } else if open.last().is_some_and(|last| last.name == name)
            && let Some(one) = open.pop()
        {
            close(out, &one);
        }
        return;
    }
    let own = heading(name).unwrap_or(name);
    if !closing
        && OWN.contains(&own)
        && let Some(around) = open.last_mut()
    {
        around.holds_blocks = true;
    }
    if own == name {
        out.push('<');
        out.push_str(tag);
        out.push('>');
    } else {
        out.push_str(if closing { "</" } else { "<" });
        out.push_str(own);
        out.push('>');
    }
}

fn close(out: &mut String, one: &Open) {
    if one.holds_blocks {
        out.push_str("</div>");
        return;
    }
    let Some(inner) = out.get(one.at + "<div>".len()..).map(str::to_owned) else {
        return;
    };
    out.truncate(one.at);
    let mut words = inner.trim();
    while let Some(less) = words.strip_prefix("<br>").or(words.strip_suffix("<br>")) {
        words = less.trim();
    }
    if !words.is_empty() {
        out.push_str("<p>");
        out.push_str(words);
        out.push_str("</p>");
    }
}

#[cfg(test)]
mod tests {
    use crate::document::body::{clean, text_of};

    #[test]
    fn blocks_of_other_pages_end_their_paragraphs() {
        for (pasted, html, lines) in [
            (
                "<h1>关于开放日的通知</h1><section>各单位：</section><section>请认真落实。</section>",
                "<h2>关于开放日的通知</h2><p>各单位：</p><p>请认真落实。</p>",
                "关于开放日的通知\n各单位：\n请认真落实。",
            ),
            (
                "<article><header><h5>一</h5></header><div>甲<b>乙</b></div><div><br></div><div>丙</div></article>",
                "<div><div><h4>一</h4></div><p>甲<b>乙</b></p><p>丙</p></div>",
                "一\n甲乙\n丙",
            ),
            (
                "<dl><dt>时间</dt><dd>12月1日</dd></dl><address>市政府</address>",
                "<div><p>时间</p><p>12月1日</p></div><p>市政府</p>",
                "时间\n12月1日\n市政府",
            ),
            (
                "<pre>第一行\n第二行\n</pre>",
                "<p>第一行<br>第二行</p>",
                "第一行\n第二行",
            ),
            (
                "<section>前言<p>第一条</p></section>",
                "<div>前言<p>第一条</p></div>",
                "前言\n第一条",
            ),
            (
                "<figure><figcaption>图1</figcaption></figure><table><tr><td><div>甲</div><div>乙</div></td></tr></table>",
                "<div><p>图1</p></div><table><tbody><tr><td>甲<br>乙</td></tr></tbody></table>",
                "图1\n甲\n乙",
            ),
        ] {
            let clean_html = clean(pasted);
            assert_eq!(clean_html, html, "{pasted}");
            assert_eq!(text_of(&clean_html), lines, "{pasted}");
            // What is stored is cleaned again when it is written on.
            assert_eq!(clean(&clean_html), clean_html, "{pasted}");
        }
    }

    #[test]
    fn what_is_left_open_is_closed() {
        for odd in [
            "<section>甲",
            "甲</section>乙",
            "<div><section>甲</div>乙",
            "a < b",
        ] {
            let once = clean(odd);
            assert_eq!(clean(&once), once, "{odd}");
        }
    }
}
