//! Checks that come back by themselves: each looks at everything and tells in a sentence what it did.

use std::sync::Arc;

use async_trait::async_trait;

use super::{Job, Progress, Worker};
use crate::db::StoreError;
use crate::web::{App, BoxFuture};

/// A whole look.
type Look = for<'a> fn(&'a App) -> BoxFuture<'a, Result<String, StoreError>>;

struct Nightly {
    kind: &'static str,
    app: App,
    look: Look,
}

/// The worker of a check: where the store fails, it is logged once and the job is tried again.
#[must_use]
pub fn nightly(kind: &'static str, app: &App, look: Look) -> Arc<dyn Worker> {
    Arc::new(Nightly {
        kind,
        app: app.clone(),
        look,
    })
}

#[async_trait]
impl Worker for Nightly {
    fn kind(&self) -> &'static str {
        self.kind
    }

    async fn work(&self, _: Job, _: Progress) -> Result<String, String> {
        (self.look)(&self.app).await.map_err(|error| {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                kind = self.kind,
                "the check failed"
            );
            "检查没有做完，数据没有受影响，稍后自动再试。".to_owned()
        })
    }
}
