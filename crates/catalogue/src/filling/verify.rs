//! Is what a period was filled with still there? A document that was withdrawn fills nothing; a page elsewhere that was found
//! gone or changed is doubtful.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::reference::{Claim, Verdict};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::Seams;

use super::{Cell, Filling, Means, Standing, page};
use crate::id::FillingId;

/// What is asked about a filling's record; nothing where there is none.
fn claim(filling: &Filling) -> Option<Claim> {
    match &filling.means {
        Means::Record { of, .. } => Some(Claim {
            of: of.clone(),
            seal: None,
        }),
        Means::Address(_) | Means::Nothing(_) => None,
    }
}

/// Which of these lead to a record that is public no longer, and why; all are asked about at once.
///
/// # Errors
/// When the store fails.
pub async fn gone(
    tx: &mut Tx,
    seams: &Seams,
    fillings: impl IntoIterator<Item = &Filling>,
) -> Result<BTreeMap<FillingId, String>, StoreError> {
    let record = |filling: &Filling| Some((filling.id, claim(filling)?));
    let (ids, claims): (Vec<FillingId>, Vec<Claim>) =
        fillings.into_iter().filter_map(record).unzip();
    if claims.is_empty() {
        return Ok(BTreeMap::new());
    }
    let verdicts = seams.verify(tx, &claims).await?;
    let lost = |(id, verdict)| match verdict {
        Verdict::Gone(why) => Some((id, why)),
        Verdict::Holds | Verdict::Changed(_) | Verdict::CannotTell(_) => None,
    };
    Ok(ids.into_iter().zip(verdicts).filter_map(lost).collect())
}

/// Those of these whose records are public, all asked about at once.
///
/// # Errors
/// When the store fails.
pub async fn there(
    tx: &mut Tx,
    seams: &Seams,
    fillings: Vec<Filling>,
) -> Result<Vec<Filling>, StoreError> {
    let asked = |filling: Filling| claim(&filling).map(|claim| (filling, claim));
    let (fillings, claims): (Vec<Filling>, Vec<Claim>) =
        fillings.into_iter().filter_map(asked).unzip();
    if claims.is_empty() {
        return Ok(Vec::new());
    }
    let verdicts = seams.verify(tx, &claims).await?;
    let holds = |(filling, verdict)| match verdict {
        Verdict::Holds | Verdict::Changed(_) => Some(filling),
        Verdict::Gone(_) | Verdict::CannotTell(_) => None,
    };
    Ok(fillings
        .into_iter()
        .zip(verdicts)
        .filter_map(holds)
        .collect())
}

/// Marks the cells whose material is gone: they stand as if nobody had filled them; and those whose page is doubtful.
///
/// # Errors
/// When the store fails.
pub async fn mark(
    tx: &mut Tx,
    seams: &Seams,
    mut cells: Vec<&mut Cell>,
    today: Date,
) -> Result<(), StoreError> {
    let filled = cells.iter().filter_map(|cell| cell.filling.as_ref());
    let gone = gone(tx, seams, filled).await?;
    let address = |cell: &&mut Cell| {
        let filling = cell.filling.as_ref()?;
        matches!(filling.means, Means::Address(_)).then_some(filling.id)
    };
    let addresses: Vec<FillingId> = cells.iter().filter_map(address).collect();
    let mut pages = page::store::of(tx, &addresses).await?;
    for cell in &mut cells {
        let of = cell.filling.as_ref().map(|one| one.id);
        cell.page = of.and_then(|id| pages.remove(&id));
        if cell
            .page
            .as_ref()
            .is_some_and(|one| one.state.is_doubtful())
        {
            cell.standing = Standing::Doubtful;
        }
        let why = cell.filling.as_ref().and_then(|one| gone.get(&one.id));
        if let Some(why) = why {
            cell.gone = Some(why.clone());
            cell.standing = Standing::of(None, &cell.period, today);
        }
    }
    Ok(())
}
