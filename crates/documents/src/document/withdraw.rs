//! What is public comes back with a word to the public, and may be put back as it was.

use gongkai_basis::Actor;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::fault::{NotDone, Wanted, refused, text_fault};

use super::handle::event;
use super::publish::existing;
use super::{Document, SUMMARY_CHARS_MAX, State, Visibility, cited, number, store};
use crate::acts::PublishDocuments;
use crate::id::DocumentId;

/// Takes it off every public page; the page keeps its address and says why.
///
/// # Errors
/// Not found; stale; refused without a word to the public.
pub async fn withdraw(
    tx: &mut Tx,
    permit: &Permit<PublishDocuments>,
    of: (DocumentId, i64),
    explanation: &str,
) -> Result<(), NotDone> {
    let document = existing(tx, permit, of).await?;
    take_down(tx, permit.actor(), document, explanation).await
}

/// As [`withdraw`], for what was found in reach already.
pub(crate) async fn take_down(
    tx: &mut Tx,
    actor: &Actor,
    mut document: Document,
    explanation: &str,
) -> Result<(), NotDone> {
    let mut reasons: Vec<_> = text_fault(
        ("why", "撤下说明"),
        explanation,
        SUMMARY_CHARS_MAX,
        Wanted::Yes,
    )
    .into_iter()
    .collect();
    if document.visibility != Visibility::Public {
        reasons.push(("why", "文件没有发布，不用撤下。".to_owned()));
    }
    refused(reasons)?;
    document.visibility = Visibility::Withdrawn;
    // What was approved and is not open waited for this alone.
    if document.state == State::Approved && document.is_unopened() {
        document.state = State::Settled;
    }
    document.explain(explanation, tx.now());
    store::update(tx, &document, None).await?;
    let sentence = format!("撤下《{}》：{explanation}", document.title);
    tx.record(event(actor, &document, "document.withdrawn", sentence));
    cited::changed(tx, &document, "撤下").await?;
    Ok(())
}

/// Puts a withdrawn document back as it was; the reason stays in its history.
///
/// # Errors
/// Not found; stale; refused when it was not withdrawn, or without a reason.
pub async fn restore(
    tx: &mut Tx,
    permit: &Permit<PublishDocuments>,
    of: (DocumentId, i64),
    reason: &str,
) -> Result<(), NotDone> {
    let mut document = existing(tx, permit, of).await?;
    let mut reasons: Vec<_> = text_fault(
        ("why", "恢复的理由"),
        reason,
        SUMMARY_CHARS_MAX,
        Wanted::Yes,
    )
    .into_iter()
    .collect();
    if document.visibility != Visibility::Withdrawn {
        reasons.push(("state", "文件没有撤下，不用恢复。".to_owned()));
    }
    // While it was down its number may have gone to another.
    let taken = store::numbered(tx, (document.organ, &document.number), Some(document.id)).await?;
    reasons.extend(
        taken
            .iter()
            .map(|other| ("state", number::sentence(&document, other))),
    );
    refused(reasons)?;
    document.visibility = Visibility::Public;
    document.explain("", tx.now());
    store::update(tx, &document, None).await?;
    let sentence = format!("恢复发布《{}》：{reason}", document.title);
    tx.record(event(
        permit.actor(),
        &document,
        "document.restored",
        sentence,
    ));
    cited::changed(tx, &document, "恢复发布").await?;
    Ok(())
}
