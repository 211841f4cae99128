//! Foreign text before it is printed: what cannot be drawn is taken out or named.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::font::Face;

/// Bytes of all texts in the data.
pub(crate) fn bytes(data: &Value) -> usize {
    match data {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(bytes).sum(),
        Value::Object(fields) => fields.values().map(bytes).sum(),
        _ => 0,
    }
}

/// The data with control characters taken out of its texts; every line break is `\n`, a tab is a blank.
pub(crate) fn clean(data: &Value) -> Value {
    match data {
        Value::String(text) => Value::String(clean_text(text)),
        Value::Array(items) => items.iter().map(clean).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), clean(value)))
            .collect(),
        other => other.clone(),
    }
}

fn clean_text(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter_map(|c| match c {
            '\r' | '\u{2028}' | '\u{2029}' => Some('\n'),
            '\t' | '\u{00A0}' => Some(' '),
            '\n' => Some('\n'),
            c if c.is_control() || invisible(c) => None,
            c => Some(c),
        })
        .collect()
}

/// Characters without a picture that fonts seldom know: byte order mark, zero-width blanks, direction marks, soft hyphen.
fn invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// Variation selectors choose a shape of the character before them; a font that knows only one shape ignores them.
fn selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// The characters of cleaned data that no face can draw, in code order.
pub(crate) fn missing(data: &Value, faces: &[Face]) -> Vec<char> {
    let mut used = BTreeSet::new();
    collect(data, &mut used);
    used.into_iter()
        .filter(|&c| c != '\n' && !selector(c) && !faces.iter().any(|face| face.covers(c)))
        .collect()
}

fn collect(data: &Value, used: &mut BTreeSet<char>) {
    match data {
        Value::String(text) => used.extend(text.chars()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, used)),
        Value::Object(fields) => fields.values().for_each(|value| collect(value, used)),
        _ => {}
    }
}
