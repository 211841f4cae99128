//! What must be done by a day.

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::{DateRange, Ref};

use super::Seams;
use crate::access::Scope;
use crate::db::{StoreError, Tx};

/// Items that one [`Obligation`] gives at most.
pub const DUE_MAX: i64 = 1_000;

/// Something that must be done by a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueItem {
    pub of: Ref,
    pub organ: OrganId,
    pub title: String,
    pub due_on: Date,
    /// Where staff deal with it.
    pub path: String,
}

/// A capability with work that is due; read only. Feeds today's page, calendars, dashboards.
#[async_trait]
pub trait Obligation: Send + Sync {
    /// The kinds in its items' [`Ref`]s, and what people call them.
    fn kinds(&self) -> &'static [(&'static str, &'static str)];

    /// What is open and falls due within the range, for organs inside the scope, earliest first, at most
    /// [`DUE_MAX`].
    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError>;
}

impl Seams {
    /// All that falls due within the range, earliest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        let mut due = Vec::new();
        for obligation in &self.obligations {
            due.append(&mut obligation.due(tx, scope, range).await?);
        }
        due.sort_by_key(|item| item.due_on);
        Ok(due)
    }

    /// What people call a kind of due item.
    #[must_use]
    pub fn due_kind(&self, kind: &str) -> &'static str {
        self.obligations
            .iter()
            .flat_map(|obligation| obligation.kinds())
            .find(|(code, _)| *code == kind)
            .map_or("事项", |(_, name)| name)
    }

    /// The kinds of due items, and what people call them.
    #[must_use]
    pub fn due_kinds(&self) -> Vec<(&'static str, &'static str)> {
        let kinds = self.obligations.iter().flat_map(|each| each.kinds());
        kinds.copied().collect()
    }
}
