//! 转主动公开的草稿: an order to publish begins a draft of the unit that owes it, and is closed by its publication; one whose
//! entry waits for the catalogue is closed once that is decided.
//!
//! Law: 条例 art. 44. Nothing of an applicant goes into a draft: its title is what was asked for, without personal data; its
//! text is the unit's to write.

pub mod store;

use async_trait::async_trait;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_basis::{Actor, Role};
use gongkai_platform::access::Reach;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::NotDone;
use gongkai_platform::inbox::{self, Outgoing, Topic};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Job, Progress, Worker};
use gongkai_platform::seam::{Drafted, Entry, Seams, ToDraft};
use gongkai_platform::web::App;

use crate::{cluster, publication};

const KIND: &str = "requests.drafts";
/// Drafts looked at in one reading.
const BATCH: i64 = 100;
/// Minutes between two looks: so long an order stays open after its draft was published.
const EVERY_MINUTES: i64 = 5;

/// The draft of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Of the order's finding.
    pub key: String,
    pub owner: OrganId,
    pub of: Ref,
    /// Where staff write it.
    pub path: String,
    pub is_open: bool,
}

/// An order to publish, as its draft knows it.
pub(crate) struct Order<'o> {
    pub(crate) key: &'o str,
    pub(crate) owner: OrganId,
    /// Without personal data.
    pub(crate) subject: &'o str,
    /// Where the order comes from, without personal data.
    pub(crate) source: String,
}

/// A title of what was asked for: without the words of asking.
#[must_use]
pub fn title(subject: &str) -> String {
    let subject = subject.trim();
    let asked = [
        "申请公开",
        "请求公开",
        "要求公开",
        "申请获取",
        "申请查询",
        "申请",
    ];
    let rest = asked.iter().find_map(|words| subject.strip_prefix(words));
    let rest = rest.unwrap_or(subject).trim_start();
    if rest.is_empty() { subject } else { rest }.to_owned()
}

/// What the owner of an order does next, in words.
#[must_use]
pub(crate) fn how(has_draft: bool) -> &'static str {
    if has_draft {
        "已在“信息发布—文件”里起草，请补充正文、送审；期限前发布后自动销号。正文不要写申请人的信息。"
    } else {
        "请在期限前公开，并登记公开的网址。"
    }
}

/// Begins the draft of an order and tells those who write there, or waits again for the one that its owner has already; gives
/// whether there is one. The order itself does not link to it: an office that watches over the unit cannot open it.
///
/// # Errors
/// When the store fails.
pub(crate) async fn begin(
    tx: &mut Tx,
    actor: &Actor,
    seams: &Seams,
    order: Order<'_>,
) -> Result<bool, StoreError> {
    let before = store::load(tx, order.key).await?;
    let known = before.filter(|draft| draft.owner == order.owner);
    let draft = match (known, &seams.drafts) {
        (Some(draft), _) => Some(Drafted {
            of: draft.of,
            path: draft.path,
        }),
        (None, None) => None,
        (None, Some(drafts)) => {
            let wanted = ToDraft {
                owner: order.owner,
                title: title(order.subject),
                source: order.source.clone(),
            };
            let begun = drafts.begin(tx, actor, &wanted).await?;
            if let Some(draft) = &begun {
                tell(tx, (&order, &wanted), draft).await?;
            }
            begun
        }
    };
    let Some(draft) = draft else {
        store::close(tx, order.key).await?;
        return Ok(false);
    };
    store::keep(tx, (order.key, order.owner), &draft).await?;
    Ok(true)
}

/// Tells those who write for the unit.
async fn tell(
    tx: &mut Tx,
    (order, wanted): (&Order<'_>, &ToDraft),
    draft: &Drafted,
) -> Result<(), StoreError> {
    let message = Outgoing {
        organ: order.owner,
        roles: &[Role::Liaison, Role::Author, Role::OfficeClerk],
        reach: Reach::Own,
        topic: Topic::Request,
        key: format!("{}:{}", order.key, draft.of.id),
        title: format!("请补充正文、送审：《{}》", wanted.title),
        body: wanted.source.clone(),
        path: draft.path.clone(),
        about: None,
    };
    inbox::send(tx, vec![message]).await.map(|_| ())
}

/// Closes the orders whose drafts the public reads now; gives how many.
///
/// # Errors
/// When the store fails; what was closed stays closed.
pub async fn look(app: &App) -> Result<u64, StoreError> {
    let (mut last, mut closed) = (String::new(), 0);
    loop {
        let (drafts, entries) = app
            .db
            .read(async |tx: &mut Tx| {
                let drafts = store::open_after(tx, &last, BATCH).await?;
                let refs: Vec<Ref> = drafts.iter().map(|draft| draft.of.clone()).collect();
                let entries = app.seams.entries(tx, &refs).await?;
                Ok::<_, StoreError>((drafts, entries))
            })
            .await?;
        let Some(end) = drafts.last() else {
            return Ok(closed);
        };
        last = end.key.clone();
        for (draft, entry) in drafts.iter().zip(entries) {
            if let Some(entry) = entry {
                closed += u64::from(close(app, draft, &entry).await?);
            }
        }
    }
}

/// One order whose draft is public; `false` where somebody was first.
async fn close(app: &App, draft: &Draft, entry: &Entry) -> Result<bool, StoreError> {
    let today = app.today();
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            let now = store::load(tx, &draft.key).await?;
            if now.is_none_or(|now| !now.is_open || now.of != draft.of) {
                return Err(NotDone::NotFound);
            }
            let suggestion = cluster::handle::of_key(&draft.key);
            if let Some(id) = suggestion
                && cluster::listing::waits(tx, &app.seams, id).await?
            {
                return Err(NotDone::NotFound);
            }
            store::close(tx, &draft.key).await?;
            if let Some(id) = publication::of_key(&draft.key) {
                publication::became_public(tx, id, entry, today).await
            } else if let Some(id) = suggestion {
                let of = (entry, "草稿已发布");
                cluster::handle::became_public(tx, id, of, today).await
            } else {
                Err(NotDone::NotFound)
            }
        })
        .await;
    match done {
        Ok(()) => Ok(true),
        Err(NotDone::Store(StoreError::Stale) | NotDone::NotFound | NotDone::Refused(_)) => {
            Ok(false)
        }
        Err(NotDone::Store(error)) => Err(error),
    }
}

/// Every few minutes.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "转主动公开的草稿是否已发布",
        when: When::Every {
            minutes: EVERY_MINUTES,
        },
    }]
}

/// Looks whether drafts were published.
pub struct Watch(App);

impl Watch {
    #[must_use]
    pub fn new(app: App) -> Self {
        Self(app)
    }
}

#[async_trait]
impl Worker for Watch {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn work(&self, _: Job, _: Progress) -> Result<String, String> {
        let done = async {
            let by_draft = look(&self.0).await?;
            Ok::<_, StoreError>(by_draft + cluster::listing::look(&self.0).await?)
        };
        match done.await {
            Ok(closed) => Ok(format!("已发布而登记公开的{closed}项。")),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "drafts were not looked at"
                );
                Err("没有看完，已登记的都在，稍后自动再试。".to_owned())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::title;

    #[test]
    fn a_title_is_what_was_asked_for() {
        for (subject, expected) in [
            ("申请公开公交线路调整评估报告", "公交线路调整评估报告"),
            ("公开招聘名单", "公开招聘名单"),
            ("申请公开", "申请公开"),
        ] {
            assert_eq!(title(subject), expected);
        }
    }
}
