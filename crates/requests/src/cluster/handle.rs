//! What the office decides about a suggestion, in one transaction each.

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::{Run, limits};
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::audit::{self, Event};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use gongkai_platform::finding::{self, FindingKind, Found, Severity, Source};
use gongkai_platform::organ;
use gongkai_platform::seam::{Entry, Seams};
use serde_json::json;

use super::{Act, Cluster, ELSEWHERE, Published, State, listing, store};
use crate::acts::DecideClusters;
use crate::draft;
use crate::id::SuggestionId;
use crate::publication::{Keep, is_address, office_over};
use crate::reach;
use crate::request::submit::desk_of;
use crate::request::{LINE_CHARS_MAX, TEXT_CHARS_MAX};

const SUBJECT: &str = "request_cluster";
const DECIDED: &str = "request-cluster.decided";
/// Decisions about one suggestion among which its adoption is looked for, the newest first.
const DECIDED_MAX: i64 = 50;

/// What somebody decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// To the unit that publishes, as an order with a day; and, where that is wanted, to the catalogue as a proposed entry.
    Adopt {
        owner: OrganId,
        why: String,
        lists: bool,
    },
    Decline {
        ground: Option<Keep>,
        why: String,
    },
    /// What is public now: a record of this site, or an address elsewhere with its title.
    Publish {
        record: Record,
    },
    Reopen {
        why: String,
    },
    /// To the catalogue as a proposed entry, later than adopted.
    List,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// `None` for an address elsewhere.
    pub of: Option<Ref>,
    pub title: String,
    pub path: String,
}

impl Decision {
    const fn act(&self) -> Act {
        match self {
            Self::Adopt { .. } => Act::Adopt,
            Self::Decline { .. } => Act::Decline,
            Self::Publish { .. } => Act::Publish,
            Self::Reopen { .. } => Act::Reopen,
            Self::List => Act::List,
        }
    }

    /// What becomes of the proposed entry.
    const fn step(&self) -> listing::Step {
        match self {
            Self::Adopt { lists: true, .. } | Self::List => listing::Step::Propose,
            Self::Adopt { lists: false, .. } | Self::Decline { .. } | Self::Reopen { .. } => {
                listing::Step::Withdraw
            }
            // Published before it stood in the catalogue: it may still come to stand there.
            Self::Publish { .. } => listing::Step::Leave,
        }
    }

    /// Every reason why it cannot be decided so.
    #[must_use]
    pub fn why_not(&self) -> Vec<Reason> {
        let words = |why: &str, wanted| {
            let fault = text_fault(("why", "说明"), why, TEXT_CHARS_MAX, wanted);
            fault.into_iter().collect::<Vec<_>>()
        };
        match self {
            Self::Adopt { why, .. } => words(why, Wanted::No),
            Self::List => Vec::new(),
            Self::Reopen { why } => words(why, Wanted::Yes),
            Self::Decline { ground: None, .. } => {
                vec![("ground", "不采纳的，请选择理由。".to_owned())]
            }
            Self::Decline { ground, why } if *ground == Some(Keep::Other) => {
                words(why, Wanted::Yes)
            }
            Self::Decline { why, .. } => words(why, Wanted::No),
            Self::Publish { record } => {
                let title = text_fault(
                    ("title", "公开的名称"),
                    &record.title,
                    LINE_CHARS_MAX,
                    Wanted::Yes,
                );
                let path = text_fault(
                    ("path", "公开的网址"),
                    &record.path,
                    LINE_CHARS_MAX,
                    Wanted::Yes,
                );
                let mut faults: Vec<Reason> = title.into_iter().chain(path).collect();
                if !record.path.is_empty() && !is_address(&record.path) {
                    let sentence =
                        "网址以“/”开头（本门户的页面）或以“https://”开头，中间没有空格。";
                    faults.push(("path", sentence.to_owned()));
                }
                faults
            }
        }
    }
}

const KEY: &str = "request-cluster:";

fn key(id: SuggestionId) -> String {
    format!("{KEY}{id}")
}

/// The suggestion of an order's key.
pub(crate) fn of_key(key: &str) -> Option<SuggestionId> {
    key.strip_prefix(KEY)?.parse().ok()
}

