//! 历次文本: which text was law on which day. It follows from what was published and how: an amendment leaves the text before
//! it readable, a correction does not, for what was wrong may be what nobody should have seen.

use std::collections::BTreeSet;

use gongkai_basis::Date;
use gongkai_platform::attachment::{Attachment, AttachmentId};
use gongkai_platform::audit::{self, Recorded};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::day;
use serde::Deserialize;

use super::handle::SUBJECT;
use super::older::Hidden;
use super::validity::Change;
use super::{Document, Edition, Visibility, sealed, store};
use crate::id::EditionId;
use crate::picture;

/// Events of one document that are read.
const EVENTS_MAX: i64 = 1_000;
/// Texts of one document that are shown.
pub const VERSIONS_MAX: usize = 20;

/// A text and the days on which it was, or is, the one that counts.
#[derive(Debug, Clone)]
pub struct Version {
    pub edition: Edition,
    /// All that were published in its days, this one too: a correction takes an edition from here, but not from where it was printed.
    pub editions: Vec<EditionId>,
    /// From when; `None` where the document does not say since when it is in force.
    pub from: Option<Date>,
    /// The last day; `None` for the newest.
    pub until: Option<Date>,
    /// Why the public does not get it any more.
    pub hidden: Option<Hidden>,
    /// Do the attachments of `edition` belong to it? Several editions may have its words and differ in their files.
    files: Files,
}

/// What is known of the attachments of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Files {
    /// They are those of its edition.
    Known,
    /// Nothing tells which of several editions went out; nobody is given files on a guess.
    Unknown,
}

impl Version {
    /// 2026年10月1日至2026年11月19日
    #[must_use]
    pub fn days(&self) -> String {
        match (self.from.map(day), self.until.map(day)) {
            (Some(from), Some(until)) => format!("{from}至{until}"),
            (Some(from), None) => format!("{from}起"),
            (None, Some(until)) => format!("至{until}"),
            (None, None) => "发布以来".to_owned(),
        }
    }
}

/// What an event of publication says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Published {
    edition: String,
    /// Over the text and its attachments; what was moved in or published before there were such seals has none.
    seal: Option<String>,
    amends_from: Option<Date>,
}

fn published(event: &Recorded) -> Option<Published> {
    (event.kind == "document.published")
        .then(|| serde_json::from_str(&event.data).ok())
        .flatten()
}

/// The days from which texts count that were published as amendments.
///
/// # Errors
/// When the store fails.
pub async fn amending_days(tx: &mut Tx, document: &Document) -> Result<BTreeSet<Date>, StoreError> {
    let events = audit::about(tx, SUBJECT, &document.id.to_string(), EVENTS_MAX).await?;
    let said = events.iter().filter_map(published);
    Ok(said.filter_map(|one| one.amends_from).collect())
}

/// What was published from one amendment to the next.
struct Stretch {
    /// The hashes of its texts in the order of time: each corrects the one before, the last one counts.
    hashes: Vec<String>,
    /// The seal of the last one over text and attachments.
    seal: Option<String>,
    /// The day from which it counts.
    from: Option<Date>,
}

/// `said` in the order of time.
fn lined_up(said: Vec<Published>) -> Vec<Stretch> {
    let mut line: Vec<Stretch> = Vec::new();
    for one in said {
        match (one.amends_from, line.last_mut()) {
            (None, Some(last)) => {
                last.hashes.push(one.edition);
                last.seal = one.seal;
            }
            (from, _) => line.push(Stretch {
                hashes: vec![one.edition],
                seal: one.seal,
                from,
            }),
        }
    }
    line
}

/// The edition that counts of a stretch, `found` being those with its hashes. Where only what is attached changed, several have
/// the same words: the seal tells which of them went out. Where it does not, the published one is meant if it is among them.
async fn counting(
    tx: &mut Tx,
    stretch: &Stretch,
    found: &[(EditionId, String)],
    published: Option<&Edition>,
) -> Result<Option<(Edition, Files)>, StoreError> {
    let Some(hash) = stretch.hashes.last() else {
        return Ok(None);
    };
    let same = found.iter().filter(|(_, one)| one == hash);
    let same: Vec<EditionId> = same.map(|(id, _)| *id).collect();
    let out = match stretch.seal.as_deref().filter(|seal| !seal.is_empty()) {
        Some(seal) => store::with_seal(tx, &same, seal).await?,
        None if same.len() == 1 => same.clone(),
        None => Vec::new(),
    };
    let files = if out.is_empty() {
        Files::Unknown
    } else {
        Files::Known
    };
    let of = if out.is_empty() { &same } else { &out };
    if let Some(published) = published.filter(|one| of.contains(&one.id)) {
        return Ok(Some((published.clone(), files)));
    }
    match of.first() {
        Some(id) => Ok(store::edition(tx, *id).await?.map(|one| (one, files))),
        None => Ok(None),
    }
}

