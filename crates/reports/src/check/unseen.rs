//! What the system drafted and nobody has looked at yet: its marks are for the clerk, never for the public.

use super::Finding;
use crate::draft::Draft;
use crate::form::SECTIONS;
use crate::general::MARK;

#[must_use]
pub fn unseen(draft: &Draft) -> Vec<Finding> {
    let parts = draft.texts.iter().zip(SECTIONS);
    let findings = parts.filter_map(|(text, place)| {
        let n = text.matches(MARK).count();
        let said = format!(
            "“{place}”里还有{n}处系统起草的“{MARK}……】”，请核对、补充，再删去方括号里的话。"
        );
        (n > 0).then(|| Finding::new("draft-mark", said).place(format!("文字.{place}")))
    });
    findings.collect()
}
