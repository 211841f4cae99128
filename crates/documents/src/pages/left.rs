//! What a check of a copy still finds in it, for the page that offers the copy.

use std::path::Path;

use gongkai_inspect::{Confidence, Finding};
use gongkai_office::wire;
use gongkai_platform::web::App;

use crate::inspection::Inspection;

/// Findings that the page lists.
const SHOWN_MAX: usize = 300;

/// What is left to a person.
#[derive(Debug, Default)]
pub(super) struct Left {
    pub(super) findings: Vec<Finding>,
    /// Of all of them, those that must be settled.
    pub(super) sure: usize,
    /// Further ones that are not listed.
    pub(super) more: usize,
    /// No words were read.
    pub(super) is_unread: bool,
    /// What nobody looked at.
    pub(super) gap: Option<String>,
    /// Formulas of the file had no stored result, and left nothing in the copy.
    pub(super) has_blanks: bool,
}

impl Left {
    /// What must be settled comes first.
    pub(super) fn of(seen: Inspection) -> Self {
        let mut findings = seen.findings;
        findings.sort_by_key(|one| one.confidence);
        let sure = findings
            .iter()
            .filter(|one| one.confidence == Confidence::High)
            .count();
        let more = findings.len().saturating_sub(SHOWN_MAX);
        findings.truncate(SHOWN_MAX);
        Self {
            findings,
            sure,
            more,
            is_unread: seen.unread.is_some(),
            gap: seen.gap,
            has_blanks: false,
        }
    }

    /// Nothing could be looked at, for this reason.
    pub(super) fn unseen(why: String) -> Self {
        Self {
            gap: Some(why.trim_end_matches('。').to_owned()),
            ..Self::default()
        }
    }

    pub(super) fn all(&self) -> usize {
        self.findings.len() + self.more
    }

    pub(super) fn is_sure(&self, finding: &Finding) -> bool {
        finding.confidence == Confidence::High
    }

    /// Everything was looked at, and nothing found.
    pub(super) fn is_nothing(&self) -> bool {
        self.findings.is_empty() && !self.is_unread && self.gap.is_none()
    }
}

/// Does a workbook have formulas whose result the file does not hold? Programs write such files.
pub(super) async fn has_blank_formulas(app: &App, path: &Path) -> bool {
    /// How workbooks begin, as all packages do.
    const PACKAGE: &[u8] = b"PK";
    let is_package = tokio::fs::read(path).await;
    if !is_package.is_ok_and(|bytes| bytes.starts_with(PACKAGE)) {
        return false;
    }
    let Ok(answer) = app.sandbox.read(path.to_owned()).await else {
        return false;
    };
    wire::from_wire(&answer).is_ok_and(|document| document.unseen_results().is_some())
}

#[cfg(test)]
mod tests {
    use gongkai_inspect::{Rules, inspect};

    use super::Left;
    use crate::inspection::Inspection;

    #[test]
    fn what_must_be_settled_comes_first_and_nothing_is_said_to_be_fine_unseen() {
        let text = "联系人：张伟\n秘密★1年\n";
        let left = Left::of(Inspection {
            findings: inspect(text, &Rules::default()),
            ..Inspection::default()
        });
        assert!(left.sure > 0 && left.is_sure(&left.findings[0]), "{left:?}");
        assert_eq!(left.all(), left.findings.len());
        assert!(!left.is_nothing());
        assert!(Left::of(Inspection::default()).is_nothing());
        assert!(!Left::unseen("读取出错。".to_owned()).is_nothing());
    }
}
