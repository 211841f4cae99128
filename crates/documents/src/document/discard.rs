//! A draft that nobody goes on with is put aside with a reason, and may be taken back. After some weeks its files go, as
//! far as no review was about them; text and history stay.

use std::sync::Arc;

use gongkai_basis::Actor;
use gongkai_platform::access::Permit;
use gongkai_platform::attachment;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Worker, nightly};
use gongkai_platform::web::App;
use jiff::SignedDuration;
use serde_json::json;

use super::handle::{SUBJECT, event};
use super::publish::existing;
use super::{Discarded, Document, SUMMARY_CHARS_MAX, State, Visibility, store};
use crate::acts::WriteDocuments;
use crate::id::DocumentId;
use crate::picture;

/// Days in which a draft can be taken back with its files: ours.
pub const KEPT_DAYS: i64 = 30;
const KIND: &str = "document.discarded";
/// Drafts of one transaction.
const AT_ONCE: i64 = 50;

/// What keeps a document from being put aside, whatever the reason; `was_approved` says whether an edition of it passed its
/// whole review.
#[must_use]
pub fn why_not(document: &Document, was_approved: Approved) -> Vec<Reason> {
    let said = match (document.visibility, document.state) {
        (Visibility::Public, _) => "文件已经发布，不能作废。不再公开的，请写明理由撤下。",
        (Visibility::Withdrawn, _) => "文件发布过，已经撤下，不能再作废；撤下的理由留在公开页面。",
        (Visibility::Never, State::Reviewing) => "文件正在审核，不能作废。请先撤回送审。",
        (Visibility::Never, State::Approved | State::Settled) => {
            "文件已经审核通过，审核过的文本要留存，不能作废。"
        }
        (Visibility::Never, State::Discarded) => "这份草稿已经作废。",
        (Visibility::Never, State::Draft) => match was_approved {
            Approved::Once => "这份文件有一稿审核通过过，审核过的文本要留存，不能作废。",
            Approved::Never => return Vec::new(),
        },
    };
    vec![("why_discarded", said.to_owned())]
}

/// Whether an edition passed its whole review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approved {
    Never,
    Once,
}

/// Whether an edition of this document passed its whole review.
///
/// # Errors
/// When the store fails.
pub async fn approved(tx: &mut Tx, document: &Document) -> Result<Approved, StoreError> {
    let once = store::was_approved(tx, document.id).await?;
    Ok(if once {
        Approved::Once
    } else {
        Approved::Never
    })
}

/// Puts a draft aside.
///
/// # Errors
/// Not found; stale; refused without a reason, and for what is reviewed or was ever published.
pub async fn discard(
    tx: &mut Tx,
    permit: &Permit<WriteDocuments>,
    of: (DocumentId, i64),
    why: &str,
) -> Result<(), NotDone> {
    let mut document = existing(tx, permit, of).await?;
    let field = ("why_discarded", "作废的理由");
    let mut reasons: Vec<Reason> = text_fault(field, why, SUMMARY_CHARS_MAX, Wanted::Yes)
        .into_iter()
        .collect();
    let approved = approved(tx, &document).await?;
    reasons.extend(why_not(&document, approved));
    refused(reasons)?;
    document.state = State::Discarded;
    document.discarded = Some(Discarded {
        at: tx.now().as_millisecond(),
        why: why.to_owned(),
        is_final: false,
    });
    store::update(tx, &document, None).await?;
    let sentence = format!("作废草稿《{}》：{why}", document.title);
    tx.record(event(
        permit.actor(),
        &document,
        "document.discarded",
        sentence,
    ));
    Ok(())
}

