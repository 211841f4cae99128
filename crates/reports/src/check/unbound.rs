//! Names in the prose that should stand for a number of the tables, and stand for none.

use super::Finding;
use crate::bound::unknown;
use crate::draft::Draft;
use crate::form::SECTIONS;

#[must_use]
pub fn unbound(draft: &Draft) -> Vec<Finding> {
    let parts = draft.texts.iter().zip(SECTIONS);
    let findings = parts.flat_map(|(text, place)| {
        let names = unknown(text).into_iter();
        names.map(move |name| {
            let said = format!(
                "“{place}”里的“{{{name}}}”不是表里的数，公众会看到花括号。请按“引用表里的数”里的名称写，或者直接写数。"
            );
            Finding::new("bound-unknown", said).place(format!("文字.{place}"))
        })
    });
    findings.collect()
}
