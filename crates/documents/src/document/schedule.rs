//! What was approved goes out at the hour that was set; what may not then waits for people, who are told why.

use std::sync::Arc;

use async_trait::async_trait;
use gongkai_basis::{Actor, Date, Role};
use gongkai_platform::access::{Permit, Reach, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, refused};
use gongkai_platform::inbox::{self, Outgoing, Topic};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Job, Progress, Worker};
use gongkai_platform::web::App;

use super::handle::event;
use super::publish::{Word, existing, go_out, why_not_said};
use super::{Document, State, Visibility, files, store, turn};
use crate::acts::PublishDocuments;
use crate::id::DocumentId;
use crate::review::{self, answer, concerned};

/// Minutes between two looks for documents whose hour has come.
const LOOK_MINUTES: i64 = 1;
/// Documents that one look publishes.
const AT_ONCE: i64 = 100;
const KIND: &str = "document.publish-due";

/// What the text says when its hour comes; nothing where it is the first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Later {
    /// 更正说明, or what the amendment rests on; for the public.
    pub explanation: String,
    /// The day from which an amendment counts; a correction has none.
    pub amends_from: Option<Date>,
}

impl Later {
    pub(super) fn word(&self) -> Word<'_> {
        match self.amends_from {
            Some(from) => Word::Amends(from, &self.explanation),
            None => Word::Corrects(&self.explanation),
        }
    }
}

/// The field of the form where something is missing in what will be said.
fn field((name, why): Reason) -> Reason {
    let field = match name {
        "explanation" => "later_explanation",
        "from" => "later_from",
        _ => "later_word",
    };
    (field, why)
}

/// Sets the hour at which it goes out by itself, and what a correction or an amendment says then; `None` takes it back.
///
/// # Errors
/// Not found; stale; refused when it was not approved, the hour has passed, or nothing is said where something must be.
pub async fn schedule(
    tx: &mut Tx,
    permit: &Permit<PublishDocuments>,
    of: (DocumentId, i64),
    (at, later): (Option<i64>, &Later),
) -> Result<(), NotDone> {
    let mut document = existing(tx, permit, of).await?;
    let mut reasons = Vec::new();
    if document.state != State::Approved {
        reasons.push(("at", "只有审核通过的文件才能定时发布。".to_owned()));
    }
    if at.is_some_and(|at| at <= tx.now().as_millisecond()) {
        reasons.push(("at", "定时发布的时间必须晚于现在。".to_owned()));
    }
    if at.is_none() && document.publish_at.is_none() {
        reasons.push(("at", "请填写定时发布的时间。".to_owned()));
    }
    if at.is_some() {
        if document.visibility == Visibility::Withdrawn {
            reasons.push(("at", WITHDRAWN.to_owned()));
        }
        reasons.extend(why_not_said(&document, later.word()).into_iter().map(field));
        // What is known to be refused at the hour, when nobody is there, is refused now.
        if let Some(from) = later.amends_from {
            let why_not = turn::why_not_amended(tx, &document, from).await?;
            reasons.extend(why_not.into_iter().map(field));
        }
        let edition = store::edition(tx, document.edition)
            .await?
            .ok_or(NotDone::NotFound)?;
        let stages = review::store::of(tx, edition.id).await?;
        reasons.extend(files::why_down(tx, &document, edition.id).await?);
        reasons.extend(answer::why_not_out(tx, &document, &edition, &stages).await?);
        let asked = concerned::store::of(tx, document.id).await?;
        reasons.extend(concerned::why_not_out(&asked, edition.id));
    }
    refused(reasons)?;
    document.publish_at = at;
    store::update(tx, &document, None).await?;
    if at.is_some() && document.visibility != Visibility::Never {
        store::set_later(tx, document.edition, later).await?;
    } else {
        store::forget_later(tx, document.edition).await?;
    }
    let sentence = sentence(&document, at, later);
    tx.record(event(
        permit.actor(),
        &document,
        "document.scheduled",
        sentence,
    ));
    Ok(())
}

