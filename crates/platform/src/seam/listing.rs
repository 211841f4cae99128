//! 列入目录: what an office decided to make public goes to the catalogue as a proposed entry, and who proposed it asks what came
//! of it.

use async_trait::async_trait;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_basis::{Actor, Date};

use crate::db::{StoreError, Tx};

/// What is to stand in the catalogue. Nothing in it tells of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToList {
    /// What it comes from; that has one proposal.
    pub of: Ref,
    /// Who publishes it.
    pub owner: OrganId,
    pub title: String,
    /// Where it comes from, in words.
    pub source: String,
    /// Where staff read that.
    pub path: String,
    /// Until when the owner publishes it.
    pub due_on: Option<Date>,
}

/// What fills an entry that was proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Material {
    pub title: String,
    /// A record of this system; whether the public reads it is for the asker to find out. `None` for a page elsewhere.
    pub of: Option<Ref>,
    /// Of a page elsewhere; empty for a record.
    pub address: String,
    /// The day on which somebody last said that it is what the entry asks for.
    pub confirmed_on: Date,
    /// Where that stands in the audit chain, so that what happened on one day has an order; `None` where no event tells.
    pub confirmed_seq: Option<i64>,
}

/// What came of a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    /// Nobody has decided; the path lists what waits.
    Proposed { path: String },
    /// It is not to be an entry, or is one no longer.
    Declined { why: String, by: String, on: Date },
    /// It is an entry.
    Kept {
        title: String,
        /// Where staff read it.
        path: String,
        material: Option<Material>,
    },
}

/// The capability that keeps the catalogue.
#[async_trait]
pub trait Listings: Send + Sync {
    /// Proposes an entry, or the same one anew; what is an entry already stays one.
    async fn propose(&self, tx: &mut Tx, actor: &Actor, wanted: &ToList) -> Result<(), StoreError>;

    /// Takes back a proposal that nobody has decided.
    async fn withdraw(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        of: &Ref,
        why: &str,
    ) -> Result<(), StoreError>;

    /// What came of each, in the order asked; `None` where nothing is proposed.
    async fn listed(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Listed>>, StoreError>;
}
