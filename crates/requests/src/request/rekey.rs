//! Cases that an older version imported without a paper's number got one key, all of them the same one. They get that of their
//! applicant's name, as cases imported today have it, so that each applicant is one group everywhere. Some cases in each
//! transaction; a run that was cut off goes on where it stood.

use std::sync::Arc;

use async_trait::async_trait;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Job, Progress, Worker};
use gongkai_platform::web::App;

use super::store::applicants;

const KIND: &str = "request.applicants";
const CASES_AT_ONCE: i64 = 500;

/// Gives all such cases their key; of how many. Nobody decides anything, so nothing stands in the audit chain.
///
/// # Errors
/// When the store fails; what was done stays.
pub async fn run(app: &App) -> Result<u64, StoreError> {
    let (mut last, mut done) = (String::new(), 0);
    loop {
        let (end, changed) = app
            .db
            .upkeep(async |tx: &mut Tx| applicants::rekey_after(tx, &last, CASES_AT_ONCE).await)
            .await?;
        done += changed;
        let Some(end) = end else {
            return Ok(done);
        };
        last = end;
    }
}

struct Rekey(App);

/// The job's worker.
#[must_use]
pub fn worker(app: &App) -> Arc<dyn Worker> {
    Arc::new(Rekey(app.clone()))
}

/// Every night, before suggestions are counted; the first time as soon as the program runs.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "归并同一申请人的旧申请",
        when: When::Daily {
            hour: 3,
            minute: 10,
        },
    }]
}

#[async_trait]
impl Worker for Rekey {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn work(&self, _: Job, _: Progress) -> Result<String, String> {
        match run(&self.0).await {
            Ok(0) => Ok("没有要归并的旧申请。".to_owned()),
            Ok(done) => Ok(format!("归并了{done}件没有证件号码的旧申请。")),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "applicants of older cases were not put together"
                );
                Err("没有做完，已做的都在；稍后自动再试。".to_owned())
            }
        }
    }
}
