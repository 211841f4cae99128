//! Cases find their clusters: new ones soon after they are taken in, all by night. Each batch is one transaction, and what was
//! gathered is not gathered again, so a kill costs one batch.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use async_trait::async_trait;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::{JobId, OrganId};
use gongkai_basis::{Actor, Date, Role};
use gongkai_platform::access::{Reach, Scope};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::{self, Outgoing, Topic};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{self, Job, Progress, Worker};
use gongkai_platform::web::App;
use serde_json::json;

use super::handle::step_due;
use super::{APPLICANTS_MIN, Cluster, LOOKED_AT_DAYS, plain_subject, store};
use crate::id::SuggestionId;
use crate::publication::office_over;
use crate::request::Request;
use crate::similar::{self, Pairs};
use crate::words::fill::Waited;

const NIGHT: &str = "requests.clusters";
const FRESH: &str = "requests.cluster-case";
/// What is younger is new: one day.
const FRESH_MILLISECONDS: i64 = 86_400_000;
/// Cases or clusters of one transaction, and what a kill costs.
const BATCH: i64 = 50;

/// The clusters of organs, as one run knows them: each is read once.
#[derive(Debug, Default)]
struct Leaders(BTreeMap<OrganId, Vec<(SuggestionId, Pairs)>>);

impl Leaders {
    async fn of(
        &mut self,
        tx: &mut Tx,
        organ: OrganId,
    ) -> Result<&mut Vec<(SuggestionId, Pairs)>, StoreError> {
        Ok(match self.0.entry(organ) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let found = store::leaders(tx, organ).await?;
                let pairs = found.into_iter().map(|(id, text)| (id, Pairs::of(&text)));
                place.insert(pairs.collect())
            }
        })
    }
}

/// What one run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    pub cases: i64,
    pub clusters: i64,
    /// Clusters that became suggestions.
    pub arisen: i64,
}

/// Every night, after the day's cases.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: NIGHT,
        title: "归并相近的申请",
        when: When::Daily {
            hour: 3,
            minute: 40,
        },
    }]
}

/// Queues the look at the cases that were just taken in: one look for all that come before it.
///
/// # Errors
/// When the store fails.
pub async fn ask(tx: &mut Tx) -> Result<(), StoreError> {
    let id = JobId::new(tx.fresh());
    job::queue_once(tx, id, (FRESH, "整理新收到的申请")).await
}

/// Keeps the words of new cases and gathers them. Stops when told so.
///
/// # Errors
/// When the store fails; what was done stays, and the night does the rest.
pub async fn fresh(app: &App, progress: Option<&Progress>) -> Result<Outcome, StoreError> {
    let (today, calendar) = (app.today(), app.calendar());
    let since = app.db.now().as_millisecond() - FRESH_MILLISECONDS;
    let (mut outcome, mut leaders) = (Outcome::default(), Leaders::default());
    let mut waited = Waited::now(app).await?;
    loop {
        let cases = waited.fill(app, BATCH).await?;
        if cases.is_empty() {
            return Ok(outcome);
        }
        outcome = app
            .db
            .upkeep(async |tx: &mut Tx| {
                let mut outcome = outcome;
                // Cases from before the index wait for their words, too; those were gathered when they came.
                for case in &cases {
                    if case.submitted_at >= since && store::is_ungathered(tx, case.id).await? {
                        gather(tx, (case, &mut leaders), (today, &calendar), &mut outcome).await?;
                    }
                }
                Ok::<_, StoreError>(outcome)
            })
            .await?;
        if !waited.tell(progress).await? {
            return Ok(outcome);
        }
    }
}

/// Gathers what is not yet, then counts every suggestion anew: cases are refused and withdrawn meanwhile.
///
/// # Errors
/// When the store fails; what was done stays.
pub async fn all(app: &App, progress: Option<&Progress>) -> Result<Outcome, StoreError> {
    let (today, calendar) = (app.today(), app.calendar());
    let since = app.db.now().as_millisecond() - LOOKED_AT_DAYS * 86_400_000;
    let (mut outcome, mut leaders) = (Outcome::default(), Leaders::default());
    loop {
        let before = outcome.cases;
        outcome = app
            .db
            .upkeep(async |tx: &mut Tx| {
                let mut outcome = outcome;
                for case in store::ungathered(tx, since, BATCH).await? {
                    gather(tx, (&case, &mut leaders), (today, &calendar), &mut outcome).await?;
                }
                Ok::<_, StoreError>(outcome)
            })
            .await?;
        if outcome.cases == before {
            break;
        }
        told(progress, outcome).await?;
    }
    let mut last: Option<SuggestionId> = None;
    loop {
        let (more, end) = app
            .db
            .upkeep(async |tx: &mut Tx| {
                let found = store::after(tx, last, BATCH).await?;
                let end = found.last().map(|cluster| cluster.id);
                let mut arisen = 0;
                let n = i64::try_from(found.len()).unwrap_or(i64::MAX);
                for cluster in found {
                    arisen += i64::from(count(tx, cluster, (today, &calendar)).await?);
                }
                Ok::<_, StoreError>(((n, arisen), end))
            })
            .await?;
        outcome.clusters += more.0;
        outcome.arisen += more.1;
        if end.is_none() {
            return Ok(outcome);
        }
        last = end;
        told(progress, outcome).await?;
    }
}

