//! What a change of the directory means for the work of capabilities, which the binary hands in.

use std::sync::Arc;

use async_trait::async_trait;
use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;

use super::{CollectiveKey, Organ};
use crate::db::{StoreError, Tx};

/// Open work of one capability that hangs on organs.
#[async_trait]
pub trait OpenWork: Send + Sync {
    /// What it is called in a count, such as 未完成的分工.
    fn title(&self) -> &'static str;

    /// How much of it an organ has.
    async fn count(&self, tx: &mut Tx, organ: OrganId) -> Result<i64, StoreError>;

    /// Moves all of it to another organ, each piece with its own event, and gives the number moved.
    async fn move_all(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        moved: Moved<'_>,
    ) -> Result<i64, StoreError>;
}

/// From where to where work moves, and why.
#[derive(Debug, Clone, Copy)]
pub struct Moved<'a> {
    pub from: OrganId,
    pub to: &'a Organ,
    pub reason: &'a str,
}

/// A change of a collective's members, as the one who asks sees it before it is made.
#[derive(Debug, Clone, Copy)]
pub struct MemberChange<'a> {
    /// The government whose collective it is.
    pub root: OrganId,
    pub collective: &'a CollectiveKey,
    pub added: &'a [OrganId],
    pub removed: &'a [OrganId],
}

/// Tells what a change of a collective touches.
#[async_trait]
pub trait Touches: Send + Sync {
    /// One line for each thing touched, such as a task with its organs.
    async fn touched_by(
        &self,
        tx: &mut Tx,
        change: MemberChange<'_>,
    ) -> Result<Vec<String>, StoreError>;
}

/// The hooks of all capabilities; empty where there are none.
#[derive(Clone, Default)]
pub struct Hooks {
    pub open_work: Vec<Arc<dyn OpenWork>>,
    pub touches: Vec<Arc<dyn Touches>>,
}

impl Hooks {
    /// The hooks of several capabilities together.
    #[must_use]
    pub fn of_all(all: impl IntoIterator<Item = Self>) -> Self {
        let mut together = Self::default();
        for one in all {
            together.open_work.extend(one.open_work);
            together.touches.extend(one.touches);
        }
        together
    }

    /// The open work of an organ: title and count, those with none left out.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open_work_of(
        &self,
        tx: &mut Tx,
        organ: OrganId,
    ) -> Result<Vec<(&'static str, i64)>, StoreError> {
        let mut found = Vec::new();
        for work in &self.open_work {
            let count = work.count(tx, organ).await?;
            if count > 0 {
                found.push((work.title(), count));
            }
        }
        Ok(found)
    }
}
