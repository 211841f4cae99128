//! Findings that say the same of several units, as checks leave them by the dozen: lists show them as one line, and the
//! office decides them together.

use gongkai_basis::Date;
use gongkai_basis::id::{FindingId, OrganId};

use super::{Finding, FindingKind, FindingState, Severity, Source};

/// Of so many findings of a line the units are named.
pub const NAMED_MAX: i64 = 12;

/// Findings of one title, kind, weight, source and state; often it is one alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// One of them stands for all.
    pub id: FindingId,
    pub title: String,
    pub kind: FindingKind,
    pub severity: Severity,
    pub source: Source,
    pub state: FindingState,
    pub n: i64,
    /// Different units among them.
    pub units: i64,
    /// Of them late with mending.
    pub late: i64,
    /// The first day for mending, and whether it is the day of all.
    pub due_on: Option<Date>,
    pub due_of_all: bool,
    /// When the first was found, and how often the most frequent was.
    pub found_on: Date,
    pub times: i64,
    /// The first [`NAMED_MAX`], each with its unit.
    pub named: Vec<(FindingId, OrganId, String)>,
}

impl Alike {
    /// One finding as a line of its own.
    #[must_use]
    pub fn single(finding: Finding, today: Date) -> Self {
        Self {
            id: finding.id,
            late: i64::from(finding.is_late(today)),
            title: finding.title,
            kind: finding.kind,
            severity: finding.severity,
            source: finding.source,
            state: finding.state,
            n: 1,
            units: 1,
            due_on: finding.fix_due_on,
            due_of_all: true,
            found_on: finding.found_on,
            times: finding.times,
            named: vec![(finding.id, finding.organ, finding.organ_name)],
        }
    }

    #[must_use]
    pub fn is_single(&self) -> bool {
        self.n == 1
    }

    /// Units that are not named.
    #[must_use]
    pub fn are_more(&self) -> bool {
        self.n > NAMED_MAX
    }
}
