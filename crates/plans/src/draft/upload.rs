//! A document arrives: file, draft and reading job in one transaction.

use gongkai_basis::id::{DraftId, FileId, JobId, OrganId, PlanId};
use gongkai_office::INPUT_BYTES_MAX;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files::{self, Stored};
use gongkai_platform::job;
use gongkai_platform::web::App;
use serde_json::json;

use super::{Draft, DraftError, DraftState, Purpose, reading, store};
use crate::acts::ImportPlan;

/// Up to this many bytes a document is read while the person waits.
pub const READ_AT_ONCE_BYTES_MAX: usize = 1024 * 1024;
/// Characters of a file's name that are kept.
const NAME_CHARS_MAX: usize = 120;

/// What arrives.
#[derive(Debug)]
pub struct Arrival<'a> {
    /// The office that imports.
    pub organ: OrganId,
    pub purpose: Purpose,
    /// The plan that is corrected, or that gets progress.
    pub plan: Option<PlanId>,
    pub file_name: &'a str,
    pub bytes: Vec<u8>,
}

/// Stores a document with its draft and the job that reads it; small ones are read before this returns.
///
/// # Errors
/// An empty file or one past the limit is refused; the organ must be one of the permit's.
pub async fn receive(
    app: &App,
    permit: &Permit<ImportPlan>,
    arrival: Arrival<'_>,
) -> Result<DraftId, DraftError> {
    if arrival.bytes.is_empty() {
        return Err(DraftError::Refused(vec![
            "没有选择文件，或文件是空的。没有保存任何内容。请选择方案文件后再上传。".to_owned(),
        ]));
    }
    if arrival.bytes.len() > INPUT_BYTES_MAX {
        return Err(DraftError::Refused(vec![too_large()]));
    }
    let size = arrival.bytes.len();
    let files = app.files.clone();
    let bytes = arrival.bytes;
    let sha256 = tokio::task::spawn_blocking(move || files.put(&bytes))
        .await
        .map_err(|_| StoreError::Unsupported("the file could not be stored"))??;
    let name = tidy_name(arrival.file_name);
    let id = app
        .db
        .write(async |tx: &mut Tx| {
            let now = tx.now();
            let id = DraftId::new(crate::fresh(now));
            let stored = Stored {
                id: FileId::new(crate::fresh(now)),
                sha256,
                name: name.clone(),
                media_type: "application/octet-stream".to_owned(),
                bytes: i64::try_from(size).unwrap_or(i64::MAX),
                organ: Some(arrival.organ),
            };
            files::insert(tx, &stored).await?;
            let job_id = JobId::new(crate::fresh(now));
            let draft = Draft {
                id,
                organ: arrival.organ,
                account: permit.actor().account(),
                state: DraftState::Reading,
                purpose: arrival.purpose,
                file: stored.id,
                file_name: name.clone(),
                job: Some(job_id),
                failure: None,
                plan: arrival.plan,
                title: String::new(),
                tasks: 0,
                doubts: 0,
                version: 1,
                created_at: now.as_millisecond(),
                updated_at: now.as_millisecond(),
            };
            store::insert(tx, &draft).await?;
            let title = format!("读取《{name}》");
            job::queue(
                tx,
                job_id,
                reading::KIND,
                &title,
                &json!({ "draft": id }),
                draft.account,
            )
            .await?;
            tx.record(
                Event::new(
                    permit.actor(),
                    "draft.uploaded",
                    ("draft", id.to_string()),
                    format!("上传文件“{name}”准备导入（{}）", arrival.purpose.name()),
                )
                .organ(arrival.organ)
                .data(
                    json!({ "file": stored.id, "bytes": size, "purpose": arrival.purpose.code() }),
                ),
            );
            Ok::<_, StoreError>(id)
        })
        .await?;
    if size <= READ_AT_ONCE_BYTES_MAX {
        reading::read(app, id).await?;
    }
    Ok(id)
}

#[must_use]
pub(super) fn too_large() -> String {
    format!(
        "文件超过 {} MB。没有保存任何内容。请删去与方案无关的图片和附件后再上传。",
        INPUT_BYTES_MAX / 1024 / 1024
    )
}

/// The last part of a path that some browsers send, without control characters; the end, which tells the type, is kept.
pub(crate) fn tidy_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let clean: Vec<char> = last.chars().filter(|c| !c.is_control()).collect();
    let from = clean.len().saturating_sub(NAME_CHARS_MAX);
    let name: String = clean.into_iter().skip(from).collect();
    match name.trim() {
        "" => "未命名文件".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{NAME_CHARS_MAX, tidy_name};

    #[test]
    fn names_lose_paths_and_keep_their_ends() {
        assert_eq!(tidy_name("C:\\文件\\方案.docx"), "方案.docx");
        assert_eq!(tidy_name("../../etc/方案\u{7}.pdf"), "方案.pdf");
        assert_eq!(tidy_name(" "), "未命名文件");
        let long = format!("{}.docx", "长".repeat(300));
        assert_eq!(tidy_name(&long).chars().count(), NAME_CHARS_MAX);
        assert!(tidy_name(&long).ends_with(".docx"));
    }
}
