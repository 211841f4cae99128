//! An uploaded document is read: in the sandbox into blocks, then purely into a draft.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use gongkai_basis::id::DraftId;
use gongkai_office::{Block, Document};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files;
use gongkai_platform::job::{Job, Progress, Worker};
use gongkai_platform::web::App;
use serde::Deserialize;
use tokio::task::JoinHandle;

use super::content::{Content, Doubt};
use super::store::{self, Summary};
use super::{Draft, DraftState, Purpose, convert, progress};
use crate::plan;

/// The kind of job that reads a document.
pub const KIND: &str = "plan.read";
/// Between two notes of how far a reading is: the page looks every two seconds.
const TOLD_EVERY: Duration = Duration::from_millis(500);
/// What a person reads when the reading itself broke down.
const BROKEN: &str = "读取过程意外中断。上传的文件完好，已有数据没有改动。请重新上传；仍不行时，另存为 .docx 后再试。";

/// Reads a draft's file, if it was not read yet. A file that cannot be read is no error: the draft says why.
///
/// # Errors
/// When the store fails.
pub async fn read(app: &App, id: DraftId) -> Result<(), StoreError> {
    read_counting(app, id, None).await
}

/// [`read`], with its counts for the page on which somebody waits; stops where the job was cancelled.
async fn read_counting(
    app: &App,
    id: DraftId,
    progress: Option<&Progress>,
) -> Result<(), StoreError> {
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
        Ok(document) => {
            let pieces = pieces(&document);
            if !goes_on(progress, (0, pieces)).await? {
                return Ok(());
            }
            let outcome = store_read(app, &draft, document, (progress, pieces)).await?;
            goes_on(progress, (pieces, pieces)).await?;
            outcome
        }
        Err(why) => Err(why),
    };
    if let Err(why) = outcome {
        app.db
            .upkeep(async |tx: &mut Tx| store::set_failed(tx, id, &why).await)
            .await?;
    }
    Ok(())
}

/// What a document is made of, as its reader's page counts it: paragraphs and rows of tables.
fn pieces(document: &Document) -> i64 {
    let pieces = document.blocks.iter().map(|block| match block {
        Block::Paragraph(_) => 1,
        Block::Table(table) => table.rows.len(),
    });
    i64::try_from(pieces.sum::<usize>()).unwrap_or(i64::MAX)
}

/// Tells the page how far it is; `false` when a person cancelled the job.
async fn goes_on(
    progress: Option<&Progress>,
    (done, total): (i64, i64),
) -> Result<bool, StoreError> {
    match progress {
        Some(progress) => progress.report(done, total).await,
        None => Ok(true),
    }
}

/// How far a reading on another thread is.
#[derive(Debug, Default)]
struct Far {
    done: AtomicUsize,
    of: AtomicUsize,
}

impl Far {
    fn tell(&self, done: usize, of: usize) {
        self.of.store(of, Ordering::Relaxed);
        self.done.store(done, Ordering::Relaxed);
    }

    /// Of so many pieces; none before it began.
    fn pieces(&self, all: i64) -> i64 {
        let number = |n: &AtomicUsize| i64::try_from(n.load(Ordering::Relaxed)).unwrap_or(0);
        let (done, of) = (number(&self.done), number(&self.of));
        let gone = all.saturating_mul(done).checked_div(of);
        gone.unwrap_or(0).clamp(0, all)
    }
}

/// What became of a reading.
enum Watched<T> {
    Done(T),
    /// Its thread broke down.
    Broken,
    /// A person cancelled it; what it finds is thrown away.
    Cancelled,
}

/// Waits for a reading, and tells meanwhile how far it is.
async fn watched<T>(
    mut reading: JoinHandle<T>,
    far: &Far,
    (progress, pieces): (Option<&Progress>, i64),
) -> Result<Watched<T>, StoreError> {
    loop {
        tokio::select! {
            found = &mut reading => return Ok(found.map_or(Watched::Broken, Watched::Done)),
            () = tokio::time::sleep(TOLD_EVERY) => {
                if !goes_on(progress, (far.pieces(pieces), pieces)).await? {
                    return Ok(Watched::Cancelled);
                }
            }
        }
    }
}

