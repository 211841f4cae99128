//! 附件: they go with the edition that they were attached to, so that what belongs to a correction is as unseen as its text
//! until that is published.

use std::collections::BTreeSet;

use gongkai_basis::Actor;
use gongkai_inspect::{Confidence, Finding, Kind, Rules};
use gongkai_platform::attachment::{self, AttachmentId, New, PER_SUBJECT_MAX};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, refused};
use gongkai_platform::files::withheld;

use super::handle::{SUBJECT, event};
use super::reading::Reading;
use super::{Document, store};
use crate::id::EditionId;
use crate::inspection::Inspection;
use crate::review::concerned;

/// What is attached anew, and what is not carried on from the edition before.
#[derive(Debug, Clone, Default)]
pub struct Change {
    pub new: Vec<New>,
    pub dropped: Vec<AttachmentId>,
}

/// Gives the document's newest edition the files of the one before, as changed; a file that is dropped stays with the
/// editions that had it.
///
/// # Errors
/// Refused where they are too many for one document.
pub async fn settle(
    tx: &mut Tx,
    actor: &Actor,
    (document, before): (&Document, Option<EditionId>),
    change: Change,
) -> Result<(), NotDone> {
    let subject = document.id.to_string();
    let mut kept = match before {
        Some(edition) => store::files(tx, edition).await?,
        None => Vec::new(),
    };
    let carried = kept.len();
    kept.retain(|id| !change.dropped.contains(id));
    let changed = kept.len() < carried || !change.new.is_empty();
    let there = attachment::of(tx, (SUBJECT, &subject)).await?;
    if there.len() + change.new.len() > PER_SUBJECT_MAX {
        refused(vec![(
            "file",
            format!("一份文件历次稿件的附件最多{PER_SUBJECT_MAX}个，请合并后上传。"),
        )])?;
    }
    let there: BTreeSet<AttachmentId> = there.into_iter().map(|one| one.id).collect();
    attachment::attach(tx, actor, (SUBJECT, &subject), document.owner, change.new).await?;
    let all = attachment::of(tx, (SUBJECT, &subject)).await?;
    kept.extend(
        all.into_iter()
            .map(|one| one.id)
            .filter(|id| !there.contains(id)),
    );
    store::set_files(tx, document.edition, &kept).await?;
    if changed && before == Some(document.edition) {
        let sentence = format!("更换《{}》的附件", document.title);
        tx.record(event(actor, document, "document.files", sentence));
        concerned::handle::files_changed(tx, actor, document).await?;
    }
    Ok(())
}

/// Attachments with the bytes of a file that was taken down, here or in another place: what each is called, and what was said
/// of that file. One that was taken down itself goes to nobody anyway.
async fn taken_down(
    tx: &mut Tx,
    files: &[attachment::Attachment],
) -> Result<Vec<(String, String)>, StoreError> {
    let given = || files.iter().filter(|file| file.withheld.is_none());
    let hashes: Vec<String> = given().filter_map(|file| file.sha256.clone()).collect();
    let down = withheld::down(tx, &hashes).await?;
    let of = |file: &attachment::Attachment| {
        let reason = down.get(file.sha256.as_ref()?)?;
        Some((file.title.clone(), reason.clone()))
    };
    Ok(given().filter_map(of).collect())
}

/// What people read of such an attachment.
#[must_use]
pub fn down_words(title: &str, reason: &str) -> String {
    format!(
        "附件“{title}”与已经撤下的文件内容完全相同（撤下说明：{}），不能再公开。请去掉或者换掉这个附件；可以公开的，请政务公开办先在“撤下相同文件”里恢复。",
        reason.trim_end_matches('。')
    )
}

/// What was taken down does not go out again with another text, until that is lifted.
///
/// # Errors
/// When the store fails.
pub async fn why_down(
    tx: &mut Tx,
    document: &Document,
    edition: EditionId,
) -> Result<Vec<Reason>, StoreError> {
    let files = of(tx, document, edition).await?;
    let down = taken_down(tx, &files).await?;
    Ok(down
        .iter()
        .map(|(title, reason)| ("file", down_words(title, reason)))
        .collect())
}

/// The same as findings of the check.
///
/// # Errors
/// When the store fails.
pub async fn down_findings(
    tx: &mut Tx,
    files: &[attachment::Attachment],
) -> Result<Vec<Finding>, StoreError> {
    let down = taken_down(tx, files).await?;
    let named = |(title, reason): &(String, String)| {
        let found = down_finding(title, reason);
        Finding {
            text: format!("附件“{title}”：{}", found.text),
            ..found
        }
    };
    Ok(down.iter().map(named).collect())
}

/// The finding of one such file.
#[must_use]
pub fn down_finding(title: &str, reason: &str) -> Finding {
    Finding {
        start: 0,
        end: 0,
        kind: Kind::Citation,
        confidence: Confidence::High,
        text: "与已经撤下的文件内容相同".to_owned(),
        advice: down_words(title, reason),
    }
}

