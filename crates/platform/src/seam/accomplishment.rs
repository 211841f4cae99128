//! What was to be done in a year and what was, for those who write of it.

use async_trait::async_trait;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;

use super::Seams;
use crate::db::{StoreError, Tx};

/// A task of a year, as a report on the year can tell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accomplishment {
    pub of: Ref,
    /// What was to be done, as printed.
    pub text: String,
    /// The head under which it stands in its plan; empty for none.
    pub section: String,
    pub is_done: bool,
    /// What proves it, by name.
    pub proofs: Vec<String>,
}

/// A capability that knows an organ's tasks.
#[async_trait]
pub trait Accomplishments: Send + Sync {
    /// What an organ had to do in a year, in the order of its plans; at most so many.
    async fn of_year(
        &self,
        tx: &mut Tx,
        of: (OrganId, i16),
        most: i64,
    ) -> Result<Vec<Accomplishment>, StoreError>;
}

impl Seams {
    /// What an organ had to do in a year; at most so many of each capability.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn accomplished(
        &self,
        tx: &mut Tx,
        of: (OrganId, i16),
        most: i64,
    ) -> Result<Vec<Accomplishment>, StoreError> {
        let mut all = Vec::new();
        for source in &self.accomplishments {
            all.extend(source.of_year(tx, of, most).await?);
        }
        Ok(all)
    }
}
