//! 总览: unit by unit, what the year has seen and what is missing.

pub mod store;

use std::collections::BTreeMap;

use gongkai_basis::id::OrganId;

use crate::activity::ActivityKind;
use crate::staff::StaffKind;

/// One unit's year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitYear {
    pub organ: OrganId,
    pub name: String,
    pub counts: BTreeMap<ActivityKind, i64>,
    /// What the register says now.
    pub staff: Vec<StaffKind>,
}

impl UnitYear {
    #[must_use]
    pub fn count(&self, kind: ActivityKind) -> i64 {
        self.counts.get(&kind).copied().unwrap_or(0)
    }

    /// What the register lacks.
    #[must_use]
    pub fn missing(&self) -> Vec<StaffKind> {
        let lacks = |kind: &&StaffKind| !self.staff.contains(kind);
        StaffKind::ALL.iter().filter(lacks).copied().collect()
    }

    /// 听取汇报 at least once a year, and the register whole.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.count(ActivityKind::Hearing) > 0 && self.missing().is_empty()
    }
}