/// What reviewers answer for in one attachment.
pub type Looked = (AttachmentId, Vec<Finding>);

/// Keeps what the check found in the attachments, as they are sealed with the newest edition.
///
/// # Errors
/// Stale where a file came while the others were looked through; a failing store.
pub async fn keep_found(
    tx: &mut Tx,
    document: &Document,
    looked: &[Looked],
) -> Result<(), StoreError> {
    let edition = document.edition;
    for file in of(tx, document, edition).await? {
        let seen = looked.iter().any(|(id, _)| *id == file.id);
        if file.sha256.is_some() && file.withheld.is_none() && !seen {
            return Err(StoreError::Stale);
        }
    }
    for (file, findings) in looked.iter().filter(|(_, found)| !found.is_empty()) {
        store::set_found(tx, (edition, *file), findings).await?;
    }
    Ok(())
}

/// What the check found in these attachments of an edition, each with the file's name. What was taken down or away gives
/// nothing away any more.
///
/// # Errors
/// When the store fails.
pub async fn found(
    tx: &mut Tx,
    edition: EditionId,
    files: &[attachment::Attachment],
) -> Result<Vec<Finding>, StoreError> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let found = store::found(tx, &[edition]).await?.remove(&edition);
    Ok(named(found.unwrap_or_default(), files))
}

/// The same of a draft's attachments, which nothing has sealed yet, from what was read in them when they came. One that
/// was not read yet is told as such: no page looks clean because nobody looked.
///
/// # Errors
/// When the store fails.
pub async fn unsealed(
    tx: &mut Tx,
    files: &[attachment::Attachment],
    rules: &Rules,
) -> Result<Vec<Finding>, StoreError> {
    let read = readings(tx, files).await?;
    if read.is_empty() {
        return Ok(Vec::new());
    }
    let rules = rules.clone();
    // A long table takes its time.
    let found = tokio::task::spawn_blocking(move || asked(read, &rules))
        .await
        .map_err(|end| StoreError::File(end.into()))?;
    Ok(named(found, files))
}

/// A file of a draft, its name, and what was read in it; `None` where that is still to be done.
pub type Read = (AttachmentId, String, Option<Reading>);

/// What was read in these files, but for those that were taken down.
///
/// # Errors
/// When the store fails.
pub async fn readings(
    tx: &mut Tx,
    files: &[attachment::Attachment],
) -> Result<Vec<Read>, StoreError> {
    let mut read = Vec::new();
    for file in files.iter().filter(|file| file.withheld.is_none()) {
        if let Some(sha256) = &file.sha256 {
            let reading = store::reading(tx, sha256).await?;
            read.push((file.id, file.title.clone(), reading));
        }
    }
    Ok(read)
}

/// What reviewers will answer for in these files. It takes its time.
#[must_use]
pub fn asked(read: Vec<Read>, rules: &Rules) -> Vec<store::InFile> {
    let one = |(id, title, reading): Read| {
        let found = match reading {
            Some(reading) => Inspection::asked(reading, rules),
            None => vec![not_read()],
        };
        (id, title, found)
    };
    read.into_iter().map(one).collect()
}

fn not_read() -> Finding {
    Finding {
        start: 0,
        end: 0,
        kind: Kind::Unread,
        confidence: Confidence::Low,
        text: "还没有检查完".to_owned(),
        advice: "点附件下面的“检查附件”可以马上检查；送审前系统会检查完。".to_owned(),
    }
}

/// The same of what was read already.
#[must_use]
pub fn named(mut found: Vec<store::InFile>, files: &[attachment::Attachment]) -> Vec<Finding> {
    found.retain(|(id, _, _)| {
        let mut out = files.iter().filter(|file| file.withheld.is_none());
        out.any(|file| file.id == *id)
    });
    let named = |(_, title, findings): store::InFile| {
        findings.into_iter().map(move |one| Finding {
            start: 0,
            end: 0,
            text: format!("附件“{title}”：{}", one.text),
            ..one
        })
    };
    found.into_iter().flat_map(named).collect()
}

/// What was found, without the name of the attachment that it stands in.
#[must_use]
pub fn bare(text: &str) -> &str {
    text.strip_prefix("附件“")
        .and_then(|rest| rest.split_once("”："))
        .map_or(text, |(_, found)| found)
}

/// The attachments of an edition.
///
/// # Errors
/// When the store fails.
pub async fn of(
    tx: &mut Tx,
    document: &Document,
    edition: EditionId,
) -> Result<Vec<attachment::Attachment>, StoreError> {
    let with = store::files(tx, edition).await?;
    let mut all = attachment::of(tx, (SUBJECT, &document.id.to_string())).await?;
    all.retain(|one| with.contains(&one.id));
    Ok(all)
}
