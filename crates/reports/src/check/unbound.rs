//! Names in the prose that should stand for a number, and stand for none: nobody knows them, or there is no number.

use super::Finding;
use crate::bound::{empty, unknown};
use crate::draft::Draft;
use crate::form::SECTIONS;

#[must_use]
pub fn unbound(draft: &Draft) -> Vec<Finding> {
    let parts = draft.texts.iter().zip(SECTIONS);
    let findings = parts.flat_map(|(text, place)| {
        let bare = empty(text, |cell| draft.value(cell), draft.told).into_iter();
        let bare = bare.map(move |name| {
            let said = format!(
                "“{place}”里的“{{{name}}}”现在没有数：表里没有填或者不是数字，或者本系统没有统计，公众会看到花括号。请补上表里的数，或者直接写数。"
            );
            Finding::new("bound-empty", said).place(format!("文字.{place}"))
        });
        let names = unknown(text).into_iter();
        let unknown = names.map(move |name| {
            let said = format!(
                "“{place}”里的“{{{name}}}”不是表里的数，公众会看到花括号。请按“引用表里的数”里的名称写，或者直接写数。"
            );
            Finding::new("bound-unknown", said).place(format!("文字.{place}"))
        });
        unknown.chain(bare)
    });
    findings.collect()
}
