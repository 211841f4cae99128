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

/// Events of one document that are read.
const EVENTS_MAX: i64 = 1_000;
/// Texts of one document that are shown.
pub const VERSIONS_MAX: usize = 20;

/// A text and the days on which it was, or is, the one that counts.
#[derive(Debug, Clone)]
pub struct Version {
    pub edition: Edition,
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

/// The texts by their hashes, with the day from which each counts; `said` in the order of time.
fn lined_up(said: Vec<Published>) -> Vec<(String, Option<Date>)> {
    let mut line: Vec<(String, Option<Date>)> = Vec::new();
    for one in said {
        match (one.amends_from, line.last_mut()) {
            (None, Some(last)) => last.0 = one.edition,
            (from, _) => line.push((one.edition, from)),
        }
    }
    line
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
    let mut versions: Vec<Version> = Vec::new();
    for (hash, from) in line.into_iter().skip(skipped) {
        let Some(id) = store::edition_with(tx, document.id, &hash).await? else {
            continue;
        };
        let Some(edition) = store::edition(tx, id).await? else {
            continue;
        };
        let from = from
            .or(edition.head.effective_on)
            .or(edition.head.issued_on);
        if let (Some(before), Some(from)) = (versions.last_mut(), from) {
            before.until = from.yesterday().ok();
        }
        versions.push(Version {
            edition,
            from,
            until: None,
            hidden: None,
        });
    }
    let ids: Vec<EditionId> = versions.iter().map(|one| one.edition.id).collect();
    let mut hidden = store::hidden_texts(tx, &ids).await?;
    for version in &mut versions {
        // What the document's page shows is no earlier text.
        if Some(version.edition.id) != document.published {
            version.hidden = hidden.remove(&version.edition.id);
        }
    }
    Ok(versions)
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
        let days: Vec<(&str, Option<String>)> = line
            .iter()
            .map(|(hash, from)| (hash.as_str(), from.map(|day| day.to_string())))
            .collect();
        assert_eq!(
            days,
            [
                ("b", None),
                ("d", Some("2027-01-01".to_owned())),
                ("e", Some("2028-01-01".to_owned())),
            ]
        );
    }
}