/// What was adopted is public now: notes where and `how` that came, and closes the order. Later applicants see it.
///
/// # Errors
/// Not found where it is waited for no longer; stale when somebody was first.
pub(crate) async fn became_public(
    tx: &mut Tx,
    id: SuggestionId,
    (entry, how): (&Entry, &str),
    today: Date,
) -> Result<(), NotDone> {
    let found = store::load(tx, &Scope::Everything, id).await?;
    let Some(mut cluster) = found.filter(|one| one.state == State::Adopted) else {
        return Err(NotDone::NotFound);
    };
    cluster.state = State::Published;
    cluster.due_on = None;
    cluster.published = Some(Published {
        subject: cluster.subject.clone(),
        organ: (cluster.organ, cluster.organ_name.clone()),
        of: Ref {
            kind: entry.kind.clone(),
            id: entry.id.clone(),
        },
        title: entry.title.clone(),
        path: entry.path.clone(),
        on: Some(today),
    });
    store::save(tx, &cluster).await?;
    let owner = cluster.owner.as_ref().map(|(id, _)| *id);
    let why = format!("已主动公开：{}", entry.path);
    settle(tx, &Actor::System, (owner, &key(id)), today, &why).await?;
    tx.record(
        Event::new(
            &Actor::System,
            "request-cluster.published",
            (SUBJECT, id.to_string()),
            format!("“{}”：{how}，已主动公开", cluster.subject),
        )
        .organ(cluster.organ),
    );
    Ok(())
}

/// The days of a step that begins on a day: those of art. 26.
pub(crate) const fn step_run(from: Date) -> Run {
    Run::of(from, limits::PUBLICATION)
}

/// The day until which the next step is due.
pub(super) fn step_due(today: Date, calendar: &WorkCalendar) -> Option<Date> {
    step_run(today).due(calendar).ok()
}

/// Decides about a suggestion under the version that was seen.
///
/// # Errors
/// Not found outside of reach; refused with all the reasons, or where the state does not allow it; stale when somebody was
/// first.
pub async fn decide(
    tx: &mut Tx,
    permit: &Permit<DecideClusters>,
    (id, version): (SuggestionId, i64),
    decision: Decision,
    (today, calendar): (Date, &WorkCalendar),
    seams: &Seams,
) -> Result<Cluster, NotDone> {
    let scope = reach::seen(tx, permit.roles()).await?;
    let mut cluster = store::load(tx, &scope, id)
        .await?
        .filter(|cluster| cluster.arisen_on.is_some())
        .ok_or(NotDone::NotFound)?;
    if cluster.version != version {
        return Err(StoreError::Stale.into());
    }
    let act = decision.act();
    let Some(next) = cluster.state.after(act) else {
        let sentence = format!(
            "现在是“{}”，不能{}。请刷新页面，看现在能办理什么。",
            cluster.state.name(),
            act.name()
        );
        return Err(NotDone::Refused(vec![("act", sentence)]));
    };
    refused(decision.why_not())?;
    let before = cluster.owner.as_ref().map(|(id, _)| *id);
    if act == Act::Reopen {
        forget_published(tx, &cluster).await?;
    }
    let step = decision.step();
    cluster.state = next;
    if act != Act::List {
        cluster.decided_by = permit.actor().name().to_owned();
        cluster.decided_on = Some(today);
    }
    take(tx, &mut cluster, decision, (today, calendar)).await?;
    store::save(tx, &cluster).await?;
    listing::take(tx, permit.actor(), seams, &cluster, step).await?;
    if act != Act::List {
        tell_owner(tx, permit.actor(), (&cluster, before), today, seams).await?;
    }
    let sentence = format!("“{}”：{}", cluster.subject, act.name());
    tx.record(
        Event::new(permit.actor(), DECIDED, (SUBJECT, id.to_string()), sentence)
            .organ(cluster.organ)
            .data(json!({
                "act": act.code(),
                "state": cluster.state.code(),
                "ground": cluster.ground.map(Keep::code),
                "owner": cluster.owner.as_ref().map(|(id, _)| id.to_string()),
                "due_on": cluster.due_on,
            })),
    );
    Ok(cluster)
}

/// Where the last decision to adopt a suggestion stands in the audit chain; `None` where an older event does not tell what was
/// decided.
///
/// # Errors
/// When the store fails.
pub(super) async fn adopted_seq(tx: &mut Tx, id: SuggestionId) -> Result<Option<i64>, StoreError> {
    let id = id.to_string();
    let events = audit::about_only(tx, (SUBJECT, &id), &[DECIDED], DECIDED_MAX).await?;
    for event in events {
        let data = serde_json::from_str::<serde_json::Value>(&event.data).ok();
        let act = data.as_ref().and_then(|data| data.get("act")?.as_str());
        match act.and_then(Act::from_code) {
            Some(Act::Adopt) => return Ok(Some(event.seq)),
            // Proposed for the catalogue later: what was adopted stays so.
            Some(Act::List) => {}
            Some(Act::Decline | Act::Publish | Act::Reopen) | None => return Ok(None),
        }
    }
    Ok(None)
}

