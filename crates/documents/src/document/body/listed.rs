//! Lists on paper: each item is a line with its mark, and the items of an inner list have marks of their own.

/// What stands before the items of one list.
#[derive(Debug, Clone, Copy)]
struct List {
    is_numbered: bool,
    items: usize,
}

/// The mark of the newest item of the innermost list.
fn mark(lists: &[List]) -> String {
    let Some(List { is_numbered, items }) = lists.last().copied() else {
        return String::new();
    };
    match (is_numbered, lists.len()) {
        (true, 0 | 1) => format!("{items}. "),
        (true, 2) => format!("（{items}）"),
        (true, _) => format!("{items}）"),
        (false, 0 | 1) => "• ".to_owned(),
        (false, _) => "－ ".to_owned(),
    }
}

/// Clean HTML with a paragraph for each item of its lists, marked as people write it: 1., and inside it （1）.
#[must_use]
pub fn with_marks(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut lists: Vec<List> = Vec::new();
    // A paragraph of an item is open; nothing stands in it but its mark.
    let (mut is_open, mut is_fresh) = (false, false);
    for (n, piece) in html.split('<').enumerate() {
        let (tag, words) = match piece.split_once('>') {
            Some((tag, words)) if n > 0 => (tag, words),
            _ => ("", piece),
        };
        let name = tag.split([' ', '/']).find(|part| !part.is_empty());
        let is_end = tag.starts_with('/');
        match (name, is_end) {
            (Some("ol" | "ul"), _) => {
                close(&mut out, &mut is_open);
                if is_end {
                    lists.pop();
                } else {
                    lists.push(List {
                        is_numbered: name == Some("ol"),
                        items: 0,
                    });
                }
            }
            (Some("li"), false) => {
                close(&mut out, &mut is_open);
                if let Some(list) = lists.last_mut() {
                    list.items += 1;
                }
                out.push_str("<p>");
                out.push_str(&mark(&lists));
                (is_open, is_fresh) = (true, true);
            }
            (Some("li"), true) => close(&mut out, &mut is_open),
            // The first paragraph of an item is its line.
            (Some("p"), false) if is_open && is_fresh => {}
            (Some("p"), false) if is_open => out.push_str("</p><p>"),
            (Some("p"), true) if is_open => close(&mut out, &mut is_open),
            (None, _) if n == 0 => {}
            _ => {
                out.push('<');
                out.push_str(tag);
                out.push('>');
            }
        }
        is_fresh &= words.trim().is_empty();
        out.push_str(words);
    }
    out
}

fn close(out: &mut String, is_open: &mut bool) {
    if std::mem::take(is_open) {
        out.push_str("</p>");
    }
}

#[cfg(test)]
mod tests {
    use super::with_marks;
    use crate::document::body::text_of;

    #[test]
    fn items_of_an_inner_list_are_told_from_those_around_it() {
        let html = "<p>前</p><ol><li>第一项</li><li><p>第二项</p><ol><li>子项</li><li>子项二</li></ol></li></ol>\
                    <ul><li>圆点<ul><li>内点</li></ul></li></ul><p>后</p>";
        let marked = with_marks(html);
        assert_eq!(
            text_of(&marked),
            "前\n1. 第一项\n2. 第二项\n（1）子项\n（2）子项二\n• 圆点\n－ 内点\n后"
        );
        assert!(
            !marked.contains("<p></p>") && !marked.contains("<li>"),
            "{marked}"
        );
    }

    #[test]
    fn what_has_no_list_stays_as_it_is() {
        let html = "<h2>第一章</h2><p>甲<br>乙<strong>丙</strong></p><table><tr><td colspan=\"2\">丁</td></tr></table>";
        assert_eq!(with_marks(html), html);
        assert_eq!(with_marks("裸字"), "裸字");
        let item = "<ol><li><p>甲</p><p>乙</p></li></ol>";
        assert_eq!(text_of(&with_marks(item)), "1. 甲\n乙");
    }
}
