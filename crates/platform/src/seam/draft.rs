//! Drafts that one capability orders and another begins.

use async_trait::async_trait;
use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;

use crate::db::{StoreError, Tx};

/// What a unit is told to make public: its draft begins with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToDraft {
    pub owner: OrganId,
    pub title: String,
    /// Where the order comes from. It stands in the draft's history, never in its text.
    pub source: String,
}

/// A draft that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drafted {
    pub of: Ref,
    /// Where staff write it.
    pub path: String,
}

/// A capability that begins drafts for others: an order to publish is something to write.
#[async_trait]
pub trait Drafts: Send + Sync {
    /// Begins a draft without a text; `None` where the unit cannot have one.
    async fn begin(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        wanted: &ToDraft,
    ) -> Result<Option<Drafted>, StoreError>;
}
