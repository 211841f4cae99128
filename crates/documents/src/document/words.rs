//! 名称或文号含: what lists find documents by. A document keeps its words when it is saved; those from before, and those that
//! a backup brought, get them by a job.

use std::sync::Arc;

use async_trait::async_trait;
use gongkai_basis::pairs;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Job, Progress, Worker};
use gongkai_platform::web::App;

use super::store;

const KIND: &str = "document.words";
const DOCUMENTS_AT_ONCE: i64 = 500;

/// Title and 文号 as lists compare them: a line for each.
#[must_use]
pub fn found_by(title: &str, number: &str) -> String {
    pairs::folded(title) + "\n" + &pairs::folded(number)
}

/// Keeps the words of all documents that are without; gives of how many. Stops when told so.
///
/// # Errors
/// When the store fails; what was kept is kept.
pub async fn run(app: &App, progress: Option<&Progress>) -> Result<i64, StoreError> {
    let waiting = app.db.read(async |tx: &mut Tx| store::unworded(tx).await);
    let (mut done, all) = (0, waiting.await?);
    loop {
        let kept = app
            .db
            .upkeep(async |tx: &mut Tx| store::keep_words_of_some(tx, DOCUMENTS_AT_ONCE).await)
            .await?;
        done += kept;
        let goes_on = match progress {
            Some(progress) => progress.report(done, all.max(done)).await?,
            None => true,
        };
        if kept == 0 || !goes_on {
            return Ok(done);
        }
    }
}

struct Fill(App);

/// The job's worker.
#[must_use]
pub fn worker(app: &App) -> Arc<dyn Worker> {
    Arc::new(Fill(app.clone()))
}

/// Every night; the first time as soon as the program runs.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "建立文件的检索索引",
        when: When::Daily {
            hour: 3,
            minute: 25,
        },
    }]
}

#[async_trait]
impl Worker for Fill {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn work(&self, _: Job, progress: Progress) -> Result<String, String> {
        match run(&self.0, Some(&progress)).await {
            Ok(0) => Ok("检索索引是完整的。".to_owned()),
            Ok(done) => Ok(format!("为{done}件文件补建了检索索引。")),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the words of documents were not kept"
                );
                Err("没有做完，已做的都在；查找照常，只是慢一些；稍后自动再试。".to_owned())
            }
        }
    }
}