/// Another order begins a draft of its own where the one before is what became public.
async fn forget_published(tx: &mut Tx, cluster: &Cluster) -> Result<(), StoreError> {
    let key = key(cluster.id);
    let draft = draft::store::load(tx, &key).await?;
    let is_out = |draft: &draft::Draft| {
        let published = cluster.published.as_ref();
        published.is_some_and(|one| one.of == draft.of)
    };
    if draft.as_ref().is_some_and(is_out) {
        draft::store::forget(tx, &key).await?;
    }
    Ok(())
}

/// What the decision makes of the suggestion's fields.
async fn take(
    tx: &mut Tx,
    cluster: &mut Cluster,
    decision: Decision,
    (today, calendar): (Date, &WorkCalendar),
) -> Result<(), NotDone> {
    cluster.ground = None;
    match decision {
        Decision::List => {}
        Decision::Adopt { owner, why, .. } => {
            let organ = organ::store::load(tx, owner).await?;
            let Some(organ) = organ.filter(organ::Organ::is_active) else {
                let sentence = "请选择现有的单位。".to_owned();
                return Err(NotDone::Refused(vec![("owner", sentence)]));
            };
            cluster.owner = Some((organ.id, organ.name));
            cluster.why = why;
            cluster.due_on = step_due(today, calendar);
        }
        Decision::Decline { ground, why } => {
            cluster.ground = ground;
            cluster.why = why;
            cluster.due_on = None;
        }
        Decision::Publish { record } => {
            let elsewhere = || Ref {
                kind: ELSEWHERE.to_owned(),
                id: cluster.id.to_string(),
            };
            cluster.published = Some(Published {
                subject: cluster.subject.clone(),
                organ: (cluster.organ, cluster.organ_name.clone()),
                of: record.of.unwrap_or_else(elsewhere),
                title: record.title,
                path: record.path,
                on: Some(today),
            });
            cluster.due_on = None;
        }
        Decision::Reopen { why } => {
            cluster.why = why;
            cluster.published = None;
            cluster.due_on = step_due(today, calendar);
        }
    }
    Ok(())
}

/// An adopted suggestion is an order to its owner, closed when it is public or taken back.
async fn tell_owner(
    tx: &mut Tx,
    actor: &Actor,
    (cluster, before): (&Cluster, Option<OrganId>),
    today: Date,
    seams: &Seams,
) -> Result<(), StoreError> {
    let key = key(cluster.id);
    let owner = match (cluster.state, &cluster.owner) {
        // What a government owes is done at its office's desk.
        (State::Adopted, Some((owner, _))) => desk_of(tx, *owner).await?,
        (State::Published, _) => {
            let path = cluster.published.as_ref().map_or("", |one| &one.path);
            let why = format!("已主动公开：{path}");
            return settle(tx, actor, (before, &key), today, &why).await;
        }
        (State::Open | State::Declined | State::Adopted, _) => {
            return settle(tx, actor, (before, &key), today, "改变了决定").await;
        }
    };
    let begun = draft::Order {
        key: &key,
        owner,
        subject: &cluster.subject,
        source: format!(
            "{}人申请同一信息，决定纳入主动公开（条例第44条）",
            cluster.applicants
        ),
    };
    let has_draft = draft::begin(tx, actor, seams, begun).await?;
    let listed = listing::of(tx, seams, cluster.id).await?;
    let found = Found {
        organ: owner,
        office: office_over(tx, owner).await?,
        key,
        // An order, not a reproach: nothing that had to be public was held back.
        kind: FindingKind::Other,
        severity: Severity::Minor,
        source: Source::Person,
        title: format!("多人申请的“{}”纳入主动公开目录", cluster.subject),
        detail: format!(
            "{}人先后提出{}件内容相近的申请，决定纳入主动公开（条例第44条）。{}{}{}",
            cluster.applicants,
            cluster.requests,
            listing::how(listed.as_ref()),
            draft::how(has_draft),
            cluster.why
        ),
        url: None,
        about: Some((SUBJECT.to_owned(), cluster.id.to_string())),
        found_on: today,
        fix_due_on: cluster.due_on,
    };
    finding::report(tx, actor, found).await?;
    Ok(())
}

async fn settle(
    tx: &mut Tx,
    actor: &Actor,
    (owner, key): (Option<OrganId>, &str),
    today: Date,
    why: &str,
) -> Result<(), StoreError> {
    draft::store::close(tx, key).await?;
    if let Some(owner) = owner {
        let owner = desk_of(tx, owner).await?;
        finding::settle_as(tx, actor, (owner, key), today, why).await?;
    }
    Ok(())
}