/// Every text of a published document that the public may read, the oldest first.
///
/// # Errors
/// When the store fails.
pub async fn versions(tx: &mut Tx, document: &Document) -> Result<Vec<Version>, StoreError> {
    if document.visibility != Visibility::Public || !document.kind.has_validity() {
        return Ok(Vec::new());
    }
    let events = audit::about(tx, SUBJECT, &document.id.to_string(), EVENTS_MAX).await?;
    let turns = store::turns(tx, &[document.id]).await?;
    let counts = |from: &Date| {
        let mut turns = turns.iter().map(|(_, turn)| turn);
        turns.any(|turn| turn.change == Change::Amended && turn.on == *from)
    };
    // An amendment that was undone amended nothing: its text corrects the one before.
    let said = events
        .iter()
        .rev()
        .filter_map(published)
        .map(|one| Published {
            amends_from: one.amends_from.filter(counts),
            ..one
        });
    let line = lined_up(said.collect());
    let skipped = line.len().saturating_sub(VERSIONS_MAX);
    let published = match document.published {
        Some(id) => store::edition(tx, id).await?,
        None => None,
    };
    let mut versions: Vec<Version> = Vec::new();
    for stretch in line.into_iter().skip(skipped) {
        let found = store::editions_with(tx, document.id, &stretch.hashes).await?;
        let counts = counting(tx, &stretch, &found, published.as_ref()).await?;
        let Some((edition, files)) = counts else {
            continue;
        };
        let from = stretch
            .from
            .or(edition.head.effective_on)
            .or(edition.head.issued_on);
        if let (Some(before), Some(from)) = (versions.last_mut(), from) {
            before.until = from.yesterday().ok();
        }
        versions.push(Version {
            edition,
            editions: found.into_iter().map(|(id, _)| id).collect(),
            from,
            until: None,
            hidden: None,
            files,
        });
    }
    let ids: Vec<EditionId> = versions.iter().map(|one| one.edition.id).collect();
    let hidden = store::hidden_texts(tx, &ids).await?;
    for version in &mut versions {
        // What the document's page shows is no earlier text.
        if Some(version.edition.id) != document.published {
            version.hidden = hidden.get(&version.edition.id).cloned();
        }
    }
    Ok(versions)
}

/// Does an earlier text that the public may read show this picture, by its name or its hash? One that was taken back does not.
///
/// # Errors
/// When the store fails.
pub async fn shows(tx: &mut Tx, document: &Document, called: &str) -> Result<bool, StoreError> {
    let versions = versions(tx, document).await?;
    let open = versions.iter().filter(|version| version.hidden.is_none());
    let mut names = open.flat_map(|version| picture::names(&version.edition.html));
    Ok(names.any(|name| name.starts_with(called)))
}

/// The attachments of a text that the public may read, as they were sealed with it; none of one that was taken back.
///
/// # Errors
/// When the store fails.
pub async fn attached(
    tx: &mut Tx,
    document: &Document,
    version: &Version,
) -> Result<Vec<Attachment>, StoreError> {
    // What the document's page shows is public with its files, whatever the events tell.
    let is_shown = document.published == Some(version.edition.id);
    if version.hidden.is_some() || (version.files == Files::Unknown && !is_shown) {
        return Ok(Vec::new());
    }
    sealed::public(tx, document, version.edition.id).await
}

/// Does a text that the public may read have this attachment?
///
/// # Errors
/// When the store fails.
pub async fn gives(
    tx: &mut Tx,
    document: &Document,
    file: AttachmentId,
) -> Result<bool, StoreError> {
    for version in versions(tx, document).await? {
        let files = attached(tx, document, &version).await?;
        if files.iter().any(|one| one.id == file) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The text of a day; `None` before the first.
#[must_use]
pub fn as_of(versions: &[Version], day: Date) -> Option<&Version> {
    versions
        .iter()
        .rfind(|version| version.from.is_none_or(|from| from <= day))
}

#[cfg(test)]
mod tests {
    use super::{Published, lined_up};

    #[test]
    fn a_correction_replaces_and_an_amendment_follows() {
        let said = |edition: &str, from: Option<&str>| Published {
            edition: edition.to_owned(),
            seal: Some(format!("seal of {edition}")),
            amends_from: from.map(|day| day.parse().unwrap()),
        };
        let line = lined_up(vec![
            said("a", None),
            said("b", None),
            said("c", Some("2027-01-01")),
            said("d", None),
            said("e", Some("2028-01-01")),
        ]);
        let days: Vec<(String, Option<String>)> = line
            .iter()
            .map(|one| (one.hashes.join(" "), one.from.map(|day| day.to_string())))
            .collect();
        let seals: Vec<_> = line.iter().filter_map(|one| one.seal.as_deref()).collect();
        assert_eq!(seals, ["seal of b", "seal of d", "seal of e"]);
        let day = |day: &str| Some(day.to_owned());
        assert_eq!(
            days,
            [
                ("a b".to_owned(), None),
                ("c d".to_owned(), day("2027-01-01")),
                ("e".to_owned(), day("2028-01-01")),
            ]
        );
    }
}
