//! A person says which task a row of an existing ledger is about, where its words do not. The choice stands in the draft, is
//! imported with the other rows and taken back with them.

use gongkai_basis::id::DraftId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::web::App;

use super::matching::{Standing, match_by_hand};
use super::preview::{must_be_open, of, preview};
use super::{Given, Pick, Picked};
use crate::acts::ImportPlan;
use crate::draft::{DraftError, store};

/// Keeps the task that a person chose for a row, which is ticked from then on; gives how it stands.
///
/// # Errors
/// Not found without such a row; refused where it says nothing or the units have no part in the task, and when the ledger is
/// imported or discarded; stale when the draft changed in the meantime.
pub async fn choose(
    app: &App,
    permit: &Permit<ImportPlan>,
    (id, version): (DraftId, i64),
    (nth, given): (usize, Given),
) -> Result<Standing, DraftError> {
    let preview = preview(app, permit, id).await?;
    must_be_open(&preview.draft, version)?;
    let row = preview.rows.get(nth).ok_or(DraftError::NotFound)?;
    if !row.has_progress() {
        return Err(DraftError::Refused(vec![
            "这一行没有填写进展，没有可以导入的内容。".to_owned(),
        ]));
    }
    let found = match_by_hand(row, (&preview.known, &given), &preview.directory);
    if found.parts.is_empty() {
        return Err(DraftError::Refused(vec![format!(
            "{}。请在“进展记到”里选择承担这项任务的单位，或改选任务。",
            found.notes.join("；")
        )]));
    }
    let pick = Pick {
        taken: true,
        seen: found.seen(&preview.known),
    };
    let mut picked = preview.picked;
    picked.rows.insert(nth, pick);
    picked.given.insert(nth, given);
    put(app, permit, (id, version), &picked).await?;
    Ok(found.standing)
}

/// Forgets the task that a person chose for a row: it is matched by its words again.
///
/// # Errors
/// Not found; refused when the ledger is imported or discarded; stale when the draft changed in the meantime.
pub async fn leave(
    app: &App,
    permit: &Permit<ImportPlan>,
    (id, version): (DraftId, i64),
    nth: usize,
) -> Result<(), DraftError> {
    let mut picked = app
        .db
        .read(async |tx: &mut Tx| {
            let (draft, _) = of(tx, permit, id).await?;
            must_be_open(&draft, version)?;
            Ok::<_, DraftError>(store::progress::picked(tx, id).await?)
        })
        .await?;
    picked.given.remove(&nth);
    picked.rows.remove(&nth);
    put(app, permit, (id, version), &picked).await
}

/// Until the import a draft is nobody's state, so that this leaves no event.
async fn put(
    app: &App,
    permit: &Permit<ImportPlan>,
    (id, version): (DraftId, i64),
    picked: &Picked,
) -> Result<(), DraftError> {
    app.db
        .upkeep(async |tx: &mut Tx| {
            let (mut draft, _) = of(tx, permit, id).await?;
            must_be_open(&draft, version)?;
            store::progress::set_picked(tx, &mut draft, picked).await?;
            Ok::<_, DraftError>(())
        })
        .await
}
