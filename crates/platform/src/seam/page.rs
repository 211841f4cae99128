//! Pages that the public reads, for the menu, the site map, the feeds, the static export and the pages of organs.

use async_trait::async_trait;
use gongkai_basis::id::OrganId;

use crate::access::Scope;
use crate::db::{StoreError, Tx};

/// An entry of the portal's menu and home page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortalEntry {
    pub title: &'static str,
    pub path: &'static str,
    /// What the public finds there, in one sentence.
    pub about: &'static str,
}

/// A public page for the site map, the feeds and the static export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicPage {
    pub path: String,
    /// Milliseconds since 1970, UTC.
    pub changed_at: i64,
}

/// A page below an entry of the portal's menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// The entry's.
    pub below: &'static str,
    pub title: String,
    pub path: String,
}

/// Pages that are asked from a capability at once.
pub const PAGES_AT_ONCE: i64 = 5_000;

/// A capability with pages that the public reads.
#[async_trait]
pub trait PublicPages: Send + Sync {
    /// Its fixed pages and lists: few.
    fn fixed(&self) -> Vec<&'static str>;

    /// What a site map for people names below its lists: the parts of a list that have pages of their own.
    async fn branches(&self, _: &mut Tx, _: &Scope) -> Result<Vec<Branch>, StoreError> {
        Ok(Vec::new())
    }

    /// What can be subscribed to inside the scope: what it is called, and the address of its feed.
    async fn feeds(&self, _: &mut Tx, _: &Scope) -> Result<Vec<(String, String)>, StoreError> {
        Ok(Vec::new())
    }

    /// Pages of records of organs inside the scope, after this path in the order of paths; `None` for the first.
    async fn urls(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<PublicPage>, StoreError>;

    /// After which of these paths the parts of a site map begin, `None` for the first; none where there are no pages. A part
    /// has at most so many pages, and some thousands. A capability with very many pages answers without reading them all.
    async fn parts(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        pages: i64,
    ) -> Result<Vec<Option<String>>, StoreError> {
        let batch = pages.clamp(1, PAGES_AT_ONCE);
        let (mut starts, mut last, mut n) = (Vec::new(), None, 0);
        loop {
            let next = self.urls(tx, scope, last.as_deref(), batch).await?;
            let Some(end) = next.last().map(|page| page.path.clone()) else {
                return Ok(starts);
            };
            if n == 0 {
                starts.push(last);
            }
            n += i64::try_from(next.len()).unwrap_or(batch);
            if n + batch > pages {
                n = 0;
            }
            last = Some(end);
        }
    }
}

/// A page that tells of one organ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganLink {
    pub title: String,
    pub path: String,
}

/// A capability that keeps public pages of organs: each organ's own page leads to them.
#[async_trait]
pub trait AboutOrgan: Send + Sync {
    /// 公开指南, 年度报告 …
    fn name(&self) -> &'static str;

    /// What there is of this organ, a few.
    async fn links(&self, tx: &mut Tx, organ: OrganId) -> Result<Vec<OrganLink>, StoreError>;
}
