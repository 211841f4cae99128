//! The night's proposal: each desk is told, once a month, how many cases have reached their term. It erases nothing.

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_platform::access::Reach;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::{self, Outgoing, Topic};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Job, Progress, Worker};
use gongkai_platform::web::App;

use super::store;
use crate::request::state::HANDLERS;
use crate::request::submit;

const KIND: &str = "requests.retention";

/// Tells the desks.
pub struct Proposer(App);

impl Proposer {
    #[must_use]
    pub fn new(app: App) -> Self {
        Self(app)
    }
}

#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "申请人个人信息保存期满提示",
        when: When::Daily {
            hour: 6,
            minute: 40,
        },
    }]
}

/// Gives how many desks' cases are due and how many messages went out.
///
/// # Errors
/// When the store fails.
pub async fn run(app: &App) -> Result<(i64, u64), StoreError> {
    let today = app.today();
    app.db
        .upkeep(async |tx: &mut Tx| tell(tx, today).await)
        .await
}

async fn tell(tx: &mut Tx, today: Date) -> Result<(i64, u64), StoreError> {
    let (mut cases, mut told) = (0, 0);
    for (organ, n) in store::due_by_organ(tx, today).await? {
        cases += n;
        let month = format!("{}-{:02}", today.year(), today.month());
        let outgoing = Outgoing {
            organ: submit::desk_of(tx, organ).await?,
            roles: HANDLERS,
            reach: Reach::Own,
            topic: Topic::Request,
            key: format!("retention:{organ}:{month}"),
            title: format!("{n}件申请的个人信息保存期满"),
            body:
                "系统只提示，不清除：请核对后提请清除，由另一人批准；要继续保存的，写明原因保留。"
                    .to_owned(),
            path: "/workspace/requests/retention".to_owned(),
            about: None,
        };
        told += inbox::send(tx, vec![outgoing]).await?;
    }
    Ok((cases, told))
}

#[async_trait]
impl Worker for Proposer {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn work(&self, _: Job, _: Progress) -> Result<String, String> {
        match run(&self.0).await {
            Ok((cases, told)) => Ok(format!(
                "个人信息保存期满{cases}件，提示{told}条，没有清除任何内容。"
            )),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the terms were not looked at"
                );
                Err("没有看完，数据没有改动，稍后自动再试。".to_owned())
            }
        }
    }
}
