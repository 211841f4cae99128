//! Lists on paper: each item is a line with its mark, and stands further in for each list around its own.

use super::printed::attribute;

/// How far an inner list stands in from the one around it: two characters, as the first line of a paragraph.
const STEP: &str = "\u{3000}\u{3000}";
/// Numbers that an item may begin with.
const START_MAX: usize = 9_999;
/// Above it Roman numbers have no signs.
const ROMAN_MAX: usize = 3_999;
const ROMAN: [(usize, &str); 13] = [
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
];

/// How the items of a list are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Bullets,
    /// By how deep the list stands: the text does not say how.
    Levels,
    Numbers,
    Letters,
    Capitals,
    Romans,
    RomanCapitals,
}

/// What stands before the items of one list.
#[derive(Debug, Clone, Copy)]
struct List {
    sort: Sort,
    /// The number of the newest item.
    number: usize,
}

impl List {
    fn open(name: &str, tag: &str) -> Self {
        if name == "ul" {
            let (sort, number) = (Sort::Bullets, 0);
            return Self { sort, number };
        }
        let sort = match attribute(tag, "type") {
            "1" => Sort::Numbers,
            "a" => Sort::Letters,
            "A" => Sort::Capitals,
            "i" => Sort::Romans,
            "I" => Sort::RomanCapitals,
            _ => Sort::Levels,
        };
        let start = attribute(tag, "start").parse().unwrap_or(1_usize);
        Self {
            sort,
            number: start.saturating_sub(1),
        }
    }
}

/// Whether a stored text keeps this of an ordered list: how its items are marked, and the number of the first.
pub(super) fn is_mark(name: &str, value: &str) -> bool {
    match name {
        "type" => ["1", "a", "A", "i", "I"].contains(&value),
        "start" => value
            .parse::<usize>()
            .is_ok_and(|start| (1..=START_MAX).contains(&start)),
        _ => false,
    }
}

/// a, b … z, aa.
fn letters(mut number: usize) -> String {
    let mut found = Vec::new();
    while number > 0 {
        number -= 1;
        let place = u8::try_from(number % 26).unwrap_or(0);
        found.push(char::from(b'a' + place));
        number /= 26;
    }
    found.into_iter().rev().collect()
}

fn roman(mut number: usize) -> String {
    if number > ROMAN_MAX {
        return number.to_string();
    }
    let mut written = String::new();
    for (value, sign) in ROMAN {
        while number >= value {
            written.push_str(sign);
            number -= value;
        }
    }
    written
}

/// How far the items of the innermost list stand in.
fn indent(lists: &[List]) -> String {
    STEP.repeat(lists.len().saturating_sub(1))
}

/// The mark of the newest item of the innermost list.
fn mark(lists: &[List]) -> String {
    let Some(List { sort, number }) = lists.last().copied() else {
        return String::new();
    };
    let mark = match (sort, lists.len()) {
        (Sort::Bullets, 0 | 1) => "• ".to_owned(),
        (Sort::Bullets, _) => "－ ".to_owned(),
        (Sort::Levels, 0 | 1) | (Sort::Numbers, _) => format!("{number}. "),
        (Sort::Levels, 2) => format!("（{number}）"),
        (Sort::Levels, _) => format!("{number}）"),
        (Sort::Letters, _) => format!("{}. ", letters(number)),
        (Sort::Capitals, _) => format!("{}. ", letters(number).to_ascii_uppercase()),
        (Sort::Romans, _) => format!("{}. ", roman(number)),
        (Sort::RomanCapitals, _) => format!("{}. ", roman(number).to_ascii_uppercase()),
    };
    indent(lists) + &mark
}

/// Clean HTML with a paragraph for each item of its lists, marked as the text says, else as people write it: 1., and
/// inside it （1）.
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
            (Some(name @ ("ol" | "ul")), _) => {
                close(&mut out, &mut is_open);
                if is_end {
                    lists.pop();
                } else {
                    lists.push(List::open(name, tag));
                }
            }
            (Some("li"), false) => {
                close(&mut out, &mut is_open);
                if let Some(list) = lists.last_mut() {
                    list.number += 1;
                }
                out.push_str("<p>");
                out.push_str(&mark(&lists));
                (is_open, is_fresh) = (true, true);
            }
            (Some("li"), true) => close(&mut out, &mut is_open),
            // The first paragraph of an item is its line.
            (Some("p"), false) if is_open && is_fresh => {}
            (Some("p"), false) if is_open => {
                out.push_str("</p><p>");
                out.push_str(&indent(&lists));
            }
            // A further one of the same item stands as far in as its line.
            (Some("p"), false) if !lists.is_empty() => {
                out.push_str("<p>");
                out.push_str(&indent(&lists));
                is_open = true;
            }
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
    use crate::document::body::{clean, text_of};

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
        // They stand further in than those.
        for line in [
            "<p>2. 第二项</p>",
            "<p>　　（1）子项</p>",
            "<p>• 圆点</p>",
            "<p>　　－ 内点</p>",
        ] {
            assert!(marked.contains(line), "{line} in {marked}");
        }
    }

    #[test]
    fn a_list_is_marked_as_the_text_says() {
        let html = "<ol><li>第一项<ol type=\"a\"><li>甲<ol type=\"1\"><li>丙</li></ol></li><li><p>乙</p><p>续</p></li></ol></li></ol>\
                    <ol start=\"26\" type=\"A\"><li>丁</li><li>戊</li></ol><ol type=\"i\" start=\"4\"><li>己</li></ol>\
                    <ol type=\"I\" start=\"1999\"><li>庚</li></ol>";
        let clean = clean(html);
        assert_eq!(clean, html);
        assert_eq!(
            text_of(&clean),
            "第一项\n甲\n丙\n乙\n续\n丁\n戊\n己\n庚",
            "marks are no words of the text"
        );
        let marked = with_marks(&clean);
        for line in [
            "<p>1. 第一项</p>",
            "<p>　　a. 甲</p>",
            "<p>　　　　1. 丙</p>",
            "<p>　　b. 乙</p>",
            "<p>　　续</p>",
            "<p>Z. 丁</p>",
            "<p>AA. 戊</p>",
            "<p>iv. 己</p>",
            "<p>MCMXCIX. 庚</p>",
        ] {
            assert!(marked.contains(line), "{line} in {marked}");
        }
    }

    #[test]
    fn what_marks_no_list_is_not_kept() {
        for odd in [
            "<ol type=\"disc\"><li>甲</li></ol>",
            "<ol start=\"0\"><li>甲</li></ol>",
            "<ol start=\"-3\"><li>甲</li></ol>",
            "<ol start=\"99999\"><li>甲</li></ol>",
            "<ol style=\"x\" reversed><li>甲</li></ol>",
        ] {
            assert_eq!(clean(odd), "<ol><li>甲</li></ol>", "{odd}");
        }
        assert_eq!(
            clean("<ul type=\"a\"><li>甲</li></ul>"),
            "<ul><li>甲</li></ul>"
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
