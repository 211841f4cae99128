//! 正文里的图片: kept as files of their document, named in the text by their hash, so that the seal of an edition covers
//! them, too.

use std::collections::BTreeSet;

use gongkai_office::picture::ending;
use gongkai_office::{Document as Source, PictureSource};
use gongkai_platform::attachment::{self, New, PER_SUBJECT_MAX};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, refused};
use gongkai_platform::files::{Files, Stored, hash_of};

use crate::document::Document;

/// The noun of pictures among attachments.
pub const SUBJECT: &str = "document-picture";
/// What stands before a picture's name in a stored text.
const FOLDER: &str = "pictures/";

/// A picture on its way into a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The block before which it stands.
    pub before: usize,
    pub alt: String,
    /// Hash and ending.
    pub name: String,
}

/// What became of a text's pictures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    pub shown: Vec<Shown>,
    pub files: Vec<New>,
    /// They lie nowhere that could be reached.
    pub dropped: usize,
}

/// Puts a text's pictures among the files; `beside` gives the clean bytes of one that lies beside its source, and without
/// a folder of files they are only counted. Blocking.
///
/// # Errors
/// When the disk or the scanner refuses.
pub fn keep(
    files: Option<&Files>,
    source: &Source,
    mut beside: impl FnMut(&str) -> Option<Vec<u8>>,
) -> Result<Kept, StoreError> {
    let mut kept = Kept::default();
    for picture in &source.pictures {
        let bytes = match &picture.source {
            PictureSource::Inside(_) => picture.bytes(),
            PictureSource::Beside(address) => beside(address),
        };
        let Some((bytes, ending)) = bytes.and_then(|bytes| ending(&bytes).map(|end| (bytes, end)))
        else {
            kept.dropped += 1;
            continue;
        };
        let sha256 = match files {
            Some(files) => files.put(&bytes)?,
            None => hash_of(&bytes),
        };
        let name = format!("{sha256}.{ending}");
        let n = kept.shown.len() + 1;
        kept.shown.push(Shown {
            before: picture.before,
            alt: if picture.alt.is_empty() {
                format!("图{n}")
            } else {
                picture.alt.clone()
            },
            name: name.clone(),
        });
        let is_new =
            |file: &New| !matches!(file, New::File { sha256: known, .. } if *known == sha256);
        if kept.files.iter().all(is_new) {
            kept.files.push(New::File {
                sha256,
                name,
                media_type: if ending == "png" {
                    "image/png"
                } else {
                    "image/jpeg"
                },
                bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            });
        }
    }
    Ok(kept)
}

/// The pictures that a text names and whose bytes are here. Blocking.
#[must_use]
pub fn named(files: &Files, html: &str) -> Vec<New> {
    let names: BTreeSet<String> = names(html).into_iter().collect();
    let known = names.into_iter().filter_map(|name| {
        let sha256 = hash_in(&name)?.to_owned();
        let bytes = files.get(&sha256).ok()?;
        let media_type = match ending(&bytes)? {
            "png" => "image/png",
            _ => "image/jpeg",
        };
        Some(New::File {
            sha256,
            name,
            media_type,
            bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        })
    });
    known.collect()
}

/// Notes pictures as the document's; those that it has already stay one.
///
/// # Errors
/// Refused where they are too many for one document.
pub async fn attach(
    tx: &mut Tx,
    actor: &gongkai_basis::Actor,
    document: &Document,
    files: Vec<New>,
) -> Result<(), NotDone> {
    let subject = document.id.to_string();
    let there = attachment::of(tx, (SUBJECT, &subject)).await?;
    let is_new = |file: &New| match file {
        New::File { sha256, .. } => !there
            .iter()
            .any(|known| known.sha256.as_ref() == Some(sha256)),
        New::Link(_) => false,
    };
    let files: Vec<New> = files.into_iter().filter(is_new).collect();
    if there.len() + files.len() > PER_SUBJECT_MAX {
        refused(vec![(
            "file",
            format!(
                "一份文件历次稿件的图片最多{PER_SUBJECT_MAX}张，请减少图片，或把图片作为附件上传。"
            ),
        )])?;
    }
    attachment::attach(tx, actor, (SUBJECT, &subject), document.owner, files).await?;
    Ok(())
}

/// The file of a document's picture by its name.
///
/// # Errors
/// When the store fails.
pub async fn file(
    tx: &mut Tx,
    document: &Document,
    name: &str,
) -> Result<Option<Stored>, StoreError> {
    let Some(hash) = hash_in(name) else {
        return Ok(None);
    };
    let subject = document.id.to_string();
    let all = attachment::of(tx, (SUBJECT, &subject)).await?;
    match all.iter().find(|one| one.sha256.as_deref() == Some(hash)) {
        Some(one) => attachment::file(tx, (SUBJECT, &subject), one.id).await,
        None => Ok(None),
    }
}

fn hash_in(name: &str) -> Option<&str> {
    let hash = name
        .strip_suffix(".png")
        .or_else(|| name.strip_suffix(".jpg"))?;
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then_some(hash)
}

/// The element of a picture in a stored text.
#[must_use]
pub fn element(shown: &Shown) -> String {
    let alt = shown
        .alt
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;");
    format!("<p><img src=\"{FOLDER}{}\" alt=\"{alt}\"></p>", shown.name)
}

