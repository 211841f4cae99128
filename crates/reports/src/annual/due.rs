//! Reports that are owed, and those that wait for somebody. Last year's is owed until it is public, however late; from April
//! on the running year's can be prepared.

pub mod remind;
pub mod store;

use gongkai_basis::Date;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::reach::Reach;

use crate::due::store as days;
use store::Owed;

/// From this month on the running year's report is among what is due.
const RUNNING_MONTH: i8 = 4;

/// The years whose reports are owed on a day.
#[must_use]
pub fn years(today: Date) -> Vec<i16> {
    let last = today.year() - 1;
    if today.month() < RUNNING_MONTH {
        vec![last]
    } else {
        vec![last, today.year()]
    }
}

/// What units of a scope owe of these years, each with its last day, earliest first; at most so many of each year. A unit that
/// came into the directory after the last day published elsewhere, and owes nothing here.
///
/// # Errors
/// When the store fails.
pub async fn of_years(
    tx: &mut Tx,
    scope: &Scope,
    years: &[i16],
    most: i64,
) -> Result<Vec<(Owed, Date)>, StoreError> {
    let terms = days::terms(tx).await?;
    let mut owing = Vec::new();
    for year in years {
        for owed in store::owed(tx, scope, *year, most).await? {
            let due_on = terms.due_on(&owed.unit, owed.year);
            owing.extend(due_on.filter(|day| owed.binds(*day)).map(|day| (owed, day)));
        }
    }
    owing.sort_by_key(|(_, due_on)| *due_on);
    Ok(owing)
}

/// How many units inside a reach have begun no report on a year and owe none here: they came into the directory after its last
/// day.
///
/// # Errors
/// When the store fails.
pub async fn latecomers(tx: &mut Tx, within: &Reach, year: i16) -> Result<i64, StoreError> {
    let terms = days::terms(tx).await?;
    let unwritten = store::unwritten(tx, within, year).await?.into_iter();
    let late = unwritten.filter(|owed| {
        let due_on = terms.due_on(&owed.unit, year);
        due_on.is_some_and(|day| !owed.binds(day))
    });
    Ok(i64::try_from(late.count()).unwrap_or(i64::MAX))
}

/// What units of a scope owe on a day, and what they have begun of other years, each with its last day, earliest first.
///
/// # Errors
/// When the store fails.
pub async fn owing(
    tx: &mut Tx,
    scope: &Scope,
    today: Date,
    most: i64,
) -> Result<Vec<(Owed, Date)>, StoreError> {
    let years = years(today);
    let mut owing = of_years(tx, scope, &years, most).await?;
    let terms = days::terms(tx).await?;
    for owed in store::begun(tx, scope, &years, most).await? {
        let due_on = terms.due_on(&owed.unit, owed.year);
        owing.extend(due_on.map(|day| (owed, day)));
    }
    owing.sort_by_key(|(_, due_on)| *due_on);
    Ok(owing)
}
