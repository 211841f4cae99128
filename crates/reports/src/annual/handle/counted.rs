//! What the system counts for the cells of the form.

use std::collections::BTreeMap;

use gongkai_basis::id::OrganId;
use gongkai_basis::reference::{Figure, FigureKey};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::Seams;

use crate::amount::Amount;
use crate::annual::store;
use crate::form::Cell;

/// What the system counts for the cells of the form; one batch.
///
/// # Errors
/// When the store fails.
pub async fn live(
    tx: &mut Tx,
    seams: &Seams,
    (organ, year): (OrganId, i16),
) -> Result<BTreeMap<Cell, Figure>, StoreError> {
    let cells: Vec<(Cell, String)> = Cell::all()
        .filter_map(|cell| Some((cell, cell.figure()?)))
        .collect();
    let keys: Vec<FigureKey> = cells
        .iter()
        .map(|(_, name)| FigureKey {
            name: name.clone(),
            organ,
            year,
        })
        .collect();
    let figures = seams.figures(tx, &keys).await?;
    Ok(cells
        .into_iter()
        .zip(figures)
        .filter_map(|((cell, _), figure)| Some((cell, figure?)))
        .collect())
}

/// What the system counts for an organ alone: without the units below it that write reports of their own.
///
/// # Errors
/// When the store fails.
pub async fn live_alone(
    tx: &mut Tx,
    seams: &Seams,
    (organ, year): (OrganId, i16),
) -> Result<BTreeMap<Cell, Amount>, StoreError> {
    let whole = live(tx, seams, (organ, year)).await?;
    // What is nought for all together is nought for each.
    let cells: Vec<(Cell, String)> = whole
        .iter()
        .filter(|(_, figure)| figure.value != 0)
        .filter_map(|(cell, _)| Some((*cell, cell.figure()?)))
        .collect();
    let mut below: BTreeMap<Cell, i64> = BTreeMap::new();
    for unit in store::writing_below(tx, organ, year).await? {
        let key = |(_, name): &(Cell, String)| FigureKey {
            name: name.clone(),
            organ: unit,
            year,
        };
        let keys: Vec<FigureKey> = cells.iter().map(key).collect();
        let figures = seams.figures(tx, &keys).await?;
        for ((cell, _), figure) in cells.iter().zip(figures) {
            *below.entry(*cell).or_default() += figure.map_or(0, |figure| figure.value);
        }
    }
    let alone = |(cell, figure): (&Cell, &Figure)| {
        let units = below.get(cell).copied().unwrap_or(0);
        (*cell, Amount::whole((figure.value - units).max(0)))
    };
    Ok(whole.iter().map(alone).collect())
}

/// What the system counts for one cell now, with the records behind it; totals are nobody's.
///
/// # Errors
/// When the store fails.
pub async fn live_cell(
    tx: &mut Tx,
    seams: &Seams,
    cell: Cell,
    (organ, year): (OrganId, i16),
) -> Result<Option<Figure>, StoreError> {
    let Some(name) = cell.figure() else {
        return Ok(None);
    };
    let key = FigureKey { name, organ, year };
    Ok(seams.figures(tx, &[key]).await?.pop().flatten())
}
