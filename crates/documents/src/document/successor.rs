//! 替代的文件: what takes the place of a document that was repealed or declared lapsed, as its reader is led on.

use gongkai_basis::document_number::DocumentNumber;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{Reason, Wanted, text_fault};

use super::cited::Cited;
use super::validity::{Change, Successor, Turn};
use super::{Document, LINE_CHARS_MAX, Visibility, is_order, store};
use crate::id::DocumentId;

/// Documents named where words fit several.
const NAMED_MAX: i64 = 5;

/// What was typed: a title, a number, or 《名称》（文号）.
fn parted(text: &str) -> Cited {
    let is_number = text.parse::<DocumentNumber>().is_ok() || is_order(text);
    let (title, number) = if is_number {
        (String::new(), text.to_owned())
    } else {
        Cited::of_line(text).map_or_else(Default::default, |one| (one.title, one.number))
    };
    Cited {
        title,
        number,
        document: None,
        hash: String::new(),
        upper: None,
    }
}

fn written(title: &str, number: &str) -> String {
    let (title, number) = (title.to_owned(), number.to_owned());
    Cited {
        title,
        number,
        document: None,
        hash: String::new(),
        upper: None,
    }
    .written()
}

/// The published documents that these words name: the one with this title or number, else those that hold the words.
///
/// # Errors
/// When the store fails.
pub async fn library(tx: &mut Tx, text: &str) -> Result<Vec<Document>, StoreError> {
    let typed = parted(text);
    fitting(tx, &typed).await.map(|(found, _)| found)
}

/// The same, and whether the title or number is the whole one.
async fn fitting(tx: &mut Tx, typed: &Cited) -> Result<(Vec<Document>, bool), StoreError> {
    if let Some((id, _)) = store::published_as(tx, &typed.number, &typed.title).await? {
        return Ok((store::by_ids(tx, &[id.to_string()]).await?, true));
    }
    let words = if typed.number.is_empty() {
        &typed.title
    } else {
        &typed.number
    };
    let found = store::named_like(tx, words, NAMED_MAX + 1).await?;
    Ok((found, false))
}

/// The document that these words name: one of this library where exactly one fits, else the words alone.
///
/// # Errors
/// When the store fails. Inside, why these words name none.
pub async fn named(
    tx: &mut Tx,
    own: DocumentId,
    (change, text): (Change, &str),
) -> Result<Result<Option<Successor>, Reason>, StoreError> {
    let fault = |sentence: String| Ok(Err(("successor", sentence)));
    if text.is_empty() {
        return Ok(Ok(None));
    }
    if !change.is_end() {
        return fault("只有废止和宣布失效才写替代的文件。".to_owned());
    }
    let names = ("successor", "替代的文件");
    if let Some(reason) = text_fault(names, text, LINE_CHARS_MAX, Wanted::Yes) {
        return Ok(Err(reason));
    }
    let typed = parted(text);
    let (found, is_exact) = fitting(tx, &typed).await?;
    match found.as_slice() {
        [] => Ok(Ok(Some(Successor {
            written: text.to_owned(),
            document: None,
        }))),
        [one] if one.id == own && is_exact => fault("替代的文件不能是它自己。".to_owned()),
        [one] => Ok(Ok(Some(if is_exact {
            Successor {
                written: written(&one.title, &one.number),
                document: Some(one.id),
            }
        } else {
            // Something like it may be its interpretation: only the whole title or number links.
            Successor {
                written: text.to_owned(),
                document: None,
            }
        }))),
        several => {
            let names: Vec<String> = several
                .iter()
                .take(usize::try_from(NAMED_MAX).unwrap_or(usize::MAX))
                .map(|one| written(&one.title, &one.number))
                .collect();
            fault(format!(
                "本库里不止一份文件像“{text}”：{}。请写全名称或者文号。",
                names.join("、")
            ))
        }
    }
}

/// A successor that the public does not read any more keeps its name and loses its link.
///
/// # Errors
/// When the store fails.
pub async fn unlink_gone<'a>(
    tx: &mut Tx,
    turns: impl Iterator<Item = &'a mut Turn>,
) -> Result<(), StoreError> {
    for next in turns.filter_map(|turn| turn.successor.as_mut()) {
        let Some(id) = next.document else {
            continue;
        };
        let found = store::public(tx, id).await?;
        let stands = found.is_some_and(|one| one.visibility == Visibility::Public);
        next.document = next.document.filter(|_| stands);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::parted;

    #[test]
    fn words_are_a_number_a_title_or_both() {
        for (text, title, number) in [
            ("安府规〔2026〕9号", "", "安府规〔2026〕9号"),
            ("安澜市人民政府令第12号", "", "安澜市人民政府令第12号"),
            ("安澜市停车管理办法", "安澜市停车管理办法", ""),
            (
                "《安澜市停车管理办法》（安府规〔2026〕9号）",
                "安澜市停车管理办法",
                "安府规〔2026〕9号",
            ),
        ] {
            let one = parted(text);
            assert_eq!((one.title.as_str(), one.number.as_str()), (title, number));
        }
    }
}
