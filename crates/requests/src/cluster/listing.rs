//! 列入目录: an adopted suggestion as a proposed entry of the catalogue. It is public when the entry is kept and what fills it can
//! be read; its draft alone does not close it while the entry waits.

use gongkai_basis::reference::Ref;
use gongkai_basis::{Actor, Date};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::NotDone;
use gongkai_platform::seam::{Entry, Listed, Material, Seams, ToList};
use gongkai_platform::web::App;

use super::handle::{adopted_seq, became_public};
use super::{Cluster, ELSEWHERE, store};
use crate::draft;
use crate::id::SuggestionId;

/// Suggestions looked at in one reading.
const BATCH: i64 = 100;

/// What a decision makes of the proposed entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Propose,
    Withdraw,
    Leave,
}

/// A suggestion, as others know it.
fn reference(id: SuggestionId) -> Ref {
    Ref {
        kind: ELSEWHERE.to_owned(),
        id: id.to_string(),
    }
}

/// Does a decision's step; nothing where there is no catalogue.
pub(super) async fn take(
    tx: &mut Tx,
    actor: &Actor,
    seams: &Seams,
    cluster: &Cluster,
    step: Step,
) -> Result<(), StoreError> {
    let Some(catalogue) = &seams.listings else {
        return Ok(());
    };
    let of = reference(cluster.id);
    match (step, &cluster.owner) {
        (Step::Propose, Some((owner, _))) => {
            let wanted = ToList {
                of,
                owner: *owner,
                title: draft::title(&cluster.subject),
                source: format!(
                    "{}人申请同一信息，决定纳入主动公开（条例第44条）",
                    cluster.applicants
                ),
                path: format!("/workspace/requests/suggestions/{}", cluster.id),
                due_on: cluster.due_on,
            };
            catalogue.propose(tx, actor, &wanted).await
        }
        (Step::Withdraw, _) => {
            let why = "转主动公开的决定有改变";
            catalogue.withdraw(tx, actor, &of, why).await
        }
        (Step::Propose, None) | (Step::Leave, _) => Ok(()),
    }
}

/// What came of a suggestion's entry; `None` where none is proposed.
///
/// # Errors
/// When the store fails.
pub async fn of(
    tx: &mut Tx,
    seams: &Seams,
    id: SuggestionId,
) -> Result<Option<Listed>, StoreError> {
    let Some(catalogue) = &seams.listings else {
        return Ok(None);
    };
    let mut found = catalogue.listed(tx, &[reference(id)]).await?;
    Ok(found.pop().flatten())
}

/// What the order says of the catalogue.
pub(super) const fn how(listed: Option<&Listed>) -> &'static str {
    match listed {
        Some(Listed::Proposed { .. }) => "目录事项由政务公开办加入，加入后请登记材料。",
        Some(Listed::Kept { .. }) => "目录里已有这个事项，公开后请登记材料。",
        Some(Listed::Declined { .. }) | None => "请列入目录。",
    }
}

/// Does a suggestion's entry still wait for the catalogue's office?
pub(crate) async fn waits(
    tx: &mut Tx,
    seams: &Seams,
    id: SuggestionId,
) -> Result<bool, StoreError> {
    let listed = of(tx, seams, id).await?;
    Ok(matches!(listed, Some(Listed::Proposed { .. })))
}

/// What fills an entry as the public finds it; `None` for a record that is not public.
async fn public(
    tx: &mut Tx,
    seams: &Seams,
    (id, material): (SuggestionId, Material),
) -> Result<Option<Entry>, StoreError> {
    match material.of {
        Some(of) => Ok(seams.entries(tx, &[of]).await?.pop().flatten()),
        None => Ok(Some(Entry {
            kind: ELSEWHERE.to_owned(),
            id: id.to_string(),
            title: material.title,
            path: material.address,
            ..Entry::default()
        })),
    }
}

/// Was this material there before the suggestion was adopted? Within a day its event tells, and where none does the day.
fn is_older(material: &Material, (adopted, decided_on): (Option<i64>, Option<Date>)) -> bool {
    match (material.confirmed_seq, adopted) {
        (Some(confirmed), Some(adopted)) => confirmed < adopted,
        (None, _) | (_, None) => decided_on.is_some_and(|on| material.confirmed_on < on),
    }
}

/// Closes the suggestions whose entries are kept and have material that the public reads now; gives how many. What was there
/// before a suggestion was decided, anew perhaps, is not what was ordered.
///
/// # Errors
/// When the store fails; what was closed stays closed.
pub async fn look(app: &App) -> Result<u64, StoreError> {
    let Some(catalogue) = &app.seams.listings else {
        return Ok(0);
    };
    let (mut last, mut closed) = (None, 0);
    loop {
        let (end, met) = app
            .db
            .read(async |tx: &mut Tx| {
                let adopted = store::adopted_after(tx, last, BATCH).await?;
                let refs: Vec<Ref> = adopted.iter().map(|(id, _)| reference(*id)).collect();
                let listed = catalogue.listed(tx, &refs).await?;
                let mut met = Vec::new();
                for ((id, decided_on), listed) in adopted.iter().zip(listed) {
                    let Some(Listed::Kept {
                        material: Some(material),
                        ..
                    }) = listed
                    else {
                        continue;
                    };
                    let adopted = adopted_seq(tx, *id).await?;
                    if is_older(&material, (adopted, *decided_on)) {
                        continue;
                    }
                    if let Some(entry) = public(tx, &app.seams, (*id, material)).await? {
                        met.push((*id, entry));
                    }
                }
                Ok::<_, StoreError>((adopted.last().map(|(id, _)| *id), met))
            })
            .await?;
        if end.is_none() {
            return Ok(closed);
        }
        last = end;
        for (id, entry) in met {
            closed += u64::from(close(app, id, &entry).await?);
        }
    }
}

/// One suggestion whose entry is filled; `false` where somebody was first.
async fn close(app: &App, id: SuggestionId, entry: &Entry) -> Result<bool, StoreError> {
    let (today, how) = (app.today(), "已列入目录并登记材料");
    let done = app
        .db
        .write(async |tx: &mut Tx| became_public(tx, id, (entry, how), today).await)
        .await;
    match done {
        Ok(()) => Ok(true),
        Err(NotDone::Store(StoreError::Stale) | NotDone::NotFound | NotDone::Refused(_)) => {
            Ok(false)
        }
        Err(NotDone::Store(error)) => Err(error),
    }
}
