//! 旧文本不再提供: an amendment leaves the text before it readable, and something may stand there that nobody should read. One
//! such text is taken from the public, with a reason that the public reads; the document itself stays.
//!
//! Law: 政府信息公开条例 (2019) art. 14–16: what must not be public does not stay so because a later text no longer has it.

use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use serde_json::json;

use super::handle::event;
use super::history::{self, Version};
use super::publish::existing;
use super::{Document, SUMMARY_CHARS_MAX, store};
use crate::acts::PublishDocuments;
use crate::id::{DocumentId, EditionId};

/// Why a text is not given out any more, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// Said to the public.
    pub why: String,
    /// Milliseconds since 1970.
    pub at: i64,
}

/// What is said of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// `None` where none was chosen.
    pub edition: Option<EditionId>,
    pub why: String,
    /// Whoever hides it says that it is meant.
    pub sure: bool,
}

/// The earlier texts of a document, the oldest first: all but the one that its page shows.
///
/// # Errors
/// When the store fails.
pub async fn texts(tx: &mut Tx, document: &Document) -> Result<Vec<Version>, StoreError> {
    let mut versions = history::versions(tx, document).await?;
    versions.retain(|version| Some(version.edition.id) != document.published);
    Ok(versions)
}

/// All that keeps a text from being hidden.
fn why_not_hide(texts: &[Version], said: &Said) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = text_fault(
        ("why_hidden", "不再提供的理由"),
        &said.why,
        SUMMARY_CHARS_MAX,
        Wanted::Yes,
    )
    .into_iter()
    .collect();
    let of = |version: &&Version| Some(version.edition.id) == said.edition;
    match texts.iter().find(of) {
        None => reasons.push((
            "text",
            "请选择一份旧文本。现在的文本有问题的，请写更正稿，或者撤下文件。".to_owned(),
        )),
        Some(version) if version.hidden.is_some() => {
            reasons.push(("text", "这份旧文本已经不再提供。".to_owned()));
        }
        Some(_) => {}
    }
    if !said.sure {
        reasons.push((
            "sure",
            "请勾选确认：公众不能再看到这份旧文本，也不能再与它比较。".to_owned(),
        ));
    }
    reasons
}

/// Takes an earlier text from the public.
///
/// # Errors
/// Not found; stale; refused with all the reasons.
pub async fn hide(
    tx: &mut Tx,
    permit: &Permit<PublishDocuments>,
    of: (DocumentId, i64),
    said: &Said,
) -> Result<(), NotDone> {
    let document = existing(tx, permit, of).await?;
    let texts = texts(tx, &document).await?;
    refused(why_not_hide(&texts, said))?;
    let chosen = |version: &&Version| Some(version.edition.id) == said.edition;
    let Some(version) = texts.iter().find(chosen) else {
        return Err(NotDone::NotFound);
    };
    // A gazette may have printed what a correction replaced; what the page shows now stays.
    for edition in &version.editions {
        if Some(*edition) != document.published {
            store::hide_text(tx, *edition, &said.why).await?;
        }
    }
    store::update(tx, &document, None).await?;
    let sentence = format!(
        "《{}》{}适用的旧文本（第{}稿）不再提供：{}",
        document.title,
        version.days(),
        version.edition.number,
        said.why
    );
    let data = json!({ "edition": version.edition.hash, "why": said.why });
    tx.record(event(permit.actor(), &document, "document.text_hidden", sentence).data(data));
    Ok(())
}

/// Gives an earlier text out again.
///
/// # Errors
/// Not found; stale; refused without a reason, or where it is given out already.
pub async fn show(
    tx: &mut Tx,
    permit: &Permit<PublishDocuments>,
    of: (DocumentId, i64),
    said: &Said,
) -> Result<(), NotDone> {
    let document = existing(tx, permit, of).await?;
    let texts = texts(tx, &document).await?;
    let hidden =
        |version: &&Version| Some(version.edition.id) == said.edition && version.hidden.is_some();
    let found = texts.iter().find(hidden);
    let mut reasons: Vec<Reason> = text_fault(
        ("why_shown", "重新提供的理由"),
        &said.why,
        SUMMARY_CHARS_MAX,
        Wanted::Yes,
    )
    .into_iter()
    .collect();
    if found.is_none() {
        reasons.push(("hidden", "请选择一份不再提供的旧文本。".to_owned()));
    }
    refused(reasons)?;
    let Some(version) = found else {
        return Err(NotDone::NotFound);
    };
    for edition in &version.editions {
        store::show_text(tx, *edition).await?;
    }
    store::update(tx, &document, None).await?;
    let sentence = format!(
        "《{}》{}适用的旧文本（第{}稿）重新提供：{}",
        document.title,
        version.days(),
        version.edition.number,
        said.why
    );
    let data = json!({ "edition": version.edition.hash, "why": said.why });
    tx.record(event(permit.actor(), &document, "document.text_shown", sentence).data(data));
    Ok(())
}
