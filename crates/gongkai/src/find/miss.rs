//! What people looked for and did not find: counted in memory, written down now and then. A statistic: what a sudden end
//! loses is some minutes of it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use gongkai_basis::Date;
use gongkai_inspect::{Rules, inspect};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::App;
use jiff::Span;

use super::store;

/// Different words between two writings; further ones are left out, so that nobody fills the store.
const WORDS_MAX: usize = 500;
/// Longer ones are no words that somebody else would type.
const WORD_CHARS_MAX: usize = 40;
const KEPT_DAYS: i64 = 180;

/// What was looked for, and on which site; the main one is the empty one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Looked {
    site: String,
    words: String,
}

/// How often, and how often at least some of the words were found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Times {
    pub(super) all: i64,
    pub(super) partly: i64,
}

/// How much was found instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missed {
    Wholly,
    /// Records with some of the words.
    Partly,
}

#[derive(Debug, Default)]
pub(super) struct Misses(Mutex<HashMap<Looked, Times>>);

impl Misses {
    /// Counts words that found nothing, or not all together, on a site; what looks like somebody's data is not kept.
    pub(super) fn count(&self, site: &str, words: &str, missed: Missed) {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() || words.chars().count() > WORD_CHARS_MAX {
            return;
        }
        let rules = Rules {
            whole_document: false,
            ..Rules::default()
        };
        if !inspect(&words, &rules).is_empty() {
            return;
        }
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let looked = Looked {
            site: site.to_owned(),
            words,
        };
        if counts.len() < WORDS_MAX || counts.contains_key(&looked) {
            let times = counts.entry(looked).or_default();
            times.all += 1;
            times.partly += i64::from(missed == Missed::Partly);
        }
    }

    /// Writes down what was counted since the last time.
    ///
    /// # Errors
    /// When the store fails; the counts stay for the next time.
    pub(super) async fn write_down(&self, app: &App) -> Result<(), StoreError> {
        let counts = {
            let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *counts)
        };
        if counts.is_empty() {
            return Ok(());
        }
        let today = app.today();
        let written = app
            .db
            .upkeep(async |tx: &mut Tx| {
                for (looked, times) in &counts {
                    let of = (looked.site.as_str(), looked.words.as_str());
                    store::add_miss(tx, today, of, *times).await?;
                }
                store::forget_misses(tx, before(today)).await
            })
            .await;
        if written.is_err() {
            let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            for (looked, times) in counts {
                let kept = now.entry(looked).or_default();
                kept.all += times.all;
                kept.partly += times.partly;
            }
        }
        written
    }
}

fn before(today: Date) -> Date {
    today
        .checked_sub(Span::new().days(KEPT_DAYS))
        .unwrap_or(Date::MIN)
}
