//! What several screens of the import share: the steps, and a draft that is open to edits.

use gongkai_basis::id::DraftId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Problem};

use crate::acts::ImportPlan;
use crate::draft::confirm::{Loaded, load};
use crate::draft::edit::{Edit, Touched, apply};
use crate::draft::{DraftError, DraftState, Purpose, reading, store};

/// One step of the wizard as its bar shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) title: &'static str,
    pub(super) address: String,
    pub(super) current: bool,
}

/// Which screen shows the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Overview,
    Tasks,
    Organs,
    Last,
}

/// The steps of a draft. The units of an upper plan have no counterpart here.
pub(super) fn steps(id: DraftId, purpose: Purpose, at: At) -> Vec<Step> {
    let last = match purpose {
        Purpose::Plan | Purpose::Upper => ("预览与确认", "/confirm"),
        Purpose::Reimport | Purpose::Progress => ("比对与更正", "/changes"),
    };
    [
        (At::Overview, "识别结果", ""),
        (At::Tasks, "核对任务", "/tasks"),
        (At::Organs, "对应单位", "/organs"),
        (At::Last, last.0, last.1),
    ]
    .into_iter()
    .filter(|(step, _, _)| purpose != Purpose::Upper || *step != At::Organs)
    .map(|(step, title, path)| Step {
        title,
        address: format!("/workspace/import/{id}{path}"),
        current: step == at,
    })
    .collect()
}

/// Loads a draft that can be worked on.
pub(super) async fn open(
    app: &App,
    permit: &Permit<ImportPlan>,
    id: DraftId,
) -> Result<Loaded, DraftError> {
    app.db
        .read(async |tx: &mut Tx| {
            let loaded = load(tx, permit, id).await?;
            match loaded.draft.state {
                DraftState::Open => Ok(loaded),
                _ => Err(DraftError::NotFound),
            }
        })
        .await
}

/// Makes edits one after the other on the version that the person saw, and saves. What stays in the ledger has its event
/// when the draft is confirmed; until then a draft is nobody's state.
pub(super) async fn edit(
    app: &App,
    permit: &Permit<ImportPlan>,
    id: DraftId,
    version: i64,
    edits: Vec<Edit>,
) -> Result<(Loaded, Touched), Problem> {
    let edited = app
        .db
        .upkeep(async |tx: &mut Tx| edit_in(tx, permit, (id, version), edits).await)
        .await?;
    Ok(edited)
}

/// The same within a transaction that does more.
pub(super) async fn edit_in(
    tx: &mut Tx,
    permit: &Permit<ImportPlan>,
    (id, version): (DraftId, i64),
    edits: Vec<Edit>,
) -> Result<(Loaded, Touched), DraftError> {
    let mut loaded = load(tx, permit, id).await?;
    if loaded.draft.state != DraftState::Open {
        return Err(DraftError::Refused(vec![format!(
            "这份草稿{}，不能再改。",
            loaded.draft.state.name()
        )]));
    }
    if loaded.draft.version != version {
        return Err(StoreError::Stale.into());
    }
    let mut touched = Touched::default();
    for edit in edits {
        let next = apply(&mut loaded.content, edit)?;
        touched = joined(touched, next);
    }
    let summary = reading::summary(&loaded.content);
    store::save(tx, &mut loaded.draft, &loaded.content, summary).await?;
    Ok((loaded, touched))
}

/// Two edits that touch the same tasks, seen as one: a saved card and what its button does.
fn joined(first: Touched, second: Touched) -> Touched {
    if first.removed.is_empty() && first.inserted == 0 {
        return second;
    }
    if second.removed.is_empty() && second.inserted == 0 {
        return first;
    }
    let mut removed = first.removed;
    removed.extend(second.removed);
    removed.sort_unstable();
    removed.dedup();
    Touched {
        removed,
        at: second.at,
        inserted: second.inserted,
    }
}
