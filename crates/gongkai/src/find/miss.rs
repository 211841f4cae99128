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

#[derive(Debug, Default)]
pub(super) struct Misses(Mutex<HashMap<String, i64>>);

impl Misses {
    /// Counts words that found nothing; what looks like somebody's data is not kept.
    pub(super) fn count(&self, words: &str) {
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
        if counts.len() < WORDS_MAX || counts.contains_key(&words) {
            *counts.entry(words).or_default() += 1;
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
                for (words, n) in &counts {
                    store::add_miss(tx, today, words, *n).await?;
                }
                store::forget_misses(tx, before(today)).await
            })
            .await;
        if written.is_err() {
            let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            for (words, n) in counts {
                *now.entry(words).or_default() += n;
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
