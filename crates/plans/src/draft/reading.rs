//! An uploaded document is read: in the sandbox into blocks, then purely into a draft.

use std::collections::BTreeSet;

use async_trait::async_trait;
use gongkai_basis::id::DraftId;
use gongkai_office::Document;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files;
use gongkai_platform::job::{Job, Progress, Worker};
use gongkai_platform::web::App;
use serde::Deserialize;

use super::content::Content;
use super::store::{self, Summary};
use super::{Draft, DraftState, Purpose, convert, progress};
use crate::plan;

/// The kind of job that reads a document.
pub const KIND: &str = "plan.read";
/// What a person reads when the reading itself broke down.
const BROKEN: &str = "读取过程意外中断。上传的文件完好，已有数据没有改动。请重新上传；仍不行时，另存为 .docx 后再试。";

/// Reads a draft's file, if it was not read yet. A file that cannot be read is no error: the draft says why.
///
/// # Errors
/// When the store fails.
pub async fn read(app: &App, id: DraftId) -> Result<(), StoreError> {
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(draft) = store::load(tx, &Scope::Everything, id).await? else {
                return Ok::<_, StoreError>(None);
            };
            let file = files::load(tx, draft.file).await?;
            Ok(file.map(|file| (draft, file)))
        })
        .await?;
    let Some((draft, file)) = found else {
        return Ok(());
    };
    if draft.state != DraftState::Reading {
        return Ok(());
    }
    let document = match app.sandbox.read(app.files.path(&file.sha256)).await {
        Ok(wire) => gongkai_office::wire::from_wire(&wire).map_err(|unreadable| unreadable.message),
        Err(error) => Err(error.0),
    };
    let outcome = match document {
        Ok(document) => store_read(app, &draft, document).await?,
        Err(why) => Err(why),
    };
    if let Err(why) = outcome {
        app.db
            .upkeep(async |tx: &mut Tx| store::set_failed(tx, id, &why).await)
            .await?;
    }
    Ok(())
}

async fn store_read(
    app: &App,
    draft: &Draft,
    document: Document,
) -> Result<Result<(), String>, StoreError> {
    let id = draft.id;
    match draft.purpose {
        Purpose::Plan | Purpose::Reimport => {
            let read = tokio::task::spawn_blocking(move || {
                let content = convert::read_draft(&document);
                (document, content)
            });
            let Ok((document, content)) = read.await else {
                return Ok(Err(BROKEN.to_owned()));
            };
            let summary = summary(&content);
            app.db
                .upkeep(async |tx: &mut Tx| {
                    let content = with_decisions(tx, draft, content).await?;
                    store::set_read(tx, id, &document, &content, &summary).await
                })
                .await?;
        }
        Purpose::Progress => {
            if let Some(why) = document.unseen_results() {
                return Ok(Err(why));
            }
            let read = tokio::task::spawn_blocking(move || {
                let rows = progress::rows::read(&document);
                (document, rows)
            });
            let Ok((document, rows)) = read.await else {
                return Ok(Err(BROKEN.to_owned()));
            };
            if rows.is_empty() {
                return Ok(Err(progress::NO_LEDGER.to_owned()));
            }
            let content = progress::Content { rows };
            let summary = Summary {
                title: draft.file_name.clone(),
                tasks: content.rows.len(),
                doubts: 0,
            };
            app.db
                .upkeep(async |tx: &mut Tx| {
                    store::set_read(tx, id, &document, &content, &summary).await
                })
                .await?;
        }
    }
    Ok(Ok(()))
}

/// A correction knows how the names of the document that it corrects were settled.
async fn with_decisions(
    tx: &mut Tx,
    draft: &Draft,
    content: Content,
) -> Result<Content, StoreError> {
    let (Purpose::Reimport, Some(plan)) = (draft.purpose, draft.plan) else {
        return Ok(content);
    };
    let corrected = plan::store::find(tx, plan).await?;
    let Some(first) = corrected.and_then(|plan| plan.draft) else {
        return Ok(content);
    };
    let settled: Option<Content> = store::content(tx, first).await?;
    let mut decisions = settled.map_or_else(Default::default, |settled| settled.decisions);
    let named: BTreeSet<&str> = content.names().into_iter().map(|(name, _)| name).collect();
    decisions.retain(|name, _| named.contains(name.as_str()));
    Ok(Content {
        decisions,
        ..content
    })
}

/// What lists show of a draft.
#[must_use]
pub fn summary(content: &Content) -> Summary {
    Summary {
        title: content.meta.title.clone(),
        tasks: content.tasks.len(),
        doubts: content.doubtful(),
    }
}

/// Handles the jobs of uploads that were too large to wait for.
pub struct PlanReader {
    app: App,
}

impl PlanReader {
    #[must_use]
    pub fn new(app: App) -> Self {
        Self { app }
    }
}

#[derive(Deserialize)]
struct Payload {
    draft: DraftId,
}

#[async_trait]
impl Worker for PlanReader {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn work(&self, job: Job, progress: Progress) -> Result<String, String> {
        let Ok(payload) = serde_json::from_str::<Payload>(&job.payload) else {
            return Err("作业内容无法识别，没有读取。".to_owned());
        };
        // A cancelled job leaves its draft as it is; reading again is always possible.
        if !progress.report(0, 1).await.map_err(|_| BROKEN.to_owned())? {
            return Ok("已取消读取。".to_owned());
        }
        read(&self.app, payload.draft)
            .await
            .map_err(|_| BROKEN.to_owned())?;
        progress.report(1, 1).await.map_err(|_| BROKEN.to_owned())?;
        Ok("已读取，可以开始核对。".to_owned())
    }
}
