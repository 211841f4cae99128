//! 网址核验 by night for all units, and for one when somebody asks. Each batch is one transaction; what was tried since the run was
//! asked for is not tried again, so that a kill costs one batch.

use std::sync::Arc;

use async_trait::async_trait;
use gongkai_basis::Actor;
use gongkai_basis::id::{JobId, OrganId};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{self, Job, Progress, Worker};
use gongkai_platform::web::App;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::look::look;
use super::store::{self, Over};
use super::{PageState, handle};
use crate::acts::FillCatalogue;
use crate::filling::Means;
use crate::filling::store::{self as fillings, Shown};

const NIGHTLY: &str = "catalogue.pages";
const ASKED: &str = "catalogue.pages-of-unit";
/// Pages that are looked at together: one transaction, and what a kill costs.
const BATCH: i64 = 5;
/// How long the pages of older years rest: 30 days.
const OLD_MILLISECONDS: i64 = 30 * 86_400_000;

#[derive(Serialize, Deserialize)]
struct Payload {
    organ: OrganId,
}

/// What a run found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    pub holds: i64,
    pub doubtful: i64,
    pub unseen: i64,
}

impl Outcome {
    fn add(&mut self, state: PageState) {
        match state {
            PageState::Holds => self.holds += 1,
            PageState::Changed | PageState::Gone => self.doubtful += 1,
            PageState::Unseen => self.unseen += 1,
        }
    }

    const fn all(self) -> i64 {
        self.holds + self.doubtful + self.unseen
    }

    /// In words.
    #[must_use]
    pub fn sentence(self) -> String {
        format!(
            "网页还在{}个，待核{}个，未核验{}个",
            self.holds, self.doubtful, self.unseen
        )
    }
}

/// Queues a look at the pages of a unit inside the permit's reach, which the caller has looked up.
///
/// # Errors
/// When the store fails.
pub async fn ask(
    tx: &mut Tx,
    permit: &Permit<FillCatalogue>,
    (organ, name): (OrganId, &str),
) -> Result<(), StoreError> {
    let id = JobId::new(tx.fresh());
    let payload = json!(Payload { organ });
    let title = format!("核验{name}登记的网址");
    job::queue(tx, id, ASKED, &title, &payload, permit.actor().account()).await?;
    tx.record(
        Event::new(
            permit.actor(),
            "catalogue.pages-asked",
            ("organ", organ.to_string()),
            format!("要求核验{name}目录里登记的网址"),
        )
        .organ(organ),
    );
    Ok(())
}

/// Before the look at what is not public in time.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: NIGHTLY,
        title: "主动公开目录网址核验",
        when: When::Daily {
            hour: 3,
            minute: 10,
        },
    }]
}

/// What looks by night, and what looks when asked.
#[must_use]
pub fn workers(app: &App) -> Vec<Arc<dyn Worker>> {
    let looker = |kind| -> Arc<dyn Worker> {
        Arc::new(Looker {
            app: app.clone(),
            kind,
        })
    };
    vec![looker(NIGHTLY), looker(ASKED)]
}

struct Looker {
    app: App,
    kind: &'static str,
}

impl Looker {
    fn over(&self, job: &Job) -> Option<Over> {
        if self.kind == ASKED {
            let payload = serde_json::from_str::<Payload>(&job.payload).ok()?;
            return Some(Over::Unit(payload.organ));
        }
        Some(Over::Everything {
            from: self.app.today().year() - 1,
            old: self.app.db.now().as_millisecond() - OLD_MILLISECONDS,
        })
    }

    async fn run(&self, job: &Job, over: &Over, progress: &Progress) -> Result<String, StoreError> {
        let asked = (over, job.created_at);
        let total = self
            .app
            .db
            .read(async |tx: &mut Tx| store::count(tx, over, job.created_at).await)
            .await?;
        let (mut last, mut outcome) = (String::new(), Outcome::default());
        loop {
            let done = outcome.all();
            if !progress.report(done, total.max(done)).await? {
                return Ok(format!(
                    "已停止；已经核验的都已保存：{}。",
                    outcome.sentence()
                ));
            }
            let Some(next) = self.batch((asked, job.id), &last, &mut outcome).await? else {
                return Ok(format!("核验网址：{}。", outcome.sentence()));
            };
            last = next;
        }
    }

    /// Looks at the next few and keeps what was found; the last of them, `None` where there are no more.
    async fn batch(
        &self,
        (asked, job): ((&Over, i64), JobId),
        last: &str,
        outcome: &mut Outcome,
    ) -> Result<Option<String>, StoreError> {
        let app = &self.app;
        let (ids, items) = app
            .db
            .read(async |tx: &mut Tx| {
                let ids = store::next(tx, asked, last, BATCH).await?;
                let items = fillings::by_ids(tx, &ids).await?;
                Ok::<_, StoreError>((ids, items))
            })
            .await?;
        let Some(end) = ids.last().cloned() else {
            return Ok(None);
        };
        let seen = look(app, items.iter().map(asks).collect()).await;
        let (calendar, today) = (app.calendar(), app.today());
        let states = app
            .db
            .write(async |tx: &mut Tx| {
                let there = fillings::by_ids(tx, &ids).await?;
                let mut states = Vec::new();
                for one in items.iter().zip(&seen) {
                    // Taken back while somebody looked: there is nothing to say of it any more.
                    let is_there = |now: &Shown| {
                        now.filling.id == one.0.filling.id && now.taken_back.is_none()
                    };
                    if there.iter().any(is_there) {
                        let now = (&*calendar, today);
                        states.push(handle::record(tx, &Actor::System, one, now).await?);
                    }
                }
                tx.record(
                    Event::new(
                        &Actor::System,
                        "catalogue.pages-looked",
                        ("job", job.to_string()),
                        format!("核验目录登记的网址{}个", items.len()),
                    )
                    .data(json!({ "last": end })),
                );
                Ok::<_, StoreError>(states)
            })
            .await?;
        for state in states {
            outcome.add(state);
        }
        Ok(Some(end))
    }
}

/// The address of a filling, and what it is to show.
fn asks(shown: &Shown) -> (String, String) {
    let address = match &shown.filling.means {
        Means::Address(address) => address.clone(),
        Means::Record { .. } | Means::Nothing(_) => String::new(),
    };
    (address, shown.filling.title.clone())
}

#[async_trait]
impl Worker for Looker {
    fn kind(&self) -> &'static str {
        self.kind
    }

    async fn work(&self, job: Job, progress: Progress) -> Result<String, String> {
        let Some(over) = self.over(&job) else {
            return Err("作业内容无法识别，没有核验。".to_owned());
        };
        self.run(&job, &over, &progress).await.map_err(|error| {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "pages of the catalogue were not looked at"
            );
            "核验没有做完，已经核验的都已保存，稍后自动再试。".to_owned()
        })
    }
}
