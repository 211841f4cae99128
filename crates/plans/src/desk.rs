//! What of plans lies on one person's desk, for the day the person leaves: import drafts not yet confirmed and saved
//! views. Reports and proposed changes stay with their organs and keep their authors' names.

use std::sync::Arc;

use async_trait::async_trait;
use gongkai_basis::id::AccountId;
use gongkai_platform::account::HandledWork;
use gongkai_platform::db::{StoreError, Tx};

use crate::{draft, view};

pub(crate) fn handled_work() -> Vec<Arc<dyn HandledWork>> {
    vec![Arc::new(OpenDrafts), Arc::new(SavedViews)]
}

struct OpenDrafts;

#[async_trait]
impl HandledWork for OpenDrafts {
    fn name(&self) -> &'static str {
        "未确认的导入草稿"
    }

    async fn count(&self, tx: &mut Tx, account: AccountId) -> Result<i64, StoreError> {
        draft::store::open_of_person(tx, account).await
    }

    async fn transfer(
        &self,
        tx: &mut Tx,
        from: AccountId,
        to: AccountId,
    ) -> Result<i64, StoreError> {
        draft::store::give(tx, from, to).await
    }
}

struct SavedViews;

#[async_trait]
impl HandledWork for SavedViews {
    fn name(&self) -> &'static str {
        "保存的台账视图"
    }

    async fn count(&self, tx: &mut Tx, account: AccountId) -> Result<i64, StoreError> {
        let views = view::store::of_person(tx, account).await?;
        Ok(i64::try_from(views.len()).unwrap_or(i64::MAX))
    }

    /// A view whose name the successor uses already stays where it is: nobody's own view is overwritten.
    async fn transfer(
        &self,
        tx: &mut Tx,
        from: AccountId,
        to: AccountId,
    ) -> Result<i64, StoreError> {
        view::store::give(tx, from, to).await
    }
}
