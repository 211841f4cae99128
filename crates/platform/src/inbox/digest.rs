//! 每日摘要: on each working day everybody with unread messages that no earlier digest told of gets one, by each carrier that
//! the site has switched on. Without carriers nothing leaves the inbox.

use std::sync::Arc;

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_basis::id::AccountId;

use super::{Message, store};
use crate::db::{StoreError, Tx};
use crate::job::schedule::{Schedule, When};
use crate::job::{Job, Progress, Worker};
use crate::web::App;

/// The kind of the daily job.
pub const KIND: &str = "platform.digest";
/// Messages that a digest lists; how many more there are it only says.
pub const ITEMS_MAX: i64 = 20;
/// A message that is younger waits for the next digest: the transaction of an older one may not have ended yet, and no
/// request lasts longer.
const SETTLED_MILLISECONDS: i64 = 60_000;
/// Readers looked up at once.
const READERS_AT_ONCE: i64 = 200;
/// Names of readers that a failure lists.
const NAMED_MAX: usize = 5;

/// What one reader is told on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    pub account: AccountId,
    pub login: String,
    pub name: String,
    /// Where mail goes.
    pub address: Option<String>,
    pub day: Date,
    /// New unread messages, those not listed included.
    pub count: i64,
    /// The newest of them, at most [`ITEMS_MAX`].
    pub items: Vec<Message>,
    /// 安澜市
    pub site: String,
    /// Where the site is, without a slash at the end.
    pub url: String,
}

/// Why a digest was not taken; the sentence is for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CarryError {
    /// This one; others may go through.
    #[error("{0}")]
    Refused(String),
    /// Nobody gets through now.
    #[error("{0}")]
    Unreachable(String),
}

/// A way out of the house: mail, a webhook. Wired by the binary where it is configured.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// What the store notes; never changed once released.
    fn code(&self) -> &'static str;

    /// What people call it.
    fn name(&self) -> &'static str;

    /// Only readers who have a mail address.
    fn wants_address(&self) -> bool;

    /// Takes a digest over. Whoever takes it may see it twice, after a kill between taking and noting; each has the same
    /// account and day, by which it can be told.
    async fn carry(&self, digest: &Digest) -> Result<(), CarryError>;
}

/// The daily work, after the reminders of the day.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "每日消息摘要",
        when: When::Daily {
            hour: 7,
            minute: 30,
        },
    }]
}

/// What does it.
#[must_use]
pub fn workers(app: &App) -> Vec<Arc<dyn Worker>> {
    vec![Arc::new(Postman(app.clone()))]
}

struct Postman(App);

/// The instant up to which everything is told that was told at all.
fn settled(tx: &Tx) -> i64 {
    tx.now().as_millisecond() - SETTLED_MILLISECONDS
}

/// How a round of one carrier went.
#[derive(Debug, Default)]
struct Tour {
    sent: i64,
    /// Who was refused, with the reason.
    refused: Vec<(String, String)>,
    unreachable: Option<String>,
}

impl Postman {
    async fn tour(&self, carrier: &dyn Carrier, progress: &Progress) -> Result<Tour, StoreError> {
        let (app, today) = (&self.0, self.0.today());
        let mut tour = Tour::default();
        let mut after: Option<AccountId> = None;
        loop {
            let readers = app
                .db
                .read(async |tx: &mut Tx| {
                    let wanted = (carrier.code(), carrier.wants_address());
                    let until = (today, settled(tx));
                    store::due_readers(tx, wanted, until, (after, READERS_AT_ONCE)).await
                })
                .await?;
            let Some(last) = readers.last() else {
                return Ok(tour);
            };
            after = Some(last.account);
            for reader in &readers {
                let (digest, upto) = self.digest(reader, today).await?;
                match carrier.carry(&digest).await {
                    Ok(()) => {
                        app.db
                            .upkeep(async |tx: &mut Tx| {
                                let key = (reader.account, carrier.code());
                                store::note_digest(tx, key, today, upto).await
                            })
                            .await?;
                        tour.sent += 1;
                    }
                    Err(CarryError::Refused(why)) => {
                        tour.refused.push((reader.name.clone(), why));
                    }
                    Err(CarryError::Unreachable(why)) => {
                        tour.unreachable = Some(why);
                        return Ok(tour);
                    }
                }
                if !progress.report(tour.sent, tour.sent).await? {
                    return Ok(tour);
                }
            }
        }
    }

    async fn digest(
        &self,
        reader: &store::Reader,
        today: Date,
    ) -> Result<(Digest, i64), StoreError> {
        let app = &self.0;
        let (count, items, upto) = app
            .db
            .read(async |tx: &mut Tx| {
                let upto = settled(tx);
                let span = (reader.told_upto, upto);
                let count = store::count_new(tx, reader.account, span).await?;
                let items = store::new_items(tx, reader.account, span, ITEMS_MAX).await?;
                Ok::<_, StoreError>((count, items, upto))
            })
            .await?;
        let digest = Digest {
            account: reader.account,
            login: reader.login.clone(),
            name: reader.name.clone(),
            address: reader.address.clone(),
            day: today,
            count,
            items,
            site: app.site.name.clone(),
            url: app.site.url.clone(),
        };
        Ok((digest, upto))
    }

    async fn work(&self, progress: &Progress) -> Result<Result<String, String>, StoreError> {
        let app = &self.0;
        if app.carriers.is_empty() {
            return Ok(Ok("没有启用邮件和推送，消息都在收件箱里。".to_owned()));
        }
        // Where no notice tells, facts still go out: a digest sets no date.
        if let Ok(false) = app.calendar().is_working_day(app.today()) {
            return Ok(Ok("今天休息，不发摘要，消息都在收件箱里。".to_owned()));
        }
        let (mut said, mut failed) = (Vec::new(), false);
        for carrier in &app.carriers {
            let tour = self.tour(carrier.as_ref(), progress).await?;
            failed |= !tour.refused.is_empty() || tour.unreachable.is_some();
            said.push(tour.sentence(carrier.name()));
        }
        let sentence = said.concat();
        Ok(if failed { Err(sentence) } else { Ok(sentence) })
    }
}

impl Tour {
    fn sentence(&self, name: &str) -> String {
        let mut sentence = format!("{name}：送出{}份。", self.sent);
        if let Some(why) = &self.unreachable {
            sentence.push_str(&format!("连不上，其余的稍后再试：{why}。"));
        }
        if let Some((_, why)) = self.refused.first() {
            let names: Vec<&str> = self
                .refused
                .iter()
                .take(NAMED_MAX)
                .map(|(name, _)| name.as_str())
                .collect();
            sentence.push_str(&format!(
                "{}份没有送到（{}），消息仍在收件箱：{why}。",
                self.refused.len(),
                names.join("、")
            ));
        }
        sentence
    }
}

#[async_trait]
impl Worker for Postman {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn work(&self, _: Job, progress: Progress) -> Result<String, String> {
        match Self::work(self, &progress).await {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the digest failed"
                );
                Err("摘要没有发完，已发的不会重发，稍后自动再试。".to_owned())
            }
        }
    }
}
