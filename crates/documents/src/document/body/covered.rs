//! Characters of a stored text replaced where its plain text was covered. Its elements stay as they are, but for addresses of
//! mail that are read nowhere any more.

use gongkai_office::raised::Raised;

use super::shape::tag_end;
use super::{escape, text_of};

/// How a stored text writes what would be markup, and what plain text says instead.
const ENTITIES: [(&str, char); 6] = [
    ("&amp;", '&'),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&quot;", '"'),
    ("&#39;", '\''),
    ("&nbsp;", ' '),
];

/// The stored text that reads as `covered`, which is [`text_of`] it with other characters in some places and as long.
///
/// `None` where that cannot be, as for what stands in 上标 and 下标.
#[must_use]
pub fn covered(html: &str, covered: &str) -> Option<String> {
    let text = text_of(html);
    if text == covered {
        return Some(html.to_owned());
    }
    let mut places = text
        .chars()
        .zip(covered.chars())
        .filter(|(plain, _)| !plain.is_whitespace());
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('<') {
            let (tag, after) = inside.split_at(tag_end(inside)?);
            let after = after.strip_prefix('>')?;
            push_tag(&mut out, tag, covered);
            rest = after;
            if let Some(raised) = Raised::of_element(tag) {
                let (inner, _) = after.split_once(&format!("</{tag}>"))?;
                // Its characters are others in plain text, and stay.
                let said = text_of(&raised.written(inner));
                for _ in said.chars().filter(|c| !c.is_whitespace()) {
                    places.next()?;
                }
                out.push_str(inner);
                rest = after.get(inner.len()..)?;
            }
            continue;
        }
        let (written, said) = character(rest)?;
        rest = rest.get(written.len()..)?;
        if said.is_whitespace() {
            out.push_str(written);
            continue;
        }
        let (plain, cover) = places.next()?;
        match (plain == said, plain == cover) {
            (false, _) => return None,
            (true, true) => out.push_str(written),
            (true, false) => out.push_str(&escape(cover.encode_utf8(&mut [0; 4]))),
        }
    }
    (text_of(&out) == covered).then_some(out)
}

/// The first character of a text outside of tags, as it is written and as it is read.
fn character(rest: &str) -> Option<(&str, char)> {
    let entity = ENTITIES
        .iter()
        .find(|(written, _)| rest.starts_with(written));
    if let Some((written, said)) = entity {
        return Some((rest.get(..written.len())?, *said));
    }
    let said = rest.chars().next()?;
    Some((rest.get(..said.len_utf8())?, said))
}

/// A tag; the address of a link to somebody's mail goes where the text does not say it any more.
fn push_tag(out: &mut String, tag: &str, covered: &str) {
    let mail = tag
        .strip_prefix("a ")
        .and_then(|attributes| attributes.split_once("href=\"mailto:"))
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(address, _)| address);
    out.push('<');
    match mail {
        Some(address) if !covered.contains(address) => out.push('a'),
        _ => out.push_str(tag),
    }
    out.push('>');
}

#[cfg(test)]
mod tests {
    use super::covered;
    use crate::document::body::text_of;

    #[test]
    fn covered_characters_lie_where_they_stood() {
        for (html, from, to, masked) in [
            (
                "<p>联系人 张三&amp;李四，<strong>138</strong>00138000</p><table><tbody><tr><td rowspan=\"2\">13800138000</td></tr></tbody></table>",
                "13800138000",
                "138****8000",
                "<p>联系人 张三&amp;李四，<strong>138</strong>****8000</p><table><tbody><tr><td rowspan=\"2\">138****8000</td></tr></tbody></table>",
            ),
            (
                "<p>面积10<sup>3</sup>平方米，电话13800138000</p>",
                "13800138000",
                "138****8000",
                "<p>面积10<sup>3</sup>平方米，电话138****8000</p>",
            ),
            (
                "<p>邮箱<a href=\"mailto:zhang@example.cn\">zhang@example.cn</a></p>",
                "zhang@",
                "z****@",
                "<p>邮箱<a>z****@example.cn</a></p>",
            ),
        ] {
            let text = text_of(html).replace(from, to);
            assert_eq!(covered(html, &text).as_deref(), Some(masked), "{html}");
        }
    }

    #[test]
    fn what_cannot_be_led_back_is_not_covered_by_half() {
        let html = "<p>电话138<sup>00138000</sup></p>";
        let text = text_of(html);
        assert_eq!(covered(html, &text).as_deref(), Some(html));
        let masked = text.replace('⁰', "*");
        assert_eq!(covered(html, &masked), None);
        assert_eq!(covered("<p>甲乙</p>", "甲"), None);
    }
}
