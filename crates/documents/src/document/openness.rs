//! 公开属性动态调整: what is not open is looked at again on its day, and stays so, or changes, with a reason.
//!
//! Law: 政府信息公开条例 (2019) art. 18: 对不予公开的政府信息进行定期评估审查，因情势变化可以公开的应当公开. It fixes no interval.

use gongkai_basis::{Date, Role, coded};
use gongkai_platform::access::{Permit, Reach};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use gongkai_platform::inbox::{self, Outgoing, Topic};
use gongkai_platform::web::{civil_day, day};
use jiff::ToSpan as _;
use serde_json::json;

use super::handle::{event, write};
use super::{Document, Ground, Head, Openness, SUMMARY_CHARS_MAX, State, Visibility, files, store};
use crate::acts::WriteDocuments;
use crate::id::DocumentId;

/// Months until the next look, where the draft names no day: ours.
pub const MONTHS: i32 = 12;
/// Documents of one statement.
const AT_ONCE: i64 = 200;

coded! {
    /// What came of a look.
    pub enum Outcome {
        Kept = "kept", "维持现在的公开属性";
        Open = "open", "改为主动公开";
        OnRequest = "on_request", "改为依申请公开";
        Closed = "closed", "改为不予公开";
    }
}

impl Outcome {
    const fn openness(self) -> Option<Openness> {
        match self {
            Self::Kept => None,
            Self::Open => Some(Openness::Open),
            Self::OnRequest => Some(Openness::OnRequest),
            Self::Closed => Some(Openness::Closed),
        }
    }
}

/// The day on which a text that was written today is looked at again; `None` for what is open.
#[must_use]
pub fn next_look(head: &Head, today: Date) -> Option<Date> {
    match head.openness() {
        Openness::Open => None,
        Openness::OnRequest | Openness::Closed => head.review_on.or(in_a_year(today)),
    }
}

/// The next day, where nobody names another.
#[must_use]
pub fn in_a_year(today: Date) -> Option<Date> {
    today.checked_add(MONTHS.months()).ok()
}

/// What a person decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub outcome: Outcome,
    /// Of what is changed to another attribute that is not open.
    pub ground: Option<Ground>,
    /// Of what stays closed, the next look.
    pub next_on: Option<Date>,
    pub why: String,
}

/// What keeps a decision from being taken.
fn why_not((document, head): (&Document, &Head), decided: &Decided, today: Date) -> Vec<Reason> {
    let why = ("why_reviewed", "复核的理由");
    let mut reasons: Vec<Reason> = text_fault(why, &decided.why, SUMMARY_CHARS_MAX, Wanted::Yes)
        .into_iter()
        .collect();
    let mut refuse = |field: &'static str, said: &str| reasons.push((field, said.to_owned()));
    if head.openness() == Openness::Open {
        refuse("outcome", "文件是主动公开的，不用复核公开属性。");
    }
    if document.visibility == Visibility::Public {
        refuse(
            "outcome",
            "文件已经公开，公开属性随更正稿送审，不在这里复核。",
        );
    }
    match document.state {
        State::Reviewing => refuse(
            "outcome",
            "文件正在审核。请先撤回送审，或等审核办完再复核。",
        ),
        State::Discarded => refuse("outcome", "草稿已经作废，不用复核公开属性。"),
        State::Draft | State::Approved | State::Settled => {}
    }
    let changed = decided.outcome.openness();
    if changed == Some(head.openness()) {
        refuse(
            "outcome",
            "现在就是这个公开属性；不变的，请选“维持现在的公开属性”。",
        );
    }
    if changed.is_some_and(|to| to != Openness::Open) && decided.ground.is_none() {
        refuse("ground_reviewed", "不主动公开的，请写明法定理由。");
    }
    if changed != Some(Openness::Open) {
        match decided.next_on {
            None => refuse("next_on", "请填写下次复核的日期，一般不超过12个月。"),
            Some(next) if next <= today => refuse("next_on", "下次复核的日期应当在今天以后。"),
            Some(_) => {}
        }
    }
    reasons
}

/// Keeps the attribute until the next day, or begins the next edition with another one, which goes to review as any text.
///
/// # Errors
/// Not found; stale; refused with all the reasons.
pub async fn decide(
    tx: &mut Tx,
    permit: &Permit<WriteDocuments>,
    (id, version): (DocumentId, i64),
    decided: &Decided,
) -> Result<(), NotDone> {
    let mut document = store::load(tx, permit.scope(), id)
        .await?
        .ok_or(NotDone::NotFound)?;
    if document.version != version {
        return Err(StoreError::Stale.into());
    }
    let edition = store::edition(tx, document.edition)
        .await?
        .ok_or(NotDone::NotFound)?;
    let today = civil_day(tx.now());
    refused(why_not((&document, &edition.head), decided, today))?;
    let (from, why) = (edition.head.openness().name(), &decided.why);
    let sentence = match decided.outcome.openness() {
        None => {
            document.review_on = decided.next_on;
            store::update(tx, &document, None).await?;
            let next = decided.next_on.map_or_else(String::new, day);
            format!(
                "复核《{}》的公开属性，维持“{from}”，下次复核{next}：{why}",
                edition.head.title
            )
        }
        Some(to) => {
            let head = Head {
                openness: to.code().to_owned(),
                ground: match (to, decided.ground) {
                    (Openness::OnRequest | Openness::Closed, Some(ground)) => {
                        ground.code().to_owned()
                    }
                    (Openness::Open, _) | (_, None) => String::new(),
                },
                review_on: decided.next_on.filter(|_| to != Openness::Open),
                why_closed: match to {
                    Openness::OnRequest | Openness::Closed => why.clone(),
                    Openness::Open => String::new(),
                },
                ..edition.head
            };
            let title = head.title.clone();
            let written = write(tx, permit, (id, version), (head, edition.html)).await?;
            let of = (&written, Some(edition.id));
            files::settle(tx, permit.actor(), of, files::Change::default()).await?;
            document = written;
            format!(
                "复核《{title}》的公开属性，由“{from}”改为“{}”：{why}",
                to.name()
            )
        }
    };
    let told = event(
        permit.actor(),
        &document,
        "document.openness-reviewed",
        sentence,
    );
    tx.record(told.data(json!({ "outcome": decided.outcome.code() })));
    Ok(())
}

/// Tells those who work on a document that its day has come, once for each day; gives how many documents those are.
///
/// # Errors
/// When the store fails.
pub(super) async fn tell(tx: &mut Tx, (since, today): (Date, Date)) -> Result<i64, StoreError> {
    let (mut told, mut after) = (0, String::new());
    loop {
        let due = store::falling_due(tx, (since, today), &after, AT_ONCE).await?;
        let Some(last) = due.last() else {
            return Ok(told);
        };
        after = last.id.to_string();
        told += i64::try_from(due.len()).unwrap_or(0);
        inbox::send(tx, due.iter().map(message).collect()).await?;
    }
}

fn message(document: &Document) -> Outgoing {
    let on = document.review_on;
    Outgoing {
        organ: document.owner,
        roles: &[Role::Author, Role::OfficeClerk, Role::Liaison],
        reach: Reach::Own,
        topic: Topic::House,
        key: format!(
            "document:{}:openness:{}",
            document.id,
            on.map_or_else(String::new, |day| day.to_string())
        ),
        title: format!("复核公开属性：《{}》", document.title),
        body: "没有主动公开的文件到了复核日期。请评估情况有没有变化：可以公开的改为主动公开，仍不公开的写明理由和下次复核日期。"
            .to_owned(),
        path: format!("/workspace/documents/{}#openness", document.id),
        about: on,
    }
}
