//! The numbers that a browser prints before the items of an ordered list.

use super::tree::Node;
use crate::numeral::{Numeral, print};

/// A list that is open while walking.
pub(super) enum List {
    Ordered {
        next: i64,
        step: i64,
        numeral: Option<Numeral>,
    },
    Bulleted,
}

impl List {
    pub(super) fn open(node: &Node) -> Self {
        if node.name() != "ol" {
            return Self::Bulleted;
        }
        let start = node
            .attribute("start")
            .and_then(|v| v.trim().parse().ok())
            .unwrap_or(1);
        Self::Ordered {
            next: start,
            step: if node.attribute("reversed").is_some() {
                -1
            } else {
                1
            },
            numeral: numeral(node),
        }
    }

    /// The marker of the next item, `None` for bullets and for lists whose markers are switched off.
    pub(super) fn next_marker(&mut self, item: &Node) -> Option<String> {
        let Self::Ordered {
            next,
            step,
            numeral,
        } = self
        else {
            return None;
        };
        let number = item
            .attribute("value")
            .and_then(|v| v.trim().parse().ok())
            .unwrap_or(*next);
        *next = number.saturating_add(*step);
        let numeral = (*numeral)?;
        let stop = if numeral.is_chinese() { "、" } else { ". " };
        Some(format!("{}{stop}", print(number, numeral)))
    }
}

fn numeral(node: &Node) -> Option<Numeral> {
    let style = node
        .attribute("style")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let styled = style
        .split(';')
        .filter_map(|rule| rule.split_once(':'))
        .find_map(|(name, value)| {
            matches!(name.trim(), "list-style" | "list-style-type").then(|| value.trim().to_owned())
        });
    match styled.as_deref() {
        Some(value) if value.contains("none") => return None,
        Some(value)
            if ["cjk-ideographic", "chinese", "cjk-decimal"]
                .iter()
                .any(|n| value.contains(n)) =>
        {
            return Some(Numeral::Chinese);
        }
        Some(value) if value.contains("upper-roman") => return Some(Numeral::UpperRoman),
        Some(value) if value.contains("lower-roman") => return Some(Numeral::LowerRoman),
        Some(value) if value.contains("upper-alpha") || value.contains("upper-latin") => {
            return Some(Numeral::UpperLetter);
        }
        Some(value) if value.contains("lower-alpha") || value.contains("lower-latin") => {
            return Some(Numeral::LowerLetter);
        }
        _ => {}
    }
    Some(match node.attribute("type").map(str::trim) {
        Some("a") => Numeral::LowerLetter,
        Some("A") => Numeral::UpperLetter,
        Some("i") => Numeral::LowerRoman,
        Some("I") => Numeral::UpperRoman,
        _ => Numeral::Decimal,
    })
}

/// Puts the marker before the text unless the author typed the same number there.
pub(super) fn with_marker(marker: &str, text: &str) -> Option<String> {
    let number = marker.trim_end_matches([' ', '.', '、']);
    let typed = text.trim_start().strip_prefix(number).is_some_and(|after| {
        after
            .trim_start()
            .starts_with(['.', '、', '．', ')', '）', ','])
    });
    (!typed).then(|| format!("{marker}{text}"))
}
