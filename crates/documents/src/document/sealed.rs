//! 封存: review looks at a text with its attachments, and what it looked at is what goes out. A file that was changed, added
//! or taken away afterwards stops the publication, and none but sealed bytes are given to the public.

use gongkai_platform::attachment::{Attachment, AttachmentId};
use gongkai_platform::db::{StoreError, Tx};
use sha2::{Digest as _, Sha256};

use super::{Document, Edition, files, map, store};
use crate::id::EditionId;

/// An attachment as it was sealed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SealedFile {
    pub id: AttachmentId,
    /// Its name as the public reads it.
    pub title: String,
    /// SHA-256 of the bytes, or the address.
    pub content: String,
}

impl SealedFile {
    fn of(file: &Attachment) -> Self {
        let content = file.sha256.clone().or_else(|| file.url.clone());
        Self {
            id: file.id,
            title: file.title.clone(),
            content: content.unwrap_or_default(),
        }
    }
}

/// The seal over a text's own and its files', in hexadecimal; the order in which they were attached does not matter.
#[must_use]
pub fn seal(text: &str, files: &[SealedFile]) -> String {
    let mut files: Vec<&SealedFile> = files.iter().collect();
    files.sort_unstable();
    let mut hasher = Sha256::new();
    hasher.update(text);
    for file in files {
        for part in [&file.id.to_string(), &file.title, &file.content] {
            hasher.update([0]);
            hasher.update(part);
        }
    }
    hex::encode(hasher.finalize())
}

/// How the files that stand there now differ from the sealed ones, as sentences.
#[must_use]
pub fn differences(sealed: &[SealedFile], now: &[SealedFile]) -> Vec<String> {
    let mut found = Vec::new();
    for one in now {
        match sealed.iter().find(|was| was.id == one.id) {
            None => found.push(format!("附件“{}”是送审以后增加的", one.title)),
            Some(was) if was.content != one.content => {
                found.push(format!("附件“{}”的内容在送审以后变了", one.title));
            }
            Some(was) if was.title != one.title => found.push(format!(
                "附件“{}”在送审以后改名为“{}”",
                was.title, one.title
            )),
            Some(_) => {}
        }
    }
    for was in sealed {
        if now.iter().all(|one| one.id != was.id) {
            found.push(format!("附件“{}”在送审以后被去掉了", was.title));
        }
    }
    found
}

/// Seals the edition with the attachments that it has now; gives the seal.
///
/// # Errors
/// When the store fails.
pub async fn close(
    tx: &mut Tx,
    document: &Document,
    edition: &Edition,
) -> Result<String, StoreError> {
    let files = standing(tx, document, edition.id).await?;
    let whole = seal(&said(tx, edition).await?, &files);
    store::set_sealed(tx, edition.id, &whole, &files).await?;
    Ok(whole)
}

/// The edition's own hash, with what is said of its pictures.
async fn said(tx: &mut Tx, edition: &Edition) -> Result<String, StoreError> {
    let said = store::said_of_pictures(tx, edition.id).await?;
    Ok(map::sealed_with(&edition.hash, &said))
}

async fn standing(
    tx: &mut Tx,
    document: &Document,
    edition: EditionId,
) -> Result<Vec<SealedFile>, StoreError> {
    let files = files::of(tx, document, edition).await?;
    Ok(files.iter().map(SealedFile::of).collect())
}

/// Why the attachments are not those that were sealed; empty when they are.
///
/// # Errors
/// When the store fails.
pub async fn why_broken(
    tx: &mut Tx,
    document: &Document,
    edition: &Edition,
) -> Result<Vec<String>, StoreError> {
    let Some((whole, sealed)) = store::sealed(tx, edition.id).await? else {
        return Ok(vec!["附件没有随稿封存".to_owned()]);
    };
    let now = standing(tx, document, edition.id).await?;
    let mut found = differences(&sealed, &now);
    // What was sealed before there was a seal over the files has none.
    if found.is_empty() && !whole.is_empty() && whole != seal(&said(tx, edition).await?, &sealed) {
        found.push("附件清单或者图片说明与封存值不一致".to_owned());
    }
    Ok(found)
}

/// The edition's attachments that the public may have: of a reviewed one those that were sealed and are unchanged. An older
/// site's document, which this system never reviewed, has no seal.
///
/// # Errors
/// When the store fails.
pub async fn public(
    tx: &mut Tx,
    document: &Document,
    edition: EditionId,
) -> Result<Vec<Attachment>, StoreError> {
    let mut all = files::of(tx, document, edition).await?;
    if let Some((_, sealed)) = store::sealed(tx, edition).await? {
        all.retain(|file| sealed.contains(&SealedFile::of(file)));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::{SealedFile, differences, seal};

    fn file(id: u128, title: &str, content: &str) -> SealedFile {
        SealedFile {
            id: uuid::Uuid::from_u128(id).to_string().parse().unwrap(),
            title: title.to_owned(),
            content: content.to_owned(),
        }
    }

    #[test]
    fn the_seal_holds_text_names_and_bytes_in_any_order() {
        let files = [file(1, "表.xlsx", "aa"), file(2, "图.png", "bb")];
        let whole = seal("text", &files);
        let turned = [files[1].clone(), files[0].clone()];
        assert_eq!(seal("text", &turned), whole);
        assert_ne!(seal("other", &files), whole);
        assert_ne!(seal("text", &files[..1]), whole);
        for changed in [file(2, "图.png", "cc"), file(2, "名单.png", "bb")] {
            assert_ne!(seal("text", &[files[0].clone(), changed]), whole);
        }
    }

    #[test]
    fn each_difference_is_named() {
        let sealed = [file(1, "甲", "a"), file(2, "乙", "b"), file(3, "丙", "c")];
        assert!(differences(&sealed, &sealed).is_empty());
        let now = [file(1, "甲", "x"), file(2, "新乙", "b"), file(4, "丁", "d")];
        assert_eq!(
            differences(&sealed, &now),
            [
                "附件“甲”的内容在送审以后变了",
                "附件“乙”在送审以后改名为“新乙”",
                "附件“丁”是送审以后增加的",
                "附件“丙”在送审以后被去掉了"
            ]
        );
    }
}
