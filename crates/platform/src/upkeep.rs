//! 日常整理: what the platform tidies away every night, so that nothing grows for ever.

use std::sync::Arc;

use async_trait::async_trait;

use crate::account::session;
use crate::db::{StoreError, Tx};
use crate::files::pending;
use crate::inbox;
use crate::job::schedule::{Schedule, When};
use crate::job::{self, Job, Progress, Worker};
use crate::web::App;

const KIND: &str = "platform.upkeep";

/// The platform's recurring work.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "每日整理",
        when: When::Daily {
            hour: 3,
            minute: 10,
        },
    }]
}

/// What does it.
#[must_use]
pub fn workers(app: &App) -> Vec<Arc<dyn Worker>> {
    vec![Arc::new(Housekeeper(app.clone()))]
}

struct Housekeeper(App);

impl Housekeeper {
    async fn tidy(&self) -> Result<String, StoreError> {
        let (sessions, jobs, messages) = self
            .0
            .db
            .upkeep(async |tx: &mut Tx| {
                let sessions = session::purge(tx).await?;
                let jobs = job::purge(tx).await?;
                Ok::<_, StoreError>((sessions, jobs, inbox::purge(tx).await?))
            })
            .await?;
        let files = pending::purge(&self.0.db, &self.0.files).await?;
        Ok(format!(
            "清除过期的登录和链接{sessions}个、已结束很久的作业{jobs}个、早已读过的消息{messages}条、没有用上的文件{files}个。"
        ))
    }
}

#[async_trait]
impl Worker for Housekeeper {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn work(&self, _: Job, _: Progress) -> Result<String, String> {
        self.tidy().await.map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "upkeep failed");
            "整理没有做完，数据没有受影响，稍后自动再试。".to_owned()
        })
    }
}
