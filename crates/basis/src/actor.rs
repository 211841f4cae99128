//! Who did it.

use crate::id::AccountId;

/// The author of a change, as the audit chain names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    Person {
        account: AccountId,
        name: String,
    },
    /// The program itself: nightly jobs, imports at first start, the command line of the operator.
    System,
}

impl Actor {
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Person { name, .. } => name,
            Self::System => "系统",
        }
    }

    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Person { account, .. } => Some(*account),
            Self::System => None,
        }
    }
}
