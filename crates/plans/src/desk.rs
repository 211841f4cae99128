//! What of plans lies on one person's desk, for the day the person leaves: import drafts not yet confirmed and saved
//! views. Reports and proposed changes stay with their organs and keep their authors' names.

use std::sync::Arc;

use gongkai_basis::id::AccountId;
use gongkai_platform::account::HandledWork;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::BoxFuture;

use crate::{draft, view};

pub(crate) fn handled_work() -> Vec<Arc<dyn HandledWork>> {
    vec![Arc::new(OpenDrafts), Arc::new(SavedViews)]
}

struct OpenDrafts;

impl HandledWork for OpenDrafts {
    fn name(&self) -> &'static str {
        "未确认的导入草稿"
    }

    fn count<'a>(
        &'a self,
        tx: &'a mut Tx,
        account: AccountId,
    ) -> BoxFuture<'a, Result<i64, StoreError>> {
        Box::pin(draft::store::open_of_person(tx, account))
    }

    fn transfer<'a>(
        &'a self,
        tx: &'a mut Tx,
        from: AccountId,
        to: AccountId,
    ) -> BoxFuture<'a, Result<i64, StoreError>> {
        Box::pin(draft::store::give(tx, from, to))
    }
}

struct SavedViews;

impl HandledWork for SavedViews {
    fn name(&self) -> &'static str {
        "保存的台账视图"
    }

    fn count<'a>(
        &'a self,
        tx: &'a mut Tx,
        account: AccountId,
    ) -> BoxFuture<'a, Result<i64, StoreError>> {
        Box::pin(async move {
            let views = view::store::of_person(tx, account).await?;
            Ok(i64::try_from(views.len()).unwrap_or(i64::MAX))
        })
    }

    /// A view whose name the successor uses already stays where it is: nobody's own view is overwritten.
    fn transfer<'a>(
        &'a self,
        tx: &'a mut Tx,
        from: AccountId,
        to: AccountId,
    ) -> BoxFuture<'a, Result<i64, StoreError>> {
        Box::pin(view::store::give(tx, from, to))
    }
}
