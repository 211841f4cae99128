//! 有效性 in lists: how a document stands is kept when it changes, and by night for those that the calendar alone changed.
//! Lists work out the few that are not settled, so that nobody waits for the night.

use std::sync::Arc;

use async_trait::async_trait;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Job, Progress, Worker};
use gongkai_platform::web::App;

use super::store;

const KIND: &str = "document.standing";
const DOCUMENTS_AT_ONCE: i64 = 500;

/// Settles all public documents whose last day is past, or that came in past the code; gives of how many. Stops when told so.
///
/// # Errors
/// When the store fails; what was kept is kept.
pub async fn run(app: &App, progress: Option<&Progress>) -> Result<i64, StoreError> {
    let (today, mut done) = (app.today(), 0);
    loop {
        let settled = app
            .db
            .upkeep(async |tx: &mut Tx| store::settle_some(tx, today, DOCUMENTS_AT_ONCE).await)
            .await?;
        done += settled;
        let goes_on = match progress {
            Some(progress) => progress.report(done, done).await?,
            None => true,
        };
        if settled == 0 || !goes_on {
            break;
        }
    }
    // Each one settled added rows to the counts of PostgreSQL; after an upgrade these are all there are.
    if done > 0 {
        app.db.upkeep(store::join_counts).await?;
    }
    Ok(done)
}

struct Settle(App);

/// The job's worker.
#[must_use]
pub fn worker(app: &App) -> Arc<dyn Worker> {
    Arc::new(Settle(app.clone()))
}

/// Just after midnight; the first time as soon as the program runs.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "有效性和到期清理的列表随日期更新",
        when: When::Daily { hour: 0, minute: 2 },
    }]
}

#[async_trait]
impl Worker for Settle {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn work(&self, _: Job, progress: Progress) -> Result<String, String> {
        match run(&self.0, Some(&progress)).await {
            Ok(0) => Ok("没有随日期变化的文件。".to_owned()),
            Ok(done) => Ok(format!("更新了{done}件文件在列表中的有效性。")),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "how documents stand was not kept"
                );
                Err("没有做完，已做的都在；列表照常准确，只是慢一些；稍后自动再试。".to_owned())
            }
        }
    }
}
