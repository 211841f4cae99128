//! 历次文本: which text was law on which day. It follows from what was published and how: an amendment leaves the text before
//! it readable, a correction does not, for what was wrong may be what nobody should have seen.

use std::collections::BTreeSet;

use gongkai_basis::Date;
use gongkai_platform::audit::{self, Recorded};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::day;
use serde::Deserialize;

use super::handle::SUBJECT;
use super::older::Hidden;
use super::validity::Change;
use super::{Document, Edition, Visibility, store};
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
    /// The day from which it counts.
    from: Option<Date>,
}

/// `said` in the order of time.
fn lined_up(said: Vec<Published>) -> Vec<Stretch> {
    let mut line: Vec<Stretch> = Vec::new();
    for one in said {
        match (one.amends_from, line.last_mut()) {
            (None, Some(last)) => last.hashes.push(one.edition),
            (from, _) => line.push(Stretch {
                hashes: vec![one.edition],
                from,
            }),
        }
    }
    line
}

/// The edition that counts of a stretch, `found` being those with its hashes. Where only what is attached changed, several have
/// the same words: the published one is meant where it is among them.
async fn counting(
    tx: &mut Tx,
    stretch: &Stretch,
    found: &[(EditionId, String)],
    published: Option<&Edition>,
) -> Result<Option<Edition>, StoreError> {
    let Some(hash) = stretch.hashes.last() else {
        return Ok(None);
    };
    if let Some(published) = published.filter(|one| one.hash == *hash) {
        return Ok(Some(published.clone()));
    }
    match found.iter().find(|(_, one)| one == hash) {
        Some((id, _)) => store::edition(tx, *id).await,
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
        let Some(edition) = counting(tx, &stretch, &found, published.as_ref()).await? else {
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