async fn store_read(
    app: &App,
    draft: &Draft,
    document: Document,
    counting: (Option<&Progress>, i64),
) -> Result<Result<(), String>, StoreError> {
    let id = draft.id;
    match draft.purpose {
        Purpose::Plan | Purpose::Upper | Purpose::Reimport => {
            let far = Arc::new(Far::default());
            let told = Arc::clone(&far);
            let read = tokio::task::spawn_blocking(move || {
                let mut tell = |done, of| told.tell(done, of);
                let content = convert::read_draft_telling(&document, &mut tell);
                (document, content)
            });
            let (document, content) = match watched(read, &far, counting).await? {
                Watched::Done(found) => found,
                Watched::Broken => return Ok(Err(BROKEN.to_owned())),
                Watched::Cancelled => return Ok(Ok(())),
            };
            app.db
                .upkeep(async |tx: &mut Tx| {
                    let content = with_decisions(tx, draft, content).await?;
                    let summary = summary(&content);
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
            if rows.len() > progress::rows::ROWS_MAX {
                return Ok(Err(progress::too_many()));
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

/// A correction knows how the names of the document that it corrects were settled, and which doubts.
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
    let Some(settled): Option<Content> = store::content(tx, first).await? else {
        return Ok(content);
    };
    Ok(as_settled(content, settled))
}

/// A new reading with what people said of the one that it corrects. A doubt is settled again only where the task is
/// read exactly as it was left then: what a person had to put right is asked about anew.
fn as_settled(mut content: Content, settled: Content) -> Content {
    for task in &mut content.tasks {
        let same = settled.tasks.iter().find(|old| {
            (&old.text, &old.organ_text, &old.organs)
                == (&task.text, &task.organ_text, &task.organs)
                && (&old.deadlines, &old.quantities) == (&task.deadlines, &task.quantities)
        });
        let Some(same) = same else { continue };
        for doubt in &mut task.doubts {
            let known = |old: &Doubt| old.settled && old.message == doubt.message;
            doubt.settled = doubt.settled || same.doubts.iter().any(known);
        }
    }
    let named: BTreeSet<&str> = content.names().into_iter().map(|(name, _)| name).collect();
    let mut decisions = settled.decisions;
    decisions.retain(|name, _| named.contains(name.as_str()));
    Content {
        decisions,
        ..content
    }
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

    fn awaited(&self) -> bool {
        true
    }

    async fn work(&self, job: Job, progress: Progress) -> Result<String, String> {
        let Ok(payload) = serde_json::from_str::<Payload>(&job.payload) else {
            return Err("作业内容无法识别，没有读取。".to_owned());
        };
        // How much there is to count is known once the file is open.
        if !progress.report(0, 0).await.map_err(|_| BROKEN.to_owned())? {
            return Ok("已取消读取。".to_owned());
        }
        read_counting(&self.app, payload.draft, Some(&progress))
            .await
            .map_err(|_| BROKEN.to_owned())?;
        // What was found, and whether it could be read at all, stands in the draft.
        Ok("读取结束，结果见导入方案。".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::super::content::DraftTask;
    use super::*;
    use crate::plan::{Deadline, DeadlineKind};

    fn task(text: &str, due: &str, settled: bool) -> DraftTask {
        DraftTask {
            key: 1,
            number: Some(1),
            section: None,
            group: None,
            text: text.to_owned(),
            organ_text: "市教育局".to_owned(),
            organs: Vec::new(),
            deadlines: vec![Deadline {
                text: due.to_owned(),
                date: None,
                kind: DeadlineKind::By,
            }],
            quantities: Vec::new(),
            place: gongkai_office::Place::default(),
            doubts: vec![Doubt {
                message: "2月30日不存在，请核对。".to_owned(),
                settled,
            }],
        }
    }

    fn doubtful(read: DraftTask, settled: DraftTask) -> usize {
        let content = |task| Content {
            tasks: vec![task],
            ..Content::default()
        };
        as_settled(content(read), content(settled)).doubtful()
    }

    #[test]
    fn a_reading_is_told_in_the_pieces_of_its_page() {
        let far = Far::default();
        assert_eq!(far.pieces(312), 0, "before it began");
        for (done, of, pieces) in [
            (0, 400, 0),
            (100, 400, 78),
            (399, 400, 311),
            (400, 400, 312),
        ] {
            far.tell(done, of);
            assert_eq!(far.pieces(312), pieces, "{done} of {of}");
        }
        far.tell(0, 0);
        assert_eq!(far.pieces(312), 0);
    }

    #[tokio::test]
    async fn a_reading_that_breaks_down_or_ends_is_noticed() {
        let far = Far::default();
        let fine = tokio::task::spawn_blocking(|| 7);
        let seen = watched(fine, &far, (None, 3)).await.unwrap();
        assert!(matches!(seen, Watched::Done(7)));
        let broken: JoinHandle<()> = tokio::task::spawn_blocking(|| panic!("a reader broke down"));
        let seen = watched(broken, &far, (None, 3)).await.unwrap();
        assert!(matches!(seen, Watched::Broken));
    }

    #[test]
    fn a_correction_asks_no_doubt_twice() {
        let first = task("公开招生方案。", "2月30日前", true);
        let again = task("公开招生方案。", "2月30日前", false);
        assert_eq!(doubtful(again.clone(), first.clone()), 0);
        let open = task("公开招生方案。", "2月30日前", false);
        assert_eq!(doubtful(again.clone(), open), 1, "never looked at");
        let reworded = task("公开招生方案和结果。", "2月30日前", false);
        assert_eq!(doubtful(reworded, first), 1, "other words");
        let mended = task("公开招生方案。", "2月底前", true);
        assert_eq!(doubtful(again, mended), 1, "a person had to put it right");
    }
}
