//! The words of cases that wait for them: those just handed in by the job that looks at new cases, the rest by night, and once at
//! the first start those from before the index. Some cases in each transaction; a run that was cut off goes on where it stood.

use std::sync::Arc;

use async_trait::async_trait;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Job, Progress, Worker};
use gongkai_platform::web::App;

use super::store;
use crate::request::Request;

const KIND: &str = "request.words";
const CASES_AT_ONCE: i64 = 500;

/// Keeps the words of all cases that are without; gives of how many. Stops when told so.
///
/// # Errors
/// When the store fails; what was kept is kept.
pub async fn run(app: &App, progress: Option<&Progress>) -> Result<i64, StoreError> {
    let mut waited = Waited::now(app).await?;
    loop {
        let cases = waited.fill(app, CASES_AT_ONCE).await?;
        if cases.is_empty() || !waited.tell(progress).await? {
            return Ok(waited.done);
        }
    }
}

/// The cases that waited when a run began, counted this once, and how many have their words since.
pub(crate) struct Waited {
    done: i64,
    all: i64,
}

impl Waited {
    pub(crate) async fn now(app: &App) -> Result<Self, StoreError> {
        let all = app.db.read(async |tx: &mut Tx| store::waiting(tx).await);
        Ok(Self {
            done: 0,
            all: all.await?,
        })
    }

    /// Keeps the words of the next ones; gives them.
    pub(crate) async fn fill(&mut self, app: &App, rows: i64) -> Result<Vec<Request>, StoreError> {
        let cases = app
            .db
            .upkeep(async |tx: &mut Tx| store::fill(tx, rows).await)
            .await?;
        self.done += i64::try_from(cases.len()).unwrap_or(i64::MAX);
        Ok(cases)
    }

    /// `false` when a person stopped the run.
    pub(crate) async fn tell(&self, progress: Option<&Progress>) -> Result<bool, StoreError> {
        match progress {
            // Those that were handed in meanwhile come to those that waited.
            Some(progress) => progress.report(self.done, self.all.max(self.done)).await,
            None => Ok(true),
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
