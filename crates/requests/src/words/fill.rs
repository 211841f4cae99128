//! The words of cases that wait for them: those just handed in by the job that looks at new cases, the rest by night, and once at
//! the first start those from before the index. Some cases in each transaction; a run that was cut off goes on where it stood.

use std::sync::Arc;

use async_trait::async_trait;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Job, Progress, Worker};
use gongkai_platform::web::App;

use super::store;

const KIND: &str = "request.words";
const CASES_AT_ONCE: i64 = 500;

/// Keeps the words of all cases that are without; gives of how many. Stops when told so.
///
/// # Errors
/// When the store fails; what was kept is kept.
pub async fn run(app: &App, progress: Option<&Progress>) -> Result<i64, StoreError> {
    let mut all = 0;
    loop {
        let (cases, left) = app
            .db
            .upkeep(async |tx: &mut Tx| store::fill(tx, CASES_AT_ONCE).await)
            .await?;
        let done = i64::try_from(cases.len()).unwrap_or(i64::MAX);
        all += done;
        let goes_on = match progress {
            Some(progress) => progress.report(all, all + left).await?,
            None => true,
        };
        if done == 0 || left == 0 || !goes_on {
            return Ok(all);
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
        title: "建立申请的检索索引",
        when: When::Daily {
            hour: 3,
            minute: 20,
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
            Ok(done) => Ok(format!("为{done}件申请补建了检索索引。")),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the words of cases were not kept"
                );
                Err("没有做完，已做的都在；查找照常，只是慢一些；稍后自动再试。".to_owned())
            }
        }
    }
}
