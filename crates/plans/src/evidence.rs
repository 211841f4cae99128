//! 佐证: what proves a report. A file or an address, with what it is called, what it proves, and its date.

pub mod attach;
pub mod store;

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, EvidenceId, FileId};

pub use gongkai_platform::attachment::{FILE_BYTES_MAX, Link, LinkError, sniff};

/// What one assignment may have; a task that needs more wants a page on the site and one link to it.
pub const PER_ASSIGNMENT_MAX: i64 = 100;
const TITLE_CHARS_MAX: usize = 200;
const PROVES_CHARS_MAX: usize = 500;

/// What the proof is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    File(FileId),
    Link(Link),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub id: EvidenceId,
    pub assignment: AssignmentId,
    pub proof: Proof,
    pub title: String,
    /// What it proves.
    pub proves: String,
    pub dated_on: Option<Date>,
    /// Milliseconds since 1970, and the reason.
    pub withdrawn: Option<(i64, String)>,
    pub created_at: i64,
}

impl Evidence {
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        self.withdrawn.is_some()
    }

    #[must_use]
    pub fn withdrawn_why(&self) -> &str {
        self.withdrawn.as_ref().map_or("", |(_, why)| why)
    }

    /// The address, where it is one.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        match &self.proof {
            Proof::Link(link) => Some(link.as_str()),
            Proof::File(_) => None,
        }
    }

    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match self.proof {
            Proof::File(_) => "文件",
            Proof::Link(_) => "网址",
        }
    }
}
