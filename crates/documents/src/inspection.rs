//! A file before publication: its text through the rules, and what it hides.

use gongkai_inspect::{Confidence, Finding, Kind, Rules, inspect};
use gongkai_office::hidden::{Hidden, Place, text_of};
use gongkai_office::{Document, Unreadable};

/// A file that was looked through, and whose words were not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It has no characters by its nature; what it hides is all that a machine can check.
    Picture,
    /// It should have characters and gives none: a scan, a PDF without a map of its glyphs.
    Scan,
}

impl Unread {
    /// `None` where the refusal says that the file could not be looked at at all.
    fn of_code(code: &str) -> Option<Self> {
        match code {
            "picture" => Some(Self::Picture),
            "scanned-pdf" | "unmapped-text" => Some(Self::Scan),
            _ => None,
        }
    }
}

/// What a check saw: the text as it was read, and everything to look at in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inspection {
    pub text: String,
    /// Why the words were not looked at.
    pub unread: Option<Unread>,
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
        let (text, unread) = match document {
            Ok(document) => (text_of(&document), None),
            Err(refused) => match Unread::of_code(&refused.code) {
                Some(unread) => (String::new(), Some(unread)),
                None => return Err(refused),
            },
        };
        let mut findings = inspect(&text, rules);
        findings.extend(hidden.iter().flat_map(|one| explain(one, rules)));
        Ok(Self {
            text,
            unread,
            findings,
        })
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
