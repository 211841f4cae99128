//! What a place knows or wants beside the built-in rules.

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Kind};

/// Settings of one government; the default is the built-in rules alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// Documents that the place knows not to be public.
    pub non_public: Vec<NonPublic>,
    /// Slips of wording beside the built-in list.
    pub slips: Vec<Slip>,
    /// Learned exceptions: passages that people have looked at and found right, each with its kind.
    pub exceptions: Vec<(Kind, String)>,
    /// Mail hosts of organs, such as `anlan.gov.cn`, beside `gov.cn`.
    pub official_mail_hosts: Vec<String>,
    /// The text is a whole document and not a passage: what a document must have is asked for.
    pub whole_document: bool,
}

/// A document whose title and number must not be quoted; empty fields match nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NonPublic {
    pub title: String,
    /// 文号 as written.
    pub number: String,
}

/// A wrong form and its right one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    pub wrong: String,
    pub right: String,
    /// Longer wordings in which the form is right.
    pub right_within: Vec<String>,
}

impl Rules {
    pub(crate) fn excepts(&self, finding: &Finding) -> bool {
        self.exceptions
            .iter()
            .any(|(kind, text)| *kind == finding.kind && *text == finding.text)
    }
}