/// What was set, as the history says it.
fn sentence(document: &Document, at: Option<i64>, later: &Later) -> String {
    let title = &document.title;
    let Some(at) = at else {
        return format!("取消定时发布《{title}》");
    };
    let at = gongkai_platform::web::moment(at);
    match (document.visibility, later.amends_from) {
        (Visibility::Never, _) => format!("定于{at}发布《{title}》"),
        (Visibility::Public | Visibility::Withdrawn, None) => {
            format!("定于{at}更正发布《{title}》，说明：{}", later.explanation)
        }
        (Visibility::Public | Visibility::Withdrawn, Some(from)) => format!(
            "定于{at}发布修改后的《{title}》，{}起施行，依据：{}",
            gongkai_platform::web::day(from),
            later.explanation
        ),
    }
}

/// What was taken from the public comes back by a person's act alone.
const WITHDRAWN: &str = "文件已经撤下，要不要重新公开由人当时决定，不能定时。请直接发布更正稿。";

/// Publishes what its hour has come for.
pub struct Clockwork {
    app: App,
}

impl Clockwork {
    #[must_use]
    pub fn worker(app: &App) -> Arc<dyn Worker> {
        Arc::new(Self { app: app.clone() })
    }

    async fn run(&self) -> Result<usize, StoreError> {
        let now = self.app.db.now().as_millisecond();
        let ready = self
            .app
            .db
            .read(async |tx: &mut Tx| store::ready(tx, now, AT_ONCE).await)
            .await?;
        let mut done = 0;
        for id in ready {
            let went = self
                .app
                .db
                .write(async |tx: &mut Tx| {
                    let Some(document) = store::load(tx, &Scope::Everything, id).await? else {
                        return Err(NotDone::NotFound);
                    };
                    if document.visibility == Visibility::Withdrawn {
                        return Err(NotDone::Refused(vec![("at", WITHDRAWN.to_owned())]));
                    }
                    let later = store::later(tx, document.edition).await?;
                    let later = later.unwrap_or_default();
                    go_out(tx, &Actor::System, document, later.word()).await
                })
                .await;
            match went {
                Ok(_) => done += 1,
                Err(NotDone::Store(error)) => return Err(error),
                Err(NotDone::NotFound) => {}
                Err(NotDone::Refused(reasons)) => self.not_out(id, &reasons).await?,
            }
        }
        Ok(done)
    }

    /// What may not go out at its hour waits for people, who are told why.
    async fn not_out(&self, id: DocumentId, reasons: &[Reason]) -> Result<(), StoreError> {
        let why: String = reasons.iter().map(|(_, why)| why.as_str()).collect();
        self.app
            .db
            .write(async |tx: &mut Tx| {
                let Some(mut document) = store::load(tx, &Scope::Everything, id).await? else {
                    return Err(StoreError::Stale);
                };
                document.publish_at = None;
                store::update(tx, &document, None).await?;
                let sentence = format!("《{}》没有按时发布：{why}", document.title);
                tx.record(event(
                    &Actor::System,
                    &document,
                    "document.not-published",
                    sentence,
                ));
                tell(tx, &document, why.clone()).await
            })
            .await
    }
}

async fn tell(tx: &mut Tx, document: &Document, body: String) -> Result<(), StoreError> {
    inbox::send(
        tx,
        vec![Outgoing {
            organ: document.owner,
            roles: &[Role::Author, Role::OfficeClerk, Role::ThirdReviewer],
            reach: Reach::Own,
            topic: Topic::House,
            key: format!("document:{}:{}:not-out", document.id, document.version),
            title: format!("没有按时发布：《{}》", document.title),
            body,
            path: format!("/workspace/documents/{}", document.id),
            about: None,
        }],
    )
    .await?;
    Ok(())
}

#[async_trait]
impl Worker for Clockwork {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn work(&self, _: Job, _: Progress) -> Result<String, String> {
        match self.run().await {
            Ok(n) => Ok(format!("定时发布{n}件。")),
            Err(error) => Err(error.to_string()),
        }
    }
}

#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "定时发布文件",
        when: When::Every {
            minutes: LOOK_MINUTES,
        },
    }]
}