/// Is this the address of a picture as a stored text has it?
#[must_use]
pub fn is_own(address: &str) -> bool {
    address
        .strip_prefix(FOLDER)
        .is_some_and(|name| hash_in(name).is_some())
}

/// The names of a text's pictures.
#[must_use]
pub fn names(html: &str) -> Vec<String> {
    let mut names = Vec::new();
    each(html, |tag| {
        names.extend(address(tag).map(str::to_owned));
        None
    });
    names
}

/// What a text says that its pictures show.
#[must_use]
pub fn words(html: &str) -> Vec<String> {
    let mut words = Vec::new();
    each(html, |tag| {
        words.extend(alt(tag).map(str::to_owned));
        None
    });
    words
}

/// A text's pictures: hash, name, and what the text says that it shows.
#[must_use]
pub fn shown(html: &str) -> Vec<(String, String, String)> {
    let mut shown = Vec::new();
    each(html, |tag| {
        let name = address(tag)?;
        let words = alt(tag).unwrap_or_default();
        let words = words.replace("&quot;", "\"").replace("&amp;", "&");
        let title = if words.trim().is_empty() {
            format!("正文第{}张图片", shown.len() + 1)
        } else {
            words
        };
        shown.push((hash_in(name)?.to_owned(), name.to_owned(), title));
        None
    });
    shown
}

/// The text as a page shows it: each picture by its address below this path.
#[must_use]
pub fn shown_at(html: &str, base: &str) -> String {
    each(html, |tag| {
        let from = format!("src=\"{FOLDER}");
        Some(tag.replace(&from, &format!("loading=\"lazy\" src=\"{base}/{FOLDER}")))
    })
}

/// The text without pictures that have no address of their own.
#[must_use]
pub fn without_foreign(html: &str) -> String {
    each(html, |tag| address(tag).is_none().then(String::new))
}

/// The text with this in the place of each picture; its name and its words are given.
#[must_use]
pub fn replaced(html: &str, with: impl Fn(&str, &str) -> String) -> String {
    each(html, |tag| {
        Some(with(address(tag).unwrap_or(""), alt(tag).unwrap_or("")))
    })
}

fn alt(tag: &str) -> Option<&str> {
    tag.split_once("alt=\"")?.1.split('"').next()
}

fn address(tag: &str) -> Option<&str> {
    let (_, rest) = tag.split_once("src=\"")?;
    let address = rest.split('"').next()?;
    if is_own(address) {
        address.strip_prefix(FOLDER)
    } else {
        None
    }
}

/// Goes through the `img` elements of clean HTML; `None` leaves one as it is. Clean HTML has no other `<img`, and its
/// attributes stand in double quotes.
fn each(html: &str, mut change: impl FnMut(&str) -> Option<String>) -> String {
    let (mut out, mut rest) = (String::with_capacity(html.len()), html);
    while let Some(begin) = rest.find("<img") {
        let (before, from) = rest.split_at(begin);
        out.push_str(before);
        let mut quoted = false;
        let end = from.char_indices().find_map(|(at, c)| {
            quoted ^= c == '"';
            (c == '>' && !quoted).then_some(at + 1)
        });
        let (tag, after) = from.split_at(end.unwrap_or(from.len()));
        match change(tag) {
            Some(changed) => out.push_str(&changed),
            None => out.push_str(tag),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{Shown, element, is_own, names, replaced, shown_at, without_foreign};
    use crate::document::body::{clean, text_of};

    fn name(ending: &str) -> String {
        format!("{}.{ending}", "a1".repeat(32))
    }

    #[test]
    fn only_own_pictures_stand_in_a_text() {
        let own = element(&Shown {
            before: 0,
            alt: "图\"><script>alert(1)</script>".to_owned(),
            name: name("png"),
        });
        let kept = clean(&format!("<p>甲</p>{own}<p>乙</p>"));
        assert_eq!(names(&kept), [name("png")]);
        assert!(!kept.contains("<script"), "{kept}");
        assert_eq!(text_of(&kept), "甲\n乙", "words of a picture are no text");
        assert_eq!(clean(&kept), kept, "cleaning again changes nothing");
        for foreign in [
            "<img src=\"https://a.example/x.png\">",
            "<img src=\"data:image/png;base64,AA\">",
            "<img src=\"/documents/1/pictures/x.png\" alt=\"a>b\">",
            "<img src=\"pictures/../../x.png\">",
            "<img alt=\"没有地址\" onerror=alert(1)>",
        ] {
            assert_eq!(
                clean(&format!("<p>甲{foreign}乙</p>")),
                "<p>甲乙</p>",
                "{foreign}"
            );
        }
        assert!(!is_own("pictures/abc.png") && is_own(&format!("pictures/{}", name("jpg"))));
        assert_eq!(without_foreign("<p>没有图</p>"), "<p>没有图</p>");
    }

    #[test]
    fn a_page_shows_pictures_at_its_own_address() {
        let text = format!(
            "<p><img alt=\"一>二\" src=\"pictures/{}\"></p>",
            name("jpg")
        );
        let shown = shown_at(&text, "/documents/9");
        assert!(
            shown.contains(&format!(" src=\"/documents/9/pictures/{}\"", name("jpg"))),
            "{shown}"
        );
        assert_eq!(
            replaced(&text, |name, alt| format!("（{alt}，{}）", name.len())),
            "<p>（一>二，68）</p>"
        );
    }
}