async fn told(progress: Option<&Progress>, outcome: Outcome) -> Result<(), StoreError> {
    if let Some(progress) = progress {
        let done = outcome.cases + outcome.clusters;
        progress.report(done, done).await?;
    }
    Ok(())
}

/// Puts a case with those of its organ that ask for the same, or begins a cluster of its own.
async fn gather(
    tx: &mut Tx,
    (case, leaders): (&Request, &mut Leaders),
    now: (Date, &WorkCalendar),
    outcome: &mut Outcome,
) -> Result<(), StoreError> {
    let subject = plain_subject(case);
    let (pairs, leaders) = (Pairs::of(&subject), leaders.of(tx, case.organ).await?);
    let best = leaders
        .iter()
        .map(|(id, leader)| (leader.alike(&pairs), *id))
        .filter(|(score, _)| *score >= similar::ALIKE_HUNDREDTHS)
        .max_by_key(|(score, _)| *score);
    let id = match best {
        Some((_, id)) => id,
        None => {
            let id = SuggestionId::new(tx.fresh());
            store::begin(tx, id, case.organ, &subject).await?;
            leaders.push((id, pairs));
            id
        }
    };
    store::join(tx, id, case).await?;
    outcome.cases += 1;
    if best.is_some()
        && let Some(cluster) = store::load(tx, &Scope::Everything, id).await?
    {
        outcome.arisen += i64::from(count(tx, cluster, now).await?);
    }
    Ok(())
}

/// Counts a cluster's cases; `true` when it became a suggestion by that, which its office is told.
async fn count(
    tx: &mut Tx,
    mut cluster: Cluster,
    (today, calendar): (Date, &WorkCalendar),
) -> Result<bool, StoreError> {
    let (requests, applicants) = store::counted(tx, cluster.id).await?;
    let arises = cluster.arisen_on.is_none() && applicants >= APPLICANTS_MIN;
    if (requests, applicants) == (cluster.requests, cluster.applicants) && !arises {
        return Ok(false);
    }
    (cluster.requests, cluster.applicants) = (requests, applicants);
    if arises {
        cluster.arisen_on = Some(today);
        cluster.due_on = step_due(today, calendar);
        // Who was asked keeps it, as a rule; the office may name another unit.
        cluster.owner = Some((cluster.organ, cluster.organ_name.clone()));
    }
    store::keep_counts(tx, &cluster).await?;
    if arises {
        let subject = ("request_cluster", cluster.id.to_string());
        let sentence = format!("{applicants}人申请同一信息：“{}”", cluster.subject);
        tx.record(
            Event::new(&Actor::System, "request-cluster.arisen", subject, sentence)
                .organ(cluster.organ)
                .data(json!({ "requests": requests, "applicants": applicants })),
        );
        tell(tx, &cluster).await?;
    }
    Ok(arises)
}

async fn tell(tx: &mut Tx, cluster: &Cluster) -> Result<(), StoreError> {
    let message = Outgoing {
        organ: office_over(tx, cluster.organ).await?,
        roles: &[Role::OfficeClerk, Role::OfficeHead],
        reach: Reach::Own,
        topic: Topic::Request,
        key: format!("request-cluster:{}", cluster.id),
        title: format!("多人申请同一信息，是否转主动公开：{}", cluster.subject),
        body: format!(
            "{}　{}人，{}件",
            cluster.organ_name, cluster.applicants, cluster.requests
        ),
        path: format!("/workspace/requests/suggestions/{}", cluster.id),
        about: cluster.due_on,
    };
    inbox::send(tx, vec![message]).await.map(|_| ())
}

/// The workers: by night, and for new cases.
pub struct Gather {
    app: App,
    kind: &'static str,
}

impl Gather {
    /// Both of them.
    #[must_use]
    pub fn workers(app: &App) -> [Self; 2] {
        [NIGHT, FRESH].map(|kind| Self {
            app: app.clone(),
            kind,
        })
    }

    async fn done(&self, progress: &Progress) -> Result<Outcome, StoreError> {
        if self.kind == NIGHT {
            all(&self.app, Some(progress)).await
        } else {
            fresh(&self.app, Some(progress)).await
        }
    }
}

#[async_trait]
impl Worker for Gather {
    fn kind(&self) -> &'static str {
        self.kind
    }

    async fn work(&self, _: Job, progress: Progress) -> Result<String, String> {
        match self.done(&progress).await {
            Ok(done) => Ok(format!(
                "归并{}件申请，核对{}组，新增转主动公开建议{}项。",
                done.cases, done.clusters, done.arisen
            )),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "gathering failed");
                Err("没有做完，已归并的都在，稍后自动再试。".to_owned())
            }
        }
    }
}
