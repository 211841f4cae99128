//! 撤销收费: the notice goes with the fee that it asked for.

use gongkai_basis::Actor;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};

use super::handle;
use crate::letter::{Letter, LetterKind, LetterState, number, store};
use crate::request::case::Case;
use crate::request::state::Act;

/// A fee was cancelled: the notice that left for it is void, with its number, and so are those that did not leave yet.
///
/// # Errors
/// When the store fails.
pub(crate) async fn uncharged(tx: &mut Tx, actor: &Actor, case: &Case) -> Result<(), StoreError> {
    let charged = case
        .entries
        .iter()
        .rposition(|entry| entry.act == Some(Act::Charge));
    let is_its = |letter: &Letter| match letter.state {
        LetterState::Draft | LetterState::Checking | LetterState::Checked => true,
        LetterState::Issued => charged.is_some() && letter.entry == charged,
        LetterState::Void => false,
    };
    let letters = handle::of(tx, case).await?;
    let notices = letters
        .into_iter()
        .filter(|letter| letter.kind == LetterKind::Fee && is_its(letter));
    for mut letter in notices {
        let named = letter.named();
        let why = "撤销收费，收费通知书作废";
        number::void(tx, actor, &mut letter, why).await?;
        letter.state = LetterState::Void;
        letter.note = format!("撤销收费，{named}作废");
        store::update(tx, &letter).await?;
        let subject = ("letter", letter.id.to_string());
        let sentence = format!("作废{named}：撤销收费");
        tx.record(Event::new(actor, "letter.discarded", subject, sentence).organ(letter.organ));
    }
    Ok(())
}
