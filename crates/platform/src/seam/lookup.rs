//! What people look up at work.

use async_trait::async_trait;

use crate::access::Session;
use crate::db::{StoreError, Tx};

/// A record that a person who works here may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub title: String,
    /// What tells it from others of the same title: number, unit, state.
    pub note: String,
    pub path: String,
}

/// A capability whose records people look up at work, each within what this person may see.
#[async_trait]
pub trait Lookup: Send + Sync {
    /// What its records are called: the head of their part of the answer.
    fn name(&self) -> &'static str;

    /// The newest records that contain the words, at most so many; none where the person may see none.
    async fn find(
        &self,
        tx: &mut Tx,
        person: &Session,
        words: &str,
        rows: i64,
    ) -> Result<Vec<Hit>, StoreError>;
}
