//! A file before publication: its text through the rules, and what it hides.

use gongkai_inspect::{Confidence, Finding, Kind, Rules, inspect};
use gongkai_office::hidden::{Hidden, Place, text_of};
use gongkai_office::{Document, Unreadable};

/// Codes of refusals that only say that there is no text to read: pictures, scans.
const NO_TEXT: [&str; 4] = ["not-supported", "scanned-pdf", "empty", "unmapped-text"];

/// What a check saw: the text as it was read, and everything to look at in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inspection {
    pub text: String,
    /// Places are characters of `text`; what stands outside it (headers, hidden pieces) has the place 0..0.
    pub findings: Vec<Finding>,
}

impl Inspection {
    /// Checks a file that was read and searched in the child process.
    ///
    /// # Errors
    /// [`Unreadable`] as the reader gave it, unless the file is a picture or a scan without text.
    pub fn of_file(
        document: Result<Document, Unreadable>,
        hidden: &[Hidden],
        rules: &Rules,
    ) -> Result<Self, Unreadable> {
        let text = match document {
            Ok(document) => text_of(&document),
            Err(refused) if NO_TEXT.contains(&refused.code.as_str()) => String::new(),
            Err(refused) => return Err(refused),
        };
        let mut findings = inspect(&text, rules);
        findings.extend(hidden.iter().flat_map(|one| explain(one, rules)));
        Ok(Self { text, findings })
    }

    /// Whether something must be settled before publication.
    #[must_use]
    pub fn has_sure(&self) -> bool {
        self.findings
            .iter()
            .any(|one| one.confidence == Confidence::High)
    }
}

/// A hidden piece as findings: that it is hidden, and what its own text gives away.
fn explain(one: &Hidden, rules: &Rules) -> Vec<Finding> {
    let aside = one.what == Place::Aside;
    let own = Finding {
        start: 0,
        end: 0,
        kind: Kind::Hidden,
        confidence: if one.sure {
            Confidence::High
        } else {
            Confidence::Low
        },
        text: format!("{}：{}", one.place, one.excerpt()),
        advice: one.advice(),
    };
    let passage = Rules {
        whole_document: false,
        ..rules.clone()
    };
    let inside = inspect(&one.text, &passage)
        .into_iter()
        .filter(|finding| finding.confidence == Confidence::High)
        .map(|finding| Finding {
            start: 0,
            end: 0,
            advice: format!(
                "{}（在{}：{}）",
                finding.advice,
                one.what.title(),
                one.place
            ),
            ..finding
        });
    (!aside).then_some(own).into_iter().chain(inside).collect()
}
