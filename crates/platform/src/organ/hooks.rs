//! What a change of the directory means for the work of capabilities, which the binary hands in.

use std::sync::Arc;

use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;

use super::CollectiveKey;
use crate::db::{StoreError, Tx};
use crate::web::BoxFuture;

/// Open work of one capability that hangs on organs.
pub trait OpenWork: Send + Sync {
    /// What it is called in a count, such as 未完成的分工.
    fn title(&self) -> &'static str;

    /// How much of it an organ has.
    fn count<'a>(
        &'a self,
        tx: &'a mut Tx,
        organ: OrganId,
    ) -> BoxFuture<'a, Result<i64, StoreError>>;

    /// Moves all of it to another organ, each piece with its own event, and gives the number moved.
    fn move_all<'a>(
        &'a self,
        tx: &'a mut Tx,
        actor: &'a Actor,
        moved: Moved<'a>,
    ) -> BoxFuture<'a, Result<i64, StoreError>>;
}

/// From where to where work moves, and why.
#[derive(Debug, Clone, Copy)]
pub struct Moved<'a> {
    pub from: OrganId,
    pub to: OrganId,
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
pub trait Touches: Send + Sync {
    /// One line for each thing touched, such as a task with its organs.
    fn touched_by<'a>(
        &'a self,
        tx: &'a mut Tx,
        change: MemberChange<'a>,
    ) -> BoxFuture<'a, Result<Vec<String>, StoreError>>;
}

/// The hooks of all capabilities; empty where there are none.
#[derive(Clone, Default)]
pub struct Hooks {
    pub open_work: Vec<Arc<dyn OpenWork>>,
    pub touches: Vec<Arc<dyn Touches>>,
}

impl Hooks {
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
