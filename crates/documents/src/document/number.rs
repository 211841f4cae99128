//! 文号: one organ gives a number to one document.
//!
//! Law: 党政机关公文处理工作条例 (中办发〔2012〕14号) art. 9(5): 发文字号 is made of the organ's code, the year and the serial.

use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::Reason;

use super::{Document, Head, store};

/// The other document of the same organ that has this number: public, or on its way. What was withdrawn or is a draft is not
/// in the way.
///
/// # Errors
/// When the store fails.
pub async fn taken(
    tx: &mut Tx,
    document: &Document,
    head: &Head,
) -> Result<Option<Document>, StoreError> {
    store::numbered(tx, (document.organ, &head.number), Some(document.id)).await
}

/// May those who work on the one document know of the other: what the public reads, and what their own unit works on.
#[must_use]
pub fn may_know(document: &Document, other: &Document) -> bool {
    let is_public = match other.visibility {
        super::Visibility::Public => true,
        super::Visibility::Never | super::Visibility::Withdrawn => false,
    };
    is_public || other.owner == document.owner
}

/// Says so; another unit's unpublished document stays unnamed.
#[must_use]
pub fn sentence(document: &Document, other: &Document) -> String {
    if !may_know(document, other) {
        return format!(
            "文号“{}”已经用在{}另一份还没有公开的文件上。请向{}核对发文登记，改正这一份的文号；那一份登记错了的，请它的承办单位先更正。",
            other.number, other.organ_name, other.organ_name
        );
    }
    format!(
        "文号“{}”已经用在{}的《{}》上（{}）。请核对发文登记，改正这一份的文号；那一份登记错了的，先更正或撤下。",
        other.number,
        other.organ_name,
        other.title,
        match other.visibility {
            super::Visibility::Never => other.state.name(),
            super::Visibility::Public | super::Visibility::Withdrawn => other.visibility.name(),
        }
    )
}

/// What keeps this number from going out. One that the public reads on the document already keeps no correction back.
///
/// # Errors
/// When the store fails.
pub async fn why_not(
    tx: &mut Tx,
    document: &Document,
    head: &Head,
) -> Result<Vec<Reason>, StoreError> {
    if document.published.is_some() && document.number == head.number {
        return Ok(Vec::new());
    }
    let taken = taken(tx, document, head).await?;
    Ok(taken
        .iter()
        .map(|other| ("number", sentence(document, other)))
        .collect())
}