/// Takes a draft back as it was put aside. A 索引号 that an older site gave and that another document has by now does not
/// come back: the draft is given one when it goes out.
///
/// # Errors
/// Not found; stale; refused without a reason, where it was not put aside, and where its files went.
pub async fn take_back(
    tx: &mut Tx,
    permit: &Permit<WriteDocuments>,
    of: (DocumentId, i64),
    why: &str,
) -> Result<(), NotDone> {
    let mut document = existing(tx, permit, of).await?;
    let field = ("why_back", "取回的理由");
    let mut reasons: Vec<Reason> = text_fault(field, why, SUMMARY_CHARS_MAX, Wanted::Yes)
        .into_iter()
        .collect();
    match &document.discarded {
        None => reasons.push(("why_back", "这份草稿没有作废，不用取回。".to_owned())),
        Some(one) if one.is_final => reasons.push((
            "why_back",
            format!("作废已满{KEPT_DAYS}天，不能取回。正文还在这一页，可以复制到新起草的文件里。"),
        )),
        Some(_) => {}
    }
    refused(reasons)?;
    document.state = State::Draft;
    document.discarded = None;
    let mut sentence = format!("取回作废的草稿《{}》：{why}", document.title);
    if store::indexed(tx, &document.index_number).await?.is_some() {
        let number = std::mem::take(&mut document.index_number);
        sentence.push_str(&format!(
            "（索引号“{number}”作废期间已用于另一份文件，发布时另编）"
        ));
    }
    store::update(tx, &document, None).await?;
    tx.record(event(
        permit.actor(),
        &document,
        "document.taken-back",
        sentence,
    ));
    Ok(())
}

/// Lets the files of one draft go, and says how many those were.
async fn empty(tx: &mut Tx, actor: &Actor, document: &Document) -> Result<usize, StoreError> {
    let mut gone = 0;
    if !store::was_sealed(tx, document.id).await? {
        let id = document.id.to_string();
        for kind in [SUBJECT, picture::SUBJECT] {
            for one in attachment::of(tx, (kind, &id)).await? {
                attachment::remove(tx, (kind, &id), one.id).await?;
                gone += 1;
            }
        }
        for (edition, ..) in store::editions(tx, document.id).await? {
            store::set_files(tx, edition, &[]).await?;
        }
    }
    store::set_emptied(tx, document).await?;
    let sentence = format!(
        "《{}》作废已满{KEPT_DAYS}天，不能再取回；清除附件和图片{gone}个",
        document.title
    );
    let told = event(actor, document, "document.emptied", sentence);
    tx.record(told.data(json!({ "files": gone })));
    Ok(gone)
}

/// Lets the files of drafts go that were put aside long enough ago; gives how many drafts those were. Bytes that nothing
/// names any more go with the night's tidying.
///
/// # Errors
/// When the store fails.
pub async fn release(tx: &mut Tx, actor: &Actor) -> Result<usize, StoreError> {
    let before = tx.now() - SignedDuration::from_hours(24 * KEPT_DAYS);
    let due = store::discarded_before(tx, before.as_millisecond(), AT_ONCE).await?;
    let mut files = 0;
    for document in &due {
        files += empty(tx, actor, document).await?;
    }
    let sentence = format!(
        "检查作废的草稿：满{KEPT_DAYS}天的{}份，清除附件和图片{files}个",
        due.len()
    );
    tx.record(Event::new(
        actor,
        "document.discarded-looked",
        (SUBJECT, String::new()),
        sentence,
    ));
    Ok(due.len())
}

/// The nightly look.
#[must_use]
pub fn worker(app: &App) -> Arc<dyn Worker> {
    nightly(KIND, app, |app| {
        Box::pin(async move {
            let mut all = 0;
            loop {
                let some = app
                    .db
                    .write(async |tx: &mut Tx| release(tx, &Actor::System).await)
                    .await?;
                all += some;
                if i64::try_from(some).unwrap_or(0) < AT_ONCE {
                    break;
                }
            }
            Ok(format!("作废满{KEPT_DAYS}天的草稿{all}份。"))
        })
    })
}

/// Before the platform's own tidying, which takes the bytes.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "清除作废草稿的附件",
        when: When::Daily {
            hour: 2,
            minute: 50,
        },
    }]
}
