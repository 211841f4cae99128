//! 显示的列: which columns of a list a person sees. They stand in the list's address; a list that has no views under names keeps
//! them for the person, too.

mod store;
#[cfg(test)]
mod tests;

use askama::Template;
use gongkai_basis::Actor;
use gongkai_basis::id::AccountId;

use crate::db::{StoreError, Tx};
use crate::web::App;

/// A column of a list that a person may hide or show; what leads to the record always stands first and is none of them.
pub trait ListColumn: Copy + PartialEq + 'static {
    /// All of them, in the table's order.
    const OFFERED: &'static [Self];
    /// What is shown to one who has chosen nothing.
    const AT_FIRST: &'static [Self];

    /// What stands in the address.
    fn key(self) -> &'static str;

    /// The head of the column.
    fn title(self) -> &'static str;
}

/// The columns that an address names, in the table's order and without doubles; those at first where it names none that is
/// known.
#[must_use]
pub fn chosen<C: ListColumn>(keys: &[String]) -> Vec<C> {
    let named = known(keys);
    if named.is_empty() {
        return C::AT_FIRST.to_vec();
    }
    named
}

fn known<C: ListColumn>(keys: &[String]) -> Vec<C> {
    let is_named = |column: &C| keys.iter().any(|key| key == column.key());
    C::OFFERED.iter().copied().filter(is_named).collect()
}

/// What an address says of them: nothing of those that are shown at first.
#[must_use]
pub fn keys<C: ListColumn>(columns: &[C]) -> Vec<String> {
    if columns == C::AT_FIRST {
        return Vec::new();
    }
    columns
        .iter()
        .map(|column| column.key().to_owned())
        .collect()
}

/// The boxes to choose by, inside the form that narrows the list.
#[derive(Template)]
#[template(path = "piece/columns.html")]
pub struct Chooser {
    /// Key, head, and whether it is shown.
    boxes: Vec<(&'static str, &'static str, bool)>,
    /// Where they are kept for the person; empty where a view keeps them.
    keep: &'static str,
}

/// The chooser of a list that shows these; `keep` is the address that takes the form by POST, or empty.
#[must_use]
pub fn chooser<C: ListColumn>(columns: &[C], keep: &'static str) -> Chooser {
    let offered = C::OFFERED.iter();
    let boxes = offered.map(|column| (column.key(), column.title(), columns.contains(column)));
    Chooser {
        boxes: boxes.collect(),
        keep,
    }
}

/// The columns of a list as a person sees it: those of the address, else what the person keeps, else those at first.
///
/// # Errors
/// When the store fails.
pub async fn of<C: ListColumn>(
    tx: &mut Tx,
    person: Option<AccountId>,
    list: &str,
    keys: &[String],
) -> Result<Vec<C>, StoreError> {
    let named = known(keys);
    if !named.is_empty() {
        return Ok(named);
    }
    let kept = match person {
        Some(person) => store::kept(tx, person, list).await?,
        None => Vec::new(),
    };
    Ok(chosen(&kept))
}

/// Keeps what a person chose for a list; nothing chosen forgets it. How somebody looks at a list changes nothing for others, so
/// it leaves no event.
///
/// # Errors
/// When the store fails.
pub async fn keep<C: ListColumn>(
    app: &App,
    actor: &Actor,
    list: &'static str,
    named: &[String],
) -> Result<(), StoreError> {
    let Some(person) = actor.account() else {
        return Ok(());
    };
    let columns = keys(&chosen::<C>(named));
    app.db
        .upkeep(async |tx: &mut Tx| store::keep(tx, person, list, &columns).await)
        .await
}
