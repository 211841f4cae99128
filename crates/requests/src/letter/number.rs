//! 发文字号 and 成文日期: a reply has both with its signature, any other letter when it leaves; no number is given twice.

use gongkai_basis::Actor;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use serde_json::json;

use super::profile::Profile;
use super::template::Shape;
use super::{Letter, store};

/// Numbers a letter that is kept with its date, within the year of that date. Forms have no number; who has one keeps it.
///
/// # Errors
/// When the store fails.
pub(super) async fn give(
    tx: &mut Tx,
    letter: &mut Letter,
    profile: &Profile,
) -> Result<(), StoreError> {
    let is_letter = letter.kind.template().shape == Shape::Letter;
    let Some(dated) = letter
        .issued_on
        .filter(|_| is_letter && letter.number.is_none())
    else {
        return Ok(());
    };
    letter.number = Some(store::set_number(tx, letter, dated.year(), profile).await?);
    Ok(())
}

/// A signed letter that goes no further loses number and date; its place among the year's numbers stays taken. The letter is
/// still to be kept.
///
/// # Errors
/// When the store fails.
pub(super) async fn void(
    tx: &mut Tx,
    actor: &Actor,
    letter: &mut Letter,
    why: &str,
) -> Result<(), StoreError> {
    let Some(number) = letter.number.take() else {
        return Ok(());
    };
    letter.issued_on = None;
    store::void_number(tx, letter.id).await?;
    let sentence = format!("作废文号{number}，不再使用：{why}");
    let data = json!({
        "case": letter.case_id,
        "kind": letter.kind.code(),
        "number": number,
    });
    let subject = ("letter", letter.id.to_string());
    tx.record(
        Event::new(actor, "letter.number-voided", subject, sentence)
            .organ(letter.organ)
            .data(data),
    );
    Ok(())
}
