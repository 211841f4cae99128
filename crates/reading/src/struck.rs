//! Rows that are struck through: the measure may be cancelled, and a person decides.

use gongkai_office::{Document, Place, STRUCK_ROW};

use super::event::{Doubt, Event};
use super::problem::Account;

/// Doubts the measures of rows that the file's reader named as struck through.
pub(crate) fn doubt(events: &mut [Event], document: &Document, account: &Account) {
    let row = |place: Place| (place.table, place.row);
    let named = document.problems.iter().filter(|p| p.code == STRUCK_ROW);
    let struck: Vec<_> = named.map(|p| row(p.place)).collect();
    if struck.is_empty() {
        return;
    }
    for event in events {
        if let Event::Item(item) = event
            && struck.contains(&row(account.place(&item.source)))
        {
            item.doubts.push(Doubt::Struck);
        }
    }
}
