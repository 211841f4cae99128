//! The whole way without screens: for the demo's data and for tests.

use gongkai_basis::id::{OrganId, PlanId};
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::App;

use super::confirm::Twin;
use super::content::Content;
use super::store::Summary;
use super::upload::{Arrival, receive};
use super::{DraftError, DraftState, Purpose, came_in, confirm, reading, settle, store};
use crate::acts::ImportPlan;

/// Why a document did not become a plan.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read, or is no plan; in words for people.
    #[error("{0}")]
    Unreadable(String),
    #[error("the import was refused: {}", .0.join(" "))]
    Refused(Vec<String>),
    #[error("the import could not be stored")]
    Store(#[from] StoreError),
}

impl From<DraftError> for ImportError {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::NotFound => Self::Refused(vec!["找不到这份草稿。".to_owned()]),
            DraftError::Refused(reasons) => Self::Refused(reasons),
            DraftError::Edit(error) => Self::Refused(vec![error.to_string()]),
            DraftError::Store(error) => Self::Store(error),
        }
    }
}

/// Imports a document by the same steps as a person would: stored, read, every name settled by its best match (names
/// without a likely one are kept out, with that reason), doubts accepted, tasks that name no unit left out, confirmed.
///
/// # Errors
/// See [`ImportError`]; the draft stays behind for a person to look at.
pub async fn import_whole(
    app: &App,
    permit: &Permit<ImportPlan>,
    organ: OrganId,
    file_name: &str,
    bytes: Vec<u8>,
) -> Result<PlanId, ImportError> {
    let arrival = Arrival {
        organ,
        purpose: Purpose::Plan,
        plan: None,
        file_name,
        bytes,
    };
    let id = receive(app, permit, arrival).await?;
    // Large files were only queued; whoever calls this waits.
    reading::read(app, id).await?;
    let plan = app
        .db
        .write(async |tx: &mut Tx| {
            let draft = store::load(tx, permit.scope(), id)
                .await?
                .ok_or(DraftError::NotFound)?;
            if draft.state == DraftState::Failed {
                return Err(ImportError::Unreadable(draft.failure.unwrap_or_default()));
            }
            let mut loaded = confirm::load(tx, permit, id).await?;
            if !loaded.content.is_plan {
                return Err(ImportError::Unreadable(why_no_plan(&loaded.content)));
            }
            settle::settle_by_best(&mut loaded.content, &loaded.directory);
            loaded.content.tasks.retain(|task| !task.organs.is_empty());
            for doubt in loaded
                .content
                .tasks
                .iter_mut()
                .flat_map(|task| &mut task.doubts)
            {
                doubt.settled = true;
            }
            let summary: Summary = reading::summary(&loaded.content);
            store::save(tx, &mut loaded.draft, &loaded.content, summary).await?;
            // Whoever imports by one call names each document on purpose.
            let plan = confirm::begin(tx, permit, loaded, Twin::Another).await?;
            Ok::<_, ImportError>(plan.id)
        })
        .await?;
    came_in(&app.db, plan).await;
    Ok(plan)
}

/// Why the document is no plan, from the problems that the reader noted.
#[must_use]
pub(super) fn why_no_plan(content: &Content) -> String {
    content
        .problems
        .iter()
        .rev()
        .find(|problem| problem.place == gongkai_office::Place::default())
        .map_or_else(
            || "没有在文件中找到任务。".to_owned(),
            |problem| format!("{}。", problem.message.trim_end_matches('。')),
        )
}
