//! An issue that never came out is given up with a reason. Its number is free again, so it leaves no record but its event,
//! which says what stood in it.

use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::fault::{NotDone, Wanted, refused, text_fault};
use serde_json::json;

use super::handle::{being_edited, event};
use super::{REMARK_CHARS_MAX, store};
use crate::acts::EditGazette;
use crate::id::IssueId;

/// Gives up an issue that is being edited; the documents in it stay as they are. Gives its name.
///
/// # Errors
/// Not found; stale; refused without a reason, and for what was proposed or issued.
pub async fn discard(
    tx: &mut Tx,
    permit: &Permit<EditGazette>,
    of: (IssueId, i64),
    why: &str,
) -> Result<String, NotDone> {
    let whole = being_edited(tx, permit, of).await?;
    let field = ("why", "放弃的理由");
    let fault = text_fault(field, why, REMARK_CHARS_MAX, Wanted::Yes);
    refused(fault.into_iter().collect())?;
    store::remove(tx, &whole.issue).await?;
    let name = whole.issue.words.name();
    let items = whole.items.iter();
    let titles: Vec<&str> = items.map(|item| item.head.title.as_str()).collect();
    let sentence = format!("放弃编辑{name}（选入{}篇）：{why}", titles.len());
    let told = event(permit.actor(), &whole.issue, "gazette.discarded", sentence);
    tx.record(told.data(json!({ "items": titles })));
    Ok(name)
}
