//! How often offers were shown, followed, enough: counted in memory and written down a minute later, so that typing costs the
//! store nothing. A statistic: what a sudden end loses is a minute of it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use gongkai_basis::Date;
use gongkai_basis::coded;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::App;

use super::{Offer, store};

/// From the first count to its writing.
const WRITE_DOWN: Duration = Duration::from_secs(60);
/// Records between two writings; further ones are left out, so that nobody fills the memory.
const RECORDS_MAX: usize = 5_000;

coded! {
    /// What happened to an offer.
    pub enum Happened {
        Shown = "shown", "提示";
        /// Followed to its page.
        Clicked = "clicked", "点开";
        /// Followed, and enough: no application was made.
        Avoided = "avoided", "不再申请";
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub shown: i64,
    pub clicked: i64,
    pub avoided: i64,
}

impl Counts {
    pub fn add(&mut self, happened: Happened) {
        match happened {
            Happened::Shown => self.shown += 1,
            Happened::Clicked => self.clicked += 1,
            Happened::Avoided => self.avoided += 1,
        }
    }

    /// Of those that were shown, in whole hundredths; `None` where nothing was shown.
    #[must_use]
    pub fn clicked_hundredths(&self) -> Option<i64> {
        (self.shown > 0).then(|| 100 * self.clicked / self.shown)
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.shown += more.shown;
        self.clicked += more.clicked;
        self.avoided += more.avoided;
    }
}

/// Counts on their way to the store, by day and record.
#[derive(Debug, Default)]
pub struct Tally(Mutex<HashMap<(Date, String), (Offer, Counts)>>);

impl Tally {
    /// Counts; `true`: the first since the last writing.
    fn count(&self, on: Date, offer: &Offer, happened: Happened) -> bool {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let first = held.is_empty();
        let key = (on, offer.key());
        if held.len() < RECORDS_MAX || held.contains_key(&key) {
            let (_, counts) = held
                .entry(key)
                .or_insert_with(|| (offer.clone(), Counts::default()));
            counts.add(happened);
        }
        first
    }

    fn take(&self) -> HashMap<(Date, String), (Offer, Counts)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn give_back(&self, held: HashMap<(Date, String), (Offer, Counts)>) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, (offer, counts)) in held {
            now.entry(key)
                .or_insert_with(|| (offer, Counts::default()))
                .1 += counts;
        }
    }
}

/// Counts what happened to an offer today; the first count since the last writing sets the next one in a minute.
pub fn count(app: &App, offer: &Offer, happened: Happened) {
    let first = app.memory::<Tally>().count(app.today(), offer, happened);
    if first {
        let app = app.clone();
        tokio::spawn(async move {
            tokio::time::sleep(WRITE_DOWN).await;
            if let Err(error) = write_down(&app).await {
                tracing::warn!(%error, "what was offered to applicants could not be written down");
            }
        });
    }
}

/// Writes down what was counted since the last time.
///
/// # Errors
/// When the store fails; the counts stay for the next time.
pub async fn write_down(app: &App) -> Result<(), StoreError> {
    let tally = app.memory::<Tally>();
    let held = tally.take();
    if held.is_empty() {
        return Ok(());
    }
    let written = app
        .db
        .upkeep(async |tx: &mut Tx| {
            for ((on, _), (offer, counts)) in &held {
                store::add(tx, *on, offer, *counts).await?;
            }
            Ok(())
        })
        .await;
    if written.is_err() {
        tally.give_back(held);
    }
    written
}
