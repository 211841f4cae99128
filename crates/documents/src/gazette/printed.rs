//! The pictures that the print of an issue shows: those of its texts that nobody took down or withdrew.

use std::collections::BTreeSet;

use gongkai_platform::attachment;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files::Files;
use gongkai_platform::web::App;

use super::Whole;
use crate::picture::{self, SUBJECT};

/// Pictures of one issue that are read; the print names the rest.
const PICTURES_MAX: usize = 100;

/// Names and hashes, and where the bytes are.
pub struct Pictures {
    named: Vec<(String, String)>,
    files: Files,
}

impl Pictures {
    /// The bytes by the names that the texts call them; one that cannot be read is left out, and the print names it. Blocking.
    #[must_use]
    pub fn bytes(&self) -> Vec<(String, Vec<u8>)> {
        let read = |(name, sha256): &(String, String)| match self.files.get(sha256) {
            Ok(bytes) => Some((name.clone(), bytes)),
            Err(error) => {
                tracing::warn!(%error, picture = %name, "a picture of the gazette cannot be read");
                None
            }
        };
        self.named.iter().filter_map(read).collect()
    }
}

/// The pictures of an issue's texts, by one query.
///
/// # Errors
/// When the store fails.
pub async fn pictures(app: &App, whole: &Whole) -> Result<Pictures, StoreError> {
    let mut wanted = BTreeSet::new();
    let mut documents = Vec::new();
    for item in whole.items.iter().filter(|item| item.withdrawn().is_none()) {
        let names = picture::names(&item.html);
        if !names.is_empty() {
            documents.push(item.document.to_string());
            wanted.extend(names);
        }
    }
    let there = app
        .db
        .read(async |tx: &mut Tx| attachment::of_all(tx, SUBJECT, &documents).await)
        .await?;
    let mut named = Vec::new();
    // What was taken down in one place of the issue is printed nowhere.
    let mut down = BTreeSet::new();
    for file in there.into_values().flatten() {
        if !wanted.contains(&file.title) {
            continue;
        }
        match (file.sha256, file.withheld) {
            (_, Some(_)) => {
                down.insert(file.title);
            }
            (Some(sha256), None) => named.push((file.title, sha256)),
            (None, None) => {}
        }
    }
    named.sort();
    named.dedup();
    named.retain(|(name, _)| !down.contains(name));
    named.truncate(PICTURES_MAX);
    Ok(Pictures {
        named,
        files: app.files.clone(),
    })
}
