//! Where the reader of a letter answers it, or sees how far the case is: an address of the portal, and the code that opens the
//! case there.

use gongkai_platform::db::{StoreError, Tx};

use super::{Letter, LetterKind, handle, tie};
use crate::id::ConsultationId;
use crate::key::Keys;
use crate::request::case::{Asked, Case};

/// What a letter of a case tells its reader of the way over the net.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    pub address: String,
    /// Opens the case for whoever holds it: printed for those who hand the letter on, shown to nobody else.
    pub code: String,
}

/// The door of a letter, with the keys of this store; `None` for one that opens nothing.
///
/// # Errors
/// When the store fails.
pub(crate) async fn of(
    tx: &mut Tx,
    letter: &Letter,
    (url, keys): (&str, &Keys),
) -> Result<Option<Door>, StoreError> {
    let asked = match letter.kind {
        LetterKind::ThirdParty => Some(Asked::ThirdParty),
        LetterKind::CoMaker => Some(Asked::CoMaker),
        LetterKind::Receipt => None,
        _ => return Ok(None),
    };
    let Some(case) = handle::case_of(tx, &letter.case_id, letter.organ).await? else {
        return Ok(None);
    };
    let Some(asked) = asked else {
        return Ok(Some(Door {
            address: format!("{url}/requests/progress"),
            code: keys.code(case.request.id),
        }));
    };
    let letters = tie::handle::of(tx, &case).await?;
    let id = sends(letter, asked, (&case, &letters));
    Ok(Some(Door {
        address: format!("{url}/requests/opinion"),
        code: keys.opinion_code(id),
    }))
}

/// What a letter sends, where it does so by itself: known with the draft, so that the code can be printed before it leaves.
#[must_use]
pub(crate) const fn own(letter: &Letter) -> ConsultationId {
    ConsultationId::new(letter.id.uuid())
}

/// Whose answer a letter asks for: what it sends itself, or what was noted before and has no letter but this one.
fn sends(letter: &Letter, asked: Asked, (case, letters): (&Case, &[Letter])) -> ConsultationId {
    let id = own(letter);
    if case.letter(id).is_some() {
        return id;
    }
    let with = letter.entry.and_then(|place| case.entries.get(place));
    let noted = case.consultations.iter().rev().find(|one| {
        let is_others = letters.iter().any(|other| own(other) == one.id);
        let is_its = with.map_or(one.is_open(), |entry| one.sent_on == entry.on);
        let same = one.asked == asked && one.name.trim() == letter.facts.get("to");
        same && is_its && !is_others
    });
    noted.map_or(id, |one| one.id)
}
