//! 推荐材料: what is public already and may be what somebody has to make public, for a person to tick.

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::DateRange;

use super::Found;
use crate::db::{StoreError, Tx};

/// What a material is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Who publishes it.
    pub organ: OrganId,
    /// 条例 art. 20's item, 1 to 15.
    pub class: i64,
    /// 领域; empty for none.
    pub domain: String,
    /// What the matter is called, the finest name first.
    pub names: Vec<String>,
    /// Published within these days.
    pub within: DateRange,
}

/// A record that may be it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    pub found: Found,
    /// 成文日期, where it has one.
    pub formed_on: Option<Date>,
    /// Why it is proposed, each in a few words.
    pub why: Vec<String>,
}

/// A capability with records that fill what others must make public.
#[async_trait]
pub trait Fitting: Send + Sync {
    /// Public records about this, the likest first; at most so many.
    async fn fitting(
        &self,
        tx: &mut Tx,
        theme: &Theme,
        most: usize,
    ) -> Result<Vec<Fit>, StoreError>;
}
